/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds and submissions as JSON: the same for the command line and the service. */
#include "app/report/report_int.h"
#include "app/seat/right.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "model/mark.h"

/* ---- rounds --------------------------------------------------------------------------------- */

void round_members(const struct desk *d, const struct round_view *v, struct json *j)
{
    char text[PERIOD_TEXT_BYTES];
    const struct round *r = &v->round;
    const struct commitment *form = &d->plan->commitments[v->form];
    json_kv_str(j, "round", r->id);
    json_kv_str(j, "form", r->form);
    json_kv_str(j, "form_name", form->name);
    json_kv_str(j, "form_english", form->english);
    json_kv_str(j, "kind", d->plan->kinds[form->of_kind].name);
    json_kv_str(j, "period", period_text(r->period, text));
    json_kv_str(j, "due", date_text(r->until, text));
    json_kv_bool(j, "over", date_cmp(d->today, r->until) > 0);
    json_kv_str(j, "within", r->within);
    json_kv_int(j, "units", v->n_units);
    json_key(j, "items");
    json_arr_begin(j);
    for (uint32_t i = 0; i < r->n_items; i++) {
        json_str(j, r->items[i]);
    }
    json_arr_end(j);
    json_kv_int(j, "signatures", r->signatures);
    json_kv_int(j, "minutes_per_figure", r->minutes);
    json_kv_str(j, "hours", rat_dec_str(d->a, round_hours(d->a, v), 1, NULL));
    json_kv_int(j, "seen", v->seen);
    json_key(j, "opened");
    report_mark_put(j, &r->opened);
}

void round_try_members(const struct desk *d, const struct round_view *v, struct json *j)
{
    round_members(d, v, j);
    json_kv_int(j, "earlier_reports", v->earlier_reports);
    json_kv_int(j, "earlier_minutes", v->earlier_minutes);
    json_key(j, "findings");
    report_findings_json(&v->against, j);
}

void round_counts_members(const struct round_status *s, struct json *j)
{
    json_kv_int(j, "late", s->n_late);
    for (uint32_t i = 0; i < REPORT__STATES; i++) {
        json_kv_int(j, i == REPORT_NONE ? "silent" : report_state_name((enum report_state)i),
                    s->of_state[i]);
    }
}

void round_line_members(const struct desk *d, const struct round_view *v,
                        const struct round_line *x, struct json *j)
{
    const struct submission_brief *s = &x->brief;
    const struct tree_version *now = tree_version_at(d->tree, x->unit, v->round.due);
    json_kv_str(j, "unit", s->unit);
    json_kv_str(j, "unit_name", now != NULL ? now->name : STR(""));
    json_kv_cstr(j, "state", report_state_name(s->state));
    json_kv_int(j, "version", s->version);
    json_kv_int(j, "seen", x->seen);
    json_kv_str(j, "waits_for", s->waits_for);
    json_kv_bool(j, "late", x->late);
    json_kv_day(j, "submitted", s->submitted);
    json_kv_int(j, "explained", s->explained);
    json_kv_int(j, "returned", s->returned);
    json_kv_int(j, "signatures", s->signatures);
}

/* ---- a submission --------------------------------------------------------------------------- */

static void marks(struct json *j, const char *key, const struct report_marks *list)
{
    json_key(j, key);
    json_arr_begin(j);
    for (uint32_t i = 0; i < list->list.n; i++) {
        report_mark_put(j, &list->list.items[i]);
    }
    json_arr_end(j);
}

/* Where a report stands, without its figures. */
void report_standing_members(const struct desk *d, const struct report *r, struct json *j)
{
    const struct submission *s = &r->doc;
    const struct tree_version *now = tree_version_at(d->tree, r->unit, r->round.round.due);
    json_kv_str(j, "round", r->round.round.id);
    json_kv_str(j, "unit", s->unit);
    json_kv_str(j, "unit_name", now != NULL ? now->name : STR(""));
    json_kv_int(j, "seen", r->seen);
    json_kv_cstr(j, "state", report_state_name(s->state));
    json_kv_int(j, "version", s->version);
    json_kv_str(j, "waits_for", report_waits_for(s));
    json_kv_str(j, "cause", s->cause);
    json_kv_day(j, "submitted", s->submitted);
    json_kv_int(j, "minutes", s->minutes);
    json_kv_int(j, "signatures", s->signatures.list.n);
    json_kv_int(j, "signatures_needed", report_signatures(&r->round.round, s));
    marks(j, "signed", &s->signatures);
    marks(j, "decided", &s->decisions);
    if (s->state != REPORT_NONE) {
        json_key(j, "last");
        report_mark_put(j, &s->last);
    }
}

static void bound(const struct desk *d, const struct datum *of, const char *key, struct rat x,
                  struct json *j)
{
    if (of->type == VT_NUMBER && !rat_is_inf(x)) {
        json_kv_str(j, key, rat_dec_str(d->a, rat_div(d->a, x, of->factor), of->decimals, NULL));
    }
}

void datum_type_json(const struct datum *of, struct json *j)
{
    static const char *const types[] = {[VT_NUMBER] = "number",
                                        [VT_BOOL] = "boolean",
                                        [VT_CHOICE] = "choice",
                                        [VT_TEXT] = "text",
                                        [VT_DATE] = "date"};
    json_kv_cstr(j, "type", types[of->type]);
    json_key(j, "choices");
    json_arr_begin(j);
    for (uint32_t i = 0; i < of->n_choices; i++) {
        json_str(j, of->choices[i]);
    }
    json_arr_end(j);
}

static void datum_members(const struct desk *d, const struct datum *of, struct json *j)
{
    json_kv_str(j, "name", of->name);
    json_kv_str(j, "english", of->english);
    json_kv_str(j, "definition", mark_words(d->a, of->definition));
    json_kv_str(j, "source", of->source);
    datum_type_json(of, j);
    json_kv_str(j, "measure", of->unit);
    json_kv_int(j, "decimals", of->decimals);
    json_kv_cstr(j, "class", seat_classes[of->class_].word);
    bound(d, of, "lo", of->lo, j);
    bound(d, of, "hi", of->hi, j);
}

struct str report_cell_text(const struct desk *d, const struct report *r, uint32_t item,
                            const struct value *v)
{
    return r->hidden[item] ? STR("")
                           : cell_shown(d->a, &d->plan->items[r->round.item[item]].d, v, false);
}

static void cell_members(const struct desk *d, const struct report *r, uint32_t i, struct json *j)
{
    struct str name = r->round.round.items[i];
    const struct datum *of = &d->plan->items[r->round.item[i]].d;
    const struct report_note *said = report_note_of(&r->doc.explained, name);
    const struct report_note *back = report_note_of(&r->doc.returned, name);
    bool shown = !r->hidden[i];
    json_kv_str(j, "item", name);
    datum_members(d, of, j);
    json_kv_str(j, "value", report_cell_text(d, r, i, &r->cells[i]));
    if (r->before != NULL) {
        json_kv_str(j, "before", report_cell_text(d, r, i, &r->before[i]));
    }
    json_kv_str(j, "explained", shown ? report_note_text(said) : STR(""));
    json_kv_str(j, "returned", shown ? report_note_text(back) : STR(""));
    json_kv_str(j, "was", shown && back != NULL ? back->was : STR(""));
    json_kv_bool(j, "sealed", r->hidden[i]);
}

/* Explanations of checks, which are about no cell (RD4). */
static void check_notes(const struct desk *d, const struct report *r, struct json *j)
{
    json_key(j, "checks");
    json_arr_begin(j);
    for (uint32_t i = 0; i < r->doc.explained.list.n; i++) {
        const struct report_note *n = &r->doc.explained.list.items[i];
        uint32_t check = report_check_named(d, n->about);
        if (check != NONE &&
            check_may_tell(d, r->unit, &d->plan->commitments[check], "report.read", false)) {
            json_obj_begin(j);
            json_kv_str(j, "check", n->about);
            json_kv_str(j, "explained", n->text);
            json_obj_end(j);
        }
    }
    json_arr_end(j);
}

void report_members(const struct desk *d, const struct report *r, struct json *j)
{
    char text[PERIOD_TEXT_BYTES];
    const struct commitment *form = &d->plan->commitments[r->round.form];
    report_standing_members(d, r, j);
    json_kv_str(j, "form", form->id);
    json_kv_str(j, "form_name", form->name);
    json_kv_str(j, "form_english", form->english);
    json_kv_str(j, "period", period_text(r->round.round.period, text));
    json_kv_str(j, "due", date_text(r->round.round.until, text));
    json_kv_bool(j, "made_up", r->demo);
    check_notes(d, r, j);
    json_key(j, "cells");
    json_arr_begin(j);
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        json_obj_begin(j);
        cell_members(d, r, i, j);
        json_obj_end(j);
    }
    json_arr_end(j);
}
