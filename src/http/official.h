/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The official text of the plan, as its operator names it, with every commitment where it is
 * printed (docs/internals/living-text.md). Read once when the service starts, placed once for each
 * plan in force, and then only sent: how things stand is asked for beside it.
 *
 * Ownership: the arenas given.
 */
#ifndef HTTP_OFFICIAL_H
#define HTTP_OFFICIAL_H

#include "app/pack/pack.h"
#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct err;
struct official; /* opaque */

/* path "" or NULL: *out is NULL, there is none. Failures of outline_read. */
NODISCARD enum rc official_open(struct arena *a, const char *path, struct official **out,
                                struct err *e);
/* The answer of GET /plan/text; o may be NULL. */
struct str official_json(struct arena *a, const struct official *o, const struct pack *pack,
                         bool chinese);

#endif
