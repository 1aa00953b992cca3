/* SPDX-License-Identifier: Apache-2.0 */
/* Rows before and after, matched by their keys (V3). */
#include <string.h>

#include "base/arena.h"
#include "engine/live_int.h"

/* A row after. */
struct after {
    const struct verdict_row *row;
    uint64_t key;  /* hash */
    uint32_t next; /* another one of that hash, or NONE */
    bool met;      /* there is one before */
};

/* The rows of a commitment in two editions. */
struct pair {
    struct arena *a;
    struct live_hand *tells;
    const struct tree *from, *to;
    const uint32_t *unit; /* of `to`, by unit of `from`: NONE: there is none; NULL: the same */
    bool same_plan;
    const struct row_head *head[2]; /* those compared last, and what came of it */
    bool same_heads;
    struct map_u64 index; /* hash of a key -> place in `after` */
    bool indexed;
    uint32_t at;  /* the row that probably comes next */
    bool passing; /* the row at work is gone with the next one: copied to point to */
    VEC(struct after) after;
};

typedef void (*row_fn)(struct pair *x, const struct verdict_row *r, uint32_t unit, uint64_t key);

/* ---- keys ----------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t x, uint64_t y)
{
    x = (x ^ y) * UINT64_C(0x9e3779b97f4a7c15);
    return x ^ x >> 29;
}

static uint64_t head_key(const struct row_head *h)
{
    uint64_t key = mix(0, (uint64_t)h->year);
    for (size_t i = 0; i < h->part.n; i++) {
        key = mix(key, (uint8_t)h->part.p[i]);
    }
    return key;
}

/* The first slot from k on that is not passed over. */
static uint32_t next_slot(const struct live_block *b, uint32_t k)
{
    const bool *at =
        b->carried && k < b->n_slots ? memchr(b->carried + k, false, b->n_slots - k) : NULL;
    return !b->carried ? k : at ? (uint32_t)(at - b->carried) : b->n_slots;
}

/* Rows of an edition with the number of their units in the tree after. */
static void each_row(struct pair *x, const struct live_edition *e, const uint32_t *renamed,
                     row_fn fn)
{
    const struct row_head *head = NULL;
    uint64_t key = 0;
    for (uint32_t i = 0; i < e->blocks.n; i++) {
        const struct live_block *b = e->blocks.items[i];
        for (uint32_t k = next_slot(b, 0); k < b->n_slots; k = next_slot(b, k + 1)) {
            struct live_seen r;
            live_see(b, k, LIVE_NEWEST, &r);
            for (uint32_t v = 0; v < r.n; v++) {
                uint32_t unit = r.v[v].unit;
                unit = renamed && unit != NONE ? renamed[unit] : unit;
                key = r.v[v].head == head ? key : head_key(r.v[v].head);
                head = r.v[v].head;
                x->passing = r.v == &r.own;
                fn(x, &r.v[v], unit, mix(key, unit));
            }
        }
    }
}

/* ---- before and after ----------------------------------------------------------------------- */

/* As long as what is told. */
static const struct verdict_row *lasting(const struct pair *x, const struct verdict_row *r)
{
    if (!x->passing) {
        return r;
    }
    struct verdict_row *copy = ARENA_NEW(&x->tells->commit, struct verdict_row);
    *copy = *r;
    return copy;
}

static void add(struct pair *x, const struct verdict_row *r, uint32_t unit, uint64_t key)
{
    (void)unit;
    r = lasting(x, r);
    vec_push(x->a, &x->after, (struct after){r, key, NONE, false});
}

static void make_index(struct pair *x)
{
    for (uint32_t i = 0; i < x->after.n && !x->indexed; i++) {
        struct after *y = &x->after.items[i];
        (void)map_u64_get(&x->index, y->key, &y->next);
        map_u64_put(x->a, &x->index, y->key, i);
    }
    x->indexed = true;
}

static bool is_of(const struct after *y, const struct verdict_row *r, uint32_t unit)
{
    return y->row->unit == unit && y->row->head->year == r->head->year &&
           str_eq(y->row->head->part, r->head->part);
}

/* The place of the row after; NONE: there is none. Most come in the order of those before. */
static uint32_t find(struct pair *x, const struct verdict_row *r, uint32_t unit, uint64_t key)
{
    uint32_t i = x->at;
    if (i < x->after.n && x->after.items[i].key == key && is_of(&x->after.items[i], r, unit)) {
        return i;
    }
    make_index(x);
    i = NONE;
    (void)map_u64_get(&x->index, key, &i);
    while (i != NONE && !is_of(&x->after.items[i], r, unit)) {
        i = x->after.items[i].next;
    }
    return i;
}

static const uint32_t *units_after(const struct pair *x, const uint32_t *ids, uint32_t n)
{
    uint32_t *out = n > 0 && x->unit ? ARENA_ARRAY(x->a, uint32_t, n) : NULL;
    for (uint32_t i = 0; out && i < n; i++) {
        out[i] = x->unit[ids[i]];
    }
    return out ? out : ids;
}

/* Other numbers of the same unit, commitment or clause make no difference. */
static bool same(const struct pair *x, const struct verdict_row *from, const struct verdict_row *to)
{
    struct verdict v = verdict_unpack(from);
    struct verdict w = verdict_unpack(to);
    v.counter = units_after(x, v.counter, v.n_counter);
    v.undecided = units_after(x, v.undecided, v.n_undecided);
    v.unit = w.unit;
    v.commitment = w.commitment;
    v.clause = x->same_plan ? v.clause : w.clause;
    return verdict_eq(&v, &w);
}

static bool heads_eq(const struct pair *x, const struct row_head *h, const struct row_head *k)
{
    return str_eq(h->part, k->part) && h->year == k->year && str_eq(h->definition, k->definition) &&
           (!x->same_plan || h->clause == k->clause) && h->cmp == k->cmp &&
           date_cmp(h->due, k->due) == 0 && date_cmp(h->snapshot, k->snapshot) == 0 &&
           h->has_threshold == k->has_threshold &&
           (!h->has_threshold ||
            (rat_eq(h->threshold, k->threshold) && rat_eq(h->threshold2, k->threshold2)));
}

static bool slim_eq(struct slim x, struct slim y)
{
    return x.d >= 0 && x.d == y.d && x.n == y.n; /* else there is more to compare */
}

/* Equal for certain: most rows are, and are not unpacked. */
static bool surely_same(struct pair *x, const struct verdict_row *v, const struct verdict_row *w)
{
    if (v->head != x->head[0] || w->head != x->head[1]) {
        x->head[0] = v->head;
        x->head[1] = w->head;
        x->same_heads = heads_eq(x, v->head, w->head);
    }
    return x->same_heads && !v->rare && !w->rare && slim_eq(v->lo, w->lo) &&
           slim_eq(v->hi, w->hi) && slim_eq(v->value, w->value) && v->reported == w->reported &&
           v->expected == w->expected && v->flags == w->flags && v->mval_flags == w->mval_flags &&
           v->state == w->state && v->light == w->light && v->kind == w->kind &&
           v->truth == w->truth && v->fires == w->fires && v->withheld == w->withheld &&
           v->bits == w->bits;
}

static void look_up(struct pair *x, const struct verdict_row *r, uint32_t unit, uint64_t key)
{
    bool gone = unit == NONE && r->unit != NONE;
    uint32_t i = gone ? NONE : find(x, r, unit, key);
    if (i == NONE) {
        live_tell(x->tells, lasting(x, r), NULL);
        return;
    }
    struct after *y = &x->after.items[i];
    y->met = true;
    x->at = i + 1;
    if (!surely_same(x, r, y->row) && !same(x, r, y->row)) {
        live_tell(x->tells, lasting(x, r), y->row);
    }
}

/* ---- columns -------------------------------------------------------------------------------- */

static bool same_models(struct pair *x, const struct row_column *c, const struct row_column *d)
{
    return (c->x == NULL) == (d->x == NULL) && surely_same(x, &c->model, &d->model);
}

/* Rows that say the same byte of the same unit are passed over. */
static void pass_over(struct pair *x, struct live_block *from, struct live_block *to)
{
    const struct row_column *c = &from->column;
    const struct row_column *d = &to->column;
    if (!from->codes || !to->codes || from->carried || to->carried || !same_models(x, c, d)) {
        return;
    }
    bool *was = from->carried = ARENA_ARRAY(&x->tells->commit, bool, from->n_slots);
    bool *is = to->carried = ARENA_ARRAY(&x->tells->commit, bool, to->n_slots);
    for (uint32_t i = 0; i < c->n && i < d->n; i++) {
        uint32_t unit = x->unit ? x->unit[c->unit[i]] : c->unit[i];
        bool same = unit == d->unit[i] && c->code[i] == d->code[i] &&
                    (!c->x || (c->x[i] == d->x[i] && c->y[i] == d->y[i])) && !live_chain(from, i) &&
                    !live_chain(to, i);
        was[i] = same;
        is[i] = same;
    }
}

static void pass_over_all(struct pair *x, const struct live_edition *from,
                          const struct live_edition *to)
{
    for (uint32_t i = 0; i < from->blocks.n && i < to->blocks.n; i++) {
        pass_over(x, from->blocks.items[i], to->blocks.items[i]);
    }
}

/* ---- editions ------------------------------------------------------------------------------- */

/* NULL: there is no such commitment. */
static void diff(struct pair *x, const struct live_edition *from, const struct live_edition *to)
{
    struct arena_mark mark = arena_mark(x->a);
    memset(&x->index, 0, sizeof x->index);
    memset(&x->after, 0, sizeof x->after);
    x->indexed = false;
    x->at = 0;
    if (from && to) {
        pass_over_all(x, from, to);
    }
    if (to) {
        each_row(x, to, NULL, add);
    }
    if (from) {
        each_row(x, from, x->unit, look_up);
    }
    for (uint32_t i = 0; i < x->after.n; i++) {
        if (!x->after.items[i].met) {
            live_tell(x->tells, NULL, x->after.items[i].row);
        }
    }
    arena_rewind(x->a, mark);
}

static void forget(const struct live_edition *e)
{
    for (uint32_t i = 0; i < e->blocks.n; i++) {
        e->blocks.items[i]->carried = NULL;
    }
}

void live_diff_editions(struct live_hand *h, const struct live_edition *from,
                        const struct live_edition *to)
{
    struct pair x = {.a = &h->scratch, .tells = h, .same_plan = true};
    diff(&x, from, to);
    forget(from);
    forget(to);
}

/* ---- cores ---------------------------------------------------------------------------------- */

static void rename_units(struct pair *x)
{
    uint32_t *unit = ARENA_ARRAY(x->a, uint32_t, x->from->n_units);
    bool other = x->from->n_units != x->to->n_units;
    for (uint32_t i = 0; i < x->from->n_units; i++) {
        unit[i] = NONE;
        bool there = tree_unit_of_code(x->to, x->from->units[i].code, &unit[i]);
        unit[i] = there ? unit[i] : NONE;
        other = other || unit[i] != i;
    }
    x->unit = other ? unit : NULL;
}

static const struct live_edition *edition_of(const struct live_core *c, uint32_t commitment)
{
    return atomic_load_explicit(&c->editions[commitment], memory_order_relaxed);
}

void live_diff_cores(const struct live_core *from, struct live_hand *h)
{
    const struct live_core *to = h->core;
    struct arena_mark all = arena_mark(&h->scratch);
    struct map index = {0}; /* id -> commitment of `from` */
    struct pair x = {.a = &h->scratch,
                     .tells = h,
                     .from = cells_dataset(from->cells)->tree,
                     .to = cells_dataset(to->cells)->tree,
                     .same_plan = from->plan == to->plan};
    if (x.from != x.to && to->carry) {
        x.unit = to->carry->twin.unit_is;
    } else if (x.from != x.to) {
        rename_units(&x);
    }
    bool *met = ARENA_ARRAY(x.a, bool, from->plan->n_commitments);
    for (uint32_t i = 0; i < from->plan->n_commitments; i++) {
        map_put(x.a, &index, from->plan->commitments[i].id, i);
    }
    for (uint32_t k = 0; k < to->plan->n_commitments; k++) {
        uint32_t i = to->order[k];
        uint32_t was = NONE;
        bool there = map_get(&index, to->plan->commitments[i].id, &was);
        if (there) {
            met[was] = true;
        }
        diff(&x, there ? edition_of(from, was) : NULL, edition_of(to, i));
    }
    for (uint32_t i = 0; i < from->plan->n_commitments; i++) {
        if (!met[i]) {
            diff(&x, edition_of(from, i), NULL);
        }
    }
    arena_rewind(&h->scratch, all);
}
