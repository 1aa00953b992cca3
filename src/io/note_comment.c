/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The comments of a sheet, which is what the format calls notes: those of others stay, and get ours
 * behind their text where both are of one cell; those that an earlier annotated copy left go.
 */
#include <string.h>

#include "base/err.h"
#include "io/note_int.h"

#define NOBODY       (UINT32_MAX - 1)
#define COMMENTS_MAX 200000U /* of a sheet as it comes */
#define TYPE         "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
#define EMPTY                                                                                      \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"%s\">"       \
    "<authors></authors><commentList></commentList></comments>"
#define MAIN        "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define MAIN_STRICT "http://purl.oclc.org/ooxml/spreadsheetml/main"

/* A comment that is there. */
struct had {
    uint64_t place;
    uint32_t begin, end;
    uint32_t author;
    struct note_tag text;  /* <text> */
    uint32_t text_close;   /* its end tag */
    uint32_t put_at;       /* behind its last run, 0: it has none */
    struct note_span bare; /* <t> that stands in no run */
};

struct comments {
    struct note_package *p;
    struct arena *a;
    struct note_edits e;
    struct note_tag root, authors, list;
    uint32_t authors_close, list_close;
    uint32_t n_authors;
    uint32_t our_author; /* n_authors when there is none yet */
    struct note_tag author;
    VEC(struct had) had;
    note_refs fresh;         /* notes of cells without a comment */
    struct map_u64 by_place; /* of all notes -> index + 1 */
};

static uint64_t place_of(uint32_t row, uint32_t column)
{
    return (uint64_t)row * WORKBOOK_COLUMNS_MAX + column;
}

/* ---- what is there -------------------------------------------------------------------------- */

static void start_comment(struct comments *c, const struct note_tag *t)
{
    uint32_t row = 0;
    uint32_t column = 0;
    uint32_t author = 0;
    struct str ref = note_attribute(c->a, c->e.xml, t, "ref");
    struct had had = {.place = UINT64_MAX, .begin = t->begin, .end = t->end};
    if (ref.p && cell_parse_name(ref, &row, &column)) {
        had.place = place_of(row, column);
    }
    struct str id = note_attribute(c->a, c->e.xml, t, "authorId");
    had.author = xlsx_number(id, NOBODY, &author) ? author : NOBODY;
    vec_push(c->a, &c->had, had);
}

static void see_text(struct comments *c, const struct note_tag *t)
{
    struct had *had = &vec_last(&c->had);
    if (t->depth == 4) {
        had->text = t->opens ? *t : had->text;
        had->text_close = t->begin;
    } else if (t->depth == 5 && str_eq(t->name, STR("t"))) {
        had->bare.begin = t->opens ? t->begin : had->bare.begin;
        had->bare.end = t->end;
        had->put_at = t->end;
    } else if (t->depth == 5 && str_eq(t->name, STR("r"))) {
        had->put_at = t->end;
    }
}

static void see_author(struct comments *c, const struct note_tag *t)
{
    if (t->opens) {
        c->author = *t;
    }
    if (t->closes) {
        struct str name = str_trim(str_sub(c->e.xml, c->author.end, t->begin));
        c->our_author = str_eq(name, STR(NOTE_AUTHOR)) ? c->n_authors : c->our_author;
        c->n_authors++;
    }
}

/* A tag of depth 3 and below, within `section`. */
static void see_within(struct comments *c, struct str section, const struct note_tag *t)
{
    bool comments = str_eq(section, STR("commentList"));
    if (t->depth == 3 && str_eq(section, STR("authors"))) {
        see_author(c, t);
    } else if (t->depth == 3 && comments && t->opens) {
        start_comment(c, t);
    } else if (t->depth == 3 && comments && c->had.n > 0) {
        vec_last(&c->had).end = t->end;
    } else if (t->depth > 3 && comments && c->had.n > 0 &&
               (t->depth > 4 || str_eq(t->name, STR("text")))) {
        see_text(c, t);
    }
}

static void see_section(struct comments *c, const struct note_tag *t)
{
    bool authors = str_eq(t->name, STR("authors"));
    bool list = str_eq(t->name, STR("commentList"));
    if (authors && t->opens) {
        c->authors = *t;
    }
    if (list && t->opens) {
        c->list = *t;
    }
    c->authors_close = authors && t->closes ? t->begin : c->authors_close;
    c->list_close = list && t->closes ? t->begin : c->list_close;
}

static enum rc look(struct comments *c)
{
    struct note_lexer l = {.xml = c->e.xml};
    struct note_tag t;
    struct str section = STR("");
    c->our_author = UINT32_MAX;
    while (note_next(&l, &t) && c->had.n < COMMENTS_MAX) {
        if (t.depth == 1 && t.opens) {
            c->root = t;
        } else if (t.depth == 2) {
            section = t.closes ? STR("") : t.name;
            see_section(c, &t);
        } else if (t.depth > 2) {
            see_within(c, section, &t);
        }
    }
    if (c->had.n == COMMENTS_MAX) {
        return xlsx_too_much(c->p->x, "notes on a sheet", "条批注（单个工作表）", COMMENTS_MAX);
    }
    return c->authors.end > 0 && c->list.end > 0
               ? RC_OK
               : xlsx_damaged(c->p->x, "its notes have no authors or no list",
                              "批注部件缺少作者或列表");
}

/* ---- ours ----------------------------------------------------------------------------------- */

/* A run of text; before: what parts it from the text before. */
static struct str run_text(struct comments *c, const char *before, struct str text)
{
    struct buf b;
    struct str x = c->root.prefix;
    buf_init_in(&b, c->a, NOTE_PART_BYTES_MAX);
    buf_printf(&b,
               "<%.*sr><%.*srPr><%.*ssz val=\"9\"/><%.*scolor indexed=\"81\"/><%.*srFont "
               "val=\"宋体\"/><%.*sfamily val=\"3\"/><%.*scharset val=\"134\"/></%.*srPr><%.*st "
               "xml:space=\"preserve\">%s",
               PS(x), PS(x), PS(x), PS(x), PS(x), PS(x), PS(x), PS(x), PS(x), before);
    note_put_text(&b, text);
    buf_printf(&b, "</%.*st></%.*sr>", PS(x), PS(x));
    return buf_view(&b);
}

static struct str comment_text(struct comments *c, const struct workbook_note *note)
{
    char name[CELL_NAME_BYTES];
    struct str x = c->root.prefix;
    struct str run = run_text(c, "", note->text);
    return note_text(c->a,
                     "<%.*scomment ref=\"%s\" authorId=\"%u\"><%.*stext>%.*s</%.*stext>"
                     "</%.*scomment>",
                     PS(x), cell_name(note->row, note->column, name), c->our_author, PS(x), PS(run),
                     PS(x), PS(x));
}

/* The text of a comment, its references as they are written: for the size of its box. */
static struct str plain_text(struct arena *a, struct str xml)
{
    struct note_lexer l = {.xml = xml};
    struct note_tag t;
    struct buf b;
    uint32_t from = xml.n;
    buf_init_in(&b, a, xml.n + 1);
    while (note_next(&l, &t)) {
        bool text = str_eq(t.name, STR("t"));
        if (text && t.closes && !t.opens && from < t.begin) {
            buf_str(&b, str_sub(xml, from, t.begin));
        }
        from = text && t.opens ? t.end : xml.n;
    }
    return buf_view(&b);
}

/* Puts the text behind that of a comment which is there, once. */
static void add_to(struct comments *c, const struct had *had, const struct workbook_note *note,
                   struct note_drawn *drawn)
{
    struct str text = note->text;
    struct str there = str_sub(c->e.xml, had->begin, had->end);
    struct buf plain;
    struct str x = c->root.prefix;
    buf_init_in(&plain, c->a, NOTE_PART_BYTES_MAX);
    note_put_text(&plain, text);
    if (had->text.end == 0 || str_find(there, buf_view(&plain), 0) != STR_NONE) {
        return;
    }
    struct str run = run_text(c, had->put_at > 0 ? "\n\n" : "", text);
    struct workbook_note grown = *note;
    grown.text = note_text(c->a, "%.*s\n\n%.*s", PS(plain_text(c->a, there)), PS(text));
    map_u64_put(c->a, &drawn->grown_at, had->place, drawn->grown.n);
    vec_push(c->a, &drawn->grown, grown);
    if (had->bare.end > 0) { /* text is either bare or in runs */
        note_edit(&c->e, had->bare.begin, 0, note_text(c->a, "<%.*sr>", PS(x)));
        note_edit(&c->e, had->bare.end, 0, note_text(c->a, "</%.*sr>", PS(x)));
    }
    if (had->put_at > 0) {
        note_edit(&c->e, had->put_at, 0, run);
    } else {
        note_append(&c->e, &had->text, had->text_close, run);
    }
}

static void add_author(struct comments *c)
{
    struct str x = c->root.prefix;
    if (c->our_author == UINT32_MAX && c->fresh.n > 0) {
        c->our_author = c->n_authors;
        note_append(&c->e, &c->authors, c->authors_close,
                    note_text(c->a, "<%.*sauthor>" NOTE_AUTHOR "</%.*sauthor>", PS(x), PS(x)));
    }
}

/* Fresh notes before this place, from *at on. */
static struct str fresh_before(struct comments *c, uint32_t *at, uint64_t place)
{
    struct buf b;
    buf_init_in(&b, c->a, NOTE_PART_BYTES_MAX);
    for (; *at < c->fresh.n; (*at)++) {
        const struct workbook_note *note = c->fresh.items[*at];
        if (place_of(note->row, note->column) >= place) {
            break;
        }
        buf_str(&b, comment_text(c, note));
    }
    return buf_view(&b);
}

static void write_all(struct comments *c, const struct note_sheet *s, struct note_drawn *drawn)
{
    uint32_t at = 0;
    uint32_t i = 0;
    add_author(c);
    for (uint32_t k = 0; k < c->had.n; k++) {
        const struct had *had = &c->had.items[k];
        struct str before = fresh_before(c, &at, had->place);
        if (before.n > 0) {
            note_edit(&c->e, had->begin, 0, before);
        }
        if (had->author == c->our_author && c->our_author < c->n_authors) {
            note_edit(&c->e, had->begin, had->end - had->begin, STR(""));
            map_u64_put(c->a, &drawn->gone, had->place, 1);
        } else if (map_u64_get(&c->by_place, had->place, &i) && i < s->n) {
            add_to(c, had, &s->notes[i], drawn);
            map_u64_put(c->a, &c->by_place, had->place, UINT32_MAX); /* once */
        }
    }
    struct str rest = fresh_before(c, &at, UINT64_MAX);
    if (rest.n > 0) {
        note_append(&c->e, &c->list, c->list_close, rest);
    }
}

/* Notes that get a comment of their own: no one else has one in the cell. */
static void choose_fresh(struct comments *c, const struct note_sheet *s)
{
    struct map_u64 others = {0};
    for (uint32_t k = 0; k < c->had.n; k++) {
        if (c->had.items[k].author != c->our_author) {
            map_u64_put(c->a, &others, c->had.items[k].place, 1);
        }
    }
    for (uint32_t i = 0; i < s->n; i++) {
        uint64_t place = place_of(s->notes[i].row, s->notes[i].column);
        if (s->notes[i].text.n == 0) {
            continue;
        }
        if (map_u64_get(&others, place, NULL)) {
            map_u64_put(c->a, &c->by_place, place, i);
        } else {
            vec_push(c->a, &c->fresh, &s->notes[i]);
        }
    }
}

enum rc note_comments(struct note_package *p, const struct note_sheet *s,
                      const xlsx_relations *relations, struct note_drawn *drawn)
{
    struct comments *c = ARENA_NEW(p->x->a, struct comments);
    const struct xlsx_relation *relation = xlsx_relation_of_type(relations, STR("comments"));
    bool any = false;
    for (uint32_t i = 0; i < s->n; i++) {
        any = any || s->notes[i].text.n > 0;
    }
    if (!relation && !any) {
        return RC_OK;
    }
    struct str part = relation ? relation->target : note_part_new(p, "xl/comments", ".xml");
    *c = (struct comments){.p = p, .a = p->x->a, .e = {.a = p->x->a}};
    if (relation) {
        TRY(note_part_read(p, part, &c->e.xml));
    } else {
        struct str id;
        c->e.xml = note_text(c->a, EMPTY, p->strict ? MAIN_STRICT : MAIN);
        TRY(note_declare(p, part, TYPE, NULL));
        TRY(note_relate(p, s->part, part, "comments", &id));
    }
    TRY(look(c));
    choose_fresh(c, s);
    write_all(c, s, drawn);
    drawn->fresh = c->fresh;
    if (c->e.list.n > 0) {
        note_part_write(p, part, note_apply(&c->e));
    }
    return RC_OK;
}
