/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of bugs. Uses nothing of the project: it must work when all else is broken. */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void assert_fail(const char *file, int line, const char *func, const char *text)
{
    (void)fprintf(stderr, "%s:%d: %s: assertion failed: %s\n", file, line, func, text);
    abort();
}

void assert_fail_memory(const char *owner, unsigned long long wanted_bytes,
                        unsigned long long limit_bytes)
{
    (void)fprintf(stderr, "arena %s: no room for %llu bytes within its limit of %llu\n", owner,
                  wanted_bytes, limit_bytes);
    abort();
}
