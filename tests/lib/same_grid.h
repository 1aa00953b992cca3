/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a copy of a workbook has the cells of the original. */
#ifndef TESTS_LIB_SAME_GRID_H
#define TESTS_LIB_SAME_GRID_H

#include <stdbool.h>

#include "io/workbook.h"

/*
 * x: the original, y: its annotated copy. Of an .xls or csv, which are converted, flags may be lost
 * but that of the apostrophe, as are cells without a value. where: the place that differs, or "".
 */
bool same_grid(const struct grid *x, const struct grid *y, char where[CELL_NAME_BYTES]);

#endif
