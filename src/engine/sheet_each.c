/* SPDX-License-Identifier: Apache-2.0 */
/* Members that kernels do not understand: asked for one by one. */
#include <string.h>

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

static enum rc complete(struct arena *a, struct sheet *s, uint32_t i, struct reads *all)
{
    struct region g;
    struct ref_reads reads;
    uint32_t unit = s->frame->tree->unit[s->frame->at[i]];
    region_init(&g);
    enum rc rc = ref_complete(s->ref, a, &s->terms, unit, NONE, s->moment, &g, &reads);
    if (rc == RC_OK) {
        reads_note_ref(all, &reads);
        keep_member(s, i, &g, reads.flags);
    }
    return rc;
}

static void count_open(struct sheet *s)
{
    uint32_t n = s->frame->tree->n;
    uint32_t *before = ARENA_ARRAY(s->keep, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) {
        before[i + 1] = before[i] + sheet_open_at(s, i, &s->each[i]);
    }
    s->open_before = before;
}

/* Members stand beside each other: what is read below one is read by no other. */
static bool apart(const struct frame *f)
{
    for (uint32_t i = 1; i < f->n; i++) {
        if (f->at[i] < f->tree->end[f->at[i - 1]]) {
            return false;
        }
    }
    return true;
}

/*
 * What a member reads of the units below it stands in `each`, where those that stand beside it do
 * not write; what it reads of others is its own. Of members below each other only the unit itself
 * is certain to be read by nobody else.
 */
static struct reads reads_of(struct arena *a, struct sheet *s, uint32_t member)
{
    const struct tree_snap *t = s->frame->tree;
    uint32_t i = s->frame->at[member];
    return (struct reads){.tree = t,
                          .from = i,
                          .n = s->apart ? t->end[i] - i : 1,
                          .units = &s->each[i],
                          .table = &s->table,
                          .arena = a};
}

static uint32_t aside_from(const struct sheet *s, uint32_t member)
{
    uint32_t lo = 0;
    uint32_t hi = s->aside.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->aside.items[mid].owner < member) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* The extras of a member, in place of those it had. */
static void keep_aside(struct sheet *s, uint32_t member, const struct reads *r)
{
    uint32_t at = aside_from(s, member);
    uint32_t end = aside_from(s, member + 1);
    uint32_t after = s->aside.n - end;
    for (uint32_t k = end - at; k < r->extras.n; k++) {
        vec_push(s->keep, &s->aside, (struct extra_reads){.owner = member});
    }
    if (after > 0 && end - at != r->extras.n) {
        memmove(&s->aside.items[at + r->extras.n], &s->aside.items[end],
                after * sizeof *s->aside.items);
    }
    s->aside.n = at + r->extras.n + after;
    for (uint32_t k = 0; k < r->extras.n; k++) {
        s->aside.items[at + k] = r->extras.items[k];
        s->aside.items[at + k].owner = member;
    }
}

/* Within the subtree of a member what stands in `each` is that member's. */
static bool is_below_member(const struct sheet *s, uint32_t i)
{
    const struct frame *f = s->frame;
    uint32_t before = f->first[i];
    return s->apart && before > 0 && f->tree->end[f->at[before - 1]] > i;
}

void sheet_each_reads(struct arena *a, struct sheet *s, uint32_t i, struct reads *r)
{
    const struct tree_snap *t = s->frame->tree;
    uint32_t n = t->end[i] - i;
    struct unit_reads *units = &s->each[i];
    if (is_below_member(s, i)) { /* no member at all, but perhaps something to be filed */
        units = ARENA_ARRAY(a, struct unit_reads, n);
        for (uint32_t k = 0; s->may_be_open && k < n; k++) {
            (void)sheet_open_at(s, i + k, &units[k]);
        }
    }
    reads_unite(r, &s->table, t, i, n, units);
    uint32_t from = aside_from(s, s->frame->first[i]);
    uint32_t to = aside_from(s, s->frame->first[t->end[i]]);
    if (to > from) {
        reads_unite_extras(r, &s->table, &s->aside.items[from], to - from);
    }
}

/* Asks for a member and puts it at the end of the loose ones. */
static enum rc ask(struct arena *a, struct sheet *s, uint32_t i)
{
    struct arena_mark mark = arena_mark(a);
    struct region g;
    struct rat n;
    struct rat d;
    uint32_t flags = 0;
    enum rc rc = RC_OK;
    struct reads reads = reads_of(a, s, i);
    region_init(&g);
    if (pair_at(a, s, i, &reads, NULL, &s->source, &n, &d, &flags)) {
        region_known(a, &g, n, d);
        keep_member(s, i, &g, flags);
    } else {
        rc = complete(a, s, i, &reads);
    }
    keep_aside(s, i, &reads);
    arena_rewind(a, mark);
    return rc;
}

enum rc sheet_each_fill(struct arena *a, struct sheet *s)
{
    s->loose.n = 0;
    s->rationals.n = 0;
    s->aside.n = 0;
    s->apart = apart(s->frame);
    s->each = ARENA_ARRAY(s->keep, struct unit_reads, s->frame->tree->n);
    if (s->may_be_open) {
        count_open(s);
    }
    for (uint32_t i = 0; i < s->frame->n; i++) {
        if (ask(a, s, i) != RC_OK) {
            return RC_LIMIT;
        }
    }
    s->broken = s->table.full;
    return RC_OK;
}

/* ---- edits ---------------------------------------------------------------------------------- */

#define ABOVE_MAX 32u

/* Whoever was ever above the unit, itself too. 0: too many. */
static uint32_t ever_above(const struct tree *t, uint32_t unit, uint32_t out[ABOVE_MAX])
{
    uint32_t n = 0;
    out[n++] = unit;
    for (uint32_t k = 0; k < n; k++) {
        const struct tree_unit *u = &t->units[out[k]];
        for (uint32_t v = u->first; v < u->first + u->n; v++) {
            uint32_t up = t->versions[v].parent_unit;
            bool seen = up == TREE_NONE;
            for (uint32_t i = 0; i < n && !seen; i++) {
                seen = out[i] == up;
            }
            if (!seen && n == ABOVE_MAX) {
                return 0;
            }
            if (!seen) {
                out[n++] = up;
            }
        }
    }
    return n;
}

/* What was merged or split is read by its successors, too (C29). */
static bool has_lineage(const struct tree *t, uint32_t unit)
{
    bool found = false;
    for (uint32_t i = 0; i < t->n_into; i++) {
        found = found || t->into[i].from_unit == unit || t->into[i].to_unit == unit;
    }
    for (uint32_t i = 0; i < t->n_out_of; i++) {
        found = found || t->out_of[i].from_unit == unit || t->out_of[i].to_unit == unit;
    }
    return found;
}

bool sheet_each_touch(struct sheet *s, uint32_t unit)
{
    const struct tree *t = s->frame->tree->tree;
    uint32_t above[ABOVE_MAX];
    uint32_t n = ever_above(t, unit, above);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = s->frame->tree->index_of[above[k]];
        if (has_lineage(t, above[k])) {
            return false;
        }
        if (i != TREE_NONE && s->frame->first[i] < s->frame->first[i + 1]) {
            vec_push(s->keep, &s->dirty, i);
        }
    }
    return n > 0;
}

/* The member at a tree index, and what is read below it, anew. */
static bool member_anew(struct arena *a, struct sheet *s, uint32_t i)
{
    uint32_t member = s->frame->first[i];
    for (uint32_t k = i; k < s->frame->tree->end[i]; k++) {
        s->each[k] = (struct unit_reads){0};
        if (s->may_be_open) {
            (void)sheet_open_at(s, k, &s->each[k]);
        }
    }
    if (ask(a, s, member) != RC_OK) {
        return false;
    }
    s->loose.items[member] = vec_pop(&s->loose); /* every member is loose, in order */
    return true;
}

bool sheet_each_mend(struct arena *a, struct sheet *s)
{
    uint32_t n = s->dirty.n;
    bool many = 2 * (size_t)n > s->frame->n || s->rationals.n > 8 * (size_t)s->frame->n + 64;
    if (many || !s->apart) {
        return sheet_each_fill(a, s) == RC_OK && !s->broken;
    }
    for (uint32_t k = 0; k < n; k++) {
        bool before = false;
        for (uint32_t j = 0; j < k && !before; j++) {
            before = s->dirty.items[j] == s->dirty.items[k];
        }
        if (!before && !member_anew(a, s, s->dirty.items[k])) {
            return false;
        }
    }
    return !s->table.full;
}

bool sheet_each_add(struct arena *a, struct sheet *s, const struct loose_member *x,
                    const struct reads *silent, struct region *g)
{
    struct rat n;
    struct rat d;
    uint32_t flags = 0;
    if (!pair_at(a, s, x->member, NULL, silent, &s->source, &n, &d, &flags)) {
        return false;
    }
    region_known(a, g, n, d);
    return true;
}
