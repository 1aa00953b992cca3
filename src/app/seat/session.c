/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions lie in the record of their user (seat/secret.h). */
#include "app/seat/session.h"

#include "app/seat/secret.h"
#include "app/seat/totp.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sm3.h"

#define MINUTE_US   60000000LL
#define TOKEN_BYTES 32
#define NOWHERE     UINT32_MAX
#define AGAIN       8 /* times that others may be faster at one record */

static enum rc hash_of(struct arena *a, struct str token, struct str *out, struct err *e)
{
    uint8_t hash[SM3_BYTES];
    if (!sm3(token, hash)) {
        return err_set(e, RC_NO_SUPPORT, "libcrypto has no SM3", "libcrypto 不支持 SM3");
    }
    *out = seat_base32(a, hash, sizeof hash);
    return RC_OK;
}

/* SS2. A clock that is a little behind that of the login is none of the session's fault. */
static bool holds(const struct seat_session *s, int64_t now)
{
    return s->since <= now + MINUTE_US && now < s->since + SEAT_SESSION_HOURS * 60 * MINUTE_US &&
           now < s->last + SEAT_SESSION_IDLE * MINUTE_US;
}

static uint32_t find(const struct seat_secret *s, struct str hash)
{
    for (uint32_t i = 0; i < s->n_sessions; i++) {
        if (str_eq(s->sessions[i].hash, hash)) {
            return i;
        }
    }
    return NOWHERE;
}

static void drop(struct seat_secret *s, uint32_t at)
{
    for (uint32_t i = at; i + 1 < s->n_sessions; i++) {
        s->sessions[i] = s->sessions[i + 1];
    }
    s->n_sessions--;
}

static void drop_ended(struct seat_secret *s, int64_t now)
{
    for (uint32_t i = s->n_sessions; i > 0; i--) {
        if (!holds(&s->sessions[i - 1], now)) {
            drop(s, i - 1);
        }
    }
}

/* ---- one change of the record --------------------------------------------------------------- */

/* false: the record stays as it is. */
typedef bool change_fn(struct seat_secret *s, struct str hash, int64_t now);

/* Somebody else may count a try in the same record: then once more. out: as it is now. */
static enum rc change(struct seat_desk *d, struct str user, struct str hash, change_fn *fn,
                      struct seat_secret *out, struct err *e)
{
    struct str subject = str_cat(d->a, STR(SEAT_USER_PREFIX), user);
    enum rc rc = RC_CONFLICT;
    for (int i = 0; i < AGAIN && rc == RC_CONFLICT; i++) {
        TRY(seat_secret_get(d->a, d->reader, subject, out, e));
        rc = fn(out, hash, d->now) ? seat_secret_put(d->a, d->store, subject, out, NULL) : RC_OK;
    }
    return rc == RC_OK ? RC_OK : err_set(e, rc, "the session cannot be recorded", "无法登记会话");
}

static bool add(struct seat_secret *s, struct str hash, int64_t now)
{
    drop_ended(s, now);
    if (s->n_sessions == SEAT_SESSIONS) {
        drop(s, 0);
    }
    s->sessions[s->n_sessions++] = (struct seat_session){hash, now, now};
    return true;
}

/* That it was used is written once a minute. */
static bool touch(struct seat_secret *s, struct str hash, int64_t now)
{
    uint32_t at = find(s, hash);
    if (at == NOWHERE || !holds(&s->sessions[at], now) || now < s->sessions[at].last + MINUTE_US) {
        return false;
    }
    s->sessions[at].last = now;
    return true;
}

static bool end(struct seat_secret *s, struct str hash, int64_t now)
{
    uint32_t at = find(s, hash);
    (void)now;
    if (at == NOWHERE) {
        return false;
    }
    drop(s, at);
    return true;
}

/* ---- what is done --------------------------------------------------------------------------- */

enum rc seat_session_begin(struct seat_desk *d, struct str *token, struct err *e)
{
    uint8_t raw[TOKEN_BYTES];
    struct seat_secret s;
    struct str hash;
    if (d->actor.n == 0 || d->stale) {
        return err_set(e, RC_DENIED, "the password has to be changed first", "须先更改密码");
    }
    TRY(seat_random(raw, sizeof raw, e));
    *token = seat_base32(d->a, raw, sizeof raw);
    TRY(hash_of(d->a, *token, &hash, e));
    return change(d, d->actor, hash, add, &s, e);
}

static enum rc over(struct err *e)
{
    enum rc rc = err_set(e, RC_DENIED, "the session has ended", "会话已结束");
    err_hint(e, "Log in again: tizhi user login.", "请重新登录：tizhi user login。");
    return rc;
}

enum rc seat_session_resume(struct seat_desk *d, struct str user, struct str token, struct err *e)
{
    struct seat_desk_act none = {0};
    struct seat_secret s;
    struct str hash;
    TRY(seat_desk_begin(d, &none, e));
    const struct seat_user *u = seat_user_find(&d->roster, user);
    TRY(hash_of(d->a, token, &hash, e));
    if (u == NULL || u->closed) {
        return over(e);
    }
    TRY(change(d, user, hash, touch, &s, e));
    uint32_t at = find(&s, hash);
    if (at == NOWHERE || !holds(&s.sessions[at], d->now)) {
        return over(e);
    }
    d->actor = str_dup(d->a, user);
    d->stale = seat_secret_is_stale(&s, seat_desk_today(d));
    return RC_OK;
}

enum rc seat_session_end(struct seat_desk *d, struct str user, struct str token, struct err *e)
{
    struct seat_secret s;
    struct str hash;
    TRY(hash_of(d->a, token, &hash, e));
    return change(d, user, hash, end, &s, e);
}
