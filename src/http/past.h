/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts as they stood after a commit or on a day gone by: one moment at a time, worked out by a
 * thread of its own, so that no worker waits for it (docs/internals/plan-pages.md, 5).
 *
 *     TRY(past_enter(p, (struct past_moment){commit, day}, &look, e));   RC_NOT_YET: ask again
 *     … rows of look.live, which is pinned …
 *     past_leave(p, look.live);
 *
 * Invariants
 *   PS1 The rows are those of judging what book_load gives up to the commit, as of the day, by
 *       the plan that was in force then.
 *   PS2 A moment that somebody looks at stays; nobody waits for another one.
 */
#ifndef HTTP_PAST_H
#define HTTP_PAST_H

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"

struct err;
struct live_reader;
struct past; /* opaque */
struct plan;
struct service;

struct past_moment {
    int64_t commit; /* INT64_MAX: the last one */
    struct date day;
};

struct past_look {
    struct live_reader *live;
    const struct plan *plan;
    int64_t seq; /* the commit it stands for */
};

NODISCARD enum rc past_open(struct service *s, struct past **out, struct err *e);
/* Nobody looks any more. p may be NULL. */
void past_close(struct past *p);
/* RC_NOT_YET: it is being worked out, or another one is; RC_BUSY: too many look at it; or why it
 * cannot be. */
NODISCARD enum rc past_enter(struct past *p, struct past_moment m, struct past_look *out,
                             struct err *e);
void past_leave(struct past *p, struct live_reader *r);

#endif
