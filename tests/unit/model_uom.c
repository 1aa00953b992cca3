/* SPDX-License-Identifier: Apache-2.0 */
/* Units of measure: every spelling, scales, compounds, declared units, dimensions, counts. */
#include "model/uom.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/rng.h"
#include "tests/lib/test.h"

#define ARENA_LIMIT (1024U * 1024U * 64U)

struct fix {
    struct arena a;
    struct uom_table t;
};

static void setup(struct fix *f)
{
    arena_init(&f->a, ARENA_LIMIT, "test");
    uom_init(&f->a, &f->t);
}

static void expect(struct fix *f, const char *suffix, const char *factor, const char *dim)
{
    struct rat r = rat_zero();
    struct dim d = dim_none();
    assert_true(uom_parse_suffix(&f->a, &f->t, str_from_cstr(suffix), &r, &d, NULL));
    ASSERT_STR(rat_frac_str(&f->a, r), factor);
    ASSERT_STR(dim_text(&f->a, &f->t, d, UOM_ZH), dim);
}

static void refuse(struct fix *f, const char *suffix, const char *want_bad)
{
    struct rat r = rat_zero();
    struct dim d = dim_none();
    struct str bad = STR("?");
    assert_false(uom_parse_suffix(&f->a, &f->t, str_from_cstr(suffix), &r, &d, &bad));
    ASSERT_STR(bad, want_bad);
}

static struct dim dim(struct fix *f, const char *suffix)
{
    struct rat r = rat_zero();
    struct dim d = dim_none();
    assert_true(uom_parse_suffix(&f->a, &f->t, str_from_cstr(suffix), &r, &d, NULL));
    return d;
}

static void test_suffixes(void **state)
{
    (void)state;
    struct fix f;
    setup(&f);
    static const struct {
        const char *suffix;
        const char *factor;
        const char *dim;
    } ROWS[] = {
        {"", "1", ""},
        {"%", "1/100", ""},
        {"％", "1/100", ""},
        {"‰", "1/1000", ""},
        {"倍", "1", ""},
        {"百分点", "1/100", ""},
        {"个百分点", "1/100", ""},
        {"pp", "1/100", ""},
        {"人", "1", "人"},
        {"名", "1", "人"},
        {"persons", "1", "人"},
        {"万人", "10000", "人"},
        {"百万人", "1000000", "人"},
        {"人次", "1", "人次"},
        {"万人次", "10000", "人次"},
        {"所", "1", "个"},
        {"项次", "1", "个"},
        {"things", "1", "个"},
        {"元", "1", "元"},
        {"角", "1/10", "元"},
        {"分钱", "1/100", "元"},
        {"亿元", "100000000", "元"},
        {"万亿元", "1000000000000", "元"},
        {"千万元", "10000000", "元"},
        {"亩", "2000/3", "平方米"},
        {"㎡", "1", "平方米"},
        {"平方公里", "1000000", "平方米"},
        {"km", "1000", "米"},
        {"课时", "1", "学时"},
        {"周", "7", "天"},
        {"日", "1", "天"},
        {"分", "1", "分"},
        {"分钟", "1", "分钟"},
        {"兆", "1", "Mbps"},
        {"千兆", "1000", "Mbps"},
        {"Gbps", "1000", "Mbps"},
        {"万", "10000", ""},
        {"万亿", "1000000000000", ""},
        {"元/人", "1", "元/人"},
        {"万元/人", "10000", "元/人"},
        {"元/百人", "1/100", "元/人"},
        {"平方米/人", "1", "平方米/人"},
        {"元/人/年", "1", "元/人/年"},
        {"册/百人", "1/100", "册/人"},
        {"人/人", "1", ""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        expect(&f, ROWS[i].suffix, ROWS[i].factor, ROWS[i].dim);
    }
    refuse(&f, "床日", "床日");
    refuse(&f, "万床日", "万床日");
    refuse(&f, "元/床", "床");
    refuse(&f, "元/万", "万");
    refuse(&f, "元/", "");
    refuse(&f, "/人", "");
    refuse(&f, "万百人", "万百人");
    expect(&f, "元/人/人/人/人/人/人/人", "1", "元/人^7");
    refuse(&f, "元/人/人/人/人/人/人/人/天", "天");
    arena_release(&f.a);
}

static void test_every_builtin_spelling(void **state)
{
    (void)state;
    struct fix f;
    setup(&f);
    assert_true(f.t.n_builtin_units > 70);
    for (uint32_t i = 0; i < f.t.n_builtin_units; i++) {
        struct uom_unit u;
        assert_true(uom_lookup(&f.t, f.t.units.items[i].name, &u));
        assert_true(rat_eq(u.factor, f.t.units.items[i].factor));
        assert_true(rat_sign(u.factor) > 0);
    }
    arena_release(&f.a);
}

static void test_declared_units(void **state)
{
    (void)state;
    struct fix f;
    setup(&f);
    expect(&f, "百册", "100", "册");
    assert_int_equal(uom_declare_base(&f.t, STR("床日"), NULL), RC_OK);
    expect(&f, "万床日", "10000", "床日");
    expect(&f, "元/床日", "1", "元/床日");
    assert_int_equal(uom_declare(&f.t, STR("百册"), rat_int(99), dim(&f, "册"), NULL), RC_OK);
    expect(&f, "百册", "99", "册"); /* the declared unit wins over 百 and 册 */
    assert_int_equal(uom_declare_base(&f.t, STR("床日"), NULL), RC_CONFLICT);
    assert_int_equal(uom_declare_base(&f.t, STR("人"), NULL), RC_CONFLICT);
    assert_int_equal(uom_declare_base(&f.t, STR(""), NULL), RC_INPUT);
    assert_int_equal(uom_declare_base(&f.t, STR("a/b"), NULL), RC_INPUT);
    assert_int_equal(uom_declare(&f.t, STR("q"), rat_zero(), dim_none(), NULL), RC_INPUT);
    assert_int_equal(uom_declare(&f.t, STR("q"), rat_inf(1), dim_none(), NULL), RC_INPUT);
    char name[16];
    for (int i = 1; i < UOM_PACK_DIMS; i++) {
        assert_true(snprintf(name, sizeof name, "u%d", i) > 0);
        assert_int_equal(uom_declare_base(&f.t, str_from_cstr(name), NULL), RC_OK);
    }
    assert_int_equal(uom_declare_base(&f.t, STR("more"), NULL), RC_LIMIT);
    expect(&f, "u15", "1", "u15");
    arena_release(&f.a);
}

static void test_comparable(void **state)
{
    (void)state;
    struct fix f;
    setup(&f);
    struct dim count = dim_of(DIM_COUNT);
    struct dim person = dim(&f, "人");
    struct dim thing = dim(&f, "所");
    struct dim out = dim_none();
    assert_true(dim_comparable(count, person));
    assert_true(dim_comparable(thing, count));
    assert_true(dim_comparable(count, dim(&f, "人次")));
    assert_true(dim_comparable(count, count));
    assert_false(dim_comparable(count, dim(&f, "元")));
    assert_false(dim_comparable(count, dim_none()));
    assert_false(dim_comparable(person, dim(&f, "人次")));
    assert_false(dim_comparable(person, thing));
    /* An average per counted thing is 人 as well as 人/所; its inverse is not 人. */
    assert_true(dim_div(person, count, &out));
    assert_true(dim_comparable(out, person));
    assert_true(dim_comparable(out, dim(&f, "人/所")));
    assert_false(dim_comparable(out, dim(&f, "元")));
    assert_false(dim_comparable(out, dim(&f, "元/所")));
    assert_true(dim_div(count, count, &out));
    assert_true(dim_is_none(out));
    /* In sums a count is things. */
    assert_true(dim_add(count, thing, &out));
    assert_true(dim_eq(out, thing));
    assert_true(dim_add(count, count, &out));
    assert_false(dim_comparable(out, person));
    assert_false(dim_add(count, person, &out));
    assert_false(dim_add(person, thing, &out));
    arena_release(&f.a);
}

static void test_dim_limits(void **state)
{
    (void)state;
    struct dim d = dim_none();
    struct dim x = dim_of(DIM_MONEY);
    for (int i = 0; i < DIM_EXP_MAX; i++) {
        assert_true(dim_mul(d, x, &d));
    }
    assert_false(dim_mul(d, x, &d));
    assert_true(dim_div(d, d, &x));
    assert_true(dim_is_none(x));
}

static void test_dim_algebra(void **state)
{
    (void)state;
    const uint64_t seed = 77;
    struct rng r;
    print_message("# seed %llu\n", (unsigned long long)seed);
    rng_seed(&r, seed);
    for (int i = 0; i < 5000; i++) {
        struct dim x = dim_none();
        struct dim y = dim_none();
        struct dim xy = dim_none();
        struct dim back = dim_none();
        for (int k = 0; k < DIM_MAX; k++) {
            x.exp[k] = (int8_t)(rng_one_in(&r, 4) ? rng_range(&r, -2, 2) : 0);
            y.exp[k] = (int8_t)(rng_one_in(&r, 4) ? rng_range(&r, -2, 2) : 0);
        }
        if (rng_one_in(&r, 2)) {
            y = x;
            y.exp[DIM_COUNT] = (int8_t)rng_range(&r, -2, 2);
            y.exp[DIM_THING] = (int8_t)rng_range(&r, -2, 2);
        }
        assert_true(dim_mul(x, y, &xy) && dim_div(xy, y, &back));
        assert_true(dim_eq(back, x));
        assert_true(dim_comparable(x, x));
        assert_int_equal(dim_comparable(x, y), dim_comparable(y, x));
        if (dim_add(x, y, &xy)) {
            assert_true(dim_eq(xy, dim_settle(y)));
        }
    }
}

static void test_amount_en(void **state)
{
    static const struct {
        const char *figure, *unit, *want;
    } rows[] = {{"70", "人", "70 persons"},
                {"1", "人", "1 person"},
                {"20.4", "人次", "20.4 person times"},
                {"12", "个", "12"},
                {"45", "人/所", "45 persons each"},
                {"1.08", "个/人", "1.08 per person"},
                {"7000", "元/人", "7000 yuan per person"},
                {"100", "Mbps", "100 Mbps"},
                {"1", "Mbps", "1 Mbps"},
                {"4.5", "平方米/人", "4.5 m² per person"},
                {">0.5", "小时/天", ">0.5 hours per day"}};
    (void)state;
    struct fix f;
    setup(&f);
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dim d = dim(&f, rows[i].unit);
        ASSERT_STR(dim_amount_en(&f.a, &f.t, str_from_cstr(rows[i].figure), d), rows[i].want);
    }
    ASSERT_STR(uom_amount(&f.a, STR("12"), STR("人")), "12人");
    ASSERT_STR(uom_amount(&f.a, STR("95.0"), STR("%")), "95.0%");
    ASSERT_STR(uom_amount(&f.a, STR("100"), STR("Mbps")), "100 Mbps");
    ASSERT_STR(uom_amount(&f.a, STR("3"), STR("")), "3");
    arena_release(&f.a);
}

static void test_dim_text(void **state)
{
    (void)state;
    struct fix f;
    setup(&f);
    struct dim d = dim(&f, "平方米/人");
    ASSERT_STR(dim_text(&f.a, &f.t, d, UOM_EN), "m2/persons");
    assert_true(dim_div(dim_none(), dim(&f, "天"), &d));
    ASSERT_STR(dim_text(&f.a, &f.t, d, UOM_ZH), "1/天");
    assert_true(dim_mul(dim(&f, "元"), dim(&f, "天"), &d));
    ASSERT_STR(dim_text(&f.a, &f.t, d, UOM_ZH), "元·天");
    arena_release(&f.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suffixes),       cmocka_unit_test(test_every_builtin_spelling),
        cmocka_unit_test(test_declared_units), cmocka_unit_test(test_comparable),
        cmocka_unit_test(test_dim_limits),     cmocka_unit_test(test_dim_algebra),
        cmocka_unit_test(test_dim_text),       cmocka_unit_test(test_amount_en),
    };
    return cmocka_run_group_tests_name("model_uom", tests, NULL, NULL);
}
