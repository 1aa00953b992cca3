/* SPDX-License-Identifier: Apache-2.0 */
/* Detectors that hold one figure of a unit against its other figures and those of its peers. */
#include "app/inspect/inspect_int.h"
#include "app/inspect/stat.h"
#include "base/arena.h"

/* ---- what is left when unit and peers are taken off ------------------------------------------ */

/* Logarithms by row and place; NAN where nothing can be said. */
struct polish {
    struct grid *g;
    const struct grid_group *k;
    double *cell;
    double *rounding;       /* of the cell, as a share */
    double *middle;         /* by row: of the peers; NAN: too few */
    double *own;            /* by place: of the unit's figures beside the peers'; NAN: too few */
    double *centre, *scale; /* by row, of what is left */
    double *room;           /* to take medians in */
};

static double *cell_at(const struct polish *w, uint32_t row, uint32_t place)
{
    return &w->cell[(size_t)row * w->k->n_units + place];
}

static struct polish polish_room(struct grid *g, const struct grid_group *k)
{
    size_t cells = (size_t)k->n_items * k->n_units + 1;
    uint32_t most = k->n_items > k->n_units ? k->n_items : k->n_units;
    return (struct polish){.g = g,
                           .k = k,
                           .cell = ARENA_RAW(g->a, double, cells),
                           .rounding = ARENA_RAW(g->a, double, cells),
                           .middle = ARENA_RAW(g->a, double, k->n_items + 1U),
                           .own = ARENA_RAW(g->a, double, k->n_units + 1U),
                           .centre = ARENA_RAW(g->a, double, k->n_items + 1U),
                           .scale = ARENA_RAW(g->a, double, k->n_items + 1U),
                           .room = ARENA_RAW(g->a, double, most + 1U)};
}

static double left_over(const struct polish *w, uint32_t row, uint32_t place)
{
    return *cell_at(w, row, place) - w->middle[row] - w->own[place];
}

static void take_rows(struct polish *w, bool left)
{
    for (uint32_t r = 0; r < w->k->n_items; r++) {
        uint32_t n = 0;
        for (uint32_t u = 0; u < w->k->n_units; u++) {
            double x = left ? left_over(w, r, u) : *cell_at(w, r, u);
            w->room[n] = x;
            n += said(x);
        }
        bool enough = n >= inspect_param(PARAM_PEERS_MIN);
        double m = enough ? stat_median(w->room, n) : (double)NAN;
        if (!left) {
            w->middle[r] = m;
            continue;
        }
        double s = enough ? STAT_NORMAL * stat_spread(w->room, n, m) : (double)NAN;
        w->centre[r] = m;
        w->scale[r] = s < inspect_param(PARAM_SPREAD_MIN) ? inspect_param(PARAM_SPREAD_MIN) : s;
    }
}

static void take_units(struct polish *w)
{
    for (uint32_t u = 0; u < w->k->n_units; u++) {
        uint32_t n = 0;
        for (uint32_t r = 0; r < w->k->n_items; r++) {
            double x = *cell_at(w, r, u) - w->middle[r];
            w->room[n] = x;
            n += said(x);
        }
        w->own[u] = n >= inspect_param(PARAM_OWN_MIN) ? stat_median(w->room, n) : (double)NAN;
    }
}

/* One sweep of a median polish, and the spread of what it leaves. */
static void polish(struct polish *w)
{
    take_rows(w, false);
    take_units(w);
    take_rows(w, true);
}

/* How many spreads it is off, the rounding of the figures counted in. */
static double score(const struct polish *w, uint32_t row, uint32_t place)
{
    double round = w->rounding[(size_t)row * w->k->n_units + place];
    double off = left_over(w, row, place) - w->centre[row];
    return off / sqrt(w->scale[row] * w->scale[row] + round * round);
}

static const struct datum *datum_of(const struct polish *w, uint32_t row)
{
    return &w->g->plan->items[w->k->item[row]].d;
}

static void set_cell(struct polish *w, uint32_t row, uint32_t place, double value, double smaller)
{
    const struct datum *d = datum_of(w, row);
    size_t at = (size_t)row * w->k->n_units + place;
    bool enough = smaller >= inspect_param(PARAM_BASE_MIN) * rat_to_double(d->factor);
    w->cell[at] = enough ? value : (double)NAN;
    w->rounding[at] = enough ? datum_step(d) / 2 / smaller : 0;
}

static void set_change(struct polish *w, uint32_t year, uint32_t row, uint32_t place)
{
    double now = grid_row(w->k, year, row)[place];
    double before = grid_before(w->g, w->k, year, row, place);
    set_cell(w, row, place, log(now / before), now < before ? now : before);
}

static void set_level(struct polish *w, uint32_t year, uint32_t row, uint32_t place)
{
    double now = grid_row(w->k, year, row)[place];
    set_cell(w, row, place, log(now), now);
}

static void set_year(struct polish *w, uint32_t year,
                     void (*set)(struct polish *, uint32_t, uint32_t, uint32_t))
{
    for (uint32_t r = 0; r < w->k->n_items; r++) {
        for (uint32_t u = 0; u < w->k->n_units; u++) {
            if (grid_is_number(w->g, w->k, r)) {
                set(w, year, r, u);
            } else {
                *cell_at(w, r, u) = (double)NAN;
            }
        }
    }
    polish(w);
}

/* ---- change on last year, and bases that shrink ---------------------------------------------- */

static struct asked asked_of(const struct polish *w, enum detector x, uint32_t year, uint32_t row,
                             uint32_t place)
{
    const struct datum *d = datum_of(w, row);
    return (struct asked){.detector = x,
                          .unit = w->k->unit[place],
                          .what = d->name,
                          .period = grid_period(w->g, w->k->item[row], year),
                          .weight = fabs(score(w, row, place)),
                          .class_ = d->class_};
}

/* What is divided held while the base fell, so that the ratio rose. One of few says nothing. */
static bool held(const struct polish *w, const struct grid_ratio *x, uint32_t year, uint32_t place,
                 double fall)
{
    uint32_t num = x->num == NONE ? NONE : w->k->row[x->num];
    if (num == NONE) {
        return true;
    }
    double now = grid_row(w->k, year, num)[place];
    double before = grid_before(w->g, w->k, year, num, place);
    double few = inspect_param(PARAM_BASE_MIN) * rat_to_double(datum_of(w, num)->factor);
    return isnan(now) || isnan(before) || before < few ||
           log(now / before) - w->own[place] >= fall / 2;
}

/* The first ratio of the plan that rises by it. */
static const struct grid_ratio *risen(const struct polish *w, uint32_t year, uint32_t row,
                                      uint32_t place, double fall)
{
    for (uint32_t i = 0; i < w->g->ratios.n; i++) {
        const struct grid_ratio *x = &w->g->ratios.items[i];
        if (x->den == w->k->item[row] && held(w, x, year, place, fall)) {
            return x;
        }
    }
    return NULL;
}

static bool ask_shrunk(struct polish *w, uint32_t year, uint32_t row, uint32_t place)
{
    struct grid *g = w->g;
    double off = left_over(w, row, place) - w->centre[row];
    double least = log(inspect_param(PARAM_SHRUNK_FACTOR));
    bool fell = score(w, row, place) <= -inspect_param(PARAM_SHRUNK_Z) && off <= -least &&
                *cell_at(w, row, place) <= -least / 2;
    const struct grid_ratio *ratio = fell ? risen(w, year, row, place, off) : NULL;
    if (ratio == NULL) {
        return false;
    }
    struct asked q = asked_of(w, DETECTOR_SHRUNK, year, row, place);
    const struct datum *d = datum_of(w, row);
    SAY(&q, a, datum_text(g->a, d, grid_row(w->k, year, row)[place]));
    SAY(&q, b, datum_text(g->a, d, grid_before(g, w->k, year, row, place)));
    SAY(&q, c, percent_text(g->a, expm1(*cell_at(w, row, place) - off)));
    SAY(&q, d, g->plan->commitments[ratio->commitment].id);
    inspect_ask(g, &q);
    return true;
}

static void ask_change(struct polish *w, uint32_t year, uint32_t row, uint32_t place)
{
    struct grid *g = w->g;
    struct asked q = asked_of(w, DETECTOR_CHANGE, year, row, place);
    const struct datum *d = datum_of(w, row);
    SAY(&q, a, datum_text(g->a, d, grid_row(w->k, year, row)[place]));
    SAY(&q, b, datum_text(g->a, d, grid_before(g, w->k, year, row, place)));
    SAY(&q, c, percent_text(g->a, expm1(*cell_at(w, row, place))));
    SAY(&q, d, percent_text(g->a, expm1(w->middle[row])));
    inspect_ask(g, &q);
}

/* What was off the year before and is right again is one question, not two. */
static bool is_back(double off, double before)
{
    return said(before) && fabs(off + before) < fabs(off) / 2;
}

static void changes_of(struct polish *w, uint32_t year, uint32_t row, uint32_t place, double *last)
{
    double off = left_over(w, row, place) - w->centre[row];
    double before = *last;
    *last = (double)NAN;
    if (isnan(off) || is_back(off, before)) {
        return;
    }
    bool sudden = fabs(score(w, row, place)) >= inspect_param(PARAM_CHANGE_Z) &&
                  fabs(off) >= log(inspect_param(PARAM_CHANGE_FACTOR));
    if (ask_shrunk(w, year, row, place)) {
        *last = off;
    } else if (sudden) {
        ask_change(w, year, row, place);
        *last = off;
    }
}

/* ---- heads that went or came ---------------------------------------------------------------- */

/* The unit above at both ends of the year; NONE: there is none, or it is another one. */
static uint32_t above_in(const struct grid *g, uint32_t unit, uint32_t year)
{
    int32_t y = g->first_year + (int32_t)year;
    const struct tree_version *v = tree_version_at(g->tree, unit, date_year_end(y));
    const struct tree_version *was = tree_version_at(g->tree, unit, date_year_end(y - 1));
    bool same = v != NULL && was != NULL && v->parent_unit == was->parent_unit;
    return same && v->parent_unit != TREE_NONE ? v->parent_unit : NONE;
}

/* Left for inspect_moved, which looks for where they are. */
static void note_shift(struct polish *w, uint32_t year, uint32_t row, uint32_t place, double *last)
{
    struct grid *g = w->g;
    double off = left_over(w, row, place) - w->centre[row];
    double past = *last;
    *last = (double)NAN;
    if (isnan(off) || is_back(off, past)) {
        return;
    }
    struct grid_shift x = {.item = w->k->item[row],
                           .year = year,
                           .unit = w->k->unit[place],
                           .before = grid_before(g, w->k, year, row, place),
                           .now = grid_row(w->k, year, row)[place],
                           .score = fabs(score(w, row, place))};
    x.heads = -x.now * expm1(-off);
    x.above = above_in(g, x.unit, year);
    if (x.above != NONE && x.score >= inspect_param(PARAM_MOVED_Z) &&
        fabs(x.heads) >= inspect_param(PARAM_MOVED_LEAST) && (x.now - x.before) * x.heads > 0) {
        vec_push(g->a, &g->shifts, x);
        *last = off;
    }
}

/* ---- levels --------------------------------------------------------------------------------- */

static bool ask_peer(struct polish *w, uint32_t year, uint32_t row, uint32_t place)
{
    struct grid *g = w->g;
    double off = left_over(w, row, place) - w->centre[row];
    if (!(fabs(score(w, row, place)) >= inspect_param(PARAM_PEER_Z) &&
          fabs(off) >= log(inspect_param(PARAM_PEER_FACTOR)))) {
        return false;
    }
    struct asked q = asked_of(w, DETECTOR_PEER, year, row, place);
    const struct datum *d = datum_of(w, row);
    double now = grid_row(w->k, year, row)[place];
    SAY(&q, a, datum_text(g->a, d, now));
    SAY(&q, b, datum_text(g->a, d, now / exp(off)));
    inspect_ask(g, &q);
    return true;
}

/* ---- both ----------------------------------------------------------------------------------- */

/* Whoever was asked about a change is not asked about its level. */
static void levels(struct polish *w, bool *asked)
{
    for (uint32_t y = w->g->n_years; y-- > 0;) {
        set_year(w, y, set_level);
        for (uint32_t r = 0; r < w->k->n_items; r++) {
            for (uint32_t u = 0; u < w->k->n_units; u++) {
                bool *done = &asked[(size_t)r * w->k->n_units + u];
                *done = *done || ask_peer(w, y, r, u);
            }
        }
    }
}

void inspect_changes(struct grid *g, const struct grid_group *k)
{
    size_t cells = (size_t)k->n_items * k->n_units + 1;
    if (k->n_units < inspect_param(PARAM_PEERS_MIN) || k->n_items == 0) {
        return;
    }
    struct polish w = polish_room(g, k);
    double *last = ARENA_RAW(g->a, double, cells);
    double *shift = ARENA_RAW(g->a, double, cells);
    bool *asked = ARENA_ARRAY(g->a, bool, cells);
    for (size_t i = 0; i < cells; i++) {
        last[i] = shift[i] = (double)NAN;
    }
    for (uint32_t y = 1; y < g->n_years; y++) {
        set_year(&w, y, set_change);
        for (uint32_t r = 0; r < k->n_items; r++) {
            for (uint32_t u = 0; u < k->n_units; u++) {
                size_t at = (size_t)r * k->n_units + u;
                changes_of(&w, y, r, u, &last[at]);
                asked[at] = asked[at] || said(last[at]);
                if (g->heads[k->item[r]]) {
                    note_shift(&w, y, r, u, &shift[at]);
                }
            }
        }
    }
    levels(&w, asked);
}

/* ---- nothing where others have some ---------------------------------------------------------- */

static void zeros_of_row(struct grid *g, const struct grid_group *k, uint32_t year, uint32_t row,
                         double *room, bool *asked)
{
    const struct datum *d = &g->plan->items[k->item[row]].d;
    const double *x = grid_row(k, year, row);
    uint32_t n = 0;
    uint32_t none = 0;
    for (uint32_t u = 0; u < k->n_units; u++) {
        room[n] = x[u];
        n += said(x[u]);
        none += x[u] == 0;
    }
    double most = inspect_param(PARAM_ZERO_SHARE) * n;
    if (n < inspect_param(PARAM_PEERS_MIN) || none == 0 || none > (most > 1 ? most : 1)) {
        return;
    }
    double m = stat_median(room, n);
    for (uint32_t u = 0; u < k->n_units; u++) {
        bool odd = x[u] == 0 && m >= inspect_param(PARAM_ZERO_MEDIAN) * rat_to_double(d->factor);
        if (odd && !asked[(size_t)row * k->n_units + u]) {
            struct asked q = {.detector = DETECTOR_ZERO,
                              .unit = k->unit[u],
                              .what = d->name,
                              .period = grid_period(g, k->item[row], year),
                              .weight = m / datum_step(d),
                              .class_ = d->class_,
                              .a = BOTH(count_text(g->a, n - 1)),
                              .b = BOTH(count_text(g->a, n - none)),
                              .c = BOTH(datum_text(g->a, d, m))};
            inspect_ask(g, &q);
            asked[(size_t)row * k->n_units + u] = true;
        }
    }
}

/* Of several years the last one is asked about. */
void inspect_zeros(struct grid *g, const struct grid_group *k)
{
    double *room = ARENA_RAW(g->a, double, k->n_units + 1U);
    bool *asked = ARENA_ARRAY(g->a, bool, (size_t)k->n_items * k->n_units + 1);
    for (uint32_t y = g->n_years; y-- > 0;) {
        for (uint32_t r = 0; r < k->n_items; r++) {
            if (grid_is_number(g, k, r)) {
                zeros_of_row(g, k, y, r, room, asked);
            }
        }
    }
}

/* ---- just at a threshold --------------------------------------------------------------------- */

struct bunch {
    struct grid *g;
    const struct grid_group *k;
    const struct grid_threshold *t;
    double step;
    uint32_t num, den; /* rows */
    bool sealed;       /* others are not looked at (IN3) */
    uint32_t *run;     /* by place: years in a row at the least that reaches it */
    double *chance;    /* of that run */
    uint32_t last;     /* the year at which runs end */
};

/* How much is there, and the least that suffices; false: silent, or too small to say anything. */
static bool counts_of(const struct bunch *b, uint32_t year, uint32_t place, int64_t *num,
                      int64_t *least)
{
    double n = grid_row(b->k, year, b->num)[place];
    double d = grid_row(b->k, year, b->den)[place] / b->step;
    if (isnan(n) || isnan(d) || n < 0 || d > 1e12) {
        return false;
    }
    i128 x = b->t->least.n * (i128)round(d);
    *num = (int64_t)round(n / b->step);
    *least = (int64_t)((x + b->t->least.d - 1) / b->t->least.d);
    return (double)*least >= inspect_param(PARAM_BUNCHED_LEAST);
}

/* How many are near the threshold, how many exactly at it, of how many. */
struct crowd {
    uint32_t n, near, at;
};

static struct crowd crowd_of(const struct bunch *b, uint32_t year)
{
    struct crowd c = {0};
    int64_t num = 0;
    int64_t least = 0;
    for (uint32_t u = 0; u < b->k->n_units; u++) {
        if (counts_of(b, year, u, &num, &least)) {
            double off = fabs((double)(num - least));
            c.n++;
            c.near += b->sealed || off <= inspect_param(PARAM_BUNCHED_NEAR) * (double)least;
            c.at += !b->sealed && num == least;
        }
    }
    return c;
}

/* That a unit of this size is there by chance: those near it, spread evenly. Where many are exactly
 * there it is no threshold but how things are done. */
static double chance_of(const struct crowd *c, int64_t least)
{
    double near = (double)(c->near > 0 ? c->near : 1) / c->n;
    double even = near / (2 * inspect_param(PARAM_BUNCHED_NEAR) * (double)least);
    double at = (double)c->at / c->n;
    return at >= inspect_param(PARAM_BUNCHED_USUAL) && at > even ? at : even;
}

static void bunch_year(struct bunch *b, uint32_t year)
{
    struct crowd c = crowd_of(b, year);
    int64_t num = 0;
    int64_t least = 0;
    b->last = c.n > 0 ? year : b->last;
    for (uint32_t u = 0; c.n > 0 && u < b->k->n_units; u++) {
        bool hit = counts_of(b, year, u, &num, &least) && num == least;
        b->chance[u] = !hit ? 1 : (b->run[u] == 0 ? 1 : b->chance[u]) * chance_of(&c, least);
        b->run[u] = hit ? b->run[u] + 1 : 0;
    }
}

static void ask_bunched(struct bunch *b, uint32_t place, uint32_t n)
{
    struct grid *g = b->g;
    const struct datum *num = &g->plan->items[b->t->of.num].d;
    const struct datum *den = &g->plan->items[b->t->of.den].d;
    struct rat hundred = rat_mul(g->a, b->t->least, rat_int(100));
    struct asked q = {.detector = DETECTOR_BUNCHED,
                      .unit = b->k->unit[place],
                      .what = num->name,
                      .period = grid_period(g, b->t->of.num, b->last),
                      .weight = -log(b->chance[place] * n),
                      .class_ = num->class_ > den->class_ ? num->class_ : den->class_,
                      .a = BOTH(str_cat(g->a, rat_dec_str(g->a, hundred, 4, NULL), STR("%"))),
                      .b = BOTH(count_text(g->a, b->run[place])),
                      .c = BOTH(den->name)};
    inspect_ask(g, &q);
}

void inspect_bunched(struct grid *g, const struct grid_group *k)
{
    for (uint32_t i = 0; i < g->thresholds.n; i++) {
        const struct grid_threshold *t = &g->thresholds.items[i];
        struct bunch b = {
            .g = g, .k = k, .t = t, .num = k->row[t->of.num], .den = k->row[t->of.den]};
        if (b.num == NONE || b.den == NONE || k->n_units < inspect_param(PARAM_PEERS_MIN)) {
            continue;
        }
        b.sealed = g->plan->items[t->of.num].d.class_ == CLASS_SEALED ||
                   g->plan->items[t->of.den].d.class_ == CLASS_SEALED;
        b.step = datum_step(&g->plan->items[t->of.num].d);
        b.run = ARENA_ARRAY(g->a, uint32_t, k->n_units);
        b.chance = ARENA_ARRAY(g->a, double, k->n_units);
        for (uint32_t y = 0; y < g->n_years; y++) {
            bunch_year(&b, y);
        }
        for (uint32_t u = 0; u < k->n_units; u++) {
            if (b.run[u] >= inspect_param(PARAM_BUNCHED_YEARS) &&
                b.chance[u] * k->n_units <= inspect_param(PARAM_BUNCHED_CHANCE)) {
                ask_bunched(&b, u, k->n_units);
            }
        }
    }
}
