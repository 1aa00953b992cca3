/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in and out, and who one is. */
#include "app/seat/act.h"
#include "app/seat/login.h"
#include "app/seat/session.h"
#include "http/ask.h"
#include "http/cookie.h"
#include "http/handlers.h"
#include "http/people.h"

/* ---- who one is ----------------------------------------------------------------------------- */

static void me_json(struct ask *q)
{
    struct json j;
    const struct seat_user *u = seat_user_find(&q->seat.roster, q->seat.actor);
    ask_json(q, &j);
    json_kv_str(&j, "user", q->seat.actor);
    json_kv_str(&j, "name", u != NULL ? u->name : STR(""));
    json_kv_bool(&j, "stale", q->seat.stale);
    json_kv_day(&j, "day", seat_desk_today(&q->seat));
    json_kv_bool(&j, "demo", q->s->o.demo);
    json_kv_cstr(&j, "by", seat_by_word(q->seat.session.by));
    json_kv_bool(&j, "totp", q->seat.has_totp);
    json_kv_int(&j, "ends_in", seat_session_left(&q->seat.session, q->seat.now));
    json_kv_int(&j, "idle", SEAT_SESSION_IDLE * 60);
    people_seats_json(q, &j, q->seat.actor);
    json_obj_end(&j);
    json_end(&j);
    q->head.secret = true;
}

enum rc do_me(struct ask *q)
{
    me_json(q);
    return RC_OK;
}

/* ---- in and out ----------------------------------------------------------------------------- */

static enum rc denied(struct ask *q, enum rc rc)
{
    if (rc == RC_DENIED) {
        q->head.status = 401;
    }
    return rc;
}

/* Whoever was logged in with this browser is out, and the new token is another one. */
enum rc ask_begin_session(struct ask *q)
{
    struct cookie old;
    struct cookie c = {.user = q->seat.actor};
    if (cookie_read(q->a, q->in->header.cookie, q->s->o.plain, &old)) {
        TRY(seat_session_end(&q->seat, old.user, old.token, &q->e));
    }
    TRY(seat_session_begin(&q->seat, &c.token, &q->e));
    q->head.cookie = cookie_write(q->a, &c, q->s->o.plain);
    me_json(q);
    return RC_OK;
}

static enum rc by_password(struct ask *q, struct seat_login *got)
{
    struct seat_typed typed = {.password = ask_member(q, "password"),
                               .code = ask_member(q, "code")};
    q->seat.actor = STR("");
    return denied(q, seat_login(&q->seat, ask_member(q, "user"), &typed, false, got, &q->e));
}

enum rc do_login(struct ask *q)
{
    struct seat_login got;
    TRY(by_password(q, &got));
    if (got.stale) {
        q->head.status = 403;
        q->at = STR("/password");
        return err_set(&q->e, RC_DENIED, "the password has to be changed first",
                       "须先更改密码，才能登录");
    }
    TRY(seat_login_record(&q->seat, &got, &q->e));
    return ask_begin_session(q);
}

enum rc do_password(struct ask *q)
{
    struct seat_login got;
    TRY(by_password(q, &got));
    enum rc rc = seat_user_password(&q->seat, ask_member(q, "next"), &q->e);
    if (rc == RC_INPUT) {
        q->at = STR("/next");
    }
    TRY(rc);
    TRY(seat_login_record(&q->seat, &got, &q->e));
    return ask_begin_session(q);
}

enum rc do_logout(struct ask *q)
{
    struct cookie c;
    if (cookie_read(q->a, q->in->header.cookie, q->s->o.plain, &c)) {
        TRY(seat_session_end(&q->seat, c.user, c.token, &q->e));
    }
    c.token = STR("");
    q->head.cookie = cookie_write(q->a, &c, q->s->o.plain);
    return RC_OK;
}
