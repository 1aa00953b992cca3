/* SPDX-License-Identifier: Apache-2.0 */
/* One view of a book, kept up: bases, steps and versions. */
#include "app/standing/standing.h"

#include <time.h>

#include "app/standing/standing_int.h"
#include "base/err.h"

/* Rows of edits (192 bytes each) that make a new base worth its while. */
#define EDITS_MAX 4000000U

/* Of sheets that commits have asked for. */
#define SHEETS_BYTES ((size_t)32 << 20)

static int64_t clock_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- bases ---------------------------------------------------------------------------------- */

static void base_release(struct base *b)
{
    arena_release(&b->scratch);
    arena_release(&b->layouts);
    arena_release(&b->tables);
    arena_release(&b->arena);
}

/* Bases that no reader can see any more, when `oldest` was asked before the engine's last step. */
static void let_go(struct standing *s, uint64_t oldest)
{
    struct base **at = &s->base->older;
    while (*at != NULL) {
        struct base *b = *at;
        if (b->until <= oldest) {
            *at = b->older;
            base_release(b);
        } else {
            at = &b->older;
        }
    }
}

static enum rc base_make(struct step *x)
{
    struct standing *s = x->s;
    int64_t from = clock_us();
    struct base *b = ARENA_NEW(&s->arena, struct base);
    b->s = s;
    b->until = UINT64_MAX;
    arena_init_below(&b->arena, &s->arena, "base");
    arena_init_below(&b->scratch, &s->arena, "standing");
    arena_init_below(&b->layouts, &s->arena, "layouts");
    arena_init_below(&b->tables, &s->arena, "tables");
    x->fresh = b;
    TRY(base_load(b, x->to, x->e));
    s->stats.bases++;
    s->stats.load_us = clock_us() - from;
    return RC_OK;
}

/* ---- versions ------------------------------------------------------------------------------- */

/* Before a version can be pinned it is known what it stands for. */
static void stands_for(struct standing *s, uint64_t version, int64_t seq)
{
    atomic_store(&s->ring[version % STANDING_RING], seq);
}

static enum rc first(struct step *x)
{
    struct standing *s = x->s;
    TRY(base_make(x));
    int64_t from = clock_us();
    TRY(live_make(s->o.plan, &x->fresh->data, s->o.day, s->o.limit, s->o.progress, &s->live, x->e));
    s->stats.judge_us = clock_us() - from;
    live_rest(s->live, 0);
    stands_for(s, live_version(s->live), x->fresh->seq);
    s->base = x->fresh;
    return RC_OK;
}

static enum rc begin_anew(struct step *x)
{
    struct standing *s = x->s;
    uint64_t oldest = live_oldest(s->live);
    uint64_t next = live_version(s->live) + 1;
    TRY(base_make(x));
    int64_t from = clock_us();
    stands_for(s, next, x->fresh->seq);
    TRY(live_rebase(s->live, s->o.plan, &x->fresh->data, s->o.day, &x->changes, x->e));
    s->stats.judge_us = clock_us() - from;
    x->fresh->older = s->base;
    s->base->until = next;
    s->base = x->fresh;
    x->seq = x->fresh->seq;
    let_go(s, oldest);
    return RC_OK;
}

static enum rc take(struct step *x)
{
    struct standing *s = x->s;
    uint64_t oldest = live_oldest(s->live);
    uint64_t now = live_version(s->live);
    s->stats.edits += x->edits.n;
    s->base->edits += x->edits.n;
    s->base->seq = x->seq;
    if (x->edits.n == 0) {
        stands_for(s, now, x->seq);
        return RC_OK;
    }
    stands_for(s, now + 1, x->seq);
    looks_shut(&s->looks);
    s->shut = true;
    TRY(live_apply(s->live, x->edits.items, x->edits.n, &x->changes, x->e));
    let_go(s, oldest);
    return RC_OK;
}

static enum rc follow(struct step *x)
{
    struct standing *s = x->s;
    x->anew = x->anew || s->broken || s->base->edits > EDITS_MAX;
    s->broken = true;
    if (!x->anew) {
        TRY(step_read(x));
    }
    TRY(x->anew ? begin_anew(x) : take(x));
    live_rest(s->live, x->anew ? 0 : SHEETS_BYTES);
    s->broken = false;
    return RC_OK;
}

/* ---- work that an arena may stop ------------------------------------------------------------ */

struct job {
    struct step *x;
    enum rc (*work)(struct step *x);
};

static void inner(void *ctx)
{
    struct job *j = ctx;
    j->x->rc = j->work(j->x);
}

static enum rc run(struct step *x, enum rc (*work)(struct step *x))
{
    struct job j = {x, work};
    enum rc rc = arena_run(&x->s->arena, inner, &j);
    rc = rc == RC_OK
             ? x->rc
             : err_set(x->e, rc, "the book needs more memory than allowed", "账本所需内存超过上限");
    if (x->s->shut) {
        x->s->shut = false;
        looks_open(&x->s->looks);
    }
    if (rc != RC_OK && x->fresh != NULL && x->fresh != x->s->base) {
        base_release(x->fresh);
    }
    return rc;
}

/* ---- the follower's side -------------------------------------------------------------------- */

enum rc standing_open(const struct standing_options *o, struct standing **out, struct err *e)
{
    struct arena own;
    *out = NULL;
    arena_init(&own, o->limit, "standing");
    struct standing *s = arena_try(&own, sizeof *s);
    if (s == NULL) {
        return err_set(e, RC_NO_MEMORY, "memory is out", "内存不足");
    }
    s->arena = own;
    s->o = *o;
    looks_init(&s->looks);
    enum rc rc = store_reader_open(&s->arena, o->store, &s->reader, e);
    struct step x = {.s = s, .to = o->upto, .e = e};
    rc = rc == RC_OK ? run(&x, first) : rc;
    s->o.progress = NULL; /* it is open */
    if (rc != RC_OK) {
        standing_close(s);
        return rc;
    }
    atomic_store(&s->seq, s->base->seq);
    *out = s;
    return RC_OK;
}

void standing_close(struct standing *s)
{
    if (s == NULL) {
        return;
    }
    if (s->live != NULL) {
        live_release(s->live);
    }
    for (struct base *b = s->base; b != NULL; b = b->older) {
        base_release(b);
    }
    if (s->reader != NULL) {
        store_reader_close(s->reader);
    }
    looks_release(&s->looks);
    struct arena own = s->arena;
    arena_release(&own);
}

enum rc standing_wait(struct standing *s, int timeout_ms, int64_t *last, struct err *e)
{
    return store_wait(s->reader, s->base->seq, timeout_ms, last, e);
}

static enum rc step(struct standing *s, int64_t to, bool anew, struct standing_step *out,
                    struct err *e)
{
    struct arena a;
    struct step x = {.s = s, .a = &a, .to = to, .anew = anew, .e = e};
    const struct tree *before = s->base->tree;
    *out = (struct standing_step){.seq = s->base->seq, .before = before};
    x.to = to > s->base->seq ? to : s->base->seq;
    if (x.to == s->base->seq && !anew && !s->broken) {
        return RC_OK;
    }
    arena_init_below(&a, &s->arena, "step");
    enum rc rc = run(&x, follow);
    arena_release(&a);
    if (rc == RC_OK) {
        *out = (struct standing_step){x.seq, x.anew, before, x.changes};
        atomic_store(&s->seq, x.seq);
    }
    return rc;
}

enum rc standing_follow(struct standing *s, int64_t to, struct standing_step *out, struct err *e)
{
    return step(s, to, false, out, e);
}

enum rc standing_turn(struct standing *s, struct date day, int64_t to, struct standing_step *out,
                      struct err *e)
{
    s->o.day = day;
    return step(s, to, true, out, e);
}

enum rc standing_adopt(struct standing *s, const struct plan *plan, int64_t to,
                       struct standing_step *out, struct err *e)
{
    s->o.plan = plan;
    return step(s, to, true, out, e);
}

struct live *standing_live(const struct standing *s)
{
    return s->live;
}

const struct plan *standing_plan(const struct standing *s)
{
    return s->o.plan;
}

const struct tree *standing_tree(const struct standing *s)
{
    return s->base->tree;
}

int64_t standing_pin(const struct standing *s, struct live_reader *r)
{
    return atomic_load(&s->ring[live_pin(r) % STANDING_RING]);
}

int64_t standing_seq(const struct standing *s)
{
    return atomic_load(&s->seq);
}

struct date standing_day(const struct standing *s)
{
    return s->o.day;
}

struct standing_stats standing_stats(const struct standing *s)
{
    return s->stats;
}
