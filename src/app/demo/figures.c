/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes, facts, titles and rows, a unit at a time: drawn, then brought into line with the
 * checks (demo_mend). */
#include <math.h>
#include <string.h>

#include "app/demo/demo_int.h"
#include "base/arena.h"

#define LATE      0.01 /* of the figures come later than others */
#define DEPTH_MAX 16   /* figures like figures like figures … */

/* ---- one figure ----------------------------------------------------------------------------- */

/* Without a profile: shares and bounded figures in their upper part, other figures by their unit.
 */
static double usual(const struct datum *d)
{
    if (!rat_is_inf(d->lo) && !rat_is_inf(d->hi)) {
        double lo = rat_to_double(d->lo);
        return lo + 0.8 * (rat_to_double(d->hi) - lo);
    }
    double factor = rat_to_double(d->factor);
    return factor < 1                   ? 90 * factor
           : dim_is_none(d->dim)        ? 1
           : d->dim.exp[DIM_PERSON] > 0 ? 40
           : d->dim.exp[DIM_MONEY] > 0  ? 200000
           : d->dim.exp[DIM_LENGTH] > 1 ? 3000
                                        : 6;
}

static double attribute_value(struct demo_year *w, uint32_t attr);
static double item_value(struct demo_year *w, uint32_t item, uint32_t depth);

static double drawn(struct demo_year *w, const struct datum *d, const struct demo_figure *f,
                    double base, uint64_t salt)
{
    struct rng r = demo_rng(w->d, str_cat(w->d->a, w->u->code, d->name), salt);
    struct rng noise =
        demo_rng(w->d, str_cat(w->d->a, w->u->code, d->name), salt + 1000 + (uint64_t)w->year);
    double years = w->year - w->d->plan->baseline_year;
    double spread = f->given ? f->spread : 0.15;
    double bend = 0.5 * w->u->quality + 0.4 * demo_normal(&r) + 0.2 * demo_normal(&noise);
    if (d->type == VT_BOOL) {
        double yes = (f->given ? f->yes : 0.75) + (f->given ? f->trend : 0.06) * years;
        return demo_uniform(&r) < yes + 0.8 * yes * (1 - yes) * w->u->quality;
    }
    if (d->type == VT_TEXT || d->type == VT_DATE) {
        return (double)rng_below(&r, 365);
    }
    if (d->type == VT_CHOICE) {
        return (double)rng_below(&r, d->n_choices > 0 ? d->n_choices : 1);
    }
    double x = base * (1 + spread * bend) * (1 + (f->given ? f->trend : 0.01) * years);
    return demo_rounded(d, x);
}

/* Of `small <= whole`: the whole, when `item` is the small side. */
static uint32_t whole_in(const struct demo_year *w, uint32_t e, uint32_t item)
{
    const struct expr *x = &w->d->plan->exprs[e];
    bool up = x->op == EX_LE || x->op == EX_LT;
    if (!up && x->op != EX_GE && x->op != EX_GT) {
        return NONE;
    }
    const struct expr *small = &w->d->plan->exprs[up ? x->a : x->b];
    const struct expr *whole = &w->d->plan->exprs[up ? x->b : x->a];
    bool so = small->op == EX_ITEM && small->ref == item && whole->op == EX_ITEM;
    return so ? whole->ref : NONE;
}

/* What a check says it is a part of. */
static uint32_t whole_of(const struct demo_year *w, uint32_t item)
{
    for (uint32_t i = 0; i < w->d->plan->n_commitments; i++) {
        const struct commitment *k = &w->d->plan->commitments[i];
        if (k->kind == CK_CHECK && k->condition != NONE && k->of_kind != NONE &&
            plan_is_a(w->d->plan, w->u->kind, k->of_kind)) {
            uint32_t whole = whole_in(w, k->condition, item);
            if (whole != NONE) {
                return whole;
            }
        }
    }
    return NONE;
}

static double alone(const struct demo_year *w, const struct datum *d, const struct demo_figure *f)
{
    double mean = f->given ? f->mean * rat_to_double(d->factor) : usual(d);
    return dim_is_none(d->dim) ? mean : mean * w->u->size;
}

static double item_value(struct demo_year *w, uint32_t item, uint32_t depth)
{
    struct demo *d = w->d;
    const struct demo_figure *f = demo_figure_for(d, &d->items[item], w->u->kind);
    const struct datum *datum = &d->plan->items[item].d;
    if (!isnan(w->values[item])) {
        return w->values[item];
    }
    bool deep = depth >= DEPTH_MAX;
    double base = alone(w, datum, f);
    uint32_t whole = f->given || deep ? NONE : whole_of(w, item);
    if (f->given && f->like.item != NONE && !deep) {
        base = f->mean * item_value(w, f->like.item, depth + 1);
    } else if (f->given && f->like.attr != NONE) {
        base = f->mean * attribute_value(w, f->like.attr);
    } else if (whole != NONE) {
        base = 0.8 * item_value(w, whole, depth + 1);
    }
    w->values[item] = drawn(w, datum, f, base, 7);
    return w->values[item];
}

static double attribute_value(struct demo_year *w, uint32_t attr)
{
    const struct datum *datum = &w->d->plan->attributes[attr].d;
    const struct demo_figure *f = demo_figure_for(w->d, &w->d->attrs[attr], w->u->kind);
    if (isnan(w->attrs[attr])) {
        struct demo_year first = *w;
        first.year = w->d->plan->baseline_year; /* part of the roll: it does not move by itself */
        w->attrs[attr] = drawn(&first, datum, f, alone(w, datum, f), 8);
    }
    return w->attrs[attr];
}

/* A period's part of the figures that are asked for more often than yearly: equal parts, so that
 * what holds of one holds of all. */
static void divide_years(struct demo_year *w)
{
    for (uint32_t i = 0; i < w->d->plan->n_items; i++) {
        const struct item *it = &w->d->plan->items[i];
        double n = (double)period_count(it->period, w->year);
        if (n > 1 && it->d.type == VT_NUMBER && !dim_is_none(it->d.dim)) {
            w->values[i] = demo_rounded(&it->d, w->values[i] / n);
        }
    }
}

/* ---- writing -------------------------------------------------------------------------------- */

static bool name_is_unique(const struct demo *d, uint32_t item)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->plan->n_items; i++) {
        n += str_eq(d->plan->items[i].d.name, d->plan->items[item].d.name);
    }
    return n == 1;
}

static void write_fact(struct demo_year *w, uint32_t item, struct period period, double x,
                       struct date recorded)
{
    struct demo *d = w->d;
    const struct item *it = &d->plan->items[item];
    char text[PERIOD_TEXT_BYTES];
    struct str name = it->d.name;
    if (!name_is_unique(d, item)) {
        name = str_cat(d->a, str_cat(d->a, d->plan->kinds[it->kind].name, STR(".")), name);
    }
    const struct str fields[] = {w->u->code,
                                 name,
                                 str_dup(d->a, period_text(period, text)),
                                 demo_text(d, &it->d, x, period.year),
                                 demo_day(d, recorded),
                                 STR(DEMO_SOURCE),
                                 STR("D")};
    d->sum->facts += demo_row(d, TABLE_facts, fields, sizeof fields / sizeof *fields);
}

static void write_item(struct demo_year *w, uint32_t item)
{
    struct demo *d = w->d;
    const struct item *it = &d->plan->items[item];
    struct period all[PERIOD_PER_YEAR];
    struct date day;
    bool yearly = it->period == PERIOD_YEAR || it->period == PERIOD_SCHOOL_YEAR;
    int32_t n = yearly ? period_of_plan_year(it->period, it->point, w->year, all, &day)
                       : period_all_of_year(it->period, w->year, all);
    struct rng r = demo_rng(d, str_cat(d->a, w->u->code, it->d.name), 2000 + (uint64_t)w->year);
    for (int32_t k = 0; k < n; k++) {
        struct date at = period_snapshot(all[k], it->point);
        int32_t days = 10 + (int32_t)rng_below(&r, 30) + (demo_chance(&r, LATE) ? 15 : 0);
        struct date recorded = date_add_days(at, days);
        if (!demo_stands(w->u, at)) {
            continue;
        }
        if (demo_is_late(w, item)) { /* the small figure first, what keeps the checks in the end */
            write_fact(w, item, all[k], demo_rounded(&it->d, 0.8 * w->values[item]), recorded);
            recorded = date_add_days(at, 400);
        }
        write_fact(w, item, all[k], w->values[item], recorded);
    }
}

static void write_attributes(struct demo_year *w)
{
    struct demo *d = w->d;
    for (uint32_t i = 0; i < d->plan->n_attributes; i++) {
        const struct attribute *x = &d->plan->attributes[i];
        if (!plan_is_a(d->plan, w->u->kind, x->kind)) {
            continue;
        }
        const struct str fields[] = {
            w->u->code,
            x->d.name,
            demo_text(d, &x->d, attribute_value(w, i), d->plan->baseline_year),
            STR(""),
            STR(""),
            STR(""),
            STR(DEMO_SOURCE),
            STR("D")};
        (void)demo_row(d, TABLE_attributes, fields, sizeof fields / sizeof *fields);
    }
}

/* Real units keep what is known of them, with its source. */
static void known_attributes(struct demo_year *w)
{
    const struct dataset *data = w->d->pack->data;
    uint32_t id;
    if (!tree_unit_of_code(w->d->pack->tree, w->u->code, &id)) {
        return;
    }
    for (uint32_t i = 0; i < data->n_attrs; i++) {
        const struct attr_value *v = &data->attrs[i];
        if (v->unit == id && v->value.has) {
            w->attrs[v->attribute] = rat_to_double(v->value.num);
        }
    }
}

/* ---- all ------------------------------------------------------------------------------------ */

/* What the checks have moved by half and more: odd, though nobody planted it. */
static void note_steered(struct demo_year *w, const double *drawn)
{
    for (uint32_t i = 0; i < w->d->plan->n_items; i++) {
        const struct datum *x = &w->d->plan->items[i].d;
        double few = 10 * rat_to_double(x->factor);
        bool moved = w->values[i] > 1.5 * drawn[i] || 1.5 * w->values[i] < drawn[i];
        if (x->type == VT_NUMBER && moved && (drawn[i] >= few || w->values[i] >= few)) {
            demo_key(w->d, "steered", w->u, x->name, rat_frac_str(w->d->a, rat_int(w->year)));
        }
    }
}

static void draw_year(struct demo_year *w)
{
    double *drawn = ARENA_ARRAY(w->d->a, double, w->d->plan->n_items + 1);
    for (uint32_t i = 0; i < w->d->plan->n_items; i++) {
        w->values[i] = (double)NAN;
    }
    for (uint32_t i = 0; i < w->d->plan->n_items; i++) {
        if (plan_is_a(w->d->plan, w->u->kind, w->d->plan->items[i].kind)) {
            (void)item_value(w, i, 0);
        }
    }
    divide_years(w);
    demo_draw_rows(w);
    demo_plant_figures(w);
    demo_plant_rows(w);
    memcpy(drawn, w->values, w->d->plan->n_items * sizeof *drawn);
    demo_mend(w);
    note_steered(w, drawn);
}

static void one_year(struct demo_year *w)
{
    struct demo *d = w->d;
    struct rng r = demo_rng(d, w->u->code, 3000 + (uint64_t)w->year);
    bool silent = w->u->careless && w->u->fraud == NONE && demo_chance(&r, 0.35);
    draw_year(w);
    for (uint32_t i = 0; !silent && i < d->plan->n_items; i++) {
        if (!isnan(w->values[i])) {
            write_item(w, i);
        }
    }
    demo_write_rows(w);
    demo_write_notes(w);
    double *spare = w->before;
    w->before = w->values;
    w->values = spare;
}

/* Conditions on titles alone are kept before any figure is drawn. */
static void make_titles(struct demo_year *w)
{
    demo_draw_titles(w);
    demo_plant_titles(w);
    w->titles_open = true;
    for (uint32_t i = 0; i < w->d->plan->n_items; i++) {
        w->values[i] = w->before[i] = (double)NAN;
    }
    for (w->year = w->d->plan->baseline_year; w->year <= w->d->plan->last_year; w->year++) {
        demo_mend(w);
    }
    w->titles_open = false;
    demo_write_titles(w);
}

static double *figures(struct demo *d, uint32_t n)
{
    double *x = ARENA_ARRAY(d->a, double, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        x[i] = (double)NAN;
    }
    return x;
}

static void one_unit(struct demo *d, const struct demo_unit *u)
{
    struct arena_mark mark = arena_mark(d->a);
    struct demo_year w = {.d = d, .u = u, .year = d->plan->baseline_year};
    w.attrs = figures(d, d->plan->n_attributes);
    w.values = figures(d, d->plan->n_items);
    w.before = figures(d, d->plan->n_items);
    w.titles = ARENA_ARRAY(d->a, struct demo_held, d->plan->n_titles + 1);
    known_attributes(&w);
    write_attributes(&w);
    make_titles(&w);
    for (w.year = d->first_year; w.year < d->plan->baseline_year; w.year++) {
        demo_draw_rows(&w);
        demo_mend(&w);
        demo_write_rows(&w);
    }
    for (w.year = d->plan->baseline_year; w.year <= d->plan->last_year; w.year++) {
        one_year(&w);
    }
    arena_rewind(d->a, mark);
}

void demo_make_figures(struct demo *d)
{
    for (uint32_t i = 0; i < d->units.n; i++) {
        one_unit(d, &d->units.items[i]);
    }
}
