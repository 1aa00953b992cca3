/* SPDX-License-Identifier: Apache-2.0 */
/* From bytes to canonical lines: what kind of file it is, its encoding, its line ends. */
#include "io/text.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/utf8.h"
#include "io/text_int.h"

/* ---- lines ---------------------------------------------------------------------------------- */

/* White space, marks of order and of breaking: what nobody sees. */
static bool invisible(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == 0xa0 || cp == 0xad || (cp >= 0x2000 && cp <= 0x200d) ||
           cp == 0x202f || cp == 0x2060 || cp == 0xfeff || cp == 0x3000 || utf8_is_bidi_control(cp);
}

static uint32_t one_dash(uint32_t cp)
{
    return (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 ? '-' : cp;
}

/* Digits set high, low, in a circle or as a fraction: the normal form would run them into the
 * figure before them. */
static bool set_apart(uint32_t cp)
{
    return cp == 0xb2 || cp == 0xb3 || cp == 0xb9 || (cp >= 0xbc && cp <= 0xbe) ||
           (cp >= 0x2070 && cp <= 0x209c) || (cp >= 0x2150 && cp <= 0x215f) ||
           (cp >= 0x2460 && cp <= 0x2473) || (cp >= 0x24ea && cp <= 0x24ff) ||
           (cp >= 0x3280 && cp <= 0x3289);
}

/* Code points that are their own canonical form and combine with nothing. */
static bool plain_form(uint32_t cp)
{
    return (cp > ' ' && cp < 0x7f) || (cp >= 0x4e00 && cp <= 0x9fff) || cp == 0x3001 ||
           cp == 0x3002 || (cp >= 0x3008 && cp <= 0x3011) || (cp >= 0x2018 && cp <= 0x201d) ||
           set_apart(cp);
}

/* A line being written; with `to` NULL it is only measured. */
struct canon {
    char *to;
    uint32_t *from;
    uint32_t n;
    bool gap; /* white space came before */
};

static bool is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static void put_byte(struct canon *c, char byte, uint32_t at)
{
    if (c->to) {
        c->to[c->n] = byte;
        c->from[c->n] = at;
    }
    c->n++;
}

/* One code point of the canonical form; *last is the one before it. */
static void put_point(struct canon *c, uint32_t cp, uint32_t at, uint32_t *last)
{
    char bytes[UTF8_MAX_BYTES];
    if (invisible(cp)) {
        c->gap = true;
        return;
    }
    if (c->gap && is_digit(cp) && is_digit(*last)) {
        put_byte(c, ' ', at);
    }
    uint32_t n = utf8_encode(one_dash(cp), bytes);
    for (uint32_t i = 0; i < n; i++) {
        put_byte(c, bytes[i], at);
    }
    c->gap = false;
    *last = cp;
}

/* From `at` up to the next code point that begins something of its own. */
static uint32_t cluster_end(struct str raw, uint32_t at)
{
    uint32_t cp = 0;
    uint32_t end = at + utf8_decode(raw, at, &cp);
    while (end < raw.n) {
        uint32_t n = utf8_decode(raw, end, &cp);
        if (plain_form(cp) || invisible(cp) || utf8_cp_width(cp) > 0) {
            break;
        }
        end += n;
    }
    return end;
}

/* false when memory is out */
static bool canonical(struct arena *a, struct str raw, uint32_t at, struct canon *c)
{
    uint32_t last = 0;
    uint32_t end = 0;
    for (uint32_t i = 0; i < raw.n; i = end) {
        uint32_t cp = 0;
        struct str form;
        end = cluster_end(raw, i);
        uint32_t n = utf8_decode(raw, i, &cp);
        if (i + n == end && (plain_form(cp) || invisible(cp))) {
            put_point(c, cp, at + i, &last);
            continue;
        }
        if (!utf8_nfkc(a, str_sub(raw, i, end), &form)) {
            return false;
        }
        for (uint32_t k = 0; k < form.n;) {
            k += utf8_decode(form, k, &cp);
            put_point(c, cp, at + i, &last);
        }
    }
    if (c->to) {
        c->from[c->n] = at + raw.n;
    }
    return true;
}

/* The trailing blanks of a line are not printed. */
static struct str printed(struct str raw)
{
    uint32_t n = raw.n;
    while (n > 0 && (raw.p[n - 1] == ' ' || raw.p[n - 1] == '\t')) {
        n--;
    }
    return str_sub(raw, 0, n);
}

static bool make_line(struct arena *a, struct str raw, uint32_t at, struct text_line *line)
{
    struct canon size = {0};
    struct arena_mark mark = arena_mark(a);
    bool ok = canonical(a, raw, at, &size);
    arena_rewind(a, mark);
    struct canon c = {.to = ok ? arena_try(a, (size_t)size.n + 1) : NULL};
    c.from = c.to ? ARENA_TRY_ARRAY(a, uint32_t, (size_t)size.n + 1) : NULL;
    mark = arena_mark(a);
    ok = c.from && canonical(a, raw, at, &c);
    arena_rewind(a, mark);
    line->text = (struct str){c.to, c.n};
    line->from = c.from;
    return ok;
}

enum rc text_add_line(struct arena *a, struct text *t, const char *path, struct str raw,
                      uint32_t at, struct text_line line, struct err *e)
{
    raw = printed(raw);
    line.page = t->n_pages > 0 ? t->n_pages - 1 : 0;
    line.columns = utf8_width(raw);
    if (t->lines.n >= TEXT_LINES_MAX) {
        return err_set(e, RC_LIMIT, "%s has more than %u lines", "%s 超过 %u 行", path,
                       TEXT_LINES_MAX);
    }
    if (!make_line(a, raw, at, &line) || (line.text.n > 0 && !vec_try_push(a, &t->lines, line))) {
        return err_set(e, RC_LIMIT, "no memory to read %s", "没有内存读取 %s", path);
    }
    return RC_OK;
}

/* ---- encodings ------------------------------------------------------------------------------ */

static uint32_t line_of(struct str s, uint32_t at)
{
    uint32_t line = 1;
    for (uint32_t i = 0; i < at; i++) {
        line += s.p[i] == '\n';
    }
    return line;
}

/* Ideographs in a line; 0 when it is not UTF-8. */
static uint32_t han(struct str line)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < line.n && utf8_valid(line, NULL);) {
        uint32_t cp = 0;
        i += utf8_decode(line, i, &cp);
        n += utf8_is_han(cp);
    }
    return n;
}

/* A line that is certainly UTF-8, in a file that as a whole is not: UTF-8 read as GB18030 would be
 * accepted and be nonsense. */
static bool mixed(struct str bytes)
{
    struct str rest = bytes;
    struct str line;
    while (str_split(&rest, '\n', &line)) {
        if (han(line) >= 4) {
            return true;
        }
    }
    return false;
}

static enum rc bad_encoding(const char *path, uint32_t line, struct err *e)
{
    enum rc rc = err_set(e, RC_ENCODING, "%s:%u: neither UTF-8 nor GB18030 throughout",
                         "%s 第 %u 行：并非全文都是 UTF-8 或 GB18030 编码", path, line);
    err_hint(e, "Save the whole text as UTF-8.", "请将全文另存为 UTF-8 编码。");
    return rc;
}

static enum rc decode(struct arena *a, const char *path, struct str bytes, struct str *out,
                      struct err *e)
{
    uint32_t bad_at = 0;
    *out = utf8_strip_bom(bytes);
    if (utf8_valid(*out, &bad_at)) {
        return RC_OK;
    }
    uint32_t line = line_of(*out, bad_at);
    if (mixed(*out) || utf8_from_gb18030(a, *out, 2 * TEXT_BYTES_MAX, out, NULL) != RC_OK) {
        return bad_encoding(path, line, e);
    }
    return RC_OK;
}

/* ---- what is no text ------------------------------------------------------------------------ */

static const struct {
    struct str magic;
    const char *en, *zh;
} others[] = {
    {STR_INIT("\xd0\xcf\x11\xe0"), "is an old Word file: save it as docx or as text",
     "是旧版 Word 文件：请另存为 docx 或文本"},
    {STR_INIT("\xff\xfe"), "is UTF-16: save it as UTF-8", "是 UTF-16 编码：请另存为 UTF-8"},
    {STR_INIT("\xfe\xff"), "is UTF-16: save it as UTF-8", "是 UTF-16 编码：请另存为 UTF-8"},
};

static enum rc refuse(const char *path, struct str bytes, struct err *e)
{
    for (uint32_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (str_starts(bytes, others[i].magic)) {
            return err_set(e, RC_INPUT, "%s %s%.0s", "%s %.0s%s", path, others[i].en, others[i].zh);
        }
    }
    for (uint32_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v') {
            return err_set(e, RC_INPUT, "%s is not a text: byte %u is 0x%02x",
                           "%s 不是文本：第 %u 个字节为 0x%02x", path, i + 1, c);
        }
    }
    return RC_OK;
}

/* ---- plain text ----------------------------------------------------------------------------- */

static bool line_end(char c)
{
    return c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static enum rc plain_lines(struct arena *a, const char *path, struct str text, struct text *out,
                           struct err *e)
{
    uint32_t number = 1;
    out->source = text;
    for (uint32_t i = 0, start = 0; i <= text.n; i++) {
        if (i < text.n && !line_end(text.p[i])) {
            continue;
        }
        struct text_line line = {.number = number};
        TRY(text_add_line(a, out, path, str_sub(text, start, i), start, line, e));
        start = i + 1;
        bool pair = i + 1 < text.n && text.p[i] == '\r' && text.p[i + 1] == '\n';
        out->n_pages += i < text.n && text.p[i] == '\f';
        number += i < text.n && text.p[i] != '\f' && !pair;
    }
    return RC_OK;
}

static enum rc pdf_lines(struct arena *a, const char *path, struct str bytes, struct text *out,
                         struct err *e)
{
    struct str text = STR("");
    TRY(pdf_text(a, path, bytes, &text, e));
    TRY(decode(a, path, text, &text, e));
    TRY(plain_lines(a, path, text, out, e));
    if (out->lines.n == 0) {
        enum rc rc = err_set(e, RC_INPUT, "%s has pages but no text: perhaps they are scanned",
                             "%s 有页面但没有文字：可能是扫描件", path);
        err_hint(e, "Run character recognition over it first.", "请先做文字识别（OCR）。");
        return rc;
    }
    return RC_OK;
}

static enum rc text_lines(struct arena *a, const char *path, struct str bytes, struct text *out,
                          struct err *e)
{
    struct str text = STR("");
    TRY(refuse(path, bytes, e));
    TRY(decode(a, path, bytes, &text, e));
    return plain_lines(a, path, text, out, e);
}

enum rc text_read_bytes(struct arena *a, const char *path, struct str bytes, struct text *out,
                        struct err *e)
{
    static const struct {
        struct str magic;
        enum rc (*read)(struct arena *, const char *, struct str, struct text *, struct err *);
    } kinds[] = {{STR_INIT("PK\x03\x04"), docx_read},
                 {STR_INIT("%PDF-"), pdf_lines},
                 {STR_INIT(""), text_lines}};
    uint32_t kind = 0;
    while (!str_starts(bytes, kinds[kind].magic)) {
        kind++;
    }
    *out = (struct text){.n_pages = 1};
    TRY(kinds[kind].read(a, path, bytes, out, e));
    if (out->lines.n == 0) {
        return err_set(e, RC_INPUT, "%s is empty: there is no text in it",
                       "%s 是空的：其中没有文字", path);
    }
    return RC_OK;
}

enum rc text_read(struct arena *a, const char *path, struct text *out, struct err *e)
{
    struct str bytes;
    TRY(file_read(a, path, TEXT_BYTES_MAX, &bytes, e));
    return text_read_bytes(a, path, bytes, out, e);
}
