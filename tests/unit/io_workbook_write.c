/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks out: what is put is read back by our own reader, byte for byte the same twice; what a
 * text begins with does not matter; nothing is left behind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "io/cell_clean.h"
#include "io/workbook.h"
#include "io/workbook_write.h"
#include "model/uom.h"
#include "tests/lib/test.h"

static struct arena arena;
static char dir[64];

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 26, "test");
    (void)snprintf(dir, sizeof dir, "%s", "/tmp/tizhi-write-XXXXXX");
    return mkdtemp(dir) == NULL;
}

static int tear_down(void **state)
{
    struct dir_list list;
    (void)state;
    if (dir_list(&arena, dir, STR(""), &list, NULL) == RC_OK) {
        for (uint32_t i = 0; i < list.n; i++) {
            (void)unlink(path_join(&arena, dir, list.paths[i]));
        }
    }
    (void)rmdir(dir);
    arena_release(&arena);
    return 0;
}

static struct date day(void)
{
    struct date d = DATE_MIN;
    assert_true(date_make(2024, 11, 26, &d));
    return d;
}

static const struct write_style plain = {LOOK_CELL, SHOW_PLAIN, 0};

static const char *const texts[] = {
    "=1+1",
    "+86 10",
    "-",
    "@x",
    "\ttab",
    "\rx",
    "＝1",
    "'quoted",
    " spaces ",
    "两\n行\r\n文字",
    "_x0041_",
    "_x005F_x0041_",
    "__x0041__x",
    "\x01\x1f",
    "a\"<&>'b",
    "𠀀𠀁 😀",
    "\xef\xbf\xbe\xef\xbf\xbf",
    "150102000000000001",
    "TRUE",
};
#define N_TEXTS ((uint32_t)(sizeof texts / sizeof *texts))

static const char *const numbers[] = {
    "0",     "-1",     "12",   "1234567.5", "0.1",  "0.30000000000001", "123456789012345",
    "-0.95", "0.0001", "1e-0", "99999.99",  "0.07", "100000000000000",
};
#define N_NUMBERS ((uint32_t)(sizeof numbers / sizeof *numbers))

static void write_sample(const char *path)
{
    struct workbook_writer w;
    struct err e = {0};
    uint32_t s = 0;
    uint32_t hidden = 0;
    static const struct write_width widths[] = {{0, 0, 30, false}, {1, 2, 12, true}};
    const struct write_paper paper = {.name = STR("样表"),
                                      .locked = true,
                                      .widths = widths,
                                      .n_widths = 2,
                                      .freeze_rows = 1,
                                      .repeat_last = 1,
                                      .footer = STR("A&B 表"),
                                      .landscape = true};
    const struct write_paper secret = {.name = STR("_x"), .hidden = true};
    assert_int_equal(workbook_begin(&w, path, day(), STR("样表"), &e), RC_OK);
    assert_int_equal(workbook_add_sheet(&w, &paper, &s, &e), RC_OK);
    assert_int_equal(workbook_add_sheet(&w, &secret, &hidden, &e), RC_OK);
    workbook_show_sheet(&w, s, 1, 1);
    assert_int_equal(workbook_put_note(&w, s, 0, 0, STR("口径：学年初"), &e), RC_OK);
    for (uint32_t i = 0; i < N_TEXTS; i++) {
        struct write_cell cell = workbook_text(str_from_cstr(texts[i]), plain);
        assert_int_equal(workbook_put(&w, s, i, 0, cell, &e), RC_OK);
        assert_int_equal(workbook_put(&w, hidden, i, 0, cell, &e), RC_OK);
        if (i < N_NUMBERS) {
            cell = workbook_number(str_from_cstr(numbers[i]),
                                   (struct write_style){LOOK_INPUT, SHOW_NUMBER, 2});
            assert_int_equal(workbook_put(&w, s, i, 1, cell, &e), RC_OK);
        }
        cell = (struct write_cell){
            .kind = WRITE_DATE, .style = {LOOK_INPUT, SHOW_DATE, 0}, .day = day()};
        assert_int_equal(workbook_put(&w, s, i, 2, cell, &e), RC_OK);
    }
    const struct write_rule rule = {.range = {0, 1, 9, 1},
                                    .check = CHECK_NUMBER,
                                    .low = STR("0"),
                                    .title = STR("在校生"),
                                    .hint = STR("人"),
                                    .wrong = STR("不能小于 0")};
    assert_int_equal(workbook_put_rule(&w, s, &rule, &e), RC_OK);
    assert_int_equal(workbook_put_colour(&w, s, rule.range, STR("=B1>5"), COLOUR_RED, &e), RC_OK);
    assert_int_equal(workbook_finish(&w, &e), RC_OK);
    workbook_drop(&w);
}

/* The number that was put, and nothing to tell about it. */
static void assert_reads_as(const struct sheet_cell *cell, const char *decimal)
{
    static struct uom_table units;
    struct rat want;
    struct clean_value v;
    uom_init(&arena, &units);
    const struct clean_ask ask = {.want = CLEAN_NUMBER, .units = &units};
    cell_clean(&arena, cell, &ask, &v);
    assert_true(rat_parse_decimal(&arena, str_from_cstr(decimal), &want));
    assert_int_equal(v.state, CLEAN_VALUE);
    assert_int_equal(v.did, 0);
    assert_true(rat_eq(v.number, want));
}

static void test_read_back(void **state)
{
    struct grid g;
    struct err e = {0};
    const char *path = path_join(&arena, dir, "a.xlsx");
    (void)state;
    write_sample(path);
    assert_int_equal(grid_read(&arena, path, &g, &e), RC_OK);
    assert_int_equal(g.book.n_sheets, 2);
    ASSERT_STR(g.book.sheets[0].name, "样表");
    assert_true(g.book.sheets[0].protected);
    assert_int_equal(g.book.sheets[1].visible, WORKBOOK_HIDDEN);
    for (uint32_t i = 0; i < N_TEXTS; i++) {
        const struct sheet_cell *c = grid_at(&g.sheets[0], i, 0);
        assert_non_null(c);
        assert_int_equal(c->kind, CELL_TEXT);
        assert_int_equal(c->flags & CELL_FORMULA, 0);
        ASSERT_STR(c->text, texts[i]);
        ASSERT_STR(grid_at(&g.sheets[1], i, 0)->text, texts[i]);
        c = grid_at(&g.sheets[0], i, 2);
        assert_int_equal(c->kind, CELL_NUMBER);
        assert_int_equal(c->format, NF_DATE);
        ASSERT_STR(c->text, "45622");
    }
    for (uint32_t i = 0; i < N_NUMBERS; i++) {
        const struct sheet_cell *c = grid_at(&g.sheets[0], i, 1);
        bool odd = strchr(numbers[i], 'e') != NULL;
        assert_int_equal(c->kind, odd ? CELL_TEXT : CELL_NUMBER);
        if (!odd) {
            assert_reads_as(c, numbers[i]);
        }
    }
}

static void test_same_bytes(void **state)
{
    struct str x;
    struct str y;
    const char *one = path_join(&arena, dir, "1.xlsx");
    const char *two = path_join(&arena, dir, "2.xlsx");
    (void)state;
    write_sample(one);
    write_sample(two);
    assert_int_equal(file_read(&arena, one, 1 << 20, &x, NULL), RC_OK);
    assert_int_equal(file_read(&arena, two, 1 << 20, &y, NULL), RC_OK);
    assert_true(str_eq(x, y));
}

/* What is given up leaves the old file and nothing else. */
static void test_drop(void **state)
{
    struct workbook_writer w = {0};
    struct dir_list list;
    struct str out;
    struct err e = {0};
    uint32_t s = 0;
    const char *path = path_join(&arena, dir, "old.xlsx");
    const struct write_paper paper = {.name = STR("a")};
    (void)state;
    workbook_drop(&w);
    assert_int_equal(file_write(path, STR("old"), NULL), RC_OK);
    assert_int_equal(workbook_begin(&w, path, day(), STR(""), &e), RC_OK);
    assert_int_equal(workbook_add_sheet(&w, &paper, &s, &e), RC_OK);
    char *longer = arena_alloc(&arena, WRITE_TEXT_MAX + 2);
    memset(longer, 'x', WRITE_TEXT_MAX + 1);
    assert_int_equal(
        workbook_put(&w, s, 0, 0, workbook_text(str_make(longer, WRITE_TEXT_MAX), plain), &e),
        RC_OK);
    assert_int_equal(
        workbook_put(&w, s, 1, 0, workbook_text(str_make(longer, WRITE_TEXT_MAX + 1), plain), &e),
        RC_LIMIT);
    workbook_drop(&w);
    workbook_drop(&w);
    assert_int_equal(file_read(&arena, path, 100, &out, NULL), RC_OK);
    ASSERT_STR(out, "old");
    assert_int_equal(dir_list(&arena, dir, STR(""), &list, NULL), RC_OK);
    assert_int_equal(list.n, 1);
    err_clear(&e);
    assert_int_equal(workbook_begin(&w, path_join(&arena, dir, "no/such.xlsx"), day(), STR(""), &e),
                     RC_NOT_FOUND);
    workbook_drop(&w);
}

/* More digits than a spreadsheet keeps stand as text. */
static void test_long_numbers(void **state)
{
    struct workbook_writer w;
    struct grid g;
    struct err e = {0};
    uint32_t s = 0;
    static const char *const longer[] = {
        "1234567890123456", "0.1234567890123456", "123456789012345.5", "", "-", "1.2.3x"};
    const char *path = path_join(&arena, dir, "long.xlsx");
    const struct write_paper paper = {.name = STR("a")};
    (void)state;
    assert_int_equal(workbook_begin(&w, path, day(), STR(""), &e), RC_OK);
    assert_int_equal(workbook_add_sheet(&w, &paper, &s, &e), RC_OK);
    for (uint32_t i = 0; i < 6; i++) {
        struct write_cell cell = workbook_number(str_from_cstr(longer[i]), plain);
        assert_int_equal(workbook_put(&w, s, i, 0, cell, &e), RC_OK);
    }
    assert_int_equal(workbook_finish(&w, &e), RC_OK);
    workbook_drop(&w);
    assert_int_equal(grid_read(&arena, path, &g, &e), RC_OK);
    for (uint32_t i = 0; i < 6; i++) {
        const struct sheet_cell *c = grid_at(&g.sheets[0], i, 0);
        if (longer[i][0] == '\0') {
            assert_null(c);
        } else {
            assert_int_equal(c->kind, CELL_TEXT);
            ASSERT_STR(c->text, longer[i]);
        }
    }
}

static void test_names(void **state)
{
    static const struct str taken[] = {STR_INIT("校验"), STR_INIT("Abc")};
    (void)state;
    ASSERT_STR(workbook_sheet_name(&arena, STR("a[b]:c*?/\\d"), NULL, 0), "a_b__c____d");
    ASSERT_STR(workbook_sheet_name(&arena, STR("'x'"), NULL, 0), "_x_");
    ASSERT_STR(workbook_sheet_name(&arena, STR(""), NULL, 0), "Sheet");
    ASSERT_STR(workbook_sheet_name(&arena, STR("History"), NULL, 0), "Sheet");
    ASSERT_STR(workbook_sheet_name(&arena, STR("校验"), taken, 2), "校验 2");
    ASSERT_STR(workbook_sheet_name(&arena, STR("aBC"), taken, 2), "aBC 2");
    struct str longer = workbook_sheet_name(
        &arena, STR("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二"), NULL, 0);
    assert_int_equal(longer.n, 31 * 3);
    assert_int_equal((int)workbook_width_of(STR("一二\nabcdef\n")), 6);
    assert_int_equal((int)workbook_height_of(STR("一"), 20), 18);
    assert_int_equal((int)workbook_height_of(STR("一二三四五六七八九十一二"), 20), 33);
    char many[4000] = {0};
    memset(many, '\n', sizeof many - 1);
    assert_int_equal((int)workbook_height_of(str_from_cstr(many), 20), 409);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_drop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
