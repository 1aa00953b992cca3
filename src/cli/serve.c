/* SPDX-License-Identifier: Apache-2.0 */
/* The process of the service: settings, signals, its lines on the standard streams. */
#include "cli/serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/demo.h"
#include "cli/desk.h"
#include "cli/session.h"
#include "http/setting.h"
#include "http/door.h"
#include "http/route.h"

#define FILES_BESIDE    256U      /* of the book, of uploads, of evidence */
#define GIVE_BACK_BYTES (1 << 20) /* smaller blocks wait for the next request */

/* ---- settings ------------------------------------------------------------------------------- */

/* An option of the command line is one more setting. */
static enum rc set_option(struct session *s, struct settings *t, const char *word,
                          const char *value)
{
    struct str pair = str_cat(&s->arena, str_from_cstr(word), STR("="));
    return value == NULL ? RC_OK
                         : settings_set(t, str_cat(&s->arena, pair, str_from_cstr(value)),
                                        str_cat(&s->arena, STR("--"), str_from_cstr(word)), &s->e);
}

static enum rc read_settings(struct session *s, struct settings *t)
{
    settings_init(t, &s->arena);
    if (s->o.file != NULL) {
        TRY(settings_file(t, s->o.file, &s->e));
    }
    TRY(settings_environment(t, &s->e));
    TRY(set_option(s, t, "pack", s->o.pack));
    TRY(set_option(s, t, "book", s->o.book));
    TRY(set_option(s, t, "files", s->o.files));
    for (uint32_t i = 0; i < s->o.fields.n; i++) {
        TRY(settings_set(t, str_from_cstr(s->o.fields.list[i]), STR("--set"), &s->e));
    }
    return RC_OK;
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* One write a line: lines of several threads do not mix. */
static void line_to(void *ctx, const char *line)
{
    FILE *to = ctx;
    (void)fprintf(to, "%s\n", line);
    (void)fflush(to);
}

/* ---- signals -------------------------------------------------------------------------------- */

/*
 * A thread waits for them, so that none comes in the middle of anything. The first one ends the
 * service in order; before it is open, and the second time, the process ends at once: the book
 * takes no harm from that.
 */
struct watch {
    sigset_t set;
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool open, stop;
};

static void *watch(void *ctx)
{
    struct watch *w = ctx;
    for (;;) {
        int which = 0;
        (void)sigwait(&w->set, &which);
        (void)pthread_mutex_lock(&w->lock);
        if (!w->open || w->stop) {
            _exit(0);
        }
        w->stop = true;
        (void)pthread_cond_signal(&w->told);
        (void)pthread_mutex_unlock(&w->lock);
    }
    return NULL;
}

/* Before other threads are there, so that they leave signals alone. */
static enum rc watch_begin(struct watch *w, struct err *e)
{
    pthread_t thread;
    (void)sigemptyset(&w->set);
    (void)sigaddset(&w->set, SIGINT);
    (void)sigaddset(&w->set, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &w->set, NULL);
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->told, NULL);
    if (pthread_create(&thread, NULL, watch, w) != 0) {
        return err_set(e, RC_NO_MEMORY, "no thread for signals", "无法创建信号线程");
    }
    (void)pthread_detach(thread);
    return RC_OK;
}

static void watch_wait(struct watch *w)
{
    (void)pthread_mutex_lock(&w->lock);
    w->open = true;
    while (!w->stop) {
        (void)pthread_cond_wait(&w->told, &w->lock);
    }
    (void)pthread_mutex_unlock(&w->lock);
}

/* ---- the service ---------------------------------------------------------------------------- */

static const char *text_or_null(struct session *s, const struct settings *t, enum setting which)
{
    struct str text = setting_text(t, which);
    return text.n > 0 ? str_to_cstr(&s->arena, text) : NULL;
}

static struct service_options service_options(struct session *s, const struct settings *t)
{
    return (struct service_options){
        .settings = t,
        .pack = text_or_null(s, t, SETTING_PACK),
        .book = text_or_null(s, t, SETTING_BOOK),
        .files = text_or_null(s, t, SETTING_FILES),
        .web = str_to_cstr(&s->arena, setting_text(t, SETTING_WEB)),
        .text = text_or_null(s, t, SETTING_TEXT),
        .temp = text_or_null(s, t, SETTING_TEMP),
        .key = text_or_null(s, t, SETTING_KEY),
        .package_key = text_or_null(s, t, SETTING_PACKAGE_KEY),
        .origin = setting_text(t, SETTING_ORIGIN),
        .plain = setting_on(t, SETTING_PLAIN),
        .demo = setting_on(t, SETTING_DEMO),
        .open = setting_on(t, SETTING_PUBLIC),
        .demo_town = s->o.as_demo,
        .memory = (size_t)setting_count(t, SETTING_MEMORY) << 20,
        .memory_ask = (size_t)setting_count(t, SETTING_ANSWER) << 20,
        .oidc = {.issuer = setting_text(t, SETTING_OIDC_ISSUER),
                 .client = setting_text(t, SETTING_OIDC_CLIENT),
                 .secret_file = setting_text(t, SETTING_OIDC_SECRET),
                 .redirect = setting_text(t, SETTING_OIDC_REDIRECT),
                 .ca = setting_text(t, SETTING_OIDC_CA),
                 .plain = setting_on(t, SETTING_PLAIN)},
        .oidc_name = setting_text(t, SETTING_OIDC_NAME),
        .cost = sit_cost(s),
        .tell = line_to,
        .ctx = stderr,
    };
}

static struct door_options door_options(const struct settings *t)
{
    return (struct door_options){
        .listen = setting_text(t, SETTING_LISTEN),
        .proxy = setting_text(t, SETTING_PROXY),
        .workers = (uint32_t)setting_count(t, SETTING_WORKERS),
        .hashers = (uint32_t)setting_count(t, SETTING_HASHERS),
        .queue = (uint32_t)setting_count(t, SETTING_QUEUE),
        .connections = (uint32_t)setting_count(t, SETTING_CONNECTIONS),
        .per_address = (uint32_t)setting_count(t, SETTING_PER_ADDRESS),
        .idle_s = (uint32_t)setting_count(t, SETTING_IDLE),
        .body_bytes = (uint32_t)setting_count(t, SETTING_BODY) << 10,
        .arrive_s = (uint32_t)setting_count(t, SETTING_ARRIVE),
        .streams = (uint32_t)setting_count(t, SETTING_STREAMS),
        .upload_bytes = (uint32_t)setting_count(t, SETTING_UPLOAD) << 20,
        .rate = (uint32_t)setting_count(t, SETTING_RATE),
        .burst = (uint32_t)setting_count(t, SETTING_BURST),
        .public_rate = (uint32_t)setting_count(t, SETTING_PUBLIC_RATE),
        .stop_s = (int)setting_count(t, SETTING_STOP),
        .log = line_to,
        .ctx = stdout,
    };
}

static void say_where(struct session *s, const struct door *w)
{
    for (uint32_t i = 0; door_port(w, i) != 0; i++) {
        (void)fprintf(stderr,
                      s->o.chinese ? "提质服务已就绪，端口 %u\n" : "tizhi serves at port %u\n",
                      door_port(w, i));
    }
    (void)fflush(stderr);
}

/* A connection is an open file; the limit of a shell is meant for other programs. */
static void allow_files(uint32_t connections)
{
    struct rlimit r;
    rlim_t want = (rlim_t)connections + FILES_BESIDE;
    if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < want) {
        r.rlim_cur = want < r.rlim_max ? want : r.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &r);
    }
}

static enum rc serve(struct session *s, const struct settings *t, struct service *service)
{
    const struct service_options so = service_options(s, t);
    const struct door_options wo = door_options(t);
    struct door *w = NULL;
    static struct watch signals; /* its thread lives as long as the process */
    allow_files(wo.connections);
    arena_give_back(GIVE_BACK_BYTES);
    TRY(watch_begin(&signals, &s->e));
    TRY(service_open(service, &so, &s->e));
    enum rc rc = door_open(service, &wo, &w, &s->e);
    if (rc == RC_OK) {
        say_where(s, w);
        watch_wait(&signals);
        (void)fprintf(stderr, s->o.chinese ? "正在停止\n" : "stopping\n");
    }
    door_close(w);
    return rc;
}

static int missing(struct session *s, const char *what)
{
    return session_complain(s, 2, "缺少设置", "this setting is missing", what);
}

int serve_command(struct session *s)
{
    struct settings t;
    struct service service = {.following = false};
    enum rc rc = read_settings(s, &t);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (s->o.settings) {
        settings_print(&t, s->o.chinese, &s->out);
        return 0;
    }
    if (s->o.openapi) {
        route_openapi(&s->out);
        return 0;
    }
    int status = s->o.as_demo ? demo_prepare(s, &t) : 0;
    if (status != 0) {
        return status;
    }
    if (setting_text(&t, SETTING_PACK).n == 0 || setting_text(&t, SETTING_BOOK).n == 0) {
        return missing(s, setting_text(&t, SETTING_PACK).n == 0 ? "pack" : "book");
    }
    rc = serve(s, &t, &service);
    service_close(&service);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}
