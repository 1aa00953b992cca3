/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that stands on a plan: the plan in force, halls, verdicts, counts
 * (docs/internals/adopting.md, 8). A request stands on one from its beginning to its end; when
 * another plan is adopted, another footing is made beside it and takes its place.
 *
 *     struct footing *f = footing_enter(s);                 any thread
 *     … f->pack->plan, f->halls, f->standing, f->board …
 *     footing_leave(f);
 *
 * Invariants
 *   FT1 What stands on one footing is of one plan.
 *   FT2 A footing stays until the last one has left it.
 *   FT3 Only the follower makes footings, follows what is on the newest, and replaces it. The halls
 *       of the one before are followed until it is left: whoever stands there may ask for a later
 *       commit.
 */
#ifndef HTTP_FOOTING_H
#define HTTP_FOOTING_H

#include "app/pack/pack.h"
#include "app/standing/board.h"
#include "app/standing/hall.h"
#include "app/standing/standing.h"
#include "base/arena.h"

struct progress;
struct service;

struct footing {
    const struct pack *pack;
    struct str digest; /* of its texts */
    int64_t adopted;   /* the commit that put it in force; 0: none did */
    struct halls *halls;
    struct standing *standing;
    struct board *board;
    struct str
        official[2];  /* the official text by this plan, in English and Chinese, as it is sent */
    uint64_t made_of; /* a hash of program and plan: of what answers come from beside the book */
    /* private */
    struct service *s;
    struct arena a;
    uint32_t guests; /* under the lock of the service */
};

/* By the book as it is now. progress: as of standing_open, or NULL. *told: the pack that the
 * service was given is none of the book's, e says so, and the plan in force was taken.
 * RC_CANCELLED. */
NODISCARD enum rc footing_make(struct service *s, struct date day, const struct progress *progress,
                               struct footing **out, struct err *told, struct err *e);
/* Counts all rows for the board. */
NODISCARD enum rc footing_count(const struct footing *f, struct err *e);
/* Takes the place of the one before, which is left to the caller. */
struct footing *footing_replace(struct service *s, struct footing *f);
/* Nobody is on it but the caller. */
bool footing_is_left(struct footing *f);
struct footing *footing_enter(struct service *s);
/* f may be NULL. */
void footing_leave(struct footing *f);

#endif
