/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over an expression, a column at a time. */
#include "engine/batch.h"

#include "base/arena.h"

#define BATCH_DEPTH_MAX 200

/* ---- what is understood --------------------------------------------------------------------- */

static bool plain_type(const struct datum *d)
{
    return d->type == VT_NUMBER || d->type == VT_BOOL || d->type == VT_CHOICE;
}

static bool leaf_can(const struct plan *p, const struct expr *x, bool rows)
{
    switch ((unsigned)x->op) {
    case EX_NUM:
    case EX_BOOL:
        return true;
    case EX_FIELD:
        return rows && plain_type(&p->fields[x->ref].d);
    case EX_ITEM:
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        return !rows && plain_type(&p->items[x->ref].d);
    case EX_ATTR:
        return !rows && plain_type(&p->attributes[x->ref].d);
    case EX_TITLE:
        return !rows;
    case EX_LIST:
        return !rows && p->lists[x->ref].predicate == NONE;
    default:
        return false;
    }
}

/* Operands whose kinds the operation takes; EX_AGG … EX_INDICATOR are not among them. */
static bool inner_op(enum expr_op op)
{
    return op >= EX_NEG && op <= EX_IF;
}

static bool compares(enum expr_op op)
{
    return op >= EX_GE && op <= EX_BETWEEN;
}

static bool can(const struct plan *p, uint32_t e, bool rows, uint32_t depth)
{
    if (e == NONE) {
        return true;
    }
    const struct expr *x = &p->exprs[e];
    if (depth > BATCH_DEPTH_MAX) {
        return false;
    }
    if (!inner_op(x->op)) {
        return leaf_can(p, x, rows);
    }
    if (compares(x->op) && p->exprs[x->a].is_bool) {
        return false;
    }
    return can(p, x->a, rows, depth + 1) && can(p, x->b, rows, depth + 1) &&
           can(p, x->c, rows, depth + 1);
}

bool batch_can(const struct plan *p, uint32_t e, bool rows)
{
    return can(p, e, rows, 0);
}

/* ---- leaves --------------------------------------------------------------------------------- */

static bool item(struct column_place *p, const struct expr *x, struct moment m, struct kcol *out)
{
    struct period period;
    struct date day;
    if (!moment_of_item(&cells_plan(p->cells)->items[x->ref], m, &period, &day)) {
        return false;
    }
    return column_item(p, x->ref, period, day, out);
}

/* Σ of the periods in which the unit stood. */
static bool periods(struct column_place *p, const struct expr *x, struct moment m, struct kcol *out)
{
    const struct item *it = &cells_plan(p->cells)->items[x->ref];
    struct period all[PERIOD_PER_YEAR];
    int32_t n = period_all_of_year(it->period, m.year, all);
    int32_t from = x->op == EX_YEAR_END && n > 0 ? n - 1 : 0;
    if (n == 0 || it->d.type != VT_NUMBER) {
        return false;
    }
    for (int32_t i = from; i < n; i++) {
        struct kcol c;
        if (!column_item(p, x->ref, all[i], period_snapshot(all[i], it->point), &c)) {
            return false;
        }
        *out = i == from ? c : kern_add_present(p->k, *out, c);
    }
    return true;
}

static bool leaf(struct column_place *p, const struct expr *x, struct moment m, struct kcol *out)
{
    switch ((unsigned)x->op) {
    case EX_NUM:
        return kern_number(p->k, x->num, out);
    case EX_BOOL:
        *out = kern_truth(p->k, x->flag ? T_YES : T_NO);
        return true;
    case EX_FIELD:
        *out = column_field(p, x->ref);
        return true;
    case EX_ITEM:
        return item(p, x, m, out);
    case EX_ATTR:
        *out = column_attr(p, x->ref, m);
        return true;
    case EX_TITLE:
        *out = column_title(p, x->ref, m.snapshot);
        return true;
    case EX_LIST:
        *out = column_list(p, x->ref);
        return true;
    default:
        return periods(p, x, m, out);
    }
}

/* ---- comparisons ---------------------------------------------------------------------------- */

/* x * (1 + t) or x * (1 - t) */
static bool widened(struct column_place *p, struct kcol x, struct rat t, int sign, struct kcol *out)
{
    struct arena *a = p->k->a;
    struct kcol f;
    if (!kern_number(p->k, sign > 0 ? rat_add(a, rat_one(), t) : rat_sub(a, rat_one(), t), &f)) {
        return false;
    }
    *out = kern_arith(p->k, EX_MUL, x, f);
    return true;
}

/* C12, C13 */
static bool range(struct column_place *p, const struct expr *x, struct moment m, struct kcol v,
                  struct kcol b, struct kcol *out)
{
    struct kcol lo;
    struct kcol hi;
    struct kcol top = b;
    if (x->op == EX_BETWEEN && !batch_run(p, x->c, m, &top)) {
        return false;
    }
    if (!widened(p, b, x->num, -1, &lo) || !widened(p, top, x->num, 1, &hi)) {
        return false;
    }
    if (x->op == EX_ABOUT) {
        kern_order(p->k, &lo, &hi); /* a negative centre turns the range round */
    }
    *out = kern_between(p->k, v, lo, hi);
    return true;
}

/* ---- the walk ------------------------------------------------------------------------------- */

static bool binary(struct column_place *p, const struct expr *x, struct moment m, struct kcol *out)
{
    struct kcol a;
    struct kcol b;
    if (!batch_run(p, x->a, m, &a) || !batch_run(p, x->b, m, &b)) {
        return false;
    }
    if (x->op == EX_ABOUT || x->op == EX_BETWEEN) {
        return range(p, x, m, a, b, out);
    }
    if (x->op == EX_AND || x->op == EX_OR) {
        *out = kern_logic(p->k, x->op, a, b);
    } else if (compares(x->op)) {
        *out = kern_compare(p->k, x->op, a, b);
    } else {
        *out = kern_arith(p->k, x->op, a, b);
    }
    return true;
}

/* Members that are read and whose condition has the truth. */
static uint8_t *narrowed(struct column_place *p, const struct kcol *c, enum truth t)
{
    uint8_t *out = ARENA_ARRAY(p->k->a, uint8_t, p->k->n);
    for (uint32_t i = 0; i < p->k->n; i++) {
        out[i] = c->t[i] == t && p->k->open[i] == 0 && (!p->active || p->active[i] != 0);
    }
    return out;
}

/* A side that the condition leaves out is not read (C10). */
static bool condition(struct column_place *p, const struct expr *x, struct moment m,
                      struct kcol *out)
{
    struct kcol c;
    struct kcol a;
    struct kcol b;
    struct column_place side = *p;
    if (!batch_run(p, x->a, m, &c)) {
        return false;
    }
    side.active = narrowed(p, &c, T_YES);
    if (!batch_run(&side, x->b, m, &a)) {
        return false;
    }
    side.active = narrowed(p, &c, T_NO);
    if (!batch_run(&side, x->c, m, &b)) {
        return false;
    }
    *out = kern_if(p->k, c, a, b);
    return true;
}

bool batch_run(struct column_place *p, uint32_t e, struct moment m, struct kcol *out)
{
    const struct expr *x = &cells_plan(p->cells)->exprs[e];
    struct kcol a;
    if (!inner_op(x->op)) {
        return leaf(p, x, m, out);
    }
    if (x->op == EX_IF) {
        return condition(p, x, m, out);
    }
    if (x->op != EX_NOT && x->op != EX_NEG && x->op != EX_IN) {
        return binary(p, x, m, out);
    }
    if (!batch_run(p, x->a, m, &a)) {
        return false;
    }
    *out = x->op == EX_NOT   ? kern_not(p->k, a)
           : x->op == EX_NEG ? kern_neg(p->k, a)
                             : kern_in(p->k, a, x->choices);
    return true;
}
