/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the tables, and small texts in them. */
#include <math.h>

#include "app/demo/demo_int.h"
#include "base/arena.h"

/* Its column `recorded`, if there is one, is empty or not after the day (DE5). */
static bool is_known(const struct demo *d, const struct csv_table *t, const struct str *fields,
                     uint32_t n)
{
    struct date day;
    for (uint32_t i = 0; i < (n < t->n_columns ? n : t->n_columns); i++) {
        if (str_eq(str_from_cstr(t->columns[i].name_en), STR("recorded"))) {
            return !date_parse(fields[i], &day) || date_cmp(day, d->o.as_of) <= 0;
        }
    }
    return true;
}

bool demo_row(struct demo *d, enum io_table t, const struct str *fields, uint32_t n)
{
    uint32_t columns = io_table_get(t)->n_columns;
    if (!is_known(d, io_table_get(t), fields, n)) {
        return false;
    }
    for (uint32_t i = 0; i < (n > columns ? n : columns); i++) {
        csv_write_field(&d->writers[t], i < n ? fields[i] : STR(""));
    }
    csv_write_end(&d->writers[t]);
    return true;
}

void demo_key(struct demo *d, const char *pattern, const struct demo_unit *u, struct str what,
              struct str when)
{
    const struct str fields[] = {str_from_cstr(pattern), u->code, u->name, what, when};
    for (uint32_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        csv_write_field(&d->key_writer, fields[i]);
    }
    csv_write_end(&d->key_writer);
}

struct str demo_day(struct demo *d, struct date day)
{
    char text[DATE_TEXT_BYTES];
    return date_is_sentinel(day) ? STR("") : str_dup(d->a, date_text(day, text));
}

/* Plain decimals, at most 10^15 with four places. */
struct str demo_number(struct demo *d, double x, uint32_t decimals)
{
    static const double scales[] = {1, 10, 100, 1000, 10000};
    double scaled = floor(fabs(x) * scales[decimals] + 0.5);
    int64_t n = (int64_t)(scaled < 9e18 ? scaled : 9e18);
    struct rat v = rat_div(d->a, rat_int(x < 0 ? -n : n), rat_int((int64_t)scales[decimals]));
    return rat_dec_str(d->a, v, (int)decimals, NULL);
}

bool demo_stands(const struct demo_unit *u, struct date day)
{
    return date_cmp(u->from, day) <= 0 && date_cmp(day, u->to) <= 0;
}

struct str demo_text(struct demo *d, const struct datum *x, double value, int32_t year)
{
    switch (x->type) {
    case VT_BOOL:
        return value > 0 ? STR("是") : STR("否");
    case VT_CHOICE:
        return x->n_choices > 0 ? x->choices[(uint32_t)value] : STR("");
    case VT_NUMBER:
        return demo_number(d, value / rat_to_double(x->factor), x->decimals);
    case VT_DATE:
        return demo_day(d, date_add_days(date_year_start(year), (int32_t)value));
    case VT_TEXT:
        break;
    }
    return STR("示例");
}

static double bound(struct rat x, double otherwise)
{
    return rat_is_inf(x) ? otherwise : rat_to_double(x);
}

/* Persons and things are whole, whatever decimals are allowed. */
double demo_rounded(const struct datum *x, double value)
{
    static const double scales[] = {1, 10, 100, 1000, 10000};
    if (x->type != VT_NUMBER || isnan(value)) {
        return value;
    }
    bool whole =
        x->dim.exp[DIM_PERSON] + x->dim.exp[DIM_PERSON_TIME] + x->dim.exp[DIM_THING] == 1 &&
        x->dim.exp[DIM_MONEY] == 0 && rat_cmp(x->factor, rat_one()) == 0;
    double step = whole ? 1 : rat_to_double(x->factor) / scales[x->decimals];
    value = floor(value / step + 0.5) * step;
    return fmin(fmax(value, bound(x->lo, -1e15)), bound(x->hi, 1e15));
}

struct date demo_in_year(struct rng *r, int32_t year, int32_t first, int32_t days)
{
    return date_add_days(date_year_start(year), first + (int32_t)rng_below(r, (uint64_t)days));
}
