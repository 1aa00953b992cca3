/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on seats: given, handed over, ended. */
#include "app/seat/act.h"
#include "base/arena.h"
#include "base/err.h"

#define ADMIN_PREFIX "admin/"

static bool is_admin(const struct seat *s)
{
    return seat_roles[s->role].mark;
}

/* AC1. The seat itself does not count. */
static enum rc check_alone(const struct seat_desk *d, const struct seat *seat,
                           const struct seat_term *t, struct err *e)
{
    const struct seat_roster *r = &d->roster;
    for (uint32_t i = 0; i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        if ((is_admin(s) || is_admin(seat)) && !str_eq(s->id, seat->id) &&
            seat_is_held(s, t->holder, t->from, t->to)) {
            (void)err_set(e, RC_CONFLICT, "%.*s holds the seat %.*s on the same days",
                          "%.*s 同期持有岗位 %.*s", PS(t->holder), PS(s->id));
            err_hint(e, "An administrator holds no other seat: choose another person.",
                     "管理员不得兼任其他岗位，请另选他人。");
            return RC_CONFLICT;
        }
    }
    return RC_OK;
}

/* AC5: an administrator of the sort remains when this seat ends. */
static enum rc check_remains(const struct seat_desk *d, const struct seat *seat, struct err *e)
{
    const struct seat_roster *r = &d->roster;
    for (uint32_t i = 0; i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        bool whole = s->unit.n == 0 || str_eq(s->unit, seat->unit);
        if (s->role == seat->role && whole && !str_eq(s->id, seat->id) && s->term.holder.n > 0 &&
            date_cmp(s->term.to, DATE_MAX) == 0) {
            return RC_OK;
        }
    }
    (void)err_set(e, RC_CONFLICT, "%.*s is the last seat of this administrator",
                  "%.*s 是最后一个此类管理员岗位", PS(seat->id));
    err_hint(e, "Hand it over instead, without an end.", "请改为移交，且不设终止日期。");
    return RC_CONFLICT;
}

/* AC2, AC1, and that he is there. */
static enum rc check_holder(const struct seat_desk *d, const struct seat *seat,
                            const struct seat_term *t, struct err *e)
{
    const struct seat_user *u = seat_user_find(&d->roster, t->holder);
    if (u == NULL || u->closed) {
        return seat_no_user(t->holder, e);
    }
    if (str_eq(t->holder, d->actor)) {
        return err_set(e, RC_DENIED, "nobody gives a seat to himself", "不能给本人授予岗位");
    }
    if (date_cmp(t->from, d->roster.day) < 0 || date_cmp(t->to, t->from) < 0) {
        return err_set(e, RC_INPUT, "a seat begins today or later, and ends not before it begins",
                       "岗位最早自今日起，且终止不早于开始");
    }
    return check_alone(d, seat, t, e);
}

/* Rights over the unit of the seat, AC4. */
static enum rc need_seat(const struct seat_desk *d, const struct seat *s, struct err *e)
{
    TRY(seat_desk_need(d, OP_SEAT_SET, s->unit, CLASS_INTERNAL, e));
    return is_admin(s) ? seat_need_second(d, s->unit, e) : RC_OK;
}

/* Of two at once who change administrators of one sort, one is told. */
static void subjects(struct seat_desk *d, struct seat_desk_act *act, struct str id,
                     struct str holder)
{
    seat_desk_subject(d, act, SEAT_PREFIX, id);
    if (holder.n > 0) {
        seat_desk_subject(d, act, SEAT_USER_PREFIX, holder);
    }
}

static enum rc commit_seat(struct seat_desk *d, struct seat_desk_act *act, const struct seat *s,
                           struct err *e)
{
    act->docs[act->n_docs++] = seat_parcel(d->a, s);
    return seat_desk_commit(d, act, "", e);
}

enum rc seat_give(struct seat_desk *d, const struct seat *seat, struct str note, struct err *e)
{
    struct seat_desk_act act = {.act = "seat.give", .note = note};
    TRY(seat_check_id(seat->id, e));
    subjects(d, &act, seat->id, seat->term.holder);
    TRY(seat_desk_begin(d, &act, e));
    if (!seat_unit_stands(&d->roster, seat->unit)) {
        return seat_no_unit(seat->unit, e);
    }
    TRY(need_seat(d, seat, e));
    if (seat_find(&d->roster, seat->id) != NULL) {
        (void)err_set(e, RC_CONFLICT, "the seat %.*s is there already", "岗位 %.*s 已存在",
                      PS(seat->id));
        err_hint(e, "To another person it is handed over.", "换人请用移交。");
        return RC_CONFLICT;
    }
    TRY(check_holder(d, seat, &seat->term, e));
    return commit_seat(d, &act, seat, e);
}

/* The seat of an act, with the sort of administrators where it is one of theirs. */
static enum rc begin_seat(struct seat_desk *d, struct seat_desk_act *act, struct str id,
                          struct str holder, const struct seat **out, struct err *e)
{
    subjects(d, act, id, holder);
    for (uint32_t i = ROLE_SYSTEM; i < ROLE__N; i++) {
        seat_desk_subject(d, act, ADMIN_PREFIX, str_from_cstr(seat_roles[i].word));
    }
    TRY(seat_desk_begin(d, act, e));
    *out = seat_find(&d->roster, id);
    if (*out == NULL) {
        return err_set(e, RC_NOT_FOUND, "there is no seat %.*s", "没有岗位 %.*s", PS(id));
    }
    act->n_subjects -= is_admin(*out) ? 0 : ROLE__N - ROLE_SYSTEM;
    return need_seat(d, *out, e);
}

static enum rc check_term(const struct seat_desk *d, const struct seat *s,
                          const struct seat_term *t, struct err *e)
{
    if (date_cmp(s->term.from, d->roster.day) > 0) {
        return err_set(e, RC_CONFLICT, "a hand-over to %.*s has not come into force yet",
                       "移交给 %.*s 尚未生效", PS(s->term.holder));
    }
    if (date_cmp(t->from, s->term.from) <= 0) {
        return err_set(e, RC_INPUT, "the present holder began on that day or later",
                       "现任持有人于该日或之后才开始");
    }
    if (str_eq(s->term.holder, t->holder) && date_cmp(s->term.to, t->from) >= 0) {
        return err_set(e, RC_CONFLICT, "%.*s holds it already", "%.*s 已持有该岗位", PS(t->holder));
    }
    return is_admin(s) && date_cmp(t->to, DATE_MAX) != 0 ? check_remains(d, s, e) : RC_OK;
}

static enum rc check_duties(const struct str *duties, uint32_t n, struct err *e)
{
    bool ok = n <= SEAT_DUTIES_MAX;
    for (uint32_t i = 0; ok && i < n; i++) {
        ok = duties[i].n > 0 && duties[i].n <= STORE_TEXT_BYTES;
    }
    return ok ? RC_OK
              : err_set(e, RC_LIMIT, "a hand-over lists at most %u duties of %d bytes",
                        "一次移交最多列 %u 项、每项 %d 字节", SEAT_DUTIES_MAX, STORE_TEXT_BYTES);
}

enum rc seat_hand_over(struct seat_desk *d, struct str id, const struct seat_term *term,
                       const struct str *duties, uint32_t n_duties, struct str note, struct err *e)
{
    struct seat_desk_act act = {.act = "seat.hand-over", .note = note};
    const struct seat *s = NULL;
    TRY(check_duties(duties, n_duties, e));
    TRY(begin_seat(d, &act, id, term->holder, &s, e));
    TRY(check_holder(d, s, term, e));
    TRY(check_term(d, s, term, e));
    struct seat next = *s;
    next.before = s->term;
    next.before.to = date_earlier(s->term.to, date_add_days(term->from, -1));
    next.before_seq = s->seq;
    next.term = *term;
    next.duties = duties;
    next.n_duties = n_duties;
    return commit_seat(d, &act, &next, e);
}

enum rc seat_end(struct seat_desk *d, struct str id, struct date last, struct str note,
                 struct err *e)
{
    struct seat_desk_act act = {.act = "seat.end", .note = note};
    const struct seat *s = NULL;
    TRY(begin_seat(d, &act, id, STR(""), &s, e));
    if (date_cmp(last, date_add_days(d->roster.day, -1)) < 0 || date_cmp(last, s->term.to) >= 0) {
        return err_set(e, RC_INPUT,
                       "the last day is yesterday at the earliest, and before the end it has",
                       "最后一日最早为昨日，且须早于原定终止日");
    }
    if (date_cmp(last, s->term.from) < 0 && date_cmp(s->term.from, d->roster.day) > 0) {
        return err_set(e, RC_CONFLICT, "its holder has not begun yet", "持有人尚未开始任职");
    }
    TRY(is_admin(s) ? check_remains(d, s, e) : RC_OK);
    struct seat next = *s;
    next.term.to = last;
    return commit_seat(d, &act, &next, e);
}
