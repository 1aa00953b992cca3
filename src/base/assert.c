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

void assert_fail_memory(const char *owner, const char *why, unsigned long long limit_bytes)
{
    (void)fprintf(stderr, "arena %s of %llu bytes: %s, and nobody waits for that\n", owner,
                  limit_bytes, why);
    abort();
}
