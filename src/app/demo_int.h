/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the generator: the profile, the units made, and a table per file written. */
#ifndef APP_DEMO_INT_H
#define APP_DEMO_INT_H

#include "app/demo.h"
#include "app/pack.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/rng.h"
#include "base/vec.h"
#include "io/csv.h"
#include "io/tables.h"

/* A line of demo/units.csv: how many units of a kind there are. */
struct demo_sort {
    uint32_t kind, below; /* kinds; units of `below` are the parents */
    uint32_t total;
    uint32_t by; /* attribute of the parents that says where they are; NONE: evenly */
    struct str code, name;
    uint32_t closing, merging; /* of 1000 a year */
};

/* A line of demo/figures.csv: what a figure is drawn from. */
struct demo_figure {
    bool given;
    uint32_t like_item, like_attr; /* NONE: `mean` stands alone */
    double mean;                   /* of the figure, or of its ratio to the other one */
    double spread;                 /* relative */
    double trend;                  /* relative, a year */
    double yes;                    /* booleans: in the first year */
    bool silent_never;
};

/* A line of demo/frauds.csv. */
struct demo_fraud {
    uint32_t pattern; /* enum demo_pattern */
    uint32_t item, base;
    double threshold;
    uint32_t count;
};

struct demo_unit {
    struct str code, name;
    uint32_t kind, parent; /* parent: index here; NONE: the root */
    struct date from, to;
    bool made;      /* by the generator */
    double quality; /* about -1 … 1: what is good here is good in everything */
    double size;    /* around 1 */
    uint32_t rank;  /* among the made units of its kind */
    bool careless;  /* often silent */
};

struct demo {
    struct arena *a;
    const struct pack *pack;
    const struct plan *plan;
    struct demo_options o;
    struct demo_summary *sum;
    VEC(struct demo_sort) sorts;
    struct demo_figure *items, *attrs; /* by item, attribute */
    VEC(struct demo_fraud) frauds;
    VEC(struct demo_unit) units; /* parents before children */
    struct demo_files *files;
    struct csv_writer writers[IO_TABLE__COUNT];
    struct csv_writer key_writer;
    double *values; /* of the unit and year at work, by item; NAN: none yet */
    struct err *e;
};

/* ---- demo_draw.c: numbers from (seed, key): equal keys give equal draws (DE1) ---- */
struct rng demo_rng(const struct demo *d, struct str key, uint64_t salt);
double demo_uniform(struct rng *r); /* [0, 1) */
double demo_normal(struct rng *r);  /* about N(0, 1), within ±3 */
bool demo_chance(struct rng *r, double p);

/* ---- demo_profile.c ---- */
/* The tables of DIR/demo; RC_INPUT with file, line and column. */
NODISCARD enum rc demo_profile(struct demo *d, const char *pack_dir);

/* ---- demo_table.c: rows of the tables ---- */
/* Fields in order of the table's columns; empty ones may be left out at the end. */
void demo_row(struct demo *d, enum io_table t, const struct str *fields, uint32_t n);
void demo_key(struct demo *d, const char *pattern, const struct demo_unit *u, struct str what,
              struct str when);
struct str demo_day(struct demo *d, struct date day);
struct str demo_number(struct demo *d, double x, uint32_t decimals);
bool demo_stands(const struct demo_unit *u, struct date day);

/* ---- the passes, in order ---- */
void demo_make_units(struct demo *d);   /* demo_units.c: roll, lineage */
void demo_make_figures(struct demo *d); /* demo_figures.c: attributes, facts */
void demo_make_rolls(struct demo *d);   /* demo_rolls.c: titles, rows, relations, evidence … */

/* ---- demo_fraud.c: planted patterns ---- */
enum demo_pattern {
    DEMO_COPIED,    /* last year's form again */
    DEMO_BUNCHED,   /* just above the threshold */
    DEMO_SHRUNK,    /* a base that grew smaller */
    DEMO_LATE_EDIT, /* changed after the year was over */
    DEMO_ALL_GOOD,  /* everything at its best */
    DEMO_PATTERN__COUNT
};
bool demo_pattern_of(struct str name, uint32_t *out);
/* Changes the values of a unit and year at work; `before`: those of the year before, or NULL. */
void demo_plant(struct demo *d, const struct demo_unit *u, int32_t year, const double *before);
/* A second version of a fact, recorded long after. */
bool demo_is_late(struct demo *d, const struct demo_unit *u, uint32_t item, int32_t year);

#endif
