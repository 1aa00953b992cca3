/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge: from measures to verdict rows (docs/internals/evaluation.md).
 *
 * Invariants
 *   J1  Rows come in order of the plan; within a commitment by clause, year, part, then unit in
 *       pre-order of the tree (V3). The same input gives the same rows, whichever evaluator.
 *   J2  A key (commitment, part, unit, year) has one row.
 *   J3  The query leaves rows out, it changes none: a for-all row counts all its units.
 * Ownership: rows, findings and what they point to lie in the arena given.
 */
#ifndef ENGINE_JUDGE_H
#define ENGINE_JUDGE_H

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "model/verdict_row.h"

struct arena;
struct err;
struct pacer; /* opaque */

struct judge_query {
    uint32_t commitment; /* NONE: all */
    uint32_t unit;       /* tree id, NONE: all */
    int32_t year;        /* 0: all */
};

/* Judges as of cells_as_of(c). RC_LIMIT when the arena is full. */
NODISCARD enum rc judge_plan(struct arena *a, struct cells *c, const struct evaluator *ev,
                             struct judge_query q, struct verdicts *out, struct err *e);

#define JUDGE_THREADS_MAX 64

/*
 * The same by columns on n threads (JUDGE_THREADS_MAX at most), bit for bit: each judges whole
 * commitments with columns of its own over the cells and an equal part of the memory, and the rows
 * are put together in the order of the plan.
 */
NODISCARD enum rc judge_plan_on(struct arena *a, struct cells *c, uint32_t n, struct judge_query q,
                                struct verdicts *out, struct err *e);

/* The two ways whose rates a light compares (C42), both signed towards what is asked. */
struct pace {
    struct rat done, to_go; /* since the baseline; until what is asked */
    int32_t gone, left;     /* days of either */
    struct mval base;       /* where it began, */
    struct date since;      /* on this day, */
    uint32_t read;          /* read as this expression (NONE: it is written, or nothing) */
    struct moment at;       /* at this moment */
};
/* Finds them for rows that were judged over these cells. */
struct pacer *judge_pacer(struct arena *a, struct cells *c, const struct evaluator *ev);
/* Of a pending row that is not there yet. *there false: its light is grey, or needs no rates. */
NODISCARD enum rc judge_pace(struct pacer *p, const struct verdict *v, struct pace *out,
                             bool *there);

/* Leaves out the rows that were not asked for (J3). For those who must see all of them first. */
void judge_filter(struct arena *a, struct judge_query q, struct verdicts *v);

#endif
