/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and their units. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "io/cell_clean_int.h"
#include "model/uom.h"

#define TEXT_DIGITS_MAX 30U

/* A unit with what it is made of. */
struct measure {
    struct rat factor;
    struct dim dim;
    bool scaled; /* begins with 百 千 万 亿 */
};

/* A number in the making. */
struct figure {
    struct rat number;
    struct str rest; /* what stands behind it */
    bool implied;    /* by a sign of the currency */
    bool as_percent; /* shown as a percentage by its format */
};

/* ---- units ---------------------------------------------------------------------------------- */

static bool is_scaled(struct str unit)
{
    static const struct str scales[] = {STR_INIT("百"), STR_INIT("千"), STR_INIT("万"),
                                        STR_INIT("亿")};
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        if (str_starts(unit, scales[i])) {
            return true;
        }
    }
    return false;
}

static bool read_measure(struct cleaning *c, struct str unit, struct measure *out)
{
    out->scaled = is_scaled(unit);
    if (unit.n == 0) {
        out->factor = rat_one();
        out->dim = dim_none();
        return true;
    }
    return uom_parse_suffix(c->a, c->ask->units, unit, &out->factor, &out->dim, NULL);
}

/* Amounts of x and y are of one sort; a bare number is of none but its own. */
static bool same_sort(const struct measure *x, const struct measure *y)
{
    return dim_eq(dim_settle(x->dim), dim_settle(y->dim));
}

/* Both the item's unit and that of the column; false: the fault is set. */
static bool column_measures(struct cleaning *c, struct measure *item, struct measure *column)
{
    bool named = c->ask->header_unit.n > 0;
    if (!read_measure(c, c->ask->unit, item) ||
        !read_measure(c, named ? c->ask->header_unit : c->ask->unit, column) ||
        !same_sort(item, column)) {
        clean_fault(c, CLEAN_FAULT_HEADER_UNIT);
        return false;
    }
    return true;
}

/* ---- percentages ---------------------------------------------------------------------------- */

static struct str shown(struct cleaning *c, struct rat x)
{
    return rat_dec_str(c->a, x, SHOWN_DIGITS, NULL);
}

static struct str percent_text(struct cleaning *c, struct rat hundredths)
{
    return str_cat(c->a, shown(c, hundredths), STR("%"));
}

static void ask_percent(struct cleaning *c, struct rat likely, struct rat other)
{
    struct str first = str_cat(c->a, percent_text(c, likely), STR(" | "));
    clean_suggest(c, CLEAN_FAULT_PERCENT, str_cat(c->a, first, percent_text(c, other)));
}

/*
 * A plain number of a column in %. Between 0 and 1 it may be a share of 1, which the writer of the
 * column alone can know. true: *factor is what it counts in.
 */
static bool plain_percent(struct cleaning *c, struct rat n, struct rat *factor)
{
    bool small = rat_cmp(rat_abs(c->a, n), rat_one()) <= 0 && !rat_is_zero(n);
    if (c->ask->percent == CLEAN_PERCENT_SHARE) {
        clean_did(c, CLEAN_DID_SHARE);
        *factor = rat_one();
        return true;
    }
    if (small && c->ask->percent == CLEAN_PERCENT_UNASKED) {
        ask_percent(c, rat_mul(c->a, n, rat_int(100)), n);
        return false;
    }
    *factor = rat_frac(1, 100);
    return true;
}

/* 95 in a cell that was formatted as a percentage afterwards shows as 9500%. */
static bool formatted_percent(struct cleaning *c, struct rat n, struct rat *factor)
{
    if (rat_cmp(rat_abs(c->a, n), rat_int(10)) >= 0) {
        ask_percent(c, n, rat_mul(c->a, n, rat_int(100)));
        return false;
    }
    clean_did(c, CLEAN_DID_PERCENT);
    *factor = rat_one();
    return true;
}

/* ---- putting it together -------------------------------------------------------------------- */

static void give(struct cleaning *c, struct rat number, struct rat factor,
                 const struct measure *item)
{
    bool told = (c->out->did & (1U << CLEAN_DID_PERCENT | 1U << CLEAN_DID_SHARE)) != 0;
    clean_did_if(c, !told && !rat_eq(factor, item->factor), CLEAN_DID_SCALED);
    c->out->number = rat_div(c->a, rat_mul(c->a, number, factor), item->factor);
    if (c->ask->want == CLEAN_WHOLE && !rat_is_int(c->out->number)) {
        clean_fault(c, CLEAN_FAULT_NOT_WHOLE);
    }
}

/* The unit in the cell: its factor; false: a fault is set. */
static bool own_unit(struct cleaning *c, const struct figure *f, const struct measure *item,
                     const struct measure *column, struct rat *factor)
{
    struct measure own;
    if (!read_measure(c, f->rest, &own)) {
        clean_suggest(c, CLEAN_FAULT_NO_UNIT, shown(c, f->number));
        return false;
    }
    clean_did_if(c, !f->implied, CLEAN_DID_UNIT);
    if (uom_is_bare(c->ask->units, f->rest)) { /* 3.5万: so many of what the column counts */
        *factor = rat_mul(c->a, own.factor, column->factor);
        if (column->scaled) {
            clean_suggest(c, CLEAN_FAULT_SCALE_TWICE, shown(c, f->number));
        }
        return !column->scaled;
    }
    if (!same_sort(&own, item)) {
        clean_fault(c, CLEAN_FAULT_OTHER_UNIT);
        return false;
    }
    *factor = own.factor;
    return true;
}

static void conclude(struct cleaning *c, const struct figure *f)
{
    struct measure item;
    struct measure column;
    if (!column_measures(c, &item, &column)) {
        return;
    }
    struct rat factor = column.factor;
    if (c->cell->kind == CELL_NUMBER && c->cell->format == NF_SCALED && column.scaled) {
        clean_suggest(c, CLEAN_FAULT_SHOWS_OTHER, shown(c, f->number)); /* 1.2万 under 万元 */
        return;
    }
    bool hundredth = dim_is_none(column.dim) && rat_eq(column.factor, rat_frac(1, 100));
    bool ok = true;
    if (f->rest.n > 0) {
        ok = own_unit(c, f, &item, &column, &factor);
    } else if (f->as_percent && !dim_is_none(item.dim)) {
        clean_fault(c, CLEAN_FAULT_OTHER_UNIT);
        ok = false;
    } else if (f->as_percent) {
        ok = formatted_percent(c, f->number, &factor);
    } else if (hundredth) {
        ok = plain_percent(c, f->number, &factor);
    }
    if (ok) {
        give(c, f->number, factor, &item);
    }
}

/* ---- cells that hold a number --------------------------------------------------------------- */

void clean_number_cell(struct cleaning *c)
{
    struct decimal d;
    struct figure f = {.as_percent = c->cell->format == NF_PERCENT};
    if (c->cell->format == NF_DATE || c->cell->format == NF_TIME) {
        clean_fault(c, CLEAN_FAULT_IS_DATE);
        return;
    }
    if (!clean_shown(c, &d)) {
        return;
    }
    if (decimal_whole_digits(&d) > SHOWN_DIGITS || d.exponent < -(int32_t)TEXT_DIGITS_MAX ||
        !decimal_rat(c->a, &d, &f.number)) {
        clean_fault(c, CLEAN_FAULT_TOO_LONG);
        return;
    }
    if (c->cell->format == NF_MISLEADS) {
        clean_suggest(c, CLEAN_FAULT_SHOWS_OTHER, shown(c, f.number));
        return;
    }
    clean_did_if(c, c->cell->format == NF_SCALED, CLEAN_DID_OTHER_SCALE);
    conclude(c, &f);
}

/* ---- text ----------------------------------------------------------------------------------- */

/* What begins the text: a sign, a sign of the currency, in either order. */
struct lead {
    bool negative;
    bool currency;
};

static uint32_t skip_spaces(struct str s, uint32_t i)
{
    while (i < s.n && s.p[i] == ' ') {
        i++;
    }
    return i;
}

static const struct {
    struct str text;
    bool negative, currency, unusual;
} leads[] = {
    {STR_INIT("-"), true, false, false},   {STR_INIT("+"), false, false, true},
    {STR_INIT("−"), true, false, true},    {STR_INIT("¥"), false, true, false},
    {STR_INIT("RMB"), false, true, false}, {STR_INIT("人民币"), false, true, false},
};

static struct str read_lead(struct cleaning *c, struct str s, struct lead *out)
{
    bool sign = false;
    *out = (struct lead){false, false};
    for (size_t i = 0; i < sizeof leads / sizeof leads[0];) {
        bool again = leads[i].currency ? out->currency : sign;
        if (again || !str_starts(s, leads[i].text)) {
            i++;
            continue;
        }
        out->negative = out->negative || leads[i].negative;
        out->currency = out->currency || leads[i].currency;
        sign = sign || !leads[i].currency;
        clean_did_if(c, leads[i].unusual, CLEAN_DID_SIGN);
        clean_did_if(c, leads[i].currency, CLEAN_DID_CURRENCY);
        s = str_sub(s, skip_spaces(s, leads[i].text.n), s.n);
        i = 0;
    }
    return s;
}

/* (1,234) in accounts is −1234. */
static bool strip_brackets(struct str *s)
{
    bool both = s->n > 2 && s->p[0] == '(' && s->p[s->n - 1] == ')';
    if (both) {
        *s = str_trim(str_sub(*s, 1, s->n - 1));
    }
    return both;
}

/*
 * Digits in groups: 1,234,567 or with blanks. *at moves behind them, digits go to buf. false: the
 * groups are not of three.
 */
static bool read_groups(struct cleaning *c, struct str s, uint32_t *at, struct buf *out)
{
    uint32_t n = clean_digits(s, *at);
    uint32_t i = *at + n;
    char separator = i < s.n ? s.p[i] : 0;
    bool grouped = n > 0 && (separator == ',' || separator == ' ') && clean_digits(s, i + 1) > 0;
    buf_put(out, s.p + *at, n);
    *at = i;
    if (!grouped) {
        return separator != ',';
    }
    bool proper = n <= 3;
    while (i < s.n && s.p[i] == separator && clean_digits(s, i + 1) > 0) {
        n = clean_digits(s, i + 1);
        proper = proper && n == 3;
        buf_put(out, s.p + i + 1, n);
        i += 1 + n;
    }
    *at = i;
    clean_did(c, CLEAN_DID_GROUPED);
    return proper && (i == s.n || s.p[i] != ',');
}

/* Why a text with a digit is no number. */
static enum clean_fault why_not(struct str rest)
{
    static const struct {
        struct str sign;
        enum clean_fault fault;
    } signs[] = {
        {STR_INIT("-"), CLEAN_FAULT_RANGE},      {STR_INIT("~"), CLEAN_FAULT_RANGE},
        {STR_INIT("–"), CLEAN_FAULT_RANGE},      {STR_INIT("—"), CLEAN_FAULT_RANGE},
        {STR_INIT("至"), CLEAN_FAULT_RANGE},     {STR_INIT("到"), CLEAN_FAULT_RANGE},
        {STR_INIT("+"), CLEAN_FAULT_ARITHMETIC}, {STR_INIT("*"), CLEAN_FAULT_ARITHMETIC},
        {STR_INIT("×"), CLEAN_FAULT_ARITHMETIC}, {STR_INIT("="), CLEAN_FAULT_ARITHMETIC},
        {STR_INIT("/"), CLEAN_FAULT_ARITHMETIC},
    };
    uint32_t digit = 0;
    while (digit < rest.n && (rest.p[digit] < '0' || rest.p[digit] > '9')) {
        digit++;
    }
    for (size_t i = 0; digit < rest.n && i < sizeof signs / sizeof signs[0]; i++) {
        if (str_find(str_sub(rest, 0, digit), signs[i].sign, 0) != STR_NONE) {
            return signs[i].fault;
        }
    }
    return digit < rest.n ? CLEAN_FAULT_NOT_NUMBER : CLEAN_FAULT_OK;
}

static bool is_exponent(struct str rest)
{
    uint32_t i = rest.n > 0 && (rest.p[0] == 'E' || rest.p[0] == 'e') ? 1 : 0;
    i += i == 1 && i < rest.n && (rest.p[i] == '+' || rest.p[i] == '-') ? 1 : 0;
    return i > 0 && clean_digits(rest, i) > 0 && i + clean_digits(rest, i) == rest.n;
}

/*
 * What wrong groups may mean: 1,2 is 1.2 where a comma is a point, or 12; four digits behind it are
 * rather a group of ten thousands.
 */
static struct str perhaps(struct cleaning *c, struct str s, struct str all)
{
    uint32_t comma = str_find(s, STR(","), 0);
    uint32_t n = comma == STR_NONE ? 0 : clean_digits(s, comma + 1);
    if (n == 0 || comma != clean_digits(s, 0) || comma + 1 + n != s.n) {
        return all;
    }
    struct str point = str_cat(c->a, str_sub(s, 0, comma), STR("."));
    point = str_cat(c->a, point, str_sub(s, comma + 1, s.n));
    struct str first = str_cat(c->a, n == 4 ? all : point, STR(" | "));
    return str_cat(c->a, first, n == 4 ? point : all);
}

/* The digits of s to a figure; false: a fault is set. */
static bool read_figure(struct cleaning *c, struct str s, struct figure *f)
{
    struct buf b;
    uint32_t at = 0;
    buf_init_in(&b, c->a, WORKBOOK_TEXT_MAX);
    bool proper = read_groups(c, s, &at, &b);
    uint32_t whole = b.n;
    if (whole == 0) {
        clean_fault(c, CLEAN_FAULT_NOT_NUMBER);
        return false;
    }
    if (!proper) {
        clean_suggest(c, CLEAN_FAULT_SEPARATORS, perhaps(c, s, buf_view(&b)));
        return false;
    }
    if (at < s.n && s.p[at] == '.' && clean_digits(s, at + 1) > 0) {
        uint32_t part = clean_digits(s, at + 1);
        buf_put(&b, s.p + at, part + 1);
        at += part + 1;
    }
    f->rest = str_trim(str_sub(s, at, s.n));
    enum clean_fault fault = is_exponent(f->rest) ? CLEAN_FAULT_SCIENTIFIC : why_not(f->rest);
    fault = b.n > TEXT_DIGITS_MAX ? CLEAN_FAULT_TOO_LONG : fault;
    if (fault != CLEAN_FAULT_OK || !rat_parse_decimal(c->a, buf_view(&b), &f->number)) {
        clean_fault(c, fault != CLEAN_FAULT_OK ? fault : CLEAN_FAULT_NOT_NUMBER);
        return false;
    }
    return true;
}

/* The currency stands for its unit: ¥3.5万 is 3.5万元. */
static struct str with_currency(struct cleaning *c, struct str rest)
{
    return str_ends(rest, STR("元")) ? rest : str_cat(c->a, rest, STR("元"));
}

static void read_plain(struct cleaning *c, struct str s)
{
    struct figure f = {.as_percent = false};
    struct lead lead;
    bool brackets = strip_brackets(&s);
    s = read_lead(c, s, &lead);
    if (brackets && lead.negative) {
        clean_fault(c, CLEAN_FAULT_NOT_NUMBER); /* (-5): of two signs one is too many */
        return;
    }
    if (s.n > 0 && s.p[0] == '.' && clean_digits(s, 1) > 0) {
        s = str_cat(c->a, STR("0"), s);
    }
    if (!read_figure(c, s, &f)) {
        return;
    }
    clean_did_if(c, brackets, CLEAN_DID_BRACKETS);
    f.number = lead.negative != brackets ? rat_neg(c->a, f.number) : f.number;
    f.implied = lead.currency && f.rest.n == 0;
    f.rest = lead.currency ? with_currency(c, f.rest) : f.rest;
    conclude(c, &f);
}

/* A figure that is not exact, with what it would be without the words; nothing of that counts. */
static void suggest_exact(struct cleaning *c, struct str rest)
{
    struct clean_value kept = *c->out;
    read_plain(c, str_trim(rest));
    struct str exact = c->out->fault == CLEAN_FAULT_OK ? shown(c, c->out->number) : STR("");
    *c->out = kept;
    clean_suggest(c, CLEAN_FAULT_APPROXIMATE, exact);
}

/* 三百二十, 三百二十人: false when the text is something else. */
static bool numeral(struct cleaning *c, struct str s)
{
    uint32_t n = clean_is_numeral(s) ? s.n : clean_numeral_length(s);
    struct str unit = str_trim(str_sub(s, n, s.n));
    struct measure m;
    if (n == 0 || (unit.n > 0 && !read_measure(c, unit, &m))) {
        return false;
    }
    struct str digits = clean_numeral(c->a, str_sub(s, 0, n));
    bool stroke = str_eq(s, STR("一")); /* looks like the one for "not applicable" */
    digits = stroke ? STR("1 | —") : digits.n > 0 ? str_cat(c->a, digits, unit) : STR("");
    clean_suggest(c, CLEAN_FAULT_NUMERAL, digits);
    return true;
}

void clean_number_text(struct cleaning *c, struct str s)
{
    struct str rest;
    bool fault = false;
    bool quoted = clean_unquote(c, &s, &fault);
    if (fault) {
        return;
    }
    if (str_eq(s, STR("无"))) {
        clean_suggest(c, CLEAN_FAULT_NONE, STR("0 | —"));
    } else if (clean_is_approximate(c, s, &rest)) {
        suggest_exact(c, rest);
    } else if (!numeral(c, s)) {
        read_plain(c, s);
        bool number = c->out->fault == CLEAN_FAULT_OK;
        clean_did_if(c, number && !c->ask->csv && !quoted, CLEAN_DID_TEXT_NUMBER);
    }
}
