/* SPDX-License-Identifier: Apache-2.0 */
/* Why a commitment stands as it does at a unit. */
#include "app/commit_text.h"
#include "app/explain/explain.h"
#include "app/explain/said.h"
#include "base/arena.h"
#include "engine/columns.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/want.h"

static bool may(void *ctx, const char *operation, struct str unit, enum data_class class_)
{
    return ask_allows(ctx, operation, unit, class_);
}

static struct str origin(void *ctx, int64_t commit)
{
    return commit_text(ctx, commit);
}

static bool reported(void *ctx, int64_t commit)
{
    return commit_is_report(ctx, commit);
}

/* The book as an explanation sees it. */
static struct explain_book *book_of(struct ask *q, const struct view *v)
{
    struct commit_texts *texts = ARENA_NEW(q->a, struct commit_texts);
    struct explain_book *k = ARENA_NEW(q->a, struct explain_book);
    const struct said_options o = {
        .reader = q->hand->reader, .plan = q->plan, .tree = v->tree, .upto = v->seq, .day = v->day};
    *texts = (struct commit_texts){
        .a = q->a, .reader = q->hand->reader, .roster = &q->seat.roster, .chinese = q->chinese};
    *k = (struct explain_book){
        .may = may, .origin = origin, .reported = reported, .ctx = q, .origins = texts};
    k->said = said_make(q->a, &o);
    return k;
}

static enum rc rows_json(struct ask *q, struct json *j, struct want *w, const struct explain *x)
{
    enum rc rc = RC_OK;
    for (struct live_rows r = live_rows(w->view.live, w->target, w->unit);
         rc == RC_OK && live_next(&r);) {
        if (!want_has(w, r.row) || !verdict_may(&w->eyes, r.row)) {
            continue;
        }
        struct verdict v = live_verdict(q->a, &r);
        (void)want_withhold(w, &v);
        json_obj_begin(j);
        json_kv_str(j, "part", v.part);
        json_kv_int(j, "year", v.year);
        json_kv_cstr(j, "state", state_name(v.state));
        json_key(j, "why");
        rc = explain_one(x, &v, j);
        json_obj_end(j);
    }
    return rc;
}

enum rc do_explain(struct ask *q)
{
    struct json j;
    struct want w;
    struct evaluator ev;
    TRY(want_read(q, view_open_cells, &w));
    w.year = w.year == 0 ? want_present_year(q) : w.year;
    struct explain x = {.answer = w.answer,
                        .cells = cells_view(q->a, live_cells(w.view.live)),
                        .ev = &ev,
                        .book = book_of(q, &w.view),
                        .strict = true};
    TRY(columns_make(q->a, x.cells, &q->hand->columns, &ev, &q->e));
    ask_json(q, &j);
    json_kv_str(&j, "target", ask_word(q, 0));
    json_kv_str(&j, "unit", ask_word(q, 1));
    view_json(&w.view, &j);
    json_key(&j, "verdicts");
    json_arr_begin(&j);
    if (rows_json(q, &j, &w, &x) != RC_OK) {
        return err_set(&q->e, RC_LIMIT, "the explanation is too large", "说明过大");
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
