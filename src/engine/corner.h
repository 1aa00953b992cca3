/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The corners of a silent member, quickly: for roll-ups whose members are sums and counts of plain
 * items under plain conditions, in whole numbers over the denominators of the sheet. They span the
 * same region as those of the reference (engine/ref_arith.c), which completes all other members.
 *
 * Invariants
 *   CN1 corner_complete gives what ref_complete would: the same extremes, reads and flags; or
 * false. CN2 A ray has a direction, but no length: n and d of it are as small as can be. Ownership:
 * the form is plain data; corners go into the list given.
 */
#ifndef ENGINE_CORNER_H
#define ENGINE_CORNER_H

#include "base/vec.h"
#include "engine/cells.h"
#include "engine/chunk.h"

#define CORNER_ITEMS  6
#define CORNER_LEAVES 3

/* A contribution in whole numbers: n over the denominator above, d over the one below. */
struct corner_int {
    int64_t n, d;
    bool ray;
};

struct corner_ints {
    VEC(struct corner_int) list;
};

struct corner_item {
    uint32_t item;
    struct period period;
    struct date day;
    int64_t den;
    bool is_bool;
    uint32_t period_bit, basis_bit;
    uint32_t tied_to; /* bit per item: this one is a part of it (C05) */
    bool compared;    /* conditions compare it with a number: */
    bool over;        /* the truth changes above it, not at it */
    int64_t number;
    bool narrowed;  /* checks may narrow its bounds at a unit; else: */
    bool limitless; /* upwards */
    int64_t lo, hi;
    /* Where it stands now (corner_form_look). */
    const struct figure_column *figures; /* NULL: nobody has reported */
    const uint32_t *slot;                /* by unit */
    const struct tree_snap *then;        /* NULL: memory is out */
};

/* What a term adds up: an item, a truth, or 1. */
struct corner_term {
    uint32_t where;    /* its condition, or NONE */
    uint32_t item;     /* index among the items, or NONE */
    uint32_t holds;    /* of a share: what must hold, or NONE */
    bool ratio, below; /* share or mean; below the division */
};

struct corner_form {
    bool fits; /* else nobody is completed here */
    bool ties;
    uint32_t n;
    struct corner_item items[CORNER_ITEMS];
    struct corner_term terms[TERMS_MAX];
};

/* factor: of a term's integers. Bits of reads come from the table of the place. */
void corner_form_make(struct arena *a, const struct chunk_place *p, struct corner_form *out);
/* The same for a comparison of an item with another one, or a number: x. */
void corner_form_compare(const struct chunk_place *p, const struct expr *x,
                         struct corner_form *out);
/*
 * What is known of the comparison at a member that is silent, by its bounds. false: the reference
 * must say it.
 */
NODISCARD bool corner_compare(struct arena *a, const struct corner_form *f,
                              const struct chunk_place *p, const struct expr *x, uint32_t member,
                              enum truth *out, struct unit_reads *reads);

/* Before members are completed: the figures may have moved since the last time. */
void corner_form_look(const struct chunk_place *p, struct corner_form *f);

/*
 * Completes a member: its corners go into `out`, or, when all that counts is known, one point
 * (*known). false: the reference must; nothing was added.
 */
NODISCARD bool corner_complete(struct arena *a, const struct corner_form *f,
                               const struct chunk_place *p, const int64_t *factor, uint32_t member,
                               struct arena *keep, struct corner_ints *out, bool *known,
                               struct unit_reads *reads);

#endif
