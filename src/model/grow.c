/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that double when they are full. */
#include "model/grow.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"

/* Where a table stands in struct dataset, and its row in struct edit. */
static const struct table {
    size_t rows, n, bytes, in_edit;
} tables[EDIT_KINDS] = {
#define EDIT(name, member, table, type)                                                            \
    [EDIT_##name] = {offsetof(struct dataset, table), offsetof(struct dataset, n_##table),         \
                     sizeof(struct type), offsetof(struct edit, u.member)},
#include "model/edit.def"
};

#define ROOM_MIN 64u

void grow_from(struct arena *a, const struct dataset *d, struct grow *out)
{
    *out = (struct grow){.arena = a, .d = *d};
}

/* Room for one more: the whole table moves, to twice its size. */
static enum rc make_room(struct grow *g, enum edit_kind kind, const char **rows, uint32_t n)
{
    const struct table *t = &tables[kind];
    if (n < g->room[kind]) {
        return RC_OK;
    }
    uint32_t room = n < ROOM_MIN / 2 ? ROOM_MIN : n * 2;
    char *wide = n < UINT32_MAX / 2 ? arena_try_array(g->arena, room, t->bytes) : NULL;
    if (!wide) {
        return RC_LIMIT;
    }
    if (n > 0) {
        memcpy(wide, *rows, n * t->bytes);
    }
    *rows = wide;
    g->room[kind] = room;
    return RC_OK;
}

/* A table where it stands: its rows and how many. */
struct table_now {
    const char *rows;
    uint32_t n;
};

static struct table_now table_get(const struct grow *g, const struct table *t)
{
    struct table_now x;
    memcpy(&x.rows, (const char *)&g->d + t->rows, sizeof x.rows);
    memcpy(&x.n, (const char *)&g->d + t->n, sizeof x.n);
    return x;
}

static void table_set(struct grow *g, const struct table *t, struct table_now x)
{
    memcpy((char *)&g->d + t->rows, &x.rows, sizeof x.rows);
    memcpy((char *)&g->d + t->n, &x.n, sizeof x.n);
}

enum rc grow_ready(struct grow *g, enum edit_kind kind)
{
    const struct table *t = &tables[kind];
    struct table_now x = table_get(g, t);
    TRY(make_room(g, kind, &x.rows, x.n));
    table_set(g, t, x);
    return RC_OK;
}

enum rc grow_add(struct grow *g, const struct edit *e, uint32_t *ix)
{
    const struct table *t = &tables[e->kind];
    struct table_now x = table_get(g, t);
    TRY(make_room(g, e->kind, &x.rows, x.n));
    memcpy((char *)(uintptr_t)x.rows + x.n * t->bytes, (const char *)e + t->in_edit, t->bytes);
    *ix = x.n++;
    table_set(g, t, x);
    return RC_OK;
}

enum rc grow_settle(struct grow *g, struct arena *to)
{
    for (uint32_t k = 0; k < EDIT_KINDS; k++) {
        const struct table *t = &tables[k];
        struct table_now x = table_get(g, t);
        char *exact = arena_try_array(to, x.n + 1U, t->bytes);
        if (!exact) {
            return RC_LIMIT;
        }
        if (x.n > 0) {
            memcpy(exact, x.rows, x.n * t->bytes);
        }
        x.rows = exact;
        table_set(g, t, x);
        g->room[k] = 0;
    }
    g->arena = to;
    return RC_OK;
}

struct table_counts grow_counts(const struct dataset *d)
{
    struct table_counts x = {{0}};
    for (uint32_t k = 0; k < EDIT_KINDS; k++) {
        memcpy(&x.n[k], (const char *)d + tables[k].n, sizeof x.n[k]);
    }
    return x;
}

struct dataset grow_first(const struct dataset *d, const struct table_counts *counts)
{
    struct dataset out = *d;
    for (uint32_t k = 0; k < EDIT_KINDS; k++) {
        memcpy((char *)&out + tables[k].n, &counts->n[k], sizeof counts->n[k]);
    }
    return out;
}
