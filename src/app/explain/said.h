/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who said a figure: read from the history of its unit in the book, since the columns of a live
 * engine hold numbers alone (docs/internals/plan-pages.md, 4).
 *
 *     struct said *s = said_make(a, &(struct said_options){…});
 *     if (said_by(s, item, unit, period, &from)) { … from.line is the commit … }
 *
 * Ownership: the arena given; the reader is borrowed.
 */
#ifndef APP_EXPLAIN_SAID_H
#define APP_EXPLAIN_SAID_H

#include "model/dataset.h"
#include "model/plan.h"
#include "store/store.h"

struct arena;
struct said; /* opaque */

struct said_options {
    struct store_reader *reader;
    const struct plan *plan;
    const struct tree *tree;
    int64_t upto;    /* the last commit that counts */
    struct date day; /* what was recorded by then */
};

struct said *said_make(struct arena *a, const struct said_options *o);
/* Of the accepted version that counts. false: nobody has said it, or the book cannot be read. */
bool said_by(struct said *s, uint32_t item, uint32_t unit, struct period period,
             struct provenance *out);

#endif
