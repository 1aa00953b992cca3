/* SPDX-License-Identifier: Apache-2.0 */
/* What is known on a day: questions to the columns of figures and to the indexes. */
#include "engine/cells.h"
#include "engine/cells_int.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/err.h"

/* Of the indexes and columns, at most. */
#define CELLS_ROW_BYTES ((size_t)128)

static void index_lists(struct cells *c)
{
    for (uint32_t i = 0; i < c->plan->n_lists; i++) {
        const struct unit_list *l = &c->plan->lists[i];
        for (uint32_t k = 0; k < l->n_members; k++) {
            uint32_t id = NONE;
            /* Whenever it bore the name: lists follow identity (C39). */
            if (tree_find(c->data->tree, l->members[k], DATE_MIN, DATE_MAX, &id) !=
                TREE_FOUND_NONE) {
                map_u64_put(c->arena, &c->members, cells_key(i, id), 1);
            }
        }
    }
}

/* What there is of the figures already. */
struct head_start {
    const struct figures *lent; /* of a later day, or */
    const struct cells *before; /* of an earlier one */
};

/* Columns that are as they were when there were more facts. */
static enum rc index_past(struct cells *c, const struct figures *lent)
{
    const struct dataset *d = c->data;
    struct figures shared;
    figures_of_past(c->arena, lent, c->as_of, d->n_facts, &c->figures);
    figures_lend(c->arena, &c->figures, &shared); /* to tell them from those made here */
    if (d->figures) {
        figures_borrow(&c->figures, d->figures);
    }
    bool all = shared.columns.n == lent->columns.n;
    for (uint32_t i = 0; !all && i < d->n_facts; i++) {
        const struct fact *f = &d->facts[i];
        if (f->status == ROW_ACCEPTED && cells_visible(c, &f->from) &&
            figures_lacks(&shared, f->item, f->period)) {
            figures_take(&c->figures, d, i);
        }
    }
    return RC_OK;
}

static enum rc index_facts(struct cells *c, struct head_start h, struct err *e)
{
    const struct dataset *d = c->data;
    if (h.lent) {
        return index_past(c, h.lent);
    }
    TRY(figures_make(c->arena, c->plan, d->tree, &c->figures, e));
    if (h.before) {
        figures_copy(&c->figures, &h.before->figures);
    } else if (d->figures) {
        figures_borrow(&c->figures, d->figures);
    }
    for (uint32_t i = 0; i < d->n_facts; i++) {
        const struct fact *f = &d->facts[i];
        if (f->status == ROW_ACCEPTED && !cells_visible(c, &f->from)) {
            cells_note_late(c, EDIT_FACT, i);
        } else if (f->status == ROW_ACCEPTED && !(h.before && cells_visible(h.before, &f->from))) {
            figures_take(&c->figures, d, i);
        }
    }
    return RC_OK;
}

static enum rc build(struct arena *a, const struct plan *p, const struct dataset *d,
                     struct head_start h, struct date as_of, struct cells **out, struct err *e)
{
    /* The indexes take at most a few hundred bytes a row: ask once, before any is built. */
    size_t rows = (size_t)d->n_rows + d->n_titles + d->n_relations * (size_t)2 + d->n_attrs +
                  d->n_activities + d->n_filings + d->n_facts;
    struct arena_mark mark = arena_mark(a);
    if (arena_try(a, rows * (CELLS_ROW_BYTES)) == NULL) {
        return err_set(e, RC_LIMIT, "the data do not fit in memory", "数据量超出内存上限");
    }
    arena_rewind(a, mark);
    struct cells *c = ARENA_NEW(a, struct cells);
    c->arena = a;
    c->plan = p;
    c->data = d;
    c->as_of = as_of;
    tree_cache_init(&c->trees, a, d->tree);
    cells_index_make(c);
    index_lists(c);
    cells_bounds_make(c);
    cells_note_all(c);
    TRY(index_facts(c, h, e));
    *out = c;
    return RC_OK;
}

enum rc cells_make(struct arena *a, const struct plan *p, const struct dataset *d,
                   struct date as_of, struct cells **out, struct err *e)
{
    return build(a, p, d, (struct head_start){NULL, NULL}, as_of, out, e);
}

enum rc cells_make_again(struct arena *a, const struct cells *before, const struct dataset *d,
                         struct date as_of, struct cells **out, struct err *e)
{
    return build(a, before->plan, d, (struct head_start){.before = before}, as_of, out, e);
}

void cells_lend(struct arena *a, struct cells *c, struct cells_lent *out)
{
    *out = (struct cells_lent){c->plan, *c->data, ARENA_NEW(a, struct figures)};
    figures_lend(a, &c->figures, out->figures);
}

enum rc cells_make_past(struct arena *a, const struct cells_lent *from,
                        const struct table_counts *counts, struct date as_of, struct cells **out,
                        struct err *e)
{
    struct dataset *d = ARENA_NEW(a, struct dataset);
    *d = grow_first(&from->data, counts);
    return build(a, from->plan, d, (struct head_start){.lent = from->figures}, as_of, out, e);
}

struct cells *cells_view(struct arena *a, const struct cells *c)
{
    struct cells *v = ARENA_NEW(a, struct cells);
    *v = *c;
    v->arena = a;
    tree_cache_init(&v->trees, a, c->data->tree);
    return v;
}

struct cells *cells_suppose(struct arena *a, const struct cells *c, uint32_t unit,
                            const struct fact *facts, uint32_t n)
{
    struct cells *v = cells_view(a, c);
    v->supposed = (struct supposed){unit, n, facts};
    return v;
}

void cells_view_again(struct cells *view, const struct cells *c)
{
    struct cells own = *view;
    *view = *c;
    view->arena = own.arena;
    view->trees = own.trees;
}

const struct plan *cells_plan(const struct cells *c)
{
    return c->plan;
}

const struct dataset *cells_dataset(const struct cells *c)
{
    return c->data;
}

const struct figures *cells_figures(const struct cells *c)
{
    return &c->figures;
}

struct date cells_as_of(const struct cells *c)
{
    return c->as_of;
}

enum rc cells_tree(struct cells *c, struct date day, const struct tree_snap **out)
{
    enum rc rc = tree_cache_at(&c->trees, day, out, NULL);
    if (rc == RC_LIMIT || rc == RC_NO_MEMORY) {
        arena_stop(c->trees.arena, RC_NO_MEMORY); /* no tree is not a tree of nobody */
    }
    return rc;
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

/* A figure that stands in its column; text, and what fits no column, stands in its fact. */
static void column_value(const struct figure_column *k, uint32_t slot, struct cell *cell)
{
    cell->known = true;
    cell->lo = rat_frac(k->x[slot], k->den);
    cell->hi = cell->lo;
}

static void fact_marks(const struct fact *f, struct cell *cell)
{
    cell->flags |= f->provisional ? (uint32_t)MF_PROVISIONAL : 0u;
    cell->flags |= f->disputed ? (uint32_t)MF_DISPUTED : 0u;
    cell->version = f->definition.n > 0 ? f->definition : cell->version;
    cell->point = f->point;
}

static const struct fact *supposed_at(const struct cells *c, uint32_t item, uint32_t unit,
                                      struct period period)
{
    const struct supposed *s = &c->supposed;
    for (uint32_t i = 0; unit == s->unit && i < s->n; i++) {
        if (s->facts[i].item == item && period_eq(s->facts[i].period, period)) {
            return &s->facts[i];
        }
    }
    return NULL;
}

static struct cell supposed_cell(const struct item *it, const struct fact *f)
{
    struct cell cell = cell_of(&it->d, &f->value, NONE);
    cell.version = cells_version(it, period_plan_year(f->period, it->point));
    if (cell.known) {
        fact_marks(f, &cell);
    }
    return cell;
}

struct cell cells_raw(const struct cells *c, uint32_t item, uint32_t unit, struct period period)
{
    const struct item *it = &c->plan->items[item];
    const struct fact *supposed = supposed_at(c, item, unit, period);
    if (supposed != NULL) {
        return supposed_cell(it, supposed);
    }
    const struct figure_column *k = figures_at(&c->figures, item, period);
    uint32_t slot = k ? figures_slots(&c->figures, item)->slot[unit] : NONE;
    bool known = slot != NONE && figure_bit(k->known, slot);
    uint32_t fact = known && k->fact ? k->fact[slot] : NONE;
    bool odd = known && figure_bit(k->odd, slot);
    struct cell cell = cell_of(&it->d, odd ? &c->data->facts[fact].value : NULL, fact);
    cell.version = cells_version(it, period_plan_year(period, it->point));
    if (known && !odd) {
        column_value(k, slot, &cell);
        cell.fact = fact;
    }
    if (known && figure_bit(k->marked, slot)) {
        fact_marks(&c->data->facts[fact], &cell);
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
    struct keyed_list all = cells_under(c, SHELF_ATTRS, cells_key(attribute, unit));
    const struct attr_value *best = NULL;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct attr_value *v = &c->data->attrs[all.items[i].ix];
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

void cells_attr_days(const struct cells *c, uint32_t attribute, uint32_t unit, struct date day,
                     struct date *from, struct date *to)
{
    struct keyed_list all = cells_under(c, SHELF_ATTRS, cells_key(attribute, unit));
    for (uint32_t i = 0; i < all.n; i++) {
        const struct attr_value *v = &c->data->attrs[all.items[i].ix];
        bool later = date_cmp(v->since, day) > 0;
        bool over = date_cmp(v->until, day) < 0;
        struct date first = over ? date_add_days(v->until, 1) : later ? DATE_MIN : v->since;
        struct date last = later ? date_add_days(v->since, -1) : over ? DATE_MAX : v->until;
        *from = date_later(*from, first);
        *to = date_earlier(*to, last);
    }
}

struct cell cells_field(const struct cells *c, uint32_t field, uint32_t row)
{
    const struct field *f = &c->plan->fields[field];
    const struct reg_row *r = &c->data->rows[row];
    ASSERT(f->reg == r->reg);
    const struct value v = reg_row_value(r, field - c->plan->regs[f->reg].first_field);
    return cell_of(&f->d, &v, row);
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
    struct keyed_list all = cells_under(c, SHELF_TITLES, cells_key(title, unit));
    for (uint32_t i = 0; i < all.n; i++) {
        const struct title_row *t = &c->data->titles[all.items[i].ix];
        if (date_cmp(granted, t->since) <= 0 && in_force(t->since, t->until, t->revoked, day)) {
            return true;
        }
    }
    return false;
}

bool cells_listed(const struct cells *c, uint32_t list, uint32_t unit)
{
    return map_u64_get(&c->members, cells_key(list, unit), NULL);
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
    struct keyed_list all = cells_under(c, SHELF_ROWS, key);
    uint32_t *rows = ARENA_ARRAY(a, uint32_t, all.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct reg_row *r = &c->data->rows[all.items[i].ix];
        bool counts = r->dated ? dated_counts(c, r, first, last, day)
                      : within ? overlaps(r, first, date_earlier(last, day))
                               : in_force(r->since, r->until, r->revoked, day);
        if (counts) {
            rows[n++] = all.items[i].ix;
        }
    }
    *out = rows;
    return n;
}

uint32_t cells_rows(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                    struct date first, struct date last, struct date day, const uint32_t **out)
{
    return rows_of(a, c, cells_key(reg, owner), first, last, day, false, out);
}

uint32_t cells_rows_within(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                           struct date first, struct date last, struct date day,
                           const uint32_t **out)
{
    return rows_of(a, c, cells_key(reg, owner), first, last, day, true, out);
}

bool cells_roll_filed(const struct cells *c, uint32_t roll, uint32_t unit, struct date day,
                      struct period *period)
{
    struct keyed_list all = cells_under(c, SHELF_ROLLS, cells_key(roll, unit));
    bool filed = false;
    if (!period_containing(c->plan->kinds[roll].filing, day, period)) {
        return false;
    }
    for (uint32_t i = 0; i < all.n; i++) {
        filed = filed || period_eq(c->data->filings[all.items[i].ix].period, *period);
    }
    return filed;
}

uint32_t cells_spans(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                     struct date first, struct date last, const struct row_span **out)
{
    struct keyed_list all = cells_under(c, SHELF_ROWS, cells_key(reg, owner));
    struct row_span *spans = ARENA_ARRAY(a, struct row_span, all.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct reg_row *r = &c->data->rows[all.items[i].ix];
        struct date until = r->dated ? r->day : r->until;
        if (r->dated && date_cmp(r->revoked, last) <= 0) {
            continue;
        }
        if (date_cmp(r->revoked, DATE_MAX) != 0) {
            until = date_earlier(until, date_add_days(r->revoked, -1));
        }
        struct row_span s = {.row = all.items[i].ix,
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
    struct keyed_list all = cells_under(c, SHELF_FILINGS, cells_key(reg, owner));
    bool filed = false;
    *nil = false;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct filing *f = &c->data->filings[all.items[i].ix];
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
    struct keyed_list all = cells_under(c, SHELF_ACTIVITIES, cells_key(r->relation, low));
    for (uint32_t i = 0; i < all.n; i++) {
        const struct activity *x = &c->data->activities[all.items[i].ix];
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
    struct keyed_list all = cells_under(c, SHELF_PARTNERS, cells_key(relation, unit));
    uint32_t *ids = ARENA_ARRAY(a, uint32_t, all.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct relation_row *r = &c->data->relations[all.items[i].ix];
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
    struct keyed_list all = cells_under_all(a, c, SHELF_PARTNERS, relation);
    uint64_t *pairs = ARENA_ARRAY(a, uint64_t, all.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct relation_row *r = &c->data->relations[all.items[i].ix];
        if (pair_counts(c, r, day)) {
            pairs[n++] = r->a < r->b ? cells_key(r->a, r->b) : cells_key(r->b, r->a);
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
