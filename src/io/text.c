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
    return cp == ' ' || cp == '\t' || cp == 0xad || (cp >= 0x2000 && cp <= 0x200d) ||
           cp == 0x2060 || cp == 0xfeff || cp == 0x3000 || utf8_is_bidi_control(cp);
}

static uint32_t one_dash(uint32_t cp)
{
    return (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 ? '-' : cp;
}

/* In place: the canonical form is never longer. */
static struct str canonical(char *p, uint32_t n)
{
    uint32_t to = 0;
    for (uint32_t i = 0; i < n;) {
        uint32_t cp = 0;
        i += utf8_decode((struct str){p, n}, i, &cp);
        if (!invisible(cp)) {
            char bytes[UTF8_MAX_BYTES];
            uint32_t len = utf8_encode(one_dash(cp), bytes);
            for (uint32_t k = 0; k < len; k++) {
                p[to++] = bytes[k];
            }
        }
    }
    return (struct str){p, to};
}

enum rc text_add_line(struct arena *a, struct text *t, const char *path, struct str raw,
                      uint32_t number, struct err *e)
{
    struct str form;
    uint32_t page = t->n_pages > 0 ? t->n_pages - 1 : 0;
    if (t->lines.n >= TEXT_LINES_MAX) {
        return err_set(e, RC_LIMIT, "%s has more than %u lines", "%s 超过 %u 行", path,
                       TEXT_LINES_MAX);
    }
    char *copy = utf8_nfkc(a, raw, &form) ? arena_try(a, (size_t)form.n + 1) : NULL;
    if (!copy) {
        return err_set(e, RC_LIMIT, "no memory to read %s", "没有内存读取 %s", path);
    }
    for (uint32_t i = 0; i < form.n; i++) {
        copy[i] = form.p[i];
    }
    struct text_line line = {canonical(copy, form.n), number, page, false};
    if (line.text.n > 0 && !vec_try_push(a, &t->lines, line)) {
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
    {STR_INIT("%PDF-"), "is a pdf: take its text out first, for example with pdftotext",
     "是 pdf 文件：请先提取其中的文字，如用 pdftotext"},
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
    for (uint32_t i = 0, start = 0; i <= text.n; i++) {
        if (i < text.n && !line_end(text.p[i])) {
            continue;
        }
        TRY(text_add_line(a, out, path, str_sub(text, start, i), number, e));
        start = i + 1;
        bool pair = i + 1 < text.n && text.p[i] == '\r' && text.p[i + 1] == '\n';
        out->n_pages += i < text.n && text.p[i] == '\f';
        number += i < text.n && text.p[i] != '\f' && !pair;
    }
    return RC_OK;
}

enum rc text_read_bytes(struct arena *a, const char *path, struct str bytes, struct text *out,
                        struct err *e)
{
    *out = (struct text){.n_pages = 1};
    if (str_starts(bytes, STR("PK\x03\x04"))) {
        TRY(docx_read(a, path, bytes, out, e));
    } else {
        struct str text = STR("");
        TRY(refuse(path, bytes, e));
        TRY(decode(a, path, bytes, &text, e));
        TRY(plain_lines(a, path, text, out, e));
    }
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
