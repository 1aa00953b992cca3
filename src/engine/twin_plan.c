/* SPDX-License-Identifier: Apache-2.0 */
/* Plans side by side: declarations, expressions and commitments compared field by field. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "engine/twin.h"

#define TWIN_DEPTH_MAX 400
#define UNASKED        (NONE - 1)

static bool same_expr(struct twin *t, uint32_t x, uint32_t y);

/* ---- texts and lists ------------------------------------------------------------------------ */

static bool same_texts(const struct str *x, uint32_t n, const struct str *y, uint32_t m)
{
    bool same = n == m;
    for (uint32_t i = 0; same && i < n; i++) {
        same = str_eq(x[i], y[i]);
    }
    return same;
}

/* Numbers of both, or in neither. */
static bool mapped(const uint32_t *map, uint32_t x, uint32_t y)
{
    return y == NONE ? x == NONE : x != NONE && map[y] == x;
}

/* Whoever bears the name: in both trees the same units (C39). */
static bool same_names(const struct twin *t, const struct str *names, uint32_t n)
{
    bool same = true;
    for (uint32_t i = 0; same && t->s != t->t && i < n; i++) {
        uint32_t was = NONE;
        uint32_t is = NONE;
        enum tree_found f = tree_find(t->s, names[i], DATE_MIN, DATE_MAX, &was);
        enum tree_found g = tree_find(t->t, names[i], DATE_MIN, DATE_MAX, &is);
        same = (f == TREE_FOUND_NONE) == (g == TREE_FOUND_NONE) &&
               (f == TREE_FOUND_NONE || t->unit_was[is] == was);
    }
    return same;
}

/* ---- declarations --------------------------------------------------------------------------- */

static bool same_datum(const struct datum *x, const struct datum *y)
{
    return str_eq(x->name, y->name) && x->type == y->type && dim_eq(x->dim, y->dim) &&
           rat_eq(x->factor, y->factor) &&
           same_texts(x->choices, x->n_choices, y->choices, y->n_choices) && rat_eq(x->lo, y->lo) &&
           rat_eq(x->hi, y->hi) && x->decimals == y->decimals && x->class_ == y->class_;
}

static bool same_item(const struct item *x, const struct item *y)
{
    bool same = same_datum(&x->d, &y->d) && x->kind == y->kind && x->period == y->period &&
                time_point_eq(x->point, y->point) && x->n_versions == y->n_versions;
    for (uint32_t i = 0; same && i < x->n_versions; i++) {
        same = x->versions[i].since_year == y->versions[i].since_year &&
               str_eq(x->versions[i].name, y->versions[i].name);
    }
    return same;
}

static bool same_reg(const struct twin *t, const struct reg *x, const struct reg *y)
{
    bool same = str_eq(x->name, y->name) && x->owner_kind == y->owner_kind &&
                x->n_fields == y->n_fields && x->filed == y->filed && x->filing == y->filing;
    for (uint32_t i = 0; same && i < x->n_fields; i++) {
        const struct field *f = &t->p->fields[x->first_field + i];
        const struct field *g = &t->q->fields[y->first_field + i];
        same = f->key == g->key && same_datum(&f->d, &g->d);
    }
    return same;
}

static bool same_relation(const struct twin *t, const struct relation *x, const struct relation *y)
{
    return str_eq(x->name, y->name) && x->kind_a == y->kind_a && x->kind_b == y->kind_b &&
           mapped(t->title, x->title_a, y->title_a) && mapped(t->title, x->title_b, y->title_b) &&
           x->confirmed == y->confirmed && x->active_days == y->active_days;
}

/* Kinds have their numbers in trees; and who differs in years or units differs in everything. */
static bool same_kinds(const struct plan *p, const struct plan *q)
{
    bool same = p->n_kinds == q->n_kinds &&
                same_texts(p->levels, p->n_levels, q->levels, q->n_levels) &&
                p->first_year == q->first_year && p->last_year == q->last_year &&
                p->baseline_year == q->baseline_year && p->uom.n_dims == q->uom.n_dims;
    for (uint32_t i = 0; same && i < p->uom.n_dims; i++) {
        same = str_eq(p->uom.dims[i].zh, q->uom.dims[i].zh);
    }
    for (uint32_t i = 0; same && i < p->n_kinds; i++) {
        const struct kind *x = &p->kinds[i];
        const struct kind *y = &q->kinds[i];
        same = str_eq(x->name, y->name) && x->level == y->level && x->in == y->in &&
               x->n_generals == y->n_generals && x->is_level == y->is_level &&
               x->filed == y->filed && x->filing == y->filing;
        for (uint32_t k = 0; same && k < x->n_generals; k++) {
            same = x->generals[k] == y->generals[k];
        }
    }
    return same;
}

/* ---- who is who ----------------------------------------------------------------------------- */

/* By name and kind; of two that share a hash one is not found. */
struct names {
    struct map_u64 index;
};

static uint64_t name_key(struct str name, uint32_t kind)
{
    return str_hash(name) ^ (uint64_t)kind * UINT64_C(0x9e3779b97f4a7c15);
}

static uint32_t find(const struct names *x, struct str name, uint32_t kind)
{
    uint32_t i = NONE;
    (void)map_u64_get(&x->index, name_key(name, kind), &i);
    return i;
}

static uint32_t *map_for(const struct twin *t, uint32_t n, uint32_t value)
{
    uint32_t *map = ARENA_ARRAY(t->a, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) {
        map[i] = value;
    }
    return map;
}

/* A map of one sort of declarations: those of the name, if they are the same. */
#define PAIR(map, list, n_list, name_of, kind_of, is_same)                                         \
    do {                                                                                           \
        struct names names = {0};                                                                  \
        t->map = map_for(t, t->q->n_list, NONE);                                                   \
        for (uint32_t i = 0; i < t->p->n_list; i++) {                                              \
            map_u64_put(t->a, &names.index,                                                        \
                        name_key(t->p->list[i].name_of, t->p->list[i].kind_of), i);                \
        }                                                                                          \
        for (uint32_t i = 0; i < t->q->n_list; i++) {                                              \
            uint32_t k = find(&names, t->q->list[i].name_of, t->q->list[i].kind_of);               \
            t->map[i] = k != NONE && (is_same) ? k : NONE;                                         \
        }                                                                                          \
    } while (0)

static void pair_items(struct twin *t)
{
    PAIR(item, items, n_items, d.name, kind, same_item(&t->p->items[k], &t->q->items[i]));
    PAIR(attribute, attributes, n_attributes, d.name, kind,
         same_datum(&t->p->attributes[k].d, &t->q->attributes[i].d) &&
             t->p->attributes[k].kind == t->q->attributes[i].kind);
}

static void pair_rest(struct twin *t)
{
    PAIR(title, titles, n_titles, name, kind,
         str_eq(t->p->titles[k].name, t->q->titles[i].name) &&
             t->p->titles[k].kind == t->q->titles[i].kind);
    PAIR(reg, regs, n_regs, name, owner_kind, same_reg(t, &t->p->regs[k], &t->q->regs[i]));
    PAIR(relation, relations, n_relations, name, kind_a,
         same_relation(t, &t->p->relations[k], &t->q->relations[i]));
    struct names names = {0};
    t->event = map_for(t, t->q->n_events, NONE);
    for (uint32_t i = 0; i < t->p->n_events; i++) {
        map_u64_put(t->a, &names.index, name_key(t->p->events[i].name, 0), i);
    }
    for (uint32_t i = 0; i < t->q->n_events; i++) {
        uint32_t k = find(&names, t->q->events[i].name, 0);
        bool same = k != NONE && str_eq(t->p->events[k].name, t->q->events[i].name);
        t->event[i] = same ? k : NONE;
    }
}

#undef PAIR

static bool same_checks(const struct twin *t, struct check_lines x, struct check_lines y)
{
    bool same = x.n == y.n;
    for (uint32_t i = 0; same && i < x.n; i++) {
        const struct check_line *l = &x.items[i];
        const struct check_line *m = &y.items[i];
        same = l->kind == m->kind && l->n == m->n && rat_eq(l->constant, m->constant);
        for (uint32_t k = 0; same && k < l->n; k++) {
            const struct check_term *u = &x.terms[l->first + k];
            const struct check_term *v = &y.terms[m->first + k];
            same = mapped(t->item, u->item, v->item) && rat_eq(u->factor, v->factor);
        }
    }
    return same;
}

/* Other hard checks may tie the items that are in any, and no others (C05). */
static void loosen_items(struct twin *t)
{
    if (same_checks(t, cells_checks(t->before), cells_checks(t->after))) {
        return;
    }
    for (uint32_t i = 0; i < t->q->n_items; i++) {
        bool free = t->item[i] != NONE && cells_check_group(t->after, i) == NONE &&
                    cells_check_group(t->before, t->item[i]) == NONE;
        t->item[i] = free ? t->item[i] : NONE;
    }
}

/* ---- lists and indicators, when they are asked for ------------------------------------------ */

static bool same_list(struct twin *t, uint32_t x, uint32_t y)
{
    const struct unit_list *l = &t->p->lists[x];
    const struct unit_list *m = &t->q->lists[y];
    if (t->list[y] == UNASKED) {
        t->list[y] = NONE; /* while it is asked */
        bool same = str_eq(l->name, m->name) && l->kind == m->kind &&
                    same_texts(l->members, l->n_members, m->members, m->n_members) &&
                    same_names(t, m->members, m->n_members) &&
                    date_cmp(l->frozen, m->frozen) == 0 && same_expr(t, l->predicate, m->predicate);
        t->list[y] = same ? x : NONE;
    }
    return t->list[y] == x;
}

static bool same_definitions(struct twin *t, const struct commitment *x, const struct commitment *y)
{
    bool same = x->n_definitions == y->n_definitions && x->has_point == y->has_point &&
                (!x->has_point || time_point_eq(x->point, y->point));
    for (uint32_t i = 0; same && i < x->n_definitions; i++) {
        const struct definition *d = &x->definitions[i];
        const struct definition *e = &y->definitions[i];
        same = str_eq(d->name, e->name) && d->since_year == e->since_year &&
               d->adopted == e->adopted && same_expr(t, d->measure, e->measure) &&
               same_expr(t, d->previous, e->previous);
    }
    return same;
}

static bool same_indicator(struct twin *t, uint32_t x, uint32_t y)
{
    if (t->indicator[y] == UNASKED) {
        t->indicator[y] = NONE;
        bool same = same_definitions(t, &t->p->commitments[x], &t->q->commitments[y]);
        t->indicator[y] = same ? x : NONE;
    }
    return t->indicator[y] == x;
}

/* ---- expressions ---------------------------------------------------------------------------- */

bool twin_fields(const struct twin *t, uint32_t x, uint32_t y)
{
    const struct field *f = &t->p->fields[x];
    const struct field *g = &t->q->fields[y];
    return mapped(t->reg, f->reg, g->reg) &&
           x - t->p->regs[f->reg].first_field == y - t->q->regs[g->reg].first_field;
}

static bool same_ref(struct twin *t, const struct expr *x, const struct expr *y)
{
    switch ((unsigned)x->op) {
    case EX_ITEM:
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        return mapped(t->item, x->ref, y->ref);
    case EX_ATTR:
        return mapped(t->attribute, x->ref, y->ref);
    case EX_FIELD:
        return twin_fields(t, x->ref, y->ref);
    case EX_TITLE:
        return mapped(t->title, x->ref, y->ref);
    case EX_LIST:
        return same_list(t, x->ref, y->ref);
    case EX_DEGREE:
        return mapped(t->relation, x->ref, y->ref);
    case EX_INDICATOR:
        return same_indicator(t, x->ref, y->ref);
    case EX_AGG:
        return x->agg == AGG_COVER ? mapped(t->relation, x->ref, y->ref) : x->ref == y->ref;
    default:
        return x->ref == y->ref;
    }
}

static bool same_population(struct twin *t, const struct expr *x, const struct expr *y)
{
    if (x->op != EX_AGG && x->op != EX_RANK) {
        return true;
    }
    if (x->over != y->over) {
        return false;
    }
    switch (x->over) {
    case OVER_KIND:
        return x->over_ref == y->over_ref;
    case OVER_TITLE:
        return mapped(t->title, x->over_ref, y->over_ref);
    case OVER_LIST:
        return same_list(t, x->over_ref, y->over_ref);
    case OVER_REGISTER:
        return mapped(t->reg, x->over_ref, y->over_ref);
    case OVER_RELATION:
        return mapped(t->relation, x->over_ref, y->over_ref);
    }
    return false;
}

static bool same_expr(struct twin *t, uint32_t e, uint32_t f)
{
    if (e == NONE || f == NONE || t->depth > TWIN_DEPTH_MAX) {
        return e == f && e == NONE;
    }
    const struct expr *x = &t->p->exprs[e];
    const struct expr *y = &t->q->exprs[f];
    t->depth++;
    bool same = x->op == y->op && x->is_bool == y->is_bool && dim_eq(x->dim, y->dim) &&
                x->grain_kind == y->grain_kind && mapped(t->reg, x->grain_reg, y->grain_reg) &&
                x->agg == y->agg && x->n == y->n && x->flag == y->flag && rat_eq(x->num, y->num) &&
                x->choices == y->choices && same_population(t, x, y) && same_ref(t, x, y) &&
                same_expr(t, x->a, y->a) && same_expr(t, x->b, y->b) && same_expr(t, x->c, y->c);
    t->depth--;
    return same;
}

/* ---- commitments ---------------------------------------------------------------------------- */

static bool same_when(const struct twin *t, const struct when *x, const struct when *y)
{
    return x->kind == y->kind && x->from_year == y->from_year && x->to_year == y->to_year &&
           x->every == y->every && date_cmp(x->day, y->day) == 0 &&
           (x->kind != WHEN_UNTIL || mapped(t->event, x->event, y->event));
}

static bool same_scope(struct twin *t, const struct scope *x, const struct scope *y)
{
    if (x->kind != y->kind) {
        return false;
    }
    switch (x->kind) {
    case SCOPE_ROOT:
        return true;
    case SCOPE_EACH_KIND:
        return x->ref == y->ref;
    case SCOPE_EACH_TITLE:
        return mapped(t->title, x->ref, y->ref);
    case SCOPE_EACH_LIST:
        return same_list(t, x->ref, y->ref);
    case SCOPE_EACH_NAMED:
        return same_texts(x->named, x->n_named, y->named, y->n_named) &&
               same_names(t, y->named, y->n_named);
    case SCOPE_EACH_CATEGORY:
        return twin_fields(t, x->ref, y->ref);
    }
    return false;
}

static bool same_scopes(struct twin *t, const struct scope *x, uint32_t n, const struct scope *y,
                        uint32_t m)
{
    bool same = n == m;
    for (uint32_t i = 0; same && i < n; i++) {
        same = same_scope(t, &x[i], &y[i]);
    }
    return same;
}

static bool same_rung(struct twin *t, const struct rung *x, const struct rung *y)
{
    return same_when(t, &x->when, &y->when) && x->modality == y->modality &&
           same_expr(t, x->value, y->value) && same_expr(t, x->value2, y->value2) &&
           x->interpolated == y->interpolated;
}

static bool same_clause(struct twin *t, const struct clause *x, const struct clause *y)
{
    bool same = x->modality == y->modality && same_when(t, &x->when, &y->when) &&
                x->cmp == y->cmp && x->ladder == y->ladder && x->own_time == y->own_time &&
                rat_eq(x->tolerance, y->tolerance) && x->about == y->about &&
                x->nearly == y->nearly && x->two_sided == y->two_sided &&
                str_eq(x->part, y->part) && x->n_rungs == y->n_rungs &&
                x->n_nested == y->n_nested &&
                same_scopes(t, x->scopes, x->n_scopes, y->scopes, y->n_scopes) &&
                same_expr(t, x->condition, y->condition) && same_expr(t, x->measure, y->measure) &&
                same_expr(t, x->baseline, y->baseline) && same_expr(t, x->previous, y->previous) &&
                same_expr(t, x->base, y->base);
    for (uint32_t i = 0; same && i < x->n_rungs; i++) {
        same = same_rung(t, &x->rungs[i], &y->rungs[i]);
    }
    for (uint32_t i = 0; same && i < x->n_nested; i++) {
        same = same_clause(t, &x->nested[i], &y->nested[i]);
    }
    return same;
}

/* Of rules, samples and scorecards, and of rows of registers, nothing is called the same: their
 * rows say numbers of items and rows, or are made of the rows of others. */
static bool is_plain(const struct commitment *k)
{
    return (k->kind <= CK_GATE || k->kind == CK_CHECK) && k->of_reg == NONE;
}

static bool same_stages(const struct twin *t, const struct commitment *x,
                        const struct commitment *y)
{
    bool same = x->n_stages == y->n_stages;
    for (uint32_t i = 0; same && i < x->n_stages; i++) {
        same = str_eq(x->stages[i].name, y->stages[i].name) &&
               same_when(t, &x->stages[i].when, &y->stages[i].when);
    }
    return same;
}

static bool same_commitment(struct twin *t, const struct commitment *x, const struct commitment *y)
{
    bool same = x->kind == y->kind && is_plain(x) && is_plain(y) && x->modality == y->modality &&
                x->n_targets == y->n_targets && same_when(t, &x->when, &y->when) &&
                same_scopes(t, x->scopes, x->n_scopes, y->scopes, y->n_scopes) &&
                x->verb == y->verb && x->times == y->times && x->fresh_days == y->fresh_days &&
                same_stages(t, x, y) && same_expr(t, x->measure, y->measure) &&
                same_expr(t, x->cap, y->cap) && same_expr(t, x->used, y->used) &&
                same_expr(t, x->per, y->per) && same_expr(t, x->condition, y->condition) &&
                x->exempt == y->exempt && date_cmp(x->exempt_before, y->exempt_before) == 0 &&
                x->of_kind == y->of_kind && x->period == y->period && same_definitions(t, x, y);
    for (uint32_t i = 0; same && i < x->n_targets; i++) {
        same = same_clause(t, &x->targets[i], &y->targets[i]);
    }
    return same;
}

bool twin_plans(struct twin *t)
{
    struct map ids = {0};
    if (!same_kinds(t->p, t->q)) {
        return false;
    }
    pair_items(t);
    loosen_items(t);
    pair_rest(t);
    t->list = map_for(t, t->q->n_lists, UNASKED);
    t->indicator = map_for(t, t->q->n_commitments, UNASKED);
    t->commitment = map_for(t, t->q->n_commitments, NONE);
    for (uint32_t i = 0; i < t->p->n_commitments; i++) {
        map_put(t->a, &ids, t->p->commitments[i].id, i);
    }
    for (uint32_t i = 0; i < t->q->n_commitments; i++) {
        uint32_t was = NONE;
        bool same = map_get(&ids, t->q->commitments[i].id, &was) &&
                    same_commitment(t, &t->p->commitments[was], &t->q->commitments[i]);
        t->commitment[i] = same ? was : NONE;
    }
    return true;
}
