/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arithmetic and logic over measured values: what the reference and the columns share.
 *
 * Numbers are intervals with the value over those who reported beside them (C03, C32); truths are
 * strong Kleene logic with n/a left out (C14). "None" goes through arithmetic as none, and a
 * comparison with none is n/a (C06).
 *
 * Every operation ORs the flags of its operands. reported and expected of results are 0: pairs are
 * counted once per measure by the evaluator, not once per operand.
 *
 * Roots: a value with MF_ROOT holds squares (C27). Comparisons and products with a known number
 * stay exact; other arithmetic takes a rational enclosure of the root, flagged wide.
 */
#ifndef ENGINE_MVAL_H
#define ENGINE_MVAL_H

#include <stdbool.h>

#include "base/rat.h"
#include "model/verdict.h"

struct arena;

struct mval mval_none(void);
struct mval mval_known(struct rat x);
/* lo <= hi; value only when they are equal. */
struct mval mval_range(struct rat lo, struct rat hi);
struct mval mval_truth(enum truth t);

/* lo == hi, or a decided truth. None is not known. */
bool mval_is_known(struct mval x);
bool mval_is_none(struct mval x);

struct mval mval_neg(struct arena *a, struct mval x);
struct mval mval_add(struct arena *a, struct mval x, struct mval y);
struct mval mval_sub(struct arena *a, struct mval x, struct mval y);
struct mval mval_mul(struct arena *a, struct mval x, struct mval y);
/*
 * Sharp when x and y share no unknown. 0/0, and x/0 with an unknown x, are none; x/0 is infinite;
 * a divisor that may be 0 opens the bound (C06).
 */
struct mval mval_div(struct arena *a, struct mval x, struct mval y);
/* Division of values alone, by the same rules; false: no value. */
bool mval_div_value(struct arena *a, struct rat x, struct rat y, struct rat *out);

enum mval_cmp { MVAL_GE, MVAL_LE, MVAL_GT, MVAL_LT, MVAL_EQ, MVAL_NE, MVAL_CMP__COUNT };

struct mval mval_cmp(struct arena *a, enum mval_cmp op, struct mval x, struct mval y);
/* y(1-t) <= x <= y(1+t), t >= 0 (C12). */
struct mval mval_about(struct arena *a, struct mval x, struct mval y, struct rat t);
/* lo <= x <= hi (C13) */
struct mval mval_between(struct arena *a, struct mval x, struct mval lo, struct mval hi);

/* A comparison of an expression x of the plan: EX_GE … EX_BETWEEN, with its tolerance; c: the upper
 * end of a range. */
struct mval mval_test(struct arena *a, const struct expr *x, struct mval v, struct mval b,
                      struct mval c);
/* A choice, by its index: is it one of the set? */
struct mval mval_choice(struct mval v, uint64_t set);

enum truth truth_not(enum truth x);
enum truth truth_and(enum truth x, enum truth y);
enum truth truth_or(enum truth x, enum truth y);
struct mval mval_not(struct mval x);
struct mval mval_and(struct mval x, struct mval y);
struct mval mval_or(struct mval x, struct mval y);

/* yes: x, no: y, n/a: none or n/a, unknown: what holds of both, flagged wide unless decided. */
struct mval mval_if(struct mval cond, struct mval x, struct mval y);

/* Sum and difference that stay defined at infinities: down gives -inf for inf - inf, up +inf. */
struct rat bound_add(struct arena *a, struct rat x, struct rat y, bool up);
/* x / y, y not 0, with inf / inf the widest limit: 0 down, inf up. Both not negative. */
struct rat bound_div(struct arena *a, struct rat x, struct rat y, bool up);

#endif
