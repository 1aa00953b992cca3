/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of the book as people read it: who did what and when, newest first, a page at a time.
 * What a commit has recorded is read by store_feed.
 */
#ifndef STORE_LOG_H
#define STORE_LOG_H

#include "store/store.h"

/* Empty texts: any. */
struct log_filter {
    struct str actor;
    struct str act;  /* also what begins with it and a dot: `report` finds `report.save` */
    struct str unit; /* code: what was recorded of it, and of subjects of it (form/ROUND/UNIT) */
    int64_t since, until; /* moments, since <= at < until */
    int64_t before;       /* numbers below this one; INT64_MAX: all */
    uint32_t limit;
};

/* Texts die when the call returns. */
struct log_entry {
    int64_t seq, at, parcels;
    struct str actor, act, note;
    struct str subjects, files; /* JSON arrays of texts */
};

typedef enum rc log_entry_fn(void *ctx, const struct log_entry *x, struct err *e);
NODISCARD enum rc store_log(struct store_reader *r, const struct log_filter *f, log_entry_fn *fn,
                            void *ctx, struct err *e);

/* What a commit is about: units (of documents: subjects) and sorts as they are written, also where
 * a tampered row has another sort than there are. At most `limit`. */
typedef enum rc log_parcel_fn(void *ctx, uint32_t part, struct str unit, struct str what,
                              struct err *e);
NODISCARD enum rc store_log_parcels(struct store_reader *r, int64_t seq, uint32_t limit,
                                    log_parcel_fn *fn, void *ctx, struct err *e);

#endif
