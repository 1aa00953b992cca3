/* SPDX-License-Identifier: Apache-2.0 */
/* Rationals from text and to text. */
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/limits.h"
#include "base/rat_int.h"

#define I128_SAFE_DIGITS 38 /* any 38 digits fit an i128 */

static uint32_t digits_at(struct str s, uint32_t at)
{
    uint32_t end = at;
    while (end < s.n && s.p[end] >= '0' && s.p[end] <= '9') {
        end++;
    }
    return end - at;
}

/* A run of digits, at most LIMIT_RAT_DIGITS, into z. */
static void mpz_set_digits(mpz_t z, struct str digits)
{
    char text[LIMIT_RAT_DIGITS + 1];
    ASSERT(digits.n <= LIMIT_RAT_DIGITS);
    memcpy(text, digits.p, digits.n);
    text[digits.n] = '\0';
    int bad = mpz_set_str(z, text, 10);
    ASSERT(bad == 0);
}

/* digits / 10^decimals */
static struct rat scaled_digits(struct arena *a, struct str digits, uint32_t decimals,
                                bool negative)
{
    if (digits.n <= I128_SAFE_DIGITS) {
        i128 n = 0;
        bool fits = i128_parse(digits, &n);
        ASSERT(fits);
        i128 d = 1;
        for (uint32_t i = 0; i < decimals; i++) {
            d *= 10;
        }
        return rat_make(a, negative ? -n : n, d);
    }
    mpz_t n;
    mpz_t d;
    mpz_inits(n, d, NULL);
    mpz_set_digits(n, digits);
    if (negative) {
        mpz_neg(n, n);
    }
    mpz_ui_pow_ui(d, 10, decimals);
    struct rat out = rat_from_mpz(a, n, d);
    mpz_clears(n, d, NULL);
    return out;
}

/* Takes a sign off the front. */
static bool take_sign(struct str *s)
{
    bool negative = str_starts(*s, STR("-"));
    if (negative || str_starts(*s, STR("+"))) {
        *s = str_sub(*s, 1, s->n);
    }
    return negative;
}

bool rat_parse_decimal(struct arena *a, struct str s, struct rat *out)
{
    bool negative = take_sign(&s);
    uint32_t whole = digits_at(s, 0);
    uint32_t decimals = 0;
    if (whole == 0) {
        return false;
    }
    if (whole < s.n) {
        decimals = s.p[whole] == '.' ? digits_at(s, whole + 1) : 0;
        if (decimals == 0 || whole + 1 + decimals != s.n) {
            return false;
        }
    }
    if (whole > LIMIT_RAT_DIGITS || decimals > LIMIT_RAT_DIGITS - whole) {
        return false;
    }
    char digits[LIMIT_RAT_DIGITS];
    memcpy(digits, s.p, whole);
    if (decimals > 0) {
        memcpy(digits + whole, s.p + whole + 1, decimals);
    }
    *out = scaled_digits(a, str_make(digits, whole + decimals), decimals, negative);
    return true;
}

bool rat_parse_frac(struct arena *a, struct str s, struct rat *out)
{
    bool negative = take_sign(&s);
    if (str_eq(s, STR("inf"))) {
        *out = rat_inf(negative ? -1 : 1);
        return true;
    }
    uint32_t n_digits = digits_at(s, 0);
    if (n_digits == 0 || n_digits > LIMIT_RAT_DIGITS) {
        return false;
    }
    struct rat n = scaled_digits(a, str_sub(s, 0, n_digits), 0, negative);
    if (n_digits == s.n) {
        *out = n;
        return true;
    }
    uint32_t d_digits = digits_at(s, n_digits + 1);
    if (s.p[n_digits] != '/' || d_digits == 0 || d_digits > LIMIT_RAT_DIGITS ||
        n_digits + 1 + d_digits != s.n) {
        return false;
    }
    struct rat d = scaled_digits(a, str_sub(s, n_digits + 1, s.n), 0, false);
    if (rat_is_zero(d)) {
        return false;
    }
    *out = rat_div(a, n, d);
    return true;
}

static struct str inf_str(struct arena *a, struct rat x)
{
    return str_dup(a, x.n > 0 ? STR("inf") : STR("-inf"));
}

/* Decimal digits of z, with a sign if negative, behind `used` bytes of out. */
static size_t append_mpz(char *out, size_t used, mpz_srcptr z)
{
    (void)mpz_get_str(out + used, 10, z);
    return used + strlen(out + used);
}

struct str rat_frac_str(struct arena *a, struct rat x)
{
    if (rat_is_inf(x)) {
        return inf_str(a, x);
    }
    struct rat_view v;
    rat_view_init(&v, x);
    /* Room for sign, slash and NUL besides the digits. */
    char *out = arena_alloc(a, mpz_sizeinbase(v.n, 10) + mpz_sizeinbase(v.d, 10) + 4);
    size_t n = append_mpz(out, 0, v.n);
    if (!rat_is_int(x)) {
        out[n++] = '/';
        n = append_mpz(out, n, v.d);
    }
    return str_make(out, n);
}

/* q := |x| * 10^decimals rounded; true when that was exact. */
static bool scale_round(struct rat x, uint32_t decimals, enum rat_round mode, mpz_t q)
{
    struct rat_view v;
    rat_view_init(&v, x);
    mpz_t rest;
    mpz_init(rest);
    mpz_ui_pow_ui(q, 10, decimals);
    mpz_mul(q, q, v.n);
    mpz_abs(q, q);
    mpz_tdiv_qr(q, rest, q, v.d);
    bool exact = mpz_sgn(rest) == 0;
    bool away = !exact && (mode == RAT_FLOOR ? rat_sign(x) < 0 : rat_sign(x) > 0);
    if (mode == RAT_NEAREST) {
        mpz_mul_2exp(rest, rest, 1);
        away = mpz_cmp(rest, v.d) >= 0;
    }
    if (away) {
        mpz_add_ui(q, q, 1);
    }
    mpz_clear(rest);
    return exact;
}

/* A point before the last `decimals` digits, zeros where digits lack. */
static struct str place_point(struct arena *a, mpz_t q, bool negative, uint32_t decimals)
{
    size_t room = mpz_sizeinbase(q, 10) + 2;
    /* The text, with sign, leading zero, point and NUL; behind it the bare digits. */
    char *out = rat_alloc(a, room + decimals + 4 + room, q, NULL);
    char *digits = out + room + decimals + 4;
    size_t n = append_mpz(digits, 0, q);
    size_t whole = n > decimals ? n - decimals : 0;
    size_t at = 0;
    if (negative) {
        out[at++] = '-';
    }
    if (whole == 0) {
        out[at++] = '0';
    }
    memcpy(out + at, digits, whole);
    at += whole;
    if (decimals > 0) {
        out[at++] = '.';
        size_t zeros = n > decimals ? 0 : decimals - n;
        memset(out + at, '0', zeros);
        memcpy(out + at + zeros, digits + whole, n - whole);
        at += decimals;
    }
    return str_make(out, at);
}

static struct str decimal(struct arena *a, struct rat x, int decimals, enum rat_round mode,
                          bool *exact)
{
    ASSERT(decimals >= 0 && decimals <= LIMIT_RAT_DECIMALS);
    mpz_t q;
    mpz_init(q);
    *exact = scale_round(x, (uint32_t)decimals, mode, q);
    /* A negative that rounds to nothing prints without its sign. */
    bool negative = rat_sign(x) < 0 && mpz_sgn(q) != 0;
    struct str out = place_point(a, q, negative, (uint32_t)decimals);
    mpz_clear(q);
    return out;
}

struct str rat_dec_fixed(struct arena *a, struct rat x, int decimals, enum rat_round mode)
{
    bool exact = true;
    return rat_is_inf(x) ? inf_str(a, x) : decimal(a, x, decimals, mode, &exact);
}

struct str rat_dec_str(struct arena *a, struct rat x, int max_decimals, bool *exact)
{
    bool nothing_lost = true;
    struct str out =
        rat_is_inf(x) ? inf_str(a, x) : decimal(a, x, max_decimals, RAT_NEAREST, &nothing_lost);
    if (exact != NULL) {
        *exact = nothing_lost;
    }
    if (max_decimals > 0 && !rat_is_inf(x)) {
        uint32_t n = out.n;
        while (out.p[n - 1] == '0') {
            n--;
        }
        n -= out.p[n - 1] == '.' ? 1 : 0;
        /* A copy, since the text promises a NUL behind it. */
        out = str_dup(a, str_sub(out, 0, n));
    }
    return out;
}
