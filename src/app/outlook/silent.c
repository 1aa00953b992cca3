/* SPDX-License-Identifier: Apache-2.0 */
/* From a measure down to the units that have not reported what it reads. */
#include "app/outlook/silent.h"

#include "app/print.h"
#include "app/unfiled.h"
#include "base/arena.h"
#include "base/err.h"

struct search {
    struct arena *a;
    const struct plan *p;
    struct cells *c;
    const struct evaluator *ev;
    struct moment m;
    uint32_t most;
    bool *seen; /* by unit */
    silent *out;
};

static enum rc look(struct search *s, uint32_t e, uint32_t unit);

static void add(struct search *s, uint32_t unit)
{
    if (!s->seen[unit] && s->out->n < s->most) {
        s->seen[unit] = true;
        vec_push(s->a, s->out, unit);
    }
}

static void add_unfiled(void *ctx, const struct unfiled *u)
{
    add(ctx, u->unit);
}

/* The units that an aggregate goes over, and who owes their roll or its rows (C35). */
static enum rc members(struct search *s, const struct expr *x, uint32_t unit)
{
    const struct tree_snap *t = NULL;
    uint32_t kind = x->over == OVER_KIND    ? x->over_ref
                    : x->over == OVER_TITLE ? s->p->titles[x->over_ref].kind
                    : x->over == OVER_LIST  ? s->p->lists[x->over_ref].kind
                                            : NONE;
    unfiled_each(s->p, s->c, x, unit, s->m, add_unfiled, s);
    TRY(cells_tree(s->c, s->m.snapshot, &t));
    uint32_t top = t->index_of[unit];
    for (uint32_t i = top;
         kind != NONE && top != TREE_NONE && i < t->end[top] && s->out->n < s->most; i++) {
        if (plan_is_a(s->p, t->kind[i], kind)) {
            TRY(look(s, x->a, t->unit[i]));
            TRY(look(s, x->b, t->unit[i]));
            TRY(look(s, x->c, t->unit[i]));
        }
    }
    return RC_OK;
}

static enum rc parts(struct search *s, const struct expr *x, uint32_t unit)
{
    if (x->op == EX_INDICATOR) {
        const struct definition *d = definition_in_force(&s->p->commitments[x->ref], s->m.year);
        return d != NULL ? look(s, d->measure, unit) : RC_OK;
    }
    TRY(look(s, x->a, unit));
    TRY(look(s, x->b, unit));
    return look(s, x->c, unit);
}

/* Other years, units above and other units of a rank are not this unit's to report. */
static bool is_elsewhere(enum expr_op op)
{
    return op == EX_SHIFT || op == EX_BASELINE || op == EX_CONSECUTIVE || op == EX_PARENT ||
           op == EX_RANK || op == EX_DEGREE;
}

static enum rc look(struct search *s, uint32_t e, uint32_t unit)
{
    struct mval m = {0};
    if (e == NONE || s->out->n >= s->most) {
        return RC_OK;
    }
    const struct expr *x = &s->p->exprs[e];
    TRY(s->ev->measure(s->ev->ctx, s->a, e, unit, s->m, &m));
    if (m.reported >= m.expected || is_elsewhere(x->op)) {
        return RC_OK;
    }
    if (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END) {
        add(s, unit);
        return RC_OK;
    }
    return x->op == EX_AGG ? members(s, x, unit) : parts(s, x, unit);
}

enum rc silent_of(struct arena *a, const struct plan *p, struct cells *c,
                  const struct evaluator *ev, const struct verdict *v, uint32_t most, silent *out)
{
    uint32_t e = v->clause != NULL ? print_measure_of(p, v) : NONE;
    *out = (silent){0};
    if (e == NONE || v->for_all || v->row != NONE || v->at == NULL ||
        v->measure.reported >= v->measure.expected) {
        return RC_OK;
    }
    struct search s = {a, p, c, ev, *v->at, most, NULL, out};
    s.seen = ARENA_ARRAY(a, bool, cells_dataset(c)->tree->n_units + 1U);
    return look(&s, e, v->unit);
}
