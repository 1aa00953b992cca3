/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks that are sent, as they are: nothing is kept, nothing is made of them. */
#include "base/assert.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/upload.h"
#include "io/workbook.h"

struct counts {
    uint32_t rows, hidden, columns, cells, formulas;
};

struct looking {
    struct arena *a;
    struct counts sheets[WORKBOOK_SHEETS_MAX];
    struct counts *at;
};

static enum rc on_sheet(void *ctx, const struct workbook *w, uint32_t sheet, bool *skip)
{
    struct looking *x = ctx;
    (void)w;
    (void)skip;
    ASSERT(sheet < WORKBOOK_SHEETS_MAX);
    x->at = &x->sheets[sheet];
    return RC_OK;
}

static enum rc on_row(void *ctx, const struct workbook_row *row)
{
    struct counts *c = ((struct looking *)ctx)->at;
    c->rows++;
    c->hidden += row->hidden ? 1 : 0;
    for (uint32_t i = 0; i < row->n; i++) {
        const struct sheet_cell *x = &row->cells[i];
        c->cells++;
        c->formulas += (x->flags & CELL_FORMULA) != 0 ? 1 : 0;
        c->columns = x->column + 1 > c->columns ? x->column + 1 : c->columns;
    }
    return RC_OK;
}

static void sheet_json(struct json *j, const struct workbook_sheet *s, const struct counts *c)
{
    static const char *const states[] = {[WORKBOOK_VISIBLE] = "visible",
                                         [WORKBOOK_HIDDEN] = "hidden",
                                         [WORKBOOK_VERY_HIDDEN] = "very hidden"};
    json_obj_begin(j);
    json_kv_str(j, "name", s->name);
    json_kv_cstr(j, "state", states[s->visible]);
    json_kv_int(j, "rows", c->rows);
    json_kv_int(j, "hidden_rows", c->hidden);
    json_kv_int(j, "columns", c->columns);
    json_kv_int(j, "cells", c->cells);
    json_kv_int(j, "formulas", c->formulas);
    json_obj_end(j);
}

enum rc do_sheets(struct ask *q)
{
    static const char *const kinds[] = {
        [WORKBOOK_XLSX] = "xlsx", [WORKBOOK_XLS] = "xls", [WORKBOOK_CSV] = "csv"};
    struct json j;
    struct workbook w;
    struct looking *x = ARENA_NEW(q->a, struct looking);
    const struct workbook_sink sink = {.ctx = x, .sheet = on_sheet, .row = on_row};
    struct str name = q->upload->name.n > 0 ? q->upload->name : STR("upload");
    TRY(workbook_read_bytes(q->a, str_to_cstr(q->a, name), q->upload->bytes, &sink, &w, &q->e));
    ask_json(q, &j);
    json_kv_str(&j, "name", q->upload->name);
    json_kv_cstr(&j, "kind", kinds[w.kind]);
    json_kv_int(&j, "bytes", q->upload->bytes.n);
    json_kv_bool(&j, "macros", w.macros);
    json_kv_int(&j, "external", w.n_external);
    json_key(&j, "sheets");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < w.n_sheets; i++) {
        sheet_json(&j, &w.sheets[i], &x->sheets[i]);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
