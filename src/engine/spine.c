/* SPDX-License-Identifier: Apache-2.0 */
/* Ranks, parents and runs, each in one pass over the tree. */
#include "engine/spine.h"

#include "base/arena.h"
#include "base/vec.h"

static bool is_inner(const struct tree_snap *t, uint32_t i)
{
    return t->end[i] > i + 1;
}

static void make_nodes(struct arena *a, struct spine *s)
{
    const struct tree_snap *t = s->tree;
    uint32_t *rank = ARENA_ARRAY(a, uint32_t, (size_t)t->n + 1);
    for (uint32_t i = 0; i < t->n; i++) {
        rank[i] = is_inner(t, i) ? s->n++ : TREE_NONE;
    }
    uint32_t *at = ARENA_ARRAY(a, uint32_t, s->n);
    uint32_t *end = ARENA_ARRAY(a, uint32_t, s->n);
    uint32_t *up = ARENA_ARRAY(a, uint32_t, s->n);
    for (uint32_t i = 0; i < t->n; i++) {
        if (rank[i] != TREE_NONE) {
            at[rank[i]] = i;
            up[rank[i]] = t->parent[i] == TREE_NONE ? TREE_NONE : rank[t->parent[i]];
        }
    }
    for (uint32_t r = s->n; r-- > 0;) { /* the last one below it ends where it ends */
        uint32_t next = r + 1;
        while (next < s->n && at[next] < t->end[at[r]]) {
            next = end[next];
        }
        end[r] = next;
    }
    s->rank = rank;
    s->at = at;
    s->end = end;
    s->up = up;
}

uint32_t spine_home(const struct spine *s, uint32_t i)
{
    return s->rank[i] != TREE_NONE ? s->rank[i] : s->rank[s->tree->parent[i]];
}

static void make_runs(struct arena *a, struct spine *s)
{
    VEC(struct spine_run) runs = {0};
    uint32_t *first_of = ARENA_ARRAY(a, uint32_t, (size_t)s->n + 2);
    for (uint32_t i = 0; s->n > 0 && i < s->tree->n; i++) {
        uint32_t home = spine_home(s, i);
        if (runs.n > 0 && vec_last(&runs).home == home) {
            vec_last(&runs).to = i + 1;
        } else {
            vec_push(a, &runs, (struct spine_run){i, i + 1, home});
        }
    }
    uint32_t *of = ARENA_ARRAY(a, uint32_t, runs.n);
    for (uint32_t k = 0; k < runs.n; k++) {
        first_of[runs.items[k].home + 2]++;
    }
    for (uint32_t r = 2; r < s->n + 2; r++) {
        first_of[r] += first_of[r - 1];
    }
    for (uint32_t k = 0; k < runs.n; k++) {
        of[first_of[runs.items[k].home + 1]++] = k;
    }
    s->runs = runs.items;
    s->n_runs = runs.n;
    s->first_of = first_of;
    s->of = of;
}

struct spine spine_make(struct arena *a, const struct tree_snap *tree)
{
    struct spine s = {.tree = tree};
    make_nodes(a, &s);
    make_runs(a, &s);
    return s;
}
