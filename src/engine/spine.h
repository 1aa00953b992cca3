/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inner nodes of a tree: the units that have others below them. Sums are kept for these; a unit
 * without others below is answered from its own members.
 *
 * Invariants
 *   SP1 Ranks are in pre-order: the nodes below rank r are r + 1 .. end[r] - 1.
 *   SP2 Every tree index has a home: itself when it is inner, else its parent. Runs are the longest
 *       stretches of tree indexes with one home; they cover the tree in order. A tree of one
 *       unit has no nodes and no runs.
 * Ownership: the arena given; the tree must outlive it.
 */
#ifndef ENGINE_SPINE_H
#define ENGINE_SPINE_H

#include <stdint.h>

#include "model/tree.h"

struct arena;

struct spine_run {
    uint32_t from, to; /* tree indexes [from, to) */
    uint32_t home;     /* rank */
};

struct spine {
    const struct tree_snap *tree;
    uint32_t n;
    const uint32_t *at;   /* tree index, by rank */
    const uint32_t *end;  /* SP1 */
    const uint32_t *up;   /* rank of the parent, by rank; TREE_NONE for the root */
    const uint32_t *rank; /* by tree index; TREE_NONE: nothing below it */
    const struct spine_run *runs;
    uint32_t n_runs;
    const uint32_t *first_of; /* by rank, n + 1: its runs are of[first_of[r] .. first_of[r + 1]) */
    const uint32_t *of;       /* indexes of runs, ascending */
};

struct spine spine_make(struct arena *a, const struct tree_snap *tree);
/* Rank under which a tree index is added up (SP2). Requires a tree with nodes. */
uint32_t spine_home(const struct spine *s, uint32_t i);

#endif
