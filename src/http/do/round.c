/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds: what is asked of whom, where they stand, issuing and locking. */
#include "base/arena.h"
#include "http/do/report.h"
#include "http/handlers.h"
#include "http/page.h"

/* ---- a round as a row ------------------------------------------------------------------------ */

struct rounds {
    struct ask *q;
    struct desk d;
    struct round_views all;
    struct str form, period;
    bool open, counts;
};

static void counts_json(const struct round_status *s, struct json *j)
{
    json_obj_begin(j);
    round_counts_members(s, j);
    json_obj_end(j);
}

static void round_row(void *ctx, uint32_t i, struct page *p)
{
    struct rounds *x = ctx;
    char text[PERIOD_TEXT_BYTES];
    const struct round_view *v = &x->all.list.items[i];
    const struct round *r = &v->round;
    const struct commitment *form = &x->d.plan->commitments[v->form];
    struct round_status s;
    page_text(p, "round", r->id);
    page_text(p, "form", r->form);
    page_text(p, "form_name", form->name);
    page_text(p, "form_english", form->english);
    page_text(p, "kind", x->d.plan->kinds[form->of_kind].name);
    page_text(p, "period", period_text(r->period, text));
    page_day(p, "due", r->until);
    page_day(p, "first_due", r->due);
    page_text(p, "extended", r->cause);
    page_bool(p, "over", date_cmp(x->d.today, r->until) > 0);
    page_text(p, "within", r->within);
    page_int(p, "units", v->n_units);
    page_texts(p, "items", r->items, r->n_items);
    page_int(p, "signatures", r->signatures);
    page_int(p, "minutes_per_figure", r->minutes);
    page_number(p, "hours", rat_dec_str(x->q->a, round_hours(x->q->a, v), 1, NULL));
    page_int(p, "seen", v->seen);
    struct json *j = page_json(p, "opened");
    if (j != NULL) {
        report_mark_put(j, &r->opened);
    }
    if (x->counts && round_all_lines(&x->d, v, &s, &x->q->e) == RC_OK &&
        (j = page_json(p, "counts")) != NULL) {
        counts_json(&s, j);
    }
}

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
    struct rounds x = {.q = q};
    struct round_view v;
    struct str unit = ask_text(q, "unit");
    TRY(ask_may(q, "round.read", unit, CLASS_INTERNAL));
    TRY(open_round(q, &x.d, unit, &v));
    vec_push(q->a, &x.all.list, v);
    return page_item(q, SHAPE_ROUND, round_row, &x, 0);
}

static bool is_yes(struct ask *q, const char *word)
{
    return str_eq(ask_text(q, word), STR("yes"));
}

static void rounds_head(void *ctx, struct json *j)
{
    json_kv_day(j, "day", ((const struct rounds *)ctx)->d.today);
}

static bool round_shows(void *ctx, uint32_t i)
{
    const struct rounds *x = ctx;
    char period[PERIOD_TEXT_BYTES];
    const struct round_view *v = &x->all.list.items[i];
    return v->n_units > 0 && (x->form.n == 0 || str_eq(x->form, v->round.form)) &&
           (x->period.n == 0 || str_eq(x->period, period_text(v->round.period, period))) &&
           (!x->open || date_cmp(x->d.today, v->round.until) <= 0);
}

static struct str round_key(void *ctx, uint32_t i)
{
    return ((const struct rounds *)ctx)->all.list.items[i].round.id;
}

enum rc do_rounds(struct ask *q)
{
    struct str under = ask_text(q, "unit");
    uint32_t unit = NONE;
    struct rounds x = {.q = q,
                       .form = ask_text(q, "form"),
                       .period = ask_text(q, "period"),
                       .open = is_yes(q, "open"),
                       .counts = is_yes(q, "counts")};
    TRY(ask_may(q, "round.read", under, CLASS_INTERNAL));
    TRY(ask_desk(q, &x.d));
    if (under.n > 0) {
        TRY(desk_unit(&x.d, under, &unit, &q->e));
    }
    int8_t *seen = ARENA_ARRAY(q->a, int8_t, x.d.tree->n_units + 1U);
    TRY(round_views(&x.d, &x.all, &q->e));
    for (uint32_t i = 0; i < x.all.list.n; i++) {
        if (unit != NONE) {
            TRY(round_narrow(&x.d, &x.all.list.items[i], unit, &q->e));
        }
        round_see(&x.d, &x.all.list.items[i], seen);
    }
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.all.list.n,
                                              .title = {"rounds", "填报轮次"},
                                              .head = rounds_head,
                                              .shows = round_shows,
                                              .key = round_key,
                                              .row = round_row});
}

/* ---- where it stands ------------------------------------------------------------------------ */

struct lines {
    struct ask *q;
    struct desk d;
    struct round_view v;
    struct round_status s;
    struct str state;
    bool late;
};

static enum rc open_lines(struct ask *q, struct str under, struct lines *x)
{
    *x = (struct lines){.q = q, .state = ask_text(q, "state"), .late = is_yes(q, "late")};
    TRY(ask_may(q, "round.read", under, CLASS_INTERNAL));
    TRY(open_round(q, &x->d, under, &x->v));
    return round_all_lines(&x->d, &x->v, &x->s, &q->e);
}

void page_round_line(const struct desk *d, const struct round_view *v, const struct round_line *x,
                     struct page *p)
{
    const struct submission_brief *s = &x->brief;
    const struct tree_version *now = tree_version_at(d->tree, x->unit, v->round.due);
    page_text(p, "unit", s->unit);
    page_text(p, "unit_name", now != NULL ? now->name : STR(""));
    page_word(p, "state", report_state_name(s->state), report_state_text(s->state, true));
    page_int(p, "version", s->version);
    page_int(p, "seen", x->seen);
    page_text(p, "waits_for", s->waits_for);
    page_bool(p, "late", x->late);
    page_day(p, "submitted", s->submitted);
    page_int(p, "explained", s->explained);
    page_int(p, "returned", s->returned);
    page_int(p, "signatures", s->signatures);
}

static void lines_head(void *ctx, struct json *j)
{
    const struct lines *x = ctx;
    json_kv_str(j, "round", x->v.round.id);
    json_key(j, "counts");
    counts_json(&x->s, j);
}

static bool line_shows(void *ctx, uint32_t i)
{
    const struct lines *x = ctx;
    const struct round_line *l = &x->s.lines[i];
    struct str state = str_from_cstr(report_state_name(l->brief.state));
    return (x->state.n == 0 || str_eq(x->state, state)) && (!x->late || l->late);
}

static struct str line_key(void *ctx, uint32_t i)
{
    return ((const struct lines *)ctx)->s.lines[i].brief.unit;
}

static void line_row(void *ctx, uint32_t i, struct page *p)
{
    const struct lines *x = ctx;
    page_round_line(&x->d, &x->v, &x->s.lines[i], p);
}

enum rc do_round_reports(struct ask *q)
{
    struct lines x;
    TRY(open_lines(q, ask_text(q, "unit"), &x));
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.s.n,
                                              .title = {"reports", "填报情况"},
                                              .head = lines_head,
                                              .shows = line_shows,
                                              .key = line_key,
                                              .row = line_row});
}

/* ---- counts by tier ------------------------------------------------------------------------- */

struct tier {
    uint32_t at; /* index in the tree */
    struct round_status s;
};

struct tiers {
    struct lines lines;
    const struct tree_snap *t;
    VEC(struct tier) list;
};

/* Lines stand in order of the tree, so those below a unit are neighbours. */
static void add_tier(struct tiers *x, uint32_t at, uint32_t *next)
{
    struct tier own = {.at = at};
    for (; *next < x->lines.s.n; ++*next) {
        const struct round_line *l = &x->lines.s.lines[*next];
        uint32_t i = x->t->index_of[l->unit];
        if (i < at || i >= x->t->end[at]) {
            break;
        }
        own.s.n++;
        own.s.n_late += l->late;
        own.s.of_state[l->brief.state]++;
    }
    if (own.s.n > 0) {
        vec_push(x->lines.q->a, &x->list, own);
    }
}

static struct str tier_key(void *ctx, uint32_t i)
{
    const struct tiers *x = ctx;
    return tree_snap_code(x->t, x->list.items[i].at);
}

static void tier_row(void *ctx, uint32_t i, struct page *p)
{
    const struct tiers *x = ctx;
    const struct tier *t = &x->list.items[i];
    page_text(p, "unit", tree_snap_code(x->t, t->at));
    page_text(p, "unit_name", tree_snap_name(x->t, t->at));
    page_int(p, "units", t->s.n);
    page_int(p, "late", t->s.n_late);
    for (uint32_t k = 0; k < REPORT__STATES; k++) {
        page_int(p, k == REPORT_NONE ? "silent" : report_state_name((enum report_state)k),
                 t->s.of_state[k]);
    }
}

static void tiers_head(void *ctx, struct json *j)
{
    lines_head(&((struct tiers *)ctx)->lines, j);
}

enum rc do_round_counts(struct ask *q)
{
    struct tiers x = {.list = {0}};
    uint32_t unit = NONE;
    TRY(open_lines(q, ask_word(q, 1), &x.lines));
    TRY(desk_unit(&x.lines.d, ask_word(q, 1), &unit, &q->e));
    TRY(desk_tree(&x.lines.d, x.lines.v.round.due, &x.t, &q->e));
    uint32_t top = x.t->index_of[unit];
    uint32_t next = x.lines.s.n > 0 && x.lines.s.lines[0].unit == unit ? 1 : 0; /* its own */
    for (uint32_t i = top + 1; top != TREE_NONE && i < x.t->end[top]; i = x.t->end[i]) {
        add_tier(&x, i, &next);
    }
    return page_answer(q, &(struct page_list){.ctx = &x,
                                              .n = x.list.n,
                                              .title = {"counts", "填报计数"},
                                              .head = tiers_head,
                                              .key = tier_key,
                                              .row = tier_row});
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

enum rc do_round_extend(struct ask *q)
{
    struct rounds x = {.q = q};
    struct round_view v;
    struct date until = DATE_MIN;
    int64_t seen = json_number(json_get(q->body, "seen"));
    TRY(ask_may(q, "round.extend", STR(""), CLASS_INTERNAL));
    TRY(ask_desk(q, &x.d));
    TRY(round_find(&x.d, ask_word(q, 0), &v, &q->e));
    if (seen != v.seen) {
        return err_set(&q->e, RC_CONFLICT, "the round has been changed since it was looked at",
                       "本轮填报在您查看之后有改动，请重新查看");
    }
    if (!date_parse(ask_member(q, "due"), &until)) {
        q->at = STR("/due");
        return err_set(&q->e, RC_INPUT, "the due day is a date", "截止日须为日期");
    }
    TRY(round_extend(&x.d, &v, until, ask_member(q, "cause"), &q->e));
    vec_push(q->a, &x.all.list, v);
    return page_item(q, SHAPE_ROUND, round_row, &x, 0);
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
