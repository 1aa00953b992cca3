/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The figures known on a day, by column: one column per (item, period), with a slot for every unit
 * that is, was or will be of the item's kind. Slots stand in pre-order of the tree of its last day,
 * so that the units below an area are a run of slots wherever the tree has not moved.
 *
 * Invariants
 *   FG1 A figure is x / den, exactly; what does not fit is `odd`, and stands in its fact only.
 *   FG2 A silent slot has x == 0 and no other bit; fact says who withdrew it, or NONE.
 *   FG3 Of several facts the accepted one recorded last counts, of equals the one that came last
 *       (C30, C38).
 *   FG4 A column without facts has `fact` NULL: then nothing in it is odd or marked.
 *   FG5 A lent column does not change: whoever writes copies it first.
 * Ownership: the arena given to figures_make; plan and tree must outlive it. Readers may share it
 * while nobody writes.
 */
#ifndef MODEL_FIGURES_H
#define MODEL_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/vec.h"
#include "model/dataset.h"
#include "model/plan.h"
#include "model/tree.h"

struct arena;
struct err;

struct figure_column {
    int64_t den; /* 0: every figure is odd */
    int64_t *x;
    uint64_t *known;  /* bit per slot */
    uint64_t *odd;    /* x is not the figure: NULL when none is */
    uint64_t *marked; /* its fact has marks, a definition or a time point of its own; or NULL */
    uint32_t *fact;   /* index in dataset.facts, NONE: no row said anything; NULL: FG4 */
    bool lent;        /* its arrays are those of other figures, too: copied before written (FG5) */
    /* Of the facts it has seen: the day recorded last, and the one behind the last. */
    struct date latest;
    uint32_t end;
};

/* The units of a kind, in order of their slots. */
struct figure_slots {
    uint32_t n;
    const uint32_t *unit; /* by slot */
    const uint32_t *slot; /* by unit id; NONE: never of this kind */
};

/* The columns of one item: a few, looked through one by one. */
struct period_column {
    uint32_t code; /* period_code */
    uint32_t column;
};
struct item_columns {
    VEC(struct period_column) list;
};

struct figures {
    struct arena *arena;
    const struct plan *plan;
    const struct tree *tree;
    struct figure_slots *slots; /* by kind; of those that report items */
    uint32_t *order;            /* every unit id once */
    struct item_columns *items; /* by item */
    VEC(struct figure_column) columns;
};

/* No columns yet. RC_LIMIT. */
NODISCARD enum rc figures_make(struct arena *a, const struct plan *p, const struct tree *t,
                               struct figures *out, struct err *e);

/* Of the kind that reports the item. */
const struct figure_slots *figures_slots(const struct figures *f, uint32_t item);
/* NULL: nobody has reported. Valid until a column is added. */
const struct figure_column *figures_at(const struct figures *f, uint32_t item, struct period p);
/* The same, made when it is not there. with_facts: FG4. */
struct figure_column *figures_column(struct figures *f, uint32_t item, struct period p,
                                     bool with_facts);
/*
 * The columns of other figures of the same plan and tree, none of which has facts (FG4): what is
 * known without rows of its own. They must outlive f, and none of them is written.
 */
void figures_borrow(struct figures *f, const struct figures *from);
/*
 * What was known before, for other threads while these figures go on: *out is lent all columns as
 * they are now (FG5). By the writer.
 */
void figures_lend(struct arena *a, struct figures *f, struct figures *out);
/*
 * Figures of a day gone by and the first `end` facts: takes over the columns that are what they
 * were then, with the places of units. The others have to be made (figures_lacks).
 */
void figures_of_past(struct arena *a, const struct figures *lent, struct date day, uint32_t end,
                     struct figures *out);
bool figures_lacks(const struct figures *f, uint32_t item, struct period p);
/* The columns of other figures of the same plan, tree and dataset, which may go: copies of those
 * that have facts. f has none yet. */
void figures_copy(struct figures *f, const struct figures *from);
/* Takes fact ix of the dataset into account (FG3). Requires an accepted fact. */
void figures_take(struct figures *f, const struct dataset *d, uint32_t ix);

static inline bool figure_bit(const uint64_t *bits, uint32_t slot)
{
    return bits && (bits[slot / 64] >> slot % 64 & 1) != 0;
}

static inline void figure_set(uint64_t *bits, uint32_t slot, bool on)
{
    uint64_t bit = (uint64_t)1 << slot % 64;
    bits[slot / 64] = on ? bits[slot / 64] | bit : bits[slot / 64] & ~bit;
}

/* A figure without a row, in a column without facts (FG4) that is not lent. */
static inline void figure_put(struct figure_column *c, uint32_t slot, bool known, int64_t x)
{
    c->x[slot] = x;
    figure_set(c->known, slot, known);
}

/* v as a number over den; false: it does not fit, or den is 0. */
NODISCARD bool figure_scaled(struct rat v, int64_t den, int64_t *out);

#endif
