/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layouts that the parcels of one reader name, while rows of them are read: the text of the one
 * before, and what is looked up by its hash. A region has a hundred thousand layouts, of which a
 * request meets a few, so none but the last is kept.
 *
 * Where a connection gives one result at a time (PostgreSQL) a second one looks. For the whole book
 * all of them are fetched first, as that many questions would take longer.
 *
 * Invariants
 *   LA1 A layout that was given stays until the next one is asked for.
 */
#ifndef STORE_LAYOUTS_H
#define STORE_LAYOUTS_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/rc.h"
#include "base/vec.h"
#include "store/db_int.h"

struct err;

struct layout_text {
    struct str hash, body;
};

struct layouts {
    const char *where;
    struct db *own;        /* the reader's connection */
    struct db side;        /* the second one, opened when first needed */
    struct buf hash, body; /* of the last one */
    struct arena a;        /* of all, while the whole book is read */
    struct map index;      /* hash -> bodies */
    VEC(struct str) bodies;
};

void layouts_init(struct layouts *l, const char *where, struct db *own);
void layouts_release(struct layouts *l);
/* RC_DB: the book has none of this hash; and the failures of the database. */
NODISCARD enum rc layouts_find(struct layouts *l, struct str hash, struct layout_text *out,
                               struct err *e);
/* A db_row_fn for ST_layouts: keeps it until layouts_forget. ctx: the layouts. RC_LIMIT. */
NODISCARD enum rc layouts_keep(void *ctx, uint32_t call, const struct db_value *row, struct err *e);
void layouts_forget(struct layouts *l);

#endif
