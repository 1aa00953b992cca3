/* SPDX-License-Identifier: Apache-2.0 */
/* tizhi-bench-book: one measurement of the book per call; one JSON object on stdout. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/i128.h"
#include "base/json.h"
#include "bench/book.h"
#include "bench/contest.h"

struct options {
    const char *what, *where, *files;
    struct shape shape;
    struct rate_wish rate;
    uint32_t per_second, alone;
};

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
    {"--clients", offsetof(struct options, rate.clients), 1000},
    {"--reports", offsetof(struct options, rate.reports), 10000000},
    {"--figures", offsetof(struct options, rate.items), 1500},
    {"--rate", offsetof(struct options, per_second), 1000000},
    {"--alone", offsetof(struct options, alone), 1},
};

static bool read_options(struct options *o, int argc, char **argv)
{
    *o = (struct options){.shape = {.cities = 12,
                                    .counties = 103,
                                    .schools = 7500,
                                    .items = 400,
                                    .targets = 215,
                                    .seed = 20240315},
                          .rate = {.clients = 1, .reports = 1000}};
    bool ok = argc >= 3 && argc % 2 == 1;
    for (int i = 3; i + 1 < argc && ok; i += 2) {
        ok = strcmp(argv[i], "--files") == 0;
        o->files = ok ? argv[i + 1] : o->files;
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers && !ok; k++) {
            i128 n = 0;
            if (strcmp(argv[i], numbers[k].name) == 0) {
                ok = i128_parse(str_from_cstr(argv[i + 1]), &n) && n >= 0 && n <= numbers[k].most;
                uint32_t small = ok ? (uint32_t)n : 0;
                memcpy((char *)o + numbers[k].offset, &small, sizeof small);
            }
        }
    }
    if (ok) {
        o->what = argv[1];
        o->where = argv[2];
        o->rate.per_second = o->per_second;
    }
    return ok;
}

static void put_number(struct json *j, const char *key, double x)
{
    char text[400]; /* the largest double */
    (void)snprintf(text, sizeof text, "%.9f", x);
    json_key(j, key);
    json_raw_num(j, str_from_cstr(text));
}

static enum rc start(struct book_bench *b, const struct options *o, struct json *j, struct err *e)
{
    struct start_times t;
    (void)o;
    TRY(book_start(b, &t, e));
    put_number(j, "fill", t.fill);
    put_number(j, "load", t.load);
    put_number(j, "judge", t.judge);
    put_number(j, "rows_load", t.rows_load);
    put_number(j, "cpu", t.cpu);
    put_number(j, "follow", t.follow);
    put_number(j, "follow_p99", t.follow_p99);
    json_kv_int(j, "figures", (int64_t)t.figures);
    json_kv_int(j, "followed", (int64_t)t.followed);
    json_kv_int(j, "rows", (int64_t)t.rows);
    json_kv_int(j, "different", (int64_t)t.different);
    return RC_OK;
}

static enum rc put_rate(struct json *j, const struct rate_times *t)
{
    put_number(j, "seconds", t->seconds);
    put_number(j, "p50", t->p50);
    put_number(j, "p99", t->p99);
    put_number(j, "slowest", t->slowest);
    json_kv_int(j, "done", (int64_t)t->done);
    json_kv_int(j, "failed", (int64_t)t->failed);
    json_kv_int(j, "figures", (int64_t)t->figures);
    json_kv_int(j, "different", (int64_t)t->different);
    return RC_OK;
}

static enum rc rate(struct book_bench *b, const struct options *o, struct json *j, struct err *e)
{
    struct rate_times t;
    TRY(book_rate(b, o->rate, &t, e));
    return put_rate(j, &t);
}

static enum rc plain(struct book_bench *b, const struct options *o, struct json *j, struct err *e)
{
    struct rate_times t;
    TRY(plain_rate(b, o->rate, &t, e));
    return put_rate(j, &t);
}

static const struct {
    const char *name;
    bool book;
    enum rc (*run)(struct book_bench *b, const struct options *o, struct json *j, struct err *e);
} runs[] = {{"start", true, start}, {"rate", true, rate}, {"plain", false, plain}};

static enum rc run(struct arena *a, const struct options *o, struct json *j, struct err *e)
{
    struct book_bench b = {.a = a, .where = o->where};
    b.alone = o->alone > 0;
    b.w = workload_make(a, o->shape);
    b.form_items = o->rate.items > 0 ? o->rate.items : b.w->n_items / BOOK_FORMS;
    TRY(subject_make(a, b.w, CHANGE_NONE, &b.subject, e));
    enum rc rc = RC_NO_SUPPORT;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        if (strcmp(runs[i].name, o->what) == 0) {
            const struct store_options so = {.where = o->where, .create = true, .files = o->files};
            TRY(runs[i].book ? store_open(a, &so, &b.store, e) : RC_OK);
            rc = runs[i].run(&b, o, j, e);
            store_close(b.store);
        }
    }
    return rc;
}

int main(int argc, char **argv)
{
    struct options o;
    struct arena a;
    struct json j;
    struct buf out;
    struct err e = {0};
    if (!read_options(&o, argc, argv)) {
        (void)fputs("usage: tizhi-bench-book start|rate|plain WHERE [--NAME NUMBER]...\n", stderr);
        return 2;
    }
    arena_init(&a, memory_limit(), "bench");
    buf_init(&out, 1 << 20);
    json_init(&j, &out, true);
    json_obj_begin(&j);
    enum rc rc = run(&a, &o, &j, &e);
    json_obj_end(&j);
    json_end(&j);
    if (rc != RC_OK) {
        buf_clear(&out);
        err_render(&e, ERR_LANG_EN, &out);
    }
    (void)fwrite(out.p, 1, out.n, rc == RC_OK ? stdout : stderr);
    buf_release(&out);
    arena_release(&a);
    return rc == RC_OK ? 0 : 3;
}
