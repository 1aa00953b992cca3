/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a row: dates, numbers, choices, names of the plan and of units. */
#include "app/load/load_int.h"
#include "base/arena.h"

const struct csv_field *row_field(const struct row *r, uint32_t column)
{
    return r->s->index[column] == CSV_ABSENT ? NULL : &r->fields[r->s->index[column]];
}

struct str row_text(const struct row *r, uint32_t column)
{
    const struct csv_field *f = row_field(r, column);
    return f ? csv_trim(f->text) : STR("");
}

struct date row_date(struct row *r, uint32_t column, struct date absent)
{
    struct str text = row_text(r, column);
    struct date d = absent;
    if (text.n > 0 && !date_parse(text, &d)) {
        row_problem(r, row_field(r, column), LOAD_BAD_DATE, text, STR(""));
    }
    return d;
}

void row_dates(struct row *r, uint32_t column, struct date from, struct date to)
{
    char x[DATE_TEXT_BYTES];
    char y[DATE_TEXT_BYTES];
    if (date_cmp(from, to) > 0) {
        row_problem(r, row_field(r, column), LOAD_FROM_AFTER_TO,
                    str_dup(r->l->a, date_text(from, x)), str_dup(r->l->a, date_text(to, y)));
    }
}

struct word {
    struct str text;
    int value;
};

static bool find_word(const struct word *words, uint32_t n, struct str text, int *out)
{
    for (uint32_t i = 0; i < n; i++) {
        if (str_eq(words[i].text, text)) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

#define LEN(array) (uint32_t)(sizeof(array) / sizeof *(array))

bool load_bool(struct str text, bool *out)
{
    static const struct word words[] = {
        {STR_INIT("是"), 1},    {STR_INIT("否"), 0},   {STR_INIT("true"), 1},
        {STR_INIT("false"), 0}, {STR_INIT("yes"), 1},  {STR_INIT("no"), 0},
        {STR_INIT("1"), 1},     {STR_INIT("0"), 0},    {STR_INIT("TRUE"), 1},
        {STR_INIT("FALSE"), 0}, {STR_INIT("True"), 1}, {STR_INIT("False"), 0},
        {STR_INIT("Yes"), 1},   {STR_INIT("No"), 0},   {STR_INIT("YES"), 1},
        {STR_INIT("NO"), 0},
    };
    int v = 0;
    bool known = find_word(words, LEN(words), text, &v);
    *out = known ? v == 1 : *out;
    return known;
}

bool row_bool(struct row *r, uint32_t column, bool absent)
{
    struct str text = row_text(r, column);
    bool v = absent;
    if (text.n > 0 && !load_bool(text, &v)) {
        row_problem(r, row_field(r, column), LOAD_BAD_BOOL, text, STR(""));
    }
    return v;
}

enum row_status row_status(struct row *r, uint32_t column)
{
    static const struct word words[] = {
        {STR_INIT("accepted"), ROW_ACCEPTED},   {STR_INIT("已采纳"), ROW_ACCEPTED},
        {STR_INIT("submitted"), ROW_SUBMITTED}, {STR_INIT("已提交"), ROW_SUBMITTED},
        {STR_INIT("returned"), ROW_RETURNED},   {STR_INIT("已退回"), ROW_RETURNED},
        {STR_INIT("draft"), ROW_DRAFT},         {STR_INIT("草稿"), ROW_DRAFT},
        {STR_INIT("withdrawn"), ROW_WITHDRAWN}, {STR_INIT("撤回"), ROW_WITHDRAWN},
    };
    struct str text = row_text(r, column);
    int v = ROW_ACCEPTED;
    if (text.n > 0 && !find_word(words, LEN(words), text, &v)) {
        row_problem(r, row_field(r, column), LOAD_BAD_STATUS, text, STR(""));
    }
    return (enum row_status)v;
}

/* Codes and names; a roll of many thousand units is not searched for a misspelling. */
static struct str near_unit(struct loader *l, struct str text)
{
    const struct tree *t = l->tree;
    struct str *names = ARENA_ARRAY(l->a, struct str, 2 * (size_t)t->n_versions + 1);
    if (t->n_versions > 20000) {
        return STR("");
    }
    for (uint32_t i = 0; i < t->n_versions; i++) {
        names[2 * i] = t->versions[i].name;
        names[2 * i + 1] = t->versions[i].code;
    }
    return load_nearest(l, text, names, 2 * t->n_versions);
}

uint32_t row_unit(struct row *r, uint32_t column)
{
    struct str text = row_text(r, column);
    const struct csv_field *f = row_field(r, column);
    uint32_t id = NONE;
    if (text.n == 0) {
        const struct csv_column *c = &io_table_get(r->s->table)->columns[column];
        row_problem(r, f, LOAD_EMPTY, str_from_cstr(c->name_en), str_from_cstr(c->name_zh));
        return NONE;
    }
    enum tree_found found = tree_find(r->l->tree, text, DATE_MIN, DATE_MAX, &id);
    if (found == TREE_FOUND_ONE) {
        return id;
    }
    if (found == TREE_FOUND_NONE) {
        row_problem(r, f, LOAD_UNKNOWN_UNIT, text, near_unit(r->l, text));
    } else {
        row_problem(r, f, LOAD_MANY_UNITS, text, STR(""));
    }
    return NONE;
}

uint32_t row_name(struct row *r, uint32_t column, const struct map *names, const char *sort_en,
                  const char *sort_zh)
{
    struct str text = row_text(r, column);
    struct arena *a = r->l->a;
    uint32_t ix = NONE;
    if (map_get(names, text, &ix)) {
        return ix;
    }
    struct str *known = ARENA_ARRAY(a, struct str, (size_t)map_len(names) + 1);
    for (uint32_t i = 0; i < map_len(names); i++) {
        known[i] = names->entries[i].key;
    }
    struct str near = load_nearest(r->l, text, known, map_len(names));
    struct str en = str_cat(a, str_cat(a, str_from_cstr(sort_en), STR(" ")), text);
    struct str zh = str_cat(a, str_cat(a, str_from_cstr(sort_zh), STR("“")), text);
    row_problem(r, row_field(r, column), LOAD_UNKNOWN_NAME, str_cat(a, en, near),
                str_cat(a, str_cat(a, zh, STR("”")), near));
    return NONE;
}

struct period row_period(struct row *r, uint32_t column)
{
    struct period p = {.kind = PERIOD_YEAR, .year = PERIOD_YEAR_MIN, .index = 1};
    struct str text = row_text(r, column);
    if (period_parse(text, &p, NULL) != RC_OK) {
        row_problem(r, row_field(r, column), LOAD_BAD_PERIOD, text, STR(""));
    }
    return p;
}

struct provenance row_from(struct row *r, uint32_t recorded, uint32_t source, uint32_t grade)
{
    struct provenance p = {.file = r->s->file, .line = r->fields[0].line};
    p.recorded = row_date(r, recorded, DATE_MIN);
    if (source != NONE) {
        p.source = row_text(r, source);
    }
    struct str g = grade != NONE ? row_text(r, grade) : STR("");
    if (g.n == 1 && g.p[0] >= 'A' && g.p[0] <= 'D') {
        p.grade = g.p[0];
    } else if (g.n > 0) {
        row_problem(r, row_field(r, grade), LOAD_BAD_GRADE, g, STR(""));
    }
    return p;
}

/* ---- values --------------------------------------------------------------------------------- */

/* Decimals that carry something: 95.50 has one. */
static uint32_t decimals_of(struct str text)
{
    uint32_t dot = str_find(text, STR("."), 0);
    uint32_t end = text.n;
    if (dot == STR_NONE) {
        return 0;
    }
    while (end > dot + 1 && text.p[end - 1] == '0') {
        end--;
    }
    return end - dot - 1;
}

static struct value number(struct row *r, const struct csv_field *f, struct str text,
                           const struct datum *d)
{
    struct value v = {.has = true, .num = rat_zero()};
    struct str digits = text;
    struct str decimals = rat_frac_str(r->l->a, rat_int(d->decimals));
    if (str_eq(d->unit, STR("%")) && str_ends(text, STR("%"))) {
        digits = str_sub(text, 0, text.n - 1);
    }
    if (!rat_parse_decimal(r->l->a, digits, &v.num)) {
        row_problem(r, f, LOAD_BAD_NUMBER, text, STR(""));
    } else if (rat_cmp(rat_abs(r->l->a, v.num), rat_int(LOAD_MAGNITUDE_MAX)) > 0) {
        row_problem(r, f, LOAD_TOO_LARGE, text, STR(""));
    } else if (decimals_of(digits) > d->decimals) {
        row_problem(r, f, LOAD_DECIMALS, text, decimals);
    } else {
        v.num = rat_mul(r->l->a, v.num, d->factor); /* C34 */
        if (rat_cmp(v.num, d->lo) < 0 || rat_cmp(v.num, d->hi) > 0) {
            row_problem(r, f, LOAD_OUT_OF_BOUNDS, text, d->name);
        }
    }
    return v;
}

static struct value choice(struct row *r, const struct csv_field *f, struct str text,
                           const struct datum *d)
{
    for (uint32_t i = 0; i < d->n_choices; i++) {
        if (str_eq(d->choices[i], text)) {
            return (struct value){.has = true, .num = rat_int(i), .text = text};
        }
    }
    row_problem(r, f, LOAD_BAD_CHOICE, text, d->name);
    return (struct value){.has = false, .num = rat_zero()};
}

struct value row_value(struct row *r, const struct csv_field *f, const struct datum *d)
{
    struct str text = f ? csv_trim(f->text) : STR("");
    struct value v = {.has = text.n > 0, .num = rat_zero(), .text = text};
    bool yes = false;
    struct date day = DATE_MIN;
    if (text.n == 0) {
        return v;
    }
    switch (d->type) {
    case VT_NUMBER:
        return number(r, f, text, d);
    case VT_CHOICE:
        return choice(r, f, text, d);
    case VT_BOOL:
        if (!load_bool(text, &yes)) {
            row_problem(r, f, LOAD_BAD_BOOL, text, STR(""));
        }
        v.num = rat_int(yes);
        break;
    case VT_DATE:
        if (!date_parse(text, &day)) {
            row_problem(r, f, LOAD_BAD_DATE, text, STR(""));
        }
        v.num = rat_int(day.days);
        break;
    case VT_TEXT:
        break;
    }
    return v;
}

bool load_unit_is(const struct loader *l, uint32_t unit, uint32_t kind)
{
    const struct tree_unit *u = &l->tree->units[unit];
    for (uint32_t i = 0; i < u->n; i++) {
        if (plan_is_a(l->plan, l->tree->versions[u->first + i].kind, kind)) {
            return true;
        }
    }
    return false;
}
