/* SPDX-License-Identifier: Apache-2.0 */
/* Caps (C33): used / base against a share, or used against a number. */
#include "base/arena.h"
#include "engine/judge_int.h"

static enum rc measured(struct judge *j, uint32_t e, uint32_t unit, struct moment m,
                        struct mval *out)
{
    return j->ev->measure(j->ev->ctx, j->arena, e, unit, m, out);
}

/* Whole units that the cap leaves room for. */
static struct rat whole_cap(struct judge *j, struct rat limit, bool strict)
{
    struct rat n = rat_floor(j->arena, limit);
    return strict && rat_eq(n, limit) ? rat_sub(j->arena, n, rat_one()) : n;
}

static enum rc cap_at(struct judge *j, const struct commitment *k, const struct rung *r,
                      struct moment m, struct verdict *v, enum truth *ok)
{
    uint32_t unit = v->unit;
    bool ratio = k->per != NONE;
    bool strict = v->cmp == CMP_LT;
    struct mval used = mval_none();
    struct mval base = mval_known(rat_one());
    struct mval cap = mval_none();
    enum rc rc = measured(j, k->measure, unit, m, &v->measure);
    struct moment counted = m;
    counted.granted = k->exempt ? k->exempt_before : DATE_MIN; /* 存量不计 */
    rc = rc == RC_OK ? measured(j, k->used, unit, counted, &used) : rc;
    rc = rc == RC_OK && ratio ? measured(j, k->per, unit, m, &base) : rc;
    rc = rc == RC_OK ? measured(j, r->value, unit, m, &cap) : rc;
    if (rc != RC_OK) {
        return rc;
    }
    if (k->exempt) {
        struct mval all = v->measure;
        v->measure = ratio ? mval_div(j->arena, used, base) : used;
        v->measure.reported = all.reported;
        v->measure.expected = all.expected;
    }
    /* Exactly (C33); zero used is met, also of nothing. */
    *ok = mval_cmp(j->arena, strict ? MVAL_LT : MVAL_LE, v->measure, cap).truth;
    if (used.kind == MV_NUMBER && rat_is_zero(used.lo)) {
        *ok = mval_is_known(used) ? T_YES : *ok == T_NO ? T_UNKNOWN : *ok;
    }
    v->flags |= judge_flags(v->measure.flags);
    v->has_threshold = mval_is_known(cap);
    v->threshold = v->has_threshold ? cap.lo : rat_zero();
    struct mval limit = mval_mul(j->arena, base, cap);
    v->has_cap = mval_is_known(used) && mval_is_known(limit);
    if (v->has_cap) {
        v->used = used.lo;
        v->base = base.lo;
        v->cap = whole_cap(j, limit.lo, strict);
        v->remaining = rat_sub(j->arena, v->cap, used.lo);
    }
    return RC_OK;
}

/* A cap is not to be exceeded at any time: a breach shows at once, keeping it at the end. */
static void not_yet(struct verdict *v, bool begun)
{
    if (v->state != ST_MISSED && v->state != ST_NA) {
        v->state = ST_PENDING;
        v->light = v->has_cap && begun ? LIGHT_GREEN : LIGHT_GREY;
    }
}

static enum rc cap_of_unit(struct judge *j, const struct block *b, uint32_t i, struct found *out)
{
    struct verdict v = b->model;
    v.unit = b->units.list.items[i];
    enum truth applied = judge_applies(j, b->c, v.unit, b->m, &v.flags);
    applied = judge_belongs(&b->units, i, applied);
    if (applied == T_NO) {
        return RC_OK;
    }
    enum truth ok = T_NA;
    enum rc rc = cap_at(j, b->k, b->rung, b->m, &v, &ok);
    if (rc != RC_OK) {
        return rc;
    }
    v.state = judge_state(ok, applied, true);
    v.flags |= v.state == ST_MISSED ? VF_BREACH : 0;
    if (!b->o.after) {
        not_yet(&v, v.year <= date_year(j->as_of));
    }
    out->applies = applied;
    out->holds = ok;
    vec_push(j->arena, &out->rows, v);
    return RC_OK;
}

static enum rc cap_year(struct judge *j, uint32_t commitment, const struct rung *r, int32_t year)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    struct block b = {.commitment = commitment,
                      .k = k,
                      .c = &k->targets[0],
                      .rung = r,
                      .o = {.year = year},
                      .measure = k->measure,
                      .tolerance = rat_zero(),
                      .unit = cap_of_unit};
    const struct time_point *point = k->has_point ? &k->point : NULL;
    if (!moment_of_year(j->plan, k->measure, point, year, j->as_of, &b.m)) {
        return RC_OK;
    }
    b.o.after = date_cmp(j->as_of, date_year_end(year)) > 0;
    b.m.snapshot = b.o.after ? b.m.snapshot : date_earlier(b.m.snapshot, j->as_of);
    b.day = b.m.snapshot;
    b.units = judge_units(j, k->scopes, k->n_scopes, commitment, b.day, year);
    b.model = judge_blank(j, commitment, year);
    b.model.due = date_year_end(year);
    b.model.snapshot = b.day;
    b.model.clause = b.c;
    b.model.at = judge_keep(j, b.m);
    b.model.cmp = b.c->cmp == CMP_LT ? CMP_LT : CMP_LE;
    b.model.part = b.c->ladder ? rat_frac_str(j->arena, rat_int(year)) : STR("");
    b.model.flags = r->modality == MOD_MUST ? 0 : VF_STRIVE;
    b.above = !judge_only_root(k->scopes, k->n_scopes);
    return j->each(j, &b);
}

enum rc judge_quota(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    const struct clause *c = k->measure != NONE ? &k->targets[0] : NULL;
    for (uint32_t i = 0; c && i < c->n_rungs; i++) {
        const struct rung *r = &c->rungs[i];
        for (int32_t y = r->when.from_year; !r->interpolated && y <= r->when.to_year; y++) {
            enum rc rc = cap_year(j, commitment, r, y);
            if (rc != RC_OK) {
                return rc;
            }
        }
    }
    return RC_OK;
}
