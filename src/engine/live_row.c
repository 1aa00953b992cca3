/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the live engine: chains of versions, and what becomes of those nobody sees any more. */
#include "base/arena.h"
#include "engine/live_int.h"

/* ---- slots ---------------------------------------------------------------------------------- */

void live_pages_make(struct live_block *b, uint32_t n)
{
    b->pages = ARENA_ARRAY(b->arena, live_page, (size_t)n / LIVE_PAGE_SLOTS + 1);
}

live_slot *live_slot_of_page(struct live_block *b, uint32_t slot)
{
    live_page *at = &b->pages[slot / LIVE_PAGE_SLOTS];
    struct live_slots *p = atomic_load_explicit(at, memory_order_relaxed);
    if (!p) {
        p = ARENA_NEW(b->arena, struct live_slots);
        atomic_store_explicit(at, p, memory_order_release);
    }
    return &p->slot[slot % LIVE_PAGE_SLOTS];
}

/* ---- seeing --------------------------------------------------------------------------------- */

static bool in_column(const struct live_block *b, uint32_t slot)
{
    return b->codes && slot < b->column.n && b->codes[slot] != ROW_CODE_ABSENT;
}

void live_see(const struct live_block *b, uint32_t slot, uint64_t version, struct live_seen *out)
{
    const struct live_row *r = live_chain(b, slot);
    while (r && r->since > version) {
        r = r->older;
    }
    out->n = 0;
    if (r) {
        out->v = r->v;
        out->n = r->n;
    } else if (in_column(b, slot)) {
        out->own = row_column_at(&b->column, slot);
        out->v = &out->own;
        out->n = 1;
    }
}

const struct live_edition *live_edition_at(const live_editions *e, uint64_t version)
{
    const struct live_edition *x = atomic_load_explicit(e, memory_order_acquire);
    while (x && x->since > version) {
        x = x->older;
    }
    return x;
}

/* ---- making --------------------------------------------------------------------------------- */

/* What a row points to moves to where the row lives. */
static struct verdict_row kept(struct arena *a, struct live_block *b, const struct verdict *v)
{
    struct verdict copy = verdict_dup(a, v);
    const struct row_head *head = b->head;
    bool own_part = v->part.n > 0 && v->part.p != b->b.model.part.p;
    if (own_part) {
        copy.part = str_dup(a, v->part);
    }
    if (v->at && v->at != b->b.model.at) { /* of a block that is not kept */
        bool same = head && head->at && head->year == v->year && head->clause == v->clause;
        struct moment *at = same ? NULL : ARENA_NEW(a, struct moment);
        if (at) {
            *at = *v->at;
        }
        copy.at = at ? at : head->at;
    }
    return verdict_pack(a, &copy, &head);
}

void live_row_plain(struct live_edition *e, struct live_block *b, uint32_t slot,
                    const struct verdict_row *row)
{
    struct live_row *r = arena_alloc(&e->arena, sizeof *r + sizeof r->v[0]);
    *r = (struct live_row){.since = e->since, .n = 1, .room = NONE};
    r->v[0] = *row;
    b->head = row->head;
    atomic_store_explicit(live_slot_of_page(b, slot), r, memory_order_relaxed);
}

void live_row_first(struct live_edition *e, struct live_block *b, uint32_t slot,
                    const struct verdict *rows, uint32_t n)
{
    if (n == 0) {
        return;
    }
    struct live_row *r = arena_alloc(&e->arena, sizeof *r + n * sizeof r->v[0]);
    *r = (struct live_row){.since = e->since, .n = n, .room = NONE};
    for (uint32_t i = 0; i < n; i++) {
        r->v[i] = kept(&e->arena, b, &rows[i]);
        b->head = r->v[i].head;
    }
    atomic_store_explicit(live_slot_of_page(b, slot), r, memory_order_relaxed);
}

static uint32_t class_of(uint32_t n)
{
    uint32_t k = 0;
    while ((uint64_t)1 << k < n) {
        k++;
    }
    return k;
}

static struct live_row *row_with_room(struct live_hand *h, uint32_t n)
{
    uint32_t k = class_of(n);
    struct live_row *r = h->pool[k];
    if (r) {
        h->pool[k] = r->older;
    } else {
        r = arena_alloc(&h->arena, sizeof *r + sizeof r->v[0] * ((size_t)1 << k));
    }
    *r = (struct live_row){.n = n, .room = k};
    return r;
}

static bool as_it_was(const struct live_seen *r, const struct verdict *rows, uint32_t n)
{
    bool same = n == r->n;
    for (uint32_t i = 0; same && i < n; i++) {
        struct verdict v = verdict_unpack(&r->v[i]);
        same = verdict_eq(&v, &rows[i]);
    }
    return same;
}

void live_tell(struct live_hand *h, const struct verdict_row *from, const struct verdict_row *to)
{
    vec_push(&h->commit, &h->changes, (struct live_change){from, to});
}

static bool row_eq(const struct verdict_row *x, const struct verdict_row *y)
{
    struct verdict v = verdict_unpack(x);
    struct verdict w = verdict_unpack(y);
    return verdict_eq(&v, &w);
}

static const struct verdict_row *of_part(const struct verdict_row *v, uint32_t n, struct str part)
{
    for (uint32_t i = 0; i < n; i++) {
        if (str_eq(v[i].head->part, part)) {
            return &v[i];
        }
    }
    return NULL;
}

/* To point to until the next commit. */
static const struct verdict_row *hold(struct live_hand *h, const struct live_seen *x, uint32_t i)
{
    if (x->v != &x->own) {
        return &x->v[i];
    }
    struct verdict_row *r = ARENA_NEW(&h->commit, struct verdict_row);
    *r = x->own;
    return r;
}

/* One by one; several rows of a slot are told apart by their parts. */
static void tell_rows(struct live_hand *h, const struct live_seen *from, const struct live_row *to)
{
    for (uint32_t i = 0; i < from->n; i++) {
        const struct verdict_row *now = of_part(to->v, to->n, from->v[i].head->part);
        if (!now || !row_eq(&from->v[i], now)) {
            live_tell(h, hold(h, from, i), now);
        }
    }
    for (uint32_t i = 0; i < to->n; i++) {
        if (!of_part(from->v, from->n, to->v[i].head->part)) {
            live_tell(h, NULL, &to->v[i]);
        }
    }
}

static struct arena *room_for_deep(struct live_hand *h)
{
    return h->spare.n > 0 ? vec_pop(&h->spare) : ARENA_NEW(&h->arena, struct arena);
}

bool live_row_set(struct live_hand *h, struct live_block *b, uint32_t slot,
                  const struct verdict *rows, uint32_t n)
{
    struct live_seen seen;
    live_see(b, slot, LIVE_NEWEST, &seen);
    if (as_it_was(&seen, rows, n)) {
        return false;
    }
    live_slot *place = live_slot_of_page(b, slot);
    struct live_row *old = live_chain(b, slot);
    uint64_t next = atomic_load_explicit(&h->core->live->version, memory_order_relaxed) + 1;
    struct live_row *r = row_with_room(h, n);
    for (uint32_t i = 0; i < n; i++) {
        r->v[i] = kept(&h->fresh, b, &rows[i]);
    }
    struct arena *deep = arena_used(&h->fresh) > 0 ? room_for_deep(h) : NULL;
    if (old) {
        live_retire(h, (struct live_retired){.at = next, .row = old});
    }
    if (deep) { /* from here to the slot nothing asks for memory: nothing is lost */
        *deep = h->fresh;
        arena_init_below(&h->fresh, &h->arena, "a row");
    }
    r->deep = deep;
    r->since = next;
    r->older = old;
    atomic_store_explicit(place, r, memory_order_release);
    tell_rows(h, &seen, r);
    h->stats.rows++;
    return true;
}

/* ---- letting go ----------------------------------------------------------------------------- */

void live_retire(struct live_hand *h, struct live_retired x)
{
    vec_push(&h->arena, &h->retired, x);
}

void live_row_release(struct live_hand *h, struct live_row *r)
{
    if (r->deep) {
        arena_release(r->deep);
        (void)vec_try_push(&h->arena, &h->spare, r->deep); /* else it is not used again */
        r->deep = NULL;
    }
    if (r->room != NONE) {
        r->older = h->pool[r->room];
        h->pool[r->room] = r;
    }
}

uint64_t live_oldest(const struct live *l)
{
    uint64_t oldest = atomic_load(&l->version);
    for (uint32_t i = 0; i < LIVE_READERS_MAX; i++) {
        uint64_t v = atomic_load(&l->readers[i].pinned);
        oldest = v < oldest ? v : oldest;
    }
    return oldest;
}

static void let_go(struct live_hand *h, uint64_t oldest)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < h->retired.n; i++) {
        const struct live_retired *x = &h->retired.items[i];
        if (x->at > oldest) {
            h->retired.items[n++] = *x;
        } else if (x->row) {
            live_row_release(h, x->row);
        } else {
            live_edition_release(h, x->edition);
        }
    }
    h->retired.n = n;
}

void live_let_go(struct live_hand *h)
{
    let_go(h, UINT64_MAX);
}

static void reclaim(struct live *l, uint64_t oldest)
{
    const struct live_core *now = atomic_load_explicit(&l->core, memory_order_relaxed);
    uint32_t n = 0;
    for (uint32_t i = 0; i < now->n_hands; i++) {
        let_go(&now->hands[i], oldest);
    }
    for (uint32_t i = 0; i < l->gone.n; i++) {
        struct live_core *c = l->gone.items[i].core;
        if (l->gone.items[i].at <= oldest && atomic_load(&c->pasts) == 0) {
            live_core_release(c);
        } else {
            l->gone.items[n++] = l->gone.items[i];
        }
    }
    l->gone.n = n;
}

void live_reclaim(struct live *l)
{
    reclaim(l, live_oldest(l));
}

void live_reclaim_all(struct live *l)
{
    reclaim(l, UINT64_MAX);
}
