/* SPDX-License-Identifier: Apache-2.0 */
/* A report: what is asked, what is there, what came before, and what may be done with it. */
#include "http/do/report.h"

#include "app/report/history.h"
#include "base/arena.h"
#include "http/handlers.h"
#include "http/people.h"

enum rc ask_report(struct ask *q, struct desk *d, struct report *r)
{
    TRY(ask_desk(q, d));
    return report_open(d, ask_word(q, 0), ask_word(q, 1), r, &q->e);
}

static void found_json(const void *ctx, struct json *j)
{
    report_findings_json(ctx, j);
}

enum rc ask_refuse_found(struct ask *q, const struct report_findings *found)
{
    struct report_findings *kept = ARENA_NEW(q->a, struct report_findings);
    *kept = *found;
    q->against = found_json;
    q->against_ctx = kept;
    q->head.status = 422;
    return err_set(&q->e, RC_FINDINGS, "something stands against it", "有问题待处理，未能办理");
}

static void may_json(const struct desk *d, const struct report *r, struct json *j)
{
    json_key(j, "may");
    json_arr_begin(j);
    for (uint32_t i = 0; i < ACT__COUNT; i++) {
        if (report_may(d, r, (enum report_act_kind)i)) {
            json_cstr(j, report_act_name((enum report_act_kind)i));
        }
    }
    json_arr_end(j);
}

static void marked_json(const struct ask *q, const struct report_mark *m, struct json *j)
{
    json_obj_begin(j);
    people_actor_json(q, m->actor, j);
    json_obj_end(j);
}

/* Those whom its marks name; one may stand there twice. */
static void people_json(const struct ask *q, const struct submission *s, struct json *j)
{
    const struct report_marks *const lists[] = {&s->signatures, &s->decisions};
    json_key(j, "people");
    json_arr_begin(j);
    for (uint32_t k = 0; k < 2; k++) {
        for (uint32_t i = 0; i < lists[k]->list.n; i++) {
            marked_json(q, &lists[k]->list.items[i], j);
        }
    }
    if (s->state != REPORT_NONE) {
        marked_json(q, &s->last, j);
    }
    json_arr_end(j);
}

enum rc do_report(struct ask *q)
{
    struct desk d;
    struct report r;
    struct json j;
    TRY(ask_report(q, &d, &r));
    TRY(report_before(&d, &r, &q->e));
    ask_json(q, &j);
    json_kv_day(&j, "as_of", d.today);
    report_members(&d, &r, &j);
    people_json(q, &r.doc, &j);
    may_json(&d, &r, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc answer_standing(struct ask *q, const struct desk *d, const struct report *r)
{
    struct json j;
    ask_json(q, &j);
    json_kv_int(&j, "commit", r->seen);
    report_standing_members(d, r, &j);
    may_json(d, r, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- history -------------------------------------------------------------------------------- */

static void moment_json(const struct ask *q, const struct desk *d, const struct report *r,
                        const struct report_moment *m, struct json *j)
{
    const struct submission *s = &m->doc;
    json_obj_begin(j);
    json_kv_int(j, "commit", m->seq);
    json_kv_int(j, "at", m->at);
    json_kv_cstr(j, "act", report_act_name(s->last.act));
    people_actor_json(q, s->last.actor, j);
    json_kv_str(j, "unit", s->last.unit);
    json_kv_cstr(j, "state", report_state_name(s->state));
    json_kv_int(j, "version", s->version);
    json_kv_text(j, "cause", s->cause);
    json_key(j, "cells");
    json_arr_begin(j);
    for (uint32_t i = 0; i < m->n_cells; i++) {
        const struct report_change *x = &m->cells[i];
        json_obj_begin(j);
        json_kv_str(j, "item", r->round.round.items[x->item]);
        json_kv_str(j, "value", report_cell_text(d, r, x->item, &x->value));
        json_kv_text(j, "returned", x->returned);
        json_obj_end(j);
    }
    json_arr_end(j);
    json_obj_end(j);
}

enum rc do_report_history(struct ask *q)
{
    struct desk d;
    struct report r;
    struct report_history h;
    struct json j;
    TRY(ask_report(q, &d, &r));
    TRY(report_history(&d, &r, &h, &q->e));
    ask_json(q, &j);
    json_key(&j, "moments");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < h.list.n; i++) {
        moment_json(q, &d, &r, &h.list.items[i], &j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
