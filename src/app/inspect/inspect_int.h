/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the detectors: the figures of a day, and how a question is put. */
#ifndef APP_INSPECT_INSPECT_INT_H
#define APP_INSPECT_INSPECT_INT_H

#include <math.h>

#include "app/inspect/inspect.h"

#define GRID_YEARS_MAX 8 /* the last ones */

/* The units of one kind with the items that they report. */
struct grid_group {
    uint32_t kind;
    uint32_t n_units;
    uint32_t *unit; /* by place, ascending */
    uint32_t n_items;
    uint32_t *item; /* by row */
    uint32_t *row;  /* by item; NONE */
    double *x;      /* [year][row][place]: in base units, booleans 0 or 1, NAN: silent */
};

/* A commitment divides by an item. */
struct grid_ratio {
    uint32_t num; /* NONE: what it divides is more than an item */
    uint32_t den;
    uint32_t commitment;
};

/* … and asks for at least so much of it. */
struct grid_threshold {
    struct grid_ratio of;
    struct rat least;
};

/* Heads of a unit that its year before, its other figures and its peers do not explain. */
struct grid_shift {
    uint32_t item, year, unit;
    uint32_t above;     /* the unit above it in both years */
    double before, now; /* as reported */
    double heads;       /* less than 0: they are missing */
    double score;
};

struct grid {
    struct arena *a;
    const struct plan *plan;
    const struct tree *tree;
    const struct dataset *data; /* while the cells are looked at, and with versions of all cells */
    const struct figures *figures; /* of the cells, while they are looked at */
    struct inspect_wish wish;
    int32_t first_year; /* plan year of year 0 */
    uint32_t n_years;
    struct grid_group *groups; /* by kind */
    uint32_t *place;           /* by unit, in its group */
    uint32_t *group;           /* by unit; NONE */
    bool *moved;               /* by unit: it has a lineage */
    VEC(struct grid_ratio) ratios;
    VEC(struct grid_threshold) thresholds;
    bool *heads; /* by item: counts persons that the plan divides by */
    VEC(struct grid_shift) shifts;
    struct inspection *out;
};
struct inspect_look {
    struct grid g;
    struct inspection found; /* in the rows, which are not kept */
};

/* ---- inspect/plan.c: what the plan divides by what, and its thresholds ---- */
void inspect_read_plan(struct grid *g);

/* ---- inspect/grid.c ---- */
NODISCARD enum rc grid_make(struct grid *g, struct err *e);
/* Not NAN. */
static inline bool said(double x)
{
    return !isnan(x);
}

/* The figures of one item in one year, by place. */
static inline double *grid_row(const struct grid_group *k, uint32_t year, uint32_t row)
{
    return k->x + ((size_t)year * k->n_items + row) * k->n_units;
}
/* Of any unit; NAN: silent, or not an item of its kind. */
double grid_value(const struct grid *g, uint32_t unit, uint32_t item, uint32_t year);
/* The year before, of the same or of all it was merged from; NAN: nothing comparable (C29). */
double grid_before(const struct grid *g, const struct grid_group *k, uint32_t year, uint32_t row,
                   uint32_t place);
bool grid_is_sealed(const struct grid *g, const struct grid_group *k, uint32_t row);
/* A number that may be held against others. */
bool grid_is_number(const struct grid *g, const struct grid_group *k, uint32_t row);
/* What one unit of the last place is worth: rounding of a figure as declared. */
double datum_step(const struct datum *d);
/* As written: in the declared unit; of a sealed one `*`. */
struct str datum_text(struct arena *a, const struct datum *d, double x);
/* The period of an item in the plan year, as written. */
struct str grid_period(const struct grid *g, uint32_t item, uint32_t year);
struct str grid_year(const struct grid *g, uint32_t year);

/* ---- inspect.c ---- */
struct asked {
    enum detector detector;
    uint32_t unit;
    struct str what, period;
    double weight;
    enum data_class class_;
    struct str a[2], b[2], c[2], d[2]; /* English, Chinese */
    const uint32_t *about;
    uint32_t n_about;
};
/* Leaves out who was not asked for (wish). */
void inspect_ask(struct grid *g, const struct asked *q);
bool inspect_seen(const struct grid *g, const struct provenance *from);
/* The same in both languages. */
#define BOTH(s)                                                                                    \
    {                                                                                              \
        (s), (s)                                                                                   \
    }
#define SAY(q, m, s) ((q)->m[0] = (q)->m[1] = (s))
struct str count_text(struct arena *a, uint64_t n);
/* 0.297 as 30%. */
struct str percent_text(struct arena *a, double share);

/* ---- detectors: inspect/figures.c, inspect/moved.c, inspect/unit.c, inspect/rows.c, inspect/log.c
 */
void inspect_changes(struct grid *g, const struct grid_group *k);
/* After the changes of all kinds, which find the shifts. */
void inspect_moved(struct grid *g);
void inspect_zeros(struct grid *g, const struct grid_group *k);
void inspect_bunched(struct grid *g, const struct grid_group *k);
void inspect_copied(struct grid *g, const struct grid_group *k);
void inspect_heaped(struct grid *g, const struct grid_group *k);
void inspect_all_good(struct grid *g, const struct grid_group *k);
/* By all versions. */
NODISCARD enum rc inspect_late(struct grid *g, struct err *e);
void inspect_titles(struct grid *g);
void inspect_keys(struct grid *g);
void inspect_filings(struct grid *g);
void inspect_claims(struct grid *g);

#endif
