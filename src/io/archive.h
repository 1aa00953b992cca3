/* SPDX-License-Identifier: Apache-2.0 */
/* Files put together into one: a zip archive. The same files give the same bytes. */
#ifndef IO_ARCHIVE_H
#define IO_ARCHIVE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

struct archive_file {
    struct str name; /* with slashes, within the archive */
    struct str bytes;
};

/* RC_IO. */
NODISCARD enum rc archive_write(struct arena *a, const char *path, const struct archive_file *files,
                                uint32_t n, struct err *e);

#endif
