/* SPDX-License-Identifier: Apache-2.0 */
/* What an act makes of a row of a register: register/register.def says when, the functions here
 * what. */
#include "app/register/register.h"

#include "base/err.h"

#define IN(state) (1U << ENTRY_##state)

static const struct {
    const char *name;
    const char *text[2]; /* English, Chinese; so everywhere here */
} states[ENTRY__STATES] = {
#define STATE(id, word, en, zh) [ENTRY_##id] = {word, {(en), (zh)}},
#include "app/register/register.def"
};

static const struct {
    const char *name;
    uint32_t in;
    enum entry_by by;
    const char *text[2];
} acts[ENTRY_ACT__COUNT] = {
#define ACT(id, word, states, who, en, zh) [ENTRY_ACT_##id] = {word, (states), who, {(en), (zh)}},
#include "app/register/register.def"
};

const char *entry_state_name(enum entry_state s)
{
    return states[s].name;
}

const char *entry_act_name(enum entry_act_kind act)
{
    return acts[act].name;
}

const char *entry_state_text(enum entry_state s, bool chinese)
{
    return states[s].text[chinese];
}

const char *entry_act_text(enum entry_act_kind act, bool chinese)
{
    return acts[act].text[chinese];
}

bool entry_allows(enum entry_state state, enum entry_act_kind act)
{
    return (acts[act].in & 1U << state) != 0;
}

bool entry_pending(enum entry_state state)
{
    return ((IN(DRAFT) | IN(SUBMITTED) | IN(RETURNED)) & 1U << state) != 0;
}

/* ---- refusals ------------------------------------------------------------------------------- */

static enum rc moved(const struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    char day[DATE_TEXT_BYTES];
    const struct entry_mark *m = &t->last;
    if (t->state == ENTRY_NONE) {
        return err_set(e, RC_NOT_FOUND, "%s: there is no such row%.0s", "%.0s没有这一行，不能%s",
                       acts[act->act].name, acts[act->act].text[1]);
    }
    return err_set(e, RC_CONFLICT, "the row is %s: %.*s %s it on %.*s%.0s%.0s",
                   "这一行%.0s已由 %.*s %.0s于 %.*s %s，现为“%s”", states[t->state].text[0],
                   PS(m->actor), acts[m->act].text[0], PS(date_text(m->day, day)),
                   acts[m->act].text[1], states[t->state].text[1]);
}

static enum rc elsewhere(const struct entry_act *act, struct str place, struct err *e)
{
    return err_set(e, RC_DENIED, "%s: this is done at %.*s, not at %.*s%.0s",
                   "%.0s此事由 %.*s 办理，不是 %.*s：%s", acts[act->act].name, PS(place),
                   PS(act->unit), acts[act->act].text[1]);
}

/* Both units agreed on a transfer: neither takes its side back alone. */
static enum rc agreed(const struct entry_doc *t, struct err *e)
{
    bool gave = t->after.n > 0;
    enum rc rc =
        err_set(e, RC_CONFLICT, "the row is being handed over, %s %.*s",
                "这一行正在移交（%s %.*s）", gave ? "→" : "←", PS(gave ? t->after : t->before));
    err_hint(e, "Once both reviews are through it can be offered back.",
             "待双方审核通过后，可再移交回来。");
    return rc;
}

/* ---- what each act does --------------------------------------------------------------------- */

/* A proposal on top of what stands; one that is open goes on. */
static void propose(struct entry_doc *t, const struct entry_act *act)
{
    struct str cause = str_trim(act->cause);
    if (t->state == ENTRY_STANDING || t->state == ENTRY_NONE || t->state == ENTRY_STRUCK) {
        t->state = ENTRY_DRAFT;
        t->version++;
        t->cause = cause;
        t->strike = false;
    } else if (cause.n > 0) {
        t->cause = cause;
    }
    t->offered = STR("");
    t->from = DATE_MIN;
    t->declined = STR("");
}

/* A proposal to correct what stands has one cause, said when it was begun or now. */
static enum rc need_cause(const struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    bool said = t->state != ENTRY_STANDING && t->cause.n > 0;
    if (t->stands == 0 || said || str_trim(act->cause).n > 0) {
        return RC_OK;
    }
    enum rc rc = err_set(e, RC_INPUT, "to correct or strike what stands needs its cause",
                         "更正或注销在册的行须写明原因");
    err_hint(e, "If it has become different on a day, say from when on instead.",
             "如果是从某日起发生变化，请改为写明起始日。");
    return rc;
}

static enum rc add(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    (void)e;
    propose(t, act);
    t->before = act->before;
    t->after = STR("");
    t->transfer = act->transfer;
    return RC_OK;
}

static enum rc change(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    TRY(need_cause(t, act, e));
    propose(t, act);
    t->strike = false;
    return RC_OK;
}

static enum rc end(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    (void)e;
    propose(t, act);
    t->strike = false;
    t->after = act->after.n > 0 ? act->after : t->after;
    return RC_OK;
}

static enum rc strike(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    TRY(need_cause(t, act, e));
    propose(t, act);
    t->strike = true;
    return RC_OK;
}

static enum rc undo(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    (void)act;
    (void)e;
    t->state = t->stands > 0 ? ENTRY_STANDING : ENTRY_STRUCK;
    t->strike = false;
    t->after = STR("");
    return RC_OK;
}

static enum rc submit(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    (void)e;
    t->state = ENTRY_SUBMITTED;
    t->statement = act->statement;
    return RC_OK;
}

static enum rc withdraw(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    (void)act;
    (void)e;
    t->state = ENTRY_DRAFT;
    return RC_OK;
}

static enum rc approve(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    (void)act;
    (void)e;
    t->state = t->strike ? ENTRY_STRUCK : ENTRY_STANDING;
    t->stands = t->strike ? 0 : t->version;
    t->strike = false;
    t->transfer = false;
    return RC_OK;
}

static enum rc give_back(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    (void)act;
    (void)e;
    t->state = ENTRY_RETURNED;
    return RC_OK;
}

static enum rc offer(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    bool to_somebody = act->to.n > 0;
    if (str_eq(act->to, act->unit)) {
        return err_set(e, RC_INPUT, "%.*s owns the row already", "这一行已属于 %.*s", PS(act->to));
    }
    if (to_somebody && date_is_sentinel(act->from)) {
        return err_set(e, RC_INPUT, "from which day on is the row to be theirs?",
                       "请写明自哪一天起移交");
    }
    if (!to_somebody && t->offered.n == 0) {
        return err_set(e, RC_CONFLICT, "the row is offered to nobody", "这一行没有待接收的移交");
    }
    t->offered = act->to;
    t->from = to_somebody ? act->from : DATE_MIN;
    t->declined = STR("");
    return RC_OK;
}

static enum rc decline(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    struct str cause = str_trim(act->cause);
    if (cause.n == 0) {
        return err_set(e, RC_INPUT, "say why the row is not taken over", "请写明不接收的理由");
    }
    t->declined = cause;
    return RC_OK;
}

static enum rc take(struct entry_doc *t, const struct entry_act *act, struct err *e)
{
    (void)e;
    propose(t, act);
    t->after = act->after;
    t->transfer = true;
    return RC_OK;
}

bool entry_offered(const struct entry_doc *t, struct str unit)
{
    return t->offered.n > 0 && t->declined.n == 0 && str_eq(t->offered, unit);
}

enum rc entry_step(struct str owner, const struct entry_doc *now, const struct entry_act *act,
                   struct entry_doc *out, struct err *e)
{
    static enum rc (*const does[ENTRY_ACT__COUNT])(struct entry_doc *, const struct entry_act *,
                                                   struct err *) = {
        [ENTRY_ACT_ADD] = add,           [ENTRY_ACT_CHANGE] = change,
        [ENTRY_ACT_END] = end,           [ENTRY_ACT_STRIKE] = strike,
        [ENTRY_ACT_UNDO] = undo,         [ENTRY_ACT_SUBMIT] = submit,
        [ENTRY_ACT_WITHDRAW] = withdraw, [ENTRY_ACT_APPROVE] = approve,
        [ENTRY_ACT_RETURN] = give_back,  [ENTRY_ACT_OFFER] = offer,
        [ENTRY_ACT_TAKE] = take,         [ENTRY_ACT_DECLINE] = decline,
    };
    struct entry_doc next = *now;
    enum entry_by by = acts[act->act].by;
    if (!entry_allows(now->state, act->act)) {
        return moved(now, act, e);
    }
    if (by == BY_OWNER && !str_eq(owner, act->unit)) {
        return elsewhere(act, owner, e);
    }
    if (by == BY_OWNER && now->transfer) {
        return agreed(now, e);
    }
    if (by == BY_TAKER && !entry_offered(now, act->unit)) {
        enum rc rc = err_set(e, RC_DENIED, "the row is not offered to %.*s",
                             "这一行没有移交给 %.*s", PS(act->unit));
        err_hint(e, "Its owner offers it first.", "请先由现登记单位办理移交。");
        return rc;
    }
    TRY(does[act->act](&next, act, e));
    next.last = (struct entry_mark){act->act, act->actor, act->unit, act->day};
    *out = next;
    return RC_OK;
}
