/* SPDX-License-Identifier: Apache-2.0 */
/* Detectors that look at all figures of a unit together. */
#include "app/inspect/inspect_int.h"
#include "app/inspect/stat.h"
#include "base/arena.h"

/* ---- as last year --------------------------------------------------------------------------- */

/* A cell that can be told from its year before: more than nothing in both. */
static bool pair_of(const struct grid *g, const struct grid_group *k, uint32_t year, uint32_t row,
                    uint32_t place, bool *stays)
{
    double now = grid_row(k, year, row)[place];
    double before = grid_before(g, k, year, row, place);
    *stays = now == before;
    return now > 0 && before > 0;
}

/* Share of peers whose figure stays; NAN: too few, or most do. */
static double usual_share(const struct grid *g, const struct grid_group *k, uint32_t year,
                          uint32_t row)
{
    uint32_t n = 0;
    uint32_t same = 0;
    bool stays = false;
    for (uint32_t u = 0; grid_is_number(g, k, row) && u < k->n_units; u++) {
        if (pair_of(g, k, year, row, u, &stays)) {
            n++;
            same += stays;
        }
    }
    double share = n > 0 ? (double)(same > 0 ? same : 1) / n : 1;
    return n >= inspect_param(PARAM_PEERS_MIN) && share <= 0.5 ? share : (double)NAN;
}

struct copy {
    uint32_t n, same;
    double chance; /* its logarithm */
};

static struct copy copy_of(const struct grid *g, const struct grid_group *k, uint32_t year,
                           uint32_t place, const double *usual)
{
    struct copy c = {0};
    bool stays = false;
    for (uint32_t r = 0; r < k->n_items; r++) {
        if (said(usual[r]) && pair_of(g, k, year, r, place, &stays)) {
            c.n++;
            c.same += stays;
            c.chance += stays ? log(usual[r]) : 0;
        }
    }
    return c;
}

static bool is_copy(const struct copy *c)
{
    return c->n >= inspect_param(PARAM_COPIED_CELLS) &&
           c->same >= inspect_param(PARAM_COPIED_SHARE) * c->n &&
           c->chance <= log(inspect_param(PARAM_COPIED_CHANCE));
}

static void copied_year(struct grid *g, const struct grid_group *k, uint32_t year, double *usual,
                        double *share)
{
    uint32_t n = 0;
    for (uint32_t r = 0; r < k->n_items; r++) {
        usual[r] = usual_share(g, k, year, r);
    }
    for (uint32_t u = 0; u < k->n_units; u++) {
        struct copy c = copy_of(g, k, year, u, usual);
        if (c.n > 0) {
            share[n++] = (double)c.same / c.n;
        }
    }
    double middle = n > 0 ? stat_median(share, n) : 0;
    for (uint32_t u = 0; n > 0 && u < k->n_units; u++) {
        struct copy c = copy_of(g, k, year, u, usual);
        if (is_copy(&c)) {
            struct asked q = {.detector = DETECTOR_COPIED,
                              .unit = k->unit[u],
                              .period = grid_year(g, year),
                              .weight = -c.chance,
                              .a = BOTH(count_text(g->a, c.same)),
                              .b = BOTH(count_text(g->a, c.n)),
                              .c = BOTH(percent_text(g->a, middle))};
            inspect_ask(g, &q);
        }
    }
}

void inspect_copied(struct grid *g, const struct grid_group *k)
{
    double *usual = ARENA_RAW(g->a, double, k->n_items + 1U);
    double *share = ARENA_RAW(g->a, double, k->n_units + 1U);
    for (uint32_t y = 1; y < g->n_years && k->n_units >= inspect_param(PARAM_PEERS_MIN); y++) {
        copied_year(g, k, y, usual, share);
    }
}

/* ---- round figures -------------------------------------------------------------------------- */

/* Figures of 100 and more that are not last year's, and those of them that end in 0 or 5 before the
 * point, as declared: of three digits and more the last one is as good as drawn by lot. */
static uint32_t count_round(const struct grid *g, const struct grid_group *k, uint32_t place,
                            uint32_t *n)
{
    uint32_t round = 0;
    for (uint32_t y = 0; y < g->n_years; y++) {
        for (uint32_t r = 0; r < k->n_items; r++) {
            double now = grid_row(k, y, r)[place];
            double before = grid_before(g, k, y, r, place);
            double x = now / rat_to_double(g->plan->items[k->item[r]].d.factor);
            if (grid_is_number(g, k, r) && x >= 100 && x < 1e15 && now != before) {
                round += (int64_t)floor(x + 1e-6) % 5 == 0;
                ++*n;
            }
        }
    }
    return round;
}

void inspect_heaped(struct grid *g, const struct grid_group *k)
{
    for (uint32_t u = 0; u < k->n_units && g->n_years > 0; u++) {
        uint32_t n = 0;
        uint32_t round = count_round(g, k, u, &n);
        double chance = stat_tail(n, round, 0.2);
        if (n == 0 || chance > inspect_param(PARAM_HEAPED_CHANCE)) {
            continue;
        }
        struct asked q = {.detector = DETECTOR_HEAPED,
                          .unit = k->unit[u],
                          .period = grid_year(g, g->n_years - 1),
                          .weight = -log(chance),
                          .a = BOTH(count_text(g->a, round)),
                          .b = BOTH(count_text(g->a, n)),
                          .c = BOTH(count_text(g->a, (n + 2) / 5))};
        inspect_ask(g, &q);
    }
}

/* ---- nothing but the best ------------------------------------------------------------------- */

/* Of one kind: which points its units fall short of. */
struct best {
    struct grid *g;
    const struct grid_group *k;
    double *best;     /* [year][row]: NAN: no point to look at */
    double *expect;   /* by row: share of peers that are short of it in some year */
    uint32_t *short_; /* by place: of how many points */
    double *room;
};

static double *best_at(const struct best *b, uint32_t year, uint32_t row)
{
    return &b->best[(size_t)year * b->k->n_items + row];
}

/* What most say is the best. */
static double best_of(const struct best *b, uint32_t year, uint32_t row)
{
    const double *x = grid_row(b->k, year, row);
    uint32_t n = 0;
    uint32_t yes = 0;
    for (uint32_t u = 0; u < b->k->n_units; u++) {
        n += said(x[u]);
        yes += x[u] > 0;
    }
    bool most = yes >= inspect_param(PARAM_GOOD_USUAL) * n;
    return n < inspect_param(PARAM_PEERS_MIN) ? (double)NAN : most ? 1 : 0;
}

/* Answers of a unit on a point; *short_: some year is not the best. */
static uint32_t answers(const struct best *b, uint32_t row, uint32_t place, bool *falls_short)
{
    uint32_t n = 0;
    *falls_short = false;
    for (uint32_t y = 0; y < b->g->n_years; y++) {
        double best = *best_at(b, y, row);
        double x = grid_row(b->k, y, row)[place];
        if (said(best) && said(x)) {
            n++;
            *falls_short |= x != best;
        }
    }
    return n;
}

static void look_at_points(struct best *b)
{
    for (uint32_t r = 0; r < b->k->n_items; r++) {
        uint32_t n = 0;
        uint32_t below = 0;
        bool less = false;
        for (uint32_t y = 0; y < b->g->n_years; y++) {
            bool open = !grid_is_number(b->g, b->k, r) && !grid_is_sealed(b->g, b->k, r);
            *best_at(b, y, r) = open ? best_of(b, y, r) : (double)NAN;
        }
        for (uint32_t u = 0; u < b->k->n_units; u++) {
            n += answers(b, r, u, &less) > 0;
            below += less;
            b->short_[u] += less;
        }
        b->expect[r] = n > 0 ? (double)below / n : 0;
    }
}

static void ask_good(struct best *b, uint32_t place, double middle)
{
    double expect = 0;
    uint32_t points = 0;
    uint32_t all = 0;
    bool less = false;
    for (uint32_t r = 0; r < b->k->n_items; r++) {
        uint32_t n = answers(b, r, place, &less);
        expect += n > 0 ? b->expect[r] : 0;
        points += n > 0;
        all += n;
    }
    if (expect < inspect_param(PARAM_GOOD_POINTS) ||
        all < inspect_param(PARAM_GOOD_YEARS) * points) {
        return;
    }
    struct arena *a = b->g->a;
    struct asked q = {.detector = DETECTOR_ALL_GOOD,
                      .unit = b->k->unit[place],
                      .period = grid_year(b->g, b->g->n_years - 1),
                      .weight = expect,
                      .a = BOTH(count_text(a, all)),
                      .b = BOTH(count_text(a, points)),
                      .c = BOTH(count_text(a, (uint64_t)middle))};
    inspect_ask(b->g, &q);
}

void inspect_all_good(struct grid *g, const struct grid_group *k)
{
    struct best b = {.g = g, .k = k};
    if (k->n_units < inspect_param(PARAM_PEERS_MIN) || g->n_years == 0) {
        return;
    }
    b.best = ARENA_RAW(g->a, double, (size_t)g->n_years * k->n_items + 1);
    b.expect = ARENA_RAW(g->a, double, k->n_items + 1U);
    b.short_ = ARENA_ARRAY(g->a, uint32_t, k->n_units);
    b.room = ARENA_RAW(g->a, double, k->n_units);
    look_at_points(&b);
    for (uint32_t u = 0; u < k->n_units; u++) {
        b.room[u] = b.short_[u];
    }
    double middle = stat_median(b.room, k->n_units);
    for (uint32_t u = 0; u < k->n_units; u++) {
        if (b.short_[u] == 0) {
            ask_good(&b, u, middle);
        }
    }
}
