/* SPDX-License-Identifier: Apache-2.0 */
/* Links of users to the provider's names, and coming in by one. */
#include "app/seat/sso.h"

#include "app/seat/act.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"

/* "ISSUER SUB": an issuer is an address and has no blank. */
static struct str link_of(struct arena *a, struct str issuer, struct str sub)
{
    return str_cat(a, str_cat(a, issuer, STR(" ")), sub);
}

static enum rc check(struct str issuer, struct str sub, struct err *e)
{
    bool ok = issuer.n > 0 && issuer.n <= SEAT_ISSUER_BYTES &&
              str_find(issuer, STR(" "), 0) == STR_NONE && sub.n > 0 && sub.n <= SEAT_SUB_BYTES;
    const struct str texts[] = {issuer, sub};
    for (int i = 0; ok && i < 2; i++) {
        ok = utf8_valid(texts[i], NULL);
        for (uint32_t at = 0; ok && at < texts[i].n; at++) {
            ok = (unsigned char)texts[i].p[at] >= ' ' && texts[i].p[at] != 0x7f;
        }
    }
    if (ok) {
        return RC_OK;
    }
    (void)err_set(e, RC_INPUT, "this is no name of a provider", "这不是认证平台的用户标识");
    err_hint(e, "issuer: the address of the provider; sub: at most %d bytes as it gives them.",
             "issuer 为认证平台地址；sub 为其给出的标识，最长 %d 字节。", SEAT_SUB_BYTES);
    return RC_INPUT;
}

/* On some day from today on. */
static bool is_admin(const struct seat_roster *r, struct str user)
{
    for (uint32_t i = 0; i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        if (seat_roles[s->role].mark && seat_is_held(s, user, r->day, DATE_MAX)) {
            return true;
        }
    }
    return false;
}

static const struct seat_user *find(const struct seat_roster *r, struct str link)
{
    for (uint32_t i = 0; i < r->users.n; i++) {
        if (str_eq(r->users.items[i].link, link)) {
            return &r->users.items[i];
        }
    }
    return NULL;
}

static enum rc check_free(const struct seat_desk *d, const struct seat_user *u, struct str link,
                          struct err *e)
{
    const struct seat_user *other = find(&d->roster, link);
    if (other != NULL) {
        return err_set(e, RC_CONFLICT, "this name of the provider is linked to %.*s",
                       "认证平台的该标识已绑定用户 %.*s", PS(other->id));
    }
    if (u->closed) {
        return err_set(e, RC_CONFLICT, "%.*s is closed", "%.*s 已停用", PS(u->id));
    }
    return is_admin(&d->roster, u->id)
               ? err_set(e, RC_CONFLICT, "administrators come by password, not by single sign-on",
                         "三员须凭密码登录，不能使用统一认证")
               : RC_OK;
}

static enum rc change(struct seat_desk *d, const char *what, struct str id, struct str link,
                      struct str note, struct err *e)
{
    struct seat_desk_act act = {.act = what, .note = note};
    const struct seat_user *u = NULL;
    seat_desk_subject(d, &act, "links", STR("")); /* of two at once one is told */
    TRY(seat_begin_on(d, &act, id, &u, e));
    TRY(link.n > 0 ? check_free(d, u, link, e) : RC_OK);
    struct seat_user next = *u;
    next.link = link;
    act.docs[act.n_docs++] = seat_user_parcel(d->a, &next);
    return seat_desk_commit(d, &act, "", e);
}

enum rc seat_user_link(struct seat_desk *d, struct str id, struct str issuer, struct str sub,
                       struct str note, struct err *e)
{
    TRY(check(issuer, sub, e));
    return change(d, "user.link", id, link_of(d->a, issuer, sub), note, e);
}

enum rc seat_user_unlink(struct seat_desk *d, struct str id, struct str note, struct err *e)
{
    return change(d, "user.unlink", id, STR(""), note, e);
}

enum rc seat_sso(struct seat_desk *d, struct str issuer, struct str sub, struct err *e)
{
    struct seat_desk_act none = {0};
    struct seat_secret s = {0};
    TRY(check(issuer, sub, e));
    TRY(seat_desk_begin(d, &none, e));
    const struct seat_user *u = find(&d->roster, link_of(d->a, issuer, sub));
    if (u == NULL || u->closed || is_admin(&d->roster, u->id)) { /* SN3 */
        enum rc rc = err_set(e, RC_DENIED, "no user here comes by this single sign-on",
                             "本系统没有以此统一认证登录的用户");
        err_hint(e, "The security administrator links users; administrators use their password.",
                 "请安全管理员绑定用户；三员请用密码登录。");
        return rc;
    }
    TRY(seat_secret_get(d->a, d->reader, str_cat(d->a, STR(SEAT_USER_PREFIX), u->id), &s, e));
    if (seat_tries_wait(&s.tries, d->now) > 0) {
        return err_set(e, RC_DENIED, "this user is locked", "该用户已锁定");
    }
    d->actor = str_dup(d->a, u->id);
    d->session.by = SEAT_BY_SSO;
    d->stale = false;
    d->has_totp = s.totp.n > 0;
    return RC_OK;
}
