/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan reads, by class. */
#include "app/class.h"

static enum data_class higher(enum data_class x, enum data_class y)
{
    return x > y ? x : y;
}

enum data_class class_of_rows(const struct plan *p, uint32_t reg)
{
    enum data_class most = CLASS_PUBLIC;
    for (uint32_t i = 0; i < p->regs[reg].n_fields; i++) {
        most = higher(most, p->fields[p->regs[reg].first_field + i].d.class_);
    }
    return most;
}

/* What one step of an expression reads by itself. */
// The language bounds nesting, also through indicators: NOLINTNEXTLINE(misc-no-recursion)
static enum data_class class_of_step(const struct plan *p, const struct expr *x)
{
    switch ((unsigned)x->op) {
    case EX_ITEM:
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        return p->items[x->ref].d.class_;
    case EX_ATTR:
        return p->attributes[x->ref].d.class_;
    case EX_FIELD:
        return p->fields[x->ref].d.class_;
    case EX_LIST:
        return class_of_expr(p, p->lists[x->ref].predicate);
    case EX_INDICATOR: {
        const struct commitment *k = &p->commitments[x->ref];
        enum data_class most = CLASS_PUBLIC;
        for (uint32_t i = 0; i < k->n_definitions; i++) {
            most = higher(most, class_of_expr(p, k->definitions[i].measure));
        }
        return most;
    }
    case EX_AGG:
        return x->over == OVER_REGISTER ? class_of_rows(p, x->over_ref)
               : x->over == OVER_LIST   ? class_of_expr(p, p->lists[x->over_ref].predicate)
                                        : CLASS_PUBLIC;
    default:
        return CLASS_PUBLIC;
    }
}

// NOLINTNEXTLINE(misc-no-recursion)
enum data_class class_of_expr(const struct plan *p, uint32_t expr)
{
    if (expr == NONE) {
        return CLASS_PUBLIC;
    }
    const struct expr *x = &p->exprs[expr];
    enum data_class most = higher(class_of_step(p, x), class_of_expr(p, x->a));
    return higher(most, higher(class_of_expr(p, x->b), class_of_expr(p, x->c)));
}

static enum data_class class_of_all(const struct plan *p, const uint32_t *exprs, uint32_t n)
{
    enum data_class most = CLASS_PUBLIC;
    for (uint32_t i = 0; i < n; i++) {
        most = higher(most, class_of_expr(p, exprs[i]));
    }
    return most;
}

static enum data_class class_of_scopes(const struct plan *p, const struct scope *scopes, uint32_t n)
{
    enum data_class most = CLASS_PUBLIC;
    for (uint32_t i = 0; i < n; i++) {
        if (scopes[i].kind == SCOPE_EACH_LIST) {
            most = higher(most, class_of_expr(p, p->lists[scopes[i].ref].predicate));
        } else if (scopes[i].kind == SCOPE_EACH_CATEGORY) {
            most = higher(most, p->fields[scopes[i].ref].d.class_);
        }
    }
    return most;
}

// A clause nests as deep as the language allows: NOLINTNEXTLINE(misc-no-recursion)
static enum data_class class_of_clause(const struct plan *p, const struct clause *c)
{
    const uint32_t exprs[] = {c->condition, c->measure, c->baseline, c->previous, c->base};
    enum data_class most = class_of_all(p, exprs, sizeof exprs / sizeof *exprs);
    most = higher(most, class_of_scopes(p, c->scopes, c->n_scopes));
    for (uint32_t i = 0; i < c->n_rungs; i++) {
        const uint32_t asked[] = {c->rungs[i].value, c->rungs[i].value2};
        most = higher(most, class_of_all(p, asked, 2));
    }
    for (uint32_t i = 0; i < c->n_nested; i++) {
        most = higher(most, class_of_clause(p, &c->nested[i]));
    }
    return most;
}

// A scorecard counts others: NOLINTNEXTLINE(misc-no-recursion)
enum data_class class_of_commitment(const struct plan *p, uint32_t commitment)
{
    const struct commitment *k = &p->commitments[commitment];
    const uint32_t exprs[] = {k->measure,   k->cap,    k->used,      k->per,
                              k->condition, k->strata, k->satisfying};
    enum data_class most = class_of_all(p, exprs, sizeof exprs / sizeof *exprs);
    most = higher(most, class_of_scopes(p, k->scopes, k->n_scopes));
    for (uint32_t i = 0; i < k->n_definitions; i++) {
        const uint32_t formula[] = {k->definitions[i].measure, k->definitions[i].previous};
        most = higher(most, class_of_all(p, formula, 2));
    }
    for (uint32_t i = 0; i < k->n_targets; i++) {
        most = higher(most, class_of_clause(p, &k->targets[i]));
    }
    for (uint32_t i = 0; i < k->n_scores; i++) {
        most = higher(most, class_of_commitment(p, k->scores[i].commitment));
    }
    return most;
}
