/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sheet: one roll-up over one population at one moment, worked out once for all units above.
 *
 * Members whose cells are known stand in columns and are added up over ranges; the others are
 * completed one by one (engine/ref.h), and their corners kept. The bounds at any unit follow from
 * both through engine/region, exactly (C03).
 *
 * Members whose contribution needs more than kernels (aggregates below them, other years) are
 * asked for one by one through `sheet_source`.
 *
 * Ownership: the arena of sheet_make, which may also serve as scratch.
 */
#ifndef ENGINE_SHEET_H
#define ENGINE_SHEET_H

#include "base/vec.h"
#include "engine/column.h"
#include "engine/linear.h"
#include "engine/region.h"

/* Evaluates an expression at one unit; false: it cannot, or the answer is not decided. */
struct sheet_source {
    bool (*at)(void *ctx, uint32_t e, uint32_t unit, struct moment m, struct reads *reads,
               const struct reads *silent, struct mval *out);
    void *ctx;
};

/* A member outside the columns: known, or with corners. */
struct loose_member {
    uint32_t member;
    uint32_t corner_from, corner_to;
    struct rat n, d; /* when it has no corners */
    uint32_t flags;
};

/* Contributions of one term: 0 for whoever does not count. */
struct term_column {
    int64_t *x;
    int64_t den;
    uint8_t *counted; /* shares and means: members of the base; else NULL */
};

struct sheet {
    struct cells *cells;
    const struct evaluator *ref;
    struct terms terms;
    struct moment moment;
    struct frame frame;
    struct term_column columns[TERMS_MAX];
    uint8_t *flags; /* per member; NULL: none anywhere */
    VEC(struct loose_member) loose;
    VEC(struct corner) corners;
    const uint32_t *n_open; /* rolls and registers not filed before tree index i (tree->n + 1);
                               NULL: nothing is open */
    struct reads reads;     /* the whole tree */
    bool one_by_one;        /* by sheet_source */
};

/* false from *can: this roll-up is not for sheets. RC_LIMIT. */
NODISCARD enum rc sheet_make(struct arena *a, struct cells *c, const struct evaluator *ref,
                             const struct terms *t, struct moment m,
                             const struct sheet_source *source, struct sheet *out, bool *can);

/*
 * The region at tree index i and the flags of its members. silent: units to leave out (C32), or
 * NULL. false: a member cannot be evaluated without the others.
 */
NODISCARD bool sheet_region(struct arena *a, const struct sheet *s, uint32_t i,
                            const struct reads *silent, const struct sheet_source *source,
                            struct region *g, uint32_t *flags);

#endif
