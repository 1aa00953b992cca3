/* SPDX-License-Identifier: Apache-2.0 */
/* Events as text/event-stream, for one listener. */
#ifndef HTTP_TELL_H
#define HTTP_TELL_H

#include <stdbool.h>

#include "base/buf.h"
#include "http/event.h"

/* Whether the listener may read at the unit what the kind is about. */
typedef bool tell_may_fn(void *ctx, enum event_kind kind, struct str unit);

/* Writes what of the news is for him. */
void tell_news(struct buf *out, const struct news *news, tell_may_fn *may, void *ctx);
/* The stream begins: from commit seq on all is told. missed: what was before has been forgotten. */
void tell_ready(struct buf *out, int64_t seq, bool missed);

#endif
