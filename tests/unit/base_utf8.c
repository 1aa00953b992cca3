/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: validity, decoding, classes, width, normal form, GB18030. */
#include "base/utf8.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/rng.h"
#include "tests/lib/test.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 24, "t");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_invalid_sequences(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t n;
        uint32_t bad_at; /* n: valid */
    } rows[] = {
        {"", 0, 0},
        {"abc", 3, 3},
        {"a\0b", 3, 3},
        {"\x7f\xc2\x80", 3, 3},
        {"\xdf\xbf\xe0\xa0\x80", 5, 5},
        {"\xed\x9f\xbf\xee\x80\x80", 6, 6},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8, 8},
        {"x\x80", 2, 1},            /* lone continuation */
        {"\xc0\x80", 2, 0},         /* overlong NUL */
        {"\xc1\xbf", 2, 0},         /* overlong */
        {"\xe0\x9f\xbf", 3, 0},     /* overlong */
        {"\xf0\x8f\xbf\xbf", 4, 0}, /* overlong */
        {"\xed\xa0\x80", 3, 0},     /* surrogate */
        {"\xed\xbf\xbf", 3, 0},     /* surrogate */
        {"\xf4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", 4, 0},
        {"\xff", 1, 0},
        {"ab\xe6\x8c", 4, 2},   /* cut off */
        {"\xe6\x8c\x41", 3, 0}, /* broken inside */
        {"\xf0\x9f\x98", 3, 0},
        {"\xc2", 1, 0},
        {"\xf0\x9f\x41\x80", 4, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t bad_at = rows[i].n;
        bool valid = utf8_valid(str_make(rows[i].bytes, rows[i].n), &bad_at);
        assert_int_equal(valid, rows[i].bad_at == rows[i].n);
        assert_int_equal(bad_at, rows[i].bad_at);
    }
    assert_false(utf8_valid(STR("\xff"), NULL));
}

static void test_every_scalar_round_trips(void **state)
{
    (void)state;
    uint32_t seen = 0;
    for (uint32_t cp = 0; cp <= 0x110000; cp++) {
        if (!utf8_is_scalar(cp)) {
            continue;
        }
        seen++;
        char bytes[UTF8_MAX_BYTES];
        struct str s = {bytes, utf8_encode(cp, bytes)};
        uint32_t back = 0;
        if (!utf8_valid(s, NULL) || utf8_decode(s, 0, &back) != s.n || back != cp) {
            fail_msg("U+%04X", cp);
        }
    }
    assert_int_equal(seen, 0x110000 - 0x800);
}

static void test_decode_always_moves_on(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 8);
    for (int round = 0; round < 2000; round++) {
        char bytes[40];
        uint32_t n = (uint32_t)rng_below(&r, sizeof bytes);
        for (uint32_t i = 0; i < n; i++) {
            bytes[i] = (char)rng_range(&r, -128, 127);
        }
        struct str s = {bytes, n};
        uint32_t at = 0;
        bool replaced = false;
        while (at < n) {
            uint32_t cp = 0;
            uint32_t len = utf8_decode(s, at, &cp);
            assert_in_range(len, 1, 4);
            assert_true(utf8_is_scalar(cp));
            replaced = replaced || (cp == UTF8_REPLACEMENT && len == 1);
            at += len;
        }
        assert_int_equal(at, n);
        assert_int_equal(utf8_valid(s, NULL), !replaced);
    }
}

static void encode_surrogate(void *arg)
{
    (void)utf8_encode(0xd800, arg);
}

static void test_encode_refuses_surrogates(void **state)
{
    (void)state;
    char bytes[UTF8_MAX_BYTES];
    assert_true(test_aborts(encode_surrogate, bytes));
}

static void test_count_cut_bom(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(STR("a指😀")), 3);
    ASSERT_STR(utf8_cut(STR("a指标"), 7), "a指标");
    ASSERT_STR(utf8_cut(STR("a指标"), 6), "a指");
    ASSERT_STR(utf8_cut(STR("a指标"), 3), "a");
    ASSERT_STR(utf8_cut(STR("指"), 0), "");
    ASSERT_STR(utf8_strip_bom(STR("\ufeff计划")), "计划");
    ASSERT_STR(utf8_strip_bom(STR("计划\ufeff")), "计划\ufeff");
}

static void test_classes(void **state)
{
    (void)state;
    static const uint32_t bidi[] = {0x61c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069};
    for (size_t i = 0; i < sizeof bidi / sizeof bidi[0]; i++) {
        assert_true(utf8_is_bidi_control(bidi[i]));
    }
    static const uint32_t not_bidi[] = {'a', 0x61b, 0x200d, 0x2010, 0x2029, 0x202f, 0x2065, 0x206a};
    for (size_t i = 0; i < sizeof not_bidi / sizeof not_bidi[0]; i++) {
        assert_false(utf8_is_bidi_control(not_bidi[i]));
    }
    assert_true(utf8_is_control(0) && utf8_is_control(0x1f) && utf8_is_control(0x7f) &&
                utf8_is_control(0x9f));
    assert_false(utf8_is_control(' ') || utf8_is_control(0xa0) || utf8_is_control('~'));
    assert_true(utf8_is_private(0xe000) && utf8_is_private(0xf8ff) && utf8_is_private(0xf0000));
    assert_false(utf8_is_private('a'));
    assert_true(utf8_is_unassigned(0x0378) && utf8_is_unassigned(0xffff));
    assert_false(utf8_is_unassigned(0x4e00));
    assert_true(utf8_is_han(0x4e00) && utf8_is_han(0x3007) && utf8_is_han(0x20000) &&
                utf8_is_han(0x3400));
    assert_false(utf8_is_han('a') || utf8_is_han(0x3002) || utf8_is_han(0x3042));
    assert_true(utf8_is_alnum('a') && utf8_is_alnum('9') && utf8_is_alnum(0x6307) &&
                utf8_is_alnum(0x301) && utf8_is_alnum(0x2160));
    assert_false(utf8_is_alnum('-') || utf8_is_alnum(' ') || utf8_is_alnum(0x3002) ||
                 utf8_is_alnum('_'));
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(utf8_width(STR("指标 B0.2")), 4 + 5);
    assert_int_equal(utf8_width(STR("（ａ）")), 6);
    assert_int_equal(utf8_width(STR("e\u0301")), 1);
    assert_int_equal(utf8_width(STR("\t\n")), 0);
    assert_int_equal(utf8_width(STR("")), 0);
}

static void test_nfc(void **state)
{
    (void)state;
    struct str out;
    assert_true(utf8_nfc(&arena, STR("e\u0301le\u0300ve"), &out));
    ASSERT_STR(out, "\u00e9l\u00e8ve");
    assert_true(utf8_nfc(&arena, STR("plain"), &out));
    ASSERT_STR(out, "plain");
    /* Compatibility ideographs have canonical forms. */
    assert_true(utf8_nfc(&arena, STR("\uf900"), &out));
    ASSERT_STR(out, "\u8c48");
    /* Full-width forms are only compatible and stay. */
    assert_true(utf8_nfkc(&arena, STR("⼀、（Ａ１％）｡"), &out));
    assert_true(str_eq(out, STR("一、(A1%)。")));
    assert_true(utf8_nfc(&arena, STR("Ａ１"), &out));
    ASSERT_STR(out, "Ａ１");
    struct arena tiny;
    arena_init(&tiny, 16, "tiny");
    assert_false(utf8_nfc(&tiny, STR("指标指标指标指标"), &out));
    arena_release(&tiny);
}

static void test_gb18030(void **state)
{
    (void)state;
    struct err e;
    err_clear(&e);
    struct str out;
    /* 幼儿园 A: three GBK pairs and ASCII */
    struct str gbk = STR("\xd3\xd7\xb6\xf9\xd4\xb0 A");
    assert_int_equal(utf8_from_gb18030(&arena, gbk, 100, &out, &e), RC_OK);
    ASSERT_STR(out, "幼儿园 A");
    /* four bytes: U+20000 */
    assert_int_equal(utf8_from_gb18030(&arena, STR("\x95\x32\x82\x36"), 100, &out, &e), RC_OK);
    ASSERT_STR(out, "\U00020000");
    assert_int_equal(utf8_from_gb18030(&arena, STR(""), 100, &out, &e), RC_OK);
    ASSERT_STR(out, "");
    assert_int_equal(utf8_from_gb18030(&arena, gbk, 11, &out, &e), RC_OK);
    assert_int_equal(utf8_from_gb18030(&arena, gbk, 10, &out, &e), RC_LIMIT);
    err_clear(&e);
    assert_int_equal(utf8_from_gb18030(&arena, STR("ab\xff\xff"), 100, &out, &e), RC_ENCODING);
    assert_non_null(strstr(e.primary_en, "byte 2"));
    assert_non_null(strstr(e.primary_zh, "第 2 字节"));
    err_clear(&e);
    assert_int_equal(utf8_from_gb18030(&arena, STR("a\xd3"), 100, &out, &e), RC_ENCODING);
    assert_non_null(strstr(e.primary_en, "byte 1"));
    assert_int_equal(utf8_from_gb18030(&arena, STR("\xd3"), 100, &out, NULL), RC_ENCODING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_invalid_sequences),
        cmocka_unit_test(test_every_scalar_round_trips),
        cmocka_unit_test(test_decode_always_moves_on),
        cmocka_unit_test(test_encode_refuses_surrogates),
        cmocka_unit_test(test_count_cut_bom),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_nfc),
        cmocka_unit_test(test_gb18030),
    };
    return cmocka_run_group_tests_name("base_utf8", tests, setup, teardown);
}
