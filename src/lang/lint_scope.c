/* SPDX-License-Identifier: Apache-2.0 */
/* Ladders and levels: years and units that a commitment leaves open, trends, heads and times. */
#include "base/arena.h"
#include "base/utf8.h"
#include "lang/lint_int.h"

/* ---- ladders -------------------------------------------------------------------------------- */

struct rungs {
    int32_t first, last;
    uint64_t years; /* bit per year from `first`; ladders are short */
    struct str strong, weak;
    bool mixed;
    enum modality modality;
    uint32_t n;
};

static void add_rung(struct lint *x, struct rungs *l, const struct rung *r)
{
    int32_t y = r->when.to_year;
    if (l->n == 0) {
        *l = (struct rungs){.first = y, .last = y, .modality = r->modality};
    }
    if (y < l->first) {
        l->years <<= (uint32_t)(l->first - y) & 63U;
        l->first = y;
    }
    l->last = y > l->last ? y : l->last;
    l->years |= (uint64_t)1 << ((uint32_t)(y - l->first) & 63U);
    l->mixed = l->mixed || r->modality != l->modality;
    struct str *side = r->modality == MOD_MUST ? &l->strong : &l->weak;
    *side = lint_join(x, *side, rat_frac_str(x->a, rat_int(y)));
    l->n++;
}

static void ladder(struct lint *x, uint32_t i)
{
    const struct ask *q = &x->asks.items[i];
    const struct commitment *k = &x->p->commitments[q->commitment];
    struct rungs l = {0};
    if (q->nested || q->c != k->targets) {
        return; /* told of the commitment once, at its first clause */
    }
    for (uint32_t j = i; j < x->asks.n && x->asks.items[j].commitment == q->commitment; j++) {
        const struct ask *r = &x->asks.items[j];
        for (uint32_t t = 0;
             !r->nested && lint_same(x, r->measure, q->measure) && t < r->c->n_rungs; t++) {
            enum when_kind when = r->c->rungs[t].when.kind;
            if (when == WHEN_AT || when == WHEN_BY) {
                add_rung(x, &l, &r->c->rungs[t]);
            }
        }
    }
    struct str gaps = STR("");
    for (int32_t y = l.first; l.n > 1 && y < l.last && y - l.first < 64; y++) {
        if ((l.years >> (uint32_t)(y - l.first) & 1) == 0) {
            gaps = lint_join(x, gaps, rat_frac_str(x->a, rat_int(y)));
        }
    }
    if (gaps.n > 0) {
        struct lint_finding *f = lint_found(x, LINT_missing_rung, q);
        lint_arg_text(f, "years", gaps);
        lint_arg_int(x->a, f, "from", l.first);
        lint_arg_int(x->a, f, "to", l.last);
    }
    if (l.mixed) {
        struct lint_finding *f = lint_found(x, LINT_modality_mix, q);
        struct str zh = str_cat(x->a, str_cat(x->a, STR("必须 "), l.strong), STR("；其他 "));
        struct str en = str_cat(x->a, str_cat(x->a, STR("must "), l.strong), STR("; not "));
        lint_arg(f, "list", str_cat(x->a, zh, l.weak), str_cat(x->a, en, l.weak));
    }
}

/* ---- levels --------------------------------------------------------------------------------- */

static void several_levels(struct lint *x, const struct ask *q)
{
    struct str list = STR("");
    uint32_t n = 0;
    for (uint32_t i = 0; i < q->c->n_scopes; i++) {
        const struct scope *s = &q->c->scopes[i];
        if (s->kind == SCOPE_EACH_KIND) {
            list = lint_join(x, list, x->p->kinds[s->ref].name);
            n++;
        } else if (s->kind == SCOPE_ROOT) {
            list = lint_join(x, list, x->p->levels[0]);
            n++;
        }
    }
    if (n > 1 && !q->nested) {
        struct lint_finding *f = lint_found(x, LINT_several_levels, q);
        lint_arg_text(f, "list", list);
    }
}

static bool at_root(const struct clause *c)
{
    return c->n_scopes == 1 && c->scopes[0].kind == SCOPE_ROOT;
}

static bool is_head_count(struct dim d)
{
    return dim_eq(d, dim_of(DIM_PERSON)) || dim_eq(d, dim_of(DIM_COUNT));
}

static void trends(struct lint *x, const struct ask *q)
{
    if (q->c->cmp < CMP_RISES || q->measure == NONE) {
        return;
    }
    if (at_root(q->c)) {
        (void)lint_group(x, LINT_trend_of_total, q->commitment);
    }
    bool up = q->c->cmp == CMP_RISES || q->c->cmp == CMP_NEVER_FALLS;
    if (up && is_head_count(x->p->exprs[q->measure].dim)) {
        (void)lint_group(x, LINT_trend_of_heads, q->commitment);
    }
    bool step = q->c->n_rungs > 0 && q->c->rungs[0].value != NONE;
    if (q->c->cmp <= CMP_FALLS && !step) {
        (void)lint_group(x, LINT_trend_no_step, q->commitment);
    }
}

/* ---- who must comply ------------------------------------------------------------------------ */

/* What every unit must have: a count of units of another kind, or of holders of a title. */
static struct str must_have(const struct lint *x, const struct ask *q)
{
    const struct expr *n = q->measure == NONE ? NULL : &x->p->exprs[q->measure];
    if (!n || n->op != EX_AGG || n->agg != AGG_COUNT || !lint_is_floor(q->c->cmp)) {
        return STR("");
    }
    return n->over == OVER_KIND    ? x->p->kinds[n->over_ref].name
           : n->over == OVER_TITLE ? x->p->titles[n->over_ref].name
                                   : STR("");
}

static const struct scope *each_kind(const struct clause *c)
{
    for (uint32_t i = 0; i < c->n_scopes; i++) {
        if (c->scopes[i].kind == SCOPE_EACH_KIND) {
            return &c->scopes[i];
        }
    }
    return NULL;
}

/* A yes or no, or having any at all: not a threshold in a figure. */
static bool narrows(const struct lint *x, uint32_t e)
{
    const struct expr *n = e == NONE ? NULL : &x->p->exprs[e];
    if (!n) {
        return false;
    }
    struct rat v;
    bool exists = (n->op == EX_GT || n->op == EX_GE) && x->p->exprs[n->a].op == EX_AGG &&
                  lint_literal(x, n->b, &v) && rat_cmp(v, rat_one()) <= 0;
    return exists || n->op == EX_ITEM || n->op == EX_ATTR || n->op == EX_NOT || n->op == EX_TITLE ||
           n->op == EX_LIST || n->op == EX_IN;
}

static void who(struct lint *x, const struct ask *q)
{
    const struct scope *s = each_kind(q->c);
    struct str what = must_have(x, q);
    if (!s || q->nested) {
        return;
    }
    if (what.n > 0 && q->c->condition == NONE) {
        struct lint_finding *f = lint_found(x, LINT_may_not_have, q);
        lint_arg_text(f, "unit", x->p->kinds[s->ref].name);
        lint_arg_text(f, "what", what);
    }
    if (narrows(x, q->c->condition)) {
        struct lint_finding *f = lint_found(x, LINT_narrowed, q);
        lint_arg_expr(x, f, "what", q->c->condition);
    }
}

/* ---- heads and times ------------------------------------------------------------------------ */

static bool counts_times(const struct lint *x, const struct ask *q)
{
    uint32_t value = q->c->n_rungs > 0 ? q->c->rungs[0].value : NONE;
    return q->measure != NONE &&
           (dim_eq(x->p->exprs[q->measure].dim, dim_of(DIM_PERSON_TIME)) ||
            (value != NONE && dim_eq(x->p->exprs[value].dim, dim_of(DIM_PERSON_TIME))));
}

/* A rate of heads. */
static bool covers_heads(struct lint *x, const struct ask *q)
{
    uint32_t num = NONE;
    uint32_t den = NONE;
    return !q->nested && lint_is_rate(x, q->measure) &&
           (!lint_quotient(x, q->measure, &num, &den) || is_head_count(x->p->exprs[num].dim));
}

/* Four characters in common: 教师培训. */
static bool one_name(const struct lint *x, const struct ask *q, const struct ask *r)
{
    struct str run =
        lint_common(x->p->commitments[q->commitment].name, x->p->commitments[r->commitment].name);
    return utf8_count(run) >= 4;
}

static void times_and_heads(struct lint *x, const struct ask *q)
{
    struct lint_finding *f = NULL;
    for (uint32_t i = 0; counts_times(x, q) && i < x->asks.n; i++) {
        const struct ask *r = &x->asks.items[i];
        if (covers_heads(x, r) && lint_one_clause(x, q->commitment, r->commitment) &&
            r->c == x->p->commitments[r->commitment].targets &&
            (lint_related(x, q->measure, r->measure) || one_name(x, q, r))) {
            f = f ? f : lint_found(x, LINT_times_and_heads, q);
            lint_at(x, f, r);
            lint_arg_places(x, f, "list");
        }
    }
}

static bool is_length(struct dim d)
{
    return dim_eq(d, dim_of(DIM_CLASS_HOUR)) || dim_eq(d, dim_of(DIM_DAY)) ||
           dim_eq(d, dim_of(DIM_HOUR)) || dim_eq(d, dim_of(DIM_MONTH));
}

static void times_no_length(struct lint *x, const struct ask *q)
{
    expr_list reads = {0};
    bool length = !counts_times(x, q);
    lint_reads(x, length ? NONE : q->measure, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        length = length || is_length(x->p->exprs[reads.items[i]].dim);
    }
    if (!length) {
        (void)lint_found(x, LINT_times_no_length, q);
    }
}

void lint_scope(struct lint *x)
{
    for (uint32_t i = 0; i < x->asks.n; i++) {
        const struct ask *q = &x->asks.items[i];
        ladder(x, i);
        several_levels(x, q);
        trends(x, q);
        who(x, q);
        times_and_heads(x, q);
        times_no_length(x, q);
    }
}
