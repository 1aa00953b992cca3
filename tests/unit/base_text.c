/* SPDX-License-Identifier: Apache-2.0 */
/* str and buf. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "tests/lib/test.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20, "t");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_compare(void **state)
{
    (void)state;
    struct str none = {NULL, 0};
    assert_true(str_eq(STR(""), none));
    assert_true(str_eq(STR("指标"), str_from_cstr("指标")));
    assert_false(str_eq(STR("a"), STR("b")));
    assert_false(str_eq(STR("a"), STR("ab")));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("ab"), STR("a")) > 0);
    assert_true(str_cmp(STR("b"), STR("ab")) > 0);
    assert_true(str_cmp(none, STR("")) == 0);
    assert_true(str_cmp(STR("\x7f"), STR("\xc2\x80")) < 0); /* bytes are unsigned */
    assert_int_equal(str_from_cstr(NULL).n, 0);
}

static void test_starts_ends_sub(void **state)
{
    (void)state;
    struct str s = STR("95%以上");
    assert_true(str_starts(s, STR("95")));
    assert_true(str_starts(s, STR("")));
    assert_false(str_starts(STR("9"), STR("95")));
    assert_true(str_ends(s, STR("以上")));
    assert_false(str_ends(STR("上"), STR("以上")));
    ASSERT_STR(str_sub(s, 0, 2), "95");
    ASSERT_STR(str_sub(s, 3, 999), "以上");
    ASSERT_STR(str_sub(s, 50, 2), "");
    ASSERT_STR(str_sub((struct str){NULL, 0}, 1, 2), "");
}

static void test_find(void **state)
{
    (void)state;
    struct str s = STR("aabaab");
    assert_int_equal(str_find(s, STR("ab"), 0), 1);
    assert_int_equal(str_find(s, STR("ab"), 2), 4);
    assert_int_equal(str_find(s, STR("ab"), 5), STR_NONE);
    assert_int_equal(str_find(s, STR("aabaab"), 0), 0);
    assert_int_equal(str_find(s, STR("aabaabx"), 0), STR_NONE);
    assert_int_equal(str_find(s, STR(""), 6), 6);
    assert_int_equal(str_find(s, STR(""), 7), STR_NONE);
    assert_int_equal(str_find(STR(""), STR("a"), 0), STR_NONE);
    assert_int_equal(str_find(s, STR("b"), 3), 5);
}

static void test_trim(void **state)
{
    (void)state;
    ASSERT_STR(str_trim(STR(" \t\u3000幼儿园\u00a0\r\n")), "幼儿园");
    ASSERT_STR(str_trim(STR("a b")), "a b");
    ASSERT_STR(str_trim(STR("\u3000 \v\f")), "");
    ASSERT_STR(str_trim(STR("")), "");
}

static void test_split(void **state)
{
    (void)state;
    struct str rest = STR("a,,c");
    struct str part;
    assert_true(str_split(&rest, ',', &part));
    ASSERT_STR(part, "a");
    assert_true(str_split(&rest, ',', &part));
    ASSERT_STR(part, "");
    assert_true(str_split(&rest, ',', &part));
    ASSERT_STR(part, "c");
    assert_false(str_split(&rest, ',', &part));
    rest = STR("x,");
    assert_true(str_split(&rest, ',', &part));
    assert_true(str_split(&rest, ',', &part));
    ASSERT_STR(part, "");
    assert_false(str_split(&rest, ',', &part));
}

static void test_copies_end_in_nul(void **state)
{
    (void)state;
    struct str s = str_dup(&arena, str_sub(STR("指标体系"), 0, 6));
    assert_string_equal(s.p, "指标");
    assert_string_equal(str_to_cstr(&arena, STR("x")), "x");
    struct str both = str_cat(&arena, STR("左"), STR("右"));
    assert_string_equal(both.p, "左右");
    ASSERT_STR(str_cat(&arena, (struct str){NULL, 0}, STR("")), "");
    assert_string_equal(str_dup(&arena, (struct str){NULL, 0}).p, "");
}

/* Computed with an independent program: the hash must never change. */
static void test_hash_is_pinned(void **state)
{
    (void)state;
    assert_true(str_hash(STR("")) == 0xd3389a058427d7f9ULL);
    assert_true(str_hash(STR("a")) == 0x96235fa401b578ccULL);
    assert_true(str_hash(STR("abcdefg")) == 0x4e85a25cb5148cacULL);
    assert_true(str_hash(STR("abcdefgh")) == 0xbc7dbc98dde8e971ULL);
    assert_true(str_hash(STR("普惠性幼儿园覆盖率")) == 0x5502352a45fd4a9fULL);
}

static void test_buf_appends(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    ASSERT_STR(buf_view(&b), "");
    buf_puts(&b, "a");
    buf_putc(&b, 'b');
    buf_str(&b, STR("指"));
    buf_put(&b, "xyz", 2);
    buf_put(&b, NULL, 0);
    buf_fill(&b, '-', 3);
    buf_put_cp(&b, 0x6807);
    buf_put_cp(&b, 0x1f600);
    buf_printf(&b, "%d/%s", 93, "100");
    ASSERT_STR(buf_view(&b), "ab指xy---标😀93/100");
    assert_int_equal(strlen(b.p), b.n); /* B1 */
    struct str copy = buf_move(&arena, &b);
    ASSERT_STR(copy, "ab指xy---标😀93/100");
    assert_int_equal(strlen(copy.p), copy.n);
    ASSERT_STR(buf_view(&b), "");
    buf_puts(&b, "abc");
    buf_truncate(&b, 2);
    ASSERT_STR(buf_view(&b), "ab");
    buf_release(&b);
    ASSERT_STR(buf_view(&b), "");
}

static void test_buf_overflow_is_sticky_and_whole(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    buf_puts(&b, "12345");
    assert_false(b.overflow);
    buf_putc(&b, '6');
    assert_true(b.overflow);
    ASSERT_STR(buf_view(&b), "12345");
    buf_clear(&b);
    assert_false(b.overflow);
    buf_puts(&b, "123");
    buf_printf(&b, "%s", "456"); /* does not fit: nothing of it is written */
    ASSERT_STR(buf_view(&b), "123");
    buf_puts(&b, "4"); /* would fit, but the content is already incomplete */
    ASSERT_STR(buf_view(&b), "123");
    buf_release(&b);
    buf_init(&b, 0);
    buf_put(&b, "", 0);
    assert_false(b.overflow);
    buf_fill(&b, 'x', 1);
    assert_true(b.overflow);
    buf_release(&b);
}

static void test_buf_grows_byte_by_byte(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5000);
    for (uint32_t i = 0; i < 5000; i++) {
        buf_putc(&b, (char)('a' + (char)(i % 26)));
        assert_int_equal(b.n, i + 1);
    }
    assert_false(b.overflow);
    for (uint32_t i = 0; i < 5000; i++) {
        assert_int_equal(b.p[i], 'a' + (int)(i % 26));
    }
    buf_release(&b);
}

static void too_long_str(void *arg)
{
    (void)str_make(arg, (size_t)LIMIT_STR_BYTES + 1);
}

static void test_limits_abort(void **state)
{
    (void)state;
    char byte = 'x';
    assert_true(test_aborts(too_long_str, &byte));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_starts_ends_sub),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_copies_end_in_nul),
        cmocka_unit_test(test_hash_is_pinned),
        cmocka_unit_test(test_buf_appends),
        cmocka_unit_test(test_buf_overflow_is_sticky_and_whole),
        cmocka_unit_test(test_buf_grows_byte_by_byte),
        cmocka_unit_test(test_limits_abort),
    };
    return cmocka_run_group_tests_name("base_text", tests, setup, teardown);
}
