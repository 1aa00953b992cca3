/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is measured: a table of targets and a tree of units, both generated, and the figure of every
 * cell as a function of its place. The text of the plan, the SQL of the competitors and the facts
 * are all made from here, so that everybody computes the same from the same numbers.
 *
 * The mix follows the plan that tizhi was made for: mostly ratios of sums, then sums, counts and
 * shares of units, ladders by year, some with conditions, a few that every school must meet. All is
 * due on the day judged.
 *
 * Invariants
 *   W1  Figures are whole numbers >= 0 below 2^31; money is in hundredths of 万元.
 *   W2  The part of a pair never exceeds its whole; a whole and a sum of money are never 0.
 *   W3  Nodes are numbered in pre-order by level: 0 the region, then cities, counties, schools.
 *   W4  A place has one figure: the same on every machine, whoever asks and in whichever order.
 * Ownership: the arena given.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

#define FIRST_YEAR 2024
#define YEARS      3

#define NO_BOUND   0
#define FIGURE_MAX INT32_MAX
#define SILENT     (-1)

/* ---- items and attributes of a school ------------------------------------------------------ */

enum item_class { ITEM_PART, ITEM_WHOLE, ITEM_MONEY, ITEM_FLAG };

struct bench_item {
    enum item_class class;
    uint32_t whole;   /* of a part */
    int32_t bound;    /* of a silent figure, NO_BOUND: none */
    int32_t permille; /* PART: of its whole; FLAG: how often yes; others: the size */
    bool tied;        /* PART, WHOLE: a hard check says part <= whole */
};

/* ---- targets -------------------------------------------------------------------------------- */

enum form {
    FORM_SUM,          /* Σa where φ */
    FORM_COUNT,        /* schools where φ */
    FORM_SHARE,        /* share of schools (where φ) that satisfy ψ */
    FORM_RATIO,        /* Σa / Σb, where b may be tied to a */
    FORM_PART_OF,      /* Σ(a where φ) / Σa */
    FORM_SCHOOL_RATIO, /* a / b at every school */
    FORM_SCHOOL_FLAGS, /* flag and flag at every public school */
};

enum cond_kind {
    COND_NONE,
    COND_PUBLIC,      /* attribute, boolean */
    COND_RURAL,       /* attribute, a choice */
    COND_FLAG,        /* item, boolean: may be silent */
    COND_SIZE,        /* item >= value: may be silent */
    COND_PUBLIC_FLAG, /* attribute and item */
};

struct cond {
    enum cond_kind kind;
    uint32_t item;
    int32_t value;
};

enum scope_set { /* bits */
                 AT_REGION = 1,
                 AT_CITY = 2,
                 AT_COUNTY = 4,
                 AT_SCHOOL = 8,
                 ONLY_BORDER = 16, /* of the counties, those with the attribute */
};

enum times { EVERY_YEAR, LADDER, LAST_YEAR, HOLD, MEAN, NEVER_FALLS, RISES };
enum cmp { GE, LE, GT, LT };

/* A target: measure, who must comply, when, and what is asked. */
struct target {
    enum form form;
    uint32_t a, b;
    struct cond where, satisfying;
    uint32_t at; /* enum scope_set */
    enum times times;
    enum cmp cmp;
    int64_t asked[YEARS]; /* by year, over asked_per */
    int64_t asked_per;
};

/* ---- the whole ------------------------------------------------------------------------------ */

struct shape {
    uint32_t cities, counties, schools, items, targets;
    uint32_t depth; /* units between a county and its schools, for commits: contests have none */
    uint64_t seed;
};

struct workload {
    struct shape shape;
    const struct bench_item *items;
    const struct target *targets;
    uint32_t n_items, n_targets;
    const uint32_t *city_of;   /* by county: its city */
    const uint32_t *school_of; /* by county, and one more: its first school */
    uint32_t n_areas;          /* region, cities and counties */
    uint32_t n_school_targets; /* the last ones of the table: judged at each school */
};

const struct workload *workload_make(struct arena *a, struct shape s);

/* SILENT: not reported. Flags are 0 and 1. */
int32_t figure_at(const struct workload *w, uint32_t school, uint32_t item, uint32_t year);
/* Attributes are always known. */
bool school_is_public(const struct workload *w, uint32_t school);
bool school_is_rural(const struct workload *w, uint32_t school);
bool county_on_border(const struct workload *w, uint32_t county);
uint32_t county_of_school(const struct workload *w, uint32_t school);

/* Nodes (W3). */
uint32_t node_of_city(uint32_t city);
uint32_t node_of_county(const struct workload *w, uint32_t county);

/* What a condition reads is always known. */
bool cond_is_known(enum cond_kind kind);

/* The plan in the plan language. */
struct str workload_plan(struct arena *a, const struct workload *w);

#endif
