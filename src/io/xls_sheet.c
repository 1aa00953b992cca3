/* SPDX-License-Identifier: Apache-2.0 */
/* One sheet of an .xls: its records to rows of cells, as they come. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/xls_int.h"

#define XLS_ROWS    65536U
#define XLS_COLUMNS 256U
#define NUMBER_MAX  32U

struct sheet {
    struct xls *x;
    struct workbook_sheet *out;
    uint8_t hidden[XLS_ROWS / 8];
    struct sheet_cell cells[XLS_COLUMNS]; /* of the row being read */
    char numbers[XLS_COLUMNS][NUMBER_MAX];
    uint32_t n;
    uint32_t row;
    uint32_t next_row; /* the first that was not handed out */
    bool waits;        /* the last cell is a formula whose text comes in a record of its own */
};

/* ---- rows ----------------------------------------------------------------------------------- */

static bool is_hidden(const struct sheet *s, uint32_t row)
{
    return (s->hidden[row / 8] >> (row % 8) & 1) != 0;
}

static enum rc give(struct sheet *s, uint32_t row, uint32_t n)
{
    const struct workbook_row out = {s->cells, n, row, is_hidden(s, row)};
    const struct workbook_sink *sink = s->x->sink;
    return sink->row ? sink->row(sink->ctx, &out) : RC_OK;
}

/* Hidden rows without cells, before `row`. */
static enum rc give_empty(struct sheet *s, uint32_t row)
{
    for (; s->next_row < row; s->next_row++) {
        if (is_hidden(s, s->next_row)) {
            TRY(give(s, s->next_row, 0));
        }
    }
    return RC_OK;
}

static enum rc flush(struct sheet *s)
{
    if (s->n == 0) {
        return RC_OK;
    }
    uint32_t n = s->n;
    s->n = 0;
    TRY(give_empty(s, s->row));
    s->next_row = s->row + 1;
    return give(s, s->row, n);
}

static enum rc out_of_order(struct sheet *s, uint32_t row, uint32_t column)
{
    char name[CELL_NAME_BYTES];
    enum rc rc = err_set(s->x->e, RC_INPUT, "%s: sheet %.*s: cell %s stands twice or out of order",
                         "%s 工作表「%.*s」：单元格 %s 重复或次序不对", s->x->path,
                         PS(s->out->name), cell_name(row, column, name));
    err_hint(s->x->e, "Open it in a spreadsheet program, look at it, and save it as .xlsx.",
             "请用表格软件打开检查后另存为 .xlsx。");
    return rc;
}

/* Room for a cell at a place, with its style. */
static enum rc begin_cell(struct sheet *s, uint32_t row, uint32_t column, uint32_t style,
                          struct sheet_cell **out)
{
    struct xls *x = s->x;
    if (s->n > 0 && row != s->row) {
        TRY(flush(s));
    }
    if (column >= XLS_COLUMNS || row < s->next_row ||
        (s->n > 0 && column <= s->cells[s->n - 1].column)) {
        return out_of_order(s, row, column);
    }
    if (++x->n_cells > WORKBOOK_CELLS_MAX) {
        return xls_too_much(x, "cells", "个单元格", WORKBOOK_CELLS_MAX);
    }
    bool known = style < x->formats.n;
    s->row = row;
    s->waits = false;
    *out = &s->cells[s->n++];
    **out =
        (struct sheet_cell){.column = column,
                            .format = known ? (uint8_t)x->formats.items[style] : NF_GENERAL,
                            .zeros = known ? (uint8_t)(x->formats.items[style] >> 8) : 0,
                            .flags = known && x->apostrophes.items[style] ? CELL_APOSTROPHE : 0};
    return RC_OK;
}

/* ---- values --------------------------------------------------------------------------------- */

static void set_number(struct sheet *s, struct sheet_cell *c, double value)
{
    char *text = s->numbers[s->n - 1];
    int n = 0;
    if (!isfinite(value)) {
        c->kind = CELL_ODD;
        c->text = STR("?");
        return;
    }
    bool whole = value == trunc(value) && fabs(value) < 1e15;
    n = whole ? snprintf(text, NUMBER_MAX, "%lld", (long long)value)
              : snprintf(text, NUMBER_MAX, "%.17g", value);
    c->kind = CELL_NUMBER;
    c->text = str_make(text, (size_t)n);
}

static double double_at(struct str s, uint32_t at)
{
    uint64_t bits = (uint64_t)xls_u32(s, at + 4) << 32 | xls_u32(s, at);
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* 30 bits of a number: whole or the upper ones of a double, perhaps in hundredths. */
static double from_rk(uint32_t rk)
{
    uint64_t bits = (uint64_t)(rk & 0xfffffffcU) << 32;
    double value = 0;
    if ((rk & 2) != 0) {
        value = (double)((int32_t)rk >> 2);
    } else {
        memcpy(&value, &bits, sizeof value);
    }
    return (rk & 1) != 0 ? value / 100 : value;
}

static const struct {
    uint8_t code;
    struct str text;
} errors[] = {
    {0x00, STR_INIT("#NULL!")}, {0x07, STR_INIT("#DIV/0!")}, {0x0f, STR_INIT("#VALUE!")},
    {0x17, STR_INIT("#REF!")},  {0x1d, STR_INIT("#NAME?")},  {0x24, STR_INIT("#NUM!")},
    {0x2a, STR_INIT("#N/A")},
};

static void set_error(struct sheet_cell *c, uint8_t code)
{
    c->kind = CELL_ERROR;
    c->text = STR("#?");
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        c->text = errors[i].code == code ? errors[i].text : c->text;
    }
}

static void set_bool(struct sheet_cell *c, uint8_t value)
{
    c->kind = CELL_BOOL;
    c->text = value != 0 ? STR("1") : STR("0");
}

static void set_text(struct sheet *s, struct sheet_cell *c, struct str text)
{
    c->kind = CELL_TEXT;
    c->text = text;
    if (text.n == 0 && (c->flags & CELL_FORMULA) == 0) {
        s->n--; /* nothing stands there */
    }
}

/* ---- records -------------------------------------------------------------------------------- */

typedef enum rc record_reader(struct sheet *s, const struct xls_record *r);

static enum rc begin_at(struct sheet *s, const struct xls_record *r, struct sheet_cell **out)
{
    return begin_cell(s, xls_u16(r->data, 0), xls_u16(r->data, 2), xls_u16(r->data, 4), out);
}

static enum rc on_shared_text(struct sheet *s, const struct xls_record *r)
{
    struct sheet_cell *c = s->cells;
    uint32_t i = xls_u32(r->data, 6);
    TRY(begin_at(s, r, &c));
    if (r->data.n < 10 || i >= s->x->strings.n) {
        return xls_damaged(s->x, "a string that the table does not have", "引用了不存在的字符串");
    }
    set_text(s, c, s->x->strings.items[i]);
    return RC_OK;
}

static enum rc on_text(struct sheet *s, const struct xls_record *r)
{
    struct sheet_cell *c = s->cells;
    struct xls_cursor cursor = {.x = s->x, .r = *r, .pos = 6};
    TRY(begin_at(s, r, &c));
    uint32_t n = xls_get(&cursor, 2);
    set_text(s, c, xls_get_text(&cursor, n));
    return cursor.failed ? xls_damaged(s->x, "a text ends too early", "文本不完整") : RC_OK;
}

static enum rc on_number(struct sheet *s, const struct xls_record *r)
{
    struct sheet_cell *c = s->cells;
    TRY(begin_at(s, r, &c));
    set_number(s, c, r->data.n >= 14 ? double_at(r->data, 6) : (double)NAN);
    return RC_OK;
}

static enum rc on_rk(struct sheet *s, const struct xls_record *r)
{
    struct sheet_cell *c = s->cells;
    TRY(begin_at(s, r, &c));
    set_number(s, c, from_rk(xls_u32(r->data, 6)));
    return RC_OK;
}

static enum rc on_many_rk(struct sheet *s, const struct xls_record *r)
{
    uint32_t column = xls_u16(r->data, 2);
    for (uint32_t at = 4; at + 8 <= r->data.n; at += 6, column++) {
        struct sheet_cell *c = s->cells;
        TRY(begin_cell(s, xls_u16(r->data, 0), column, xls_u16(r->data, at), &c));
        set_number(s, c, from_rk(xls_u32(r->data, at + 2)));
    }
    return RC_OK;
}

static enum rc on_bool_or_error(struct sheet *s, const struct xls_record *r)
{
    struct sheet_cell *c = s->cells;
    TRY(begin_at(s, r, &c));
    uint8_t value = (uint8_t)(xls_u16(r->data, 6) & 0xff);
    if (xls_u16(r->data, 6) >> 8 != 0) {
        set_error(c, value);
    } else {
        set_bool(c, value);
    }
    return RC_OK;
}

/* Tokens that refer to another sheet or file: a byte, and the number of the reference. */
static bool refers_out(const struct xls *x, struct str tokens)
{
    for (uint32_t i = 0; i + 3 <= tokens.n; i++) {
        uint32_t base = (uint32_t)(unsigned char)tokens.p[i] & 0x1fU;
        bool refers = (unsigned char)tokens.p[i] >= 0x39 && base >= 0x19 && base <= 0x1b;
        uint32_t reference = xls_u16(tokens, i + 1);
        if (refers && reference < x->external_refs.n && x->external_refs.items[reference]) {
            return true;
        }
    }
    return false;
}

static enum rc on_formula(struct sheet *s, const struct xls_record *r)
{
    struct sheet_cell *c = s->cells;
    TRY(begin_at(s, r, &c));
    c->flags |= CELL_FORMULA;
    c->flags |= refers_out(s->x, str_sub(r->data, 22, r->data.n)) ? CELL_EXTERNAL : 0;
    if (xls_u16(r->data, 12) != 0xffff) {
        set_number(s, c, r->data.n >= 14 ? double_at(r->data, 6) : (double)NAN);
        return RC_OK;
    }
    uint8_t value = (uint8_t)(xls_u16(r->data, 8) & 0xff);
    uint32_t sort = xls_u16(r->data, 6) & 0xff;
    c->kind = CELL_TEXT;
    s->waits = sort == 0;
    if (sort == 1) {
        set_bool(c, value);
    } else if (sort == 2) {
        set_error(c, value);
    }
    return RC_OK;
}

static enum rc on_formula_text(struct sheet *s, const struct xls_record *r)
{
    struct xls_cursor cursor = {.x = s->x, .r = *r};
    if (s->waits && s->n > 0) {
        uint32_t n = xls_get(&cursor, 2);
        s->cells[s->n - 1].text = xls_get_text(&cursor, n);
        s->waits = false;
    }
    return cursor.failed ? xls_damaged(s->x, "a text ends too early", "文本不完整") : RC_OK;
}

static enum rc on_row(struct sheet *s, const struct xls_record *r)
{
    uint32_t row = xls_u16(r->data, 0);
    if ((xls_u16(r->data, 12) & 0x20) != 0) {
        s->hidden[row / 8] |= (uint8_t)(1U << (row % 8));
    }
    return RC_OK;
}

static enum rc on_columns(struct sheet *s, const struct xls_record *r)
{
    uint32_t last = xls_u16(r->data, 2);
    if ((xls_u16(r->data, 8) & 1) != 0 && s->out->hidden_columns.n < XLS_COLUMNS) {
        vec_push(s->x->a, &s->out->hidden_columns,
                 (struct workbook_range){0, xls_u16(r->data, 0), WORKBOOK_ROWS_MAX - 1,
                                         last < XLS_COLUMNS ? last : XLS_COLUMNS - 1});
    }
    return RC_OK;
}

static enum rc on_merged(struct sheet *s, const struct xls_record *r)
{
    uint32_t n = xls_u16(r->data, 0);
    for (uint32_t i = 0; i < n && 2 + i * 8 + 8 <= r->data.n; i++) {
        uint32_t at = 2 + i * 8;
        if (s->out->merged.n == WORKBOOK_RANGES_MAX) {
            return xls_too_much(s->x, "merged ranges", "个合并区域", WORKBOOK_RANGES_MAX);
        }
        struct workbook_range range = {xls_u16(r->data, at), xls_u16(r->data, at + 4),
                                       xls_u16(r->data, at + 2), xls_u16(r->data, at + 6)};
        if (range.last_row < range.row || range.last_column < range.column ||
            range.last_column >= XLS_COLUMNS) {
            return xls_damaged(s->x, "a merged range that is none", "合并区域不对");
        }
        vec_push(s->x->a, &s->out->merged, range);
    }
    return RC_OK;
}

static enum rc on_protect(struct sheet *s, const struct xls_record *r)
{
    s->out->protected = s->out->protected || xls_u16(r->data, 0) == 1;
    return RC_OK;
}

static const struct {
    uint16_t id;
    record_reader *read;
} records[] = {
    {0xfd, on_shared_text},   {0x204, on_text},   {0xd6, on_text},           {0x203, on_number},
    {0x27e, on_rk},           {0xbd, on_many_rk}, {0x205, on_bool_or_error}, {0x06, on_formula},
    {0x207, on_formula_text}, {0x208, on_row},    {0x7d, on_columns},        {0xe5, on_merged},
    {0x12, on_protect},
};

static enum rc read_record(struct sheet *s, const struct xls_record *r)
{
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        if (r->id == records[i].id) {
            return records[i].read(s, r);
        }
    }
    return RC_OK;
}

/* Charts and pictures within the sheet are substreams of their own. */
static enum rc read_records(struct sheet *s, uint32_t offset)
{
    struct xls_record r = {.next = offset};
    uint32_t depth = 0;
    do {
        if (!xls_record_at(s->x, r.next, &r)) {
            return xls_damaged(s->x, "a sheet ends too early", "工作表内容不完整");
        }
        s->x->scanned += r.data.n + 4; /* sheets do not lie within each other */
        if (s->x->scanned > s->x->stream.n) {
            return xls_damaged(s->x, "two sheets stand in one place", "两个工作表的位置重叠");
        }
        if (r.id == 0x809) {
            depth++;
        } else if (r.id == 0x0a) {
            depth -= depth > 0;
        } else if (depth == 1) {
            TRY(read_record(s, &r));
        }
    } while (depth > 0);
    TRY(flush(s));
    return give_empty(s, XLS_ROWS);
}

enum rc xls_sheet_read(struct xls *x, uint32_t sheet)
{
    struct sheet *s = ARENA_NEW(x->a, struct sheet);
    s->x = x;
    s->out = &x->book->sheets[sheet];
    return read_records(s, x->offsets[sheet]);
}
