/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live engine: after every commit of random edits its rows are those of judging from scratch,
 * by columns and by the reference, every field of every row.
 * TIZHI_SEED repeats or varies a run, TIZHI_ROUNDS makes it longer.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "engine/columns.h"
#include "engine/judge.h"
#include "engine/live.h"
#include "engine/ref.h"
#include "tests/lib/random_pack.h"
#include "tests/lib/test.h"

#define ROUNDS  200
#define COMMITS 5
#define EDITS   24

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    i128 n = (i128)otherwise;
    assert_true(text == NULL || i128_parse(str_from_cstr(text), &n));
    return (uint64_t)n;
}

struct totals {
    uint64_t packs, refused, commits, edits, rows, changes, rebased;
    uint64_t judged, fresh; /* units: by the live, and all there are */
};

/* ---- from scratch --------------------------------------------------------------------------- */

static void judge(struct arena *a, const struct random_pack *pack, bool reference,
                  struct verdicts *out)
{
    struct cells *cells = NULL;
    struct columns *k = NULL;
    struct evaluator ev;
    assert_int_equal(cells_make(a, pack->plan, pack->data, pack->as_of, &cells, NULL), RC_OK);
    if (reference) {
        assert_int_equal(ref_make(a, cells, &ev, NULL), RC_OK);
    } else {
        assert_int_equal(columns_make(a, cells, &k, &ev, NULL), RC_OK);
    }
    struct judge_query all = {NONE, NONE, 0};
    assert_int_equal(judge_plan(a, cells, &ev, all, out, NULL), RC_OK);
    if (k) {
        columns_release(k);
    }
}

static bool moments_eq(const struct moment *x, const struct moment *y)
{
    if (!x || !y) {
        return x == y;
    }
    return x->year == y->year && x->sub == y->sub && date_cmp(x->snapshot, y->snapshot) == 0 &&
           date_cmp(x->as_of, y->as_of) == 0 && x->since_year == y->since_year &&
           date_cmp(x->named, y->named) == 0 && date_cmp(x->rows_to, y->rows_to) == 0 &&
           x->category == y->category && x->by_key == y->by_key;
}

static void show(struct arena *a, const struct random_pack *pack, const char *who,
                 const struct verdict *v)
{
    print_message("%s: %.*s part '%.*s' unit %.*s year %d state %s light %s flags %x [%.*s, %.*s] "
                  "%u/%u counter %u undecided %u row %u proposals %u\n",
                  who, PS(pack->plan->commitments[v->commitment].id), PS(v->part),
                  PS(pack->data->tree->units[v->unit].code), (int)v->year, state_name(v->state),
                  light_name(v->light), v->flags, PS(rat_frac_str(a, v->measure.lo)),
                  PS(rat_frac_str(a, v->measure.hi)), v->measure.reported, v->measure.expected,
                  v->n_counter, v->n_undecided, v->row, v->n_proposals);
}

/* What the reader sees is what was judged. */
static void same_rows(struct arena *a, const struct random_pack *pack, const struct live_reader *r,
                      const struct verdicts *fresh, const char *who)
{
    struct live_rows x = live_rows(r, NONE, NONE);
    for (uint32_t i = 0; i < fresh->rows.n; i++) {
        struct verdict want = verdicts_at(fresh, i);
        bool there = live_next(&x);
        struct verdict have = there ? live_verdict(a, &x) : want;
        if (!there || !verdict_eq(&have, &want) ||
            (!want.for_all && !moments_eq(have.at, want.at))) {
            print_message("%.*s\n", PS(pack->text));
            show(a, pack, there ? "live" : "live: no row", &have);
            show(a, pack, who, &want);
            fail();
        }
    }
    assert_false(live_next(&x));
}

/* ---- one pack ------------------------------------------------------------------------------- */

/* Rows of two evaluations of one plan that differ, by their keys. */
static uint32_t differences(const struct verdicts *x, const struct verdicts *y)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < x->rows.n; i++) {
        struct verdict v = verdicts_at(x, i);
        struct verdict w = verdicts_at(y, i);
        v.n_counter = w.n_counter = v.n_undecided = w.n_undecided = 0; /* not of the row */
        n += !verdict_eq(&v, &w);
    }
    return n;
}

static bool same_keys(const struct verdicts *x, const struct verdicts *y)
{
    bool same = x->rows.n == y->rows.n;
    for (uint32_t i = 0; same && i < x->rows.n; i++) {
        const struct verdict_row *v = &x->rows.items[i];
        const struct verdict_row *w = &y->rows.items[i];
        same = v->unit == w->unit && v->head->commitment == w->head->commitment &&
               v->head->year == w->head->year && str_eq(v->head->part, w->head->part);
    }
    return same;
}

static bool has_samples(const struct plan *p)
{
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        if (p->commitments[i].kind == CK_SAMPLE) {
            return true;
        }
    }
    return false;
}

static void commit(struct arena *a, struct chance *c, struct random_pack *pack, struct live *l,
                   struct live_reader *r, struct verdicts *before, struct totals *sum)
{
    struct edit edits[EDITS];
    struct live_changes changes;
    struct verdicts now;
    struct verdicts reference;
    uint32_t n = chance_pick(c, 6) == 0 ? EDITS : 1 + chance_pick(c, 3);
    for (uint32_t i = 0; i < n; i++) {
        edits[i] = random_edit(a, c, pack);
    }
    live_pin(r);
    assert_int_equal(live_apply(l, edits, n, &changes, NULL), RC_OK);
    same_rows(a, pack, r, before, "before"); /* of the version pinned */
    live_unpin(r);
    pack->data = random_grown(a, pack->data, edits, n);
    judge(a, pack, false, &now);
    judge(a, pack, true, &reference);
    live_pin(r);
    same_rows(a, pack, r, &now, "columns");
    same_rows(a, pack, r, &reference, "reference");
    live_unpin(r);
    if (same_keys(before, &now) && !has_samples(pack->plan)) {
        assert_int_equal(changes.n, differences(before, &now));
    }
    for (uint32_t i = 0; i < changes.n; i++) {
        assert_true(changes.items[i].from || changes.items[i].to);
    }
    *before = now;
    sum->commits++;
    sum->edits += n;
    sum->rows += now.rows.n;
    sum->fresh += now.rows.n;
    sum->changes += changes.n;
}

/* Another tree, day or plan takes the place of the one there is. */
static void rebase(struct arena *a, struct chance *c, struct random_pack *pack, struct live *l,
                   struct live_reader *r, struct verdicts *before, struct totals *sum)
{
    struct live_changes changes;
    struct dataset *d = ARENA_NEW(a, struct dataset);
    struct random_pack next = *pack;
    *d = *pack->data;
    next.data = d;
    uint32_t what = chance_pick(c, 3);
    if (what == 0) {
        next.as_of = random_day(2024 + (int32_t)chance_pick(c, 4), 7, 1);
    } else if (what == 1) {
        const struct tree *t = random_other_tree(a, c, pack);
        d->tree = t ? t : d->tree;
    } else {
        struct random_pack other;
        struct chance again = *c;
        if (random_pack(a, &again, &other)) {
            next.plan = other.plan; /* of the same kinds, items and registers */
            next.text = other.text;
            d->n_evidence = 0; /* it names commitments */
        }
    }
    live_pin(r);
    assert_int_equal(live_rebase(l, next.plan, what == 0 ? NULL : d, next.as_of, &changes, NULL),
                     RC_OK);
    same_rows(a, pack, r, before, "before");
    live_unpin(r);
    *pack = next;
    judge(a, pack, false, before);
    live_pin(r);
    same_rows(a, pack, r, before, "columns");
    live_unpin(r);
    sum->rebased++;
}

static void one_pack(uint64_t seed, struct totals *sum)
{
    struct arena a;
    struct random_pack pack;
    struct chance c = chance_of_seed(seed);
    struct live *l = NULL;
    struct verdicts before;
    arena_init(&a, (size_t)1 << 30, "pack");
    if (!random_pack(&a, &c, &pack)) {
        sum->refused++;
        if (sum->refused == 1) {
            print_message("# refused: %.*s\n", PS(pack.text));
        }
        arena_release(&a);
        return;
    }
    assert_int_equal(live_make(pack.plan, pack.data, pack.as_of, (size_t)1 << 30, &l, NULL), RC_OK);
    struct live_reader *r = live_reader(l);
    assert_non_null(r);
    judge(&a, &pack, false, &before);
    live_pin(r);
    same_rows(&a, &pack, r, &before, "columns");
    live_unpin(r);
    uint64_t made = live_stats(l).units;
    for (uint32_t i = 0; i < COMMITS; i++) {
        commit(&a, &c, &pack, l, r, &before, sum);
        if (chance_pick(&c, 8) == 0) {
            rebase(&a, &c, &pack, l, r, &before, sum);
        }
    }
    sum->packs++;
    sum->judged += live_stats(l).units - made;
    live_reader_release(r);
    live_release(l);
    arena_release(&a);
}

static void test_as_from_scratch(void **state)
{
    (void)state;
    uint64_t seed = number_from("TIZHI_SEED", 20260101);
    uint64_t rounds = number_from("TIZHI_ROUNDS", ROUNDS);
    struct totals sum = {0};
    print_message("# TIZHI_SEED=%" PRIu64 "\n", seed);
    for (uint64_t i = 0; i < rounds; i++) {
        one_pack(seed + i, &sum);
    }
    print_message("# %" PRIu64 " packs, %" PRIu64 " refused, %" PRIu64 " commits of %" PRIu64
                  " edits, %" PRIu64 " rows, %" PRIu64 " changes, %" PRIu64 " rebased, %" PRIu64
                  " units judged again\n",
                  sum.packs, sum.refused, sum.commits, sum.edits, sum.rows, sum.changes,
                  sum.rebased, sum.judged);
    assert_true(sum.refused * 10 < rounds);
    assert_true(sum.changes > sum.commits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_as_from_scratch)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
