/* SPDX-License-Identifier: Apache-2.0 */
/* Adopting a plan: what a pack would mean, the act, the plans that were in force. */
#include "app/adopt/adopt.h"

#include "base/arena.h"
#include "http/ask.h"
#include "http/do/pack.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/people.h"
#include "io/archive.h"
#include "lang/diag.h"
#include "lang/source.h"

/* The pack that is sent, over the plan in force. */
struct tried {
    struct ask *q;
    struct pack next;
    struct adopt_now now;
    struct adopt_trial t;
};

/* ---- diagnostics ---------------------------------------------------------------------------- */

static void text_json(struct json *j, const char *key, const struct diag *d, enum diag_lang lang,
                      void (*text)(const struct diag *d, enum diag_lang lang, struct buf *out),
                      struct buf *b)
{
    buf_clear(b);
    text(d, lang, b);
    json_kv_str(j, key, buf_view(b));
}

static void diag_json(const struct diags *ds, const struct diag *d, struct json *j)
{
    struct buf b;
    const struct source *f = source_at(ds->sources, d->at.file);
    struct place at = source_place(f, d->at.beg);
    buf_init_in(&b, ds->a, 1U << 16);
    json_obj_begin(j);
    json_kv_cstr(j, "severity", diag_severity_of(d->code) == DIAG_SEV_ERROR ? "error" : "warning");
    json_kv_cstr(j, "code", diag_code_text(d->code));
    json_kv_str(j, "file", f->path);
    json_kv_int(j, "line", at.line);
    json_kv_int(j, "column", at.column);
    text_json(j, "en", d, DIAG_EN, diag_message, &b);
    text_json(j, "zh", d, DIAG_ZH, diag_message, &b);
    text_json(j, "mend_en", d, DIAG_EN, diag_hint, &b);
    text_json(j, "mend_zh", d, DIAG_ZH, diag_hint, &b);
    json_obj_end(j);
}

static void diags_json(const struct diags *ds, struct json *j)
{
    json_arr_begin(j);
    for (uint32_t i = 0; i < ds->list.n; i++) {
        diag_json(ds, ds->list.items[i], j);
    }
    json_arr_end(j);
}

/* ---- what is sent --------------------------------------------------------------------------- */

/* RC_INPUT with diagnostics in x->next: it is no plan. */
static enum rc read_pack(struct ask *q, struct tried *x)
{
    TRY(ask_may(q, "plan.adopt", STR(""), CLASS_INTERNAL));
    q->at = STR("/files");
    TRY(pack_read(q->a, q->body, &x->next, &q->e));
    q->at = STR("");
    return RC_OK;
}

/* The trial stands on the plan of the footing: what was seen of it is compared with the book. */
static enum rc try_pack(struct ask *q, struct tried *x)
{
    x->now = (struct adopt_now){
        .pack = q->footing->pack, .digest = q->footing->digest, .seq = q->footing->adopted};
    x->t = (struct adopt_trial){.a = q->a,
                                .reader = q->hand->reader,
                                .now = &x->now,
                                .next = &x->next,
                                .today = q->seat.roster.day};
    return adopt_try(&x->t, &q->e);
}

/* ---- a trial -------------------------------------------------------------------------------- */

static void lint_member(struct ask *q, const struct tried *x, struct json *j)
{
    struct lint_answer l = {.a = q->a, .plan = x->next.plan, .chinese = q->chinese};
    lint_plan(q->a, l.plan, &l.findings);
    json_key(j, "lint");
    lint_list_json(&l, j);
}

static void changes_member(struct ask *q, const struct tried *x, struct json *j)
{
    struct diff d = {
        .a = q->a, .plan = {q->footing->pack->plan, x->next.plan}, .chinese = q->chinese};
    diff_plans(&d);
    diff_changes_json(&d, j);
}

static void diagnostics_member(const struct tried *x, struct json *j)
{
    json_key(j, "diagnostics");
    diags_json(&x->next.diags, j);
}

/* A pack with errors: nothing more can be said of it. */
static void no_plan(struct ask *q, const struct tried *x, struct json *j)
{
    static const char *const lists[] = {"against", "notes", "lint", "changes"};
    json_kv_bool(j, "adoptable", false);
    json_kv_str(j, "digest", STR(""));
    json_kv_str(j, "plan", STR(""));
    json_kv_str(j, "name", STR(""));
    json_kv_int(j, "files", x->next.lang.sources->files.n);
    json_kv_int(j, "commitments", 0);
    json_kv_int(j, "items", 0);
    json_kv_str(j, "in_force", q->footing->digest);
    json_kv_int(j, "seen", q->footing->pack->seen);
    for (uint32_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        json_key(j, lists[i]);
        json_arr_begin(j);
        json_arr_end(j);
    }
}

enum rc do_plan_try(struct ask *q)
{
    struct json j;
    struct tried *x = ARENA_NEW(q->a, struct tried);
    enum rc rc = read_pack(q, x);
    const bool faulty = rc == RC_INPUT && x->next.diags.n_errors > 0;
    TRY(faulty ? RC_OK : rc);
    err_clear(&q->e);
    TRY(faulty ? RC_OK : try_pack(q, x));
    ask_json(q, &j);
    diagnostics_member(x, &j);
    if (faulty) {
        no_plan(q, x, &j);
    } else {
        adopt_try_members(&x->t, &j);
        lint_member(q, x, &j);
        changes_member(q, x, &j);
    }
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- the act -------------------------------------------------------------------------------- */

static void reasons_against(const void *ctx, struct json *j)
{
    const struct tried *x = ctx;
    adopt_findings_json(&x->t, j);
}

/* The seat by which he may: it is written down with the act. */
static struct str seat_of(struct ask *q)
{
    const struct seat_want want = {.op = OP_PLAN_SET, .unit = STR(""), .class = CLASS_INTERNAL};
    const struct seat *s = seat_may(&q->seat.roster, q->seat.actor, &want);
    return s != NULL ? s->id : STR("");
}

static enum rc refused(struct ask *q, struct tried *x)
{
    q->against = reasons_against;
    q->against_ctx = x;
    q->head.status = 422;
    err_clear(&q->e);
    return err_set(&q->e, RC_INPUT,
                   "the pack cannot be adopted: what is in the book would be lost or mean "
                   "something else",
                   "不能采用该计划包：账本已有内容会丢失或改变含义");
}

enum rc do_plan_adopt(struct ask *q)
{
    struct desk d;
    struct json j;
    struct adopt_version v;
    struct tried *x = ARENA_NEW(q->a, struct tried);
    const struct adopt_words w = {.seen = json_number(json_get(q->body, "seen")),
                                  .from = ask_member(q, "in_force"),
                                  .seat = seat_of(q),
                                  .reason = ask_member(q, "reason"),
                                  .document = ask_member(q, "document")};
    enum rc rc = read_pack(q, x);
    if (rc == RC_INPUT && x->next.diags.n_errors > 0) {
        return pack_no_plan(q, &x->next);
    }
    TRY(rc);
    TRY(ask_desk(q, &d));
    TRY(try_pack(q, x));
    rc = adopt_commit(&d, &x->t, &w, &v, &q->e);
    if (rc == RC_FINDINGS) {
        return refused(q, x);
    }
    TRY(rc);
    ask_json(q, &j);
    json_kv_int(&j, "commit", v.seq);
    json_kv_str(&j, "digest", v.digest);
    json_kv_str(&j, "before", v.before);
    json_kv_str(&j, "plan", v.plan);
    json_kv_str(&j, "name", v.name);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

/* ---- versions ------------------------------------------------------------------------------- */

struct versions {
    struct ask *q;
    struct adopt_versions all;
};

static struct str version_key(void *ctx, uint32_t i)
{
    struct versions *x = ctx;
    return rat_frac_str(x->q->a, rat_int(x->all.list.items[i].seq));
}

static void version_row(void *ctx, uint32_t i, struct page *p)
{
    const struct versions *x = ctx;
    const struct adopt_version *v = &x->all.list.items[i];
    page_int(p, "commit", v->seq);
    page_text(p, "at", adopt_moment(x->q->a, v));
    page_text(p, "by", v->actor);
    page_text(p, "by_name", people_actor_name(x->q, v->actor));
    page_text(p, "seat", v->seat);
    page_text(p, "digest", v->digest);
    page_text(p, "before", v->before);
    page_text(p, "plan", v->plan);
    page_text(p, "name", v->name);
    page_text(p, "reason", v->reason);
    page_text(p, "document", v->document);
    page_int(p, "files", v->n_files);
    page_bool(p, "in_force", i + 1 == x->all.list.n);
}

enum rc do_plan_versions(struct ask *q)
{
    struct versions *x = ARENA_NEW(q->a, struct versions);
    x->q = q;
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    TRY(adopt_versions(q->a, q->hand->reader, &x->all, &q->e));
    return page_answer(q, &(struct page_list){.ctx = x,
                                              .n = x->all.list.n,
                                              .title = {"plans", "历次计划"},
                                              .key = version_key,
                                              .row = version_row});
}

/* The texts of the version that is asked for; the plan in force is there also before the book has
 * kept any. */
static enum rc texts_asked(struct ask *q, const struct lang_text **texts, uint32_t *n)
{
    const struct sources *s = q->footing->pack->lang.sources;
    struct str digest = ask_word(q, 0);
    TRY(ask_may(q, "unit.read", STR(""), CLASS_PUBLIC));
    if (!str_eq(digest, q->footing->digest)) {
        return adopt_texts(q->a, q->hand->reader, digest, texts, n, &q->e);
    }
    struct lang_text *out = ARENA_ARRAY(q->a, struct lang_text, s->files.n);
    for (uint32_t i = 0; i < s->files.n; i++) {
        out[i] = (struct lang_text){s->files.items[i].path, s->files.items[i].text};
    }
    *texts = out;
    *n = s->files.n;
    return RC_OK;
}

enum rc do_plan_version(struct ask *q)
{
    const struct lang_text *texts = NULL;
    uint32_t n = 0;
    struct json j;
    TRY(texts_asked(q, &texts, &n));
    ask_json(q, &j);
    json_key(&j, "files");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < n; i++) {
        json_obj_begin(&j);
        json_kv_str(&j, "name", texts[i].path);
        json_kv_str(&j, "text", texts[i].text);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}

#define NAME_CHARS 12U /* of the digest, in the name of a file */

enum rc do_plan_version_zip(struct ask *q)
{
    const struct lang_text *texts = NULL;
    const char *path = NULL;
    uint32_t n = 0;
    TRY(texts_asked(q, &texts, &n));
    TRY(ask_place(q, &path));
    struct archive_file *files = ARENA_ARRAY(q->a, struct archive_file, n + 1U);
    for (uint32_t i = 0; i < n; i++) {
        files[i] = (struct archive_file){texts[i].path, texts[i].text};
    }
    TRY(archive_write(q->a, path, files, n, &q->e));
    struct buf name;
    buf_init_in(&name, q->a, LIMIT_STR_BYTES);
    buf_printf(&name, "plan-%.*s-%.*s.zip", PS(q->plan->id),
               PS(str_sub(ask_word(q, 0), 0, NAME_CHARS)));
    q->head.name = buf_view(&name);
    ask_file(q, path, "application/octet-stream");
    return RC_OK;
}
