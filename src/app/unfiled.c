/* SPDX-License-Identifier: Apache-2.0 */
/* Rolls and registers that are not on file. */
#include "app/unfiled.h"

struct looking {
    const struct plan *p;
    struct cells *c;
    const struct tree_snap *t;
    struct moment m;
    unfiled_fn *take;
    void *ctx;
};

static void rolls_at(struct looking *l, uint32_t kind, uint32_t i)
{
    uint32_t rolls[PLAN_ROLLS_MAX];
    uint32_t n = kind != NONE ? plan_rolls(l->p, kind, rolls) : 0;
    for (uint32_t k = 0; k < n; k++) {
        struct unfiled u = {.roll = true, .ref = rolls[k], .unit = l->t->unit[i]};
        if (plan_owes_roll(l->p, u.ref, l->t->kind[i]) &&
            !cells_roll_filed(l->c, u.ref, u.unit, l->m.snapshot, &u.period)) {
            l->take(l->ctx, &u);
        }
    }
}

static void register_at(struct looking *l, uint32_t reg, uint32_t i)
{
    const struct reg *g = &l->p->regs[reg];
    struct period all[PERIOD_PER_YEAR];
    if (!g->filed || (g->owner_kind != NONE && !plan_is_a(l->p, l->t->kind[i], g->owner_kind))) {
        return;
    }
    bool one = l->m.sub && l->m.period.kind == g->filing;
    int32_t n = one ? 1 : period_all_of_year(g->filing, l->m.year, all);
    if (one) {
        all[0] = l->m.period;
    }
    for (int32_t k = 0; k < n; k++) {
        bool nil = false;
        struct unfiled u = {.ref = reg, .unit = l->t->unit[i], .period = all[k]};
        if (!cells_filed(l->c, reg, u.unit, u.period, &nil)) {
            l->take(l->ctx, &u);
        }
    }
}

void unfiled_each(const struct plan *p, struct cells *c, const struct expr *x, uint32_t unit,
                  struct moment m, unfiled_fn *take, void *ctx)
{
    struct looking l = {.p = p, .c = c, .m = m, .take = take, .ctx = ctx};
    bool rows = x->over == OVER_REGISTER;
    uint32_t kind = rows                   ? p->regs[x->over_ref].owner_kind
                    : x->over == OVER_KIND ? x->over_ref
                                           : NONE;
    if (cells_tree(c, m.snapshot, &l.t) != RC_OK) {
        return;
    }
    uint32_t top = l.t->index_of[unit];
    for (uint32_t i = top; top != TREE_NONE && i < l.t->end[top]; i++) {
        rolls_at(&l, kind, i);
        if (rows) {
            register_at(&l, x->over_ref, i);
        }
    }
}
