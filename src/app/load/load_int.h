/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the loader: sheets that have been read, and what its files share. */
#ifndef APP_LOAD_LOAD_INT_H
#define APP_LOAD_LOAD_INT_H

#include "app/load/load.h"
#include "base/map.h"
#include "io/tables.h"

/* A file of a table, all its rows. */
struct sheet {
    enum io_table table;
    uint32_t file;
    const char *path;
    uint32_t index[IO_COLUMNS_MAX]; /* CSV_ABSENT: not there */
    const struct csv_field *header;
    uint32_t n_columns;
    VEC(const struct csv_field *) rows;
    VEC(uint32_t) extra; /* columns beyond the declared ones */
};

/* Things of the plan with one name: a chain through `next`. */
struct name_index {
    struct map first;
    uint32_t *next;
};

struct loader {
    struct arena *a;
    const struct plan *plan;
    const struct load_input *in;
    struct problems *problems;
    struct str *files;
    uint32_t *per_file; /* problems */
    VEC(struct sheet) sheets;
    const struct tree *tree;
    struct name_index items, attributes, fields;
    struct map kinds, regs, titles, relations, events, commitments;
    VEC(struct fact) facts;
    VEC(struct attr_value) attrs;
    VEC(struct reg_row) rows;
    VEC(struct title_row) title_rows;
    VEC(struct relation_row) pairs;
    VEC(struct activity) activities;
    VEC(struct event_row) event_rows;
    VEC(struct evidence) evidence;
    VEC(struct filing) filings;
};

/* One row at work. */
struct row {
    struct loader *l;
    const struct sheet *s;
    const struct csv_field *fields;
    bool bad; /* a problem was reported */
};

/* ---- load.c ---- */
void load_problem(struct loader *l, uint32_t file, uint32_t line, uint32_t column,
                  enum load_fault fault, struct str a, struct str b);
void row_problem(struct row *r, const struct csv_field *at, enum load_fault fault, struct str a,
                 struct str b);

/* " → NAME?" for the nearest of n names, or "". */
struct str load_nearest(struct loader *l, struct str text, const struct str *names, uint32_t n);

/* ---- load/value.c: fields of a row; all report and set r->bad ---- */
/* NULL: the file has no such column. */
const struct csv_field *row_field(const struct row *r, uint32_t column);
/* Trimmed text, "" when the column is not there. */
struct str row_text(const struct row *r, uint32_t column);
struct date row_date(struct row *r, uint32_t column, struct date absent);
/* Reports a period of validity that ends before it begins. */
void row_dates(struct row *r, uint32_t column, struct date from, struct date to);
bool row_bool(struct row *r, uint32_t column, bool absent);
bool load_bool(struct str text, bool *out);
enum row_status row_status(struct row *r, uint32_t column);
/* A unit by code, name or alias; NONE after reporting. */
uint32_t row_unit(struct row *r, uint32_t column);
/* Looked up in a map of the plan; NONE after reporting. sort is in both languages. */
uint32_t row_name(struct row *r, uint32_t column, const struct map *names, const char *sort_en,
                  const char *sort_zh);
struct period row_period(struct row *r, uint32_t column);
struct provenance row_from(struct row *r, uint32_t recorded, uint32_t source, uint32_t grade);
/* A value of an item, attribute or field; has == false when the text is empty. */
struct value row_value(struct row *r, const struct csv_field *f, const struct datum *d);
/* Some version of the unit is of the kind. */
bool load_unit_is(const struct loader *l, uint32_t unit, uint32_t kind);

/* ---- load/units.c ---- */
void load_units(struct loader *l, struct err *e, enum rc *rc);
void load_unit_attributes(struct loader *l, const struct sheet *s);

/* ---- load/facts.c, load/rows.c: a sheet each ---- */
void load_facts(struct loader *l, const struct sheet *s);
void load_attributes(struct loader *l, const struct sheet *s);
void load_facts_finish(struct loader *l);
void load_rows(struct loader *l, const struct sheet *s);
void load_titles(struct loader *l, const struct sheet *s);
void load_relations(struct loader *l, const struct sheet *s);
void load_activities(struct loader *l, const struct sheet *s);
void load_events(struct loader *l, const struct sheet *s);
void load_evidence(struct loader *l, const struct sheet *s);
void load_filings(struct loader *l, const struct sheet *s);

#endif
