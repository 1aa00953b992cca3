/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets sealed at rest: AES-256-GCM by a key from a file outside the book, so that who has the
 * database, or a copy of its disk, has neither keys of authenticators nor hashes of passwords to
 * guess at.
 *
 * Sealed text: `sealed-1:` and base64 of nonce (12 bytes, random), the text, and tag (16). Bound to
 * the subject: the record of one user is none for another.
 *
 * Invariants
 *   VT1 What does not bear the mark was written without a key, and is read as it is.
 *   VT2 What was sealed is given back unchanged, or not at all.
 */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct buf;
struct err;

#define VAULT_KEY_BYTES 32

struct vault {
    bool has_key;
    uint8_t key[VAULT_KEY_BYTES];
};

/* The file has 64 hex digits, and nobody but its owner may read it: RC_DENIED. path NULL or "": no
 * key. RC_IO, RC_INPUT. */
NODISCARD enum rc vault_open(struct arena *a, struct vault *v, const char *path, struct err *e);
void vault_close(struct vault *v);
/* Appends to out; without a key, and of nothing, the text as it is. */
NODISCARD enum rc vault_seal(const struct vault *v, struct str subject, struct str text,
                             struct buf *out, struct err *e);
/* RC_DENIED: there is no key; RC_DB: another key, or it was changed. */
NODISCARD enum rc vault_unseal(const struct vault *v, struct str subject, struct str text,
                               struct buf *out, struct err *e);

#endif
