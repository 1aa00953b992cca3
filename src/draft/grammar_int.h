/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the grammar: what is known while a sentence is read. A sentence is read phrase by
 * phrase (between `,;:。`), a phrase token by token.
 */
#ifndef DRAFT_GRAMMAR_INT_H
#define DRAFT_GRAMMAR_INT_H

#include "draft/drafted.h"
#include "draft/token.h"

#define LIST_YEARS_MAX 12

struct reader_now {
    struct tokens t;
    uint32_t sentence;
    uint32_t phrase;   /* counted through the document */
    uint32_t beg, end; /* tokens of the phrase */
    bool *used; /* by token: taken as scope, condition, comparison … and no part of a subject */
    /* the clause */
    struct when carried; /* the last year of the clause; kind WHEN_NONE: none */
    bool goes_on;        /* the sentence before ended with a semicolon */
    struct str tail;     /* what it spoke of last */
    /* the sentence */
    struct when when;    /* kind WHEN_NONE: none yet */
    uint32_t when_token; /* TK of when; of no meaning without it */
    struct when list[LIST_YEARS_MAX];
    uint32_t n_list, next_in_list;
    enum word_value every, span;
    uint32_t every_token;
    struct str topic; /* what was spoken of last */
    struct str event;
    uint32_t last; /* finding of the sentence, DRAFTED_NONE */
    uint32_t acts; /* token of the first action of a rule, UINT32_MAX */
    bool rule;     /* a rule has been read */
    bool past;     /* of a year before the plan */
    /* the phrase */
    uint32_t left; /* token from which a subject may be taken */
    struct str each;
    struct condition cond;
    enum word_value modality;
    uint32_t verb; /* token, UINT32_MAX */
    uint32_t grow;
    uint32_t each_token; /* of the scope */
    bool nest, fact, per_head;
    bool all; /* 所有 */
    struct amount from;
    struct str some_years; /* 每两年 */
    uint32_t years;        /* 连续 N年 */
    uint32_t first_found;  /* of the phrase */
};

#define NO_TOKEN UINT32_MAX

/* ---- grammar.c: asking about tokens ---- */
const struct token *token_at(const struct reader *r, uint32_t i);
struct str token_text(const struct reader *r, uint32_t i);
/* The value of a token in a class; VALUE_NONE when it is no word of it. */
enum word_value token_value(const struct reader *r, uint32_t i, enum word_class c);
bool token_is_stop(const struct reader *r, uint32_t i, struct str mark);
struct amount *token_amount(const struct reader *r, uint32_t i);

/* ---- subject.c: texts ---- */
enum strip {
    STRIP_NOTHING, /* behind a figure: all of it is meant */
    STRIP_LEADS,   /* before a comparison */
    STRIP_VERBS    /* before a count */
};
/* The words of tokens [beg, end) that are not used, without what only leads to them. */
struct str gather(const struct reader *r, uint32_t beg, uint32_t end, enum strip strip);
/* The token at which what follows token i ends: a stop, a figure, a comparison. */
uint32_t right_end(const struct reader *r, uint32_t i);
/* Whether the verb at token i is part of what is counted. */
bool says_which(const struct reader *r, uint32_t i);
/* Without 的, 和 … at its ends. */
struct str trimmed(struct str s);
/* At most NAME_CHARS characters. */
struct str short_name(struct str s, bool *cut);

/* ---- when: grammar.c ---- */
/* The time of what stands at token i. */
void take_time(struct reader *r, struct drafted *f, uint32_t ordinal);

/* ---- compare.c ---- */
struct compare {
    enum word_value cmp; /* VALUE_NONE: a bare figure */
    uint32_t beg;        /* the token at which the comparison begins; the figure itself without */
    struct str base;     /* 不低于X的N%: X */
    bool hold, loose, mixed;
};

/* The comparison of the figure at token i; its words count as used. */
struct compare find_compare(struct reader *r, uint32_t i);
void note_compare(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i);

/* ---- naming.c ---- */
/* What follows the figure, when it says what is meant. */
struct str right_text(const struct reader *r, uint32_t i);
/* The subject of what was said before. */
void inherit(struct reader *r, struct drafted *f);
/* The subject of a share, and of a count: whether what follows the figure is part of it. */
bool name_share(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i);
bool name_count(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i);

/* ---- refusal.c ---- */
bool text_before(const struct reader *r, uint32_t i, struct str what);
/* Why the figure is no commitment; WHY__COUNT: it may be one. */
enum why why_not(struct reader *r, uint32_t i, const struct compare *c);

/* ---- anchor.c: figures ---- */
void read_amount(struct reader *r, uint32_t i);
void read_full(struct reader *r, uint32_t i);
void read_trend(struct reader *r, uint32_t i);
void read_name(struct reader *r, uint32_t i);

/* ---- deed.c: tasks, rules, gates ---- */
bool read_gate(struct reader *r, uint32_t i);
bool read_rule(struct reader *r, uint32_t i);
void read_deed(struct reader *r);

/* ---- making findings ---- */
struct drafted drafted_new(const struct reader *r, enum drafted_kind kind, uint32_t i);
void note(struct reader *r, struct drafted *f, enum why why, struct str what);
void refuse(struct reader *r, uint32_t i, enum why why);
uint32_t keep(struct reader *r, struct drafted *f);

#endif
