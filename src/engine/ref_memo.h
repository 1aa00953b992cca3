/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What completing two undecided operands at one unit came to, kept by all that it depends on.
 *
 * Where a unit's own cells are all that an operation reads, its corners follow from these cells:
 * two schools of which the same is silent, and the rest the same, have the same corners. A year
 * that nobody has reported is one such case for thousands of schools.
 *
 *     struct memo_key key;
 *     if (memo_key_of(r, e, at, m, &key) && memo_find(r->memo, &key)) …
 *
 * Invariant MM1: a hit is what would be worked out again, bit by bit; the key holds every cell, its
 * period (hard checks tie within a year) and its flags, never the unit.
 * Ownership: the arena of memo_make; keys and answers have no big rationals, and are copied.
 */
#ifndef ENGINE_REF_MEMO_H
#define ENGINE_REF_MEMO_H

#include "engine/ref_int.h"

#define MEMO_CELLS_MAX 12u
#define MEMO_SLOTS     128u

struct memo_cell {
    enum expr_op op;
    uint32_t ref; /* item, attribute or title */
    uint32_t period;
    enum mval_kind kind;
    enum truth truth;
    uint32_t flags;
    struct rat lo, hi;
};

struct memo_key {
    uint32_t e, n;
    uint64_t hash;
    struct memo_cell cells[MEMO_CELLS_MAX];
};

/* Of an operation both sides of which are open. */
enum memo_outcome { MEMO_PLAIN, MEMO_SHARP, MEMO_WIDE };

struct memo_answer {
    enum memo_outcome outcome;
    struct mval sharp;
};

/* NULL: no memory; the functions below take that for one in which nothing is kept. */
struct memo *memo_make(struct arena *a);
/* false: the expression reads more than the unit's own cells, or too many of them. */
NODISCARD bool memo_key_of(struct ref *r, uint32_t e, struct place at, struct moment m,
                           struct memo_key *out);
/* NULL: not kept. */
const struct memo_answer *memo_find(const struct memo *memo, const struct memo_key *key);
/* In place of the oldest. */
void memo_keep(struct memo *memo, const struct memo_key *key, const struct memo_answer *x);

#endif
