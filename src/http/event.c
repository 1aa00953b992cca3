/* SPDX-License-Identifier: Apache-2.0 */
/* A ring of events, each with its places as lines of text. */
#include "http/event.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

#define RING         4096U
#define PLACES_BYTES 16384U

struct kept {
    enum event_kind kind;
    int64_t seq;
    bool many;
    struct buf places; /* "code TAB commitment LF" */
};

struct events {
    pthread_mutex_t lock;
    uint64_t first, next; /* first..next-1 are there */
    int64_t forgotten;    /* the commit of the newest one that is not */
    struct kept ring[RING];
};

struct events *events_new(struct arena *a, int64_t seq)
{
    struct events *v = ARENA_NEW(a, struct events);
    v->forgotten = seq;
    (void)pthread_mutex_init(&v->lock, NULL);
    for (uint32_t i = 0; i < RING; i++) {
        buf_init(&v->ring[i].places, PLACES_BYTES);
    }
    return v;
}

void events_drop(struct events *v)
{
    for (uint32_t i = 0; v != NULL && i < RING; i++) {
        buf_release(&v->ring[i].places);
    }
}

void events_put(struct events *v, const struct happening *e)
{
    (void)pthread_mutex_lock(&v->lock);
    struct kept *k = &v->ring[v->next % RING];
    if (v->next - v->first == RING) {
        v->forgotten = k->seq;
        v->first++;
    }
    v->next++;
    k->kind = e->kind;
    k->seq = e->seq;
    buf_clear(&k->places);
    for (uint32_t i = 0; !e->many && i < e->n && i < EVENT_PLACES_MAX; i++) {
        buf_printf(&k->places, "%.*s\t%.*s\n", PS(e->places[i].unit), PS(e->places[i].target));
    }
    k->many = e->many || e->n > EVENT_PLACES_MAX || k->places.overflow; /* EV2 */
    (void)pthread_mutex_unlock(&v->lock);
}

uint64_t events_place(struct events *v, int64_t seq, bool *missed)
{
    (void)pthread_mutex_lock(&v->lock);
    uint64_t at = v->next;
    while (seq > 0 && at > v->first && v->ring[(at - 1) % RING].seq > seq) {
        at--;
    }
    *missed = seq > 0 && seq < v->forgotten;
    (void)pthread_mutex_unlock(&v->lock);
    return at;
}

/* ---- put together --------------------------------------------------------------------------- */

typedef VEC(struct event_place) places;

/* The lock is held, so that nothing may stop here (arena.h, A5). false: no room. */
static bool add_places(struct arena *a, const struct kept *k, places *out)
{
    struct str text = buf_view(&k->places);
    char *copy = arena_try(a, text.n + 1U);
    struct str line;
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, text.p, text.n);
    text.p = copy;
    while (text.n > 0 && str_split(&text, '\n', &line)) {
        struct event_place p;
        (void)str_split(&line, '\t', &p.unit);
        p.target = line;
        if (!vec_try_push(a, out, p)) {
            return false;
        }
    }
    return true;
}

static int order(const void *x, const void *y)
{
    const struct event_place *p = x;
    const struct event_place *q = y;
    int by = str_cmp(p->unit, q->unit);
    return by != 0 ? by : str_cmp(p->target, q->target);
}

static void put_together(struct happening *e, places *list)
{
    uint32_t n = 0;
    if (list->n > 0) {
        qsort(list->items, list->n, sizeof *list->items, order);
    }
    for (uint32_t i = 0; i < list->n; i++) {
        if (n == 0 || order(&list->items[n - 1], &list->items[i]) != 0) {
            list->items[n++] = list->items[i];
        }
    }
    e->places = list->items;
    e->n = n;
    e->many |= n > EVENT_PLACES_MAX;
}

void events_after(struct events *v, struct arena *a, uint64_t place, struct news *out)
{
    places lists[EVENT__N] = {0};
    *out = (struct news){.seq = 0};
    (void)pthread_mutex_lock(&v->lock);
    out->missed = place < v->first;
    for (uint64_t at = out->missed ? v->first : place; at < v->next; at++) {
        const struct kept *k = &v->ring[at % RING];
        struct happening *e = &out->of[k->kind];
        e->kind = k->kind;
        e->seq = k->seq;
        e->many |= k->many || lists[k->kind].n > EVENT_PLACES_MAX * 4;
        out->seq = k->seq;
        e->many = e->many || !add_places(a, k, &lists[k->kind]);
    }
    out->upto = v->next;
    (void)pthread_mutex_unlock(&v->lock);
    for (uint32_t i = 0; i < EVENT__N; i++) {
        put_together(&out->of[i], &lists[i]);
    }
}
