/* SPDX-License-Identifier: Apache-2.0 */
/* Rows under columns: the table, and the JSON objects. */
#include "app/listing.h"

#include "base/arena.h"
#include "base/assert.h"

struct listing listing_new(struct arena *a, const struct listing_column *columns, uint32_t n,
                           bool is_json, bool chinese)
{
    struct listing l = {.columns = columns, .n = n, .is_json = is_json};
    struct str head[LISTING_COLUMNS_MAX];
    ASSERT(n <= LISTING_COLUMNS_MAX);
    if (is_json) {
        return l;
    }
    l.table = table_new(a, n);
    for (uint32_t i = 0; i < n; i++) {
        head[i] = str_from_cstr(columns[i].head[chinese]);
    }
    table_row(&l.table, head);
    return l;
}

void listing_row(struct listing *l, const struct str *cells)
{
    if (!l->is_json) {
        table_row(&l->table, cells);
        return;
    }
    json_obj_begin(&l->json);
    for (uint32_t i = 0; i < l->n; i++) {
        json_kv_str(&l->json, l->columns[i].key, cells[i]);
    }
    json_obj_end(&l->json);
}
