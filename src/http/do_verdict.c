/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts as they stand: rows of the newest version, and the overview of a unit. */
#include "app/answer.h"
#include "app/seal.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/unit_json.h"
#include "model/verdict_row.h"

#define PAGE 200

/* ---- what is asked -------------------------------------------------------------------------- */

struct want {
    uint32_t target, unit, first, last; /* units first..last in order of the tree of today */
    int64_t year;
    uint32_t state; /* BOARD_STATES: any */
    const struct tree *tree;
    const struct tree_snap *snap;
};

static enum rc unknown(struct ask *q, const char *at, const char *en, const char *zh)
{
    q->at = str_from_cstr(at);
    return err_set(&q->e, RC_NOT_FOUND, "%s%.0s", "%.0s%s", en, zh);
}

static enum rc find_target(struct ask *q, struct str id, uint32_t *out)
{
    const struct plan *p = q->s->pack.plan;
    *out = NONE;
    for (uint32_t i = 0; id.n > 0 && i < p->n_commitments; i++) {
        if (str_eq(p->commitments[i].id, id)) {
            *out = i;
        }
    }
    return id.n == 0 || *out != NONE
               ? RC_OK
               : unknown(q, "?target", "the plan has no such commitment", "计划中没有这项承诺");
}

static enum rc find_unit(struct ask *q, const struct want *w, struct str code, const char *at,
                         uint32_t *out)
{
    *out = NONE;
    return code.n == 0 || tree_unit_of_code(w->tree, code, out)
               ? RC_OK
               : unknown(q, at, "there is no such unit", "没有这个机构");
}

static enum rc find_state(struct ask *q, uint32_t *out)
{
    struct str word = ask_text(q, "state");
    for (*out = 0; *out < BOARD_STATES; ++*out) {
        if (str_eq(word, str_from_cstr(state_name((enum state) * out)))) {
            return RC_OK;
        }
    }
    return word.n == 0 ? RC_OK : unknown(q, "?state", "there is no such state", "没有这种结论");
}

static enum rc read_want(struct ask *q, struct want *w)
{
    uint32_t under = NONE;
    TRY(find_target(q, ask_text(q, "target"), &w->target));
    TRY(find_unit(q, w, ask_text(q, "unit"), "?unit", &w->unit));
    TRY(find_unit(q, w, ask_text(q, "under"), "?under", &under));
    TRY(find_state(q, &w->state));
    w->year = ask_count(q, "year", 0);
    w->first = 0;
    w->last = UINT32_MAX;
    if (under != NONE) {
        TRY(tree_at(q->a, w->tree, q->seat.roster.day, &w->snap, &q->e));
        uint32_t at = w->snap->index_of[under];
        w->first = at;
        w->last = at == TREE_NONE ? 0 : w->snap->end[at] - 1;
    }
    return RC_OK;
}

static bool is_wanted(const struct want *w, const struct verdict_row *r)
{
    uint32_t at = w->snap == NULL || r->unit == NONE ? w->first : w->snap->index_of[r->unit];
    return (w->year == 0 || w->year == r->head->year) &&
           (w->state == BOARD_STATES || w->state == r->state) && at >= w->first && at <= w->last;
}

/* ---- rights --------------------------------------------------------------------------------- */

/* Answers by unit: 0 not asked yet, 1 no, 2 yes. */
struct may {
    struct ask *q;
    const struct tree *tree;
    uint8_t *units;
};

static bool may_unit(struct may *m, uint32_t unit)
{
    if (unit == NONE) {
        return ask_allows(m->q, "verdict.read", STR(""), CLASS_INTERNAL);
    }
    if (m->units[unit] == 0) {
        struct str code = m->tree->units[unit].code;
        m->units[unit] = ask_allows(m->q, "verdict.read", code, CLASS_INTERNAL) ? 2 : 1;
    }
    return m->units[unit] == 2;
}

/* A verdict on a row of a sealed register names it by its key: it stays in the unit. */
static bool may_row(struct may *m, const struct verdict_row *r)
{
    const struct plan *p = m->q->s->pack.plan;
    uint32_t reg = p->commitments[r->head->commitment].of_reg;
    return may_unit(m, r->unit) &&
           (reg == NONE || !seal_register(p, reg) ||
            ask_allows(m->q, "fact.read", m->tree->units[r->unit].code, CLASS_SEALED));
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* A figure that may give a sealed count away (C41) is not told. */
static bool is_sealed(const struct plan *p, const struct verdict *v)
{
    return (v->measure.flags & MF_SEALED) != 0 || seal_records(p, v->commitment);
}

static void row_json(struct ask *q, struct json *j, struct printer *p, const struct tree *tree,
                     const struct verdict_row *r)
{
    struct verdict v = verdict_unpack(r);
    bool shown = !is_sealed(q->s->pack.plan, &v);
    json_obj_begin(j);
    json_kv_str(j, "target", q->s->pack.plan->commitments[v.commitment].id);
    json_kv_str(j, "part", v.part);
    json_kv_str(j, "unit", v.unit == NONE ? STR("") : tree->units[v.unit].code);
    json_kv_str(j, "unit_name", answer_unit_name(tree, v.unit, v.snapshot));
    json_kv_int(j, "year", v.year);
    json_kv_cstr(j, "state", state_name(v.state));
    json_kv_cstr(j, "light", light_name(v.light));
    json_kv_str(j, "text", shown ? print_measure(p, &v) : STR(""));
    json_kv_str(j, "required", print_required(p, &v));
    json_kv_int(j, "reported", v.measure.reported);
    json_kv_int(j, "expected", v.measure.expected);
    answer_flags_json(j, v.flags);
    json_obj_end(j);
}

static enum rc reach(struct ask *q)
{
    int64_t since = ask_count(q, "since", 0);
    return since > 0 ? service_reach(q->s, since, &q->e) : RC_OK;
}

/* What tells a row apart: its target, part, year and unit. */
static struct str key_of(const struct ask *q, const struct want *w, const struct verdict_row *r)
{
    struct buf b;
    buf_init_in(&b, q->a, 4096);
    buf_printf(&b, "%.*s/%.*s/%d/%.*s", PS(q->s->pack.plan->commitments[r->head->commitment].id),
               PS(r->head->part), (int)r->head->year,
               PS(r->unit == NONE ? STR("") : w->tree->units[r->unit].code));
    return buf_view(&b);
}

/* Whether the row is the last one of the page before. */
static bool is_last(const struct ask *q, const struct want *w, const struct verdict_row *r,
                    struct str after)
{
    struct arena_mark m = arena_mark(q->a);
    bool same = str_starts(after, q->s->pack.plan->commitments[r->head->commitment].id) &&
                str_eq(after, key_of(q, w, r));
    arena_rewind(q->a, m);
    return same;
}

/* A page: rows behind the one named `after`; *last: the last one when there are more. */
static enum rc rows_json(struct ask *q, struct json *j, struct want *w, int64_t limit,
                         const struct verdict_row **last)
{
    struct printer p;
    struct may m = {q, w->tree, ARENA_ARRAY(q->a, uint8_t, w->tree->n_units + 1U)};
    struct str after = ask_text(q, "after");
    const struct verdict_row *shown = NULL;
    int64_t n = 0;
    printer_init(&p, q->a, q->s->pack.plan, q->chinese);
    for (struct live_rows x = live_rows(q->hand->live, w->target, w->unit); live_next(&x);) {
        if (!is_wanted(w, x.row)) {
            continue;
        }
        if (after.n > 0) {
            after = is_last(q, w, x.row, after) ? STR("") : after;
            continue;
        }
        if (!may_row(&m, x.row)) {
            continue;
        }
        if (n++ == limit) {
            *last = shown;
            return RC_OK;
        }
        row_json(q, j, &p, w->tree, x.row);
        shown = x.row;
    }
    if (after.n == 0) {
        return RC_OK;
    }
    q->at = STR("?after");
    return err_set(&q->e, RC_CONFLICT, "the list has changed: begin at the first page",
                   "列表已变化，请从第一页重新开始");
}

enum rc do_verdicts(struct ask *q)
{
    struct json j;
    struct want w = {0};
    const struct verdict_row *last = NULL;
    int64_t limit = ask_count(q, "limit", PAGE);
    limit = limit < 1 ? 1 : limit > ASK_PAGE_MAX ? ASK_PAGE_MAX : limit;
    TRY(reach(q));
    int64_t seq = standing_pin(q->s->standing, q->hand->live);
    w.tree = live_tree(q->hand->live);
    TRY(read_want(q, &w));
    TRY(ask_may(q, "verdict.read", ask_text(q, w.unit != NONE ? "unit" : "under"), CLASS_INTERNAL));
    ask_json(q, &j);
    json_kv_int(&j, "commit", seq);
    json_kv_day(&j, "as_of", q->seat.roster.day);
    json_key(&j, "verdicts");
    json_arr_begin(&j);
    TRY(rows_json(q, &j, &w, limit, &last));
    json_arr_end(&j);
    json_key(&j, "next");
    if (last != NULL) {
        json_str(&j, key_of(q, &w, last));
    } else {
        json_null(&j);
    }
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- overview ------------------------------------------------------------------------------- */

static void states_json(struct json *j, const char *key, const uint32_t n[BOARD_STATES])
{
    json_key(j, key);
    json_obj_begin(j);
    for (uint32_t s = 0; s < BOARD_STATES; s++) {
        json_kv_int(j, state_name((enum state)s), n[s]);
    }
    json_obj_end(j);
}

static bool says_something(const struct board_line *l)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < BOARD_STATES; s++) {
        n |= l->own[s] | l->below[s];
    }
    return n != 0;
}

static struct board_line sum_of(const struct board_line *lines, uint32_t n)
{
    struct board_line sum = {0};
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t s = 0; s < BOARD_STATES; s++) {
            sum.own[s] += lines[k].own[s];
            sum.below[s] += lines[k].below[s];
        }
    }
    return sum;
}

static void lines_json(struct ask *q, struct json *j, const struct board_line *lines)
{
    const struct plan *p = q->s->pack.plan;
    json_key(j, "lines");
    json_arr_begin(j);
    for (uint32_t k = 0; k < p->n_commitments; k++) {
        if (says_something(&lines[k])) {
            const struct commitment *c = &p->commitments[k];
            json_obj_begin(j);
            json_kv_str(j, "target", c->id);
            json_kv_str(j, "name", !q->chinese && c->english.n > 0 ? c->english : c->name);
            states_json(j, "own", lines[k].own);
            states_json(j, "below", lines[k].below);
            json_obj_end(j);
        }
    }
    json_arr_end(j);
}

enum rc do_overview(struct ask *q)
{
    struct json j;
    const struct hall *hall = seat_desk_hall(&q->seat);
    uint32_t n = q->s->pack.plan->n_commitments;
    struct board_line *lines = ARENA_ARRAY(q->a, struct board_line, n + 1U);
    uint32_t unit = NONE;
    int64_t seq = 0;
    TRY(ask_may(q, "verdict.read", ask_word(q, 0), CLASS_INTERNAL));
    TRY(reach(q));
    if (!tree_unit_of_code(hall->tree, ask_word(q, 0), &unit) ||
        !board_read(q->s->board, unit, lines, &seq)) {
        return unknown(q, "", "there is no such unit", "没有这个机构");
    }
    struct board_line sum = sum_of(lines, n);
    ask_json(q, &j);
    json_kv_str(&j, "unit", ask_word(q, 0));
    json_kv_str(&j, "unit_name", answer_unit_name(hall->tree, unit, q->seat.roster.day));
    json_kv_int(&j, "commit", seq);
    json_kv_day(&j, "as_of", q->seat.roster.day);
    states_json(&j, "own", sum.own);
    states_json(&j, "below", sum.below);
    lines_json(q, &j, lines);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- the units below ------------------------------------------------------------------------ */

static enum rc below_json(struct ask *q, struct json *j, uint32_t place, struct board_line *lines)
{
    const struct tree_snap *t = q->seat.roster.snap;
    uint32_t n = q->s->pack.plan->n_commitments;
    int64_t seq = 0;
    if (!ask_allows(q, "verdict.read", tree_snap_code(t, place), CLASS_INTERNAL)) {
        return RC_OK;
    }
    if (!board_read(q->s->board, t->unit[place], lines, &seq)) {
        return err_set(&q->e, RC_BUSY, "this unit is not counted yet",
                       "该机构尚未统计，请稍后再试");
    }
    struct board_line sum = sum_of(lines, n);
    json_obj_begin(j);
    json_key(j, "unit");
    unit_json(q, j, place);
    states_json(j, "own", sum.own);
    states_json(j, "below", sum.below);
    json_obj_end(j);
    return RC_OK;
}

enum rc do_below(struct ask *q)
{
    struct json j;
    const struct tree_snap *t = q->seat.roster.snap;
    struct board_line *lines =
        ARENA_ARRAY(q->a, struct board_line, q->s->pack.plan->n_commitments + 1U);
    uint32_t id = 0;
    TRY(ask_may(q, "verdict.read", ask_word(q, 0), CLASS_INTERNAL));
    uint32_t at = tree_unit_of_code(t->tree, ask_word(q, 0), &id) ? t->index_of[id] : TREE_NONE;
    if (at == TREE_NONE) {
        return unknown(q, "", "there is no such unit", "没有这个机构");
    }
    ask_json(q, &j);
    json_kv_int(&j, "commit", service_seq(q->s));
    json_kv_day(&j, "as_of", q->seat.roster.day);
    json_key(&j, "units");
    json_arr_begin(&j);
    for (uint32_t i = at + 1; i < t->end[at]; i = t->end[i]) {
        TRY(below_json(q, &j, i, lines));
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
