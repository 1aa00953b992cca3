/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the grammar finds in the sentences of a plan document.
 *
 *     struct reader r;
 *     reader_init(a, &words, from, to, &r);
 *     for each clause { reader_clause(&r); }
 *         for each sentence of it { reader_sentence(&r, text, breaks, n_breaks, ix); }
 *     use(r.found), use(r.refused)
 *
 * Everything is read from left to right, once; what is inferred and not read costs confidence
 * (why.def). Invariants
 *   FI1  beg <= amount.beg < amount.end <= end, all within the sentence.
 *   FI2  A doubtful figure or year leaves no confidence.
 *   FI3  The same sentences give the same findings.
 */
#ifndef DRAFT_DRAFTED_H
#define DRAFT_DRAFTED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"
#include "draft/amount.h"
#include "draft/words.h"

struct arena;

#define DRAFTED_NONE  UINT32_MAX
#define DRAFTED_SURE  85 /* confidence from here on is high */
#define DRAFTED_WRITE 60 /* below, a person has to accept it */

enum why {
#define WHY(name, cost, en, zh) WHY_##name,
#include "draft/why.def"
    WHY__COUNT
};

struct step {
    enum why why;
    struct str what;
};

enum drafted_kind {
    DRAFTED_TARGET, /* a figure to be compared */
    DRAFTED_TREND,  /* 只增不减 */
    DRAFTED_TRUE,   /* something that is to hold for each of a kind */
    DRAFTED_TASK,   /* a dated deliverable */
    DRAFTED_GATE,   /* 方可 */
    DRAFTED_RULE    /* what happens to whom */
};

enum time_kind { TIME_BY, TIME_AT, TIME_EACH, TIME_HOLD, TIME_MEAN, TIME_SUM, TIME_UNTIL };

struct time {
    enum time_kind kind;
    int32_t from, to;
    enum word_value period; /* of TIME_EACH */
    uint8_t month, day;     /* 0: the end of the year */
    struct str event;       /* of TIME_UNTIL */
    bool printed;           /* some year stands in the sentence */
    bool in_text;           /* some year stands in the clause */
};

/* 当: subject, comparison, figure; or a text that says it. */
struct condition {
    struct str subject; /* empty: none */
    enum word_value cmp;
    struct amount amount;
    bool worded;    /* the subject is the condition */
    uint32_t years; /* 连续 N年; 0: none */
};

struct drafted {
    enum drafted_kind kind;
    uint32_t sentence;
    uint32_t beg, end;
    uint32_t phrase; /* number of its phrase in the document */
    struct str subject;
    struct str base;     /* 不低于X的N%: X */
    enum word_value cmp; /* VALUE_NONE: a bare count; of a trend its direction */
    struct amount amount;
    struct amount from; /* 由A提高到B: A; from.end 0: none */
    struct time time;
    struct str each; /* the noun of 每个; empty: the whole */
    struct condition when;
    enum word_value modality;
    enum word_value verb; /* its kind; VALUE_NONE */
    enum word_value grow; /* VALUE_UP, VALUE_DOWN: a change by the amount */
    bool share;           /* the subject says of what a share is taken */
    bool nearly, hold, per_head;
    uint32_t of;       /* 其中: the finding it is a part of; DRAFTED_NONE */
    struct str action; /* of a gate or rule */
    int32_t confidence;
    VEC(struct step) steps;
};

/* A figure that is none of a commitment. */
struct refusal {
    uint32_t sentence;
    uint32_t beg, end;
    struct step step;
};

typedef VEC(struct drafted) drafted_list;
typedef VEC(struct refusal) refusals;

struct reader_now; /* private */
struct text_break;

struct reader {
    struct arena *a;
    const struct vocabulary *w;
    int32_t from, to; /* the plan years */
    drafted_list found;
    refusals refused;
    struct reader_now *now;
};

void reader_init(struct arena *a, const struct vocabulary *w, int32_t from, int32_t to,
                 struct reader *out);
/* A new clause begins: no year goes on into it. */
void reader_clause(struct reader *r);
/* breaks: see token.h; rows of tables are left out. */
void reader_sentence(struct reader *r, struct str text, const struct text_break *breaks,
                     uint32_t n_breaks, uint32_t ix);

/* What a step takes from the confidence. */
int32_t step_cost(enum why why);
/* The text of a step. */
struct str step_text(struct arena *a, struct step s, bool chinese);

#endif
