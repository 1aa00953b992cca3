/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a day as the detectors see them: by kind, year, item and unit. */
#include <stdlib.h>

#include "app/inspect/inspect_int.h"
#include "base/arena.h"
#include "base/err.h"
#include "model/figures.h"
#include "model/period.h"

/* ---- who ------------------------------------------------------------------------------------ */

/* The kind of the unit's last version that has begun by the day. */
static uint32_t kind_of(const struct grid *g, uint32_t unit)
{
    const struct tree_unit *u = &g->tree->units[unit];
    const struct tree_version *v = &g->tree->versions[u->first];
    uint32_t kind = NONE;
    for (uint32_t i = 0; i < u->n; i++) {
        kind = date_cmp(v[i].from, g->wish.as_of) <= 0 ? v[i].kind : kind;
    }
    return kind;
}

static bool is_compared(const struct datum *d)
{
    return d->type == VT_NUMBER || d->type == VT_BOOL;
}

static void make_items(struct grid *g, struct grid_group *k)
{
    const struct plan *p = g->plan;
    k->item = ARENA_ARRAY(g->a, uint32_t, p->n_items + 1U);
    k->row = ARENA_ARRAY(g->a, uint32_t, p->n_items + 1U);
    for (uint32_t i = 0; i < p->n_items; i++) {
        bool in = plan_is_a(p, k->kind, p->items[i].kind) && is_compared(&p->items[i].d);
        k->row[i] = in ? k->n_items : NONE;
        if (in) {
            k->item[k->n_items++] = i;
        }
    }
}

static void make_groups(struct grid *g)
{
    const struct tree *t = g->tree;
    g->groups = ARENA_ARRAY(g->a, struct grid_group, g->plan->n_kinds + 1U);
    g->place = ARENA_ARRAY(g->a, uint32_t, t->n_units + 1U);
    g->group = ARENA_ARRAY(g->a, uint32_t, t->n_units + 1U);
    g->moved = ARENA_ARRAY(g->a, bool, t->n_units + 1U);
    for (uint32_t u = 0; u < t->n_units; u++) {
        g->group[u] = kind_of(g, u);
        if (g->group[u] != NONE) {
            g->place[u] = g->groups[g->group[u]].n_units++;
        }
    }
    for (uint32_t k = 0; k < g->plan->n_kinds; k++) {
        struct grid_group *x = &g->groups[k];
        x->kind = k;
        x->unit = ARENA_ARRAY(g->a, uint32_t, x->n_units + 1U);
        make_items(g, x);
    }
    for (uint32_t u = 0; u < t->n_units; u++) {
        if (g->group[u] != NONE) {
            g->groups[g->group[u]].unit[g->place[u]] = u;
        }
    }
    for (uint32_t i = 0; i < t->n_into; i++) {
        g->moved[t->into[i].from_unit] = g->moved[t->into[i].to_unit] = true;
    }
}

/* ---- what ----------------------------------------------------------------------------------- */

bool inspect_seen(const struct grid *g, const struct provenance *from)
{
    return date_cmp(from->recorded, g->wish.as_of) <= 0;
}

/* What is said of one item for one period. */
struct sheet {
    uint32_t item;
    struct period period;
    int32_t year;
    struct date day; /* on which a unit must have stood (C28) */
};

typedef void on_sheet_fn(struct grid *g, const struct sheet *x, uint32_t unit, double figure);

static struct sheet sheet_of(const struct grid *g, uint32_t item, struct period p)
{
    struct time_point point = g->plan->items[item].point;
    return (struct sheet){item, p, period_plan_year(p, point), period_snapshot(p, point)};
}

static double figure_of(const struct grid *g, const struct figure_column *c, uint32_t slot)
{
    return figure_bit(c->odd, slot) ? rat_to_double(g->data->facts[c->fact[slot]].value.num)
                                    : rat_to_double(rat_frac(c->x[slot], c->den));
}

static void each_of_column(struct grid *g, const struct sheet *x, const struct figure_column *c,
                           on_sheet_fn *fn)
{
    const struct figure_slots *slots = figures_slots(g->figures, x->item);
    for (uint32_t s = 0; s < slots->n; s++) {
        if (figure_bit(c->known, s)) {
            fn(g, x, slots->unit[s], figure_of(g, c, s));
        }
    }
}

static bool any_known(const struct figure_column *c, uint32_t slots)
{
    uint64_t any = 0;
    for (uint32_t i = 0; i < (slots + 63) / 64; i++) {
        any |= c->known[i];
    }
    return any != 0;
}

/* Of periods within a year the last one, so that like is held against like. */
static bool is_taken(const struct grid *g, const struct sheet *x)
{
    return x->year >= g->first_year &&
           x->period.index == period_count(x->period.kind, x->period.year);
}

/* Figures that count; a draft last, so that it stands in its cells. */
static void each_figure(struct grid *g, on_sheet_fn *fn)
{
    for (uint32_t i = 0; i < g->plan->n_items; i++) {
        const struct item_columns *c = &g->figures->items[i];
        for (uint32_t k = 0; is_compared(&g->plan->items[i].d) && k < c->list.n; k++) {
            const struct sheet x = sheet_of(g, i, period_of_code(c->list.items[k].code));
            if (is_taken(g, &x)) {
                each_of_column(g, &x, &g->figures->columns.items[c->list.items[k].column], fn);
            }
        }
    }
    for (uint32_t i = 0; i < g->wish.n_draft; i++) {
        const struct fact *f = &g->wish.draft[i];
        const struct sheet x = sheet_of(g, f->item, f->period);
        if (is_compared(&g->plan->items[f->item].d) && is_taken(g, &x)) {
            fn(g, &x, f->unit, f->value.has ? rat_to_double(f->value.num) : (double)NAN);
        }
    }
}

/* Of all periods. */
static void find_span(const struct grid *g, int32_t *first, int32_t *last)
{
    *first = INT32_MAX;
    *last = INT32_MIN;
    for (uint32_t i = 0; i < g->plan->n_items; i++) {
        const struct item_columns *c = &g->figures->items[i];
        uint32_t slots = c->list.n > 0 ? figures_slots(g->figures, i)->n : 0;
        for (uint32_t k = 0; k < c->list.n; k++) {
            if (any_known(&g->figures->columns.items[c->list.items[k].column], slots)) {
                int32_t y = sheet_of(g, i, period_of_code(c->list.items[k].code)).year;
                *first = y < *first ? y : *first;
                *last = y > *last ? y : *last;
            }
        }
    }
    for (uint32_t i = 0; i < g->wish.n_draft; i++) {
        int32_t y = sheet_of(g, g->wish.draft[i].item, g->wish.draft[i].period).year;
        *first = y < *first ? y : *first;
        *last = y > *last ? y : *last;
    }
}

static void find_years(struct grid *g)
{
    int32_t last = 0;
    find_span(g, &g->first_year, &last);
    g->n_years = 0;
    if (last >= g->first_year) {
        bool many = last - g->first_year >= GRID_YEARS_MAX;
        g->first_year = many ? last - GRID_YEARS_MAX + 1 : g->first_year;
        g->n_years = (uint32_t)(last - g->first_year + 1);
    }
}

static void make_cells(struct grid *g)
{
    for (uint32_t k = 0; k < g->plan->n_kinds; k++) {
        struct grid_group *x = &g->groups[k];
        size_t n = (size_t)g->n_years * x->n_items * x->n_units;
        x->x = ARENA_RAW(g->a, double, n + 1);
        for (size_t i = 0; i < n; i++) {
            x->x[i] = (double)NAN;
        }
    }
}

/* Of units that were there (C28). */
static void take_figure(struct grid *g, const struct sheet *x, uint32_t unit, double figure)
{
    uint32_t group = g->group[unit];
    if (group != NONE && g->groups[group].row[x->item] != NONE &&
        tree_version_at(g->tree, unit, x->day) != NULL) {
        const struct grid_group *k = &g->groups[group];
        grid_row(k, (uint32_t)(x->year - g->first_year), k->row[x->item])[g->place[unit]] = figure;
    }
}

static bool said_any(const struct grid *g, const struct grid_group *k, uint32_t place)
{
    for (uint32_t i = 0; i < g->n_years * k->n_items; i++) {
        if (said(grid_row(k, 0, i)[place])) {
            return true;
        }
    }
    return false;
}

static void count_units(struct grid *g)
{
    for (uint32_t k = 0; k < g->plan->n_kinds; k++) {
        for (uint32_t i = 0; i < g->groups[k].n_units; i++) {
            g->out->n_units += said_any(g, &g->groups[k], i);
        }
    }
}

enum rc grid_make(struct grid *g, struct err *e)
{
    make_groups(g);
    find_years(g);
    size_t cells = 0;
    for (uint32_t k = 0; k < g->plan->n_kinds; k++) {
        cells += (size_t)g->n_years * g->groups[k].n_items * g->groups[k].n_units;
    }
    if (cells > UINT32_MAX) {
        return err_set(e, RC_LIMIT, "too many figures to look at", "数据过多，无法查看");
    }
    make_cells(g);
    each_figure(g, take_figure);
    count_units(g);
    return RC_OK;
}

/* ---- the year before ------------------------------------------------------------------------ */

bool grid_is_sealed(const struct grid *g, const struct grid_group *k, uint32_t row)
{
    return g->plan->items[k->item[row]].d.class_ == CLASS_SEALED;
}

bool grid_is_number(const struct grid *g, const struct grid_group *k, uint32_t row)
{
    return g->plan->items[k->item[row]].d.type == VT_NUMBER && !grid_is_sealed(g, k, row);
}

double grid_value(const struct grid *g, uint32_t unit, uint32_t item, uint32_t year)
{
    uint32_t group = g->group[unit];
    if (group == NONE || g->groups[group].row[item] == NONE) {
        return (double)NAN;
    }
    const struct grid_group *k = &g->groups[group];
    return grid_row(k, year, k->row[item])[g->place[unit]];
}

/* C29: what was merged is added up; shares cannot be. */
static double of_parents(const struct grid *g, uint32_t unit, uint32_t item, uint32_t year)
{
    int32_t y = g->first_year + (int32_t)year;
    const uint32_t *ids = NULL;
    uint32_t n = 0;
    struct arena_mark mark = arena_mark(g->a);
    enum tree_past past =
        tree_past(g->a, g->tree, unit, date_year_end(y - 1), date_year_end(y), &ids, &n);
    bool adds = !dim_is_none(g->plan->items[item].d.dim);
    double sum = past == TREE_PAST_SAME             ? grid_value(g, unit, item, year - 1)
                 : past == TREE_PAST_MERGED && adds ? 0
                                                    : (double)NAN;
    for (uint32_t i = 0; past == TREE_PAST_MERGED && i < n; i++) {
        sum += grid_value(g, ids[i], item, year - 1);
    }
    arena_rewind(g->a, mark);
    return sum;
}

double grid_before(const struct grid *g, const struct grid_group *k, uint32_t year, uint32_t row,
                   uint32_t place)
{
    if (year == 0) {
        return (double)NAN;
    }
    return g->moved[k->unit[place]] ? of_parents(g, k->unit[place], k->item[row], year)
                                    : grid_row(k, year - 1, row)[place];
}

/* ---- texts ---------------------------------------------------------------------------------- */

double datum_step(const struct datum *d)
{
    return rat_to_double(d->factor) / pow(10, d->decimals);
}

/* Figures have four decimals at most, so that a double knows them all (IN2). */
struct str datum_text(struct arena *a, const struct datum *d, double x)
{
    int64_t scale = 1;
    for (uint32_t i = 0; i < d->decimals; i++) {
        scale *= 10;
    }
    if (d->class_ == CLASS_SEALED) {
        return STR("*"); /* the unit knows it, and nobody else has to (IN3) */
    }
    double n = round(x / rat_to_double(d->factor) * (double)scale);
    if (fabs(n) > 9e15) {
        return STR("?");
    }
    struct str s = rat_dec_str(a, rat_frac((int64_t)n, scale), d->decimals, NULL);
    return uom_amount(a, s, d->unit);
}

struct str grid_period(const struct grid *g, uint32_t item, uint32_t year)
{
    const struct item *x = &g->plan->items[item];
    char text[PERIOD_TEXT_BYTES];
    struct period p;
    struct date day;
    bool yearly = x->period == PERIOD_YEAR || x->period == PERIOD_SCHOOL_YEAR;
    if (!yearly ||
        !period_of_plan_year(x->period, x->point, g->first_year + (int32_t)year, &p, &day)) {
        return grid_year(g, year);
    }
    return str_dup(g->a, period_text(p, text));
}

struct str grid_year(const struct grid *g, uint32_t year)
{
    return rat_frac_str(g->a, rat_int(g->first_year + (int64_t)year));
}
