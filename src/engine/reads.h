/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a measure reads: per unit, which periods (C10) and by which definition versions (C19), as
 * bits of two small tables. Sets of many units unite by OR, and are counted in one pass.
 *
 * Invariants
 *   RD1 silent is part of read: a pair is reported when it is read and not silent.
 *   RD2 Units are told apart by id, whatever the tree they were read in: those at the tree indexes
 *       [from, from + n) stand in an array, the others among the extras. Each unit stands once.
 *   RD3 More periods or versions than fit: `full`, and nothing is counted any more.
 * Ownership: the arena given to reads_init holds what is noted afterwards, too.
 */
#ifndef ENGINE_READS_H
#define ENGINE_READS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/tree.h"
#include "model/verdict.h"

struct arena;
struct ref_reads;

#define READS_BITS 32

struct unit_reads {
    uint32_t read, silent; /* bits of periods */
    uint32_t basis;        /* bits of bases */
};

#define READS_GROUPS 4

/*
 * Of a stretch of members: what all of them read, what those of a mask read besides, and each one.
 * Of whole columns it is not said who is silent: these members are completed, and what that reads
 * says it.
 */
struct member_reads {
    struct unit_reads all;
    struct {
        const uint8_t *mask;
        struct unit_reads bits;
    } groups[READS_GROUPS];
    uint32_t n_groups;
    struct unit_reads *each; /* NULL: nothing */
};

/* How many bits are set: there are few. */
static inline uint32_t reads_number(uint32_t bits)
{
    uint32_t n = 0;
    for (; bits != 0; bits &= bits - 1) {
        n++;
    }
    return n;
}

/* What the bits stand for. */
struct read_table {
    uint32_t periods[READS_BITS]; /* period_code */
    struct basis bases[READS_BITS];
    uint32_t n_periods, n_bases;
    bool full; /* too many: the answer must come from elsewhere */
};

/* A unit that has no place in the array: it stood elsewhere, or on another day alone. */
struct extra_reads {
    uint32_t unit;
    uint32_t owner; /* of a sheet: the member that reads it */
    struct unit_reads reads;
};

struct reads {
    const struct tree_snap *tree; /* NULL: nothing was read yet */
    uint32_t from, n;
    struct unit_reads *units;
    struct read_table *table;
    struct arena *arena;
    VEC(struct extra_reads) extras;
    struct map_u64 extra_of; /* unit -> its place among the extras */
};

/* The bit of a period or basis; 0 when full. */
uint32_t read_period(struct read_table *t, uint32_t code);
uint32_t read_basis(struct read_table *t, uint32_t item, uint32_t hash);
/* What completing a member read (engine/ref.h), all of it at one unit. false: it was not. */
NODISCARD bool read_ref(struct read_table *t, const struct ref_reads *from, uint32_t unit,
                        struct unit_reads *out);

static inline void unit_read(struct unit_reads *u, uint32_t period_bit, bool known,
                             uint32_t basis_bit)
{
    u->read |= period_bit;
    u->silent |= known ? 0 : period_bit;
    u->basis |= basis_bit;
}

static inline void unit_reads_unite(struct unit_reads *u, struct unit_reads x)
{
    u->read |= x.read;
    u->silent |= x.silent;
    u->basis |= x.basis;
}

static inline struct unit_reads member_reads_at(const struct member_reads *r, uint32_t i)
{
    struct unit_reads u = r->all;
    for (uint32_t g = 0; g < r->n_groups; g++) {
        if (r->groups[g].mask[i] != 0) {
            unit_reads_unite(&u, r->groups[g].bits);
        }
    }
    if (r->each) {
        unit_reads_unite(&u, r->each[i]);
    }
    return u;
}

/*
 * Nothing read; the units in the subtree of tree index i (0: the whole tree; TREE_NONE: none) have
 * their places. The table is the caller's, and is filled.
 */
void reads_init(struct arena *a, struct reads *r, struct read_table *table,
                const struct tree_snap *tree, uint32_t i);
void reads_note(struct reads *r, uint32_t unit, uint32_t period_bit, bool known,
                uint32_t basis_bit);
/* What completing a member read (engine/ref.h). */
void reads_note_ref(struct reads *r, const struct ref_reads *from);
/* Adds units[0..n), those at index i and on of a tree, their bits by another table. */
void reads_unite(struct reads *r, const struct read_table *table, const struct tree_snap *tree,
                 uint32_t i, uint32_t n, const struct unit_reads *units);
/* The same of units named one by one. */
void reads_unite_extras(struct reads *r, const struct read_table *table,
                        const struct extra_reads *extras, uint32_t n);
bool reads_is_silent(const struct reads *r, uint32_t unit);
/* Pairs and bases of everything read. */
void reads_finish(struct arena *a, const struct reads *r, struct mval *out);
/* The same from sums: pairs read, pairs silent, bits of bases. */
void reads_give(struct arena *a, const struct read_table *t, uint32_t expected, uint32_t silent,
                uint32_t bases, struct mval *out);

#endif
