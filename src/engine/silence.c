/* SPDX-License-Identifier: Apache-2.0 */
/* A walk over the items of an expression. */
#include "engine/silence.h"

#include "model/figures.h"

#define SILENCE_DEPTH_MAX 64

struct look {
    const struct cells *c;
    struct moment m;
    bool any; /* an item was read */
    uint32_t depth;
};

static bool item_is_silent(struct look *l, uint32_t item)
{
    struct period p;
    struct date day;
    l->any = true;
    return moment_of_item(&cells_plan(l->c)->items[item], l->m, &p, &day) &&
           !figures_at(cells_figures(l->c), item, p);
}

/* Filed rolls are something reported (C35). */
static bool plain_population(const struct plan *p, const struct expr *x)
{
    uint32_t rolls[PLAN_ROLLS_MAX];
    return (x->over == OVER_KIND && plan_rolls(p, x->over_ref, rolls) == 0) ||
           x->over == OVER_TITLE;
}

static bool silent(struct look *l, uint32_t e)
{
    const struct plan *p = cells_plan(l->c);
    if (e == NONE) {
        return true;
    }
    const struct expr *x = &p->exprs[e];
    bool plain = x->op <= EX_CHOICE || x->op == EX_ATTR || x->op == EX_TITLE ||
                 (x->op >= EX_NEG && x->op <= EX_IF) ||
                 (x->op == EX_AGG && x->agg != AGG_COVER && plain_population(p, x));
    bool known = x->op == EX_ITEM ? !item_is_silent(l, x->ref) : !plain;
    if (known || l->depth == SILENCE_DEPTH_MAX) {
        return false;
    }
    l->depth++;
    bool out = silent(l, x->a) && silent(l, x->b) && silent(l, x->c);
    l->depth--;
    return out;
}

bool silence_is_certain(const struct cells *c, uint32_t e, struct moment m)
{
    struct look l = {.c = c, .m = m};
    return silent(&l, e) && l.any;
}
