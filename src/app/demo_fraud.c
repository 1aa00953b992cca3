/* SPDX-License-Identifier: Apache-2.0 */
/* Planted patterns: who, in which figures, and the line of the answer key. */
#include <math.h>

#include "app/demo_int.h"
#include "base/arena.h"

static const char *const names[DEMO_PATTERN__COUNT] = {[DEMO_COPIED] = "copied",
                                                       [DEMO_BUNCHED] = "bunched",
                                                       [DEMO_SHRUNK] = "shrunk",
                                                       [DEMO_LATE_EDIT] = "late_edit",
                                                       [DEMO_ALL_GOOD] = "all_good"};

bool demo_pattern_of(struct str name, uint32_t *out)
{
    for (*out = 0; *out < DEMO_PATTERN__COUNT; ++*out) {
        if (str_eq(name, str_from_cstr(names[*out]))) {
            return true;
        }
    }
    return false;
}

static bool is_school(const struct demo *d, const struct demo_fraud *f, const struct demo_unit *u)
{
    return f->item == NONE || plan_is_a(d->plan, u->kind, d->plan->items[f->item].kind);
}

/* The chosen: `count` of the made units, spread over the region by their code. */
static bool is_chosen(const struct demo *d, uint32_t i, const struct demo_unit *u)
{
    const struct demo_fraud *f = &d->frauds.items[i];
    struct rng r = demo_rng(d, u->code, 5000 + i);
    double n = d->sum->units > 0 ? d->sum->units : 1;
    return u->made && is_school(d, f, u) && date_cmp(u->to, DATE_MAX) == 0 &&
           demo_chance(&r, 3 * f->count / n) && u->rank % 3 == i % 3;
}

static struct str year_text(struct demo *d, int32_t year)
{
    return rat_frac_str(d->a, rat_int(year));
}

static void set(struct demo *d, uint32_t item, double x)
{
    const struct datum *datum = &d->plan->items[item].d;
    double hi = rat_is_inf(datum->hi) ? x : rat_to_double(datum->hi);
    d->values[item] = fmin(x, hi);
}

static void copied(struct demo *d, const struct demo_unit *u, int32_t year, const double *before)
{
    if (before && year == d->plan->last_year - 1) {
        for (uint32_t i = 0; i < d->plan->n_items; i++) {
            d->values[i] = isnan(d->values[i]) ? d->values[i] : before[i];
        }
        demo_key(d, names[DEMO_COPIED], u, STR(""), year_text(d, year));
    }
}

static void bunched(struct demo *d, const struct demo_fraud *f, const struct demo_unit *u,
                    int32_t year)
{
    if (f->base == NONE || year < d->plan->first_year || isnan(d->values[f->base])) {
        return;
    }
    set(d, f->item, ceil(f->threshold * d->values[f->base]));
    demo_key(d, names[DEMO_BUNCHED], u, d->plan->items[f->item].d.name, year_text(d, year));
}

static void shrunk(struct demo *d, const struct demo_fraud *f, const struct demo_unit *u,
                   int32_t year, const double *before)
{
    if (before && year == d->plan->last_year - 1 && !isnan(before[f->item])) {
        set(d, f->item, floor(0.7 * before[f->item]));
        demo_key(d, names[DEMO_SHRUNK], u, d->plan->items[f->item].d.name, year_text(d, year));
    }
}

static void all_good(struct demo *d, const struct demo_unit *u, int32_t year)
{
    for (uint32_t i = 0; i < d->plan->n_items; i++) {
        const struct datum *datum = &d->plan->items[i].d;
        if (!isnan(d->values[i]) && datum->type == VT_BOOL) {
            set(d, i, 1);
        } else if (!isnan(d->values[i]) && datum->type == VT_NUMBER && !rat_is_inf(datum->hi)) {
            set(d, i, rat_to_double(datum->hi));
        }
    }
    demo_key(d, names[DEMO_ALL_GOOD], u, STR(""), year_text(d, year));
}

void demo_plant(struct demo *d, const struct demo_unit *u, int32_t year, const double *before)
{
    for (uint32_t i = 0; i < d->frauds.n; i++) {
        const struct demo_fraud *f = &d->frauds.items[i];
        if (!is_chosen(d, i, u)) {
            continue;
        }
        switch ((enum demo_pattern)f->pattern) {
        case DEMO_COPIED:
            copied(d, u, year, before);
            break;
        case DEMO_BUNCHED:
            bunched(d, f, u, year);
            break;
        case DEMO_SHRUNK:
            shrunk(d, f, u, year, before);
            break;
        case DEMO_ALL_GOOD:
            all_good(d, u, year);
            break;
        case DEMO_LATE_EDIT: /* when the fact is written */
        case DEMO_PATTERN__COUNT:
            break;
        }
    }
}

bool demo_is_late(struct demo *d, const struct demo_unit *u, uint32_t item, int32_t year)
{
    for (uint32_t i = 0; i < d->frauds.n; i++) {
        const struct demo_fraud *f = &d->frauds.items[i];
        if (f->pattern == DEMO_LATE_EDIT && f->item == item && year == d->plan->first_year &&
            is_chosen(d, i, u)) {
            demo_key(d, names[DEMO_LATE_EDIT], u, d->plan->items[item].d.name, year_text(d, year));
            return true;
        }
    }
    return false;
}
