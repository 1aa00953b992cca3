/* SPDX-License-Identifier: Apache-2.0 */
/* The provider's addresses and keys, and the two steps of a login. */
#include "http/oidc.h"

#include <pthread.h>
#include <sodium.h>

#include "app/seat/pass.h"
#include "app/seat/totp.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/i128.h"
#include "base/json_tree.h"
#include "base/sm3.h"
#include "base/utf8.h"
#include "http/fetch.h"
#include "http/jose.h"
#include "http/route.h"

#define SECOND_US    1000000LL
#define KEPT_S       3600 /* addresses and keys */
#define AGAIN        3    /* that unknown keys are looked for … */
#define AGAIN_S      60   /* … in so many seconds */
#define SLACK_S      60   /* clocks may differ by */
#define SECRET_BYTES 4096U
#define URL_BYTES    8192U
#define USED         4096U /* attempts that are remembered as over */

/* What the provider has said of itself; texts as they came. */
struct kept {
    struct buf text;
    int64_t at; /* microseconds; 0: never */
};

struct oidc {
    struct oidc_options o;
    struct str origin, secret;
    pthread_mutex_t lock; /* of all below */
    struct kept config, keys;
    int64_t again[AGAIN]; /* when keys were fetched anew */
    uint64_t used[USED];  /* hashes of attempts */
};

/* ---- opening -------------------------------------------------------------------------------- */

static enum rc wrong(const char *setting, const char *en, const char *zh, struct err *e)
{
    return err_set(e, RC_INPUT, "%s %s%.0s", "%s %.0s%s", setting, en, zh);
}

static bool is_loopback(struct str origin)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (uint32_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct str host = str_from_cstr(hosts[i]);
        if (str_starts(origin, host) && (origin.n == host.n || origin.p[host.n] == ':')) {
            return true;
        }
    }
    return false;
}

static enum rc read_secret(struct arena *a, struct oidc *o, struct err *e)
{
    if (o->o.secret_file.n == 0) {
        return RC_OK;
    }
    TRY(file_read_secret(a, str_to_cstr(a, o->o.secret_file), SECRET_BYTES, &o->secret, e));
    o->secret = str_trim(o->secret);
    return o->secret.n > 0 ? RC_OK : wrong("oidc_secret_file", "is empty", "内容为空", e);
}

enum rc oidc_open(struct arena *a, const struct oidc_options *options, struct oidc **out,
                  struct err *e)
{
    *out = NULL;
    if (options->issuer.n == 0) {
        return RC_OK;
    }
    struct oidc *o = ARENA_NEW(a, struct oidc);
    *o = (struct oidc){.o = *options, .origin = fetch_origin(options->issuer)};
    bool secure = str_starts(o->origin, STR("https://")) || (o->o.plain && is_loopback(o->origin));
    if (o->origin.n == 0 || !secure) {
        return wrong("oidc_issuer", "must begin with https://", "须以 https:// 开头", e);
    }
    if (o->o.client.n == 0) {
        return wrong("oidc_client", "is missing", "未设置", e);
    }
    if (fetch_origin(o->o.redirect).n == 0) {
        return wrong("oidc_redirect", "is no address of a page", "不是页面地址", e);
    }
    TRY(read_secret(a, o, e));
    TRY(fetch_init(e));
    buf_init(&o->config.text, FETCH_BYTES);
    buf_init(&o->keys.text, FETCH_BYTES);
    (void)pthread_mutex_init(&o->lock, NULL);
    *out = o;
    return RC_OK;
}

void oidc_close(struct oidc *o)
{
    if (o != NULL) {
        buf_release(&o->config.text);
        buf_release(&o->keys.text);
        (void)pthread_mutex_destroy(&o->lock);
    }
}

struct str oidc_issuer(const struct oidc *o)
{
    return o->o.issuer;
}

/* ---- what is fetched and kept --------------------------------------------------------------- */

static enum rc refused(const char *en, const char *zh, struct err *e)
{
    (void)err_set(e, RC_DENIED, "single sign-on: %s%.0s", "统一认证：%.0s%s", en, zh);
    err_hint(e, "Begin again; if it stays so, tell the administrator.",
             "请重新登录；如仍不行，请联系管理员。");
    return RC_DENIED;
}

static enum rc get(struct oidc *o, struct arena *a, struct str url, struct str *body, struct err *e)
{
    const struct fetch_want w = {.origin = o->origin, .url = url, .ca = o->o.ca};
    int status = 0;
    TRY(fetch(a, &w, &status, body, e));
    return status == 200 && utf8_valid(*body, NULL) && json_read(a, *body) != NULL
               ? RC_OK
               : err_set(e, RC_IO, "%.*s answers %d, and not what is expected",
                         "%.*s 返回 %d，内容不符合要求", PS(url), status);
}

/* The text as it is kept, if it is young enough. */
static bool have(struct oidc *o, struct kept *k, struct arena *a, int64_t now, struct str *out)
{
    struct buf copy; /* not in the arena: base/arena.h, A5 */
    buf_init(&copy, FETCH_BYTES);
    (void)pthread_mutex_lock(&o->lock);
    bool young = k->at > 0 && now < k->at + KEPT_S * SECOND_US;
    if (young) {
        buf_str(&copy, buf_view(&k->text));
    }
    (void)pthread_mutex_unlock(&o->lock);
    *out = buf_move(a, &copy);
    return young;
}

static void keep(struct oidc *o, struct kept *k, int64_t now, struct str text)
{
    (void)pthread_mutex_lock(&o->lock);
    buf_clear(&k->text);
    buf_str(&k->text, text);
    k->at = k->text.overflow ? 0 : now;
    (void)pthread_mutex_unlock(&o->lock);
}

/* What the provider says of itself; it must be the one that was meant (Discovery, 4.3). */
static enum rc config(struct oidc *o, struct arena *a, int64_t now, const struct json_value **out,
                      struct err *e)
{
    struct str text;
    bool known = have(o, &o->config, a, now, &text);
    if (!known) {
        struct str base = o->o.issuer;
        base.n -= str_ends(base, STR("/")) ? 1 : 0;
        TRY(get(o, a, str_cat(a, base, STR("/.well-known/openid-configuration")), &text, e));
    }
    *out = json_read(a, text);
    if (!str_eq(json_text(json_get(*out, "issuer")), o->o.issuer)) {
        return refused("the provider calls itself otherwise than oidc_issuer",
                       "认证平台自称的 issuer 与 oidc_issuer 不一致", e);
    }
    if (!known) {
        keep(o, &o->config, now, text);
    }
    return RC_OK;
}

/* An address that the provider tells, which must be its own (FE1). */
static enum rc address(const struct oidc *o, const struct json_value *config, const char *member,
                       struct str *out, struct err *e)
{
    *out = json_text(json_get(config, member));
    return str_eq(fetch_origin(*out), o->origin)
               ? RC_OK
               : refused("the provider names an address of another host",
                         "认证平台给出了其他主机的地址", e);
}

static enum rc fetch_keys(struct oidc *o, struct arena *a, int64_t now,
                          const struct json_value *conf, struct str *out, struct err *e)
{
    struct str url;
    TRY(address(o, conf, "jwks_uri", &url, e));
    TRY(get(o, a, url, out, e));
    keep(o, &o->keys, now, *out);
    return RC_OK;
}

/* Whether unknown keys may be looked for once more: else anybody could have the provider asked. */
static bool may_again(struct oidc *o, int64_t now)
{
    (void)pthread_mutex_lock(&o->lock);
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < AGAIN; i++) {
        oldest = o->again[i] < o->again[oldest] ? i : oldest;
    }
    bool may = now >= o->again[oldest] + AGAIN_S * SECOND_US;
    o->again[oldest] = may ? now : o->again[oldest];
    (void)pthread_mutex_unlock(&o->lock);
    return may;
}

/* ---- an attempt ----------------------------------------------------------------------------- */

/* The browser keeps `SECONDS.RANDOM`; from it follow the other three (OI1). */
static enum rc part_of(struct arena *a, struct str flow, const char *name, struct str *out,
                       struct err *e)
{
    uint8_t hash[SM3_BYTES];
    if (!sm3(str_cat(a, str_from_cstr(name), flow), hash)) {
        return err_set(e, RC_NO_SUPPORT, "libcrypto has no SM3", "libcrypto 不支持 SM3");
    }
    *out = seat_base32(a, hash, sizeof hash);
    return RC_OK;
}

/* RFC 7636: base64url of the SHA-256. */
static struct str challenge(struct arena *a, struct str verifier)
{
    enum { BYTES = 48 };
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *out = ARENA_ARRAY(a, char, BYTES);
    (void)crypto_hash_sha256(hash, (const unsigned char *)verifier.p, verifier.n);
    (void)sodium_bin2base64(out, BYTES, hash, sizeof hash,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_from_cstr(out);
}

static void parameter(struct buf *b, const char *name, struct str value)
{
    buf_printf(b, "%s%s=", b->n > 0 && b->p[b->n - 1] != '?' ? "&" : "", name);
    url_encode(b, value);
}

static enum rc begin(struct arena *a, int64_t now, struct str *flow, struct err *e)
{
    uint8_t raw[32];
    struct buf b;
    TRY(seat_random(raw, sizeof raw, e));
    struct str random = seat_base32(a, raw, sizeof raw);
    buf_init_in(&b, a, 128);
    buf_printf(&b, "%lld.%.*s", (long long)(now / SECOND_US), PS(random));
    *flow = buf_view(&b);
    return RC_OK;
}

enum rc oidc_start(struct oidc *o, struct arena *a, int64_t now, struct str *flow, struct str *url,
                   struct err *e)
{
    const struct json_value *conf = NULL;
    struct str page;
    struct str state;
    struct str nonce;
    struct str verifier;
    struct buf b;
    TRY(config(o, a, now, &conf, e));
    TRY(address(o, conf, "authorization_endpoint", &page, e));
    TRY(begin(a, now, flow, e));
    TRY(part_of(a, *flow, "state", &state, e));
    TRY(part_of(a, *flow, "nonce", &nonce, e));
    TRY(part_of(a, *flow, "verifier", &verifier, e));
    buf_init_in(&b, a, URL_BYTES);
    buf_str(&b, page);
    buf_puts(&b, str_find(page, STR("?"), 0) == STR_NONE ? "?" : "");
    parameter(&b, "response_type", STR("code"));
    parameter(&b, "scope", STR("openid"));
    parameter(&b, "client_id", o->o.client);
    parameter(&b, "redirect_uri", o->o.redirect);
    parameter(&b, "state", state);
    parameter(&b, "nonce", nonce);
    parameter(&b, "code_challenge", challenge(a, verifier));
    parameter(&b, "code_challenge_method", STR("S256"));
    *url = buf_view(&b);
    return RC_OK;
}

/* That it is over is remembered in memory: the provider, too, takes a code once. */
static bool use_up(struct oidc *o, struct str flow)
{
    uint64_t hash = str_hash(flow) | 1U;
    (void)pthread_mutex_lock(&o->lock);
    uint64_t *place = &o->used[hash / 2 % USED];
    bool fresh = *place != hash;
    *place = hash;
    (void)pthread_mutex_unlock(&o->lock);
    return fresh;
}

/* OI1 */
static enum rc check_flow(struct oidc *o, struct arena *a, int64_t now,
                          const struct oidc_back *back, struct err *e)
{
    struct str rest = back->flow;
    struct str seconds;
    struct str state;
    i128 begun = 0;
    bool known = str_split(&rest, '.', &seconds) && i128_parse(seconds, &begun) &&
                 begun <= now / SECOND_US && now / SECOND_US < begun + 60 * OIDC_MINUTES;
    TRY(part_of(a, back->flow, "state", &state, e));
    if (!known || !str_eq(state, back->state)) {
        return refused("it was not begun in this browser, or is too long ago",
                       "登录不是由本浏览器发起，或已超时", e);
    }
    if (back->issuer.n > 0 && !str_eq(back->issuer, o->o.issuer)) {
        return refused("another provider has answered", "应答来自其他认证平台", e);
    }
    return use_up(o, back->flow) ? RC_OK : refused("this attempt is over", "本次登录已处理过", e);
}

/* ---- the exchange --------------------------------------------------------------------------- */

/* Whether the provider wants the secret in the form and not as HTTP Basic. */
static bool wants_post(const struct json_value *conf)
{
    const struct json_value *list = json_get(conf, "token_endpoint_auth_methods_supported");
    bool basic = list == NULL;
    for (const struct json_value *x = json_items(list); x != NULL; x = x->next) {
        basic |= str_eq(json_text(x), STR("client_secret_basic"));
    }
    return !basic;
}

static struct str encoded(struct arena *a, struct str text)
{
    struct buf b;
    buf_init_in(&b, a, URL_BYTES);
    url_encode(&b, text);
    return buf_view(&b);
}

static enum rc exchange(struct oidc *o, struct arena *a, const struct json_value *conf,
                        const struct oidc_back *back, struct str *token, struct err *e)
{
    struct fetch_want w = {.origin = o->origin, .ca = o->o.ca};
    struct str verifier;
    struct str body;
    struct buf b;
    int status = 0;
    bool in_form = o->secret.n > 0 && wants_post(conf);
    TRY(address(o, conf, "token_endpoint", &w.url, e));
    TRY(part_of(a, back->flow, "verifier", &verifier, e));
    buf_init_in(&b, a, URL_BYTES);
    parameter(&b, "grant_type", STR("authorization_code"));
    parameter(&b, "code", back->code);
    parameter(&b, "redirect_uri", o->o.redirect);
    parameter(&b, "code_verifier", verifier);
    if (in_form || o->secret.n == 0) {
        parameter(&b, "client_id", o->o.client);
    }
    if (in_form) {
        parameter(&b, "client_secret", o->secret);
    } else if (o->secret.n > 0) { /* RFC 6749, 2.3.1: encoded before */
        w.user = encoded(a, o->o.client);
        w.secret = encoded(a, o->secret);
    }
    w.form = buf_view(&b);
    TRY(fetch(a, &w, &status, &body, e));
    const struct json_value *said = utf8_valid(body, NULL) ? json_read(a, body) : NULL;
    *token = json_text(json_get(said, "id_token"));
    return status == 200 && token->n > 0
               ? RC_OK
               : refused("the provider did not take the code", "认证平台未接受授权码", e);
}

/* ---- what it says --------------------------------------------------------------------------- */

static enum rc verify(struct oidc *o, struct arena *a, int64_t now, const struct json_value *conf,
                      struct str token, const struct json_value **claims, struct err *e)
{
    static const char *const texts[][2] = {
        [JOSE_GOOD] = {"", ""},
        [JOSE_BROKEN] = {"its token is broken", "令牌格式不对"},
        [JOSE_ALG] = {"its token is not signed by RS256 or ES256",
                      "令牌签名算法须为 RS256 或 ES256"},
        [JOSE_NO_KEY] = {"its token is signed by an unknown key", "令牌由未知密钥签名"},
        [JOSE_SIGNATURE] = {"the signature does not fit", "令牌签名不符"}};
    struct str keys;
    bool known = have(o, &o->keys, a, now, &keys);
    if (!known) {
        TRY(fetch_keys(o, a, now, conf, &keys, e));
    }
    enum jose_result got = jose_verify(a, token, keys, claims);
    if (got == JOSE_NO_KEY && known && may_again(o, now)) {
        TRY(fetch_keys(o, a, now, conf, &keys, e));
        got = jose_verify(a, token, keys, claims);
    }
    return got == JOSE_GOOD ? RC_OK : refused(texts[got][0], texts[got][1], e);
}

/* For this client; of several, it must be the one that asked. */
static bool is_for_us(const struct oidc *o, const struct json_value *claims)
{
    const struct json_value *aud = json_get(claims, "aud");
    const struct json_value *azp = json_get(claims, "azp");
    bool named = aud != NULL && aud->sort == JSON_TEXT && str_eq(aud->text, o->o.client);
    for (const struct json_value *x = aud != NULL && aud->sort == JSON_ARRAY ? aud->first : NULL;
         x != NULL; x = x->next) {
        named |= str_eq(json_text(x), o->o.client);
    }
    bool several = aud != NULL && aud->sort == JSON_ARRAY && json_count(aud) > 1;
    return named && (azp == NULL ? !several : str_eq(json_text(azp), o->o.client));
}

static bool is_now(const struct json_value *claims, int64_t now_s)
{
    const struct json_value *exp = json_get(claims, "exp");
    const struct json_value *iat = json_get(claims, "iat");
    const struct json_value *nbf = json_get(claims, "nbf");
    return exp != NULL && exp->sort == JSON_INT && now_s < exp->n + SLACK_S && iat != NULL &&
           iat->sort == JSON_INT && iat->n <= now_s + SLACK_S &&
           (nbf == NULL || (nbf->sort == JSON_INT && nbf->n <= now_s + SLACK_S));
}

/* OI2 */
static enum rc check_claims(const struct oidc *o, struct arena *a, int64_t now, struct str flow,
                            const struct json_value *claims, struct err *e)
{
    struct str nonce;
    TRY(part_of(a, flow, "nonce", &nonce, e));
    if (!str_eq(json_text(json_get(claims, "iss")), o->o.issuer)) {
        return refused("its token is of another issuer", "令牌由其他平台签发", e);
    }
    if (!is_for_us(o, claims)) {
        return refused("its token is for another client", "令牌不是发给本系统的", e);
    }
    if (!is_now(claims, now / SECOND_US)) {
        return refused("its token does not hold now", "令牌已过期或尚未生效", e);
    }
    return str_eq(json_text(json_get(claims, "nonce")), nonce)
               ? RC_OK
               : refused("its token is of another attempt", "令牌不属于本次登录", e);
}

enum rc oidc_finish(struct oidc *o, struct arena *a, int64_t now, const struct oidc_back *back,
                    struct str *sub, struct err *e)
{
    const struct json_value *conf = NULL;
    const struct json_value *claims = NULL;
    struct str token;
    TRY(check_flow(o, a, now, back, e));
    TRY(config(o, a, now, &conf, e));
    TRY(exchange(o, a, conf, back, &token, e));
    TRY(verify(o, a, now, conf, token, &claims, e));
    TRY(check_claims(o, a, now, back->flow, claims, e));
    *sub = json_text(json_get(claims, "sub"));
    return sub->n > 0 ? RC_OK : refused("its token names nobody", "令牌未写明用户", e);
}

enum rc oidc_logout(struct oidc *o, struct arena *a, int64_t now, struct str *url, struct err *e)
{
    const struct json_value *conf = NULL;
    struct buf b;
    *url = STR("");
    TRY(config(o, a, now, &conf, e));
    struct str page = json_text(json_get(conf, "end_session_endpoint"));
    if (!str_eq(fetch_origin(page), o->origin)) {
        return RC_OK;
    }
    buf_init_in(&b, a, URL_BYTES);
    buf_str(&b, page);
    buf_puts(&b, str_find(page, STR("?"), 0) == STR_NONE ? "?" : "");
    parameter(&b, "client_id", o->o.client);
    *url = buf_view(&b);
    return RC_OK;
}
