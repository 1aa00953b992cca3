/* SPDX-License-Identifier: Apache-2.0 */
/* Findings on a policy (lang/lint.h) for people and machines. */
#ifndef APP_PACK_LINT_H
#define APP_PACK_LINT_H

#include "lang/lint.h"

struct csv_writer;
struct arena;
struct buf;
struct json;

struct lint_answer {
    struct arena *a;
    const struct plan *plan;
    struct lint_findings findings;
    bool chinese;
    uint32_t width; /* of text; 0: as wide as it gets */
};

/* Grouped by clause; how many of each kind at the end. */
void lint_text(const struct lint_answer *x, struct buf *out);
/* {"plan": …, "findings": [{code, name, clause, clauses, places, en, zh, mend_en, mend_zh}]} */
void lint_json(const struct lint_answer *x, struct buf *out);
/* The list of findings alone. */
void lint_list_json(const struct lint_answer *x, struct json *j);
void lint_csv(const struct lint_answer *x, struct csv_writer *w);

#endif
