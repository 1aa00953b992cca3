/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the cells: the indexes, and the linear hard checks. */
#ifndef ENGINE_CELLS_INT_H
#define ENGINE_CELLS_INT_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "engine/cells.h"

/* An index entry: a row of a table under a key. Sorted by key, then row. */
struct keyed {
    uint64_t key;
    uint32_t ix;
};

struct keyed_list {
    struct keyed *items;
    uint32_t n;
};

struct bounds_set {
    struct check_line *items;
    uint32_t n;
    struct check_term *terms;
    uint32_t n_terms;
    uint32_t *group_of; /* by item: constraints of one group share items; NONE: in no check */
    uint32_t *group;    /* by constraint */
};

struct cells {
    struct arena *arena;
    const struct plan *plan;
    const struct dataset *data;
    struct date as_of;
    struct tree_cache trees;
    struct keyed_list attrs;      /* (attribute, unit) -> dataset.attrs */
    struct keyed_list rows;       /* (register, owner) -> dataset.rows */
    struct keyed_list titles;     /* (title, unit) -> dataset.titles */
    struct keyed_list partners;   /* (relation, unit) -> dataset.relations, once for each end */
    struct keyed_list activities; /* (relation, smaller unit) -> dataset.activities */
    struct keyed_list filings;    /* (register, unit) -> dataset.filings */
    struct keyed_list rolls;      /* (kind, unit) -> dataset.filings */
    struct map_u64 members;       /* (list, unit) */
    struct bounds_set bounds;
};

/* Reads the hard checks of the plan. */
void cells_bounds_make(struct cells *c);
/* Narrows the bounds of a silent number by the checks that hold it (C05). */
void cells_bounds_narrow(struct arena *a, const struct cells *c, uint32_t item, uint32_t unit,
                         struct period period, struct rat *lo, struct rat *hi);
/* The fact that counts, or a silent cell with its declared bounds. */
struct cell cells_raw(const struct cells *c, uint32_t item, uint32_t unit, struct period period);

#endif
