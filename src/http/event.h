/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has happened in the book, for those who listen: one buffer for all of them, of the last
 * events (docs/internals/service.md, 15).
 *
 *     events_put(v, &(struct happening){EVENT_VERDICT, seq, false, places, n});   the follower
 *     uint64_t at = events_place(v, since, &missed);                          any thread
 *     events_after(v, a, at, &news);
 *     at = news.upto;
 *
 * Invariants
 *   EV1 Who goes on from `upto` is told everything once, in order, or that something is missing.
 *   EV2 Memory is bounded: the oldest events go; of one that is about very many places it is said
 *       only that there are many.
 *   EV3 An event has no figure: who it is for asks for that with his own rights.
 */
#ifndef HTTP_EVENT_H
#define HTTP_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct events; /* opaque */

enum event_kind { EVENT_VERDICT, EVENT_QUEUE, EVENT_HALL, EVENT_PLAN, EVENT__N };

#define EVENT_PLACES_MAX 256U

/* Where: a unit, and of verdicts the commitment, which another plan may number otherwise. */
struct event_place {
    struct str unit;   /* code; "": the plan as a whole */
    struct str target; /* "": of no commitment */
};

struct happening {
    enum event_kind kind;
    int64_t seq; /* the commit after which it holds */
    bool many;   /* everywhere, or at more than EVENT_PLACES_MAX */
    const struct event_place *places;
    uint32_t n;
};

/* What has happened since, put together: places in order, each once. */
struct news {
    uint64_t upto;
    int64_t seq;                   /* of the newest event; 0: there is none */
    bool missed;                   /* older ones have been forgotten */
    struct happening of[EVENT__N]; /* seq 0: none of this kind */
};

/* Of commits up to seq nothing is known. */
struct events *events_new(struct arena *a, int64_t seq);
/* v may be NULL. */
void events_drop(struct events *v);
void events_put(struct events *v, const struct happening *e);
/* The place behind the events of commits up to seq; 0: behind all. */
uint64_t events_place(struct events *v, int64_t seq, bool *missed);
/* Texts and places in a. */
void events_after(struct events *v, struct arena *a, uint64_t place, struct news *out);

#endif
