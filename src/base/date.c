/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Civil dates. Years are shifted to begin on 1 March, so that the leap day is the last
 * day and months have a regular pattern: 153 days in every five.
 */
#include "base/date.h"

#include <stdio.h>
#include <time.h>

#include "base/assert.h"

#define DAYS_PER_400_YEARS 146097
#define EPOCH_OFFSET       719468 /* days from 0000-03-01 to 1970-01-01 */
#define CHINA_OFFSET_S     28800  /* 8 hours */
#define DAY_S              86400

static int32_t days_from(int year, int month, int day)
{
    int y = month > 2 ? year : year - 1;
    int m = month > 2 ? month - 3 : month + 9;
    int era = y / 400; /* years here are positive */
    int year_of_era = y % 400;
    int day_of_year = (153 * m + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_400_YEARS + day_of_era - EPOCH_OFFSET;
}

static bool year_in_range(int year)
{
    return year >= DATE_YEAR_MIN && year <= DATE_YEAR_MAX;
}

bool date_is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int date_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    ASSERT(month >= 1 && month <= 12);
    return days[month - 1] + (month == 2 && date_is_leap(year) ? 1 : 0);
}

bool date_make(int year, int month, int day, struct date *out)
{
    if (!year_in_range(year) || month < 1 || month > 12 || day < 1 ||
        day > date_month_days(year, month)) {
        return false;
    }
    *out = (struct date){days_from(year, month, day)};
    return true;
}

bool date_is_sentinel(struct date d)
{
    return d.days == INT32_MIN || d.days == INT32_MAX;
}

struct date_parts date_parts(struct date d)
{
    ASSERT(!date_is_sentinel(d)); /* D2 */
    int shifted = d.days + EPOCH_OFFSET;
    int era = shifted / DAYS_PER_400_YEARS;
    int day_of_era = shifted % DAYS_PER_400_YEARS;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int m = (5 * day_of_year + 2) / 153;
    struct date_parts out = {
        .year = era * 400 + year_of_era + (m >= 10 ? 1 : 0),
        .month = m >= 10 ? m - 9 : m + 3,
        .day = day_of_year - (153 * m + 2) / 5 + 1,
    };
    ASSERT(year_in_range(out.year)); /* D1 */
    return out;
}

int date_year(struct date d)
{
    return date_parts(d).year;
}

int date_cmp(struct date x, struct date y)
{
    return (x.days > y.days) - (x.days < y.days);
}

struct date date_earlier(struct date x, struct date y)
{
    return x.days <= y.days ? x : y;
}

struct date date_later(struct date x, struct date y)
{
    return x.days >= y.days ? x : y;
}

struct date date_month_end(struct date d)
{
    struct date_parts p = date_parts(d);
    return (struct date){d.days + date_month_days(p.year, p.month) - p.day};
}

struct date date_year_start(int year)
{
    ASSERT(year_in_range(year));
    return (struct date){days_from(year, 1, 1)};
}

struct date date_year_end(int year)
{
    ASSERT(year_in_range(year));
    return (struct date){days_from(year, 12, 31)};
}

int date_weekday(struct date d)
{
    ASSERT(!date_is_sentinel(d));
    /* 1970-01-01 was a Thursday; the offset is a multiple of 7 that makes all days positive. */
    return (int)(((int64_t)d.days + 3 + INT64_C(7) * 1000000) % 7) + 1;
}

int date_iso_week(struct date d, int *out_year)
{
    /* A week belongs to the year of its Thursday. */
    struct date thursday = {d.days + 4 - date_weekday(d)};
    /* At the ends of the range that Thursday may lie one year outside it. */
    int year = thursday.days < days_from(DATE_YEAR_MIN, 1, 1)     ? DATE_YEAR_MIN - 1
               : thursday.days > days_from(DATE_YEAR_MAX, 12, 31) ? DATE_YEAR_MAX + 1
                                                                  : date_year(thursday);
    *out_year = year;
    return (thursday.days - days_from(year, 1, 1)) / 7 + 1;
}

/* D1: results stop at the ends of the range. */
static struct date clamp(int64_t days)
{
    int32_t first = days_from(DATE_YEAR_MIN, 1, 1);
    int32_t last = days_from(DATE_YEAR_MAX, 12, 31);
    return (struct date){days < first ? first : days > last ? last : (int32_t)days};
}

struct date date_add_days(struct date d, int32_t days)
{
    return date_is_sentinel(d) ? d : clamp((int64_t)d.days + days);
}

struct date date_add_months(struct date d, int32_t months)
{
    if (date_is_sentinel(d)) {
        return d;
    }
    struct date_parts p = date_parts(d);
    int64_t index = (int64_t)p.year * 12 + (p.month - 1) + months;
    if (index < (int64_t)DATE_YEAR_MIN * 12) {
        return clamp(INT64_MIN);
    }
    if (index >= ((int64_t)DATE_YEAR_MAX + 1) * 12) {
        return clamp(INT64_MAX);
    }
    int year = (int)(index / 12);
    int month = (int)(index % 12) + 1;
    int last = date_month_days(year, month);
    return (struct date){days_from(year, month, p.day < last ? p.day : last)};
}

/* Between min and max digits off the front of s into *out. */
static bool take_number(struct str *s, uint32_t min, uint32_t max, int *out)
{
    uint32_t n = 0;
    int value = 0;
    while (n < s->n && n < max && s->p[n] >= '0' && s->p[n] <= '9') {
        value = value * 10 + (s->p[n] - '0');
        n++;
    }
    *out = value;
    *s = str_sub(*s, n, s->n);
    return n >= min;
}

static bool take_text(struct str *s, struct str text)
{
    if (!str_starts(*s, text)) {
        return false;
    }
    *s = str_sub(*s, text.n, s->n);
    return true;
}

/* The marks behind year, month and day, and the fewest digits of month and day. */
struct date_form {
    struct str after_year, after_month, after_day;
    uint32_t min_digits;
};

bool date_parse(struct str s, struct date *out)
{
    static const struct date_form forms[] = {
        {STR_INIT("-"), STR_INIT("-"), STR_INIT(""), 2},
        {STR_INIT("年"), STR_INIT("月"), STR_INIT("日"), 1},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const struct date_form *f = &forms[i];
        struct str rest = s;
        int year = 0;
        int month = 0;
        int day = 0;
        if (take_number(&rest, 4, 4, &year) && take_text(&rest, f->after_year) &&
            take_number(&rest, f->min_digits, 2, &month) && take_text(&rest, f->after_month) &&
            take_number(&rest, f->min_digits, 2, &day) && take_text(&rest, f->after_day) &&
            rest.n == 0) {
            return date_make(year, month, day, out);
        }
    }
    return false;
}

static struct str text_of(struct date d, bool zh, char out[DATE_TEXT_BYTES])
{
    int n = 0;
    if (date_is_sentinel(d)) {
        n = snprintf(out, DATE_TEXT_BYTES, "%s", d.days == INT32_MIN ? "min" : "max");
    } else {
        struct date_parts p = date_parts(d);
        n = zh ? snprintf(out, DATE_TEXT_BYTES, "%d年%d月%d日", p.year, p.month, p.day)
               : snprintf(out, DATE_TEXT_BYTES, "%04d-%02d-%02d", p.year, p.month, p.day);
    }
    ASSERT(n > 0 && n < DATE_TEXT_BYTES);
    return (struct str){out, (uint32_t)n};
}

struct str date_text(struct date d, char out[DATE_TEXT_BYTES])
{
    return text_of(d, false, out);
}

struct str date_text_zh(struct date d, char out[DATE_TEXT_BYTES])
{
    return text_of(d, true, out);
}

struct date date_today(void)
{
    struct timespec now;
    int rc = clock_gettime(CLOCK_REALTIME, &now);
    ASSERT(rc == 0);
    return clamp(((int64_t)now.tv_sec + CHINA_OFFSET_S) / DAY_S);
}
