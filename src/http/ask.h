/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request between the wire and a handler: found in the table of routes, who asks, what is asked,
 * checked; the answer, or the problem.
 *
 *     enum rc do_unit(struct ask *q)
 *     {
 *         TRY(ask_may(q, "unit.read", ask_word(q, 0), CLASS_PUBLIC));
 *         ask_json(q, &j);
 *         …
 *         json_end(&j);
 *         return RC_OK;
 *     }
 *
 * Invariants
 *   AK1 A handler sees only what its row of route.def allows: words that are not empty, a query of
 *       known words and right kinds, a body of the right shape, somebody logged in unless its
 * rights say `anybody`. AK2 An operation that the row does not name is denied; the answer of a
 * handler that was given no right is not sent, unless its rights are `anybody` or `oneself`. AK3 A
 * problem tells nothing of what was written into the answer before it. AK4 Requests that change
 * something and come from another site are refused (CSRF).
 */
#ifndef HTTP_ASK_H
#define HTTP_ASK_H

#include "app/report/desk.h"
#include "app/seat/desk.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_tree.h"
#include "http/message.h"
#include "http/route.h"
#include "http/service.h"

#define ASK_PAGE_MAX 1000U

struct ask {
    struct service *s;
    struct hand *hand;
    const struct footing *footing; /* on which all of it stands */
    const struct plan *plan;       /* of the footing; of a moment gone by: the one of then */
    struct arena *a;               /* of this request */
    const struct request *in;
    const struct route *route;
    struct route_words words;
    const struct json_value *body;
    const struct upload *upload; /* the file, of a route whose body is UPLOAD (upload.h) */
    bool chinese;
    struct seat_desk seat; /* who asks; actor "": nobody */
    uint32_t granted;
    struct err e;
    struct str at; /* place of a fault in the request, "": none */
    /* What stands against it, an array for the problem; NULL: nothing is said. */
    void (*against)(const void *ctx, struct json *j);
    const void *against_ctx;
    struct answer_head head;
    struct buf *out;
    struct desk_eye eye; /* of its desk */
};

/* For the log. */
struct asked {
    const char *route; /* path of its row; "": none */
    struct str user;   /* "": nobody was logged in */
};

/* Answers the request: never fails, a problem is an answer too. out is empty. Texts of head and
 * asked lie in the arena of the hand, which the caller rewinds. */
void ask_answer(struct hand *h, const struct request *in, struct answer_head *head, struct buf *out,
                struct asked *asked);

/* Whether the body may be sent at all; a problem otherwise. Nothing is done yet. */
bool ask_admit(struct hand *h, const struct request *in, struct answer_head *head, struct buf *out,
               struct asked *asked);

/* ---- for handlers --------------------------------------------------------------------------- */

struct str ask_word(const struct ask *q, uint32_t i);
/* Of the query; "" where it is not there. */
struct str ask_text(struct ask *q, const char *word);
/* All texts of a word of the query that may be said several times. */
const struct str *ask_texts(struct ask *q, const char *word, uint32_t *n);
/* A whole number of the query, or `otherwise`. */
int64_t ask_count(struct ask *q, const char *word, int64_t otherwise);
/* A text of the body. */
struct str ask_member(const struct ask *q, const char *name);
/* AK2. */
bool ask_allows(struct ask *q, const char *operation, struct str unit, enum data_class class_);
/* RC_DENIED. */
NODISCARD enum rc ask_may(struct ask *q, const char *operation, struct str unit,
                          enum data_class class_);
/* The same as a callback of report/desk.h; ctx: the ask. */
bool ask_may_fn(void *ctx, struct str actor, const char *operation, struct str unit,
                enum data_class class_);
/* The desk of who asks, over the tree of the hall, as long as the request. */
NODISCARD enum rc ask_desk(struct ask *q, struct desk *d);
/*
 * Names the answer (ETag) by the commit that changed what it is made of last, and by all else it
 * comes of: who asks, what he may, the question, language, day and plan. true: the client has it,
 * and nothing need be worked out; the handler returns. Rights are asked for before.
 */
bool ask_unchanged(struct ask *q, int64_t changed);
/* A path for a file of this request alone, where nobody else can look. */
NODISCARD enum rc ask_place(struct ask *q, const char **path);
/* The answer is this file, which is removed behind it. */
void ask_file(struct ask *q, const char *path, const char *type);
/* The actor is logged in from now on: a new session, its cookie, and the answer of shape ME. */
NODISCARD enum rc ask_begin_session(struct ask *q);
/* Of microseconds since 1970, as people read it; "": 0. */
void ask_moment(struct json *j, const char *key, int64_t at);
/* Begins the answer: an object of JSON. */
void ask_json(struct ask *q, struct json *j);

#endif
