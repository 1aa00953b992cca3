/* SPDX-License-Identifier: Apache-2.0 */
/* The records of BIFF8: reading them, text across continuations, and what holds for all sheets. */
#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "io/xls_int.h"
#include "io/workbook_int.h"

enum {
    RECORD_CONTINUE = 0x3c,
    RECORD_BYTES_MAX = 8224,
};

/* ---- records -------------------------------------------------------------------------------- */

bool xls_record_at(const struct xls *x, uint32_t offset, struct xls_record *out)
{
    uint32_t n = xls_u16(x->stream, offset + 2);
    if (offset + 4 > x->stream.n || n > RECORD_BYTES_MAX || offset + 4 + n > x->stream.n) {
        return false;
    }
    out->id = (uint16_t)xls_u16(x->stream, offset);
    out->data = str_sub(x->stream, offset + 4, offset + 4 + n);
    out->next = offset + 4 + n;
    return true;
}

/* Moves to the continuation when the record is used up. */
static bool more(struct xls_cursor *c)
{
    while (!c->failed && c->pos >= c->r.data.n) {
        struct xls_record next;
        c->failed = !xls_record_at(c->x, c->r.next, &next) || next.id != RECORD_CONTINUE;
        if (!c->failed) {
            c->r = next;
            c->pos = 0;
        }
    }
    return !c->failed;
}

uint32_t xls_get(struct xls_cursor *c, uint32_t bytes)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes && more(c); i++) {
        value |= (uint32_t)(unsigned char)c->r.data.p[c->pos++] << (8 * i);
    }
    return c->failed ? 0 : value;
}

void xls_skip(struct xls_cursor *c, uint32_t bytes)
{
    while (bytes > 0 && more(c)) {
        uint32_t here = c->r.data.n - c->pos;
        here = here < bytes ? here : bytes;
        c->pos += here;
        bytes -= here;
    }
}

/* ---- text ----------------------------------------------------------------------------------- */

/* UTF-16, a unit at a time, to UTF-8; a surrogate alone becomes U+FFFD. */
struct joining {
    char *p;
    uint32_t n;
    uint32_t high; /* waiting for its other half; 0: none */
};

static void join(struct joining *j, uint32_t unit)
{
    bool low = unit >= 0xdc00 && unit < 0xe000;
    if (j->high > 0 && low) {
        uint32_t cp = 0x10000 + ((j->high - 0xd800) << 10) + (unit - 0xdc00);
        j->n += utf8_encode(cp, j->p + j->n);
        j->high = 0;
        return;
    }
    if (j->high > 0) {
        j->n += utf8_encode(UTF8_REPLACEMENT, j->p + j->n);
        j->high = 0;
    }
    if (unit >= 0xd800 && unit < 0xdc00) {
        j->high = unit;
    } else {
        j->n += utf8_encode(low ? UTF8_REPLACEMENT : unit, j->p + j->n);
    }
}

struct str xls_get_chars(struct xls_cursor *c, uint32_t n, bool wide)
{
    uint32_t left =
        c->x->stream.n - (c->r.next < c->x->stream.n ? c->r.next : c->x->stream.n) + c->r.data.n;
    if (n > left) { /* as many bytes are not there */
        c->failed = true;
        return STR("");
    }
    struct joining j = {.p = arena_alloc(c->x->a, (size_t)n * 3 + 4)};
    for (uint32_t i = 0; i < n && !c->failed; i++) {
        if (c->pos >= c->r.data.n && more(c)) {
            wide = (xls_get(c, 1) & 1) != 0; /* a continuation says anew */
        }
        join(&j, xls_get(c, wide ? 2 : 1));
    }
    if (j.high > 0) {
        join(&j, ' ');
        j.n--;
    }
    return c->failed ? STR("") : str_make(j.p, j.n);
}

struct str xls_get_text(struct xls_cursor *c, uint32_t n)
{
    uint32_t flags = xls_get(c, 1);
    uint32_t runs = (flags & 8) != 0 ? xls_get(c, 2) : 0;
    uint32_t extra = (flags & 4) != 0 ? xls_get(c, 4) : 0;
    struct str text = xls_get_chars(c, n, (flags & 1) != 0);
    if (runs > 0 || extra > 0) {
        xls_skip(c, runs * 4);
        xls_skip(c, extra); /* how to pronounce it */
    }
    return text;
}

/* ---- what holds for all sheets -------------------------------------------------------------- */

typedef enum rc global_reader(struct xls *x, const struct xls_record *r);

static struct xls_cursor cursor(const struct xls *x, const struct xls_record *r, uint32_t pos)
{
    return (struct xls_cursor){.x = x, .r = *r, .pos = pos};
}

static enum rc on_password(struct xls *x, const struct xls_record *r)
{
    (void)r;
    enum rc rc =
        err_set(x->e, RC_DENIED, "%s is protected by a password", "%s 设有打开密码", x->path);
    err_hint(x->e, "Open it with the password and save it without one.",
             "请用密码打开后取消密码再保存。");
    return rc;
}

static enum rc on_date_mode(struct xls *x, const struct xls_record *r)
{
    x->book->date1904 = xls_u16(r->data, 0) == 1;
    return RC_OK;
}

static enum rc on_protect(struct xls *x, const struct xls_record *r)
{
    x->book->protected = x->book->protected || xls_u16(r->data, 0) == 1;
    return RC_OK;
}

static enum rc on_format(struct xls *x, const struct xls_record *r)
{
    struct xls_cursor c = cursor(x, r, 2);
    uint32_t id = xls_u16(r->data, 0);
    struct str code = xls_get_text(&c, xls_get(&c, 2));
    if (!c.failed) {
        map_u64_put(x->a, &x->declared, id,
                    number_format_of(code) | (uint32_t)number_format_zeros(code) << 8);
    }
    return RC_OK;
}

static enum rc on_style(struct xls *x, const struct xls_record *r)
{
    uint32_t id = xls_u16(r->data, 2);
    uint32_t format = NF_GENERAL;
    if (!map_u64_get(&x->declared, id, &format)) {
        format = number_format_builtin(id);
    }
    if (x->formats.n == WORKBOOK_STYLES_MAX) {
        return xls_too_much(x, "styles", "种样式", WORKBOOK_STYLES_MAX);
    }
    vec_push(x->a, &x->formats, (uint16_t)format);
    vec_push(x->a, &x->apostrophes, (xls_u16(r->data, 4) & 8) != 0);
    return RC_OK;
}

static enum rc on_sheet(struct xls *x, const struct xls_record *r)
{
    struct xls_cursor c = cursor(x, r, 7);
    if (r->data.n < 8 || x->book->n_sheets == WORKBOOK_SHEETS_MAX) {
        return xls_too_much(x, "sheets", "个工作表", WORKBOOK_SHEETS_MAX);
    }
    struct workbook_sheet *sheet = &x->book->sheets[x->book->n_sheets];
    uint32_t state = (uint32_t)(unsigned char)r->data.p[4] & 3;
    bool wide = (xls_get(&c, 1) & 1) != 0;
    x->offsets[x->book->n_sheets++] = xls_u32(r->data, 0);
    sheet->visible = (uint8_t)(state == 1   ? WORKBOOK_HIDDEN
                               : state == 2 ? WORKBOOK_VERY_HIDDEN
                                            : WORKBOOK_VISIBLE);
    sheet->table = r->data.p[5] == 0;
    sheet->name = xls_get_chars(&c, (unsigned char)r->data.p[6], wide);
    return RC_OK;
}

static enum rc on_strings(struct xls *x, const struct xls_record *r)
{
    struct xls_cursor c = cursor(x, r, 4);
    uint32_t n = xls_get(&c, 4);
    uint64_t bytes = 0;
    if (n > WORKBOOK_STRINGS_MAX) {
        return xls_too_much(x, "shared strings", "个共享字符串", WORKBOOK_STRINGS_MAX);
    }
    for (uint32_t i = 0; i < n && !c.failed; i++) {
        uint32_t length = xls_get(&c, 2);
        struct str text = xls_get_text(&c, length);
        bytes += text.n;
        if (bytes > WORKBOOK_STRING_BYTES_MAX) {
            return xls_too_much(x, "bytes of shared strings", "字节（共享字符串）",
                                WORKBOOK_STRING_BYTES_MAX);
        }
        vec_push(x->a, &x->strings, text);
    }
    return c.failed ? xls_damaged(x, "its strings end too early", "字符串表不完整") : RC_OK;
}

/* The book itself and add-ins are listed among the books it refers to. */
static enum rc on_book(struct xls *x, const struct xls_record *r)
{
    uint32_t mark = xls_u16(r->data, 2);
    bool external = r->data.n > 4 && mark != 0x0401 && mark != 0x3a01;
    x->book->n_external += external ? 1 : 0;
    vec_push(x->a, &x->external_books, external);
    return RC_OK;
}

static enum rc on_references(struct xls *x, const struct xls_record *r)
{
    struct xls_cursor c = cursor(x, r, 0);
    uint32_t n = xls_get(&c, 2);
    for (uint32_t i = 0; i < n && !c.failed; i++) {
        uint32_t book = xls_get(&c, 2);
        xls_skip(&c, 4);
        bool external = book < x->external_books.n && x->external_books.items[book];
        vec_push(x->a, &x->external_refs, external);
    }
    return RC_OK;
}

static const struct {
    uint16_t id;
    global_reader *read;
} global_records[] = {
    {0x2f, on_password}, {0x22, on_date_mode}, {0x12, on_protect},
    {0x41e, on_format},  {0xe0, on_style},     {0x85, on_sheet},
    {0xfc, on_strings},  {0x1ae, on_book},     {0x17, on_references},
};

static enum rc read_global(struct xls *x, const struct xls_record *r)
{
    for (size_t i = 0; i < sizeof global_records / sizeof global_records[0]; i++) {
        if (r->id == global_records[i].id) {
            return global_records[i].read(x, r);
        }
    }
    return RC_OK;
}

enum rc xls_globals_read(struct xls *x)
{
    struct xls_record r;
    if (!xls_record_at(x, 0, &r) || r.id != 0x809 || xls_u16(r.data, 0) != 0x600) {
        return xls_damaged(x, "it does not begin as a workbook of Excel 97 or newer",
                           "不是 Excel 97 及以后的工作簿");
    }
    x->book->sheets = ARENA_ARRAY(x->a, struct workbook_sheet, WORKBOOK_SHEETS_MAX);
    x->offsets = ARENA_ARRAY(x->a, uint32_t, WORKBOOK_SHEETS_MAX);
    while (r.id != 0x0a) {
        if (!xls_record_at(x, r.next, &r)) {
            return xls_damaged(x, "it ends too early", "内容提前结束");
        }
        TRY(read_global(x, &r));
    }
    return x->book->n_sheets > 0 ? RC_OK : xls_damaged(x, "it has no sheet", "其中没有工作表");
}

/* ---- all of it ------------------------------------------------------------------------------ */

enum rc xls_read(struct arena *a, const char *path, struct str bytes,
                 const struct workbook_sink *sink, struct workbook *out, struct err *e)
{
    struct xls *x = ARENA_NEW(a, struct xls);
    *x = (struct xls){.a = a, .path = path, .e = e, .sink = sink, .book = out};
    TRY(xls_file_open(x, bytes));
    TRY(xls_globals_read(x));
    for (uint32_t i = 0; i < out->n_sheets; i++) {
        bool skip = false;
        if (sink->sheet) {
            TRY(sink->sheet(sink->ctx, out, i, &skip));
        }
        if (!skip && out->sheets[i].table) {
            TRY(xls_sheet_read(x, i));
        }
        if (!skip && sink->end) {
            TRY(sink->end(sink->ctx, out, i));
        }
    }
    return RC_OK;
}
