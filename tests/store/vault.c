/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets at rest: given back by their key alone, for their subject alone, whole. */
#include "store/vault.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "fixture.h"
#include "store/secret.h"

#define KEY_A "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF\n"
#define KEY_B "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
/* Without padding: every bit of its base64 counts. */
#define TEXT "{\"totp\": \"JBSWY3DPEHPK3PXP\"}"

static const char *key_file(struct book *b, const char *name, const char *text, mode_t mode)
{
    const char *path = book_text(b, "%s/%s", b->dir, name);
    BOOK_OK(b, file_write(path, str_from_cstr(text), &b->e));
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static struct vault vault_of(struct book *b, const char *text)
{
    struct vault v;
    BOOK_OK(b, vault_open(&b->arena, &v, key_file(b, "key", text, 0600), &b->e));
    return v;
}

static struct str sealed_by(struct book *b, const struct vault *v, struct str subject,
                            struct str text)
{
    struct buf out;
    buf_init_in(&out, &b->arena, 4 * SECRET_BYTES);
    BOOK_OK(b, vault_seal(v, subject, text, &out, &b->e));
    return buf_view(&out);
}

static enum rc unsealed(struct book *b, const struct vault *v, struct str subject, struct str text,
                        struct str *plain)
{
    struct buf out;
    buf_init_in(&out, &b->arena, 4 * SECRET_BYTES);
    enum rc rc = vault_unseal(v, subject, text, &out, NULL);
    *plain = buf_view(&out);
    return rc;
}

static void test_sealing(void **state)
{
    struct book *b = *state;
    struct vault v = vault_of(b, KEY_A);
    struct vault other = vault_of(b, KEY_B);
    const struct vault none = {.has_key = false};
    const struct str u = STR("user/1");
    struct str plain;
    for (uint32_t n = 0; n < 300; n++) { /* every padding */
        char text[300];
        memset(text, 'a' + (int)(n % 26), sizeof text);
        struct str s = sealed_by(b, &v, u, str_make(text, n));
        assert_int_equal(unsealed(b, &v, u, s, &plain), RC_OK);
        assert_true(str_eq(plain, str_make(text, n)));
    }
    struct str s = sealed_by(b, &v, u, STR(TEXT));
    assert_int_equal(str_find(s, STR("JBSW"), 0), STR_NONE);
    assert_false(str_eq(s, sealed_by(b, &v, u, STR(TEXT)))); /* each with a nonce of its own */
    assert_int_equal(unsealed(b, &other, u, s, &plain), RC_DB);
    assert_int_equal(unsealed(b, &none, u, s, &plain), RC_DENIED);
    assert_int_equal(unsealed(b, &v, STR("user/2"), s, &plain), RC_DB);
    assert_int_equal(unsealed(b, &none, u, STR(TEXT), &plain), RC_OK); /* VT1 */
    ASSERT_STR(plain, TEXT);
    ASSERT_STR(sealed_by(b, &none, u, STR(TEXT)), TEXT);
}

/* VT2: whatever is changed, cut off or put behind. */
static void test_changed(void **state)
{
    struct book *b = *state;
    struct vault v = vault_of(b, KEY_A);
    const struct str u = STR("user/1");
    struct str s = sealed_by(b, &v, u, STR(TEXT));
    struct str plain;
    char *p = ARENA_ARRAY(&b->arena, char, s.n + 4U);
    for (uint32_t i = sizeof "sealed-1:" - 1; i < s.n; i++) {
        memcpy(p, s.p, s.n);
        for (char c = 'A'; c <= 'D'; c++) { /* some differ in bits that base64 drops */
            p[i] = c;
            assert_int_equal(unsealed(b, &v, u, str_make(p, s.n), &plain),
                             c == s.p[i] ? RC_OK : RC_DB);
        }
        assert_int_equal(unsealed(b, &v, u, str_sub(s, 0, i), &plain), RC_DB);
    }
    memcpy(p, s.p, s.n);
    memcpy(p + s.n, "AAAA", 4);
    assert_int_equal(unsealed(b, &v, u, str_make(p, s.n + 4U), &plain), RC_DB);
}

static void test_keys(void **state)
{
    struct book *b = *state;
    struct vault v;
    static const char *const bad[] = {"", "00", (KEY_B "0"), ("zz" KEY_B)};
    for (uint32_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *path = key_file(b, "bad", bad[i], 0600);
        assert_int_equal(vault_open(&b->arena, &v, path, NULL), RC_INPUT);
    }
    const char *open_to_all = key_file(b, "open", KEY_A, 0640);
    assert_int_equal(vault_open(&b->arena, &v, open_to_all, NULL), RC_DENIED);
    assert_int_equal(vault_open(&b->arena, &v, "/nowhere/at/all", NULL), RC_NOT_FOUND);
    BOOK_OK(b, vault_open(&b->arena, &v, "", &b->e));
    assert_false(v.has_key);
}

static enum rc on_each(void *ctx, struct str subject, struct str body, struct err *e)
{
    (void)e;
    *(bool *)ctx = str_eq(subject, STR("user/1")) && str_eq(body, STR(TEXT));
    return RC_OK;
}

static struct store *open_with(struct book *b, const char *key)
{
    struct store *s = NULL;
    const struct store_options o = {.where = b->where, .files = b->files, .key = key};
    BOOK_OK(b, store_open(&b->arena, &o, &s, &b->e));
    return s;
}

/* In a book: a record that was plain is sealed when it is written, and read by its key alone. */
static void test_in_a_book(void **state)
{
    struct book *b = *state;
    const char *key = key_file(b, "key", KEY_A, 0600);
    const struct str u = STR("user/1");
    struct secret x;
    bool seen = false;
    BOOK_OK(b, secret_put(b->store, u, STR(TEXT), 0, &b->e));
    struct store *s = open_with(b, key);
    struct store_reader *r = NULL;
    BOOK_OK(b, store_reader_open(&b->arena, s, &r, &b->e));
    BOOK_OK(b, secret_get(&b->arena, r, u, &x, &b->e));
    ASSERT_STR(x.body, TEXT);
    BOOK_OK(b, secret_put(s, u, STR(TEXT), x.version, &b->e));
    BOOK_OK(b, secret_get(&b->arena, r, u, &x, &b->e));
    ASSERT_STR(x.body, TEXT);
    BOOK_OK(b, secret_all(r, on_each, &seen, &b->e));
    assert_true(seen);
    assert_int_equal(secret_get(&b->arena, book_reader(b), u, &x, &b->e), RC_DENIED);
    store_reader_close(r);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_sealing),
        BOOK_TEST(test_changed),
        BOOK_TEST(test_keys),
        BOOK_TEST(test_in_a_book),
    };
    return BOOK_RUN(tests);
}
