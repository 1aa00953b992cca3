/* SPDX-License-Identifier: Apache-2.0 */
/* Formats of annotated cells: what the cell has, with another fill, at the end of the lists. */
#include "base/err.h"
#include "io/note_int.h"

#define FILLS 4U /* of tones */

/* As few people would choose them: a cell that has one was annotated before. */
static const char *const colours[FILLS] = {[NOTE_PLAIN] = "",
                                           [NOTE_GREEN] = "FFC5E0B3",
                                           [NOTE_AMBER] = "FFFFD965",
                                           [NOTE_RED] = "FFFF7B80"};

/* Lists of styles in their order; ours go behind those that have to stand before. */
static const struct str lists[] = {STR_INIT("numFmts"),      STR_INIT("fonts"),
                                   STR_INIT("fills"),        STR_INIT("borders"),
                                   STR_INIT("cellStyleXfs"), STR_INIT("cellXfs")};
enum { LIST_FILLS = 2, LIST_CELLS = 5, LISTS };

/* A list of the styles; no end: it is not there, and would stand at close_at. */
struct list {
    struct note_tag open;
    uint32_t close_at;
    uint32_t n;
    bool is;
};

struct found {
    struct note_tag root;
    struct list lists[LISTS];
};

static const struct str none =
    STR_INIT("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet "
             "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts "
             "count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills "
             "count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill "
             "patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/>"
             "<top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf "
             "numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs "
             "count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
             "</cellXfs></styleSheet>");

/* ---- reading -------------------------------------------------------------------------------- */

static int list_of(struct str name)
{
    for (int i = 0; i < LISTS; i++) {
        if (str_eq(name, lists[i])) {
            return i;
        }
    }
    return -1;
}

/* A tag of depth 2: a list begins or ends. */
static void see_list(struct found *f, const struct note_tag *t, int i)
{
    struct list *list = &f->lists[i];
    if (t->opens) {
        *list = (struct list){.open = *t, .is = true};
    }
    if (t->closes) {
        list->close_at = t->begin;
    }
    /* Lists that are not there stand behind the last that is before them. */
    for (int k = i + 1; k < LISTS && t->closes; k++) {
        f->lists[k].close_at = f->lists[k].is ? f->lists[k].close_at : t->end;
    }
}

static bool is_ours(struct str colour)
{
    for (size_t i = NOTE_GREEN; i < FILLS; i++) {
        if (str_eq(colour, str_from_cstr(colours[i]))) {
            return true;
        }
    }
    return false;
}

/* A tag within a list of depth 2. */
static void see_item(struct note_package *p, struct note_styles *s, struct found *f, int in,
                     const struct note_tag *t)
{
    struct arena *a = p->x->a;
    if (in == LIST_FILLS && str_eq(t->name, STR("fgColor")) && t->opens &&
        is_ours(note_attribute(a, s->xml, t, "rgb"))) {
        map_u64_put(a, &s->our_fills, f->lists[in].n, 1);
    }
    if (t->depth != 3) {
        return;
    }
    bool format = in == LIST_CELLS && str_eq(t->name, STR("xf"));
    if (format && t->opens) {
        uint32_t fill = 0;
        bool known = xlsx_number(note_attribute(a, s->xml, t, "fillId"), UINT32_MAX, &fill);
        struct note_format made = {t->begin, t->end,
                                   known && map_u64_get(&s->our_fills, fill, NULL)};
        vec_push(a, &s->formats, made);
    } else if (format && s->formats.n > 0) {
        vec_last(&s->formats).end = t->end;
    }
    f->lists[in].n += t->closes;
}

static void look(struct note_package *p, struct note_styles *s, struct found *f)
{
    struct note_lexer l = {.xml = s->xml};
    struct note_tag t;
    int in = -1;
    *f = (struct found){.root = {.name = STR("")}};
    vec_clear(&s->formats);
    while (note_next(&l, &t)) {
        if (t.depth == 1 && t.opens) {
            f->root = t;
            for (int i = 0; i < LISTS; i++) {
                f->lists[i].close_at = t.end;
            }
        } else if (t.depth == 2) {
            in = list_of(t.name);
            if (in >= 0) {
                see_list(f, &t, in);
            }
        } else if (t.depth > 2 && in >= 0) {
            see_item(p, s, f, in, &t);
        }
    }
}

enum rc note_styles_read(struct note_package *p, struct note_styles *s)
{
    struct found f;
    s->xml = none;
    if (s->part.n > 0 && note_part_is(p, s->part)) {
        TRY(note_part_read(p, s->part, &s->xml));
    }
    look(p, s, &f);
    if (f.root.closes) { /* nothing within */
        s->xml = none;
        look(p, s, &f);
    }
    return RC_OK;
}

bool note_style_is_ours(const struct note_styles *s, uint32_t format)
{
    return format < s->formats.n && s->formats.items[format].ours;
}

enum rc note_style(struct note_package *p, struct note_styles *s, uint32_t format,
                   enum note_tone tone, uint32_t *out)
{
    format = format < s->formats.n ? format : 0;
    uint64_t key = (uint64_t)format * FILLS + tone;
    uint32_t i = 0;
    if (!map_u64_get(&s->made, key, &i)) {
        i = s->wanted.n;
        map_u64_put(p->x->a, &s->made, key, i);
        vec_push(p->x->a, &s->wanted, key);
    }
    *out = s->formats.n + i;
    return *out < WORKBOOK_STYLES_MAX
               ? RC_OK
               : xlsx_too_much(p->x, "styles", "种样式", WORKBOOK_STYLES_MAX);
}

/* ---- writing -------------------------------------------------------------------------------- */

/* A format with the fill; without one to copy, the usual one. */
static struct str format_text(struct arena *a, const struct note_styles *s, uint32_t format,
                              struct str prefix, uint32_t fill)
{
    if (format >= s->formats.n) {
        return note_text(a, "<%.*sxf numFmtId=\"0\" fontId=\"0\" fillId=\"%u\" borderId=\"0\"/>",
                         PS(prefix), fill);
    }
    const struct note_format at = s->formats.items[format];
    struct note_edits e = {.a = a, .xml = str_sub(s->xml, at.begin, at.end)};
    struct note_lexer l = {.xml = e.xml};
    struct note_tag t;
    if (note_next(&l, &t)) {
        note_set_attribute(&e, &t, "fillId", note_text(a, "%u", fill));
        note_set_attribute(&e, &t, "applyFill", STR("1"));
    }
    return note_apply(&e);
}

static struct str fill_text(struct arena *a, struct str prefix, const char *colour)
{
    return note_text(a,
                     "<%.*sfill><%.*spatternFill patternType=\"solid\"><%.*sfgColor rgb=\"%s\"/>"
                     "<%.*sbgColor indexed=\"64\"/></%.*spatternFill></%.*sfill>",
                     PS(prefix), PS(prefix), PS(prefix), colour, PS(prefix), PS(prefix),
                     PS(prefix));
}

/* Puts items at the end of a list, which is made when it is not there. */
static void add_items(struct note_edits *e, const struct found *f, int i, struct buf *items,
                      uint32_t n)
{
    const struct list *list = &f->lists[i];
    struct str prefix = f->root.prefix;
    struct str put = buf_view(items);
    struct str count = note_text(e->a, "%u", list->n + n);
    if (list->is) {
        note_append(e, &list->open, list->close_at, put);
        note_set_attribute(e, &list->open, "count", count);
    } else {
        note_edit(e, list->close_at, 0,
                  note_text(e->a, "<%.*s%.*s count=\"%.*s\">%.*s</%.*s%.*s>", PS(prefix),
                            PS(lists[i]), PS(count), PS(put), PS(prefix), PS(lists[i])));
    }
}

/* Where the styles of a workbook that has none go. */
static enum rc new_part(struct note_package *p, struct note_styles *s)
{
    struct str id;
    s->part = note_part_new(p, "xl/styles", ".xml");
    TRY(note_declare(p, s->part,
                     "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml",
                     NULL));
    return note_relate(p, p->x->book_part, s->part, "styles", &id);
}

enum rc note_styles_write(struct note_package *p, struct note_styles *s)
{
    struct arena *a = p->x->a;
    struct found f;
    struct note_edits e = {.a = a, .xml = s->xml};
    struct buf fills;
    struct buf formats;
    if (s->wanted.n == 0) {
        return RC_OK;
    }
    look(p, s, &f);
    buf_init_in(&fills, a, NOTE_PART_BYTES_MAX);
    buf_init_in(&formats, a, NOTE_PART_BYTES_MAX);
    for (uint32_t tone = NOTE_GREEN; tone < FILLS; tone++) {
        buf_str(&fills, fill_text(a, f.root.prefix, colours[tone]));
    }
    for (uint32_t i = 0; i < s->wanted.n; i++) {
        uint32_t tone = (uint32_t)(s->wanted.items[i] % FILLS);
        uint32_t fill = tone == NOTE_PLAIN ? 0 : f.lists[LIST_FILLS].n + tone - NOTE_GREEN;
        buf_str(&formats,
                format_text(a, s, (uint32_t)(s->wanted.items[i] / FILLS), f.root.prefix, fill));
    }
    add_items(&e, &f, LIST_FILLS, &fills, FILLS - 1);
    add_items(&e, &f, LIST_CELLS, &formats, s->wanted.n);
    if (formats.overflow) {
        return xlsx_too_much(p->x, "bytes in a part", "字节（单个部件）", NOTE_PART_BYTES_MAX);
    }
    if (s->part.n == 0 || !note_part_is(p, s->part)) {
        TRY(new_part(p, s));
    }
    note_part_write(p, s->part, note_apply(&e));
    return RC_OK;
}
