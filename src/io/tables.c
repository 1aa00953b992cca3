/* SPDX-License-Identifier: Apache-2.0 */
/* The declared tables and the rule that finds the table of a file. */
#include "io/tables.h"

#include "base/assert.h"

#define IO_TABLE(table, zh, open)            static const struct csv_column table##_columns[] = {
#define IO_COLUMN(table, name, zh, required) {#name, zh, required},
#define IO_END(table)                                                                              \
    }                                                                                              \
    ;                                                                                              \
    _Static_assert(COL_##table##__COUNT <= IO_COLUMNS_MAX, "IO_COLUMNS_MAX is too small");
#include "io/tables.def"

static const struct {
    struct csv_table table;
    bool open;
} tables[] = {
#define IO_TABLE(table, zh, open) {{#table, zh, table##_columns, COL_##table##__COUNT}, open},
#define IO_COLUMN(table, name, zh, required)
#define IO_END(table)
#include "io/tables.def"
};

const struct csv_table *io_table_get(enum io_table table)
{
    ASSERT(table < IO_TABLE__COUNT);
    return &tables[table].table;
}

bool io_table_is_open(enum io_table table)
{
    ASSERT(table < IO_TABLE__COUNT);
    return tables[table].open;
}

bool io_table_of_path(struct str path, enum io_table *out)
{
    uint32_t beg = 0;
    for (uint32_t i = 0; i < path.n; i++) {
        beg = path.p[i] == '/' ? i + 1 : beg;
    }
    uint32_t end = beg;
    while (end < path.n && path.p[end] != '-' && path.p[end] != '_' && path.p[end] != '.') {
        end++;
    }
    struct str stem = str_sub(path, beg, end);
    for (uint32_t t = 0; t < IO_TABLE__COUNT; t++) {
        if (str_eq(stem, str_from_cstr(tables[t].table.name_en)) ||
            str_eq(stem, str_from_cstr(tables[t].table.name_zh))) {
            *out = (enum io_table)t;
            return true;
        }
    }
    return false;
}
