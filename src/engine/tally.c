/* SPDX-License-Identifier: Apache-2.0 */
/* Rows counted below every node, and the counts changed by differences. */
#include "engine/tally.h"

#include <string.h>

#include "base/arena.h"

/* ---- shapes --------------------------------------------------------------------------------- */

static const struct shape *shape_make(struct arena *a, const struct tree_snap *t,
                                      const struct unit_ids *units, bool plain)
{
    struct shape *s = ARENA_NEW(a, struct shape);
    bool *in = ARENA_ARRAY(a, bool, t->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        in[i] = i == 0 || t->end[i] > i + 1;
    }
    for (uint32_t k = 0; k < units->owing.n; k++) {
        in[t->index_of[units->owing.items[k]]] = true;
    }
    for (uint32_t k = 0; k < units->filed.n; k++) {
        in[t->index_of[units->filed.items[k]]] = true;
    }
    for (uint32_t i = 0; i < t->n; i++) {
        n += in[i];
    }
    uint32_t *node = ARENA_ARRAY(a, uint32_t, n);
    uint32_t *place = ARENA_ARRAY(a, uint32_t, t->n);
    n = 0;
    for (uint32_t i = 0; i < t->n; i++) {
        place[i] = in[i] ? n : TREE_NONE;
        if (in[i]) {
            node[n++] = i;
        }
    }
    *s = (struct shape){.tree = t, .n = n, .node = node, .place = place, .plain = plain};
    return s;
}

const struct shape *shape_for(struct arena *a, struct shapes *s, const struct tree_snap *t,
                              const struct unit_ids *units)
{
    bool plain = units->owing.n == 0 && units->filed.n == 0;
    for (uint32_t i = 0; plain && i < s->list.n; i++) {
        if (s->list.items[i]->tree == t) {
            return s->list.items[i];
        }
    }
    const struct shape *made = shape_make(a, t, units, plain);
    if (plain) {
        vec_push(a, &s->list, made);
    }
    return made;
}

/* ---- counting ------------------------------------------------------------------------------- */

static void add_counts(struct tally *t, const struct share *x, uint32_t times)
{
    for (uint32_t bits = x->counts, k = 0; bits != 0; bits >>= 1, k++) {
        t->n[k] += bits & 1 ? times : 0;
    }
}

static void mark(const struct shape *s, uint32_t i, bool *above)
{
    for (; i != TREE_NONE && !above[s->place[i]]; i = s->tree->parent[i]) {
        above[s->place[i]] = true;
    }
}

/* What everybody adds to the nearest node that counts it. */
static void count_each(const struct shape *s, const struct unit_ids *units,
                       const struct share *shares, struct tally *t, uint32_t *own, bool *above)
{
    const struct tree_snap *tree = s->tree;
    above[0] = units->list.n == 0; /* nobody anywhere: n/a at the root (C07) */
    for (uint32_t k = 0; k < units->list.n; k++) {
        uint32_t i = tree->index_of[units->list.items[k]];
        uint32_t p = tree->parent[i];
        if (s->place[i] != TREE_NONE) {
            own[s->place[i]] = k;
        }
        if (p == TREE_NONE) {
            continue;
        }
        struct tally *up = &t[s->place[p]];
        mark(s, p, above);
        if (shares[k].there) {
            add_counts(up, &shares[k], 1);
        }
        if (shares[k].there && s->place[i] == TREE_NONE) {
            up->reported += shares[k].reported;
            up->expected += shares[k].expected;
        }
    }
    for (uint32_t k = 0; k < units->owing.n; k++) {
        uint32_t i = tree->index_of[units->owing.items[k]];
        t[s->place[i]].n[COUNT_OWING]++;
        mark(s, i, above);
    }
    for (uint32_t k = 0; k < units->filed.n; k++) {
        t[s->place[tree->index_of[units->filed.items[k]]]].n[COUNT_FILED]++;
    }
}

void tallies_count(const struct shape *s, const struct unit_ids *units, const struct share *shares,
                   struct tally *t, uint32_t *own, bool *above)
{
    memset(t, 0, s->n * sizeof *t);
    memset(above, 0, s->n * sizeof *above);
    for (uint32_t x = 0; x < s->n; x++) {
        own[x] = TREE_NONE;
    }
    count_each(s, units, shares, t, own, above);
    for (uint32_t x = s->n; x-- > 1;) {
        struct tally *up = &t[s->place[s->tree->parent[s->node[x]]]];
        const struct share *row = own[x] == TREE_NONE ? NULL : &shares[own[x]];
        bool hides = row && row->there;
        for (uint32_t k = 0; k < COUNT__N; k++) {
            up->n[k] += t[x].n[k];
        }
        up->reported += hides ? row->reported : t[x].reported;
        up->expected += hides ? row->expected : t[x].expected;
    }
}

void tallies_mend(const struct shape *s, struct tally *t, const uint32_t *own,
                  const struct share *shares, uint32_t at, const struct share *from,
                  const struct share *to)
{
    const struct tally *below = s->place[at] == TREE_NONE ? NULL : &t[s->place[at]];
    uint32_t was[2] = {below ? below->reported : 0, below ? below->expected : 0};
    uint32_t is[2] = {was[0], was[1]};
    if (from->there) {
        was[0] = from->reported;
        was[1] = from->expected;
    }
    if (to->there) {
        is[0] = to->reported;
        is[1] = to->expected;
    }
    bool seen = true; /* no row in between hides the pairs */
    for (uint32_t p = s->tree->parent[at]; p != TREE_NONE; p = s->tree->parent[p]) {
        uint32_t x = s->place[p];
        if (from->there) {
            add_counts(&t[x], from, UINT32_MAX); /* -1 */
        }
        if (to->there) {
            add_counts(&t[x], to, 1);
        }
        t[x].reported += seen ? is[0] - was[0] : 0;
        t[x].expected += seen ? is[1] - was[1] : 0;
        seen = seen && (own[x] == TREE_NONE || !shares[own[x]].there);
    }
}
