/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The session cookie: who it is and the token of his session (seat/session.h). Its name says that
 * only this host over TLS may set it (`__Host-`), unless the service is plain.
 */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

struct cookie {
    struct str user, token;
};

/* Of a header `Cookie`; false: there is none, or it is broken. */
bool cookie_read(struct arena *a, struct str header, bool plain, struct cookie *out);
/* A header `Set-Cookie`; with an empty token one that ends it. */
struct str cookie_write(struct arena *a, const struct cookie *c, bool plain);

/*
 * The cookie of an attempt to come in by single sign-on (oidc.h): what only the browser that has
 * begun it knows. "": there is none; written with "" it ends.
 */
struct str cookie_flow_read(struct str header, bool plain);
struct str cookie_flow_write(struct arena *a, struct str flow, bool plain);

#endif
