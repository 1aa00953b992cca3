/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The draw of a sample (抽查): who is drawn follows from the population of one day, the share, the
 * strata and a published seed, and from nothing else, so that anybody can redo it.
 *
 * Invariants
 *   DR1 ⌈share * N⌉ of N are drawn. A stratum of h has share h/N of them, rounded by largest
 *       remainder, equal remainders in order of the strata's names.
 *   DR2 In a stratum the smallest SM3(seed NUL id) are drawn, equal ones in order of ids.
 *   DR3 What is recorded after the day of the draw changes nothing.
 * Ownership: the arena.
 */
#ifndef ENGINE_DRAW_H
#define ENGINE_DRAW_H

#include "base/attr.h"
#include "base/rc.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "model/verdict.h"

struct arena;

/* What can be drawn: a unit, or a row of a register. */
struct element {
    uint32_t unit, row; /* row: NONE for a unit */
    struct str id;
    struct str stratum;
};

struct population_list {
    const struct element *items;
    uint32_t n;
    /* Units (owners) of which it was not known whether they belong; they do not. */
    const uint32_t *left_out;
    uint32_t n_left_out;
};

/*
 * Who may be drawn at a unit: cells and evaluator are those of the day of the draw.
 * RC_LIMIT.
 */
NODISCARD enum rc draw_population(struct arena *a, struct cells *c, const struct evaluator *ev,
                                  const struct commitment *k, uint32_t unit, struct date day,
                                  struct population_list *out);

struct drawn {
    const struct element *items; /* by stratum, then in order of the draw */
    uint32_t n;
    const struct sample_stratum *strata;
    uint32_t n_strata;
};

/* RC_NO_SUPPORT: this libcrypto has no SM3. */
NODISCARD enum rc draw(struct arena *a, const struct population_list *who, struct rat share,
                       struct str seed, struct drawn *out);

#endif
