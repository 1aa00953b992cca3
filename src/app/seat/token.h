/* SPDX-License-Identifier: Apache-2.0 */
/*
 * API tokens: a program shows one instead of a person logging in (docs/internals/people.md, 31).
 *
 *     TRY(seat_token_add(&d, &want, &text, e));     // shown once: tizhi-…
 *     ...
 *     TRY(seat_token_resume(&d, text, e));          // the holder is the actor, d.scope bounds him
 *
 * Invariants
 *   TO1 The book's database holds only the hash (SM3) of a token, which is 256 random bits.
 *   TO2 It holds until its day, while its holder is neither closed nor locked; SC3 says what else
 *       ends it.
 *   TO3 What it allows is asked of its scope and of the seats of its holder at each act (DE4).
 *   TO4 With a token nobody makes or ends one.
 *   TO5 Unknown user, unknown and ended token have one answer.
 */
#ifndef APP_SEAT_TOKEN_H
#define APP_SEAT_TOKEN_H

#include "app/seat/desk.h"

#define SEAT_TOKEN_PREFIX "tizhi-"
#define SEAT_TOKEN_DAYS   366

struct seat_tokens {
    struct seat_token list[SEAT_TOKENS];
    uint32_t n;
};

/* Of the actor: name, scope, until. *text in the arena of the desk. RC_CONFLICT: he has one of this
 * name; RC_LIMIT. */
NODISCARD enum rc seat_token_add(struct seat_desk *d, const struct seat_token *want,
                                 struct str *text, struct err *e);
/* Of the actor. RC_NOT_FOUND. */
NODISCARD enum rc seat_token_end(struct seat_desk *d, struct str name, struct err *e);
/* Those of the user, also that are over. The caller has asked whether the actor may see them. */
NODISCARD enum rc seat_token_list(struct seat_desk *d, struct str user, struct seat_tokens *out,
                                  struct err *e);
/* Its holder becomes the actor, within its scope. RC_DENIED: TO5. */
NODISCARD enum rc seat_token_resume(struct seat_desk *d, struct str text, struct err *e);
/* Takes it out of the record; for seat/user.c. false: there is none. */
bool seat_token_drop(struct seat_secret *s, struct str name);

#endif
