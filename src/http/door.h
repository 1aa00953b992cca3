/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire: libmicrohttpd reads requests and sends answers; a crew does what is between
 * (docs/internals/service.md, 1).
 *
 *     TRY(door_open(&s, &options, &w, e));      answers from here on
 *     … door_port(w, 0) …
 *     door_close(w);                            requests in work are finished
 *
 * Invariants
 *   WI1 A thread that reads the wire never works: it hands over, and 503 when nobody is free.
 *   WI2 What a request may take is bounded before it is read: header, body, time, connections.
 *   WI3 Every answer carries the headers that keep a browser from doing harm with it.
 */
#ifndef HTTP_DOOR_H
#define HTTP_DOOR_H

#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"
#include "http/service.h"

struct door; /* opaque */

struct door_options {
    struct str listen; /* "127.0.0.1:8080 [::1]:8080"; port 0: a free one */
    struct str proxy;
    uint32_t workers, hashers, queue, connections, per_address, idle_s, arrive_s;
    uint32_t body_bytes, upload_bytes, rate, burst, public_rate, streams;
    int stop_s;
    void (*log)(void *ctx, const char *line); /* a line per request; NULL: none */
    void *ctx;
};

/* RC_INPUT: an address is broken; RC_IO: it is in use or not ours. */
NODISCARD enum rc door_open(struct service *s, const struct door_options *o, struct door **out,
                            struct err *e);
/* Of the i-th address; 0: there are not so many. */
uint16_t door_port(const struct door *w, uint32_t i);
/* w may be NULL. */
void door_close(struct door *w);

#endif
