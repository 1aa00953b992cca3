/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Single sign-on by OpenID Connect: authorization code with PKCE (docs/internals/service.md, 18).
 *
 *     TRY(oidc_start(o, a, now, &flow, &url, e));          the browser keeps flow and goes to url
 *     …  it comes back with code and state  …
 *     TRY(oidc_finish(o, a, now, &back, &sub, e));         seat/sso.h knows whose sub it is
 *
 * Invariants
 *   OI1 Only the browser that has begun can end it, once, within OIDC_MINUTES: state, nonce and
 *       verifier follow from what it keeps, and nothing else does.
 *   OI2 Only the issuer of the settings is asked, and what it says counts only when it is signed by
 *       a key of its set, for this client, now, and for this attempt.
 *   OI3 Of what it says `sub` alone is used.
 */
#ifndef HTTP_OIDC_H
#define HTTP_OIDC_H

#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;
struct oidc; /* opaque; any thread */

#define OIDC_MINUTES 10

struct oidc_options {
    struct str issuer; /* as the provider names itself; "": there is none */
    struct str client;
    struct str secret_file; /* "": a client without a secret */
    struct str redirect;    /* page of the web application */
    struct str ca;          /* "": certificates of the system */
    bool plain;             /* http is good enough for loopback */
};

/* *out NULL: there is no issuer. RC_INPUT: a setting is wrong; RC_DENIED: others may read the
 * secret. Asks nobody. */
NODISCARD enum rc oidc_open(struct arena *a, const struct oidc_options *options, struct oidc **out,
                            struct err *e);
void oidc_close(struct oidc *o);
struct str oidc_issuer(const struct oidc *o);

/* Both in a. RC_IO: the provider does not answer. now: microseconds. */
NODISCARD enum rc oidc_start(struct oidc *o, struct arena *a, int64_t now, struct str *flow,
                             struct str *url, struct err *e);

struct oidc_back {
    struct str flow; /* of the cookie */
    struct str code, state;
    struct str issuer; /* RFC 9207; "": not told */
};

/* RC_DENIED: OI1, OI2, and e says which; RC_IO as above. */
NODISCARD enum rc oidc_finish(struct oidc *o, struct arena *a, int64_t now,
                              const struct oidc_back *back, struct str *sub, struct err *e);
/* Where the browser ends its session with the provider; "": it has no such page. */
NODISCARD enum rc oidc_logout(struct oidc *o, struct arena *a, int64_t now, struct str *url,
                              struct err *e);

#endif
