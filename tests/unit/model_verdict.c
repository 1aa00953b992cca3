/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts kept in fewer bytes come back as they were. TIZHI_SEED varies the run. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "model/verdict_row.h"
#include "tests/lib/test.h"

static struct rat number(struct arena *a, struct rng *r)
{
    switch (rng_below(r, 6)) {
    case 0:
        return rat_inf(rng_below(r, 2) == 0 ? 1 : -1);
    case 1:
        return rat_mul(a, rat_int(INT64_MAX), rat_int(INT64_MAX - (int64_t)rng_below(r, 9)));
    case 2: {
        struct rat x = rat_mul(a, rat_int(INT64_MAX), rat_int(INT64_MAX));
        return rat_mul(a, x, rat_mul(a, x, x)); /* more than 128 bits */
    }
    case 3:
        return rat_int(INT64_MIN);
    default:
        return rat_frac((int64_t)rng_below(r, 100), 1 + (int64_t)rng_below(r, 9));
    }
}

static bool coin(struct rng *r)
{
    return rng_below(r, 2) == 0;
}

static struct verdict any(struct arena *a, struct rng *r, const struct row_head *like)
{
    static const uint32_t ids[] = {3, 5, 8};
    static const struct str parts[] = {{"", 0}, {"2025", 4}, {"x/y", 3}};
    struct verdict v = {.commitment = (uint32_t)rng_below(r, 2),
                        .part = parts[rng_below(r, 3)],
                        .unit = (uint32_t)rng_below(r, 99),
                        .year = 2024 + (int32_t)rng_below(r, 2),
                        .state = (enum state)rng_below(r, 5),
                        .light = (enum light)rng_below(r, 5),
                        .flags = (uint32_t)rng_below(r, 1u << VF__N),
                        .definition = STR(""),
                        .cmp = CMP_GE,
                        .has_threshold = coin(r),
                        .threshold = rat_zero(),
                        .threshold2 = rat_zero(),
                        .for_all = coin(r),
                        .due = DATE_MAX,
                        .snapshot = DATE_MIN,
                        .row = coin(r) ? NONE : 7,
                        .is_rule = coin(r),
                        .fires = (enum truth)rng_below(r, 4),
                        .has_cap = rng_below(r, 4) == 0,
                        .has_score = rng_below(r, 4) == 0,
                        .measure = {.kind = MV_NUMBER, .truth = T_NA, .has_value = coin(r)}};
    struct rat *numbers[] = {&v.measure.lo, &v.measure.hi, &v.measure.value, &v.used,
                             &v.base,       &v.cap,        &v.remaining,     &v.score_lo,
                             &v.score_hi,   &v.score_base};
    for (uint32_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        *numbers[i] = number(a, r);
    }
    if (v.has_threshold) {
        v.threshold = like && coin(r) ? like->threshold : number(a, r);
    }
    v.measure.reported = (uint32_t)rng_below(r, 9);
    v.measure.flags = (uint32_t)rng_below(r, 64);
    if (rng_below(r, 3) == 0) {
        v.counter = ids;
        v.n_counter = 3;
    }
    return v;
}

static void test_kept(void **state)
{
    (void)state;
    struct arena a;
    struct rng r;
    struct verdicts vs = {0};
    const char *text = getenv("TIZHI_SEED");
    i128 seed = 20260101;
    assert_true(text == NULL || i128_parse(str_from_cstr(text), &seed));
    print_message("# TIZHI_SEED=%" PRIu64 "\n", (uint64_t)seed);
    arena_init(&a, 1 << 26, "rows");
    rng_seed(&r, (uint64_t)seed);
    VEC(struct verdict) all = {0};
    for (uint32_t i = 0; i < 2000; i++) {
        struct verdict v = any(&a, &r, vs.head);
        vec_push(&a, &all, v);
        verdicts_push(&a, &vs, &v);
    }
    for (uint32_t i = 0; i < all.n; i++) {
        struct verdict back = verdicts_at(&vs, i);
        struct verdict copy = verdict_dup(&a, &back);
        assert_true(verdict_eq(&all.items[i], &back));
        assert_true(verdict_eq(&copy, &back));
        back.unit++;
        assert_false(verdict_eq(&all.items[i], &back));
        verdicts_set(&a, &vs, i, &back);
        struct verdict set = verdicts_at(&vs, i);
        assert_true(verdict_eq(&set, &back));
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
