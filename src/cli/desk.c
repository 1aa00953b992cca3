/* SPDX-License-Identifier: Apache-2.0 */
/* From the command line to a desk: the book, the login, and the guard of every command. */
#include "cli/desk.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/adopt/adopt.h"
#include "app/workbook/import.h"
#include "app/report/desk.h"
#include "app/seat/login.h"
#include "app/seat/port.h"
#include "app/seat/session.h"
#include "app/standing/standing.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/session.h"
#include "cli/token.h"

/* ---- the guard ------------------------------------------------------------------------------ */

static const char *const guards[COMMAND__N] = {
#define GUARD(command, operations) [COMMAND_##command] = (operations),
#include "cli/guard.def"
};

bool sit_names(enum command c, struct str word)
{
    struct str rest = str_from_cstr(guards[c] != NULL ? guards[c] : "");
    struct str one;
    while (str_split(&rest, ' ', &one)) {
        if (str_eq(one, word)) {
            return true;
        }
    }
    return false;
}

bool sit_may(void *ctx, struct str actor, const char *operation, struct str unit,
             enum data_class class_)
{
    struct session *s = ctx;
    return sit_names(s->o.command, str_from_cstr(operation)) &&
           seat_port_may(&s->seat, actor, operation, unit, class_);
}

int sit_answer(struct session *s, int status)
{
    bool answers = status == 0 || status == rc_exit_status(RC_FINDINGS);
    bool free = sit_names(s->o.command, STR("founding")) ||
                sit_names(s->o.command, STR("oneself")) || sit_names(s->o.command, STR("holder"));
    if (!answers || s->reader == NULL || free || s->granted > 0) {
        return status;
    }
    buf_clear(&s->out);
    return session_failed(
        s, err_set(&s->e, RC_DENIED, "no right was asked for this", "此操作未经授权检查"));
}

/* ---- the book ------------------------------------------------------------------------------- */

struct seat_cost sit_cost(struct session *s)
{
    // No other thread is there to change it: NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char *cheap = getenv("TIZHI_TEST_CHEAP_PASSWORDS");
    if (cheap == NULL || strcmp(cheap, "1") != 0) {
        return seat_cost_full();
    }
    buf_puts(&s->message, s->o.chinese ? "警告：密码散列强度已降低，仅供测试\n"
                                       : "warning: passwords are hashed cheaply, for tests only\n");
    return seat_cost_cheap();
}

int64_t sit_now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const char *sit_key(void)
{
    // No other thread is there to change it: NOLINTNEXTLINE(concurrency-mt-unsafe)
    return getenv("TIZHI_KEY");
}

enum rc sit_open(struct session *s, bool create)
{
    const struct store_options o = {.where = s->o.book,
                                    .files = s->o.files,
                                    .key = sit_key(),
                                    .create = create};
    TRY(store_open(&s->arena, &o, &s->store, &s->e));
    TRY(store_reader_open(&s->arena, s->store, &s->reader, &s->e));
    s->seat = (struct seat_desk){.a = &s->arena,
                                 .store = s->store,
                                 .reader = s->reader,
                                 .cost = sit_cost(s),
                                 .now = sit_now(),
                                 .device.agent = STR("tizhi"),
                                 .granted = &s->granted};
    return RC_OK;
}

void sit_end(struct session *s)
{
    standing_close(s->facts.standing);
    standing_close(s->facts.other);
    if (s->import != NULL) {
        import_drop(s->import);
    }
    if (s->facts.step.above != NULL) {
        arena_release(&s->facts.step);
    }
    if (s->reader != NULL) {
        store_reader_close(s->reader);
    }
    if (s->other_reader != NULL) {
        store_reader_close(s->other_reader);
    }
    store_close(s->store);
    store_close(s->other);
}

enum rc sit_founding(struct session *s)
{
    struct seat_desk_act none = {0};
    TRY(seat_desk_begin(&s->seat, &none, &s->e));
    if (s->seat.roster.users.n == 0) {
        return RC_OK;
    }
    enum rc rc = err_set(&s->e, RC_DENIED, "the book has users: it is founded already",
                         "账本已有用户，建账已完成");
    err_hint(&s->e, "Add tables with tizhi book load.", "请用 tizhi book load 追加数据表。");
    return rc;
}

/* ---- who it is ------------------------------------------------------------------------------ */

enum rc sit_ask(struct session *s, const char *user, const char *en, const char *zh,
                struct str *out)
{
    struct buf b;
    buf_init_in(&b, &s->arena, 4096);
    buf_printf(&b, "%s (%s): ", s->o.chinese ? zh : en, user);
    return ask_secret(&s->arena, buf_view(&b).p, out, &s->e);
}

struct asking {
    struct session *s;
    const char *user;
};

static struct str ask_code(void *ctx)
{
    struct asking *q = ctx;
    struct str code = STR("");
    enum rc rc = sit_ask(q->s, q->user, "code", "动态码", &code);
    err_clear(&q->s->e); /* no code is a wrong one */
    return rc == RC_OK ? code : STR("");
}

static enum rc by_password(struct session *s, const char *user, bool second, struct seat_login *got)
{
    struct asking q = {s, user};
    struct seat_typed typed = {.ask = ask_code, .ctx = &q};
    TRY(sit_ask(s, user, "password", "密码", &typed.password));
    enum rc rc = seat_login(&s->seat, str_from_cstr(user), &typed, second, got, &s->e);
    seat_wipe(typed.password);
    return rc;
}

static enum rc by_session(struct session *s)
{
    struct token t;
    const char *path = NULL;
    TRY(sit_file(s, &path));
    enum rc rc = token_read(&s->arena, path, &t, &s->e);
    if (rc == RC_NOT_FOUND) {
        err_clear(&s->e);
        rc = err_set(&s->e, RC_DENIED, "nobody is logged in", "尚未登录");
        err_hint(&s->e, "Log in: tizhi user login --as ID; or say who it is with --as ID.",
                 "请先登录：tizhi user login --as 用户；或用 --as 写明用户。");
    }
    return rc == RC_OK ? seat_session_resume(&s->seat, t.user, t.secret, &s->e) : rc;
}

static enum rc no_users(struct session *s)
{
    struct seat_desk_act none = {0};
    TRY(seat_desk_begin(&s->seat, &none, &s->e));
    if (s->seat.roster.users.n > 0) {
        return RC_OK;
    }
    enum rc rc = err_set(&s->e, RC_DENIED, "the book has no users yet", "账本中还没有用户");
    err_hint(&s->e, "Make the first three: tizhi user found.", "请先建立三员：tizhi user found。");
    return rc;
}

enum rc sit_login(struct session *s)
{
    struct seat_login other;
    TRY(no_users(s));
    TRY(s->o.actor != NULL ? by_password(s, s->o.actor, false, &s->login) : by_session(s));
    return s->o.with != NULL ? by_password(s, s->o.with, true, &other) : RC_OK;
}

/* ---- the desk ------------------------------------------------------------------------------- */

enum rc sit_desk(struct session *s, struct desk *d)
{
    *d = (struct desk){.a = &s->arena,
                       .store = s->store,
                       .reader = s->reader,
                       .plan = s->pack.plan,
                       .plan_seen = s->pack.seen,
                       .actor = seat_port_actor(&s->seat),
                       .today = seat_desk_today(&s->seat),
                       .may = sit_may,
                       .may_ctx = s};
    return desk_open(d, &s->e);
}

enum rc sit_plan(struct session *s, int64_t upto, struct date day)
{
    struct adopt_now now;
    struct pack *given = s->pack.plan != NULL ? &s->pack : NULL;
    TRY(adopt_now(&s->arena, s->reader, given, upto, day, &now, &s->e));
    s->pack = *now.pack;
    s->seat.plan_seen = s->pack.seen;
    return RC_OK;
}

int sit_down_at(struct session *s, int64_t upto, struct date day, struct desk *d)
{
    int status = s->o.pack != NULL ? session_open_plan(s) : 0;
    if (status != 0) {
        return status;
    }
    enum rc rc = sit_open(s, false);
    rc = rc == RC_OK ? sit_login(s) : rc;
    rc = rc == RC_OK ? sit_plan(s, upto, day) : rc;
    s->phase = PHASE_TABLES;
    rc = rc == RC_OK ? sit_desk(s, d) : rc;
    s->phase = PHASE_ANSWER;
    return rc == RC_OK ? 0 : session_failed(s, rc);
}

int sit_down(struct session *s, struct desk *d)
{
    return sit_down_at(s, INT64_MAX, DATE_MAX, d);
}

/* ---- sessions ------------------------------------------------------------------------------- */

enum rc sit_file(struct session *s, const char **path)
{
    struct store_end end;
    *path = s->o.session;
    if (*path != NULL) {
        return RC_OK;
    }
    TRY(store_end(&s->arena, s->reader, &end, &s->e));
    return token_path(&s->arena, end.book, path, &s->e);
}

enum rc sit_remember(struct session *s, const char **path)
{
    struct token t = {.user = s->seat.actor};
    TRY(sit_file(s, path));
    TRY(seat_session_begin(&s->seat, &t.secret, &s->e));
    return token_write(&s->arena, *path, &t, &s->e);
}

enum rc sit_forget(struct session *s, struct str *user)
{
    struct token t;
    const char *path = NULL;
    TRY(sit_file(s, &path));
    TRY(token_read(&s->arena, path, &t, &s->e));
    TRY(seat_session_end(&s->seat, t.user, t.secret, &s->e));
    *user = t.user;
    return token_remove(path, &s->e);
}
