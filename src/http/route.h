/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of routes: what there is, who may, what is asked and answered.
 *
 * Invariants
 *   RT1 A path finds one route at most; words in braces match one part, which is not empty.
 *   RT2 Parts are decoded once: %2F within one is a sign of the word and no border.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "http/message.h"
#include "http/shape.h"

struct arena;
struct ask;

enum route_name {
#define ROUTE(name, verb, path, rights, body, answer, handler, en, zh) ROUTE_##name,
#include "http/table/route.def"
    ROUTE__N
};

/* Writes the answer into the ask. */
typedef enum rc route_handler(struct ask *q);

struct route {
    enum verb verb;
    const char *path;
    const char *rights;
    enum shape body, answer;
    route_handler *handler;
    const char *handler_name; /* "do_me" */
    const char *text[2];
};

enum query_kind { QUERY_TEXT, QUERY_COUNT, QUERY_DAY, QUERY_FLAG };

struct route_query {
    enum route_name of;
    const char *word;
    enum query_kind kind;
    const char *text[2];
};

/* Crews by what takes long (service.md, 20). */
enum lane { LANE_WORK, LANE_HASH, LANE_AWAY, LANE_OPEN, LANE_LONG, LANE__N };

#define ROUTE_WORDS_MAX 4

/* Words of the path, in order. */
struct route_words {
    struct str at[ROUTE_WORDS_MAX];
    uint32_t n;
};

extern const struct route routes[ROUTE__N];
/* What the query of an upload has: the name of the file. */
extern const struct route_query upload_name;
extern const struct route_query route_queries[];
extern const uint32_t n_route_queries;

/* ROUTE__N: there is none; *verbs: those the path is there for, a bit each. Words in a. */
enum route_name route_find(struct arena *a, enum verb verb, struct str path,
                           struct route_words *words, uint32_t *verbs);
/* Who does it; scratch is left as it was. */
enum lane route_lane(struct arena *scratch, enum verb verb, struct str path);
/* Whether the route's rights name the word. */
bool route_names(const struct route *r, const char *word);
const char *verb_text(enum verb v);

/* Percent signs to bytes; plus: '+' is a blank, as in queries. false: not UTF-8, a control
 * character, or a broken escape. */
bool url_decode(struct arena *a, struct str in, bool plus, struct str *out);

/* Bytes that mean something in an address become percent signs. */
void url_encode(struct buf *b, struct str in);

/* All of it as OpenAPI 3.1. */
void route_openapi(struct buf *out);

#endif
