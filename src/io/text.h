/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of an official text, from whatever it was published as: plain text (UTF-8 with or
 * without BOM, GB18030), docx, or what a program took out of a pdf.
 *
 * Lines come out in one canonical form, so that the same text gives the same lines from all of
 * them: normal form KC (full-width and compatibility characters are the ordinary ones), every dash
 * is
 * `-`, white space and invisible characters are gone, empty lines are left out.
 *
 * What is not text is refused with the reason: empty or blank files, pdf and doc files, other
 * binary files, a mixture of encodings, damaged or hostile docx files, anything above the limits.
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
    struct str text; /* canonical, not empty */
    uint32_t number; /* in the file, from 1; docx: of the paragraph */
    uint32_t page;   /* from 0; form feeds begin a new one */
    bool border;     /* set by text_clean: where a page begins or ends */
};

struct text {
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

/*
 * Takes away what pages leave in a text: page numbers, running headers and footers, and pages (or
 * long blocks of lines) that stand there twice.
 */
struct text_dropped {
    uint32_t page_numbers;
    uint32_t headers;
    uint32_t duplicates;      /* lines */
    uint32_t first_duplicate; /* its number in the file; 0: none */
};
void text_clean(struct arena *a, struct text *t, struct text_dropped *out);

#endif
