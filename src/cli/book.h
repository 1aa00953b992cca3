/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on a book of record: book, round, report, review; task. */
#ifndef CLI_BOOK_H
#define CLI_BOOK_H

#include "cli/options.h"

struct desk;
struct session;

/* The plan and the book that --pack and --book name, and who asks; 0, or the exit status. */
int book_desk(struct session *s, struct desk *d);
/* What runs a command and gives its exit status; NULL: it is none of these. */
int (*book_command(enum command c))(struct session *s);
int (*task_command(enum command c))(struct session *s);
/* Closes the book, if one is open. */
void book_command_end(struct session *s);

#endif
