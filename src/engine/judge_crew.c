/* SPDX-License-Identifier: Apache-2.0 */
/* A plan judged by several threads: whole commitments each, put together in the order of the plan.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/err.h"
#include "engine/columns.h"
#include "engine/judge_int.h"

/* What one commitment came to: rows and findings of a worker. */
struct part {
    uint32_t worker; /* NONE: nobody was asked */
    uint32_t row, n_rows;
    uint32_t finding, n_findings;
};

struct crew;

struct worker {
    struct crew *crew;
    uint32_t at;
    pthread_t thread;
    struct arena arena, scratch;
    struct columns *columns;
    struct verdicts out;
    struct row_index seen;
    enum rc rc;
    struct err e;
};

struct crew {
    struct cells *cells;
    struct judge_query query;
    struct part *parts;    /* by commitment */
    bool rules_stack;      /* then all rules are one piece of work: each reads those before it */
    _Atomic uint32_t next; /* commitment */
    _Atomic bool stopped;  /* somebody failed */
};

/* ---- a worker ------------------------------------------------------------------------------- */

static enum rc judge_one(struct judge *j, struct worker *w, uint32_t commitment)
{
    struct part *p = &w->crew->parts[commitment];
    *p = (struct part){.worker = w->at, .row = w->out.rows.n, .finding = w->out.findings.n};
    verdicts_break(&w->out);
    enum rc rc = judge_commitment(j, commitment);
    verdicts_break(&w->out);
    p->n_rows = w->out.rows.n - p->row;
    p->n_findings = w->out.findings.n - p->finding;
    columns_rest(w->columns, COLUMNS_RESTING_BYTES);
    return rc;
}

static enum rc judge_rules(struct judge *j, struct worker *w, uint32_t first)
{
    enum rc rc = RC_OK;
    for (uint32_t i = first; rc == RC_OK && i < j->plan->n_commitments; i++) {
        bool rule = j->plan->commitments[i].kind == CK_RULE && judge_is_asked(j, i, false);
        rc = rule ? judge_one(j, w, i) : RC_OK;
    }
    return rc;
}

static uint32_t first_rule(const struct judge *j)
{
    uint32_t i = 0;
    while (i < j->plan->n_commitments &&
           !(j->plan->commitments[i].kind == CK_RULE && judge_is_asked(j, i, false))) {
        i++;
    }
    return i;
}

static void work(void *ctx)
{
    struct worker *w = ctx;
    struct crew *crew = w->crew;
    struct evaluator ev;
    struct cells *cells = cells_view(&w->arena, crew->cells);
    w->rc = columns_make(&w->arena, cells, &w->columns, &ev, &w->e);
    struct judge j = judge_new(&w->arena, cells, &ev, crew->query, &w->out, &w->seen);
    j.e = &w->e;
    j.scratch = &w->scratch;
    uint32_t rules = crew->rules_stack ? first_rule(&j) : NONE;
    while (w->rc == RC_OK && !atomic_load(&crew->stopped)) {
        uint32_t i = atomic_fetch_add(&crew->next, 1);
        if (i >= j.plan->n_commitments) {
            return;
        }
        if (i == rules) {
            w->rc = judge_rules(&j, w, i);
        } else if (judge_is_asked(&j, i, false) &&
                   !(crew->rules_stack && j.plan->commitments[i].kind == CK_RULE)) {
            w->rc = judge_one(&j, w, i);
        }
    }
}

static void *run(void *ctx)
{
    struct worker *w = ctx;
    enum rc rc = arena_run(&w->arena, work, w);
    w->rc = rc != RC_OK ? rc : w->rc;
    if (w->rc != RC_OK) {
        atomic_store(&w->crew->stopped, true);
    }
    return NULL;
}

/* ---- putting together ----------------------------------------------------------------------- */

/* Rows and findings of a commitment, as they stand in the worker's memory. */
static void take_part(struct judge *j, const struct worker *workers, const struct part *p)
{
    if (p->worker == NONE) {
        return;
    }
    const struct worker *w = &workers[p->worker];
    verdicts_take(j->arena, j->out, &w->out, p->row, p->n_rows);
    for (uint32_t i = p->finding; i < p->finding + p->n_findings; i++) {
        judge_finding(j, w->out.findings.items[i]);
    }
}

struct assembly {
    struct judge *j;
    const struct worker *workers;
    const struct part *parts;
};

static void assemble(void *ctx)
{
    const struct assembly *x = ctx;
    for (uint32_t i = 0; i < x->j->plan->n_commitments; i++) {
        take_part(x->j, x->workers, &x->parts[i]);
    }
}

/* What the rows do not point to. */
static void forget(struct worker *w)
{
    if (w->columns) {
        columns_release(w->columns);
        w->columns = NULL;
    }
    arena_release(&w->scratch);
}

/* What the rows point to is from now on the caller's. */
static enum rc adopt(struct arena *a, struct worker *workers, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        forget(&workers[i]);
        if (!arena_adopt(a, &workers[i].arena)) {
            return RC_LIMIT;
        }
    }
    return RC_OK;
}

static bool rules_stack(const struct plan *p)
{
    bool any = false;
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        any = any || (p->commitments[i].kind == CK_RULE && p->commitments[i].stacking);
    }
    return any;
}

/* The worst of what went wrong, in order of the workers. */
static enum rc outcome(const struct worker *workers, uint32_t n, struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        if (workers[i].rc != RC_OK) {
            if (e) {
                *e = workers[i].e;
            }
            return workers[i].rc;
        }
    }
    return RC_OK;
}

static uint32_t start(struct crew *crew, struct worker *workers, uint32_t n, size_t room)
{
    uint32_t started = 0;
    for (uint32_t i = 0; i < n; i++) {
        workers[i] = (struct worker){.crew = crew, .at = i};
        arena_init(&workers[i].arena, room / n, "judging");
        arena_init_below(&workers[i].scratch, &workers[i].arena, "a row");
        if (i > 0 && pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0) {
            break; /* fewer do it as well */
        }
        started++;
    }
    return started;
}

enum rc judge_plan_on(struct arena *a, struct cells *c, uint32_t n, struct judge_query q,
                      struct verdicts *out, struct err *e)
{
    const struct plan *p = cells_plan(c);
    struct evaluator none = {0}; /* scorecards measure nothing */
    struct row_index seen = {0};
    n = n < 1 ? 1 : n > JUDGE_THREADS_MAX ? JUDGE_THREADS_MAX : n;
    struct worker *workers = ARENA_ARRAY(a, struct worker, n);
    struct crew crew = {.cells = c,
                        .query = q,
                        .parts = ARENA_ARRAY(a, struct part, p->n_commitments),
                        .rules_stack = rules_stack(p)};
    struct judge j = judge_new(a, c, &none, q, out, &seen);
    j.e = e;
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        crew.parts[i].worker = NONE;
    }
    uint32_t started = start(&crew, workers, n, a->limit_bytes - arena_used(a));
    (void)run(&workers[0]);
    for (uint32_t i = 1; i < started; i++) {
        (void)pthread_join(workers[i].thread, NULL);
    }
    enum rc rc = outcome(workers, started, e);
    if (rc == RC_OK) {
        struct assembly x = {&j, workers, crew.parts};
        rc = adopt(a, workers, started);
        rc = rc == RC_OK ? arena_run(a, assemble, &x) : rc;
    }
    for (uint32_t i = 0; i < started; i++) {
        forget(&workers[i]);
        arena_release(&workers[i].arena);
    }
    return judge_finish(&j, rc);
}
