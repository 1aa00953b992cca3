/* SPDX-License-Identifier: Apache-2.0 */
/* Times: years and what stands before and behind them, five-year plans, months, 年底前. */
#include "draft/token.h"

struct sign {
    struct str text;
    enum when_kind kind;
    uint8_t month; /* its last day; 0: none */
};

static const struct sign before[] = {
    {STR_INIT("截至"), WHEN_BY, 0}, {STR_INIT("截止"), WHEN_BY, 0}, {STR_INIT("到"), WHEN_BY, 0},
    {STR_INIT("至"), WHEN_BY, 0},   {STR_INIT("于"), WHEN_AT, 0},   {STR_INIT("自"), WHEN_SINCE, 0},
    {STR_INIT("从"), WHEN_SINCE, 0}};

/* Behind a year, longest first. */
static const struct sign behind[] = {
    {STR_INIT("年底之前"), WHEN_BY, 12}, {STR_INIT("年底以前"), WHEN_BY, 12},
    {STR_INIT("年底前"), WHEN_BY, 12},   {STR_INIT("年末前"), WHEN_BY, 12},
    {STR_INIT("底之前"), WHEN_BY, 12},   {STR_INIT("底以前"), WHEN_BY, 12},
    {STR_INIT("上半年"), WHEN_BY, 6},    {STR_INIT("年年底"), WHEN_BY, 12},
    {STR_INIT("年年末"), WHEN_BY, 12},   {STR_INIT("以前"), WHEN_BY, 0},
    {STR_INIT("之前"), WHEN_BY, 0},      {STR_INIT("底前"), WHEN_BY, 12},
    {STR_INIT("末前"), WHEN_BY, 12},     {STR_INIT("年底"), WHEN_BY, 12},
    {STR_INIT("年末"), WHEN_BY, 12},     {STR_INIT("开始"), WHEN_SINCE, 0},
    {STR_INIT("以来"), WHEN_SINCE, 0},   {STR_INIT("以后"), WHEN_SINCE, 0},
    {STR_INIT("期间"), WHEN_AT, 0},      {STR_INIT("底"), WHEN_BY, 12},
    {STR_INIT("末"), WHEN_BY, 12},       {STR_INIT("前"), WHEN_BY, 0},
    {STR_INIT("起"), WHEN_SINCE, 0},     {STR_INIT("内"), WHEN_BY, 0},
    {STR_INIT("度"), WHEN_AT, 0}};

/* Without a year: in the year of the plan. */
static const struct sign alone[] = {
    {STR_INIT("今年年底前"), WHEN_BY, 12}, {STR_INIT("今年底前"), WHEN_BY, 12},
    {STR_INIT("本年度内"), WHEN_BY, 0},    {STR_INIT("当年年底"), WHEN_BY, 12},
    {STR_INIT("今年年底"), WHEN_BY, 12},   {STR_INIT("年底之前"), WHEN_BY, 12},
    {STR_INIT("年底以前"), WHEN_BY, 12},   {STR_INIT("今年内"), WHEN_BY, 0},
    {STR_INIT("今年底"), WHEN_BY, 12},     {STR_INIT("本年度"), WHEN_AT, 0},
    {STR_INIT("年底前"), WHEN_BY, 12},     {STR_INIT("年末前"), WHEN_BY, 12},
    {STR_INIT("上半年"), WHEN_BY, 6},      {STR_INIT("全年"), WHEN_AT, 0},
    {STR_INIT("今年"), WHEN_AT, 0},        {STR_INIT("年内"), WHEN_BY, 0},
    {STR_INIT("年底"), WHEN_BY, 12}};

/* Five-year plans by their numbers. */
static const struct {
    struct str name;
    int32_t from;
} fives[] = {{STR_INIT("十三五"), 2016},
             {STR_INIT("十四五"), 2021},
             {STR_INIT("十五五"), 2026},
             {STR_INIT("十六五"), 2031}};

static const struct {
    struct str text;
    bool end;
} of_five[] = {{STR_INIT("规划期末"), true}, {STR_INIT("规划期内"), false},
               {STR_INIT("规划末"), true},   {STR_INIT("期末"), true},
               {STR_INIT("时期"), false},    {STR_INIT("期间"), false},
               {STR_INIT("末期"), true},     {STR_INIT("末"), true}};

static bool here(struct str s, uint32_t at, struct str what)
{
    return str_starts(str_sub(s, at, s.n), what);
}

static const struct sign *sign_at(struct str s, uint32_t at, const struct sign *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (here(s, at, list[i].text)) {
            return &list[i];
        }
    }
    return NULL;
}

#define SIGN_AT(s, at, list) sign_at((s), (at), (list), sizeof(list) / sizeof((list)[0]))

static uint32_t join_sign(struct str s, uint32_t at)
{
    static const struct str signs[] = {STR_INIT("-"), STR_INIT("~"), STR_INIT("至"),
                                       STR_INIT("到")};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (here(s, at, signs[i])) {
            return signs[i].n;
        }
    }
    return 0;
}

/* 2024年, 2024-2026年, 2024年至2026年, 2024-2025学年. */
static uint32_t years(struct str s, uint32_t at, struct when *out)
{
    bool doubtful = false;
    bool second = false;
    uint32_t n = amount_year(s, at, &out->from, &doubtful);
    uint32_t digits = n > 0 ? n : amount_four_digits(s, at, &out->from, &doubtful);
    uint32_t join = digits > 0 ? join_sign(s, at + digits) : 0;
    out->doubtful = doubtful;
    out->to = out->from;
    out->kind = WHEN_AT;
    if (join > 0) {
        int32_t to = 0;
        uint32_t more = amount_year(s, at + digits + join, &to, &second);
        if (more == 0) {
            more = amount_four_digits(s, at + digits + join, &to, &second);
            more = more > 0 && here(s, at + digits + join + more, STR("学年")) ? more : 0;
        }
        if (more > 0) {
            out->kind = WHEN_SPAN;
            out->to = to;
            out->doubtful |= second || to < out->from;
            n = digits + join + more;
        }
    }
    return n;
}

/* A small number with its sign: 6月, 30日. */
static uint32_t small(struct str s, uint32_t at, struct str sign, uint8_t most, uint8_t *out)
{
    uint32_t n = 0;
    uint32_t value = 0;
    while (n < 2 && at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9') {
        value = value * 10 + (uint32_t)(s.p[at + n++] - '0');
    }
    if (n == 0 || value == 0 || value > most || !here(s, at + n, sign)) {
        return 0;
    }
    *out = (uint8_t)value;
    return n + sign.n;
}

/* 6月30日前, 9月底, 12月; of a time that has a year or not. */
static uint32_t month_day(struct str s, uint32_t at, struct when *out)
{
    static const struct str ends[] = {STR_INIT("底前"), STR_INIT("底"), STR_INIT("末"),
                                      STR_INIT("前"), STR_INIT("份")};
    uint32_t n = small(s, at, STR("月"), 12, &out->month);
    if (n == 0) {
        return 0;
    }
    out->kind = WHEN_BY;
    n += small(s, at + n, STR("日"), 31, &out->day);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (here(s, at + n, ends[i])) {
            return n + ends[i].n;
        }
    }
    return n;
}

static void apply(const struct sign *sign, struct when *out)
{
    out->kind = sign->kind == WHEN_AT && out->kind != WHEN_NONE ? out->kind : sign->kind;
    out->month = sign->month == 6 ? 6 : out->month;
}

/* “十四五”期间, “十四五”末; the name alone is none. */
static uint32_t five_years(struct str s, uint32_t at, struct when *out)
{
    struct str open = STR("“");
    struct str shut = STR("”");
    uint32_t i = at + (here(s, at, open) ? open.n : 0);
    for (size_t k = 0; k < sizeof fives / sizeof fives[0]; k++) {
        if (!here(s, i, fives[k].name)) {
            continue;
        }
        i += fives[k].name.n;
        i += here(s, i, shut) ? shut.n : 0;
        for (size_t m = 0; m < sizeof of_five / sizeof of_five[0]; m++) {
            if (here(s, i, of_five[m].text)) {
                *out = (struct when){.kind = of_five[m].end ? WHEN_BY : WHEN_SPAN,
                                     .from = fives[k].from,
                                     .to = fives[k].from + 4};
                return i + of_five[m].text.n - at;
            }
        }
    }
    return 0;
}

/* A year with what stands behind it. */
static uint32_t dated(struct str s, uint32_t at, struct when *out)
{
    uint32_t n = five_years(s, at, out);
    if (n > 0) {
        return n;
    }
    n = years(s, at, out);
    if (n == 0) {
        return 0;
    }
    uint32_t month = month_day(s, at + n, out);
    const struct sign *sign = month == 0 ? SIGN_AT(s, at + n, behind) : NULL;
    if (sign) {
        apply(sign, out);
        return n + sign->text.n;
    }
    return n + month;
}

uint32_t when_scan(struct str s, uint32_t at, struct when *out)
{
    *out = (struct when){0};
    const struct sign *prefix = SIGN_AT(s, at, before);
    uint32_t skip = prefix ? prefix->text.n : 0;
    uint32_t n = dated(s, at + skip, out);
    if (n > 0) {
        if (prefix && out->kind != WHEN_SPAN) {
            out->kind = prefix->kind == WHEN_AT ? out->kind : prefix->kind;
        }
        return skip + n;
    }
    *out = (struct when){0};
    n = month_day(s, at, out);
    const struct sign *sign = n == 0 ? SIGN_AT(s, at, alone) : NULL;
    if (sign) {
        apply(sign, out);
        n = sign->text.n;
    }
    return n;
}
