/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a section, cut into sentences. */
#include "base/arena.h"
#include "base/utf8.h"
#include "draft/outline_int.h"

#define PAIR_BYTES_MAX 900 /* brackets further apart than that do not belong together */
#define PAIR_DEPTH_MAX 32

/* ---- characters ----------------------------------------------------------------------------- */

static bool final_mark(uint32_t cp)
{
    return cp == 0x3002 || cp == '!' || cp == '?' || cp == ';';
}

static const struct {
    uint32_t open, close;
} pairs[] = {
    {0x201c, 0x201d}, {0x2018, 0x2019}, {0x300c, 0x300d}, {0x300e, 0x300f}, /* quotation marks */
    {0x300a, 0x300b}, {0x3008, 0x3009}, {0x3010, 0x3011}, {0x3014, 0x3015}, {'(', ')'}, {'[', ']'},
};

#define QUOTES 4
#define PAIRS  (sizeof pairs / sizeof *pairs)

static uint32_t opens(uint32_t cp)
{
    uint32_t i = 0;
    for (; i < PAIRS && pairs[i].open != cp; i++) {
    }
    return i;
}

static uint32_t closes(uint32_t cp)
{
    uint32_t i = 0;
    for (; i < PAIRS && pairs[i].close != cp; i++) {
    }
    return i;
}

/* The code point that ends before byte `at`, and where it begins. */
static uint32_t before(struct str s, uint32_t at, uint32_t *beg)
{
    uint32_t cp = 0;
    *beg = at;
    while (*beg > 0) {
        --*beg;
        if (((unsigned char)s.p[*beg] & 0xc0U) != 0x80U) {
            (void)utf8_decode(s, *beg, &cp);
            break;
        }
    }
    return cp;
}

bool outline_ends_sentence(struct str line)
{
    uint32_t at = line.n;
    uint32_t cp = before(line, at, &at);
    while (closes(cp) < PAIRS && at > 0) {
        cp = before(line, at, &at);
    }
    return final_mark(cp) || cp == ':';
}

bool sentence_has_end(struct str s)
{
    bool found = false;
    for (uint32_t i = 0; i < s.n && !found;) {
        uint32_t cp = 0;
        i += utf8_decode(s, i, &cp);
        found = final_mark(cp);
    }
    return found;
}

struct str sentence_title(struct str own, uint32_t max_bytes)
{
    struct str s = utf8_cut(own, max_bytes);
    for (uint32_t i = 0; i < s.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s, i, &cp);
        if (final_mark(cp) || cp == ':' || cp == '\n') {
            return str_sub(s, 0, i);
        }
        i += n;
    }
    return s;
}

/* ---- cutting -------------------------------------------------------------------------------- */

struct open_mark {
    uint32_t pair;
    uint32_t at;
};

/* +1 where a closed pair begins and -1 where it ends, by byte; without a partner a mark is nothing.
 */
static int8_t *pair_borders(struct arena *a, struct str s)
{
    int8_t *border = arena_alloc(a, (size_t)s.n + 1);
    struct open_mark stack[PAIR_DEPTH_MAX];
    uint32_t depth = 0;
    for (uint32_t i = 0; i < s.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s, i, &cp);
        uint32_t closing = closes(cp);
        uint32_t d = depth;
        if (opens(cp) < PAIRS && depth < PAIR_DEPTH_MAX) {
            stack[depth++] = (struct open_mark){opens(cp), i};
        }
        while (closing < PAIRS && d > 0 && stack[d - 1].pair != closing) {
            d--;
        }
        if (closing < PAIRS && d > 0) {
            depth = d - 1;
            if (i - stack[depth].at <= PAIR_BYTES_MAX) {
                border[stack[depth].at] = 1;
                border[i] = -1;
            }
        }
        i += n;
    }
    return border;
}

/* After `。”`: what follows goes on with the sentence. */
static bool goes_on(struct str s, uint32_t at)
{
    uint32_t cp = 0;
    if (at >= s.n) {
        return false;
    }
    (void)utf8_decode(s, at, &cp);
    return cp == ',' || cp == 0x3001 || cp == ':' || cp == 0x7684 || final_mark(cp) ||
           closes(cp) < PAIRS;
}

/* The end of the sentence that begins at `at`; s.n without a final mark, *ended says which. */
static uint32_t sentence_end(struct str s, const int8_t *border, uint32_t at, bool *ended)
{
    int32_t depth = 0;
    uint32_t last = 0;
    for (uint32_t i = at; i < s.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s, i, &cp);
        depth += border[i];
        bool quoted_stop = border[i] < 0 && depth == 0 && last == 0x3002 && closes(cp) < QUOTES &&
                           !goes_on(s, i + n);
        i += n;
        if ((depth == 0 && final_mark(cp)) || quoted_stop) {
            for (uint32_t next = 0; i < s.n; i += n) {
                n = utf8_decode(s, i, &next);
                if (!final_mark(next) && (closes(next) == PAIRS || border[i] != 0)) {
                    break;
                }
            }
            *ended = true;
            return i;
        }
        last = cp;
    }
    *ended = false;
    return s.n;
}

/* Without the line feeds and tabs of the text: a view where there are none. */
static struct str in_one_piece(struct arena *a, struct str s)
{
    if (str_find(s, STR("\n"), 0) == STR_NONE && str_find(s, STR("\t"), 0) == STR_NONE) {
        return s;
    }
    char *p = arena_alloc(a, (size_t)s.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\n' && s.p[i] != '\t') {
            p[n++] = s.p[i];
        }
    }
    return (struct str){p, n};
}

static bool blank(char c)
{
    return c == '\n' || c == '\t';
}

static bool add_sentence(struct arena *a, struct outline *o, struct outline_sentence s)
{
    while (s.end > s.beg && blank(o->text.p[s.end - 1])) {
        s.end--;
    }
    if (o->sentences.n >= OUTLINE_SENTENCES_MAX) {
        return false;
    }
    s.text = in_one_piece(a, str_sub(o->text, s.beg, s.end));
    s.line = outline_line_at(o, s.beg).number;
    vec_push(a, &o->sentences, s);
    return true;
}

bool sentences_cut(struct arena *a, struct outline *o, uint32_t section, enum own_tail tail)
{
    const struct outline_section *own = &o->sections.items[section];
    struct str s = str_sub(o->text, own->beg, own->end);
    const int8_t *border = pair_borders(a, s);
    uint32_t made = 0;
    for (uint32_t at = 0; at < s.n;) {
        bool ended = false;
        while (at < s.n && blank(s.p[at])) {
            at++;
        }
        uint32_t end = sentence_end(s, border, at, &ended);
        bool title =
            tail == OWN_TITLE && made == 0 && !str_ends(str_trim(str_sub(s, at, end)), STR(":"));
        if (end > at && (ended || (tail != OWN_DROP && !title))) {
            made++;
            if (!add_sentence(a, o,
                              (struct outline_sentence){.beg = own->beg + at,
                                                        .end = own->beg + end,
                                                        .section = section,
                                                        .number = made})) {
                return false;
            }
        }
        at = end;
    }
    return true;
}
