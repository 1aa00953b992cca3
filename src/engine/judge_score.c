/* SPDX-License-Identifier: Apache-2.0 */
/* Scorecards: points for the rows of other commitments at the same unit and year (C31). */
#include "base/arena.h"
#include "engine/judge_int.h"

struct score {
    struct rat lo, hi, base, total; /* total: the points of all items, also of those left out */
    uint32_t n, decided;
};

/* met earns the points, missed none, n/a leaves the base, anything else may go either way. Several
 * rows of one commitment share its points equally. */
static void add_rows(struct judge *j, const struct score_item *item, uint32_t unit, int32_t year,
                     struct score *s)
{
    struct row_list rows = {0};
    uint32_t counted = 0;
    j->rows_at(j, item->commitment, unit, year, &rows);
    for (uint32_t i = 0; i < rows.list.n; i++) {
        counted += rows.list.items[i]->state != ST_NA;
    }
    if (counted == 0) {
        return;
    }
    struct rat points = rat_div(j->arena, item->points, rat_int(counted));
    for (uint32_t i = 0; i < rows.list.n; i++) {
        const struct verdict_row *v = rows.list.items[i];
        if (v->state == ST_NA) {
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

static enum rc card(struct judge *j, const struct block *b, uint32_t i, struct found *out)
{
    const struct commitment *k = b->k;
    struct score s = {.lo = rat_zero(), .hi = rat_zero(), .base = rat_zero(), .total = rat_zero()};
    struct verdict v = b->model;
    v.unit = b->units.list.items[i];
    for (uint32_t n = 0; n < k->n_scores; n++) {
        s.total = rat_add(j->arena, s.total, k->scores[n].points);
        add_rows(j, &k->scores[n], v.unit, v.year, &s);
    }
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
    vec_push(j->arena, &out->rows, v);
    return RC_OK;
}

enum rc judge_scorecard(struct judge *j, uint32_t commitment)
{
    const struct commitment *k = &j->plan->commitments[commitment];
    enum rc rc = RC_OK;
    for (int32_t y = j->plan->first_year; rc == RC_OK && y <= j->plan->last_year; y++) {
        const struct tree_snap *t = NULL;
        struct block b = {.commitment = commitment,
                          .k = k,
                          .o = {.year = y},
                          .measure = NONE,
                          .day = date_year_end(y),
                          .tolerance = rat_zero(),
                          .unit = card};
        b.model = judge_blank(j, commitment, y);
        b.model.due = b.day;
        rc = judge_tree(j, b.day, &t);
        for (uint32_t i = 0; rc == RC_OK && i < t->n; i++) {
            if (plan_is_a(j->plan, t->kind[i], k->of_kind)) {
                vec_push(j->arena, &b.units.list, t->unit[i]);
                vec_push(j->arena, &b.units.unsure, false);
            }
        }
        rc = rc == RC_OK ? j->each(j, &b) : rc;
    }
    return rc;
}
