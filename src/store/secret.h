/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be forgotten when it is changed: hashes of passwords, one-time secrets, counters of
 * tries. It lies beside the book and not in its chain; that it was changed is a commit of its own.
 *
 * Invariants
 *   SE1 A record is replaced only while it has the version that was read: of two at once one gets
 *       RC_CONFLICT.
 *   SE2 Versions of one subject grow and never come again, also when its content was emptied.
 *   SE3 RC_OK => it survives the end of the process and of the power.
 */
#ifndef STORE_SECRET_H
#define STORE_SECRET_H

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;
struct store;
struct store_reader;

#define SECRET_BYTES 65536U

struct secret {
    struct str body;
    int64_t version; /* 0: there never was one */
};

/* Text in a. */
NODISCARD enum rc secret_get(struct arena *a, struct store_reader *r, struct str subject,
                             struct secret *out, struct err *e);
/* All that are not empty, in order of their subjects; texts die when the call returns. */
typedef enum rc secret_fn(void *ctx, struct str subject, struct str body, struct err *e);
NODISCARD enum rc secret_all(struct store_reader *r, secret_fn *fn, void *ctx, struct err *e);
/*
 * The new content ("" forgets it), when its version is still `seen`. RC_CONFLICT (SE1); RC_LIMIT
 * beyond SECRET_BYTES; RC_DENIED: the book is open for reading only. Any thread.
 */
NODISCARD enum rc secret_put(const struct store *s, struct str subject, struct str body,
                             int64_t seen, struct err *e);

#endif
