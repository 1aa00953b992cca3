/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbooks out (.xlsx), by libxlsxwriter: sheets row by row in constant memory, a small table of
 * styles, and a file that is there whole or not at all.
 *
 *     TRY(workbook_begin(&w, "form.xlsx", day, STR("招生报表"), e));
 *     TRY(workbook_add_sheet(&w, &paper, &sheet, e));
 *     TRY(workbook_put(&w, sheet, 0, 0, workbook_text(STR("指标"), style), e));
 *     TRY(workbook_finish(&w, e));
 *     workbook_drop(&w);
 *
 * Invariants
 *   WW1 A text is a text: whatever it begins with, it is no formula.
 *   WW2 Equal calls give equal bytes; no clock is read.
 *   WW3 Rows of a sheet are put in order (asserted); a row is forgotten when the next one begins,
 *       so that memory does not grow with the rows.
 *   WW4 The file is replaced by workbook_finish alone; workbook_drop leaves nothing behind.
 *   WW5 What is put is read back equal by io/workbook.h: every character of a text; the value of a
 *       number, with nothing to clean.
 * Ownership: the writer holds memory and files beside the arena (base/arena.h, A5): it lies in the
 * ctx of arena_run, and workbook_drop is called whatever happened. Texts are not kept.
 */
#ifndef IO_WORKBOOK_WRITE_H
#define IO_WORKBOOK_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/workbook.h"

struct arena;
struct err;
struct lxw_format;
struct lxw_workbook;
struct lxw_worksheet;

#define WRITE_SHEETS_MAX   6
#define WRITE_TEXT_MAX     32767U /* UTF-16 units of a cell, as in a spreadsheet */
#define WRITE_NAME_MAX     31U    /* of a sheet */
#define WRITE_DIGITS_MAX   15U    /* of a number: what a spreadsheet keeps */
#define WRITE_DECIMALS_MAX 6

enum write_look {
#define LOOK(name, font, back, size, flags) LOOK_##name,
#include "io/workbook_write.def"
    LOOK__COUNT
};

enum write_show { SHOW_PLAIN, SHOW_TEXT, SHOW_NUMBER, SHOW_PERCENT, SHOW_DATE, SHOW__COUNT };

/* How a cell looks. */
struct write_style {
    enum write_look look;
    enum write_show show;
    uint8_t decimals; /* NUMBER, PERCENT */
};

enum write_kind { WRITE_BLANK, WRITE_TEXT, WRITE_NUMBER, WRITE_DATE };

struct write_cell {
    enum write_kind kind;
    struct write_style style;
    struct str text; /* NUMBER: plain decimal */
    struct date day; /* DATE */
};

/* A number of more than WRITE_DIGITS_MAX digits is put as text, which keeps them. */
struct write_cell workbook_number(struct str decimal, struct write_style style);
struct write_cell workbook_text(struct str text, struct write_style style);
struct write_cell workbook_blank(struct write_style style);

struct write_width {
    uint32_t first, last; /* columns */
    double width;         /* in digits of the usual font; Han characters take two */
    bool outline;         /* can be folded away */
};

/* A sheet, as it is known before its first row. */
struct write_paper {
    struct str name; /* by workbook_sheet_name */
    bool hidden;
    bool locked; /* but for cells that look like input; no password */
    const struct write_width *widths;
    uint32_t n_widths;
    uint32_t freeze_rows, freeze_columns; /* the columns are printed on each page, too */
    uint32_t repeat_first, repeat_last;   /* rows printed on each page; last 0: none */
    struct str footer;                    /* printed in the middle, before the number of the page */
    bool landscape;
};

enum write_colour { COLOUR_RED, COLOUR_AMBER, COLOUR__COUNT };

struct workbook_writer {
    struct lxw_workbook *book;
    const char *path;
    char temp[LIMIT_PATH_BYTES]; /* "": none */
    struct buf scratch;
    struct lxw_worksheet *sheets[WRITE_SHEETS_MAX];
    uint32_t next_row[WRITE_SHEETS_MAX]; /* WW3 */
    uint32_t n_sheets;
    struct lxw_format *formats[LOOK__COUNT][SHOW__COUNT][WRITE_DECIMALS_MAX + 1];
    struct lxw_format *colours[COLOUR__COUNT];
};

/* RC_IO and the like as file_begin. path is kept. */
NODISCARD enum rc workbook_begin(struct workbook_writer *w, const char *path, struct date made,
                                 struct str title, struct err *e);
NODISCARD enum rc workbook_add_sheet(struct workbook_writer *w, const struct write_paper *paper,
                                     uint32_t *sheet, struct err *e);
/* RC_LIMIT: the text is longer than a cell can be. */
NODISCARD enum rc workbook_put(struct workbook_writer *w, uint32_t sheet, uint32_t row,
                               uint32_t column, struct write_cell cell, struct err *e);
/* The same over columns of one row. */
NODISCARD enum rc workbook_put_merged(struct workbook_writer *w, uint32_t sheet, uint32_t row,
                                      uint32_t first, uint32_t last, struct write_cell cell,
                                      struct err *e);
/* In points; before the next row begins. */
NODISCARD enum rc workbook_row_height(struct workbook_writer *w, uint32_t sheet, uint32_t row,
                                      double height, struct err *e);

/* A note at a cell, cut to what fits; before the next row begins. */
NODISCARD enum rc workbook_put_note(struct workbook_writer *w, uint32_t sheet, uint32_t row,
                                    uint32_t column, struct str text, struct err *e);

enum write_check { CHECK_ANY, CHECK_LIST, CHECK_NUMBER, CHECK_WHOLE, CHECK_DAY };

/* What may be typed into cells, and what is told about it. */
struct write_rule {
    struct workbook_range range;
    enum write_check check;
    struct str list;               /* LIST: a range, `=_lists!$A$1:$A$3` */
    struct str low, high;          /* NUMBER, WHOLE: plain decimals; "": unbounded */
    struct str title, hint, wrong; /* cut to what a spreadsheet takes */
};
NODISCARD enum rc workbook_put_rule(struct workbook_writer *w, uint32_t sheet,
                                    const struct write_rule *rule, struct err *e);

/* Colours the cells where the formula, written for the first of them, holds. */
NODISCARD enum rc workbook_put_colour(struct workbook_writer *w, uint32_t sheet,
                                      struct workbook_range range, struct str formula,
                                      enum write_colour colour, struct err *e);

/*
 * Of a sheet that is a table with its header in the first row: widths that were not known before,
 * filters, the header on each page. rows: with the header.
 */
NODISCARD enum rc workbook_set_table(struct workbook_writer *w, uint32_t sheet,
                                     const struct write_width *widths, uint32_t n, uint32_t rows,
                                     struct err *e);

/* Shown first, with the cursor there. */
void workbook_show_sheet(struct workbook_writer *w, uint32_t sheet, uint32_t row, uint32_t column);

/* RC_IO: nothing is replaced. */
NODISCARD enum rc workbook_finish(struct workbook_writer *w, struct err *e);
/* Lets go of everything; also of a writer that is zero, and twice. */
void workbook_drop(struct workbook_writer *w);

/*
 * A legal name of a sheet for a text: without `[]:*?/\` and controls, no apostrophe at the ends, at
 * most WRITE_NAME_MAX units, not a reserved word, and unlike the others.
 */
struct str workbook_sheet_name(struct arena *a, struct str wanted, const struct str *others,
                               uint32_t n);
/* Columns that a text takes, of its longest line. */
double workbook_width_of(struct str text);
/* Points that a text needs in a column of that width. */
double workbook_height_of(struct str text, double width);

#endif
