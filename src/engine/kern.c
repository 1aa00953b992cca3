/* SPDX-License-Identifier: Apache-2.0 */
/* Loops over columns. Each is plain enough for the compiler to vectorise where that is possible. */
#include "engine/kern.h"

#include "base/arena.h"
#include "base/assert.h"
#include "engine/kern_loop.h"
#include "engine/mval.h"

static struct kcol number(struct kern *k, int64_t den)
{
    return (struct kcol){
        .den = den, .x = ARENA_RAW(k->a, int64_t, k->n), .t = ARENA_RAW(k->a, uint8_t, k->n)};
}

static struct kcol truth(struct kern *k)
{
    return (struct kcol){.is_bool = true, .den = 1, .t = ARENA_RAW(k->a, uint8_t, k->n)};
}

/* K4 */
static uint8_t *both_flags(struct kern *k, const uint8_t *x, const uint8_t *y)
{
    if (!x || !y) {
        return (uint8_t *)(uintptr_t)(x ? x : y);
    }
    uint8_t *out = ARENA_RAW(k->a, uint8_t, k->n);
    for (uint32_t i = 0; i < k->n; i++) {
        out[i] = x[i] | y[i];
    }
    return out;
}

struct kcol kern_truth(struct kern *k, enum truth t)
{
    struct kcol c = truth(k);
    for (uint32_t i = 0; i < k->n; i++) {
        c.t[i] = (uint8_t)t;
    }
    return c;
}

bool kern_number(struct kern *k, struct rat x, struct kcol *out)
{
    if (x.big || rat_is_inf(x) || x.n > INT64_MAX || x.n < -INT64_MAX || x.d > INT64_MAX) {
        return false;
    }
    *out = number(k, (int64_t)x.d);
    for (uint32_t i = 0; i < k->n; i++) {
        out->x[i] = (int64_t)x.n;
        out->t[i] = T_YES;
    }
    return true;
}

/* ---- fractions ------------------------------------------------------------------------------ */

static int64_t denominator(const struct kcol *c, uint32_t i)
{
    return c->y ? c->y[i] : c->den;
}

/* n / d with d > 0 into place i; what does not fit even when reduced is open. */
static void put(struct kern *k, struct kcol *c, uint32_t i, i128 n, i128 d)
{
    bool fits = n <= INT64_MAX && n >= -INT64_MAX && d <= INT64_MAX;
    if (!fits && d > 0) {
        i128 g = (i128)u128_gcd(i128_abs(n), (u128)d);
        n /= g;
        d /= g;
        fits = n <= INT64_MAX && n >= -INT64_MAX && d <= INT64_MAX;
    }
    c->t[i] = T_YES;
    c->x[i] = fits ? (int64_t)n : 0;
    c->y[i] = fits ? (int64_t)d : 1;
    k->open[i] |= !fits;
}

static void put_none(struct kcol *c, uint32_t i)
{
    c->t[i] = T_NA;
    c->x[i] = 0;
    if (c->y) {
        c->y[i] = 1;
    }
}

/* x / y; no value and infinities by C06. */
static void put_quotient(struct kern *k, struct kcol *c, uint32_t i, i128 n, i128 d)
{
    if (d == 0) {
        put_none(c, i);
        k->open[i] |= n != 0;
        return;
    }
    put(k, c, i, d < 0 ? -n : n, d < 0 ? -d : d);
}

static void one_fraction(struct kern *k, enum expr_op op, struct kcol *out, uint32_t i, i128 xn,
                         i128 xd, i128 yn, i128 yd)
{
    i128 l;
    i128 r;
    /* Products of two 64-bit numbers fit; their sum may not. */
    switch ((unsigned)op) {
    case EX_MUL:
        put(k, out, i, xn * yn, xd * yd);
        return;
    case EX_DIV:
        put_quotient(k, out, i, xn * yd, xd * yn);
        return;
    default:
        l = xn * yd;
        r = op == EX_SUB ? -(yn * xd) : yn * xd;
        put(k, out, i, l + r, xd * yd);
    }
}

/* Member by member, with denominators of their own. */
static struct kcol fractions(struct kern *k, enum expr_op op, struct kcol x, struct kcol y)
{
    struct kcol out = number(k, 1);
    out.y = ARENA_RAW(k->a, int64_t, k->n);
    for (uint32_t i = 0; i < k->n; i++) {
        if (x.t[i] == T_NA || y.t[i] == T_NA) {
            put_none(&out, i);
        } else {
            one_fraction(k, op, &out, i, x.x[i], denominator(&x, i), y.x[i], denominator(&y, i));
        }
    }
    return out;
}

/* ---- one denominator ------------------------------------------------------------------------ */

/* Factors that bring both to one denominator; false: it does not fit. */
static bool common(int64_t xd, int64_t yd, int64_t *fx, int64_t *fy, int64_t *den)
{
    int64_t g = (int64_t)u128_gcd((u128)xd, (u128)yd);
    *fx = yd / g;
    *fy = xd / g;
    return !__builtin_mul_overflow(xd, *fx, den);
}

static struct kcol sums(struct kern *k, enum expr_op op, struct kcol x, struct kcol y, int64_t fx,
                        int64_t fy, int64_t den)
{
    struct kcol out = number(k, den);
    int64_t sign = op == EX_SUB ? -1 : 1;
    for (uint32_t i = 0; i < k->n; i++) {
        int64_t l;
        int64_t r;
        int64_t s;
        bool over = __builtin_mul_overflow(x.x[i], fx, &l);
        over |= __builtin_mul_overflow(y.x[i], fy * sign, &r);
        over |= __builtin_add_overflow(l, r, &s) || s == INT64_MIN;
        bool none = x.t[i] == T_NA || y.t[i] == T_NA;
        out.t[i] = none ? T_NA : T_YES;
        out.x[i] = none || over ? 0 : s;
        k->open[i] |= over && !none;
    }
    return out;
}

struct kcol kern_add_present(struct kern *k, struct kcol x, struct kcol y)
{
    struct kcol out = number(k, x.den);
    ASSERT(x.den == y.den && !x.y && !y.y);
    for (uint32_t i = 0; i < k->n; i++) {
        int64_t s; /* x is 0 where there is no value (K2) */
        bool over = __builtin_add_overflow(x.x[i], y.x[i], &s) || s == INT64_MIN;
        out.t[i] = x.t[i] == T_NA && y.t[i] == T_NA ? T_NA : T_YES;
        out.x[i] = over ? 0 : s;
        k->open[i] |= over;
    }
    out.flags = both_flags(k, x.flags, y.flags);
    return out;
}

static struct kcol products(struct kern *k, struct kcol x, struct kcol y, int64_t den)
{
    struct kcol out = number(k, den);
    for (uint32_t i = 0; i < k->n; i++) {
        int64_t p;
        bool over = __builtin_mul_overflow(x.x[i], y.x[i], &p) || p == INT64_MIN;
        bool none = x.t[i] == T_NA || y.t[i] == T_NA;
        out.t[i] = none ? T_NA : T_YES;
        out.x[i] = none || over ? 0 : p;
        k->open[i] |= over && !none;
    }
    return out;
}

struct kcol kern_neg(struct kern *k, struct kcol x)
{
    struct kcol out = x;
    out.whole = false;
    out.x = ARENA_RAW(k->a, int64_t, k->n);
    for (uint32_t i = 0; i < k->n; i++) {
        out.x[i] = -x.x[i];
    }
    return out;
}

struct kcol kern_arith(struct kern *k, enum expr_op op, struct kcol x, struct kcol y)
{
    int64_t fx;
    int64_t fy;
    int64_t den;
    struct kcol out;
    bool plain = !x.y && !y.y;
    if (plain && (op == EX_ADD || op == EX_SUB) && common(x.den, y.den, &fx, &fy, &den)) {
        out = sums(k, op, x, y, fx, fy, den);
    } else if (plain && op == EX_MUL && !__builtin_mul_overflow(x.den, y.den, &den)) {
        out = products(k, x, y, den);
    } else {
        out = fractions(k, op, x, y);
    }
    out.flags = both_flags(k, x.flags, y.flags);
    return out;
}

/* ---- comparisons ---------------------------------------------------------------------------- */

static int order(const struct kcol *x, const struct kcol *y, uint32_t i)
{
    i128 l = (i128)x->x[i] * denominator(y, i);
    i128 r = (i128)y->x[i] * denominator(x, i);
    return l < r ? -1 : l > r;
}

/* Over one denominator, when both have a value. */
static void compare_whole(struct kern *k, enum expr_op op, const struct kcol *x,
                          const struct kcol *y, uint8_t *out)
{
    static void (*const loops[])(const int64_t *, const int64_t *, uint32_t, uint8_t *) = {
        [EX_GE] = loop_ge, [EX_LE] = loop_le, [EX_GT] = loop_gt,
        [EX_LT] = loop_lt, [EX_EQ] = loop_eq, [EX_NE] = loop_ne,
    };
    uint8_t *holds = ARENA_RAW(k->a, uint8_t, k->n);
    uint8_t *valued = ARENA_RAW(k->a, uint8_t, k->n);
    loops[op](x->x, y->x, k->n, holds);
    loop_or_none(holds, x->t, k->n, valued);
    loop_or_none(valued, y->t, k->n, out);
}

struct kcol kern_compare(struct kern *k, enum expr_op op, struct kcol x, struct kcol y)
{
    /* By order -1, 0, 1. */
    static const uint8_t tables[][3] = {
        [EX_GE] = {T_NO, T_YES, T_YES}, [EX_LE] = {T_YES, T_YES, T_NO},
        [EX_GT] = {T_NO, T_NO, T_YES},  [EX_LT] = {T_YES, T_NO, T_NO},
        [EX_EQ] = {T_NO, T_YES, T_NO},  [EX_NE] = {T_YES, T_NO, T_YES},
    };
    const uint8_t *table = tables[op];
    struct kcol out = truth(k);
    bool whole = !x.y && !y.y && x.den == y.den;
    if (whole) {
        compare_whole(k, op, &x, &y, out.t);
    }
    for (uint32_t i = 0; !whole && i < k->n; i++) {
        bool none = x.t[i] == T_NA || y.t[i] == T_NA;
        out.t[i] = none ? T_NA : table[order(&x, &y, i) + 1];
    }
    out.flags = both_flags(k, x.flags, y.flags);
    return out;
}

struct kcol kern_between(struct kern *k, struct kcol x, struct kcol lo, struct kcol hi)
{
    struct kcol above = kern_compare(k, EX_GE, x, lo);
    struct kcol below = kern_compare(k, EX_LE, x, hi);
    struct kcol out = kern_logic(k, EX_AND, above, below);
    for (uint32_t i = 0; i < k->n; i++) {
        out.t[i] = above.t[i] == T_NA || below.t[i] == T_NA ? T_NA : out.t[i];
    }
    return out;
}

/* The column with a denominator for each member. */
static struct kcol spread(struct kern *k, struct kcol c)
{
    struct kcol out = c;
    out.x = ARENA_RAW(k->a, int64_t, k->n);
    out.y = ARENA_RAW(k->a, int64_t, k->n);
    out.t = ARENA_RAW(k->a, uint8_t, k->n);
    for (uint32_t i = 0; i < k->n; i++) {
        out.x[i] = c.x[i];
        out.t[i] = c.t[i];
        out.y[i] = denominator(&c, i);
    }
    out.den = 1;
    return out;
}

void kern_order(struct kern *k, struct kcol *lo, struct kcol *hi)
{
    struct kcol l = spread(k, *lo);
    struct kcol h = spread(k, *hi);
    for (uint32_t i = 0; i < k->n; i++) {
        if (order(lo, hi, i) > 0) {
            int64_t x = l.x[i];
            int64_t y = l.y[i];
            l.x[i] = h.x[i];
            l.y[i] = h.y[i];
            h.x[i] = x;
            h.y[i] = y;
        }
    }
    *lo = l;
    *hi = h;
}

/* ---- logic ---------------------------------------------------------------------------------- */

struct kcol kern_not(struct kern *k, struct kcol x)
{
    struct kcol out = truth(k);
    for (uint32_t i = 0; i < k->n; i++) {
        out.t[i] = (uint8_t)truth_not((enum truth)x.t[i]);
    }
    out.flags = x.flags;
    return out;
}

struct kcol kern_logic(struct kern *k, enum expr_op op, struct kcol x, struct kcol y)
{
    struct kcol out = truth(k);
    uint8_t table[4][4];
    for (unsigned p = 0; p < 4; p++) {
        for (unsigned q = 0; q < 4; q++) {
            table[p][q] = (uint8_t)(op == EX_AND ? truth_and((enum truth)p, (enum truth)q)
                                                 : truth_or((enum truth)p, (enum truth)q));
        }
    }
    for (uint32_t i = 0; i < k->n; i++) {
        out.t[i] = table[x.t[i]][y.t[i]];
    }
    out.flags = both_flags(k, x.flags, y.flags);
    return out;
}

/* What a condition selects keeps the flags of the condition and of the side taken. */
static uint8_t *if_flags(struct kern *k, struct kcol c, struct kcol x, struct kcol y)
{
    if (!c.flags && !x.flags && !y.flags) {
        return NULL;
    }
    uint8_t *out = ARENA_RAW(k->a, uint8_t, k->n);
    for (uint32_t i = 0; i < k->n; i++) {
        const uint8_t *side = c.t[i] == T_YES ? x.flags : c.t[i] == T_NO ? y.flags : NULL;
        out[i] = (uint8_t)((c.flags ? c.flags[i] : 0) | (side ? side[i] : 0));
    }
    return out;
}

struct kcol kern_if(struct kern *k, struct kcol c, struct kcol x, struct kcol y)
{
    struct kcol out = x.is_bool ? truth(k) : spread(k, x);
    struct kcol other = x.is_bool ? y : spread(k, y);
    for (uint32_t i = 0; i < k->n; i++) {
        const struct kcol *from = c.t[i] == T_YES ? &x : c.t[i] == T_NO ? &other : NULL;
        out.t[i] = from ? from->t[i] : (uint8_t)T_NA;
        if (from == &other && !x.is_bool) {
            out.x[i] = other.x[i];
            out.y[i] = other.y[i];
        } else if (!from && !x.is_bool) {
            put_none(&out, i);
        }
    }
    out.flags = if_flags(k, c, x, y);
    return out;
}

struct kcol kern_in(struct kern *k, struct kcol x, uint64_t set)
{
    struct kcol out = truth(k);
    for (uint32_t i = 0; i < k->n; i++) {
        bool in = x.x[i] >= 0 && x.x[i] < 64 && (set >> x.x[i] & 1) != 0;
        out.t[i] = x.t[i] == T_NA ? T_NA : in ? T_YES : T_NO;
    }
    out.flags = x.flags;
    return out;
}

/* ---- sums ----------------------------------------------------------------------------------- */

i128 kern_sum(const int64_t *x, uint32_t from, uint32_t to)
{
    return loop_sum(x + from, to - from);
}

uint32_t kern_count(const uint8_t *x, uint32_t from, uint32_t to)
{
    uint32_t n = 0;
    for (uint32_t i = from; i < to; i++) {
        n += x[i] != 0;
    }
    return n;
}
