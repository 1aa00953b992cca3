/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody at a book on the command line: the book, who it is, and what he may. Every command on a
 * book begins here.
 *
 *     struct desk d;
 *     int status = sit_down(s, &d);          // plan, book, login: the desk of report/desk.h
 *     if (status != 0) { return status; }
 *
 * Who it is: with --as ID the password is asked for (never on the command line), else the session
 * counts that `user login` has begun (seat/session.h). Its token lies in a file that its owner
 * alone may read: --session FILE, or below $XDG_STATE_HOME, one per book.
 *
 * TIZHI_TEST_CHEAP_PASSWORDS=1 is for tests: passwords are hashed as cheaply as can be, and it is
 * said so. Such a hash is refused where the variable is not set (seat/pass.h, PW2).
 *
 * Invariants
 *   CD1 A command does what guard.def names for it, and what it does not name is denied.
 *   CD2 The answer of a command on a book that was given no right is not printed.
 */
#ifndef CLI_DESK_H
#define CLI_DESK_H

#include "app/seat/pass.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/rc.h"
#include "base/str.h"
#include "cli/options.h"
#include "model/plan.h"

struct arena;
struct desk;
struct err;
struct session;

/* The book of --book: s->store, s->reader, s->seat with nobody logged in. Once. */
NODISCARD enum rc sit_open(struct session *s, bool create);
/* What hashing a password costs. */
struct seat_cost sit_cost(struct session *s);
/* By --as (and --with) or by the session; then s->seat.actor is set. RC_DENIED. */
NODISCARD enum rc sit_login(struct session *s);
/* The plan in force after commit `upto`, as of the day, in place of the pack of --pack, which may
 * not be there (app/adopt). The book is open. */
NODISCARD enum rc sit_plan(struct session *s, int64_t upto, struct date day);
/* All of it with the plan in force, and the desk with it; 0, or the exit status. */
int sit_down(struct session *s, struct desk *d);
/* The same with the plan that was in force then. */
int sit_down_at(struct session *s, int64_t upto, struct date day, struct desk *d);
/* The desk alone, for who is logged in; the plan is open. */
NODISCARD enum rc sit_desk(struct session *s, struct desk *d);
/* Microseconds since 1970. */
int64_t sit_now(void);
/* File of the key of secrets, from the environment; NULL: none. */
const char *sit_key(void);
/* Closes the book, if one is open. */
void sit_end(struct session *s);

/* The callback of report/desk.h (CD1); ctx: the session. */
bool sit_may(void *ctx, struct str actor, const char *operation, struct str unit,
             enum data_class class_);
/* CD2: the status of a command that has ended with `status`. */
int sit_answer(struct session *s, int status);
/* Whether the command's row of guard.def has the word. */
bool sit_names(enum command c, struct str word);

/* RC_OK while the book has no users: it is being founded. RC_DENIED. */
NODISCARD enum rc sit_founding(struct session *s);

/* ---- sessions ------------------------------------------------------------------------------- */

/* The file of the session of this book, in the arena of s. RC_INPUT: there is no home for it. */
NODISCARD enum rc sit_file(struct session *s, const char **path);
/* Begins one and writes its file; *path says where. */
NODISCARD enum rc sit_remember(struct session *s, const char **path);
/* Ends it and removes the file. RC_DENIED: there is none. */
NODISCARD enum rc sit_forget(struct session *s, struct str *user);

/* ---- asking --------------------------------------------------------------------------------- */

/* `password (li): ` on the terminal without echo, else a line of standard input; whoever asked
 * wipes it. RC_INPUT: there is none. */
NODISCARD enum rc sit_ask(struct session *s, const char *user, const char *en, const char *zh,
                          struct str *out);
/* A line that nobody sees (ask.c). In a. */
NODISCARD enum rc ask_secret(struct arena *a, const char *prompt, struct str *out, struct err *e);

#endif
