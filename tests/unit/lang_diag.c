/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics: limits, suggestions, texts of every row, carets under Chinese text, JSON. */
#include "lang/diag.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tests/lib/test.h"

static struct arena arena;
static struct sources sources;
static struct diags diags;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 28, "t");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void source(const char *text)
{
    uint32_t file = 0;
    sources = (struct sources){0};
    diags_init(&diags, &arena, &sources);
    assert_int_equal(
        sources_add(&arena, &sources, STR("t.plan"), str_from_cstr(text), &diags, &file), RC_OK);
}

static struct span span(uint32_t beg, uint32_t end)
{
    return (struct span){.file = 0, .beg = beg, .end = end};
}

static struct str render(enum diag_lang lang, bool colour)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    diags_render_text(&diags, lang, colour, &b);
    struct str out = buf_move(&arena, &b);
    return out;
}

static void test_caret_under_chinese(void **state)
{
    (void)state;
    source("目标 甲 {\n\t计算 学校@ 乙\n}\n");
    struct diag *d = diag_add(&diags, DIAG_stray_char, span(27, 28));
    diag_arg(&diags, d, "char", STR("@"));
    diag_label(&diags, d, span(11, 12), "opened here", "在此打开");
    ASSERT_STR(render(DIAG_ZH, false), "t.plan:2:7: 错误 E0105: 此处不能出现字符“@”\n"
                                       "    2 |     计算 学校@ 乙\n"
                                       "      |              ^\n"
                                       "    1 | 目标 甲 {\n"
                                       "      |         - 在此打开\n"
                                       "      = 提示：名称中含特殊符号时请用「…」括起。\n");
    ASSERT_STR(render(DIAG_EN, false),
               "t.plan:2:7: error E0105: the character @ cannot stand here\n"
               "    2 |     计算 学校@ 乙\n"
               "      |              ^\n"
               "    1 | 目标 甲 {\n"
               "      |         - opened here\n"
               "      = hint: Quote names with special characters: 「…」.\n");
    assert_true(str_find(render(DIAG_ZH, true), STR("\x1b[1;31m"), 0) != STR_NONE);
}

/* The column of the first caret and the width of the widest line. */
static uint32_t caret_column(struct str text, uint32_t *widest)
{
    struct str line;
    uint32_t column = 0;
    *widest = 0;
    while (str_split(&text, '\n', &line)) {
        uint32_t at = str_find(line, STR("^"), 0);
        uint32_t width = utf8_width(line);
        *widest = width > *widest ? width : *widest;
        column = at != STR_NONE ? utf8_width(str_sub(line, 0, at)) : column;
    }
    return column;
}

static void test_long_line_is_cut(void **state)
{
    (void)state;
    char text[6001];
    for (size_t i = 0; i < 2000; i++) {
        memcpy(text + 3 * i, "名", 3);
    }
    text[3000] = '@';
    text[3001] = '@';
    text[3002] = '@';
    text[6000] = '\0';
    source(text);
    (void)diag_add(&diags, DIAG_stray_char, span(3000, 3001));
    struct str out = render(DIAG_ZH, false);
    uint32_t widest = 0;
    uint32_t column = caret_column(out, &widest);
    assert_true(widest < 200);
    /* The character above the caret is the one that is meant. */
    uint32_t at = str_find(out, STR("@"), 0);
    uint32_t line_beg = str_find(out, STR("    1 | "), 0);
    assert_int_equal(utf8_width(str_sub(out, line_beg, at)), column);
}

static void test_limit_per_file(void **state)
{
    (void)state;
    source("abcdefghijklmnopqrstuvwxyz");
    for (uint32_t i = 0; i < 25; i++) {
        struct diag *d = diag_add(&diags, DIAG_stray_char, span(i, i + 1));
        diag_arg(&diags, d, "char", STR("x"));
        diag_fix(&diags, d, d->at, STR(""));
    }
    assert_int_equal(diags.list.n, LIMIT_DIAG_SHOWN);
    assert_int_equal(diags.n_errors, 25);
    assert_true(str_find(render(DIAG_EN, false), STR("more, not shown: 5\n"), 0) != STR_NONE);
}

static void test_same_place_once(void **state)
{
    (void)state;
    source("abc");
    (void)diag_add(&diags, DIAG_stray_char, span(1, 2));
    (void)diag_add(&diags, DIAG_stray_char, span(1, 2));
    assert_int_equal(diags.list.n, 1);
    assert_int_equal(diags.n_errors, 1);
    (void)diag_add(&diags, DIAG_bad_date, span(1, 2));
    (void)diag_add(&diags, DIAG_stray_char, span(2, 3));
    assert_int_equal(diags.list.n, 3);
}

static void test_sorted_by_place(void **state)
{
    (void)state;
    source("a\nb\nc");
    (void)diag_add(&diags, DIAG_stray_char, span(4, 5));
    (void)diag_add(&diags, DIAG_stray_char, span(0, 1));
    struct str out = render(DIAG_EN, false);
    assert_true(str_find(out, STR("t.plan:1:1"), 0) < str_find(out, STR("t.plan:3:1"), 0));
}

static void test_nearest(void **state)
{
    (void)state;
    static const struct str known[] = {STR_INIT("在园幼儿"), STR_INIT("在校学生"),
                                       STR_INIT("teachers"), STR_INIT("甲")};
    assert_int_equal(diag_nearest(STR("在园儿童"), known, 4), 4);
    assert_int_equal(diag_nearest(STR("在园幼"), known, 4), 0);
    assert_int_equal(diag_nearest(STR("在校生学"), known, 4), 1);
    assert_int_equal(diag_nearest(STR("teacehr"), known, 4), 2);
    assert_int_equal(diag_nearest(STR("乙"), known, 4), 4);
    assert_int_equal(diag_distance(STR("kitten"), STR("sitting"), 9), 3);
    assert_int_equal(diag_distance(STR("ab"), STR("ba"), 9), 1);
    assert_int_equal(diag_distance(STR(""), STR("甲乙"), 9), 2);
    assert_int_equal(diag_distance(STR("abcdef"), STR("uvwxyz"), 2), 3);

    source("在园幼");
    struct diag *d = diag_add(&diags, DIAG_stray_char, span(0, 9));
    diag_suggest(&diags, d, STR("在园幼"), known, 4);
    ASSERT_STR(d->fix_text, "在园幼儿");
    assert_true(str_find(render(DIAG_ZH, false), STR("是否指“在园幼儿”？"), 0) != STR_NONE);
}

/* The {placeholders} of a text, sorted by first use, as one text. */
static uint32_t count_placeholders(const char *text, const char *other)
{
    uint32_t n = 0;
    for (const char *p = strchr(text, '{'); p; p = strchr(p + 1, '{')) {
        const char *end = strchr(p, '}');
        if (end) {
            struct str key = str_make(p, (size_t)(end - p) + 1);
            assert_true(str_find(str_from_cstr(other), key, 0) != STR_NONE);
            n++;
        }
    }
    return n;
}

static void test_every_row(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *severity;
        const char *text[4];
    } rows[] = {
#define DIAG(code, severity, name, en, zh, hint_en, hint_zh)                                       \
    {#code, #severity, {(en), (zh), (hint_en), (hint_zh)}},
#include "lang/diag.def"
    };
    assert_int_equal(sizeof rows / sizeof rows[0], DIAG__COUNT);
    for (size_t i = 0; i < DIAG__COUNT; i++) {
        assert_int_equal(strlen(rows[i].code), 5);
        assert_int_equal(rows[i].code[0], rows[i].severity[0]);
        for (size_t k = 0; k < 4; k++) {
            assert_true(rows[i].text[k][0] != '\0');
        }
        (void)count_placeholders(rows[i].text[0], rows[i].text[1]);
        (void)count_placeholders(rows[i].text[1], rows[i].text[0]);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(rows[i].code, rows[k].code);
        }
        assert_string_equal(diag_code_text((enum diag_code)i), rows[i].code);
    }
}

static void test_json(void **state)
{
    (void)state;
    source("a\n名@");
    struct diag *d = diag_add(&diags, DIAG_stray_char, span(5, 6));
    diag_arg(&diags, d, "char", STR("@"));
    diag_fix(&diags, d, d->at, STR("x"));
    diag_label(&diags, d, span(0, 1), "here", "此处");
    struct buf b;
    struct json j;
    buf_init(&b, 1 << 16);
    json_init(&j, &b, false);
    diags_render_json(&diags, &j);
    json_end(&j);
    ASSERT_STR(buf_view(&b),
               "[{\"code\":\"E0105\",\"name\":\"stray_char\",\"severity\":\"error\","
               "\"message_zh\":\"此处不能出现字符“@”\","
               "\"message_en\":\"the character @ cannot stand here\","
               "\"hint_zh\":\"名称中含特殊符号时请用「…」括起。\","
               "\"hint_en\":\"Quote names with special characters: 「…」.\","
               "\"file\":\"t.plan\",\"line\":2,\"column\":2,\"end_line\":2,\"end_column\":3,"
               "\"suggestion\":\"\",\"labels\":[{\"message_zh\":\"此处\",\"message_en\":\"here\","
               "\"file\":\"t.plan\",\"line\":1,\"column\":1,\"end_line\":1,\"end_column\":2}],"
               "\"fixit\":{\"text\":\"x\",\"file\":\"t.plan\",\"line\":2,\"column\":2,"
               "\"end_line\":2,\"end_column\":3}}]");
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_caret_under_chinese), cmocka_unit_test(test_long_line_is_cut),
        cmocka_unit_test(test_limit_per_file),      cmocka_unit_test(test_same_place_once),
        cmocka_unit_test(test_sorted_by_place),     cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_every_row),           cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests_name("lang_diag", tests, setup, teardown);
}
