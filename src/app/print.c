/* SPDX-License-Identifier: Apache-2.0 */
/* Figures for people. */
#include "app/print.h"

#include "base/arena.h"
#include "base/json.h"

void printer_init(struct printer *p, struct arena *a, const struct plan *plan, bool chinese)
{
    *p = (struct printer){.a = a, .plan = plan, .chinese = chinese};
}

/* No printed figure stands on another side of its threshold than the exact one (C36). */
static bool same_side(struct arena *a, struct str printed, struct rat x, struct rat t)
{
    struct rat y;
    return rat_parse_decimal(a, printed, &y) && rat_cmp(y, t) == rat_cmp(x, t);
}

struct str print_decimal(struct arena *a, struct rat x, const struct rat *threshold, int min)
{
    if (rat_is_inf(x)) {
        return rat_sign(x) > 0 ? STR("∞") : STR("-∞");
    }
    for (int d = min; d <= PRINT_DECIMALS_MAX; d++) {
        struct str s = rat_dec_fixed(a, x, d, RAT_NEAREST);
        if (!threshold || rat_is_inf(*threshold) || same_side(a, s, x, *threshold)) {
            return s;
        }
    }
    return str_cat(a, rat_cmp(x, *threshold) < 0 ? STR("<") : STR(">"),
                   rat_dec_fixed(a, *threshold, min, RAT_NEAREST));
}

/* The largest k / 10^12 whose square is at most x. */
static struct rat root_floor(struct arena *a, struct rat x)
{
    struct rat scale = rat_int(1000000000000);
    struct rat lo = rat_zero();
    struct rat hi = rat_floor(a, rat_mul(a, rat_add(a, x, rat_one()), scale));
    while (rat_cmp(rat_sub(a, hi, lo), rat_one()) > 0) {
        struct rat mid = rat_floor(a, rat_mul(a, rat_add(a, lo, hi), rat_frac(1, 2)));
        struct rat y = rat_div(a, mid, scale);
        if (rat_cmp(rat_mul(a, y, y), x) <= 0) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return rat_div(a, lo, scale);
}

struct str print_root(struct arena *a, struct rat square, const struct rat *threshold)
{
    if (rat_is_inf(square)) {
        return STR("∞");
    }
    struct rat y = root_floor(a, square);
    /* An irrational root above the threshold must not print as the threshold. */
    bool above = threshold && rat_cmp(square, rat_mul(a, *threshold, *threshold)) > 0 &&
                 rat_cmp(y, *threshold) <= 0;
    return above ? str_cat(a, STR(">"), rat_dec_str(a, *threshold, 4, NULL))
                 : print_decimal(a, y, threshold, 4);
}

uint32_t print_measure_of(const struct plan *plan, const struct verdict *v)
{
    const struct commitment *k = &plan->commitments[v->commitment];
    if (v->clause && v->clause->measure != NONE) {
        return v->clause->measure;
    }
    for (uint32_t i = 0; i < k->n_definitions; i++) {
        if (str_eq(k->definitions[i].name, v->definition) || k->definitions[i].adopted) {
            return k->definitions[i].measure;
        }
    }
    return NONE;
}

/* How figures of a row are written: the declared unit of a single item, else by dimension. */
struct style {
    struct rat factor;
    struct str unit;
    bool english; /* by its dimension, whatever the pack calls the unit */
    struct dim dim;
    int decimals;
};

/* Of a dimension, or of a unit of it that the pack names. */
static struct style style_in(struct printer *p, struct dim dim, const struct datum *d)
{
    struct dim settled = dim_settle(dim);
    struct style s = {.factor = rat_one(), .english = !p->chinese, .dim = settled};
    if (d != NULL && (p->chinese || dim_is_none(settled))) {
        s.factor = d->factor;
        s.english = false;
        s.unit = !p->chinese && str_eq(d->unit, STR("倍")) ? STR("times") : d->unit;
    } else if (p->chinese) {
        s.unit = dim_text(p->a, &p->plan->uom, settled, UOM_ZH);
    }
    return s;
}

static struct style style_of(struct printer *p, const struct verdict *v)
{
    struct style s = {.factor = rat_frac(1, 100), .unit = STR("%"), .decimals = 1};
    uint32_t e = print_measure_of(p->plan, v);
    const struct expr *x = e == NONE ? NULL : &p->plan->exprs[e];
    if (p->plan->commitments[v->commitment].kind == CK_SCORECARD) {
        return style_in(p, dim_of(DIM_POINT), NULL);
    }
    if (v->for_all || !x) {
        return s;
    }
    if (x->op == EX_ITEM && p->plan->items[x->ref].d.unit.n > 0) {
        const struct datum *d = &p->plan->items[x->ref].d;
        s = style_in(p, x->dim, d);
        s.decimals = str_eq(d->unit, STR("%")) ? 1 : 0;
    } else if (!dim_is_none(dim_settle(x->dim))) {
        s = style_in(p, x->dim, NULL);
    } else if (v->measure.kind == MV_NUMBER &&
               rat_cmp(v->has_threshold ? v->threshold : v->measure.lo, rat_int(2)) >= 0) {
        s = (struct style){.factor = rat_one(), .decimals = 1};
    }
    return s;
}

static struct str with_unit(struct printer *p, const struct style *s, struct str figure)
{
    return s->english ? dim_amount_en(p->a, &p->plan->uom, figure, s->dim)
                      : uom_amount(p->a, figure, s->unit);
}

/* Decimals of a figure that is not compared with anything. */
static int plain_decimals(const struct style *s, struct rat scaled)
{
    return s->decimals > 0 || rat_is_int(scaled) ? s->decimals : 2;
}

static struct str number(struct printer *p, const struct style *s, struct rat x,
                         const struct rat *threshold)
{
    struct rat scaled = rat_is_inf(x) ? x : rat_div(p->a, x, s->factor);
    struct rat t = rat_zero();
    if (threshold) {
        t = rat_is_inf(*threshold) ? *threshold : rat_div(p->a, *threshold, s->factor);
    }
    int min = plain_decimals(s, scaled);
    struct str text = print_decimal(p->a, scaled, threshold ? &t : NULL, min);
    return rat_is_inf(x) ? text : with_unit(p, s, text);
}

struct str print_figure(struct printer *p, const struct verdict *v, struct rat x,
                        const struct rat *threshold)
{
    struct style s = style_of(p, v);
    if ((v->measure.flags & MF_ROOT) != 0) {
        return print_root(p->a, x, threshold);
    }
    return number(p, &s, x, threshold);
}

/* Of a difference: percents of a share differ by points. */
static struct style difference_style(struct printer *p, const struct verdict *v)
{
    struct style s = style_of(p, v);
    if (str_eq(s.unit, STR("%"))) {
        s.unit = p->chinese ? STR(" 个百分点") : STR("percentage points");
    }
    return s;
}

struct str print_enough(struct printer *p, const struct verdict *v, struct rat x)
{
    struct style s = difference_style(p, v);
    struct rat scaled = rat_div(p->a, x, s.factor);
    int decimals = plain_decimals(&s, scaled);
    return with_unit(p, &s, rat_dec_fixed(p->a, scaled, decimals, RAT_CEIL));
}

/* x rounded up to d decimals, which is x but for a tenth of it. */
static bool rounded_up(struct arena *a, struct rat x, int d, struct rat *out)
{
    if (!rat_parse_decimal(a, rat_dec_fixed(a, x, d, RAT_CEIL), out)) {
        return false;
    }
    struct rat off = rat_mul(a, rat_sub(a, *out, x), rat_int(10));
    return rat_cmp(off, rat_abs(a, x)) <= 0;
}

/* Rounded up to d decimals x is to y, and twice x is to y, as they are exactly. */
static bool compare_alike(struct arena *a, struct rat x, struct rat y, int d)
{
    struct rat u = rat_zero();
    struct rat w = rat_zero();
    struct rat two = rat_int(2);
    return rounded_up(a, x, d, &u) && rounded_up(a, y, d, &w) && rat_cmp(u, w) == rat_cmp(x, y) &&
           rat_cmp(rat_mul(a, u, two), w) == rat_cmp(rat_mul(a, x, two), y);
}

void print_rates(struct printer *p, const struct verdict *v, struct rat observed,
                 struct rat required, struct str *observed_text, struct str *required_text)
{
    struct style s = difference_style(p, v);
    struct rat x = rat_div(p->a, observed, s.factor);
    struct rat y = rat_div(p->a, required, s.factor);
    int d = s.decimals;
    while (d < PRINT_DECIMALS_MAX && !compare_alike(p->a, x, y, d)) {
        d++;
    }
    *observed_text = with_unit(p, &s, rat_dec_fixed(p->a, x, d, RAT_CEIL));
    *required_text = with_unit(p, &s, rat_dec_fixed(p->a, y, d, RAT_CEIL));
}

static struct str truth_words(const struct printer *p, const struct verdict *v)
{
    switch (v->measure.truth) {
    case T_YES:
        return p->chinese ? STR("是") : STR("yes");
    case T_NO:
        return p->chinese ? STR("否") : STR("no");
    case T_UNKNOWN:
        return p->chinese ? STR("缺") : STR("unknown");
    case T_NA:
        break;
    }
    return STR("-");
}

struct str print_withheld(const struct printer *p, enum withheld w)
{
    return w == WITHHELD_SMALL ? STR("<10") : p->chinese ? STR("不公开") : STR("withheld");
}

struct str print_measure(struct printer *p, const struct verdict *v)
{
    const struct mval *m = &v->measure;
    const struct rat *t = v->has_threshold ? &v->threshold : NULL;
    if (v->withheld != SHOWN) {
        return print_withheld(p, v->withheld);
    }
    if (m->kind == MV_NONE) {
        return STR("-");
    }
    if (m->kind == MV_BOOL) {
        return truth_words(p, v);
    }
    struct str lo = print_figure(p, v, m->lo, t);
    if (rat_eq(m->lo, m->hi)) {
        return lo;
    }
    struct str hi = print_figure(p, v, m->hi, t);
    struct str out = str_cat(p->a, str_cat(p->a, STR("["), lo), STR(", "));
    return str_cat(p->a, str_cat(p->a, out, hi), STR("]"));
}

struct str print_required(struct printer *p, const struct verdict *v)
{
    static const char *const signs[] = {
        [CMP_GE] = "≥ ",    [CMP_REACH] = "≥ ", [CMP_BARE] = "≥ ",        [CMP_LE] = "≤ ",
        [CMP_GT] = "> ",    [CMP_LT] = "< ",    [CMP_ABOUT] = "≥ ",       [CMP_BETWEEN] = "",
        [CMP_EQ] = "= ",    [CMP_NE] = "≠ ",    [CMP_NEVER_FALLS] = "≥ ", [CMP_NEVER_RISES] = "≤ ",
        [CMP_RISES] = "> ", [CMP_FALLS] = "< ",
    };
    if (!v->has_threshold || v->for_all || v->cmp == CMP_NONE) {
        return STR("");
    }
    struct verdict plain = *v;
    plain.measure.flags &= ~(uint32_t)MF_ROOT;
    struct str low = print_figure(p, &plain, v->threshold, NULL);
    if (v->cmp != CMP_BETWEEN) {
        return str_cat(p->a, str_from_cstr(signs[v->cmp]), low);
    }
    return str_cat(p->a, str_cat(p->a, low, STR(" – ")),
                   print_figure(p, &plain, v->threshold2, NULL));
}

void co_owners_json(struct json *j, const struct commitment *k)
{
    json_key(j, "with");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_with; i++) {
        json_str(j, k->with[i].name);
    }
    json_arr_end(j);
}
