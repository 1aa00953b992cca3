/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many verdicts stand how, per commitment, at every unit and below it: what an overview shows,
 * kept up with the verdicts themselves instead of counted for each look.
 *
 *     TRY(board_count(b, standing_live(s), standing_tree(s), day, seq, e));   the follower, anew
 *     board_take(b, &step.changes, step.seq);                                 after a step
 *     board_read(b, unit, lines, &seq);                                       any thread
 *
 * Invariants
 *   BO1 The counts of a unit are those of the rows of the version for commit `seq`: of its own, and
 *       of all units below it on the day, itself left out.
 *   BO2 A reader sees the counts of one version.
 *   BO3 As long as board_changed gives the same number, the rows that it was asked about are the
 *       same. (The other way round it is not promised.)
 * Ownership: an arena of its own.
 */
#ifndef APP_STANDING_BOARD_H
#define APP_STANDING_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "engine/live.h"
#include "model/verdict.h"

struct board; /* opaque */
struct err;
struct plan;
struct tree;

#define BOARD_STATES (ST_NA + 1)

struct board_line {
    uint32_t own[BOARD_STATES], below[BOARD_STATES];
};

NODISCARD enum rc board_open(const struct plan *plan, size_t limit, struct board **out,
                             struct err *e);
void board_close(struct board *b);
/* Counts all rows of the newest version, on a tree that must outlive the next board_count. */
NODISCARD enum rc board_count(struct board *b, struct live *live, const struct tree *tree,
                              struct date day, int64_t seq, struct err *e);
/* What a step has changed, on the same tree. false: there is no room, and it must be counted anew.
 */
NODISCARD bool board_take(struct board *b, const struct live_changes *changes, int64_t seq);
/* A line per commitment. unit: an id of the tree; false: it has none of this number. */
bool board_read(struct board *b, uint32_t unit, struct board_line *lines, int64_t *seq);

/* Which rows. */
struct board_rows {
    uint32_t unit;       /* NONE: of all */
    bool below;          /* and of the units below it */
    uint32_t commitment; /* NONE: of all */
};
/* The commit that changed any of them last, or after which all were counted. */
int64_t board_changed(struct board *b, const struct board_rows *rows);

#endif
