/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long one waits for whom: every connection has a moment by which it must have got on, however
 * many single bytes it sends or takes meanwhile. A thread shuts those that are late.
 *
 *     struct guest *g = patience_meet(p, fd);       a connection begins
 *     guest_until(g, service_now() + seconds);      its request must be there by then
 *     guest_until(g, GUEST_FREE);                   it is being worked on, or is a stream
 *     patience_part(p, g);                          before its socket is closed
 *
 * Invariants
 *   PT1 A guest is shut at most a second after its moment, and only between meet and part: so its
 *       socket is still its own.
 */
#ifndef HTTP_PATIENCE_H
#define HTTP_PATIENCE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"

struct arena;
struct err;
struct patience;
struct guest;

#define GUEST_FREE INT64_MAX

NODISCARD enum rc patience_start(struct arena *a, struct patience **out, struct err *e);
void patience_stop(struct patience *p);
/* NULL: too many; the connection goes on unwatched for as long as the library lets it. */
struct guest *patience_meet(struct patience *p, int fd);
void patience_part(struct patience *p, struct guest *g);
/* Microseconds since 1970. g may be NULL. */
void guest_until(struct guest *g, int64_t moment);

#endif
