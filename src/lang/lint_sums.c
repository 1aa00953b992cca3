/* SPDX-License-Identifier: Apache-2.0 */
/* Sums: increments against a total, a yearly flow against a stock or share, one title due twice. */
#include "base/arena.h"
#include "lang/lint_int.h"

#define NAME_RUN_BYTES 9 /* three ideographs in common: names of one thing */

/* The single literal that a clause asks for. */
static bool figure(const struct lint *x, const struct ask *q, struct rat *out)
{
    return !q->nested && q->c->n_rungs == 1 && lint_is_floor(q->c->cmp) &&
           lint_literal(x, q->c->rungs[0].value, out);
}

static bool at_root(const struct clause *c)
{
    return c->n_scopes == 1 && c->scopes[0].kind == SCOPE_ROOT;
}

/* ---- increments ----------------------------------------------------------------------------- */

struct account {
    struct rat sum;
    struct str list, list_zh, open; /* what is added; the years without a figure */
    uint32_t n;
};

/* What is asked for in that year alone. */
static bool increment(struct lint *x, const struct ask *total, int32_t year, struct rat *out,
                      const struct ask **by)
{
    for (uint32_t i = 0; i < x->asks.n; i++) {
        const struct ask *q = &x->asks.items[i];
        bool within = (q->c->when.kind == WHEN_AT || q->c->when.kind == WHEN_BY ||
                       q->c->when.kind == WHEN_EACH) &&
                      q->c->when.from_year <= year && year <= q->c->when.to_year;
        if (q != total && within && at_root(q->c) && lint_same(x, q->measure, total->measure) &&
            figure(x, q, out) && rat_sign(*out) > 0) {
            *by = q;
            return true;
        }
    }
    return false;
}

static void increments(struct lint *x, const struct ask *total)
{
    struct rat whole;
    struct rat v;
    struct account sum = {rat_zero(), STR(""), STR(""), STR(""), 0};
    const struct when *w = &total->c->when;
    struct lint_finding sink = {0};
    if (w->kind != WHEN_CUMULATIVE || !at_root(total->c) || !figure(x, total, &whole)) {
        return;
    }
    struct dim dim = x->p->exprs[total->c->rungs[0].value].dim;
    for (int32_t y = w->from_year; y <= w->to_year; y++) {
        const struct ask *by = NULL;
        if (increment(x, total, y, &v, &by)) {
            sum.sum = rat_add(x->a, sum.sum, v);
            sum.n++;
            sum.list = lint_join(x, sum.list, amount_text(&x->say[1], v, dim));
            sum.list_zh = lint_join(x, sum.list_zh, amount_text(&x->say[0], v, dim));
            lint_at(x, &sink, by);
        } else {
            sum.open = lint_join(x, sum.open, rat_frac_str(x->a, rat_int(y)));
        }
    }
    int sign = rat_cmp(sum.sum, whole);
    if (sum.n == 0 || (sum.open.n == 0 && sign == 0)) {
        return;
    }
    bool open = sum.open.n > 0 && sign < 0;
    struct lint_finding *f =
        lint_found(x, open ? LINT_increments_open : LINT_increments_wrong, total);
    for (uint32_t i = 0; i < sink.places.n; i++) {
        lint_place(x->a, x->p, f, sink.places.items[i].commitment, sink.places.items[i].at);
    }
    lint_arg(f, "list", sum.list_zh, sum.list);
    lint_arg_amount(x, f, "sum", sum.sum, dim);
    lint_arg_amount(x, f, "total", whole, dim);
    lint_arg_int(x->a, f, "year", w->to_year);
    if (open) {
        lint_arg_amount(x, f, "rest", rat_sub(x->a, whole, sum.sum), dim);
        lint_arg_text(f, "years", sum.open);
    }
}

/* ---- flow and stock ------------------------------------------------------------------------- */

static bool is_flow(const struct ask *q)
{
    return q->c->when.kind == WHEN_EACH && q->c->when.every <= PERIOD_SCHOOL_YEAR &&
           at_root(q->c) && q->c->when.to_year > q->c->when.from_year;
}

static bool is_stock(const struct ask *q)
{
    return (q->c->when.kind == WHEN_AT || q->c->when.kind == WHEN_BY ||
            q->c->when.kind == WHEN_DEFAULT) &&
           at_root(q->c);
}

static bool one_noun(struct lint *x, const struct ask *flow, const struct ask *stock)
{
    struct str run = lint_common(x->p->commitments[flow->commitment].name,
                                 x->p->commitments[stock->commitment].name);
    return lint_related(x, flow->measure, stock->measure) || run.n >= NAME_RUN_BYTES;
}

static void against(struct lint *x, const struct ask *flow, const struct ask *stock)
{
    struct rat v;
    struct rat total;
    if (!figure(x, flow, &v) || !figure(x, stock, &total) || rat_sign(v) <= 0 ||
        !lint_one_clause(x, flow->commitment, stock->commitment) || !one_noun(x, flow, stock) ||
        lint_same(x, flow->measure, stock->measure)) {
        return;
    }
    struct dim dim = x->p->exprs[flow->c->rungs[0].value].dim;
    struct dim whole = x->p->exprs[stock->c->rungs[0].value].dim;
    int32_t years = flow->c->when.to_year - flow->c->when.from_year + 1;
    struct rat sum = rat_mul(x->a, v, rat_int(years));
    bool times = dim_eq(dim, dim_of(DIM_PERSON_TIME)); /* L44 tells of these */
    bool share = lint_is_rate(x, stock->measure) && !dim_is_none(dim) && !times;
    bool like = dim_comparable(dim, whole) && !dim_is_none(dim);
    if (!share && (!like || rat_cmp(sum, total) >= 0)) {
        return;
    }
    struct lint_finding *f = lint_found(x, share ? LINT_flow_and_share : LINT_flow_and_stock, flow);
    lint_at(x, f, stock);
    lint_arg_amount(x, f, "flow", v, dim);
    lint_arg_int(x->a, f, "years", years);
    lint_arg_amount(x, f, "sum", sum, dim);
    lint_arg_amount(x, f, "total", total, whole);
    if (share) {
        lint_arg_amount(x, f, "base", rat_floor(x->a, rat_div(x->a, sum, total)), dim);
    } else {
        lint_arg_amount(x, f, "rest", rat_sub(x->a, total, sum), whole);
    }
}

/* ---- two deadlines -------------------------------------------------------------------------- */

static bool same_rung(const struct lint *x, const struct ask *q, const struct rung *r,
                      const struct ask *s, const struct rung *t)
{
    struct rat a;
    struct rat b;
    return lint_same(x, q->measure, s->measure) && lint_is_floor(q->c->cmp) &&
           lint_is_floor(s->c->cmp) && lint_literal(x, r->value, &a) &&
           lint_literal(x, t->value, &b) && rat_eq(a, b) && q->measure != NONE;
}

static void two_deadlines(struct lint *x, const struct ask *q, const struct ask *s)
{
    bool dated = lint_has_year(&q->c->when) && lint_has_year(&s->c->when) && at_root(q->c) &&
                 at_root(s->c) && q->c->n_rungs == 1 && s->c->n_rungs == 1 &&
                 (q->c->when.kind == WHEN_CUMULATIVE) == (s->c->when.kind == WHEN_CUMULATIVE);
    if (!dated || q->c->when.to_year == s->c->when.to_year ||
        !same_rung(x, q, &q->c->rungs[0], s, &s->c->rungs[0])) {
        return;
    }
    struct lint_finding *f = lint_found(x, LINT_two_deadlines, q);
    lint_at(x, f, s);
    const struct ask *both[] = {q, s};
    struct str list = STR("");
    for (int i = 0; i < 2; i++) {
        struct str year = rat_frac_str(x->a, rat_int(both[i]->c->when.to_year));
        struct str id = x->p->commitments[both[i]->commitment].id;
        year = str_cat(x->a, str_cat(x->a, year, STR(" (")), id);
        list = lint_join(x, list, str_cat(x->a, year, STR(")")));
    }
    lint_arg_text(f, "list", list);
    lint_arg_value(x, f, "value", q, &q->c->rungs[0]);
}

static void tasks_twice(struct lint *x, uint32_t i)
{
    const struct commitment *k = &x->p->commitments[i];
    for (uint32_t j = i + 1; k->kind == CK_TASK && k->deliverable.n > 0 && j < x->p->n_commitments;
         j++) {
        const struct commitment *l = &x->p->commitments[j];
        if (l->kind == CK_TASK && l->verb == k->verb && str_eq(l->deliverable, k->deliverable) &&
            lint_has_year(&k->when) && lint_has_year(&l->when) &&
            k->when.to_year != l->when.to_year) {
            struct lint_finding *f = lint_add(x->a, x->out, LINT_two_deadlines);
            lint_place(x->a, x->p, f, i, k->at);
            lint_place(x->a, x->p, f, j, l->at);
            lint_arg_places(x, f, "list");
            lint_arg_text(f, "value", k->deliverable);
        }
    }
}

void lint_sums(struct lint *x)
{
    for (uint32_t i = 0; i < x->asks.n; i++) {
        const struct ask *q = &x->asks.items[i];
        increments(x, q);
        for (uint32_t j = 0; j < x->asks.n; j++) {
            const struct ask *s = &x->asks.items[j];
            if (is_flow(q) && is_stock(s)) {
                against(x, q, s);
            }
            if (i < j) {
                two_deadlines(x, q, s);
            }
        }
    }
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        tasks_twice(x, i);
    }
}
