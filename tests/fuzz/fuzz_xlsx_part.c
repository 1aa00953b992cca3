/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a part of an .xlsx: its first one says which. So that the XML is reached, which the
 * packing hides from fuzz_workbook. The scanner and expat alone give the same. */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/workbook_int.h"
#include "tests/fuzz/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Everything that is handed out, in one number. */
struct sum {
    struct rows rows;
    uint64_t hash;
};

static enum rc on_row(void *ctx, const struct workbook_row *row)
{
    struct sum *s = ctx;
    s->hash = s->hash * 31 + row->row * 2 + row->hidden;
    for (uint32_t i = 0; i < row->n; i++) {
        const struct sheet_cell *c = &row->cells[i];
        s->hash = s->hash * 31 + str_hash(c->text);
        s->hash = s->hash * 31 + (c->column << 16 | (uint32_t)c->kind << 8 | c->flags);
    }
    return rows_on_row(&s->rows, row);
}

static enum rc read_part(const uint8_t *data, size_t size, bool careful, struct sum *out)
{
    struct arena a;
    struct workbook book;
    struct err e;
    struct workbook_sink sink = {.ctx = out, .row = on_row};
    *out = (struct sum){.hash = 1};
    arena_init(&a, (size_t)1 << 28, "fuzz");
    err_clear(&e);
    enum rc rc = xlsx_read_part(&a, (enum xlsx_part)(data[0] % XLSX__PARTS), careful,
                                str_make((const char *)data + 1, size - 1), &sink, &book, &e);
    ASSERT((rc == RC_OK) == (e.rc == RC_OK));
    for (uint32_t i = 0; book.sheets && i < book.sheets->merged.n; i++) {
        out->hash = out->hash * 31 + book.sheets->merged.items[i].last_row;
    }
    arena_release(&a);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sum fast;
    struct sum careful;
    if (size < 2) {
        return 0;
    }
    enum rc rc = read_part(data, size, false, &fast);
    ASSERT(rc == read_part(data, size, true, &careful));
    ASSERT(rc != RC_OK || fast.hash == careful.hash);
    return 0;
}
