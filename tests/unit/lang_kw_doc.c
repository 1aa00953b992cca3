/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keyword table kw.def: no spelling twice, both languages complete, and the appendix of
 * docs/plan-language.md says exactly the same.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "lang/kw.h"
#include "tests/lib/test.h"

#define DOC       "docs/plan-language.md"
#define HEADING   "## Appendix: keywords"
#define DOC_BYTES (1U << 20)

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 16U << 20, "t");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_no_spelling_twice(void **state)
{
    (void)state;
    struct map seen = {0};
    uint32_t n;
    const struct kw_row *rows = kw_rows(&n);
    assert_true(n > 0);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(rows[i].spelling.n > 0);
        if (map_get(&seen, rows[i].spelling, NULL)) {
            fail_msg("twice: %.*s", PS(rows[i].spelling));
        }
        map_put(&arena, &seen, rows[i].spelling, i);
    }
}

static void test_both_languages_give_the_token(void **state)
{
    (void)state;
    uint32_t n;
    const struct kw_row *rows = kw_rows(&n);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(kw_is(rows[i].kind));
        assert_int_equal(kw_find(rows[i].spelling), rows[i].kind);
        assert_int_equal(kw_find(kw_text(rows[i].kind, true)), rows[i].kind);
        assert_int_equal(kw_find(kw_text(rows[i].kind, false)), rows[i].kind);
        /* ASCII is the English column, anything else the Chinese one. */
        assert_true(((unsigned char)kw_text(rows[i].kind, true).p[0]) >= 0x80);
        assert_true(((unsigned char)kw_text(rows[i].kind, false).p[0]) < 0x80);
    }
    assert_int_equal(kw_find(STR("不是关键词")), TOK_IDENT);
    assert_int_equal(kw_find(STR("Plan")), TOK_IDENT); /* English keywords are lower-case */
    assert_int_equal(kw_find(STR("")), TOK_IDENT);
}

/* The next `…` of a line; false at its end. */
static bool next_quoted(struct str line, uint32_t *at, struct str *out)
{
    uint32_t open = str_find(line, STR("`"), *at);
    if (open == STR_NONE) {
        return false;
    }
    uint32_t close = str_find(line, STR("`"), open + 1);
    assert_true(close != STR_NONE);
    *out = str_sub(line, open + 1, close);
    *at = close + 1;
    return true;
}

/* One row of the appendix: all its spellings are one token, the first two the primary ones. */
static uint32_t check_line(struct str line, struct map *seen)
{
    struct str word;
    uint32_t at = 0;
    uint32_t n = 0;
    enum tok kind = TOK_IDENT;
    while (next_quoted(line, &at, &word)) {
        if (kw_find(word) == TOK_IDENT) {
            fail_msg("not in kw.def: %.*s", PS(word));
        }
        if (n == 0) {
            kind = kw_find(word);
        }
        if (kw_find(word) != kind || (n < 2 && !str_eq(word, kw_text(kind, n == 0)))) {
            fail_msg("wrong row or column: %.*s", PS(word));
        }
        map_put(&arena, seen, word, n);
        n++;
    }
    assert_true(n >= 2);
    return n;
}

static void test_appendix_is_the_table(void **state)
{
    (void)state;
    struct err e;
    err_clear(&e);
    struct str doc;
    assert_int_equal(file_read(&arena, DOC, DOC_BYTES, &doc, &e), RC_OK);
    uint32_t beg = str_find(doc, STR("\n" HEADING "\n"), 0);
    assert_true(beg != STR_NONE);
    struct str rest = str_sub(doc, beg, doc.n);
    struct map seen = {0};
    struct str line;
    uint32_t words = 0;
    while (str_split(&rest, '\n', &line)) {
        if (str_starts(line, STR("| `"))) {
            words += check_line(line, &seen);
        }
    }
    uint32_t n;
    const struct kw_row *rows = kw_rows(&n);
    for (uint32_t i = 0; i < n; i++) {
        if (!map_get(&seen, rows[i].spelling, NULL)) {
            fail_msg("missing in the appendix: %.*s", PS(rows[i].spelling));
        }
    }
    assert_int_equal(words, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_spelling_twice),
        cmocka_unit_test(test_both_languages_give_the_token),
        cmocka_unit_test(test_appendix_is_the_table),
    };
    return cmocka_run_group_tests_name("lang_kw_doc", tests, setup, teardown);
}
