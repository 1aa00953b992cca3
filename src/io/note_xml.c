/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where tags stand in a part, and edits of it. Expat says first that the part is well formed, so
 * the lexer here may be short; given anything else it still ends, within the bytes.
 */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "io/note_int.h"

/* ---- is it XML ------------------------------------------------------------------------------ */

struct check {
    XML_Parser xml;
    bool doctype, other_encoding;
};

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
                               int has_subset)
{
    struct check *c = ctx;
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    c->doctype = true;
    (void)XML_StopParser(c->xml, XML_FALSE);
}

static void XMLCALL on_declaration(void *ctx, const char *version, const char *encoding,
                                   int standalone)
{
    struct check *c = ctx;
    (void)version;
    (void)standalone;
    struct str name = str_from_cstr(encoding);
    bool known = name.n == 0 || str_eq(name, STR("UTF-8")) || str_eq(name, STR("utf-8")) ||
                 str_eq(name, STR("US-ASCII"));
    c->other_encoding = !known;
    if (!known) {
        (void)XML_StopParser(c->xml, XML_FALSE);
    }
}

static enum rc not_utf8(struct xlsx *x)
{
    enum rc rc = err_set(x->e, RC_NO_SUPPORT, "%s: part %.*s is not in UTF-8",
                         "%s：部件 %.*s 不是 UTF-8 编码", x->path, PS(x->part));
    err_hint(x->e, "Open it in a spreadsheet program and save it as a new .xlsx.",
             "请用表格软件打开，另存为新的 .xlsx 文件。");
    return rc;
}

enum rc note_check_xml(struct xlsx *x, struct str xml)
{
    struct check c = {0};
    if (!utf8_valid(xml, NULL)) {
        return not_utf8(x);
    }
    x->xml = x->xml ? x->xml : XML_ParserCreate(NULL);
    if (!x->xml) {
        return xlsx_no_memory(x);
    }
    (void)XML_ParserReset(x->xml, NULL);
    c.xml = x->xml;
    XML_SetUserData(x->xml, &c);
    XML_SetStartDoctypeDeclHandler(x->xml, on_doctype);
    XML_SetXmlDeclHandler(x->xml, on_declaration);
    enum XML_Status status = XML_Parse(x->xml, xml.p, (int)xml.n, XML_TRUE);
    if (c.other_encoding) {
        return not_utf8(x);
    }
    if (c.doctype) {
        return xlsx_damaged(x, "it declares entities", "其中声明了实体");
    }
    const char *why = XML_ErrorString(XML_GetErrorCode(x->xml));
    return status == XML_STATUS_OK ? RC_OK : xlsx_damaged(x, why, why);
}

/* ---- tags ----------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind the end of what begins at `at` and is no tag: a comment, CDATA, an instruction. */
static uint32_t pass_other(struct str xml, uint32_t at)
{
    static const struct {
        struct str begin, end;
    } kinds[] = {
        {STR_INIT("<!--"), STR_INIT("-->")},
        {STR_INIT("<![CDATA["), STR_INIT("]]>")},
        {STR_INIT("<?"), STR_INIT("?>")},
        {STR_INIT("<!"), STR_INIT(">")},
    };
    struct str rest = str_sub(xml, at, xml.n);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (str_starts(rest, kinds[i].begin)) {
            uint32_t end = str_find(xml, kinds[i].end, at + kinds[i].begin.n);
            return end == STR_NONE ? xml.n : end + kinds[i].end.n;
        }
    }
    return at;
}

/* Where the '>' of the tag at `at` is; quotes may hold another one. */
static uint32_t tag_end(struct str xml, uint32_t at)
{
    char quote = 0;
    for (; at < xml.n; at++) {
        char c = xml.p[at];
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return at;
        }
    }
    return STR_NONE;
}

static void name_tag(struct str xml, uint32_t at, struct note_tag *t)
{
    uint32_t begin = at;
    uint32_t colon = at;
    while (at < t->end && !is_blank(xml.p[at]) && xml.p[at] != '/' && xml.p[at] != '>') {
        at++;
        colon = xml.p[at - 1] == ':' ? at : colon;
    }
    t->prefix = str_sub(xml, begin, colon);
    t->name = str_sub(xml, colon, at);
}

bool note_next(struct note_lexer *l, struct note_tag *t)
{
    uint32_t at = l->at;
    for (;;) {
        const char *open = at < l->xml.n ? memchr(l->xml.p + at, '<', l->xml.n - at) : NULL;
        if (!open) {
            return false;
        }
        at = (uint32_t)(open - l->xml.p);
        uint32_t other = pass_other(l->xml, at);
        if (other == at) {
            break;
        }
        at = other;
    }
    uint32_t end = tag_end(l->xml, at);
    if (end == STR_NONE) {
        return false;
    }
    bool closing = l->xml.p[at + 1] == '/';
    *t = (struct note_tag){.begin = at,
                           .end = end + 1,
                           .opens = !closing,
                           .closes = closing || l->xml.p[end - 1] == '/'};
    l->depth += t->opens;
    t->depth = l->depth;
    l->depth -= t->closes && l->depth > 0;
    name_tag(l->xml, at + 1 + closing, t);
    l->at = end + 1;
    return true;
}

bool note_attribute_at(struct str xml, const struct note_tag *t, const char *name,
                       struct note_span *at)
{
    bool any_prefix = name[0] == ':';
    struct str want = str_from_cstr(name + any_prefix);
    uint32_t i = t->begin + 1 + t->prefix.n + t->name.n;
    while (i < t->end) {
        while (i < t->end && is_blank(xml.p[i])) {
            i++;
        }
        uint32_t begin = i;
        while (i < t->end && xml.p[i] != '=' && !is_blank(xml.p[i])) {
            begin = any_prefix && xml.p[i] == ':' ? i + 1 : begin;
            i++;
        }
        struct str found = str_sub(xml, begin, i);
        while (i < t->end && xml.p[i] != '"' && xml.p[i] != '\'') {
            i++;
        }
        uint32_t value = i + 1;
        for (i = value; i < t->end && xml.p[i] != xml.p[value - 1]; i++) {
        }
        if (i < t->end && str_eq(found, want)) {
            *at = (struct note_span){value, i};
            return true;
        }
        i++;
    }
    return false;
}

static struct str resolve(struct arena *a, struct str value)
{
    struct buf b;
    if (value.n == 0 || !memchr(value.p, '&', value.n)) {
        return value;
    }
    buf_init_in(&b, a, value.n + UTF8_MAX_BYTES);
    for (uint32_t i = 0; i < value.n; i++) {
        uint32_t end = value.p[i] == '&' ? str_find(value, STR(";"), i) : STR_NONE;
        uint32_t cp = end == STR_NONE ? 0 : xlsx_entity(str_sub(value, i + 1, end));
        if (cp == 0) {
            buf_putc(&b, value.p[i]);
        } else {
            buf_put_cp(&b, cp);
            i = end;
        }
    }
    return buf_view(&b);
}

struct str note_attribute(struct arena *a, struct str xml, const struct note_tag *t,
                          const char *name)
{
    struct note_span at;
    return note_attribute_at(xml, t, name, &at) ? resolve(a, str_sub(xml, at.begin, at.end))
                                                : (struct str){NULL, 0};
}

/* ---- text ----------------------------------------------------------------------------------- */

struct str note_text(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    struct buf b;
    buf_init_in(&b, a, LIMIT_STR_BYTES);
    va_start(ap, fmt);
    buf_vprintf(&b, fmt, ap);
    va_end(ap);
    return buf_view(&b);
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* `_x000D_` in the text itself would be read as what it stands for. */
static bool looks_escaped(struct str s)
{
    return s.n >= 7 && s.p[0] == '_' && s.p[1] == 'x' && is_hex(s.p[2]) && is_hex(s.p[3]) &&
           is_hex(s.p[4]) && is_hex(s.p[5]) && s.p[6] == '_';
}

static void put_one(struct buf *b, uint32_t cp)
{
    switch (cp) {
    case '&':
        buf_puts(b, "&amp;");
        break;
    case '<':
        buf_puts(b, "&lt;");
        break;
    case '>':
        buf_puts(b, "&gt;");
        break;
    case '"':
        buf_puts(b, "&quot;");
        break;
    case 0: /* no escape says it */
        buf_put_cp(b, UTF8_REPLACEMENT);
        break;
    default:
        if ((cp < 0x20 && cp != '\n' && cp != '\t') || cp == 0xfffe || cp == 0xffff) {
            buf_printf(b, "_x%04X_", cp);
        } else {
            buf_put_cp(b, cp);
        }
    }
}

void note_put_text(struct buf *b, struct str text)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.n; i += n) {
        uint32_t cp = 0;
        n = utf8_decode(text, i, &cp);
        if (cp == '_' && looks_escaped(str_sub(text, i, text.n))) {
            buf_puts(b, "_x005F");
        }
        put_one(b, cp);
    }
}

/* ---- edits ---------------------------------------------------------------------------------- */

void note_edit(struct note_edits *e, uint32_t at, uint32_t drop, struct str put)
{
    vec_push(e->a, &e->list, (struct note_edit){at, drop, e->list.n, put});
}

void note_set_attribute(struct note_edits *e, const struct note_tag *t, const char *name,
                        struct str value)
{
    struct note_span at;
    if (note_attribute_at(e->xml, t, name, &at)) {
        note_edit(e, at.begin, at.end - at.begin, value);
    } else {
        note_edit(e, t->begin + 1 + t->prefix.n + t->name.n, 0,
                  note_text(e->a, " %s=\"%.*s\"", name, PS(value)));
    }
}

void note_append(struct note_edits *e, const struct note_tag *open, uint32_t close_at,
                 struct str put)
{
    if (open->closes) {
        note_edit(e, open->end - 2, 2,
                  note_text(e->a, ">%.*s</%.*s%.*s>", PS(put), PS(open->prefix), PS(open->name)));
    } else {
        note_edit(e, close_at, 0, put);
    }
}

/* At one place what is only put in stands before what takes something away. */
static int by_place(const void *x, const void *y)
{
    const struct note_edit *a = x;
    const struct note_edit *b = y;
    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }
    if ((a->drop > 0) != (b->drop > 0)) {
        return a->drop > 0 ? 1 : -1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

struct str note_apply(struct note_edits *e)
{
    size_t n = e->xml.n;
    if (e->list.n == 0) {
        return e->xml;
    }
    qsort(e->list.items, e->list.n, sizeof *e->list.items, by_place);
    for (uint32_t i = 0; i < e->list.n; i++) {
        n += e->list.items[i].put.n;
    }
    char *out = ARENA_RAW(e->a, char, n);
    uint32_t from = 0;
    size_t to = 0;
    for (uint32_t i = 0; i < e->list.n; i++) {
        const struct note_edit *edit = &e->list.items[i];
        ASSERT(edit->at >= from);
        memcpy(out + to, e->xml.p + from, edit->at - from);
        to += edit->at - from;
        if (edit->put.n > 0) {
            memcpy(out + to, edit->put.p, edit->put.n);
        }
        to += edit->put.n;
        from = edit->at + edit->drop;
    }
    memcpy(out + to, e->xml.p + from, e->xml.n - from);
    to += e->xml.n - from;
    return str_make(out, to);
}
