/* SPDX-License-Identifier: Apache-2.0 */
/* The light of a pending row: required against observed rate, exactly (C42). */
#include "base/arena.h"
#include "base/err.h"
#include "engine/judge_int.h"

/* The figure that the way began with. */
static bool baseline(struct judge *j, const struct commitment *k, const struct clause *c,
                     const struct occasion *o, uint32_t measure, uint32_t unit, struct moment now,
                     struct pace *out)
{
    out->read = NONE;
    if (!judge_baseline_moment(j, k, measure, o, now, &out->at)) {
        return false;
    }
    out->since = out->at.snapshot;
    if (c->baseline != NONE && j->plan->exprs[c->baseline].op == EX_NUM) {
        out->base = mval_known(j->plan->exprs[c->baseline].num);
        return true;
    }
    if (c->baseline == NONE && judge_starts_at_zero(j->plan, o->when.kind, measure)) {
        out->base = mval_known(rat_zero());
        out->since = date_add_days(date_year_start(o->when.from_year), -1);
        return true;
    }
    out->read = c->baseline != NONE ? c->baseline : measure;
    return j->ev->measure(j->ev->ctx, j->arena, out->read, unit, out->at, &out->base) == RC_OK &&
           out->base.kind == MV_NUMBER && mval_is_known(out->base);
}

/* Which figure is to be reached, and from below (1) or above (-1). */
static bool direction(const struct clause *c, const struct outcome *x, struct rat *target,
                      int *sign)
{
    bool above = rat_cmp(x->measure.lo, x->threshold) > 0;
    *target = x->threshold;
    *sign = c->cmp == CMP_LE || c->cmp == CMP_LT || above ? -1 : 1;
    switch (c->cmp) {
    case CMP_GE:
    case CMP_REACH:
    case CMP_BARE:
    case CMP_GT:
        *sign = 1;
        return true;
    case CMP_LE:
    case CMP_LT:
    case CMP_EQ:
        return true;
    case CMP_ABOUT:
    case CMP_BETWEEN:
        *target = above ? x->threshold2 : x->threshold; /* the nearer end */
        return true;
    case CMP_NONE:
    case CMP_NE:
    case CMP_RISES:
    case CMP_FALLS:
    case CMP_NEVER_FALLS:
    case CMP_NEVER_RISES:
        break;
    }
    return false;
}

/* Both ways, signed towards what is asked. false: grey. */
static bool pace_of(struct judge *j, const struct commitment *k, const struct clause *c,
                    const struct occasion *o, uint32_t measure, uint32_t unit,
                    const struct outcome *x, struct pace *out)
{
    struct arena *a = j->arena;
    struct rat target = rat_zero();
    int sign = 1;
    if (x->measure.kind != MV_NUMBER || !mval_is_known(x->measure) || !x->has_threshold ||
        rat_is_inf(x->measure.lo) || !direction(c, x, &target, &sign) || date_is_sentinel(o->due) ||
        (x->measure.flags & MF_ROOT) != 0 || !baseline(j, k, c, o, measure, unit, x->at, out)) {
        return false;
    }
    out->left = o->due.days - j->as_of.days;
    out->gone = j->as_of.days - out->since.days;
    out->to_go = rat_sub(a, target, x->measure.lo);
    out->done = rat_sub(a, x->measure.lo, out->base.lo);
    if (sign < 0) {
        out->to_go = rat_neg(a, out->to_go);
        out->done = rat_neg(a, out->done);
    }
    return out->gone > 0;
}

enum light judge_light(struct judge *j, const struct commitment *k, const struct clause *c,
                       const struct occasion *o, uint32_t measure, uint32_t unit,
                       const struct outcome *x)
{
    struct arena *a = j->arena;
    struct pace p;
    if (x->holds == T_YES || x->kept) {
        return LIGHT_GREEN; /* already satisfied */
    }
    if (!pace_of(j, k, c, o, measure, unit, x, &p)) {
        return LIGHT_GREY;
    }
    if (p.left <= 0) {
        return LIGHT_RED; /* the last day, and not there */
    }
    /* observed = done / gone, required = to_go / left: cross-multiplied. */
    struct rat observed = rat_mul(a, p.done, rat_int(p.left));
    struct rat required = rat_mul(a, p.to_go, rat_int(p.gone));
    if (rat_cmp(observed, required) >= 0) {
        return LIGHT_GREEN;
    }
    return rat_cmp(rat_mul(a, observed, rat_int(2)), required) >= 0 ? LIGHT_AMBER : LIGHT_RED;
}

/* ---- asked afterwards ----------------------------------------------------------------------- */

struct pacer {
    struct judge j; /* kept, so that lists of units are made once */
    struct verdicts none;
    struct row_index seen;
    const struct verdict *v; /* at work */
    struct pace *out;
    bool found;
};

/* The block of the row says by which measure and until when. */
static enum rc look_at(struct judge *j, const struct block *b)
{
    struct pacer *p = j->each_ctx;
    const struct verdict *v = p->v;
    if (b->c == v->clause && b->o.year == v->year && str_eq(b->o.part, v->part)) {
        const struct outcome x = {.measure = v->measure,
                                  .has_threshold = v->has_threshold,
                                  .threshold = v->threshold,
                                  .threshold2 = v->threshold2,
                                  .at = *v->at};
        p->found = pace_of(j, b->k, b->c, &b->o, b->measure, v->unit, &x, p->out);
    }
    return RC_OK;
}

struct pacer *judge_pacer(struct arena *a, struct cells *c, const struct evaluator *ev)
{
    struct pacer *p = ARENA_NEW(a, struct pacer);
    p->j = judge_new(a, c, ev, (struct judge_query){NONE, NONE, 0}, &p->none, &p->seen);
    p->j.quiet = true;
    p->j.each = look_at;
    p->j.each_ctx = p;
    return p;
}

enum rc judge_pace(struct pacer *p, const struct verdict *v, struct pace *out, bool *there)
{
    p->v = v;
    p->out = out;
    p->found = false;
    *there = false;
    if (v->state != ST_PENDING || v->clause == NULL || v->at == NULL || v->for_all) {
        return RC_OK;
    }
    TRY(judge_commitment(&p->j, v->commitment));
    *there = p->found && out->left > 0 && rat_sign(out->to_go) > 0;
    return RC_OK;
}
