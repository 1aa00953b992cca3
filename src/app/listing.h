/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows under columns, for people as a table and for programs as JSON objects: one description of
 * the columns serves both. What stands around the rows is the caller's: it begins the JSON before
 * the first row, and prints the table or ends the JSON behind the last.
 */
#ifndef APP_LISTING_H
#define APP_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "app/table.h"
#include "base/json.h"

#define LISTING_COLUMNS_MAX 10U

struct listing_column {
    const char *key;     /* in JSON */
    const char *head[2]; /* English, Chinese */
};

struct listing {
    const struct listing_column *columns;
    uint32_t n;
    bool is_json;
    struct table table; /* unless it is JSON: the heads, then the rows */
    struct json json;   /* not begun */
};

/* n <= LISTING_COLUMNS_MAX. */
struct listing listing_new(struct arena *a, const struct listing_column *columns, uint32_t n,
                           bool is_json, bool chinese);
/* n cells. */
void listing_row(struct listing *l, const struct str *cells);

#endif
