/* SPDX-License-Identifier: Apache-2.0 */
/* tizhi itself: the plan through the compiler, the facts into the columns of the engine. */
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "bench/contest.h"
#include "engine/cells.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "model/dataset.h"
#include "model/figures.h"
#include "model/verdict_row.h"

#define RUN_BYTES ((size_t)20 << 30)

struct tizhi {
    struct arena *a;
    const struct workload *w;
    const struct plan *plan;
    const struct tree *tree;
    struct dataset data;
    struct cells *cells;
    struct arena run;     /* of the last evaluation */
    struct verdicts rows; /* in it */
};

/* ---- the plan and the tree ------------------------------------------------------------------ */

static enum rc compile(struct tizhi *t, struct err *e)
{
    struct diags ds;
    struct lang l;
    struct buf b;
    diags_init(&ds, t->a, NULL);
    enum rc rc = lang_load_text(t->a, STR("bench.plan"), workload_plan(t->a, t->w), &ds, &l, e);
    if (rc == RC_OK) {
        t->plan = l.plan;
        return RC_OK;
    }
    buf_init(&b, 1 << 16);
    diags_render_text(&ds, DIAG_EN, false, &b);
    rc = err_set(e, rc, "the plan was refused: %.*s", "计划未通过：%.*s", PS(buf_view(&b)));
    buf_release(&b);
    return rc;
}

static struct str code(struct arena *a, const char *form, uint32_t n)
{
    struct buf b;
    buf_init_in(&b, a, 64);
    buf_printf(&b, "%s%07u", form, n);
    return buf_view(&b);
}

static uint32_t kind_named(const struct plan *p, struct str name)
{
    uint32_t k = 0;
    while (k < p->n_kinds && !str_eq(p->kinds[k].name, name)) {
        k++;
    }
    ASSERT(k < p->n_kinds);
    return k;
}

/* Codes sort by level and number (W3): unit ids are node numbers. */
static enum rc build_tree(struct tizhi *t, struct err *e)
{
    const struct workload *w = t->w;
    uint32_t n = w->n_areas + w->shape.schools;
    struct tree_version *v = ARENA_ARRAY(t->a, struct tree_version, n);
    uint32_t k = 0;
    uint32_t kinds[] = {kind_named(t->plan, STR("自治区")), kind_named(t->plan, STR("盟市")),
                        kind_named(t->plan, STR("旗县")), kind_named(t->plan, STR("学校"))};
    v[k++] = (struct tree_version){.code = code(t->a, "A", 0), .kind = kinds[0]};
    for (uint32_t i = 0; i < w->shape.cities; i++) {
        v[k++] = (struct tree_version){
            .code = code(t->a, "B", i), .parent = v[0].code, .kind = kinds[1]};
    }
    for (uint32_t i = 0; i < w->shape.counties; i++) {
        v[k++] = (struct tree_version){.code = code(t->a, "C", i),
                                       .parent = v[node_of_city(w->city_of[i])].code,
                                       .kind = kinds[2]};
    }
    for (uint32_t c = 0; c < w->shape.counties; c++) {
        for (uint32_t s = w->school_of[c]; s < w->school_of[c + 1]; s++) {
            v[k++] = (struct tree_version){.code = code(t->a, "D", s),
                                           .parent = v[node_of_county(w, c)].code,
                                           .kind = kinds[3]};
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        v[i].name = v[i].code;
        v[i].from = DATE_MIN;
        v[i].to = DATE_MAX;
    }
    struct tree_sink sink = {0};
    return tree_build(t->a, v, n, NULL, 0, sink, &t->tree, e);
}

/* ---- the facts ------------------------------------------------------------------------------ */

static struct attr_value attribute(uint32_t unit, uint32_t attribute, bool x)
{
    return (struct attr_value){.unit = unit,
                               .attribute = attribute,
                               .value = {.has = true, .num = rat_int(x), .text = STR("")},
                               .since = DATE_MIN,
                               .until = DATE_MAX,
                               .from = {.recorded = DATE_MIN}};
}

/* In the order of the plan: 边境, then 公办 and 乡村. */
static void put_attributes(struct tizhi *t)
{
    const struct workload *w = t->w;
    uint32_t n = 0;
    struct attr_value *v =
        ARENA_ARRAY(t->a, struct attr_value, (size_t)w->shape.counties + 2 * w->shape.schools);
    for (uint32_t i = 0; i < w->shape.counties; i++) {
        v[n++] = attribute(node_of_county(w, i), 0, county_on_border(w, i));
    }
    for (uint32_t i = 0; i < w->shape.schools; i++) {
        v[n++] = attribute(w->n_areas + i, 1, school_is_public(w, i));
        v[n++] = attribute(w->n_areas + i, 2, school_is_rural(w, i));
    }
    t->data = (struct dataset){.tree = t->tree, .attrs = v, .n_attrs = n};
}

/* One column: the only place that knows how the engine keeps figures. */
static void fill_column(struct tizhi *t, struct figures *f, uint32_t item, uint32_t year)
{
    const struct workload *w = t->w;
    struct period p;
    ASSERT(period_make(PERIOD_YEAR, FIRST_YEAR + (int32_t)year, 1, &p));
    struct figure_column *c = figures_column(f, item, p, false);
    const struct figure_slots *s = figures_slots(f, item);
    /* Money is kept in 元, by the plan; here it is counted in hundredths of 万元. */
    int64_t factor = (w->items[item].class == ITEM_MONEY ? 100 : 1) * c->den;
    ASSERT(s->n == w->shape.schools);
    for (uint32_t i = 0; i < s->n; i++) {
        int32_t x = figure_at(w, s->unit[i] - w->n_areas, item, year);
        if (x != SILENT) {
            c->x[i] = x * factor;
            figure_set(c->known, i, true);
        }
    }
}

static enum rc load(struct tizhi *t, struct err *e)
{
    struct date as_of;
    struct figures *f = ARENA_NEW(t->a, struct figures);
    ASSERT(date_make(FIRST_YEAR + YEARS, 3, 1, &as_of));
    put_attributes(t);
    TRY(figures_make(t->a, t->plan, t->tree, f, e));
    for (uint32_t y = 0; y < YEARS; y++) {
        for (uint32_t i = 0; i < t->w->n_items; i++) {
            fill_column(t, f, i, y);
        }
    }
    t->data.figures = f;
    return cells_make(t->a, t->plan, &t->data, as_of, &t->cells, e);
}

/* ---- the contest ---------------------------------------------------------------------------- */

static enum rc tizhi_open(struct arena *a, const struct workload *w, const struct setting *s,
                          void **ctx, struct err *e)
{
    (void)s;
    struct tizhi *t = ARENA_NEW(a, struct tizhi);
    t->a = a;
    t->w = w;
    arena_init(&t->run, RUN_BYTES, "evaluation");
    TRY(compile(t, e));
    TRY(build_tree(t, e));
    TRY(load(t, e));
    *ctx = t;
    return RC_OK;
}

static enum rc evaluate(struct tizhi *t, struct err *e)
{
    struct columns *k = NULL;
    struct evaluator ev;
    struct judge_query all = {NONE, NONE, 0};
    TRY(columns_make(&t->run, t->cells, &k, &ev, e));
    enum rc rc = judge_plan(&t->run, t->cells, &ev, all, &t->rows, e);
    columns_release(k);
    return rc;
}

static enum rc tizhi_run(void *ctx, double seconds[STEPS_MAX], struct err *e)
{
    struct tizhi *t = ctx;
    arena_release(&t->run);
    double begin = seconds_now();
    TRY(evaluate(t, e));
    seconds[0] = seconds_now() - begin;
    return RC_OK;
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
    uint32_t first = t->plan->n_commitments - w->n_targets;
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
