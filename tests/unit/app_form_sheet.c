/* SPDX-License-Identifier: Apache-2.0 */
/* The machine sheet of a form workbook: what is written is read back (FS1), and what somebody has
 * changed in between is refused (FS2, FS3). */
#include <stdio.h>
#include <string.h>

#include "app/workbook/form_sheet.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/rng.h"
#include "io/workbook.h"
#include "tests/lib/test.h"

/* Rows as a reader of workbooks hands them out. */
struct paper {
    struct arena *a;
    struct workbook_sheet names[2];
    struct grid_sheet sheets[2];
};

static enum rc put_row(void *ctx, const struct str *cells, uint32_t n, struct err *e)
{
    struct paper *p = ctx;
    struct sheet_cell *out = ARENA_ARRAY(p->a, struct sheet_cell, n + 1U);
    uint32_t filled = 0;
    (void)e;
    for (uint32_t i = 0; i < n; i++) {
        if (cells[i].n > 0) {
            out[filled++] = (struct sheet_cell){
                .text = str_dup(p->a, cells[i]), .column = i, .kind = CELL_TEXT};
        }
    }
    vec_push(p->a, &p->sheets[1].rows,
             (struct workbook_row){out, filled, p->sheets[1].rows.n, false});
    return RC_OK;
}

static enum rc read_paper(struct paper *p, struct form_sheet *out, struct err *e)
{
    p->names[0].name = STR("招生报表");
    p->names[1].name = STR(FORM_SHEET_NAME);
    struct grid g = {.book = {.sheets = p->names, .n_sheets = 2}, .sheets = p->sheets};
    return form_sheet_read(p->a, &g, out, e);
}

static void write_all(struct paper *p, const struct form_sheet *f)
{
    struct arena rows;
    arena_init(&rows, 1 << 20, "rows");
    struct form_writer w = {.a = &rows, .row = put_row, .ctx = p};
    assert_int_equal(form_write_about(&w, f, NULL), RC_OK);
    for (uint32_t t = 0; t < f->tables.n; t++) {
        assert_int_equal(form_write_table(&w, &f->tables.items[t], NULL), RC_OK);
        for (uint32_t i = 0; i < f->tables.items[t].lines.n; i++) {
            assert_int_equal(form_write_line(&w, &f->tables.items[t].lines.items[i], NULL), RC_OK);
        }
    }
    assert_int_equal(form_write_end(&w, NULL), RC_OK);
    arena_release(&rows);
}

/* Two items of one school, and a check. */
static void sample(struct arena *a, struct form_sheet *f)
{
    static const struct str first[] = {STR_INIT(""), STR_INIT(""), STR_INIT("12"), STR_INIT("")};
    static const struct str second[] = {STR_INIT(""), STR_INIT(""), STR_INIT(""),
                                        STR_INIT("=1+1, 未统计\r\n\"x\"")};
    static const struct str third[] = {STR_INIT(""), STR_INIT("五月补录")};
    *f = (struct form_sheet){.layout = FORM_LAYOUT_UNIT,
                             .plan = STR("p-1"),
                             .form = STR("K10"),
                             .round = STR("r/2024"),
                             .period = STR("2024"),
                             .book = STR("17")};
    struct form_table items = {.sheet = STR("招生报表"), .header = 4, .first_free = 6};
    vec_push(a, &items.columns, (struct form_column){.role = FORM_ROLE_LABEL, .head = STR("指标")});
    vec_push(a, &items.columns, (struct form_column){.column = 2, .role = FORM_ROLE_BEFORE});
    vec_push(a, &items.columns, (struct form_column){.column = 3, .role = FORM_ROLE_VALUE});
    vec_push(a, &items.columns, (struct form_column){.column = 30, .role = FORM_ROLE_EXPLAIN});
    vec_push(a, &items.lines,
             (struct form_line){5, STR("S1"), STR("高职.招生计划"), STR("人"), 9, STR("招生计划"),
                                first});
    vec_push(
        a, &items.lines,
        (struct form_line){6, STR("S1"), STR("高职.经费"), STR("万元"), 9, STR("经费"), second});
    vec_push(a, &f->tables, items);
    struct form_table checks = {.sheet = STR("校验"), .lines_are = FORM_LINES_CHECKS, .n_free = 3};
    vec_push(a, &checks.columns, (struct form_column){.role = FORM_ROLE_LABEL});
    vec_push(a, &checks.columns, (struct form_column){.column = 5, .role = FORM_ROLE_EXPLAIN});
    vec_push(a, &checks.lines,
             (struct form_line){1, STR("S1"), STR("K9"), STR(""), 9, STR("K9"), third});
    vec_push(a, &f->tables, checks);
}

static void compare_lines(const struct form_table *x, const struct form_table *y)
{
    assert_int_equal(x->lines.n, y->lines.n);
    for (uint32_t i = 0; i < x->lines.n; i++) {
        const struct form_line *p = &x->lines.items[i];
        const struct form_line *q = &y->lines.items[i];
        assert_int_equal(p->row, q->row);
        assert_int_equal(p->seen, q->seen);
        assert_true(str_eq(p->unit, q->unit) && str_eq(p->name, q->name) &&
                    str_eq(p->measure, q->measure) && str_eq(p->label, q->label));
        for (uint32_t k = 0; k < x->columns.n; k++) {
            assert_true(str_eq(p->values[k], q->values[k]));
        }
    }
}

static void compare(const struct form_sheet *x, const struct form_sheet *y)
{
    assert_int_equal(x->layout, y->layout);
    assert_true(str_eq(x->plan, y->plan) && str_eq(x->form, y->form) && str_eq(x->reg, y->reg) &&
                str_eq(x->round, y->round) && str_eq(x->book, y->book));
    assert_int_equal(x->tables.n, y->tables.n);
    for (uint32_t t = 0; t < x->tables.n; t++) {
        const struct form_table *p = &x->tables.items[t];
        const struct form_table *q = &y->tables.items[t];
        assert_true(str_eq(p->sheet, q->sheet));
        assert_int_equal(p->lines_are, q->lines_are);
        assert_int_equal(p->header, q->header);
        assert_int_equal(p->first_free, q->first_free);
        assert_int_equal(p->n_free, q->n_free);
        assert_int_equal(p->columns.n, q->columns.n);
        for (uint32_t k = 0; k < p->columns.n; k++) {
            const struct form_column *c = &p->columns.items[k];
            const struct form_column *d = &q->columns.items[k];
            assert_int_equal(c->column, d->column);
            assert_int_equal(c->role, d->role);
            assert_true(str_eq(c->name, d->name) && str_eq(c->measure, d->measure) &&
                        str_eq(c->head, d->head));
        }
        compare_lines(p, q);
    }
}

static void test_round_trip(void **state)
{
    struct arena a;
    struct form_sheet f;
    struct form_sheet back;
    struct err e = {0};
    (void)state;
    arena_init(&a, 1 << 24, "test");
    struct paper p = {.a = &a};
    sample(&a, &f);
    write_all(&p, &f);
    assert_int_equal(read_paper(&p, &back, &e), RC_OK);
    compare(&f, &back);

    struct form_cell c = form_cell(&back.tables.items[0], 1, 3);
    assert_int_equal(c.role, FORM_ROLE_EXPLAIN);
    ASSERT_STR(c.unit, "S1");
    ASSERT_STR(c.name, "高职.经费");
    ASSERT_STR(c.measure, "万元");
    ASSERT_STR(c.exported, "=1+1, 未统计\r\n\"x\"");
    assert_int_equal(c.seen, 9);
    arena_release(&a);
}

/* Any cell that is changed, added or taken away is told, whichever it is. */
static void test_tamper(void **state)
{
    struct arena a;
    struct form_sheet f;
    (void)state;
    arena_init(&a, 1 << 24, "test");
    struct paper p = {.a = &a};
    sample(&a, &f);
    write_all(&p, &f);
    for (uint32_t r = 0; r < p.sheets[1].rows.n; r++) {
        struct workbook_row *row = &p.sheets[1].rows.items[r];
        for (uint32_t i = 0; i < row->n; i++) {
            struct sheet_cell *cell = (struct sheet_cell *)(uintptr_t)&row->cells[i];
            struct sheet_cell was = *cell;
            struct form_sheet out;
            struct err e = {0};
            cell->text = str_cat(&a, was.text, STR("0"));
            assert_int_not_equal(read_paper(&p, &out, &e), RC_OK);
            err_clear(&e);
            cell->text = STR("");
            assert_int_not_equal(read_paper(&p, &out, &e), RC_OK);
            *cell = was;
        }
        struct workbook_row gone = *row;
        struct form_sheet out;
        struct err e = {0};
        row->n = 0;
        assert_int_not_equal(read_paper(&p, &out, &e), RC_OK);
        *row = gone;
    }
    arena_release(&a);
}

static void test_none_and_newer(void **state)
{
    struct arena a;
    struct form_sheet out;
    struct err e = {0};
    (void)state;
    arena_init(&a, 1 << 20, "test");
    struct workbook_sheet names[1] = {{.name = STR("报表")}};
    struct grid_sheet sheets[1] = {0};
    struct grid g = {.book = {.sheets = names, .n_sheets = 1}, .sheets = sheets};
    assert_int_equal(form_sheet_read(&a, &g, &out, &e), RC_NOT_FOUND);
    err_clear(&e);

    struct paper p = {.a = &a};
    const struct str newer[] = {STR("tizhi-form"), STR("2")};
    assert_int_equal(read_paper(&p, &out, &e), RC_INPUT); /* an empty sheet of that name */
    err_clear(&e);
    assert_int_equal(put_row(&p, newer, 2, NULL), RC_OK);
    assert_int_equal(read_paper(&p, &out, &e), RC_NO_SUPPORT);
    assert_true(strlen(e.hint_zh) > 0);
    arena_release(&a);
}

/* Words in any order and number: refused or read, never out of bounds. */
static void test_garbage(void **state)
{
    static const struct str words[] = {STR_INIT("tizhi-form"), STR_INIT("1"),
                                       STR_INIT("about"),      STR_INIT("layout"),
                                       STR_INIT("unit"),       STR_INIT("table"),
                                       STR_INIT("items"),      STR_INIT("column"),
                                       STR_INIT("A"),          STR_INIT("label"),
                                       STR_INIT("line"),       STR_INIT("end"),
                                       STR_INIT("1048577"),    STR_INIT("XFE"),
                                       STR_INIT(""),           STR_INIT("99999999999999999999")};
    struct rng rng;
    (void)state;
    rng_seed(&rng, 24);
    for (int turn = 0; turn < 20000; turn++) {
        struct arena a;
        struct form_sheet out;
        struct err e = {0};
        arena_init(&a, 1 << 20, "test");
        struct paper p = {.a = &a};
        assert_int_equal(put_row(&p, words, 2, NULL), RC_OK);
        for (uint32_t r = 0; r < 5; r++) {
            struct str cells[8];
            uint32_t n = (uint32_t)rng_below(&rng, 9);
            for (uint32_t i = 0; i < n; i++) {
                cells[i] = words[rng_below(&rng, sizeof words / sizeof words[0])];
            }
            assert_int_equal(put_row(&p, cells, n, NULL), RC_OK);
        }
        assert_int_not_equal(read_paper(&p, &out, &e), RC_OK);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_tamper),
        cmocka_unit_test(test_none_and_newer),
        cmocka_unit_test(test_garbage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
