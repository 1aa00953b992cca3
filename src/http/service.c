/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the book for service, and following it. */
#include "http/service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/report/desk.h"
#include "app/report/roll.h"
#include "app/workbook/export.h"
#include "app/workbook/import.h"
#include "base/buf.h"
#include "base/err.h"
#include "engine/columns.h"
#include "http/official.h"
#include "http/past.h"
#include "base/file.h"
#include "http/event.h"
#include "http/happen.h"

#define WAIT_MS     200  /* the follower sleeps without a commit; then it looks at the day */
#define BUILD_MS    20   /* between two looks while another footing is made */
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

static enum rc step(struct service *s, int64_t last, struct err *e)
{
    struct standing_step step;
    struct date day = today();
    struct footing *f = s->footing;
    int64_t from = standing_seq(f->standing);
    TRY(halls_follow(f->halls, last, day, e));
    last = s->mason.at_work && last >= s->mason.head ? s->mason.head - 1 : last;
    if (date_cmp(day, standing_day(f->standing)) != 0) {
        TRY(standing_turn(f->standing, day, last, &step, e));
    } else {
        TRY(standing_follow(f->standing, last, &step, e));
    }
    if (step.anew || s->miscounted) {
        s->miscounted = true;
        TRY(footing_count(f, e));
        s->miscounted = false;
    } else {
        s->miscounted = !board_take(f->board, &step.changes, step.seq);
    }
    happen_step(s->happen, &step, from + 1);
    atomic_store(&s->seq, step.seq);
    return RC_OK;
}

/* ---- another plan --------------------------------------------------------------------------- */

static void set_coming(struct service *s, struct service_coming x)
{
    (void)pthread_mutex_lock(&s->lock);
    s->coming = x;
    (void)pthread_mutex_unlock(&s->lock);
}

struct service_coming service_coming(struct service *s)
{
    (void)pthread_mutex_lock(&s->lock);
    struct service_coming x = s->coming;
    (void)pthread_mutex_unlock(&s->lock);
    return x;
}

/* It ends when the service stops. */
static bool hear(void *ctx, enum progress_counts counted, int64_t done, int64_t of)
{
    struct service *s = ctx;
    set_coming(s, (struct service_coming){s->mason.head, counted, done, of});
    return !atomic_load(&s->over);
}

static void *build(void *ctx)
{
    struct service *s = ctx;
    struct mason *m = &s->mason;
    const struct progress p = {hear, s};
    m->rc = footing_make(s, today(), &p, &m->made, &m->told, &m->e);
    atomic_store(&m->done, true);
    return NULL;
}

/* What has come while it was made is taken first, so that nothing that was told goes back. */
static enum rc catch_up(struct service *s, struct footing *f, int64_t last, struct err *e)
{
    struct standing_step step;
    struct date day = today();
    TRY(halls_follow(f->halls, last, day, e));
    TRY(date_cmp(day, standing_day(f->standing)) != 0
            ? standing_turn(f->standing, day, last, &step, e)
            : standing_follow(f->standing, last, &step, e));
    TRY(footing_count(f, e));
    footing_leave(s->former);
    s->former = footing_replace(s, f);
    s->miscounted = false;
    happen_anew(s->happen, standing_seq(f->standing));
    atomic_store(&s->seq, standing_seq(f->standing));
    return RC_OK;
}

/* Ends the work of the mason; whether there is a new footing. */
static bool collect(struct service *s)
{
    struct mason *m = &s->mason;
    (void)pthread_join(m->thread, NULL);
    m->at_work = false;
    if (m->told.rc != RC_OK) {
        tell(s, &m->told);
    }
    if (m->rc != RC_OK && m->rc != RC_CANCELLED) {
        tell(s, &m->e);
    }
    return m->rc == RC_OK;
}

/* What the mason has made is put in place; a failure is begun anew the next time. */
static enum rc take_over(struct service *s, int64_t last, struct err *e)
{
    if (!collect(s)) {
        return RC_OK;
    }
    struct footing *f = s->mason.made;
    enum rc rc = catch_up(s, f, last, e);
    if (rc != RC_OK) {
        footing_leave(f);
    }
    return rc;
}

/* Those who still stand on the footing before may ask for what has been committed since. A plan
 * that cannot read it is no trouble of the new one: then it is not waited for any longer. */
static void follow_former(struct service *s, int64_t last)
{
    if (s->former != NULL && (footing_is_left(s->former) ||
                              halls_follow(s->former->halls, last, today(), NULL) != RC_OK)) {
        footing_leave(s->former);
        s->former = NULL;
    }
}

/* Begins a footing when another plan has been adopted, and puts it in place when it is made. */
static enum rc look_at_plan(struct service *s, int64_t last, struct err *e)
{
    int64_t head = 0;
    struct mason *m = &s->mason;
    if (m->at_work && !atomic_load(&m->done)) {
        return RC_OK;
    }
    if (m->at_work) {
        enum rc rc = take_over(s, last, e);
        set_coming(s, (struct service_coming){.commit = 0});
        return rc;
    }
    TRY(store_head(s->reader, STR(PLAN_SUBJECT), &head, e));
    if (head == s->footing->pack->seen) {
        return RC_OK;
    }
    m->rc = RC_OK;
    m->made = NULL;
    m->head = head;
    err_clear(&m->e);
    err_clear(&m->told);
    atomic_store(&m->done, false);
    set_coming(s, (struct service_coming){.commit = head});
    m->at_work = pthread_create(&m->thread, NULL, build, s) == 0;
    return m->at_work
               ? RC_OK
               : err_set(e, RC_NO_MEMORY, "no thread for another plan", "无法创建载入新计划的线程");
}

static void *follow(void *ctx)
{
    struct service *s = ctx;
    struct err e;
    int64_t last = standing_seq(s->footing->standing);
    while (!atomic_load(&s->over)) {
        err_clear(&e);
        if (s->mason.at_work) { /* there is something to wait for, and it is not the book */
            struct timespec pause = {.tv_nsec = BUILD_MS * 1000000L};
            (void)nanosleep(&pause, NULL);
        }
        enum rc rc = standing_wait(s->footing->standing, WAIT_MS, &last, &e);
        rc = rc == RC_OK ? look_at_plan(s, last, &e) : rc;
        follow_former(s, last);
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

static enum rc first_footing(struct service *s, struct err *e)
{
    struct err told;
    err_clear(&told);
    enum rc rc = footing_make(s, today(), NULL, &s->footing, &told, e);
    if (told.rc != RC_OK) {
        tell(s, &told);
    }
    return rc;
}

static enum rc open_all(struct service *s, struct err *e)
{
    const struct service_options *o = &s->o;
    const struct store_options so = {.where = o->book, .files = o->files, .key = o->key};
    TRY(site_open(&s->a, o->web, &s->site, e));
    TRY(official_open(&s->a, o->text, &s->official, e));
    TRY(make_temp(s, e));
    s->jobs = jobs_open(&s->a, s);
    TRY(oidc_open(&s->a, &o->oidc, &s->oidc, e));
    TRY(pack_open_plan(&s->a, o->pack, &s->given, e));
    TRY(store_open(&s->a, &so, &s->store, e));
    TRY(store_reader_open(&s->a, s->store, &s->reader, e));
    TRY(first_footing(s, e));
    s->roll = roll_open(&s->a, s->store);
    s->events = events_new(&s->a, standing_seq(s->footing->standing));
    TRY(happen_open(s, &s->happen, e));
    TRY(past_open(s, &s->past, e));
    atomic_store(&s->seq, standing_seq(s->footing->standing));
    if (pthread_create(&s->follower, NULL, follow, s) != 0) {
        return err_set(e, RC_NO_MEMORY, "no thread for following the book",
                       "无法创建跟进账本的线程");
    }
    s->following = true;
    return RC_OK;
}

enum rc service_open(struct service *s, const struct service_options *o, struct err *e)
{
    *s = (struct service){.o = *o, .began = service_now()};
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
    if (s->mason.at_work && collect(s)) {
        footing_leave(s->mason.made);
    }
    past_close(s->past);
    happen_close(s->happen);
    events_drop(s->events);
    jobs_close(s->jobs);
    roll_close(s->roll);
    footing_leave(s->former);
    footing_leave(s->footing);
    if (s->reader != NULL) {
        store_reader_close(s->reader);
    }
    store_close(s->store);
    drop_temp(s);
    oidc_close(s->oidc);
    arena_release(&s->a);
    (void)pthread_cond_destroy(&s->moved);
    (void)pthread_mutex_destroy(&s->lock);
}

/* ---- hands ---------------------------------------------------------------------------------- */

enum rc hand_open(struct service *s, size_t bytes, struct hand *h, struct err *e)
{
    *h = (struct hand){.s = s};
    arena_init(&h->a, bytes, "request");
    arena_init(&h->kept, READER_BYTES, "hand");
    return store_reader_open(&h->kept, s->store, &h->reader, e);
}

enum rc hand_stand(struct hand *h, struct err *e)
{
    h->footing = footing_enter(h->s);
    h->live = live_reader(standing_live(h->footing->standing));
    return h->live != NULL
               ? RC_OK
               : err_set(e, RC_BUSY, "too many threads look at the verdicts", "查看结论的线程过多");
}

void hand_leave(struct hand *h)
{
    hand_rest(h);
    if (h->live != NULL) {
        live_reader_release(h->live);
        h->live = NULL;
    }
    footing_leave(h->footing);
    h->footing = NULL;
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
    if (h->trial_live != NULL) {
        live_reader_release(h->trial_live);
        h->trial_live = NULL;
    }
    standing_close(h->trial);
    h->trial = NULL;
    if (h->past != NULL) {
        past_leave(h->s->past, h->past);
        h->past = NULL;
    }
    if (h->looks) {
        standing_look_away(h->footing->standing);
        h->looks = false;
    }
    if (h->live != NULL) {
        live_unpin(h->live);
    }
}

static enum rc look(void *ctx, struct live_reader **out, struct err *e)
{
    struct hand *h = ctx;
    if (!h->looks) {
        TRY(standing_look(h->footing->standing, e));
        h->looks = true;
        (void)standing_pin(h->footing->standing, h->live);
    }
    *out = h->live;
    return RC_OK;
}

static void look_away(void *ctx)
{
    hand_rest(ctx);
}

static enum rc reach(void *ctx, int64_t seq, struct err *e)
{
    return service_reach(((struct hand *)ctx)->s, seq, e);
}

void hand_eye(struct hand *h, struct desk_eye *out)
{
    *out = (struct desk_eye){look, look_away, reach, h};
}

void hand_close(struct hand *h)
{
    if (h->reader != NULL) {
        store_reader_close(h->reader);
    }
    arena_release(&h->a);
    arena_release(&h->kept);
}
