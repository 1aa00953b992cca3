/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of figures: who has a slot, and which fact stands in it. */
#include "model/figures.h"

#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"

/* ---- who has a slot ------------------------------------------------------------------------- */

/* The last day on which anything changed; any day when nothing ever does. */
static bool last_day(const struct tree *t, struct date *day)
{
    uint32_t n = t->n_changes;
    while (n > 0 && date_is_sentinel(t->changes[n - 1])) {
        n--;
    }
    *day = n > 0 ? t->changes[n - 1] : DATE_MIN;
    return n > 0 || date_make(2000, 1, 1, day);
}

/* Pre-order of that day, then whoever is not there any more. */
static enum rc order_of(struct arena *a, const struct tree *t, uint32_t **out, struct err *e)
{
    const struct tree_snap *last = NULL;
    struct date day;
    uint32_t *order = ARENA_TRY_ARRAY(a, uint32_t, (size_t)t->n_units + 1);
    uint32_t n = 0;
    if (!order || !last_day(t, &day)) {
        return err_set(e, RC_LIMIT, "the data do not fit in memory", "数据量超出内存上限");
    }
    TRY(tree_at(a, t, day, &last, e));
    for (uint32_t i = 0; i < last->n; i++) {
        order[n++] = last->unit[i];
    }
    for (uint32_t u = 0; u < t->n_units; u++) {
        if (last->index_of[u] == TREE_NONE) {
            order[n++] = u;
        }
    }
    *out = order;
    return RC_OK;
}

static bool ever_of_kind(const struct figures *f, uint32_t unit, uint32_t kind)
{
    const struct tree_unit *u = &f->tree->units[unit];
    for (uint32_t v = u->first; v < u->first + u->n; v++) {
        if (plan_is_a(f->plan, f->tree->versions[v].kind, kind)) {
            return true;
        }
    }
    return false;
}

static void make_slots(struct figures *f, uint32_t kind)
{
    uint32_t n_units = f->tree->n_units;
    uint32_t *slot = ARENA_ARRAY(f->arena, uint32_t, (size_t)n_units + 1);
    uint32_t *unit = ARENA_ARRAY(f->arena, uint32_t, n_units);
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_units; i++) {
        uint32_t u = f->order[i];
        bool has = ever_of_kind(f, u, kind);
        slot[u] = has ? n : NONE;
        if (has) {
            unit[n++] = u;
        }
    }
    f->slots[kind] = (struct figure_slots){.n = n, .unit = unit, .slot = slot};
}

enum rc figures_make(struct arena *a, const struct plan *p, const struct tree *t,
                     struct figures *out, struct err *e)
{
    *out = (struct figures){.arena = a, .plan = p, .tree = t};
    out->slots = ARENA_ARRAY(a, struct figure_slots, (size_t)p->n_kinds + 1);
    out->items = ARENA_ARRAY(a, struct item_columns, (size_t)p->n_items + 1);
    TRY(order_of(a, t, &out->order, e));
    for (uint32_t i = 0; i < p->n_items; i++) {
        if (!out->slots[p->items[i].kind].slot) {
            make_slots(out, p->items[i].kind);
        }
    }
    return RC_OK;
}

const struct figure_slots *figures_slots(const struct figures *f, uint32_t item)
{
    return &f->slots[f->plan->items[item].kind];
}

/* ---- columns -------------------------------------------------------------------------------- */

const struct figure_column *figures_at(const struct figures *f, uint32_t item, struct period p)
{
    const struct item_columns *c = &f->items[item];
    uint32_t code = period_code(p);
    for (uint32_t i = 0; i < c->list.n; i++) {
        if (c->list.items[i].code == code) {
            return &f->columns.items[c->list.items[i].column];
        }
    }
    return NULL;
}

static uint64_t *bits(struct arena *a, uint32_t n)
{
    return ARENA_ARRAY(a, uint64_t, (size_t)n / 64 + 1);
}

static uint32_t *no_facts(struct arena *a, uint32_t n)
{
    uint32_t *fact = ARENA_ARRAY(a, uint32_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++) {
        fact[i] = NONE;
    }
    return fact;
}

static void add_column(struct figures *f, uint32_t item, struct period p)
{
    const struct figure_slots *s = figures_slots(f, item);
    struct figure_column c = {.den = datum_den(&f->plan->items[item].d),
                              .x = ARENA_ARRAY(f->arena, int64_t, (size_t)s->n + 1),
                              .known = bits(f->arena, s->n),
                              .latest = DATE_MIN};
    vec_push(f->arena, &f->items[item].list, (struct period_column){period_code(p), f->columns.n});
    vec_push(f->arena, &f->columns, c);
}

struct figure_column *figures_column(struct figures *f, uint32_t item, struct period p,
                                     bool with_facts)
{
    if (!figures_at(f, item, p)) {
        add_column(f, item, p);
    }
    struct figure_column *c = &f->columns.items[figures_at(f, item, p) - f->columns.items];
    if (with_facts && !c->fact) {
        c->fact = no_facts(f->arena, figures_slots(f, item)->n);
    }
    return c;
}

static void put_column(struct figures *f, uint32_t item, uint32_t code,
                       const struct figure_column *c)
{
    vec_push(f->arena, &f->items[item].list, (struct period_column){code, f->columns.n});
    vec_push(f->arena, &f->columns, *c);
}

static bool has_column(const struct figures *f, uint32_t item, uint32_t code)
{
    const struct item_columns *c = &f->items[item];
    for (uint32_t i = 0; i < c->list.n; i++) {
        if (c->list.items[i].code == code) {
            return true;
        }
    }
    return false;
}

bool figures_lacks(const struct figures *f, uint32_t item, struct period p)
{
    return !has_column(f, item, period_code(p));
}

void figures_lend(struct arena *a, struct figures *f, struct figures *out)
{
    *out = *f;
    out->arena = a;
    out->items = ARENA_ARRAY(a, struct item_columns, (size_t)f->plan->n_items + 1);
    memset(&out->columns, 0, sizeof out->columns);
    for (uint32_t i = 0; i < f->plan->n_items; i++) {
        const struct item_columns *list = &f->items[i];
        for (uint32_t k = 0; k < list->list.n; k++) {
            struct figure_column *c = &f->columns.items[list->list.items[k].column];
            c->lent = true;
            put_column(out, i, list->list.items[k].code, c);
        }
    }
}

void figures_of_past(struct arena *a, const struct figures *lent, struct date day, uint32_t end,
                     struct figures *out)
{
    *out = *lent;
    out->arena = a;
    out->items = ARENA_ARRAY(a, struct item_columns, (size_t)lent->plan->n_items + 1);
    memset(&out->columns, 0, sizeof out->columns);
    for (uint32_t i = 0; i < lent->plan->n_items; i++) {
        const struct item_columns *list = &lent->items[i];
        for (uint32_t k = 0; k < list->list.n; k++) {
            const struct figure_column *c = &lent->columns.items[list->list.items[k].column];
            if (date_cmp(c->latest, day) <= 0 && c->end <= end) {
                put_column(out, i, list->list.items[k].code, c);
            }
        }
    }
}

void figures_borrow(struct figures *f, const struct figures *from)
{
    for (uint32_t i = 0; i < f->plan->n_items; i++) {
        const struct item_columns *list = &from->items[i];
        for (uint32_t k = 0; k < list->list.n; k++) {
            struct figure_column c = from->columns.items[list->list.items[k].column];
            ASSERT(!c.fact && !c.odd && !c.marked);
            c.lent = true;
            c.latest = DATE_MIN;
            if (!has_column(f, i, list->list.items[k].code)) {
                put_column(f, i, list->list.items[k].code, &c);
            }
        }
    }
}

static void *copy(struct arena *a, const void *from, size_t n, size_t size)
{
    void *to = from ? arena_array(a, n, size) : NULL;
    if (to) {
        memcpy(to, from, n * size);
    }
    return to;
}

static void own(struct arena *a, struct figure_column *c, uint32_t n)
{
    size_t words = (size_t)n / 64 + 1;
    if (c->lent) {
        c->x = copy(a, c->x, n, sizeof *c->x);
        c->known = copy(a, c->known, words, sizeof *c->known);
        c->odd = copy(a, c->odd, words, sizeof *c->odd);
        c->marked = copy(a, c->marked, words, sizeof *c->marked);
        c->fact = copy(a, c->fact, n, sizeof *c->fact);
        c->lent = false;
    }
}

void figures_copy(struct figures *f, const struct figures *from)
{
    for (uint32_t i = 0; i < f->plan->n_items; i++) {
        const struct item_columns *list = &from->items[i];
        for (uint32_t k = 0; k < list->list.n; k++) {
            struct figure_column c = from->columns.items[list->list.items[k].column];
            c.lent = true;
            if (c.fact) { /* else it is the dataset's */
                own(f->arena, &c, figures_slots(f, i)->n);
            }
            put_column(f, i, list->list.items[k].code, &c);
        }
    }
}

bool figure_scaled(struct rat v, int64_t den, int64_t *out)
{
    i128 x = 0;
    if (v.big || v.d <= 0 || den <= 0 || v.d > den || den % (int64_t)v.d != 0 ||
        !i128_mul(v.n, den / (int64_t)v.d, &x) || x >= INT64_MAX || x <= -INT64_MAX) {
        return false;
    }
    *out = (int64_t)x;
    return true;
}

static void mark(struct arena *a, uint64_t **set, uint32_t n, uint32_t slot, bool on)
{
    if (on && !*set) {
        *set = bits(a, n);
    }
    if (*set) {
        figure_set(*set, slot, on);
    }
}

void figures_take(struct figures *f, const struct dataset *d, uint32_t ix)
{
    const struct fact *x = &d->facts[ix];
    const struct figure_slots *s = figures_slots(f, x->item);
    uint32_t slot = s->slot[x->unit];
    ASSERT(x->status == ROW_ACCEPTED);
    if (slot == NONE) {
        return; /* nobody asks for it */
    }
    struct figure_column *c = figures_column(f, x->item, x->period, true);
    c->latest = date_later(c->latest, x->from.recorded);
    c->end = ix + 1 > c->end ? ix + 1 : c->end;
    if (c->fact[slot] != NONE &&
        date_cmp(x->from.recorded, d->facts[c->fact[slot]].from.recorded) < 0) {
        return;
    }
    own(f->arena, c, s->n);
    int64_t v = 0;
    bool has = x->value.has;
    bool fits =
        has && f->plan->items[x->item].d.type != VT_TEXT && figure_scaled(x->value.num, c->den, &v);
    bool apart = x->provisional || x->disputed || x->definition.n > 0 || x->point.n > 0;
    c->fact[slot] = ix;
    c->x[slot] = fits ? v : 0;
    figure_set(c->known, slot, has);
    mark(f->arena, &c->odd, s->n, slot, has && !fits);
    mark(f->arena, &c->marked, s->n, slot, has && apart);
}
