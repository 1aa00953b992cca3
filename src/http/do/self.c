/* SPDX-License-Identifier: Apache-2.0 */
/* What everybody does about his own proofs: authenticator, devices, API tokens. */
#include "app/keep/keep.h"
#include "app/seat/act.h"
#include "app/seat/login.h"
#include "app/seat/session.h"
#include "app/seat/token.h"
#include "app/seat/totp.h"
#include "http/ask.h"
#include "http/cookie.h"
#include "http/handlers.h"
#include "http/proof_json.h"

enum rc do_password_rules(struct ask *q)
{
    struct json j;
    ask_json(q, &j);
    json_kv_int(&j, "min_characters", SEAT_PASS_CHARS_MIN);
    json_kv_int(&j, "max_bytes", SEAT_PASS_BYTES_MAX);
    json_kv_int(&j, "days", SEAT_PASS_DAYS);
    json_kv_int(&j, "old", SEAT_PASS_OLD);
    json_key(&j, "rules");
    json_arr_begin(&j);
    for (uint32_t f = 0; f < PASS__N; f++) {
        json_cstr(&j, seat_pass_text((enum seat_pass_fault)f, q->chinese));
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/*
 * A session may have been left open, or stolen: what outlasts it takes the password once more. A
 * try is counted like a login. Who came by single sign-on has none.
 */
static enum rc prove_again(struct ask *q)
{
    struct seat_typed typed = {.password = ask_member(q, "password"),
                               .code = ask_member(q, "code")};
    struct seat_login got;
    if (q->seat.session.by == SEAT_BY_SSO) {
        return RC_OK;
    }
    enum rc rc = seat_login(&q->seat, q->seat.actor, &typed, false, &got, &q->e);
    if (rc == RC_DENIED) { /* 401 would say that nobody is logged in */
        q->head.status = 422;
        q->at = STR("/password");
    }
    return rc;
}

/* ---- the authenticator ---------------------------------------------------------------------- */

enum rc do_totp(struct ask *q)
{
    struct json j;
    struct str secret;
    TRY(prove_again(q));
    TRY(seat_totp_offer(&q->seat, &secret, &q->e));
    q->head.secret = true;
    ask_json(q, &j);
    json_kv_str(&j, "secret", secret);
    json_kv_str(&j, "url", seat_totp_url(q->a, q->seat.actor, secret));
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_totp_proof(struct ask *q)
{
    enum rc rc = seat_totp_prove(&q->seat, ask_member(q, "code"), &q->e);
    if (rc == RC_INPUT) {
        q->at = STR("/code");
    }
    TRY(rc);
    return do_me(q);
}

/* ---- devices -------------------------------------------------------------------------------- */

enum rc do_sessions(struct ask *q)
{
    return proof_sessions(q, q->seat.actor);
}

enum rc do_sessions_end(struct ask *q)
{
    return seat_session_drop(&q->seat, q->seat.actor, STR(""), &q->e);
}

enum rc do_session_end(struct ask *q)
{
    struct str id = ask_word(q, 0);
    TRY(seat_session_drop(&q->seat, q->seat.actor, id, &q->e));
    if (str_starts(q->seat.session.hash, id)) {
        q->head.cookie = cookie_write(q->a, &(struct cookie){.token = STR("")}, q->s->o.plain);
    }
    return RC_OK;
}

/* ---- tokens --------------------------------------------------------------------------------- */

enum rc do_tokens(struct ask *q)
{
    return proof_tokens(q, q->seat.actor);
}

static enum rc read_scope(struct ask *q, struct seat_scope *out)
{
    struct str words = STR("");
    const struct json_value *x = json_items(json_get(q->body, "operations"));
    for (; x != NULL; x = x->next) {
        words = str_cat(q->a, str_cat(q->a, words, STR(" ")), x->text);
    }
    q->at = STR("/operations");
    TRY(seat_scope_read(words, out, &q->e));
    q->at = STR("/units");
    x = json_items(json_get(q->body, "units"));
    for (; x != NULL; x = x->next) {
        TRY(seat_scope_unit(q->a, &q->seat.roster, x->text, out, &q->e));
    }
    q->at = STR("");
    return RC_OK;
}

enum rc do_token_add(struct ask *q)
{
    struct json j;
    struct str text;
    bool bad = false;
    struct seat_token want = {.name = ask_member(q, "name")};
    want.until = json_day(json_get(q->body, "until"), &bad);
    TRY(prove_again(q));
    TRY(read_scope(q, &want.scope));
    TRY(seat_token_add(&q->seat, &want, &text, &q->e));
    q->head.secret = true;
    ask_json(q, &j);
    json_kv_str(&j, "name", want.name);
    json_kv_str(&j, "token", text);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_token_end(struct ask *q)
{
    return seat_token_end(&q->seat, ask_word(q, 0), &q->e);
}
