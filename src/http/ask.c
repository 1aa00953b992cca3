/* SPDX-License-Identifier: Apache-2.0 */
/* From a request to its handler and back. */
#include "http/ask.h"

#include <string.h>

#include "app/seat/port.h"
#include "app/seat/session.h"
#include "app/seat/token.h"
#include "base/file.h"
#include "base/i128.h"
#include "base/utf8.h"
#include "http/agent.h"
#include "http/cookie.h"
#include "http/page.h"
#include "http/problem.h"
#include "http/upload.h"

#define ADDRESS_BYTES 64U

/* ---- for handlers --------------------------------------------------------------------------- */

struct str ask_word(const struct ask *q, uint32_t i)
{
    return q->words.at[i];
}

struct str ask_text(struct ask *q, const char *word)
{
    struct str rest = q->in->query;
    struct str pair;
    struct str value = STR("");
    while (str_split(&rest, '&', &pair)) {
        struct str name;
        struct str text;
        if (str_split(&pair, '=', &name) && str_eq(name, str_from_cstr(word)) &&
            url_decode(q->a, pair, true, &text)) {
            value = text;
        }
    }
    return value;
}

const struct str *ask_texts(struct ask *q, const char *word, uint32_t *n)
{
    VEC(struct str) list = {0};
    struct str rest = q->in->query;
    struct str pair;
    while (str_split(&rest, '&', &pair)) {
        struct str name;
        struct str text;
        if (str_split(&pair, '=', &name) && str_eq(name, str_from_cstr(word)) &&
            url_decode(q->a, pair, true, &text)) {
            vec_push(q->a, &list, text);
        }
    }
    *n = list.n;
    return list.items;
}

int64_t ask_count(struct ask *q, const char *word, int64_t otherwise)
{
    i128 n = 0;
    struct str text = ask_text(q, word);
    return text.n > 0 && i128_parse(text, &n) ? (int64_t)n : otherwise;
}

struct str ask_member(const struct ask *q, const char *name)
{
    return json_text(json_get(q->body, name));
}

bool ask_may_fn(void *ctx, struct str actor, const char *operation, struct str unit,
                enum data_class class_)
{
    struct ask *q = ctx;
    return route_names(q->route, operation) &&
           seat_port_may(&q->seat, actor, operation, unit, class_);
}

bool ask_allows(struct ask *q, const char *operation, struct str unit, enum data_class class_)
{
    return ask_may_fn(q, seat_port_actor(&q->seat), operation, unit, class_);
}

enum rc ask_may(struct ask *q, const char *operation, struct str unit, enum data_class class_)
{
    return ask_allows(q, operation, unit, class_)
               ? RC_OK
               : err_set(&q->e, RC_DENIED, "you hold no seat that may do this: %s",
                         "您没有可以办理此事的岗位：%s", operation);
}

enum rc ask_desk(struct ask *q, struct desk *d)
{
    hand_eye(q->hand, &q->eye);
    const struct hall *hall = seat_desk_hall(&q->seat);
    *d = (struct desk){.a = q->a,
                       .store = q->s->store,
                       .reader = q->hand->reader,
                       .plan = q->plan,
                       .plan_seen = q->footing->pack->seen,
                       .actor = seat_port_actor(&q->seat),
                       .today = seat_desk_today(&q->seat),
                       .may = ask_may_fn,
                       .may_ctx = q,
                       .tree = hall->tree,
                       .eye = &q->eye,
                       .roll = q->s->roll,
                       .snap = hall->roster.snap};
    return desk_open(d, &q->e);
}

bool ask_unchanged(struct ask *q, int64_t changed)
{
    struct buf b;
    const struct seat_scope *scope = q->seat.scope;
    const struct hall *hall = seat_desk_hall(&q->seat);
    buf_init_in(&b, q->a, 1U << 16);
    buf_printf(&b, "%llx %lld %lld %d %d %.*s %llx %.*s\n%.*s?%.*s",
               (unsigned long long)q->footing->made_of, (long long)changed, (long long)hall->made,
               q->seat.roster.day.days, q->chinese, PS(q->seat.actor),
               scope != NULL ? (unsigned long long)scope->ops : 0,
               PS(scope != NULL ? scope->units : STR("")), PS(q->in->path), PS(q->in->query));
    unsigned long long name = str_hash(buf_view(&b));
    buf_clear(&b);
    buf_printf(&b, "W/\"%016llx\"", name);
    q->head.tag = buf_view(&b);
    if (str_find(q->in->header.if_none_match, str_sub(q->head.tag, 2, q->head.tag.n), 0) ==
        STR_NONE) {
        return false;
    }
    q->head.status = 304;
    return true;
}

enum rc ask_place(struct ask *q, const char **path)
{
    char name[REQUEST_NAME_BYTES];
    request_name(q->in, name);
    *path = path_join(q->a, q->s->temp, name);
    return strlen(*path) < LIMIT_PATH_BYTES - 32
               ? RC_OK
               : err_set(&q->e, RC_LIMIT, "the path of the folder for temporary files is too long",
                         "临时目录路径过长");
}

void ask_file(struct ask *q, const char *path, const char *type)
{
    q->head.file = str_from_cstr(path);
    q->head.gone = true;
    q->head.type = type;
}

void ask_json(struct ask *q, struct json *j)
{
    json_init(j, q->out, false);
    json_obj_begin(j);
}

/* ---- problems ------------------------------------------------------------------------------- */

static enum rc refuse(struct ask *q, int status, enum rc rc, const char *en, const char *zh)
{
    q->head.status = status;
    return err_set(&q->e, rc, "%s%.0s", "%.0s%s", en, zh);
}

/* It is there soon, which is no problem: said with 202 (service.md, 23). */
static void not_yet(struct ask *q, const struct http_problem *p)
{
    struct json j;
    q->head.type = "application/json";
    ask_json(q, &j);
    json_kv_cstr(&j, "says", problem_title(q->in, p));
    json_obj_end(&j);
    json_end(&j);
}

static void problem(struct ask *q, enum rc rc)
{
    if (q->head.status < 400) {
        q->head.status = rc_http_status(rc);
    }
    q->head.type = "application/problem+json";
    q->head.cookie = STR("");
    q->head.name = STR("");
    if (q->head.file.n > 0 && q->head.gone) {
        file_drop(q->head.file.p);
    }
    q->head.file = STR("");
    if (rc_retryable(rc) && q->head.retry_after == 0) {
        q->head.retry_after = 1;
    }
    buf_clear(q->out); /* AK3 */
    const struct http_problem p = {.rc = rc,
                                   .status = q->head.status,
                                   .e = &q->e,
                                   .at = q->at,
                                   .against = q->against,
                                   .ctx = q->against_ctx};
    if (rc == RC_NOT_YET) {
        not_yet(q, &p);
    } else {
        problem_write(q->in, &p, q->out);
    }
}

/* ---- what is asked -------------------------------------------------------------------------- */

static enum rc find_route(struct ask *q)
{
    uint32_t verbs = 0;
    enum route_name name = route_find(q->a, q->in->verb, q->in->path, &q->words, &verbs);
    if (name != ROUTE__N) {
        q->route = &routes[name];
        return RC_OK;
    }
    if (verbs == 0) {
        return refuse(q, 404, RC_NOT_FOUND, "there is nothing at this address", "没有这个地址");
    }
    for (uint32_t v = 0; v < VERB__N; v++) {
        if ((verbs >> v & 1) != 0) {
            q->head.allow = str_cat(q->a, q->head.allow, q->head.allow.n > 0 ? STR(", ") : STR(""));
            q->head.allow = str_cat(q->a, q->head.allow, str_from_cstr(verb_text((enum verb)v)));
        }
    }
    return refuse(q, 405, RC_USAGE, "this method is not for this address", "该地址不支持此方法");
}

static const struct route_query *query_of(const struct ask *q, struct str word)
{
    const struct shape_field *rows = NULL;
    for (uint32_t i = 0; i < n_route_queries; i++) {
        if (&routes[route_queries[i].of] == q->route &&
            str_eq(word, str_from_cstr(route_queries[i].word))) {
            return &route_queries[i];
        }
    }
    if (q->route->body == SHAPE_UPLOAD && str_eq(word, str_from_cstr(upload_name.word))) {
        return &upload_name;
    }
    for (uint32_t i = 0; page_is(q->route->answer, &rows) && i < PAGE_WORDS; i++) {
        if (str_eq(word, str_from_cstr(page_words[i].word))) {
            return &page_words[i];
        }
    }
    return NULL;
}

static bool is_kind(enum query_kind kind, struct str value)
{
    i128 n = 0;
    struct date day;
    switch (kind) {
    case QUERY_COUNT:
        return value.n <= 18 && i128_parse(value, &n) && n >= 0;
    case QUERY_DAY:
        return date_parse(value, &day);
    case QUERY_FLAG:
        return str_eq(value, STR("yes")) || str_eq(value, STR("no"));
    case QUERY_TEXT:
        break;
    }
    return true;
}

static enum rc check_query(struct ask *q)
{
    struct str rest = q->in->query;
    struct str pair;
    struct str word;
    struct str value;
    while (rest.n > 0 && str_split(&rest, '&', &pair)) {
        if (!str_split(&pair, '=', &word)) {
            continue;
        }
        const struct route_query *x = query_of(q, word);
        q->at = str_cat(q->a, STR("?"), utf8_valid(word, NULL) ? word : STR(""));
        if (x == NULL) {
            return refuse(q, 400, RC_USAGE, "the query has a word that is not known here",
                          "查询中有此处没有的参数");
        }
        if (!url_decode(q->a, pair, true, &value) || !is_kind(x->kind, value)) {
            return refuse(q, 400, RC_USAGE, "a value of the query is another sort of value",
                          "查询参数的值类型不对");
        }
    }
    q->at = STR("");
    return RC_OK;
}

/* Parameters, such as a charset, may follow. */
static bool is_json(struct str type)
{
    struct str what;
    return str_split(&type, ';', &what) && str_eq(str_trim(what), STR("application/json"));
}

/* A file: its sender says so by a header that no form can send (AK4), its name by the query. */
static enum rc check_upload(struct ask *q)
{
    static const char *const forms[] = {"application/x-www-form-urlencoded", "multipart/form-data",
                                        "text/plain"};
    struct str type = q->in->header.content_type;
    struct str name = ask_text(q, "name");
    if (!str_eq(q->in->header.own, STR("1"))) {
        return refuse(q, 403, RC_DENIED, "a file is sent with the header X-Tizhi: 1",
                      "上传文件须带请求头 X-Tizhi: 1");
    }
    for (uint32_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (type.n == 0 || str_starts(type, str_from_cstr(forms[i]))) {
            return refuse(q, 415, RC_USAGE,
                          "a file is sent as it is: its Content-Type, or application/octet-stream",
                          "文件须原样上传：Content-Type 为其类型或 application/octet-stream");
        }
    }
    if (name.n > UPLOAD_NAME_BYTES || str_find(name, STR("/"), 0) != STR_NONE ||
        str_find(name, STR("\\"), 0) != STR_NONE) {
        q->at = STR("?name");
        return refuse(q, 400, RC_USAGE, "this is no name of a file", "这不是文件名");
    }
    return RC_OK;
}

static enum rc read_body(struct ask *q)
{
    struct shape_fault f;
    if (q->route->body == SHAPE_UPLOAD) {
        q->in->upload->name = ask_text(q, "name");
        q->upload = q->in->upload;
        return q->upload->bytes.n > 0 ? RC_OK
                                      : refuse(q, 422, RC_INPUT, "the file is empty", "文件是空的");
    }
    if (q->route->body == SHAPE_NONE) {
        return q->in->body.n == 0
                   ? RC_OK
                   : refuse(q, 400, RC_USAGE, "no body is expected here", "此处不应有请求内容");
    }
    if (!is_json(q->in->header.content_type)) {
        return refuse(q, 415, RC_USAGE, "the body must be application/json",
                      "请求内容须为 application/json");
    }
    if (!utf8_valid(q->in->body, NULL) || (q->body = json_read(q->a, q->in->body)) == NULL) {
        return refuse(q, 400, RC_USAGE, "the body is not JSON", "请求内容不是 JSON");
    }
    if (!shape_fits(q->route->body, q->body, &f)) {
        q->at = str_dup(q->a, str_from_cstr(f.at));
        return refuse(q, 422, RC_INPUT, f.text[0], f.text[1]);
    }
    return RC_OK;
}

/* ---- where it comes from -------------------------------------------------------------------- */

/* Whether the origin is the service as browsers see it. */
static bool is_own(const struct ask *q, struct str origin)
{
    if (q->s->o.origin.n > 0) {
        return str_eq(origin, q->s->o.origin);
    }
    struct str scheme = q->s->o.plain ? STR("http://") : STR("https://");
    return str_starts(origin, scheme) &&
           str_eq(str_sub(origin, scheme.n, origin.n), q->in->header.host);
}

/* AK4: besides SameSite cookies and bodies that no form can send. */
static enum rc check_site(struct ask *q)
{
    struct str site = q->in->header.site;
    struct str origin = q->in->header.origin;
    bool foreign =
        (site.n > 0 && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none"))) ||
        (origin.n > 0 && !is_own(q, origin));
    /* No other site can make a browser send a token. */
    return q->in->verb == VERB_GET || !foreign || q->in->header.authorization.n > 0
               ? RC_OK
               : refuse(q, 403, RC_DENIED, "the request comes from another site",
                        "请求来自其他网站");
}

/* ---- who asks ------------------------------------------------------------------------------- */

/* What is about oneself is for people (people.md, 31). */
static enum rc by_token(struct ask *q)
{
    struct str text = q->in->header.authorization;
    struct str scheme;
    (void)str_split(&text, ' ', &scheme);
    if (!str_eq(scheme, STR("Bearer"))) {
        return refuse(q, 401, RC_DENIED, "the only authorization taken is Bearer",
                      "Authorization 只支持 Bearer");
    }
    enum rc rc = seat_token_resume(&q->seat, str_trim(text), &q->e);
    if (rc == RC_DENIED) {
        q->head.status = 401;
    }
    TRY(rc);
    return route_names(q->route, "oneself")
               ? refuse(q, 403, RC_DENIED, "a token cannot do this", "令牌不能办理此事")
               : RC_OK;
}

static enum rc log_in(struct ask *q)
{
    struct cookie c;
    bool free = route_names(q->route, "anybody");
    if (q->in->header.authorization.n > 0) {
        return free ? RC_OK : by_token(q);
    }
    if (!cookie_read(q->a, q->in->header.cookie, q->s->o.plain, &c)) {
        return free ? RC_OK : refuse(q, 401, RC_DENIED, "nobody is logged in", "尚未登录");
    }
    enum rc rc = seat_session_resume(&q->seat, c.user, c.token, &q->e);
    if (rc == RC_DENIED && free) {
        err_clear(&q->e);
        return RC_OK;
    }
    if (rc == RC_DENIED) {
        q->head.status = 401;
    }
    return rc;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* What is known before the body. */
static enum rc admit(struct ask *q)
{
    TRY(find_route(q));
    TRY(check_site(q));
    TRY(log_in(q));
    TRY(check_query(q));
    return q->route->body == SHAPE_UPLOAD ? check_upload(q) : RC_OK;
}

static enum rc answer(struct ask *q)
{
    TRY(admit(q));
    TRY(read_body(q));
    q->head.type = q->route->answer != SHAPE_NONE ? "application/json" : NULL;
    TRY(q->route->handler(q));
    bool free = route_names(q->route, "anybody") || route_names(q->route, "oneself");
    return free || q->granted > 0
               ? RC_OK
               : refuse(q, 500, RC_DENIED, "no right was asked for this", "此操作未经授权检查");
}

/* An address that a proxy tells may be anything. */
static struct seat_device device_of(struct arena *a, const struct request *in)
{
    bool sane = in->address.n <= ADDRESS_BYTES && utf8_valid(in->address, NULL);
    return (struct seat_device){sane ? in->address : STR("?"), agent_of(a, in->header.user_agent)};
}

struct work {
    struct ask *q;
    enum rc (*fn)(struct ask *q);
    enum rc rc;
};

static void run(void *ctx)
{
    struct work *w = ctx;
    w->rc = w->fn(w->q);
}

/* RC_OK, or a problem is written. */
static enum rc work_on(struct hand *h, const struct request *in, enum rc (*fn)(struct ask *q),
                       struct answer_head *head, struct buf *out, struct asked *asked)
{
    struct service *s = h->s;
    struct ask q = {.s = s,
                    .hand = h,
                    .a = &h->a,
                    .in = in,
                    .chinese = request_chinese(in),
                    .at = STR(""),
                    .head = {.status = 200},
                    .out = out};
    struct work w = {.q = &q, .fn = fn};
    enum rc rc = hand_stand(h, &q.e);
    q.footing = h->footing;
    q.plan = h->footing->pack->plan;
    q.seat = (struct seat_desk){.a = &h->a,
                                .store = s->store,
                                .reader = h->reader,
                                .cost = s->o.cost,
                                .now = service_now(),
                                .device = device_of(&h->a, in),
                                .ghosts = s->ghosts,
                                .granted = &q.granted,
                                .plan_seen = h->footing->pack->seen,
                                .halls = h->footing->halls};
    w.rc = rc;
    rc = rc == RC_OK ? arena_run_two(&h->kept, &h->a, run, &w) : RC_OK;
    rc = rc == RC_OK ? w.rc : err_set(&q.e, rc, "the answer is too large", "结果过大，请缩小范围");
    if (rc == RC_OK && out->overflow) {
        rc = err_set(&q.e, RC_LIMIT, "the answer is too large", "结果过大，请缩小范围");
    }
    if (rc != RC_OK) {
        problem(&q, rc);
    } else if (out->n == 0 && q.head.file.n == 0 && q.head.stream == NULL && q.head.status == 200) {
        q.head.status = 204;
    }
    seat_desk_leave(&q.seat);
    hand_leave(h);
    *head = q.head;
    *asked = (struct asked){q.route != NULL ? q.route->path : "", q.seat.actor};
    return rc;
}

void ask_answer(struct hand *h, const struct request *in, struct answer_head *head, struct buf *out,
                struct asked *asked)
{
    (void)work_on(h, in, answer, head, out, asked);
}

bool ask_admit(struct hand *h, const struct request *in, struct answer_head *head, struct buf *out,
               struct asked *asked)
{
    return work_on(h, in, admit, head, out, asked) == RC_OK;
}
