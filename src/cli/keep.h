/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that keep a book: audit, backup, restore, doctor; and units and evidence. */
#ifndef CLI_KEEP_H
#define CLI_KEEP_H

#include "app/keep/keep.h"
#include "cli/options.h"

struct session;

/* How their answers are printed. */
struct keep_print keep_print_of(struct session *s);

/* What runs a command and gives its exit status; NULL: it is none of these. */
int (*keep_command(enum command c))(struct session *s);
int (*units_command(enum command c))(struct session *s);
int (*evidence_command(enum command c))(struct session *s);
int (*offline_command(enum command c))(struct session *s);

#endif
