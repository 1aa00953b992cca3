/* SPDX-License-Identifier: Apache-2.0 */
/* The plans of a book: trying one, adopting it, which were in force, taking one out. */
#include "cli/adopt.h"

#include "app/adopt/adopt.h"
#include "app/seat/port.h"
#include "app/standing/standing.h"
#include "app/table.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/desk.h"
#include "cli/session.h"

/* ---- the effect ----------------------------------------------------------------------------- */

/* Both stand over the book up to one commit. */
static enum rc judge(struct session *s, const struct plan *plan, int64_t upto,
                     struct standing **out)
{
    const struct standing_options o = {.plan = plan,
                                       .store = s->store,
                                       .day = date_today(),
                                       .upto = upto,
                                       .limit = s->arena.limit_bytes / 4,
                                       .progress = session_progress(s)};
    enum rc rc = standing_open(&o, out, &s->e);
    session_progress_end(s);
    return rc;
}

static enum rc effect(struct session *s, const struct adopt_trial *t, struct adopt_effect *out)
{
    TRY(judge(s, t->now->pack->plan, t->upto, &s->facts.standing));
    TRY(judge(s, t->next->plan, t->upto, &s->facts.other));
    struct live_reader *before = live_reader(standing_live(s->facts.standing));
    struct live_reader *after = live_reader(standing_live(s->facts.other));
    const struct adopt_side sides[2] = {{t->now->pack->plan, before}, {t->next->plan, after}};
    out->seq = standing_pin(s->facts.standing, before);
    (void)standing_pin(s->facts.other, after);
    out->day = standing_day(s->facts.standing);
    adopt_effect(&s->arena, sides, out);
    live_reader_release(before);
    live_reader_release(after);
    return RC_OK;
}

/* ---- plan adopt ----------------------------------------------------------------------------- */

struct adopting {
    struct desk d;
    struct adopt_now now;
    struct adopt_trial t;
    struct adopt_effect effect;
    struct adopt_version made; /* seq 0: nothing was adopted */
};

static enum rc look(struct session *s, const struct pack *next, struct adopting *x)
{
    TRY(desk_allow_at(&x->d, "plan.adopt", STR(""), CLASS_INTERNAL, &s->e));
    TRY(adopt_now(&s->arena, s->reader, &s->pack, INT64_MAX, DATE_MAX, &x->now, &s->e));
    x->t = (struct adopt_trial){
        .a = &s->arena, .reader = s->reader, .now = &x->now, .next = next, .today = x->d.today};
    TRY(adopt_try(&x->t, &s->e));
    return s->o.effect ? effect(s, &x->t, &x->effect) : RC_OK;
}

/* RC_FINDINGS: something stands against it. */
static enum rc act(struct session *s, struct adopting *x)
{
    const struct seat_want want = {.op = OP_PLAN_SET, .unit = STR(""), .class = CLASS_INTERNAL};
    const struct seat *seat = seat_may(&s->seat.roster, s->seat.actor, &want);
    const struct adopt_words w = {.seen = REPORT_JUST_READ,
                                  .seat = seat != NULL ? seat->id : STR(""),
                                  .reason = option_text(s->o.cause),
                                  .document = option_text(s->o.document)};
    if (x->t.against.list.n > 0) {
        return RC_FINDINGS;
    }
    return s->o.dry_run ? RC_OK : adopt_commit(&x->d, &x->t, &w, &x->made, &s->e);
}

static void show_json(struct session *s, const struct adopting *x, const struct diff *d)
{
    struct json j;
    json_init(&j, &s->out, true);
    json_obj_begin(&j);
    json_kv_int(&j, "commit", x->made.seq);
    adopt_try_members(&x->t, &j);
    diff_changes_json(d, &j);
    json_key(&j, "effect");
    if (s->o.effect) {
        json_obj_begin(&j);
        adopt_effect_members(&x->effect, &j);
        json_obj_end(&j);
    } else {
        json_null(&j);
    }
    json_obj_end(&j);
    json_end(&j);
}

static void show_text(struct session *s, const struct adopting *x, const struct diff *d)
{
    diff_changes_text(d, &s->out);
    adopt_try_show(&x->t, s->o.chinese, &s->out);
    if (s->o.effect) {
        adopt_effect_show(&s->arena, &x->effect, s->o.chinese, session_width(), &s->out);
    }
    if (x->made.seq > 0) {
        buf_printf(&s->out,
                   s->o.chinese ? "已采用，自第 %lld 次提交起执行：%.*s\n"
                                : "adopted, in force from commit %lld on: %.*s\n",
                   (long long)x->made.seq, PS(x->t.digest));
    } else {
        buf_printf(&s->out, s->o.chinese ? "未采用：%.*s\n" : "not adopted: %.*s\n",
                   PS(x->t.digest));
    }
}

static int cmd_adopt(struct session *s)
{
    struct adopting x = {.made.seq = 0};
    struct pack *next = ARENA_NEW(&s->arena, struct pack);
    int status = sit_down(s, &x.d);
    if (status != 0) {
        return status;
    }
    struct pack now = s->pack;
    enum rc rc = pack_open_plan(&s->arena, s->o.other, next, &s->e);
    if (rc != RC_OK) {
        s->pack = *next; /* whose faults are told */
        return session_opened(s, rc);
    }
    s->pack = now;
    rc = look(s, next, &x);
    rc = rc == RC_OK ? act(s, &x) : rc;
    if (rc != RC_OK && rc != RC_FINDINGS) {
        return session_failed(s, rc);
    }
    struct diff d = {.a = &s->arena,
                     .plan = {now.plan, next->plan},
                     .chinese = s->o.chinese,
                     .width = session_width()};
    diff_plans(&d);
    (s->o.format == FORMAT_JSON ? show_json : show_text)(s, &x, &d);
    return rc == RC_OK ? 0 : rc_exit_status(rc);
}

/* ---- plan list ------------------------------------------------------------------------------ */

static enum rc versions(struct session *s, struct desk *d, struct adopt_versions *out)
{
    TRY(desk_allow_at(d, "unit.read", STR(""), CLASS_PUBLIC, &s->e));
    return adopt_versions(&s->arena, s->reader, out, &s->e);
}

static void versions_json(struct session *s, const struct adopt_versions *all)
{
    struct json j;
    json_init(&j, &s->out, true);
    json_obj_begin(&j);
    json_key(&j, "versions");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < all->list.n; i++) {
        json_obj_begin(&j);
        adopt_version_members(&s->arena, &all->list.items[i], &j);
        json_kv_bool(&j, "in_force", i + 1 == all->list.n);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}

#define COLUMNS 6

static struct table versions_table(struct session *s, const struct adopt_versions *all)
{
    static const char *const heads[2][COLUMNS] = {
        {"commit", "when", "by", "document", "reason", "digest"},
        {"提交", "时间", "经办人", "依据文件", "理由", "摘要"}};
    struct table t = table_new(&s->arena, COLUMNS);
    struct str cells[COLUMNS];
    for (uint32_t k = 0; k < COLUMNS; k++) {
        cells[k] = str_from_cstr(heads[s->o.chinese][k]);
    }
    table_row(&t, cells);
    for (uint32_t i = 0; i < all->list.n; i++) {
        const struct adopt_version *v = &all->list.items[i];
        cells[0] = rat_frac_str(&s->arena, rat_int(v->seq));
        cells[1] = adopt_moment(&s->arena, v);
        cells[2] = v->actor;
        cells[3] = v->document;
        cells[4] = v->reason;
        cells[5] = v->digest;
        table_row(&t, cells);
    }
    return t;
}

static int cmd_list(struct session *s)
{
    struct desk d;
    struct adopt_versions all;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = versions(s, &d, &all);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    if (s->o.format == FORMAT_JSON) {
        versions_json(s, &all);
        return 0;
    }
    struct table t = versions_table(s, &all);
    if (session_wants_rows(s)) {
        return session_table(s, "历次计划", "plans", &t);
    }
    if (all.list.n == 0) {
        buf_puts(&s->out, s->o.chinese ? "账本中没有计划：以 --pack 给出的为准\n"
                                       : "the book keeps no plan: that of --pack holds\n");
    } else {
        table_print(&t, session_width(), &s->out);
    }
    return 0;
}

/* ---- plan get ------------------------------------------------------------------------------- */

static enum rc free_folder(struct session *s, const char *folder)
{
    struct dir_list old = {0};
    TRY(file_make_dir(folder, &s->e));
    TRY(dir_list(&s->arena, folder, STR(".plan"), &old, &s->e));
    return old.n == 0 ? RC_OK
                      : err_set(&s->e, RC_CONFLICT, "there are plan files in %s already",
                                "%s 中已有计划文件", folder);
}

/* Folders of the pack are made as they are needed. */
static enum rc write_text(struct session *s, const char *folder, const struct lang_text *x)
{
    for (uint32_t i = 0; i < x->path.n; i++) {
        if (x->path.p[i] == '/') {
            const char *below = str_to_cstr(&s->arena, str_sub(x->path, 0, i));
            TRY(file_make_dir(path_join(&s->arena, folder, below), &s->e));
        }
    }
    return file_write(path_join(&s->arena, folder, str_to_cstr(&s->arena, x->path)), x->text,
                      &s->e);
}

static enum rc get(struct session *s, struct desk *d, uint32_t *n)
{
    struct adopt_versions all;
    const struct lang_text *texts = NULL;
    struct str digest = option_text(s->o.digest);
    TRY(versions(s, d, &all));
    if (digest.n == 0 && all.list.n > 0) {
        digest = vec_last(&all.list).digest;
    }
    TRY(adopt_texts(&s->arena, s->reader, digest, &texts, n, &s->e));
    TRY(adopt_check_texts(&s->arena, texts, *n, &s->e));
    TRY(free_folder(s, s->o.out));
    for (uint32_t i = 0; i < *n; i++) {
        TRY(write_text(s, s->o.out, &texts[i]));
    }
    return RC_OK;
}

static int cmd_get(struct session *s)
{
    struct desk d;
    uint32_t n = 0;
    int status = sit_down(s, &d);
    if (status != 0) {
        return status;
    }
    enum rc rc = get(s, &d, &n);
    if (rc != RC_OK) {
        return session_failed(s, rc);
    }
    buf_printf(&s->out, s->o.chinese ? "%u 个文件已写入 %s\n" : "%u files written to %s\n", n,
               s->o.out);
    return 0;
}

int (*adopt_command(enum command c))(struct session *s)
{
    static int (*const run[COMMAND__N])(struct session *) = {
        [COMMAND_PLAN_ADOPT] = cmd_adopt,
        [COMMAND_PLAN_LIST] = cmd_list,
        [COMMAND_PLAN_GET] = cmd_get,
    };
    return run[c];
}
