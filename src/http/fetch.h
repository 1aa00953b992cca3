/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks one other server, which the settings name, by libcurl.
 *
 * Invariants
 *   FE1 Nothing is asked of an address that does not begin with the origin given, and no redirect
 *       is followed: what a server answers cannot lead elsewhere.
 *   FE2 TLS is verified, name and chain; http without it only where the origin is http.
 *   FE3 It ends within FETCH_MS, and takes no more than FETCH_BYTES.
 */
#ifndef HTTP_FETCH_H
#define HTTP_FETCH_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/rc.h"
#include "base/str.h"

struct arena;
struct err;

#define FETCH_MS    5000L
#define FETCH_BYTES (256U << 10)

struct fetch_want {
    struct str origin; /* https://host or https://host:port, without a slash */
    struct str url;
    struct str form;         /* of a POST, application/x-www-form-urlencoded; "": a GET */
    struct str user, secret; /* of HTTP Basic; "": none */
    struct str ca;           /* file of certificates to trust; "": the system's */
};

/* Once, before there are threads. */
NODISCARD enum rc fetch_init(struct err *e);
/* The part of an address before its path; "": it is none of http or https. */
struct str fetch_origin(struct str url);
/* The body in a, and the status. RC_IO: no answer, or not within FE3; RC_DENIED: FE1. */
NODISCARD enum rc fetch(struct arena *a, const struct fetch_want *w, int *status, struct str *body,
                        struct err *e);

#endif
