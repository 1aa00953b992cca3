/* SPDX-License-Identifier: Apache-2.0 */
/* Marks of evidence in words. */
#include "model/mark.h"

#include "base/arena.h"
#include "tests/lib/test.h"

static void expect(const char *text, const char *want)
{
    struct arena a;
    arena_init(&a, 1U << 20, "test");
    ASSERT_STR(mark_words(&a, str_from_cstr(text)), want);
    arena_release(&a);
}

static void test_in_words(void **state)
{
    (void)state;
    expect("", "");
    expect("按每年 [K]", "按每年（待核实）");
    expect("[T] 10%与20%; 又说每年, 按每年 [K]", "（原文）10%与20%; 又说每年, 按每年（待核实）");
    expect("按人 [V]; 按常住 [K]", "按人（公开网页）; 按常住（待核实）");
    expect("by the year [K]", "by the year (to be verified)");
    expect("甲[K][T]乙", "甲（待核实）（原文）乙");
}

static void test_what_is_no_mark_stays(void **state)
{
    (void)state;
    expect("[K", "[K");
    expect("区间 [0, 1] 与 [X]", "区间 [0, 1] 与 [X]");
    expect("末尾 ", "末尾 ");
    expect("甲  [K]", "甲 （待核实）");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_words),
        cmocka_unit_test(test_what_is_no_mark_stays),
    };
    return cmocka_run_group_tests_name("model/mark", tests, NULL, NULL);
}
