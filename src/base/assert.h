/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Assertions: for bugs only, never for user input. Arguments have no side
 * effects.
 *
 * ASSERT(c)       always on, also in release: a wrong figure must become a
 *                 crash report, not a verdict. Keep it cheap.
 * ASSERT_SLOW(c)  expensive validators; only in debug and sanitizer builds
 *                 (-DTIZHI_SLOW_ASSERTS).
 * UNREACHABLE()   a place the control flow cannot get to.
 * NEVER(c)        value of c; c is believed false, the branch is a second line
 *                 of defence. Slow builds abort when it is true.
 * ALWAYS(c)       the same for a condition believed true.
 *
 * A failure prints `file:line: function: text` on stderr and aborts.
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

#include <stdbool.h>

#include "base/attr.h"

/* Reports and aborts. Use the macros. */
NORETURN void assert_fail(const char *file, int line, const char *func, const char *text);

/* Reports that an arena stopped work that no arena_run surrounds. */
NORETURN void assert_fail_memory(const char *owner, const char *why,
                                 unsigned long long limit_bytes);

#define ASSERT(c)     ((c) ? (void)0 : assert_fail(__FILE__, __LINE__, __func__, #c))
#define UNREACHABLE() assert_fail(__FILE__, __LINE__, __func__, "unreachable")

#ifdef TIZHI_SLOW_ASSERTS
#define ASSERT_SLOW(c) ASSERT(c)
#define NEVER(c)       ((c) ? (assert_fail(__FILE__, __LINE__, __func__, #c), true) : false)
#define ALWAYS(c)      ((c) ? true : (assert_fail(__FILE__, __LINE__, __func__, #c), false))
#else
/* sizeof keeps the names in c "used" without evaluating it. */
#define ASSERT_SLOW(c) ((void)sizeof((c) ? 1 : 0))
#define NEVER(c)       (c)
#define ALWAYS(c)      (c)
#endif

#endif
