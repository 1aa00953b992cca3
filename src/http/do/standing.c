/* SPDX-License-Identifier: Apache-2.0 */
/* Where a commitment stands at a unit, and at the units below it. */
#include "app/need.h"
#include "base/arena.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/verdict.h"
#include "http/want.h"
#include "model/verdict_row.h"

/* ---- at the unit ---------------------------------------------------------------------------- */

static void line_json(struct want *w, struct json *j, const struct verdict_row *r)
{
    struct need need;
    struct verdict v = verdict_unpack(r);
    bool sealed = want_withhold(w, &v);
    bool exact = v.has_threshold && !v.for_all && v.cmp != CMP_NONE;
    json_obj_begin(j);
    answer_verdict_json(j, &w->answer, &v, false);
    json_kv_str(j, "required", print_required(&w->printer, &v));
    json_key(j, "required_exact");
    if (exact) {
        json_str(j, rat_frac_str(w->answer.a, v.threshold));
    } else {
        json_null(j);
    }
    json_kv_day(j, "due", v.due);
    if (v.state != ST_MET && need_of(w->answer.a, &v, w->view.day, &need)) {
        json_key(j, "lacks");
        need_json(j, &w->printer, &v, &need);
    }
    json_kv_bool(j, "sealed", sealed);
    json_obj_end(j);
}

static void head_json(struct ask *q, struct json *j, const struct want *w)
{
    const struct commitment *k = &q->plan->commitments[w->target];
    ask_json(q, j);
    json_kv_str(j, "target", k->id);
    json_kv_str(j, "name", !q->chinese && k->english.n > 0 ? k->english : k->name);
    json_kv_str(j, "unit", w->view.tree->units[w->unit].code);
    json_kv_str(j, "unit_name", answer_unit_name(w->view.tree, w->unit, w->view.day));
    view_json(&w->view, j);
}

/* Of the commitment, at the unit and below it. */
static bool is_unchanged(struct ask *q, const struct want *w)
{
    return !w->view.past &&
           verdict_unchanged(q, w->view.seq, &(struct board_rows){w->unit, true, w->target});
}

enum rc do_standing(struct ask *q)
{
    struct json j;
    struct want w;
    TRY(want_read(q, view_open, &w));
    if (is_unchanged(q, &w)) {
        return RC_OK;
    }
    head_json(q, &j, &w);
    json_key(&j, "verdicts");
    json_arr_begin(&j);
    for (struct live_rows x = live_rows(w.view.live, w.target, w.unit); live_next(&x);) {
        if (want_has(&w, x.row) && verdict_may(&w.eyes, x.row)) {
            line_json(&w, &j, x.row);
        }
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- at the units below --------------------------------------------------------------------- */

/* Rows of the answer: a part at a child, or a child of which nothing is asked. */
struct child {
    uint32_t at; /* place in the tree of the day */
    bool there;
    struct verdict_row row;
};

struct children {
    struct ask *q;
    struct want w;
    const struct tree_snap *t;
    struct board_line *lines;
    VEC(struct child) list;
};

static void collect_child(struct children *x, uint32_t at)
{
    struct want *w = &x->w;
    uint32_t unit = NONE;
    uint32_t before = x->list.n;
    /* The hall may be a commit ahead of the verdicts: units are matched by their codes. */
    bool known = tree_unit_of_code(w->view.tree, tree_snap_code(x->t, at), &unit);
    for (struct live_rows r = live_rows(w->view.live, w->target, unit); known && live_next(&r);) {
        if (want_has(w, r.row) && verdict_may(&w->eyes, r.row)) {
            vec_push(x->q->a, &x->list, (struct child){at, true, *r.row});
        }
    }
    if (x->list.n == before) {
        vec_push(x->q->a, &x->list, (struct child){.at = at});
    }
}

static void children_head(void *ctx, struct json *j)
{
    const struct children *x = ctx;
    json_kv_str(j, "target", ask_word(x->q, 0));
    json_kv_str(j, "unit", ask_word(x->q, 1));
    json_kv_int(j, "year", x->w.year);
    view_json(&x->w.view, j);
}

static struct str child_key(void *ctx, uint32_t i)
{
    const struct children *x = ctx;
    const struct child *c = &x->list.items[i];
    struct str code = str_cat(x->q->a, tree_snap_code(x->t, c->at), STR("/"));
    return c->there ? str_cat(x->q->a, code, c->row.head->part) : code;
}

static struct str exact(const struct children *x, bool there, struct rat r)
{
    return there ? rat_frac_str(x->q->a, r) : STR("");
}

static void child_verdict(struct children *x, const struct child *c, struct page *p)
{
    bool sealed = false;
    struct verdict v = {.cmp = CMP_NONE, .measure = {.kind = MV_NONE}};
    if (c->there) {
        v = verdict_unpack(&c->row);
        sealed = want_withhold(&x->w, &v);
    }
    const struct mval *m = &v.measure;
    bool there = !sealed && (m->kind == MV_NUMBER || (m->kind == MV_BOOL && m->truth != T_NA));
    page_text(p, "part", c->there ? v.part : STR(""));
    page_word(p, "state", c->there ? state_name(v.state) : "", c->there ? state_zh(v.state) : "");
    page_word(p, "light", light_name(v.light), light_zh(v.light));
    page_text(p, "text", c->there ? print_measure(&x->w.printer, &v) : STR(""));
    page_number(p, "lo_exact", exact(x, there, m->lo));
    page_number(p, "hi_exact", exact(x, there, m->hi));
    page_text(p, "required", c->there ? print_required(&x->w.printer, &v) : STR(""));
    page_int(p, "reported", m->reported);
    page_int(p, "expected", m->expected);
}

static void counts(struct page *p, const char *name, const uint32_t *n)
{
    struct json *j = page_json(p, name);
    if (j != NULL) {
        verdict_states_json(j, n);
    }
}

static void child_row(void *ctx, uint32_t i, struct page *p)
{
    struct children *x = ctx;
    const struct child *c = &x->list.items[i];
    int64_t seq = 0;
    page_text(p, "unit", tree_snap_code(x->t, c->at));
    page_text(p, "unit_name", tree_snap_name(x->t, c->at));
    page_text(p, "kind", x->w.answer.plan->kinds[x->t->kind[c->at]].name);
    page_int(p, "units", x->t->end[c->at] - c->at - 1);
    child_verdict(x, c, p);
    if (!x->w.view.past && board_read(x->q->footing->board, x->t->unit[c->at], x->lines, &seq)) {
        counts(p, "own", x->lines[x->w.target].own);
        counts(p, "below", x->lines[x->w.target].below);
    }
}

enum rc do_children(struct ask *q)
{
    struct children x = {.q = q, .t = q->seat.roster.snap};
    uint32_t unit = 0;
    TRY(want_read(q, view_open, &x.w));
    if (is_unchanged(q, &x.w)) {
        return RC_OK;
    }
    if (x.w.view.past) {
        TRY(tree_at(q->a, x.w.view.tree, x.w.view.day, &x.t, &q->e));
    }
    x.w.year = x.w.year == 0 ? want_present_year(q) : x.w.year;
    x.lines = ARENA_ARRAY(q->a, struct board_line, x.w.answer.plan->n_commitments);
    uint32_t top =
        tree_unit_of_code(x.t->tree, ask_word(q, 1), &unit) ? x.t->index_of[unit] : TREE_NONE;
    if (top == TREE_NONE) {
        return verdict_unknown(q, "", "there was no such unit on the day", "当日没有这个机构");
    }
    for (uint32_t at = top + 1; at < x.t->end[top]; at = x.t->end[at]) {
        collect_child(&x, at);
    }
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.list.n,
                                              .title = {"units below", "下级"},
                                              .head = children_head,
                                              .key = child_key,
                                              .row = child_row});
}
