/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the splitter: the text of one section while its lines come in, and its sentences.
 * Lines are joined without anything between them, as Chinese is written.
 */
#ifndef IO_OUTLINE_INT_H
#define IO_OUTLINE_INT_H

#include "base/buf.h"
#include "io/outline.h"

struct own_line {
    uint32_t at; /* where the line begins in the text */
    uint32_t number;
};

struct own_text {
    struct buf text;
    VEC(struct own_line) lines;
    bool has_end; /* a final mark has come in */
};

/* What becomes of text after the last final mark. */
enum own_tail {
    OWN_DROP,    /* it is none of the plan: titles, dates, signatures */
    OWN_TITLE,   /* a title when it is all there is, else a sentence */
    OWN_SENTENCE /* a sentence */
};

/* Empty, in the arena. */
void own_init(struct arena *a, struct own_text *o);
void own_add(struct arena *a, struct own_text *o, struct str line, uint32_t number);
bool own_has_end(const struct own_text *o);
/* The text up to its first final mark, at most so long. */
struct str own_title(const struct own_text *o, uint32_t max_bytes);
/* Appends the sentences, which point into the text; false beyond OUTLINE_SENTENCES_MAX. */
NODISCARD bool own_sentences(struct arena *a, const struct own_text *o, uint32_t section,
                             enum own_tail tail, struct outline *out);
/* 1 to 99 in Chinese numerals. */
void outline_chinese(uint32_t number, struct buf *out);

#endif
