/* SPDX-License-Identifier: Apache-2.0 */
/* The readers' side: a version pinned, and its rows. */
#include "base/arena.h"
#include "engine/live_int.h"

/* ---- pins ----------------------------------------------------------------------------------- */

struct live_reader *live_reader(struct live *l)
{
    for (uint32_t i = 0; i < LIVE_READERS_MAX; i++) {
        bool was = false;
        if (atomic_compare_exchange_strong(&l->readers[i].taken, &was, true)) {
            return &l->readers[i];
        }
    }
    return NULL;
}

void live_reader_release(struct live_reader *r)
{
    live_unpin(r);
    atomic_store(&r->taken, false);
}

/* The writer looks at the pins after it has published: a pin that it did not see is on a version
 * that is not the newest any more, and is moved. */
uint64_t live_pin(struct live_reader *r)
{
    uint64_t v = atomic_load(&r->live->version);
    for (;;) {
        atomic_store(&r->pinned, v);
        uint64_t now = atomic_load(&r->live->version);
        if (now == v) {
            return v;
        }
        v = now;
    }
}

void live_unpin(struct live_reader *r)
{
    atomic_store(&r->pinned, LIVE_IDLE);
}

static const struct live_core *core_at(const struct live_reader *r, uint64_t version)
{
    const struct live_core *c = atomic_load_explicit(&r->live->core, memory_order_acquire);
    while (c->since > version) {
        c = c->older;
    }
    return c;
}

const struct cells *live_cells(const struct live_reader *r)
{
    uint64_t version = atomic_load_explicit(&r->pinned, memory_order_relaxed);
    return core_at(r, version)->cells;
}

const struct tree *live_tree(const struct live_reader *r)
{
    return cells_dataset(live_cells(r))->tree;
}

/* ---- rows ----------------------------------------------------------------------------------- */

struct live_rows live_rows(const struct live_reader *r, uint32_t commitment, uint32_t unit)
{
    uint64_t version = atomic_load_explicit(&r->pinned, memory_order_relaxed);
    const struct live_core *c = core_at(r, version);
    return (struct live_rows){.core = c, .version = version, .only = commitment, .unit = unit};
}

/* The next block, of this edition or of a later one. */
static const struct live_block *block_at(struct live_rows *x)
{
    for (;;) {
        if (x->edition && x->block < x->edition->blocks.n) {
            return x->edition->blocks.items[x->block];
        }
        if (x->order == x->core->plan->n_commitments) {
            return NULL;
        }
        uint32_t k = x->core->order[x->order++];
        x->block = 0;
        x->slot = 0;
        x->k = 0;
        bool asked = x->only == NONE || x->only == k;
        x->edition = asked ? live_edition_at(&x->core->editions[k], x->version) : NULL;
    }
}

static void next_block(struct live_rows *x)
{
    x->block++;
    x->slot = 0;
    x->k = 0;
}

/* Only the slot of the unit asked about. */
static bool leave_out(const struct live_rows *x, const struct live_block *b, uint32_t *slot)
{
    if (x->unit == NONE || x->edition->flat) {
        return false;
    }
    uint32_t only = live_slot_of(b, x->unit);
    if (only == NONE || *slot > only) {
        return true;
    }
    *slot = only;
    return false;
}

bool live_next(struct live_rows *x)
{
    const struct live_block *b = NULL;
    while ((b = block_at(x)) != NULL) {
        if (x->slot >= b->n_slots || leave_out(x, b, &x->slot)) {
            next_block(x);
            continue;
        }
        struct live_seen seen;
        live_see(b, x->slot, x->version, &seen);
        if (x->k >= seen.n) {
            x->slot++;
            x->k = 0;
            continue;
        }
        x->row = &seen.v[x->k];
        if (x->row == &seen.own) {
            x->own = seen.own;
            x->row = &x->own;
        }
        x->k++;
        if (x->unit == NONE || x->row->unit == x->unit) {
            return true;
        }
    }
    return false;
}

/* ---- lists ---------------------------------------------------------------------------------- */

struct ids {
    VEC(uint32_t) list;
};

/* Units below a node whose rows are missed, or neither that nor met (C09). */
static void list_below(struct arena *a, const struct live_rows *x, const struct live_block *b,
                       uint32_t node, struct ids *counter, struct ids *open)
{
    const struct tree_snap *t = b->tree;
    for (uint32_t i = 0; i < b->b.units.owing.n; i++) {
        uint32_t at = t->index_of[b->b.units.owing.items[i]];
        if (node <= at && at < t->end[node]) {
            vec_push(a, &open->list, b->b.units.owing.items[i]);
        }
    }
    for (uint32_t i = 0; i < b->b.units.list.n; i++) {
        uint32_t at = t->index_of[b->b.units.list.items[i]];
        bool inside = node < at && at < t->end[node];
        struct live_seen r = {.n = 0};
        if (inside) {
            live_see(b, i, x->version, &r);
        }
        if (r.n == 0 || r.v[0].state == ST_NA || r.v[0].state == ST_MET) {
            continue;
        }
        struct ids *to = r.v[0].state == ST_MISSED ? counter : open;
        vec_push(a, &to->list, r.v[0].unit);
    }
}

struct verdict live_verdict(struct arena *a, const struct live_rows *x)
{
    struct verdict v = verdict_unpack(x->row);
    const struct live_block *b = x->edition->blocks.items[x->block];
    struct date day = live_day_at(x->core, x->version);
    if (v.at && date_cmp(v.at->as_of, day) != 0) { /* it was made on an earlier day */
        struct moment *at = ARENA_NEW(a, struct moment);
        *at = *v.at;
        at->as_of = day;
        v.at = at;
    }
    if (b->shape && x->slot >= b->b.units.list.n) {
        struct ids counter = {0};
        struct ids open = {0};
        list_below(a, x, b, b->tree->index_of[v.unit], &counter, &open);
        v.counter = counter.list.items;
        v.n_counter = counter.list.n;
        v.undecided = open.list.items;
        v.n_undecided = open.list.n;
    }
    return v;
}
