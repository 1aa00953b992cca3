/* SPDX-License-Identifier: Apache-2.0 */
/* A list of guests under a lock, and a thread that goes through it once a second. */
#include "http/patience.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

#include "base/arena.h"
#include "base/err.h"
#include "http/service.h"

#define GUEST_BYTES ((size_t)64 << 20) /* a million of them */

struct guest {
    struct guest *next, *before;
    int fd;
    _Atomic int64_t until;
};

struct patience {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool over;
    struct arena a;      /* of guests */
    struct guest *first; /* who are here */
    struct guest *gone;  /* to be used again */
};

static void shut_late(struct patience *p)
{
    int64_t now = service_now();
    for (struct guest *g = p->first; g != NULL; g = g->next) {
        if (atomic_load(&g->until) < now) {
            atomic_store(&g->until, GUEST_FREE); /* once is enough */
            (void)shutdown(g->fd, SHUT_RDWR);
        }
    }
}

static void *watch(void *ctx)
{
    struct patience *p = ctx;
    (void)pthread_mutex_lock(&p->lock);
    while (!p->over) {
        struct timespec second = {0};
        (void)clock_gettime(CLOCK_REALTIME, &second);
        second.tv_sec++;
        (void)pthread_cond_timedwait(&p->told, &p->lock, &second);
        shut_late(p);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum rc patience_start(struct arena *a, struct patience **out, struct err *e)
{
    struct patience *p = ARENA_NEW(a, struct patience);
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->told, NULL);
    arena_init(&p->a, GUEST_BYTES, "guests");
    if (pthread_create(&p->thread, NULL, watch, p) != 0) {
        return err_set(e, RC_NO_MEMORY, "no thread for late connections",
                       "无法创建清理迟滞连接的线程");
    }
    *out = p;
    return RC_OK;
}

void patience_stop(struct patience *p)
{
    if (p == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&p->lock);
    p->over = true;
    (void)pthread_cond_signal(&p->told);
    (void)pthread_mutex_unlock(&p->lock);
    (void)pthread_join(p->thread, NULL);
    arena_release(&p->a);
    (void)pthread_cond_destroy(&p->told);
    (void)pthread_mutex_destroy(&p->lock);
}

struct guest *patience_meet(struct patience *p, int fd)
{
    (void)pthread_mutex_lock(&p->lock);
    struct guest *g = p->gone != NULL ? p->gone : arena_try(&p->a, sizeof *g);
    if (g != NULL) {
        p->gone = g == p->gone ? g->next : p->gone;
        g->fd = fd;
        atomic_store(&g->until, GUEST_FREE);
        g->before = NULL;
        g->next = p->first;
        if (g->next != NULL) {
            g->next->before = g;
        }
        p->first = g;
    }
    (void)pthread_mutex_unlock(&p->lock);
    return g;
}

void patience_part(struct patience *p, struct guest *g)
{
    if (g == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&p->lock);
    if (g->before != NULL) {
        g->before->next = g->next;
    } else {
        p->first = g->next;
    }
    if (g->next != NULL) {
        g->next->before = g->before;
    }
    g->next = p->gone;
    p->gone = g;
    (void)pthread_mutex_unlock(&p->lock);
}

void guest_until(struct guest *g, int64_t moment)
{
    if (g != NULL) {
        atomic_store(&g->until, moment);
    }
}
