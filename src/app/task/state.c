/* SPDX-License-Identifier: Apache-2.0 */
/* What an act makes of a task, and tasks as documents. */
#include "app/task/task.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_tree.h"

#define IN(state) (1U << TASK_##state)

static const struct {
    const char *name;
    const char *text[2]; /* English, Chinese */
} states[TASK__STATES] = {
#define STATE(id, word, en, zh) [TASK_##id] = {word, {(en), (zh)}},
#include "app/task/task.def"
};

static const struct {
    const char *name;
    uint32_t in;
    bool above;
    const char *text[2];
} acts[TASK_ACT__COUNT] = {
#define ACT(id, word, states, up, en, zh) [TASK_ACT_##id] = {word, (states), (up), {(en), (zh)}},
#include "app/task/task.def"
};

const char *task_state_name(enum task_state s)
{
    return states[s].name;
}

const char *task_state_text(enum task_state s, bool chinese)
{
    return states[s].text[chinese];
}

const char *task_act_name(enum task_act_kind act)
{
    return acts[act].name;
}

/* ---- acts ----------------------------------------------------------------------------------- */

static enum rc moved(const struct task_doc *t, struct err *e)
{
    char day[DATE_TEXT_BYTES];
    if (t->last_actor.n == 0) {
        return err_set(e, RC_CONFLICT, "no evidence has been filed yet", "尚未报送佐证");
    }
    return err_set(e, RC_CONFLICT, "the task is %s: %.*s %s it on %.*s%.0s%.0s",
                   "任务%.0s已由 %.*s %.0s于 %.*s %s，现为“%s”", states[t->state].text[0],
                   PS(t->last_actor), acts[t->last_act].text[0], PS(date_text(t->last_day, day)),
                   acts[t->last_act].text[1], states[t->state].text[1]);
}

static enum rc own(struct str actor, struct err *e)
{
    return err_set(e, RC_DENIED,
                   "%.*s filed, contributed to or asked for it and cannot decide on it",
                   "%.*s 是报送人、协办人或申请人，不能审批", PS(actor));
}

/* TK2 */
static enum rc may_sign(const struct task_doc *t, const struct task_act *act, struct err *e)
{
    for (uint32_t i = t->n_signed; i < t->evidence.n; i++) {
        if (str_eq(t->evidence.items[i].actor, act->actor)) {
            return own(act->actor, e);
        }
    }
    return RC_OK;
}

static enum rc may_extend(const struct task_doc *t, const struct task_act *act, struct err *e)
{
    if (date_is_sentinel(t->asked)) {
        return err_set(e, RC_CONFLICT, "no extension is asked for", "没有待批的延期申请");
    }
    return str_eq(t->asked_by, act->actor) ? own(act->actor, e) : RC_OK;
}

static enum rc file(struct arena *a, const struct task_act *act, struct task_doc *t, struct err *e)
{
    struct task_doc before = *t;
    if (date_is_sentinel(act->evidence.day) || act->evidence.document.n == 0) {
        return err_set(e, RC_INPUT, "evidence needs its day and a document",
                       "佐证须写明日期和文件");
    }
    if (date_cmp(act->evidence.day, act->day) > 0) {
        return err_set(e, RC_INPUT, "evidence cannot be of a day to come", "佐证日期不能晚于今天");
    }
    t->evidence.items = NULL;
    t->evidence.n = 0;
    t->evidence.cap = 0;
    for (uint32_t i = 0; i < before.evidence.n; i++) {
        vec_push(a, &t->evidence, before.evidence.items[i]);
    }
    vec_push(a, &t->evidence, act->evidence);
    vec_last(&t->evidence).actor = act->actor;
    if (act->act == TASK_ACT_FILE) { /* TK4 */
        vec_last(&t->evidence).unit = STR("");
        t->state = TASK_FILED;
    }
    return RC_OK;
}

static enum rc extend(const struct task_act *act, struct date due, struct task_doc *t,
                      struct err *e)
{
    struct date now = date_is_sentinel(t->due) ? due : t->due;
    if (str_trim(act->reason).n == 0) {
        return err_set(e, RC_INPUT, "an extension needs its reason", "延期须写明理由");
    }
    if (date_cmp(act->until, now) <= 0) {
        return err_set(e, RC_INPUT, "an extension goes beyond the day it is due",
                       "延期须晚于原期限");
    }
    t->asked = act->until;
    t->asked_by = act->actor;
    return RC_OK;
}

/* What the state and TK2 say, whatever comes with the act. */
static enum rc admits(const struct task_doc *t, const struct task_act *act, struct err *e)
{
    bool signing = act->act == TASK_ACT_SIGN_OFF || act->act == TASK_ACT_RETURN;
    if ((acts[act->act].in & 1U << t->state) == 0) {
        return moved(t, e);
    }
    return signing ? may_sign(t, act, e) : acts[act->act].above ? may_extend(t, act, e) : RC_OK;
}

bool task_admits(const struct task_doc *t, enum task_act_kind act, struct str actor)
{
    struct err e = {0};
    const struct task_act x = {.act = act, .actor = actor};
    return admits(t, &x, &e) == RC_OK;
}

static enum rc decide(const struct task_act *act, struct task_doc *t, struct err *e)
{
    if ((act->act == TASK_ACT_RETURN || act->act == TASK_ACT_REFUSE) &&
        str_trim(act->reason).n == 0) {
        return err_set(e, RC_INPUT, "say why", "请写明理由");
    }
    if (act->act == TASK_ACT_SIGN_OFF) {
        t->state = TASK_DONE;
        t->n_signed = t->evidence.n;
    } else if (act->act == TASK_ACT_RETURN) {
        t->state = TASK_RETURNED;
    } else {
        t->due = act->act == TASK_ACT_GRANT ? t->asked : t->due;
        t->asked = DATE_MIN;
    }
    return RC_OK;
}

enum rc task_step(struct arena *a, const struct task_doc *now, struct date due,
                  const struct task_act *act, struct task_doc *out, struct err *e)
{
    struct task_doc next = *now;
    TRY(admits(now, act, e));
    if (act->act == TASK_ACT_FILE || act->act == TASK_ACT_CONTRIBUTE) {
        TRY(file(a, act, &next, e));
    } else if (act->act == TASK_ACT_EXTEND) {
        TRY(extend(act, due, &next, e));
    } else {
        TRY(decide(act, &next, e));
    }
    /* What was returned and why stays until the owner answers it. */
    next.reason = act->act == TASK_ACT_CONTRIBUTE ? now->reason : act->reason;
    next.last_act = act->act;
    next.last_actor = act->actor;
    next.last_day = act->day;
    *out = next;
    return RC_OK;
}

/* ---- documents ------------------------------------------------------------------------------ */

struct str task_write(struct arena *a, const struct task_doc *t)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_cstr(&j, "state", states[t->state].name);
    json_kv_day(&j, "due", t->due);
    json_kv_day(&j, "asked", t->asked);
    json_kv_str(&j, "asked_by", t->asked_by);
    json_kv_str(&j, "reason", t->reason);
    json_key(&j, "evidence");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < t->evidence.n; i++) {
        const struct task_evidence *x = &t->evidence.items[i];
        json_obj_begin(&j);
        json_kv_day(&j, "day", x->day);
        json_kv_str(&j, "document", x->document);
        json_kv_str(&j, "hash", x->hash);
        json_kv_str(&j, "actor", x->actor);
        json_kv_str(&j, "unit", x->unit);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_kv_int(&j, "signed", t->n_signed);
    json_kv_cstr(&j, "act", acts[t->last_act].name);
    json_kv_str(&j, "actor", t->last_actor);
    json_kv_day(&j, "day", t->last_day);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

static uint32_t one_of(struct str name, const char *(*name_of)(uint32_t), uint32_t n, bool *bad)
{
    uint32_t i = 0;
    while (i < n && !str_eq(name, str_from_cstr(name_of(i)))) {
        i++;
    }
    *bad |= i == n;
    return i == n ? 0 : i;
}

static const char *state_of(uint32_t i)
{
    return states[i].name;
}

static const char *act_of(uint32_t i)
{
    return acts[i].name;
}

enum rc task_read(struct arena *a, struct str json, struct task_doc *out, struct err *e)
{
    bool bad = false;
    const struct json_value *v = json_read(a, json);
    struct task_doc t = {.state = (enum task_state)one_of(json_text(json_get(v, "state")), state_of,
                                                          TASK__STATES, &bad),
                         .last_act = (enum task_act_kind)one_of(json_text(json_get(v, "act")),
                                                                act_of, TASK_ACT__COUNT, &bad)};
    t.due = json_day(json_get(v, "due"), &bad);
    t.asked = json_day(json_get(v, "asked"), &bad);
    t.asked_by = json_text(json_get(v, "asked_by"));
    t.reason = json_text(json_get(v, "reason"));
    t.last_actor = json_text(json_get(v, "actor"));
    t.last_day = json_day(json_get(v, "day"), &bad);
    for (const struct json_value *x = json_items(json_get(v, "evidence")); x; x = x->next) {
        vec_push(a, &t.evidence,
                 (struct task_evidence){
                     json_day(json_get(x, "day"), &bad), json_text(json_get(x, "document")),
                     json_text(json_get(x, "hash")), json_text(json_get(x, "actor")),
                     json_text(json_get(x, "unit"))});
    }
    int64_t n = json_number(json_get(v, "signed"));
    bad |= n < 0 || n > t.evidence.n;
    t.n_signed = bad ? 0 : (uint32_t)n;
    *out = t;
    return !bad ? RC_OK
                : err_set(e, RC_DB, "a document of a task in the book is damaged",
                          "账本中的任务文档已损坏");
}
