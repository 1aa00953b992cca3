/* SPDX-License-Identifier: Apache-2.0 */
/* Civil dates over the whole range, against a calendar kept by counting. */
#include "base/date.h"

#include <time.h>

#include "tests/lib/test.h"

static struct date day(int year, int month, int d)
{
    struct date out = {0};
    assert_true(date_make(year, month, d, &out));
    return out;
}

static void test_every_day_of_the_range(void **state)
{
    (void)state;
    int weekday = 1; /* 1900-01-01 was a Monday */
    int32_t days = day(1900, 1, 1).days;
    assert_int_equal(days, -25567);
    for (int y = DATE_YEAR_MIN; y <= DATE_YEAR_MAX; y++) {
        bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
        assert_int_equal(date_is_leap(y), leap);
        assert_int_equal(date_year_start(y).days, days);
        for (int m = 1; m <= 12; m++) {
            int last = m == 2                                    ? (leap ? 29 : 28)
                       : (m == 4 || m == 6 || m == 9 || m == 11) ? 30
                                                                 : 31;
            assert_int_equal(date_month_days(y, m), last);
            for (int d = 1; d <= last; d++, days++, weekday = weekday % 7 + 1) {
                struct date x = day(y, m, d);
                assert_int_equal(x.days, days);
                struct date_parts p = date_parts(x);
                assert_true(p.year == y && p.month == m && p.day == d);
                assert_int_equal(date_weekday(x), weekday);
                assert_int_equal(date_month_end(x).days, days + last - d);
                assert_int_equal(date_year(x), y);
            }
            struct date none;
            assert_false(date_make(y, m, last + 1, &none));
        }
        assert_int_equal(date_year_end(y).days, days - 1);
    }
}

static void test_make_refuses(void **state)
{
    (void)state;
    struct date out = {42};
    assert_false(date_make(1899, 12, 31, &out));
    assert_false(date_make(2201, 1, 1, &out));
    assert_false(date_make(2024, 0, 1, &out));
    assert_false(date_make(2024, 13, 1, &out));
    assert_false(date_make(2024, 1, 0, &out));
    assert_false(date_make(2023, 2, 29, &out));
    assert_false(date_make(1900, 2, 29, &out));
    assert_true(date_make(2000, 2, 29, &out));
    assert_int_equal(day(1970, 1, 1).days, 0);
}

static void test_iso_week(void **state)
{
    (void)state;
    static const struct {
        int y, m, d, week_year, week;
    } rows[] = {
        {2024, 1, 1, 2024, 1},    {2023, 1, 1, 2022, 52},  {2020, 12, 31, 2020, 53},
        {2021, 1, 3, 2020, 53},   {2021, 1, 4, 2021, 1},   {2024, 12, 30, 2025, 1},
        {2026, 12, 31, 2026, 53}, {2027, 1, 1, 2026, 53},  {2024, 3, 15, 2024, 11},
        {1900, 1, 1, 1900, 1},    {2200, 12, 31, 2201, 1}, {2199, 12, 31, 2200, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int year = 0;
        int week = date_iso_week(day(rows[i].y, rows[i].m, rows[i].d), &year);
        /* 2200-12-31 is a Wednesday, so its Thursday lies outside the range. */
        assert_int_equal(year, rows[i].week_year);
        assert_int_equal(week, rows[i].week);
    }
    /* Weeks run through the range without a gap. */
    int last_year = 0;
    int last_week = date_iso_week(day(1900, 1, 1), &last_year);
    for (int32_t d = day(1900, 1, 8).days; d <= day(2200, 12, 22).days; d += 7) {
        int year = 0;
        int week = date_iso_week((struct date){d}, &year);
        if (year == last_year) {
            assert_int_equal(week, last_week + 1);
        } else {
            assert_int_equal(year, last_year + 1);
            assert_int_equal(week, 1);
            assert_in_range(last_week, 52, 53);
        }
        last_year = year;
        last_week = week;
    }
}

static void test_add(void **state)
{
    (void)state;
    assert_int_equal(date_add_months(day(2024, 1, 31), 1).days, day(2024, 2, 29).days);
    assert_int_equal(date_add_months(day(2023, 1, 31), 1).days, day(2023, 2, 28).days);
    assert_int_equal(date_add_months(day(2024, 3, 31), -1).days, day(2024, 2, 29).days);
    assert_int_equal(date_add_months(day(2024, 12, 15), 1).days, day(2025, 1, 15).days);
    assert_int_equal(date_add_months(day(2024, 1, 15), -13).days, day(2022, 12, 15).days);
    assert_int_equal(date_add_months(day(2024, 2, 29), 12).days, day(2025, 2, 28).days);
    assert_int_equal(date_add_months(day(2024, 2, 29), INT32_MAX).days, day(2200, 12, 31).days);
    assert_int_equal(date_add_months(day(2024, 2, 29), INT32_MIN).days, day(1900, 1, 1).days);
    assert_int_equal(date_add_days(day(2024, 2, 28), 2).days, day(2024, 3, 1).days);
    assert_int_equal(date_add_days(day(2024, 2, 28), INT32_MAX).days, day(2200, 12, 31).days);
    assert_int_equal(date_add_days(day(2024, 2, 28), INT32_MIN).days, day(1900, 1, 1).days);
    assert_int_equal(date_add_days(DATE_MAX, -1).days, DATE_MAX.days);
    assert_int_equal(date_add_months(DATE_MIN, 5).days, DATE_MIN.days);
}

static void test_order(void **state)
{
    (void)state;
    struct date x = day(2024, 3, 15);
    struct date y = day(2024, 3, 16);
    assert_true(date_cmp(x, y) < 0 && date_cmp(y, x) > 0 && date_cmp(x, x) == 0);
    assert_true(date_cmp(DATE_MIN, x) < 0 && date_cmp(DATE_MAX, x) > 0);
    assert_int_equal(date_earlier(x, y).days, x.days);
    assert_int_equal(date_later(x, y).days, y.days);
    assert_true(date_is_sentinel(DATE_MIN) && date_is_sentinel(DATE_MAX) && !date_is_sentinel(x));
}

static void ask_sentinel(void *arg)
{
    const struct date *d = arg;
    (void)date_parts(*d);
}

static void test_sentinels_have_no_parts(void **state)
{
    (void)state;
    struct date d = DATE_MAX;
    assert_true(test_aborts(ask_sentinel, &d));
}

static void test_parse_and_text(void **state)
{
    (void)state;
    struct date d = {0};
    char out[DATE_TEXT_BYTES];
    assert_true(date_parse(STR("2024-03-05"), &d));
    ASSERT_STR(date_text(d, out), "2024-03-05");
    ASSERT_STR(date_text_zh(d, out), "2024年3月5日");
    assert_true(date_parse(STR("2024年3月15日"), &d));
    ASSERT_STR(date_text(d, out), "2024-03-15");
    assert_true(date_parse(STR("2024年03月05日"), &d));
    ASSERT_STR(date_text(d, out), "2024-03-05");
    ASSERT_STR(date_text(DATE_MIN, out), "min");
    ASSERT_STR(date_text_zh(DATE_MAX, out), "max");
    static const char *const bad[] = {
        "",           "2024-3-5",    "2024-03-05 ",  " 2024-03-05",
        "24-03-05",   "2024-02-30",  "2023-02-29",   "02024-03-05",
        "2024/03/05", "2024年3月",   "2024年3月5号", "2024年003月05日",
        "2024-03-5",  "2024-13-01",  "1899-12-31",   "2201-01-01",
        "2024年月日", "-2024-03-05", "2024-03-055",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (date_parse(str_from_cstr(bad[i]), &d)) {
            fail_msg("%s", bad[i]);
        }
    }
}

static void test_today_is_the_clock_in_utc_plus_8(void **state)
{
    (void)state;
    time_t before = time(NULL);
    struct date today = date_today();
    time_t after = time(NULL);
    assert_true(today.days >= (before + 8 * 3600) / 86400);
    assert_true(today.days <= (after + 8 * 3600) / 86400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_of_the_range),
        cmocka_unit_test(test_make_refuses),
        cmocka_unit_test(test_iso_week),
        cmocka_unit_test(test_add),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_sentinels_have_no_parts),
        cmocka_unit_test(test_parse_and_text),
        cmocka_unit_test(test_today_is_the_clock_in_utc_plus_8),
    };
    return cmocka_run_group_tests_name("base_date", tests, NULL, NULL);
}
