/* SPDX-License-Identifier: Apache-2.0 */
/* Finding routes, and the table as OpenAPI. */
#include "http/route.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "http/handlers.h"
#include "http/page.h"
#include "http/words.h"

const struct route routes[ROUTE__N] = {
#define ROUTE(name, verb, path, rights, body, answer, handler, en, zh)                             \
    [ROUTE_##name] = {VERB_##verb,    path,    rights,   SHAPE_##body,                             \
                      SHAPE_##answer, handler, #handler, {en, zh}},
#include "http/table/route.def"
};

const struct route_query route_queries[] = {
#define QUERY(of, word, kind, en, zh) {ROUTE_##of, word, QUERY_##kind, {en, zh}},
#include "http/table/route.def"
};
const struct route_query upload_name = {
    ROUTE__N, "name", QUERY_TEXT, {"name of the file", "文件名"}};
const uint32_t n_route_queries = sizeof route_queries / sizeof route_queries[0];

const char *verb_text(enum verb v)
{
    static const char *const words[] = {
        [VERB_GET] = "GET", [VERB_POST] = "POST", [VERB_PUT] = "PUT", [VERB_DELETE] = "DELETE"};
    return words[v];
}

bool route_names(const struct route *r, const char *word)
{
    struct str rest = str_from_cstr(r->rights);
    struct str one;
    while (str_split(&rest, ' ', &one)) {
        if (str_eq(one, str_from_cstr(word))) {
            return true;
        }
    }
    return false;
}

/* ---- paths ---------------------------------------------------------------------------------- */

static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return c != 0 && at != NULL ? (int)(at - digits) : -1;
}

static bool is_clean(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) {
            return false;
        }
    }
    return utf8_valid(s, NULL);
}

bool url_decode(struct arena *a, struct str in, bool plus, struct str *out)
{
    char *z = ARENA_ARRAY(a, char, (size_t)in.n + 1U);
    uint32_t n = 0;
    for (uint32_t i = 0; i < in.n; i++) {
        if (in.p[i] != '%') {
            z[n++] = plus && in.p[i] == '+' ? ' ' : in.p[i];
            continue;
        }
        int high = i + 2 < in.n ? digit_of(in.p[i + 1]) : -1;
        int low = i + 2 < in.n ? digit_of(in.p[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return false;
        }
        z[n++] = (char)(high * 16 + low);
        i += 2;
    }
    *out = (struct str){z, n};
    return is_clean(*out);
}

void url_encode(struct buf *b, struct str in)
{
    for (uint32_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.' || c == '~';
        buf_printf(b, plain ? "%c" : "%%%02X", (unsigned char)c);
    }
}

static bool is_word(struct str part)
{
    return part.n > 0 && part.p[0] == '{';
}

/* Whether the path is the route's; RT2. */
static bool matches(struct arena *a, const char *pattern, struct str path,
                    struct route_words *words)
{
    struct str want = str_from_cstr(pattern);
    struct str x;
    struct str y;
    words->n = 0;
    while (str_split(&want, '/', &x)) {
        if (!str_split(&path, '/', &y)) {
            return false;
        }
        if (!is_word(x)) {
            if (!str_eq(x, y)) {
                return false;
            }
        } else if (y.n == 0 || !url_decode(a, y, false, &words->at[words->n++])) {
            return false;
        }
    }
    return !str_split(&path, '/', &y);
}

enum route_name route_find(struct arena *a, enum verb verb, struct str path,
                           struct route_words *words, uint32_t *verbs)
{
    enum route_name found = ROUTE__N;
    struct route_words here;
    *verbs = 0;
    for (uint32_t i = 0; i < ROUTE__N; i++) {
        struct arena_mark m = arena_mark(a);
        if (!matches(a, routes[i].path, path, &here)) {
            arena_rewind(a, m);
            continue;
        }
        *verbs |= 1U << routes[i].verb;
        if (routes[i].verb == verb && found == ROUTE__N) {
            found = (enum route_name)i;
            *words = here;
        }
    }
    return found;
}

enum lane route_lane(struct arena *scratch, enum verb verb, struct str path)
{
    static const enum lane lanes[ROUTE__N + 1] = {
#define LANE(name, lane) [ROUTE_##name] = LANE_##lane,
#include "http/table/route.def"
    };
    struct arena_mark m = arena_mark(scratch);
    struct route_words words;
    uint32_t verbs = 0;
    enum route_name name = route_find(scratch, verb, path, &words, &verbs);
    arena_rewind(scratch, m);
    return lanes[name];
}

/* ---- OpenAPI -------------------------------------------------------------------------------- */

static void described(struct json *j, const char *key, const char *const text[2])
{
    struct buf b;
    buf_init(&b, 4096);
    buf_printf(&b, "%s / %s", text[1], text[0]);
    json_kv_str(j, key, buf_view(&b));
    buf_release(&b);
}

/* One kind of content; the first shapes stand for what is no JSON. */
static void media(struct json *j, const char *type, enum shape s)
{
    struct buf to;
    buf_init(&to, 200);
    buf_printf(&to, "#/components/schemas/%s", shape_name(s));
    json_key(j, type);
    json_obj_begin(j);
    json_key(j, "schema");
    json_obj_begin(j);
    if (s > SHAPE_EVENTS) {
        json_kv_str(j, "$ref", buf_view(&to));
    }
    json_obj_end(j);
    json_obj_end(j);
    buf_release(&to);
}

static void content(struct json *j, const char *type, enum shape s)
{
    const struct shape_field *rows = NULL;
    json_key(j, "content");
    json_obj_begin(j);
    media(j, s == SHAPE_EVENTS ? "text/event-stream" : type, s);
    if (page_is(s, &rows)) {
        media(j, PAGE_TYPE_CSV, SHAPE_NONE);
        media(j, PAGE_TYPE_XLSX, SHAPE_NONE);
    }
    json_obj_end(j);
}

/* The answer is a file, of whichever kind. */
static void files(struct json *j)
{
    json_key(j, "content");
    json_obj_begin(j);
    media(j, "application/octet-stream", SHAPE_NONE);
    media(j, PAGE_TYPE_CSV, SHAPE_NONE);
    media(j, PAGE_TYPE_XLSX, SHAPE_NONE);
    json_obj_end(j);
}

static void flag_schema(struct json *j)
{
    json_key(j, "enum");
    json_arr_begin(j);
    json_cstr(j, "yes");
    json_cstr(j, "no");
    json_arr_end(j);
}

/* type NULL: yes or no. */
static void parameter(struct json *j, const char *in, struct str name, const char *type,
                      const char *const text[2])
{
    json_obj_begin(j);
    json_kv_str(j, "name", name);
    json_kv_cstr(j, "in", in);
    json_kv_bool(j, "required", strcmp(in, "query") != 0);
    if (text != NULL) {
        described(j, "description", text);
    }
    json_key(j, "schema");
    json_obj_begin(j);
    json_kv_cstr(j, "type", type != NULL ? type : "string");
    if (type == NULL) {
        flag_schema(j);
    }
    json_obj_end(j);
    json_obj_end(j);
}

static void parameters(struct json *j, enum route_name name)
{
    static const char *const types[] = {[QUERY_TEXT] = "string",
                                        [QUERY_COUNT] = "integer",
                                        [QUERY_DAY] = "string",
                                        [QUERY_FLAG] = NULL};
    const struct shape_field *rows = NULL;
    struct str rest = str_from_cstr(routes[name].path);
    struct str part;
    json_key(j, "parameters");
    json_arr_begin(j);
    while (str_split(&rest, '/', &part)) {
        if (is_word(part)) {
            parameter(j, "path", str_sub(part, 1, part.n - 1), "string", NULL);
        }
    }
    for (uint32_t i = 0; i < n_route_queries; i++) {
        const struct route_query *x = &route_queries[i];
        if (x->of == name) {
            parameter(j, "query", str_from_cstr(x->word), types[x->kind], x->text);
        }
    }
    if (routes[name].body == SHAPE_UPLOAD) {
        static const char *const own[2] = {"1: no form of another site can say so",
                                           "1：其他网站的表单无法附带"};
        parameter(j, "query", str_from_cstr(upload_name.word), types[QUERY_TEXT], upload_name.text);
        parameter(j, "header", STR("X-Tizhi"), "string", own);
    }
    for (uint32_t i = 0; page_is(routes[name].answer, &rows) && i < PAGE_WORDS; i++) {
        const struct route_query *x = &page_words[i];
        parameter(j, "query", str_from_cstr(x->word), types[x->kind], x->text);
    }
    json_arr_end(j);
}

static void responses(struct json *j, const struct route *r)
{
    static const char *const problem[2] = {"what went wrong", "出了什么问题"};
    static const char *const soon[2] = {"it is being worked out: ask again after Retry-After",
                                        "正在计算：请按 Retry-After 再取"};
    static const bool later[ROUTE__N] = {
#define LATER(name) [ROUTE_##name] = true,
#include "http/table/route.def"
    };
    json_key(j, "responses");
    json_obj_begin(j);
    bool nothing = r->verb == VERB_DELETE && r->answer == SHAPE_NONE;
    json_key(j, nothing ? "204" : "200");
    json_obj_begin(j);
    described(j, "description", r->text);
    if (r->answer == SHAPE_UPLOAD) {
        files(j);
    } else if (r->answer != SHAPE_NONE) {
        content(j, "application/json", r->answer);
    }
    json_obj_end(j);
    if (later[r - routes]) {
        json_key(j, "202");
        json_obj_begin(j);
        described(j, "description", soon);
        content(j, "application/json", SHAPE_NOT_YET);
        json_obj_end(j);
    }
    json_key(j, "default");
    json_obj_begin(j);
    described(j, "description", problem);
    content(j, "application/problem+json", SHAPE_PROBLEM);
    json_obj_end(j);
    json_obj_end(j);
}

static void operation(struct json *j, enum route_name name)
{
    static const char *const verbs[] = {
        [VERB_GET] = "get", [VERB_POST] = "post", [VERB_PUT] = "put", [VERB_DELETE] = "delete"};
    const struct route *r = &routes[name];
    json_key(j, verbs[r->verb]);
    json_obj_begin(j);
    json_kv_str(j, "operationId", str_sub(str_from_cstr(r->handler_name), 3, UINT32_MAX));
    described(j, "summary", r->text);
    json_kv_cstr(j, "x-rights", r->rights);
    parameters(j, name);
    if (r->body != SHAPE_NONE) {
        json_key(j, "requestBody");
        json_obj_begin(j);
        json_kv_bool(j, "required", true);
        content(j, r->body == SHAPE_UPLOAD ? "application/octet-stream" : "application/json",
                r->body);
        json_obj_end(j);
    }
    responses(j, r);
    json_obj_end(j);
}

/* All verbs of a path stand together, at the first of its routes. */
static void path_item(struct json *j, uint32_t first)
{
    json_key(j, routes[first].path);
    json_obj_begin(j);
    for (uint32_t i = first; i < ROUTE__N; i++) {
        if (strcmp(routes[i].path, routes[first].path) == 0) {
            operation(j, (enum route_name)i);
        }
    }
    json_obj_end(j);
}

static bool is_first(uint32_t at)
{
    uint32_t i = 0;
    while (strcmp(routes[i].path, routes[at].path) != 0) {
        i++;
    }
    return i == at;
}

static void info(struct json *j)
{
    json_kv_cstr(j, "openapi", "3.1.0");
    json_key(j, "info");
    json_obj_begin(j);
    json_kv_cstr(j, "title", "tizhi 提质");
    json_kv_cstr(j, "version", TIZHI_VERSION);
    json_key(j, "license");
    json_obj_begin(j);
    json_kv_cstr(j, "name", "Apache-2.0");
    json_kv_cstr(j, "identifier", "Apache-2.0");
    json_obj_end(j);
    json_obj_end(j);
}

void route_openapi(struct buf *out)
{
    struct json j;
    json_init(&j, out, true);
    json_obj_begin(&j);
    info(&j);
    json_key(&j, "paths");
    json_obj_begin(&j);
    for (uint32_t i = 0; i < ROUTE__N; i++) {
        if (is_first(i)) {
            path_item(&j, i);
        }
    }
    json_obj_end(&j);
    json_key(&j, "components");
    json_obj_begin(&j);
    json_key(&j, "schemas");
    json_obj_begin(&j);
    for (uint32_t s = SHAPE_EVENTS + 1; s < SHAPE__N; s++) {
        json_key(&j, shape_name((enum shape)s));
        shape_schema((enum shape)s, &j);
    }
    json_obj_end(&j);
    json_obj_end(&j);
    words_json(&j);
    json_obj_end(&j);
    json_end(&j);
}
