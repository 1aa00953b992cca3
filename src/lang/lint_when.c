/* SPDX-License-Identifier: Apache-2.0 */
/* Time: deadlines and periods that are not written, days on which figures are taken, events. */
#include "base/arena.h"
#include "lang/lint_int.h"

static void no_deadline(struct lint *x, uint32_t k)
{
    struct lint_finding *f = lint_group(x, LINT_no_deadline, k);
    lint_arg_int(x->a, f, "n", f->places.n);
    lint_arg_int(x->a, f, "year", x->p->last_year);
}

static bool lacks_time(const struct commitment *k)
{
    bool lacks = (k->kind == CK_TASK || k->kind == CK_SAMPLE) && k->fresh_days == 0 &&
                 k->when.kind == WHEN_DEFAULT;
    for (uint32_t i = 0; i < k->n_targets; i++) {
        const struct clause *c = &k->targets[i];
        lacks = lacks || (c->when.kind == WHEN_DEFAULT && !c->ladder);
        for (uint32_t r = 0; r < c->n_rungs; r++) {
            lacks = lacks || c->rungs[r].when.kind == WHEN_DEFAULT;
        }
    }
    for (uint32_t i = 0; k->kind == CK_STAGES && i < k->n_stages; i++) {
        lacks = lacks || k->stages[i].when.kind == WHEN_DEFAULT;
    }
    return lacks;
}

/* A head count of a year, on no particular day. */
static bool is_undated_stock(const struct item *i)
{
    bool heads = dim_eq(i->d.dim, dim_of(DIM_PERSON)) || dim_eq(i->d.dim, dim_of(DIM_THING));
    return i->d.type == VT_NUMBER && heads && i->period <= PERIOD_SCHOOL_YEAR &&
           time_point_is_none(i->point);
}

static void no_time_point(struct lint *x, const struct ask *q)
{
    const struct commitment *k = &x->p->commitments[q->commitment];
    expr_list reads = {0};
    if (q->c->cmp < CMP_RISES || k->has_point) {
        return;
    }
    lint_reads(x, q->measure, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        const struct expr *n = &x->p->exprs[reads.items[i]];
        if (n->op == EX_ITEM && is_undated_stock(&x->p->items[n->ref])) {
            struct lint_finding *f = lint_found(x, LINT_no_time_point, q);
            lint_arg_text(f, "item", x->p->items[n->ref].d.name);
            return;
        }
    }
}

static void until_event(struct lint *x, const struct ask *q)
{
    const struct commitment *k = &x->p->commitments[q->commitment];
    for (uint32_t i = 0; i < k->n_targets; i++) {
        if (lint_has_year(&k->targets[i].when)) {
            return; /* a latest date */
        }
    }
    if (q->c->when.kind == WHEN_UNTIL && !q->nested) {
        struct lint_finding *f = lint_found(x, LINT_until_event, q);
        lint_arg_text(f, "event", x->p->events[q->c->when.event].name);
    }
}

/* ---- about and exact in one clause ---------------------------------------------------------- */

static bool is_figure(const struct lint *x, const struct ask *q)
{
    struct rat v;
    bool exact = q->c->cmp == CMP_BARE || q->c->cmp == CMP_REACH || q->c->cmp == CMP_EQ;
    return !q->nested && (exact || q->c->cmp == CMP_ABOUT) && q->c->n_rungs > 0 &&
           lint_literal(x, q->c->rungs[0].value, &v) &&
           !dim_is_none(x->p->exprs[q->c->rungs[0].value].dim);
}

static bool one_time(const struct clause *c, const struct clause *d)
{
    return c->when.kind == d->when.kind && c->when.from_year == d->when.from_year &&
           c->when.to_year == d->when.to_year;
}

static void numbers_mixed(struct lint *x, uint32_t i)
{
    const struct ask *q = &x->asks.items[i];
    for (uint32_t j = 0; is_figure(x, q) && j < x->asks.n; j++) {
        const struct ask *r = &x->asks.items[j];
        bool mixed = q->c->cmp == CMP_ABOUT && is_figure(x, r) && r->c->cmp != CMP_ABOUT;
        if (mixed && one_time(q->c, r->c) && lint_one_sentence(x, q->commitment, r->commitment) &&
            dim_eq(x->p->exprs[q->c->rungs[0].value].dim, x->p->exprs[r->c->rungs[0].value].dim)) {
            struct lint_finding *f = lint_group(x, LINT_numbers_mixed, q->commitment);
            lint_place(x->a, x->p, f, r->commitment, x->p->commitments[r->commitment].at);
            lint_arg_places(x, f, "list");
        }
    }
}

void lint_when(struct lint *x)
{
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        if (lacks_time(&x->p->commitments[i])) {
            no_deadline(x, i);
        }
    }
    for (uint32_t i = 0; i < x->asks.n; i++) {
        no_time_point(x, &x->asks.items[i]);
        until_event(x, &x->asks.items[i]);
        numbers_mixed(x, i);
    }
}
