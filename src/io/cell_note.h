/* SPDX-License-Identifier: Apache-2.0 */
/* What cleaning has to say about a cell, as a note in an annotated copy. */
#ifndef IO_CELL_NOTE_H
#define IO_CELL_NOTE_H

#include <stdbool.h>

#include "io/cell_clean.h"
#include "io/workbook_note.h"

/*
 * Sets tone and text of a note: red and amber say what is wrong, how to mend it and what may be
 * meant; green says what was cleaned and what the cell reads as (shown, may be empty). false: the
 * cell is as it should be, and there is nothing to say.
 */
NODISCARD bool cell_note(struct arena *a, const struct clean_value *v, struct str shown,
                         bool chinese, struct workbook_note *note);

#endif
