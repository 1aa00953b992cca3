/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far long work is, told by the work itself in what it counts, and where it may be ended
 * (docs/internals/service.md, 20).
 *
 *     TRY(progress_tell(p, PROGRESS_COMMITS, read, all, e));      now and then
 */
#ifndef MODEL_PROGRESS_H
#define MODEL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"

struct err;

enum progress_counts {
    PROGRESS_NOTHING, /* nothing has been counted yet */
    PROGRESS_COMMITS,
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
/* "commits", for programs; of nothing "". */
const char *progress_name(enum progress_counts counted);
/* The same in Chinese, with its measure word. */
const char *progress_zh(enum progress_counts counted);

#endif
