/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions on a book, on either engine: asked once, replied to, decided by another one, settled by
 * a correction and by nothing else; two desks that meet; what is sealed stays in its unit.
 */
#include "app/question/question.h"
#include "app/report/report_int.h"
#include "base/buf.h"
#include "store/parcel.h"
#include "tests/app/office.h"

static const char plan_text[] =
    "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n"
    "对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0  数据 残疾 : 人 每年 小数 0 密级 密封 }\n";

/* A figure of the unit, accepted, recorded on the day. */
static void fact(struct office *o, struct desk *d, const char *unit, const char *item, int64_t x,
                 int32_t days_ago)
{
    struct store_receipt got;
    const struct store_parcel *parcels = NULL;
    uint32_t n = 0;
    struct edit edit = {.kind = EDIT_FACT};
    struct fact *f = &edit.u.fact;
    for (uint32_t i = 0; i < d->plan->n_items; i++) {
        f->item = str_eq(d->plan->items[i].d.name, str_from_cstr(item)) ? i : f->item;
    }
    BOOK_OK(o->b, desk_unit(d, str_from_cstr(unit), &f->unit, &o->b->e));
    assert_true(period_make(PERIOD_YEAR, 2023, 1, &f->period));
    f->value = (struct value){.has = true, .num = rat_int(x)};
    f->from.recorded = date_add_days(TODAY, -days_ago);
    BOOK_OK(o->b, parcel_write(o->a, d->plan, d->tree, &edit, 1, &parcels, &n, &o->b->e));
    static int turn;
    const struct store_commit c = {.actor = STR("x"),
                                   .act = STR("book.load"),
                                   .token = str_from_cstr(book_text(o->b, "t%d", ++turn)),
                                   .parcels = parcels,
                                   .n_parcels = n};
    BOOK_OK(o->b, store_commit(o->a, o->b->store, &c, &got, &o->b->e));
}

static struct question_run run(struct office *o, struct desk *d)
{
    struct question_run r;
    d->data = NULL; /* as it is now */
    BOOK_OK(o->b, question_ask(d, NONE, NULL, &r, &o->b->e));
    return r;
}

static struct question_line *line_of(struct office *o, struct desk *d, struct question_lines *all,
                                     const char *unit)
{
    BOOK_OK(o->b, question_all(d, all, &o->b->e));
    for (uint32_t i = 0; i < all->list.n; i++) {
        if (str_eq(all->list.items[i].doc.put.unit, str_from_cstr(unit))) {
            return &all->list.items[i];
        }
    }
    fail();
    return NULL;
}

static enum rc act_on(struct office *o, struct desk *d, struct question_line *q,
                      enum question_act_kind what)
{
    struct question_act x = {.act = what, .text = STR("why")};
    err_clear(&o->b->e);
    return question_do(d, q, &x, REPORT_JUST_READ, STR(""), &o->b->e);
}

static enum rc anew(struct office *o, struct desk *d, const char *unit, enum question_act_kind what)
{
    struct question_lines all;
    return act_on(o, d, line_of(o, d, &all, unit), what);
}

static enum question_state state_of(struct office *o, struct desk *d, const char *unit)
{
    struct question_lines all;
    return line_of(o, d, &all, unit)->doc.state;
}

/* A figure that was changed long afterwards, at S1; nothing at S2. */
static void late(struct office *o, struct desk *d)
{
    fact(o, d, "S1", "学生", 100, 300);
    fact(o, d, "S1", "学生", 150, 100);
    fact(o, d, "S2", "学生", 100, 300);
}

static void test_asked_once_and_answered(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk boss = sit(&o, "boss");
    struct desk u = sit(&o, "u");
    late(&o, &boss);
    struct question_run r = run(&o, &boss);
    assert_int_equal(r.asked, 1);
    r = run(&o, &boss);
    assert_int_equal(r.asked + r.again + r.settled, 0);
    assert_int_equal(r.left, 1);
    assert_int_equal(anew(&o, &boss, "S1", QUESTION_ACT_ACCEPT), RC_CONFLICT);
    assert_int_equal(anew(&o, &u, "S1", QUESTION_ACT_REPLY), RC_OK);
    assert_int_equal(anew(&o, &u, "S1", QUESTION_ACT_ACCEPT), RC_DENIED); /* his own */
    assert_int_equal(anew(&o, &boss, "S1", QUESTION_ACT_AGAIN), RC_OK);
    assert_int_equal(state_of(&o, &u, "S1"), QUESTION_AGAIN);
    assert_int_equal(anew(&o, &u, "S1", QUESTION_ACT_REPLY), RC_OK);
    assert_int_equal(anew(&o, &boss, "S1", QUESTION_ACT_ACCEPT), RC_OK);
    r = run(&o, &boss); /* the same figures: settled is settled */
    assert_int_equal(r.asked + r.again + r.settled + r.left, 0);
    fact(&o, &boss, "S1", "学生", 170, 1);
    r = run(&o, &boss);
    assert_int_equal(r.again, 1);
    assert_int_equal(state_of(&o, &u, "S1"), QUESTION_OPEN);
    rise(&boss);
    rise(&u);
}

static void test_settled_by_a_correction_alone(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk boss = sit(&o, "boss");
    struct question_count counts[DETECTOR__COUNT];
    struct question_lines all;
    late(&o, &boss);
    assert_int_equal(run(&o, &boss).asked, 1);
    fact(&o, &boss, "S2", "学生", 101, 1); /* of another unit */
    assert_int_equal(run(&o, &boss).settled, 0);
    fact(&o, &boss, "S1", "学生", 102, 1); /* nearly as it was: no longer asked */
    assert_int_equal(run(&o, &boss).settled, 1);
    assert_int_equal(state_of(&o, &boss, "S1"), QUESTION_CORRECTED);
    BOOK_OK(o.b, question_all(&boss, &all, &o.b->e));
    BOOK_OK(o.b, question_stats(&boss, &all, counts, &o.b->e));
    assert_int_equal(counts[DETECTOR_LATE_EDIT].of[QUESTION_CORRECTED], 1);
    assert_int_equal(counts[DETECTOR_LATE_EDIT].of[QUESTION_OPEN], 0);
    rise(&boss);
}

/* A question that the run does not find again, as when its peers have changed. */
static void test_settled_by_its_own_unit_alone(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk boss = sit(&o, "boss");
    struct store_end end;
    struct store_receipt got;
    late(&o, &boss);
    BOOK_OK(o.b, store_end(o.a, boss.reader, &end, &o.b->e));
    const struct question_doc doc = {.state = QUESTION_OPEN,
                                     .put = {.detector = STR("change"),
                                             .unit = STR("S2"),
                                             .text = {STR("?"), STR("？")},
                                             .class_ = CLASS_INTERNAL,
                                             .known = end.seq},
                                     .last_act = QUESTION_ACT_ASK,
                                     .last_day = TODAY};
    const struct store_parcel parcel =
        doc_parcel(STR("question/change-1"), question_write(o.a, &doc));
    const struct store_commit c = {.actor = STR("x"),
                                   .act = STR("question.ask"),
                                   .token = STR("by hand"),
                                   .expects = &(struct store_expect){parcel.unit, 0},
                                   .n_expects = 1,
                                   .parcels = &parcel,
                                   .n_parcels = 1};
    BOOK_OK(o.b, store_commit(o.a, o.b->store, &c, &got, &o.b->e));
    assert_int_equal(run(&o, &boss).settled, 0);
    assert_int_equal(state_of(&o, &boss, "S2"), QUESTION_OPEN);
    fact(&o, &boss, "S2", "学生", 99, 1);
    assert_int_equal(run(&o, &boss).settled, 1);
    rise(&boss);
}

static void test_two_at_once(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk a = sit(&o, "a");
    struct desk b = sit(&o, "b");
    struct question_lines la;
    struct question_lines lb;
    late(&o, &a);
    assert_int_equal(run(&o, &a).asked, 1);
    struct question_line *qa = line_of(&o, &a, &la, "S1");
    struct question_line *qb = line_of(&o, &b, &lb, "S1");
    assert_int_equal(act_on(&o, &a, qa, QUESTION_ACT_REPLY), RC_OK);
    assert_int_equal(act_on(&o, &b, qb, QUESTION_ACT_REPLY), RC_CONFLICT);
    rise(&a);
    rise(&b);
}

static void test_a_private_run_leaves_nothing(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk d = sit(&o, "u");
    struct inspection found;
    struct store_end before;
    struct store_end after;
    uint32_t unit = 0;
    late(&o, &d);
    BOOK_OK(o.b, desk_unit(&d, STR("S1"), &unit, &o.b->e));
    BOOK_OK(o.b, store_end(o.a, d.reader, &before, &o.b->e));
    BOOK_OK(o.b, question_inspect(&d, unit, NULL, &found, &o.b->e));
    assert_int_equal(found.list.n, 1);
    o.denied = "question.read";
    err_clear(&o.b->e);
    assert_int_equal(question_inspect(&d, unit, NULL, &found, &o.b->e), RC_DENIED);
    o.denied = "question.ask";
    struct question_run r;
    err_clear(&o.b->e);
    assert_int_equal(question_ask(&d, NONE, NULL, &r, &o.b->e), RC_DENIED);
    o.denied = NULL;
    BOOK_OK(o.b, store_end(o.a, d.reader, &after, &o.b->e));
    assert_true(before.seq == after.seq);
    rise(&d);
}

static void test_sealed_stays_in_the_unit(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk d = sit(&o, "boss");
    struct question_lines all;
    struct question_count counts[DETECTOR__COUNT];
    fact(&o, &d, "S1", "残疾", 100, 300);
    fact(&o, &d, "S1", "残疾", 150, 100);
    assert_int_equal(run(&o, &d).asked, 1);
    struct question_line *q = line_of(&o, &d, &all, "S1");
    assert_int_equal(q->doc.put.class_, CLASS_SEALED);
    assert_int_equal(str_find(q->doc.put.text[0], STR("150"), 0), STR_NONE);
    BOOK_OK(o.b, question_stats(&d, &all, counts, &o.b->e));
    assert_int_equal(counts[DETECTOR_LATE_EDIT].of[QUESTION_OPEN], 0);
    assert_int_equal(act_on(&o, &d, q, QUESTION_ACT_REPLY), RC_OK);
    assert_int_equal(o.class_, CLASS_SEALED);
    assert_text(str_to_cstr(o.a, o.unit), "S1");
    struct desk other = sit(&o, "other");
    assert_int_equal(anew(&o, &other, "S1", QUESTION_ACT_ACCEPT), RC_OK);
    assert_text(str_to_cstr(o.a, o.unit), "S1"); /* not D, which is above */
    rise(&d);
    rise(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_asked_once_and_answered),
        BOOK_TEST(test_settled_by_a_correction_alone),
        BOOK_TEST(test_settled_by_its_own_unit_alone),
        BOOK_TEST(test_two_at_once),
        BOOK_TEST(test_a_private_run_leaves_nothing),
        BOOK_TEST(test_sealed_stays_in_the_unit),
    };
    return BOOK_RUN(tests);
}
