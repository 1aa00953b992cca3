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

/* ---- columns -------------------------------------------------------------------------------- */

/* What the row of a known measure is, field by field. */
static struct verdict known_verdict(struct arena *a, struct rng *r, uint32_t unit, bool is_bool,
                                    int64_t x, int64_t y)
{
    enum truth truth = (enum truth)(rng_below(r, 3) == 2 ? T_NA : rng_below(r, 2));
    bool none = truth == T_NA;
    struct verdict v = {.commitment = 7,
                        .part = STR("part"),
                        .unit = unit,
                        .year = 2025,
                        .state = (enum state)rng_below(r, ST_NA + 1),
                        .flags = VF_STRIVE | (coin(r) ? (uint32_t)VF_NON_BINDING : 0u),
                        .definition = STR(""),
                        .threshold = rat_zero(),
                        .threshold2 = rat_zero(),
                        .row = NONE,
                        .used = rat_zero(),
                        .base = rat_zero(),
                        .cap = rat_zero(),
                        .remaining = rat_zero(),
                        .score_lo = rat_zero(),
                        .score_hi = rat_zero(),
                        .score_base = rat_zero()};
    struct rat n = none ? rat_zero() : is_bool ? rat_int(truth == T_YES) : rat_make(a, x, y);
    v.measure = (struct mval){.kind = is_bool ? MV_BOOL
                                      : none  ? MV_NONE
                                              : MV_NUMBER,
                              .truth = is_bool ? truth : T_NA,
                              .has_value = !none,
                              .lo = n,
                              .hi = n,
                              .value = n,
                              .reported = 2,
                              .expected = 2};
    return v;
}

/* A boolean of which nothing is reported: by bounds. */
static void silence(struct rng *r, struct verdict *v)
{
    enum truth t = (enum truth)rng_below(r, 3);
    v->flags &= ~(uint32_t)VF_NON_BINDING;
    v->measure.truth = t;
    v->measure.lo = rat_int(t == T_YES);
    v->measure.hi = rat_int(t != T_NO);
    v->measure.has_value = false;
    v->measure.value = rat_zero();
    v->measure.reported = 0;
}

#define COLUMN_ROWS 60

/* A column of rows, some of them whole; what they should be is put into all. */
static const struct row_column *column_of(struct arena *a, struct rng *r, struct verdict *all)
{
    bool is_bool = coin(r);
    const struct row_head *head = NULL;
    uint8_t *code = ARENA_ARRAY(a, uint8_t, COLUMN_ROWS);
    uint32_t *unit = ARENA_ARRAY(a, uint32_t, COLUMN_ROWS);
    int64_t *x = ARENA_ARRAY(a, int64_t, COLUMN_ROWS);
    int64_t *y = ARENA_ARRAY(a, int64_t, COLUMN_ROWS);
    uint32_t *whole_at = ARENA_ARRAY(a, uint32_t, COLUMN_ROWS);
    struct verdict_row *whole = ARENA_ARRAY(a, struct verdict_row, COLUMN_ROWS);
    struct row_column *c = ARENA_NEW(a, struct row_column);
    *c = (struct row_column){.n = COLUMN_ROWS, .unit = unit, .code = code, .x = x, .y = y};
    for (uint32_t i = 0; i < c->n; i++) {
        unit[i] = 3 * i;
        x[i] = rng_range(r, -20, 20) * (coin(r) ? 1 : (int64_t)1 << 40);
        y[i] = rng_range(r, 1, 20);
        struct verdict v = known_verdict(a, r, unit[i], is_bool, x[i], y[i]);
        bool silent = is_bool && i > 0 && rng_below(r, 4) == 0;
        if (silent) {
            silence(r, &v);
        }
        code[i] = row_code(silent ? ROW_KIND_SILENT : v.measure.kind, v.measure.truth, v.state,
                           (v.flags & VF_NON_BINDING) != 0);
        assert_true(code[i] != ROW_CODE_WHOLE && code[i] != ROW_CODE_ABSENT);
        struct verdict_row row = verdict_pack(a, &v, &head);
        if (i == 0) {
            c->model = row;
            c->model.flags = VF_STRIVE;
        }
        if (rng_below(r, 5) == 0) {
            code[i] = ROW_CODE_WHOLE;
            v.counter = unit;
            v.n_counter = 1 + i % 2;
            whole_at[c->n_whole] = i;
            whole[c->n_whole++] = verdict_pack(a, &v, &head);
        }
        all[i] = v;
    }
    c->whole = whole;
    c->whole_at = whole_at;
    return c;
}

static bool is_even(const void *ctx, struct row_key key)
{
    (void)ctx;
    return key.unit % 2 == 0 && key.head->commitment == 7;
}

static bool is_any(const void *ctx, struct row_key key)
{
    (void)ctx;
    return key.head->year == 2025;
}

/* Rows of columns are those that would have been packed, wherever they are moved (VR3). */
static void test_columns(void **state)
{
    (void)state;
    struct arena a;
    struct rng r;
    arena_init(&a, 1 << 26, "rows");
    rng_seed(&r, 20260102);
    for (uint32_t round = 0; round < 50; round++) {
        struct verdicts from = {0};
        struct verdicts vs = {0};
        struct verdict all[COLUMN_ROWS + 2];
        all[0] = known_verdict(&a, &r, 1, true, 0, 1);
        all[COLUMN_ROWS + 1] = known_verdict(&a, &r, 1001, true, 0, 1);
        verdicts_push(&a, &from, &all[0]);
        verdicts_put_column(&a, &from, column_of(&a, &r, &all[1]));
        verdicts_push(&a, &from, &all[COLUMN_ROWS + 1]);
        verdicts_take(&a, &vs, &from, 0, from.rows.n);
        assert_int_equal(vs.rows.n, COLUMN_ROWS + 2);
        if (coin(&r)) {
            uint32_t k = (uint32_t)rng_below(&r, vs.rows.n);
            all[k].unit = 2 * k;
            verdicts_set(&a, &vs, k, &all[k]);
        }
        verdicts_filter(&a, &vs, coin(&r) ? is_even : is_any, NULL);
        bool odd = vs.rows.n < COLUMN_ROWS + 2;
        uint32_t page = 0;
        uint32_t n = 0;
        for (uint32_t i = 0; i < COLUMN_ROWS + 2; i++) {
            if (odd && all[i].unit % 2 != 0) {
                continue;
            }
            struct verdict v = verdicts_at(&vs, n);
            const struct verdict_row *held = verdicts_hold(&a, &vs, n);
            assert_true(verdict_eq(&all[i], &v));
            assert_int_equal(verdicts_key(&vs, n, &page).unit, held->unit);
            n++;
        }
        assert_int_equal(n, vs.rows.n);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kept), cmocka_unit_test(test_columns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
