/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotated copies: a workbook with cells coloured and notes beside them, all else untouched. The
 * design is docs/internals/workbooks.md, "Annotated copies".
 *
 *     struct workbook_note notes[] = {{.sheet = 0, .row = 4, .column = 2, .tone = NOTE_RED,
 *                                      .text = STR("不是数字：约30\n可填：30")}};
 *     TRY(workbook_annotate(a, path, bytes, &(struct note_list){notes, 1, true}, &copy, e));
 *     TRY(file_write(out, copy.bytes, e));
 *
 * Invariants
 *   N1  The copy, read by io/workbook.h, has the cells of the original: places, kinds, texts,
 *       formats and flags. Of an .xls or csv, flags of formulas and fonts are lost, which the copy
 *       says itself.
 *   N2  Of an .xlsx or .xlsm every part that need not change is the same to the byte.
 *   N3  The same input gives the same bytes, with the same libraries, whenever and wherever.
 */
#ifndef IO_WORKBOOK_NOTE_H
#define IO_WORKBOOK_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

#define WORKBOOK_NOTES_MAX     50000U
#define WORKBOOK_NOTE_TEXT_MAX 8192U /* bytes; what is longer is cut, with an ellipsis */

/* From harmless to severe. */
enum note_tone {
    NOTE_PLAIN, /* the cell keeps its colour: a title with the summary */
    NOTE_GREEN, /* cleaned */
    NOTE_AMBER, /* a question */
    NOTE_RED    /* refused */
};

/*
 * Several notes of one cell become one, in the order given, the severest tone winning. A cell that
 * a merged range covers gives its note to the first cell of the range. A cell need not exist.
 */
struct workbook_note {
    uint32_t sheet;       /* as in struct workbook, from 0 */
    uint32_t row, column; /* from 0 */
    enum note_tone tone;
    struct str text; /* lines with \n between; empty: the colour alone */
};

struct note_list {
    const struct workbook_note *items; /* in any order */
    uint32_t n;
    bool chinese; /* the language of the sentence that a converted copy begins with */
};

struct annotated {
    struct str bytes;
    const char *extension; /* ".xlsx" or ".xlsm": what the name of the copy must end in */
    bool converted;        /* from an .xls or csv, which hold no such notes, to an .xlsx */
    bool was_signed;       /* the original bears a signature, which does not hold for the copy */
    uint32_t n_cells;      /* that have a note of ours */
};

/*
 * The copy of a workbook with notes. The failures of workbook_read; RC_INPUT for a note on a sheet
 * or in a place that is not there, RC_LIMIT for too many notes or styles, RC_NO_SUPPORT for parts
 * that are not in UTF-8.
 */
NODISCARD enum rc workbook_annotate(struct arena *a, const char *path, struct str bytes,
                                    const struct note_list *notes, struct annotated *out,
                                    struct err *e);

#endif
