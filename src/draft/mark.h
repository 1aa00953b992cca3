/* SPDX-License-Identifier: Apache-2.0 */
/* The marks of headings: what a line may begin with, and which kind of mark stands above which. */
#ifndef DRAFT_MARK_H
#define DRAFT_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct buf;
struct text;
struct text_line;

/* From the outside in, where a document does not show another order. */
enum mark_style {
#define MARK(name, before, after, numerals) MARK_##name,
#include "draft/mark.def"
    MARK__COUNT
};

#define MARK_NONE MARK__COUNT

struct mark {
    enum mark_style style;
    uint32_t number; /* 0: an annex without one */
    uint32_t n;      /* bytes of the mark */
    bool numeral;    /* directly followed by another numeral: 三、四年级 */
    bool list;       /* `附件:`, the list of annexes */
};

/* style MARK_NONE: the line begins with none. 第一章 and its like stand apart from what follows. */
struct mark mark_read(const struct text_line *line);

/* `附件1`, `(一)`, `1`, as paths spell it: the next one may follow directly. */
void mark_print(enum mark_style style, uint32_t number, struct buf *out);

/*
 * level[style]: 0 for annexes, then counting inwards. The usual order, but for kinds that the
 * document itself nests the other way: `1.` stands above `(一)` where (一) begins anew between two
 * numbers that count on, twice at least, and comes after the first of them.
 */
void mark_levels(const struct text *t, uint32_t level[MARK__COUNT]);

#endif
