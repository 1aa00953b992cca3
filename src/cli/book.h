/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on a book of record: book, round, report, review. */
#ifndef CLI_BOOK_H
#define CLI_BOOK_H

#include "cli/options.h"

struct session;

/* Runs a command of this file and gives the exit status; NULL: it is none of them. */
int (*book_command(enum command c))(struct session *s);
/* Closes the book, if one is open. */
void book_command_end(struct session *s);

#endif
