/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an API token is for: operations, and units with all below them (docs/internals/people.md,
 * 31). It takes away from what its holder may, and never gives anything.
 *
 * Invariants
 *   SO1 Operations on proofs and rights (user.set, seat.set) are in no scope.
 *   SO2 A unit of the scope that does not stand on the day reaches nothing.
 */
#ifndef APP_SEAT_SCOPE_H
#define APP_SEAT_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/seat/roster.h"
#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

#define SEAT_SCOPE_UNITS 16

struct seat_scope {
    uint64_t ops;     /* a bit per enum seat_op */
    struct str units; /* codes, with a line end behind each; "": wherever its holder may */
};

/* Words of op.def with blanks between. RC_INPUT: none, one that is not known, or SO1. */
NODISCARD enum rc seat_scope_read(struct str words, struct seat_scope *out, struct err *e);
/* And back, in the order of op.def. */
struct str seat_scope_words(struct arena *a, const struct seat_scope *s);
/* Another unit of the scope. RC_NOT_FOUND: it does not stand; RC_LIMIT. */
NODISCARD enum rc seat_scope_unit(struct arena *a, const struct seat_roster *r, struct str unit,
                                  struct seat_scope *out, struct err *e);
/* What everybody may read of the tree of units is not bounded by units. */
bool seat_scope_allows(const struct seat_scope *s, const struct seat_roster *r, enum seat_op op,
                       struct str unit);

#endif
