/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dataset that grows by edits (model/edit.h), in tables of its own.
 *
 * Invariants
 *   GR1 What was in the dataset keeps its index; new rows come behind.
 *   GR2 D2 holds for the rows from the start only: new facts are in order of their coming.
 * Ownership: the arena. `d` is what readers see; its arrays move when they are full.
 */
#ifndef MODEL_GROW_H
#define MODEL_GROW_H

#include "base/attr.h"
#include "base/rc.h"
#include "model/edit.h"

struct arena;

struct grow {
    struct arena *arena;
    struct dataset d;
    uint32_t room[EDIT_KINDS]; /* rows that fit; 0: still the table it began with */
};

void grow_from(struct arena *a, const struct dataset *d, struct grow *out);
/* Room in a table, which is now of the arena: the next row comes without delay. RC_LIMIT. */
NODISCARD enum rc grow_ready(struct grow *g, enum edit_kind kind);
/* Index of the new row in its table. RC_LIMIT. */
NODISCARD enum rc grow_add(struct grow *g, const struct edit *e, uint32_t *ix);

/* Copies the tables into another arena, without room to grow: those that were outgrown stay behind
 * with the old one. RC_LIMIT. */
NODISCARD enum rc grow_settle(struct grow *g, struct arena *to);

/* How many rows the tables have, by enum edit_kind. */
struct table_counts {
    uint32_t n[EDIT_KINDS];
};
struct table_counts grow_counts(const struct dataset *d);
/* The dataset as it was when it had so many. */
struct dataset grow_first(const struct dataset *d, const struct table_counts *counts);

#endif
