/* SPDX-License-Identifier: Apache-2.0 */
/* A later day: what it changes beside the rows that count since. */
#include "base/arena.h"
#include "engine/live_int.h"

/* ---- days of versions ----------------------------------------------------------------------- */

struct date live_day_at(const struct live_core *c, uint64_t version)
{
    const struct live_day *d = atomic_load_explicit(&c->days, memory_order_acquire);
    while (d->older && d->since > version) {
        d = d->older;
    }
    return d->day;
}

void live_day_begin(struct live_core *c, uint64_t since, struct date day)
{
    struct live_day *d = ARENA_NEW(&c->arena, struct live_day);
    struct live_day *older = atomic_load_explicit(&c->days, memory_order_relaxed);
    *d = (struct live_day){older, since, day};
    atomic_store_explicit(&c->days, d, memory_order_release);
}

/* ---- what a day changes --------------------------------------------------------------------- */

static bool crossed(const struct live_core *c, struct date now, struct date due)
{
    return date_cmp(c->was, due) <= 0 && date_cmp(now, due) > 0;
}

/* A cap is pending in green from the first day of its year on. */
static bool begun(const struct live_core *c, struct date now, int32_t year)
{
    return date_year(c->was) < year && year <= date_year(now);
}

/* The figures of a year are complete from today on. */
static bool year_closes(struct live_hand *h, const struct block *b, uint32_t measure, int32_t from,
                        int32_t to)
{
    bool closes = false;
    for (int32_t y = from; !closes && y <= to; y++) {
        struct moment m;
        closes = judge_moment(&h->judge, b->k, measure, &b->o, y, &m) &&
                 date_cmp(h->core->was, m.snapshot) < 0 &&
                 date_cmp(m.snapshot, h->judge.as_of) <= 0;
    }
    return closes;
}

/* Before the deadline it counts which years are over: of a span, and by definitions that are not in
 * force (of the one that is, the moment of the block tells). */
static bool counts_years(struct live_hand *h, const struct block *b)
{
    bool hold = b->o.when.kind == WHEN_HOLD;
    int32_t from = hold ? b->o.when.from_year - 1 : h->core->plan->baseline_year;
    int32_t to = hold ? b->o.when.to_year : b->o.year;
    bool counts = hold && year_closes(h, b, b->measure, from, to);
    for (uint32_t i = 0; b->c->measure == NONE && i < b->k->n_definitions; i++) {
        counts = counts || year_closes(h, b, b->k->definitions[i].measure, from, to);
    }
    return counts;
}

/* The block asks for the same, but not all of its rows answer the same. */
static bool is_other(struct live_hand *h, const struct block *b)
{
    const struct live_core *c = h->core;
    struct arena_mark mark = arena_mark(&h->scratch);
    bool days = deps_of_trees(&h->scratch, h->cells, b).days;
    arena_rewind(&h->scratch, mark);
    struct date now = h->judge.as_of;
    bool other = days || crossed(c, now, b->model.due);
    if (b->k->kind == CK_QUOTA) {
        other = other || begun(c, now, b->model.year);
    } else if (b->c && !b->o.after) {
        other = other || counts_years(h, b);
    }
    return other;
}

/* Pending at a rate that moves with the day (C42). Grey without a number is grey tomorrow. */
static bool has_rate(const struct verdict_row *r)
{
    bool number = r->kind == MV_NUMBER && r->lo.n == r->hi.n && r->lo.d == r->hi.d;
    return r->state == ST_PENDING && (r->light != LIGHT_GREY || number);
}

static void look_for_lights(struct live_hand *h, struct live_block *b)
{
    bool pending = b->b.c && b->b.k->kind != CK_QUOTA && !b->b.o.after;
    for (uint32_t i = 0; pending && i < b->b.units.list.n; i++) {
        struct live_seen seen;
        live_see(b, i, LIVE_NEWEST, &seen);
        if (seen.n > 0 && has_rate(&seen.v[0])) {
            vec_push(&h->commit, &h->due, (struct live_due){b, i});
        }
    }
}

/* ---- commitments ---------------------------------------------------------------------------- */

static bool still_asks(struct live_hand *h, const struct live_edition *was,
                       const struct live_edition *is)
{
    bool same = was->blocks.n == is->blocks.n;
    for (uint32_t i = 0; same && i < is->blocks.n; i++) {
        const struct block *b = &was->blocks.items[i]->b;
        same = twin_blocks(NULL, b, &is->blocks.items[i]->b) && !is_other(h, b);
    }
    return same;
}

/* From now on the blocks are asked on the new day. */
static void move(struct live_hand *h, const struct live_edition *e)
{
    for (uint32_t i = 0; i < e->blocks.n; i++) {
        struct live_block *b = e->blocks.items[i];
        b->b.m.as_of = h->judge.as_of;
        b->b.before.as_of = h->judge.as_of;
        look_for_lights(h, b);
    }
}

static enum rc look_at(struct live_hand *h, uint32_t commitment)
{
    struct live_core *c = h->core;
    struct live_edition *is = NULL;
    const struct live_edition *was =
        atomic_load_explicit(&c->editions[commitment], memory_order_relaxed);
    bool card = c->plan->commitments[commitment].kind == CK_SCORECARD;
    if (was->flat || card || c->whole[commitment]) { /* cards name the day */
        c->whole[commitment] = true;
        return RC_OK;
    }
    enum rc rc = live_look(h, commitment, &is);
    bool same = rc == RC_OK && still_asks(h, was, is);
    live_look_away(h, is);
    c->whole[commitment] = !same;
    if (same) {
        move(h, was);
    }
    return rc;
}

void live_day_look(struct live_hand *h)
{
    const struct live_core *c = h->core;
    live_hand_catch_up(h);
    columns_advance(h->columns, cells_as_of(h->cells));
    h->judge.as_of = cells_as_of(h->cells);
    for (uint32_t i = 0; h->rc == RC_OK && i < c->plan->n_commitments; i++) {
        if (&c->hands[c->hand_of[i]] == h) {
            h->rc = look_at(h, i);
        }
    }
}
