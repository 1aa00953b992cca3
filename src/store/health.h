/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a book is, apart from what it says (audit.h): its engine, its size, whether the database
 * finds its own pages in order, and the folder of evidence.
 *
 * Invariants
 *   HE1 Only files are removed that no commit names and that were not touched for as long as the
 *       caller says: files_put touches a file that is there already, so one that is about to be
 *       named stays.
 */
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct store_health {
    const char *engine; /* "SQLite" */
    int64_t version;    /* of the tables */
    int64_t bytes;
    bool whole;        /* the database finds nothing wrong with its own pages */
    const char *files; /* the folder of evidence; NULL: none */
    bool on_disk;      /* `where` is a file of this machine */
    const char *where; /* without a password */
};
NODISCARD enum rc store_health(struct arena *a, struct store_reader *r, struct store_health *out,
                               struct err *e);

struct folder_health {
    uint32_t named, gone,
        wrong_size;       /* files that commits name; of them missing, or another size */
    struct str gone_hash; /* one of those, and its commit */
    int64_t gone_seq;
    uint32_t unnamed, removed;
    int64_t unnamed_bytes;
};
/*
 * Looks the folder over; with `before` (microseconds since 1970) removes what nobody names and was
 * not touched since (HE1). INT64_MIN: removes nothing.
 */
NODISCARD enum rc files_health(struct arena *a, struct store_reader *r, int64_t before,
                               struct folder_health *out, struct err *e);

#endif
