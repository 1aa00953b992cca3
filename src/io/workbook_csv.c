/* SPDX-License-Identifier: Apache-2.0 */
/* A table of text as a workbook of one sheet: all its cells are text. */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "io/csv.h"
#include "io/workbook_int.h"

#define LINES_LOOKED_AT 20U

/* ---- encoding ------------------------------------------------------------------------------- */

static uint32_t unit_at(struct str s, uint32_t i, bool big)
{
    uint32_t first = (unsigned char)s.p[i];
    uint32_t second = (unsigned char)s.p[i + 1];
    return big ? first << 8 | second : second << 8 | first;
}

/* UTF-16 with its byte order mark to UTF-8; false when it is not well formed. */
static bool from_utf16(struct arena *a, struct str s, struct str *out)
{
    bool big = (unsigned char)s.p[0] == 0xfe;
    char *p = ARENA_ARRAY(a, char, (size_t)s.n / 2 * 3);
    uint32_t n = 0;
    uint32_t i = 2;
    while (i + 1 < s.n) {
        uint32_t cp = unit_at(s, i, big);
        i += 2;
        if (cp >= 0xd800 && cp < 0xdc00 && i + 1 < s.n) {
            uint32_t low = unit_at(s, i, big);
            cp = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00)
                                               : cp;
            i += 2;
        }
        if (!utf8_is_scalar(cp)) {
            return false;
        }
        n += utf8_encode(cp, p + n);
    }
    *out = str_make(p, n);
    return i == s.n;
}

static bool is_utf16(struct str s)
{
    return str_starts(s, STR("\xff\xfe")) || str_starts(s, STR("\xfe\xff"));
}

/* ---- separator ------------------------------------------------------------------------------ */

/* The one in most of the first lines; a tab before a comma, which also stands within numbers. */
static char separator_of(struct str text)
{
    static const char known[] = {'\t', ',', ';'};
    uint32_t lines[sizeof known] = {0};
    struct str line;
    for (uint32_t i = 0; i < LINES_LOOKED_AT && str_split(&text, '\n', &line); i++) {
        for (size_t k = 0; k < sizeof known; k++) {
            lines[k] += line.n > 0 && memchr(line.p, known[k], line.n) != NULL;
        }
    }
    if (lines[0] == 0 && lines[1] == 0 && lines[2] == 0) {
        return ',';
    }
    size_t best = lines[1] > lines[0] ? 1 : 0;
    return known[lines[2] > lines[best] ? 2 : best];
}

/* ---- rows ----------------------------------------------------------------------------------- */

static enum rc hand_out(const struct csv_row *row, uint32_t number, struct sheet_cell *cells,
                        const struct workbook_sink *sink)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < row->n; i++) {
        if (row->fields[i].text.n > 0) {
            cells[n++] =
                (struct sheet_cell){.text = row->fields[i].text, .column = i, .kind = CELL_TEXT};
        }
    }
    const struct workbook_row out = {cells, n, number, false};
    return n > 0 && sink->row ? sink->row(sink->ctx, &out) : RC_OK;
}

static enum rc read_rows(struct csv_reader *r, const struct workbook_sink *sink, struct err *e)
{
    struct sheet_cell *cells = ARENA_ARRAY(r->a, struct sheet_cell, CSV_COLUMNS_MAX);
    uint64_t n_cells = 0;
    for (uint32_t number = 0;; number++) {
        struct csv_row row;
        TRY(csv_next_loose(r, &row, e));
        n_cells += row.n;
        if (number == WORKBOOK_ROWS_MAX || n_cells > WORKBOOK_CELLS_MAX) {
            return csv_raise(r->path, (struct csv_place){CSV_MANY_ROWS, row.line, 1}, STR(""), e);
        }
        if (row.n == 0) {
            return RC_OK;
        }
        TRY(hand_out(&row, number, cells, sink));
    }
}

static struct str name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return str_from_cstr(slash ? slash + 1 : path);
}

static enum rc begin(struct arena *a, const char *path, struct str bytes, struct workbook *out,
                     struct str *text, struct err *e)
{
    *text = bytes;
    out->encoding = utf8_valid(utf8_strip_bom(bytes), NULL) ? "UTF-8" : "GB18030";
    if (is_utf16(bytes)) {
        out->encoding = "UTF-16";
        if (!from_utf16(a, bytes, text)) {
            enum rc rc = err_set(e, RC_ENCODING, "%s is not well-formed UTF-16",
                                 "%s 不是完整的 UTF-16 文本", path);
            err_hint(e, "Save the table as \"CSV UTF-8\".", "请将表另存为“CSV UTF-8”格式。");
            return rc;
        }
    }
    struct str bare = utf8_strip_bom(*text);
    struct str line;
    if (str_starts(bare, STR("sep=")) && bare.n > 5 && (bare.p[5] == '\r' || bare.p[5] == '\n')) {
        out->separator = bare.p[4]; /* as some programs tell it; no row of the table */
        (void)str_split(&bare, '\n', &line);
        *text = bare;
    } else {
        out->separator = separator_of(*text);
    }
    out->sheets = ARENA_NEW(a, struct workbook_sheet);
    out->n_sheets = 1;
    out->sheets[0].table = true;
    out->sheets[0].name = str_dup(a, name_of(path));
    return RC_OK;
}

enum rc workbook_csv_read(struct arena *a, const char *path, struct str bytes,
                          const struct workbook_sink *sink, struct workbook *out, struct err *e)
{
    struct csv_reader r;
    struct str text;
    bool skip = false;
    TRY(begin(a, path, bytes, out, &text, e));
    TRY(csv_open_loose(a, &r, path, text, out->separator, e));
    if (sink->sheet) {
        TRY(sink->sheet(sink->ctx, out, 0, &skip));
    }
    if (!skip) {
        TRY(read_rows(&r, sink, e));
    }
    return !skip && sink->end ? sink->end(sink->ctx, out, 0) : RC_OK;
}
