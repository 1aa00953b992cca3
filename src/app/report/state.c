/* SPDX-License-Identifier: Apache-2.0 */
/* What an act makes of a submission: report/report.def says when, the functions here what. */
#include "app/report/report.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"

#define IN(state) (1U << REPORT_##state)

static const struct {
    const char *name;
    const char *text[2]; /* English, Chinese; so everywhere here */
} states[REPORT__STATES] = {
#define STATE(id, word, en, zh) [REPORT_##id] = {word, {(en), (zh)}},
#include "app/report/report.def"
};

static const struct {
    const char *name;
    uint32_t in;
    enum report_place where;
    const char *text[2];
} acts[ACT__COUNT] = {
#define ACT(id, word, states, place, en, zh) [ACT_##id] = {word, (states), place, {(en), (zh)}},
#include "app/report/report.def"
};

static const struct {
    const char *name;
    const char *text[2];
} roles[SIGNER__COUNT] = {
#define ROLE(id, word, en, zh) [SIGNER_##id] = {word, {(en), (zh)}},
#include "app/report/report.def"
};

const char *report_state_name(enum report_state s)
{
    return states[s].name;
}

const char *report_act_name(enum report_act_kind act)
{
    return acts[act].name;
}

const char *report_role_name(enum report_role role)
{
    return roles[role].name;
}

const char *report_state_text(enum report_state s, bool chinese)
{
    return states[s].text[chinese];
}

const char *report_act_text(enum report_act_kind act, bool chinese)
{
    return acts[act].text[chinese];
}

const char *report_role_text(enum report_role role, bool chinese)
{
    return roles[role].text[chinese];
}

const struct report_note *report_note_of(const struct report_notes *notes, struct str about)
{
    for (uint32_t i = 0; i < notes->list.n; i++) {
        if (str_eq(notes->list.items[i].about, about)) {
            return &notes->list.items[i];
        }
    }
    return NULL;
}

bool report_allows(enum report_state state, enum report_act_kind act)
{
    return (acts[act].in & 1U << state) != 0;
}

struct str report_place_of(const struct round *r, const struct submission *s,
                           enum report_act_kind act)
{
    switch (acts[act].where) {
    case AT_UNIT:
        return s->unit;
    case AT_TIER:
        return s->at < s->n_tiers ? s->tiers[s->at] : STR("");
    case AT_ROOT:
        break;
    }
    return r->opened.unit;
}

struct str report_waits_for(const struct submission *s)
{
    return s->state == REPORT_SUBMITTED ? s->tiers[s->at] : STR("");
}

struct submission_brief submission_brief(const struct submission *s)
{
    return (struct submission_brief){.unit = s->unit,
                                     .waits_for = report_waits_for(s),
                                     .state = s->state,
                                     .version = s->version,
                                     .submitted = s->submitted,
                                     .explained = s->explained.list.n,
                                     .returned = s->returned.list.n,
                                     .signatures = s->signatures.list.n};
}

uint32_t report_signatures(const struct round *r, const struct submission *s)
{
    bool correction = s->version > 1;
    return correction && r->signatures == 0 ? 1 : r->signatures;
}

/* ---- refusals ------------------------------------------------------------------------------- */

static enum rc moved(const struct submission *s, const struct report_act *act, struct err *e)
{
    char day[DATE_TEXT_BYTES];
    const struct report_mark *m = &s->last;
    struct str when = date_text(m->day, day);
    if (s->state == REPORT_NONE) {
        return err_set(e, RC_CONFLICT, "%s: nothing has been reported by %.*s yet%.0s",
                       "%.0s%.*s 尚未填报，不能%s", acts[act->act].name, PS(s->unit),
                       acts[act->act].text[1]);
    }
    return err_set(e, RC_CONFLICT, "the report of %.*s is %s: %.*s %s it on %.*s%.0s%.0s",
                   "%.*s 的报表%.0s已由 %.*s %.0s于 %.*s %s，现为“%s”", PS(s->unit),
                   states[s->state].text[0], PS(m->actor), acts[m->act].text[0], PS(when),
                   acts[m->act].text[1], states[s->state].text[1]);
}

static bool among(const struct report_marks *marks, struct str actor)
{
    for (uint32_t i = 0; i < marks->list.n; i++) {
        if (str_eq(marks->list.items[i].actor, actor)) {
            return true;
        }
    }
    return false;
}

enum report_role report_signs_as(const struct submission *s, struct str actor)
{
    uint32_t i = 0;
    while (i < s->signatures.list.n && !str_eq(s->signatures.list.items[i].actor, actor)) {
        i++;
    }
    return i < SIGNER__COUNT ? (enum report_role)i : (enum report_role)(SIGNER__COUNT - 1);
}

/* RE3 */
static enum rc may_decide(const struct submission *s, const struct report_act *act, struct err *e)
{
    if (among(&s->signatures, act->actor) || among(&s->decisions, act->actor)) {
        return err_set(e, RC_DENIED, "%.*s signed, submitted or decided on it already",
                       "%.*s 已在本报表上签字、提交或审核过，不能再审核", PS(act->actor));
    }
    return RC_OK;
}

/* ---- what each act does --------------------------------------------------------------------- */

static struct report_mark mark_of(const struct report_act *act)
{
    return (struct report_mark){act->act, act->actor, act->unit, act->day, act->via};
}

static struct report_marks with(struct arena *a, const struct report_marks *before,
                                struct report_mark m)
{
    struct report_marks all = {0};
    for (uint32_t i = 0; i < before->list.n; i++) {
        vec_push(a, &all.list, before->list.items[i]);
    }
    vec_push(a, &all.list, m);
    return all;
}

static enum rc save(struct arena *a, const struct round *r, const struct report_act *act,
                    struct submission *s, struct err *e)
{
    (void)a;
    (void)r;
    (void)e;
    s->state = s->state == REPORT_NONE ? REPORT_DRAFT : s->state;
    s->version = s->version == 0 ? 1 : s->version;
    s->figures = act->figures;
    s->explained = act->notes;
    s->minutes = act->minutes > 0 ? act->minutes : s->minutes;
    s->signatures = (struct report_marks){0};
    return RC_OK;
}

static enum rc sign(struct arena *a, const struct round *r, const struct report_act *act,
                    struct submission *s, struct err *e)
{
    uint32_t wanted = report_signatures(r, s);
    if (among(&s->signatures, act->actor)) {
        enum report_role role = report_signs_as(s, act->actor);
        return err_set(e, RC_CONFLICT, "%.*s has signed already, as %s%.0s; another person must",
                       "%.*s %.0s已签字（%s），须由另一人签", PS(act->actor),
                       report_role_text(role, false), report_role_text(role, true));
    }
    if (s->signatures.list.n >= wanted) {
        return err_set(e, RC_INPUT, "all %u signatures are there", "%u 个签字已齐", wanted);
    }
    s->signatures = with(a, &s->signatures, mark_of(act));
    return RC_OK;
}

static enum rc submit(struct arena *a, const struct round *r, const struct report_act *act,
                      struct submission *s, struct err *e)
{
    ASSERT(act->n_tiers > 0);
    uint32_t there = s->signatures.list.n;
    if (there < report_signatures(r, s)) {
        enum rc rc = err_set(e, RC_INPUT, "the signature of the %s is missing%.0s",
                             "%.0s缺少%s签字", roles[there].text[0], roles[there].text[1]);
        err_hint(e, "Sign first.", "请先签字。");
        return rc;
    }
    s->state = REPORT_SUBMITTED;
    s->tiers = act->tiers;
    s->n_tiers = act->n_tiers;
    s->at = 0;
    s->returned = (struct report_notes){0};
    /* Who submitted counts as one who had it in hand (RE3). */
    s->decisions = with(a, &(struct report_marks){0}, mark_of(act));
    if (date_is_sentinel(s->submitted)) {
        s->submitted = act->day;
    }
    return RC_OK;
}

static enum rc withdraw(struct arena *a, const struct round *r, const struct report_act *act,
                        struct submission *s, struct err *e)
{
    (void)a;
    (void)r;
    if (s->at > 0) {
        return moved(s, act, e);
    }
    s->state = REPORT_DRAFT;
    s->decisions = (struct report_marks){0};
    return RC_OK;
}

static enum rc approve(struct arena *a, const struct round *r, const struct report_act *act,
                       struct submission *s, struct err *e)
{
    (void)r;
    TRY(may_decide(s, act, e));
    s->decisions = with(a, &s->decisions, mark_of(act));
    s->at++;
    s->state = s->at == s->n_tiers ? REPORT_ACCEPTED : REPORT_SUBMITTED;
    return RC_OK;
}

/* What was said of a cell before it was returned is no answer to that. */
static struct report_notes without(struct arena *a, const struct report_notes *notes,
                                   const struct report_notes *cells)
{
    struct report_notes kept = {0};
    for (uint32_t i = 0; i < notes->list.n; i++) {
        if (report_note_of(cells, notes->list.items[i].about) == NULL) {
            vec_push(a, &kept.list, notes->list.items[i]);
        }
    }
    return kept;
}

static enum rc give_back(struct arena *a, const struct round *r, const struct report_act *act,
                         struct submission *s, struct err *e)
{
    (void)r;
    TRY(may_decide(s, act, e));
    if (act->notes.list.n == 0) {
        return err_set(e, RC_INPUT, "name the cells to return, each with a reason",
                       "请写明退回的数据项及理由");
    }
    s->decisions = with(a, &s->decisions, mark_of(act));
    s->returned = act->notes;
    s->explained = without(a, &s->explained, &act->notes);
    s->signatures = (struct report_marks){0};
    s->state = REPORT_RETURNED;
    return RC_OK;
}

static enum rc lock(struct arena *a, const struct round *r, const struct report_act *act,
                    struct submission *s, struct err *e)
{
    (void)a;
    (void)r;
    (void)act;
    (void)e;
    s->state = REPORT_LOCKED;
    return RC_OK;
}

static enum rc correct(struct arena *a, const struct round *r, const struct report_act *act,
                       struct submission *s, struct err *e)
{
    (void)a;
    (void)r;
    if (str_trim(act->cause).n == 0) {
        return err_set(e, RC_INPUT, "a correction needs its cause", "更正须写明原因");
    }
    s->state = REPORT_DRAFT;
    s->version++;
    s->cause = act->cause;
    s->signatures = (struct report_marks){0};
    s->decisions = (struct report_marks){0};
    s->at = 0;
    return RC_OK;
}

enum rc report_step(struct arena *a, const struct round *r, const struct submission *now,
                    const struct report_act *act, struct submission *out, struct err *e)
{
    static enum rc (*const does[ACT__COUNT])(struct arena *, const struct round *,
                                             const struct report_act *, struct submission *,
                                             struct err *) = {
        [ACT_SAVE] = save,         [ACT_SIGN] = sign,       [ACT_SUBMIT] = submit,
        [ACT_WITHDRAW] = withdraw, [ACT_APPROVE] = approve, [ACT_RETURN] = give_back,
        [ACT_LOCK] = lock,         [ACT_CORRECT] = correct,
    };
    if (!report_allows(now->state, act->act)) {
        return moved(now, act, e);
    }
    struct str place = report_place_of(r, now, act->act);
    if (!str_eq(place, act->unit)) {
        return err_set(e, RC_DENIED, "%s: this is done at %.*s, not at %.*s%.0s",
                       "%.0s此事由 %.*s 办理，不是 %.*s：%s", acts[act->act].name, PS(place),
                       PS(act->unit), acts[act->act].text[1]);
    }
    struct submission next = *now;
    TRY(does[act->act](a, r, act, &next, e));
    next.last = mark_of(act);
    *out = next;
    return RC_OK;
}
