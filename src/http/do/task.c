/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks: who owes what by when, evidence, decisions. */
#include "app/answer.h"
#include "app/print.h"
#include "app/task/task.h"
#include "base/arena.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/people.h"
#include "http/right.h"
#include "http/upload.h"
#include "http/verdict.h"

#define REMIND_DAYS 30
#define REMIND_MAX  10000

struct tasks {
    struct ask *q;
    struct desk d;
    uint32_t commitment; /* that is asked for; NONE: any */
    struct task_lines all, seen;
};

/* Tasks that may concern the unit, NONE: all. */
static enum rc open_tasks(struct ask *q, uint32_t unit, struct tasks *x)
{
    bool *at = unit != NONE ? ARENA_ARRAY(q->a, bool, x->d.tree->n_units + 1U) : NULL;
    int64_t remind = ask_count(q, "remind", REMIND_DAYS);
    if (at != NULL) {
        at[unit] = true;
    }
    return task_list(&x->d, remind < REMIND_MAX ? (int32_t)remind : REMIND_MAX, at, &x->all, &q->e);
}

/* ---- the list ------------------------------------------------------------------------------- */

static bool shows(void *ctx, uint32_t i)
{
    const struct tasks *x = ctx;
    const struct task_line *t = &x->seen.list.items[i];
    struct str state = ask_text(x->q, "state");
    struct str light = ask_text(x->q, "light");
    return (x->commitment == NONE || x->commitment == t->commitment) &&
           (state.n == 0 || str_eq(state, str_from_cstr(task_state_name(t->doc.state)))) &&
           (light.n == 0 || str_eq(light, str_from_cstr(light_name(t->light))));
}

static struct str key(void *ctx, uint32_t i)
{
    const struct tasks *x = ctx;
    const struct task_line *t = &x->seen.list.items[i];
    struct buf b;
    buf_init_in(&b, x->q->a, LIMIT_STR_BYTES);
    buf_printf(&b, "%.*s/%d.%.*s/%.*s", PS(x->d.plan->commitments[t->commitment].id), t->year,
               PS(t->part), PS(desk_code(&x->d, t->unit)));
    return buf_view(&b);
}

static void with(struct page *p, const struct ask *q, const struct commitment *k)
{
    struct str *names = ARENA_ARRAY(q->a, struct str, k->n_with + 1U);
    for (uint32_t i = 0; i < k->n_with; i++) {
        names[i] = k->with[i].name;
    }
    page_texts(p, "with", names, k->n_with);
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    const struct tasks *x = ctx;
    const struct task_line *t = &x->seen.list.items[i];
    const struct commitment *k = &x->d.plan->commitments[t->commitment];
    uint32_t contributed = task_contributed(&t->doc);
    page_text(p, "task", k->id);
    page_text(p, "name", !x->q->chinese && k->english.n > 0 ? k->english : k->name);
    page_int(p, "year", t->year);
    page_text(p, "part", t->part);
    page_text(p, "unit", desk_code(&x->d, t->unit));
    page_text(p, "unit_name", answer_unit_name(x->d.tree, t->unit, x->d.today));
    page_word(p, "role", t->shared ? "co-owner" : "owner", t->shared ? "协办" : "牵头");
    page_text(p, "owner", k->owner);
    with(p, x->q, k);
    page_day(p, "due", t->due);
    page_day(p, "extended", t->doc.due);
    page_day(p, "asked", t->doc.asked);
    page_word(p, "state", task_state_name(t->doc.state), task_state_text(t->doc.state, true));
    page_word(p, "light", light_name(t->light), light_zh(t->light));
    page_word(p, "verdict", state_name(t->verdict), state_zh(t->verdict));
    page_int(p, "evidence", t->doc.evidence.n - contributed);
    page_int(p, "contributed", contributed);
    page_text(p, "reason", t->doc.reason);
    page_int(p, "seen", t->seen);
}

static void head(void *ctx, struct json *j)
{
    json_kv_day(j, "as_of", ((const struct tasks *)ctx)->d.today);
}

enum rc do_tasks(struct ask *q)
{
    struct tasks x = {.q = q};
    uint32_t unit = NONE;
    struct str code = ask_text(q, "unit");
    TRY(verdict_target(q, ask_text(q, "task"), "?task", &x.commitment));
    TRY(ask_desk(q, &x.d));
    TRY(code.n > 0 ? desk_unit(&x.d, code, &unit, &q->e) : RC_OK);
    TRY(open_tasks(q, unit, &x));
    TRY(task_seen(&x.d, &x.all, unit, &x.seen, &q->e));
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.seen.list.n,
                                              .title = {"tasks", "任务"},
                                              .head = head,
                                              .shows = shows,
                                              .key = key,
                                              .row = row});
}

/* ---- one task ------------------------------------------------------------------------------- */

/* Which of a unit's, by part and year. */
struct which {
    struct str part;
    int64_t year;
};

/* Whoever may not read tasks of the unit is told the same of one that is not there. */
static enum rc find(struct ask *q, struct which w, struct tasks *x, struct task_line **t)
{
    uint32_t unit = NONE;
    bool may = ask_allows(q, "task.read", ask_word(q, 1), CLASS_INTERNAL);
    *x = (struct tasks){.q = q};
    TRY(verdict_target(q, ask_word(q, 0), "", &x->commitment));
    TRY(ask_desk(q, &x->d));
    TRY(desk_unit(&x->d, ask_word(q, 1), &unit, &q->e));
    TRY(open_tasks(q, unit, x));
    enum rc rc = task_find(&x->d, &x->all, ask_word(q, 0), w.part, ask_word(q, 1), (int32_t)w.year,
                           t, &q->e);
    if (rc == RC_OK && !may) {
        struct task_lines one = {0};
        vec_push(q->a, &one.list, **t);
        TRY(task_seen(&x->d, &one, NONE, &x->seen, &q->e));
        may = x->seen.list.n > 0;
    }
    return may ? rc : ask_may(q, "task.read", ask_word(q, 1), CLASS_INTERNAL);
}

static void documents_json(const struct ask *q, const struct task_doc *doc, struct json *j)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < doc->evidence.n; i++) {
        const struct task_evidence *x = &doc->evidence.items[i];
        json_obj_begin(j);
        json_kv_str(j, "hash", x->hash);
        json_kv_str(j, "document", x->document);
        json_kv_day(j, "day", x->day);
        people_actor_json(q, x->actor, j);
        json_kv_str(j, "of", x->unit);
        json_kv_bool(j, "signed", i < doc->n_signed);
        json_obj_end(j);
    }
    json_arr_end(j);
}

static void moments_json(const struct ask *q, const struct task_moments *all, struct json *j)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct task_moment *m = &all->list.items[i];
        json_obj_begin(j);
        json_kv_int(j, "commit", m->seq);
        json_kv_int(j, "at", m->at);
        json_kv_cstr(j, "act", task_act_name(m->doc.last_act));
        people_actor_json(q, m->doc.last_actor, j);
        json_kv_cstr(j, "state", task_state_name(m->doc.state));
        json_kv_str(j, "reason", m->doc.reason);
        json_obj_end(j);
    }
    json_arr_end(j);
}

/* Co-owners; mine: those for which one may contribute now. */
static enum rc sharers_json(struct tasks *x, const struct task_line *t, bool mine, struct json *j)
{
    struct task_units units = task_sharers(&x->d, t);
    json_arr_begin(j);
    for (uint32_t i = 0; i < units.list.n; i++) {
        bool may = true;
        if (mine) {
            TRY(task_may(&x->d, t, TASK_ACT_CONTRIBUTE, units.list.items[i], &may, &x->q->e));
        }
        if (!may) {
            continue;
        }
        json_obj_begin(j);
        json_kv_str(j, "unit", desk_code(&x->d, units.list.items[i]));
        json_kv_str(j, "unit_name", answer_unit_name(x->d.tree, units.list.items[i], x->d.today));
        json_obj_end(j);
    }
    json_arr_end(j);
    return RC_OK;
}

/* What one may do at once; contributing is told by the co-owners. */
static enum rc may_json(struct tasks *x, const struct task_line *t, struct json *j)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < TASK_ACT__COUNT; i++) {
        bool may = false;
        TRY(task_may(&x->d, t, (enum task_act_kind)i, NONE, &may, &x->q->e));
        if (may) {
            json_cstr(j, task_act_name((enum task_act_kind)i));
        }
    }
    json_arr_end(j);
    return RC_OK;
}

/* The one line, to be shown. */
static void only(struct tasks *x, const struct task_line *t)
{
    struct task_line one = *t;
    one.shared = !ask_allows(x->q, "task.read", ask_word(x->q, 1), CLASS_INTERNAL);
    x->seen = (struct task_lines){0};
    vec_push(x->q->a, &x->seen.list, one);
}

enum rc do_task(struct ask *q)
{
    struct tasks x;
    struct task_line *t = NULL;
    struct task_moments moments;
    struct json j;
    TRY(find(q, (struct which){ask_text(q, "part"), ask_count(q, "year", 0)}, &x, &t));
    TRY(task_history(&x.d, t, &moments, &q->e));
    const struct commitment *k = &x.d.plan->commitments[t->commitment];
    only(&x, t);
    ask_json(q, &j);
    json_key(&j, "task");
    page_row_json(q, SHAPE_TASK, row, &x, 0, &j);
    json_kv_str(&j, "deliverable", k->deliverable);
    json_kv_str(&j, "evidence", k->evidence);
    json_key(&j, "clauses");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < k->n_basis; i++) {
        json_str(&j, clause_ref_text(q->a, k->basis[i], q->chinese));
    }
    json_arr_end(&j);
    json_key(&j, "may");
    TRY(may_json(&x, t, &j));
    json_key(&j, "sharers");
    TRY(sharers_json(&x, t, false, &j));
    json_key(&j, "mine");
    TRY(sharers_json(&x, t, true, &j));
    json_key(&j, "documents");
    documents_json(q, &t->doc, &j);
    json_key(&j, "moments");
    moments_json(q, &moments, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- acts ----------------------------------------------------------------------------------- */

static enum rc act(struct ask *q, struct which w, int64_t seen, struct task_act *act,
                   struct str content)
{
    static const struct right rights[TASK_ACT__COUNT] = {
        [TASK_ACT_FILE] = {"task.file", false},
        [TASK_ACT_CONTRIBUTE] = {"task.contribute", false},
        [TASK_ACT_EXTEND] = {"task.extend", false},
        [TASK_ACT_SIGN_OFF] = {"task.sign-off", true},
        [TASK_ACT_RETURN] = {"task.return", true},
        [TASK_ACT_GRANT] = {"task.grant", true},
        [TASK_ACT_REFUSE] = {"task.refuse", true},
    };
    struct tasks x;
    struct task_line *t = NULL;
    struct str at = act->evidence.unit.n > 0 ? act->evidence.unit : ask_word(q, 1);
    TRY(right_ask(q, rights[act->act], at, CLASS_INTERNAL));
    TRY(find(q, w, &x, &t));
    TRY(task_do(&x.d, t, act, seen, content, &q->e));
    only(&x, t);
    return page_item(q, SHAPE_TASK, row, &x, 0);
}

/* A document, and what the query says of it. */
static enum rc bring(struct ask *q, enum task_act_kind kind)
{
    struct task_act x = {.act = kind, .until = DATE_MIN};
    struct str day = ask_text(q, "day");
    x.evidence.day = DATE_MIN;
    (void)(day.n > 0 && date_parse(day, &x.evidence.day)); /* its kind is checked already */
    x.evidence.document = q->upload->name.n > 0 ? q->upload->name : STR("document");
    x.evidence.unit = ask_text(q, "of");
    return act(q, (struct which){ask_text(q, "part"), ask_count(q, "year", 0)},
               ask_count(q, "seen", REPORT_JUST_READ), &x, q->upload->bytes);
}

enum rc do_task_file(struct ask *q)
{
    return bring(q, TASK_ACT_FILE);
}

enum rc do_task_contribute(struct ask *q)
{
    return bring(q, TASK_ACT_CONTRIBUTE);
}

static enum rc decide(struct ask *q, enum task_act_kind kind)
{
    bool bad = false;
    struct task_act x = {.act = kind,
                         .reason = ask_member(q, "reason"),
                         .until = json_day(json_get(q->body, "until"), &bad)};
    x.evidence.day = DATE_MIN;
    return act(q, (struct which){ask_member(q, "part"), json_number(json_get(q->body, "year"))},
               json_number(json_get(q->body, "seen")), &x, STR(""));
}

enum rc do_task_extend(struct ask *q)
{
    return decide(q, TASK_ACT_EXTEND);
}

enum rc do_task_sign_off(struct ask *q)
{
    return decide(q, TASK_ACT_SIGN_OFF);
}

enum rc do_task_return(struct ask *q)
{
    return decide(q, TASK_ACT_RETURN);
}

enum rc do_task_grant(struct ask *q)
{
    return decide(q, TASK_ACT_GRANT);
}

enum rc do_task_refuse(struct ask *q)
{
    return decide(q, TASK_ACT_REFUSE);
}
