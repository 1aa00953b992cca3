/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands `user` and `seat`: people and rights of a book.
 *
 * Passwords and codes are never on the command line: they are asked for on the terminal without
 * echo, else each is a line of standard input, in the order in which they are needed.
 *
 * TIZHI_TEST_CHEAP_PASSWORDS=1 is for tests: passwords are hashed as cheaply as can be, and it is
 * said so. Such a hash is refused where the variable is not set (seat_pass.h, PW2).
 */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "cli/options.h"

struct arena;
struct err;

struct session;

/* Runs a command of this file and gives the exit status; NULL: it is none of them. */
int (*people_command(enum command c))(struct session *s);

/* ---- asking (ask.c) ------------------------------------------------------------------------- */

/* A line that nobody sees. RC_INPUT: there is none. In a; whoever asked wipes it. */
NODISCARD enum rc ask_secret(struct arena *a, const char *prompt, struct str *out, struct err *e);

#endif
