/* SPDX-License-Identifier: Apache-2.0 */
/* The live engine: versions made and published; the writer's side. */
#include "engine/live.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "engine/live_int.h"

#define LIVE_OWN_BYTES ((size_t)1 << 32) /* what has to be let go of, and readers */

static uint64_t next_version(const struct live *l)
{
    return atomic_load_explicit(&l->version, memory_order_relaxed) + 1;
}

static struct live_core *newest(const struct live *l)
{
    return atomic_load_explicit(&l->core, memory_order_relaxed);
}

/* ---- work that an arena may stop ------------------------------------------------------------ */

/* One change of the live, on its way. */
struct job {
    struct live *l;
    struct live_core *core;
    struct live_core *from; /* whose rows may stand in it, or NULL */
    const struct plan *plan;
    const struct dataset *data;
    struct date as_of;
    const struct live_past *past; /* instead of data */
    const struct progress *progress;
    const struct edit *edits;
    uint32_t n;
    void (*work)(struct job *x);
    enum rc rc;
    struct err *e;
};

static void inner(void *ctx)
{
    struct job *x = ctx;
    x->work(x);
}

static void middle(void *ctx)
{
    struct job *x = ctx;
    enum rc rc = arena_run(&x->core->arena, inner, x);
    x->rc = rc != RC_OK ? rc : x->rc;
}

static void outer(void *ctx)
{
    struct job *x = ctx;
    if (!x->from) {
        middle(x);
        return;
    }
    enum rc rc = arena_run(&x->from->arena, middle, x); /* which is marked, too */
    x->rc = rc != RC_OK ? rc : x->rc;
}

static enum rc run(struct job *x)
{
    enum rc rc = arena_run(&x->l->arena, outer, x);
    rc = rc != RC_OK ? rc : x->rc;
    if (rc != RC_OK && rc != RC_NO_SUPPORT) {
        return err_set(x->e, rc,
                       "the evaluation needs more memory than allowed, or is nested too deep",
                       "求值所需内存超过上限，或嵌套过深");
    }
    return rc;
}

static const void *table(struct arena *a, const void *rows, uint32_t n, size_t size)
{
    void *copy = arena_array(a, n, size);
    if (n > 0) {
        memcpy(copy, rows, n * size);
    }
    return copy;
}

#define TABLE(name) d->name = table(a, d->name, d->n_##name, sizeof *d->name)

/* The tables as they have grown; the cells that grew them may go, once those made of it have a
 * table of facts of their own (cells_ready). */
static const struct dataset *as_grown(struct arena *a, const struct dataset *now)
{
    struct dataset *d = ARENA_NEW(a, struct dataset);
    *d = *now;
    TABLE(attrs);
    TABLE(rows);
    TABLE(titles);
    TABLE(relations);
    TABLE(activities);
    TABLE(events);
    TABLE(evidence);
    TABLE(filings);
    return d;
}

static void remember(struct live_core *c, uint64_t version)
{
    struct live_known now = {version, grow_counts(cells_dataset(c->cells))};
    vec_push(&c->arena, &c->history, now);
}

static enum rc make_cells(struct job *x)
{
    struct live_core *c = x->core;
    const struct live_core *now = newest(x->l);
    const struct live_past *past = x->past;
    c->plan = x->plan;
    if (past) {
        return cells_make_past(&c->arena, &past->lent, &past->counts, x->as_of, &c->cells, x->e);
    }
    if (!x->data) {
        x->data = as_grown(&c->arena, cells_dataset(now->cells));
        for (uint32_t i = 0; i < now->history.n; i++) {
            vec_push(&c->arena, &c->history, now->history.items[i]);
        }
        if (x->plan == now->plan && date_cmp(x->as_of, cells_as_of(now->cells)) >= 0) {
            return cells_make_again(&c->arena, now->cells, x->data, x->as_of, &c->cells, x->e);
        }
    }
    return cells_make(&c->arena, x->plan, x->data, x->as_of, &c->cells, x->e);
}

static void make(struct job *x)
{
    x->rc = make_cells(x);
    if (x->rc == RC_OK && !x->past) { /* the past has no commits to come */
        x->rc = cells_ready(x->core->cells);
    }
    if (x->rc == RC_OK) {
        remember(x->core, x->core->since);
        live_day_begin(x->core, x->core->since, x->as_of);
        x->rc = live_core_make(x->core, x->from, x->progress, x->e);
    }
}

static void advance(struct job *x)
{
    live_reclaim(x->l);
    x->rc = live_core_advance(x->core, x->as_of, x->e);
    if (x->rc == RC_OK) {
        remember(x->core, next_version(x->l));
        live_day_begin(x->core, next_version(x->l), x->as_of);
    }
}

static void take(struct job *x)
{
    live_reclaim(x->l);
    x->rc = live_core_apply(x->core, x->edits, x->n, x->e);
    if (x->rc == RC_OK) {
        remember(x->core, next_version(x->l));
    }
}

/* ---- versions ------------------------------------------------------------------------------- */

/* what: plan, data or past, day. */
static enum rc new_core(struct live *l, struct job what, struct live_core **out, struct err *e)
{
    struct live_core *c = arena_try(&l->arena, sizeof *c);
    if (!c) {
        return err_set(e, RC_NO_MEMORY, "memory is out", "内存不足");
    }
    *c = (struct live_core){.live = l, .since = next_version(l), .of_past = what.past != NULL};
    c->budget.limit_bytes = l->limit;
    arena_init_within(&c->arena, &c->budget, "live");
    arena_init_below(&c->scratch, &c->arena, "live scratch");
    arena_init_below(&c->commit, &c->arena, "commit");
    what.l = l;
    what.core = c;
    what.work = make;
    what.e = e;
    enum rc rc = run(&what);
    if (rc != RC_OK) {
        live_core_release(c);
        return rc;
    }
    *out = c;
    return RC_OK;
}

static enum rc begin(struct job what, uint32_t threads, size_t limit, struct live **out,
                     struct err *e)
{
    struct arena own;
    struct live_core *c = NULL;
    arena_init(&own, LIVE_OWN_BYTES, "live");
    struct live *l = arena_try(&own, sizeof *l);
    if (!l) {
        return err_set(e, RC_NO_MEMORY, "memory is out", "内存不足");
    }
    l->arena = own;
    l->limit = limit;
    l->threads = threads < 1 ? 1 : threads > LIVE_THREADS_MAX ? LIVE_THREADS_MAX : threads;
    for (uint32_t i = 0; i < LIVE_READERS_MAX; i++) {
        l->readers[i].live = l;
        atomic_init(&l->readers[i].pinned, LIVE_IDLE);
    }
    enum rc rc = new_core(l, what, &c, e);
    if (rc != RC_OK) {
        own = l->arena;
        arena_release(&own);
        return rc;
    }
    atomic_store(&l->core, c);
    atomic_store(&l->version, c->since);
    *out = l;
    return RC_OK;
}

enum rc live_make_on(const struct plan *p, const struct dataset *d, struct date as_of,
                     uint32_t threads, size_t limit, struct live **out, struct err *e)
{
    return begin((struct job){.plan = p, .data = d, .as_of = as_of}, threads, limit, out, e);
}

enum rc live_make(const struct plan *p, const struct dataset *d, struct date as_of, size_t limit,
                  const struct progress *progress, struct live **out, struct err *e)
{
    const struct job what = {.plan = p, .data = d, .as_of = as_of, .progress = progress};
    return begin(what, 1, limit, out, e);
}

static struct live_changes changes_of(const struct live_core *c)
{
    return (struct live_changes){c->changes.items, c->changes.n};
}

/* The next version of the core in use. */
static enum rc step(struct job x, struct live_changes *out)
{
    enum rc rc = run(&x);
    x.l->failed = rc != RC_OK;
    if (rc == RC_OK) {
        *out = changes_of(x.core);
        atomic_store(&x.l->version, next_version(x.l));
    }
    return rc;
}

enum rc live_apply(struct live *l, const struct edit *edits, uint32_t n, struct live_changes *out,
                   struct err *e)
{
    struct job x = {.l = l, .core = newest(l), .edits = edits, .n = n, .work = take, .e = e};
    *out = (struct live_changes){0};
    if (l->failed) {
        return err_set(e, RC_CONFLICT, "a commit failed before: make it anew",
                       "此前的提交失败，须重新建立");
    }
    return step(x, out);
}

/* ---- another base --------------------------------------------------------------------------- */

static struct live_stats sum_of(struct live_stats x, struct live_stats y)
{
    return (struct live_stats){x.units + y.units, x.above + y.above, x.opened + y.opened,
                               x.rows + y.rows, x.kept + y.kept};
}

static void tell_all(struct live_hand *h)
{
    live_diff_cores(newest(h->core->live), h);
}

static void compare(struct job *x)
{
    struct live_hand *h = &x->core->hands[0];
    x->rc = live_hand_work(h, tell_all, x->e);
    for (uint32_t i = 0; x->rc == RC_OK && i < h->changes.n; i++) {
        vec_push(&x->core->commit, &x->core->changes, h->changes.items[i]);
    }
    if (x->rc == RC_OK) {
        struct live_gone old = {next_version(x->l), newest(x->l)};
        vec_push(&x->l->arena, &x->l->gone, old);
    }
}

/* A core that may take over, and what it has to tell. */
static enum rc make_base(struct live *l, struct job what, struct live_core **out, struct err *e)
{
    struct live_core *c = NULL;
    enum rc rc = new_core(l, what, &c, e);
    if (rc == RC_OK) {
        struct job x = {.l = l, .core = c, .work = compare, .e = e};
        rc = run(&x);
    }
    live_carry_end(rc == RC_OK ? c : NULL, newest(l));
    if (rc != RC_OK && c) {
        live_core_release(c);
    }
    *out = c;
    return rc;
}

enum rc live_rebase(struct live *l, const struct plan *p, const struct dataset *d,
                    struct date as_of, struct live_changes *out, struct err *e)
{
    struct live_core *c = NULL;
    struct live_core *now = newest(l);
    bool known = !l->failed && !now->of_past;
    bool grown = known && !d && p == now->plan; /* all but the day, if that */
    int later = date_cmp(as_of, cells_as_of(now->cells));
    struct job what = {.l = l, .core = now, .plan = p, .data = d, .as_of = as_of, .e = e};
    *out = (struct live_changes){0};
    if (grown && later > 0) {
        what.work = advance;
        return step(what, out);
    }
    live_reclaim(l);
    what.from = known && !grown ? now : NULL;
    enum rc rc = make_base(l, what, &c, e);
    if ((rc == RC_NO_MEMORY || rc == RC_LIMIT) && what.from) { /* comparing takes memory, too */
        what.from = NULL;
        err_clear(e);
        rc = make_base(l, what, &c, e);
    }
    if (rc != RC_OK) {
        return rc;
    }
    c->older = now;
    l->stats = live_stats(l);
    atomic_store(&l->core, c);
    atomic_store(&l->version, c->since);
    l->failed = false;
    *out = changes_of(c);
    return RC_OK;
}

uint64_t live_version(const struct live *l)
{
    return atomic_load(&l->version);
}

struct live_stats live_stats(const struct live *l)
{
    return sum_of(l->stats, live_core_stats(newest(l)));
}

void live_rest(struct live *l, size_t most)
{
    live_hands_rest(newest(l), most);
}

void live_release(struct live *l)
{
    live_reclaim_all(l);
    live_core_release(newest(l));
    struct arena own = l->arena;
    arena_release(&own);
}

/* ---- what was known before ------------------------------------------------------------------ */

/* What was known in a version: of the newest one that is not newer. */
static const struct live_known *known_in(const struct live_core *c, uint64_t version)
{
    uint32_t i = c->history.n;
    while (i > 0 && c->history.items[i - 1].version > version) {
        i--;
    }
    return i > 0 ? &c->history.items[i - 1] : NULL;
}

static void lend(void *ctx)
{
    struct live_past *p = ctx;
    cells_lend(&p->arena, p->core->cells, &p->lent);
}

enum rc live_past_take(struct live *l, struct date day, uint64_t version, struct live_past **out,
                       struct err *e)
{
    struct live_core *c = newest(l);
    const struct live_known *known = known_in(c, version);
    struct arena own;
    if (l->failed || !known) {
        return err_set(e, RC_CONFLICT, "what was known then is not at hand: make it anew",
                       "此时点的数据不在内存中，须重新建立");
    }
    if (date_cmp(day, cells_as_of(c->cells)) > 0) {
        return err_set(e, RC_USAGE, "the day has not come: ask for the newest version",
                       "该日尚未到来，请查询最新结果");
    }
    arena_init(&own, l->limit, "what was known");
    struct live_past *p = arena_try(&own, sizeof *p);
    if (!p) {
        return err_set(e, RC_NO_MEMORY, "memory is out", "内存不足");
    }
    *p = (struct live_past){.arena = own, .core = c, .counts = known->counts, .day = day};
    enum rc rc = arena_run(&p->arena, lend, p);
    if (rc != RC_OK) {
        own = p->arena;
        arena_release(&own);
        return err_set(e, rc, "memory is out", "内存不足");
    }
    (void)atomic_fetch_add(&c->pasts, 1);
    *out = p;
    return RC_OK;
}

enum rc live_past_make(const struct live_past *p, uint32_t threads, size_t limit, struct live **out,
                       struct err *e)
{
    struct job what = {.plan = p->lent.plan, .past = p, .as_of = p->day};
    return begin(what, threads, limit, out, e);
}

void live_past_release(struct live_past *p)
{
    struct arena own = p->arena;
    (void)atomic_fetch_sub(&p->core->pasts, 1);
    arena_release(&own);
}
