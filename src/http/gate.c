/* SPDX-License-Identifier: Apache-2.0 */
/* Buckets in sets of a few: within one the fullest, which is the quietest address, gives way. */
#include "http/gate.h"

#include <pthread.h>

#include "base/arena.h"

#define SETS   1024U
#define WAYS   8U
#define SECOND 1000000

struct bucket {
    uint64_t who;   /* hash; 0: free */
    int64_t at;     /* when `tokens` was right */
    int64_t tokens; /* millionths */
};

struct gate {
    pthread_mutex_t lock;
    int64_t rate, burst;
    struct bucket buckets[SETS][WAYS];
};

struct gate *gate_new(struct arena *a, uint32_t rate, uint32_t burst)
{
    struct gate *g = ARENA_NEW(a, struct gate);
    (void)pthread_mutex_init(&g->lock, NULL);
    g->rate = rate;
    g->burst = (int64_t)burst * SECOND;
    return g;
}

static void refill(const struct gate *g, struct bucket *b, int64_t now)
{
    int64_t span = now > b->at ? now - b->at : 0;
    int64_t most = g->burst / g->rate + 1; /* µs to fill it from nothing */
    b->tokens = span > most ? g->burst : b->tokens + span * g->rate;
    b->tokens = b->tokens < g->burst ? b->tokens : g->burst;
    b->at = now;
}

static struct bucket *find(struct gate *g, uint64_t who, int64_t now)
{
    struct bucket *set = g->buckets[who % SETS];
    struct bucket *quiet = &set[0];
    for (uint32_t i = 0; i < WAYS; i++) {
        refill(g, &set[i], now);
        if (set[i].who == who) {
            return &set[i];
        }
        if (set[i].who == 0 || (quiet->who != 0 && set[i].tokens > quiet->tokens)) {
            quiet = &set[i];
        }
    }
    *quiet = (struct bucket){who, now, g->burst};
    return quiet;
}

int gate_pass(struct gate *g, struct str address, int64_t now)
{
    int wait = 0;
    (void)pthread_mutex_lock(&g->lock);
    struct bucket *b = find(g, str_hash(address) | 1U, now);
    if (b->tokens >= SECOND) {
        b->tokens -= SECOND;
    } else {
        wait = (int)((SECOND - b->tokens) / g->rate / SECOND) + 1;
    }
    (void)pthread_mutex_unlock(&g->lock);
    return wait;
}
