/* SPDX-License-Identifier: Apache-2.0 */
/* Single sign-on: whether there is any, the way to the provider and back, and out again. */
#include "app/seat/login.h"
#include "app/seat/session.h"
#include "app/seat/sso.h"
#include "http/ask.h"
#include "http/cookie.h"
#include "http/handlers.h"
#include "http/oidc.h"

enum rc do_oidc(struct ask *q)
{
    struct json j;
    ask_json(q, &j);
    json_kv_bool(&j, "on", q->s->oidc != NULL);
    json_kv_str(&j, "name", q->s->o.oidc_name);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

static enum rc need_provider(struct ask *q)
{
    return q->s->oidc != NULL ? RC_OK
                              : err_set(&q->e, RC_NOT_FOUND, "there is no single sign-on here",
                                        "本系统未启用统一认证");
}

/* The trouble is the provider's, or the way there. */
static enum rc of_provider(struct ask *q, enum rc rc)
{
    if (rc == RC_IO) {
        q->head.status = 502;
    } else if (rc == RC_DENIED) {
        q->head.status = 401;
    }
    return rc;
}

static enum rc url_json(struct ask *q, struct str url)
{
    struct json j;
    q->head.secret = true;
    ask_json(q, &j);
    json_kv_str(&j, "url", url);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_oidc_start(struct ask *q)
{
    struct str flow;
    struct str url;
    TRY(need_provider(q));
    TRY(of_provider(q, oidc_start(q->s->oidc, q->a, q->seat.now, &flow, &url, &q->e)));
    q->head.flow = cookie_flow_write(q->a, flow, q->s->o.plain);
    return url_json(q, url);
}

enum rc do_oidc_finish(struct ask *q)
{
    struct oidc_back back = {.code = ask_member(q, "code"),
                             .state = ask_member(q, "state"),
                             .issuer = ask_member(q, "iss")};
    const struct seat_login got = {0};
    struct str sub;
    TRY(need_provider(q));
    back.flow = cookie_flow_read(q->in->header.cookie, q->s->o.plain);
    q->head.flow = cookie_flow_write(q->a, STR(""), q->s->o.plain); /* OI1: once */
    q->seat.actor = STR("");
    TRY(of_provider(q, oidc_finish(q->s->oidc, q->a, q->seat.now, &back, &sub, &q->e)));
    TRY(of_provider(q, seat_sso(&q->seat, oidc_issuer(q->s->oidc), sub, &q->e)));
    TRY(seat_login_record(&q->seat, &got, &q->e));
    return ask_begin_session(q);
}

enum rc do_oidc_end(struct ask *q)
{
    struct str url = STR("");
    bool sso = q->seat.session.by == SEAT_BY_SSO && q->s->oidc != NULL;
    TRY(do_logout(q));
    if (sso && oidc_logout(q->s->oidc, q->a, q->seat.now, &url, NULL) != RC_OK) {
        url = STR(""); /* here he is out, whatever the provider does */
    }
    return url_json(q, url);
}
