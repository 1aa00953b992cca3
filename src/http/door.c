/* SPDX-License-Identifier: Apache-2.0 */
/* From sockets to requests and back. */
#include "http/door.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "http/ask.h"
#include "http/door_int.h"
#include "http/head.h"
#include "http/problem.h"
#include "http/site.h"

#define HEAD_BYTES   ((size_t)16 << 10) /* of a connection: request line and headers, too */
#define PATH_BYTES   4096U
#define SLOWEST      4096U /* bytes a second that who sends a file or reads an answer must manage */
#define SLOW_QUEUE   64U
#define AWAY_THREADS 2U
#define OPEN_THREADS 1U
#define LONG_THREADS 1 /* each may read the whole book */
#define LONG_QUEUE   4

/* ---- calls ---------------------------------------------------------------------------------- */

static struct call *call_new(struct door *w, const char *uri)
{
    struct arena a;
    arena_init(&a, (size_t)1 << 20, "call");
    struct call *c = arena_try(&a, sizeof *c);
    size_t n = strnlen(uri, PATH_BYTES + 1U);
    if (c == NULL) {
        return NULL;
    }
    c->a = a;
    c->w = w;
    c->began = service_now();
    c->in.number = ((uint64_t)c->began << 12) ^ atomic_fetch_add(&w->numbers, 1);
    buf_init(&c->body, w->o.body_bytes);
    buf_init(&c->out, ANSWER_BYTES);
    char *copy = arena_try(&c->a, n + 1U);
    if (copy == NULL) {
        arena_release(&a);
        return NULL;
    }
    memcpy(copy, uri, n);
    struct str whole = {copy, (uint32_t)n};
    (void)str_split(&whole, '?', &c->in.path);
    c->in.query = whole;
    return c;
}

static void calls_count(struct door *w, bool begins)
{
    (void)pthread_mutex_lock(&w->lock);
    w->calls = begins ? w->calls + 1 : w->calls - 1;
    (void)pthread_cond_signal(&w->fewer);
    (void)pthread_mutex_unlock(&w->lock);
}

static void call_free(struct call *c)
{
    struct arena a = c->a;
    calls_count(c->w, false);
    if (c->response != NULL) {
        MHD_destroy_response(c->response);
    }
    upload_drop(&c->upload);
    buf_release(&c->body);
    buf_release(&c->out);
    arena_release(&a);
}

/* The other end; behind a proxy that we know, what it says last. */
static struct str address_of(struct call *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char *text = arena_try(&c->a, INET6_ADDRSTRLEN);
    if (i == NULL || text == NULL) {
        return STR("?");
    }
    const void *at = i->client_addr;
    const struct sockaddr_in *four = at;
    const struct sockaddr_in6 *six = at;
    bool is_four = i->client_addr->sa_family == AF_INET;
    const void *bytes = is_four ? (const void *)&four->sin_addr : (const void *)&six->sin6_addr;
    struct str last = inet_ntop(i->client_addr->sa_family, bytes, text, INET6_ADDRSTRLEN) != NULL
                          ? str_from_cstr(text)
                          : STR("?");
    struct str rest = c->in.header.forwarded;
    struct str one;
    if (c->w->o.proxy.n > 0 && str_eq(last, c->w->o.proxy)) {
        while (rest.n > 0 && str_split(&rest, ',', &one)) {
            last = str_trim(one);
        }
    }
    return last;
}

/* ---- work ----------------------------------------------------------------------------------- */

static void do_request(struct hand *h, struct call *c)
{
    struct answer_head head;
    struct asked asked = {"web", STR("")};
    if (!site_answer(c->w->s->site, &c->in, &head, &c->out)) {
        ask_answer(h, &c->in, &head, &c->out, &asked);
    }
    c->stream = head.stream;
    c->route = asked.route;
    door_respond(c, &h->a, &head);
    if (c->stream == NULL) { /* a stream is noted when it ends */
        door_note(c, asked.route, asked.user);
    }
    atomic_store(&c->phase, ANSWERED);
}

/* Who may not send this is told so before he does. */
static void do_admit(struct hand *h, struct call *c)
{
    struct answer_head head;
    struct asked asked;
    if (ask_admit(h, &c->in, &head, &c->out, &asked)) {
        c->admitted = true;
        atomic_store(&c->phase, READING_BODY);
        return;
    }
    door_respond(c, &h->a, &head);
    door_note(c, asked.route, asked.user);
    atomic_store(&c->phase, ANSWERED);
}

static void work(struct hand *h, void *job)
{
    struct call *c = job;
    struct arena_mark m = arena_mark(&h->a);
    (atomic_load(&c->phase) == ADMITTING ? do_admit : do_request)(h, c);
    arena_rewind(&h->a, m);
    MHD_resume_connection(c->connection);
}

/* ---- refusals without work ------------------------------------------------------------------ */

/* What comes behind it on this connection may be the body of what was refused: it is closed. */
static enum MHD_Result refuse(struct call *c, int status, enum rc rc, int retry)
{
    struct err e;
    struct answer_head head = {
        .status = status, .type = "application/problem+json", .retry_after = retry, .secret = true};
    err_clear(&e);
    head.allow = status == 405 ? STR("GET, HEAD, POST, PUT, DELETE") : STR("");
    if (status == 503 || status == 429) {
        rc = err_set(&e, RC_BUSY, "this is more than is allowed at once: try again later",
                     "请求超出允许的范围，请稍后再试");
    }
    const struct http_problem p = {.rc = rc, .status = status, .e = &e, .at = STR("")};
    problem_write(&c->in, &p, &c->out);
    door_respond(c, &c->a, &head);
    if (c->response != NULL) {
        door_header(c, "Connection", "close");
    }
    door_note(c, "", STR(""));
    atomic_store(&c->phase, ANSWERED);
    return c->response != NULL ? MHD_queue_response(c->connection, (unsigned)status, c->response)
                               : MHD_NO;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* The next thing has to be done by then; single bytes do not buy more time. */
static void wait_for(const struct door *w, struct guest *g, uint32_t more_s)
{
    guest_until(g, service_now() + ((int64_t)w->o.arrive_s + more_s) * 1000000);
}

static bool verb_of(const char *method, struct request *in)
{
    bool head = strcmp(method, "HEAD") == 0; /* as GET; the library leaves the body out */
    for (uint32_t v = 0; v < VERB__N; v++) {
        if (strcmp(head ? "GET" : method, verb_text((enum verb)v)) == 0) {
            in->verb = (enum verb)v;
            return true;
        }
    }
    return false;
}

static bool is_upload(struct call *c)
{
    struct route_words words;
    uint32_t verbs = 0;
    enum route_name r = route_find(&c->a, c->in.verb, c->in.path, &words, &verbs);
    return r != ROUTE__N && routes[r].body == SHAPE_UPLOAD;
}

/* What can be said no to before the body is read. 0: nothing. */
static int look_at_head(struct call *c, const char *method, int *retry)
{
    bool known = verb_of(method, &c->in);
    c->in.upload = known && is_upload(c) ? &c->upload : NULL;
    uint32_t most = c->in.upload != NULL ? c->w->o.upload_bytes : c->w->o.body_bytes;
    int status = head_read(c->connection, most, &c->in);
    c->in.address = address_of(c);
    if (!known) {
        return 405;
    }
    if (c->in.path.n + c->in.query.n >= PATH_BYTES) {
        return 414;
    }
    if (status != 0) {
        return status;
    }
    bool open = route_lane(&c->a, c->in.verb, c->in.path) == LANE_OPEN;
    *retry = gate_pass(open ? c->w->open : c->w->gate, c->in.address, c->began);
    return *retry > 0 ? 429 : atomic_load(&c->w->s->stopping) ? 503 : 0;
}

/* The connection sleeps until a worker wakes it. */
static enum MHD_Result hand_over(struct call *c, enum phase phase)
{
    guest_until(c->guest, GUEST_FREE);
    atomic_store(&c->phase, phase);
    MHD_suspend_connection(c->connection);
    if (crew_put(c->w->crews[route_lane(&c->a, c->in.verb, c->in.path)], c)) {
        return MHD_YES;
    }
    MHD_resume_connection(c->connection);
    return refuse(c, 503, RC_BUSY, 1);
}

static enum MHD_Result take_head(struct call *c, const char *method)
{
    int retry = 0;
    int status = look_at_head(c, method, &retry);
    if (status != 0) {
        return refuse(c, status, status == 413 ? RC_LIMIT : RC_USAGE, status == 503 ? 1 : retry);
    }
    if (c->in.upload != NULL) {
        return hand_over(c, ADMITTING);
    }
    atomic_store(&c->phase, READING_BODY);
    return MHD_YES;
}

static void take_body(struct call *c, const char *data, size_t n)
{
    if (c->in.upload == NULL) {
        buf_put(&c->body, data, n);
        return;
    }
    if (!c->upload.open && !upload_open(&c->upload, c->w->s->temp, c->w->o.upload_bytes)) {
        c->upload.fault = UPLOAD_NO_ROOM;
    }
    upload_put(&c->upload, data, n);
}

static enum MHD_Result end_body(struct call *c)
{
    if (c->in.upload != NULL && !upload_finish(&c->upload)) {
        return refuse(c, 507, RC_IO, 0);
    }
    if (c->body.overflow) {
        return refuse(c, 413, RC_LIMIT, 0);
    }
    c->in.body = buf_view(&c->body);
    return hand_over(c, WORKING);
}

static enum MHD_Result more_of_body(struct call *c, const char *data, size_t *n)
{
    size_t some = *n;
    if (c->admitted) { /* asked again for the head, now that it is known who it is */
        c->admitted = false;
        wait_for(c->w, c->guest, c->in.length / SLOWEST);
        return MHD_YES;
    }
    if (some == 0) {
        return end_body(c);
    }
    take_body(c, data, some);
    *n = 0;
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *n, void **con_cls)
{
    struct call *c = *con_cls;
    (void)cls;
    (void)url;
    (void)version;
    if (c == NULL) {
        return MHD_NO;
    }
    c->connection = connection;
    switch ((enum phase)atomic_load(&c->phase)) {
    case READING_HEAD:
        return take_head(c, method);
    case ADMITTING:
    case WORKING:
        return MHD_YES;
    case READING_BODY:
        return more_of_body(c, data, n);
    case ANSWERED:
        break;
    }
    *n = 0;
    wait_for(c->w, c->guest, (uint32_t)(c->bytes / SLOWEST));
    if (c->stream != NULL) {
        stream_attach(c->stream, connection, c->guest);
    }
    return c->response != NULL ? MHD_queue_response(connection, (unsigned)c->status, c->response)
                               : MHD_NO;
}

static struct guest *guest_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i != NULL ? i->socket_context : NULL;
}

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
    struct call *c = call_new(cls, uri);
    if (c != NULL) {
        c->guest = guest_of(connection);
        wait_for(cls, c->guest, 0);
        calls_count(cls, true);
    }
    return c;
}

static void on_end(void *cls, struct MHD_Connection *connection, void **con_cls,
                   enum MHD_RequestTerminationCode code)
{
    struct door *w = cls;
    (void)code;
    struct call *c = *con_cls;
    if (c != NULL && c->status == 0) { /* it has not come whole */
        c->status = 408;
        door_note(c, "", STR(""));
    }
    if (c != NULL && c->stream != NULL) {
        c->bytes = stream_bytes(c->stream);
        door_note(c, c->route, stream_user(c->stream));
        stream_close(c->stream);
    }
    if (c != NULL) {
        call_free(c);
    }
    *con_cls = NULL;
    wait_for(w, guest_of(connection), w->o.idle_s);
}

static void on_guest(void *cls, struct MHD_Connection *connection, void **context,
                     enum MHD_ConnectionNotificationCode code)
{
    struct door *w = cls;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        patience_part(w->patience, *context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct guest *g = i != NULL ? patience_meet(w->patience, i->connect_fd) : NULL;
    wait_for(w, g, 0);
    *context = g;
}

/* Paths are decoded by us, once. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strnlen(text, HEAD_BYTES);
}

/* ---- opening and closing -------------------------------------------------------------------- */

/* poll, not epoll: told by edges, the library misses the end of a connection that ends while it is
 * put aside (seen with 0.9.75: one of six uploads that were cut off stayed until its deadline).
 * What waits for events is put aside and costs poll nothing. */
static struct MHD_Daemon *start(struct door *w, int fd)
{
    return MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL,
        on_request, w, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, w,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, w, MHD_OPTION_NOTIFY_CONNECTION, on_guest, w,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        HEAD_BYTES, MHD_OPTION_CONNECTION_LIMIT, (unsigned)w->o.connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)w->o.per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)w->o.idle_s, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
}

static enum rc listen_at(struct door *w, struct str address, struct err *e)
{
    int fd = -1;
    TRY(door_listen(&w->s->a, address, &fd, &w->ports[w->n], e));
    w->daemons[w->n] = start(w, fd);
    if (w->daemons[w->n] == NULL) {
        (void)close(fd);
        return err_set(e, RC_IO, "cannot serve at %.*s", "无法在 %.*s 提供服务", PS(address));
    }
    w->n++;
    return RC_OK;
}

/* Those who wait long have a short queue: who comes too late is told at once. */
static enum rc start_crews(struct door *w, struct err *e)
{
    size_t one = w->s->o.memory_ask;
    size_t large = one > JOB_BYTES ? one : JOB_BYTES; /* of the whole region */
    const struct crew_size sizes[LANE__N] = {[LANE_WORK] = {w->o.workers, w->o.queue, one},
                                             [LANE_HASH] = {w->o.hashers, SLOW_QUEUE, one},
                                             [LANE_AWAY] = {AWAY_THREADS, SLOW_QUEUE, one},
                                             [LANE_OPEN] = {OPEN_THREADS, SLOW_QUEUE, one},
                                             [LANE_LONG] = {LONG_THREADS, LONG_QUEUE, large}};
    for (uint32_t i = 0; i < LANE__N; i++) {
        TRY(crew_start(w->s, &sizes[i], work, &w->crews[i], e));
    }
    return RC_OK;
}

enum rc door_open(struct service *s, const struct door_options *o, struct door **out, struct err *e)
{
    struct door *w = ARENA_NEW(&s->a, struct door);
    struct str rest = o->listen;
    struct str one;
    *w = (struct door){.s = s, .o = *o};
    *out = w;
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->fewer, NULL);
    w->gate = gate_new(&s->a, o->rate, o->burst);
    w->open = gate_new(&s->a, o->public_rate, o->public_rate * 10);
    TRY(patience_start(&s->a, &w->patience, e));
    TRY(streams_start(s, o->streams, e));
    TRY(start_crews(w, e));
    while (rest.n > 0 && str_split(&rest, ' ', &one)) {
        if (one.n > 0 && w->n == LISTEN_MAX) {
            return err_set(e, RC_LIMIT, "more than %d addresses", "监听地址超过 %d 个", LISTEN_MAX);
        }
        if (one.n > 0) {
            TRY(listen_at(w, one, e));
        }
    }
    return w->n > 0 ? RC_OK
                    : err_set(e, RC_INPUT, "there is no address to listen at", "没有监听地址");
}

uint16_t door_port(const struct door *w, uint32_t i)
{
    return i < w->n ? w->ports[i] : 0;
}

/* Until the last answer is out, or the time is over. */
static void wait_for_calls(struct door *w)
{
    const struct timespec until = clock_in_ms(w->o.stop_s * 1000);
    int late = 0;
    (void)pthread_mutex_lock(&w->lock);
    while (w->calls > 0 && late == 0) {
        late = pthread_cond_timedwait(&w->fewer, &w->lock, &until);
    }
    (void)pthread_mutex_unlock(&w->lock);
}

void door_close(struct door *w)
{
    if (w == NULL) {
        return;
    }
    atomic_store(&w->s->stopping, true);
    for (uint32_t i = 0; i < w->n; i++) {
        int fd = MHD_quiesce_daemon(w->daemons[i]);
        if (fd >= 0) {
            (void)close(fd);
        }
    }
    if (w->s->streams != NULL) {
        streams_end(w->s->streams);
    }
    wait_for_calls(w); /* also for those whose body is still on its way */
    for (uint32_t i = 0; i < LANE__N; i++) {
        crew_stop(w->crews[i]);
    }
    for (uint32_t i = 0; i < w->n; i++) {
        MHD_stop_daemon(w->daemons[i]);
    }
    streams_stop(w->s->streams);
    patience_stop(w->patience);
    (void)pthread_cond_destroy(&w->fewer);
    (void)pthread_mutex_destroy(&w->lock);
}
