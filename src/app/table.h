/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text for terminals: tables and paragraphs that align by display width (East Asian characters take
 * two columns) and stay within the width of the terminal.
 *
 *     struct table t = table_new(a, n_columns);
 *     table_row(&t, header);
 *     table_row(&t, cells);
 *     table_print(&t, 80, &out);
 *
 * The first row is the header. Columns that are empty below it are left out; where the rest is too
 * wide the widest columns are broken into lines. Width 0: as wide as it gets.
 * Ownership: rows are copied to the arena, their texts are not.
 */
#ifndef APP_TABLE_H
#define APP_TABLE_H

#include "base/str.h"
#include "base/vec.h"

struct arena;
struct buf;
struct csv_writer;

struct table {
    struct arena *a;
    uint32_t n_columns;
    VEC(const struct str *) rows;
};

struct table table_new(struct arena *a, uint32_t n_columns);
/* n_columns cells. */
void table_row(struct table *t, const struct str *cells);
void table_print(const struct table *t, uint32_t width, struct buf *out);
/* All of it, row by row; nothing is left out. */
void table_write(const struct table *t, struct csv_writer *w);

/*
 * A paragraph and a line end. It begins at column `indent`, further lines at `indent` + 4; breaks
 * at spaces, else between characters.
 */
void text_print(struct str text, uint32_t indent, uint32_t width, struct buf *out);

#endif
