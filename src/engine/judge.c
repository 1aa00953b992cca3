/* SPDX-License-Identifier: Apache-2.0 */
/* The judge: every commitment in the order of the plan, then what the query leaves. */
#include "engine/judge.h"

#include "base/arena.h"
#include "base/err.h"
#include "engine/judge_int.h"

typedef enum rc (*judge_fn)(struct judge *j, uint32_t commitment);

static const judge_fn families[] = {
    [CK_INDICATOR] = judge_targets,   [CK_TARGET] = judge_targets, [CK_TASK] = judge_tasks,
    [CK_STAGES] = judge_tasks,        [CK_QUOTA] = judge_quota,    [CK_GATE] = judge_gate,
    [CK_RULE] = judge_rule,           [CK_CHECK] = judge_check,    [CK_SAMPLE] = judge_sample,
    [CK_SCORECARD] = judge_scorecard,
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

static bool asked(const void *ctx, struct row_key r)
{
    const struct judge_query *q = ctx;
    return (q->commitment == NONE || q->commitment == r.head->commitment) &&
           (q->unit == NONE || q->unit == r.unit) && (q->year == 0 || q->year == r.head->year);
}

void judge_filter(struct arena *a, struct judge_query q, struct verdicts *v)
{
    if (q.commitment != NONE || q.unit != NONE || q.year != 0) {
        verdicts_filter(a, v, asked, &q);
    }
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

/* ---- rows for scorecards -------------------------------------------------------------------- */

static void index_rows(struct judge *j, struct row_index *x)
{
    uint32_t page = 0;
    for (uint32_t i = x->next.n; i < j->out->rows.n; i++) {
        struct row_key r = verdicts_key(j->out, i, &page);
        uint64_t key = (uint64_t)r.head->commitment << 32 | r.unit;
        uint32_t other = NONE;
        (void)map_u64_get(&x->first, key, &other);
        vec_push(j->arena, &x->next, other);
        map_u64_put(j->arena, &x->first, key, i);
    }
}

static void rows_at(struct judge *j, uint32_t commitment, uint32_t unit, int32_t year,
                    struct row_list *out)
{
    struct row_index *x = j->rows_ctx;
    uint32_t i = NONE;
    index_rows(j, x);
    (void)map_u64_get(&x->first, (uint64_t)commitment << 32 | unit, &i);
    for (; i != NONE; i = x->next.items[i]) {
        uint32_t page = 0;
        if (verdicts_key(j->out, i, &page).head->year == year) {
            vec_push(j->arena, &out->list, verdicts_hold(j->arena, j->out, i));
        }
    }
}

/* ---- the plan ------------------------------------------------------------------------------- */

enum rc judge_commitment(struct judge *j, uint32_t commitment)
{
    enum commitment_kind kind = j->plan->commitments[commitment].kind;
    judge_fn fn = kind < sizeof families / sizeof *families ? families[kind] : NULL;
    j->out->commitment = commitment;
    return fn ? fn(j, commitment) : RC_OK;
}

bool judge_is_asked(const struct judge *j, uint32_t commitment, bool card)
{
    return (j->plan->commitments[commitment].kind == CK_SCORECARD) == card && scored(j, commitment);
}

/* Scorecards are judged after all others. */
static enum rc judge_those(struct judge *j, bool cards)
{
    enum rc rc = RC_OK;
    for (uint32_t i = 0; i < j->plan->n_commitments && rc == RC_OK; i++) {
        rc = judge_is_asked(j, i, cards) ? judge_commitment(j, i) : RC_OK;
    }
    return rc;
}

struct judge judge_new(struct arena *a, struct cells *c, const struct evaluator *ev,
                       struct judge_query q, struct verdicts *out, struct row_index *seen)
{
    struct judge j = {.arena = a,
                      .keeps = a,
                      .plan = cells_plan(c),
                      .cells = c,
                      .ev = ev,
                      .as_of = cells_as_of(c),
                      .query = q,
                      .out = out,
                      .each = block_judge,
                      .rows_at = rows_at,
                      .rows_ctx = seen};
    *out = (struct verdicts){.commitment = NONE};
    judge_evidence(&j);
    return j;
}

enum rc judge_finish(struct judge *j, enum rc rc)
{
    rc = rc == RC_OK ? judge_those(j, true) : rc;
    if (rc == RC_NO_SUPPORT) {
        return rc; /* said where it was found */
    }
    if (rc != RC_OK) {
        return err_set(j->e, rc,
                       "the evaluation needs more memory than allowed, or is nested too deep",
                       "求值所需内存超过上限，或嵌套过深");
    }
    outside_validity(j);
    judge_filter(j->arena, j->query, j->out);
    return RC_OK;
}

enum rc judge_plan(struct arena *a, struct cells *c, const struct evaluator *ev,
                   struct judge_query q, struct verdicts *out, struct err *e)
{
    struct row_index seen = {0};
    struct judge j = judge_new(a, c, ev, q, out, &seen);
    j.e = e;
    return judge_finish(&j, judge_those(&j, false));
}
