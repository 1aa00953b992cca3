/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks judged: the rows of the units, then the rows above them (C07-C10, C12). */
#include "engine/block.h"

#include "base/arena.h"
#include "base/assert.h"
#include "engine/judge_int.h"
#include "engine/region.h"
#include "engine/region_int.h"

/* ---- shares --------------------------------------------------------------------------------- */

static uint32_t bit(enum count k)
{
    return (uint32_t)1 << k;
}

struct share block_share_of(const struct said *x)
{
    static const enum count surely[] = {
        [T_NO] = COUNT_NO, [T_YES] = COUNT_YES, [T_UNKNOWN] = COUNT_OPEN};
    static const enum count maybe[] = {
        [T_NO] = COUNT_MAYBE_NO, [T_YES] = COUNT_MAYBE_YES, [T_UNKNOWN] = COUNT_MAYBE_OPEN};
    static const enum count lights[] = {[LIGHT_GREEN] = COUNT_GREEN,
                                        [LIGHT_AMBER] = COUNT_AMBER,
                                        [LIGHT_RED] = COUNT_RED,
                                        [LIGHT_GREY] = COUNT_GREY};
    struct share s = {.there = true, .reported = x->reported, .expected = x->expected};
    if (x->state == ST_NA || x->holds == T_NA) {
        return s;
    }
    uint32_t counts = bit((x->applies == T_YES ? surely : maybe)[x->holds]);
    counts |= x->state == ST_MISSED ? bit(COUNT_MISSED) : 0;
    counts |= x->state == ST_MET ? bit(COUNT_MET) : 0;
    counts |= (x->flags & VF_PROVISIONAL) != 0 ? bit(COUNT_PROVISIONAL) : 0;
    counts |= (x->flags & VF_DISPUTED) != 0 ? bit(COUNT_DISPUTED) : 0;
    counts |= (x->flags & VF_REVOCABLE) != 0 ? bit(COUNT_REVOCABLE) : 0;
    counts |= x->light != LIGHT_NONE ? bit(lights[x->light]) : 0;
    s.counts = counts;
    return s;
}

struct share block_share(const struct found *f)
{
    if (f->rows.n != 1) {
        return (struct share){.there = false};
    }
    const struct verdict *v = &f->rows.items[0];
    return block_share_of(&(struct said){v->state, v->light, v->flags, v->measure.reported,
                                         v->measure.expected, f->applies, f->holds});
}

/* ---- the row above -------------------------------------------------------------------------- */

static uint32_t counted(const struct tally *t)
{
    uint32_t n = 0;
    for (uint32_t k = COUNT_YES; k <= COUNT_MAYBE_OPEN; k++) {
        n += t->n[k];
    }
    return n;
}

/* Red before amber before grey before green. */
static enum light worst(const struct tally *t)
{
    return t->n[COUNT_RED] > 0     ? LIGHT_RED
           : t->n[COUNT_AMBER] > 0 ? LIGHT_AMBER
           : t->n[COUNT_GREY] > 0  ? LIGHT_GREY
           : t->n[COUNT_OWING] > 0 ? LIGHT_GREY
           : t->n[COUNT_GREEN] > 0 ? LIGHT_GREEN
                                   : LIGHT_NONE;
}

/* Kleene for-all after the deadline; one certain miss decides before it (C09). */
static enum state for_all(const struct tally *t, bool after)
{
    uint32_t n = counted(t);
    if (n == 0 && t->n[COUNT_OWING] == 0) {
        return ST_NA; /* C07 */
    }
    if (t->n[COUNT_MISSED] > 0) {
        return ST_MISSED;
    }
    if (t->n[COUNT_MET] == n && t->n[COUNT_OWING] == 0) {
        return ST_MET;
    }
    return after ? ST_UNKNOWN : ST_PENDING;
}

/* 基本: the share of units that satisfy is at least 1 - t (C12). */
static enum state nearly_all(struct judge *j, const struct tally *t, struct mval share, bool after,
                             struct rat tolerance)
{
    uint32_t n = counted(t);
    struct rat least = rat_sub(j->arena, rat_one(), tolerance);
    if (n + t->n[COUNT_OWING] == 0 || share.kind != MV_NUMBER) {
        return ST_NA;
    }
    enum truth ok = mval_cmp(j->arena, MVAL_GE, share, mval_known(least)).truth;
    if (!after) {
        /* who complies, complies early (C01) */
        bool early = t->n[COUNT_MET] > 0 && t->n[COUNT_MET] >= t->n[COUNT_YES];
        /* Lost for good when too many have missed it, should all the others comply (C01). */
        struct rat best = n > 0 ? rat_frac(n - t->n[COUNT_MISSED], n) : rat_one();
        bool lost = t->n[COUNT_OWING] == 0 && rat_cmp(best, least) < 0;
        return early && ok == T_YES ? ST_MET : lost ? ST_MISSED : ST_PENDING;
    }
    return ok == T_YES ? ST_MET : ok == T_NO ? ST_MISSED : ST_UNKNOWN;
}

/* Whether a row belongs to the base and whether it satisfies: every possible corner (C08, C09). */
static void doubts(struct arena *a, const struct tally *t, struct int_region *g)
{
    static const struct corner_int open[] = {{0, 1, false}, {1, 1, false}};
    static const struct corner_int maybe_yes[] = {{1, 1, false}, {0, 0, false}};
    static const struct corner_int maybe_no[] = {{0, 1, false}, {0, 0, false}};
    static const struct corner_int maybe_open[] = {{0, 1, false}, {1, 1, false}, {0, 0, false}};
    /* Below a unit that owes its roll there may be more units, of either sort (C35). */
    static const struct corner_int owing[] = {{0, 0, false}, {1, 1, true}, {0, 1, true}};
    static const struct {
        enum count k;
        const struct corner_int *corners;
        uint32_t n;
    } kinds[] = {{COUNT_OPEN, open, 2},
                 {COUNT_MAYBE_YES, maybe_yes, 2},
                 {COUNT_MAYBE_NO, maybe_no, 2},
                 {COUNT_MAYBE_OPEN, maybe_open, 3},
                 {COUNT_OWING, owing, 3}};
    for (uint32_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        uint32_t n = t->n[kinds[i].k];
        if (n > 0) {
            struct int_member m = {kinds[i].corners, kinds[i].n, kinds[i].k == COUNT_OWING ? 1 : n};
            vec_push(a, &g->members, m);
        }
    }
}

/* The rare cases in which whole numbers do not answer. */
static void in_rationals(struct arena *a, const struct int_region *g, struct mval *out)
{
    struct region r;
    region_init(&r);
    region_known(a, &r, rat_int((int64_t)g->n), rat_int((int64_t)g->d));
    for (uint32_t i = 0; i < g->members.n; i++) {
        const struct int_member *m = &g->members.items[i];
        for (uint32_t k = 0; k < m->n; k++) {
            const struct corner_int *c = &m->corners[k];
            /* Members that are alike choose alike: they are one that goes as far as all of them. */
            region_corner(a, &r, rat_int(c->n * m->times), rat_int(c->d * m->times), c->ray);
        }
        region_end(&r, a);
    }
    (void)region_ratio(a, &r, out);
}

static struct mval share_that_holds(struct arena *a, const struct tally *t)
{
    uint32_t yes = t->n[COUNT_YES];
    uint32_t decided = yes + t->n[COUNT_NO];
    struct mval v = mval_none();
    if (decided == counted(t) && t->n[COUNT_OWING] == 0) {
        v = decided > 0 ? mval_known(rat_frac(yes, decided)) : v;
    } else {
        struct int_region g = {.n = yes, .d = decided, .den_n = 1, .den_d = 1};
        doubts(a, t, &g);
        if (!int_region_ratio(a, &g, &v)) {
            in_rationals(a, &g, &v);
        }
    }
    v.has_value = decided > 0;
    v.value = decided > 0 ? rat_frac(yes, decided) : rat_zero();
    v.reported = t->reported + t->n[COUNT_FILED];
    v.expected = t->expected + t->n[COUNT_FILED] + t->n[COUNT_OWING];
    return v;
}

struct verdict block_above(struct judge *j, const struct block *b, const struct tally *t,
                           uint32_t unit)
{
    struct verdict v = b->model;
    bool after = b->o.after;
    v.unit = unit;
    v.for_all = true;
    v.measure = share_that_holds(j->arena, t);
    v.state = b->nearly ? nearly_all(j, t, v.measure, after, b->tolerance) : for_all(t, after);
    v.flags = (v.flags & VF_STRIVE) | (t->n[COUNT_PROVISIONAL] > 0 ? VF_PROVISIONAL : 0) |
              (t->n[COUNT_DISPUTED] > 0 ? VF_DISPUTED : 0);
    if (!after && v.state == ST_MET) { /* C01 */
        v.flags |= VF_EARLY | (t->n[COUNT_REVOCABLE] > 0 ? VF_REVOCABLE : 0);
    }
    v.light = v.state == ST_PENDING ? worst(t) : LIGHT_NONE;
    return v;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Units of a list in pre-order, and where each of them stands in the tree. */
struct marked {
    VEC(uint32_t) unit;
    VEC(uint32_t) at;
};

static void mark(struct arena *a, struct marked *m, const struct tree_snap *t, uint32_t unit)
{
    vec_push(a, &m->unit, unit);
    vec_push(a, &m->at, t->index_of[unit]);
}

static uint32_t first_from(const struct marked *m, uint32_t at)
{
    uint32_t lo = 0;
    uint32_t hi = m->at.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (m->at.items[mid] < at) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* Those of a list that stand at or below a node: one stretch of it. */
static uint32_t below(const struct marked *m, const struct tree_snap *t, uint32_t node,
                      const uint32_t **out)
{
    uint32_t from = first_from(m, node);
    *out = m->unit.items ? m->unit.items + from : NULL;
    return first_from(m, t->end[node]) - from;
}

/* What is listed at the rows above (C09). */
struct lists {
    struct marked counter, undecided, owing;
};

static void lists_at(struct arena *a, const struct lists *x, const struct tree_snap *t,
                     uint32_t node, struct verdict *v)
{
    const uint32_t *open = NULL;
    const uint32_t *owing = NULL;
    v->n_counter = below(&x->counter, t, node, &v->counter);
    v->n_undecided = below(&x->undecided, t, node, &open);
    v->undecided = open;
    uint32_t n = below(&x->owing, t, node, &owing);
    if (n > 0) { /* who owes a roll comes first */
        uint32_t *both = ARENA_ARRAY(a, uint32_t, n + v->n_undecided);
        for (uint32_t i = 0; i < n + v->n_undecided; i++) {
            both[i] = i < n ? owing[i] : open[i - n];
        }
        v->undecided = both;
        v->n_undecided += n;
    }
}

static void list_units(struct arena *a, const struct tree_snap *t, const struct unit_ids *units,
                       const struct share *shares, struct lists *x)
{
    for (uint32_t i = 0; i < units->list.n; i++) {
        if ((shares[i].counts & bit(COUNT_MISSED)) != 0) {
            mark(a, &x->counter, t, units->list.items[i]);
        } else if (shares[i].counts != 0 && (shares[i].counts & bit(COUNT_MET)) == 0) {
            mark(a, &x->undecided, t, units->list.items[i]);
        }
    }
    for (uint32_t i = 0; i < units->owing.n; i++) {
        mark(a, &x->owing, t, units->owing.items[i]);
    }
}

static enum rc rows_above(struct judge *j, const struct block *b, const struct share *shares)
{
    const struct tree_snap *t = NULL;
    struct lists lists = {0};
    enum rc rc = judge_tree(j, b->day, &t);
    if (rc != RC_OK || t->n == 0) {
        return rc; /* nobody was there */
    }
    const struct shape *s = shape_for(j->keeps, &j->shapes, t, &b->units);
    struct tally *tallies = judge_room(j, &j->tallies, s->n, sizeof *tallies);
    uint32_t *own = judge_room(j, &j->own, s->n, sizeof *own);
    bool *above = judge_room(j, &j->above, s->n, sizeof *above);
    tallies_count(s, &b->units, shares, tallies, own, above);
    list_units(j->arena, t, &b->units, shares, &lists);
    for (uint32_t x = 0; x < s->n; x++) {
        if (above[x] && own[x] == TREE_NONE) {
            struct verdict v = block_above(j, b, &tallies[x], t->unit[s->node[x]]);
            lists_at(j->arena, &lists, t, s->node[x], &v);
            verdicts_push(j->arena, j->out, &v);
        }
    }
    return RC_OK;
}

enum rc block_one(struct judge *j, const struct block *b, uint32_t i, struct found *f,
                  struct share *share, struct verdict_row *row)
{
    struct arena *kept = j->arena;
    struct arena_mark mark = {0};
    if (!f->rows.items) { /* makes room that lasts */
        vec_push(kept, &f->rows, b->model);
    }
    vec_clear(&f->rows);
    if (j->scratch) {
        j->arena = j->scratch;
        mark = arena_mark(j->scratch);
    }
    enum rc rc = b->unit(j, b, i, f);
    j->arena = kept;
    ASSERT(f->rows.n <= 1);
    *share = rc == RC_OK && f->rows.n == 1 ? block_share(f) : (struct share){.there = false};
    if (share->there) {
        struct verdict v = verdict_dup(kept, &f->rows.items[0]);
        *row = verdict_pack(kept, &v, &j->out->head);
    }
    if (j->scratch) {
        arena_rewind(j->scratch, mark);
    }
    return rc;
}

static enum rc one_unit(struct judge *j, const struct block *b, uint32_t i, struct found *f,
                        struct share *share)
{
    struct verdict_row row;
    if (b->c) {
        enum rc rc = block_one(j, b, i, f, share, &row);
        if (rc == RC_OK && share->there) {
            verdicts_put(j->arena, j->out, row);
        }
        return rc;
    }
    vec_clear(&f->rows);
    enum rc rc = b->unit(j, b, i, f);
    for (uint32_t k = 0; rc == RC_OK && k < f->rows.n; k++) {
        verdicts_push(j->arena, j->out, &f->rows.items[k]);
    }
    *share = rc == RC_OK ? block_share(f) : (struct share){0};
    return rc;
}

/* plain: of a block that is; else NULL. */
static enum rc each_unit(struct judge *j, const struct block *b, struct plain *plain,
                         struct share *shares)
{
    struct found f = {0};
    enum rc rc = RC_OK;
    for (uint32_t i = 0; rc == RC_OK && i < b->units.list.n; i++) {
        struct verdict_row row;
        if (!plain || !judge_plain_row(j, b, plain, i, &row, &shares[i])) {
            rc = one_unit(j, b, i, &f, &shares[i]);
        } else if (shares[i].there) {
            verdicts_put(j->arena, j->out, row);
        }
    }
    return rc;
}

enum rc block_judge(struct judge *j, const struct block *b)
{
    struct share *shares = judge_room(j, &j->shares, b->units.list.n, sizeof *shares);
    struct plain p;
    enum rc rc = RC_OK;
    bool done = false;
    bool plain = judge_plain(j, b, &p);
    if (plain) {
        rc = judge_column(j, b, &p, shares, &done);
    }
    if (rc == RC_OK && !done) {
        rc = each_unit(j, b, plain ? &p : NULL, shares);
    }
    return rc == RC_OK && b->above ? rows_above(j, b, shares) : rc;
}
