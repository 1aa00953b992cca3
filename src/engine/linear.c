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
           x->over != OVER_RELATION;
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

void linear_open(struct arena *a, const struct plan *p, const struct terms *t, uint32_t n_open,
                 struct region *g)
{
    bool below = false;
    for (uint32_t k = 0; k < t->n; k++) {
        enum agg_op op = p->exprs[t->items[k].agg].agg;
        below = below || op == AGG_SHARE || op == AGG_MEAN || t->items[k].below;
    }
    for (uint32_t i = 0; i < n_open; i++) {
        region_corner(a, g, rat_zero(), rat_zero(), false);
        region_corner(a, g, rat_one(), below ? rat_one() : rat_zero(), true);
        if (below) {
            region_corner(a, g, rat_zero(), rat_one(), true);
        }
        region_end(g, a);
    }
}
