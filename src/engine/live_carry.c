/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that another base takes over from the one before: those that nothing which differs between
 * the two can reach. */
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
    if (twin_data(&x->twin, tell, from)) {
        note_stale(c, from);
        c->carry = x;
    }
}

static void forget(struct live_core *c)
{
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

/* ---- a block -------------------------------------------------------------------------------- */

void live_take_from(struct live_hand *h, const struct live_edition *e, struct live_block *b,
                    struct live_taking *t)
{
    const struct live_carry *x = h->core->carry;
    *t = (struct live_taking){.from = NULL};
    uint32_t was = x ? x->twin.commitment[e->commitment] : NONE;
    const struct live_edition *old =
        was == NONE || x->from->whole[was]
            ? NULL
            : atomic_load_explicit(&x->from->editions[was], memory_order_relaxed);
    if (!old || old->flat || old->blocks.n != e->blocks.n) {
        return;
    }
    struct live_block *o = old->blocks.items[b->at];
    if (!o->dirty_all && (!b->shares || o->shares) && twin_blocks(&x->twin, &o->b, &b->b)) {
        o->carried = ARENA_ARRAY(&h->commit, bool, o->n_slots);
        b->carried =
            ARENA_ARRAY(&h->commit, bool, (size_t)b->n_slots + (b->shape ? b->shape->n : 0));
        t->from = o;
    }
}

/* ---- a unit --------------------------------------------------------------------------------- */

static uint32_t slot_before(const struct live_hand *h, const struct live_block *b, uint32_t i,
                            struct live_taking *t)
{
    const struct unit_ids *was = &t->from->b.units;
    uint32_t unit = h->core->carry->twin.unit_was[b->b.units.list.items[i]];
    uint32_t slot = t->next;
    if (unit == NONE) {
        return NONE;
    }
    if (slot >= was->list.n || was->list.items[slot] != unit) {
        slot = live_slot_of(t->from, unit);
    }
    bool there = slot != NONE && slot < was->list.n;
    t->next = there ? slot + 1 : t->next;
    return there ? slot : NONE;
}

static struct str text_of(struct arena *a, struct str was, struct str model, struct str now)
{
    return str_eq(was, model) ? now : str_dup(a, was);
}

/* The head of a row as the block has it now; NULL: it is of another clause or moment. */
static const struct row_head *head_now(struct live_edition *e, const struct live_block *b,
                                       const struct live_block *from, const struct row_head *was)
{
    const struct verdict *old = &from->b.model;
    const struct verdict *now = &b->b.model;
    if (was->clause != old->clause || was->at != old->at) {
        return NULL;
    }
    struct row_head *h = ARENA_NEW(&e->arena, struct row_head);
    *h = *was;
    h->commitment = e->commitment;
    h->part = text_of(&e->arena, was->part, old->part, now->part);
    h->definition = text_of(&e->arena, was->definition, old->definition, now->definition);
    h->clause = now->clause;
    h->at = now->at;
    h->threshold = rat_dup(&e->arena, was->threshold);
    h->threshold2 = rat_dup(&e->arena, was->threshold2);
    return h;
}

static bool take_row(struct live_edition *e, const struct live_block *b, struct live_taking *t,
                     const struct verdict_row *from, uint32_t unit, struct verdict_row *out)
{
    if (from->head != t->was) {
        t->was = from->head;
        t->is = head_now(e, b, t->from, from->head);
    }
    return t->is && verdict_row_move(&e->arena, from, t->is, unit, out);
}

bool live_take_unit(struct live_hand *h, struct live_edition *e, struct live_block *b, uint32_t i,
                    struct live_taking *t)
{
    struct live_block *o = t->from;
    uint32_t slot = slot_before(h, b, i, t);
    if (slot == NONE || (o->stale && o->stale[slot]) ||
        o->b.units.unsure.items[slot] != b->b.units.unsure.items[i]) {
        return false;
    }
    const struct live_row *was = live_newest(&o->slots[slot]);
    if (was && was->n > 0) {
        struct live_row *r = arena_alloc(&e->arena, sizeof *r + was->n * sizeof r->v[0]);
        *r = (struct live_row){.since = e->since, .n = was->n, .room = NONE};
        for (uint32_t k = 0; k < was->n; k++) {
            if (!take_row(e, b, t, &was->v[k], b->b.units.list.items[i], &r->v[k])) {
                return false;
            }
        }
        b->head = t->is;
        atomic_store_explicit(&b->slots[i], r, memory_order_relaxed);
    }
    if (b->shares) {
        b->shares[i] = o->shares[slot];
    }
    o->carried[slot] = true;
    b->carried[i] = true;
    h->stats.kept++;
    return true;
}
