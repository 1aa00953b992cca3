/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for a decision: submissions of figures, and rows of registers. */
#include "app/standing/standing_int.h"
#include "base/buf.h"

static struct str key_of(struct arena *a, uint32_t x, uint32_t y, struct str text)
{
    struct buf b;
    buf_init_in(&b, a, STORE_TEXT_BYTES + 64);
    buf_printf(&b, "%u %u %.*s", x, y, PS(text));
    return buf_view(&b);
}

static struct waiting *find(struct base *b, struct arena *scratch, uint32_t unit, struct str source)
{
    uint32_t i = 0;
    struct arena_mark mark = arena_mark(scratch);
    bool found = map_get(&b->submissions, key_of(scratch, 0, unit, source), &i);
    arena_rewind(scratch, mark);
    return found ? &b->subs.items[i] : NULL;
}

static struct waiting *find_or_make(struct base *b, uint32_t unit, struct str source)
{
    struct waiting *w = find(b, &b->arena, unit, source);
    if (w == NULL) {
        struct str own = str_dup(&b->arena, source);
        map_put(&b->arena, &b->submissions, key_of(&b->arena, 0, unit, own), b->subs.n);
        vec_push(&b->arena, &b->subs, (struct waiting){.unit = unit, .source = own});
        w = &b->subs.items[b->subs.n - 1];
    }
    return w;
}

/* Another submission takes the place of the one that waited, if one did. */
static bool submitted(struct base *b, const struct store_parcel *p, uint32_t unit)
{
    struct waiting *w = find_or_make(b, unit, p->source);
    if (w->waits && w->seq == p->seq) {
        w->parcels++;
        return false;
    }
    bool out = w->waits;
    w->waits = true;
    w->seq = p->seq;
    w->parcels = 1;
    w->layout = str_dup(&b->arena, p->layout);
    return out;
}

bool waiting_note(struct base *b, const struct store_parcel *p, uint32_t unit)
{
    if (p->status == ROW_SUBMITTED) {
        return submitted(b, p, unit);
    }
    struct waiting *w = b->subs.n > 0 ? find(b, &b->arena, unit, p->source) : NULL;
    if (w == NULL || !w->waits) {
        return false;
    }
    w->waits = false;
    return b->keeps || p->status != ROW_ACCEPTED || w->parcels > 1 || !str_eq(w->layout, p->layout);
}

int64_t waiting_seq(struct base *b, struct arena *scratch, uint32_t unit, struct str source)
{
    const struct waiting *w = find(b, scratch, unit, source);
    return w != NULL && w->waits ? w->seq : 0;
}

/* A row that waited may be followed by its acceptance, or by its withdrawal, recorded no earlier.
 * Whatever else follows, its chain cannot forget it, nor can a sample that asks for an earlier day.
 */
bool waiting_row(struct base *b, struct reg_row *r)
{
    if (r->id.n == 0 || !base_sees(b, r->from.recorded)) {
        return true;
    }
    uint32_t since = 0;
    struct str key = key_of(&b->arena, r->reg, r->owner, r->id);
    bool waited = map_get(&b->waiting_rows, key, &since) && since > 0;
    bool waits = r->status == ROW_SUBMITTED;
    bool follows = !b->kept_regs[r->reg] && (uint32_t)r->from.recorded.days + 1 >= since &&
                   (r->status == ROW_ACCEPTED || r->status == ROW_WITHDRAWN);
    if (waits || waited) {
        map_put(&b->arena, &b->waiting_rows, key, waits ? (uint32_t)r->from.recorded.days + 1 : 0);
    }
    if (waits) {
        r->status = ROW_ACCEPTED;
    }
    return !waited || (follows && !waits);
}
