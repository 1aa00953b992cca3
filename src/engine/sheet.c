/* SPDX-License-Identifier: Apache-2.0 */
/* Contributions of all members, and their sums over ranges. */
#include "engine/sheet.h"

#include "base/arena.h"
#include "engine/batch.h"
#include "engine/ref.h"

static const struct expr *term_expr(const struct sheet *s, uint32_t k)
{
    return &cells_plan(s->cells)->exprs[s->terms.items[k].agg];
}

/* What a term adds up: an expression, or NONE for a plain count. */
static uint32_t summed(const struct expr *x)
{
    return x->agg == AGG_SHARE ? x->c : x->agg == AGG_COUNT || x->agg == AGG_COVER ? NONE : x->a;
}

static bool by_kernels(const struct plan *p, const struct terms *t)
{
    for (uint32_t k = 0; k < t->n; k++) {
        const struct expr *x = &p->exprs[t->items[k].agg];
        bool rows = x->over == OVER_REGISTER;
        if (!batch_can(p, x->b, rows) || !batch_can(p, summed(x), rows)) {
            return false;
        }
    }
    return true;
}

static bool sheet_can(const struct plan *p, const struct terms *t, struct moment m)
{
    const struct expr *first = &p->exprs[t->items[0].agg];
    for (uint32_t k = 0; k < t->n; k++) {
        enum agg_op op = p->exprs[t->items[k].agg].agg;
        if (op != AGG_SUM && op != AGG_COUNT && !agg_is_ratio(op)) {
            return false;
        }
    }
    bool rows = first->over == OVER_REGISTER;
    /* Keys are counted one by one; rows of a span, also of 近 N年, stand in several trees (C17). */
    bool special =
        rows && (m.by_key || m.category_field != NONE || m.since_year != m.year || first->n > 1);
    return !special && frame_can(p, first->over, first->over_ref) && (!rows || by_kernels(p, t));
}

/* ---- by kernels ----------------------------------------------------------------------------- */

/* Sums of fractions do not stay small: such members are added one by one. */
static void loosen_fractions(const struct kcol *v, uint32_t n, const uint8_t *counts, uint8_t *open)
{
    for (uint32_t i = 0; v->y && i < n; i++) {
        open[i] |= counts[i] != 0 && v->t[i] == T_YES;
    }
}

static void add_flags(struct arena *a, struct sheet *s, const uint8_t *flags)
{
    if (!flags) {
        return;
    }
    if (!s->flags) {
        s->flags = ARENA_ARRAY(a, uint8_t, s->frame.n);
    }
    for (uint32_t i = 0; i < s->frame.n; i++) {
        s->flags[i] |= flags[i];
    }
}

/* What the members that count contribute. */
static bool values(struct column_place *p, const struct expr *x, struct moment m, struct kcol *out)
{
    if (x->agg == AGG_COVER) {
        *out = column_covered(p, x->ref, m.snapshot);
        return true;
    }
    uint32_t e = summed(x);
    return e == NONE ? kern_number(p->k, rat_one(), out) : batch_run(p, e, m, out);
}

/* Contributions of the members in the base, as integers; truths are 0 and 1. */
static void contribute(struct arena *a, struct sheet *s, uint32_t k, const struct kcol *v,
                       const uint8_t *counts)
{
    struct term_column *c = &s->columns[k];
    bool base = agg_is_ratio(term_expr(s, k)->agg);
    c->den = v->den;
    c->x = ARENA_ARRAY(a, int64_t, s->frame.n);
    c->counted = base ? ARENA_ARRAY(a, uint8_t, s->frame.n) : NULL;
    for (uint32_t i = 0; i < s->frame.n; i++) {
        bool in = counts[i] != 0 && v->t[i] != T_NA;
        int64_t x = v->is_bool ? v->t[i] == T_YES : v->x[i];
        c->x[i] = in ? x : 0;
        if (base) {
            c->counted[i] = in;
        }
    }
}

static bool fill_term(struct arena *a, struct sheet *s, uint32_t k, uint8_t *open)
{
    const struct expr *x = term_expr(s, k);
    struct kern kern = {a, s->frame.n, open};
    struct column_place p = {&kern, s->cells, &s->frame, NULL, &s->reads};
    struct kcol where;
    struct kcol v;
    uint8_t *counts = ARENA_ARRAY(a, uint8_t, s->frame.n);
    if (x->b == NONE) {
        where = kern_truth(&kern, T_YES);
    } else if (!batch_run(&p, x->b, s->moment, &where)) {
        return false;
    }
    for (uint32_t i = 0; i < s->frame.n; i++) {
        counts[i] = where.t[i] == T_YES && open[i] == 0;
    }
    p.active = counts;
    if (!values(&p, x, s->moment, &v)) {
        return false;
    }
    if (v.flags) { /* of those that count alone */
        for (uint32_t i = 0; i < s->frame.n; i++) {
            v.flags[i] = counts[i] != 0 ? v.flags[i] : 0;
        }
    }
    loosen_fractions(&v, s->frame.n, counts, open);
    contribute(a, s, k, &v, counts);
    add_flags(a, s, where.flags);
    add_flags(a, s, v.flags);
    return true;
}

/* ---- members outside the columns ------------------------------------------------------------ */

static void out_of_columns(struct sheet *s, uint32_t i)
{
    for (uint32_t k = 0; k < s->terms.n; k++) {
        s->columns[k].x[i] = 0;
        if (s->columns[k].counted) {
            s->columns[k].counted[i] = 0;
        }
    }
}

static void keep_member(struct arena *a, struct sheet *s, uint32_t i, const struct region *g,
                        uint32_t flags)
{
    struct loose_member x = {.member = i,
                             .corner_from = s->corners.n,
                             .n = rat_dup(a, g->n),
                             .d = rat_dup(a, g->d),
                             .flags = flags};
    for (uint32_t k = 0; k < g->corners.n; k++) {
        vec_push(a, &s->corners, g->corners.items[k]);
    }
    x.corner_to = s->corners.n;
    vec_push(a, &s->loose, x);
}

static enum rc complete(struct arena *a, struct sheet *s, uint32_t i)
{
    struct region g;
    struct ref_reads reads;
    uint32_t unit = s->frame.tree->unit[s->frame.at[i]];
    uint32_t row = s->frame.row ? s->frame.row[i] : NONE;
    region_init(&g);
    enum rc rc = ref_complete(s->ref, a, &s->terms, unit, row, s->moment, &g, &reads);
    if (rc == RC_OK) {
        reads_note_ref(&s->reads, &reads);
        keep_member(a, s, i, &g, reads.flags);
    }
    return rc;
}

/* Numerator and denominator of a member, evaluated by itself. */
static bool pair_at(struct arena *a, const struct sheet *s, uint32_t i, struct reads *reads,
                    const struct reads *silent, const struct sheet_source *source, struct rat *n,
                    struct rat *d, uint32_t *flags)
{
    uint32_t unit = s->frame.tree->unit[s->frame.at[i]];
    *n = rat_zero();
    *d = rat_zero();
    for (uint32_t k = 0; k < s->terms.n; k++) {
        const struct expr *x = term_expr(s, k);
        struct mval where = mval_truth(T_YES);
        struct mval v = mval_known(rat_one());
        if (x->b != NONE &&
            !source->at(source->ctx, x->b, unit, s->moment, reads, silent, &where)) {
            return false;
        }
        *flags |= where.flags;
        if (where.truth != T_YES) {
            continue;
        }
        uint32_t e = summed(x);
        if (x->agg == AGG_COVER ||
            (e != NONE && !source->at(source->ctx, e, unit, s->moment, reads, silent, &v))) {
            return false;
        }
        *flags |= v.flags;
        if (mval_is_none(v)) {
            continue; /* leaves the base (C06) */
        }
        if (rat_is_inf(v.lo)) {
            return false;
        }
        if (agg_is_ratio(x->agg)) {
            *n = v.lo;
            *d = rat_one();
        } else {
            struct rat *side = s->terms.items[k].below ? d : n;
            *side = rat_add(a, *side, rat_mul(a, s->terms.items[k].coef, v.lo));
        }
    }
    return true;
}

static enum rc fill_one_by_one(struct arena *a, struct sheet *s, const struct sheet_source *source)
{
    for (uint32_t i = 0; i < s->frame.n; i++) {
        struct region g;
        struct rat n;
        struct rat d;
        uint32_t flags = 0;
        region_init(&g);
        if (pair_at(a, s, i, &s->reads, NULL, source, &n, &d, &flags)) {
            region_known(a, &g, n, d);
            keep_member(a, s, i, &g, flags);
        } else if (complete(a, s, i) != RC_OK) {
            return RC_LIMIT;
        }
    }
    return RC_OK;
}

/* ---- registers that must be filed ----------------------------------------------------------- */

/* Open until every period of the year has been filed (C35); a pair for each. */
static bool is_open(struct sheet *s, const struct reg *g, uint32_t reg, uint32_t i)
{
    struct moment m = s->moment;
    struct period all[PERIOD_PER_YEAR];
    bool one = m.sub && m.period.kind == g->filing;
    int32_t n = one ? 1 : period_all_of_year(g->filing, m.year, all);
    bool open = false;
    if (one) {
        all[0] = m.period;
    }
    for (int32_t k = 0; k < n; k++) {
        bool nil = false;
        bool filed = cells_filed(s->cells, reg, s->frame.tree->unit[i], all[k], &nil);
        uint32_t bit = reads_period(&s->reads, period_code(all[k]));
        reads_note(&s->reads, i, bit, filed, 0);
        open = open || !filed;
    }
    return open;
}

/* Rolls that the unit owes and has not filed (C35); a pair for each. */
static uint32_t unfiled_rolls(struct sheet *s, const uint32_t *rolls, uint32_t n, uint32_t i)
{
    const struct tree_snap *t = s->frame.tree;
    uint32_t open = 0;
    for (uint32_t k = 0; k < n; k++) {
        struct period period;
        if (plan_owes_roll(cells_plan(s->cells), rolls[k], t->kind[i])) {
            bool filed =
                cells_roll_filed(s->cells, rolls[k], t->unit[i], s->moment.snapshot, &period);
            uint32_t bit = reads_period(&s->reads, period_code(period));
            reads_note(&s->reads, i, bit, filed, 0);
            open += !filed;
        }
    }
    return open;
}

/* Where there may be members that nobody has filed. */
static void count_open(struct arena *a, struct sheet *s)
{
    const struct plan *p = cells_plan(s->cells);
    const struct tree_snap *t = s->frame.tree;
    const struct expr *x = term_expr(s, 0);
    const struct reg *g = x->over == OVER_REGISTER ? &p->regs[x->over_ref] : NULL;
    uint32_t kind = g ? g->owner_kind : x->over == OVER_KIND ? x->over_ref : NONE;
    uint32_t rolls[PLAN_ROLLS_MAX];
    uint32_t n_rolls = kind != NONE ? plan_rolls(p, kind, rolls) : 0;
    if (n_rolls == 0 && (!g || !g->filed)) {
        return;
    }
    uint32_t *before = ARENA_ARRAY(a, uint32_t, (size_t)t->n + 1);
    for (uint32_t i = 0; i < t->n; i++) {
        bool owner = g && g->filed && (kind == NONE || plan_is_a(p, t->kind[i], kind));
        before[i + 1] = before[i] + unfiled_rolls(s, rolls, n_rolls, i) +
                        (owner && is_open(s, g, x->over_ref, i));
    }
    s->n_open = before;
}

/* ---- making --------------------------------------------------------------------------------- */

static enum rc fill_columns(struct arena *a, struct sheet *s, bool *can)
{
    uint8_t *open = ARENA_ARRAY(a, uint8_t, s->frame.n);
    for (uint32_t k = 0; k < s->terms.n; k++) {
        if (!fill_term(a, s, k, open)) {
            *can = false;
            return RC_OK;
        }
    }
    for (uint32_t i = 0; i < s->frame.n; i++) {
        if (open[i] != 0) {
            out_of_columns(s, i);
            if (complete(a, s, i) != RC_OK) {
                return RC_LIMIT;
            }
        }
    }
    return RC_OK;
}

enum rc sheet_make(struct arena *a, struct cells *c, const struct evaluator *ref,
                   const struct terms *t, struct moment m, const struct sheet_source *source,
                   struct sheet *out, bool *can)
{
    const struct plan *p = cells_plan(c);
    const struct expr *first = &p->exprs[t->items[0].agg];
    *can = sheet_can(p, t, m);
    if (!*can) {
        return RC_OK;
    }
    *out = (struct sheet){.cells = c, .ref = ref, .terms = *t, .moment = m};
    enum rc rc = frame_make(a, c, first->over, first->over_ref, m, &out->frame);
    if (rc != RC_OK || out->frame.tree->n == 0) {
        *can = rc == RC_OK ? false : *can;
        return rc;
    }
    reads_init(a, &out->reads, out->frame.tree, 0);
    count_open(a, out);
    out->one_by_one = !by_kernels(p, t);
    rc = out->one_by_one ? fill_one_by_one(a, out, source) : fill_columns(a, out, can);
    *can = *can && !out->reads.full;
    return rc;
}

/* ---- at a unit ------------------------------------------------------------------------------ */

static struct rat scaled(struct arena *a, i128 sum, int64_t den, struct rat coef)
{
    return rat_mul(a, rat_make(a, sum, den), coef);
}

/* Sums of members [from, to) that are known, without those who are silent elsewhere. */
static void add_columns(struct arena *a, const struct sheet *s, uint32_t from, uint32_t to,
                        const struct reads *silent, struct rat *n, struct rat *d)
{
    for (uint32_t k = 0; k < s->terms.n; k++) {
        const struct term_column *c = &s->columns[k];
        i128 sum = kern_sum(c->x, from, to);
        int64_t base = c->counted ? kern_count(c->counted, from, to) : 0;
        for (uint32_t i = from; silent && i < to; i++) {
            if (reads_is_silent(silent, s->frame.at[i])) {
                sum -= c->x[i];
                base -= c->counted && c->counted[i] != 0;
            }
        }
        struct rat x = scaled(a, sum, c->den, s->terms.items[k].coef);
        bool below = s->terms.items[k].below;
        *n = below ? *n : rat_add(a, *n, x);
        *d = below ? rat_add(a, *d, x) : c->counted ? rat_add(a, *d, rat_int(base)) : *d;
    }
}

/* First loose member at or after a member. */
static uint32_t loose_from(const struct sheet *s, uint32_t member)
{
    uint32_t lo = 0;
    uint32_t hi = s->loose.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->loose.items[mid].member < member) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static bool add_loose(struct arena *a, const struct sheet *s, const struct loose_member *x,
                      const struct reads *silent, const struct sheet_source *source,
                      struct region *g)
{
    /* What lies below a member may have silent units of its own: it is asked anew. */
    if (silent && s->one_by_one) {
        struct rat n;
        struct rat d;
        uint32_t flags = 0;
        if (!pair_at(a, s, x->member, NULL, silent, source, &n, &d, &flags)) {
            return false;
        }
        region_known(a, g, n, d);
        return true;
    }
    if (x->corner_from == x->corner_to) {
        region_known(a, g, x->n, x->d);
        return true;
    }
    for (uint32_t k = x->corner_from; k < x->corner_to; k++) {
        const struct corner *c = &s->corners.items[k];
        region_corner(a, g, c->n, c->d, c->ray);
    }
    region_end(g, a);
    return true;
}

bool sheet_region(struct arena *a, const struct sheet *s, uint32_t i, const struct reads *silent,
                  const struct sheet_source *source, struct region *g, uint32_t *flags)
{
    uint32_t from = s->frame.first[i];
    uint32_t to = s->frame.first[s->frame.tree->end[i]];
    region_init(g);
    struct rat n = s->terms.n0;
    struct rat d = s->terms.d0;
    if (!s->one_by_one) {
        add_columns(a, s, from, to, silent, &n, &d);
    }
    region_known(a, g, n, d);
    *flags = 0;
    for (uint32_t k = from; s->flags && k < to; k++) {
        *flags |= s->flags[k];
    }
    for (uint32_t k = loose_from(s, from); k < s->loose.n && s->loose.items[k].member < to; k++) {
        const struct loose_member *x = &s->loose.items[k];
        *flags |= x->flags;
        if (silent && reads_is_silent(silent, s->frame.at[x->member])) {
            continue;
        }
        if (!add_loose(a, s, x, silent, source, g)) {
            return false;
        }
    }
    if (s->n_open && !silent) { /* whoever has not filed is silent */
        uint32_t open = s->n_open[s->frame.tree->end[i]] - s->n_open[i];
        linear_open(a, s->cells, &s->terms, open, g);
    }
    return true;
}
