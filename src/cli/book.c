/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on a book: opening it, one use case of app each, and what comes out. */
#include "cli/book.h"

#include "app/adopt/adopt.h"
#include "app/ledger.h"
#include "app/question/question.h"
#include "app/report/desk.h"
#include "app/seat/port.h"
#include "base/json.h"
#include "cli/desk.h"
#include "cli/session.h"
#include "cli/standing.h"

static bool wants_json(const struct session *s)
{
    return s->o.format == FORMAT_JSON;
}

/* ---- book ----------------------------------------------------------------------------------- */

/* Tables are read by the pack that is given, so it must be the one in force. */
static enum rc is_in_force(struct session *s)
{
    struct adopt_now now;
    TRY(adopt_now(&s->arena, s->reader, &s->pack, INT64_MAX, DATE_MAX, &now, &s->e));
    if (now.pack == &s->pack) {
        return RC_OK;
    }
    enum rc rc =
        err_set(&s->e, RC_CONFLICT, "this pack is not in force any more", "该计划包已不再执行");
    err_hint(&s->e, "Take the plan in force out of the book: tizhi plan get.",
             "请用 tizhi plan get 取出现行计划。");
    return rc;
}

/* Whoever makes a book fills it, until it has users; then it takes a right for each row. */
static enum rc fill(struct session *s, bool begin, struct ledger_count *n)
{
    struct str actor = STR("tizhi");
    TRY(ledger_check(&s->pack, date_today(), &s->e));
    TRY(sit_open(s, begin));
    if (begin) {
        TRY(sit_founding(s));
        TRY(ledger_units(&s->arena, s->store, s->reader, &s->pack, actor, &s->e));
    } else {
        TRY(sit_login(s));
        TRY(is_in_force(s));
        actor = seat_port_actor(&s->seat);
        TRY(ledger_allow(&s->arena, &s->pack, sit_may, s, actor, &s->e));
    }
    return ledger_rows(&s->arena, s->store, s->reader, &s->pack, actor, n, &s->e);
}

static int fill_book(struct session *s, bool begin)
{
    struct ledger_count n;
    int status = session_open_pack(s);
    if (status != 0) {
        return status;
    }
    enum rc rc = fill(s, begin, &n);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (wants_json(s)) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_kv_int(&j, "units", begin ? s->pack.tree->n_units : 0);
        json_kv_int(&j, "rows", n.rows);
        json_kv_int(&j, "commits", n.commits);
        json_kv_int(&j, "before", n.before);
        json_obj_end(&j);
        json_end(&j);
        return 0;
    }
    if (begin) {
        buf_printf(&s->out, s->o.chinese ? "机构 %u 个已入账\n" : "%u units are in the book\n",
                   s->pack.tree->n_units);
    }
    buf_printf(&s->out,
               s->o.chinese ? "数据 %u 行，%u 次提交，其中此前已有 %u 次\n"
                            : "%u rows in %u commits, %u of them there before\n",
               n.rows, n.commits, n.before);
    return 0;
}

static int cmd_init(struct session *s)
{
    return fill_book(s, true);
}

static int cmd_load(struct session *s)
{
    return fill_book(s, false);
}

static enum rc count_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    uint32_t *n = ctx;
    (void)p;
    (void)e;
    ++*n;
    return RC_OK;
}

static int cmd_status(struct session *s)
{
    struct desk d;
    struct store_end end;
    struct str anchor = STR("");
    uint32_t n[2] = {0};
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = desk_allow_at(&d, "book.status", STR(""), CLASS_PUBLIC, &s->e);
    rc = rc == RC_OK ? store_end(&s->arena, s->reader, &end, &s->e) : rc;
    rc = rc == RC_OK ? store_anchor(&s->arena, s->reader, &anchor, &s->e) : rc;
    rc =
        rc == RC_OK ? store_docs(s->reader, STR("round/"), INT64_MAX, count_doc, &n[0], &s->e) : rc;
    rc = rc == RC_OK ? store_docs(s->reader, STR("form/"), INT64_MAX, count_doc, &n[1], &s->e) : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (wants_json(s)) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_kv_str(&j, "book", end.book);
        json_kv_int(&j, "commits", end.seq);
        json_kv_int(&j, "units", d.tree->n_units);
        json_kv_int(&j, "rounds", n[0]);
        json_kv_int(&j, "reports", n[1]);
        json_kv_str(&j, "anchor", anchor);
        json_obj_end(&j);
        json_end(&j);
        return 0;
    }
    buf_printf(&s->out,
               s->o.chinese ? "机构 %u 个，提交 %lld 次，填报轮次 %u 个，报表 %u 份\n存证 %.*s\n"
                            : "%u units, %lld commits, %u rounds, %u reports\nanchor %.*s\n",
               d.tree->n_units, (long long)end.seq, n[0], n[1], PS(anchor));
    return 0;
}

/* ---- rounds --------------------------------------------------------------------------------- */

static const struct str *texts_of(struct session *s, const struct words *w)
{
    struct str *out = ARENA_ARRAY(&s->arena, struct str, w->n + 1U);
    for (uint32_t i = 0; i < w->n; i++) {
        out[i] = str_from_cstr(w->list[i]);
    }
    return out;
}

static int try_round(struct session *s, struct desk *d, struct round_view *v)
{
    const struct options *o = &s->o;
    int status = sit_down(s, d);
    if (status != 0) {
        return status;
    }
    const struct round_wish w = {.id = option_text(o->round),
                                 .form = option_text(o->form),
                                 .period = option_text(o->period),
                                 .due = option_text(o->due),
                                 .within = option_text(o->within),
                                 .only = texts_of(s, &o->only),
                                 .n_only = o->only.n,
                                 .without = texts_of(s, &o->without),
                                 .n_without = o->without.n,
                                 .signatures = o->signatures,
                                 .minutes = o->minutes};
    enum rc rc = round_try(d, &w, v, &s->e);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

static void begin_json(struct session *s, struct json *j)
{
    json_init(j, &s->out, true);
    json_obj_begin(j);
}

static void end_json(struct json *j)
{
    json_obj_end(j);
    json_end(j);
}

static int show_round(struct session *s, const struct desk *d, const struct round_view *v)
{
    if (wants_json(s)) {
        struct json j;
        begin_json(s, &j);
        round_try_members(d, v, &j);
        end_json(&j);
    } else {
        round_show(d, v, s->o.chinese, &s->out);
    }
    return v->against.list.n > 0 ? rc_exit_status(RC_FINDINGS) : 0;
}

static int cmd_round_try(struct session *s)
{
    struct desk d;
    struct round_view v;
    int status = try_round(s, &d, &v);
    return status != 0 ? status : show_round(s, &d, &v);
}

static int cmd_round_open(struct session *s)
{
    struct desk d;
    struct round_view v;
    int status = try_round(s, &d, &v);
    if (status != 0) {
        return status;
    }
    enum rc rc = round_open(&d, &v, &s->e);
    return rc == RC_OK || rc == RC_FINDINGS ? show_round(s, &d, &v) : session_failed(s, rc);
}

/* The round with its lines; 0, or the exit status. */
static int lines(struct session *s, struct desk *d, struct round_view *v, struct round_status *st)
{
    int status = sit_down(s, d);
    if (status != 0) {
        return status;
    }
    enum rc rc = round_find(d, option_text(s->o.round), v, &s->e);
    rc = rc == RC_OK ? round_lines(d, v, st, &s->e) : rc;
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

static void lines_json(struct session *s, const struct desk *d, const struct round_view *v,
                       const struct round_status *st)
{
    struct json j;
    begin_json(s, &j);
    round_members(d, v, &j);
    round_counts_members(st, &j);
    json_key(&j, "reports");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < st->n; i++) {
        json_obj_begin(&j);
        round_line_members(d, v, &st->lines[i], &j);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    end_json(&j);
}

static int show_lines(struct session *s, const struct desk *d, const struct round_view *v,
                      const struct round_status *st)
{
    if (wants_json(s)) {
        lines_json(s, d, v, st);
    } else if (session_wants_rows(s)) {
        struct table t = round_status_table(d, v, st, s->o.chinese);
        return session_table(s, "填报情况", "round status", &t);
    } else {
        round_status_show(d, v, st, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

static int cmd_round_status(struct session *s)
{
    struct desk d;
    struct round_view v;
    struct round_status st;
    int status = lines(s, &d, &v, &st);
    return status != 0 ? status : show_lines(s, &d, &v, &st);
}

static int cmd_review_list(struct session *s)
{
    struct desk d;
    struct round_view v;
    struct round_status st;
    int status = lines(s, &d, &v, &st);
    if (status != 0) {
        return status;
    }
    enum rc rc = round_waiting(&d, option_text(s->o.at), &st, &s->e);
    return rc == RC_OK ? show_lines(s, &d, &v, &st) : session_failed(s, rc);
}

static int cmd_round_extend(struct session *s)
{
    struct desk d;
    struct round_view v;
    struct date until = DATE_MIN;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    if (!date_parse(option_text(s->o.due), &until)) {
        return session_complain(s, 2, "--due 须为日期，如 2025-10-15", "--due is a date", s->o.due);
    }
    enum rc rc = round_find(&d, option_text(s->o.round), &v, &s->e);
    rc = rc == RC_OK ? round_extend(&d, &v, until, option_text(s->o.cause), &s->e) : rc;
    return rc == RC_OK ? show_round(s, &d, &v) : session_failed(s, rc);
}

static int cmd_round_lock(struct session *s)
{
    struct desk d;
    struct round_view v;
    uint32_t n = 0;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = round_find(&d, option_text(s->o.round), &v, &s->e);
    rc = rc == RC_OK ? round_lock(&d, &v, &n, &s->e) : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (wants_json(s)) {
        buf_printf(&s->out, "{\"locked\": %u}\n", n);
    } else {
        buf_printf(&s->out, s->o.chinese ? "已锁定 %u 份\n" : "%u reports locked\n", n);
    }
    return 0;
}

/* ---- reports -------------------------------------------------------------------------------- */

static int open_report(struct session *s, struct desk *d, struct report *r)
{
    int status = sit_down(s, d);
    if (status != 0) {
        return status;
    }
    enum rc rc = report_open(d, option_text(s->o.round), option_text(s->o.unit), r, &s->e);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

static int show_report(struct session *s, const struct desk *d, const struct report *r)
{
    if (wants_json(s)) {
        struct json j;
        begin_json(s, &j);
        report_members(d, r, &j);
        end_json(&j);
    } else {
        report_show(d, r, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

/* found: also the questions that it would be asked (--questions), or NULL. */
static int show_check(struct session *s, const struct desk *d, const struct report_findings *f,
                      const struct inspection *found)
{
    struct inspect_view v = {&s->arena, d->tree, d->today, s->o.chinese, session_width()};
    if (wants_json(s)) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_key(&j, "findings");
        report_findings_json(f, &j);
        if (found != NULL) {
            json_key(&j, "questions");
            inspect_json(&v, found, &j);
        }
        json_obj_end(&j);
        json_end(&j);
        return f->list.n > 0 ? rc_exit_status(RC_FINDINGS) : 0;
    }
    report_findings_text(f, s->o.chinese, &s->out);
    if (found != NULL) {
        inspect_show(&v, found, &s->out);
    }
    return f->list.n > 0 ? rc_exit_status(RC_FINDINGS) : 0;
}

static int cmd_report_show(struct session *s)
{
    struct desk d;
    struct report r;
    int status = open_report(s, &d, &r);
    return status != 0 ? status : show_report(s, &d, &r);
}

static int cmd_report_blank(struct session *s)
{
    struct desk d;
    struct report r;
    int status = open_report(s, &d, &r);
    if (status != 0) {
        return status;
    }
    enum rc rc = report_before(&d, &r, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    report_write_csv(&d, &r, s->o.chinese, &s->out);
    return 0;
}

static int cmd_report_check(struct session *s)
{
    struct desk d;
    struct report r;
    struct report_findings found = {0};
    int status = open_report(s, &d, &r);
    if (status != 0) {
        return status;
    }
    struct inspection asked;
    enum rc rc = report_check(&d, &r, &found, &s->e);
    if (rc == RC_OK && s->o.questions) {
        rc = question_inspect(&d, r.unit, &r, &asked, &s->e);
    }
    return rc == RC_OK ? show_check(s, &d, &found, s->o.questions ? &asked : NULL)
                       : session_failed(s, rc);
}

/* `item=reason` */
static struct report_notes cells_of(struct session *s)
{
    struct report_notes notes = {0};
    for (uint32_t i = 0; i < s->o.cells.n; i++) {
        struct str rest = str_from_cstr(s->o.cells.list[i]);
        struct str item = STR("");
        (void)str_split(&rest, '=', &item);
        vec_push(&s->arena, &notes.list, (struct report_note){.about = item, .text = rest});
    }
    return notes;
}

static int do_act(struct session *s, struct desk *d, struct report *r, enum report_act_kind act)
{
    struct report_findings found = {0};
    const struct report_words w = {.seen = s->o.seen > 0 ? s->o.seen : REPORT_JUST_READ,
                                   .at = option_text(s->o.at),
                                   .cause = option_text(s->o.cause),
                                   .cells = cells_of(s),
                                   .minutes = s->o.minutes};
    enum rc rc = report_do(d, r, act, w, &found, &s->e);
    if (rc == RC_FINDINGS) {
        return show_check(s, d, &found, NULL);
    }
    return rc == RC_OK ? show_report(s, d, r) : session_failed(s, rc);
}

static int cmd_report_save(struct session *s)
{
    struct desk d;
    struct report r;
    struct report_findings found = {0};
    int status = open_report(s, &d, &r);
    if (status != 0) {
        return status;
    }
    enum rc rc = report_read_csv(&d, &r, s->o.file, &s->pack.problems, &found, &s->e);
    if (rc == RC_INPUT && found.list.n > 0) {
        report_findings_text(&found, s->o.chinese, &s->message);
        return s->pack.problems.n > 0 ? session_opened(s, rc) : rc_exit_status(rc);
    }
    return rc == RC_OK ? do_act(s, &d, &r, ACT_SAVE) : session_opened(s, rc);
}

static int act(struct session *s, enum report_act_kind which)
{
    struct desk d;
    struct report r;
    int status = open_report(s, &d, &r);
    return status != 0 ? status : do_act(s, &d, &r, which);
}

static int cmd_report_sign(struct session *s)
{
    return act(s, ACT_SIGN);
}

static int cmd_report_submit(struct session *s)
{
    return act(s, ACT_SUBMIT);
}

static int cmd_report_withdraw(struct session *s)
{
    return act(s, ACT_WITHDRAW);
}

static int cmd_report_correct(struct session *s)
{
    return act(s, ACT_CORRECT);
}

static int cmd_review_approve(struct session *s)
{
    return act(s, ACT_APPROVE);
}

static int cmd_review_return(struct session *s)
{
    return act(s, ACT_RETURN);
}

int (*book_command(enum command c))(struct session *s)
{
    static int (*const run[COMMAND__N])(struct session *) = {
        [COMMAND_BOOK_INIT] = cmd_init,
        [COMMAND_BOOK_LOAD] = cmd_load,
        [COMMAND_BOOK_STATUS] = cmd_status,
        [COMMAND_BOOK_FOLLOW] = standing_follow_command,
        [COMMAND_ROUND_TRY] = cmd_round_try,
        [COMMAND_ROUND_OPEN] = cmd_round_open,
        [COMMAND_ROUND_EXTEND] = cmd_round_extend,
        [COMMAND_ROUND_STATUS] = cmd_round_status,
        [COMMAND_ROUND_LOCK] = cmd_round_lock,
        [COMMAND_REPORT_BLANK] = cmd_report_blank,
        [COMMAND_REPORT_SHOW] = cmd_report_show,
        [COMMAND_REPORT_SAVE] = cmd_report_save,
        [COMMAND_REPORT_CHECK] = cmd_report_check,
        [COMMAND_REPORT_SIGN] = cmd_report_sign,
        [COMMAND_REPORT_SUBMIT] = cmd_report_submit,
        [COMMAND_REPORT_WITHDRAW] = cmd_report_withdraw,
        [COMMAND_REPORT_CORRECT] = cmd_report_correct,
        [COMMAND_REVIEW_LIST] = cmd_review_list,
        [COMMAND_REVIEW_APPROVE] = cmd_review_approve,
        [COMMAND_REVIEW_RETURN] = cmd_review_return,
    };
    return run[c] != NULL ? run[c] : task_command(c);
}
