/* SPDX-License-Identifier: Apache-2.0 */
/* The document through the grammar: its frame first, then clause by clause. */
#include "draft/draft.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "draft/draft_int.h"

/* ---- spans ---------------------------------------------------------------------------------- */

/* Byte `at` of a sentence in the text; its end stands before what the sentence leaves out. */
static uint32_t text_offset(const struct draft *d, const struct outline_sentence *s, uint32_t at,
                            bool end)
{
    uint32_t want = d->kept[s->beg] + at;
    uint32_t low = s->beg;
    uint32_t high = s->end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool before = end ? d->kept[middle] < want : d->kept[middle + 1] <= want;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low;
}

struct draft_span draft_span_of(const struct draft *d, uint32_t sentence, uint32_t beg,
                                uint32_t end)
{
    const struct outline_sentence *s = &d->o->sentences.items[sentence];
    return (struct draft_span){text_offset(d, s, beg, false), text_offset(d, s, end, true)};
}

struct draft_span draft_chars(const struct draft *d, struct draft_span s)
{
    return (struct draft_span){d->chars[s.beg] + 1, d->chars[s.end]};
}

/* Characters and kept bytes before each byte, so that a span costs nothing. */
static void count_text(struct arena *a, struct str text, struct draft *out)
{
    uint32_t *chars = ARENA_ARRAY(a, uint32_t, (size_t)text.n + 1);
    uint32_t *kept = ARENA_ARRAY(a, uint32_t, (size_t)text.n + 1);
    for (uint32_t i = 0; i < text.n; i++) {
        chars[i + 1] = chars[i] + ((text.p[i] & 0xc0) != 0x80);
        kept[i + 1] = kept[i] + (text.p[i] != '\n' && text.p[i] != '\t');
    }
    out->chars = chars;
    out->kept = kept;
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
    for (uint32_t i = 0; i < d->o->sentences.n && r->found.n <= DRAFT_FOUND_MAX; i++) {
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
    *out = (struct draft){.a = a, .o = o, .w = w};
    count_text(a, o->text, out);
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
    if (r.found.n > DRAFT_FOUND_MAX) {
        (void)err_set(e, RC_LIMIT, "more than %u commitments in one document",
                      "一份文件中的承诺超过 %u 项", DRAFT_FOUND_MAX);
        err_hint(e, "Split the document.", "请把文件拆开。");
        return RC_LIMIT;
    }
    doubt_printed(out, &r);
    out->found = r.found;
    out->refused = r.refused;
    return RC_OK;
}
