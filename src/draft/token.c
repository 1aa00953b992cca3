/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting a sentence into tokens. */
#include "draft/token.h"

#include "base/arena.h"
#include "base/utf8.h"

#define PAIR_BYTES_MAX 300 /* a bracket further from its partner is none */

static const struct {
    struct str open, shut;
    enum token_kind kind;
} pairs[] = {
    {STR_INIT("“"), STR_INIT("”"), TOKEN_NAME},    {STR_INIT("《"), STR_INIT("》"), TOKEN_NAME},
    {STR_INIT("‘"), STR_INIT("’"), TOKEN_NAME},    {STR_INIT("「"), STR_INIT("」"), TOKEN_NAME},
    {STR_INIT("("), STR_INIT(")"), TOKEN_ASIDE},   {STR_INIT("["), STR_INIT("]"), TOKEN_ASIDE},
    {STR_INIT("【"), STR_INIT("】"), TOKEN_ASIDE}, {STR_INIT("〔"), STR_INIT("〕"), TOKEN_ASIDE}};

static const struct str stops[] = {STR_INIT(","),  STR_INIT(";"), STR_INIT(":"), STR_INIT("。"),
                                   STR_INIT("、"), STR_INIT("!"), STR_INIT("?")};

static bool here(struct str s, uint32_t at, struct str what)
{
    return str_starts(str_sub(s, at, s.n), what);
}

/* The whole of a bracket or quotation with its marks; 0: none begins here, or it does not end. */
static uint32_t enclosed(struct str s, uint32_t at, enum token_kind *kind)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (!here(s, at, pairs[i].open)) {
            continue;
        }
        struct str near = str_sub(s, at, at + PAIR_BYTES_MAX);
        uint32_t depth = 0;
        for (uint32_t k = 0; k < near.n; k++) {
            if (here(near, k, pairs[i].open)) {
                depth++;
            } else if (here(near, k, pairs[i].shut) && --depth == 0) {
                *kind = pairs[i].kind;
                return k + pairs[i].shut.n;
            }
        }
    }
    return 0;
}

/* (其中…) is read like what stands around it. */
static bool opens_part(struct str s, uint32_t at)
{
    return here(s, at, STR("(其中"));
}

static uint32_t stop_mark(struct str s, uint32_t at)
{
    if (opens_part(s, at) || here(s, at, STR(")"))) {
        return 1;
    }
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        if (here(s, at, stops[i])) {
            return stops[i].n;
        }
    }
    return 0;
}

/* 第三轮, 第2批: the figure is a place in an order. */
static bool ordinal(struct str s, uint32_t at)
{
    struct str sign = STR("第");
    return at >= sign.n && here(s, at - sign.n, sign);
}

/* Part of a noun: 覆盖率, 完成度, 自治区级. */
static bool in_noun(struct str s, uint32_t end)
{
    return here(s, end, STR("率")) || here(s, end, STR("度")) || here(s, end, STR("级"));
}

static void text(struct arena *a, struct tokens *t, uint32_t beg, uint32_t end)
{
    struct token *last = t->items.n > 0 ? &vec_last(&t->items) : NULL;
    if (last && last->kind == TOKEN_TEXT) {
        last->end = end;
    } else {
        vec_push(a, &t->items, (struct token){.kind = TOKEN_TEXT, .beg = beg, .end = end});
    }
}

/* A figure, unless a word that is longer hides it; the end, or `at`. */
static uint32_t figure(struct arena *a, const struct vocabulary *w, struct tokens *t, uint32_t at,
                       uint32_t word)
{
    struct amount x;
    bool idiom = words_value(w, word, WORD_IDIOM) != VALUE_NONE;
    if (ordinal(t->text, at) || !amount_scan(a, w, t->text, at, &x) ||
        (idiom && w->all.items[word].text.n >= x.digits_end - at)) {
        return at;
    }
    vec_push(a, &t->items, (struct token){TOKEN_AMOUNT, at, x.end, WORD_NONE, t->amounts.n});
    vec_push(a, &t->amounts, x);
    return x.end;
}

/* The token that begins at byte `at`; its end. */
static uint32_t next(struct arena *a, const struct vocabulary *w, struct tokens *t, uint32_t at)
{
    struct str s = t->text;
    struct when when;
    enum token_kind kind = TOKEN_STOP;
    uint32_t n = when_scan(s, at, &when);
    if (n > 0) {
        vec_push(a, &t->items, (struct token){TOKEN_WHEN, at, at + n, WORD_NONE, t->whens.n});
        vec_push(a, &t->whens, when);
        return at + n;
    }
    uint32_t word = words_match(w, s, at);
    uint32_t end = figure(a, w, t, at, word);
    if (end > at) {
        return end;
    }
    n = word != WORD_NONE ? w->all.items[word].text.n : 0;
    if (n > 0 && !words_value(w, word, WORD_IDIOM) && !in_noun(s, at + n)) {
        vec_push(a, &t->items, (struct token){TOKEN_WORD, at, at + n, word, 0});
        return at + n;
    }
    if (n > 0) {
        text(a, t, at, at + n);
        return at + n;
    }
    n = amount_run(s, at); /* refused as a whole, or its end would be taken for a figure */
    if (n > 0) {
        text(a, t, at, at + n);
        return at + n;
    }
    n = opens_part(s, at) ? 0 : enclosed(s, at, &kind);
    n = n > 0 ? n : stop_mark(s, at);
    if (n > 0) {
        vec_push(a, &t->items, (struct token){kind, at, at + n, WORD_NONE, 0});
        return at + n;
    }
    uint32_t cp = 0;
    end = at + utf8_decode(s, at, &cp);
    text(a, t, at, end);
    return end;
}

void tokens_make(struct arena *a, const struct vocabulary *w, struct str sentence,
                 const struct text_break *breaks, uint32_t n_breaks, struct tokens *out)
{
    uint32_t next_break = 0;
    *out = (struct tokens){.text = sentence};
    for (uint32_t at = 0; at < sentence.n;) {
        for (; next_break < n_breaks && breaks[next_break].at <= at; next_break++) {
            vec_push(a, &out->items,
                     (struct token){TOKEN_STOP, at, at, WORD_NONE, breaks[next_break].row});
        }
        at = next(a, w, out, at);
    }
    vec_push(a, &out->items, (struct token){TOKEN_END, sentence.n, sentence.n, WORD_NONE, 0});
}
