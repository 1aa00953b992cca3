/* SPDX-License-Identifier: Apache-2.0 */
/* Filling columns: one pass over the facts of an item, one look-up per member for the rest. */
#include "engine/column.h"

#include "base/arena.h"
#include "engine/ref.h"

/* Denominators of figures: at most four decimals, and the factor of the unit (亩 = 2000/3 m²). */
#define DEN_MAX 1000000000000

static struct kcol blank(struct column_place *p, bool is_bool)
{
    struct kern *k = p->k;
    struct kcol c = {.is_bool = is_bool, .den = 1, .t = ARENA_ARRAY(k->a, uint8_t, k->n)};
    for (uint32_t i = 0; i < k->n; i++) {
        c.t[i] = T_NA;
    }
    if (!is_bool) {
        c.x = ARENA_ARRAY(k->a, int64_t, k->n);
    }
    return c;
}

static bool is_active(const struct column_place *p, uint32_t i)
{
    return !p->active || p->active[i] != 0;
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

/* The denominator of every figure of a datum as declared; 0: too large. */
static int64_t den_of(const struct datum *d)
{
    if (d->type != VT_NUMBER) {
        return 1; /* booleans and choices */
    }
    i128 den = d->factor.d;
    for (uint8_t i = 0; i < d->decimals; i++) {
        den *= 10;
    }
    return !d->factor.big && den <= DEN_MAX ? (int64_t)den : 0;
}

/* A known value into place i; open when it does not fit. */
static void set_known(struct column_place *p, struct kcol *c, uint32_t i, struct rat v)
{
    if (c->is_bool) {
        c->t[i] = rat_is_zero(v) ? T_NO : T_YES;
        return;
    }
    i128 x = 0;
    bool fits = !v.big && v.d > 0 && c->den % (int64_t)(v.d <= DEN_MAX ? v.d : DEN_MAX + 1) == 0 &&
                i128_mul(v.n, c->den / (int64_t)v.d, &x) && x < INT64_MAX && x > -INT64_MAX;
    p->k->open[i] |= !fits;
    c->t[i] = fits ? T_YES : T_NA;
    c->x[i] = fits ? (int64_t)x : 0;
}

/* ---- items ---------------------------------------------------------------------------------- */

/* Member of a unit, or NONE. */
static uint32_t member_of(const struct frame *f, uint32_t unit)
{
    uint32_t t = f->tree->index_of[unit];
    if (t == TREE_NONE) {
        return NONE;
    }
    uint32_t i = f->first[t];
    return i < f->n && f->at[i] == t ? i : NONE;
}

/* The accepted fact recorded last, by member (C30, C38). */
static const struct fact **latest_facts(struct column_place *p, uint32_t item, struct period period)
{
    const struct dataset *d = cells_dataset(p->cells);
    struct date as_of = cells_as_of(p->cells);
    const struct fact **best = ARENA_ARRAY(p->k->a, const struct fact *, p->k->n);
    uint32_t from = cells_facts_from(d, item, 0);
    for (uint32_t i = from; i < d->n_facts && d->facts[i].item == item; i++) {
        const struct fact *f = &d->facts[i];
        if (f->status != ROW_ACCEPTED || !period_eq(f->period, period) ||
            date_cmp(f->from.recorded, as_of) > 0) {
            continue;
        }
        uint32_t m = member_of(p->frame, f->unit);
        if (m != NONE && (!best[m] || date_cmp(f->from.recorded, best[m]->from.recorded) >= 0)) {
            best[m] = f;
        }
    }
    return best;
}

static bool stood(const struct frame *f, uint32_t i, const struct tree_snap *then)
{
    return then == f->tree || then->index_of[f->tree->unit[f->at[i]]] != TREE_NONE;
}

/* The bit of a fact's own version and point; that of the item in force without them (C19). */
static uint32_t basis_bit(struct reads *r, uint32_t item, const struct fact *f, struct str version,
                          uint32_t usual)
{
    if (!f || !f->value.has || (f->definition.n == 0 && f->point.n == 0)) {
        return usual;
    }
    struct str own = f->definition.n > 0 ? f->definition : version;
    return reads_basis(r, item, ref_basis_hash(own, f->point));
}

bool column_item(struct column_place *p, uint32_t item, struct period period, struct date day,
                 struct kcol *out)
{
    const struct tree_snap *then;
    const struct item *it = &cells_plan(p->cells)->items[item];
    struct kcol c = blank(p, it->d.type == VT_BOOL);
    const struct fact **facts = latest_facts(p, item, period);
    struct str version = cells_version(it, period_plan_year(period, it->point));
    uint32_t period_bit = reads_period(p->reads, ref_period_code(period));
    uint32_t usual = reads_basis(p->reads, item, ref_basis_hash(version, STR("")));
    uint32_t always = it->d.class_ == CLASS_SEALED ? (uint32_t)MF_SEALED : 0u;
    int64_t den = den_of(&it->d);
    c.den = den > 0 ? den : 1;
    if (cells_tree(p->cells, day, &then) != RC_OK) {
        return false;
    }
    for (uint32_t i = 0; i < p->k->n; i++) {
        const struct fact *f = facts[i];
        bool known = f && f->value.has;
        uint32_t flags = always;
        if (!is_active(p, i) || !stood(p->frame, i, then)) {
            continue;
        }
        reads_note(p->reads, p->frame->at[i], period_bit, known,
                   basis_bit(p->reads, item, f, version, usual));
        if (known) {
            flags |= f->provisional ? (uint32_t)MF_PROVISIONAL : 0u;
            flags |= f->disputed ? (uint32_t)MF_DISPUTED : 0u;
            set_known(p, &c, i, f->value.num);
        }
        p->k->open[i] |= !known || den == 0;
        set_flags(p, &c, i, flags);
    }
    *out = c;
    return true;
}

/* ---- rolls ---------------------------------------------------------------------------------- */

struct kcol column_attr(struct column_place *p, uint32_t attribute, struct moment m)
{
    const struct datum *d = &cells_plan(p->cells)->attributes[attribute].d;
    struct kcol c = blank(p, d->type == VT_BOOL);
    struct period year = {.kind = PERIOD_YEAR, .year = m.year, .index = 1};
    uint32_t bit = 0;
    int64_t den = den_of(d);
    c.den = den > 0 ? den : 1;
    for (uint32_t i = 0; i < p->k->n; i++) {
        uint32_t t = p->frame->at[i];
        if (!is_active(p, i)) {
            continue;
        }
        struct cell cell = cells_attr(p->cells, attribute, p->frame->tree->unit[t], m.snapshot);
        if (cell.known) {
            set_known(p, &c, i, cell.lo);
        } else {
            /* Part of the roll: a pair only where it is unknown (C10). */
            bit = bit != 0 ? bit : reads_period(p->reads, ref_period_code(year));
            reads_note(p->reads, t, bit, false, 0);
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
        uint32_t unit = p->frame->tree->unit[p->frame->at[i]];
        c.t[i] = cells_holds(p->cells, title, unit, day) ? T_YES : T_NO;
    }
    return c;
}

struct kcol column_list(struct column_place *p, uint32_t list)
{
    struct kcol c = blank(p, true);
    for (uint32_t i = 0; i < p->k->n; i++) {
        uint32_t unit = p->frame->tree->unit[p->frame->at[i]];
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
        uint32_t n =
            cells_partners(p->k->a, p->cells, relation, t->unit[p->frame->at[i]], day, &partners);
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
    int64_t den = den_of(d);
    c.den = den > 0 ? den : 1;
    for (uint32_t i = 0; i < p->k->n; i++) {
        if (!is_active(p, i)) {
            continue;
        }
        struct cell cell = cells_field(p->cells, field, p->frame->row[i]);
        if (cell.known) {
            set_known(p, &c, i, cell.lo);
        }
        p->k->open[i] |= !cell.known || den == 0;
        set_flags(p, &c, i, cell.flags);
    }
    return c;
}
