/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of an evaluation measured alone: the loops over columns, and all roll-ups without rows. */
#ifndef BENCH_PARTS_H
#define BENCH_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "bench/workload.h"

struct arena;
struct err;

/* ---- kernels.c ---- */
#define KERNELS      3
#define KERNEL_SIZES 2 /* in the cache, and not */

/* Nanoseconds that a thousand figures take: as compiled, and written in AVX2 intrinsics. */
struct kernel_time {
    const char *name;
    bool by_hand_runs; /* on this machine */
    double made[KERNEL_SIZES], hand[KERNEL_SIZES];
};

void kernels_measure(struct arena *a, struct kernel_time out[KERNELS]);

/* ---- rollup.c ---- */
struct rollup_times {
    uint32_t sheets; /* roll-ups made: measures at their years */
    double figures;  /* that they add up; 8 bytes each */
    double seconds, bandwidth;
};

/* All roll-ups of the plan by threads; seconds: of the fastest of some. */
NODISCARD enum rc rollup_measure(const struct workload *w, uint32_t threads, uint32_t rounds,
                                 struct rollup_times *out, struct err *e);

#endif
