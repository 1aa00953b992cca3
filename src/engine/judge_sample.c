/* SPDX-License-Identifier: Apache-2.0 */
/* Samples: the draw, and whether what is asked has been done with each that was drawn. */
#include "base/arena.h"
#include "base/err.h"
#include "engine/draw.h"
#include "engine/judge_int.h"
#include "engine/ref.h"

/* What is found at those who were drawn. */
struct checked {
    uint32_t yes, unknown, n;
    uint32_t reported, expected, flags;
    VEC(uint32_t) counter, undecided;
};

static void push_once(struct judge *j, uint32_t unit, bool counter, struct checked *x)
{
    uint32_t n = counter ? x->counter.n : x->undecided.n;
    const uint32_t *list = counter ? x->counter.items : x->undecided.items;
    for (uint32_t i = 0; i < n; i++) {
        if (list[i] == unit) {
            return;
        }
    }
    if (counter) {
        vec_push(j->arena, &x->counter, unit);
    } else {
        vec_push(j->arena, &x->undecided, unit);
    }
}

/* The version of a drawn row that counts now; NONE: it was withdrawn since. */
static uint32_t row_now(struct judge *j, const struct element *e)
{
    const struct reg_row *then = &cells_dataset(j->cells)->rows[e->row];
    const struct row_span *spans = NULL;
    uint32_t n = cells_spans(j->arena, j->cells, then->reg, e->unit, DATE_MIN, j->as_of, &spans);
    for (uint32_t i = 0; i < n; i++) {
        const struct reg_row *x = &cells_dataset(j->cells)->rows[spans[i].row];
        if (then->id.n == 0 ? spans[i].row == e->row : str_eq(x->id, then->id)) {
            return spans[i].row;
        }
    }
    return NONE;
}

static void gone(struct judge *j, uint32_t commitment, const struct element *e, int32_t year)
{
    judge_finding(j, (struct finding){.kind = FINDING_UNIT_GONE,
                                      .commitment = commitment,
                                      .unit = e->unit,
                                      .item = NONE,
                                      .year = year,
                                      .text = e->id});
}

static enum rc check_one(struct judge *j, uint32_t commitment, const struct element *e,
                         struct moment m, struct checked *out)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    const struct tree_snap *t = NULL;
    struct mval v = mval_truth(T_YES);
    uint32_t row = e->row == NONE ? NONE : row_now(j, e);
    if (cells_tree(j->cells, m.snapshot, &t) != RC_OK) {
        return RC_LIMIT;
    }
    if (t->index_of[e->unit] == TREE_NONE || (e->row != NONE && row == NONE)) {
        gone(j, commitment, e, m.year); /* leaves the base (C39) */
        return RC_OK;
    }
    enum rc rc = k->satisfying == NONE ? RC_OK
                 : row == NONE
                     ? j->ev->measure(j->ev->ctx, j->arena, k->satisfying, e->unit, m, &v)
                     : j->ev->measure_row(j->ev->ctx, j->arena, k->satisfying, row, m, &v);
    if (rc != RC_OK || v.truth == T_NA) {
        return rc;
    }
    out->n++;
    out->yes += v.truth == T_YES;
    out->unknown += v.truth == T_UNKNOWN;
    out->reported += v.reported;
    out->expected += v.expected;
    out->flags |= judge_flags(v.flags);
    if (v.truth != T_YES) {
        push_once(j, e->unit, v.truth == T_NO, out);
    }
    return RC_OK;
}

static struct mval share_done(const struct checked *x)
{
    struct mval v = mval_none();
    if (x->n > 0) {
        uint32_t decided = x->n - x->unknown;
        v = mval_range(rat_frac(x->yes, x->n), rat_frac(x->yes + x->unknown, x->n));
        v.has_value = decided > 0;
        v.value = decided > 0 ? rat_frac(x->yes, decided) : rat_zero();
    }
    v.reported = x->reported;
    v.expected = x->expected;
    return v;
}

static enum truth all_done(const struct checked *x)
{
    return x->n == 0                    ? T_NA
           : x->yes + x->unknown < x->n ? T_NO
           : x->unknown > 0             ? T_UNKNOWN
                                        : T_YES;
}

static const struct sample *published(struct judge *j, const struct drawn *d, uint32_t population)
{
    struct sample *s = ARENA_NEW(j->arena, struct sample);
    struct str *ids = ARENA_ARRAY(j->arena, struct str, (size_t)d->n + 1);
    for (uint32_t i = 0; i < d->n; i++) {
        ids[i] = d->items[i].id;
    }
    *s = (struct sample){ids, d->n, population, d->strata, d->n_strata};
    return s;
}

static void left_out(struct judge *j, uint32_t commitment, const struct population_list *who,
                     int32_t year)
{
    for (uint32_t i = 0; i < who->n_left_out; i++) {
        judge_finding(j, (struct finding){.kind = FINDING_SAMPLE_LEFT_OUT,
                                          .commitment = commitment,
                                          .unit = who->left_out[i],
                                          .item = NONE,
                                          .year = year,
                                          .text = j->plan->commitments[commitment].name});
    }
}

/* The world as it was known on the day of the draw. */
struct then {
    struct cells *cells;
    struct evaluator ev;
    struct date day;
};

static enum rc at_unit(struct judge *j, uint32_t commitment, const struct then *w, uint32_t unit,
                       struct moment m, struct verdict *v, struct checked *x)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    struct population_list who;
    struct drawn d;
    enum rc rc = draw_population(j->arena, w->cells, &w->ev, k, unit, w->day, &who);
    rc = rc == RC_OK ? draw(j->arena, &who, k->fraction, k->seed, &d) : rc;
    if (rc != RC_OK) {
        return rc;
    }
    left_out(j, commitment, &who, v->year);
    for (uint32_t i = 0; rc == RC_OK && i < d.n; i++) {
        rc = check_one(j, commitment, &d.items[i], m, x);
    }
    v->sample = published(j, &d, who.n);
    return rc;
}

/* Before the draw nobody knows who it will be: pending (C01). */
static enum rc draw_of_unit(struct judge *j, const struct block *b, uint32_t i, struct found *out)
{
    const struct then *w = b->then;
    struct checked x = {0};
    struct verdict v = b->model;
    bool drawn = date_cmp(j->as_of, w->day) >= 0;
    v.unit = b->units.list.items[i];
    v.for_all = true;
    out->applies = T_YES;
    out->holds = T_UNKNOWN;
    if (drawn) {
        enum rc rc = at_unit(j, b->commitment, w, v.unit, b->m, &v, &x);
        if (rc != RC_OK) {
            return rc;
        }
        out->holds = all_done(&x);
    }
    v.measure = share_done(&x);
    v.flags |= x.flags;
    v.state = judge_state(out->holds, T_YES, b->o.after);
    if (v.state == ST_PENDING && out->holds == T_YES && b->o.when.kind != WHEN_AT) {
        v.state = ST_MET;
        v.flags |= VF_EARLY | VF_REVOCABLE;
    }
    v.light = v.state == ST_PENDING ? LIGHT_GREY : LIGHT_NONE;
    v.counter = x.counter.items;
    v.n_counter = x.counter.n;
    v.undecided = x.undecided.items;
    v.n_undecided = x.undecided.n;
    vec_push(j->arena, &out->rows, v);
    return RC_OK;
}

enum rc judge_sample(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    struct block b = {.commitment = commitment,
                      .k = k,
                      .o = {.year = k->when.to_year, .when = k->when},
                      .measure = k->satisfying,
                      .tolerance = rat_zero(),
                      .unit = draw_of_unit};
    if (!judge_due(j, k, &b.o)) {
        return RC_OK;
    }
    struct then w = {.day = date_cmp(k->draw, DATE_MIN) == 0 ? b.o.due : k->draw};
    const struct dataset *data = cells_dataset(j->cells);
    enum rc rc = cells_make(j->arena, j->plan, data, w.day, &w.cells, j->e);
    rc = rc == RC_OK ? ref_make(j->arena, w.cells, &w.ev, j->e) : rc;
    b.then = &w;
    b.day = date_earlier(b.o.due, j->as_of);
    b.units = judge_units(j, k->scopes, k->n_scopes, commitment, b.day, b.o.year);
    b.model = judge_blank(j, commitment, b.o.year);
    b.model.due = b.o.due;
    b.model.snapshot = b.day;
    b.model.flags = k->modality == MOD_MUST ? 0 : VF_STRIVE;
    b.above = !judge_only_root(k->scopes, k->n_scopes);
    if (rc == RC_OK && b.units.list.n > 0 &&
        !moment_of_year(j->plan, k->satisfying, NULL, b.o.year, j->as_of, &b.m)) {
        return RC_LIMIT;
    }
    rc = rc == RC_OK ? j->each(j, &b) : rc;
    if (rc == RC_NO_SUPPORT) {
        return err_set(j->e, rc, "the installed libcrypto has no SM3, which draws samples",
                       "所装 libcrypto 不支持 SM3，无法抽取样本");
    }
    return rc;
}
