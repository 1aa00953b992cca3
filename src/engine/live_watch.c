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

void live_mark_slot(struct live_core *c, struct live_block *b, uint32_t slot)
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

/* Whoever may add up the unit; in the tree of the base that takes over, too. */
static void mark_line(struct live_core *c, struct live_block *b, uint32_t unit)
{
    const struct live_carry *heir = c->heir;
    const uint32_t *units = NULL;
    uint32_t n = lines_of(&c->lines, unit, &units);
    for (uint32_t i = 0; i < n; i++) {
        live_mark_slot(c, b, live_slot_of(b, units[i]));
    }
    uint32_t is = heir && heir->twin.s != heir->twin.t ? heir->twin.unit_is[unit] : NONE;
    n = is == NONE ? 0 : lines_of(&heir->core->lines, is, &units);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t was = heir->twin.unit_was[units[i]];
        if (was != NONE) {
            live_mark_slot(c, b, live_slot_of(b, was));
        }
    }
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
        mark_line(c, b, t->unit[k]);
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

/* ---- trees ---------------------------------------------------------------------------------- */

struct unit_list_of {
    VEC(uint32_t) list;
};

static void add_line(struct live_core *c, struct lines *l, uint32_t unit, const uint32_t *was,
                     bool *seen, struct unit_list_of *out)
{
    const uint32_t *units = NULL;
    uint32_t n = unit == NONE ? 0 : lines_of(l, unit, &units);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t u = was ? was[units[i]] : units[i];
        if (u != NONE && !seen[u]) {
            seen[u] = true;
            vec_push(&c->scratch, &out->list, u);
        }
    }
}

/* On a line of whoever has another history, in either tree. */
static struct unit_list_of lines_changed(struct live_core *c)
{
    struct twin *t = &c->heir->twin;
    struct unit_list_of out = {0};
    bool *seen = ARENA_ARRAY(&c->scratch, bool, (size_t)t->s->n_units + 1);
    for (uint32_t i = 0; i < t->changed.n; i++) {
        add_line(c, &c->lines, t->changed.items[i].was, NULL, seen, &out);
        add_line(c, &c->heir->core->lines, t->changed.items[i].is, t->unit_was, seen, &out);
    }
    return out;
}

/* Whether a block may look at a tree on some day from `since` on: what it asks of a year it may ask
 * of the school year that bears its number. */
static bool looks_at(const struct dep_trees *d, struct date since)
{
    struct period school = {0};
    bool ends =
        d->latest >= PERIOD_YEAR_MIN && period_make(PERIOD_SCHOOL_YEAR, d->latest, 1, &school);
    return !ends || date_cmp(period_last(school), since) >= 0;
}

static void mark_tree(struct live_core *c, struct live_block *b, const struct unit_list_of *units)
{
    struct arena_mark mark = arena_mark(&c->scratch);
    struct dep_trees d = deps_of_trees(&c->scratch, c->cells, &b->b);
    arena_rewind(&c->scratch, mark);
    if (!looks_at(&d, c->heir->twin.since)) {
        return;
    }
    if (d.aside || live_is_most(b, units->list.n)) {
        mark_all(c, b);
        return;
    }
    for (uint32_t i = 0; i < units->list.n; i++) {
        live_mark_slot(c, b, live_slot_of(b, units->list.items[i]));
    }
}

void live_mark_trees(struct live_core *c)
{
    const struct twin *t = &c->heir->twin;
    struct arena_mark mark = arena_mark(&c->scratch);
    struct unit_list_of units = lines_changed(c);
    for (uint32_t i = 0; t->changed.n > 0 && i < t->q->n_commitments; i++) {
        uint32_t was = t->commitment[i];
        const struct live_edition *e =
            was == NONE ? NULL : atomic_load_explicit(&c->editions[was], memory_order_relaxed);
        for (uint32_t k = 0; e && !e->flat && k < e->blocks.n; k++) {
            mark_tree(c, e->blocks.items[k], &units);
        }
    }
    arena_rewind(&c->scratch, mark);
}

static void mark_card(struct live_core *c, uint32_t card, const struct verdict_row *r)
{
    const struct live_edition *e = atomic_load_explicit(&c->editions[card], memory_order_relaxed);
    for (uint32_t i = 0; i < e->blocks.n; i++) {
        struct live_block *b = e->blocks.items[i];
        if (b->b.model.year == r->head->year) {
            live_mark_slot(c, b, live_slot_of(b, r->unit));
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
