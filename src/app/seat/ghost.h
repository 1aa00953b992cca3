/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tries as somebody who is no user, counted as those of users are (seat/secret.h), so that answers
 * do not tell one from the other. In memory alone: names that anybody can make up have no place in
 * the book.
 *
 * Invariants
 *   GH1 Memory is fixed: a name takes the place of another one with the same hash, which begins
 *       anew.
 */
#ifndef APP_SEAT_GHOST_H
#define APP_SEAT_GHOST_H

#include <stdint.h>

#include "base/str.h"

struct arena;
struct seat_ghosts; /* opaque; any thread */

struct seat_ghosts *seat_ghosts_new(struct arena *a);
/* How long to wait still, in microseconds; 0: the try is counted. */
int64_t seat_ghosts_try(struct seat_ghosts *g, struct str name, int64_t now);

#endif
