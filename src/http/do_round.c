/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds: what is asked of whom, where they stand, issuing and locking. */
#include "base/arena.h"
#include "http/do_report.h"
#include "http/handlers.h"

#define PAGE 200

/* ---- one round ------------------------------------------------------------------------------ */

/* The round of the path, its population narrowed to the unit and those below it ("": all) whose
 * reports may be followed. */
static enum rc open_round(struct ask *q, struct desk *d, struct str under, struct round_view *v)
{
    uint32_t unit = NONE;
    TRY(ask_desk(q, d));
    TRY(round_find(d, ask_word(q, 0), v, &q->e));
    if (under.n > 0) {
        TRY(desk_unit(d, under, &unit, &q->e));
        TRY(round_narrow(d, v, unit, &q->e));
    }
    round_see(d, v, ARENA_ARRAY(q->a, int8_t, d->tree->n_units + 1U));
    return RC_OK;
}

enum rc do_round(struct ask *q)
{
    struct desk d;
    struct round_view v;
    struct json j;
    struct str unit = ask_text(q, "unit");
    TRY(ask_may(q, "round.read", unit, CLASS_INTERNAL));
    TRY(open_round(q, &d, unit, &v));
    ask_json(q, &j);
    round_members(&d, &v, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- all of them ---------------------------------------------------------------------------- */

struct listing {
    struct desk *d;
    struct json *j;
    uint32_t unit; /* NONE: whoever owes */
    int8_t *seen;  /* by unit, see round_see */
    struct str form, period;
    bool open, counts;
};

static bool wanted(const struct listing *l, const struct round_view *v)
{
    char period[PERIOD_TEXT_BYTES];
    return v->n_units > 0 && (l->form.n == 0 || str_eq(l->form, v->round.form)) &&
           (l->period.n == 0 || str_eq(l->period, period_text(v->round.period, period))) &&
           (!l->open || date_cmp(l->d->today, v->round.due) <= 0);
}

static enum rc list_round(const struct listing *l, struct round_view *v, struct err *e)
{
    struct round_status s;
    if (l->unit != NONE) {
        TRY(round_narrow(l->d, v, l->unit, e));
    }
    round_see(l->d, v, l->seen);
    if (!wanted(l, v)) {
        return RC_OK;
    }
    json_obj_begin(l->j);
    round_members(l->d, v, l->j);
    if (l->counts) {
        TRY(round_all_lines(l->d, v, &s, e));
        json_key(l->j, "counts");
        json_obj_begin(l->j);
        round_counts_members(&s, l->j);
        json_obj_end(l->j);
    }
    json_obj_end(l->j);
    return RC_OK;
}

static bool is_yes(struct ask *q, const char *word)
{
    return str_eq(ask_text(q, word), STR("yes"));
}

enum rc do_rounds(struct ask *q)
{
    struct desk d;
    struct json j;
    struct round_views rounds;
    struct str unit = ask_text(q, "unit");
    struct listing l = {.d = &d,
                        .j = &j,
                        .unit = NONE,
                        .form = ask_text(q, "form"),
                        .period = ask_text(q, "period"),
                        .open = is_yes(q, "open"),
                        .counts = is_yes(q, "counts")};
    TRY(ask_may(q, "round.read", unit, CLASS_INTERNAL));
    TRY(ask_desk(q, &d));
    if (unit.n > 0) {
        TRY(desk_unit(&d, unit, &l.unit, &q->e));
    }
    l.seen = ARENA_ARRAY(q->a, int8_t, d.tree->n_units + 1U);
    TRY(round_views(&d, &rounds, &q->e));
    ask_json(q, &j);
    json_kv_day(&j, "day", d.today);
    json_key(&j, "rounds");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < rounds.list.n; i++) {
        TRY(list_round(&l, &rounds.list.items[i], &q->e));
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- where it stands ------------------------------------------------------------------------ */

static enum rc lines_of(struct ask *q, struct desk *d, struct str under, struct round_view *v,
                        struct round_status *s)
{
    TRY(ask_may(q, "round.read", under, CLASS_INTERNAL));
    TRY(open_round(q, d, under, v));
    return round_all_lines(d, v, s, &q->e);
}

static void line_json(const struct desk *d, const struct round_view *v, const struct round_line *x,
                      struct json *j)
{
    json_obj_begin(j);
    round_line_members(d, v, x, j);
    json_obj_end(j);
}

static bool is_state(const struct round_line *x, struct str state)
{
    return state.n == 0 || str_eq(state, str_from_cstr(report_state_name(x->doc.state)));
}

enum rc do_round_reports(struct ask *q)
{
    struct desk d;
    struct round_view v;
    struct round_status s;
    struct json j;
    struct str state = ask_text(q, "state");
    struct str after = ask_text(q, "after");
    bool late = is_yes(q, "late");
    int64_t limit = ask_count(q, "limit", PAGE);
    int64_t n = 0;
    struct str next = STR("");
    limit = limit < 1 ? 1 : limit > ASK_PAGE_MAX ? ASK_PAGE_MAX : limit;
    TRY(lines_of(q, &d, ask_text(q, "unit"), &v, &s));
    ask_json(q, &j);
    json_kv_str(&j, "round", v.round.id);
    json_key(&j, "counts");
    json_obj_begin(&j);
    round_counts_members(&s, &j);
    json_obj_end(&j);
    json_key(&j, "reports");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < s.n; i++) {
        if (after.n > 0) {
            after = str_eq(after, s.lines[i].doc.unit) ? STR("") : after;
        } else if (is_state(&s.lines[i], state) && (!late || s.lines[i].late)) {
            if (n == limit) {
                n++;
                break;
            }
            line_json(&d, &v, &s.lines[i], &j);
            next = s.lines[i].doc.unit;
            n++;
        }
    }
    json_arr_end(&j);
    json_key(&j, "next");
    if (n > limit) {
        json_str(&j, next);
    } else {
        json_null(&j);
    }
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- counts by tier ------------------------------------------------------------------------- */

/* Lines stand in order of the tree, so those below a unit are neighbours. */
static void tier_json(const struct tree_snap *t, uint32_t at, const struct round_status *s,
                      uint32_t *next, struct json *j)
{
    struct round_status own = {0};
    for (; *next < s->n; ++*next) {
        const struct round_line *x = &s->lines[*next];
        uint32_t i = t->index_of[x->unit];
        if (i < at || i >= t->end[at]) {
            break;
        }
        own.n++;
        own.n_late += x->late;
        own.of_state[x->doc.state]++;
    }
    if (own.n > 0) {
        json_obj_begin(j);
        json_kv_str(j, "unit", tree_snap_code(t, at));
        json_kv_str(j, "unit_name", tree_snap_name(t, at));
        json_kv_int(j, "units", own.n);
        round_counts_members(&own, j);
        json_obj_end(j);
    }
}

enum rc do_round_counts(struct ask *q)
{
    struct desk d;
    struct round_view v;
    struct round_status s;
    struct json j;
    const struct tree_snap *t = NULL;
    uint32_t unit = NONE;
    uint32_t next = 0;
    TRY(lines_of(q, &d, ask_word(q, 1), &v, &s));
    TRY(desk_unit(&d, ask_word(q, 1), &unit, &q->e));
    TRY(desk_tree(&d, v.round.due, &t, &q->e));
    uint32_t top = t->index_of[unit];
    ask_json(q, &j);
    json_kv_str(&j, "round", v.round.id);
    json_key(&j, "counts");
    json_obj_begin(&j);
    round_counts_members(&s, &j);
    json_obj_end(&j);
    json_key(&j, "below");
    json_arr_begin(&j);
    if (top != TREE_NONE && s.n > 0 && s.lines[0].unit == unit) {
        next = 1; /* its own */
    }
    for (uint32_t i = top + 1; top != TREE_NONE && i < t->end[top]; i = t->end[i]) {
        tier_json(t, i, &s, &next, &j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- issuing and locking -------------------------------------------------------------------- */

static const struct str *texts(struct ask *q, const char *name, uint32_t *n)
{
    const struct json_value *list = json_get(q->body, name);
    struct str *out = ARENA_ARRAY(q->a, struct str, json_count(list) + 1U);
    *n = 0;
    for (const struct json_value *x = json_items(list); x != NULL; x = x->next) {
        out[(*n)++] = json_text(x);
    }
    return out;
}

static struct round_wish wish_of(struct ask *q)
{
    struct round_wish w = {.id = ask_member(q, "round"),
                           .form = ask_member(q, "form"),
                           .period = ask_member(q, "period"),
                           .due = ask_member(q, "due"),
                           .within = ask_member(q, "within"),
                           .signatures = (uint32_t)json_number(json_get(q->body, "signatures")),
                           .minutes = (uint32_t)json_number(json_get(q->body, "minutes"))};
    w.only = texts(q, "only", &w.n_only);
    w.without = texts(q, "without", &w.n_without);
    return w;
}

enum rc do_round_open(struct ask *q)
{
    struct desk d;
    struct round_view v;
    struct json j;
    bool dry = is_yes(q, "dry");
    const struct round_wish w = wish_of(q);
    TRY(ask_may(q, "round.try", STR(""), CLASS_INTERNAL));
    TRY(ask_desk(q, &d));
    TRY(round_try(&d, &w, &v, &q->e));
    enum rc rc = dry ? RC_OK : round_open(&d, &v, &q->e);
    if (rc == RC_FINDINGS) {
        return ask_refuse_found(q, &v.against);
    }
    TRY(rc);
    ask_json(q, &j);
    json_kv_bool(&j, "dry", dry);
    round_try_members(&d, &v, &j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

enum rc do_round_lock(struct ask *q)
{
    struct desk d;
    struct round_view v;
    struct json j;
    uint32_t n = 0;
    TRY(ask_may(q, "report.lock", STR(""), CLASS_INTERNAL));
    TRY(ask_desk(q, &d));
    TRY(round_find(&d, ask_word(q, 0), &v, &q->e));
    TRY(round_lock(&d, &v, &n, &q->e));
    ask_json(q, &j);
    json_kv_str(&j, "round", v.round.id);
    json_kv_int(&j, "locked", n);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
