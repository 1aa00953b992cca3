/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions as masks, figures as columns, term by term. */
#include "engine/chunk.h"

#include <string.h>

#include "base/arena.h"
#include "engine/batch.h"
#include "engine/kern_loop.h"

uint32_t chunk_summed(const struct expr *x)
{
    return x->agg == AGG_SHARE ? x->c : x->agg == AGG_COUNT || x->agg == AGG_COVER ? NONE : x->a;
}

bool chunk_can(const struct plan *p, const struct terms *t)
{
    for (uint32_t k = 0; k < t->n; k++) {
        const struct expr *x = &p->exprs[t->items[k].agg];
        bool rows = x->over == OVER_REGISTER;
        if (!batch_can(p, x->b, rows) || !batch_can(p, chunk_summed(x), rows)) {
            return false;
        }
    }
    return true;
}

/* Sums of fractions do not stay small: such members are added one by one. */
static void loosen_fractions(const struct kcol *v, uint32_t n, const uint8_t *counts, uint8_t *open)
{
    for (uint32_t i = 0; v->y && i < n; i++) {
        open[i] |= (!counts || counts[i] != 0) && v->t[i] == T_YES;
    }
}

static void add_flags(struct arena *a, struct chunk *c, const uint8_t *flags)
{
    if (!flags) {
        return;
    }
    if (!c->flags) {
        c->flags = ARENA_ARRAY(a, uint8_t, c->n);
    }
    for (uint32_t i = 0; i < c->n; i++) {
        c->flags[i] |= flags[i];
    }
}

/* What the members that count contribute. */
static bool values(struct column_place *p, const struct expr *x, struct moment m, struct kcol *out)
{
    if (x->agg == AGG_COVER) {
        *out = column_covered(p, x->ref, m.snapshot);
        return true;
    }
    uint32_t e = chunk_summed(x);
    return e == NONE ? kern_number(p->k, rat_one(), out) : batch_run(p, e, m, out);
}

/* Contributions of the members in the base, as integers; truths are 0 and 1. counts NULL: all. */
static void contribute(struct arena *a, struct chunk *c, uint32_t k, bool ratio,
                       const struct kcol *v, const uint8_t *counts)
{
    struct term_column *t = &c->columns[k];
    t->den = v->den;
    t->x = v->x; /* CK3; 0 without a value (K2) */
    if (!counts && (ratio || v->is_bool)) {
        uint8_t *all = ARENA_RAW(a, uint8_t, c->n);
        memset(all, 1, c->n);
        counts = all;
    }
    if (counts) {
        int64_t *x = ARENA_RAW(a, int64_t, c->n);
        if (v->is_bool) {
            loop_ones(v->t, counts, c->n, x);
        } else {
            loop_where(v->x, counts, c->n, x);
        }
        t->x = x;
    }
    if (ratio) {
        uint8_t *counted = ARENA_RAW(a, uint8_t, c->n);
        loop_counted(v->t, counts, c->n, counted);
        t->counted = counted;
    }
}

/* Who is certainly in the base: of the others it is not known what else they read. */
static uint8_t *in_base(struct arena *a, struct chunk *c, const struct kcol *where)
{
    uint8_t *counts = ARENA_RAW(a, uint8_t, c->n);
    loop_base(where->t, c->open, c->n, counts);
    return counts;
}

static bool fill_term(struct arena *a, const struct chunk_place *at, struct chunk *c, uint32_t k)
{
    const struct expr *x = &cells_plan(at->cells)->exprs[at->terms->items[k].agg];
    struct kern kern = {a, c->n, c->open};
    struct column_place p = {&kern, at->cells, at->frame, c->from, NULL, at->table, &c->reads};
    struct kcol where = {0};
    struct kcol v;
    uint8_t *counts = NULL;
    if (x->b != NONE) {
        if (!batch_run(&p, x->b, *at->moment, &where)) {
            return false;
        }
        counts = in_base(a, c, &where);
        p.active = counts;
    }
    if (!values(&p, x, *at->moment, &v)) {
        return false;
    }
    if (v.flags && counts) { /* of those that count alone */
        for (uint32_t i = 0; i < c->n; i++) {
            v.flags[i] = counts[i] != 0 ? v.flags[i] : 0;
        }
    }
    loosen_fractions(&v, c->n, counts, c->open);
    contribute(a, c, k, agg_is_ratio(x->agg), &v, counts);
    add_flags(a, c, where.flags);
    add_flags(a, c, v.flags);
    return true;
}

void chunk_leave_out(struct arena *a, struct chunk *c, uint32_t n_terms, const uint8_t *left_out)
{
    for (uint32_t k = 0; k < n_terms; k++) {
        struct term_column *t = &c->columns[k];
        int64_t *x = ARENA_ARRAY(a, int64_t, c->n);
        for (uint32_t i = 0; i < c->n; i++) {
            x[i] = left_out[i] != 0 ? 0 : t->x[i];
        }
        uint8_t *counted = t->counted ? ARENA_ARRAY(a, uint8_t, c->n) : NULL;
        for (uint32_t i = 0; counted && i < c->n; i++) {
            counted[i] = left_out[i] != 0 ? 0 : t->counted[i];
        }
        t->x = x;
        t->counted = counted;
    }
}

uint32_t chunk_opened_from(const struct chunk *c, uint32_t i)
{
    uint32_t lo = 0;
    uint32_t hi = c->opened.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (c->opened.items[mid] < i) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

static void list_open(struct arena *a, struct chunk *c)
{
    for (uint8_t *at = c->n > 0 ? memchr(c->open, 1, c->n) : NULL; at;) {
        uint32_t i = (uint32_t)(at - c->open);
        vec_push(a, &c->opened, i);
        at = i + 1 < c->n ? memchr(at + 1, 1, c->n - i - 1) : NULL;
    }
}

bool chunk_make(struct arena *a, const struct chunk_place *p, uint32_t from, uint32_t to,
                struct chunk *out)
{
    *out = (struct chunk){.from = from, .n = to - from};
    out->open = ARENA_ARRAY(a, uint8_t, out->n);
    for (uint32_t k = 0; k < p->terms->n; k++) {
        if (!fill_term(a, p, out, k)) {
            return false;
        }
    }
    list_open(a, out);
    return !p->table->full;
}
