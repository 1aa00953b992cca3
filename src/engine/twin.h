/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two bases side by side, one before and one after: which commitments, items and units of one are
 * those of the other, which units have another history, and where the data differ. So that rows of
 * the base before can stand in the one after (docs/internals/live.md, decision 7).
 *
 *     struct twin t;
 *     if (!twin_make(a, before, after, &t)) { … }
 *     twin_item(&t, a, i, &figures);            each item, on any thread
 *     if (twin_data(&t, figures, n, tell, ctx)) { … }
 *
 * Invariants
 *   TW1 What is called the same is the same to every evaluation: declarations, expressions and all
 *       that they refer to are compared field by field. When in doubt it is another one.
 *   TW2 Before `since` the trees are the same, and so is the lineage.
 *   TW3 All differences of what is known are told but those at units that only one of the trees
 *       has, which are changed units.
 * Ownership: the arena; both cells must outlive it.
 */
#ifndef ENGINE_TWIN_H
#define ENGINE_TWIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/vec.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "model/edit.h"

struct arena;
struct block;

/* A unit with another history: its number in both trees, NONE where it is not. */
struct twin_unit {
    uint32_t was, is;
};

struct twin {
    struct arena *a;
    const struct cells *before, *after;
    const struct plan *p, *q; /* of each */
    const struct tree *s, *t;
    /* By number after: the number before, or NONE: there is no such thing that is the same. */
    uint32_t *item, *attribute, *reg, *relation, *title, *event, *list, *commitment;
    uint32_t *indicator; /* a commitment as others refer to it */
    uint32_t *unit_was;
    uint32_t *unit_is; /* by number before: the number after, or NONE */
    VEC(struct twin_unit) changed;
    struct date since;      /* the first day on which the trees differ; DATE_MAX: they never do */
    struct twin_runs *runs; /* by kind that reports; private */
    uint32_t depth;         /* of the expression at work */
    uint32_t told;
};

/* A figure that is another one: unit and item by numbers before. */
struct twin_figure {
    uint32_t unit, item;
    struct period period;
};
struct twin_figures {
    VEC(struct twin_figure) list;
};

/* false: nothing is the same for certain. */
bool twin_make(struct arena *a, const struct cells *before, const struct cells *after,
               struct twin *out);
/* Compares an item, by its number after. Changes nothing but `out`. */
void twin_item(const struct twin *t, struct arena *a, uint32_t item, struct twin_figures *out);
/*
 * Says where the data differ, as edits of the base before: the figures that were found, and all
 * other rows. false: in too many places.
 */
bool twin_data(struct twin *t, const struct twin_figures *figures, uint32_t n,
               void (*tell)(void *ctx, const struct edit *e), void *ctx);

/* Blocks of commitments that are the same, at the same place, ask for the same; of what is known on
 * which day does not count. t NULL: of one commitment. */
bool twin_blocks(const struct twin *t, const struct block *before, const struct block *after);

/* ---- twin_plan.c, twin_tree.c, twin_data.c: private ---- */
bool twin_plans(struct twin *t);
/* Fields of registers that are the same stand at the same place in them. */
bool twin_fields(const struct twin *t, uint32_t before, uint32_t after);
void twin_trees(struct twin *t);
void twin_slots(struct twin *t);

#endif
