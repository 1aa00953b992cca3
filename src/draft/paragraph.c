/* SPDX-License-Identifier: Apache-2.0 */
/* Lines to paragraphs: what a page broke is joined, the cells of a table are told apart. */
#include "base/arena.h"
#include "draft/mark.h"
#include "draft/outline_int.h"

#define FULL_COLUMNS_MAX 160 /* longer lines are not broken ones */
#define FULL_COLUMNS_MIN 20  /* nobody breaks shorter ones */
#define FULL_SHORT       8   /* columns by which a broken line may be shorter than the longest */
#define FULL_SHARE       4   /* one line in so many is full where lines are broken */
#define RARE_SHARE       50  /* one in so many may be longer: a word that did not fit */
#define GAP_BYTES        2   /* blanks between the cells of a row in plain text */

/* The columns from which on a line is full: many lines of a broken text are, hardly one is longer;
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
    uint32_t rare = t->lines.n / RARE_SHARE;
    if (t->flowing || longer > rare) {
        return 0;
    }
    for (uint32_t above = longer; widest > 0 && above + n[widest] <= rare; widest--) {
        above += n[widest];
    }
    if (widest < FULL_COLUMNS_MIN) {
        return 0;
    }
    uint32_t from = widest - FULL_SHORT;
    for (uint32_t columns = from; columns <= FULL_COLUMNS_MAX; columns++) {
        full += n[columns];
    }
    return full >= 3 && full * FULL_SHARE >= t->lines.n ? from : 0;
}

/* ---- rows of tables ------------------------------------------------------------------------- */

/* A tab, or blanks wide enough, before byte i of the line. */
static bool gap_before(const struct writer *w, const struct text_line *l, uint32_t i)
{
    uint32_t blanks = 0;
    for (uint32_t at = l->from[i - 1]; at < l->from[i]; at++) {
        char c = w->in->source.p[at];
        if (c == '\t') {
            return true;
        }
        blanks += c == ' ';
    }
    return !l->row && blanks >= GAP_BYTES;
}

static bool has_gaps(const struct writer *w, uint32_t line)
{
    const struct text_line *l = &w->in->lines.items[line];
    bool found = false;
    for (uint32_t i = 1; i < l->text.n && !found; i++) {
        found = gap_before(w, l, i);
    }
    return found && mark_read(l).style == MARK_NONE;
}

/* Known of a docx; elsewhere two neighbours with gaps are rows. */
static bool is_row(const struct writer *w, uint32_t i)
{
    const struct text_line *l = &w->in->lines.items[i];
    if (l->row || w->in->flowing || outline_ends_sentence(l->text) || !has_gaps(w, i)) {
        return l->row;
    }
    return (i > 0 && has_gaps(w, i - 1)) || (i + 1 < w->in->lines.n && has_gaps(w, i + 1));
}

/* ---- joining -------------------------------------------------------------------------------- */

static bool begins_with(struct str s, const struct str *words, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (str_starts(s, words[i])) {
            return true;
        }
    }
    return false;
}

/* No paragraph begins with these. */
static const struct str amid[] = {STR_INIT(","),  STR_INIT("、"), STR_INIT("。"), STR_INIT(";"),
                                  STR_INIT(":"),  STR_INIT("!"),  STR_INIT("?"),  STR_INIT("”"),
                                  STR_INIT("》"), STR_INIT(")"),  STR_INIT("%")};
/* Items of lists do. */
static const struct str bullets[] = {STR_INIT("●"), STR_INIT("■"), STR_INIT("◆"), STR_INIT("▪"),
                                     STR_INIT("★"), STR_INIT("•"), STR_INIT("·"), STR_INIT("-")};

/* Line i, which is neither heading nor row, goes on with the paragraph before it. */
static bool joined(const struct writer *w, uint32_t i)
{
    const struct text_line *l = &w->in->lines.items[i];
    if (w->in->flowing || i == 0 || w->out->paragraphs.n == 0 ||
        vec_last(&w->out->paragraphs).row) {
        return false;
    }
    if (begins_with(l->text, amid, sizeof amid / sizeof *amid)) {
        return true;
    }
    return w->full > 0 && l[-1].columns >= w->full && !outline_ends_sentence(l[-1].text) &&
           !begins_with(l->text, bullets, sizeof bullets / sizeof *bullets);
}

/* ---- writing -------------------------------------------------------------------------------- */

void writer_init(struct arena *a, const struct text *in, struct outline *out, struct writer *w)
{
    size_t n = 1;
    size_t n_printed = 1;
    *w = (struct writer){.a = a, .in = in, .out = out, .full = full_columns(in)};
    for (uint32_t i = 0; i < in->lines.n; i++) {
        const struct text_line *l = &in->lines.items[i];
        n += l->text.n + 1U;
        n_printed += l->from[l->text.n] - l->from[0] + 1U;
    }
    w->to = ARENA_RAW(a, char, 2 * n); /* a tab before each byte at most */
    w->from = ARENA_RAW(a, uint32_t, 2 * n);
    w->printed = ARENA_RAW(a, char, n_printed);
    w->from[0] = 0;
    out->text = (struct str){w->to, 0};
    out->from = w->from;
    out->source = (struct str){w->printed, 0};
}

static void put_byte(struct writer *w, char c, uint32_t from)
{
    w->from[w->out->text.n] = from;
    w->to[w->out->text.n++] = c;
}

static void put_bytes(struct writer *w, const struct text_line *l, bool row)
{
    uint32_t base = w->out->source.n - l->from[0];
    for (uint32_t i = 0; i < l->text.n; i++) {
        bool gap = row && i > 0 && gap_before(w, l, i);
        if (gap) {
            put_byte(w, '\t', base + l->from[i]);
        }
        if (!gap || l->text.p[i] != ' ') { /* the tab stands for the space between two digits */
            put_byte(w, l->text.p[i], base + l->from[i]);
        }
    }
    for (uint32_t i = l->from[0]; i < l->from[l->text.n]; i++) {
        w->printed[w->out->source.n++] = w->in->source.p[i];
    }
    w->from[w->out->text.n] = w->out->source.n;
}

static void end_paragraph(struct writer *w)
{
    if (w->out->text.n > 0) {
        w->to[w->out->text.n++] = '\n';
        w->printed[w->out->source.n++] = '\n';
    }
}

void writer_put(struct writer *w, uint32_t i, uint32_t section, uint32_t mark)
{
    const struct text_line *l = &w->in->lines.items[i];
    bool row = mark == 0 && is_row(w, i);
    bool join = mark == 0 && !row && joined(w, i);
    if (!join) {
        end_paragraph(w);
    }
    vec_push(w->a, &w->out->lines,
             (struct outline_line){.at = w->out->text.n,
                                   .number = l->number,
                                   .page = l->page,
                                   .printed = w->out->source.n,
                                   .origin = l->from[0]});
    if (!join) {
        vec_push(w->a, &w->out->paragraphs,
                 (struct outline_paragraph){.beg = w->out->text.n,
                                            .section = section,
                                            .line = l->number,
                                            .page = l->page,
                                            .heading = mark > 0,
                                            .row = row});
    }
    put_bytes(w, l, row);
    vec_last(&w->out->paragraphs).end = w->out->text.n;
}
