/* SPDX-License-Identifier: Apache-2.0 */
/* The commands on packages: pack-out and pack-in. */
#include "app/offline/offline.h"

#include <unistd.h>

#include "app/seat/port.h"
#include "base/arena.h"
#include "base/file.h"
#include "cli/desk.h"
#include "cli/keep.h"
#include "cli/session.h"

static int answer(struct session *s, const struct offline_result *r)
{
    if (s->o.format == FORMAT_JSON) {
        offline_json(r, &s->out);
    } else {
        offline_show(r, s->o.chinese, &s->out);
    }
    return offline_is_open(r) ? rc_exit_status(RC_FINDINGS) : 0;
}

/* ---- out ------------------------------------------------------------------------------------ */

static enum rc pack(struct session *s, struct desk *d, struct offline_result *r)
{
    struct str bytes = STR("");
    struct str *units = ARENA_ARRAY(&s->arena, struct str, s->o.only.n + 1U);
    struct offline_wish w = {.round = option_text(s->o.round),
                             .units = units,
                             .n_units = s->o.only.n,
                             .until = DATE_MIN,
                             .key = s->o.key,
                             .plan = s->pack.lang.sources,
                             .now = sit_now()};
    for (uint32_t i = 0; i < s->o.only.n; i++) {
        units[i] = str_from_cstr(s->o.only.list[i]);
    }
    if (s->o.until != NULL && !date_parse(str_from_cstr(s->o.until), &w.until)) {
        return err_set(&s->e, RC_USAGE, "--until wants a date such as 2025-12-31, not %s",
                       "--until 须为日期，如 2025-12-31，不能是 %s", s->o.until);
    }
    TRY(file_reserve(s->o.file, &s->e));
    enum rc rc = offline_pack(d, &w, &bytes, r, &s->e);
    rc = rc == RC_OK ? file_write(s->o.file, bytes, &s->e) : rc;
    if (rc != RC_OK) {
        (void)unlink(s->o.file);
    }
    return rc;
}

static int cmd_out(struct session *s)
{
    struct desk d;
    struct offline_result r;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = pack(s, &d, &r);
    return rc == RC_OK ? answer(s, &r) : session_failed(s, rc);
}

/* ---- in ------------------------------------------------------------------------------------- */

static enum rc read_takes(struct session *s, struct offline_in *in)
{
    struct offline_take *takes = ARENA_ARRAY(&s->arena, struct offline_take, s->o.takes.n + 1U);
    for (uint32_t i = 0; i < s->o.takes.n; i++) {
        if (!offline_take_of(str_from_cstr(s->o.takes.list[i]), &takes[i])) {
            return err_set(&s->e, RC_USAGE, "--take wants UNIT=theirs or UNIT=ours, not %s",
                           "--take 须写作 机构=theirs 或 机构=ours，不能是 %s", s->o.takes.list[i]);
        }
    }
    in->takes = takes;
    in->n_takes = s->o.takes.n;
    return RC_OK;
}

/* A new book is made for who has accepted the key; one without users is nobody's. */
static enum rc open_local(struct session *s, struct offline_in *in)
{
    struct seat_desk_act none = {0};
    bool accepts = str_eq(in->fingerprint, in->package->fingerprint);
    if (!store_is_file(s->o.book)) {
        return err_set(&s->e, RC_NO_SUPPORT, "a local book is a file", "本地账本须为文件");
    }
    enum rc rc = sit_open(s, accepts && !in->dry_run);
    if (rc == RC_NOT_FOUND && !accepts) {
        err_clear(&s->e);
        return offline_unknown_key(in->package, false, &s->e);
    }
    TRY(rc);
    TRY(seat_desk_begin(&s->seat, &none, &s->e));
    in->actor = STR("tizhi");
    if (s->seat.roster.users.n > 0) {
        TRY(sit_login(s));
        in->actor = seat_port_actor(&s->seat);
        in->may = sit_may;
        in->may_ctx = s;
    }
    in->store = s->store;
    in->reader = s->reader;
    in->today = seat_desk_today(&s->seat);
    return RC_OK;
}

static enum rc into_local(struct session *s, struct offline_in *in, struct offline_result *r)
{
    struct str folder = str_cat(&s->arena, option_text(s->o.book), STR(".plan"));
    TRY(open_local(s, in));
    TRY(offline_check(in, &s->e));
    TRY(in->dry_run ? RC_OK : offline_write_plan(in, str_to_cstr(&s->arena, folder), &s->e));
    TRY(offline_take_round(in, r, &s->e));
    if (s->o.format != FORMAT_JSON && !in->dry_run) {
        buf_printf(&s->out, s->o.chinese ? "计划：--pack %.*s\n" : "the plan: --pack %.*s\n",
                   PS(folder));
    }
    return RC_OK;
}

static enum rc into_centre(struct session *s, struct offline_in *in, struct desk *d,
                           struct offline_result *r)
{
    struct str plan = STR("");
    in->store = s->store;
    in->reader = s->reader;
    in->actor = d->actor;
    in->today = d->today;
    in->may = d->may;
    in->may_ctx = d->may_ctx;
    TRY(offline_plan(&s->arena, s->pack.lang.sources, &plan, &s->e));
    return offline_take_answer(in, d, plan, r, &s->e);
}

static enum rc read_package(struct session *s, struct offline_in *in, struct package *p)
{
    struct str bytes = STR("");
    in->fingerprint = option_text(s->o.fingerprint);
    TRY(read_takes(s, in));
    TRY(file_read(&s->arena, s->o.file, PACKAGE_BYTES_MAX, &bytes, &s->e));
    return package_read(&s->arena, bytes, p, &s->e);
}

static int cmd_in(struct session *s)
{
    struct package p;
    struct desk d;
    struct offline_result r;
    struct offline_in in = {.a = &s->arena, .package = &p, .dry_run = s->o.dry_run};
    int status = 0;
    enum rc rc = read_package(s, &in, &p);
    if (rc == RC_OK && p.sort == PACKAGE_ROUND) {
        rc = into_local(s, &in, &r);
    } else if (rc == RC_OK && s->o.pack == NULL) {
        rc = err_set(&s->e, RC_USAGE, "an answer wants the plan: --pack DIR",
                     "收入回报包须给出计划：--pack 目录");
    } else if (rc == RC_OK) {
        status = sit_down(s, &d);
        rc = status == 0 ? into_centre(s, &in, &d, &r) : RC_OK;
    }
    status = rc != RC_OK ? session_failed(s, rc) : status;
    return status != 0 ? status : answer(s, &r);
}

int (*offline_command(enum command c))(struct session *s)
{
    return c == COMMAND_PACK_OUT ? cmd_out : c == COMMAND_PACK_IN ? cmd_in : NULL;
}
