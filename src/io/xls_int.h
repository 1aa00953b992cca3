/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the reader of .xls: the compound file around it, and its records. */
#ifndef IO_XLS_INT_H
#define IO_XLS_INT_H

#include "base/map.h"
#include "io/workbook.h"

struct xls {
    struct arena *a;
    const char *path;
    struct err *e;
    const struct workbook_sink *sink;
    struct workbook *book;
    struct str stream;       /* "Workbook", whole */
    uint32_t *offsets;       /* of the sheets in it */
    struct map_u64 declared; /* number format -> enum number_format + 256 × its zeros */
    VEC(uint16_t) formats;   /* by style: the same */
    VEC(bool) apostrophes;   /* by style */
    VEC(struct str) strings;
    VEC(bool) external_books; /* by number of the supporting book */
    VEC(bool) external_refs;  /* by number of the reference: into another file */
    uint32_t n_cells;
    uint64_t scanned; /* bytes of sheets */
};

/* A record and where the next one begins; the continuations of it are read through `pos`. */
struct xls_record {
    uint16_t id;
    struct str data;
    uint32_t next; /* offset in the stream */
};

/* Finds the stream of the workbook within the compound file, or says what else it is. */
NODISCARD enum rc xls_file_open(struct xls *x, struct str bytes);
/* The record at an offset; false at the end of the stream, or where it is cut off. */
NODISCARD bool xls_record_at(const struct xls *x, uint32_t offset, struct xls_record *out);
NODISCARD enum rc xls_globals_read(struct xls *x);
NODISCARD enum rc xls_sheet_read(struct xls *x, uint32_t sheet);

/* Text of n characters at *pos of a record, across its continuations. */
struct xls_cursor {
    const struct xls *x;
    struct xls_record r;
    uint32_t pos;
    bool failed; /* ran out of bytes */
};
uint32_t xls_get(struct xls_cursor *c, uint32_t bytes); /* little-endian, up to 4 */
void xls_skip(struct xls_cursor *c, uint32_t bytes);
struct str xls_get_chars(struct xls_cursor *c, uint32_t n, bool wide);
/* Characters behind a count, a byte of flags and what these announce. */
struct str xls_get_text(struct xls_cursor *c, uint32_t n);

uint32_t xls_u16(struct str s, uint32_t at);
uint32_t xls_u32(struct str s, uint32_t at);
enum rc xls_damaged(struct xls *x, const char *en, const char *zh);
enum rc xls_too_much(struct xls *x, const char *en, const char *zh, uint32_t limit);

#endif
