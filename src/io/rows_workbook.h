/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a table as a workbook: what else is written as CSV, row by row in constant memory. The
 * first row is the header: it stands still, is printed on each page, and filters the rest.
 *
 *     TRY(rows_workbook_begin(&rows, &writer, "out.xlsx", day, STR("结论"), e));
 *     csv_write_into(&w, &rows.sink);
 *     answer_csv(x, &w);
 *     TRY(rows_workbook_end(&rows, e));
 *     workbook_drop(&writer);
 *
 * Invariant
 *   RW1 A failure on the way is kept and given by rows_workbook_end; nothing is replaced then.
 * Ownership: the writer is the caller's, who lets go of it.
 */
#ifndef IO_ROWS_WORKBOOK_H
#define IO_ROWS_WORKBOOK_H

#include "base/err.h"
#include "io/csv.h"
#include "io/workbook_write.h"

#define ROWS_COLUMNS_MAX 64

struct rows_workbook {
    struct rows_sink sink; /* first: the writer knows it by this */
    struct workbook_writer *w;
    uint32_t sheet, row, column, n_columns;
    double widths[ROWS_COLUMNS_MAX];
    double tall; /* points that the row at work needs */
    enum rc rc;  /* RW1 */
    struct err e;
};

NODISCARD enum rc rows_workbook_begin(struct rows_workbook *r, struct workbook_writer *w,
                                      const char *path, struct date made, struct str title,
                                      struct err *e);
NODISCARD enum rc rows_workbook_end(struct rows_workbook *r, struct err *e);

#endif
