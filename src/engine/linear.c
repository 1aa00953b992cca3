/* SPDX-License-Identifier: Apache-2.0 */
/* Taking an expression apart into sums over one population. */
#include "engine/linear.h"

#include "base/arena.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "engine/region.h"

bool agg_is_ratio(enum agg_op op)
{
    return op == AGG_SHARE || op == AGG_COVER || op == AGG_MEAN;
}

static bool is_sum(const struct expr *x)
{
    return x->op == EX_AGG && (x->agg == AGG_SUM || x->agg == AGG_COUNT) &&
           x->over != OVER_RELATION && x->n <= 1; /* 近 N年 stands alone */
}

static bool one_population(const struct expr *x, const struct expr *y)
{
    return x->over == y->over && x->over_ref == y->over_ref;
}

/* Σ coef * aggregate + constant; false when there is anything else in it. */
static bool flatten(struct arena *a, const struct plan *p, uint32_t e, struct rat coef, bool below,
                    struct terms *t)
{
    const struct expr *x = &p->exprs[e];
    if (is_sum(x)) {
        const struct expr *first = t->n > 0 ? &p->exprs[t->items[0].agg] : x;
        if (t->n == TERMS_MAX || (t->year == 0 && !one_population(x, first))) {
            return false;
        }
        t->items[t->n++] = (struct term){e, coef, below};
        return true;
    }
    switch ((unsigned)x->op) {
    case EX_NUM: {
        struct rat *sum = below ? &t->d0 : &t->n0;
        *sum = rat_add(a, *sum, rat_mul(a, coef, x->num));
        return true;
    }
    case EX_INDICATOR: {
        const struct commitment *c = &p->commitments[x->ref];
        const struct definition *d = t->year == 0 ? NULL : definition_in_force(c, t->year);
        return d && !c->has_point && flatten(a, p, d->measure, coef, below, t);
    }
    case EX_NEG:
        return flatten(a, p, x->a, rat_neg(a, coef), below, t);
    case EX_ADD:
    case EX_SUB:
        return flatten(a, p, x->a, coef, below, t) &&
               flatten(a, p, x->b, x->op == EX_ADD ? coef : rat_neg(a, coef), below, t);
    case EX_MUL: {
        const struct expr *l = &p->exprs[x->a];
        const struct expr *r = &p->exprs[x->b];
        if (l->op != EX_NUM && r->op != EX_NUM) {
            return false;
        }
        bool left = l->op == EX_NUM;
        return flatten(a, p, left ? x->b : x->a, rat_mul(a, coef, left ? l->num : r->num), below,
                       t);
    }
    default:
        return false;
    }
}

bool linear_joint(struct arena *a, const struct plan *p, uint32_t e, struct terms *out)
{
    const struct expr *x = &p->exprs[e];
    *out = (struct terms){.n0 = rat_zero(), .d0 = rat_zero()};
    if (x->op == EX_DIV) {
        return flatten(a, p, x->a, rat_one(), false, out) &&
               flatten(a, p, x->b, rat_one(), true, out) && out->n >= 1;
    }
    return (x->op == EX_ADD || x->op == EX_SUB) && flatten(a, p, e, rat_one(), false, out) &&
           out->n >= 2;
}

bool linear_kinds_apart(const struct plan *p, uint32_t x, uint32_t y)
{
    for (uint32_t k = 0; k < p->n_kinds; k++) {
        if (plan_is_a(p, k, x) && plan_is_a(p, k, y)) {
            return false;
        }
    }
    return true;
}

/* Two populations without a common member: registers, or kinds that no kind is both of. */
static bool disjoint(const struct plan *p, const struct expr *x, const struct expr *y)
{
    return x->over == y->over &&
           (x->over == OVER_REGISTER ||
            (x->over == OVER_KIND && linear_kinds_apart(p, x->over_ref, y->over_ref)));
}

bool linear_several(struct arena *a, const struct plan *p, uint32_t e, int32_t year,
                    struct terms *out, bool *apart)
{
    const struct expr *x = &p->exprs[e];
    *out = (struct terms){.n0 = rat_zero(), .d0 = rat_zero(), .year = year};
    if (x->op != EX_DIV || !flatten(a, p, x->a, rat_one(), false, out) ||
        !flatten(a, p, x->b, rat_one(), true, out)) {
        return false;
    }
    *apart = true;
    for (uint32_t i = 0; i < out->n; i++) {
        for (uint32_t k = 0; k < i; k++) {
            const struct expr *f = &p->exprs[out->items[i].agg];
            const struct expr *g = &p->exprs[out->items[k].agg];
            *apart = *apart && (one_population(f, g) || disjoint(p, f, g));
        }
    }
    return out->n > 0;
}

bool linear_population(const struct plan *p, const struct terms *t, uint32_t first,
                       struct terms *out)
{
    const struct expr *x = &p->exprs[t->items[first].agg];
    *out = (struct terms){.n0 = rat_zero(), .d0 = rat_zero()};
    for (uint32_t i = 0; i < t->n; i++) {
        if (!one_population(x, &p->exprs[t->items[i].agg])) {
            continue;
        }
        if (i < first) {
            return false;
        }
        out->items[out->n++] = t->items[i];
    }
    return true;
}

struct terms linear_alone(uint32_t agg)
{
    struct terms t = {.n = 1, .n0 = rat_zero(), .d0 = rat_zero()};
    t.items[0] = (struct term){agg, rat_one(), false};
    return t;
}

/* Not negative whatever the figures are. */
static bool not_negative(const struct plan *p, uint32_t e)
{
    const struct expr *x = &p->exprs[e];
    switch ((unsigned)x->op) {
    case EX_NUM:
        return rat_sign(x->num) >= 0;
    case EX_ITEM:
        return rat_sign(p->items[x->ref].d.lo) >= 0;
    case EX_ATTR:
        return rat_sign(p->attributes[x->ref].d.lo) >= 0;
    case EX_FIELD:
        return rat_sign(p->fields[x->ref].d.lo) >= 0;
    case EX_ADD:
    case EX_MUL:
    case EX_DIV:
        return not_negative(p, x->a) && not_negative(p, x->b);
    case EX_IF:
        return not_negative(p, x->b) && not_negative(p, x->c);
    default:
        return x->is_bool;
    }
}

/* ---- members that are not on record yet (C35) ---------------------------------------------- */

static bool same(const struct plan *p, uint32_t e, uint32_t f)
{
    if (e == f || e == NONE || f == NONE) {
        return e == f;
    }
    const struct expr *x = &p->exprs[e];
    const struct expr *y = &p->exprs[f];
    return x->op == y->op && x->agg == y->agg && x->over == y->over && x->over_ref == y->over_ref &&
           x->ref == y->ref && x->n == y->n && x->flag == y->flag && x->choices == y->choices &&
           rat_cmp(x->num, y->num) == 0 && same(p, x->a, y->a) && same(p, x->b, y->b) &&
           same(p, x->c, y->c);
}

/* Whoever satisfies the one satisfies the other, as far as the formulas show it. */
static bool within(const struct plan *p, uint32_t e, uint32_t f)
{
    if (f == NONE || same(p, e, f)) {
        return true;
    }
    if (e == NONE) {
        return false;
    }
    const struct expr *x = &p->exprs[e];
    const struct expr *y = &p->exprs[f];
    return (x->op == EX_AND && (within(p, x->a, f) || within(p, x->b, f))) ||
           (x->op == EX_OR && within(p, x->a, f) && within(p, x->b, f)) ||
           (y->op == EX_OR && (within(p, e, y->a) || within(p, e, y->b))) ||
           (y->op == EX_AND && within(p, e, y->a) && within(p, e, y->b));
}

bool linear_barred(const struct plan *p, uint32_t e)
{
    if (e == NONE) {
        return false;
    }
    const struct expr *x = &p->exprs[e];
    return x->op == EX_TITLE ||
           (x->op == EX_AND && (linear_barred(p, x->a) || linear_barred(p, x->b))) ||
           (x->op == EX_OR && linear_barred(p, x->a) && linear_barred(p, x->b));
}

/* What a further member adds to a term is at most *most times what it adds to the one below. */
static bool held_by(struct arena *a, const struct cells *c, const struct term *t,
                    const struct term *below, struct rat *most)
{
    const struct plan *p = cells_plan(c);
    const struct expr *x = &p->exprs[t->agg];
    const struct expr *y = &p->exprs[below->agg];
    if (x->agg != y->agg || !within(p, x->b, y->b) || rat_sign(below->coef) <= 0) {
        return false;
    }
    *most = rat_div(a, rat_abs(a, t->coef), below->coef);
    if (x->agg == AGG_COUNT || same(p, x->a, y->a)) {
        return true;
    }
    const struct expr *part = &p->exprs[x->a];
    const struct expr *whole = &p->exprs[y->a];
    return part->op == EX_ITEM && whole->op == EX_ITEM && x->over == OVER_KIND &&
           cells_tied(a, c, part->ref, whole->ref, x->over_ref);
}

/* The most that a further member may add on one side, for 1 that it adds below. */
struct reach {
    bool any;
    bool free; /* without adding anything below */
    struct rat most;
};

static void add_share(const struct plan *p, const struct expr *x, struct reach *up)
{
    if (x->agg != AGG_MEAN) {
        up->any = up->any || !linear_barred(p, x->c);
        up->most = rat_one();
        return;
    }
    const struct expr *v = &p->exprs[x->a];
    struct rat hi = v->op == EX_ITEM    ? p->items[v->ref].d.hi
                    : v->op == EX_FIELD ? p->fields[v->ref].d.hi
                                        : rat_inf(1);
    up->any = true;
    up->free = rat_is_inf(hi);
    up->most = up->free ? rat_one() : hi;
}

static void add_term(struct arena *a, const struct cells *c, const struct terms *t, uint32_t k,
                     uint32_t *taken, struct reach *r)
{
    r->any = true;
    for (uint32_t i = 0; i < t->n; i++) {
        struct rat most;
        if (t->items[i].below && (*taken & 1U << i) == 0 &&
            held_by(a, c, &t->items[k], &t->items[i], &most)) {
            *taken |= 1U << i;
            r->most = rat_max(r->most, most);
            return;
        }
    }
    r->free = true;
}

/* Whether a further member may be in the base of a term. */
static bool may_belong(const struct plan *p, const struct term *t)
{
    return !linear_barred(p, p->exprs[t->agg].b);
}

/* What a further member may add above, upwards and downwards. true: it may also only add below. */
static bool reaches(struct arena *a, const struct cells *c, const struct terms *t, struct reach *up,
                    struct reach *down)
{
    const struct plan *p = cells_plan(c);
    uint32_t taken[2] = {0, 0};
    bool below = false;
    for (uint32_t k = 0; k < t->n; k++) {
        const struct term *x = &t->items[k];
        const struct expr *e = &p->exprs[x->agg];
        if (!may_belong(p, x)) {
            continue;
        }
        bool ratio = agg_is_ratio(e->agg);
        bool both = (e->agg == AGG_SUM || e->agg == AGG_MEAN) && !not_negative(p, e->a);
        below = below || x->below || ratio;
        if (ratio) {
            add_share(p, e, up);
        } else if (!x->below && (both || rat_sign(x->coef) > 0)) {
            add_term(a, c, t, k, &taken[0], up);
        }
        if (!x->below && (both || (!ratio && rat_sign(x->coef) < 0))) {
            add_term(a, c, t, k, &taken[1], down);
        }
        up->free = up->free || (both && !ratio && !x->below);
        down->free = down->free || (both && !x->below);
    }
    return below;
}

static void reach_corner(struct arena *a, struct region *g, const struct reach *r, bool up)
{
    struct rat n = r->free ? rat_one() : r->most;
    if (r->any) {
        region_corner(a, g, up ? n : rat_neg(a, n), r->free ? rat_zero() : rat_one(), true);
    }
}

void linear_open(struct arena *a, const struct cells *c, const struct terms *t, uint32_t n_open,
                 struct region *g)
{
    struct reach up = {.most = rat_zero()};
    struct reach down = {.most = rat_zero()};
    bool below = reaches(a, c, t, &up, &down);
    for (uint32_t i = 0; i < n_open; i++) {
        region_corner(a, g, rat_zero(), rat_zero(), false);
        reach_corner(a, g, &up, true);
        reach_corner(a, g, &down, false);
        if (below) {
            region_corner(a, g, rat_zero(), rat_one(), true);
        }
        region_end(g, a);
    }
}
