/* SPDX-License-Identifier: Apache-2.0 */
/* A row through its commits: the acts on it, and what each made of its content. */
#include "app/register/register_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/parcel.h"

struct gathering {
    struct desk *d;
    const struct register_view *v;
    struct str id;
    int64_t seq; /* of the parcel that is being read */
    struct entry_moments docs, rows;
};

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct gathering *g = ctx;
    struct entry_moment m = {.seq = p->seq, .acted = true};
    TRY(entry_read(g->d->a, str_dup(g->d->a, p->body), &m.doc, e));
    vec_push(g->d->a, &g->docs.list, m);
    return RC_OK;
}

static void on_edit(void *ctx, const struct edit *x)
{
    struct gathering *g = ctx;
    if (x->kind == EDIT_ROW && x->u.row.reg == g->v->reg && str_eq(x->u.row.id, g->id)) {
        struct entry_moment m = {.seq = g->seq, .told = true, .row = x->u.row};
        vec_push(g->d->a, &g->rows.list, m);
    }
}

static enum rc on_row(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct gathering *g = ctx;
    const struct parcel_sink sink = {on_edit, NULL, g};
    g->seq = p->seq;
    return parcel_read(desk_names(g->d), p, &sink, e);
}

/* An act and what it recorded are of one commit; tables of facts record rows without an act. */
static void merge(struct gathering *g, struct entry_moments *out)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < g->docs.list.n; i++) {
        struct entry_moment m = g->docs.list.items[i];
        for (; k < g->rows.list.n && g->rows.list.items[k].seq <= m.seq; k++) {
            const struct entry_moment *row = &g->rows.list.items[k];
            if (row->seq < m.seq) {
                vec_push(g->d->a, &out->list, *row);
            } else {
                m.told = true;
                m.row = row->row;
            }
        }
        vec_push(g->d->a, &out->list, m);
    }
    for (; k < g->rows.list.n; k++) {
        vec_push(g->d->a, &out->list, g->rows.list.items[k]);
    }
}

static enum rc gather(struct gathering *g, struct entry_moments *out, struct err *e)
{
    struct desk *d = g->d;
    struct str code = desk_code(d, g->v->unit);
    struct str subject = entry_subject(d->a, register_name(d, g->v->reg), code, g->id);
    TRY(store_parcels_of(d->reader, subject, STORE_DOC, on_doc, g, e));
    TRY(store_parcels_of(d->reader, code, STORE_ROW, on_row, g, e));
    merge(g, out);
    for (uint32_t i = 0; i < out->list.n; i++) {
        struct entry_moment *m = &out->list.items[i];
        struct store_event ev;
        TRY(store_who(d->a, d->reader, m->seq, &ev, e));
        m->at = ev.at;
        m->actor = ev.actor;
    }
    return RC_OK;
}

enum rc register_history(struct desk *d, const struct register_view *v, struct str id,
                         struct entry_moments *out, struct err *e)
{
    uint32_t ix = 0;
    struct gathering g = {.d = d, .v = v, .id = id};
    *out = (struct entry_moments){0};
    TRY(register_entry(v, id, &ix, e));
    TRY(store_begin(d->reader, e));
    enum rc rc = gather(&g, out, e);
    store_done(d->reader);
    return rc;
}
