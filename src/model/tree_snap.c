/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the tree: versions, names, snapshots of a day, the past of a unit; see tree.h. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "model/tree.h"
#include "model/tree_int.h"

bool tree_unit_of_code(const struct tree *t, struct str code, uint32_t *id)
{
    return map_get(&t->codes, code, id);
}

/* Index of the version in force, or TREE_NONE. */
static uint32_t version_at(const struct tree *t, uint32_t id, struct date day)
{
    ASSERT(id < t->n_units);
    uint32_t lo = t->units[id].first;
    uint32_t hi = lo + t->units[id].n;
    /* The last version that begins on or before the day: it is in [lo, hi) if there is one. */
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (date_cmp(t->versions[mid].from, day) <= 0) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    const struct tree_version *v = &t->versions[lo];
    return date_cmp(v->from, day) <= 0 && date_cmp(day, v->to) <= 0 ? lo : TREE_NONE;
}

const struct tree_version *tree_version_at(const struct tree *t, uint32_t id, struct date day)
{
    uint32_t i = version_at(t, id, day);
    return i == TREE_NONE ? NULL : &t->versions[i];
}

/* -- names ---------------------------------------------------------------------------------------
 */

/* A text of by_name with its version: qsort has no context, so the text travels along. */
struct named {
    struct str text;
    uint32_t ref;
};

static int cmp_named(const void *px, const void *py)
{
    const struct named *x = px;
    const struct named *y = py;
    int c = str_cmp(x->text, y->text);
    return c != 0 ? c : (x->ref > y->ref) - (x->ref < y->ref);
}

static struct str text_of(const struct tree *t, uint32_t ref)
{
    const struct tree_version *v = &t->versions[ref / 2];
    return ref % 2 == 0 ? v->name : v->alias;
}

bool tree_index_names(struct arena *a, struct tree *t)
{
    t->by_name = ARENA_TRY_ARRAY(a, uint32_t, 2 * (size_t)t->n_versions);
    struct arena_mark m = arena_mark(a);
    struct named *all = ARENA_TRY_ARRAY(a, struct named, 2 * (size_t)t->n_versions);
    if (t->by_name == NULL || all == NULL) {
        return false;
    }
    uint32_t n = 0;
    for (uint32_t ref = 0; ref < 2 * t->n_versions; ref++) {
        struct str text = text_of(t, ref);
        if (text.n > 0) {
            all[n++] = (struct named){text, ref};
        }
    }
    if (n > 1) {
        qsort(all, n, sizeof *all, cmp_named);
    }
    for (uint32_t i = 0; i < n; i++) {
        t->by_name[i] = all[i].ref;
    }
    t->n_by_name = n;
    arena_rewind(a, m);
    return true;
}

enum tree_found tree_find(const struct tree *t, struct str text, struct date from, struct date to,
                          uint32_t *id)
{
    if (tree_unit_of_code(t, text, id)) {
        return TREE_FOUND_ONE;
    }
    uint32_t lo = 0;
    uint32_t hi = t->n_by_name;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (str_cmp(text_of(t, t->by_name[mid]), text) < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    enum tree_found found = TREE_FOUND_NONE;
    for (; lo < t->n_by_name && str_eq(text_of(t, t->by_name[lo]), text); lo++) {
        const struct tree_version *v = &t->versions[t->by_name[lo] / 2];
        if (date_cmp(v->from, to) > 0 || date_cmp(v->to, from) < 0) {
            continue;
        }
        if (found == TREE_FOUND_NONE) {
            *id = v->unit;
            found = TREE_FOUND_ONE;
        } else if (v->unit != *id) {
            return TREE_FOUND_MANY;
        }
    }
    return found;
}

/* -- snapshots -----------------------------------------------------------------------------------
 */

/* Number of changes on or before the day: days with the same number have the same tree. */
static uint32_t epoch_of(const struct tree *t, struct date day)
{
    uint32_t lo = 0;
    uint32_t hi = t->n_changes;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (date_cmp(t->changes[mid], day) <= 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* Scratch of one snapshot, by unit id. */
struct scratch {
    uint32_t *version;
    uint32_t *child;   /* first child; children of a unit are linked in order */
    uint32_t *sibling; /* next child of the same parent */
};

static bool snap_room(struct arena *a, struct tree_snap *s, uint32_t n)
{
    s->unit = ARENA_TRY_ARRAY(a, uint32_t, n);
    s->parent = ARENA_TRY_ARRAY(a, uint32_t, n);
    s->end = ARENA_TRY_ARRAY(a, uint32_t, n);
    s->level = ARENA_TRY_ARRAY(a, uint32_t, n);
    s->kind = ARENA_TRY_ARRAY(a, uint32_t, n);
    s->version = ARENA_TRY_ARRAY(a, uint32_t, n);
    return s->unit != NULL && s->parent != NULL && s->end != NULL && s->level != NULL &&
           s->kind != NULL && s->version != NULL;
}

/* Links the units of the day below their parents; returns the root, or TREE_NONE. */
static uint32_t link_units(const struct tree *t, struct scratch *x)
{
    uint32_t root = TREE_NONE;
    for (uint32_t u = 0; u < t->n_units; u++) {
        x->child[u] = TREE_NONE;
    }
    /* From the last to the first, so that each list ends up in order of the codes. */
    for (uint32_t u = t->n_units; u-- > 0;) {
        if (x->version[u] == TREE_NONE) {
            continue;
        }
        uint32_t p = t->versions[x->version[u]].parent_unit;
        if (p == TREE_NONE) {
            root = u;
        } else {
            x->sibling[u] = x->child[p];
            x->child[p] = u;
        }
    }
    if (root != TREE_NONE) {
        x->sibling[root] = TREE_NONE;
    }
    return root;
}

/* Numbers the units in pre-order, without recursion: the tree may be a million deep. */
static uint32_t number_units(const struct tree *t, const struct scratch *x, uint32_t root,
                             struct tree_snap *s)
{
    uint32_t n = 0;
    uint32_t parent = TREE_NONE;
    uint32_t u = root;
    while (u != TREE_NONE) {
        uint32_t i = n++;
        s->unit[i] = u;
        s->parent[i] = parent;
        s->level[i] = parent == TREE_NONE ? 0 : s->level[parent] + 1;
        s->version[i] = x->version[u];
        s->kind[i] = t->versions[x->version[u]].kind;
        s->index_of[u] = i;
        if (x->child[u] != TREE_NONE) {
            parent = i;
            u = x->child[u];
            continue;
        }
        s->end[i] = n;
        u = x->sibling[u];
        while (u == TREE_NONE && parent != TREE_NONE) {
            s->end[parent] = n;
            u = x->sibling[s->unit[parent]];
            parent = s->parent[parent];
        }
    }
    return n;
}

/* Fills *s; false when the arena is full. */
static bool snap_fill(struct arena *a, const struct tree *t, struct date day, struct tree_snap *s)
{
    uint32_t n_live = 0;
    s->index_of = ARENA_TRY_ARRAY(a, uint32_t, t->n_units);
    if (s->index_of == NULL) {
        return false;
    }
    for (uint32_t u = 0; u < t->n_units; u++) {
        s->index_of[u] = TREE_NONE;
        n_live += version_at(t, u, day) != TREE_NONE;
    }
    if (!snap_room(a, s, n_live)) {
        return false;
    }
    struct arena_mark m = arena_mark(a);
    struct scratch x = {ARENA_TRY_ARRAY(a, uint32_t, t->n_units),
                        ARENA_TRY_ARRAY(a, uint32_t, t->n_units),
                        ARENA_TRY_ARRAY(a, uint32_t, t->n_units)};
    if (x.version == NULL || x.child == NULL || x.sibling == NULL) {
        return false;
    }
    for (uint32_t u = 0; u < t->n_units; u++) {
        x.version[u] = version_at(t, u, day);
    }
    s->n = number_units(t, &x, link_units(t, &x), s);
    ASSERT(s->n == n_live); /* TR3: everybody hangs from the root */
    arena_rewind(a, m);
    return true;
}

enum rc tree_at(struct arena *a, const struct tree *t, struct date day,
                const struct tree_snap **out, struct err *e)
{
    ASSERT(!date_is_sentinel(day));
    struct arena_mark m = arena_mark(a);
    struct tree_snap *s = arena_try(a, sizeof *s);
    if (s == NULL || !snap_fill(a, t, day, s)) {
        arena_rewind(a, m);
        *out = NULL;
        return err_set(e, RC_LIMIT, "not enough memory for the tree of %u units",
                       "内存不足以容纳 %u 个机构的树", t->n_units);
    }
    uint32_t epoch = epoch_of(t, day);
    s->tree = t;
    s->from = epoch == 0 ? DATE_MIN : t->changes[epoch - 1];
    s->to = epoch == t->n_changes ? DATE_MAX : date_add_days(t->changes[epoch], -1);
    ASSERT_SLOW(tree_check(s));
    *out = s;
    return RC_OK;
}

bool tree_check(const struct tree_snap *s)
{
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t p = s->parent[i];
        if (s->unit[i] >= s->tree->n_units || s->index_of[s->unit[i]] != i || s->end[i] <= i ||
            s->end[i] > s->n || (p == TREE_NONE) != (i == 0)) {
            return false;
        }
        if (i == 0 ? s->level[0] != 0 || s->end[0] != s->n
                   : p >= i || s->end[i] > s->end[p] || s->level[i] != s->level[p] + 1) {
            return false;
        }
        /* The unit right after this subtree is its next sibling, if it has the same parent. */
        uint32_t next = s->end[i];
        if (next < s->n && s->parent[next] == p && s->unit[next] <= s->unit[i]) {
            return false;
        }
    }
    return true;
}

struct str tree_snap_name(const struct tree_snap *s, uint32_t index)
{
    ASSERT(index < s->n);
    return s->tree->versions[s->version[index]].name;
}

struct str tree_snap_code(const struct tree_snap *s, uint32_t index)
{
    ASSERT(index < s->n);
    return s->tree->units[s->unit[index]].code;
}

void tree_cache_init(struct tree_cache *c, struct arena *a, const struct tree *t)
{
    *c = (struct tree_cache){.arena = a, .tree = t};
}

enum rc tree_cache_at(struct tree_cache *c, struct date day, const struct tree_snap **out,
                      struct err *e)
{
    for (uint32_t i = 0; i < c->snaps.n; i++) { /* a handful */
        const struct tree_snap *s = c->snaps.items[i];
        if (date_cmp(s->from, day) <= 0 && date_cmp(day, s->to) <= 0) {
            *out = s;
            return RC_OK;
        }
    }
    TRY(tree_at(c->arena, c->tree, day, out, e));
    vec_push(c->arena, &c->snaps, *out);
    return RC_OK;
}

/* -- the past of a unit (C29) --------------------------------------------------------------------
 */

/* First row of `into` that concerns the unit. */
static uint32_t first_into(const struct tree *t, uint32_t id)
{
    uint32_t lo = 0;
    uint32_t hi = t->n_into;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->into[mid].to_unit < id) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* Was the unit split on a day with earlier < day <= later? */
static bool was_split(const struct tree *t, uint32_t id, struct date earlier, struct date later)
{
    uint32_t lo = 0;
    uint32_t hi = t->n_out_of;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct tree_lineage *l = &t->out_of[mid];
        if (l->from_unit < id || (l->from_unit == id && date_cmp(l->date, earlier) <= 0)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < t->n_out_of && t->out_of[lo].from_unit == id &&
           date_cmp(t->out_of[lo].date, later) <= 0;
}

/* A unit to look into, up to a day. */
struct past_step {
    uint32_t id;
    struct date later;
};

static int cmp_ids(const void *px, const void *py)
{
    uint32_t x = *(const uint32_t *)px;
    uint32_t y = *(const uint32_t *)py;
    return (x > y) - (x < y);
}

enum tree_past tree_past(struct arena *a, const struct tree *t, uint32_t id, struct date earlier,
                         struct date later, const uint32_t **ids, uint32_t *n)
{
    VEC(struct past_step) todo = {0};
    VEC(uint32_t) found = {0};
    struct map_u64 seen = {0};
    bool merged = false;
    *ids = NULL;
    *n = 0;
    vec_push(a, &todo, (struct past_step){id, later});
    map_u64_put(a, &seen, id, 1);
    while (todo.n > 0) {
        struct past_step x = vec_pop(&todo);
        if (was_split(t, x.id, earlier, x.later)) {
            return TREE_PAST_SPLIT;
        }
        if (version_at(t, x.id, earlier) != TREE_NONE) {
            vec_push(a, &found, x.id);
        }
        for (uint32_t i = first_into(t, x.id); i < t->n_into && t->into[i].to_unit == x.id; i++) {
            const struct tree_lineage *l = &t->into[i];
            if (date_cmp(l->date, earlier) <= 0 || date_cmp(l->date, x.later) > 0) {
                continue;
            }
            if (l->is_split) {
                return TREE_PAST_SPLIT;
            }
            merged = true;
            if (!map_u64_get(&seen, l->from_unit, NULL)) {
                map_u64_put(a, &seen, l->from_unit, 1);
                vec_push(a, &todo, (struct past_step){l->from_unit, l->date});
            }
        }
    }
    if (found.n == 0) {
        return TREE_PAST_NEW;
    }
    qsort(found.items, found.n, sizeof *found.items, cmp_ids);
    *ids = found.items;
    *n = found.n;
    return merged ? TREE_PAST_MERGED : TREE_PAST_SAME;
}
