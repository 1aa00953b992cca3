/* SPDX-License-Identifier: Apache-2.0 */
/* A sink that asserts the invariants of workbook.h on each row. */
#ifndef TESTS_FUZZ_ROWS_H
#define TESTS_FUZZ_ROWS_H

#include "base/assert.h"
#include "base/utf8.h"
#include "io/workbook.h"

struct rows {
    uint32_t n_rows;   /* of the sheet */
    uint32_t last_row; /* with n_rows > 0 */
    uint32_t sheet;
};

static inline enum rc rows_on_sheet(void *ctx, const struct workbook *w, uint32_t sheet, bool *skip)
{
    struct rows *r = ctx;
    *skip = false;
    ASSERT(sheet < w->n_sheets && utf8_valid(w->sheets[sheet].name, NULL));
    r->n_rows = 0;
    return RC_OK;
}

static inline enum rc rows_on_row(void *ctx, const struct workbook_row *row)
{
    struct rows *r = ctx;
    ASSERT(r->n_rows == 0 || row->row > r->last_row); /* W1 */
    ASSERT(row->row < WORKBOOK_ROWS_MAX && (row->n > 0 || row->hidden));
    r->last_row = row->row;
    r->n_rows++;
    for (uint32_t i = 0; i < row->n; i++) {
        const struct sheet_cell *c = &row->cells[i];
        ASSERT(c->column < WORKBOOK_COLUMNS_MAX && c->kind <= CELL_ODD && c->format <= NF_OTHER);
        ASSERT(i == 0 || c->column > c[-1].column);
        ASSERT(utf8_valid(c->text, NULL)); /* W2 */
        ASSERT(c->kind != CELL_BLANK || (c->flags & CELL_NO_CACHE) != 0);
        ASSERT(c->text.n > 0 || c->kind == CELL_BLANK || (c->flags & CELL_FORMULA) != 0);
    }
    return RC_OK;
}

static inline struct workbook_sink rows_sink(struct rows *r)
{
    return (struct workbook_sink){.ctx = r, .sheet = rows_on_sheet, .row = rows_on_row};
}

#endif
