/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a package fits the book; a round package into a local book. */
#include <errno.h>
#include <unistd.h>

#include "app/offline/offline_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/i128.h"
#include "base/json.h"
#include "base/json_tree.h"
#include "store/units.h"

#define ACT_IN "offline.in"

/* ---- the key -------------------------------------------------------------------------------- */

struct accepted {
    struct arena *a;
    struct str key;
};

static enum rc on_key(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct accepted *k = ctx;
    (void)e;
    k->key = json_text(json_get(json_read(k->a, str_dup(k->a, p->body)), "key"));
    return RC_OK;
}

static struct str key_subject(const struct offline_in *in)
{
    return str_cat(in->a, STR("offline/key/"), in->package->book);
}

enum rc offline_unknown_key(const struct package *p, bool known, struct err *e)
{
    enum rc rc = err_set(e, RC_DENIED, "nobody has accepted this key%s: %.*s%.0s",
                         "尚未有人确认此密钥%.0s：%.*s%s", known ? " (another one is known)" : "",
                         PS(p->fingerprint), known ? "（已登记的是另一密钥）" : "");
    err_hint(e,
             "Compare it with whoever made the package, by telephone or on paper; if it is the "
             "same: --fingerprint %.*s",
             "请与制作人通过电话或书面核对；一致时加 --fingerprint %.*s", PS(p->fingerprint));
    return rc;
}

static enum rc key_fits(const struct offline_in *in, struct err *e)
{
    struct accepted k = {in->a, STR("")};
    const struct package *p = in->package;
    TRY(store_doc(in->reader, key_subject(in), INT64_MAX, on_key, &k, e));
    if (str_eq(k.key, p->public_key) || str_eq(in->fingerprint, p->fingerprint)) {
        return RC_OK;
    }
    return offline_unknown_key(p, k.key.n > 0, e);
}

enum rc offline_accept_key(struct offline_in *in, struct err *e)
{
    struct buf b;
    struct json j;
    int64_t seq = 0;
    buf_init_in(&b, in->a, STORE_NOTE_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_str(&j, "key", in->package->public_key);
    json_kv_str(&j, "fingerprint", in->package->fingerprint);
    json_obj_end(&j);
    json_end(&j);
    return offline_doc_put(in->a, in->store, in->reader, in->actor, "offline.key", key_subject(in),
                           buf_view(&b), &seq, e);
}

/* ---- the book ------------------------------------------------------------------------------- */

static enum rc another_book(const struct offline_in *in, struct err *e)
{
    enum rc rc = err_set(e, RC_CONFLICT, "the package is of book %.*s and not for this one",
                         "数据包来自账本 %.*s，与本账无关", PS(in->package->book));
    err_hint(e,
             "A round package goes into a new or its own local book, an answer to whose round "
             "package it answers.",
             "填报包收入新账本或原本地账本，回报包收回打出填报包的账本。");
    return rc;
}

static enum rc too_old(const struct offline_in *in, int64_t seq, struct err *e)
{
    return err_set(e, RC_CONFLICT,
                   "the package is older than what is here: of commit %lld, and here is %lld",
                   "数据包比本账所有的旧：截至提交 %lld，本账已到 %lld",
                   (long long)in->package->seq, (long long)seq);
}

static enum rc round_fits(const struct offline_in *in, struct err *e)
{
    struct offline_centre c;
    int64_t units = 0;
    bool local = false;
    TRY(offline_centre_get(in->a, in->reader, &local, &c, e));
    TRY(store_head(in->reader, STR(UNITS_SUBJECT), &units, e));
    if (local ? !str_eq(c.book, in->package->book) : units > 0) {
        return another_book(in, e);
    }
    return local && c.seq > in->package->seq ? too_old(in, c.seq, e) : RC_OK;
}

struct out_doc {
    bool found;
};

static enum rc on_out(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct out_doc *o = ctx;
    (void)p;
    (void)e;
    o->found = true;
    return RC_OK;
}

static enum rc answer_fits(const struct offline_in *in, struct err *e)
{
    struct store_end end;
    struct out_doc o = {false};
    TRY(store_end(in->a, in->reader, &end, e));
    TRY(store_doc(in->reader, offline_out_subject(in->a, in->package->answers), INT64_MAX, on_out,
                  &o, e));
    return str_eq(end.book, in->package->to) && o.found ? RC_OK : another_book(in, e);
}

static enum rc days_fit(const struct offline_in *in, struct err *e)
{
    char text[DATE_TEXT_BYTES];
    const struct package *p = in->package;
    if (date_cmp(in->today, p->until) > 0) {
        enum rc rc = err_set(e, RC_INPUT, "the package was to be taken in until %.*s",
                             "数据包的最后收入日为 %.*s，已过期", PS(date_text(p->until, text)));
        err_hint(e, "Have it packed anew.", "请重新打包。");
        return rc;
    }
    struct date made = {(int32_t)(p->at / INT64_C(86400000000))}; /* UTC: never the later day */
    if (date_cmp(in->today, made) < 0) {
        enum rc rc = err_set(e, RC_INPUT, "the package is of a day to come, %.*s",
                             "数据包的制作日 %.*s 尚未到", PS(date_text(made, text)));
        err_hint(e, "Set the clock of this machine.", "请校正本机时钟。");
        return rc;
    }
    return RC_OK;
}

enum rc offline_check(struct offline_in *in, struct err *e)
{
    TRY(key_fits(in, e));
    TRY(in->package->sort == PACKAGE_ROUND ? round_fits(in, e) : answer_fits(in, e));
    return days_fit(in, e);
}

/* ---- the plan ------------------------------------------------------------------------------- */

/* `NNNN.plan` of a longer plan. */
static bool is_left_over(const char *name, uint32_t n)
{
    i128 number = 0;
    struct str s = str_from_cstr(name);
    return s.n == sizeof "0001.plan" - 1 && i128_parse(str_sub(s, 0, 4), &number) && number > n;
}

enum rc offline_write_plan(const struct offline_in *in, const char *folder, struct err *e)
{
    struct dir_list old = {0};
    uint32_t n = 0;
    TRY(file_make_dir(folder, e));
    TRY(dir_list(in->a, folder, STR(".plan"), &old, e));
    for (uint32_t i = 0; i < in->package->parts.n; i++) {
        const struct package_part *p = &in->package->parts.items[i];
        struct buf name;
        if (str_starts(p->name, STR("plan/"))) {
            buf_init_in(&name, in->a, 64);
            buf_printf(&name, "%04u.plan", ++n);
            TRY(file_write(path_join(in->a, folder, buf_view(&name).p), p->content, e));
        }
    }
    for (uint32_t i = 0; i < old.n; i++) {
        if (is_left_over(old.paths[i], n) && unlink(path_join(in->a, folder, old.paths[i])) != 0) {
            return err_set_errno(e, RC_IO, "%s cannot be removed", "无法删除 %s", old.paths[i]);
        }
    }
    return RC_OK;
}

/* ---- what a package may hold ---------------------------------------------------------------- */

static bool is_of_unit(const struct package *p, struct arena *a, const struct offline_commit *c,
                       const struct store_parcel *x)
{
    bool rows = x->what == STORE_FACT || x->what == STORE_ATTR || x->what == STORE_TITLE;
    return rows ? str_eq(x->unit, c->key)
                : x->what == STORE_DOC && str_eq(x->unit, submission_subject(a, p->round, c->key));
}

/* OF3: tree, the round, and units that are named. */
static enum rc fits(const struct offline_in *in, const struct offline_units *units,
                    const struct offline_commit *c, struct err *e)
{
    struct str round = round_subject(in->a, in->package->round);
    bool named = offline_unit_of(units, c->key) != NULL;
    for (uint32_t i = 0; i < c->parcels.list.n; i++) {
        const struct store_parcel *x = &c->parcels.list.items[i];
        bool tree = (x->what == STORE_UNIT || x->what == STORE_LINEAGE) && str_eq(x->unit, c->key);
        bool of_round = x->what == STORE_DOC && str_eq(c->key, round) && str_eq(x->unit, round);
        if (!tree && !of_round && !(named && is_of_unit(in->package, in->a, c, x))) {
            return offline_damaged(x->unit, e);
        }
    }
    return RC_OK;
}

/* ---- taking in ------------------------------------------------------------------------------ */

struct taking {
    struct offline_in *in;
    struct offline_units units;
    struct offline_commits commits;
    struct offline_result *out;
};

static struct str token_of(const struct offline_in *in, const struct offline_commit *c)
{
    struct buf b;
    buf_init_in(&b, in->a, STORE_TEXT_BYTES);
    buf_printf(&b, "offline/%.*s/%lld/%.*s", PS(in->package->book), (long long)c->seq, PS(c->key));
    return buf_view(&b);
}

static enum rc take_commit(struct taking *t, const struct offline_commit *c, bool *there,
                           struct err *e)
{
    struct offline_in *in = t->in;
    struct store_expect expects[3];
    struct store_receipt got;
    uint32_t n = 0;
    struct store_commit commit = {.token = token_of(in, c),
                                  .actor = str_cat(in->a, STR("centre/"), c->actor),
                                  .act = STR(ACT_IN),
                                  .note = c->act,
                                  .expects = expects,
                                  .parcels = c->parcels.list.items,
                                  .n_parcels = c->parcels.list.n};
    TRY(store_find(in->reader, commit.token, there, &got, e));
    if (*there || in->dry_run) {
        return RC_OK;
    }
    for (uint32_t i = 0; i < c->parcels.list.n; i++) {
        const struct store_parcel *p = &c->parcels.list.items[i];
        bool tree = p->what == STORE_UNIT || p->what == STORE_LINEAGE;
        if (p->what == STORE_DOC || (tree && n == 0)) {
            expects[n++] = (struct store_expect){tree ? STR(UNITS_SUBJECT) : p->unit, STORE_UNSEEN};
        }
        if (n == 3) {
            return offline_damaged(c->key, e);
        }
    }
    commit.n_expects = n;
    return store_commit(in->a, in->store, &commit, &got, e);
}

enum offline_choice offline_chosen(const struct offline_in *in, struct str unit)
{
    for (uint32_t i = 0; i < in->n_takes; i++) {
        if (str_eq(in->takes[i].unit, unit)) {
            return in->takes[i].choice;
        }
    }
    return TAKE_NONE;
}

/* Who moved the local document last, when that was not a package and the centre has not seen it. */
static enum rc local_edit(struct taking *t, const struct offline_unit *u, bool *moved,
                          struct offline_row *row, struct err *e)
{
    struct offline_in *in = t->in;
    struct store_event ev = {0};
    struct store_end end;
    int64_t head = 0;
    TRY(store_end(in->a, in->reader, &end, e));
    TRY(store_head(in->reader, submission_subject(in->a, in->package->round, u->unit), &head, e));
    if (head > 0) {
        TRY(store_who(in->a, in->reader, head, &ev, e));
    }
    bool ours = head > 0 && !str_eq(ev.act, STR(ACT_IN));
    *moved = ours && !(str_eq(u->book, end.book) && u->seq >= head);
    row->seq = head;
    row->who = ev.actor;
    row->act = ev.act;
    row->day = (struct date){(int32_t)(ev.at / INT64_C(86400000000))};
    return RC_OK;
}

/* The submission itself has not moved at the centre since this book has seen it. */
static enum rc seen_before(struct taking *t, const struct offline_unit *u, bool *same,
                           struct err *e)
{
    struct offline_mark m;
    struct str subject = offline_mark_subject(t->in->a, t->in->package->round, u->unit);
    TRY(offline_mark_get(t->in->a, t->in->reader, subject, &m, e));
    *same = m.package.n > 0 && m.seq == u->seen;
    return RC_OK;
}

static bool has_doc(const struct offline_commit *c)
{
    for (uint32_t i = 0; i < c->parcels.list.n; i++) {
        if (c->parcels.list.items[i].what == STORE_DOC) {
            return true;
        }
    }
    return false;
}

static enum rc mark_put(struct offline_in *in, const struct offline_unit *u,
                        enum offline_choice choice, int64_t *seq, struct err *e)
{
    const struct offline_mark m = {in->package->book, in->package->id, u->seen, choice};
    return offline_doc_put(in->a, in->store, in->reader, in->actor, ACT_IN,
                           offline_mark_subject(in->a, in->package->round, u->unit),
                           offline_mark_write(in->a, &m), seq, e);
}

static enum rc take_unit(struct taking *t, const struct offline_unit *u, struct err *e)
{
    struct offline_in *in = t->in;
    struct offline_row row = {.unit = u->unit, .outcome = OFFLINE_HERE, .day = DATE_MIN};
    enum offline_choice choice = offline_chosen(in, u->unit);
    bool moved = false;
    bool same = false;
    TRY(seen_before(t, u, &same, e));
    TRY(local_edit(t, u, &moved, &row, e));
    bool keeps = moved && (same || choice != TAKE_THEIRS);
    for (uint32_t i = 0; i < t->commits.list.n; i++) {
        const struct offline_commit *c = &t->commits.list.items[i];
        bool there = true;
        if (str_eq(c->key, u->unit) && !(keeps && has_doc(c))) {
            TRY(take_commit(t, c, &there, e));
            row.outcome = there ? row.outcome : OFFLINE_NEW;
        }
    }
    if (moved && !same && choice == TAKE_NONE) {
        row.outcome = OFFLINE_CONFLICT;
    } else if (!same) {
        row.outcome = moved && choice == TAKE_OURS ? OFFLINE_KEPT : OFFLINE_NEW;
        TRY(in->dry_run ? RC_OK : mark_put(in, u, choice, &row.seq, e));
    }
    vec_push(in->a, &t->out->rows, row);
    return RC_OK;
}

static enum rc centre_put(struct offline_in *in, int64_t seq, struct err *e)
{
    struct buf b;
    struct json j;
    int64_t got = 0;
    const struct package *p = in->package;
    buf_init_in(&b, in->a, STORE_NOTE_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_str(&j, "book", p->book);
    json_kv_int(&j, "seq", seq);
    json_kv_str(&j, "package", p->id);
    json_kv_str(&j, "plan", p->plan);
    json_kv_str(&j, "round", p->round);
    json_kv_day(&j, "until", p->until);
    json_obj_end(&j);
    json_end(&j);
    return offline_doc_put(in->a, in->store, in->reader, in->actor, ACT_IN, CENTRE, buf_view(&b),
                           &got, e);
}

static enum rc allowed(const struct offline_in *in, const struct offline_units *units,
                       struct err *e)
{
    const struct desk who = {
        .a = in->a, .actor = in->actor, .may = in->may, .may_ctx = in->may_ctx};
    for (uint32_t i = 0; in->may != NULL && i < units->list.n; i++) {
        TRY(desk_allow_at(&who, "offline.in", units->list.items[i].unit, CLASS_INTERNAL, e));
    }
    return RC_OK;
}

static enum rc open_parts(struct taking *t, struct err *e)
{
    const struct package *p = t->in->package;
    if (!offline_units_read(t->in->a, offline_part(p, STR("units")), &t->units)) {
        return offline_damaged(STR("units"), e);
    }
    if (!offline_commits_read(t->in->a, offline_part(p, STR("commits")), &t->commits)) {
        return offline_damaged(STR("commits"), e);
    }
    for (uint32_t i = 0; i < t->commits.list.n; i++) {
        TRY(fits(t->in, &t->units, &t->commits.list.items[i], e));
    }
    return RC_OK;
}

/* Whatever is of no unit that reports: the tree and the round. */
static enum rc take_common(struct taking *t, struct err *e)
{
    for (uint32_t i = 0; i < t->commits.list.n; i++) {
        const struct offline_commit *c = &t->commits.list.items[i];
        enum store_sort what = c->parcels.list.items[0].what;
        bool there = false;
        if (what == STORE_UNIT || what == STORE_LINEAGE ||
            offline_unit_of(&t->units, c->key) == NULL) {
            TRY(take_commit(t, c, &there, e));
        }
    }
    return RC_OK;
}

enum rc offline_take_round(struct offline_in *in, struct offline_result *out, struct err *e)
{
    struct taking t = {.in = in, .out = out};
    struct offline_centre c;
    bool local = false;
    *out = (struct offline_result){.id = in->package->id,
                                   .fingerprint = in->package->fingerprint,
                                   .round = in->package->round,
                                   .until = in->package->until};
    TRY(offline_check(in, e));
    TRY(open_parts(&t, e));
    TRY(allowed(in, &t.units, e));
    TRY(offline_centre_get(in->a, in->reader, &local, &c, e));
    if (!in->dry_run) {
        TRY(local ? RC_OK
                  : centre_put(in, 0, e)); /* from now on it is a local book of this centre */
        TRY(offline_accept_key(in, e));
    }
    TRY(take_common(&t, e));
    for (uint32_t i = 0; i < t.units.list.n; i++) {
        TRY(take_unit(&t, &t.units.list.items[i], e));
    }
    return in->dry_run ? RC_OK : centre_put(in, in->package->seq, e);
}
