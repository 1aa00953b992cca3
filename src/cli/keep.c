/* SPDX-License-Identifier: Apache-2.0 */
/* The commands audit, backup, restore and doctor, over the use cases of app/keep/keep.h and
 * keep/doctor.h. */
#include "cli/keep.h"

#include <stdio.h>
#include <unistd.h>

#include "app/keep/doctor.h"
#include "app/keep/keep.h"
#include "app/seat/port.h"
#include "base/arena.h"
#include "base/date.h"
#include "base/json.h"
#include "cli/desk.h"
#include "cli/session.h"

#define SECRETS_SUFFIX ".secrets"

struct keep_print keep_print_of(struct session *s)
{
    return (struct keep_print){.json = s->o.format == FORMAT_JSON,
                               .chinese = s->o.chinese,
                               .width = session_width(),
                               .out = &s->out};
}

static int ended(struct session *s, enum rc rc)
{
    return rc == RC_OK || rc == RC_FINDINGS ? rc_exit_status(rc) : session_failed(s, rc);
}

/* The book, and somebody who may do this at the unit ("": over all). */
static enum rc enter(struct session *s, enum seat_op op, struct str unit, enum data_class class_)
{
    s->phase = PHASE_ANSWER;
    TRY(sit_open(s, false));
    TRY(sit_login(s));
    return seat_desk_need(&s->seat, op, unit, class_, &s->e);
}

/* ---- audit ---------------------------------------------------------------------------------- */

/* The copy, and while it is verified that it goes on. */
static enum rc copy(struct session *s, struct store_reader *from, const char *where,
                    const char *files, struct keep_copied *c)
{
    const struct audit_options how = {.progress = session_progress(s)};
    enum rc rc = keep_copy(&s->arena, from, where, files, &how, c, &s->e);
    session_progress_end(s);
    return rc;
}

static enum rc verify(struct session *s)
{
    struct keep_anchors anchors;
    struct keep_audit x;
    const struct keep_print p = keep_print_of(s);
    TRY(enter(s, OP_LOG_READ, STR(""), CLASS_SENSITIVE));
    TRY(keep_anchors_read(&s->arena, s->o.anchors.list, s->o.anchors.n, s->o.public_, &anchors,
                          &s->e));
    const struct audit_options o = {.anchors = anchors.lines.items,
                                    .n_anchors = anchors.lines.n,
                                    .progress = session_progress(s)};
    enum rc rc = keep_audit(&s->arena, s->reader, &o, &x, &s->e);
    session_progress_end(s);
    TRY(rc);
    keep_audit_print(&s->arena, &x, anchors.lines.n > 0, &p);
    return x.result.n_findings > 0 ? RC_FINDINGS : RC_OK;
}

static int cmd_verify(struct session *s)
{
    return ended(s, verify(s));
}

/* The moment at which a day begins in UTC+8. */
static enum rc day_begins(struct session *s, const char *option, const char *value, int add,
                          int64_t otherwise, int64_t *out)
{
    struct date d;
    *out = otherwise;
    if (value == NULL) {
        return RC_OK;
    }
    if (!date_parse(str_from_cstr(value), &d)) {
        return err_set(&s->e, RC_USAGE, "%s wants a date such as 2025-12-31, not %s",
                       "%s 须为日期，如 2025-12-31，不能是 %s", option, value);
    }
    *out = keep_day_at(date_add_days(d, add));
    return RC_OK;
}

static enum rc show_log(struct session *s)
{
    const struct options *o = &s->o;
    const struct keep_print p = keep_print_of(s);
    struct log_filter f = {.actor = option_text(o->by),
                           .act = option_text(o->act),
                           .unit = option_text(o->unit),
                           .before = o->before > 0 ? (int64_t)o->before : INT64_MAX,
                           .limit = o->limit > 0 ? o->limit : KEEP_LOG_PAGE};
    TRY(day_begins(s, "--from", o->from, 0, INT64_MIN, &f.since));
    TRY(day_begins(s, "--to", o->to, 1, INT64_MAX, &f.until));
    TRY(enter(s, OP_LOG_READ, f.unit, CLASS_SENSITIVE));
    return keep_log(&s->arena, s->reader, &f, &p, &s->e);
}

static int cmd_log(struct session *s)
{
    return ended(s, show_log(s));
}

static enum rc print_anchor(struct session *s)
{
    struct store_end end;
    struct str line;
    TRY(enter(s, OP_LOG_READ, STR(""), CLASS_SENSITIVE));
    TRY(store_end(&s->arena, s->reader, &end, &s->e));
    TRY(store_anchor(&s->arena, s->reader, &line, &s->e));
    if (s->o.key != NULL) {
        TRY(keep_anchor_sign(&s->arena, line, s->o.key, &line, &s->e));
    }
    TRY(keep_mark(&s->arena, s->store, KEEP_ANCHOR, seat_port_actor(&s->seat), end.seq, STR(""),
                  &s->e));
    if (s->o.format == FORMAT_JSON) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_kv_int(&j, "commit", end.seq);
        json_kv_str(&j, "anchor", line);
        json_obj_end(&j);
        json_end(&j);
    } else {
        buf_printf(&s->out, "%.*s\n", PS(line));
    }
    return RC_OK;
}

static int cmd_anchor(struct session *s)
{
    return ended(s, print_anchor(s));
}

static int cmd_key(struct session *s)
{
    enum rc rc = keep_key_make(&s->arena, s->o.file, &s->e);
    if (rc == RC_OK) {
        buf_printf(&s->out,
                   s->o.chinese ? "私钥 %s（请妥善保管，不要放在账本所在机器上），公钥 %s.pub\n"
                                : "secret key %s (keep it safe, and not on the machine of the "
                                  "book), public key %s.pub\n",
                   s->o.file, s->o.file);
    }
    return ended(s, rc);
}

/* ---- copies --------------------------------------------------------------------------------- */

static const char *secrets_of(struct session *s, const char *file)
{
    return str_to_cstr(&s->arena, str_cat(&s->arena, str_from_cstr(file), STR(SECRETS_SUFFIX)));
}

static enum rc ask_phrase(struct session *s, bool twice, struct str *out)
{
    struct str again;
    *out = STR("");
    if (!s->o.secrets) {
        return RC_OK;
    }
    TRY(ask_secret(&s->arena, s->o.chinese ? "密件口令: " : "passphrase: ", out, &s->e));
    if (!twice) {
        return RC_OK;
    }
    TRY(ask_secret(&s->arena, s->o.chinese ? "再输一次: " : "once more: ", &again, &s->e));
    bool same = str_eq(*out, again);
    seat_wipe(again);
    return same ? RC_OK : err_set(&s->e, RC_INPUT, "the two are not the same", "两次输入不一致");
}

static void show_copied(struct session *s, const struct keep_copied *c, int64_t secrets, bool dry)
{
    if (s->o.format == FORMAT_JSON) {
        struct json j;
        json_init(&j, &s->out, true);
        json_obj_begin(&j);
        json_kv_str(&j, "book", c->end.book);
        json_kv_bool(&j, "dry_run", dry);
        json_kv_int(&j, "before", c->before.seq);
        json_kv_int(&j, "commits", c->end.seq);
        json_kv_str(&j, "hash", c->end.hash);
        json_kv_int(&j, "verified", c->audit.events);
        json_kv_int(&j, "files", c->audit.files);
        json_kv_int(&j, "secrets", secrets);
        json_obj_end(&j);
        json_end(&j);
        return;
    }
    buf_printf(&s->out,
               dry ? s->o.chinese ? "将复制第 %lld 至 %lld 次提交；未写入任何内容\n"
                                  : "commits %lld to %lld would be copied; nothing was written\n"
               : s->o.chinese ? "已复制第 %lld 至 %lld 次提交"
                              : "commits %lld to %lld copied",
               (long long)c->before.seq + 1, (long long)c->end.seq);
    if (!dry) {
        buf_printf(&s->out,
                   s->o.chinese ? "；核验通过：提交 %lld 次，佐证文件 %lld 个，密件 %lld 份\n"
                                : "; verified: %lld commits, %lld files of evidence, secrets of "
                                  "%lld users\n",
                   (long long)c->audit.events, (long long)c->audit.files, (long long)secrets);
    }
}

/* Its name stands in the log, where the address of a server, with its password, has no business. */
static enum rc must_be_file(struct session *s)
{
    if (store_is_file(s->o.to)) {
        return RC_OK;
    }
    enum rc rc = err_set(&s->e, RC_USAGE, "a backup goes into a file", "备份须写入文件");
    err_hint(&s->e, "From it a book is made on a server: tizhi restore.",
             "再用 tizhi restore 恢复到服务器。");
    return rc;
}

static enum rc back_up(struct session *s)
{
    struct keep_copied c;
    struct str phrase;
    uint32_t secrets = 0;
    TRY(must_be_file(s));
    TRY(enter(s, OP_BACKUP, STR(""), CLASS_INTERNAL));
    TRY(ask_phrase(s, true, &phrase));
    TRY(copy(s, s->reader, s->o.to, NULL, &c));
    if (s->o.secrets) {
        enum rc rc = keep_secrets_write(&s->arena, s->reader, secrets_of(s, s->o.to), phrase,
                                        s->seat.cost, &secrets, &s->e);
        seat_wipe(phrase);
        TRY(rc);
    }
    TRY(keep_mark(&s->arena, s->store, KEEP_BACKUP, seat_port_actor(&s->seat), c.end.seq,
                  option_text(s->o.to), &s->e));
    show_copied(s, &c, secrets, false);
    return RC_OK;
}

static int cmd_backup(struct session *s)
{
    return ended(s, back_up(s));
}

/* A damaged backup is not restored: the old place may still have what it lacks. */
static enum rc verify_backup(struct session *s)
{
    struct keep_audit x;
    const struct keep_print p = keep_print_of(s);
    const struct audit_options none = {0};
    TRY(keep_audit(&s->arena, s->other_reader, &none, &x, &s->e));
    if (x.result.n_findings == 0) {
        return RC_OK;
    }
    keep_audit_print(&s->arena, &x, false, &p);
    return RC_FINDINGS;
}

static enum rc open_backup(struct session *s)
{
    const struct store_options o = {.where = s->o.from, .read_only = true};
    TRY(store_open(&s->arena, &o, &s->other, &s->e));
    TRY(store_reader_open(&s->arena, s->other, &s->other_reader, &s->e));
    return verify_backup(s);
}

/* Asked for and opened before anything is written. */
static enum rc open_secrets(struct session *s, struct str book, struct str *plain)
{
    struct str phrase;
    *plain = STR("");
    if (!s->o.secrets) {
        return RC_OK;
    }
    TRY(ask_phrase(s, false, &phrase));
    enum rc rc = keep_secrets_open(&s->arena, secrets_of(s, s->o.from), book, phrase, plain, &s->e);
    seat_wipe(phrase);
    return rc;
}

static enum rc put_secrets(struct session *s, struct str plain, uint32_t *n)
{
    if (!s->o.secrets) {
        return RC_OK;
    }
    TRY(s->store == NULL ? sit_open(s, false) : RC_OK);
    enum rc rc = keep_secrets_put(&s->arena, s->store, s->reader, plain, n, &s->e);
    seat_wipe(plain);
    return rc;
}

/* A book at the target has its people, unless it was restored without secrets just now. */
static enum rc may_restore(struct session *s, const struct keep_copied *c)
{
    bool any = false;
    if (c->before.seq == 0) {
        return RC_OK;
    }
    TRY(sit_open(s, false));
    TRY(keep_secrets_any(&s->arena, s->reader, &any, &s->e));
    if (!any) {
        return RC_OK;
    }
    TRY(sit_login(s));
    return seat_desk_need(&s->seat, OP_BACKUP, STR(""), CLASS_INTERNAL, &s->e);
}

static void tell_how_to_log_in(struct session *s, const struct keep_copied *c)
{
    if (s->o.format != FORMAT_JSON && !s->o.secrets && c->before.seq == 0) {
        buf_puts(&s->out,
                 s->o.chinese
                     ? "密码未随账本恢复，目前无人可以登录。请三员共同执行：tizhi user regain "
                       "系统 安全 审计 --book 账本\n"
                     : "Passwords did not come with it: nobody can log in yet. The three "
                       "administrators together: tizhi user regain SYSTEM SECURITY AUDIT --book "
                       "BOOK\n");
    }
}

static enum rc restore(struct session *s)
{
    struct keep_copied c;
    struct str plain;
    uint32_t secrets = 0;
    s->phase = PHASE_ANSWER;
    TRY(open_backup(s));
    TRY(keep_copy_try(&s->arena, s->other_reader, s->o.book, s->o.files, &c, &s->e));
    TRY(may_restore(s, &c));
    TRY(open_secrets(s, c.end.book, &plain));
    if (s->o.dry_run) {
        show_copied(s, &c, 0, true);
        return RC_OK;
    }
    TRY(copy(s, s->other_reader, s->o.book, s->o.files, &c));
    TRY(put_secrets(s, plain, &secrets));
    show_copied(s, &c, secrets, false);
    tell_how_to_log_in(s, &c);
    return RC_OK;
}

static int cmd_restore(struct session *s)
{
    return ended(s, restore(s));
}

/* ---- doctor --------------------------------------------------------------------------------- */

/* Where somebody can log in he does; a book that cannot be opened, or that nobody can log in to, is
 * looked at by whoever holds it. */
static enum rc let_in(struct session *s)
{
    bool any = false;
    TRY(keep_secrets_any(&s->arena, s->reader, &any, &s->e));
    if (!any) {
        return RC_OK;
    }
    TRY(sit_login(s));
    return seat_desk_need(&s->seat, OP_SYSTEM_SET, STR(""), CLASS_INTERNAL, &s->e);
}

static int tell(struct session *s, const struct doctor *d)
{
    static const enum rc of[] = {
        [DOCTOR_NOTE] = RC_OK, [DOCTOR_WARNING] = RC_FINDINGS, [DOCTOR_ERROR] = RC_DB};
    const struct keep_print p = keep_print_of(s);
    doctor_print(d, &p);
    return rc_exit_status(of[doctor_worst(d)]);
}

static int cmd_doctor(struct session *s)
{
    struct doctor d = {.a = &s->arena, .sweep_days = s->o.sweep};
    int status = s->o.pack != NULL ? session_open_plan(s) : 0;
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_ANSWER;
    if (sit_open(s, false) != RC_OK) {
        doctor_cannot_open(&d, &s->e);
        return tell(s, &d);
    }
    enum rc rc = let_in(s);
    rc = rc == RC_OK ? sit_plan(s, INT64_MAX, DATE_MAX) : rc;
    if (rc == RC_USAGE) { /* neither the book nor the caller has a plan to look at */
        err_clear(&s->e);
        rc = RC_OK;
    }
    d.plan = s->pack.plan;
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    d.reader = s->reader;
    d.now = s->seat.now;
    d.progress = session_progress(s);
    doctor_run(&d);
    session_progress_end(s);
    return tell(s, &d);
}

int (*keep_command(enum command c))(struct session *s)
{
    static int (*const run[COMMAND__N])(struct session *) = {
        [COMMAND_AUDIT_VERIFY] = cmd_verify, [COMMAND_AUDIT_LOG] = cmd_log,
        [COMMAND_AUDIT_ANCHOR] = cmd_anchor, [COMMAND_AUDIT_KEY] = cmd_key,
        [COMMAND_BACKUP] = cmd_backup,       [COMMAND_RESTORE] = cmd_restore,
        [COMMAND_DOCTOR] = cmd_doctor,
    };
    return run[c] != NULL ? run[c] : units_command(c);
}
