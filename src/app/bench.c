/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, evaluation, commits and memory, timed one after the other. */
#include "app/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "app/bandwidth.h"
#include "app/pack/pack.h"
#include "app/table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/rng.h"
#include "engine/judge.h"
#include "engine/live.h"

#define READ_BYTES ((size_t)256 << 20)
#define READ_TIMES 3
#define SEED       20240315u

_Static_assert(BENCH_THREADS_MAX <= JUDGE_THREADS_MAX && BENCH_THREADS_MAX <= LIVE_THREADS_MAX &&
                   BENCH_THREADS_MAX <= BANDWIDTH_THREADS_MAX,
               "as many as are asked for");

/* ---- evaluation ----------------------------------------------------------------------------- */

/* 1, 2, 4 … and all. */
static uint32_t next_count(const struct bench *b, uint32_t threads)
{
    return threads * 2 < b->threads ? threads * 2 : b->threads;
}

static double less(double x, double y)
{
    return x == 0 || y < x ? y : x;
}

static enum rc one_round(struct arena *a, struct bench *b, struct bench_run *run, struct err *e)
{
    struct judge_query all = {NONE, NONE, 0};
    struct arena_mark mark = arena_mark(a);
    struct cells *cells = NULL;
    struct verdicts rows;
    double begin = seconds_now();
    TRY(cells_make(a, b->pack->plan, b->pack->data, b->as_of, &cells, e));
    double between = seconds_now();
    TRY(judge_plan_on(a, cells, run->threads, all, &rows, e));
    run->seconds = less(run->seconds, seconds_now() - between);
    b->index = less(b->index, between - begin);
    b->verdicts = rows.rows.n;
    arena_rewind(a, mark);
    return RC_OK;
}

static enum rc evaluate(struct arena *a, struct bench *b, struct err *e)
{
    for (uint32_t threads = 1; b->n_runs == 0 || threads > b->runs[b->n_runs - 1].threads;
         threads = next_count(b, threads)) {
        struct bench_run *run = &b->runs[b->n_runs++];
        *run = (struct bench_run){.threads = threads, .seconds = 0};
        for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
            TRY(one_round(a, b, run, e));
        }
    }
    return RC_OK;
}

/* ---- commits -------------------------------------------------------------------------------- */

/* A known number or boolean of the pack, reported anew, a little more or the other way round;
 * false: this one cannot be. */
static bool corrected(const struct bench *b, uint32_t fact, struct edit *out)
{
    const struct fact *f = &b->pack->data->facts[fact];
    const struct datum *d = &b->pack->plan->items[f->item].d;
    *out = (struct edit){.kind = EDIT_FACT, .u.fact = *f};
    out->u.fact.from.recorded = date_later(b->as_of, f->from.recorded);
    if (f->status != ROW_ACCEPTED || !f->value.has || f->value.num.big ||
        date_cmp(f->from.recorded, b->as_of) > 0) {
        return false;
    }
    if (d->type == VT_BOOL) {
        out->u.fact.value.num = rat_is_zero(f->value.num) ? rat_one() : rat_zero();
        return true;
    }
    if (d->type != VT_NUMBER || f->value.num.d != 1) {
        return false;
    }
    struct rat more = rat_int((int64_t)f->value.num.n + 1);
    struct rat fewer = rat_int((int64_t)f->value.num.n - 1);
    bool up = rat_cmp(more, d->hi) <= 0;
    out->u.fact.value.num = up ? more : fewer;
    return up || rat_cmp(fewer, d->lo) >= 0;
}

static int by_size(const void *x, const void *y)
{
    double p = *(const double *)x;
    double q = *(const double *)y;
    return p < q ? -1 : p > q;
}

static enum rc commit(struct bench *b, struct live *l, double *seconds, struct err *e)
{
    const struct dataset *d = b->pack->data;
    struct live_changes changes;
    struct edit one;
    struct rng r;
    rng_seed(&r, SEED);
    for (uint32_t i = 0; d->n_facts > 0 && i < 10 * BENCH_COMMITS && b->commits < BENCH_COMMITS;
         i++) {
        if (corrected(b, (uint32_t)rng_below(&r, d->n_facts), &one)) {
            double begin = seconds_now();
            TRY(live_apply(l, &one, 1, &changes, e));
            seconds[b->commits++] = seconds_now() - begin;
        }
    }
    return RC_OK;
}

static enum rc live(struct arena *a, struct bench *b, struct err *e)
{
    struct live *l = NULL;
    double *seconds = ARENA_ARRAY(a, double, BENCH_COMMITS);
    double begin = seconds_now();
    TRY(live_make_on(b->pack->plan, b->pack->data, b->as_of, b->threads, b->memory, &l, e));
    b->live = seconds_now() - begin;
    enum rc rc = commit(b, l, seconds, e);
    live_release(l);
    uint32_t n = b->commits;
    if (rc == RC_OK && n > 0) {
        qsort(seconds, n, sizeof *seconds, by_size);
        b->median = seconds[n / 2];
        b->p90 = seconds[n - 1 - n / 10];
        b->p99 = seconds[n - 1 - n / 100];
        b->slowest = seconds[n - 1];
    }
    return rc;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static enum rc read_memory(struct arena *a, struct bench *b, struct err *e)
{
    struct bandwidth x;
    struct arena_mark mark = arena_mark(a);
    TRY(bandwidth_make(a, READ_BYTES, b->threads, &x, e));
    for (uint32_t i = 0; i < READ_TIMES; i++) {
        double bytes = bandwidth_measure(&x);
        b->read_bytes = bytes > b->read_bytes ? bytes : b->read_bytes;
    }
    arena_rewind(a, mark);
    return RC_OK;
}

enum rc bench_measure(struct arena *a, struct bench *b, struct err *e)
{
    struct rusage use;
    b->units = b->pack->tree->n_units;
    b->facts = b->pack->data->n_facts;
    b->commitments = b->pack->plan->n_commitments;
    TRY(evaluate(a, b, e));
    TRY(live(a, b, e));
    (void)getrusage(RUSAGE_SELF, &use);
    b->peak_bytes = (uint64_t)use.ru_maxrss * 1024;
    return read_memory(a, b, e);
}

/* ---- printing ------------------------------------------------------------------------------- */

static void put_number(struct json *j, const char *key, double x)
{
    char text[400]; /* the largest double */
    (void)snprintf(text, sizeof text, "%.9f", x);
    json_key(j, key);
    json_raw_num(j, str_from_cstr(text));
}

void bench_json(const struct bench *b, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_str(&j, "plan", b->pack->plan->id);
    json_kv_int(&j, "units", b->units);
    json_kv_int(&j, "facts", b->facts);
    json_kv_int(&j, "commitments", b->commitments);
    json_kv_int(&j, "verdicts", b->verdicts);
    put_number(&j, "open_plan", b->open_plan);
    put_number(&j, "open_tables", b->open_tables);
    put_number(&j, "index", b->index);
    json_key(&j, "evaluations");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < b->n_runs; i++) {
        json_obj_begin(&j);
        json_kv_int(&j, "threads", b->runs[i].threads);
        put_number(&j, "seconds", b->runs[i].seconds);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    put_number(&j, "live", b->live);
    json_key(&j, "commit");
    json_obj_begin(&j);
    json_kv_int(&j, "n", b->commits);
    put_number(&j, "median", b->median);
    put_number(&j, "p90", b->p90);
    put_number(&j, "p99", b->p99);
    put_number(&j, "slowest", b->slowest);
    json_obj_end(&j);
    put_number(&j, "memory_read", b->read_bytes);
    json_kv_int(&j, "memory_peak", (int64_t)b->peak_bytes);
    json_obj_end(&j);
    json_end(&j);
}

static struct str seconds_text(struct arena *a, double x)
{
    char text[400];
    bool micro = x < 1e-3;
    bool milli = x < 1;
    (void)snprintf(text, sizeof text, "%.3g %s",
                   x * (micro   ? 1e6
                        : milli ? 1e3
                                : 1),
                   micro   ? "µs"
                   : milli ? "ms"
                           : "s");
    return str_dup(a, str_from_cstr(text));
}

static void line(struct table *t, const char *what, struct str value)
{
    table_row(t, (struct str[]){str_from_cstr(what), value});
}

static void timed(struct table *t, const char *what, double seconds)
{
    line(t, what, seconds_text(t->a, seconds));
}

static void text_of_runs(struct table *t, const struct bench *b, bool chinese)
{
    for (uint32_t i = 0; i < b->n_runs; i++) {
        char what[80];
        (void)snprintf(what, sizeof what, chinese ? "全量判定，%u 线程" : "evaluation, %u threads",
                       b->runs[i].threads);
        timed(t, str_dup(t->a, str_from_cstr(what)).p, b->runs[i].seconds);
    }
}

static void text_of_commits(struct table *t, const struct bench *b, bool chinese)
{
    timed(t, chinese ? "增量引擎：首次判定" : "live engine: first evaluation", b->live);
    if (b->commits > 0) {
        timed(t, chinese ? "改一个数：中位" : "one fact: median", b->median);
        timed(t, chinese ? "改一个数：p90" : "one fact: p90", b->p90);
        timed(t, chinese ? "改一个数：p99" : "one fact: p99", b->p99);
        timed(t, chinese ? "改一个数：最慢" : "one fact: slowest", b->slowest);
    }
}

void bench_text(struct arena *a, const struct bench *b, bool chinese, uint32_t width,
                struct buf *out)
{
    struct table t = table_new(a, 2);
    char text[400];
    line(&t, chinese ? "项目" : "what", str_from_cstr(chinese ? "结果" : "result"));
    timed(&t, chinese ? "打开计划" : "opening the plan", b->open_plan);
    timed(&t, chinese ? "读入数据表" : "reading the tables", b->open_tables);
    timed(&t, chinese ? "建立索引" : "indexing", b->index);
    text_of_runs(&t, b, chinese);
    text_of_commits(&t, b, chinese);
    (void)snprintf(text, sizeof text, "%.1f GB/s", b->read_bytes / 1e9);
    line(&t, chinese ? "内存读取" : "memory read", str_dup(a, str_from_cstr(text)));
    (void)snprintf(text, sizeof text, "%.0f MiB", (double)b->peak_bytes / (1 << 20));
    line(&t, chinese ? "内存峰值" : "memory, peak", str_dup(a, str_from_cstr(text)));
    buf_printf(out,
               chinese ? "机构 %u，数据 %u，承诺 %u，结论 %u\n\n"
                       : "%u units, %u facts, %u commitments, %u verdicts\n\n",
               b->units, b->facts, b->commitments, b->verdicts);
    table_print(&t, width, out);
}
