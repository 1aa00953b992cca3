/* SPDX-License-Identifier: Apache-2.0 */
/* Another program within limits: what it says comes back, and whatever it does, it ends. */
#include "base/child.h"

#include <signal.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "tests/lib/test.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20, "t");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct child_limits usual = {
    .memory_bytes = (uint64_t)1 << 30, .seconds = 30, .out_bytes = 1 << 20};

static struct child_result ran(const char *const *argv, struct child_limits limits, struct str in)
{
    struct child_result out;
    struct err e;
    err_clear(&e);
    assert_int_equal(child_run(&arena, argv, limits, in, &out, &e), RC_OK);
    return out;
}

static void test_what_goes_in_comes_out(void **state)
{
    (void)state;
    static const char *const cat[] = {"/bin/cat", NULL};
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 60000; i++) {
        buf_printf(&b, "%d 行\n", i); /* more than a pipe holds */
    }
    struct child_result r = ran(cat, usual, buf_view(&b));
    assert_true(str_eq(r.out, buf_view(&b)));
    assert_int_equal(r.status, 0);
    buf_release(&b);
    assert_int_equal(ran(cat, usual, STR("")).out.n, 0);
}

static void test_nothing_of_ours_is_in_it(void **state)
{
    (void)state;
    static const char *const env[] = {"/usr/bin/env", NULL};
    struct child_result r = ran(env, usual, STR(""));
    assert_true(str_eq(r.out, STR("LC_ALL=C.UTF-8\n")));
}

static void test_how_it_ended(void **state)
{
    (void)state;
    static const char *const fails[] = {"/bin/false", NULL};
    static const char *const none[] = {"/bin/no-such-program", NULL};
    static const char *const kills[] = {"/bin/sh", "-c", "kill -9 $$", NULL};
    assert_int_equal(ran(fails, usual, STR("")).status, 1);
    assert_true(ran(none, usual, STR("")).missing);
    assert_int_equal(ran(kills, usual, STR("")).status, 128 + SIGKILL);
}

static void test_limits(void **state)
{
    (void)state;
    static const char *const sleeps[] = {"/bin/sleep", "60", NULL};
    static const char *const spins[] = {"/bin/sh", "-c", "while :; do :; done", NULL};
    static const char *const talks[] = {"/usr/bin/yes", NULL};
    static const char *const writes[] = {"/bin/sh", "-c", "echo x > /tmp/tizhi-not-there", NULL};
    struct child_limits small = {.memory_bytes = 1 << 28, .seconds = 1, .out_bytes = 100000};
    double start = seconds_now();
    assert_true(ran(sleeps, small, STR("")).slow);
    struct child_result r = ran(spins, small, STR(""));
    assert_true(r.slow || r.status >= 128);
    assert_true(seconds_now() - start < 20);
    assert_true(ran(talks, small, STR("")).verbose);
    assert_int_not_equal(ran(writes, small, STR("")).status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_goes_in_comes_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_of_ours_is_in_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_how_it_ended, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
