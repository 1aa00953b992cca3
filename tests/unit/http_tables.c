/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the service: shapes, routes, cookies, settings, and the bucket at the gate. */
#include <string.h>

#include "app/seat/session.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "http/cookie.h"
#include "http/gate.h"
#include "http/route.h"
#include "http/setting.h"
#include "http/shape.h"
#include "tests/lib/test.h"
#include "tests/lib/tmpdir.h"

#define SECOND 1000000

/* ---- shapes --------------------------------------------------------------------------------- */

static void fits(enum shape s, const char *json, const char *at)
{
    struct arena a;
    struct shape_fault f;
    arena_init(&a, 1 << 20, "test");
    const struct json_value *v = json_read(&a, str_from_cstr(json));
    bool ok = shape_fits(s, v, &f);
    if (ok != (at == NULL) || (at != NULL && strcmp(f.at, at) != 0)) {
        print_error("%s: %s at %s\n", json, ok ? "fits" : "does not fit", f.at);
        fail();
    }
    assert_true(ok || (f.text[0][0] != 0 && f.text[1][0] != 0));
    arena_release(&a);
}

static void test_shapes(void **state)
{
    (void)state;
    fits(SHAPE_LOGIN, "{\"user\":\"li\",\"password\":\"x\"}", NULL);
    fits(SHAPE_LOGIN, "{\"user\":\"li\",\"password\":\"x\",\"code\":\"123456\"}", NULL);
    fits(SHAPE_LOGIN, "{\"user\":\"li\"}", "/password");
    fits(SHAPE_LOGIN, "{\"user\":\"li\",\"password\":null}", "/password");
    fits(SHAPE_LOGIN, "{\"user\":\"li\",\"password\":7}", "/password");
    fits(SHAPE_LOGIN, "{\"user\":\"li\",\"password\":\"x\",\"more\":1}", "/more");
    fits(SHAPE_LOGIN, "[]", "");
    fits(SHAPE_LOGIN, "7", "");
    fits(SHAPE_LOGIN,
         "{\"user\":\"0123456789012345678901234567890123456789012345678901234567890123x\","
         "\"password\":\"x\"}",
         "/user");
    fits(SHAPE_COMMITMENT, "{\"id\":\"a\",\"name\":\"b\",\"kind\":\"c\",\"clauses\":[\"d\",7]}",
         "/clauses/1");
    fits(SHAPE_UNITS, "{\"day\":\"2026-02-29\",\"units\":[],\"next\":null}", "/day");
    fits(SHAPE_UNITS, "{\"day\":\"2026-02-28\",\"units\":[],\"next\":null}", NULL);
    fits(SHAPE_UNITS, "{\"day\":\"2026-02-28\",\"units\":[{}],\"next\":\"x\"}", "/units/0/code");
    fits(SHAPE_HEALTH, "{\"ready\":true,\"commit\":-1,\"behind\":0}", "/commit");
    fits(SHAPE_HEALTH, "{\"ready\":1,\"commit\":1,\"behind\":0}", "/ready");
}

/* SH3, and columns of tables have heads. */
static void test_fields(void **state)
{
    uint32_t all = 0;
    uint32_t sum = 0;
    (void)state;
#define FIELD(of, name, sort, item, need, limit, en, zh) all++;
#include "http/table/shape.def"
    for (uint32_t i = 0; i < SHAPE__N; i++) {
        uint32_t n = 0;
        (void)shape_fields((enum shape)i, &n);
        sum += n;
    }
    assert_int_equal(sum, all);
}

/* A place that is too long is cut and never overruns. */
static void test_long_place(void **state)
{
    struct arena a;
    struct shape_fault f;
    struct buf b;
    (void)state;
    arena_init(&a, 1 << 20, "test");
    buf_init_in(&b, &a, 4096);
    buf_puts(&b, "{\"");
    buf_fill(&b, 'x', 3000);
    buf_puts(&b, "\":1}");
    assert_false(shape_fits(SHAPE_LOGIN, json_read(&a, buf_view(&b)), &f));
    assert_true(strlen(f.at) < SHAPE_PLACE_BYTES);
    arena_release(&a);
}

/* ---- routes --------------------------------------------------------------------------------- */

static void route_is(enum verb v, const char *path, enum route_name want, uint32_t verbs,
                     const char *word)
{
    struct arena a;
    struct route_words words = {.n = 0};
    uint32_t got = 0;
    arena_init(&a, 1 << 20, "test");
    enum route_name name = route_find(&a, v, str_from_cstr(path), &words, &got);
    if (name != want || got != verbs) {
        print_error("%s: route %d, verbs %u\n", path, (int)name, got);
        fail();
    }
    if (word != NULL) {
        assert_int_equal(words.n, 1);
        assert_true(str_eq(words.at[0], str_from_cstr(word)));
    }
    arena_release(&a);
}

static void test_routes(void **state)
{
    uint32_t get = 1U << VERB_GET;
    (void)state;
    route_is(VERB_GET, "/api/v1/health", ROUTE_HEALTH, get, NULL);
    route_is(VERB_GET, "/api/v1/units/150000", ROUTE_UNIT, get, "150000");
    route_is(VERB_GET, "/api/v1/units/%E7%94%B2", ROUTE_UNIT, get, "甲");
    route_is(VERB_GET, "/api/v1/units/a%2Fb", ROUTE_UNIT, get, "a/b");
    route_is(VERB_GET, "/api/v1/units/a%2Foverview", ROUTE_UNIT, get, "a/overview");
    route_is(VERB_GET, "/api/v1/units/a/overview", ROUTE_OVERVIEW, get, "a");
    route_is(VERB_POST, "/api/v1/units/a", ROUTE__N, get, NULL);
    route_is(VERB_PUT, "/api/v1/session", ROUTE__N, get | 1U << VERB_POST | 1U << VERB_DELETE,
             NULL);
    static const char *const nowhere[] = {"/",
                                          "",
                                          "/api/v1",
                                          "/api/v1/units/",
                                          "/api/v1/units//overview",
                                          "/api/v1/health/",
                                          "//api/v1/health",
                                          "/api/v1/../v1/health",
                                          "/api/v1/units/..%2f..%2fetc/x",
                                          "/api/v1/units/%",
                                          "/api/v1/units/%4",
                                          "/api/v1/units/%zz",
                                          "/api/v1/units/%00",
                                          "/api/v1/units/%0a",
                                          "/api/v1/units/%ff",
                                          "/API/v1/health"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        route_is(VERB_GET, nowhere[i], ROUTE__N, 0, NULL);
    }
}

/* What a row says fits together. */
static void test_rows(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < ROUTE__N; i++) {
        const struct route *r = &routes[i];
        assert_true(strncmp(r->path, "/api/v1/", 8) == 0);
        assert_true(r->rights[0] != 0 && r->text[0][0] != 0 && r->text[1][0] != 0);
        assert_true(r->verb == VERB_POST || r->verb == VERB_PUT || r->body == SHAPE_NONE);
        for (uint32_t k = 0; k < i; k++) {
            assert_false(r->verb == routes[k].verb && strcmp(r->path, routes[k].path) == 0);
        }
    }
}

/* ---- cookies -------------------------------------------------------------------------------- */

static void cookie_is(const char *header, bool plain, const char *user)
{
    struct arena a;
    struct cookie c;
    arena_init(&a, 1 << 20, "test");
    bool ok = cookie_read(&a, str_from_cstr(header), plain, &c);
    assert_int_equal(ok, user != NULL);
    assert_true(!ok || str_eq(c.user, str_from_cstr(user)));
    arena_release(&a);
}

#define TOKEN "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRST"

static void test_cookies(void **state)
{
    struct arena a;
    struct cookie c = {.user = STR("李 a=;"), .token = STR(TOKEN)};
    (void)state;
    assert_int_equal(sizeof TOKEN - 1, SEAT_TOKEN_TEXT);
    arena_init(&a, 1 << 20, "test");
    for (int plain = 0; plain < 2; plain++) {
        struct str set = cookie_write(&a, &c, plain == 1);
        struct str pair;
        assert_true(str_find(set, STR("HttpOnly"), 0) != STR_NONE);
        assert_true(str_find(set, STR("SameSite=Strict"), 0) != STR_NONE);
        assert_int_equal(str_find(set, STR("Secure"), 0) == STR_NONE, plain);
        assert_true(str_split(&set, ';', &pair));
        cookie_is(str_to_cstr(&a, pair), plain == 1, "李 a=;");
        cookie_is(str_to_cstr(&a, pair), plain != 1, NULL);
        cookie_is(str_to_cstr(&a, str_cat(&a, STR("x=1; y ; "), pair)), plain == 1, "李 a=;");
    }
    cookie_is("tizhi=" TOKEN ".li", true, "li");
    cookie_is("tizhi=" TOKEN ".", true, NULL);
    cookie_is("tizhi=" TOKEN, true, NULL);
    cookie_is("tizhi=X" TOKEN ".li", true, NULL);
    cookie_is("tizhi=" TOKEN ".%0a", true, NULL);
    cookie_is("other=" TOKEN ".li", true, NULL);
    cookie_is("", true, NULL);
    arena_release(&a);
}

/* ---- the gate ------------------------------------------------------------------------------- */

/* GA1, against a count of all that was let in. */
static void test_gate(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 24, "test");
    struct gate *g = gate_new(&a, 10, 20);
    int64_t now = 1000 * (int64_t)SECOND;
    int in = 0;
    for (int i = 0; i < 100; i++) {
        in += gate_pass(g, STR("10.0.0.1"), now) == 0;
    }
    assert_int_equal(in, 20);
    assert_true(gate_pass(g, STR("10.0.0.1"), now) > 0);
    assert_int_equal(gate_pass(g, STR("10.0.0.2"), now), 0); /* another one */
    now += SECOND;
    for (int i = 0; i < 100; i++) {
        in += gate_pass(g, STR("10.0.0.1"), now) == 0;
    }
    assert_int_equal(in, 30);
    now -= SECOND / 2; /* a clock that goes back gives nothing */
    assert_true(gate_pass(g, STR("10.0.0.1"), now) > 0);
    now += 3600 * (int64_t)SECOND;
    for (int i = 0; i < 100; i++) {
        in += gate_pass(g, STR("10.0.0.1"), now) == 0;
    }
    assert_int_equal(in, 50);
    arena_release(&a);
}

/* ---- settings ------------------------------------------------------------------------------- */

static void setting_fails(struct settings *s, const char *pair)
{
    assert_int_equal(settings_set(s, str_from_cstr(pair), STR("test"), NULL), RC_INPUT);
}

static void test_settings(void **state)
{
    struct arena a;
    struct settings s;
    struct err e;
    (void)state;
    err_clear(&e);
    arena_init(&a, 1 << 20, "test");
    settings_init(&s, &a);
    assert_int_equal(setting_count(&s, SETTING_RATE), 50);
    assert_false(setting_on(&s, SETTING_PLAIN));
    const char *dir = tmpdir_make(&a);
    const char *path =
        tmpdir_write(&a, dir, "a.conf", STR("# remark\n\n rate = 20 \nplain=yes\nbook = a = b\n"));
    assert_int_equal(settings_file(&s, path, &e), RC_OK);
    assert_int_equal(setting_count(&s, SETTING_RATE), 20);
    assert_true(setting_on(&s, SETTING_PLAIN));
    assert_true(str_eq(setting_text(&s, SETTING_BOOK), STR("a = b")));
    setting_fails(&s, "rate=0");
    setting_fails(&s, "rate=x");
    setting_fails(&s, "rate=99999999999999999999999");
    setting_fails(&s, "plain=true");
    setting_fails(&s, "colour=red");
    setting_fails(&s, "");
    path = tmpdir_write(&a, dir, "b.conf", STR("rate = 20\nrates = 3\n"));
    assert_int_equal(settings_file(&s, path, &e), RC_INPUT);
    assert_true(strstr(e.detail_en, "b.conf:2") != NULL);
    tmpdir_remove(dir);
    arena_release(&a);
}

/* What hashes passwords has a crew of its own; what is not there, or is another method, has none.
 */
static void test_lanes(void **state)
{
    static const struct {
        enum verb verb;
        const char *path;
        enum lane lane;
    } rows[] = {{VERB_POST, "/api/v1/session", LANE_HASH},
                {VERB_GET, "/api/v1/session", LANE_WORK},
                {VERB_POST, "/api/v1/session/password", LANE_HASH},
                {VERB_POST, "/api/v1/tokens", LANE_HASH},
                {VERB_DELETE, "/api/v1/tokens/x", LANE_WORK},
                {VERB_POST, "/api/v1/nowhere", LANE_WORK},
                {VERB_GET, "/api/v1/units/R", LANE_WORK}};
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 20, "test");
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(route_lane(&a, rows[i].verb, str_from_cstr(rows[i].path)), rows[i].lane);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),     cmocka_unit_test(test_fields),
        cmocka_unit_test(test_long_place), cmocka_unit_test(test_routes),
        cmocka_unit_test(test_rows),       cmocka_unit_test(test_cookies),
        cmocka_unit_test(test_gate),       cmocka_unit_test(test_settings),
        cmocka_unit_test(test_lanes),
    };
    return cmocka_run_group_tests_name("http_tables", tests, NULL, NULL);
}
