/* SPDX-License-Identifier: Apache-2.0 */
/* A sheet by place: merged cells, what is hidden, what is blank. */
#include "app/workbook/import_int.h"
#include "base/arena.h"

static uint64_t key_of(uint32_t row, uint32_t column)
{
    return (uint64_t)row << 32 | column;
}

static void measure(struct import_view *v)
{
    v->first_column = UINT32_MAX;
    for (uint32_t i = 0; i < v->sheet->rows.n; i++) {
        const struct workbook_row *row = &v->sheet->rows.items[i];
        for (uint32_t k = 0; k < row->n; k++) {
            if (str_trim(row->cells[k].text).n > 0 || row->cells[k].kind == CELL_BLANK) {
                uint32_t column = row->cells[k].column;
                v->n_rows = row->row + 1;
                v->n_columns = column + 1 > v->n_columns ? column + 1 : v->n_columns;
                v->first_column = column < v->first_column ? column : v->first_column;
            }
        }
    }
}

enum rc import_view_make(struct arena *a, const struct grid_sheet *sheet,
                         const struct workbook_sheet *about, struct import_view *out)
{
    uint64_t covered = 0;
    *out = (struct import_view){.sheet = sheet, .about = about};
    measure(out);
    for (uint32_t i = 0; i < about->merged.n; i++) {
        struct workbook_range *m = &about->merged.items[i];
        uint32_t rows = m->last_row < out->n_rows ? m->last_row + 1 : out->n_rows;
        uint32_t columns = m->last_column < out->n_columns ? m->last_column + 1 : out->n_columns;
        if (m->row >= rows || m->column >= columns) {
            continue;
        }
        out->merged_rows = rows > out->merged_rows ? rows : out->merged_rows;
        covered += (uint64_t)(rows - m->row) * (columns - m->column);
        if (covered > IMPORT_MERGED_MAX) {
            return RC_LIMIT;
        }
        for (uint32_t r = m->row; r < rows; r++) {
            for (uint32_t c = m->column; c < columns; c++) {
                map_u64_put(a, &out->merged, key_of(r, c), i);
            }
        }
    }
    return RC_OK;
}

const struct sheet_cell *view_cell(const struct import_view *v, uint32_t row, uint32_t column)
{
    return grid_at(v->sheet, row, column);
}

const struct workbook_range *view_range(const struct import_view *v, uint32_t row, uint32_t column)
{
    uint32_t at = 0;
    if (row >= v->merged_rows) {
        return NULL;
    }
    return map_u64_get(&v->merged, key_of(row, column), &at) ? &v->about->merged.items[at] : NULL;
}

const struct sheet_cell *view_shown(const struct import_view *v, uint32_t row, uint32_t column)
{
    const struct workbook_range *m = view_range(v, row, column);
    return m != NULL ? view_cell(v, m->row, m->column) : view_cell(v, row, column);
}

static struct str text_of(const struct sheet_cell *c)
{
    return c != NULL ? str_trim(c->text) : STR("");
}

struct str view_text(const struct import_view *v, uint32_t row, uint32_t column)
{
    return text_of(view_cell(v, row, column));
}

struct str view_shown_text(const struct import_view *v, uint32_t row, uint32_t column)
{
    return text_of(view_shown(v, row, column));
}

bool view_row_hidden(const struct import_view *v, uint32_t row)
{
    const struct workbook_row *r = grid_row(v->sheet, row);
    return r != NULL && r->hidden;
}

bool view_column_hidden(const struct import_view *v, uint32_t column)
{
    for (uint32_t i = 0; i < v->about->hidden_columns.n; i++) {
        const struct workbook_range *m = &v->about->hidden_columns.items[i];
        if (column >= m->column && column <= m->last_column) {
            return true;
        }
    }
    return false;
}

bool view_row_blank(const struct import_view *v, uint32_t row)
{
    const struct workbook_row *r = grid_row(v->sheet, row);
    for (uint32_t i = 0; r != NULL && i < r->n; i++) {
        if (str_trim(r->cells[i].text).n > 0 || r->cells[i].kind == CELL_BLANK) {
            return false;
        }
    }
    return true;
}

bool view_is_figure(const struct sheet_cell *c)
{
    struct str s = text_of(c);
    if (c == NULL || s.n == 0) {
        return false;
    }
    bool sign = s.n > 1 && (s.p[0] == '-' || s.p[0] == '+');
    char first = s.p[sign ? 1 : 0];
    bool digit = first >= '0' && first <= '9';
    bool wide = str_starts(s, STR("０")) ||
                (s.n >= 3 && (unsigned char)s.p[0] == 0xef && (unsigned char)s.p[1] == 0xbc &&
                 (unsigned char)s.p[2] >= 0x90 && (unsigned char)s.p[2] <= 0x99);
    return c->kind == CELL_NUMBER || digit || wide;
}
