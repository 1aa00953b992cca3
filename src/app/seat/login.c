/* SPDX-License-Identifier: Apache-2.0 */
/* Login: count the try, look at it, take the count back. */
#include "app/seat/login.h"

#include "app/seat/ghost.h"
#include "app/seat/secret.h"
#include "app/seat/totp.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define SECOND_US 1000000LL
#define YEAR_US   (366LL * 86400 * SECOND_US)
#define AGAIN     8 /* times that others may be faster at one record */

/* LO1 */
static enum rc wrong(struct err *e)
{
    return err_set(e, RC_DENIED, "user, password or code is wrong", "用户、密码或动态码有误");
}

static enum rc too_early(int64_t wait, struct err *e)
{
    if (wait >= YEAR_US) { /* SC4 */
        return err_set(e, RC_DENIED, "the security administrator has locked this user",
                       "该用户已被安全管理员锁定");
    }
    int64_t s = (wait + SECOND_US - 1) / SECOND_US;
    return err_set(e, RC_DENIED, "after wrong tries the next one is possible in %lld s",
                   "多次输错，%lld 秒后可再试", (long long)s);
}

static struct str subject_of(struct seat_desk *d, struct str user)
{
    return str_cat(d->a, STR(SEAT_USER_PREFIX), user);
}

/* LO2. The record as it was before goes to *out, with the version of now. */
static enum rc count_try(struct seat_desk *d, struct str user, struct seat_secret *out,
                         struct err *e)
{
    struct str subject = subject_of(d, user);
    enum rc rc = RC_CONFLICT;
    for (int i = 0; i < AGAIN && rc == RC_CONFLICT; i++) {
        TRY(seat_secret_get(d->a, d->reader, subject, out, e));
        int64_t wait = seat_tries_wait(&out->tries, d->now);
        if (wait > 0) {
            return too_early(wait, e);
        }
        struct seat_secret counted = *out;
        seat_tries_count(&counted.tries, d->now);
        counted.n_sessions = seat_tries_locked(&counted.tries) ? 0 : counted.n_sessions; /* SC3 */
        rc = seat_secret_put(d->a, d->store, subject, &counted, NULL);
        out->version = counted.version;
    }
    return rc == RC_OK ? RC_OK : err_set(e, rc, "the login cannot be counted", "无法登记登录");
}

static bool code_fits(const struct seat_desk *d, struct seat_secret *s,
                      const struct seat_typed *typed)
{
    uint8_t key[SEAT_TOTP_KEY];
    uint32_t n = 0;
    struct str code = typed->code;
    if (s->totp.n > 0 && code.n == 0 && typed->ask != NULL) {
        code = typed->ask(typed->ctx);
    }
    return s->totp.n == 0 || (seat_base32_read(s->totp, key, sizeof key, &n) &&
                              seat_totp_check(key, n, d->now / SECOND_US, code, &s->totp_last));
}

/* LO3 */
static enum rc record_lock(struct seat_desk *d, struct str user, uint32_t failures, struct err *e)
{
    struct buf note;
    struct seat_desk_act act = {.act = "user.locked"};
    buf_init_in(&note, d->a, 256);
    buf_printf(&note, "%u", failures);
    act.note = buf_view(&note);
    seat_desk_subject(d, &act, SEAT_USER_PREFIX, user);
    act.subjects[0].seen = STORE_UNSEEN;
    return seat_desk_commit(d, &act, "tizhi", e);
}

/* He is in: the count goes back, and an old cost becomes the one of today. */
static enum rc let_in(struct seat_desk *d, struct str user, struct seat_secret *s,
                      struct str password, struct err *e)
{
    s->tries = (struct seat_tries){0};
    if (seat_pass_is_outdated(s->hash, d->cost)) {
        TRY(seat_pass_hash(d->a, password, d->cost, &s->hash, e));
    }
    return seat_secret_put(d->a, d->store, subject_of(d, user), s, e);
}

static enum rc prove(struct seat_desk *d, struct str user, const struct seat_typed *typed,
                     struct seat_secret *s, struct err *e)
{
    const struct seat_user *u = seat_user_find(&d->roster, user);
    bool known = u != NULL && !u->closed;
    if (known) {
        TRY(count_try(d, user, s, e));
    } else if (d->ghosts != NULL) { /* LO1 */
        int64_t wait = seat_ghosts_try(d->ghosts, user, d->now);
        TRY(wait > 0 ? too_early(wait, e) : RC_OK);
    }
    bool same = seat_pass_matches(d->a, known ? s->hash : STR(""), typed->password, d->cost);
    if (known && same && code_fits(d, s, typed)) {
        return RC_OK;
    }
    if (known && s->tries.failures + 1 >= SEAT_TRIES) {
        TRY(record_lock(d, user, s->tries.failures + 1, e));
    }
    return wrong(e);
}

enum rc seat_login(struct seat_desk *d, struct str user, const struct seat_typed *typed,
                   bool second, struct seat_login *out, struct err *e)
{
    struct seat_desk_act none = {0};
    struct seat_secret s = {0};
    *out = (struct seat_login){0};
    TRY(seat_desk_begin(d, &none, e));
    TRY(prove(d, user, typed, &s, e));
    *out = (struct seat_login){s.tries.failures, seat_secret_is_stale(&s, seat_desk_today(d)),
                               s.totp.n > 0};
    TRY(let_in(d, user, &s, typed->password, e));
    if (second) {
        d->second = out->stale ? STR("") : str_dup(d->a, user);
    } else {
        d->actor = str_dup(d->a, user);
        d->stale = out->stale;
        d->has_totp = out->has_totp;
    }
    return RC_OK;
}

enum rc seat_login_record(struct seat_desk *d, const struct seat_login *login, struct err *e)
{
    struct buf note;
    struct seat_desk_act act = {.act =
                                    d->session.by == SEAT_BY_SSO ? "user.login.sso" : "user.login"};
    buf_init_in(&note, d->a, 1024);
    if (login->failures > 0) {
        buf_printf(&note, "%u", login->failures);
    }
    if (d->device.address.n > 0) { /* people.md, 27 */
        buf_printf(&note, "%s%.*s %.*s", note.n > 0 ? "; " : "", PS(d->device.address),
                   PS(d->device.agent));
    }
    act.note = buf_view(&note);
    seat_desk_subject(d, &act, SEAT_USER_PREFIX, d->actor);
    act.subjects[0].seen = STORE_UNSEEN;
    return seat_desk_commit(d, &act, "", e);
}
