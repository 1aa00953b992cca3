/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commits to the live engine: how long until all verdicts have followed one changed fact, and how
 * long for thousands in one commit. In the end all is judged anew: nothing may come out different.
 */
#ifndef BENCH_COMMITS_H
#define BENCH_COMMITS_H

#include "base/attr.h"
#include "base/err.h"
#include "bench/subject.h"
#include "bench/workload.h"

#define COMMITS_MAX 100000
#define READERS_MAX 32 /* targets that read an item; more are counted as so many */

struct commits {
    uint32_t singles; /* commits of one fact */
    uint32_t batch;   /* facts of one commit */
    uint32_t threads;
    uint32_t changes; /* not 0: of the tree, the plan and the day, too */
};

/* Another plan, tree or day. */
struct change_cost {
    double seconds;
    uint64_t units; /* judged */
};

struct commit_times {
    double make;                        /* the first evaluation */
    uint32_t n;                         /* singles done */
    double median, p90, p99, slowest;   /* of a single */
    double by_readers[READERS_MAX + 1]; /* mean, by how many targets read the item */
    uint32_t n_by_readers[READERS_MAX + 1];
    double rows; /* rows that came out otherwise, mean of the singles */
    double batch;
    uint64_t batch_rows;
    double again; /* all of it from scratch, on what the commits left */
    uint64_t different;
    int64_t peak_kib;
    double attribute;                    /* median of some commits of one attribute */
    struct change_cost day;              /* the next one */
    struct change_cost other[CHANGE__N]; /* by enum change */
    double lend, past; /* what was known on the first day: by the writer; the evaluation */
};

NODISCARD enum rc commits_measure(const struct workload *w, struct commits c,
                                  struct commit_times *out, struct err *e);

#endif
