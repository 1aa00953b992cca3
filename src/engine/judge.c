/* SPDX-License-Identifier: Apache-2.0 */
/* The judge: every commitment in the order of the plan, then what the query leaves. */
#include "engine/judge.h"

#include "base/arena.h"
#include "base/err.h"
#include "engine/judge_int.h"

typedef enum rc (*judge_fn)(struct judge *j, uint32_t commitment);

static const judge_fn families[] = {
    [CK_INDICATOR] = judge_targets, [CK_TARGET] = judge_targets, [CK_TASK] = judge_tasks,
    [CK_STAGES] = judge_tasks,      [CK_QUOTA] = judge_quota,    [CK_GATE] = judge_gate,
    [CK_RULE] = judge_rule,         [CK_CHECK] = judge_check,    [CK_SAMPLE] = judge_sample,
    [CK_UNMEASURABLE] = NULL,
};

/* A scorecard and a rule that stacks read the rows of others; a query for something else need not
 * judge them. */
static bool scored(const struct judge *j, uint32_t commitment)
{
    uint32_t asked = j->query.commitment;
    if (asked == NONE || asked == commitment) {
        return true;
    }
    const struct commitment *k = &j->plan->commitments[asked];
    if (k->kind == CK_RULE && k->stacking && commitment < asked) {
        return j->plan->commitments[commitment].kind == CK_RULE; /* it starts from their figures */
    }
    for (uint32_t i = 0; k->kind == CK_SCORECARD && i < k->n_scores; i++) {
        if (k->scores[i].commitment == commitment) {
            return true;
        }
    }
    return false;
}

static bool asked(const struct judge_query *q, const struct verdict_row *r)
{
    return (q->commitment == NONE || q->commitment == r->head->commitment) &&
           (q->unit == NONE || q->unit == r->unit) && (q->year == 0 || q->year == r->head->year);
}

void judge_filter(struct judge_query q, struct verdicts *v)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->rows.n; i++) {
        if (asked(&q, &v->rows.items[i])) {
            v->rows.items[n++] = v->rows.items[i];
        }
    }
    v->rows.n = n;
}

/* Facts of units that were not there are ignored and reported (C28). */
static void outside_validity(struct judge *j)
{
    const struct dataset *d = cells_dataset(j->cells);
    for (uint32_t i = 0; i < d->n_facts; i++) {
        const struct fact *f = &d->facts[i];
        struct date day = period_snapshot(f->period, j->plan->items[f->item].point);
        if (tree_version_at(d->tree, f->unit, day) == NULL &&
            date_cmp(f->from.recorded, j->as_of) <= 0) {
            judge_finding(j, (struct finding){.kind = FINDING_OUTSIDE_VALIDITY,
                                              .commitment = NONE,
                                              .unit = f->unit,
                                              .item = f->item,
                                              .year = f->period.year,
                                              .text = STR(""),
                                              .file = d->files[f->from.file],
                                              .line = f->from.line});
        }
    }
}

enum rc judge_plan(struct arena *a, struct cells *c, const struct evaluator *ev,
                   struct judge_query q, struct verdicts *out, struct err *e)
{
    *out = (struct verdicts){.commitment = NONE};
    struct judge j = {.arena = a,
                      .plan = cells_plan(c),
                      .cells = c,
                      .ev = ev,
                      .as_of = cells_as_of(c),
                      .query = q,
                      .out = out,
                      .e = e};
    enum rc rc = RC_OK;
    for (uint32_t i = 0; i < j.plan->n_commitments && rc == RC_OK; i++) {
        enum commitment_kind kind = j.plan->commitments[i].kind;
        judge_fn fn = kind < sizeof families / sizeof *families ? families[kind] : NULL;
        out->commitment = i;
        rc = fn && scored(&j, i) ? fn(&j, i) : RC_OK;
    }
    for (uint32_t i = 0; i < j.plan->n_commitments && rc == RC_OK; i++) {
        bool card = j.plan->commitments[i].kind == CK_SCORECARD;
        out->commitment = i;
        rc = card && scored(&j, i) ? judge_scorecard(&j, i) : RC_OK;
    }
    if (rc == RC_NO_SUPPORT) {
        return rc; /* said where it was found */
    }
    if (rc != RC_OK) {
        return err_set(e, rc,
                       "the evaluation needs more memory than allowed, or is nested too deep",
                       "求值所需内存超过上限，或嵌套过深");
    }
    outside_validity(&j);
    judge_filter(q, out);
    return RC_OK;
}
