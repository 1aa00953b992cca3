/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that another base takes over from the one before: those that nothing which differs between
 * the two can reach. */
#include <string.h>

#include "base/arena.h"
#include "engine/live_int.h"

/* ---- what stays ----------------------------------------------------------------------------- */

static void tell(void *ctx, const struct edit *e)
{
    live_mark(ctx, e);
}

/* Slots that are marked, to be asked one by one. */
static void note_stale(struct live_core *c, const struct live_core *from)
{
    for (uint32_t i = 0; i < from->dirty.n; i++) {
        struct live_block *b = from->dirty.items[i];
        if (!b->dirty_all) {
            b->stale = ARENA_ARRAY(&c->commit, bool, b->n_slots);
        }
        for (uint32_t k = 0; !b->dirty_all && k < b->dirty.n; k++) {
            b->stale[b->dirty.items[k]] = true;
        }
    }
}

#define ITEMS_AT_ONCE 8u

/* Each hand takes the next items that none has taken. */
static void compare_some(struct live_hand *h)
{
    struct live_core *c = h->core;
    uint32_t n = c->plan->n_items;
    uint32_t i;
    while ((i = atomic_fetch_add(&c->next, ITEMS_AT_ONCE)) < n) {
        for (uint32_t k = i; k < n && k - i < ITEMS_AT_ONCE; k++) {
            twin_item(&c->carry->twin, &h->commit, k, &h->other);
        }
    }
}

static bool compare(struct live_core *c, struct live_core *from)
{
    struct twin_figures *all = ARENA_ARRAY(&c->commit, struct twin_figures, c->n_hands);
    enum rc rc = live_hands_work(c, compare_some, true, NULL);
    atomic_store(&c->next, 0);
    for (uint32_t i = 0; i < c->n_hands; i++) {
        all[i] = c->hands[i].other;
    }
    return rc == RC_OK && twin_data(&c->carry->twin, all, c->n_hands, tell, from);
}

void live_carry_begin(struct live_core *c, struct live_core *from)
{
    struct live_carry *x = ARENA_NEW(&c->commit, struct live_carry);
    x->core = c;
    x->from = from;
    if (!twin_make(&c->commit, from->cells, c->cells, &x->twin)) {
        return;
    }
    from->heir = x;
    live_mark_trees(from);
    c->carry = x;
    if (compare(c, from)) {
        note_stale(c, from);
    } else {
        c->carry = NULL;
    }
}

static void forget(struct live_core *c)
{
    for (uint32_t i = 0; i < c->n_hands; i++) {
        c->hands[i].runs.items = NULL;
        c->hands[i].runs.n = c->hands[i].runs.cap = 0;
        c->hands[i].other = (struct twin_figures){0};
    }
    for (uint32_t i = 0; i < c->plan->n_commitments; i++) {
        struct live_edition *e = atomic_load_explicit(&c->editions[i], memory_order_relaxed);
        for (uint32_t k = 0; e && k < e->blocks.n; k++) {
            e->blocks.items[k]->stale = NULL;
            e->blocks.items[k]->carried = NULL;
        }
    }
}

void live_carry_end(struct live_core *c, struct live_core *from)
{
    live_core_clean(from);
    forget(from);
    from->heir = NULL;
    if (c) {
        forget(c);
        c->carry = NULL;
    }
}

/* ---- heads ---------------------------------------------------------------------------------- */

static struct str text_of(struct arena *a, struct str was, struct str model, struct str now)
{
    return str_eq(was, model) ? now : str_dup(a, was);
}

/* A block that takes over, and the head of the row before. */
struct taking {
    struct live_hand *h;
    struct live_edition *e;
    struct live_block *b, *from;
    const struct row_head *was, *is;
};

/* The head of a row as the block has it now; NULL: it is of another clause or moment. */
static const struct row_head *head_now(const struct taking *t, const struct row_head *was)
{
    struct arena *a = &t->e->arena;
    const struct verdict *old = &t->from->b.model;
    const struct verdict *now = &t->b->b.model;
    if (was->clause != old->clause || was->at != old->at) {
        return NULL;
    }
    struct row_head *h = ARENA_NEW(a, struct row_head);
    *h = *was;
    h->commitment = t->e->commitment;
    h->part = text_of(a, was->part, old->part, now->part);
    h->definition = text_of(a, was->definition, old->definition, now->definition);
    h->clause = now->clause;
    h->at = now->at;
    h->threshold = rat_dup(a, was->threshold);
    h->threshold2 = rat_dup(a, was->threshold2);
    return h;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static bool take_row(struct taking *t, const struct verdict_row *from, uint32_t unit,
                     struct verdict_row *out)
{
    if (from->head != t->was) {
        t->was = from->head;
        t->is = head_now(t, from->head);
    }
    return t->is && verdict_row_move(&t->e->arena, from, t->is, unit, out);
}

static bool take_rows(struct taking *t, uint32_t i, const struct live_row *was)
{
    struct live_row *r = arena_alloc(&t->e->arena, sizeof *r + was->n * sizeof r->v[0]);
    *r = (struct live_row){.since = t->e->since, .n = was->n, .room = NONE};
    for (uint32_t k = 0; k < was->n; k++) {
        if (!take_row(t, &was->v[k], t->b->b.units.list.items[i], &r->v[k])) {
            return false;
        }
        t->b->head = t->is;
    }
    atomic_store_explicit(live_slot_of_page(t->b, i), r, memory_order_relaxed);
    return true;
}

/* Room for the rows that say no more than a byte: nothing is said yet. */
static bool take_column(struct taking *t)
{
    struct live_block *b = t->b;
    struct arena *a = &t->e->arena;
    const struct row_column *was = &t->from->column;
    uint32_t n = b->b.units.list.n;
    const struct row_head *head = head_now(t, was->model.head);
    struct row_column c = {.n = n, .unit = b->b.units.list.items};
    if (!head || !verdict_row_move(a, &was->model, head, NONE, &c.model)) {
        return false;
    }
    b->codes = ARENA_RAW(a, uint8_t, n);
    memset(b->codes, ROW_CODE_ABSENT, n);
    b->numbers[0] = was->x ? ARENA_RAW(a, int64_t, n) : NULL;
    b->numbers[1] = was->x ? ARENA_RAW(a, int64_t, n) : NULL;
    c.code = b->codes;
    c.x = b->numbers[0];
    c.y = b->numbers[1];
    b->column = c;
    b->head = head;
    return true;
}

/* ---- runs ----------------------------------------------------------------------------------- */

/* Most stand behind the one before. */
static uint32_t slot_before(const struct live_block *from, uint32_t unit, uint32_t next)
{
    const struct unit_ids *was = &from->b.units;
    uint32_t slot = next;
    if (slot >= was->list.n || was->list.items[slot] != unit) {
        slot = live_slot_of(from, unit);
    }
    return slot != NONE && slot < was->list.n ? slot : NONE;
}

static void find_runs(const struct taking *t, struct live_runs *out)
{
    const struct unit_ids *was = &t->from->b.units;
    const struct unit_ids *is = &t->b->b.units;
    const uint32_t *unit_was = t->h->core->carry->twin.unit_was;
    struct live_run run = {0, 0, 0};
    for (uint32_t i = 0; i < is->list.n; i++) {
        uint32_t unit = unit_was[is->list.items[i]];
        uint32_t slot = unit == NONE ? NONE : slot_before(t->from, unit, run.was + run.n);
        if (slot == NONE || was->unsure.items[slot] != is->unsure.items[i]) {
            continue;
        }
        if (run.n > 0 && slot == run.was + run.n && i == run.is + run.n) {
            run.n++;
            continue;
        }
        if (run.n > 0) {
            vec_push(&t->h->commit, &out->list, run);
        }
        run = (struct live_run){slot, i, 1};
    }
    if (run.n > 0) {
        vec_push(&t->h->commit, &out->list, run);
    }
}

/* Blocks share lists: found once for each two. */
static const struct live_runs *runs_of(const struct taking *t)
{
    struct live_hand *h = t->h;
    const uint32_t *was = t->from->b.units.list.items;
    const uint32_t *is = t->b->b.units.list.items;
    for (uint32_t i = 0; i < h->runs.n; i++) {
        if (h->runs.items[i].was == was && h->runs.items[i].is == is) {
            return &h->runs.items[i];
        }
    }
    struct live_runs r = {.was = was, .is = is};
    find_runs(t, &r);
    vec_push(&h->commit, &h->runs, r);
    return &vec_last(&h->runs);
}

static void copy_column(const struct taking *t, const struct live_run *r)
{
    const struct row_column *c = &t->from->column;
    memcpy(t->b->codes + r->is, t->from->codes + r->was, r->n);
    for (uint32_t k = 0; c->x && k < 2; k++) {
        memcpy(t->b->numbers[k] + r->is, (k == 0 ? c->x : c->y) + r->was, r->n * sizeof *c->x);
    }
}

/* What is marked, or stands in a slot. */
static void take_slots(struct taking *t, const struct live_run *r)
{
    struct live_block *o = t->from;
    struct live_block *b = t->b;
    for (uint32_t k = 0; k < r->n; k++) {
        const struct live_row *was = live_chain(o, r->was + k);
        bool stale = o->stale && o->stale[r->was + k];
        if (!stale && !was) {
            continue;
        }
        if (b->codes) {
            b->codes[r->is + k] = ROW_CODE_ABSENT;
        }
        if (stale || !take_rows(t, r->is + k, was)) {
            o->carried[r->was + k] = false;
            b->carried[r->is + k] = false;
            t->h->stats.kept--;
        }
    }
}

static void take_run(struct taking *t, const struct live_run *r)
{
    struct live_block *o = t->from;
    struct live_block *b = t->b;
    if (b->codes) {
        copy_column(t, r);
    }
    if (b->shares) {
        memcpy(b->shares + r->is, o->shares + r->was, r->n * sizeof *b->shares);
    }
    memset(o->carried + r->was, true, r->n);
    memset(b->carried + r->is, true, r->n);
    t->h->stats.kept += r->n;
    take_slots(t, r);
}

/* ---- a block -------------------------------------------------------------------------------- */

/* The block before that asks for the same; NULL: there is none. */
static struct live_block *block_before(const struct live_hand *h, const struct live_edition *e,
                                       const struct live_block *b)
{
    const struct live_carry *x = h->core->carry;
    uint32_t was = x ? x->twin.commitment[e->commitment] : NONE;
    const struct live_edition *old =
        was == NONE || x->from->whole[was]
            ? NULL
            : atomic_load_explicit(&x->from->editions[was], memory_order_relaxed);
    if (!old || old->flat || old->blocks.n != e->blocks.n) {
        return NULL;
    }
    struct live_block *o = old->blocks.items[b->at];
    bool same = !o->dirty_all && !live_is_most(o, o->dirty.n) && (!b->shares || o->shares) &&
                twin_blocks(&x->twin, &o->b, &b->b);
    return same ? o : NULL;
}

bool live_take_over(struct live_hand *h, struct live_edition *e, struct live_block *b)
{
    struct taking t = {.h = h, .e = e, .b = b, .from = block_before(h, e, b)};
    if (!t.from || (t.from->codes && !take_column(&t))) {
        return false;
    }
    size_t room = (size_t)b->n_slots + (b->shape ? b->shape->n : 0);
    t.from->carried = ARENA_ARRAY(&h->commit, bool, t.from->n_slots);
    b->carried = ARENA_ARRAY(&h->commit, bool, room);
    const struct live_runs *runs = runs_of(&t);
    for (uint32_t i = 0; i < runs->list.n; i++) {
        take_run(&t, &runs->list.items[i]);
    }
    return true;
}
