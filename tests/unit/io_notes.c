/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotated copies of every workbook of the corpus, by every writer, with notes anywhere: read
 * again they have the same cells (N1), twice they are the same bytes (N3), and so is a copy of a
 * copy. What stands in the package is tests/workbooks/run_notes.py's to check.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/rng.h"
#include "io/workbook.h"
#include "io/workbook_note.h"
#include "tests/lib/same_grid.h"
#include "tests/lib/test.h"

#define ROOT     "tests/workbooks/corpus/"
#define N_NOTES  40
#define BYTES    ((size_t)512 << 20)
#define ROW_WIDE 12

static const char *const writers[] = {"openpyxl", "exceljs", "sheetjs", "libreoffice",
                                      "xls",      "xml",     "csv"};

/* ---- notes ---------------------------------------------------------------------------------- */

static const struct str texts[] = {
    STR_INIT("不是数字：约30\n可填：30"),
    STR_INIT(""),
    STR_INIT("<b> & \"quotes\" ]]> _x000D_ \x01 \t end"),
    STR_INIT("一行很长的说明，一行很长的说明，一行很长的说明，一行很长的说明，一行很长的说明，长"),
};

/* Notes on cells that are there, between them, and far away. */
static struct note_list some_notes(struct arena *a, const struct workbook *book, struct rng *r)
{
    struct workbook_note *items = ARENA_ARRAY(a, struct workbook_note, N_NOTES);
    struct note_list list = {.items = items, .chinese = true};
    for (uint32_t i = 0; i < N_NOTES; i++) {
        bool far = rng_below(r, 10) == 0;
        uint32_t sheet = (uint32_t)rng_below(r, book->n_sheets);
        if (!book->sheets[sheet].table) {
            continue;
        }
        items[list.n++] = (struct workbook_note){
            .sheet = sheet,
            .row = (uint32_t)rng_below(r, far ? WORKBOOK_ROWS_MAX : 30),
            .column = (uint32_t)rng_below(r, far ? WORKBOOK_COLUMNS_MAX : ROW_WIDE),
            .tone = (enum note_tone)rng_below(r, 4),
            .text = texts[rng_below(r, sizeof texts / sizeof texts[0])]};
    }
    return list;
}

static void assert_same(const char *path, const struct grid *before, const struct grid *after)
{
    char where[CELL_NAME_BYTES];
    if (!same_grid(before, after, where)) {
        print_message("# %s is not the same at %s\n", path, where);
        fail();
    }
}

/* ---- the corpus ----------------------------------------------------------------------------- */

static struct annotated annotate(struct arena *a, const char *path, struct str bytes,
                                 const struct note_list *notes)
{
    struct err e;
    struct annotated copy;
    err_clear(&e);
    if (workbook_annotate(a, path, bytes, notes, &copy, &e) != RC_OK) {
        print_message("# %s: %s\n", path, e.primary_en);
        fail();
    }
    return copy;
}

static void check_book(struct arena *a, const char *path, struct rng *r)
{
    struct str bytes;
    struct grid before;
    struct grid after;
    assert_int_equal(file_read(a, path, WORKBOOK_BYTES_MAX, &bytes, NULL), RC_OK);
    assert_int_equal(grid_read_bytes(a, path, bytes, &before, NULL), RC_OK);
    struct note_list notes = some_notes(a, &before.book, r);
    struct annotated copy = annotate(a, path, bytes, &notes);
    struct annotated again = annotate(a, path, bytes, &notes);
    assert_true(str_eq(copy.bytes, again.bytes));
    assert_int_equal(copy.converted, before.book.kind != WORKBOOK_XLSX);
    assert_int_equal(grid_read_bytes(a, path, copy.bytes, &after, NULL), RC_OK);
    assert_same(path, &before, &after);
    /* the copy comes back, and is annotated otherwise */
    notes = some_notes(a, &before.book, r);
    copy = annotate(a, path, copy.bytes, &notes);
    assert_false(copy.converted);
    assert_int_equal(grid_read_bytes(a, path, copy.bytes, &after, NULL), RC_OK);
    assert_same(path, &before, &after);
}

static void test_corpus(void **state)
{
    struct arena a;
    struct rng r;
    uint32_t n = 0;
    (void)state;
    rng_seed(&r, 20241126);
    arena_init(&a, BYTES, "notes");
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        struct dir_list files;
        const char *folder = path_join(&a, ROOT, writers[i]);
        assert_int_equal(dir_list(&a, folder, STR(""), &files, NULL), RC_OK);
        for (uint32_t k = 0; k < files.n; k++, n++) {
            struct arena_mark mark = arena_mark(&a);
            check_book(&a, path_join(&a, folder, files.paths[k]), &r);
            arena_rewind(&a, mark);
        }
    }
    print_message("# %u workbooks\n", n);
    assert_true(n > 90);
    arena_release(&a);
}

/* ---- what is refused, and how notes meet ------------------------------------------------------
 */

static enum rc annotate_one(struct arena *a, struct workbook_note note, struct err *e)
{
    struct str bytes;
    struct annotated copy;
    struct note_list list = {&note, 1, true};
    const char *path = ROOT "openpyxl/shape.xlsx";
    assert_int_equal(file_read(a, path, WORKBOOK_BYTES_MAX, &bytes, NULL), RC_OK);
    err_clear(e);
    return workbook_annotate(a, path, bytes, &list, &copy, e);
}

static void test_places(void **state)
{
    struct arena a;
    struct err e;
    (void)state;
    arena_init(&a, BYTES, "notes");
    struct workbook_note note = {.sheet = 7, .tone = NOTE_RED, .text = STR("x")};
    assert_int_equal(annotate_one(&a, note, &e), RC_INPUT);
    assert_non_null(strstr(e.primary_en, "sheet 8"));
    note = (struct workbook_note){.row = WORKBOOK_ROWS_MAX, .text = STR("x")};
    assert_int_equal(annotate_one(&a, note, &e), RC_INPUT);
    note = (struct workbook_note){.column = WORKBOOK_COLUMNS_MAX, .text = STR("x")};
    assert_int_equal(annotate_one(&a, note, &e), RC_INPUT);
    note = (struct workbook_note){.row = WORKBOOK_ROWS_MAX - 1,
                                  .column = WORKBOOK_COLUMNS_MAX - 1,
                                  .tone = NOTE_RED,
                                  .text = STR("x")};
    assert_int_equal(annotate_one(&a, note, &e), RC_OK);
    arena_release(&a);
}

static void test_too_many(void **state)
{
    struct arena a;
    struct str bytes;
    struct annotated copy;
    struct err e;
    (void)state;
    arena_init(&a, BYTES, "notes");
    struct workbook_note *notes = ARENA_ARRAY(&a, struct workbook_note, WORKBOOK_NOTES_MAX + 1);
    struct note_list list = {notes, WORKBOOK_NOTES_MAX + 1, false};
    const char *path = ROOT "openpyxl/shape.xlsx";
    assert_int_equal(file_read(&a, path, WORKBOOK_BYTES_MAX, &bytes, NULL), RC_OK);
    err_clear(&e);
    assert_int_equal(workbook_annotate(&a, path, bytes, &list, &copy, &e), RC_LIMIT);
    assert_non_null(strstr(e.primary_en, "50000 notes"));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
