/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of tables of transitions share: an arena per test, documents there and back. */
#ifndef TESTS_APP_ACTS_H
#define TESTS_APP_ACTS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/rng.h"
#include "tests/lib/test.h"

#define STEPS 20000

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 1UL << 30, "acts");
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define ACTS_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

/* *out is what reading gives of *doc as written, and is written alike. */
#define SURVIVES(write, read, doc, out)                                                            \
    do {                                                                                           \
        struct err e_ = {0};                                                                       \
        struct str text_ = write(&arena, (doc));                                                   \
        assert_int_equal(read(&arena, text_, (out), &e_), RC_OK);                                  \
        struct str same_ = write(&arena, (out));                                                   \
        assert_true(str_eq(text_, same_));                                                         \
    } while (0)

/* None of the texts is a document. */
#define DAMAGED(read, type, bad)                                                                   \
    do {                                                                                           \
        for (size_t i_ = 0; i_ < sizeof(bad) / sizeof *(bad); i_++) {                              \
            struct type doc_ = {0};                                                                \
            struct err e_ = {0};                                                                   \
            assert_int_equal(read(&arena, str_from_cstr((bad)[i_]), &doc_, &e_), RC_DB);           \
        }                                                                                          \
    } while (0)

#endif
