/* SPDX-License-Identifier: Apache-2.0 */
/* Footings: made by the plan in force, entered, left. */
#include "http/footing.h"

#include "app/adopt/adopt.h"
#include "base/buf.h"
#include "base/err.h"
#include "http/official.h"
#include "http/service.h"

#define PATIENCE_MS 5000 /* how long requests wait for the follower */

static uint64_t made_of(const struct footing *f)
{
    struct buf b;
    buf_init(&b, 1U << 10);
    buf_printf(&b, TIZHI_VERSION " %.*s %lld", PS(f->digest), (long long)f->adopted);
    uint64_t hash = str_hash(buf_view(&b));
    buf_release(&b);
    return hash;
}

/* The plan of the book is served whatever the operator has named; that he named another one is
 * told. */
static enum rc open_plan(struct footing *f, struct store_reader *r, struct err *told, struct err *e)
{
    struct adopt_now now;
    struct pack *given = ARENA_NEW(&f->a, struct pack);
    *given = f->s->given;
    enum rc rc = adopt_now(&f->a, r, given, INT64_MAX, DATE_MAX, &now, e);
    if (rc == RC_CONFLICT) {
        *told = *e;
        err_clear(e);
        rc = adopt_now(&f->a, r, NULL, INT64_MAX, DATE_MAX, &now, e);
    }
    TRY(rc);
    f->pack = now.pack;
    f->digest = now.digest;
    f->adopted = now.seq;
    f->made_of = made_of(f);
    f->official[0] = official_json(&f->a, f->s->official, f->pack, false);
    f->official[1] = official_json(&f->a, f->s->official, f->pack, true);
    return RC_OK;
}

enum rc footing_count(const struct footing *f, struct err *e)
{
    return board_count(f->board, standing_live(f->standing), standing_tree(f->standing),
                       standing_day(f->standing), standing_seq(f->standing), e);
}

static enum rc stand_up(struct footing *f, struct date day, const struct progress *progress,
                        struct err *e)
{
    const size_t memory = f->s->o.memory;
    const struct halls_options ho = {.store = f->s->store,
                                     .plan = f->pack->plan,
                                     .day = day,
                                     .limit = memory,
                                     .patience_ms = PATIENCE_MS};
    const struct standing_options so = {.plan = f->pack->plan,
                                        .store = f->s->store,
                                        .day = day,
                                        .upto = INT64_MAX,
                                        .limit = memory,
                                        .progress = progress};
    TRY(halls_open(&ho, &f->halls, e));
    TRY(standing_open(&so, &f->standing, e));
    TRY(board_open(f->pack->plan, memory, &f->board, e));
    return footing_count(f, e);
}

struct making {
    struct footing *f;
    struct date day;
    const struct progress *progress;
    struct store_reader *reader; /* held: closed by who began */
    struct err *told, *e;
    enum rc rc;
};

static enum rc make(struct making *m)
{
    TRY(store_reader_open(&m->f->a, m->f->s->store, &m->reader, m->e));
    TRY(open_plan(m->f, m->reader, m->told, m->e));
    return stand_up(m->f, m->day, m->progress, m->e);
}

static void run(void *ctx)
{
    struct making *m = ctx;
    m->rc = make(m);
}

static void drop(struct footing *f)
{
    board_close(f->board);
    standing_close(f->standing);
    halls_close(f->halls);
    struct arena own = f->a;
    arena_release(&own);
}

enum rc footing_make(struct service *s, struct date day, const struct progress *progress,
                     struct footing **out, struct err *told, struct err *e)
{
    struct arena own;
    arena_init(&own, s->o.memory, "footing");
    struct footing *f = arena_try(&own, sizeof *f);
    if (f == NULL) {
        return err_set(e, RC_NO_MEMORY, "memory is out", "内存不足");
    }
    *f = (struct footing){.s = s, .guests = 1, .a = own};
    struct making m = {.f = f, .day = day, .progress = progress, .told = told, .e = e};
    enum rc rc = arena_run(&f->a, run, &m);
    rc = rc == RC_OK ? m.rc : err_set(e, rc, "no memory for the plan", "内存不足，无法载入计划");
    if (m.reader != NULL) {
        store_reader_close(m.reader);
    }
    if (rc != RC_OK) {
        drop(f);
        return rc;
    }
    *out = f;
    return RC_OK;
}

struct footing *footing_replace(struct service *s, struct footing *f)
{
    (void)pthread_mutex_lock(&s->lock);
    struct footing *before = s->footing;
    s->footing = f;
    (void)pthread_mutex_unlock(&s->lock);
    return before;
}

bool footing_is_left(struct footing *f)
{
    (void)pthread_mutex_lock(&f->s->lock);
    bool left = f->guests == 1;
    (void)pthread_mutex_unlock(&f->s->lock);
    return left;
}

struct footing *footing_enter(struct service *s)
{
    (void)pthread_mutex_lock(&s->lock);
    struct footing *f = s->footing;
    f->guests++;
    (void)pthread_mutex_unlock(&s->lock);
    return f;
}

void footing_leave(struct footing *f)
{
    if (f == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&f->s->lock);
    bool last = --f->guests == 0;
    (void)pthread_mutex_unlock(&f->s->lock);
    if (last) {
        drop(f);
        arena_give_all_back(); /* half of what the service holds */
    }
}
