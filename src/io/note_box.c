/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The boxes of notes: shapes of VML, one drawing for each sheet. Programs write VML that is no XML,
 * so ours go before its last end tag, and only what is XML has boxes taken away.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "io/note_int.h"

#define TYPE            "application/vnd.openxmlformats-officedocument.vmlDrawing"
#define IDS_OF_BLOCK    1024U
#define BLOCKS_OF_SHEET 64U /* more ids than there may be notes */
#define STEPS_MAX       256U
#define HALVES_LEAST    16U /* widths of a box in half-width characters … */
#define HALVES_USUAL    48U
#define HALVES_MOST     88U
#define HALF_PIXELS     7U /* … which is more than a small one takes */
#define LINE_PIXELS     16U
#define MARGIN_PIXELS   16U
#define LINES_USUAL     16U
#define LINES_MOST      40U

static const char head[] =
    "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" "
    "xmlns:o=\"urn:schemas-microsoft-com:office:office\" "
    "xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap "
    "v:ext=\"edit\" data=\"%u\"/></o:shapelayout></xml>";
static const char type[] =
    "<v:shapetype xmlns:v=\"urn:schemas-microsoft-com:vml\" "
    "xmlns:o=\"urn:schemas-microsoft-com:office:office\" id=\"_x0000_t202\" "
    "coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke "
    "joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
static const char shape[] =
    "<v:shape xmlns:v=\"urn:schemas-microsoft-com:vml\" "
    "xmlns:o=\"urn:schemas-microsoft-com:office:office\" "
    "xmlns:x=\"urn:schemas-microsoft-com:office:excel\" id=\"_x0000_s%u\" type=\"#_x0000_t202\" "
    "style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:%upt;height:%upt;"
    "z-index:%u;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill "
    "color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path "
    "o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div "
    "style=\"text-align:left\"></div></v:textbox><x:ClientData "
    "ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%.*s</"
    "x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%u</x:Row><x:Column>%u</x:Column>"
    "</x:ClientData></v:shape>";

/* ---- sizes ---------------------------------------------------------------------------------- */

static int by_first(const void *x, const void *y)
{
    const struct note_size *a = x;
    const struct note_size *b = y;
    return a->first < b->first ? -1 : a->first > b->first;
}

static uint32_t size_of(const struct note_axis *axis, uint32_t i)
{
    uint32_t lo = 0;
    uint32_t hi = axis->sizes.n;
    while (lo < hi) { /* the last one that begins at i or before */
        uint32_t mid = lo + (hi - lo) / 2;
        if (axis->sizes.items[mid].first <= i) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo > 0 && axis->sizes.items[lo - 1].last >= i ? axis->sizes.items[lo - 1].pixels
                                                         : axis->usual;
}

struct point {
    uint32_t i, offset; /* pixels within column or row i */
};

/* So far from the beginning of i. */
static struct point go(const struct note_axis *axis, uint32_t i, uint32_t pixels)
{
    for (uint32_t steps = 0; steps < STEPS_MAX && i + 1 < axis->limit; steps++) {
        uint32_t size = size_of(axis, i);
        if (pixels < size) {
            return (struct point){i, pixels};
        }
        pixels -= size;
        i++;
    }
    return (struct point){i, 0};
}

struct extent {
    uint32_t width, height; /* pixels */
};

/* Lines that the text takes, and the width of the widest, when no line has more than `halves`. */
static uint32_t lines_at(struct str text, uint32_t halves, uint32_t *widest)
{
    uint32_t lines = 0;
    struct str line;
    *widest = 0;
    while (str_split(&text, '\n', &line)) {
        uint32_t width = utf8_width(line);
        *widest = width > *widest ? width : *widest;
        lines += width > halves ? (width + halves - 3) / (halves - 2) : 1;
    }
    *widest = *widest > halves ? halves : *widest < HALVES_LEAST ? HALVES_LEAST : *widest;
    return lines;
}

static struct extent extent_of(struct str text)
{
    uint32_t widest = 0;
    uint32_t lines = lines_at(text, HALVES_USUAL, &widest);
    if (lines > LINES_USUAL) {
        lines = lines_at(text, HALVES_MOST, &widest);
    }
    lines = lines > LINES_MOST ? LINES_MOST : lines;
    return (struct extent){widest * HALF_PIXELS + MARGIN_PIXELS,
                           lines * LINE_PIXELS + MARGIN_PIXELS};
}

/* ---- shapes --------------------------------------------------------------------------------- */

/* Where the box of a note lies, as VML says it: column, pixels within, row, pixels; both ends. */
static struct str anchor_text(struct arena *a, const struct note_sheet *s,
                              const struct workbook_note *note)
{
    struct extent size = extent_of(note->text);
    bool last = note->column + 12 > s->columns.limit; /* no room on the right */
    struct point left = go(&s->columns, last ? note->column - 12 : note->column + 1, 15);
    struct point top = go(&s->rows, note->row > 0 ? note->row - 1 : 0, note->row > 0 ? 10 : 2);
    struct point right = go(&s->columns, left.i, left.offset + size.width);
    struct point bottom = go(&s->rows, top.i, top.offset + size.height);
    return note_text(a, "%u, %u, %u, %u, %u, %u, %u, %u", left.i, left.offset, top.i, top.offset,
                     right.i, right.offset, bottom.i, bottom.offset);
}

static void put_shape(struct arena *a, struct buf *b, const struct note_sheet *s,
                      const struct workbook_note *note, uint32_t id)
{
    struct extent size = extent_of(note->text);
    buf_printf(b, shape, id, size.width * 3 / 4, size.height * 3 / 4, id % IDS_OF_BLOCK,
               PS(anchor_text(a, s, note)), note->row, note->column);
}

/* The greatest number behind `_x0000_s`, 0: none. */
static uint32_t greatest_id(struct str xml)
{
    struct str mark = STR("_x0000_s");
    uint32_t greatest = 0;
    uint32_t at = 0;
    while ((at = str_find(xml, mark, at)) != STR_NONE) {
        uint32_t id = 0;
        at += mark.n;
        for (uint32_t n = 0; n < 9 && at < xml.n && xml.p[at] >= '0' && xml.p[at] <= '9'; n++) {
            id = id * 10 + (uint32_t)(xml.p[at++] - '0');
        }
        greatest = id > greatest ? id : greatest;
    }
    return greatest;
}

/* Tells the blocks of ids from `from` to `to` in the drawing, behind those it has. */
static void claim_blocks(struct note_edits *e, uint32_t from, uint32_t to)
{
    uint32_t map = str_find(e->xml, STR("idmap"), 0);
    uint32_t at = map == STR_NONE ? STR_NONE : str_find(e->xml, STR("data="), map);
    struct buf b;
    buf_init_in(&b, e->a, NOTE_PART_BYTES_MAX);
    for (uint32_t block = from; block <= to; block++) {
        buf_printf(&b, ",%u", block);
    }
    char quote = at != STR_NONE && at + 5 < e->xml.n ? e->xml.p[at + 5] : 0;
    if (quote == '"' || quote == '\'') {
        uint32_t end = str_find(e->xml, quote == '"' ? STR("\"") : STR("'"), at + 6);
        if (end != STR_NONE && end > at + 6) {
            note_edit(e, end, 0, buf_view(&b));
        }
    }
}

/* Where the last end tag begins, STR_NONE: nowhere. */
static uint32_t last_end(struct str xml)
{
    for (uint32_t i = xml.n; i-- > 0;) {
        if (xml.p[i] == '<' && i + 1 < xml.n && xml.p[i + 1] == '/') {
            return i;
        }
    }
    return STR_NONE;
}

/* ---- boxes that are there ------------------------------------------------------------------- */

struct old_box {
    uint32_t begin; /* of the shape */
    uint32_t row, column;
    bool note;
    struct note_tag open;    /* the last one */
    struct note_tag row_tag; /* of the row */
    struct note_span anchor; /* begin == 0: there is none */
};

/* The box of another's note gets room for ours behind it. */
static void grow(struct note_edits *e, const struct note_sheet *s, const struct old_box *o,
                 const struct workbook_note *note)
{
    struct str anchor = anchor_text(e->a, s, note);
    struct str x = o->row_tag.prefix;
    if (o->anchor.begin > 0) {
        note_edit(e, o->anchor.begin, o->anchor.end - o->anchor.begin, anchor);
    } else {
        note_edit(e, o->row_tag.begin, 0,
                  note_text(e->a, "<%.*sAnchor>%.*s</%.*sAnchor>", PS(x), PS(anchor), PS(x)));
    }
}

/* The box ends: it goes, grows, or stays. */
static void end_box(struct note_edits *e, const struct note_sheet *s, struct note_drawn *drawn,
                    const struct old_box *o, uint32_t end)
{
    uint64_t place = (uint64_t)o->row * WORKBOOK_COLUMNS_MAX + o->column;
    uint32_t i = 0;
    if (o->note && map_u64_get(&drawn->gone, place, NULL)) {
        note_edit(e, o->begin, end - o->begin, STR(""));
    } else if (o->note && o->row_tag.end > 0 && map_u64_get(&drawn->grown_at, place, &i) &&
               i < drawn->grown.n) {
        grow(e, s, o, &drawn->grown.items[i]);
        map_u64_put(e->a, &drawn->grown_at, place, UINT32_MAX); /* once */
    }
}

static void see_old(struct note_edits *e, const struct note_sheet *s, struct note_drawn *drawn,
                    struct old_box *o, const struct note_tag *t)
{
    if (t->depth == 2 && t->opens) {
        *o = (struct old_box){.begin = t->begin, .row = UINT32_MAX, .column = UINT32_MAX};
    }
    if (t->opens) {
        o->row_tag = str_eq(t->name, STR("Row")) ? *t : o->row_tag;
        o->open = *t;
        bool data = str_eq(t->name, STR("ClientData"));
        o->note =
            o->note || (data && str_eq(note_attribute(e->a, e->xml, t, "ObjectType"), STR("Note")));
    } else if (str_eq(t->name, STR("Anchor"))) {
        o->anchor = (struct note_span){o->open.end, t->begin};
    } else if (str_eq(t->name, STR("Row")) || str_eq(t->name, STR("Column"))) {
        struct str text = str_trim(str_sub(e->xml, o->open.end, t->begin));
        uint32_t *to = str_eq(t->name, STR("Row")) ? &o->row : &o->column;
        *to = xlsx_number(text, WORKBOOK_ROWS_MAX, to) ? *to : UINT32_MAX;
    }
    if (t->depth == 2 && t->closes) {
        end_box(e, s, drawn, o, t->end);
    }
}

/* false: the drawing is no XML, and its boxes stay as they are. */
static bool change_old(struct note_package *p, const struct note_sheet *s, struct note_edits *e,
                       struct note_drawn *drawn)
{
    struct note_lexer l = {.xml = e->xml};
    struct old_box o = {.begin = 0};
    struct note_tag t;
    struct err *told = p->x->e;
    if (map_u64_len(&drawn->gone) == 0 && drawn->grown.n == 0) {
        return true;
    }
    p->x->e = NULL;
    enum rc rc = note_check_xml(p->x, e->xml);
    p->x->e = told;
    while (rc == RC_OK && note_next(&l, &t)) {
        see_old(e, s, drawn, &o, &t);
    }
    return rc == RC_OK;
}

/* ---- the drawing ---------------------------------------------------------------------------- */

/* The boxes, from the id after `last`. */
static struct str boxes_text(struct arena *a, const struct note_sheet *s,
                             const struct note_drawn *drawn, bool typed, uint32_t *last)
{
    struct buf b;
    buf_init_in(&b, a, NOTE_PART_BYTES_MAX);
    buf_puts(&b, typed ? "" : type);
    for (uint32_t i = 0; i < drawn->fresh.n; i++) {
        const struct workbook_note *note = drawn->fresh.items[i];
        if (!map_u64_get(&drawn->kept, (uint64_t)note->row * WORKBOOK_COLUMNS_MAX + note->column,
                         NULL)) {
            put_shape(a, &b, s, note, ++*last);
        }
    }
    return buf_view(&b);
}

static enum rc draw(struct note_package *p, const struct note_sheet *s, struct note_drawn *drawn,
                    struct str xml, struct str *out)
{
    struct note_edits e = {.a = p->x->a, .xml = xml};
    bool typed = str_find(xml, STR("_x0000_t202"), 0) != STR_NONE;
    uint32_t last = greatest_id(xml);
    uint32_t first = last > 0 ? last : (s->index * BLOCKS_OF_SHEET + 1) * IDS_OF_BLOCK;
    uint32_t end = last_end(xml);
    if (!change_old(p, s, &e, drawn)) {
        drawn->kept = drawn->gone;
    }
    last = first;
    struct str put = boxes_text(e.a, s, drawn, typed, &last);
    if (end == STR_NONE) {
        return xlsx_damaged(p->x, "the drawing of its notes is empty", "批注的图形部件是空的");
    }
    if (drawn->fresh.n > 0) {
        note_edit(&e, end, 0, put);
    }
    if (last / IDS_OF_BLOCK > first / IDS_OF_BLOCK) {
        claim_blocks(&e, first / IDS_OF_BLOCK + 1, last / IDS_OF_BLOCK);
    }
    *out = note_apply(&e);
    return RC_OK;
}

enum rc note_boxes(struct note_package *p, struct note_sheet *s, const xlsx_relations *relations,
                   struct note_drawn *drawn, struct str *drawing)
{
    struct str part = STR("");
    struct str xml;
    *drawing = (struct str){NULL, 0};
    bool old = map_u64_len(&drawn->gone) > 0 || drawn->grown.n > 0;
    if (drawn->fresh.n == 0 && (!old || !s->drawing.p)) {
        return RC_OK;
    }
    if (s->columns.sizes.n > 0) {
        qsort(s->columns.sizes.items, s->columns.sizes.n, sizeof *s->columns.sizes.items, by_first);
    }
    if (s->drawing.p) {
        const struct xlsx_relation *relation = xlsx_relation_of_id(relations, s->drawing);
        if (!relation || relation->target.n == 0) {
            return xlsx_damaged(p->x, "the drawing of its notes is missing", "缺少批注的图形部件");
        }
        part = relation->target;
        TRY(note_part_read(p, part, &xml));
    } else {
        part = note_part_new(p, "xl/drawings/notes", ".vml");
        xml = note_text(p->x->a, head, s->index * BLOCKS_OF_SHEET + 1);
        TRY(note_declare(p, part, TYPE, "vml"));
        TRY(note_relate(p, s->part, part, "vmlDrawing", drawing));
    }
    TRY(draw(p, s, drawn, xml, &xml));
    note_part_write(p, part, xml);
    return RC_OK;
}
