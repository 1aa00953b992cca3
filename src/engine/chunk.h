/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a stretch of members contributes to a roll-up, by kernels: worked out when it is wanted,
 * used while it is in the cache, and forgotten. Sums of it are what is kept (engine/sheet.h).
 *
 * Invariants
 *   CK1 A member that is open has nothing to say: whoever adds up leaves it out, and somebody exact
 *       completes it.
 *   CK2 reads and flags speak of every member, open ones included.
 *   CK3 x may be a view of the figures themselves: it is not written to.
 * Ownership: the arena given to chunk_make.
 */
#ifndef ENGINE_CHUNK_H
#define ENGINE_CHUNK_H

#include "base/vec.h"
#include "engine/column.h"
#include "engine/linear.h"

/* Contributions of one term: 0 for whoever does not count. */
struct term_column {
    const int64_t *x;
    int64_t den;
    const uint8_t *counted; /* shares and means: members of the base; else NULL */
};

struct chunk {
    uint32_t from, n; /* members of the frame */
    struct term_column columns[TERMS_MAX];
    uint8_t *open;
    uint8_t *flags; /* NULL: none anywhere */
    struct member_reads reads;
    VEC(uint32_t) opened; /* members of the chunk that are open, ascending */
};

/* Where chunks are cut from. */
struct chunk_place {
    struct cells *cells;
    struct frame *frame;
    const struct terms *terms;
    const struct moment *moment;
    struct read_table *table;
};

/* Kernels understand the members of these terms. */
bool chunk_can(const struct plan *p, const struct terms *t);
/* Members [from, to). false: something does not fit, and none of it may be used. */
NODISCARD bool chunk_make(struct arena *a, const struct chunk_place *p, uint32_t from, uint32_t to,
                          struct chunk *out);
/* Index of the first open member at or after i. */
uint32_t chunk_opened_from(const struct chunk *c, uint32_t i);
/* Takes members out of the contributions: those whose byte is not 0. */
void chunk_leave_out(struct arena *a, struct chunk *c, uint32_t n_terms, const uint8_t *left_out);
/* What a term adds up: an expression, or NONE for a plain count. */
uint32_t chunk_summed(const struct expr *x);

#endif
