/* SPDX-License-Identifier: Apache-2.0 */
/* Commits to edits. */
#include "app/standing/standing_int.h"
#include "base/err.h"

static void give(struct step *x, struct edit e)
{
    vec_push(x->a, &x->edits, e);
}

static void on_edit(void *ctx, const struct edit *e)
{
    struct step *x = ctx;
    struct base *b = x->s->base;
    struct edit own = *e;
    if (own.kind == EDIT_FACT) {
        own.u.fact.status = ROW_ACCEPTED;
        if (!b->kept[own.u.fact.item]) {
            own.u.fact.from.recorded = DATE_MIN; /* the last one given counts */
        }
    } else if (own.kind == EDIT_ROW && x->s->o.pending) {
        x->anew = !waiting_row(b, &own.u.row) || x->anew;
    }
    give(x, own);
}

/* Of figures that are worked out anew only those that are kept. */
static void on_late(void *ctx, const struct edit *e)
{
    struct step *x = ctx;
    if (x->s->base->kept[e->u.fact.item]) {
        on_edit(ctx, e);
    }
}

static void affect(struct step *x, uint32_t unit, struct str source, bool left)
{
    for (uint32_t i = 0; i < x->affected.list.n; i++) {
        struct affected *y = &x->affected.list.items[i];
        if (y->unit == unit && str_eq(y->source, source)) {
            y->left = y->left || left;
            return;
        }
    }
    struct affected y = {.unit = unit, .source = str_dup(x->a, source), .left = left};
    vec_push(x->a, &x->affected.list, y);
}

static enum rc figures(struct step *x, const struct store_parcel *p, struct err *e)
{
    struct base *b = x->s->base;
    uint32_t unit = NONE;
    if (!base_sees(b, p->recorded) || !tree_unit_of_code(b->tree, p->unit, &unit)) {
        return RC_OK;
    }
    if (x->s->o.pending && waiting_note(b, p, unit)) {
        affect(x, unit, p->source, true);
    }
    if (!base_counts(b, p->status)) {
        return RC_OK;
    }
    bool late = date_cmp(p->recorded, b->newest[unit]) < 0;
    b->newest[unit] = date_later(p->recorded, b->newest[unit]);
    if (late) {
        affect(x, unit, p->source, false);
    }
    const struct parcel_sink sink = {late ? on_late : on_edit, NULL, x};
    return parcel_read(b->names, p, &sink, e);
}

static enum rc on_event(void *ctx, const struct store_event *ev, const struct store_parcel *parcels,
                        struct err *e)
{
    struct step *x = ctx;
    const struct parcel_sink sink = {on_edit, NULL, x};
    for (uint32_t i = 0; i < ev->n_parcels && !x->anew; i++) {
        const struct store_parcel *p = &parcels[i];
        base_forget_layouts(x->s->base);
        if (p->what == STORE_UNIT || p->what == STORE_LINEAGE) {
            x->anew = true;
        } else if (p->what == STORE_FACT) {
            TRY(figures(x, p, e));
        } else {
            TRY(parcel_read(x->s->base->names, p, &sink, e));
        }
    }
    x->seq = ev->seq;
    return RC_OK;
}

static void on_figure(void *ctx, const struct fact *f)
{
    give(ctx, (struct edit){.kind = EDIT_FACT, .u.fact = *f});
}

enum rc step_read(struct step *x)
{
    struct base *b = x->s->base;
    x->seq = b->seq;
    TRY(store_feed(x->s->reader, b->seq + 1, x->to, on_event, x, x->e));
    for (uint32_t i = 0; i < x->affected.list.n && !x->anew; i++) {
        bool kept = false;
        const struct affected *y = &x->affected.list.items[i];
        TRY(unit_anew(b, x->a, y, x->seq, on_figure, x, &kept, x->e));
        x->anew = x->anew || (kept && y->left);
    }
    return RC_OK;
}
