/* SPDX-License-Identifier: Apache-2.0 */
/* Units whose figures are asked about, each read once. */
#include "app/explain/said.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/tree.h"
#include "store/parcel.h"

struct said {
    struct arena *a;
    struct said_options o;
    struct parcel_reader *names;
    struct map_u64 units; /* that were read */
    struct map_u64 cells; /* unit, then item and period, each a number of its own -> from */
    VEC(struct provenance) from;
    struct map_u64 numbers; /* item and period -> number */
    uint32_t unit;          /* at work */
};

struct said *said_make(struct arena *a, const struct said_options *o)
{
    struct said *s = ARENA_NEW(a, struct said);
    s->a = a;
    s->o = *o;
    return s;
}

static uint64_t key_of(struct said *s, uint32_t item, uint32_t unit, struct period period)
{
    uint64_t what = (uint64_t)item << 32 | period_code(period);
    uint32_t number = 0;
    if (!map_u64_get(&s->numbers, what, &number)) {
        number = map_u64_len(&s->numbers);
        map_u64_put(s->a, &s->numbers, what, number);
    }
    return (uint64_t)unit << 32 | number;
}

/* Of equal days the later commit (C30). */
static void on_edit(void *ctx, const struct edit *e)
{
    struct said *s = ctx;
    const struct fact *f = &e->u.fact;
    uint64_t key = key_of(s, f->item, s->unit, f->period);
    uint32_t i = 0;
    if (!map_u64_get(&s->cells, key, &i)) {
        map_u64_put(s->a, &s->cells, key, s->from.n);
        vec_push(s->a, &s->from, f->from);
    } else if (date_cmp(f->from.recorded, s->from.items[i].recorded) >= 0) {
        s->from.items[i] = f->from;
    }
}

static enum rc on_parcel(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct said *s = ctx;
    const struct parcel_sink sink = {on_edit, NULL, s};
    bool counts =
        p->seq <= s->o.upto && p->status == ROW_ACCEPTED && date_cmp(p->recorded, s->o.day) <= 0;
    return counts ? parcel_read(s->names, p, &sink, e) : RC_OK;
}

static void read_unit(struct said *s, uint32_t unit)
{
    struct err e = {0};
    struct str code = s->o.tree->units[unit].code;
    if (s->names == NULL) {
        s->names = parcel_reader_new(s->a, s->o.plan, s->o.tree);
    }
    s->unit = unit;
    map_u64_put(s->a, &s->units, unit, 0);
    if (store_parcels_of(s->o.reader, code, STORE_FACT, on_parcel, s, &e) != RC_OK) {
        err_clear(&e); /* then it is not told */
    }
}

bool said_by(struct said *s, uint32_t item, uint32_t unit, struct period period,
             struct provenance *out)
{
    uint32_t i = 0;
    if (!map_u64_get(&s->units, unit, &i)) {
        read_unit(s, unit);
    }
    if (!map_u64_get(&s->cells, key_of(s, item, unit, period), &i)) {
        return false;
    }
    *out = s->from.items[i];
    return true;
}
