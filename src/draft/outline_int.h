/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the outline: cutting the own text of a section into sentences. */
#ifndef DRAFT_OUTLINE_INT_H
#define DRAFT_OUTLINE_INT_H

#include "base/buf.h"
#include "draft/outline.h"

/* What becomes of text after the last final mark. */
enum own_tail {
    OWN_DROP,    /* it is none of the plan: titles, dates, signatures */
    OWN_TITLE,   /* a title when it is all there is, else a sentence */
    OWN_SENTENCE /* a sentence */
};

/* Whether a final mark stands in s. */
bool sentence_has_end(struct str s);
/* The text of a section up to its first final mark or line feed, at most so long. */
struct str sentence_title(struct str own, uint32_t max_bytes);
/* Appends the sentences of a section, whose own text stands; false beyond OUTLINE_SENTENCES_MAX. */
NODISCARD bool sentences_cut(struct arena *a, struct outline *o, uint32_t section,
                             enum own_tail tail);
/* 1 to 99 in Chinese numerals. */
void outline_chinese(uint32_t number, struct buf *out);

#endif
