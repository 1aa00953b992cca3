/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A canonical sentence as tokens, from left to right, without going back: figures, times, words of
 * the table, asides in brackets, names in quotation marks, stops, and the text between them.
 *
 * Invariants
 *   TK1  Tokens cover the sentence without gaps; the last one is TOKEN_END at its end.
 *   TK2  A text token is as long as it can be.
 */
#ifndef DRAFT_TOKEN_H
#define DRAFT_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"
#include "draft/amount.h"
#include "draft/words.h"

struct arena;

enum token_kind {
    TOKEN_TEXT,
    TOKEN_WORD,
    TOKEN_AMOUNT,
    TOKEN_WHEN,
    TOKEN_STOP,  /* one mark */
    TOKEN_ASIDE, /* (…) */
    TOKEN_NAME,  /* “…”, 《…》 */
    TOKEN_END
};

enum when_kind {
    WHEN_NONE,
    WHEN_AT,    /* 2025年 */
    WHEN_BY,    /* 到2026年, 2026年底前 */
    WHEN_SINCE, /* 2024年起 */
    WHEN_SPAN   /* 2024—2026年, “十四五”期间 */
};

/* Years 0: the year of the plan. */
struct when {
    enum when_kind kind;
    int32_t from, to;
    uint8_t month, day; /* 0: none; of `to` */
    bool doubtful;      /* its digits may have been misread */
};

struct token {
    enum token_kind kind;
    uint32_t beg, end;
    uint32_t word; /* TOKEN_WORD */
    uint32_t ix;   /* of the amount, or of the when; of an empty stop: 1 before a row */
};

struct tokens {
    struct str text;
    VEC(struct token) items;
    VEC(struct amount) amounts;
    VEC(struct when) whens;
};

/* Where in a sentence a paragraph begins (behind the title of a heading, at a row of a table). */
struct text_break {
    uint32_t at;
    bool row; /* what follows, up to the next break, is a row */
};

/* breaks: ascending; an empty stop stands at each. */
void tokens_make(struct arena *a, const struct vocabulary *w, struct str sentence,
                 const struct text_break *breaks, uint32_t n_breaks, struct tokens *out);
/* The length of a time that begins at byte `at`; 0: none. */
uint32_t when_scan(struct str s, uint32_t at, struct when *out);

#endif
