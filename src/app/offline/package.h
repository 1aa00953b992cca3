/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packages that travel between books on a stick: a manifest with the digest of every part, signed,
 * then the parts (docs/internals/offline.md, 1 and 2). It knows nothing of books.
 *
 *     tizhi-package-1 LENGTH
 *     {"sort":…,"parts":[{"name":…,"bytes":…,"sm3":…},…]}        LENGTH bytes
 *     ed25519 PUBLIC SIGNATURE                                   of the manifest
 *     part after part
 *
 * Invariants
 *   PG1 package_read gives what package_write was given, and takes no other bytes: each byte is of
 *       the manifest, the signature or exactly one part.
 *   PG2 What is given out was signed by `public_key`. Whose key that is, is the caller's question.
 *   PG3 Names of parts name nothing outside the package.
 * Ownership: the arena; parts view the bytes.
 */
#ifndef APP_OFFLINE_PACKAGE_H
#define APP_OFFLINE_PACKAGE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct err;

#define PACKAGE_BYTES_MAX    (256U << 20)
#define PACKAGE_MANIFEST_MAX (4U << 20)
#define PACKAGE_PARTS_MAX    10000U

enum package_sort { PACKAGE_ROUND, PACKAGE_ANSWER };

struct package_part {
    struct str name, content;
};

struct package {
    enum package_sort sort;
    struct str book;   /* that has made it */
    int64_t seq, at;   /* its last commit then; the moment, in microseconds since 1970 */
    struct date until; /* the last day on which it is taken in */
    struct str plan, round;
    struct str to, answers; /* of an answer: the book it is for, and the round package */
    VEC(struct package_part) parts;
    /* What package_write and package_read find. */
    struct str id, public_key, fingerprint;
};

NODISCARD enum rc package_write(struct arena *a, struct package *p, const char *key_path,
                                struct str *out, struct err *e);
/* RC_INPUT: it is none, or was changed; e says where. */
NODISCARD enum rc package_read(struct arena *a, struct str bytes, struct package *out,
                               struct err *e);

#endif
