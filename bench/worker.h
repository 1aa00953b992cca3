/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contestant in a process of its own, told what to do over a socket. Its answers come back in
 * memory that both see.
 */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include <sys/types.h>

#include "bench/contest.h"

#define WORKER_TEXT 256

/* What a worker says after each order. */
struct reply {
    enum rc rc;
    double seconds[STEPS_MAX];
    int64_t peak_kib;       /* most memory so far */
    char text[WORKER_TEXT]; /* opened: the version; failed: why */
};

struct worker {
    const struct contestant *who;
    pid_t pid;
    int fd;
    struct answers answers;
};

/* Starts it and lets it take the facts in; reply.seconds[0] says how long. */
NODISCARD enum rc worker_start(struct worker *k, const struct contestant *who,
                               const struct workload *w, const struct setting *s,
                               struct reply *reply, struct err *e);
NODISCARD enum rc worker_run(struct worker *k, struct reply *reply, struct err *e);
NODISCARD enum rc worker_answers(struct worker *k, struct reply *reply, struct err *e);
void worker_stop(struct worker *k);

#endif
