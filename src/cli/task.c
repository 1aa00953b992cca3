/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on tasks. */
#include "app/task/task.h"
#include "base/file.h"
#include "base/i128.h"
#include "cli/book.h"
#include "cli/desk.h"
#include "cli/session.h"
#include "store/files.h"

static bool read_day(struct session *s, const char *z, struct date *out)
{
    *out = DATE_MIN;
    return z == NULL || date_parse(str_from_cstr(z), out) ||
           session_complain(s, 2, "须为日期，如 2025-12-31", "a date such as 2025-12-31 is wanted",
                            z) == 0;
}

/* The book's tasks; 0, or the exit status. */
static int list(struct session *s, struct desk *d, struct task_lines *all)
{
    int status = sit_down(s, d);
    if (status != 0) {
        return status;
    }
    enum rc rc = task_list(d, (int32_t)s->o.remind, NULL, all, &s->e);
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

static int show(struct session *s, const struct desk *d, const struct task_lines *all)
{
    if (s->o.format == FORMAT_JSON) {
        task_list_json(d, all, &s->out);
    } else if (session_wants_rows(s)) {
        struct table t = task_list_table(d, all, s->o.chinese);
        return session_table(s, "任务", "tasks", &t);
    } else {
        task_list_show(d, all, s->o.chinese, session_width(), &s->out);
    }
    return 0;
}

static int cmd_list(struct session *s)
{
    struct desk d;
    struct task_lines all;
    struct task_lines seen;
    uint32_t unit = NONE;
    int status = list(s, &d, &all);
    if (status != 0) {
        return status;
    }
    enum rc rc = s->o.unit != NULL ? desk_unit(&d, option_text(s->o.unit), &unit, &s->e) : RC_OK;
    rc = rc == RC_OK ? task_seen(&d, &all, unit, &seen, &s->e) : rc;
    return rc == RC_OK ? show(s, &d, &seen) : session_failed(s, rc);
}

/* The last part of a path. */
static struct str name_of(const char *path)
{
    struct str rest = str_from_cstr(path);
    struct str name = rest;
    while (str_split(&rest, '/', &name)) {
    }
    return name;
}

static enum rc act_on(struct session *s, struct desk *d, const struct task_lines *all,
                      struct task_act *act, struct task_line **t)
{
    struct str content = STR("");
    i128 year = 0;
    if (s->o.year != NULL &&
        (!i128_parse(option_text(s->o.year), &year) || year < 0 || year > 9999)) {
        return err_set(&s->e, RC_INPUT, "%s is no year", "%s 不是年份", s->o.year);
    }
    TRY(task_find(d, all, option_text(s->o.task), option_text(s->o.part), option_text(s->o.unit),
                  (int32_t)year, t, &s->e));
    if (act->act == TASK_ACT_FILE || act->act == TASK_ACT_CONTRIBUTE) {
        TRY(file_read(&s->arena, s->o.file, FILES_BYTES_MAX, &content, &s->e));
        act->evidence.document = name_of(s->o.file);
        act->evidence.unit = option_text(s->o.of);
    }
    int64_t seen = s->o.seen > 0 ? (int64_t)s->o.seen : REPORT_JUST_READ;
    return task_do(d, *t, act, seen, content, &s->e);
}

static int act(struct session *s, enum task_act_kind which)
{
    struct desk d;
    struct task_lines all;
    struct task_line *t = NULL;
    struct task_act x = {.act = which, .reason = option_text(s->o.cause)};
    if (!read_day(s, s->o.until, &x.until) || !read_day(s, s->o.day, &x.evidence.day)) {
        return 2;
    }
    int status = list(s, &d, &all);
    if (status != 0) {
        return status;
    }
    enum rc rc = act_on(s, &d, &all, &x, &t);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    struct task_lines one = {0};
    t->shared = which == TASK_ACT_CONTRIBUTE;
    vec_push(&s->arena, &one.list, *t);
    return show(s, &d, &one);
}

static int cmd_file(struct session *s)
{
    return act(s, TASK_ACT_FILE);
}

static int cmd_contribute(struct session *s)
{
    return act(s, TASK_ACT_CONTRIBUTE);
}

static int cmd_sign_off(struct session *s)
{
    return act(s, TASK_ACT_SIGN_OFF);
}

static int cmd_return(struct session *s)
{
    return act(s, TASK_ACT_RETURN);
}

static int cmd_extend(struct session *s)
{
    return act(s, TASK_ACT_EXTEND);
}

static int cmd_grant(struct session *s)
{
    return act(s, TASK_ACT_GRANT);
}

static int cmd_refuse(struct session *s)
{
    return act(s, TASK_ACT_REFUSE);
}

int (*task_command(enum command c))(struct session *s)
{
    static int (*const run[COMMAND__N])(struct session *) = {
        [COMMAND_TASK_LIST] = cmd_list,
        [COMMAND_TASK_FILE] = cmd_file,
        [COMMAND_TASK_CONTRIBUTE] = cmd_contribute,
        [COMMAND_TASK_SIGN_OFF] = cmd_sign_off,
        [COMMAND_TASK_RETURN] = cmd_return,
        [COMMAND_TASK_EXTEND] = cmd_extend,
        [COMMAND_TASK_GRANT] = cmd_grant,
        [COMMAND_TASK_REFUSE] = cmd_refuse,
    };
    return run[c] != NULL ? run[c] : register_command(c);
}
