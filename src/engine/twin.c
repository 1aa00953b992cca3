/* SPDX-License-Identifier: Apache-2.0 */
/* Two bases side by side: what can be compared at all, and blocks. */
#include "engine/twin.h"

#include "base/arena.h"
#include "engine/block.h"

bool twin_make(struct arena *a, const struct cells *before, const struct cells *after,
               struct twin *out)
{
    *out = (struct twin){.a = a,
                         .before = before,
                         .after = after,
                         .p = cells_plan(before),
                         .q = cells_plan(after),
                         .s = cells_dataset(before)->tree,
                         .t = cells_dataset(after)->tree};
    if (date_cmp(cells_as_of(before), cells_as_of(after)) != 0) {
        return false;
    }
    twin_trees(out);
    if (!twin_plans(out)) {
        return false;
    }
    twin_slots(out);
    return true;
}

/* ---- blocks --------------------------------------------------------------------------------- */

/* t NULL: of one plan. */
static bool same_category(const struct twin *t, uint32_t x, uint32_t y)
{
    return !t || x == NONE || y == NONE ? x == y : twin_fields(t, x, y);
}

static bool same_moment(const struct twin *t, const struct moment *x, const struct moment *y)
{
    return x->year == y->year && x->sub == y->sub && (!x->sub || period_eq(x->period, y->period)) &&
           x->has_point == y->has_point && time_point_eq(x->point, y->point) &&
           date_cmp(x->snapshot, y->snapshot) == 0 && x->since_year == y->since_year &&
           date_cmp(x->rows_from, y->rows_from) == 0 && date_cmp(x->rows_to, y->rows_to) == 0 &&
           date_cmp(x->named, y->named) == 0 && x->by_key == y->by_key &&
           date_cmp(x->granted, y->granted) == 0 &&
           same_category(t, x->category_field, y->category_field) && x->category == y->category;
}

static bool same_occasion(const struct occasion *x, const struct occasion *y)
{
    return x->year == y->year && x->sub == y->sub && (!x->sub || period_eq(x->period, y->period)) &&
           date_cmp(x->due, y->due) == 0 && x->after == y->after &&
           x->open_event == y->open_event && str_eq(x->part, y->part) && x->modality == y->modality;
}

/* A task is asked for at no moment. */
static bool same_moments(const struct twin *t, const struct block *x, const struct block *y)
{
    if (x->measure == NONE || y->measure == NONE) {
        return x->measure == y->measure;
    }
    return same_moment(t, &x->m, &y->m) && x->has_before == y->has_before &&
           (!x->has_before || same_moment(t, &x->before, &y->before));
}

static bool same_model(const struct twin *t, const struct verdict *x, const struct verdict *y)
{
    return x->year == y->year && str_eq(x->part, y->part) && x->flags == y->flags &&
           str_eq(x->definition, y->definition) && x->cmp == y->cmp &&
           date_cmp(x->due, y->due) == 0 && date_cmp(x->snapshot, y->snapshot) == 0 &&
           (x->at == NULL) == (y->at == NULL) && (!x->at || same_moment(t, x->at, y->at));
}

bool twin_blocks(const struct twin *t, const struct block *x, const struct block *y)
{
    bool one = t ? t->commitment[y->commitment] == x->commitment : y->commitment == x->commitment;
    return one && same_occasion(&x->o, &y->o) && same_moments(t, x, y) && x->stage == y->stage &&
           date_cmp(x->first, y->first) == 0 && date_cmp(x->day, y->day) == 0 &&
           x->above == y->above && x->nearly == y->nearly && rat_eq(x->tolerance, y->tolerance) &&
           same_model(t, &x->model, &y->model) && x->unit == y->unit && !x->then && !y->then;
}
