/* SPDX-License-Identifier: Apache-2.0 */
/* Grids compared cell by cell. */
#include "tests/lib/same_grid.h"

static bool same_cell(const struct sheet_cell *x, const struct sheet_cell *y, bool converted)
{
    uint8_t flags = converted ? CELL_APOSTROPHE : UINT8_MAX;
    bool odd = converted && x->kind == CELL_ODD && y->kind == CELL_TEXT;
    return x->column == y->column && (x->kind == y->kind || odd) && x->format == y->format &&
           x->zeros == y->zeros && (x->flags & flags) == (y->flags & flags) &&
           str_eq(x->text, y->text);
}

/* Of a converted copy: cells that have a text. */
static const struct sheet_cell *next_cell(const struct workbook_row *row, uint32_t *i, bool all)
{
    while (*i < row->n && !all && row->cells[*i].text.n == 0) {
        (*i)++;
    }
    return *i < row->n ? &row->cells[(*i)++] : NULL;
}

static bool same_row(const struct workbook_row *x, const struct workbook_row *y, bool converted,
                     char where[CELL_NAME_BYTES])
{
    uint32_t i = 0;
    uint32_t k = 0;
    (void)cell_name(x->row, 0, where);
    if (x->row != y->row || x->hidden != y->hidden) {
        return false;
    }
    for (;;) {
        const struct sheet_cell *cx = next_cell(x, &i, !converted);
        const struct sheet_cell *cy = next_cell(y, &k, true);
        if (!cx || !cy) {
            return cx == cy;
        }
        (void)cell_name(x->row, cx->column, where);
        if (!same_cell(cx, cy, converted)) {
            return false;
        }
    }
}

/* Of a converted copy: rows that are hidden or have a cell with a text. */
static const struct workbook_row *next_row(const struct grid_sheet *s, uint32_t *i, bool all)
{
    for (; *i < s->rows.n; (*i)++) {
        const struct workbook_row *row = &s->rows.items[*i];
        uint32_t k = 0;
        if (all || row->hidden || next_cell(row, &k, false)) {
            (*i)++;
            return row;
        }
    }
    return NULL;
}

static bool same_sheet(const struct grid_sheet *x, const struct grid_sheet *y, bool converted,
                       char where[CELL_NAME_BYTES])
{
    uint32_t i = 0;
    uint32_t k = 0;
    for (;;) {
        const struct workbook_row *rx = next_row(x, &i, !converted);
        const struct workbook_row *ry = next_row(y, &k, true);
        if (!rx || !ry) {
            return rx == ry;
        }
        if (!same_row(rx, ry, converted, where)) {
            return false;
        }
    }
}

bool same_grid(const struct grid *x, const struct grid *y, char where[CELL_NAME_BYTES])
{
    bool converted = x->book.kind != WORKBOOK_XLSX;
    where[0] = 0;
    if (x->book.n_sheets != y->book.n_sheets || x->book.date1904 != y->book.date1904) {
        return false;
    }
    for (uint32_t i = 0; i < x->book.n_sheets; i++) {
        if (x->book.sheets[i].merged.n != y->book.sheets[i].merged.n ||
            !same_sheet(&x->sheets[i], &y->sheets[i], converted, where)) {
            return false;
        }
    }
    where[0] = 0;
    return true;
}
