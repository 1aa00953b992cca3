/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine sheet of a form workbook: which cell of which sheet is which figure of whom, and what
 * it was when it was exported. docs/internals/form-workbooks.md is the layout; who exports writes
 * it row by row, who imports reads it as a whole.
 *
 *     struct form_writer w = {.a = a, .row = put_row, .ctx = sheet};
 *     TRY(form_write_about(&w, &form, e));
 *     TRY(form_write_table(&w, &form.tables.items[0], e));
 *     for each line: TRY(form_write_line(&w, &line, e));
 *     TRY(form_write_end(&w, e));
 *
 *     TRY(form_sheet_read(a, &grid, &form, e));
 *     for each table, line, column: struct form_cell c = form_cell(table, line, column);
 *
 * Invariants
 *   FS1 What was written is read back equal, whatever its texts.
 *   FS2 Of a form that was read every line has as many values as its table has columns, rows and
 *       columns are within a sheet, lines of a table rise by row and columns by column.
 *   FS3 A form with a wrong digest is never handed out.
 * Places count from 0 here, as in io/workbook.h; the sheet itself has them as people see them.
 * Ownership: read, everything lies in the arena or views the grid; written, nothing is kept.
 */
#ifndef APP_WORKBOOK_FORM_SHEET_H
#define APP_WORKBOOK_FORM_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/sm3.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct err;
struct grid;

#define FORM_SHEET_NAME    "_tizhi"
#define FORM_SHEET_VERSION 1

enum form_layout {
#define LAYOUT(name, text) FORM_LAYOUT_##name,
#include "app/workbook/form_sheet.def"
    FORM_LAYOUT__COUNT
};

/* What a line of a table is. */
enum form_lines {
#define LINES(name, text) FORM_LINES_##name,
#include "app/workbook/form_sheet.def"
    FORM_LINES__COUNT
};

enum form_role {
#define ROLE(name, text) FORM_ROLE_##name,
#include "app/workbook/form_sheet.def"
    FORM_ROLE__COUNT
};

struct form_column {
    uint32_t column;
    enum form_role role;
    struct str name;    /* item, field, or word of a register's row; "": the line has it */
    struct str measure; /* unit of measure of its figures; "": none, or the line has it */
    struct str head;    /* as its header cell shows it */
};

struct form_line {
    uint32_t row;
    struct str unit;    /* code of whom it is; "" in a form for nobody yet */
    struct str name;    /* item, check, row of a register, what a note is about; "" for units */
    struct str measure; /* as of a column */
    int64_t seen;       /* commit of the submission or row; 0: none */
    struct str label;   /* as its label cell shows it */
    const struct str *values; /* one per column of the table: as exported */
};

struct form_table {
    struct str sheet;
    enum form_lines lines_are;
    uint32_t header;             /* row */
    uint32_t first_free, n_free; /* rows to add lines in */
    VEC(struct form_column) columns;
    VEC(struct form_line) lines;
};

struct form_sheet {
    enum form_layout layout;
    /* In this order in the sheet; the empty ones are left out. */
    struct str plan, plan_digest;
    struct str form, reg; /* one of them */
    struct str round, period;
    struct str book; /* commit of the export, decimal */
    struct str made; /* day */
    struct str demo; /* "yes" */
    VEC(struct form_table) tables;
};

/* ---- writing -------------------------------------------------------------------------------- */

struct form_writer {
    struct arena *a; /* for a row at a time; given back */
    /* Takes the next row of the machine sheet; keeps nothing in `a`. */
    enum rc (*row)(void *ctx, const struct str *cells, uint32_t n, struct err *e);
    void *ctx;
    /* Zero at the start. */
    uint8_t digest[SM3_BYTES];
    bool begun;
    uint32_t n_columns; /* of the table at work */
};

NODISCARD enum rc form_write_about(struct form_writer *w, const struct form_sheet *f,
                                   struct err *e);
/* The table and its columns; its lines follow one by one, in order of their rows. */
NODISCARD enum rc form_write_table(struct form_writer *w, const struct form_table *t,
                                   struct err *e);
NODISCARD enum rc form_write_line(struct form_writer *w, const struct form_line *l, struct err *e);
NODISCARD enum rc form_write_end(struct form_writer *w, struct err *e);

/* ---- reading -------------------------------------------------------------------------------- */

/*
 * RC_NOT_FOUND: the workbook has no such sheet; RC_NO_SUPPORT: of a newer program; RC_INPUT:
 * damaged, with row and remedy.
 */
NODISCARD enum rc form_sheet_read(struct arena *a, const struct grid *g, struct form_sheet *out,
                                  struct err *e);

/* One cell of a table, the same for every layout. */
struct form_cell {
    enum form_role role;
    struct str unit;     /* of whom */
    struct str name;     /* item, field, check, word of a register's row */
    struct str measure;  /* unit of measure as the header says it */
    struct str exported; /* "": silent */
    int64_t seen;
};
struct form_cell form_cell(const struct form_table *t, uint32_t line, uint32_t column);

#endif
