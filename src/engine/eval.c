/* SPDX-License-Identifier: Apache-2.0 */
/* Moments: which period and which day a measure is taken at. */
#include "engine/eval.h"

#include "base/assert.h"

static struct moment moment_empty(int32_t year, struct date as_of)
{
    return (struct moment){.year = year,
                           .since_year = year,
                           .rows_from = DATE_MIN,
                           .rows_to = DATE_MAX,
                           .named = DATE_MIN,
                           .granted = DATE_MIN,
                           .as_of = as_of,
                           .point = TIME_POINT_NONE,
                           .category_field = NONE,
                           .category = NONE};
}

static bool latest_snapshot(const struct plan *p, uint32_t e, int32_t year, struct date *latest);

/* An indicator brings the day of its own time point, else those of its items. */
static bool indicator_snapshot(const struct plan *p, const struct expr *x, int32_t year,
                               struct date *latest)
{
    const struct commitment *c = &p->commitments[x->ref];
    const struct definition *d = definition_in_force(c, year);
    if (c->has_point) {
        *latest = date_later(*latest, time_point_day(c->point, year));
        return true;
    }
    return d == NULL || latest_snapshot(p, d->measure, year, latest);
}

/* Moves *latest to the latest snapshot day of the items below e. */
static bool latest_snapshot(const struct plan *p, uint32_t e, int32_t year, struct date *latest)
{
    /* Chains of operators lean to the left: the loop keeps the recursion as deep as the text is
     * nested. */
    while (e != NONE) {
        const struct expr *x = &p->exprs[e];
        if (x->op == EX_ITEM || x->op == EX_WHOLE_YEAR || x->op == EX_YEAR_END) {
            const struct item *item = &p->items[x->ref];
            struct period period;
            struct date day;
            if (!period_of_plan_year(item->period, item->point, year, &period, &day)) {
                return false;
            }
            *latest = date_later(*latest, day);
        }
        if (x->op == EX_INDICATOR && !indicator_snapshot(p, x, year, latest)) {
            return false;
        }
        if (!latest_snapshot(p, x->b, year, latest) || !latest_snapshot(p, x->c, year, latest)) {
            return false;
        }
        e = x->a;
    }
    return true;
}

bool moment_of_items(const struct plan *p, uint32_t expr, int32_t year, struct date *day)
{
    *day = DATE_MIN;
    return latest_snapshot(p, expr, year, day) && !date_is_sentinel(*day);
}

bool moment_of_year(const struct plan *p, uint32_t expr, const struct time_point *point,
                    int32_t year, struct date as_of, struct moment *out)
{
    if (year < PERIOD_YEAR_MIN || year > PERIOD_YEAR_MAX) {
        return false;
    }
    *out = moment_empty(year, as_of);
    if (point != NULL && !time_point_is_none(*point)) {
        out->has_point = true;
        out->point = *point;
        out->snapshot = time_point_day(*point, year);
        return true;
    }
    out->snapshot = DATE_MIN;
    if (!latest_snapshot(p, expr, year, &out->snapshot)) {
        return false;
    }
    if (date_is_sentinel(out->snapshot)) {
        out->snapshot = date_year_end(year); /* no item: the last day of the year */
    }
    return true;
}

bool moment_of_period(const struct time_point *point, int32_t year, struct period period,
                      struct date as_of, struct moment *out)
{
    *out = moment_empty(year, as_of);
    out->sub = true;
    out->period = period;
    out->has_point = point != NULL && !time_point_is_none(*point);
    out->point = out->has_point ? *point : TIME_POINT_NONE;
    out->snapshot = period_snapshot(period, out->point);
    return year >= PERIOD_YEAR_MIN && year <= PERIOD_YEAR_MAX;
}

bool moment_shift(struct moment m, int32_t n, struct moment *out)
{
    if (n < -PERIOD_YEAR_MAX || n > PERIOD_YEAR_MAX) {
        return false;
    }
    *out = m;
    out->year -= n;
    out->since_year -= n;
    if (out->year < PERIOD_YEAR_MIN || out->year > PERIOD_YEAR_MAX ||
        out->since_year < PERIOD_YEAR_MIN) {
        return false;
    }
    out->rows_from = date_add_months(m.rows_from, -12 * n);
    out->rows_to = date_add_months(m.rows_to, -12 * n);
    if (!m.sub) {
        out->snapshot = date_add_months(m.snapshot, -12 * n);
        return true;
    }
    int32_t year = m.period.year - n;
    int32_t count = period_count(m.period.kind, year);
    /* Week 53 is compared with the last week of a year that has none. */
    int32_t index = m.period.index < count ? m.period.index : count;
    if (!period_make(m.period.kind, year, index, &out->period)) {
        return false;
    }
    out->snapshot = period_snapshot(out->period, m.point);
    return true;
}

void moment_rows(struct moment m, struct date *first, struct date *last)
{
    *first = m.sub ? period_first(m.period) : date_year_start(m.year);
    *last = m.sub ? period_last(m.period) : date_year_end(m.year);
    *first = date_is_sentinel(m.rows_from) ? *first : m.rows_from;
    *last = date_is_sentinel(m.rows_to) ? *last : m.rows_to;
}

bool moment_of_item(const struct item *item, struct moment m, struct period *out,
                    struct date *snapshot)
{
    if (m.sub) {
        *snapshot = m.snapshot;
        return period_containing(item->period, m.snapshot, out);
    }
    return period_of_plan_year(item->period, m.has_point ? m.point : item->point, m.year, out,
                               snapshot);
}

const struct definition *definition_in_force(const struct commitment *c, int32_t year)
{
    const struct definition *d = NULL;
    for (uint32_t i = 0; i < c->n_definitions; i++) {
        const struct definition *x = &c->definitions[i];
        if (x->adopted && x->since_year <= year && (!d || x->since_year > d->since_year)) {
            d = x;
        }
    }
    return d;
}
