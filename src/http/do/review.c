/* SPDX-License-Identifier: Apache-2.0 */
/* Review at a tier: what waits for it, and decisions on many reports at once, each by itself. */
#include <stdlib.h>

#include "base/arena.h"
#include "http/do/report.h"
#include "http/handlers.h"
#include "http/page.h"

/* ---- what waits ----------------------------------------------------------------------------- */

struct waiting {
    const struct round_view *round;
    struct round_line line;
};

struct queue {
    struct desk *d;
    uint32_t tier;
    VEC(struct waiting) list;
};

static enum rc add_round(struct queue *k, struct round_view *v, struct err *e)
{
    struct round_status s;
    TRY(round_narrow(k->d, v, k->tier, e));
    TRY(round_all_lines(k->d, v, &s, e));
    TRY(round_waiting(k->d, desk_code(k->d, k->tier), &s, e));
    for (uint32_t i = 0; i < s.n; i++) {
        vec_push(k->d->a, &k->list, (struct waiting){v, s.lines[i]});
    }
    return RC_OK;
}

/* What makes a reviewer look twice: what is explained, came late, or was returned before. */
static uint32_t risk_of(const struct waiting *x)
{
    const struct submission_brief *s = &x->line.brief;
    return s->explained + (x->line.late ? 1U : 0U) + (s->version > 1 ? 1U : 0U);
}

static int waiting_cmp(const void *p, const void *q)
{
    const struct waiting *x = p;
    const struct waiting *y = q;
    int c = date_cmp(x->round->round.until, y->round->round.until);
    c = c != 0 ? c : (int)(risk_of(y) > risk_of(x)) - (int)(risk_of(y) < risk_of(x));
    c = c != 0 ? c : str_cmp(x->round->round.id, y->round->round.id);
    return c != 0 ? c : str_cmp(x->line.brief.unit, y->line.brief.unit);
}

static void reviews_head(void *ctx, struct json *j)
{
    const struct queue *k = ctx;
    json_kv_str(j, "at", desk_code(k->d, k->tier));
}

static struct str review_key(void *ctx, uint32_t i)
{
    const struct queue *k = ctx;
    const struct waiting *x = &k->list.items[i];
    struct str key = str_cat(k->d->a, x->round->round.id, STR("/"));
    return str_cat(k->d->a, key, x->line.brief.unit);
}

static void review_row(void *ctx, uint32_t i, struct page *p)
{
    const struct queue *k = ctx;
    const struct waiting *x = &k->list.items[i];
    char text[PERIOD_TEXT_BYTES];
    const struct round *r = &x->round->round;
    page_text(p, "round", r->id);
    page_text(p, "form", r->form);
    page_text(p, "form_name", k->d->plan->commitments[x->round->form].name);
    page_text(p, "period", period_text(r->period, text));
    page_day(p, "due", r->until);
    page_int(p, "risk", risk_of(x));
    page_round_line(k->d, x->round, &x->line, p);
}

enum rc do_reviews(struct ask *q)
{
    struct desk d;
    struct round_views rounds;
    struct queue k = {.d = &d};
    TRY(ask_may(q, "round.read", ask_word(q, 0), CLASS_INTERNAL));
    TRY(ask_desk(q, &d));
    TRY(desk_unit(&d, ask_word(q, 0), &k.tier, &q->e));
    TRY(round_views(&d, &rounds, &q->e));
    for (uint32_t i = 0; i < rounds.list.n; i++) {
        TRY(add_round(&k, &rounds.list.items[i], &q->e));
    }
    if (k.list.n > 1) {
        qsort(k.list.items, k.list.n, sizeof *k.list.items, waiting_cmp);
    }
    return page_answer(q, &(struct page_list){.ctx = &k,
                                              .n = k.list.n,
                                              .title = {"reviews", "待审报表"},
                                              .head = reviews_head,
                                              .key = review_key,
                                              .row = review_row});
}

/* ---- deciding ------------------------------------------------------------------------------- */

/* One report; what is wrong with it is told, and the others go on. */
static enum rc decide(struct ask *q, struct desk *d, const struct round_view *v,
                      enum report_act_kind act, const struct json_value *x, struct report *r,
                      struct err *e)
{
    struct report_findings found = {0};
    uint32_t unit = NONE;
    struct report_words w = {.seen = json_number(json_get(x, "seen")), .at = ask_word(q, 1)};
    for (const struct json_value *c = json_items(json_get(x, "cells")); c != NULL; c = c->next) {
        vec_push(q->a, &w.cells.list,
                 (struct report_note){.about = json_text(json_get(c, "item")),
                                      .text = json_text(json_get(c, "reason"))});
    }
    TRY(desk_unit(d, json_text(json_get(x, "unit")), &unit, e));
    TRY(report_open_in(d, v, unit, r, e));
    return report_do(d, r, act, w, &found, e);
}

static bool is_of_one(enum rc rc)
{
    return rc == RC_DENIED || rc == RC_CONFLICT || rc == RC_INPUT || rc == RC_NOT_FOUND;
}

static void decided_json(const struct json_value *x, enum rc rc, const struct report *r,
                         const struct err *e, struct json *j)
{
    json_obj_begin(j);
    json_kv_str(j, "unit", json_text(json_get(x, "unit")));
    json_kv_bool(j, "done", rc == RC_OK);
    json_kv_int(j, "status", rc_http_status(rc));
    if (rc == RC_OK) {
        json_kv_int(j, "commit", r->seen);
        json_kv_cstr(j, "state", report_state_name(r->doc.state));
        json_kv_str(j, "waits_for", report_waits_for(&r->doc));
    } else {
        json_kv_cstr(j, "en", e->primary_en);
        json_kv_cstr(j, "zh", e->primary_zh);
    }
    json_obj_end(j);
}

static enum rc decide_all(struct ask *q, enum report_act_kind act, const char *right)
{
    struct desk d;
    struct round_view v;
    struct json j;
    TRY(ask_may(q, right, ask_word(q, 1), CLASS_INTERNAL));
    TRY(ask_desk(q, &d));
    TRY(round_find(&d, ask_word(q, 0), &v, &q->e));
    ask_json(q, &j);
    json_key(&j, "reports");
    json_arr_begin(&j);
    for (const struct json_value *x = json_items(json_get(q->body, "reports")); x != NULL;
         x = x->next) {
        struct report r;
        struct err e = {0};
        enum rc rc = decide(q, &d, &v, act, x, &r, &e);
        if (rc != RC_OK && !is_of_one(rc)) {
            q->e = e;
            return rc;
        }
        decided_json(x, rc, &r, &e, &j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_review_approve(struct ask *q)
{
    return decide_all(q, ACT_APPROVE, "report.approve");
}

enum rc do_review_return(struct ask *q)
{
    return decide_all(q, ACT_RETURN, "report.return");
}
