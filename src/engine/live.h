/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live engine: all verdicts of a plan over a dataset that grows by commits, always as if they
 * had been judged from scratch (docs/internals/live.md).
 *
 *     struct live *l;
 *     TRY(live_make(plan, data, as_of, LIMIT, NULL, &l, e));
 *     TRY(live_apply(l, edits, n, &changes, e));            the one writer
 *
 *     struct live_reader *r = live_reader(l);               any thread, one reader each
 *     live_pin(r);
 *     for (struct live_rows x = live_rows(r, NONE, NONE); live_next(&x);) { use(x.row); }
 *     live_unpin(r);
 *
 * Invariants
 *   LV1 The rows of a version are those of judge_plan over the dataset of that version, in its
 *       order, bit for bit.
 *   LV2 A commit is seen whole or not at all; a pinned version does not change.
 *   LV3 Readers wait for nobody, and the writer for no reader: old rows stay as long as a version
 *       that has them is pinned.
 *   LV4 What comes out as it was is neither published nor told.
 * Findings are not kept: they are of an evaluation from scratch.
 * Ownership: the live's own until live_release. Plan, tree, dataset and the texts of edits must
 * outlive it. A commit that fails leaves the version before it in place, and then only live_rebase
 * brings a new one.
 */
#ifndef ENGINE_LIVE_H
#define ENGINE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "model/edit.h"
#include "model/verdict_row.h"

struct arena;
struct cells;
struct err;
struct live;        /* opaque */
struct live_reader; /* opaque */
struct progress;

#define LIVE_READERS_MAX 64
#define LIVE_THREADS_MAX 64

/* A row before and after a commit; NULL: there was, there is none. In the order of the plan. Valid
 * until the next commit. */
struct live_change {
    const struct verdict_row *from, *to;
};

struct live_changes {
    const struct live_change *items;
    uint32_t n;
};

/* Work done since the start, for tests and benchmarks. */
struct live_stats {
    uint64_t units;  /* judged at one block */
    uint64_t above;  /* rows above made from tallies */
    uint64_t opened; /* commitments whose blocks were found anew */
    uint64_t rows;   /* published */
    uint64_t kept;   /* units whose rows another base has taken over */
};

/* limit: bytes at most; progress: of commitments, NULL: nobody hears. RC_LIMIT, RC_NO_MEMORY,
 * RC_NO_SUPPORT, RC_CANCELLED. */
NODISCARD enum rc live_make(const struct plan *p, const struct dataset *d, struct date as_of,
                            size_t limit, const struct progress *progress, struct live **out,
                            struct err *e);
/* The same on several threads, and so are larger commits from then on; the rows are the same.
 * Nobody hears. */
NODISCARD enum rc live_make_on(const struct plan *p, const struct dataset *d, struct date as_of,
                               uint32_t threads, size_t limit, struct live **out, struct err *e);
/* Takes all edits in one sweep and publishes the next version. */
NODISCARD enum rc live_apply(struct live *l, const struct edit *edits, uint32_t n,
                             struct live_changes *out, struct err *e);
/*
 * Another plan, tree, dataset or day: a new base is made beside the rows in use, takes over those
 * that nothing which differs can reach, and then their place. d NULL: the dataset as it has grown;
 * then a later day is a commit, and the same plan and day judge everything anew, which changes
 * nothing. Changes are those between equal keys (V3).
 */
NODISCARD enum rc live_rebase(struct live *l, const struct plan *p, const struct dataset *d,
                              struct date as_of, struct live_changes *out, struct err *e);
struct live_stats live_stats(const struct live *l);
uint64_t live_version(const struct live *l);
/* The oldest version that somebody has pinned, else the newest: what only older ones need may go
 * once the next commit is in place. */
uint64_t live_oldest(const struct live *l);
/* Lets go of sheets, which are worked out again when a commit asks for them, when a thread has more
 * than `most` bytes of them: of a region 130 MB in all, most of which no commit asks for. */
void live_rest(struct live *l, size_t most);
/* No reader may have a version pinned. */
void live_release(struct live *l);

/* ---- what was known before ------------------------------------------------------------------ */

struct live_past; /* opaque */

/*
 * What was known on a day (C30) by the commits up to a version: seen through a live engine of its
 * own, evaluated while this one goes on.
 *
 *     TRY(live_past_take(l, day, UINT64_MAX, &p, e));       the writer: lends what there is
 *     TRY(live_past_make(p, threads, LIMIT, &then, e));     any thread
 *     … readers of `then` … live_release(then);
 *     live_past_release(p);                                 any thread
 *
 * Lending is quick, but the next fact of each column copies it. version: UINT64_MAX for all
 * commits; plan and tree are those of now. RC_CONFLICT: older than the plan or tree in use;
 * RC_USAGE: the day is after that of the live engine.
 */
NODISCARD enum rc live_past_take(struct live *l, struct date day, uint64_t version,
                                 struct live_past **out, struct err *e);
NODISCARD enum rc live_past_make(const struct live_past *p, uint32_t threads, size_t limit,
                                 struct live **out, struct err *e);
/* After the live engine made of it, and before the one that lent. */
void live_past_release(struct live_past *p);

/* ---- readers -------------------------------------------------------------------------------- */

/* NULL: LIVE_READERS_MAX are in use. */
struct live_reader *live_reader(struct live *l);
void live_reader_release(struct live_reader *r);
/* From here on the reader sees the newest version of now. Returns its number. */
uint64_t live_pin(struct live_reader *r);
void live_unpin(struct live_reader *r);
/* The tree of the pinned version. */
const struct tree *live_tree(const struct live_reader *r);

/* What is known in the pinned version, to be seen through a view (cells_view); while no edits are
 * applied. */
const struct cells *live_cells(const struct live_reader *r);

/* Goes over the rows of the pinned version; not to be copied. */
struct live_rows {
    const struct verdict_row *row; /* until the next one is asked for */
    /* private */
    const struct live_core *core;
    const struct live_edition *edition;
    uint64_t version;
    uint32_t only, unit;
    uint32_t order, block, slot, k;
    struct verdict_row own;
};

/* commitment, unit: NONE for all. */
struct live_rows live_rows(const struct live_reader *r, uint32_t commitment, uint32_t unit);
bool live_next(struct live_rows *x);
/* The row with the units that are listed beside it (C09), which are read off the rows below. */
struct verdict live_verdict(struct arena *a, const struct live_rows *x);

#endif
