/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a book stands: the verdicts of a plan over a book of record, kept up commit by commit
 * (docs/internals/standing.md).
 *
 *     struct standing *s = NULL;
 *     TRY(standing_open(&(struct standing_options){.plan = plan, .store = store, .day = today,
 *                       .upto = INT64_MAX, .limit = LIMIT}, &s, e));
 *     for (;;) {                                             the one follower
 *         TRY(standing_wait(s, 1000, &last, e));
 *         TRY(standing_follow(s, last, &step, e));
 *     }
 *     struct live_reader *r = live_reader(standing_live(s)); any thread, one reader each
 *     int64_t seq = standing_pin(s, r);
 *
 * Invariants
 *   SD1 The rows of a version are those of judging, from scratch and as of the day, what book_load
 *       gives up to the commit that the version stands for, with what waits when `pending`.
 *   SD2 Commits are taken in order, each in one step, a step whole or not at all.
 *   SD3 A step that fails leaves the version before it in place; the next one begins anew.
 * Ownership: the standing's own; plan and store must outlive it. Open, wait, follow and close are
 * for one thread at a time; readers read meanwhile (LV3).
 */
#ifndef APP_STANDING_STANDING_H
#define APP_STANDING_STANDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "engine/live.h"

struct err;
struct plan;
struct progress;
struct standing; /* opaque */
struct store;

struct standing_options {
    const struct plan *plan;
    struct store *store;
    bool pending;                    /* what waits counts as accepted */
    struct date day;                 /* as of */
    int64_t upto;                    /* the first version stands for this commit at most */
    size_t limit;                    /* bytes for the book, and once more for the verdicts */
    const struct progress *progress; /* of opening: the book, then commitments; NULL: nobody */
};

/* RC_NOT_FOUND: the book has no units; RC_CANCELLED; as book_load and live_make else. */
NODISCARD enum rc standing_open(const struct standing_options *o, struct standing **out,
                                struct err *e);
/* No reader may have a version pinned. s may be NULL. */
void standing_close(struct standing *s);

/* What a step did. */
struct standing_step {
    int64_t seq;               /* the commit that the newest version stands for */
    bool anew;                 /* on a new base */
    const struct tree *before; /* of the rows before, until the next step; of those after it is
                                * standing_tree */
    struct live_changes changes;
};

/* store_wait after the last commit taken. */
NODISCARD enum rc standing_wait(struct standing *s, int timeout_ms, int64_t *last, struct err *e);
/* Takes the commits that are not taken yet, up to `to`, in one step: one version, or none when they
 * have nothing to do with the plan. */
NODISCARD enum rc standing_follow(struct standing *s, int64_t to, struct standing_step *out,
                                  struct err *e);
/* The same, and from now on as of another day. */
NODISCARD enum rc standing_turn(struct standing *s, struct date day, int64_t to,
                                struct standing_step *out, struct err *e);

/* The same, and from now on by another plan, which must outlive the rows of both: of the changes
 * `from` is a row of the plan before. */
NODISCARD enum rc standing_adopt(struct standing *s, const struct plan *plan, int64_t to,
                                 struct standing_step *out, struct err *e);

/* The same one from opening to closing. */
struct live *standing_live(const struct standing *s);
const struct plan *standing_plan(const struct standing *s);
/*
 * For whoever looks at the cells behind the rows (live_cells): pins afterwards; until
 * standing_look_away no commit changes them. Any thread, several at once; the follower waits for
 * those who look, and others for it. RC_BUSY: not in time.
 */
NODISCARD enum rc standing_look(struct standing *s, struct err *e);
void standing_look_away(struct standing *s);
/* The tree of the newest version; for the follower's thread, until the next step. */
const struct tree *standing_tree(const struct standing *s);
/* live_pin, and the commit that the pinned version stands for. */
int64_t standing_pin(const struct standing *s, struct live_reader *r);
int64_t standing_seq(const struct standing *s);
/* As of which day; for the follower's thread. */
struct date standing_day(const struct standing *s);

/* Work done since opening, for tests and benchmarks. */
struct standing_stats {
    uint64_t figures; /* read into columns */
    uint64_t edits;   /* given to the engine */
    uint64_t looks;   /* at the history of a unit */
    uint64_t bases;   /* made */
    int64_t load_us;  /* of the last base: reading the book */
    int64_t judge_us; /* the same: the first evaluation */
};
struct standing_stats standing_stats(const struct standing *s);

#endif
