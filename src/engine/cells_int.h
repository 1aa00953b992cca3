/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the cells: the indexes, and the linear hard checks. */
#ifndef ENGINE_CELLS_INT_H
#define ENGINE_CELLS_INT_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "engine/cells.h"
#include "model/figures.h"
#include "model/grow.h"

/* An index entry: a row of a table under a key. Sorted by key, then row. */
struct keyed {
    uint64_t key;
    uint32_t ix;
};

struct keyed_list {
    struct keyed *items;
    uint32_t n;
};

/* The rows under one key since an edit touched it. */
struct bucket {
    VEC(struct keyed) counts; /* those that count, in order of the table */
    VEC(struct keyed) all;    /* every version of them */
};

/* The rows of a table by key: sorted once, and what edits have touched since. */
struct shelf {
    struct keyed_list base; /* rows that count */
    struct keyed_list all;  /* with older versions; made at the first edit */
    bool has_all;
    bool of_today;          /* and it was made on the day that has just come */
    struct map_u64 touched; /* key -> buckets */
    VEC(struct bucket) buckets;
};

enum shelf_kind {
    SHELF_ATTRS,      /* (attribute, unit) -> dataset.attrs */
    SHELF_ROWS,       /* (register, owner) -> dataset.rows */
    SHELF_TITLES,     /* (title, unit) -> dataset.titles */
    SHELF_PARTNERS,   /* (relation, unit) -> dataset.relations, once for each end */
    SHELF_ACTIVITIES, /* (relation, smaller unit) -> dataset.activities */
    SHELF_FILINGS,    /* (register, unit) -> dataset.filings */
    SHELF_ROLLS,      /* (kind, unit) -> dataset.filings */
    SHELF__COUNT
};

struct bounds_set {
    struct check_line *items;
    uint32_t n;
    struct check_term *terms;
    uint32_t n_terms;
    uint32_t *group_of; /* by item: constraints of one group share items; NONE: in no check */
    uint32_t *group;    /* by constraint; the first of a group is its number */
    bool *pair;         /* by constraint: part <= whole, by itself */
};

/* A row that was recorded, or is of a day, after as_of. */
struct later_row {
    enum edit_kind table;
    uint32_t ix;
};

/* Facts of one unit that are taken for accepted (cells_suppose). */
struct supposed {
    uint32_t unit, n; /* n 0: none */
    const struct fact *facts;
};

struct cells {
    struct arena *arena;
    const struct plan *plan;
    const struct dataset *data;
    struct date as_of;
    struct tree_cache trees;
    struct figures figures;
    struct grow grown; /* when edits came; data is then its dataset */
    bool grows;
    struct shelf shelves[SHELF__COUNT];
    VEC(struct later_row) ahead; /* in order of their tables */
    struct map_u64 members;      /* (list, unit) */
    struct bounds_set bounds;
    struct supposed supposed;
};

/* ---- cells_day.c ---- */
/* Notes a row that is of a later day, or recorded on one. */
void cells_note_late(struct cells *c, enum edit_kind table, uint32_t ix);
/* Notes those of all tables but the facts. */
void cells_note_all(struct cells *c);

/* ---- cells_index.c ---- */
uint64_t cells_key(uint32_t x, uint32_t y);
bool cells_visible(const struct cells *c, const struct provenance *from);
void cells_index_make(struct cells *c);
/* The row can be seen from today on. */
void cells_index_late(struct cells *c, enum edit_kind table, uint32_t ix);
/* Before any row is: what is sorted by now lacks the rows that come late. */
void cells_index_ready(struct cells *c);
/* Rows that count under the key, in order of the table. */
struct keyed_list cells_under(const struct cells *c, enum shelf_kind s, uint64_t key);
/* Rows that count under keys from key_of(x, 0) on that begin with x; a copy in the arena. */
struct keyed_list cells_under_all(struct arena *a, const struct cells *c, enum shelf_kind s,
                                  uint32_t x);

/* Every key that a row stands under, or stood under before an edit: each once. */
struct key_list {
    VEC(uint64_t) list;
};
struct key_list cells_keys(struct arena *a, const struct cells *c, enum shelf_kind s);

/* ---- cells_bound.c ---- */
/* Reads the hard checks of the plan. */
void cells_bounds_make(struct cells *c);
/* Narrows the bounds of a silent number by the checks that hold it (C05). */
void cells_bounds_narrow(struct arena *a, const struct cells *c, uint32_t item, uint32_t unit,
                         struct period period, struct rat *lo, struct rat *hi);
/* The fact that counts, or a silent cell with its declared bounds. */
struct cell cells_raw(const struct cells *c, uint32_t item, uint32_t unit, struct period period);

#endif
