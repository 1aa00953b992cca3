/* SPDX-License-Identifier: Apache-2.0 */
/* Rolls and registers that must be filed (C35): where there may be members nobody knows of. */
#include "engine/sheet.h"

static const struct expr *population(const struct sheet *s)
{
    return &cells_plan(s->cells)->exprs[s->terms.items[0].agg];
}

void sheet_find_rolls(struct sheet *s)
{
    const struct plan *p = cells_plan(s->cells);
    const struct expr *x = population(s);
    const struct reg *g = x->over == OVER_REGISTER ? &p->regs[x->over_ref] : NULL;
    uint32_t kind = g ? g->owner_kind : x->over == OVER_KIND ? x->over_ref : NONE;
    s->n_rolls = kind != NONE ? plan_rolls(p, kind, s->rolls) : 0;
    s->filed = g && g->filed ? g : NULL;
    s->may_be_open = s->n_rolls > 0 || s->filed;
}

/* Open until every period of the year has been filed (C35); a pair for each. */
static bool is_open(struct sheet *s, const struct reg *g, uint32_t reg, uint32_t i,
                    struct unit_reads *reads)
{
    struct moment m = s->moment;
    struct period all[PERIOD_PER_YEAR];
    bool one = m.sub && m.period.kind == g->filing;
    int32_t n = one ? 1 : period_all_of_year(g->filing, m.year, all);
    bool open = false;
    if (one) {
        all[0] = m.period;
    }
    for (int32_t k = 0; k < n; k++) {
        bool nil = false;
        bool filed = cells_filed(s->cells, reg, s->frame->tree->unit[i], all[k], &nil);
        unit_read(reads, read_period(&s->table, period_code(all[k])), filed, 0);
        open = open || !filed;
    }
    return open;
}

static uint32_t unfiled_rolls(struct sheet *s, uint32_t i, struct unit_reads *reads)
{
    const struct tree_snap *t = s->frame->tree;
    uint32_t open = 0;
    for (uint32_t k = 0; k < s->n_rolls; k++) {
        struct period period;
        if (plan_owes_roll(cells_plan(s->cells), s->rolls[k], t->kind[i])) {
            bool filed =
                cells_roll_filed(s->cells, s->rolls[k], t->unit[i], s->moment.snapshot, &period);
            unit_read(reads, read_period(&s->table, period_code(period)), filed, 0);
            open += !filed;
        }
    }
    return open;
}

uint32_t sheet_open_at(struct sheet *s, uint32_t i, struct unit_reads *reads)
{
    const struct plan *p = cells_plan(s->cells);
    const struct reg *g = s->filed;
    bool owner =
        g && (g->owner_kind == NONE || plan_is_a(p, s->frame->tree->kind[i], g->owner_kind));
    return unfiled_rolls(s, i, reads) + (owner && is_open(s, g, population(s)->over_ref, i, reads));
}
