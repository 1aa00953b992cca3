/* SPDX-License-Identifier: Apache-2.0 */
/* Sums by threads. */
#include "app/bandwidth.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/clock.h"
#include "base/err.h"

struct part {
    pthread_t thread;
    const int64_t *x;
    size_t n;
    uint64_t sum;
};

/* Eight sums at a time, so that none waits for the one before. */
static void *sum_of(void *arg)
{
    struct part *p = arg;
    uint64_t s[8] = {0};
    for (size_t i = 0; i + 8 <= p->n; i += 8) {
        for (size_t k = 0; k < 8; k++) {
            s[k] += (uint64_t)p->x[i + k];
        }
    }
    p->sum = s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7];
    return NULL;
}

enum rc bandwidth_make(struct arena *a, size_t bytes, uint32_t threads, struct bandwidth *out,
                       struct err *e)
{
    int64_t *x = arena_try(a, bytes);
    if (!x) {
        return err_set(e, RC_NO_MEMORY, "no memory to read", "没有可读的内存");
    }
    *out = (struct bandwidth){.x = x, .n = bytes / sizeof(int64_t), .threads = threads};
    for (size_t i = 0; i < out->n; i++) {
        x[i] = (int64_t)i;
    }
    return RC_OK;
}

double bandwidth_measure(const struct bandwidth *b)
{
    struct part parts[BANDWIDTH_THREADS_MAX];
    size_t each = b->n / b->threads / 8 * 8;
    uint64_t sum = 0;
    ASSERT(b->threads >= 1 && b->threads <= BANDWIDTH_THREADS_MAX);
    double begin = seconds_now();
    uint32_t started = 0;
    for (uint32_t i = 0; i < b->threads; i++) {
        parts[i] = (struct part){.x = b->x + i * each, .n = each};
    }
    while (started + 1 < b->threads &&
           pthread_create(&parts[started].thread, NULL, sum_of, &parts[started]) == 0) {
        started++;
    }
    for (uint32_t i = started; i < b->threads; i++) { /* the last one, and for whom there is none */
        (void)sum_of(&parts[i]);
    }
    for (uint32_t i = 0; i < b->threads; i++) {
        if (i < started) {
            (void)pthread_join(parts[i].thread, NULL);
        }
        sum += parts[i].sum;
    }
    double seconds = seconds_now() - begin;
    uint64_t n = (uint64_t)each * b->threads;
    ASSERT(sum == n / 2 * (n - 1)); /* n is even */
    return (double)(n * sizeof(int64_t)) / seconds;
}
