/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The paragraphs of a docx: the part word/document.xml of a zip, read as a stream. Deleted text,
 * field codes and fall-backs are left out; a text box comes after the paragraph that holds it. A
 * row of a table is one line with tabs between its cells; one with a single cell is what stands in
 * it.
 */
#include <expat.h>
#include <string.h>
#include <zip.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "io/text_int.h"

#define XML_BYTES_MAX (64U * 1024 * 1024)
#define XML_DEPTH_MAX 256U
#define CHUNK_BYTES   65536U

struct reader {
    struct arena *a;
    const char *path;
    struct text *out;
    struct err *e;
    zip_file_t *packed; /* where the part comes from; NULL: plain */
    struct str plain;
    XML_Parser xml;
    enum rc rc;
    struct buf main;                          /* the paragraph */
    struct buf boxes;                         /* text boxes in it */
    struct buf source;                        /* all paragraphs so far, each with a line end */
    VEC(struct text_piece) in_main, in_boxes; /* of the two above; `at` is there */
    uint32_t depth;
    uint32_t skip;      /* depth at which text that does not count began; 0: none */
    uint32_t box;       /* depth of the text box; 0: none */
    uint32_t text;      /* depth of w:t; 0: outside */
    uint32_t row;       /* depth of the outermost w:tr; 0: outside of tables */
    uint32_t row_first; /* the number of its first paragraph */
    uint32_t cells;     /* of the row with something in them */
    uint32_t cell;      /* where the text of the cell begins */
    uint32_t paragraphs;
    bool numbered;
};

static void stop(struct reader *r, enum rc rc)
{
    r->rc = r->rc == RC_OK ? rc : r->rc;
    (void)XML_StopParser(r->xml, XML_FALSE);
}

static struct buf *target(struct reader *r)
{
    return r->box > 0 ? &r->boxes : &r->main;
}

#define SOFT_BREAK    '\n' /* within a paragraph */
#define PARAGRAPH_END '\r' /* within a row of a table, or a text box */

static uint32_t line_length(struct str s)
{
    uint32_t n = 0;
    while (n < s.n && s.p[n] != SOFT_BREAK && s.p[n] != PARAGRAPH_END) {
        n++;
    }
    return n;
}

static void add_line(struct reader *r, struct str s, struct text_line line)
{
    uint32_t at = buf_view(&r->source).n;
    buf_str(&r->source, s);
    buf_putc(&r->source, '\n');
    enum rc rc = text_add_line(r->a, r->out, r->path, s, at, line, r->e);
    if (rc != RC_OK) {
        stop(r, rc);
    }
}

/* Every byte of the buffer comes into the source, a line end for each break. */
static void place_pieces(struct reader *r, const struct buf *b)
{
    bool main = b == &r->main;
    uint32_t n = main ? r->in_main.n : r->in_boxes.n;
    const struct text_piece *items = main ? r->in_main.items : r->in_boxes.items;
    for (uint32_t i = 0; i < n && r->rc == RC_OK; i++) {
        struct text_piece p = items[i];
        p.at += buf_view(&r->source).n;
        if (!vec_try_push(r->a, &r->out->pieces, p)) {
            stop(r, err_set(r->e, RC_LIMIT, "no memory to read %s", "没有内存读取 %s", r->path));
        }
    }
    r->in_main.n = main ? 0 : r->in_main.n;
    r->in_boxes.n = main ? r->in_boxes.n : 0;
}

/* Each line, the first one of paragraph `number`; a row is one line. */
static void flush(struct reader *r, struct buf *b, uint32_t number, bool row)
{
    struct str rest = buf_view(b);
    place_pieces(r, b);
    while (r->rc == RC_OK && rest.n > 0) {
        uint32_t n = row ? rest.n : line_length(rest);
        add_line(r, str_sub(rest, 0, n), (struct text_line){.number = number, .row = row});
        number += n < rest.n && rest.p[n] == PARAGRAPH_END && b == &r->main;
        rest = str_sub(rest, n + 1, rest.n);
    }
    if (b->overflow || r->source.overflow) {
        stop(r, err_set(r->e, RC_LIMIT, "%s: a paragraph of more than %u bytes",
                        "%s 中一段文字超过 %u 字节", r->path, TEXT_BYTES_MAX));
    }
    buf_clear(b);
}

static void end_paragraph(struct reader *r)
{
    if (r->box > 0) {
        buf_putc(&r->boxes, PARAGRAPH_END);
        return;
    }
    r->paragraphs++;
    r->out->n_automatic += r->numbered && r->main.n > 0;
    r->numbered = false;
    if (r->row > 0) {
        buf_putc(&r->main, PARAGRAPH_END);
        return;
    }
    flush(r, &r->main, r->paragraphs, false);
    flush(r, &r->boxes, r->paragraphs, false);
}

/* ---- tables --------------------------------------------------------------------------------- */

static void end_cell(struct reader *r)
{
    struct str cell = buf_view(&r->main);
    r->cells += str_trim(str_sub(cell, r->cell, cell.n)).n > 0;
    buf_putc(&r->main, '\t');
    r->cell = buf_view(&r->main).n;
}

/* Several cells are one line; within them the paragraphs are told apart by blanks. */
static void end_row(struct reader *r)
{
    bool row = r->cells > 1;
    for (uint32_t i = 0; row && i < r->main.n; i++) {
        char c = r->main.p[i];
        r->main.p[i] = c == SOFT_BREAK || c == PARAGRAPH_END ? ' ' : c;
    }
    flush(r, &r->main, r->row_first, row);
    flush(r, &r->boxes, r->paragraphs, false);
    r->row = 0;
    r->cells = 0;
    r->cell = 0;
}

/* ---- elements ------------------------------------------------------------------------------- */

/* The name without its namespace; the parser puts a blank between. */
static struct str local(const char *name)
{
    const char *blank = strrchr(name, ' ');
    return str_from_cstr(blank ? blank + 1 : name);
}

static bool any_of(struct str name, const char *const *names)
{
    for (; *names; names++) {
        if (str_eq(name, str_from_cstr(*names))) {
            return true;
        }
    }
    return false;
}

static const char *const skipped[] = {"del",     "moveFrom", "instrText", "delInstrText",
                                      "delText", "Fallback", NULL};

/* A paragraph numbered by the word processor has a list that is not 0. */
static void number_id(struct reader *r, const char **attributes)
{
    for (; attributes[0]; attributes += 2) {
        bool value = str_eq(local(attributes[0]), STR("val"));
        r->numbered = r->numbered || (value && strcmp(attributes[1], "0") != 0);
    }
}

static void XMLCALL on_start(void *ctx, const char *full, const char **attributes)
{
    struct reader *r = ctx;
    struct str name = local(full);
    if (++r->depth > XML_DEPTH_MAX) {
        stop(r, err_set(r->e, RC_LIMIT, "%s: more than %u elements within each other",
                        "%s 的结构嵌套超过 %u 层", r->path, XML_DEPTH_MAX));
    } else if (r->skip > 0) {
        return;
    } else if (any_of(name, skipped)) {
        r->skip = r->depth;
    } else if (r->box == 0 && str_eq(name, STR("txbxContent"))) {
        r->box = r->depth;
    } else if (r->text == 0 && str_eq(name, STR("t"))) {
        r->text = r->depth;
    } else if (r->row == 0 && r->box == 0 && str_eq(name, STR("tr"))) {
        r->row = r->depth;
        r->row_first = r->paragraphs + 1;
    } else if (str_eq(name, STR("tab")) && !attributes[0]) { /* with some it is a tab stop */
        buf_putc(target(r), ' ');
    } else if (str_eq(name, STR("br")) || str_eq(name, STR("cr"))) {
        buf_putc(target(r), SOFT_BREAK);
    } else if (str_eq(name, STR("noBreakHyphen"))) {
        buf_putc(target(r), '-');
    } else if (str_eq(name, STR("numId"))) {
        number_id(r, attributes);
    }
}

static void XMLCALL on_end(void *ctx, const char *full)
{
    struct reader *r = ctx;
    struct str name = local(full);
    if (r->skip == 0 && str_eq(name, STR("p"))) {
        end_paragraph(r);
    } else if (r->skip == 0 && r->row > 0 && r->box == 0 && str_eq(name, STR("tc"))) {
        end_cell(r);
    } else if (r->row > 0 && r->depth == r->row) {
        end_row(r);
    }
    r->skip = r->skip == r->depth ? 0 : r->skip;
    r->box = r->box == r->depth ? 0 : r->box;
    r->text = r->text == r->depth ? 0 : r->text;
    r->depth--;
}

static void XMLCALL on_text(void *ctx, const char *s, int n)
{
    struct reader *r = ctx;
    if (r->skip == 0 && r->text > 0 && n > 0) {
        struct text_piece p = {.at = buf_view(target(r)).n,
                               .n = (uint32_t)n,
                               .xml = (uint32_t)XML_GetCurrentByteIndex(r->xml),
                               .raw = (uint32_t)XML_GetCurrentByteCount(r->xml)};
        bool kept =
            r->box > 0 ? vec_try_push(r->a, &r->in_boxes, p) : vec_try_push(r->a, &r->in_main, p);
        if (!kept) {
            stop(r, err_set(r->e, RC_LIMIT, "no memory to read %s", "没有内存读取 %s", r->path));
        }
        buf_put(target(r), s, (size_t)n);
    }
}

/* A docx has no document type; entities that grow without end would be declared there. */
static void XMLCALL on_doctype(void *ctx, const char *name, const char *system, const char *public,
                               int has_subset)
{
    struct reader *r = ctx;
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    stop(r, err_set(r->e, RC_INPUT, "%s declares entities, which a docx never does",
                    "%s 中声明了实体，正常的 docx 没有这种声明", r->path));
}

/* ---- the part ------------------------------------------------------------------------------- */

static enum rc damaged(struct reader *r, const char *en, const char *zh)
{
    enum rc rc = err_set(r->e, RC_INPUT, "%s is damaged or cut off: %s%.0s",
                         "%s 已损坏或不完整：%.0s%s", r->path, en, zh);
    err_hint(r->e, "Open it in a word processor and save it again.",
             "请用文字处理软件打开后重新保存。");
    return rc;
}

static enum rc too_large(struct reader *r)
{
    return err_set(r->e, RC_LIMIT, "%s unpacks to more than %u bytes", "%s 解压后超过 %u 字节",
                   r->path, XML_BYTES_MAX);
}

static enum rc parse_chunk(struct reader *r, const char *bytes, size_t n)
{
    enum XML_Status status = XML_Parse(r->xml, bytes, (int)n, n == 0);
    if (r->rc != RC_OK) {
        return r->rc;
    }
    if (status != XML_STATUS_OK) {
        const char *why = XML_ErrorString(XML_GetErrorCode(r->xml));
        return damaged(r, why, why);
    }
    return RC_OK;
}

/* The next bytes of the part, 0 at its end, negative when it cannot be unpacked. */
static int64_t pull(struct reader *r, char *chunk)
{
    if (r->packed) {
        return zip_fread(r->packed, chunk, CHUNK_BYTES);
    }
    uint32_t n = r->plain.n < CHUNK_BYTES ? r->plain.n : CHUNK_BYTES;
    memcpy(chunk, r->plain.p ? r->plain.p : "", n);
    r->plain = str_sub(r->plain, n, r->plain.n);
    return n;
}

static enum rc read_chunks(struct reader *r)
{
    char *chunk = arena_try(r->a, CHUNK_BYTES);
    uint64_t total = 0;
    if (!chunk) {
        return err_set(r->e, RC_LIMIT, "no memory to read %s", "没有内存读取 %s", r->path);
    }
    for (;;) {
        int64_t n = pull(r, chunk);
        total += n > 0 ? (uint64_t)n : 0;
        if (n < 0) {
            return damaged(r, "its contents cannot be unpacked", "内容无法解压");
        }
        if (total > XML_BYTES_MAX) {
            return too_large(r);
        }
        TRY(parse_chunk(r, chunk, (size_t)n));
        if (n == 0) {
            return RC_OK;
        }
    }
}

static enum rc keep_source(struct reader *r)
{
    struct str s = buf_view(&r->source);
    char *copy = arena_try(r->a, (size_t)s.n + 1);
    if (!copy) {
        return err_set(r->e, RC_LIMIT, "no memory to read %s", "没有内存读取 %s", r->path);
    }
    memcpy(copy, s.p, s.n);
    r->out->source = (struct str){copy, s.n};
    return RC_OK;
}

static enum rc parse_part(struct reader *r)
{
    r->xml = XML_ParserCreateNS(NULL, ' ');
    if (!r->xml) {
        return err_set(r->e, RC_LIMIT, "no memory to read %s", "没有内存读取 %s", r->path);
    }
    buf_init(&r->main, TEXT_BYTES_MAX);
    buf_init(&r->boxes, TEXT_BYTES_MAX);
    buf_init(&r->source, XML_BYTES_MAX);
    XML_SetUserData(r->xml, r);
    XML_SetElementHandler(r->xml, on_start, on_end);
    XML_SetCharacterDataHandler(r->xml, on_text);
    XML_SetStartDoctypeDeclHandler(r->xml, on_doctype);
    enum rc rc = read_chunks(r);
    XML_ParserFree(r->xml);
    rc = rc == RC_OK ? keep_source(r) : rc;
    buf_release(&r->main);
    buf_release(&r->boxes);
    buf_release(&r->source);
    return rc;
}

enum rc docx_read_part(struct arena *a, const char *path, struct str xml, struct text *out,
                       struct err *e)
{
    struct reader r = {.a = a, .path = path, .out = out, .e = e, .plain = xml};
    return parse_part(&r);
}

static enum rc open_part(struct reader *r, zip_t *z)
{
    static const char part[] = "word/document.xml";
    zip_stat_t st;
    zip_stat_init(&st);
    if (zip_stat(z, part, 0, &st) != 0) {
        return err_set(r->e, RC_INPUT, "%s is no docx: it has no word/document.xml",
                       "%s 不是 docx：其中没有 word/document.xml", r->path);
    }
    if ((st.valid & ZIP_STAT_SIZE) && st.size > XML_BYTES_MAX) {
        return too_large(r);
    }
    r->packed = zip_fopen(z, part, 0);
    if (!r->packed) {
        return damaged(r, "its contents cannot be opened", "内容无法打开");
    }
    enum rc rc = parse_part(r);
    (void)zip_fclose(r->packed);
    return rc;
}

enum rc docx_read(struct arena *a, const char *path, struct str bytes, struct text *out,
                  struct err *e)
{
    struct reader r = {.a = a, .path = path, .out = out, .e = e};
    zip_error_t why;
    zip_error_init(&why);
    out->flowing = true;
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &why);
    zip_t *z = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    zip_error_fini(&why);
    if (!z) {
        zip_source_free(source);
        return damaged(&r, "it is no complete zip archive", "不是完整的压缩包");
    }
    enum rc rc = open_part(&r, z);
    zip_discard(z);
    return rc;
}
