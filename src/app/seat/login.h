/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person proves to be a user.
 *
 * Invariants
 *   LO1 Unknown (also after wrong tries, where seat/ghost.h counts them), closed, without password,
 * wrong password and wrong code have one answer, after the same work. LO2 A try is counted before
 * it is looked at; what is let in takes the count back. LO3 A lock and each login by
 * seat_login_record are commits.
 */
#ifndef APP_SEAT_LOGIN_H
#define APP_SEAT_LOGIN_H

#include "app/seat/desk.h"

/* What was typed. */
struct seat_typed {
    struct str password;
    struct str code;              /* "": none was asked for, or given */
    struct str (*ask)(void *ctx); /* NULL, or asks for the code where the password fits */
    void *ctx;
};

struct seat_login {
    uint32_t failures; /* before this one, in a row */
    bool stale;        /* the password must be changed (DE1) */
    bool has_totp;
};

/*
 * RC_DENIED: LO1, or it is too early for a try (then e says how long to wait). With `second` he
 * is the one who stands by, else the actor.
 */
NODISCARD enum rc seat_login(struct seat_desk *d, struct str user, const struct seat_typed *typed,
                             bool second, struct seat_login *out, struct err *e);
/* The login of the actor as a commit `user.login`. */
NODISCARD enum rc seat_login_record(struct seat_desk *d, const struct seat_login *login,
                                    struct err *e);

#endif
