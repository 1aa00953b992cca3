/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far long work is, told by the work itself in what it counts, and where it may be ended
 * (docs/internals/service.md, 20).
 *
 *     TRY(progress_tell(p, PROGRESS_UNITS, looked_at, all, e));      now and then
 *
 * Of the book the share is told that has been read, in percent: how many rows it has is not for
 * everyone (C41).
 */
#ifndef MODEL_PROGRESS_H
#define MODEL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"

struct buf;
struct err;

enum progress_counts {
    PROGRESS_NOTHING, /* nothing has been counted yet */
    PROGRESS_BOOK,    /* percent of it */
    PROGRESS_FILES,   /* evidence */
    PROGRESS_UNITS,
    PROGRESS_COMMITMENTS,
    PROGRESS__N
};

/* Who hears it, on whatever thread is at work. */
struct progress {
    bool (*hear)(void *ctx, enum progress_counts counted, int64_t done,
                 int64_t of); /* false: end */
    void *ctx;
};

/* RC_CANCELLED: the work shall end. p NULL: nobody hears. */
NODISCARD enum rc progress_tell(const struct progress *p, enum progress_counts counted,
                                int64_t done, int64_t of, struct err *e);
/* The same of the book: so many parcels of all are read. */
NODISCARD enum rc progress_tell_book(const struct progress *p, int64_t done, int64_t of,
                                     struct err *e);
/* For programs: book, files, units, commitments; of nothing "". */
const char *progress_name(enum progress_counts counted);
/* For people. */
void progress_text(enum progress_counts counted, int64_t done, int64_t of, bool chinese,
                   struct buf *out);

#endif
