/* SPDX-License-Identifier: Apache-2.0 */
/* What an .xlsx says about all its sheets: relations, workbook, and the order of reading. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "io/workbook_int.h"
#include "io/xlsx_int.h"

#define RELATIONS_MAX 4096U

/* ---- relations ------------------------------------------------------------------------------ */

struct reading {
    struct str from; /* the part whose relations they are */
    xlsx_relations list;
    /* of the workbook */
    VEC(struct str) ids; /* relation of each sheet */
    uint32_t room;       /* for sheets */
};

/* A copy, or a stop. */
static struct str keep(struct xlsx *x, struct str s)
{
    char *p = arena_try(x->a, (size_t)s.n + 1);
    if (!p) {
        xlsx_stop(x, xlsx_no_memory(x));
        return STR("");
    }
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    return str_make(p, s.n);
}

static struct str last_word(struct str type)
{
    uint32_t at = type.n;
    while (at > 0 && type.p[at - 1] != '/') {
        at--;
    }
    return str_sub(type, at, type.n);
}

static void relation_start(struct xlsx *x, struct str name, const char **attributes)
{
    struct reading *r = x->ctx;
    if (!str_eq(name, STR("Relationship"))) {
        return;
    }
    struct xlsx_relation relation = {.id = keep(x, xlsx_attribute(attributes, "Id")),
                                     .type =
                                         keep(x, last_word(xlsx_attribute(attributes, "Type")))};
    struct str mode = xlsx_attribute(attributes, "TargetMode");
    struct str target = xlsx_attribute(attributes, "Target");
    if (!str_eq(mode, STR("External")) &&
        !xlsx_zip_resolve(x->a, r->from, target, &relation.target)) {
        relation.target = STR(""); /* used by nobody, or missed by who wants it */
    }
    if (r->list.n == RELATIONS_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "relations", "个关联", RELATIONS_MAX));
    } else if (x->rc == RC_OK && !vec_try_push(x->a, &r->list, relation)) {
        xlsx_stop(x, xlsx_no_memory(x));
    }
}

static void nothing_at_end(struct xlsx *x, struct str name)
{
    (void)x;
    (void)name;
}

static const struct xlsx_handlers relation_handlers = {relation_start, nothing_at_end, NULL};

/* xl/workbook.xml -> xl/_rels/workbook.xml.rels */
static enum rc relations_of(struct xlsx *x, struct str part, struct reading *r)
{
    struct str folder = part;
    while (folder.n > 0 && folder.p[folder.n - 1] != '/') {
        folder.n--;
    }
    struct str base = str_sub(part, folder.n, part.n);
    size_t n = part.n + sizeof "_rels/.rels";
    char *p = arena_try(x->a, n + 1);
    if (!p) {
        return xlsx_no_memory(x);
    }
    (void)snprintf(p, n, "%.*s_rels/%.*s.rels", PS(folder), PS(base));
    r->from = part;
    r->list.n = 0;
    struct str name = str_from_cstr(p);
    return xlsx_zip_has(x, name) ? xlsx_xml_read(x, name, &relation_handlers, r) : RC_OK;
}

enum rc xlsx_relations_read(struct xlsx *x, struct str part, xlsx_relations *out)
{
    struct reading *r = ARENA_NEW(x->a, struct reading);
    TRY(relations_of(x, part, r));
    *out = r->list;
    return RC_OK;
}

const struct xlsx_relation *xlsx_relation_of_type(const xlsx_relations *list, struct str type)
{
    for (uint32_t i = 0; i < list->n; i++) {
        if (str_eq(list->items[i].type, type) && list->items[i].target.n > 0) {
            return &list->items[i];
        }
    }
    return NULL;
}

const struct xlsx_relation *xlsx_relation_of_id(const xlsx_relations *list, struct str id)
{
    for (uint32_t i = 0; i < list->n; i++) {
        if (str_eq(list->items[i].id, id)) {
            return &list->items[i];
        }
    }
    return NULL;
}

/* ---- the workbook --------------------------------------------------------------------------- */

static void sheet_start(struct xlsx *x, const char **attributes)
{
    struct reading *r = x->ctx;
    struct workbook *book = x->book;
    struct str state = xlsx_attribute(attributes, "state");
    if (book->n_sheets == WORKBOOK_SHEETS_MAX) {
        xlsx_stop(x, xlsx_too_much(x, "sheets", "个工作表", WORKBOOK_SHEETS_MAX));
        return;
    }
    book->sheets = vec_room(x->a, book->sheets, book->n_sheets, &r->room, sizeof *book->sheets);
    if (book->n_sheets == r->room) {
        xlsx_stop(x, xlsx_no_memory(x));
        return;
    }
    struct workbook_sheet *sheet = &book->sheets[book->n_sheets];
    *sheet = (struct workbook_sheet){.table = false};
    sheet->name = keep(x, xlsx_attribute(attributes, "name"));
    if (str_eq(state, STR("hidden"))) {
        sheet->visible = WORKBOOK_HIDDEN;
    } else if (str_eq(state, STR("veryHidden"))) {
        sheet->visible = WORKBOOK_VERY_HIDDEN;
    }
    struct str id = keep(x, xlsx_attribute(attributes, "id"));
    if (x->rc == RC_OK && !vec_try_push(x->a, &r->ids, id)) {
        xlsx_stop(x, xlsx_no_memory(x));
    }
    book->n_sheets++;
}

static void book_start(struct xlsx *x, struct str name, const char **attributes)
{
    if (x->depth == 2 && str_eq(name, STR("workbookPr"))) {
        x->book->date1904 = xlsx_is_true(xlsx_attribute(attributes, "date1904"));
    } else if (x->depth == 2 && str_eq(name, STR("workbookProtection"))) {
        x->book->protected = xlsx_is_true(xlsx_attribute(attributes, "lockStructure"));
    } else if (x->depth == 3 && str_eq(name, STR("sheet"))) {
        sheet_start(x, attributes);
    } else if (x->depth == 3 && str_eq(name, STR("externalReference"))) {
        x->book->n_external++;
    }
}

static const struct xlsx_handlers book_handlers = {book_start, nothing_at_end, NULL};

static enum rc no_sheet(struct xlsx *x, struct str name)
{
    enum rc rc = err_set(x->e, RC_INPUT, "%s: sheet %.*s has no part in the archive",
                         "%s 的工作表「%.*s」在文件中没有内容", x->path, PS(name));
    err_hint(x->e, "Open it in a spreadsheet program, look at it, and save it again.",
             "请用表格软件打开检查后重新保存。");
    return rc;
}

static enum rc bind_sheets(struct xlsx *x, const struct reading *r)
{
    struct workbook *book = x->book;
    x->sheet_parts = ARENA_TRY_ARRAY(x->a, struct str, book->n_sheets + 1);
    if (!x->sheet_parts) {
        return xlsx_no_memory(x);
    }
    for (uint32_t i = 0; i < book->n_sheets; i++) {
        const struct xlsx_relation *relation = xlsx_relation_of_id(&r->list, r->ids.items[i]);
        if (!relation || relation->target.n == 0 || !xlsx_zip_has(x, relation->target)) {
            return no_sheet(x, book->sheets[i].name);
        }
        book->sheets[i].table = str_eq(relation->type, STR("worksheet"));
        x->sheet_parts[i] = relation->target;
    }
    return RC_OK;
}

static enum rc other_kind(struct xlsx *x, const char *en, const char *zh)
{
    enum rc rc = err_set(x->e, RC_NO_SUPPORT, "%s is %s%.0s, not a workbook that can be read",
                         "%s 是%.0s%s，不是可以读取的工作簿", x->path, en, zh);
    err_hint(x->e, "Save it as .xlsx in a spreadsheet program.", "请用表格软件另存为 .xlsx。");
    return rc;
}

/* What else is a zip. */
static enum rc tell_other(struct xlsx *x, struct str part)
{
    static const struct {
        struct str part;
        const char *en, *zh;
    } others[] = {
        {STR_INIT("content.xml"), "an OpenDocument file", " OpenDocument 文件"},
        {STR_INIT("word/document.xml"), "a Word document", " Word 文档"},
        {STR_INIT("ppt/presentation.xml"), "a PowerPoint file", " PowerPoint 文件"},
        {STR_INIT("xl/workbook.bin"), "a binary workbook (.xlsb)", "二进制工作簿（.xlsb）"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (str_eq(part, others[i].part) || xlsx_zip_has(x, others[i].part)) {
            return other_kind(x, others[i].en, others[i].zh);
        }
    }
    return other_kind(x, "a zip archive", "压缩包");
}

static struct str target_of(const xlsx_relations *list, struct str type)
{
    const struct xlsx_relation *relation = xlsx_relation_of_type(list, type);
    return relation ? relation->target : STR("");
}

enum rc xlsx_book_read(struct xlsx *x)
{
    struct reading r = {0};
    TRY(relations_of(x, STR(""), &r));
    struct str part = target_of(&r.list, STR("officeDocument"));
    if (part.n == 0 || !str_ends(part, STR(".xml")) || !xlsx_zip_has(x, part) ||
        str_starts(part, STR("word/")) || str_starts(part, STR("ppt/"))) {
        return tell_other(x, part);
    }
    TRY(xlsx_xml_read(x, part, &book_handlers, &r));
    if (x->book->n_sheets == 0) {
        return xlsx_damaged(x, "it has no sheet", "其中没有工作表");
    }
    TRY(relations_of(x, part, &r));
    x->book_part = part;
    x->strings_part = target_of(&r.list, STR("sharedStrings"));
    x->styles_part = target_of(&r.list, STR("styles"));
    x->book->macros = xlsx_relation_of_type(&r.list, STR("vbaProject")) != NULL;
    return bind_sheets(x, &r);
}

/* ---- all of it ------------------------------------------------------------------------------ */

struct work {
    struct xlsx x;
    struct str bytes;
    const struct workbook_sink *sink;
    enum xlsx_part part; /* with x.plain */
    enum rc rc;
};

static enum rc read_sheets(struct xlsx *x, const struct workbook_sink *sink)
{
    for (uint32_t i = 0; i < x->book->n_sheets; i++) {
        bool skip = false;
        if (sink->sheet) {
            TRY(sink->sheet(sink->ctx, x->book, i, &skip));
        }
        if (!skip && x->book->sheets[i].table) {
            TRY(xlsx_sheet_read(x, x->sheet_parts[i], &x->book->sheets[i], sink));
        }
        if (!skip && sink->end) {
            TRY(sink->end(sink->ctx, x->book, i));
        }
    }
    return RC_OK;
}

static enum rc read_all(struct work *w)
{
    TRY(xlsx_zip_open(&w->x, w->bytes));
    TRY(xlsx_book_read(&w->x));
    TRY(xlsx_styles_read(&w->x));
    TRY(xlsx_strings_read(&w->x));
    return read_sheets(&w->x, w->sink);
}

static enum rc read_one(struct work *w)
{
    struct xlsx *x = &w->x;
    x->strings_part = x->styles_part = STR("part");
    if (!map_try_put(x->a, &x->parts, STR("part"), 0)) {
        return xlsx_no_memory(x);
    }
    if (w->part == XLSX_STYLES) {
        return xlsx_styles_read(x);
    }
    if (w->part == XLSX_STRINGS) {
        return xlsx_strings_read(x);
    }
    x->book->sheets = arena_try(x->a, sizeof *x->book->sheets);
    return x->book->sheets ? xlsx_sheet_read(x, STR("part"), x->book->sheets, w->sink)
                           : xlsx_no_memory(x);
}

static void run(void *ctx)
{
    struct work *w = ctx;
    w->rc = w->x.plain.p ? read_one(w) : read_all(w);
}

/* A sink may be left by the arena; what is held is let go of here. */
static enum rc work(struct work *w)
{
    struct xlsx *x = &w->x;
    buf_init(&x->text, WORKBOOK_TEXT_MAX);
    buf_init(&x->row_texts, 0);
    arena_init(&x->rows, 1, "rows of a sheet");
    enum rc rc = arena_run(x->a, run, w);
    xlsx_release(x);
    return rc != RC_OK ? err_set(x->e, rc, "no memory to read %s", "没有内存读取 %s", x->path)
                       : w->rc;
}

enum rc xlsx_read(struct arena *a, const char *path, struct str bytes,
                  const struct workbook_sink *sink, struct workbook *out, struct err *e)
{
    struct work w = {
        .x = {.a = a, .path = path, .e = e, .book = out}, .bytes = bytes, .sink = sink};
    return work(&w);
}

enum rc xlsx_read_part(struct arena *a, enum xlsx_part part, bool careful, struct str xml,
                       const struct workbook_sink *sink, struct workbook *out, struct err *e)
{
    struct work w = {
        .x = {.a = a, .path = "part", .e = e, .book = out, .plain = xml, .always_careful = careful},
        .part = part,
        .sink = sink};
    *out = (struct workbook){.encoding = ""};
    return work(&w);
}
