/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables that a plan pack is made of, as declared in tables.def.
 *
 *     enum io_table t;
 *     if (!io_table_of_path(path, &t)) { ... not one of our tables ... }
 *     uint32_t index[IO_COLUMNS_MAX];
 *     TRY(csv_bind(&r, io_table_get(t), &how, index, e));
 *     struct str code = row.fields[index[COL_units_code]].text;
 *
 * Everything here is constant.
 */
#ifndef IO_TABLES_H
#define IO_TABLES_H

#include <stdbool.h>

#include "base/str.h"
#include "io/csv.h"

enum io_table {
#define IO_TABLE(table, zh, open) TABLE_##table,
#define IO_COLUMN(table, name, zh, required)
#define IO_END(table)
#include "io/tables.def"
    IO_TABLE__COUNT
};

/* COL_units_code: its place within its table, which restarts at 0. COL_units__COUNT ends it. */
enum io_column {
#define IO_TABLE(table, zh, open)            COL_##table##__START = -1,
#define IO_COLUMN(table, name, zh, required) COL_##table##_##name,
#define IO_END(table)                        COL_##table##__COUNT,
#include "io/tables.def"
};

#define IO_COLUMNS_MAX 16 /* no table has more */

/* The declaration of a table. */
const struct csv_table *io_table_get(enum io_table table);
/* Whether columns beyond the declared ones may stand in it. */
bool io_table_is_open(enum io_table table);
/*
 * The table of a file: its name without folders, up to the first '-', '_' or '.', in English or
 * Chinese, as written in tables.def. false when there is no such table.
 */
bool io_table_of_path(struct str path, enum io_table *out);

#endif
