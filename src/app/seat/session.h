/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A login that lasts: who has shown password and code once shows a token for some hours.
 *
 *     TRY(seat_login(&d, user, &typed, false, &login, e));
 *     TRY(seat_session_begin(&d, &token, e));             // give it to the person, never store it
 *     ...
 *     TRY(seat_session_resume(&d, user, token, e));       // the next time, instead of seat_login
 *
 * Invariants
 *   SS1 The book's database holds only the hash (SM3) of a token, which is 256 random bits.
 *   SS2 A session ends SEAT_SESSION_HOURS after its login, SEAT_SESSION_IDLE minutes after its last
 *       use, with a new password, a lock, the loss of the authenticator, and with the user (SC3).
 *   SS3 A session says who it is and nothing of what he may: that is looked up at each act.
 *   SS4 Unknown user, unknown token and ended session have one answer.
 */
#ifndef APP_SEAT_SESSION_H
#define APP_SEAT_SESSION_H

#include "app/seat/desk.h"

#define SEAT_SESSION_HOURS 10
#define SEAT_SESSION_IDLE  30 /* minutes */
#define SEAT_TOKEN_TEXT    52 /* signs of base 32 */
#define SEAT_SESSION_ID    12 /* the first signs of its hash: they name a session to people */

/* Of the actor, who is logged in, at his device. In the arena of the desk. RC_DENIED: his password
 * is stale. Of too many sessions the oldest ends. */
NODISCARD enum rc seat_session_begin(struct seat_desk *d, struct str *token, struct err *e);
/* The user becomes the actor, d->session the session. RC_DENIED: SS4. */
NODISCARD enum rc seat_session_resume(struct seat_desk *d, struct str user, struct str token,
                                      struct err *e);
/* RC_OK also when there is none any more. */
NODISCARD enum rc seat_session_end(struct seat_desk *d, struct str user, struct str token,
                                   struct err *e);

/* ---- the list of devices -------------------------------------------------------------------- */

struct seat_sessions {
    struct seat_session list[SEAT_SESSIONS];
    uint32_t n;
};

/* Those of the user that hold now. The caller has asked whether the actor may see them. */
NODISCARD enum rc seat_session_list(struct seat_desk *d, struct str user, struct seat_sessions *out,
                                    struct err *e);
/* Ends the one of this id, with "" all but d->session. RC_NOT_FOUND: none has the id. */
NODISCARD enum rc seat_session_drop(struct seat_desk *d, struct str user, struct str id,
                                    struct err *e);
/* Seconds until the session ends if it is used. */
int64_t seat_session_left(const struct seat_session *s, int64_t now);

/* A random token and its hash as it is kept (SS1); for seat/token.c. */
NODISCARD enum rc seat_token_make(struct arena *a, struct str *token, struct str *hash,
                                  struct err *e);
NODISCARD enum rc seat_token_hash(struct arena *a, struct str token, struct str *hash,
                                  struct err *e);

#endif
