/* SPDX-License-Identifier: Apache-2.0 */
/* One measure from question to answer. */
#include "engine/columns.h"

#include <string.h>

#include "base/err.h"
#include "engine/columns_int.h"
#include "engine/ref.h"

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

/* C10 */
static bool count(struct walk *w, struct mval *v)
{
    if (w->only) {
        return sheet_count(w->a, w->only, w->only_at, v);
    }
    reads_finish(w->a, w->reads, v);
    return !w->reads->table->full;
}

/* C10, C32. false: ask the reference. */
static bool finish(struct walk *w, uint32_t e, uint32_t unit, struct moment m, struct mval *v)
{
    if (!count(w, v)) {
        return false;
    }
    v->has_value = false;
    v->value = rat_zero();
    if (v->reported == 0 && v->expected > 0) {
        return true;
    }
    struct mval over = *v;
    if (v->reported < v->expected) {
        struct walk values = {.k = w->k, .a = w->a, .silent = w->reads, .only = w->only};
        if (w->only && (w->only->frame->row || w->only->may_be_open)) {
            walk_resolve(w); /* such units are silent as a whole */
            values.only = NULL;
        }
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
    return !w->failed && !w->full && !w->reads->table->full && finish(w, e, unit, m, out) &&
           !w->full && !w->failed;
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

static void forget_sheets(struct columns *k)
{
    uint32_t kept = 0;
    arena_release(&k->sheets);
    k->cache = NULL;
    memset(&k->watches, 0, sizeof k->watches);
    k->own = NULL;
    for (uint32_t i = 0; i < k->frames.n; i++) {
        if (k->frames.items[i].kind != NONE) {
            k->frames.items[kept++] = k->frames.items[i];
        }
    }
    k->frames.n = kept;
    k->made++;
}

static void forget(struct columns *k)
{
    forget_sheets(k);
    arena_release(&k->lasting);
    memset(&k->frames, 0, sizeof k->frames);
    memset(&k->spines, 0, sizeof k->spines);
    k->is_own = NULL;
    k->apart = NULL;
    k->unrelated = NULL;
}

void columns_rest(struct columns *k, size_t most)
{
    if (arena_used(&k->sheets) > most) {
        forget_sheets(k);
    }
}

bool columns_is_ratio(const struct expr *x)
{
    return x->op == EX_DIV || (x->op == EX_AGG && agg_is_ratio(x->agg));
}

/* A roll-up by itself whose sheet stands, over units that have all reported. */
static bool quick(struct columns *k, struct arena *a, uint32_t e, uint32_t unit,
                  const struct moment *m, struct mval *out)
{
    const struct expr *x = &k->plan->exprs[e];
    bool rolls_up = x->op == EX_AGG || (x->op >= EX_ADD && x->op <= EX_DIV);
    struct sheet *s = rolls_up ? columns_standing(k, e, m) : NULL;
    uint32_t i = s && !s->one_by_one ? s->frame->tree->index_of[unit] : TREE_NONE;
    return i != TREE_NONE && sheet_quick(a, s, i, columns_is_ratio(x), out);
}

static enum rc measure(void *ctx, struct arena *a, uint32_t e, uint32_t unit, struct moment m,
                       struct mval *out)
{
    struct columns *k = ctx;
    if (arena_used(&k->sheets) + arena_used(&k->lasting) > COLUMNS_BYTES) {
        forget(k);
    }
    k->stats.asked++;
    if (columns_same_unit(k, &m) && date_is_sentinel(m.granted) &&
        (quick(k, a, e, unit, &m, out) || columns_own(k, a, e, unit, &m, out))) {
        return RC_OK;
    }
    struct arena_mark mark = arena_mark(&k->scratch);
    struct read_table table = {.full = false};
    struct reads reads = {.table = &table};
    struct walk w = {.k = k, .a = &k->scratch, .reads = &reads, .unit = unit, .day = m.snapshot};
    enum rc rc = RC_OK;
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
    *k = (struct columns){.cells = c, .plan = cells_plan(c), .edits = 1, .made = 1};
    TRY(ref_make(a, c, &k->ref, e));
    arena_init_below(&k->lasting, a, "populations");
    arena_init_below(&k->sheets, a, "sheets");
    arena_init_below(&k->scratch, a, "columns");
    *ev = (struct evaluator){measure, measure_row, columns_known, columns_known_run, k};
    *out = k;
    return RC_OK;
}

struct columns_stats columns_stats(const struct columns *k)
{
    return k->stats;
}

void columns_release(struct columns *k)
{
    forget(k);
    arena_release(&k->scratch);
}
