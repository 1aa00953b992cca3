/* SPDX-License-Identifier: Apache-2.0 */
/* What the doctor says of space and of age, by given figures and clocks, on either engine. */
#include "app/keep/doctor.h"

#include "tests/store/fixture.h"

#define DAY_US INT64_C(86400000000)

static int64_t mib; /* that are free: the callback has no context */

static int64_t free_at(const char *path)
{
    assert_true(path[0] != 0);
    return mib;
}

static bool finds(struct book *b, int64_t days, enum doctor_fault fault)
{
    struct doctor d = {.a = &b->arena,
                       .reader = book_reader(b),
                       .now = b->clock + days * DAY_US,
                       .free_at = free_at};
    uint32_t n = 0;
    doctor_run(&d);
    for (uint32_t i = 0; i < d.list.n; i++) {
        n += d.list.items[i].fault == fault;
    }
    assert_true(n <= 1 && (d.free_mib == mib || mib < 0));
    return n == 1;
}

static void test_space(void **state)
{
    static const struct {
        int64_t mib;
        bool full, low;
    } cases[] = {{0, true, false},    {255, true, false},   {256, false, true},
                 {2047, false, true}, {2048, false, false}, {100000, false, false},
                 {-1, false, false}};
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mib = cases[i].mib;
        assert_int_equal(finds(*state, 0, DOCTOR_DISK_FULL), cases[i].full);
        assert_int_equal(finds(*state, 0, DOCTOR_DISK_LOW), cases[i].low);
    }
}

static void test_age(void **state)
{
    static const struct {
        enum keep_what what;
        enum doctor_fault never, old;
    } marks[] = {{KEEP_ANCHOR, DOCTOR_ANCHOR_NONE, DOCTOR_ANCHOR_OLD},
                 {KEEP_BACKUP, DOCTOR_BACKUP_NONE, DOCTOR_BACKUP_OLD}};
    struct book *b = *state;
    mib = 100000;
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(finds(b, 30, marks[i].never));
        assert_false(finds(b, 30, marks[i].old));
        BOOK_OK(b, keep_mark(&b->arena, b->store, marks[i].what, STR("user/x"), 0, STR(""), &b->e));
        assert_false(finds(b, 6, marks[i].never));
        assert_false(finds(b, 6, marks[i].old));
        assert_true(finds(b, 8, marks[i].old));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_space),
        BOOK_TEST(test_age),
    };
    return BOOK_RUN(tests);
}
