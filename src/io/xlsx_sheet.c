/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One sheet of an .xlsx as rows of cells.
 *
 * Within the handlers cells gather in one vector and their texts in one buffer (both held by struct
 * xlsx, as a sink may be left), by offset; between
 * two pieces of the part the rows that are complete go to the sink. So the sink is never called
 * from inside of the parser, and at most one piece and one row are held.
 */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/xlsx_int.h"

#define TEXTS_BYTES_MAX (64U * 1024 * 1024)
#define ROWS_BYTES_MAX  ((size_t)256 * 1024 * 1024)
#define NO_TEXT         UINT32_MAX

/* A cell whose text lies in `texts` has its offset here; a shared string has NO_TEXT. */
struct waiting_row {
    uint32_t row;
    uint32_t first_cell, n_cells;
    bool hidden;
};

struct sheet {
    struct xlsx *x;
    struct workbook_sheet *out;
    const struct workbook_sink *sink;
    VEC(struct sheet_cell) cells;
    VEC(uint32_t) offsets; /* as cells */
    VEC(struct waiting_row) waiting;
    /* where we are */
    struct str section; /* child of the worksheet: one of those below, or empty */
    bool in_row, in_value, phonetic, has_value;
    struct waiting_row row; /* being read */
    uint32_t next_row;      /* the least that may come */
    uint32_t next_column;
    struct sheet_cell cell;
    char type; /* of the cell: first letter, see cell_type */
};

/* ---- cells ---------------------------------------------------------------------------------- */

static struct sheet *of(struct xlsx *x)
{
    return x->ctx;
}

static void broken(struct xlsx *x, const char *en, const char *zh, struct str what)
{
    enum rc rc = err_set(x->e, RC_INPUT, "%s: sheet %.*s: %s%.0s: %.*s",
                         "%s 工作表「%.*s」：%.0s%s：%.*s", x->path, PS(of(x)->out->name), en, zh,
                         (int)(what.n < 40 ? what.n : 40), what.p ? what.p : "");
    err_hint(x->e, "Open it in a spreadsheet program, look at it, and save it again.",
             "请用表格软件打开检查后重新保存。");
    xlsx_stop(x, rc);
}

/* Most names here have one letter, and there are millions of them. */
static bool is_letter(struct str name, char letter)
{
    return name.n == 1 && name.p[0] == letter;
}

static const struct {
    struct str word;
    char type;
} cell_types[] = {
    {STR_INIT("s"), 's'},         {STR_INIT("n"), 'n'}, {STR_INIT("str"), 't'},
    {STR_INIT("inlineStr"), 'i'}, {STR_INIT("b"), 'b'}, {STR_INIT("e"), 'e'},
    {STR_INIT("d"), 'd'},
};

static char cell_type(struct str word)
{
    if (!word.p || is_letter(word, 's')) {
        return word.p ? 's' : 'n';
    }
    for (size_t i = 0; i < sizeof cell_types / sizeof cell_types[0]; i++) {
        if (str_eq(word, cell_types[i].word)) {
            return cell_types[i].type;
        }
    }
    return '?';
}

static void set_style(struct xlsx *x, struct sheet_cell *c, struct str style)
{
    uint32_t i = 0;
    if (style.p && xlsx_number(style, UINT32_MAX, &i) && i < x->styles.n) {
        c->format = x->styles.items[i].format;
        c->zeros = x->styles.items[i].zeros;
        c->flags |= x->styles.items[i].apostrophe ? CELL_APOSTROPHE : 0;
    }
}

static void start_cell(struct xlsx *x, const char **attributes)
{
    struct sheet *s = of(x);
    struct str place = {NULL, 0};
    struct str style = {NULL, 0};
    struct str type = {NULL, 0};
    for (; attributes[0]; attributes += 2) { /* one pass: this is the hottest place */
        char name = attributes[0][1] == 0 ? attributes[0][0] : 0;
        struct str *to = name == 'r' ? &place : name == 's' ? &style : name == 't' ? &type : NULL;
        if (to) {
            *to = str_from_cstr(attributes[1]);
        }
    }
    uint32_t row = s->row.row;
    uint32_t column = s->next_column;
    if (place.p && (!cell_parse_name(place, &row, &column) || row != s->row.row)) {
        broken(x, "a cell in no place of its row", "单元格的位置不对", place);
        return;
    }
    if (column < s->next_column || column >= WORKBOOK_COLUMNS_MAX) {
        broken(x, "a cell stands twice or out of order", "单元格重复或次序不对", place);
        return;
    }
    s->next_column = column + 1;
    s->cell = (struct sheet_cell){.column = column};
    s->type = cell_type(type);
    s->has_value = false;
    buf_clear(&x->text);
    set_style(x, &s->cell, style);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static uint32_t digits(struct str s, uint32_t i)
{
    uint32_t from = i;
    while (i < s.n && is_digit(s.p[i])) {
        i++;
    }
    return i - from;
}

/* [-]digits[.digits][E[+-]digits], as XML Schema writes doubles; .5 and 5. are among them. */
static bool is_number(struct str s)
{
    uint32_t i = s.n > 0 && s.p[0] == '-' ? 1 : 0;
    uint32_t whole = digits(s, i);
    i += whole;
    uint32_t part = 0;
    if (i < s.n && s.p[i] == '.') {
        part = digits(s, i + 1);
        i += 1 + part;
    }
    if (whole + part == 0 || s.n > 64) {
        return false;
    }
    if (i < s.n && (s.p[i] == 'E' || s.p[i] == 'e')) {
        i++;
        i += i < s.n && (s.p[i] == '+' || s.p[i] == '-') ? 1 : 0;
        uint32_t exponent = digits(s, i);
        if (exponent == 0 || exponent > 4) {
            return false;
        }
        i += exponent;
    }
    return i == s.n;
}

/* Kind and text of the cell from what stands in v or is; true when the text is a shared one. */
static bool conclude(struct xlsx *x, struct sheet *s, struct str text)
{
    struct sheet_cell *c = &s->cell;
    uint32_t i = 0;
    switch (s->type) {
    case 's':
        if (xlsx_number(text, UINT32_MAX, &i) && i < x->strings.n) {
            c->text = x->strings.items[i];
            c->kind = CELL_TEXT;
            return true;
        }
        broken(x, "a string that the table does not have", "引用了不存在的字符串", text);
        return false;
    case 't':
    case 'i':
        c->kind = CELL_TEXT;
        break;
    case 'b':
        c->kind = str_eq(text, STR("1")) || str_eq(text, STR("0")) ? CELL_BOOL : CELL_ODD;
        break;
    case 'e':
        c->kind = CELL_ERROR;
        break;
    case 'd':
        c->kind = CELL_DATE;
        break;
    case 'n':
        c->kind = is_number(text) ? CELL_NUMBER : CELL_ODD;
        break;
    default:
        c->kind = CELL_ODD;
        break;
    }
    return false;
}

static void add_cell(struct xlsx *x, struct sheet *s, bool shared)
{
    uint32_t offset = shared ? NO_TEXT : x->row_texts.n;
    if (!shared && s->cell.text.n > 0) {
        buf_str(&x->row_texts, s->cell.text);
        if (s->type == 't' || s->type == 'i') {
            uint32_t n = xlsx_unescape(x->row_texts.p + offset, s->cell.text.n);
            buf_truncate(&x->row_texts, offset + n);
            s->cell.text.n = n;
        }
    }
    if (++x->n_cells > WORKBOOK_CELLS_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "cells", "个单元格", WORKBOOK_CELLS_MAX));
    } else if (x->row_texts.overflow || !vec_try_push(&x->rows, &s->cells, s->cell) ||
               !vec_try_push(&x->rows, &s->offsets, offset)) {
        xlsx_stop(x, xlsx_no_memory(x));
    } else {
        s->row.n_cells++;
    }
}

static void end_cell(struct xlsx *x)
{
    struct sheet *s = of(x);
    struct str text = buf_view(&x->text);
    text = s->type != 'i' && s->type != 't' ? str_trim(text) : text; /* as XML reads values */
    bool no_value = s->type != 'i' && s->type != 't' && text.n == 0;
    if (!s->has_value || no_value) {
        if ((s->cell.flags & CELL_FORMULA) == 0) {
            return; /* a style on an empty cell */
        }
        s->cell.flags |= CELL_NO_CACHE;
        s->cell.kind = CELL_BLANK;
        add_cell(x, s, true);
        return;
    }
    s->cell.text = text;
    bool shared = conclude(x, s, text);
    bool empty = s->cell.kind == CELL_TEXT && s->cell.text.n == 0;
    if (x->rc == RC_OK && (!empty || (s->cell.flags & CELL_FORMULA) != 0)) {
        add_cell(x, s, shared);
    }
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void start_row(struct xlsx *x, const char **attributes)
{
    struct sheet *s = of(x);
    struct str place = xlsx_attribute(attributes, "r");
    uint32_t number = s->next_row + 1;
    if (place.p && !xlsx_number(place, WORKBOOK_ROWS_MAX, &number)) {
        broken(x, "a row with no proper number", "行号不对", place);
        return;
    }
    if (number <= s->next_row || number > WORKBOOK_ROWS_MAX) {
        broken(x, "a row stands twice or out of order", "行重复或次序不对", place);
        return;
    }
    struct str height = xlsx_attribute(attributes, "ht");
    bool flat = str_eq(height, STR("0"));
    s->next_row = number;
    s->next_column = 0;
    s->row =
        (struct waiting_row){.row = number - 1,
                             .first_cell = s->cells.n,
                             .hidden = flat || xlsx_is_true(xlsx_attribute(attributes, "hidden"))};
    s->in_row = true;
}

static void end_row(struct xlsx *x)
{
    struct sheet *s = of(x);
    s->in_row = false;
    if ((s->row.n_cells > 0 || s->row.hidden) && !vec_try_push(&x->rows, &s->waiting, s->row)) {
        xlsx_stop(x, xlsx_no_memory(x));
    }
}

/* Hands out row i of those that wait. */
static enum rc hand_out(struct sheet *s, const struct waiting_row *w)
{
    const struct xlsx *x = s->x;
    for (uint32_t i = w->first_cell; i < w->first_cell + w->n_cells; i++) {
        if (s->offsets.items[i] != NO_TEXT) {
            s->cells.items[i].text.p = (x->row_texts.p ? x->row_texts.p : "") + s->offsets.items[i];
        }
    }
    const struct workbook_row row = {w->n_cells > 0 ? s->cells.items + w->first_cell : NULL,
                                     w->n_cells, w->row, w->hidden};
    return s->sink->row ? s->sink->row(s->sink->ctx, &row) : RC_OK;
}

/* The row being read goes to the front; all else is forgotten. */
static void forget(struct sheet *s)
{
    struct xlsx *x = s->x;
    uint32_t first = s->in_row ? s->row.first_cell : s->cells.n;
    uint32_t n = s->cells.n - first;
    uint32_t text = x->row_texts.n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t offset = s->offsets.items[first + i];
        text = offset != NO_TEXT && offset < text ? offset : text;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t offset = s->offsets.items[first + i];
        s->cells.items[i] = s->cells.items[first + i];
        s->offsets.items[i] = offset == NO_TEXT ? NO_TEXT : offset - text;
    }
    if (x->row_texts.p && text > 0) {
        memmove(x->row_texts.p, x->row_texts.p + text, x->row_texts.n - text);
        buf_truncate(&x->row_texts, x->row_texts.n - text);
    }
    s->cells.n = n;
    s->offsets.n = n;
    s->row.first_cell = 0;
    vec_clear(&s->waiting);
}

static enum rc between(struct xlsx *x)
{
    struct sheet *s = of(x);
    if (s->waiting.n == 0) {
        return RC_OK;
    }
    for (uint32_t i = 0; i < s->waiting.n; i++) {
        TRY(hand_out(s, &s->waiting.items[i]));
    }
    forget(s);
    return RC_OK;
}

/* ---- the rest of the sheet ------------------------------------------------------------------ */

static void add_merged(struct xlsx *x, const char **attributes)
{
    struct sheet *s = of(x);
    struct str ref = xlsx_attribute(attributes, "ref");
    struct str first;
    struct workbook_range range;
    if (!str_split(&ref, ':', &first) || !cell_parse_name(first, &range.row, &range.column) ||
        !cell_parse_name(ref.n > 0 ? ref : first, &range.last_row, &range.last_column) ||
        range.last_row < range.row || range.last_column < range.column) {
        broken(x, "a merged range that is none", "合并区域不对", ref);
    } else if (s->out->merged.n == WORKBOOK_RANGES_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "merged ranges", "个合并区域", WORKBOOK_RANGES_MAX));
    } else if (!vec_try_push(x->a, &s->out->merged, range)) {
        xlsx_stop(x, xlsx_no_memory(x));
    }
}

static void add_columns(struct xlsx *x, const char **attributes)
{
    struct sheet *s = of(x);
    uint32_t first = 0;
    uint32_t last = 0;
    bool hidden = xlsx_is_true(xlsx_attribute(attributes, "hidden")) ||
                  str_eq(xlsx_attribute(attributes, "width"), STR("0"));
    if (!hidden || !xlsx_number(xlsx_attribute(attributes, "min"), WORKBOOK_COLUMNS_MAX, &first) ||
        !xlsx_number(xlsx_attribute(attributes, "max"), WORKBOOK_COLUMNS_MAX, &last) ||
        first == 0 || last < first) {
        return;
    }
    struct workbook_range range = {0, first - 1, WORKBOOK_ROWS_MAX - 1, last - 1};
    if (s->out->hidden_columns.n == WORKBOOK_RANGES_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "hidden columns", "段隐藏列", WORKBOOK_RANGES_MAX));
    } else if (!vec_try_push(x->a, &s->out->hidden_columns, range)) {
        xlsx_stop(x, xlsx_no_memory(x));
    }
}

static const struct str sections[] = {STR_INIT("sheetData"), STR_INIT("mergeCells"),
                                      STR_INIT("cols")};

/* A child of the worksheet begins. */
static void start_section(struct xlsx *x, struct str name, const char **attributes)
{
    struct sheet *s = of(x);
    s->section = STR("");
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        s->section = str_eq(name, sections[i]) ? sections[i] : s->section;
    }
    s->out->protected = s->out->protected || (str_eq(name, STR("sheetProtection")) &&
                                              xlsx_is_true(xlsx_attribute(attributes, "sheet")));
}

static bool in_cells(const struct sheet *s)
{
    return s->section.p == sections[0].p;
}

/* Below a cell: f, v, is; below `is` as in the table of strings. */
static void start_in_cell(struct xlsx *x, struct str name)
{
    struct sheet *s = of(x);
    if (x->depth == 5) {
        s->phonetic = false;
        s->in_value = name.n == 2 && str_eq(name, STR("is"));
        if (is_letter(name, 'v')) {
            s->has_value = true;
            xlsx_collect(x);
        } else if (is_letter(name, 'f')) {
            s->cell.flags |= CELL_FORMULA;
            x->text_depth = s->has_value ? 0 : x->depth; /* the schema has it before v */
        }
        return;
    }
    if (!s->in_value) {
        return;
    }
    if (x->depth == 6) {
        s->phonetic = str_eq(name, STR("rPh"));
        s->cell.flags |= str_eq(name, STR("r")) ? CELL_RICH : 0;
    }
    if (is_letter(name, 't') && (x->depth == 6 || (x->depth == 7 && !s->phonetic))) {
        s->has_value = true;
        xlsx_collect(x);
    }
}

static void on_start(struct xlsx *x, struct str name, const char **attributes)
{
    struct sheet *s = of(x);
    if (x->depth == 2) {
        start_section(x, name, attributes);
    } else if (in_cells(s)) {
        if (x->depth == 3 && str_eq(name, STR("row"))) {
            start_row(x, attributes);
        } else if (x->depth == 4 && s->in_row && is_letter(name, 'c')) {
            start_cell(x, attributes);
        } else if (x->depth > 4 && s->in_row) {
            start_in_cell(x, name);
        }
    } else if (x->depth == 3 && s->section.p == sections[1].p) {
        add_merged(x, attributes);
    } else if (x->depth == 3 && s->section.p == sections[2].p) {
        add_columns(x, attributes);
    }
}

/* A formula that names another file has it in brackets: [1]Sheet1!A1. */
static void end_formula(struct xlsx *x)
{
    struct sheet *s = of(x);
    if (s->has_value) {
        return;
    }
    struct str formula = buf_view(&x->text);
    uint32_t open = str_find(formula, STR("["), 0);
    bool number = open != STR_NONE && digits(formula, open + 1) > 0;
    s->cell.flags |= number && str_find(formula, STR("]"), open) != STR_NONE ? CELL_EXTERNAL : 0;
    buf_clear(&x->text);
}

static void on_end(struct xlsx *x, struct str name)
{
    const struct sheet *s = of(x);
    if (!in_cells(s) || !s->in_row) {
        return;
    }
    if (x->depth == 5 && is_letter(name, 'f')) {
        end_formula(x);
    } else if (x->depth == 4 && is_letter(name, 'c')) {
        end_cell(x);
    } else if (x->depth == 3) {
        end_row(x);
    }
}

static const struct xlsx_handlers sheet_handlers = {on_start, on_end, between};

enum rc xlsx_sheet_read(struct xlsx *x, struct str part, struct workbook_sheet *sheet,
                        const struct workbook_sink *sink)
{
    struct sheet *s = arena_try(x->a, sizeof *s);
    if (!s) {
        return xlsx_no_memory(x);
    }
    *s = (struct sheet){.x = x, .out = sheet, .sink = sink};
    arena_init(&x->rows, ROWS_BYTES_MAX, "rows of a sheet");
    buf_init(&x->row_texts, TEXTS_BYTES_MAX);
    enum rc rc = xlsx_xml_read(x, part, &sheet_handlers, s);
    buf_release(&x->row_texts);
    arena_release(&x->rows);
    return rc;
}
