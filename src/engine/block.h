/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks: the rows of one occasion of a commitment (a rung, period, category or year of it), unit
 * by unit, and the for-all rows above them. A unit is judged alone; the rows above follow from
 * counts that are kept per node of the tree and changed by differences (C07-C10).
 *
 * Invariants
 *   BL1 A unit's rows depend on the block, the unit and the facts; not on the rows of other units.
 *   BL2 A row above follows from the tally of its node alone (engine/tally.h), but for its lists of
 *       units, which are read off the rows.
 * Ownership: the arena of the judge that opened the block.
 */
#ifndef ENGINE_BLOCK_H
#define ENGINE_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/rat.h"
#include "base/rc.h"
#include "base/vec.h"
#include "engine/eval.h"
#include "engine/tally.h"
#include "model/plan.h"
#include "model/verdict_row.h"

struct arena;
struct judge;

/* One time at which a clause is due. */
struct occasion {
    int32_t year;     /* of the row (C40) */
    uint32_t measure; /* NONE: of a task */
    struct when when;
    bool sub; /* a period within the year */
    struct period period;
    struct date due; /* last day on which it is not yet due */
    bool after;      /* as_of > due */
    bool open_event; /* 直到: not yet registered */
    struct str part;
    enum modality modality;
    uint32_t category_field, category;
};

/* The rows found at one unit. Where there are rows above, there is one or none. */
struct found {
    VEC(struct verdict) rows;
    enum truth applies, holds; /* of the one row */
};

struct block {
    uint32_t commitment;
    const struct commitment *k;
    const struct clause *c;  /* NULL: tasks, gates … */
    const struct rung *rung; /* NULL: a boolean */
    struct occasion o;
    uint32_t measure;
    struct moment m;      /* at which it is asked who must comply, and measured unless over years */
    struct moment before; /* of the baseline year, if there is one */
    bool has_before;
    const struct then *then; /* samples: the world on the day of the draw */
    uint32_t stage;          /* of stages */
    struct date first;       /* tasks: evidence counts from this day on */
    struct verdict model;    /* what the rows share */
    struct unit_ids units;
    struct date day; /* of the tree of its units */
    bool above;      /* with rows above */
    bool nearly;
    struct rat tolerance;
    /* Judges unit i. */
    enum rc (*unit)(struct judge *j, const struct block *b, uint32_t i, struct found *out);
};

/* Judges all of it, onto the end of j->out. */
enum rc block_judge(struct judge *j, const struct block *b);
/*
 * Unit i of a clause, gate or check, of which there is one row or none: packed, and what it takes
 * while it is judged forgotten, if there is room for that (judge.scratch).
 */
enum rc block_one(struct judge *j, const struct block *b, uint32_t i, struct found *f,
                  struct share *share, struct verdict_row *row);
/* What is said of a unit, as far as it counts above. */
struct said {
    enum state state;
    enum light light;
    uint32_t flags, reported, expected;
    enum truth applies, holds;
};
struct share block_share_of(const struct said *x);
/* What a unit's rows add to the tallies above it. */
struct share block_share(const struct found *f);
/* The row above at a unit, without its lists. */
struct verdict block_above(struct judge *j, const struct block *b, const struct tally *t,
                           uint32_t unit);

#endif
