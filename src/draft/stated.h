/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The figures that a speech, bulletin or summary states: what each is, how exactly it is printed,
 * of which year, and the words around it that say what it counts.
 *
 *     TRY(outline_make(a, &t, path, &o, e));           no headings are wanted
 *     stated_find(a, &o, words, this_year, &list);
 *
 * Not stated are years, days, ordinals, terms (三年), names in quotation marks, and 一 as a word.
 * Ownership: all in the arena; texts point into the outline.
 */
#ifndef DRAFT_STATED_H
#define DRAFT_STATED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rat.h"
#include "base/str.h"
#include "base/vec.h"

struct arena;
struct outline;
struct vocabulary;

enum stated_relation { STATED_EQUALS, STATED_AT_LEAST, STATED_AT_MOST, STATED_ABOUT };

struct stated {
    uint32_t beg, end;      /* of the outline's text: the figure with its measure word */
    struct rat value, most; /* equal but for a range; not scaled by the unit */
    struct rat step;        /* one unit of its last digit: 0.1 for 95.0, 10000 for 20万 */
    struct str unit;        /* as printed */
    bool range;
    bool chinese;  /* in characters: 三项 */
    bool doubtful; /* it may have been misread, or damaged */
    enum stated_relation relation;
    int32_t year;           /* 0: none is said */
    bool change;            /* 提高…个百分点: a difference, not a level */
    uint32_t noun_bytes;    /* of its phrase that are no words of the grammar; 0: 达到93% */
    struct str phrase;      /* around it, between stops; the figure is in it */
    struct str before;      /* of the sentence before that phrase */
    struct str row, column; /* in a table: the first cell of its row, the head of its column */
};
typedef VEC(struct stated) stated_list;

/* this_year: what 今年 means. */
void stated_find(struct arena *a, const struct outline *o, const struct vocabulary *w,
                 int32_t this_year, stated_list *out);

#endif
