/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request as it came over the wire, and the answer that goes back: bytes and a few headers. All
 * that stands between them is ask.h; so it can be tested and fuzzed without a socket.
 * Texts are views: of a request as long as the request, of an answer as long as its arena.
 */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum verb { VERB_GET, VERB_POST, VERB_PUT, VERB_DELETE, VERB__N };

/* Headers that are looked at. HEADER(FIELD, "name") */
#define HTTP_HEADERS(HEADER)                                                                       \
    HEADER(accept, "Accept")                                                                       \
    HEADER(accept_encoding, "Accept-Encoding")                                                     \
    HEADER(accept_language, "Accept-Language")                                                     \
    HEADER(authorization, "Authorization")                                                         \
    HEADER(content_type, "Content-Type")                                                           \
    HEADER(cookie, "Cookie")                                                                       \
    HEADER(forwarded, "X-Forwarded-For")                                                           \
    HEADER(host, "Host")                                                                           \
    HEADER(if_none_match, "If-None-Match")                                                         \
    HEADER(last_event, "Last-Event-ID")                                                            \
    HEADER(origin, "Origin")                                                                       \
    HEADER(site, "Sec-Fetch-Site")                                                                 \
    HEADER(user_agent, "User-Agent")                                                               \
    HEADER(own, "X-Tizhi")

struct stream;
struct upload;

struct request {
    enum verb verb;
    struct str path; /* as sent, percent signs and all */
    struct str query;
    struct str body;
    uint32_t length;       /* of the body, as the head says */
    struct upload *upload; /* instead of a body, for routes that take one; else NULL */
    struct str address;    /* of the other end */
    uint64_t number;       /* of the request, for the log */
    struct {
#define HEADER(field, name) struct str field;
        HTTP_HEADERS(HEADER)
#undef HEADER
    } header;
};

/* What a browser, or a cache on the way, may do with an answer. */
struct answer_rules {
    const char *policy; /* Content-Security-Policy */
    const char *cache;  /* Cache-Control; NULL: asked for again each time, or never kept */
    const char *vary;
};

struct answer_head {
    int status;
    const char *type;                 /* of the content; NULL: none */
    struct str cookie;                /* Set-Cookie; "": none */
    struct str flow;                  /* Set-Cookie of single sign-on, also with a problem */
    struct str allow;                 /* "": none */
    int retry_after;                  /* seconds; 0: not said */
    struct str tag;                   /* ETag; "": by what the answer is */
    bool secret;                      /* is not compressed and not kept */
    const struct answer_rules *rules; /* NULL: those of data */
    bool packed;                      /* the body is gzip already */
    struct str name;                  /* of the file it is to be saved as; "": it is none */
    struct str file; /* "": the answer is what was written; else the content of this file … */
    bool gone;       /* … which is removed then */
    struct stream *stream; /* the answer is what comes of it; else NULL */
};

static inline bool request_takes_gzip(const struct request *in)
{
    return str_find(in->header.accept_encoding, STR("gzip"), 0) != STR_NONE;
}

#endif
