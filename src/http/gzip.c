/* SPDX-License-Identifier: Apache-2.0 */
/* gzip through zlib. */
#include "http/gzip.h"

#include <zlib.h>

#define WINDOW_GZIP (15 + 16) /* the largest window, with the frame of gzip */

bool gzip_pack(struct buf *b, int level)
{
    z_stream z = {0};
    struct buf packed;
    if (deflateInit2(&z, level, Z_DEFLATED, WINDOW_GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    buf_init(&packed, b->n);
    buf_fill(&packed, 0, b->n);
    z.next_in = (Bytef *)b->p;
    z.avail_in = b->n;
    z.next_out = (Bytef *)packed.p;
    z.avail_out = packed.n;
    bool ok = !packed.overflow && deflate(&z, Z_FINISH) == Z_STREAM_END;
    (void)deflateEnd(&z);
    if (!ok) {
        buf_release(&packed);
        return false;
    }
    buf_truncate(&packed, (uint32_t)z.total_out);
    buf_release(b);
    *b = packed;
    return true;
}
