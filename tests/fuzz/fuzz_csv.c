/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a CSV file: no crash, fields within the limits, and every row that was read can be
 * written and read back unchanged.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "io/csv.h"
#include "io/tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_row(struct csv_writer *w, const struct csv_field *fields, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        ASSERT(fields[i].text.n <= CSV_FIELD_BYTES_MAX);
        ASSERT(utf8_valid(fields[i].text, NULL));
        ASSERT(fields[i].line > 0 && fields[i].column > 0);
        csv_write_field(w, fields[i].text);
    }
    csv_write_end(w);
}

/* Writes the whole table; false when a row of it is at fault. */
static bool rewrite(struct csv_reader *r, struct buf *out)
{
    struct csv_writer w;
    csv_write_init(&w, out, false, false);
    write_row(&w, r->header, r->n_columns);
    struct csv_row row;
    struct err e;
    err_clear(&e);
    uint32_t line = 0;
    while (csv_next(r, &row, &e) == RC_OK && row.n > 0) {
        ASSERT(row.n == r->n_columns && row.line > line);
        line = row.line;
        write_row(&w, row.fields, row.n);
    }
    return e.rc == RC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 64U << 20, "fuzz");
    struct buf once;
    struct buf twice;
    buf_init(&once, 64U << 20);
    buf_init(&twice, 64U << 20);
    struct csv_reader r;
    struct err e;
    err_clear(&e);
    if (csv_open_text(&a, &r, "fuzz", str_make((const char *)data, size), &e) == RC_OK) {
        uint32_t index[IO_COLUMNS_MAX];
        for (uint32_t t = 0; t < IO_TABLE__COUNT; t++) {
            (void)!csv_bind(&r, io_table_get((enum io_table)t), NULL, index, &e);
        }
        if (rewrite(&r, &once)) {
            err_clear(&e);
            ASSERT(csv_open_text(&a, &r, "again", buf_view(&once), &e) == RC_OK);
            ASSERT(rewrite(&r, &twice));
            ASSERT(str_eq(buf_view(&once), buf_view(&twice)));
        }
    } else {
        ASSERT(e.rc != RC_OK && e.primary_zh[0] != '\0');
    }
    buf_release(&once);
    buf_release(&twice);
    arena_release(&a);
    return 0;
}
