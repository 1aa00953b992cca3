/* SPDX-License-Identifier: Apache-2.0 */
/* The track of a commitment at a unit, the smallest change that would mend its verdicts, and who
 * could still change them. */
#include "app/outlook/mend.h"
#include "app/outlook/silent.h"
#include "app/outlook/track.h"
#include "app/run.h"
#include "base/arena.h"
#include "engine/columns.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/want.h"
#include "lang/expr_text.h"

#define UNITS_MAX 200 /* of each list of units of a verdict */

struct outlook {
    struct ask *q;
    struct want w;
    struct cells *cells;
    struct evaluator ev;
    struct pacer *pacer;
};

static enum rc open_outlook(struct ask *q, struct outlook *x)
{
    x->q = q;
    TRY(want_read(q, view_open_cells, &x->w));
    x->cells = cells_view(q->a, live_cells(x->w.view.live));
    TRY(columns_make(q->a, x->cells, &q->hand->columns, &x->ev, &q->e));
    x->pacer = judge_pacer(q->a, x->cells, &x->ev);
    return RC_OK;
}

static void head_json(struct outlook *x, struct json *j)
{
    ask_json(x->q, j);
    json_kv_str(j, "target", ask_word(x->q, 0));
    json_kv_str(j, "unit", ask_word(x->q, 1));
    view_json(&x->w.view, j);
    json_key(j, "lines");
    json_arr_begin(j);
}

static enum rc foot_json(struct outlook *x, struct json *j, enum rc rc)
{
    json_arr_end(j);
    json_obj_end(j);
    json_end(j);
    return rc == RC_OK ? RC_OK : err_set(&x->q->e, RC_LIMIT, "the answer is too large", "答复过大");
}

static bool next_row(struct outlook *x, struct live_rows *r)
{
    while (live_next(r)) {
        if (want_has(&x->w, r->row) && verdict_may(&x->w.eyes, r->row)) {
            return true;
        }
    }
    return false;
}

/* ---- the track ------------------------------------------------------------------------------ */

/* Rows of one measure: what is asked of it when. */
struct line {
    const struct clause *clause;
    uint32_t category;
    bool for_all;
    VEC(struct verdict) rungs;
};

typedef VEC(struct line) lines;

static struct line *line_of(struct ask *q, lines *all, const struct verdict *v)
{
    uint32_t category = v->at != NULL ? v->at->category : NONE;
    for (uint32_t i = 0; i < all->n; i++) {
        struct line *l = &all->items[i];
        if (l->clause == v->clause && l->category == category && l->for_all == v->for_all) {
            return l;
        }
    }
    vec_push(q->a, all, (struct line){v->clause, category, v->for_all, {0}});
    return &all->items[all->n - 1];
}

/* A figure of the row's measure: m is its own in another year. */
static void point_json(struct outlook *x, struct json *j, const struct verdict *row,
                       const struct track_point *point)
{
    struct verdict v = *row;
    v.measure = point->measure;
    v.has_threshold = v.has_threshold && point->year == row->year;
    bool sealed = want_withhold(&x->w, &v);
    json_obj_begin(j);
    json_kv_int(j, "year", point->year);
    json_kv_day(j, "day", point->day);
    json_kv_str(j, "text", print_measure(&x->w.printer, &v));
    json_key(j, "lo_exact");
    sealed ? json_null(j) : json_str(j, rat_frac_str(x->q->a, v.measure.lo));
    json_key(j, "hi_exact");
    sealed ? json_null(j) : json_str(j, rat_frac_str(x->q->a, v.measure.hi));
    json_kv_int(j, "reported", v.measure.reported);
    json_kv_int(j, "expected", v.measure.expected);
    json_obj_end(j);
}

/* Of a demand on each unit below: the shares of the years that have been judged. */
static void shares_json(struct outlook *x, struct json *j, const struct line *l)
{
    for (uint32_t i = 0; i < l->rungs.n; i++) {
        const struct verdict *v = &l->rungs.items[i];
        struct track_point p = {v->year, v->snapshot, v->measure};
        if (v->measure.kind == MV_NUMBER && date_cmp(v->snapshot, x->w.view.day) <= 0) {
            point_json(x, j, v, &p);
        }
    }
}

static enum rc points_json(struct outlook *x, struct json *j, const struct line *l)
{
    const struct verdict *last = &l->rungs.items[l->rungs.n - 1];
    track points;
    json_key(j, "points");
    json_arr_begin(j);
    TRY(track_of(x->q->a, x->w.answer.plan, &x->ev, last, x->w.view.day, &points));
    for (uint32_t i = 0; i < points.n; i++) {
        point_json(x, j, last, &points.items[i]);
    }
    if (l->for_all) {
        shares_json(x, j, l);
    }
    json_arr_end(j);
    return RC_OK;
}

/* Both ends of the way have to be for everybody who may see the row. */
static bool is_told(struct outlook *x, const struct verdict *v, const struct run *r)
{
    struct verdict now = *v;
    struct verdict then = *v;
    then.measure = r->pace.base;
    return !want_withhold(&x->w, &now) && !want_withhold(&x->w, &then);
}

static enum rc run_json(struct outlook *x, struct json *j, const struct verdict *v)
{
    struct run r;
    struct str observed = STR("");
    struct str required = STR("");
    bool there = false;
    TRY(run_of(x->q->a, x->pacer, v, &r, &there));
    if (!there || !is_told(x, v, &r)) {
        return RC_OK;
    }
    run_print(&x->w.printer, v, &r, &observed, &required);
    json_key(j, "run");
    json_obj_begin(j);
    json_kv_str(j, "observed", observed);
    json_kv_str(j, "observed_exact", rat_frac_str(x->q->a, r.observed));
    json_kv_str(j, "required", required);
    json_kv_str(j, "required_exact", rat_frac_str(x->q->a, r.required));
    json_kv_day(j, "since", r.pace.since);
    json_kv_str(j, "base", run_base(&x->w.printer, v, &r));
    json_kv_int(j, "gone", r.pace.gone);
    json_kv_int(j, "left", r.pace.left);
    json_obj_end(j);
    return RC_OK;
}

static enum rc rung_json(struct outlook *x, struct json *j, const struct verdict *v)
{
    json_obj_begin(j);
    json_kv_str(j, "part", v->part);
    json_kv_int(j, "year", v->year);
    json_kv_day(j, "due", v->due);
    json_kv_cstr(j, "state", state_name(v->state));
    json_kv_cstr(j, "light", light_name(v->light));
    json_kv_str(j, "required", print_required(&x->w.printer, v));
    enum rc rc = run_json(x, j, v);
    json_obj_end(j);
    return rc;
}

static enum rc line_json(struct outlook *x, struct json *j, const struct line *l)
{
    json_obj_begin(j);
    json_kv_bool(j, "for_all", l->for_all);
    enum rc rc = points_json(x, j, l);
    json_key(j, "rungs");
    json_arr_begin(j);
    for (uint32_t i = 0; rc == RC_OK && i < l->rungs.n; i++) {
        rc = rung_json(x, j, &l->rungs.items[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
    return rc;
}

enum rc do_track(struct ask *q)
{
    struct outlook x;
    struct json j;
    lines all = {0};
    enum rc rc = RC_OK;
    TRY(open_outlook(q, &x));
    for (struct live_rows r = live_rows(x.w.view.live, x.w.target, x.w.unit); next_row(&x, &r);) {
        struct verdict v = verdict_unpack(r.row);
        if (v.clause != NULL) {
            struct line *l = line_of(q, &all, &v);
            vec_push(q->a, &l->rungs, v);
        }
    }
    head_json(&x, &j);
    for (uint32_t i = 0; i < all.n && rc == RC_OK; i++) {
        rc = line_json(&x, &j, &all.items[i]);
    }
    return foot_json(&x, &j, rc);
}

/* ---- what would mend it --------------------------------------------------------------------- */

static bool may(void *ctx, uint32_t unit, enum data_class class_)
{
    const struct outlook *x = ctx;
    return ask_allows(x->q, "fact.read", x->w.view.tree->units[unit].code, class_);
}

static void step_json(const struct mend_asking *m, struct json *j, const struct verdict *v,
                      const struct mend_step *s)
{
    json_obj_begin(j);
    json_kv_cstr(j, "sort", mend_sort_name(s->sort));
    json_kv_bool(j, "less", s->less);
    json_kv_str(j, "exact", rat_frac_str(m->printer->a, s->exact));
    json_kv_str(j, "amount_exact", rat_frac_str(m->printer->a, s->amount));
    json_kv_str(j, "amount", mend_amount(m, v, s));
    json_kv_str(j, "says", mend_says(m, v, s));
    json_obj_end(j);
}

static void mend_json(const struct mend_asking *m, struct json *j, const struct verdict *v,
                      const struct mend *mend)
{
    json_obj_begin(j);
    json_kv_str(j, "part", v->part);
    json_kv_int(j, "year", v->year);
    json_kv_cstr(j, "state", state_name(v->state));
    json_kv_cstr(j, "silence", mend_silence_name(mend->silence));
    json_kv_str(j, "says", mend_why(m, mend->silence));
    json_key(j, "steps");
    json_arr_begin(j);
    for (uint32_t i = 0; i < mend->n; i++) {
        step_json(m, j, v, &mend->steps[i]);
    }
    json_arr_end(j);
    json_obj_end(j);
}

enum rc do_mend(struct ask *q)
{
    struct outlook x;
    struct json j;
    enum rc rc = RC_OK;
    TRY(open_outlook(q, &x));
    struct mend_asking m = {&x.w.printer, x.cells, &x.ev, may, &x};
    head_json(&x, &j);
    for (struct live_rows r = live_rows(x.w.view.live, x.w.target, x.w.unit);
         rc == RC_OK && next_row(&x, &r);) {
        struct verdict v = live_verdict(q->a, &r);
        struct mend mend;
        rc = mend_of(&m, &v, &mend);
        if (rc == RC_OK) {
            mend_json(&m, &j, &v, &mend);
        }
    }
    return foot_json(&x, &j, rc);
}

/* ---- who could still change it -------------------------------------------------------------- */

static void units_json(struct outlook *x, struct json *j, const char *key, const uint32_t *units,
                       uint32_t n)
{
    const struct view *view = &x->w.view;
    json_key(j, key);
    json_arr_begin(j);
    for (uint32_t i = 0, shown = 0; i < n && shown < UNITS_MAX; i++) {
        if (verdict_may_unit(&x->w.eyes, units[i])) {
            json_obj_begin(j);
            json_kv_str(j, "unit", view->tree->units[units[i]].code);
            json_kv_str(j, "unit_name", answer_unit_name(view->tree, units[i], view->day));
            json_obj_end(j);
            shown++;
        }
    }
    json_arr_end(j);
}

static enum rc open_json(struct outlook *x, struct json *j, const struct verdict *v)
{
    silent list;
    json_obj_begin(j);
    json_kv_str(j, "part", v->part);
    json_kv_int(j, "year", v->year);
    json_kv_cstr(j, "state", state_name(v->state));
    json_kv_int(j, "n_missing", v->n_counter);
    units_json(x, j, "missing", v->counter, v->n_counter);
    json_kv_int(j, "n_open", v->n_undecided);
    units_json(x, j, "open", v->undecided, v->n_undecided);
    enum rc rc = silent_of(x->q->a, x->w.answer.plan, x->cells, &x->ev, v, UNITS_MAX, &list);
    json_kv_int(j, "n_silent", v->for_all ? 0 : v->measure.expected - v->measure.reported);
    units_json(x, j, "silent", list.items, list.n);
    json_obj_end(j);
    return rc;
}

enum rc do_open_units(struct ask *q)
{
    struct outlook x;
    struct json j;
    enum rc rc = RC_OK;
    TRY(open_outlook(q, &x));
    x.w.year = x.w.year == 0 ? want_present_year(q) : x.w.year;
    head_json(&x, &j);
    for (struct live_rows r = live_rows(x.w.view.live, x.w.target, x.w.unit);
         rc == RC_OK && next_row(&x, &r);) {
        struct verdict v = live_verdict(q->a, &r);
        rc = open_json(&x, &j, &v);
    }
    return foot_json(&x, &j, rc);
}
