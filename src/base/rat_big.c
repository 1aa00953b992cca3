/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rationals beyond 128 bits. GMP computes on temporaries of its own; the result is
 * reduced, brought to its one form (R3), and if still big its limbs are copied to the arena.
 */
#include "base/rat_int.h"

#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/limits.h"

_Static_assert(GMP_NUMB_BITS == 64, "limbs are taken apart as 64-bit words");

/* Splits x into two limbs and gives how many are used. */
static mp_size_t put_u128(mp_limb_t out[2], u128 x)
{
    out[0] = (mp_limb_t)x;
    out[1] = (mp_limb_t)(x >> 64);
    return out[1] != 0 ? 2 : (out[0] != 0 ? 1 : 0);
}

void rat_view_init(struct rat_view *v, struct rat x)
{
    if (x.big != NULL) {
        mp_size_t n = (mp_size_t)x.big->n_limbs;
        (void)mpz_roinit_n(v->n, x.big->limbs, x.big->negative ? -n : n);
        (void)mpz_roinit_n(v->d, x.big->limbs + n, (mp_size_t)x.big->d_limbs);
        return;
    }
    ASSERT(x.d > 0); /* finite */
    mp_size_t n = put_u128(v->store, i128_abs(x.n));
    mp_size_t d = put_u128(v->store + 2, (u128)x.d);
    (void)mpz_roinit_n(v->n, v->store, x.n < 0 ? -n : n);
    (void)mpz_roinit_n(v->d, v->store + 2, d);
}

void rat_mpz_set_u128(mpz_t z, u128 x)
{
    mp_limb_t limbs[2];
    mpz_t view;
    mpz_set(z, mpz_roinit_n(view, limbs, put_u128(limbs, x)));
}

static bool fits_small(mpz_srcptr z)
{
    return mpz_sizeinbase(z, 2) <= 127;
}

static i128 to_i128(mpz_srcptr z)
{
    u128 magnitude = (u128)mpz_getlimbn(z, 1) << 64 | mpz_getlimbn(z, 0);
    return mpz_sgn(z) < 0 ? -(i128)magnitude : (i128)magnitude;
}

static size_t big_bytes(size_t n_limbs, size_t d_limbs)
{
    ASSERT(n_limbs <= UINT32_MAX && d_limbs <= UINT32_MAX);
    return sizeof(struct rat_big) + (n_limbs + d_limbs) * sizeof(mp_limb_t);
}

static struct rat make_big(struct rat_big *big, size_t n_limbs, size_t d_limbs, bool negative)
{
    big->n_limbs = (uint32_t)n_limbs;
    big->d_limbs = (uint32_t)d_limbs;
    big->negative = negative;
    return (struct rat){0, 0, big};
}

void *rat_alloc(struct arena *a, size_t bytes, mpz_ptr x, mpz_ptr y)
{
    void *p = arena_try(a, bytes);
    if (p != NULL) {
        return p;
    }
    mpz_clear(x);
    if (y != NULL) {
        mpz_clear(y);
    }
    arena_stop(a, RC_NO_MEMORY);
}

struct rat rat_from_mpz(struct arena *a, mpz_t n, mpz_t d)
{
    ASSERT(mpz_sgn(d) != 0);
    if (mpz_sgn(d) < 0) {
        mpz_neg(n, n);
        mpz_neg(d, d);
    }
    if (mpz_sizeinbase(n, 2) > LIMIT_RAT_BITS || mpz_sizeinbase(d, 2) > LIMIT_RAT_BITS) {
        mpz_clears(n, d, NULL);
        arena_stop(a, RC_LIMIT);
    }
    mpz_t g;
    mpz_init(g);
    mpz_gcd(g, n, d);
    mpz_divexact(n, n, g);
    mpz_divexact(d, d, g);
    mpz_clear(g);
    if (fits_small(n) && fits_small(d)) {
        return (struct rat){to_i128(n), to_i128(d), NULL};
    }
    size_t n_limbs = mpz_size(n);
    size_t d_limbs = mpz_size(d);
    struct rat_big *big = rat_alloc(a, big_bytes(n_limbs, d_limbs), n, d);
    struct rat out = make_big(big, n_limbs, d_limbs, mpz_sgn(n) < 0);
    memcpy(big->limbs, mpz_limbs_read(n), n_limbs * sizeof big->limbs[0]);
    memcpy(big->limbs + n_limbs, mpz_limbs_read(d), d_limbs * sizeof big->limbs[0]);
    ASSERT_SLOW(rat_big_check(out)); /* R3 */
    return out;
}

struct rat rat_big_add(struct arena *a, struct rat x, struct rat y)
{
    struct rat_view vx;
    struct rat_view vy;
    rat_view_init(&vx, x);
    rat_view_init(&vy, y);
    mpz_t n;
    mpz_t d;
    mpz_inits(n, d, NULL);
    mpz_mul(n, vx.n, vy.d);
    mpz_addmul(n, vy.n, vx.d);
    mpz_mul(d, vx.d, vy.d);
    struct rat out = rat_from_mpz(a, n, d);
    mpz_clears(n, d, NULL);
    return out;
}

/* (xn * p) / (xd * q): multiplication and division differ only in what p and q are. */
static struct rat scaled(struct arena *a, const struct rat_view *x, mpz_srcptr p, mpz_srcptr q)
{
    mpz_t n;
    mpz_t d;
    mpz_inits(n, d, NULL);
    mpz_mul(n, x->n, p);
    mpz_mul(d, x->d, q);
    struct rat out = rat_from_mpz(a, n, d);
    mpz_clears(n, d, NULL);
    return out;
}

struct rat rat_big_mul(struct arena *a, struct rat x, struct rat y)
{
    struct rat_view vx;
    struct rat_view vy;
    rat_view_init(&vx, x);
    rat_view_init(&vy, y);
    return scaled(a, &vx, vy.n, vy.d);
}

struct rat rat_big_div(struct arena *a, struct rat x, struct rat y)
{
    struct rat_view vx;
    struct rat_view vy;
    rat_view_init(&vx, x);
    rat_view_init(&vy, y);
    return scaled(a, &vx, vy.d, vy.n);
}

int rat_big_cmp(struct rat x, struct rat y)
{
    struct rat_view vx;
    struct rat_view vy;
    rat_view_init(&vx, x);
    rat_view_init(&vy, y);
    mpz_t left;
    mpz_t right;
    mpz_inits(left, right, NULL);
    mpz_mul(left, vx.n, vy.d);
    mpz_mul(right, vy.n, vx.d);
    int order = mpz_cmp(left, right);
    mpz_clears(left, right, NULL);
    return (order > 0) - (order < 0);
}

struct rat rat_big_with_sign(struct arena *a, struct rat x, bool negative)
{
    struct rat_big *copy = arena_alloc(a, big_bytes(x.big->n_limbs, x.big->d_limbs));
    struct rat out = make_big(copy, x.big->n_limbs, x.big->d_limbs, negative);
    memcpy(copy->limbs, x.big->limbs,
           ((size_t)copy->n_limbs + copy->d_limbs) * sizeof copy->limbs[0]);
    return out;
}

struct rat rat_big_round(struct arena *a, struct rat x, enum rat_round mode)
{
    struct rat_view v;
    rat_view_init(&v, x);
    mpz_t q;
    mpz_t one;
    mpz_init(q);
    mpz_init_set_ui(one, 1);
    if (mode == RAT_FLOOR) {
        mpz_fdiv_q(q, v.n, v.d);
    } else if (mode == RAT_CEIL) {
        mpz_cdiv_q(q, v.n, v.d);
    } else {
        /* Half away from zero: (2|n| + d) / 2d cut, with the sign put back. */
        mpz_t twice;
        mpz_init(twice);
        mpz_abs(q, v.n);
        mpz_mul_2exp(q, q, 1);
        mpz_add(q, q, v.d);
        mpz_mul_2exp(twice, v.d, 1);
        mpz_tdiv_q(q, q, twice);
        mpz_clear(twice);
        if (x.big->negative) {
            mpz_neg(q, q);
        }
    }
    struct rat out = rat_from_mpz(a, q, one);
    mpz_clears(q, one, NULL);
    return out;
}

bool rat_big_eq(const struct rat_big *x, const struct rat_big *y)
{
    size_t limbs = (size_t)x->n_limbs + x->d_limbs;
    return x->n_limbs == y->n_limbs && x->d_limbs == y->d_limbs && x->negative == y->negative &&
           memcmp(x->limbs, y->limbs, limbs * sizeof x->limbs[0]) == 0;
}

bool rat_big_is_int(const struct rat_big *x)
{
    return x->d_limbs == 1 && x->limbs[x->n_limbs] == 1;
}

bool rat_big_check(struct rat x)
{
    struct rat_view v;
    rat_view_init(&v, x);
    mpz_t g;
    mpz_init(g);
    mpz_gcd(g, v.n, v.d);
    bool reduced = mpz_cmp_ui(g, 1) == 0;
    mpz_clear(g);
    return reduced && x.n == 0 && x.d == 0 && mpz_sgn(v.d) > 0 &&
           !(fits_small(v.n) && fits_small(v.d));
}
