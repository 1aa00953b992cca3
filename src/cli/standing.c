/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts of a book: as the facts of eval and explain, and followed as commits come in. */
#include "cli/standing.h"

#include <errno.h>
#include <stdio.h>

#include "app/adopt/adopt.h"
#include "app/commit_text.h"
#include "app/report/desk.h"
#include "app/seal.h"
#include "app/seat/port.h"
#include "app/standing/standing.h"
#include "base/i128.h"
#include "base/json.h"
#include "cli/desk.h"
#include "cli/session.h"
#include "store/load.h"

#define WAIT_MS 1000

/* ---- rights --------------------------------------------------------------------------------- */

/* A verdict is internal, whatever it reads: sealed counts are withheld in it (C41). */
static bool may_read(struct session *s, struct str unit)
{
    return sit_may(s, seat_port_actor(&s->seat), "verdict.read", unit, CLASS_INTERNAL);
}

/* A verdict on a row of a register names it by its key: on a sealed record it stays in the unit. */
static bool may_record(struct session *s, const struct plan *p, uint32_t commitment,
                       struct str unit)
{
    uint32_t reg = p->commitments[commitment].of_reg;
    return reg == NONE || !seal_register(p, reg) ||
           sit_may(s, seat_port_actor(&s->seat), "fact.read", unit, CLASS_SEALED);
}

static bool explain_may(void *ctx, const char *operation, struct str unit, enum data_class class_)
{
    struct session *s = ctx;
    return sit_may(s, seat_port_actor(&s->seat), operation, unit, class_);
}

static struct str explain_origin(void *ctx, int64_t commit)
{
    return commit_text(ctx, commit);
}

static bool explain_reported(void *ctx, int64_t commit)
{
    return commit_is_report(ctx, commit);
}

/* Answers of sit_may by unit: 0 not asked yet, 1 no, 2 yes. */
struct asked {
    struct session *s;
    const struct tree *tree;
    uint8_t *units;
};

static bool may_unit(struct asked *a, uint32_t unit)
{
    if (a->units[unit] == 0) {
        a->units[unit] = may_read(a->s, a->tree->units[unit].code) ? 2 : 1;
    }
    return a->units[unit] == 2;
}

/* ctx: a struct asked *. */
static bool may_row(const void *ctx, struct row_key key)
{
    struct asked *const *a = ctx;
    return may_unit(*a, key.unit) && may_record((*a)->s, (*a)->s->pack.plan, key.head->commitment,
                                                (*a)->tree->units[key.unit].code);
}

static enum rc no_verdicts(struct session *s)
{
    enum rc rc = err_set(&s->e, RC_DENIED, "none of these verdicts is for %.*s to read",
                         "%.*s 无权查看这些结论", PS(s->seat.actor));
    err_hint(&s->e, "tizhi seat rights shows who may do what.",
             "各岗位的权限见 tizhi seat rights。");
    return rc;
}

static int nothing_to_read(struct session *s)
{
    return session_failed(s, no_verdicts(s));
}

int standing_keep(struct session *s)
{
    struct verdicts *v = &s->x.answer.verdicts;
    struct asked a = {s, s->pack.tree, ARENA_ARRAY(&s->arena, uint8_t, s->pack.tree->n_units + 1U)};
    struct asked *const asked = &a;
    uint32_t n = 0;
    uint32_t before = v->rows.n;
    verdicts_filter(&s->arena, v, may_row, &asked);
    for (uint32_t i = 0; i < v->findings.n; i++) {
        const struct finding *f = &v->findings.items[i];
        if (f->unit == NONE ? s->granted > 0 : may_unit(&a, f->unit)) {
            v->findings.items[n++] = *f;
        }
    }
    v->findings.n = n;
    return before > 0 && v->rows.n == 0 ? nothing_to_read(s) : 0;
}

/* ---- the facts of eval and explain ---------------------------------------------------------- */

static int read_commit(struct session *s, const char *text, const char *option, int64_t *out)
{
    i128 n = 0;
    if (text != NULL && (!i128_parse(str_from_cstr(text), &n) || n < 1 || n > INT64_MAX)) {
        return session_complain(s, 2, "须为提交号", "the number of a commit is wanted", option);
    }
    *out = text != NULL ? (int64_t)n : INT64_MAX;
    return 0;
}

static enum rc load_book(struct session *s, const struct desk *d, int64_t upto, struct date day)
{
    struct book_state st;
    const struct book_options o = {
        .plan = d->plan, .upto = upto, .pending = s->o.pending, .day = day};
    TRY(book_load(&s->arena, s->reader, &o, &st, &s->e));
    s->pack.tree = st.tree;
    s->pack.data = st.data;
    struct commit_texts *t = ARENA_NEW(&s->arena, struct commit_texts);
    *t = (struct commit_texts){
        .a = &s->arena, .reader = s->reader, .roster = &s->seat.roster, .chinese = s->o.chinese};
    s->facts.texts = t;
    s->facts.book = (struct explain_book){.may = explain_may,
                                          .origin = explain_origin,
                                          .reported = explain_reported,
                                          .ctx = s,
                                          .origins = t};
    s->x.book = &s->facts.book;
    return RC_OK;
}

int standing_pack(struct session *s)
{
    struct desk d;
    struct date day = DATE_MIN;
    int64_t upto = 0;
    if (s->o.data.n > 0) {
        return session_complain(s, 2, "--book 和 --data 只能用一个", "--book or --data, not both",
                                s->o.data.list[0]);
    }
    int status = read_commit(s, s->o.commit, "--commit", &upto);
    status = status != 0 ? status : session_day(s, &day);
    status = status != 0 ? status : sit_down_at(s, upto, s->o.as_of != NULL ? day : DATE_MAX, &d);
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_TABLES;
    enum rc rc = load_book(s, &d, upto, day);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

/* ---- following ------------------------------------------------------------------------------ */

struct following {
    struct session *s;
    struct standing *st;
    const struct plan *plan[2]; /* of the rows before a step and after it */
    struct printer printer[2];
    struct judge_query q;
    struct str target; /* asked for; another plan may number it otherwise */
};

/* Of a change: which of its rows names it. */
static int side_of(const struct live_change *c)
{
    return c->to != NULL ? 1 : 0;
}

/* State and, unless it may give a sealed count away (C41), figure. */
static struct str figure_of(struct following *f, int side, const struct verdict *v)
{
    bool sealed = (v->measure.flags & MF_SEALED) != 0 || seal_records(f->plan[side], v->commitment);
    return sealed ? STR("") : print_measure(&f->printer[side], v);
}

static void side_json(struct following *f, struct json *j, int side, const struct verdict_row *r)
{
    const char *key = side == 0 ? "from" : "to";
    json_key(j, key);
    if (r == NULL) {
        json_null(j);
        return;
    }
    struct verdict v = verdict_unpack(r);
    json_obj_begin(j);
    json_kv_cstr(j, "state", state_name(v.state));
    json_kv_cstr(j, "light", light_name(v.light));
    json_kv_str(j, "text", figure_of(f, side, &v));
    json_kv_int(j, "reported", v.measure.reported);
    json_kv_int(j, "expected", v.measure.expected);
    json_obj_end(j);
}

static void line_json(struct following *f, int64_t seq, const struct live_change *c,
                      struct str code, struct str name)
{
    const struct row_head *h = (c->to != NULL ? c->to : c->from)->head;
    struct json j;
    json_init(&j, &f->s->out, false);
    json_obj_begin(&j);
    json_kv_int(&j, "commit", seq);
    json_kv_str(&j, "target", f->plan[side_of(c)]->commitments[h->commitment].id);
    json_kv_str(&j, "part", h->part);
    json_kv_str(&j, "unit", code);
    json_kv_str(&j, "unit_name", name);
    json_kv_int(&j, "year", h->year);
    side_json(f, &j, 0, c->from);
    side_json(f, &j, 1, c->to);
    json_obj_end(&j);
    json_end(&j);
    buf_putc(&f->s->out, '\n');
}

static void side_text(struct following *f, int side, const struct verdict_row *r)
{
    bool zh = f->s->o.chinese;
    if (r == NULL) {
        buf_puts(&f->s->out, zh ? "无" : "none");
        return;
    }
    struct verdict v = verdict_unpack(r);
    struct str figure = figure_of(f, side, &v);
    buf_puts(&f->s->out, zh ? state_zh(v.state) : state_name(v.state));
    buf_printf(&f->s->out, "%s%.*s", figure.n > 0 ? " " : "", PS(figure));
}

static void line_text(struct following *f, int64_t seq, const struct live_change *c,
                      struct str code, struct str name)
{
    const struct row_head *h = (c->to != NULL ? c->to : c->from)->head;
    struct buf *out = &f->s->out;
    buf_printf(out, "%lld  %.*s", (long long)seq,
               PS(f->plan[side_of(c)]->commitments[h->commitment].id));
    buf_printf(out, "%s%.*s  %.*s %.*s  %d  ", h->part.n > 0 ? " " : "", PS(h->part), PS(code),
               PS(name), (int)h->year);
    side_text(f, 0, c->from);
    buf_puts(out, " → ");
    side_text(f, 1, c->to);
    buf_putc(out, '\n');
}

static bool is_asked(const struct following *f, const struct live_change *c,
                     const struct verdict_row *r, struct str code)
{
    struct str id = f->plan[side_of(c)]->commitments[r->head->commitment].id;
    return (f->q.commitment == NONE || str_eq(f->target, id)) &&
           (f->q.year == 0 || f->q.year == r->head->year) &&
           (f->s->o.unit == NULL ||
            str_eq(f->s->pack.tree->units[f->q.unit].code, code)); /* trees change, codes stay */
}

/* Seats as they are now: what was taken away meanwhile is not read any more. */
static enum rc look_up(struct following *f)
{
    struct session *s = f->s;
    struct store_end end;
    bool any = false;
    s->seat.now = sit_now();
    TRY(store_end(&s->facts.step, s->reader, &end, &s->e));
    TRY(seat_roster_load(&s->facts.step, s->reader, end.seq, seat_desk_today(&s->seat),
                         &s->seat.roster, &s->e));
    const struct tree *t = standing_tree(f->st);
    for (uint32_t i = 0; !any && i < t->n_units; i++) {
        any = may_read(s, t->units[i].code);
    }
    return any ? RC_OK : no_verdicts(s);
}

static void tell(struct following *f, const struct standing_step *step)
{
    for (uint32_t i = 0; i < step->changes.n; i++) {
        const struct live_change *c = &step->changes.items[i];
        const struct verdict_row *r = c->to != NULL ? c->to : c->from;
        const struct tree *t = c->to != NULL ? standing_tree(f->st) : step->before;
        struct str code = t->units[r->unit].code;
        if (is_asked(f, c, r, code) && may_read(f->s, code) &&
            may_record(f->s, f->plan[side_of(c)], r->head->commitment, code)) {
            struct str name = answer_unit_name(t, r->unit, r->head->snapshot);
            if (f->s->o.format == FORMAT_JSON) {
                line_json(f, step->seq, c, code, name);
            } else {
                line_text(f, step->seq, c, code, name);
            }
        }
    }
}

/* What is told is out before the next commit is looked at. */
static enum rc flush(struct session *s)
{
    bool written = fwrite(s->out.p, 1, s->out.n, stdout) == s->out.n && fflush(stdout) == 0;
    buf_clear(&s->out);
    s->seat.roster = (struct seat_roster){0}; /* it lies in what is released */
    arena_release(&s->facts.step);
    return written ? RC_OK : err_set_errno(&s->e, RC_IO, "cannot write the output", "无法写出结果");
}

static void stand_on(struct following *f, int side, const struct plan *plan)
{
    f->plan[side] = plan;
    printer_init(&f->printer[side], &f->s->facts.step, plan, f->s->o.chinese);
}

/* The commit, by the plan that is in force after it. */
static enum rc take(struct following *f, int64_t seq, struct standing_step *out)
{
    struct session *s = f->s;
    struct store_event by;
    struct adopt_now now;
    TRY(store_who(&s->facts.step, s->reader, seq, &by, &s->e));
    if (!str_eq(by.act, STR("plan.adopt"))) {
        return standing_follow(f->st, seq, out, &s->e);
    }
    TRY(adopt_now(&s->arena, s->reader, NULL, seq, DATE_MAX, &now, &s->e));
    stand_on(f, 1, now.pack->plan);
    return standing_adopt(f->st, now.pack->plan, seq, out, &s->e);
}

/* One commit at a time; the day turns at midnight. */
static enum rc step_on(struct following *f, bool today, int64_t last)
{
    struct standing_step step;
    struct session *s = f->s;
    struct date day = date_today();
    if (today && date_cmp(day, s->x.answer.as_of) != 0) {
        s->x.answer.as_of = day;
        TRY(standing_turn(f->st, day, standing_seq(f->st), &step, &s->e));
        TRY(step.changes.n > 0 ? look_up(f) : RC_OK);
        tell(f, &step);
        TRY(flush(s));
    }
    while (standing_seq(f->st) < last) {
        TRY(take(f, standing_seq(f->st) + 1, &step));
        TRY(step.changes.n > 0 ? look_up(f) : RC_OK);
        tell(f, &step);
        TRY(flush(s));
        stand_on(f, 0, f->plan[1]);
    }
    return RC_OK;
}

static enum rc follow(struct following *f, int64_t until)
{
    struct session *s = f->s;
    bool today = s->o.as_of == NULL;
    int64_t last = standing_seq(f->st);
    while (last < until) {
        TRY(standing_wait(f->st, WAIT_MS, &last, &s->e));
        last = last < until ? last : until;
        TRY(step_on(f, today, last));
    }
    return RC_OK;
}

/* From the newest commit on. */
static enum rc begin(struct following *f, const struct desk *d, struct date day)
{
    struct session *s = f->s;
    const struct standing_options o = {.plan = d->plan,
                                       .store = s->store,
                                       .pending = s->o.pending,
                                       .day = day,
                                       .upto = INT64_MAX,
                                       .limit = s->arena.limit_bytes / 2};
    TRY(standing_open(&o, &s->facts.standing, &s->e));
    f->st = s->facts.standing;
    s->x.answer.as_of = day;
    return RC_OK;
}

int standing_follow_command(struct session *s)
{
    struct following f = {.s = s, .q = {NONE, NONE, 0}};
    struct desk d;
    struct date day = DATE_MIN;
    int64_t until = 0;
    int status = read_commit(s, s->o.until, "--until", &until);
    status = status != 0 ? status : sit_down(s, &d);
    s->pack.tree = status == 0 ? d.tree : NULL;
    status = status != 0 ? status : session_query(s, &f.q, &day);
    if (status != 0) {
        return status;
    }
    if (!may_read(s, s->o.unit ? d.tree->units[f.q.unit].code : STR("")) && s->o.unit) {
        return nothing_to_read(s);
    }
    arena_init_below(&s->facts.step, &s->arena, "follow");
    stand_on(&f, 0, d.plan);
    stand_on(&f, 1, d.plan);
    f.target = f.q.commitment != NONE ? d.plan->commitments[f.q.commitment].id : STR("");
    enum rc rc = begin(&f, &d, day);
    rc = rc == RC_OK ? follow(&f, until) : rc;
    return rc == RC_OK ? 0 : session_failed(s, rc);
}
