/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions of the plan over what one unit says in one year, in plain doubles: for drawing, not
 * for judging. What looks beyond (other units, partners, spans of years) is not told.
 */
#include <math.h>

#include "app/demo/demo_int.h"
#include "base/arena.h"
#include "engine/eval.h"

#define UNTOLD ((double)NAN)

bool demo_title_held(const struct demo_year *w, uint32_t title)
{
    const struct demo_held *t = &w->titles[title];
    struct date end = date_year_end(w->year);
    return t->held && date_cmp(t->since, end) <= 0 && date_cmp(end, t->revoked) < 0;
}

uint32_t demo_measure(const struct demo_year *w, uint32_t indicator)
{
    const struct definition *x = definition_in_force(&w->d->plan->commitments[indicator], w->year);
    return x ? x->measure : NONE;
}

/* ---- aggregates ----------------------------------------------------------------------------- */

bool demo_row_belongs(const struct demo_year *w, const struct expr *agg,
                      const struct demo_entry *row)
{
    (void)w;
    return agg->over == OVER_REGISTER && row->reg == agg->over_ref && !row->gone;
}

struct sums {
    double n, sum, least, most, good;
    bool untold;
};

static void add_member(struct demo_year *w, const struct expr *x, struct sums *s)
{
    double in = x->b == NONE ? 1 : demo_value(w, x->b);
    s->untold = s->untold || isnan(in);
    if (isnan(in) || in <= 0) {
        return;
    }
    double v = x->a != NONE && x->agg != AGG_COUNT ? demo_value(w, x->a) : 1;
    double good = x->agg == AGG_SHARE && x->c != NONE ? demo_value(w, x->c) : 0;
    s->untold = s->untold || isnan(v) || isnan(good);
    s->least = s->n > 0 ? fmin(s->least, v) : v;
    s->most = s->n > 0 ? fmax(s->most, v) : v;
    s->n += 1;
    s->sum += v;
    s->good += good;
}

static double distinct(struct demo_year *w, const struct expr *x)
{
    double n = 0;
    const struct expr *of = &w->d->plan->exprs[x->a];
    for (uint32_t i = 0; i < w->rows.n; i++) {
        struct demo_entry *row = &w->rows.items[i];
        w->row = row;
        double in = !demo_row_belongs(w, x, row) ? 0 : x->b == NONE ? 1 : demo_value(w, x->b);
        uint32_t f = of->ref - w->d->plan->regs[x->over_ref].first_field;
        bool again = false;
        for (uint32_t k = 0; in > 0 && k < i && !again; k++) {
            const struct demo_entry *other = &w->rows.items[k];
            again = demo_row_belongs(w, x, other) && other->num[f] == row->num[f] &&
                    str_eq(other->text[f], row->text[f]);
        }
        n += isnan(in) ? UNTOLD : in > 0 && !again ? 1 : 0;
    }
    return n;
}

static double outcome(const struct expr *x, struct sums s)
{
    switch (x->agg) {
    case AGG_SUM:
        return s.sum;
    case AGG_COUNT:
        return s.n;
    case AGG_SHARE:
        return s.n > 0 ? s.good / s.n : UNTOLD;
    case AGG_MAX:
        return s.n > 0 ? s.most : UNTOLD;
    case AGG_MIN:
        return s.n > 0 ? s.least : UNTOLD;
    case AGG_MEAN:
        return s.n > 0 ? s.sum / s.n : UNTOLD;
    case AGG_DISTINCT:
    case AGG_COVER:
    case AGG_CV:
    case AGG_DAYS:
        break;
    }
    return UNTOLD;
}

static double over_rows(struct demo_year *w, const struct expr *x)
{
    struct sums s = {0};
    struct demo_entry *outer = w->row;
    uint32_t owner = w->d->plan->regs[x->over_ref].owner_kind;
    if (!w->rows_known || x->n > 1 || (!w->u->leaf && !plan_is_a(w->d->plan, w->u->kind, owner))) {
        return UNTOLD;
    }
    double n = 0;
    if (x->agg == AGG_DISTINCT && w->d->plan->exprs[x->a].op == EX_FIELD) {
        n = distinct(w, x);
        w->row = outer;
        return n;
    }
    for (uint32_t i = 0; i < w->rows.n; i++) {
        w->row = &w->rows.items[i];
        if (demo_row_belongs(w, x, w->row)) {
            add_member(w, x, &s);
        }
    }
    w->row = outer;
    return s.untold ? UNTOLD : outcome(x, s);
}

static double aggregate(struct demo_year *w, const struct expr *x)
{
    struct sums s = {0};
    bool in = false;
    if (x->over == OVER_REGISTER) {
        return over_rows(w, x);
    }
    if (!w->u->leaf || x->over == OVER_LIST || x->over == OVER_RELATION) {
        return UNTOLD;
    }
    in = x->over == OVER_TITLE ? demo_title_held(w, x->over_ref)
                               : plan_is_a(w->d->plan, w->u->kind, x->over_ref);
    if (in) {
        add_member(w, x, &s);
    }
    return s.untold ? UNTOLD : outcome(x, s);
}

/* ---- leaves and shifts ---------------------------------------------------------------------- */

static double of_field(const struct demo_year *w, uint32_t field)
{
    const struct field *f = &w->d->plan->fields[field];
    bool here = w->row && w->row->reg == f->reg && f->d.type != VT_TEXT && f->d.type != VT_DATE;
    return here ? w->row->num[field - w->d->plan->regs[f->reg].first_field] : UNTOLD;
}

/* The same unit a year earlier, in what is remembered of it: its figures. */
static double a_year_ago(struct demo_year *w, const struct expr *x)
{
    struct demo_year then = *w;
    if (x->n != 1 || w->year <= w->d->plan->baseline_year) {
        return UNTOLD;
    }
    then.year--;
    then.values = w->before;
    then.before = NULL;
    then.rows_known = false;
    return x->a == NONE || !w->before ? UNTOLD : demo_value(&then, x->a);
}

static double whole_year(const struct demo_year *w, const struct expr *x)
{
    const struct item *it = &w->d->plan->items[x->ref];
    double n = x->op == EX_WHOLE_YEAR ? (double)period_count(it->period, w->year) : 1;
    return n * w->values[x->ref];
}

static double leaf(struct demo_year *w, const struct expr *x)
{
    switch ((unsigned)x->op) {
    case EX_NUM:
        return rat_to_double(x->num);
    case EX_BOOL:
        return x->flag;
    case EX_CHOICE:
        return x->ref;
    case EX_ITEM:
        return w->values[x->ref];
    case EX_ATTR:
        return w->attrs[x->ref];
    case EX_FIELD:
        return of_field(w, x->ref);
    case EX_TITLE:
        return demo_title_held(w, x->ref);
    case EX_AGG:
        return aggregate(w, x);
    case EX_SHIFT:
        return a_year_ago(w, x);
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        return whole_year(w, x);
    default:
        return UNTOLD;
    }
}

/* ---- operations ----------------------------------------------------------------------------- */

/* Equal but for the last digits of a double. */
static bool alike(double a, double b)
{
    return fabs(a - b) <= 1e-9 + 1e-12 * fabs(b);
}

static double both(enum expr_op op, double a, double b)
{
    double decided = op == EX_OR; /* one such operand decides, whatever the other is */
    if (a == decided || b == decided) {
        return decided;
    }
    return isnan(a) || isnan(b) ? UNTOLD : 1 - decided;
}

static double compared(enum expr_op op, double a, double b)
{
    if (isnan(a) || isnan(b)) {
        return UNTOLD;
    }
    switch ((unsigned)op) {
    case EX_GE:
        return a >= b || alike(a, b);
    case EX_LE:
        return a <= b || alike(a, b);
    case EX_GT:
        return a > b && !alike(a, b);
    case EX_LT:
        return a < b && !alike(a, b);
    case EX_EQ:
        return alike(a, b);
    default:
        return !alike(a, b);
    }
}

static double arithmetic(enum expr_op op, double a, double b)
{
    return op == EX_ADD   ? a + b
           : op == EX_SUB ? a - b
           : op == EX_MUL ? a * b
           : b != 0       ? a / b
                          : UNTOLD;
}

static double within(struct demo_year *w, const struct expr *x)
{
    double t = rat_to_double(x->num);
    double a = demo_value(w, x->a);
    double low = demo_value(w, x->b);
    double high = x->op == EX_ABOUT ? low : demo_value(w, x->c);
    return both(EX_AND, compared(EX_GE, a, low * (1 - t)), compared(EX_LE, a, high * (1 + t)));
}

static double chosen(struct demo_year *w, const struct expr *x)
{
    double c = demo_value(w, x->a);
    return isnan(c) ? UNTOLD : demo_value(w, c > 0 ? x->b : x->c);
}

double demo_value(struct demo_year *w, uint32_t e)
{
    const struct expr *x = &w->d->plan->exprs[e];
    double a = 0;
    uint32_t measure = NONE;
    switch ((unsigned)x->op) {
    case EX_NEG:
        return -demo_value(w, x->a);
    case EX_NOT:
        return 1 - demo_value(w, x->a);
    case EX_ADD:
    case EX_SUB:
    case EX_MUL:
    case EX_DIV:
        return arithmetic(x->op, demo_value(w, x->a), demo_value(w, x->b));
    case EX_AND:
    case EX_OR:
        return both(x->op, demo_value(w, x->a), demo_value(w, x->b));
    case EX_GE:
    case EX_LE:
    case EX_GT:
    case EX_LT:
    case EX_EQ:
    case EX_NE:
        return compared(x->op, demo_value(w, x->a), demo_value(w, x->b));
    case EX_ABOUT:
    case EX_BETWEEN:
        return within(w, x);
    case EX_IN:
        a = demo_value(w, x->a);
        return isnan(a) ? UNTOLD : (double)((x->choices >> (unsigned)a) & 1);
    case EX_IF:
        return chosen(w, x);
    case EX_INDICATOR:
        measure = demo_measure(w, x->ref);
        return measure == NONE ? UNTOLD : demo_value(w, measure);
    default:
        return leaf(w, x);
    }
}
