/* SPDX-License-Identifier: Apache-2.0 */
/* Halls: a tree with its arena is a ground, on which one hall or several stand. */
#include "app/standing/hall.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "model/plan.h"
#include "store/load.h"
#include "store/store.h"

/* Grounds, houses and halls each lie in their own arena. */

/* Of a commit: what it changes. */
enum change { CHANGE_NONE = 0, CHANGE_PEOPLE = 1, CHANGE_TREE = 2 };

struct hall_ground {
    struct arena a;
    const struct tree *tree;
    uint32_t halls;
};

/* A hall with the arena of its roster. */
struct house {
    struct hall hall; /* first: halls_leave */
    struct arena a;
};

struct halls {
    struct halls_options o;
    struct arena a; /* of the reader */
    struct store_reader *reader;
    pthread_mutex_t lock; /* of all below, and of guests and grounds */
    pthread_cond_t moved; /* seq */
    struct house *newest;
    int64_t seq;
    struct halls_stats stats;
    unsigned pending; /* CHANGE_ of commits up to seq for which no hall could be made */
};

/* ---- making --------------------------------------------------------------------------------- */

struct making {
    struct halls *h;
    struct house *house;
    struct hall_ground *ground;
    int64_t seq;
    struct date day;
    struct err *e;
    enum rc rc;
};

static void run_tree(void *ctx)
{
    struct making *m = ctx;
    struct hall_ground *g = m->ground;
    m->rc = book_tree(&g->a, m->h->reader, m->h->o.plan, m->seq, &g->tree, m->e);
}

static void run_roster(void *ctx)
{
    struct making *m = ctx;
    m->house->hall.tree = m->ground->tree;
    m->rc = seat_roster_load_on(&m->house->a, m->h->reader, m->seq, m->day, m->ground->tree,
                                &m->house->hall.roster, m->e);
}

static enum rc run(struct making *m, struct arena *a, void (*fn)(void *))
{
    enum rc rc = arena_run(a, fn, m);
    return rc == RC_OK ? m->rc
                       : err_set(m->e, rc, "no room for the list of units and users",
                                 "内存不足，无法载入机构和用户名单");
}

/* Frees an arena that lies in itself. */
static void drop(struct arena *own)
{
    struct arena a = *own;
    arena_release(&a);
}

static void ground_leave(struct hall_ground *g)
{
    if (--g->halls == 0) {
        drop(&g->a);
    }
}

static void house_free(struct house *x)
{
    if (x->hall.ground != NULL) {
        ground_leave(x->hall.ground);
    }
    drop(&x->a);
}

static struct hall_ground *new_ground(const struct halls *h)
{
    struct arena a;
    arena_init(&a, h->o.limit, "hall-tree");
    struct hall_ground *g = arena_try(&a, sizeof *g);
    if (g != NULL) {
        g->a = a;
    }
    return g;
}

static struct house *new_house(const struct halls *h)
{
    struct arena a;
    arena_init(&a, h->o.limit, "hall");
    struct house *x = arena_try(&a, sizeof *x);
    if (x != NULL) {
        x->a = a;
    }
    return x;
}

static enum rc no_memory(struct err *e)
{
    return err_set(e, RC_NO_MEMORY, "no memory for the list of units",
                   "内存不足，无法载入机构名单");
}

/* The ground of the newest hall, or one made anew. It counts one hall more. */
static enum rc stand_on(struct making *m, bool anew)
{
    m->ground = anew || m->h->newest == NULL ? new_ground(m->h) : m->h->newest->hall.ground;
    if (m->ground == NULL) {
        return no_memory(m->e);
    }
    (void)pthread_mutex_lock(&m->h->lock);
    m->ground->halls++;
    (void)pthread_mutex_unlock(&m->h->lock);
    m->house->hall.ground = m->ground;
    if (m->ground->tree != NULL) {
        return RC_OK;
    }
    m->h->stats.trees++;
    return run(m, &m->ground->a, run_tree);
}

static enum rc make(struct halls *h, int64_t seq, struct date day, bool anew, struct house **out,
                    struct err *e)
{
    struct making m = {.h = h, .house = new_house(h), .seq = seq, .day = day, .e = e};
    if (m.house == NULL) {
        return no_memory(e);
    }
    enum rc rc = stand_on(&m, anew);
    rc = rc == RC_OK ? run(&m, &m.house->a, run_roster) : rc;
    m.house->hall.made = seq;
    (void)pthread_mutex_lock(&h->lock);
    if (rc != RC_OK) {
        house_free(m.house);
    } else {
        *out = m.house;
        h->stats.halls++;
    }
    (void)pthread_mutex_unlock(&h->lock);
    return rc;
}

/* ---- following ------------------------------------------------------------------------------ */

static enum rc note(void *ctx, const struct store_event *ev, const struct store_parcel *parcels,
                    struct err *e)
{
    unsigned *change = ctx;
    (void)e;
    for (uint32_t i = 0; i < ev->n_parcels; i++) {
        const struct store_parcel *p = &parcels[i];
        if (p->what == STORE_UNIT || p->what == STORE_LINEAGE) {
            *change |= CHANGE_TREE;
        } else if (p->what == STORE_DOC && (str_starts(p->unit, STR(SEAT_USER_PREFIX)) ||
                                            str_starts(p->unit, STR(SEAT_PREFIX)))) {
            *change |= CHANGE_PEOPLE;
        }
    }
    return RC_OK;
}

/* The next hall takes the place of the newest one, which goes when its last guest has left. */
static void move_in(struct halls *h, struct house *next, int64_t to)
{
    (void)pthread_mutex_lock(&h->lock);
    if (next != NULL) {
        if (h->newest != NULL && h->newest->hall.guests == 0) {
            house_free(h->newest);
        }
        h->newest = next;
        h->pending = CHANGE_NONE;
    }
    h->seq = to;
    (void)pthread_cond_broadcast(&h->moved);
    (void)pthread_mutex_unlock(&h->lock);
}

enum rc halls_follow(struct halls *h, int64_t to, struct date day, struct err *e)
{
    struct house *next = NULL;
    bool turned = date_cmp(h->newest->hall.roster.day, day) != 0;
    if (to <= h->seq && !turned) {
        return RC_OK;
    }
    if (to > h->seq) {
        TRY(store_feed(h->reader, h->seq + 1, to, note, &h->pending, e));
    } else {
        to = h->seq;
    }
    if (h->pending != CHANGE_NONE || turned) {
        TRY(make(h, to, day, (h->pending & CHANGE_TREE) != 0, &next, e));
    }
    move_in(h, next, to);
    return RC_OK;
}

struct halls_stats halls_stats(struct halls *h)
{
    (void)pthread_mutex_lock(&h->lock);
    struct halls_stats s = h->stats;
    (void)pthread_mutex_unlock(&h->lock);
    return s;
}

/* ---- guests --------------------------------------------------------------------------------- */

enum rc halls_enter(struct halls *h, int64_t seq, const struct hall **out, struct err *e)
{
    const struct timespec until = clock_in_ms(h->o.patience_ms);
    int late = 0;
    *out = NULL;
    (void)pthread_mutex_lock(&h->lock);
    while (h->seq < seq && late == 0) {
        late = pthread_cond_timedwait(&h->moved, &h->lock, &until);
    }
    if (h->seq >= seq) {
        h->newest->hall.guests++;
        *out = &h->newest->hall;
    }
    (void)pthread_mutex_unlock(&h->lock);
    return *out != NULL ? RC_OK
                        : err_set(e, RC_BUSY, "the newest commits are still being read",
                                  "正在读入最新的提交，请稍后再试");
}

void halls_leave(struct halls *h, const struct hall *x)
{
    // A hall is the beginning of its house: NOLINTNEXTLINE(clang-diagnostic-cast-qual)
    struct house *house = (struct house *)(uintptr_t)x;
    (void)pthread_mutex_lock(&h->lock);
    if (--house->hall.guests == 0 && house != h->newest) {
        house_free(house);
    }
    (void)pthread_mutex_unlock(&h->lock);
}

/* ---- opening -------------------------------------------------------------------------------- */

static enum rc begin(struct halls *h, struct err *e)
{
    struct store_end end;
    struct house *first = NULL;
    TRY(store_reader_open(&h->a, h->o.store, &h->reader, e));
    TRY(store_end(&h->a, h->reader, &end, e));
    TRY(make(h, end.seq, h->o.day, true, &first, e));
    move_in(h, first, end.seq);
    return RC_OK;
}

enum rc halls_open(const struct halls_options *o, struct halls **out, struct err *e)
{
    struct arena a;
    arena_init(&a, o->limit, "halls");
    struct halls *h = arena_try(&a, sizeof *h);
    if (h == NULL) {
        return no_memory(e);
    }
    *h = (struct halls){.o = *o, .a = a};
    (void)pthread_mutex_init(&h->lock, NULL);
    (void)pthread_cond_init(&h->moved, NULL);
    enum rc rc = begin(h, e);
    if (rc != RC_OK) {
        halls_close(h);
        return rc;
    }
    *out = h;
    return RC_OK;
}

void halls_close(struct halls *h)
{
    if (h == NULL) {
        return;
    }
    if (h->newest != NULL) {
        house_free(h->newest);
    }
    if (h->reader != NULL) {
        store_reader_close(h->reader);
    }
    (void)pthread_cond_destroy(&h->moved);
    (void)pthread_mutex_destroy(&h->lock);
    drop(&h->a);
}
