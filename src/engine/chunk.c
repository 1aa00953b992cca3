/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions as masks, figures as columns, term by term. */
#include "engine/chunk.h"

#include "base/arena.h"
#include "engine/batch.h"

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
        open[i] |= counts[i] != 0 && v->t[i] == T_YES;
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

static bool all_are(const uint8_t *x, uint32_t n, uint8_t value)
{
    uint32_t other = 0;
    for (uint32_t i = 0; i < n; i++) {
        other += x[i] != value;
    }
    return other == 0;
}

/* Contributions of the members in the base, as integers; truths are 0 and 1. */
static void contribute(struct arena *a, struct chunk *c, uint32_t k, bool ratio,
                       const struct kcol *v, const uint8_t *counts)
{
    struct term_column *t = &c->columns[k];
    t->den = v->den;
    if (!v->is_bool && !ratio && all_are(counts, c->n, 1) && all_are(v->t, c->n, T_YES)) {
        t->x = v->x; /* CK3 */
        return;
    }
    int64_t *x = ARENA_ARRAY(a, int64_t, c->n);
    uint8_t *counted = ratio ? ARENA_ARRAY(a, uint8_t, c->n) : NULL;
    for (uint32_t i = 0; i < c->n; i++) {
        bool in = counts[i] != 0 && v->t[i] != T_NA;
        int64_t one = v->is_bool ? v->t[i] == T_YES : v->x[i];
        x[i] = in ? one : 0;
        if (ratio) {
            counted[i] = in;
        }
    }
    t->x = x;
    t->counted = counted;
}

static bool fill_term(struct arena *a, const struct chunk_place *at, struct chunk *c, uint32_t k)
{
    const struct expr *x = &cells_plan(at->cells)->exprs[at->terms->items[k].agg];
    struct kern kern = {a, c->n, c->open};
    struct column_place p = {&kern, at->cells, at->frame, c->from, NULL, at->table, &c->reads};
    struct kcol where;
    struct kcol v;
    uint8_t *counts = ARENA_ARRAY(a, uint8_t, c->n);
    if (x->b == NONE) {
        where = kern_truth(&kern, T_YES);
    } else if (!batch_run(&p, x->b, *at->moment, &where)) {
        return false;
    }
    for (uint32_t i = 0; i < c->n; i++) {
        counts[i] = where.t[i] == T_YES && c->open[i] == 0;
    }
    p.active = all_are(counts, c->n, 1) ? NULL : counts;
    if (!values(&p, x, *at->moment, &v)) {
        return false;
    }
    if (v.flags) { /* of those that count alone */
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
    out->any_open = !all_are(out->open, out->n, 0);
    if (out->any_open) { /* CK1 */
        chunk_leave_out(a, out, p->terms->n, out->open);
    }
    return !p->table->full;
}
