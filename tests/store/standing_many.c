/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several at one book: three processes act on it at random and follow it, units moving in between;
 * at agreed commits and in the end all have the same tables, and they are those from scratch.
 * Readers look on in threads of their own while one follows and others commit.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/sm3.h"
#include "tests/store/scratch.h"

#define PROCESSES 3
#define ACTS      24 /* of each: one commit each */
#define AGREED    8  /* every so many commits tables are compared */
#define LIMIT     ((size_t)1 << 30)
#define YEAR_2030 1893427200000000LL

static const struct standing_options *options(struct book *b, const struct plan *plan, bool pending,
                                              struct standing_options *o)
{
    *o = (struct standing_options){.plan = plan,
                                   .store = b->store,
                                   .pending = pending,
                                   .day = random_day(2040, 1, 1),
                                   .upto = INT64_MAX,
                                   .limit = LIMIT};
    return o;
}

static struct str digest(struct arena *a, struct str table)
{
    uint8_t hash[SM3_BYTES];
    struct buf b;
    assert_true(sm3(table, hash));
    buf_init_in(&b, a, 128);
    for (uint32_t i = 0; i < SM3_BYTES; i++) {
        buf_printf(&b, "%02x", hash[i]);
    }
    return buf_view(&b);
}

/* ---- one of the processes ------------------------------------------------------------------- */

/* "seq view digest" for every agreed commit and the last one. */
static void note(struct arena *a, const struct standing *s, uint32_t view, int64_t last,
                 struct buf *out)
{
    int64_t seq = standing_seq(s);
    if (seq % AGREED == 0 || seq == last) {
        struct str d = digest(a, scratch_live_text(a, s));
        buf_printf(out, "%lld %u %.*s\n", (long long)seq, view, PS(d));
    }
}

/* As far as there are commits, in steps that end at agreed ones. */
static void follow(struct book *b, struct standing *s, uint32_t view, int64_t upto, int64_t last,
                   struct buf *out)
{
    while (standing_seq(s) < upto) {
        struct arena a;
        struct standing_step step;
        int64_t to = (standing_seq(s) / AGREED + 1) * AGREED;
        arena_init(&a, LIMIT, "table");
        BOOK_OK(b, standing_follow(s, to < upto ? to : upto, &step, &b->e));
        note(&a, s, view, last, out);
        arena_release(&a);
    }
}

static void act_and_follow(struct book *b, const struct random_pack *pack, uint32_t number,
                           uint64_t seed, int64_t last, struct buf *out)
{
    struct actor x = {.b = b,
                      .c = chance_of_seed(seed * 10 + number),
                      .name = book_text(b, "p%u", number),
                      .pack = *pack,
                      .keeps_count = true};
    struct standing *s[2];
    struct standing_options o;
    int64_t seen = 0;
    for (uint32_t k = 0; k < 2; k++) {
        BOOK_OK(b, standing_open(options(b, pack->plan, k == 1, &o), &s[k], &b->e));
    }
    for (uint32_t i = 0; i < ACTS; i++) {
        actor_act(&x);
        struct standing *t = s[chance_pick(&x.c, 2)];
        BOOK_OK(b, standing_wait(t, 0, &seen, &b->e));
        follow(b, t, t == s[1], seen < last ? seen : last, last, out);
    }
    for (uint32_t k = 0; k < 2; k++) {
        while (standing_seq(s[k]) < last) {
            BOOK_OK(b, standing_wait(s[k], 1000, &seen, &b->e));
            follow(b, s[k], k, seen < last ? seen : last, last, out);
        }
        standing_close(s[k]);
    }
}

static const char *file_of(struct book *b, uint32_t number)
{
    return book_text(b, "%s/tables-%u", b->dir, number);
}

/* In a process of its own: no connection is shared with the one that forked it. */
static void process(struct book *b, const struct random_pack *pack, uint32_t number, uint64_t seed,
                    int64_t last)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    book_open(b);
    act_and_follow(b, pack, number, seed, last, &out);
    book_close(b);
    BOOK_OK(b, file_write(file_of(b, number), buf_view(&out), &b->e));
    buf_release(&out);
    _exit(0);
}

/* ---- comparing ------------------------------------------------------------------------------ */

/* Each line is what the book gives from scratch; equal lines are so for all processes. */
static uint32_t check_lines(struct book *b, const struct random_pack *pack, uint32_t number)
{
    struct str text = STR("");
    struct str line;
    uint32_t n = 0;
    BOOK_OK(b, file_read(&b->arena, file_of(b, number), 1 << 20, &text, &b->e));
    while (str_split(&text, '\n', &line) && line.n > 0) {
        struct arena a;
        struct verdicts want;
        const struct tree *t = NULL;
        struct str seq = STR("");
        struct str view = STR("");
        i128 upto = 0;
        arena_init(&a, LIMIT, "scratch");
        assert_true(str_split(&line, ' ', &seq) && str_split(&line, ' ', &view));
        assert_true(i128_parse(seq, &upto));
        struct question q = {pack->plan, str_eq(view, STR("1")), random_day(2040, 1, 1),
                             (int64_t)upto};
        scratch_judge(&a, b, &q, false, &want, &t);
        assert_true(str_eq(digest(&a, scratch_text(&a, &want)), line));
        arena_release(&a);
        n++;
    }
    return n;
}

static void several(struct book *b, uint64_t seed)
{
    pid_t pids[PROCESSES];
    struct actor x = {.b = b, .c = chance_of_seed(seed), .name = "a"};
    assert_true(random_pack(&b->arena, &x.c, &x.pack));
    book_close(b);
    b->where = book_place(b);
    b->clock = YEAR_2030;
    book_open(b);
    actor_begin(&x);
    int64_t last = x.last + (int64_t)PROCESSES * ACTS;
    book_close(b);
    for (uint32_t i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) {
            process(b, &x.pack, i, seed, last);
        }
    }
    for (uint32_t i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    book_open(b);
    struct store_end end;
    BOOK_OK(b, store_end(&b->arena, book_reader(b), &end, &b->e));
    assert_int_equal(end.seq, last);
    uint32_t n = 0;
    for (uint32_t i = 0; i < PROCESSES; i++) {
        n += check_lines(b, &x.pack, i);
    }
    assert_true(n >= PROCESSES * 2U * (uint32_t)(ACTS * PROCESSES / AGREED - 1));
}

static void test_processes(void **state)
{
    for (uint64_t seed = 1; seed <= 2; seed++) {
        several(*state, 20260300 + seed);
    }
}

/* ---- readers look on ------------------------------------------------------------------------ */

struct looking {
    struct standing *s;
    _Atomic bool over;
    uint64_t rows, looks;
    int64_t last;
    bool backwards;
};

static void *look(void *ctx)
{
    struct looking *l = ctx;
    struct live_reader *r = live_reader(standing_live(l->s));
    while (!atomic_load(&l->over)) {
        int64_t seq = standing_pin(l->s, r);
        l->backwards = l->backwards || seq < l->last;
        l->last = seq;
        for (struct live_rows x = live_rows(r, NONE, NONE); live_next(&x);) {
            l->rows += x.row->state + 1U;
        }
        live_unpin(r);
        l->looks++;
    }
    live_reader_release(r);
    return NULL;
}

struct committing {
    struct actor x;
    _Atomic bool over;
};

static void *commit_all(void *ctx)
{
    struct committing *c = ctx;
    for (uint32_t i = 0; i < 40; i++) {
        actor_act(&c->x);
    }
    atomic_store(&c->over, true);
    return NULL;
}

/* The one that commits has a handle of its own; the follower's thread is this one. */
static void test_readers(void **state)
{
    struct book *b = *state;
    struct book mine = *b;
    struct committing c = {.x = {.b = b, .c = chance_of_seed(77), .name = "a"}};
    struct looking looks[2] = {0};
    struct standing_options o;
    struct standing *s = NULL;
    pthread_t threads[3];
    int64_t last = 0;
    assert_true(random_pack(&b->arena, &c.x.c, &c.x.pack));
    b->clock = YEAR_2030;
    actor_begin(&c.x);
    arena_init(&mine.arena, LIMIT, "follower");
    mine.reader = NULL;
    book_open(&mine);
    BOOK_OK(&mine, standing_open(options(&mine, c.x.pack.plan, true, &o), &s, &mine.e));
    for (uint32_t i = 0; i < 2; i++) {
        looks[i].s = s;
        assert_int_equal(pthread_create(&threads[i], NULL, look, &looks[i]), 0);
    }
    assert_int_equal(pthread_create(&threads[2], NULL, commit_all, &c), 0);
    bool over = false;
    while (!over || standing_seq(s) < last) {
        struct standing_step step;
        over = atomic_load(&c.over);
        BOOK_OK(&mine, standing_wait(s, 20, &last, &mine.e));
        BOOK_OK(&mine, standing_follow(s, last, &step, &mine.e));
    }
    for (uint32_t i = 0; i < 3; i++) {
        atomic_store(&looks[i < 2 ? i : 0].over, true);
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(looks[i].looks > 0 && !looks[i].backwards);
    }
    assert_int_equal(standing_seq(s), c.x.last);
    standing_close(s);
    book_close(&mine);
    arena_release(&mine.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_processes),
        BOOK_TEST(test_readers),
    };
    return BOOK_RUN(tests);
}
