/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Civil dates: days since 1970-01-01, proleptic Gregorian, no time zone.
 *
 * Invariants
 *   D1  A date is between 1900-01-01 and 2200-12-31, or one of the sentinels DATE_MIN (since
 *       ever) and DATE_MAX (open end), which order before and after every date.
 *   D2  Sentinels have no year, month or day: asking is a bug (ASSERT). Adding to one keeps it.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

struct arena;

struct date {
    int32_t days;
};

struct date_parts {
    int year;
    int month; /* 1-12 */
    int day;   /* 1-31 */
};

#define DATE_YEAR_MIN   1900
#define DATE_YEAR_MAX   2200
#define DATE_MIN        ((struct date){INT32_MIN})
#define DATE_MAX        ((struct date){INT32_MAX})
#define DATE_TEXT_BYTES 48 /* room for either format with its NUL, whatever the ints */

/* false when there is no such day or the year is out of range. */
NODISCARD bool date_make(int year, int month, int day, struct date *out);
struct date_parts date_parts(struct date d);
int date_year(struct date d);
bool date_is_sentinel(struct date d);
/* <0, 0, >0 */
int date_cmp(struct date x, struct date y);
struct date date_earlier(struct date x, struct date y);
struct date date_later(struct date x, struct date y);

bool date_is_leap(int year);
/* Days in a month, 1-12. */
int date_month_days(int year, int month);
struct date date_month_end(struct date d);
/* First and last day of a year in range. */
struct date date_year_start(int year);
struct date date_year_end(int year);
/* 1 Monday to 7 Sunday. */
int date_weekday(struct date d);
/* ISO 8601 week: its year (may differ from the civil year) and number 1-53. */
int date_iso_week(struct date d, int *out_year);

/* The result stops at the first and last date of the range. */
struct date date_add_days(struct date d, int32_t days);
/* The day is cut to the length of the month: 31 January + 1 month = 28 or 29 February. */
struct date date_add_months(struct date d, int32_t months);

/* `2024-03-15` exactly, or `2024年3月15日` (also 03月, 5号 is not accepted). All of s must match.
 */
NODISCARD bool date_parse(struct str s, struct date *out);
/* `2024-03-15`; sentinels give "min" and "max". */
struct str date_text(struct date d, char out[DATE_TEXT_BYTES]);
/* `2024年3月15日` */
struct str date_text_zh(struct date d, char out[DATE_TEXT_BYTES]);

/* Today in UTC+8, the only civil time of the country. */
struct date date_today(void);

#endif
