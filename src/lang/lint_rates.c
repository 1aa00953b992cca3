/* SPDX-License-Identifier: Apache-2.0 */
/* Rates whose base gives way: figures without base, units that close, labels that change. */
#include "base/arena.h"
#include "lang/lint_int.h"

static bool wants_more(const struct ask *q)
{
    return lint_is_floor(q->c->cmp) || q->c->cmp == CMP_RISES || q->c->cmp == CMP_NEVER_FALLS;
}

static bool is_bare(const struct lint *x, uint32_t e)
{
    e = lint_strip(x, e);
    return e != NONE && x->p->exprs[e].op == EX_ITEM && dim_is_none(x->p->exprs[e].dim) &&
           !x->p->exprs[e].is_bool;
}

static void bare_rate(struct lint *x, const struct ask *q)
{
    const struct commitment *k = &x->p->commitments[q->commitment];
    bool bare = is_bare(x, q->measure) && q->c == k->targets;
    for (uint32_t i = 0; i < k->n_definitions && q->c->measure == NONE; i++) {
        bare = bare && is_bare(x, k->definitions[i].measure);
    }
    if (bare) {
        struct lint_finding *f = lint_found(x, LINT_bare_rate, q);
        lint_arg_text(f, "item", x->p->items[x->p->exprs[q->measure].ref].d.name);
    }
}

/* ---- the base of a rate --------------------------------------------------------------------- */

struct base {
    const struct expr *counted; /* the aggregate that is the base; NULL: none */
    uint32_t filter;            /* who belongs to it; NONE: all */
    uint32_t sum;               /* what is divided by, when it is no count of units */
};

static struct base base_of(const struct lint *x, uint32_t measure)
{
    struct base out = {NULL, NONE, NONE};
    uint32_t num = NONE;
    uint32_t den = NONE;
    if (measure == NONE) {
        return out;
    }
    const struct expr *n = &x->p->exprs[measure];
    if (lint_quotient(x, measure, &num, &den) && lint_is_rate(x, measure)) {
        n = &x->p->exprs[den];
        out.filter = n->op == EX_AGG ? n->b : NONE;
        if (n->op == EX_AGG && n->agg == AGG_COUNT) {
            out.counted = n;
        } else {
            out.sum = den;
        }
    } else if (lint_is_rate(x, measure)) {
        out.counted = n;
        out.filter = n->b;
    }
    return out;
}

/* Institutions close and merge; areas with levels below them do not. */
static bool may_close(const struct lint *x, const struct expr *n)
{
    if (n->over == OVER_TITLE) {
        return true;
    }
    if (n->over != OVER_KIND) {
        return false;
    }
    const struct kind *k = &x->p->kinds[n->over_ref];
    return !k->is_level || k->level + 1 == x->p->n_levels;
}

static void base_closes(struct lint *x, const struct ask *q, const struct base *b)
{
    if (b->counted && may_close(x, b->counted)) {
        uint32_t ref = b->counted->over_ref;
        struct lint_finding *f = lint_found(x, LINT_base_closes, q);
        lint_arg_text(f, "what",
                      b->counted->over == OVER_TITLE ? x->p->titles[ref].name
                                                     : x->p->kinds[ref].name);
    }
}

/* Labels and figures that the units themselves report, in the filter of the base. */
static void base_relabels(struct lint *x, const struct ask *q, const struct base *b)
{
    expr_list reads = {0};
    struct str what = STR("");
    lint_reads(x, b->filter, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        const struct expr *n = &x->p->exprs[reads.items[i]];
        const struct datum *d = n->op == EX_ITEM   ? &x->p->items[n->ref].d
                                : n->op == EX_ATTR ? &x->p->attributes[n->ref].d
                                                   : NULL;
        if (d && str_find(what, d->name, 0) == STR_NONE) {
            what = lint_join(x, what, d->name);
        }
    }
    if (what.n > 0) {
        struct lint_finding *f = lint_found(x, LINT_base_relabels, q);
        lint_arg_text(f, "what", what);
    }
}

/* Some check reads the item. */
static bool is_checked(struct lint *x, uint32_t item)
{
    for (uint32_t i = 0; i < x->p->n_commitments; i++) {
        expr_list reads = {0};
        if (x->p->commitments[i].kind == CK_CHECK) {
            lint_reads(x, x->p->commitments[i].condition, &reads);
        }
        for (uint32_t r = 0; r < reads.n; r++) {
            const struct expr *n = &x->p->exprs[reads.items[r]];
            if (n->op == EX_ITEM && n->ref == item) {
                return true;
            }
        }
    }
    return false;
}

static void base_unchecked(struct lint *x, const struct ask *q, const struct base *b)
{
    expr_list reads = {0};
    struct str what = STR("");
    lint_reads(x, b->sum, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        const struct expr *n = &x->p->exprs[reads.items[i]];
        if (n->op == EX_ITEM && !n->is_bool && x->p->items[n->ref].d.source.n == 0 &&
            !is_checked(x, n->ref)) {
            what = lint_join(x, what, x->p->items[n->ref].d.name);
        }
    }
    if (what.n > 0) {
        struct lint_finding *f = lint_found(x, LINT_base_unchecked, q);
        lint_arg_text(f, "what", what);
    }
}

/* Who is new is told by comparing with the year before. */
static void base_moves(struct lint *x, const struct ask *q)
{
    expr_list reads = {0};
    bool counts = false;
    bool looks_back = false;
    lint_reads(x, q->measure, &reads);
    for (uint32_t i = 0; i < reads.n; i++) {
        const struct expr *n = &x->p->exprs[reads.items[i]];
        counts = counts || (n->op == EX_AGG && n->agg == AGG_COUNT);
        looks_back = looks_back || n->op == EX_SHIFT || n->op == EX_BASELINE;
    }
    if (counts && looks_back && q->c->cmp < CMP_RISES && lint_is_floor(q->c->cmp)) {
        (void)lint_found(x, LINT_base_moves, q);
    }
}

static void bases(struct lint *x, const struct ask *q)
{
    struct base b = base_of(x, q->measure);
    base_closes(x, q, &b);
    base_relabels(x, q, &b);
    base_unchecked(x, q, &b);
    base_moves(x, q);
}

void lint_rates(struct lint *x)
{
    for (uint32_t i = 0; i < x->asks.n; i++) {
        const struct ask *q = &x->asks.items[i];
        bare_rate(x, q);
        const struct commitment *k = &x->p->commitments[q->commitment];
        bool several = k->n_definitions > 1 && q->c->measure == NONE;
        for (uint32_t d = 0; wants_more(q) && d < (several ? k->n_definitions : 1); d++) {
            struct ask by = *q;
            by.measure = several ? lint_strip(x, k->definitions[d].measure) : q->measure;
            bases(x, &by);
        }
    }
}
