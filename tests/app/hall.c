/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Halls over a book on either engine: what is in one is what the book says, what has not changed is
 * not made again, who is in one keeps it, and who comes while commits are made finds no older one.
 */
#include "app/standing/hall.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "app/seat/desk.h"
#include "tests/app/office.h"

#define LIMIT  ((size_t)64 << 20)
#define GUESTS 3
#define USERS  40

static const char plan_text[] = "计划 t { 名称 \"t\" 印发 2024-01-01 年度 2024 至 2026 }\n"
                                "层级 省 > 县 > 学校\n"
                                "对象 学校 属于 县 { 数据 学生 : 人 每年 }\n";

static void commit_doc(struct office *o, const char *token, struct store_parcel p)
{
    const struct store_expect seen = {p.unit, STORE_UNSEEN};
    const struct store_commit c = {.token = str_from_cstr(token),
                                   .actor = STR("test"),
                                   .act = STR("doc.set"),
                                   .expects = &seen,
                                   .n_expects = 1,
                                   .parcels = &p,
                                   .n_parcels = 1};
    struct store_receipt got;
    BOOK_OK(o->b, store_commit(o->a, o->b->store, &c, &got, &o->b->e));
}

static void add_user(struct office *o, const char *id)
{
    const struct seat_user u = {.id = str_from_cstr(id), .name = STR("某"), .unit = STR("D")};
    commit_doc(o, id, seat_user_parcel(o->a, &u));
}

static void move_unit(struct office *o)
{
    const struct unit_op op = {
        .act = UNIT_MOVE, .day = TODAY, .code = STR("S2"), .parent = STR("R")};
    const struct store_commit words = {.token = STR("move"), .actor = STR("test")};
    struct store_receipt got;
    BOOK_OK(o->b,
            units_commit(o->a, o->b->store, book_reader(o->b), &op, 1, &words, &got, &o->b->e));
}

static struct halls *open_halls(struct office *o, int patience_ms)
{
    struct halls *h = NULL;
    const struct halls_options opts = {.store = o->b->store,
                                       .plan = o->lang.plan,
                                       .day = TODAY,
                                       .limit = LIMIT,
                                       .patience_ms = patience_ms};
    BOOK_OK(o->b, halls_open(&opts, &h, &o->b->e));
    return h;
}

static int64_t last(struct office *o)
{
    struct store_end end;
    BOOK_OK(o->b, store_end(o->a, book_reader(o->b), &end, &o->b->e));
    return end.seq;
}

static void follow(struct office *o, struct halls *h)
{
    BOOK_OK(o->b, halls_follow(h, last(o), TODAY, &o->b->e));
}

static const struct hall *enter(struct office *o, struct halls *h)
{
    const struct hall *x = NULL;
    BOOK_OK(o->b, halls_enter(h, last(o), &x, &o->b->e));
    return x;
}

/* HA1: the hall of now is the roster that the book has. */
static void same(struct office *o, const struct hall *x)
{
    struct seat_roster r;
    BOOK_OK(o->b,
            seat_roster_load(o->a, book_reader(o->b), INT64_MAX, x->roster.day, &r, &o->b->e));
    assert_int_equal(x->roster.users.n, r.users.n);
    assert_int_equal(x->roster.seats.n, r.seats.n);
    assert_int_equal(x->roster.snap->n, r.snap->n);
    for (uint32_t i = 0; i < r.snap->n; i++) {
        assert_int_equal(x->roster.snap->parent[i], r.snap->parent[i]);
    }
    assert_ptr_equal(x->tree, x->roster.snap->tree);
}

static void test_changes(void **state)
{
    struct office o = office(*state, plan_text);
    struct halls *h = open_halls(&o, 0);
    const struct hall *first = enter(&o, h);
    same(&o, first);
    /* Nothing about people or units: the same hall, valid for the new commit. */
    commit_doc(
        &o, "note",
        (struct store_parcel){
            .unit = STR("round/1"), .what = STORE_DOC, .recorded = DATE_MIN, .body = STR("{}")});
    const struct hall *x = NULL;
    assert_int_equal(halls_enter(h, last(&o), &x, NULL), RC_BUSY);
    follow(&o, h);
    x = enter(&o, h);
    assert_ptr_equal(x, first);
    halls_leave(h, x);
    /* A user: another roster on the same tree (HA3); the guest keeps his (HA2). */
    add_user(&o, "li");
    follow(&o, h);
    x = enter(&o, h);
    same(&o, x);
    assert_ptr_equal(x->tree, first->tree);
    assert_int_equal(first->roster.users.n + 1, x->roster.users.n);
    halls_leave(h, first);
    /* A unit: another tree. */
    move_unit(&o);
    follow(&o, h);
    const struct hall *y = enter(&o, h);
    same(&o, y);
    assert_ptr_not_equal(y->tree, x->tree);
    halls_leave(h, x);
    halls_leave(h, y);
    /* A day: the units of that day. */
    BOOK_OK(o.b, halls_follow(h, last(&o), date_add_days(TODAY, 1), &o.b->e));
    y = enter(&o, h);
    same(&o, y);
    halls_leave(h, y);
    assert_int_equal(halls_stats(h).halls, 4);
    assert_int_equal(halls_stats(h).trees, 2);
    halls_close(h);
}

/* A desk looks at the hall of the newest commit, and waits for the follower no longer than told. */
static void test_desk(void **state)
{
    struct office o = office(*state, plan_text);
    struct halls *h = open_halls(&o, 0);
    struct seat_desk d = {.a = o.a,
                          .store = o.b->store,
                          .reader = book_reader(o.b),
                          .now = (int64_t)TODAY.days * 86400000000LL,
                          .halls = h};
    struct seat_desk_act none = {0};
    BOOK_OK(o.b, seat_desk_begin(&d, &none, &o.b->e));
    const struct hall *first = seat_desk_hall(&d);
    assert_int_equal(d.roster.users.n, 0);
    add_user(&o, "li");
    assert_int_equal(seat_desk_begin(&d, &none, NULL), RC_BUSY);
    follow(&o, h);
    BOOK_OK(o.b, seat_desk_begin(&d, &none, &o.b->e));
    assert_int_equal(d.roster.users.n, 1);
    assert_ptr_not_equal(seat_desk_hall(&d), first);
    seat_desk_leave(&d);
    assert_null(seat_desk_hall(&d));
    halls_close(h);
}

/* ---- several at once ------------------------------------------------------------------------ */

struct crowd {
    struct halls *h;
    _Atomic int64_t committed;
    atomic_bool over;
    atomic_int faults;
};

/* Every user is a commit, so the number of users says how old a hall may be. */
static void *guest(void *ctx)
{
    struct crowd *c = ctx;
    while (!atomic_load(&c->over)) {
        const struct hall *x = NULL;
        int64_t seq = atomic_load(&c->committed);
        if (halls_enter(c->h, seq, &x, NULL) != RC_OK || x->roster.seq < seq) {
            atomic_fetch_add(&c->faults, 1);
        }
        if (x != NULL) {
            halls_leave(c->h, x);
        }
    }
    return NULL;
}

static void test_crowd(void **state)
{
    struct office o = office(*state, plan_text);
    struct crowd c = {.h = open_halls(&o, 60000)};
    pthread_t threads[GUESTS];
    char id[16];
    atomic_store(&c.committed, last(&o));
    for (int i = 0; i < GUESTS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, guest, &c), 0);
    }
    for (int i = 0; i < USERS; i++) {
        (void)snprintf(id, sizeof id, "u%d", i);
        add_user(&o, id);
        atomic_store(&c.committed, last(&o)); /* guests wait for the follower from here on */
        follow(&o, c.h);
    }
    atomic_store(&c.over, true);
    for (int i = 0; i < GUESTS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    assert_int_equal(atomic_load(&c.faults), 0);
    assert_int_equal(halls_stats(c.h).trees, 1);
    halls_close(c.h);
}

/* Without room for another hall the one before stays, and the next look makes up for it. */
static void test_no_room(void **state)
{
    struct office o = office(*state, plan_text);
    struct halls *h = NULL;
    const struct halls_options small = {
        .store = o.b->store, .plan = o.lang.plan, .day = TODAY, .limit = 4096};
    assert_int_not_equal(halls_open(&small, &h, NULL), RC_OK);
    assert_null(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_changes),
        BOOK_TEST(test_desk),
        BOOK_TEST(test_crowd),
        BOOK_TEST(test_no_room),
    };
    return BOOK_RUN(tests);
}
