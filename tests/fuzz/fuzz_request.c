/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a request to the service, without a socket: no crash, an answer in any case, and
 * never that of a fault of the program.
 *
 *     GET /api/v1/units?limit=2       method, path, query
 *     as: issuer                      a session of this user; other lines are headers
 *
 *     {"user": "a"}                   behind an empty line: the body
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/demo/town.h"
#include "app/seat/session.h"
#include "base/assert.h"
#include "base/json_tree.h"
#include "base/utf8.h"
#include "http/ask.h"
#include "http/cookie.h"
#include "http/upload.h"
#include "tests/lib/tmpdir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char plan[] =
    "计划 p { 年度 2024 至 2030 }\n"
    "层级 省 > 市 > 县 > 学校\n"
    "条款 A 附件1\n"
    "对象 学校 属于 县 { 数据 学生 : 人 每年 数据 在考 : 人 每年 密级 密封 }\n"
    "台账 个案 属于 学校 { 字段 姓名 : 文本 键 密级 密封 须报送 每年 }\n"
    "报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }\n"
    "指标 A.1 学生 { 依据 附件1 计算 求和(学校.学生) 目标 每年 每个 县 不低于 100人 }\n"
    "任务 K1 方案 { 于 2024年 每个 学校 交付 \"方案\" }\n";
static const char units[] = "code,name,kind,parent\n"
                            "R,省,省,\nC,市,市,R\nD,甲县,县,C\nE,乙县,县,C\n"
                            "S1,一小,学校,D\nS2,二小,学校,D\nT1,三小,学校,E\n";
static const char facts[] = "unit,item,period,value,recorded,source,grade\n"
                            "S1,学校.学生,2024,60,2025-01-05,t,A\n";

/* ---- the service, once ---------------------------------------------------------------------- */

#define AS_MAX 4

static struct {
    bool open;
    struct arena a;
    struct service s;
    struct hand hand;
    const char *dir;
} town;

static struct {
    const char *user;
    struct str cookie; /* "": none yet, or it has ended */
    char text[512];
} sessions[AS_MAX] = {{.user = "issuer"},
                      {.user = "county-reviewer"},
                      {.user = "school-filler"},
                      {.user = "security"}};

static void must(enum rc rc, const struct err *e)
{
    if (rc != RC_OK) {
        (void)fprintf(stderr, "%s\n%s\n", e->primary_en, e->detail_en);
        ASSERT(rc == RC_OK);
    }
}

static void fill(const char *pack_dir, const char *book)
{
    struct arena a;
    struct err e;
    struct pack p;
    struct store *store = NULL;
    struct store_reader *reader = NULL;
    const struct store_options so = {.where = book, .create = true};
    arena_init(&a, (size_t)512 << 20, "fill");
    err_clear(&e);
    must(pack_open_plan(&a, pack_dir, &p, &e), &e);
    must(pack_open_tables(&a, pack_dir, NULL, 0, &p, &e), &e);
    must(store_open(&a, &so, &store, &e), &e);
    must(store_reader_open(&a, store, &reader, &e), &e);
    struct demo_town t = {
        .a = &a, .pack = &p, .store = store, .reader = reader, .now = service_now()};
    must(demo_town_fill(&t, &e), &e);
    store_reader_close(reader);
    store_close(store);
    arena_release(&a);
}

static void remove_all(void)
{
    hand_close(&town.hand);
    service_close(&town.s);
    tmpdir_remove(town.dir);
    arena_release(&town.a);
}

static void open_town(void)
{
    struct err e;
    err_clear(&e);
    arena_init(&town.a, 1U << 20, "town");
    town.dir = tmpdir_make(&town.a);
    (void)tmpdir_write(&town.a, town.dir, "pack/a.plan", str_from_cstr(plan));
    (void)tmpdir_write(&town.a, town.dir, "pack/units.csv", str_from_cstr(units));
    (void)tmpdir_write(&town.a, town.dir, "pack/facts.csv", str_from_cstr(facts));
    struct str dir = str_from_cstr(town.dir);
    const char *pack_dir = str_to_cstr(&town.a, str_cat(&town.a, dir, STR("/pack")));
    const char *book = str_to_cstr(&town.a, str_cat(&town.a, dir, STR("/book")));
    fill(pack_dir, book);
    const struct service_options o = {.pack = pack_dir,
                                      .book = book,
                                      .web = "",
                                      .temp = town.dir,
                                      .origin = STR(""),
                                      .plain = true,
                                      .demo_town = true,
                                      .memory = (size_t)512 << 20,
                                      .memory_ask = (size_t)32 << 20,
                                      .cost = seat_cost_cheap()};
    must(service_open(&town.s, &o, &e), &e);
    must(hand_open(&town.s, o.memory_ask, &town.hand, &e), &e);
    town.open = true;
    (void)atexit(remove_all);
}

/* ---- who asks ------------------------------------------------------------------------------- */

static struct str session_of(struct str user, uint32_t *which)
{
    struct hand *h = &town.hand;
    uint32_t i = 0;
    while (i < AS_MAX && !str_eq(user, str_from_cstr(sessions[i].user))) {
        i++;
    }
    *which = i;
    if (i == AS_MAX || sessions[i].cookie.n > 0) {
        return i < AS_MAX ? sessions[i].cookie : STR("");
    }
    struct err e;
    struct cookie c = {.user = str_from_cstr(sessions[i].user)};
    struct arena_mark m = arena_mark(&h->a);
    struct seat_desk d = {.a = &h->a,
                          .store = town.s.store,
                          .reader = h->reader,
                          .cost = town.s.o.cost,
                          .now = service_now(),
                          .actor = c.user};
    err_clear(&e);
    must(seat_session_begin(&d, &c.token, &e), &e);
    struct str set = cookie_write(&h->a, &c, true);
    struct str pair;
    ASSERT(str_split(&set, ';', &pair) && pair.n < sizeof sessions[i].text);
    memcpy(sessions[i].text, pair.p, pair.n);
    sessions[i].cookie = (struct str){sessions[i].text, pair.n};
    arena_rewind(&h->a, m);
    return sessions[i].cookie;
}

/* ---- a request ------------------------------------------------------------------------------ */

static void read_line(struct request *in, struct str line, uint32_t *who)
{
    struct str name;
    if (!str_split(&line, ':', &name)) {
        return;
    }
    struct str value = str_trim(line);
    if (str_eq(name, STR("as"))) {
        in->header.cookie = session_of(value, who);
    }
#define HEADER(field, word)                                                                        \
    if (str_eq(name, STR(word))) {                                                                 \
        in->header.field = value;                                                                  \
    }
    HTTP_HEADERS(HEADER)
#undef HEADER
}

/* false: the method is none. */
static bool read_request(struct request *in, struct str text, uint32_t *who)
{
    struct str line;
    struct str method;
    uint32_t v = 0;
    (void)str_split(&text, '\n', &line);
    (void)str_split(&line, ' ', &method);
    while (v < VERB__N && !str_eq(method, str_from_cstr(verb_text((enum verb)v)))) {
        v++;
    }
    in->verb = (enum verb)v;
    (void)str_split(&line, '?', &in->path);
    in->query = line;
    in->header.content_type = STR("application/json");
    while (text.n > 0 && str_split(&text, '\n', &line) && line.n > 0) {
        read_line(in, line, who);
    }
    in->body = text;
    in->length = text.n;
    return v < VERB__N;
}

static bool is_upload(const struct request *in)
{
    struct route_words words;
    uint32_t verbs = 0;
    struct arena_mark m = arena_mark(&town.hand.a);
    enum route_name r = route_find(&town.hand.a, in->verb, in->path, &words, &verbs);
    arena_rewind(&town.hand.a, m);
    return r != ROUTE__N && routes[r].body == SHAPE_UPLOAD;
}

static void check(const struct answer_head *head, const struct buf *out)
{
    ASSERT(head->status >= 200 && head->status < 600 && head->status != 500);
    ASSERT(str_find(head->cookie, STR("\n"), 0) == STR_NONE);
    ASSERT(str_find(head->name, STR("\n"), 0) == STR_NONE);
    if (head->type != NULL && strstr(head->type, "json") != NULL && head->file.n == 0) {
        ASSERT(utf8_valid(buf_view(out), NULL));
    }
    if (head->status >= 400) {
        struct arena_mark m = arena_mark(&town.hand.a);
        const struct json_value *v = json_read(&town.hand.a, buf_view(out));
        ASSERT(v != NULL && json_number(json_get(v, "status")) == head->status);
        arena_rewind(&town.hand.a, m);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request in = {.number = 1, .address = STR("127.0.0.1")};
    struct upload upload = {0};
    struct answer_head head;
    struct asked asked;
    struct buf out;
    uint32_t who = AS_MAX;
    if (!town.open) {
        open_town();
    }
    if (size > 65536 || !read_request(&in, str_make((const char *)data, size), &who)) {
        return 0;
    }
    struct arena_mark m = arena_mark(&town.hand.a);
    if (is_upload(&in) && upload_open(&upload, town.dir, 1U << 20)) {
        upload_put(&upload, in.body.p, in.body.n);
        (void)upload_finish(&upload);
        in.upload = &upload;
        in.body = STR("");
    }
    buf_init(&out, 64U << 20);
    ask_answer(&town.hand, &in, &head, &out, &asked);
    check(&head, &out);
    if (who < AS_MAX && (head.status == 401 || head.cookie.n > 0)) {
        sessions[who].cookie = STR("");
    }
    buf_release(&out);
    upload_drop(&upload);
    arena_rewind(&town.hand.a, m);
    return 0;
}
