/* SPDX-License-Identifier: Apache-2.0 */
/* The document through the grammar: its frame first, then clause by clause. */
#include "draft/draft.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "draft/draft_int.h"

/* ---- spans ---------------------------------------------------------------------------------- */

/* Sentences leave out line feeds and tabs, which the text has. */
static uint32_t text_offset(const struct outline *o, const struct outline_sentence *s, uint32_t at,
                            bool end)
{
    uint32_t i = s->beg;
    for (uint32_t n = 0; i < s->end; i++) {
        bool skipped = o->text.p[i] == '\n' || o->text.p[i] == '\t';
        if (n == at && (end || !skipped)) {
            break;
        }
        n += !skipped;
    }
    return i;
}

struct draft_span draft_span_of(const struct draft *d, uint32_t sentence, uint32_t beg,
                                uint32_t end)
{
    const struct outline_sentence *s = &d->o->sentences.items[sentence];
    return (struct draft_span){text_offset(d->o, s, beg, false), text_offset(d->o, s, end, true)};
}

struct draft_span draft_chars(const struct draft *d, struct draft_span s)
{
    return (struct draft_span){d->chars[s.beg] + 1, d->chars[s.end]};
}

/* Characters before each byte, so that a span costs nothing. */
static uint32_t *count_chars(struct arena *a, struct str text)
{
    uint32_t *chars = ARENA_ARRAY(a, uint32_t, text.n + 1);
    for (uint32_t i = 0; i < text.n; i++) {
        chars[i + 1] = chars[i] + ((text.p[i] & 0xc0) != 0x80);
    }
    return chars;
}

/* ---- figures as printed ---------------------------------------------------------------------- */

/*
 * What the outline doubts, and a full-width comma between digits: the canonical text does not tell
 * it from that of 1,200, and two figures would become one.
 */
static bool printed_doubtful(const struct draft *d, uint32_t sentence, const struct amount *x)
{
    struct draft_span s = draft_span_of(d, sentence, x->beg, x->digits_end);
    return outline_doubt_in(d->o, s.beg, s.end) != NULL ||
           memchr(d->o->text.p + s.beg, '\t', s.end - s.beg) != NULL ||
           str_find(outline_source(d->o, s.beg, s.end), STR("，"), 0) != STR_NONE;
}

static void doubt_printed(struct draft *d, struct reader *r)
{
    for (uint32_t i = 0; i < r->found.n; i++) {
        struct drafted *f = &r->found.items[i];
        bool figure = f->kind != DRAFTED_TASK && f->kind != DRAFTED_TRUE;
        if (figure && !f->amount.doubtful && printed_doubtful(d, f->sentence, &f->amount)) {
            struct str text = d->o->sentences.items[f->sentence].text;
            f->amount.doubtful = true;
            note(r, f, WHY_DOUBTFUL, str_sub(text, f->amount.beg, f->amount.end));
        }
    }
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Where paragraphs begin within a sentence. */
static void read_sentence(struct draft *d, struct reader *r, uint32_t i, uint32_t *paragraph)
{
    const struct outline_sentence *s = &d->o->sentences.items[i];
    VEC(struct text_break) breaks = {0};
    uint32_t n = 0;
    while (*paragraph + 1 < d->o->paragraphs.n &&
           d->o->paragraphs.items[*paragraph].end <= s->beg) {
        ++*paragraph;
    }
    for (uint32_t at = s->beg, p = *paragraph; at < s->end; at++) {
        const struct outline_paragraph *para = &d->o->paragraphs.items[p];
        bool begins = at == s->beg ? para->row : at == para->beg;
        if (begins) {
            vec_push(d->a, &breaks, (struct text_break){n, para->row});
        }
        n += d->o->text.p[at] != '\n' && d->o->text.p[at] != '\t';
        p += at + 1 >= para->end && p + 1 < d->o->paragraphs.n &&
             at + 1 >= d->o->paragraphs.items[p + 1].beg;
    }
    reader_sentence(r, s->text, breaks.items, breaks.n, i);
}

static void read_all(struct draft *d, struct reader *r)
{
    uint32_t section = OUTLINE_NONE;
    uint32_t paragraph = 0;
    for (uint32_t i = 0; i < d->o->sentences.n; i++) {
        const struct outline_sentence *s = &d->o->sentences.items[i];
        if (s->section != section) {
            reader_clause(r);
            section = s->section;
        }
        read_sentence(d, r, i, &paragraph);
        table_read(d, r, i);
    }
}

enum rc draft_make(struct arena *a, const struct outline *o, const struct vocabulary *w,
                   struct draft_asked asked, struct draft *out, struct err *e)
{
    struct reader r;
    *out = (struct draft){.a = a, .o = o, .w = w, .chars = count_chars(a, o->text)};
    frame_find(a, o, w, asked, &out->frame);
    if (out->frame.to == 0) {
        (void)err_set(e, RC_INPUT, "the document names no year of the plan",
                      "文件中没有计划的年份");
        err_hint(e, "Say for which years it is: --years 2024-2026.",
                 "请用 --years 2024-2026 说明计划年度。");
        return RC_INPUT;
    }
    reader_init(a, w, out->frame.from, out->frame.to, &r);
    read_all(out, &r);
    doubt_printed(out, &r);
    out->found = r.found;
    out->refused = r.refused;
    return RC_OK;
}
