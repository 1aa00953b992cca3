/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions lie in the record of their user (seat/secret.h). */
#include "app/seat/session.h"

#include "app/seat/totp.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sm3.h"

#define MINUTE_US   60000000LL
#define TOKEN_BYTES 32
#define NOWHERE     UINT32_MAX

enum rc seat_token_hash(struct arena *a, struct str token, struct str *hash, struct err *e)
{
    uint8_t raw[SM3_BYTES];
    if (!sm3(token, raw)) {
        return err_set(e, RC_NO_SUPPORT, "libcrypto has no SM3", "libcrypto 不支持 SM3");
    }
    *hash = seat_base32(a, raw, sizeof raw);
    return RC_OK;
}

enum rc seat_token_make(struct arena *a, struct str *token, struct str *hash, struct err *e)
{
    uint8_t raw[TOKEN_BYTES];
    TRY(seat_random(raw, sizeof raw, e));
    *token = seat_base32(a, raw, sizeof raw);
    return seat_token_hash(a, *token, hash, e);
}

/* SS2. A clock that is a little behind that of the login is none of the session's fault. */
static bool holds(const struct seat_session *s, int64_t now)
{
    return s->since <= now + MINUTE_US && now < s->since + SEAT_SESSION_HOURS * 60 * MINUTE_US &&
           now < s->last + SEAT_SESSION_IDLE * MINUTE_US;
}

int64_t seat_session_left(const struct seat_session *s, int64_t now)
{
    int64_t left = s->since + SEAT_SESSION_HOURS * 60 * MINUTE_US - now;
    return left > 0 ? left / 1000000 : 0;
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

/* ---- changes of the record ------------------------------------------------------------------ */

struct change {
    const struct seat_desk *d;
    struct str hash; /* of a token, or its first signs; "": of none */
    bool found;
};

static enum rc change(struct seat_desk *d, struct str user, seat_secret_fn *fn, struct change *c,
                      struct seat_secret *out, struct err *e)
{
    struct str subject = str_cat(d->a, STR(SEAT_USER_PREFIX), user);
    c->d = d;
    return seat_secret_change(d->a, d->reader, d->store, subject, fn, c, out, e);
}

static bool add(struct seat_secret *s, void *ctx)
{
    const struct change *c = ctx;
    drop_ended(s, c->d->now);
    if (s->n_sessions == SEAT_SESSIONS) {
        drop(s, 0);
    }
    s->sessions[s->n_sessions] = c->d->session;
    s->sessions[s->n_sessions++].hash = c->hash;
    return true;
}

/* That it was used is written once a minute. */
static bool touch(struct seat_secret *s, void *ctx)
{
    const struct change *c = ctx;
    uint32_t at = find(s, c->hash);
    if (at == NOWHERE || !holds(&s->sessions[at], c->d->now) ||
        c->d->now < s->sessions[at].last + MINUTE_US) {
        return false;
    }
    s->sessions[at].last = c->d->now;
    return true;
}

static bool end(struct seat_secret *s, void *ctx)
{
    const struct change *c = ctx;
    uint32_t at = find(s, c->hash);
    if (at == NOWHERE) {
        return false;
    }
    drop(s, at);
    return true;
}

/* Those whose hash begins so; with "" all but the one that asks. */
static bool end_some(struct seat_secret *s, void *ctx)
{
    struct change *c = ctx;
    uint32_t before = s->n_sessions;
    for (uint32_t i = s->n_sessions; i > 0; i--) {
        struct str hash = s->sessions[i - 1].hash;
        bool own = str_eq(hash, c->d->session.hash);
        if (c->hash.n > 0 ? str_starts(hash, c->hash) : !own) {
            drop(s, i - 1);
        }
    }
    c->found = s->n_sessions < before;
    return c->found;
}

/* ---- what is done --------------------------------------------------------------------------- */

enum rc seat_session_begin(struct seat_desk *d, struct str *token, struct err *e)
{
    struct change c = {0};
    struct seat_secret s;
    if (d->actor.n == 0 || d->stale) {
        return err_set(e, RC_DENIED, "the password has to be changed first", "须先更改密码");
    }
    TRY(seat_token_make(d->a, token, &c.hash, e));
    d->session = (struct seat_session){c.hash, d->now, d->now, d->session.by, d->device};
    return change(d, d->actor, add, &c, &s, e);
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
    struct change c = {0};
    struct seat_secret s;
    TRY(seat_desk_begin(d, &none, e));
    const struct seat_user *u = seat_user_find(&d->roster, user);
    TRY(seat_token_hash(d->a, token, &c.hash, e));
    if (u == NULL || u->closed) {
        return over(e);
    }
    TRY(change(d, user, touch, &c, &s, e));
    uint32_t at = find(&s, c.hash);
    if (at == NOWHERE || !holds(&s.sessions[at], d->now)) {
        return over(e);
    }
    d->actor = str_dup(d->a, user);
    d->session = s.sessions[at];
    d->has_totp = s.totp.n > 0;
    /* Who came without a password has none that could be stale (people.md, 32). */
    d->stale = d->session.by == SEAT_BY_PASSWORD && seat_secret_is_stale(&s, seat_desk_today(d));
    return RC_OK;
}

enum rc seat_session_end(struct seat_desk *d, struct str user, struct str token, struct err *e)
{
    struct change c = {0};
    struct seat_secret s;
    TRY(seat_token_hash(d->a, token, &c.hash, e));
    return change(d, user, end, &c, &s, e);
}

/* ---- the list of devices -------------------------------------------------------------------- */

enum rc seat_session_list(struct seat_desk *d, struct str user, struct seat_sessions *out,
                          struct err *e)
{
    struct seat_secret s;
    *out = (struct seat_sessions){0};
    TRY(seat_secret_get(d->a, d->reader, str_cat(d->a, STR(SEAT_USER_PREFIX), user), &s, e));
    drop_ended(&s, d->now);
    for (uint32_t i = 0; i < s.n_sessions; i++) {
        out->list[out->n++] = s.sessions[i];
    }
    return RC_OK;
}

enum rc seat_session_drop(struct seat_desk *d, struct str user, struct str id, struct err *e)
{
    struct change c = {.hash = id};
    struct seat_secret s;
    bool whole = id.n == 0 || id.n == SEAT_SESSION_ID;
    TRY(whole ? change(d, user, end_some, &c, &s, e) : RC_OK);
    return c.found || id.n == 0
               ? RC_OK
               : err_set(e, RC_NOT_FOUND, "there is no such session", "没有这个会话");
}
