/* SPDX-License-Identifier: Apache-2.0 */
/* Heads that are missing at one unit and too many at another one of its area. */
#include <stdlib.h>

#include "app/inspect/inspect_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

static int shift_cmp(const void *p, const void *q)
{
    const struct grid_shift *x = p;
    const struct grid_shift *y = q;
    int c = (x->item > y->item) - (x->item < y->item);
    c = c != 0 ? c : (x->year > y->year) - (x->year < y->year);
    c = c != 0 ? c : (x->above > y->above) - (x->above < y->above);
    return c != 0 ? c : (x->unit > y->unit) - (x->unit < y->unit);
}

static bool together(const struct grid_shift *x, const struct grid_shift *y)
{
    return x->item == y->item && x->year == y->year && x->above == y->above;
}

/* ---- what explains it ----------------------------------------------------------------------- */

/* Merged or split in the year, or made by that (C29). */
static bool has_lineage(const struct grid *g, uint32_t unit, int32_t year)
{
    const struct tree *t = g->tree;
    for (uint32_t i = 0; g->moved[unit] && i < t->n_into; i++) {
        const struct tree_lineage *x = &t->into[i];
        if ((x->from_unit == unit || x->to_unit == unit) && date_year(x->date) == year) {
            return true;
        }
    }
    return false;
}

static bool stood_below(const struct grid *g, uint32_t unit, uint32_t above, int32_t year)
{
    const struct tree_version *v = tree_version_at(g->tree, unit, date_year_end(year));
    return v != NULL && v->parent_unit == above;
}

/* Heads of units of the area and of its kind that were closed in the year, less those of units
 * founded: who leaves a kindergarten does not fill a school. */
static double set_free(const struct grid *g, const struct grid_shift *x)
{
    int32_t year = g->first_year + (int32_t)x->year;
    double sum = 0;
    for (uint32_t u = 0; u < g->tree->n_units; u++) {
        bool was = stood_below(g, u, x->above, year - 1);
        bool is = stood_below(g, u, x->above, year);
        bool like = g->group[u] == g->group[x->unit];
        if (like && was != is && !has_lineage(g, u, year)) {
            double n = grid_value(g, u, x->item, was ? x->year - 1 : x->year);
            sum += !said(n) ? 0 : was ? n : -n;
        }
    }
    return sum;
}

static bool explained(const struct grid *g, const struct grid_shift *less,
                      const struct grid_shift *more)
{
    double part = inspect_param(PARAM_MOVED_EXPLAINED);
    return set_free(g, more) >= part * more->heads || -set_free(g, less) >= part * -less->heads;
}

/* ---- pairs ---------------------------------------------------------------------------------- */

/* The one that comes nearest to what x has too many or too few; NONE. */
static uint32_t nearest(const struct grid_shift *list, uint32_t n, const struct grid_shift *x)
{
    uint32_t best = NONE;
    for (uint32_t i = 0; i < n; i++) {
        bool opposite = list[i].heads * x->heads < 0;
        if (opposite &&
            (best == NONE || fabs(list[i].heads + x->heads) < fabs(list[best].heads + x->heads))) {
            best = i;
        }
    }
    return best;
}

static bool match(const struct grid_shift *x, const struct grid_shift *y)
{
    double smaller = fmin(fabs(x->heads), fabs(y->heads));
    return fabs(x->heads + y->heads) <= inspect_param(PARAM_MOVED_MATCH) * smaller;
}

static struct str from_to(struct arena *a, struct str from, struct str to)
{
    return str_cat(a, str_cat(a, from, STR(" → ")), to);
}

static struct str change_text(struct arena *a, const struct datum *d, const struct grid_shift *x)
{
    return from_to(a, datum_text(a, d, x->before), datum_text(a, d, x->now));
}

/* The area is asked: it knows both, and neither of them has to know the other's figures (IN3). */
static void ask(struct grid *g, const struct grid_shift *less, const struct grid_shift *more)
{
    struct arena *a = g->a;
    const struct tree_unit *units = g->tree->units;
    const struct datum *d = &g->plan->items[less->item].d;
    uint32_t *about = ARENA_ARRAY(a, uint32_t, 2);
    about[0] = less->unit;
    about[1] = more->unit;
    struct str pair = from_to(a, units[less->unit].code, units[more->unit].code);
    struct asked q = {.detector = DETECTOR_MOVED,
                      .unit = less->above,
                      .what = str_cat(a, str_cat(a, d->name, STR(" ")), pair),
                      .period = grid_period(g, less->item, less->year),
                      .weight = fmin(less->score, more->score),
                      .class_ = d->class_,
                      .about = about,
                      .n_about = 2,
                      .a = BOTH(change_text(a, d, less)),
                      .b = BOTH(change_text(a, d, more)),
                      .c = BOTH(datum_text(a, d, -less->heads)),
                      .d = BOTH(datum_text(a, d, more->heads))};
    inspect_ask(g, &q);
}

/* Those of one item, year and area: two that are each other's nearest. */
static void pairs_of(struct grid *g, const struct grid_shift *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = list[i].heads < 0 ? nearest(list, n, &list[i]) : NONE;
        if (k != NONE && nearest(list, n, &list[k]) == i && match(&list[i], &list[k]) &&
            !explained(g, &list[i], &list[k])) {
            ask(g, &list[i], &list[k]);
        }
    }
}

void inspect_moved(struct grid *g)
{
    struct grid_shift *list = g->shifts.items;
    uint32_t n = 0;
    for (uint32_t i = 0; i < g->shifts.n; i++) {
        if (!has_lineage(g, list[i].unit, g->first_year + (int32_t)list[i].year)) {
            list[n++] = list[i];
        }
    }
    if (n > 1) {
        qsort(list, n, sizeof *list, shift_cmp);
    }
    for (uint32_t i = 0; i < n;) {
        uint32_t to = i + 1;
        while (to < n && together(&list[i], &list[to])) {
            to++;
        }
        pairs_of(g, &list[i], to - i);
        i = to;
    }
}
