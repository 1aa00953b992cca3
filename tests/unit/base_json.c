/* SPDX-License-Identifier: Apache-2.0 */
/* JSON writer. */
#include "base/json.h"

#include "tests/lib/test.h"

static struct buf buf;
static struct json json;

static int setup(void **state)
{
    (void)state;
    buf_init(&buf, 1 << 20);
    json_init(&json, &buf, false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_release(&buf);
    return 0;
}

static void write_sample(struct json *j)
{
    json_obj_begin(j);
    json_kv_cstr(j, "state", "met");
    json_kv_int(j, "n", -5);
    json_key(j, "list");
    json_arr_begin(j);
    json_bool(j, true);
    json_null(j);
    json_raw_num(j, STR("-0.93"));
    json_arr_begin(j);
    json_arr_end(j);
    json_obj_begin(j);
    json_obj_end(j);
    json_arr_end(j);
    json_kv_bool(j, "last", false);
    json_obj_end(j);
    json_end(j);
}

static void test_compact(void **state)
{
    (void)state;
    write_sample(&json);
    ASSERT_STR(buf_view(&buf),
               "{\"state\":\"met\",\"n\":-5,\"list\":[true,null,-0.93,[],{}],\"last\":false}");
}

static void test_pretty(void **state)
{
    (void)state;
    json_init(&json, &buf, true);
    write_sample(&json);
    ASSERT_STR(buf_view(&buf),
               "{\n  \"state\": \"met\",\n  \"n\": -5,\n  \"list\": [\n    true,\n"
               "    null,\n    -0.93,\n    [],\n    {}\n  ],\n  \"last\": false\n}\n");
}

static void test_strings_are_escaped(void **state)
{
    (void)state;
    json_str(&json, STR("a\"b\\c/\b\f\n\r\t\x01\x1f\x7f 指标😀\u2028\u2029\u2027"));
    json_end(&json);
    ASSERT_STR(buf_view(&buf), "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f "
                               "指标😀\\u2028\\u2029\u2027\"");
}

static void test_nul_inside_a_string(void **state)
{
    (void)state;
    json_str(&json, str_make("a\0b", 3));
    ASSERT_STR(buf_view(&buf), "\"a\\u0000b\"");
}

static void test_extreme_integers(void **state)
{
    (void)state;
    json_arr_begin(&json);
    json_int(&json, INT64_MIN);
    json_int(&json, INT64_MAX);
    json_arr_end(&json);
    ASSERT_STR(buf_view(&buf), "[-9223372036854775808,9223372036854775807]");
}

static void test_depth_up_to_the_limit(void **state)
{
    (void)state;
    for (int i = 0; i < LIMIT_JSON_DEPTH; i++) {
        json_arr_begin(&json);
    }
    for (int i = 0; i < LIMIT_JSON_DEPTH; i++) {
        json_arr_end(&json);
    }
    json_end(&json);
    assert_int_equal(buf.n, 2 * LIMIT_JSON_DEPTH);
}

static void too_deep(void *arg)
{
    for (int i = 0; i <= LIMIT_JSON_DEPTH; i++) {
        json_arr_begin(arg);
    }
}

static void value_without_key(void *arg)
{
    json_obj_begin(arg);
    json_int(arg, 1);
}

static void key_in_array(void *arg)
{
    json_arr_begin(arg);
    json_key(arg, "k");
}

static void wrong_end(void *arg)
{
    json_obj_begin(arg);
    json_arr_end(arg);
}

static void key_without_value(void *arg)
{
    json_obj_begin(arg);
    json_key(arg, "k");
    json_obj_end(arg);
}

static void two_values(void *arg)
{
    json_int(arg, 1);
    json_int(arg, 2);
}

static void unclosed(void *arg)
{
    json_obj_begin(arg);
    json_end(arg);
}

static void nothing_written(void *arg)
{
    json_end(arg);
}

static void test_misuse_is_a_bug(void **state)
{
    (void)state;
    assert_true(test_aborts(too_deep, &json));
    assert_true(test_aborts(value_without_key, &json));
    assert_true(test_aborts(key_in_array, &json));
    assert_true(test_aborts(wrong_end, &json));
    assert_true(test_aborts(key_without_value, &json));
    assert_true(test_aborts(two_values, &json));
    assert_true(test_aborts(unclosed, &json));
    assert_true(test_aborts(nothing_written, &json));
}

static struct str number;

static void raw_number(void *arg)
{
    json_raw_num(arg, number);
}

static void test_raw_numbers(void **state)
{
    (void)state;
    static const char *const good[] = {"0",   "-0",     "10",
                                       "0.5", "-12.50", "123456789012345678901234567890"};
    static const char *const bad[] = {"",    "-",  "01", ".5",  "5.", "1e5",
                                      "inf", "+1", "1 ", "1,0", "0x1"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        number = str_from_cstr(good[i]);
        assert_false(test_aborts(raw_number, &json));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        number = str_from_cstr(bad[i]);
        assert_true(test_aborts(raw_number, &json));
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_compact),
        CASE(test_pretty),
        CASE(test_strings_are_escaped),
        CASE(test_nul_inside_a_string),
        CASE(test_extreme_integers),
        CASE(test_depth_up_to_the_limit),
        CASE(test_misuse_is_a_bug),
        CASE(test_raw_numbers),
    };
    return cmocka_run_group_tests_name("base_json", tests, NULL, NULL);
}
