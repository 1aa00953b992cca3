/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tizhi-bench: everybody takes in the same facts and gives all verdicts; these are compared, then
 * everybody is timed in turn. One JSON object on stdout; bench/run_bench.py makes tables of it.
 */
#include <inttypes.h>
#include <unistd.h>

#include "app/bandwidth.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/i128.h"
#include "base/json.h"
#include "bench/commits.h"
#include "bench/contest.h"
#include "bench/sql.h"
#include "bench/worker.h"

#define ROUNDS_MAX       99
#define CONTESTANTS      4
#define SHOWN            8 /* differences */
#define BANDWIDTH_PASSES 3
#define OUT_BYTES_MAX    (64u << 20)

static const struct contestant *const contestants[CONTESTANTS] = {
    &contestant_tizhi, &contestant_duckdb, &contestant_postgres, &contestant_sqlite};

struct options {
    struct shape shape;
    struct setting setting;
    uint32_t rounds;        /* at most */
    uint32_t budget_s;      /* no round begins after so many seconds of rounds */
    uint32_t read_mib;      /* memory read to know the bandwidth; 0: not measured */
    struct commits commits; /* instead of a contest, when there are any */
    const char *only;       /* names, with commas */
    const char *print;      /* plan, or SQL of a flavour, instead of running */
};

struct entry {
    struct worker worker;
    bool here;
    char version[WORKER_TEXT];
    char why[WORKER_TEXT]; /* not here */
    double load, seconds[ROUNDS_MAX], steps[STEPS_MAX][ROUNDS_MAX];
    int64_t peak_kib;
    uint64_t rows, different;
};

struct rounds {
    uint32_t n;
    double bandwidth[ROUNDS_MAX];
};

/* ---- the command line ----------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
    uint32_t most;
} numbers[] = {
    {"--cities", offsetof(struct options, shape.cities), 10000},
    {"--counties", offsetof(struct options, shape.counties), 100000},
    {"--schools", offsetof(struct options, shape.schools), 4000000},
    {"--items", offsetof(struct options, shape.items), 1500},
    {"--targets", offsetof(struct options, shape.targets), 2000},
    {"--threads", offsetof(struct options, setting.threads), BANDWIDTH_THREADS_MAX},
    {"--rounds", offsetof(struct options, rounds), ROUNDS_MAX},
    {"--budget", offsetof(struct options, budget_s), 3600},
    {"--depth", offsetof(struct options, shape.depth), 24},
    {"--singles", offsetof(struct options, commits.singles), COMMITS_MAX},
    {"--batch", offsetof(struct options, commits.batch), COMMITS_MAX},
    {"--changes", offsetof(struct options, commits.changes), 1},
    {"--read", offsetof(struct options, read_mib), 4096},
};

static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    {"--duckdb", offsetof(struct options, setting.duckdb)},
    {"--postgres", offsetof(struct options, setting.postgres)},
    {"--only", offsetof(struct options, only)},
    {"--print", offsetof(struct options, print)},
};

static bool read_option(struct options *o, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        i128 n = 0;
        if (strcmp(name, numbers[i].name) == 0) {
            bool ok = i128_parse(str_from_cstr(value), &n) && n >= 0 && n <= numbers[i].most;
            uint32_t small = ok ? (uint32_t)n : 0;
            memcpy((char *)o + numbers[i].offset, &small, sizeof small);
            return ok;
        }
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            const void *at = &value;
            memcpy((char *)o + texts[i].offset, at, sizeof value);
            return true;
        }
    }
    return false;
}

static bool read_options(struct options *o, int argc, char **argv)
{
    *o = (struct options){.shape = {.cities = 3,
                                    .counties = 12,
                                    .schools = 284,
                                    .items = 400,
                                    .targets = 215,
                                    .seed = 20240315},
                          .setting.threads = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN),
                          .rounds = 5,
                          .budget_s = 3600,
                          .read_mib = 1024};
    bool ok = true;
    for (int i = 1; i + 1 < argc && ok; i += 2) {
        ok = read_option(o, argv[i], argv[i + 1]);
    }
    const struct shape *s = &o->shape;
    return ok && argc % 2 == 1 && s->cities > 0 && s->cities <= s->counties &&
           s->counties <= s->schools && s->items >= 100 && o->setting.threads > 0 &&
           (s->depth == 0 || o->commits.singles > 0 || o->print);
}

/* Is the name one of the comma-separated ones? */
static bool wanted(const char *only, const char *name)
{
    struct str rest = str_from_cstr(only);
    struct str part;
    bool found = only == NULL;
    while (!found && str_split(&rest, ',', &part)) {
        found = str_eq(part, str_from_cstr(name));
    }
    return found;
}

/* ---- comparing ------------------------------------------------------------------------------ */

static bool same_fraction(int64_t n, int64_t d, int64_t m, int64_t c)
{
    if (d <= 0 || c <= 0) { /* infinite or none on either side */
        return (d < 0) == (c < 0) && (d == 0) == (c == 0);
    }
    return (i128)n * c == (i128)m * d;
}

static bool same_answer(const struct answer *x, const struct answer *y)
{
    return x->state == y->state &&
           (x->state == 0 || (same_fraction(x->lo_n, x->lo_d, y->lo_n, y->lo_d) &&
                              same_fraction(x->hi_n, x->hi_d, y->hi_n, y->hi_d)));
}

static void report(const char *who, const char *where, size_t index, size_t width,
                   const struct answer *x, const struct answer *y)
{
    const struct answer *both[2] = {x, y};
    fprintf(stderr, "%s: %s T%zu year %zu unit %zu:", who, where, index / width / YEARS,
            index / width % YEARS, index % width);
    for (size_t i = 0; i < 2; i++) {
        fprintf(stderr, " state %d [%" PRId64 "/%" PRId64 ", %" PRId64 "/%" PRId64 "]",
                both[i]->state - 1, both[i]->lo_n, both[i]->lo_d, both[i]->hi_n, both[i]->hi_d);
    }
    fprintf(stderr, "\n");
}

static void compare(struct entry *en, const char *where, const struct answer *mine,
                    const struct answer *theirs, size_t n, size_t width)
{
    for (size_t i = 0; i < n; i++) {
        en->rows += theirs[i].state != 0;
        if (!same_answer(&mine[i], &theirs[i])) {
            if (en->different++ < SHOWN) {
                report(en->worker.who->name, where, i, width, &mine[i], &theirs[i]);
            }
        }
    }
}

/* ---- the course ----------------------------------------------------------------------------- */

static enum rc start(struct entry *en, const struct contestant *who, const struct options *o,
                     const struct workload *w, struct err *e)
{
    struct reply r = {0};
    TRY(worker_start(&en->worker, who, w, &o->setting, &r, e));
    en->load = r.seconds[0];
    memcpy(en->version, r.text, sizeof en->version);
    TRY(worker_run(&en->worker, &r, e)); /* warm from now on */
    en->peak_kib = r.peak_kib;
    return worker_answers(&en->worker, &r, e);
}

/* The first one there is the one that all are compared with. */
static void compare_all(struct entry *all, const struct workload *w)
{
    struct entry *first = NULL;
    for (uint32_t i = 0; i < CONTESTANTS; i++) {
        struct entry *en = &all[i];
        first = first || !en->here ? first : en;
        if (en->here) {
            compare(en, "area", first->worker.answers.areas, en->worker.answers.areas,
                    answers_areas(w), w->n_areas);
            compare(en, "school", first->worker.answers.schools, en->worker.answers.schools,
                    answers_schools(w), w->shape.schools);
        }
    }
}

/* In turn, so that what disturbs the machine disturbs all of them. */
static enum rc one_round(struct entry *all, uint32_t round, struct err *e)
{
    for (uint32_t i = 0; i < CONTESTANTS; i++) {
        struct reply reply;
        if (!all[i].here) {
            continue;
        }
        TRY(worker_run(&all[i].worker, &reply, e));
        for (uint32_t k = 0; k < STEPS_MAX; k++) {
            all[i].steps[k][round] = reply.seconds[k];
            all[i].seconds[round] += reply.seconds[k];
        }
    }
    return RC_OK;
}

/* The best of a few passes, which is the stricter yardstick. */
static double read_memory(const struct bandwidth *b)
{
    double best = 0;
    for (uint32_t i = 0; i < BANDWIDTH_PASSES; i++) {
        double x = bandwidth_measure(b);
        best = x > best ? x : best;
    }
    return best;
}

static enum rc time_all(struct arena *a, struct entry *all, const struct options *o,
                        struct rounds *done, struct err *e)
{
    struct bandwidth b;
    if (o->rounds == 0) {
        return RC_OK;
    }
    if (o->read_mib > 0) {
        TRY(bandwidth_make(a, (size_t)o->read_mib << 20, o->setting.threads, &b, e));
    }
    double begin = seconds_now();
    while (done->n < o->rounds && (done->n == 0 || seconds_now() - begin < o->budget_s)) {
        done->bandwidth[done->n] = o->read_mib > 0 ? read_memory(&b) : 0;
        TRY(one_round(all, done->n, e));
        done->n++;
    }
    return RC_OK;
}

/* ---- the report ----------------------------------------------------------------------------- */

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x;
    double b = *(const double *)y;
    return a < b ? -1 : a > b;
}

/* Sorts; the middle one. */
static double median(double *x, uint32_t n)
{
    qsort(x, n, sizeof *x, by_size);
    return n % 2 == 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static void put_real(struct json *j, double x)
{
    char text[400]; /* the largest double */
    snprintf(text, sizeof text, "%.9f", x);
    json_raw_num(j, str_from_cstr(text));
}

static void put_number(struct json *j, const char *key, double x)
{
    json_key(j, key);
    put_real(j, x);
}

static void put_shape(struct json *j, const struct options *o, const struct workload *w)
{
    uint64_t facts = (uint64_t)o->shape.schools * o->shape.items * YEARS;
    json_kv_int(j, "units", (int64_t)w->n_areas + o->shape.schools);
    json_kv_int(j, "cities", o->shape.cities);
    json_kv_int(j, "counties", o->shape.counties);
    json_kv_int(j, "schools", o->shape.schools);
    json_kv_int(j, "items", o->shape.items);
    json_kv_int(j, "years", YEARS);
    json_kv_int(j, "targets", o->shape.targets);
    json_kv_int(j, "cells", (int64_t)facts);
    json_kv_int(j, "threads", o->setting.threads);
}

static void put_entry(struct json *j, struct entry *en, const char *name, uint32_t rounds)
{
    json_obj_begin(j);
    json_kv_cstr(j, "name", name);
    json_kv_bool(j, "here", en->here);
    if (!en->here) {
        json_kv_cstr(j, "why", en->why);
        json_obj_end(j);
        return;
    }
    json_kv_cstr(j, "version", en->version);
    json_kv_int(j, "rows", (int64_t)en->rows);
    json_kv_int(j, "different", (int64_t)en->different);
    json_kv_int(j, "peak_kib", en->peak_kib);
    put_number(j, "load", en->load);
    if (rounds > 0) {
        put_number(j, "seconds", median(en->seconds, rounds));
        put_number(j, "fastest", en->seconds[0]); /* sorted by now */
        put_number(j, "slowest", en->seconds[rounds - 1]);
        json_key(j, "steps");
        json_arr_begin(j);
        for (uint32_t k = 0; k < STEPS_MAX; k++) {
            put_real(j, median(en->steps[k], rounds));
        }
        json_arr_end(j);
    }
    json_obj_end(j);
}

static void put_report(struct arena *a, struct entry *all, struct rounds *done,
                       const struct options *o, const struct workload *w)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, OUT_BYTES_MAX);
    json_init(&j, &b, true);
    json_obj_begin(&j);
    put_shape(&j, o, w);
    json_kv_int(&j, "rounds", done->n);
    if (done->n > 0) {
        put_number(&j, "bandwidth", median(done->bandwidth, done->n));
    }
    json_key(&j, "contestants");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < CONTESTANTS; i++) {
        if (wanted(o->only, contestants[i]->name)) {
            put_entry(&j, &all[i], contestants[i]->name, done->n);
        }
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    fwrite(b.p, 1, b.n, stdout);
}

static enum rc contest(struct arena *a, const struct options *o, const struct workload *w,
                       bool *differ, struct err *e)
{
    struct entry *all = ARENA_ARRAY(a, struct entry, CONTESTANTS);
    struct rounds done = {0};
    for (uint32_t i = 0; i < CONTESTANTS; i++) {
        if (wanted(o->only, contestants[i]->name)) {
            all[i].here = start(&all[i], contestants[i], o, w, e) == RC_OK;
            if (!all[i].here) { /* the others go on */
                memcpy(all[i].why, e->primary_en, sizeof all[i].why - 1);
                worker_stop(&all[i].worker);
                err_clear(e);
            }
        }
    }
    compare_all(all, w);
    TRY(time_all(a, all, o, &done, e));
    put_report(a, all, &done, o, w);
    for (uint32_t i = 0; i < CONTESTANTS; i++) {
        *differ |= all[i].different > 0;
        if (all[i].here) {
            worker_stop(&all[i].worker);
        }
    }
    return RC_OK;
}

static const char *const change_names[CHANGE__N] = {
    [CHANGE_MOVE] = "move",
    [CHANGE_MERGE] = "merge",
    [CHANGE_CLOSE] = "close",
    [CHANGE_FOUND] = "found",
    [CHANGE_PLAN] = "plan",
    [CHANGE_TARGET] = "target",
    [CHANGE_DEFINITION] = "definition",
};

/* Seconds, and how many units were judged. */
static void put_change(struct json *j, const char *name, const struct change_cost *c)
{
    json_key(j, name);
    json_arr_begin(j);
    put_real(j, c->seconds);
    json_int(j, (int64_t)c->units);
    json_arr_end(j);
}

static void put_commits(struct arena *a, const struct options *o, const struct workload *w,
                        const struct commit_times *t)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, OUT_BYTES_MAX);
    json_init(&j, &b, true);
    json_obj_begin(&j);
    put_shape(&j, o, w);
    json_kv_int(&j, "depth", o->shape.depth);
    json_kv_int(&j, "singles", t->n);
    json_kv_int(&j, "batch_facts", o->commits.batch);
    json_kv_int(&j, "batch_rows", (int64_t)t->batch_rows);
    json_kv_int(&j, "different", (int64_t)t->different);
    json_kv_int(&j, "peak_kib", t->peak_kib);
    put_number(&j, "make", t->make);
    put_number(&j, "median", t->median);
    put_number(&j, "p90", t->p90);
    put_number(&j, "p99", t->p99);
    put_number(&j, "slowest", t->slowest);
    put_number(&j, "rows", t->rows);
    put_number(&j, "batch", t->batch);
    put_number(&j, "again", t->again);
    if (o->commits.changes > 0) {
        put_number(&j, "attribute", t->attribute);
        put_change(&j, "day", &t->day);
        for (enum change k = CHANGE_MOVE; k < CHANGE__N; k++) {
            put_change(&j, change_names[k], &t->other[k]);
        }
        put_number(&j, "lend", t->lend);
        put_number(&j, "past", t->past);
    }
    json_key(&j, "by_readers");
    json_arr_begin(&j);
    for (uint32_t k = 0; k <= READERS_MAX; k++) {
        if (t->n_by_readers[k] > 0) {
            json_arr_begin(&j);
            json_int(&j, k);
            put_real(&j, t->by_readers[k]);
            json_int(&j, t->n_by_readers[k]);
            json_arr_end(&j);
        }
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    fwrite(b.p, 1, b.n, stdout);
}

static enum rc commits(struct arena *a, const struct options *o, const struct workload *w,
                       bool *differ, struct err *e)
{
    struct commit_times t;
    struct commits c = o->commits;
    c.threads = o->setting.threads;
    TRY(commits_measure(w, c, &t, e));
    put_commits(a, o, w, &t);
    *differ = t.different > 0;
    return RC_OK;
}

static void print_what(struct arena *a, const char *what, const struct workload *w)
{
    static const struct {
        const char *name;
        enum sql_flavour flavour;
    } flavours[] = {{"duckdb", SQL_DUCKDB}, {"postgres", SQL_POSTGRES}, {"sqlite", SQL_SQLITE}};
    if (strcmp(what, "plan") == 0) {
        printf("%.*s", PS(workload_plan(a, w)));
    }
    for (size_t i = 0; i < sizeof flavours / sizeof *flavours; i++) {
        if (strcmp(what, flavours[i].name) == 0) {
            struct sql s = sql_make(a, w, flavours[i].flavour);
            printf("%.*s%.*s", PS(s.schema), PS(s.fill));
            for (uint32_t k = 0; k < SQL_STEPS; k++) {
                printf("-- %u\n%.*s;\n", k, PS(s.steps[k]));
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct options o;
    struct arena a;
    struct err e = {0};
    bool differ = false;
    if (!read_options(&o, argc, argv)) {
        fprintf(stderr, "参数有误，见 bench/main.c / wrong options, see bench/main.c\n");
        return 2;
    }
    arena_init(&a, (size_t)1 << 33, "bench");
    const struct workload *w = workload_make(&a, o.shape);
    if (o.print) {
        print_what(&a, o.print, w);
        arena_release(&a);
        return 0;
    }
    enum rc rc =
        o.commits.singles > 0 ? commits(&a, &o, w, &differ, &e) : contest(&a, &o, w, &differ, &e);
    if (rc != RC_OK) {
        fprintf(stderr, "%s\n%s\n", e.primary_zh, e.primary_en);
    }
    arena_release(&a);
    return rc != RC_OK ? 4 : differ;
}
