/* SPDX-License-Identifier: Apache-2.0 */
/* Dinkelbach's iteration over integers; see engine/region.c for the same in rationals. */
#include "engine/region_int.h"

#include "base/arena.h"

#define PRODUCT_MAX ((i128)1 << 62) /* of a factor: products with 64 bits fit, and sums of 2^1 */
#define SUM_MAX     ((i128)1 << 100)

/* A bound: n / d with d > 0, or infinite by the sign of n when d is 0. */
struct bound {
    i128 n, d;
};

struct pick {
    i128 n, d;
};

static bool small(i128 x)
{
    return x < PRODUCT_MAX && x > -PRODUCT_MAX;
}

static i128 gcd(i128 x, i128 y)
{
    i128 g = (i128)u128_gcd((u128)(x < 0 ? -x : x), (u128)(y < 0 ? -y : y));
    return g > 0 ? g : 1;
}

static struct bound reduced(i128 n, i128 d)
{
    i128 g = gcd(n, d);
    return (struct bound){n / g, d / g};
}

/* Exact for finite bounds that are small. */
static int order(struct bound x, struct bound y)
{
    if (x.d == 0 || y.d == 0) {
        int p = x.d != 0 ? 0 : x.n > 0 ? 1 : -1;
        int q = y.d != 0 ? 0 : y.n > 0 ? 1 : -1;
        return (p > q) - (p < q);
    }
    i128 l = x.n * y.d;
    i128 r = y.n * x.d;
    return (l > r) - (l < r);
}

static struct rat as_rat(struct arena *a, struct bound x, int64_t den_n, int64_t den_d)
{
    i128 n;
    i128 d;
    if (x.d == 0) {
        return rat_inf(x.n > 0 ? 1 : -1);
    }
    if (i128_mul(x.n, den_d, &n) && i128_mul(x.d, den_n, &d)) {
        return rat_make(a, n, d);
    }
    return rat_mul(a, rat_make(a, x.n, x.d), rat_frac(den_d, den_n));
}

/* ---- sums ----------------------------------------------------------------------------------- */

bool int_region_sum(struct arena *a, const struct int_region *g, struct mval *out)
{
    i128 lo = g->n;
    i128 hi = g->n;
    bool down = false;
    bool up = false;
    for (uint32_t i = 0; i < g->members.n; i++) {
        const struct int_member *m = &g->members.items[i];
        i128 least = INT64_MAX;
        i128 most = INT64_MIN;
        for (uint32_t k = 0; k < m->n; k++) {
            const struct corner_int *c = &m->corners[k];
            if (c->ray) {
                down = down || c->n < 0;
                up = up || c->n > 0;
            } else {
                least = c->n < least ? c->n : least;
                most = c->n > most ? c->n : most;
            }
        }
        lo += least * m->times;
        hi += most * m->times;
        if (lo < -SUM_MAX || hi > SUM_MAX) {
            return false;
        }
    }
    struct rat low = down ? rat_inf(-1) : rat_make(a, lo, g->den_n);
    *out = mval_range(low, up ? rat_inf(1) : rat_make(a, hi, g->den_n));
    return true;
}

/* ---- ratios --------------------------------------------------------------------------------- */

/* The choice with the largest Σ(sign*n - t*d); among equals the larger d. */
static struct pick best(const struct int_region *g, struct bound t, int sign)
{
    struct pick p = {g->n, g->d};
    for (uint32_t i = 0; i < g->members.n; i++) {
        const struct int_member *m = &g->members.items[i];
        const struct corner_int *top = NULL;
        i128 score = 0;
        for (uint32_t k = 0; k < m->n; k++) {
            const struct corner_int *c = &m->corners[k];
            i128 s = sign * t.d * c->n - t.n * c->d;
            if (!c->ray && (!top || s > score || (s == score && c->d > top->d))) {
                top = c;
                score = s;
            }
        }
        p.n += (i128)top->n * m->times;
        p.d += (i128)top->d * m->times;
    }
    return p;
}

static struct pick widest(const struct int_region *g)
{
    struct pick p = {g->n, g->d};
    for (uint32_t i = 0; i < g->members.n; i++) {
        const struct int_member *m = &g->members.items[i];
        const struct corner_int *top = NULL;
        for (uint32_t k = 0; k < m->n; k++) {
            const struct corner_int *c = &m->corners[k];
            top = !c->ray && (!top || c->d > top->d) ? c : top;
        }
        p.n += (i128)top->n * m->times;
        p.d += (i128)top->d * m->times;
    }
    return p;
}

/* The extreme of sign * Σn/Σd, from a start with Σd > 0. false: too large. */
static bool extreme(const struct int_region *g, struct pick start, int sign, struct bound *out)
{
    struct bound t = reduced(sign * start.n, start.d);
    for (;;) {
        if (!small(t.n) || !small(t.d)) {
            return false;
        }
        struct pick p = best(g, t, sign);
        if (!small(p.n) || !small(p.d)) {
            return false;
        }
        if (p.d == 0) {
            *out = sign * p.n > 0 ? (struct bound){1, 0} : t; /* x/0 with x > 0 (C06) */
            return true;
        }
        struct bound next = reduced(sign * p.n, p.d);
        if (order(next, t) <= 0) {
            *out = t;
            return true;
        }
        t = next;
    }
}

/* Bounds that are only approached, along rays (C04). */
static void along_rays(const struct int_region *g, struct bound *lo, struct bound *hi)
{
    for (uint32_t i = 0; i < g->members.n; i++) {
        const struct int_member *m = &g->members.items[i];
        for (uint32_t k = 0; k < m->n; k++) {
            const struct corner_int *c = &m->corners[k];
            if (c->ray && (c->n != 0 || c->d != 0)) {
                struct bound x = reduced(c->n, c->d);
                *lo = order(x, *lo) < 0 ? x : *lo;
                *hi = order(x, *hi) > 0 ? x : *hi;
            }
        }
    }
}

/* Can Σd be 0, and with which sums n? Infinite upwards: *endless. */
static bool zero_denominator(const struct int_region *g, i128 *n_lo, i128 *n_hi, bool *endless)
{
    *n_lo = g->n;
    *n_hi = g->n;
    *endless = false;
    for (uint32_t i = 0; g->d == 0 && i < g->members.n; i++) {
        const struct int_member *m = &g->members.items[i];
        bool any = false;
        i128 lo = 0;
        i128 hi = 0;
        for (uint32_t k = 0; k < m->n; k++) {
            const struct corner_int *c = &m->corners[k];
            if (c->d == 0 && !c->ray) {
                lo = any && lo < c->n ? lo : c->n;
                hi = any && hi > c->n ? hi : c->n;
                any = true;
            } else if (c->d == 0 && c->n > 0) {
                *endless = true;
            }
        }
        if (!any) {
            return false;
        }
        *n_lo += lo * m->times;
        *n_hi += hi * m->times;
    }
    return g->d == 0;
}

/* false from *fits: a member is not for whole numbers. */
static bool has_d_ray(const struct int_region *g, bool *fits)
{
    bool ray = false;
    for (uint32_t i = 0; i < g->members.n; i++) {
        const struct int_member *m = &g->members.items[i];
        for (uint32_t k = 0; k < m->n; k++) {
            ray = ray || (m->corners[k].ray && m->corners[k].d > 0);
            *fits = *fits && m->corners[k].d >= 0;
        }
    }
    return ray;
}

bool int_region_ratio(struct arena *a, const struct int_region *g, struct mval *out)
{
    bool fits = small(g->n) && small(g->d) && g->d >= 0;
    bool ray = has_d_ray(g, &fits);
    i128 n_lo;
    i128 n_hi;
    bool endless;
    bool zero = zero_denominator(g, &n_lo, &n_hi, &endless);
    struct pick start = widest(g);
    struct bound lo = {1, 0};
    struct bound hi = {-1, 0};
    if (!fits || (start.d <= 0 && !ray)) {
        return false; /* the rare cases of C06 */
    }
    if (start.d > 0) {
        if (!extreme(g, start, 1, &hi) || !extreme(g, start, -1, &lo)) {
            return false;
        }
        lo.n = -lo.n;
    }
    along_rays(g, &lo, &hi);
    if (zero && (endless || n_hi > 0)) {
        hi = (struct bound){1, 0};
    }
    *out = order(lo, hi) > 0
               ? mval_none()
               : mval_range(as_rat(a, lo, g->den_n, g->den_d), as_rat(a, hi, g->den_n, g->den_d));
    return true;
}
