/* SPDX-License-Identifier: Apache-2.0 */
/* Hard checks that are linear in items, as bounds of silent numbers (C05). */
#include "engine/cells.h"
#include "engine/cells_int.h"

#include "base/assert.h"
#include "engine/mval.h"

#define LINEAR_DEPTH_MAX 256

/* ---- reading the checks ------------------------------------------------------------------- */

struct linear {
    VEC(struct check_term) terms;
    struct rat constant;
};

static void add_term(struct arena *a, struct linear *l, uint32_t item, struct rat factor)
{
    for (uint32_t i = 0; i < l->terms.n; i++) {
        if (l->terms.items[i].item == item) {
            l->terms.items[i].factor = rat_add(a, l->terms.items[i].factor, factor);
            return;
        }
    }
    vec_push(a, &l->terms, (struct check_term){item, factor});
}

/* The value of an expression of literals alone. */
static bool constant_of(struct arena *a, const struct plan *p, uint32_t e, struct rat *out,
                        int depth)
{
    const struct expr *x = &p->exprs[e];
    struct rat l;
    struct rat r;
    if (depth > LINEAR_DEPTH_MAX) {
        return false;
    }
    if (x->op == EX_NUM) {
        *out = x->num;
        return !rat_is_inf(x->num);
    }
    if (x->op == EX_NEG) {
        bool ok = constant_of(a, p, x->a, &l, depth + 1);
        *out = ok ? rat_neg(a, l) : rat_zero();
        return ok;
    }
    bool binary = x->op == EX_ADD || x->op == EX_SUB || x->op == EX_MUL || x->op == EX_DIV;
    if (!binary || !constant_of(a, p, x->a, &l, depth + 1) ||
        !constant_of(a, p, x->b, &r, depth + 1) || (x->op == EX_DIV && rat_is_zero(r))) {
        return false;
    }
    *out = x->op == EX_ADD   ? rat_add(a, l, r)
           : x->op == EX_SUB ? rat_sub(a, l, r)
           : x->op == EX_MUL ? rat_mul(a, l, r)
                             : rat_div(a, l, r);
    return true;
}

/* Adds factor * e to the sum; false when e is not linear in items. */
static bool linear_add(struct arena *a, const struct plan *p, uint32_t e, struct rat factor,
                       struct linear *l, int depth)
{
    const struct expr *x = &p->exprs[e];
    struct rat k;
    if (depth > LINEAR_DEPTH_MAX) {
        return false;
    }
    if (constant_of(a, p, e, &k, depth)) {
        l->constant = rat_add(a, l->constant, rat_mul(a, factor, k));
        return true;
    }
    if (x->op == EX_ITEM && p->items[x->ref].d.type == VT_NUMBER) {
        add_term(a, l, x->ref, factor);
        return true;
    }
    if (x->op == EX_NEG) {
        return linear_add(a, p, x->a, rat_neg(a, factor), l, depth + 1);
    }
    if (x->op == EX_ADD || x->op == EX_SUB) {
        struct rat right = x->op == EX_SUB ? rat_neg(a, factor) : factor;
        return linear_add(a, p, x->a, factor, l, depth + 1) &&
               linear_add(a, p, x->b, right, l, depth + 1);
    }
    if (x->op == EX_MUL && constant_of(a, p, x->a, &k, depth + 1)) {
        return linear_add(a, p, x->b, rat_mul(a, factor, k), l, depth + 1);
    }
    if (x->op == EX_MUL && constant_of(a, p, x->b, &k, depth + 1)) {
        return linear_add(a, p, x->a, rat_mul(a, factor, k), l, depth + 1);
    }
    if (x->op == EX_DIV && constant_of(a, p, x->b, &k, depth + 1) && !rat_is_zero(k)) {
        return linear_add(a, p, x->a, rat_div(a, factor, k), l, depth + 1);
    }
    return false;
}

struct reader {
    struct cells *c;
    uint32_t kind;
    VEC(struct check_line) constraints;
    VEC(struct check_term) terms;
};

/* high - low >= 0 */
static void read_order(struct reader *r, uint32_t high, uint32_t low)
{
    struct arena *a = r->c->arena;
    struct linear l = {.constant = rat_zero()};
    if (!linear_add(a, r->c->plan, high, rat_one(), &l, 0) ||
        !linear_add(a, r->c->plan, low, rat_int(-1), &l, 0)) {
        return;
    }
    struct check_line k = {.kind = r->kind, .first = r->terms.n, .constant = l.constant};
    for (uint32_t i = 0; i < l.terms.n; i++) {
        if (!rat_is_zero(l.terms.items[i].factor)) {
            vec_push(a, &r->terms, l.terms.items[i]);
            k.n++;
        }
    }
    if (k.n > 0) {
        vec_push(a, &r->constraints, k);
    }
}

/* The linear parts of a condition: conjunctions are taken apart, a strict bound is as good as a
 * closed one because it can be approached. */
static void read_condition(struct reader *r, uint32_t e)
{
    const struct expr *exprs = r->c->plan->exprs;
    while (exprs[e].op == EX_AND) {
        read_condition(r, exprs[e].b);
        e = exprs[e].a;
    }
    const struct expr *x = &exprs[e];
    if (x->op == EX_GE || x->op == EX_GT || x->op == EX_EQ) {
        read_order(r, x->a, x->b);
    }
    if (x->op == EX_LE || x->op == EX_LT || x->op == EX_EQ) {
        read_order(r, x->b, x->a);
    }
    if (x->op == EX_BETWEEN) {
        read_order(r, x->a, x->b);
        read_order(r, x->c, x->a);
    }
}

/* Constraints that share an item, directly or through others, get one group number. */
static void make_groups(struct arena *a, struct bounds_set *b, uint32_t n_items)
{
    b->group = ARENA_ARRAY(a, uint32_t, b->n);
    b->group_of = ARENA_ARRAY(a, uint32_t, n_items);
    for (uint32_t i = 0; i < n_items; i++) {
        b->group_of[i] = NONE;
    }
    for (uint32_t k = 0; k < b->n; k++) {
        b->group[k] = k;
    }
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t k = 0; k < b->n; k++) {
            const struct check_line *c = &b->items[k];
            uint32_t least = b->group[k];
            for (uint32_t t = c->first; t < c->first + c->n; t++) {
                uint32_t g = b->group_of[b->terms[t].item];
                least = g < least ? g : least;
            }
            changed = changed || least != b->group[k];
            b->group[k] = least;
            for (uint32_t t = c->first; t < c->first + c->n; t++) {
                changed = changed || b->group_of[b->terms[t].item] != least;
                b->group_of[b->terms[t].item] = least;
            }
        }
    }
}

/* whole - part >= 0, and no other check of either; both of one period. */
static bool is_pair(struct arena *a, const struct plan *p, const struct bounds_set *b, uint32_t k)
{
    const struct check_line *line = &b->items[k];
    const struct check_term *t = &b->terms[line->first];
    bool pair = line->n == 2 && rat_is_zero(line->constant) &&
                rat_eq(t[0].factor, rat_neg(a, t[1].factor)) &&
                (rat_eq(t[0].factor, rat_one()) || rat_eq(t[1].factor, rat_one()));
    for (uint32_t o = 0; o < b->n; o++) {
        pair = pair && (o == k || b->group[o] != b->group[k]);
    }
    if (!pair) {
        return false;
    }
    const struct item *x = &p->items[t[0].item];
    const struct item *y = &p->items[t[1].item];
    return x->period == y->period && time_point_eq(x->point, y->point);
}

static void find_pairs(struct arena *a, const struct plan *p, struct bounds_set *b)
{
    b->pair = ARENA_ARRAY(a, bool, b->n);
    for (uint32_t k = 0; k < b->n; k++) {
        b->pair[k] = is_pair(a, p, b, k);
    }
}

void cells_bounds_make(struct cells *c)
{
    const struct plan *p = c->plan;
    struct reader r = {.c = c};
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        const struct commitment *k = &p->commitments[i];
        if (k->kind == CK_CHECK && !k->soft && k->condition != NONE && k->of_kind != NONE) {
            r.kind = k->of_kind;
            read_condition(&r, k->condition);
        }
    }
    c->bounds = (struct bounds_set){.items = r.constraints.items,
                                    .n = r.constraints.n,
                                    .terms = r.terms.items,
                                    .n_terms = r.terms.n};
    make_groups(c->arena, &c->bounds, p->n_items);
    find_pairs(c->arena, p, &c->bounds);
}

struct check_lines cells_checks(const struct cells *c)
{
    return (struct check_lines){c->bounds.items, c->bounds.n, c->bounds.terms};
}

uint32_t cells_check_group(const struct cells *c, uint32_t item)
{
    return c->bounds.group_of[item];
}

/* ---- propagation -------------------------------------------------------------------------- */

static bool yearly(enum period_kind kind)
{
    return kind == PERIOD_YEAR || kind == PERIOD_SCHOOL_YEAR;
}

/* The period of `other` that belongs with `period` of `item` in one check. */
static bool period_beside(const struct item *item, struct period period, const struct item *other,
                          struct period *out)
{
    if (yearly(item->period) && yearly(other->period)) {
        struct date day;
        return period_of_plan_year(other->period, other->point,
                                   period_plan_year(period, item->point), out, &day);
    }
    *out = period;
    return item->period == other->period;
}

struct var {
    uint32_t item;
    bool known;
    bool there; /* has a period beside the one asked for */
    bool near;  /* the figure asked for, or silent with it */
    struct rat lo, hi;
};

struct vars {
    VEC(struct var) list;
};

struct lines {
    VEC(const struct check_line *) list;
};

static struct var *var_of(struct vars *v, uint32_t item)
{
    for (uint32_t i = 0; i < v->list.n; i++) {
        if (v->list.items[i].item == item) {
            return &v->list.items[i];
        }
    }
    return NULL;
}

/* The most that factor * var can be. */
static struct rat term_max(struct arena *a, const struct check_term *t, const struct var *v)
{
    return rat_mul(a, t->factor, rat_sign(t->factor) > 0 ? v->hi : v->lo);
}

/*
 * Narrows the silent items of one constraint. false: the bounds contradict each other, and the
 * facts have to be mended before anything can be said.
 */
static bool narrow_once(struct arena *a, const struct bounds_set *b, const struct check_line *k,
                        struct vars *vars, bool *changed)
{
    for (uint32_t t = k->first; t < k->first + k->n; t++) {
        struct var *v = var_of(vars, b->terms[t].item);
        if (v == NULL || v->known) {
            continue;
        }
        struct rat most = k->constant; /* of everything but v */
        for (uint32_t o = k->first; o < k->first + k->n; o++) {
            if (o != t) {
                struct var *w = var_of(vars, b->terms[o].item);
                ASSERT(w != NULL);
                most = bound_add(a, most, term_max(a, &b->terms[o], w), true);
            }
        }
        if (rat_is_inf(most)) {
            continue;
        }
        struct rat limit = rat_div(a, rat_neg(a, most), b->terms[t].factor);
        bool floor = rat_sign(b->terms[t].factor) > 0;
        if (floor && rat_cmp(limit, v->lo) > 0) {
            v->lo = limit;
            *changed = true;
        } else if (!floor && rat_cmp(limit, v->hi) < 0) {
            v->hi = limit;
            *changed = true;
        }
        if (rat_cmp(v->lo, v->hi) > 0) {
            return false;
        }
    }
    return true;
}

/* The constraint's items, all with a period beside; false: it says nothing here. */
static bool gather(struct arena *a, const struct cells *c, const struct check_line *k,
                   uint32_t item, uint32_t unit, struct period period, struct vars *vars)
{
    const struct plan *p = c->plan;
    for (uint32_t t = k->first; t < k->first + k->n; t++) {
        uint32_t other = c->bounds.terms[t].item;
        struct var *v = var_of(vars, other);
        if (v == NULL) {
            struct var new_var = {.item = other};
            struct period beside;
            new_var.there = period_beside(&p->items[item], period, &p->items[other], &beside);
            if (new_var.there) {
                struct cell cell = cells_raw(c, other, unit, beside);
                new_var.known = cell.known;
                new_var.lo = cell.lo;
                new_var.hi = cell.hi;
            }
            vec_push(a, &vars->list, new_var);
            v = &vec_last(&vars->list);
        }
        if (!v->there) {
            return false;
        }
    }
    return true;
}

/* Whether the constraint reads a silent figure that is near; then all its silent ones are. */
static bool comes_near(const struct bounds_set *b, const struct check_line *k, struct vars *vars)
{
    bool near = false;
    for (uint32_t t = k->first; t < k->first + k->n; t++) {
        const struct var *v = var_of(vars, b->terms[t].item);
        near = near || (v != NULL && v->near);
    }
    for (uint32_t t = k->first; near && t < k->first + k->n; t++) {
        struct var *v = var_of(vars, b->terms[t].item);
        v->near = !v->known;
    }
    return near;
}

/*
 * The constraints that tie the item to what is silent with it. Reported figures keep others apart:
 * what contradicts itself beyond them says nothing here.
 */
static struct lines near_lines(struct arena *a, const struct bounds_set *b, struct lines *all,
                               struct vars *vars, uint32_t item)
{
    struct lines near = {.list = {0}};
    struct var *self = var_of(vars, item);
    if (self != NULL) {
        self->near = true;
    }
    bool more = true;
    while (more) {
        more = false;
        for (uint32_t k = 0; k < all->list.n; k++) {
            const struct check_line *line = all->list.items[k];
            if (line != NULL && comes_near(b, line, vars)) {
                vec_push(a, &near.list, line);
                all->list.items[k] = NULL;
                more = true;
            }
        }
    }
    return near;
}

/* What propagation comes to for the silent part or whole of a pair, at a look. */
static void narrow_pair(const struct cells *c, const struct check_line *k, uint32_t item,
                        uint32_t unit, struct period period, struct rat *lo, struct rat *hi)
{
    const struct check_term *t = &c->bounds.terms[k->first];
    bool first = t[0].item == item;
    bool whole = rat_sign(t[first ? 0 : 1].factor) > 0;
    struct cell other = cells_raw(c, t[first ? 1 : 0].item, unit, period);
    if (whole && rat_cmp(other.lo, *lo) > 0 && rat_cmp(other.lo, *hi) <= 0) {
        *lo = other.lo;
    }
    if (!whole && rat_cmp(other.hi, *hi) < 0 && rat_cmp(other.hi, *lo) >= 0) {
        *hi = other.hi;
    }
}

static void narrow(struct arena *a, const struct cells *c, uint32_t kind, uint32_t item,
                   uint32_t unit, struct period period, struct rat *lo, struct rat *hi)
{
    const struct bounds_set *b = &c->bounds;
    uint32_t group = b->group_of[item];
    struct vars vars = {.list = {0}};
    struct lines all = {.list = {0}};
    for (uint32_t k = 0; k < b->n; k++) {
        if (b->group[k] == group && plan_is_a(c->plan, kind, b->items[k].kind) &&
            gather(a, c, &b->items[k], item, unit, period, &vars)) {
            vec_push(a, &all.list, &b->items[k]);
        }
    }
    struct lines live = near_lines(a, b, &all, &vars, item);
    bool changed = true;
    for (int round = 0; changed && round < CELLS_ROUNDS_MAX; round++) {
        changed = false;
        for (uint32_t k = 0; k < live.list.n; k++) {
            if (!narrow_once(a, b, live.list.items[k], &vars, &changed)) {
                return;
            }
        }
    }
    const struct var *v = var_of(&vars, item);
    if (v != NULL && v->there) {
        *lo = v->lo;
        *hi = v->hi;
    }
}

void cells_bounds_narrow(struct arena *a, const struct cells *c, uint32_t item, uint32_t unit,
                         struct period period, struct rat *lo, struct rat *hi)
{
    const struct bounds_set *b = &c->bounds;
    uint32_t group = b->group_of[item];
    if (group == NONE) {
        return;
    }
    struct date day = period_snapshot(period, c->plan->items[item].point);
    const struct tree_version *version = tree_version_at(c->data->tree, unit, day);
    if (version == NULL) {
        return;
    }
    if (!b->pair[group]) {
        narrow(a, c, version->kind, item, unit, period, lo, hi);
    } else if (plan_is_a(c->plan, version->kind, b->items[group].kind)) {
        narrow_pair(c, &b->items[group], item, unit, period, lo, hi);
    }
}

/* ---- part and whole ----------------------------------------------------------------------- */

/* The constraint reads `whole - part - something not negative >= 0`. */
static bool ties(struct arena *a, const struct cells *c, const struct check_line *k, uint32_t part,
                 uint32_t whole)
{
    const struct check_term *whole_term = NULL;
    const struct check_term *part_term = NULL;
    for (uint32_t t = k->first; t < k->first + k->n; t++) {
        const struct check_term *x = &c->bounds.terms[t];
        if (x->item == whole) {
            whole_term = x;
        } else if (x->item == part) {
            part_term = x;
        } else if (rat_sign(x->factor) > 0 || rat_sign(c->plan->items[x->item].d.lo) < 0) {
            return false;
        }
    }
    return whole_term != NULL && part_term != NULL && rat_sign(k->constant) <= 0 &&
           rat_sign(whole_term->factor) > 0 && rat_sign(part_term->factor) < 0 &&
           rat_cmp(rat_neg(a, part_term->factor), whole_term->factor) >= 0 &&
           rat_sign(c->plan->items[part].d.lo) >= 0;
}

bool cells_tied(struct arena *a, const struct cells *c, uint32_t part, uint32_t whole,
                uint32_t kind)
{
    const struct bounds_set *b = &c->bounds;
    if (part == whole || b->group_of[part] == NONE || b->group_of[part] != b->group_of[whole]) {
        return false;
    }
    /* Upwards from the part through whatever is known to hold it. */
    VEC(uint32_t) reached = {0};
    vec_push(a, &reached, part);
    for (uint32_t i = 0; i < reached.n && reached.items[i] != whole; i++) {
        for (uint32_t k = 0; k < b->n; k++) {
            const struct check_line *x = &b->items[k];
            uint32_t end = b->group[k] == b->group_of[part] ? x->first + x->n : x->first;
            for (uint32_t t = x->first; t < end; t++) {
                bool seen = false;
                for (uint32_t s = 0; s < reached.n; s++) {
                    seen = seen || reached.items[s] == b->terms[t].item;
                }
                if (!seen && plan_is_a(c->plan, kind, x->kind) &&
                    ties(a, c, x, reached.items[i], b->terms[t].item)) {
                    vec_push(a, &reached, b->terms[t].item);
                }
            }
        }
    }
    for (uint32_t i = 0; i < reached.n; i++) {
        if (reached.items[i] == whole) {
            return true;
        }
    }
    return false;
}
