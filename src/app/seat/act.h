/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done to users and seats. Each act is checked, permitted and one commit; texts that come
 * out (passwords for one use, secrets) lie in the arena of the desk and are shown once.
 *
 * Invariants
 *   AC1 Whoever holds a seat of an administrator holds no other seat on the same days.
 *   AC2 Nobody gives a seat to himself.
 *   AC3 A user is changed only by one who administers his unit and those of all his seats.
 *   AC4 What concerns an administrator (his seat, his password) needs a second administrator, of
 *       another sort than security, who stands by and is named in the commit.
 *   AC5 Of each sort of administrator one seat without end remains; a user who holds seats is not
 *       closed.
 *   AC6 The secrets of a user who is there are changed after the commit that says so, those of a
 * new one before the commit that makes him: killed in between, the log says too much, never too
 *       little, and nobody is there who cannot log in.
 */
#ifndef APP_SEAT_ACT_H
#define APP_SEAT_ACT_H

#include "app/seat/desk.h"

#define SEAT_ID_BYTES   64
#define SEAT_NAME_BYTES 200
#define SEAT_DUTIES_MAX 1000U
#define SEAT_ADMINS     3

/* ---- users (seat/user.c) -------------------------------------------------------------------- */

/*
 * The first users: system, security and audit administrator, each with a seat of that name over all
 * units. RC_CONFLICT: there are users. Passwords for one use, in the same order.
 */
NODISCARD enum rc seat_found(struct seat_desk *d, const struct str ids[SEAT_ADMINS],
                             struct str passwords[SEAT_ADMINS], struct err *e);

/*
 * Of a book restored without secrets (seat/regain.c): passwords for one use for system, security
 * and audit administrator over all units. RC_DENIED: somebody can log in, or one of the three is
 * not such an administrator today.
 */
NODISCARD enum rc seat_regain(struct seat_desk *d, const struct str ids[SEAT_ADMINS],
                              struct str passwords[SEAT_ADMINS], struct err *e);

/* id, name, unit. */
NODISCARD enum rc seat_user_add(struct seat_desk *d, const struct seat_user *user, struct str note,
                                struct str *password, struct err *e);
NODISCARD enum rc seat_user_close(struct seat_desk *d, struct str id, struct str note,
                                  struct err *e);
NODISCARD enum rc seat_user_reopen(struct seat_desk *d, struct str id, struct str note,
                                   struct str *password, struct err *e);

enum seat_mend {
    SEAT_RESET,  /* a new password for one use */
    SEAT_UNLOCK, /* the count of wrong tries is forgotten, and SEAT_LOCK */
    SEAT_LOCK,   /* nobody is let in any more; sessions and tokens end */
    SEAT_NO_TOTP /* his one-time codes are forgotten: the telephone is lost */
};
/* *password is set by SEAT_RESET alone. */
NODISCARD enum rc seat_user_mend(struct seat_desk *d, struct str id, enum seat_mend what,
                                 struct str note, struct str *password, struct err *e);

enum seat_ending { SEAT_END_SESSIONS, SEAT_END_TOKENS };
/* Of another one: the session of this id, the token of this name; "": all. RC_NOT_FOUND. */
NODISCARD enum rc seat_user_end(struct seat_desk *d, struct str id, enum seat_ending what,
                                struct str which, struct str note, struct err *e);

/* The actor's own. RC_INPUT: a rule of seat/pass.def. */
NODISCARD enum rc seat_user_password(struct seat_desk *d, struct str password, struct err *e);
/* A secret for an authenticator; it holds once a code of it is given to seat_totp_prove. */
NODISCARD enum rc seat_totp_offer(struct seat_desk *d, struct str *secret, struct err *e);
NODISCARD enum rc seat_totp_prove(struct seat_desk *d, struct str code, struct err *e);

/* ---- seats (seat/give.c) -------------------------------------------------------------------- */

/* id, role, unit, ceiling, and the term. */
NODISCARD enum rc seat_give(struct seat_desk *d, const struct seat *seat, struct str note,
                            struct err *e);
/*
 * From the day on `holder` holds it. duties: what is open, as the caller has found or been told it;
 * they stand in the new version. RC_CONFLICT: a hand-over has not come into force yet, or AC1.
 */
NODISCARD enum rc seat_hand_over(struct seat_desk *d, struct str id, const struct seat_term *term,
                                 const struct str *duties, uint32_t n_duties, struct str note,
                                 struct err *e);
/* `last` is the last day: not before yesterday, which takes it at once. */
NODISCARD enum rc seat_end(struct seat_desk *d, struct str id, struct date last, struct str note,
                           struct err *e);

/* ---- shared by those who act on users
 * ---------------------------------------------------------------------- */

/* Small letters, digits, `.`, `_`, `-`; begins with a letter or digit. */
NODISCARD enum rc seat_check_id(struct str id, struct err *e);
/* The act on a user who is there (AC3, AC4). */
NODISCARD enum rc seat_begin_on(struct seat_desk *d, struct seat_desk_act *act, struct str id,
                                const struct seat_user **out, struct err *e);
/* The act of the actor on himself; he may be stale only where `stale_too` says so (DE1). */
NODISCARD enum rc seat_begin_own(struct seat_desk *d, struct seat_desk_act *act, bool stale_too,
                                 const struct seat_user **out, struct err *e);
/* AC4 over a unit. */
NODISCARD enum rc seat_need_second(const struct seat_desk *d, struct str unit, struct err *e);
NODISCARD enum rc seat_no_user(struct str id, struct err *e);
NODISCARD enum rc seat_no_unit(struct str code, struct err *e);

#endif
