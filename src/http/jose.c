/* SPDX-License-Identifier: Apache-2.0 */
/* From a token and a set of keys to claims. */
#include "http/jose.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/utf8.h"

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192
#define POINT        32 /* bytes of a coordinate of P-256 */

/* ---- texts ---------------------------------------------------------------------------------- */

/* base64url without padding, strictly. */
static bool decode(struct arena *a, struct str in, struct str *out)
{
    unsigned char *p = ARENA_ARRAY(a, unsigned char, in.n + 1U);
    size_t n = 0;
    const char *end = NULL;
    bool ok = in.n > 0 && sodium_base642bin(p, in.n, in.p, in.n, NULL, &n, &end,
                                            sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    *out = (struct str){(const char *)p, (uint32_t)n};
    return ok && end == in.p + in.n;
}

static const struct json_value *read_json(struct arena *a, struct str text)
{
    return utf8_valid(text, NULL) ? json_read(a, text) : NULL;
}

static bool is_text(const struct json_value *v, const char *word)
{
    return v != NULL && v->sort == JSON_TEXT && str_eq(v->text, str_from_cstr(word));
}

/* ---- keys ----------------------------------------------------------------------------------- */

static BIGNUM *number(struct arena *a, const struct json_value *key, const char *member)
{
    struct str raw;
    return decode(a, json_text(json_get(key, member)), &raw)
               ? BN_bin2bn((const unsigned char *)raw.p, (int)raw.n, NULL)
               : NULL;
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *build)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    bool ok = params != NULL && c != NULL && EVP_PKEY_fromdata_init(c) > 0 &&
              EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) > 0;
    EVP_PKEY_CTX_free(c);
    OSSL_PARAM_free(params);
    return ok ? key : NULL;
}

static EVP_PKEY *rsa_key(struct arena *a, const struct json_value *jwk)
{
    EVP_PKEY *key = NULL;
    BIGNUM *n = number(a, jwk, "n");
    BIGNUM *e = number(a, jwk, "e");
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (n != NULL && e != NULL && build != NULL && BN_num_bits(n) >= RSA_BITS_MIN &&
        BN_num_bits(n) <= RSA_BITS_MAX &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) > 0 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) > 0) {
        key = from_params("RSA", build);
    }
    OSSL_PARAM_BLD_free(build);
    BN_free(n);
    BN_free(e);
    return key;
}

/* The point as 04 x y; libcrypto looks whether it lies on the curve. */
static EVP_PKEY *ec_key(struct arena *a, const struct json_value *jwk)
{
    EVP_PKEY *key = NULL;
    struct str x;
    struct str y;
    if (!is_text(json_get(jwk, "crv"), "P-256") || !decode(a, json_text(json_get(jwk, "x")), &x) ||
        !decode(a, json_text(json_get(jwk, "y")), &y) || x.n != POINT || y.n != POINT) {
        return NULL;
    }
    struct str point = str_cat(a, str_cat(a, STR("\x04"), x), y);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (build != NULL &&
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) > 0 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) > 0) {
        key = from_params("EC", build);
    }
    OSSL_PARAM_BLD_free(build);
    return key;
}

/* ---- signatures ----------------------------------------------------------------------------- */

/* r and s side by side become the DER that libcrypto wants. */
static bool der_of(struct arena *a, struct str raw, struct str *out)
{
    unsigned char *der = NULL;
    const unsigned char *p = (const unsigned char *)raw.p;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = raw.n == 2UL * POINT ? BN_bin2bn(p, POINT, NULL) : NULL;
    BIGNUM *s = raw.n == 2UL * POINT ? BN_bin2bn(p + POINT, POINT, NULL) : NULL;
    if (sig == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(sig, r, s) <= 0) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(sig);
        return false;
    }
    int n = i2d_ECDSA_SIG(sig, &der);
    *out = n > 0 ? str_dup(a, str_make((const char *)der, (size_t)n)) : STR("");
    OPENSSL_free(der);
    ECDSA_SIG_free(sig);
    return n > 0;
}

static bool fits(EVP_PKEY *key, struct str signed_text, struct str signature)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    bool ok = c != NULL && EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, key) > 0 &&
              EVP_DigestVerify(c, (const unsigned char *)signature.p, signature.n,
                               (const unsigned char *)signed_text.p, signed_text.n) == 1;
    EVP_MD_CTX_free(c);
    return ok;
}

/* ---- tokens --------------------------------------------------------------------------------- */

/* JO1: what a token may be signed by, and the kind of key that it takes. */
static const struct alg {
    const char *name, *kty;
    EVP_PKEY *(*key)(struct arena *a, const struct json_value *jwk);
    bool der;
} algs[] = {{"RS256", "RSA", rsa_key, false}, {"ES256", "EC", ec_key, true}};

static const struct alg *alg_of(const struct json_value *header)
{
    for (uint32_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        if (is_text(json_get(header, "alg"), algs[i].name)) {
            return &algs[i];
        }
    }
    return NULL;
}

static bool may_sign(const struct json_value *jwk, const struct alg *g)
{
    const struct json_value *use = json_get(jwk, "use");
    const struct json_value *alg = json_get(jwk, "alg");
    return is_text(json_get(jwk, "kty"), g->kty) && (use == NULL || is_text(use, "sig")) &&
           (alg == NULL || is_text(alg, g->name));
}

/* JO2 */
static const struct json_value *find_key(const struct json_value *set, const struct json_value *kid,
                                         const struct alg *g)
{
    const struct json_value *found = NULL;
    const struct json_value *x = json_items(json_get(set, "keys"));
    for (; x != NULL; x = x->next) {
        bool named = kid != NULL && str_eq(json_text(json_get(x, "kid")), json_text(kid));
        if (!may_sign(x, g) || (kid != NULL && !named)) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = x;
    }
    return found;
}

struct parts {
    struct str text; /* header and claims, as they were signed */
    const struct json_value *header, *claims;
    struct str signature;
};

static bool take_apart(struct arena *a, struct str token, struct parts *out)
{
    struct str rest = token;
    struct str head = STR("");
    struct str body = STR("");
    struct str raw;
    bool ok = token.n <= JOSE_TOKEN_BYTES && str_split(&rest, '.', &head) &&
              str_split(&rest, '.', &body) && str_find(rest, STR("."), 0) == STR_NONE;
    if (!ok || !decode(a, head, &raw)) {
        return false;
    }
    out->header = read_json(a, raw);
    if (!decode(a, body, &raw) || !decode(a, rest, &out->signature)) {
        return false;
    }
    out->claims = read_json(a, raw);
    out->text = str_sub(token, 0, head.n + 1 + body.n);
    return out->header != NULL && out->claims != NULL && out->claims->sort == JSON_OBJECT;
}

enum jose_result jose_verify(struct arena *a, struct str token, struct str keys,
                             const struct json_value **claims)
{
    struct parts t;
    if (!take_apart(a, token, &t) || json_get(t.header, "crit") != NULL) {
        return JOSE_BROKEN;
    }
    const struct alg *g = alg_of(t.header);
    if (g == NULL) {
        return JOSE_ALG;
    }
    const struct json_value *jwk = find_key(read_json(a, keys), json_get(t.header, "kid"), g);
    EVP_PKEY *key = jwk != NULL ? g->key(a, jwk) : NULL;
    if (key == NULL) {
        return JOSE_NO_KEY;
    }
    bool ok = (!g->der || der_of(a, t.signature, &t.signature)) && fits(key, t.text, t.signature);
    EVP_PKEY_free(key);
    *claims = t.claims;
    return ok ? JOSE_GOOD : JOSE_SIGNATURE;
}
