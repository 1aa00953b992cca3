/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a part of an .xlsx: its first one says which. So that the XML is reached, which the
 * packing hides from fuzz_workbook. */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/workbook_int.h"
#include "tests/fuzz/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct workbook book;
    struct err e;
    struct rows rows = {.n_rows = 0};
    struct workbook_sink sink = rows_sink(&rows);
    if (size < 2) {
        return 0;
    }
    arena_init(&a, (size_t)1 << 28, "fuzz");
    err_clear(&e);
    enum rc rc = xlsx_read_part(&a, (enum xlsx_part)(data[0] % XLSX__PARTS),
                                str_make((const char *)data + 1, size - 1), &sink, &book, &e);
    ASSERT((rc == RC_OK) == (e.rc == RC_OK));
    arena_release(&a);
    return 0;
}
