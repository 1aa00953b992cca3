/* SPDX-License-Identifier: Apache-2.0 */
/* Hands of a core: what each thread has to itself, and their work at the same time. */
#include "engine/live_int.h"

/* ---- at work -------------------------------------------------------------------------------- */

static void enter(void *ctx)
{
    struct live_hand *h = ctx;
    h->work(h);
}

static void work_on(struct live_hand *h)
{
    enum rc rc = arena_run(&h->arena, enter, h);
    h->rc = rc != RC_OK ? rc : h->rc;
    if (h->rc != RC_OK) {
        atomic_store(&h->core->stopped, true);
    }
}

static void *run(void *ctx)
{
    work_on(ctx);
    return NULL;
}

static void prepare(struct live_hand *h, void (*work)(struct live_hand *h))
{
    h->work = work;
    h->rc = RC_OK;
    err_clear(&h->e);
    h->judge.e = &h->e;
}

/* What became of it; e: what it said, if anybody asks. */
static enum rc outcome(const struct live_hand *h, struct err *e)
{
    if (h->rc != RC_OK && e) {
        *e = h->e;
    }
    return h->rc;
}

enum rc live_hand_work(struct live_hand *h, void (*work)(struct live_hand *h), struct err *e)
{
    prepare(h, work);
    work_on(h);
    return outcome(h, e);
}

enum rc live_hands_work(struct live_core *c, void (*work)(struct live_hand *h), bool apart,
                        struct err *e)
{
    enum rc rc = RC_OK;
    uint32_t started = 1;
    atomic_store(&c->stopped, false);
    for (uint32_t i = 0; i < c->n_hands; i++) {
        prepare(&c->hands[i], work);
    }
    while (apart && started < c->n_hands &&
           pthread_create(&c->hands[started].thread, NULL, run, &c->hands[started]) == 0) {
        started++;
    }
    work_on(&c->hands[0]);
    for (uint32_t i = 1; i < started; i++) {
        (void)pthread_join(c->hands[i].thread, NULL);
    }
    for (uint32_t i = started; i < c->n_hands; i++) { /* for whom there is no thread */
        work_on(&c->hands[i]);
    }
    for (uint32_t i = 0; rc == RC_OK && i < c->n_hands; i++) {
        rc = outcome(&c->hands[i], e);
    }
    return rc;
}

/* ---- making --------------------------------------------------------------------------------- */

static void begin(struct live_hand *h)
{
    struct live_core *c = h->core;
    h->cells = cells_view(&h->arena, c->cells);
    h->rc = columns_make(&h->arena, h->cells, &h->columns, &h->ev, &h->e);
    h->judge = (struct judge){.arena = &h->scratch,
                              .keeps = &h->arena,
                              .plan = c->plan,
                              .cells = h->cells,
                              .ev = &h->ev,
                              .as_of = cells_as_of(c->cells),
                              .query = {NONE, NONE, 0},
                              .out = &h->out,
                              .e = &h->e,
                              .quiet = true,
                              .rows_at = live_rows_at,
                              .rows_ctx = c};
    judge_evidence(&h->judge);
}

enum rc live_hands_make(struct live_core *c, uint32_t n, struct err *e)
{
    c->hands = ARENA_ARRAY(&c->arena, struct live_hand, n);
    for (uint32_t i = 0; i < n; i++) {
        struct live_hand *h = &c->hands[c->n_hands++];
        h->core = c;
        arena_init_within(&h->arena, &c->budget, "live");
        arena_init_below(&h->scratch, &h->arena, "live scratch");
        arena_init_below(&h->commit, &h->arena, "commit");
        arena_init_below(&h->fresh, &h->arena, "a row");
    }
    return live_hands_work(c, begin, false, e);
}

void live_hands_release(struct live_core *c)
{
    for (uint32_t i = 0; i < c->n_hands; i++) {
        struct live_hand *h = &c->hands[i];
        if (h->opening) { /* memory ran out on the way */
            arena_release(&h->opening->arena);
        }
        if (h->columns) {
            columns_release(h->columns);
        }
        arena_release(&h->fresh);
        arena_release(&h->commit);
        arena_release(&h->scratch);
        arena_release(&h->arena);
    }
}

void live_hands_rest(struct live_core *c, size_t most)
{
    for (uint32_t i = 0; i < c->n_hands; i++) {
        columns_rest(c->hands[i].columns, most);
    }
}

void live_hand_catch_up(struct live_hand *h)
{
    struct live_core *c = h->core;
    arena_release(&h->commit);
    h->changes.items = NULL;
    h->changes.n = h->changes.cap = 0;
    h->due.items = NULL;
    h->due.n = h->due.cap = 0;
    cells_view_again(h->cells, c->cells);
    for (uint32_t i = 0; i < c->n_edits; i++) {
        columns_touch(h->columns, &c->edits[i]);
    }
    judge_evidence(&h->judge);
}
