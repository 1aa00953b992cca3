/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns: an evaluator that answers from sheets (engine/sheet.h) and asks the reference for
 * what they cannot give (docs/internals/columns.md). Equal to the reference bit by bit (S3).
 *
 *     struct columns *k;
 *     TRY(columns_make(a, cells, &k, &ev, e));
 *     … judge_plan(a, cells, &ev, …) …
 *     columns_release(k);
 *
 * Invariants: E1-E3 of engine/eval.h.
 * Ownership: sheets and scratch are the columns' own until columns_release, and count for the limit
 * of the arena; it and the cells must outlive them. One thread at a time.
 */
#ifndef ENGINE_COLUMNS_H
#define ENGINE_COLUMNS_H

#include "base/attr.h"
#include "base/rc.h"
#include "engine/cells.h"
#include "engine/eval.h"

struct arena;
struct err;
struct edit;
struct columns; /* opaque */

/* Of sheets; beyond it they are made anew. */
#ifdef TIZHI_SHAKE
#define COLUMNS_BYTES         ((size_t)1 << 16)
#define COLUMNS_RESTING_BYTES ((size_t)1 << 10)
#else
#define COLUMNS_BYTES         ((size_t)1 << 30)
#define COLUMNS_RESTING_BYTES ((size_t)32 << 20)
#endif

/* How the questions were answered, for tests and benchmarks. */
struct columns_stats {
    uint64_t asked, by_reference; /* measures */
    uint64_t sheets;              /* made */
};

/* RC_LIMIT. */
NODISCARD enum rc columns_make(struct arena *a, struct cells *c, struct columns **out,
                               struct evaluator *ev, struct err *e);
/* The cells have taken an edit (cells_apply): sheets that read it are mended when next asked. */
void columns_touch(struct columns *k, const struct edit *e);
/* The cells have gone to a later day (cells_advance), after the edits that it brought. */
void columns_advance(struct columns *k, struct date day);
/* Between commitments, which share few sheets: when there are more than `most` bytes of them they
 * are dropped; populations stay. */
void columns_rest(struct columns *k, size_t most);
struct columns_stats columns_stats(const struct columns *k);
void columns_release(struct columns *k);

#endif
