/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an official text, and as the part of a docx that holds it: no crash, lines and
 * sentences are valid UTF-8 and not empty, everything stands in the order of the text, and what is
 * taken from the source for a span holds the same digits in the same order. Comments put anywhere
 * into the part of a docx leave its text as it was.
 */
#include <stddef.h>
#include <stdint.h>

#include "app/figures.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/utf8.h"
#include "draft/outline.h"
#include "draft/stated.h"
#include "draft/words.h"
#include "io/docx_note.h"
#include "io/text_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BYTES_TRIED 65536

static void check_lines(const struct text *t)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < t->lines.n; i++) {
        const struct text_line *l = &t->lines.items[i];
        ASSERT(l->text.n > 0 && utf8_valid(l->text, NULL) && l->number >= number);
        ASSERT(l->page < t->n_pages);
        number = l->number;
    }
}

/* The digits of the text are those of the source: none lost, none made. */
static void check_source(const struct outline *o, uint32_t beg, uint32_t end)
{
    struct str text = str_sub(o->text, beg, end);
    struct str source = outline_source(o, beg, end);
    uint32_t at = 0;
    ASSERT(utf8_valid(text, NULL) && utf8_valid(source, NULL)); /* O3 */
    for (uint32_t i = 0; i < source.n; i++) {
        if (source.p[i] >= '0' && source.p[i] <= '9') {
            while (at < text.n && text.p[at] != source.p[i]) {
                at++;
            }
            ASSERT(at++ < text.n);
        }
    }
}

static void check_paragraphs(const struct outline *o)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < o->paragraphs.n; i++) {
        const struct outline_paragraph *p = &o->paragraphs.items[i];
        ASSERT(p->beg == at && p->end > p->beg && p->end <= o->text.n);
        ASSERT(p->section == OUTLINE_NONE || p->section < o->sections.n);
        ASSERT(p->end == o->text.n || o->text.p[p->end] == '\n');
        check_source(o, p->beg, p->end);
        at = p->end + 1;
    }
    for (uint32_t i = 0; i < o->text.n; i++) {
        ASSERT(o->from[i] <= o->from[i + 1] && o->from[i + 1] <= o->source.n);
    }
}

static void check_outline(struct arena *a, const struct outline *o)
{
    uint32_t section = 0;
    for (uint32_t i = 0; i < o->sections.n; i++) {
        const struct outline_section *s = &o->sections.items[i];
        ASSERT(s->path.n > 0 && s->code.n > 0 && utf8_valid(s->title, NULL));
        ASSERT(s->mark <= s->beg && s->beg <= s->end && s->end <= o->text.n);
        ASSERT(s->parent == OUTLINE_NONE || s->parent < i); /* O1 */
    }
    for (uint32_t i = 0; i < o->sentences.n; i++) {
        const struct outline_sentence *s = &o->sentences.items[i];
        figures list = {0};
        ASSERT(s->section >= section && s->section < o->sections.n); /* O2 */
        ASSERT(s->text.n > 0 && utf8_valid(s->text, NULL) && s->line > 0);
        ASSERT(s->beg >= o->sections.items[s->section].beg && s->beg < s->end);
        ASSERT(s->end <= o->sections.items[s->section].end);
        section = s->section;
        figures_of_text(a, s->text, &list);
    }
}

static void check_stated(struct arena *a, const struct outline *o)
{
    struct vocabulary words;
    stated_list list = {0};
    words_init(a, &words);
    stated_find(a, o, &words, 2025, &list);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct stated *s = &list.items[i];
        uint32_t from = 0;
        uint32_t to = 0;
        ASSERT(s->beg < s->end && s->end <= o->text.n && rat_sign(s->step) > 0);
        outline_origin(o, s->beg, s->end, &from, &to);
        ASSERT(from < to);
    }
}

/* A comment at every third character of the source. */
static void check_notes(struct arena *a, struct str xml, const struct text *t)
{
    struct docx_note *notes = ARENA_ARRAY(a, struct docx_note, (size_t)t->source.n + 1);
    bool *placed = ARENA_ARRAY(a, bool, (size_t)t->source.n + 1);
    struct text again = {.n_pages = 1};
    uint32_t n = 0;
    uint32_t cp = 0;
    for (uint32_t i = 0, step = 0, count = 0; i < t->source.n; i += step, count++) {
        step = utf8_decode(t->source, i, &cp);
        if (count % 3 == 1) {
            notes[n++] = (struct docx_note){.beg = i, .end = i + step};
        }
    }
    struct str marked = docx_note_part(a, xml, t, notes, n, 0, placed);
    ASSERT(docx_read_part(a, "fuzz", marked, &again, NULL) == RC_OK);
    ASSERT(str_eq(again.source, t->source));
}

static void whole(struct arena *a, struct text *t)
{
    struct text_dropped dropped;
    struct outline o;
    uint32_t before = t->lines.n;
    check_lines(t);
    text_clean(a, t, &dropped);
    check_lines(t);
    ASSERT(before == t->lines.n + dropped.page_numbers + dropped.headers + dropped.duplicates);
    if (outline_make(a, t, "fuzz", &o, NULL) == RC_OK) {
        check_paragraphs(&o);
        check_stated(a, &o);
        check_outline(a, &o);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct text t;
    struct err e;
    struct str bytes = str_make((const char *)data, size);
    if (size > BYTES_TRIED || str_starts(bytes, STR("%PDF-"))) { /* pdf: another program's */
        return 0;
    }
    arena_init(&a, (size_t)1 << 28, "fuzz");
    err_clear(&e);
    if (text_read_bytes(&a, "fuzz", bytes, &t, &e) == RC_OK) {
        whole(&a, &t);
    } else {
        ASSERT(e.primary_zh[0] != 0 && e.primary_en[0] != 0);
    }
    t = (struct text){.n_pages = 1, .flowing = true};
    if (docx_read_part(&a, "fuzz", bytes, &t, NULL) == RC_OK) {
        if (utf8_valid(bytes, NULL)) { /* others are refused before they are annotated */
            check_notes(&a, bytes, &t);
        }
        whole(&a, &t);
    }
    arena_release(&a);
    return 0;
}
