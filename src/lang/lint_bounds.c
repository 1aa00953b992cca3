/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thresholds: whether exactly the bound belongs to it is said in two ways; conditions that share a
 * clause leave somebody out, or take somebody twice.
 */
#include "base/arena.h"
#include "lang/lint_int.h"

/* A comparison of something with a literal, somewhere in a commitment. */
struct threshold {
    uint32_t what;
    struct rat value;
    struct dim dim;
    enum expr_op op; /* EX_GE, EX_GT, EX_LE, EX_LT */
    uint32_t commitment;
    struct origin at;
};

typedef VEC(struct threshold) thresholds;

static bool read_threshold(const struct lint *x, uint32_t e, struct threshold *out)
{
    const struct expr *n = &x->p->exprs[e];
    if (n->op != EX_GE && n->op != EX_GT && n->op != EX_LE && n->op != EX_LT) {
        return false;
    }
    *out = (struct threshold){.what = n->a, .op = n->op, .dim = x->p->exprs[n->b].dim, .at = n->at};
    return lint_literal(x, n->b, &out->value) && x->p->exprs[n->a].op != EX_NUM;
}

static void note(struct lint *x, const struct threshold *t, thresholds *out)
{
    for (uint32_t i = 0; i < out->n; i++) {
        const struct threshold *o = &out->items[i];
        if (o->commitment == t->commitment && o->op == t->op && rat_eq(o->value, t->value) &&
            lint_same(x, o->what, t->what)) {
            return;
        }
    }
    vec_push(x->a, out, *t);
}

static void from_expr(struct lint *x, uint32_t commitment, uint32_t e, thresholds *out)
{
    expr_list reads = {0};
    lint_reads(x, e, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        struct threshold t;
        if (read_threshold(x, reads.items[i], &t) && !rat_is_zero(t.value)) {
            t.commitment = commitment;
            note(x, &t, out);
        }
    }
}

/* The comparison that a target itself makes. */
static void from_target(struct lint *x, const struct ask *q, thresholds *out)
{
    static const enum expr_op ops[] = {[CMP_GE] = EX_GE, [CMP_REACH] = EX_GE, [CMP_BARE] = EX_GE,
                                       [CMP_LE] = EX_LE, [CMP_GT] = EX_GT,    [CMP_LT] = EX_LT};
    struct threshold t = {.what = q->measure, .commitment = q->commitment, .at = q->c->at};
    if (q->c->cmp == CMP_NONE || q->c->cmp > CMP_LT || q->measure == NONE) {
        return;
    }
    t.op = ops[q->c->cmp];
    for (uint32_t r = 0; r < q->c->n_rungs; r++) {
        t.dim = x->p->exprs[q->c->rungs[r].value].dim;
        if (lint_literal(x, q->c->rungs[r].value, &t.value)) {
            note(x, &t, out);
        }
    }
}

static bool disagree(enum expr_op x, enum expr_op y)
{
    return (x == EX_GE && y == EX_GT) || (x == EX_GT && y == EX_GE) || (x == EX_LE && y == EX_LT) ||
           (x == EX_LT && y == EX_LE);
}

static struct lint_finding *pair(struct lint *x, enum lint_code code, const struct threshold *a,
                                 const struct threshold *b)
{
    struct lint_finding *f = lint_add(x->a, x->out, code);
    lint_place(x->a, x->p, f, a->commitment, a->at);
    lint_place(x->a, x->p, f, b->commitment, b->at);
    lint_arg_places(x, f, "list");
    lint_arg_expr(x, f, "what", a->what);
    return f;
}

static void conflicts(struct lint *x, const thresholds *all)
{
    for (uint32_t i = 0; i < all->n; i++) {
        for (uint32_t j = i + 1; j < all->n; j++) {
            const struct threshold *a = &all->items[i];
            const struct threshold *b = &all->items[j];
            if (disagree(a->op, b->op) && rat_eq(a->value, b->value) &&
                lint_same(x, a->what, b->what)) {
                struct lint_finding *f = pair(x, LINT_bound_conflict, a, b);
                lint_arg_amount(x, f, "value", a->value, a->dim);
            }
        }
    }
}

/* ---- partitions ----------------------------------------------------------------------------- */

static bool is_upper(const struct threshold *t) /* holds from the bound upwards */
{
    return t->op == EX_GE || t->op == EX_GT;
}

static bool includes(const struct threshold *t, struct rat v)
{
    int sign = rat_cmp(v, t->value);
    bool bound = t->op == EX_GE || t->op == EX_LE;
    return sign == 0 ? bound : is_upper(t) == (sign > 0);
}

/* Some condition on the same thing holds for all of the gap between low and high. */
static bool filled(const struct lint *x, const thresholds *all, const struct threshold *low,
                   const struct threshold *high)
{
    for (uint32_t i = 0; i < all->n; i++) {
        const struct threshold *t = &all->items[i];
        struct rat middle = rat_mul(x->a, rat_add(x->a, low->value, high->value), rat_frac(1, 2));
        if (t != low && t != high && lint_same(x, t->what, low->what) &&
            lint_one_clause(x, t->commitment, low->commitment) && includes(t, low->value) &&
            includes(t, middle) && includes(t, high->value)) {
            return true;
        }
    }
    return false;
}

static struct str between(struct lint *x, const struct threshold *from, const struct threshold *to,
                          bool chinese)
{
    struct str low = amount_text(&x->say[!chinese], from->value, from->dim);
    if (rat_eq(from->value, to->value)) {
        return str_cat(x->a, STR(" = "), low);
    }
    struct str high = amount_text(&x->say[!chinese], to->value, to->dim);
    return str_cat(x->a, str_cat(x->a, str_cat(x->a, STR(" "), low), STR(" – ")), high);
}

/* low holds below its bound, high above its own. */
static void meet(struct lint *x, const thresholds *all, const struct threshold *low,
                 const struct threshold *high)
{
    int sign = rat_cmp(low->value, high->value);
    bool both = low->op == EX_LE && high->op == EX_GE;
    bool neither = low->op == EX_LT && high->op == EX_GT;
    bool hole = sign < 0 || (sign == 0 && neither);
    bool twice = sign > 0 || (sign == 0 && both);
    if ((!hole && !twice) || (hole && filled(x, all, low, high))) {
        return;
    }
    struct lint_finding *f = pair(x, hole ? LINT_hole : LINT_overlap, high, low);
    const struct threshold *from = hole ? low : high;
    const struct threshold *to = hole ? high : low;
    lint_arg(f, "gap", between(x, from, to, true), between(x, from, to, false));
}

static void partitions(struct lint *x, const thresholds *conditions)
{
    for (uint32_t i = 0; i < conditions->n; i++) {
        for (uint32_t j = 0; j < conditions->n; j++) {
            const struct threshold *low = &conditions->items[i];
            const struct threshold *high = &conditions->items[j];
            if (!is_upper(low) && is_upper(high) && low->commitment != high->commitment &&
                lint_same(x, low->what, high->what) &&
                lint_one_clause(x, low->commitment, high->commitment)) {
                meet(x, conditions, low, high);
            }
        }
    }
}

void lint_bounds(struct lint *x)
{
    thresholds all = {0};
    thresholds conditions = {0}; /* 当 of a target that is nothing but one comparison */
    for (uint32_t i = 0; i < x->asks.n; i++) {
        const struct ask *q = &x->asks.items[i];
        struct threshold t;
        from_expr(x, q->commitment, q->c->condition, &all);
        from_expr(x, q->commitment, q->measure, &all);
        from_target(x, q, &all);
        if (!q->nested && q->c->condition != NONE && read_threshold(x, q->c->condition, &t)) {
            t.commitment = q->commitment;
            vec_push(x->a, &conditions, t);
        }
    }
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        const struct commitment *k = &x->p->commitments[i];
        if (k->kind == CK_RULE || k->kind == CK_GATE) {
            from_expr(x, i, k->condition, &all);
        }
    }
    conflicts(x, &all);
    partitions(x, &conditions);
}
