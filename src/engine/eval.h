/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The evaluator: one small interface between those who compute measures (the reference
 * interpreter, the columns) and those who ask for them (the judge, the explanation).
 *
 * A measure is an expression of the plan at a unit (or register row) and a moment. What a moment
 * means for an item: its period and snapshot day come from the indicator's time point if there is
 * one, else from the item's own (C28). What it means for everything else (tree, titles, relations,
 * rows, attributes): they are taken as they stand on `snapshot`.
 *
 * Invariants
 *   E1  Evaluation is pure: equal expression, unit and moment give equal answers.
 *   E2  The answer keeps V1 and V2 of model/verdict.h; a boolean is never MV_NONE, n/a is a truth.
 *   E3  A unit that does not exist on the snapshot day has no figures: MV_NONE, or T_NA.
 */
#ifndef ENGINE_EVAL_H
#define ENGINE_EVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "model/period.h"
#include "model/plan.h"
#include "model/verdict.h"

struct arena;

struct moment {
    int32_t year;            /* plan year */
    bool sub;                /* judged on a period within the year */
    struct period period;    /* when sub */
    bool has_point;          /* the indicator names a time point for the whole measure */
    struct time_point point; /* when has_point */
    struct date as_of;       /* what is known: rows recorded on or before (C30) */
    struct date snapshot;    /* day of the tree, titles, relations and rows (C28) */
    int32_t since_year;      /* rows count from this year on; `year` unless 累计 (C17) */
    struct date rows_from;   /* dated rows count from this day on, */
    struct date rows_to;     /* and up to this one; sentinels: the year or period (C02) */
    struct date named;       /* the unit asked about is the one of this day, what it was on the
                                snapshot day follows its lineage (C29); DATE_MIN: of the snapshot */
    bool by_key;             /* 累计: rows of a keyed register count once per key (C17) */
    struct date granted; /* titles count that were granted on this day or later (C33); DATE_MIN: all
                          */
    uint32_t category_field; /* 每类: only rows whose field has the choice; else NONE */
    uint32_t category;       /* index of the choice */
};

/* One measure at one moment, to be asked at many units in turn. */
struct cursor {
    uint32_t e;
    struct moment m;
    uint64_t looked; /* private to the evaluator from here on; 0: not yet */
    bool ratio;
    void *sheet, *stretch;
};

/* A measure all of whose cells are known, in small numbers. */
struct known {
    enum mval_kind kind;
    enum truth truth;  /* MV_BOOL */
    int64_t n, d;      /* n / d reduced, d > 0; 0 and 1 of a boolean */
    uint32_t flags;    /* enum mval_flags */
    uint32_t expected; /* and reported */
};

/* The same of many units, one place for each. */
struct known_run {
    bool is_bool;
    bool silent_too;   /* asked for: truths of those who have reported nothing, */
    uint32_t expected; /* and reported: of everyone who is known */
    uint8_t *t;        /* enum truth; numbers: T_YES, or T_NA without value. T_UNKNOWN: not known */
    int64_t *x, *y;    /* numbers: x / y, not reduced, y > 0 */
};
#define KNOWN_SILENT 4u /* with a truth, of a boolean: by bounds; no pair was reported */

/* Units that stand in the order of the tree, and which of them are asked about. */
struct unit_run {
    const uint32_t *units;
    uint32_t from, to;
};

struct evaluator {
    /* unit: id in the tree. RC_LIMIT: the arena is full, or nested too deep. */
    enum rc (*measure)(void *ctx, struct arena *a, uint32_t expr, uint32_t unit, struct moment m,
                       struct mval *out);
    /* row: index in dataset.rows; the expression's grain is that register. */
    enum rc (*measure_row)(void *ctx, struct arena *a, uint32_t expr, uint32_t row, struct moment m,
                           struct mval *out);
    /* The same answer, quickly; false: ask `measure`. NULL: never. */
    bool (*known)(void *ctx, struct cursor *c, uint32_t unit, struct known *out);
    /* A run of units at once, into room that is given. false: ask `known`. NULL: never. */
    bool (*known_run)(void *ctx, struct cursor *c, struct unit_run r, struct known_run *out);
    void *ctx;
};

/*
 * The moment of a measure in a plan year: snapshot is the day of the indicator's point (NULL:
 * none), else the latest snapshot day among the items the expression reads, else 31 December (C28).
 * false: the year is out of range.
 */
NODISCARD bool moment_of_year(const struct plan *p, uint32_t expr, const struct time_point *point,
                              int32_t year, struct date as_of, struct moment *out);
/* The latest snapshot day in a plan year among the items an expression reads; false: it reads none.
 */
bool moment_of_items(const struct plan *p, uint32_t expr, int32_t year, struct date *day);
/* The moment of a period within plan year `year`: snapshot is the period's last day, or its point.
 */
NODISCARD bool moment_of_period(const struct time_point *point, int32_t year, struct period period,
                                struct date as_of, struct moment *out);
/* The adopted definition of an indicator in a plan year; NULL: none yet. */
const struct definition *definition_in_force(const struct commitment *c, int32_t year);
/* n years earlier (later when negative): everything moves but as_of. false: out of range. */
NODISCARD bool moment_shift(struct moment m, int32_t n, struct moment *out);
/* The days on which a dated row of a register counts in the moment's year or period. */
void moment_rows(struct moment m, struct date *first, struct date *last);
/* Period and snapshot day at which an item is read; false outside the range of years. */
NODISCARD bool moment_of_item(const struct item *item, struct moment m, struct period *out,
                              struct date *snapshot);

#endif
