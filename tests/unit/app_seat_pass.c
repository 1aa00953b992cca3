/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords: each rule with one that keeps it and one that breaks it; hashes, costs, random ones.
 */
#include "app/seat/pass.h"

#include "base/arena.h"
#include "base/err.h"
#include "tests/lib/test.h"

#define S(text) str_from_cstr(text)

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 1UL << 26, "passwords");
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static enum seat_pass_fault check(const char *password)
{
    const struct str words[] = {STR("zhang3"), STR("张三")};
    return seat_pass_check(&arena, S(password), words, 2);
}

static void test_rules(void **state)
{
    static const struct {
        const char *password;
        enum seat_pass_fault fault;
    } rows[] = {
        {"Kumis-9-lamp", PASS__N},
        {"Kumis-9-la", PASS__N}, /* 10 characters */
        {"Kumis-9-l", PASS_SHORT},
        {"", PASS_SHORT},
        {"草原Hulun7月亮弯弯", PASS__N}, /* 13 characters, Han letters are other signs */
        {"草原天边月亮弯弯长路", PASS_SORTS},
        {"kumis lamp tree", PASS_SORTS},
        {"kumis lamp tree 7", PASS__N},
        {"KUMISLAMP7TREE", PASS_SORTS},
        {"Kumis-1234-lamp", PASS_RUN},
        {"Kumis-124-lamp", PASS__N},
        {"Kumis-9876-lamp", PASS_RUN},
        {"Kumiss-aaaa-7", PASS_RUN},
        {"Kumiss-aaa-7", PASS__N},
        {"Kumiss-abcd-7", PASS_RUN},
        {"P@ssw0rd-77", PASS_COMMON},
        {"77-Passw0rd", PASS_COMMON},
        {"Password-lamp-77", PASS__N}, /* more around it than a few signs */
        {"Kumis-zhang3-Z", PASS_PERSONAL},
        {"Kumis-ZHANG3-z", PASS_PERSONAL},
        {"Kumis-张三-lamp7", PASS_PERSONAL},
        {"Kumis-9-lamp\t", PASS_CONTROL},
        {"Kumis-9-lamp\xff", PASS_CONTROL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum seat_pass_fault got = check(rows[i].password);
        if (got != rows[i].fault) {
            fail_msg("%s: fault %d instead of %d", rows[i].password, (int)got, (int)rows[i].fault);
        }
    }
    char large[SEAT_PASS_BYTES_MAX + 2] = {0};
    for (uint32_t i = 0; i < SEAT_PASS_BYTES_MAX + 1; i++) {
        large[i] = "Ku-mis7"[i % 7];
    }
    assert_int_equal(check(large), PASS_LONG);
    large[SEAT_PASS_BYTES_MAX] = '\0';
    assert_int_equal(check(large), PASS__N);
}

static void test_refusal(void **state)
{
    (void)state;
    for (unsigned f = 0; f < PASS__N; f++) {
        struct err e = {0};
        assert_int_equal(seat_pass_refuse(f, &e), RC_INPUT);
        assert_true(e.primary_en[0] != '\0' && e.primary_zh[0] != '\0');
    }
}

static struct str hash(const char *password, struct seat_cost cost)
{
    struct str out = STR("");
    assert_int_equal(seat_pass_hash(&arena, S(password), cost, &out, NULL), RC_OK);
    return out;
}

static void test_hashes(void **state)
{
    (void)state;
    const struct seat_cost cheap = seat_cost_cheap();
    const struct seat_cost full = seat_cost_full();
    struct str h = hash("Kumis-9-lamp", cheap);
    assert_true(str_starts(h, STR("$argon2id$v=19$m=8,t=1,p=1$")));
    assert_true(seat_pass_matches(&arena, h, STR("Kumis-9-lamp"), cheap));
    assert_false(seat_pass_matches(&arena, h, STR("Kumis-9-lamP"), cheap));
    assert_false(seat_pass_matches(&arena, h, STR(""), cheap));
    /* PW1: full-width letters are the same ones. */
    assert_true(seat_pass_matches(&arena, h, STR("Ｋumis-９-lamp"), cheap));
    /* Two of one password differ. */
    assert_false(str_eq(h, hash("Kumis-9-lamp", cheap)));
    /* PW2: what was made for a test holds nowhere else. */
    assert_false(seat_pass_matches(&arena, h, STR("Kumis-9-lamp"), full));
    assert_true(seat_pass_is_outdated(h, full));
    assert_false(seat_pass_is_outdated(h, cheap));
    /* One of service, made here once. */
    h = hash("Kumis-9-lamp", full);
    assert_true(str_starts(h, STR("$argon2id$v=19$m=65536,t=3,p=1$")));
    assert_true(seat_pass_matches(&arena, h, STR("Kumis-9-lamp"), full));
    /* Nonsense matches nothing. */
    assert_false(seat_pass_matches(&arena, STR(""), STR(""), cheap));
    assert_false(seat_pass_matches(&arena, STR("$argon2id$"), STR(""), cheap));
}

static void test_random(void **state)
{
    struct str x = STR("");
    struct str y = STR("");
    (void)state;
    assert_int_equal(seat_pass_random(&arena, &x, NULL), RC_OK);
    assert_int_equal(seat_pass_random(&arena, &y, NULL), RC_OK);
    assert_int_equal(x.n, 19);
    assert_true(x.p[4] == '-' && x.p[9] == '-' && x.p[14] == '-');
    assert_false(str_eq(x, y));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_refusal),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
