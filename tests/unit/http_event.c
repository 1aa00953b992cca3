/* SPDX-License-Identifier: Apache-2.0 */
/* The buffer of events, and how they are told: in order, once, to those who may know. */
#include <string.h>

#include "base/arena.h"
#include "http/event.h"
#include "http/tell.h"
#include "model/plan.h"
#include "tests/lib/test.h"

static struct arena arena;
static struct events *events;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20, "test");
    events = events_new(&arena, 10);
    return 0;
}

static int end(void **state)
{
    (void)state;
    events_drop(events);
    arena_release(&arena);
    return 0;
}

static void put(enum event_kind kind, int64_t seq, const struct event_place *places, uint32_t n)
{
    events_put(events, &(struct happening){kind, seq, false, places, n});
}

static struct news after(int64_t seq)
{
    bool missed = false;
    struct news news;
    events_after(events, &arena, events_place(events, seq, &missed), &news);
    news.missed |= missed;
    return news;
}

static void test_order(void **state)
{
    const struct event_place first[] = {{STR("S2"), STR("A.1")}, {STR("S1"), STR("A.2")}};
    const struct event_place second[] = {{STR("S1"), STR("A.2")}, {STR("S1"), STR("A.1")}};
    (void)state;
    assert_int_equal(after(10).seq, 0);
    put(EVENT_VERDICT, 11, first, 2);
    put(EVENT_QUEUE, 11, first, 1);
    put(EVENT_VERDICT, 13, second, 2);
    struct news news = after(10);
    assert_false(news.missed);
    assert_int_equal(news.seq, 13);
    const struct happening *v = &news.of[EVENT_VERDICT];
    assert_int_equal(v->n, 3); /* in order, each once */
    assert_true(str_eq(v->places[0].unit, STR("S1")) && str_eq(v->places[0].target, STR("A.1")));
    assert_true(str_eq(v->places[2].unit, STR("S2")));
    assert_int_equal(news.of[EVENT_QUEUE].seq, 11);
    assert_int_equal(news.of[EVENT_HALL].seq, 0);
    news = after(11);
    assert_int_equal(news.of[EVENT_VERDICT].n, 2);
    assert_int_equal(news.of[EVENT_QUEUE].seq, 0);
    struct news more;
    events_after(events, &arena, news.upto, &more);
    assert_int_equal(more.seq, 0);
    assert_true(after(9).missed); /* before the buffer began */
}

static void test_forgotten(void **state)
{
    (void)state;
    for (int64_t seq = 11; seq <= 11 + 5000; seq++) {
        put(EVENT_HALL, seq, NULL, 0);
    }
    assert_true(after(11).missed);
    assert_false(after(5000).missed);
    struct news news;
    events_after(events, &arena, 0, &news); /* a place that is no more */
    assert_true(news.missed);
}

static void test_many(void **state)
{
    struct event_place places[EVENT_PLACES_MAX + 1];
    char codes[EVENT_PLACES_MAX + 1][8];
    (void)state;
    for (uint32_t i = 0; i <= EVENT_PLACES_MAX; i++) {
        codes[i][0] = (char)('a' + i / 26);
        codes[i][1] = (char)('a' + i % 26);
        places[i] = (struct event_place){str_make(codes[i], 2), STR("A")};
    }
    put(EVENT_VERDICT, 11, places, EVENT_PLACES_MAX + 1);
    assert_true(after(10).of[EVENT_VERDICT].many);
    put(EVENT_VERDICT, 12, places, EVENT_PLACES_MAX);
    assert_false(after(11).of[EVENT_VERDICT].many);
    put(EVENT_VERDICT, 13, places + 1, EVENT_PLACES_MAX);
    assert_true(after(11).of[EVENT_VERDICT].many); /* together they are more */
}

static bool may(void *ctx, enum event_kind kind, struct str unit)
{
    (void)kind;
    return str_eq(unit, STR("S1")) && *(bool *)ctx;
}

static struct str told(const struct news *news, bool *allowed)
{
    struct buf out;
    buf_init_in(&out, &arena, 65536);
    tell_news(&out, news, may, allowed);
    return buf_view(&out);
}

static void test_told(void **state)
{
    const struct event_place places[] = {
        {STR("S1"), STR("A.1")}, {STR("S1"), STR("A.2")}, {STR("S2"), STR("A.0")}};
    bool yes = true;
    bool no = false;
    (void)state;
    put(EVENT_HALL, 12, NULL, 0);
    put(EVENT_VERDICT, 11, places, 3);
    struct news news = after(10);
    struct str text = told(&news, &yes);
    /* What he may not know is not there, and the number comes with the last event. */
    assert_true(str_eq(text, STR("event: hall\ndata: {\"commit\":12}\n\n"
                                 "event: verdict\nid: 11\ndata: {\"commit\":11,\"units\":[\"S1\"],"
                                 "\"targets\":[\"A.1\",\"A.2\"]}\n\n")));
    assert_true(str_eq(told(&news, &no), STR("event: hall\nid: 11\ndata: {\"commit\":12}\n\n")));
    news.missed = true;
    assert_true(str_eq(told(&news, &no), STR("event: missed\nid: 11\ndata: {\"commit\":11}\n\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order, begin, end),
        cmocka_unit_test_setup_teardown(test_forgotten, begin, end),
        cmocka_unit_test_setup_teardown(test_many, begin, end),
        cmocka_unit_test_setup_teardown(test_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
