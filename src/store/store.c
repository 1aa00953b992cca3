/* SPDX-License-Identifier: Apache-2.0 */
/* The handle of a book, and the way of a commit from its caller to the writer. */
#include "store/store.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "store/files.h"
#include "store/store_int.h"

#define GROUP_ARENA_BYTES (1024UL * 1024 * 1024)
#define FILES_SUFFIX      ".files"

static int64_t system_now(void *clock)
{
    struct timespec t = {0};
    (void)clock;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * US_PER_SECOND + t.tv_nsec / 1000;
}

/* ---- opening -------------------------------------------------------------------------------- */

static struct store *make(struct arena *a, const struct store_options *o)
{
    struct store *s = ARENA_NEW(a, struct store);
    struct str where = str_from_cstr(o->where);
    s->where = str_to_cstr(a, where);
    if (o->files != NULL) {
        s->files = str_to_cstr(a, str_from_cstr(o->files));
    } else if (db_engine_of(o->where) == DB_SQLITE) {
        s->files = str_to_cstr(a, str_cat(a, where, STR(FILES_SUFFIX)));
    }
    s->now = o->now != NULL ? o->now : system_now;
    s->clock = o->clock;
    s->read_only = o->read_only;
    arena_init(&s->arena, GROUP_ARENA_BYTES, "commits");
    return s;
}

bool store_is_file(const char *where)
{
    return db_engine_of(where) == DB_SQLITE;
}

static enum rc start_writer(struct store *s, struct err *e)
{
    sigset_t all;
    sigset_t old;
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_cond_init(&s->work, NULL);
    (void)pthread_cond_init(&s->moved, NULL);
    /* Signals are for the threads of the program. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &old);
    int code = pthread_create(&s->thread, NULL, writer_main, s);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (code != 0) {
        return err_set_at(e, RC_NO_MEMORY, code, __FILE__, __LINE__,
                          "the writing thread cannot be started", "写入线程无法启动");
    }
    s->has_thread = true;
    return RC_OK;
}

static enum rc open_book(struct store *s, bool create, struct err *e)
{
    TRY(db_open(&s->db, s->where, create && !s->read_only ? DB_CREATE : 0, e));
    if (s->read_only) {
        TRY(store_check_version(&s->db, e));
        db_close(&s->db);
        return RC_OK;
    }
    TRY(store_migrate(&s->db, create, db_n_migrations, s->now(s->clock), e));
    return start_writer(s, e);
}

enum rc store_open(struct arena *a, const struct store_options *o, struct store **out,
                   struct err *e)
{
    struct store *s = make(a, o);
    *out = NULL;
    enum rc rc = vault_open(a, &s->vault, o->key, e);
    rc = rc == RC_OK ? open_book(s, o->create, e) : rc;
    if (rc != RC_OK) {
        store_close(s);
        return rc;
    }
    *out = s;
    return RC_OK;
}

void store_close(struct store *s)
{
    if (s == NULL) {
        return;
    }
    if (s->has_thread) {
        (void)pthread_mutex_lock(&s->lock);
        s->closing = true;
        (void)pthread_cond_signal(&s->work);
        (void)pthread_mutex_unlock(&s->lock);
        (void)pthread_join(s->thread, NULL);
        (void)pthread_cond_destroy(&s->moved);
        (void)pthread_cond_destroy(&s->work);
        (void)pthread_mutex_destroy(&s->lock);
        s->has_thread = false;
    }
    db_close(&s->db);
    vault_close(&s->vault);
    arena_release(&s->arena);
}

/* ---- checking what a commit holds ----------------------------------------------------------- */

/* UTF-8 without control characters, in bounds. */
static bool is_text(struct str s, uint32_t max)
{
    if (s.n > max || !utf8_valid(s, NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool is_hash(struct str s)
{
    bool ok = s.n == STORE_HASH_CHARS;
    for (uint32_t i = 0; ok && i < s.n; i++) {
        ok = (s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f');
    }
    return ok;
}

static enum rc bad_text(struct err *e, const char *en, const char *zh)
{
    return err_set(e, RC_INPUT, "the %s%.0s is empty, too long or no plain text",
                   "%.0s%s为空、过长或不是纯文本", en, zh);
}

static enum rc check_subjects(const struct store_expect *x, uint32_t n, struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        if (x[i].subject.n == 0 || !is_text(x[i].subject, STORE_TEXT_BYTES)) {
            return bad_text(e, "subject", "对象");
        }
    }
    return RC_OK;
}

static enum rc check_words(const struct store_commit *c, struct err *e)
{
    if (c->token.n == 0 || !is_text(c->token, STORE_TEXT_BYTES)) {
        return bad_text(e, "token", "标识");
    }
    if (c->actor.n == 0 || !is_text(c->actor, STORE_TEXT_BYTES)) {
        return bad_text(e, "actor", "经办人");
    }
    if (c->act.n == 0 || !is_text(c->act, STORE_TEXT_BYTES)) {
        return bad_text(e, "act", "事项");
    }
    if (!is_text(c->note, STORE_NOTE_BYTES)) {
        return bad_text(e, "note", "备注");
    }
    TRY(check_subjects(c->expects, c->n_expects, e));
    TRY(check_subjects(c->looks, c->n_looks, e));
    for (uint32_t i = 0; i < c->n_files; i++) {
        if (!is_hash(c->files[i])) {
            return bad_text(e, "hash of a file", "文件哈希");
        }
    }
    return RC_OK;
}

static enum rc check_parcel(const struct store_parcel *p, struct date today, struct err *e)
{
    bool grade = p->grade == 0 || (p->grade >= 'A' && p->grade <= 'D');
    if (!is_text(p->area, STORE_TEXT_BYTES) || !is_text(p->unit, STORE_TEXT_BYTES) ||
        !is_text(p->source, STORE_TEXT_BYTES) || !grade) {
        return bad_text(e, "unit or source of a parcel", "数据包的机构或来源");
    }
    if (p->body.n == 0 || !is_text(p->body, STORE_BODY_BYTES) ||
        !is_text(p->layout, STORE_BODY_BYTES)) {
        return bad_text(e, "body of a parcel", "数据包内容");
    }
    if (date_cmp(p->recorded, today) > 0) {
        return err_set(e, RC_INPUT, "the recorded day lies in the future", "登记日期在将来");
    }
    return RC_OK;
}

static enum rc check_commit(const struct store *s, const struct store_commit *c, uint32_t *bytes,
                            struct err *e)
{
    uint64_t sum = c->note.n;
    if (s->read_only) {
        return err_set(e, RC_DENIED, "the book is open for reading only", "账本以只读方式打开");
    }
    if (c->n_parcels > STORE_PARCELS_MAX || c->n_expects > STORE_PARCELS_MAX ||
        c->n_looks > STORE_PARCELS_MAX || c->n_files > STORE_PARCELS_MAX) {
        return err_set(e, RC_LIMIT, "a commit holds at most %u parcels", "一次提交最多 %u 个数据包",
                       STORE_PARCELS_MAX);
    }
    TRY(check_words(c, e));
    struct date today = store_day(s->now(s->clock));
    for (uint32_t i = 0; i < c->n_parcels; i++) {
        TRY(check_parcel(&c->parcels[i], today, e));
        sum += (uint64_t)c->parcels[i].body.n + c->parcels[i].layout.n;
    }
    if (sum > STORE_COMMIT_BYTES) {
        return err_set(e, RC_LIMIT, "a commit holds at most %u bytes", "一次提交最多 %u 字节",
                       STORE_COMMIT_BYTES);
    }
    *bytes = (uint32_t)sum;
    return RC_OK;
}

/* ---- preparing ------------------------------------------------------------------------------ */

static struct str subjects_json(struct arena *a, const struct store_commit *c)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, LIMIT_STR_BYTES);
    json_init(&j, &b, false);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < c->n_expects; i++) {
        json_str(&j, c->expects[i].subject);
    }
    json_arr_end(&j);
    json_end(&j);
    return buf_view(&b);
}

static struct str files_json(struct arena *a, const struct store_commit *c)
{
    struct buf b;
    struct json j;
    buf_init_in(&b, a, LIMIT_STR_BYTES);
    json_init(&j, &b, false);
    json_arr_begin(&j);
    for (uint32_t i = 0; i < c->n_files; i++) {
        json_str(&j, c->files[i]);
    }
    json_arr_end(&j);
    json_end(&j);
    return buf_view(&b);
}

static enum rc no_sm3(struct err *e)
{
    return err_set(e, RC_NO_SUPPORT, "this libcrypto has no SM3", "本机 libcrypto 不支持 SM3");
}

/* Names of the layouts, and the hash of the content: the large work, done by the caller. */
static enum rc hash_content(struct arena *a, struct pending *p, struct err *e)
{
    const struct store_commit *c = p->c;
    struct store_hex *layouts = ARENA_ARRAY(a, struct store_hex, c->n_parcels + 1U);
    struct chain_content head = {c->actor, c->act, c->token, c->note, p->subjects, p->files};
    struct buf b;
    buf_init_in(&b, a, LIMIT_STR_BYTES);
    chain_content_begin(&b, &head);
    for (uint32_t i = 0; i < c->n_parcels; i++) {
        struct str layout = c->parcels[i].layout;
        bool same = i > 0 && layout.p == c->parcels[i - 1].layout.p &&
                    layout.n == c->parcels[i - 1].layout.n;
        if (same) {
            layouts[i] = layouts[i - 1];
        } else if (layout.n > 0 && !store_hash(layout, &layouts[i])) {
            return no_sm3(e);
        }
        chain_content_parcel(&b, &c->parcels[i], store_hex_str(&layouts[i]));
    }
    p->layouts = layouts;
    return store_hash(buf_view(&b), &p->content) ? RC_OK : no_sm3(e);
}

/* The files a commit names are on disk before it is. */
static enum rc look_at_files(struct arena *a, const struct store *s, struct pending *p,
                             struct err *e)
{
    const struct store_commit *c = p->c;
    int64_t *sizes = ARENA_ARRAY(a, int64_t, c->n_files + 1U);
    struct str *types = ARENA_ARRAY(a, struct str, c->n_files + 1U);
    for (uint32_t i = 0; i < c->n_files; i++) {
        struct file_info info;
        TRY(files_look(a, s->files, c->files[i], &info, e));
        sizes[i] = info.size;
        types[i] = str_from_cstr(file_type_name(info.type));
    }
    p->file_size = sizes;
    p->file_type = types;
    return RC_OK;
}

static enum rc prepare(struct arena *a, const struct store *s, struct pending *p, struct err *e)
{
    TRY(check_commit(s, p->c, &p->bytes, e));
    p->subjects = subjects_json(a, p->c);
    p->files = files_json(a, p->c);
    TRY(look_at_files(a, s, p, e));
    return hash_content(a, p, e);
}

enum rc store_commit(struct arena *a, struct store *s, const struct store_commit *c,
                     struct store_receipt *out, struct err *e)
{
    struct arena_mark m = arena_mark(a);
    struct pending p = {.c = c};
    enum rc rc = prepare(a, s, &p, e);
    if (rc == RC_OK) {
        writer_submit(s, &p);
        rc = p.rc;
        *out = p.receipt;
        if (rc != RC_OK && e != NULL && e->rc == RC_OK) {
            *e = p.err;
        }
    }
    arena_rewind(a, m);
    return rc;
}
