/* SPDX-License-Identifier: Apache-2.0 */
/* The commands `user`, `token` and `seat`: people and rights of a book (cli/desk.h says who it is).
 */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "cli/options.h"

struct session;

/* Runs a command of this file and gives the exit status; NULL: it is none of them. */
int (*people_command(enum command c))(struct session *s);

#endif
