/* SPDX-License-Identifier: Apache-2.0 */
/* Events as text. */
#include "http/tell.h"

#include "base/json.h"

static const char *const names[] = {[EVENT_VERDICT] = "verdict",
                                    [EVENT_QUEUE] = "queue",
                                    [EVENT_HALL] = "hall",
                                    [EVENT_PLAN] = "plan"};

/* id 0: there is none. */
static void begin(struct buf *out, struct json *j, const char *name, int64_t id, int64_t seq)
{
    buf_printf(out, "event: %s\n", name);
    if (id > 0) {
        buf_printf(out, "id: %lld\n", (long long)id);
    }
    buf_puts(out, "data: ");
    json_init(j, out, false);
    json_obj_begin(j);
    json_kv_int(j, "commit", seq);
}

static void end(struct buf *out, struct json *j)
{
    json_obj_end(j);
    json_end(j);
    buf_puts(out, "\n\n");
}

/* Places stand in order of their units. */
static bool is_new_unit(const struct happening *e, uint32_t i)
{
    return i == 0 || !str_eq(e->places[i - 1].unit, e->places[i].unit);
}

/* Which places he may know of, a bit each. */
struct seen {
    uint64_t bits[EVENT_PLACES_MAX / 64];
    bool places, any;
};

static bool is_seen(const struct seen *s, uint32_t i)
{
    return (s->bits[i / 64] >> (i % 64) & 1) != 0;
}

static struct seen look(const struct happening *e, tell_may_fn *may, void *ctx)
{
    struct seen s = {.places = e->kind != EVENT_HALL && e->kind != EVENT_PLAN && !e->many};
    bool ok = false;
    s.any = e->seq != 0 && !s.places;
    for (uint32_t i = 0; s.places && i < e->n; i++) {
        ok = is_new_unit(e, i) ? may(ctx, e->kind, e->places[i].unit) : ok;
        s.bits[i / 64] |= (uint64_t)ok << (i % 64);
        s.any |= ok;
    }
    return s;
}

static void units_json(struct json *j, const struct happening *e, const struct seen *s)
{
    json_key(j, "units");
    json_arr_begin(j);
    for (uint32_t i = 0; i < e->n; i++) {
        if (is_seen(s, i) && is_new_unit(e, i)) {
            json_str(j, e->places[i].unit);
        }
    }
    json_arr_end(j);
}

/* Of at most 256 places: each commitment at its first one. */
static void targets_json(struct json *j, const struct happening *e, const struct seen *s)
{
    json_key(j, "targets");
    json_arr_begin(j);
    for (uint32_t i = 0; i < e->n; i++) {
        uint32_t k = 0;
        while (k < i && !(is_seen(s, k) && str_eq(e->places[k].target, e->places[i].target))) {
            k++;
        }
        if (k == i && is_seen(s, i) && e->places[i].target.n > 0) {
            json_str(j, e->places[i].target);
        }
    }
    json_arr_end(j);
}

static void tell(struct buf *out, const struct happening *e, const struct seen *s, int64_t id)
{
    struct json j;
    begin(out, &j, names[e->kind], id, e->seq);
    if (s->places) {
        units_json(&j, e, s);
    }
    if (s->places && e->kind == EVENT_VERDICT) {
        targets_json(&j, e, s);
    }
    if (e->many) {
        json_kv_bool(&j, "many", true);
    }
    end(out, &j);
}

void tell_news(struct buf *out, const struct news *news, tell_may_fn *may, void *ctx)
{
    /* Who is told that a seat is his reads verdicts by it next. */
    static const enum event_kind order[] = {EVENT_PLAN, EVENT_HALL, EVENT_VERDICT, EVENT_QUEUE};
    struct seen seen[EVENT__N];
    uint32_t last = EVENT__N;
    if (news->missed) {
        tell_ready(out, news->seq, true);
        return;
    }
    for (uint32_t i = 0; i < EVENT__N; i++) {
        seen[i] = look(&news->of[order[i]], may, ctx);
        last = seen[i].any ? i : last;
    }
    /* The number by which one goes on comes with the last of them: none is lost between. */
    for (uint32_t i = 0; last < EVENT__N && i <= last; i++) {
        if (seen[i].any) {
            tell(out, &news->of[order[i]], &seen[i], i == last ? news->seq : 0);
        }
    }
}

void tell_ready(struct buf *out, int64_t seq, bool missed)
{
    struct json j;
    begin(out, &j, missed ? "missed" : "ready", seq, seq);
    end(out, &j);
}
