/* SPDX-License-Identifier: Apache-2.0 */
/* parse∘print is the identity in both languages: on the reference's examples and the bundled pack.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "lang/diag.h"
#include "lang/fmt.h"
#include "lang/parse.h"
#include "tests/lib/test.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 30, "t");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct ast *parse(struct str text, struct sources **sources)
{
    struct diags ds;
    uint32_t file = 0;
    struct ast *ast = NULL;
    *sources = ARENA_NEW(&arena, struct sources);
    diags_init(&ds, &arena, *sources);
    assert_int_equal(sources_add(&arena, *sources, STR("t.plan"), text, &ds, &file), RC_OK);
    assert_int_equal(lang_parse(&arena, *sources, &ds, &ast), RC_OK);
    if (ds.n_errors > 0) {
        struct buf b;
        buf_init(&b, 1 << 20);
        diags_render_text(&ds, DIAG_EN, false, &b);
        print_error("%.*s\n", PS(buf_view(&b)));
        buf_release(&b);
    }
    assert_int_equal(ds.n_errors, 0);
    return ast;
}

static struct str print(const struct sources *s, const struct ast *ast, enum diag_lang lang)
{
    struct buf b;
    buf_init(&b, 1 << 24);
    fmt_file(s, ast, 0, lang, &b);
    struct str text = buf_move(&arena, &b);
    assert_false(b.overflow);
    return text;
}

static void round_trip(struct str text)
{
    struct sources *s = NULL;
    const struct ast *first = parse(text, &s);
    struct str zh = print(s, first, DIAG_ZH);
    const struct ast *second = parse(zh, &s);
    assert_true(ast_equal(first, second));
    assert_true(str_eq(print(s, second, DIAG_ZH), zh)); /* F3 */
    struct str en = print(s, second, DIAG_EN);
    const struct ast *third = parse(en, &s);
    assert_true(ast_equal(first, third));
    assert_true(str_eq(print(s, third, DIAG_EN), en));
    assert_true(str_eq(print(s, third, DIAG_ZH), zh));
    assert_int_equal(third->comments.n, first->comments.n); /* F2 */
}

static void test_reference(void **state)
{
    (void)state;
    struct str text;
    uint32_t n = 0;
    assert_int_equal(file_read(&arena, "docs/plan-language.md", 1 << 24, &text, NULL), RC_OK);
    uint32_t at = str_find(text, STR("```plan\n"), 0);
    while (at != STR_NONE) {
        uint32_t end = str_find(text, STR("\n```"), at + 8);
        round_trip(str_sub(text, at + 8, end + 1));
        at = str_find(text, STR("```plan\n"), end);
        n++;
    }
    assert_true(n >= 4);
}

static void test_pack(void **state)
{
    (void)state;
    struct dir_list files = {0};
    assert_int_equal(dir_list(&arena, "plans/nmg-2024", STR(".plan"), &files, NULL), RC_OK);
    assert_true(files.n >= 5);
    for (uint32_t i = 0; i < files.n; i++) {
        struct str text;
        const char *path = path_join(&arena, "plans/nmg-2024", files.paths[i]);
        assert_int_equal(file_read(&arena, path, 1 << 24, &text, NULL), RC_OK);
        round_trip(text);
    }
}

static void test_corners(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "目标 X { 到 2026年 (a + b) * c / (d - (e - f)) 不低于 3-5名 } # 尾注\n",
        "# 首注\n目标 「计划」 { 非 (a 且 b 或 c) }\n\n# 末注\n",
        "目标 X { 于 2024年 当 a 超过 5 且 b 不足 3 基本 达到 5 }\n",
        "指标 X { 计算 a 目标 当 b 到 2026年 每个 K 达到 5 目标 每个 K 当 c 超过 5 达到 5 }\n",
        "目标 X { 如果 a 则 -b 否则 (如果 c 则 d 否则 e) 2-3所左右 双向 }\n",
        "目标 X { a 属于 (\"甲\", \"乙\\\"丙\") 或 连续 2年 b 低于 90% }\n",
        "目标 X { 位次(K.a 于 K 升序) 不超过 三分之二 其中 \"甲\" b 20% 其中 c 不低于 1 }\n",
        "目标 X { 每个 {\"150100\", 赤峰市}, 每类 R.f 累计 自 2024年 到 2026年 a 不少于 1 }\n",
        "名单 L : K { \"A\", B }\n",
        "名单 M : K 其中 a 冻结 2024-09-01\n单位 床日\n",
        "单位 百册 = 100 册\n",
        "目标 X { 依据 B1 第2句, B2 第 2 至 ３ 句 , 附件1 二（三）1 第4-5句 # 注\n a 不低于 1 }\n",
        "任务 X { 依据 B13 sentences 2 to 3, 附件1 二(三)13 sentence 2, \"甲, 乙\" 第9句 启动 }\n",
        "任务 X { 责任 「计划」 协办 K，\"人社厅\"、「任务」 启动 }\n",
        "对象 K { 属性 a : 是否 } # 续\n对象 K 属于 L { 数据 b : 人 每年 }\n对象 K\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        round_trip(str_from_cstr(texts[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_reference, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pack, setup, teardown),
        cmocka_unit_test_setup_teardown(test_corners, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
