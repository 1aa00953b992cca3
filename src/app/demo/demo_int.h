/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the generator: the profile, the units made, and a table per file written. */
#ifndef APP_DEMO_DEMO_INT_H
#define APP_DEMO_DEMO_INT_H

#include "app/demo/demo.h"
#include "app/pack/pack.h"
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

/* What a line of the profile is about: one of the first five, the others NONE. */
struct demo_name {
    uint32_t item, attr, field, reg, title;
    uint32_t kind; /* of `KIND.figure` as written, else NONE */
};

/* A line of demo/figures.csv: what a figure is drawn from. */
struct demo_figure {
    bool given;
    uint32_t kind;                  /* of the units it is for; NONE: of any kind */
    const struct demo_figure *next; /* the line before about the same figure */
    struct demo_name like;          /* none: `mean` stands alone */
    double mean;   /* of the figure, or of its ratio to the other one; rows a year */
    double spread; /* relative */
    double trend;  /* relative, a year; of `yes`: added a year */
    double yes;    /* booleans and titles: share in the baseline year */
};

/* A line of demo/frauds.csv. */
struct demo_fraud {
    uint32_t pattern; /* enum demo_pattern */
    struct demo_name of;
    uint32_t base; /* item */
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
    bool careless;  /* often silent */
    bool leaf;      /* no unit stands below it */
    uint32_t fraud; /* planted here; NONE: nothing */
    uint32_t nth;   /* among those chosen for it */
};

/* A title of a unit. */
struct demo_held {
    bool held;
    struct date since, revoked; /* DATE_MAX: not revoked */
};

/* A row of a register while it is drawn: a number or a text per field of the register. */
struct demo_entry {
    uint32_t reg;
    struct date date, from, to; /* DATE_MIN: not written */
    double *num;                /* choices: their index; booleans: 0 or 1 */
    struct str *text;
    bool gone;
};

/* What was planted in the year at work; the key is written when the year stands. */
struct demo_note {
    uint32_t item; /* NONE: no single one */
    struct str what;
    int32_t year;
};

/* A unit in a year: all it says, before it is written. */
struct demo_year {
    struct demo *d;
    const struct demo_unit *u;
    int32_t year;
    double *values, *before; /* by item; NAN: not said. before: the year before */
    double *attrs;           /* NAN: not yet drawn */
    struct demo_held *titles;
    bool titles_open; /* they may still be taken away */
    bool rows_known;
    VEC(struct demo_entry) rows;
    struct demo_entry *row; /* at work, when an expression speaks of rows */
    VEC(struct demo_note) notes;
};

struct demo {
    struct arena *a;
    const struct pack *pack;
    const struct plan *plan;
    struct demo_options o;
    struct demo_summary *sum;
    VEC(struct demo_sort) sorts;
    struct demo_figure *items, *attrs, *fields, *regs, *titles; /* by index in the plan */
    uint32_t *columns;                                          /* by field: in the table of rows */
    int32_t *rows_from; /* by register: the first year with rows, for whoever looks back */
    int32_t first_year; /* the least of them and the baseline year */
    VEC(struct demo_fraud) frauds;
    VEC(struct demo_unit) units; /* parents before children */
    struct demo_files *files;
    struct csv_writer writers[IO_TABLE__COUNT];
    struct csv_writer key_writer;
    struct err *e;
};

/* ---- demo/draw.c: numbers from (seed, key): equal keys give equal draws (DE1) ---- */
struct rng demo_rng(const struct demo *d, struct str key, uint64_t salt);
double demo_uniform(struct rng *r); /* [0, 1) */
double demo_normal(struct rng *r);  /* about N(0, 1), within ±3 */
bool demo_chance(struct rng *r, double p);

/* ---- demo/profile.c ---- */
/* The tables of DIR/demo; RC_INPUT with file, line and column. */
NODISCARD enum rc demo_profile(struct demo *d, const char *pack_dir);
/* The line for units of a kind: of the most special kind that is named, the last of several. */
const struct demo_figure *demo_figure_for(const struct demo *d, const struct demo_figure *lines,
                                          uint32_t kind);

/* ---- demo/table.c: rows of the tables ---- */
/* Fields in order of the table's columns; empty ones may be left out at the end. false: it is not
 * known yet (DE5). */
bool demo_row(struct demo *d, enum io_table t, const struct str *fields, uint32_t n);
void demo_key(struct demo *d, const char *pattern, const struct demo_unit *u, struct str what,
              struct str when);
struct str demo_day(struct demo *d, struct date day);
struct str demo_number(struct demo *d, double x, uint32_t decimals);
/* A value of the datum as tables write it. */
struct str demo_text(struct demo *d, const struct datum *x, double value, int32_t year);
/* In the declared unit with its decimals, within its bounds: what will be written. */
double demo_rounded(const struct datum *x, double value);
bool demo_stands(const struct demo_unit *u, struct date day);
struct date demo_in_year(struct rng *r, int32_t year, int32_t first, int32_t days);

/* ---- demo/value.c: expressions over what one unit says ---- */
/* Booleans are 0 or 1; NAN: it cannot be told from this unit and year alone. */
double demo_value(struct demo_year *w, uint32_t e);
bool demo_title_held(const struct demo_year *w, uint32_t title);
/* The measure of an indicator in the year, or NONE. */
uint32_t demo_measure(const struct demo_year *w, uint32_t indicator);
/* The rows of the unit that an aggregate over a register adds up. */
bool demo_row_belongs(const struct demo_year *w, const struct expr *agg,
                      const struct demo_entry *row);

/* ---- demo/mend.c: the checks of the pack ---- */
/*
 * Changes figures, rows and titles until the checks hold that can be told from the unit and year;
 * soft ones only where nothing is planted. What cannot be mended is left unsaid (DE3).
 */
void demo_mend(struct demo_year *w);

/* ---- the passes, in order ---- */
void demo_make_units(struct demo *d);    /* demo/units.c: roll, lineage */
void demo_choose_frauds(struct demo *d); /* demo/fraud.c */
void demo_make_figures(struct demo *d);  /* demo/figures.c: a unit at a time */
void demo_make_rolls(struct demo *d);    /* demo/rolls.c: relations, events, evidence … */

/* ---- demo/titles.c: titles and rows of one unit ---- */
void demo_draw_titles(struct demo_year *w);
void demo_write_titles(struct demo_year *w);
void demo_draw_rows(struct demo_year *w);
void demo_write_rows(struct demo_year *w);
/* One more row, drawn; valid until the next one. */
struct demo_entry *demo_add_row(struct demo_year *w, uint32_t reg);

/* ---- demo/fraud.c: planted patterns ---- */
enum demo_pattern {
    DEMO_COPIED,      /* last year's form again */
    DEMO_BUNCHED,     /* just above the threshold */
    DEMO_SHRUNK,      /* a base that grew smaller */
    DEMO_LATE_EDIT,   /* changed after the year was over */
    DEMO_ALL_GOOD,    /* everything at its best */
    DEMO_TITLE_BURST, /* titles in the last days of a year */
    DEMO_DOUBLE_KEY,  /* one key in the registers of two owners */
    DEMO_OVERLAP,     /* rows of one key in force at the same time */
    DEMO_SLIP,        /* a figure ten times too large, as by a wrong unit */
    DEMO_HEAPED,      /* figures of 100 and more as tens */
    DEMO_ZEROED,      /* nothing of what others have */
    DEMO_MOVED,       /* heads of one unit counted at another one of its area */
    DEMO_PATTERN__COUNT
};
bool demo_pattern_of(struct str name, uint32_t *out);
/* What is planted in the unit, or NULL. */
const struct demo_fraud *demo_fraud_of(const struct demo *d, const struct demo_unit *u);
/* Changes the figures, titles or rows of the unit at work, and takes notes. */
void demo_plant_figures(struct demo_year *w);
void demo_plant_titles(struct demo_year *w);
void demo_plant_rows(struct demo_year *w);
bool demo_is_late(const struct demo_year *w, uint32_t item);
/* The notes of the year whose figures stand, into the answer key. */
void demo_write_notes(struct demo_year *w);

#endif
