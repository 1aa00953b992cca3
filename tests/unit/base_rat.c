/* SPDX-License-Identifier: Apache-2.0 */
/* Rationals by example: conventions, edges, text. The laws are in base_rat_prop.c. */
#include "base/rat.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "tests/lib/test.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20, "t");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct rat parse(const char *text)
{
    struct rat x = rat_zero();
    assert_true(rat_parse_frac(&arena, str_from_cstr(text), &x));
    assert_true(rat_check(x));
    return x;
}

#define ASSERT_RAT(x, want) ASSERT_STR(rat_frac_str(&arena, (x)), (want))

static void test_make_reduces(void **state)
{
    (void)state;
    ASSERT_RAT(rat_make(&arena, 186, 200), "93/100");
    ASSERT_RAT(rat_make(&arena, 6, -4), "-3/2");
    ASSERT_RAT(rat_make(&arena, -6, -3), "2");
    ASSERT_RAT(rat_make(&arena, 0, -7), "0");
    ASSERT_RAT(rat_frac(INT64_MIN, INT64_MIN), "1");
    ASSERT_RAT(rat_frac(INT64_MIN, -1), "9223372036854775808");
    ASSERT_RAT(rat_int(-5), "-5");
    ASSERT_RAT(rat_one(), "1");
}

static void test_the_edge_of_the_small_form(void **state)
{
    (void)state;
    struct rat max = rat_i128(&arena, I128_MAX);
    assert_null(max.big);
    struct rat over = rat_add(&arena, max, rat_one());
    assert_non_null(over.big);
    ASSERT_RAT(over, "170141183460469231731687303715884105728");
    struct rat back = rat_sub(&arena, over, rat_one());
    assert_null(back.big);
    assert_true(rat_eq(back, max));
    struct rat min = rat_i128(&arena, I128_MIN);
    assert_non_null(min.big);
    assert_true(rat_eq(min, rat_neg(&arena, over)));
    assert_true(rat_check(min));
    /* The one value of the machine type that the small form leaves out, by every way to it. */
    struct rat lowest = rat_i128(&arena, -I128_MAX);
    assert_true(rat_eq(rat_add(&arena, lowest, rat_int(-1)), min));
    assert_true(rat_eq(rat_sub(&arena, lowest, rat_one()), min));
    assert_true(rat_eq(rat_mul(&arena, rat_make(&arena, I128_MIN, 2), rat_int(2)), min));
    assert_true(rat_eq(rat_make(&arena, I128_MIN, I128_MIN), rat_one()));
    ASSERT_RAT(rat_make(&arena, 1, I128_MIN), "-1/170141183460469231731687303715884105728");
    ASSERT_RAT(rat_make(&arena, I128_MIN, 2), "-85070591730234615865843651857942052864");
}

static void test_arithmetic(void **state)
{
    (void)state;
    struct arena *a = &arena;
    ASSERT_RAT(rat_add(a, parse("1/2"), parse("1/3")), "5/6");
    ASSERT_RAT(rat_add(a, parse("1/6"), parse("1/3")), "1/2");
    ASSERT_RAT(rat_sub(a, parse("1/2"), parse("1/2")), "0");
    ASSERT_RAT(rat_add(a, parse("5/12"), parse("-5/12")), "0");
    ASSERT_RAT(rat_mul(a, parse("2/3"), parse("-3/2")), "-1");
    ASSERT_RAT(rat_div(a, parse("2/3"), parse("-4/9")), "-3/2");
    ASSERT_RAT(rat_abs(a, parse("-7/2")), "7/2");
    /* a third of a half of ten thousand: 三分之一 × 0.5 × 万 */
    ASSERT_RAT(rat_mul(a, parse("1/3"), rat_int(5000)), "5000/3");
    assert_true(rat_is_int(parse("10/5")));
    assert_false(rat_is_int(parse("1/2")));
    assert_false(rat_is_int(rat_inf(1)));
}

static void test_infinities(void **state)
{
    (void)state;
    struct arena *a = &arena;
    struct rat inf = rat_inf(1);
    struct rat ninf = rat_inf(-1);
    struct rat big = parse("340282366920938463463374607431768211457");
    ASSERT_RAT(rat_add(a, inf, rat_int(5)), "inf");
    ASSERT_RAT(rat_add(a, rat_int(5), ninf), "-inf");
    ASSERT_RAT(rat_add(a, inf, inf), "inf");
    ASSERT_RAT(rat_sub(a, inf, ninf), "inf");
    ASSERT_RAT(rat_mul(a, rat_zero(), inf), "0");
    ASSERT_RAT(rat_mul(a, ninf, rat_zero()), "0");
    ASSERT_RAT(rat_mul(a, ninf, rat_int(-3)), "inf");
    ASSERT_RAT(rat_mul(a, inf, rat_neg(a, big)), "-inf");
    ASSERT_RAT(rat_div(a, rat_int(5), ninf), "0");
    ASSERT_RAT(rat_div(a, inf, rat_int(-2)), "-inf");
    ASSERT_RAT(rat_neg(a, inf), "-inf");
    ASSERT_RAT(rat_floor(a, ninf), "-inf");
    assert_int_equal(rat_cmp(ninf, rat_neg(a, big)), -1);
    assert_int_equal(rat_cmp(inf, big), 1);
    assert_int_equal(rat_cmp(big, inf), -1);
    assert_int_equal(rat_cmp(inf, inf), 0);
    assert_int_equal(rat_cmp(ninf, inf), -1);
    assert_true(rat_is_inf(ninf) && !rat_is_inf(big));
    assert_int_equal(rat_sign(ninf), -1);
    ASSERT_RAT(rat_min(inf, rat_int(3)), "3");
    ASSERT_RAT(rat_max(ninf, rat_int(3)), "3");
}

static void divide_by_zero(void *arg)
{
    (void)rat_div(arg, rat_one(), rat_zero());
}

static void inf_minus_inf(void *arg)
{
    (void)rat_sub(arg, rat_inf(1), rat_inf(1));
}

static void inf_over_inf(void *arg)
{
    (void)rat_div(arg, rat_inf(1), rat_inf(-1));
}

static void zero_denominator(void *arg)
{
    (void)rat_make(arg, 1, 0);
}

static void square_for_ever(void *arg)
{
    struct rat x = rat_frac(3, 7);
    for (;;) {
        x = rat_mul(arg, x, x);
    }
}

static void write_out(void *arg)
{
    struct rat x = rat_frac(3, 7);
    for (int i = 0; i < 8; i++) {
        x = rat_mul(arg, x, x);
    }
    for (;;) {
        (void)rat_dec_fixed(arg, x, 100, RAT_NEAREST);
    }
}

static void test_figures_without_end_stop_the_work(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, (size_t)64 << 20, "t");
    assert_int_equal(arena_run(&a, square_for_ever, &a), RC_LIMIT);
    assert_true(arena_used(&a) < LIMIT_RAT_BITS); /* bytes: a few times the largest kept */
    arena_release(&a);
    /* Whatever is refused, no integer of GMP is left behind: leak detection sees it. */
    for (size_t limit = 64; limit < 4096; limit += 64) {
        arena_init(&a, limit, "t");
        assert_int_equal(arena_run(&a, square_for_ever, &a), RC_NO_MEMORY);
        arena_release(&a);
        arena_init(&a, limit, "t");
        assert_int_equal(arena_run(&a, write_out, &a), RC_NO_MEMORY);
        arena_release(&a);
    }
}

static void test_undefined_results_are_bugs(void **state)
{
    (void)state;
    assert_true(test_aborts(divide_by_zero, &arena));
    assert_true(test_aborts(inf_minus_inf, &arena));
    assert_true(test_aborts(inf_over_inf, &arena));
    assert_true(test_aborts(zero_denominator, &arena));
}

static void test_compare_where_doubles_fail(void **state)
{
    (void)state;
    /* 93/100 against the nearest shares of a large denominator. */
    struct rat bar = parse("93/100");
    assert_int_equal(rat_cmp(parse("930000000000000000/1000000000000000000"), bar), 0);
    assert_int_equal(rat_cmp(parse("929999999999999999/1000000000000000000"), bar), -1);
    assert_int_equal(rat_cmp(parse("930000000000000001/1000000000000000000"), bar), 1);
    /* Cross products of more than 128 bits. */
    struct rat x = rat_make(&arena, I128_MAX, I128_MAX - 1);
    struct rat y = rat_make(&arena, I128_MAX - 1, I128_MAX - 2);
    assert_int_equal(rat_cmp(x, y), -1);
    assert_int_equal(rat_cmp(rat_neg(&arena, x), rat_neg(&arena, y)), 1);
    assert_int_equal(rat_cmp(x, x), 0);
}

static void test_rounding(void **state)
{
    (void)state;
    static const struct {
        const char *x, *floor, *ceil, *nearest;
    } rows[] = {
        {"5/2", "2", "3", "3"},
        {"-5/2", "-3", "-2", "-3"},
        {"7/3", "2", "3", "2"},
        {"-7/3", "-3", "-2", "-2"},
        {"8/3", "2", "3", "3"},
        {"1/2", "0", "1", "1"},
        {"-1/2", "-1", "0", "-1"},
        {"4", "4", "4", "4"},
        {"-1/3", "-1", "0", "0"},
        {"0", "0", "0", "0"},
        {"inf", "inf", "inf", "inf"},
        {"680564733841876926926749214863536422915/2", "340282366920938463463374607431768211457",
         "340282366920938463463374607431768211458", "340282366920938463463374607431768211458"},
        {"-680564733841876926926749214863536422915/2", "-340282366920938463463374607431768211458",
         "-340282366920938463463374607431768211457", "-340282366920938463463374607431768211458"},
        {"1/680564733841876926926749214863536422915", "0", "1", "0"},
        {"170141183460469231731687303715884105727/2", "85070591730234615865843651857942052863",
         "85070591730234615865843651857942052864", "85070591730234615865843651857942052864"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rat x = parse(rows[i].x);
        ASSERT_RAT(rat_floor(&arena, x), rows[i].floor);
        ASSERT_RAT(rat_ceil(&arena, x), rows[i].ceil);
        ASSERT_RAT(rat_round_half_away(&arena, x), rows[i].nearest);
    }
}

static void test_to_int64(void **state)
{
    (void)state;
    int64_t out = 0;
    assert_true(rat_to_int64(parse("9223372036854775807"), &out));
    assert_true(out == INT64_MAX);
    assert_true(rat_to_int64(parse("-9223372036854775808"), &out));
    assert_true(out == INT64_MIN);
    assert_false(rat_to_int64(parse("9223372036854775808"), &out));
    assert_false(rat_to_int64(parse("1/2"), &out));
    assert_false(rat_to_int64(rat_inf(1), &out));
    assert_false(rat_to_int64(parse("340282366920938463463374607431768211457"), &out));
}

static void test_doubles(void **state)
{
    (void)state;
    assert_true(rat_to_double(parse("93/100")) == 0.93);
    assert_true(rat_to_double(parse("-1/3")) == -1.0 / 3.0);
    assert_true(isinf(rat_to_double(rat_inf(-1))) && rat_to_double(rat_inf(-1)) < 0);
    assert_true(rat_to_double(rat_zero()) == 0.0);
    /* 2^53 + 1 is a tie and goes to the even neighbour; 2^53 + 3 too, the other way. */
    assert_true(rat_to_double(parse("9007199254740993")) == 9007199254740992.0);
    assert_true(rat_to_double(parse("9007199254740995")) == 9007199254740996.0);
    /* A tie broken by something far below. */
    struct rat tie = parse("9007199254740993");
    struct rat hair = parse("1/340282366920938463463374607431768211457");
    assert_true(rat_to_double(rat_add(&arena, tie, hair)) == 9007199254740994.0);
    assert_true(rat_to_double(rat_sub(&arena, tie, hair)) == 9007199254740992.0);
    static const double exact[] = {0.0, 1.0, -0.1, DBL_MAX, DBL_MIN, 5e-324, -1e300, 123456.789};
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        struct rat x = rat_from_double(&arena, exact[i]);
        assert_true(rat_check(x));
        assert_true(rat_to_double(x) == exact[i]);
    }
    ASSERT_RAT(rat_from_double(&arena, 0.375), "3/8");
    struct rat huge = rat_from_double(&arena, DBL_MAX);
    assert_true(isinf(rat_to_double(rat_mul(&arena, huge, huge))));
}

static void test_parse_decimal(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want; /* NULL: refused */
    } rows[] = {
        {"0.93", "93/100"},
        {"95", "95"},
        {"-12.50", "-25/2"},
        {"+3", "3"},
        {"007", "7"},
        {"0.0", "0"},
        {"-0", "0"},
        {"", NULL},
        {"-", NULL},
        {".5", NULL},
        {"5.", NULL},
        {"1e3", NULL},
        {"1,000", NULL},
        {" 1", NULL},
        {"1 ", NULL},
        {"0x10", NULL},
        {"1.2.3", NULL},
        {"--1", NULL},
        {"inf", NULL},
        {"１", NULL},
        {"0.12345678901234567890123456789012345678901234567890",
         "1234567890123456789012345678901234567890123456789/"
         "10000000000000000000000000000000000000000000000000"},
        {"99999999999999999999999999999999999999", "99999999999999999999999999999999999999"},
        {"-999999999999999999999999999999999999999", "-999999999999999999999999999999999999999"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rat x = rat_zero();
        bool ok = rat_parse_decimal(&arena, str_from_cstr(rows[i].text), &x);
        assert_int_equal(ok, rows[i].want != NULL);
        if (ok) {
            assert_true(rat_check(x));
            ASSERT_RAT(x, rows[i].want);
        }
    }
}

static void test_parse_limits(void **state)
{
    (void)state;
    char digits[LIMIT_RAT_DIGITS + 3];
    memset(digits, '9', sizeof digits);
    struct rat x = rat_zero();
    assert_true(rat_parse_decimal(&arena, str_make(digits, LIMIT_RAT_DIGITS), &x));
    assert_false(rat_parse_decimal(&arena, str_make(digits, LIMIT_RAT_DIGITS + 1), &x));
    assert_true(rat_parse_frac(&arena, str_make(digits, LIMIT_RAT_DIGITS), &x));
    assert_false(rat_parse_frac(&arena, str_make(digits, LIMIT_RAT_DIGITS + 1), &x));
    digits[1] = '.';
    assert_true(rat_parse_decimal(&arena, str_make(digits, LIMIT_RAT_DIGITS + 1), &x));
    assert_false(rat_parse_decimal(&arena, str_make(digits, LIMIT_RAT_DIGITS + 2), &x));
}

static void test_parse_frac(void **state)
{
    (void)state;
    ASSERT_RAT(parse("186/200"), "93/100");
    ASSERT_RAT(parse("-inf"), "-inf");
    static const char *const bad[] = {"",      "1/",  "/2",   "1/0", "1/-2",
                                      "1/2/3", "1.5", "infx", "a",   "1/0000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct rat x = rat_zero();
        assert_false(rat_parse_frac(&arena, str_from_cstr(bad[i]), &x));
    }
}

static void test_decimal_text(void **state)
{
    (void)state;
    static const struct {
        const char *x;
        int decimals;
        const char *want;
        bool exact;
    } rows[] = {
        {"93/100", 2, "0.93", true},
        {"93/100", 6, "0.93", true},
        {"93/100", 1, "0.9", false},
        {"1/3", 4, "0.3333", false},
        {"2/3", 4, "0.6667", false},
        {"-2/3", 0, "-1", false},
        {"1/2", 0, "1", false},
        {"-1/2", 0, "-1", false},
        {"5", 3, "5", true},
        {"100", 0, "100", true},
        {"-1/1000", 2, "0", false},
        {"1/200", 2, "0.01", false},
        {"-1/200", 2, "-0.01", false},
        {"999/1000", 2, "1", false},
        {"0", 5, "0", true},
        {"inf", 2, "inf", true},
        {"-inf", 2, "-inf", true},
        {"1200", 2, "1200", true},
        {"1/1000", 3, "0.001", true},
        {"10001/1000", 3, "10.001", true},
        {"340282366920938463463374607431768211457/2", 1,
         "170141183460469231731687303715884105728.5", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool exact = !rows[i].exact;
        ASSERT_STR(rat_dec_str(&arena, parse(rows[i].x), rows[i].decimals, &exact), rows[i].want);
        assert_int_equal(exact, rows[i].exact);
    }
    ASSERT_STR(rat_dec_str(&arena, parse("1/4"), 1, NULL), "0.3");
}

static void test_fixed_text(void **state)
{
    (void)state;
    static const struct {
        const char *x;
        int decimals;
        const char *floor, *ceil, *nearest;
    } rows[] = {
        {"2374/25", 1, "94.9", "95.0", "95.0"}, /* 94.96: C36 needs both neighbours */
        {"-2374/25", 1, "-95.0", "-94.9", "-95.0"},
        {"1/8", 2, "0.12", "0.13", "0.13"},
        {"-1/8", 2, "-0.13", "-0.12", "-0.13"},
        {"-1/1000", 2, "-0.01", "0.00", "0.00"},
        {"5", 2, "5.00", "5.00", "5.00"},
        {"7/2", 0, "3", "4", "4"},
        {"inf", 2, "inf", "inf", "inf"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rat x = parse(rows[i].x);
        int n = rows[i].decimals;
        ASSERT_STR(rat_dec_fixed(&arena, x, n, RAT_FLOOR), rows[i].floor);
        ASSERT_STR(rat_dec_fixed(&arena, x, n, RAT_CEIL), rows[i].ceil);
        ASSERT_STR(rat_dec_fixed(&arena, x, n, RAT_NEAREST), rows[i].nearest);
    }
    struct str longest = rat_dec_fixed(&arena, parse("1/3"), LIMIT_RAT_DECIMALS, RAT_NEAREST);
    assert_int_equal(longest.n, LIMIT_RAT_DECIMALS + 2);
}

static void test_dup_survives_the_first_arena(void **state)
{
    (void)state;
    struct arena other;
    arena_init(&other, 1 << 16, "other");
    struct rat x = rat_add(&other, rat_i128(&other, I128_MAX), rat_one());
    struct rat copy = rat_dup(&arena, x);
    assert_true(rat_hash(x) == rat_hash(copy));
    arena_release(&other);
    ASSERT_RAT(copy, "170141183460469231731687303715884105728");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_make_reduces),
        cmocka_unit_test(test_the_edge_of_the_small_form),
        cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_infinities),
        cmocka_unit_test(test_figures_without_end_stop_the_work),
        cmocka_unit_test(test_undefined_results_are_bugs),
        cmocka_unit_test(test_compare_where_doubles_fail),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_to_int64),
        cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_parse_decimal),
        cmocka_unit_test(test_parse_limits),
        cmocka_unit_test(test_parse_frac),
        cmocka_unit_test(test_decimal_text),
        cmocka_unit_test(test_fixed_text),
        cmocka_unit_test(test_dup_survives_the_first_arena),
    };
    return cmocka_run_group_tests_name("base_rat", tests, setup, teardown);
}
