/* SPDX-License-Identifier: Apache-2.0 */
/* The track of a figure, asked of the evaluator year by year. */
#include "app/outlook/track.h"

#include "app/print.h"
#include "base/arena.h"
#include "base/err.h"

/* The moment of the row in another year. What accumulates keeps where it began (C17). */
static bool moment_in(const struct verdict *v, int32_t year, struct moment *out)
{
    const struct moment *at = v->at;
    if (!moment_shift(*at, at->year - year, out)) {
        return false;
    }
    if (at->since_year < at->year) {
        out->since_year = at->since_year < year ? at->since_year : year;
        out->rows_from = at->rows_from;
    }
    /* The unit of then, by lineage (C29), as the light finds its baseline. */
    out->named = date_is_sentinel(at->named) ? at->snapshot : at->named;
    return true;
}

/* Of a year that is not over only what is known already. */
static bool tells(const struct mval *m, struct date day, struct date today)
{
    return m->kind == MV_NUMBER &&
           (date_cmp(day, today) <= 0 || rat_eq(m->lo, m->hi) || m->reported > 0);
}

enum rc track_of(struct arena *a, const struct plan *p, const struct evaluator *ev,
                 const struct verdict *v, struct date today, track *out)
{
    uint32_t e = v->clause != NULL ? print_measure_of(p, v) : NONE;
    *out = (track){0};
    if (e == NONE || v->for_all || v->row != NONE || v->at == NULL || v->at->sub ||
        p->exprs[e].is_bool) {
        return RC_OK;
    }
    int32_t last = date_year(today) < p->last_year ? date_year(today) : p->last_year;
    for (int32_t y = p->baseline_year; y <= last; y++) {
        struct track_point x = {.year = y};
        struct moment m;
        if (!moment_in(v, y, &m)) {
            continue;
        }
        x.day = m.snapshot;
        TRY(ev->measure(ev->ctx, a, e, v->unit, m, &x.measure));
        if (tells(&x.measure, x.day, today)) {
            vec_push(a, out, x);
        }
    }
    return RC_OK;
}
