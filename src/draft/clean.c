/* SPDX-License-Identifier: Apache-2.0 */
/* Page numbers, running headers and repeated pages, taken out of the lines of a text. */
#include "draft/clean.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/utf8.h"
#include "draft/mark.h"
#include "draft/outline.h"
#include "io/text.h"

#define REPEATED_NEAR    24  /* characters of a block that directly follows itself */
#define REPEATED_FAR     400 /* of one that stands anywhere above */
#define HEADER_TIMES     3
#define HEADER_CHARS     8 /* of one that no page border gives away */
#define HEADER_CHARS_MAX 60

/* Takes the marked lines out; how many they were. */
static uint32_t take_out(struct text *t, const bool *drop)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->lines.n; i++) {
        if (!drop[i]) {
            t->lines.items[n++] = t->lines.items[i];
        }
    }
    uint32_t out = t->lines.n - n;
    t->lines.n = n;
    return out;
}

/* The first or last line of its page, when pages are marked. */
static bool at_border(const struct text *t, uint32_t i)
{
    const struct text_line *l = t->lines.items;
    return t->n_pages > 1 && (i == 0 || i + 1 == t->lines.n || l[i - 1].page != l[i].page ||
                              l[i + 1].page != l[i].page);
}

/* ---- page numbers --------------------------------------------------------------------------- */

static bool take(struct str *s, const char *word)
{
    struct str w = str_from_cstr(word);
    bool there = str_starts(*s, w);
    if (there) {
        *s = str_sub(*s, w.n, s->n);
    }
    return there;
}

static bool take_number(struct str *s, uint32_t *out)
{
    uint32_t n = 0;
    *out = 0;
    for (; n < s->n && n < 5 && s->p[n] >= '0' && s->p[n] <= '9'; n++) {
        *out = *out * 10 + (uint32_t)(s->p[n] - '0');
    }
    *s = str_sub(*s, n, s->n);
    return n > 0 && n < 5;
}

enum page_number { NO_NUMBER, BARE_NUMBER, CERTAIN_NUMBER };

/* `12`, `12/30`; certain: `-12-`, `第12页`, `第12页共30页`, `Page12of30`. */
static enum page_number page_number(struct str s, uint32_t *number)
{
    uint32_t total = 0;
    bool dash = take(&s, "-");
    bool word = take(&s, "第") || take(&s, "Page");
    if (!take_number(&s, number)) {
        return NO_NUMBER;
    }
    bool closed = take(&s, "页") || take(&s, "-");
    (void)take(&s, ",");
    if (take(&s, "/") || take(&s, "of") || take(&s, "共")) {
        if (!take_number(&s, &total)) {
            return NO_NUMBER;
        }
        (void)take(&s, "页");
    }
    if (s.n > 0 || (dash && !closed)) {
        return NO_NUMBER;
    }
    return word || dash ? CERTAIN_NUMBER : closed ? NO_NUMBER : BARE_NUMBER;
}

/* A bare number is one of a page when pages are marked there, or when others count on with it. */
static uint32_t page_numbers(struct arena *a, struct text *t)
{
    bool *drop = ARENA_ARRAY(a, bool, t->lines.n + 1);
    struct text_line *l = t->lines.items;
    uint32_t last = UINT32_MAX;
    uint32_t last_value = 0;
    for (uint32_t i = 0; i < t->lines.n; i++) {
        uint32_t value = 0;
        enum page_number kind = page_number(l[i].text, &value);
        if (kind == NO_NUMBER) {
            continue;
        }
        bool counts_on = last != UINT32_MAX && value == last_value + 1;
        drop[i] = kind == CERTAIN_NUMBER || at_border(t, i) || counts_on;
        if (counts_on) {
            drop[last] = true;
        }
        if (last == UINT32_MAX || counts_on || !drop[last]) {
            last = i;
            last_value = value;
        }
    }
    for (uint32_t i = 0; i < t->lines.n; i++) {
        l[i].border = at_border(t, i) || (i > 0 && drop[i - 1]) || drop[i + 1];
    }
    return take_out(t, drop);
}

/* ---- running headers ------------------------------------------------------------------------ */

static bool may_be_header(const struct text_line *l)
{
    uint32_t chars = utf8_count(l->text);
    return chars >= 2 && chars <= HEADER_CHARS_MAX && !outline_ends_sentence(l->text) &&
           mark_read(l).style == MARK_NONE;
}

/* Lines that stand again and again where pages begin or end; long ones wherever they stand. */
static uint32_t headers(struct arena *a, struct text *t)
{
    bool *drop = ARENA_ARRAY(a, bool, t->lines.n + 1);
    struct map all = {0};
    struct map near = {0};
    for (uint32_t i = 0; i < t->lines.n; i++) {
        struct str s = t->lines.items[i].text;
        uint32_t n = 0;
        if (may_be_header(&t->lines.items[i])) {
            (void)map_get(&all, s, &n);
            map_put(a, &all, s, n + 1);
            n = 0;
            (void)map_get(&near, s, &n);
            map_put(a, &near, s, n + t->lines.items[i].border);
        }
    }
    for (uint32_t i = 0; i < t->lines.n; i++) {
        uint32_t n_all = 0;
        uint32_t n_near = 0;
        struct str s = t->lines.items[i].text;
        (void)map_get(&all, s, &n_all);
        (void)map_get(&near, s, &n_near);
        drop[i] = n_near >= HEADER_TIMES || (n_near >= 2 && n_near == n_all) ||
                  (n_all >= HEADER_TIMES && utf8_count(s) >= HEADER_CHARS);
    }
    return take_out(t, drop);
}

/* ---- repeated pages ------------------------------------------------------------------------- */

/* Lines from j on that stand again from i on, without running into i. */
static uint32_t run(const struct text *t, uint32_t j, uint32_t i, uint32_t *chars)
{
    uint32_t k = 0;
    *chars = 0;
    while (j + k < i && i + k < t->lines.n &&
           str_eq(t->lines.items[j + k].text, t->lines.items[i + k].text)) {
        *chars += utf8_count(t->lines.items[i + k].text);
        k++;
    }
    return k;
}

static void repeated(struct arena *a, struct text *t, struct text_dropped *out)
{
    bool *drop = ARENA_ARRAY(a, bool, t->lines.n + 1);
    struct map last = {0};
    for (uint32_t i = 0; i < t->lines.n;) {
        uint32_t j = 0;
        uint32_t chars = 0;
        uint32_t n = map_get(&last, t->lines.items[i].text, &j) ? run(t, j, i, &chars) : 0;
        if ((j + n == i && chars >= REPEATED_NEAR) || chars >= REPEATED_FAR) {
            out->first_duplicate =
                out->first_duplicate > 0 ? out->first_duplicate : t->lines.items[i].number;
            for (; n > 0; n--) {
                drop[i++] = true;
            }
        } else {
            map_put(a, &last, t->lines.items[i].text, i);
            i++;
        }
    }
    out->duplicates += take_out(t, drop);
}

void text_clean(struct arena *a, struct text *t, struct text_dropped *out)
{
    *out = (struct text_dropped){0};
    repeated(a, t, out);
    if (!t->flowing) {
        out->page_numbers = page_numbers(a, t);
        repeated(a, t, out); /* a page that stands there twice may be numbered on */
        out->headers = headers(a, t);
    }
}
