/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/region in whole numbers: the same extremes for members whose corners are integers over one
 * denominator above and one below, a hundred times as fast.
 *
 * Invariants
 *   RI1 The answers are those of engine/region, bit by bit; or false, where a product might not
 * fit. RI2 A member has at least one corner that is no ray. Ownership: the arena of the caller;
 * corners are not copied.
 */
#ifndef ENGINE_REGION_INT_H
#define ENGINE_REGION_INT_H

#include "base/vec.h"
#include "engine/corner.h"
#include "engine/mval.h"

struct int_member {
    const struct corner_int *corners;
    uint32_t n, times; /* corners; how many members are like this one */
};

struct int_region {
    i128 n, d;            /* of the members that are known */
    int64_t den_n, den_d; /* all numbers above and below are over these */
    VEC(struct int_member) members;
};

/* Σn. false: ask engine/region. */
NODISCARD bool int_region_sum(struct arena *a, const struct int_region *g, struct mval *out);
/* Σn / Σd. false: ask engine/region. */
NODISCARD bool int_region_ratio(struct arena *a, const struct int_region *g, struct mval *out);

#endif
