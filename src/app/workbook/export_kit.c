/* SPDX-License-Identifier: Apache-2.0 */
/* What all workbooks of forms are made of: cells by type, input rules, notes, the sheets of choices
 * and of checks, and the machine sheet. */
#include "app/workbook/export_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "model/mark.h"

#define LISTS_NAME    "_lists"
#define NOTE_BYTES    4096
#define SAYS_WIDTH    60.0
#define WHERE_WIDTH   18.0
#define EXPLAIN_WIDTH 36.0
#define SHARE_EXTRA   2 /* a percentage has two decimals more as a share */

/* ---- values as cells ------------------------------------------------------------------------- */

bool kit_is_percent(const struct datum *of)
{
    return of->type == VT_NUMBER && str_eq(of->unit, STR("%"));
}

struct str kit_measure(const struct kit *k, const struct datum *of)
{
    static const struct {
        const char *zh, *en;
    } types[] = {
        [VT_NUMBER] = {"", ""},           [VT_BOOL] = {"是/否", "yes/no"},
        [VT_CHOICE] = {"选项", "choice"}, [VT_TEXT] = {"文字", "text"},
        [VT_DATE] = {"日期", "date"},
    };
    return of->type == VT_NUMBER ? of->unit : kit_say(k, types[of->type].zh, types[of->type].en);
}

static uint8_t decimals_of(struct str decimal)
{
    uint32_t point = str_find(decimal, STR("."), 0);
    uint32_t n = point == STR_NONE ? 0 : decimal.n - point - 1;
    return (uint8_t)(n < WRITE_DECIMALS_MAX ? n : WRITE_DECIMALS_MAX);
}

/*
 * Figures to look at have their own decimals. What is typed must not look rounded: where more than
 * two are allowed the cell shows what there is.
 */
static struct write_style style_of(const struct datum *of, enum write_look look, struct str decimal)
{
    bool input = look == LOOK_INPUT || look == LOOK_WORDS;
    struct write_style s = {.look = look};
    switch (of->type) {
    case VT_NUMBER:
        s.show = kit_is_percent(of)          ? SHOW_PERCENT
                 : input && of->decimals > 2 ? SHOW_PLAIN
                                             : SHOW_NUMBER;
        s.decimals = input || s.show == SHOW_PERCENT ? of->decimals : decimals_of(decimal);
        break;
    case VT_DATE:
        s.show = SHOW_DATE;
        break;
    case VT_TEXT:
        s.look = look == LOOK_INPUT ? LOOK_WORDS : look;
        s.show = SHOW_TEXT;
        break;
    case VT_CHOICE:
    case VT_BOOL:
        s.show = SHOW_TEXT;
        break;
    }
    s.decimals = s.show == SHOW_PLAIN ? 0 : s.decimals;
    return s;
}

struct write_cell kit_day(struct date d, enum write_look look)
{
    const struct write_style s = {look, SHOW_DATE, 0};
    return date_is_sentinel(d) ? workbook_blank(s)
                               : (struct write_cell){.kind = WRITE_DATE, .style = s, .day = d};
}

static struct str number_text(const struct kit *k, const struct datum *of, const struct value *v)
{
    bool percent = kit_is_percent(of);
    struct rat x = percent ? v->num : rat_div(k->a, v->num, of->factor);
    return rat_dec_str(k->a, x, of->decimals + (percent ? SHARE_EXTRA : 0), NULL);
}

struct write_cell kit_cell(const struct kit *k, const struct datum *of, const struct value *v,
                           enum write_look look)
{
    int64_t days = 0;
    bool number = v->has && of->type == VT_NUMBER;
    struct str text = number ? number_text(k, of, v) : STR("");
    struct write_style s = style_of(of, look, text);
    if (!v->has) {
        return workbook_blank(s);
    }
    if (number) {
        return workbook_number(text, s);
    }
    if (of->type == VT_DATE && rat_to_int64(v->num, &days)) {
        return kit_day((struct date){(int32_t)days}, look);
    }
    if (of->type == VT_BOOL) {
        bool no = rat_is_zero(v->num);
        return workbook_text(no ? kit_say(k, "否", "no") : kit_say(k, "是", "yes"), s);
    }
    return workbook_text(v->text, s);
}

/* ---- input ----------------------------------------------------------------------------------- */

/* A bound as a cell has it; "": none. */
static struct str bound(const struct kit *k, const struct datum *of, struct rat x)
{
    bool exact = false;
    if (rat_is_inf(x)) {
        return STR("");
    }
    const struct value v = {.has = true, .num = x};
    struct str text = number_text(k, of, &v);
    (void)rat_dec_str(k->a, kit_is_percent(of) ? x : rat_div(k->a, x, of->factor), 6, &exact);
    return exact ? text : STR("");
}

/* A bound as people read it. */
static struct str bound_shown(const struct kit *k, const struct datum *of, struct rat x)
{
    const struct value v = {.has = true, .num = x};
    struct str s = cell_shown(k->a, of, &v, k->chinese);
    return uom_amount(k->a, s, of->unit);
}

static void say_wrong(const struct kit *k, const struct datum *of, struct str low, struct str high,
                      struct buf *b)
{
    switch (of->type) {
    case VT_NUMBER:
        buf_str(b, of->decimals == 0 && !kit_is_percent(of)
                       ? kit_say(k, "须填整数", "a whole number is wanted")
                       : kit_say(k, "须填数字", "a number is wanted"));
        if (low.n > 0) {
            buf_str(b, kit_say(k, "，不小于 ", ", at least "));
            buf_str(b, bound_shown(k, of, of->lo));
        }
        if (high.n > 0) {
            buf_str(b, kit_say(k, "，不大于 ", ", at most "));
            buf_str(b, bound_shown(k, of, of->hi));
        }
        buf_str(b, kit_say(k, "。没有数据请留空，在说明栏写明原因。",
                           ". If it is not known leave it blank and explain."));
        break;
    case VT_BOOL:
    case VT_CHOICE:
        buf_str(b, kit_say(k, "请从下拉列表中选择。", "Choose from the list."));
        break;
    case VT_DATE:
        buf_str(b,
                kit_say(k, "须填日期，如 2024-09-01。", "A date is wanted, such as 2024-09-01."));
        break;
    case VT_TEXT:
        break;
    }
}

static void say_hint(const struct kit *k, const struct datum *of, struct buf *b)
{
    buf_str(b, kit_say(k, "单位：", "unit: "));
    buf_str(b, kit_measure(k, of));
    if (kit_is_percent(of)) {
        buf_str(b, kit_say(k, "（填 95 即 95%）", " (95 means 95%)"));
    }
    if (of->definition.n > 0) {
        buf_str(b, kit_say(k, "\n口径：", "\ndefinition: "));
        buf_str(b, mark_words(k->a, of->definition));
    }
}

static struct str list_range(const struct kit *k, const struct datum *of)
{
    for (uint32_t i = 0; i < k->choices.n; i++) {
        const struct kit_list *l = &k->choices.items[i];
        bool yes_no = of->type == VT_BOOL && i == 0;
        if (yes_no || (of->type == VT_CHOICE && l->choices == of->choices)) {
            struct buf b;
            buf_init_in(&b, k->a, 128);
            struct str first = kit_place(k->a, UINT32_MAX, l->column);
            buf_printf(&b, "='%s'!%.*s$1:%.*s$%u", LISTS_NAME, PS(first), PS(first), l->n);
            return buf_view(&b);
        }
    }
    return STR("");
}

enum rc kit_rule(struct kit *k, const struct datum *of, struct workbook_range range, struct err *e)
{
    static const enum write_check checks[] = {[VT_NUMBER] = CHECK_NUMBER,
                                              [VT_BOOL] = CHECK_LIST,
                                              [VT_CHOICE] = CHECK_LIST,
                                              [VT_TEXT] = CHECK_ANY,
                                              [VT_DATE] = CHECK_DAY};
    struct buf hint;
    struct buf wrong;
    bool number = of->type == VT_NUMBER;
    struct write_rule rule = {.range = range, .check = checks[of->type], .title = of->name};
    buf_init_in(&hint, k->a, LIMIT_STR_BYTES);
    buf_init_in(&wrong, k->a, LIMIT_STR_BYTES);
    rule.low = number ? bound(k, of, of->lo) : STR("");
    rule.high = number ? bound(k, of, of->hi) : STR("");
    if (number && of->decimals == 0 && !kit_is_percent(of)) {
        rule.check = CHECK_WHOLE;
    }
    rule.list = list_range(k, of);
    say_hint(k, of, &hint);
    say_wrong(k, of, rule.low, rule.high, &wrong);
    rule.hint = buf_view(&hint);
    rule.wrong = buf_view(&wrong);
    return workbook_put_rule(k->w, k->main, &rule, e);
}

struct str kit_note(const struct kit *k, const struct datum *of, struct str basis)
{
    const struct {
        const char *zh, *en;
        struct str text;
    } parts[] = {
        {"口径：", "definition: ", mark_words(k->a, of->definition)},
        {"来源：", "source: ", of->source},
        {"依据：", "basis: ", basis},
    };
    struct buf b;
    buf_init_in(&b, k->a, NOTE_BYTES);
    for (uint32_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].text.n > 0) {
            buf_puts(&b, b.n > 0 ? "\n" : "");
            buf_str(&b, kit_say(k, parts[i].zh, parts[i].en));
            buf_str(&b, parts[i].text);
        }
    }
    return buf_view(&b);
}

/* ---- rows ------------------------------------------------------------------------------------ */

struct str kit_place(struct arena *a, uint32_t row, uint32_t column)
{
    char name[CELL_NAME_BYTES];
    struct str s = str_from_cstr(cell_name(row == UINT32_MAX ? 0 : row, column, name));
    s.n -= row == UINT32_MAX ? 1 : 0; /* its `1` */
    return str_cat(a, STR("$"), s);
}

double kit_width(struct str text, double least, double most)
{
    double w = workbook_width_of(text) + 2;
    return w < least ? least : w > most ? most : w;
}

enum rc kit_put(struct kit *k, uint32_t row, uint32_t column, struct write_cell cell, struct err *e)
{
    double tall =
        workbook_height_of(cell.kind == WRITE_TEXT ? cell.text : STR(""), k->widths[column].width);
    k->tall = tall > k->tall ? tall : k->tall;
    return workbook_put(k->w, k->main, row, column, cell, e);
}

enum rc kit_row_end(struct kit *k, uint32_t row, struct err *e)
{
    double tall = k->tall;
    k->tall = 0;
    return workbook_row_height(k->w, k->main, row, tall, e);
}

enum rc kit_row(struct kit *k, uint32_t sheet, uint32_t row, const struct str *texts, uint32_t n,
                enum write_look look, struct err *e)
{
    const struct write_style s = {.look = look};
    for (uint32_t i = 0; i < n; i++) {
        TRY(workbook_put(k->w, sheet, row, i, workbook_text(texts[i], s), e));
    }
    return RC_OK;
}

enum rc kit_line(struct kit *k, uint32_t sheet, uint32_t row, uint32_t columns, struct str text,
                 enum write_look look, struct err *e)
{
    const struct write_style s = {.look = look};
    return workbook_put_merged(k->w, sheet, row, 0, columns - 1, workbook_text(text, s), e);
}

/* ---- hidden sheets --------------------------------------------------------------------------- */

static void add_list(struct kit *k, const struct str *choices, uint32_t n)
{
    for (uint32_t i = 0; i < k->choices.n; i++) {
        if (k->choices.items[i].choices == choices) {
            return;
        }
    }
    const struct kit_list list = {choices, n, k->choices.n};
    vec_push(k->a, &k->choices, list);
}

enum rc kit_lists(struct kit *k, const struct datum *const *of, uint32_t n, struct err *e)
{
    uint32_t longest = 2;
    const struct write_paper paper = {.name = STR(LISTS_NAME), .hidden = true};
    struct str *yes_no = ARENA_ARRAY(k->a, struct str, 2);
    yes_no[0] = kit_say(k, "是", "yes");
    yes_no[1] = kit_say(k, "否", "no");
    add_list(k, yes_no, 2);
    for (uint32_t i = 0; i < n; i++) {
        if (of[i]->type == VT_CHOICE) {
            add_list(k, of[i]->choices, of[i]->n_choices);
            longest = of[i]->n_choices > longest ? of[i]->n_choices : longest;
        }
    }
    TRY(workbook_add_sheet(k->w, &paper, &k->lists, e));
    for (uint32_t r = 0; r < longest; r++) {
        for (uint32_t c = 0; c < k->choices.n; c++) {
            const struct kit_list *l = &k->choices.items[c];
            const struct write_style s = {.look = LOOK_PLAIN, .show = SHOW_TEXT};
            if (r < l->n) {
                TRY(workbook_put(k->w, k->lists, r, l->column, workbook_text(l->choices[r], s), e));
            }
        }
    }
    return RC_OK;
}

static enum rc machine_row(void *ctx, const struct str *cells, uint32_t n, struct err *e)
{
    struct kit *k = ctx;
    const struct write_style s = {.look = LOOK_PLAIN, .show = SHOW_TEXT};
    for (uint32_t i = 0; i < n; i++) {
        if (cells[i].n > 0) {
            TRY(workbook_put(k->w, k->machine, k->machine_row, i, workbook_text(cells[i], s), e));
        }
    }
    k->machine_row++;
    return RC_OK;
}

enum rc kit_machine(struct kit *k, const struct form_sheet *f, struct err *e)
{
    const struct write_paper paper = {.name = STR(FORM_SHEET_NAME), .hidden = true, .locked = true};
    TRY(workbook_add_sheet(k->w, &paper, &k->machine, e));
    k->fw = (struct form_writer){.a = k->a, .row = machine_row, .ctx = k};
    return form_write_about(&k->fw, f, e);
}

/* ---- checks ---------------------------------------------------------------------------------- */

enum { AT_ID, AT_SORT, AT_SAYS, AT_WHERE, AT_EXPLAIN, AT_COLUMNS };

struct write_paper kit_checks_paper(struct str name)
{
    static const struct write_width widths[] = {
        {AT_ID, AT_ID, 20, false},
        {AT_SORT, AT_SORT, 8, false},
        {AT_SAYS, AT_SAYS, SAYS_WIDTH, false},
        {AT_WHERE, AT_WHERE, WHERE_WIDTH, false},
        {AT_EXPLAIN, AT_EXPLAIN, EXPLAIN_WIDTH, false},
    };
    return (struct write_paper){.name = name,
                                .locked = true,
                                .widths = widths,
                                .n_widths = AT_COLUMNS,
                                .freeze_rows = 2,
                                .repeat_first = 1,
                                .repeat_last = 1,
                                .landscape = true};
}

/* What it is called, what must hold, and what it says when it does not. */
static struct str check_words(const struct kit *k, const struct commitment *c)
{
    struct buf b;
    buf_init_in(&b, k->a, LIMIT_STR_BYTES);
    if (c->name.n > 0 && !str_eq(c->name, c->id)) {
        buf_str(&b, c->name);
        buf_str(&b, kit_say(k, "：", ": "));
    }
    buf_str(&b, c->condition_text[k->chinese ? 0 : 1]);
    if (c->deliverable.n > 0) {
        buf_str(&b, kit_say(k, "（不符时：", " (else: "));
        buf_str(&b, c->deliverable);
        buf_str(&b, kit_say(k, "）", ")"));
    }
    return buf_view(&b);
}

static enum rc check_row(struct kit *k, uint32_t sheet, uint32_t row, const struct kit_check *c,
                         bool asks, struct err *e)
{
    const struct str texts[] = {
        c->k->id, c->k->soft ? kit_say(k, "软性", "soft") : kit_say(k, "硬性", "hard"),
        check_words(k, c->k),
        c->where.n > 0 ? c->where : kit_say(k, "由系统核对", "by the program")};
    const struct write_style open = {.look = LOOK_WORDS, .show = SHOW_TEXT};
    TRY(kit_row(k, sheet, row, texts, AT_EXPLAIN, LOOK_LABEL, e));
    double says = workbook_height_of(texts[AT_SAYS], SAYS_WIDTH);
    double where = workbook_height_of(texts[AT_WHERE], WHERE_WIDTH);
    double explained = workbook_height_of(c->explained, EXPLAIN_WIDTH);
    double tall = says > where ? says : where;
    TRY(workbook_row_height(k->w, sheet, row, tall > explained ? tall : explained, e));
    return asks ? workbook_put(k->w, sheet, row, AT_EXPLAIN, workbook_text(c->explained, open), e)
                : RC_OK;
}

/* Where the explanation is, for the machine sheet. */
static void check_line(struct kit *k, struct form_table *t, const struct kit_check *c, uint32_t row,
                       struct str unit, int64_t seen)
{
    struct str *values = ARENA_ARRAY(k->a, struct str, 2);
    values[0] = STR("");
    values[1] = c->explained;
    vec_push(k->a, &t->lines,
             (struct form_line){.row = row,
                                .unit = unit,
                                .name = c->k->id,
                                .seen = seen,
                                .label = c->k->id,
                                .values = values});
}

static void check_table(struct kit *k, struct form_table *t, struct str name,
                        const struct str *heads, uint32_t n)
{
    *t = (struct form_table){
        .sheet = name, .lines_are = FORM_LINES_CHECKS, .header = 1, .first_free = n + 2};
    vec_push(k->a, &t->columns,
             (struct form_column){.column = AT_ID, .role = FORM_ROLE_LABEL, .head = heads[AT_ID]});
    vec_push(k->a, &t->columns,
             (struct form_column){
                 .column = AT_EXPLAIN, .role = FORM_ROLE_EXPLAIN, .head = heads[AT_EXPLAIN]});
}

enum rc kit_checks(struct kit *k, uint32_t sheet, struct str name, const struct kit_check *checks,
                   uint32_t n, struct str unit, int64_t seen, struct form_table *table,
                   struct err *e)
{
    const struct str heads[AT_COLUMNS] = {
        kit_say(k, "编号", "id"), kit_say(k, "性质", "sort"),
        kit_say(k, "应当符合", "what must hold"), kit_say(k, "标色单元格", "cells coloured"),
        kit_say(k, "说明（软性校验不符时填）", "explanation, where a soft one fails")};
    uint32_t columns = table != NULL ? AT_COLUMNS : AT_EXPLAIN;
    TRY(kit_line(k, sheet, 0, columns,
                 kit_say(k,
                         "硬性校验不符时数据格变红，不能提交；软性校验不符时变黄，须说明。"
                         "“由系统核对”的不在表中标色。",
                         "Cells turn red where a hard check fails, amber where a soft one does."),
                 LOOK_QUIET, e));
    TRY(kit_row(k, sheet, 1, heads, columns, LOOK_HEAD, e));
    if (table != NULL) {
        check_table(k, table, name, heads, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        bool asks = table != NULL && checks[i].k->soft;
        TRY(check_row(k, sheet, i + 2, &checks[i], asks, e));
        if (asks) {
            check_line(k, table, &checks[i], i + 2, unit, seen);
        }
    }
    return RC_OK;
}
