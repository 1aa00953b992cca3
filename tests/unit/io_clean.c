/* SPDX-License-Identifier: Apache-2.0 */
/* What the corpus cannot say: formats by their code, units of headers, names of places,
 * suggestions, and laws of cleaning that hold for any text. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "io/cell_clean.h"
#include "io/cell_clean_int.h"
#include "model/uom.h"
#include "tests/lib/test.h"

static const struct {
    const char *code;
    enum number_format format;
} formats[] = {
    {"General", NF_GENERAL},
    {"G/通用格式", NF_GENERAL},
    {"0", NF_NUMBER},
    {"#,##0.00_);(#,##0.00)", NF_NUMBER},
    {"0.00E+00", NF_NUMBER},
    {"\"￥\"#,##0", NF_NUMBER},
    {"0.00%", NF_PERCENT},
    {"0%;[Red]-0%", NF_PERCENT},
    {"0\"%\"", NF_NUMBER},
    {"yyyy-mm-dd", NF_DATE},
    {"m/d/yy h:mm", NF_DATE},
    {"[$-804]yyyy\"年\"m\"月\"d\"日\";@", NF_DATE},
    {"yyyy年m月", NF_DATE},
    {"mmm-yy", NF_DATE},
    {"d日", NF_DATE},
    {"h:mm:ss AM/PM", NF_TIME},
    {"[h]:mm", NF_TIME},
    {"[mm]:ss", NF_TIME},
    {"[Red]0", NF_NUMBER},
    {"@", NF_TEXT},
    {"0,", NF_MISLEADS},
    {"#,##0,,\"M\"", NF_MISLEADS},
    {"0!.0,\"万\"", NF_SCALED},
    {"0!.0000", NF_MISLEADS},
    {"0\\.0000", NF_MISLEADS},
    {"0.00\"万\"", NF_MISLEADS},
    {"General\"万元\"", NF_MISLEADS},
    {"000-0000", NF_MISLEADS},
    {"000\\-0000", NF_MISLEADS},
    {";;;", NF_MISLEADS},
    {"0.0_);(0.0)", NF_NUMBER},
    {"000000", NF_NUMBER},
    {"#,##0.00 ", NF_NUMBER},
    {"0 \"千克\"", NF_NUMBER},
    {"#,##0", NF_NUMBER},
    {"# ?/?", NF_OTHER},
    {"\"是\"", NF_MISLEADS},
    {"0\" 人\"", NF_NUMBER},
    {"\"年\"0", NF_NUMBER},
    {"", NF_GENERAL},
    {"[", NF_MISLEADS},
    {"\"", NF_MISLEADS},
    {"0\\", NF_NUMBER},
};

static void test_formats(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        enum number_format got = number_format_of(str_from_cstr(formats[i].code));
        if (got != formats[i].format) {
            fail_msg("%s: %d, not %d", formats[i].code, (int)got, (int)formats[i].format);
        }
    }
    assert_int_equal(number_format_builtin(10), NF_PERCENT);
    assert_int_equal(number_format_builtin(14), NF_DATE);
    assert_int_equal(number_format_builtin(31), NF_DATE);
    assert_int_equal(number_format_builtin(57), NF_DATE);
    assert_int_equal(number_format_builtin(49), NF_TEXT);
    assert_int_equal(number_format_builtin(4000000000U), NF_GENERAL);
}

static void test_header_units(void **state)
{
    static const char *const headers[][2] = {
        {"经费（万元）", "万元"},
        {"经费 ( 元 )", "元"},
        {"占比(%)", "%"},
        {"占比（％）", "%"},
        {"单位：万元", "万元"},
        {"金额（单位：亿元）", "亿元"},
        {"学生数（人）", "人"},
        {"面积（平方米）", "平方米"},
        {"生均（元/人）", "元/人"},
        {"学校（全称）", ""},
        {"学校", ""},
        {"()", ""},
        {"", ""},
        {"班（个）数", ""},
        {"单位名称", ""},
    };
    struct arena a;
    struct uom_table units;
    (void)state;
    arena_init(&a, 1 << 22, "test");
    uom_init(&a, &units);
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        ASSERT_STR(clean_header_unit(&a, &units, str_from_cstr(headers[i][0])), headers[i][1]);
    }
    arena_release(&a);
}

static void test_places(void **state)
{
    char name[CELL_NAME_BYTES];
    uint32_t row = 0;
    uint32_t column = 0;
    (void)state;
    assert_string_equal(cell_name(0, 0, name), "A1");
    assert_string_equal(cell_name(9, 26, name), "AA10");
    assert_string_equal(cell_name(WORKBOOK_ROWS_MAX - 1, WORKBOOK_COLUMNS_MAX - 1, name),
                        "XFD1048576");
    for (uint32_t i = 0; i < WORKBOOK_COLUMNS_MAX; i += 7) {
        assert_true(cell_parse_name(str_from_cstr(cell_name(i, i, name)), &row, &column));
        assert_true(row == i && column == i);
    }
    static const char *const bad[] = {"",         "A",   "1",   "A0",   "XFE1",
                                      "A1048577", "A1B", "A-1", "AAAA1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(cell_parse_name(str_from_cstr(bad[i]), &row, &column));
    }
    assert_true(cell_parse_name(STR("$b$3"), &row, &column) && row == 2 && column == 1);
}

static void test_decimals(void **state)
{
    static const char *const rows[][2] = {
        {"0.30000000000000004", "0.3"},
        {"1e-7", "0.0000001"},
        {"-0", "0"},
        {"1.5E+3", "1500"},
        {"999999999999999.9", "1000000000000000"},
        {"-12.5", "-12.5"},
        {"0.000", "0"},
        {"1234567890123456", "1234567890123460"},
        {".5", "0.5"},
        {"5.", "5"},
        {"0.95", "0.95"},
        {"1E15", "1000000000000000"},
    };
    static const char *const bad[] = {"", "-", ".", "1e", "1.2.3", "1e99999", "0x10", "1 ", "NaN"};
    struct arena a;
    struct decimal d;
    struct str text;
    (void)state;
    arena_init(&a, 1 << 20, "test");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(decimal_read(str_from_cstr(rows[i][0]), &d));
        decimal_shown(&d);
        assert_true(decimal_text(&a, &d, &text));
        ASSERT_STR(text, rows[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(decimal_read(str_from_cstr(bad[i]), &d));
    }
    arena_release(&a);
}

/* A text as a number of a unit, to its suggestion. */
static void test_suggestions(void **state)
{
    static const char *const rows[][3] = {
        {"约120人", "人", "120"},
        {"1,200余", "人", "1200"},
        {"12,3456", "人", "123456 | 12.3456"},
        {"0.95", "%", "95% | 0.95%"},
        {"无", "人", "0 | —"},
        {"120甲", "人", "120"},
        {"3.5万", "万元", "3.5"},
        {"超过3.5万元", "元", "35000"},
        {"1,2", "元", "1.2 | 12"},
        {"三百二十", "人", "320"},
        {"三百二十人", "人", "320人"},
        {"一", "人", "1 | —"},
        {"十", "人", "10"},
        {"二十三", "人", "23"},
        {"一百零二", "人", "102"},
        {"一百二", "人", ""},
        {"一百二十", "人", "120"},
        {"三万五", "人", ""},
        {"三二〇", "人", "320"},
        {"一万二千三百", "人", "12300"},
        {"一亿二千万元", "元", "120000000元"},
        {"三亿零五万", "人", "300050000"},
        {"十二亿", "人", "1200000000"},
        {"两千", "人", "2000"},
        {"壹仟贰佰叁拾肆", "人", "1234"},
        {"三点五", "元", "3.5"},
        {"三点", "元", ""},
        {"百分之九十五", "%", "95%"},
        {"百分之九十五点五", "%", "95.5%"},
        {"千分之五", "%", "5‰"},
        {"百百", "人", ""},
        {"千百", "人", ""},
        {"零", "人", "0"},
        {"二十百", "人", ""},
    };
    struct arena a;
    struct uom_table units;
    (void)state;
    arena_init(&a, 1 << 22, "test");
    uom_init(&a, &units);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sheet_cell cell = {.text = str_from_cstr(rows[i][0]), .kind = CELL_TEXT};
        struct clean_ask ask = {
            .want = CLEAN_NUMBER, .units = &units, .unit = str_from_cstr(rows[i][1])};
        struct clean_value v;
        cell_clean(&a, &cell, &ask, &v);
        assert_true(v.fault != CLEAN_FAULT_OK);
        ASSERT_STR(v.suggestion, rows[i][2]);
    }
    arena_release(&a);
}

/* Dates in Chinese figures, to their suggestion. */
static void test_numeral_dates(void **state)
{
    static const char *const rows[][2] = {
        {"二〇二四年九月一日", "2024-09-01"},
        {"二零二四年十二月三十一号", "2024-12-31"},
        {"二〇二四年九月", "2024-09"},
        {"二〇二四年", "2024"},
        {"二〇二三年二月二十九日", ""},
        {"二四年九月", ""},
        {"二〇二四年十三月", ""},
        {"九月一日", ""},
    };
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 22, "test");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sheet_cell cell = {.text = str_from_cstr(rows[i][0]), .kind = CELL_TEXT};
        struct clean_ask ask = {.want = CLEAN_DATE};
        struct clean_value v;
        cell_clean(&a, &cell, &ask, &v);
        assert_int_equal(v.fault, CLEAN_FAULT_NUMERAL);
        ASSERT_STR(v.suggestion, rows[i][1]);
    }
    arena_release(&a);
}

/* Every row of the tables speaks both languages and has a word of its own. */
static void test_words(void **state)
{
    (void)state;
    for (int i = 0; i < CLEAN_DID__COUNT; i++) {
        struct clean_words w = clean_did_words((enum clean_did)i);
        assert_true(w.word[0] != 0 && w.en[0] != 0 && w.zh[0] != 0);
    }
    for (int i = 1; i < CLEAN_FAULT__COUNT; i++) {
        struct clean_words w = clean_fault_words((enum clean_fault)i);
        enum clean_state s = clean_fault_state((enum clean_fault)i);
        assert_true(w.word[0] != 0 && w.en[0] != 0 && w.zh[0] != 0);
        assert_true(w.mend_en[0] != 0 && w.mend_zh[0] != 0);
        assert_true(s == CLEAN_QUESTION || s == CLEAN_REFUSED);
        for (int k = 1; k < i; k++) {
            assert_string_not_equal(w.word, clean_fault_words((enum clean_fault)k).word);
        }
    }
}

/*
 * A whole number comes back as itself from each way to write it, and as nothing else: C3.
 */
static void test_writings(void **state)
{
    struct arena a;
    struct uom_table units;
    struct rng r;
    (void)state;
    arena_init(&a, 1 << 26, "test");
    uom_init(&a, &units);
    rng_seed(&r, 7);
    for (int i = 0; i < 2000; i++) {
        struct arena_mark mark = arena_mark(&a);
        int64_t n = (int64_t)rng_below(&r, 2000000000);
        char plain[32];
        char grouped[64];
        int at = 0;
        (void)snprintf(plain, sizeof plain, "%lld", (long long)n);
        for (size_t k = 0; plain[k] != 0; k++) {
            size_t left = strlen(plain) - k;
            if (k > 0 && left % 3 == 0) {
                grouped[at++] = ',';
            }
            grouped[at++] = plain[k];
        }
        grouped[at] = 0;
        struct sheet_cell cell = {.text = str_from_cstr(grouped), .kind = CELL_TEXT};
        struct clean_ask ask = {.want = CLEAN_WHOLE, .units = &units, .unit = STR("人")};
        struct clean_value v;
        cell_clean(&a, &cell, &ask, &v);
        assert_true(v.state == CLEAN_VALUE && rat_eq(v.number, rat_int(n)));
        assert_true((v.did >> CLEAN_DID_GROUPED & 1) == (n >= 1000));
        cell = (struct sheet_cell){.text = str_from_cstr(plain), .kind = CELL_NUMBER};
        cell_clean(&a, &cell, &ask, &v);
        assert_true(v.state == CLEAN_VALUE && rat_eq(v.number, rat_int(n)) && v.did == 0);
        arena_rewind(&a, mark);
    }
    arena_release(&a);
}

/* Each day of two centuries by its serial number, in both systems, and back from text. */
static void test_days(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 20, "test");
    for (int system = 0; system < 2; system++) {
        struct date before = DATE_MIN;
        for (int64_t serial = system == 0 ? 61 : 0; serial < 73000; serial++) {
            struct arena_mark mark = arena_mark(&a);
            struct clean_ask ask = {.want = CLEAN_DATE, .date1904 = system == 1};
            struct cleaning c = {.a = &a, .ask = &ask};
            struct date day;
            assert_true(clean_serial(&c, serial, &day));
            assert_true(before.days == DATE_MIN.days || day.days == before.days + 1);
            before = day;
            arena_rewind(&a, mark);
        }
    }
    struct clean_ask ask = {.want = CLEAN_DATE};
    struct cleaning c = {.a = &a, .ask = &ask};
    struct date day;
    assert_true(clean_serial(&c, 45536, &day));
    assert_int_equal(
        date_parts(day).year * 10000 + date_parts(day).month * 100 + date_parts(day).day, 20240901);
    assert_false(clean_serial(&c, 0, &day) || clean_serial(&c, 60, &day));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),     cmocka_unit_test(test_header_units),
        cmocka_unit_test(test_places),      cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_suggestions), cmocka_unit_test(test_numeral_dates),
        cmocka_unit_test(test_words),       cmocka_unit_test(test_writings),
        cmocka_unit_test(test_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
