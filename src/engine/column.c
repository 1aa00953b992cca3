/* SPDX-License-Identifier: Apache-2.0 */
/* Filling columns: from the columns of figures, and by one look-up per member for the rest. */
#include "engine/column.h"

#include <string.h>

#include "base/arena.h"
#include "engine/kern_loop.h"
#include "engine/ref.h"
#include "model/figures.h"

/* Room for truths alone. */
static struct kcol bare(struct column_place *p, bool is_bool)
{
    return (struct kcol){.is_bool = is_bool, .den = 1, .t = ARENA_RAW(p->k->a, uint8_t, p->k->n)};
}

static struct kcol blank(struct column_place *p, bool is_bool)
{
    struct kern *k = p->k;
    struct kcol c = bare(p, is_bool);
    for (uint32_t i = 0; i < k->n; i++) {
        c.t[i] = T_NA;
    }
    c.x = is_bool ? NULL : ARENA_ARRAY(k->a, int64_t, k->n);
    return c;
}

/* K1 asks for one even where no figure fits it. */
static int64_t common_den(const struct datum *d)
{
    int64_t den = datum_den(d);
    return den > 0 ? den : 1;
}

/* What a member reads beside what all do. */
static struct unit_reads *each_of(struct column_place *p, uint32_t i)
{
    if (!p->reads->each) {
        p->reads->each = ARENA_ARRAY(p->k->a, struct unit_reads, p->k->n);
    }
    return &p->reads->each[i];
}

static bool is_active(const struct column_place *p, uint32_t i)
{
    return !p->active || p->active[i] != 0;
}

static uint32_t unit_of(const struct column_place *p, uint32_t i)
{
    return p->frame->tree->unit[p->frame->at[p->from + i]];
}

static void set_flags(struct column_place *p, struct kcol *c, uint32_t i, uint32_t flags)
{
    if (flags != 0 && !c->flags) {
        c->flags = ARENA_ARRAY(p->k->a, uint8_t, p->k->n);
    }
    if (c->flags) {
        c->flags[i] = (uint8_t)flags;
    }
}

/* A known value into place i; open when it does not fit. */
static void set_known(struct column_place *p, struct kcol *c, uint32_t i, struct rat v)
{
    if (c->is_bool) {
        c->t[i] = rat_is_zero(v) ? T_NO : T_YES;
        return;
    }
    int64_t x = 0;
    bool fits = figure_scaled(v, c->den, &x);
    p->k->open[i] |= !fits;
    c->t[i] = fits ? T_YES : T_NA;
    c->x[i] = x;
}

/* ---- items ---------------------------------------------------------------------------------- */

static bool stood(const struct column_place *p, uint32_t i, const struct tree_snap *then)
{
    return then == p->frame->tree || then->index_of[unit_of(p, i)] != TREE_NONE;
}

/* The bit of a fact's own version and point; that of the item in force without them (C19). */
static uint32_t basis_bit(struct read_table *r, uint32_t item, const struct fact *f,
                          struct str version, uint32_t usual)
{
    if (!f || (f->definition.n == 0 && f->point.n == 0)) {
        return usual;
    }
    struct str own = f->definition.n > 0 ? f->definition : version;
    return read_basis(r, item, ref_basis_hash(own, f->point));
}

/* A figure with marks of its own: its fact; NULL for the others. */
static const struct fact *marked_fact(const struct column_place *p, const struct figure_column *k,
                                      uint32_t slot)
{
    bool marked = k && figure_bit(k->marked, slot);
    return marked ? &cells_dataset(p->cells)->facts[k->fact[slot]] : NULL;
}

/* The figure of a slot into place i. */
static void put_figure(struct column_place *p, struct kcol *c, uint32_t i,
                       const struct figure_column *k, uint32_t slot)
{
    if (figure_bit(k->odd, slot)) {
        set_known(p, c, i, cells_dataset(p->cells)->facts[k->fact[slot]].value.num);
    } else if (c->is_bool) {
        c->t[i] = k->x[slot] != 0 ? T_YES : T_NO;
    } else {
        c->t[i] = T_YES;
        c->x[i] = k->x[slot];
    }
}

/* An item at a period, and what is the same for all members. */
struct item_at {
    const struct item *item;
    const struct figure_column *k; /* NULL: nobody has reported */
    const struct frame_slots *slots;
    const struct tree_snap *then;
    struct str version;
    uint32_t period_bit, usual, always;
    bool odd; /* no figure fits a column */
};

/* The column needs nothing but itself: no marks, no odd figures, everybody stood. */
static bool is_plain(const struct column_place *p, const struct item_at *x)
{
    const struct figure_column *k = x->k;
    return p->k->n > 0 && k && !k->odd && !k->marked && !x->odd && x->always == 0 &&
           x->then == p->frame->tree && x->slots->straight &&
           (!p->active || p->reads->n_groups < READS_GROUPS);
}

static void note_all(struct column_place *p, const struct item_at *x)
{
    struct unit_reads bits = {x->period_bit, 0, x->usual};
    if (!p->active) {
        unit_reads_unite(&p->reads->all, bits);
        return;
    }
    p->reads->groups[p->reads->n_groups].mask = p->active;
    p->reads->groups[p->reads->n_groups++].bits = bits;
}

/* Silent members, a word of them at a time: no value, and open if they are read. */
static void mark_silent(struct column_place *p, const struct item_at *x, struct kcol *c)
{
    const uint64_t *known = x->k->known;
    uint32_t first = x->slots->slot[p->from];
    uint32_t end = first + p->k->n;
    for (uint32_t w = first / 64; w * 64 < end; w++) {
        for (uint64_t gone = ~known[w]; gone != 0; gone &= gone - 1) {
            uint32_t slot = w * 64 + (uint32_t)__builtin_ctzll(gone);
            if (slot >= first && slot < end) {
                uint32_t i = slot - first;
                c->t[i] = T_NA;
                p->k->open[i] |= is_active(p, i);
            }
        }
    }
}

static void view(struct column_place *p, const struct item_at *x, struct kcol *c)
{
    const int64_t *figures = &x->k->x[x->slots->slot[p->from]];
    note_all(p, x);
    c->whole = !c->is_bool && !p->active;
    c->x = c->is_bool ? NULL : (int64_t *)(uintptr_t)figures; /* CO3 */
    if (c->is_bool) {
        loop_truth(figures, NULL, p->k->n, c->t);
    } else {
        memset(c->t, T_YES, p->k->n);
    }
    mark_silent(p, x, c);
}

static void one_by_one(struct column_place *p, uint32_t item, const struct item_at *x,
                       struct kcol *c)
{
    const struct figure_column *k = x->k;
    for (uint32_t i = 0; i < p->k->n; i++) {
        uint32_t slot = x->slots->slot[p->from + i];
        bool known = k && slot != NONE && figure_bit(k->known, slot);
        uint32_t flags = x->always;
        if (!is_active(p, i) || !stood(p, i, x->then)) {
            continue;
        }
        const struct fact *f = known ? marked_fact(p, k, slot) : NULL;
        unit_read(each_of(p, i), x->period_bit, known,
                  basis_bit(p->table, item, f, x->version, x->usual));
        if (known) {
            flags |= f && f->provisional ? (uint32_t)MF_PROVISIONAL : 0u;
            flags |= f && f->disputed ? (uint32_t)MF_DISPUTED : 0u;
            put_figure(p, c, i, k, slot);
        }
        p->k->open[i] |= !known || x->odd;
        set_flags(p, c, i, flags);
    }
}

bool column_item(struct column_place *p, uint32_t item, struct period period, struct date day,
                 struct kcol *out)
{
    const struct item *it = &cells_plan(p->cells)->items[item];
    struct item_at x = {.item = it,
                        .k = figures_at(cells_figures(p->cells), item, period),
                        .slots = frame_slots(p->frame, p->cells, item),
                        .version = cells_version(it, period_plan_year(period, it->point)),
                        .always = it->d.class_ == CLASS_SEALED ? (uint32_t)MF_SEALED : 0u,
                        .odd = datum_den(&it->d) == 0};
    x.period_bit = read_period(p->table, period_code(period));
    x.usual = read_basis(p->table, item, ref_basis_hash(x.version, STR("")));
    if (cells_tree(p->cells, day, &x.then) != RC_OK) {
        return false;
    }
    bool plain = is_plain(p, &x);
    *out = plain ? bare(p, it->d.type == VT_BOOL) : blank(p, it->d.type == VT_BOOL);
    out->den = common_den(&it->d);
    if (plain) {
        view(p, &x, out);
    } else {
        one_by_one(p, item, &x, out);
    }
    return true;
}

/* ---- rolls ---------------------------------------------------------------------------------- */

struct kcol column_attr(struct column_place *p, uint32_t attribute, struct moment m)
{
    const struct datum *d = &cells_plan(p->cells)->attributes[attribute].d;
    const struct frame_attr *all = frame_attr(p->frame, p->cells, attribute, m.snapshot);
    if (all) {
        return (struct kcol){.is_bool = d->type == VT_BOOL,
                             .den = common_den(d),
                             .x = all->x + p->from, /* CO3 */
                             .t = all->t + p->from};
    }
    struct kcol c = blank(p, d->type == VT_BOOL);
    struct period year = {.kind = PERIOD_YEAR, .year = m.year, .index = 1};
    uint32_t bit = 0;
    int64_t den = datum_den(d);
    c.den = common_den(d);
    for (uint32_t i = 0; i < p->k->n; i++) {
        if (!is_active(p, i)) {
            continue;
        }
        struct cell cell = cells_attr(p->cells, attribute, unit_of(p, i), m.snapshot);
        if (cell.known) {
            set_known(p, &c, i, cell.lo);
        } else {
            /* Part of the roll: a pair only where it is unknown (C10). */
            bit = bit != 0 ? bit : read_period(p->table, period_code(year));
            unit_read(each_of(p, i), bit, false, 0);
        }
        p->k->open[i] |= !cell.known || den == 0;
        set_flags(p, &c, i, cell.flags);
    }
    return c;
}

struct kcol column_title(struct column_place *p, uint32_t title, struct date day)
{
    struct kcol c = blank(p, true);
    for (uint32_t i = 0; i < p->k->n; i++) {
        uint32_t unit = unit_of(p, i);
        c.t[i] = cells_holds(p->cells, title, unit, day) ? T_YES : T_NO;
    }
    return c;
}

struct kcol column_list(struct column_place *p, uint32_t list)
{
    struct kcol c = blank(p, true);
    for (uint32_t i = 0; i < p->k->n; i++) {
        uint32_t unit = unit_of(p, i);
        c.t[i] = cells_listed(p->cells, list, unit) ? T_YES : T_NO;
    }
    return c;
}

/* At least one partner that exists (C24). */
struct kcol column_covered(struct column_place *p, uint32_t relation, struct date day)
{
    const struct tree_snap *t = p->frame->tree;
    struct kcol c = blank(p, true);
    for (uint32_t i = 0; i < p->k->n; i++) {
        const uint32_t *partners = NULL;
        uint32_t n = cells_partners(p->k->a, p->cells, relation, unit_of(p, i), day, &partners);
        c.t[i] = T_NO;
        for (uint32_t k = 0; k < n; k++) {
            c.t[i] = t->index_of[partners[k]] != TREE_NONE ? T_YES : c.t[i];
        }
    }
    return c;
}

struct kcol column_field(struct column_place *p, uint32_t field)
{
    const struct datum *d = &cells_plan(p->cells)->fields[field].d;
    struct kcol c = blank(p, d->type == VT_BOOL);
    int64_t den = datum_den(d);
    c.den = common_den(d);
    for (uint32_t i = 0; i < p->k->n; i++) {
        if (!is_active(p, i)) {
            continue;
        }
        struct cell cell = cells_field(p->cells, field, p->frame->row[p->from + i]);
        if (cell.known) {
            set_known(p, &c, i, cell.lo);
        }
        p->k->open[i] |= !cell.known || den == 0;
        set_flags(p, &c, i, cell.flags);
    }
    return c;
}
