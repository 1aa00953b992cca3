/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on a book of record: book, round, report, review; task; register. */
#ifndef CLI_BOOK_H
#define CLI_BOOK_H

#include "cli/options.h"

struct session;

/* What runs a command and gives its exit status; NULL: it is none of these. */
int (*book_command(enum command c))(struct session *s);
int (*task_command(enum command c))(struct session *s);
int (*register_command(enum command c))(struct session *s);

#endif
