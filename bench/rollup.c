/* SPDX-License-Identifier: Apache-2.0 */
/* Every measure that rolls up, in every year it is asked in, and nothing else: no rows. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "app/bandwidth.h"
#include "bench/contest.h"
#include "bench/parts.h"
#include "bench/subject.h"
#include "engine/cells.h"
#include "engine/columns.h"

#define ROLLUP_BYTES ((size_t)64 << 30) /* the machine is the limit */
#define READ_BYTES   ((size_t)1 << 30)

struct question {
    uint32_t e;
    struct moment m;
};

struct questions {
    VEC(struct question) list;
    double figures;
};

/* Figures that are added up for one member. */
static uint32_t items_in(const struct plan *p, uint32_t e)
{
    if (e == NONE) {
        return 0;
    }
    const struct expr *x = &p->exprs[e];
    return (x->op == EX_ITEM) + items_in(p, x->a) + items_in(p, x->b) + items_in(p, x->c);
}

static void collect(struct arena *a, const struct subject *s, struct questions *out)
{
    for (uint32_t i = 0; i < s->plan->n_commitments; i++) {
        const struct commitment *k = &s->plan->commitments[i];
        for (uint32_t t = 0; t < k->n_targets; t++) {
            uint32_t e = k->targets[t].measure;
            bool above = e != NONE && s->plan->exprs[e].grain_kind == NONE;
            for (int32_t y = 0; above && y < YEARS; y++) {
                struct question q = {.e = e};
                if (moment_of_year(s->plan, e, NULL, FIRST_YEAR + y, s->as_of, &q.m)) {
                    vec_push(a, &out->list, q);
                    out->figures += (double)items_in(s->plan, e) * s->w->shape.schools;
                }
            }
        }
    }
}

struct crew {
    const struct cells *cells;
    const struct questions *questions;
    uint32_t root;
    _Atomic uint32_t next;
};

struct hand {
    struct crew *crew;
    pthread_t thread;
    struct arena arena;
    enum rc rc;
};

/* The look that a measure takes first makes its sheet. */
static void ask_all(void *ctx)
{
    struct hand *h = ctx;
    struct columns *columns;
    struct evaluator ev;
    struct err e = {0};
    struct cells *cells = cells_view(&h->arena, h->crew->cells);
    h->rc = columns_make(&h->arena, cells, &columns, &ev, &e);
    while (h->rc == RC_OK) {
        uint32_t i = atomic_fetch_add(&h->crew->next, 1);
        if (i >= h->crew->questions->list.n) {
            break;
        }
        const struct question *q = &h->crew->questions->list.items[i];
        struct cursor c = {.e = q->e, .m = q->m};
        struct known v;
        (void)ev.known(ev.ctx, &c, h->crew->root, &v);
    }
    if (h->rc == RC_OK) {
        columns_release(columns);
    }
}

static void *work(void *arg)
{
    struct hand *h = arg;
    enum rc rc = arena_run(&h->arena, ask_all, h);
    h->rc = rc != RC_OK ? rc : h->rc;
    return NULL;
}

static enum rc one_round(struct crew *crew, uint32_t threads, double *seconds)
{
    struct hand hands[BANDWIDTH_THREADS_MAX];
    enum rc rc = RC_OK;
    double begin = seconds_now();
    atomic_store(&crew->next, 0);
    for (uint32_t i = 0; i < threads; i++) {
        hands[i] = (struct hand){.crew = crew};
        arena_init(&hands[i].arena, ROLLUP_BYTES / threads, "roll-up");
        if (i > 0 && pthread_create(&hands[i].thread, NULL, work, &hands[i]) != 0) {
            threads = i;
        }
    }
    (void)work(&hands[0]);
    for (uint32_t i = 1; i < threads; i++) {
        (void)pthread_join(hands[i].thread, NULL);
    }
    *seconds = seconds_now() - begin;
    for (uint32_t i = 0; i < threads; i++) {
        rc = rc == RC_OK ? hands[i].rc : rc;
        arena_release(&hands[i].arena);
    }
    return rc;
}

static enum rc measure(struct arena *a, const struct workload *w, uint32_t threads, uint32_t rounds,
                       struct rollup_times *out, struct err *e)
{
    struct subject s;
    struct cells *cells;
    struct questions q = {.figures = 0};
    struct bandwidth b;
    TRY(subject_make(a, w, CHANGE_NONE, &s, e));
    TRY(cells_make(a, s.plan, &s.data, s.as_of, &cells, e));
    TRY(bandwidth_make(a, READ_BYTES, threads, &b, e));
    collect(a, &s, &q);
    struct crew crew = {.cells = cells, .questions = &q};
    *out = (struct rollup_times){.sheets = q.list.n, .figures = q.figures};
    for (uint32_t i = 0; i < rounds; i++) {
        double seconds;
        double bandwidth = bandwidth_measure(&b);
        TRY(one_round(&crew, threads, &seconds));
        out->seconds = i == 0 || seconds < out->seconds ? seconds : out->seconds;
        out->bandwidth = bandwidth > out->bandwidth ? bandwidth : out->bandwidth;
    }
    return RC_OK;
}

enum rc rollup_measure(const struct workload *w, uint32_t threads, uint32_t rounds,
                       struct rollup_times *out, struct err *e)
{
    struct arena a;
    arena_init(&a, ROLLUP_BYTES, "roll-up");
    enum rc rc = measure(&a, w, threads, rounds, out, e);
    arena_release(&a);
    return rc;
}
