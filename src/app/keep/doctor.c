/* SPDX-License-Identifier: Apache-2.0 */
/* One function per thing that is looked at; none ends the others. */
#include "app/keep/doctor.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include "app/seat/roster.h"
#include "app/seat/secret.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "store/load.h"

#define MIB           ((int64_t)1024 * 1024)
#define US_PER_S      1000000LL
#define US_PER_DAY    (86400 * US_PER_S)
#define CLOCK_SLACK   (5 * 60 * US_PER_S) /* servers differ by so much */
#define DISK_FULL_MIB 256
#define DISK_LOW_MIB  2048
#define OLD_DAYS      7 /* of an anchor and of a backup */
#define TEXT_BYTES    4096U

static const struct {
    const char *code;
    enum doctor_severity severity;
    const char *text[2], *remedy[2];
} faults[] = {
#define DOCTOR(name, code, severity, en, zh, do_en, do_zh)                                         \
    {code, DOCTOR_##severity, {en, zh}, {do_en, do_zh}},
#include "app/keep/doctor.def"
};

_Static_assert(sizeof faults / sizeof faults[0] == DOCTOR__COUNT, "one row per fault");

/* ---- findings ------------------------------------------------------------------------------- */

static void find2(struct doctor *d, enum doctor_fault f, struct str a_en, struct str a_zh,
                  struct str b_en, struct str b_zh)
{
    const struct doctor_finding x = {f, {a_en, a_zh}, {b_en, b_zh}};
    vec_push(d->a, &d->list, x);
}

static void find(struct doctor *d, enum doctor_fault f, struct str a, struct str b)
{
    find2(d, f, a, a, b, b);
}

static struct str number(struct doctor *d, int64_t n)
{
    struct buf b;
    buf_init_in(&b, d->a, TEXT_BYTES);
    buf_printf(&b, "%lld", (long long)n);
    return buf_view(&b);
}

static struct str moment(struct doctor *d, int64_t at)
{
    struct buf b;
    buf_init_in(&b, d->a, TEXT_BYTES);
    keep_moment(&b, at);
    return buf_view(&b);
}

/* A failure, and what it says to do. */
static void find_err(struct doctor *d, enum doctor_fault f, const struct err *e)
{
    struct str en = str_dup(d->a, str_from_cstr(e->primary_en));
    struct str zh = str_dup(d->a, str_from_cstr(e->primary_zh));
    struct str hint_en = str_dup(d->a, str_from_cstr(e->hint_en));
    struct str hint_zh = str_dup(d->a, str_from_cstr(e->hint_zh));
    find2(d, f, en.n > 0 ? en : str_from_cstr(rc_text_en(e->rc)),
          zh.n > 0 ? zh : str_from_cstr(rc_text_zh(e->rc)),
          hint_en.n > 0 ? hint_en : STR("Look at the place, the disk and the server."),
          hint_zh.n > 0 ? hint_zh : STR("请检查账本位置、磁盘和服务器。"));
}

void doctor_cannot_open(struct doctor *d, const struct err *why)
{
    find_err(d, DOCTOR_CANNOT_OPEN, why);
}

/* ---- the database --------------------------------------------------------------------------- */

static void look_at_database(struct doctor *d)
{
    struct err e;
    err_clear(&e);
    if (store_end(d->a, d->reader, &d->end, &e) != RC_OK ||
        store_health(d->a, d->reader, &d->health, &e) != RC_OK) {
        find_err(d, DOCTOR_CANNOT_OPEN, &e);
        return;
    }
    if (!d->health.whole) {
        find(d, DOCTOR_NOT_WHOLE, STR(""), STR(""));
    }
    if (d->end.at > d->now + CLOCK_SLACK) {
        find(d, DOCTOR_CLOCK, moment(d, d->end.at), moment(d, d->now));
    }
}

static void look_at_chain(struct doctor *d)
{
    const struct audit_options o = {.skip_files = true, .progress = d->progress};
    struct keep_audit x;
    struct err e;
    err_clear(&e);
    enum rc rc = keep_audit(d->a, d->reader, &o, &x, &e);
    d->cancelled = rc == RC_CANCELLED;
    if (rc != RC_OK) {
        find_err(d, DOCTOR_CANNOT_OPEN, &e);
    } else if (x.result.n_findings > 0) {
        const struct audit_finding *f = &x.list.items[0].f;
        struct buf b;
        buf_init_in(&b, d->a, TEXT_BYTES);
        buf_printf(&b, "%s %lld", audit_code(f->fault), (long long)f->seq);
        find(d, DOCTOR_AUDIT, number(d, x.result.n_findings), buf_view(&b));
    } else {
        d->sound = true;
    }
}

static enum rc on_first(void *ctx, const struct log_entry *x, struct err *e)
{
    (void)e;
    *(int64_t *)ctx = x->at;
    return RC_OK;
}

static void look_at_growth(struct doctor *d)
{
    const struct log_filter first = {
        .since = INT64_MIN, .until = INT64_MAX, .before = 2, .limit = 1};
    if (store_log(d->reader, &first, on_first, &d->first_at, NULL) != RC_OK) {
        d->first_at = 0;
    }
}

/* ---- files ---------------------------------------------------------------------------------- */

static void look_at_mode(struct doctor *d, struct str path)
{
    struct stat st;
    if (stat(str_to_cstr(d->a, path), &st) == 0 && (st.st_mode & 077) != 0) {
        struct buf b;
        buf_init_in(&b, d->a, TEXT_BYTES);
        buf_printf(&b, "%03o", (unsigned)(st.st_mode & 0777));
        find(d, DOCTOR_MODE, path, buf_view(&b));
    }
}

static void look_at_modes(struct doctor *d)
{
    static const char *const beside[] = {"", "-wal", "-shm"};
    for (uint32_t i = 0; d->health.on_disk && i < sizeof beside / sizeof *beside; i++) {
        look_at_mode(d, str_cat(d->a, str_from_cstr(d->health.where), str_from_cstr(beside[i])));
    }
    if (d->health.files != NULL) {
        look_at_mode(d, str_from_cstr(d->health.files));
    }
}

/* The folder a path lies in. */
static const char *above(struct doctor *d, const char *path)
{
    struct str p = str_from_cstr(path);
    while (p.n > 0 && p.p[p.n - 1] != '/') {
        p.n--;
    }
    return p.n > 0 ? str_to_cstr(d->a, p) : ".";
}

static int64_t free_now(const char *path)
{
    struct statvfs v;
    return statvfs(path, &v) == 0 ? (int64_t)(v.f_bavail * (uint64_t)v.f_frsize / (uint64_t)MIB)
                                  : -1;
}

static void look_at_space(struct doctor *d)
{
    const char *at = d->health.on_disk         ? above(d, d->health.where)
                     : d->health.files != NULL ? d->health.files
                                               : NULL;
    int64_t mib = at == NULL ? -1 : d->free_at != NULL ? d->free_at(at) : free_now(at);
    if (mib < 0) {
        return; /* a server on another machine */
    }
    int64_t need = d->health.bytes / MIB > DISK_LOW_MIB ? d->health.bytes / MIB : DISK_LOW_MIB;
    d->free_mib = mib;
    if (d->free_mib < need) {
        find(d, d->free_mib < DISK_FULL_MIB ? DOCTOR_DISK_FULL : DOCTOR_DISK_LOW,
             number(d, d->free_mib), str_from_cstr(at));
    }
}

static void look_at_evidence(struct doctor *d)
{
    struct folder_health f;
    struct err e;
    int64_t before =
        d->sweep_days > 0 && d->sound ? d->now - d->sweep_days * US_PER_DAY : INT64_MIN;
    err_clear(&e);
    if (files_health(d->a, d->reader, before, &f, &e) != RC_OK) {
        find_err(d, DOCTOR_CANNOT_OPEN, &e);
        return;
    }
    if (d->health.files == NULL && f.named > 0) {
        find(d, DOCTOR_NO_FOLDER, number(d, f.named), STR(""));
        return;
    }
    if (f.gone + f.wrong_size > 0) {
        find(d, DOCTOR_FILES_GONE, number(d, f.gone + f.wrong_size), number(d, f.gone_seq));
    }
    if (f.removed > 0) {
        find(d, DOCTOR_FILES_SWEPT, number(d, f.removed), STR(""));
    }
    if (f.unnamed > f.removed) {
        find(d, DOCTOR_FILES_EXTRA, number(d, f.unnamed - f.removed),
             number(d, f.unnamed_bytes / MIB));
    }
}

/* ---- what was done -------------------------------------------------------------------------- */

static void look_at_mark(struct doctor *d, enum keep_what what, struct keep_mark *m,
                         enum doctor_fault never, enum doctor_fault old)
{
    if (keep_mark_read(d->reader, what, m, NULL) != RC_OK || m->at == 0) {
        find(d, never, STR(""), STR(""));
        return;
    }
    int64_t days = (d->now - m->at) / US_PER_DAY;
    if (days >= OLD_DAYS) {
        find(d, old, number(d, days), number(d, d->end.seq - m->seq));
    }
}

/* ---- people --------------------------------------------------------------------------------- */

static bool holds_any(const struct seat_roster *r, struct str user)
{
    for (uint32_t i = 0; i < r->seats.n; i++) {
        if (seat_is_held(&r->seats.items[i], user, r->day, DATE_MAX)) {
            return true;
        }
    }
    return false;
}

static bool has_admin(const struct seat_roster *r, enum seat_role role)
{
    for (uint32_t i = 0; i < r->seats.n; i++) {
        const struct seat *s = &r->seats.items[i];
        const struct seat_user *u = seat_user_find(r, seat_holder(s, r->day));
        if (s->role == role && s->unit.n == 0 && u != NULL && !u->closed) {
            return true;
        }
    }
    return false;
}

static void look_at_seats(struct doctor *d, const struct seat_roster *r)
{
    struct str one = STR("");
    uint32_t idle = 0;
    for (uint32_t i = 0; i < r->users.n; i++) {
        const struct seat_user *u = &r->users.items[i];
        if (!u->closed && !holds_any(r, u->id)) {
            idle++;
            one = u->id;
        }
    }
    if (idle > 0) {
        find(d, DOCTOR_NO_SEAT, number(d, idle), one);
    }
    for (uint32_t i = 0; i < ROLE__N; i++) {
        if (seat_roles[i].mark && !has_admin(r, (enum seat_role)i)) {
            find2(d, DOCTOR_NO_ADMIN, str_from_cstr(seat_roles[i].text[0]),
                  str_from_cstr(seat_roles[i].text[1]), STR(""), STR(""));
        }
    }
}

static void look_at_people(struct doctor *d)
{
    struct seat_roster r;
    struct err e;
    bool any = false;
    err_clear(&e);
    enum rc rc = seat_roster_load(d->a, d->reader, INT64_MAX, date_today(), &r, &e);
    rc = rc == RC_OK ? keep_secrets_any(d->a, d->reader, &any, &e) : rc;
    if (rc != RC_OK) {
        find_err(d, DOCTOR_CANNOT_OPEN, &e);
    } else if (r.users.n == 0) {
        find(d, DOCTOR_NO_USERS, STR(""), STR(""));
    } else {
        look_at_seats(d, &r);
        if (!any) {
            find(d, DOCTOR_NO_LOGIN, STR(""), STR(""));
        }
    }
}

/* ---- the plan ------------------------------------------------------------------------------- */

struct left {
    int64_t n, seq;
};

static void on_left(void *ctx, const struct parcel_left *x)
{
    struct left *l = ctx;
    l->n++;
    l->seq = x->seq;
}

static void look_at_plan(struct doctor *d)
{
    struct left left = {0, 0};
    struct book_state b;
    struct err e;
    const struct book_options o = {
        .plan = d->plan, .upto = INT64_MAX, .left = on_left, .ctx = &left};
    err_clear(&e);
    if (d->plan == NULL) {
        return;
    }
    if (book_load(d->a, d->reader, &o, &b, &e) != RC_OK) {
        find_err(d, DOCTOR_PLAN, &e);
    } else if (left.n > 0) {
        find(d, DOCTOR_PLAN_LEFT, number(d, left.n), number(d, left.seq));
    }
}

static void look_at_rest(struct doctor *d)
{
    look_at_growth(d);
    look_at_modes(d);
    look_at_space(d);
    look_at_evidence(d);
    look_at_mark(d, KEEP_ANCHOR, &d->anchor, DOCTOR_ANCHOR_NONE, DOCTOR_ANCHOR_OLD);
    look_at_mark(d, KEEP_BACKUP, &d->backup, DOCTOR_BACKUP_NONE, DOCTOR_BACKUP_OLD);
    look_at_people(d);
    look_at_plan(d);
}

void doctor_run(struct doctor *d)
{
    d->opened = true;
    look_at_database(d);
    look_at_chain(d);
    if (!d->cancelled) {
        look_at_rest(d);
    }
}

enum doctor_severity doctor_worst(const struct doctor *d)
{
    enum doctor_severity worst = DOCTOR_NOTE;
    for (uint32_t i = 0; i < d->list.n; i++) {
        enum doctor_severity s = faults[d->list.items[i].fault].severity;
        worst = s > worst ? s : worst;
    }
    return worst;
}

/* ---- printing ------------------------------------------------------------------------------- */

struct filling {
    const struct doctor_finding *f;
    bool chinese;
};

static bool value_of(const void *ctx, struct str key, struct buf *out)
{
    const struct filling *x = ctx;
    bool a = str_eq(key, STR("a"));
    if (!a && !str_eq(key, STR("b"))) {
        return false;
    }
    buf_str(out, a ? x->f->a[x->chinese] : x->f->b[x->chinese]);
    return true;
}

static struct str filled(const struct doctor *d, const struct doctor_finding *f,
                         const char *const text[2], bool chinese)
{
    struct buf b;
    const struct filling x = {f, chinese};
    buf_init_in(&b, d->a, TEXT_BYTES * 4);
    buf_template(&b, str_from_cstr(text[chinese]), value_of, &x);
    return buf_view(&b);
}

static const char *const severities[][3] = {[DOCTOR_NOTE] = {"note", "note", "提示"},
                                            [DOCTOR_WARNING] = {"warning", "warning", "警告"},
                                            [DOCTOR_ERROR] = {"error", "error", "错误"}};

static void facts_text(const struct doctor *d, const struct keep_print *p)
{
    int64_t days = d->first_at > 0 ? (d->now - d->first_at) / US_PER_DAY + 1 : 1;
    buf_printf(p->out,
               p->chinese ? "%s，版本 %lld，%lld MiB（日均增长 %lld KiB），提交 %lld 次，最后一次 "
                          : "%s, version %lld, %lld MiB (%lld KiB more a day), %lld commits, the "
                            "last one ",
               d->health.engine, (long long)d->health.version, (long long)(d->health.bytes / MIB),
               (long long)(d->health.bytes / 1024 / days), (long long)d->end.seq);
    keep_moment(p->out, d->end.at);
    buf_printf(p->out, p->chinese ? "；可用空间 %lld MiB\n" : "; %lld MiB free\n",
               (long long)d->free_mib);
}

static void doctor_text(const struct doctor *d, const struct keep_print *p)
{
    if (d->opened) {
        facts_text(d, p);
    }
    for (uint32_t i = 0; i < d->list.n; i++) {
        const struct doctor_finding *f = &d->list.items[i];
        struct str said = filled(d, f, faults[f->fault].text, p->chinese);
        struct str todo = filled(d, f, faults[f->fault].remedy, p->chinese);
        buf_printf(p->out,
                   p->chinese ? "%s %s：%.*s\n  处理：%.*s\n" : "%s %s: %.*s\n  remedy: %.*s\n",
                   severities[faults[f->fault].severity][1 + p->chinese], faults[f->fault].code,
                   PS(said), PS(todo));
    }
    if (d->list.n == 0) {
        buf_puts(p->out, p->chinese ? "未发现问题\n" : "nothing is wrong\n");
    }
}

static void doctor_json(const struct doctor *d, struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    json_kv_bool(&j, "opened", d->opened);
    json_kv_cstr(&j, "worst", d->list.n > 0 ? severities[doctor_worst(d)][0] : "");
    json_kv_cstr(&j, "engine", d->opened ? d->health.engine : "");
    json_kv_int(&j, "version", d->health.version);
    json_kv_int(&j, "bytes", d->health.bytes);
    json_kv_int(&j, "free_mib", d->free_mib);
    json_kv_int(&j, "commits", d->end.seq);
    json_kv_int(&j, "first_at", d->first_at);
    json_kv_int(&j, "last_at", d->end.at);
    json_kv_int(&j, "anchored", d->anchor.seq);
    json_kv_int(&j, "backed_up", d->backup.seq);
    json_key(&j, "findings");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < d->list.n; i++) {
        const struct doctor_finding *f = &d->list.items[i];
        json_obj_begin(&j);
        json_kv_cstr(&j, "code", faults[f->fault].code);
        json_kv_cstr(&j, "severity", severities[faults[f->fault].severity][0]);
        json_kv_str(&j, "en", filled(d, f, faults[f->fault].text, false));
        json_kv_str(&j, "zh", filled(d, f, faults[f->fault].text, true));
        json_kv_str(&j, "remedy_en", filled(d, f, faults[f->fault].remedy, false));
        json_kv_str(&j, "remedy_zh", filled(d, f, faults[f->fault].remedy, true));
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
}

void doctor_print(const struct doctor *d, const struct keep_print *p)
{
    if (p->json) {
        doctor_json(d, p->out);
    } else {
        doctor_text(d, p);
    }
}
