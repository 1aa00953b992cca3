/* SPDX-License-Identifier: Apache-2.0 */
/* A report through its commits: the documents, and the figures beside each. */
#include "app/report/history.h"

#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/parcel.h"

/* The figures of one commit. */
struct figures_of {
    int64_t seq;
    struct value *cells;
};

struct gathering {
    struct desk *d;
    const struct report *r;
    struct report_history *out;
    VEC(struct figures_of) figures;
};

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct gathering *g = ctx;
    struct report_moment m = {.seq = p->seq};
    TRY(submission_read(g->d->a, str_dup(g->d->a, p->body), &m.doc, e));
    vec_push(g->d->a, &g->out->list, m);
    return RC_OK;
}

static struct value *figures_at(struct gathering *g, int64_t seq)
{
    uint32_t n = g->figures.n;
    if (n == 0 || g->figures.items[n - 1].seq != seq) {
        struct value *cells = ARENA_ARRAY(g->d->a, struct value, g->r->round.round.n_items + 1U);
        for (uint32_t i = 0; i < g->r->round.round.n_items; i++) {
            cells[i].num = rat_zero();
        }
        vec_push(g->d->a, &g->figures, (struct figures_of){seq, cells});
    }
    return g->figures.items[g->figures.n - 1].cells;
}

struct placing {
    struct gathering *g;
    struct value *cells;
};

static void on_cell(void *ctx, const struct edit *x)
{
    struct placing *p = ctx;
    const struct round_view *v = &p->g->r->round;
    for (uint32_t i = 0; x->kind == EDIT_FACT && i < v->round.n_items; i++) {
        if (v->item[i] == x->u.fact.item && period_eq(x->u.fact.period, v->round.period)) {
            p->cells[i] = x->u.fact.value;
        }
    }
}

static enum rc on_figures(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct gathering *g = ctx;
    if (!str_eq(p->source, g->r->round.round.id)) {
        return RC_OK;
    }
    struct placing x = {g, figures_at(g, p->seq)};
    const struct parcel_sink sink = {on_cell, NULL, &x};
    return parcel_read(desk_names(g->d), p, &sink, e);
}

/* What differs from the figures before, and what is returned, as far as it is shown. */
static void tell_cells(const struct gathering *g, struct report_moment *m, const struct value *was,
                       const struct value *now)
{
    const struct desk *d = g->d;
    const struct round_view *v = &g->r->round;
    struct report_change *cells = ARENA_ARRAY(d->a, struct report_change, v->round.n_items + 1U);
    bool returns = m->doc.last.act == ACT_RETURN;
    for (uint32_t i = 0; i < v->round.n_items; i++) {
        const struct datum *of = &d->plan->items[v->item[i]].d;
        const struct report_note *back =
            returns ? report_note_of(&m->doc.returned, v->round.items[i]) : NULL;
        struct str before = was != NULL ? cell_text(d->a, of, &was[i]) : STR("");
        bool changed = now != NULL && !str_eq(before, cell_text(d->a, of, &now[i]));
        if (!g->r->hidden[i] && (changed || back != NULL)) {
            cells[m->n_cells++] =
                (struct report_change){.item = i,
                                       .value = now != NULL ? now[i] : g->r->cells[i],
                                       .returned = report_note_text(back)};
        }
    }
    m->cells = cells;
}

static enum rc tell(struct gathering *g, struct err *e)
{
    const struct value *was = NULL;
    uint32_t k = 0;
    for (uint32_t i = 0; i < g->out->list.n; i++) {
        struct report_moment *m = &g->out->list.items[i];
        struct store_event ev;
        const struct value *now = NULL;
        TRY(store_who(g->d->a, g->d->reader, m->seq, &ev, e));
        m->at = ev.at;
        while (k < g->figures.n && g->figures.items[k].seq <= m->seq) {
            now = g->figures.items[k].seq == m->seq ? g->figures.items[k].cells : now;
            k++;
        }
        tell_cells(g, m, was, now);
        was = now != NULL ? now : was;
    }
    return RC_OK;
}

enum rc report_history(struct desk *d, const struct report *r, struct report_history *out,
                       struct err *e)
{
    struct gathering g = {.d = d, .r = r, .out = out};
    struct str code = desk_code(d, r->unit);
    struct str subject = submission_subject(d->a, r->round.round.id, code);
    *out = (struct report_history){0};
    TRY(store_begin(d->reader, e));
    enum rc rc = store_parcels_of(d->reader, subject, STORE_DOC, on_doc, &g, e);
    rc = rc == RC_OK ? store_parcels_of(d->reader, code, STORE_FACT, on_figures, &g, e) : rc;
    rc = rc == RC_OK ? tell(&g, e) : rc;
    store_done(d->reader);
    return rc;
}
