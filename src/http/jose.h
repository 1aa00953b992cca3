/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed tokens of a provider (JWS in its compact form, RFC 7515), verified by libcrypto.
 *
 * Invariants
 *   JO1 RS256 by an RSA key and ES256 by one of P-256, and nothing else: no `none`, no shared
 *       secret, and no key or address that the token itself brings along.
 *   JO2 A token that names a key is verified by that key; one that names none, only where the set
 *       has one key that could be meant.
 *   JO3 What is not exactly in the form of the standards is refused.
 */
#ifndef HTTP_JOSE_H
#define HTTP_JOSE_H

#include <stdbool.h>

#include "base/json_tree.h"
#include "base/str.h"

struct arena;

#define JOSE_TOKEN_BYTES 16384U

enum jose_result {
    JOSE_GOOD,
    JOSE_BROKEN,   /* no such token */
    JOSE_ALG,      /* JO1 */
    JOSE_NO_KEY,   /* JO2: the set may be old */
    JOSE_SIGNATURE /* it does not fit */
};

/* keys: a JWK Set (RFC 7517) as text. *claims: what was signed. */
enum jose_result jose_verify(struct arena *a, struct str token, struct str keys,
                             const struct json_value **claims);

#endif
