/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns against the reference: every measure that judging a random pack asks for, bit by bit;
 * and the rows that threads make by columns of rows, against those made of these measures.
 * TIZHI_SEED repeats or varies a run, TIZHI_ROUNDS makes it longer.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/ref.h"
#include "engine/ref_int.h"
#include "tests/lib/random_pack.h"
#include "tests/lib/test.h"

#define ROUNDS 400

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    i128 n = (i128)otherwise;
    assert_true(text == NULL || i128_parse(str_from_cstr(text), &n));
    return (uint64_t)n;
}

struct totals {
    uint64_t packs, refused, asked, by_reference, in_columns;
};

/* Rows that stand in columns: none of them is judged alone. */
static uint64_t in_columns(const struct verdicts *vs)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < vs->rows.pages.n; i++) {
        const struct row_column *c = vs->rows.pages.items[i].column;
        n += c ? c->n - c->n_whole : 0;
    }
    return n;
}

static void same_verdicts(const struct random_pack *pack, const struct verdicts *x,
                          const struct verdicts *y)
{
    assert_int_equal(x->rows.n, y->rows.n);
    assert_int_equal(x->findings.n, y->findings.n);
    for (uint32_t i = 0; i < x->rows.n; i++) {
        struct verdict v = verdicts_at(x, i);
        struct verdict w = verdicts_at(y, i);
        if (!verdict_eq(&v, &w)) {
            print_message("%.*s\n# row %" PRIu32 ", commitment %" PRIu32 ", unit %" PRIu32 "\n",
                          PS(pack->text), i, v.commitment, v.unit);
            fail();
        }
    }
}

static void one_pack(uint64_t seed, struct totals *sum)
{
    struct arena a;
    struct random_pack pack;
    struct chance c = chance_of_seed(seed);
    struct evaluator ref;
    struct evaluator columns;
    struct cells *cells = NULL;
    struct columns *k = NULL;
    struct verdicts out;
    arena_init(&a, (size_t)1 << 30, "pack");
    if (!random_pack(&a, &c, &pack)) {
        sum->refused++;
        if (sum->refused == 1) {
            print_message("# refused: %.*s\n", PS(pack.text));
        }
        arena_release(&a);
        return;
    }
    assert_int_equal(cells_make(&a, pack.plan, pack.data, pack.as_of, &cells, NULL), RC_OK);
    assert_int_equal(ref_make(&a, cells, &ref, NULL), RC_OK);
    assert_int_equal(columns_make(&a, cells, &k, &columns, NULL), RC_OK);
    struct paired p = {.pack = &pack, .left = &columns, .right = &ref};
    struct evaluator both = paired_evaluator(&p);
    struct judge_query all = {NONE, NONE, 0};
    struct verdicts by_threads;
    assert_int_equal(judge_plan(&a, cells, &both, all, &out, NULL), RC_OK);
    assert_int_equal(judge_plan_on(&a, cells, 1 + (uint32_t)(seed % 3), all, &by_threads, NULL),
                     RC_OK);
    same_verdicts(&pack, &out, &by_threads);
    sum->in_columns += in_columns(&by_threads);
    sum->packs++;
    sum->asked += p.asked;
    sum->by_reference += columns_stats(k).by_reference;
    columns_release(k);
    arena_release(&a);
}

static void test_agree(void **state)
{
    (void)state;
    uint64_t seed = number_from("TIZHI_SEED", 20260101);
    uint64_t rounds = number_from("TIZHI_ROUNDS", ROUNDS);
    struct totals sum = {0};
    print_message("# TIZHI_SEED=%" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < rounds; i++) {
        one_pack(seed + i, &sum);
    }
    print_message("# %" PRIu64 " packs, %" PRIu64 " refused, %" PRIu64 " measures, %" PRIu64
                  " by the reference, %" PRIu64 " rows in columns\n",
                  sum.packs, sum.refused, sum.asked, sum.by_reference, sum.in_columns);
    /* The comparison means something: most packs are right, most measures are from sheets. */
    assert_true(sum.refused * 10 < rounds);
    assert_true(sum.by_reference * 2 < sum.asked);
    assert_true(sum.in_columns > rounds);
}

/*
 * The reference with what it has kept of earlier corners (engine/ref_memo.h) and without: the same,
 * bit by bit.
 */
static uint64_t one_memo(uint64_t seed)
{
    struct arena a;
    struct random_pack pack;
    struct chance c = chance_of_seed(seed);
    struct evaluator keeps;
    struct evaluator forgets;
    struct cells *cells = NULL;
    struct verdicts out;
    uint64_t asked = 0;
    arena_init(&a, (size_t)1 << 30, "pack");
    if (random_pack(&a, &c, &pack)) {
        assert_int_equal(cells_make(&a, pack.plan, pack.data, pack.as_of, &cells, NULL), RC_OK);
        assert_int_equal(ref_make(&a, cells, &keeps, NULL), RC_OK);
        assert_int_equal(ref_make(&a, cells, &forgets, NULL), RC_OK);
        ((struct ref *)forgets.ctx)->memo = NULL;
        struct paired p = {.pack = &pack, .left = &keeps, .right = &forgets};
        struct evaluator both = paired_evaluator(&p);
        struct judge_query all = {NONE, NONE, 0};
        assert_int_equal(judge_plan(&a, cells, &both, all, &out, NULL), RC_OK);
        asked = p.asked;
    }
    arena_release(&a);
    return asked;
}

static void test_memo(void **state)
{
    (void)state;
    uint64_t seed = number_from("TIZHI_SEED", 20260101);
    uint64_t rounds = number_from("TIZHI_ROUNDS", ROUNDS);
    uint64_t asked = 0;
    for (uint64_t i = 0; i < rounds; i++) {
        asked += one_memo(seed + i);
    }
    assert_true(asked > rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_agree), cmocka_unit_test(test_memo)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
