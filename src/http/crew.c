/* SPDX-License-Identifier: Apache-2.0 */
/* A ring under a lock, and threads that wait for it. */
#include "http/crew.h"

#include "base/err.h"

struct worker {
    struct crew *crew;
    struct hand hand;
    pthread_t thread;
};

struct crew {
    crew_fn *fn;
    pthread_mutex_t lock;
    pthread_cond_t work;
    bool over;
    void **ring;
    uint32_t size, first, n;
    struct worker *workers;
    uint32_t n_workers; /* that run */
};

static void *next_job(struct crew *c)
{
    void *job = NULL;
    (void)pthread_mutex_lock(&c->lock);
    while (c->n == 0 && !c->over) {
        (void)pthread_cond_wait(&c->work, &c->lock);
    }
    if (c->n > 0) {
        job = c->ring[c->first];
        c->first = (c->first + 1) % c->size;
        c->n--;
    }
    (void)pthread_mutex_unlock(&c->lock);
    return job;
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    void *job = NULL;
    while ((job = next_job(w->crew)) != NULL) {
        w->crew->fn(&w->hand, job);
    }
    return NULL;
}

bool crew_put(struct crew *c, void *job)
{
    (void)pthread_mutex_lock(&c->lock);
    bool taken = c->n < c->size && !c->over;
    if (taken) {
        c->ring[(c->first + c->n++) % c->size] = job;
        (void)pthread_cond_signal(&c->work);
    }
    (void)pthread_mutex_unlock(&c->lock);
    return taken;
}

static enum rc add_worker(struct service *s, struct crew *c, size_t bytes, struct err *e)
{
    struct worker *w = &c->workers[c->n_workers];
    w->crew = c;
    enum rc rc = hand_open(s, bytes, &w->hand, e);
    if (rc == RC_OK && pthread_create(&w->thread, NULL, work, w) != 0) {
        rc = err_set(e, RC_NO_MEMORY, "no thread for requests", "无法创建处理请求的线程");
    }
    if (rc != RC_OK) {
        hand_close(&w->hand);
        return rc;
    }
    c->n_workers++;
    return RC_OK;
}

enum rc crew_start(struct service *s, const struct crew_size *size, crew_fn *fn, struct crew **out,
                   struct err *e)
{
    struct crew *c = ARENA_NEW(&s->a, struct crew);
    *out = c;
    c->fn = fn;
    c->size = size->queue;
    c->ring = ARENA_ARRAY(&s->a, void *, size->queue);
    c->workers = ARENA_ARRAY(&s->a, struct worker, size->threads);
    (void)pthread_mutex_init(&c->lock, NULL);
    (void)pthread_cond_init(&c->work, NULL);
    for (uint32_t i = 0; i < size->threads; i++) {
        TRY(add_worker(s, c, size->bytes, e));
    }
    return RC_OK;
}

void crew_stop(struct crew *c)
{
    if (c == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&c->lock);
    c->over = true;
    (void)pthread_cond_broadcast(&c->work);
    (void)pthread_mutex_unlock(&c->lock);
    for (uint32_t i = 0; i < c->n_workers; i++) {
        (void)pthread_join(c->workers[i].thread, NULL);
        hand_close(&c->workers[i].hand);
    }
    (void)pthread_cond_destroy(&c->work);
    (void)pthread_mutex_destroy(&c->lock);
}
