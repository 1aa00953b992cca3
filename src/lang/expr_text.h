/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A checked expression in words of the plan language, in either language: for messages, and for
 * comparing plans (equal texts mean the same measure, whatever the spelling in the file was).
 *
 *     求和(旗县.交流教师) / 求和(旗县.应交流教师)
 *
 * Ownership: the arena given.
 */
#ifndef LANG_EXPR_TEXT_H
#define LANG_EXPR_TEXT_H

#include "model/plan.h"

struct arena;

/* The words of a plan in one language. */
struct speech {
    struct arena *a;
    const struct plan *p;
    bool chinese;
};

/* NONE: empty. */
struct str expr_text(const struct speech *s, uint32_t e);
/* An exact amount with its unit: "93%", "20万人", "7000元/人". */
struct str amount_text(const struct speech *s, struct rat x, struct dim dim);
/* The measure of an indicator as adopted (of several, since latest); NONE when it has none. */
uint32_t commitment_measure(const struct commitment *k);

#endif
