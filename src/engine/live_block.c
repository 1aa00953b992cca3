/* SPDX-License-Identifier: Apache-2.0 */
/* Editions: blocks opened and judged whole, then mended row by row. */
#include <stdlib.h>

#include "base/arena.h"
#include "engine/live_int.h"

/* ---- one unit ------------------------------------------------------------------------------- */

/* What is found at unit i, in scratch. */
static enum rc judge_unit(struct live_hand *h, const struct live_block *b, uint32_t i,
                          struct found *f)
{
    h->judge.arena = &h->scratch;
    h->stats.units++;
    return b->b.unit(&h->judge, &b->b, i, f);
}

uint32_t live_slot_of(const struct live_block *b, uint32_t unit)
{
    const struct unit_ids *units = &b->b.units;
    uint32_t at = b->tree ? b->tree->index_of[unit] : TREE_NONE;
    uint32_t lo = 0;
    uint32_t hi = units->list.n;
    if (at == TREE_NONE) {
        return NONE;
    }
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (b->tree->index_of[units->list.items[mid]] < at) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    if (lo < units->list.n && units->list.items[lo] == unit) {
        return lo;
    }
    uint32_t x = b->shape ? b->shape->place[at] : TREE_NONE;
    return x == TREE_NONE ? NONE : b->top[x];
}

/* ---- opening -------------------------------------------------------------------------------- */

static enum rc collect(struct judge *j, const struct block *b)
{
    struct live_edition *e = j->each_ctx;
    struct live_block *x = ARENA_NEW(&e->arena, struct live_block);
    *x = (struct live_block){.b = *b, .arena = &e->arena, .at = e->blocks.n};
    vec_push(&e->arena, &e->blocks, x);
    return judge_tree(j, b->day, &x->tree);
}

/* The nodes with a row above become slots behind the units. */
static void open_above(struct live_edition *e, struct live_block *b, bool *above)
{
    struct arena *a = &e->arena;
    const struct shape *s = b->shape;
    uint32_t n = b->b.units.list.n;
    b->tallies = ARENA_ARRAY(a, struct tally, s->n);
    b->own = ARENA_ARRAY(a, uint32_t, s->n);
    b->top = ARENA_ARRAY(a, uint32_t, s->n);
    b->top_node = ARENA_ARRAY(a, uint32_t, s->n);
    tallies_count(s, &b->b.units, b->shares, b->tallies, b->own, above);
    for (uint32_t x = 0; x < s->n; x++) {
        b->top[x] = NONE;
        if (above[x] && b->own[x] == TREE_NONE) {
            b->top[x] = b->n_slots;
            b->top_node[b->n_slots++ - n] = x;
        }
    }
}

static struct verdict row_above(struct live_hand *h, const struct live_block *b, uint32_t node)
{
    h->judge.arena = &h->scratch;
    h->stats.above++;
    return block_above(&h->judge, &b->b, &b->tallies[node], b->tree->unit[b->shape->node[node]]);
}

static void fill_above(struct live_hand *h, struct live_edition *e, struct live_block *b)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    open_above(e, b, ARENA_ARRAY(&h->scratch, bool, b->shape->n));
    arena_rewind(&h->scratch, mark);
    for (uint32_t k = b->b.units.list.n; k < b->n_slots; k++) {
        mark = arena_mark(&h->scratch);
        struct verdict v = row_above(h, b, b->top_node[k - b->b.units.list.n]);
        live_row_first(e, b, k, &v, 1);
        arena_rewind(&h->scratch, mark);
    }
}

static enum rc fill_unit(struct live_hand *h, struct live_edition *e, struct live_block *b,
                         uint32_t i)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    struct found f = {0};
    enum rc rc = judge_unit(h, b, i, &f);
    if (rc == RC_OK) {
        live_row_first(e, b, i, f.rows.items, f.rows.n);
    }
    if (rc == RC_OK && b->shares) {
        b->shares[i] = block_share(&f);
    }
    arena_rewind(&h->scratch, mark);
    return rc;
}

/* A unit of a block that may be plain (judge_plain); p: NULL, or what its rows share. */
static enum rc fill_one(struct live_hand *h, struct live_edition *e, struct live_block *b,
                        uint32_t i, struct plain *p)
{
    struct share share;
    struct verdict_row row;
    h->judge.arena = &h->scratch;
    if (!p || !judge_plain_row(&h->judge, &b->b, p, i, &row, &share)) {
        return fill_unit(h, e, b, i);
    }
    h->stats.units++;
    if (share.there) {
        live_row_plain(e, b, i, &row);
    }
    if (b->shares) {
        b->shares[i] = share;
    }
    return RC_OK;
}

/* Its row stands in the column, or there is none. */
static bool is_coded(struct live_hand *h, const struct live_block *b, uint32_t i)
{
    bool coded = b->codes && b->codes[i] != ROW_CODE_WHOLE;
    h->stats.units += coded;
    return coded;
}

/* Most rows of many blocks say no more than a byte: they are kept as a column. */
static enum rc fill_units(struct live_hand *h, struct live_edition *e, struct live_block *b)
{
    struct plain p;
    enum rc rc = RC_OK;
    h->judge.arena = &e->arena; /* of the head that they share */
    bool plain = judge_plain(&h->judge, &b->b, &p);
    bool took = live_take_over(h, e, b);
    if (plain && !took && judge_codes(&h->judge, &b->b, &p, b->shares, &b->column, &b->codes)) {
        b->head = b->column.model.head;
    }
    for (uint32_t i = 0; rc == RC_OK && i < b->b.units.list.n; i++) {
        if (took ? b->carried[i] : is_coded(h, b, i)) {
            continue;
        }
        if (b->codes) {
            b->codes[i] = ROW_CODE_ABSENT; /* its slot says it */
        }
        rc = fill_one(h, e, b, i, plain ? &p : NULL);
    }
    return rc;
}

static enum rc fill(struct live_hand *h, struct live_edition *e, struct live_block *b)
{
    struct arena *a = &e->arena;
    uint32_t n = b->b.units.list.n;
    uint32_t room = n;
    if (b->b.above && b->tree->n > 0) {
        b->shape = shape_for(b->b.units.owing.n + b->b.units.filed.n > 0 ? a : &h->arena,
                             &h->judge.shapes, b->tree, &b->b.units);
        room += b->shape->n;
    }
    live_pages_make(b, room);
    b->shares = b->shape ? ARENA_ARRAY(a, struct share, n) : NULL;
    b->n_slots = n;
    enum rc rc = fill_units(h, e, b);
    if (rc == RC_OK && b->shape) {
        fill_above(h, e, b);
    }
    return rc;
}

/* Rules that stack start from the figures of the rules before them (C26). */
static void rules_before(struct live_hand *h, uint32_t commitment)
{
    for (uint32_t i = 0; i < commitment; i++) {
        const struct live_edition *e =
            atomic_load_explicit(&h->core->editions[i], memory_order_relaxed);
        bool rules = h->core->plan->commitments[i].kind == CK_RULE;
        for (uint32_t k = 0; rules && e && k < e->blocks.n; k++) {
            const struct live_block *b = e->blocks.items[k];
            for (uint32_t s = 0; s < b->n_slots; s++) {
                struct live_seen r;
                live_see(b, s, LIVE_NEWEST, &r);
                for (uint32_t v = 0; v < r.n; v++) {
                    verdicts_put(&h->scratch, &h->out, r.v[v]);
                }
            }
        }
    }
}

/* Judged whole, as from scratch: one slot with all rows. */
static enum rc open_flat(struct live_hand *h, uint32_t commitment, struct live_edition *e)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    const struct commitment *k = &h->core->plan->commitments[commitment];
    struct live_block *b = ARENA_NEW(&e->arena, struct live_block);
    h->out = (struct verdicts){.commitment = commitment};
    if (k->kind == CK_RULE) {
        rules_before(h, commitment);
    }
    uint32_t first = h->out.rows.n;
    h->judge.arena = &h->scratch;
    h->judge.each = block_judge;
    enum rc rc = judge_commitment(&h->judge, commitment);
    uint32_t n = h->out.rows.n - first;
    struct verdict *rows = ARENA_ARRAY(&h->scratch, struct verdict, n);
    for (uint32_t i = 0; i < n; i++) {
        rows[i] = verdicts_at(&h->out, first + i);
    }
    *b = (struct live_block){
        .b = {.commitment = commitment, .k = k}, .arena = &e->arena, .n_slots = 1};
    live_pages_make(b, 1);
    live_row_first(e, b, 0, rows, n);
    vec_push(&e->arena, &e->blocks, b);
    h->out = (struct verdicts){.commitment = NONE};
    arena_rewind(&h->scratch, mark);
    return rc;
}

static bool is_flat(const struct commitment *k)
{
    return k->kind == CK_SAMPLE || (k->kind == CK_RULE && k->stacking);
}

static enum rc find_blocks(struct live_hand *h, uint32_t commitment, struct live_edition *e)
{
    h->out = (struct verdicts){.commitment = NONE};
    h->judge.arena = &e->arena;
    h->judge.each = collect;
    h->judge.each_ctx = e;
    return judge_commitment(&h->judge, commitment);
}

static struct live_edition *edition_make(struct live_hand *h, struct arena *a,
                                         struct live_edition as)
{
    struct live_edition *e = ARENA_NEW(a, struct live_edition);
    *e = as;
    arena_init_below(&e->arena, &h->arena, "an edition");
    h->opening = e;
    return e;
}

enum rc live_look(struct live_hand *h, uint32_t commitment, struct live_edition **out)
{
    *out = edition_make(h, &h->commit, (struct live_edition){.commitment = commitment});
    return find_blocks(h, commitment, *out);
}

void live_look_away(struct live_hand *h, struct live_edition *e)
{
    arena_release(&e->arena);
    h->opening = NULL;
}

enum rc live_open(struct live_hand *h, uint32_t commitment, uint64_t since,
                  struct live_edition **out)
{
    uint32_t serial = atomic_fetch_add_explicit(&h->core->serials, 1, memory_order_relaxed);
    struct live_edition as = {.since = since,
                              .serial = serial,
                              .commitment = commitment,
                              .flat = is_flat(&h->core->plan->commitments[commitment])};
    struct live_edition *e = edition_make(h, &h->arena, as);
    *out = e;
    h->stats.opened++;
    if (e->flat) {
        return open_flat(h, commitment, e);
    }
    enum rc rc = find_blocks(h, commitment, e);
    h->out = (struct verdicts){.commitment = commitment};
    for (uint32_t i = 0; rc == RC_OK && i < e->blocks.n; i++) {
        rc = fill(h, e, e->blocks.items[i]);
    }
    return rc;
}

void live_edition_release(struct live_hand *h, struct live_edition *e)
{
    for (uint32_t i = 0; i < e->blocks.n; i++) {
        struct live_block *b = e->blocks.items[i];
        for (uint32_t s = 0; s < b->n_slots; s++) {
            struct live_row *r = b->pages ? live_chain(b, s) : NULL; /* else it is unfinished */
            if (r && (r->deep || r->room != NONE)) {
                live_row_release(h, r);
            }
        }
    }
    arena_release(&e->arena);
}

/* ---- mending -------------------------------------------------------------------------------- */

static int u32_cmp(const void *x, const void *y)
{
    uint32_t p = *(const uint32_t *)x;
    uint32_t q = *(const uint32_t *)y;
    return p < q ? -1 : p > q;
}

/* Ascending, each once. */
static uint32_t sorted(uint32_t *list, uint32_t n)
{
    uint32_t kept = 0;
    if (n > 1) {
        qsort(list, n, sizeof *list, u32_cmp);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (kept == 0 || list[kept - 1] != list[i]) {
            list[kept++] = list[i];
        }
    }
    return kept;
}

static bool share_eq(const struct share *x, const struct share *y)
{
    return x->there == y->there && x->counts == y->counts && x->reported == y->reported &&
           x->expected == y->expected;
}

static void mend_above(struct live_hand *h, struct live_block *b, uint32_t i,
                       const struct share *to)
{
    struct share from = b->shares[i];
    uint32_t at = b->tree->index_of[b->b.units.list.items[i]];
    if (share_eq(&from, to)) {
        return;
    }
    b->shares[i] = *to;
    tallies_mend(b->shape, b->tallies, b->own, b->shares, at, &from, to);
    for (uint32_t p = b->tree->parent[at]; p != TREE_NONE; p = b->tree->parent[p]) {
        uint32_t x = b->shape->place[p];
        if (b->top[x] != NONE) {
            vec_push(&h->commit, &b->dirty_nodes, x);
        }
    }
}

static enum rc mend_unit(struct live_hand *h, struct live_block *b, uint32_t i)
{
    struct arena_mark mark = arena_mark(&h->scratch);
    struct found f = {0};
    enum rc rc = judge_unit(h, b, i, &f);
    if (rc == RC_OK) {
        (void)live_row_set(h, b, i, f.rows.items, f.rows.n);
    }
    if (rc == RC_OK && b->shape) {
        struct share now = block_share(&f);
        mend_above(h, b, i, &now);
    }
    arena_rewind(&h->scratch, mark);
    return rc;
}

enum rc live_mend(struct live_hand *h, struct live_block *b)
{
    enum rc rc = RC_OK;
    if (b->dirty_all) {
        for (uint32_t i = 0; rc == RC_OK && i < b->b.units.list.n; i++) {
            rc = mend_unit(h, b, i);
        }
    } else {
        uint32_t n = sorted(b->dirty.items, b->dirty.n);
        for (uint32_t i = 0; rc == RC_OK && i < n; i++) {
            rc = mend_unit(h, b, b->dirty.items[i]);
        }
    }
    uint32_t n = sorted(b->dirty_nodes.items, b->dirty_nodes.n);
    for (uint32_t i = 0; rc == RC_OK && i < n; i++) {
        struct arena_mark mark = arena_mark(&h->scratch);
        uint32_t x = b->dirty_nodes.items[i];
        struct verdict v = row_above(h, b, x);
        (void)live_row_set(h, b, b->top[x], &v, 1);
        arena_rewind(&h->scratch, mark);
    }
    return rc;
}

/* ---- rows for scorecards -------------------------------------------------------------------- */

static void push_rows(struct judge *j, const struct live_seen *r, uint32_t unit, int32_t year,
                      struct row_list *out)
{
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->v[i].unit != unit || r->v[i].head->year != year) {
            continue;
        }
        const struct verdict_row *row = &r->v[i];
        if (row == &r->own) {
            struct verdict_row *copy = ARENA_NEW(j->arena, struct verdict_row);
            *copy = r->own;
            row = copy;
        }
        vec_push(j->arena, &out->list, row);
    }
}

void live_rows_at(struct judge *j, uint32_t commitment, uint32_t unit, int32_t year,
                  struct row_list *out)
{
    const struct live_core *c = j->rows_ctx;
    bool card = j->plan->commitments[commitment].kind == CK_SCORECARD;
    const struct live_edition *e =
        atomic_load_explicit(&c->editions[commitment], memory_order_relaxed);
    if (card && commitment >= j->out->commitment) {
        return; /* judged after this one */
    }
    for (uint32_t i = 0; e && i < e->blocks.n; i++) {
        const struct live_block *b = e->blocks.items[i];
        if (!e->flat && b->b.model.year != year) {
            continue;
        }
        uint32_t slot = e->flat ? 0 : live_slot_of(b, unit);
        if (slot != NONE) {
            struct live_seen seen;
            live_see(b, slot, LIVE_NEWEST, &seen);
            push_rows(j, &seen, unit, year, out);
        }
    }
}
