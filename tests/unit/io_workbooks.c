/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dirty workbooks by several writers, compared cell by cell with what tests/workbooks/dirt says:
 * `PLACE | written | read as | outcome`, as told in tests/workbooks/dirt.py.
 *
 * Read as:  number UNIT | number HEADER>UNIT | whole UNIT | date | month | year | bool | text |
 *           code [DIGITS] | choice A/B/C; behind a number: share or hundred, the answered question
 * Outcome:  = VALUE {what was cleaned}   ~ silent   / not applicable   ? question   ! refused,
 *           the latter with the faults that are right, commas between
 * Every cell of every workbook must have its line, and every line its cell.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/i128.h"
#include "io/cell_clean.h"
#include "model/uom.h"
#include "tests/lib/test.h"

#define ROOT    "tests/workbooks/"
#define MAX     (1U << 20)
#define CHOICES 16

struct checking {
    struct arena a;
    struct uom_table units;
    struct grid grid;
    const char *path; /* of the workbook */
    uint32_t sheet;   /* being told of: index + 1, 0: none yet */
    uint32_t n_seen;  /* cells told of */
    uint32_t n_cells; /* of all workbooks */
    uint32_t n_wrong;
    bool date1904;
    uint32_t protect, merged, hidden_rows, hidden_columns; /* told of in this sheet */
    uint8_t visible;
};

static void wrong(struct checking *c, struct str at, const char *what, struct str got)
{
    c->n_wrong++;
    print_message("# %s %.*s: %s: %.*s\n", c->path, PS(at), what, PS(got));
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* Takes what stands before sep, trimmed of blanks; the rest stays. */
static struct str take(struct str *rest, struct str sep)
{
    uint32_t at = str_find(*rest, sep, 0);
    struct str part = at == STR_NONE ? *rest : str_sub(*rest, 0, at);
    *rest = at == STR_NONE ? STR("") : str_sub(*rest, at + sep.n, rest->n);
    while (part.n > 0 && part.p[0] == ' ') {
        part = str_sub(part, 1, part.n);
    }
    while (part.n > 0 && part.p[part.n - 1] == ' ') {
        part.n--;
    }
    return part;
}

static const struct {
    const char *word;
    enum clean_want want;
} wants[] = {
    {"number", CLEAN_NUMBER}, {"whole", CLEAN_WHOLE},   {"date", CLEAN_DATE},
    {"month", CLEAN_MONTH},   {"year", CLEAN_YEAR},     {"bool", CLEAN_BOOL},
    {"code", CLEAN_CODE},     {"choice", CLEAN_CHOICE}, {"text", CLEAN_TEXT},
};

static void read_choices(struct checking *c, struct str list, struct clean_ask *ask)
{
    struct str *choices = ARENA_ARRAY(&c->a, struct str, CHOICES);
    struct str choice;
    while (str_split(&list, '/', &choice)) {
        choices[ask->n_choices++] = choice;
    }
    ask->choices = choices;
}

static struct clean_ask read_ask(struct checking *c, struct str text)
{
    struct clean_ask ask = {.units = &c->units, .want = CLEAN__WANTS, .date1904 = c->date1904};
    struct str word = take(&text, STR(" "));
    struct str unit = take(&text, STR(" "));
    i128 digits = 0;
    ask.csv = c->grid.book.kind == WORKBOOK_CSV;
    for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++) {
        ask.want = str_eq(word, str_from_cstr(wants[i].word)) ? wants[i].want : ask.want;
    }
    assert_true(ask.want != CLEAN__WANTS);
    if (ask.want == CLEAN_CHOICE) {
        read_choices(c, unit, &ask);
    } else if (ask.want == CLEAN_CODE && i128_parse(unit, &digits)) {
        ask.code_digits = (uint32_t)digits;
    } else if (str_find(unit, STR(">"), 0) != STR_NONE) {
        ask.header_unit = take(&unit, STR(">"));
        ask.unit = unit;
    } else {
        ask.unit = unit;
    }
    ask.percent = str_eq(text, STR("share"))     ? CLEAN_PERCENT_SHARE
                  : str_eq(text, STR("hundred")) ? CLEAN_PERCENT_HUNDRED
                                                 : CLEAN_PERCENT_UNASKED;
    return ask;
}

static struct str shown(struct checking *c, const struct clean_ask *ask,
                        const struct clean_value *v)
{
    char text[DATE_TEXT_BYTES];
    switch (ask->want) {
    case CLEAN_NUMBER:
    case CLEAN_WHOLE:
        return rat_dec_str(&c->a, v->number, 40, NULL);
    case CLEAN_DATE:
    case CLEAN_MONTH:
    case CLEAN_YEAR:
        return str_dup(&c->a, date_text(v->date, text));
    case CLEAN_BOOL:
        return v->yes ? STR("1") : STR("0");
    case CLEAN_CHOICE:
        return ask->choices[v->choice];
    case CLEAN_CODE:
    case CLEAN_TEXT:
    case CLEAN__WANTS:
        break;
    }
    return v->text;
}

/* Whether the words between braces are exactly what was cleaned. */
static bool same_did(struct str words, uint32_t did)
{
    struct str word;
    uint32_t want = 0;
    while (str_split(&words, ' ', &word)) {
        uint32_t i = 0;
        while (i < CLEAN_DID__COUNT &&
               !str_eq(word, str_from_cstr(clean_did_words((enum clean_did)i).word))) {
            i++;
        }
        assert_true(i < CLEAN_DID__COUNT || word.n == 0);
        want |= word.n > 0 ? 1U << i : 0;
    }
    return want == did;
}

static struct str all_did(struct checking *c, uint32_t did)
{
    struct buf b;
    buf_init_in(&b, &c->a, 4096);
    for (uint32_t i = 0; i < CLEAN_DID__COUNT; i++) {
        if ((did >> i & 1) != 0) {
            buf_printf(&b, "%s ", clean_did_words((enum clean_did)i).word);
        }
    }
    return buf_view(&b);
}

static bool among(struct str list, struct str word)
{
    struct str one;
    while (str_split(&list, ',', &one)) {
        if (str_eq(one, word)) {
            return true;
        }
    }
    return false;
}

static void compare(struct checking *c, struct str at, const struct clean_ask *ask,
                    const struct clean_value *v, struct str outcome)
{
    static const char signs[] = {[CLEAN_VALUE] = '=',
                                 [CLEAN_SILENT] = '~',
                                 [CLEAN_NOT_APPLICABLE] = '/',
                                 [CLEAN_QUESTION] = '?',
                                 [CLEAN_REFUSED] = '!'};
    bool faulty = v->state == CLEAN_QUESTION || v->state == CLEAN_REFUSED;
    struct str fault = str_from_cstr(clean_fault_words(v->fault).word);
    struct str sign = take(&outcome, STR(" "));
    struct str want = take(&outcome, STR("{"));
    assert_true(faulty == (v->fault != CLEAN_FAULT_OK)); /* C2 */
    if (sign.p[0] != signs[v->state]) {
        wrong(c, at, "another state", faulty ? fault : shown(c, ask, v));
    } else if (faulty) {
        if (!among(want, fault)) {
            wrong(c, at, "another fault", fault);
        }
    } else if (v->state == CLEAN_VALUE && !str_eq(shown(c, ask, v), want)) {
        wrong(c, at, "another value", shown(c, ask, v));
    } else if (!same_did(str_sub(outcome, 0, outcome.n > 0 ? outcome.n - 1 : 0), v->did)) {
        wrong(c, at, "cleaned otherwise", all_did(c, v->did));
    }
}

static void check_cell(struct checking *c, struct str line)
{
    struct str place = take(&line, STR(" | "));
    struct str written = take(&line, STR(" | "));
    struct clean_ask ask = read_ask(c, take(&line, STR(" | ")));
    struct clean_value v;
    uint32_t row = 0;
    uint32_t column = 0;
    assert_true(cell_parse_name(place, &row, &column));
    const struct sheet_cell *cell = grid_at(&c->grid.sheets[c->sheet - 1], row, column);
    if (!cell && !str_eq(written, STR("_")) && !str_starts(line, STR("~"))) {
        wrong(c, place, "the cell is not there", written);
        return;
    }
    c->n_seen += cell != NULL;
    cell_clean(&c->a, cell, &ask, &v);
    compare(c, place, &ask, &v, line);
}

/* ---- sheets --------------------------------------------------------------------------------- */

static void check_number(struct checking *c, const char *what, uint32_t got, uint32_t want)
{
    if (got != want) {
        struct str number = str_dup(&c->a, got > want ? STR("too many") : STR("too few"));
        wrong(c, c->grid.book.sheets[c->sheet - 1].name, what, number);
    }
}

static void end_sheet(struct checking *c)
{
    if (c->sheet == 0) {
        return;
    }
    const struct workbook_sheet *s = &c->grid.book.sheets[c->sheet - 1];
    const struct grid_sheet *g = &c->grid.sheets[c->sheet - 1];
    uint32_t cells = 0;
    uint32_t hidden = 0;
    uint32_t columns = 0;
    for (uint32_t i = 0; i < g->rows.n; i++) {
        cells += g->rows.items[i].n;
        hidden += g->rows.items[i].hidden;
    }
    for (uint32_t i = 0; i < s->hidden_columns.n; i++) {
        columns += s->hidden_columns.items[i].last_column - s->hidden_columns.items[i].column + 1;
    }
    check_number(c, "cells", cells, c->n_seen);
    check_number(c, "merged ranges", s->merged.n, c->merged);
    check_number(c, "hidden rows", hidden, c->hidden_rows);
    check_number(c, "hidden columns", columns, c->hidden_columns);
    check_number(c, "protection", s->protected, c->protect);
    check_number(c, "visibility", s->visible, c->visible);
    c->n_cells += cells;
    c->n_seen = c->merged = c->hidden_rows = c->hidden_columns = c->protect = 0;
}

static void begin_sheet(struct checking *c, struct str name, struct str state)
{
    end_sheet(c);
    assert_true(c->sheet < c->grid.book.n_sheets);
    const struct workbook_sheet *s = &c->grid.book.sheets[c->sheet++];
    c->visible = str_eq(state, STR("hidden"))        ? WORKBOOK_HIDDEN
                 : str_eq(state, STR("very-hidden")) ? WORKBOOK_VERY_HIDDEN
                                                     : WORKBOOK_VISIBLE;
    if (name.n > 0 && !str_eq(s->name, name)) {
        wrong(c, s->name, "another name", name);
    }
}

static void check_directive(struct checking *c, struct str line)
{
    struct str word = take(&line, STR(" "));
    struct str first = take(&line, STR(" "));
    c->date1904 = c->date1904 || str_eq(word, STR("@1904"));
    c->protect = c->protect || str_eq(word, STR("@protect"));
    c->merged += str_eq(word, STR("@merge"));
    c->hidden_rows += str_eq(word, STR("@hidden-row"));
    c->hidden_columns += str_eq(word, STR("@hidden-column"));
    if (str_eq(word, STR("@sheet"))) {
        begin_sheet(c, first, line);
    }
}

static void check_lines(struct checking *c, struct str text)
{
    struct str line;
    while (str_split(&text, '\n', &line)) {
        if (line.n == 0 || str_starts(line, STR("# "))) {
            continue;
        }
        if (line.p[0] == '@') {
            check_directive(c, line);
        } else {
            if (c->sheet == 0) {
                begin_sheet(c, STR(""), STR(""));
            }
            check_cell(c, line);
        }
    }
    end_sheet(c);
    check_number(c, "sheets", c->grid.book.n_sheets, c->sheet);
    check_number(c, "system of dates", c->grid.book.date1904, c->date1904);
}

/* ---- workbooks ------------------------------------------------------------------------------ */

/* The lines for corpus/WRITER/NAME.EXTENSION: dirt/NAME.txt. */
static const char *dirt_of(struct arena *a, struct str file)
{
    uint32_t dot = str_find(file, STR("."), 0);
    struct str name = str_cat(a, str_sub(file, 0, dot), STR(".txt"));
    return path_join(a, ROOT "dirt", str_to_cstr(a, name));
}

static void check_book(struct checking *c, const char *folder, const char *file)
{
    struct err e;
    struct str lines;
    err_clear(&e);
    c->sheet = c->n_seen = 0;
    c->date1904 = false;
    c->path = path_join(&c->a, folder, file);
    if (grid_read(&c->a, c->path, &c->grid, &e) != RC_OK) {
        wrong(c, STR(""), e.primary_en, str_from_cstr(e.detail_en));
        return;
    }
    assert_int_equal(file_read(&c->a, dirt_of(&c->a, str_from_cstr(file)), MAX, &lines, NULL),
                     RC_OK);
    check_lines(c, lines);
}

static void check_writer(const char *folder, uint32_t least)
{
    struct checking c = {.n_wrong = 0};
    struct dir_list files;
    arena_init(&c.a, (size_t)256 << 20, "workbooks");
    uom_init(&c.a, &c.units);
    assert_int_equal(dir_list(&c.a, folder, STR(""), &files, NULL), RC_OK);
    for (uint32_t i = 0; i < files.n; i++) {
        check_book(&c, folder, files.paths[i]);
    }
    print_message("# %s: %u cells in %u workbooks\n", folder, c.n_cells, files.n);
    assert_int_equal(c.n_wrong, 0);
    assert_true(files.n >= least);
    arena_release(&c.a);
}

static void test_openpyxl(void **state)
{
    (void)state;
    check_writer(ROOT "corpus/openpyxl", 15);
}

static void test_exceljs(void **state)
{
    (void)state;
    check_writer(ROOT "corpus/exceljs", 15);
}

static void test_sheetjs(void **state)
{
    (void)state;
    check_writer(ROOT "corpus/sheetjs", 15);
}

static void test_libreoffice(void **state)
{
    (void)state;
    check_writer(ROOT "corpus/libreoffice", 15);
}

static void test_xls(void **state)
{
    (void)state;
    check_writer(ROOT "corpus/xls", 15);
}

static void test_xml(void **state)
{
    (void)state;
    check_writer(ROOT "corpus/xml", 15);
}

static void test_csv(void **state)
{
    (void)state;
    check_writer(ROOT "corpus/csv", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_openpyxl), cmocka_unit_test(test_exceljs),
        cmocka_unit_test(test_sheetjs),  cmocka_unit_test(test_libreoffice),
        cmocka_unit_test(test_xls),      cmocka_unit_test(test_xml),
        cmocka_unit_test(test_csv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
