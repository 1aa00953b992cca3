/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures with the keys of anchors (keep_key_make): Ed25519, key and signature in base64.
 */
#ifndef APP_KEEP_KEY_H
#define APP_KEEP_KEY_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

struct key_signature {
    struct str public_key, signature;
};

/* By the secret key of a file. RC_INPUT: it is none. */
NODISCARD enum rc key_sign(struct arena *a, struct str text, const char *path,
                           struct key_signature *out, struct err *e);
bool key_verifies(struct str text, struct key_signature by);
NODISCARD enum rc key_read_public(struct arena *a, const char *path, struct str *out,
                                  struct err *e);
/* For people to compare: `1a2b-…`, eight groups. */
NODISCARD enum rc key_fingerprint(struct arena *a, struct str public_key, struct str *out,
                                  struct err *e);

#endif
