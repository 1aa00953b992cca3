/* SPDX-License-Identifier: Apache-2.0 */
/* tizhi itself. */
#include "base/arena.h"
#include "base/assert.h"
#include "bench/contest.h"
#include "bench/subject.h"
#include "engine/cells.h"
#include "engine/judge.h"
#include "model/verdict_row.h"

struct tizhi {
    const struct workload *w;
    struct subject subject;
    uint32_t threads;
    struct cells *cells;
    struct arena run;     /* of the last evaluation */
    struct verdicts rows; /* in it */
};

/* ---- the contest ---------------------------------------------------------------------------- */

static enum rc tizhi_open(struct arena *a, const struct workload *w, const struct setting *setting,
                          void **ctx, struct err *e)
{
    struct tizhi *t = ARENA_NEW(a, struct tizhi);
    struct subject *s = &t->subject;
    t->w = w;
    t->threads = setting->threads;
    arena_init(&t->run, memory_limit(), "evaluation");
    TRY(subject_make(a, w, CHANGE_NONE, s, e));
    *ctx = t;
    return cells_make(a, s->plan, &s->data, s->as_of, &t->cells, e);
}

struct evaluation {
    struct tizhi *t;
    enum rc rc;
    struct err *e;
};

static void evaluate(void *ctx)
{
    struct evaluation *v = ctx;
    struct tizhi *t = v->t;
    struct judge_query all = {NONE, NONE, 0};
    v->rc = judge_plan_on(&t->run, t->cells, t->threads, all, &t->rows, v->e);
}

static enum rc tizhi_run(void *ctx, double seconds[STEPS_MAX], struct err *e)
{
    struct tizhi *t = ctx;
    arena_release(&t->run);
    double begin = seconds_now();
    struct evaluation v = {.t = t, .e = e};
    enum rc rc = arena_run(&t->run, evaluate, &v);
    seconds[0] = seconds_now() - begin;
    if (rc != RC_OK) {
        return err_set(e, rc, "an evaluation needs more memory", "一次判定所需内存超出上限");
    }
    return v.rc;
}

static struct answer answer_from(const struct verdict *v)
{
    struct answer x = {.state = (int32_t)v->state + 1, .lo_d = -1, .hi_d = -1};
    if (v->measure.kind != MV_NONE && v->state != ST_NA) {
        ASSERT(!v->measure.lo.big && !v->measure.hi.big);
        x.lo_n = (int64_t)v->measure.lo.n;
        x.lo_d = (int64_t)v->measure.lo.d;
        x.hi_n = (int64_t)v->measure.hi.n;
        x.hi_d = (int64_t)v->measure.hi.d;
    }
    return x;
}

/* Money counts in 元 here and in hundredths of 万元 elsewhere. */
static void in_hundredths(struct answer *x)
{
    x->lo_d = x->lo_d > 0 ? x->lo_d * 100 : x->lo_d;
    x->hi_d = x->hi_d > 0 ? x->hi_d * 100 : x->hi_d;
}

static enum rc tizhi_answers(void *ctx, struct answers *out, struct err *e)
{
    struct tizhi *t = ctx;
    const struct workload *w = t->w;
    /* Checks come first in the plan; a target is the one that its id names. */
    uint32_t first = t->subject.plan->n_commitments - w->n_targets;
    for (uint32_t i = 0; i < t->rows.rows.n; i++) {
        struct verdict row = verdicts_at(&t->rows, i);
        const struct verdict *v = &row;
        uint32_t year = (uint32_t)(v->year - FIRST_YEAR);
        if (v->commitment < first) {
            continue;
        }
        uint32_t target = v->commitment - first;
        struct answer *x = v->unit < w->n_areas
                               ? answer_of_area(w, out, target, year, v->unit)
                               : answer_of_school(w, out, target, year, v->unit - w->n_areas);
        if (x->state != 0) {
            return err_set(e, RC_CONFLICT, "two rows for one key", "同一键有两行");
        }
        *x = answer_from(v);
        if (w->items[w->targets[target].a].class == ITEM_MONEY && !v->for_all) {
            in_hundredths(x);
        }
    }
    return RC_OK;
}

static const char *tizhi_version(void *ctx)
{
    (void)ctx;
    return TIZHI_VERSION;
}

static void tizhi_close(void *ctx)
{
    struct tizhi *t = ctx;
    arena_release(&t->run);
}

const struct contestant contestant_tizhi = {"tizhi",       tizhi_open,    tizhi_run,
                                            tizhi_answers, tizhi_version, tizhi_close};
