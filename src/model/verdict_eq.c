/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts compared field by field. */
#include "model/verdict_row.h"

static bool mval_same(const struct mval *x, const struct mval *y)
{
    bool bounds =
        x->kind != y->kind || x->kind == MV_NONE || (rat_eq(x->lo, y->lo) && rat_eq(x->hi, y->hi));
    return x->kind == y->kind && x->truth == y->truth && bounds && x->has_value == y->has_value &&
           (!x->has_value || rat_eq(x->value, y->value)) && x->reported == y->reported &&
           x->expected == y->expected && x->flags == y->flags;
}

static bool ids_same(const uint32_t *x, uint32_t n, const uint32_t *y, uint32_t m)
{
    bool same = n == m;
    for (uint32_t i = 0; same && i < n; i++) {
        same = x[i] == y[i];
    }
    return same;
}

static bool alternatives_same(const struct verdict *x, const struct verdict *y)
{
    bool same = x->n_alternatives == y->n_alternatives;
    for (uint32_t i = 0; same && i < x->n_alternatives; i++) {
        const struct alternative *p = &x->alternatives[i];
        const struct alternative *q = &y->alternatives[i];
        same = str_eq(p->definition, q->definition) && mval_same(&p->measure, &q->measure) &&
               p->state == q->state && p->withheld == q->withheld;
    }
    return same;
}

static bool proposals_same(const struct verdict *x, const struct verdict *y)
{
    bool same = x->n_proposals == y->n_proposals;
    for (uint32_t i = 0; same && i < x->n_proposals; i++) {
        const struct proposal *p = &x->proposals[i];
        const struct proposal *q = &y->proposals[i];
        same = p->item == q->item && p->is_field == q->is_field && p->year == q->year &&
               p->has_amount == q->has_amount && rat_eq(p->from, q->from) && rat_eq(p->to, q->to) &&
               str_eq(p->text, q->text) && p->days == q->days;
    }
    return same;
}

static bool sample_same(const struct sample *x, const struct sample *y)
{
    if (!x || !y) {
        return x == y;
    }
    bool same = x->n == y->n && x->population == y->population && x->n_strata == y->n_strata;
    for (uint32_t i = 0; same && i < x->n; i++) {
        same = str_eq(x->ids[i], y->ids[i]);
    }
    for (uint32_t i = 0; same && i < x->n_strata; i++) {
        same = str_eq(x->strata[i].name, y->strata[i].name) &&
               x->strata[i].population == y->strata[i].population &&
               x->strata[i].drawn == y->strata[i].drawn;
    }
    return same;
}

static bool threshold_same(const struct verdict *x, const struct verdict *y)
{
    return x->has_threshold == y->has_threshold &&
           (!x->has_threshold ||
            (rat_eq(x->threshold, y->threshold) && rat_eq(x->threshold2, y->threshold2)));
}

static bool rare_same(const struct verdict *x, const struct verdict *y)
{
    bool caps = x->has_cap == y->has_cap &&
                (!x->has_cap || (rat_eq(x->used, y->used) && rat_eq(x->base, y->base) &&
                                 rat_eq(x->cap, y->cap) && rat_eq(x->remaining, y->remaining)));
    bool points =
        x->has_score == y->has_score &&
        (!x->has_score || (rat_eq(x->score_lo, y->score_lo) && rat_eq(x->score_hi, y->score_hi) &&
                           rat_eq(x->score_base, y->score_base)));
    return caps && points && x->is_rule == y->is_rule && x->fires == y->fires && x->row == y->row &&
           proposals_same(x, y) && alternatives_same(x, y) && sample_same(x->sample, y->sample);
}

bool verdict_eq(const struct verdict *x, const struct verdict *y)
{
    return x->commitment == y->commitment && x->unit == y->unit && x->year == y->year &&
           x->state == y->state && x->light == y->light && x->flags == y->flags &&
           x->clause == y->clause && x->cmp == y->cmp && x->for_all == y->for_all &&
           x->withheld == y->withheld && str_eq(x->part, y->part) &&
           str_eq(x->definition, y->definition) && date_cmp(x->due, y->due) == 0 &&
           date_cmp(x->snapshot, y->snapshot) == 0 && mval_same(&x->measure, &y->measure) &&
           threshold_same(x, y) && rare_same(x, y) &&
           ids_same(x->counter, x->n_counter, y->counter, y->n_counter) &&
           ids_same(x->undecided, x->n_undecided, y->undecided, y->n_undecided);
}
