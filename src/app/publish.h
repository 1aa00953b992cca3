/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What anybody may know of verdicts of the unit at the top (docs/internals/service.md, 22).
 *
 *     enum publish_extent extent = publish_extent(plan, commitment);
 *     bool figures = extent >= PUBLISH_COUNTS;
 *     … of every verdict there: figures = figures && publish_figure(plan, extent, &v);
 *
 * Invariants
 *   PU1 What reads sealed data has neither verdict nor figure. What tells rows of a register
 *       apart, or checks data instead of promising something, is none of the public's.
 *   PU2 Of what reads sensitive data only counts are told, and no count below SMALL_COUNT; of all
 *       else no count of persons below it.
 *   PU3 The extent is of the plan alone: no figure changes it.
 */
#ifndef APP_PUBLISH_H
#define APP_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

struct plan;
struct verdict;

enum publish_extent {
    PUBLISH_NEVER,  /* it is none of the public's */
    PUBLISH_WORDS,  /* what the plan says, and no verdict */
    PUBLISH_COUNTS, /* verdicts; figures that are counts */
    PUBLISH_FIGURES
};

enum publish_extent publish_extent(const struct plan *p, uint32_t commitment);
/* Whether the figure of this row may be told. One that may not keeps back all of its commitment: by
 * them it could be subtracted out (C41). */
bool publish_figure(const struct plan *p, enum publish_extent extent, const struct verdict *v);

#endif
