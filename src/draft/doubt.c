/* SPDX-License-Identifier: Apache-2.0 */
/* Figures that recognition or a page may have damaged: marked, never mended. */
#include "base/arena.h"
#include "base/utf8.h"
#include "draft/outline_int.h"

static bool digit(struct str s, uint32_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static bool ascii_letter(struct str s, uint32_t at)
{
    char c = at < s.n ? s.p[at] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Taken for 0 or 1, and the other way round. */
static bool looks_like_digit(uint32_t cp)
{
    return cp == 'O' || cp == 'o' || cp == 'l' || cp == 'I' || cp == 0x3007 || cp == 0x25cb;
}

struct finder {
    struct arena *a;
    struct outline *o;
    uint32_t *at; /* doubt_at */
};

static void add(struct finder *f, uint32_t beg, uint32_t end, enum outline_doubt_kind kind)
{
    vec_push(f->a, &f->o->doubts, (struct outline_doubt){beg, end, kind});
    for (uint32_t i = beg; i < end; i++) {
        f->at[i] = f->o->doubts.n;
    }
}

/* The digits around byte `at`, with the points and spaces between them. */
static void add_digits(struct finder *f, uint32_t at, enum outline_doubt_kind kind)
{
    struct str s = f->o->text;
    uint32_t beg = at;
    uint32_t end = at;
    while (beg > 0 &&
           (digit(s, beg - 1) || (s.p[beg - 1] == '.' && beg > 1 && digit(s, beg - 2)))) {
        beg--;
    }
    while (digit(s, end) ||
           (end < s.n && (s.p[end] == ' ' || s.p[end] == '.') && digit(s, end + 1))) {
        end++;
    }
    add(f, beg, end, kind);
}

/* From `at`: digits, points and letters like digits; where they end. */
static uint32_t mixed_run(struct str s, uint32_t at, bool *digits, bool *letters)
{
    *digits = false;
    *letters = false;
    while (at < s.n) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s, at, &cp);
        bool like = looks_like_digit(cp);
        if (!like && !digit(s, at) && !(cp == '.' && digit(s, at + 1))) {
            break;
        }
        *digits = *digits || digit(s, at);
        *letters = *letters || like;
        at += n;
    }
    return at;
}

static void letters_among_digits(struct finder *f)
{
    struct str s = f->o->text;
    for (uint32_t i = 0; i < s.n;) {
        bool digits = false;
        bool letters = false;
        uint32_t cp = 0;
        uint32_t end = mixed_run(s, i, &digits, &letters);
        bool name = ascii_letter(s, end) || (i > 0 && ascii_letter(s, i - 1));
        if (digits && letters && !name) {
            add(f, i, end, OUTLINE_DOUBT_LETTER);
        }
        i = end > i ? end : i + utf8_decode(s, i, &cp);
    }
}

/* A space between digits; in a row two cells are two figures, and a day may be followed by a time.
 */
static void spaces_among_digits(struct finder *f)
{
    const struct outline *o = f->o;
    for (uint32_t i = 0; i < o->paragraphs.n; i++) {
        const struct outline_paragraph *p = &o->paragraphs.items[i];
        for (uint32_t at = p->beg; at < p->end && !p->row; at++) {
            if (o->text.p[at] != ' ') {
                continue;
            }
            uint32_t end = at + 1;
            while (digit(o->text, end)) {
                end++;
            }
            if (end >= o->text.n || o->text.p[end] != ':') {
                add_digits(f, at, OUTLINE_DOUBT_SPACE);
                at = vec_last(&o->doubts).end;
            }
        }
    }
}

static void digits_at_line_ends(struct finder *f)
{
    const struct outline *o = f->o;
    for (uint32_t i = 0; i < o->lines.n; i++) {
        uint32_t at = o->lines.items[i].at;
        if (at > 0 && digit(o->text, at - 1) && digit(o->text, at)) {
            add_digits(f, at, OUTLINE_DOUBT_LINE_END);
        }
    }
}

void doubts_find(struct arena *a, struct outline *o)
{
    struct finder f = {a, o, ARENA_ARRAY(a, uint32_t, (size_t)o->text.n + 1)};
    letters_among_digits(&f);
    spaces_among_digits(&f);
    digits_at_line_ends(&f);
    o->doubt_at = f.at;
}

const struct outline_doubt *outline_doubt_in(const struct outline *o, uint32_t beg, uint32_t end)
{
    for (uint32_t i = beg; i < end; i++) {
        if (o->doubt_at[i] > 0) {
            return &o->doubts.items[o->doubt_at[i] - 1];
        }
    }
    return NULL;
}

const char *outline_doubt_text(enum outline_doubt_kind kind, bool chinese)
{
    static const char *const texts[][2] = {
#define DOUBT(name, en, zh) {en, zh},
#include "draft/doubt.def"
    };
    return texts[kind][chinese];
}
