/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that is sent to us: kept on disk as it arrives, and given to the handler whole.
 *
 *     if (!upload_open(&u, folder, limit)) { … no room … }
 *     upload_put(&u, data, n);                  as often as something comes
 *     if (upload_finish(&u)) { use(u.bytes, u.path); }
 *     upload_drop(&u);                          always
 *
 * Invariants
 *   UP1 The file has no name: nobody else can open it, and it is gone with upload_drop or with the
 *       process.
 *   UP2 No more than `limit` bytes are kept; what goes wrong is in `fault`, and all that comes
 *       behind it is dropped.
 */
#ifndef HTTP_UPLOAD_H
#define HTTP_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define UPLOAD_PATH_BYTES 32
#define UPLOAD_NAME_BYTES 255

enum upload_fault { UPLOAD_FINE, UPLOAD_TOO_LARGE, UPLOAD_NO_ROOM };

struct upload {
    struct str bytes;             /* after upload_finish, until upload_drop */
    char path[UPLOAD_PATH_BYTES]; /* the same, for what reads files: "/proc/self/fd/7" */
    struct str name;              /* as its sender calls it: no folders; "": he does not */
    /* private */
    int fd;
    bool open;
    uint64_t n, limit;
    enum upload_fault fault;
};

/* false: no file can be made in the folder. */
bool upload_open(struct upload *u, const char *folder, uint32_t limit);
void upload_put(struct upload *u, const void *data, size_t n);
/* false: see fault. */
bool upload_finish(struct upload *u);
/* Also of one that is zero, and twice. */
void upload_drop(struct upload *u);

#endif
