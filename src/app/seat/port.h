/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rights of seats as the callback that reporting and tasks ask (report/desk.h, desk_may_fn).
 *
 *     struct desk d = {.may = seat_port_may, .may_ctx = &seat_desk, .actor = seat_port_actor(…),
 * …};
 *
 * Invariants
 *   PO1 An act that seat/port.def does not name is denied.
 *   PO2 Only who is logged in at the desk may do anything, and not while his password is stale.
 */
#ifndef APP_SEAT_PORT_H
#define APP_SEAT_PORT_H

#include "app/seat/desk.h"

/* ctx: a struct seat_desk whose roster is loaded (after seat_login). */
bool seat_port_may(void *ctx, struct str actor, const char *operation, struct str unit,
                   enum data_class class_);
/* How the one at the desk is named in commits: `user/ID`. */
struct str seat_port_actor(const struct seat_desk *d);
/* Whether the table names the act. */
bool seat_port_knows(const char *operation);

#endif
