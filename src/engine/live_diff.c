/* SPDX-License-Identifier: Apache-2.0 */
/* Rows before and after, matched by their keys (V3). */
#include "base/arena.h"
#include "base/buf.h"
#include "engine/live_int.h"

/* The rows of one side. */
struct side {
    const struct live_core *core;
    struct map index; /* key -> place */
    VEC(const struct verdict_row *) rows;
    VEC(struct str) keys;
};

static struct str key_of(struct arena *a, const struct live_core *c, const struct verdict_row *r)
{
    struct buf b;
    const struct tree *t = cells_dataset(c->cells)->tree;
    buf_init_in(&b, a, 1 << 16);
    buf_str(&b, c->plan->commitments[r->head->commitment].id);
    buf_printf(&b, "\n%d\n", r->head->year);
    buf_str(&b, r->unit == NONE ? STR("") : t->units[r->unit].code);
    buf_putc(&b, '\n');
    buf_str(&b, r->head->part);
    return buf_view(&b);
}

static void add(struct arena *a, struct side *s, const struct verdict_row *r)
{
    struct str key = key_of(a, s->core, r);
    map_put(a, &s->index, key, s->rows.n);
    vec_push(a, &s->rows, r);
    vec_push(a, &s->keys, key);
}

static void add_edition(struct arena *a, struct side *s, const struct live_edition *e)
{
    for (uint32_t i = 0; i < e->blocks.n; i++) {
        const struct live_block *b = e->blocks.items[i];
        for (uint32_t k = 0; k < b->n_slots; k++) {
            const struct live_row *r = live_newest(&b->slots[k]);
            for (uint32_t v = 0; r && v < r->n; v++) {
                add(a, s, &r->v[v]);
            }
        }
    }
}

static const uint32_t *renamed(struct arena *a, const struct side *from, const struct side *to,
                               const uint32_t *ids, uint32_t n)
{
    const struct tree *t = cells_dataset(from->core->cells)->tree;
    const struct tree *u = cells_dataset(to->core->cells)->tree;
    uint32_t *out = ARENA_ARRAY(a, uint32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        out[i] = NONE;
        bool there = tree_unit_of_code(u, t->units[ids[i]].code, &out[i]);
        out[i] = there ? out[i] : NONE;
    }
    return out;
}

/* Other numbers of the same unit, commitment or clause make no difference. */
static bool same(struct arena *a, const struct side *from, const struct side *to,
                 const struct verdict_row *x, const struct verdict_row *y)
{
    struct verdict v = verdict_unpack(x);
    struct verdict w = verdict_unpack(y);
    if (from->core != to->core) {
        v.counter = renamed(a, from, to, v.counter, v.n_counter);
        v.undecided = renamed(a, from, to, v.undecided, v.n_undecided);
        v.unit = w.unit;
        v.commitment = w.commitment;
        v.clause = w.clause;
    }
    return verdict_eq(&v, &w);
}

static void diff(struct live_core *c, const struct side *from, const struct side *to)
{
    for (uint32_t i = 0; i < from->rows.n; i++) {
        uint32_t k = NONE;
        bool still = map_get(&to->index, from->keys.items[i], &k);
        if (!still || !same(&c->commit, from, to, from->rows.items[i], to->rows.items[k])) {
            live_tell(c, from->rows.items[i], still ? to->rows.items[k] : NULL);
        }
    }
    for (uint32_t i = 0; i < to->rows.n; i++) {
        if (!map_get(&from->index, to->keys.items[i], NULL)) {
            live_tell(c, NULL, to->rows.items[i]);
        }
    }
}

void live_diff_editions(struct live_core *c, const struct live_edition *from,
                        const struct live_edition *to)
{
    struct side x = {.core = c};
    struct side y = {.core = c};
    add_edition(&c->commit, &x, from);
    add_edition(&c->commit, &y, to);
    diff(c, &x, &y);
}

static void add_all(struct arena *a, struct side *s)
{
    for (uint32_t i = 0; i < s->core->plan->n_commitments; i++) {
        add_edition(
            a, s,
            atomic_load_explicit(&s->core->editions[s->core->order[i]], memory_order_relaxed));
    }
}

void live_diff_cores(const struct live_core *from, struct live_core *to)
{
    struct side x = {.core = from};
    struct side y = {.core = to};
    add_all(&to->commit, &x);
    add_all(&to->commit, &y);
    diff(to, &x, &y);
}
