/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Extremes of a ratio of sums over independent members (C03).
 *
 * Each member offers corners: pairs (n, d) of contributions to numerator and denominator, d >= 0;
 * exactly one of them happens. A ray is a pair by which the member's contribution may grow without
 * limit. The extreme of Σn / Σd over all choices with Σd > 0 is found by Dinkelbach's iteration: it
 * is exact, and it ends because each step selects a better choice.
 *
 * Ownership: everything in the arena of the caller.
 */
#ifndef ENGINE_REGION_H
#define ENGINE_REGION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rat.h"
#include "base/vec.h"
#include "engine/mval.h"

struct arena;

struct corner {
    struct rat n, d;
    bool ray;
};

struct region {
    VEC(struct corner) corners;
    VEC(uint32_t) ends; /* corners of member i end at ends[i] */
    struct rat n, d;    /* of the members that are known */
};

void region_init(struct region *g);
/* A member with one corner. */
void region_known(struct arena *a, struct region *g, struct rat n, struct rat d);
void region_corner(struct arena *a, struct region *g, struct rat n, struct rat d, bool ray);
/* Ends the member whose corners were added. */
void region_end(struct region *g, struct arena *a);
/* Σn: [least, most]. */
struct mval region_sum(struct arena *a, const struct region *g);
/* Σn / Σd by the rules of C06; false: some d is negative. */
bool region_ratio(struct arena *a, const struct region *g, struct mval *out);

#endif
