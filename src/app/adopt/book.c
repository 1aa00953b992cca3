/* SPDX-License-Identifier: Apache-2.0 */
/* Plans in the book: versions, their texts, and which is in force. */
#include "app/adopt/adopt_int.h"
#include "app/keep/keep.h"
#include "app/offline/offline.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_tree.h"
#include "base/map.h"
#include "base/utf8.h"

#define TEXTS_PREFIX "plan/"

static enum rc damaged(struct err *e)
{
    return err_set(e, RC_DB, "the plan in the book is damaged", "账本中的计划已损坏");
}

/* ---- texts ---------------------------------------------------------------------------------- */

struct str adopt_texts_subject(struct arena *a, struct str digest)
{
    return str_cat(a, STR(TEXTS_PREFIX), digest);
}

struct str adopt_texts_write(struct arena *a, const struct pack *p)
{
    struct buf b;
    struct json j;
    const struct sources *s = p->lang.sources;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_str(&j, "plan", p->plan->id);
    json_kv_str(&j, "name", p->plan->name);
    json_key(&j, "files");
    json_arr_begin(&j);
    for (uint32_t i = 0; i < s->files.n; i++) {
        json_obj_begin(&j);
        json_kv_str(&j, "name", s->files.items[i].path);
        json_kv_str(&j, "text", s->files.items[i].text);
        json_obj_end(&j);
    }
    json_arr_end(&j);
    json_obj_end(&j);
    json_end(&j);
    return b.overflow ? STR("") : buf_view(&b);
}

struct kept {
    struct arena *a;
    const struct json_value *doc; /* NULL: there is none */
    bool bad;
};

static enum rc on_doc(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct kept *k = ctx;
    k->doc = utf8_valid(p->body, NULL) ? json_read(k->a, str_dup(k->a, p->body)) : NULL;
    return k->doc != NULL ? RC_OK : damaged(e);
}

static enum rc read_kept(struct arena *a, struct store_reader *r, struct str digest,
                         struct kept *out, struct err *e)
{
    *out = (struct kept){.a = a};
    return store_doc(r, adopt_texts_subject(a, digest), INT64_MAX, on_doc, out, e);
}

enum rc adopt_texts(struct arena *a, struct store_reader *r, struct str digest,
                    const struct lang_text **texts, uint32_t *n, struct err *e)
{
    struct kept k;
    TRY(read_kept(a, r, digest, &k, e));
    if (k.doc == NULL) {
        return err_set(e, RC_NOT_FOUND, "the book has no plan of this digest",
                       "账本中没有此摘要的计划");
    }
    const struct json_value *files = json_get(k.doc, "files");
    struct lang_text *out = ARENA_ARRAY(a, struct lang_text, json_count(files) + 1U);
    *n = 0;
    for (const struct json_value *x = json_items(files); x != NULL; x = x->next) {
        out[(*n)++] =
            (struct lang_text){json_text(json_get(x, "name")), json_text(json_get(x, "text"))};
    }
    *texts = out;
    return RC_OK;
}

/* ---- versions ------------------------------------------------------------------------------- */

struct str adopt_version_write(struct arena *a, const struct adopt_version *v)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, STORE_BODY_BYTES);
    json_init(&j, &b, false);
    json_obj_begin(&j);
    json_kv_str(&j, "digest", v->digest);
    json_kv_str(&j, "before", v->before);
    json_kv_str(&j, "plan", v->plan);
    json_kv_str(&j, "name", v->name);
    json_kv_int(&j, "files", v->n_files);
    json_kv_str(&j, "reason", v->reason);
    json_kv_str(&j, "document", v->document);
    json_kv_str(&j, "seat", v->seat);
    json_obj_end(&j);
    json_end(&j);
    return buf_view(&b);
}

static bool version_read(struct arena *a, struct str body, struct adopt_version *v)
{
    const struct json_value *doc = utf8_valid(body, NULL) ? json_read(a, str_dup(a, body)) : NULL;
    v->digest = json_text(json_get(doc, "digest"));
    v->before = json_text(json_get(doc, "before"));
    v->plan = json_text(json_get(doc, "plan"));
    v->name = json_text(json_get(doc, "name"));
    v->n_files = (uint32_t)json_number(json_get(doc, "files"));
    v->reason = json_text(json_get(doc, "reason"));
    v->document = json_text(json_get(doc, "document"));
    v->seat = json_text(json_get(doc, "seat"));
    return v->digest.n == STORE_HASH_CHARS;
}

struct reading {
    struct arena *a;
    struct adopt_versions *out;
};

static enum rc on_version(void *ctx, const struct store_parcel *p, struct err *e)
{
    struct reading *x = ctx;
    struct adopt_version v = {.seq = p->seq, .day = p->recorded};
    if (!version_read(x->a, p->body, &v)) {
        return damaged(e);
    }
    vec_push(x->a, &x->out->list, v);
    return RC_OK;
}

/* The one that the first adoption replaced; nobody adopted it. */
static enum rc founding(struct arena *a, struct store_reader *r, struct str digest,
                        struct adopt_version *out, struct err *e)
{
    struct kept k;
    TRY(read_kept(a, r, digest, &k, e));
    *out = (struct adopt_version){.day = DATE_MIN,
                                  .digest = digest,
                                  .plan = json_text(json_get(k.doc, "plan")),
                                  .name = json_text(json_get(k.doc, "name")),
                                  .n_files = json_count(json_get(k.doc, "files"))};
    return k.doc != NULL ? RC_OK : damaged(e);
}

enum rc adopt_versions(struct arena *a, struct store_reader *r, struct adopt_versions *out,
                       struct err *e)
{
    struct adopt_versions later = {0};
    struct reading x = {a, &later};
    *out = (struct adopt_versions){0};
    TRY(store_parcels_of(r, STR(PLAN_SUBJECT), STORE_DOC, on_version, &x, e));
    for (uint32_t i = 0; i < later.list.n; i++) {
        struct adopt_version *v = &later.list.items[i];
        struct store_event by;
        struct adopt_version first;
        if (i == 0 && !str_eq(v->before, v->digest)) {
            TRY(founding(a, r, v->before, &first, e));
            vec_push(a, &out->list, first);
        }
        TRY(store_who(a, r, v->seq, &by, e));
        v->at = by.at;
        v->actor = by.actor;
        vec_push(a, &out->list, *v);
    }
    return RC_OK;
}

const struct adopt_version *adopt_in_force(const struct adopt_versions *v, int64_t upto,
                                           struct date day)
{
    const struct adopt_version *out = NULL;
    for (uint32_t i = 0; i < v->list.n; i++) {
        const struct adopt_version *x = &v->list.items[i];
        if (out == NULL || (x->seq <= upto && date_cmp(x->day, day) <= 0)) {
            out = x;
        }
    }
    return out;
}

/* ---- the plan in force ---------------------------------------------------------------------- */

static enum rc open_version(struct arena *a, struct store_reader *r, struct str digest,
                            struct pack **out, struct err *e)
{
    const struct lang_text *texts = NULL;
    uint32_t n = 0;
    *out = ARENA_NEW(a, struct pack);
    TRY(adopt_texts(a, r, digest, &texts, &n, e));
    enum rc rc = pack_open_texts(a, texts, n, *out, e);
    if (rc != RC_INPUT) {
        return rc;
    }
    rc = err_set(e, RC_NO_SUPPORT, "the plan in the book is none for this version of the program",
                 "账本中的计划不能被本版程序读取");
    err_hint(e, "Use the version of the program that adopted it, or a newer one.",
             "请使用采用该计划时的程序版本或更新版本。");
    return rc;
}

static enum rc not_of_this_book(struct err *e)
{
    enum rc rc = err_set(e, RC_CONFLICT, "this pack is no plan of this book",
                         "该计划包不是本账本采用的计划");
    err_hint(e,
             "The plan in force is in the book: tizhi plan get. Another one is put in force by "
             "tizhi plan adopt.",
             "现行计划在账本中，可用 tizhi plan get 取出；更换计划请用 tizhi plan adopt。");
    return rc;
}

static bool knows(const struct adopt_versions *all, struct str digest)
{
    for (uint32_t i = 0; i < all->list.n; i++) {
        if (str_eq(all->list.items[i].digest, digest)) {
            return true;
        }
    }
    return false;
}

enum rc adopt_now(struct arena *a, struct store_reader *r, struct pack *given, int64_t upto,
                  struct date day, struct adopt_now *out, struct err *e)
{
    struct adopt_versions all;
    *out = (struct adopt_now){.pack = given};
    TRY(given != NULL ? offline_plan(a, given->lang.sources, &out->digest, e) : RC_OK);
    TRY(adopt_versions(a, r, &all, e));
    const struct adopt_version *v = adopt_in_force(&all, upto, day);
    if (v == NULL && given == NULL) {
        enum rc rc = err_set(e, RC_USAGE, "the book keeps no plan", "账本中没有计划");
        err_hint(e, "Say which it is: --pack DIR.", "请给出计划包：--pack 目录。");
        return rc;
    }
    if (v == NULL) {
        return RC_OK;
    }
    out->seq = v->seq;
    if (given != NULL && !knows(&all, out->digest)) {
        return not_of_this_book(e);
    }
    if (given == NULL || !str_eq(v->digest, out->digest)) {
        out->digest = v->digest;
        TRY(open_version(a, r, v->digest, &given, e));
    }
    given->seen = vec_last(&all.list).seq;
    out->pack = given;
    return RC_OK;
}

/* ---- what is sent --------------------------------------------------------------------------- */

/* A path below the pack: nothing that leads out of a folder, on any system. */
static bool is_name(struct str name)
{
    struct str rest = name;
    struct str part;
    if (name.n > ADOPT_NAME_MAX || !str_ends(name, STR(".plan")) ||
        str_find(name, STR("\\"), 0) != STR_NONE || str_find(name, STR(":"), 0) != STR_NONE) {
        return false;
    }
    while (str_split(&rest, '/', &part)) {
        if (part.n == 0 || part.p[0] == '.') {
            return false;
        }
    }
    return true;
}

enum rc adopt_check_texts(struct arena *a, const struct lang_text *texts, uint32_t n, struct err *e)
{
    struct map names = {0};
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < n && i < ADOPT_FILES_MAX; i++) {
        bytes += texts[i].text.n;
        if (!is_name(texts[i].path)) {
            enum rc rc =
                err_set(e, RC_INPUT, "this is no name for a file of a pack: %.*s",
                        "不能用作计划包的文件名：%.*s", PS(str_sub(texts[i].path, 0, 200)));
            err_hint(e, "A name ends in .plan, and leads out of no folder.",
                     "文件名须以 .plan 结尾，且不得指向其他目录。");
            return rc;
        }
        if (map_get(&names, texts[i].path, NULL)) {
            return err_set(e, RC_INPUT, "the file %.*s is there twice", "文件 %.*s 重复",
                           PS(texts[i].path));
        }
        map_put(a, &names, texts[i].path, i);
    }
    if (n == 0) {
        return err_set(e, RC_INPUT, "the pack has no file", "计划包中没有文件");
    }
    return n <= ADOPT_FILES_MAX && bytes <= ADOPT_BYTES_MAX
               ? RC_OK
               : err_set(e, RC_LIMIT, "a pack that is sent has at most %u files and %u bytes",
                         "上传的计划包最多 %u 个文件、%u 字节", ADOPT_FILES_MAX, ADOPT_BYTES_MAX);
}
