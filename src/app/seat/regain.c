/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A book that was restored without its secrets: nobody can log in. Its three administrators, named
 * together, get passwords for one use. Whoever can do this holds the database and could write what
 * he likes there; so nothing is given away, and the act stands in the log.
 */
#include "app/seat/act.h"
#include "app/seat/secret.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/secret.h"

static const enum seat_role roles[SEAT_ADMINS] = {ROLE_SYSTEM, ROLE_SECURITY, ROLE_AUDIT};

struct looking {
    struct seat_desk *d;
    const struct str *ids;
    bool usable; /* somebody has a password he chose himself */
};

/* Passwords for one use of the same three are those of a regaining that was cut short. */
static enum rc on_secret(void *ctx, struct str subject, struct str body, struct err *e)
{
    struct looking *l = ctx;
    struct seat_secret s;
    bool named = false;
    for (int i = 0; i < SEAT_ADMINS; i++) {
        named |= str_eq(subject, str_cat(l->d->a, STR(SEAT_USER_PREFIX), l->ids[i]));
    }
    if (!seat_secret_of(l->d->a, body, &s)) {
        return err_set(e, RC_DB, "the secrets of %.*s are damaged", "%.*s 的密件已损坏",
                       PS(subject));
    }
    l->usable |= s.hash.n > 0 && !(named && s.must_change);
    return RC_OK;
}

static enum rc need_nobody(struct seat_desk *d, const struct str ids[SEAT_ADMINS], struct err *e)
{
    struct looking l = {d, ids, false};
    TRY(secret_all(d->reader, on_secret, &l, e));
    if (!l.usable) {
        return RC_OK;
    }
    enum rc rc = err_set(e, RC_DENIED, "there are users who can log in", "账本有可登录的用户");
    err_hint(e, "The security administrator gives new passwords: tizhi user reset.",
             "请安全管理员重置密码：tizhi user reset。");
    return rc;
}

static enum rc need_admin(const struct seat_desk *d, struct str id, enum seat_role role,
                          struct err *e)
{
    const struct seat_roster *r = &d->roster;
    const struct seat_user *u = seat_user_find(r, id);
    for (uint32_t i = 0; u != NULL && !u->closed && i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        if (s->role == role && s->unit.n == 0 && str_eq(seat_holder(s, r->day), id)) {
            return RC_OK;
        }
    }
    return err_set(e, RC_DENIED, "%.*s holds no seat over all units as %s%.0s today",
                   "%.*s 今日未持有覆盖全部机构的岗位：%.0s%s", PS(id), seat_roles[role].text[0],
                   seat_roles[role].text[1]);
}

/* Tries of the days without passwords are forgotten. */
static enum rc give_once(struct seat_desk *d, struct str id, struct str *password, struct err *e)
{
    struct str subject = str_cat(d->a, STR(SEAT_USER_PREFIX), id);
    struct seat_secret s;
    struct str hash;
    TRY(seat_pass_random(d->a, password, e));
    TRY(seat_pass_hash(d->a, *password, d->cost, &hash, e));
    TRY(seat_secret_get(d->a, d->reader, subject, &s, e));
    seat_secret_renew(&s, hash, seat_desk_today(d), true);
    s.tries = (struct seat_tries){0};
    return seat_secret_put(d->a, d->store, subject, &s, e);
}

enum rc seat_regain(struct seat_desk *d, const struct str ids[SEAT_ADMINS],
                    struct str passwords[SEAT_ADMINS], struct err *e)
{
    struct seat_desk_act act = {.act = "user.regain"};
    for (int i = 0; i < SEAT_ADMINS; i++) {
        seat_desk_subject(d, &act, SEAT_USER_PREFIX, ids[i]);
    }
    TRY(seat_desk_begin(d, &act, e));
    TRY(need_nobody(d, ids, e));
    for (int i = 0; i < SEAT_ADMINS; i++) {
        TRY(need_admin(d, ids[i], roles[i], e));
    }
    TRY(seat_desk_commit(d, &act, "tizhi", e)); /* AC6 */
    for (int i = 0; i < SEAT_ADMINS; i++) {
        TRY(give_once(d, ids[i], &passwords[i], e));
    }
    return RC_OK;
}
