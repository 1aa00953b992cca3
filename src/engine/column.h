/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known about the members of a frame, as columns of the kernels: items at a period,
 * attributes, titles and lists on a day, fields of rows.
 *
 * Invariants
 *   CO1 A silent member, or one whose figure does not fit the column, is open and has no value.
 *   CO2 Every pair read is noted, for active members only (C10).
 *   CO3 A column may be a view of the figures themselves: nobody writes into a column of another.
 * Ownership: the arena of the kernels.
 */
#ifndef ENGINE_COLUMN_H
#define ENGINE_COLUMN_H

#include "engine/frame.h"
#include "engine/kern.h"
#include "engine/reads.h"

/* Where columns are wanted: of members [from, from + k->n) of a frame. */
struct column_place {
    struct kern *k;
    struct cells *cells;
    struct frame *frame;
    uint32_t from;
    const uint8_t *active; /* members that are read; NULL: all */
    struct read_table *table;
    struct member_reads *reads;
};

/* Units only. day: of the figure; who did not stand on it has none (C28). false: RC_LIMIT. */
NODISCARD bool column_item(struct column_place *p, uint32_t item, struct period period,
                           struct date day, struct kcol *out);
struct kcol column_attr(struct column_place *p, uint32_t attribute, struct moment m);
struct kcol column_title(struct column_place *p, uint32_t title, struct date day);
struct kcol column_list(struct column_place *p, uint32_t list);
struct kcol column_covered(struct column_place *p, uint32_t relation, struct date day);
/* Rows only. */
struct kcol column_field(struct column_place *p, uint32_t field);

#endif
