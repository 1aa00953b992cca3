/* SPDX-License-Identifier: Apache-2.0 */
/* Quartiles of units of the same kind, in the nearest area that has enough of them. */
#include "app/report/beside.h"

#include <stdlib.h>

#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "engine/cells.h"
#include "engine/live.h"

#define FAR_WIDTHS 3

struct looking {
    struct desk *d;
    const struct cells *cells;
    const struct tree_snap *tree;
    uint32_t self; /* its index */
    uint32_t least;
    struct rat *x; /* room for all units */
};

static enum rc look(struct looking *l, struct err *e)
{
    struct live_reader *live = NULL;
    struct cells *own = NULL;
    if (l->d->eye != NULL) {
        TRY(desk_look(l->d, &live, e));
        l->cells = live_cells(live);
        return RC_OK;
    }
    TRY(desk_facts(l->d, e));
    TRY(cells_make(l->d->a, l->d->plan, l->d->data, l->d->today, &own, e));
    l->cells = own;
    return RC_OK;
}

/* The figures of the units below an index. */
static void gather(const struct looking *l, uint32_t item, uint32_t above, struct report_peers *p)
{
    const struct tree_snap *t = l->tree;
    p->n = 0;
    p->n_units = 0;
    for (uint32_t i = above + 1; i < t->end[above]; i++) {
        if (i == l->self || t->kind[i] != t->kind[l->self]) {
            continue;
        }
        struct cell c = cells_item(l->d->a, l->cells, item, t->unit[i], p->period);
        p->n_units++;
        if (c.known) {
            l->x[p->n++] = c.lo;
        }
    }
}

/* Upwards until there are enough. */
static bool climb(const struct looking *l, uint32_t item, struct report_peers *p)
{
    const struct tree_snap *t = l->tree;
    for (uint32_t i = t->parent[l->self]; i != TREE_NONE; i = t->parent[i]) {
        gather(l, item, i, p);
        if (p->n >= l->least) {
            p->area = t->unit[i];
            return true;
        }
    }
    return false;
}

static int rat_order(const void *p, const void *q)
{
    return rat_cmp(*(const struct rat *)p, *(const struct rat *)q);
}

/* k quarters of the way from the first to the last one, between the two that are nearest. */
static struct rat quarter(struct arena *a, const struct rat *x, uint32_t n, uint32_t k)
{
    uint32_t at = (n - 1) * k / 4;
    uint32_t rest = (n - 1) * k % 4;
    return rest == 0
               ? x[at]
               : rat_add(a, x[at], rat_mul(a, rat_sub(a, x[at + 1], x[at]), rat_frac(rest, 4)));
}

static void summarize(const struct looking *l, bool number, struct report_peers *p)
{
    p->n_yes = 0;
    for (uint32_t i = 0; i < p->n && !number; i++) {
        p->n_yes += !rat_is_zero(l->x[i]);
    }
    if (number) {
        qsort(l->x, p->n, sizeof *l->x, rat_order);
        for (uint32_t k = 0; k < 3; k++) {
            p->at[k] = quarter(l->d->a, l->x, p->n, k + 1);
        }
    }
}

bool report_compares(const struct desk *d, const struct report *r, uint32_t item)
{
    const struct datum *of = &d->plan->items[r->round.item[item]].d;
    return (of->type == VT_NUMBER || of->type == VT_BOOL) && of->class_ != CLASS_SEALED; /* RB3 */
}

/* Of this period, else of the one before. */
static void find(const struct looking *l, uint32_t item, struct report_peers *p)
{
    struct period now = p->period;
    bool found = climb(l, item, p);
    struct report_peers of_now = *p;
    if (!found && period_prev(now, &p->period)) {
        found = climb(l, item, p);
    }
    if (found) {
        summarize(l, l->d->plan->items[item].d.type == VT_NUMBER, p);
    } else {
        *p = of_now;
    }
}

enum rc report_peers(struct desk *d, const struct report *r, uint32_t least,
                     struct report_peers *out, struct err *e)
{
    struct looking l = {.d = d, .least = least};
    TRY(look(&l, e));
    TRY(desk_tree(d, d->today, &l.tree, e));
    l.self = l.tree->index_of[r->unit];
    l.x = ARENA_ARRAY(d->a, struct rat, l.tree->n + 1U);
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        out[i] = (struct report_peers){.area = NONE, .period = r->round.round.period};
        if (l.self != TREE_NONE && report_compares(d, r, i)) {
            find(&l, r->round.item[i], &out[i]);
        }
    }
    desk_look_away(d);
    return RC_OK;
}

/* ---- in words ------------------------------------------------------------------------------- */

struct str report_place(struct arena *a, const struct report_peers *p, const struct value *v)
{
    if (p->area == NONE || !v->has) {
        return STR("");
    }
    struct rat far = rat_mul(a, rat_sub(a, p->at[2], p->at[0]), rat_int(FAR_WIDTHS));
    bool spread = !rat_is_zero(far);
    if (rat_cmp(v->num, p->at[0]) < 0) {
        bool is_far = spread && rat_cmp(v->num, rat_sub(a, p->at[0], far)) < 0;
        return is_far ? STR("far-below") : STR("below");
    }
    if (rat_cmp(v->num, p->at[2]) > 0) {
        bool is_far = spread && rat_cmp(v->num, rat_add(a, p->at[2], far)) > 0;
        return is_far ? STR("far-above") : STR("above");
    }
    return STR("within");
}

static struct str with_sign(struct arena *a, struct rat x, struct str digits)
{
    return rat_cmp(x, rat_zero()) > 0 ? str_cat(a, STR("+"), digits) : digits;
}

struct report_change report_change(const struct desk *d, const struct report *r, uint32_t item)
{
    const struct datum *of = &d->plan->items[r->round.item[item]].d;
    const struct value *now = &r->cells[item];
    const struct value *then = &r->before[item];
    struct report_change out = {STR(""), STR("")};
    if (of->type != VT_NUMBER || r->hidden[item] || !now->has || !then->has) {
        return out;
    }
    struct rat by = rat_sub(d->a, now->num, then->num);
    struct rat shown = rat_div(d->a, by, of->factor);
    out.by = with_sign(d->a, by, rat_dec_str(d->a, shown, of->decimals, NULL));
    if (!rat_is_zero(then->num) && !str_eq(of->unit, STR("%"))) {
        struct rat share = rat_mul(d->a, rat_div(d->a, by, then->num), rat_int(100));
        out.percent = with_sign(d->a, by, rat_dec_str(d->a, share, 1, NULL));
    }
    return out;
}
