/* SPDX-License-Identifier: Apache-2.0 */
/* Populations, collected in one walk over the tree of the day. */
#include "engine/frame.h"

#include "base/arena.h"
#include "base/vec.h"
#include "model/figures.h"

struct collector {
    struct arena *a;
    struct cells *c;
    const struct tree_snap *tree;
    struct moment m;
    VEC(uint32_t) at;
    VEC(uint32_t) row;
};

bool frame_can(const struct plan *p, enum over over, uint32_t ref)
{
    return over == OVER_KIND || over == OVER_TITLE || over == OVER_REGISTER ||
           (over == OVER_LIST && p->lists[ref].predicate == NONE);
}

static bool belongs(const struct collector *k, enum over over, uint32_t ref, uint32_t i)
{
    const struct plan *p = cells_plan(k->c);
    uint32_t unit = k->tree->unit[i];
    uint32_t owner = over == OVER_REGISTER ? p->regs[ref].owner_kind : ref;
    switch (over) {
    case OVER_TITLE:
        return cells_holds(k->c, ref, unit, k->m.snapshot);
    case OVER_LIST:
        return cells_listed(k->c, ref, unit);
    case OVER_KIND:
    case OVER_REGISTER:
        return owner == NONE || plan_is_a(p, k->tree->kind[i], owner);
    case OVER_RELATION:
        break;
    }
    return false;
}

static void add_rows(struct collector *k, uint32_t reg, uint32_t i)
{
    const uint32_t *rows = NULL;
    struct date first;
    struct date last;
    moment_rows(k->m, &first, &last);
    uint32_t n = cells_rows(k->a, k->c, reg, k->tree->unit[i], first, last, k->m.snapshot, &rows);
    for (uint32_t r = 0; r < n; r++) {
        vec_push(k->a, &k->at, i);
        vec_push(k->a, &k->row, rows[r]);
    }
}

enum rc frame_make(struct arena *a, struct cells *c, enum over over, uint32_t ref, struct moment m,
                   struct frame *out)
{
    struct collector k = {.a = a, .c = c, .m = m};
    if (cells_tree(c, m.snapshot, &k.tree) != RC_OK) {
        return RC_LIMIT;
    }
    uint32_t n = k.tree->n;
    uint32_t *first = ARENA_TRY_ARRAY(a, uint32_t, (size_t)n + 1);
    if (!first) {
        return RC_LIMIT;
    }
    for (uint32_t i = 0; i < n; i++) {
        first[i] = k.at.n;
        if (!belongs(&k, over, ref, i)) {
            continue;
        }
        if (over == OVER_REGISTER) {
            add_rows(&k, ref, i);
        } else {
            vec_push(a, &k.at, i);
        }
    }
    first[n] = k.at.n;
    *out = (struct frame){.tree = k.tree,
                          .n = k.at.n,
                          .at = k.at.items,
                          .row = over == OVER_REGISTER ? k.row.items : NULL,
                          .first = first,
                          .arena = a};
    return RC_OK;
}

const struct frame_slots *frame_slots(struct frame *f, const struct cells *c, uint32_t item)
{
    uint32_t kind = cells_plan(c)->items[item].kind;
    for (uint32_t i = 0; i < f->slots.n; i++) {
        if (f->slots.items[i].kind == kind) {
            return &f->slots.items[i];
        }
    }
    const uint32_t *by_unit = figures_slots(cells_figures(c), item)->slot;
    struct frame_slots s = {kind, ARENA_ARRAY(f->arena, uint32_t, f->n), true};
    for (uint32_t i = 0; i < f->n; i++) {
        s.slot[i] = by_unit[f->tree->unit[f->at[i]]];
        s.straight = s.straight && s.slot[i] != NONE && s.slot[i] == s.slot[0] + i;
    }
    vec_push(f->arena, &f->slots, s);
    return &vec_last(&f->slots);
}

static void fill_one(struct frame *f, const struct cells *c, struct date day, uint32_t i,
                     struct frame_attr *k)
{
    const struct datum *d = &cells_plan(c)->attributes[k->attribute].d;
    uint32_t unit = f->tree->unit[f->at[i]];
    struct cell cell = cells_attr(c, k->attribute, unit, day);
    cells_attr_days(c, k->attribute, unit, day, &k->from, &k->to);
    k->usable = cell.known && cell.flags == 0 && figure_scaled(cell.lo, datum_den(d), &k->x[i]);
    k->t[i] = d->type != VT_BOOL || k->x[i] != 0 ? T_YES : T_NO;
}

static void fill_attr(struct frame *f, const struct cells *c, struct date day, struct frame_attr *k)
{
    k->stale = false;
    k->usable = datum_den(&cells_plan(c)->attributes[k->attribute].d) > 0;
    k->from = DATE_MIN;
    k->to = DATE_MAX;
    vec_clear(&k->touched);
    for (uint32_t i = 0; k->usable && i < f->n; i++) {
        fill_one(f, c, day, i, k);
    }
}

/* Those that edits have touched, in a column that stands. */
static void mend_attr(struct frame *f, const struct cells *c, struct date day, struct frame_attr *k)
{
    for (uint32_t t = 0; k->usable && t < k->touched.n; t++) {
        uint32_t at = f->tree->index_of[k->touched.items[t]];
        uint32_t lo = 0;
        uint32_t hi = f->n;
        while (lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (f->at[mid] < at) {
                lo = mid + 1;
            } else {
                hi = mid;
            }
        }
        if (at != TREE_NONE && lo < f->n && f->at[lo] == at) {
            fill_one(f, c, day, lo, k);
        }
    }
    vec_clear(&k->touched);
}

const struct frame_attr *frame_attr(struct frame *f, const struct cells *c, uint32_t attribute,
                                    struct date day)
{
    uint32_t i = 0;
    while (i < f->attrs.n &&
           (f->attrs.items[i].attribute != attribute || date_cmp(f->attrs.items[i].from, day) > 0 ||
            date_cmp(day, f->attrs.items[i].to) > 0)) {
        i++;
    }
    if (i == f->attrs.n) {
        struct frame_attr fresh = {.attribute = attribute, .stale = true};
        fresh.x = ARENA_ARRAY(f->arena, int64_t, f->n);
        fresh.t = ARENA_ARRAY(f->arena, uint8_t, f->n);
        vec_push(f->arena, &f->attrs, fresh);
    }
    struct frame_attr *k = &f->attrs.items[i];
    if (k->stale) {
        fill_attr(f, c, day, k);
    } else if (k->touched.n > 0) {
        mend_attr(f, c, day, k);
    }
    return k->usable ? k : NULL;
}

void frame_touch(struct frame *f, uint32_t attribute, uint32_t unit)
{
    for (uint32_t i = 0; i < f->attrs.n; i++) {
        struct frame_attr *k = &f->attrs.items[i];
        if (k->attribute == attribute && k->usable) {
            vec_push(f->arena, &k->touched, unit);
        } else if (k->attribute == attribute) {
            k->stale = true; /* where it stopped, the rest was not looked at */
        }
    }
}
