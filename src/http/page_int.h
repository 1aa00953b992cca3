/* SPDX-License-Identifier: Apache-2.0 */
/* A list while it is answered: shared by page*.c. */
#ifndef HTTP_PAGE_INT_H
#define HTTP_PAGE_INT_H

#include "http/page.h"
#include "io/csv.h"

#define PAGE_SEEN_BYTES 200 /* of a text, by which rows are sorted */

enum page_form { PAGE_JSON, PAGE_CSV, PAGE_XLSX, PAGE_LOOK /* for one value only */ };

struct page {
    struct ask *q;
    const struct page_list *list;
    const struct shape_field *rows;    /* the LIST of the answer */
    const struct shape_field *columns; /* of a row */
    uint32_t n_columns;
    enum page_form form;  /* of the answer */
    enum page_form doing; /* at the moment */
    int64_t limit;
    struct str after;
    const struct shape_field *sort; /* NULL: the order of the list */
    bool down;
    /* While rows are written. */
    uint32_t at; /* column */
    struct json j;
    struct csv_writer w;
    char seen[PAGE_SEEN_BYTES]; /* LOOK: what stands in the column `sort` */
    uint32_t n_seen;
    /* Chosen rows. */
    uint32_t *chosen;
    uint32_t n_chosen;
    struct str next; /* "": no further page */
};

/* Columns that a table has. */
bool page_is_cell(const struct shape_field *f);
/* A row in the form at work, from its first column to its last. */
void page_row(struct page *p, uint32_t i);
/* The heads of the columns. */
void page_heads(struct page *p);
/* Rows behind `after`, in order, `limit` of them, and whether there are more. */
enum rc page_choose(struct page *p);
/* RC_LIMIT, and what to do. */
enum rc page_too_many(struct page *p);

#endif
