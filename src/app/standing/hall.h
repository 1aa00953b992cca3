/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all desks of a process share: the tree of units, users and seats at one commit, made once
 * for each change of them and borrowed by whoever sits down (docs/internals/service.md, 4).
 *
 *     struct halls *h = NULL;
 *     TRY(halls_open(&(struct halls_options){.store = s, .plan = plan, .limit = LIMIT}, &h, e));
 *     TRY(halls_follow(h, last, today, e));                  the one follower, after each commit
 *
 *     const struct hall *x = NULL;                           any thread
 *     TRY(halls_enter(h, seq, today, &x, e));
 *     … x->tree, x->roster …
 *     halls_leave(h, x);
 *
 * Invariants
 *   HA1 A hall is what the book said of units, users and seats at each commit it was entered for.
 *   HA2 A hall does not change, and stays until the last one has left it.
 *   HA3 What has not changed is not read again: a hall for new seats has the tree of the one
 * before.
 */
#ifndef APP_STANDING_HALL_H
#define APP_STANDING_HALL_H

#include <stddef.h>
#include <stdint.h>

#include "app/seat/roster.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "model/tree.h"

struct err;
struct halls; /* opaque */
struct plan;
struct store;

struct hall {
    const struct tree *tree; /* kinds are those of the plan */
    struct seat_roster roster;
    int64_t made; /* of the commit: until there is another hall the book says the same */
    /* private */
    struct hall_ground *ground;
    uint32_t guests;
};

struct halls_options {
    struct store *store;
    const struct plan *plan;
    struct date day;
    size_t limit;    /* bytes of one hall */
    int patience_ms; /* how long halls_enter waits for the follower */
};

/* RC_NOT_FOUND: the book has no units; RC_DB: damaged; RC_INPUT: the plan does not know a kind. */
NODISCARD enum rc halls_open(const struct halls_options *o, struct halls **out, struct err *e);
/* Nobody is in a hall. h may be NULL. */
void halls_close(struct halls *h);

/* Looks at the commits up to `to`; another day is another hall. A failure leaves the hall before in
 * place and is tried again the next time. */
NODISCARD enum rc halls_follow(struct halls *h, int64_t to, struct date day, struct err *e);

/* The hall of commit seq or a later one. RC_BUSY: the follower is not as far in time. */
NODISCARD enum rc halls_enter(struct halls *h, int64_t seq, const struct hall **out, struct err *e);
void halls_leave(struct halls *h, const struct hall *x);

/* Halls and trees that were made, for tests. */
struct halls_stats {
    uint32_t halls, trees;
};
struct halls_stats halls_stats(struct halls *h);

#endif
