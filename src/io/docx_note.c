/* SPDX-License-Identifier: Apache-2.0 */
/* Comments in a docx: where the stretches stand in the part, the runs cut there, and the comments.
 */
#include "io/docx_note.h"

#include <stdlib.h>

#include "base/err.h"
#include "io/note_int.h"
#include "io/text_int.h"

#define DOCUMENT "word/document.xml"
#define MAIN     "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define STRICT   "http://purl.oclc.org/ooxml/wordprocessingml/main"
#define TYPE     "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"

/* A stretch of the part that belongs to a note: its text may be cut into several. */
struct stretch {
    uint32_t beg, end; /* of the part */
    uint32_t note;
    bool first, last; /* of the note */
};

/* The run being read. */
struct run {
    struct note_tag tag;
    struct str format; /* its rPr, as it stands there; may be empty */
};

/* The part being cut. */
struct cutter {
    struct arena *a;
    const struct text *t;
    const struct docx_note *notes;
    uint32_t n;
    VEC(struct stretch) stretches;
    struct str xml;
    struct note_edits edits;
    uint32_t first_id; /* of our comments */
    bool *placed;      /* by note */
};

struct noter {
    struct xlsx x;
    struct note_package p;
    struct str bytes;
    struct cutter c;
    struct docx_noted *out;
    enum rc rc;
};

/* ---- where they stand ----------------------------------------------------------------------- */

/* The part of a piece that is in [beg, end) of the source; what is escaped is not cut. */
static struct stretch part_of(const struct text_piece *p, uint32_t beg, uint32_t end)
{
    if (p->raw != p->n) {
        return (struct stretch){.beg = p->xml, .end = p->xml + p->raw};
    }
    uint32_t from = beg > p->at ? beg - p->at : 0;
    uint32_t to = end < p->at + p->n ? end - p->at : p->n;
    return (struct stretch){.beg = p->xml + from, .end = p->xml + to};
}

static int by_place(const void *x, const void *y)
{
    const struct stretch *a = x;
    const struct stretch *b = y;
    return a->beg < b->beg ? -1 : a->beg > b->beg;
}

/* Pieces and notes both ascend in the source. */
static void find_stretches(struct cutter *w)
{
    uint32_t piece = 0;
    for (uint32_t i = 0; i < w->n; i++) {
        const struct docx_note *note = &w->notes[i];
        uint32_t begun = w->stretches.n;
        while (piece < w->t->pieces.n &&
               w->t->pieces.items[piece].at + w->t->pieces.items[piece].n <= note->beg) {
            piece++;
        }
        for (uint32_t k = piece; k < w->t->pieces.n && w->t->pieces.items[k].at < note->end; k++) {
            struct stretch s = part_of(&w->t->pieces.items[k], note->beg, note->end);
            s.note = i;
            s.first = w->stretches.n == begun;
            vec_push(w->a, &w->stretches, s);
        }
        if (w->stretches.n > begun) {
            vec_last(&w->stretches).last = true;
        }
    }
    if (w->stretches.n > 0) {
        qsort(w->stretches.items, w->stretches.n, sizeof *w->stretches.items, by_place);
    }
}

/* ---- cutting runs --------------------------------------------------------------------------- */

/* The run ends, something stands between, and it goes on in the same format. */
static void cut(struct cutter *w, const struct run *r, uint32_t at, struct str between)
{
    struct str p = r->tag.prefix;
    note_edit(&w->edits, at, 0,
              note_text(w->a, "</%.*st></%.*sr>%.*s<%.*sr>%.*s<%.*st xml:space=\"preserve\">",
                        PS(p), PS(p), PS(between), PS(p), PS(r->format), PS(p)));
}

static void mark(struct cutter *w, const struct run *r, const struct stretch *s)
{
    struct str p = r->tag.prefix;
    uint32_t id = w->first_id + s->note;
    struct str begin =
        s->first ? note_text(w->a, "<%.*scommentRangeStart %.*sid=\"%u\"/>", PS(p), PS(p), id)
                 : STR("");
    struct str end = s->last ? note_text(w->a,
                                         "<%.*scommentRangeEnd %.*sid=\"%u\"/><%.*sr>"
                                         "<%.*scommentReference %.*sid=\"%u\"/></%.*sr>",
                                         PS(p), PS(p), id, PS(p), PS(p), PS(p), id, PS(p))
                             : STR("");
    cut(w, r, s->beg, begin);
    cut(w, r, s->end, end);
    w->placed[s->note] = true;
}

/* Blanks at the new ends of a text count. */
static void keep_blanks(struct cutter *w, const struct note_tag *t)
{
    if (note_attribute(w->a, w->xml, t, "xml:space").p == NULL) {
        note_edit(&w->edits, t->begin + 1 + t->prefix.n + t->name.n, 0,
                  STR(" xml:space=\"preserve\""));
    }
}

/* The stretches up to byte `end`; *at: the next one. In a box they are passed over. */
static void mark_text(struct cutter *w, const struct run *r, const struct note_tag *t, uint32_t end,
                      bool boxed, uint32_t *at)
{
    bool any = false;
    for (; *at < w->stretches.n && w->stretches.items[*at].end <= end; ++*at) {
        const struct stretch *s = &w->stretches.items[*at];
        if (!boxed && s->beg >= t->end) {
            mark(w, r, s);
            any = true;
        }
    }
    if (any) {
        keep_blanks(w, t);
    }
}

static void mark_runs(struct cutter *w)
{
    struct note_lexer l = {.xml = w->xml};
    struct note_tag t = {.name = STR("")};
    struct note_tag open = {.name = STR("")}; /* of the text being read */
    struct run r = {.format = STR("")};
    uint32_t format_at = 0;
    uint32_t box = 0; /* depth of the outermost text box */
    uint32_t at = 0;
    while (at < w->stretches.n && note_next(&l, &t)) {
        bool run = str_eq(t.name, STR("r"));
        if (str_eq(t.name, STR("txbxContent"))) {
            box = t.opens && box == 0 ? t.depth : t.closes && box == t.depth ? 0 : box;
        } else if (run && t.opens) {
            r = (struct run){t, STR("")};
        } else if (str_eq(t.name, STR("rPr")) && t.depth == r.tag.depth + 1) {
            format_at = t.opens ? t.begin : format_at;
            r.format = t.closes ? str_sub(w->xml, format_at, t.end) : r.format;
        } else if (str_eq(t.name, STR("t")) && t.depth == r.tag.depth + 1) {
            open = t.opens ? t : open;
            if (t.closes) {
                struct str text = str_sub(w->xml, open.end, t.begin);
                bool plain = str_find(text, STR("<"), 0) == STR_NONE; /* no CDATA, no comments */
                mark_text(w, &r, &open, t.begin, box > 0 || !plain, &at);
            }
        }
    }
}

struct str docx_note_part(struct arena *a, struct str xml, const struct text *t,
                          const struct docx_note *notes, uint32_t n, uint32_t first_id,
                          bool *placed)
{
    struct cutter c = {
        .a = a, .t = t, .notes = notes, .n = n, .xml = xml, .first_id = first_id, .placed = placed};
    c.edits = (struct note_edits){.a = a, .xml = xml};
    find_stretches(&c);
    mark_runs(&c);
    return note_apply(&c.edits);
}

/* ---- the comments --------------------------------------------------------------------------- */

/* One more than the largest id there is. */
static uint32_t next_id(struct arena *a, struct str xml)
{
    struct note_lexer l = {.xml = xml};
    struct note_tag t;
    uint32_t next = 0;
    while (note_next(&l, &t)) {
        struct str id =
            t.opens && str_eq(t.name, STR("comment")) ? note_attribute(a, xml, &t, ":id") : STR("");
        uint32_t n = 0;
        for (uint32_t i = 0; i < id.n && i < 9 && id.p[i] >= '0' && id.p[i] <= '9'; i++) {
            n = n * 10 + (uint32_t)(id.p[i] - '0');
        }
        next = id.n > 0 && n >= next ? n + 1 : next;
    }
    return next;
}

static struct str comments_text(struct noter *w, struct str p)
{
    struct buf b;
    buf_init_in(&b, w->c.a, NOTE_PART_BYTES_MAX);
    for (uint32_t i = 0; i < w->c.n; i++) {
        if (!w->c.placed[i]) {
            continue;
        }
        buf_printf(&b,
                   "<%.*scomment %.*sid=\"%u\" %.*sauthor=\"" NOTE_AUTHOR "\" %.*sinitials=\"tz\">"
                   "<%.*sp><%.*sr><%.*st xml:space=\"preserve\">",
                   PS(p), PS(p), w->c.first_id + i, PS(p), PS(p), PS(p), PS(p), PS(p));
        note_put_text(&b, w->c.notes[i].text);
        buf_printf(&b, "</%.*st></%.*sr></%.*sp></%.*scomment>", PS(p), PS(p), PS(p), PS(p));
        w->out->n++;
    }
    return buf_view(&b);
}

/* Into the part that is there, else into a new one. */
static enum rc write_comments(struct noter *w, struct str part, struct str have)
{
    struct str id;
    if (have.n == 0) {
        const char *name = w->p.strict ? STRICT : MAIN;
        struct str text = comments_text(w, STR("w:"));
        have = note_text(w->c.a,
                         "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                         "<w:comments xmlns:w=\"%s\">%.*s</w:comments>",
                         name, PS(text));
        note_part_write(&w->p, part, have);
        TRY(note_declare(&w->p, part, TYPE, NULL));
        return note_relate(&w->p, STR(DOCUMENT), part, "comments", &id);
    }
    struct note_lexer l = {.xml = have};
    struct note_edits edits = {.a = w->c.a, .xml = have};
    struct note_tag root = {.name = STR("")};
    struct note_tag t = {.name = STR("")};
    bool any = note_next(&l, &root);
    while (any && !(root.closes || (t.closes && t.depth == 1)) && note_next(&l, &t)) {
    }
    note_append(&edits, &root, t.begin, comments_text(w, root.prefix));
    note_part_write(&w->p, part, note_apply(&edits));
    return RC_OK;
}

static enum rc annotate(struct noter *w)
{
    xlsx_relations relations;
    struct str have = STR("");
    TRY(xlsx_zip_open(&w->x, w->bytes));
    TRY(note_part_read(&w->p, STR(DOCUMENT), &w->c.xml));
    TRY(xlsx_relations_read(&w->x, STR(DOCUMENT), &relations));
    const struct xlsx_relation *known = xlsx_relation_of_type(&relations, STR("comments"));
    struct str part = known ? known->target : note_part_new(&w->p, "word/comments", ".xml");
    if (known) {
        TRY(note_part_read(&w->p, part, &have));
        w->c.first_id = next_id(w->c.a, have);
    }
    w->p.strict = str_find(w->c.xml, STR(STRICT), 0) != STR_NONE;
    struct str marked =
        docx_note_part(w->c.a, w->c.xml, w->c.t, w->c.notes, w->c.n, w->c.first_id, w->c.placed);
    for (uint32_t i = 0; i < w->c.n; i++) {
        w->out->n_outside += !w->c.placed[i];
    }
    note_part_write(&w->p, STR(DOCUMENT), marked);
    TRY(write_comments(w, part, have));
    return note_pack(&w->p, w->bytes, &w->out->bytes);
}

static void run_annotate(void *ctx)
{
    struct noter *w = ctx;
    w->rc = annotate(w);
}

enum rc docx_annotate(struct arena *a, const char *path, struct str bytes, const struct text *t,
                      const struct docx_note *notes, uint32_t n, struct docx_noted *out,
                      struct err *e)
{
    struct noter *w = ARENA_NEW(a, struct noter);
    *out = (struct docx_noted){.bytes = STR("")};
    *w = (struct noter){.bytes = bytes, .out = out};
    w->c = (struct cutter){.a = a, .t = t, .notes = notes, .n = n};
    w->c.placed = ARENA_ARRAY(a, bool, (size_t)n + 1);
    w->x.a = a;
    w->x.path = path;
    w->x.e = e;
    w->p.x = &w->x;
    buf_init(&w->x.text, WORKBOOK_TEXT_MAX);
    buf_init(&w->x.row_texts, 0);
    arena_init(&w->x.rows, 1, "rows of a sheet");
    enum rc rc = arena_run(a, run_annotate, w);
    note_release(&w->p);
    xlsx_release(&w->x);
    return rc != RC_OK ? err_set(e, rc, "no memory to annotate %s", "没有内存批注 %s", path)
                       : w->rc;
}
