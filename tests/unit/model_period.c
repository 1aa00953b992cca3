/* SPDX-License-Identifier: Apache-2.0 */
/* Periods over the whole range of days, spellings, time points and plan years. */
#include "model/period.h"

#include <string.h>

#include "base/err.h"
#include "tests/lib/test.h"

static struct date day(const char *text)
{
    struct date d = {0};
    assert_true(date_parse(str_from_cstr(text), &d));
    return d;
}

static struct period per(const char *text)
{
    struct period p = {0};
    assert_int_equal(period_parse(str_from_cstr(text), &p, NULL), RC_OK);
    return p;
}

static struct time_point point(const char *text)
{
    struct time_point tp = TIME_POINT_NONE;
    assert_int_equal(time_point_parse(str_from_cstr(text), &tp, NULL), RC_OK);
    return tp;
}

static void expect_days(const char *text, const char *first, const char *last)
{
    assert_int_equal(period_first(per(text)).days, day(first).days);
    assert_int_equal(period_last(per(text)).days, day(last).days);
}

static void test_days(void **state)
{
    (void)state;
    expect_days("2024", "2024-01-01", "2024-12-31");
    expect_days("2024-2025", "2024-09-01", "2025-08-31");
    expect_days("2023-2024-1", "2023-09-01", "2024-02-29");
    expect_days("2024-2025-1", "2024-09-01", "2025-02-28");
    expect_days("2024-2025-2", "2025-03-01", "2025-08-31");
    expect_days("2024-Q1", "2024-01-01", "2024-03-31");
    expect_days("2024-Q4", "2024-10-01", "2024-12-31");
    expect_days("2024-02", "2024-02-01", "2024-02-29");
    expect_days("2024-W05", "2024-01-29", "2024-02-04");
    expect_days("2025-W01", "2024-12-30", "2025-01-05");
    expect_days("2020-W53", "2020-12-28", "2021-01-03");
}

static void test_text(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"2024", "2024"},
        {"2024年", "2024"},
        {"2024-2025", "2024-2025"},
        {"2024学年", "2024-2025"},
        {"2024-2025学年", "2024-2025"},
        {"2024-2025-2", "2024-2025-2"},
        {"2024-Q3", "2024-Q3"},
        {"2024-03", "2024-03"},
        {"2024-W05", "2024-W05"},
        {"2199", "2199"},
        {"1900", "1900"},
    };
    char out[PERIOD_TEXT_BYTES];
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        ASSERT_STR(period_text(per(ROWS[i][0]), out), ROWS[i][1]);
    }
}

static void test_bad_text(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        "24",
        "20245",
        "2024-",
        "2024-3",
        "2024-00",
        "2024-13",
        "2024-Q0",
        "2024-Q5",
        "2024-Q",
        "2024-Q11",
        "2024-W00",
        "2024-W53",
        "2024-W5",
        "2024-W005",
        "2024-2026",
        "2024-2024",
        "2024-2025-0",
        "2024-2025-3",
        "2024-2025-",
        "2024-2025-11",
        "1899",
        "2200",
        "2024 ",
        " 2024",
        "2024-03-15",
        "２０２４",
        "2024季",
        "2024-2025年",
        "2024-q1",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct period p;
        struct err e;
        err_clear(&e);
        assert_int_equal(period_parse(str_from_cstr(BAD[i]), &p, &e), RC_INPUT);
        assert_true(e.primary_en[0] != '\0' && e.primary_zh[0] != '\0');
    }
    struct period p;
    struct err e;
    err_clear(&e);
    assert_int_equal(period_parse(STR("2024-2026"), &p, &e), RC_INPUT);
    assert_non_null(strstr(e.primary_en, "must end in 2025"));
    err_clear(&e);
    assert_int_equal(period_parse(STR("2024-W53"), &p, &e), RC_INPUT);
    assert_non_null(strstr(e.primary_en, "between 1 and 52"));
}

/* P3: periods follow each other without gap, and each day is in the one that says so. */
static void test_no_gaps(void **state)
{
    (void)state;
    for (int k = 0; k < PERIOD__COUNT; k++) {
        enum period_kind kind = (enum period_kind)k;
        struct period p;
        assert_true(period_make(kind, PERIOD_YEAR_MIN, 1, &p));
        struct period next = p;
        uint32_t n = 0;
        for (bool more = true; more; p = next, n++) {
            struct date first = period_first(p);
            struct date last = period_last(p);
            struct period in;
            char out[PERIOD_TEXT_BYTES];
            assert_true(date_cmp(first, last) < 0);
            assert_true(period_containing(kind, first, &in) && period_eq(in, p));
            assert_true(period_containing(kind, last, &in) && period_eq(in, p));
            assert_int_equal(period_parse(period_text(p, out), &in, NULL), RC_OK);
            assert_true(period_eq(in, p));
            more = period_next(p, &next);
            if (more) {
                assert_int_equal(period_first(next).days, last.days + 1);
                assert_true(period_prev(next, &in) && period_eq(in, p));
                assert_true(period_cmp(p, next) < 0);
            }
        }
        assert_true(n >= 300);
        assert_true(period_make(kind, PERIOD_YEAR_MIN, 1, &p));
        assert_false(period_prev(p, &next));
        assert_false(period_containing(kind, DATE_MIN, &p));
        assert_false(period_containing(kind, DATE_MAX, &p));
    }
    struct period p;
    assert_false(period_containing(PERIOD_SCHOOL_YEAR, day("1900-08-31"), &p));
    assert_false(period_make(PERIOD_YEAR, PERIOD_YEAR_MAX + 1, 1, &p));
    assert_false(period_make(PERIOD_QUARTER, 2024, 0, &p));
}

static void test_time_points(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"年末", "12-31"},   {"year_end", "12-31"},
        {"年初", "01-01"},   {"year_start", "01-01"},
        {"学年初", "09-01"}, {"school_year_start", "09-01"},
        {"学年末", "08-31"}, {"school_year_end", "08-31"},
        {"8-31", "08-31"},   {"08-31", "08-31"},
        {"2-29", "02-29"},
    };
    static const char *const BAD[] = {"", "8", "8-", "13-1", "0-1", "2-30", "8-311", "年中", "-1"};
    char out[PERIOD_TEXT_BYTES];
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        ASSERT_STR(time_point_text(point(ROWS[i][0]), out), ROWS[i][1]);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct time_point tp;
        assert_int_equal(time_point_parse(str_from_cstr(BAD[i]), &tp, NULL), RC_INPUT);
    }
    assert_true(time_point_eq(point("9-1"), point("学年初")));
    assert_int_equal(time_point_day(point("2-29"), 2025).days, day("2025-02-28").days);
    assert_int_equal(time_point_day(point("2-29"), 2024).days, day("2024-02-29").days);
    assert_int_equal(time_point_day(TIME_POINT_NONE, 2024).days, day("2024-12-31").days);
    assert_int_equal(time_point_day(point("学年初"), 2025).days, day("2025-09-01").days);
}

static void expect_plan(const char *kind_of, const char *tp, const char *period, const char *snap)
{
    struct time_point at = *tp != '\0' ? point(tp) : TIME_POINT_NONE;
    struct period p = {0};
    struct date d = {0};
    char out[PERIOD_TEXT_BYTES];
    assert_true(period_of_plan_year(per(kind_of).kind, at, 2024, &p, &d));
    ASSERT_STR(period_text(p, out), period);
    assert_int_equal(d.days, day(snap).days);
    assert_int_equal(period_snapshot(p, at).days, d.days);
    assert_int_equal(period_plan_year(p, at), 2024);
}

static void test_plan_years(void **state)
{
    (void)state;
    expect_plan("2020", "", "2024", "2024-12-31");
    expect_plan("2020", "8-31", "2024", "2024-08-31");
    expect_plan("2020学年", "", "2024-2025", "2025-08-31");
    expect_plan("2020学年", "学年初", "2024-2025", "2024-09-01");
    expect_plan("2020学年", "学年末", "2023-2024", "2024-08-31");
    expect_plan("2020学年", "年末", "2024-2025", "2024-12-31");
    expect_plan("2020-2021-1", "", "2024-2025-2", "2025-08-31");
    expect_plan("2020-Q1", "", "2024-Q4", "2024-12-31");
    expect_plan("2020-01", "8-31", "2024-08", "2024-08-31");
    struct period all[PERIOD_PER_YEAR];
    assert_int_equal(period_all_of_year(PERIOD_YEAR, 2024, all), 1);
    assert_int_equal(period_all_of_year(PERIOD_TERM, 2024, all), 2);
    assert_true(period_eq(all[1], per("2024-2025-2")));
    assert_int_equal(period_all_of_year(PERIOD_MONTH, 2024, all), 12);
    assert_int_equal(period_all_of_year(PERIOD_WEEK, 2024, all), 52);
    assert_int_equal(period_all_of_year(PERIOD_WEEK, 2020, all), 53);
    assert_int_equal(period_all_of_year(PERIOD_YEAR, 2200, all), 0);
    struct date d;
    assert_false(period_of_plan_year(PERIOD_YEAR, TIME_POINT_NONE, 1899, all, &d));
    assert_int_equal(period_plan_year(per("2024-Q1"), point("8-31")), 2024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),        cmocka_unit_test(test_text),
        cmocka_unit_test(test_bad_text),    cmocka_unit_test(test_no_gaps),
        cmocka_unit_test(test_time_points), cmocka_unit_test(test_plan_years),
    };
    return cmocka_run_group_tests_name("model_period", tests, NULL, NULL);
}
