/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka with the headers it wants before it, and comparisons it lacks. */
#ifndef TESTS_LIB_TEST_H
#define TESTS_LIB_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

/* Fails with both texts when the str s differs from the C string want. */
#define ASSERT_STR(s, want) test_assert_str((s), (want), __FILE__, __LINE__)

void test_assert_str(struct str s, const char *want, const char *file, int line);

/* Runs fn in a child process; true when it ended by abort(). */
bool test_aborts(void (*fn)(void *arg), void *arg);

#endif
