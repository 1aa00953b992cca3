/* SPDX-License-Identifier: Apache-2.0 */
/* The log: who did what to what, when, and from where he had come. */
#include "app/keep/keep.h"
#include "base/i128.h"
#include "http/ask.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/people.h"

/* A commit, texts in the arena of the request. */
struct entry {
    int64_t seq, at;
    struct str actor, act, note;
    const struct str *subjects, *files;
    uint32_t n_subjects, n_files;
};

struct entries {
    struct ask *q;
    VEC(struct entry) list;
};

static enum rc on_entry(void *ctx, const struct log_entry *x, struct err *e)
{
    struct entries *l = ctx;
    struct arena *a = l->q->a;
    struct entry y = {.seq = x->seq,
                      .at = x->at,
                      .actor = str_dup(a, x->actor),
                      .act = str_dup(a, x->act),
                      .note = str_dup(a, x->note)};
    (void)e;
    y.subjects = keep_log_subjects(a, x->subjects, &y.n_subjects);
    y.files = keep_log_subjects(a, x->files, &y.n_files);
    vec_push(a, &l->list, y);
    return RC_OK;
}

static struct str moment(struct arena *a, int64_t at)
{
    struct buf b;
    buf_init_in(&b, a, 64);
    keep_moment(&b, at);
    return buf_view(&b);
}

static struct str number(struct arena *a, int64_t n)
{
    struct buf b;
    buf_init_in(&b, a, 32);
    buf_printf(&b, "%lld", (long long)n);
    return buf_view(&b);
}

/* ---- the list ------------------------------------------------------------------------------- */

static struct str key(void *ctx, uint32_t i)
{
    const struct entries *l = ctx;
    return number(l->q->a, l->list.items[i].seq);
}

static void row(void *ctx, uint32_t i, struct page *p)
{
    const struct entries *l = ctx;
    const struct entry *x = &l->list.items[i];
    page_int(p, "commit", x->seq);
    page_text(p, "time", moment(l->q->a, x->at));
    page_text(p, "actor", x->actor);
    page_text(p, "name", people_actor_name(l->q, x->actor));
    page_text(p, "act", x->act);
    page_texts(p, "subjects", x->subjects, x->n_subjects);
    page_text(p, "note", x->note);
}

static int64_t day_begins(struct ask *q, const char *word, int add, int64_t otherwise)
{
    struct date day;
    struct str text = ask_text(q, word);
    return text.n > 0 && date_parse(text, &day) ? keep_day_at(date_add_days(day, add)) : otherwise;
}

/* From the row of this number on, itself among them. */
static int64_t before_of(struct str after)
{
    i128 n = 0;
    return after.n > 0 && i128_parse(after, &n) && n > 0 && n < INT64_MAX ? (int64_t)n + 1
                                                                          : INT64_MAX;
}

enum rc do_commits(struct ask *q)
{
    struct entries l = {.q = q};
    struct str after;
    struct log_filter f = {.actor = ask_text(q, "by"),
                           .act = ask_text(q, "act"),
                           .unit = ask_text(q, "unit"),
                           .since = day_begins(q, "from", 0, INT64_MIN),
                           .until = day_begins(q, "to", 1, INT64_MAX)};
    TRY(ask_may(q, "log.read", f.unit, CLASS_SENSITIVE));
    if (page_begins(q, &after, &f.limit)) {
        f.before = before_of(after);
        TRY(store_log(q->hand->reader, &f, on_entry, &l, &q->e));
    }
    return page_answer(
        q, &(struct page_list){
               .ctx = &l, .n = l.list.n, .title = {"log", "日志"}, .key = key, .row = row});
}

/* ---- one commit ----------------------------------------------------------------------------- */

static enum rc one(struct ask *q, const struct log_filter *f, struct entry *out)
{
    struct entries l = {.q = q};
    *out = (struct entry){0};
    TRY(store_log(q->hand->reader, f, on_entry, &l, &q->e));
    if (l.list.n > 0) {
        *out = l.list.items[0];
    }
    return RC_OK;
}

static void texts_json(struct json *j, const char *name, const struct str *texts, uint32_t n)
{
    json_key(j, name);
    json_arr_begin(j);
    for (uint32_t i = 0; i < n; i++) {
        json_str(j, texts[i]);
    }
    json_arr_end(j);
}

/* Where he had come from: the last login of the one who did it (people.md, 27). */
static enum rc login_json(struct ask *q, struct json *j, const struct entry *x)
{
    const struct log_filter f = {.actor = x->actor,
                                 .act = STR("user.login"),
                                 .since = INT64_MIN,
                                 .until = INT64_MAX,
                                 .before = x->seq + 1,
                                 .limit = 1};
    struct entry login = {0};
    TRY(str_starts(x->actor, STR(SEAT_USER_PREFIX)) ? one(q, &f, &login) : RC_OK);
    json_key(j, "login");
    if (login.seq == 0) {
        json_null(j);
        return RC_OK;
    }
    json_obj_begin(j);
    json_kv_int(j, "commit", login.seq);
    json_kv_str(j, "time", moment(q->a, login.at));
    json_kv_str(j, "act", login.act);
    json_kv_str(j, "from", login.note);
    json_obj_end(j);
    return RC_OK;
}

enum rc do_commit(struct ask *q)
{
    struct json j;
    struct entry x;
    i128 n = 0;
    TRY(ask_may(q, "log.read", STR(""), CLASS_SENSITIVE));
    bool ok = i128_parse(ask_word(q, 0), &n) && n > 0 && n < INT64_MAX;
    const struct log_filter f = {
        .since = INT64_MIN, .until = INT64_MAX, .before = ok ? (int64_t)n + 1 : 1, .limit = 1};
    TRY(one(q, &f, &x));
    if (!ok || x.seq != (int64_t)n) {
        return err_set(&q->e, RC_NOT_FOUND, "there is no such commit", "没有这次提交");
    }
    ask_json(q, &j);
    json_kv_int(&j, "commit", x.seq);
    json_kv_str(&j, "time", moment(q->a, x.at));
    people_actor_json(q, x.actor, &j);
    json_kv_str(&j, "act", x.act);
    json_kv_str(&j, "note", x.note);
    texts_json(&j, "subjects", x.subjects, x.n_subjects);
    texts_json(&j, "files", x.files, x.n_files);
    TRY(login_json(q, &j, &x));
    json_obj_end(&j);
    json_end(&j);
    return RC_OK;
}
