/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the judge: its state, and a function per family of commitments. */
#ifndef ENGINE_JUDGE_INT_H
#define ENGINE_JUDGE_INT_H

#include "engine/judge.h"

struct judge {
    struct arena *arena;
    const struct plan *plan;
    struct cells *cells;
    const struct evaluator *ev;
    struct date as_of;
    struct judge_query query;
    struct verdicts *out;
    struct err *e;
};

/* One family each; they append rows to j->out, whatever the query (judge.c filters at the end). */
enum rc judge_targets(struct judge *j, uint32_t commitment); /* indicators and targets */
enum rc judge_tasks(struct judge *j, uint32_t commitment);   /* tasks and stages (C22) */
enum rc judge_quota(struct judge *j, uint32_t commitment);   /* C33 */
enum rc judge_gate(struct judge *j, uint32_t commitment);    /* C25 */
enum rc judge_rule(struct judge *j, uint32_t commitment);    /* C25, C26 */
enum rc judge_check(struct judge *j, uint32_t commitment);
/* After all others: reads the rows of the commitments it scores. */
enum rc judge_scorecard(struct judge *j, uint32_t commitment);
enum rc judge_form(struct judge *j, uint32_t commitment); /* filed in time? */

#endif
