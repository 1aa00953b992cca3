/* SPDX-License-Identifier: Apache-2.0 */
/* What is known on a day: the choice among versions, and lookups by binary search. */
#include "engine/cells.h"
#include "engine/cells_int.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/err.h"

static uint64_t key_of(uint32_t x, uint32_t y)
{
    return (uint64_t)x << 32 | y;
}

static int keyed_cmp(const void *x, const void *y)
{
    const struct keyed *p = x;
    const struct keyed *q = y;
    if (p->key != q->key) {
        return p->key < q->key ? -1 : 1;
    }
    return p->ix < q->ix ? -1 : p->ix > q->ix;
}

static void keyed_sort(struct keyed_list *l)
{
    if (l->n > 1) {
        qsort(l->items, l->n, sizeof l->items[0], keyed_cmp);
    }
}

/* Entries [*from, return value) bear the key. */
static uint32_t keyed_range(const struct keyed_list *l, uint64_t key, uint32_t *from)
{
    uint32_t lo = 0;
    uint32_t hi = l->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (l->items[mid].key < key) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    *from = lo;
    while (hi < l->n && l->items[hi].key == key) {
        hi++;
    }
    return hi;
}

/* ---- versions ----------------------------------------------------------------------------- */

/* A candidate among the versions of one thing: the last of equal (key, id, since) counts. */
struct version_key {
    uint64_t key;
    uint64_t second;
    struct str id;
    struct date since;
    struct date recorded;
    uint32_t ix;
    bool alone;     /* not versioned: every row counts */
    bool withdrawn; /* as the last version it takes the thing away */
};

static int identity_cmp(const struct version_key *p, const struct version_key *q)
{
    if (p->key != q->key) {
        return p->key < q->key ? -1 : 1;
    }
    if (p->second != q->second) {
        return p->second < q->second ? -1 : 1;
    }
    int c = str_cmp(p->id, q->id);
    return c != 0 ? c : date_cmp(p->since, q->since);
}

static int version_cmp(const void *x, const void *y)
{
    const struct version_key *p = x;
    const struct version_key *q = y;
    int c = identity_cmp(p, q);
    if (c == 0) {
        c = date_cmp(p->recorded, q->recorded);
    }
    return c != 0 ? c : (p->ix < q->ix ? -1 : p->ix > q->ix);
}

/* Keeps the versions that count (C30) as an index, in order of key and row. */
static struct keyed_list latest(struct arena *a, struct version_key *v, uint32_t n)
{
    struct keyed_list out = {.items = ARENA_ARRAY(a, struct keyed, n)};
    if (n > 1) {
        qsort(v, n, sizeof v[0], version_cmp);
    }
    for (uint32_t i = 0; i < n; i++) {
        bool last = i + 1 == n || identity_cmp(&v[i], &v[i + 1]) != 0;
        if ((v[i].alone || last) && !v[i].withdrawn) {
            out.items[out.n++] = (struct keyed){v[i].key, v[i].ix};
        }
    }
    keyed_sort(&out);
    return out;
}

static bool visible(const struct cells *c, const struct provenance *from)
{
    return date_cmp(from->recorded, c->as_of) <= 0;
}

/* Accepted versions count, withdrawn ones take away; the rest is as if not there (C38). */
static bool takes_part(const struct cells *c, enum row_status status, const struct provenance *from)
{
    return (status == ROW_ACCEPTED || status == ROW_WITHDRAWN) && visible(c, from);
}

static void index_rows(struct cells *c)
{
    const struct dataset *d = c->data;
    struct version_key *v = ARENA_ARRAY(c->arena, struct version_key, d->n_rows);
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->n_rows; i++) {
        const struct reg_row *r = &d->rows[i];
        if (takes_part(c, r->status, &r->from)) {
            v[n++] = (struct version_key){.key = key_of(r->reg, r->owner),
                                          .id = r->id,
                                          .since = DATE_MIN,
                                          .recorded = r->from.recorded,
                                          .ix = i,
                                          .alone = r->id.n == 0,
                                          .withdrawn = r->status == ROW_WITHDRAWN};
        }
    }
    c->rows = latest(c->arena, v, n);
}

static void index_titles(struct cells *c)
{
    const struct dataset *d = c->data;
    struct version_key *v = ARENA_ARRAY(c->arena, struct version_key, d->n_titles);
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->n_titles; i++) {
        const struct title_row *t = &d->titles[i];
        if (takes_part(c, t->status, &t->from)) {
            v[n++] = (struct version_key){.key = key_of(t->title, t->unit),
                                          .since = t->since,
                                          .recorded = t->from.recorded,
                                          .ix = i,
                                          .withdrawn = t->status == ROW_WITHDRAWN};
        }
    }
    c->titles = latest(c->arena, v, n);
}

static void index_relations(struct cells *c)
{
    const struct dataset *d = c->data;
    struct version_key *v = ARENA_ARRAY(c->arena, struct version_key, d->n_relations);
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->n_relations; i++) {
        const struct relation_row *r = &d->relations[i];
        uint32_t low = r->a < r->b ? r->a : r->b;
        uint32_t high = r->a < r->b ? r->b : r->a;
        if (visible(c, &r->from)) {
            v[n++] = (struct version_key){.key = key_of(r->relation, low),
                                          .second = high,
                                          .since = r->since,
                                          .recorded = r->from.recorded,
                                          .ix = i};
        }
    }
    struct keyed_list once = latest(c->arena, v, n);
    /* A pair is unordered: it stands under both ends. */
    struct keyed_list *both = &c->partners;
    both->items = ARENA_ARRAY(c->arena, struct keyed, 2 * (size_t)once.n);
    for (uint32_t i = 0; i < once.n; i++) {
        const struct relation_row *r = &d->relations[once.items[i].ix];
        both->items[both->n++] = (struct keyed){key_of(r->relation, r->a), once.items[i].ix};
        if (r->a != r->b) {
            both->items[both->n++] = (struct keyed){key_of(r->relation, r->b), once.items[i].ix};
        }
    }
    keyed_sort(both);
}

static void index_plain(struct cells *c)
{
    const struct dataset *d = c->data;
    c->attrs.items = ARENA_ARRAY(c->arena, struct keyed, d->n_attrs);
    for (uint32_t i = 0; i < d->n_attrs; i++) {
        if (visible(c, &d->attrs[i].from)) {
            uint64_t key = key_of(d->attrs[i].attribute, d->attrs[i].unit);
            c->attrs.items[c->attrs.n++] = (struct keyed){key, i};
        }
    }
    c->activities.items = ARENA_ARRAY(c->arena, struct keyed, d->n_activities);
    for (uint32_t i = 0; i < d->n_activities; i++) {
        const struct activity *x = &d->activities[i];
        if (visible(c, &x->from)) {
            uint64_t key = key_of(x->relation, x->a < x->b ? x->a : x->b);
            c->activities.items[c->activities.n++] = (struct keyed){key, i};
        }
    }
    c->filings.items = ARENA_ARRAY(c->arena, struct keyed, d->n_filings);
    c->rolls.items = ARENA_ARRAY(c->arena, struct keyed, d->n_filings);
    for (uint32_t i = 0; i < d->n_filings; i++) {
        const struct filing *f = &d->filings[i];
        if (f->reg != NONE && visible(c, &f->from)) {
            c->filings.items[c->filings.n++] = (struct keyed){key_of(f->reg, f->unit), i};
        }
        if (f->roll != NONE && visible(c, &f->from)) {
            c->rolls.items[c->rolls.n++] = (struct keyed){key_of(f->roll, f->unit), i};
        }
    }
    keyed_sort(&c->attrs);
    keyed_sort(&c->activities);
    keyed_sort(&c->filings);
    keyed_sort(&c->rolls);
}

static void index_lists(struct cells *c)
{
    for (uint32_t i = 0; i < c->plan->n_lists; i++) {
        const struct unit_list *l = &c->plan->lists[i];
        for (uint32_t k = 0; k < l->n_members; k++) {
            uint32_t id = NONE;
            /* Whenever it bore the name: lists follow identity (C39). */
            if (tree_find(c->data->tree, l->members[k], DATE_MIN, DATE_MAX, &id) !=
                TREE_FOUND_NONE) {
                map_u64_put(c->arena, &c->members, key_of(i, id), 1);
            }
        }
    }
}

enum rc cells_make(struct arena *a, const struct plan *p, const struct dataset *d,
                   struct date as_of, struct cells **out, struct err *e)
{
    /* The indexes take at most a few hundred bytes a row: ask once, before any is built. */
    size_t rows = (size_t)d->n_rows + d->n_titles + d->n_relations * (size_t)2 + d->n_attrs +
                  d->n_activities + d->n_filings;
    struct arena_mark mark = arena_mark(a);
    if (arena_try(a, rows * (sizeof(struct version_key) + 2 * sizeof(struct keyed))) == NULL) {
        return err_set(e, RC_LIMIT, "the data do not fit in memory", "数据量超出内存上限");
    }
    arena_rewind(a, mark);
    struct cells *c = ARENA_NEW(a, struct cells);
    c->arena = a;
    c->plan = p;
    c->data = d;
    c->as_of = as_of;
    tree_cache_init(&c->trees, a, d->tree);
    index_rows(c);
    index_titles(c);
    index_relations(c);
    index_plain(c);
    index_lists(c);
    cells_bounds_make(c);
    *out = c;
    return RC_OK;
}

const struct plan *cells_plan(const struct cells *c)
{
    return c->plan;
}

const struct dataset *cells_dataset(const struct cells *c)
{
    return c->data;
}

struct date cells_as_of(const struct cells *c)
{
    return c->as_of;
}

enum rc cells_tree(struct cells *c, struct date day, const struct tree_snap **out)
{
    return tree_cache_at(&c->trees, day, out, NULL);
}

/* ---- cells -------------------------------------------------------------------------------- */

/* A silent cell: what its declaration allows (C04). */
static struct cell silent(const struct datum *d)
{
    struct cell cell = {.lo = d->lo, .hi = d->hi, .fact = NONE};
    if (d->type == VT_BOOL) {
        cell.lo = rat_zero();
        cell.hi = rat_one();
    } else if (d->type == VT_CHOICE) {
        cell.lo = rat_zero();
        cell.hi = rat_int(d->n_choices > 0 ? (int64_t)d->n_choices - 1 : 0);
    } else if (d->type != VT_NUMBER) {
        cell.lo = rat_inf(-1);
        cell.hi = rat_inf(1);
    }
    if (d->class_ == CLASS_SEALED) {
        cell.flags |= MF_SEALED;
    }
    return cell;
}

static struct cell cell_of(const struct datum *d, const struct value *v, uint32_t fact)
{
    struct cell cell = silent(d);
    if (v != NULL && v->has) {
        cell.known = true;
        cell.lo = v->num;
        cell.hi = v->num;
        cell.text = v->text;
        if (d->type == VT_TEXT) {
            cell.lo = rat_zero();
            cell.hi = rat_zero();
        }
        cell.fact = fact;
    }
    return cell;
}

struct str cells_version(const struct item *item, int32_t year)
{
    struct str name = STR("1");
    for (uint32_t i = 0; i < item->n_versions && item->versions[i].since_year <= year; i++) {
        name = item->versions[i].name;
    }
    return name;
}

uint32_t cells_facts_from(const struct dataset *d, uint32_t item, uint32_t unit)
{
    uint32_t lo = 0;
    uint32_t hi = d->n_facts;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct fact *f = &d->facts[mid];
        if (f->item < item || (f->item == item && f->unit < unit)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

struct cell cells_raw(const struct cells *c, uint32_t item, uint32_t unit, struct period period)
{
    const struct dataset *d = c->data;
    const struct fact *best = NULL;
    for (uint32_t i = cells_facts_from(d, item, unit);
         i < d->n_facts && d->facts[i].item == item && d->facts[i].unit == unit; i++) {
        const struct fact *f = &d->facts[i];
        if (f->status == ROW_ACCEPTED && visible(c, &f->from) && period_eq(f->period, period) &&
            (best == NULL || date_cmp(f->from.recorded, best->from.recorded) >= 0)) {
            best = f;
        }
    }
    const struct item *it = &c->plan->items[item];
    struct cell cell = cell_of(&it->d, best != NULL ? &best->value : NULL,
                               best != NULL ? (uint32_t)(best - d->facts) : NONE);
    cell.version = cells_version(it, period_plan_year(period, it->point));
    if (cell.known) {
        cell.flags |= best->provisional ? (uint32_t)MF_PROVISIONAL : 0u;
        cell.flags |= best->disputed ? (uint32_t)MF_DISPUTED : 0u;
        cell.version = best->definition.n > 0 ? best->definition : cell.version;
        cell.point = best->point;
    }
    return cell;
}

struct cell cells_item(struct arena *a, const struct cells *c, uint32_t item, uint32_t unit,
                       struct period period)
{
    struct cell cell = cells_raw(c, item, unit, period);
    if (!cell.known && c->plan->items[item].d.type == VT_NUMBER) {
        cells_bounds_narrow(a, c, item, unit, period, &cell.lo, &cell.hi);
    }
    return cell;
}

struct cell cells_attr(const struct cells *c, uint32_t attribute, uint32_t unit, struct date day)
{
    uint32_t from;
    uint32_t end = keyed_range(&c->attrs, key_of(attribute, unit), &from);
    const struct attr_value *best = NULL;
    for (uint32_t i = from; i < end; i++) {
        const struct attr_value *v = &c->data->attrs[c->attrs.items[i].ix];
        if (date_cmp(v->since, day) > 0 || date_cmp(v->until, day) < 0) {
            continue;
        }
        int later = best == NULL ? 1 : date_cmp(v->from.recorded, best->from.recorded);
        if (later > 0 || (later == 0 && date_cmp(v->since, best->since) >= 0)) {
            best = v;
        }
    }
    return cell_of(&c->plan->attributes[attribute].d, best != NULL ? &best->value : NULL,
                   best != NULL ? (uint32_t)(best - c->data->attrs) : NONE);
}

struct cell cells_field(const struct cells *c, uint32_t field, uint32_t row)
{
    const struct field *f = &c->plan->fields[field];
    const struct reg_row *r = &c->data->rows[row];
    ASSERT(f->reg == r->reg);
    return cell_of(&f->d, &r->fields[field - c->plan->regs[f->reg].first_field], row);
}

/* ---- rolls -------------------------------------------------------------------------------- */

/* from and to are inclusive, end is the first day no longer (C23). */
static bool in_force(struct date since, struct date until, struct date end, struct date day)
{
    return date_cmp(since, day) <= 0 && date_cmp(day, until) <= 0 && date_cmp(day, end) < 0;
}

bool cells_holds(const struct cells *c, uint32_t title, uint32_t unit, struct date day)
{
    return cells_holds_since(c, title, unit, DATE_MIN, day);
}

bool cells_holds_since(const struct cells *c, uint32_t title, uint32_t unit, struct date granted,
                       struct date day)
{
    uint32_t from;
    uint32_t end = keyed_range(&c->titles, key_of(title, unit), &from);
    for (uint32_t i = from; i < end; i++) {
        const struct title_row *t = &c->data->titles[c->titles.items[i].ix];
        if (date_cmp(granted, t->since) <= 0 && in_force(t->since, t->until, t->revoked, day)) {
            return true;
        }
    }
    return false;
}

bool cells_listed(const struct cells *c, uint32_t list, uint32_t unit)
{
    return map_u64_get(&c->members, key_of(list, unit), NULL);
}

/* What happened on a day counts from then on, unless it was revoked. */
static bool dated_counts(const struct cells *c, const struct reg_row *r, struct date first,
                         struct date last, struct date day)
{
    return date_cmp(first, r->day) <= 0 && date_cmp(r->day, last) <= 0 &&
           date_cmp(r->day, c->as_of) <= 0 && date_cmp(day, r->revoked) < 0;
}

/* In force on some day of first..last. */
static bool overlaps(const struct reg_row *r, struct date first, struct date last)
{
    struct date from = date_later(first, r->since);
    return date_cmp(from, last) <= 0 && in_force(r->since, r->until, r->revoked, from);
}

static uint32_t rows_of(struct arena *a, const struct cells *c, uint64_t key, struct date first,
                        struct date last, struct date day, bool within, const uint32_t **out)
{
    uint32_t from;
    uint32_t end = keyed_range(&c->rows, key, &from);
    uint32_t *rows = ARENA_ARRAY(a, uint32_t, end - from);
    uint32_t n = 0;
    for (uint32_t i = from; i < end; i++) {
        const struct reg_row *r = &c->data->rows[c->rows.items[i].ix];
        bool counts = r->dated ? dated_counts(c, r, first, last, day)
                      : within ? overlaps(r, first, date_earlier(last, day))
                               : in_force(r->since, r->until, r->revoked, day);
        if (counts) {
            rows[n++] = c->rows.items[i].ix;
        }
    }
    *out = rows;
    return n;
}

uint32_t cells_rows(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                    struct date first, struct date last, struct date day, const uint32_t **out)
{
    return rows_of(a, c, key_of(reg, owner), first, last, day, false, out);
}

uint32_t cells_rows_within(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                           struct date first, struct date last, struct date day,
                           const uint32_t **out)
{
    return rows_of(a, c, key_of(reg, owner), first, last, day, true, out);
}

bool cells_roll_filed(const struct cells *c, uint32_t roll, uint32_t unit, struct date day,
                      struct period *period)
{
    uint32_t from;
    uint32_t end = keyed_range(&c->rolls, key_of(roll, unit), &from);
    bool filed = false;
    if (!period_containing(c->plan->kinds[roll].filing, day, period)) {
        return false;
    }
    for (uint32_t i = from; i < end; i++) {
        filed = filed || period_eq(c->data->filings[c->rolls.items[i].ix].period, *period);
    }
    return filed;
}

uint32_t cells_spans(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                     struct date first, struct date last, const struct row_span **out)
{
    uint32_t from;
    uint32_t end = keyed_range(&c->rows, key_of(reg, owner), &from);
    struct row_span *spans = ARENA_ARRAY(a, struct row_span, end - from);
    uint32_t n = 0;
    for (uint32_t i = from; i < end; i++) {
        const struct reg_row *r = &c->data->rows[c->rows.items[i].ix];
        struct date until = r->dated ? r->day : r->until;
        if (r->dated && date_cmp(r->revoked, last) <= 0) {
            continue;
        }
        if (date_cmp(r->revoked, DATE_MAX) != 0) {
            until = date_earlier(until, date_add_days(r->revoked, -1));
        }
        struct row_span s = {.row = c->rows.items[i].ix,
                             .first = date_later(r->dated ? r->day : r->since, first),
                             .last = date_earlier(until, last)};
        if (date_cmp(s.first, s.last) <= 0) {
            spans[n++] = s;
        }
    }
    *out = spans;
    return n;
}

bool cells_filed(const struct cells *c, uint32_t reg, uint32_t owner, struct period period,
                 bool *nil)
{
    uint32_t from;
    uint32_t end = keyed_range(&c->filings, key_of(reg, owner), &from);
    bool filed = false;
    *nil = false;
    for (uint32_t i = from; i < end; i++) {
        const struct filing *f = &c->data->filings[c->filings.items[i].ix];
        if (period_eq(f->period, period)) {
            filed = true;
            *nil = f->nil;
        }
    }
    return filed;
}

/* ---- relations ---------------------------------------------------------------------------- */

/* An activity of the pair in the last n days, n days ago included (C24). */
static bool active(const struct cells *c, const struct relation_row *r, int32_t n, struct date day)
{
    uint32_t low = r->a < r->b ? r->a : r->b;
    uint32_t high = r->a < r->b ? r->b : r->a;
    struct date first = date_add_days(day, -n);
    uint32_t from;
    uint32_t end = keyed_range(&c->activities, key_of(r->relation, low), &from);
    for (uint32_t i = from; i < end; i++) {
        const struct activity *x = &c->data->activities[c->activities.items[i].ix];
        uint32_t other = x->a < x->b ? x->b : x->a;
        if (other == high && date_cmp(first, x->day) <= 0 && date_cmp(x->day, day) <= 0) {
            return true;
        }
    }
    return false;
}

static bool pair_counts(const struct cells *c, const struct relation_row *r, struct date day)
{
    const struct relation *rel = &c->plan->relations[r->relation];
    return in_force(r->since, r->until, r->ended, day) && (!rel->confirmed || r->confirmed) &&
           (rel->active_days == 0 || active(c, r, rel->active_days, day));
}

static int u32_cmp(const void *x, const void *y)
{
    uint32_t p = *(const uint32_t *)x;
    uint32_t q = *(const uint32_t *)y;
    return p < q ? -1 : p > q;
}

static int u64_cmp(const void *x, const void *y)
{
    uint64_t p = *(const uint64_t *)x;
    uint64_t q = *(const uint64_t *)y;
    return p < q ? -1 : p > q;
}

uint32_t cells_partners(struct arena *a, const struct cells *c, uint32_t relation, uint32_t unit,
                        struct date day, const uint32_t **out)
{
    uint32_t from;
    uint32_t end = keyed_range(&c->partners, key_of(relation, unit), &from);
    uint32_t *ids = ARENA_ARRAY(a, uint32_t, end - from);
    uint32_t n = 0;
    for (uint32_t i = from; i < end; i++) {
        const struct relation_row *r = &c->data->relations[c->partners.items[i].ix];
        if (pair_counts(c, r, day)) {
            ids[n++] = r->a == unit ? r->b : r->a;
        }
    }
    if (n > 1) {
        qsort(ids, n, sizeof ids[0], u32_cmp);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (kept == 0 || ids[kept - 1] != ids[i]) {
            ids[kept++] = ids[i];
        }
    }
    *out = ids;
    return kept;
}

uint32_t cells_pairs(struct arena *a, const struct cells *c, uint32_t relation, struct date day,
                     const uint64_t **out)
{
    uint32_t from;
    uint32_t end;
    keyed_range(&c->partners, key_of(relation, 0), &from);
    for (end = from; end < c->partners.n && c->partners.items[end].key >> 32 == relation; end++) {
    }
    uint64_t *pairs = ARENA_ARRAY(a, uint64_t, end - from);
    uint32_t n = 0;
    for (uint32_t i = from; i < end; i++) {
        const struct relation_row *r = &c->data->relations[c->partners.items[i].ix];
        if (pair_counts(c, r, day)) {
            pairs[n++] = r->a < r->b ? key_of(r->a, r->b) : key_of(r->b, r->a);
        }
    }
    if (n > 1) {
        qsort(pairs, n, sizeof pairs[0], u64_cmp);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (kept == 0 || pairs[kept - 1] != pairs[i]) {
            pairs[kept++] = pairs[i];
        }
    }
    *out = pairs;
    return kept;
}
