/* SPDX-License-Identifier: Apache-2.0 */
/* Every row of kern_loop.def: what was compiled against what it says, place by place. */
#include "engine/kern_loop.h"

#include <string.h>

#include "base/rng.h"
#include "model/verdict.h"
#include "tests/lib/test.h"

#define PLACES  200
#define ROUNDS  400
#define MARGIN  8 /* places around the run, which nobody may write */
#define FILLING 0x5a

/* Columns of random figures, truths and masks; runs begin anywhere in them. */
struct columns {
    int64_t x[PLACES + MARGIN], y[PLACES + MARGIN];
    uint8_t t[PLACES + MARGIN], m[PLACES + MARGIN];
};

static int64_t figure(struct rng *r)
{
    static const int64_t edges[] = {INT64_MIN, INT64_MIN + 1, -((int64_t)1 << 32), -1,       0,
                                    1,         UINT32_MAX,    INT64_MAX - 1,       INT64_MAX};
    if (rng_below(r, 3) == 0) {
        return edges[rng_below(r, sizeof edges / sizeof *edges)];
    }
    return rng_below(r, 2) == 0 ? rng_range(r, -3, 3) : (int64_t)rng_u64(r);
}

static void draw(struct columns *c, struct rng *r)
{
    for (uint32_t i = 0; i < PLACES + MARGIN; i++) {
        c->x[i] = figure(r);
        c->y[i] = rng_below(r, 4) == 0 ? c->x[i] : figure(r);
        c->t[i] = (uint8_t)rng_below(r, 4);
        c->m[i] = (uint8_t)rng_below(r, 4);
    }
}

/* ---- a test for each row -------------------------------------------------------------------- */

#define LOOP_COMPARE(name, operator)                                                               \
    static void check_##name(const struct columns *c, uint32_t from, uint32_t n)                   \
    {                                                                                              \
        uint8_t out[PLACES + MARGIN];                                                              \
        const int64_t *x = c->x + from;                                                            \
        const int64_t *y = c->y + from;                                                            \
        memset(out, FILLING, sizeof out);                                                          \
        loop_##name(x, y, n, out);                                                                 \
        for (uint32_t i = 0; i < PLACES + MARGIN; i++) {                                           \
            assert_int_equal(out[i], i < n ? (x[i] operator y[i]) : FILLING);                      \
        }                                                                                          \
    }

#define COLUMN_int64_t x
#define COLUMN_uint8_t t

#define LOOP_MAP(name, X, OUT, value)                                                              \
    static void check_##name(const struct columns *c, uint32_t from, uint32_t n)                   \
    {                                                                                              \
        OUT out[PLACES + MARGIN];                                                                  \
        OUT filling;                                                                               \
        const X *x = c->COLUMN_##X + from;                                                         \
        const uint8_t *m = c->m + from;                                                            \
        memset(out, FILLING, sizeof out);                                                          \
        memset(&filling, FILLING, sizeof filling);                                                 \
        loop_##name(x, m, n, out);                                                                 \
        for (uint32_t i = 0; i < PLACES + MARGIN; i++) {                                           \
            (void)m;                                                                               \
            assert_true(out[i] == (i < n ? (OUT)(value) : filling));                               \
        }                                                                                          \
    }

#define LOOP_SUM(name, value)                                                                      \
    static void check_##name(const struct columns *c, uint32_t from, uint32_t n)                   \
    {                                                                                              \
        const int64_t *x = c->x + from;                                                            \
        i128 sum = 0;                                                                              \
        for (uint32_t i = 0; i < n; i++) {                                                         \
            sum += (value);                                                                        \
        }                                                                                          \
        assert_true(loop_##name(x, n) == sum);                                                     \
    }
#include "engine/kern_loop.def"

#define LOOP_COMPARE(name, operator)  check_##name,
#define LOOP_MAP(name, X, OUT, value) check_##name,
#define LOOP_SUM(name, value)         check_##name,
static void (*const checks[])(const struct columns *c, uint32_t from, uint32_t n) = {
#include "engine/kern_loop.def"
};

static void test_loops_do_what_they_say(void **state)
{
    (void)state;
    struct columns c;
    struct rng r;
    rng_seed(&r, 20261126);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        draw(&c, &r);
        for (uint32_t k = 0; k < sizeof checks / sizeof *checks; k++) {
            checks[k](&c, (uint32_t)rng_below(&r, MARGIN), round % (PLACES + 1));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_loops_do_what_they_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
