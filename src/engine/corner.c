/* SPDX-License-Identifier: Apache-2.0 */
/* A small interpreter of plain conditions over the few items of one member. */
#include "engine/corner.h"

#include "base/arena.h"
#include "engine/mval.h"
#include "engine/ref.h"
#include "model/figures.h"

#define CORNER_DEPTH 16
#define LIMITLESS    ((i128)1 << 80) /* stands for a bound that is only approached */

/* ---- what is understood --------------------------------------------------------------------- */

static bool whole_bound(struct rat v, int64_t den, int64_t *out)
{
    return figure_scaled(v, den, out);
}

/* Of a silent one, where no check says more (C04). false: they are no small whole numbers. */
static bool declared_bounds(const struct datum *d, struct corner_item *x)
{
    if (x->is_bool) {
        x->hi = 1;
        return true;
    }
    x->limitless = rat_is_inf(d->hi);
    return whole_bound(d->lo, x->den, &x->lo) &&
           (x->limitless || whole_bound(d->hi, x->den, &x->hi));
}

static void add_item(const struct chunk_place *p, struct corner_form *f, uint32_t item)
{
    const struct item *it = &cells_plan(p->cells)->items[item];
    for (uint32_t i = 0; i < f->n; i++) {
        if (f->items[i].item == item) {
            return;
        }
    }
    struct corner_item x = {
        .item = item, .den = datum_den(&it->d), .is_bool = it->d.type == VT_BOOL};
    f->fits = f->fits && f->n < CORNER_ITEMS && x.den > 0 && it->d.class_ != CLASS_SEALED &&
              (x.is_bool || it->d.type == VT_NUMBER) &&
              moment_of_item(it, *p->moment, &x.period, &x.day);
    if (f->fits) {
        struct str version = cells_version(it, period_plan_year(x.period, it->point));
        x.period_bit = read_period(p->table, period_code(x.period));
        x.basis_bit = read_basis(p->table, item, ref_basis_hash(version, STR("")));
        x.narrowed = !x.is_bool &&
                     (cells_check_group(p->cells, item) != NONE || !declared_bounds(&it->d, &x));
        x.hi = x.is_bool ? 1 : x.hi;
        f->items[f->n++] = x;
    }
}

static uint32_t index_of(const struct corner_form *f, uint32_t item)
{
    uint32_t i = 0;
    while (i + 1 < f->n && f->items[i].item != item) {
        i++;
    }
    return i;
}

/*
 * An item with a number: between the ends of its bounds the truth changes once, and at one place
 * only, however often it is compared.
 */
static void comparison(const struct chunk_place *p, struct corner_form *f, const struct expr *x)
{
    const struct expr *item = &cells_plan(p->cells)->exprs[x->a];
    const struct expr *number = &cells_plan(p->cells)->exprs[x->b];
    int64_t scaled = 0;
    f->fits = item->op == EX_ITEM && number->op == EX_NUM;
    if (f->fits) {
        add_item(p, f, item->ref);
    }
    if (f->fits) {
        struct corner_item *i = &f->items[index_of(f, item->ref)];
        bool over = x->op == EX_GT || x->op == EX_LE;
        f->fits = !i->is_bool && whole_bound(number->num, i->den, &scaled) &&
                  (!i->compared || (i->number == scaled && i->over == over));
        i->compared = true;
        i->number = scaled;
        i->over = over;
    }
}

static void condition(const struct chunk_place *p, struct corner_form *f, uint32_t e,
                      uint32_t depth)
{
    const struct plan *plan = cells_plan(p->cells);
    if (e == NONE || !f->fits) {
        return;
    }
    const struct expr *x = &plan->exprs[e];
    switch ((unsigned)x->op) {
    case EX_BOOL:
    case EX_TITLE:
        return;
    case EX_ITEM:
        add_item(p, f, x->ref);
        return;
    case EX_ATTR:
        f->fits = plan->attributes[x->ref].d.type == VT_BOOL;
        return;
    case EX_IN:
        f->fits = plan->exprs[x->a].op == EX_ATTR;
        return;
    case EX_GE:
    case EX_LE:
    case EX_GT:
    case EX_LT:
        comparison(p, f, x);
        return;
    case EX_NOT:
    case EX_AND:
    case EX_OR:
        f->fits = depth < CORNER_DEPTH;
        condition(p, f, x->a, depth + 1);
        condition(p, f, x->b, depth + 1);
        return;
    default:
        f->fits = false;
    }
}

static void term(const struct chunk_place *p, struct corner_form *f, uint32_t k)
{
    const struct plan *plan = cells_plan(p->cells);
    const struct expr *x = &plan->exprs[p->terms->items[k].agg];
    uint32_t e = chunk_summed(x);
    struct corner_term *t = &f->terms[k];
    *t = (struct corner_term){.where = x->b,
                              .item = NONE,
                              .holds = x->agg == AGG_SHARE ? e : NONE,
                              .ratio = agg_is_ratio(x->agg),
                              .below = p->terms->items[k].below};
    f->fits = f->fits && x->over != OVER_REGISTER && x->agg != AGG_COVER;
    condition(p, f, x->b, 0);
    if (x->agg == AGG_SHARE) {
        condition(p, f, e, 0);
    } else if (e != NONE) {
        f->fits = f->fits && plan->exprs[e].op == EX_ITEM && !plan->exprs[e].is_bool;
        if (f->fits) {
            add_item(p, f, plan->exprs[e].ref);
            t->item = index_of(f, plan->exprs[e].ref);
        }
    }
}

/* Ties count within one year; between periods of different kinds the reference knows. */
static void find_ties(struct arena *a, const struct chunk_place *p, struct corner_form *f)
{
    const struct plan *plan = cells_plan(p->cells);
    for (uint32_t i = 0; i < f->n; i++) {
        for (uint32_t k = 0; k < f->n; k++) {
            struct corner_item *part = &f->items[i];
            const struct corner_item *whole = &f->items[k];
            if (i == k || part->is_bool || whole->is_bool ||
                !cells_tied(a, p->cells, part->item, whole->item, plan->items[part->item].kind)) {
                continue;
            }
            f->fits = f->fits && period_eq(part->period, whole->period) && part->den == whole->den;
            part->tied_to |= 1u << k;
            f->ties = true;
        }
    }
}

void corner_form_make(struct arena *a, const struct chunk_place *p, struct corner_form *out)
{
    *out = (struct corner_form){.fits = true};
    for (uint32_t k = 0; k < p->terms->n; k++) {
        term(p, out, k);
    }
    for (uint32_t k = 0; k < p->terms->n; k++) { /* what is added up has corners of its own */
        uint32_t i = out->terms[k].item;
        out->fits = out->fits && (i == NONE || !out->items[i].compared);
    }
    if (out->fits) {
        find_ties(a, p, out);
    }
    for (uint32_t i = 0; i < out->n; i++) {
        out->fits = out->fits && !(out->ties && out->items[i].compared);
    }
}

void corner_form_compare(const struct chunk_place *p, const struct expr *x, struct corner_form *out)
{
    const struct expr *left = &cells_plan(p->cells)->exprs[x->a];
    const struct expr *right = &cells_plan(p->cells)->exprs[x->b];
    int64_t scaled = 0;
    *out = (struct corner_form){.fits = x->op >= EX_GE && x->op <= EX_LT && left->op == EX_ITEM};
    if (out->fits) {
        add_item(p, out, left->ref);
    }
    if (out->fits && right->op == EX_ITEM && right->ref != left->ref) {
        add_item(p, out, right->ref);
        out->fits = out->fits && out->items[0].den == out->items[1].den;
    } else if (out->fits) {
        out->fits = right->op == EX_NUM && whole_bound(right->num, out->items[0].den, &scaled);
        out->items[0].number = scaled;
    }
    for (uint32_t i = 0; i < out->n; i++) {
        out->fits = out->fits && !out->items[i].is_bool;
    }
}

void corner_form_look(const struct chunk_place *p, struct corner_form *f)
{
    const struct figures *all = cells_figures(p->cells);
    for (uint32_t i = 0; f->fits && i < f->n; i++) {
        struct corner_item *x = &f->items[i];
        x->figures = figures_at(all, x->item, x->period);
        x->slot = figures_slots(all, x->item)->slot;
        x->then = NULL;
        if (cells_tree(p->cells, x->day, &x->then) != RC_OK) {
            x->then = NULL;
        }
    }
}

/* ---- one member ----------------------------------------------------------------------------- */

struct leaf {
    uint32_t item; /* index in the form */
    i128 lo, hi;
    bool limitless; /* upwards */
    i128 at;
};

struct member {
    const struct corner_form *f;
    const struct chunk_place *p;
    struct arena *a;
    const int64_t *factor;
    uint32_t member, unit;
    bool looked[CORNER_ITEMS], known[CORNER_ITEMS], set; /* set: the leaves have a value */
    int64_t x[CORNER_ITEMS];
    uint32_t leaf_of[CORNER_ITEMS];
    struct leaf leaves[CORNER_LEAVES];
    uint32_t n_leaves;
    struct unit_reads reads;
    bool failed; /* the reference must */
};

static void new_leaf(struct member *m, uint32_t i)
{
    const struct corner_item *it = &m->f->items[i];
    struct leaf l = {.item = i, .lo = it->lo, .hi = it->hi, .limitless = it->limitless};
    if (m->n_leaves == CORNER_LEAVES) {
        m->failed = true;
        return;
    }
    if (it->narrowed) {
        struct cell c = cells_item(m->a, m->p->cells, it->item, m->unit, it->period);
        int64_t lo = 0;
        int64_t hi = 0;
        l.limitless = rat_is_inf(c.hi);
        m->failed = m->failed || !whole_bound(c.lo, it->den, &lo) ||
                    (!l.limitless && !whole_bound(c.hi, it->den, &hi));
        l.lo = lo;
        l.hi = hi;
    }
    m->leaf_of[i] = m->n_leaves;
    m->leaves[m->n_leaves++] = l;
}

/* Reads an item once. What has a fact of its own kind, or did not stand, is for the reference. */
static void look(struct member *m, uint32_t i)
{
    const struct corner_item *it = &m->f->items[i];
    if (m->looked[i]) {
        return;
    }
    m->looked[i] = true;
    uint32_t slot = it->slot[m->unit];
    if (!it->then || slot == NONE ||
        (it->then != m->p->frame->tree && it->then->index_of[m->unit] == TREE_NONE)) {
        m->failed = true;
        return;
    }
    const struct figure_column *k = it->figures;
    m->known[i] = k && figure_bit(k->known, slot);
    m->x[i] = m->known[i] ? k->x[slot] : 0;
    unit_read(&m->reads, it->period_bit, m->known[i], it->basis_bit);
    if (m->known[i]) {
        m->failed = m->failed || figure_bit(k->odd, slot) || figure_bit(k->marked, slot);
    } else {
        new_leaf(m, i);
    }
}

static enum truth attribute(struct member *m, uint32_t attr, const uint64_t *set)
{
    const struct frame_attr *all =
        frame_attr(m->p->frame, m->p->cells, attr, m->p->moment->snapshot);
    int64_t v = all ? all->x[m->member] : 0;
    if (!all) {
        struct cell c = cells_attr(m->p->cells, attr, m->unit, m->p->moment->snapshot);
        if (!c.known || !rat_to_int64(c.lo, &v)) {
            m->failed = true;
            return T_NO;
        }
    }
    bool in = set ? v >= 0 && v < 64 && (*set >> v & 1) != 0 : v != 0;
    return in ? T_YES : T_NO;
}

static enum truth flag(struct member *m, uint32_t item)
{
    uint32_t i = index_of(m->f, item);
    look(m, i);
    if (m->failed) {
        return T_NO;
    }
    i128 v = m->known[i] ? m->x[i] : m->leaves[m->leaf_of[i]].at;
    return !m->known[i] && !m->set ? T_UNKNOWN : v != 0 ? T_YES : T_NO;
}

static bool satisfies(enum expr_op op, i128 x, i128 y)
{
    return op == EX_GE ? x >= y : op == EX_LE ? x <= y : op == EX_GT ? x > y : x < y;
}

/* Of a silent one it is known when both ends of its bounds agree. */
static enum truth compared(struct member *m, const struct expr *x)
{
    uint32_t i = index_of(m->f, cells_plan(m->p->cells)->exprs[x->a].ref);
    const struct corner_item *it = &m->f->items[i];
    look(m, i);
    if (m->failed) {
        return T_NO;
    }
    const struct leaf *l = m->known[i] ? NULL : &m->leaves[m->leaf_of[i]];
    bool from = satisfies(x->op, !l ? m->x[i] : m->set ? l->at : l->lo, it->number);
    bool to = satisfies(x->op,
                        !l             ? m->x[i]
                        : m->set       ? l->at
                        : l->limitless ? LIMITLESS
                                       : l->hi,
                        it->number);
    return from != to ? T_UNKNOWN : from ? T_YES : T_NO;
}

static enum truth holds(struct member *m, uint32_t e)
{
    const struct expr *x = e == NONE ? NULL : &cells_plan(m->p->cells)->exprs[e];
    if (!x) {
        return T_YES;
    }
    switch ((unsigned)x->op) {
    case EX_BOOL:
        return x->flag ? T_YES : T_NO;
    case EX_TITLE:
        return cells_holds(m->p->cells, x->ref, m->unit, m->p->moment->snapshot) ? T_YES : T_NO;
    case EX_ITEM:
        return flag(m, x->ref);
    case EX_ATTR:
        return attribute(m, x->ref, NULL);
    case EX_IN:
        return attribute(m, cells_plan(m->p->cells)->exprs[x->a].ref, &x->choices);
    case EX_GE:
    case EX_LE:
    case EX_GT:
    case EX_LT:
        return compared(m, x);
    case EX_NOT:
        return truth_not(holds(m, x->a));
    case EX_AND: { /* both sides are read */
        enum truth left = holds(m, x->a);
        return truth_and(left, holds(m, x->b));
    }
    default: {
        enum truth left = holds(m, x->a);
        return truth_or(left, holds(m, x->b));
    }
    }
}

/* What a term adds; *decided stays as it is when that is certain. */
static i128 contribution(struct member *m, const struct corner_term *t, bool *decided, bool *counts)
{
    enum truth where = holds(m, t->where);
    *counts = where == T_YES || where == T_UNKNOWN;
    if (!*counts || m->failed) {
        return 0;
    }
    *decided = *decided && where == T_YES;
    if (t->holds != NONE) {
        enum truth v = holds(m, t->holds);
        *decided = *decided && v != T_UNKNOWN;
        return v == T_YES;
    }
    if (t->item == NONE) {
        return 1;
    }
    uint32_t i = t->item;
    look(m, i);
    *decided = *decided && (m->known[i] || m->set);
    return m->failed || !(m->known[i] || m->set) ? 0
           : m->known[i]                         ? m->x[i]
                                                 : m->leaves[m->leaf_of[i]].at;
}

/* Sums of all terms as they stand; false: not decided. */
static bool pair(struct member *m, i128 *n, i128 *d)
{
    bool decided = true;
    *n = 0;
    *d = 0;
    for (uint32_t k = 0; k < m->p->terms->n; k++) {
        const struct corner_term *t = &m->f->terms[k];
        bool counts;
        i128 v = contribution(m, t, &decided, &counts) * m->factor[k];
        if (t->ratio) {
            *n = v;
            *d = counts;
        } else {
            *(t->below ? d : n) += v;
        }
    }
    return decided;
}

/* ---- corners -------------------------------------------------------------------------------- */

/* The leaves by the digits of the choice; true when one goes on without limit. */
static bool set_leaves(struct member *m, uint32_t choice, i128 times)
{
    bool on = false;
    for (uint32_t i = 0; i < m->n_leaves; i++) {
        struct leaf *l = &m->leaves[i];
        bool up = (choice >> i & 1) != 0;
        l->at = !up ? l->lo : l->limitless ? times * LIMITLESS : l->hi;
        on = on || (up && l->limitless);
    }
    return on;
}

/* As in engine/ref_arith.c: onto the line part = whole, to its far end or to its near end. */
static bool mend_ties(struct member *m, bool near)
{
    bool moved = false;
    for (uint32_t i = 0; i < m->n_leaves; i++) {
        for (uint32_t k = 0; k < m->n_leaves; k++) {
            struct leaf *part = &m->leaves[i];
            struct leaf *whole = &m->leaves[k];
            bool tied = (m->f->items[part->item].tied_to >> whole->item & 1) != 0;
            if (i == k || part->at <= whole->at || !tied) {
                continue;
            }
            if (!near && (whole->limitless || part->at <= whole->hi)) {
                whole->at = part->at;
            } else {
                part->at = whole->at > part->lo ? whole->at : part->lo;
                whole->at = whole->at > part->at ? whole->at : part->at;
            }
            moved = true;
        }
    }
    return moved;
}

static bool fits64(i128 x)
{
    return x < INT64_MAX && x > -INT64_MAX;
}

static bool put(struct arena *keep, struct corner_ints *out, i128 n, i128 d, bool ray)
{
    if (!fits64(n) || !fits64(d)) {
        return false;
    }
    vec_push(keep, &out->list, (struct corner_int){(int64_t)n, (int64_t)d, ray});
    return true;
}

static bool one_corner(struct member *m, uint32_t choice, bool near, struct arena *keep,
                       struct corner_ints *out)
{
    i128 n;
    i128 d;
    bool on = set_leaves(m, choice, 1);
    if (!mend_ties(m, near) && near) {
        return true; /* the same corner as before */
    }
    (void)pair(m, &n, &d);
    if (on) {
        i128 n2;
        i128 d2;
        (void)set_leaves(m, choice, 2);
        (void)mend_ties(m, near);
        (void)pair(m, &n2, &d2);
        if (n2 != n || d2 != d) {
            return put(keep, out, (n2 - n) / LIMITLESS, (d2 - d) / LIMITLESS, true); /* CN2 */
        }
    }
    return put(keep, out, n, d, false);
}

static bool all_corners(struct member *m, struct arena *keep, struct corner_ints *out)
{
    uint32_t before = out->list.n;
    bool ok = true;
    m->set = true;
    for (uint32_t choice = 0; ok && choice < 1u << m->n_leaves; choice++) {
        ok = one_corner(m, choice, false, keep, out) &&
             (!m->f->ties || one_corner(m, choice, true, keep, out));
    }
    out->list.n = ok ? out->list.n : before;
    return ok;
}

bool corner_complete(struct arena *a, const struct corner_form *f, const struct chunk_place *p,
                     const int64_t *factor, uint32_t member, struct arena *keep,
                     struct corner_ints *out, bool *known, struct unit_reads *reads)
{
    struct member m = {.f = f, .p = p, .a = a, .factor = factor, .member = member};
    i128 n;
    i128 d;
    if (!f->fits) {
        return false;
    }
    m.unit = p->frame->tree->unit[p->frame->at[member]];
    *known = pair(&m, &n, &d);
    if (m.failed) {
        return false;
    }
    *reads = m.reads;
    return *known ? put(keep, out, n, d, false) : all_corners(&m, keep, out);
}

/* ---- comparisons of a silent member --------------------------------------------------------- */

struct ends {
    i128 lo, hi;
};

static struct ends ends_of(struct member *m, uint32_t i)
{
    look(m, i);
    if (m->failed || m->known[i]) {
        return (struct ends){m->x[i], m->x[i]};
    }
    const struct leaf *l = &m->leaves[m->leaf_of[i]];
    return (struct ends){l->lo, l->limitless ? LIMITLESS : l->hi};
}

bool corner_compare(struct arena *a, const struct corner_form *f, const struct chunk_place *p,
                    const struct expr *x, uint32_t member, enum truth *out,
                    struct unit_reads *reads)
{
    struct member m = {.f = f, .p = p, .a = a, .member = member};
    if (!f->fits) {
        return false;
    }
    m.unit = p->frame->tree->unit[p->frame->at[member]];
    bool up = x->op == EX_GE || x->op == EX_GT; /* the more on the left, the better */
    struct ends l = ends_of(&m, 0);
    struct ends r =
        f->n > 1 ? ends_of(&m, 1) : (struct ends){f->items[0].number, f->items[0].number};
    bool always = up ? satisfies(x->op, l.lo, r.hi) : satisfies(x->op, l.hi, r.lo);
    bool ever = up ? satisfies(x->op, l.hi, r.lo) : satisfies(x->op, l.lo, r.hi);
    *out = always ? T_YES : ever ? T_UNKNOWN : T_NO;
    *reads = m.reads;
    return !m.failed;
}
