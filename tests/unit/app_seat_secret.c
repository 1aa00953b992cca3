/* SPDX-License-Identifier: Apache-2.0 */
/* The record of secrets as text and back, the waits by a given clock, passwords that age. */
#include "app/seat/secret.h"

#include "base/arena.h"
#include "tests/lib/test.h"

#define SECOND 1000000LL

/* SC1 */
static void test_waits(void **state)
{
    static const int64_t want_s[] = {1,    2,     4,     8,     1800,  3600,
                                     7200, 14400, 28800, 57600, 86400, 86400};
    struct seat_tries t = {0};
    int64_t now = 1000 * SECOND;
    (void)state;
    assert_int_equal(seat_tries_wait(&t, now), 0);
    for (uint32_t i = 0; i < sizeof want_s / sizeof want_s[0]; i++) {
        seat_tries_count(&t, now);
        assert_int_equal(seat_tries_wait(&t, now), want_s[i] * SECOND);
        assert_int_equal(seat_tries_locked(&t), i >= 4);
        assert_int_equal(seat_tries_wait(&t, now + want_s[i] * SECOND - 1), 1);
        now += want_s[i] * SECOND;
        assert_int_equal(seat_tries_wait(&t, now), 0); /* SC2 */
    }
    t.failures = UINT32_MAX;
    seat_tries_count(&t, now);
    assert_int_equal(seat_tries_wait(&t, now), 86400 * SECOND);
}

static void test_record(void **state)
{
    struct arena a;
    struct seat_secret s = {
        .hash = STR("$argon2id$v=19$m=8,t=1,p=1$a$b"),
        .changed = {20000},
        .must_change = true,
        .tries = {3, 1735660800000000LL},
        .totp = STR("MZXQ"),
        .totp_last = 57857000,
        .old = {STR("h1"), STR("h2")},
        .n_old = 2,
        .sessions = {{STR("t1"), 7, 9, SEAT_BY_PASSWORD, {STR("10.0.0.7"), STR("Firefox/Linux")}},
                     {STR("t2"), 8, 8, SEAT_BY_SSO, {STR(""), STR("")}}},
        .n_sessions = 2,
        .tokens = {{STR("bot"), STR("h"), {3, STR("D\nE\n")}, {20100}, 7, 0}},
        .n_tokens = 1};
    static const char later[] = ",[\"password\",\"10.0.0.7\",\"Firefox/Linux\",\"sso\",\"\",\"\"],"
                                "[\"bot\",\"h\",\"fact.read count.read\",\"D\\nE\\n\",20100,7,0]]";
    struct seat_secret t;
    (void)state;
    arena_init(&a, 1U << 22, "record");
    struct str text = seat_secret_text(&a, &s);
    assert_true(seat_secret_of(&a, text, &t));
    assert_true(str_eq(text, seat_secret_text(&a, &t)));
    ASSERT_STR(t.hash, "$argon2id$v=19$m=8,t=1,p=1$a$b");
    assert_int_equal(t.tries.next_at, s.tries.next_at);
    ASSERT_STR(t.old[1], "h2");
    ASSERT_STR(t.sessions[0].hash, "t1");
    assert_int_equal(t.sessions[0].last, 9);
    assert_int_equal(t.sessions[1].by, SEAT_BY_SSO);
    ASSERT_STR(t.sessions[0].at.address, "10.0.0.7");
    ASSERT_STR(t.tokens[0].scope.units, "D\nE\n");
    assert_int_equal(t.tokens[0].scope.ops, 3);
    /* A record of before there were devices and tokens, and one of before there were sessions. */
    uint32_t end = text.n - (uint32_t)(sizeof later - 1);
    ASSERT_STR(str_sub(text, end, text.n), later);
    assert_true(seat_secret_of(&a, str_cat(&a, str_sub(text, 0, end), STR("]")), &t));
    assert_true(t.n_sessions == 2 && t.n_tokens == 0);
    struct str before = str_cat(&a, str_sub(text, 0, end - 20), STR("]"));
    ASSERT_STR(str_sub(text, end - 20, end), ",[\"t1\",7,9,\"t2\",8,8]");
    assert_true(seat_secret_of(&a, before, &t));
    assert_int_equal(t.n_sessions, 0);
    /* Cut or changed anywhere it is no record. */
    for (uint32_t n = 0; n < text.n; n++) {
        assert_false(seat_secret_of(&a, str_sub(text, 0, n), &t));
    }
    assert_false(seat_secret_of(&a, str_cat(&a, text, STR(" ")), &t));
    assert_false(seat_secret_of(&a, STR("[]"), &t));
    arena_release(&a);
}

static void test_renewal(void **state)
{
    static const char *const hashes[] = {"h0", "h1", "h2", "h3", "h4", "h5", "h6"};
    struct seat_secret s = {0};
    struct date day = {20000};
    (void)state;
    seat_secret_renew(&s, STR("once"), day, true);
    assert_true(seat_secret_is_stale(&s, day));
    for (uint32_t i = 0; i < 7; i++) {
        seat_secret_renew(&s, str_from_cstr(hashes[i]), day, false);
    }
    /* The five before the present one; the one for one use is none of them. */
    assert_int_equal(s.n_old, 5);
    ASSERT_STR(s.hash, "h6");
    ASSERT_STR(s.old[0], "h5");
    ASSERT_STR(s.old[4], "h1");
    assert_false(seat_secret_is_stale(&s, day));
    assert_false(seat_secret_is_stale(&s, date_add_days(day, SEAT_PASS_DAYS - 1)));
    assert_true(seat_secret_is_stale(&s, date_add_days(day, SEAT_PASS_DAYS)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits),
        cmocka_unit_test(test_record),
        cmocka_unit_test(test_renewal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
