/* SPDX-License-Identifier: Apache-2.0 */
/* The light of a pending row: required against observed rate, exactly (C42). */
#include "engine/judge_int.h"

static bool baseline(struct judge *j, const struct commitment *k, const struct clause *c,
                     const struct occasion *o, uint32_t measure, uint32_t unit, struct moment now,
                     struct rat *value, struct date *day)
{
    struct moment m;
    struct mval v;
    if (!judge_baseline_moment(j, k, measure, o, now, &m)) {
        return false;
    }
    *day = m.snapshot;
    if (c->baseline != NONE && j->plan->exprs[c->baseline].op == EX_NUM) {
        *value = j->plan->exprs[c->baseline].num;
        return true;
    }
    if (c->baseline == NONE && judge_starts_at_zero(j->plan, o->when.kind, measure)) {
        *value = rat_zero();
        *day = date_add_days(date_year_start(o->when.from_year), -1);
        return true;
    }
    uint32_t e = c->baseline != NONE ? c->baseline : measure;
    if (j->ev->measure(j->ev->ctx, j->arena, e, unit, m, &v) != RC_OK || v.kind != MV_NUMBER ||
        !mval_is_known(v)) {
        return false;
    }
    *value = v.lo;
    return true;
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

enum light judge_light(struct judge *j, const struct commitment *k, const struct clause *c,
                       const struct occasion *o, uint32_t measure, uint32_t unit,
                       const struct outcome *x)
{
    struct arena *a = j->arena;
    struct rat base = rat_zero();
    struct date since;
    int sign = 1;
    if (x->holds == T_YES || x->kept) {
        return LIGHT_GREEN; /* already satisfied */
    }
    struct rat target = rat_zero();
    if (x->measure.kind != MV_NUMBER || !mval_is_known(x->measure) || !x->has_threshold ||
        rat_is_inf(x->measure.lo) || !direction(c, x, &target, &sign) || date_is_sentinel(o->due) ||
        (x->measure.flags & MF_ROOT) != 0 ||
        !baseline(j, k, c, o, measure, unit, x->at, &base, &since)) {
        return LIGHT_GREY;
    }
    int32_t left = o->due.days - j->as_of.days;
    int32_t gone = j->as_of.days - since.days;
    if (gone <= 0) {
        return LIGHT_GREY;
    }
    if (left <= 0) {
        return LIGHT_RED; /* the last day, and not there */
    }
    struct rat to_go = rat_sub(a, target, x->measure.lo);
    struct rat done = rat_sub(a, x->measure.lo, base);
    if (sign < 0) {
        to_go = rat_neg(a, to_go);
        done = rat_neg(a, done);
    }
    /* observed = done / gone, required = to_go / left: cross-multiplied. */
    struct rat observed = rat_mul(a, done, rat_int(left));
    struct rat required = rat_mul(a, to_go, rat_int(gone));
    if (rat_cmp(observed, required) >= 0) {
        return LIGHT_GREEN;
    }
    return rat_cmp(rat_mul(a, observed, rat_int(2)), required) >= 0 ? LIGHT_AMBER : LIGHT_RED;
}
