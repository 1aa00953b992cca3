/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of a list, in each of its forms. */
#include "http/page_int.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

bool page_is_cell(const struct shape_field *f)
{
    return f->sort != FIELD_OBJECT && f->sort != FIELD_LIST && f->sort != FIELD_ANY;
}

/* What a cell is: in JSON a text, or what `raw` says; in a table always a text. */
struct cell {
    struct str text; /* "": nothing */
    struct str word; /* in a table, "": the text */
    bool number;     /* the text is one */
    bool raw;        /* JSON has it without quotes */
    bool may_lack;   /* when it is empty there is none */
};

/* ---- columns -------------------------------------------------------------------------------- */

bool page_is_table(const struct page *p)
{
    return p->doing == PAGE_CSV || p->doing == PAGE_XLSX;
}

/* Tables have a cell for each column. */
static void skip(struct page *p)
{
    if (page_is_table(p) && page_is_cell(&p->columns[p->at])) {
        csv_write_field(&p->w, STR(""));
    }
    p->at++;
}

/* PG2: a name out of order, or one that the shape does not have, is a mistake of the handler. */
static const struct shape_field *column(struct page *p, const char *name)
{
    while (p->at < p->n_columns && strcmp(p->columns[p->at].name, name) != 0) {
        skip(p);
    }
    ASSERT(p->at < p->n_columns);
    return &p->columns[p->at++];
}

static void look(struct page *p, struct str text)
{
    uint32_t n = text.n < PAGE_SEEN_BYTES ? text.n : PAGE_SEEN_BYTES;
    while (n < text.n && n > 0 && ((unsigned char)text.p[n] & 0xc0) == 0x80) {
        n--; /* whole characters */
    }
    if (n > 0) { /* what is not there has no place either */
        memcpy(p->seen, text.p, n);
    }
    p->n_seen = n;
}

static void put_json(struct page *p, const struct shape_field *f, const struct cell *c)
{
    bool none = c->may_lack && c->text.n == 0;
    if (none && f->need == NEED_MAY) {
        return;
    }
    json_key(&p->j, f->name);
    if (none && f->need == NEED_NULL) {
        json_null(&p->j);
    } else if (c->raw) {
        json_raw_num(&p->j, c->text);
    } else {
        json_str(&p->j, c->text);
    }
}

static void put(struct page *p, const char *name, struct cell c)
{
    const struct shape_field *f = column(p, name);
    if (p->doing == PAGE_JSON) {
        put_json(p, f, &c);
    } else if (p->doing == PAGE_LOOK) {
        if (f == p->sort) {
            look(p, c.text);
        }
    } else {
        struct str shown = c.word.n > 0 ? c.word : c.text;
        (c.number && c.text.n > 0 ? csv_write_number : csv_write_field)(&p->w, shown);
    }
}

/* ---- for handlers --------------------------------------------------------------------------- */

void page_text(struct page *p, const char *name, struct str text)
{
    put(p, name, (struct cell){.text = text, .may_lack = true});
}

void page_word(struct page *p, const char *name, const char *word, const char *zh)
{
    struct cell c = {.text = str_from_cstr(word), .may_lack = true};
    if (p->q->chinese) {
        c.word = str_from_cstr(zh);
    }
    put(p, name, c);
}

void page_number(struct page *p, const char *name, struct str digits)
{
    put(p, name, (struct cell){.text = digits, .number = true, .may_lack = true});
}

void page_int(struct page *p, const char *name, int64_t n)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%lld", (long long)n);
    put(p, name, (struct cell){.text = str_from_cstr(digits), .number = true, .raw = true});
}

void page_bool(struct page *p, const char *name, bool yes)
{
    if (p->doing == PAGE_JSON) {
        json_kv_bool(&p->j, column(p, name)->name, yes);
        return;
    }
    page_word(p, name, yes ? "yes" : "no", yes ? "是" : "否");
}

void page_day(struct page *p, const char *name, struct date d)
{
    char text[DATE_TEXT_BYTES];
    put(p, name,
        (struct cell){.text = date_is_sentinel(d) ? STR("") : date_text(d, text),
                      .may_lack = true});
}

static struct str joined(struct page *p, const struct str *texts, uint32_t n)
{
    struct str out = STR("");
    for (uint32_t i = 0; i < n; i++) {
        out = i > 0 ? str_cat(p->q->a, out, p->q->chinese ? STR("、") : STR(", ")) : out;
        out = str_cat(p->q->a, out, texts[i]);
    }
    return out;
}

void page_texts(struct page *p, const char *name, const struct str *texts, uint32_t n)
{
    if (p->doing != PAGE_JSON) {
        page_text(p, name, joined(p, texts, n));
        return;
    }
    json_key(&p->j, column(p, name)->name);
    json_arr_begin(&p->j);
    for (uint32_t i = 0; i < n; i++) {
        json_str(&p->j, texts[i]);
    }
    json_arr_end(&p->j);
}

struct json *page_json(struct page *p, const char *name)
{
    const struct shape_field *f = column(p, name);
    if (p->doing != PAGE_JSON) {
        return NULL;
    }
    json_key(&p->j, f->name);
    return &p->j;
}

/* ---- rows ----------------------------------------------------------------------------------- */

void page_row(struct page *p, uint32_t i)
{
    p->at = 0;
    if (p->doing == PAGE_JSON) {
        json_obj_begin(&p->j);
    }
    p->list->row(p->list->ctx, i, p);
    if (p->doing == PAGE_JSON) {
        json_obj_end(&p->j);
        return;
    }
    while (p->at < p->n_columns) {
        skip(p);
    }
    if (page_is_table(p)) {
        csv_write_end(&p->w);
    }
}

/* What a field is, without how it is to be read. */
static struct str head_of(const struct shape_field *f, bool chinese)
{
    static const char *const ends[] = {";", ":", " (", "；", "：", "（"};
    struct str text = str_from_cstr(f->text[chinese]);
    for (uint32_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        uint32_t at = str_find(text, str_from_cstr(ends[i]), 0);
        text = at != STR_NONE ? str_sub(text, 0, at) : text;
    }
    return text;
}

void page_heads(struct page *p)
{
    for (uint32_t i = 0; i < p->n_columns; i++) {
        if (page_is_cell(&p->columns[i])) {
            csv_write_field(&p->w, head_of(&p->columns[i], p->q->chinese));
        }
    }
    csv_write_end(&p->w);
}
