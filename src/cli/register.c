/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on registers. */
#include "app/workbook/import.h"
#include "app/register/desk.h"
#include "base/json.h"
#include "cli/book.h"
#include "cli/desk.h"
#include "cli/session.h"
#include "io/csv.h"

/* What a command on one unit's register works on. */
struct keeping {
    struct desk d;
    struct register_view v;
    struct register_words w;
    struct register_lines lines;
    struct report_findings found;
};

static bool wants_json(const struct session *s)
{
    return s->o.format == FORMAT_JSON;
}

static bool read_day(struct session *s, const char *z, struct date *out)
{
    *out = DATE_MIN;
    return z == NULL || date_parse(str_from_cstr(z), out) ||
           session_complain(s, 2, "须为日期，如 2025-12-31", "a date such as 2025-12-31 is wanted",
                            z) == 0;
}

static int64_t seen_of(const struct session *s)
{
    return s->o.seen > 0 ? (int64_t)s->o.seen : REPORT_JUST_READ;
}

/* Plan, book, login, and the unit's register; 0, or the exit status. */
static int open_register(struct session *s, struct keeping *k)
{
    *k = (struct keeping){.w = {.cause = option_text(s->o.cause),
                                .id = option_text(s->o.ids[0]),
                                .day = DATE_MIN,
                                .seen = seen_of(s)}};
    int status = sit_down(s, &k->d);
    if (status != 0) {
        return status;
    }
    enum rc rc = register_open(&k->d, option_text(s->o.reg), option_text(s->o.unit), &k->v, &s->e);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

/* ---- showing -------------------------------------------------------------------------------- */

static int show_findings(struct session *s, const struct report_findings *f)
{
    if (wants_json(s)) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_key(&j, "findings");
        report_findings_json(f, &j);
        json_obj_end(&j);
        json_end(&j);
    } else {
        report_findings_text(f, s->o.chinese, &s->out);
    }
    return f->list.n > 0 ? rc_exit_status(RC_FINDINGS) : 0;
}

/* The register with the statement of --period, if one is asked for. */
static int show(struct session *s, struct keeping *k)
{
    struct register_review statement;
    bool asked = s->o.period != NULL;
    enum rc rc = asked
                     ? register_statement(&k->d, &k->v, option_text(s->o.period), &statement, &s->e)
                     : RC_OK;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (wants_json(s)) {
        register_json(&k->d, &k->v, asked ? &statement : NULL, &s->out);
    } else {
        register_show(&k->d, &k->v, asked ? &statement : NULL, s->o.chinese, session_width(),
                      &s->out);
    }
    return 0;
}

static int show_offers(struct session *s, struct keeping *k)
{
    struct register_offers offers;
    enum rc rc = register_offers(&k->d, &k->v, &offers, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (wants_json(s)) {
        register_offers_json(&k->d, &offers, &s->out);
    } else {
        register_offers_show(&k->d, &offers, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

static int show_lines(struct session *s, struct keeping *k)
{
    if (!wants_json(s)) {
        report_findings_text(&k->found, s->o.chinese, &s->out);
        register_lines_show(&k->d, &k->v, &k->lines, s->o.chinese, session_width(), &s->out);
        return 0;
    }
    struct json j;
    json_init(&j, &s->out, true);
    json_obj_begin(&j);
    register_lines_json(&k->d, &k->v, &k->lines, &j);
    json_key(&j, "findings");
    report_findings_json(&k->found, &j);
    json_key(&j, "problems");
    problems_json(&s->pack.problems, &j);
    json_obj_end(&j);
    json_end(&j);
    return 0;
}

static enum rc read_hows(struct session *s, struct desk *d, struct register_how *how)
{
    TRY(desk_allow_at(d, "register.list", STR(""), CLASS_PUBLIC, &s->e));
    for (uint32_t i = 0; i < d->plan->n_regs; i++) {
        TRY(register_how_of(d, i, &how[i], &s->e));
    }
    return RC_OK;
}

static int cmd_list(struct session *s)
{
    struct desk d;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    struct register_how *how = ARENA_ARRAY(&s->arena, struct register_how, d.plan->n_regs + 1U);
    enum rc rc = read_hows(s, &d, how);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (wants_json(s)) {
        register_list_json(&d, how, &s->out);
    } else {
        register_list_show(&d, how, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

static int cmd_set(struct session *s)
{
    struct desk d;
    uint32_t reg = 0;
    struct str review = option_text(s->o.review);
    bool by_row = str_eq(review, STR("rows"));
    if (!by_row && !str_eq(review, STR("state"))) {
        return session_complain(s, 2, "--review 须为 rows 或 state", "--review wants rows or state",
                                s->o.review);
    }
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = register_find(&d, option_text(s->o.reg), &reg, &s->e);
    rc = rc == RC_OK ? register_set(&d, reg, by_row, s->o.signatures, &s->e) : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (wants_json(s)) {
        buf_printf(&s->out, "{\"set\": true}\n");
    } else {
        buf_puts(&s->out, s->o.chinese ? "已设定\n" : "set\n");
    }
    return 0;
}

static int cmd_show(struct session *s)
{
    struct keeping k;
    int status = open_register(s, &k);
    return status != 0 ? status : show(s, &k);
}

static int cmd_offers(struct session *s)
{
    struct keeping k;
    int status = open_register(s, &k);
    return status != 0 ? status : show_offers(s, &k);
}

static int cmd_export(struct session *s)
{
    struct keeping k;
    int status = open_register(s, &k);
    if (status != 0) {
        return status;
    }
    enum rc rc = desk_allow_at(&k.d, "register.export", option_text(s->o.unit), k.v.class_, &s->e);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    register_write_csv(&k.d, &k.v, s->o.chinese, &s->out);
    return 0;
}

static int cmd_status(struct session *s)
{
    struct desk d;
    struct register_status st;
    uint32_t reg = 0;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = register_find(&d, option_text(s->o.reg), &reg, &s->e);
    rc = rc == RC_OK ? register_status_of(&d, reg, option_text(s->o.period),
                                          option_text(s->o.within), &st, &s->e)
                     : rc;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (wants_json(s)) {
        register_status_json(&d, reg, option_text(s->o.period), &st, &s->out);
    } else if (session_wants_rows(s)) {
        struct table t = register_status_table(&d, reg, &st, s->o.chinese);
        return session_table(s, "台账情况", "register status", &t);
    } else {
        register_status_show(&d, reg, &st, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

/* ---- keeping rows --------------------------------------------------------------------------- */

/* `name=value` words as a table of one line. */
static struct str table_of(struct session *s)
{
    struct csv_writer w;
    struct buf b;
    buf_init_in(&b, &s->arena, LIMIT_STR_BYTES);
    csv_write_init(&w, &b, false, false);
    for (int part = 0; part < 2; part++) {
        for (uint32_t i = 0; i < s->o.fields.n; i++) {
            struct str rest = str_from_cstr(s->o.fields.list[i]);
            struct str name = STR("");
            (void)str_split(&rest, '=', &name);
            csv_write_field(&w, part == 0 ? name : rest);
        }
        csv_write_end(&w);
    }
    return buf_view(&b);
}

/* What stands against the lines, or what went wrong. */
static int not_kept(struct session *s, struct keeping *k, enum rc rc)
{
    if (rc != RC_FINDINGS && (rc != RC_INPUT || k->found.list.n == 0)) {
        return session_opened(s, rc);
    }
    if (wants_json(s)) {
        (void)show_lines(s, k);
        return rc_exit_status(rc);
    }
    report_findings_text(&k->found, s->o.chinese, &s->message);
    return s->pack.problems.n > 0 ? session_opened(s, rc) : rc_exit_status(rc);
}

static int keep(struct session *s, struct keeping *k)
{
    enum rc rc = register_keep(&k->d, &k->v, &k->lines, &k->found, &s->e);
    return rc == RC_OK ? show(s, k) : not_kept(s, k, rc);
}

static int write_row(struct session *s, bool fresh)
{
    struct keeping k;
    int status = open_register(s, &k);
    if (status != 0) {
        return status;
    }
    if (!read_day(s, s->o.from, &k.w.day)) {
        return 2;
    }
    k.w.fresh = fresh;
    k.w.id = fresh ? option_text(s->o.rows.n > 0 ? s->o.rows.list[0] : NULL) : k.w.id;
    enum rc rc = register_read_text(&k.d, &k.v, "--set", table_of(s), k.w, &k.lines,
                                    &s->pack.problems, &k.found, &s->e);
    if (rc == RC_OK && !date_is_sentinel(k.w.day)) {
        rc = register_follow(&k.d, &k.v, k.w, &k.lines, &s->e);
    }
    return rc == RC_OK ? keep(s, &k) : not_kept(s, &k, rc);
}

static int cmd_add(struct session *s)
{
    return write_row(s, true);
}

static int cmd_change(struct session *s)
{
    return write_row(s, false);
}

static int act_on_row(struct session *s, enum entry_act_kind act, const char *day)
{
    struct keeping k;
    struct date when = DATE_MIN;
    if (!read_day(s, day, &when)) {
        return 2;
    }
    int status = open_register(s, &k);
    if (status != 0) {
        return status;
    }
    k.w.day = when;
    k.w.to = act == ENTRY_ACT_OFFER ? option_text(s->o.to) : STR("");
    enum rc rc = register_plan(&k.d, &k.v, act, k.w, &k.lines, &s->e);
    return rc == RC_OK ? keep(s, &k) : session_failed(s, rc);
}

static int cmd_end(struct session *s)
{
    return act_on_row(s, ENTRY_ACT_END, s->o.to);
}

static int cmd_strike(struct session *s)
{
    return act_on_row(s, ENTRY_ACT_STRIKE, NULL);
}

static int cmd_undo(struct session *s)
{
    return act_on_row(s, ENTRY_ACT_UNDO, NULL);
}

static int cmd_offer(struct session *s)
{
    return act_on_row(s, ENTRY_ACT_OFFER, s->o.from);
}

static int cmd_take(struct session *s)
{
    struct keeping k;
    int status = open_register(s, &k);
    if (status != 0) {
        return status;
    }
    enum rc rc = register_take(&k.d, &k.v, option_text(s->o.of), k.w, &k.found, &s->e);
    return rc == RC_OK ? show(s, &k) : not_kept(s, &k, rc);
}

static int cmd_decline(struct session *s)
{
    struct keeping k;
    int status = open_register(s, &k);
    if (status != 0) {
        return status;
    }
    enum rc rc = register_decline(&k.d, &k.v, option_text(s->o.of), k.w, &s->e);
    return rc == RC_OK ? show_offers(s, &k) : session_failed(s, rc);
}

/* A table of text is read as it is; a workbook is searched for its table. */
static enum rc read_workbook(struct session *s, struct keeping *k)
{
    struct str csv = STR("");
    struct import_run *run = ARENA_NEW(&s->arena, struct import_run);
    s->import = run;
    TRY(import_register(&k->d, &k->v, s->o.file, run, &csv, &s->e));
    s->import = NULL;
    return register_read_table(&k->d, &k->v, s->o.file, csv, k->w, &k->lines, &s->pack.problems,
                               &k->found, &s->e);
}

/* What of a workbook was refused: none of it is kept. */
static int show_refused(struct session *s)
{
    const struct import_view_words w = {.chinese = s->o.chinese, .dry = s->o.dry_run};
    if (wants_json(s)) {
        import_json(s->import, w, &s->out);
    } else {
        import_show(s->import, w, &s->out);
    }
    return rc_exit_status(RC_FINDINGS);
}

static int cmd_import(struct session *s)
{
    struct keeping k;
    struct date ended = DATE_MIN;
    if (!read_day(s, s->o.ended, &ended)) {
        return 2;
    }
    int status = open_register(s, &k);
    if (status != 0) {
        return status;
    }
    k.w.day = ended;
    k.w.id = STR("");
    enum rc rc = import_is_workbook(str_from_cstr(s->o.file))
                     ? read_workbook(s, &k)
                     : register_read_csv(&k.d, &k.v, s->o.file, k.w, &k.lines, &s->pack.problems,
                                         &k.found, &s->e);
    if (rc == RC_FINDINGS && s->import != NULL) {
        return show_refused(s);
    }
    if (rc != RC_OK) {
        return not_kept(s, &k, rc);
    }
    if (!s->o.dry_run) {
        rc = register_keep(&k.d, &k.v, &k.lines, &k.found, &s->e);
    } else {
        register_keys(&k.d, &k.v, &k.lines, &k.found);
        rc = k.found.list.n > 0 ? RC_FINDINGS : RC_OK;
    }
    return rc == RC_OK ? show_lines(s, &k) : not_kept(s, &k, rc);
}

/* ---- review --------------------------------------------------------------------------------- */

/* `about=text`; without `=` what is said is about the whole. */
static struct report_notes notes_of(struct session *s, const struct words *w)
{
    struct report_notes notes = {0};
    for (uint32_t i = 0; i < w->n; i++) {
        struct str rest = str_from_cstr(w->list[i]);
        struct str about = STR("");
        (void)str_split(&rest, '=', &about);
        vec_push(&s->arena, &notes.list, (struct report_note){.about = about, .text = rest});
    }
    return notes;
}

static struct register_filing filing_of(struct session *s)
{
    struct str *ids = ARENA_ARRAY(&s->arena, struct str, s->o.rows.n + 1U);
    for (uint32_t i = 0; i < s->o.rows.n; i++) {
        ids[i] = str_from_cstr(s->o.rows.list[i]);
    }
    return (struct register_filing){.period = option_text(s->o.period),
                                    .nil = s->o.nil,
                                    .ids = ids,
                                    .n_ids = s->o.rows.n,
                                    .at = option_text(s->o.at),
                                    .cause = option_text(s->o.cause),
                                    .seen = seen_of(s),
                                    .explained = notes_of(s, &s->o.explains),
                                    .cells = notes_of(s, &s->o.cells)};
}

static int file(struct session *s, enum report_act_kind act)
{
    struct keeping k;
    uint32_t n = 0;
    int status = open_register(s, &k);
    if (status != 0) {
        return status;
    }
    const struct register_filing f = filing_of(s);
    enum rc rc = register_file(&k.d, &k.v, act, &f, &n, &k.found, &s->e);
    if (rc == RC_FINDINGS) {
        return show_findings(s, &k.found);
    }
    return rc == RC_OK ? show(s, &k) : session_failed(s, rc);
}

static int cmd_check(struct session *s)
{
    struct keeping k;
    int status = open_register(s, &k);
    if (status != 0) {
        return status;
    }
    const struct register_filing f = filing_of(s);
    enum rc rc = register_try(&k.d, &k.v, &f, &k.found, &s->e);
    return rc == RC_OK ? show_findings(s, &k.found) : session_failed(s, rc);
}

static int cmd_sign(struct session *s)
{
    return file(s, ACT_SIGN);
}

static int cmd_submit(struct session *s)
{
    return file(s, ACT_SUBMIT);
}

static int cmd_withdraw(struct session *s)
{
    return file(s, ACT_WITHDRAW);
}

static int cmd_correct(struct session *s)
{
    return file(s, ACT_CORRECT);
}

static int cmd_approve(struct session *s)
{
    return file(s, ACT_APPROVE);
}

static int cmd_return(struct session *s)
{
    return file(s, ACT_RETURN);
}

int (*register_command(enum command c))(struct session *s)
{
    static int (*const run[COMMAND__N])(struct session *) = {
        [COMMAND_REGISTER_LIST] = cmd_list,       [COMMAND_REGISTER_SET] = cmd_set,
        [COMMAND_REGISTER_SHOW] = cmd_show,       [COMMAND_REGISTER_ADD] = cmd_add,
        [COMMAND_REGISTER_CHANGE] = cmd_change,   [COMMAND_REGISTER_END] = cmd_end,
        [COMMAND_REGISTER_STRIKE] = cmd_strike,   [COMMAND_REGISTER_UNDO] = cmd_undo,
        [COMMAND_REGISTER_IMPORT] = cmd_import,   [COMMAND_REGISTER_EXPORT] = cmd_export,
        [COMMAND_REGISTER_OFFERS] = cmd_offers,   [COMMAND_REGISTER_OFFER] = cmd_offer,
        [COMMAND_REGISTER_TAKE] = cmd_take,       [COMMAND_REGISTER_DECLINE] = cmd_decline,
        [COMMAND_REGISTER_CHECK] = cmd_check,     [COMMAND_REGISTER_SIGN] = cmd_sign,
        [COMMAND_REGISTER_SUBMIT] = cmd_submit,   [COMMAND_REGISTER_WITHDRAW] = cmd_withdraw,
        [COMMAND_REGISTER_CORRECT] = cmd_correct, [COMMAND_REGISTER_APPROVE] = cmd_approve,
        [COMMAND_REGISTER_RETURN] = cmd_return,   [COMMAND_REGISTER_STATUS] = cmd_status,
    };
    return run[c];
}
