/* SPDX-License-Identifier: Apache-2.0 */
/* Items in blocks of twenty, targets by a table of shares, figures by hashing their place. */
#include "bench/workload.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/rng.h"

/* ---- items ---------------------------------------------------------------------------------- */

#define BLOCK       20 /* of items: */
#define BLOCK_PAIRS 8  /* part and whole, each two items */
#define BLOCK_MONEY 1  /* and the rest flags */

#define BOUND_HEADS 100000
#define BOUND_MONEY 10000000

/* Every second pair is bounded, every fourth tied. */
static struct bench_item item_at(uint32_t index, struct rng *r)
{
    uint32_t place = index % BLOCK;
    if (place < 2 * BLOCK_PAIRS) {
        uint32_t pair = (index / BLOCK) * BLOCK_PAIRS + place / 2;
        bool part = place % 2 == 0;
        return (struct bench_item){.class = part ? ITEM_PART : ITEM_WHOLE,
                                   .whole = part ? index + 1 : index,
                                   .bound = pair % 2 == 0 ? BOUND_HEADS : NO_BOUND,
                                   .permille = (int32_t)rng_range(r, 200, 950),
                                   .tied = pair % 4 == 0};
    }
    if (place < 2 * BLOCK_PAIRS + BLOCK_MONEY) {
        return (struct bench_item){.class = ITEM_MONEY,
                                   .bound = index / BLOCK % 2 == 0 ? BOUND_MONEY : NO_BOUND,
                                   .permille = (int32_t)rng_range(r, 500, 3000)};
    }
    return (struct bench_item){.class = ITEM_FLAG, .permille = (int32_t)rng_range(r, 600, 990)};
}

/* ---- targets -------------------------------------------------------------------------------- */

/* One row of the mix: how many of 215, and what is typical of them. */
struct mix {
    uint32_t n;
    enum form form;
    bool tied, money;
    enum cond_kind where, satisfying;
    enum times times;
};

// clang-format off
static const struct mix mix[] = {
    /* n   form               tied   money  where             satisfying   times */
    {  6, FORM_SUM,           false, false, COND_NONE,        COND_NONE,   NEVER_FALLS},
    {  2, FORM_SUM,           false, false, COND_PUBLIC,      COND_NONE,   RISES},
    {  4, FORM_RATIO,         false, false, COND_NONE,        COND_NONE,   HOLD},
    {  3, FORM_SUM,           false, true,  COND_NONE,        COND_NONE,   MEAN},
    { 27, FORM_RATIO,         false, false, COND_NONE,        COND_NONE,   EVERY_YEAR},
    { 20, FORM_RATIO,         false, false, COND_NONE,        COND_NONE,   LADDER},
    { 13, FORM_RATIO,         false, false, COND_NONE,        COND_NONE,   LAST_YEAR},
    { 13, FORM_RATIO,         true,  false, COND_NONE,        COND_NONE,   EVERY_YEAR},
    { 12, FORM_RATIO,         true,  false, COND_NONE,        COND_NONE,   LADDER},
    { 15, FORM_RATIO,         false, true,  COND_NONE,        COND_NONE,   EVERY_YEAR},
    {  8, FORM_PART_OF,       false, false, COND_PUBLIC,      COND_NONE,   LADDER},
    {  6, FORM_PART_OF,       false, false, COND_RURAL,       COND_NONE,   EVERY_YEAR},
    {  6, FORM_PART_OF,       false, false, COND_FLAG,        COND_NONE,   LAST_YEAR},
    { 10, FORM_SUM,           false, false, COND_NONE,        COND_NONE,   EVERY_YEAR},
    {  6, FORM_SUM,           false, false, COND_RURAL,       COND_NONE,   LADDER},
    {  6, FORM_SUM,           false, false, COND_FLAG,        COND_NONE,   EVERY_YEAR},
    {  9, FORM_COUNT,         false, false, COND_FLAG,        COND_NONE,   EVERY_YEAR},
    {  7, FORM_COUNT,         false, false, COND_PUBLIC_FLAG, COND_NONE,   LADDER},
    {  9, FORM_COUNT,         false, false, COND_SIZE,        COND_NONE,   LAST_YEAR},
    { 14, FORM_SHARE,         false, false, COND_NONE,        COND_FLAG,   LADDER},
    {  6, FORM_SHARE,         false, false, COND_PUBLIC,      COND_FLAG,   EVERY_YEAR},
    {  5, FORM_SHARE,         false, false, COND_RURAL,       COND_SIZE,   EVERY_YEAR},
    {  4, FORM_SCHOOL_RATIO,  false, false, COND_NONE,        COND_NONE,   EVERY_YEAR},
    {  4, FORM_SCHOOL_FLAGS,  false, false, COND_NONE,        COND_NONE,   EVERY_YEAR},
};
// clang-format on
#define MIX_TOTAL 215

static bool is_school_form(enum form f)
{
    return f == FORM_SCHOOL_RATIO || f == FORM_SCHOOL_FLAGS;
}

/* Hands out items of a sort in turn, so that nearly all of them are read. */
struct deal {
    const struct bench_item *items;
    uint32_t n;
    uint32_t part[2], money, flag; /* where to look next; part: untied and tied */
};

static uint32_t next_item(struct deal *d, uint32_t *from, enum item_class class, bool tied)
{
    for (;;) {
        uint32_t i = *from;
        *from = (i + 1) % d->n;
        if (d->items[i].class == class && (class != ITEM_PART || d->items[i].tied == tied)) {
            return i;
        }
    }
}

static uint32_t next_part(struct deal *d, bool tied)
{
    return next_item(d, &d->part[tied], ITEM_PART, tied);
}

static struct cond cond_of(struct deal *d, enum cond_kind kind)
{
    struct cond c = {.kind = kind};
    if (kind == COND_FLAG || kind == COND_PUBLIC_FLAG) {
        c.item = next_item(d, &d->flag, ITEM_FLAG, false);
    } else if (kind == COND_SIZE) {
        c.item = d->items[next_part(d, false)].whole;
        c.value = 300;
    }
    return c;
}

static const uint32_t scopes[] = {
    AT_REGION, AT_CITY, AT_COUNTY, AT_REGION, AT_CITY | AT_COUNTY,
    AT_REGION, AT_CITY, AT_COUNTY, AT_CITY,   AT_COUNTY | ONLY_BORDER,
};

/* How many schools a node of the scope has. */
static int64_t schools_at(const struct shape *s, uint32_t at)
{
    uint32_t nodes = (at & AT_COUNTY) ? s->counties : (at & AT_CITY) ? s->cities : 1;
    return s->schools / nodes;
}

/* Means of figure_at: thresholds near the truth decide either way. */
#define MEAN_WHOLE 612
#define MEAN_MONEY 50 /* times its permille */

/* What a target asks in the middle year, near what is to be expected: times 1000. */
static int64_t expected(const struct shape *s, const struct bench_item *items,
                        const struct target *t)
{
    const struct bench_item *a = &items[t->a];
    int64_t schools = schools_at(s, t->at);
    switch (t->form) {
    case FORM_SUM:
        return (a->class == ITEM_MONEY ? MEAN_MONEY * 1000 : MEAN_WHOLE) * (int64_t)a->permille *
               schools / (t->where.kind == COND_RURAL ? 3 : 1);
    case FORM_COUNT:
        return schools * (t->where.kind == COND_SIZE ? 700 : 650);
    case FORM_SHARE:
        return t->satisfying.kind == COND_FLAG ? items[t->satisfying.item].permille : 700;
    case FORM_PART_OF:
        return t->where.kind == COND_RURAL ? 330 : 740;
    case FORM_RATIO:
    case FORM_SCHOOL_RATIO:
    case FORM_SCHOOL_FLAGS:
        return a->class == ITEM_MONEY ? 1000 * MEAN_MONEY * (int64_t)a->permille / MEAN_WHOLE
                                      : a->permille;
    }
    UNREACHABLE();
}

/* Ladders climb by a hundredth a year. Sums ask whole numbers, everything else thousandths. */
static void ask(const struct shape *s, const struct bench_item *items, struct target *t,
                uint32_t index)
{
    bool whole = t->form == FORM_SUM || t->form == FORM_COUNT;
    int64_t base = expected(s, items, t);
    base += base * ((int64_t)(index % 7) - 4) / 100;
    t->asked_per = whole ? 1 : 1000;
    for (int64_t y = 0; y < YEARS; y++) {
        int64_t rung = t->times == LADDER ? base + base * (y - 1) / 100 : base;
        t->asked[y] = whole ? rung / 1000 : rung;
    }
}

static struct target target_of(struct deal *d, const struct shape *s, const struct mix *m,
                               uint32_t index)
{
    static const enum cmp cmps[] = {GE, GE, GE, GT, GE, LE, GE, GE, LT};
    struct target t = {.form = m->form, .times = m->times, .cmp = cmps[index % 9]};
    t.cmp = m->times == HOLD ? GE : t.cmp;
    t.at = is_school_form(m->form) ? AT_SCHOOL : scopes[index % (sizeof scopes / sizeof *scopes)];
    if (m->form == FORM_SCHOOL_FLAGS) {
        t.a = next_item(d, &d->flag, ITEM_FLAG, false);
        t.b = next_item(d, &d->flag, ITEM_FLAG, false);
        t.where.kind = COND_PUBLIC;
        return t;
    }
    uint32_t part = next_part(d, m->tied);
    t.a = m->money ? next_item(d, &d->money, ITEM_MONEY, false) : part;
    t.b = d->items[part].whole;
    t.where = cond_of(d, m->where);
    t.satisfying = cond_of(d, m->satisfying);
    ask(s, d->items, &t, index);
    return t;
}

/* Rows of the mix by their share of n: cumulative, so that they add up. */
static const struct target *targets_of(struct arena *a, const struct shape *s,
                                       const struct bench_item *items)
{
    struct target *out = ARENA_ARRAY(a, struct target, s->targets);
    struct deal d = {.items = items, .n = s->items};
    uint32_t n = 0;
    uint32_t before = 0;
    for (uint32_t i = 0; i < sizeof mix / sizeof *mix; i++) {
        before += mix[i].n;
        while (n < (uint64_t)before * s->targets / MIX_TOTAL) {
            out[n] = target_of(&d, s, &mix[i], n);
            n++;
        }
    }
    ASSERT(before == MIX_TOTAL && n == s->targets);
    return out;
}

/* ---- the tree ------------------------------------------------------------------------------- */

/* Cities have about as many counties each, counties between half and one and a half of the mean. */
static void place_counties(struct arena *a, struct workload *w, struct rng *r)
{
    const struct shape *s = &w->shape;
    uint32_t *city_of = ARENA_ARRAY(a, uint32_t, s->counties);
    uint32_t *school_of = ARENA_ARRAY(a, uint32_t, (size_t)s->counties + 1);
    uint64_t *weight = ARENA_ARRAY(a, uint64_t, (size_t)s->counties + 1);
    for (uint32_t c = 0; c < s->counties; c++) {
        city_of[c] = (uint32_t)((uint64_t)c * s->cities / s->counties);
        weight[c + 1] = weight[c] + 50 + rng_below(r, 101);
    }
    for (uint32_t c = 0; c <= s->counties; c++) {
        school_of[c] = (uint32_t)(weight[c] * s->schools / weight[s->counties]);
    }
    w->city_of = city_of;
    w->school_of = school_of;
}

const struct workload *workload_make(struct arena *a, struct shape s)
{
    struct workload *w = ARENA_NEW(a, struct workload);
    struct bench_item *items = ARENA_ARRAY(a, struct bench_item, s.items);
    struct rng r;
    ASSERT(s.items >= 5 * BLOCK && s.cities <= s.counties && s.counties <= s.schools);
    rng_seed(&r, s.seed);
    for (uint32_t i = 0; i < s.items; i++) {
        items[i] = item_at(i, &r);
    }
    w->shape = s;
    w->items = items;
    w->n_items = s.items;
    w->targets = targets_of(a, &s, items);
    w->n_targets = s.targets;
    for (uint32_t i = 0; i < s.targets; i++) {
        w->n_school_targets += is_school_form(w->targets[i].form);
    }
    place_counties(a, w, &r);
    w->n_areas = 1 + s.cities + s.counties;
    return w;
}

uint32_t node_of_city(uint32_t city)
{
    return 1 + city;
}

uint32_t node_of_county(const struct workload *w, uint32_t county)
{
    return 1 + w->shape.cities + county;
}

uint32_t county_of_school(const struct workload *w, uint32_t school)
{
    uint32_t low = 0;
    uint32_t high = w->shape.counties;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (w->school_of[mid] <= school) {
            low = mid;
        } else {
            high = mid;
        }
    }
    return low;
}

bool cond_is_known(enum cond_kind kind)
{
    return kind == COND_NONE || kind == COND_PUBLIC || kind == COND_RURAL;
}

/* ---- figures -------------------------------------------------------------------------------- */

/* The finaliser of splitmix64: a hash of a place. */
static uint64_t mixed(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

enum place { PLACE_SCHOOL, PLACE_COUNTY, PLACE_YEAR, PLACE_CELL };

static uint64_t hash_of(const struct workload *w, enum place p, uint32_t unit, uint32_t item,
                        uint32_t year)
{
    uint64_t key = (uint64_t)unit << 32 | (uint64_t)p << 28 | (uint64_t)item << 8 | year;
    return mixed(mixed(w->shape.seed) ^ key);
}

/* Uniform in 0 … n-1 from 16 bits of a hash. */
static int64_t draw(uint64_t h, uint32_t shift, int64_t n)
{
    return (int64_t)(h >> shift & 0xffff) * n >> 16;
}

bool school_is_public(const struct workload *w, uint32_t school)
{
    return draw(hash_of(w, PLACE_SCHOOL, school, 0, 0), 0, 100) < 75;
}

bool school_is_rural(const struct workload *w, uint32_t school)
{
    return draw(hash_of(w, PLACE_SCHOOL, school, 0, 0), 16, 3) == 0;
}

bool county_on_border(const struct workload *w, uint32_t county)
{
    return draw(hash_of(w, PLACE_COUNTY, county, 0, 0), 0, 5) == 0;
}

/* Pupils, roughly: 50 to 1,150 by school, and up to a tenth more or less by item and year. */
static int64_t whole_at(const struct workload *w, uint32_t school, uint32_t item, uint32_t year)
{
    int64_t size = 50 + draw(hash_of(w, PLACE_SCHOOL, school, 0, 0), 32, 1101);
    return size *
           (900 + 20 * (int64_t)year + draw(hash_of(w, PLACE_CELL, school, item, year), 0, 200)) /
           1000;
}

int32_t figure_at(const struct workload *w, uint32_t school, uint32_t item, uint32_t year)
{
    const struct bench_item *x = &w->items[item];
    uint64_t h = hash_of(w, PLACE_CELL, school, item, year);
    int64_t rate = x->permille;
    /* One in a hundred is silent: half of them because the school has not reported that year. */
    if (draw(h, 48, 200) == 0 || draw(hash_of(w, PLACE_YEAR, school, 0, year), 48, 200) == 0) {
        return SILENT;
    }
    switch (x->class) {
    case ITEM_WHOLE:
        return (int32_t)whole_at(w, school, item, year);
    case ITEM_PART:
        rate += draw(h, 16, 101) - 50;
        return (int32_t)(whole_at(w, school, x->whole, year) * rate / 1000);
    case ITEM_MONEY:
        return (int32_t)(20 * rate + draw(h, 16, 60 * rate));
    case ITEM_FLAG:
        return draw(h, 16, 1000) < rate;
    }
    UNREACHABLE();
}
