/* SPDX-License-Identifier: Apache-2.0 */
/* Taking an expression apart into sums over one population. */
#include "engine/linear.h"

#include "base/arena.h"
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

/* Σ coef * aggregate + constant; false when there is anything else in it. */
static bool flatten(struct arena *a, const struct plan *p, uint32_t e, struct rat coef, bool below,
                    struct terms *t)
{
    const struct expr *x = &p->exprs[e];
    if (is_sum(x)) {
        const struct expr *first = t->n > 0 ? &p->exprs[t->items[0].agg] : x;
        if (t->n == TERMS_MAX || x->over != first->over || x->over_ref != first->over_ref) {
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

/* Whether what a further member adds to a term may be positive, and may be negative. */
static void directions(const struct plan *p, const struct term *t, bool *up, bool *down)
{
    const struct expr *x = &p->exprs[t->agg];
    bool summed = x->agg == AGG_SUM || x->agg == AGG_MEAN;
    bool both = summed && !not_negative(p, x->a);
    *up = *up || both || rat_sign(t->coef) > 0;
    *down = *down || both || rat_sign(t->coef) < 0;
}

void linear_open(struct arena *a, const struct plan *p, const struct terms *t, uint32_t n_open,
                 struct region *g)
{
    bool below = false;
    bool up = false;
    bool down = false;
    for (uint32_t k = 0; k < t->n; k++) {
        bool ratio = agg_is_ratio(p->exprs[t->items[k].agg].agg);
        below = below || ratio || t->items[k].below;
        if (!t->items[k].below) {
            directions(p, &t->items[k], &up, &down);
        }
    }
    for (uint32_t i = 0; i < n_open; i++) {
        struct rat d = below ? rat_one() : rat_zero();
        region_corner(a, g, rat_zero(), rat_zero(), false);
        if (up) {
            region_corner(a, g, rat_one(), d, true);
        }
        if (down) {
            region_corner(a, g, rat_int(-1), d, true);
        }
        if (below) {
            region_corner(a, g, rat_zero(), rat_one(), true);
        }
        region_end(g, a);
    }
}
