/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for whom: one's own duties, and reminders for those above. */
#include "app/seat/duty.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/people.h"

#define DAYS 7 /* before a due day, unless others are asked for */

static struct str name_of(const struct desk *d, uint32_t unit)
{
    const struct tree_version *v = tree_version_at(d->tree, unit, d->today);
    return v != NULL ? v->name : desk_code(d, unit);
}

struct mine {
    struct ask *q;
    struct desk d;
    struct duties list;
};

/* As people are called, in their order. */
static struct str names_of(const struct ask *q, struct str holders)
{
    struct buf b;
    struct str user;
    buf_init_in(&b, q->a, LIMIT_STR_BYTES);
    while (str_split(&holders, ' ', &user)) {
        struct str name = people_name(q, user);
        buf_puts(&b, b.n == 0 ? "" : q->chinese ? "、" : ", ");
        buf_str(&b, name.n > 0 ? name : user);
    }
    return buf_view(&b);
}

/* holders: who has to do it, as far as it is told. */
static void duty_members(const struct ask *q, const struct desk *d, const struct duty *x,
                         struct str holders, struct json *j)
{
    json_obj_begin(j);
    json_kv_cstr(j, "duty", duty_word(x->kind));
    json_kv_cstr(j, "en", duty_text(x->kind, false));
    json_kv_cstr(j, "zh", duty_text(x->kind, true));
    json_kv_str(j, "id", x->id);
    json_kv_str(j, "register", x->reg);
    json_kv_str(j, "period", x->period);
    json_kv_str(j, "unit", desk_code(d, x->about));
    json_kv_str(j, "unit_name", name_of(d, x->about));
    json_kv_str(j, "at", desk_code(d, x->at));
    json_kv_str(j, "at_name", name_of(d, x->at));
    json_kv_day(j, "due", x->due);
    json_kv_cstr(j, "light", light_name(x->light));
    json_kv_str(j, "holders", holders);
    json_kv_str(j, "holder_names", names_of(q, holders));
    json_obj_end(j);
}

static void mine_head(void *ctx, struct json *j)
{
    json_kv_day(j, "day", ((const struct mine *)ctx)->d.today);
}

static struct str duty_key(void *ctx, uint32_t i)
{
    const struct mine *x = ctx;
    const struct duty *k = &x->list.list.items[i];
    struct buf b;
    buf_init_in(&b, x->q->a, LIMIT_STR_BYTES);
    buf_printf(&b, "%s/%.*s/%.*s/%.*s", duty_word(k->kind), PS(k->id),
               PS(desk_code(&x->d, k->about)), PS(desk_code(&x->d, k->at)));
    return buf_view(&b);
}

static void duty_row(void *ctx, uint32_t i, struct page *p)
{
    const struct mine *x = ctx;
    const struct duty *k = &x->list.list.items[i];
    page_word(p, "duty", duty_word(k->kind), duty_text(k->kind, true));
    page_text(p, "en", str_from_cstr(duty_text(k->kind, false)));
    page_text(p, "zh", str_from_cstr(duty_text(k->kind, true)));
    page_text(p, "id", k->id);
    page_text(p, "register", k->reg);
    page_text(p, "period", k->period);
    page_text(p, "unit", desk_code(&x->d, k->about));
    page_text(p, "unit_name", name_of(&x->d, k->about));
    page_text(p, "at", desk_code(&x->d, k->at));
    page_text(p, "at_name", name_of(&x->d, k->at));
    page_day(p, "due", k->due);
    page_word(p, "light", light_name(k->light), light_name(k->light));
}

enum rc do_duties(struct ask *q)
{
    struct mine x = {.q = q};
    struct duties all;
    TRY(ask_desk(q, &x.d));
    const uint32_t *at = duty_places(&x.d, &q->seat.roster, q->seat.actor);
    TRY(duty_find(&x.d, (int32_t)ask_count(q, "days", DAYS), at, &all, &q->e));
    x.list = duty_of_user(&x.d, &q->seat.roster, q->seat.actor, &all);
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.list.list.n,
                                              .title = {"duties", "待办事项"},
                                              .head = mine_head,
                                              .key = duty_key,
                                              .row = duty_row});
}

/* ---- reminders ------------------------------------------------------------------------------- */

struct due {
    struct ask *q;
    struct desk d;
    struct reminders all;
};

static void due_head(void *ctx, struct json *j)
{
    json_kv_day(j, "day", ((const struct due *)ctx)->d.today);
}

static struct str due_key(void *ctx, uint32_t i)
{
    const struct due *x = ctx;
    return desk_code(&x->d, x->all.list.items[i].unit);
}

static void due_row(void *ctx, uint32_t i, struct page *p)
{
    const struct due *x = ctx;
    const struct reminder *r = &x->all.list.items[i];
    page_text(p, "unit", desk_code(&x->d, r->unit));
    page_text(p, "unit_name", name_of(&x->d, r->unit));
    page_int(p, "over", r->n_over);
    struct json *j = page_json(p, "duties");
    if (j == NULL) {
        return;
    }
    json_arr_begin(j);
    for (uint32_t k = 0; k < r->duties.list.n; k++) {
        duty_members(x->q, &x->d, &r->duties.list.items[k], r->holders[k], j);
    }
    json_arr_end(j);
}

enum rc do_reminders(struct ask *q)
{
    struct due x = {.q = q};
    uint32_t within = NONE;
    struct str unit = ask_text(q, "unit");
    TRY(ask_may(q, "round.read", unit, CLASS_INTERNAL));
    TRY(ask_desk(q, &x.d));
    if (unit.n > 0) {
        TRY(desk_unit(&x.d, unit, &within, &q->e));
    }
    int32_t days = (int32_t)ask_count(q, "days", DAYS);
    TRY(duty_remind(&x.d, &q->seat.roster, days, within, &x.all, &q->e));
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.all.list.n,
                                              .title = {"reminders", "催办"},
                                              .head = due_head,
                                              .key = due_key,
                                              .row = due_row});
}
