/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast this machine reads memory: a large array of 64-bit numbers is summed, a part of it by
 * each thread. What no evaluation that looks at every fact can beat.
 */
#ifndef APP_BANDWIDTH_H
#define APP_BANDWIDTH_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"

#define BANDWIDTH_THREADS_MAX 64

struct arena;
struct err;

struct bandwidth {
    int64_t *x;
    size_t n;
    uint32_t threads;
};

/* The array is written once, so that it is there. threads: BANDWIDTH_THREADS_MAX at most.
 * RC_NO_MEMORY. */
NODISCARD enum rc bandwidth_make(struct arena *a, size_t bytes, uint32_t threads,
                                 struct bandwidth *out, struct err *e);
/* Bytes per second of one pass. */
double bandwidth_measure(const struct bandwidth *b);

#endif
