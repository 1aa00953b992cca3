/* SPDX-License-Identifier: Apache-2.0 */
/* Lists: what is asked of them, and their answer in each form. */
#include "http/page.h"

#include <string.h>

#include "base/assert.h"
#include "http/page_int.h"
#include "io/rows_workbook.h"

#define FORMATS 3

static const struct {
    const char *word, *type, *suffix;
} forms[FORMATS] = {
    [PAGE_JSON] = {"json", "application/json", ".json"},
    [PAGE_CSV] = {"csv", PAGE_TYPE_CSV, ".csv"},
    [PAGE_XLSX] = {"xlsx", PAGE_TYPE_XLSX, ".xlsx"},
};

const struct route_query page_words[PAGE_WORDS] = {
    {ROUTE__N, "limit", QUERY_COUNT, {"at most so many, 1 to 1000", "至多几项，1 至 1000"}},
    {ROUTE__N, "after", QUERY_TEXT, {"the next of the page before", "上一页的 next"}},
    {ROUTE__N,
     "sort",
     QUERY_TEXT,
     {"by this member of the items; with - before it, descending",
      "按条目的某一项排序；前加 - 为降序"}},
    {ROUTE__N,
     "format",
     QUERY_TEXT,
     {"json, or all of it as csv or xlsx", "json；csv 或 xlsx 为整份列表"}},
};

bool page_is(enum shape answer, const struct shape_field **rows)
{
    uint32_t n = 0;
    const struct shape_field *f = shape_fields(answer, &n);
    bool next = n > 0 && strcmp(f[n - 1].name, "next") == 0;
    *rows = NULL;
    for (uint32_t i = 0; i < n && next; i++) {
        *rows = f[i].sort == FIELD_LIST ? &f[i] : *rows;
    }
    return *rows != NULL;
}

/* ---- what is asked -------------------------------------------------------------------------- */

static enum rc bad(struct ask *q, const char *at, const char *en, const char *zh)
{
    q->at = str_from_cstr(at);
    return err_set(&q->e, RC_USAGE, "%s%.0s", "%.0s%s", en, zh);
}

static enum rc read_form(struct page *p)
{
    struct str word = ask_text(p->q, "format");
    for (uint32_t i = 0; i < FORMATS; i++) {
        if (word.n == 0 || str_eq(word, str_from_cstr(forms[i].word))) {
            p->form = (enum page_form)i;
            return RC_OK;
        }
    }
    return bad(p->q, "?format", "a list is there as json, csv and xlsx",
               "列表格式只有 json、csv 和 xlsx");
}

static enum rc read_sort(struct page *p)
{
    struct str word = ask_text(p->q, "sort");
    p->down = str_starts(word, STR("-"));
    struct str name = str_sub(word, p->down ? 1 : 0, word.n);
    for (uint32_t i = 0; i < p->n_columns && word.n > 0; i++) {
        if (page_is_cell(&p->columns[i]) && str_eq(name, str_from_cstr(p->columns[i].name))) {
            p->sort = &p->columns[i];
            return RC_OK;
        }
    }
    return word.n == 0 ? RC_OK
                       : bad(p->q, "?sort", "the list cannot be sorted by this", "不能按此项排序");
}

/* A file is the whole list. */
static enum rc read_range(struct page *p)
{
    p->after = ask_text(p->q, "after");
    p->limit = ask_count(p->q, "limit", 0);
    if (p->form == PAGE_JSON) {
        p->limit = p->limit == 0 ? PAGE_ROWS : p->limit < PAGE_ROWS_MAX ? p->limit : PAGE_ROWS_MAX;
        return RC_OK;
    }
    if (p->after.n > 0 || p->limit != 0) {
        return bad(p->q, "?format", "a file holds the whole list: leave out limit and after",
                   "文件包含整份列表，请去掉 limit 和 after");
    }
    p->limit = PAGE_FILE_MAX;
    return RC_OK;
}

static enum rc read_page(struct ask *q, struct page *p)
{
    *p = (struct page){.q = q};
    bool is_list = page_is(q->route->answer, &p->rows);
    ASSERT(is_list);
    p->columns = shape_fields(p->rows->item, &p->n_columns);
    TRY(read_form(p));
    TRY(read_sort(p));
    return read_range(p);
}

bool page_begins(struct ask *q, struct str *after, uint32_t *most)
{
    struct page p;
    *after = STR("");
    *most = PAGE_FILE_MAX + 1;
    if (read_page(q, &p) != RC_OK) {
        err_clear(&q->e); /* page_answer says it */
        return false;
    }
    if (p.form == PAGE_JSON && p.sort == NULL) {
        *after = p.after;
        *most = (uint32_t)p.limit + 2;
    }
    return true;
}

/* ---- forms ---------------------------------------------------------------------------------- */

static void write_rows(struct page *p)
{
    struct arena *a = p->q->a;
    p->doing = p->form;
    for (uint32_t k = 0; k < p->n_chosen; k++) {
        struct arena_mark m = arena_mark(a);
        page_row(p, p->chosen[k]);
        arena_rewind(a, m);
    }
}

static enum rc as_json(struct page *p)
{
    ask_json(p->q, &p->j);
    if (p->list->head != NULL) {
        p->list->head(p->list->ctx, &p->j);
    }
    json_key(&p->j, p->rows->name);
    json_arr_begin(&p->j);
    write_rows(p);
    json_arr_end(&p->j);
    json_key(&p->j, "next");
    if (p->next.n > 0) {
        json_str(&p->j, p->next);
    } else {
        json_null(&p->j);
    }
    json_obj_end(&p->j);
    json_end(&p->j);
    return RC_OK;
}

static enum rc as_csv(struct page *p)
{
    csv_write_init(&p->w, p->q->out, true, true);
    p->doing = p->form;
    page_heads(p);
    write_rows(p);
    return RC_OK;
}

/* Holds files while rows take memory (arena.h, A5). */
struct book {
    struct page *p;
    struct workbook_writer writer;
    struct rows_workbook rows;
    const char *path;
    enum rc rc;
};

static void fill_book(void *ctx)
{
    struct book *b = ctx;
    struct page *p = b->p;
    struct err *e = &p->q->e;
    struct str title = str_from_cstr(p->list->title[p->q->chinese]);
    b->rc = rows_workbook_begin(&b->rows, &b->writer, b->path, p->q->seat.roster.day, title, e);
    if (b->rc != RC_OK) {
        return;
    }
    csv_write_init(&p->w, p->q->out, false, false);
    csv_write_into(&p->w, &b->rows.sink);
    p->doing = p->form;
    page_heads(p);
    write_rows(p);
    b->rc = rows_workbook_end(&b->rows, e);
}

static enum rc as_xlsx(struct page *p)
{
    struct book b = {.p = p};
    TRY(ask_place(p->q, &b.path));
    enum rc rc = arena_run(p->q->a, fill_book, &b);
    workbook_drop(&b.writer);
    TRY(rc == RC_OK ? b.rc : rc);
    ask_file(p->q, b.path, forms[PAGE_XLSX].type);
    return RC_OK;
}

/* "单位-2026-11-26.csv" */
static struct str file_name(const struct page *p)
{
    char day[DATE_TEXT_BYTES];
    struct buf b;
    buf_init_in(&b, p->q->a, 1024);
    buf_printf(&b, "%s-", p->list->title[p->q->chinese]);
    buf_str(&b, date_text(seat_desk_today(&p->q->seat), day));
    buf_puts(&b, forms[p->form].suffix);
    return buf_view(&b);
}

enum rc page_answer(struct ask *q, const struct page_list *list)
{
    struct page p;
    TRY(read_page(q, &p));
    p.list = list;
    TRY(page_choose(&p));
    if (p.form == PAGE_JSON) {
        return as_json(&p);
    }
    if (p.next.n > 0) {
        return page_too_many(&p);
    }
    q->head.type = forms[p.form].type;
    q->head.name = file_name(&p);
    return p.form == PAGE_CSV ? as_csv(&p) : as_xlsx(&p);
}

void page_row_json(struct ask *q, enum shape columns, void (*row)(void *, uint32_t, struct page *),
                   void *ctx, uint32_t i, struct json *j)
{
    struct page p = {.q = q, .j = *j};
    p.list = &(struct page_list){.ctx = ctx, .row = row};
    p.columns = shape_fields(columns, &p.n_columns);
    page_row(&p, i);
    *j = p.j;
}

enum rc page_item(struct ask *q, enum shape columns, void (*row)(void *, uint32_t, struct page *),
                  void *ctx, uint32_t i)
{
    struct json j;
    json_init(&j, q->out, false);
    page_row_json(q, columns, row, ctx, i, &j);
    json_end(&j);
    return RC_OK;
}
