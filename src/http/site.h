/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of the web application (docs/internals/web.md): read when the service starts, sent from
 * memory.
 *
 *     TRY(site_open(&a, "build/web", &site, e));
 *     site_answer(site, &request, &head, &out);
 *
 * Invariants
 *   WS1 A path is looked up in the table of files that were there at the start and nowhere else:
 * no path reaches the disk.
 *   WS2 A page's address, which is no file, gets index.html, and only when a browser asks for a
 * page: GET, Accept names text/html, neither /api nor /assets.
 */
#ifndef HTTP_SITE_H
#define HTTP_SITE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/rc.h"
#include "http/message.h"

struct arena;
struct err;
struct site; /* opaque */

/* folder "": no web application, *out is NULL. RC_NOT_FOUND, RC_INPUT: there is none in it;
 * RC_LIMIT. */
NODISCARD enum rc site_open(struct arena *a, const char *folder, struct site **out, struct err *e);
/* false: the request is not for a file of the application; nothing is written. site may be NULL. */
bool site_answer(const struct site *site, const struct request *in, struct answer_head *head,
                 struct buf *out);

#endif
