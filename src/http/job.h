/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work that looks at the whole region (service.md, 20): one of a kind at a time, on a thread of its
 * own with a hand of its own; looked at while it goes on, and cancelled.
 *
 * Invariants
 *   JB1 A second one of a kind is refused while the first is at work.
 *   JB2 What came of the last one stays to be read until the next one begins.
 *   JB3 A job that is cancelled stops where it next tells how far it is; what it has recorded by
 *       then stays, and it records nothing more.
 */
#ifndef HTTP_JOB_H
#define HTTP_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/rc.h"
#include "model/progress.h"

struct arena;
struct hand;
struct service;
struct store_reader;

enum job_kind { JOB_AUDIT, JOB_DOCTOR, JOB_QUESTIONS, JOB_EFFECT, JOB__N };
enum job_state { JOB_NONE, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

struct jobs; /* opaque; any thread */

#define JOB_USER_BYTES   65U
#define JOB_UNIT_BYTES   301U
#define JOB_ANSWER_BYTES (16U << 20)
#define JOB_BYTES        ((size_t)512 << 20) /* of memory */

/* At work: everything in a, which is the hand's. */
struct job_work {
    struct jobs *jobs;
    enum job_kind kind;
    struct str by, unit, sent; /* as it was begun */
    struct hand *hand;
    struct arena *a;
    struct store_reader *reader;
    int64_t now;
    struct progress progress; /* JB3 */
    struct buf *out;          /* the answer, as JSON */
};
typedef enum rc job_fn(struct job_work *w, struct err *e);

struct job_order {
    struct str by;   /* user */
    struct str unit; /* where; "": everywhere */
    struct str sent; /* the body of the request */
    job_fn *fn;
};

/* What there is to see. */
struct job_look {
    enum job_state state;
    int64_t began, ended;      /* microseconds since 1970; 0: not yet */
    char by[JOB_USER_BYTES];   /* user */
    char unit[JOB_UNIT_BYTES]; /* code; "": all */
    enum progress_counts counted;
    int64_t done, of; /* so many of these */
    struct err why;   /* JOB_FAILED */
};

struct jobs *jobs_open(struct arena *a, struct service *s);
/* Cancels those at work, and waits for them. j may be NULL. */
void jobs_close(struct jobs *j);
/* RC_CONFLICT: JB1. */
NODISCARD enum rc jobs_start(struct jobs *j, enum job_kind kind, const struct job_order *o,
                             struct err *e);
/* JB3; of none at work nothing. */
void jobs_cancel(struct jobs *j, enum job_kind kind);
/* answer: of JOB_DONE; not in an arena, as it is written under a lock (base/arena.h, A5). */
void jobs_look(struct jobs *j, enum job_kind kind, struct job_look *out, struct buf *answer);

#endif
