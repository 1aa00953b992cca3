/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users who come by single sign-on (docs/internals/people.md, 32): the provider has said who it is,
 * as issuer and `sub`, and that was verified (http/oidc.h).
 *
 * Invariants
 *   SN1 A name of the provider is linked to one user at most, by the security administrator.
 *   SN2 Who holds a seat of an administrator is neither linked nor let in.
 *   SN3 Unknown, closed and administrator have one answer.
 */
#ifndef APP_SEAT_SSO_H
#define APP_SEAT_SSO_H

#include "app/seat/desk.h"

#define SEAT_SUB_BYTES    255
#define SEAT_ISSUER_BYTES 500

/* RC_CONFLICT: SN1, SN2. */
NODISCARD enum rc seat_user_link(struct seat_desk *d, struct str id, struct str issuer,
                                 struct str sub, struct str note, struct err *e);
NODISCARD enum rc seat_user_unlink(struct seat_desk *d, struct str id, struct str note,
                                   struct err *e);
/* The user becomes the actor, d->session.by is SEAT_BY_SSO. RC_DENIED: SN3, or he is locked. */
NODISCARD enum rc seat_sso(struct seat_desk *d, struct str issuer, struct str sub, struct err *e);

#endif
