/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real work as a load for the crash harness: people at desks who save, sign, submit, approve,
 * return and correct reports, who keep a register and have its rows reviewed, and an administrator
 * who adds users. After a crash:
 *
 *   every acknowledged act is there, as the commit that was acknowledged;
 *   a submission is whole: in each commit the figures have the status that its state says, and the
 *   rows of a register that of theirs;
 *   the current figures of a form are those of its current document;
 *   nobody is a user who could not log in.
 */
#ifndef TESTS_STORE_CRASH_DESK_H
#define TESTS_STORE_CRASH_DESK_H

#include "store/store.h"
#include "tests/store/fixture.h"

#define DESK_CLERKS  3                 /* each with a form of its own */
#define DESK_WORKERS (DESK_CLERKS + 2) /* and a registrar, and the administrator */

struct desk_plan; /* what the clerks work by; made once per process */

/* Units and a round, in a book that has none. */
const struct desk_plan *desk_plan_make(struct book *b);
void desk_setup(struct book *b, const struct desk_plan *p);

/* Somebody at work: acts until told otherwise, each acknowledged act through `ack`. */
struct desk_worker {
    struct store *store;
    const struct desk_plan *plan;
    uint32_t id;    /* of the worker: clerks, the registrar, the administrator */
    uint32_t round; /* of the harness: who works anew has other names */
    bool (*ack)(void *ctx, int64_t seq); /* false: the end */
    void *ctx;
};
/* One step; *seq is its commit, 0: it was not acknowledged. */
enum rc desk_step(struct arena *a, struct store_reader *r, const struct desk_worker *w,
                  int64_t *seq);
/* For pthread_create; arg: a struct desk_worker. */
void *desk_work(void *arg);

/* Whether a commit is one of these people's. */
bool desk_is_theirs(const struct store_event *ev);
/* The commit is whole. */
void desk_check_event(struct book *b, const struct store_event *ev, const struct store_parcel *p);
/* The book as a whole, open. */
void desk_check_book(struct book *b, const struct desk_plan *p);

#endif
