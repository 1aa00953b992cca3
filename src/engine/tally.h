/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tallies: how many rows of each sort stand below a node of the tree. All nodes are counted in one
 * pass; a row that changes is taken out and put in again along its path to the root.
 *
 * Invariants
 *   TA1 A tally counts the rows below its node, its own excluded; rolls (C35) its own included.
 *   TA2 Pairs (C10) are those of the outermost rows below the node: each is read once.
 *   TA3 Mending a tally gives what counting anew gives.
 * Ownership: whoever gives the memory.
 */
#ifndef ENGINE_TALLY_H
#define ENGINE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "model/tree.h"

struct arena;

struct unit_ids {
    VEC(uint32_t) list;  /* tree ids in pre-order */
    VEC(bool) unsure;    /* whether it belongs to the scope is unknown (C08, C39) */
    VEC(uint32_t) filed; /* who has filed the roll of a scope's kind, */
    VEC(uint32_t) owing; /* and who has not: there may be more units below (C35) */
};

enum count {
    COUNT_YES, /* must comply: does, does not, unknown */
    COUNT_NO,
    COUNT_OPEN,
    COUNT_MAYBE_YES, /* may have to comply (C08) */
    COUNT_MAYBE_NO,
    COUNT_MAYBE_OPEN,
    COUNT_MISSED, /* by state */
    COUNT_MET,
    COUNT_PROVISIONAL, /* by flag */
    COUNT_DISPUTED,
    COUNT_REVOCABLE,
    COUNT_GREEN, /* by light */
    COUNT_GREY,
    COUNT_AMBER,
    COUNT_RED,
    COUNT_OWING, /* rolls that are not filed */
    COUNT_FILED,
    COUNT__N
};

struct tally {
    uint32_t n[COUNT__N];
    uint32_t reported, expected;
};

/* What the row of one unit adds to the tallies above it. */
struct share {
    uint32_t counts; /* bit per enum count; 0: not applicable, nothing but its pairs counts */
    bool there;
    uint32_t reported, expected;
};

/* The nodes of a tree that can have rows above: those with units below, the root, and those who
 * file rolls. In pre-order. */
struct shape {
    const struct tree_snap *tree;
    uint32_t n;
    const uint32_t *node;  /* index in the tree */
    const uint32_t *place; /* by index in the tree: among the nodes, or TREE_NONE */
    bool plain;            /* nobody files rolls */
};

struct shapes {
    VEC(const struct shape *) list; /* plain ones */
};

/* A plain one is made once for a tree. */
const struct shape *shape_for(struct arena *a, struct shapes *s, const struct tree_snap *t,
                              const struct unit_ids *units);

/*
 * Counts. shares: by unit of the list. own (by node): its place in the list, or TREE_NONE. above
 * (by node): it has a row above.
 */
void tallies_count(const struct shape *s, const struct unit_ids *units, const struct share *shares,
                   struct tally *t, uint32_t *own, bool *above);
/* The share at an index of the tree becomes another one. shares: as they are now. */
void tallies_mend(const struct shape *s, struct tally *t, const uint32_t *own,
                  const struct share *shares, uint32_t at, const struct share *from,
                  const struct share *to);

#endif
