/* SPDX-License-Identifier: Apache-2.0 */
/* What detectors take from the plan: ratios of items, and the least that is asked of them. */
#include "app/inspect/inspect_int.h"
#include "base/arena.h"

/* The item that an expression is, or adds up; NONE: it is more than that. */
static uint32_t item_of(const struct plan *p, uint32_t ix)
{
    const struct expr *x = ix == NONE ? NULL : &p->exprs[ix];
    if (x != NULL && x->op == EX_AGG && x->agg == AGG_SUM) {
        x = x->a == NONE ? NULL : &p->exprs[x->a];
    }
    bool is_item =
        x != NULL && (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END);
    return is_item ? x->ref : NONE;
}

static bool ratio_of(const struct plan *p, uint32_t ix, struct grid_ratio *out)
{
    const struct expr *x = ix == NONE ? NULL : &p->exprs[ix];
    bool divides = x != NULL && x->op == EX_DIV;
    out->num = divides ? item_of(p, x->a) : NONE;
    out->den = divides ? item_of(p, x->b) : NONE;
    return out->num != NONE && out->den != NONE && out->num != out->den;
}

static bool same(const struct grid_ratio *x, const struct grid_ratio *y)
{
    return x->num == y->num && x->den == y->den;
}

static void add_ratio(struct grid *g, struct grid_ratio r)
{
    for (uint32_t i = 0; i < g->ratios.n; i++) {
        if (same(&g->ratios.items[i], &r)) {
            return;
        }
    }
    vec_push(g->a, &g->ratios, r);
}

// The language bounds nesting: NOLINTNEXTLINE(misc-no-recursion)
static void read_ratios(struct grid *g, uint32_t commitment, uint32_t ix)
{
    const struct expr *x = ix == NONE ? NULL : &g->plan->exprs[ix];
    if (x == NULL) {
        return;
    }
    struct grid_ratio r = {NONE, NONE, commitment};
    if (x->op == EX_DIV) {
        r.num = item_of(g->plan, x->a);
        r.den = item_of(g->plan, x->b);
        if (r.den != NONE && r.den != r.num) {
            add_ratio(g, r);
        }
    }
    read_ratios(g, commitment, x->a);
    read_ratios(g, commitment, x->b);
    read_ratios(g, commitment, x->c);
}

/* Figures of one step each, so that counting is exact; all of a whole is a bound and no threshold.
 */
static void add_threshold(struct grid *g, struct grid_ratio r, struct rat least)
{
    const struct datum *num = &g->plan->items[r.num].d;
    const struct datum *den = &g->plan->items[r.den].d;
    bool counted = num->decimals == den->decimals && rat_eq(num->factor, den->factor);
    if (!counted || rat_sign(least) <= 0 || rat_cmp(least, rat_one()) >= 0 || least.big != NULL) {
        return;
    }
    for (uint32_t i = 0; i < g->thresholds.n; i++) {
        const struct grid_threshold *t = &g->thresholds.items[i];
        if (same(&t->of, &r) && rat_eq(t->least, least)) {
            return;
        }
    }
    vec_push(g->a, &g->thresholds, (struct grid_threshold){r, least});
}

static void read_least(struct grid *g, const struct clause *c, uint32_t measure)
{
    bool up = c->cmp == CMP_GE || c->cmp == CMP_REACH || c->cmp == CMP_BARE || c->cmp == CMP_GT;
    struct grid_ratio r = {NONE, NONE, NONE};
    for (uint32_t i = 0; up && ratio_of(g->plan, measure, &r) && i < c->n_rungs; i++) {
        uint32_t v = c->rungs[i].value;
        if (v != NONE && g->plan->exprs[v].op == EX_NUM) {
            add_threshold(g, r, g->plan->exprs[v].num);
        }
    }
}

/* By the indicator's own definitions where a clause has no measure. */
static void read_clause(struct grid *g, const struct commitment *k, const struct clause *c)
{
    const struct expr *x = c->measure == NONE ? NULL : &g->plan->exprs[c->measure];
    if (x != NULL && x->op == EX_INDICATOR) {
        k = &g->plan->commitments[x->ref];
        x = NULL;
    }
    if (x != NULL) {
        read_least(g, c, c->measure);
    }
    for (uint32_t i = 0; x == NULL && i < k->n_definitions; i++) {
        read_least(g, c, k->definitions[i].measure);
    }
}

static bool counts_persons(const struct datum *d)
{
    return d->type == VT_NUMBER && d->decimals == 0 && dim_eq(d->dim, dim_of(DIM_PERSON));
}

/* Of a plan that divides by no heads all that count persons. */
static void find_heads(struct grid *g)
{
    const struct plan *p = g->plan;
    bool any = false;
    g->heads = ARENA_ARRAY(g->a, bool, p->n_items + 1U);
    for (uint32_t i = 0; i < g->ratios.n; i++) {
        uint32_t den = g->ratios.items[i].den;
        g->heads[den] = counts_persons(&p->items[den].d);
        any = any || g->heads[den];
    }
    for (uint32_t i = 0; !any && i < p->n_items; i++) {
        g->heads[i] = counts_persons(&p->items[i].d);
    }
}

void inspect_read_plan(struct grid *g)
{
    for (uint32_t i = 0; i < g->plan->n_commitments; i++) {
        const struct commitment *k = &g->plan->commitments[i];
        read_ratios(g, i, k->measure);
        for (uint32_t d = 0; d < k->n_definitions; d++) {
            read_ratios(g, i, k->definitions[d].measure);
        }
        for (uint32_t c = 0; c < k->n_targets; c++) {
            read_ratios(g, i, k->targets[c].measure);
            read_clause(g, k, &k->targets[c]);
        }
    }
    find_heads(g);
}
