/* SPDX-License-Identifier: Apache-2.0 */
/* Titles, register rows, pairs, events, filings and evidence. */
#include "app/demo_int.h"
#include "base/arena.h"

#define ROWS_A_YEAR 2   /* of an owner and register, on average */
#define TITLE_SHARE 0.2 /* of the eligible */
#define FILED_SHARE 0.97
#define DONE_SHARE  0.9 /* tasks done in time */
#define ROW_FIELDS  (COL_rows__COUNT + 512)

static struct date in_year(struct rng *r, int32_t year, int32_t first, int32_t days)
{
    return date_add_days(date_year_start(year), first + (int32_t)rng_below(r, (uint64_t)days));
}

static bool fits(const struct demo *d, const struct demo_unit *u, uint32_t kind)
{
    return kind == NONE || plan_is_a(d->plan, u->kind, kind);
}

/* ---- titles --------------------------------------------------------------------------------- */

static void titles_of(struct demo *d, uint32_t title)
{
    int32_t years = d->plan->last_year - d->plan->baseline_year + 1;
    for (uint32_t i = 0; i < d->units.n; i++) {
        const struct demo_unit *u = &d->units.items[i];
        struct rng r = demo_rng(d, u->code, 6000 + title);
        if (!fits(d, u, d->plan->titles[title].kind) ||
            !demo_chance(&r, TITLE_SHARE + 0.1 * u->quality)) {
            continue;
        }
        int32_t year = d->plan->baseline_year + (int32_t)rng_below(&r, (uint64_t)years);
        struct date since = in_year(&r, year, 60, 270);
        bool revoked = demo_chance(&r, 0.03);
        if (!demo_stands(u, since)) {
            continue;
        }
        const struct str fields[] = {d->plan->titles[title].name,
                                     u->code,
                                     demo_day(d, since),
                                     STR(""),
                                     revoked ? demo_day(d, date_add_days(since, 300)) : STR(""),
                                     demo_day(d, since),
                                     STR("示例数据"),
                                     STR("D")};
        demo_row(d, TABLE_titles, fields, sizeof fields / sizeof *fields);
        d->sum->titles++;
    }
}

/* ---- registers ------------------------------------------------------------------------------ */

/* The column of a field in the table of rows: each name has one. */
static uint32_t column_of(const struct demo *d, uint32_t field)
{
    struct map seen = {0};
    uint32_t column = COL_rows__COUNT;
    for (uint32_t f = 0; f < d->plan->n_fields; f++) {
        if (!map_get(&seen, d->plan->fields[f].d.name, NULL)) {
            if (str_eq(d->plan->fields[f].d.name, d->plan->fields[field].d.name)) {
                return column;
            }
            map_put(d->a, &seen, d->plan->fields[f].d.name, f);
            column++;
        }
    }
    return column;
}

static struct str field_text(struct demo *d, const struct field *f, const struct demo_unit *u,
                             struct rng *r)
{
    const struct datum *x = &f->d;
    double lo = rat_is_inf(x->lo) ? 0 : rat_to_double(x->lo);
    double hi = rat_is_inf(x->hi) ? 0 : rat_to_double(x->hi);
    double factor = rat_to_double(x->type == VT_NUMBER ? x->factor : rat_one());
    switch (x->type) {
    case VT_BOOL:
        return demo_chance(r, 0.8) ? STR("是") : STR("否");
    case VT_CHOICE:
        return x->choices[rng_below(r, x->n_choices > 0 ? x->n_choices : 1)];
    case VT_DATE:
        return demo_day(d, in_year(r, d->plan->first_year, 0, 365));
    case VT_NUMBER:
        hi = hi > lo ? hi : dim_is_none(x->dim) ? 1 : 60 * factor;
        return demo_number(d, (lo + (hi - lo) * (0.3 + 0.7 * demo_uniform(r))) / factor,
                           x->decimals);
    case VT_TEXT:
        break;
    }
    struct str number = rat_frac_str(d->a, rat_int((int64_t)rng_below(r, 900000) + 100000));
    return str_cat(d->a, str_cat(d->a, STR("示例-"), u->code), str_cat(d->a, STR("-"), number));
}

static void one_row(struct demo *d, uint32_t reg, const struct demo_unit *u, int32_t year,
                    struct rng *r, const uint32_t *columns)
{
    static struct str none = {"", 0};
    const struct reg *g = &d->plan->regs[reg];
    struct str *fields = ARENA_ARRAY(d->a, struct str, ROW_FIELDS);
    struct date day = in_year(r, year, 0, 365);
    uint32_t n = COL_rows__COUNT;
    if (!demo_stands(u, day)) {
        return;
    }
    for (uint32_t i = 0; i < ROW_FIELDS; i++) {
        fields[i] = none;
    }
    fields[COL_rows_register] = g->name;
    fields[COL_rows_owner] = u->code;
    fields[COL_rows_date] = demo_day(d, day);
    fields[COL_rows_recorded] = demo_day(d, date_add_days(day, 10));
    fields[COL_rows_source] = STR("示例数据");
    fields[COL_rows_grade] = STR("D");
    for (uint32_t f = g->first_field; f < g->first_field + g->n_fields; f++) {
        fields[columns[f]] = field_text(d, &d->plan->fields[f], u, r);
    }
    for (uint32_t f = 0; f < d->plan->n_fields; f++) {
        n = columns[f] + 1 > n ? columns[f] + 1 : n;
    }
    demo_row(d, TABLE_rows, fields, n);
    d->sum->rows++;
}

static void file(struct demo *d, struct str what, const struct demo_unit *u, struct period period,
                 uint64_t salt)
{
    char text[PERIOD_TEXT_BYTES];
    struct rng r = demo_rng(d, str_cat(d->a, u->code, what), salt);
    struct str when = str_dup(d->a, period_text(period, text));
    if (!demo_chance(&r, u->careless ? 0.7 : FILED_SHARE)) {
        return;
    }
    const struct str fields[] = {what, u->code, when, STR(""),
                                 demo_day(d, date_add_days(period_last(period), 20))};
    demo_row(d, TABLE_filings, fields, sizeof fields / sizeof *fields);
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

static void registers(struct demo *d)
{
    uint32_t *columns = ARENA_ARRAY(d->a, uint32_t, d->plan->n_fields + 1);
    for (uint32_t f = 0; f < d->plan->n_fields; f++) {
        columns[f] = column_of(d, f);
    }
    for (uint32_t g = 0; g < d->plan->n_regs; g++) {
        const struct reg *reg = &d->plan->regs[g];
        for (uint32_t i = 0; i < d->units.n; i++) {
            const struct demo_unit *u = &d->units.items[i];
            for (int32_t y = d->plan->baseline_year;
                 fits(d, u, reg->owner_kind) && y <= d->plan->last_year; y++) {
                struct arena_mark mark = arena_mark(d->a);
                struct rng r = demo_rng(d, u->code, 8000 + g * 100 + (uint64_t)y);
                for (uint64_t n = rng_below(&r, 2 * ROWS_A_YEAR + 1); n > 0; n--) {
                    one_row(d, g, u, y, &r, columns);
                }
                if (reg->filed) {
                    file_year(d, reg->name, u, reg->filing, y);
                }
                arena_rewind(d->a, mark);
            }
        }
    }
}

/* Rolls that must be filed, by the units above (C35). */
static void rolls(struct demo *d)
{
    for (uint32_t k = 0; k < d->plan->n_kinds; k++) {
        for (uint32_t i = 0; d->plan->kinds[k].filed && i < d->units.n; i++) {
            const struct demo_unit *u = &d->units.items[i];
            for (int32_t y = d->plan->baseline_year;
                 plan_owes_roll(d->plan, k, u->kind) && y <= d->plan->last_year; y++) {
                file_year(d, d->plan->kinds[k].name, u, d->plan->kinds[k].filing, y);
            }
        }
    }
}

/* ---- relations ------------------------------------------------------------------------------ */

static void one_pair(struct demo *d, uint32_t relation, const struct demo_unit *a,
                     const struct demo_unit *b, struct rng *r)
{
    const struct relation *x = &d->plan->relations[relation];
    struct date since = in_year(r, d->plan->first_year, 30, 300);
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
                                 STR("示例数据"),
                                 STR("D")};
    demo_row(d, TABLE_relations, fields, sizeof fields / sizeof *fields);
    d->sum->pairs++;
    for (int32_t y = d->plan->first_year; y <= d->plan->last_year; y++) {
        struct date day = in_year(r, y, 0, 365);
        const struct str act[] = {x->name,          a->code,          b->code,
                                  demo_day(d, day), demo_day(d, day), STR("示例数据")};
        if (demo_chance(r, 0.85) && date_cmp(since, day) <= 0) {
            demo_row(d, TABLE_activities, act, sizeof act / sizeof *act);
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
        struct rng r = demo_rng(d, u->code, 9000 + k);
        if (!fits(d, u, x->kind_a) || !demo_chance(&r, 0.8)) {
            continue;
        }
        uint32_t partner = partners.items[rng_below(&r, partners.n)];
        if (partner != i) {
            one_pair(d, k, u, &d->units.items[partner], &r);
        }
    }
}

/* ---- events and evidence -------------------------------------------------------------------- */

static void events(struct demo *d)
{
    for (uint32_t i = 0; i < d->plan->n_events; i++) {
        struct rng r = demo_rng(d, d->plan->events[i].name, 10);
        struct date day = in_year(&r, d->plan->last_year, 60, 240);
        const struct str fields[] = {d->plan->events[i].name, demo_day(d, day), demo_day(d, day),
                                     STR("示例数据")};
        demo_row(d, TABLE_events, fields, sizeof fields / sizeof *fields);
    }
}

static void one_evidence(struct demo *d, const struct commitment *k, struct str part,
                         const struct demo_unit *u, struct date day)
{
    struct str document = str_cat(d->a, STR("示例文件 "), k->id);
    const struct str fields[] = {
        k->id, part, u->code, demo_day(d, day), document, demo_day(d, day), STR("示例数据")};
    if (demo_stands(u, day)) {
        demo_row(d, TABLE_evidence, fields, sizeof fields / sizeof *fields);
        d->sum->evidence++;
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
    return in_year(r, year, 30, demo_chance(r, DONE_SHARE) ? 330 : 500);
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
    for (uint32_t s = 0; s < k->n_stages; s++) {
        if (!demo_chance(&r, DONE_SHARE)) {
            return; /* what follows waits for it */
        }
        one_evidence(d, k, k->stages[s].name, u, in_year(&r, k->stages[s].when.to_year, 30, 300));
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
    for (uint32_t t = 0; t < d->plan->n_titles; t++) {
        titles_of(d, t);
    }
    registers(d);
    rolls(d);
    for (uint32_t k = 0; k < d->plan->n_relations; k++) {
        relation(d, k);
    }
    events(d);
    evidence(d);
}
