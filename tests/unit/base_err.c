/* SPDX-License-Identifier: Apache-2.0 */
/* rc, err, assert and fault. */
#include "base/err.h"

#include <errno.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/utf8.h"
#include "tests/lib/test.h"

static void test_every_code_has_its_row(void **state)
{
    (void)state;
    for (enum rc rc = RC_OK; rc < RC__COUNT; rc++) {
        assert_true(rc_name(rc)[0] >= 'A' && rc_name(rc)[0] <= 'Z');
        struct str en = str_from_cstr(rc_text_en(rc));
        struct str zh = str_from_cstr(rc_text_zh(rc));
        assert_true(en.n > 0 && zh.n > 0);
        assert_false(str_ends(en, STR(".")) || str_ends(zh, STR("。")));
        assert_true(utf8_width(zh) > utf8_count(zh)); /* there is Chinese in it */
        assert_in_range((unsigned)rc_exit_status(rc), 0, 4);
        assert_in_range((unsigned)rc_http_status(rc), 200, 599);
    }
    assert_int_equal(rc_exit_status(RC_OK), 0);
    assert_int_equal(rc_exit_status(RC_FINDINGS), 1);
    assert_int_equal(rc_exit_status(RC_USAGE), 2);
    assert_int_equal(rc_exit_status(RC_INPUT), 3);
    assert_int_equal(rc_exit_status(RC_IO), 4);
    assert_int_equal(rc_http_status(RC_LIMIT), 413);
    assert_true(rc_retryable(RC_BUSY));
    assert_false(rc_retryable(RC_INPUT));
    assert_string_equal(rc_name(RC_NO_SUPPORT), "NO_SUPPORT");
}

static enum rc origin(struct err *e, int n)
{
    return err_set(e, RC_INPUT, "row %d is wrong in %s", "第 %d 行有误，见 %s", n, "a.csv");
}

static enum rc passes_on(struct err *e, bool *reached)
{
    TRY(origin(e, 7));
    *reached = true;
    return RC_OK;
}

static void test_story(void **state)
{
    (void)state;
    struct err e;
    err_clear(&e);
    bool reached = false;
    assert_int_equal(passes_on(&e, &reached), RC_INPUT);
    assert_false(reached);
    err_ctx(&e, "reading %s", "读取 %s", "facts");
    err_ctx(&e, "importing", "导入");
    err_hint(&e, "Mend the row.", "请改正这一行。");
    /* E1: a later failure does not hide the cause. */
    assert_int_equal(err_set(&e, RC_IO, "closing failed", "关闭失败"), RC_IO);
    assert_int_equal(e.rc, RC_INPUT);
    assert_non_null(strstr(e.file, "base_err.c"));
    assert_true(e.line > 0);
    struct buf b;
    buf_init(&b, 4000);
    err_render(&e, ERR_LANG_EN, &b);
    ASSERT_STR(buf_view(&b), "error: row 7 is wrong in a.csv\n"
                             "  while reading facts; importing\n"
                             "  hint: Mend the row.\n");
    buf_clear(&b);
    err_render(&e, ERR_LANG_ZH, &b);
    ASSERT_STR(buf_view(&b), "错误：第 7 行有误，见 a.csv\n"
                             "  经过：读取 facts；导入\n"
                             "  建议：请改正这一行。\n");
    buf_release(&b);
}

static void test_errno_and_general_text(void **state)
{
    (void)state;
    struct err e;
    err_clear(&e);
    errno = ENOSPC;
    assert_int_equal(err_set_errno(&e, RC_IO, "cannot write", "写不了"), RC_IO);
    assert_int_equal(e.saved_errno, ENOSPC);
    struct buf b;
    buf_init(&b, 4000);
    err_render(&e, ERR_LANG_EN, &b);
    ASSERT_STR(buf_view(&b), "error: cannot write (No space left on device)\n");
    err_clear(&e);
    (void)err_set(&e, RC_BUSY, "%s", "%s", "");
    buf_clear(&b);
    err_render(&e, ERR_LANG_ZH, &b);
    ASSERT_STR(buf_view(&b), "错误：系统正忙，请稍后再试\n");
    buf_release(&b);
}

static void test_null_err_is_fine(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, RC_LIMIT, "x", "x"), RC_LIMIT);
    err_ctx(NULL, "x", "x");
    err_hint(NULL, "x", "x");
    err_clear(NULL);
}

static void test_long_texts_are_cut_at_a_character(void **state)
{
    (void)state;
    char longer[LIMIT_ERR_TEXT_BYTES * 2];
    for (int shift = 0; shift < 3; shift++) {
        struct buf b;
        buf_init(&b, sizeof longer);
        buf_fill(&b, 'x', (uint32_t)shift);
        while (b.n + 3 < sizeof longer) {
            buf_puts(&b, "指");
        }
        memcpy(longer, b.p, b.n + 1);
        buf_release(&b);
        struct err e;
        err_clear(&e);
        (void)err_set(&e, RC_INPUT, "%s", "%s", longer);
        struct str cut = str_from_cstr(e.primary_zh);
        assert_true(utf8_valid(cut, NULL));
        assert_in_range(cut.n, LIMIT_ERR_TEXT_BYTES - 4, LIMIT_ERR_TEXT_BYTES - 1);
        for (int i = 0; i < 20; i++) {
            err_ctx(&e, "%.*s", "%.*s", 90, longer + shift);
        }
        assert_true(utf8_valid(str_from_cstr(e.detail_en), NULL));
        assert_true(utf8_valid(str_from_cstr(e.detail_zh), NULL));
    }
}

static void fail_assert(void *arg)
{
    ASSERT(arg == NULL);
}

static void reach(void *arg)
{
    (void)arg;
    UNREACHABLE();
}

static void set_ok(void *arg)
{
    (void)err_set((struct err *)arg, RC_OK, "x", "x");
}

static void test_assertions_abort(void **state)
{
    (void)state;
    struct err e;
    err_clear(&e);
    assert_true(test_aborts(fail_assert, &e));
    assert_false(test_aborts(fail_assert, NULL));
    assert_true(test_aborts(reach, NULL));
    assert_true(test_aborts(set_ok, &e));
}

static void slow_assert(void *arg)
{
    ASSERT_SLOW(arg == NULL);
    (void)arg;
}

static void never(void *arg)
{
    bool hit = NEVER(arg != NULL);
    bool held = ALWAYS(arg == NULL);
    assert_true(hit);
    assert_false(held);
}

static void test_slow_assertions_follow_the_build(void **state)
{
    (void)state;
    int x = 0;
#ifdef TIZHI_SLOW_ASSERTS
    assert_true(test_aborts(slow_assert, &x));
    assert_true(test_aborts(never, &x));
#else
    assert_false(test_aborts(slow_assert, &x));
    never(&x);
#endif
}

static void test_fault_counts_arrivals(void **state)
{
    (void)state;
    fault_arm(FAULT_READ, 2);
    assert_false(fault_hit(FAULT_READ));
    assert_false(fault_hit(FAULT_OPEN)); /* another point does not count */
    assert_false(fault_hit(FAULT_READ));
    assert_false(fault_fired());
    assert_true(fault_hit(FAULT_READ));
    assert_true(fault_fired());
    assert_false(fault_hit(FAULT_READ)); /* once */
    fault_arm(FAULT_ANY, 1);
    assert_false(fault_fired());
    assert_false(fault_hit(FAULT_OPEN));
    assert_true(fault_hit(FAULT_DB));
    fault_arm(FAULT_OPEN, 0);
    fault_disarm();
    assert_false(fault_hit(FAULT_OPEN));
    assert_string_equal(fault_name(FAULT_ALLOC), "ALLOC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_has_its_row),
        cmocka_unit_test(test_story),
        cmocka_unit_test(test_errno_and_general_text),
        cmocka_unit_test(test_null_err_is_fine),
        cmocka_unit_test(test_long_texts_are_cut_at_a_character),
        cmocka_unit_test(test_assertions_abort),
        cmocka_unit_test(test_slow_assertions_follow_the_build),
        cmocka_unit_test(test_fault_counts_arrivals),
    };
    return cmocka_run_group_tests_name("base_err", tests, NULL, NULL);
}
