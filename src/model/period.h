/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reporting periods, time points, and what they mean in a plan year.
 *
 * Invariants
 *   P1  year is PERIOD_YEAR_MIN..PERIOD_YEAR_MAX, so that every first and last day is a date.
 *   P2  index is 1..period_count(kind, year); 1 for years and school years.
 *   P3  Periods of one kind do not overlap and leave no gap: period_next begins on the day
 *       after period_last.
 * `year` of a school year or term is the civil year in which the school year begins; of a week it
 * is the ISO year.
 *
 * Plain values; nothing allocates except period_text's caller-given buffer.
 */
#ifndef MODEL_PERIOD_H
#define MODEL_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/str.h"

struct err;

enum period_kind {
#define PERIOD(kind, zh, en) PERIOD_##kind,
#include "model/period.def"
    PERIOD__COUNT
};

#define PERIOD_YEAR_MIN   1900
#define PERIOD_YEAR_MAX   2199
#define PERIOD_TEXT_BYTES 48
#define PERIOD_PER_YEAR   53 /* most periods of one kind in a plan year */

struct period {
    enum period_kind kind;
    int32_t year;
    int32_t index;
};

/* A day of every year; month 0 means that none is named. */
struct time_point {
    uint8_t month;
    uint8_t day;
};

#define TIME_POINT_NONE ((struct time_point){0, 0})

/* "学年", "school_year" */
struct str period_kind_zh(enum period_kind kind);
struct str period_kind_en(enum period_kind kind);
/* Periods of the kind whose `year` is year: 1, 1, 2, 4, 12, 52 or 53. */
int32_t period_count(enum period_kind kind, int32_t year);

/* false when year or index is out of range. */
NODISCARD bool period_make(enum period_kind kind, int32_t year, int32_t index, struct period *out);
struct date period_first(struct period p);
struct date period_last(struct period p);
/* false at the end of the range of years. */
NODISCARD bool period_next(struct period p, struct period *out);
NODISCARD bool period_prev(struct period p, struct period *out);
/* The one that contains the day; false for sentinels and outside the range. */
NODISCARD bool period_containing(enum period_kind kind, struct date day, struct period *out);
bool period_eq(struct period x, struct period y);
/* By first day, then by kind. */
int period_cmp(struct period x, struct period y);
/* A period as a number, unlike for unlike periods. */
uint32_t period_code(struct period p);
struct period period_of_code(uint32_t code);

/*
 * `2024`, `2024年`; `2024-2025`, `2024学年`, `2024-2025学年`; `2024-2025-1`; `2024-Q1`; `2024-03`;
 * `2024-W05`. The text tells the kind. RC_INPUT says which part is wrong. e may be NULL.
 */
NODISCARD enum rc period_parse(struct str s, struct period *out, struct err *e);
/* As written in tables: `2024-2025`, `2024-03`. */
struct str period_text(struct period p, char out[PERIOD_TEXT_BYTES]);

/* 年末 year_end …, or `MM-DD` (`8-31`). 2-29 is cut to 28 in other years. RC_INPUT. */
NODISCARD enum rc time_point_parse(struct str s, struct time_point *out, struct err *e);
/* `09-01`; empty when none is named. */
struct str time_point_text(struct time_point tp, char out[PERIOD_TEXT_BYTES]);
bool time_point_is_none(struct time_point tp);
bool time_point_eq(struct time_point x, struct time_point y);
/* That day in the year (P1 range); 31 December when none is named. Also the deadline (C02). */
struct date time_point_day(struct time_point tp, int32_t year);

/*
 * The period an item is read at for plan year Y, and the snapshot day of its tree (C28). With a
 * time point: that day in Y, and the period which contains it. Without: the last period of the
 * plan year (the year Y; the school year that begins in Y) and its last day.
 * false when Y is out of range.
 */
NODISCARD bool period_of_plan_year(enum period_kind kind, struct time_point tp, int32_t year,
                                   struct period *out, struct date *snapshot);
/*
 * All periods of a kind in a plan year, in order: those whose `year` is it (of terms, both of the
 * school year that begins in it). Returns how many; out has PERIOD_PER_YEAR places. 0: out of
 * range.
 */
int32_t period_all_of_year(enum period_kind kind, int32_t year, struct period *out);
/* The day in the period that the time point names, else the period's last day (C28). */
struct date period_snapshot(struct period p, struct time_point tp);
/* The plan year the period is read for: the inverse of period_of_plan_year. */
int32_t period_plan_year(struct period p, struct time_point tp);

#endif
