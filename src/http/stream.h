/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Event streams: who listens, and what each is told (docs/internals/service.md, 15). A thread of
 * its own, the teller, writes what is new into a buffer for each and wakes its connection; nobody
 * else waits for anything.
 *
 *     TRY(streams_start(s, most, e));
 *     TRY(stream_open(x, &want, &stream, e));        a handler
 *     stream_attach(stream, connection, guest);      the wire
 *     … stream_read as the reader of the response …
 *     stream_close(stream);                          when the connection ends
 *     streams_end(x);                                all of them, before the door is closed
 *     streams_stop(x);
 *
 * Invariants
 *   ST1 An event names only units about which the listener may read, by the seats of that moment.
 *   ST2 A stream ends at most STREAM_CHECK_S seconds after its session, and never keeps one alive.
 *   ST3 Who does not take what is there within STREAM_SLOW_S seconds, or lets STREAM_BYTES pile up,
 *       is cut off.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include <microhttpd.h>

#include "app/seat/desk.h"
#include "http/patience.h"
#include "http/service.h"

#define STREAM_CHECK_S   5
#define STREAM_SLOW_S    15
#define STREAM_ALIVE_S   20  /* a comment, when nothing else has been sent */
#define STREAM_GATHER_MS 200 /* events that come faster are told together */
#define STREAM_BATCH     64  /* so many are woken at once, and requests come between */
#define STREAM_BATCH_MS  10
#define STREAM_BYTES     65536U

struct streams; /* opaque */
struct stream;  /* opaque */

/* Sets s->streams. */
NODISCARD enum rc streams_start(struct service *s, uint32_t most, struct err *e);
void streams_end(struct streams *x);
/* No stream is open. x may be NULL. */
void streams_stop(struct streams *x);
/* Something new is in s->events. */
void streams_wake(struct streams *x);
/* How many there are. */
uint32_t streams_n(const struct streams *x);

/* Of the one who is logged in at the desk, by a session. since: the last commit he knows of, 0: of
 * now. RC_BUSY: there are too many. */
NODISCARD enum rc stream_open(struct streams *x, const struct seat_desk *d, int64_t since,
                              struct stream **out, struct err *e);
void stream_attach(struct stream *t, struct MHD_Connection *connection, struct guest *guest);
/* MHD_ContentReaderCallback; cls: the stream. */
ssize_t stream_read(void *cls, uint64_t at, char *to, size_t most);
/* For the log. */
uint64_t stream_bytes(const struct stream *t);
struct str stream_user(const struct stream *t);
void stream_close(struct stream *t);

/* What somebody at his desk is told who knows of commit `since`, and who is not listening. */
void stream_once(struct service *s, const struct seat_desk *d, int64_t since, struct buf *out);

#endif
