/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of what somebody is in by; no secret is in them. */
#include "http/proof_json.h"

#include "app/keep/keep.h"
#include "app/seat/session.h"
#include "app/seat/token.h"
#include "http/page.h"

static struct str moment(struct arena *a, int64_t at)
{
    struct buf b;
    buf_init_in(&b, a, 64);
    if (at > 0) {
        keep_moment(&b, at);
    }
    return buf_view(&b);
}

/* ---- sessions ------------------------------------------------------------------------------- */

struct sessions {
    struct ask *q;
    struct seat_sessions list;
};

static struct str session_key(void *ctx, uint32_t i)
{
    const struct sessions *x = ctx;
    return str_sub(x->list.list[i].hash, 0, SEAT_SESSION_ID);
}

static void session_row(void *ctx, uint32_t i, struct page *p)
{
    const struct sessions *x = ctx;
    const struct seat_session *s = &x->list.list[i];
    page_text(p, "id", session_key(ctx, i));
    page_bool(p, "own", str_eq(s->hash, x->q->seat.session.hash));
    page_text(p, "by", str_from_cstr(seat_by_word(s->by)));
    page_text(p, "address", s->at.address);
    page_text(p, "agent", s->at.agent);
    page_text(p, "since", moment(x->q->a, s->since));
    page_text(p, "last", moment(x->q->a, s->last));
}

enum rc proof_sessions(struct ask *q, struct str user)
{
    struct sessions x = {.q = q};
    TRY(seat_session_list(&q->seat, user, &x.list, &q->e));
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.list.n,
                                              .title = {"sessions", "登录设备"},
                                              .key = session_key,
                                              .row = session_row});
}

/* ---- tokens --------------------------------------------------------------------------------- */

struct tokens {
    struct ask *q;
    struct seat_tokens list;
};

static struct str token_key(void *ctx, uint32_t i)
{
    const struct tokens *x = ctx;
    return x->list.list[i].name;
}

/* Parts of a text between signs as a list; empty ones are left out. */
static void parts(const struct tokens *x, struct page *p, const char *name, struct str text,
                  char sep)
{
    struct str *list = ARENA_ARRAY(x->q->a, struct str, OP__N + SEAT_SCOPE_UNITS);
    struct str part;
    uint32_t n = 0;
    while (text.n > 0 && n < OP__N + SEAT_SCOPE_UNITS && str_split(&text, sep, &part)) {
        list[n] = part;
        n += part.n > 0 ? 1 : 0;
    }
    page_texts(p, name, list, n);
}

static void token_row(void *ctx, uint32_t i, struct page *p)
{
    const struct tokens *x = ctx;
    const struct seat_token *t = &x->list.list[i];
    page_text(p, "name", t->name);
    parts(x, p, "operations", seat_scope_words(x->q->a, &t->scope), ' ');
    parts(x, p, "units", t->scope.units, '\n');
    page_day(p, "until", t->until);
    page_bool(p, "over", date_cmp(t->until, seat_desk_today(&x->q->seat)) < 0);
    page_text(p, "since", moment(x->q->a, t->since));
    page_text(p, "last", moment(x->q->a, t->last));
}

enum rc proof_tokens(struct ask *q, struct str user)
{
    struct tokens x = {.q = q};
    TRY(seat_token_list(&q->seat, user, &x.list, &q->e));
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.list.n,
                                              .title = {"tokens", "接口令牌"},
                                              .key = token_key,
                                              .row = token_row});
}
