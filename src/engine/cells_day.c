/* SPDX-License-Identifier: Apache-2.0 */
/* A later day: rows that were recorded ahead, or whose day has come. */
#include "engine/cells_int.h"

static struct edit row_at(const struct dataset *d, enum edit_kind table, uint32_t ix)
{
    struct edit e = {.kind = table};
    switch (table) {
#define EDIT(name, member, many, type)                                                             \
    case EDIT_##name:                                                                              \
        e.u.member = d->many[ix];                                                                  \
        break;
#include "model/edit.def"
    }
    return e;
}

static struct date recorded(const struct edit *e)
{
    switch (e->kind) {
#define EDIT(name, member, many, type)                                                             \
    case EDIT_##name:                                                                              \
        return e->u.member.from.recorded;
#include "model/edit.def"
    }
    return DATE_MIN;
}

/* On which it happened: before it counts for nothing. DATE_MIN: it bears no such day. */
static struct date happened(const struct edit *e)
{
    if (e->kind == EDIT_ROW && e->u.row.dated) {
        return e->u.row.day;
    }
    if (e->kind == EDIT_EVENT) {
        return e->u.event.day;
    }
    return e->kind == EDIT_EVIDENCE ? e->u.evidence.day : DATE_MIN;
}

static bool is_late(const struct cells *c, const struct edit *e)
{
    return date_cmp(recorded(e), c->as_of) > 0 || date_cmp(happened(e), c->as_of) > 0;
}

void cells_note_late(struct cells *c, enum edit_kind table, uint32_t ix)
{
    struct edit e = row_at(c->data, table, ix);
    if (is_late(c, &e)) {
        vec_push(c->arena, &c->ahead, (struct later_row){table, ix});
    }
}

void cells_note_all(struct cells *c)
{
    struct table_counts rows = grow_counts(c->data);
    for (uint32_t t = 0; t < EDIT_KINDS; t++) {
        for (uint32_t i = 0; t != EDIT_FACT && i < rows.n[t]; i++) {
            cells_note_late(c, (enum edit_kind)t, i);
        }
    }
}

struct edits {
    VEC(struct edit) list;
};

/* From now on the row counts. */
static void take(struct cells *c, const struct later_row *r, const struct edit *e, struct date was)
{
    if (date_cmp(recorded(e), was) <= 0) {
        return; /* it did before, but its day had not come */
    }
    if (r->table == EDIT_FACT && e->u.fact.status == ROW_ACCEPTED) {
        figures_take(&c->figures, c->data, r->ix);
    }
    cells_index_late(c, r->table, r->ix);
}

enum rc cells_advance(struct arena *a, struct cells *c, struct date day, const struct edit **edits,
                      uint32_t *n)
{
    struct edits out = {0};
    struct date was = c->as_of;
    uint32_t kept = 0;
    c->as_of = day;
    cells_index_ready(c);
    for (uint32_t i = 0; i < c->ahead.n; i++) {
        struct later_row r = c->ahead.items[i];
        struct edit e = row_at(c->data, r.table, r.ix);
        if (date_cmp(recorded(&e), day) <= 0) {
            take(c, &r, &e, was);
            vec_push(a, &out.list, e);
        }
        if (is_late(c, &e)) {
            c->ahead.items[kept++] = r;
        }
    }
    c->ahead.n = kept;
    *edits = out.list.items;
    *n = out.list.n;
    return RC_OK;
}
