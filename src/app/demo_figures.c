/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes and facts: drawn figure by figure, then brought into line with the hard checks. */
#include <math.h>

#include "app/demo_int.h"
#include "base/arena.h"
#include "engine/cells.h"

#define REPAIRS_MAX 8
#define DEPTH_MAX   16 /* figures like figures like figures … */

struct drawing {
    struct demo *d;
    const struct demo_unit *u;
    int32_t year;
    struct check_lines checks;
    double *attrs; /* of the unit */
};

/* ---- one figure ----------------------------------------------------------------------------- */

static double bound(struct rat x, double otherwise)
{
    return rat_is_inf(x) ? otherwise : rat_to_double(x);
}

/* In the declared unit with its decimals, and back: what will be written. */
static double rounded(const struct datum *d, double x)
{
    static const double scales[] = {1, 10, 100, 1000, 10000};
    double factor = rat_to_double(d->factor);
    double scale = d->type == VT_NUMBER ? scales[d->decimals] : 1;
    x = d->type == VT_NUMBER ? floor(x / factor * scale + 0.5) / scale * factor : x;
    x = fmax(x, bound(d->lo, -1e15));
    return fmin(x, bound(d->hi, 1e15));
}

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

static double attribute_value(struct drawing *w, uint32_t attr);
static double item_value(struct drawing *w, uint32_t item, uint32_t depth);

static double drawn(struct drawing *w, const struct datum *d, const struct demo_figure *f,
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
        return demo_uniform(&r) - 0.15 * w->u->quality < yes;
    }
    if (d->type == VT_CHOICE) {
        return (double)rng_below(&r, d->n_choices > 0 ? d->n_choices : 1);
    }
    double x = base * (1 + spread * bend) * (1 + (f->given ? f->trend : 0.01) * years);
    return rounded(d, x);
}

/* What a hard check says it is a part of: `whole >= item`. */
static uint32_t whole_of(const struct drawing *w, uint32_t item)
{
    for (uint32_t i = 0; i < w->checks.n; i++) {
        const struct check_line *k = &w->checks.items[i];
        const struct check_term *t = &w->checks.terms[k->first];
        if (k->n == 2 && plan_is_a(w->d->plan, w->u->kind, k->kind)) {
            uint32_t part = rat_sign(t[0].factor) < 0 ? 0 : 1;
            bool ordered = rat_sign(t[part].factor) < 0 && rat_sign(t[1 - part].factor) > 0;
            if (ordered && t[part].item == item) {
                return t[1 - part].item;
            }
        }
    }
    return NONE;
}

static double item_value(struct drawing *w, uint32_t item, uint32_t depth)
{
    struct demo *d = w->d;
    const struct demo_figure *f = &d->items[item];
    const struct datum *datum = &d->plan->items[item].d;
    if (!isnan(d->values[item])) {
        return d->values[item];
    }
    double base = usual(datum) * (dim_is_none(datum->dim) ? 1 : w->u->size);
    uint32_t whole = f->given || depth >= DEPTH_MAX ? NONE : whole_of(w, item);
    if (f->given && f->like_item != NONE && depth < DEPTH_MAX) {
        base = f->mean * item_value(w, f->like_item, depth + 1);
    } else if (f->given && f->like_attr != NONE) {
        base = f->mean * attribute_value(w, f->like_attr);
    } else if (f->given) {
        base = f->mean * rat_to_double(datum->factor) * (dim_is_none(datum->dim) ? 1 : w->u->size);
    } else if (whole != NONE) {
        base = 0.8 * item_value(w, whole, depth + 1);
    }
    d->values[item] = drawn(w, datum, f, base, 7);
    return d->values[item];
}

static double attribute_value(struct drawing *w, uint32_t attr)
{
    const struct datum *datum = &w->d->plan->attributes[attr].d;
    const struct demo_figure *f = &w->d->attrs[attr];
    if (isnan(w->attrs[attr])) {
        double mean = f->given ? f->mean * rat_to_double(datum->factor) : usual(datum);
        struct drawing first = *w;
        first.year = w->d->plan->baseline_year; /* part of the roll: it does not move by itself */
        w->attrs[attr] = drawn(&first, datum, f, mean * w->u->size, 8);
    }
    return w->attrs[attr];
}

/* ---- hard checks ---------------------------------------------------------------------------- */

/* The parts shrink in proportion until the whole holds them. */
static bool repair(struct drawing *w, const struct check_line *k)
{
    double have = rat_to_double(k->constant);
    double used = 0;
    for (uint32_t i = k->first; i < k->first + k->n; i++) {
        double x = rat_to_double(w->checks.terms[i].factor) * w->d->values[w->checks.terms[i].item];
        have += x > 0 ? x : 0;
        used -= x < 0 ? x : 0;
    }
    if (isnan(have) || isnan(used) || used <= have + 1e-9 || used <= 0) {
        return false;
    }
    for (uint32_t i = k->first; i < k->first + k->n; i++) {
        uint32_t item = w->checks.terms[i].item;
        const struct datum *d = &w->d->plan->items[item].d;
        if (rat_sign(w->checks.terms[i].factor) < 0) {
            double step = rat_to_double(d->factor) / pow(10, d->decimals);
            w->d->values[item] = floor(w->d->values[item] * fmax(have, 0) / used / step) * step;
        }
    }
    return true;
}

static void keep_checks(struct drawing *w)
{
    bool again = true;
    for (uint32_t round = 0; again && round < REPAIRS_MAX; round++) {
        again = false;
        for (uint32_t i = 0; i < w->checks.n; i++) {
            bool here = plan_is_a(w->d->plan, w->u->kind, w->checks.items[i].kind);
            again = (here && repair(w, &w->checks.items[i])) || again;
        }
    }
}

/* ---- writing -------------------------------------------------------------------------------- */

static struct str value_text(struct demo *d, const struct datum *datum, double x)
{
    switch (datum->type) {
    case VT_BOOL:
        return x > 0 ? STR("是") : STR("否");
    case VT_CHOICE:
        return datum->n_choices > 0 ? datum->choices[(uint32_t)x] : STR("");
    case VT_NUMBER:
        return demo_number(d, x / rat_to_double(datum->factor), datum->decimals);
    case VT_TEXT:
    case VT_DATE:
        break;
    }
    return STR("示例");
}

static bool name_is_unique(const struct demo *d, uint32_t item)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->plan->n_items; i++) {
        n += str_eq(d->plan->items[i].d.name, d->plan->items[item].d.name);
    }
    return n == 1;
}

static void write_fact(struct drawing *w, uint32_t item, struct period period, double x,
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
                                 value_text(d, &it->d, x),
                                 demo_day(d, recorded),
                                 STR("示例数据"),
                                 STR("D")};
    demo_row(d, TABLE_facts, fields, sizeof fields / sizeof *fields);
    d->sum->facts++;
}

static void write_item(struct drawing *w, uint32_t item)
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
        bool silent = !d->items[item].silent_never && demo_chance(&r, 0.01);
        struct date recorded = date_add_days(at, 20 + (int32_t)rng_below(&r, 40));
        if (silent || !demo_stands(w->u, at)) {
            continue;
        }
        double x = w->d->values[item];
        x = !yearly && it->d.type == VT_NUMBER && !dim_is_none(it->d.dim) ? rounded(&it->d, x / n)
                                                                          : x;
        write_fact(w, item, all[k], x, recorded);
        if (demo_is_late(d, w->u, item, w->year)) {
            write_fact(w, item, all[k], rounded(&it->d, x * 1.2 + rat_to_double(it->d.factor)),
                       date_add_days(at, 400));
        }
    }
}

static void write_attributes(struct drawing *w)
{
    struct demo *d = w->d;
    for (uint32_t i = 0; i < d->plan->n_attributes; i++) {
        const struct attribute *x = &d->plan->attributes[i];
        if (!plan_is_a(d->plan, w->u->kind, x->kind)) {
            continue;
        }
        const struct str fields[] = {
            w->u->code,      x->d.name, value_text(d, &x->d, attribute_value(w, i)),
            STR(""),         STR(""),   STR(""),
            STR("示例数据"), STR("D")};
        demo_row(d, TABLE_attributes, fields, sizeof fields / sizeof *fields);
    }
}

/* Real units keep what is known of them, with its source. */
static void known_attributes(struct drawing *w)
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

static void one_year(struct drawing *w, double *before)
{
    struct demo *d = w->d;
    struct rng r = demo_rng(d, w->u->code, 3000 + (uint64_t)w->year);
    bool silent = demo_chance(&r, w->u->careless ? 0.35 : 0.015);
    for (uint32_t i = 0; i < d->plan->n_items; i++) {
        d->values[i] = (double)NAN;
    }
    for (uint32_t i = 0; i < d->plan->n_items; i++) {
        if (plan_is_a(d->plan, w->u->kind, d->plan->items[i].kind)) {
            (void)item_value(w, i, 0);
        }
    }
    demo_plant(d, w->u, w->year, w->year > d->plan->baseline_year ? before : NULL);
    keep_checks(w);
    for (uint32_t i = 0; i < d->plan->n_items; i++) {
        before[i] = d->values[i];
        if (!silent && !isnan(d->values[i])) {
            write_item(w, i);
        }
    }
}

static void one_unit(struct demo *d, const struct demo_unit *u, struct check_lines checks,
                     double *before)
{
    struct drawing w = {.d = d, .u = u, .year = d->plan->baseline_year, .checks = checks};
    struct arena_mark mark = arena_mark(d->a);
    w.attrs = ARENA_ARRAY(d->a, double, d->plan->n_attributes + 1);
    for (uint32_t i = 0; i < d->plan->n_attributes; i++) {
        w.attrs[i] = (double)NAN;
    }
    known_attributes(&w);
    write_attributes(&w);
    for (; w.year <= d->plan->last_year; w.year++) {
        one_year(&w, before);
    }
    arena_rewind(d->a, mark);
}

void demo_make_figures(struct demo *d)
{
    struct cells *cells = NULL;
    struct check_lines checks = {0};
    if (cells_make(d->a, d->plan, d->pack->data, DATE_MAX, &cells, NULL) == RC_OK) {
        checks = cells_checks(cells);
    }
    d->values = ARENA_ARRAY(d->a, double, d->plan->n_items + 1);
    double *before = ARENA_ARRAY(d->a, double, d->plan->n_items + 1);
    for (uint32_t i = 0; i < d->units.n; i++) {
        one_unit(d, &d->units.items[i], checks, before);
    }
}
