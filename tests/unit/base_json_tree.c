/* SPDX-License-Identifier: Apache-2.0 */
/* base/json_tree.h: what is written is read; what is no JSON is refused. */
#include "base/json_tree.h"

#include "base/arena.h"
#include "base/json.h"
#include "tests/lib/test.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 64UL << 20, "json_tree");
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_reads_what_is_written(void **state)
{
    (void)state;
    struct buf b;
    struct json j;
    buf_init_in(&b, &arena, 4096);
    json_init(&j, &b, true);
    json_obj_begin(&j);
    json_kv_str(&j, "text", STR("a\"\\\n\x01教"));
    json_kv_int(&j, "least", INT64_MIN);
    json_kv_bool(&j, "yes", true);
    json_key(&j, "none");
    json_null(&j);
    json_key(&j, "list");
    json_arr_begin(&j);
    json_int(&j, 1);
    json_arr_begin(&j);
    json_arr_end(&j);
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    const struct json_value *v = json_read(&arena, buf_view(&b));
    assert_non_null(v);
    ASSERT_STR(json_text(json_get(v, "text")), "a\"\\\n\x01教");
    assert_true(json_number(json_get(v, "least")) == INT64_MIN);
    assert_true(json_truth(json_get(v, "yes")));
    assert_int_equal(json_get(v, "none")->sort, JSON_NULL);
    assert_int_equal(json_count(json_get(v, "list")), 2);
    assert_int_equal(json_number(json_items(json_get(v, "list"))), 1);
    assert_null(json_items(json_items(json_get(v, "list"))->next));
}

static void test_asks_for_what_is_not_there(void **state)
{
    (void)state;
    const struct json_value *v = json_read(&arena, STR("{\"a\":1,\"a\":2}"));
    assert_null(json_get(v, "b"));
    assert_null(json_get(NULL, "a"));
    ASSERT_STR(json_text(json_get(v, "a")), "");
    assert_int_equal(json_number(json_get(v, "a")), 1);
    assert_false(json_truth(json_get(v, "a")));
    assert_int_equal(json_count(v), 0);
}

static void test_reads_characters_beyond_the_first_plane(void **state)
{
    (void)state;
    const struct json_value *v = json_read(&arena, STR("[\"\\ud842\\uDFB7\", \"𠮷\"]"));
    ASSERT_STR(json_text(json_items(v)), "𠮷");
    ASSERT_STR(json_text(json_items(v)->next), "𠮷");
}

static void test_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":1,}",
        "[1 2]",
        "tru",
        "\"a",
        "\"\\x\"",
        "1.5",
        "\"\\ud800\"",
        "\"\\ud842\\u0041\"",
        "\"\\udfb7\"",
        "\"\\ud842",
        "\"\\u12\"",
        "1 1",
        "[1}",
        "{a:1}",
        "\"\n\"",
        "-",
        "nul",
        "{\"a\" 1}",
        "]",
        "\"\\n\n\"",
        "99999999999999999999",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_null(json_read(&arena, str_from_cstr(bad[i])));
    }
    struct buf deep;
    buf_init_in(&deep, &arena, 1 << 20);
    buf_fill(&deep, '[', 100000);
    assert_null(json_read(&arena, buf_view(&deep)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reads_what_is_written, begin, end),
        cmocka_unit_test_setup_teardown(test_asks_for_what_is_not_there, begin, end),
        cmocka_unit_test_setup_teardown(test_reads_characters_beyond_the_first_plane, begin, end),
        cmocka_unit_test_setup_teardown(test_refuses, begin, end),
    };
    return cmocka_run_group_tests_name("base_json_tree", tests, NULL, NULL);
}
