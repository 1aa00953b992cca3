/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the columns: the cache of sheets, and the walk over what stands above them. */
#ifndef ENGINE_COLUMNS_INT_H
#define ENGINE_COLUMNS_INT_H

#include "base/arena.h"
#include "engine/columns.h"
#include "engine/sheet.h"

/* A sheet of a roll-up (by its expression) at a moment. */
struct sheet_entry {
    struct moment moment;
    struct sheet *sheet; /* NULL: not for sheets */
    struct sheet_entry *next;
};

struct columns {
    struct cells *cells;
    const struct plan *plan;
    struct evaluator ref;
    struct arena sheets;        /* entries and what they hold */
    struct arena scratch;       /* of one measure */
    struct sheet_entry **cache; /* by expression; in `sheets`, NULL: empty */
    struct columns_stats stats;
};

/* One measure at work. */
struct walk {
    struct columns *k;
    struct arena *a;
    struct reads *reads;        /* NULL: nothing is noted */
    const struct reads *silent; /* units left out (C32), or NULL */
    uint32_t depth;
    bool failed; /* ask the reference */
    bool full;   /* memory is out */
};

/* The value at a unit; w->failed: the answer must come from the reference. */
struct mval walk_at(struct walk *w, uint32_t e, uint32_t unit, struct moment m);
/* The sheet of a roll-up; NULL: it has none, is not worth its while, or memory is out (w->full). */
const struct sheet *columns_sheet(struct walk *w, uint32_t e, uint32_t unit, struct moment m);
/* For members of sheets that are asked one by one. */
struct sheet_source columns_source(struct columns *k);

#endif
