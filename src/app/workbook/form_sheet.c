/* SPDX-License-Identifier: Apache-2.0 */
/* The machine sheet of a form workbook: structs to rows of texts, and back. */
#include "app/workbook/form_sheet.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "io/workbook.h"

#define WORD_FORM   "tizhi-form"
#define WORD_ABOUT  "about"
#define WORD_TABLE  "table"
#define WORD_COLUMN "column"
#define WORD_LINE   "line"
#define WORD_END    "end"

enum { TABLE_CELLS = 6, COLUMN_CELLS = 6, LINE_CELLS = 7 };

/* ---- words ---------------------------------------------------------------------------------- */

static const char *const layout_texts[] = {
#define LAYOUT(name, text) (text),
#include "app/workbook/form_sheet.def"
};
static const char *const lines_texts[] = {
#define LINES(name, text) (text),
#include "app/workbook/form_sheet.def"
};
static const char *const role_texts[] = {
#define ROLE(name, text) (text),
#include "app/workbook/form_sheet.def"
};
static const struct {
    const char *text;
    size_t at;
} abouts[] = {
#define ABOUT(member, text) {(text), offsetof(struct form_sheet, member)},
#include "app/workbook/form_sheet.def"
};

#define N_OF(array) ((uint32_t)(sizeof(array) / sizeof(array)[0]))

/* Its index, or n. */
static uint32_t word_of(const char *const *texts, uint32_t n, struct str word)
{
    uint32_t i = 0;
    while (i < n && !str_eq(str_from_cstr(texts[i]), word)) {
        i++;
    }
    return i;
}

static struct str *about_member(struct form_sheet *f, uint32_t i)
{
    return (struct str *)(void *)((char *)f + abouts[i].at);
}

static struct str about_text(const struct form_sheet *f, uint32_t i)
{
    return *(const struct str *)(const void *)((const char *)f + abouts[i].at);
}

/* ---- the digest ----------------------------------------------------------------------------- */

static uint32_t filled(const struct str *cells, uint32_t n)
{
    while (n > 0 && cells[n - 1].n == 0) {
        n--;
    }
    return n;
}

/* The digest so far, with one more row. */
static enum rc digest_row(struct arena *a, uint8_t digest[SM3_BYTES], bool *begun,
                          const struct str *cells, uint32_t n, struct err *e)
{
    struct arena_mark mark = arena_mark(a);
    struct buf b;
    buf_init_in(&b, a, LIMIT_STR_BYTES);
    if (*begun) {
        buf_put(&b, digest, SM3_BYTES);
    }
    *begun = true;
    for (uint32_t i = 0; i < filled(cells, n); i++) {
        buf_printf(&b, "%u:", cells[i].n);
        buf_str(&b, cells[i]);
    }
    bool done = !b.overflow && sm3(buf_view(&b), digest);
    arena_rewind(a, mark);
    return done ? RC_OK
                : err_set(e, RC_NO_SUPPORT, "SM3 is not there", "系统密码库不支持 SM3 算法");
}

static struct str hex_of(struct arena *a, const uint8_t digest[SM3_BYTES])
{
    struct buf b;
    buf_init_in(&b, a, 4 * SM3_BYTES);
    for (uint32_t i = 0; i < SM3_BYTES; i++) {
        buf_printf(&b, "%02x", digest[i]);
    }
    return buf_view(&b);
}

/* ---- writing -------------------------------------------------------------------------------- */

static enum rc put(struct form_writer *w, const struct str *cells, uint32_t n, struct err *e)
{
    TRY(digest_row(w->a, w->digest, &w->begun, cells, n, e));
    return w->row(w->ctx, cells, filled(cells, n), e);
}

static struct str decimal(struct arena *a, int64_t n)
{
    struct buf b;
    buf_init_in(&b, a, 32);
    buf_printf(&b, "%lld", (long long)n);
    return buf_view(&b);
}

/* As people see it: from 1. */
static struct str row_text(struct arena *a, uint32_t row)
{
    return decimal(a, (int64_t)row + 1);
}

static struct str column_text(struct arena *a, uint32_t column)
{
    char name[CELL_NAME_BYTES];
    struct str s = str_from_cstr(cell_name(0, column, name));
    return str_dup(a, str_sub(s, 0, s.n - 1));
}

enum rc form_write_about(struct form_writer *w, const struct form_sheet *f, struct err *e)
{
    struct arena_mark mark = arena_mark(w->a);
    const struct str head[] = {STR(WORD_FORM), decimal(w->a, FORM_SHEET_VERSION)};
    const struct str layout[] = {STR(WORD_ABOUT), STR("layout"),
                                 str_from_cstr(layout_texts[f->layout])};
    TRY(put(w, head, N_OF(head), e));
    TRY(put(w, layout, N_OF(layout), e));
    for (uint32_t i = 0; i < N_OF(abouts); i++) {
        const struct str cells[] = {STR(WORD_ABOUT), str_from_cstr(abouts[i].text),
                                    about_text(f, i)};
        if (cells[2].n > 0) {
            TRY(put(w, cells, N_OF(cells), e));
        }
    }
    arena_rewind(w->a, mark);
    return RC_OK;
}

enum rc form_write_table(struct form_writer *w, const struct form_table *t, struct err *e)
{
    struct arena_mark mark = arena_mark(w->a);
    const struct str head[TABLE_CELLS] = {STR(WORD_TABLE),
                                          t->sheet,
                                          str_from_cstr(lines_texts[t->lines_are]),
                                          row_text(w->a, t->header),
                                          row_text(w->a, t->first_free),
                                          decimal(w->a, t->n_free)};
    w->n_columns = t->columns.n;
    TRY(put(w, head, TABLE_CELLS, e));
    for (uint32_t i = 0; i < t->columns.n; i++) {
        const struct form_column *c = &t->columns.items[i];
        const struct str cells[COLUMN_CELLS] = {STR(WORD_COLUMN),
                                                column_text(w->a, c->column),
                                                str_from_cstr(role_texts[c->role]),
                                                c->name,
                                                c->measure,
                                                c->head};
        TRY(put(w, cells, COLUMN_CELLS, e));
    }
    arena_rewind(w->a, mark);
    return RC_OK;
}

enum rc form_write_line(struct form_writer *w, const struct form_line *l, struct err *e)
{
    struct arena_mark mark = arena_mark(w->a);
    uint32_t n = LINE_CELLS + w->n_columns;
    struct str *cells = ARENA_ARRAY(w->a, struct str, n);
    const struct str head[LINE_CELLS] = {STR(WORD_LINE), row_text(w->a, l->row), l->unit, l->name,
                                         l->measure,     decimal(w->a, l->seen), l->label};
    for (uint32_t i = 0; i < n; i++) {
        cells[i] = i < LINE_CELLS ? head[i] : l->values[i - LINE_CELLS];
    }
    TRY(put(w, cells, n, e));
    arena_rewind(w->a, mark);
    return RC_OK;
}

enum rc form_write_end(struct form_writer *w, struct err *e)
{
    const struct str cells[] = {STR(WORD_END), hex_of(w->a, w->digest)};
    return w->row(w->ctx, cells, N_OF(cells), e);
}

/* ---- reading -------------------------------------------------------------------------------- */

struct reading {
    struct arena *a;
    struct form_sheet *out;
    uint32_t row; /* of the machine sheet, from 0 */
    uint8_t digest[SM3_BYTES];
    bool begun, ended;
};

static enum rc damaged(const struct reading *r, struct err *e)
{
    enum rc rc = err_set(e, RC_INPUT, "row %u of the hidden sheet %s is damaged",
                         "隐藏工作表第 %u 行已损坏（%s）", r->row + 1, FORM_SHEET_NAME);
    err_hint(e, "Export the workbook again and copy the figures over, or remove that sheet.",
             "请重新导出，把数据抄入新表；或删除该隐藏工作表后再导入。");
    return rc;
}

static bool number_of(struct str s, int64_t max, int64_t *out)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < s.n; i++) {
        int digit = s.p[i] - '0';
        if (digit < 0 || digit > 9 || n > (max - digit) / 10) {
            return false;
        }
        n = n * 10 + digit;
    }
    *out = n;
    return s.n > 0;
}

/* A row as people write it. */
static bool row_of(struct str s, uint32_t *out)
{
    int64_t n = 0;
    bool good = number_of(s, WORKBOOK_ROWS_MAX, &n) && n > 0;
    *out = good ? (uint32_t)n - 1 : 0;
    return good;
}

static enum rc take_about(struct reading *r, const struct str *cells, uint32_t n, struct err *e)
{
    struct str text = n > 2 ? cells[2] : STR("");
    uint32_t layout = word_of(layout_texts, N_OF(layout_texts), text);
    if (n == 3 && r->out->tables.n == 0 && str_eq(cells[1], STR("layout"))) {
        r->out->layout = (enum form_layout)layout;
        return layout < N_OF(layout_texts) ? RC_OK : damaged(r, e);
    }
    for (uint32_t i = 0; n == 3 && r->out->tables.n == 0 && i < N_OF(abouts); i++) {
        if (str_eq(cells[1], str_from_cstr(abouts[i].text))) {
            *about_member(r->out, i) = text;
            return RC_OK;
        }
    }
    return damaged(r, e);
}

static enum rc take_table(struct reading *r, const struct str *cells, uint32_t n, struct err *e)
{
    struct form_table t = {0};
    int64_t free_rows = 0;
    if (n != TABLE_CELLS || !row_of(cells[3], &t.header) || !row_of(cells[4], &t.first_free) ||
        !number_of(cells[5], WORKBOOK_ROWS_MAX, &free_rows)) {
        return damaged(r, e);
    }
    uint32_t lines = word_of(lines_texts, N_OF(lines_texts), cells[2]);
    t.sheet = cells[1];
    t.lines_are = (enum form_lines)lines;
    t.n_free = (uint32_t)free_rows;
    vec_push(r->a, &r->out->tables, t);
    return lines < N_OF(lines_texts) ? RC_OK : damaged(r, e);
}

static enum rc take_column(struct reading *r, const struct str *cells, uint32_t n, struct err *e)
{
    struct form_table *t = r->out->tables.n > 0 ? &vec_last(&r->out->tables) : NULL;
    struct form_column c = {0};
    uint32_t row = 0;
    if (t == NULL || t->lines.n > 0 || n < 3 || n > COLUMN_CELLS ||
        !cell_parse_name(str_cat(r->a, cells[1], STR("1")), &row, &c.column) || row != 0 ||
        (t->columns.n > 0 && vec_last(&t->columns).column >= c.column)) {
        return damaged(r, e);
    }
    uint32_t role = word_of(role_texts, N_OF(role_texts), cells[2]);
    c.role = (enum form_role)role;
    c.name = n > 3 ? cells[3] : STR("");
    c.measure = n > 4 ? cells[4] : STR("");
    c.head = n > 5 ? cells[5] : STR("");
    vec_push(r->a, &t->columns, c);
    return role < N_OF(role_texts) ? RC_OK : damaged(r, e);
}

static enum rc take_line(struct reading *r, const struct str *cells, uint32_t n, struct err *e)
{
    struct form_table *t = r->out->tables.n > 0 ? &vec_last(&r->out->tables) : NULL;
    struct form_line l = {0};
    if (t == NULL || n < 6 || n > LINE_CELLS + t->columns.n || !row_of(cells[1], &l.row) ||
        !number_of(cells[5], INT64_MAX, &l.seen) || l.row <= t->header ||
        (t->lines.n > 0 && vec_last(&t->lines).row >= l.row)) {
        return damaged(r, e);
    }
    struct str *values = ARENA_ARRAY(r->a, struct str, t->columns.n + 1U);
    for (uint32_t i = 0; i < t->columns.n; i++) {
        values[i] = LINE_CELLS + i < n ? cells[LINE_CELLS + i] : STR("");
    }
    l.unit = cells[2];
    l.name = cells[3];
    l.measure = cells[4];
    l.label = n > 6 ? cells[6] : STR("");
    l.values = values;
    vec_push(r->a, &t->lines, l);
    return RC_OK;
}

static enum rc take_end(struct reading *r, const struct str *cells, uint32_t n, struct err *e)
{
    r->ended = true;
    if (n == 2 && str_eq(cells[1], hex_of(r->a, r->digest))) {
        return RC_OK;
    }
    enum rc rc = err_set(e, RC_INPUT, "the hidden sheet %s was changed: its digest does not fit",
                         "隐藏工作表 %s 被改动过：摘要不符", FORM_SHEET_NAME);
    err_hint(e, "Export the workbook again and copy the figures over.",
             "请重新导出，把数据抄入新表。");
    return rc;
}

static const struct {
    const char *word;
    enum rc (*take)(struct reading *r, const struct str *cells, uint32_t n, struct err *e);
} words[] = {
    {WORD_ABOUT, take_about}, {WORD_TABLE, take_table}, {WORD_COLUMN, take_column},
    {WORD_LINE, take_line},   {WORD_END, take_end},
};

/* The texts of a row, those that are not there empty; n: up to the last that is not. */
static struct str *texts_of(struct arena *a, const struct workbook_row *row, uint32_t *n)
{
    uint32_t width = row->n > 0 ? row->cells[row->n - 1].column + 1 : 0;
    struct str *cells = ARENA_ARRAY(a, struct str, width + 1U);
    for (uint32_t i = 0; i < width; i++) {
        cells[i] = STR("");
    }
    for (uint32_t i = 0; i < row->n; i++) {
        cells[row->cells[i].column] = row->cells[i].text;
    }
    *n = filled(cells, width);
    return cells;
}

static enum rc take_head(struct reading *r, const struct str *cells, uint32_t n, struct err *e)
{
    int64_t version = 0;
    if (n < 2 || !str_eq(cells[0], STR(WORD_FORM)) || !number_of(cells[1], 1000000, &version)) {
        return damaged(r, e);
    }
    if (version != FORM_SHEET_VERSION) {
        enum rc rc = err_set(e, RC_NO_SUPPORT, "the workbook was exported by another version (%d)",
                             "工作簿由其他版本的程序导出（版式 %d）", (int)version);
        err_hint(e, "Use a program that is at least as new.", "请改用同版或更新的程序导入。");
        return rc;
    }
    return RC_OK;
}

static enum rc take_row(struct reading *r, const struct workbook_row *row, struct err *e)
{
    uint32_t n = 0;
    const struct str *cells = texts_of(r->a, row, &n);
    r->row = row->row;
    if (n == 0) {
        return RC_OK;
    }
    if (!r->begun) {
        TRY(take_head(r, cells, n, e));
        return digest_row(r->a, r->digest, &r->begun, cells, n, e);
    }
    uint32_t i = 0;
    while (i < N_OF(words) && !str_eq(cells[0], str_from_cstr(words[i].word))) {
        i++;
    }
    if (i == N_OF(words) || r->ended) {
        return damaged(r, e);
    }
    TRY(words[i].take(r, cells, n, e));
    return digest_row(r->a, r->digest, &r->begun, cells, n, e);
}

enum rc form_sheet_read(struct arena *a, const struct grid *g, struct form_sheet *out,
                        struct err *e)
{
    struct reading r = {.a = a, .out = out};
    uint32_t s = 0;
    *out = (struct form_sheet){.layout = FORM_LAYOUT__COUNT};
    while (s < g->book.n_sheets && !str_eq(g->book.sheets[s].name, STR(FORM_SHEET_NAME))) {
        s++;
    }
    if (s == g->book.n_sheets) {
        return err_set(e, RC_NOT_FOUND, "the workbook was not exported as a form",
                       "工作簿不是由本程序导出的报表");
    }
    for (uint32_t i = 0; i < g->sheets[s].rows.n; i++) {
        TRY(take_row(&r, &g->sheets[s].rows.items[i], e));
    }
    r.row++;
    return r.ended && out->layout < FORM_LAYOUT__COUNT ? RC_OK : damaged(&r, e);
}

struct form_cell form_cell(const struct form_table *t, uint32_t line, uint32_t column)
{
    const struct form_line *l = &t->lines.items[line];
    const struct form_column *c = &t->columns.items[column];
    return (struct form_cell){.role = c->role,
                              .unit = l->unit,
                              .name = c->name.n > 0 ? c->name : l->name,
                              .measure = c->measure.n > 0 ? c->measure : l->measure,
                              .exported = l->values[column],
                              .seen = l->seen};
}
