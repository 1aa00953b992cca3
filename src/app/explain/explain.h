/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a verdict is what it is: verdict, rule, formula, contributing units, facts with their
 * sources, and what is missing. Walks the expression itself and asks the evaluator for each part:
 * equal questions have equal answers (E1).
 */
#ifndef APP_EXPLAIN_EXPLAIN_H
#define APP_EXPLAIN_EXPLAIN_H

#include "app/answer.h"
#include "app/seal.h"
#include "engine/cells.h"
#include "engine/eval.h"

#define EXPLAIN_MEMBERS 12 /* units shown below an aggregate, largest first */

struct json;
struct said;

/* Facts of a book: who may see them, and who recorded them. */
struct explain_book {
    bool (*may)(void *ctx, const char *operation, struct str unit, enum data_class class_);
    struct str (*origin)(void *origins, int64_t commit); /* "commit 12: report.approve by …" */
    bool (*reported)(void *origins, int64_t commit);     /* by a report: the source is its round */
    void *ctx, *origins;
    struct said *said; /* where figures come from; NULL: the cells have a row of each */
};

struct explain {
    struct answer answer;
    struct cells *cells;
    const struct evaluator *ev;
    struct seal *seal;               /* NULL: nothing in the plan is sealed */
    const struct explain_book *book; /* NULL: the facts come from tables */
    bool strict; /* without all rows in sight (C41): no figure that reads sealed data is shown */
};

/* All rows of the answer, each with its tree. RC_LIMIT. */
NODISCARD enum rc explain_text(const struct explain *x, struct buf *out);
NODISCARD enum rc explain_json(const struct explain *x, struct buf *out);
/* The tree of one verdict as a value. RC_LIMIT. */
NODISCARD enum rc explain_one(const struct explain *x, const struct verdict *v, struct json *j);

#endif
