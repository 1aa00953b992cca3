/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact rational numbers: what every verdict is computed with.
 *
 * Invariants
 *   R1  Small form (big == NULL): d > 0, gcd(|n|, d) == 1, |n| and d <= I128_MAX; zero is 0/1.
 *   R2  Infinities: big == NULL, d == 0, n == 1 or n == -1.
 *   R3  Big form (big != NULL): reduced, denominator > 0, and at least one side does not fit R1.
 *       Equal numbers have equal forms: there is exactly one representation.
 * Value semantics: copy freely, nothing to free. The limbs of a big one lie in the
 * arena given to the operation that made it; rat_dup moves it to another.
 * A zeroed struct is NOT a number (d == 0): start from rat_zero().
 *
 * Conventions: 0 * inf = 0 (nobody times no bound is nobody); inf - inf, inf / inf and x / 0 are
 * bugs of the caller (ASSERT). x / inf = 0.
 * Growth: a big number needs as many bits as its operands together, so size is linear in the
 * input. At the arena limit operations abort; bound the input before.
 */
#ifndef BASE_RAT_H
#define BASE_RAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/i128.h"
#include "base/str.h"

struct arena;
struct rat_big; /* private: limbs of both sides */

struct rat {
    i128 n;
    i128 d;
    const struct rat_big *big; /* NULL in small form; n and d are 0 in big form */
};

enum rat_round { RAT_FLOOR, RAT_CEIL, RAT_NEAREST /* half away from zero */ };

struct rat rat_zero(void);
struct rat rat_one(void);
/* sign > 0: +inf, sign < 0: -inf */
struct rat rat_inf(int sign);
struct rat rat_int(int64_t n);
/* Big only for I128_MIN. */
struct rat rat_i128(struct arena *a, i128 n);
/* n / d reduced, d != 0 of any sign. */
struct rat rat_make(struct arena *a, i128 n, i128 d);
/* n / d for plain integers; never big. d != 0 */
struct rat rat_frac(int64_t n, int64_t d);
struct rat rat_dup(struct arena *a, struct rat x);

struct rat rat_add(struct arena *a, struct rat x, struct rat y);
struct rat rat_sub(struct arena *a, struct rat x, struct rat y);
struct rat rat_mul(struct arena *a, struct rat x, struct rat y);
struct rat rat_div(struct arena *a, struct rat x, struct rat y);
struct rat rat_neg(struct arena *a, struct rat x);
struct rat rat_abs(struct arena *a, struct rat x);

/* -1, 0, 1: exact for any mix of forms; -inf < every number < inf. */
int rat_cmp(struct rat x, struct rat y);
bool rat_eq(struct rat x, struct rat y);
int rat_sign(struct rat x);
bool rat_is_zero(struct rat x);
bool rat_is_inf(struct rat x);
/* Denominator 1; false for infinities. */
bool rat_is_int(struct rat x);
struct rat rat_min(struct rat x, struct rat y);
struct rat rat_max(struct rat x, struct rat y);

/* To a whole number; infinities stay. */
struct rat rat_floor(struct arena *a, struct rat x);
struct rat rat_ceil(struct arena *a, struct rat x);
struct rat rat_round_half_away(struct arena *a, struct rat x);

/* The value of a whole number that fits; false otherwise. */
NODISCARD bool rat_to_int64(struct rat x, int64_t *out);
/* The nearest double, ties to even; out of range gives an infinity. For display and speed only. */
double rat_to_double(struct rat x);
/* Exactly the given double; asserts that it is finite. */
struct rat rat_from_double(struct arena *a, double x);

/*
 * Plain decimal text: optional sign, digits, optional fraction ("-12.50", ".5" and "5." are
 * refused). No exponent, grouping or white space. false: not a number, or more than
 * LIMIT_RAT_DIGITS digits.
 */
NODISCARD bool rat_parse_decimal(struct arena *a, struct str s, struct rat *out);
/* The inverse of rat_frac_str: "93/100", "5", "-7/2", "inf", "-inf"; accepts unreduced input. */
NODISCARD bool rat_parse_frac(struct arena *a, struct str s, struct rat *out);

/* "93/100", "5", "inf", "-inf"; NUL-terminated. */
struct str rat_frac_str(struct arena *a, struct rat x);
/*
 * Decimal with at most max_decimals (0 to LIMIT_RAT_DECIMALS), half away from zero, trailing zeros
 * trimmed. *exact (may be NULL): nothing was lost. Never prints "-0".
 */
struct str rat_dec_str(struct arena *a, struct rat x, int max_decimals, bool *exact);
/* Decimal with exactly `decimals` places. */
struct str rat_dec_fixed(struct arena *a, struct rat x, int decimals, enum rat_round mode);

/* Order-preserving equality makes a hash possible: equal numbers hash alike. */
uint64_t rat_hash(struct rat x);
/* R1-R3 hold; for tests and ASSERT_SLOW. */
bool rat_check(struct rat x);

#endif
