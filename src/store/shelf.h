/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layouts of a book, once for all its readers: a region has a hundred thousand of them, and a
 * service a dozen readers.
 *
 * Invariants
 *   SH1 What is on the shelf stays where it is until the store is closed; any thread may read it.
 */
#ifndef STORE_SHELF_H
#define STORE_SHELF_H

#include <pthread.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/vec.h"
#include "store/db_int.h"

struct err;

struct shelf {
    pthread_rwlock_t lock; /* of all below */
    struct arena a;
    struct map index; /* hash -> bodies */
    VEC(struct str) bodies;
    int64_t upto; /* the commit up to which all are here */
};

struct shelf_layout {
    struct str hash, body;
};

void shelf_init(struct shelf *s);
void shelf_release(struct shelf *s);
/* Fetches those of commits up to `last` that are not here yet. RC_LIMIT, and the failures of the
 * database. */
NODISCARD enum rc shelf_learn(struct shelf *s, struct db *db, int64_t last, struct err *e);
/* false: there is none of this hash. */
NODISCARD bool shelf_find(struct shelf *s, struct str hash, struct shelf_layout *out);

#endif
