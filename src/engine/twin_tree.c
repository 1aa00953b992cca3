/* SPDX-License-Identifier: Apache-2.0 */
/* Trees side by side: which unit is which, and whose history is another one. */
#include "base/arena.h"
#include "base/map.h"
#include "engine/twin.h"

static void change(struct twin *t, uint32_t was, uint32_t is, struct date day)
{
    vec_push(t->a, &t->changed, (struct twin_unit){was, is});
    t->since = date_earlier(t->since, day);
}

static void pair_units(struct twin *t)
{
    t->unit_was = ARENA_ARRAY(t->a, uint32_t, (size_t)t->t->n_units + 1);
    t->unit_is = ARENA_ARRAY(t->a, uint32_t, (size_t)t->s->n_units + 1);
    for (uint32_t u = 0; u < t->t->n_units; u++) {
        t->unit_was[u] = NONE;
    }
    uint32_t next = 0; /* codes ascend in both (TR1) */
    for (uint32_t u = 0; u < t->s->n_units; u++) {
        struct str code = t->s->units[u].code;
        while (next < t->t->n_units && str_cmp(t->t->units[next].code, code) < 0) {
            next++;
        }
        bool there = next < t->t->n_units && str_eq(t->t->units[next].code, code);
        t->unit_is[u] = there ? next : NONE;
        if (there) {
            t->unit_was[next] = u;
        }
    }
}

static bool same_place(const struct twin *t, const struct tree_version *v,
                       const struct tree_version *w)
{
    uint32_t parent = w->parent_unit == TREE_NONE ? TREE_NONE : t->unit_was[w->parent_unit];
    return date_cmp(v->from, w->from) == 0 && v->kind == w->kind && v->parent_unit == parent &&
           (w->parent_unit == TREE_NONE || parent != NONE);
}

/* The first day on which they stand elsewhere. */
static bool moved(const struct twin *t, const struct tree_unit *x, const struct tree_unit *y,
                  struct date *day)
{
    for (uint32_t i = 0; i < x->n || i < y->n; i++) {
        const struct tree_version *v = i < x->n ? &t->s->versions[x->first + i] : NULL;
        const struct tree_version *w = i < y->n ? &t->t->versions[y->first + i] : NULL;
        if (!v || !w || !same_place(t, v, w)) {
            struct date from = v ? v->from : DATE_MAX;
            *day = w ? date_earlier(from, w->from) : from;
            return true;
        }
        if (date_cmp(v->to, w->to) != 0) {
            *day = date_add_days(date_earlier(v->to, w->to), 1);
            return true;
        }
    }
    return false;
}

static void compare_units(struct twin *t)
{
    for (uint32_t u = 0; u < t->t->n_units; u++) {
        struct date day = t->t->versions[t->t->units[u].first].from;
        uint32_t was = t->unit_was[u];
        if (was == NONE || moved(t, &t->s->units[was], &t->t->units[u], &day)) {
            change(t, was, u, day);
        }
    }
    for (uint32_t u = 0; u < t->s->n_units; u++) {
        if (t->unit_is[u] == NONE) {
            change(t, u, NONE, t->s->versions[t->s->units[u].first].from);
        }
    }
}

/* ---- lineage -------------------------------------------------------------------------------- */

static uint64_t ends(uint32_t from, uint32_t to)
{
    return (uint64_t)from << 32 | to;
}

static void index_lineage(struct arena *a, const struct tree *t, struct map_u64 *out)
{
    for (uint32_t i = 0; i < t->n_into; i++) {
        map_u64_put(a, out, ends(t->into[i].from_unit, t->into[i].to_unit), i);
    }
}

/* Rows of x that y has not: units by number in y. */
static bool has(const struct tree *y, const struct map_u64 *index, const struct tree_lineage *l,
                uint32_t from, uint32_t to)
{
    uint32_t i = NONE;
    return from != NONE && to != NONE && map_u64_get(index, ends(from, to), &i) &&
           date_cmp(y->into[i].date, l->date) == 0 && y->into[i].is_split == l->is_split;
}

static void compare_lineage(struct twin *t)
{
    struct map_u64 was = {0};
    struct map_u64 is = {0};
    index_lineage(t->a, t->s, &was);
    index_lineage(t->a, t->t, &is);
    for (uint32_t i = 0; i < t->t->n_into; i++) {
        const struct tree_lineage *l = &t->t->into[i];
        uint32_t from = t->unit_was[l->from_unit];
        uint32_t to = t->unit_was[l->to_unit];
        if (!has(t->s, &was, l, from, to)) {
            change(t, from, l->from_unit, l->date);
            change(t, to, l->to_unit, l->date);
        }
    }
    for (uint32_t i = 0; i < t->s->n_into; i++) {
        const struct tree_lineage *l = &t->s->into[i];
        uint32_t from = t->unit_is[l->from_unit];
        uint32_t to = t->unit_is[l->to_unit];
        if (!has(t->t, &is, l, from, to)) {
            change(t, l->from_unit, from, l->date);
            change(t, l->to_unit, to, l->date);
        }
    }
}

void twin_trees(struct twin *t)
{
    t->since = DATE_MAX;
    pair_units(t);
    if (t->s != t->t) {
        compare_units(t);
        compare_lineage(t);
    }
}
