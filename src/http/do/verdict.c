/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts as they stand: rows of the newest version, and the overview of a unit. */
#include "app/answer.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/verdict.h"
#include "http/unit_json.h"
#include "model/verdict_row.h"

/* ---- what is asked -------------------------------------------------------------------------- */

struct want {
    uint32_t target, unit, under;
    uint32_t first, last; /* units first..last in order of the tree of today */
    int64_t year;
    uint32_t state; /* BOARD_STATES: any */
    const struct tree *tree;
    const struct tree_snap *snap;
};

static enum rc find_state(struct ask *q, uint32_t *out)
{
    struct str word = ask_text(q, "state");
    for (*out = 0; *out < BOARD_STATES; ++*out) {
        if (str_eq(word, str_from_cstr(state_name((enum state) * out)))) {
            return RC_OK;
        }
    }
    return word.n == 0 ? RC_OK
                       : verdict_unknown(q, "?state", "there is no such state", "没有这种结论");
}

static enum rc read_want(struct ask *q, struct want *w)
{
    TRY(verdict_target(q, ask_text(q, "target"), "?target", &w->target));
    TRY(verdict_unit(q, w->tree, ask_text(q, "unit"), "?unit", &w->unit));
    TRY(verdict_unit(q, w->tree, ask_text(q, "under"), "?under", &w->under));
    TRY(find_state(q, &w->state));
    w->year = ask_count(q, "year", 0);
    w->first = 0;
    w->last = UINT32_MAX;
    if (w->under != NONE) {
        TRY(tree_at(q->a, w->tree, q->seat.roster.day, &w->snap, &q->e));
        uint32_t at = w->snap->index_of[w->under];
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

/* ---- rows ----------------------------------------------------------------------------------- */

/* The rows that are looked at, in order of the plan. */
struct rows {
    struct ask *q;
    struct want w;
    struct printer p;
    int64_t seq;
    VEC(struct verdict_row) list;
};

/* What tells a row apart: its target, part, year and unit. */
static struct str key_of(const struct rows *x, const struct verdict_row *r)
{
    struct buf b;
    buf_init_in(&b, x->q->a, 4096);
    buf_printf(&b, "%.*s/%.*s/%d/%.*s", PS(x->q->plan->commitments[r->head->commitment].id),
               PS(r->head->part), (int)r->head->year,
               PS(r->unit == NONE ? STR("") : x->w.tree->units[r->unit].code));
    return buf_view(&b);
}

static bool has_key(const struct rows *x, const struct verdict_row *r, struct str key)
{
    struct arena_mark m = arena_mark(x->q->a);
    bool same = str_starts(key, x->q->plan->commitments[r->head->commitment].id) &&
                str_eq(key, key_of(x, r));
    arena_rewind(x->q->a, m);
    return same;
}

static struct str key(void *ctx, uint32_t i)
{
    const struct rows *x = ctx;
    return key_of(x, &x->list.items[i]);
}

static uint32_t find(void *ctx, struct str after)
{
    const struct rows *x = ctx;
    for (uint32_t i = 0; i < x->list.n; i++) {
        if (has_key(x, &x->list.items[i], after)) {
            return i;
        }
    }
    return UINT32_MAX;
}

static void head(void *ctx, struct json *j)
{
    const struct rows *x = ctx;
    json_kv_int(j, "commit", x->seq);
    json_kv_day(j, "as_of", x->q->seat.roster.day);
}

static void flags(struct page *p, uint32_t set, bool chinese)
{
    struct str words[VF__N];
    uint32_t n = 0;
    for (uint32_t i = 0; i < VF__N; i++) {
        if ((set >> i & 1) != 0) {
            words[n++] = str_from_cstr(chinese ? verdict_flag_zh(i) : verdict_flag_name(i));
        }
    }
    page_texts(p, "flags", words, n);
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    struct rows *x = ctx;
    struct verdict v = verdict_unpack(&x->list.items[i]);
    bool shown = !verdict_is_sealed(x->p.plan, &v);
    page_text(p, "target", x->p.plan->commitments[v.commitment].id);
    page_text(p, "part", v.part);
    page_text(p, "unit", v.unit == NONE ? STR("") : x->w.tree->units[v.unit].code);
    page_text(p, "unit_name", answer_unit_name(x->w.tree, v.unit, v.snapshot));
    page_int(p, "year", v.year);
    page_word(p, "state", state_name(v.state), state_zh(v.state));
    page_word(p, "light", light_name(v.light), light_zh(v.light));
    page_text(p, "text", shown ? print_measure(&x->p, &v) : STR(""));
    page_text(p, "required", print_required(&x->p, &v));
    page_int(p, "reported", v.measure.reported);
    page_int(p, "expected", v.measure.expected);
    flags(p, v.flags, page_is_table(p) && x->q->chinese);
}

/* Those that the page will look at. */
static void collect(struct rows *x)
{
    struct ask *q = x->q;
    struct verdict_eyes eyes = verdict_eyes(q, x->w.tree);
    struct str after;
    uint32_t most = 0;
    if (!page_begins(q, &after, &most)) {
        return;
    }
    for (struct live_rows r = live_rows(q->hand->live, x->w.target, x->w.unit);
         x->list.n < most && live_next(&r);) {
        if (!is_wanted(&x->w, r.row) || (after.n > 0 && !has_key(x, r.row, after))) {
            continue;
        }
        after = STR("");
        if (verdict_may(&eyes, r.row)) {
            vec_push(q->a, &x->list, *r.row);
        }
    }
}

enum rc do_verdicts(struct ask *q)
{
    struct rows x = {.q = q};
    TRY(verdict_reach(q));
    x.seq = standing_pin(q->footing->standing, q->hand->live);
    x.w.tree = live_tree(q->hand->live);
    TRY(read_want(q, &x.w));
    TRY(ask_may(q, "verdict.read", ask_text(q, x.w.unit != NONE ? "unit" : "under"),
                CLASS_INTERNAL));
    const struct board_rows rows = {x.w.unit != NONE ? x.w.unit : x.w.under, x.w.unit == NONE,
                                    x.w.target};
    if (verdict_unchanged(q, x.seq, &rows)) {
        return RC_OK;
    }
    printer_init(&x.p, q->a, q->plan, q->chinese);
    collect(&x);
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.list.n,
                                              .title = {"verdicts", "结论"},
                                              .head = head,
                                              .key = key,
                                              .find = find,
                                              .row = row});
}

/* ---- overview ------------------------------------------------------------------------------- */

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
    const struct plan *p = q->plan;
    json_key(j, "lines");
    json_arr_begin(j);
    for (uint32_t k = 0; k < p->n_commitments; k++) {
        if (says_something(&lines[k])) {
            const struct commitment *c = &p->commitments[k];
            json_obj_begin(j);
            json_kv_str(j, "target", c->id);
            json_kv_str(j, "name", !q->chinese && c->english.n > 0 ? c->english : c->name);
            json_key(j, "own");
            verdict_states_json(j, lines[k].own);
            json_key(j, "below");
            verdict_states_json(j, lines[k].below);
            json_obj_end(j);
        }
    }
    json_arr_end(j);
}

enum rc do_overview(struct ask *q)
{
    struct json j;
    const struct hall *hall = seat_desk_hall(&q->seat);
    uint32_t n = q->plan->n_commitments;
    struct board_line *lines = ARENA_ARRAY(q->a, struct board_line, n + 1U);
    uint32_t unit = NONE;
    int64_t seq = 0;
    TRY(ask_may(q, "verdict.read", ask_word(q, 0), CLASS_INTERNAL));
    TRY(verdict_reach(q));
    if (!tree_unit_of_code(hall->tree, ask_word(q, 0), &unit)) {
        return verdict_unknown(q, "", "there is no such unit", "没有这个机构");
    }
    if (ask_unchanged(q,
                      board_changed(q->footing->board, &(struct board_rows){unit, true, NONE}))) {
        return RC_OK;
    }
    if (!board_read(q->footing->board, unit, lines, &seq)) {
        return verdict_unknown(q, "", "there is no such unit", "没有这个机构");
    }
    struct board_line sum = sum_of(lines, n);
    ask_json(q, &j);
    json_kv_str(&j, "unit", ask_word(q, 0));
    json_kv_str(&j, "unit_name", answer_unit_name(hall->tree, unit, q->seat.roster.day));
    json_kv_int(&j, "commit", seq);
    json_kv_day(&j, "as_of", q->seat.roster.day);
    json_kv_int(&j, "changed",
                board_changed(q->footing->board, &(struct board_rows){unit, false, NONE}));
    json_key(&j, "own");
    verdict_states_json(&j, sum.own);
    json_key(&j, "below");
    verdict_states_json(&j, sum.below);
    lines_json(q, &j, lines);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- the units below ------------------------------------------------------------------------ */

static enum rc below_json(struct ask *q, struct json *j, uint32_t place, struct board_line *lines)
{
    const struct tree_snap *t = q->seat.roster.snap;
    uint32_t n = q->plan->n_commitments;
    int64_t seq = 0;
    if (!ask_allows(q, "verdict.read", tree_snap_code(t, place), CLASS_INTERNAL)) {
        return RC_OK;
    }
    if (!board_read(q->footing->board, t->unit[place], lines, &seq)) {
        return err_set(&q->e, RC_BUSY, "this unit is not counted yet",
                       "该机构尚未统计，请稍后再试");
    }
    struct board_line sum = sum_of(lines, n);
    json_obj_begin(j);
    json_key(j, "unit");
    unit_json(q, j, place);
    json_key(j, "own");
    verdict_states_json(j, sum.own);
    json_key(j, "below");
    verdict_states_json(j, sum.below);
    json_obj_end(j);
    return RC_OK;
}

enum rc do_below(struct ask *q)
{
    struct json j;
    const struct tree_snap *t = q->seat.roster.snap;
    struct board_line *lines = ARENA_ARRAY(q->a, struct board_line, q->plan->n_commitments + 1U);
    uint32_t id = 0;
    TRY(ask_may(q, "verdict.read", ask_word(q, 0), CLASS_INTERNAL));
    uint32_t at = tree_unit_of_code(t->tree, ask_word(q, 0), &id) ? t->index_of[id] : TREE_NONE;
    if (at == TREE_NONE) {
        return verdict_unknown(q, "", "there is no such unit", "没有这个机构");
    }
    if (ask_unchanged(q, board_changed(q->footing->board, &(struct board_rows){id, true, NONE}))) {
        return RC_OK;
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
