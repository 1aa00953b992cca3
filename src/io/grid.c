/* SPDX-License-Identifier: Apache-2.0 */
/* All rows of a workbook, kept; and names of places. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/workbook.h"

/* ---- collecting ----------------------------------------------------------------------------- */

struct collecting {
    struct arena *a;
    struct grid *grid;
    struct grid_sheet *sheet;
};

static enum rc on_sheet(void *ctx, const struct workbook *w, uint32_t sheet, bool *skip)
{
    struct collecting *c = ctx;
    *skip = false;
    if (!c->grid->sheets) {
        c->grid->sheets = ARENA_ARRAY(c->a, struct grid_sheet, w->n_sheets);
    }
    c->sheet = &c->grid->sheets[sheet];
    return RC_OK;
}

static enum rc on_row(void *ctx, const struct workbook_row *row)
{
    struct collecting *c = ctx;
    struct sheet_cell *cells = ARENA_ARRAY(c->a, struct sheet_cell, row->n);
    for (uint32_t i = 0; i < row->n; i++) {
        cells[i] = row->cells[i];
        cells[i].text = str_dup(c->a, row->cells[i].text);
    }
    vec_push(c->a, &c->sheet->rows, (struct workbook_row){cells, row->n, row->row, row->hidden});
    return RC_OK;
}

enum rc grid_read_bytes(struct arena *a, const char *path, struct str bytes, struct grid *out,
                        struct err *e)
{
    struct collecting c = {.a = a, .grid = out};
    struct workbook_sink sink = {.ctx = &c, .sheet = on_sheet, .row = on_row};
    *out = (struct grid){.sheets = NULL};
    return workbook_read_bytes(a, path, bytes, &sink, &out->book, e);
}

enum rc grid_read(struct arena *a, const char *path, struct grid *out, struct err *e)
{
    struct collecting c = {.a = a, .grid = out};
    struct workbook_sink sink = {.ctx = &c, .sheet = on_sheet, .row = on_row};
    *out = (struct grid){.sheets = NULL};
    return workbook_read(a, path, &sink, &out->book, e);
}

/* ---- finding -------------------------------------------------------------------------------- */

const struct workbook_row *grid_row(const struct grid_sheet *s, uint32_t row)
{
    uint32_t lo = 0;
    uint32_t hi = s->rows.n;
    if (row < hi && s->rows.items[row].row == row) {
        return &s->rows.items[row]; /* as in most sheets: none above it is left out */
    }
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->rows.items[mid].row < row) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < s->rows.n && s->rows.items[lo].row == row ? &s->rows.items[lo] : NULL;
}

const struct sheet_cell *grid_at(const struct grid_sheet *s, uint32_t row, uint32_t column)
{
    const struct workbook_row *r = grid_row(s, row);
    uint32_t lo = 0;
    uint32_t hi = r ? r->n : 0;
    if (column < hi && r->cells[column].column == column) {
        return &r->cells[column];
    }
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (r->cells[mid].column < column) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return r && lo < r->n && r->cells[lo].column == column ? &r->cells[lo] : NULL;
}

/* ---- places --------------------------------------------------------------------------------- */

const char *cell_name(uint32_t row, uint32_t column, char out[CELL_NAME_BYTES])
{
    char letters[8];
    uint32_t n = sizeof letters;
    letters[--n] = 0;
    for (uint32_t c = column + 1; c > 0; c = (c - 1) / 26) {
        letters[--n] = (char)('A' + (c - 1) % 26);
    }
    (void)snprintf(out, CELL_NAME_BYTES, "%s%u", letters + n, row % WORKBOOK_ROWS_MAX + 1);
    return out;
}

bool cell_parse_name(struct str name, uint32_t *row, uint32_t *column)
{
    uint32_t i = 0;
    uint32_t letters = 0;
    uint32_t number = 0;
    i += i < name.n && name.p[i] == '$' ? 1 : 0;
    for (; i < name.n && letters <= WORKBOOK_COLUMNS_MAX; i++) {
        char c = name.p[i];
        uint32_t letter = c >= 'A' && c <= 'Z'   ? (uint32_t)(c - 'A' + 1)
                          : c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a' + 1)
                                                 : 0;
        if (letter == 0) {
            break;
        }
        letters = letters * 26 + letter;
    }
    i += i < name.n && name.p[i] == '$' ? 1 : 0;
    for (; i < name.n && number <= WORKBOOK_ROWS_MAX; i++) {
        if (name.p[i] < '0' || name.p[i] > '9') {
            return false;
        }
        number = number * 10 + (uint32_t)(name.p[i] - '0');
    }
    *row = number - 1;
    *column = letters - 1;
    return i == name.n && letters > 0 && letters <= WORKBOOK_COLUMNS_MAX && number > 0 &&
           number <= WORKBOOK_ROWS_MAX;
}
