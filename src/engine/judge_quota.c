/* SPDX-License-Identifier: Apache-2.0 */
/* Caps (C33): used / base against a share, or used against a number. */
#include "base/arena.h"
#include "engine/judge_int.h"

static enum rc measured(struct judge *j, uint32_t e, uint32_t unit, struct moment m,
                        struct mval *out)
{
    return j->ev->measure(j->ev->ctx, j->arena, e, unit, m, out);
}

/* Titles granted before the day do not count (存量不计). */
static struct mval less_existing(struct judge *j, const struct commitment *k, uint32_t used_expr,
                                 uint32_t unit, struct moment m, struct mval used)
{
    struct mval old;
    if (!k->exempt) {
        return used;
    }
    m.snapshot = date_add_days(k->exempt_before, -1);
    if (measured(j, used_expr, unit, m, &old) != RC_OK || old.kind != MV_NUMBER) {
        return used;
    }
    struct mval v = mval_sub(j->arena, used, old);
    v.lo = rat_max(v.lo, rat_zero());
    v.hi = rat_max(v.hi, v.lo);
    v.reported = used.reported;
    v.expected = used.expected;
    return v;
}

static enum rc cap_at(struct judge *j, const struct commitment *k, uint32_t unit, struct moment m,
                      struct verdict *v)
{
    const struct expr *x = &j->plan->exprs[k->measure];
    bool ratio = x->op == EX_DIV;
    struct mval used = mval_none();
    struct mval base = mval_known(rat_one());
    struct mval cap = mval_none();
    enum rc rc = measured(j, ratio ? x->a : k->measure, unit, m, &used);
    rc = rc == RC_OK && ratio ? measured(j, x->b, unit, m, &base) : rc;
    rc = rc == RC_OK ? measured(j, k->cap, unit, m, &cap) : rc;
    if (rc != RC_OK) {
        return rc;
    }
    uint32_t reported = used.reported + (ratio ? base.reported : 0);
    uint32_t expected = used.expected + (ratio ? base.expected : 0);
    used = less_existing(j, k, ratio ? x->a : k->measure, unit, m, used);
    struct mval limit = mval_mul(j->arena, base, cap);
    enum truth ok = mval_cmp(j->arena, MVAL_LE, used, limit).truth; /* exactly (C33) */
    if (mval_is_known(used) && rat_is_zero(used.lo)) {
        ok = T_YES; /* zero used is met */
    }
    v->measure = ratio ? mval_div(j->arena, used, base) : used;
    v->measure.reported = reported;
    v->measure.expected = expected;
    v->flags |= judge_flags(v->measure.flags) | (ok == T_NO ? VF_BREACH : 0);
    v->state = judge_state(ok, T_YES, true);
    v->has_threshold = mval_is_known(cap);
    v->threshold = v->has_threshold ? cap.lo : rat_zero();
    v->cmp = CMP_LE;
    v->has_cap = mval_is_known(used) && mval_is_known(limit);
    if (v->has_cap) {
        v->used = used.lo;
        v->base = base.lo;
        v->cap = rat_floor(j->arena, limit.lo);
        v->remaining = rat_sub(j->arena, v->cap, used.lo);
    }
    return RC_OK;
}

static enum rc cap_year(struct judge *j, uint32_t commitment, int32_t year)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    struct moment m;
    const struct time_point *point = k->has_point ? &k->point : NULL;
    if (!moment_of_year(j->plan, k->measure, point, year, j->as_of, &m)) {
        return RC_OK;
    }
    bool after = date_cmp(j->as_of, date_year_end(year)) > 0;
    m.snapshot = after ? m.snapshot : date_earlier(m.snapshot, j->as_of);
    struct unit_ids units = judge_units(j, k->scopes, k->n_scopes, commitment, m.snapshot, year);
    struct unit_rows rows = {0};
    struct verdict model = judge_blank(j, commitment, year);
    model.due = date_year_end(year);
    model.snapshot = m.snapshot;
    model.clause = &k->targets[0];
    model.flags = k->modality == MOD_MUST ? 0 : VF_STRIVE;
    bool begun = year <= date_year(j->as_of);
    for (uint32_t i = 0; i < units.list.n; i++) {
        struct verdict v = model;
        v.unit = units.list.items[i];
        enum rc rc = cap_at(j, k, v.unit, m, &v);
        if (rc != RC_OK) {
            return rc;
        }
        /* A cap is not to be exceeded at any time: a breach shows at once, keeping it at the end.
         */
        if (!after && v.state != ST_MISSED && v.state != ST_NA) {
            v.state = ST_PENDING;
            v.light = v.has_cap && begun ? LIGHT_GREEN : LIGHT_GREY;
        }
        judge_push(j, v);
        enum truth holds = v.state == ST_MISSED ? T_NO : v.state == ST_MET ? T_YES : T_UNKNOWN;
        vec_push(j->arena, &rows.list,
                 (struct unit_row){v.unit, T_YES, v.state == ST_NA ? T_NA : holds, v.state, v.light,
                                   v.flags, v.measure.reported, v.measure.expected});
    }
    if (!judge_only_root(k->scopes, k->n_scopes)) {
        judge_above(j, &units, &rows, m.snapshot, &model, after, false, rat_zero());
    }
    return RC_OK;
}

enum rc judge_quota(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    if (k->measure == NONE || k->cap == NONE) {
        return RC_OK;
    }
    for (int32_t y = k->when.from_year; y <= k->when.to_year; y++) {
        enum rc rc = cap_year(j, commitment, y);
        if (rc != RC_OK) {
            return rc;
        }
    }
    return RC_OK;
}
