/* SPDX-License-Identifier: Apache-2.0 */
/* One moment gone by, made in the background and kept until another one is asked for. */
#include "http/past.h"

#include <pthread.h>

#include "app/adopt/adopt.h"
#include "app/standing/standing.h"
#include "base/arena.h"
#include "base/err.h"
#include "http/service.h"

enum past_state { PAST_NONE, PAST_WANTED, PAST_READY, PAST_FAILED };

struct past {
    struct service *s;
    pthread_t thread;
    bool running, over;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    enum past_state state;
    struct past_moment moment;
    struct standing *standing;
    struct arena a;          /* of the plan */
    const struct plan *plan; /* of the moment */
    uint32_t n;              /* who look at it */
    struct err e;
    enum rc rc; /* FAILED */
};

/* The plan of the moment in the arena of p. A pack that is none of the book's was told already. */
static enum rc open_plan(struct past *p, struct store_reader *r, struct past_moment m,
                         struct err *e)
{
    struct adopt_now now;
    struct pack *given = ARENA_NEW(&p->a, struct pack);
    *given = p->s->given;
    enum rc rc = adopt_now(&p->a, r, given, m.commit, m.day, &now, e);
    if (rc == RC_CONFLICT) {
        err_clear(e);
        rc = adopt_now(&p->a, r, NULL, m.commit, m.day, &now, e);
    }
    p->plan = rc == RC_OK ? now.pack->plan : NULL;
    return rc;
}

struct making {
    struct past *p;
    struct past_moment m;
    struct store_reader *reader; /* held: closed by who began */
    enum rc rc;
};

static void run_plan(void *ctx)
{
    struct making *x = ctx;
    x->rc = store_reader_open(&x->p->a, x->p->s->store, &x->reader, &x->p->e);
    x->rc = x->rc == RC_OK ? open_plan(x->p, x->reader, x->m, &x->p->e) : x->rc;
}

static enum rc make(struct past *p, struct past_moment m, struct standing **out)
{
    struct making x = {.p = p, .m = m};
    arena_release(&p->a);
    arena_init(&p->a, p->s->o.memory, "past");
    enum rc rc = arena_run(&p->a, run_plan, &x);
    rc =
        rc == RC_OK ? x.rc : err_set(&p->e, rc, "no memory for the plan", "内存不足，无法载入计划");
    if (x.reader != NULL) {
        store_reader_close(x.reader);
    }
    TRY(rc);
    const struct standing_options o = {.plan = p->plan,
                                       .store = p->s->store,
                                       .day = m.day,
                                       .upto = m.commit,
                                       .limit = p->s->o.memory};
    return standing_open(&o, out, &p->e);
}

/* Without the lock: nobody enters while it is wanted. */
static void work(struct past *p)
{
    struct standing *made = NULL;
    struct past_moment m = p->moment;
    (void)pthread_mutex_unlock(&p->lock);
    standing_close(p->standing);
    err_clear(&p->e);
    enum rc rc = make(p, m, &made);
    (void)pthread_mutex_lock(&p->lock);
    p->standing = made;
    p->rc = rc;
    p->state = rc == RC_OK ? PAST_READY : PAST_FAILED;
}

static void *run(void *ctx)
{
    struct past *p = ctx;
    (void)pthread_mutex_lock(&p->lock);
    while (!p->over) {
        if (p->state == PAST_WANTED) {
            work(p);
        } else {
            (void)pthread_cond_wait(&p->turned, &p->lock);
        }
    }
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum rc past_open(struct service *s, struct past **out, struct err *e)
{
    struct past *p = ARENA_NEW(&s->a, struct past);
    *out = p;
    p->s = s;
    arena_init(&p->a, s->o.memory, "past");
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->turned, NULL);
    p->running = pthread_create(&p->thread, NULL, run, p) == 0;
    return p->running ? RC_OK
                      : err_set(e, RC_NO_MEMORY, "no thread for what stood before",
                                "无法创建查看历史结论的线程");
}

void past_close(struct past *p)
{
    if (p == NULL) {
        return;
    }
    if (p->running) {
        (void)pthread_mutex_lock(&p->lock);
        p->over = true;
        (void)pthread_cond_broadcast(&p->turned);
        (void)pthread_mutex_unlock(&p->lock);
        (void)pthread_join(p->thread, NULL);
    }
    standing_close(p->standing);
    arena_release(&p->a);
    (void)pthread_cond_destroy(&p->turned);
    (void)pthread_mutex_destroy(&p->lock);
}

static bool same(struct past_moment a, struct past_moment b)
{
    return a.commit == b.commit && date_cmp(a.day, b.day) == 0;
}

static enum rc look(struct past *p, struct past_look *out, struct err *e)
{
    struct live_reader *r = live_reader(standing_live(p->standing));
    if (r == NULL) {
        return err_set(e, RC_BUSY, "too many look at what stood before", "查看历史结论者过多");
    }
    p->n++;
    *out = (struct past_look){r, p->plan, standing_pin(p->standing, r)};
    return RC_OK;
}

static enum rc want(struct past *p, struct past_moment m, struct err *e)
{
    if (p->state != PAST_WANTED && p->n == 0) {
        p->moment = m;
        p->state = PAST_WANTED;
        (void)pthread_cond_broadcast(&p->turned);
    }
    bool his = p->state == PAST_WANTED && same(p->moment, m);
    return err_set(e, RC_NOT_YET, "%s%.0s", "%.0s%s",
                   his ? "what stood then is being worked out: ask again in a moment"
                       : "another moment gone by is being looked at: ask again in a moment",
                   his ? "正在计算当时的结论，请稍后再试" : "他人正在查看另一历史时点，请稍后再试");
}

enum rc past_enter(struct past *p, struct past_moment m, struct past_look *out, struct err *e)
{
    enum rc rc = RC_NOT_YET;
    (void)pthread_mutex_lock(&p->lock);
    if (p->state == PAST_READY && same(p->moment, m)) {
        rc = look(p, out, e);
    } else if (p->state == PAST_FAILED && same(p->moment, m)) {
        *e = p->e;
        rc = p->rc;
        p->state = PAST_NONE; /* the next one tries again */
    } else {
        rc = want(p, m, e);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return rc;
}

void past_leave(struct past *p, struct live_reader *r)
{
    (void)pthread_mutex_lock(&p->lock);
    live_reader_release(r);
    p->n--;
    (void)pthread_mutex_unlock(&p->lock);
}
