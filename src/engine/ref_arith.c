/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic: jointly over populations where that is sharp, corner by corner at one unit, and plain
 * intervals elsewhere (C03). */
#include "base/arena.h"
#include "engine/ref_int.h"
#include "engine/ref_memo.h"

/* Stands for a bound that is only approached. Larger than any figure or threshold (10^15). */
static struct rat large(struct ref *r, int64_t times)
{
    struct rat e15 = rat_int(1000000000000000);
    return rat_mul(r->a, rat_int(times), rat_mul(r->a, e15, e15));
}

/* Values a leaf takes: its bounds, and those beside thresholds. */
static uint32_t n_values(const struct leaf *f)
{
    return f->n_options > 0 ? f->n_options : 2 + f->n_inner;
}

static uint32_t n_choices(const struct leaves *l)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < l->n && n <= REF_CHOICES_MAX; i++) {
        n *= n_values(&l->items[i]);
    }
    return n;
}

/* The leaves by the digits of the choice; true when one goes on without limit. */
static bool set_leaves(struct ref *r, struct leaves *l, uint32_t choice, int64_t times)
{
    bool on = false;
    for (uint32_t i = 0; i < l->n; i++) {
        struct leaf *f = &l->items[i];
        uint32_t k = choice % n_values(f);
        choice /= n_values(f);
        bool limitless = f->n_options == 0 && k == 1 && rat_is_inf(f->hi);
        f->at = f->n_options > 0 ? rat_int(k)
                : k == 0         ? f->lo
                : k > 1          ? f->inner[k - 2]
                : limitless      ? large(r, times)
                                 : f->hi;
        on = on || limitless;
    }
    return on;
}

/* Whether a figure is the one that checks of a plan year read. */
static bool read_in(const struct ref *r, const struct leaf *f, int32_t year)
{
    const struct item *item = &r->plan->items[f->id];
    struct period p;
    struct date day;
    return period_of_plan_year(item->period, item->point, year, &p, &day) &&
           period_code(p) == f->period;
}

/* Hard checks hold within a plan year, also between figures of a year and of a school year. */
static bool same_year(const struct ref *r, const struct leaf *part, const struct leaf *whole)
{
    if (part->period == whole->period) {
        return true;
    }
    const struct item *item = &r->plan->items[part->id];
    int32_t year = period_plan_year(period_of_code(part->period), item->point);
    return read_in(r, part, year) && read_in(r, whole, year);
}

/* A silent part and its silent whole (C05): part <= whole at every corner. */
static bool is_tie(struct ref *r, const struct leaf *part, const struct leaf *whole)
{
    return part->tag == LEAF_ITEM && whole->tag == LEAF_ITEM && part->who == whole->who &&
           part->id != whole->id && same_year(r, part, whole) &&
           cells_tied(r->a, r->cells, part->id, whole->id, r->plan->items[part->id].kind);
}

/*
 * Moves a corner that breaks a tie onto the line part = whole: to its far end, or with `near` to
 * its near end. true when there was anything to move.
 */
static bool mend_ties(struct ref *r, struct leaves *l, bool near)
{
    bool moved = false;
    for (uint32_t i = 0; i < l->n; i++) {
        for (uint32_t k = 0; k < l->n; k++) {
            struct leaf *part = &l->items[i];
            struct leaf *whole = &l->items[k];
            if (i == k || rat_cmp(part->at, whole->at) <= 0 || !is_tie(r, part, whole)) {
                continue;
            }
            bool fits = rat_is_inf(whole->hi) || rat_cmp(part->at, whole->hi) <= 0;
            if (fits && !near) {
                whole->at = part->at;
            } else {
                part->at = rat_max(whole->at, part->lo);
                whole->at = rat_max(whole->at, part->at);
            }
            moved = true;
        }
    }
    return moved;
}

static bool one_corner(struct ref *r, struct leaves *l, uint32_t choice, bool near, ref_pair_fn fn,
                       const void *ctx, struct place at, struct moment m, struct region *g)
{
    struct rat n;
    struct rat d;
    bool on = set_leaves(r, l, choice, 1);
    if (!mend_ties(r, l, near) && near) {
        return true; /* the same corner as before */
    }
    if (!fn(r, ctx, at, m, &n, &d)) {
        return false;
    }
    if (on) {
        struct rat n2;
        struct rat d2;
        (void)set_leaves(r, l, choice, 2);
        (void)mend_ties(r, l, near);
        if (!fn(r, ctx, at, m, &n2, &d2)) {
            return false;
        }
        n2 = rat_sub(r->a, n2, n);
        d2 = rat_sub(r->a, d2, d);
        if (!rat_is_zero(n2) || !rat_is_zero(d2)) {
            region_corner(r->a, g, n2, d2, true);
            return true;
        }
    }
    region_corner(r->a, g, n, d, false);
    return true;
}

bool ref_corners(struct ref *r, struct leaves *l, ref_pair_fn fn, const void *ctx, struct place at,
                 struct moment m, struct region *g)
{
    if (l->n > REF_CORNERS_MAX || n_choices(l) > REF_CHOICES_MAX) {
        return false;
    }
    uint32_t n = n_choices(l);
    for (uint32_t i = 0; i < l->n; i++) {
        if (rat_is_inf(l->items[i].lo)) {
            return false;
        }
    }
    uint32_t before = g->corners.n;
    struct leaves *collect = r->collect;
    const struct leaves *set = r->set;
    bool quiet = r->quiet;
    bool ok = true;
    r->collect = NULL;
    r->quiet = true;
    r->set = l;
    for (uint32_t choice = 0; ok && choice < n; choice++) {
        ok = one_corner(r, l, choice, false, fn, ctx, at, m, g) &&
             one_corner(r, l, choice, true, fn, ctx, at, m, g);
    }
    r->set = set;
    r->quiet = quiet;
    r->collect = collect;
    if (!ok) {
        g->corners.n = before;
        return false;
    }
    region_end(g, r->a);
    return true;
}

bool ref_share_silent(struct ref *r, uint32_t x, uint32_t y, struct place at, struct moment m)
{
    struct map_u64 left = {0};
    struct map_u64 right = {0};
    struct map_u64 *outer = r->probe;
    struct leaves *collect = r->collect;
    bool quiet = r->quiet;
    if (outer) {
        return false; /* asked once, for the outermost operation */
    }
    r->quiet = true;
    r->collect = NULL;
    r->probe = &left;
    (void)ref_eval(r, x, at, m);
    r->probe = &right;
    (void)ref_eval(r, y, at, m);
    r->probe = NULL;
    r->collect = collect;
    r->quiet = quiet;
    for (uint32_t i = 0; i < map_u64_len(&left); i++) {
        if (map_u64_get(&right, left.entries[i].key, NULL)) {
            return true;
        }
    }
    return false;
}

/* ---- one unit ------------------------------------------------------------------------------- */

static struct mval combine(struct ref *r, enum expr_op op, struct mval a, struct mval b)
{
    switch ((unsigned)op) {
    case EX_ADD:
        return mval_add(r->a, a, b);
    case EX_SUB:
        return mval_sub(r->a, a, b);
    case EX_MUL:
        return mval_mul(r->a, a, b);
    default:
        return mval_div(r->a, a, b);
    }
}

/* n and d of a node at a corner: both sides of a division, or the node and 1. */
static bool node_pair(struct ref *r, const void *ctx, struct place at, struct moment m,
                      struct rat *n, struct rat *d)
{
    const struct expr *x = ctx;
    struct mval a = ref_eval(r, x->a, at, m);
    struct mval b = ref_eval(r, x->b, at, m);
    if (x->op != EX_DIV) {
        a = combine(r, x->op, a, b);
        b = mval_known(rat_one());
    }
    if (a.kind != MV_NUMBER || b.kind != MV_NUMBER || !mval_is_known(a) || !mval_is_known(b) ||
        rat_is_inf(a.lo) || rat_is_inf(b.lo) || ((a.flags | b.flags) & MF_ROOT) != 0) {
        return false;
    }
    *n = a.lo;
    *d = b.lo;
    return true;
}

/* Two undecided nodes may depend on each other. */
static bool independent(const struct leaves *l)
{
    uint32_t nodes = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        nodes += l->items[i].tag == LEAF_NODE;
    }
    return nodes <= 1;
}

/* What both sides leave undecided. */
static struct leaves silent_of(struct ref *r, const struct expr *x, struct place at,
                               struct moment m)
{
    struct leaves l = {.n = 0};
    struct leaves *collect = r->collect;
    bool quiet = r->quiet;
    r->collect = &l;
    r->quiet = true;
    (void)ref_eval(r, x->a, at, m);
    (void)ref_eval(r, x->b, at, m);
    r->quiet = quiet;
    r->collect = collect;
    return l;
}

static bool has_tie(struct ref *r, const struct leaves *l)
{
    for (uint32_t i = 0; i < l->n; i++) {
        for (uint32_t k = 0; k < l->n; k++) {
            if (i != k && is_tie(r, &l->items[i], &l->items[k])) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the two sides depend on each other: by a silent cell of both, or by a check (C05). */
static bool related(struct ref *r, const struct expr *x, const struct leaves *l, struct place at,
                    struct moment m)
{
    return has_tie(r, l) || ref_share_silent(r, x->a, x->b, at, m);
}

static bool by_corners(struct ref *r, const struct expr *x, struct leaves *l, struct place at,
                       struct moment m, struct mval *out)
{
    struct region g;
    region_init(&g);
    if (!independent(l) || !ref_corners(r, l, node_pair, x, at, m, &g)) {
        return false;
    }
    if (x->op == EX_DIV) {
        return region_ratio(r->a, &g, out);
    }
    *out = region_sum(r->a, &g);
    return true;
}

static struct memo_answer complete(struct ref *r, const struct expr *x, struct place at,
                                   struct moment m)
{
    struct memo_answer out = {.outcome = MEMO_PLAIN, .sharp = mval_none()};
    struct leaves l = silent_of(r, x, at, m);
    if (related(r, x, &l, at, m)) {
        out.outcome = by_corners(r, x, &l, at, m, &out.sharp) ? MEMO_SHARP : MEMO_WIDE;
    }
    return out;
}

static struct memo_answer completed(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    const struct expr *x = &r->plan->exprs[e];
    struct memo_key key;
    if (!memo_key_of(r, e, at, m, &key)) {
        return complete(r, x, at, m);
    }
    const struct memo_answer *before = memo_find(r->memo, &key);
    if (before) {
        return *before;
    }
    struct memo_answer out = complete(r, x, at, m);
    if (!r->failed) {
        memo_keep(r->memo, &key, &out);
    }
    return out;
}

struct mval ref_arith(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    const struct expr *x = &r->plan->exprs[e];
    struct mval joint;
    if (x->op == EX_NEG) {
        return mval_neg(r->a, ref_eval(r, x->a, at, m));
    }
    if (ref_joint(r, e, at, m, &joint)) {
        return joint;
    }
    struct mval a = ref_eval(r, x->a, at, m);
    struct mval b = ref_eval(r, x->b, at, m);
    struct mval plain = combine(r, x->op, a, b);
    bool open =
        a.kind == MV_NUMBER && b.kind == MV_NUMBER && !mval_is_known(a) && !mval_is_known(b);
    if (!open || r->set || r->probe || ref_several(r, e, at, m, &plain)) {
        return plain;
    }
    struct memo_answer c = completed(r, e, at, m);
    if (c.outcome == MEMO_SHARP) {
        c.sharp.flags |= plain.flags;
        return c.sharp;
    }
    plain.flags |= c.outcome == MEMO_PLAIN || mval_is_known(plain) ? 0u : (uint32_t)MF_WIDE;
    return plain;
}
