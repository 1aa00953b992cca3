/* SPDX-License-Identifier: Apache-2.0 */
/* A region's book is made; then a process opens it and is ready. */
#include <stdlib.h>
#include <time.h>

#include "app/standing/standing.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/rng.h"
#include "bench/book.h"
#include "bench/contest.h"
#include "engine/cells.h"
#include "engine/judge.h"
#include "store/load.h"
#include "store/units.h"

#define COMMIT_PARCELS 500U
#define STARTS         3   /* the best one is told */
#define FOLLOWED       200 /* forms */

/* ---- the book ------------------------------------------------------------------------------- */

static struct fact figure(const struct book_bench *b, uint32_t school, uint32_t item, uint32_t year)
{
    int32_t x = figure_at(b->w, (school + b->shift) % b->w->shape.schools, item, year);
    int64_t factor = b->w->items[item].class == ITEM_MONEY ? 100 : 1;
    struct fact f = {.unit = b->w->n_areas + school,
                     .item = item,
                     .value = {.has = x != SILENT,
                               .num = x == SILENT ? rat_zero() : rat_int(x * factor),
                               .text = STR("")},
                     .definition = STR(""),
                     .point = STR(""),
                     .from = {.source = STR(""), .recorded = DATE_MIN}};
    ASSERT(period_make(PERIOD_YEAR, FIRST_YEAR + (int32_t)year, 1, &f.period));
    return f;
}

enum rc book_form(struct arena *a, const struct book_bench *b, uint32_t school, uint32_t form,
                  uint32_t year, enum row_status status, struct store_parcel *out, struct err *e)
{
    const struct store_parcel *parcels = NULL;
    uint32_t n = 0;
    struct buf round;
    struct edit *edits = ARENA_ARRAY(a, struct edit, b->form_items);
    buf_init_in(&round, a, 64);
    buf_printf(&round, "F%u-%u", form, FIRST_YEAR + year);
    for (uint32_t i = 0; i < b->form_items; i++) {
        edits[i].kind = EDIT_FACT;
        edits[i].u.fact = figure(b, school, form * b->form_items + i, year);
        edits[i].u.fact.status = status;
        edits[i].u.fact.from.source = buf_view(&round);
    }
    TRY(parcel_write(a, b->subject.plan, b->subject.data.tree, edits, b->form_items, &parcels, &n,
                     e));
    *out = parcels[0];
    return RC_OK;
}

static enum rc commit_stretch(struct arena *a, struct book_bench *b, const char *what, uint64_t at,
                              const struct store_parcel *parcels, uint32_t n, struct err *e)
{
    struct buf token;
    struct store_receipt got;
    buf_init_in(&token, a, 64);
    buf_printf(&token, "%s/%llu", what, (unsigned long long)at);
    const struct store_commit c = {.token = buf_view(&token),
                                   .actor = STR("bench"),
                                   .act = STR("facts.load"),
                                   .parcels = parcels,
                                   .n_parcels = n};
    return store_commit(a, b->store, &c, &got, e);
}

static enum rc fill_attributes(struct book_bench *b, struct err *e)
{
    const struct dataset *d = &b->subject.data;
    struct edit *edits = ARENA_ARRAY(b->a, struct edit, d->n_attrs);
    struct store_commit c = {.token = STR("attrs"), .actor = STR("bench"), .act = STR("load")};
    struct store_receipt got;
    for (uint32_t i = 0; i < d->n_attrs; i++) {
        edits[i].kind = EDIT_ATTR;
        edits[i].u.attr = d->attrs[i];
        edits[i].u.attr.from.source = STR("");
    }
    TRY(parcel_write(b->a, b->subject.plan, d->tree, edits, d->n_attrs, &c.parcels, &c.n_parcels,
                     e));
    return store_commit(b->a, b->store, &c, &got, e);
}

/* Form by form and year by year, the schools in any order, as reports come. */
static enum rc fill_figures(struct book_bench *b, struct err *e)
{
    struct rng g;
    uint32_t n = b->w->shape.schools;
    uint32_t *order = ARENA_ARRAY(b->a, uint32_t, n);
    struct arena a;
    rng_seed(&g, 7);
    arena_init(&a, (size_t)1 << 30, "fill");
    struct store_parcel *parcels = ARENA_ARRAY(b->a, struct store_parcel, COMMIT_PARCELS);
    uint64_t done = 0;
    enum rc rc = RC_OK;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = (uint32_t)rng_below(&g, i + 1U);
        order[i] = order[k];
        order[k] = i;
    }
    for (uint32_t f = 0; rc == RC_OK && f < BOOK_FORMS * YEARS; f++) {
        for (uint32_t i = 0; rc == RC_OK && i < n; i++) {
            rc = book_form(&a, b, order[i], f % BOOK_FORMS, f / BOOK_FORMS, ROW_ACCEPTED,
                           &parcels[i % COMMIT_PARCELS], e);
            if (rc == RC_OK && (i + 1 == n || (i + 1) % COMMIT_PARCELS == 0)) {
                rc = commit_stretch(&a, b, "fill", done, parcels, i % COMMIT_PARCELS + 1, e);
                arena_release(&a);
                done++;
            }
        }
    }
    arena_release(&a);
    return rc;
}

enum rc book_units_made(struct book_bench *b, bool *had, struct err *e)
{
    struct store_reader *r = NULL;
    struct store_receipt got;
    struct store_end end = {0};
    const struct store_commit words = {.token = STR("units"), .actor = STR("bench")};
    TRY(store_reader_open(b->a, b->store, &r, e));
    enum rc rc = store_end(b->a, r, &end, e);
    *had = end.seq > 0;
    if (rc == RC_OK && !*had) {
        rc =
            units_import(b->a, b->store, r, b->subject.data.tree, b->subject.plan, &words, &got, e);
    }
    store_reader_close(r);
    return rc;
}

enum rc book_units(struct book_bench *b, struct err *e)
{
    bool had = false;
    return book_units_made(b, &had, e);
}

static enum rc fill(struct book_bench *b, struct err *e)
{
    bool had = false;
    TRY(book_units_made(b, &had, e));
    if (!had) {
        TRY(fill_attributes(b, e));
        TRY(fill_figures(b, e));
    }
    return RC_OK;
}

/* ---- comparing ------------------------------------------------------------------------------ */

static uint64_t differences(struct standing *s, const struct verdicts *want)
{
    uint64_t n = 0;
    struct live_reader *r = live_reader(standing_live(s));
    (void)standing_pin(s, r);
    struct live_rows x = live_rows(r, NONE, NONE);
    for (uint32_t i = 0; i < want->rows.n; i++) {
        struct verdict v = verdicts_at(want, i);
        bool there = live_next(&x);
        struct verdict w = there ? verdict_unpack(x.row) : v;
        w.counter = v.counter; /* not of the row */
        w.undecided = v.undecided;
        w.n_counter = v.n_counter;
        w.n_undecided = v.n_undecided;
        n += !there || !verdict_eq(&v, &w);
    }
    n += live_next(&x);
    live_reader_release(r);
    return n;
}

static enum rc compare(struct book_bench *b, struct standing *s, const struct dataset *d,
                       struct start_times *out, struct err *e)
{
    struct arena a;
    struct cells *cells = NULL;
    struct verdicts want = {0};
    const struct judge_query all = {NONE, NONE, 0};
    arena_init(&a, memory_limit(), "scratch");
    enum rc rc = cells_make(&a, b->subject.plan, d, b->subject.as_of, &cells, e);
    rc = rc == RC_OK ? judge_plan_on(&a, cells, 2, all, &want, e) : rc;
    if (rc == RC_OK) {
        out->rows = want.rows.n;
        out->different += differences(s, &want);
    }
    arena_release(&a);
    return rc;
}

/* The same book by rows; what was followed is in it. */
static enum rc by_rows(struct book_bench *b, struct standing *s, struct start_times *out,
                       struct err *e)
{
    struct arena a;
    struct book_state st;
    struct store_reader *r = NULL;
    const struct book_options o = {.plan = b->subject.plan, .upto = INT64_MAX};
    arena_init(&a, memory_limit(), "rows");
    TRY(store_reader_open(&a, b->store, &r, e));
    double from = seconds_now();
    enum rc rc = book_load(&a, r, &o, &st, e);
    out->rows_load = seconds_now() - from;
    store_reader_close(r);
    rc = rc == RC_OK ? compare(b, s, st.data, out, e) : rc;
    arena_release(&a);
    return rc;
}

/* ---- following ------------------------------------------------------------------------------ */

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x;
    double b = *(const double *)y;
    return a < b ? -1 : a > b;
}

/* Corrected forms of schools here and there, each followed before the next one. */
static enum rc follow(struct book_bench *b, struct standing *s, struct start_times *out,
                      struct err *e)
{
    double seconds[FOLLOWED];
    struct rng g;
    struct arena a;
    enum rc rc = RC_OK;
    arena_init(&a, (size_t)1 << 30, "follow");
    rng_seed(&g, 11);
    b->shift = 1;
    for (uint32_t i = 0; rc == RC_OK && i < FOLLOWED; i++) {
        struct store_parcel p;
        struct standing_step step;
        rc = book_form(&a, b, (uint32_t)rng_below(&g, b->w->shape.schools),
                       (uint32_t)rng_below(&g, BOOK_FORMS), (uint32_t)rng_below(&g, YEARS),
                       ROW_ACCEPTED, &p, e);
        rc =
            rc == RC_OK ? commit_stretch(&a, b, "follow", (uint64_t)standing_seq(s), &p, 1, e) : rc;
        double from = seconds_now();
        rc = rc == RC_OK ? standing_follow(s, INT64_MAX, &step, e) : rc;
        seconds[i] = seconds_now() - from;
        arena_release(&a);
    }
    b->shift = 0;
    qsort(seconds, FOLLOWED, sizeof *seconds, by_size);
    out->followed = FOLLOWED;
    out->follow = seconds[FOLLOWED / 2];
    out->follow_p99 = seconds[FOLLOWED - 1 - FOLLOWED / 100];
    return rc;
}

static double cpu_now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum rc measure(struct book_bench *b, const struct standing_options *o,
                       struct start_times *out, struct err *e)
{
    for (uint32_t i = 0; i < STARTS; i++) {
        struct standing *s = NULL;
        double cpu = cpu_now();
        TRY(standing_open(o, &s, e));
        cpu = cpu_now() - cpu;
        out->cpu = i == 0 || cpu < out->cpu ? cpu : out->cpu;
        struct standing_stats st = standing_stats(s);
        double load = (double)st.load_us / 1e6;
        double judge = (double)st.judge_us / 1e6;
        out->load = i == 0 || load < out->load ? load : out->load;
        out->judge = i == 0 || judge < out->judge ? judge : out->judge;
        out->figures = st.figures;
        bool last = i + 1 == STARTS && !b->alone;
        enum rc rc = last ? compare(b, s, &b->subject.data, out, e) : RC_OK;
        rc = rc == RC_OK && last ? follow(b, s, out, e) : rc;
        rc = rc == RC_OK && last ? by_rows(b, s, out, e) : rc;
        standing_close(s);
        TRY(rc);
    }
    return RC_OK;
}

enum rc book_start(struct book_bench *b, struct start_times *out, struct err *e)
{
    const struct standing_options o = {.plan = b->subject.plan,
                                       .store = b->store,
                                       .day = date_later(date_today(), b->subject.as_of),
                                       .upto = INT64_MAX,
                                       .limit = memory_limit()};
    b->subject.as_of = o.day;
    *out = (struct start_times){0};
    double from = seconds_now();
    TRY(fill(b, e));
    out->fill = seconds_now() - from;
    return measure(b, &o, out, e);
}
