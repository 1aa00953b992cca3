/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part as XML events. Names are told by their local part: writers choose their own prefixes, and
 * resolving them would cost more than reading. Places of elements are checked by depth instead.
 */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "io/xlsx_int.h"

#define CHUNK_BYTES 32768U

/* ---- failures ------------------------------------------------------------------------------- */

static void at_part(struct xlsx *x)
{
    if (x->part.n > 0) {
        err_ctx(x->e, "reading part %.*s near byte %llu", "读取部件 %.*s 第 %llu 字节附近",
                PS(x->part), (unsigned long long)(x->passed + x->scan_at));
    }
}

enum rc xlsx_damaged(struct xlsx *x, const char *en, const char *zh)
{
    enum rc rc = err_set(x->e, RC_INPUT, "%s is damaged or cut off: %s%.0s",
                         "%s 已损坏或不完整：%.0s%s", x->path, en, zh);
    at_part(x);
    err_hint(x->e, "Open it in a spreadsheet program, look at it, and save it again.",
             "请用表格软件打开检查后重新保存。");
    return rc;
}

enum rc xlsx_too_much(struct xlsx *x, const char *en, const char *zh, uint32_t limit)
{
    enum rc rc = err_set(x->e, RC_LIMIT, "%s has more than %u %s%.0s", "%s 超过上限：%u %.0s%s",
                         x->path, limit, en, zh);
    at_part(x);
    err_hint(x->e, "Copy the cells that matter into a new workbook.",
             "请只把需要的单元格复制到新的工作簿。");
    return rc;
}

enum rc xlsx_no_memory(struct xlsx *x)
{
    return err_set(x->e, RC_LIMIT, "no memory to read %s", "没有内存读取 %s", x->path);
}

/* ---- small things --------------------------------------------------------------------------- */

/* One pass and no calls: it is asked twice for each element. */
static struct str local(const char *name)
{
    const char *p = name;
    for (; *p != 0; p++) {
        name = *p == ':' ? p + 1 : name;
    }
    return (struct str){name, (uint32_t)(p - name)};
}

struct str xlsx_attribute(const char **attributes, const char *name)
{
    size_t n = strlen(name);
    for (; attributes[0]; attributes += 2) {
        size_t have = strlen(attributes[0]);
        bool same = have >= n && memcmp(attributes[0] + have - n, name, n) == 0;
        if (same && (have == n || attributes[0][have - n - 1] == ':')) {
            return str_from_cstr(attributes[1]);
        }
    }
    return (struct str){NULL, 0};
}

bool xlsx_is_true(struct str value)
{
    return str_eq(value, STR("1")) || str_eq(value, STR("true")) || str_eq(value, STR("on"));
}

bool xlsx_number(struct str s, uint32_t max, uint32_t *out)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        n = n * 10 + (uint64_t)(s.p[i] - '0');
        if (n > max) {
            return false;
        }
    }
    *out = (uint32_t)n;
    return s.n > 0;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character of `_xHHHH_` at p, or -1. Only those that XML cannot hold, and the underscore. */
static int escaped_at(const char *p, uint32_t n)
{
    int code = 0;
    if (n < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_') {
        return -1;
    }
    for (int i = 2; i < 6; i++) {
        if (hex(p[i]) < 0) {
            return -1;
        }
        code = code * 16 + hex(p[i]);
    }
    bool xml_has_none = (code > 0 && code < 0x20) || code == 0xfffe || code == 0xffff;
    return xml_has_none || code == '_' ? code : -1;
}

uint32_t xlsx_unescape(char *p, uint32_t n)
{
    uint32_t to = 0;
    for (uint32_t i = 0; i < n;) {
        int code = p[i] == '_' ? escaped_at(p + i, n - i) : -1;
        if (code >= 0) {
            to += utf8_encode((uint32_t)code, p + to); /* shorter than what it stands for */
            i += 7;
        } else {
            p[to++] = p[i++];
        }
    }
    return to;
}

/* ---- events --------------------------------------------------------------------------------- */

void xlsx_stop(struct xlsx *x, enum rc rc)
{
    x->rc = x->rc == RC_OK ? rc : x->rc;
    if (x->careful) {
        (void)XML_StopParser(x->xml, XML_FALSE);
    }
}

void xlsx_collect(struct xlsx *x)
{
    x->text_depth = x->depth;
}

void XMLCALL xlsx_on_start(void *ctx, const char *name, const char **attributes)
{
    struct xlsx *x = ctx;
    if (x->rc != RC_OK || x->muted) {
        return;
    }
    if (++x->depth > WORKBOOK_XML_DEPTH_MAX) {
        xlsx_stop(x,
                  xlsx_too_much(x, "elements within each other", "层嵌套", WORKBOOK_XML_DEPTH_MAX));
        return;
    }
    x->handlers->start(x, local(name), attributes);
}

void XMLCALL xlsx_on_end(void *ctx, const char *name)
{
    struct xlsx *x = ctx;
    if (x->rc != RC_OK || x->muted) {
        return;
    }
    if (x->text.overflow) {
        xlsx_stop(x, xlsx_too_much(x, "bytes in a cell", "字节（单元格）", WORKBOOK_TEXT_MAX));
        return;
    }
    x->handlers->end(x, local(name));
    x->text_depth = x->text_depth == x->depth ? 0 : x->text_depth;
    x->depth--;
}

void XMLCALL xlsx_on_text(void *ctx, const char *s, int n)
{
    struct xlsx *x = ctx;
    if (x->text_depth == x->depth && n > 0 && !x->muted) {
        buf_put(&x->text, s, (size_t)n);
    }
}

/* A workbook has no document type; entities that grow without end would be declared there. */
static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
                               int has_subset)
{
    struct xlsx *x = ctx;
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    xlsx_stop(x, xlsx_damaged(x, "it declares entities, which a workbook never does",
                              "其中声明了实体，正常的工作簿没有这种声明"));
}

/* ---- by expat ------------------------------------------------------------------------------- */

/* Bytes that wait for the end of their token would be looked at again with each piece. */
static bool token_too_long(const struct xlsx *x)
{
    XML_Index at = XML_GetCurrentByteIndex(x->xml);
    return at >= 0 && x->fed - (uint64_t)at > WORKBOOK_XML_TOKEN_MAX + CHUNK_BYTES;
}

static enum rc too_long(struct xlsx *x)
{
    return xlsx_too_much(x, "bytes in one tag", "字节（单个标记）", WORKBOOK_XML_TOKEN_MAX);
}

static enum rc feed(struct xlsx *x, const char *bytes, uint32_t n, bool last)
{
    enum XML_Status status = XML_Parse(x->xml, bytes, (int)n, last);
    x->fed += n;
    if (x->rc != RC_OK) {
        return x->rc;
    }
    if (status != XML_STATUS_OK) {
        const char *why = XML_ErrorString(XML_GetErrorCode(x->xml));
        return xlsx_damaged(x, why, why);
    }
    return !last && token_too_long(x) ? too_long(x) : RC_OK;
}

static enum rc begin_expat(struct xlsx *x)
{
    if (x->xml) {
        (void)XML_ParserReset(x->xml, NULL);
    } else {
        x->xml = XML_ParserCreate(NULL);
    }
    if (!x->xml) {
        return xlsx_no_memory(x);
    }
    x->careful = true;
    x->fed = 0;
    XML_SetUserData(x->xml, x);
    XML_SetElementHandler(x->xml, xlsx_on_start, xlsx_on_end);
    XML_SetCharacterDataHandler(x->xml, xlsx_on_text);
    XML_SetStartDoctypeDeclHandler(x->xml, on_doctype);
    return RC_OK;
}

/* What the scanner has read, in short: the elements that are open, or that the root is closed. */
static enum rc recount(struct xlsx *x)
{
    if (x->root_ended) {
        return feed(x, "<x/>", 4, false);
    }
    if (x->depth == 0) {
        return x->scan_at > 0 || x->passed > 0 ? feed(x, "\n", 1, false) : RC_OK;
    }
    for (uint32_t i = 0; i < x->depth; i++) {
        TRY(feed(x, "<", 1, false));
        TRY(feed(x, x->open[i].text, x->open[i].n, false));
        TRY(feed(x, ">", 1, false));
    }
    return RC_OK;
}

static enum rc hand_over(struct xlsx *x)
{
    TRY(begin_expat(x));
    x->muted = true;
    enum rc rc = recount(x);
    x->muted = false;
    return rc;
}

/* ---- the part ------------------------------------------------------------------------------- */

/* The next bytes of the part behind those of the chunk; *last: there are none. */
static enum rc pull(struct xlsx *x, bool *last)
{
    uint32_t n = 0;
    if (!x->plain.p) {
        TRY(xlsx_zip_pull(x, x->chunk + x->scan_n, CHUNK_BYTES, &n));
    } else {
        n = x->plain.n < CHUNK_BYTES ? x->plain.n : CHUNK_BYTES;
        memcpy(x->chunk + x->scan_n, x->plain.p, n);
        x->plain = str_sub(x->plain, n, x->plain.n);
    }
    x->scan_n += n;
    *last = n == 0;
    return RC_OK;
}

/* Forgets what has been seen of the chunk. */
static void compact(struct xlsx *x)
{
    memmove(x->chunk, x->chunk + x->scan_at, x->scan_n - x->scan_at);
    x->passed += x->scan_at;
    x->scan_n -= x->scan_at;
    x->scan_at = 0;
}

/* By the scanner as far as it goes, then by expat. */
static enum rc read_piece(struct xlsx *x, bool last)
{
    enum xlsx_scan got = XLSX_SCAN_OK;
    while (!x->careful && got == XLSX_SCAN_OK && x->rc == RC_OK) {
        got = xlsx_scan(x);
    }
    TRY(x->rc);
    bool whole = last && x->root_ended && x->scan_at == x->scan_n;
    if (!x->careful && (got == XLSX_SCAN_OTHER || (last && !whole))) {
        TRY(hand_over(x));
    }
    if (x->careful) {
        TRY(feed(x, x->chunk + x->scan_at, x->scan_n - x->scan_at, last));
        x->scan_at = x->scan_n;
    }
    return x->scan_n - x->scan_at > WORKBOOK_XML_TOKEN_MAX ? too_long(x) : RC_OK;
}

static enum rc read_pieces(struct xlsx *x)
{
    bool last = false;
    while (!last) {
        TRY(pull(x, &last));
        TRY(read_piece(x, last));
        compact(x);
        TRY(x->handlers->between ? x->handlers->between(x) : RC_OK);
    }
    return RC_OK;
}

static enum rc begin(struct xlsx *x, const struct xlsx_handlers *h, void *ctx)
{
    x->handlers = h;
    x->ctx = ctx;
    x->depth = x->text_depth = 0;
    x->scan_at = x->scan_n = 0;
    x->passed = 0;
    x->scan_begun = x->root_ended = x->careful = false;
    buf_clear(&x->text);
    x->chunk = x->chunk ? x->chunk : arena_try(x->a, WORKBOOK_XML_TOKEN_MAX + CHUNK_BYTES);
    if (!x->chunk) {
        return xlsx_no_memory(x);
    }
    return x->always_careful ? begin_expat(x) : RC_OK;
}

static enum rc read_part(struct xlsx *x, struct str part, const struct xlsx_handlers *h, void *ctx)
{
    if (!x->plain.p) {
        TRY(xlsx_zip_part(x, part));
    }
    TRY(begin(x, h, ctx));
    return read_pieces(x);
}

enum rc xlsx_xml_read(struct xlsx *x, struct str part, const struct xlsx_handlers *h, void *ctx)
{
    x->part = part;
    enum rc rc = read_part(x, part, h, ctx);
    xlsx_zip_close_part(x);
    x->part = STR("");
    return rc;
}
