/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by file.c and dir.c. */
#ifndef BASE_FILE_INT_H
#define BASE_FILE_INT_H

#include "base/rc.h"

struct err;

/* What errno says about a path that could not be opened. */
enum rc file_open_error(struct err *e, const char *path);

#endif
