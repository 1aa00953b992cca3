/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks kept: a condition that fails is steered, from its comparison down to the figures, fields
 * and titles it reads, a little at a time and in rounds. What still fails is left unsaid.
 */
#include <math.h>

#include "app/demo/demo_int.h"
#include "base/arena.h"

#define ROUNDS_MAX  8
#define ROUNDS_SOFT 5 /* soft checks give way to hard ones in the end */

static bool steer(struct demo_year *w, uint32_t e, double target, bool up);
static bool make(struct demo_year *w, uint32_t e, bool want);

static const struct expr *expr(const struct demo_year *w, uint32_t e)
{
    return &w->d->plan->exprs[e];
}

/* ---- numbers -------------------------------------------------------------------------------- */

/* The nearest figure that can be written, not beyond the target. */
static bool set_number(const struct datum *d, double *at, double target, bool up)
{
    double step = rat_to_double(d->factor) / pow(10, d->decimals);
    double steps = target / step;
    double x = step * (up ? ceil(steps - 1e-6) : floor(steps + 1e-6));
    x = isnan(target) || isnan(*at) || d->type != VT_NUMBER ? *at : demo_rounded(d, x);
    bool moved = x != *at && !isnan(x);
    *at = x;
    return moved;
}

static double *place_of(struct demo_year *w, const struct expr *x, const struct datum **d)
{
    const struct plan *p = w->d->plan;
    if (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END) {
        *d = &p->items[x->ref].d;
        return &w->values[x->ref];
    }
    if (x->op == EX_FIELD && w->row && w->row->reg == p->fields[x->ref].reg) {
        *d = &p->fields[x->ref].d;
        return &w->row->num[x->ref - p->regs[w->row->reg].first_field];
    }
    return NULL;
}

/* Rows that are counted, fewer or smaller. */
static bool steer_rows(struct demo_year *w, const struct expr *x, double target, double now)
{
    struct demo_entry *outer = w->row;
    double counted = 0;
    bool moved = false;
    for (uint32_t i = 0; i < w->rows.n; i++) {
        struct demo_entry *row = &w->rows.items[i];
        w->row = row;
        double in = !demo_row_belongs(w, x, row) ? 0 : x->b == NONE ? 1 : demo_value(w, x->b);
        counted += in > 0;
        if (in > 0 && x->agg == AGG_SUM) {
            double v = demo_value(w, x->a);
            moved = steer(w, x->a, now > 0 ? v * target / now : v, false) || moved;
        } else if (in > 0 && x->agg == AGG_COUNT && counted > target) {
            row->gone = x->b == NONE || !make(w, x->b, false);
            moved = true;
        }
    }
    w->row = outer;
    return moved;
}

static bool steer_aggregate(struct demo_year *w, uint32_t e, double target, bool up)
{
    const struct expr *x = expr(w, e);
    double now = demo_value(w, e);
    if (isnan(now)) {
        return false;
    }
    if (x->over == OVER_REGISTER) {
        return now > target && steer_rows(w, x, target, now);
    }
    return x->agg == AGG_SUM && now != 0 && steer(w, x->a, target, up);
}

static bool steer_sum(struct demo_year *w, const struct expr *x, double target, bool up)
{
    double a = demo_value(w, x->a);
    double b = demo_value(w, x->b);
    if (x->op == EX_SUB) {
        return steer(w, x->a, target + b, up) || steer(w, x->b, a - target, !up);
    }
    double f = a + b != 0 ? target / (a + b) : 1;
    bool first = steer(w, x->a, a * f, up);
    return steer(w, x->b, first ? b * f : target - a, up) || first;
}

static bool steer_product(struct demo_year *w, const struct expr *x, double target, bool up)
{
    double a = demo_value(w, x->a);
    double b = demo_value(w, x->b);
    if (x->op == EX_MUL) {
        return (b != 0 && steer(w, x->a, target / b, up)) ||
               (a != 0 && steer(w, x->b, target / a, up));
    }
    return steer(w, x->a, target * b, up) || (target != 0 && steer(w, x->b, a / target, !up));
}

/* The value of e towards the target, by whole figures below (up: above) it. true: it moved. */
static bool steer(struct demo_year *w, uint32_t e, double target, bool up)
{
    const struct expr *x = expr(w, e);
    const struct datum *d = NULL;
    double *at = place_of(w, x, &d);
    double periods = 1;
    if (at) {
        periods = x->op == EX_WHOLE_YEAR
                      ? (double)period_count(w->d->plan->items[x->ref].period, w->year)
                      : 1;
        return set_number(d, at, target / periods, up);
    }
    switch ((unsigned)x->op) {
    case EX_NEG:
        return steer(w, x->a, -target, !up);
    case EX_ADD:
    case EX_SUB:
        return steer_sum(w, x, target, up);
    case EX_MUL:
    case EX_DIV:
        return steer_product(w, x, target, up);
    case EX_AGG:
        return steer_aggregate(w, e, target, up);
    case EX_IF:
        return steer(w, demo_value(w, x->a) > 0 ? x->b : x->c, target, up);
    case EX_INDICATOR:
        return demo_measure(w, x->ref) != NONE && steer(w, demo_measure(w, x->ref), target, up);
    default:
        return false;
    }
}

/* ---- conditions ----------------------------------------------------------------------------- */

static enum expr_op opposite(enum expr_op op)
{
    switch ((unsigned)op) {
    case EX_GE:
        return EX_LT;
    case EX_LE:
        return EX_GT;
    case EX_GT:
        return EX_LE;
    case EX_LT:
        return EX_GE;
    case EX_EQ:
        return EX_NE;
    default:
        return EX_EQ;
    }
}

static bool choose(struct demo_year *w, const struct expr *x, uint64_t allowed)
{
    const struct datum *d = NULL;
    double *at = place_of(w, x, &d);
    for (uint32_t c = 0; at && !isnan(*at) && c < d->n_choices; c++) {
        if ((allowed >> c) & 1) {
            *at = c;
            return true;
        }
    }
    return false;
}

/* Small sides shrink before large ones grow. */
static bool make_compare(struct demo_year *w, const struct expr *x, bool want)
{
    enum expr_op op = want ? x->op : opposite(x->op);
    double a = demo_value(w, x->a);
    double b = demo_value(w, x->b);
    double past = 1e-3; /* of a step: strictly beyond */
    if (expr(w, x->b)->op == EX_CHOICE) {
        uint64_t one = (uint64_t)1 << expr(w, x->b)->ref;
        return choose(w, expr(w, x->a), op == EX_EQ ? one : ~one);
    }
    switch ((unsigned)op) {
    case EX_LE:
        return steer(w, x->a, b, false) || steer(w, x->b, a, true);
    case EX_LT:
        return steer(w, x->a, b - past, false) || steer(w, x->b, a + past, true);
    case EX_GE:
        return steer(w, x->b, a, false) || steer(w, x->a, b, true);
    case EX_GT:
        return steer(w, x->b, a - past, false) || steer(w, x->a, b + past, true);
    case EX_EQ:
        return steer(w, x->a, b, false) || steer(w, x->b, a, false);
    default:
        return steer(w, x->a, b + past, true);
    }
}

static bool make_within(struct demo_year *w, const struct expr *x, bool want)
{
    double low = demo_value(w, x->b);
    double high = x->op == EX_ABOUT ? low : demo_value(w, x->c);
    double a = demo_value(w, x->a);
    bool below = a < low;
    return want && steer(w, x->a, below ? low : high, below);
}

static bool make_leaf(struct demo_year *w, const struct expr *x, bool want)
{
    const struct datum *d = NULL;
    double *at = place_of(w, x, &d);
    if (at && d->type == VT_BOOL && !isnan(*at)) {
        *at = want;
        return true;
    }
    if (x->op == EX_TITLE && !want && w->titles_open) {
        w->titles[x->ref].held = false;
        return true;
    }
    return false;
}

/* All of two conditions, or the first that can be had. */
static bool make_both(struct demo_year *w, const struct expr *x, bool want)
{
    if ((x->op == EX_AND) == want) {
        bool first = demo_value(w, x->a) != want && make(w, x->a, want);
        return (demo_value(w, x->b) != want && make(w, x->b, want)) || first;
    }
    return make(w, x->a, want) || make(w, x->b, want);
}

/* The condition as wanted, or a step towards it. */
static bool make(struct demo_year *w, uint32_t e, bool want)
{
    const struct expr *x = expr(w, e);
    switch ((unsigned)x->op) {
    case EX_AND:
    case EX_OR:
        return make_both(w, x, want);
    case EX_NOT:
        return make(w, x->a, !want);
    case EX_GE:
    case EX_LE:
    case EX_GT:
    case EX_LT:
    case EX_EQ:
    case EX_NE:
        return make_compare(w, x, want);
    case EX_ABOUT:
    case EX_BETWEEN:
        return make_within(w, x, want);
    case EX_IN:
        return choose(w, expr(w, x->a), want ? x->choices : ~x->choices);
    case EX_IF:
        return make(w, demo_value(w, x->a) > 0 ? x->b : x->c, want);
    case EX_INDICATOR:
        return demo_measure(w, x->ref) != NONE && make(w, demo_measure(w, x->ref), want);
    default:
        return make_leaf(w, x, want);
    }
}

/* ---- what cannot be mended ------------------------------------------------------------------ */

/* Nothing is said of what the condition reads: silence keeps every check. */
static void unsay(struct demo_year *w, uint32_t e)
{
    const struct expr *x = expr(w, e);
    const uint32_t below[] = {x->a, x->b, x->c,
                              x->op == EX_INDICATOR ? demo_measure(w, x->ref) : NONE};
    if (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END) {
        w->values[x->ref] = (double)NAN;
    }
    if (x->op == EX_FIELD && w->row) {
        w->row->gone = true;
    }
    if (x->op == EX_TITLE && w->titles_open) {
        w->titles[x->ref].held = false;
    }
    for (uint32_t i = 0; x->op == EX_AGG && i < w->rows.n; i++) {
        w->rows.items[i].gone = w->rows.items[i].gone || demo_row_belongs(w, x, &w->rows.items[i]);
    }
    for (uint32_t i = 0; i < sizeof below / sizeof *below; i++) {
        if (below[i] != NONE && x->op != EX_SHIFT) {
            unsay(w, below[i]);
        }
    }
}

/* ---- rounds --------------------------------------------------------------------------------- */

/* One check, here or at the row at work. */
static bool keep(struct demo_year *w, const struct commitment *k, bool last)
{
    double holds = demo_value(w, k->condition);
    if (isnan(holds) || holds > 0) {
        return false;
    }
    if (last) {
        unsay(w, k->condition);
        return true;
    }
    return make(w, k->condition, true);
}

static bool keep_at_all(struct demo_year *w, const struct commitment *k, bool last)
{
    bool moved = false;
    if (k->of_kind != NONE) {
        return plan_is_a(w->d->plan, w->u->kind, k->of_kind) && keep(w, k, last);
    }
    for (uint32_t i = 0; i < w->rows.n; i++) {
        w->row = &w->rows.items[i];
        if (w->row->reg == k->of_reg && !w->row->gone) {
            moved = keep(w, k, last) || moved;
        }
    }
    w->row = NULL;
    return moved;
}

static bool sweep(struct demo_year *w, bool soft, bool last)
{
    bool moved = false;
    for (uint32_t i = 0; i < w->d->plan->n_commitments; i++) {
        const struct commitment *k = &w->d->plan->commitments[i];
        if (k->kind == CK_CHECK && k->soft == soft && k->condition != NONE) {
            moved = keep_at_all(w, k, last) || moved;
        }
    }
    return moved;
}

void demo_mend(struct demo_year *w)
{
    bool soft = w->u->fraud == NONE;
    bool moved = true;
    for (uint32_t round = 0; moved && round < ROUNDS_MAX; round++) {
        moved = soft && round < ROUNDS_SOFT && sweep(w, true, false);
        moved = sweep(w, false, false) || moved;
    }
    moved = true;
    for (uint32_t round = 0; moved && round < ROUNDS_MAX; round++) {
        moved = sweep(w, false, true);
    }
}
