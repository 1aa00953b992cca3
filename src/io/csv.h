/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables in files: a strict CSV reader (RFC 4180), the binding of its header to a declared
 * table, and a writer.
 *
 *     TRY(csv_open(a, &r, path, MAX_BYTES, e));
 *     TRY(csv_bind(&r, &table, &how, index, e));
 *     for (;;) {
 *         TRY(csv_next(&r, &row, e));
 *         if (row.n == 0) { break; }
 *         use(row.fields[index[COL_units_code]].text);
 *     }
 *
 * Accepted: UTF-8 with or without BOM; GB18030 when the bytes are not UTF-8; LF or CRLF, mixed;
 * quoted fields with commas, "" and line ends; empty lines at the end, which are dropped. Nothing
 * is guessed: everything else is an error with file, line and column.
 *
 * Invariants
 *   V1  The first row is the header: names trimmed, not empty, no two equal. Each later row has
 *       as many fields as the header.
 *   V2  Fields are exact: not trimmed, quotes resolved, line ends within quotes as in the file.
 *   V3  Lines and columns count from 1, columns in code points of the decoded text; the data rows
 *       count from 1, the header is row 0.
 *   V4  After a row with a wrong number of fields the reader stands behind it and may go on
 *       (with a cleared err); after any other failure csv_next gives that code for ever.
 * Ownership: the texts of fields live in the arena (or in the caller's text) and outlast the
 * reader; the array row.fields is overwritten by the next csv_next.
 */
#ifndef IO_CSV_H
#define IO_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct buf;
struct err;

#define CSV_FIELD_BYTES_MAX (64U * 1024) /* one field, quotes resolved */
#define CSV_COLUMNS_MAX     512U
#define CSV_ROWS_MAX        5000000U /* without the header */

#define CSV_ABSENT UINT32_MAX /* csv_bind: the file has no such column */

/* What is wrong, for programs; the texts are in struct err. */
enum csv_fault {
    CSV_FAULT_NONE,
#define CSV_FAULT(name, rc, en, zh) CSV_##name,
#include "io/csv_fault.def"
    CSV_FAULT__COUNT
};

struct csv_field {
    struct str text;
    uint32_t line; /* of its first byte, the quote included */
    uint32_t column;
};

struct csv_row {
    const struct csv_field *fields;
    uint32_t n;    /* 0: the end of the file */
    uint32_t row;  /* V3 */
    uint32_t line; /* of its first byte */
};

/* The place of a fault. */
struct csv_place {
    enum csv_fault fault;
    uint32_t line;
    uint32_t column; /* CSV_BAD_ENCODING: in bytes */
};

struct csv_reader {
    struct arena *a;
    char separator; /* ',' unless opened loosely */
    bool loose;
    const char *path; /* as given; for messages */
    struct str text;  /* decoded, without BOM */
    uint32_t at;      /* next byte */
    uint32_t line;    /* of `at` */
    uint32_t column;
    uint32_t row; /* rows given out */
    const struct csv_field *header;
    uint32_t n_columns;
    struct csv_field *fields; /* room for CSV_COLUMNS_MAX */
    enum rc failed;           /* V4 */
    struct csv_place place;
};

/*
 * Reads the file and its header. The failures of file_read, RC_ENCODING (neither UTF-8 nor GB18030,
 * with the offset), RC_LIMIT, RC_INPUT for the faults of the header, NUL and an empty file.
 * After a failure only r->place may be looked at. path must outlive r.
 */
NODISCARD enum rc csv_open(struct arena *a, struct csv_reader *r, const char *path,
                           uint32_t max_bytes, struct err *e);
/* The same over bytes in memory, which must outlive the fields; path is only a name. */
NODISCARD enum rc csv_open_text(struct arena *a, struct csv_reader *r, const char *path,
                                struct str bytes, struct err *e);
/* The next row, or one with n == 0. RC_INPUT and RC_LIMIT as said in V4. */
NODISCARD enum rc csv_next(struct csv_reader *r, struct csv_row *row, struct err *e);

/*
 * A table as people make it: no header is asked for, each row is as long as it is, fields are
 * parted by the separator, and a quote within an unquoted field is itself. Bytes as for
 * csv_open_text.
 */
NODISCARD enum rc csv_open_loose(struct arena *a, struct csv_reader *r, const char *path,
                                 struct str bytes, char separator, struct err *e);
/* The next row of it; an empty line is a row of one empty field. */
NODISCARD enum rc csv_next_loose(struct csv_reader *r, struct csv_row *row, struct err *e);

/* The next row, its fields as they were before guard_formulas: what the program has written itself.
 */
NODISCARD enum rc csv_next_unguarded(struct csv_reader *r, struct csv_row *row, struct err *e);

/* A field without white space at its ends, U+3000 included. */
struct str csv_trim(struct str field);

/* -- binding ------------------------------------------------------------------------------------
 */

struct csv_column {
    const char *name_en;
    const char *name_zh;
    bool required;
};

struct csv_table {
    const char *name_en;
    const char *name_zh;
    const struct csv_column *columns;
    uint32_t n_columns;
};

/* How csv_bind talks back; every member may be NULL. */
struct csv_binder {
    /* Whether to take column `index` of the file, whose name the table does not have. */
    bool (*accept)(void *ctx, struct str name, uint32_t index);
    /* Each fault with its place; e holds the texts. */
    void (*report)(void *ctx, const struct csv_place *place, const struct err *e);
    void *ctx;
};

/*
 * Finds the columns of the table in the header, in either language. index has t->n_columns
 * elements: the field of each column, or CSV_ABSENT. Reports every fault (unknown name with the
 * nearest known one, one column in both languages, missing required column); e gets the first.
 * RC_INPUT when there was any. how may be NULL.
 */
NODISCARD enum rc csv_bind(const struct csv_reader *r, const struct csv_table *t,
                           const struct csv_binder *how, uint32_t *index, struct err *e);

/* Sets e to the fault at this place of the file, naming `name` unless empty; returns its code. */
enum rc csv_raise(const char *path, struct csv_place place, struct str name, struct err *e);

/* -- writing ------------------------------------------------------------------------------------
 */

/* Where the same rows go that are no CSV (io/rows_workbook.h). It keeps its failures. */
struct rows_sink {
    void (*field)(struct rows_sink *sink, struct str text, bool number);
    void (*end)(struct rows_sink *sink);
};

/* The overflow of the buf is the only way to fail. */
struct csv_writer {
    struct rows_sink *sink; /* NULL: CSV */
    struct buf *out;
    bool guard_formulas; /* see csv_write_init */
    uint32_t n_fields;   /* of the row being written */
    bool lone_empty;     /* so far the row is one empty field */
};

/*
 * bom: begin with a byte order mark, for spreadsheets. guard_formulas: put ' before texts that a
 * spreadsheet would run (leading = + - @ tab or CR, full-width forms too), except plain numbers;
 * and before texts that begin with ' and then such a text, so that csv_unguard gives each back.
 */
void csv_write_init(struct csv_writer *w, struct buf *out, bool bom, bool guard_formulas);
void csv_write_field(struct csv_writer *w, struct str field);
/* A plain number, which some sinks keep as one. */
void csv_write_number(struct csv_writer *w, struct str digits);
/* Ends the row with CR LF. */
void csv_write_end(struct csv_writer *w);
/* The same functions into a sink. */
void csv_write_into(struct csv_writer *w, struct rows_sink *sink);
/* A field as it was before guard_formulas. */
struct str csv_unguard(struct str field);

#endif
