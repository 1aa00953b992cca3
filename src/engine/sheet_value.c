/* SPDX-License-Identifier: Apache-2.0 */
/* What a sheet answers: known sums and the corners of the others, through whole numbers where they
 * fit. */
#include "base/arena.h"
#include "engine/ref.h"
#include "engine/sheet.h"
#include "model/figures.h"

/* A question at work. */
struct ask {
    struct arena *a;
    struct sheet *s;
    uint32_t i; /* tree index */
    bool ratio;
    const struct reads *silent;
    bool alone; /* who is silent is told by the loose member itself */
    struct sheet_node node;
};

static uint32_t loose_end(const struct ask *q)
{
    return q->s->frame->first[q->s->frame->tree->end[q->i]];
}

static bool left_out(const struct ask *q, const struct loose_member *x)
{
    const struct frame *f = q->s->frame;
    return q->silent && (q->alone ? x->reads.silent != 0
                                  : reads_is_silent(q->silent, f->tree->unit[f->at[x->member]]));
}

/* Rolls and registers not filed below: whoever has not filed is silent. */
static uint32_t open_below(const struct ask *q)
{
    const struct sheet *s = q->s;
    return q->silent        ? 0
           : s->open_before ? s->open_before[s->frame->tree->end[q->i]] - s->open_before[q->i]
                            : q->node.open;
}

/* ---- in whole numbers ----------------------------------------------------------------------- */

/* The corners of a member nobody has filed, as integers. */
static bool open_member(const struct ask *q, uint32_t times, struct int_region *out)
{
    struct region g;
    struct corner_int *corners;
    region_init(&g);
    linear_open(q->a, q->s->cells, &q->s->terms, 1, &g);
    corners = ARENA_ARRAY(q->a, struct corner_int, g.corners.n);
    for (uint32_t k = 0; k < g.corners.n; k++) {
        const struct corner *c = &g.corners.items[k];
        corners[k].ray = c->ray;
        if (!figure_scaled(c->n, q->s->den[0], &corners[k].n) ||
            !figure_scaled(c->d, q->s->den[1], &corners[k].d)) {
            return false;
        }
    }
    vec_push(q->a, &out->members, (struct int_member){corners, g.corners.n, times});
    return true;
}

static bool by_integers(const struct ask *q, struct mval *out, uint32_t *flags)
{
    const struct sheet *s = q->s;
    struct int_region g = {.n = q->node.sum[0],
                           .d = q->node.sum[1] + q->node.counted * (i128)s->den[1],
                           .den_n = s->den[0],
                           .den_d = s->den[1]};
    uint32_t open = open_below(q);
    if (s->one_by_one || !rat_is_zero(s->terms.n0) || !rat_is_zero(s->terms.d0)) {
        return false;
    }
    for (uint32_t k = sheet_loose_from(s, s->frame->first[q->i]);
         k < s->loose.n && s->loose.items[k].member < loose_end(q); k++) {
        const struct loose_member *x = &s->loose.items[k];
        const struct corner_int *c = &s->ints.list.items[x->from];
        *flags |= x->flags;
        if (x->rational) {
            return false;
        }
        if (left_out(q, x)) {
            continue;
        }
        if (x->known) {
            g.n += c->n;
            g.d += c->d;
        } else {
            vec_push(q->a, &g.members, (struct int_member){c, x->to - x->from, 1});
        }
    }
    if (open > 0 && !open_member(q, open, &g)) {
        return false;
    }
    return q->ratio ? int_region_ratio(q->a, &g, out) : int_region_sum(q->a, &g, out);
}

/* ---- in rationals --------------------------------------------------------------------------- */

static struct rat side(struct arena *a, const struct sheet *s, uint32_t k, i128 sum, struct rat c)
{
    return rat_add(a, rat_make(a, sum, s->den[k]), c);
}

static void known_part(const struct ask *q, struct region *g)
{
    const struct sheet *s = q->s;
    const struct sheet_node *n = &q->node;
    if (s->one_by_one) {
        region_known(q->a, g, s->terms.n0, s->terms.d0);
        return;
    }
    struct rat below = side(q->a, s, 1, n->sum[1], s->terms.d0);
    below = rat_add(q->a, below, rat_int(n->counted));
    region_known(q->a, g, side(q->a, s, 0, n->sum[0], s->terms.n0), below);
}

static struct corner rational(struct arena *a, const struct sheet *s, const struct loose_member *x,
                              uint32_t k)
{
    if (x->rational) {
        return s->rationals.items[k];
    }
    const struct corner_int *c = &s->ints.list.items[k];
    return (struct corner){rat_make(a, c->n, s->den[0]), rat_make(a, c->d, s->den[1]), c->ray};
}

static void add_loose(struct arena *a, const struct sheet *s, const struct loose_member *x,
                      struct region *g)
{
    for (uint32_t k = x->from; k < x->to; k++) {
        struct corner c = rational(a, s, x, k);
        if (x->known) {
            region_known(a, g, c.n, c.d);
            return;
        }
        region_corner(a, g, c.n, c.d, c.ray);
    }
    region_end(g, a);
}

/* Adds the members to a region that may have others. */
static bool into_region(const struct ask *q, struct region *g, uint32_t *flags)
{
    struct sheet *s = q->s;
    known_part(q, g);
    for (uint32_t k = sheet_loose_from(s, s->frame->first[q->i]);
         k < s->loose.n && s->loose.items[k].member < loose_end(q); k++) {
        const struct loose_member *x = &s->loose.items[k];
        *flags |= x->flags;
        if (left_out(q, x)) {
            continue;
        }
        /* What lies below a member may have silent units of its own: it is asked anew. */
        if (q->silent && s->one_by_one) {
            if (!sheet_each_add(q->a, s, x, q->silent, g)) {
                return false;
            }
            continue;
        }
        add_loose(q->a, s, x, g);
    }
    linear_open(q->a, s->cells, &s->terms, open_below(q), g);
    return true;
}

static bool by_rationals(const struct ask *q, struct mval *out, uint32_t *flags)
{
    struct region g;
    region_init(&g);
    if (!into_region(q, &g, flags)) {
        return false;
    }
    if (q->ratio) {
        return region_ratio(q->a, &g, out);
    }
    *out = region_sum(q->a, &g);
    return true;
}

/* What is kept, up to date. */
static bool prepare(struct ask *q, bool alone)
{
    struct sheet *s = q->s;
    /* Rows and filings make a unit silent as a whole; else a silent member is a loose one. */
    q->alone = alone && !s->one_by_one && !s->frame->row && !s->may_be_open;
    return sheet_mend(q->a, s) &&
           (s->one_by_one || sheet_node_at(q->a, s, q->i, q->alone ? NULL : q->silent, &q->node));
}

bool sheet_value(struct arena *a, struct sheet *s, uint32_t i, bool ratio,
                 const struct reads *silent, bool alone, struct mval *out)
{
    struct ask q = {.a = a, .s = s, .i = i, .ratio = ratio, .silent = silent};
    if (!prepare(&q, alone)) {
        return false;
    }
    uint32_t flags = q.node.flags;
    if (!by_integers(&q, out, &flags) && !by_rationals(&q, out, &flags)) {
        return false;
    }
    out->flags |= mval_is_known(*out) ? flags & ~(uint32_t)MF_WIDE : flags;
    return true;
}

bool sheet_add(struct arena *a, struct sheet *s, uint32_t i, const struct reads *silent,
               struct region *g, uint32_t *flags)
{
    struct ask q = {.a = a, .s = s, .i = i, .silent = silent};
    if (!prepare(&q, false)) {
        return false;
    }
    *flags |= q.node.flags;
    return into_region(&q, g, flags);
}

/* ---- at a look ------------------------------------------------------------------------------ */

/* Of whole numbers; what does not fit takes the long way. */
static bool quotient(const struct sheet *s, const struct sheet_node *n, i128 *num, i128 *den)
{
    i128 below = n->sum[1] + n->counted * (i128)s->den[1];
    bool plain = rat_is_zero(s->terms.n0) && rat_is_zero(s->terms.d0);
    return plain && below > 0 && i128_mul(n->sum[0], s->den[1], num) &&
           i128_mul(below, s->den[0], den);
}

/* The node at tree index i when everything below it is known and filed; NULL: not so. */
static const struct sheet_node *all_known(const struct sheet *s, uint32_t i)
{
    uint32_t r = s->built && s->dirty.n == 0 && !s->broken ? s->spine->rank[i] : TREE_NONE;
    const struct sheet_node *n = r == TREE_NONE ? NULL : &s->nodes[r];
    if (!n || n->open > 0 || n->silent > 0) {
        return NULL;
    }
    uint32_t l = s->loose.n == 0 ? 0 : sheet_loose_from(s, s->frame->first[i]);
    bool loose =
        l < s->loose.n && s->loose.items[l].member < s->frame->first[s->frame->tree->end[i]];
    return loose ? NULL : n;
}

static bool all_known_value(const struct sheet *s, uint32_t i, bool ratio,
                            const struct sheet_node **n, i128 *num, i128 *den)
{
    *n = all_known(s, i);
    if (!*n) {
        return false;
    }
    *num = (*n)->sum[0];
    *den = s->den[0];
    return ratio ? quotient(s, *n, num, den) : rat_is_zero(s->terms.n0);
}

bool sheet_quick(struct arena *a, const struct sheet *s, uint32_t i, bool ratio, struct mval *out)
{
    const struct sheet_node *n;
    i128 num;
    i128 den;
    if (!all_known_value(s, i, ratio, &n, &num, &den)) {
        return false;
    }
    *out = mval_known(rat_make(a, num, den));
    out->flags = n->flags & ~(uint32_t)MF_WIDE;
    reads_give(a, &s->table, n->expected, 0, n->basis, out);
    return true;
}

bool sheet_known(const struct sheet *s, uint32_t i, bool ratio, struct known *out)
{
    const struct sheet_node *n;
    i128 num;
    i128 den;
    if (!all_known_value(s, i, ratio, &n, &num, &den) || num > INT64_MAX || num < -INT64_MAX ||
        den > INT64_MAX) {
        return false;
    }
    *out = (struct known){.kind = MV_NUMBER,
                          .n = (int64_t)num,
                          .d = (int64_t)den,
                          .flags = n->flags & ~(uint32_t)MF_WIDE,
                          .expected = n->expected};
    return true;
}

bool sheet_count(struct arena *a, struct sheet *s, uint32_t i, struct mval *out)
{
    struct sheet_node n;
    if (s->one_by_one || !sheet_mend(a, s) || !sheet_node_at(a, s, i, NULL, &n)) {
        return false;
    }
    reads_give(a, &s->table, n.expected, n.silent, n.basis, out);
    return !s->table.full;
}
