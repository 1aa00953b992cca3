/* SPDX-License-Identifier: Apache-2.0 */
/* Headings by their marks, in the order in which they count on. */
#include "draft/outline.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/utf8.h"
#include "draft/mark.h"
#include "draft/outline_int.h"

#define LEVELS      MARK__COUNT
#define LEVEL_ANNEX 0
#define SKIPPED_MAX 30
#define AHEAD_LINES 400 /* in which a number that seems left out is looked for */
#define TITLE_BYTES 72

struct builder {
    struct arena *a;
    const struct text *text;
    uint32_t at; /* the line being read */
    struct outline *out;
    struct writer writer;
    const char *path;
    struct err *e;
    uint32_t levels[MARK__COUNT];  /* the level of each kind of mark, in this document */
    uint32_t section;              /* being read */
    uint32_t level;                /* of it; LEVEL_ANNEX for what is before the first heading */
    uint32_t open[LEVELS];         /* the section of each level, OUTLINE_NONE */
    enum mark_style style[LEVELS]; /* of the open one */
    uint32_t number[LEVELS];       /* its number */
    uint32_t row[LEVELS];          /* how often numbers began anew there, from 1 */
    uint32_t last[LEVELS];         /* the last one of the level in this annex, 0: none */
    uint32_t first_annex;          /* section, OUTLINE_NONE */
    bool annex_text;               /* an annex has numbered sections */
    bool list;                     /* within the list of annexes */
    bool closed;                   /* the line before ended a sentence */
    bool has_end;                  /* a final mark stands in the own text of the section */
};

static const struct text_line *line_of(const struct builder *b)
{
    return &b->text->lines.items[b->at];
}

/* ---- names of sections ---------------------------------------------------------------------- */

static struct str path_of(struct builder *b)
{
    struct buf p;
    buf_init(&p, 512);
    for (uint32_t l = 0; l < LEVELS; l++) {
        if (b->open[l] != OUTLINE_NONE) {
            mark_print(b->style[l], b->number[l], &p);
            if (b->row[l] > 1) {
                buf_printf(&p, "#%u", b->row[l]);
            }
        }
    }
    return str_trim(buf_move(b->a, &p));
}

/* `A1.2.3.13`, `M2.3.13` */
static struct str code_of(struct builder *b)
{
    struct buf code;
    buf_init(&code, 256);
    bool annex = b->open[LEVEL_ANNEX] != OUTLINE_NONE;
    const char *between = "";
    buf_puts(&code, annex ? "A" : "M");
    for (uint32_t l = 0; l < LEVELS; l++) {
        if (b->open[l] == OUTLINE_NONE || (l == LEVEL_ANNEX && b->number[l] == 0)) {
            continue;
        }
        buf_printf(&code, b->row[l] > 1 ? "%s%u_%u" : "%s%u", between, b->number[l], b->row[l]);
        between = ".";
    }
    return buf_move(b->a, &code);
}

static uint32_t parent_of(const struct builder *b, uint32_t level)
{
    for (uint32_t l = level; l-- > 0;) {
        if (b->open[l] != OUTLINE_NONE) {
            return b->open[l];
        }
    }
    return OUTLINE_NONE;
}

/* ---- sections ------------------------------------------------------------------------------- */

/* The section is complete; deeper: its next one stands below it. */
static enum rc finish(struct builder *b, bool deeper)
{
    struct outline_section *s = &b->out->sections.items[b->section];
    s->end = b->list ? s->end : b->out->text.n;
    s->title = str_dup(b->a, sentence_title(str_sub(b->out->text, s->beg, s->end), TITLE_BYTES));
    enum own_tail tail = b->level == LEVEL_ANNEX ? OWN_DROP : deeper ? OWN_TITLE : OWN_SENTENCE;
    if (!sentences_cut(b->a, b->out, b->section, tail)) {
        return err_set(b->e, RC_LIMIT, "%s has more than %u sentences", "%s 超过 %u 句", b->path,
                       OUTLINE_SENTENCES_MAX);
    }
    return RC_OK;
}

static void begin(struct builder *b, struct mark m, const struct outline_decision *d)
{
    uint32_t level = b->levels[m.style];
    bool again = d->reason == OUTLINE_ANEW;
    b->row[level] = again ? b->row[level] + 1 : b->open[level] == OUTLINE_NONE ? 1 : b->row[level];
    for (uint32_t l = level; l < LEVELS; l++) {
        b->open[l] = OUTLINE_NONE;
        b->last[l] = level == LEVEL_ANNEX ? 0 : b->last[l];
    }
    struct outline_section s = {.parent = parent_of(b, level),
                                .line = d->line,
                                .skipped =
                                    d->reason == OUTLINE_SKIPPED ? m.number - d->expected : 0,
                                .title = STR("")};
    b->section = b->out->sections.n;
    b->level = level;
    b->open[level] = b->section;
    b->style[level] = m.style;
    b->number[level] = m.number;
    b->last[level] = m.number;
    s.path = path_of(b);
    s.code = code_of(b);
    vec_push(b->a, &b->out->sections, s);
}

/* Sections from the first annex on were but its list: their lines belong to none. */
static void forget_annexes(struct builder *b)
{
    b->out->sections.n = b->first_annex;
    while (b->out->sentences.n > 0 && vec_last(&b->out->sentences).section >= b->first_annex) {
        (void)vec_pop(&b->out->sentences);
    }
    for (uint32_t i = b->out->paragraphs.n; i > 0; i--) {
        struct outline_paragraph *p = &b->out->paragraphs.items[i - 1];
        p->section = p->section < b->first_annex ? p->section : OUTLINE_NONE;
    }
    b->first_annex = OUTLINE_NONE;
}

/* ---- decisions ------------------------------------------------------------------------------ */

/* A number of that level comes further down, before the next heading of a higher one. */
static bool comes_later(const struct builder *b, uint32_t level, uint32_t number)
{
    const struct text *t = b->text;
    for (uint32_t i = b->at + 1; i < t->lines.n && i <= b->at + AHEAD_LINES; i++) {
        struct mark m = mark_read(&t->lines.items[i]);
        if (m.style == MARK_NONE) {
            continue;
        }
        if (b->levels[m.style] < level) {
            return false;
        }
        if (b->levels[m.style] == level && m.number == number) {
            return true;
        }
    }
    return false;
}

/* The annexes were only listed so far: they begin anew. */
static bool restarts(const struct builder *b, struct mark m)
{
    return m.style == MARK_ANNEX && b->first_annex != OUTLINE_NONE && !b->annex_text &&
           m.number <= b->last[LEVEL_ANNEX];
}

static enum outline_reason decide(const struct builder *b, struct mark m, uint32_t *expected)
{
    uint32_t level = b->levels[m.style];
    bool sibling = b->open[level] != OUTLINE_NONE;
    uint32_t last = sibling ? b->number[level] : b->last[level];
    bool first = !sibling && m.number <= 1;
    bool paragraph = b->closed || !b->has_end;
    *expected = last + 1;
    if (m.list) {
        return b->closed ? OUTLINE_LIST : OUTLINE_OTHER;
    }
    if (restarts(b, m)) {
        return OUTLINE_LISTED;
    }
    if (first || m.number == last + 1) {
        return !paragraph && m.numeral ? OUTLINE_AMID : first ? OUTLINE_FIRST : OUTLINE_NEXT;
    }
    if (paragraph && m.number == 1 && last > 1 && level > LEVEL_ANNEX && comes_later(b, level, 2) &&
        !comes_later(b, level, last + 1)) {
        return OUTLINE_ANEW;
    }
    if (!paragraph || m.number <= last || m.number - last - 1 > SKIPPED_MAX) {
        return OUTLINE_OTHER;
    }
    return comes_later(b, level, last + 1) ? OUTLINE_LATER : OUTLINE_SKIPPED;
}

static const struct {
    bool heading;
    const char *en, *zh;
} reasons[] = {
#define REASON(name, heading, en, zh) {heading, en, zh},
#include "draft/outline_reason.def"
};

static bool why_value(const void *ctx, struct str key, struct buf *out)
{
    const struct outline_decision *d = ctx;
    bool number = str_eq(key, STR("number"));
    buf_printf(out, "%u", number ? d->number : d->expected);
    return true;
}

void outline_why(const struct outline_decision *d, bool chinese, struct buf *out)
{
    const char *text = chinese ? reasons[d->reason].zh : reasons[d->reason].en;
    buf_template(out, str_from_cstr(text), why_value, d);
}

/* ---- lines ---------------------------------------------------------------------------------- */

static enum rc begin_section(struct builder *b, struct mark m, struct outline_decision *d)
{
    const struct text_line *l = line_of(b);
    uint32_t level = b->levels[m.style];
    TRY(finish(b, level > b->level));
    b->list = false;
    if (d->reason == OUTLINE_LISTED) {
        forget_annexes(b);
    }
    begin(b, m, d);
    if (level == LEVEL_ANNEX && b->first_annex == OUTLINE_NONE) {
        b->first_annex = b->section;
    }
    b->annex_text = b->annex_text || (level > 0 && b->open[LEVEL_ANNEX] != OUTLINE_NONE);
    writer_put(&b->writer, b->at, b->section, m.n);
    struct outline_section *s = &b->out->sections.items[b->section];
    s->mark = vec_last(&b->out->paragraphs).beg;
    s->beg = s->mark + m.n;
    d->at = s->mark;
    b->has_end = sentence_has_end(str_sub(l->text, m.n, l->text.n));
    b->closed = outline_ends_sentence(l->text);
    return RC_OK;
}

static void add_text(struct builder *b)
{
    const struct text_line *l = line_of(b);
    writer_put(&b->writer, b->at, b->list ? OUTLINE_NONE : b->section, 0);
    if (!b->list) {
        b->has_end = b->has_end || sentence_has_end(l->text);
        b->closed = outline_ends_sentence(l->text);
    }
}

static enum rc add_line(struct builder *b)
{
    struct mark m = mark_read(line_of(b));
    struct outline_decision d = {.line = line_of(b)->number, .number = m.number};
    if (m.style == MARK_NONE) {
        add_text(b);
        return RC_OK;
    }
    d.reason = decide(b, m, &d.expected);
    bool heading = reasons[d.reason].heading;
    if (b->list && !(heading && b->levels[m.style] <= b->levels[MARK_PART])) {
        d.reason = OUTLINE_IN_LIST;
        heading = false;
    }
    if (d.reason == OUTLINE_LIST) {
        b->list = true;
        b->out->sections.items[b->section].end = b->out->text.n;
    }
    if (heading) {
        TRY(begin_section(b, m, &d));
    } else {
        add_text(b);
        d.at = vec_last(&b->out->lines).at;
    }
    vec_push(b->a, &b->out->decisions, d);
    return RC_OK;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void builder_init(struct builder *b)
{
    for (uint32_t l = 0; l < LEVELS; l++) {
        b->open[l] = OUTLINE_NONE;
        b->row[l] = 1;
    }
    b->level = LEVEL_ANNEX;
    b->first_annex = OUTLINE_NONE;
    b->closed = true;
    mark_levels(b->text, b->levels);
    writer_init(b->a, b->text, b->out, &b->writer);
    vec_push(b->a, &b->out->sections,
             (struct outline_section){.path = STR("前言"),
                                      .code = STR("P"),
                                      .title = STR(""),
                                      .parent = OUTLINE_NONE,
                                      .line = b->text->lines.n > 0 ? line_of(b)->number : 1});
}

enum rc outline_make(struct arena *a, const struct text *t, const char *path, struct outline *out,
                     struct err *e)
{
    struct builder b = {.a = a, .text = t, .out = out, .path = path, .e = e};
    *out = (struct outline){.n_automatic = t->n_automatic};
    builder_init(&b);
    enum rc rc = RC_OK;
    for (; rc == RC_OK && b.at < t->lines.n; b.at++) {
        rc = add_line(&b);
    }
    rc = rc == RC_OK ? finish(&b, false) : rc;
    doubts_find(a, out);
    return rc;
}

enum rc outline_has_headings(const struct outline *o, const char *path, struct err *e)
{
    if (o->sections.n > 1) {
        return RC_OK;
    }
    enum rc rc = err_set(e, RC_INPUT, "%s has no numbered heading", "%s 中没有带编号的标题", path);
    err_hint(e,
             "Headings begin with 第一章 一、 (一) 1. (1) ① or 附件1 at the beginning of a line.",
             "标题须在行首以 第一章 一、 (一) 1. (1) ① 或 附件1 编号。");
    return rc;
}

enum rc outline_read(struct arena *a, const char *path, struct outline *out, struct err *e)
{
    struct str bytes;
    TRY(file_read(a, path, TEXT_BYTES_MAX, &bytes, e));
    return outline_read_bytes(a, path, bytes, out, e);
}

enum rc outline_read_bytes(struct arena *a, const char *path, struct str bytes, struct outline *out,
                           struct err *e)
{
    struct text t;
    struct text_dropped dropped;
    TRY(text_read_bytes(a, path, bytes, &t, e));
    text_clean(a, &t, &dropped);
    TRY(outline_make(a, &t, path, out, e));
    out->dropped = dropped;
    return outline_has_headings(out, path, e);
}

struct str outline_source(const struct outline *o, uint32_t beg, uint32_t end)
{
    return str_sub(o->source, o->from[beg], o->from[end]);
}

void outline_origin(const struct outline *o, uint32_t beg, uint32_t end, uint32_t *from,
                    uint32_t *to)
{
    struct outline_line l = outline_line_at(o, beg);
    uint32_t last = end > beg ? o->from[end - 1] : o->from[beg];
    uint32_t cp = 0;
    *from = l.origin + (o->from[beg] - l.printed);
    *to = l.origin + (last - l.printed) + (end > beg ? utf8_decode(o->source, last, &cp) : 0);
}

struct outline_line outline_line_at(const struct outline *o, uint32_t at)
{
    uint32_t lo = 0;
    uint32_t hi = o->lines.n;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        *(o->lines.items[mid].at <= at ? &lo : &hi) = mid;
    }
    return o->lines.n > 0 ? o->lines.items[lo] : (struct outline_line){.number = 1};
}
