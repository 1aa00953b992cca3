/* SPDX-License-Identifier: Apache-2.0 */
/* Users: the list, one of them, and what the security administrator does to them. */
#include "app/seat/act.h"
#include "app/seat/session.h"
#include "app/seat/sso.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/people.h"
#include "http/proof_json.h"

/* ---- the list ------------------------------------------------------------------------------- */

struct users {
    struct ask *q;
    struct str unit, under, name, state;
};

static const struct seat_user *user_at(const struct users *x, uint32_t i)
{
    return &x->q->seat.roster.users.items[i];
}

static const char *state_of(const struct seat_user *u)
{
    return u->closed ? "closed" : "open";
}

static bool shows(void *ctx, uint32_t i)
{
    const struct users *x = ctx;
    const struct seat_user *u = user_at(x, i);
    return (x->unit.n == 0 || str_eq(u->unit, x->unit)) &&
           people_is_under(x->q, u->unit, x->under) &&
           (x->state.n == 0 || str_eq(x->state, str_from_cstr(state_of(u)))) &&
           (x->name.n == 0 || str_find(u->name, x->name, 0) != STR_NONE ||
            str_find(u->id, x->name, 0) != STR_NONE) &&
           ask_allows(x->q, "user.read", u->unit, CLASS_SENSITIVE);
}

static struct str key(void *ctx, uint32_t i)
{
    return user_at(ctx, i)->id;
}

static uint32_t find(void *ctx, struct str id)
{
    const struct users *x = ctx;
    const struct seat_user *u = seat_user_find(&x->q->seat.roster, id);
    return u != NULL ? (uint32_t)(u - x->q->seat.roster.users.items) : UINT32_MAX;
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    const struct users *x = ctx;
    const struct seat_user *u = user_at(x, i);
    page_text(p, "user", u->id);
    page_text(p, "name", u->name);
    page_text(p, "unit", u->unit);
    page_text(p, "unit_name", people_unit_name(x->q, u->unit));
    page_word(p, "state", state_of(u), u->closed ? "停用" : "在用");
    page_bool(p, "linked", u->link.n > 0);
}

enum rc do_users(struct ask *q)
{
    struct users x = {.q = q,
                      .unit = ask_text(q, "unit"),
                      .under = ask_text(q, "under"),
                      .name = ask_text(q, "name"),
                      .state = ask_text(q, "state")};
    const struct page_list list = {.ctx = &x,
                                   .n = q->seat.roster.users.n,
                                   .title = {"users", "用户"},
                                   .shows = shows,
                                   .key = key,
                                   .find = find,
                                   .row = row};
    struct str at = x.unit.n > 0 ? x.unit : x.under;
    TRY(people_sees(&list) && at.n == 0 ? RC_OK : ask_may(q, "user.read", at, CLASS_SENSITIVE));
    return page_answer(q, &list);
}

/* ---- one of them ---------------------------------------------------------------------------- */

/* The user of the path; who may not is not told whether there is one. */
static enum rc the_user(struct ask *q, const char *operation, const struct seat_user **out)
{
    *out = seat_user_find(&q->seat.roster, ask_word(q, 0));
    TRY(ask_may(q, operation, *out != NULL ? (*out)->unit : STR(""), CLASS_SENSITIVE));
    return *out != NULL ? RC_OK : seat_no_user(ask_word(q, 0), &q->e);
}

/* Of his secrets what helps him to get in again, and nothing that is one. */
static void secret_json(struct ask *q, struct json *j, const struct seat_secret *s)
{
    const char *lock = seat_tries_closed(&s->tries)                  ? "administrator"
                       : seat_tries_wait(&s->tries, q->seat.now) > 0 ? "tries"
                                                                     : "";
    json_kv_cstr(j, "lock", lock);
    json_kv_int(j, "tries", s->tries.failures);
    json_kv_bool(j, "stale", seat_secret_is_stale(s, seat_desk_today(&q->seat)));
    json_kv_bool(j, "totp", s->totp.n > 0);
    json_kv_int(j, "tokens", s->n_tokens);
}

enum rc do_user(struct ask *q)
{
    struct json j;
    struct seat_secret s;
    const struct seat_user *u = NULL;
    TRY(the_user(q, "user.read", &u));
    TRY(seat_secret_get(q->a, q->hand->reader, str_cat(q->a, STR(SEAT_USER_PREFIX), u->id), &s,
                        &q->e));
    ask_json(q, &j);
    json_kv_str(&j, "user", u->id);
    json_kv_str(&j, "name", u->name);
    json_kv_str(&j, "unit", u->unit);
    json_kv_str(&j, "unit_name", people_unit_name(q, u->unit));
    json_kv_cstr(&j, "state", state_of(u));
    json_kv_str(&j, "link", u->link);
    json_kv_int(&j, "commit", u->seq);
    secret_json(q, &j, &s);
    people_seats_json(q, &j, u->id);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_user_sessions(struct ask *q)
{
    const struct seat_user *u = NULL;
    TRY(the_user(q, "user.read", &u));
    return proof_sessions(q, u->id);
}

enum rc do_user_tokens(struct ask *q)
{
    const struct seat_user *u = NULL;
    TRY(the_user(q, "user.read", &u));
    return proof_tokens(q, u->id);
}

/* ---- what is done --------------------------------------------------------------------------- */

/* A password for one use, where there is one: shown this once. */
static enum rc done(struct ask *q, struct str user, struct str password)
{
    struct json j;
    q->head.secret = true;
    ask_json(q, &j);
    json_kv_str(&j, "user", user);
    json_kv_text(&j, "password", password);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_user_add(struct ask *q)
{
    const struct seat_user u = {
        .id = ask_member(q, "user"), .name = ask_member(q, "name"), .unit = ask_member(q, "unit")};
    struct str password;
    TRY(ask_may(q, "user.set", people_place(q, u.unit), CLASS_SENSITIVE));
    TRY(seat_user_add(&q->seat, &u, ask_member(q, "note"), &password, &q->e));
    return done(q, u.id, password);
}

/* The user of the path and the second administrator, then the act. */
static enum rc begin(struct ask *q, struct str *user)
{
    const struct seat_user *u = NULL;
    TRY(the_user(q, "user.set", &u));
    *user = u->id;
    return people_second(q);
}

enum rc do_user_close(struct ask *q)
{
    struct str user;
    TRY(begin(q, &user));
    TRY(seat_user_close(&q->seat, user, ask_member(q, "note"), &q->e));
    return done(q, user, STR(""));
}

enum rc do_user_reopen(struct ask *q)
{
    struct str user;
    struct str password;
    TRY(begin(q, &user));
    TRY(seat_user_reopen(&q->seat, user, ask_member(q, "note"), &password, &q->e));
    return done(q, user, password);
}

static enum rc mend(struct ask *q, enum seat_mend what)
{
    struct str user;
    struct str password = STR("");
    TRY(begin(q, &user));
    TRY(seat_user_mend(&q->seat, user, what, ask_member(q, "note"), &password, &q->e));
    return done(q, user, password);
}

enum rc do_user_reset(struct ask *q)
{
    return mend(q, SEAT_RESET);
}

enum rc do_user_lock(struct ask *q)
{
    return mend(q, SEAT_LOCK);
}

enum rc do_user_unlock(struct ask *q)
{
    return mend(q, SEAT_UNLOCK);
}

enum rc do_user_no_totp(struct ask *q)
{
    return mend(q, SEAT_NO_TOTP);
}

enum rc do_user_link(struct ask *q)
{
    struct str user;
    struct str issuer = ask_member(q, "issuer");
    if (issuer.n == 0 && q->s->oidc != NULL) {
        issuer = oidc_issuer(q->s->oidc);
    }
    TRY(begin(q, &user));
    TRY(seat_user_link(&q->seat, user, issuer, ask_member(q, "sub"), ask_member(q, "note"), &q->e));
    return done(q, user, STR(""));
}

enum rc do_user_unlink(struct ask *q)
{
    struct str user;
    TRY(begin(q, &user));
    TRY(seat_user_unlink(&q->seat, user, ask_member(q, "note"), &q->e));
    return done(q, user, STR(""));
}

static enum rc end(struct ask *q, enum seat_ending what, const char *which)
{
    struct str user;
    TRY(begin(q, &user));
    TRY(seat_user_end(&q->seat, user, what, ask_member(q, which), ask_member(q, "note"), &q->e));
    return done(q, user, STR(""));
}

enum rc do_user_sessions_end(struct ask *q)
{
    return end(q, SEAT_END_SESSIONS, "session");
}

enum rc do_user_tokens_end(struct ask *q)
{
    return end(q, SEAT_END_TOKENS, "token");
}
