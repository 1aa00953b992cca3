/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that write workbooks: export form, export register. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "cli/options.h"

struct session;

/* What runs a command and gives its exit status; NULL: it is none of these. */
int (*export_command(enum command c))(struct session *s);

#endif
