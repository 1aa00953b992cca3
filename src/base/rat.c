/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rational arithmetic: infinities, and the small form in checked 128-bit arithmetic. What
 * does not fit goes to rat_big.c, which finds the one form of the result by itself.
 *
 * Operands are reduced (R1), so common factors are cancelled before multiplying: products
 * overflow less often, and the result needs no gcd of its own.
 */
#include "base/rat.h"

#include <math.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/rat_int.h"
#include "base/siphash_int.h"

static bool is_small(struct rat x)
{
    return x.big == NULL && x.d != 0;
}

/* n / d already reduced, d > 0; false when it does not fit R1. */
static bool small_make(i128 n, i128 d, struct rat *out)
{
    if (n == I128_MIN) {
        return false;
    }
    *out = (struct rat){n, d, NULL};
    return true;
}

struct rat rat_zero(void)
{
    return (struct rat){0, 1, NULL};
}

struct rat rat_one(void)
{
    return (struct rat){1, 1, NULL};
}

struct rat rat_inf(int sign)
{
    ASSERT(sign != 0);
    return (struct rat){sign > 0 ? 1 : -1, 0, NULL};
}

struct rat rat_int(int64_t n)
{
    return (struct rat){n, 1, NULL};
}

struct rat rat_i128(struct arena *a, i128 n)
{
    return rat_make(a, n, 1);
}

struct rat rat_make(struct arena *a, i128 n, i128 d)
{
    ASSERT(d != 0);
    u128 un = i128_abs(n);
    u128 ud = i128_abs(d);
    u128 g = u128_gcd(un, ud);
    un /= g;
    ud /= g;
    bool negative = (n < 0) != (d < 0) && un != 0;
    if (un <= (u128)I128_MAX && ud <= (u128)I128_MAX) {
        return (struct rat){negative ? -(i128)un : (i128)un, (i128)ud, NULL};
    }
    mpz_t zn;
    mpz_t zd;
    mpz_inits(zn, zd, NULL);
    rat_mpz_set_u128(zn, un);
    rat_mpz_set_u128(zd, ud);
    if (negative) {
        mpz_neg(zn, zn);
    }
    struct rat out = rat_from_mpz(a, zn, zd);
    mpz_clears(zn, zd, NULL);
    return out;
}

struct rat rat_frac(int64_t n, int64_t d)
{
    /* Magnitudes are at most 2^63, so the small form holds them and no arena is needed. */
    return rat_make(NULL, n, d);
}

struct rat rat_dup(struct arena *a, struct rat x)
{
    return x.big == NULL ? x : rat_big_with_sign(a, x, x.big->negative);
}

int rat_sign(struct rat x)
{
    if (x.big != NULL) {
        return x.big->negative ? -1 : 1;
    }
    return (x.n > 0) - (x.n < 0);
}

bool rat_is_zero(struct rat x)
{
    return x.big == NULL && x.n == 0;
}

bool rat_is_inf(struct rat x)
{
    ASSERT(x.big != NULL || x.d != 0 || x.n != 0); /* a zeroed struct is not a number */
    return x.big == NULL && x.d == 0;
}

bool rat_is_int(struct rat x)
{
    return x.big != NULL ? rat_big_is_int(x.big) : x.d == 1;
}

struct rat rat_neg(struct arena *a, struct rat x)
{
    if (x.big != NULL) {
        return rat_big_with_sign(a, x, !x.big->negative);
    }
    return (struct rat){-x.n, x.d, NULL};
}

struct rat rat_abs(struct arena *a, struct rat x)
{
    return rat_sign(x) < 0 ? rat_neg(a, x) : x;
}

/* x + y in the small form, or false. */
static bool small_add(struct rat x, struct rat y, struct rat *out)
{
    i128 n = 0;
    if (x.d == 1 && y.d == 1) {
        return i128_add(x.n, y.n, &n) && small_make(n, 1, out);
    }
    i128 g = (i128)u128_gcd((u128)x.d, (u128)y.d);
    i128 left = 0;
    i128 right = 0;
    if (!i128_mul(x.n, y.d / g, &left) || !i128_mul(y.n, x.d / g, &right) ||
        !i128_add(left, right, &n)) {
        return false;
    }
    /* Only factors of g can be common to n and the denominator. n == 0 gives g2 == g. */
    i128 g2 = (i128)u128_gcd(i128_abs(n), (u128)g);
    i128 d = 0;
    if (!i128_mul(x.d / g, y.d / g2, &d)) {
        return false;
    }
    return n == 0 ? small_make(0, 1, out) : small_make(n / g2, d, out);
}

struct rat rat_add(struct arena *a, struct rat x, struct rat y)
{
    if (rat_is_inf(x) || rat_is_inf(y)) {
        ASSERT(!(rat_is_inf(x) && rat_is_inf(y)) || x.n == y.n); /* inf - inf */
        return rat_is_inf(x) ? x : y;
    }
    struct rat out;
    if (is_small(x) && is_small(y) && small_add(x, y, &out)) {
        return out;
    }
    return rat_big_add(a, x, y);
}

struct rat rat_sub(struct arena *a, struct rat x, struct rat y)
{
    return rat_add(a, x, rat_neg(a, y));
}

static bool small_mul(struct rat x, struct rat y, struct rat *out)
{
    i128 g1 = (i128)u128_gcd(i128_abs(x.n), (u128)y.d);
    i128 g2 = (i128)u128_gcd(i128_abs(y.n), (u128)x.d);
    i128 n = 0;
    i128 d = 0;
    return i128_mul(x.n / g1, y.n / g2, &n) && i128_mul(x.d / g2, y.d / g1, &d) &&
           small_make(n, d, out);
}

struct rat rat_mul(struct arena *a, struct rat x, struct rat y)
{
    if (rat_is_zero(x) || rat_is_zero(y)) {
        return rat_zero(); /* also 0 * inf */
    }
    if (rat_is_inf(x) || rat_is_inf(y)) {
        return rat_inf(rat_sign(x) * rat_sign(y));
    }
    struct rat out;
    if (is_small(x) && is_small(y) && small_mul(x, y, &out)) {
        return out;
    }
    return rat_big_mul(a, x, y);
}

struct rat rat_div(struct arena *a, struct rat x, struct rat y)
{
    ASSERT(!rat_is_zero(y));
    ASSERT(!(rat_is_inf(x) && rat_is_inf(y)));
    if (rat_is_zero(x) || rat_is_inf(y)) {
        return rat_zero();
    }
    if (rat_is_inf(x)) {
        return rat_inf(rat_sign(x) * rat_sign(y));
    }
    struct rat out;
    if (is_small(x) && is_small(y)) {
        struct rat inverse = {y.n < 0 ? -y.d : y.d, y.n < 0 ? -y.n : y.n, NULL};
        if (small_mul(x, inverse, &out)) {
            return out;
        }
    }
    return rat_big_div(a, x, y);
}

/* Both finite, small and of the same sign: |x| against |y| by the full cross products. */
static int small_cmp_abs(struct rat x, struct rat y)
{
    return u256_cmp(u128_mul_wide(i128_abs(x.n), (u128)y.d),
                    u128_mul_wide(i128_abs(y.n), (u128)x.d));
}

int rat_cmp(struct rat x, struct rat y)
{
    int sign = rat_sign(x);
    if (sign != rat_sign(y)) {
        return sign > rat_sign(y) ? 1 : -1;
    }
    bool x_inf = rat_is_inf(x);
    bool y_inf = rat_is_inf(y);
    if (x_inf || y_inf) {
        return x_inf && y_inf ? 0 : (x_inf ? sign : -sign);
    }
    if (!is_small(x) || !is_small(y)) {
        return rat_big_cmp(x, y);
    }
    if (x.d == y.d) {
        return (x.n > y.n) - (x.n < y.n);
    }
    return sign * small_cmp_abs(x, y);
}

bool rat_eq(struct rat x, struct rat y)
{
    /* R3: equal numbers have equal forms. */
    if (x.big != NULL && y.big != NULL) {
        return rat_big_eq(x.big, y.big);
    }
    return x.big == y.big && x.n == y.n && x.d == y.d;
}

struct rat rat_min(struct rat x, struct rat y)
{
    return rat_cmp(x, y) <= 0 ? x : y;
}

struct rat rat_max(struct rat x, struct rat y)
{
    return rat_cmp(x, y) >= 0 ? x : y;
}

/* Whether a quotient cut towards zero must move one away from zero. rest < d, both >= 0. */
static bool moves_away(bool negative, u128 rest, u128 d, enum rat_round mode)
{
    switch (mode) {
    case RAT_FLOOR:
        return negative && rest != 0;
    case RAT_CEIL:
        return !negative && rest != 0;
    case RAT_NEAREST:
        return rest >= d - rest;
    }
    UNREACHABLE();
}

static struct rat rounded(struct arena *a, struct rat x, enum rat_round mode)
{
    if (x.big != NULL) {
        return rat_big_round(a, x, mode);
    }
    if (x.d == 0 || x.d == 1) {
        return x;
    }
    u128 magnitude = i128_abs(x.n);
    u128 d = (u128)x.d;
    /* d >= 2 here, so the quotient is far from the limit and one more fits. */
    i128 q = (i128)(magnitude / d) + (moves_away(x.n < 0, magnitude % d, d, mode) ? 1 : 0);
    return (struct rat){x.n < 0 ? -q : q, 1, NULL};
}

struct rat rat_floor(struct arena *a, struct rat x)
{
    return rounded(a, x, RAT_FLOOR);
}

struct rat rat_ceil(struct arena *a, struct rat x)
{
    return rounded(a, x, RAT_CEIL);
}

struct rat rat_round_half_away(struct arena *a, struct rat x)
{
    return rounded(a, x, RAT_NEAREST);
}

bool rat_to_int64(struct rat x, int64_t *out)
{
    if (x.big != NULL || x.d != 1 || x.n < INT64_MIN || x.n > INT64_MAX) {
        return false;
    }
    *out = (int64_t)x.n;
    return true;
}

/*
 * Nearest double of a finite positive n / d: a quotient of 64 bits with a last bit that also says
 * "something follows", so that the conversion to 53 bits rounds once and right.
 */
static double positive_to_double(mpz_srcptr n, mpz_srcptr d)
{
    long shift = 64 - ((long)mpz_sizeinbase(n, 2) - (long)mpz_sizeinbase(d, 2));
    mpz_t q;
    mpz_t r;
    mpz_t scaled;
    mpz_inits(q, r, scaled, NULL);
    if (shift >= 0) {
        mpz_mul_2exp(scaled, n, (mp_bitcnt_t)shift);
        mpz_tdiv_qr(q, r, scaled, d);
    } else {
        mpz_mul_2exp(scaled, d, (mp_bitcnt_t)-shift);
        mpz_tdiv_qr(q, r, n, scaled);
    }
    bool more = mpz_sgn(r) != 0;
    if (mpz_sizeinbase(q, 2) > 64) {
        more = more || mpz_odd_p(q);
        mpz_tdiv_q_2exp(q, q, 1);
        shift--;
    }
    uint64_t bits = (uint64_t)mpz_getlimbn(q, 0) | (more ? 1U : 0U);
    mpz_clears(q, r, scaled, NULL);
    /* Far outside the range of a double either way; keeps the argument of ldexp an int. */
    long clamped = shift > 4000 ? 4000 : (shift < -4000 ? -4000 : shift);
    return ldexp((double)bits, (int)-clamped);
}

double rat_to_double(struct rat x)
{
    static const i128 exact_max = (i128)1 << 53;
    if (rat_is_inf(x)) {
        return x.n > 0 ? (double)INFINITY : -(double)INFINITY;
    }
    if (is_small(x) && x.n <= exact_max && x.n >= -exact_max && x.d <= exact_max) {
        return (double)x.n / (double)x.d; /* two exact operands, one rounding */
    }
    struct rat_view v;
    rat_view_init(&v, x);
    mpz_t magnitude;
    mpz_init(magnitude);
    mpz_abs(magnitude, v.n);
    double out = positive_to_double(magnitude, v.d);
    mpz_clear(magnitude);
    return rat_sign(x) < 0 ? -out : out;
}

struct rat rat_from_double(struct arena *a, double x)
{
    ASSERT(isfinite(x));
    int exponent = 0;
    double fraction = frexp(x, &exponent);
    i128 n = (i128)(int64_t)ldexp(fraction, 53); /* whole, by definition of the format */
    exponent -= 53;
    mpz_t zn;
    mpz_t zd;
    mpz_inits(zn, zd, NULL);
    rat_mpz_set_u128(zn, i128_abs(n));
    if (n < 0) {
        mpz_neg(zn, zn);
    }
    mpz_set_ui(zd, 1);
    mpz_mul_2exp(exponent > 0 ? zn : zd, exponent > 0 ? zn : zd,
                 (mp_bitcnt_t)(exponent > 0 ? exponent : -exponent));
    struct rat out = rat_from_mpz(a, zn, zd);
    mpz_clears(zn, zd, NULL);
    return out;
}

uint64_t rat_hash(struct rat x)
{
    if (x.big == NULL) {
        u128 words[2] = {(u128)x.n, (u128)x.d};
        return siphash13(words, sizeof words);
    }
    size_t limbs = (size_t)x.big->n_limbs + x.big->d_limbs;
    return siphash13(x.big->limbs, limbs * sizeof(mp_limb_t)) ^ (x.big->negative ? 1U : 0U);
}

bool rat_check(struct rat x)
{
    if (x.big != NULL) {
        return rat_big_check(x);
    }
    if (x.d == 0) {
        return x.n == 1 || x.n == -1; /* R2 */
    }
    return x.d > 0 && x.n != I128_MIN && u128_gcd(i128_abs(x.n), (u128)x.d) == 1; /* R1 */
}
