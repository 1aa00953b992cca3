/* SPDX-License-Identifier: Apache-2.0 */
/* Places for listeners, and the teller. */
#include "http/stream.h"

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "app/seat/session.h"
#include "base/clock.h"
#include "base/err.h"
#include "http/event.h"
#include "http/tell.h"

#define NAME_BYTES   128U
#define TELLER_BYTES ((size_t)64 << 20)
#define SECOND_US    1000000
#define SOCKET_BYTES 8192
#define TICK_MS      500 /* the teller looks at moments that have come */

/* What is known of a unit, of verdicts and of work: two bits each, two units to a byte. */
enum known { KNOWN_NOT, KNOWN_NO, KNOWN_YES };

struct stream {
    pthread_mutex_t lock;
    struct streams *x;
    struct stream *free; /* the next one that is not used */
    bool used;
    bool over; /* ends when its buffer is empty */
    char user[NAME_BYTES], session[NAME_BYTES];
    uint64_t place; /* in the events */
    struct buf out;
    uint64_t sent;
    int64_t said, checked, waits; /* moments: of the last bytes, of the look at the session, since
                                   * when something waits to be taken, 0: nothing does */
    uint32_t hall;                /* by which `known` is right */
    struct buf known;
    struct MHD_Connection *connection; /* NULL: not attached yet */
    struct guest *guest;
    bool asleep; /* suspended: to be woken when there is something */
};

struct streams {
    struct service *s;
    struct arena a;    /* of the reader */
    struct arena work; /* of the teller, forgotten each time */
    struct store_reader *reader;
    struct footing *footing; /* on which the hall stands */
    const struct hall *hall;
    uint32_t n_halls; /* number of this one */
    pthread_t teller;
    bool running;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t told;
    bool news, ending, over;
    struct stream *unused;
    _Atomic uint32_t n;
    uint32_t most;
    struct stream *all;
};

/* ---- one listener --------------------------------------------------------------------------- */

static void wake(struct stream *t)
{
    if (t->asleep) {
        t->asleep = false;
        MHD_resume_connection(t->connection);
    }
}

static void end(struct stream *t)
{
    t->over = true;
    wake(t);
}

ssize_t stream_read(void *cls, uint64_t at, char *to, size_t most)
{
    struct stream *t = cls;
    ssize_t n = 0;
    (void)at;
    (void)pthread_mutex_lock(&t->lock);
    if (t->out.n > 0) {
        n = (ssize_t)(t->out.n < most ? t->out.n : most);
        memcpy(to, t->out.p, (size_t)n);
        memmove(t->out.p, t->out.p + n, t->out.n - (uint32_t)n);
        buf_truncate(&t->out, t->out.n - (uint32_t)n);
        t->sent += (uint64_t)n;
        t->waits = t->out.n > 0 ? service_now() : 0;
        guest_until(t->guest, GUEST_FREE);
    } else if (t->over) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        t->asleep = true;
        MHD_suspend_connection(t->connection);
    }
    (void)pthread_mutex_unlock(&t->lock);
    return n;
}

/* What waits for a slow reader waits with us, where it is seen (ST3), and not in the kernel. */
static void keep_small(struct MHD_Connection *connection)
{
    int bytes = SOCKET_BYTES;
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (i != NULL) {
        (void)setsockopt(i->connect_fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    }
}

void stream_attach(struct stream *t, struct MHD_Connection *connection, struct guest *guest)
{
    (void)pthread_mutex_lock(&t->lock);
    t->connection = connection;
    t->guest = guest;
    keep_small(connection);
    (void)pthread_mutex_unlock(&t->lock);
}

uint64_t stream_bytes(const struct stream *t)
{
    return t->sent;
}

struct str stream_user(const struct stream *t)
{
    return str_from_cstr(t->user);
}

static bool put_name(char to[NAME_BYTES], struct str name)
{
    if (name.n == 0 || name.n >= NAME_BYTES) {
        return false;
    }
    memcpy(to, name.p, name.n);
    to[name.n] = 0;
    return true;
}

static enum rc refused(struct err *e)
{
    enum rc rc = err_set(e, RC_BUSY, "there are too many streams", "事件流过多");
    err_hint(e, "Ask for /api/v1/events?once=yes now and then.",
             "可定时请求 /api/v1/events?once=yes。");
    return rc;
}

static struct stream *take(struct streams *x)
{
    (void)pthread_mutex_lock(&x->lock);
    struct stream *t = x->ending ? NULL : x->unused;
    if (t != NULL) {
        x->unused = t->free;
        atomic_fetch_add(&x->n, 1);
    }
    (void)pthread_mutex_unlock(&x->lock);
    return t;
}

enum rc stream_open(struct streams *x, const struct seat_desk *d, int64_t since,
                    struct stream **out, struct err *e)
{
    bool missed = false;
    int64_t now = service_now();
    int64_t seq = service_seq(x->s);
    struct stream *t = take(x);
    if (t == NULL) {
        return refused(e);
    }
    (void)pthread_mutex_lock(&t->lock);
    bool named = put_name(t->user, d->actor) && put_name(t->session, d->session.hash);
    t->place = events_place(x->s->events, since, &missed);
    t->over = !named;
    t->connection = NULL;
    t->guest = NULL;
    t->asleep = false;
    t->sent = 0;
    t->said = t->checked = t->waits = now;
    t->hall = 0;
    buf_clear(&t->out);
    buf_printf(&t->out, "retry: 2000\n\n");
    if (since == 0 || missed) {
        tell_ready(&t->out, seq, missed);
    }
    t->used = true;
    (void)pthread_mutex_unlock(&t->lock);
    streams_wake(x); /* what has come since he looked last */
    *out = t;
    return RC_OK;
}

void stream_close(struct stream *t)
{
    struct streams *x = t->x;
    (void)pthread_mutex_lock(&t->lock);
    t->used = false;
    t->asleep = false;
    buf_release(&t->out);
    buf_release(&t->known);
    (void)pthread_mutex_unlock(&t->lock);
    (void)pthread_mutex_lock(&x->lock);
    t->free = x->unused;
    x->unused = t;
    atomic_fetch_sub(&x->n, 1);
    (void)pthread_cond_broadcast(&x->told);
    (void)pthread_mutex_unlock(&x->lock);
}

/* ---- rights --------------------------------------------------------------------------------- */

static bool may_read(const struct seat_desk *d, enum event_kind kind, struct str unit)
{
    return kind == EVENT_VERDICT ? seat_desk_may(d, OP_VERDICT_READ, unit, CLASS_INTERNAL)
                                 : seat_desk_may(d, OP_FACT_READ, unit, CLASS_INTERNAL) ||
                                       seat_desk_may(d, OP_TASK_READ, unit, CLASS_INTERNAL);
}

struct listener {
    struct stream *t;
    const struct tree *tree;
    struct seat_desk desk;
};

/* ST1; once for each unit, hall and listener. */
static bool may(void *ctx, enum event_kind kind, struct str unit)
{
    struct listener *l = ctx;
    uint32_t id = 0;
    if (unit.n == 0 || !tree_unit_of_code(l->tree, unit, &id) || id / 2 >= l->t->known.n) {
        return may_read(&l->desk, kind, unit);
    }
    char *known = &l->t->known.p[id / 2];
    unsigned shift = id % 2 * 4 + (unsigned)kind * 2;
    if (((unsigned)*known >> shift & 3U) == KNOWN_NOT) {
        unsigned is = may_read(&l->desk, kind, unit) ? KNOWN_YES : KNOWN_NO;
        *known = (char)((unsigned char)*known | is << shift);
    }
    return ((unsigned)*known >> shift & 3U) == KNOWN_YES;
}

static bool once_may(void *ctx, enum event_kind kind, struct str unit)
{
    return may_read(ctx, kind, unit);
}

void stream_once(struct service *s, const struct seat_desk *d, int64_t since, struct buf *out)
{
    struct news news;
    bool missed = false;
    uint64_t place = events_place(s->events, since, &missed);
    events_after(s->events, d->a, place, &news);
    if (since == 0 || missed) {
        tell_ready(out, service_seq(s), missed);
        return;
    }
    tell_news(out, &news, once_may, (void *)(uintptr_t)d);
    buf_puts(out, out->n == 0 ? ":\n\n" : "");
}

/* ---- the teller ----------------------------------------------------------------------------- */

/* ST2. What cannot be found out now is found out the next time. */
static bool has_ended(struct streams *x, const struct stream *t, int64_t now)
{
    struct seat_sessions list;
    struct err e;
    struct seat_desk d = {.a = &x->work, .store = x->s->store, .reader = x->reader, .now = now};
    err_clear(&e);
    const struct seat_user *u = seat_user_find(&x->hall->roster, str_from_cstr(t->user));
    if (u == NULL || u->closed) {
        return true;
    }
    if (seat_session_list(&d, str_from_cstr(t->user), &list, &e) != RC_OK) {
        return false;
    }
    for (uint32_t i = 0; i < list.n; i++) {
        if (str_eq(list.list[i].hash, str_from_cstr(t->session))) {
            return false;
        }
    }
    return true;
}

static void write_news(struct streams *x, struct stream *t, const struct news *news)
{
    struct listener l = {.t = t, .tree = x->hall->tree};
    l.desk = (struct seat_desk){
        .a = &x->work, .actor = str_from_cstr(t->user), .roster = x->hall->roster};
    if (t->hall != x->n_halls) {
        buf_clear(&t->known);
        buf_fill(&t->known, 0, x->hall->tree->n_units / 2 + 1);
        t->hall = x->n_halls;
    }
    tell_news(&t->out, news, may, &l);
    t->place = news->upto;
}

/* Whether he has been woken. */
static bool tell_one(struct streams *x, struct stream *t, const struct news *shared, uint64_t from,
                     int64_t now)
{
    uint32_t before = t->out.n;
    if (!t->over && now - t->checked > (int64_t)STREAM_CHECK_S * SECOND_US) { /* over stays over */
        t->checked = now;
        t->over = has_ended(x, t, now);
        buf_puts(&t->out, t->over ? "event: end\ndata: {}\n\n" : "");
    }
    if (!t->over && t->place == from) {
        write_news(x, t, shared);
    } else if (!t->over && t->place != shared->upto) {
        struct news own;
        events_after(x->s->events, &x->work, t->place, &own);
        write_news(x, t, &own);
    }
    if (t->out.n == before && now - t->said > (int64_t)STREAM_ALIVE_S * SECOND_US) {
        buf_puts(&t->out, ":\n\n");
    }
    if (t->out.n > before) {
        t->said = now;
        t->waits = t->waits == 0 ? now : t->waits;
    }
    bool slow =
        t->out.overflow || (t->waits != 0 && now - t->waits > (int64_t)STREAM_SLOW_S * SECOND_US);
    if (slow) { /* ST3 */
        t->over = true;
        guest_until(t->guest, now);
    }
    bool woken = t->out.n > 0 || t->over;
    if (woken) {
        wake(t);
    }
    return woken;
}

static void pause_for(struct streams *x, int ms)
{
    const struct timespec until = clock_in_ms(ms);
    int late = 0;
    (void)pthread_mutex_lock(&x->lock);
    while (!x->over && late == 0) {
        late = pthread_cond_timedwait(&x->told, &x->lock, &until);
    }
    (void)pthread_mutex_unlock(&x->lock);
}

struct round {
    struct streams *x;
    uint64_t from;         /* where most of them are */
    struct stream *locked; /* by the teller (arena.h, A5) */
};

static void tell_all(void *ctx)
{
    struct round *r = ctx;
    struct streams *x = r->x;
    struct news news;
    int64_t now = service_now();
    events_after(x->s->events, &x->work, r->from, &news);
    struct arena_mark m = arena_mark(&x->work);
    uint32_t n_woken = 0;
    for (uint32_t i = 0; i < x->most && atomic_load(&x->n) > 0; i++) {
        struct stream *t = &x->all[i];
        (void)pthread_mutex_lock(&t->lock);
        r->locked = t;
        bool woken = t->used && t->connection != NULL && tell_one(x, t, &news, r->from, now);
        r->locked = NULL;
        (void)pthread_mutex_unlock(&t->lock);
        arena_rewind(&x->work, m);
        if (woken && ++n_woken % STREAM_BATCH == 0) {
            pause_for(x, STREAM_BATCH_MS);
        }
    }
    r->from = news.upto;
}

static void leave_hall(struct footing *f, const struct hall *hall)
{
    if (hall != NULL) {
        halls_leave(f->halls, hall);
    }
    footing_leave(f);
}

/* The newest hall; the one before is kept until there is another, so that they can be told apart.
 */
static bool enter_hall(struct streams *x)
{
    const struct hall *next = NULL;
    struct footing *f = footing_enter(x->s);
    struct err e;
    if (halls_enter(f->halls, 0, &next, &e) != RC_OK) {
        footing_leave(f);
        return false;
    }
    if (next == x->hall) {
        leave_hall(f, next);
        return true;
    }
    leave_hall(x->footing, x->hall);
    x->footing = f;
    x->hall = next;
    x->n_halls++;
    for (uint32_t i = 0; i < x->most; i++) { /* seats, locks and users may be other ones */
        (void)pthread_mutex_lock(&x->all[i].lock);
        x->all[i].checked = 0;
        (void)pthread_mutex_unlock(&x->all[i].lock);
    }
    return true;
}

/* Until there is something to tell, or a moment has come. false: no more. */
static bool wait_for_news(struct streams *x)
{
    const struct timespec until = clock_in_ms(TICK_MS);
    int late = 0;
    (void)pthread_mutex_lock(&x->lock);
    while (!x->news && !x->over && late == 0) {
        late = pthread_cond_timedwait(&x->told, &x->lock, &until);
    }
    x->news = false;
    bool go_on = !x->over;
    (void)pthread_mutex_unlock(&x->lock);
    return go_on;
}

static void *tell(void *ctx)
{
    struct streams *x = ctx;
    struct round r = {.x = x};
    while (wait_for_news(x)) {
        if (enter_hall(x)) {
            if (arena_run(&x->work, tell_all, &r) != RC_OK && r.locked != NULL) {
                (void)pthread_mutex_unlock(&r.locked->lock);
            }
        }
        arena_release(&x->work);
        pause_for(x, STREAM_GATHER_MS);
    }
    return NULL;
}

void streams_wake(struct streams *x)
{
    (void)pthread_mutex_lock(&x->lock);
    x->news = true;
    (void)pthread_cond_signal(&x->told);
    (void)pthread_mutex_unlock(&x->lock);
}

uint32_t streams_n(const struct streams *x)
{
    return atomic_load(&x->n);
}

/* ---- all of them ---------------------------------------------------------------------------- */

enum rc streams_start(struct service *s, uint32_t most, struct err *e)
{
    struct streams *x = ARENA_NEW(&s->a, struct streams);
    x->s = s;
    x->most = most;
    x->all = ARENA_ARRAY(&s->a, struct stream, most);
    (void)pthread_mutex_init(&x->lock, NULL);
    (void)pthread_cond_init(&x->told, NULL);
    for (uint32_t i = most; i > 0; i--) {
        struct stream *t = &x->all[i - 1];
        (void)pthread_mutex_init(&t->lock, NULL);
        buf_init(&t->out, STREAM_BYTES);
        buf_init(&t->known, 1U << 24);
        t->x = x;
        t->free = x->unused;
        x->unused = t;
    }
    arena_init(&x->a, TELLER_BYTES, "teller");
    arena_init(&x->work, TELLER_BYTES, "telling");
    TRY(store_reader_open(&x->a, s->store, &x->reader, e));
    if (pthread_create(&x->teller, NULL, tell, x) != 0) {
        return err_set(e, RC_NO_MEMORY, "no thread for events", "无法创建事件线程");
    }
    x->running = true;
    s->streams = x;
    return RC_OK;
}

void streams_end(struct streams *x)
{
    (void)pthread_mutex_lock(&x->lock);
    x->ending = true;
    (void)pthread_mutex_unlock(&x->lock);
    for (uint32_t i = 0; i < x->most; i++) {
        struct stream *t = &x->all[i];
        (void)pthread_mutex_lock(&t->lock);
        if (t->used) {
            buf_puts(&t->out, "retry: 1000\n\n");
            end(t);
        }
        (void)pthread_mutex_unlock(&t->lock);
    }
}

void streams_stop(struct streams *x)
{
    if (x == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&x->lock);
    x->over = true;
    (void)pthread_cond_signal(&x->told);
    (void)pthread_mutex_unlock(&x->lock);
    if (x->running) {
        (void)pthread_join(x->teller, NULL);
    }
    leave_hall(x->footing, x->hall);
    if (x->reader != NULL) {
        store_reader_close(x->reader);
    }
    arena_release(&x->work);
    arena_release(&x->a);
}
