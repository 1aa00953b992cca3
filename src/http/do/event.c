/* SPDX-License-Identifier: Apache-2.0 */
/* Event streams. */
#include "base/i128.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/stream.h"

/* The last one he knows of: by the header of a stream that goes on, or as he says. */
static int64_t last_known(struct ask *q)
{
    i128 n = 0;
    struct str id = q->in->header.last_event;
    bool said = id.n > 0 && id.n <= 18 && i128_parse(id, &n) && n > 0;
    return said ? (int64_t)n : ask_count(q, "since", 0);
}

enum rc do_events(struct ask *q)
{
    q->head.type = "text/event-stream";
    if (str_eq(ask_text(q, "once"), STR("yes"))) {
        stream_once(q->s, &q->seat, last_known(q), q->out);
        return RC_OK;
    }
    if (q->s->streams == NULL || q->seat.session.hash.n == 0) {
        return err_set(&q->e, RC_NO_SUPPORT, "a stream is for who is logged in: ask with once=yes",
                       "事件流只供登录的人使用，请加 once=yes");
    }
    return stream_open(q->s->streams, &q->seat, last_known(q), &q->head.stream, &q->e);
}
