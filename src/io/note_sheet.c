/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sheet with its cells coloured. It is walked once: cells and rows count as the reader counts
 * them (xlsx_sheet.c), and what has to be known of columns and rows for the boxes is kept.
 */
#include <string.h>

#include "base/err.h"
#include "io/note_int.h"

#define STRICT      "http://purl.oclc.org/ooxml/spreadsheetml/main"
#define ALL_COLUMNS WORKBOOK_COLUMNS_MAX

struct column_style {
    uint32_t first, last, style;
};

struct walk {
    struct note_package *p;
    struct arena *a;
    struct note_styles *styles;
    struct note_sheet *s;
    VEC(const struct workbook_note *) notes; /* that colour a cell */
    uint32_t at;                             /* the next of them */
    VEC(struct column_style) columns;
    enum rc rc;
    struct str section; /* of depth 2, empty: one without interest */
    struct note_tag data, row;
    bool in_row;
    uint32_t row_number; /* from 0 */
    uint32_t next_row, next_column;
    uint32_t row_style;
    uint32_t first_new, last_new; /* columns of cells put into the row */
};

/* ---- numbers -------------------------------------------------------------------------------- */

/* "27.75": 2775; what is no such number: 0. */
static uint32_t hundredths(struct str s)
{
    uint32_t n = 0;
    uint32_t decimals = 0;
    bool point = false;
    for (uint32_t i = 0; i < s.n && n < 1000000 && decimals < 2; i++) {
        if (s.p[i] == '.' && !point) {
            point = true;
        } else if (s.p[i] >= '0' && s.p[i] <= '9') {
            n = n * 10 + (uint32_t)(s.p[i] - '0');
            decimals += point;
        } else {
            return 0;
        }
    }
    for (; decimals < 2; decimals++) {
        n *= 10;
    }
    return n;
}

static uint32_t number_of(struct walk *w, const struct note_tag *t, const char *name, uint32_t none)
{
    uint32_t n = 0;
    struct str value = note_attribute(w->a, w->s->edits.xml, t, name);
    return value.p && xlsx_number(value, UINT32_MAX, &n) ? n : none;
}

static bool is_set(struct walk *w, const struct note_tag *t, const char *name)
{
    return xlsx_is_true(note_attribute(w->a, w->s->edits.xml, t, name));
}

/* Points to pixels. */
static uint32_t pixels_of_points(struct str points)
{
    return hundredths(points) * 4 / 300;
}

/* Widths in digits to pixels: seven each, what lies beside them counted in. */
static uint32_t pixels_of_digits(struct str digits)
{
    return (hundredths(digits) * 7 + 50) / 100;
}

/* ---- columns -------------------------------------------------------------------------------- */

static void see_usual(struct walk *w, const struct note_tag *t)
{
    struct str xml = w->s->edits.xml;
    struct str width = note_attribute(w->a, xml, t, "defaultColWidth");
    struct str height = note_attribute(w->a, xml, t, "defaultRowHeight");
    w->s->columns.usual = width.p ? pixels_of_digits(width) : w->s->columns.usual;
    w->s->rows.usual = height.p ? pixels_of_points(height) : w->s->rows.usual;
    w->s->rows.usual = is_set(w, t, "zeroHeight") ? 0 : w->s->rows.usual;
}

static void see_column(struct walk *w, const struct note_tag *t)
{
    struct str width = note_attribute(w->a, w->s->edits.xml, t, "width");
    uint32_t first = number_of(w, t, "min", 0);
    uint32_t last = number_of(w, t, "max", 0);
    uint32_t style = number_of(w, t, "style", 0);
    if (first == 0 || last < first || w->columns.n == WORKBOOK_COLUMNS_MAX) {
        return;
    }
    if (width.p || is_set(w, t, "hidden")) {
        uint32_t pixels = is_set(w, t, "hidden") ? 0 : pixels_of_digits(width);
        vec_push(w->a, &w->s->columns.sizes, (struct note_size){first - 1, last - 1, pixels});
    }
    vec_push(w->a, &w->columns, (struct column_style){first - 1, last - 1, style});
}

static uint32_t column_style(const struct walk *w, uint32_t column)
{
    for (uint32_t i = 0; i < w->columns.n; i++) {
        if (column >= w->columns.items[i].first && column <= w->columns.items[i].last) {
            return w->columns.items[i].style;
        }
    }
    return 0;
}

/* ---- cells ---------------------------------------------------------------------------------- */

/* The number of the format for a note on a cell of this format. */
static struct str style_text(struct walk *w, uint32_t format, enum note_tone tone)
{
    uint32_t style = 0;
    enum rc rc = note_style(w->p, w->styles, format, tone, &style);
    w->rc = w->rc == RC_OK ? rc : w->rc;
    return note_text(w->a, "%u", style);
}

static bool is_next(const struct walk *w, uint32_t row, uint32_t before_column)
{
    return w->at < w->notes.n && w->notes.items[w->at]->row == row &&
           w->notes.items[w->at]->column < before_column;
}

/* The cells with notes of this row before the column, none of which the sheet has. */
static struct str new_cells(struct walk *w, uint32_t before_column)
{
    struct buf b;
    char name[CELL_NAME_BYTES];
    buf_init_in(&b, w->a, NOTE_PART_BYTES_MAX);
    while (is_next(w, w->row_number, before_column)) {
        const struct workbook_note *note = w->notes.items[w->at++];
        uint32_t format = w->row_style > 0 ? w->row_style : column_style(w, note->column);
        w->first_new = note->column < w->first_new ? note->column : w->first_new;
        w->last_new = note->column > w->last_new ? note->column : w->last_new;
        buf_printf(&b, "<%.*sc r=\"%s\" s=\"%.*s\"/>", PS(w->data.prefix),
                   cell_name(note->row, note->column, name), PS(style_text(w, format, note->tone)));
    }
    return buf_view(&b);
}

static void see_cell(struct walk *w, const struct note_tag *t)
{
    struct note_edits *e = &w->s->edits;
    uint32_t row = w->row_number;
    uint32_t column = w->next_column;
    struct str place = note_attribute(w->a, e->xml, t, "r");
    if (place.p && !cell_parse_name(place, &row, &column)) {
        column = w->next_column; /* the reader refuses such files */
    }
    w->next_column = column + 1;
    if (is_next(w, w->row_number, column)) {
        note_edit(e, t->begin, 0, new_cells(w, column));
    }
    bool noted = is_next(w, w->row_number, column + 1);
    uint32_t format = number_of(w, t, "s", 0);
    if (noted) {
        note_set_attribute(e, t, "s", style_text(w, format, w->notes.items[w->at++]->tone));
    } else if (note_style_is_ours(w->styles, format)) {
        note_set_attribute(e, t, "s", style_text(w, format, NOTE_PLAIN));
    }
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* Rows with notes before this one, none of which the sheet has. */
static struct str new_rows(struct walk *w, uint32_t before_row)
{
    struct buf b;
    buf_init_in(&b, w->a, NOTE_PART_BYTES_MAX);
    w->row_style = 0;
    while (w->at < w->notes.n && w->notes.items[w->at]->row < before_row) {
        struct str prefix = w->data.prefix;
        w->row_number = w->notes.items[w->at]->row;
        buf_printf(&b, "<%.*srow r=\"%u\">", PS(prefix), w->row_number + 1);
        buf_str(&b, new_cells(w, ALL_COLUMNS));
        buf_printf(&b, "</%.*srow>", PS(prefix));
    }
    return buf_view(&b);
}

/* The columns a row says to have, widened by those of new cells. */
static void widen_spans(struct walk *w)
{
    struct note_edits *e = &w->s->edits;
    struct str spans = note_attribute(w->a, e->xml, &w->row, "spans");
    struct str part;
    uint32_t first = 0;
    uint32_t last = 0;
    if (spans.n == 0 || w->first_new > w->last_new || !str_split(&spans, ':', &part) ||
        !xlsx_number(part, ALL_COLUMNS, &first) || !xlsx_number(spans, ALL_COLUMNS, &last)) {
        return;
    }
    uint32_t low = w->first_new + 1 < first ? w->first_new + 1 : first;
    uint32_t high = w->last_new + 1 > last ? w->last_new + 1 : last;
    if (low < first || high > last) {
        note_set_attribute(e, &w->row, "spans", note_text(w->a, "%u:%u", low, high));
    }
}

/* The row ends at its tag t, or is one: <row/>. */
static void end_row(struct walk *w, const struct note_tag *t)
{
    if (is_next(w, w->row_number, ALL_COLUMNS)) {
        note_append(&w->s->edits, &w->row, t->begin, new_cells(w, ALL_COLUMNS));
    }
    widen_spans(w);
    w->in_row = false;
}

static void start_row(struct walk *w, const struct note_tag *t)
{
    struct note_edits *e = &w->s->edits;
    uint32_t number = number_of(w, t, "r", w->next_row + 1);
    number = number > 0 ? number : w->next_row + 1; /* the reader refuses such files */
    if (w->at < w->notes.n && w->notes.items[w->at]->row < number - 1) {
        note_edit(e, t->begin, 0, new_rows(w, number - 1));
    }
    w->row = *t;
    w->in_row = true;
    w->row_number = number - 1;
    w->next_row = number;
    w->next_column = 0;
    w->first_new = UINT32_MAX;
    w->last_new = 0;
    w->row_style = is_set(w, t, "customFormat") ? number_of(w, t, "s", 0) : 0;
    struct str height = note_attribute(w->a, e->xml, t, "ht");
    bool hidden = is_set(w, t, "hidden");
    if (height.p || hidden) {
        uint32_t pixels = hidden ? 0 : pixels_of_points(height);
        vec_push(w->a, &w->s->rows.sizes, (struct note_size){number - 1, number - 1, pixels});
    }
    if (t->closes) {
        end_row(w, t);
    }
}

/* ---- the sheet ------------------------------------------------------------------------------ */

/* What stands before the drawing of the boxes, by the schema. */
static const struct str before_drawing[] = {STR_INIT("sheetPr"),
                                            STR_INIT("dimension"),
                                            STR_INIT("sheetViews"),
                                            STR_INIT("sheetFormatPr"),
                                            STR_INIT("cols"),
                                            STR_INIT("sheetData"),
                                            STR_INIT("sheetCalcPr"),
                                            STR_INIT("sheetProtection"),
                                            STR_INIT("protectedRanges"),
                                            STR_INIT("scenarios"),
                                            STR_INIT("autoFilter"),
                                            STR_INIT("sortState"),
                                            STR_INIT("dataConsolidate"),
                                            STR_INIT("customSheetViews"),
                                            STR_INIT("mergeCells"),
                                            STR_INIT("phoneticPr"),
                                            STR_INIT("conditionalFormatting"),
                                            STR_INIT("dataValidations"),
                                            STR_INIT("hyperlinks"),
                                            STR_INIT("printOptions"),
                                            STR_INIT("pageMargins"),
                                            STR_INIT("pageSetup"),
                                            STR_INIT("headerFooter"),
                                            STR_INIT("rowBreaks"),
                                            STR_INIT("colBreaks"),
                                            STR_INIT("customProperties"),
                                            STR_INIT("cellWatches"),
                                            STR_INIT("ignoredErrors"),
                                            STR_INIT("smartTags"),
                                            STR_INIT("drawing")};

static bool stands_before(struct str name)
{
    for (size_t i = 0; i < sizeof before_drawing / sizeof before_drawing[0]; i++) {
        if (str_eq(name, before_drawing[i])) {
            return true;
        }
    }
    return false;
}

static void end_data(struct walk *w, const struct note_tag *t)
{
    if (w->at < w->notes.n) {
        note_append(&w->s->edits, &w->data, t->begin, new_rows(w, WORKBOOK_ROWS_MAX));
    }
}

static void see_section(struct walk *w, const struct note_tag *t)
{
    bool data = str_eq(t->name, STR("sheetData"));
    if (t->opens) {
        w->section = t->closes ? STR("") : t->name;
    }
    if (t->opens && data) {
        w->data = *t;
    } else if (t->opens && str_eq(t->name, STR("sheetFormatPr"))) {
        see_usual(w, t);
    } else if (t->opens && str_eq(t->name, STR("legacyDrawing"))) {
        w->s->drawing = note_attribute(w->a, w->s->edits.xml, t, ":id");
    }
    if (t->closes && data) {
        end_data(w, t);
    }
    if (t->closes && stands_before(t->name)) {
        w->s->draw_at = t->end;
    }
}

static void see(struct walk *w, const struct note_tag *t)
{
    bool rows = str_eq(w->section, STR("sheetData"));
    if (t->depth == 1 && t->opens) {
        struct str root = str_sub(w->s->edits.xml, t->begin, t->end);
        w->p->strict = str_find(root, STR(STRICT), 0) != STR_NONE;
    } else if (t->depth == 2) {
        see_section(w, t);
    } else if (t->depth == 3 && rows && str_eq(t->name, STR("row"))) {
        (t->opens ? start_row : end_row)(w, t);
    } else if (t->depth == 3 && t->opens && str_eq(w->section, STR("cols"))) {
        see_column(w, t);
    } else if (t->depth == 4 && t->opens && w->in_row && str_eq(t->name, STR("c"))) {
        see_cell(w, t);
    }
}

enum rc note_sheet_read(struct note_package *p, struct note_styles *styles, struct note_sheet *s)
{
    struct walk *w = ARENA_NEW(p->x->a, struct walk);
    struct note_lexer l = {.at = 0};
    struct note_tag t;
    *w = (struct walk){.p = p, .a = p->x->a, .styles = styles, .s = s, .section = STR("")};
    s->columns = (struct note_axis){.usual = 64, .limit = WORKBOOK_COLUMNS_MAX};
    s->rows = (struct note_axis){.usual = 20, .limit = WORKBOOK_ROWS_MAX};
    s->edits.a = p->x->a;
    TRY(note_part_read(p, s->part, &s->edits.xml));
    for (uint32_t i = 0; i < s->n; i++) {
        if (s->notes[i].tone != NOTE_PLAIN) {
            vec_push(w->a, &w->notes, &s->notes[i]);
        }
    }
    l.xml = s->edits.xml;
    while (note_next(&l, &t) && w->rc == RC_OK) {
        see(w, &t);
    }
    TRY(w->rc);
    s->prefix = w->data.prefix;
    return w->data.end > 0 && w->at == w->notes.n
               ? RC_OK
               : xlsx_damaged(p->x, "a sheet has no place for cells",
                              "工作表中没有放置单元格的地方");
}

void note_sheet_write(struct note_package *p, struct note_sheet *s, struct str drawing)
{
    const char *names = p->strict ? "http://purl.oclc.org/ooxml/officeDocument/relationships"
                                  : "http://schemas.openxmlformats.org/officeDocument/2006/"
                                    "relationships";
    if (drawing.p) {
        note_edit(&s->edits, s->draw_at, 0,
                  note_text(p->x->a, "<%.*slegacyDrawing xmlns:r=\"%s\" r:id=\"%.*s\"/>",
                            PS(s->prefix), names, PS(drawing)));
    }
    note_part_write(p, s->part, note_apply(&s->edits));
}
