/* SPDX-License-Identifier: Apache-2.0 */
/* A core: everything judged once, then kept up by commits. */
#include "base/arena.h"
#include "engine/live_int.h"

/* ---- making --------------------------------------------------------------------------------- */

/* Scorecards come after all others, whose rows they count. */
static void put_in_order(struct live_core *c)
{
    const struct plan *p = c->plan;
    uint32_t n = 0;
    c->order = ARENA_ARRAY(&c->arena, uint32_t, p->n_commitments);
    c->cards = ARENA_ARRAY(&c->arena, struct id_list, p->n_commitments);
    for (int cards = 0; cards < 2; cards++) {
        for (uint32_t i = 0; i < p->n_commitments; i++) {
            const struct commitment *k = &p->commitments[i];
            if ((k->kind == CK_SCORECARD) != (cards == 1)) {
                continue;
            }
            c->order[n++] = i;
            for (uint32_t s = 0; cards == 1 && s < k->n_scores; s++) {
                vec_push(&c->arena, &c->cards[k->scores[s].commitment].list, i);
            }
        }
    }
}

static void put_in_place(struct live_core *c, struct live_edition *e)
{
    c->opening = NULL;
    atomic_store_explicit(&c->editions[e->commitment], e, memory_order_release);
    live_watch_edition(c, e);
}

enum rc live_core_make(struct live_core *c, const struct plan *p, const struct dataset *d,
                       struct date as_of, struct err *e)
{
    c->plan = p;
    c->free_watch = NONE;
    enum rc rc = cells_make(&c->arena, p, d, as_of, &c->cells, e);
    rc = rc == RC_OK ? columns_make(&c->arena, c->cells, &c->columns, &c->ev, e) : rc;
    if (rc != RC_OK) {
        return rc;
    }
    c->judge = (struct judge){.arena = &c->scratch,
                              .keeps = &c->arena,
                              .plan = p,
                              .cells = c->cells,
                              .ev = &c->ev,
                              .as_of = as_of,
                              .query = {NONE, NONE, 0},
                              .out = &c->out,
                              .e = e,
                              .quiet = true,
                              .rows_at = live_rows_at,
                              .rows_ctx = c};
    judge_evidence(&c->judge);
    lines_init(&c->lines, &c->arena, d->tree);
    put_in_order(c);
    c->editions = ARENA_ARRAY(&c->arena, live_editions, p->n_commitments);
    c->whole = ARENA_ARRAY(&c->arena, bool, p->n_commitments);
    for (uint32_t i = 0; rc == RC_OK && i < p->n_commitments; i++) {
        struct live_edition *edition = NULL;
        rc = live_open(c, c->order[i], c->since, &edition);
        if (rc == RC_OK) {
            put_in_place(c, edition);
            live_watch_scopes(c, c->order[i]);
        }
    }
    c->judge.e = NULL; /* of whoever asks next */
    return rc;
}

void live_core_release(struct live_core *c)
{
    for (uint32_t i = 0; c->editions && i < c->plan->n_commitments; i++) {
        struct live_edition *e = atomic_load_explicit(&c->editions[i], memory_order_relaxed);
        if (e) {
            live_edition_release(c, e);
        }
    }
    if (c->opening) { /* memory ran out on the way */
        arena_release(&c->opening->arena);
    }
    if (c->columns) {
        columns_release(c->columns);
    }
    arena_release(&c->fresh);
    arena_release(&c->commit);
    arena_release(&c->scratch);
    arena_release(&c->arena);
}

/* ---- commits -------------------------------------------------------------------------------- */

static enum rc take(struct live_core *c, const struct edit *edits, uint32_t n)
{
    enum rc rc = RC_OK;
    for (uint32_t i = 0; rc == RC_OK && i < n; i++) {
        uint32_t ix = 0;
        rc = cells_apply(c->cells, &edits[i], &ix);
        if (rc == RC_OK) {
            columns_touch(c->columns, &edits[i]);
            live_mark(c, &edits[i]);
        }
    }
    judge_evidence(&c->judge);
    return rc;
}

void live_replace(struct live_core *c, struct live_edition *e)
{
    struct live_edition *old =
        atomic_load_explicit(&c->editions[e->commitment], memory_order_relaxed);
    e->older = old;
    live_diff_editions(c, old, e);
    live_retire(c->live, (struct live_retired){.at = e->since, .core = c, .edition = old});
    put_in_place(c, e);
}

static enum rc anew(struct live_core *c, uint32_t commitment)
{
    struct live_edition *e = NULL;
    uint64_t next = atomic_load_explicit(&c->live->version, memory_order_relaxed) + 1;
    enum rc rc = live_open(c, commitment, next, &e);
    if (rc == RC_OK) {
        live_replace(c, e);
    }
    return rc;
}

static enum rc mend_blocks(struct live_core *c)
{
    enum rc rc = RC_OK;
    for (uint32_t i = 0; rc == RC_OK && i < c->dirty.n; i++) {
        struct live_block *b = c->dirty.items[i];
        if (!c->whole[b->b.commitment]) {
            rc = live_mend(c, b);
        }
    }
    return rc;
}

/* The first rule, in the order of the plan, one of whose rows has changed. */
static uint32_t first_rule(const struct live_core *c, uint32_t from, uint32_t least)
{
    for (uint32_t i = from; i < c->changes.n; i++) {
        const struct live_change *x = &c->changes.items[i];
        uint32_t k = (x->to ? x->to : x->from)->head->commitment;
        least = c->plan->commitments[k].kind == CK_RULE && k < least ? k : least;
    }
    return least;
}

/* Those whose occasions or units may be others, and rules on top of rules that have changed. */
static enum rc open_anew(struct live_core *c)
{
    enum rc rc = RC_OK;
    uint32_t seen = 0;
    uint32_t rule = NONE;
    for (uint32_t i = 0; rc == RC_OK && i < c->plan->n_commitments; i++) {
        const struct commitment *k = &c->plan->commitments[i];
        rule = first_rule(c, seen, rule);
        seen = c->changes.n;
        if (k->kind != CK_SCORECARD &&
            (c->whole[i] || (k->kind == CK_RULE && k->stacking && rule < i))) {
            rc = anew(c, i);
        }
    }
    return rc;
}

static enum rc mend_cards(struct live_core *c)
{
    enum rc rc = RC_OK;
    uint32_t marked = 0;
    for (uint32_t i = 0; rc == RC_OK && i < c->plan->n_commitments; i++) {
        if (c->plan->commitments[i].kind != CK_SCORECARD) {
            continue;
        }
        const struct live_edition *e = atomic_load_explicit(&c->editions[i], memory_order_relaxed);
        live_mark_cards(c, marked); /* cards may count cards before them */
        marked = c->changes.n;
        c->out.commitment = i;
        for (uint32_t k = 0; rc == RC_OK && k < e->blocks.n; k++) {
            struct live_block *b = e->blocks.items[k];
            rc = b->dirty_all || b->dirty.n > 0 ? live_mend(c, b) : RC_OK;
        }
    }
    return rc;
}

/* Lists of the commit are dropped with its arena. */
static void clean(struct live_core *c)
{
    for (uint32_t i = 0; i < c->dirty.n; i++) {
        struct live_block *b = c->dirty.items[i];
        b->dirty_all = false;
        b->dirty.items = NULL;
        b->dirty.n = b->dirty.cap = 0;
        b->dirty_nodes.items = NULL;
        b->dirty_nodes.n = b->dirty_nodes.cap = 0;
    }
    for (uint32_t i = 0; i < c->plan->n_commitments; i++) {
        c->whole[i] = false;
    }
    c->dirty.items = NULL;
    c->dirty.n = c->dirty.cap = 0;
}

enum rc live_core_apply(struct live_core *c, const struct edit *edits, uint32_t n)
{
    arena_release(&c->commit);
    c->changes.items = NULL;
    c->changes.n = c->changes.cap = 0;
    enum rc rc = take(c, edits, n);
    rc = rc == RC_OK ? mend_blocks(c) : rc;
    rc = rc == RC_OK ? open_anew(c) : rc;
    rc = rc == RC_OK ? mend_cards(c) : rc;
    clean(c);
    return rc;
}
