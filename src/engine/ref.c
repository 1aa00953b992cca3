/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over an expression, and the measure around it. */
#include "engine/ref.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "engine/ref_int.h"
#include "engine/ref_memo.h"

struct place ref_unit(const uint32_t *unit)
{
    return (struct place){.units = unit, .n = 1, .row = NONE};
}

const struct tree_snap *ref_tree(struct ref *r, struct moment m)
{
    const struct tree_snap *t = NULL;
    if (cells_tree(r->cells, m.snapshot, &t) != RC_OK) {
        r->failed = true;
        return NULL;
    }
    return t;
}

enum truth ref_truth(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    return e == NONE ? T_YES : ref_eval(r, e, at, m).truth;
}

static struct mval nothing(const struct expr *x)
{
    return x->is_bool ? mval_truth(T_NA) : mval_none();
}

/* ---- time and place ------------------------------------------------------------------------- */

bool ref_past(struct ref *r, struct place at, struct date now, struct date then, struct place *out)
{
    VEC(uint32_t) ids = {0};
    const struct tree *t = cells_dataset(r->cells)->tree;
    if (at.n == 0) {
        *out = at;
        return true;
    }
    for (uint32_t i = 0; i < at.n; i++) {
        const uint32_t *old = NULL;
        uint32_t n = 0;
        enum tree_past past = tree_past(r->a, t, at.units[i], then, now, &old, &n);
        if (past == TREE_PAST_SPLIT || past == TREE_PAST_NEW) {
            return false;
        }
        for (uint32_t k = 0; k < n; k++) {
            vec_push(r->a, &ids, old[k]);
        }
    }
    *out = (struct place){.units = ids.items, .n = ids.n, .row = NONE};
    return true;
}

static struct mval shifted(struct ref *r, const struct expr *x, int32_t years, struct place at,
                           struct moment m)
{
    struct moment then;
    struct place before;
    if (!moment_shift(m, years, &then) || !ref_past(r, at, m.snapshot, then.snapshot, &before)) {
        return nothing(x);
    }
    return ref_eval(r, x->a, before, then);
}

/* Neighbouring years; one that cannot be judged breaks the run (C25). */
static struct mval consecutive(struct ref *r, const struct expr *x, struct place at,
                               struct moment m)
{
    enum truth all = T_YES;
    uint32_t flags = 0;
    for (uint32_t i = 0; i < x->n; i++) {
        struct mval v = i == 0 ? ref_eval(r, x->a, at, m) : shifted(r, x, (int32_t)i, at, m);
        all = truth_and(all, v.truth == T_NA ? T_NO : v.truth);
        flags |= v.flags;
    }
    struct mval out = mval_truth(all);
    out.flags = flags;
    return out;
}

static struct mval at_parent(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    const struct tree_snap *t = ref_tree(r, m);
    uint32_t unit = at.n > 0 ? at.units[0] : cells_dataset(r->cells)->rows[at.row].owner;
    uint32_t i = t ? t->index_of[unit] : TREE_NONE;
    while (i != TREE_NONE && !plan_is_a(r->plan, t->kind[i], x->ref)) {
        i = t->parent[i];
    }
    return i == TREE_NONE ? nothing(x) : ref_eval(r, x->a, ref_unit(&t->unit[i]), m);
}

/* The definition in force, at the indicator's own time point. */
static struct mval indicator(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    const struct commitment *c = &r->plan->commitments[x->ref];
    const struct definition *d = definition_in_force(c, m.year);
    if (!d) {
        return nothing(x);
    }
    if (c->has_point && !m.sub) {
        m.has_point = true;
        m.point = c->point;
        m.snapshot = time_point_day(c->point, m.year);
    }
    return ref_eval(r, d->measure, at, m);
}

/* ---- comparisons ---------------------------------------------------------------------------- */

/* Where the truth of a comparison may change, for the corners of a member. */
static void thresholds(struct ref *r, const struct expr *x, struct place at, struct moment m,
                       struct mval a, struct mval b)
{
    struct rat lo = rat_sub(r->a, rat_one(), x->num);
    struct rat hi = rat_add(r->a, rat_one(), x->num);
    if (!r->collect) {
        return;
    }
    if (x->op == EX_BETWEEN) {
        struct mval c = ref_eval(r, x->c, at, m);
        ref_threshold(r, x->a, at, mval_mul(r->a, b, mval_known(lo)));
        ref_threshold(r, x->a, at, mval_mul(r->a, c, mval_known(hi)));
    } else if (x->op == EX_ABOUT) {
        ref_threshold(r, x->a, at, mval_mul(r->a, b, mval_known(lo)));
        ref_threshold(r, x->a, at, mval_mul(r->a, b, mval_known(hi)));
    } else {
        ref_threshold(r, x->a, at, b);
        ref_threshold(r, x->b, at, a);
    }
}

static struct mval compare(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    const struct expr *x = &r->plan->exprs[e];
    struct mval a = ref_eval(r, x->a, at, m);
    struct mval b = ref_eval(r, x->b, at, m);
    thresholds(r, x, at, m, a, b);
    struct mval c = x->op == EX_BETWEEN ? ref_eval(r, x->c, at, m) : mval_none();
    struct mval v = mval_test(r->a, x, a, b, c);
    bool open = v.truth == T_UNKNOWN && !mval_is_known(a) && !mval_is_known(b);
    if (open && !r->quiet && ref_share_silent(r, x->a, x->b, at, m)) {
        v.flags |= MF_WIDE;
    }
    return v;
}

/* ---- the walk ------------------------------------------------------------------------------- */

/* Nodes that look beyond the member itself stand for one leaf when corners are completed. */
static bool looks_beyond(enum expr_op op)
{
    return op == EX_AGG || op == EX_RANK || op == EX_DEGREE || op == EX_SHIFT ||
           op == EX_BASELINE || op == EX_PARENT || op == EX_INDICATOR || op == EX_WHOLE_YEAR ||
           op == EX_YEAR_END || op == EX_CONSECUTIVE || op == EX_LIST;
}

static struct mval beyond(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    const struct expr *x = &r->plan->exprs[e];
    switch ((unsigned)x->op) {
    case EX_AGG:
        return ref_aggregate(r, e, at, m);
    case EX_RANK:
        return ref_rank(r, x, at, m);
    case EX_DEGREE:
        return ref_degree(r, x, at, m);
    case EX_SHIFT:
        return shifted(r, x, (int32_t)x->n, at, m);
    case EX_BASELINE:
        return shifted(r, x, m.year - r->plan->baseline_year, at, m);
    case EX_PARENT:
        return at_parent(r, x, at, m);
    case EX_INDICATOR:
        return indicator(r, x, at, m);
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        return ref_periods(r, x, at, m);
    case EX_CONSECUTIVE:
        return consecutive(r, x, at, m);
    default:
        return ref_leaf(r, x, at, m);
    }
}

static struct mval node_leaf(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    uint32_t who = at.n > 0 ? at.units[0] : at.row;
    struct mval v;
    if (ref_is_set(r, LEAF_NODE, e, who, (uint32_t)m.year, &v)) {
        return v;
    }
    struct leaves *collect = r->collect;
    const struct leaves *set = r->set;
    r->collect = NULL;
    r->set = NULL;
    v = beyond(r, e, at, m);
    r->set = set;
    r->collect = collect;
    ref_collect(r, LEAF_NODE, e, who, (uint32_t)m.year, v);
    return v;
}

/* A side that a decided condition leaves out is not read (C10). */
static struct mval selected(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    struct mval c = ref_eval(r, x->a, at, m);
    struct mval none = nothing(&r->plan->exprs[x->b]);
    bool left = c.truth == T_YES || c.truth == T_UNKNOWN;
    bool right = c.truth == T_NO || c.truth == T_UNKNOWN;
    struct mval a = left ? ref_eval(r, x->b, at, m) : none;
    return mval_if(c, a, right ? ref_eval(r, x->c, at, m) : none);
}

static struct mval walk(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    const struct expr *x = &r->plan->exprs[e];
    if (looks_beyond(x->op)) {
        return node_leaf(r, e, at, m);
    }
    switch ((unsigned)x->op) {
    case EX_NUM:
        return mval_known(x->num);
    case EX_BOOL:
        return mval_truth(x->flag ? T_YES : T_NO);
    case EX_ITEM:
    case EX_ATTR:
    case EX_FIELD:
    case EX_TITLE:
        return ref_leaf(r, x, at, m);
    case EX_NEG:
    case EX_ADD:
    case EX_SUB:
    case EX_MUL:
    case EX_DIV:
        return ref_arith(r, e, at, m);
    case EX_NOT:
        return mval_not(ref_eval(r, x->a, at, m));
    case EX_AND:
        return mval_and(ref_eval(r, x->a, at, m), ref_eval(r, x->b, at, m));
    case EX_OR:
        return mval_or(ref_eval(r, x->a, at, m), ref_eval(r, x->b, at, m));
    case EX_IN:
        return mval_choice(ref_eval(r, x->a, at, m), x->choices);
    case EX_IF:
        return selected(r, x, at, m);
    default:
        return compare(r, e, at, m);
    }
}

struct mval ref_eval(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    if (r->depth >= REF_DEPTH_MAX) {
        r->failed = true;
        return nothing(&r->plan->exprs[e]);
    }
    r->depth++;
    struct mval v = walk(r, e, at, m);
    r->depth--;
    return v;
}

/* ---- the measure ---------------------------------------------------------------------------- */

static int basis_cmp(const void *p, const void *q)
{
    uint32_t x = ((const struct basis *)p)->item;
    uint32_t y = ((const struct basis *)q)->item;
    return x < y ? -1 : x > y;
}

/* One entry per item: the sum does not depend on the order of reading. */
static void give_basis(struct ref *r, struct mval *v)
{
    struct basis *list = ARENA_ARRAY(r->a, struct basis, map_u64_len(&r->basis) + 1);
    uint32_t n = map_u64_len(&r->basis);
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t key = r->basis.entries[i].key;
        list[i] = (struct basis){(uint32_t)(key >> 32), (uint32_t)key};
    }
    if (n > 1) {
        qsort(list, n, sizeof list[0], basis_cmp);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (k > 0 && list[k - 1].item == list[i].item) {
            list[k - 1].hash += list[i].hash;
        } else {
            list[k++] = list[i];
        }
    }
    v->basis = list;
    v->n_basis = k;
}

/* C10, C32 */
static void finish(struct ref *r, uint32_t e, struct place at, struct moment m, struct mval *v)
{
    v->expected = map_u64_len(&r->pairs);
    v->reported = 0;
    for (uint32_t i = 0; i < v->expected; i++) {
        v->reported += r->pairs.entries[i].value;
    }
    give_basis(r, v);
    if (v->reported == v->expected) {
        v->has_value = mval_is_known(*v);
        v->value = v->has_value ? v->lo : rat_zero();
        return;
    }
    v->has_value = false;
    v->value = rat_zero();
    if (v->reported == 0) {
        return;
    }
    r->values = true;
    struct mval over = ref_eval(r, e, at, m);
    r->values = false;
    /* Over a divisor that nobody reported there is no value. */
    v->has_value = mval_is_known(over) && !(over.kind == MV_NUMBER && rat_is_inf(over.lo));
    v->value = v->has_value ? over.lo : rat_zero();
}

/* The interpreter with nothing read yet. */
static struct ref fresh(const struct ref *r, struct arena *a)
{
    struct ref now = *r;
    now.a = a;
    now.pairs = (struct map_u64){0};
    now.basis = (struct map_u64){0};
    now.silent = (struct map_u64){0};
    return now;
}

enum rc ref_complete(const struct evaluator *ev, struct arena *a, const struct terms *t,
                     uint32_t unit, uint32_t row, struct moment m, struct region *g,
                     struct ref_reads *out)
{
    struct ref now = fresh(ev->ctx, a);
    struct member who = {unit, row};
    uint32_t flags = ref_add_member(&now, t, &who, m, g);
    *out = (struct ref_reads){now.pairs, now.basis, flags};
    return now.failed ? RC_LIMIT : RC_OK;
}

static enum rc measure(struct ref *r, struct arena *a, uint32_t e, struct place at, struct moment m,
                       struct mval *out)
{
    struct ref now = fresh(r, a);
    if (!date_is_sentinel(m.named) && !ref_past(&now, at, m.named, m.snapshot, &at)) {
        *out = nothing(&now.plan->exprs[e]);
        return now.failed ? RC_LIMIT : RC_OK;
    }
    *out = ref_eval(&now, e, at, m);
    finish(&now, e, at, m, out);
    return now.failed ? RC_LIMIT : RC_OK;
}

static enum rc at_unit(void *ctx, struct arena *a, uint32_t e, uint32_t unit, struct moment m,
                       struct mval *out)
{
    return measure(ctx, a, e, ref_unit(&unit), m, out);
}

static enum rc at_row(void *ctx, struct arena *a, uint32_t e, uint32_t row, struct moment m,
                      struct mval *out)
{
    return measure(ctx, a, e, (struct place){.n = 0, .row = row}, m, out);
}

enum rc ref_make(struct arena *a, struct cells *c, struct evaluator *out, struct err *e)
{
    struct ref *r = arena_try(a, sizeof *r);
    if (!r) {
        return err_set(e, RC_LIMIT, "the evaluator does not fit in memory", "求值所需内存超过上限");
    }
    r->cells = c;
    r->plan = cells_plan(c);
    r->memo = memo_make(a);
    *out = (struct evaluator){at_unit, at_row, NULL, NULL, r};
    return RC_OK;
}
