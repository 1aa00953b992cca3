/* SPDX-License-Identifier: Apache-2.0 */
/* Dates: in text year first, in numbers by their digits or as the serial number of a day. */
#include <stdio.h>

#include "base/arena.h"
#include "io/cell_clean_int.h"

#define SERIAL_MIN 10000 /* 1927-05-18: below it a number without a date format is no day */
#define SERIAL_MAX 80000 /* 2119 */

enum exactness { YEAR, MONTH, DAY };

static enum exactness wanted(const struct cleaning *c)
{
    return c->ask->want == CLEAN_YEAR ? YEAR : c->ask->want == CLEAN_MONTH ? MONTH : DAY;
}

/* ---- a date with its exactness to what is asked --------------------------------------------- */

struct parts {
    int32_t year, month, day; /* 0: not said */
};

static void give(struct cleaning *c, const struct parts *p)
{
    enum exactness have = p->day > 0 ? DAY : p->month > 0 ? MONTH : YEAR;
    enum exactness want = wanted(c);
    struct date date;
    if (!date_make(p->year, p->month > 0 ? p->month : 1, p->day > 0 ? p->day : 1, &date)) {
        clean_fault(c, CLEAN_FAULT_NO_SUCH_DAY);
        return;
    }
    if (have < want) {
        clean_fault(c, CLEAN_FAULT_COARSE);
        return;
    }
    /* A spreadsheet keeps a month as its first day: there nothing is left out. */
    bool first = c->cell->kind == CELL_NUMBER && p->day == 1 && (p->month == 1 || want == MONTH);
    clean_did_if(c, have > want && !first, CLEAN_DID_CUT);
    int month = want >= MONTH ? p->month : 1;
    int day = want == DAY ? p->day : 1;
    if (!date_make(p->year, month, day, &c->out->date)) {
        clean_fault(c, CLEAN_FAULT_NO_SUCH_DAY);
    }
}

static void give_day(struct cleaning *c, struct date date)
{
    struct date_parts d = date_parts(date);
    give(c, &(struct parts){d.year, d.month, d.day});
}

static struct str iso(struct cleaning *c, struct date date)
{
    char text[DATE_TEXT_BYTES];
    return str_dup(c->a, date_text(date, text));
}

/* ---- numbers -------------------------------------------------------------------------------- */

bool clean_serial(const struct cleaning *c, int64_t serial, struct date *out)
{
    struct date first;
    /* In the system of 1900 there is a 29 February 1900, which is 60. */
    int64_t shift = c->ask->date1904 ? 0 : serial > 60 ? -2 : -1;
    bool known = date_make(c->ask->date1904 ? 1904 : 1900, 1, 1, &first);
    if (!known || serial < !c->ask->date1904 || serial > 200000 ||
        (!c->ask->date1904 && serial == 60)) {
        return false;
    }
    *out = date_add_days(first, (int32_t)(serial + shift));
    return true;
}

static bool in_years(int64_t n)
{
    return n >= DATE_YEAR_MIN && n <= DATE_YEAR_MAX;
}

/* 2024, 202409, 20240901; false: not of that form. */
static bool digits_date(int64_t n, struct parts *out)
{
    *out = (struct parts){0, 0, 0};
    if (in_years(n)) {
        out->year = (int32_t)n;
    } else if (in_years(n / 100) && n % 100 >= 1 && n % 100 <= 12) {
        out->year = (int32_t)(n / 100);
        out->month = (int32_t)(n % 100);
    } else if (in_years(n / 10000) && n / 100 % 100 >= 1 && n / 100 % 100 <= 12 && n % 100 >= 1 &&
               n % 100 <= 31) {
        out->year = (int32_t)(n / 10000);
        out->month = (int32_t)(n / 100 % 100);
        out->day = (int32_t)(n % 100);
    }
    return out->year > 0;
}

/* 2024.9 as a number: the part behind the point is the month. */
static void year_point_month(struct cleaning *c, int64_t year, struct str part)
{
    int32_t month = part.p[0] - '0';
    if (part.n == 1 && month == 1) {
        char text[32];
        (void)snprintf(text, sizeof text, "%d-01 | %d-10", (int)year, (int)year);
        clean_suggest(c, CLEAN_FAULT_JAN_OR_OCT, str_dup(c->a, str_from_cstr(text)));
        return;
    }
    month = part.n == 2 ? month * 10 + (part.p[1] - '0') : month;
    if (part.n > 2 || month < 1 || month > 12) {
        clean_fault(c, CLEAN_FAULT_NOT_DATE);
        return;
    }
    clean_did(c, CLEAN_DID_DATE_FORM);
    give(c, &(struct parts){(int32_t)year, month, 0});
}

static void serial_date(struct cleaning *c, int64_t serial, bool has_time)
{
    struct date date;
    if (!clean_serial(c, serial, &date)) {
        clean_fault(c, CLEAN_FAULT_NO_SUCH_DAY);
        return;
    }
    clean_did_if(c, has_time, CLEAN_DID_CUT);
    give_day(c, date);
}

/* A year in a cell that was formatted as a date shows as a day of 1905. */
static bool is_year_in_disguise(struct cleaning *c, int64_t n)
{
    struct date date;
    if (!in_years(n) || !clean_serial(c, n, &date)) {
        return false;
    }
    char text[64];
    (void)snprintf(text, sizeof text, "%d | %.*s", (int)n, PS(iso(c, date)));
    clean_suggest(c, CLEAN_FAULT_SMALL_SERIAL, str_dup(c->a, str_from_cstr(text)));
    return true;
}

static void whole_number(struct cleaning *c, int64_t n, bool has_time, bool is_date)
{
    struct parts p;
    if (is_date && n <= 200000) {
        if (!is_year_in_disguise(c, n)) {
            serial_date(c, n, has_time);
        }
    } else if (!has_time && digits_date(n, &p)) {
        clean_did(c, CLEAN_DID_DATE_FORM);
        give(c, &p);
    } else if (n >= SERIAL_MIN && n <= SERIAL_MAX) {
        clean_did(c, CLEAN_DID_SERIAL);
        serial_date(c, n, has_time);
    } else {
        clean_fault(c, CLEAN_FAULT_NOT_DATE);
    }
}

void clean_date_cell(struct cleaning *c)
{
    struct decimal d;
    struct str text;
    i128 n = 0;
    bool is_date = c->cell->format == NF_DATE;
    if (!clean_shown(c, &d)) {
        return;
    }
    if (d.negative || c->cell->format == NF_TIME || c->cell->format == NF_PERCENT ||
        !decimal_text(c->a, &d, &text) || decimal_whole_digits(&d) > 9) {
        clean_fault(c, CLEAN_FAULT_NOT_DATE);
        return;
    }
    uint32_t point = str_find(text, STR("."), 0);
    bool whole = point == STR_NONE;
    bool number = i128_parse(str_sub(text, 0, whole ? text.n : point), &n);
    if (number && !whole && !is_date && in_years((int64_t)n)) {
        year_point_month(c, (int64_t)n, str_sub(text, point + 1, text.n));
    } else if (number) {
        whole_number(c, (int64_t)n, !whole, is_date);
    }
}

/* ---- text ----------------------------------------------------------------------------------- */

/* What may stand behind a year, a month and a day; a longer one before those it begins with. */
static const struct str behind[][2] = {{STR_INIT("年度"), STR_INIT("年")},
                                       {STR_INIT("月份"), STR_INIT("月")},
                                       {STR_INIT("日"), STR_INIT("号")}};

static const struct str points[] = {STR_INIT("-"), STR_INIT("/"), STR_INIT("."), STR_INIT("、"),
                                    STR_INIT("−"), STR_INIT("–"), STR_INIT("\\")};

struct reading {
    struct str s;
    uint32_t at;
    struct str point; /* which parts are parted by; empty: by characters, or not yet known */
    bool in_words;    /* 年 was seen */
    bool iso;         /* all so far as in 2024-09-01 */
};

static void skip_spaces(struct reading *r)
{
    while (r->at < r->s.n && r->s.p[r->at] == ' ') {
        r->at++;
        r->iso = false;
    }
}

static bool take(struct reading *r, struct str word)
{
    if (word.n == 0 || !str_starts(str_sub(r->s, r->at, r->s.n), word)) {
        return false;
    }
    r->at += word.n;
    return true;
}

/* What stands behind part `which`; false when it parts in another way than before. */
static bool take_behind(struct reading *r, int which)
{
    skip_spaces(r);
    for (size_t i = 0; i < 2; i++) {
        if (take(r, behind[which][i])) {
            bool fits = which == 0 || r->in_words;
            r->in_words = true;
            r->iso = false;
            skip_spaces(r);
            return fits;
        }
    }
    if (r->at == r->s.n || which == 2) {
        return !r->in_words || which > 0;
    }
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        if (take(r, points[i])) {
            bool fits = !r->in_words && (r->point.n == 0 || str_eq(r->point, points[i]));
            r->point = points[i];
            r->iso = r->iso && i == 0;
            skip_spaces(r);
            return fits;
        }
    }
    return false;
}

/* Up to max digits as a number; their count. */
static uint32_t take_digits(struct reading *r, uint32_t max, int32_t *out)
{
    uint32_t n = clean_digits(r->s, r->at);
    *out = 0;
    for (uint32_t i = 0; i < n && n <= max; i++) {
        *out = *out * 10 + (r->s.p[r->at + i] - '0');
    }
    r->at += n;
    return n;
}

/* hh:mm[:ss[.f]][Z] behind a day. */
static bool take_time(struct reading *r)
{
    int32_t part = 0;
    skip_spaces(r);
    (void)(take(r, STR("T")) || take(r, STR("t")));
    uint32_t n = take_digits(r, 2, &part);
    bool ok = n > 0 && n <= 2 && part < 25;
    for (int i = 0; ok && i < 2 && take(r, STR(":")); i++) {
        ok = take_digits(r, 2, &part) == 2 && part < 60;
    }
    if (take(r, STR("."))) {
        ok = ok && take_digits(r, 9, &part) > 0;
    }
    (void)take(r, STR("Z"));
    return ok && r->at == r->s.n;
}

/* A date that does not begin with a year of four digits. */
static enum clean_fault why_not(struct str s, uint32_t n)
{
    uint32_t last = s.n;
    while (last > 0 && s.p[last - 1] >= '0' && s.p[last - 1] <= '9') {
        last--;
    }
    if (str_starts(s, STR("民国")) || str_starts(s, STR("公元前")) || n == 3) {
        return CLEAN_FAULT_ERA;
    }
    if (n == 0 || n > 4 || str_find(s, STR(":"), 0) != STR_NONE) {
        return clean_is_numeral(s) ? CLEAN_FAULT_NUMERAL : CLEAN_FAULT_NOT_DATE;
    }
    if (s.n - last == 4 && last > 0 && n <= 2) {
        return CLEAN_FAULT_DAY_FIRST;
    }
    if (str_starts(str_sub(s, n, s.n), STR("月"))) {
        return CLEAN_FAULT_NO_YEAR;
    }
    return n < s.n ? CLEAN_FAULT_SHORT_YEAR : CLEAN_FAULT_NOT_DATE;
}

/* Month and day behind the year; false: no date, or none that ends here. */
static bool take_rest(struct reading *r, struct parts *p, bool *has_time)
{
    if (!take_behind(r, 0)) {
        return false;
    }
    if (r->at == r->s.n) {
        return r->point.n == 0;
    }
    uint32_t n = take_digits(r, 2, &p->month);
    r->iso = r->iso && n == 2;
    if (n == 0 || n > 2 || p->month == 0 || !take_behind(r, 1)) {
        return false;
    }
    if (r->at == r->s.n) {
        return r->point.n == 0 || !str_ends(r->s, r->point);
    }
    n = take_digits(r, 2, &p->day);
    r->iso = r->iso && n == 2;
    if (n == 0 || n > 2 || p->day == 0 || !take_behind(r, 2)) {
        return false;
    }
    *has_time = r->at < r->s.n;
    return !*has_time || take_time(r);
}

static void compact_date(struct cleaning *c, struct str s)
{
    i128 n = 0;
    struct parts p;
    if (s.n <= 8 && i128_parse(s, &n) && digits_date((int64_t)n, &p)) {
        clean_did(c, CLEAN_DID_DATE_FORM);
        give(c, &p);
    } else if (s.n == 5 && n >= SERIAL_MIN && n <= SERIAL_MAX) {
        clean_did(c, CLEAN_DID_SERIAL);
        serial_date(c, (int64_t)n, false);
    } else if (s.n == 8 || s.n == 6 || s.n == 4) {
        clean_fault(c, CLEAN_FAULT_NO_SUCH_DAY);
    } else {
        clean_fault(c, CLEAN_FAULT_NOT_DATE);
    }
}

static void read_text(struct cleaning *c, struct str s, bool plain)
{
    struct reading r = {.s = s, .iso = true};
    struct parts p = {0, 0, 0};
    bool has_time = false;
    uint32_t n = take_digits(&r, 4, &p.year);
    if (n == s.n && n > 0 && n != 4) {
        compact_date(c, s);
    } else if (n != 4) {
        enum clean_fault fault = why_not(s, n);
        bool numeral = fault == CLEAN_FAULT_NUMERAL;
        clean_suggest(c, fault, numeral ? clean_numeral_date(c->a, s) : STR(""));
    } else if (!take_rest(&r, &p, &has_time)) {
        bool range = clean_digits(s, s.n > 4 ? s.n - 4 : 0) == 4 && s.n > 8;
        clean_fault(c, range ? CLEAN_FAULT_RANGE : CLEAN_FAULT_NOT_DATE);
    } else {
        bool native = plain || (r.iso && !has_time);
        clean_did_if(c, !native, CLEAN_DID_DATE_FORM);
        clean_did_if(c, has_time && !plain, CLEAN_DID_CUT);
        give(c, &p);
    }
}

void clean_date_text(struct cleaning *c, struct str s, bool plain)
{
    struct str rest;
    bool fault = false;
    (void)clean_unquote(c, &s, &fault);
    if (fault) {
        return;
    }
    if (str_eq(s, STR("无"))) {
        clean_suggest(c, CLEAN_FAULT_NONE, STR("—"));
    } else if (clean_is_approximate(c, s, &rest)) {
        clean_suggest(c, CLEAN_FAULT_APPROXIMATE, str_trim(rest));
    } else {
        read_text(c, s, plain);
    }
}
