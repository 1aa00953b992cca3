/* SPDX-License-Identifier: Apache-2.0 */
/* Many clients at once, each with a thread: as fast as they can, or by a clock (open loop). */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include "bench/book.h"

/* Where report n belongs: each school's forms, year after year. */
struct report_place {
    uint32_t school, form, year;
};
void report_of(const struct book_bench *b, uint64_t n, struct report_place *out);

/* Of the figures of the first reports. */
struct checksum {
    uint64_t rows, known, sum;
};
struct checksum expected(const struct book_bench *b, uint64_t reports);
uint64_t checksum_differs(struct checksum x, struct checksum y);

struct crowd {
    struct rate_wish wish;
    /* Report n by a client; true: acknowledged. a is empty again after each. */
    bool (*work)(void *ctx, uint32_t client, uint64_t n, struct arena *a);
    void *ctx;
};

/* Fills in all but figures and different. */
NODISCARD enum rc crowd_run(struct arena *a, const struct crowd *c, struct rate_times *out,
                            struct err *e);

#endif
