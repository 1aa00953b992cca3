/* SPDX-License-Identifier: Apache-2.0 */
/* Scorecards: points for the rows of other commitments at the same unit and year (C31). */
#include "base/arena.h"
#include "engine/judge_int.h"

typedef VEC(uint32_t) row_list; /* rows that can be counted, by place among the answers */

struct score {
    struct rat lo, hi, base, total; /* total: the points of all items, also of those left out */
    uint32_t n, decided;
};

/* met earns the points, missed none, n/a leaves the base, anything else may go either way. Several
 * rows of one commitment share its points equally. */
static void add_rows(struct judge *j, const struct score_item *item, uint32_t unit, int32_t year,
                     const row_list *rows, struct score *s)
{
    uint32_t counted = 0;
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct verdict_row *v = &j->out->rows.items[rows->items[i]];
        counted += v->unit == unit && v->head->year == year;
    }
    if (counted == 0) {
        return;
    }
    struct rat points = rat_div(j->arena, item->points, rat_int(counted));
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct verdict_row *v = &j->out->rows.items[rows->items[i]];
        if (v->unit != unit || v->head->year != year) {
            continue;
        }
        bool penalised = (v->flags & VF_STRIVE) == 0; /* C31 */
        bool earned = v->state == ST_MET || (!penalised && v->state == ST_MISSED);
        bool open = v->state == ST_PENDING || v->state == ST_UNKNOWN;
        s->base = rat_add(j->arena, s->base, points);
        s->lo = earned ? rat_add(j->arena, s->lo, points) : s->lo;
        s->hi = earned || open ? rat_add(j->arena, s->hi, points) : s->hi;
        s->n++;
        s->decided += !open;
    }
}

/* The pass mark is of all points: what leaves the base takes its part of the mark with it. */
static struct rat pass_mark(struct judge *j, struct rat pass, const struct score *s)
{
    return rat_sign(s->total) > 0 ? rat_div(j->arena, rat_mul(j->arena, pass, s->base), s->total)
                                  : pass;
}

static void card(struct judge *j, uint32_t commitment, uint32_t unit, int32_t year,
                 const row_list *rows)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    struct score s = {.lo = rat_zero(), .hi = rat_zero(), .base = rat_zero(), .total = rat_zero()};
    struct verdict v = judge_blank(j, commitment, year);
    for (uint32_t i = 0; i < k->n_scores; i++) {
        s.total = rat_add(j->arena, s.total, k->scores[i].points);
        add_rows(j, &k->scores[i], unit, year, &rows[i], &s);
    }
    v.unit = unit;
    v.due = date_year_end(year);
    bool after = date_cmp(j->as_of, v.due) > 0;
    if (s.n == 0) {
        v.state = ST_NA;
    } else {
        v.measure = mval_range(s.lo, s.hi);
        v.measure.reported = s.decided;
        v.measure.expected = s.n;
        v.has_score = true;
        v.score_lo = s.lo;
        v.score_hi = s.hi;
        v.score_base = s.base;
        bool marked = rat_sign(k->pass) >= 0;
        struct rat mark = marked ? pass_mark(j, k->pass, &s) : rat_zero();
        enum truth ok = marked ? mval_cmp(j->arena, MVAL_GE, v.measure, mval_known(mark)).truth
                        : rat_eq(s.lo, s.hi) ? T_YES
                                             : T_UNKNOWN;
        v.state = judge_state(ok, T_YES, after);
        v.light = v.state == ST_PENDING ? LIGHT_GREY : LIGHT_NONE;
        v.has_threshold = marked;
        v.threshold = mark;
        v.cmp = v.has_threshold ? CMP_GE : CMP_NONE;
    }
    judge_push(j, v);
}

/* For each item of the scorecard the rows of its commitment that are not n/a. */
static const row_list *rows_of_items(struct judge *j, const struct commitment *k)
{
    row_list *rows = ARENA_ARRAY(j->arena, row_list, k->n_scores + 1);
    for (uint32_t i = 0; i < k->n_scores; i++) {
        rows[i] = (row_list){0};
        for (uint32_t r = 0; r < j->out->rows.n; r++) {
            const struct verdict_row *v = &j->out->rows.items[r];
            if (v->head->commitment == k->scores[i].commitment && v->state != ST_NA) {
                vec_push(j->arena, &rows[i], r);
            }
        }
    }
    return rows;
}

enum rc judge_scorecard(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    const row_list *rows = rows_of_items(j, k);
    for (int32_t y = j->plan->first_year; y <= j->plan->last_year; y++) {
        const struct tree_snap *t = NULL;
        if (cells_tree(j->cells, date_year_end(y), &t) != RC_OK) {
            return RC_LIMIT;
        }
        for (uint32_t i = 0; i < t->n; i++) {
            if (plan_is_a(j->plan, t->kind[i], k->of_kind)) {
                card(j, commitment, t->unit[i], y, rows);
            }
        }
    }
    return RC_OK;
}
