/* SPDX-License-Identifier: Apache-2.0 */
/* The commands `user`, `token` and `seat`: one function per command over the use cases of app. */
#include "cli/people.h"

#include "app/seat/act.h"
#include "app/seat/duty.h"
#include "app/seat/login.h"
#include "app/seat/print.h"
#include "app/seat/sso.h"
#include "app/seat/token.h"
#include "app/seat/totp.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/desk.h"
#include "cli/session.h"

/* One command at work. */
struct people {
    struct session *s;
    const struct options *o;
    struct arena *a;
    struct buf *out;
    struct seat_desk *desk;
    struct seat_print print;
};

/* ---- what stands on the command line -------------------------------------------------------- */

static const char *in(const struct people *p, const char *en, const char *zh)
{
    return p->o->chinese ? zh : en;
}

static struct str id(const struct people *p)
{
    return option_text(p->o->ids[0]);
}

static struct str note(const struct people *p)
{
    return option_text(p->o->note);
}

/* A word of an axis. */
static enum rc read_word(const struct people *p, const char *option, const char *value,
                         const struct seat_word *table, uint32_t n, uint32_t *out, struct err *e)
{
    struct buf b;
    *out = seat_word_of(table, n, option_text(value));
    if (*out < n) {
        return RC_OK;
    }
    buf_init_in(&b, p->a, 4096);
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(&b, "%s%s", i > 0 ? ", " : "", table[i].word);
    }
    (void)err_set(e, RC_USAGE, "%s knows no %s", "%s 没有 %s", option, value);
    err_hint(e, "One of: %s.", "可用：%s。", buf_view(&b).p);
    return RC_USAGE;
}

static enum rc read_day(const char *option, const char *value, struct date otherwise,
                        struct date *out, struct err *e)
{
    *out = otherwise;
    return value == NULL || date_parse(str_from_cstr(value), out)
               ? RC_OK
               : err_set(e, RC_USAGE, "%s wants a date such as 2025-12-31, not %s",
                         "%s 须为日期，如 2025-12-31，不能是 %s", option, value);
}

/* ---- answers -------------------------------------------------------------------------------- */

static enum rc done(struct people *p, struct str what)
{
    const struct str pairs[][2] = {{STR("done"), what}};
    seat_print_pairs(&p->print, pairs, 1);
    return RC_OK;
}

static enum rc done_once(struct people *p, struct str user, struct str password)
{
    const struct str pairs[][2] = {{STR("user"), user}, {STR("password"), password}};
    seat_print_pairs(&p->print, pairs, 2);
    if (!p->print.json) {
        buf_puts(p->out, in(p, "It is for one use: it has to be changed at the first login.\n",
                            "此密码只能用一次，首次登录须更改。\n"));
    }
    return RC_OK;
}

/* ---- users ---------------------------------------------------------------------------------- */

/* Passwords for the first three, or for the three of a book that came without any. */
static enum rc user_found(struct people *p, struct err *e)
{
    const struct str ids[] = {option_text(p->o->ids[0]), option_text(p->o->ids[1]),
                              option_text(p->o->ids[2])};
    struct str once[SEAT_ADMINS];
    TRY(p->o->command == COMMAND_USER_REGAIN ? seat_regain(p->desk, ids, once, e)
                                             : seat_found(p->desk, ids, once, e));
    const struct str pairs[][2] = {{ids[0], once[0]}, {ids[1], once[1]}, {ids[2], once[2]}};
    seat_print_pairs(&p->print, pairs, SEAT_ADMINS);
    if (!p->print.json) {
        buf_puts(p->out, in(p,
                            "System, security and audit administrator; each password is for one "
                            "use: it has to be changed at the first login.\n",
                            "依次为系统、安全、审计管理员；密码只能用一次，首次登录须更改。\n"));
    }
    return RC_OK;
}

static enum rc look(struct people *p, struct err *e)
{
    struct seat_desk_act none = {0};
    return seat_desk_begin(p->desk, &none, e);
}

static enum rc user_list(struct people *p, struct err *e)
{
    VEC(struct seat_user) seen = {0};
    TRY(look(p, e));
    for (uint32_t i = 0; i < p->desk->roster.users.n; i++) {
        const struct seat_user *u = &p->desk->roster.users.items[i];
        bool asked = p->o->unit == NULL || str_eq(u->unit, option_text(p->o->unit));
        if (asked && seat_desk_may(p->desk, OP_USER_READ, u->unit, CLASS_SENSITIVE)) {
            vec_push(p->a, &seen, *u);
        }
    }
    if (seen.n == 0) {
        TRY(seat_desk_need(p->desk, OP_USER_READ, option_text(p->o->unit), CLASS_SENSITIVE, e));
    }
    seat_print_users(&p->print, seen.items, seen.n);
    return RC_OK;
}

static enum rc user_add(struct people *p, struct err *e)
{
    const struct seat_user u = {
        .id = id(p), .name = option_text(p->o->name), .unit = option_text(p->o->unit)};
    struct str once;
    TRY(seat_user_add(p->desk, &u, note(p), &once, e));
    return done_once(p, u.id, once);
}

static enum rc user_close(struct people *p, struct err *e)
{
    TRY(seat_user_close(p->desk, id(p), note(p), e));
    return done(p, id(p));
}

static enum rc user_reopen(struct people *p, struct err *e)
{
    struct str once;
    TRY(seat_user_reopen(p->desk, id(p), note(p), &once, e));
    return done_once(p, id(p), once);
}

static enum rc user_reset(struct people *p, struct err *e)
{
    struct str once;
    TRY(seat_user_mend(p->desk, id(p), SEAT_RESET, note(p), &once, e));
    return done_once(p, id(p), once);
}

static enum rc user_unlock(struct people *p, struct err *e)
{
    struct str none;
    TRY(seat_user_mend(p->desk, id(p), SEAT_UNLOCK, note(p), &none, e));
    return done(p, id(p));
}

static enum rc user_lock(struct people *p, struct err *e)
{
    struct str none;
    TRY(seat_user_mend(p->desk, id(p), SEAT_LOCK, note(p), &none, e));
    return done(p, id(p));
}

static enum rc user_link(struct people *p, struct err *e)
{
    TRY(seat_user_link(p->desk, id(p), option_text(p->o->at), option_text(p->o->of), note(p), e));
    return done(p, id(p));
}

static enum rc user_unlink(struct people *p, struct err *e)
{
    TRY(seat_user_unlink(p->desk, id(p), note(p), e));
    return done(p, id(p));
}

static enum rc user_no_totp(struct people *p, struct err *e)
{
    struct str none;
    TRY(seat_user_mend(p->desk, id(p), SEAT_NO_TOTP, note(p), &none, e));
    return done(p, id(p));
}

static enum rc user_password(struct people *p, struct err *e)
{
    struct str password;
    struct str again;
    TRY(sit_ask(p->s, p->o->actor, "new password", "新密码", &password));
    TRY(sit_ask(p->s, p->o->actor, "once more", "再输一次", &again));
    bool same = str_eq(password, again);
    seat_wipe(again);
    if (!same) {
        return err_set(e, RC_INPUT, "the two are not the same", "两次输入不一致");
    }
    enum rc rc = seat_user_password(p->desk, password, e);
    seat_wipe(password);
    return rc == RC_OK ? done(p, p->desk->actor) : rc;
}

static enum rc user_totp(struct people *p, struct err *e)
{
    struct str secret;
    TRY(seat_totp_offer(p->desk, &secret, e));
    const struct str pairs[][2] = {
        {STR("secret"), secret},
        {STR("url"), seat_totp_url(p->a, p->desk->actor, secret)},
    };
    seat_print_pairs(&p->print, pairs, 2);
    if (!p->print.json) {
        buf_puts(p->out, in(p, "Give it to an authenticator, then prove it: tizhi user prove.\n",
                            "录入验证器后，请用 tizhi user prove 确认。\n"));
    }
    return RC_OK;
}

static enum rc user_prove(struct people *p, struct err *e)
{
    struct str code;
    TRY(sit_ask(p->s, p->o->actor, "code", "动态码", &code));
    TRY(seat_totp_prove(p->desk, code, e));
    return done(p, p->desk->actor);
}

static enum rc user_login(struct people *p, struct err *e)
{
    const struct seat_login *got = &p->s->login;
    const char *file = "";
    char failures[32];
    struct buf b;
    TRY(seat_login_record(p->desk, got, e));
    if (!got->stale) { /* with an old password there is nothing to do but to change it */
        TRY(sit_remember(p->s, &file));
    }
    buf_init_in(&b, p->a, sizeof failures);
    buf_printf(&b, "%u", got->failures);
    const struct str pairs[][2] = {
        {STR("user"), p->desk->actor},
        {STR("wrong tries before"), buf_view(&b)},
        {STR("password to be changed"), got->stale ? STR("yes") : STR("no")},
        {STR("session"), str_from_cstr(file)}};
    seat_print_pairs(&p->print, pairs, got->stale ? 3 : 4);
    return RC_OK;
}

static enum rc user_logout(struct people *p, struct err *e)
{
    struct str user = STR("");
    (void)e;
    TRY(sit_forget(p->s, &user));
    return done(p, user);
}

/* ---- tokens --------------------------------------------------------------------------------- */

static enum rc token_create(struct people *p, struct err *e)
{
    struct seat_token want = {.name = id(p)};
    struct str text;
    struct str words = STR("");
    TRY(look(p, e));
    for (uint32_t i = 0; i < p->o->fields.n; i++) {
        words = str_cat(p->a, str_cat(p->a, words, STR(" ")), option_text(p->o->fields.list[i]));
    }
    TRY(seat_scope_read(words, &want.scope, e));
    for (uint32_t i = 0; i < p->o->only.n; i++) {
        struct str unit = option_text(p->o->only.list[i]);
        TRY(seat_scope_unit(p->a, &p->desk->roster, unit, &want.scope, e));
    }
    TRY(read_day("--until", p->o->until, DATE_MIN, &want.until, e));
    TRY(seat_token_add(p->desk, &want, &text, e));
    const struct str pairs[][2] = {{STR("name"), want.name}, {STR("token"), text}};
    seat_print_pairs(&p->print, pairs, 2);
    if (!p->print.json) {
        buf_puts(p->out, in(p, "It is shown this once: keep it like a password.\n",
                            "令牌只显示这一次，请像密码一样保管。\n"));
    }
    return RC_OK;
}

static enum rc token_list(struct people *p, struct err *e)
{
    struct seat_tokens list;
    TRY(seat_token_list(p->desk, p->desk->actor, &list, e));
    seat_print_tokens(&p->print, list.list, list.n);
    return RC_OK;
}

static enum rc token_end(struct people *p, struct err *e)
{
    TRY(seat_token_end(p->desk, id(p), e));
    return done(p, id(p));
}

/* ---- seats ---------------------------------------------------------------------------------- */

static enum rc seat_list(struct people *p, struct err *e)
{
    VEC(struct seat) seen = {0};
    struct date day;
    TRY(look(p, e));
    TRY(read_day("--as-of", p->o->as_of, seat_desk_today(p->desk), &day, e));
    for (uint32_t i = 0; i < p->desk->roster.seats.n; i++) {
        const struct seat *s = &p->desk->roster.seats.items[i];
        bool asked =
            (p->o->unit == NULL || str_eq(s->unit, option_text(p->o->unit))) &&
            (p->o->holder == NULL || str_eq(seat_holder(s, day), option_text(p->o->holder)));
        if (asked && seat_desk_may(p->desk, OP_SEAT_READ, s->unit, CLASS_INTERNAL)) {
            vec_push(p->a, &seen, *s);
        }
    }
    if (seen.n == 0) {
        TRY(seat_desk_need(p->desk, OP_SEAT_READ, option_text(p->o->unit), CLASS_INTERNAL, e));
    }
    seat_print_seats(&p->print, seen.items, seen.n, day);
    return RC_OK;
}

/* The seat that is named, if the actor may read it. */
static enum rc seat_readable(struct people *p, const struct seat **out, struct err *e)
{
    *out = seat_find(&p->desk->roster, id(p));
    struct str unit = *out != NULL ? (*out)->unit : STR("");
    TRY(seat_desk_need(p->desk, OP_SEAT_READ, unit, CLASS_INTERNAL, e));
    return *out != NULL
               ? RC_OK
               : err_set(e, RC_NOT_FOUND, "there is no seat %s", "没有岗位 %s", p->o->ids[0]);
}

static enum rc seat_show(struct people *p, struct err *e)
{
    struct seat_versions v;
    const struct seat *s = NULL;
    TRY(look(p, e));
    TRY(seat_readable(p, &s, e));
    TRY(seat_versions(p->a, p->s->reader, s->id, &v, e));
    seat_print_seats(&p->print, v.list.items, v.list.n, seat_desk_today(p->desk));
    seat_print_duties(&p->print, s);
    return RC_OK;
}

static enum rc read_term(struct people *p, struct seat_term *out, struct err *e)
{
    out->holder = option_text(p->o->holder);
    TRY(read_day("--from", p->o->from, seat_desk_today(p->desk), &out->from, e));
    return read_day("--to", p->o->to, DATE_MAX, &out->to, e);
}

static enum rc give(struct people *p, struct err *e)
{
    struct seat s = {.id = id(p), .unit = option_text(p->o->unit)};
    uint32_t role = 0;
    uint32_t ceiling = 0;
    TRY(read_word(p, "--role", p->o->role, seat_roles, ROLE__N, &role, e));
    TRY(read_word(p, "--class", p->o->class_, seat_classes, SEAT_CLASSES, &ceiling, e));
    TRY(read_term(p, &s.term, e));
    s.role = (enum seat_role)role;
    s.ceiling = (enum data_class)ceiling;
    TRY(seat_give(p->desk, &s, note(p), e));
    return done(p, id(p));
}

/* ---- duties --------------------------------------------------------------------------------- */

static enum rc open_duties(struct people *p, struct desk *d, struct duties *all)
{
    TRY(sit_desk(p->s, d));
    return duty_find(d, (int32_t)p->o->remind, NULL, all, &p->s->e);
}

static enum rc seat_duties(struct people *p, struct err *e)
{
    struct desk d;
    struct duties all;
    const struct seat *s = NULL;
    TRY(look(p, e));
    TRY(seat_readable(p, &s, e));
    TRY(open_duties(p, &d, &all));
    const struct duties his = duty_of_seat(&d, &p->desk->roster, s, &all);
    seat_print_open(&p->print, &d, &his);
    return RC_OK;
}

/* Whatever waits for oneself, in whichever seat. */
static enum rc todo(struct people *p, struct err *e)
{
    struct desk d;
    struct duties all;
    TRY(look(p, e));
    TRY(open_duties(p, &d, &all));
    const struct duties mine = duty_of_user(&d, &p->desk->roster, p->desk->actor, &all);
    seat_print_open(&p->print, &d, &mine);
    return RC_OK;
}

static enum rc remind(struct people *p, struct err *e)
{
    struct desk d;
    struct reminders all;
    TRY(look(p, e));
    TRY(sit_desk(p->s, &d));
    TRY(duty_remind(&d, &p->desk->roster, (int32_t)p->o->days, NONE, &all, e));
    seat_print_reminders(&p->print, &d, &all);
    return RC_OK;
}

/* Of an administrator the book knows no duties. */
static enum rc collect(struct people *p, const struct seat *s, const struct str **out, uint32_t *n,
                       struct err *e)
{
    struct desk d;
    struct str *told = ARENA_ARRAY(p->a, struct str, p->o->duties.n + 1U);
    bool admin = seat_roles[s->role].mark;
    for (uint32_t i = 0; i < p->o->duties.n; i++) {
        told[i] = option_text(p->o->duties.list[i]);
    }
    if (!admin && p->o->pack == NULL) {
        enum rc rc = err_set(e, RC_USAGE, "the open duties of a seat need the plan",
                             "移交岗位的未完成事项须有计划");
        err_hint(e, "Write --pack DIR.", "请用 --pack 写明计划包目录。");
        return rc;
    }
    TRY(admin ? RC_OK : sit_desk(p->s, &d));
    return duty_collect(p->a, admin ? NULL : &d, &p->desk->roster, s,
                        &(struct duty_told){told, p->o->duties.n}, out, n, e);
}

static enum rc hand(struct people *p, struct err *e)
{
    struct seat_term t;
    const struct seat *s = NULL;
    const struct str *duties = NULL;
    uint32_t n = 0;
    TRY(read_term(p, &t, e));
    TRY(look(p, e));
    TRY(seat_readable(p, &s, e));
    TRY(collect(p, s, &duties, &n, e));
    TRY(seat_hand_over(p->desk, id(p), &t, duties, n, note(p), e));
    struct seat after = {.duties = duties, .n_duties = n};
    TRY(done(p, id(p)));
    seat_print_duties(&p->print, &after);
    return RC_OK;
}

static enum rc end(struct people *p, struct err *e)
{
    struct date last;
    TRY(read_day("--to", p->o->to, seat_desk_today(p->desk), &last, e));
    TRY(seat_end(p->desk, id(p), last, note(p), e));
    return done(p, id(p));
}

static enum rc rights(struct people *p, struct err *e)
{
    (void)e;
    seat_print_rights(&p->print);
    return RC_OK;
}

static enum rc may(struct people *p, struct err *e)
{
    struct date day;
    uint32_t op = 0;
    uint32_t class = 0;
    TRY(read_word(p, "--op", p->o->op, seat_ops, OP__N, &op, e));
    TRY(read_word(p, "--class", p->o->class_, seat_classes, SEAT_CLASSES, &class, e));
    TRY(look(p, e));
    TRY(seat_desk_need(p->desk, OP_SEAT_READ, option_text(p->o->unit), CLASS_INTERNAL, e));
    TRY(read_day("--as-of", p->o->as_of, seat_desk_today(p->desk), &day, e));
    struct seat_roster then;
    TRY(seat_roster_load(p->a, p->s->reader, p->desk->roster.seq, day, &then, e));
    const struct seat_want want = {.op = (enum seat_op)op,
                                   .unit = option_text(p->o->unit),
                                   .class = (enum data_class) class,
                                   .count = p->o->count};
    const struct seat *s = seat_may(&then, option_text(p->o->holder), &want);
    const struct str pairs[][2] = {{STR("allowed"), s != NULL ? STR("yes") : STR("no")},
                                   {STR("seat"), s != NULL ? s->id : STR("")}};
    seat_print_pairs(&p->print, pairs, s != NULL ? 2 : 1);
    return s != NULL ? RC_OK : RC_FINDINGS;
}

/* ---- running -------------------------------------------------------------------------------- */

/* The book is founded by whoever has made it; to log out one need not be logged in any more. */
static enum rc begin(struct people *p)
{
    TRY(sit_open(p->s, false));
    bool alone = p->o->command == COMMAND_USER_FOUND || p->o->command == COMMAND_USER_LOGOUT ||
                 p->o->command == COMMAND_USER_REGAIN;
    TRY(alone ? RC_OK : sit_login(p->s));
    return p->s->pack.plan != NULL ? sit_plan(p->s, INT64_MAX, DATE_MAX) : RC_OK;
}

typedef enum rc people_fn(struct people *p, struct err *e);

static people_fn *const commands[COMMAND__N] = {
    [COMMAND_USER_FOUND] = user_found,
    [COMMAND_USER_REGAIN] = user_found,
    [COMMAND_USER_LIST] = user_list,
    [COMMAND_USER_ADD] = user_add,
    [COMMAND_USER_CLOSE] = user_close,
    [COMMAND_USER_REOPEN] = user_reopen,
    [COMMAND_USER_RESET] = user_reset,
    [COMMAND_USER_UNLOCK] = user_unlock,
    [COMMAND_USER_LOCK] = user_lock,
    [COMMAND_USER_LINK] = user_link,
    [COMMAND_USER_UNLINK] = user_unlink,
    [COMMAND_USER_NO_TOTP] = user_no_totp,
    [COMMAND_USER_PASSWORD] = user_password,
    [COMMAND_USER_TOTP] = user_totp,
    [COMMAND_USER_PROVE] = user_prove,
    [COMMAND_USER_LOGIN] = user_login,
    [COMMAND_USER_LOGOUT] = user_logout,
    [COMMAND_TOKEN_CREATE] = token_create,
    [COMMAND_TOKEN_LIST] = token_list,
    [COMMAND_TOKEN_END] = token_end,
    [COMMAND_SEAT_LIST] = seat_list,
    [COMMAND_SEAT_SHOW] = seat_show,
    [COMMAND_SEAT_GIVE] = give,
    [COMMAND_SEAT_HAND] = hand,
    [COMMAND_SEAT_DUTIES] = seat_duties,
    [COMMAND_MINE] = todo,
    [COMMAND_REMIND] = remind,
    [COMMAND_SEAT_END] = end,
    [COMMAND_SEAT_MAY] = may,
    [COMMAND_SEAT_RIGHTS] = rights,
};

static int run(struct session *s)
{
    struct people p = {.s = s, .o = &s->o, .a = &s->arena, .out = &s->out, .desk = &s->seat};
    p.print = (struct seat_print){.a = p.a,
                                  .json = s->o.format == FORMAT_JSON,
                                  .chinese = s->o.chinese,
                                  .width = session_width(),
                                  .out = p.out};
    int status = s->o.pack != NULL ? session_open_plan(s) : 0;
    if (status != 0) {
        return status;
    }
    s->phase = PHASE_ANSWER;
    /* The table of rights is the program's: it needs no book. */
    enum rc rc = s->o.book != NULL ? begin(&p) : RC_OK;
    rc = rc == RC_OK ? commands[s->o.command](&p, &s->e) : rc;
    return rc == RC_OK || rc == RC_FINDINGS ? rc_exit_status(rc) : session_failed(s, rc);
}

int (*people_command(enum command c))(struct session *s)
{
    return commands[c] != NULL ? run : NULL;
}
