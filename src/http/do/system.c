/* SPDX-License-Identifier: Apache-2.0 */
/* What tells about the service itself. */
#include <stdio.h>
#include <unistd.h>

#include "app/keep/keep.h"
#include "base/i128.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/setting.h"
#include "http/stream.h"

static enum rc health(struct ask *q, bool *ready)
{
    struct store_end end;
    struct json j;
    TRY(store_end(q->a, q->hand->reader, &end, &q->e));
    int64_t seq = service_seq(q->s);
    *ready = !atomic_load(&q->s->stopping);
    ask_json(q, &j);
    json_kv_bool(&j, "demo", q->s->o.demo_town);
    json_kv_bool(&j, "public", q->s->o.open);
    json_kv_bool(&j, "ready", *ready);
    json_kv_int(&j, "commit", seq);
    json_kv_int(&j, "behind", end.seq > seq ? end.seq - seq : 0);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_health(struct ask *q)
{
    bool ready = false;
    return health(q, &ready);
}

enum rc do_ready(struct ask *q)
{
    bool ready = false;
    TRY(health(q, &ready));
    return ready ? RC_OK : err_set(&q->e, RC_BUSY, "the service is going down", "服务正在停止");
}

static void counter(struct ask *q, const char *name, const char *what, uint64_t n)
{
    buf_printf(q->out, "# HELP tizhi_%s %s\n# TYPE tizhi_%s counter\ntizhi_%s %llu\n", name, what,
               name, name, (unsigned long long)n);
}

enum rc do_metrics(struct ask *q)
{
    struct service_counts *c = &q->s->counts;
    q->head.type = "text/plain; version=0.0.4; charset=utf-8";
    counter(q, "requests_total", "Requests answered.", atomic_load(&c->asked));
    buf_puts(q->out, "# HELP tizhi_responses_total Answers by class of status.\n"
                     "# TYPE tizhi_responses_total counter\n");
    for (uint32_t i = 1; i < 6; i++) {
        buf_printf(q->out, "tizhi_responses_total{status=\"%uxx\"} %llu\n", i,
                   (unsigned long long)atomic_load(&c->by_status[i]));
    }
    counter(q, "response_bytes_total", "Bytes of bodies.", atomic_load(&c->bytes));
    counter(q, "work_microseconds_total", "Time spent answering.", atomic_load(&c->us));
    counter(q, "steps_total", "Looks at the book that went well.", atomic_load(&c->followed));
    counter(q, "failed_steps_total", "Looks at the book that failed.", atomic_load(&c->failed));
    buf_printf(q->out,
               "# HELP tizhi_streams Event streams that are open.\n"
               "# TYPE tizhi_streams gauge\ntizhi_streams %u\n",
               q->s->streams != NULL ? streams_n(q->s->streams) : 0);
    buf_printf(q->out,
               "# HELP tizhi_commit The commit that verdicts stand for.\n"
               "# TYPE tizhi_commit gauge\ntizhi_commit %lld\n",
               (long long)service_seq(q->s));
    return RC_OK;
}

enum rc do_openapi(struct ask *q)
{
    q->head.type = "application/json";
    route_openapi(q->out);
    return RC_OK;
}

/* ---- for the system administrator ----------------------------------------------------------- */

/* Of this process, by the kernel; 0: it does not say. */
static int64_t memory_mib(void)
{
    char line[128] = "";
    i128 pages = 0;
    struct str all;
    struct str held;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f == NULL) {
        return 0;
    }
    struct str rest = str_from_cstr(fgets(line, sizeof line, f) != NULL ? line : "");
    (void)fclose(f);
    bool told =
        str_split(&rest, ' ', &all) && str_split(&rest, ' ', &held) && i128_parse(held, &pages);
    return told ? (int64_t)pages * sysconf(_SC_PAGESIZE) >> 20 : 0;
}

static void settings_json(const struct ask *q, struct json *j)
{
    const struct settings *s = q->s->o.settings;
    json_key(j, "settings");
    json_arr_begin(j);
    for (uint32_t i = 0; s != NULL && i < SETTING__N; i++) {
        struct setting_line x = setting_line(s, (enum setting)i);
        json_obj_begin(j);
        json_kv_cstr(j, "name", x.word);
        json_kv_str(j, "value", x.value);
        json_kv_str(j, "from", x.from);
        json_kv_cstr(j, "text", x.text[q->chinese]);
        json_obj_end(j);
    }
    json_arr_end(j);
}

enum rc do_system(struct ask *q)
{
    struct json j;
    struct buf since;
    struct service_counts *c = &q->s->counts;
    TRY(ask_may(q, "system.set", STR(""), CLASS_INTERNAL));
    buf_init_in(&since, q->a, 64);
    keep_moment(&since, q->s->began);
    ask_json(q, &j);
    json_kv_cstr(&j, "version", TIZHI_VERSION);
    json_kv_str(&j, "since", buf_view(&since));
    json_kv_int(&j, "memory_mib", memory_mib());
    json_kv_int(&j, "streams", q->s->streams != NULL ? streams_n(q->s->streams) : 0);
    json_kv_int(&j, "asked", (int64_t)atomic_load(&c->asked));
    json_kv_int(&j, "failed", (int64_t)atomic_load(&c->by_status[5]));
    settings_json(q, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
