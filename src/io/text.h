/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of an official text, from whatever it was published as: plain text (UTF-8 with or
 * without BOM, GB18030), docx, pdf, or what a program took out of one.
 *
 * Two texts, side by side: the source (what is printed, as UTF-8) and the canonical lines, in which
 * the same text is the same whatever it came from: normal form KC (full-width and compatibility
 * characters are the ordinary ones), every dash is `-`, white space and invisible characters are
 * gone, empty lines are left out. Each canonical byte knows the byte of the source it comes from.
 *
 * No figure becomes another one on the way: between two digits one space stays where white space
 * was, and digits that are set high, low, in a circle or as a fraction (10², ①, ½) stay as they
 * are.
 *
 * What is not text is refused with the reason: empty or blank files, doc files, other binary files,
 * a mixture of encodings, damaged or hostile docx and pdf files, anything above the limits.
 * Ownership: all in the arena.
 */
#ifndef IO_TEXT_H
#define IO_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct err;

#define TEXT_BYTES_MAX (16U * 1024 * 1024) /* a file; of a docx its text and markup too */
#define TEXT_LINES_MAX 200000U

struct text_line {
    struct str text;      /* canonical, not empty */
    const uint32_t *from; /* text.n + 1 offsets in the source: of each byte, and of the end */
    uint32_t number;      /* in the file, from 1; docx: of the paragraph */
    uint32_t page;        /* from 0; form feeds begin a new one */
    uint32_t columns;     /* how wide it is printed, indentation included */
    bool row;             /* docx: a row of a table, with tabs in the source between its cells */
    bool border;          /* set by text_clean: where a page begins or ends */
};

/* docx: a stretch of the source, and where it stands in word/document.xml. */
struct text_piece {
    uint32_t at, n;    /* of the source */
    uint32_t xml, raw; /* of the part; raw differs from n where something is escaped */
};

struct text {
    struct str source;             /* valid UTF-8 */
    VEC(struct text_piece) pieces; /* in the order of the source, if it is a docx */
    VEC(struct text_line) lines;
    uint32_t n_pages;     /* 1 without form feeds */
    bool flowing;         /* docx: lines are paragraphs, nothing was broken by a page */
    uint32_t n_automatic; /* docx: paragraphs whose number is made by the word processor */
};

/* Failures of file_read, RC_ENCODING, RC_LIMIT, RC_INPUT. */
NODISCARD enum rc text_read(struct arena *a, const char *path, struct text *out, struct err *e);
/* The same over bytes in memory; path is only a name. */
NODISCARD enum rc text_read_bytes(struct arena *a, const char *path, struct str bytes,
                                  struct text *out, struct err *e);

#endif
