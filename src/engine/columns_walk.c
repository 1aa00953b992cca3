/* SPDX-License-Identifier: Apache-2.0 */
/* What stands above the sheets, at one unit. */
#include "engine/columns_int.h"
#include "engine/ref.h"

#define WALK_DEPTH_MAX 200

static struct mval give_up(struct walk *w)
{
    w->failed = true;
    return mval_none();
}

static struct mval nothing(const struct expr *x)
{
    return x->is_bool ? mval_truth(T_NA) : mval_none();
}

/* The unit's place in the tree of the day; false: it is not there, or memory is out. */
static bool place_of(struct walk *w, uint32_t unit, struct date day, const struct tree_snap **tree,
                     uint32_t *i)
{
    if (cells_tree(w->k->cells, day, tree) != RC_OK) {
        w->full = true;
        return false;
    }
    *i = (*tree)->index_of[unit];
    return *i != TREE_NONE;
}

/*
 * The first that is read makes the places, which are those of the measure (RD2): whatever is read
 * first, most units that are read stand there. false: memory is out.
 */
static bool make_places(struct walk *w)
{
    const struct tree_snap *tree = NULL;
    uint32_t i = TREE_NONE;
    if (!w->reads->tree) {
        (void)place_of(w, w->unit, w->day, &tree, &i);
        if (w->full) {
            return false;
        }
        reads_init(w->a, w->reads, w->reads->table, tree, i);
    }
    return true;
}

void walk_resolve(struct walk *w)
{
    struct sheet *s = w->only;
    w->only = NULL;
    if (s && make_places(w)) {
        w->failed = w->failed || !sheet_reads(w->a, s, w->only_at, w->reads);
    }
}

/* Where reads go; NULL: nowhere. */
static struct reads *reads_at(struct walk *w)
{
    if (!w->reads) {
        return NULL;
    }
    walk_resolve(w);
    return make_places(w) ? w->reads : NULL;
}

/* ---- own cells ------------------------------------------------------------------------------ */

static struct mval of_cell(const struct datum *d, const struct cell *c)
{
    struct mval v = d->type != VT_BOOL ? mval_range(c->lo, c->hi)
                    : !c->known        ? mval_truth(T_UNKNOWN)
                                       : mval_truth(rat_is_zero(c->lo) ? T_NO : T_YES);
    v.flags |= c->flags;
    return v;
}

static struct mval item_at(struct walk *w, uint32_t item, uint32_t unit, struct period p,
                           struct reads *r)
{
    struct cell cell = cells_item(w->a, w->k->cells, item, unit, p);
    if (r) {
        uint32_t basis = read_basis(r->table, item, ref_basis_hash(cell.version, cell.point));
        reads_note(r, unit, read_period(r->table, period_code(p)), cell.known, basis);
    }
    return of_cell(&w->k->plan->items[item].d, &cell);
}

static struct mval attr_at(struct walk *w, uint32_t attribute, uint32_t unit, struct moment m,
                           struct reads *r)
{
    struct cell cell = cells_attr(w->k->cells, attribute, unit, m.snapshot);
    if (r && !cell.known) {
        struct period year = {.kind = PERIOD_YEAR, .year = m.year, .index = 1};
        reads_note(r, unit, read_period(r->table, period_code(year)), false, 0);
    }
    return of_cell(&w->k->plan->attributes[attribute].d, &cell);
}

/* A unit that did not stand on the day has no figure (C28). */
static bool stood(struct walk *w, uint32_t unit, struct date day)
{
    const struct tree_snap *then = NULL;
    w->full = w->full || cells_tree(w->k->cells, day, &then) != RC_OK;
    return then && then->index_of[unit] != TREE_NONE;
}

static struct mval periods_at(struct walk *w, const struct expr *x, uint32_t unit, struct moment m,
                              struct reads *r)
{
    const struct item *item = &w->k->plan->items[x->ref];
    struct period all[PERIOD_PER_YEAR];
    int32_t n = period_all_of_year(item->period, m.year, all);
    struct mval sum = mval_none();
    if (item->d.type != VT_NUMBER) {
        return give_up(w);
    }
    for (int32_t k = x->op == EX_YEAR_END && n > 0 ? n - 1 : 0; k < n; k++) {
        if (stood(w, unit, period_snapshot(all[k], item->point))) {
            struct mval v = item_at(w, x->ref, unit, all[k], r);
            sum = sum.kind == MV_NONE ? v : mval_add(w->a, sum, v);
        }
    }
    return sum;
}

static struct mval own_item(struct walk *w, const struct expr *x, uint32_t unit, struct moment m,
                            struct reads *r)
{
    struct period period;
    struct date day;
    if (!moment_of_item(&w->k->plan->items[x->ref], m, &period, &day)) {
        return give_up(w);
    }
    return stood(w, unit, day) ? item_at(w, x->ref, unit, period, r) : nothing(x);
}

static struct mval own(struct walk *w, const struct expr *x, uint32_t unit, struct moment m)
{
    const struct tree_snap *tree;
    uint32_t i;
    if (!place_of(w, unit, m.snapshot, &tree, &i)) {
        return give_up(w);
    }
    struct reads *r = reads_at(w);
    switch ((unsigned)x->op) {
    case EX_ITEM:
        return own_item(w, x, unit, m, r);
    case EX_ATTR:
        return attr_at(w, x->ref, unit, m, r);
    case EX_TITLE:
        return mval_truth(cells_holds(w->k->cells, x->ref, unit, m.snapshot) ? T_YES : T_NO);
    case EX_LIST:
        return w->k->plan->lists[x->ref].predicate != NONE ? give_up(w)
               : cells_listed(w->k->cells, x->ref, unit)   ? mval_truth(T_YES)
                                                           : mval_truth(T_NO);
    default:
        return periods_at(w, x, unit, m, r);
    }
}

/* ---- roll-ups ------------------------------------------------------------------------------- */

/* Notes what a sheet reads at tree index i: while it is all that was read, by name only. */
static void note_sheet(struct walk *w, struct sheet *s, uint32_t i)
{
    bool same = w->only == s && w->only_at == i;
    if (!w->reads || same) {
        return;
    }
    if (!w->only && !w->reads->tree && !s->one_by_one) {
        w->only = s;
        w->only_at = i;
        return;
    }
    struct reads *r = reads_at(w);
    w->failed = w->failed || (r && !sheet_reads(w->a, s, i, r));
}

static struct mval rolled(struct walk *w, struct sheet *s, const struct expr *x, uint32_t unit)
{
    uint32_t i = s->frame->tree->index_of[unit];
    struct mval out;
    if (i == TREE_NONE) {
        return give_up(w);
    }
    note_sheet(w, s, i);
    bool ratio = columns_is_ratio(x);
    if (w->failed || !sheet_value(w->a, s, i, ratio, w->silent, w->silent && w->only == s, &out)) {
        return give_up(w);
    }
    return out;
}

/* ---- time ----------------------------------------------------------------------------------- */

static struct mval shifted(struct walk *w, const struct expr *x, int32_t years, uint32_t unit,
                           struct moment m)
{
    struct moment then;
    const uint32_t *ids = NULL;
    uint32_t n = 0;
    if (!moment_shift(m, years, &then)) {
        return nothing(x);
    }
    const struct tree *t = cells_dataset(w->k->cells)->tree;
    enum tree_past past = tree_past(w->a, t, unit, then.snapshot, m.snapshot, &ids, &n);
    if (past == TREE_PAST_SPLIT || past == TREE_PAST_NEW) {
        return nothing(x); /* C29 */
    }
    return past == TREE_PAST_SAME ? walk_at(w, x->a, unit, then) : give_up(w);
}

static struct mval consecutive(struct walk *w, const struct expr *x, uint32_t unit, struct moment m)
{
    enum truth all = T_YES;
    uint32_t flags = 0;
    for (uint32_t i = 0; i < x->n && !w->failed; i++) {
        struct mval v = i == 0 ? walk_at(w, x->a, unit, m) : shifted(w, x, (int32_t)i, unit, m);
        all = truth_and(all, v.truth == T_NA ? T_NO : v.truth); /* C25 */
        flags |= v.flags;
    }
    struct mval out = mval_truth(all);
    out.flags = flags;
    return out;
}

static struct mval indicator(struct walk *w, const struct expr *x, uint32_t unit, struct moment m)
{
    const struct commitment *c = &w->k->plan->commitments[x->ref];
    const struct definition *d = definition_in_force(c, m.year);
    if (!d) {
        return nothing(x);
    }
    if (c->has_point && !m.sub) {
        m.has_point = true;
        m.point = c->point;
        m.snapshot = time_point_day(c->point, m.year);
    }
    return walk_at(w, d->measure, unit, m);
}

/* ---- operations ----------------------------------------------------------------------------- */

static bool undecided(struct mval x)
{
    return !mval_is_none(x) && !mval_is_known(x);
}

static struct mval arith(struct walk *w, uint32_t e, uint32_t unit, struct moment m)
{
    const struct expr *x = &w->k->plan->exprs[e];
    struct mval a = walk_at(w, x->a, unit, m);
    if (x->op == EX_NEG) {
        return mval_neg(w->a, a);
    }
    struct mval b = walk_at(w, x->b, unit, m);
    struct mval plain = x->op == EX_ADD   ? mval_add(w->a, a, b)
                        : x->op == EX_SUB ? mval_sub(w->a, a, b)
                        : x->op == EX_MUL ? mval_mul(w->a, a, b)
                                          : mval_div(w->a, a, b);
    struct mval sharp;
    if (!undecided(a) || !undecided(b)) {
        return plain;
    }
    if (x->op == EX_DIV && columns_several(w, e, unit, m, plain, &sharp)) {
        return sharp;
    }
    return columns_unrelated(w, e) ? plain : give_up(w); /* both may read one silent cell */
}

static struct mval compare(struct walk *w, uint32_t e, uint32_t unit, struct moment m)
{
    const struct expr *x = &w->k->plan->exprs[e];
    struct mval a = walk_at(w, x->a, unit, m);
    struct mval b = walk_at(w, x->b, unit, m);
    struct mval c = x->op == EX_BETWEEN ? walk_at(w, x->c, unit, m) : mval_none();
    struct mval v = mval_test(w->a, x, a, b, c);
    if (v.truth == T_UNKNOWN && undecided(a) && undecided(b) && !columns_apart(w, e)) {
        return give_up(w); /* such a one is wide */
    }
    return v;
}

/* A side that a decided condition leaves out is not read (C10). */
static struct mval selected(struct walk *w, const struct expr *x, uint32_t unit, struct moment m)
{
    struct mval c = walk_at(w, x->a, unit, m);
    struct mval none = nothing(&w->k->plan->exprs[x->b]);
    bool left = c.truth == T_YES || c.truth == T_UNKNOWN;
    bool right = c.truth == T_NO || c.truth == T_UNKNOWN;
    struct mval a = left ? walk_at(w, x->b, unit, m) : none;
    return mval_if(c, a, right ? walk_at(w, x->c, unit, m) : none);
}

static struct mval operation(struct walk *w, uint32_t e, uint32_t unit, struct moment m)
{
    const struct expr *x = &w->k->plan->exprs[e];
    switch ((unsigned)x->op) {
    case EX_NEG:
    case EX_ADD:
    case EX_SUB:
    case EX_MUL:
    case EX_DIV:
        return arith(w, e, unit, m);
    case EX_NOT:
        return mval_not(walk_at(w, x->a, unit, m));
    case EX_AND:
        return mval_and(walk_at(w, x->a, unit, m), walk_at(w, x->b, unit, m));
    case EX_OR:
        return mval_or(walk_at(w, x->a, unit, m), walk_at(w, x->b, unit, m));
    case EX_IN:
        return mval_choice(walk_at(w, x->a, unit, m), x->choices);
    case EX_IF:
        return selected(w, x, unit, m);
    default:
        return compare(w, e, unit, m);
    }
}

static struct mval step(struct walk *w, uint32_t e, uint32_t unit, struct moment m)
{
    const struct expr *x = &w->k->plan->exprs[e];
    bool joint = x->op == EX_ADD || x->op == EX_SUB || x->op == EX_DIV;
    if (x->op == EX_AGG || joint) {
        struct sheet *s = columns_sheet(w, e, m);
        if (s) {
            return rolled(w, s, x, unit);
        }
        if (x->op == EX_AGG) {
            return give_up(w);
        }
    }
    switch ((unsigned)x->op) {
    case EX_NUM:
        return mval_known(x->num);
    case EX_BOOL:
        return mval_truth(x->flag ? T_YES : T_NO);
    case EX_ITEM:
    case EX_ATTR:
    case EX_TITLE:
    case EX_LIST:
    case EX_WHOLE_YEAR:
    case EX_YEAR_END:
        return own(w, x, unit, m);
    case EX_SHIFT:
        return shifted(w, x, (int32_t)x->n, unit, m);
    case EX_BASELINE:
        return shifted(w, x, m.year - w->k->plan->baseline_year, unit, m);
    case EX_CONSECUTIVE:
        return consecutive(w, x, unit, m);
    case EX_INDICATOR:
        return indicator(w, x, unit, m);
    case EX_FIELD:
    case EX_RANK:
    case EX_DEGREE:
    case EX_PARENT:
        return give_up(w);
    default:
        return operation(w, e, unit, m);
    }
}

struct mval walk_at(struct walk *w, uint32_t e, uint32_t unit, struct moment m)
{
    if (w->failed || w->full || w->depth >= WALK_DEPTH_MAX) {
        return give_up(w);
    }
    w->depth++;
    struct mval v = step(w, e, unit, m);
    w->depth--;
    return v;
}
