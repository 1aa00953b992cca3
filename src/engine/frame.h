/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Populations in pre-order: the units of a kind, title or list, or the rows of a register, on one
 * day. Members below any unit are one range, so that whatever is known per member adds up in runs.
 *
 * Invariants
 *   F1  Members are in pre-order of their units; rows of one owner are in order of the dataset.
 *   F2  Members below tree index i are [first[i], first[tree->end[i]]).
 * Ownership: the arena given to frame_make, also of what frame_slots finds.
 */
#ifndef ENGINE_FRAME_H
#define ENGINE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/vec.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "model/plan.h"

struct arena;

/* Where the figures of a kind's items stand, by member. */
struct frame_slots {
    uint32_t kind;
    uint32_t *slot; /* NONE: never of the kind */
    bool straight;  /* slot[i] == slot[0] + i */
};

/* An attribute of all members, when all are known and plain. */
struct frame_attr {
    uint32_t attribute;
    struct date from, to; /* on these days nobody's changes */
    bool stale, usable;
    VEC(uint32_t) touched; /* units that edits have touched since it was filled */
    int64_t *x;
    uint8_t *t; /* enum truth */
};

struct frame {
    const struct tree_snap *tree;
    uint32_t n;
    const uint32_t *at;    /* tree index of each member; of its owner, for rows */
    const uint32_t *row;   /* rows: index in dataset.rows; NULL: units */
    const uint32_t *first; /* tree->n + 1 */
    struct arena *arena;
    VEC(struct frame_slots) slots; /* of the kinds asked about so far */
    VEC(struct frame_attr) attrs;  /* of the attributes asked about so far */
};

/* false: populations that are not a plain roll (a list by condition, pairs of a relation). */
bool frame_can(const struct plan *p, enum over over, uint32_t ref);
/* RC_LIMIT. Requires frame_can. */
NODISCARD enum rc frame_make(struct arena *a, struct cells *c, enum over over, uint32_t ref,
                             struct moment m, struct frame *out);
/* Of units, for an item. */
const struct frame_slots *frame_slots(struct frame *f, const struct cells *c, uint32_t item);
/* Of units; NULL: look at them one by one. Until the next frame_touch. */
const struct frame_attr *frame_attr(struct frame *f, const struct cells *c, uint32_t attribute,
                                    struct date day);
/* An edit has touched the attribute at a unit. */
void frame_touch(struct frame *f, uint32_t attribute, uint32_t unit);

#endif
