/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Anchors: the end of the chain, kept where a change of the database does not reach it. The writer
 * keeps the newest in a file beside the book, in one of two slots by turns, so that a torn write
 * spoils the newest at most. It is not flushed: after a loss of power it may be older than the
 * book, never newer, and an older anchor is a true one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/limits.h"
#include "store/store_int.h"

#define SLOT_BYTES 256U

void anchor_line(struct buf *b, struct str book, int64_t seq, int64_t at, struct str hash)
{
    buf_printf(b, "tizhi-anchor %.*s %lld %.*s %lld", PS(book), (long long)seq, PS(hash),
               (long long)at);
}

static int open_anchor(const struct store *s)
{
    char path[LIMIT_PATH_BYTES];
    int n = s->files == NULL ? -1 : snprintf(path, sizeof path, "%s/anchor", s->files);
    if (n < 0 || (size_t)n >= sizeof path) {
        return -1;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 && mkdir(s->files, 0700) == 0) {
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    }
    return fd;
}

void anchor_keep(const struct store *s, struct str book, int64_t seq, int64_t at, struct str hash)
{
    char slot[SLOT_BYTES + 1];
    int n = snprintf(slot, sizeof slot, "tizhi-anchor %.*s %lld %.*s %lld", PS(book),
                     (long long)seq, PS(hash), (long long)at);
    int fd = FAULT(OPEN) ? -1 : open_anchor(s);
    if (fd < 0) {
        return;
    }
    if (n > 0 && (uint32_t)n < SLOT_BYTES) {
        memset(slot + n, ' ', SLOT_BYTES - (uint32_t)n);
        slot[SLOT_BYTES - 1] = '\n';
        off_t where = (seq & 1) != 0 ? SLOT_BYTES : 0;
        ssize_t done = FAULT(WRITE) ? -1 : pwrite(fd, slot, SLOT_BYTES, where);
        (void)done; /* an anchor less */
    }
    (void)close(fd);
}

enum rc store_anchor(struct arena *a, struct store_reader *r, struct str *out, struct err *e)
{
    struct store_end end;
    struct buf b;
    TRY(store_end(a, r, &end, e));
    buf_init_in(&b, a, SLOT_BYTES);
    anchor_line(&b, end.book, end.seq, end.at, end.hash);
    *out = buf_view(&b);
    return RC_OK;
}
