/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of one unit that count, worked out from its history in the book. */
#include "app/standing/standing_int.h"
#include "base/err.h"

/* Of a cell. */
struct known {
    struct fact f; /* the one that counts; status other than accepted: none does */
    bool named;    /* its cell is asked about */
};

struct history {
    struct base *b;
    struct arena *a;
    const struct affected *x;
    int64_t upto;
    struct parcel_sink sink;
    struct map_u64 cells; /* item and period -> versions */
    VEC(struct known) versions;
    bool counts, named; /* of the parcel at work */
};

static struct known *known_of(struct history *h, const struct fact *f)
{
    uint32_t i = 0;
    uint64_t key = (uint64_t)f->item << 32 | period_code(f->period);
    if (!map_u64_get(&h->cells, key, &i)) {
        struct known none = {.f = *f};
        none.f.status = ROW_DRAFT;
        none.f.from.recorded = DATE_MIN;
        none.f.value = (struct value){.has = false, .num = rat_zero(), .text = STR("")};
        none.f.provisional = none.f.disputed = false;
        none.f.definition = none.f.point = STR("");
        i = h->versions.n;
        vec_push(h->a, &h->versions, none);
        map_u64_put(h->a, &h->cells, key, i);
    }
    return &h->versions.items[i];
}

static void on_edit(void *ctx, const struct edit *e)
{
    struct history *h = ctx;
    struct known *v = known_of(h, &e->u.fact);
    v->named = v->named || h->named;
    if (h->counts && date_cmp(e->u.fact.from.recorded, v->f.from.recorded) >= 0) {
        v->f = e->u.fact;
        v->f.status = ROW_ACCEPTED;
    }
}

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct history *h = ctx;
    uint32_t unit = h->x->unit;
    if (p->seq > h->upto || !base_sees(h->b, p->recorded)) {
        return RC_OK;
    }
    h->named = h->x->all || str_eq(h->x->source, p->source);
    h->counts = p->status == ROW_ACCEPTED || (base_counts(h->b, p->status) &&
                                              waiting_seq(h->b, h->a, unit, p->source) == p->seq);
    base_forget_layouts(h->b);
    return h->named || h->counts ? parcel_read(h->b->names, p, &h->sink, e) : RC_OK;
}

enum rc unit_anew(struct base *b, struct arena *scratch, const struct affected *x, int64_t upto,
                  unit_figure_fn *fn, void *ctx, bool *kept, struct err *e)
{
    struct history h = {.b = b, .a = scratch, .x = x, .upto = upto};
    h.sink = (struct parcel_sink){on_edit, NULL, &h};
    b->s->stats.looks++;
    TRY(store_parcels_of(b->s->reader, b->tree->units[x->unit].code, STORE_FACT, on_parcel, &h, e));
    for (uint32_t i = 0; i < h.versions.n; i++) {
        struct known *v = &h.versions.items[i];
        if (v->named && b->kept[v->f.item]) {
            *kept = true;
        } else if (v->named) {
            v->f.status = ROW_ACCEPTED;
            v->f.from.recorded = DATE_MIN; /* the last one given counts */
            fn(ctx, &v->f);
        }
    }
    return RC_OK;
}
