/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, as application/problem+json (RFC 9457) in the language of who asks.
 */
#ifndef HTTP_PROBLEM_H
#define HTTP_PROBLEM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/message.h"

struct json;

struct http_problem {
    enum rc rc;
    int status;
    const struct err *e;
    struct str at;                                    /* place in the request; "": none */
    void (*against)(const void *ctx, struct json *j); /* writes `findings`; NULL: there are none */
    const void *ctx;
};

/* The sentence of a problem in the language of the request. */
const char *problem_title(const struct request *in, const struct http_problem *p);
void problem_write(const struct request *in, const struct http_problem *p, struct buf *out);

/* Chinese, unless the request prefers English. */
bool request_chinese(const struct request *in);

#define REQUEST_NAME_BYTES 17

/* Its number as the log and the answer have it. */
void request_name(const struct request *in, char out[REQUEST_NAME_BYTES]);

#endif
