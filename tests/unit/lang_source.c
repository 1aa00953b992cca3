/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a pack: byte order mark, lines, places, faulty text, limits. */
#include "lang/source.h"

#include <string.h>

#include "base/arena.h"
#include "lang/diag.h"
#include "tests/lib/test.h"

static struct arena arena;
static struct sources sources;
static struct diags diags;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 29, "t");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct source *add(const char *text)
{
    uint32_t file = 0;
    sources = (struct sources){0};
    diags_init(&diags, &arena, &sources);
    assert_int_equal(
        sources_add(&arena, &sources, STR("t.plan"), str_from_cstr(text), &diags, &file), RC_OK);
    return source_at(&sources, file);
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    const struct source *f = add("\xef\xbb\xbf甲");
    ASSERT_STR(f->text, "甲");
    assert_true(f->ok);
}

static void test_lines(void **state)
{
    (void)state;
    const struct source *f = add("a\nb\r\nc\rd\n");
    assert_int_equal(f->n_lines, 5);
    static const char *const want[] = {"a", "b", "c", "d", ""};
    for (uint32_t i = 0; i < 5; i++) {
        ASSERT_STR(source_line(f, i), want[i]);
    }
    assert_int_equal(source_line_of(f, 0), 0);
    assert_int_equal(source_line_of(f, 1), 0);
    assert_int_equal(source_line_of(f, 2), 1);
    assert_int_equal(source_line_of(f, f->text.n), 4);
    assert_int_equal(add("")->n_lines, 1);
}

static void test_places(void **state)
{
    (void)state;
    const struct source *f = add("x\n\t甲a乙e\xcc\x81z");
    static const struct {
        uint32_t at;
        struct place want;
    } rows[] = {
        {0, {1, 1, 1}}, {2, {2, 1, 1}},   {3, {2, 2, 5}},   {6, {2, 3, 7}},
        {7, {2, 4, 8}}, {10, {2, 5, 10}}, {13, {2, 7, 11}}, {14, {2, 8, 12}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct place p = source_place(f, rows[i].at);
        assert_int_equal(p.line, rows[i].want.line);
        assert_int_equal(p.column, rows[i].want.column);
        assert_int_equal(p.display, rows[i].want.display);
    }
}

static void test_faulty_text_is_kept_but_not_ok(void **state)
{
    (void)state;
    static const char *const rows[] = {"a\xff",    "\xed\xa0\x80", "\xe2\x80\xae", "\x7f",
                                       "\xc2\x85", "\xee\x80\x80", "\xef\xbf\xbf"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct source *f = add(rows[i]);
        assert_false(f->ok);
        assert_int_equal(diags.n_errors, 1);
        ASSERT_STR(f->text, rows[i]);
    }
    assert_true(add("\ta\r\n「甲」，𠀀")->ok);
    assert_int_equal(diags.n_errors, 0);
}

static void test_every_fault_is_reported(void **state)
{
    (void)state;
    (void)add("\x01\x02\xe2\x80\xae");
    assert_int_equal(diags.n_errors, 3);
    assert_int_equal(diags.list.items[2]->code, DIAG_bidi_control);
    ASSERT_STR(diags.list.items[2]->args[0].en, "U+202E");
}

static void test_size_limits(void **state)
{
    (void)state;
    char *big = arena_alloc(&arena, LIMIT_SOURCE_BYTES + 1);
    memset(big, ' ', LIMIT_SOURCE_BYTES + 1);
    sources = (struct sources){0};
    diags_init(&diags, &arena, &sources);
    uint32_t file = 0;
    assert_int_equal(sources_add(&arena, &sources, STR("big"),
                                 str_make(big, LIMIT_SOURCE_BYTES + 1), &diags, &file),
                     RC_LIMIT);
    assert_int_equal(diags.list.items[0]->code, DIAG_file_too_big);
    for (uint32_t i = 0; i < LIMIT_PACK_BYTES / LIMIT_SOURCE_BYTES; i++) {
        assert_int_equal(sources_add(&arena, &sources, STR("big"),
                                     str_make(big, LIMIT_SOURCE_BYTES), &diags, &file),
                         RC_OK);
    }
    assert_int_equal(sources_add(&arena, &sources, STR("x"), STR("x"), &diags, &file), RC_LIMIT);
    assert_int_equal(vec_last(&diags.list)->code, DIAG_pack_too_big);
    ASSERT_STR(source_at(&sources, file)->path, "x");
}

static void test_arena_limit(void **state)
{
    (void)state;
    for (size_t limit = 16; limit < 1024; limit += 16) {
        struct arena small;
        struct sources s = {0};
        uint32_t file = 0;
        arena_init(&small, limit, "small");
        diags_init(&diags, &arena, &s);
        enum rc rc = sources_add(&small, &s, STR("t.plan"), STR("a\nb\nc"), &diags, &file);
        assert_true(rc == RC_LIMIT ? s.files.n == 0 : s.files.n == 1);
        arena_release(&small);
    }
}

static void test_spans(void **state)
{
    (void)state;
    (void)add("甲乙丙");
    struct span x = {.beg = 3, .end = 6};
    struct span y = {.beg = 0, .end = 3};
    ASSERT_STR(source_text(&sources, x), "乙");
    ASSERT_STR(source_text(&sources, span_join(x, y)), "甲乙");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_faulty_text_is_kept_but_not_ok),
        cmocka_unit_test(test_every_fault_is_reported),
        cmocka_unit_test(test_size_limits),
        cmocka_unit_test(test_arena_limit),
        cmocka_unit_test(test_spans),
    };
    return cmocka_run_group_tests_name("lang_source", tests, setup, teardown);
}
