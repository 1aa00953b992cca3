/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: keywords in both languages, folding, numbers, days, fractions, ids, every E01xx. */
#include "lang/lex.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "lang/diag.h"
#include "lang/kw.h"
#include "tests/lib/test.h"

static struct arena arena;
static struct sources sources;
static struct diags diags;
static struct tokens tokens;

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

static void lex_bytes(const char *p, size_t n)
{
    uint32_t file = 0;
    sources = (struct sources){0};
    diags_init(&diags, &arena, &sources);
    assert_int_equal(sources_add(&arena, &sources, STR("t.plan"), str_make(p, n), &diags, &file),
                     RC_OK);
    assert_int_equal(lex_file(&arena, &sources, file, &diags, &tokens), RC_OK);
}

static void lex(const char *text)
{
    lex_bytes(text, strlen(text));
}

/* All tokens as text: `kind:text` with a blank between; numbers as N value|suffix. */
static const char *shape(const char *text)
{
    struct buf b;
    lex(text);
    buf_init(&b, 1 << 20);
    for (uint32_t i = 0; i + 1 < tokens.list.n; i++) {
        const struct token *t = &tokens.list.items[i];
        char day[DATE_TEXT_BYTES];
        buf_puts(&b, i > 0 ? (t->glued ? "" : " ") : "");
        if (t->kind == TOK_NUMBER) {
            struct str value = rat_frac_str(&arena, t->number);
            buf_printf(&b, "<%.*s|%.*s>", PS(value), PS(t->suffix));
        } else if (t->kind == TOK_DAY) {
            struct str value = date_text(t->day, day);
            buf_printf(&b, "<day %.*s>", PS(value));
        } else if (t->kind == TOK_STRING) {
            buf_printf(&b, "\"%.*s\"", PS(t->text));
        } else if (t->kind == TOK_QUOTED) {
            buf_printf(&b, "`%.*s`", PS(t->text));
        } else if (t->kind == TOK_IDENT) {
            buf_printf(&b, "[%.*s]", PS(t->text));
        } else {
            struct str name = tok_text(t->kind, false);
            buf_printf(&b, "%.*s", PS(name));
        }
    }
    return buf_move(&arena, &b).p;
}

static void test_every_keyword(void **state)
{
    (void)state;
    uint32_t n = 0;
    const struct kw_row *rows = kw_rows(&n);
    for (uint32_t i = 0; i < n; i++) {
        lex(rows[i].spelling.p);
        assert_int_equal(tokens.list.n, 2);
        assert_int_equal(tokens.list.items[0].kind, rows[i].kind);
        assert_int_equal(diags.n_errors, 0);
        ASSERT_STR(tokens.list.items[0].text, rows[i].spelling.p);
        for (uint32_t j = 0; j < i; j++) {
            assert_false(str_eq(rows[i].spelling, rows[j].spelling));
        }
        if (rows[i].primary) {
            ASSERT_STR(kw_text(rows[i].kind, rows[i].chinese), rows[i].spelling.p);
        }
    }
}

static void test_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"", ""},
        {"如果A大于10", "[如果A大于10]"},
        {"如果 A 大于 10", "if [A] above <10|>"},
        {"「如果」 `a b`", "`如果` `a b`"},
        {"（Ａ１，ｂ、c）：；＞＝≥≤≠×÷→", "([A1],[b],[c]):;>=>=<=!=*/>"},
        {"a>=b<=c!=d>e<f=g", "[a]>=[b]<=[c]!=[d]>[e]<[f]=[g]"},
        {"指标 B0.2 覆盖率 {", "indicator [B0].<2|> [覆盖率] {"},
        {"V14.R1 B13.25 nmg-2024", "[V14].[R1] [B13].<25|> [nmg]-<2024|>"},
        {"B0.2.3", "[B0].<2|>.<3|>"},
        {"0.2 12.50% 95%以上", "<1/5|> <25/2|%> <95|%>or_more"},
        {"60%至70%", "<60|%>to<70|%>"},
        {"3至5个 40所左右", "<3|>to<5|个> <40|所>or_so"},
        {"2024年至2026年 15天以内", "<2024|年>to<2026|年> <15|天>or_less"},
        {"1,200,000 1_200_000万元", "<1200000|> <1200000|万元>"},
        {"150100,150200", "<150100|>,<150200|>"},
        {"1，23", "<1|>,<23|>"},
        {"5m2 5㎡ 7000元/人 3‰", "<5|m2> <5|㎡> <7000|元>/[人] <3|‰>"},
        {"９５．５％", "<191/2|%>"},
        {"三分之二 百分之九十五 千分之三", "<2/3|> <19/20|> <3/1000|>"},
        {"三分之二以上", "<2/3|>or_more"},
        {"百分之九十五点五 百分之95", "<191/200|> <19/20|>"},
        {"百分之一百零五 万分之十二", "<21/20|> <3/2500|>"},
        {"三分之一至三分之二", "<1/3|>to<2/3|>"},
        {"三分之二学校 百分之九五", "[三分之二学校] [百分之九五]"},
        {"2024-03-15 2024年3月15日", "<day 2024-03-15> <day 2024-03-15>"},
        {"2024-03 10-15", "<2024|>-<3|> <10|>-<15|>"},
        {"\"a\\\"b\\\\c\\nd\" “他说\"好\"”", "\"a\"b\\c\nd\" \"他说\"好\"\""},
        {"a#b\nc//d", "[a] [c]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(shape(rows[i].text), rows[i].want);
        assert_int_equal(diags.n_errors, 0);
    }
}

static void test_every_lexical_error(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum diag_code code;
        uint32_t beg;
        uint32_t end;
    } rows[] = {
        {"ab\xff", DIAG_bad_utf8, 2, 3},
        {"a\xe2\x80\xae", DIAG_bidi_control, 1, 4},
        {"a\x01", DIAG_control_char, 1, 2},
        {"a\xee\x80\x80", DIAG_private_char, 1, 4},
        {"a @", DIAG_stray_char, 2, 3},
        {"a ! b", DIAG_stray_char, 2, 3},
        {"x \"abc\ny", DIAG_open_string, 2, 3},
        {"“abc\"", DIAG_open_string, 0, 3},
        {"\"a\\q\"", DIAG_bad_escape, 2, 4},
        {"「abc\n", DIAG_open_name, 0, 3},
        {"「 」", DIAG_empty_name, 0, 7},
        {"1,23", DIAG_bad_grouping, 0, 2},
        {"1,234,5", DIAG_bad_grouping, 0, 6},
        {"12_34", DIAG_bad_grouping, 0, 3},
        {"12345678901234567890123456789012345678901", DIAG_long_number, 0, 41},
        {"2024-02-30", DIAG_bad_date, 0, 10},
        {"2024年13月1日", DIAG_bad_date, 0, 16},
        {"零分之三", DIAG_zero_fraction, 0, 12},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lex(rows[i].text);
        assert_int_equal(diags.n_errors, 1);
        const struct diag *d = diags.list.items[0];
        assert_int_equal(d->code, rows[i].code);
        assert_int_equal(d->at.beg, rows[i].beg);
        assert_int_equal(d->at.end, rows[i].end);
        assert_int_equal(vec_last(&tokens.list).kind, TOK_EOF);
    }
}

static void test_name_limit(void **state)
{
    (void)state;
    char name[3 * (LIMIT_NAME_CHARS + 1) + 1];
    for (uint32_t n = LIMIT_NAME_CHARS; n <= LIMIT_NAME_CHARS + 1; n++) {
        for (uint32_t i = 0; i < n; i++) {
            memcpy(name + 3 * (size_t)i, "名", 3);
        }
        lex_bytes(name, 3 * (size_t)n);
        assert_int_equal(diags.n_errors, n > LIMIT_NAME_CHARS);
        if (n > LIMIT_NAME_CHARS) {
            assert_int_equal(diags.list.items[0]->code, DIAG_long_name);
        }
    }
    lex("1234567890123456789012345678901234567890");
    assert_int_equal(diags.n_errors, 0);
}

static void test_comments_and_lines(void **state)
{
    (void)state;
    lex("# one\na # two\n// three\n  ＃ four\nb");
    assert_int_equal(tokens.comments.n, 4);
    static const char *const texts[] = {"one", "two", "three", "four"};
    static const bool own_line[] = {true, false, true, true};
    for (uint32_t i = 0; i < 4; i++) {
        ASSERT_STR(tokens.comments.items[i].text, texts[i]);
        assert_int_equal(tokens.comments.items[i].own_line, own_line[i]);
    }
    const struct token *t = tokens.list.items;
    assert_int_equal(t[0].n_comments, 1);
    assert_true(t[0].newline_before);
    assert_int_equal(t[1].comment_beg, 1);
    assert_int_equal(t[1].n_comments, 3);
    assert_true(t[1].newline_before);
    assert_false(t[1].glued);
}

static void test_names_are_normalised(void **state)
{
    (void)state;
    lex("e\xcc\x81"
        "x 「e\xcc\x81」 \xef\xbc\xa1");
    ASSERT_STR(tokens.list.items[0].text, "\xc3\xa9x");
    ASSERT_STR(tokens.list.items[1].text, "\xc3\xa9");
    ASSERT_STR(tokens.list.items[2].text, "A");
}

static void test_split_glued(void **state)
{
    (void)state;
    static const struct {
        const char *run;
        const char *want; /* NULL: nothing to split */
    } rows[] = {
        {"如果A大于10", "如果 A 大于 10"},
        {"公办或普惠", "公办 或 普惠"},
        {"到2024年", "到 2024年"},
        {"幼儿园", NULL},
        {"不低于", NULL},
        {"规则", NULL},
        {"到期", NULL},
        {"A不低于B", "A 不低于 B"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str out = STR("");
        bool split = lex_split_glued(&arena, str_from_cstr(rows[i].run), &out);
        assert_int_equal(split, rows[i].want != NULL);
        ASSERT_STR(out, rows[i].want ? rows[i].want : "");
    }
}

static void test_arena_limit_is_reported(void **state)
{
    (void)state;
    lex("a b c d e f");
    for (size_t limit = 64; limit < 4096; limit += 64) {
        struct arena small;
        arena_init(&small, limit, "small");
        struct tokens out;
        enum rc rc = lex_file(&small, &sources, 0, &diags, &out);
        assert_true(rc == RC_LIMIT || (rc == RC_OK && out.list.n == 7));
        arena_release(&small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_keyword),       cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_every_lexical_error), cmocka_unit_test(test_name_limit),
        cmocka_unit_test(test_comments_and_lines),  cmocka_unit_test(test_names_are_normalised),
        cmocka_unit_test(test_split_glued),         cmocka_unit_test(test_arena_limit_is_reported),
    };
    return cmocka_run_group_tests_name("lang_lex", tests, setup, teardown);
}
