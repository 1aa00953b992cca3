/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbooks: .xlsx, .xls (and .et, which is the same), and tables of text, told apart by content,
 * as rows of cells. The design is docs/internals/workbooks.md.
 *
 *     static enum rc on_row(void *ctx, const struct workbook_row *row) { ... }
 *     struct workbook_sink sink = {.ctx = &mine, .row = on_row};
 *     TRY(workbook_read(a, path, &sink, &book, e));
 *
 * Nothing is cleaned here: a cell is what the file says. Nothing the file says about its own size
 * is believed.
 *
 * Invariants
 *   W1  Rows of a sheet come in rising order, cells of a row too; places count from 0. Rows and
 *       cells that have nothing in them do not come, except rows that are hidden and cells that
 *       have a formula without a value.
 *   W2  Every text is valid UTF-8.
 *   W3  A row and the texts in it live until the sink returns; all else lives in the arena.
 *   W4  Memory and time are bounded by the limits below, whatever the file says.
 */
#ifndef IO_WORKBOOK_H
#define IO_WORKBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"
#include "io/number_format.h"

struct arena;
struct err;

#define WORKBOOK_BYTES_MAX        0x4000000U  /* a file: 64 MiB */
#define WORKBOOK_UNPACKED_MAX     0x20000000U /* all its parts: 512 MiB */
#define WORKBOOK_RATIO_MAX        400U        /* of one part, beyond the first … */
#define WORKBOOK_RATIO_FREE       0x800000U   /* … 8 MiB */
#define WORKBOOK_ENTRIES_MAX      4096U
#define WORKBOOK_XML_DEPTH_MAX    64U
#define WORKBOOK_XML_TOKEN_MAX    (128U * 1024)
#define WORKBOOK_TEXT_MAX         (128U * 1024) /* of a cell */
#define WORKBOOK_STRINGS_MAX      2000000U
#define WORKBOOK_STRING_BYTES_MAX 0x8000000U /* 128 MiB */
#define WORKBOOK_STYLES_MAX       65536U
#define WORKBOOK_SHEETS_MAX       512U
#define WORKBOOK_ROWS_MAX         1048576U
#define WORKBOOK_COLUMNS_MAX      16384U
#define WORKBOOK_CELLS_MAX        16000000U
#define WORKBOOK_RANGES_MAX       100000U

enum workbook_kind { WORKBOOK_XLSX, WORKBOOK_XLS, WORKBOOK_CSV };

enum cell_kind {
    CELL_BLANK,  /* nothing; only with a flag */
    CELL_NUMBER, /* the digits as stored; of an .xls, whose numbers are binary, 17 at most */
    CELL_TEXT,
    CELL_BOOL,  /* "1" or "0" */
    CELL_ERROR, /* "#REF!" */
    CELL_DATE,  /* "2024-09-01T00:00:00": ISO 8601, which few writers use */
    CELL_ODD    /* nothing the format allows; the text as it stands */
};

enum cell_flags {
    CELL_FORMULA = 1,    /* a formula made the value */
    CELL_NO_CACHE = 2,   /* … and nobody has worked it out: CELL_BLANK */
    CELL_EXTERNAL = 4,   /* … out of another file */
    CELL_APOSTROPHE = 8, /* kept as text by a leading apostrophe, which is not in the text */
    CELL_RICH = 16       /* text in several fonts */
};

struct sheet_cell {
    struct str text;
    uint32_t column;
    uint8_t kind;   /* enum cell_kind */
    uint8_t flags;  /* enum cell_flags */
    uint8_t format; /* enum number_format */
    uint8_t zeros;  /* number_format_zeros of it */
};

struct workbook_row {
    const struct sheet_cell *cells;
    uint32_t n;
    uint32_t row;
    bool hidden;
};

/* Places from 0, both ends inclusive. */
struct workbook_range {
    uint32_t row, column, last_row, last_column;
};

enum workbook_visible { WORKBOOK_VISIBLE, WORKBOOK_HIDDEN, WORKBOOK_VERY_HIDDEN };

struct workbook_sheet {
    struct str name;
    uint8_t visible; /* enum workbook_visible */
    bool table;      /* false: a chart or a macro sheet; it has no rows */
    /* Known when the sheet ends: */
    bool protected;
    VEC(struct workbook_range) merged;
    VEC(struct workbook_range) hidden_columns; /* rows: all */
};

struct workbook {
    enum workbook_kind kind;
    bool date1904;
    bool protected; /* its structure */
    bool macros;
    uint32_t n_external;  /* other files it points to */
    const char *encoding; /* csv: "UTF-8", "GB18030", "UTF-16"; else "" */
    char separator;       /* csv */
    struct workbook_sheet *sheets;
    uint32_t n_sheets;
};

/*
 * Where the rows go. Each may be NULL. A failure ends the reading and is passed on. Callbacks may
 * allocate from the arena of workbook_read, and may be left by it (arena.h, A5).
 */
struct workbook_sink {
    void *ctx;
    /* A sheet begins; *skip leaves it out. All sheets are known by name. */
    enum rc (*sheet)(void *ctx, const struct workbook *w, uint32_t sheet, bool *skip);
    enum rc (*row)(void *ctx, const struct workbook_row *row);
    enum rc (*end)(void *ctx, const struct workbook *w, uint32_t sheet);
};

/*
 * Reads a file. The failures of file_read; RC_INPUT for what is damaged, RC_LIMIT, RC_ENCODING,
 * RC_NO_SUPPORT for what is no workbook of these kinds, RC_DENIED for one with a password;
 * each with the place and a remedy.
 */
NODISCARD enum rc workbook_read(struct arena *a, const char *path, const struct workbook_sink *sink,
                                struct workbook *out, struct err *e);
/* The same over bytes in memory; path is only a name. */
NODISCARD enum rc workbook_read_bytes(struct arena *a, const char *path, struct str bytes,
                                      const struct workbook_sink *sink, struct workbook *out,
                                      struct err *e);

/* -- all of it ----------------------------------------------------------------------------------
 */

struct grid_sheet {
    VEC(struct workbook_row) rows;
};

struct grid {
    struct workbook book;
    struct grid_sheet *sheets; /* book.n_sheets */
};

/* Reads a file and keeps all of its rows in the arena. */
NODISCARD enum rc grid_read(struct arena *a, const char *path, struct grid *out, struct err *e);
NODISCARD enum rc grid_read_bytes(struct arena *a, const char *path, struct str bytes,
                                  struct grid *out, struct err *e);
/* The cell at a place, or NULL when there is nothing. */
const struct sheet_cell *grid_at(const struct grid_sheet *s, uint32_t row, uint32_t column);
/* The row with this number, or NULL. */
const struct workbook_row *grid_row(const struct grid_sheet *s, uint32_t row);

/* -- places -------------------------------------------------------------------------------------
 */

#define CELL_NAME_BYTES 16

/* "AB12" */
const char *cell_name(uint32_t row, uint32_t column, char out[CELL_NAME_BYTES]);
/* The inverse, also of "$AB$12"; false beyond the limits. */
NODISCARD bool cell_parse_name(struct str name, uint32_t *row, uint32_t *column);

#endif
