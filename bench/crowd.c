/* SPDX-License-Identifier: Apache-2.0 */
/* Clients and their clock. */
#include "bench/crowd.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "bench/contest.h"

#define CLIENT_BYTES ((size_t)256 << 20)
#define STACK_BYTES  ((size_t)1 << 20)

struct course {
    const struct crowd *crowd;
    _Atomic uint64_t next, failed;
    double begin;
    double *latency; /* by report */
};

struct client {
    struct course *course;
    uint32_t number;
    pthread_t thread;
};

static void sleep_until(double when)
{
    double left = when - seconds_now();
    if (left > 0) {
        struct timespec t = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
        (void)nanosleep(&t, NULL);
    }
}

/* Reports arrive by the clock, whether the ones before are answered or not. */
static void *run_client(void *ctx)
{
    struct client *me = ctx;
    struct course *c = me->course;
    const struct rate_wish *w = &c->crowd->wish;
    struct arena a;
    arena_init(&a, CLIENT_BYTES, "client");
    for (;;) {
        uint64_t n = atomic_fetch_add(&c->next, 1);
        if (n >= w->reports) {
            break;
        }
        double arrived = seconds_now();
        if (w->per_second > 0) {
            arrived = c->begin + (double)n / w->per_second;
            sleep_until(arrived);
        }
        if (!c->crowd->work(c->crowd->ctx, me->number, n, &a)) {
            atomic_fetch_add(&c->failed, 1);
        }
        c->latency[n] = seconds_now() - arrived;
        arena_release(&a);
    }
    return NULL;
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x;
    double b = *(const double *)y;
    return a < b ? -1 : a > b;
}

enum rc crowd_run(struct arena *a, const struct crowd *crowd, struct rate_times *out, struct err *e)
{
    const struct rate_wish *w = &crowd->wish;
    struct course c = {.crowd = crowd, .latency = ARENA_ARRAY(a, double, w->reports + 1U)};
    struct client *clients = ARENA_ARRAY(a, struct client, w->clients);
    uint32_t n = 0;
    pthread_attr_t small;
    *out = (struct rate_times){0};
    c.begin = seconds_now();
    if (pthread_attr_init(&small) != 0 || pthread_attr_setstacksize(&small, STACK_BYTES) != 0) {
        return err_set(e, RC_NO_MEMORY, "no room for threads", "无法建立线程");
    }
    for (; n < w->clients; n++) {
        clients[n] = (struct client){.course = &c, .number = n};
        if (pthread_create(&clients[n].thread, &small, run_client, &clients[n]) != 0) {
            break;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        (void)pthread_join(clients[i].thread, NULL);
    }
    (void)pthread_attr_destroy(&small);
    out->seconds = seconds_now() - c.begin;
    if (n < w->clients) {
        return err_set(e, RC_NO_MEMORY, "no room for %u threads", "无法建立 %u 个线程", w->clients);
    }
    qsort(c.latency, w->reports, sizeof *c.latency, by_size);
    out->done = w->reports;
    out->failed = atomic_load(&c.failed);
    out->p50 = c.latency[w->reports / 2];
    out->p99 = c.latency[w->reports - 1 - w->reports / 100];
    out->slowest = c.latency[w->reports - 1];
    return RC_OK;
}
