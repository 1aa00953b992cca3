/* SPDX-License-Identifier: Apache-2.0 */
/* The way of an act into the book. */
#include "app/seat/desk.h"

#include "app/seat/totp.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"

#define US_PER_DAY  86400000000LL
#define CHINA_US    28800000000LL /* UTC+8 */
#define TOKEN_BYTES 20

struct date seat_desk_today(const struct seat_desk *d)
{
    return (struct date){(int32_t)((d->now + CHINA_US) / US_PER_DAY)};
}

void seat_desk_subject(struct seat_desk *d, struct seat_desk_act *act, const char *prefix,
                       struct str id)
{
    ASSERT(act->n_subjects < SEAT_DESK_SUBJECTS);
    act->subjects[act->n_subjects++].subject = str_cat(d->a, str_from_cstr(prefix), id);
}

/* ---- halls ---------------------------------------------------------------------------------- */

struct seat_visit {
    const struct hall *hall;
    struct seat_visit *before;
};

const struct hall *seat_desk_hall(const struct seat_desk *d)
{
    return d->visits != NULL ? d->visits->hall : NULL;
}

void seat_desk_leave(struct seat_desk *d)
{
    for (; d->visits != NULL; d->visits = d->visits->before) {
        halls_leave(d->halls, d->visits->hall);
    }
}

/* What was looked up in the hall before stays good until seat_desk_leave. */
static enum rc visit(struct seat_desk *d, int64_t seq, struct err *e)
{
    struct seat_visit *v = ARENA_NEW(d->a, struct seat_visit);
    TRY(halls_enter(d->halls, seq, &v->hall, e));
    v->before = d->visits;
    d->visits = v;
    d->roster = v->hall->roster;
    return RC_OK;
}

static enum rc roster(struct seat_desk *d, int64_t seq, struct err *e)
{
    return d->halls != NULL
               ? visit(d, seq, e)
               : seat_roster_load(d->a, d->reader, seq, seat_desk_today(d), &d->roster, e);
}

/* ---- an act --------------------------------------------------------------------------------- */

static enum rc look(struct seat_desk *d, struct seat_desk_act *act, struct err *e)
{
    struct store_end end;
    TRY(store_end(d->a, d->reader, &end, e));
    TRY(roster(d, end.seq, e));
    for (uint32_t i = 0; i < act->n_subjects; i++) {
        TRY(store_head(d->reader, act->subjects[i].subject, &act->subjects[i].seen, e));
    }
    return RC_OK;
}

enum rc seat_desk_begin(struct seat_desk *d, struct seat_desk_act *act, struct err *e)
{
    TRY(store_begin(d->reader, e));
    enum rc rc = look(d, act, e);
    store_done(d->reader);
    return rc;
}

static enum rc nobody(struct err *e)
{
    enum rc rc = err_set(e, RC_DENIED, "nobody is logged in", "尚未登录");
    err_hint(e, "Say who you are: --as ID.", "请用 --as 写明用户。");
    return rc;
}

static enum rc stale(struct err *e)
{
    enum rc rc = err_set(e, RC_DENIED, "the password has to be changed first", "须先更改密码");
    err_hint(e, "Change it: tizhi user password.", "请更改：tizhi user password。");
    return rc;
}

bool seat_desk_may(const struct seat_desk *d, enum seat_op op, struct str unit,
                   enum data_class class)
{
    const struct seat_want want = {.op = op, .unit = unit, .class = class};
    bool in_scope = d->scope == NULL || seat_scope_allows(d->scope, &d->roster, op, unit); /* DE4 */
    bool may =
        d->actor.n > 0 && !d->stale && in_scope && seat_may(&d->roster, d->actor, &want) != NULL;
    if (may && d->granted != NULL) {
        ++*d->granted;
    }
    return may;
}

enum rc seat_desk_need(const struct seat_desk *d, enum seat_op op, struct str unit,
                       enum data_class class, struct err *e)
{
    if (d->actor.n == 0) {
        return nobody(e);
    }
    if (d->stale) {
        return stale(e);
    }
    if (seat_desk_may(d, op, unit, class)) {
        return RC_OK;
    }
    if (d->scope != NULL && !seat_scope_allows(d->scope, &d->roster, op, unit)) {
        return err_set(e, RC_DENIED, "the token is not for this: %s", "令牌不能用于此操作：%s",
                       seat_ops[op].word);
    }
    const char *const *text = seat_ops[op].text;
    enum rc rc = err_set(e, RC_DENIED, "%.*s holds no seat that may %s%.0s%s%.*s (%s)",
                         "%.*s 没有可以%.0s%s的岗位%s%.*s（%s）", PS(d->actor), text[0], text[1],
                         unit.n > 0 ? ": " : "", PS(unit), seat_ops[op].word);
    err_hint(e, "The table of rights says who may do what (tizhi seat rights).",
             "各岗位可办的事见权限表（tizhi seat rights）。");
    return rc;
}

/* The note with the one who stood by in front. */
static struct str note_of(const struct seat_desk *d, struct str note)
{
    struct buf b;
    if (d->second.n == 0) {
        return note;
    }
    buf_init_in(&b, d->a, STORE_NOTE_BYTES);
    buf_printf(&b, "[" SEAT_USER_PREFIX "%.*s]%s%.*s", PS(d->second), note.n > 0 ? " " : "",
               PS(note));
    return buf_view(&b);
}

enum rc seat_desk_commit(struct seat_desk *d, struct seat_desk_act *act, const char *by,
                         struct err *e)
{
    uint8_t raw[TOKEN_BYTES];
    struct store_receipt got;
    TRY(seat_random(raw, sizeof raw, e));
    struct str actor =
        d->actor.n > 0 ? str_cat(d->a, STR(SEAT_USER_PREFIX), d->actor) : str_from_cstr(by);
    const struct store_commit c = {
        .token = seat_base32(d->a, raw, sizeof raw),
        .actor = actor,
        .act = str_from_cstr(act->act),
        .note = note_of(d, act->note),
        .expects = act->subjects,
        .n_expects = act->n_subjects,
        .parcels = act->docs,
        .n_parcels = act->n_docs,
    };
    return store_commit(d->a, d->store, &c, &got, e);
}
