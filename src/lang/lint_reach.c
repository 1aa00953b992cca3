/* SPDX-License-Identifier: Apache-2.0 */
/* Reach: targets that bind nobody or cannot be met, and tolerances that nobody has laid down. */
#include "base/arena.h"
#include "lang/lint_int.h"

static bool satisfies(const struct ask *q, struct rat v, struct rat target)
{
    int sign = rat_cmp(v, target);
    return q->c->cmp == CMP_GT   ? sign > 0
           : q->c->cmp == CMP_LT ? sign < 0
           : q->c->cmp == CMP_LE ? sign <= 0
                                 : sign >= 0;
}

static void non_binding(struct lint *x, const struct ask *q)
{
    struct rat start;
    struct rat v;
    bool single = lint_is_floor(q->c->cmp) || lint_is_ceiling(q->c->cmp);
    if (!single || q->c->cmp == CMP_BETWEEN || !lint_literal(x, q->c->baseline, &start)) {
        return;
    }
    for (uint32_t r = 0; r < q->c->n_rungs; r++) {
        const struct rung *rung = &q->c->rungs[r];
        if (lint_literal(x, rung->value, &v) && satisfies(q, start, v)) {
            struct lint_finding *f = lint_found(x, LINT_non_binding, q);
            lint_arg_value(x, f, "value", q, rung);
            lint_arg_amount(x, f, "baseline", start, x->p->exprs[rung->value].dim);
            return;
        }
    }
}

/* What a measure can be at all. */
static void range_of(const struct lint *x, uint32_t e, struct rat *lo, struct rat *hi)
{
    *lo = rat_inf(-1);
    *hi = rat_inf(1);
    if (e == NONE) {
        return;
    }
    const struct expr *n = &x->p->exprs[e];
    if (n->op == EX_ITEM) {
        *lo = x->p->items[n->ref].d.lo;
        *hi = x->p->items[n->ref].d.hi;
    } else if (n->op == EX_AGG && (n->agg == AGG_SHARE || n->agg == AGG_COVER)) {
        *lo = rat_zero();
        *hi = rat_one();
    }
}

static void out_of_reach(struct lint *x, const struct ask *q)
{
    struct rat lo;
    struct rat hi;
    struct rat v;
    range_of(x, q->measure, &lo, &hi);
    for (uint32_t r = 0; r < q->c->n_rungs && q->c->cmp < CMP_RISES; r++) {
        const struct rung *rung = &q->c->rungs[r];
        if (!lint_literal(x, rung->value, &v)) {
            continue;
        }
        bool above = lint_is_floor(q->c->cmp) && q->c->cmp != CMP_ABOUT &&
                     (rat_cmp(v, hi) > 0 || (q->c->cmp == CMP_GT && rat_eq(v, hi)));
        bool below = lint_is_ceiling(q->c->cmp) &&
                     (rat_cmp(v, lo) < 0 || (q->c->cmp == CMP_LT && rat_eq(v, lo)));
        if (above || below) {
            struct dim dim = x->p->exprs[rung->value].dim;
            struct lint_finding *f = lint_found(x, LINT_out_of_reach, q);
            lint_arg_value(x, f, "value", q, rung);
            lint_arg_amount(x, f, "lo", lo, dim);
            lint_arg_amount(x, f, "hi", hi, dim);
        }
    }
}

/* Some check says that the measure is at most something. */
static bool is_bounded(const struct lint *x, uint32_t measure)
{
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        const struct commitment *k = &x->p->commitments[i];
        const struct expr *n = k->condition == NONE ? NULL : &x->p->exprs[k->condition];
        if (k->kind == CK_CHECK && n && (n->op == EX_LE || n->op == EX_LT) &&
            lint_same(x, n->a, measure)) {
            return true;
        }
    }
    return false;
}

static void no_population(struct lint *x, const struct ask *q)
{
    const struct expr *n = q->measure == NONE ? NULL : &x->p->exprs[q->measure];
    bool distinct = n && n->op == EX_AGG && n->agg == AGG_DISTINCT && q->c->n_rungs > 0;
    struct rat v = rat_zero();
    bool root = q->c->n_scopes == 1 && q->c->scopes[0].kind == SCOPE_ROOT;
    if (distinct && root && lint_is_floor(q->c->cmp) && lint_has_year(&q->c->when) && !q->nested &&
        lint_literal(x, q->c->rungs[0].value, &v) && rat_cmp(v, rat_one()) > 0 &&
        dim_eq(x->p->exprs[q->c->rungs[0].value].dim, dim_of(DIM_PERSON)) &&
        !is_bounded(x, q->measure)) {
        struct lint_finding *f = lint_found(x, LINT_no_population, q);
        lint_arg_value(x, f, "value", q, &q->c->rungs[q->c->n_rungs - 1]);
    }
}

/* ---- tolerances ----------------------------------------------------------------------------- */

static bool is_loose(const struct clause *c)
{
    return c->cmp == CMP_ABOUT || c->about || c->nearly;
}

static void tolerance_default(struct lint *x)
{
    struct lint_finding *f = NULL;
    for (uint32_t i = 0; i < x->asks.n; i++) {
        const struct ask *q = &x->asks.items[i];
        if (is_loose(q->c) && !q->c->own_tolerance) {
            f = f ? f : lint_add(x->a, x->out, LINT_tolerance_default);
            lint_at(x, f, q);
            f->clause = STR(""); /* of the plan as a whole */
            lint_arg_int(x->a, f, "n", f->places.n);
        }
    }
}

static bool is_heads(struct dim d)
{
    return dim_comparable(d, dim_of(DIM_COUNT)) && !dim_is_none(d);
}

/* 8 within 5 %: from 7.6 to 8.4 there is only 8. */
static void tolerance_no_room(struct lint *x, const struct ask *q)
{
    struct rat v;
    for (uint32_t r = 0; q->c->cmp == CMP_ABOUT && r < q->c->n_rungs; r++) {
        const struct rung *rung = &q->c->rungs[r];
        if (!lint_literal(x, rung->value, &v) || !rat_is_int(v) ||
            !is_heads(x->p->exprs[rung->value].dim)) {
            continue;
        }
        struct rat room = rat_mul(x->a, v, q->c->tolerance);
        if (rat_cmp(room, rat_one()) < 0) {
            struct lint_finding *f = lint_found(x, LINT_tolerance_no_room, q);
            lint_arg_amount(x, f, "value", v, x->p->exprs[rung->value].dim);
            lint_arg_amount(x, f, "tolerance", q->c->tolerance, dim_none());
        }
    }
}

/* A share of heads that must be hit exactly. */
static void no_whole_number(struct lint *x, const struct ask *q)
{
    uint32_t num = NONE;
    uint32_t den = NONE;
    struct rat v;
    bool exact = q->c->cmp == CMP_EQ ||
                 (q->c->cmp == CMP_ABOUT && q->c->two_sided && rat_is_zero(q->c->tolerance));
    bool heads = q->measure != NONE &&
                 (lint_quotient(x, q->measure, &num, &den) ? is_heads(x->p->exprs[num].dim)
                                                           : lint_is_rate(x, q->measure));
    for (uint32_t r = 0; exact && heads && r < q->c->n_rungs; r++) {
        if (lint_literal(x, q->c->rungs[r].value, &v) && !rat_is_int(v)) {
            struct lint_finding *f = lint_found(x, LINT_no_whole_number, q);
            lint_arg_value(x, f, "value", q, &q->c->rungs[r]);
        }
    }
}

void lint_reach(struct lint *x)
{
    tolerance_default(x);
    for (uint32_t i = 0; i < x->asks.n; i++) {
        const struct ask *q = &x->asks.items[i];
        non_binding(x, q);
        out_of_reach(x, q);
        no_population(x, q);
        tolerance_no_room(x, q);
        no_whole_number(x, q);
    }
}
