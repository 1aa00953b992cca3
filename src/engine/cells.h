/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cells: what is known of a dataset on one day.
 *
 * One answer per (unit, item, period), (unit, attribute, day), title, relation and row, with the
 * choice among versions made: accepted, recorded on or before as_of, recorded last (C30, C38). A
 * silent number ranges over its declared bounds (C04), narrowed by the hard checks that are linear
 * in items of one kind (C05): such bounds are propagated to a fixpoint, or for CELLS_ROUNDS_MAX
 * rounds, whichever comes first; every round is sound. Facts that contradict a check are left as
 * they are: the check is a finding, not a correction. Where they leave a silent number no room, it
 * and those that checks tie to it through silent ones have their declared bounds.
 *
 * Invariants
 *   CE1 lo <= hi; known cells have lo == hi.
 *   CE2 Whatever is recorded after as_of cannot be seen through this interface.
 *   CE3 Row lists are in order of the dataset; partner lists ascend and name a unit once.
 * Ownership: the arena given to cells_make; plan and dataset must outlive it. Queries that make
 * lists take an arena of their own.
 */
#ifndef ENGINE_CELLS_H
#define ENGINE_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "model/dataset.h"
#include "model/edit.h"
#include "model/grow.h"
#include "model/plan.h"
#include "model/tree.h"
#include "model/verdict.h"

struct arena;
struct err;
struct figures;
struct cells; /* opaque */

#define CELLS_ROUNDS_MAX 64

struct cell {
    bool known;
    struct rat lo, hi;  /* numbers; booleans 0..1; choices: the index, when known */
    struct str text;    /* known texts */
    uint32_t fact;      /* index in dataset.facts (attributes: .attrs), NONE: silent */
    uint32_t flags;     /* enum mval_flags */
    struct str version; /* definition version in force, or the fact's own (C19) */
    struct str point;   /* the fact's own time point; empty: the item's */
};

/* A hard check that is linear: constant + Σ factor × item >= 0 at every unit of the kind (C05). */
struct check_term {
    uint32_t item;
    struct rat factor; /* not 0 */
};

struct check_line {
    uint32_t kind;
    uint32_t first, n; /* terms, one per item */
    struct rat constant;
};

struct check_lines {
    const struct check_line *items;
    uint32_t n;
    const struct check_term *terms;
};

/* RC_LIMIT when the arena is full. */
NODISCARD enum rc cells_make(struct arena *a, const struct plan *p, const struct dataset *d,
                             struct date as_of, struct cells **out, struct err *e);

/*
 * A row more: it counts from now on as if it had been in the dataset, behind all others. The first
 * one makes cells_dataset a dataset of the cells' own. *ix: its index in its table. RC_LIMIT, when
 * the arena is full; arena_run of the caller takes what cannot be asked before.
 */
NODISCARD enum rc cells_apply(struct cells *c, const struct edit *e, uint32_t *ix);

/*
 * A later day: as cells_make on that day. *edits: the rows that count since, or otherwise: recorded
 * ahead, or of a day that has come now; in `a`. RC_LIMIT; arena_run takes the rest, as above. Not
 * of cells that were made of the past.
 */
NODISCARD enum rc cells_advance(struct arena *a, struct cells *c, struct date day,
                                const struct edit **edits, uint32_t *n);

/* As cells_make of the plan and a copy of the dataset of other cells, on their day or a later one;
 * they may go. */
NODISCARD enum rc cells_make_again(struct arena *a, const struct cells *before,
                                   const struct dataset *d, struct date as_of, struct cells **out,
                                   struct err *e);

/*
 * What the cells have been told so far, for an evaluation of a day gone by beside these. It does
 * not change when they go on, and is theirs: they must outlive it.
 */
struct cells_lent {
    const struct plan *plan;
    struct dataset data;
    struct figures *figures;
};
/* By the writer. */
void cells_lend(struct arena *a, struct cells *c, struct cells_lent *out);
/*
 * As cells_make(a, plan, &from->data, as_of, …); counts: the rows from the start of its tables that
 * had come by then. `from` must outlive it. as_of: not after that of the cells that lent. Any
 * thread.
 */
NODISCARD enum rc cells_make_past(struct arena *a, const struct cells_lent *from,
                                  const struct table_counts *counts, struct date as_of,
                                  struct cells **out, struct err *e);

/* Facts to come will find room: their table is from now on of the cells' own. RC_LIMIT. */
NODISCARD enum rc cells_ready(struct cells *c);

/*
 * The same for another thread: shares all but the trees, which it makes for itself in `a`. While it
 * is in use nobody may apply edits. RC_NO_MEMORY is met by stopping, like arena_alloc.
 */
struct cells *cells_view(struct arena *a, const struct cells *c);
/* The view sees what edits have brought since. */
void cells_view_again(struct cells *view, const struct cells *c);

/*
 * The same, as if these facts of the unit had been accepted as the last ones; one without value
 * makes its cell silent. At most one of a cell; they must outlive the view. For measures of the
 * reference: columns and the judge look at the figures themselves and know nothing of it.
 */
struct cells *cells_suppose(struct arena *a, const struct cells *c, uint32_t unit,
                            const struct fact *facts, uint32_t n);

const struct plan *cells_plan(const struct cells *c);
const struct dataset *cells_dataset(const struct cells *c);
const struct figures *cells_figures(const struct cells *c);
struct date cells_as_of(const struct cells *c);

struct check_lines cells_checks(const struct cells *c);
/* Items whose silent figures may be narrowed by each other have one number; NONE: by none (C05). */
uint32_t cells_check_group(const struct cells *c, uint32_t item);

/* The tree of a day, made once. RC_LIMIT. */
NODISCARD enum rc cells_tree(struct cells *c, struct date day, const struct tree_snap **out);

/* `a` holds bounds that are not whole numbers. */
struct cell cells_item(struct arena *a, const struct cells *c, uint32_t item, uint32_t unit,
                       struct period period);
/*
 * A hard check says that part <= whole at every unit of the kind, directly or through other items
 * (C05). Sums like a + b <= whole tie both parts.
 */
bool cells_tied(struct arena *a, const struct cells *c, uint32_t part, uint32_t whole,
                uint32_t kind);
/* Name of the definition version of an item in a plan year; "1" before the first (C19). */
struct str cells_version(const struct item *item, int32_t year);
struct cell cells_attr(const struct cells *c, uint32_t attribute, uint32_t unit, struct date day);
/* Narrows *from and *to to days on which the unit's attribute is what it is on `day`. */
void cells_attr_days(const struct cells *c, uint32_t attribute, uint32_t unit, struct date day,
                     struct date *from, struct date *to);
/* A field of a row; silent fields have the field's bounds. */
struct cell cells_field(const struct cells *c, uint32_t field, uint32_t row);

/* Titles are a complete roll (C35): held on the day or not (C23). */
bool cells_holds(const struct cells *c, uint32_t title, uint32_t unit, struct date day);
/* The same of titles granted on `granted` or later. */
bool cells_holds_since(const struct cells *c, uint32_t title, uint32_t unit, struct date granted,
                       struct date day);
/* Frozen by members. Lists by predicate are the evaluator's. (C39) */
bool cells_listed(const struct cells *c, uint32_t list, uint32_t unit);

/*
 * Rows of a register and owner that count: dated ones with first <= day <= last, others in
 * force on `day`. Indexes in dataset.rows, in the arena.
 */
uint32_t cells_rows(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                    struct date first, struct date last, struct date day, const uint32_t **out);
/* The same, but others count when they are in force on any day of first..last (C17). */
uint32_t cells_rows_within(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                           struct date first, struct date last, struct date day,
                           const uint32_t **out);
/* The roll of a kind below a unit is on file for the period of the day (C35). */
bool cells_roll_filed(const struct cells *c, uint32_t roll, uint32_t unit, struct date day,
                      struct period *period);
/*
 * Rows of a register and owner that touch first..last: the part of row i in that span is
 * spans[i].first..spans[i].last.
 */
struct row_span {
    uint32_t row;
    struct date first, last;
};
uint32_t cells_spans(struct arena *a, const struct cells *c, uint32_t reg, uint32_t owner,
                     struct date first, struct date last, const struct row_span **out);
/* A filing for the period is on record (C35); *nil says that there is nothing. */
bool cells_filed(const struct cells *c, uint32_t reg, uint32_t owner, struct period period,
                 bool *nil);

/* Distinct partners of a unit through pairs that count on the day (C24). Ascending unit ids. */
uint32_t cells_partners(struct arena *a, const struct cells *c, uint32_t relation, uint32_t unit,
                        struct date day, const uint32_t **out);
/* Pairs that count on the day: a < b, each once, as (a << 32 | b) ascending. */
uint32_t cells_pairs(struct arena *a, const struct cells *c, uint32_t relation, struct date day,
                     const uint64_t **out);

#endif
