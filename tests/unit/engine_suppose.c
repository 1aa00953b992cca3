/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts that are only supposed: rows judged over a view with them are those over cells to which
 * they were applied, every field of every row. TIZHI_SEED repeats or varies a run.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "engine/cells.h"
#include "engine/judge.h"
#include "engine/ref.h"
#include "tests/lib/random_pack.h"
#include "tests/lib/test.h"

#define ROUNDS    300
#define FACTS_MAX 6

static bool among(const struct fact *facts, uint32_t n, const struct fact *f)
{
    for (uint32_t i = 0; i < n; i++) {
        if (facts[i].item == f->item && period_eq(facts[i].period, f->period)) {
            return true;
        }
    }
    return false;
}

/* Edits of facts until there are some of one unit, each of another cell. */
static uint32_t facts_of_a_unit(struct arena *a, struct chance *c, const struct random_pack *pack,
                                struct fact *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < 400 && n < FACTS_MAX; i++) {
        struct edit x = random_edit(a, c, pack);
        struct fact f = x.u.fact;
        f.status = ROW_ACCEPTED;
        f.from.recorded = pack->as_of;
        if (x.kind == EDIT_FACT && (n == 0 || f.unit == out[0].unit) && !among(out, n, &f)) {
            out[n++] = f;
        }
    }
    return n;
}

static void judge(struct arena *a, struct cells *cells, struct verdicts *out)
{
    struct evaluator ev;
    assert_int_equal(ref_make(a, cells, &ev, NULL), RC_OK);
    assert_int_equal(judge_plan(a, cells, &ev, (struct judge_query){NONE, NONE, 0}, out, NULL),
                     RC_OK);
}

static uint32_t one(struct arena *a, uint64_t seed)
{
    struct chance c = chance_of_seed(seed);
    struct random_pack pack;
    struct fact facts[FACTS_MAX];
    struct cells *plain = NULL;
    struct cells *applied = NULL;
    struct verdicts rows[3];
    uint32_t changed = 0;
    if (!random_pack(a, &c, &pack)) {
        return 0;
    }
    uint32_t n = facts_of_a_unit(a, &c, &pack, facts);
    assert_int_equal(cells_make(a, pack.plan, pack.data, pack.as_of, &plain, NULL), RC_OK);
    assert_int_equal(cells_make(a, pack.plan, pack.data, pack.as_of, &applied, NULL), RC_OK);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t ix = 0;
        const struct edit x = {.kind = EDIT_FACT, .u.fact = facts[i]};
        assert_int_equal(cells_apply(applied, &x, &ix), RC_OK);
    }
    judge(a, plain, &rows[0]);
    judge(a, cells_suppose(a, plain, n > 0 ? facts[0].unit : 0, facts, n), &rows[1]);
    judge(a, applied, &rows[2]);
    assert_int_equal(rows[1].rows.n, rows[2].rows.n);
    for (uint32_t i = 0; i < rows[1].rows.n; i++) {
        struct verdict have = verdicts_at(&rows[1], i);
        struct verdict want = verdicts_at(&rows[2], i);
        /* The judge looks whether anybody has said anything of the baseline year (silence.h); what
         * is asked here are measures. */
        have.flags &= ~(uint32_t)VF_NON_BINDING;
        want.flags &= ~(uint32_t)VF_NON_BINDING;
        if (!verdict_eq(&have, &want)) {
            print_message("# seed %" PRIu64 " row %u of %.*s\n", seed, i,
                          PS(pack.plan->commitments[want.commitment].id));
            fail();
        }
        if (rows[0].rows.n == rows[2].rows.n) {
            struct verdict was = verdicts_at(&rows[0], i);
            was.flags &= ~(uint32_t)VF_NON_BINDING;
            changed += !verdict_eq(&was, &want);
        }
    }
    return changed;
}

static void test_supposed_is_applied(void **state)
{
    const char *text = getenv("TIZHI_SEED");
    i128 seed = 20261126;
    struct arena a;
    uint32_t changed = 0;
    (void)state;
    assert_true(text == NULL || i128_parse(str_from_cstr(text), &seed));
    arena_init(&a, (size_t)1 << 30, "test");
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct arena_mark m = arena_mark(&a);
        changed += one(&a, (uint64_t)seed + i);
        arena_rewind(&a, m);
    }
    arena_release(&a);
    print_message("# %u rows were moved\n", changed);
    assert_true(changed > ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_supposed_is_applied)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
