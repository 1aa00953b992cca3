/* SPDX-License-Identifier: Apache-2.0 */
/* Target clauses: occasions, units, states. */
#include "base/arena.h"
#include "engine/judge_int.h"
#include "engine/silence.h"

static struct str joined(struct judge *j, struct str x, struct str y)
{
    if (x.n == 0 || y.n == 0) {
        return x.n == 0 ? y : x;
    }
    return str_cat(j->arena, str_cat(j->arena, x, STR("/")), y);
}

/* ---- the definition in force ------------------------------------------------------------------
 */

/* The one item with versions that the expression reads; NONE: there is none, or several. */
static void versioned(const struct plan *p, uint32_t e, uint32_t *item, bool *several)
{
    while (e != NONE) {
        const struct expr *x = &p->exprs[e];
        bool reads = x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END;
        if (reads && p->items[x->ref].n_versions > 1) {
            *several = *several || (*item != NONE && *item != x->ref);
            *item = x->ref;
        }
        versioned(p, x->b, item, several);
        versioned(p, x->c, item, several);
        e = x->a;
    }
}

/* Of the indicator, else of the item, in the year whose figures are judged. */
static struct str definition_name(const struct judge *j, const struct block *w, uint32_t measure,
                                  int32_t year)
{
    const struct definition *d = definition_in_force(w->k, w->o.year);
    if (w->c->measure == NONE && d && d->name.n > 0) {
        return d->name;
    }
    uint32_t item = NONE;
    bool several = false;
    versioned(j->plan, measure, &item, &several);
    return item == NONE || several ? STR("") : cells_version(&j->plan->items[item], year);
}

/* A change of the adopted definition between the compared years (C19). */
static bool definition_moves(const struct block *w, int32_t year)
{
    return w->c->measure == NONE && w->c->cmp >= CMP_RISES &&
           definition_in_force(w->k, year) != definition_in_force(w->k, year - 1);
}

/* ---- one unit ---------------------------------------------------------------------------------
 */

static bool early_able(const struct block *w)
{
    enum when_kind k = w->o.when.kind;
    return k == WHEN_BY || k == WHEN_DEFAULT || k == WHEN_CUMULATIVE || k == WHEN_MEAN ||
           w->c->cmp == CMP_REACH || w->c->cmp == CMP_BARE;
}

static bool over_years(const struct block *w)
{
    return w->o.when.kind == WHEN_CUMULATIVE || w->o.when.kind == WHEN_MEAN;
}

/* The year whose figures are compared (C02). */
static int32_t judged_year(const struct judge *j, const struct block *w, uint32_t measure)
{
    enum when_kind k = w->o.when.kind;
    bool latest =
        k == WHEN_BY || k == WHEN_DEFAULT || (k == WHEN_AT && early_able(w)) || k == WHEN_UNTIL;
    if (w->o.after || !latest) {
        return w->o.year;
    }
    return judge_closed_year(j, w->k, measure, &w->o, w->o.year);
}

static bool outcome_at(struct judge *j, const struct block *w, uint32_t measure, uint32_t unit,
                       struct outcome *x)
{
    enum when_kind k = w->o.when.kind;
    if (k == WHEN_HOLD || k == WHEN_MEAN || k == WHEN_CUMULATIVE) {
        return judge_span(j, w->k, w->c, w->rung, measure, unit, &w->o, x);
    }
    int32_t year = judged_year(j, w, measure);
    x->at = w->m;
    if ((measure != w->measure && !judge_moment(j, w->k, measure, &w->o, year, &x->at)) ||
        j->ev->measure(j->ev->ctx, j->arena, measure, unit, x->at, &x->measure) != RC_OK ||
        !judge_compare(j, w->c, w->rung, unit, x->at, x)) {
        return false;
    }
    if (definition_moves(w, year) && x->holds != T_NA) {
        x->holds = T_UNKNOWN;
        x->flags |= VF_DEFINITION_CHANGED;
    }
    return true;
}

enum truth judge_applies(struct judge *j, const struct clause *c, uint32_t unit, struct moment m,
                         uint32_t *flags)
{
    struct mval v;
    if (c->condition == NONE) {
        return T_YES;
    }
    if (j->ev->measure(j->ev->ctx, j->arena, c->condition, unit, m, &v) != RC_OK) {
        return T_UNKNOWN;
    }
    *flags |= judge_marks(v.flags);
    return v.truth == T_NA ? T_NO : v.truth;
}

/* An empty numerator leaves a nested target nothing to be a share of (C37). */
static void empty_base(struct judge *j, const struct block *w, uint32_t unit, struct outcome *x)
{
    struct mval base;
    if (w->c->base == NONE ||
        j->ev->measure(j->ev->ctx, j->arena, w->c->base, unit, x->at, &base) != RC_OK) {
        return;
    }
    if (mval_is_none(base) || (mval_is_known(base) && rat_is_zero(base.lo))) {
        x->holds = T_NA;
    }
}

static enum state state_of(const struct judge *j, const struct block *w, uint32_t measure,
                           const struct outcome *x, uint32_t *flags)
{
    enum state s = judge_state(x->holds, x->applies, w->o.after);
    if (s != ST_PENDING) {
        return s;
    }
    if (x->holds == T_YES && early_able(w)) {
        bool for_good = judge_is_final(j->plan, w->c, w->o.when.kind, measure, T_YES);
        *flags |= VF_EARLY | (for_good ? 0 : VF_REVOCABLE); /* C01 */
        return ST_MET;
    }
    return x->decided_early && x->applies == T_YES ? ST_MISSED : ST_PENDING;
}

/* The baseline year already satisfies it. */
static bool non_binding(struct judge *j, const struct block *w, uint32_t measure, uint32_t unit)
{
    struct outcome x = {.threshold = rat_zero(), .threshold2 = rat_zero(), .at = w->before};
    if (w->c->cmp == CMP_NONE || w->c->cmp >= CMP_RISES || w->o.sub || over_years(w) ||
        w->o.when.kind == WHEN_HOLD || !w->has_before) {
        return false;
    }
    if (w->c->baseline != NONE && j->plan->exprs[w->c->baseline].op == EX_NUM) {
        x.measure = mval_known(j->plan->exprs[w->c->baseline].num);
    } else if (silence_is_certain(j->cells, measure, x.at) ||
               j->ev->measure(j->ev->ctx, j->arena, measure, unit, x.at, &x.measure) != RC_OK ||
               x.measure.reported == 0) {
        return false;
    }
    return mval_is_known(x.measure) && judge_compare(j, w->c, w->rung, unit, x.at, &x) &&
           x.holds == T_YES;
}

static void alternatives(struct judge *j, const struct block *w, uint32_t unit, enum truth applied,
                         struct verdict *v)
{
    if (w->c->measure != NONE || w->k->n_definitions < 2) {
        return;
    }
    struct alternative *list = ARENA_ARRAY(j->arena, struct alternative, w->k->n_definitions);
    const struct definition *d = definition_in_force(w->k, w->o.year);
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->k->n_definitions; i++) {
        const struct definition *k = &w->k->definitions[i];
        struct outcome x = {.threshold = rat_zero(), .threshold2 = rat_zero(), .applies = applied};
        struct clause c = *w->c;
        struct block by = *w;
        c.previous = c.previous == NONE ? NONE : k->previous;
        by.c = &c;
        if (k == d || !outcome_at(j, &by, k->measure, unit, &x)) {
            continue;
        }
        uint32_t flags = 0;
        list[n++] = (struct alternative){.definition = k->name,
                                         .measure = x.measure,
                                         .state = state_of(j, &by, k->measure, &x, &flags)};
    }
    v->alternatives = list;
    v->n_alternatives = n;
}

static void row_of(struct judge *j, const struct block *w, uint32_t unit, const struct outcome *x,
                   struct found *out)
{
    struct verdict v = w->model;
    v.unit = unit;
    v.measure = x->measure;
    v.flags |= x->flags | judge_flags(x->measure.flags);
    v.state = state_of(j, w, w->measure, x, &v.flags);
    if (v.state != ST_MET && v.state != ST_MISSED) {
        v.flags &= ~(uint32_t)(VF_UNDER | VF_OVER); /* of what is decided (C12, C13) */
    }
    v.has_threshold = x->has_threshold;
    v.threshold = x->threshold;
    v.threshold2 = x->threshold2;
    v.snapshot = x->at.snapshot;
    if (v.state == ST_PENDING) {
        v.light = judge_light(j, w->k, w->c, &w->o, w->measure, unit, x);
    }
    if (non_binding(j, w, w->measure, unit)) {
        v.flags |= VF_NON_BINDING;
    }
    alternatives(j, w, unit, x->applies, &v);
    out->applies = x->applies;
    out->holds = x->holds;
    vec_push(j->arena, &out->rows, v);
}

static enum rc judge_unit(struct judge *j, const struct block *w, uint32_t i, struct found *out)
{
    uint32_t unit = w->units.list.items[i];
    struct outcome x = {.threshold = rat_zero(), .threshold2 = rat_zero()};
    x.applies = judge_applies(j, w->c, unit, w->m, &x.flags);
    x.applies = judge_belongs(&w->units, i, x.applies);
    if (x.applies == T_NO) {
        return RC_OK;
    }
    if (!outcome_at(j, w, w->measure, unit, &x)) {
        return RC_LIMIT;
    }
    empty_base(j, w, unit, &x);
    row_of(j, w, unit, &x, out);
    return RC_OK;
}

/* ---- one occasion -----------------------------------------------------------------------------
 */

static const struct moment *measured_at(struct judge *j, const struct block *w)
{
    enum when_kind k = w->o.when.kind;
    struct moment m = w->m;
    bool span = k == WHEN_HOLD || k == WHEN_MEAN || k == WHEN_CUMULATIVE;
    return span && !judge_span_moment(j, w->k, w->rung, w->measure, &w->o, &m) ? NULL
                                                                               : judge_keep(j, m);
}

static enum rc occasion(struct judge *j, struct block *w)
{
    const struct definition *d = definition_in_force(w->k, w->o.year);
    w->measure = w->c->measure != NONE ? w->c->measure : d ? d->measure : NONE;
    w->o.measure = w->measure;
    if (w->measure == NONE || !judge_due(j, w->k, &w->o)) {
        return RC_OK;
    }
    int32_t year = judged_year(j, w, w->measure);
    if (!judge_moment(j, w->k, w->measure, &w->o, year, &w->m)) {
        return RC_OK;
    }
    w->has_before = judge_baseline_moment(j, w->k, w->measure, &w->o, w->m, &w->before);
    w->day = w->m.snapshot;
    w->units = judge_units(j, w->c->scopes, w->c->n_scopes, w->commitment, w->day, w->o.year);
    judge_lists_of(j, w->measure, w->day, w->commitment, w->o.year);
    w->model = judge_blank(j, w->commitment, w->o.year);
    w->model.part = w->o.part;
    w->model.clause = w->c;
    w->model.cmp = w->c->cmp;
    w->model.due = w->o.due;
    w->model.snapshot = w->day;
    w->model.definition = definition_name(j, w, w->measure, year);
    w->model.flags = w->o.modality == MOD_MUST ? 0 : VF_STRIVE; /* C31 */
    w->model.at = measured_at(j, w);
    w->above = !judge_only_root(w->c->scopes, w->c->n_scopes);
    w->nearly = w->c->nearly && w->c->cmp == CMP_NONE;
    w->tolerance = w->c->tolerance;
    w->unit = judge_unit;
    return j->each(j, w);
}

/* ---- occasions of a clause --------------------------------------------------------------------
 */

static enum rc with_categories(struct judge *j, struct block *w)
{
    for (uint32_t i = 0; i < w->c->n_scopes; i++) {
        const struct scope *s = &w->c->scopes[i];
        if (s->kind != SCOPE_EACH_CATEGORY) {
            continue;
        }
        const struct datum *d = &j->plan->fields[s->ref].d;
        struct block one = *w;
        enum rc rc = RC_OK;
        for (uint32_t k = 0; rc == RC_OK && k < d->n_choices; k++) {
            one.o = w->o;
            one.o.category_field = s->ref;
            one.o.category = k;
            one.o.part = joined(j, w->o.part, d->choices[k]);
            rc = occasion(j, &one);
        }
        return rc;
    }
    return occasion(j, w);
}

static bool is_year_like(enum period_kind k)
{
    return k == PERIOD_YEAR || k == PERIOD_SCHOOL_YEAR;
}

static enum rc each_period(struct judge *j, struct block *w, struct str part)
{
    for (int32_t y = w->o.when.from_year; y <= w->o.when.to_year; y++) {
        struct period all[PERIOD_PER_YEAR];
        int32_t n = period_all_of_year(w->o.when.every, y, all);
        for (int32_t i = 0; i < n; i++) {
            char text[PERIOD_TEXT_BYTES];
            bool whole = is_year_like(w->o.when.every);
            w->o.year = y;
            w->o.sub = !whole;
            w->o.period = all[i];
            w->o.part =
                whole ? part : joined(j, part, str_dup(j->arena, period_text(all[i], text)));
            enum rc rc = with_categories(j, w);
            if (rc != RC_OK) {
                return rc;
            }
        }
    }
    return RC_OK;
}

static enum rc one_when(struct judge *j, struct block *w, struct str part)
{
    if (w->o.when.kind == WHEN_EACH) {
        return each_period(j, w, part);
    }
    w->o.year = w->o.when.to_year;
    w->o.part = part;
    return with_categories(j, w);
}

/* A nested target that says nothing itself is as strict as the rung it follows (C31). */
static enum modality modality_of(const struct clause *c, const struct rung *own,
                                 const struct clause *outer, const struct rung *follows)
{
    enum modality m = own ? own->modality : c->modality;
    return follows && m == outer->modality ? follows->modality : m;
}

static enum rc clause(struct judge *j, uint32_t commitment, const struct clause *c,
                      const struct clause *outer)
{
    struct block w = {.commitment = commitment, .k = &j->plan->commitments[commitment], .c = c};
    /* A nested target follows the ladder of the outer one, unless it has its own. */
    const struct clause *times = outer && outer->ladder && !c->ladder && !c->own_time ? outer : c;
    uint32_t n = times->n_rungs > 0 ? times->n_rungs : 1;
    for (uint32_t i = 0; i < n; i++) {
        const struct rung *t = times->n_rungs > 0 ? &times->rungs[i] : NULL;
        if (t && t->interpolated) {
            continue; /* a trajectory, no verdict (C16) */
        }
        w.rung = times == c ? t : c->n_rungs > 0 ? &c->rungs[0] : NULL;
        w.o = (struct occasion){.when = t ? t->when : c->when,
                                .part = c->part,
                                .modality = modality_of(c, w.rung, outer, times == c ? NULL : t),
                                .category_field = NONE};
        enum rc rc = one_when(j, &w, clause_part(j->arena, times, i, c->part));
        if (rc != RC_OK) {
            return rc;
        }
    }
    enum rc rc = RC_OK;
    for (uint32_t i = 0; rc == RC_OK && i < c->n_nested; i++) {
        rc = clause(j, commitment, &c->nested[i], c);
    }
    return rc;
}

enum rc judge_targets(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    enum rc rc = RC_OK;
    for (uint32_t i = 0; rc == RC_OK && i < k->n_targets; i++) {
        rc = clause(j, commitment, &k->targets[i], NULL);
    }
    return rc;
}
