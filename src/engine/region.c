/* SPDX-License-Identifier: Apache-2.0 */
/* Sums and ratios over members that are completed independently. */
#include "engine/region.h"

#include "base/arena.h"

void region_init(struct region *g)
{
    *g = (struct region){.n = rat_zero(), .d = rat_zero()};
}

void region_known(struct arena *a, struct region *g, struct rat n, struct rat d)
{
    g->n = rat_add(a, g->n, n);
    g->d = rat_add(a, g->d, d);
}

void region_corner(struct arena *a, struct region *g, struct rat n, struct rat d, bool ray)
{
    vec_push(a, &g->corners, (struct corner){n, d, ray});
}

void region_end(struct region *g, struct arena *a)
{
    vec_push(a, &g->ends, g->corners.n);
}

static uint32_t first_of(const struct region *g, uint32_t member)
{
    return member == 0 ? 0 : g->ends.items[member - 1];
}

struct mval region_sum(struct arena *a, const struct region *g)
{
    struct rat lo = g->n;
    struct rat hi = g->n;
    for (uint32_t i = 0; i < g->ends.n; i++) {
        struct rat least = rat_inf(1);
        struct rat most = rat_inf(-1);
        bool down = false;
        bool up = false;
        for (uint32_t k = first_of(g, i); k < g->ends.items[i]; k++) {
            const struct corner *c = &g->corners.items[k];
            if (c->ray) {
                down = down || rat_sign(c->n) < 0;
                up = up || rat_sign(c->n) > 0;
            } else {
                least = rat_min(least, c->n);
                most = rat_max(most, c->n);
            }
        }
        lo = down || rat_is_inf(lo) ? rat_inf(-1) : rat_add(a, lo, least);
        hi = up || rat_is_inf(hi) ? rat_inf(1) : rat_add(a, hi, most);
    }
    return mval_range(lo, hi);
}

/* ---- ratios --------------------------------------------------------------------------------- */

/* A choice of corners, by its sums. */
struct pick {
    struct rat n, d;
};

/* The choice with the largest Σ(sign*n - t*d); among equals the larger d. sign is 1 or -1. */
static struct pick best(struct arena *a, const struct region *g, struct rat t, int sign)
{
    struct pick p = {g->n, g->d};
    for (uint32_t i = 0; i < g->ends.n; i++) {
        const struct corner *top = NULL;
        struct rat score = rat_zero();
        for (uint32_t k = first_of(g, i); k < g->ends.items[i]; k++) {
            const struct corner *c = &g->corners.items[k];
            if (c->ray) {
                continue;
            }
            struct rat n = sign > 0 ? c->n : rat_neg(a, c->n);
            struct rat s = rat_sub(a, n, rat_mul(a, t, c->d));
            int order = top ? rat_cmp(s, score) : 1;
            if (order > 0 || (order == 0 && rat_cmp(c->d, top->d) > 0)) {
                top = c;
                score = s;
            }
        }
        p.n = rat_add(a, p.n, top->n);
        p.d = rat_add(a, p.d, top->d);
    }
    return p;
}

/* The largest d everywhere: a choice with Σd > 0 if there is one. */
static struct pick widest(struct arena *a, const struct region *g)
{
    struct pick p = {g->n, g->d};
    for (uint32_t i = 0; i < g->ends.n; i++) {
        const struct corner *top = NULL;
        for (uint32_t k = first_of(g, i); k < g->ends.items[i]; k++) {
            const struct corner *c = &g->corners.items[k];
            if (!c->ray && (!top || rat_cmp(c->d, top->d) > 0)) {
                top = c;
            }
        }
        p.n = rat_add(a, p.n, top->n);
        p.d = rat_add(a, p.d, top->d);
    }
    return p;
}

/* The extreme of sign * Σn/Σd over the corners, from a start with Σd > 0. */
static struct rat extreme(struct arena *a, const struct region *g, struct pick start, int sign)
{
    struct rat t = rat_div(a, sign > 0 ? start.n : rat_neg(a, start.n), start.d);
    for (;;) {
        struct pick p = best(a, g, t, sign);
        struct rat n = sign > 0 ? p.n : rat_neg(a, p.n);
        if (rat_is_zero(p.d)) {
            return rat_sign(n) > 0 ? rat_inf(1) : t; /* x/0 with x > 0 (C06) */
        }
        struct rat next = rat_div(a, n, p.d);
        if (rat_cmp(next, t) <= 0) {
            return t;
        }
        t = next;
    }
}

/* Bounds that are only approached, along rays (C04). */
static void along_rays(struct arena *a, const struct region *g, struct rat *lo, struct rat *hi)
{
    for (uint32_t k = 0; k < g->corners.n; k++) {
        const struct corner *c = &g->corners.items[k];
        if (!c->ray) {
            continue;
        }
        struct rat limit = rat_is_zero(c->d) ? rat_inf(rat_sign(c->n)) : rat_div(a, c->n, c->d);
        if (rat_is_zero(c->d) && rat_is_zero(c->n)) {
            continue;
        }
        *lo = rat_min(*lo, limit);
        *hi = rat_max(*hi, limit);
    }
}

/* Can Σd be 0, and with which sums n? */
static bool zero_denominator(struct arena *a, const struct region *g, struct rat *n_lo,
                             struct rat *n_hi)
{
    *n_lo = g->n;
    *n_hi = g->n;
    if (!rat_is_zero(g->d)) {
        return false;
    }
    for (uint32_t i = 0; i < g->ends.n; i++) {
        struct rat lo = rat_inf(1);
        struct rat hi = rat_inf(-1);
        for (uint32_t k = first_of(g, i); k < g->ends.items[i]; k++) {
            const struct corner *c = &g->corners.items[k];
            if (rat_is_zero(c->d) && !c->ray) {
                lo = rat_min(lo, c->n);
                hi = rat_max(hi, c->n);
            } else if (rat_is_zero(c->d) && rat_sign(c->n) > 0) {
                hi = rat_inf(1);
            }
        }
        if (rat_is_inf(lo)) {
            return false;
        }
        *n_lo = rat_add(a, *n_lo, lo);
        *n_hi = rat_is_inf(*n_hi) || rat_is_inf(hi) ? rat_inf(1) : rat_add(a, *n_hi, hi);
    }
    return true;
}

static bool has_d_ray(const struct region *g)
{
    for (uint32_t k = 0; k < g->corners.n; k++) {
        if (g->corners.items[k].ray && rat_sign(g->corners.items[k].d) > 0) {
            return true;
        }
    }
    return false;
}

bool region_ratio(struct arena *a, const struct region *g, struct mval *out)
{
    for (uint32_t k = 0; k < g->corners.n; k++) {
        if (rat_sign(g->corners.items[k].d) < 0) {
            return false;
        }
    }
    struct rat n_lo;
    struct rat n_hi;
    bool zero = zero_denominator(a, g, &n_lo, &n_hi);
    struct pick start = widest(a, g);
    if (rat_sign(start.d) <= 0 && !has_d_ray(g)) {
        /* Known to be zero: x/0 only for a known x > 0, no value otherwise (C06). */
        bool infinite = rat_eq(n_lo, n_hi) && rat_sign(n_lo) != 0;
        *out = infinite ? mval_known(rat_inf(rat_sign(n_lo))) : mval_none();
        return true;
    }
    struct rat lo = rat_inf(1);
    struct rat hi = rat_inf(-1);
    if (rat_sign(start.d) > 0) {
        hi = extreme(a, g, start, 1);
        lo = rat_neg(a, extreme(a, g, start, -1));
    }
    along_rays(a, g, &lo, &hi);
    if (zero && rat_sign(n_hi) > 0) {
        hi = rat_inf(1);
    }
    if (rat_cmp(lo, hi) > 0) {
        *out = mval_none();
        return true;
    }
    *out = mval_range(lo, hi);
    return true;
}
