/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plan documents as read: the tree of clauses from any numbering, paragraphs out of broken lines,
 * rows of tables, figures that are in doubt, and the reasons. All texts are invented.
 */
#include "draft/outline.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "io/text.h"
#include "tests/lib/test.h"

static struct arena arena;
static struct buf shown;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20, "t");
    buf_init(&shown, 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_release(&shown);
    arena_release(&arena);
    return 0;
}

static struct outline outlined(const char *text)
{
    struct text t;
    struct outline o;
    struct err e;
    struct text_dropped dropped;
    err_clear(&e);
    assert_int_equal(text_read_bytes(&arena, "t", str_from_cstr(text), &t, &e), RC_OK);
    text_clean(&arena, &t, &dropped);
    assert_int_equal(outline_make(&arena, &t, "t", &o, &e), RC_OK);
    return o;
}

static const char *shown_text(void)
{
    return str_to_cstr(&arena, buf_view(&shown));
}

/* The paths of all sections but the preface. */
static const char *paths(const char *text)
{
    struct outline o = outlined(text);
    buf_clear(&shown);
    for (uint32_t i = 1; i < o.sections.n; i++) {
        buf_puts(&shown, i > 1 ? " | " : "");
        buf_str(&shown, o.sections.items[i].path);
    }
    return shown_text();
}

/* The paragraphs as printed; rows in brackets with their cells. */
static const char *paragraphs(const char *text)
{
    struct outline o = outlined(text);
    buf_clear(&shown);
    for (uint32_t i = 0; i < o.paragraphs.n; i++) {
        const struct outline_paragraph *p = &o.paragraphs.items[i];
        buf_puts(&shown, i > 0 ? " | " : "");
        if (p->row) {
            buf_puts(&shown, "[");
            buf_str(&shown, str_sub(o.text, p->beg, p->end));
            buf_puts(&shown, "]");
        } else {
            buf_str(&shown, outline_source(&o, p->beg, p->end));
        }
    }
    return shown_text();
}

/* What is in doubt, as it stands in the text. */
static const char *doubts(const char *text)
{
    struct outline o = outlined(text);
    buf_clear(&shown);
    for (uint32_t i = 0; i < o.doubts.n; i++) {
        const struct outline_doubt *d = &o.doubts.items[i];
        assert_ptr_equal(outline_doubt_in(&o, d->beg, d->end), d);
        buf_printf(&shown, "%d:", (int)d->kind);
        buf_str(&shown, str_sub(o.text, d->beg, d->end));
        buf_puts(&shown, " ");
    }
    return shown_text();
}

#define HAS(function, text, want) assert_string_equal(function(text), want)

static void test_numbering(void **state)
{
    (void)state;
    HAS(paths, "一、甲\n（一）乙\n1．丙。\n（1）丁。\n①戊。\n②己。\n二、庚。\n",
        "一 | 一(一) | 一(一)1 | 一(一)1(1) | 一(一)1(1)① | 一(一)1(1)② | 二");
    HAS(paths, "第一章  总则\n第一条 为了灯。\n第二条 为了树。\n第二章 灯\n第三条 点灯。\n",
        "第一章 | 第一章第一条 | 第一章第二条 | 第二章 | 第二章第三条");
    HAS(paths, "第一部分 灯\n第一节 路灯\n1、亮。\n2、省。\n第二节 街灯\n1、亮。\n第二部分 树\n",
        "第一部分 | 第一部分第一节 | 第一部分第一节1 | 第一部分第一节2 | 第一部分第二节 | "
        "第一部分第二节1 | 第二部分");
    HAS(paths, "⼀、甲。\n㈠乙。\n", "一 | 一(一)");
    HAS(paths, "㈠甲。\n㈡乙。\n1)丙。\n2)丁。\n⒊戊。\n",
        "(一) | (二) | (二).1) | (二).2) | (二)3");
    HAS(paths, "(一)甲\n1.乙。\n(二)丙\n1.丁。\n", "(一) | (一)1 | (二) | (二)1");
    HAS(paths, "一、甲。\n附件1\n灯表\n一、乙。\n附件二:树表\n一、丙。\n",
        "一 | 附件1 | 附件1 一 | 附件2 | 附件2 一");
}

static void test_levels_of_the_document(void **state)
{
    (void)state;
    /* Here 1. stands above (一); in the second text it counts on across (一), as it often does. */
    HAS(paths, "1.甲\n(一)乙。\n(二)丙。\n2.丁\n(一)戊。\n(二)己。\n3.庚\n(一)辛。\n",
        "1 | 1(一) | 1(二) | 2 | 2(一) | 2(二) | 3 | 3(一)");
    HAS(paths, "一、甲\n(一)乙\n1.丙。\n二、丁\n(一)戊\n2.己。\n三、庚\n(一)辛\n3.壬。\n",
        "一 | 一(一) | 一(一)1 | 二 | 二(一) | 二(一)2 | 三 | 三(一) | 三(一)3");
}

static void test_missing_and_again(void **state)
{
    (void)state;
    HAS(paths, "一、甲。\n三、乙。\n四、丙。\n", "一 | 三 | 四");
    HAS(paths, "一、甲\n1.乙。\n2.丙。\n另外还要这样:\n1.丁。\n2.戊。\n二、己。\n",
        "一 | 一1 | 一2 | 一1#2 | 一2#2 | 二");
    struct outline o = outlined("一、甲\n1.乙。\n2.丙。\n再:\n1.丁。\n2.戊。\n");
    assert_true(str_eq(o.sections.items[4].code, STR("M1.1_2")));
}

static void test_numbers_that_are_no_headings(void **state)
{
    (void)state;
    HAS(paths, "一、甲。\n2.0办法好。\n2026年建成。\n第一节课要好。\n第三条要求是灯。\n二、乙。\n",
        "一 | 二");
    HAS(paths, "一、甲见第\n三、四年级。\n二、乙。丙有\n5.树。\n", "一 | 二");
    HAS(paths, "一、甲。\n附件:1.灯表\n2.树表\n二、乙。\n", "一 | 二");
}

static void test_paragraphs(void **state)
{
    (void)state;
    /* Broken at 20 columns: joined, but not across headings, items and ends of sentences. */
    HAS(paragraphs,
        "一、甲乙丙丁戊己庚辛\n路灯路灯路灯路灯路灯\n路灯路灯路灯路灯路灯\n路灯。\n树木树木树木树木"
        "树木\n"
        "树木树木树木树木树木\n二、树\n●草草草草草草草草草\n●花花花花花花花花花\n",
        "一、甲乙丙丁戊己庚辛路灯路灯路灯路灯路灯路灯路灯路灯路灯路灯路灯。 | "
        "树木树木树木树木树木树木树木树木树木树木 | 二、树 | ●草草草草草草草草草 | "
        "●花花花花花花花花花");
    /* Paragraphs as lines: nothing is joined, but for what no paragraph begins with. */
    HAS(paragraphs, "一、甲\n短。\n中等长的一行\n，接着上面。\n　　全角 空格。\n",
        "一、甲 | 短。 | 中等长的一行，接着上面。 | 全角 空格。");
}

static void test_rows(void **state)
{
    (void)state;
    HAS(paragraphs, "一、表\n县      灯     树\n甲县    12     34\n乙县    5      6\n完。\n",
        "一、表 | [县\t灯\t树] | [甲县\t12\t34] | [乙县\t5\t6] | 完。");
    HAS(paragraphs, "一、甲\n只有  一行。\n完。\n", "一、甲 | 只有  一行。 | 完。");
}

static void test_doubts(void **state)
{
    (void)state;
    HAS(doubts, "一、到2O25年建l5个,IPv6和CO2不算,PM2.5也不算,二〇二五年也不算。\n",
        "0:2O25 0:l5 ");
    HAS(doubts, "一、建20 25个,2024-03-15 16:50印。\n", "1:20 25 ");
    HAS(doubts, "一、表\n县      灯     树\n甲县    12     34\n乙县    5      6\n完。\n", "");
    HAS(doubts,
        "一、路灯路灯路灯路灯2\n026路灯路灯路灯路灯路\n灯路灯路灯路灯路灯路\n灯路灯路灯路灯路灯路"
        "\n",
        "2:2026 ");
    /* The space stays: it never makes one number of two. */
    struct outline o = outlined("一、有3 4个,10²和①½。\n");
    assert_true(str_eq(o.sentences.items[0].text, STR("有3 4个,10²和①½。")));
}

static void test_spans(void **state)
{
    (void)state;
    struct outline o = outlined("题\n一、甲，乙　丙。丁；\n戊。\n");
    const struct outline_sentence *s = o.sentences.items;
    assert_int_equal(o.sentences.n, 3);
    assert_true(str_eq(s[0].text, STR("甲,乙丙。")));
    assert_true(str_eq(outline_source(&o, s[0].beg, s[0].end), STR("甲，乙　丙。")));
    assert_true(str_eq(outline_source(&o, s[1].beg, s[1].end), STR("丁；")));
    assert_int_equal(s[2].line, 3);
    assert_int_equal(s[2].number, 3);
    assert_int_equal(outline_line_at(&o, s[1].beg).number, 2);
    const struct outline_section *one = &o.sections.items[1];
    assert_true(str_eq(str_sub(o.text, one->mark, one->beg), STR("一、")));
}

/* The reason given for line `line`. */
static const char *why(const struct outline *o, uint32_t line, bool chinese)
{
    buf_clear(&shown);
    for (uint32_t i = 0; i < o->decisions.n; i++) {
        if (o->decisions.items[i].line == line) {
            outline_why(&o->decisions.items[i], chinese, &shown);
        }
    }
    return shown_text();
}

static void test_why(void **state)
{
    (void)state;
    struct outline o = outlined("一、甲。\n二、乙。\n五、丙。\n一、丁。\n附件:1.表\n");
    assert_string_equal(why(&o, 1, false), "the first number of its kind here");
    assert_string_equal(why(&o, 2, false), "2 counts on");
    assert_string_equal(why(&o, 3, true), "5 在段首；文中缺少 3");
    assert_string_equal(why(&o, 4, false), "does not count on: 6 would come next");
    assert_string_equal(why(&o, 5, true), "附件目录的开头");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_numbering, setup, teardown),
        cmocka_unit_test_setup_teardown(test_levels_of_the_document, setup, teardown),
        cmocka_unit_test_setup_teardown(test_missing_and_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_numbers_that_are_no_headings, setup, teardown),
        cmocka_unit_test_setup_teardown(test_paragraphs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_doubts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_spans, setup, teardown),
        cmocka_unit_test_setup_teardown(test_why, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
