/* SPDX-License-Identifier: Apache-2.0 */
/* Private to import_*.c. */
#ifndef APP_WORKBOOK_IMPORT_INT_H
#define APP_WORKBOOK_IMPORT_INT_H

#include "app/workbook/import.h"
#include "app/workbook/import_name.h"
#include "base/buf.h"
#include "base/map.h"

#define IMPORT_PATH_MAX 8                /* rows of a header */
#define IMPORT_SEVERAL  (UINT32_MAX - 1) /* in maps of items: more than one bears the name */

/* A unit that bears, or bore, a name. */
struct import_bearer {
    uint32_t unit;
    uint32_t next; /* + 1 of the list; 0: the last */
    bool former;   /* not on the day that counts */
};

/* What texts have been found to be: the same few stand in every workbook of a form. */
#define IMPORT_CACHE_ALL  2000U  /* texts, over all workbooks: few, so that they stay at hand */
#define IMPORT_CACHE_MAX  20000U /* texts of one workbook */
#define IMPORT_CACHE_TEXT 120U   /* bytes of one */
struct import_texts {
    struct arena *a;
    struct map labels, units;
    VEC(struct import_label) label;
    VEC(struct import_whom) whom;
};
struct import_cache {
    struct import_texts all;  /* over all workbooks */
    struct import_texts here; /* of one, when `all` is full; a NULL: none */
};

/* Which characters names begin with: a text that begins otherwise bears none of them. */
#define IMPORT_FIRSTS 4096U

struct import_names {
    struct import_cache *cache;
    const struct import_asked *asked;
    struct map words;         /* folded -> set of IMPORT_BIT */
    struct map items, stems;  /* folded -> datum */
    struct map answers;       /* folded header -> datum */
    struct str *shown;        /* names of datums */
    struct str *folded;       /* the same, folded */
    struct map units, shorts; /* folded name -> bearers; shorts: without names of units above */
    uint64_t firsts[IMPORT_FIRSTS / 64]; /* of both, by character modulo IMPORT_FIRSTS */
    bool code_firsts[256];               /* bytes that codes of units begin with */
    bool digits;                         /* an item, word or answer is a number by name */
    VEC(struct import_bearer) bearers;
    bool *owes;               /* by unit */
    const struct str *nearby; /* names and codes of units that owe, for suggestions */
    uint32_t n_nearby;
};

void import_index_units(struct arena *a, struct import_names *n);
/* Where what a text is may be remembered; NULL: nowhere. */
struct import_texts *import_texts_for(struct import_cache *c, struct str text);
/* 12, -3.5: in ASCII, nothing around it. */
bool import_is_decimal(struct str s);
/* The plain references of import_label and import_unit: nothing remembered, no short cut. */
void import_label_plain(struct arena *a, const struct import_names *n, struct str text,
                        struct import_label *out);
struct import_whom import_unit_plain(struct arena *a, const struct import_names *n, struct str text,
                                     uint32_t area);

/* ---- workbook/import_view.c: a sheet with its merged cells
 * ------------------------------------------- */

struct import_view {
    const struct grid_sheet *sheet;
    const struct workbook_sheet *about;
    struct map_u64 merged;      /* place -> range */
    uint32_t n_rows, n_columns; /* within which there is something */
    uint32_t first_column;
    uint32_t merged_rows; /* below it nothing is merged */
};

/* RC_LIMIT: merged ranges cover too much. */
NODISCARD enum rc import_view_make(struct arena *a, const struct grid_sheet *sheet,
                                   const struct workbook_sheet *about, struct import_view *out);
/* What stands at the place, NULL: nothing. */
const struct sheet_cell *view_cell(const struct import_view *v, uint32_t row, uint32_t column);
/* The same, of the first cell of a merged range. */
const struct sheet_cell *view_shown(const struct import_view *v, uint32_t row, uint32_t column);
/* Its trimmed text; "": nothing, or white space only. */
struct str view_text(const struct import_view *v, uint32_t row, uint32_t column);
struct str view_shown_text(const struct import_view *v, uint32_t row, uint32_t column);
/* The merged range over a place, or NULL. */
const struct workbook_range *view_range(const struct import_view *v, uint32_t row, uint32_t column);
bool view_row_hidden(const struct import_view *v, uint32_t row);
bool view_column_hidden(const struct import_view *v, uint32_t column);
/* Nothing stands in the row. */
bool view_row_blank(const struct import_view *v, uint32_t row);
/* A number, or text that begins like one. */
bool view_is_figure(const struct sheet_cell *c);

/* ---- workbook/import_read.c: one workbook at work
 * ---------------------------------------------------- */

/* A register's rows as they are found (workbook/import_rows.c). */
struct import_rows {
    struct buf *csv;
    uint32_t n; /* of them */
    bool headed, bad;
};

struct import_reader {
    struct import_rows *rows; /* NULL: figures of units */
    struct import_run *run;
    const struct import_names *n;
    struct arena *work; /* of this workbook */
    uint32_t file;      /* index */
    const struct grid *grid;
    uint32_t sheet;
    struct import_view v;
    struct str stem;            /* of the path */
    struct str guess_of, guess; /* the unit looked for by likeness last */
    uint32_t n_guesses;
    uint32_t folder_area; /* a unit that a folder names, or NONE */
    /* Of the sheet. */
    uint32_t unit;       /* whose it is as a whole, or NONE */
    uint32_t area;       /* a unit above, as title or sheet say, or NONE */
    bool found;          /* a table of the form */
    struct str measures; /* 单位：… above the tables */
    bool *measure_told;  /* by datum */
};

/* run.work and run.texts, empty, until import_rest; import_drop gives them back. */
void import_begin(struct import_run *run);
void import_rest(struct import_run *run);
/* As import_file, of what was read already. */
NODISCARD enum rc import_grid(struct import_run *run, const char *path, const struct grid *g,
                              struct str folder, struct err *e);
/* Notes are kept in run.a, up to the limits. */
void import_keep_note(struct import_run *run, uint32_t file, struct import_note n);
/* Figures that an entry gives to the book. */
uint32_t import_given(const struct import_asked *q, const struct import_entry *e);
bool import_same_value(const struct datum *d, const struct import_kept *x,
                       const struct import_kept *y);
/* What came of one cell. */
struct import_cell {
    enum import_cell_is is;
    struct value value; /* VALUE; its text and large numbers lie in run.a */
    struct import_place at;
    struct str was; /* of an exported form: the value as it was exported */
};
struct import_kept import_keep(struct arena *a, const struct import_cell *c);

/* Names of sheets, and what path and folders say; the run's file is there already. */
void import_open(struct import_reader *r, const struct grid *g, struct str folder);
struct import_place import_at(const struct import_reader *r, uint32_t row, uint32_t column);
void import_say(struct import_reader *r, struct import_place at, enum import_says says,
                struct str a, struct str b);
/* The same of a figure. */
void import_say_of(struct import_reader *r, struct import_place at, enum import_says says,
                   struct str a, struct str b, uint32_t unit, uint32_t datum);

/* A cell that is the figure of a unit. */
struct import_claim {
    uint32_t unit, datum;
    uint32_t row, column;
    struct str measure;            /* as header or neighbour say; "": none */
    const struct sheet_cell *cell; /* NULL: the one at the place */
    const struct str *was; /* of an exported form: the value as it was exported; NULL: none */
};
/* Cleans a cell by its datum and says what it did; of what is no value `is` tells why. */
struct import_cell import_clean(struct import_reader *r, const struct import_claim *c);
/* Cleans it and keeps it (IM1). */
void import_take(struct import_reader *r, const struct import_claim *c);
/* The entry of the unit in this file. */
struct import_entry *import_entry_of(struct import_reader *r, uint32_t unit,
                                     struct import_place at);
/* A place for people: `Sheet!B4`, behind the file when it is another one. */
struct str import_place_text(const struct import_run *run, uint32_t file, struct import_place at,
                             bool with_file, struct arena *a);

/* ---- workbook/import_form.c: what was exported
 * ------------------------------------------------------- */

/* Reads a form workbook; false: it is none. */
bool import_form(struct import_reader *r);

/* ---- the layouts ---------------------------------------------------------------------------- */

/* Rows that tables across have read are marked in `taken` (n_rows). */
void import_across(struct import_reader *r, bool *taken);
void import_down(struct import_reader *r, const bool *taken);
/* What titles, names of sheet, file and folder say; false: the sheet is of another period. */
bool import_surroundings(struct import_reader *r);
/* The next of a list of units of measure, `人、万元`; *one "": what stands there is none. false:
 * the list is over. */
bool import_next_measure(struct import_reader *r, struct str *rest, struct str *one,
                         struct dim *dim);
/* A unit that a text names as a whole or as one of its parts between separators. */
struct import_whom import_unit_within(struct import_reader *r, struct str text);

#endif
