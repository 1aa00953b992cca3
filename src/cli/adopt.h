/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on the plans of a book: plan adopt, list, get. */
#ifndef CLI_ADOPT_H
#define CLI_ADOPT_H

#include "cli/options.h"

struct session;

/* NULL: it is another command. */
int (*adopt_command(enum command c))(struct session *s);

#endif
