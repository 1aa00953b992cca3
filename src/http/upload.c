/* SPDX-License-Identifier: Apache-2.0 */
/* Files without names. */
#include "http/upload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/limits.h"

bool upload_open(struct upload *u, const char *folder, uint32_t limit)
{
    char name[LIMIT_PATH_BYTES];
    *u = (struct upload){.limit = limit};
    int n = snprintf(name, sizeof name, "%s/upload-XXXXXX", folder);
    if (n < 0 || (size_t)n >= sizeof name) {
        return false;
    }
    u->fd = mkstemp(name);
    if (u->fd < 0) {
        return false;
    }
    (void)unlink(name); /* UP1 */
    u->open = true;
    (void)snprintf(u->path, sizeof u->path, "/proc/self/fd/%d", u->fd);
    return true;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = FAULT(WRITE) ? -1 : write(fd, p, n);
        if (done < 0 && errno != EINTR) {
            return false;
        }
        if (done > 0) {
            p += done;
            n -= (size_t)done;
        }
    }
    return true;
}

void upload_put(struct upload *u, const void *data, size_t n)
{
    if (u->fault != UPLOAD_FINE) {
        return;
    }
    if (n > u->limit - u->n) {
        u->fault = UPLOAD_TOO_LARGE;
    } else if (!write_all(u->fd, data, n)) {
        u->fault = UPLOAD_NO_ROOM;
    } else {
        u->n += n;
    }
    if (u->fault != UPLOAD_FINE) {
        u->n = ftruncate(u->fd, 0) == 0 ? 0 : u->n; /* the room is wanted by others */
    }
}

bool upload_finish(struct upload *u)
{
    void *p = NULL;
    if (u->fault == UPLOAD_FINE && u->n > 0) {
        p = mmap(NULL, (size_t)u->n, PROT_READ, MAP_PRIVATE, u->fd, 0);
        u->fault = p == MAP_FAILED ? UPLOAD_NO_ROOM : UPLOAD_FINE;
    }
    if (u->fault == UPLOAD_FINE) {
        u->bytes = u->n > 0 ? str_make(p, (size_t)u->n) : STR("");
    }
    return u->fault == UPLOAD_FINE;
}

void upload_drop(struct upload *u)
{
    if (u->bytes.n > 0) {
        (void)munmap((void *)(uintptr_t)u->bytes.p, u->bytes.n);
    }
    if (u->open) {
        (void)close(u->fd);
    }
    u->bytes = STR("");
    u->open = false;
}
