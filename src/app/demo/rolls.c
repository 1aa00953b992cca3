/* SPDX-License-Identifier: Apache-2.0 */
/* Filings, pairs, events and evidence: what does not hang on the figures of a unit. */
#include "app/demo/demo_int.h"
#include "base/arena.h"

#define FILED_SHARE 0.97 /* in time */
#define DONE_SHARE  0.9  /* tasks done in time */

static bool fits(const struct demo *d, const struct demo_unit *u, uint32_t kind)
{
    return kind == NONE || plan_is_a(d->plan, u->kind, kind);
}

/* ---- filings -------------------------------------------------------------------------------- */

/* Most file in time, some late; only careless units that were made do not file at all. */
static void file(struct demo *d, struct str what, const struct demo_unit *u, struct period period,
                 uint64_t salt)
{
    char text[PERIOD_TEXT_BYTES];
    struct rng r = demo_rng(d, str_cat(d->a, u->code, what), salt);
    struct str when = str_dup(d->a, period_text(period, text));
    int32_t days = demo_chance(&r, FILED_SHARE) ? 20 : 50;
    struct date last = period_last(period);
    struct date year = date_year_end(period.year); /* of a school year: not only when it is over */
    last = date_cmp(last, year) < 0 ? last : year;
    if (!demo_stands(u, last) || (u->careless && demo_chance(&r, 0.3))) {
        return;
    }
    const struct str fields[] = {what, u->code, when, STR(""),
                                 demo_day(d, date_add_days(last, days))};
    (void)demo_row(d, TABLE_filings, fields, sizeof fields / sizeof *fields);
}

static void file_year(struct demo *d, struct str what, const struct demo_unit *u,
                      enum period_kind kind, int32_t year)
{
    struct period all[PERIOD_PER_YEAR];
    int32_t n = period_all_of_year(kind, year, all);
    for (int32_t k = 0; k < n; k++) {
        file(d, what, u, all[k], 7000 + (uint64_t)year * 100 + (uint64_t)k);
    }
}

static void filings(struct demo *d, struct str what, uint32_t i, enum period_kind kind,
                    int32_t from)
{
    for (int32_t y = from; y <= d->plan->last_year; y++) {
        file_year(d, what, &d->units.items[i], kind, y);
    }
}

static void registers(struct demo *d)
{
    for (uint32_t g = 0; g < d->plan->n_regs; g++) {
        const struct reg *reg = &d->plan->regs[g];
        for (uint32_t i = 0; reg->filed && i < d->units.n; i++) {
            if (fits(d, &d->units.items[i], reg->owner_kind)) {
                filings(d, reg->name, i, reg->filing, d->rows_from[g]);
            }
        }
    }
}

/* Rolls that must be filed, by the units above (C35). */
static void rolls(struct demo *d)
{
    for (uint32_t k = 0; k < d->plan->n_kinds; k++) {
        for (uint32_t i = 0; d->plan->kinds[k].filed && i < d->units.n; i++) {
            if (plan_owes_roll(d->plan, k, d->units.items[i].kind)) {
                filings(d, d->plan->kinds[k].name, i, d->plan->kinds[k].filing,
                        d->plan->baseline_year);
            }
        }
    }
}

/* ---- relations ------------------------------------------------------------------------------ */

static void one_pair(struct demo *d, uint32_t relation, const struct demo_unit *a,
                     const struct demo_unit *b, struct rng *r)
{
    const struct relation *x = &d->plan->relations[relation];
    struct date since = demo_in_year(r, d->plan->first_year, 30, 300);
    bool confirmed = demo_chance(r, 0.9);
    if (!demo_stands(a, since) || !demo_stands(b, since)) {
        return;
    }
    const struct str fields[] = {x->name,
                                 a->code,
                                 b->code,
                                 demo_day(d, since),
                                 STR(""),
                                 STR(""),
                                 confirmed ? STR("是") : STR("否"),
                                 demo_day(d, since),
                                 STR(DEMO_SOURCE),
                                 STR("D")};
    d->sum->pairs += demo_row(d, TABLE_relations, fields, sizeof fields / sizeof *fields);
    for (int32_t y = d->plan->first_year; y <= d->plan->last_year; y++) {
        struct date day = demo_in_year(r, y, 0, 365);
        const struct str act[] = {x->name,          a->code,          b->code,
                                  demo_day(d, day), demo_day(d, day), STR(DEMO_SOURCE)};
        if (demo_chance(r, 0.85) && date_cmp(since, day) <= 0) {
            (void)demo_row(d, TABLE_activities, act, sizeof act / sizeof *act);
        }
    }
}

/* Each unit of the first kind has a partner of the second one, mostly. */
static void relation(struct demo *d, uint32_t k)
{
    const struct relation *x = &d->plan->relations[k];
    VEC(uint32_t) partners = {0};
    for (uint32_t i = 0; i < d->units.n; i++) {
        if (fits(d, &d->units.items[i], x->kind_b)) {
            vec_push(d->a, &partners, i);
        }
    }
    for (uint32_t i = 0; i < d->units.n && partners.n > 0; i++) {
        const struct demo_unit *u = &d->units.items[i];
        struct rng r = demo_rng(d, str_cat(d->a, u->code, x->name), 9);
        if (!fits(d, u, x->kind_a) || !demo_chance(&r, 0.8)) {
            continue;
        }
        uint32_t partner = partners.items[rng_below(&r, partners.n)];
        if (!str_eq(d->units.items[partner].code, u->code)) {
            one_pair(d, k, u, &d->units.items[partner], &r);
        }
    }
}

/* ---- events and evidence -------------------------------------------------------------------- */

static void events(struct demo *d)
{
    for (uint32_t i = 0; i < d->plan->n_events; i++) {
        struct rng r = demo_rng(d, d->plan->events[i].name, 10);
        struct date day = demo_in_year(&r, d->plan->last_year, 60, 240);
        const struct str fields[] = {d->plan->events[i].name, demo_day(d, day), demo_day(d, day),
                                     STR(DEMO_SOURCE)};
        (void)demo_row(d, TABLE_events, fields, sizeof fields / sizeof *fields);
    }
}

static void one_evidence(struct demo *d, const struct commitment *k, struct str part,
                         const struct demo_unit *u, struct date day)
{
    struct str document = str_cat(d->a, STR("示例文件 "), k->id);
    const struct str fields[] = {
        k->id, part, u->code, demo_day(d, day), document, demo_day(d, day), STR(DEMO_SOURCE)};
    if (demo_stands(u, day)) {
        d->sum->evidence += demo_row(d, TABLE_evidence, fields, sizeof fields / sizeof *fields);
    }
}

static bool in_scope(const struct demo *d, const struct commitment *k, uint32_t i)
{
    bool in = k->n_scopes == 0 && i == 0;
    for (uint32_t s = 0; s < k->n_scopes; s++) {
        const struct scope *x = &k->scopes[s];
        in = in || (x->kind == SCOPE_ROOT && i == 0) ||
             (x->kind == SCOPE_EACH_KIND && plan_is_a(d->plan, d->units.items[i].kind, x->ref));
    }
    return in;
}

/* Done in the year in question, mostly in time. */
static struct date done_in(struct rng *r, int32_t year)
{
    return demo_in_year(r, year, 30, demo_chance(r, DONE_SHARE) ? 330 : 500);
}

static void task(struct demo *d, const struct commitment *k, const struct demo_unit *u)
{
    struct rng r = demo_rng(d, str_cat(d->a, u->code, k->id), 11);
    int32_t to = k->when.to_year;
    int32_t from = k->when.kind == WHEN_EACH ? k->when.from_year : to;
    uint32_t times = k->times > 0 ? k->times : 1;
    uint32_t a_year = k->when.kind == WHEN_EACH && k->when.every != PERIOD_YEAR
                          ? (uint32_t)period_count(k->when.every, to) * times
                          : times;
    for (int32_t y = from; y <= to && y > 0; y++) {
        for (uint32_t n = 0; n < a_year; n++) {
            one_evidence(d, k, STR(""), u, done_in(&r, y));
        }
    }
}

static void stages(struct demo *d, const struct commitment *k, const struct demo_unit *u)
{
    struct rng r = demo_rng(d, str_cat(d->a, u->code, k->id), 12);
    struct date last = DATE_MIN;
    for (uint32_t s = 0; s < k->n_stages; s++) {
        if (!demo_chance(&r, DONE_SHARE)) {
            return; /* what follows waits for it */
        }
        struct date day = demo_in_year(&r, k->stages[s].when.to_year, 30, 300);
        last = date_cmp(day, last) < 0 ? date_add_days(last, 1) : day;
        one_evidence(d, k, k->stages[s].name, u, last);
    }
}

static void evidence(struct demo *d)
{
    for (uint32_t c = 0; c < d->plan->n_commitments; c++) {
        const struct commitment *k = &d->plan->commitments[c];
        for (uint32_t i = 0; (k->kind == CK_TASK || k->kind == CK_STAGES) && i < d->units.n; i++) {
            if (!in_scope(d, k, i)) {
                continue;
            }
            if (k->kind == CK_TASK) {
                task(d, k, &d->units.items[i]);
            } else {
                stages(d, k, &d->units.items[i]);
            }
        }
    }
}

void demo_make_rolls(struct demo *d)
{
    registers(d);
    rolls(d);
    for (uint32_t k = 0; k < d->plan->n_relations; k++) {
        relation(d, k);
    }
    events(d);
    evidence(d);
}
