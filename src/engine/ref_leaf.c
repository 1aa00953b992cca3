/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves: items, attributes, fields, titles, lists; the pairs that are read (C10). */
#include "base/arena.h"
#include "engine/ref_int.h"

void ref_note_pair(struct ref *r, uint32_t unit, struct period p, bool known)
{
    uint64_t key = (uint64_t)unit << 32 | period_code(p);
    uint32_t before = 1;
    if (r->quiet || r->values) {
        return;
    }
    (void)map_u64_get(&r->pairs, key, &before);
    map_u64_put(r->a, &r->pairs, key, before && known);
    if (!known) {
        map_u64_put(r->a, &r->silent, unit, 1);
    }
}

bool ref_is_set(const struct ref *r, enum leaf_tag tag, uint32_t id, uint32_t who, uint32_t period,
                struct mval *out)
{
    for (uint32_t i = 0; r->set && i < r->set->n; i++) {
        const struct leaf *l = &r->set->items[i];
        if (l->tag == tag && l->id == id && l->who == who && l->period == period) {
            *out = l->is_bool ? mval_truth(rat_is_zero(l->at) ? T_NO : T_YES) : mval_known(l->at);
            return true;
        }
    }
    return false;
}

static const struct datum *datum_of(const struct plan *p, enum leaf_tag tag, uint32_t id)
{
    switch (tag) {
    case LEAF_ITEM:
        return &p->items[id].d;
    case LEAF_ATTR:
        return &p->attributes[id].d;
    case LEAF_FIELD:
        return &p->fields[id].d;
    case LEAF_NODE:
        break;
    }
    return NULL;
}

void ref_collect(struct ref *r, enum leaf_tag tag, uint32_t id, uint32_t who, uint32_t period,
                 struct mval v)
{
    struct leaves *c = r->collect;
    struct mval seen;
    if (r->probe && tag != LEAF_NODE && !mval_is_none(v) && !mval_is_known(v)) {
        uint64_t h = ((uint64_t)who << 32 | period) * 0x9e3779b97f4a7c15U;
        map_u64_put(r->a, r->probe, (h ^ id) * 31 + (uint64_t)tag, 1);
    }
    if (!c || mval_is_none(v) || mval_is_known(v) || c->n > REF_CORNERS_MAX) {
        return;
    }
    const struct leaves *before = r->set;
    r->set = c;
    bool known = ref_is_set(r, tag, id, who, period, &seen);
    r->set = before;
    if (known) {
        return;
    }
    const struct datum *d = datum_of(r->plan, tag, id);
    c->items[c->n++] = (struct leaf){.tag = tag,
                                     .id = id,
                                     .who = who,
                                     .period = period,
                                     .is_bool = v.kind == MV_BOOL,
                                     .lo = v.lo,
                                     .hi = v.hi,
                                     .n_options = d && d->type == VT_CHOICE ? d->n_choices : 0,
                                     .at = rat_zero()};
}

uint32_t ref_basis_hash(struct str version, struct str point)
{
    return (uint32_t)(str_hash(version) * 31 + str_hash(point));
}

static void note_basis(struct ref *r, uint32_t item, const struct cell *cell)
{
    uint32_t h = ref_basis_hash(cell->version, cell->point);
    if (!r->quiet && !r->values) {
        map_u64_put(r->a, &r->basis, (uint64_t)item << 32 | h, 1);
    }
}

static struct mval of_cell(const struct datum *d, const struct cell *c)
{
    struct mval v = mval_none();
    if (d->type == VT_BOOL) {
        v = mval_truth(!c->known ? T_UNKNOWN : rat_is_zero(c->lo) ? T_NO : T_YES);
    } else {
        v = mval_range(c->lo, c->hi);
    }
    v.flags |= c->flags;
    return v;
}

static bool exists(struct ref *r, uint32_t unit, struct moment m)
{
    const struct tree_snap *t = ref_tree(r, m);
    return t && t->index_of[unit] != TREE_NONE;
}

static struct mval item_at(struct ref *r, uint32_t item, uint32_t unit, struct period p)
{
    const struct datum *d = &r->plan->items[item].d;
    struct mval v;
    if (ref_is_set(r, LEAF_ITEM, item, unit, period_code(p), &v)) {
        return v;
    }
    struct cell cell = cells_item(r->a, r->cells, item, unit, p);
    ref_note_pair(r, unit, p, cell.known);
    note_basis(r, item, &cell);
    v = of_cell(d, &cell);
    ref_collect(r, LEAF_ITEM, item, unit, period_code(p), v);
    return v;
}

/* Heads, money, areas add up; rates, figures per head, conditions and choices do not. */
static bool adds_up(const struct datum *d)
{
    bool counts = d->type == VT_NUMBER && !dim_is_none(d->dim);
    for (uint32_t i = 0; counts && i < DIM_MAX; i++) {
        counts = d->dim.exp[i] >= 0;
    }
    return counts;
}

/* Units merged since are added up (C29); what has no sum has no past. */
static struct mval added(struct ref *r, const struct datum *d, struct mval sum, struct mval v,
                         bool first)
{
    if (first) {
        return v;
    }
    if (!adds_up(d)) {
        return v.kind == MV_BOOL ? mval_truth(T_NA) : mval_none();
    }
    return mval_add(r->a, sum, v);
}

static struct mval item_leaf(struct ref *r, uint32_t item, struct place at, struct moment m)
{
    struct period p;
    struct date day;
    const struct datum *d = &r->plan->items[item].d;
    struct mval sum = d->type == VT_BOOL ? mval_truth(T_NA) : mval_none();
    bool first = true;
    if (!moment_of_item(&r->plan->items[item], m, &p, &day)) {
        return sum;
    }
    for (uint32_t i = 0; i < at.n; i++) {
        struct moment then = m;
        then.snapshot = day;
        /* A fact outside the unit's validity is no fact (C28). */
        if (exists(r, at.units[i], then)) {
            sum = added(r, d, sum, item_at(r, item, at.units[i], p), first);
            first = false;
        }
    }
    return sum;
}

static struct mval attr_leaf(struct ref *r, uint32_t attribute, struct place at, struct moment m)
{
    const struct datum *d = &r->plan->attributes[attribute].d;
    struct mval sum = d->type == VT_BOOL ? mval_truth(T_NA) : mval_none();
    bool first = true;
    for (uint32_t i = 0; i < at.n; i++) {
        struct mval v;
        if (!exists(r, at.units[i], m)) {
            continue;
        }
        if (!ref_is_set(r, LEAF_ATTR, attribute, at.units[i], (uint32_t)m.year, &v)) {
            struct cell cell = cells_attr(r->cells, attribute, at.units[i], m.snapshot);
            struct period p = {.kind = PERIOD_YEAR, .year = m.year, .index = 1};
            if (!cell.known) {
                ref_note_pair(r, at.units[i], p, false);
            }
            v = of_cell(d, &cell);
            ref_collect(r, LEAF_ATTR, attribute, at.units[i], (uint32_t)m.year, v);
        }
        sum = added(r, d, sum, v, first);
        first = false;
    }
    return sum;
}

static struct mval field_leaf(struct ref *r, uint32_t field, struct place at)
{
    const struct datum *d = &r->plan->fields[field].d;
    struct mval v;
    if (at.n > 0) {
        return mval_none();
    }
    if (ref_is_set(r, LEAF_FIELD, field, at.row, 0, &v)) {
        return v;
    }
    struct cell cell = cells_field(r->cells, field, at.row);
    v = of_cell(d, &cell);
    ref_collect(r, LEAF_FIELD, field, at.row, 0, v);
    return v;
}

enum truth ref_category(struct ref *r, struct place at, struct moment m)
{
    uint32_t field = m.category_field;
    if (field == NONE || at.n > 0 ||
        r->plan->fields[field].reg != cells_dataset(r->cells)->rows[at.row].reg) {
        return T_YES;
    }
    struct mval v = field_leaf(r, field, at);
    return !mval_is_known(v) ? T_UNKNOWN : rat_eq(v.lo, rat_int(m.category)) ? T_YES : T_NO;
}

enum truth ref_listed(struct ref *r, uint32_t list, uint32_t unit, struct moment m)
{
    const struct unit_list *l = &r->plan->lists[list];
    if (l->predicate == NONE) {
        return cells_listed(r->cells, list, unit) ? T_YES : T_NO;
    }
    struct moment then;
    if (!moment_of_year(r->plan, l->predicate, NULL, date_year(l->frozen), m.as_of, &then)) {
        return T_UNKNOWN;
    }
    then.snapshot = l->frozen;
    enum truth t = ref_truth(r, l->predicate, ref_unit(&unit), then);
    return t == T_NA ? T_NO : t;
}

struct mval ref_on_list(struct ref *r, uint32_t list, uint32_t unit, struct moment m)
{
    uint32_t id = r->plan->n_exprs + list; /* no expression has it */
    struct leaves *collect = r->collect;
    const struct leaves *set = r->set;
    struct mval v;
    if (ref_is_set(r, LEAF_NODE, id, unit, 0, &v)) {
        return v;
    }
    r->collect = NULL;
    r->set = NULL;
    v = mval_truth(ref_listed(r, list, unit, m));
    r->set = set;
    r->collect = collect;
    ref_collect(r, LEAF_NODE, id, unit, 0, v);
    return v;
}

struct mval ref_leaf(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    uint32_t unit = at.n > 0 ? at.units[0] : cells_dataset(r->cells)->rows[at.row].owner;
    bool merged = at.n > 1; /* a title or a place on a list has no sum (C29) */
    switch ((unsigned)x->op) {
    case EX_ITEM:
        return item_leaf(r, x->ref, at.n > 0 ? at : ref_unit(&unit), m);
    case EX_ATTR:
        return attr_leaf(r, x->ref, at.n > 0 ? at : ref_unit(&unit), m);
    case EX_FIELD:
        return field_leaf(r, x->ref, at);
    case EX_TITLE:
        return mval_truth(merged || !exists(r, unit, m) ? T_NA
                          : cells_holds_since(r->cells, x->ref, unit, m.granted, m.snapshot)
                              ? T_YES
                              : T_NO);
    default:
        return mval_truth(!merged && exists(r, unit, m) ? ref_listed(r, x->ref, unit, m) : T_NA);
    }
}

/* Σ of the periods in which the unit stood (C28). */
static struct mval periods_of(struct ref *r, uint32_t item, uint32_t unit, const struct period *all,
                              int32_t n, struct moment m)
{
    struct mval sum = mval_none();
    bool first = true;
    for (int32_t i = 0; i < n; i++) {
        struct moment then = m;
        then.snapshot = period_snapshot(all[i], r->plan->items[item].point);
        if (exists(r, unit, then)) {
            struct mval v = item_at(r, item, unit, all[i]);
            sum = first ? v : mval_add(r->a, sum, v);
            first = false;
        }
    }
    return sum;
}

struct mval ref_periods(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    const struct item *item = &r->plan->items[x->ref];
    struct period all[PERIOD_PER_YEAR];
    int32_t n = period_all_of_year(item->period, m.year, all);
    int32_t from = x->op == EX_YEAR_END && n > 0 ? n - 1 : 0;
    struct mval sum = mval_none();
    bool first = true;
    for (uint32_t k = 0; k < at.n; k++) {
        if (exists(r, at.units[k], m)) {
            struct mval v = periods_of(r, x->ref, at.units[k], all + from, n - from, m);
            sum = added(r, &item->d, sum, v, first);
            first = false;
        }
    }
    return sum;
}

/* ---- thresholds ----------------------------------------------------------------------------- */

static void add_inner(struct leaf *l, struct rat x)
{
    bool inside = rat_cmp(l->lo, x) < 0 && rat_cmp(x, l->hi) < 0;
    for (uint32_t i = 0; inside && i < l->n_inner; i++) {
        inside = !rat_eq(l->inner[i], x);
    }
    if (inside && l->n_inner < REF_INNER_MAX) {
        l->inner[l->n_inner++] = x;
    }
}

/* The finest step of a figure, as declared. */
static struct rat step_of(struct ref *r, const struct datum *d)
{
    struct rat step = d->factor;
    for (uint8_t i = 0; i < d->decimals; i++) {
        step = rat_div(r->a, step, rat_int(10));
    }
    return step;
}

/* On both sides of a threshold, and on it, what is counted may jump. */
void ref_threshold(struct ref *r, uint32_t e, struct place at, struct mval with)
{
    const struct expr *x = &r->plan->exprs[e];
    struct leaves *l = r->collect;
    enum leaf_tag tag = x->op == EX_ITEM ? LEAF_ITEM : x->op == EX_ATTR ? LEAF_ATTR : LEAF_FIELD;
    bool leaf = x->op == EX_ITEM || x->op == EX_ATTR || x->op == EX_FIELD;
    if (!l || !leaf || with.kind != MV_NUMBER || !mval_is_known(with) || rat_is_inf(with.lo)) {
        return;
    }
    const struct datum *d = datum_of(r->plan, tag, x->ref);
    uint32_t who = at.n > 0 ? at.units[0] : at.row;
    struct rat step = step_of(r, d);
    struct rat cell = rat_mul(r->a, rat_floor(r->a, rat_div(r->a, with.lo, step)), step);
    for (uint32_t i = 0; i < l->n; i++) {
        if (l->items[i].tag == tag && l->items[i].id == x->ref && l->items[i].who == who) {
            add_inner(&l->items[i], rat_sub(r->a, cell, step));
            add_inner(&l->items[i], cell);
            add_inner(&l->items[i], rat_add(r->a, cell, step));
        }
    }
}
