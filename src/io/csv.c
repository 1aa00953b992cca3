/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV reader: decoding, rows and fields. */
#include "io/csv.h"

#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/utf8.h"

#define BOM_BYTES 3

static const struct {
    enum rc rc;
    const char *en;
    const char *zh;
} faults[] = {
    {RC_OK, "", ""},
#define CSV_FAULT(name, rc, en, zh) {RC_##rc, en, zh},
#include "io/csv_fault.def"
};

/* Both languages take the same arguments: "%.0s" swallows the text of the other one. */
enum rc csv_raise(const char *path, struct csv_place place, struct str name, struct err *e)
{
    ASSERT(place.fault > CSV_FAULT_NONE && place.fault < CSV_FAULT__COUNT);
    const char *quote_open = name.n > 0 ? " \"" : "";
    const char *quote_close = name.n > 0 ? "\"" : "";
    bool first = e != NULL && e->rc == RC_OK; /* only the origin tells its place */
    enum rc rc =
        err_set(e, faults[place.fault].rc, "%s%.0s%s%.*s%s", "%.0s%s%s%.*s%s",
                faults[place.fault].en, faults[place.fault].zh, quote_open, PS(name), quote_close);
    err_ctx(first ? e : NULL, "reading %s:%u:%u", "读取 %s 第 %u 行第 %u 列", path, place.line,
            place.column);
    return rc;
}

struct str csv_trim(struct str field)
{
    return str_trim(field);
}

/* A fault after which the reader is finished. */
static enum rc fail(struct csv_reader *r, enum csv_fault fault, uint32_t line, uint32_t column,
                    struct err *e)
{
    r->place = (struct csv_place){fault, line, column};
    r->failed = faults[fault].rc;
    return csv_raise(r->path, r->place, STR(""), e);
}

static enum rc fail_here(struct csv_reader *r, enum csv_fault fault, struct err *e)
{
    return fail(r, fault, r->line, r->column, e);
}

/* Moves to byte `to`, counting lines and code points on the way. */
static void advance(struct csv_reader *r, uint32_t to)
{
    for (; r->at < to; r->at++) {
        unsigned char c = (unsigned char)r->text.p[r->at];
        if (c == '\n') {
            r->line++;
            r->column = 1;
        } else if ((c & 0xc0U) != 0x80U) { /* not the continuation of a code point */
            r->column++;
        }
    }
}

/* -- decoding -----------------------------------------------------------------------------------
 */

static enum rc fail_encoding(struct csv_reader *r, struct str bytes, uint32_t bad_at,
                             const struct err *why, struct err *e)
{
    uint32_t line = 1;
    uint32_t line_start = 0;
    for (uint32_t i = 0; i < bad_at; i++) {
        if (bytes.p[i] == '\n') {
            line++;
            line_start = i + 1;
        }
    }
    enum rc rc = fail(r, CSV_BAD_ENCODING, line, bad_at - line_start + 1, e);
    err_ctx(e, "not UTF-8 at byte offset %u", "字节偏移 %u 处不是 UTF-8", bad_at);
    if (why != NULL) {
        err_ctx(e, "%s%.0s", "%.0s%s", why->primary_en, why->primary_zh);
    }
    err_hint(e, "Save the table as \"CSV UTF-8\".", "请将表另存为“CSV UTF-8”格式。");
    return rc;
}

/* A byte order mark says UTF-8; without one, bytes that are not UTF-8 are tried as GB18030. */
static enum rc decode(struct csv_reader *r, struct str bytes, struct err *e)
{
    struct str bare = utf8_strip_bom(bytes);
    uint32_t bad_at = 0;
    if (utf8_valid(bare, &bad_at)) {
        r->text = bare;
        return RC_OK;
    }
    if (bare.n != bytes.n) {
        return fail_encoding(r, bytes, bad_at + BOM_BYTES, NULL, e);
    }
    struct err why;
    err_clear(&why);
    struct str text;
    enum rc rc = utf8_from_gb18030(r->a, bytes, LIMIT_STR_BYTES, &text, &why);
    if (rc == RC_ENCODING) {
        return fail_encoding(r, bytes, bad_at, &why, e);
    }
    if (rc != RC_OK) {
        r->failed = rc;
        return err_set(e, rc, "%s: %s%.0s", "%s：%.0s%s", r->path, why.primary_en, why.primary_zh);
    }
    r->text = utf8_strip_bom(text);
    return RC_OK;
}

/* Empty lines at the end are no rows; without them every line end is followed by a row. */
static struct str drop_line_ends(struct str s)
{
    while (s.n > 0 && s.p[s.n - 1] == '\n') {
        s.n -= s.n > 1 && s.p[s.n - 2] == '\r' ? 2 : 1;
    }
    return s;
}

/* -- rows ---------------------------------------------------------------------------------------
 */

/* Length of the line end at byte i: 1, 2, or 0 when there is none. */
static uint32_t line_end_at(struct str s, uint32_t i)
{
    if (i < s.n && s.p[i] == '\n') {
        return 1;
    }
    return i + 1 < s.n && s.p[i] == '\r' && s.p[i + 1] == '\n' ? 2 : 0;
}

static enum rc read_plain(struct csv_reader *r, struct csv_field *f, struct err *e)
{
    uint32_t beg = r->at;
    uint32_t end = beg;
    while (end < r->text.n && r->text.p[end] != r->separator &&
           (r->text.p[end] != '"' || r->loose) && r->text.p[end] != '\n' &&
           r->text.p[end] != '\r') {
        end++;
    }
    if (end - beg > CSV_FIELD_BYTES_MAX) {
        return fail_here(r, CSV_LONG_FIELD, e);
    }
    advance(r, end);
    if (end < r->text.n && r->text.p[end] == '"' && !r->loose) {
        return fail_here(r, CSV_STRAY_QUOTE, e);
    }
    f->text = str_sub(r->text, beg, end);
    return RC_OK;
}

/* The text between the quotes with each "" made one; n_double of them. */
static bool undouble(struct arena *a, struct str raw, uint32_t n_double, struct str *out)
{
    char *p = arena_try(a, raw.n - n_double);
    if (p == NULL) {
        return false;
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < raw.n; i++) {
        p[n++] = raw.p[i];
        i += raw.p[i] == '"' ? 1 : 0;
    }
    *out = str_make(p, n);
    return true;
}

static enum rc read_quoted(struct csv_reader *r, struct csv_field *f, struct err *e)
{
    uint32_t beg = r->at + 1;
    uint32_t end = beg;
    uint32_t n_double = 0;
    for (;;) {
        end = str_find(r->text, STR("\""), end);
        if (end == STR_NONE) {
            return fail_here(r, CSV_OPEN_QUOTE, e);
        }
        if (end + 1 >= r->text.n || r->text.p[end + 1] != '"') {
            break;
        }
        n_double++;
        end += 2;
    }
    struct str raw = str_sub(r->text, beg, end);
    if (raw.n - n_double > CSV_FIELD_BYTES_MAX) {
        return fail_here(r, CSV_LONG_FIELD, e);
    }
    f->text = raw;
    if (n_double > 0 && !undouble(r->a, raw, n_double, &f->text)) {
        return fail_here(r, CSV_NO_ROOM, e);
    }
    advance(r, end + 1);
    return RC_OK;
}

/* One field, up to the comma, line end or end of the file behind it. */
static enum rc read_field(struct csv_reader *r, struct csv_field *f, struct err *e)
{
    f->line = r->line;
    f->column = r->column;
    bool quoted = r->at < r->text.n && r->text.p[r->at] == '"';
    TRY(quoted ? read_quoted(r, f, e) : read_plain(r, f, e));
    if (r->at == r->text.n || r->text.p[r->at] == r->separator || line_end_at(r->text, r->at) > 0) {
        return RC_OK;
    }
    return fail_here(r, r->text.p[r->at] == '\r' ? CSV_BARE_CR : CSV_AFTER_QUOTE, e);
}

/*
 * Reads a whole row and keeps its first max_fields fields; *n counts all, *extra is the place of
 * the first one too many, or of the end of the row.
 */
static enum rc read_row(struct csv_reader *r, uint32_t max_fields, uint32_t *n,
                        struct csv_place *extra, struct err *e)
{
    *n = 0;
    for (;;) {
        struct csv_field f;
        TRY(read_field(r, &f, e));
        if (*n < max_fields) {
            r->fields[*n] = f;
        } else if (*n == max_fields) {
            *extra = (struct csv_place){CSV_TOO_MANY_FIELDS, f.line, f.column};
        }
        (*n)++;
        if (r->at == r->text.n || r->text.p[r->at] != r->separator) {
            break;
        }
        advance(r, r->at + 1);
    }
    if (*n < max_fields) {
        *extra = (struct csv_place){CSV_TOO_FEW_FIELDS, r->line, r->column};
    }
    advance(r, r->at + line_end_at(r->text, r->at));
    return RC_OK;
}

/* Whether there is a row to read, counted in *row; a fault met before is told again. */
static enum rc begin_row(struct csv_reader *r, struct csv_row *row, bool *is_row, struct err *e)
{
    *row = (struct csv_row){r->fields, 0, r->row, r->line};
    if (r->failed != RC_OK) {
        return csv_raise(r->path, r->place, STR(""), e);
    }
    *is_row = r->at < r->text.n;
    if (*is_row && r->row == CSV_ROWS_MAX) {
        return fail_here(r, CSV_MANY_ROWS, e);
    }
    row->row = *is_row ? ++r->row : r->row;
    return RC_OK;
}

enum rc csv_next(struct csv_reader *r, struct csv_row *row, struct err *e)
{
    bool is_row = false;
    TRY(begin_row(r, row, &is_row, e));
    if (!is_row) {
        return RC_OK;
    }
    uint32_t n = 0;
    struct csv_place extra = {CSV_FAULT_NONE, 0, 0};
    TRY(read_row(r, r->n_columns, &n, &extra, e));
    if (n != r->n_columns) {
        r->place = extra;
        return csv_raise(r->path, r->place, STR(""), e);
    }
    row->n = n;
    return RC_OK;
}

enum rc csv_next_unguarded(struct csv_reader *r, struct csv_row *row, struct err *e)
{
    TRY(csv_next(r, row, e));
    for (uint32_t i = 0; i < row->n; i++) {
        r->fields[i].text = csv_unguard(r->fields[i].text);
    }
    return RC_OK;
}

enum rc csv_next_loose(struct csv_reader *r, struct csv_row *row, struct err *e)
{
    bool is_row = false;
    struct csv_place extra = {CSV_FAULT_NONE, 0, 0};
    TRY(begin_row(r, row, &is_row, e));
    if (is_row) {
        TRY(read_row(r, CSV_COLUMNS_MAX, &row->n, &extra, e));
    }
    return row->n > CSV_COLUMNS_MAX ? fail(r, CSV_MANY_COLUMNS, extra.line, extra.column, e)
                                    : RC_OK;
}

/* -- opening ------------------------------------------------------------------------------------
 */

static enum rc check_header(struct csv_reader *r, struct err *e)
{
    struct map seen = {0};
    for (uint32_t i = 0; i < r->n_columns; i++) {
        struct csv_field *f = &r->fields[i];
        f->text = csv_trim(f->text);
        if (f->text.n == 0) {
            return fail(r, CSV_EMPTY_HEADER, f->line, f->column, e);
        }
        if (map_get(&seen, f->text, NULL)) {
            r->place = (struct csv_place){CSV_DUPLICATE_HEADER, f->line, f->column};
            r->failed = RC_INPUT;
            return csv_raise(r->path, r->place, f->text, e);
        }
        if (!map_try_put(r->a, &seen, f->text, i)) {
            return fail_here(r, CSV_NO_ROOM, e);
        }
    }
    return RC_OK;
}

static enum rc read_header(struct csv_reader *r, struct err *e)
{
    struct csv_place extra = {CSV_FAULT_NONE, 0, 0};
    TRY(read_row(r, CSV_COLUMNS_MAX, &r->n_columns, &extra, e));
    if (r->n_columns > CSV_COLUMNS_MAX) {
        return fail(r, CSV_MANY_COLUMNS, extra.line, extra.column, e);
    }
    TRY(check_header(r, e));
    struct csv_field *header = ARENA_TRY_ARRAY(r->a, struct csv_field, r->n_columns);
    if (header == NULL) {
        return fail_here(r, CSV_NO_ROOM, e);
    }
    memcpy(header, r->fields, r->n_columns * sizeof *header);
    r->header = header;
    return RC_OK;
}

/* Decodes; what is opened has something in it. */
static enum rc begin(struct csv_reader *r, struct str bytes, struct err *e)
{
    TRY(decode(r, bytes, e));
    const char *nul = r->text.n > 0 ? memchr(r->text.p, '\0', r->text.n) : NULL;
    if (nul != NULL) {
        advance(r, (uint32_t)(nul - r->text.p));
        return fail_here(r, CSV_NUL_BYTE, e);
    }
    r->text = drop_line_ends(r->text);
    if (r->text.n == 0) {
        return fail_here(r, CSV_EMPTY_FILE, e);
    }
    r->fields = ARENA_TRY_ARRAY(r->a, struct csv_field, CSV_COLUMNS_MAX);
    return r->fields != NULL ? RC_OK : fail_here(r, CSV_NO_ROOM, e);
}

enum rc csv_open_text(struct arena *a, struct csv_reader *r, const char *path, struct str bytes,
                      struct err *e)
{
    *r = (struct csv_reader){.a = a, .separator = ',', .path = path, .line = 1, .column = 1};
    TRY(begin(r, bytes, e));
    return read_header(r, e);
}

enum rc csv_open_loose(struct arena *a, struct csv_reader *r, const char *path, struct str bytes,
                       char separator, struct err *e)
{
    *r = (struct csv_reader){
        .a = a, .separator = separator, .loose = true, .path = path, .line = 1, .column = 1};
    return begin(r, bytes, e);
}

enum rc csv_open(struct arena *a, struct csv_reader *r, const char *path, uint32_t max_bytes,
                 struct err *e)
{
    struct str bytes;
    enum rc rc = file_read(a, path, max_bytes, &bytes, e);
    if (rc != RC_OK) {
        *r = (struct csv_reader){.a = a, .path = path, .failed = rc};
        return rc;
    }
    return csv_open_text(a, r, path, bytes, e);
}
