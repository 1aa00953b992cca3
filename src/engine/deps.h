/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a block reads (docs/internals/live.md, decision 2): found by walking its expressions, so
 * that an edit is followed to the rows it may change and to no others.
 *
 * A read names a thing and the plan years at which it is asked for. A unit's rows may change by an
 * edit at a unit when the block reads what is edited, the years meet, and the edited unit is the
 * row's own, below it, or what it was once (C29): see lines_of. Where an expression looks sideways
 * or up, every unit of the block may change.
 *
 * Invariants
 *   DE1 More may be named than is read; never less.
 * Ownership: the arena given.
 */
#ifndef ENGINE_DEPS_H
#define ENGINE_DEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"
#include "engine/block.h"
#include "engine/cells.h"
#include "model/edit.h"

enum dep_thing {
    DEP_ITEM,
    DEP_GROUP, /* of items that hard checks tie (C05) */
    DEP_ATTR,
    DEP_TITLE,
    DEP_REG,
    DEP_ROLL, /* the roll of a kind (C35) */
    DEP_RELATION,
    DEP_EVENT,
    DEP_EVIDENCE, /* of a commitment */
    DEP_ANY,      /* whatever it is */
};

struct dep {
    enum dep_thing thing;
    uint32_t id;
    uint32_t item;    /* of a group: the one that is read, and narrowed while it is silent */
    int32_t from, to; /* plan years */
    bool all;         /* looks up or sideways: any unit of the block */
    bool opens;       /* it decides which blocks and units there are */
};

struct dep_list {
    VEC(struct dep) list;
};

/* What the rows of a block read, but for the rows of others (scorecards, stacking rules). */
void deps_of_block(struct arena *a, const struct cells *c, const struct block *b,
                   struct dep_list *out);
/*
 * How a block looks at trees: the latest plan year in which it may, and whether its rows may change
 * with a unit that is not on their line (which is so wherever it looks up or sideways).
 */
struct dep_trees {
    int32_t latest;
    bool aside;
    bool days; /* it counts days up to that of the evaluation */
};
struct dep_trees deps_of_trees(struct arena *a, const struct cells *c, const struct block *b);
/* What decides which blocks and units a commitment has. */
void deps_of_scopes(struct arena *a, const struct cells *c, uint32_t commitment,
                    struct dep_list *out);

/* What an edit touches: a thing, at one or two units, in some years. */
struct touched {
    enum dep_thing thing;
    uint32_t id;
    uint32_t unit[2];
    uint32_t n_units; /* 0: no unit in particular */
    int32_t from, to; /* plan years that may read it */
    uint32_t item;    /* of a group: the one that is told, of which period */
    struct period period;
};

#define TOUCHED_MAX 2

/* Returns how many. */
uint32_t deps_touched(const struct cells *c, const struct edit *e, struct touched out[TOUCHED_MAX]);
/* The years meet, and a figure that only narrows others finds a silent one (C05). a: scratch. */
bool deps_meet(struct arena *a, const struct cells *c, const struct dep *d,
               const struct touched *t);

/*
 * A unit, all that ever stood above it, and what became of each by mergers and splits, with all
 * that ever stood above those: whoever may add it up (C28, C29). Made once for a unit.
 */
struct line {
    const uint32_t *units;
    uint32_t n;
};

struct lines {
    struct arena *arena;
    const struct tree *tree;
    struct map_u64 index; /* unit -> place in list */
    VEC(struct line) list;
    struct map_u64 heirs; /* unit -> the last row of tree->into that comes from it */
    uint32_t *next;       /* by row of tree->into: an earlier one from the same unit, or NONE */
};

void lines_init(struct lines *l, struct arena *a, const struct tree *t);
uint32_t lines_of(struct lines *l, uint32_t unit, const uint32_t **out);

#endif
