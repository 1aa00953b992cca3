/* SPDX-License-Identifier: Apache-2.0 */
/* Sums by threads. */
#include "bench/bandwidth.h"

#include <pthread.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "base/err.h"
#include "bench/contest.h"

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

enum rc bandwidth_make(struct bandwidth *b, size_t bytes, uint32_t threads, struct err *e)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        return err_set(e, RC_NO_MEMORY, "no memory to read", "没有可读的内存");
    }
    *b = (struct bandwidth){.x = p, .n = bytes / sizeof(int64_t), .threads = threads};
    for (size_t i = 0; i < b->n; i++) {
        b->x[i] = (int64_t)i;
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
    for (uint32_t i = 0; i < b->threads; i++) {
        parts[i] = (struct part){.x = b->x + i * each, .n = each};
        ASSERT(pthread_create(&parts[i].thread, NULL, sum_of, &parts[i]) == 0);
    }
    for (uint32_t i = 0; i < b->threads; i++) {
        ASSERT(pthread_join(parts[i].thread, NULL) == 0);
        sum += parts[i].sum;
    }
    double seconds = seconds_now() - begin;
    uint64_t n = (uint64_t)each * b->threads;
    ASSERT(sum == n / 2 * (n - 1)); /* n is even */
    return (double)(n * sizeof(int64_t)) / seconds;
}
