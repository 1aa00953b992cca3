/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a measure reads: per unit, which periods (C10) and by which definition versions (C19), as
 * bits of two small tables. Sets of many units unite by OR, and are counted in one pass.
 *
 * Invariants
 *   RD1 silent is part of read: a pair is reported when it is read and not silent.
 *   RD2 The arrays describe the tree indexes [from, from + n).
 *   RD3 More periods or versions than fit: `full`, and nothing is counted any more.
 * Ownership: the arena given to reads_init.
 */
#ifndef ENGINE_READS_H
#define ENGINE_READS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/tree.h"
#include "model/verdict.h"

struct arena;
struct ref_reads;

#define READS_BITS 32

struct unit_reads {
    uint32_t read, silent; /* bits of periods */
    uint32_t basis;        /* bits of bases */
};

struct reads {
    const struct tree_snap *tree; /* NULL: nothing was read yet */
    uint32_t from, n;
    struct unit_reads *units;
    uint32_t periods[READS_BITS]; /* period_code */
    struct basis bases[READS_BITS];
    uint32_t n_periods, n_bases;
    bool full; /* too many, or two trees: the answer must come from elsewhere */
};

/* Nothing read, in the subtree of tree index i (0: the whole tree). */
void reads_init(struct arena *a, struct reads *r, const struct tree_snap *tree, uint32_t i);
/* The bit of a period or basis; 0 when full. */
uint32_t reads_period(struct reads *r, uint32_t code);
uint32_t reads_basis(struct reads *r, uint32_t item, uint32_t hash);
void reads_note(struct reads *r, uint32_t i, uint32_t period_bit, bool known, uint32_t basis_bit);
/* What completing a member read (engine/ref.h). */
void reads_note_ref(struct reads *r, const struct ref_reads *from);
/* Adds what `from` reads in the subtree of tree index i. */
void reads_unite(struct reads *r, const struct reads *from, uint32_t i);
bool reads_is_silent(const struct reads *r, uint32_t i);
/* Pairs and bases of everything read. */
void reads_finish(struct arena *a, const struct reads *r, struct mval *out);

#endif
