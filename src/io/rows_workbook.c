/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a table as a workbook. */
#include "io/rows_workbook.h"

#define WIDTH_LEAST 8.0
#define WIDTH_MOST  50.0

static void on_field(struct rows_sink *sink, struct str text, bool number)
{
    struct rows_workbook *r = (struct rows_workbook *)(void *)sink;
    bool head = r->row == 0;
    const struct write_style s = {.look = head ? LOOK_HEAD : LOOK_CELL,
                                  .show = number || head ? SHOW_PLAIN : SHOW_TEXT};
    struct write_cell cell = number ? workbook_number(text, s) : workbook_text(text, s);
    if (r->rc == RC_OK && r->column == ROWS_COLUMNS_MAX) {
        r->rc = err_set(&r->e, RC_LIMIT, "more than %d columns", "超过 %d 列", ROWS_COLUMNS_MAX);
    }
    if (r->rc == RC_OK && r->row == WORKBOOK_ROWS_MAX) {
        r->rc = err_set(&r->e, RC_LIMIT, "more than %u rows: a sheet has no more",
                        "超过 %u 行：一张工作表放不下", WORKBOOK_ROWS_MAX);
        err_hint(&r->e, "Ask for less, or export as CSV.", "请缩小范围，或改用 CSV 格式导出。");
    }
    if (r->rc != RC_OK) {
        return;
    }
    r->rc = workbook_put(r->w, r->sheet, r->row, r->column, cell, &r->e);
    double width = workbook_width_of(text) + 2;
    double *widest = &r->widths[r->column++];
    width = width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
    *widest = width > *widest ? width : *widest;
    double tall = workbook_height_of(text, WIDTH_MOST);
    r->tall = tall > r->tall ? tall : r->tall;
}

static void on_end(struct rows_sink *sink)
{
    struct rows_workbook *r = (struct rows_workbook *)(void *)sink;
    if (r->rc == RC_OK) {
        r->rc = workbook_row_height(r->w, r->sheet, r->row, r->tall, &r->e);
    }
    r->n_columns = r->column > r->n_columns ? r->column : r->n_columns;
    r->row++;
    r->column = 0;
    r->tall = 0;
}

enum rc rows_workbook_begin(struct rows_workbook *r, struct workbook_writer *w, const char *path,
                            struct date made, struct str title, struct err *e)
{
    const struct write_paper paper = {.name = title,
                                      .freeze_rows = 1,
                                      .repeat_first = 0,
                                      .repeat_last = 0,
                                      .footer = title,
                                      .landscape = true};
    *r = (struct rows_workbook){.sink = {on_field, on_end}, .w = w};
    TRY(workbook_begin(w, path, made, title, e));
    return workbook_add_sheet(w, &paper, &r->sheet, e);
}

enum rc rows_workbook_end(struct rows_workbook *r, struct err *e)
{
    struct write_width widths[ROWS_COLUMNS_MAX];
    if (r->rc != RC_OK) {
        *e = r->e;
        return r->rc;
    }
    for (uint32_t i = 0; i < r->n_columns; i++) {
        widths[i] = (struct write_width){i, i, r->widths[i], false};
    }
    TRY(workbook_set_table(r->w, r->sheet, widths, r->n_columns, r->row, e));
    return workbook_finish(r->w, e);
}
