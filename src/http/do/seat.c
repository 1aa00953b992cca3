/* SPDX-License-Identifier: Apache-2.0 */
/* Seats: who holds which, their history, how they are given, handed over and ended; the rights. */
#include "app/seat/act.h"
#include "app/seat/duty.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/people.h"

static void day_json(struct json *j, const char *key, struct date d)
{
    char text[DATE_TEXT_BYTES];
    json_kv_str(j, key, date_is_sentinel(d) ? STR("") : date_text(d, text));
}

/* ---- the list ------------------------------------------------------------------------------- */

struct seats {
    struct ask *q;
    struct date day;
    struct str unit, under, holder, role;
};

static const struct seat *seat_at(const struct seats *x, uint32_t i)
{
    return &x->q->seat.roster.seats.items[i];
}

static bool shows(void *ctx, uint32_t i)
{
    const struct seats *x = ctx;
    const struct seat *s = seat_at(x, i);
    return (x->unit.n == 0 || str_eq(s->unit, x->unit)) &&
           people_is_under(x->q, s->unit, x->under) &&
           (x->holder.n == 0 || str_eq(x->holder, seat_holder(s, x->day))) &&
           (x->role.n == 0 || str_eq(x->role, str_from_cstr(seat_roles[s->role].word))) &&
           ask_allows(x->q, "seat.read", s->unit, CLASS_INTERNAL);
}

static struct str key(void *ctx, uint32_t i)
{
    return seat_at(ctx, i)->id;
}

static uint32_t find(void *ctx, struct str id)
{
    const struct seats *x = ctx;
    const struct seat *s = seat_find(&x->q->seat.roster, id);
    return s != NULL ? (uint32_t)(s - x->q->seat.roster.seats.items) : UINT32_MAX;
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    const struct seats *x = ctx;
    const struct seat *s = seat_at(x, i);
    page_text(p, "seat", s->id);
    page_word(p, "role", seat_roles[s->role].word, seat_roles[s->role].text[1]);
    page_text(p, "unit", s->unit);
    page_text(p, "unit_name", people_unit_name(x->q, s->unit));
    page_word(p, "class", seat_classes[s->ceiling].word, seat_classes[s->ceiling].text[1]);
    page_text(p, "holder", s->term.holder);
    page_text(p, "holder_name", people_name(x->q, s->term.holder));
    page_day(p, "from", s->term.from);
    page_day(p, "to", s->term.to);
    page_text(p, "before", s->before.holder);
    page_text(p, "acting", seat_holder(s, x->day));
}

static struct date as_of(struct ask *q)
{
    struct date day = q->seat.roster.day;
    struct str text = ask_text(q, "as_of");
    return text.n > 0 && date_parse(text, &day) ? day : q->seat.roster.day;
}

enum rc do_seats(struct ask *q)
{
    struct seats x = {.q = q,
                      .day = as_of(q),
                      .unit = ask_text(q, "unit"),
                      .under = ask_text(q, "under"),
                      .holder = ask_text(q, "holder"),
                      .role = ask_text(q, "role")};
    const struct page_list list = {.ctx = &x,
                                   .n = q->seat.roster.seats.n,
                                   .title = {"seats", "岗位"},
                                   .shows = shows,
                                   .key = key,
                                   .find = find,
                                   .row = row};
    struct str at = x.unit.n > 0 ? x.unit : x.under;
    TRY(people_sees(&list) && at.n == 0 ? RC_OK : ask_may(q, "seat.read", at, CLASS_INTERNAL));
    return page_answer(q, &list);
}

/* ---- one of them ---------------------------------------------------------------------------- */

static enum rc the_seat(struct ask *q, const char *operation, const struct seat **out)
{
    *out = seat_find(&q->seat.roster, ask_word(q, 0));
    TRY(ask_may(q, operation, *out != NULL ? (*out)->unit : STR(""), CLASS_INTERNAL));
    return *out != NULL ? RC_OK
                        : err_set(&q->e, RC_NOT_FOUND, "there is no seat %.*s", "没有岗位 %.*s",
                                  PS(ask_word(q, 0)));
}

static void version_json(struct ask *q, struct json *j, const struct seat *s)
{
    json_obj_begin(j);
    json_kv_int(j, "commit", s->seq);
    json_kv_str(j, "holder", s->term.holder);
    json_kv_str(j, "holder_name", people_name(q, s->term.holder));
    day_json(j, "from", s->term.from);
    day_json(j, "to", s->term.to);
    json_kv_str(j, "before", s->before.holder);
    json_key(j, "duties");
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->n_duties; i++) {
        json_str(j, s->duties[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
}

static enum rc seat_json(struct ask *q, const struct seat *s)
{
    struct json j;
    struct seat_versions v;
    TRY(seat_versions(q->a, q->hand->reader, s->id, &v, &q->e));
    ask_json(q, &j);
    json_kv_str(&j, "seat", s->id);
    json_kv_cstr(&j, "role", seat_roles[s->role].word);
    json_kv_str(&j, "unit", s->unit);
    json_kv_str(&j, "unit_name", people_unit_name(q, s->unit));
    json_kv_cstr(&j, "class", seat_classes[s->ceiling].word);
    json_kv_str(&j, "acting", seat_holder(s, q->seat.roster.day));
    json_key(&j, "versions");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < v.list.n; i++) {
        version_json(q, &j, &v.list.items[i]);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_seat(struct ask *q)
{
    const struct seat *s = NULL;
    TRY(the_seat(q, "seat.read", &s));
    return seat_json(q, s);
}

/* As it is after an act: the roster of the desk is that of before. */
static enum rc answer_now(struct ask *q, struct str id)
{
    struct seat_desk_act none = {0};
    TRY(seat_desk_begin(&q->seat, &none, &q->e));
    const struct seat *s = seat_find(&q->seat.roster, id);
    return s != NULL
               ? seat_json(q, s)
               : err_set(&q->e, RC_NOT_FOUND, "there is no seat %.*s", "没有岗位 %.*s", PS(id));
}

/* ---- what is done --------------------------------------------------------------------------- */

static enum rc word(struct ask *q, const char *member, const char *at,
                    const struct seat_word *table, uint32_t n, uint32_t *out)
{
    *out = seat_word_of(table, n, ask_member(q, member));
    if (*out < n) {
        return RC_OK;
    }
    q->at = str_from_cstr(at);
    return err_set(&q->e, RC_INPUT, "there is no such word: GET /api/v1/rights lists them",
                   "没有这个取值，见 GET /api/v1/rights");
}

static struct seat_term term_of(struct ask *q)
{
    return (struct seat_term){ask_member(q, "holder"),
                              people_day(q, "from", seat_desk_today(&q->seat)),
                              people_day(q, "to", DATE_MAX)};
}

enum rc do_seat_give(struct ask *q)
{
    struct seat s = {.id = ask_member(q, "seat"), .unit = ask_member(q, "unit")};
    uint32_t role = 0;
    uint32_t ceiling = 0;
    TRY(ask_may(q, "seat.set", people_place(q, s.unit), CLASS_INTERNAL));
    TRY(word(q, "role", "/role", seat_roles, ROLE__N, &role));
    TRY(word(q, "class", "/class", seat_classes, SEAT_CLASSES, &ceiling));
    s.role = (enum seat_role)role;
    s.ceiling = (enum data_class)ceiling;
    s.term = term_of(q);
    TRY(people_second(q));
    TRY(seat_give(&q->seat, &s, ask_member(q, "note"), &q->e));
    return answer_now(q, s.id);
}

static struct duty_told told_of(struct ask *q)
{
    const struct json_value *told = json_get(q->body, "duties");
    struct str *list = ARENA_ARRAY(q->a, struct str, json_count(told) + 1U);
    uint32_t n = 0;
    for (const struct json_value *x = json_items(told); x != NULL; x = x->next) {
        list[n++] = x->text;
    }
    return (struct duty_told){list, n};
}

enum rc do_seat_hand(struct ask *q)
{
    const struct seat *s = NULL;
    const struct str *duties = NULL;
    uint32_t n = 0;
    struct desk d;
    const struct duty_told told = told_of(q);
    TRY(the_seat(q, "seat.set", &s));
    struct str id = s->id;
    TRY(ask_desk(q, &d));
    TRY(duty_collect(q->a, seat_roles[s->role].mark ? NULL : &d, &q->seat.roster, s, &told, &duties,
                     &n, &q->e));
    TRY(people_second(q));
    const struct seat_term t = term_of(q);
    TRY(seat_hand_over(&q->seat, id, &t, duties, n, ask_member(q, "note"), &q->e));
    return answer_now(q, id);
}

enum rc do_seat_end(struct ask *q)
{
    const struct seat *s = NULL;
    TRY(the_seat(q, "seat.set", &s));
    struct str id = s->id;
    TRY(people_second(q));
    TRY(seat_end(&q->seat, id, people_day(q, "to", seat_desk_today(&q->seat)),
                 ask_member(q, "note"), &q->e));
    return answer_now(q, id);
}

/* ---- the table of rights -------------------------------------------------------------------- */

struct right {
    enum seat_op op;
    enum seat_role role;
};

struct rights {
    struct ask *q;
    VEC(struct right) list;
};

static bool says(enum seat_op op, enum seat_role role)
{
    for (uint32_t r = 0; r < RELATION__N; r++) {
        if (seat_right(op, role, (enum seat_relation)r) > 0) {
            return true;
        }
    }
    return false;
}

static struct str right_key(void *ctx, uint32_t i)
{
    const struct rights *x = ctx;
    struct str op = str_from_cstr(seat_ops[x->list.items[i].op].word);
    struct str role = str_from_cstr(seat_roles[x->list.items[i].role].word);
    return str_cat(x->q->a, str_cat(x->q->a, op, STR("/")), role);
}

static void right_row(void *ctx, uint32_t i, struct page *p)
{
    const struct rights *x = ctx;
    enum seat_op op = x->list.items[i].op;
    enum seat_role role = x->list.items[i].role;
    page_text(p, "operation", str_from_cstr(seat_ops[op].word));
    page_text(p, "operation_text", str_from_cstr(seat_ops[op].text[x->q->chinese]));
    page_text(p, "role", str_from_cstr(seat_roles[role].word));
    page_text(p, "role_text", str_from_cstr(seat_roles[role].text[x->q->chinese]));
    for (uint32_t r = 0; r < RELATION__N; r++) {
        uint32_t up_to = seat_right(op, role, (enum seat_relation)r);
        const struct seat_word *w = up_to > 0 ? &seat_classes[up_to - 1] : NULL;
        page_word(p, seat_relations[r].word, w != NULL ? w->word : "", w != NULL ? w->text[1] : "");
    }
}

enum rc do_rights(struct ask *q)
{
    struct rights x = {.q = q};
    for (uint32_t op = 0; op < OP__N; op++) {
        for (uint32_t role = 0; role < ROLE__N; role++) {
            if (says((enum seat_op)op, (enum seat_role)role)) {
                vec_push(q->a, &x.list, (struct right){(enum seat_op)op, (enum seat_role)role});
            }
        }
    }
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.list.n,
                                              .title = {"rights", "权限"},
                                              .key = right_key,
                                              .row = right_row});
}

/* Whether somebody may do something, and by which seat. */
enum rc do_may(struct ask *q)
{
    struct json j;
    const struct seat *s = NULL;
    struct seat_want want = {.unit = ask_text(q, "unit"),
                             .count = (uint64_t)ask_count(q, "count", 0)};
    uint32_t op = seat_word_of(seat_ops, OP__N, ask_text(q, "op"));
    uint32_t class = seat_word_of(seat_classes, SEAT_CLASSES, ask_text(q, "class"));
    TRY(ask_may(q, "seat.read", want.unit, CLASS_INTERNAL));
    if (op == OP__N || class == SEAT_CLASSES) {
        q->at = op == OP__N ? STR("?op") : STR("?class");
        return err_set(&q->e, RC_INPUT, "op and class are words of the table of rights",
                       "op、class 须为权限表中的词");
    }
    want.op = (enum seat_op)op;
    want.class = (enum data_class) class;
    s = seat_may(&q->seat.roster, ask_word(q, 0), &want);
    ask_json(q, &j);
    json_kv_bool(&j, "allowed", s != NULL);
    json_kv_str(&j, "seat", s != NULL ? s->id : STR(""));
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
