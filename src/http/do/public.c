/* SPDX-License-Identifier: Apache-2.0 */
/* What the public may see (docs/internals/service.md, 22). */
#include "app/answer.h"
#include "app/publish.h"
#include "app/standing/board.h"
#include "http/ask.h"
#include "http/commitment_json.h"
#include "http/do/plan.h"
#include "http/handlers.h"
#include "http/verdict.h"
#include "http/view.h"
#include "model/verdict_row.h"

/* The same for everybody: caches may keep it for a minute. */
static const struct answer_rules open_rules = {"default-src 'none'; frame-ancestors 'none'",
                                               "public, max-age=60",
                                               "Accept-Encoding, Accept-Language"};

/* The newest version of the verdicts, and the unit at the top. */
struct top {
    struct view view;
    uint32_t unit;
};

/* Whoever is signed in is told what everybody is told. */
static enum rc open_top(struct ask *q, struct top *out)
{
    struct seat_desk_act none = {0};
    if (!q->s->o.open) {
        return err_set(&q->e, RC_NOT_FOUND, "nothing is published here", "本系统没有公开内容");
    }
    q->seat.actor = STR("");
    TRY(seat_desk_begin(&q->seat, &none, &q->e));
    TRY(view_open(q, &out->view));
    const struct tree_snap *t = q->seat.roster.snap;
    return t != NULL && t->n > 0
               ? verdict_unit(q, out->view.tree, tree_snap_code(t, 0), "", &out->unit)
               : err_set(&q->e, RC_BUSY, "there are no units yet", "尚无机构，请稍后再试");
}

static void head_json(const struct ask *q, struct json *j, const struct top *top)
{
    json_kv_str(j, "unit_name", answer_unit_name(top->view.tree, top->unit, top->view.day));
    view_json(&top->view, j);
    json_kv_bool(j, "demo", q->s->o.demo);
}

/* ---- the plan ------------------------------------------------------------------------------- */

static void count(uint32_t *states, const struct top *top, uint32_t target)
{
    for (struct live_rows x = live_rows(top->view.live, target, top->unit); live_next(&x);) {
        states[x.row->state]++;
    }
}

static void codes_json(struct json *j, const struct commitment *k)
{
    json_key(j, "clauses");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_basis; i++) {
        json_str(j, k->basis[i].code);
    }
    json_arr_end(j);
}

static void line_json(const struct ask *q, struct json *j, const struct top *top, uint32_t target)
{
    const struct plan *p = q->plan;
    const struct commitment *k = &p->commitments[target];
    bool told = publish_extent(p, target) >= PUBLISH_COUNTS;
    uint32_t states[BOARD_STATES] = {0};
    if (told) {
        count(states, top, target);
    }
    json_obj_begin(j);
    json_kv_str(j, "id", k->id);
    json_kv_str(j, "name", !q->chinese && k->english.n > 0 ? k->english : k->name);
    json_kv_cstr(j, "kind", commitment_kind_name(k->kind));
    codes_json(j, k);
    json_kv_bool(j, "told", told);
    json_key(j, "states");
    verdict_states_json(j, states);
    json_obj_end(j);
}

static void lists_json(const struct ask *q, struct json *j, const struct top *top)
{
    const struct plan *p = q->plan;
    plan_clauses_json(p, j);
    json_key(j, "commitments");
    json_arr_begin(j);
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        if (publish_extent(p, i) > PUBLISH_NEVER) {
            line_json(q, j, top, i);
        }
    }
    json_arr_end(j);
}

enum rc do_public(struct ask *q)
{
    const struct plan *p = q->plan;
    struct json j;
    struct top top;
    TRY(open_top(q, &top));
    q->head.rules = &open_rules;
    if (verdict_unchanged(q, top.view.seq, &(struct board_rows){top.unit, false, NONE})) {
        return RC_OK;
    }
    ask_json(q, &j);
    json_kv_str(&j, "plan", p->name);
    json_kv_int(&j, "first_year", p->first_year);
    json_kv_int(&j, "last_year", p->last_year);
    head_json(q, &j, &top);
    lists_json(q, &j, &top);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- a commitment --------------------------------------------------------------------------- */

/* PU2: one that may not be told keeps back all. */
static bool tells_figures(const struct plan *p, const struct top *top, uint32_t target)
{
    enum publish_extent extent = publish_extent(p, target);
    bool all = extent >= PUBLISH_COUNTS;
    for (struct live_rows x = live_rows(top->view.live, target, top->unit); all && live_next(&x);) {
        struct verdict v = verdict_unpack(x.row);
        all = publish_figure(p, extent, &v);
    }
    return all;
}

static void verdict_json(struct json *j, struct printer *print, const struct verdict *v,
                         bool figures)
{
    json_obj_begin(j);
    json_kv_str(j, "part", v->part);
    json_kv_int(j, "year", v->year);
    json_kv_cstr(j, "state", state_name(v->state));
    json_kv_cstr(j, "light", light_name(v->light));
    json_kv_str(j, "text", figures ? print_measure(print, v) : STR(""));
    json_kv_str(j, "required", figures ? print_required(print, v) : STR(""));
    json_kv_day(j, "due", v->due);
    json_kv_bool(j, "for_all", v->for_all);
    json_kv_int(j, "reported", v->measure.reported);
    json_kv_int(j, "expected", v->measure.expected);
    json_obj_end(j);
}

static void verdicts_json(struct ask *q, struct json *j, const struct top *top, uint32_t target)
{
    const struct plan *p = q->plan;
    struct printer print;
    bool told = publish_extent(p, target) >= PUBLISH_COUNTS;
    bool figures = told && tells_figures(p, top, target);
    printer_init(&print, q->a, p, q->chinese);
    json_kv_bool(j, "told", told);
    json_kv_bool(j, "figures", figures);
    json_key(j, "verdicts");
    json_arr_begin(j);
    for (struct live_rows x = live_rows(top->view.live, target, top->unit);
         told && live_next(&x);) {
        struct verdict v = verdict_unpack(x.row);
        verdict_json(j, &print, &v, figures);
    }
    json_arr_end(j);
}

/* The clauses it rests on, by their paths: the public knows no codes. */
static void places_json(struct ask *q, struct json *j, uint32_t target)
{
    const struct plan *p = q->plan;
    const struct commitment *k = &p->commitments[target];
    json_key(j, "places");
    json_arr_begin(j);
    for (uint32_t i = 0; i < k->n_basis; i++) {
        struct clause_ref at = k->basis[i];
        for (uint32_t c = 0; c < p->n_clause_codes; c++) {
            at.code = str_eq(p->clause_codes[c].code, k->basis[i].code) ? p->clause_codes[c].path
                                                                        : at.code;
        }
        json_str(j, clause_ref_text(q->a, at, q->chinese));
    }
    json_arr_end(j);
}

enum rc do_public_commitment(struct ask *q)
{
    struct json j;
    struct top top;
    uint32_t target = NONE;
    TRY(open_top(q, &top));
    TRY(verdict_target(q, ask_word(q, 0), "", &target));
    if (publish_extent(q->plan, target) == PUBLISH_NEVER) {
        return verdict_unknown(q, "", "the plan has no such commitment", "计划中没有这项承诺");
    }
    q->head.rules = &open_rules;
    if (verdict_unchanged(q, top.view.seq, &(struct board_rows){top.unit, false, target})) {
        return RC_OK;
    }
    ask_json(q, &j);
    json_key(&j, "says");
    json_obj_begin(&j);
    commitment_json(q, &j, target);
    json_obj_end(&j);
    places_json(q, &j, target);
    head_json(q, &j, &top);
    verdicts_json(q, &j, &top, target);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
