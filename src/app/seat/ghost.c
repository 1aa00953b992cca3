/* SPDX-License-Identifier: Apache-2.0 */
/* A table of tries by the hash of names. */
#include "app/seat/ghost.h"

#include <pthread.h>

#include "app/seat/secret.h"
#include "base/arena.h"

#define PLACES 4096U

struct ghost {
    uint64_t name; /* its hash; 0: nobody */
    struct seat_tries tries;
};

struct seat_ghosts {
    pthread_mutex_t lock;
    struct ghost at[PLACES];
};

struct seat_ghosts *seat_ghosts_new(struct arena *a)
{
    struct seat_ghosts *g = ARENA_NEW(a, struct seat_ghosts);
    (void)pthread_mutex_init(&g->lock, NULL);
    return g;
}

int64_t seat_ghosts_try(struct seat_ghosts *g, struct str name, int64_t now)
{
    uint64_t hash = str_hash(name) | 1U;
    struct ghost *x = &g->at[hash / 2 % PLACES];
    (void)pthread_mutex_lock(&g->lock);
    if (x->name != hash) {
        *x = (struct ghost){.name = hash};
    }
    int64_t wait = seat_tries_wait(&x->tries, now);
    if (wait == 0) {
        seat_tries_count(&x->tries, now);
    }
    (void)pthread_mutex_unlock(&g->lock);
    return wait;
}
