/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of units: each fault, snapshots, names, lineage, and random trees against a slow twin.
 */
#include "model/tree.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/rng.h"
#include "tests/lib/test.h"

#define ARENA_LIMIT (1024U * 1024U * 256U)
#define MAX_FOUND   64

struct found {
    uint32_t n;
    enum tree_fault fault[MAX_FOUND];
    uint32_t row[MAX_FOUND];
    uint32_t n_members;
};

static void on_found(void *ctx, const struct tree_finding *f)
{
    struct found *all = ctx;
    assert_true(all->n < MAX_FOUND);
    all->fault[all->n] = f->fault;
    all->row[all->n++] = f->row;
    all->n_members = f->n_members;
}

static struct date day(const char *text)
{
    struct date d = {0};
    assert_true(date_parse(str_from_cstr(text), &d));
    return d;
}

/* "" are the open ends. */
static struct tree_version ver(uint32_t row, const char *code, const char *parent, const char *from,
                               const char *to)
{
    return (struct tree_version){
        .code = str_from_cstr(code),
        .name = str_from_cstr(code),
        .parent = str_from_cstr(parent),
        .from = *from != '\0' ? day(from) : DATE_MIN,
        .to = *to != '\0' ? day(to) : DATE_MAX,
        .kind = row,
        .row = row,
    };
}

static struct tree_lineage line(bool split, const char *date, const char *from, const char *to)
{
    return (struct tree_lineage){
        .is_split = split, .date = day(date), .from = str_from_cstr(from), .to = str_from_cstr(to)};
}

static const struct tree *must_build(struct arena *a, const struct tree_version *v, uint32_t n,
                                     const struct tree_lineage *l, uint32_t n_l)
{
    const struct tree *t = NULL;
    assert_int_equal(tree_build(a, v, n, l, n_l, (struct tree_sink){0}, &t, NULL), RC_OK);
    return t;
}

static const struct tree_snap *must_at(struct arena *a, const struct tree *t, const char *text)
{
    const struct tree_snap *s = NULL;
    assert_int_equal(tree_at(a, t, day(text), &s, NULL), RC_OK);
    assert_true(tree_check(s));
    return s;
}

static void expect_fault(const struct tree_version *v, uint32_t n, enum tree_fault fault,
                         uint32_t row, uint32_t n_members)
{
    struct arena a;
    struct found all = {0};
    const struct tree *t = NULL;
    arena_init(&a, ARENA_LIMIT, "test");
    struct tree_sink sink = {on_found, &all};
    assert_int_equal(tree_build(&a, v, n, NULL, 0, sink, &t, NULL), RC_FINDINGS);
    assert_null(t);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.fault[0], fault);
    assert_int_equal(all.row[0], row);
    assert_int_equal(all.n_members, n_members);
    arena_release(&a);
}

#define EXPECT_FAULT(v, fault, row, n)                                                             \
    expect_fault((v), sizeof(v) / sizeof *(v), TREE_FAULT_##fault, (row), (n))

static void test_each_fault(void **state)
{
    (void)state;
    struct tree_version empty[] = {ver(1, "r", "", "", ""), ver(2, "", "r", "", "")};
    EXPECT_FAULT(empty, EMPTY_CODE, 2, 0);
    struct tree_version order[] = {ver(1, "r", "", "", ""),
                                   ver(2, "a", "r", "2024-02-02", "2024-02-01")};
    EXPECT_FAULT(order, FROM_AFTER_TO, 2, 0);
    struct tree_version twice[] = {ver(1, "r", "", "", ""), ver(2, "a", "r", "", ""),
                                   ver(3, "a", "r", "", "")};
    EXPECT_FAULT(twice, DUPLICATE, 3, 0);
    struct tree_version over[] = {ver(1, "r", "", "", ""), ver(2, "a", "r", "", "2024-05-01"),
                                  ver(3, "a", "r", "2024-05-01", "")};
    EXPECT_FAULT(over, OVERLAP, 3, 0);
    struct tree_version unknown[] = {ver(1, "r", "", "", ""), ver(2, "a", "q", "", "")};
    EXPECT_FAULT(unknown, UNKNOWN_PARENT, 2, 0);
    struct tree_version roots[] = {ver(1, "r", "", "", "2024-05-01"),
                                   ver(2, "s", "", "2024-05-01", "")};
    EXPECT_FAULT(roots, TWO_ROOTS, 2, 0);
    struct tree_version self[] = {ver(1, "r", "", "", ""), ver(2, "a", "a", "", "")};
    EXPECT_FAULT(self, CYCLE, 2, 1);
    struct tree_version three[] = {ver(1, "r", "", "", ""), ver(2, "a", "b", "", ""),
                                   ver(3, "b", "c", "", ""), ver(4, "c", "a", "", ""),
                                   ver(5, "d", "a", "", "")};
    EXPECT_FAULT(three, CYCLE, 2, 3);
}

static void test_parent_must_be_valid_throughout(void **state)
{
    (void)state;
    struct tree_version gap[] = {ver(1, "r", "", "", ""), ver(2, "p", "r", "", "2024-05-01"),
                                 ver(3, "p", "r", "2024-05-03", ""), ver(4, "a", "p", "", "")};
    EXPECT_FAULT(gap, PARENT_GAP, 4, 0);
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    gap[2].from = day("2024-05-02"); /* now the two versions meet */
    assert_non_null(must_build(&a, gap, 4, NULL, 0));
    arena_release(&a);
}

static void test_swap_in_time_is_no_cycle(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    struct tree_version v[] = {ver(1, "r", "", "", ""), ver(2, "a", "r", "", "2024-05-01"),
                               ver(3, "a", "b", "2024-05-02", ""),
                               ver(4, "b", "a", "", "2024-05-01"),
                               ver(5, "b", "r", "2024-05-02", "")};
    const struct tree *t = must_build(&a, v, 5, NULL, 0);
    const struct tree_snap *s = must_at(&a, t, "2024-05-01");
    ASSERT_STR(tree_snap_code(s, 1), "a");
    ASSERT_STR(tree_snap_code(s, 2), "b");
    assert_int_equal(s->parent[2], 1);
    s = must_at(&a, t, "2024-05-02");
    ASSERT_STR(tree_snap_code(s, 1), "b");
    ASSERT_STR(tree_snap_code(s, 2), "a");
    arena_release(&a);
    /* One day too early it is a cycle, on that day only. */
    v[2].from = day("2024-05-01");
    v[1].to = day("2024-04-30");
    EXPECT_FAULT(v, CYCLE, 3, 2);
}

static void test_lineage_faults(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    struct found all = {0};
    const struct tree *t = NULL;
    struct tree_version v[] = {ver(1, "r", "", "", "")};
    struct tree_lineage l[] = {line(false, "2024-01-01", "r", "x"),
                               line(false, "2024-01-01", "r", "r")};
    l[1].date = DATE_MIN;
    struct tree_sink sink = {on_found, &all};
    assert_int_equal(tree_build(&a, v, 1, l, 2, sink, &t, NULL), RC_FINDINGS);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.fault[0], TREE_FAULT_LINEAGE_UNIT);
    assert_int_equal(all.fault[1], TREE_FAULT_LINEAGE_DATE);
    arena_release(&a);
}

static void test_snapshot_and_cache(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    struct tree_version v[] = {ver(9, "b2", "b", "2024-03-01", "2024-08-31"),
                               ver(8, "b1", "b", "", ""), ver(7, "c", "r", "", ""),
                               ver(6, "b", "r", "", ""), ver(5, "r", "", "", "")};
    const struct tree *t = must_build(&a, v, 5, NULL, 0);
    const struct tree_snap *s = must_at(&a, t, "2024-03-01");
    static const char *const WANT[] = {"r", "b", "b1", "b2", "c"};
    static const uint32_t END[] = {5, 4, 3, 4, 5};
    assert_int_equal(s->n, 5);
    for (uint32_t i = 0; i < 5; i++) {
        ASSERT_STR(tree_snap_code(s, i), WANT[i]);
        assert_int_equal(s->end[i], END[i]);
    }
    assert_int_equal(s->kind[3], 9);
    assert_int_equal(must_at(&a, t, "2024-02-29")->n, 4);
    assert_int_equal(must_at(&a, t, "2024-08-31")->n, 5);
    assert_int_equal(must_at(&a, t, "2024-09-01")->n, 4);

    struct tree_cache c;
    const struct tree_snap *x = NULL;
    const struct tree_snap *y = NULL;
    tree_cache_init(&c, &a, t);
    assert_int_equal(tree_cache_at(&c, day("2024-03-01"), &x, NULL), RC_OK);
    assert_int_equal(tree_cache_at(&c, day("2024-08-31"), &y, NULL), RC_OK);
    assert_ptr_equal(x, y);
    assert_int_equal(date_cmp(x->from, day("2024-03-01")), 0);
    assert_int_equal(date_cmp(x->to, day("2024-08-31")), 0);
    assert_int_equal(tree_cache_at(&c, day("2024-09-01"), &y, NULL), RC_OK);
    assert_ptr_not_equal(x, y);
    arena_release(&a);
}

static void test_find(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    struct tree_version v[] = {ver(1, "r", "", "", ""), ver(2, "a", "r", "", "2024-05-01"),
                               ver(3, "a", "r", "2024-05-02", ""), ver(4, "b", "r", "", "")};
    v[1].name = STR("old");
    v[2].name = STR("new");
    v[3].name = STR("new");
    v[3].alias = STR("nick");
    const struct tree *t = must_build(&a, v, 4, NULL, 0);
    uint32_t id = TREE_NONE;
    struct date may = day("2024-05-01");
    struct date june = day("2024-06-01");
    assert_int_equal(tree_find(t, STR("b"), june, june, &id), TREE_FOUND_ONE);
    ASSERT_STR(t->units[id].code, "b");
    assert_int_equal(tree_find(t, STR("old"), may, may, &id), TREE_FOUND_ONE);
    ASSERT_STR(t->units[id].code, "a");
    assert_int_equal(tree_find(t, STR("old"), june, june, &id), TREE_FOUND_NONE);
    assert_int_equal(tree_find(t, STR("old"), DATE_MIN, DATE_MAX, &id), TREE_FOUND_ONE);
    assert_int_equal(tree_find(t, STR("new"), may, may, &id), TREE_FOUND_ONE);
    assert_int_equal(tree_find(t, STR("new"), june, june, &id), TREE_FOUND_MANY);
    assert_int_equal(tree_find(t, STR("nick"), may, may, &id), TREE_FOUND_ONE);
    assert_int_equal(tree_find(t, STR("zzz"), DATE_MIN, DATE_MAX, &id), TREE_FOUND_NONE);
    arena_release(&a);
}

static void test_past(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    struct tree_version v[] = {ver(1, "r", "", "", ""),
                               ver(2, "a", "r", "", "2024-06-30"),
                               ver(3, "b", "r", "", "2024-06-30"),
                               ver(4, "m", "r", "2024-07-01", ""),
                               ver(5, "s", "r", "", "2024-06-30"),
                               ver(6, "s1", "r", "2024-07-01", ""),
                               ver(7, "s2", "r", "2024-07-01", ""),
                               ver(8, "new", "r", "2024-07-01", "")};
    struct tree_lineage l[] = {
        line(false, "2024-07-01", "a", "m"), line(false, "2024-07-01", "b", "m"),
        line(true, "2024-07-01", "s", "s1"), line(true, "2024-07-01", "s", "s2")};
    const struct tree *t = must_build(&a, v, 8, l, 4);
    struct date x = day("2023-12-31");
    struct date y = day("2024-12-31");
    const uint32_t *ids = NULL;
    uint32_t n = 0;
    uint32_t m = 0;
    uint32_t s1 = 0;
    uint32_t fresh = 0;
    uint32_t ua = 0;
    uint32_t ub = 0;
    assert_true(tree_unit_of_code(t, STR("m"), &m) && tree_unit_of_code(t, STR("s1"), &s1) &&
                tree_unit_of_code(t, STR("new"), &fresh) && tree_unit_of_code(t, STR("a"), &ua) &&
                tree_unit_of_code(t, STR("b"), &ub));
    assert_int_equal(tree_past(&a, t, m, x, y, &ids, &n), TREE_PAST_MERGED);
    assert_int_equal(n, 2);
    assert_true(ids[0] == ua && ids[1] == ub);
    assert_int_equal(tree_past(&a, t, s1, x, y, &ids, &n), TREE_PAST_SPLIT);
    assert_int_equal(n, 0);
    assert_int_equal(tree_past(&a, t, fresh, x, y, &ids, &n), TREE_PAST_NEW);
    /* The event on the earlier day itself is already part of that day's tree. */
    assert_int_equal(tree_past(&a, t, m, day("2024-07-01"), y, &ids, &n), TREE_PAST_SAME);
    assert_true(n == 1 && ids[0] == m);
    assert_int_equal(tree_past(&a, t, s1, day("2024-07-01"), y, &ids, &n), TREE_PAST_SAME);
    arena_release(&a);
}

/* Random trees: a unit hangs from one with a smaller number, in two eras with a move between. */
static void check_random(struct rng *r, uint32_t n)
{
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    struct tree_version *v = ARENA_ARRAY(&a, struct tree_version, 2 * (size_t)n);
    uint32_t *up = ARENA_ARRAY(&a, uint32_t, 2 * (size_t)n);
    uint32_t *size = ARENA_ARRAY(&a, uint32_t, n);
    char(*code)[24] = (char(*)[24])arena_alloc(&a, (size_t)n * 24);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(snprintf(code[i], 24, "%08x-%u", (unsigned)(i * 2654435761U), i) > 0);
        for (uint32_t era = 0; era < 2; era++) {
            uint32_t p = i == 0 ? 0 : (uint32_t)rng_below(r, i);
            up[2 * i + era] = p;
            v[2 * i + era] = ver(i, code[i], i == 0 ? "" : code[p], era == 0 ? "" : "2024-09-01",
                                 era == 0 ? "2024-08-31" : "");
        }
    }
    for (uint32_t i = 2 * n; i-- > 1;) { /* rows come in any order */
        uint32_t k = (uint32_t)rng_below(r, i + 1);
        struct tree_version x = v[i];
        v[i] = v[k];
        v[k] = x;
    }
    const struct tree *t = must_build(&a, v, 2 * n, NULL, 0);
    for (uint32_t era = 0; era < 2; era++) {
        const struct tree_snap *s = must_at(&a, t, era == 0 ? "2024-08-31" : "2024-09-01");
        assert_int_equal(s->n, n);
        memset(size, 0, n * sizeof *size);
        for (uint32_t i = n; i-- > 0;) {
            size[i]++;
            if (i > 0) {
                size[up[2 * i + era]] += size[i];
            }
        }
        for (uint32_t i = 0; i < n; i++) { /* kind is the number the unit was made with */
            assert_int_equal(s->end[i] - i, size[s->kind[i]]);
            assert_true(i == 0 || s->kind[s->parent[i]] == up[2 * s->kind[i] + era]);
        }
    }
    arena_release(&a);
}

static void test_random_trees(void **state)
{
    (void)state;
    const uint64_t seed = 20240315;
    struct rng r;
    print_message("# seed %llu\n", (unsigned long long)seed);
    rng_seed(&r, seed);
    for (uint32_t i = 0; i < 60; i++) {
        check_random(&r, 1 + (uint32_t)rng_below(&r, 80));
    }
    check_random(&r, 5000);
}

static void test_nobody_and_little_memory(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    const struct tree *t = must_build(&a, NULL, 0, NULL, 0);
    assert_int_equal(must_at(&a, t, "2024-01-01")->n, 0);
    arena_release(&a);
    struct tree_version v[] = {ver(1, "r", "", "", "")};
    struct arena small;
    arena_init(&small, 256, "small");
    assert_int_equal(tree_build(&small, v, 1, NULL, 0, (struct tree_sink){0}, &t, NULL), RC_LIMIT);
    assert_null(t);
    arena_release(&small);
}

/* A chain as deep as it is long must not need a stack. */
static void test_deep_chain(void **state)
{
    (void)state;
    const uint32_t n = 100000;
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    struct tree_version *v = ARENA_ARRAY(&a, struct tree_version, n);
    char(*code)[24] = (char(*)[24])arena_alloc(&a, (size_t)n * 24);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(snprintf(code[i], 24, "%06u", i) > 0);
        v[i] = ver(i, code[i], i == 0 ? "" : code[i - 1], "", "");
    }
    const struct tree_snap *s = must_at(&a, must_build(&a, v, n, NULL, 0), "2024-01-01");
    assert_int_equal(s->level[n - 1], n - 1);
    assert_int_equal(s->end[0], n);
    /* Closed into a ring it is one cycle of all. */
    v[0].parent = str_from_cstr(code[n - 1]);
    struct found all = {0};
    const struct tree *t = NULL;
    struct tree_sink sink = {on_found, &all};
    assert_int_equal(tree_build(&a, v, n, NULL, 0, sink, &t, NULL), RC_FINDINGS);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.fault[0], TREE_FAULT_CYCLE);
    assert_int_equal(all.n_members, n);
    arena_release(&a);
}

/* Units that change places on tens of thousands of days are refused, not searched for hours. */
static void test_tangled(void **state)
{
    (void)state;
    enum { UNITS = 4000, ERAS = 8 };
    struct arena a;
    arena_init(&a, ARENA_LIMIT, "test");
    struct tree_version *v = ARENA_ARRAY(&a, struct tree_version, UNITS * ERAS + 1);
    char(*code)[24] = (char(*)[24])arena_alloc(&a, (size_t)UNITS * 24);
    for (uint32_t i = 0; i < UNITS; i++) {
        assert_true(snprintf(code[i], 24, "u%u", i) > 0);
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < UNITS; i++) {
        for (uint32_t era = 0; era < ERAS; era++) {
            const char *below = i > 0 ? code[i - 1] : "r";
            const char *above = i + 1 < UNITS ? code[i + 1] : "r";
            struct tree_version x = ver(n, code[i], era % 2 == 0 ? below : above, "", "");
            int32_t begin = date_year_start(DATE_YEAR_MIN).days + (int32_t)(era * UNITS + i);
            x.from = era == 0 ? DATE_MIN : (struct date){begin};
            x.to = era + 1 == ERAS ? DATE_MAX : (struct date){begin + UNITS - 1};
            v[n++] = x;
        }
    }
    v[n] = ver(n, "r", "", "", "");
    struct found all = {0};
    const struct tree *t = NULL;
    struct tree_sink sink = {on_found, &all};
    assert_int_equal(tree_build(&a, v, n + 1, NULL, 0, sink, &t, NULL), RC_FINDINGS);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.fault[0], TREE_FAULT_TANGLED);
    arena_release(&a);
}

/* Each row of tree.def can be shown in both languages. */
static void test_fault_texts(void **state)
{
    (void)state;
    for (int f = 0; f < TREE_FAULT__COUNT; f++) {
        enum tree_fault x = (enum tree_fault)f;
        assert_true(tree_fault_en(x)[0] != '\0' && tree_fault_zh(x)[0] != '\0');
        assert_true(tree_fault_name(x)[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_fault),
        cmocka_unit_test(test_parent_must_be_valid_throughout),
        cmocka_unit_test(test_swap_in_time_is_no_cycle),
        cmocka_unit_test(test_lineage_faults),
        cmocka_unit_test(test_snapshot_and_cache),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_past),
        cmocka_unit_test(test_random_trees),
        cmocka_unit_test(test_nobody_and_little_memory),
        cmocka_unit_test(test_deep_chain),
        cmocka_unit_test(test_tangled),
        cmocka_unit_test(test_fault_texts),
    };
    return cmocka_run_group_tests_name("model_tree", tests, NULL, NULL);
}
