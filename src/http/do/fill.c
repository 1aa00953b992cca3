/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in: drafts, checks while typing, and the acts of the reporting unit. */
#include "base/arena.h"
#include "http/do/report.h"
#include "http/handlers.h"

/* ---- what is said --------------------------------------------------------------------------- */

struct said {
    struct report_line *lines;
    uint32_t n, n_cells; /* cells come first, then checks */
    struct problems problems;
    struct report_findings found;
};

static bool there(const struct json_value *object, const char *name)
{
    return json_get(object, name) != NULL;
}

static void read_said(struct ask *q, struct said *s)
{
    const struct json_value *cells = json_get(q->body, "cells");
    const struct json_value *checks = json_get(q->body, "checks");
    *s = (struct said){.n_cells = json_count(cells)};
    s->lines = ARENA_ARRAY(q->a, struct report_line, s->n_cells + json_count(checks) + 1U);
    for (const struct json_value *x = json_items(cells); x != NULL; x = x->next) {
        s->lines[s->n++] = (struct report_line){.about = json_text(json_get(x, "item")),
                                                .value = json_text(json_get(x, "value")),
                                                .explain = json_text(json_get(x, "explained")),
                                                .values = there(x, "value"),
                                                .explains = there(x, "explained")};
    }
    for (const struct json_value *x = json_items(checks); x != NULL; x = x->next) {
        s->lines[s->n++] = (struct report_line){.about = json_text(json_get(x, "check")),
                                                .explain = json_text(json_get(x, "explained")),
                                                .explains = true};
    }
}

/* ---- what stands against it ----------------------------------------------------------------- */

static void problem_json(const struct problem *p, struct str about, struct json *j)
{
    struct buf text;
    json_obj_begin(j);
    json_kv_cstr(j, "code", load_fault_code(p->fault));
    json_kv_str(j, "about", about);
    for (int zh = 0; zh < 2; zh++) {
        buf_init(&text, 1U << 16);
        problem_text(p, zh == 1, &text);
        json_kv_str(j, zh == 1 ? "zh" : "en", buf_view(&text));
        buf_release(&text);
    }
    json_obj_end(j);
}

/* Values that cannot be taken, and lines that are about nothing here. */
static void said_json(const void *ctx, struct json *j)
{
    const struct said *s = ctx;
    json_arr_begin(j);
    for (uint32_t i = 0; i < s->problems.list.n; i++) {
        const struct problem *p = &s->problems.list.items[i];
        problem_json(p, s->lines[p->line - 1].about, j);
    }
    report_findings_items(&s->found, j);
    json_arr_end(j);
}

static struct str place_of(struct ask *q, const struct said *s)
{
    struct buf b;
    buf_init_in(&b, q->a, 64);
    uint32_t line = s->problems.list.n > 0 ? s->problems.list.items[0].line : 0;
    if (line > 0 && line <= s->n_cells) {
        buf_printf(&b, "/cells/%u/value", line - 1);
    }
    return buf_view(&b);
}

static enum rc refuse_said(struct ask *q, const struct said *s)
{
    struct said *kept = ARENA_NEW(q->a, struct said);
    *kept = *s;
    q->against = said_json;
    q->against_ctx = kept;
    q->at = place_of(q, s);
    return err_set(&q->e, RC_INPUT, "some of it cannot be taken; nothing is saved",
                   "部分内容无法接受，均未保存");
}

/* ---- saving and checking -------------------------------------------------------------------- */

static struct report_words words_of(struct ask *q)
{
    return (struct report_words){.seen = json_number(json_get(q->body, "seen")),
                                 .cause = ask_member(q, "cause"),
                                 .minutes = json_number(json_get(q->body, "minutes"))};
}

enum rc do_report_save(struct ask *q)
{
    struct desk d;
    struct report r;
    struct said s;
    TRY(ask_may(q, "report.save", ask_word(q, 1), CLASS_INTERNAL));
    TRY(ask_report(q, &d, &r));
    read_said(q, &s);
    if (report_read_lines(&d, &r, s.lines, s.n, &s.problems, &s.found) != RC_OK) {
        return refuse_said(q, &s);
    }
    TRY(report_do(&d, &r, ACT_SAVE, words_of(q), &s.found, &q->e));
    return answer_standing(q, &d, &r);
}

/* Of values that cannot be taken the rest is checked nevertheless. */
enum rc do_report_check(struct ask *q)
{
    struct desk d;
    struct report r;
    struct said s;
    struct report_findings found = {0};
    struct json j;
    /* Who may not save could try sealed figures by what is found (people.md, 26). */
    TRY(ask_may(q, "report.save", ask_word(q, 1), CLASS_INTERNAL));
    TRY(ask_report(q, &d, &r));
    read_said(q, &s);
    enum rc rc = report_read_lines(&d, &r, s.lines, s.n, &s.problems, &s.found);
    TRY(rc == RC_INPUT ? RC_OK : rc);
    TRY(report_check(&d, &r, &found, &q->e));
    ask_json(q, &j);
    json_kv_int(&j, "seen", r.seen);
    json_kv_cstr(&j, "state", report_state_name(r.doc.state));
    json_key(&j, "values");
    said_json(&s, &j);
    json_key(&j, "findings");
    report_findings_json(&found, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* Of the report as it is in the book. */
enum rc do_report_findings(struct ask *q)
{
    struct desk d;
    struct report r;
    struct report_findings found = {0};
    struct json j;
    TRY(ask_report(q, &d, &r));
    TRY(report_check(&d, &r, &found, &q->e));
    ask_json(q, &j);
    json_kv_int(&j, "seen", r.seen);
    json_kv_cstr(&j, "state", report_state_name(r.doc.state));
    json_key(&j, "findings");
    report_findings_json(&found, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- acts ----------------------------------------------------------------------------------- */

static enum rc act(struct ask *q, enum report_act_kind kind)
{
    struct desk d;
    struct report r;
    struct report_findings found = {0};
    TRY(ask_report(q, &d, &r));
    enum rc rc = report_do(&d, &r, kind, words_of(q), &found, &q->e);
    if (rc == RC_FINDINGS) {
        return ask_refuse_found(q, &found);
    }
    TRY(rc);
    return answer_standing(q, &d, &r);
}

enum rc do_report_sign(struct ask *q)
{
    if (!ask_allows(q, "report.sign.filler", ask_word(q, 1), CLASS_INTERNAL) &&
        !ask_allows(q, "report.sign.reviewer", ask_word(q, 1), CLASS_INTERNAL)) {
        TRY(ask_may(q, "report.sign.head", ask_word(q, 1), CLASS_INTERNAL));
    }
    return act(q, ACT_SIGN);
}

enum rc do_report_submit(struct ask *q)
{
    TRY(ask_may(q, "report.submit", ask_word(q, 1), CLASS_INTERNAL));
    return act(q, ACT_SUBMIT);
}

enum rc do_report_withdraw(struct ask *q)
{
    TRY(ask_may(q, "report.withdraw", ask_word(q, 1), CLASS_INTERNAL));
    return act(q, ACT_WITHDRAW);
}

enum rc do_report_correct(struct ask *q)
{
    TRY(ask_may(q, "report.correct", ask_word(q, 1), CLASS_INTERNAL));
    return act(q, ACT_CORRECT);
}
