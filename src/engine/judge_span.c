/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts over a span of years: 保持, 年均, 累计 (C15, C17, C18, C19, C40). */
#include "base/arena.h"
#include "engine/judge_int.h"

/*
 * A year of the span at the unit of its last year: a merged unit is the sum of its parents, one
 * that was split or founded since has no figures (C29). The key is the last year's (C40).
 */
static bool measure_in(struct judge *j, const struct commitment *k, uint32_t measure, uint32_t unit,
                       const struct occasion *o, int32_t year, struct moment *m, struct mval *out)
{
    struct moment last;
    if (!judge_moment(j, k, measure, o, o->when.to_year, &last) ||
        !judge_moment(j, k, measure, o, year, m)) {
        return false;
    }
    m->named = last.snapshot;
    return j->ev->measure(j->ev->ctx, j->arena, measure, unit, *m, out) == RC_OK;
}

/* What the unit of the last year was in a year of the span. */
static enum tree_past past_in(struct judge *j, uint32_t unit, struct moment m)
{
    const uint32_t *ids = NULL;
    uint32_t n = 0;
    const struct tree *t = cells_dataset(j->cells)->tree;
    return tree_past(j->arena, t, unit, m.snapshot, m.named, &ids, &n);
}

static void add_pairs(struct mval *sum, struct mval v)
{
    sum->reported += v.reported;
    sum->expected += v.expected;
    sum->flags |= v.flags;
}

/* ---- hold ----------------------------------------------------------------------------------- */

static bool is_ceiling(const struct clause *c)
{
    return c->cmp == CMP_LE || c->cmp == CMP_LT || c->cmp == CMP_FALLS || c->cmp == CMP_NEVER_RISES;
}

static bool two_ended(const struct clause *c)
{
    return c->cmp == CMP_BETWEEN || c->cmp == CMP_EQ || c->cmp == CMP_NE ||
           (c->cmp == CMP_ABOUT && c->two_sided);
}

static void take(struct mval *sum, struct mval v)
{
    sum->kind = v.kind;
    sum->truth = v.truth;
    sum->lo = v.lo;
    sum->hi = v.hi;
    sum->has_value = v.has_value;
    sum->value = v.value;
}

/*
 * The worst moment: [min lo, min hi], of ceilings [max lo, max hi] (C15). Where both ends count it
 * is the first year that fails, so that the figure does not contradict the verdict (C36). `before`:
 * what held until then.
 */
static void worst(const struct clause *c, struct mval *sum, struct mval v, enum truth before,
                  enum truth holds)
{
    if (sum->kind == MV_NONE) {
        take(sum, v);
        return;
    }
    if (two_ended(c) && (before == T_NO || holds == T_NO)) {
        if (before != T_NO) {
            take(sum, v);
        }
        return;
    }
    bool up = is_ceiling(c);
    sum->truth = truth_and(sum->truth, v.truth); /* C11 */
    sum->lo = up ? rat_max(sum->lo, v.lo) : rat_min(sum->lo, v.lo);
    sum->hi = up ? rat_max(sum->hi, v.hi) : rat_min(sum->hi, v.hi);
    if (v.has_value) {
        sum->value = !sum->has_value ? v.value
                     : up            ? rat_max(sum->value, v.value)
                                     : rat_min(sum->value, v.value);
        sum->has_value = true;
    }
}

/* A figure of the chain, by which definition it was measured, and in which year. */
struct link {
    struct mval v;
    const struct definition *by;
};

static bool comparable(const struct link *x, const struct link *y)
{
    return x->v.kind == MV_NUMBER && y->v.kind == MV_NUMBER && x->by == y->by &&
           !judge_definition_changed(x->v, y->v);
}

/* Any two known years of a chain may contradict it, not only neighbours (C19). */
static enum truth chain(struct judge *j, const struct clause *c, const struct link *years,
                        uint32_t n, enum truth neighbours)
{
    bool up = c->cmp == CMP_NEVER_FALLS || c->cmp == CMP_RISES;
    for (uint32_t y = 1; y < n; y++) {
        for (uint32_t x = 0; x < y; x++) {
            if (!comparable(&years[x], &years[y])) {
                continue;
            }
            enum truth broken =
                mval_cmp(j->arena, up ? MVAL_LT : MVAL_GT, years[y].v, years[x].v).truth;
            if (broken == T_YES) {
                return T_NO;
            }
        }
    }
    return neighbours;
}

/* One year of a hold. `before`: the year before it, for trends. */
static bool hold_year(struct judge *j, const struct clause *c, const struct rung *r, uint32_t unit,
                      const struct link *before, const struct link *now, struct outcome *one)
{
    one->measure = now->v;
    if (!judge_compare(j, c, r, unit, one->at, one)) {
        return false;
    }
    if (c->previous != NONE && before->by != now->by && one->holds != T_NA) {
        one->holds = T_UNKNOWN; /* the adopted definition changed (C19) */
        one->flags |= VF_DEFINITION_CHANGED;
    }
    return true;
}

static const struct definition *measured_by(const struct commitment *k, const struct clause *c,
                                            int32_t year)
{
    return c->measure == NONE ? definition_in_force(k, year) : NULL;
}

static bool hold(struct judge *j, const struct commitment *k, const struct clause *c,
                 const struct rung *r, uint32_t measure, uint32_t unit, const struct occasion *o,
                 struct outcome *out)
{
    struct mval sum = mval_none();
    enum truth all = T_NA;
    enum truth kept = T_NA; /* in the years that are over */
    int32_t from = o->when.from_year;
    uint32_t n = (uint32_t)(o->when.to_year - from + 2);
    struct link *years = ARENA_ARRAY(j->arena, struct link, n);
    years[0] = (struct link){mval_none(), measured_by(k, c, from - 1)};
    if (c->previous != NONE) { /* a chain begins with the year before the span */
        struct moment m;
        (void)measure_in(j, k, measure, unit, o, from - 1, &m, &years[0].v);
        add_pairs(&sum, years[0].v);
    }
    for (uint32_t i = 1; i < n; i++) {
        int32_t y = from + (int32_t)i - 1;
        struct outcome one = {.threshold = rat_zero(), .threshold2 = rat_zero()};
        years[i].by = measured_by(k, c, y);
        if (!measure_in(j, k, measure, unit, o, y, &one.at, &years[i].v) ||
            !hold_year(j, c, r, unit, &years[i - 1], &years[i], &one)) {
            return false;
        }
        add_pairs(&sum, years[i].v); /* each pair once (C10) */
        sum.flags |= one.measure.flags;
        if (!o->after && date_cmp(one.at.snapshot, j->as_of) > 0) {
            years[i].v = mval_none(); /* not closed yet */
            all = truth_and(all, one.holds == T_NA ? T_NA : T_UNKNOWN);
            continue;
        }
        if (!mval_is_none(one.measure)) {
            worst(c, &sum, one.measure, kept, one.holds);
        }
        all = truth_and(all, one.holds);
        kept = truth_and(kept, one.holds);
        out->flags |= one.flags;
        out->has_threshold = one.has_threshold;
        out->threshold = one.threshold;
        out->threshold2 = one.threshold2;
    }
    if (c->previous != NONE && all != T_NO) {
        all = chain(j, c, years, n, all);
    }
    out->kept = kept == T_YES;
    out->measure = sum;
    out->holds = all;
    out->decided_early = all == T_NO; /* no later fact repairs it (C01) */
    return true;
}

/* ---- mean ----------------------------------------------------------------------------------- */

/*
 * Σ over the years. Before it was founded a unit adds nothing; what a part of a split unit did
 * before is not known and not its own: no total (C29).
 */
static bool total(struct judge *j, const struct commitment *k, uint32_t measure, uint32_t unit,
                  const struct occasion *o, struct mval *out)
{
    struct moment m;
    struct mval sum = mval_none();
    bool first = true;
    for (int32_t y = o->when.from_year; y <= o->when.to_year; y++) {
        struct mval v;
        if (!measure_in(j, k, measure, unit, o, y, &m, &v)) {
            return false;
        }
        enum tree_past past = past_in(j, unit, m);
        if (past == TREE_PAST_NEW) {
            continue;
        }
        if (past == TREE_PAST_SPLIT) {
            *out = mval_none();
            return true;
        }
        struct mval before = sum;
        sum = first ? v : mval_add(j->arena, sum, v);
        if (!first) {
            sum.reported = before.reported + v.reported;
            sum.expected = before.expected + v.expected;
            /* Over those who reported: the years that are known (C32). */
            if (!sum.has_value && sum.kind == MV_NUMBER && (before.has_value || v.has_value)) {
                sum.has_value = true;
                sum.value = before.has_value ? before.value : v.value;
            }
        }
        first = false;
    }
    *out = sum;
    return true;
}

static bool mean(struct judge *j, const struct commitment *k, uint32_t measure, uint32_t unit,
                 const struct occasion *o, struct outcome *out)
{
    struct mval sum;
    if (!total(j, k, measure, unit, o, &sum)) {
        return false;
    }
    int32_t n = o->when.to_year - o->when.from_year + 1;
    out->measure = mval_div(j->arena, sum, mval_known(rat_int(n))); /* C18 */
    out->measure.reported = sum.reported;
    out->measure.expected = sum.expected;
    return true;
}

/* ---- cumulative ----------------------------------------------------------------------------- */

enum reads { READS_NOTHING, READS_ITEMS, READS_ROWS };

/* What accumulates: rows of a register, or reported figures; titles stand at the date (C17). */
static enum reads reads(const struct plan *p, uint32_t e)
{
    if (e == NONE) {
        return READS_NOTHING;
    }
    const struct expr *x = &p->exprs[e];
    if (x->op == EX_AGG && x->over == OVER_REGISTER) {
        return READS_ROWS;
    }
    if (x->op == EX_INDICATOR) {
        const struct definition *d = definition_in_force(&p->commitments[x->ref], p->last_year);
        return reads(p, d ? d->measure : NONE);
    }
    if (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END) {
        return p->items[x->ref].d.type == VT_NUMBER ? READS_ITEMS : READS_NOTHING;
    }
    /* Of an aggregate only what is added up accumulates, not its filter. */
    enum reads a = reads(p, x->a);
    if (x->op == EX_AGG || a == READS_ROWS) {
        return a;
    }
    enum reads b = reads(p, x->b);
    return b > a ? b : a;
}

/* Yearly head counts without keys bracket the distinct total (C17). */
static bool heads(struct judge *j, const struct commitment *k, uint32_t measure, uint32_t unit,
                  const struct occasion *o, struct outcome *out)
{
    struct mval sum;
    struct rat largest = rat_zero();
    if (!total(j, k, measure, unit, o, &sum)) {
        return false;
    }
    for (int32_t y = o->when.from_year; y <= o->when.to_year; y++) {
        struct moment m;
        struct mval v;
        if (measure_in(j, k, measure, unit, o, y, &m, &v) && v.kind == MV_NUMBER) {
            largest = rat_max(largest, v.lo);
        }
    }
    out->measure = sum;
    if (sum.kind == MV_NUMBER) {
        out->measure.lo = rat_min(largest, sum.hi);
        out->measure.has_value = rat_eq(out->measure.lo, sum.hi);
        out->measure.value = sum.hi;
    }
    return true;
}

static bool counts_persons(const struct plan *p, uint32_t measure)
{
    return dim_eq(p->exprs[measure].dim, dim_of(DIM_PERSON));
}

/* 人次 in the target asks for rows, anything else for distinct keys. */
static bool asks_times(const struct plan *p, const struct rung *r)
{
    return r && r->value != NONE && dim_eq(p->exprs[r->value].dim, dim_of(DIM_PERSON_TIME));
}

bool judge_span_moment(const struct judge *j, const struct commitment *k, const struct rung *r,
                       uint32_t measure, const struct occasion *o, struct moment *out)
{
    enum reads what = reads(j->plan, measure);
    if (!judge_moment(j, k, measure, o, o->when.to_year, out)) {
        return false;
    }
    out->named = out->snapshot;
    if (o->when.kind == WHEN_CUMULATIVE && what != READS_ITEMS) {
        out->since_year = o->when.from_year;
        out->by_key = what == READS_ROWS && !asks_times(j->plan, r);
        out->snapshot = date_earlier(out->snapshot, j->as_of);
        out->rows_to = o->due;
    }
    return true;
}

static bool cumulative(struct judge *j, const struct commitment *k, uint32_t measure, uint32_t unit,
                       const struct occasion *o, struct outcome *out)
{
    enum reads what = reads(j->plan, measure);
    if (what == READS_ITEMS) {
        bool persons = counts_persons(j->plan, measure);
        return persons ? heads(j, k, measure, unit, o, out)
                       : total(j, k, measure, unit, o, &out->measure);
    }
    struct moment first;
    if (what == READS_ROWS && judge_moment(j, k, measure, o, o->when.from_year, &first)) {
        first.named = out->at.named;
        if (past_in(j, unit, first) == TREE_PAST_SPLIT) {
            out->measure = mval_none();
            return true;
        }
    }
    return j->ev->measure(j->ev->ctx, j->arena, measure, unit, out->at, &out->measure) == RC_OK;
}

/* Sums and counts of what is on record never fall. */
static bool adds_up(const struct plan *p, uint32_t e)
{
    const struct expr *x = &p->exprs[e];
    if (x->op == EX_ADD) {
        return adds_up(p, x->a) && adds_up(p, x->b);
    }
    bool sum = x->op != EX_AGG || x->agg == AGG_SUM || x->agg == AGG_COUNT ||
               x->agg == AGG_DISTINCT || x->agg == AGG_DAYS;
    bool ratio = x->op == EX_SUB || x->op == EX_MUL || x->op == EX_DIV;
    return sum && !ratio && reads(p, e) != READS_NOTHING;
}

bool judge_starts_at_zero(const struct plan *p, enum when_kind k, uint32_t measure)
{
    return k == WHEN_CUMULATIVE && reads(p, measure) != READS_NOTHING;
}

bool judge_is_final(const struct plan *p, const struct clause *c, enum when_kind k,
                    uint32_t measure, enum truth holds)
{
    bool over_years = k == WHEN_MEAN || k == WHEN_CUMULATIVE;
    if (over_years && reads(p, measure) == READS_ITEMS && holds == T_YES) {
        return true; /* the years to come are in the interval */
    }
    bool floor = c->cmp == CMP_GE || c->cmp == CMP_GT || c->cmp == CMP_REACH ||
                 c->cmp == CMP_BARE || (c->cmp == CMP_ABOUT && !c->two_sided);
    bool reached = (holds == T_YES && floor) || (holds == T_NO && is_ceiling(c));
    return over_years && adds_up(p, measure) && reached;
}

bool judge_span(struct judge *j, const struct commitment *k, const struct clause *c,
                const struct rung *r, uint32_t measure, uint32_t unit, const struct occasion *o,
                struct outcome *out)
{
    if (!judge_span_moment(j, k, r, measure, o, &out->at)) {
        return false;
    }
    if (o->when.kind == WHEN_HOLD) {
        return hold(j, k, c, r, measure, unit, o, out);
    }
    bool ok = o->when.kind == WHEN_MEAN ? mean(j, k, measure, unit, o, out)
                                        : cumulative(j, k, measure, unit, o, out);
    if (!ok || !judge_compare(j, c, r, unit, out->at, out)) {
        return false;
    }
    out->decided_early =
        out->holds == T_NO && judge_is_final(j->plan, c, o->when.kind, measure, T_NO);
    return true;
}
