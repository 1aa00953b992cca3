/* SPDX-License-Identifier: Apache-2.0 */
/* Findings that take facts. */
#include "app/pack/lint_facts.h"

#include "app/print.h"
#include "base/arena.h"
#include "base/err.h"
#include "model/verdict_row.h"

struct facts {
    struct arena *a;
    struct cells *c;
    const struct plan *p;
    const struct evaluator *ev;
    const struct verdicts *rows;
    struct lint_findings *out;
    struct printer printer[2]; /* Chinese, English */
    enum rc rc;
};

/* ---- what the findings share ---------------------------------------------------------------- */

/* A commitment is told of once for each kind: at its first row. */
static bool is_told(const struct facts *x, enum lint_code code, uint32_t commitment)
{
    for (uint32_t i = 0; i < x->out->list.n; i++) {
        const struct lint_finding *f = x->out->list.items[i];
        if (f->code == code && f->places.items[0].commitment == commitment) {
            return true;
        }
    }
    return false;
}

static struct lint_finding *found(struct facts *x, enum lint_code code, const struct verdict *v)
{
    struct lint_finding *f = lint_add(x->a, x->out, code);
    const struct commitment *k = &x->p->commitments[v->commitment];
    lint_place(x->a, x->p, f, v->commitment, v->clause ? v->clause->at : k->at);
    return f;
}

static void arg_figure(struct facts *x, struct lint_finding *f, const char *key,
                       const struct verdict *v, struct rat figure)
{
    lint_arg(f, key, print_figure(&x->printer[0], v, figure, NULL),
             print_figure(&x->printer[1], v, figure, NULL));
}

/* The measure of a row in another year; false: it has no certain value there. */
static bool in_year(struct facts *x, const struct verdict *v, int32_t year, struct rat *out)
{
    const struct commitment *k = &x->p->commitments[v->commitment];
    uint32_t e = print_measure_of(x->p, v);
    struct mval m = {0};
    struct moment at;
    if (e == NONE || v->at == NULL || x->rc != RC_OK ||
        !moment_of_year(x->p, e, k->has_point ? &k->point : NULL, year, v->at->as_of, &at)) {
        return false;
    }
    at.named = v->snapshot;
    x->rc = x->ev->measure(x->ev->ctx, x->a, e, v->unit, at, &m);
    *out = m.lo;
    return x->rc == RC_OK && m.kind == MV_NUMBER && !rat_is_inf(m.lo) && rat_eq(m.lo, m.hi) &&
           (m.flags & (MF_SEALED | MF_ROOT)) == 0;
}

static bool is_plain(const struct verdict *v)
{
    return v->clause != NULL && !v->for_all && v->has_threshold && v->withheld == SHOWN &&
           (v->measure.flags & (MF_SEALED | MF_ROOT)) == 0;
}

/* ---- kinds ---------------------------------------------------------------------------------- */

static void met_before(struct facts *x, const struct verdict *v)
{
    struct rat start;
    if ((v->flags & VF_NON_BINDING) != 0 && in_year(x, v, x->p->baseline_year, &start)) {
        struct lint_finding *f = found(x, LINT_met_before, v);
        lint_arg_int(x->a, f, "year", x->p->baseline_year);
        arg_figure(x, f, "value", v, v->threshold);
        arg_figure(x, f, "figure", v, start);
    }
}

static bool is_floor(enum comparator c)
{
    return c == CMP_GE || c == CMP_REACH || c == CMP_BARE || c == CMP_GT;
}

/* A count of units asks for more than are on the roll below the unit. */
static void more_than_exist(struct facts *x, const struct verdict *v)
{
    uint32_t e = print_measure_of(x->p, v);
    const struct expr *n = e == NONE ? NULL : &x->p->exprs[e];
    uint32_t rolls[PLAN_ROLLS_MAX];
    const struct tree_snap *t = NULL;
    if (!n || n->op != EX_AGG || n->agg != AGG_COUNT || !is_floor(v->cmp) ||
        (n->over != OVER_KIND && n->over != OVER_TITLE)) {
        return;
    }
    uint32_t kind = n->over == OVER_KIND ? n->over_ref : x->p->titles[n->over_ref].kind;
    if (plan_rolls(x->p, kind, rolls) > 0) {
        return; /* there may be more than are on record (C35) */
    }
    x->rc = cells_tree(x->c, v->snapshot, &t);
    if (x->rc != RC_OK || t->index_of[v->unit] == TREE_NONE) {
        return;
    }
    int64_t units = 0;
    for (uint32_t i = t->index_of[v->unit]; i < t->end[t->index_of[v->unit]]; i++) {
        units += plan_is_a(x->p, t->kind[i], kind);
    }
    if (rat_cmp(v->threshold, rat_int(units)) > 0) {
        struct lint_finding *f = found(x, LINT_more_than_exist, v);
        arg_figure(x, f, "value", v, v->threshold);
        lint_arg_int(x->a, f, "n", units);
        lint_arg_text(f, "what", x->p->kinds[kind].name);
    }
}

/* What is left to do in the years left, against the best year on record. */
static void faster_than_ever(struct facts *x, const struct verdict *v)
{
    struct rat now = rat_zero();
    struct rat best = rat_zero();
    struct rat last = rat_zero();
    int32_t latest = 0;
    uint32_t steps = 0;
    if (v->state != ST_PENDING || !is_floor(v->cmp) || !v->at) {
        return;
    }
    for (int32_t y = x->p->baseline_year; y < v->year; y++) {
        struct rat figure;
        if (!in_year(x, v, y, &figure)) {
            continue;
        }
        if (latest == y - 1) {
            struct rat step = rat_sub(x->a, figure, last);
            best = steps == 0 ? step : rat_max(best, step);
            steps++;
        }
        last = now = figure;
        latest = y;
    }
    struct rat missing = rat_sub(x->a, v->threshold, now);
    if (steps == 0 || rat_is_zero(best) || rat_sign(missing) <= 0) {
        return;
    }
    struct rat need = rat_div(x->a, missing, rat_int(v->year - latest));
    if (rat_cmp(need, rat_mul(x->a, rat_max(best, rat_zero()), rat_int(LINT_PACE))) > 0) {
        struct lint_finding *f = found(x, LINT_faster_than_ever, v);
        arg_figure(x, f, "need", v, need);
        arg_figure(x, f, "best", v, best);
    }
}

static void no_place(struct facts *x, uint32_t first)
{
    const struct verdict v = verdicts_at(x->rows, first);
    uint32_t n = 0;
    for (uint32_t i = first; i < x->rows->rows.n; i++) {
        const struct verdict w = verdicts_at(x->rows, i);
        n += w.commitment == v.commitment && w.has_cap && w.year == v.year && w.withheld == SHOWN &&
             rat_is_zero(w.cap) && rat_sign(w.base) > 0;
    }
    if (n > 0) {
        const struct commitment *k = &x->p->commitments[v.commitment];
        struct lint_finding *f = found(x, LINT_no_place, &v);
        lint_arg_int(x->a, f, "n", n);
        lint_arg(f, "value", k->targets->value_text[0], k->targets->value_text[1]);
    }
}

static bool is_decided(enum state s)
{
    return s == ST_MET || s == ST_MISSED;
}

static struct str verdict_words(struct facts *x, struct str definition, enum state s, bool chinese)
{
    struct str quote = str_cat(x->a, str_cat(x->a, STR("\""), definition), STR("\""));
    struct str word = str_from_cstr(chinese ? state_zh(s) : state_name(s));
    return str_cat(x->a, str_cat(x->a, quote, chinese ? STR("为") : STR(" gives ")), word);
}

static void definition_decides(struct facts *x, const struct verdict *v)
{
    struct str list[2] = {STR(""), STR("")};
    for (uint32_t i = 0; i < v->n_alternatives; i++) {
        const struct alternative *o = &v->alternatives[i];
        if (!is_decided(v->state) || !is_decided(o->state) || o->state == v->state ||
            o->withheld != SHOWN || (o->measure.flags & MF_SEALED) != 0) {
            continue;
        }
        for (int en = 0; en < 2; en++) {
            struct str more = verdict_words(x, o->definition, o->state, en == 0);
            list[en] = list[en].n == 0 ? more : str_cat(x->a, list[en], STR(", "));
            list[en] = list[en].p == more.p ? more : str_cat(x->a, list[en], more);
        }
    }
    if (list[0].n > 0) {
        const struct commitment *k = &x->p->commitments[v->commitment];
        struct lint_finding *f = found(x, LINT_definition_decides, v);
        struct str adopted = STR("");
        for (uint32_t i = 0; i < k->n_definitions; i++) {
            adopted = k->definitions[i].adopted ? k->definitions[i].name : adopted;
        }
        adopted = str_cat(x->a, str_cat(x->a, STR("\""), adopted), STR("\""));
        lint_arg_text(f, "adopted", adopted);
        lint_arg(f, "state", str_from_cstr(state_zh(v->state)),
                 str_from_cstr(state_name(v->state)));
        lint_arg(f, "list", list[0], list[1]);
    }
}

enum rc lint_facts(struct arena *a, struct cells *c, const struct evaluator *ev,
                   const struct verdicts *rows, struct lint_findings *out)
{
    static const struct {
        enum lint_code code;
        void (*find)(struct facts *x, const struct verdict *v);
    } kinds[] = {
        {LINT_met_before, met_before},
        {LINT_more_than_exist, more_than_exist},
        {LINT_faster_than_ever, faster_than_ever},
        {LINT_definition_decides, definition_decides},
    };
    struct facts x = {
        .a = a, .c = c, .p = cells_plan(c), .ev = ev, .rows = rows, .out = out, .rc = RC_OK};
    printer_init(&x.printer[0], a, x.p, true);
    printer_init(&x.printer[1], a, x.p, false);
    for (uint32_t i = 0; i < rows->rows.n && x.rc == RC_OK; i++) {
        const struct verdict v = verdicts_at(rows, i);
        for (uint32_t k = 0; is_plain(&v) && k < sizeof kinds / sizeof *kinds; k++) {
            if (!is_told(&x, kinds[k].code, v.commitment)) {
                kinds[k].find(&x, &v);
            }
        }
        if (v.has_cap && !is_told(&x, LINT_no_place, v.commitment)) {
            no_place(&x, i);
        }
    }
    return x.rc;
}
