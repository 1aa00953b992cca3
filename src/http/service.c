/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the book for service, and following it. */
#include "http/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/workbook/export.h"
#include "app/workbook/import.h"
#include "base/buf.h"
#include "base/err.h"
#include "engine/columns.h"
#include "http/past.h"
#include "base/file.h"
#include "http/event.h"
#include "http/happen.h"

#define WAIT_MS     200  /* the follower sleeps without a commit; then it looks at the day */
#define PATIENCE_MS 5000 /* how long requests wait for the follower */
#define CHINA_US    28800000000LL
#define DAY_US      86400000000LL

int64_t service_now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct date today(void)
{
    return (struct date){(int32_t)((service_now() + CHINA_US) / DAY_US)};
}

static void tell(struct service *s, const struct err *e)
{
    struct buf line;
    buf_init(&line, 1U << 16);
    err_render(e, ERR_LANG_EN, &line);
    for (uint32_t i = 0; i < line.n; i++) {
        line.p[i] = line.p[i] == '\n' ? ' ' : line.p[i];
    }
    if (s->o.tell != NULL) {
        s->o.tell(s->o.ctx, buf_view(&line).p);
    }
    buf_release(&line);
}

/* ---- following ------------------------------------------------------------------------------ */

static enum rc count(struct service *s, struct err *e)
{
    return board_count(s->board, standing_live(s->standing), standing_tree(s->standing),
                       standing_day(s->standing), standing_seq(s->standing), e);
}

static enum rc step(struct service *s, int64_t last, struct err *e)
{
    struct standing_step step;
    struct date day = today();
    int64_t from = standing_seq(s->standing);
    TRY(halls_follow(s->halls, last, day, e));
    if (date_cmp(day, standing_day(s->standing)) != 0) {
        TRY(standing_turn(s->standing, day, last, &step, e));
    } else {
        TRY(standing_follow(s->standing, last, &step, e));
    }
    if (step.anew || s->miscounted) {
        s->miscounted = true;
        TRY(count(s, e));
        s->miscounted = false;
    } else {
        s->miscounted = !board_take(s->board, &step.changes, step.seq);
    }
    happen_step(s->happen, &step, from + 1);
    atomic_store(&s->seq, step.seq);
    return RC_OK;
}

static void *follow(void *ctx)
{
    struct service *s = ctx;
    struct err e;
    int64_t last = standing_seq(s->standing);
    while (!atomic_load(&s->over)) {
        err_clear(&e);
        enum rc rc = standing_wait(s->standing, WAIT_MS, &last, &e);
        rc = rc == RC_OK ? step(s, last, &e) : rc;
        atomic_fetch_add(rc == RC_OK ? &s->counts.followed : &s->counts.failed, 1);
        if (rc != RC_OK) { /* SV2; not in a hurry */
            struct timespec pause = {.tv_nsec = WAIT_MS * 1000000L};
            tell(s, &e);
            (void)nanosleep(&pause, NULL);
        }
        (void)pthread_mutex_lock(&s->lock);
        (void)pthread_cond_broadcast(&s->moved);
        (void)pthread_mutex_unlock(&s->lock);
    }
    return NULL;
}

int64_t service_seq(const struct service *s)
{
    return atomic_load(&s->seq);
}

enum rc service_reach(struct service *s, int64_t seq, struct err *e)
{
    struct timespec until = {0};
    int late = 0;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_MS / 1000;
    (void)pthread_mutex_lock(&s->lock);
    while (service_seq(s) < seq && late == 0) {
        late = pthread_cond_timedwait(&s->moved, &s->lock, &until);
    }
    (void)pthread_mutex_unlock(&s->lock);
    return service_seq(s) >= seq ? RC_OK
                                 : err_set(e, RC_BUSY, "the newest commits are not judged yet",
                                           "最新的提交尚未判定，请稍后再试");
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Names of what is in it begin with nothing anybody could guess, and nobody else may look. */
static enum rc make_temp(struct service *s, struct err *e)
{
    char *path = (char *)(uintptr_t)path_join(&s->a, s->o.temp, "tizhi-XXXXXX");
    if (mkdtemp(path) == NULL) {
        return err_set_errno(e, RC_IO, "cannot make a folder for temporary files in %s",
                             "无法在 %s 中建立临时目录", s->o.temp);
    }
    s->temp = path;
    return RC_OK;
}

/* Requests have removed what was theirs; what one left that could not be ended goes with it. */
static void drop_temp(struct service *s)
{
    struct arena a;
    struct err e;
    struct dir_list left = {0};
    if (s->temp == NULL) {
        return;
    }
    arena_init(&a, (size_t)16 << 20, "temp");
    if (dir_list(&a, s->temp, STR(""), &left, &e) == RC_OK) {
        for (uint32_t i = 0; i < left.n; i++) {
            (void)unlink(path_join(&a, s->temp, left.paths[i]));
        }
    }
    arena_release(&a);
    (void)rmdir(s->temp);
}

static uint64_t made_of(const struct service *s)
{
    struct buf b;
    const struct sources *x = s->pack.lang.sources;
    buf_init(&b, 1U << 20);
    buf_puts(&b, TIZHI_VERSION);
    for (uint32_t i = 0; i < x->files.n; i++) {
        buf_printf(&b, " %llx", (unsigned long long)str_hash(x->files.items[i].text));
    }
    uint64_t hash = str_hash(buf_view(&b));
    buf_release(&b);
    return hash;
}

static enum rc open_all(struct service *s, struct err *e)
{
    const struct service_options *o = &s->o;
    const struct store_options so = {.where = o->book, .files = o->files};
    TRY(site_open(&s->a, o->web, &s->site, e));
    TRY(make_temp(s, e));
    s->jobs = jobs_open(&s->a, s);
    TRY(oidc_open(&s->a, &o->oidc, &s->oidc, e));
    TRY(pack_open_plan(&s->a, o->pack, &s->pack, e));
    s->made_of = made_of(s);
    TRY(store_open(&s->a, &so, &s->store, e));
    const struct halls_options ho = {.store = s->store,
                                     .plan = s->pack.plan,
                                     .day = today(),
                                     .limit = o->memory,
                                     .patience_ms = PATIENCE_MS};
    TRY(halls_open(&ho, &s->halls, e));
    const struct standing_options to = {.plan = s->pack.plan,
                                        .store = s->store,
                                        .day = today(),
                                        .upto = INT64_MAX,
                                        .limit = o->memory};
    TRY(standing_open(&to, &s->standing, e));
    s->events = events_new(&s->a, standing_seq(s->standing));
    TRY(happen_open(s, &s->happen, e));
    TRY(board_open(s->pack.plan, o->memory, &s->board, e));
    TRY(count(s, e));
    TRY(past_open(s, &s->past, e));
    atomic_store(&s->seq, standing_seq(s->standing));
    if (pthread_create(&s->follower, NULL, follow, s) != 0) {
        return err_set(e, RC_NO_MEMORY, "no thread for following the book",
                       "无法创建跟进账本的线程");
    }
    s->following = true;
    return RC_OK;
}

enum rc service_open(struct service *s, const struct service_options *o, struct err *e)
{
    *s = (struct service){.o = *o};
    arena_init(&s->a, o->memory, "service");
    s->ghosts = seat_ghosts_new(&s->a);
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_cond_init(&s->moved, NULL);
    return open_all(s, e);
}

void service_close(struct service *s)
{
    if (s->following) {
        atomic_store(&s->over, true);
        (void)pthread_join(s->follower, NULL);
    }
    past_close(s->past);
    happen_close(s->happen);
    events_drop(s->events);
    jobs_close(s->jobs);
    board_close(s->board);
    standing_close(s->standing);
    halls_close(s->halls);
    store_close(s->store);
    drop_temp(s);
    oidc_close(s->oidc);
    arena_release(&s->a);
    (void)pthread_cond_destroy(&s->moved);
    (void)pthread_mutex_destroy(&s->lock);
}

/* ---- hands ---------------------------------------------------------------------------------- */

enum rc hand_open(struct service *s, struct hand *h, struct err *e)
{
    *h = (struct hand){.s = s};
    arena_init(&h->a, s->o.memory_ask, "request");
    arena_init(&h->kept, READER_BYTES, "hand");
    TRY(store_reader_open(&h->kept, s->store, &h->reader, e));
    h->live = live_reader(standing_live(s->standing));
    return h->live != NULL ? RC_OK
                           : err_set(e, RC_LIMIT, "too many threads look at the verdicts",
                                     "查看结论的线程过多");
}

void hand_rest(struct hand *h)
{
    if (h->columns != NULL) {
        columns_release(h->columns);
        h->columns = NULL;
    }
    if (h->import != NULL) {
        import_drop(h->import);
        h->import = NULL;
    }
    if (h->export != NULL) {
        export_drop(h->export);
        h->export = NULL;
    }
    if (h->past != NULL) {
        past_leave(h->s->past, h->past);
        h->past = NULL;
    }
    if (h->looks) {
        standing_look_away(h->s->standing);
        h->looks = false;
    }
    live_unpin(h->live);
}

void hand_close(struct hand *h)
{
    if (h->live != NULL) {
        live_reader_release(h->live);
    }
    if (h->reader != NULL) {
        store_reader_close(h->reader);
    }
    arena_release(&h->a);
    arena_release(&h->kept);
}
