/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast this machine is with a plan and its facts: what an administrator asks before it is
 * bought, or when it has become slow. Beside the figures stands how fast the memory is read, which
 * no evaluation that looks at every fact can beat.
 *
 * The facts of the pack are opened as always and then judged, several times; for the commits a few
 * figures of theirs are corrected in memory, one by one. Nothing is written anywhere.
 * Ownership: the arena given.
 */
#ifndef APP_BENCH_H
#define APP_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"

struct arena;
struct buf;
struct err;
struct pack;

#define BENCH_THREADS_MAX 64
#define BENCH_ROUNDS      3
#define BENCH_COMMITS     500

struct bench_run {
    uint32_t threads;
    double seconds; /* the fastest of BENCH_ROUNDS */
};

struct bench {
    /* Given. */
    const struct pack *pack; /* open */
    struct date as_of;
    uint32_t threads; /* at most */
    size_t memory;    /* bytes, for the live engine */
    double open_plan, open_tables;
    /* Found. Seconds, unless it says otherwise. */
    uint32_t units, facts, commitments;
    uint32_t verdicts;
    double index; /* what is known on the day, looked up */
    struct bench_run runs[BENCH_THREADS_MAX];
    uint32_t n_runs;
    double live; /* the first evaluation of an engine that is kept up by commits */
    uint32_t commits;
    double median, p90, p99, slowest; /* of a commit of one fact */
    double read_bytes;                /* per second, by all threads */
    uint64_t peak_bytes;
};

NODISCARD enum rc bench_measure(struct arena *a, struct bench *b, struct err *e);
void bench_json(const struct bench *b, struct buf *out);
/* width: columns of the terminal, 0: unbounded. */
void bench_text(struct arena *a, const struct bench *b, bool chinese, uint32_t width,
                struct buf *out);

#endif
