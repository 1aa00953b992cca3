/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workload in SQL, as somebody who knows these databases would write it: one wide table of
 * typed columns with a row for each school and year, the areas above it as columns; one pass that
 * sums by county and a roll-up of the counties; bounds, states and for-all rows from those few
 * rows. Written from the table of targets, not from what tizhi compiles.
 *
 * Tables: school (unit, year, city, county, public, rural, i0 …; NULL: silent) · area (node, city,
 * level, border) · target (id, levels, border, times, cmp, per) · asked (target, year, n).
 * Answers: verdict (target, node, year, state, lo_n, lo_d, hi_n, hi_d), bounds as fractions, n/0
 * infinite, NULL none · school_verdict (unit, year, and state … hi_d by target, s0 a0 b0 c0 d0 …).
 * Years count from 0; states are those of model/verdict.h.
 */
#ifndef BENCH_SQL_H
#define BENCH_SQL_H

#include "bench/workload.h"

enum sql_flavour { SQL_DUCKDB, SQL_POSTGRES, SQL_SQLITE };

#define SQL_STEPS 3

struct sql {
    struct str schema;           /* statements that make the tables */
    struct str fill;             /* area, target and asked */
    struct str ready;            /* after the facts are in: indexes and statistics; may be empty */
    struct str clear;            /* before each run */
    struct str steps[SQL_STEPS]; /* what is timed: sums, verdicts of areas, verdicts of schools */
    struct str verdicts;         /* all of verdict, in any order */
    struct str school_verdicts;  /* all of school_verdict */
    uint32_t n_sums;             /* aggregates in the first step */
};

struct sql sql_make(struct arena *a, const struct workload *w, enum sql_flavour f);

#endif
