/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas: alignment, zeroing, limits, marks, growth. */
#include "base/arena.h"

#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/rng.h"
#include "base/vec.h"
#include "tests/lib/test.h"

static void test_allocations_are_zero_aligned_and_distinct(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20, "t");
    char *last = NULL;
    for (size_t n = 0; n < 300; n++) {
        char *p = arena_alloc(&a, n);
        assert_int_equal((uintptr_t)p % ARENA_ALIGN, 0);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(p[i], 0);
        }
        memset(p, 0x5a, n);
        assert_ptr_not_equal(p, last);
        last = p;
    }
    arena_release(&a);
}

static void test_used_counts_rounded_requests(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1000, "t");
    assert_int_equal(arena_used(&a), 0);
    (void)arena_alloc(&a, 1);
    assert_int_equal(arena_used(&a), 16);
    (void)arena_alloc(&a, 16);
    assert_int_equal(arena_used(&a), 32);
    (void)arena_alloc(&a, 17);
    assert_int_equal(arena_used(&a), 64);
    (void)arena_alloc(&a, 0);
    assert_int_equal(arena_used(&a), 80);
    arena_release(&a);
    assert_int_equal(arena_used(&a), 0);
}

static void test_try_stops_exactly_at_the_limit(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64, "t");
    assert_non_null(arena_try(&a, 48));
    assert_false(a.failed);
    assert_null(arena_try(&a, 17));
    assert_true(a.failed);
    assert_non_null(arena_try(&a, 16));
    assert_null(arena_try(&a, 0));
    assert_true(a.failed);
    arena_release(&a);
    assert_true(a.failed); /* sticky until init */
}

static void test_huge_requests_are_refused(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, SIZE_MAX, "t");
    assert_null(arena_try(&a, SIZE_MAX));
    assert_null(arena_try(&a, SIZE_MAX - 64));
    assert_null(arena_try(&a, SIZE_MAX / 2 + 1)); /* within the limit, beyond malloc */
    assert_null(arena_try_array(&a, SIZE_MAX / 8 + 1, 8));
    assert_null(ARENA_TRY_ARRAY(&a, uint64_t, SIZE_MAX / 4));
    assert_true(a.failed);
    arena_release(&a);
}

static void alloc_100(void *arg)
{
    (void)arena_alloc(arg, 100);
}

static void array_overflow(void *arg)
{
    (void)arena_array(arg, SIZE_MAX / 2, 4);
}

static void test_alloc_aborts_at_the_limit(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 99, "t");
    assert_true(test_aborts(alloc_100, &a));
    assert_true(test_aborts(array_overflow, &a));
    arena_release(&a);
    arena_init(&a, 112, "t");
    assert_false(test_aborts(alloc_100, &a));
    arena_release(&a);
}

struct work {
    struct arena *a;
    int steps;
    bool nested;
    struct arena *other;
};

static void take_until_stopped(void *ctx)
{
    struct work *w = ctx;
    for (;;) {
        (void)arena_alloc(w->a, 100);
        w->steps++;
    }
}

static void take_twice(void *ctx)
{
    struct work *w = ctx;
    (void)arena_alloc(w->a, 100);
    if (w->nested) {
        w->nested = false;
        assert_int_equal(arena_run(w->a, take_until_stopped, w), RC_NO_MEMORY);
    }
    w->steps = -1;
}

static void stop_for_a_reason(void *ctx)
{
    arena_stop(((struct work *)ctx)->a, RC_LIMIT);
}

static void test_run_comes_back_when_the_arena_is_full(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1120, "t");
    struct work w = {.a = &a};
    assert_int_equal(arena_run(&a, take_twice, &w), RC_OK);
    assert_int_equal(w.steps, -1);
    struct arena_mark m = arena_mark(&a);
    w = (struct work){.a = &a};
    assert_int_equal(arena_run(&a, take_until_stopped, &w), RC_NO_MEMORY);
    assert_int_equal(w.steps, 9);
    assert_true(a.failed);
    /* The arena is as it was: what was taken is there, and can be given back. */
    assert_int_equal(arena_used(&a), 1120);
    arena_rewind(&a, m);
    w = (struct work){.a = &a, .nested = true};
    assert_int_equal(arena_run(&a, take_twice, &w), RC_OK);
    assert_int_equal(w.steps, -1);
    assert_int_equal(arena_run(&a, stop_for_a_reason, &w), RC_LIMIT);
    /* Outside of a run it is an abort again. */
    assert_true(test_aborts(alloc_100, &a));
    assert_true(test_aborts(stop_for_a_reason, &w));
    arena_release(&a);
}

static void stop_the_other(void *ctx)
{
    struct work *w = ctx;
    w->steps++;
    take_until_stopped(&(struct work){.a = w->other});
}

static void test_two_arenas_stop_one_run(void **state)
{
    (void)state;
    struct arena outer;
    struct arena inner;
    arena_init(&outer, 1120, "outer");
    arena_init(&inner, 2240, "inner");
    for (uint32_t i = 0; i < 3; i++) {
        struct work w = {.other = i == 1 ? &inner : &outer};
        assert_int_equal(arena_run_two(&outer, &inner, stop_the_other, &w), RC_NO_MEMORY);
        assert_int_equal(w.steps, 1);
        /* No run is left open, whose frame is gone. */
        assert_null(outer.recovery);
        assert_null(inner.recovery);
        arena_release(&outer);
        arena_release(&inner);
    }
}

static void grow_vector_and_map(void *ctx)
{
    struct work *w = ctx;
    VEC(uint64_t) v = {0};
    struct map_u64 m = {0};
    for (uint64_t i = 0;; i++) {
        vec_push(w->a, &v, i);
        map_u64_put(w->a, &m, i, 0);
        w->steps++;
    }
}

static void test_an_arena_below_shares_the_limit(void **state)
{
    (void)state;
    struct arena a;
    struct arena below;
    arena_init(&a, 1120, "t");
    arena_init_below(&below, &a, "below");
    (void)arena_alloc(&below, 512);
    struct arena_mark m = arena_mark(&below);
    assert_non_null(arena_try(&below, 480));
    assert_non_null(arena_try(&a, 128));
    assert_null(arena_try(&a, 1)); /* full, though it holds 128 itself */
    assert_null(arena_try(&below, 1));
    assert_true(a.failed);
    arena_rewind(&below, m);
    assert_non_null(arena_try(&a, 480));
    assert_null(arena_try(&below, 1));
    arena_release(&below);
    char *grown = arena_try_grow(&a, arena_alloc(&a, 16), 16, 496);
    assert_non_null(grown);
    struct work w = {.a = &below};
    assert_int_equal(arena_run(&a, take_until_stopped, &w), RC_NO_MEMORY);
    arena_release(&below);
    assert_int_equal(a.lent_bytes, 0);
    arena_release(&a);
}

static void test_arenas_within_a_budget_share_its_limit(void **state)
{
    (void)state;
    struct arena_budget budget = {.limit_bytes = 1120};
    struct arena a;
    struct arena b;
    struct arena below;
    arena_init_within(&a, &budget, "a");
    arena_init_within(&b, &budget, "b");
    arena_init_below(&below, &b, "below");
    char *p = arena_alloc(&a, 512);
    struct arena_mark m = arena_mark(&below);
    assert_non_null(arena_try(&below, 480));
    assert_non_null(arena_try(&b, 112));
    assert_null(arena_try_grow(&a, p, 512, 544)); /* full, though each holds less */
    assert_true(a.failed && !b.failed);
    assert_non_null(arena_try_grow(&a, p, 512, 528));
    assert_null(arena_try(&below, 1));
    assert_true(b.failed);
    arena_rewind(&below, m);
    assert_int_equal(atomic_load(&budget.used_bytes), 528 + 112);
    struct work w = {.a = &below};
    assert_int_equal(arena_run(&b, take_until_stopped, &w), RC_NO_MEMORY);
    arena_release(&a);
    assert_non_null(arena_try(&b, 528)); /* what one gives back the other may take */
    arena_release(&below);
    arena_release(&b);
    assert_int_equal(atomic_load(&budget.used_bytes), 0);
}

static void test_containers_stop_too(void **state)
{
    (void)state;
    for (size_t limit = 1024; limit < 8192; limit += 512) {
        struct arena a;
        arena_init(&a, limit, "t");
        struct work w = {.a = &a};
        assert_int_equal(arena_run(&a, grow_vector_and_map, &w), RC_NO_MEMORY);
        assert_true(w.steps > 0);
        arena_release(&a);
    }
}

static void move_buf(void *ctx)
{
    struct buf b;
    buf_init(&b, 4096);
    buf_fill(&b, 'x', 2000);
    (void)buf_move(((struct work *)ctx)->a, &b); /* leaves nothing behind: leak detection sees it */
}

static void test_a_moved_buf_is_released(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1000, "t");
    struct work w = {.a = &a};
    assert_int_equal(arena_run(&a, move_buf, &w), RC_NO_MEMORY);
    arena_release(&a);
}

static void test_rewind_gives_back_and_zeroes_again(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20, "t");
    char *keep = arena_strndup(&a, "keep", 4);
    struct arena_mark m = arena_mark(&a);
    size_t used = arena_used(&a);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 1; n < 3000; n = n * 3 + 1) {
            char *p = arena_alloc(&a, n);
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(p[i], 0);
            }
            memset(p, 0xff, n);
        }
        arena_rewind(&a, m);
        assert_int_equal(arena_used(&a), used);
    }
    assert_string_equal(keep, "keep");
    arena_release(&a);
}

/* A block that was given back is used again: what it held is zeroed, and it is freed once. */
static void test_rewind_keeps_a_block(void **state)
{
    (void)state;
    struct arena a;
    struct arena b;
    arena_init(&a, 1 << 24, "test");
    arena_init(&b, 1 << 24, "test");
    struct arena_mark empty = arena_mark(&a);
    for (size_t round = 0; round < 50; round++) {
        size_t n = (round % 7 + 1) * 5000;
        unsigned char *p = arena_alloc(&a, n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(p[i], 0);
            p[i] = 0xff;
        }
        if (round % 11 == 10) {
            assert_true(arena_adopt(&b, &a));
        }
        arena_rewind(&a, round % 11 == 10 ? arena_mark(&a) : empty);
        assert_int_equal(arena_used(&a), 0);
    }
    arena_release(&a);
    arena_release(&b);
}

static void test_rewind_to_empty(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20, "t");
    struct arena_mark m = arena_mark(&a);
    (void)arena_alloc(&a, 5000);
    arena_rewind(&a, m);
    assert_int_equal(arena_used(&a), 0);
    assert_null(a.head);
    arena_release(&a);
}

static void test_grow_keeps_old_and_zeroes_new(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20, "t");
    /* Dirty memory first, so that zeroing is not luck. */
    struct arena_mark m = arena_mark(&a);
    (void)arena_alloc(&a, 16);
    struct arena_mark inner = arena_mark(&a);
    memset(arena_alloc(&a, 40), 0xee, 40);
    arena_rewind(&a, inner);
    char *p = arena_alloc(&a, 3);
    memcpy(p, "abc", 3);
    size_t n = 3;
    while (n < 2000) {
        p = arena_try_grow(&a, p, n, n + 7);
        assert_non_null(p);
        assert_memory_equal(p, "abc", 3);
        for (size_t i = 3; i < n + 7; i++) {
            assert_int_equal(p[i], 0);
        }
        n += 7;
    }
    arena_rewind(&a, m);
    arena_release(&a);
}

static void test_grow_of_an_older_allocation_copies(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20, "t");
    char *old = arena_strndup(&a, "old", 3);
    char *other = arena_strndup(&a, "other", 5);
    char *moved = arena_try_grow(&a, old, 4, 100);
    assert_non_null(moved);
    assert_ptr_not_equal(moved, old);
    assert_string_equal(moved, "old");
    assert_string_equal(old, "old"); /* A3: the old one stays */
    assert_string_equal(other, "other");
    arena_release(&a);
}

static void test_grow_refused_leaves_the_old(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64, "t");
    char *p = arena_strndup(&a, "abc", 3);
    assert_null(arena_try_grow(&a, p, 4, 65));
    assert_true(a.failed);
    assert_string_equal(p, "abc");
    char *fresh = arena_try_grow(&a, NULL, 0, 8);
    assert_non_null(fresh);
    arena_release(&a);
}

static void test_random_use_never_overlaps(void **state)
{
    (void)state;
    const uint64_t seed = 20240315;
    print_message("# seed %llu\n", (unsigned long long)seed);
    struct rng r;
    rng_seed(&r, seed);
    struct arena a;
    arena_init(&a, 1 << 24, "t");
    unsigned char *ptr[200];
    size_t len[200];
    for (int round = 0; round < 20; round++) {
        struct arena_mark m = arena_mark(&a);
        for (size_t i = 0; i < 200; i++) {
            len[i] = (size_t)rng_below(&r, rng_one_in(&r, 20) ? 9000 : 60);
            ptr[i] = arena_alloc(&a, len[i]);
            memset(ptr[i], (int)(i + 1), len[i]);
        }
        for (size_t i = 0; i < 200; i++) {
            for (size_t k = 0; k < len[i]; k++) {
                assert_int_equal(ptr[i][k], i + 1);
            }
        }
        if (rng_one_in(&r, 2)) {
            arena_rewind(&a, m);
        }
    }
    arena_release(&a);
}

struct wide {
    _Alignas(16) char bytes[48];
};

static void test_typed_helpers(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16, "t");
    struct wide *one = ARENA_NEW(&a, struct wide);
    struct wide *many = ARENA_ARRAY(&a, struct wide, 7);
    struct wide *maybe = ARENA_TRY_ARRAY(&a, struct wide, 7);
    assert_int_equal((uintptr_t)one % _Alignof(struct wide), 0);
    assert_non_null(maybe);
    many[6].bytes[47] = 'x';
    assert_int_equal(arena_used(&a), 15 * sizeof(struct wide));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allocations_are_zero_aligned_and_distinct),
        cmocka_unit_test(test_used_counts_rounded_requests),
        cmocka_unit_test(test_try_stops_exactly_at_the_limit),
        cmocka_unit_test(test_huge_requests_are_refused),
        cmocka_unit_test(test_alloc_aborts_at_the_limit),
        cmocka_unit_test(test_run_comes_back_when_the_arena_is_full),
        cmocka_unit_test(test_two_arenas_stop_one_run),
        cmocka_unit_test(test_an_arena_below_shares_the_limit),
        cmocka_unit_test(test_arenas_within_a_budget_share_its_limit),
        cmocka_unit_test(test_containers_stop_too),
        cmocka_unit_test(test_a_moved_buf_is_released),
        cmocka_unit_test(test_rewind_gives_back_and_zeroes_again),
        cmocka_unit_test(test_rewind_keeps_a_block),
        cmocka_unit_test(test_rewind_to_empty),
        cmocka_unit_test(test_grow_keeps_old_and_zeroes_new),
        cmocka_unit_test(test_grow_of_an_older_allocation_copies),
        cmocka_unit_test(test_grow_refused_leaves_the_old),
        cmocka_unit_test(test_random_use_never_overlaps),
        cmocka_unit_test(test_typed_helpers),
    };
    return cmocka_run_group_tests_name("base_arena", tests, NULL, NULL);
}
