/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference interpreter: one expression at one unit and one moment, exact and slow. It is the
 * oracle of the columns and the source of explanations.
 *
 * How bounds are found (C03). The members of a population are independent of each other, so
 * each one is completed alone: every corner of its silent cells (both truths, both bounds) gives a
 * pair of contributions to numerator and denominator. Sums take the best and worst corner of each
 * member; a ratio of sums takes the corners that Dinkelbach's iteration selects, which is the exact
 * extreme. Beyond REF_CORNERS_MAX silent cells in one member, and where two operands share a silent
 * cell in another pattern, plain interval arithmetic is used and flagged wide.
 *
 * `value` is a second walk that leaves out every member with a silent cell (C32).
 *
 * Invariants: E1-E3 of engine/eval.h.
 * Ownership: the arena; the cells must outlive it. One thread at a time.
 */
#ifndef ENGINE_REF_H
#define ENGINE_REF_H

#include "base/attr.h"
#include "base/map.h"
#include "base/rc.h"
#include "engine/cells.h"
#include "engine/eval.h"

struct arena;
struct err;
struct region;
struct terms;

#define REF_CORNERS_MAX 8   /* silent cells of one member that are completed one by one */
#define REF_DEPTH_MAX   400 /* expressions within expressions */

/* RC_LIMIT. */
NODISCARD enum rc ref_make(struct arena *a, struct cells *c, struct evaluator *out, struct err *e);

/* What completing one member read. */
struct ref_reads {
    struct map_u64 pairs; /* unit << 32 | period_code -> 1 when all of it is known (C10) */
    struct map_u64 basis; /* item << 32 | hash (C19) */
    uint32_t flags;       /* enum mval_flags */
};

/*
 * One member of a roll-up completed alone, into g: for whoever adds up members in another way.
 * ev is what ref_make gave; row is NONE for units. RC_LIMIT.
 */
NODISCARD enum rc ref_complete(const struct evaluator *ev, struct arena *a, const struct terms *t,
                               uint32_t unit, uint32_t row, struct moment m, struct region *g,
                               struct ref_reads *out);
/* What an item was measured by, unlike for unlike versions and points (C19). */
uint32_t ref_basis_hash(struct str version, struct str point);

#endif
