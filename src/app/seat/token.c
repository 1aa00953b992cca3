/* SPDX-License-Identifier: Apache-2.0 */
/* API tokens lie in the record of their holder (seat/secret.h). */
#include "app/seat/token.h"

#include "app/seat/act.h"
#include "app/seat/session.h"
#include "base/arena.h"
#include "base/err.h"

#define MINUTE_US 60000000LL
#define NOWHERE   UINT32_MAX

static uint32_t find(const struct seat_secret *s, struct str name)
{
    for (uint32_t i = 0; i < s->n_tokens; i++) {
        if (str_eq(s->tokens[i].name, name)) {
            return i;
        }
    }
    return NOWHERE;
}

bool seat_token_drop(struct seat_secret *s, struct str name)
{
    uint32_t at = find(s, name);
    if (at == NOWHERE) {
        return false;
    }
    s->n_tokens--;
    for (uint32_t i = at; i < s->n_tokens; i++) {
        s->tokens[i] = s->tokens[i + 1];
    }
    return true;
}

static enum rc no_token(struct str name, struct err *e)
{
    return err_set(e, RC_NOT_FOUND, "there is no token %.*s", "没有令牌 %.*s", PS(name));
}

/* ---- one's own ------------------------------------------------------------------------------ */

struct change {
    struct seat_token token;
    bool done;
};

static bool add(struct seat_secret *s, void *ctx)
{
    struct change *c = ctx;
    c->done = s->n_tokens < SEAT_TOKENS && find(s, c->token.name) == NOWHERE;
    if (c->done) {
        s->tokens[s->n_tokens++] = c->token;
    }
    return c->done;
}

static bool drop(struct seat_secret *s, void *ctx)
{
    struct change *c = ctx;
    c->done = seat_token_drop(s, c->token.name);
    return c->done;
}

/* The record as it is, and the act on it. */
static enum rc begin(struct seat_desk *d, struct seat_desk_act *act, struct seat_secret *s,
                     struct err *e)
{
    const struct seat_user *u = NULL;
    if (d->scope != NULL) { /* TO4 */
        return err_set(e, RC_DENIED, "a token cannot do this", "令牌不能办理此事");
    }
    TRY(seat_begin_own(d, act, false, &u, e));
    return seat_secret_get(d->a, d->reader, act->subjects[0].subject, s, e);
}

static enum rc check(const struct seat_desk *d, const struct seat_token *want,
                     const struct seat_secret *s, struct err *e)
{
    struct date today = seat_desk_today(d);
    TRY(seat_check_id(want->name, e));
    if (find(s, want->name) != NOWHERE) {
        return err_set(e, RC_CONFLICT, "there is a token %.*s already", "已有令牌 %.*s",
                       PS(want->name));
    }
    if (s->n_tokens == SEAT_TOKENS) {
        return err_set(e, RC_LIMIT, "more than %d tokens: end one first",
                       "令牌不能超过 %d 个，请先停用一个", SEAT_TOKENS);
    }
    return date_cmp(want->until, today) >= 0 &&
                   date_cmp(want->until, date_add_days(today, SEAT_TOKEN_DAYS)) <= 0
               ? RC_OK
               : err_set(e, RC_INPUT, "a token ends today at the earliest and in %d days at latest",
                         "令牌最早今日、最迟 %d 天后到期", SEAT_TOKEN_DAYS);
}

/* AC6: the act first. */
static enum rc commit(struct seat_desk *d, struct seat_desk_act *act, struct change *c,
                      seat_secret_fn *fn, struct err *e)
{
    struct seat_secret s;
    act->note = c->token.name;
    TRY(seat_desk_commit(d, act, "", e));
    TRY(seat_secret_change(d->a, d->reader, d->store, act->subjects[0].subject, fn, c, &s, e));
    return c->done ? RC_OK
                   : err_set(e, RC_CONFLICT, "somebody else has changed it meanwhile",
                             "期间已被他人更改");
}

enum rc seat_token_add(struct seat_desk *d, const struct seat_token *want, struct str *text,
                       struct err *e)
{
    struct seat_desk_act act = {.act = "user.token"};
    struct change c = {.token = *want};
    struct seat_secret s;
    struct str secret;
    TRY(begin(d, &act, &s, e));
    TRY(check(d, want, &s, e));
    TRY(seat_token_make(d->a, &secret, &c.token.hash, e));
    c.token.since = d->now;
    TRY(commit(d, &act, &c, add, e));
    *text = str_cat(d->a, STR(SEAT_TOKEN_PREFIX), str_cat(d->a, secret, STR(".")));
    *text = str_cat(d->a, *text, d->actor);
    return RC_OK;
}

enum rc seat_token_end(struct seat_desk *d, struct str name, struct err *e)
{
    struct seat_desk_act act = {.act = "user.token.end"};
    struct change c = {.token.name = name};
    struct seat_secret s;
    TRY(begin(d, &act, &s, e));
    TRY(find(&s, name) != NOWHERE ? RC_OK : no_token(name, e));
    return commit(d, &act, &c, drop, e);
}

enum rc seat_token_list(struct seat_desk *d, struct str user, struct seat_tokens *out,
                        struct err *e)
{
    struct seat_secret s;
    *out = (struct seat_tokens){0};
    TRY(seat_secret_get(d->a, d->reader, str_cat(d->a, STR(SEAT_USER_PREFIX), user), &s, e));
    for (uint32_t i = 0; i < s.n_tokens; i++) {
        out->list[out->n++] = s.tokens[i];
    }
    return RC_OK;
}

/* ---- showing one ---------------------------------------------------------------------------- */

struct use {
    struct str hash;
    int64_t now;
    struct date today;
    const struct seat_token *found;
};

/* That it was used is written once a minute. */
static bool use(struct seat_secret *s, void *ctx)
{
    struct use *u = ctx;
    u->found = NULL;
    for (uint32_t i = 0; i < s->n_tokens && seat_tries_wait(&s->tries, u->now) == 0; i++) {
        struct seat_token *t = &s->tokens[i];
        if (str_eq(t->hash, u->hash) && date_cmp(u->today, t->until) <= 0) {
            bool late = u->now >= t->last + MINUTE_US;
            t->last = late ? u->now : t->last;
            u->found = t;
            return late;
        }
    }
    return false;
}

static enum rc over(struct err *e)
{
    enum rc rc = err_set(e, RC_DENIED, "the token does not hold", "令牌无效或已失效");
    err_hint(e, "Its holder can make a new one: tizhi token create.",
             "请持有人重新生成：tizhi token create。");
    return rc;
}

/* `tizhi-SECRET.USER` */
static bool parse(struct str text, struct str *secret, struct str *user)
{
    struct str rest = str_sub(text, STR(SEAT_TOKEN_PREFIX).n, text.n);
    bool ours = str_starts(text, STR(SEAT_TOKEN_PREFIX)) && str_split(&rest, '.', secret);
    *user = rest;
    return ours && secret->n == SEAT_TOKEN_TEXT && seat_check_id(*user, NULL) == RC_OK;
}

enum rc seat_token_resume(struct seat_desk *d, struct str text, struct err *e)
{
    struct seat_desk_act none = {0};
    struct use x = {.now = d->now, .today = seat_desk_today(d)};
    struct seat_secret s;
    struct str secret;
    struct str user;
    TRY(seat_desk_begin(d, &none, e));
    if (!parse(text, &secret, &user)) {
        return over(e);
    }
    const struct seat_user *u = seat_user_find(&d->roster, user);
    TRY(seat_token_hash(d->a, secret, &x.hash, e));
    if (u == NULL || u->closed) {
        return over(e);
    }
    TRY(seat_secret_change(d->a, d->reader, d->store, str_cat(d->a, STR(SEAT_USER_PREFIX), user),
                           use, &x, &s, e));
    if (x.found == NULL) {
        return over(e);
    }
    struct seat_scope *scope = ARENA_NEW(d->a, struct seat_scope);
    *scope = x.found->scope;
    d->scope = scope;
    d->actor = str_dup(d->a, user);
    d->stale = false;
    return RC_OK;
}
