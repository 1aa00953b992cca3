/* SPDX-License-Identifier: Apache-2.0 */
/* Packing what is sent (RFC 1952). */
#ifndef HTTP_GZIP_H
#define HTTP_GZIP_H

#include <stdbool.h>

#include "base/buf.h"

/* Packs the buffer's content in place; level: 1 (quick) to 9. false: it does not get smaller, or
 * there is no memory, and the content stays as it is. */
bool gzip_pack(struct buf *b, int level);

#endif
