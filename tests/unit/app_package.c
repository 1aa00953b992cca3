/* SPDX-License-Identifier: Apache-2.0 */
/* Packages: what is written is read; of a package that was changed anywhere nothing is. */
#include "app/offline/package.h"

#include "app/keep/keep.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

static struct arena arena;
static const char *dir, *key, *other_key;

static struct package sample(enum package_sort sort)
{
    struct package p = {.sort = sort,
                        .book = STR("b0"),
                        .seq = 17,
                        .at = 5,
                        .until = {20000},
                        .plan = STR("aa"),
                        .round = STR("R1")};
    if (sort == PACKAGE_ANSWER) {
        p.to = STR("b1");
        p.answers = STR("cc");
    }
    vec_push(&arena, &p.parts, (struct package_part){STR("plan/0001"), STR("计划 p { }\n")});
    vec_push(&arena, &p.parts, (struct package_part){STR("commits"), STR("")});
    vec_push(&arena, &p.parts, (struct package_part){STR("report/S1"), STR("{}")});
    return p;
}

static struct str written(struct package *p, const char *with)
{
    struct err e = {0};
    struct str out;
    assert_int_equal(package_write(&arena, p, with, &out, &e), RC_OK);
    return out;
}

static enum rc read_back(struct str bytes, struct package *out)
{
    struct err e = {0};
    enum rc rc = package_read(&arena, bytes, out, &e);
    assert_true(rc == RC_OK || (rc == RC_INPUT && e.primary_zh[0] != 0));
    return rc;
}

static void test_there_and_back(void **state)
{
    (void)state;
    for (int sort = 0; sort < 2; sort++) {
        struct package p = sample((enum package_sort)sort);
        struct package q;
        struct str bytes = written(&p, key);
        assert_int_equal(read_back(bytes, &q), RC_OK);
        assert_true(q.sort == p.sort && str_eq(q.book, p.book) && q.seq == 17 && q.at == 5);
        assert_true(q.until.days == 20000 && str_eq(q.plan, p.plan) && str_eq(q.round, p.round));
        assert_true(str_eq(q.to, p.to) && str_eq(q.answers, p.answers));
        assert_int_equal(q.parts.n, 3);
        for (uint32_t i = 0; i < 3; i++) {
            assert_true(str_eq(q.parts.items[i].name, p.parts.items[i].name));
            assert_true(str_eq(q.parts.items[i].content, p.parts.items[i].content));
        }
        assert_true(str_eq(q.id, p.id) && str_eq(q.fingerprint, p.fingerprint));
        assert_true(str_eq(written(&p, key), bytes));
    }
}

/* PG1: each byte changed, each length. */
static void test_changed_anywhere(void **state)
{
    (void)state;
    struct package p = sample(PACKAGE_ANSWER);
    struct package q;
    struct str bytes = written(&p, key);
    char *copy = ARENA_ARRAY(&arena, char, bytes.n + 2);
    for (uint32_t i = 0; i < bytes.n; i++) {
        struct arena_mark mark = arena_mark(&arena);
        for (uint32_t k = 0; k < bytes.n; k++) {
            copy[k] = k == i ? (char)(bytes.p[k] ^ 1) : bytes.p[k];
        }
        assert_int_equal(read_back((struct str){copy, bytes.n}, &q), RC_INPUT);
        assert_int_equal(read_back(str_sub(bytes, 0, i), &q), RC_INPUT);
        arena_rewind(&arena, mark);
    }
    assert_int_equal(read_back(str_cat(&arena, bytes, STR("x")), &q), RC_INPUT);
    assert_int_equal(read_back(str_cat(&arena, bytes, bytes), &q), RC_INPUT);
    assert_int_equal(read_back(STR("PK\003\004 a zip"), &q), RC_INPUT);
}

/* A manifest of another package does not fit the parts, nor a signature of another key. */
static void test_swapped(void **state)
{
    (void)state;
    struct package p = sample(PACKAGE_ROUND);
    struct package r = sample(PACKAGE_ROUND);
    struct package q;
    r.parts.items[2].content = STR("[]");
    struct str one = written(&p, key);
    struct str two = written(&r, key);
    assert_int_equal(one.n, two.n);
    struct str mixed = str_cat(&arena, str_sub(one, 0, one.n - 2), STR("[]"));
    assert_int_equal(read_back(mixed, &q), RC_INPUT);
    /* Signed by somebody else it is a package, with another fingerprint. */
    struct str theirs = written(&r, other_key);
    assert_int_equal(read_back(theirs, &q), RC_OK);
    assert_true(str_eq(q.id, r.id) && !str_eq(q.fingerprint, p.fingerprint));
    uint32_t line = str_find(one, STR("\ned25519 "), 0);
    uint32_t end = line + 1 + 8 + 44 + 1 + 88;
    struct str forged = str_cat(&arena, str_sub(one, 0, line), str_sub(theirs, line, end));
    assert_int_equal(read_back(str_cat(&arena, forged, str_sub(one, end, one.n)), &q), RC_INPUT);
}

static int setup(void **state)
{
    static struct err e;
    (void)state;
    arena_init(&arena, 64U << 20, "package");
    dir = tmpdir_make(&arena);
    key = path_join(&arena, dir, "key");
    other_key = path_join(&arena, dir, "other");
    return keep_key_make(&arena, key, &e) == RC_OK && keep_key_make(&arena, other_key, &e) == RC_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    tmpdir_remove(dir);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_changed_anywhere),
        cmocka_unit_test(test_swapped),
    };
    return cmocka_run_group_tests_name("package", tests, setup, teardown);
}
