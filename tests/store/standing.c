/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standings: after random acts of reporting on a book both views are those of judging its rows from
 * scratch, every field of every row, as of the newest commit, an earlier one, and a day.
 * TIZHI_SEED repeats or varies a run, TIZHI_ROUNDS makes it longer.
 */
#include "app/standing/standing.h"

#include <stdlib.h>

#include "model/progress.h"
#include "tests/store/scratch.h"
#include "tests/store/server.h"

#define ROUNDS    12
#define ACTS      30
#define LIMIT     ((size_t)1 << 30)
#define YEAR_2030 1893427200000000LL

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    i128 n = (i128)otherwise;
    assert_true(text == NULL || i128_parse(str_from_cstr(text), &n));
    return (uint64_t)n;
}

static struct standing *open_at(struct book *b, const struct question *q)
{
    struct standing *s = NULL;
    const struct standing_options o = {.plan = q->plan,
                                       .store = b->store,
                                       .pending = q->pending,
                                       .day = q->day,
                                       .upto = q->upto,
                                       .limit = LIMIT};
    BOOK_OK(b, standing_open(&o, &s, &b->e));
    return s;
}

/* By columns and, now and then, by the reference. */
static void hold_against(struct book *b, const struct standing *s, struct question q,
                         bool reference)
{
    struct arena a;
    struct verdicts want;
    const struct tree *t = NULL;
    arena_init(&a, LIMIT, "scratch");
    q.upto = standing_seq(s);
    scratch_judge(&a, b, &q, false, &want, &t);
    scratch_same(&a, s, &want, q.pending ? "scratch, pending" : "scratch");
    if (reference) {
        scratch_judge(&a, b, &q, true, &want, &t);
        scratch_same(&a, s, &want, q.pending ? "reference, pending" : "reference");
    }
    arena_release(&a);
}

struct totals {
    uint64_t packs, steps, anew, looks, edits, changes;
};

static void follow(struct book *b, struct standing *s, int64_t to, struct totals *sum)
{
    struct standing_step step;
    BOOK_OK(b, standing_follow(s, to, &step, &b->e));
    assert_true(step.seq == standing_seq(s));
    sum->steps++;
    sum->anew += step.anew;
    sum->changes += step.changes.n;
}

#define VIEWS 3

static void acts(struct actor *x, struct question q[VIEWS], struct standing *s[VIEWS],
                 struct totals *sum)
{
    for (uint32_t i = 0; i < ACTS; i++) {
        actor_act(x);
        for (uint32_t k = 0; k < VIEWS; k++) {
            if (chance_pick(&x->c, 4) > 0) { /* else several commits in one step */
                follow(x->b, s[k], INT64_MAX, sum);
                hold_against(x->b, s[k], q[k], chance_pick(&x->c, 8) == 0);
            }
        }
    }
}

/* Another standing begun now, or at an earlier commit, is where the followers are. */
static void begin_late(struct book *b, struct actor *x, struct question q, struct totals *sum)
{
    struct question then = q;
    then.upto = 2 + (int64_t)chance_pick(&x->c, (uint32_t)(x->last - 1));
    struct standing *s = open_at(b, &then);
    assert_int_equal(standing_seq(s), then.upto);
    hold_against(b, s, then, true);
    follow(b, s, INT64_MAX, sum);
    hold_against(b, s, q, false);
    struct standing_step step;
    q.day = random_day(2024 + (int32_t)chance_pick(&x->c, 4), 7, 1);
    BOOK_OK(b, standing_turn(s, q.day, INT64_MAX, &step, &b->e));
    hold_against(b, s, q, false);
    standing_close(s);
}

static void one_pack(struct book *b, uint64_t seed, struct totals *sum)
{
    struct actor x = {.b = b, .c = chance_of_seed(seed), .name = "a"};
    struct standing *s[VIEWS];
    if (!random_pack(&b->arena, &x.c, &x.pack)) {
        return;
    }
    book_close(b);
    b->where = book_place(b);
    b->clock = YEAR_2030;
    book_open(b);
    actor_begin(&x);
    struct date last = random_day(2040, 1, 1);
    struct date now = chance_pick(&x.c, 2) == 0 ? x.pack.as_of : last;
    struct question q[VIEWS] = {
        {x.pack.plan, false, last, INT64_MAX},
        {x.pack.plan, true, last, INT64_MAX},
        {x.pack.plan, chance_pick(&x.c, 2) == 0, now, INT64_MAX},
    };
    for (uint32_t k = 0; k < VIEWS; k++) {
        s[k] = open_at(b, &q[k]);
        hold_against(b, s[k], q[k], true);
    }
    acts(&x, q, s, sum);
    for (uint32_t k = 0; k < VIEWS; k++) {
        begin_late(b, &x, q[k], sum);
        sum->looks += standing_stats(s[k]).looks;
        sum->edits += standing_stats(s[k]).edits;
        standing_close(s[k]);
    }
    sum->packs++;
}

static void test_as_from_scratch(void **state)
{
    struct totals sum = {0};
    uint64_t seed = number_from("TIZHI_SEED", 20260201);
    uint64_t rounds = number_from("TIZHI_ROUNDS", ROUNDS);
    for (uint64_t i = 0; i < rounds; i++) {
        print_message("# TIZHI_SEED=%llu\n", (unsigned long long)(seed + i));
        one_pack(*state, seed + i, &sum);
    }
    print_message("# %llu packs, %llu steps, %llu of them on a new base, %llu looks at histories, "
                  "%llu edits, %llu changes\n",
                  (unsigned long long)sum.packs, (unsigned long long)sum.steps,
                  (unsigned long long)sum.anew, (unsigned long long)sum.looks,
                  (unsigned long long)sum.edits, (unsigned long long)sum.changes);
    assert_true(sum.anew * 2 < sum.steps);
    assert_true(sum.looks > sum.packs);
    assert_true(sum.changes > sum.packs);
}

/* With too little memory it is told so, and nothing is lost of the book; a step that finds none
 * leaves the version before it, and with more the next one begins anew (SD3). */
static void test_memory(void **state)
{
    struct book *b = *state;
    struct actor x = {.b = b, .c = chance_of_seed(20260204), .name = "a"};
    assert_true(random_pack(&b->arena, &x.c, &x.pack));
    b->clock = YEAR_2030;
    actor_begin(&x);
    struct standing_options o = {.plan = x.pack.plan,
                                 .store = b->store,
                                 .pending = true,
                                 .day = random_day(2040, 1, 1),
                                 .upto = INT64_MAX};
    struct standing *s = NULL;
    uint32_t refused = 0;
    for (o.limit = 4096; s == NULL; o.limit += o.limit / 4) {
        err_clear(&b->e);
        enum rc rc = standing_open(&o, &s, &b->e);
        assert_true(rc == RC_OK || rc == RC_NO_MEMORY || rc == RC_LIMIT);
        refused += rc != RC_OK;
    }
    assert_true(refused > 3);
    bool failed = false;
    for (uint32_t i = 0; i < 400 && !failed; i++) {
        struct standing_step step;
        int64_t before = standing_seq(s);
        actor_act(&x);
        err_clear(&b->e);
        failed = standing_follow(s, INT64_MAX, &step, &b->e) != RC_OK;
        assert_true(!failed || standing_seq(s) == before);
    }
    assert_true(failed);
    standing_close(s);
    o.limit = LIMIT;
    err_clear(&b->e);
    BOOK_OK(b, standing_open(&o, &s, &b->e));
    hold_against(b, s, (struct question){o.plan, true, o.day, INT64_MAX}, false);
    standing_close(s);
}

struct listener {
    uint32_t n, until; /* told so often; at which it shall end, counted from 1; 0: never */
    enum progress_counts counted;
    int64_t done;
    bool between; /* something between nothing and all was told */
};

/* Of the book first, then of commitments, and never back. */
static bool hear(void *ctx, enum progress_counts counted, int64_t done, int64_t of)
{
    struct listener *l = ctx;
    assert_true(counted == PROGRESS_BOOK || counted == PROGRESS_COMMITMENTS);
    assert_true(counted > l->counted || (counted == l->counted && done > l->done));
    assert_true(done >= 0 && done <= of);
    l->between |= done > 0 && done < of;
    l->counted = counted;
    l->done = done;
    return ++l->n != l->until;
}

/* Opening tells how far it is, and ends wherever it is told to. */
static void test_progress(void **state)
{
    struct book *b = *state;
    struct actor x = {.b = b, .c = chance_of_seed(20260204), .name = "a"};
    struct listener l = {0};
    const struct progress p = {hear, &l};
    assert_true(random_pack(&b->arena, &x.c, &x.pack));
    b->clock = YEAR_2030;
    actor_begin(&x);
    struct standing_options o = {.plan = x.pack.plan,
                                 .store = b->store,
                                 .day = random_day(2040, 1, 1),
                                 .upto = INT64_MAX,
                                 .limit = LIMIT,
                                 .progress = &p};
    struct standing *s = NULL;
    BOOK_OK(b, standing_open(&o, &s, &b->e));
    assert_true(l.n > 2 && l.between);
    assert_true(l.done == x.pack.plan->n_commitments);
    follow(b, s, INT64_MAX, &(struct totals){0}); /* which tells nobody */
    standing_close(s);
    for (uint32_t all = l.n, i = 1; i <= all; i++) {
        l = (struct listener){.until = i};
        err_clear(&b->e);
        assert_int_equal(standing_open(&o, &s, &b->e), RC_CANCELLED);
        assert_true(s == NULL && l.n == i);
    }
}

/* A server that dies under a follower costs it a new base, and no commit. */
static void test_server(void **state)
{
    struct book *b = *state;
    struct actor x = {.b = b, .c = chance_of_seed(20260205), .name = "a"};
    struct standing_step step;
    if (book_server() == NULL) {
        return;
    }
    assert_true(random_pack(&b->arena, &x.c, &x.pack));
    b->clock = YEAR_2030;
    actor_begin(&x);
    struct question q = {x.pack.plan, true, random_day(2040, 1, 1), INT64_MAX};
    struct standing *s = open_at(b, &q);
    for (uint32_t i = 0; i < 3; i++) {
        actor_act(&x);
        int64_t before = standing_seq(s);
        server_kill(book_server());
        err_clear(&b->e);
        assert_true(standing_follow(s, INT64_MAX, &step, &b->e) != RC_OK);
        assert_int_equal(standing_seq(s), before);
        server_run(book_server());
        BOOK_OK(b, standing_follow(s, INT64_MAX, &step, &b->e));
        assert_true(step.anew);
        store_reader_close(b->reader); /* it knows nothing of it yet */
        b->reader = NULL;
        assert_int_equal(standing_seq(s), x.last);
        hold_against(b, s, q, false);
    }
    standing_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_as_from_scratch),
        BOOK_TEST(test_memory),
        BOOK_TEST(test_progress),
        BOOK_TEST(test_server),
    };
    return BOOK_RUN(tests);
}
