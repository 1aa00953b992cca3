/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a package, and as each of its parts: no crash; what is refused is told in both
 * languages; what is read as a part is written as text that is read the same.
 */
#include <stddef.h>
#include <stdint.h>

#include "app/offline/offline_int.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BYTES_TRIED 65536

static void as_package(struct arena *a, struct str bytes)
{
    struct package p;
    struct err e;
    err_clear(&e);
    if (package_read(a, bytes, &p, &e) == RC_OK) {
        ASSERT(p.parts.n > 0 && p.book.n > 0 && p.id.n == STORE_HASH_CHARS);
    } else {
        ASSERT(e.primary_zh[0] != 0 && e.primary_en[0] != 0);
    }
}

static void as_parts(struct arena *a, struct str text)
{
    struct offline_commits c;
    struct offline_units u;
    struct offline_report r;
    if (offline_commits_read(a, text, &c)) {
        struct str again = offline_commits_write(a, &c);
        ASSERT(offline_commits_read(a, again, &c) && str_eq(offline_commits_write(a, &c), again));
    }
    if (offline_units_read(a, text, &u)) {
        struct str again = offline_units_write(a, &u);
        ASSERT(offline_units_read(a, again, &u) && str_eq(offline_units_write(a, &u), again));
    }
    if (offline_report_read(a, text, &r)) {
        struct str again = offline_report_write(a, &r);
        ASSERT(offline_report_read(a, again, &r) && str_eq(offline_report_write(a, &r), again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    if (size > BYTES_TRIED) {
        return 0;
    }
    arena_init(&a, (size_t)1 << 28, "fuzz");
    struct str bytes = str_make((const char *)data, size);
    as_package(&a, bytes);
    as_parts(&a, bytes);
    arena_release(&a);
    return 0;
}
