/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds and submissions as documents of the book: canonical JSON, readable by people. */
#include "app/report/report_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_tree.h"

#define DOC_BYTES (4U * 1024 * 1024)

struct str round_subject(struct arena *a, struct str id)
{
    return str_cat(a, STR("round/"), id);
}

struct str submission_subject(struct arena *a, struct str round, struct str unit)
{
    struct str s = str_cat(a, str_cat(a, STR("form/"), round), STR("/"));
    return str_cat(a, s, unit);
}

/* ---- writing -------------------------------------------------------------------------------- */

static void put_texts(struct json *j, const char *key, const struct str *items, uint32_t n)
{
    json_key(j, key);
    json_arr_begin(j);
    for (uint32_t i = 0; i < n; i++) {
        json_str(j, items[i]);
    }
    json_arr_end(j);
}

void report_mark_put(struct json *j, const struct report_mark *m)
{
    json_obj_begin(j);
    json_kv_cstr(j, "act", report_act_name(m->act));
    json_kv_str(j, "actor", m->actor);
    json_kv_str(j, "unit", m->unit);
    json_kv_day(j, "day", m->day);
    json_kv_text(j, "via", m->via);
    json_obj_end(j);
}

static void put_marks(struct json *j, const char *key, const struct report_marks *marks)
{
    json_key(j, key);
    json_arr_begin(j);
    for (uint32_t i = 0; i < marks->list.n; i++) {
        report_mark_put(j, &marks->list.items[i]);
    }
    json_arr_end(j);
}

static void put_notes(struct json *j, const char *key, const struct report_notes *notes)
{
    json_key(j, key);
    json_arr_begin(j);
    for (uint32_t i = 0; i < notes->list.n; i++) {
        const struct report_note *n = &notes->list.items[i];
        json_obj_begin(j);
        json_kv_str(j, "about", n->about);
        json_kv_str(j, "text", n->text);
        json_kv_text(j, "actor", n->actor);
        json_kv_text(j, "was", n->was);
        json_obj_end(j);
    }
    json_arr_end(j);
}

struct str round_write(struct arena *a, const struct round *r)
{
    char period[PERIOD_TEXT_BYTES];
    struct buf b;
    struct json j;
    buf_init_in(&b, a, DOC_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_str(&j, "form", r->form);
    json_kv_str(&j, "period", period_text(r->period, period));
    json_kv_str(&j, "within", r->within);
    put_texts(&j, "only", r->only, r->n_only);
    put_texts(&j, "items", r->items, r->n_items);
    json_kv_day(&j, "due", r->due);
    json_kv_int(&j, "signatures", r->signatures);
    json_kv_int(&j, "minutes", r->minutes);
    json_key(&j, "opened");
    report_mark_put(&j, &r->opened);
    if (r->cause.n > 0) {
        json_kv_day(&j, "until", r->until);
        json_kv_str(&j, "cause", r->cause);
        json_key(&j, "extended");
        report_mark_put(&j, &r->by);
    }
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

void submission_put(struct json *j, const struct submission *s)
{
    json_obj_begin(j);
    json_kv_cstr(j, "state", report_state_name(s->state));
    json_kv_int(j, "version", s->version);
    json_kv_text(j, "cause", s->cause);
    json_kv_text(j, "figures", s->figures);
    json_kv_day(j, "submitted", s->submitted);
    json_kv_int(j, "minutes", s->minutes);
    put_texts(j, "tiers", s->tiers, s->n_tiers);
    json_kv_int(j, "at", s->at);
    put_notes(j, "returned", &s->returned);
    put_notes(j, "explained", &s->explained);
    put_marks(j, "signatures", &s->signatures);
    put_marks(j, "decisions", &s->decisions);
    json_key(j, "last");
    report_mark_put(j, &s->last);
    json_obj_end(j);
}

struct str submission_write(struct arena *a, const struct submission *s)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, DOC_BYTES);
    json_init(&j, &b, false);
    submission_put(&j, s);
    json_end(&j);
    return buf_view(&b);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* `bad` is sticky. */
struct doc {
    struct arena *a;
    bool bad;
};

static const struct str *get_texts(struct doc *d, const struct json_value *v, uint32_t *n)
{
    uint32_t i = 0;
    struct str *out = ARENA_ARRAY(d->a, struct str, json_count(v) + 1U);
    for (const struct json_value *x = json_items(v); x; x = x->next) {
        out[i++] = json_text(x);
    }
    *n = i;
    return out;
}

static uint32_t get_count(struct doc *d, const struct json_value *v, uint32_t most)
{
    int64_t n = json_number(v);
    d->bad |= n < 0 || n > most;
    return d->bad ? 0 : (uint32_t)n;
}

static struct report_mark get_mark(struct doc *d, const struct json_value *v)
{
    uint32_t act = 0;
    struct str name = json_text(json_get(v, "act"));
    while (act < ACT__COUNT && !str_eq(name, str_from_cstr(report_act_name(act)))) {
        act++;
    }
    d->bad |= act == ACT__COUNT;
    return (struct report_mark){d->bad ? ACT_SAVE : (enum report_act_kind)act,
                                json_text(json_get(v, "actor")), json_text(json_get(v, "unit")),
                                json_day(json_get(v, "day"), &d->bad),
                                json_text(json_get(v, "via"))};
}

static struct report_marks get_marks(struct doc *d, const struct json_value *v)
{
    struct report_marks marks = {0};
    for (const struct json_value *x = json_items(v); x; x = x->next) {
        vec_push(d->a, &marks.list, get_mark(d, x));
    }
    return marks;
}

static struct report_notes get_notes(struct doc *d, const struct json_value *v)
{
    struct report_notes notes = {0};
    for (const struct json_value *x = json_items(v); x; x = x->next) {
        vec_push(
            d->a, &notes.list,
            (struct report_note){json_text(json_get(x, "about")), json_text(json_get(x, "text")),
                                 json_text(json_get(x, "actor")), json_text(json_get(x, "was"))});
    }
    return notes;
}

static enum rc damaged(struct err *e)
{
    return err_set(e, RC_DB, "a document of reporting in the book is damaged",
                   "账本中的填报文档已损坏");
}

enum rc round_read(struct arena *a, struct str json, struct round *out, struct err *e)
{
    struct doc d = {a, false};
    struct round r = {0};
    const struct json_value *v = json_read(a, json);
    r.form = json_text(json_get(v, "form"));
    d.bad |= period_parse(json_text(json_get(v, "period")), &r.period, NULL) != RC_OK;
    r.within = json_text(json_get(v, "within"));
    r.only = get_texts(&d, json_get(v, "only"), &r.n_only);
    r.items = get_texts(&d, json_get(v, "items"), &r.n_items);
    r.due = json_day(json_get(v, "due"), &d.bad);
    r.signatures = get_count(&d, json_get(v, "signatures"), SIGNER__COUNT);
    r.minutes = json_number(json_get(v, "minutes"));
    r.opened = get_mark(&d, json_get(v, "opened"));
    r.cause = json_text(json_get(v, "cause"));
    r.until = r.cause.n > 0 ? json_day(json_get(v, "until"), &d.bad) : r.due;
    if (r.cause.n > 0) {
        r.by = get_mark(&d, json_get(v, "extended"));
    }
    r.id = out->id;
    *out = r;
    return d.bad ? damaged(e) : RC_OK;
}

static enum report_state get_state(struct doc *d, const struct json_value *v)
{
    for (uint32_t i = 0; i < REPORT__STATES; i++) {
        if (str_eq(json_text(v), str_from_cstr(report_state_name((enum report_state)i)))) {
            return (enum report_state)i;
        }
    }
    d->bad = true;
    return REPORT_NONE;
}

bool submission_get(struct arena *a, const struct json_value *v, struct submission *out)
{
    struct doc d = {a, false};
    struct submission s = {.round = out->round, .unit = out->unit};
    s.state = get_state(&d, json_get(v, "state"));
    s.version = json_number(json_get(v, "version"));
    s.cause = json_text(json_get(v, "cause"));
    s.figures = json_text(json_get(v, "figures"));
    s.submitted = json_day(json_get(v, "submitted"), &d.bad);
    s.minutes = json_number(json_get(v, "minutes"));
    s.tiers = get_texts(&d, json_get(v, "tiers"), &s.n_tiers);
    s.at = get_count(&d, json_get(v, "at"), s.n_tiers);
    s.returned = get_notes(&d, json_get(v, "returned"));
    s.explained = get_notes(&d, json_get(v, "explained"));
    s.signatures = get_marks(&d, json_get(v, "signatures"));
    s.decisions = get_marks(&d, json_get(v, "decisions"));
    s.last = get_mark(&d, json_get(v, "last"));
    d.bad |= s.state == REPORT_SUBMITTED && s.at >= s.n_tiers;
    *out = s;
    return !d.bad;
}

bool report_mark_get(struct arena *a, const struct json_value *v, struct report_mark *out)
{
    struct doc d = {a, false};
    *out = get_mark(&d, v);
    return !d.bad;
}

enum rc submission_read(struct arena *a, struct str json, struct submission *out, struct err *e)
{
    return submission_get(a, json_read(a, json), out) ? RC_OK : damaged(e);
}
