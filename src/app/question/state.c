/* SPDX-License-Identifier: Apache-2.0 */
/* What an act makes of a question, and questions as documents. */
#include "app/question/question.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_tree.h"

#define IN(state) (1U << QUESTION_##state)

static const struct {
    const char *name;
    const char *text[2]; /* English, Chinese */
} states[QUESTION__STATES] = {
#define STATE(id, word, en, zh) [QUESTION_##id] = {word, {(en), (zh)}},
#include "app/question/question.def"
};

static const struct {
    const char *name;
    uint32_t in;
    const char *text[2];
} acts[QUESTION_ACT__COUNT] = {
#define ACT(id, word, states, en, zh) [QUESTION_ACT_##id] = {word, (states), {(en), (zh)}},
#include "app/question/question.def"
};

const char *question_state_name(enum question_state s)
{
    return states[s].name;
}

const char *question_state_text(enum question_state s, bool chinese)
{
    return states[s].text[chinese];
}

const char *question_act_name(enum question_act_kind act)
{
    return acts[act].name;
}

/* ---- acts ----------------------------------------------------------------------------------- */

static enum rc moved(const struct question_doc *q, struct err *e)
{
    char day[DATE_TEXT_BYTES];
    if (q->state == QUESTION_NONE) {
        return err_set(e, RC_CONFLICT, "it has not been asked", "尚未提出这一疑问");
    }
    return err_set(e, RC_CONFLICT, "the question %s: %.*s %s on %.*s%.0s%.0s",
                   "疑问%.0s已由 %.*s %.0s于 %.*s %s，现为“%s”", states[q->state].text[0],
                   PS(q->last_actor), acts[q->last_act].text[0], PS(date_text(q->last_day, day)),
                   acts[q->last_act].text[1], states[q->state].text[1]);
}

/* QU3 */
static enum rc ask(const struct question_act *act, struct question_doc *q, struct err *e)
{
    if (q->state != QUESTION_NONE && str_eq(q->put.figures, act->put->figures)) {
        return err_set(e, RC_CONFLICT, "it was asked and settled with the same figures",
                       "相同数据的疑问已提出并办结");
    }
    *q = (struct question_doc){.state = QUESTION_OPEN, .put = *act->put};
    return RC_OK;
}

static enum rc reply(const struct question_act *act, struct question_doc *q, struct err *e)
{
    if (str_trim(act->text).n == 0) {
        return err_set(e, RC_INPUT, "say something in reply", "请写明答复");
    }
    if (act->text.n > QUESTION_REPLY_BYTES) {
        return err_set(e, RC_LIMIT, "a reply has %u bytes at most: put the rest into a file",
                       "答复最多 %u 字节，其余请放入附件", QUESTION_REPLY_BYTES);
    }
    q->state = QUESTION_REPLIED;
    q->reply = act->text;
    q->replied_by = act->actor;
    q->file = act->file;
    return RC_OK;
}

/* QU2 */
static enum rc decide(const struct question_act *act, struct question_doc *q, struct err *e)
{
    bool again = act->act == QUESTION_ACT_AGAIN;
    if (str_eq(q->replied_by, act->actor)) {
        return err_set(e, RC_DENIED, "%.*s has replied and cannot decide on it",
                       "%.*s 是答复人，不能审定", PS(act->actor));
    }
    if (again && str_trim(act->text).n == 0) {
        return err_set(e, RC_INPUT, "say what is still open", "请写明还需说明什么");
    }
    q->state = again ? QUESTION_AGAIN : QUESTION_ACCEPTED;
    q->reason = again ? act->text : STR("");
    return RC_OK;
}

enum rc question_step(const struct question_doc *now, const struct question_act *act,
                      struct question_doc *out, struct err *e)
{
    struct question_doc next = *now;
    if ((acts[act->act].in & 1U << now->state) == 0) {
        return moved(now, e);
    }
    if (act->act == QUESTION_ACT_ASK) {
        TRY(ask(act, &next, e));
    } else if (act->act == QUESTION_ACT_REPLY) {
        TRY(reply(act, &next, e));
    } else if (act->act == QUESTION_ACT_SETTLE) {
        next.state = QUESTION_CORRECTED;
    } else {
        TRY(decide(act, &next, e));
    }
    next.last_act = act->act;
    next.last_actor = act->actor;
    next.last_day = act->day;
    *out = next;
    return RC_OK;
}

/* ---- documents ------------------------------------------------------------------------------ */

struct str question_write(struct arena *a, const struct question_doc *q)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_cstr(&j, "state", states[q->state].name);
    json_kv_str(&j, "detector", q->put.detector);
    json_kv_str(&j, "unit", q->put.unit);
    json_kv_str(&j, "what", q->put.what);
    json_kv_str(&j, "period", q->put.period);
    json_kv_str(&j, "en", q->put.text[0]);
    json_kv_str(&j, "zh", q->put.text[1]);
    json_kv_str(&j, "figures", q->put.figures);
    json_kv_int(&j, "class", q->put.class_);
    json_kv_int(&j, "known", q->put.known);
    json_kv_str(&j, "reply", q->reply);
    json_kv_str(&j, "replied_by", q->replied_by);
    json_kv_str(&j, "file", q->file);
    json_kv_str(&j, "reason", q->reason);
    json_kv_cstr(&j, "act", acts[q->last_act].name);
    json_kv_str(&j, "actor", q->last_actor);
    json_kv_day(&j, "day", q->last_day);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

static uint32_t state_of(struct str name)
{
    uint32_t i = 0;
    while (i < QUESTION__STATES && !str_eq(name, str_from_cstr(states[i].name))) {
        i++;
    }
    return i;
}

static uint32_t act_of(struct str name)
{
    uint32_t i = 0;
    while (i < QUESTION_ACT__COUNT && !str_eq(name, str_from_cstr(acts[i].name))) {
        i++;
    }
    return i;
}

static struct str text_of(const struct json_value *v, const char *key)
{
    return json_text(json_get(v, key));
}

enum rc question_read(struct arena *a, struct str json, struct question_doc *out, struct err *e)
{
    const struct json_value *v = json_read(a, json);
    uint32_t state = state_of(text_of(v, "state"));
    uint32_t act = act_of(text_of(v, "act"));
    int64_t class_ = json_number(json_get(v, "class"));
    bool bad = state == QUESTION__STATES || act == QUESTION_ACT__COUNT || class_ < 0 ||
               class_ > CLASS_SEALED;
    struct date day = json_day(json_get(v, "day"), &bad);
    if (bad) {
        return err_set(e, RC_DB, "a question in the book is damaged", "账本中的疑问已损坏");
    }
    *out = (struct question_doc){.state = (enum question_state)state,
                                 .put = {.detector = text_of(v, "detector"),
                                         .unit = text_of(v, "unit"),
                                         .what = text_of(v, "what"),
                                         .period = text_of(v, "period"),
                                         .text = {text_of(v, "en"), text_of(v, "zh")},
                                         .figures = text_of(v, "figures"),
                                         .class_ = (enum data_class)class_,
                                         .known = json_number(json_get(v, "known"))},
                                 .reply = text_of(v, "reply"),
                                 .replied_by = text_of(v, "replied_by"),
                                 .file = text_of(v, "file"),
                                 .reason = text_of(v, "reason"),
                                 .last_act = (enum question_act_kind)act,
                                 .last_actor = text_of(v, "actor"),
                                 .last_day = day};
    return RC_OK;
}
