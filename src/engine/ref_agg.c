/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates: sums and shares member by member, and ratios of them jointly (C03). */
#include "base/arena.h"
#include "base/buf.h"
#include "engine/linear.h"
#include "engine/ref_int.h"

/* ---- contributions of one member ------------------------------------------------------------ */

static enum truth covered(struct ref *r, uint32_t relation, uint32_t unit, struct moment m)
{
    const uint32_t *partners = NULL;
    const struct tree_snap *t = ref_tree(r, m);
    uint32_t n = cells_partners(r->a, r->cells, relation, unit, m.snapshot, &partners);
    for (uint32_t i = 0; t && i < n; i++) {
        if (t->index_of[partners[i]] != TREE_NONE) {
            return T_YES;
        }
    }
    return T_NO;
}

struct contribution {
    bool decided;
    struct rat n, d;
    uint32_t flags;
};

static struct contribution contribution(struct ref *r, const struct expr *x, struct place at,
                                        struct moment m)
{
    struct contribution c = {.decided = true, .n = rat_zero(), .d = rat_zero()};
    struct mval where = ref_where(r, x, at, m);
    c.flags = where.flags;
    if (where.truth == T_NO || where.truth == T_NA) {
        return c;
    }
    c.decided = where.truth == T_YES;
    c.d = rat_one();
    if (x->agg == AGG_COUNT) {
        c.n = rat_one();
        return c;
    }
    struct mval v;
    if (x->agg == AGG_SHARE) {
        v = ref_eval(r, x->c, at, m);
    } else if (x->agg == AGG_COVER) {
        v = mval_truth(covered(r, x->ref, at.units[0], m));
    } else {
        v = ref_eval(r, x->a, at, m);
    }
    c.flags |= v.flags;
    if (mval_is_none(v)) {
        c.d = rat_zero(); /* leaves the base (C06) */
        return c;
    }
    c.decided = c.decided && mval_is_known(v) && !rat_is_inf(v.lo);
    c.n = v.lo;
    return c;
}

static bool member_pair(struct ref *r, const void *ctx, struct place at, struct moment m,
                        struct rat *n, struct rat *d)
{
    const struct terms *t = ctx;
    *n = rat_zero();
    *d = rat_zero();
    for (uint32_t i = 0; i < t->n; i++) {
        const struct expr *x = &r->plan->exprs[t->items[i].agg];
        struct contribution c = contribution(r, x, at, m);
        if (!c.decided) {
            return false;
        }
        if (agg_is_ratio(x->agg)) {
            *n = c.n;
            *d = c.d;
        } else if (t->items[i].below) {
            *d = rat_add(r->a, *d, rat_mul(r->a, t->items[i].coef, c.n));
        } else {
            *n = rat_add(r->a, *n, rat_mul(r->a, t->items[i].coef, c.n));
        }
    }
    return true;
}

/* Plain bounds of a member with too many silent cells: every combination of the bounds. */
static void loose_member(struct ref *r, const struct terms *t, struct place at, struct moment m,
                         struct region *g)
{
    struct rat lo[2] = {rat_zero(), rat_zero()};
    struct rat hi[2] = {rat_zero(), rat_zero()};
    for (uint32_t i = 0; i < t->n; i++) {
        const struct expr *x = &r->plan->exprs[t->items[i].agg];
        struct mval v =
            x->agg == AGG_SUM ? ref_eval(r, x->a, at, m) : mval_range(rat_zero(), rat_one());
        int side = t->items[i].below;
        if (v.kind != MV_NUMBER) {
            continue;
        }
        struct rat a = rat_min(rat_zero(), v.lo);
        struct rat b = rat_max(rat_zero(), v.hi);
        bool turned = rat_sign(t->items[i].coef) < 0;
        struct rat least = rat_mul(r->a, t->items[i].coef, turned ? b : a);
        struct rat most = rat_mul(r->a, t->items[i].coef, turned ? a : b);
        lo[side] = bound_add(r->a, lo[side], least, false);
        hi[side] = bound_add(r->a, hi[side], most, true);
        if (agg_is_ratio(x->agg)) {
            hi[1] = rat_one();
        }
    }
    bool limitless =
        rat_is_inf(lo[0]) || rat_is_inf(hi[0]) || rat_is_inf(lo[1]) || rat_is_inf(hi[1]);
    if (limitless) {
        region_corner(r->a, g, rat_zero(), rat_zero(), false); /* rays start somewhere */
    }
    for (int k = 0; k < 4; k++) {
        struct rat n = (k & 1) != 0 ? hi[0] : lo[0];
        struct rat d = (k & 2) != 0 ? hi[1] : lo[1];
        bool ray = rat_is_inf(n) || rat_is_inf(d);
        struct rat one = rat_one();
        region_corner(r->a, g,
                      rat_is_inf(n) ? one
                      : ray         ? rat_zero()
                                    : n,
                      rat_is_inf(d) ? one
                      : ray         ? rat_zero()
                                    : d,
                      ray);
    }
    region_end(g, r->a);
}

uint32_t ref_add_member(struct ref *r, const struct terms *t, const struct member *who,
                        struct moment m, struct region *g)
{
    struct place at = ref_member_place(who);
    struct leaves l = {.n = 0};
    struct leaves *collect = r->collect;
    uint32_t flags = 0;
    bool decided = true; /* as n/a is whatever the silent numerator over zero would be (C06) */
    r->collect = &l;
    for (uint32_t i = 0; i < t->n; i++) {
        struct contribution c = contribution(r, &r->plan->exprs[t->items[i].agg], at, m);
        flags |= c.flags;
        decided = decided && c.decided;
    }
    r->collect = collect;
    struct rat n = rat_zero();
    struct rat d = rat_zero();
    bool quiet = r->quiet;
    r->quiet = true;
    bool known = decided && member_pair(r, t, at, m, &n, &d);
    r->quiet = quiet;
    if (known) {
        region_known(r->a, g, n, d);
    } else if (!ref_corners(r, &l, member_pair, t, at, m, g)) {
        loose_member(r, t, at, m, g);
        flags |= MF_WIDE;
    }
    return flags;
}

static uint32_t add_population(struct ref *r, const struct terms *t, struct place at,
                               struct moment m, struct region *g)
{
    const struct expr *first = &r->plan->exprs[t->items[0].agg];
    struct members who = ref_members(r, first, at, m);
    uint32_t flags = 0;
    for (uint32_t i = 0; i < who.list.n; i++) {
        flags |= ref_add_member(r, t, &who.list.items[i], m, g);
    }
    linear_open(r->a, r->cells, t, who.n_open, g);
    return flags;
}

static uint32_t fill(struct ref *r, const struct terms *t, struct place at, struct moment m,
                     struct region *g)
{
    region_init(g);
    region_known(r->a, g, t->n0, t->d0);
    return add_population(r, t, at, m, g);
}

bool ref_joint(struct ref *r, uint32_t e, struct place at, struct moment m, struct mval *out)
{
    const struct expr *x = &r->plan->exprs[e];
    struct terms t;
    struct region g;
    if (at.n == 0 || !linear_joint(r->a, r->plan, e, &t)) {
        return false;
    }
    if (m.by_key && r->plan->exprs[t.items[0].agg].over == OVER_REGISTER) {
        return false; /* keys are counted one by one */
    }
    uint32_t flags = fill(r, &t, at, m, &g);
    if (x->op == EX_DIV) {
        if (!region_ratio(r->a, &g, out)) {
            return false;
        }
    } else {
        *out = region_sum(r->a, &g);
    }
    out->flags |= mval_is_known(*out) ? flags & ~(uint32_t)MF_WIDE : flags;
    return true;
}

bool ref_several(struct ref *r, uint32_t e, struct place at, struct moment m, struct mval *out)
{
    struct terms t;
    struct terms of_one;
    struct region g;
    bool apart;
    bool quiet = r->quiet;
    uint32_t flags = 0;
    if (at.n == 0 || m.by_key || !linear_several(r->a, r->plan, e, m.year, &t, &apart)) {
        return false;
    }
    if (!apart) {
        out->flags |= mval_is_known(*out) ? 0u : (uint32_t)MF_WIDE;
        return true;
    }
    r->quiet = true;
    region_init(&g);
    region_known(r->a, &g, t.n0, t.d0);
    for (uint32_t i = 0; i < t.n; i++) {
        if (linear_population(r->plan, &t, i, &of_one)) {
            flags |= add_population(r, &of_one, at, m, &g);
        }
    }
    r->quiet = quiet;
    struct mval sharp;
    if (!region_ratio(r->a, &g, &sharp)) {
        out->flags |= mval_is_known(*out) ? 0u : (uint32_t)MF_WIDE;
        return true;
    }
    sharp.flags |= mval_is_known(sharp) ? flags & ~(uint32_t)MF_WIDE : flags;
    *out = sharp;
    return true;
}

/* ---- extremes ------------------------------------------------------------------------------- */

/* Declared bounds of a figure; none for what is computed. */
static void bounds_of(const struct plan *p, uint32_t e, struct rat *lo, struct rat *hi)
{
    const struct expr *x = &p->exprs[e];
    const struct datum *d = x->op == EX_ITEM    ? &p->items[x->ref].d
                            : x->op == EX_FIELD ? &p->fields[x->ref].d
                                                : NULL;
    *lo = d ? d->lo : rat_inf(-1);
    *hi = d ? d->hi : rat_inf(1);
}

static struct mval extreme(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    struct members who = ref_members(r, x, at, m);
    bool up = x->agg == AGG_MAX;
    struct rat sure = rat_inf(up ? -1 : 1);  /* of members that certainly belong */
    struct rat reach = rat_inf(up ? -1 : 1); /* the farthest that any may reach */
    struct rat near = rat_inf(up ? 1 : -1);
    bool any = false;
    bool some = false;
    uint32_t flags = 0;
    for (uint32_t i = 0; i < who.list.n; i++) {
        struct place p = ref_member_place(&who.list.items[i]);
        enum truth t = ref_where(r, x, p, m).truth;
        struct mval v = t == T_NO || t == T_NA ? mval_none() : ref_eval(r, x->a, p, m);
        if (v.kind != MV_NUMBER) {
            continue;
        }
        flags |= v.flags;
        some = true;
        any = any || t == T_YES;
        reach = up ? rat_max(reach, v.hi) : rat_min(reach, v.lo);
        near = up ? rat_min(near, v.lo) : rat_max(near, v.hi);
        if (t == T_YES) {
            sure = up ? rat_max(sure, v.lo) : rat_min(sure, v.hi);
        }
    }
    if (who.n_open > 0) { /* a further member may be anywhere within its bounds (C35) */
        struct rat lo;
        struct rat hi;
        bounds_of(r->plan, x->a, &lo, &hi);
        some = true;
        reach = up ? rat_max(reach, hi) : rat_min(reach, lo);
        near = up ? rat_min(near, lo) : rat_max(near, hi);
    }
    if (!some) {
        return mval_none();
    }
    struct rat inner = any ? sure : near;
    struct mval out = up ? mval_range(inner, reach) : mval_range(reach, inner);
    out.flags = flags;
    return out;
}

/* ---- distinct ------------------------------------------------------------------------------- */

/* A value, or the key fields of its register. */
struct str ref_key_of(struct ref *r, const struct expr *x, const struct member *who,
                      struct moment m)
{
    struct str text = STR("");
    if (x->agg != AGG_DISTINCT) {
        const struct reg *g = &r->plan->regs[x->over_ref];
        for (uint32_t i = g->first_field; i < g->first_field + g->n_fields; i++) {
            if (r->plan->fields[i].key) {
                struct cell c = cells_field(r->cells, i, who->row);
                if (!c.known) {
                    return STR("");
                }
                struct str part = c.text.n > 0 ? c.text : rat_frac_str(r->a, c.lo);
                text = str_cat(r->a, str_cat(r->a, text, STR("\x1f")), part);
            }
        }
        return text;
    }
    const struct expr *v = &r->plan->exprs[x->a];
    if (v->op == EX_FIELD && who->row != NONE) {
        struct cell c = cells_field(r->cells, v->ref, who->row);
        return !c.known ? STR("") : c.text.n > 0 ? c.text : rat_frac_str(r->a, c.lo);
    }
    struct mval value = ref_eval(r, x->a, ref_member_place(who), m);
    return value.kind == MV_NUMBER && mval_is_known(value) ? rat_frac_str(r->a, value.lo) : STR("");
}

/* Counting what a sealed field tells apart counts something sealed (C41). */
static uint32_t key_flags(const struct plan *p, const struct expr *x)
{
    bool sealed = false;
    if (x->agg == AGG_DISTINCT) {
        const struct expr *v = &p->exprs[x->a];
        sealed = v->op == EX_FIELD && p->fields[v->ref].d.class_ == CLASS_SEALED;
    } else {
        const struct reg *g = &p->regs[x->over_ref];
        for (uint32_t i = g->first_field; i < g->first_field + g->n_fields; i++) {
            sealed = sealed || (p->fields[i].key && p->fields[i].d.class_ == CLASS_SEALED);
        }
    }
    return sealed ? MF_SEALED : 0;
}

/* Marks of the facts behind a figure (C38, C41), not how its bounds came about. */
static uint32_t marks(uint32_t flags)
{
    return flags & (MF_PROVISIONAL | MF_DISPUTED | MF_SEALED);
}

static struct mval distinct(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    struct members who = ref_members(r, x, at, m);
    uint32_t flags = who.list.n > 0 ? key_flags(r->plan, x) : 0;
    struct map sure = {0};
    struct map possible = {0};
    int64_t nameless = 0;
    bool sure_nameless = false;
    for (uint32_t i = 0; i < who.list.n; i++) {
        const struct member *k = &who.list.items[i];
        struct mval where = ref_where(r, x, ref_member_place(k), m);
        enum truth t = where.truth;
        flags |= marks(where.flags);
        if (t == T_NO || t == T_NA) {
            continue;
        }
        struct str key = ref_key_of(r, x, k, m);
        if (key.n == 0) {
            nameless++;
            sure_nameless = sure_nameless || t == T_YES;
            continue;
        }
        map_put(r->a, &possible, key, 1);
        if (t == T_YES) {
            map_put(r->a, &sure, key, 1);
        }
    }
    int64_t lo = map_len(&sure);
    lo = lo == 0 && sure_nameless ? 1 : lo;
    struct rat hi = rat_int((int64_t)map_len(&possible) + nameless);
    struct mval out = mval_range(rat_int(lo), who.n_open > 0 ? rat_inf(1) : hi);
    out.flags = flags;
    return out;
}

/* ---- variation ------------------------------------------------------------------------------ */

/* CV² = P * Σ(x²/p) / X² - 1; weight 0 drops out (C27). */
static struct mval variation(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    struct members who = ref_members(r, x, at, m);
    struct rat sum_p = rat_zero();
    struct rat sum_x = rat_zero();
    struct rat sum_q = rat_zero();
    bool known = true;
    uint32_t flags = MF_ROOT;
    for (uint32_t i = 0; i < who.list.n; i++) {
        struct place p = ref_member_place(&who.list.items[i]);
        enum truth t = ref_where(r, x, p, m).truth;
        if (t == T_NO || t == T_NA) {
            continue;
        }
        struct mval v = ref_eval(r, x->a, p, m);
        struct mval w = ref_eval(r, x->c, p, m);
        flags |= v.flags | w.flags;
        bool drops = mval_is_none(v) || mval_is_none(w) || (mval_is_known(w) && rat_is_zero(w.lo));
        known = known && (drops || (t == T_YES && mval_is_known(v) && mval_is_known(w)));
        if (drops || !known) {
            continue;
        }
        sum_p = rat_add(r->a, sum_p, w.lo);
        sum_x = rat_add(r->a, sum_x, v.lo);
        sum_q = rat_add(r->a, sum_q, rat_div(r->a, rat_mul(r->a, v.lo, v.lo), w.lo));
    }
    struct mval out = mval_none();
    if (!known || who.n_open > 0) {
        out = mval_range(rat_zero(), rat_inf(1));
        flags |= MF_WIDE;
    } else if (!rat_is_zero(sum_x)) {
        struct rat q = rat_div(r->a, rat_mul(r->a, sum_p, sum_q), rat_mul(r->a, sum_x, sum_x));
        out = mval_known(rat_sub(r->a, q, rat_one()));
    } else {
        return out;
    }
    out.flags = flags;
    return out;
}

/* ---- relations ------------------------------------------------------------------------------ */

static bool below(const struct tree_snap *t, struct place at, uint32_t unit)
{
    uint32_t i = t->index_of[unit];
    for (uint32_t k = 0; i != TREE_NONE && k < at.n; k++) {
        uint32_t top = t->index_of[at.units[k]];
        if (top != TREE_NONE && top <= i && i < t->end[top]) {
            return true;
        }
    }
    return false;
}

/* Pairs of which both partners exist and one stands below the place (C24). */
static struct mval pairs(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    const uint64_t *list = NULL;
    uint32_t n = cells_pairs(r->a, r->cells, x->over_ref, m.snapshot, &list);
    const struct tree_snap *t = ref_tree(r, m);
    int64_t count = 0;
    for (uint32_t i = 0; t && i < n; i++) {
        uint32_t a = (uint32_t)(list[i] >> 32);
        uint32_t b = (uint32_t)list[i];
        bool both = t->index_of[a] != TREE_NONE && t->index_of[b] != TREE_NONE;
        count += both && (below(t, at, a) || below(t, at, b));
    }
    return mval_known(rat_int(count));
}

struct mval ref_degree(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    const uint32_t *partners = NULL;
    const struct tree_snap *t = ref_tree(r, m);
    int64_t lo = 0;
    int64_t hi = 0;
    uint32_t flags = 0;
    if (at.n != 1 || !t || t->index_of[at.units[0]] == TREE_NONE) {
        return mval_none();
    }
    uint32_t n = cells_partners(r->a, r->cells, x->ref, at.units[0], m.snapshot, &partners);
    for (uint32_t i = 0; i < n; i++) {
        if (t->index_of[partners[i]] == TREE_NONE) {
            continue;
        }
        struct mval v =
            x->b == NONE ? mval_truth(T_YES) : ref_eval(r, x->b, ref_unit(&partners[i]), m);
        lo += v.truth == T_YES;
        hi += v.truth == T_YES || v.truth == T_UNKNOWN;
        flags |= marks(v.flags);
    }
    struct mval out = mval_range(rat_int(lo), rat_int(hi));
    out.flags = flags;
    return out;
}

/* 1 + number strictly better; a silent competitor widens the range (C21). */
struct mval ref_rank(struct ref *r, const struct expr *x, struct place at, struct moment m)
{
    const struct tree_snap *t = ref_tree(r, m);
    if (at.n != 1 || !t || t->n == 0) {
        return mval_none();
    }
    struct members who = ref_members(r, x, ref_unit(&t->unit[0]), m);
    struct mval own = ref_eval(r, x->a, at, m);
    int64_t lo = 1;
    int64_t hi = 1;
    bool among = false;
    uint32_t flags = marks(own.flags);
    for (uint32_t i = 0; i < who.list.n; i++) {
        uint32_t unit = who.list.items[i].unit;
        among = among || unit == at.units[0];
        if (unit == at.units[0]) {
            continue;
        }
        struct mval v = ref_eval(r, x->a, ref_unit(&unit), m);
        enum truth better = mval_cmp(r->a, x->flag ? MVAL_LT : MVAL_GT, v, own).truth;
        bool sure = ref_listed_surely(r, x, unit, m);
        lo += better == T_YES && sure;
        hi += better == T_YES || better == T_UNKNOWN;
        flags |= marks(v.flags);
    }
    struct rat most = who.n_open > 0 ? rat_inf(1) : rat_int(hi);
    bool ranked = among && own.kind == MV_NUMBER;
    struct mval out = ranked ? mval_range(rat_int(lo), most) : mval_none();
    out.flags = flags;
    return out;
}

/* ---- all ------------------------------------------------------------------------------------ */

static bool counts_keys(const struct ref *r, const struct expr *x, struct moment m)
{
    if (x->agg != AGG_COUNT || x->over != OVER_REGISTER || !m.by_key) {
        return false;
    }
    const struct reg *g = &r->plan->regs[x->over_ref];
    for (uint32_t i = g->first_field; i < g->first_field + g->n_fields; i++) {
        if (r->plan->fields[i].key) {
            return true;
        }
    }
    return false;
}

struct mval ref_aggregate(struct ref *r, uint32_t e, struct place at, struct moment m)
{
    const struct expr *x = &r->plan->exprs[e];
    struct region g;
    if (x->n > 1) { /* 近 N年 */
        m.since_year = m.year - (int32_t)x->n + 1;
    }
    if (x->agg == AGG_DAYS) {
        return ref_days(r, x, at, m);
    }
    if (x->over == OVER_RELATION) {
        return pairs(r, x, at, m);
    }
    if (x->agg == AGG_DISTINCT || counts_keys(r, x, m)) {
        return distinct(r, x, at, m);
    }
    if (x->agg == AGG_CV) {
        return variation(r, x, at, m);
    }
    if (x->agg == AGG_MAX || x->agg == AGG_MIN) {
        return extreme(r, x, at, m);
    }
    struct terms t = linear_alone(e);
    uint32_t flags = fill(r, &t, at, m, &g);
    struct mval out;
    if (x->agg == AGG_SUM || x->agg == AGG_COUNT) {
        out = region_sum(r->a, &g);
    } else if (!region_ratio(r->a, &g, &out)) {
        out = mval_range(rat_inf(-1), rat_inf(1));
        flags |= MF_WIDE;
    }
    out.flags |= mval_is_known(out) ? flags & ~(uint32_t)MF_WIDE : flags;
    return out;
}
