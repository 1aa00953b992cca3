/* SPDX-License-Identifier: Apache-2.0 */
/* From sockets to requests and back. */
#include "http/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/utf8.h"
#include "http/ask.h"
#include "http/crew.h"
#include "http/gate.h"
#include "http/gzip.h"
#include "http/head.h"
#include "http/patience.h"
#include "http/problem.h"
#include "http/site.h"

#define LISTEN_MAX   8
#define HEAD_BYTES   ((size_t)16 << 10) /* of a connection: request line and headers, too */
#define PATH_BYTES   4096U
#define ANSWER_BYTES (64U << 20)
#define PACK_FROM    1024U /* bytes from which it is worth packing */
#define PACK_LEVEL   5
#define BACKLOG      1024
#define SLOWEST      4096 /* bytes a second that who reads an answer must take */
#define SLOW_QUEUE   64U
#define AWAY_THREADS 2U

struct door {
    struct service *s;
    struct door_options o;
    struct crew *crews[LANE__N];
    struct gate *gate;
    struct patience *patience;
    struct MHD_Daemon *daemons[LISTEN_MAX];
    uint16_t ports[LISTEN_MAX];
    uint32_t n;
    _Atomic uint64_t numbers;
    pthread_mutex_t lock; /* of calls */
    pthread_cond_t fewer;
    uint32_t calls; /* that are not over */
};

enum phase { READING_HEAD, READING_BODY, WORKING, ANSWERED };

/* One request. */
struct call {
    struct arena a;
    struct door *w;
    struct MHD_Connection *connection;
    struct guest *guest;
    _Atomic int phase;
    struct request in;
    struct buf body, out;
    uint64_t bytes; /* of the answer */
    bool too_large;
    int64_t began;
    int status;
    struct MHD_Response *response;
};

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

/* ---- the answer ----------------------------------------------------------------------------- */

static void add_header(struct call *c, const char *name, const char *value)
{
    (void)MHD_add_response_header(c->response, name, value);
}

static const struct answer_rules data_rules = {"default-src 'none'; frame-ancestors 'none'", NULL,
                                               "Accept-Encoding, Accept-Language, Cookie"};

static void guard_headers(struct call *c, const struct answer_rules *rules)
{
    add_header(c, "X-Content-Type-Options", "nosniff");
    add_header(c, "X-Frame-Options", "DENY");
    add_header(c, "Referrer-Policy", "no-referrer");
    add_header(c, "Content-Security-Policy", rules->policy);
    add_header(c, "Cross-Origin-Resource-Policy", "same-origin");
    add_header(c, "Vary", rules->vary);
    if (!c->w->s->o.plain) {
        add_header(c, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
}

static void add_text(struct call *c, struct arena *a, const char *name, struct str value)
{
    if (value.n > 0) {
        add_header(c, name, str_to_cstr(a, value));
    }
}

static void add_number(struct call *c, const char *name, int n)
{
    char text[16];
    if (n > 0) {
        (void)snprintf(text, sizeof text, "%d", n);
        add_header(c, name, text);
    }
}

/* What has not changed is not sent again. */
static struct str tag(struct call *c, struct arena *a, const struct answer_head *head)
{
    struct buf b;
    if (c->in.verb != VERB_GET || head->status != 200 || head->secret || head->file.n > 0) {
        return STR("");
    }
    buf_init_in(&b, a, 64);
    buf_printf(&b, "\"%016llx\"", (unsigned long long)str_hash(buf_view(&c->out)));
    return buf_view(&b);
}

/* Packs the body where that is allowed and worth it; whether it is packed. */
static bool pack(struct call *c, const struct answer_head *head)
{
    return head->packed || (!head->secret && c->out.n >= PACK_FROM && request_takes_gzip(&c->in) &&
                            gzip_pack(&c->out, PACK_LEVEL));
}

/* Data belong to who has asked and are never used again without asking. */
static const char *cache_of(const struct answer_rules *rules, bool tagged)
{
    return rules->cache != NULL ? rules->cache : tagged ? "private, no-cache" : "no-store";
}

static struct MHD_Response *respond_text(struct call *c)
{
    c->bytes = c->out.n;
    return MHD_create_response_from_buffer(c->out.n, c->out.p, MHD_RESPMEM_PERSISTENT);
}

/* The library closes it; it has no name any more when it is gone. */
static struct MHD_Response *respond_file(struct call *c, const struct answer_head *head)
{
    struct stat st;
    int fd = open(head->file.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (head->gone) {
        (void)unlink(head->file.p);
    }
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0) {
            (void)close(fd);
        }
        c->status = 500;
        return respond_text(c);
    }
    c->bytes = (uint64_t)st.st_size;
    return MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
}

static bool is_plain(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
           ch == '-' || ch == '.' || ch == '_';
}

/* A name of letters of ASCII for old programs, and the whole one (RFC 6266). */
static struct str disposition(struct arena *a, struct str name)
{
    struct buf b;
    buf_init_in(&b, a, 16384);
    buf_puts(&b, "attachment; filename=\"");
    for (uint32_t i = 0; i < name.n; i++) {
        if (is_plain(name.p[i])) {
            buf_putc(&b, name.p[i]);
        }
    }
    buf_puts(&b, "\"; filename*=UTF-8''");
    for (uint32_t i = 0; i < name.n; i++) {
        if (is_plain(name.p[i])) {
            buf_putc(&b, name.p[i]);
        } else {
            buf_printf(&b, "%%%02X", (unsigned char)name.p[i]);
        }
    }
    return buf_view(&b);
}

static void respond(struct call *c, struct arena *a, const struct answer_head *head)
{
    char name[REQUEST_NAME_BYTES];
    struct str etag = tag(c, a, head);
    c->status = head->status;
    if (etag.n > 0 && str_find(c->in.header.if_none_match, etag, 0) != STR_NONE) {
        c->status = 304;
        buf_clear(&c->out);
    }
    const struct answer_rules *rules = head->rules != NULL ? head->rules : &data_rules;
    bool packed = pack(c, head);
    c->response = head->file.n > 0 && c->status == 200 ? respond_file(c, head) : respond_text(c);
    if (c->response == NULL) {
        return;
    }
    guard_headers(c, rules);
    if (head->type != NULL && c->status != 304 && c->status != 204) {
        add_header(c, "Content-Type", head->type);
    }
    if (packed && c->status != 304) {
        add_header(c, "Content-Encoding", "gzip");
    }
    add_header(c, "Cache-Control", cache_of(rules, etag.n > 0));
    add_text(c, a, "ETag", etag);
    if (head->name.n > 0) {
        add_text(c, a, "Content-Disposition", disposition(a, head->name));
    }
    add_text(c, a, "Set-Cookie", head->cookie);
    add_text(c, a, "Allow", head->allow);
    add_number(c, "Retry-After", head->retry_after);
    request_name(&c->in, name);
    add_header(c, "X-Request-Id", name);
}

/* ---- the log -------------------------------------------------------------------------------- */

static void count(struct call *c, int64_t us)
{
    struct service_counts *n = &c->w->s->counts;
    atomic_fetch_add(&n->asked, 1);
    atomic_fetch_add(&n->by_status[c->status / 100 % 6], 1);
    atomic_fetch_add(&n->bytes, c->bytes);
    atomic_fetch_add(&n->us, (uint64_t)us);
}

/* No path and no query as sent: they may hold what nobody should keep. */
static void note(struct call *c, const char *route, struct str user)
{
    struct buf line;
    struct json j;
    char name[REQUEST_NAME_BYTES];
    int64_t us = service_now() - c->began;
    count(c, us);
    if (c->w->o.log == NULL) {
        return;
    }
    request_name(&c->in, name);
    buf_init(&line, 4096);
    json_init(&j, &line, false);
    json_obj_begin(&j);
    json_kv_int(&j, "at", c->began);
    json_kv_cstr(&j, "request", name);
    json_kv_cstr(&j, "route", route);
    json_kv_int(&j, "status", c->status);
    json_kv_int(&j, "bytes", (int64_t)c->bytes);
    json_kv_int(&j, "us", us);
    json_kv_text(&j, "user", user);
    json_kv_str(&j, "address", utf8_valid(c->in.address, NULL) ? c->in.address : STR("?"));
    json_obj_end(&j);
    json_end(&j);
    c->w->o.log(c->w->o.ctx, buf_view(&line).p);
    buf_release(&line);
}

/* ---- work ----------------------------------------------------------------------------------- */

static void work(struct hand *h, void *job)
{
    struct call *c = job;
    struct arena_mark m = arena_mark(&h->a);
    struct answer_head head;
    struct asked asked = {"web", STR("")};
    if (!site_answer(c->w->s->site, &c->in, &head, &c->out)) {
        ask_answer(h, &c->in, &head, &c->out, &asked);
    }
    respond(c, &h->a, &head);
    note(c, asked.route, asked.user);
    arena_rewind(&h->a, m);
    atomic_store(&c->phase, ANSWERED);
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
    if (status == 503 || status == 429) {
        rc = err_set(&e, RC_BUSY, "this is more than is allowed at once: try again later",
                     "请求超出允许的范围，请稍后再试");
    }
    const struct http_problem p = {.rc = rc, .status = status, .e = &e, .at = STR("")};
    problem_write(&c->in, &p, &c->out);
    respond(c, &c->a, &head);
    if (c->response != NULL) {
        add_header(c, "Connection", "close");
    }
    note(c, "", STR(""));
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

/* What can be said no to before the body is read. 0: nothing. */
static int look_at_head(struct call *c, const char *method, int *retry)
{
    int status = head_read(c->connection, c->w->o.body_bytes, &c->in);
    c->in.address = address_of(c);
    if (!verb_of(method, &c->in)) {
        return 501;
    }
    if (c->in.path.n + c->in.query.n >= PATH_BYTES) {
        return 414;
    }
    if (status != 0) {
        return status;
    }
    *retry = gate_pass(c->w->gate, c->in.address, c->began);
    return *retry > 0 ? 429 : atomic_load(&c->w->s->stopping) ? 503 : 0;
}

static enum MHD_Result take_head(struct call *c, const char *method)
{
    int retry = 0;
    int status = look_at_head(c, method, &retry);
    atomic_store(&c->phase, READING_BODY);
    return status == 0
               ? MHD_YES
               : refuse(c, status, status == 413 ? RC_LIMIT : RC_USAGE, status == 503 ? 1 : retry);
}

static enum MHD_Result hand_over(struct call *c)
{
    if (c->body.overflow) {
        return refuse(c, 413, RC_LIMIT, 0);
    }
    guest_until(c->guest, GUEST_FREE);
    c->in.body = buf_view(&c->body);
    atomic_store(&c->phase, WORKING);
    MHD_suspend_connection(c->connection);
    if (crew_put(c->w->crews[route_lane(&c->a, c->in.verb, c->in.path)], c)) {
        return MHD_YES;
    }
    MHD_resume_connection(c->connection);
    return refuse(c, 503, RC_BUSY, 1);
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
    case READING_BODY:
        if (*n > 0) {
            buf_put(&c->body, data, *n);
            *n = 0;
            return MHD_YES;
        }
        return hand_over(c);
    case WORKING:
        return MHD_YES;
    case ANSWERED:
        break;
    }
    *n = 0;
    wait_for(c->w, c->guest, c->out.n / SLOWEST);
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
    if (*con_cls != NULL) {
        call_free(*con_cls);
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

/* ---- addresses ------------------------------------------------------------------------------ */

static enum rc broken(struct str address, struct err *e)
{
    enum rc rc =
        err_set(e, RC_INPUT, "%.*s is no address to listen at", "“%.*s”不是监听地址", PS(address));
    err_hint(e, "Write 127.0.0.1:8080 or [::1]:8080.", "请写 127.0.0.1:8080 或 [::1]:8080。");
    return rc;
}

static enum rc resolve(struct arena *a, struct str address, struct addrinfo **out, struct err *e)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    uint32_t colon = address.n;
    while (colon > 0 && address.p[colon - 1] != ':') {
        colon--;
    }
    if (colon < 2) {
        return broken(address, e);
    }
    struct str host = str_sub(address, 0, colon - 1);
    if (host.p[0] == '[' && host.p[host.n - 1] == ']') {
        host = str_sub(host, 1, host.n - 1);
    }
    return getaddrinfo(str_to_cstr(a, host), str_to_cstr(a, str_sub(address, colon, address.n)),
                       &hints, out) == 0
               ? RC_OK
               : broken(address, e);
}

static int open_socket(const struct addrinfo *x)
{
    int yes = 1;
    int fd = socket(x->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return fd;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (x->ai_family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    }
    if (bind(fd, x->ai_addr, x->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int saved = errno;
        (void)close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

static uint16_t port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } at = {0};
    socklen_t n = sizeof at;
    if (getsockname(fd, &at.any, &n) != 0) {
        return 0;
    }
    return ntohs(at.any.sa_family == AF_INET ? at.four.sin_port : at.six.sin6_port);
}

static struct MHD_Daemon *start(struct door *w, int fd)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL,
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
    struct addrinfo *x = NULL;
    TRY(resolve(&w->s->a, address, &x, e));
    int fd = open_socket(x);
    freeaddrinfo(x);
    if (fd < 0) {
        return err_set_errno(e, RC_IO, "cannot listen at %.*s", "无法监听 %.*s", PS(address));
    }
    w->ports[w->n] = port_of(fd);
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
    const struct {
        uint32_t threads, queue;
    } sizes[LANE__N] = {[LANE_WORK] = {w->o.workers, w->o.queue},
                        [LANE_HASH] = {w->o.hashers, SLOW_QUEUE},
                        [LANE_AWAY] = {AWAY_THREADS, SLOW_QUEUE}};
    for (uint32_t i = 0; i < LANE__N; i++) {
        TRY(crew_start(w->s, sizes[i].threads, sizes[i].queue, work, &w->crews[i], e));
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
    TRY(patience_start(&s->a, &w->patience, e));
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
    struct timespec until = {0};
    int late = 0;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += w->o.stop_s;
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
    for (uint32_t i = 0; i < LANE__N; i++) {
        crew_stop(w->crews[i]);
    }
    wait_for_calls(w);
    for (uint32_t i = 0; i < w->n; i++) {
        MHD_stop_daemon(w->daemons[i]);
    }
    patience_stop(w->patience);
    (void)pthread_cond_destroy(&w->fewer);
    (void)pthread_mutex_destroy(&w->lock);
}
