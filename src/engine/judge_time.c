/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines and moments (C01, C02, C28). */
#include "engine/judge_int.h"

bool judge_event(const struct judge *j, uint32_t event, struct date *day)
{
    const struct dataset *d = cells_dataset(j->cells);
    bool found = false;
    for (uint32_t i = 0; i < d->n_events; i++) {
        const struct event_row *e = &d->events[i];
        bool seen = e->event == event && date_cmp(e->from.recorded, j->as_of) <= 0 &&
                    date_cmp(e->day, j->as_of) <= 0;
        if (seen && (!found || date_cmp(e->day, *day) < 0)) {
            *day = e->day;
            found = true;
        }
    }
    return found;
}

/* 每学年: the plan year stands for the school year that begins in it. */
static bool of_school_year(const struct occasion *o, int32_t year, struct period *out)
{
    return o->when.kind == WHEN_EACH && o->when.every == PERIOD_SCHOOL_YEAR && !o->sub &&
           period_make(PERIOD_SCHOOL_YEAR, year, 1, out);
}

/* Is a school year over only with its last day? Not when its figures are taken before. */
static bool lasts(const struct judge *j, uint32_t measure, int32_t year)
{
    struct date day;
    return measure == NONE || !moment_of_items(j->plan, measure, year, &day) ||
           date_cmp(day, date_year_end(year)) > 0;
}

/* C02: the end of the year unless a day, a period or the definition's time point says otherwise. */
static struct date deadline(const struct judge *j, const struct commitment *c,
                            const struct occasion *o)
{
    struct period school;
    if (date_cmp(o->when.day, DATE_MIN) != 0) {
        return o->when.day;
    }
    if (o->sub) {
        return period_last(o->period);
    }
    if (c->has_point) {
        return time_point_day(c->point, o->year);
    }
    if (of_school_year(o, o->year, &school) && lasts(j, o->measure, o->year)) {
        return period_last(school);
    }
    return date_year_end(o->year);
}

bool judge_due(const struct judge *j, const struct commitment *c, struct occasion *o)
{
    if (o->year < PERIOD_YEAR_MIN || o->year > PERIOD_YEAR_MAX) {
        return false;
    }
    if (o->when.kind == WHEN_UNTIL) {
        struct date day = DATE_MIN;
        o->open_event = !judge_event(j, o->when.event, &day);
        o->year = o->open_event ? j->plan->last_year : date_year(day);
        o->due = o->open_event ? DATE_MAX : day;
        o->after = !o->open_event; /* judged at the event's date */
        return true;
    }
    o->due = deadline(j, c, o);
    o->after = date_cmp(j->as_of, o->due) > 0;
    return true;
}

bool judge_moment(const struct judge *j, const struct commitment *c, uint32_t measure,
                  const struct occasion *o, int32_t year, struct moment *out)
{
    const struct time_point *point = c->has_point ? &c->point : NULL;
    bool ok = o->sub ? moment_of_period(point, o->year, o->period, j->as_of, out)
                     : moment_of_year(j->plan, measure, point, year, j->as_of, out);
    struct date day;
    struct period school;
    bool items = ok && moment_of_items(j->plan, measure, year, &day);
    if (ok && o->when.kind == WHEN_UNTIL && !o->open_event && year == o->year) {
        out->snapshot = o->due;
        out->rows_to = o->due;
    } else if (ok && date_cmp(o->when.day, DATE_MIN) != 0 && year == o->year) {
        /* Due within the year: what stands and has happened on that day (C02). */
        out->snapshot = items ? out->snapshot : o->when.day;
        out->rows_to = o->when.day;
    } else if (ok && of_school_year(o, year, &school)) {
        out->snapshot = items || point ? out->snapshot : period_last(school);
        out->rows_from = period_first(school);
        out->rows_to = period_last(school);
    }
    out->category_field = o->category_field;
    out->category = o->category;
    return ok;
}

bool judge_baseline_moment(const struct judge *j, const struct commitment *c, uint32_t measure,
                           const struct occasion *o, struct moment now, struct moment *out)
{
    bool ok = judge_moment(j, c, measure, o, j->plan->baseline_year, out);
    out->named = date_is_sentinel(now.named) ? now.snapshot : now.named;
    return ok;
}

int32_t judge_closed_year(const struct judge *j, const struct commitment *c, uint32_t measure,
                          const struct occasion *o, int32_t year)
{
    for (int32_t y = year; y >= j->plan->baseline_year; y--) {
        struct moment m;
        if (judge_moment(j, c, measure, o, y, &m) && date_cmp(m.snapshot, j->as_of) <= 0) {
            return y;
        }
    }
    return year;
}
