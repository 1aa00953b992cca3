/* SPDX-License-Identifier: Apache-2.0 */
/* 128-bit integers at their edges. */
#include "base/i128.h"

#include "base/rng.h"
#include "tests/lib/test.h"

static u128 random_u128(struct rng *r)
{
    u128 x = (u128)rng_u64(r) << 64 | rng_u64(r);
    return x >> rng_below(r, 128);
}

static void test_checked_arithmetic_at_the_edges(void **state)
{
    (void)state;
    i128 out = 0;
    assert_true(i128_add(I128_MAX - 1, 1, &out));
    assert_true(out == I128_MAX);
    assert_false(i128_add(I128_MAX, 1, &out));
    assert_false(i128_add(I128_MIN, -1, &out));
    assert_true(i128_sub(I128_MIN + 1, 1, &out));
    assert_true(out == I128_MIN);
    assert_false(i128_sub(I128_MIN, 1, &out));
    assert_false(i128_sub(0, I128_MIN, &out));
    assert_true(i128_mul((i128)1 << 63, (i128)1 << 63, &out));
    assert_false(i128_mul((i128)1 << 64, (i128)1 << 63, &out));
    assert_true(i128_mul((i128)1 << 64, -((i128)1 << 63), &out));
    assert_true(out == I128_MIN);
    assert_false(i128_mul(I128_MIN, -1, &out));
}

static void test_abs_and_bits(void **state)
{
    (void)state;
    assert_true(i128_abs(I128_MIN) == (u128)1 << 127);
    assert_true(i128_abs(-5) == 5);
    assert_int_equal(u128_bits(0), 0);
    assert_int_equal(u128_bits(1), 1);
    assert_int_equal(u128_bits(UINT64_MAX), 64);
    assert_int_equal(u128_bits((u128)UINT64_MAX + 1), 65);
    assert_int_equal(u128_bits(U128_MAX), 128);
}

static u128 slow_gcd(u128 x, u128 y)
{
    while (y != 0) {
        u128 rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}

static void test_gcd(void **state)
{
    (void)state;
    assert_true(u128_gcd(0, 0) == 0);
    assert_true(u128_gcd(0, 7) == 7);
    assert_true(u128_gcd(7, 0) == 7);
    assert_true(u128_gcd(U128_MAX, U128_MAX) == U128_MAX);
    assert_true(u128_gcd((u128)1 << 127, (u128)1 << 100) == (u128)1 << 100);
    const uint64_t seed = 128;
    print_message("# seed %llu\n", (unsigned long long)seed);
    struct rng r;
    rng_seed(&r, seed);
    for (int i = 0; i < 20000; i++) {
        u128 common = random_u128(&r) >> 64;
        u128 x = random_u128(&r) % ((u128)1 << 64) * common;
        u128 y = random_u128(&r) % ((u128)1 << 64) * common;
        assert_true(u128_gcd(x, y) == slow_gcd(x, y));
        x = random_u128(&r);
        y = random_u128(&r);
        assert_true(u128_gcd(x, y) == slow_gcd(x, y));
    }
}

static void test_wide_product(void **state)
{
    (void)state;
    struct u256 p = u128_mul_wide(U128_MAX, U128_MAX);
    assert_true(p.hi == U128_MAX - 1 && p.lo == 1);
    p = u128_mul_wide((u128)1 << 127, 2);
    assert_true(p.hi == 1 && p.lo == 0);
    p = u128_mul_wide(0, U128_MAX);
    assert_true(p.hi == 0 && p.lo == 0);
    struct rng r;
    rng_seed(&r, 3);
    for (int i = 0; i < 10000; i++) {
        u128 x = random_u128(&r);
        u128 y = random_u128(&r);
        p = u128_mul_wide(x, y);
        assert_true(p.lo == x * y); /* modulo 2^128 */
        /* modulo 2^61 - 1, a prime that catches a wrong high half */
        const u128 m = ((u128)1 << 61) - 1;
        u128 two128 = ((u128)1 << 64) % m * (((u128)1 << 64) % m) % m;
        assert_true((p.hi % m * two128 + p.lo % m) % m == (x % m) * (y % m) % m);
    }
    assert_int_equal(u256_cmp((struct u256){1, 0}, (struct u256){0, U128_MAX}), 1);
    assert_int_equal(u256_cmp((struct u256){1, 1}, (struct u256){1, 2}), -1);
    assert_int_equal(u256_cmp((struct u256){1, 1}, (struct u256){1, 1}), 0);
}

static void test_text(void **state)
{
    (void)state;
    char out[I128_TEXT_BYTES];
    ASSERT_STR(i128_text(0, out), "0");
    ASSERT_STR(i128_text(-12, out), "-12");
    ASSERT_STR(i128_text(I128_MAX, out), "170141183460469231731687303715884105727");
    ASSERT_STR(i128_text(I128_MIN, out), "-170141183460469231731687303715884105728");
    ASSERT_STR(u128_text(U128_MAX, out), "340282366920938463463374607431768211455");
}

static void test_parse(void **state)
{
    (void)state;
    i128 x = 0;
    assert_true(i128_parse(STR("-170141183460469231731687303715884105728"), &x));
    assert_true(x == I128_MIN);
    assert_true(i128_parse(STR("+170141183460469231731687303715884105727"), &x));
    assert_true(x == I128_MAX);
    assert_false(i128_parse(STR("170141183460469231731687303715884105728"), &x));
    assert_false(i128_parse(STR("-170141183460469231731687303715884105729"), &x));
    assert_false(i128_parse(STR("999999999999999999999999999999999999999999"), &x));
    assert_true(i128_parse(STR("000"), &x));
    assert_true(x == 0);
    assert_false(i128_parse(STR(""), &x));
    assert_false(i128_parse(STR("-"), &x));
    assert_false(i128_parse(STR("1 "), &x));
    assert_false(i128_parse(STR("--1"), &x));
    assert_false(i128_parse(STR("1.0"), &x));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checked_arithmetic_at_the_edges),
        cmocka_unit_test(test_abs_and_bits),
        cmocka_unit_test(test_gcd),
        cmocka_unit_test(test_wide_product),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_parse),
    };
    return cmocka_run_group_tests_name("base_i128", tests, NULL, NULL);
}
