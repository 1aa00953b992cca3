/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections of figures at random places, through engine/live. */
#include "bench/commits.h"

#include <sys/resource.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/rng.h"
#include "bench/contest.h"
#include "bench/subject.h"
#include "engine/live.h"

/* ---- what is changed ------------------------------------------------------------------------ */

/* How many targets read the item. */
static uint32_t readers_of(const struct workload *w, uint32_t item)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->n_targets; i++) {
        const struct target *t = &w->targets[i];
        bool flag = t->where.kind >= COND_FLAG && t->where.item == item;
        bool asked = t->satisfying.kind >= COND_FLAG && t->satisfying.item == item;
        bool figure = t->form != FORM_COUNT && t->form != FORM_SHARE && t->a == item;
        bool under = (t->form == FORM_RATIO || t->form == FORM_SCHOOL_RATIO ||
                      t->form == FORM_SCHOOL_FLAGS) &&
                     t->b == item;
        n += flag || asked || figure || under;
    }
    return n;
}

/* A little less for parts, a little more for wholes (W2); flags turn round. */
static int64_t corrected(const struct bench_item *x, int64_t v, struct rng *r)
{
    int64_t by = rng_range(r, 1, 5);
    switch (x->class) {
    case ITEM_FLAG:
        return v == 0;
    case ITEM_PART:
        return v > by ? v - by : v;
    case ITEM_WHOLE:
    case ITEM_MONEY:
        return v + by;
    }
    UNREACHABLE();
}

static struct edit correction_of(const struct subject *s, uint32_t item, uint32_t year,
                                 struct rng *r)
{
    const struct workload *w = s->w;
    uint32_t school = (uint32_t)rng_below(r, w->shape.schools);
    const struct bench_item *x = &w->items[item];
    int32_t old = figure_at(w, school, item, year);
    int64_t v = corrected(x, old == SILENT ? 50 : old, r);
    struct edit e = {.kind = EDIT_FACT};
    e.u.fact = (struct fact){.unit = w->n_areas + school,
                             .item = item,
                             .value = {.has = true,
                                       .num = rat_int(x->class == ITEM_MONEY ? 100 * v : v),
                                       .text = STR("")},
                             .status = ROW_ACCEPTED,
                             .definition = STR(""),
                             .point = STR(""),
                             .from = {.source = STR(""), .recorded = s->as_of}};
    ASSERT(period_make(PERIOD_YEAR, FIRST_YEAR + (int32_t)year, 1, &e.u.fact.period));
    return e;
}

static struct edit correction(const struct subject *s, struct rng *r)
{
    uint32_t item = (uint32_t)rng_below(r, s->w->n_items);
    return correction_of(s, item, (uint32_t)rng_below(r, YEARS), r);
}

/* ---- the measurement ------------------------------------------------------------------------ */

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x;
    double b = *(const double *)y;
    return a < b ? -1 : a > b;
}

static enum rc singles(struct arena *a, const struct subject *s, struct live *l, uint32_t n,
                       struct rng *r, struct commit_times *out, struct err *e)
{
    double *seconds = ARENA_ARRAY(a, double, (size_t)n + 1);
    uint64_t rows = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct edit one = correction(s, r);
        struct live_changes changes;
        uint32_t readers = readers_of(s->w, one.u.fact.item);
        readers = readers < READERS_MAX ? readers : READERS_MAX;
        double begin = seconds_now();
        TRY(live_apply(l, &one, 1, &changes, e));
        seconds[i] = seconds_now() - begin;
        rows += changes.n;
        out->by_readers[readers] += seconds[i];
        out->n_by_readers[readers]++;
    }
    qsort(seconds, n, sizeof *seconds, by_size);
    out->n = n;
    if (n > 0) {
        out->median = seconds[n / 2];
        out->p90 = seconds[n - 1 - n / 10];
        out->p99 = seconds[n - 1 - n / 100];
        out->slowest = seconds[n - 1];
        out->rows = (double)rows / n;
    }
    for (uint32_t k = 0; k <= READERS_MAX; k++) {
        out->by_readers[k] /= out->n_by_readers[k] > 0 ? out->n_by_readers[k] : 1;
    }
    return RC_OK;
}

#define WARM_CELLS 250000000u /* beyond it copies of all columns do not fit beside all else */

/* A fact of every column: the figures of the subject are lent, and copied when first written, which
 * those of a book are not. */
static enum rc warm_up(struct arena *a, const struct subject *s, struct live *l, struct commits c,
                       struct rng *r, struct commit_times *out, struct err *e)
{
    const struct workload *w = s->w;
    struct live_changes changes;
    uint32_t n = 0;
    if ((uint64_t)w->shape.schools * w->n_items * YEARS > WARM_CELLS) {
        return singles(a, s, l, c.singles / 10, r, out, e);
    }
    struct edit *edits = ARENA_ARRAY(a, struct edit, (size_t)w->n_items * YEARS);
    for (uint32_t i = 0; i < w->n_items; i++) {
        for (uint32_t y = 0; y < YEARS; y++) {
            edits[n++] = correction_of(s, i, y, r);
        }
    }
    return live_apply(l, edits, n, &changes, e);
}

static enum rc one_batch(struct arena *a, const struct subject *s, struct live *l, uint32_t n,
                         struct rng *r, struct commit_times *out, struct err *e)
{
    struct edit *edits = ARENA_ARRAY(a, struct edit, (size_t)n + 1);
    struct live_changes changes;
    for (uint32_t i = 0; i < n; i++) {
        edits[i] = correction(s, r);
    }
    double begin = seconds_now();
    TRY(live_apply(l, edits, n, &changes, e));
    out->batch = seconds_now() - begin;
    out->batch_rows = changes.n;
    return RC_OK;
}

/* ---- other changes -------------------------------------------------------------------------- */

#define ATTRIBUTES 21

/* 公办 of some school turns round. */
static enum rc attributes(const struct subject *s, struct live *l, struct rng *r,
                          struct commit_times *out, struct err *e)
{
    double seconds[ATTRIBUTES];
    struct live_changes changes;
    for (uint32_t i = 0; i < ATTRIBUTES; i++) {
        uint32_t school = (uint32_t)rng_below(r, s->w->shape.schools);
        struct edit one = {.kind = EDIT_ATTR};
        one.u.attr = s->data.attrs[s->w->shape.counties + 2 * school];
        one.u.attr.value.num = rat_int(rat_is_zero(one.u.attr.value.num));
        one.u.attr.from.recorded = s->as_of;
        double begin = seconds_now();
        TRY(live_apply(l, &one, 1, &changes, e));
        seconds[i] = seconds_now() - begin;
    }
    qsort(seconds, ATTRIBUTES, sizeof *seconds, by_size);
    out->attribute = seconds[ATTRIBUTES / 2];
    return RC_OK;
}

static enum rc based_on(const struct plan *p, struct live *l, const struct dataset *d,
                        struct date as_of, struct change_cost *out, struct err *e)
{
    struct live_changes changes;
    uint64_t units = live_stats(l).units;
    double begin = seconds_now();
    TRY(live_rebase(l, p, d, as_of, &changes, e));
    *out = (struct change_cost){seconds_now() - begin, live_stats(l).units - units};
    return RC_OK;
}

static enum rc back_then(struct live *l, const struct subject *s, struct commits c,
                         struct commit_times *out, struct err *e)
{
    struct live_past *past = NULL;
    struct live *then = NULL;
    double begin = seconds_now();
    TRY(live_past_take(l, date_add_days(s->as_of, -1), UINT64_MAX, &past, e));
    double between = seconds_now();
    out->lend = between - begin;
    enum rc rc = live_past_make(past, c.threads, memory_limit(), &then, e);
    out->past = seconds_now() - between;
    if (then) {
        live_release(then);
    }
    live_past_release(past);
    return rc;
}

/* Each changed subject takes in its facts anew, which is not timed, and takes the place of the
 * workload as it was. */
static enum rc changes_measure(struct arena *a, const struct subject *s, struct live *l,
                               struct commits c, struct rng *r, struct commit_times *out,
                               struct err *e)
{
    struct subject plain;
    struct subject other;
    struct change_cost untold;
    struct date day = date_add_days(s->as_of, 1);
    TRY(attributes(s, l, r, out, e));
    TRY(back_then(l, s, c, out, e));
    TRY(based_on(s->plan, l, NULL, day, &out->day, e));
    TRY(subject_make(a, s->w, CHANGE_NONE, &plain, e));
    for (enum change k = CHANGE_MOVE; k < CHANGE__N; k++) {
        TRY(subject_make(a, s->w, k, &other, e));
        TRY(based_on(plain.plan, l, &plain.data, day, &untold, e));
        TRY(based_on(other.plan, l, &other.data, day, &out->other[k], e));
    }
    return RC_OK;
}

static enum rc measure(struct arena *a, const struct subject *s, struct live *l, struct commits c,
                       struct commit_times *out, struct err *e)
{
    struct live_changes changes;
    struct rusage use;
    struct rng r;
    rng_seed(&r, s->w->shape.seed);
    TRY(warm_up(a, s, l, c, &r, out, e));
    *out = (struct commit_times){.make = out->make};
    TRY(singles(a, s, l, c.singles, &r, out, e));
    TRY(one_batch(a, s, l, c.batch, &r, out, e));
    getrusage(RUSAGE_SELF, &use);
    out->peak_kib = use.ru_maxrss;
    double begin = seconds_now();
    TRY(live_rebase(l, s->plan, NULL, s->as_of, &changes, e));
    out->again = seconds_now() - begin;
    out->different = changes.n;
    return c.changes > 0 ? changes_measure(a, s, l, c, &r, out, e) : RC_OK;
}

enum rc commits_measure(const struct workload *w, struct commits c, struct commit_times *out,
                        struct err *e)
{
    struct arena a;
    struct subject s;
    struct live *l = NULL;
    *out = (struct commit_times){0};
    arena_init(&a, memory_limit(), "commits");
    enum rc rc = subject_make(&a, w, CHANGE_NONE, &s, e);
    if (rc == RC_OK) {
        double begin = seconds_now();
        rc = live_make_on(s.plan, &s.data, s.as_of, c.threads, memory_limit(), &l, e);
        out->make = seconds_now() - begin;
    }
    rc = rc == RC_OK ? measure(&a, &s, l, c, out, e) : rc;
    if (l) {
        live_release(l);
    }
    arena_release(&a);
    return rc;
}
