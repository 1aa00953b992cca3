/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the outline: lines to paragraphs, and the own text of a section to sentences. */
#ifndef DRAFT_OUTLINE_INT_H
#define DRAFT_OUTLINE_INT_H

#include "draft/outline.h"
#include "io/text.h"

/* ---- paragraphs ----------------------------------------------------------------------------- */

/* The canonical text and its source while they are written, line by line. */
struct writer {
    struct arena *a;
    const struct text *in;
    struct outline *out;
    char *to;
    uint32_t *from;
    char *printed;
    uint32_t full; /* columns from which on a line may be a broken one; 0: none is */
};

/* With room for all lines. */
void writer_init(struct arena *a, const struct text *in, struct outline *out, struct writer *w);
/*
 * Appends line `i`, the next one. A heading, of `mark` bytes, begins a paragraph; other lines may
 * go on with the one before. section: OUTLINE_NONE for none.
 */
void writer_put(struct writer *w, uint32_t i, uint32_t section, uint32_t mark);

/* ---- sentences ------------------------------------------------------------------------------ */

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

/* Marks the doubts of the whole text. */
void doubts_find(struct arena *a, struct outline *o);

#endif
