/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for whom: one's own duties, and reminders for those above. */
#include "app/seat/duty.h"
#include "http/ask.h"
#include "http/handlers.h"

#define DAYS 7 /* before a due day, unless others are asked for */

static struct str name_of(const struct desk *d, uint32_t unit)
{
    const struct tree_version *v = tree_version_at(d->tree, unit, d->today);
    return v != NULL ? v->name : desk_code(d, unit);
}

static void duty_members(const struct desk *d, const struct duty *x, struct json *j)
{
    json_kv_cstr(j, "duty", duty_word(x->kind));
    json_kv_cstr(j, "en", duty_text(x->kind, false));
    json_kv_cstr(j, "zh", duty_text(x->kind, true));
    json_kv_str(j, "id", x->id);
    json_kv_str(j, "unit", desk_code(d, x->about));
    json_kv_str(j, "unit_name", name_of(d, x->about));
    json_kv_str(j, "at", desk_code(d, x->at));
    json_kv_str(j, "at_name", name_of(d, x->at));
    json_kv_day(j, "due", x->due);
    json_kv_cstr(j, "light", light_name(x->light));
}

enum rc do_duties(struct ask *q)
{
    struct desk d;
    struct duties all;
    struct json j;
    TRY(ask_desk(q, &d));
    const uint32_t *at = duty_places(&d, &q->seat.roster, q->seat.actor);
    TRY(duty_find(&d, (int32_t)ask_count(q, "days", DAYS), at, &all, &q->e));
    const struct duties mine = duty_of_user(&d, &q->seat.roster, q->seat.actor, &all);
    ask_json(q, &j);
    json_kv_day(&j, "day", d.today);
    json_key(&j, "duties");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < mine.list.n; i++) {
        json_obj_begin(&j);
        duty_members(&d, &mine.list.items[i], &j);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

static void reminder_json(const struct desk *d, const struct reminder *r, struct json *j)
{
    json_obj_begin(j);
    json_kv_str(j, "unit", desk_code(d, r->unit));
    json_kv_str(j, "unit_name", name_of(d, r->unit));
    json_kv_int(j, "over", r->n_over);
    json_key(j, "duties");
    json_arr_begin(j);
    for (uint32_t i = 0; i < r->duties.list.n; i++) {
        json_obj_begin(j);
        duty_members(d, &r->duties.list.items[i], j);
        json_kv_str(j, "holders", r->holders[i]);
        json_obj_end(j);
    }
    json_arr_end(j);
    json_obj_end(j);
}

enum rc do_reminders(struct ask *q)
{
    struct desk d;
    struct reminders all;
    struct json j;
    uint32_t within = NONE;
    struct str unit = ask_text(q, "unit");
    TRY(ask_may(q, "round.read", unit, CLASS_INTERNAL));
    TRY(ask_desk(q, &d));
    if (unit.n > 0) {
        TRY(desk_unit(&d, unit, &within, &q->e));
    }
    int32_t days = (int32_t)ask_count(q, "days", DAYS);
    TRY(duty_remind(&d, &q->seat.roster, days, within, &all, &q->e));
    ask_json(q, &j);
    json_kv_day(&j, "day", d.today);
    json_key(&j, "units");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < all.list.n; i++) {
        reminder_json(&d, &all.list.items[i], &j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
