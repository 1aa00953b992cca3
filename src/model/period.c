/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar arithmetic of periods and time points; see period.h. */
#include "model/period.h"

#include <stdio.h>

#include "base/assert.h"
#include "base/err.h"

#define SCHOOL_MONTH 9 /* the school year begins on 1 September */
#define SPRING_MONTH 3 /* its second term on 1 March */

static const struct str KIND_ZH[] = {
#define PERIOD(kind, zh, en) STR_INIT(zh),
#include "model/period.def"
};

static const struct str KIND_EN[] = {
#define PERIOD(kind, zh, en) STR_INIT(en),
#include "model/period.def"
};

struct point_name {
    struct str zh;
    struct str en;
    struct time_point tp;
};

static const struct point_name POINTS[] = {
#define TIME_POINT(zh, en, month, day) {STR_INIT(zh), STR_INIT(en), {month, day}},
#include "model/period.def"
};

static struct date must_make(int year, int month, int day)
{
    struct date d = {0};
    bool ok = date_make(year, month, day, &d);
    ASSERT(ok);
    return d;
}

struct str period_kind_zh(enum period_kind kind)
{
    ASSERT(kind < PERIOD__COUNT);
    return KIND_ZH[kind];
}

struct str period_kind_en(enum period_kind kind)
{
    ASSERT(kind < PERIOD__COUNT);
    return KIND_EN[kind];
}

/* 28 December is always in the last ISO week of its year. */
static int32_t weeks_of(int32_t year)
{
    int iso_year = 0;
    return date_iso_week(must_make(year, 12, 28), &iso_year);
}

int32_t period_count(enum period_kind kind, int32_t year)
{
    static const int32_t FIXED[PERIOD__COUNT] = {
        [PERIOD_YEAR] = 1,    [PERIOD_SCHOOL_YEAR] = 1, [PERIOD_TERM] = 2,
        [PERIOD_QUARTER] = 4, [PERIOD_MONTH] = 12,
    };
    ASSERT(kind < PERIOD__COUNT);
    ASSERT(year >= PERIOD_YEAR_MIN && year <= PERIOD_YEAR_MAX);
    return kind == PERIOD_WEEK ? weeks_of(year) : FIXED[kind];
}

bool period_make(enum period_kind kind, int32_t year, int32_t index, struct period *out)
{
    if (year < PERIOD_YEAR_MIN || year > PERIOD_YEAR_MAX || index < 1 ||
        index > period_count(kind, year)) {
        return false;
    }
    *out = (struct period){kind, year, index};
    return true;
}

struct date period_first(struct period p)
{
    switch (p.kind) {
    case PERIOD_YEAR:
        return date_year_start(p.year);
    case PERIOD_SCHOOL_YEAR:
        return must_make(p.year, SCHOOL_MONTH, 1);
    case PERIOD_TERM:
        return p.index == 1 ? must_make(p.year, SCHOOL_MONTH, 1)
                            : must_make(p.year + 1, SPRING_MONTH, 1);
    case PERIOD_QUARTER:
        return must_make(p.year, p.index * 3 - 2, 1);
    case PERIOD_MONTH:
        return must_make(p.year, p.index, 1);
    case PERIOD_WEEK: {
        /* 4 January is always in week 1. */
        struct date d = must_make(p.year, 1, 4);
        return date_add_days(d, 1 - date_weekday(d) + 7 * (p.index - 1));
    }
    case PERIOD__COUNT:
        break;
    }
    UNREACHABLE();
}

struct date period_last(struct period p)
{
    switch (p.kind) {
    case PERIOD_YEAR:
        return date_year_end(p.year);
    case PERIOD_SCHOOL_YEAR:
        return must_make(p.year + 1, SCHOOL_MONTH - 1, 31);
    case PERIOD_TERM:
        return p.index == 1 ? date_month_end(must_make(p.year + 1, SPRING_MONTH - 1, 1))
                            : must_make(p.year + 1, SCHOOL_MONTH - 1, 31);
    case PERIOD_QUARTER:
        return date_month_end(must_make(p.year, p.index * 3, 1));
    case PERIOD_MONTH:
        return date_month_end(must_make(p.year, p.index, 1));
    case PERIOD_WEEK:
        return date_add_days(period_first(p), 6);
    case PERIOD__COUNT:
        break;
    }
    UNREACHABLE();
}

bool period_next(struct period p, struct period *out)
{
    if (p.index < period_count(p.kind, p.year)) {
        return period_make(p.kind, p.year, p.index + 1, out);
    }
    return period_make(p.kind, p.year + 1, 1, out);
}

bool period_prev(struct period p, struct period *out)
{
    if (p.index > 1) {
        return period_make(p.kind, p.year, p.index - 1, out);
    }
    if (p.year <= PERIOD_YEAR_MIN) {
        return false;
    }
    return period_make(p.kind, p.year - 1, period_count(p.kind, p.year - 1), out);
}

bool period_containing(enum period_kind kind, struct date day, struct period *out)
{
    if (date_is_sentinel(day)) {
        return false;
    }
    struct date_parts d = date_parts(day);
    /* January to August belong to the school year that began the autumn before. */
    int32_t school = d.month >= SCHOOL_MONTH ? d.year : d.year - 1;
    switch (kind) {
    case PERIOD_YEAR:
        return period_make(kind, d.year, 1, out);
    case PERIOD_SCHOOL_YEAR:
        return period_make(kind, school, 1, out);
    case PERIOD_TERM:
        return period_make(kind, school, d.month >= SPRING_MONTH && d.month < SCHOOL_MONTH ? 2 : 1,
                           out);
    case PERIOD_QUARTER:
        return period_make(kind, d.year, (d.month + 2) / 3, out);
    case PERIOD_MONTH:
        return period_make(kind, d.year, d.month, out);
    case PERIOD_WEEK: {
        int year = 0;
        int week = date_iso_week(day, &year);
        return period_make(kind, year, week, out);
    }
    case PERIOD__COUNT:
        break;
    }
    UNREACHABLE();
}

bool period_eq(struct period x, struct period y)
{
    return x.kind == y.kind && x.year == y.year && x.index == y.index;
}

int period_cmp(struct period x, struct period y)
{
    int c = date_cmp(period_first(x), period_first(y));
    return c != 0 ? c : (int)x.kind - (int)y.kind;
}

uint32_t period_code(struct period p)
{
    return (uint32_t)p.kind << 24 | (uint32_t)(p.year - PERIOD_YEAR_MIN) << 8 | (uint32_t)p.index;
}

struct period period_of_code(uint32_t code)
{
    return (struct period){.kind = (enum period_kind)(code >> 24),
                           .year = (int32_t)(code >> 8 & 0xffffU) + PERIOD_YEAR_MIN,
                           .index = (int32_t)(code & 0xffU)};
}

/* -- text ----------------------------------------------------------------------------------------
 */

/* Takes exactly `digits` digits (or at least one and at most that many) from the front of *s. */
static bool take_number(struct str *s, uint32_t min_digits, uint32_t max_digits, int32_t *out)
{
    int32_t v = 0;
    uint32_t n = 0;
    while (n < s->n && n < max_digits && s->p[n] >= '0' && s->p[n] <= '9') {
        v = v * 10 + (s->p[n] - '0');
        n++;
    }
    if (n < min_digits) {
        return false;
    }
    *out = v;
    *s = str_sub(*s, n, s->n);
    return true;
}

static bool take_text(struct str *s, struct str text)
{
    if (!str_starts(*s, text)) {
        return false;
    }
    *s = str_sub(*s, text.n, s->n);
    return true;
}

/* Long texts come from hostile files; a message needs only their beginning. */
static struct str shown(struct str s)
{
    return str_sub(s, 0, s.n < 60 ? s.n : 60);
}

static enum rc bad_spelling(struct str s, struct err *e)
{
    err_set(e, RC_INPUT, "\"%.*s\" is not a period", "“%.*s”不是时期", PS(shown(s)));
    err_hint(e, "Write 2024, 2024-2025, 2024-2025-1, 2024-Q1, 2024-03 or 2024-W05.",
             "请写作 2024、2024-2025、2024-2025-1、2024-Q1、2024-03 或 2024-W05。");
    return RC_INPUT;
}

static enum rc finish(enum period_kind kind, int32_t year, int32_t index, struct str s,
                      struct period *out, struct err *e)
{
    if (year < PERIOD_YEAR_MIN || year > PERIOD_YEAR_MAX) {
        return err_set(e, RC_INPUT, "the year of \"%.*s\" is not between %d and %d",
                       "“%.*s”的年份不在 %d 至 %d 之间", PS(shown(s)), PERIOD_YEAR_MIN,
                       PERIOD_YEAR_MAX);
    }
    if (!period_make(kind, year, index, out)) {
        return err_set(e, RC_INPUT, "\"%.*s\": the number is not between 1 and %d",
                       "“%.*s”：序号不在 1 至 %d 之间", PS(shown(s)),
                       (int)period_count(kind, year));
    }
    return RC_OK;
}

/* `2025`, `2025学年` or `2025-1` after `2024-`. */
static enum rc parse_school(struct str s, struct str rest, int32_t year, struct period *out,
                            struct err *e)
{
    int32_t end_year = 0;
    int32_t index = 1;
    enum period_kind kind = PERIOD_SCHOOL_YEAR;
    if (!take_number(&rest, 4, 4, &end_year)) {
        return bad_spelling(s, e);
    }
    if (take_text(&rest, STR("-"))) {
        kind = PERIOD_TERM;
        if (!take_number(&rest, 1, 1, &index)) {
            return bad_spelling(s, e);
        }
    } else {
        (void)take_text(&rest, STR("学年"));
    }
    if (rest.n != 0) {
        return bad_spelling(s, e);
    }
    if (end_year != year + 1) {
        return err_set(e, RC_INPUT, "the school year \"%.*s\" must end in %d",
                       "学年“%.*s”应止于 %d 年", PS(shown(s)), (int)year + 1);
    }
    return finish(kind, year, index, s, out, e);
}

enum rc period_parse(struct str s, struct period *out, struct err *e)
{
    struct str rest = s;
    int32_t year = 0;
    int32_t index = 1;
    if (!take_number(&rest, 4, 4, &year)) {
        return bad_spelling(s, e);
    }
    if (rest.n == 0 || str_eq(rest, STR("年"))) {
        return finish(PERIOD_YEAR, year, 1, s, out, e);
    }
    if (str_eq(rest, STR("学年"))) {
        return finish(PERIOD_SCHOOL_YEAR, year, 1, s, out, e);
    }
    if (!take_text(&rest, STR("-"))) {
        return bad_spelling(s, e);
    }
    enum period_kind kind = PERIOD_MONTH;
    bool ok = false;
    if (take_text(&rest, STR("Q"))) {
        kind = PERIOD_QUARTER;
        ok = take_number(&rest, 1, 1, &index);
    } else if (take_text(&rest, STR("W"))) {
        kind = PERIOD_WEEK;
        ok = take_number(&rest, 2, 2, &index);
    } else if (rest.n > 2) {
        return parse_school(s, rest, year, out, e);
    } else {
        ok = take_number(&rest, 2, 2, &index);
    }
    if (!ok || rest.n != 0) {
        return bad_spelling(s, e);
    }
    return finish(kind, year, index, s, out, e);
}

struct str period_text(struct period p, char out[PERIOD_TEXT_BYTES])
{
    int n = 0;
    int year = (int)p.year;
    int index = (int)p.index;
    switch (p.kind) {
    case PERIOD_YEAR:
        n = snprintf(out, PERIOD_TEXT_BYTES, "%04d", year);
        break;
    case PERIOD_SCHOOL_YEAR:
        n = snprintf(out, PERIOD_TEXT_BYTES, "%04d-%04d", year, year + 1);
        break;
    case PERIOD_TERM:
        n = snprintf(out, PERIOD_TEXT_BYTES, "%04d-%04d-%d", year, year + 1, index);
        break;
    case PERIOD_QUARTER:
        n = snprintf(out, PERIOD_TEXT_BYTES, "%04d-Q%d", year, index);
        break;
    case PERIOD_MONTH:
        n = snprintf(out, PERIOD_TEXT_BYTES, "%04d-%02d", year, index);
        break;
    case PERIOD_WEEK:
        n = snprintf(out, PERIOD_TEXT_BYTES, "%04d-W%02d", year, index);
        break;
    case PERIOD__COUNT:
        UNREACHABLE();
    }
    ASSERT(n > 0 && n < PERIOD_TEXT_BYTES);
    return str_make(out, (size_t)n);
}

/* -- time points and plan years ------------------------------------------------------------------
 */

enum rc time_point_parse(struct str s, struct time_point *out, struct err *e)
{
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        if (str_eq(s, POINTS[i].zh) || str_eq(s, POINTS[i].en)) {
            *out = POINTS[i].tp;
            return RC_OK;
        }
    }
    struct str rest = s;
    int32_t month = 0;
    int32_t day = 0;
    if (!take_number(&rest, 1, 2, &month) || !take_text(&rest, STR("-")) ||
        !take_number(&rest, 1, 2, &day) || rest.n != 0) {
        err_set(e, RC_INPUT, "\"%.*s\" is not a time point", "“%.*s”不是时点", PS(shown(s)));
        err_hint(e, "Write year_end, year_start, school_year_start, school_year_end or 8-31.",
                 "请写作 年末、年初、学年初、学年末 或 8-31。");
        return RC_INPUT;
    }
    /* 2000 was a leap year, so that 2-29 can be named. */
    struct date probe = {0};
    if (!date_make(2000, (int)month, (int)day, &probe)) {
        return err_set(e, RC_INPUT, "there is no day \"%.*s\"", "没有“%.*s”这一天", PS(shown(s)));
    }
    *out = (struct time_point){(uint8_t)month, (uint8_t)day};
    return RC_OK;
}

struct str time_point_text(struct time_point tp, char out[PERIOD_TEXT_BYTES])
{
    if (time_point_is_none(tp)) {
        out[0] = '\0';
        return str_make(out, 0);
    }
    int n = snprintf(out, PERIOD_TEXT_BYTES, "%02d-%02d", (int)tp.month, (int)tp.day);
    ASSERT(n > 0 && n < PERIOD_TEXT_BYTES);
    return str_make(out, (size_t)n);
}

bool time_point_is_none(struct time_point tp)
{
    return tp.month == 0;
}

bool time_point_eq(struct time_point x, struct time_point y)
{
    return x.month == y.month && x.day == y.day;
}

struct date time_point_day(struct time_point tp, int32_t year)
{
    if (time_point_is_none(tp)) {
        return date_year_end(year);
    }
    int last = date_month_days(year, tp.month);
    return must_make(year, tp.month, tp.day < last ? tp.day : last);
}

bool period_of_plan_year(enum period_kind kind, struct time_point tp, int32_t year,
                         struct period *out, struct date *snapshot)
{
    if (year < PERIOD_YEAR_MIN || year > PERIOD_YEAR_MAX) {
        return false;
    }
    if (time_point_is_none(tp)) {
        *out = (struct period){kind, year, period_count(kind, year)};
        *snapshot = period_last(*out);
        return true;
    }
    *snapshot = time_point_day(tp, year);
    return period_containing(kind, *snapshot, out);
}

int32_t period_all_of_year(enum period_kind kind, int32_t year, struct period *out)
{
    if (year < PERIOD_YEAR_MIN || year > PERIOD_YEAR_MAX) {
        return 0;
    }
    int32_t n = period_count(kind, year);
    for (int32_t i = 0; i < n; i++) {
        out[i] = (struct period){kind, year, i + 1};
    }
    return n;
}

struct date period_snapshot(struct period p, struct time_point tp)
{
    struct date first = period_first(p);
    struct date last = period_last(p);
    if (time_point_is_none(tp)) {
        return last;
    }
    for (int32_t y = date_year(first); y <= date_year(last); y++) {
        struct date d = time_point_day(tp, y);
        if (date_cmp(first, d) <= 0 && date_cmp(d, last) <= 0) {
            return d;
        }
    }
    return last;
}

int32_t period_plan_year(struct period p, struct time_point tp)
{
    if (time_point_is_none(tp)) {
        return p.year;
    }
    struct date d = period_snapshot(p, tp);
    struct period back;
    struct date unused;
    /* A period that the time point does not fall into is read for no snapshot but its own. */
    if (period_of_plan_year(p.kind, tp, date_year(d), &back, &unused) && period_eq(back, p)) {
        return date_year(d);
    }
    return p.year;
}
