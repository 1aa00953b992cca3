/* SPDX-License-Identifier: Apache-2.0 */
/* Members that kernels do not understand: asked for one by one. */
#include "base/arena.h"
#include "engine/ref.h"
#include "engine/sheet.h"

/* Numerator and denominator of a member, evaluated by itself. */
static bool pair_at(struct arena *a, struct sheet *s, uint32_t i, struct reads *reads,
                    const struct reads *silent, const struct sheet_source *source, struct rat *n,
                    struct rat *d, uint32_t *flags)
{
    uint32_t unit = s->frame->tree->unit[s->frame->at[i]];
    *n = rat_zero();
    *d = rat_zero();
    for (uint32_t k = 0; k < s->terms.n; k++) {
        const struct expr *x = &cells_plan(s->cells)->exprs[s->terms.items[k].agg];
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
        uint32_t e = chunk_summed(x);
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

static void keep_member(struct sheet *s, uint32_t i, const struct region *g, uint32_t flags)
{
    struct loose_member x = sheet_rationals(s, i, g);
    x.flags = flags;
    vec_push(s->keep, &s->loose, x);
}

static enum rc complete(struct arena *a, struct sheet *s, uint32_t i)
{
    struct region g;
    struct ref_reads reads;
    uint32_t unit = s->frame->tree->unit[s->frame->at[i]];
    region_init(&g);
    enum rc rc = ref_complete(s->ref, a, &s->terms, unit, NONE, s->moment, &g, &reads);
    if (rc == RC_OK) {
        reads_note_ref(&s->each, &reads);
        keep_member(s, i, &g, reads.flags);
    }
    return rc;
}

static void count_open(struct sheet *s)
{
    uint32_t n = s->frame->tree->n;
    uint32_t *before = ARENA_ARRAY(s->keep, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) {
        struct unit_reads reads = {0};
        before[i + 1] = before[i] + sheet_open_at(s, i, &reads);
        reads_unite(&s->each, &s->table, &reads, i, 1);
    }
    s->open_before = before;
}

enum rc sheet_each_fill(struct arena *a, struct sheet *s, const struct sheet_source *source)
{
    reads_init(s->keep, &s->each, s->frame->tree, 0);
    if (s->may_be_open) {
        count_open(s);
    }
    for (uint32_t i = 0; i < s->frame->n; i++) {
        struct arena_mark mark = arena_mark(a);
        struct region g;
        struct rat n;
        struct rat d;
        uint32_t flags = 0;
        region_init(&g);
        if (pair_at(a, s, i, &s->each, NULL, source, &n, &d, &flags)) {
            region_known(a, &g, n, d);
            keep_member(s, i, &g, flags);
        } else if (complete(a, s, i) != RC_OK) {
            return RC_LIMIT;
        }
        arena_rewind(a, mark);
    }
    s->broken = s->each.table.full;
    return RC_OK;
}

bool sheet_each_add(struct arena *a, struct sheet *s, const struct loose_member *x,
                    const struct reads *silent, const struct sheet_source *source, struct region *g)
{
    struct rat n;
    struct rat d;
    uint32_t flags = 0;
    if (!pair_at(a, s, x->member, NULL, silent, source, &n, &d, &flags)) {
        return false;
    }
    region_known(a, g, n, d);
    return true;
}
