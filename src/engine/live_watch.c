/* SPDX-License-Identifier: Apache-2.0 */
/* From an edit to the rows that it may change. */
#include "base/arena.h"
#include "engine/live_int.h"

/* ---- putting up ----------------------------------------------------------------------------- */

static uint64_t key_of(enum dep_thing t, uint32_t id)
{
    return (uint64_t)t << 32 | id;
}

static void put(struct live_core *c, struct live_watch w)
{
    uint64_t key = key_of(w.dep.thing, w.dep.id);
    uint32_t at = c->free_watch;
    w.next = NONE;
    (void)map_u64_get(&c->watched, key, &w.next);
    if (at != NONE) {
        c->free_watch = c->watches.items[at].next;
        c->watches.items[at] = w;
    } else {
        at = c->watches.n;
        vec_push(&c->arena, &c->watches, w);
    }
    map_u64_put(&c->arena, &c->watched, key, at);
}

void live_watch_scopes(struct live_core *c, uint32_t commitment)
{
    struct dep_list deps = {0};
    struct arena_mark mark = arena_mark(&c->scratch);
    deps_of_scopes(&c->scratch, c->cells, commitment, &deps);
    for (uint32_t i = 0; i < deps.list.n; i++) {
        put(c, (struct live_watch){deps.list.items[i], commitment, NONE, NONE, NONE});
    }
    arena_rewind(&c->scratch, mark);
}

/* A block that is not kept (a stacking rule, a sample) is asked by its commitment alone. */
static void deps_of_flat(struct live_core *c, const struct live_edition *e, struct dep_list *deps)
{
    const struct commitment *k = &c->plan->commitments[e->commitment];
    for (int32_t y = c->plan->first_year; y <= c->plan->last_year; y++) {
        struct block b = {
            .commitment = e->commitment, .k = k, .measure = k->condition, .o = {.year = y}};
        deps_of_block(&c->scratch, c->cells, &b, deps);
    }
}

void live_watch_edition(struct live_core *c, const struct live_edition *e)
{
    for (uint32_t i = 0; i < e->blocks.n; i++) {
        struct dep_list deps = {0};
        struct arena_mark mark = arena_mark(&c->scratch);
        if (e->flat) {
            deps_of_flat(c, e, &deps);
        } else {
            deps_of_block(&c->scratch, c->cells, &e->blocks.items[i]->b, &deps);
        }
        for (uint32_t k = 0; k < deps.list.n; k++) {
            struct live_watch w = {deps.list.items[k], e->commitment, i, e->serial, NONE};
            w.dep.opens = w.dep.opens || e->flat;
            put(c, w);
        }
        arena_rewind(&c->scratch, mark);
    }
}

/* ---- marking -------------------------------------------------------------------------------- */

static void mark_block(struct live_core *c, struct live_block *b)
{
    if (!b->dirty_all && b->dirty.n == 0) {
        vec_push(&c->commit, &c->dirty, b);
    }
}

static void mark_slot(struct live_core *c, struct live_block *b, uint32_t slot)
{
    if (slot != NONE && slot < b->b.units.list.n && !b->dirty_all) {
        mark_block(c, b);
        vec_push(&c->commit, &b->dirty, slot);
    }
}

static void mark_all(struct live_core *c, struct live_block *b)
{
    mark_block(c, b);
    b->dirty_all = true;
}

static void follow(struct live_core *c, const struct live_watch *w, const struct live_edition *e,
                   const struct touched *t)
{
    if (w->dep.opens) {
        c->whole[w->commitment] = true;
        return;
    }
    struct live_block *b = e->blocks.items[w->block];
    if (w->dep.all || t->n_units == 0) {
        mark_all(c, b);
        return;
    }
    for (uint32_t k = 0; k < t->n_units; k++) {
        const uint32_t *units = NULL;
        uint32_t n = lines_of(&c->lines, t->unit[k], &units);
        for (uint32_t i = 0; i < n; i++) {
            mark_slot(c, b, live_slot_of(b, units[i]));
        }
    }
}

/* Watches of editions that are no more are taken down on the way. */
static void mark_touched(struct live_core *c, const struct touched *t)
{
    uint64_t key = key_of(t->thing, t->id);
    uint32_t i = NONE;
    uint32_t before = NONE;
    if (!map_u64_get(&c->watched, key, &i)) {
        return;
    }
    while (i != NONE) {
        struct live_watch *w = &c->watches.items[i];
        uint32_t next = w->next;
        const struct live_edition *e =
            atomic_load_explicit(&c->editions[w->commitment], memory_order_relaxed);
        if (w->serial != NONE && w->serial != e->serial) {
            if (before == NONE) {
                map_u64_put(&c->arena, &c->watched, key, next);
            } else {
                c->watches.items[before].next = next;
            }
            w->next = c->free_watch;
            c->free_watch = i;
        } else {
            struct arena_mark mark = arena_mark(&c->scratch);
            bool meet = deps_meet(&c->scratch, c->cells, &w->dep, t);
            arena_rewind(&c->scratch, mark);
            if (meet) {
                follow(c, w, e, t);
            }
            before = i;
        }
        i = next;
    }
}

void live_mark(struct live_core *c, const struct edit *e)
{
    struct touched touched[TOUCHED_MAX];
    uint32_t n = deps_touched(c->cells, e, touched);
    for (uint32_t i = 0; i < n; i++) {
        mark_touched(c, &touched[i]);
    }
    mark_touched(
        c, &(struct touched){
               .thing = DEP_ANY, .from = PERIOD_YEAR_MIN, .to = PERIOD_YEAR_MAX, .item = NONE});
}

static void mark_card(struct live_core *c, uint32_t card, const struct verdict_row *r)
{
    const struct live_edition *e = atomic_load_explicit(&c->editions[card], memory_order_relaxed);
    for (uint32_t i = 0; i < e->blocks.n; i++) {
        struct live_block *b = e->blocks.items[i];
        if (b->b.model.year == r->head->year) {
            mark_slot(c, b, live_slot_of(b, r->unit));
        }
    }
}

void live_mark_cards(struct live_core *c, uint32_t from)
{
    for (uint32_t i = from; i < c->changes.n; i++) {
        const struct live_change *x = &c->changes.items[i];
        const struct verdict_row *r = x->to ? x->to : x->from;
        const struct id_list *cards = &c->cards[r->head->commitment];
        for (uint32_t k = 0; k < cards->list.n; k++) {
            mark_card(c, cards->list.items[k], r);
        }
    }
}
