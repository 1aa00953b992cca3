/* SPDX-License-Identifier: Apache-2.0 */
/* Comparators on intervals (C12, C13, C19, C20, C34). */
#include "base/arena.h"
#include "engine/judge_int.h"

static bool value_at(struct judge *j, uint32_t e, uint32_t unit, struct moment m, struct mval *out)
{
    *out = mval_none();
    if (e == NONE) {
        return true;
    }
    const struct expr *x = &j->plan->exprs[e];
    if (x->op == EX_NUM) {
        *out = mval_known(x->num);
        return true;
    }
    return j->ev->measure(j->ev->ctx, j->arena, e, unit, m, out) == RC_OK;
}

static struct mval scaled(struct judge *j, struct mval v, struct rat t, int sign)
{
    struct rat f = sign > 0 ? rat_add(j->arena, rat_one(), t) : rat_sub(j->arena, rat_one(), t);
    return mval_mul(j->arena, v, mval_known(f));
}

/* Certainly below or above the range: noted beside the state. */
static uint32_t outside(struct judge *j, struct mval x, struct mval lo, struct mval hi)
{
    uint32_t flags = 0;
    flags |= mval_cmp(j->arena, MVAL_LT, x, lo).truth == T_YES ? VF_UNDER : 0;
    flags |= mval_cmp(j->arena, MVAL_GT, x, hi).truth == T_YES ? VF_OVER : 0;
    return flags;
}

static enum truth about(struct judge *j, const struct clause *c, struct mval x, struct mval v,
                        uint32_t *flags)
{
    struct mval lo = scaled(j, v, c->tolerance, -1);
    struct mval hi = scaled(j, v, c->tolerance, 1);
    *flags |= outside(j, x, lo, hi);
    /* More than asked is met and flagged, unless declared two-sided (C12). */
    return c->two_sided ? mval_between(j->arena, x, lo, hi).truth
                        : mval_cmp(j->arena, MVAL_GE, x, lo).truth;
}

static enum truth plain(struct judge *j, const struct clause *c, struct mval x, struct mval v,
                        struct mval v2, uint32_t *flags)
{
    static const enum mval_cmp ops[] = {
        [CMP_GE] = MVAL_GE, [CMP_REACH] = MVAL_GE, [CMP_BARE] = MVAL_GE, [CMP_LE] = MVAL_LE,
        [CMP_GT] = MVAL_GT, [CMP_LT] = MVAL_LT,    [CMP_EQ] = MVAL_EQ,   [CMP_NE] = MVAL_NE,
    };
    if (c->cmp == CMP_ABOUT) {
        return about(j, c, x, v, flags);
    }
    if (c->cmp == CMP_BETWEEN) {
        struct rat t = c->about ? c->tolerance : rat_zero();
        struct mval lo = scaled(j, v, t, -1);
        struct mval hi = scaled(j, v2, t, 1);
        *flags |= outside(j, x, lo, hi);
        return mval_between(j->arena, x, lo, hi).truth;
    }
    if (c->cmp == CMP_BARE && mval_cmp(j->arena, MVAL_GT, x, v).truth == T_YES) {
        *flags |= VF_OVER; /* more than asked is met (C34) */
    }
    if (c->nearly) {
        v = scaled(j, v, c->tolerance, -1); /* 基本 (C12) */
    }
    return mval_cmp(j->arena, ops[c->cmp], x, v).truth;
}

bool judge_compare(struct judge *j, const struct clause *c, const struct rung *r, uint32_t unit,
                   struct moment m, struct outcome *out)
{
    if (c->cmp == CMP_NONE) {
        out->holds = out->measure.kind == MV_BOOL ? out->measure.truth : T_NA;
        return true;
    }
    if (c->cmp >= CMP_RISES) {
        return judge_trend(j, c, r, unit, m, out);
    }
    struct mval v;
    struct mval v2;
    if (!value_at(j, r->value, unit, m, &v) || !value_at(j, r->value2, unit, m, &v2)) {
        return false;
    }
    out->holds = mval_is_none(out->measure) || mval_is_none(v)
                     ? T_NA
                     : plain(j, c, out->measure, v, v2, &out->flags);
    out->flags |= judge_marks(v.flags | v2.flags);
    out->has_threshold = mval_is_known(v);
    out->threshold = out->has_threshold ? v.lo : rat_zero();
    out->threshold2 = mval_is_known(v2) ? v2.lo : rat_zero();
    if (c->cmp == CMP_BETWEEN && c->about && out->has_threshold) {
        out->threshold = scaled(j, v, c->tolerance, -1).lo;
        out->threshold2 = scaled(j, v2, c->tolerance, 1).lo;
    } else if ((c->cmp == CMP_ABOUT || c->nearly) && out->has_threshold) {
        out->threshold2 = scaled(j, v, c->tolerance, 1).lo;
        out->threshold = scaled(j, v, c->tolerance, -1).lo;
    }
    return true;
}

bool judge_definition_changed(struct mval x, struct mval y)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < x.n_basis; i++) {
        while (k < y.n_basis && y.basis[k].item < x.basis[i].item) {
            k++;
        }
        if (k < y.n_basis && y.basis[k].item == x.basis[i].item &&
            y.basis[k].hash != x.basis[i].hash) {
            return true;
        }
    }
    return false;
}

/* At its natural bound a share cannot rise or fall any more (C20): is it there? */
static enum truth at_bound(const struct clause *c, struct dim dim, struct mval x)
{
    bool share = c->cmp == CMP_RISES && dim_is_none(dim);
    struct rat bound = share ? rat_one() : rat_zero();
    if (!share && c->cmp != CMP_FALLS) {
        return T_NO;
    }
    bool within = rat_cmp(x.lo, bound) <= 0 && rat_cmp(bound, x.hi) <= 0;
    return !within ? T_NO : mval_is_known(x) ? T_YES : T_UNKNOWN;
}

bool judge_trend(struct judge *j, const struct clause *c, const struct rung *r, uint32_t unit,
                 struct moment m, struct outcome *out)
{
    struct mval before;
    struct mval step;
    struct arena *a = j->arena;
    if (j->ev->measure(j->ev->ctx, a, c->previous, unit, m, &before) != RC_OK ||
        !value_at(j, r ? r->value : NONE, unit, m, &step)) {
        return false;
    }
    struct mval x = out->measure;
    out->measure.reported += before.reported;
    out->measure.expected += before.expected;
    out->measure.flags |= before.flags;
    out->has_threshold = mval_is_known(before);
    out->threshold = out->has_threshold ? before.lo : rat_zero();
    if (mval_is_none(x) || mval_is_none(before)) {
        out->holds = T_NA;
        return true;
    }
    if (judge_definition_changed(x, before)) {
        out->holds = T_UNKNOWN;
        out->flags |= VF_DEFINITION_CHANGED;
        return true;
    }
    bool up = c->cmp == CMP_RISES || c->cmp == CMP_NEVER_FALLS;
    bool strict = c->cmp == CMP_RISES || c->cmp == CMP_FALLS;
    if (step.kind == MV_NUMBER) {
        struct mval gain = up ? mval_sub(a, x, before) : mval_sub(a, before, x);
        out->holds = mval_cmp(a, MVAL_GE, gain, step).truth;
    } else if (strict) {
        out->holds = mval_cmp(a, up ? MVAL_GT : MVAL_LT, x, before).truth;
    } else {
        out->holds = mval_cmp(a, up ? MVAL_GE : MVAL_LE, x, before).truth;
    }
    if (strict) {
        out->holds = truth_or(out->holds, at_bound(c, j->plan->exprs[c->previous].dim, x));
    }
    return true;
}
