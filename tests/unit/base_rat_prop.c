/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rationals against GMP's own mpq, on random operands that crowd around the edge of 128
 * bits. Set TIZHI_SEED to repeat or vary a run.
 */
#include <gmp.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rat.h"
#include "base/rng.h"
#include "tests/lib/test.h"

#define ROUNDS 6000

struct world {
    struct arena a;
    struct rng r;
};

static int setup(void **state)
{
    static struct world w;
    const char *given = getenv("TIZHI_SEED");
    i128 seed = 20241231;
    if (given != NULL && !i128_parse(str_from_cstr(given), &seed)) {
        return -1;
    }
    print_message("# TIZHI_SEED=%" PRIu64 "\n", (uint64_t)seed);
    arena_init(&w.a, 256 << 20, "prop");
    rng_seed(&w.r, (uint64_t)seed);
    *state = &w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    arena_release(&w->a);
    return 0;
}

/* A few bits, all bits, or within a few units of a power of two. */
static i128 random_i128(struct rng *r)
{
    u128 x = (u128)rng_u64(r) << 64 | rng_u64(r);
    if (rng_one_in(r, 3)) {
        x = ((u128)1 << rng_below(r, 128)) + rng_below(r, 5) - 2;
    } else {
        x >>= rng_below(r, 127);
    }
    i128 n = (i128)(x & (u128)I128_MAX);
    return rng_one_in(r, 2) ? -n : n;
}

static struct rat random_rat(struct world *w)
{
    i128 d = random_i128(&w->r);
    struct rat x = rat_make(&w->a, random_i128(&w->r), d == 0 ? 1 : d);
    switch (rng_below(&w->r, 8)) {
    case 0: /* big */
        return rat_mul(&w->a, x, rat_i128(&w->a, random_i128(&w->r)));
    case 1: { /* 1 / big, or so */
        i128 q = random_i128(&w->r);
        return rat_div(&w->a, x, rat_i128(&w->a, q == 0 ? 3 : q));
    }
    case 2: /* what facts look like */
        return rat_frac(rng_range(&w->r, -1000000, 1000000), rng_range(&w->r, 1, 10000));
    default:
        return x;
    }
}

/* The oracle reads a rat through its text, so that it shares no code with arithmetic. */
static void to_mpq(struct world *w, mpq_t q, struct rat x)
{
    assert_int_equal(mpq_set_str(q, rat_frac_str(&w->a, x).p, 10), 0);
}

static void assert_same(struct world *w, struct rat got, mpq_t want)
{
    assert_true(rat_check(got));
    mpq_t q;
    mpq_init(q);
    to_mpq(w, q, got);
    if (!mpq_equal(q, want)) {
        gmp_printf("# got %Qd want %Qd\n", q, want);
    }
    assert_true(mpq_equal(q, want));
    mpq_clear(q);
}

static void test_operations_equal_mpq(void **state)
{
    struct world *w = *state;
    mpq_t x;
    mpq_t y;
    mpq_t z;
    mpq_inits(x, y, z, NULL);
    int big_results = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark m = arena_mark(&w->a);
        struct rat rx = random_rat(w);
        struct rat ry = rng_one_in(&w->r, 10) ? rx : random_rat(w);
        to_mpq(w, x, rx);
        to_mpq(w, y, ry);
        mpq_add(z, x, y);
        assert_same(w, rat_add(&w->a, rx, ry), z);
        mpq_sub(z, x, y);
        assert_same(w, rat_sub(&w->a, rx, ry), z);
        mpq_mul(z, x, y);
        struct rat product = rat_mul(&w->a, rx, ry);
        assert_same(w, product, z);
        big_results += product.big != NULL ? 1 : 0;
        if (!rat_is_zero(ry)) {
            mpq_div(z, x, y);
            assert_same(w, rat_div(&w->a, rx, ry), z);
        }
        int order = mpq_cmp(x, y);
        assert_int_equal(rat_cmp(rx, ry), (order > 0) - (order < 0));
        assert_int_equal(rat_eq(rx, ry), order == 0);
        arena_rewind(&w->a, m);
    }
    /* The generator does reach both forms. */
    assert_in_range(big_results, ROUNDS / 10, ROUNDS * 9 / 10);
    mpq_clears(x, y, z, NULL);
}

static void test_rounding_equals_mpz(void **state)
{
    struct world *w = *state;
    mpq_t x;
    mpq_t want;
    mpq_inits(x, want, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark m = arena_mark(&w->a);
        struct rat rx = random_rat(w);
        to_mpq(w, x, rx);
        mpz_set_ui(mpq_denref(want), 1);
        mpz_fdiv_q(mpq_numref(want), mpq_numref(x), mpq_denref(x));
        assert_same(w, rat_floor(&w->a, rx), want);
        mpz_cdiv_q(mpq_numref(want), mpq_numref(x), mpq_denref(x));
        assert_same(w, rat_ceil(&w->a, rx), want);
        /* nearest: |x - r| <= 1/2, and a tie lies further from zero than x */
        struct rat r = rat_round_half_away(&w->a, rx);
        struct rat off = rat_abs(&w->a, rat_sub(&w->a, rx, r));
        int half = rat_cmp(off, rat_frac(1, 2));
        assert_true(half <= 0);
        if (half == 0) {
            assert_int_equal(rat_cmp(rat_abs(&w->a, r), rat_abs(&w->a, rx)), 1);
        }
        arena_rewind(&w->a, m);
    }
    mpq_clears(x, want, NULL);
}

static void test_laws(void **state)
{
    struct world *w = *state;
    struct arena *a = &w->a;
    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark m = arena_mark(a);
        struct rat x = random_rat(w);
        struct rat y = random_rat(w);
        struct rat z = random_rat(w);
        assert_true(rat_eq(rat_add(a, rat_add(a, x, y), z), rat_add(a, x, rat_add(a, y, z))));
        assert_true(rat_eq(rat_mul(a, x, rat_add(a, y, z)),
                           rat_add(a, rat_mul(a, x, y), rat_mul(a, x, z))));
        assert_true(rat_is_zero(rat_sub(a, rat_sub(a, x, y), rat_sub(a, x, y))));
        assert_int_equal(rat_cmp(x, y), -rat_cmp(y, x));
        assert_int_equal(rat_cmp(x, y), rat_sign(rat_sub(a, x, y)));
        if (!rat_is_zero(y)) {
            assert_true(rat_eq(rat_mul(a, rat_div(a, x, y), y), x));
        }
        /* One representation: equal values hash alike however they came to be. */
        struct rat detour = rat_sub(a, rat_add(a, x, y), y);
        assert_true(rat_hash(detour) == rat_hash(x));
        arena_rewind(a, m);
    }
}

static void test_text_round_trip(void **state)
{
    struct world *w = *state;
    struct arena *a = &w->a;
    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark m = arena_mark(a);
        struct rat x = random_rat(w);
        struct rat back = rat_zero();
        assert_true(rat_parse_frac(a, rat_frac_str(a, x), &back));
        assert_true(rat_eq(back, x));
        /* A decimal is the number itself exactly when it says so, else within half a unit. */
        int places = (int)rng_below(&w->r, 60);
        bool exact = false;
        assert_true(rat_parse_decimal(a, rat_dec_str(a, x, places, &exact), &back));
        assert_int_equal(exact, rat_eq(back, x));
        struct rat unit = rat_one();
        for (int k = 0; k < places; k++) {
            unit = rat_div(a, unit, rat_int(10));
        }
        struct rat off = rat_abs(a, rat_sub(a, back, x));
        assert_true(rat_cmp(rat_mul(a, off, rat_int(2)), unit) <= 0);
        struct rat low = rat_zero();
        struct rat high = rat_zero();
        assert_true(rat_parse_decimal(a, rat_dec_fixed(a, x, places, RAT_FLOOR), &low));
        assert_true(rat_parse_decimal(a, rat_dec_fixed(a, x, places, RAT_CEIL), &high));
        assert_true(rat_cmp(low, x) <= 0 && rat_cmp(x, high) <= 0);
        assert_true(rat_cmp(rat_sub(a, high, low), unit) <= 0);
        arena_rewind(a, m);
    }
}

static void test_double_is_the_nearest(void **state)
{
    struct world *w = *state;
    struct arena *a = &w->a;
    for (int i = 0; i < ROUNDS; i++) {
        struct arena_mark m = arena_mark(a);
        struct rat x = random_rat(w);
        double d = rat_to_double(x);
        struct rat at = rat_from_double(a, d);
        struct rat off = rat_abs(a, rat_sub(a, x, at));
        /* No neighbouring double is nearer. */
        union {
            double d;
            uint64_t bits;
        } u = {.d = d};
        for (int step = -1; step <= 1 && !rat_is_zero(at); step += 2) {
            union {
                double d;
                uint64_t bits;
            } v = {.bits = step < 0 ? u.bits - 1 : u.bits + 1};
            struct rat other = rat_abs(a, rat_sub(a, x, rat_from_double(a, v.d)));
            assert_true(rat_cmp(off, other) <= 0);
            if (rat_eq(off, other)) {
                assert_int_equal(u.bits & 1, 0); /* a tie goes to even */
            }
        }
        arena_rewind(a, m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations_equal_mpq),
        cmocka_unit_test(test_rounding_equals_mpz),
        cmocka_unit_test(test_laws),
        cmocka_unit_test(test_text_round_trip),
        cmocka_unit_test(test_double_is_the_nearest),
    };
    return cmocka_run_group_tests_name("base_rat_prop", tests, setup, teardown);
}
