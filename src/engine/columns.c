/* SPDX-License-Identifier: Apache-2.0 */
/* The evaluator: sheets kept by expression and moment, and one measure from question to answer. */
#include "engine/columns.h"

#include "base/err.h"
#include "engine/columns_int.h"
#include "engine/ref.h"

#define SMALL_SUBTREE 4 /* units, the asked one among them */

/* ---- sheets --------------------------------------------------------------------------------- */

static bool moment_eq(const struct moment *x, const struct moment *y)
{
    return x->year == y->year && x->sub == y->sub && (!x->sub || period_eq(x->period, y->period)) &&
           x->has_point == y->has_point && time_point_eq(x->point, y->point) &&
           date_cmp(x->as_of, y->as_of) == 0 && date_cmp(x->snapshot, y->snapshot) == 0 &&
           date_cmp(x->rows_from, y->rows_from) == 0 && date_cmp(x->rows_to, y->rows_to) == 0 &&
           x->since_year == y->since_year && x->by_key == y->by_key &&
           x->category_field == y->category_field && x->category == y->category;
}

static struct sheet_entry *find(const struct columns *k, uint32_t e, const struct moment *m)
{
    struct sheet_entry *x = k->cache ? k->cache[e] : NULL;
    while (x && !moment_eq(&x->moment, m)) {
        x = x->next;
    }
    return x;
}

static bool terms_of(struct walk *w, uint32_t e, struct terms *t)
{
    if (w->k->plan->exprs[e].op == EX_AGG) {
        *t = linear_alone(e);
        return true;
    }
    return linear_joint(&w->k->sheets, w->k->plan, e, t);
}

static struct sheet_entry *make(struct walk *w, uint32_t e, struct moment m)
{
    struct columns *k = w->k;
    struct terms t;
    struct sheet_source source = columns_source(k);
    if (!k->cache) {
        k->cache = ARENA_TRY_ARRAY(&k->sheets, struct sheet_entry *, k->plan->n_exprs);
    }
    struct sheet_entry *x = arena_try(&k->sheets, sizeof *x);
    struct sheet *s = arena_try(&k->sheets, sizeof *s);
    if (!k->cache || !x || !s) {
        return NULL;
    }
    bool can = terms_of(w, e, &t);
    if (can && sheet_make(&k->sheets, k->cells, &k->ref, &t, m, &source, s, &can) != RC_OK) {
        return NULL;
    }
    *x = (struct sheet_entry){.moment = m, .sheet = can ? s : NULL, .next = k->cache[e]};
    k->cache[e] = x;
    k->stats.sheets += can;
    return x;
}

/* Of a unit with hardly anybody below the reference answers as fast as a sheet of all is made. */
static bool is_small(struct walk *w, uint32_t unit, struct moment m)
{
    const struct tree_snap *t = NULL;
    if (cells_tree(w->k->cells, m.snapshot, &t) != RC_OK) {
        return false;
    }
    uint32_t i = t->index_of[unit];
    return i != TREE_NONE && t->end[i] - i <= SMALL_SUBTREE;
}

const struct sheet *columns_sheet(struct walk *w, uint32_t e, uint32_t unit, struct moment m)
{
    struct sheet_entry *x = find(w->k, e, &m);
    if (!x && is_small(w, unit, m)) {
        return NULL;
    }
    x = x ? x : make(w, e, m);
    w->full = w->full || !x;
    return x ? x->sheet : NULL;
}

static bool source_at(void *ctx, uint32_t e, uint32_t unit, struct moment m, struct reads *reads,
                      const struct reads *silent, struct mval *out)
{
    struct columns *k = ctx;
    struct walk w = {.k = k, .a = &k->scratch, .reads = reads, .silent = silent};
    *out = walk_at(&w, e, unit, m);
    return !w.failed && !w.full && (mval_is_known(*out) || mval_is_none(*out));
}

struct sheet_source columns_source(struct columns *k)
{
    return (struct sheet_source){source_at, k};
}

/* ---- a measure ------------------------------------------------------------------------------ */

/* The answer moves from scratch to the arena of whoever asked. */
static void keep(struct arena *a, struct mval *v)
{
    v->lo = rat_dup(a, v->lo);
    v->hi = rat_dup(a, v->hi);
    v->value = rat_dup(a, v->value);
    struct basis *list = ARENA_ARRAY(a, struct basis, v->n_basis);
    for (uint32_t i = 0; i < v->n_basis; i++) {
        list[i] = v->basis[i];
    }
    v->basis = list;
}

/* C10, C32. false: ask the reference. */
static bool finish(struct walk *w, uint32_t e, uint32_t unit, struct moment m, struct mval *v)
{
    const struct reads *r = w->reads;
    reads_finish(w->a, r, v);
    v->has_value = false;
    v->value = rat_zero();
    if (v->reported == 0 && v->expected > 0) {
        return true;
    }
    struct mval over = *v;
    if (v->reported < v->expected) {
        struct walk values = {.k = w->k, .a = w->a, .silent = r};
        over = walk_at(&values, e, unit, m);
        w->full = w->full || values.full;
        if (values.failed) {
            return false;
        }
    }
    /* Over a divisor that nobody reported there is no value. */
    bool endless = v->reported < v->expected && over.kind == MV_NUMBER && rat_is_inf(over.lo);
    v->has_value = mval_is_known(over) && !endless;
    v->value = v->has_value ? over.lo : rat_zero();
    return true;
}

static bool by_columns(struct walk *w, uint32_t e, uint32_t unit, struct moment m, struct mval *out)
{
    *out = walk_at(w, e, unit, m);
    return !w->failed && !w->full && !w->reads->full && finish(w, e, unit, m, out) && !w->full;
}

/* A unit that has merged or split since is asked about as what it was: by the reference (C29). */
static bool became_another(struct walk *w, uint32_t unit, struct moment m)
{
    const uint32_t *ids = NULL;
    uint32_t n = 0;
    if (date_is_sentinel(m.named) || date_cmp(m.named, m.snapshot) == 0) {
        return false;
    }
    const struct tree *t = cells_dataset(w->k->cells)->tree;
    return tree_past(w->a, t, unit, m.snapshot, m.named, &ids, &n) != TREE_PAST_SAME;
}

static enum rc measure(void *ctx, struct arena *a, uint32_t e, uint32_t unit, struct moment m,
                       struct mval *out)
{
    struct columns *k = ctx;
    if (arena_used(&k->sheets) > COLUMNS_BYTES) {
        arena_release(&k->sheets);
        k->cache = NULL;
    }
    struct arena_mark mark = arena_mark(&k->scratch);
    struct reads reads = {0};
    struct walk w = {.k = k, .a = &k->scratch, .reads = &reads};
    enum rc rc = RC_OK;
    k->stats.asked++;
    bool new_titles = !date_is_sentinel(m.granted); /* rare: the reference again */
    if (new_titles || became_another(&w, unit, m) || !by_columns(&w, e, unit, m, out)) {
        k->stats.by_reference++;
        rc = w.full ? RC_LIMIT : k->ref.measure(k->ref.ctx, &k->scratch, e, unit, m, out);
    }
    if (rc == RC_OK) {
        keep(a, out);
    }
    arena_rewind(&k->scratch, mark);
    return rc;
}

static enum rc measure_row(void *ctx, struct arena *a, uint32_t e, uint32_t row, struct moment m,
                           struct mval *out)
{
    struct columns *k = ctx;
    return k->ref.measure_row(k->ref.ctx, a, e, row, m, out);
}

enum rc columns_make(struct arena *a, struct cells *c, struct columns **out, struct evaluator *ev,
                     struct err *e)
{
    struct columns *k = arena_try(a, sizeof *k);
    if (!k) {
        return err_set(e, RC_LIMIT, "the evaluator does not fit in memory", "求值所需内存超过上限");
    }
    *k = (struct columns){.cells = c, .plan = cells_plan(c)};
    TRY(ref_make(a, c, &k->ref, e));
    arena_init_below(&k->sheets, a, "sheets");
    arena_init_below(&k->scratch, a, "columns");
    *ev = (struct evaluator){measure, measure_row, k};
    *out = k;
    return RC_OK;
}

struct columns_stats columns_stats(const struct columns *k)
{
    return k->stats;
}

void columns_release(struct columns *k)
{
    arena_release(&k->sheets);
    arena_release(&k->scratch);
    k->cache = NULL;
}
