/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on users: the first three, new ones, what is mended, and what everybody does for himself. */
#include "app/seat/act.h"
#include "app/seat/secret.h"
#include "app/seat/token.h"
#include "app/seat/totp.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"

static const enum seat_role founders[SEAT_ADMINS] = {ROLE_SYSTEM, ROLE_SECURITY, ROLE_AUDIT};

/* ---- checks --------------------------------------------------------------------------------- */

enum rc seat_check_id(struct str id, struct err *e)
{
    bool ok = id.n > 0 && id.n <= SEAT_ID_BYTES;
    for (uint32_t i = 0; ok && i < id.n; i++) {
        char c = id.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        ok = word || (i > 0 && (c == '.' || c == '_' || c == '-'));
    }
    if (ok) {
        return RC_OK;
    }
    (void)err_set(e, RC_INPUT, "%.*s is no id", "%.*s 不能作标识", PS(id));
    err_hint(
        e, "Small letters, digits, dot, dash and underscore, %d at most, a letter or digit first.",
        "只用小写字母、数字、点、短横、下划线，最多 %d 个，以字母或数字开头。", SEAT_ID_BYTES);
    return RC_INPUT;
}

static enum rc check_name(struct str name, struct err *e)
{
    bool ok = name.n > 0 && name.n <= SEAT_NAME_BYTES && utf8_valid(name, NULL);
    for (uint32_t at = 0; ok && at < name.n;) {
        uint32_t cp = 0;
        at += utf8_decode(name, at, &cp);
        ok = !utf8_is_control(cp) && !utf8_is_bidi_control(cp);
    }
    return ok ? RC_OK
              : err_set(e, RC_INPUT, "a user needs a name of at most %d bytes",
                        "用户须有姓名，最长 %d 字节", SEAT_NAME_BYTES);
}

enum rc seat_no_user(struct str id, struct err *e)
{
    return err_set(e, RC_NOT_FOUND, "there is no user %.*s", "没有用户 %.*s", PS(id));
}

enum rc seat_no_unit(struct str code, struct err *e)
{
    return err_set(e, RC_NOT_FOUND, "there is no unit %.*s", "没有机构 %.*s", PS(code));
}

enum rc seat_need_second(const struct seat_desk *d, struct str unit, struct err *e)
{
    bool other = d->second.n > 0 && !str_eq(d->second, d->actor);
    if (other && seat_admin(&d->roster, d->second, ROLE_SECURITY, unit) != NULL) {
        return RC_OK;
    }
    (void)err_set(e, RC_DENIED, "what concerns an administrator needs a second one",
                  "涉及管理员的操作须有另一管理员在场");
    err_hint(e,
             "Let the system or audit administrator log in as well: --with ID; over HTTP: second.",
             "请系统管理员或审计管理员同时登录：--with 用户；网络接口为 second。");
    return RC_DENIED;
}

/* AC3, AC4 */
static enum rc need_user(const struct seat_desk *d, const struct seat_user *u, struct err *e)
{
    const struct seat_roster *r = &d->roster;
    TRY(seat_desk_need(d, OP_USER_SET, u->unit, CLASS_SENSITIVE, e));
    if (str_eq(u->id, d->actor)) {
        return err_set(e, RC_DENIED, "nobody does this to himself", "不能对本人操作");
    }
    for (uint32_t i = 0; i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        if (seat_is_held(s, u->id, r->day, DATE_MAX)) {
            TRY(seat_desk_need(d, OP_USER_SET, s->unit, CLASS_SENSITIVE, e));
            TRY(seat_roles[s->role].mark ? seat_need_second(d, s->unit, e) : RC_OK);
        }
    }
    return RC_OK;
}

enum rc seat_begin_on(struct seat_desk *d, struct seat_desk_act *act, struct str id,
                      const struct seat_user **out, struct err *e)
{
    seat_desk_subject(d, act, SEAT_USER_PREFIX, id);
    TRY(seat_desk_begin(d, act, e));
    *out = seat_user_find(&d->roster, id);
    return *out != NULL ? need_user(d, *out, e) : seat_no_user(id, e);
}

/* ---- secrets -------------------------------------------------------------------------------- */

struct change {
    struct date today;
    struct str hash; /* "": stays */
    bool must_change;
    bool unlock, lock;
    bool no_totp;
    struct str offered; /* "": stays */
    int64_t proved;     /* the step of the code that proved it; 0: stays */
};

static bool apply(struct seat_secret *s, void *ctx)
{
    const struct change *c = ctx;
    if (c->hash.n > 0) {
        seat_secret_renew(s, c->hash, c->today, c->must_change);
    }
    if (c->lock) {
        s->tries = SEAT_TRIES_CLOSED;
        s->n_sessions = s->n_tokens = 0;
    }
    if (c->unlock) {
        s->tries = (struct seat_tries){0};
    }
    if (c->no_totp) {
        s->totp = s->offered = STR("");
        s->n_sessions = 0;
    }
    if (c->offered.n > 0) {
        s->offered = c->offered;
    }
    if (c->proved > 0) {
        s->totp = s->offered;
        s->offered = STR("");
        s->totp_last = c->proved;
    }
    return true;
}

/* A login at the same moment counts in the same record. */
static enum rc change_secret(struct seat_desk *d, struct str id, struct change *c, struct err *e)
{
    struct str subject = str_cat(d->a, STR(SEAT_USER_PREFIX), id);
    struct seat_secret s;
    c->today = seat_desk_today(d);
    return seat_secret_change(d->a, d->reader, d->store, subject, apply, c, &s, e);
}

/* A password for one use. */
static enum rc once(struct seat_desk *d, struct str *password, struct change *c, struct err *e)
{
    TRY(seat_pass_random(d->a, password, e));
    c->must_change = true;
    return seat_pass_hash(d->a, *password, d->cost, &c->hash, e);
}

/* ---- the first three ------------------------------------------------------------------------ */

static enum rc begin_founding(struct seat_desk *d, struct seat_desk_act *act,
                              const struct str ids[SEAT_ADMINS], struct err *e)
{
    seat_desk_subject(d, act, "people", STR(""));
    for (int i = 0; i < SEAT_ADMINS; i++) {
        TRY(seat_check_id(ids[i], e));
        if (str_eq(ids[i], ids[(i + 1) % SEAT_ADMINS])) {
            return err_set(e, RC_INPUT, "three administrators are three persons",
                           "三员须为三个不同的人");
        }
        seat_desk_subject(d, act, SEAT_USER_PREFIX, ids[i]);
        seat_desk_subject(d, act, SEAT_PREFIX, str_from_cstr(seat_roles[founders[i]].word));
    }
    TRY(seat_desk_begin(d, act, e));
    return d->roster.users.n == 0 ? RC_OK
                                  : err_set(e, RC_CONFLICT, "the book has its first users already",
                                            "账本已有首批用户");
}

enum rc seat_found(struct seat_desk *d, const struct str ids[SEAT_ADMINS],
                   struct str passwords[SEAT_ADMINS], struct err *e)
{
    struct seat_desk_act act = {.act = "user.found"};
    TRY(begin_founding(d, &act, ids, e));
    for (int i = 0; i < SEAT_ADMINS; i++) {
        struct str role = str_from_cstr(seat_roles[founders[i]].word);
        struct change c = {.unlock = true};
        struct seat_user u = {.id = ids[i], .name = ids[i]};
        struct seat s = {.id = role,
                         .role = founders[i],
                         .ceiling = CLASS_SENSITIVE,
                         .term = {ids[i], seat_desk_today(d), DATE_MAX}};
        act.docs[act.n_docs++] = seat_user_parcel(d->a, &u);
        act.docs[act.n_docs++] = seat_parcel(d->a, &s);
        TRY(once(d, &passwords[i], &c, e));
        TRY(change_secret(d, ids[i], &c, e)); /* AC6 */
    }
    return seat_desk_commit(d, &act, "tizhi", e);
}

/* ---- users ---------------------------------------------------------------------------------- */

enum rc seat_user_add(struct seat_desk *d, const struct seat_user *user, struct str note,
                      struct str *password, struct err *e)
{
    struct seat_desk_act act = {.act = "user.add", .note = note};
    struct change c = {.unlock = true, .no_totp = true};
    TRY(seat_check_id(user->id, e));
    TRY(check_name(user->name, e));
    seat_desk_subject(d, &act, SEAT_USER_PREFIX, user->id);
    TRY(seat_desk_begin(d, &act, e));
    if (!seat_unit_stands(&d->roster, user->unit)) {
        return seat_no_unit(user->unit, e);
    }
    TRY(seat_desk_need(d, OP_USER_SET, user->unit, CLASS_SENSITIVE, e));
    if (seat_user_find(&d->roster, user->id) != NULL) {
        return err_set(e, RC_CONFLICT, "the user %.*s is there already", "用户 %.*s 已存在",
                       PS(user->id));
    }
    act.docs[act.n_docs++] = seat_user_parcel(d->a, user);
    TRY(once(d, password, &c, e));
    TRY(change_secret(d, user->id, &c, e)); /* AC6 */
    return seat_desk_commit(d, &act, "", e);
}

/* The first seat he holds from today on; NULL: none. */
static const struct seat *any_seat(const struct seat_roster *r, struct str user)
{
    for (uint32_t i = 0; i < r->seats.n; i++) {
        if (seat_is_held(&r->seats.items[i], user, r->day, DATE_MAX)) {
            return &r->seats.items[i];
        }
    }
    return NULL;
}

static enum rc still_seated(struct str user, const struct seat *s, struct err *e)
{
    (void)err_set(e, RC_CONFLICT, "%.*s still holds the seat %.*s", "%.*s 仍持有岗位 %.*s",
                  PS(user), PS(s->id));
    err_hint(e, "Hand the seat over or end it first.", "请先移交或终止该岗位。");
    return RC_CONFLICT;
}

/* AC5; the record is emptied. */
enum rc seat_user_close(struct seat_desk *d, struct str id, struct str note, struct err *e)
{
    struct seat_desk_act act = {.act = "user.close", .note = note};
    const struct seat_user *u = NULL;
    struct seat_secret s;
    TRY(seat_begin_on(d, &act, id, &u, e));
    const struct seat *held = any_seat(&d->roster, id);
    if (held != NULL) {
        return still_seated(id, held, e);
    }
    if (u->closed) {
        return err_set(e, RC_CONFLICT, "%.*s is closed already", "%.*s 已停用", PS(id));
    }
    struct seat_user closed = *u;
    closed.closed = true;
    closed.link = STR("");
    act.docs[act.n_docs++] = seat_user_parcel(d->a, &closed);
    TRY(seat_desk_commit(d, &act, "", e));
    TRY(seat_secret_get(d->a, d->reader, act.subjects[0].subject, &s, e));
    return seat_secret_empty(d->store, act.subjects[0].subject, &s, e);
}

enum rc seat_user_reopen(struct seat_desk *d, struct str id, struct str note, struct str *password,
                         struct err *e)
{
    struct seat_desk_act act = {.act = "user.reopen", .note = note};
    struct change c = {.unlock = true, .no_totp = true};
    const struct seat_user *u = NULL;
    TRY(seat_begin_on(d, &act, id, &u, e));
    if (!u->closed) {
        return err_set(e, RC_CONFLICT, "%.*s is not closed", "%.*s 未停用", PS(id));
    }
    struct seat_user open = *u;
    open.closed = false;
    act.docs[act.n_docs++] = seat_user_parcel(d->a, &open);
    TRY(once(d, password, &c, e));
    TRY(seat_desk_commit(d, &act, "", e));
    return change_secret(d, id, &c, e);
}

enum rc seat_user_mend(struct seat_desk *d, struct str id, enum seat_mend what, struct str note,
                       struct str *password, struct err *e)
{
    static const char *const acts[] = {[SEAT_RESET] = "user.reset",
                                       [SEAT_UNLOCK] = "user.unlock",
                                       [SEAT_LOCK] = "user.lock",
                                       [SEAT_NO_TOTP] = "user.no-totp"};
    struct seat_desk_act act = {.act = acts[what], .note = note};
    struct change c = {.unlock = what == SEAT_RESET || what == SEAT_UNLOCK,
                       .lock = what == SEAT_LOCK,
                       .no_totp = what == SEAT_NO_TOTP};
    const struct seat_user *u = NULL;
    TRY(seat_begin_on(d, &act, id, &u, e));
    if (u->closed) {
        return err_set(e, RC_CONFLICT, "%.*s is closed", "%.*s 已停用", PS(id));
    }
    if (what == SEAT_RESET) {
        TRY(once(d, password, &c, e));
    }
    TRY(seat_desk_commit(d, &act, "", e));
    return change_secret(d, id, &c, e);
}

/* ---- what he is in by ----------------------------------------------------------------------- */

struct ending {
    struct str what; /* id of a session, name of a token; "": all */
    bool done;
};

static bool end_sessions(struct seat_secret *s, void *ctx)
{
    struct ending *x = ctx;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->n_sessions; i++) {
        if (x->what.n > 0 && !str_starts(s->sessions[i].hash, x->what)) {
            s->sessions[kept++] = s->sessions[i];
        }
    }
    x->done = kept < s->n_sessions || x->what.n == 0;
    s->n_sessions = kept;
    return x->done;
}

static bool end_tokens(struct seat_secret *s, void *ctx)
{
    struct ending *x = ctx;
    x->done = x->what.n == 0 || seat_token_drop(s, x->what);
    s->n_tokens = x->what.n == 0 ? 0 : s->n_tokens;
    return x->done;
}

enum rc seat_user_end(struct seat_desk *d, struct str id, enum seat_ending what, struct str which,
                      struct str note, struct err *e)
{
    static const struct {
        const char *act;
        seat_secret_fn *fn;
    } ends[] = {[SEAT_END_SESSIONS] = {"user.session.end", end_sessions},
                [SEAT_END_TOKENS] = {"user.token.end", end_tokens}};
    struct seat_desk_act act = {.act = ends[what].act, .note = note};
    struct ending x = {.what = which};
    const struct seat_user *u = NULL;
    struct seat_secret s;
    TRY(seat_begin_on(d, &act, id, &u, e));
    TRY(seat_desk_commit(d, &act, "", e));
    TRY(seat_secret_change(d->a, d->reader, d->store, act.subjects[0].subject, ends[what].fn, &x,
                           &s, e));
    return x.done ? RC_OK
                  : err_set(e, RC_NOT_FOUND, "there is none of this name", "没有此名称的一项");
}

/* ---- for oneself ---------------------------------------------------------------------------- */

enum rc seat_begin_own(struct seat_desk *d, struct seat_desk_act *act, bool stale_too,
                       const struct seat_user **out, struct err *e)
{
    seat_desk_subject(d, act, SEAT_USER_PREFIX, d->actor);
    TRY(seat_desk_begin(d, act, e));
    *out = seat_user_find(&d->roster, d->actor);
    if (*out == NULL || (*out)->closed) {
        return seat_no_user(d->actor, e);
    }
    return d->stale && !stale_too
               ? err_set(e, RC_DENIED, "the password has to be changed first", "须先更改密码")
               : RC_OK;
}

static bool was_used(struct seat_desk *d, const struct seat_secret *s, struct str password)
{
    bool used = seat_pass_matches(d->a, s->hash, password, d->cost);
    for (uint32_t i = 0; i < s->n_old && !used; i++) {
        used = seat_pass_matches(d->a, s->old[i], password, d->cost);
    }
    return used;
}

enum rc seat_user_password(struct seat_desk *d, struct str password, struct err *e)
{
    struct seat_desk_act act = {.act = "user.password"};
    struct change c = {0};
    const struct seat_user *u = NULL;
    struct seat_secret s;
    TRY(seat_begin_own(d, &act, true, &u, e));
    const struct str words[] = {u->id, u->name};
    enum seat_pass_fault f = seat_pass_check(d->a, password, words, 2);
    TRY(f < PASS__N ? seat_pass_refuse(f, e) : RC_OK);
    TRY(seat_secret_get(d->a, d->reader, act.subjects[0].subject, &s, e));
    TRY(was_used(d, &s, password) ? seat_pass_refuse(PASS_USED, e) : RC_OK);
    TRY(seat_pass_hash(d->a, password, d->cost, &c.hash, e));
    TRY(seat_desk_commit(d, &act, "", e));
    TRY(change_secret(d, d->actor, &c, e));
    d->stale = false;
    return RC_OK;
}

enum rc seat_totp_offer(struct seat_desk *d, struct str *secret, struct err *e)
{
    struct seat_desk_act act = {.act = "user.totp.offer"};
    struct change c = {0};
    const struct seat_user *u = NULL;
    uint8_t key[SEAT_TOTP_KEY];
    TRY(seat_begin_own(d, &act, false, &u, e));
    TRY(seat_random(key, sizeof key, e));
    *secret = c.offered = seat_base32(d->a, key, sizeof key);
    TRY(seat_desk_commit(d, &act, "", e));
    return change_secret(d, d->actor, &c, e);
}

enum rc seat_totp_prove(struct seat_desk *d, struct str code, struct err *e)
{
    struct seat_desk_act act = {.act = "user.totp"};
    struct change c = {0};
    const struct seat_user *u = NULL;
    struct seat_secret s;
    uint8_t key[SEAT_TOTP_KEY];
    uint32_t n = 0;
    TRY(seat_begin_own(d, &act, false, &u, e));
    TRY(seat_secret_get(d->a, d->reader, act.subjects[0].subject, &s, e));
    if (s.offered.n == 0 || !seat_base32_read(s.offered, key, sizeof key, &n)) {
        return err_set(e, RC_CONFLICT, "no secret was offered", "尚未生成动态码密钥");
    }
    if (!seat_totp_check(key, n, d->now / 1000000, code, &c.proved)) {
        return err_set(e, RC_INPUT, "the code does not fit", "动态码不符");
    }
    TRY(seat_desk_commit(d, &act, "", e));
    TRY(change_secret(d, d->actor, &c, e));
    d->has_totp = true;
    return RC_OK;
}
