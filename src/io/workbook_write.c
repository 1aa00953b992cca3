/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks out: our cells and styles to calls of libxlsxwriter, and its file into its place. */
#include "io/workbook_write.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/file.h"
#include "base/utf8.h"

#define SCRATCH_BYTES (1U << 20)
#define FONT          "宋体"
#define AUTHOR        "tizhi"
#define TITLE_UNITS   32U  /* of what is told about input: a title, */
#define MESSAGE_UNITS 255U /* and a message */
#define NOTE_UNITS    1000U
#define FOOTER_UNITS  200U
#define PAPER_A4      9
#define PAGE_WIDTH    200.0 /* digits that can still be read on a page across */
#define LINE_POINTS   15.0
#define ROW_POINTS    18.0
#define POINTS_MOST   409.0 /* of a row, as in a spreadsheet */
#define NO_GROUND     0x1000000U
#define DAY_SECONDS   86400

enum look_flag { BOLD = 1, CENTRE = 2, WRAP = 4, BORDER = 8, TOP = 16, FREE = 32 };

static const struct {
    uint32_t font, ground;
    double size;
    uint32_t flags;
} looks[LOOK__COUNT] = {
#define LOOK(name, font, back, size, flags) {(font), (back), (size), (flags)},
#include "io/workbook_write.def"
};

/* ---- texts ---------------------------------------------------------------------------------- */

static uint32_t units_of(uint32_t cp)
{
    return cp > 0xffff ? 2 : 1;
}

/* UTF-16 units of a text: what spreadsheets count. */
static uint32_t utf16_units(struct str s)
{
    uint32_t n = 0;
    uint32_t cp = 0;
    for (uint32_t at = 0; at < s.n; at += utf8_decode(s, at, &cp)) {
        (void)utf8_decode(s, at, &cp);
        n += units_of(cp);
    }
    return n;
}

/* Four hex digits and `_` at s. */
static bool is_escape(struct str s)
{
    bool is = s.n >= 5 && s.p[4] == '_';
    for (uint32_t i = 0; is && i < 4; i++) {
        is = strchr("0123456789abcdefABCDEF", s.p[i]) != NULL;
    }
    return is;
}

/*
 * As a C string for a cell. What XML cannot hold is escaped as `_xHHHH_` (controls by the library,
 * the rest here), and so is the underscore of a text that looks like such an escape.
 */
static const char *cell_text(struct workbook_writer *w, struct str s)
{
    uint32_t cp = 0;
    uint32_t n = 0;
    buf_clear(&w->scratch);
    for (uint32_t at = 0; at < s.n; at += n) {
        n = utf8_decode(s, at, &cp);
        if (cp == '_' && str_starts(str_sub(s, at, s.n), STR("_x")) &&
            is_escape(str_sub(s, at + 2, s.n))) {
            buf_puts(&w->scratch, "_x005F_");
        } else if (cp == 0 || cp == 0xfffe || cp == 0xffff) {
            buf_printf(&w->scratch, "_x%04X_", cp);
        } else {
            buf_put(&w->scratch, s.p + at, n);
        }
    }
    return buf_view(&w->scratch).p;
}

/* At most so many units, the last an ellipsis where something is cut; controls but for line ends
 * as spaces. */
static void put_cut(struct buf *b, struct str s, uint32_t most)
{
    uint32_t left = most;
    uint32_t cp = 0;
    uint32_t n = 0;
    bool cut = utf16_units(s) > most;
    for (uint32_t at = 0; at < s.n; at += n) {
        n = utf8_decode(s, at, &cp);
        if (left < units_of(cp) + (cut ? 1 : 0)) {
            break;
        }
        left -= units_of(cp);
        bool odd = (utf8_is_control(cp) && cp != '\n') || cp == 0xfffe || cp == 0xffff;
        buf_put_cp(b, odd ? ' ' : cp);
    }
    buf_puts(b, cut ? "…" : "");
    buf_putc(b, '\0');
}

double workbook_width_of(struct str text)
{
    struct str rest = text;
    struct str line;
    uint32_t widest = 0;
    while (str_split(&rest, '\n', &line)) {
        uint32_t n = utf8_width(line);
        widest = n > widest ? n : widest;
    }
    return widest;
}

double workbook_height_of(struct str text, double width)
{
    struct str rest = text;
    struct str line;
    double lines = 0;
    while (str_split(&rest, '\n', &line)) {
        double left = utf8_width(line) + 1.0;
        for (lines += 1; left > width && width >= 2; left -= width) {
            lines += 1;
        }
    }
    double points = lines > 1 ? LINE_POINTS * lines + 3 : ROW_POINTS;
    return points < POINTS_MOST ? points : POINTS_MOST;
}

/* ---- names of sheets ------------------------------------------------------------------------ */

static struct str legal_name(struct arena *a, struct str wanted, uint32_t most)
{
    struct buf b;
    uint32_t left = most;
    uint32_t cp = 0;
    uint32_t n = 0;
    buf_init_in(&b, a, 256);
    for (uint32_t at = 0; at < wanted.n; at += n) {
        n = utf8_decode(wanted, at, &cp);
        if (left < units_of(cp)) {
            break;
        }
        left -= units_of(cp);
        bool odd = utf8_is_control(cp) || utf8_is_bidi_control(cp) || cp == '\'' || cp == 0xfffe ||
                   cp == 0xffff || (cp < 128 && strchr("[]:*?/\\", (int)cp) != NULL);
        buf_put_cp(&b, odd ? '_' : cp);
    }
    struct str name = str_trim(buf_view(&b));
    return name.n > 0 && !str_eq(name, STR("History")) ? name : STR("Sheet");
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Spreadsheets do not tell case apart. */
static bool same_name(struct str x, struct str y)
{
    bool same = x.n == y.n;
    for (uint32_t i = 0; same && i < x.n; i++) {
        same = lower(x.p[i]) == lower(y.p[i]);
    }
    return same;
}

struct str workbook_sheet_name(struct arena *a, struct str wanted, const struct str *others,
                               uint32_t n)
{
    struct str name = legal_name(a, wanted, WRITE_NAME_MAX);
    for (uint32_t turn = 2; turn < 100; turn++) {
        uint32_t i = 0;
        while (i < n && !same_name(name, others[i])) {
            i++;
        }
        if (i == n) {
            break;
        }
        struct buf b;
        buf_init_in(&b, a, 256);
        buf_str(&b, legal_name(a, wanted, WRITE_NAME_MAX - 3));
        buf_printf(&b, " %u", turn);
        name = buf_view(&b);
    }
    return name;
}

/* ---- beginning and end ---------------------------------------------------------------------- */

static enum rc failed(struct workbook_writer *w, lxw_error what, struct err *e)
{
    if (what == LXW_ERROR_MEMORY_MALLOC_FAILED) {
        return err_set(e, RC_NO_MEMORY, "no memory to write %s", "内存不足，写不了 %s", w->path);
    }
    if (what == LXW_ERROR_CREATING_XLSX_FILE || what == LXW_ERROR_CREATING_TMPFILE ||
        what == LXW_ERROR_READING_TMPFILE || what == LXW_ERROR_ZIP_FILE_OPERATION ||
        what == LXW_ERROR_ZIP_INTERNAL_ERROR || what == LXW_ERROR_ZIP_FILE_ADD ||
        what == LXW_ERROR_ZIP_CLOSE) {
        return err_set(e, RC_IO, "cannot write %s: %s", "写不了 %s：%s", w->path,
                       lxw_strerror(what));
    }
    return err_set(e, RC_LIMIT, "%s cannot be a workbook: %s", "%s 写不成工作簿：%s", w->path,
                   lxw_strerror(what));
}

enum rc workbook_begin(struct workbook_writer *w, const char *path, struct date made,
                       struct str title, struct err *e)
{
    *w = (struct workbook_writer){.path = path};
    buf_init(&w->scratch, SCRATCH_BYTES);
    enum rc rc = file_begin(path, w->temp, e);
    if (rc != RC_OK) {
        w->temp[0] = '\0';
        return rc;
    }
    lxw_workbook_options how = {.constant_memory = LXW_TRUE};
    w->book = workbook_new_opt(w->temp, &how);
    if (w->book == NULL) {
        return failed(w, LXW_ERROR_MEMORY_MALLOC_FAILED, e);
    }
    put_cut(&w->scratch, title, MESSAGE_UNITS);
    char author[] = AUTHOR;
    lxw_doc_properties p = {
        .title = w->scratch.p, .author = author, .created = (time_t)made.days * DAY_SECONDS};
    lxw_error done = workbook_set_properties(w->book, &p);
    return done == LXW_NO_ERROR ? RC_OK : failed(w, done, e);
}

enum rc workbook_finish(struct workbook_writer *w, struct err *e)
{
    lxw_error done = workbook_close(w->book); /* it lets go of everything, whatever happens */
    w->book = NULL;
    if (done != LXW_NO_ERROR) {
        return failed(w, done, e);
    }
    enum rc rc = file_finish(w->temp, w->path, e);
    w->temp[0] = '\0';
    return rc;
}

void workbook_drop(struct workbook_writer *w)
{
    if (w->book != NULL) {
        lxw_workbook_free(w->book);
        w->book = NULL;
    }
    if (w->temp[0] != '\0') {
        file_drop(w->temp);
        w->temp[0] = '\0';
    }
    buf_release(&w->scratch);
}

/* ---- styles --------------------------------------------------------------------------------- */

static void set_show(lxw_format *f, struct write_style style)
{
    static const char *const numbers[WRITE_DECIMALS_MAX + 1] = {
        "#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000", "#,##0.00000", "#,##0.000000"};
    static const char *const percents[WRITE_DECIMALS_MAX + 1] = {
        "0%", "0.0%", "0.0#%", "0.0##%", "0.0###%", "0.0####%", "0.0#####%"};
    switch (style.show) {
    case SHOW_TEXT:
        format_set_num_format(f, "@");
        break;
    case SHOW_NUMBER:
        format_set_num_format(f, numbers[style.decimals]);
        break;
    case SHOW_PERCENT:
        format_set_num_format(f, percents[style.decimals]);
        break;
    case SHOW_DATE:
        format_set_num_format(f, "yyyy-mm-dd");
        break;
    case SHOW_PLAIN:
    case SHOW__COUNT:
        break;
    }
}

static void set_look(lxw_format *f, enum write_look look)
{
    uint32_t flags = looks[look].flags;
    format_set_font_name(f, FONT);
    format_set_font_size(f, looks[look].size);
    format_set_font_color(f, looks[look].font);
    format_set_align(f, (flags & TOP) != 0 ? LXW_ALIGN_VERTICAL_TOP : LXW_ALIGN_VERTICAL_CENTER);
    if (looks[look].ground != NO_GROUND) {
        format_set_pattern(f, LXW_PATTERN_SOLID);
        format_set_fg_color(f, looks[look].ground);
    }
    if ((flags & BOLD) != 0) {
        format_set_bold(f);
    }
    if ((flags & CENTRE) != 0) {
        format_set_align(f, LXW_ALIGN_CENTER);
    }
    if ((flags & WRAP) != 0) {
        format_set_text_wrap(f);
    }
    if ((flags & BORDER) != 0) {
        format_set_border(f, LXW_BORDER_THIN);
        format_set_border_color(f, 0xbfbfbf);
    }
    if ((flags & FREE) != 0) {
        format_set_unlocked(f);
    }
}

static lxw_format *format_of(struct workbook_writer *w, struct write_style style)
{
    ASSERT(style.decimals <= WRITE_DECIMALS_MAX);
    lxw_format **slot = &w->formats[style.look][style.show][style.decimals];
    if (*slot == NULL) {
        *slot = workbook_add_format(w->book);
        if (*slot != NULL) {
            set_look(*slot, style.look);
            set_show(*slot, style);
        }
    }
    return *slot;
}

/* ---- sheets --------------------------------------------------------------------------------- */

static lxw_error set_widths(lxw_worksheet *s, const struct write_width *widths, uint32_t n)
{
    lxw_error done = LXW_NO_ERROR;
    for (uint32_t i = 0; i < n && done == LXW_NO_ERROR; i++) {
        const struct write_width *x = &widths[i];
        lxw_row_col_options folded = {.level = 1};
        done = worksheet_set_column_opt(s, (lxw_col_t)x->first, (lxw_col_t)x->last, x->width, NULL,
                                        x->outline ? &folded : NULL);
    }
    return done;
}

/* As many pages across as can still be read. Gives the width. */
static double fit_pages(lxw_worksheet *s, const struct write_width *widths, uint32_t n)
{
    double width = 0;
    for (uint32_t i = 0; i < n; i++) {
        width += widths[i].width * (widths[i].last - widths[i].first + 1);
    }
    worksheet_fit_to_pages(s, (uint16_t)(width / PAGE_WIDTH + 1), 0);
    return width;
}

static lxw_error set_print(struct workbook_writer *w, lxw_worksheet *s, const struct write_paper *p)
{
    if (p->landscape) {
        worksheet_set_landscape(s);
    }
    worksheet_set_paper(s, PAPER_A4);
    worksheet_set_margins(s, 0.5, 0.5, 0.6, 0.7);
    double width = fit_pages(s, p->widths, p->n_widths);
    buf_clear(&w->scratch);
    buf_puts(&w->scratch, "&C");
    uint32_t cp = 0;
    uint32_t left = FOOTER_UNITS;
    for (uint32_t at = 0; at < p->footer.n && left > 2; at += utf8_decode(p->footer, at, &cp)) {
        (void)utf8_decode(p->footer, at, &cp);
        buf_put_cp(&w->scratch, utf8_is_control(cp) ? ' ' : cp);
        buf_puts(&w->scratch, cp == '&' ? "&" : "");
        left -= 2;
    }
    buf_puts(&w->scratch, p->footer.n > 0 ? "　&P / &N" : "&P / &N");
    lxw_error done = worksheet_set_footer(s, buf_view(&w->scratch).p);
    if (done == LXW_NO_ERROR && p->repeat_last > 0) {
        done = worksheet_repeat_rows(s, p->repeat_first, p->repeat_last);
    }
    if (done == LXW_NO_ERROR && p->freeze_columns > 0 && width > PAGE_WIDTH) {
        done = worksheet_repeat_columns(s, 0, (lxw_col_t)(p->freeze_columns - 1));
    }
    return done;
}

enum rc workbook_add_sheet(struct workbook_writer *w, const struct write_paper *paper,
                           uint32_t *sheet, struct err *e)
{
    ASSERT(w->n_sheets < WRITE_SHEETS_MAX);
    lxw_worksheet *s = workbook_add_worksheet(w->book, cell_text(w, paper->name));
    if (s == NULL) {
        return failed(w, LXW_ERROR_PARAMETER_VALIDATION, e);
    }
    lxw_error done = set_widths(s, paper->widths, paper->n_widths);
    done = done == LXW_NO_ERROR ? set_print(w, s, paper) : done;
    if (done != LXW_NO_ERROR) {
        return failed(w, done, e);
    }
    if (paper->freeze_rows > 0 || paper->freeze_columns > 0) {
        worksheet_freeze_panes(s, paper->freeze_rows, (lxw_col_t)paper->freeze_columns);
    }
    if (paper->locked) {
        lxw_protection may = {.format_columns = 1, .format_rows = 1};
        worksheet_protect(s, NULL, &may);
    }
    if (paper->hidden) {
        worksheet_hide(s);
    }
    worksheet_set_comments_author(s, AUTHOR);
    *sheet = w->n_sheets;
    w->sheets[w->n_sheets++] = s;
    return RC_OK;
}

enum rc workbook_set_table(struct workbook_writer *w, uint32_t sheet,
                           const struct write_width *widths, uint32_t n, uint32_t rows,
                           struct err *e)
{
    lxw_worksheet *s = w->sheets[sheet];
    lxw_error done = set_widths(s, widths, n);
    (void)fit_pages(s, widths, n);
    done = done == LXW_NO_ERROR ? worksheet_repeat_rows(s, 0, 0) : done;
    if (done == LXW_NO_ERROR && rows > 1 && n > 0) {
        done = worksheet_autofilter(s, 0, 0, rows - 1, (lxw_col_t)(n - 1));
    }
    return done == LXW_NO_ERROR ? RC_OK : failed(w, done, e);
}

void workbook_show_sheet(struct workbook_writer *w, uint32_t sheet, uint32_t row, uint32_t column)
{
    worksheet_activate(w->sheets[sheet]);
    worksheet_set_first_sheet(w->sheets[sheet]);
    worksheet_set_selection(w->sheets[sheet], row, (lxw_col_t)column, row, (lxw_col_t)column);
}

/* ---- cells ---------------------------------------------------------------------------------- */

/* A plain decimal as a number that prints as it again; false: it has too many digits. */
static bool number_of(struct str s, double *out)
{
    static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool minus = s.n > 0 && s.p[0] == '-';
    int64_t m = 0;
    uint32_t digits = 0;
    uint32_t decimals = 0;
    bool point = false;
    for (uint32_t i = minus ? 1 : 0; i < s.n; i++) {
        if (s.p[i] == '.') {
            point = true;
            continue;
        }
        if (s.p[i] < '0' || s.p[i] > '9' || decimals == WRITE_DIGITS_MAX) {
            return false;
        }
        digits += digits > 0 || s.p[i] != '0' ? 1 : 0;
        decimals += point ? 1 : 0;
        if (digits > WRITE_DIGITS_MAX) {
            return false;
        }
        m = m * 10 + (s.p[i] - '0');
    }
    /* Both are exact and a division rounds once: the nearest double there is. */
    *out = (double)(minus ? -m : m) / tens[decimals];
    return s.n > (minus ? 1U : 0U);
}

struct write_cell workbook_number(struct str decimal, struct write_style style)
{
    return (struct write_cell){.kind = WRITE_NUMBER, .style = style, .text = decimal};
}

struct write_cell workbook_text(struct str text, struct write_style style)
{
    return (struct write_cell){
        .kind = text.n > 0 ? WRITE_TEXT : WRITE_BLANK, .style = style, .text = text};
}

struct write_cell workbook_blank(struct write_style style)
{
    return (struct write_cell){.kind = WRITE_BLANK, .style = style};
}

static enum rc too_long(uint32_t row, uint32_t column, struct err *e)
{
    char name[CELL_NAME_BYTES];
    enum rc rc =
        err_set(e, RC_LIMIT, "the text for %s is longer than the %u characters of a cell",
                "%s 的文字超过单元格上限 %u 个字符", cell_name(row, column, name), WRITE_TEXT_MAX);
    err_hint(e, "Export as CSV or JSON, which have no such limit.",
             "请改用 CSV 或 JSON 格式导出，它们没有这一限制。");
    return rc;
}

enum rc workbook_put(struct workbook_writer *w, uint32_t sheet, uint32_t row, uint32_t column,
                     struct write_cell cell, struct err *e)
{
    lxw_worksheet *s = w->sheets[sheet];
    lxw_format *f = format_of(w, cell.style);
    lxw_error done = LXW_NO_ERROR;
    double number = 0;
    ASSERT(row >= w->next_row[sheet]);
    w->next_row[sheet] = row;
    if (cell.kind == WRITE_NUMBER && !number_of(cell.text, &number)) {
        cell.kind = WRITE_TEXT; /* which keeps its digits */
    }
    switch (cell.kind) {
    case WRITE_BLANK:
        done = worksheet_write_blank(s, row, (lxw_col_t)column, f);
        break;
    case WRITE_NUMBER:
        done = worksheet_write_number(s, row, (lxw_col_t)column, number, f);
        break;
    case WRITE_TEXT:
        if (utf16_units(cell.text) > WRITE_TEXT_MAX) {
            return too_long(row, column, e);
        }
        done = worksheet_write_string(s, row, (lxw_col_t)column, cell_text(w, cell.text), f);
        break;
    case WRITE_DATE: {
        struct date_parts p = date_parts(cell.day);
        lxw_datetime day = {.year = p.year, .month = p.month, .day = p.day};
        done = worksheet_write_datetime(s, row, (lxw_col_t)column, &day, f);
        break;
    }
    }
    return done == LXW_NO_ERROR ? RC_OK : failed(w, done, e);
}

enum rc workbook_put_merged(struct workbook_writer *w, uint32_t sheet, uint32_t row, uint32_t first,
                            uint32_t last, struct write_cell cell, struct err *e)
{
    if (last > first) {
        lxw_error done = worksheet_merge_range(w->sheets[sheet], row, (lxw_col_t)first, row,
                                               (lxw_col_t)last, "", format_of(w, cell.style));
        if (done != LXW_NO_ERROR) {
            return failed(w, done, e);
        }
    }
    return workbook_put(w, sheet, row, first, cell, e);
}

enum rc workbook_row_height(struct workbook_writer *w, uint32_t sheet, uint32_t row, double height,
                            struct err *e)
{
    lxw_error done = worksheet_set_row(w->sheets[sheet], row, height, NULL);
    return done == LXW_NO_ERROR ? RC_OK : failed(w, done, e);
}

/* ---- notes, input, colours ------------------------------------------------------------------ */

enum rc workbook_put_note(struct workbook_writer *w, uint32_t sheet, uint32_t row, uint32_t column,
                          struct str text, struct err *e)
{
    char font[] = FONT;
    uint32_t lines = utf8_width(text) / 34 + 2;
    lxw_comment_options how = {.width = 260,
                               .height = (uint16_t)(lines < 14 ? 18 * lines + 8 : 260),
                               .font_name = font,
                               .font_size = 9};
    buf_clear(&w->scratch);
    put_cut(&w->scratch, text, NOTE_UNITS);
    if (text.n == 0) {
        return RC_OK;
    }
    lxw_error done =
        worksheet_write_comment_opt(w->sheets[sheet], row, (lxw_col_t)column, w->scratch.p, &how);
    return done == LXW_NO_ERROR ? RC_OK : failed(w, done, e);
}

static void set_bounds(lxw_data_validation *v, const struct write_rule *rule, uint8_t type)
{
    double low = -1e15;
    double high = 1e15;
    bool below = number_of(rule->low, &low);
    bool above = number_of(rule->high, &high);
    v->validate = type;
    v->criteria = above || !below ? LXW_VALIDATION_CRITERIA_BETWEEN
                                  : LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
    v->minimum_number = below ? low : -1e15;
    v->maximum_number = above ? high : 1e15;
    v->value_number = v->minimum_number;
}

static void set_check(lxw_data_validation *v, const struct write_rule *rule, char *list)
{
    switch (rule->check) {
    case CHECK_ANY:
        v->validate = LXW_VALIDATION_TYPE_ANY;
        break;
    case CHECK_LIST:
        v->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
        v->value_formula = list;
        break;
    case CHECK_NUMBER:
        set_bounds(v, rule, LXW_VALIDATION_TYPE_DECIMAL);
        break;
    case CHECK_WHOLE:
        set_bounds(v, rule, LXW_VALIDATION_TYPE_INTEGER);
        break;
    case CHECK_DAY:
        v->validate = LXW_VALIDATION_TYPE_DATE;
        v->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
        v->minimum_datetime = (lxw_datetime){.year = DATE_YEAR_MIN, .month = 1, .day = 1};
        v->maximum_datetime = (lxw_datetime){.year = DATE_YEAR_MAX - 1, .month = 12, .day = 31};
        break;
    }
}

enum rc workbook_put_rule(struct workbook_writer *w, uint32_t sheet, const struct write_rule *rule,
                          struct err *e)
{
    const struct workbook_range r = rule->range;
    uint32_t at[4];
    lxw_data_validation v = {.error_type = LXW_VALIDATION_ERROR_TYPE_STOP};
    buf_clear(&w->scratch);
    at[0] = 0;
    put_cut(&w->scratch, rule->title, TITLE_UNITS);
    at[1] = w->scratch.n;
    put_cut(&w->scratch, rule->hint, MESSAGE_UNITS);
    at[2] = w->scratch.n;
    put_cut(&w->scratch, rule->wrong, MESSAGE_UNITS);
    at[3] = w->scratch.n;
    put_cut(&w->scratch, rule->list, MESSAGE_UNITS);
    set_check(&v, rule, w->scratch.p + at[3]);
    v.input_title = rule->hint.n > 0 ? w->scratch.p + at[0] : NULL;
    v.input_message = rule->hint.n > 0 ? w->scratch.p + at[1] : NULL;
    v.error_title = rule->wrong.n > 0 ? w->scratch.p + at[0] : NULL;
    v.error_message = rule->wrong.n > 0 ? w->scratch.p + at[2] : NULL;
    lxw_error done = worksheet_data_validation_range(w->sheets[sheet], r.row, (lxw_col_t)r.column,
                                                     r.last_row, (lxw_col_t)r.last_column, &v);
    return done == LXW_NO_ERROR ? RC_OK : failed(w, done, e);
}

enum rc workbook_put_colour(struct workbook_writer *w, uint32_t sheet, struct workbook_range range,
                            struct str formula, enum write_colour colour, struct err *e)
{
    static const uint32_t colours[][2] = {
        [COLOUR_RED] = {0x9c0006, 0xffc7ce}, [COLOUR_AMBER] = {0x7f6000, 0xffe699}};
    if (w->colours[colour] == NULL) {
        w->colours[colour] = workbook_add_format(w->book);
        if (w->colours[colour] == NULL) {
            return failed(w, LXW_ERROR_MEMORY_MALLOC_FAILED, e);
        }
        format_set_font_color(w->colours[colour], colours[colour][0]);
        format_set_bg_color(w->colours[colour], colours[colour][1]);
    }
    buf_clear(&w->scratch);
    buf_str(&w->scratch, formula);
    lxw_conditional_format rule = {.type = LXW_CONDITIONAL_TYPE_FORMULA,
                                   .value_string = w->scratch.p,
                                   .format = w->colours[colour]};
    lxw_error done =
        worksheet_conditional_format_range(w->sheets[sheet], range.row, (lxw_col_t)range.column,
                                           range.last_row, (lxw_col_t)range.last_column, &rule);
    return done == LXW_NO_ERROR ? RC_OK : failed(w, done, e);
}
