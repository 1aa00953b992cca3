/* SPDX-License-Identifier: Apache-2.0 */
/* Interval arithmetic and Kleene logic over measured values. */
#include "engine/mval.h"

#include "base/arena.h"
#include "base/assert.h"

/* A root is enclosed to this many decimal digits where its square will not do. */
#define ROOT_SCALE 1000000000000

struct mval mval_none(void)
{
    return (struct mval){
        .kind = MV_NONE, .truth = T_NA, .lo = rat_zero(), .hi = rat_zero(), .value = rat_zero()};
}

struct mval mval_range(struct rat lo, struct rat hi)
{
    ASSERT(rat_cmp(lo, hi) <= 0);
    return (struct mval){.kind = MV_NUMBER,
                         .truth = T_NA,
                         .lo = lo,
                         .hi = hi,
                         .has_value = rat_eq(lo, hi),
                         .value = rat_eq(lo, hi) ? lo : rat_zero()};
}

struct mval mval_known(struct rat x)
{
    return mval_range(x, x);
}

struct mval mval_truth(enum truth t)
{
    struct mval v = mval_none();
    v.kind = MV_BOOL;
    v.truth = t;
    v.lo = t == T_YES ? rat_one() : rat_zero();
    v.hi = t == T_YES || t == T_UNKNOWN ? rat_one() : rat_zero();
    v.has_value = t == T_YES || t == T_NO;
    v.value = v.lo;
    return v;
}

bool mval_is_known(struct mval x)
{
    if (x.kind == MV_BOOL) {
        return x.truth == T_YES || x.truth == T_NO;
    }
    return x.kind == MV_NUMBER && rat_eq(x.lo, x.hi);
}

bool mval_is_none(struct mval x)
{
    return x.kind == MV_NONE || (x.kind == MV_BOOL && x.truth == T_NA);
}

/* ---- bounds ------------------------------------------------------------------------------- */

struct rat bound_add(struct arena *a, struct rat x, struct rat y, bool up)
{
    if (rat_is_inf(x) && rat_is_inf(y) && rat_sign(x) != rat_sign(y)) {
        return rat_inf(up ? 1 : -1);
    }
    return rat_add(a, x, y);
}

struct rat bound_div(struct arena *a, struct rat x, struct rat y, bool up)
{
    if (rat_is_inf(x) && rat_is_inf(y)) {
        return up ? rat_inf(1) : rat_zero();
    }
    return rat_div(a, x, y);
}

/* ---- roots -------------------------------------------------------------------------------- */

/* The largest k / ROOT_SCALE with (k / ROOT_SCALE)^2 <= x, or the smallest above. x >= 0 */
static struct rat root_bound(struct arena *a, struct rat x, bool up)
{
    if (rat_is_inf(x) || rat_is_zero(x)) {
        return x;
    }
    struct rat lo = rat_zero();
    struct rat hi = rat_add(a, x, rat_one());
    struct rat step = rat_frac(1, ROOT_SCALE);
    while (rat_cmp(rat_sub(a, hi, lo), step) > 0) {
        struct rat mid = rat_mul(a, rat_add(a, lo, hi), rat_frac(1, 2));
        /* Rounded to the grid, so that the fractions do not grow with every halving. */
        mid = rat_mul(a, rat_floor(a, rat_mul(a, mid, rat_int(ROOT_SCALE))), step);
        if (rat_cmp(mid, lo) <= 0) {
            mid = rat_add(a, lo, step);
        }
        if (rat_cmp(rat_mul(a, mid, mid), x) <= 0) {
            lo = mid;
        } else {
            hi = rat_cmp(mid, hi) < 0 ? mid : lo;
        }
    }
    if (!up || rat_eq(rat_mul(a, lo, lo), x)) {
        return lo;
    }
    return rat_cmp(lo, hi) < 0 ? hi : rat_add(a, lo, step);
}

static struct mval unroot(struct arena *a, struct mval x)
{
    if (x.kind != MV_NUMBER || (x.flags & MF_ROOT) == 0) {
        return x;
    }
    x.lo = root_bound(a, x.lo, false);
    x.hi = root_bound(a, x.hi, true);
    if (x.has_value) {
        x.value = root_bound(a, x.value, false);
    }
    x.flags &= ~(uint32_t)MF_ROOT;
    x.flags |= rat_eq(x.lo, x.hi) ? 0u : (uint32_t)MF_WIDE;
    return x;
}

/* x * |x|: keeps the order of numbers when roots are compared by their squares. */
static struct rat square_signed(struct arena *a, struct rat x)
{
    return rat_mul(a, x, rat_abs(a, x));
}

static struct mval squared(struct arena *a, struct mval x)
{
    if ((x.flags & MF_ROOT) == 0) {
        x.lo = square_signed(a, x.lo);
        x.hi = square_signed(a, x.hi);
        x.value = x.has_value ? square_signed(a, x.value) : x.value;
    }
    return x;
}

/* ---- arithmetic --------------------------------------------------------------------------- */

static bool both_numbers(struct mval x, struct mval y)
{
    return x.kind == MV_NUMBER && y.kind == MV_NUMBER;
}

/* None, but keeping what was learnt about the sources. */
static struct mval none_of(struct mval x, struct mval y)
{
    struct mval v = mval_none();
    v.flags = (x.flags | y.flags) & ~(uint32_t)MF_ROOT;
    return v;
}

static struct mval number_of(struct rat lo, struct rat hi, struct mval x, struct mval y)
{
    struct mval v = mval_none();
    v.kind = MV_NUMBER;
    v.lo = lo;
    v.hi = hi;
    v.flags = x.flags | y.flags;
    ASSERT(rat_cmp(lo, hi) <= 0);
    return v;
}

struct mval mval_neg(struct arena *a, struct mval x)
{
    x = unroot(a, x);
    if (x.kind != MV_NUMBER) {
        return none_of(x, x);
    }
    struct mval v = number_of(rat_neg(a, x.hi), rat_neg(a, x.lo), x, x);
    v.has_value = x.has_value;
    v.value = x.has_value ? rat_neg(a, x.value) : rat_zero();
    return v;
}

struct mval mval_add(struct arena *a, struct mval x, struct mval y)
{
    x = unroot(a, x);
    y = unroot(a, y);
    if (!both_numbers(x, y)) {
        return none_of(x, y);
    }
    struct mval v =
        number_of(bound_add(a, x.lo, y.lo, false), bound_add(a, x.hi, y.hi, true), x, y);
    v.has_value = x.has_value && y.has_value;
    if (v.has_value && rat_is_inf(x.value) && rat_is_inf(y.value)) {
        v.has_value = rat_eq(x.value, y.value);
    }
    v.value = v.has_value ? rat_add(a, x.value, y.value) : rat_zero();
    return v;
}

struct mval mval_sub(struct arena *a, struct mval x, struct mval y)
{
    return mval_add(a, x, mval_neg(a, y));
}

/* Both as squares when one is a root and the other a known number that is not negative. */
static void align_roots(struct arena *a, struct mval *x, struct mval *y)
{
    bool x_fits = (x->flags & MF_ROOT) != 0 || (mval_is_known(*x) && rat_sign(x->lo) >= 0);
    bool y_fits = (y->flags & MF_ROOT) != 0 || (mval_is_known(*y) && rat_sign(y->lo) >= 0);
    if (((x->flags | y->flags) & MF_ROOT) == 0) {
        return;
    }
    *x = x_fits && y_fits ? squared(a, *x) : unroot(a, *x);
    *y = x_fits && y_fits ? squared(a, *y) : unroot(a, *y);
}

struct mval mval_mul(struct arena *a, struct mval x, struct mval y)
{
    if (!both_numbers(x, y)) {
        return none_of(x, y);
    }
    align_roots(a, &x, &y);
    const struct rat corner[4] = {rat_mul(a, x.lo, y.lo), rat_mul(a, x.lo, y.hi),
                                  rat_mul(a, x.hi, y.lo), rat_mul(a, x.hi, y.hi)};
    struct rat lo = corner[0];
    struct rat hi = corner[0];
    for (int i = 1; i < 4; i++) {
        lo = rat_min(lo, corner[i]);
        hi = rat_max(hi, corner[i]);
    }
    struct mval v = number_of(lo, hi, x, y);
    v.has_value = x.has_value && y.has_value;
    v.value = v.has_value ? rat_mul(a, x.value, y.value) : rat_zero();
    return v;
}

bool mval_div_value(struct arena *a, struct rat x, struct rat y, struct rat *out)
{
    if (rat_is_zero(y)) {
        *out = rat_inf(rat_sign(x));
        return !rat_is_zero(x);
    }
    if (rat_is_inf(x) && rat_is_inf(y)) {
        return false;
    }
    *out = rat_div(a, x, y);
    return true;
}

/* |n| / |d| with the sign of n; d > 0, or infinite, or 0 for a divisor only approached. */
static struct rat quotient(struct arena *a, struct rat n, struct rat d, bool up)
{
    if (rat_is_zero(n)) {
        return n;
    }
    if (rat_is_zero(d)) {
        return rat_inf(rat_sign(n));
    }
    if (rat_sign(n) < 0) {
        return rat_neg(a, bound_div(a, rat_neg(a, n), d, !up));
    }
    return bound_div(a, n, d, up);
}

/* x / y for y >= 0 and y.hi > 0. */
static struct mval div_positive(struct arena *a, struct mval x, struct mval y)
{
    struct rat lo = quotient(a, x.lo, rat_sign(x.lo) >= 0 ? y.hi : y.lo, false);
    struct rat hi = quotient(a, x.hi, rat_sign(x.hi) >= 0 ? y.lo : y.hi, true);
    return number_of(lo, hi, x, y);
}

struct mval mval_div(struct arena *a, struct mval x, struct mval y)
{
    if (!both_numbers(x, y)) {
        return none_of(x, y);
    }
    align_roots(a, &x, &y);
    struct mval v;
    if (rat_is_zero(y.lo) && rat_is_zero(y.hi)) {
        if (!mval_is_known(x) || rat_is_zero(x.lo)) {
            return none_of(x, y);
        }
        struct rat inf = rat_inf(rat_sign(x.lo));
        v = number_of(inf, inf, x, y);
    } else if (rat_sign(y.lo) >= 0) {
        v = div_positive(a, x, y);
    } else if (rat_sign(y.hi) <= 0) {
        v = div_positive(a, mval_neg(a, x), mval_neg(a, y));
    } else if (rat_is_zero(x.lo) && rat_is_zero(x.hi)) {
        v = number_of(x.lo, x.hi, x, y);
    } else {
        v = number_of(rat_inf(-1), rat_inf(1), x, y);
    }
    v.has_value = x.has_value && y.has_value && mval_div_value(a, x.value, y.value, &v.value);
    v.value = v.has_value ? v.value : rat_zero();
    return v;
}

/* ---- comparisons -------------------------------------------------------------------------- */

static enum truth compare_ge(struct rat xlo, struct rat xhi, struct rat ylo, struct rat yhi)
{
    if (rat_cmp(xlo, yhi) >= 0) {
        return T_YES;
    }
    return rat_cmp(xhi, ylo) < 0 ? T_NO : T_UNKNOWN;
}

static enum truth compare_eq(struct rat xlo, struct rat xhi, struct rat ylo, struct rat yhi)
{
    if (rat_cmp(xhi, ylo) < 0 || rat_cmp(yhi, xlo) < 0) {
        return T_NO;
    }
    return rat_eq(xlo, xhi) && rat_eq(ylo, yhi) ? T_YES : T_UNKNOWN;
}

/* Every comparison is >= or =, with the sides swapped, the answer negated, or both. */
static const struct cmp_form {
    bool equality, swap, negate;
} CMP_FORMS[MVAL_CMP__COUNT] = {
    [MVAL_GE] = {false, false, false}, [MVAL_LE] = {false, true, false},
    [MVAL_GT] = {false, true, true},   [MVAL_LT] = {false, false, true},
    [MVAL_EQ] = {true, false, false},  [MVAL_NE] = {true, false, true},
};

struct mval mval_cmp(struct arena *a, enum mval_cmp op, struct mval x, struct mval y)
{
    ASSERT(op < MVAL_CMP__COUNT);
    uint32_t flags = (x.flags | y.flags) & ~(uint32_t)MF_ROOT;
    struct mval v = mval_truth(T_NA);
    if (!mval_is_none(x) && !mval_is_none(y)) {
        if (((x.flags | y.flags) & MF_ROOT) != 0) {
            x = squared(a, x);
            y = squared(a, y);
        }
        struct cmp_form f = CMP_FORMS[op];
        struct mval p = f.swap ? y : x;
        struct mval q = f.swap ? x : y;
        enum truth t =
            f.equality ? compare_eq(p.lo, p.hi, q.lo, q.hi) : compare_ge(p.lo, p.hi, q.lo, q.hi);
        v = mval_truth(f.negate ? truth_not(t) : t);
    }
    v.flags = flags;
    return v;
}

struct mval mval_about(struct arena *a, struct mval x, struct mval y, struct rat t)
{
    struct mval p = mval_mul(a, y, mval_known(rat_sub(a, rat_one(), t)));
    struct mval q = mval_mul(a, y, mval_known(rat_add(a, rat_one(), t)));
    /* A negative centre turns the range round. */
    bool turned = y.kind == MV_NUMBER && rat_sign(y.hi) < 0;
    return mval_between(a, x, turned ? q : p, turned ? p : q);
}

struct mval mval_between(struct arena *a, struct mval x, struct mval lo, struct mval hi)
{
    struct mval above = mval_cmp(a, MVAL_GE, x, lo);
    struct mval below = mval_cmp(a, MVAL_LE, x, hi);
    if (above.truth == T_NA || below.truth == T_NA) {
        struct mval v = mval_truth(T_NA);
        v.flags = above.flags | below.flags;
        return v;
    }
    return mval_and(above, below);
}

struct mval mval_test(struct arena *a, const struct expr *x, struct mval v, struct mval b,
                      struct mval c)
{
    static const enum mval_cmp ops[] = {
        [EX_GE] = MVAL_GE, [EX_LE] = MVAL_LE, [EX_GT] = MVAL_GT,
        [EX_LT] = MVAL_LT, [EX_EQ] = MVAL_EQ, [EX_NE] = MVAL_NE,
    };
    if (x->op == EX_ABOUT) {
        return mval_about(a, v, b, x->num); /* C12 */
    }
    if (x->op != EX_BETWEEN) {
        return mval_cmp(a, ops[x->op], v, b);
    }
    struct mval lo = mval_known(rat_sub(a, rat_one(), x->num));
    struct mval hi = mval_known(rat_add(a, rat_one(), x->num));
    return mval_between(a, v, mval_mul(a, b, lo), mval_mul(a, c, hi)); /* C13 */
}

struct mval mval_choice(struct mval v, uint64_t set)
{
    enum truth t = T_UNKNOWN;
    int64_t k = 0;
    if (v.kind != MV_NUMBER) {
        return mval_truth(T_NA);
    }
    if (mval_is_known(v) && rat_to_int64(v.lo, &k)) {
        t = k < 64 && (set >> k & 1) != 0 ? T_YES : T_NO;
    }
    struct mval out = mval_truth(t);
    out.flags = v.flags;
    return out;
}

/* ---- logic -------------------------------------------------------------------------------- */

/* Strong Kleene tables on the written formula; n/a is left out (C14). */

enum truth truth_not(enum truth x)
{
    static const enum truth table[] = {
        [T_NO] = T_YES, [T_YES] = T_NO, [T_UNKNOWN] = T_UNKNOWN, [T_NA] = T_NA};
    return table[x];
}

enum truth truth_and(enum truth x, enum truth y)
{
    static const enum truth table[4][4] = {
        [T_NO] = {[T_NO] = T_NO, [T_YES] = T_NO, [T_UNKNOWN] = T_NO, [T_NA] = T_NO},
        [T_YES] = {[T_NO] = T_NO, [T_YES] = T_YES, [T_UNKNOWN] = T_UNKNOWN, [T_NA] = T_YES},
        [T_UNKNOWN] =
            {[T_NO] = T_NO, [T_YES] = T_UNKNOWN, [T_UNKNOWN] = T_UNKNOWN, [T_NA] = T_UNKNOWN},
        [T_NA] = {[T_NO] = T_NO, [T_YES] = T_YES, [T_UNKNOWN] = T_UNKNOWN, [T_NA] = T_NA},
    };
    return table[x][y];
}

enum truth truth_or(enum truth x, enum truth y)
{
    return truth_not(truth_and(truth_not(x), truth_not(y)));
}

static struct mval truth_with(enum truth t, uint32_t flags)
{
    struct mval v = mval_truth(t);
    v.flags = flags;
    return v;
}

struct mval mval_not(struct mval x)
{
    return truth_with(truth_not(x.truth), x.flags);
}

struct mval mval_and(struct mval x, struct mval y)
{
    return truth_with(truth_and(x.truth, y.truth), x.flags | y.flags);
}

struct mval mval_or(struct mval x, struct mval y)
{
    return truth_with(truth_or(x.truth, y.truth), x.flags | y.flags);
}

/* What holds whichever of the two it is. */
static struct mval either(struct mval x, struct mval y)
{
    if (x.kind == MV_BOOL || y.kind == MV_BOOL) {
        return truth_with(x.truth == y.truth ? x.truth : T_UNKNOWN, 0);
    }
    if (x.kind == MV_NONE || y.kind == MV_NONE) {
        struct mval v = x.kind == MV_NONE ? y : x;
        v.has_value = false;
        return v;
    }
    return mval_range(rat_min(x.lo, y.lo), rat_max(x.hi, y.hi));
}

struct mval mval_if(struct mval cond, struct mval x, struct mval y)
{
    if (cond.truth == T_YES || cond.truth == T_NO) {
        struct mval v = cond.truth == T_YES ? x : y;
        v.flags |= cond.flags;
        return v;
    }
    uint32_t flags = cond.flags | x.flags | y.flags;
    if (cond.truth == T_NA) {
        struct mval v = x.kind == MV_BOOL ? mval_truth(T_NA) : mval_none();
        v.flags = cond.flags;
        return v;
    }
    struct mval v = either(x, y);
    v.flags = flags | (mval_is_known(v) ? 0u : (uint32_t)MF_WIDE);
    return v;
}
