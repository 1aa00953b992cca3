/* SPDX-License-Identifier: Apache-2.0 */
/* Headings by their marks, in the order in which they count on. */
#include "draft/outline.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "draft/outline_int.h"
#include "io/text.h"

#define LEVELS      5 /* 附件1 一、 (一) 1. (1) */
#define NUMBER_MAX  999
#define SKIPPED_MAX 30
#define AHEAD_LINES 400 /* in which a number that seems left out is looked for */
#define TITLE_BYTES 72

/* ---- marks ---------------------------------------------------------------------------------- */

enum level { LEVEL_ANNEX, LEVEL_PART, LEVEL_SECTION, LEVEL_ITEM, LEVEL_POINT, LEVEL_NONE };

struct mark {
    enum level level;
    uint32_t number;
    uint32_t n;   /* bytes of the mark */
    bool numeral; /* directly followed by another numeral: 三、四年级 */
    bool list;    /* `附件:`, the list of annexes */
};

static const struct mark no_mark = {.level = LEVEL_NONE};

struct cursor {
    struct str s;
    uint32_t at;
};

static uint32_t peek(const struct cursor *c, uint32_t *n)
{
    uint32_t cp = 0;
    *n = c->at < c->s.n ? utf8_decode(c->s, c->at, &cp) : 0;
    return cp;
}

static bool take(struct cursor *c, uint32_t want)
{
    uint32_t n = 0;
    bool there = peek(c, &n) == want && n > 0;
    c->at += there ? n : 0;
    return there;
}

static bool take_any(struct cursor *c, uint32_t x, uint32_t y)
{
    return take(c, x) || take(c, y);
}

/* 一 … 九 are 1 … 9, 十 is 10; 0: none. */
static uint32_t numeral(uint32_t cp)
{
    static const uint32_t digits[] = {0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
                                      0x516d, 0x4e03, 0x516b, 0x4e5d, 0x5341};
    for (uint32_t i = 0; i < sizeof digits / sizeof *digits; i++) {
        if (digits[i] == cp) {
            return i + 1;
        }
    }
    return 0;
}

/* 一 to 九十九 */
static bool take_chinese(struct cursor *c, uint32_t *out)
{
    uint32_t start = c->at;
    uint32_t tens = 0;
    uint32_t units = 0;
    bool ten = false;
    uint32_t n = 0;
    for (uint32_t d = numeral(peek(c, &n)); d > 0; d = numeral(peek(c, &n))) {
        if (d == 10 && !ten) {
            ten = true;
            tens = units > 0 ? units : 1;
            units = 0;
        } else if (d < 10 && units == 0) {
            units = d;
        } else {
            return false;
        }
        c->at += n;
    }
    *out = tens * 10 + units;
    return c->at > start;
}

static bool take_digits(struct cursor *c, uint32_t *out)
{
    uint32_t start = c->at;
    uint32_t n = 0;
    *out = 0;
    for (uint32_t cp = peek(c, &n); cp >= '0' && cp <= '9'; cp = peek(c, &n)) {
        *out = *out > NUMBER_MAX ? *out : *out * 10 + (cp - '0');
        c->at += n;
    }
    return c->at > start && *out > 0 && *out <= NUMBER_MAX;
}

/* `附件1` on a line of its own or before a colon; `附件:` begins the list of annexes. */
static struct mark annex_mark(struct str line)
{
    struct cursor c = {line, 0};
    struct mark m = {.level = LEVEL_ANNEX};
    if (!str_starts(line, STR("附件"))) {
        return no_mark;
    }
    c.at = STR("附件").n;
    bool numbered = take_digits(&c, &m.number) || take_chinese(&c, &m.number);
    bool colon = take(&c, ':');
    m.list = colon && !numbered;
    m.n = c.at;
    return colon || c.at == line.n ? m : no_mark;
}

/* `(一)`, `(1)` */
static struct mark bracket_mark(struct cursor c)
{
    struct mark m = {.level = LEVEL_SECTION};
    if (!take_chinese(&c, &m.number)) {
        m.level = LEVEL_POINT;
        if (!take_digits(&c, &m.number)) {
            return no_mark;
        }
    }
    if (!take(&c, ')')) {
        return no_mark;
    }
    (void)take(&c, 0x3001);
    m.n = c.at;
    return m;
}

/* `一、`, `1.`, `1、`; `2.0` and `1、2年级` are none. */
static struct mark plain_mark(struct cursor c)
{
    struct mark m = {.level = LEVEL_PART};
    uint32_t n = 0;
    if (take_chinese(&c, &m.number) && take_any(&c, 0x3001, '.')) {
        m.numeral = numeral(peek(&c, &n)) > 0;
    } else {
        c.at = 0;
        m.level = LEVEL_ITEM;
        if (!take_digits(&c, &m.number) || !take_any(&c, '.', 0x3001)) {
            return no_mark;
        }
        uint32_t next = peek(&c, &n);
        if (next >= '0' && next <= '9') {
            return no_mark;
        }
    }
    m.n = c.at;
    return m;
}

static struct mark read_mark(struct str line)
{
    struct cursor c = {line, 0};
    struct mark m = annex_mark(line);
    if (m.level != LEVEL_NONE) {
        return m;
    }
    return take(&c, '(') ? bracket_mark(c) : plain_mark(c);
}

bool outline_is_heading(struct str line)
{
    return read_mark(line).level != LEVEL_NONE;
}

/* ---- sections ------------------------------------------------------------------------------- */

struct builder {
    struct arena *a;
    const struct text *text;
    uint32_t at; /* the line being read */
    struct outline *out;
    char *to; /* the text being written */
    uint32_t *from;
    uint32_t n;
    char *printed; /* and its source */
    uint32_t n_printed;
    uint32_t full; /* columns from which on a line may be a broken one; 0: none is */
    const char *path;
    struct err *e;
    uint32_t section;        /* being read */
    enum level level;        /* of it; LEVEL_ANNEX for the main text before its first heading */
    uint32_t open[LEVELS];   /* the section of each level, OUTLINE_NONE */
    uint32_t number[LEVELS]; /* its number */
    uint32_t last[LEVELS];   /* the last one of the level in this annex, 0: none */
    uint32_t first_annex;    /* section, OUTLINE_NONE */
    bool annex_text;         /* an annex has numbered sections */
    bool list;               /* within the list of annexes */
    bool closed;             /* the line before ended a sentence */
    bool has_end;            /* a final mark stands in the own text of the section */
};

static struct str path_of(struct builder *b)
{
    struct buf p;
    buf_init(&p, 256);
    for (uint32_t l = 0; l < LEVELS; l++) {
        if (b->open[l] == OUTLINE_NONE) {
            continue;
        }
        if (l == LEVEL_PART || l == LEVEL_SECTION) {
            buf_puts(&p, l == LEVEL_SECTION ? "(" : "");
            outline_chinese(b->number[l], &p);
            buf_puts(&p, l == LEVEL_SECTION ? ")" : "");
        } else if (l == LEVEL_ANNEX && b->number[l] == 0) {
            buf_puts(&p, "附件 ");
        } else {
            buf_puts(&p, l == LEVEL_ANNEX ? "附件" : l == LEVEL_POINT ? "(" : "");
            buf_printf(&p, "%u", b->number[l]);
            buf_puts(&p, l == LEVEL_ANNEX ? " " : l == LEVEL_POINT ? ")" : "");
        }
    }
    return str_trim(buf_move(b->a, &p));
}

/* `A1.2.3.13`, `M2.3.13` */
static struct str code_of(struct builder *b)
{
    struct buf code;
    buf_init(&code, 256);
    buf_puts(&code, b->open[LEVEL_ANNEX] == OUTLINE_NONE ? "M" : "A");
    for (uint32_t l = 0; l < LEVELS; l++) {
        if (b->open[l] != OUTLINE_NONE) {
            buf_printf(&code, l == LEVEL_ANNEX ? "%u" : ".%u", b->number[l]);
        }
    }
    struct str s = buf_move(b->a, &code);
    bool main_text = str_starts(s, STR("M."));
    return main_text ? str_cat(b->a, STR("M"), str_sub(s, 2, s.n)) : s;
}

static uint32_t parent_of(const struct builder *b, enum level level)
{
    for (uint32_t l = level; l-- > 0;) {
        if (b->open[l] != OUTLINE_NONE) {
            return b->open[l];
        }
    }
    return OUTLINE_NONE;
}

/* The section is complete; deeper: its next one stands below it. */
static enum rc finish(struct builder *b, bool deeper)
{
    struct outline_section *s = &b->out->sections.items[b->section];
    b->out->text.n = b->n;
    s->end = b->list ? s->end : b->n;
    s->title = str_dup(b->a, sentence_title(str_sub(b->out->text, s->beg, s->end), TITLE_BYTES));
    enum own_tail tail = b->level == LEVEL_ANNEX ? OWN_DROP : deeper ? OWN_TITLE : OWN_SENTENCE;
    if (!sentences_cut(b->a, b->out, b->section, tail)) {
        return err_set(b->e, RC_LIMIT, "%s has more than %u sentences", "%s 超过 %u 句", b->path,
                       OUTLINE_SENTENCES_MAX);
    }
    return RC_OK;
}

static void begin(struct builder *b, struct mark m, uint32_t skipped, uint32_t line)
{
    for (uint32_t l = m.level; l < LEVELS; l++) {
        b->open[l] = OUTLINE_NONE;
        b->last[l] = m.level == LEVEL_ANNEX ? 0 : b->last[l];
    }
    struct outline_section s = {
        .parent = parent_of(b, m.level), .line = line, .skipped = skipped, .title = STR("")};
    b->section = b->out->sections.n;
    b->level = m.level;
    b->open[m.level] = b->section;
    b->number[m.level] = m.number;
    b->last[m.level] = m.number;
    s.path = path_of(b);
    s.code = code_of(b);
    s.mark = b->n > 0 ? b->n + 1 : 0; /* after the line feed that is about to come */
    s.beg = s.mark + m.n;
    vec_push(b->a, &b->out->sections, s);
    b->has_end = false;
}

/* The annexes were only listed so far: they begin anew. */
static bool restarts(const struct builder *b, struct mark m)
{
    return m.level == LEVEL_ANNEX && b->first_annex != OUTLINE_NONE && !b->annex_text &&
           m.number <= b->last[LEVEL_ANNEX];
}

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

/* The number comes further down, before the next heading of a higher level. */
static bool comes_later(const struct builder *b, enum level level, uint32_t number)
{
    const struct text *t = b->text;
    for (uint32_t i = b->at + 1; i < t->lines.n && i <= b->at + AHEAD_LINES; i++) {
        struct mark m = read_mark(t->lines.items[i].text);
        if (m.level < level) {
            return false;
        }
        if (m.level == level && m.number == number) {
            return true;
        }
    }
    return false;
}

/* Whether the mark begins a section here; *skipped: how many numbers are left out before it. */
static bool counts_on(const struct builder *b, struct mark m, uint32_t *skipped)
{
    bool sibling = b->open[m.level] != OUTLINE_NONE;
    uint32_t last = sibling ? b->number[m.level] : b->last[m.level];
    bool first = !sibling && m.number <= 1;
    bool paragraph = b->closed || !b->has_end;
    *skipped = 0;
    if (restarts(b, m)) {
        return true;
    }
    if (first || m.number == last + 1) {
        return paragraph || !m.numeral;
    }
    *skipped = m.number - last - 1;
    return paragraph && m.number > last && *skipped <= SKIPPED_MAX &&
           !comes_later(b, m.level, last + 1);
}

/* ---- paragraphs ----------------------------------------------------------------------------- */

#define FULL_COLUMNS_MAX 160 /* longer lines are not broken ones */
#define FULL_SHORT       8   /* columns by which a broken line may be shorter than the longest */
#define FULL_SHARE       4   /* one line in so many is full where lines are broken */

/* The columns from which on a line is full: most lines of a broken text are, hardly one is longer;
 * 0 where lines are paragraphs. */
static uint32_t full_columns(const struct text *t)
{
    uint32_t n[FULL_COLUMNS_MAX + 1] = {0};
    uint32_t longer = 0;
    uint32_t widest = FULL_COLUMNS_MAX;
    uint32_t full = 0;
    for (uint32_t i = 0; i < t->lines.n; i++) {
        uint32_t columns = t->lines.items[i].columns;
        longer += columns > FULL_COLUMNS_MAX;
        n[columns > FULL_COLUMNS_MAX ? 0 : columns]++;
    }
    uint32_t rare = t->lines.n / 50; /* a word that did not fit, a heading */
    if (t->flowing || longer > rare) {
        return 0;
    }
    for (uint32_t above = longer; widest > 0 && above + n[widest] <= rare; widest--) {
        above += n[widest];
    }
    uint32_t from = widest > FULL_SHORT ? widest - FULL_SHORT : 0;
    for (uint32_t columns = from; columns <= FULL_COLUMNS_MAX; columns++) {
        full += n[columns];
    }
    return full >= 3 && full * FULL_SHARE >= t->lines.n ? from : 0;
}

/* No paragraph begins with these. */
static bool begins_amid(struct str s)
{
    static const struct str amid[] = {STR_INIT(","),  STR_INIT("、"), STR_INIT("。"), STR_INIT(";"),
                                      STR_INIT(":"),  STR_INIT("!"),  STR_INIT("?"),  STR_INIT("”"),
                                      STR_INIT("》"), STR_INIT(")"),  STR_INIT("%")};
    for (uint32_t i = 0; i < sizeof amid / sizeof *amid; i++) {
        if (str_starts(s, amid[i])) {
            return true;
        }
    }
    return false;
}

/* The line goes on with the paragraph before it. */
static bool joined(const struct builder *b)
{
    const struct text_line *l = &b->text->lines.items[b->at];
    if (b->at == 0 || l->row || l[-1].row || b->text->flowing) {
        return false;
    }
    return begins_amid(l->text) ||
           (b->full > 0 && l[-1].columns >= b->full && !outline_ends_sentence(l[-1].text));
}

static void put_line_feed(struct builder *b)
{
    b->to[b->n++] = '\n';
    b->printed[b->n_printed++] = '\n';
}

static void put_line(struct builder *b, uint32_t section, bool heading, bool join)
{
    const struct text_line *l = &b->text->lines.items[b->at];
    if (!join && b->n > 0) {
        put_line_feed(b);
    }
    vec_push(b->a, &b->out->lines, (struct outline_line){b->n, l->number, l->page});
    if (!join) {
        vec_push(b->a, &b->out->paragraphs,
                 (struct outline_paragraph){.beg = b->n,
                                            .section = section,
                                            .line = l->number,
                                            .page = l->page,
                                            .heading = heading,
                                            .row = l->row});
    }
    for (uint32_t i = 0; i < l->text.n; i++) {
        b->to[b->n] = l->text.p[i];
        b->from[b->n++] = b->n_printed + l->from[i] - l->from[0];
    }
    for (uint32_t i = l->from[0]; i < l->from[l->text.n]; i++) {
        b->printed[b->n_printed++] = b->text->source.p[i];
    }
    b->from[b->n] = b->n_printed;
    vec_last(&b->out->paragraphs).end = b->n;
}

/* ---- lines ---------------------------------------------------------------------------------- */

static enum rc begin_section(struct builder *b, struct mark m, uint32_t skipped)
{
    const struct text_line *l = &b->text->lines.items[b->at];
    bool again = restarts(b, m);
    TRY(finish(b, m.level > b->level));
    b->list = false;
    if (again) {
        forget_annexes(b);
    }
    begin(b, m, skipped, l->number);
    b->first_annex =
        m.level == LEVEL_ANNEX && b->first_annex == OUTLINE_NONE ? b->section : b->first_annex;
    b->annex_text = b->annex_text || (m.level > 0 && b->open[LEVEL_ANNEX] != OUTLINE_NONE);
    put_line(b, b->section, true, false);
    b->has_end = sentence_has_end(str_sub(l->text, m.n, l->text.n));
    b->closed = outline_ends_sentence(l->text);
    return RC_OK;
}

static void begin_list(struct builder *b)
{
    b->list = true;
    b->out->sections.items[b->section].end = b->n;
}

static enum rc add_line(struct builder *b)
{
    const struct text_line *l = &b->text->lines.items[b->at];
    struct mark m = read_mark(l->text);
    uint32_t skipped = 0;
    bool heading = m.level != LEVEL_NONE && !m.list && counts_on(b, m, &skipped);
    if (m.level != LEVEL_NONE && m.list && b->closed && !b->list) {
        begin_list(b);
    }
    if (heading && (!b->list || m.level <= LEVEL_PART)) {
        return begin_section(b, m, skipped);
    }
    if (b->list) {
        put_line(b, OUTLINE_NONE, false, false);
        return RC_OK;
    }
    put_line(b, b->section, false, joined(b));
    b->has_end = b->has_end || sentence_has_end(l->text);
    b->closed = outline_ends_sentence(l->text);
    return RC_OK;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void make_room(struct builder *b)
{
    size_t n = 1;
    size_t n_printed = 1;
    for (uint32_t i = 0; i < b->text->lines.n; i++) {
        const struct text_line *l = &b->text->lines.items[i];
        n += l->text.n + 1U;
        n_printed += l->from[l->text.n] - l->from[0] + 1U;
    }
    b->to = ARENA_RAW(b->a, char, n);
    b->from = ARENA_RAW(b->a, uint32_t, n);
    b->printed = ARENA_RAW(b->a, char, n_printed);
    b->from[0] = 0;
    b->out->text.p = b->to;
    b->out->from = b->from;
}

enum rc outline_make(struct arena *a, const struct text *t, const char *path, struct outline *out,
                     struct err *e)
{
    struct builder b = {
        .a = a, .text = t, .out = out, .path = path, .e = e, .first_annex = OUTLINE_NONE};
    *out = (struct outline){0};
    for (uint32_t l = 0; l < LEVELS; l++) {
        b.open[l] = OUTLINE_NONE;
    }
    b.level = LEVEL_ANNEX;
    b.closed = true;
    b.full = full_columns(t);
    make_room(&b);
    vec_push(a, &out->sections,
             (struct outline_section){.path = STR("前言"),
                                      .code = STR("P"),
                                      .title = STR(""),
                                      .parent = OUTLINE_NONE,
                                      .line = t->lines.n > 0 ? t->lines.items[0].number : 1});
    enum rc rc = RC_OK;
    for (; rc == RC_OK && b.at < t->lines.n; b.at++) {
        rc = add_line(&b);
    }
    rc = rc == RC_OK ? finish(&b, false) : rc;
    out->source = (struct str){b.printed, b.n_printed};
    out->n_automatic = t->n_automatic;
    if (rc == RC_OK && out->sections.n == 1) {
        rc = err_set(e, RC_INPUT, "%s has no numbered heading", "%s 中没有带编号的标题", path);
        err_hint(e, "Headings begin with 一、 (一) 1. (1) or 附件1 at the beginning of a line.",
                 "标题须在行首以 一、 (一) 1. (1) 或 附件1 编号。");
    }
    return rc;
}

enum rc outline_read(struct arena *a, const char *path, struct outline *out, struct err *e)
{
    struct text t;
    struct text_dropped dropped;
    TRY(text_read(a, path, &t, e));
    text_clean(a, &t, &dropped);
    TRY(outline_make(a, &t, path, out, e));
    out->dropped = dropped;
    return RC_OK;
}

struct str outline_source(const struct outline *o, uint32_t beg, uint32_t end)
{
    return str_sub(o->source, o->from[beg], o->from[end]);
}

struct outline_line outline_line_at(const struct outline *o, uint32_t at)
{
    uint32_t lo = 0;
    uint32_t hi = o->lines.n;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        *(o->lines.items[mid].at <= at ? &lo : &hi) = mid;
    }
    return o->lines.n > 0 ? o->lines.items[lo] : (struct outline_line){0, 1, 0};
}
