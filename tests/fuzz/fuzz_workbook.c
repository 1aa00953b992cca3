/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a workbook of any kind: no crash, what is refused is explained, and what is read
 * keeps the invariants of workbook.h.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "tests/fuzz/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct workbook book;
    struct err e;
    struct rows rows = {.n_rows = 0};
    struct workbook_sink sink = rows_sink(&rows);
    arena_init(&a, (size_t)1 << 30, "fuzz");
    err_clear(&e);
    enum rc rc =
        workbook_read_bytes(&a, "fuzz", str_make((const char *)data, size), &sink, &book, &e);
    ASSERT((rc == RC_OK) == (e.rc == RC_OK));
    ASSERT(rc == RC_OK || (e.primary_zh[0] != 0 && e.primary_en[0] != 0));
    arena_release(&a);
    return 0;
}
