/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists: a page of rows as JSON, or all of them as CSV or a workbook, from one description
 * (docs/internals/service.md, 11).
 *
 * The answer of such a route is a shape with a LIST of rows and `next` behind it; the fields of the
 * row's shape are the columns (shape.def). Its query takes limit, after, sort and format, without
 * rows of their own in route.def; filters are QUERY rows and what `shows` says.
 *
 *     static struct str key(void *ctx, uint32_t i)
 *     {
 *         return ((const struct mine *)ctx)->tasks[i].id;
 *     }
 *
 *     static void row(void *ctx, uint32_t i, struct page *p)
 *     {
 *         const struct mine *m = ctx;
 *         page_text(p, "task", m->tasks[i].id);
 *         page_day(p, "due", m->tasks[i].due);
 *     }
 *
 *     enum rc do_tasks(struct ask *q)
 *     {
 *         … rights, what is asked …
 *         return page_answer(q, &(struct page_list){.ctx = &m, .n = n, .title = {"tasks", "任务"},
 *                                                   .key = key, .row = row});
 *     }
 *
 * Invariants
 *   PG1 Pages are parted by keys of the data: a row that stays in its place comes once, whatever
 *       comes or goes meanwhile. Where the row named by `after` is gone, it is said (409).
 *   PG2 CSV and workbook have the rows that JSON has, and of each the cells that are no objects or
 *       lists: all rows or a refusal, never a part. Words are in the language of who asks.
 *   PG3 Equal values keep the order of the list when it is sorted; what has no value is last.
 */
#ifndef HTTP_PAGE_H
#define HTTP_PAGE_H

#include "base/date.h"
#include "base/json.h"
#include "http/ask.h"

#define PAGE_ROWS     200U    /* unless more are asked for */
#define PAGE_ROWS_MAX 1000U   /* of one page */
#define PAGE_FILE_MAX 100000U /* of one file, and of a list that can be sorted */

struct page; /* private, see page_int.h */

struct page_list {
    void *ctx;
    uint32_t n;           /* rows 0..n-1, those that are not shown among them */
    const char *title[2]; /* of a file: English, Chinese */
    /* Members of the answer before the list; NULL: none. */
    void (*head)(void *ctx, struct json *j);
    /* Filters and rights; NULL: all are shown. */
    bool (*shows)(void *ctx, uint32_t i);
    /* What tells the row apart from all others, the same as long as it is there. */
    struct str (*key)(void *ctx, uint32_t i);
    /* The row of a key, UINT32_MAX: there is none; NULL: all keys are looked at. */
    uint32_t (*find)(void *ctx, struct str key);
    /* Writes the cells, in order of the shape; those that MAY be left out may be. */
    void (*row)(void *ctx, uint32_t i, struct page *p);
};

/* The whole answer. Failures of what is asked for are in q->e and q->at. */
enum rc page_answer(struct ask *q, const struct page_list *list);
/*
 * For lists that are dear to collect: which rows page_answer will look at, so that no others need
 * be found out. after: from the row of this key on, itself among them; "": from the first. most: so
 * many. false: what is asked for is wrong, and page_answer says so.
 */
bool page_begins(struct ask *q, struct str *after, uint32_t *most);

/* One row alone, as an object: the answer of a route whose shape is that of the row. */
enum rc page_item(struct ask *q, enum shape columns, void (*row)(void *, uint32_t, struct page *),
                  void *ctx, uint32_t i);

/* The same as one value of an answer. */
void page_row_json(struct ask *q, enum shape columns, void (*row)(void *, uint32_t, struct page *),
                   void *ctx, uint32_t i, struct json *j);

/* ---- cells, for `row` ----------------------------------------------------------------------- */

void page_text(struct page *p, const char *name, struct str text);
/* One of few words, which a table in Chinese has in Chinese. */
void page_word(struct page *p, const char *name, const char *word, const char *zh);
/* An exact number: a text in JSON, a number in tables; "": there is none (null). */
void page_number(struct page *p, const char *name, struct str digits);
void page_int(struct page *p, const char *name, int64_t n);
void page_bool(struct page *p, const char *name, bool yes);
/* DATE_NONE and the like: left out, or null where the shape allows it. */
void page_day(struct page *p, const char *name, struct date d);
void page_texts(struct page *p, const char *name, const struct str *texts, uint32_t n);
/* Whether cells are for people: words may be theirs. */
bool page_is_table(const struct page *p);
/* Where something that is no cell goes: the value of this member. NULL: this is a table. */
struct json *page_json(struct page *p, const char *name);

/* ---- for the table of routes ---------------------------------------------------------------- */

/* Whether the shape is that of a list; *rows: its LIST. */
bool page_is(enum shape answer, const struct shape_field **rows);
/* The words that every list takes in its query. */
#define PAGE_WORDS 4
extern const struct route_query page_words[PAGE_WORDS];
/* The other forms of a list. */
#define PAGE_TYPE_CSV  "text/csv; charset=utf-8"
#define PAGE_TYPE_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#endif
