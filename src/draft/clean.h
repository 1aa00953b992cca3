/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes away what pages leave in a text: page numbers, running headers and footers, and pages (or
 * long blocks of lines) that stand there twice.
 */
#ifndef DRAFT_CLEAN_H
#define DRAFT_CLEAN_H

#include <stdint.h>

struct arena;
struct text;

struct text_dropped {
    uint32_t page_numbers;
    uint32_t headers;
    uint32_t duplicates;      /* lines */
    uint32_t first_duplicate; /* its number in the file; 0: none */
};

void text_clean(struct arena *a, struct text *t, struct text_dropped *out);

#endif
