/* SPDX-License-Identifier: Apache-2.0 */
/* The change of a share by its causes. */
#include "app/explain_base.h"

#include "base/arena.h"

/* A unit in one year. */
struct standing {
    bool exists, in_base, satisfies;
};

static bool truth_of(struct arena *a, const struct evaluator *ev, uint32_t e, uint32_t unit,
                     struct moment m, enum truth *out)
{
    struct mval v;
    *out = T_YES;
    if (e == NONE) {
        return true;
    }
    if (ev->measure(ev->ctx, a, e, unit, m, &v) != RC_OK || v.truth == T_UNKNOWN) {
        return false;
    }
    *out = v.truth;
    return true;
}

static bool standing_of(struct arena *a, struct cells *c, const struct evaluator *ev,
                        const struct expr *x, uint32_t top, uint32_t unit, struct moment m,
                        struct standing *out)
{
    const struct tree_snap *t = NULL;
    *out = (struct standing){false, false, false};
    if (cells_tree(c, m.snapshot, &t) != RC_OK) {
        return false;
    }
    uint32_t i = t->index_of[unit];
    uint32_t from = t->index_of[top];
    out->exists = i != TREE_NONE;
    bool below = out->exists && from != TREE_NONE && from <= i && i < t->end[from];
    if (!below || !plan_is_a(cells_plan(c), t->kind[i], x->over_ref)) {
        return true;
    }
    enum truth where;
    enum truth what;
    if (!truth_of(a, ev, x->b, unit, m, &where) || !truth_of(a, ev, x->c, unit, m, &what)) {
        return false;
    }
    out->in_base = where == T_YES && what != T_NA;
    out->satisfies = out->in_base && what == T_YES;
    return true;
}

struct count {
    int64_t base, yes;
};

static void put(struct count *c, const struct standing *s)
{
    c->base += s->in_base;
    c->yes += s->satisfies;
}

/* The old share led to the new one, step by step. */
struct steps {
    struct count before, closed, labelled, now, fixed;
};

static void step_unit(const struct standing *old, const struct standing *new, struct steps *s,
                      struct base_change *out)
{
    bool came = !old->exists && new->in_base;
    bool went = old->in_base && !new->exists;
    put(&s->before, old);
    put(&s->now, new);
    /* 1: who is gone leaves as it stood, who is new comes as it stands. */
    put(&s->closed, went ? new : came ? new : old);
    /* 2: who changed sides is counted as it stands now. */
    bool stays = old->in_base && new->in_base;
    put(&s->labelled, stays ? old : new);
    if (old->in_base) {
        put(&s->fixed, new);
    }
    out->closed += went;
    out->founded += came;
    out->entered += old->exists && !old->in_base && new->in_base;
    out->left += old->in_base && new->exists && !new->in_base;
}

static bool share_of(struct count c, struct rat *out)
{
    *out = c.base > 0 ? rat_frac(c.yes, c.base) : rat_zero();
    return c.base > 0;
}

bool explain_base(struct arena *a, struct cells *c, const struct evaluator *ev, uint32_t share,
                  uint32_t unit, struct moment m, struct base_change *out)
{
    const struct expr *x = &cells_plan(c)->exprs[share];
    const struct tree *t = cells_dataset(c)->tree;
    struct moment then;
    struct steps s = {0};
    *out = (struct base_change){0};
    if (x->op != EX_AGG || x->agg != AGG_SHARE || x->over != OVER_KIND || m.sub ||
        !moment_shift(m, 1, &then)) {
        return false;
    }
    for (uint32_t u = 0; u < t->n_units; u++) {
        struct standing old;
        struct standing new;
        if (!standing_of(a, c, ev, x, unit, u, then, &old) ||
            !standing_of(a, c, ev, x, unit, u, m, &new)) {
            return false;
        }
        step_unit(&old, &new, &s, out);
    }
    struct rat closed = rat_zero();
    struct rat labelled = rat_zero();
    bool whole = share_of(s.before, &out->before) && share_of(s.closed, &closed) &&
                 share_of(s.labelled, &labelled) && share_of(s.now, &out->now);
    if (!whole || out->closed + out->founded + out->entered + out->left == 0) {
        return false;
    }
    out->has_fixed = share_of(s.fixed, &out->fixed);
    out->closure = rat_sub(a, closed, out->before);
    out->label = rat_sub(a, labelled, closed);
    out->real = rat_sub(a, out->now, labelled);
    return true;
}
