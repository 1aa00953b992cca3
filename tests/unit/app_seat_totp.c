/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes by the vectors of RFC 4226 (appendix D), 6238 (appendix B) and 4648 (base 32). */
#include "app/seat/totp.h"

#include <string.h>

#include "base/arena.h"
#include "tests/lib/test.h"

static const uint8_t key[] = "12345678901234567890";

#define KEY_BYTES 20

static void test_hotp(void **state)
{
    static const uint32_t want[] = {755224, 287082, 359152, 969429, 338314,
                                    254676, 287922, 162583, 399871, 520489};
    (void)state;
    for (uint32_t i = 0; i < 10; i++) {
        uint32_t got = 0;
        assert_true(seat_hotp(key, KEY_BYTES, i, 6, &got));
        assert_int_equal(got, want[i]);
    }
}

static void test_totp(void **state)
{
    static const struct {
        uint64_t time_s;
        uint32_t code;
    } rows[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    (void)state;
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t got = 0;
        assert_true(seat_hotp(key, KEY_BYTES, rows[i].time_s / SEAT_TOTP_S, 8, &got));
        assert_int_equal(got, rows[i].code);
    }
}

static bool check(int64_t now_s, struct str code, int64_t *last)
{
    return seat_totp_check(key, KEY_BYTES, now_s, code, last);
}

static void test_window(void **state)
{
    int64_t last = 0;
    (void)state;
    /* 081804 belongs to step 37037036, 050471 to the next one. */
    assert_true(check(1111111109, STR("081804"), &last));
    assert_int_equal(last, 37037036);
    assert_false(check(1111111109, STR("081804"), &last)); /* TP2 */
    assert_true(check(1111111109, STR("050471"), &last));  /* TP1: one step ahead */
    assert_int_equal(last, 37037037);
    assert_false(check(1111111109, STR("081804"), &last));
    last = 0;
    assert_true(check(1111111140, STR("050471"), &last)); /* one step late */
    last = 0;
    assert_false(check(1111111170, STR("050471"), &last)); /* two */
    assert_false(check(1111111079 - 30, STR("081804"), &last));
    assert_int_equal(last, 0);
    static const char *const bad[] = {"", "81804", "0081804", "08180x", "-81804", "+81804"};
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(check(1111111109, str_from_cstr(bad[i]), &last));
    }
}

static void test_base32(void **state)
{
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "MY"},
                                          {"fo", "MZXQ"},
                                          {"foo", "MZXW6"},
                                          {"foob", "MZXW6YQ"},
                                          {"fooba", "MZXW6YTB"},
                                          {"foobar", "MZXW6YTBOI"}};
    struct arena a;
    uint8_t back[8];
    uint32_t n = 0;
    (void)state;
    arena_init(&a, 1U << 20, "base32");
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = strlen(rows[i][0]);
        const uint8_t *plain = (const uint8_t *)rows[i][0];
        ASSERT_STR(seat_base32(&a, plain, (uint32_t)len), rows[i][1]);
        assert_true(seat_base32_read(str_from_cstr(rows[i][1]), back, sizeof back, &n));
        assert_int_equal(n, len);
        assert_memory_equal(back, plain, len);
    }
    assert_true(seat_base32_read(STR("mzxw-6ytb oi"), back, sizeof back, &n));
    assert_int_equal(n, 6);
    assert_false(seat_base32_read(STR("MZXW1"), back, sizeof back, &n));
    assert_false(seat_base32_read(STR("MZXW6YTBOI"), back, 5, &n));
    ASSERT_STR(seat_totp_url(&a, STR("li 四"), STR("MZXQ")),
               "otpauth://totp/tizhi:li%20%E5%9B%9B?secret=MZXQ&issuer=tizhi");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hotp),
        cmocka_unit_test(test_totp),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_base32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
