/* SPDX-License-Identifier: Apache-2.0 */
/* Records of secrets, and the counting of tries. */
#include "app/seat/secret.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "store/secret.h"
#include "store/wire.h"

#define SECOND     1000000LL
#define LOCK_S     1800
#define LOCK_MAX_S 86400
#define AGAIN      8 /* times that others may be faster at one record */

/* ---- tries ---------------------------------------------------------------------------------- */

int64_t seat_tries_wait(const struct seat_tries *t, int64_t now)
{
    return t->failures > 0 && t->next_at > now ? t->next_at - now : 0;
}

bool seat_tries_locked(const struct seat_tries *t)
{
    return t->failures >= SEAT_TRIES;
}

bool seat_tries_closed(const struct seat_tries *t)
{
    return t->next_at == INT64_MAX;
}

void seat_tries_count(struct seat_tries *t, int64_t now)
{
    t->failures += t->failures < UINT32_MAX ? 1 : 0;
    bool locked = seat_tries_locked(t);
    int64_t wait_s = locked ? LOCK_S : 1;
    uint32_t doublings = t->failures - (locked ? SEAT_TRIES : 1);
    for (uint32_t i = 0; i < doublings && wait_s < LOCK_MAX_S; i++) {
        wait_s *= 2;
    }
    t->next_at = now + (wait_s < LOCK_MAX_S ? wait_s : LOCK_MAX_S) * SECOND;
}

/* ---- the record ----------------------------------------------------------------------------- */

const char *seat_by_word(enum seat_by by)
{
    static const char *const words[] = {[SEAT_BY_PASSWORD] = "password", [SEAT_BY_SSO] = "sso"};
    return words[by];
}

static void put_sessions(struct json *j, const struct seat_secret *s)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->n_sessions; i++) {
        json_str(j, s->sessions[i].hash);
        json_int(j, s->sessions[i].since);
        json_int(j, s->sessions[i].last);
    }
    json_arr_end(j);
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->n_sessions; i++) {
        json_cstr(j, seat_by_word(s->sessions[i].by));
        json_str(j, s->sessions[i].at.address);
        json_str(j, s->sessions[i].at.agent);
    }
    json_arr_end(j);
}

static void put_tokens(struct arena *a, struct json *j, const struct seat_secret *s)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->n_tokens; i++) {
        const struct seat_token *t = &s->tokens[i];
        json_str(j, t->name);
        json_str(j, t->hash);
        json_str(j, seat_scope_words(a, &t->scope));
        json_str(j, t->scope.units);
        json_int(j, t->until.days);
        json_int(j, t->since);
        json_int(j, t->last);
    }
    json_arr_end(j);
}

struct str seat_secret_text(struct arena *a, const struct seat_secret *s)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, SECRET_BYTES);
    json_init(&j, &b, false);
    json_arr_begin(&j);
    json_str(&j, s->hash);
    json_int(&j, s->changed.days);
    json_bool(&j, s->must_change);
    json_int(&j, s->tries.failures);
    json_int(&j, s->tries.next_at);
    json_str(&j, s->totp);
    json_str(&j, s->offered);
    json_int(&j, s->totp_last);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < s->n_old; i++) {
        json_str(&j, s->old[i]);
    }
    json_arr_end(&j);
    put_sessions(&j, s);
    put_tokens(a, &j, s);
    json_arr_end(&j);
    json_end(&j);
    return buf_view(&b);
}

/* One place of an array, which has to be there. */
static struct str next_text(struct arena *a, struct wire *w)
{
    bool more = wire_more(w);
    w->bad = w->bad || !more;
    return more ? wire_text(a, w) : STR("");
}

static int64_t next_int(struct wire *w)
{
    bool more = wire_more(w);
    w->bad = w->bad || !more;
    return more ? wire_int(w) : 0;
}

static bool next_bool(struct wire *w)
{
    bool more = wire_more(w);
    w->bad = w->bad || !more;
    return more && wire_bool(w);
}

static void read_old(struct arena *a, struct wire *w, struct seat_secret *out)
{
    w->bad = w->bad || !wire_more(w);
    wire_open(w);
    while (wire_more(w)) {
        struct str hash = wire_text(a, w);
        if (out->n_old < SEAT_PASS_OLD) {
            out->old[out->n_old++] = hash;
        }
    }
}

static void read_sessions(struct arena *a, struct wire *w, struct seat_secret *out)
{
    wire_open(w);
    while (wire_more(w)) {
        struct seat_session s = {.hash = wire_text(a, w)};
        s.since = next_int(w);
        s.last = next_int(w);
        if (out->n_sessions < SEAT_SESSIONS) {
            out->sessions[out->n_sessions++] = s;
        }
    }
}

/* In the order of the sessions. */
static void read_devices(struct arena *a, struct wire *w, struct seat_secret *out)
{
    uint32_t i = 0;
    wire_open(w);
    while (wire_more(w)) {
        struct seat_session at = {0};
        struct str by = wire_text(a, w);
        at.by = str_eq(by, STR("sso")) ? SEAT_BY_SSO : SEAT_BY_PASSWORD;
        at.at.address = next_text(a, w);
        at.at.agent = next_text(a, w);
        if (i < out->n_sessions) {
            out->sessions[i].by = at.by;
            out->sessions[i++].at = at.at;
        }
    }
}

/* An operation that this program does not know any more is one that nobody has. */
static void read_tokens(struct arena *a, struct wire *w, struct seat_secret *out)
{
    wire_open(w);
    while (wire_more(w)) {
        struct seat_token t = {.name = wire_text(a, w)};
        t.hash = next_text(a, w);
        if (seat_scope_read(next_text(a, w), &t.scope, NULL) != RC_OK) {
            t.scope.ops = 0;
        }
        t.scope.units = next_text(a, w);
        t.until.days = (int32_t)next_int(w);
        t.since = next_int(w);
        t.last = next_int(w);
        if (out->n_tokens < SEAT_TOKENS) {
            out->tokens[out->n_tokens++] = t;
        }
    }
}

bool seat_secret_of(struct arena *a, struct str text, struct seat_secret *out)
{
    struct wire w = wire_of(text);
    *out = (struct seat_secret){.hash = STR("")};
    wire_open(&w);
    out->hash = next_text(a, &w);
    out->changed.days = (int32_t)next_int(&w);
    out->must_change = next_bool(&w);
    out->tries.failures = (uint32_t)next_int(&w);
    out->tries.next_at = next_int(&w);
    out->totp = next_text(a, &w);
    out->offered = next_text(a, &w);
    out->totp_last = next_int(&w);
    read_old(a, &w, out);
    /* Records of before there were sessions, or devices and tokens, end earlier. */
    if (wire_more(&w)) {
        read_sessions(a, &w, out);
        if (wire_more(&w)) {
            read_devices(a, &w, out);
            w.bad = w.bad || !wire_more(&w);
            read_tokens(a, &w, out);
            wire_close(&w);
        }
    }
    return wire_done(&w);
}

enum rc seat_secret_get(struct arena *a, struct store_reader *r, struct str user,
                        struct seat_secret *out, struct err *e)
{
    struct secret s;
    *out = (struct seat_secret){0};
    TRY(secret_get(a, r, user, &s, e));
    if (s.body.n > 0 && !seat_secret_of(a, s.body, out)) {
        return err_set(e, RC_DB, "the secrets of %.*s are damaged", "%.*s 的密件记录已损坏",
                       PS(user));
    }
    out->version = s.version;
    return RC_OK;
}

enum rc seat_secret_put(struct arena *a, const struct store *s, struct str user,
                        struct seat_secret *secret, struct err *e)
{
    TRY(secret_put(s, user, seat_secret_text(a, secret), secret->version, e));
    secret->version++;
    return RC_OK;
}

enum rc seat_secret_change(struct arena *a, struct store_reader *r, const struct store *s,
                           struct str user, seat_secret_fn *fn, void *ctx, struct seat_secret *out,
                           struct err *e)
{
    enum rc rc = RC_CONFLICT;
    for (int i = 0; i < AGAIN && rc == RC_CONFLICT; i++) {
        TRY(seat_secret_get(a, r, user, out, e));
        rc = fn(out, ctx) ? seat_secret_put(a, s, user, out, NULL) : RC_OK;
    }
    return rc == RC_OK ? RC_OK : err_set(e, rc, "the secrets cannot be kept", "无法保存密件");
}

enum rc seat_secret_empty(const struct store *s, struct str user, const struct seat_secret *secret,
                          struct err *e)
{
    return secret_put(s, user, STR(""), secret->version, e);
}

void seat_secret_renew(struct seat_secret *s, struct str hash, struct date today, bool must_change)
{
    if (s->hash.n > 0 && !s->must_change) {
        for (uint32_t i = SEAT_PASS_OLD - 1; i > 0; i--) {
            s->old[i] = s->old[i - 1];
        }
        s->old[0] = s->hash;
        s->n_old += s->n_old < SEAT_PASS_OLD ? 1 : 0;
    }
    s->hash = hash;
    s->changed = today;
    s->must_change = must_change;
    s->n_sessions = 0; /* SC3 */
    s->n_tokens = must_change ? 0 : s->n_tokens;
}

bool seat_secret_is_stale(const struct seat_secret *s, struct date today)
{
    return s->must_change || date_cmp(today, date_add_days(s->changed, SEAT_PASS_DAYS)) >= 0;
}
