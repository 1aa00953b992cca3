/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels: arithmetic, comparisons and logic over whole columns.
 *
 * A column holds one value per member of a frame. Numbers are integers over one denominator, or
 * quotients of two columns of integers; both are exact. Where a result does not fit, or is
 * infinite, the member is marked open: somebody exact takes it over.
 *
 * Invariants
 *   K1  den > 0; y[i] > 0 for every i; a quotient has den 1.
 *   K2  t[i] of a number is T_YES, or T_NA for "no value" (C06), where x[i] is 0 (and y[i] 1); of a
 *       boolean T_NO, T_YES or T_NA.
 *   K3  The value of a member that is open means nothing, but keeps K1 and K2.
 *   K4  flags of an operand go on to the result, as in engine/mval.
 * Ownership: results are new columns in the arena.
 */
#ifndef ENGINE_KERN_H
#define ENGINE_KERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/i128.h"
#include "base/rat.h"
#include "model/plan.h"
#include "model/verdict.h"

struct arena;

struct kcol {
    bool is_bool;
    int64_t den;
    int64_t *x;     /* numbers: x / den, or x / y */
    int64_t *y;     /* NULL: no quotient */
    uint8_t *t;     /* enum truth */
    uint8_t *flags; /* enum mval_flags; NULL: none anywhere */
    bool whole;     /* x stands as it is for all members: who has no value is open, with x == 0 */
};

/* Where kernels work: n members, and who is open (1) for want of an exact small result. */
struct kern {
    struct arena *a;
    uint32_t n;
    uint8_t *open;
};

struct kcol kern_truth(struct kern *k, enum truth t);
/* false: the number does not fit; no column is made. */
bool kern_number(struct kern *k, struct rat x, struct kcol *out);
struct kcol kern_neg(struct kern *k, struct kcol x);
/* op: EX_ADD, EX_SUB, EX_MUL, EX_DIV. 0/0 has no value; x/0 is open (C06). */
struct kcol kern_arith(struct kern *k, enum expr_op op, struct kcol x, struct kcol y);
/* Sum of two columns of one denominator in which "no value" adds nothing. */
struct kcol kern_add_present(struct kern *k, struct kcol x, struct kcol y);
/* op: EX_GE … EX_NE. A comparison with no value is n/a. */
struct kcol kern_compare(struct kern *k, enum expr_op op, struct kcol x, struct kcol y);
/* lo <= x <= hi */
struct kcol kern_between(struct kern *k, struct kcol x, struct kcol lo, struct kcol hi);
/* The smaller and the larger of two numbers, member by member. */
void kern_order(struct kern *k, struct kcol *lo, struct kcol *hi);
struct kcol kern_not(struct kern *k, struct kcol x);
/* op: EX_AND, EX_OR (C14) */
struct kcol kern_logic(struct kern *k, enum expr_op op, struct kcol x, struct kcol y);
struct kcol kern_if(struct kern *k, struct kcol c, struct kcol x, struct kcol y);
/* Choices by index: is it in the set? */
struct kcol kern_in(struct kern *k, struct kcol x, uint64_t set);

/* Σ x[from..to), exactly. */
i128 kern_sum(const int64_t *x, uint32_t from, uint32_t to);
/* Number of members in [from, to) whose byte is not 0. */
uint32_t kern_count(const uint8_t *x, uint32_t from, uint32_t to);

#endif
