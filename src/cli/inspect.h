/* SPDX-License-Identifier: Apache-2.0 */
/* The commands `inspect` and `question …`: what looks unlike the others, asked and answered. */
#ifndef CLI_INSPECT_H
#define CLI_INSPECT_H

#include "cli/options.h"

struct session;

int inspect_command(struct session *s);
/* NULL: none of these. */
int (*question_command(enum command c))(struct session *s);

#endif
