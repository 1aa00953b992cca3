/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A figure as printed, with its measure word and what stands behind it: `3-5个`, `95%以上`,
 * `10万人次`, `百分之九十`, `三轮`, `100余所`, `1:20`.
 *
 * A figure that may have been misread (a letter or a blank among its digits, Chinese digits without
 * their powers, a range that falls) is *doubtful*: its value is not to be relied on.
 */
#ifndef DRAFT_AMOUNT_H
#define DRAFT_AMOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rat.h"
#include "base/str.h"
#include "draft/words.h"

struct arena;

struct amount {
    uint32_t beg, end;      /* bytes of the sentence, with measure word and what follows it */
    uint32_t digits_end;    /* of the figure alone */
    struct str low, high;   /* as the plan language writes them, without unit: `93`, `20万` */
    struct rat value, most; /* of a range its ends; of a ratio a:b both sides; else equal */
    bool range, ratio;
    bool chinese; /* in characters */
    bool one;     /* 一: often no figure at all */
    bool doubtful;
    struct str unit;      /* as printed, `%` for 百分之; empty: none */
    enum word_value kind; /* VALUE_COUNT, _SHARE … by the measure word; VALUE_NONE: none */
    enum word_value post; /* VALUE_AT_LEAST for 以上 …; VALUE_NONE */
};

/* The figure that begins at byte `at`, if one does. */
NODISCARD bool amount_scan(struct arena *a, const struct vocabulary *w, struct str s, uint32_t at,
                           struct amount *out);
/* How far the digits, or Chinese numerals, go on that begin at byte `at`. */
uint32_t amount_run(struct str s, uint32_t at);
/* The length of a year with its 年 (2024年, 二〇二四年), 0 for none. */
uint32_t amount_year(struct str s, uint32_t at, int32_t *year, bool *doubtful);
/* The same without 年: four digits. */
uint32_t amount_four_digits(struct str s, uint32_t at, int32_t *year, bool *doubtful);

#endif
