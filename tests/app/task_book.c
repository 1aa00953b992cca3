/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks on a book, on either engine: two desks that meet, evidence that is kept with the book,
 * verdicts that move with the sign-off and with nothing else, what a refusal leaves behind.
 */
#include "app/task/task.h"
#include "engine/judge.h"
#include "engine/ref.h"
#include "store/files.h"
#include "store/load.h"
#include "tests/app/office.h"

static const char plan_text[] = "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n"
                                "任务 K1 办学标准 { 于 2024年 交付 \"标准\" 责任 \"基教处\" }\n"
                                "任务 K2 方案 { 于 2025年 每个 县 交付 \"方案\" }\n"
                                "阶段 K3 实验区 { 认定 于 2024年 > 建成 于 2025年 }\n"
                                "名单 试点 : 学校 { S2 }\n"
                                "任务 K4 会议 { 于 2024年 每个 县 开展 2次 责任 甲处 "
                                "协办 学校, 省, 甲处, \"乙厅\" }\n"
                                "任务 K5 样本 { 于 2024年 交付 \"样本\" 协办 试点 }\n";

static struct task_lines listed(struct office *o, struct desk *d)
{
    struct task_lines all;
    d->data = NULL; /* as it is now */
    BOOK_OK(o->b, task_list(d, 30, NULL, &all, &o->b->e));
    return all;
}

static struct task_line *line_of(struct office *o, struct desk *d, struct task_lines *all,
                                 const char *id, const char *part, const char *unit)
{
    struct task_line *t = NULL;
    BOOK_OK(o->b, task_find(d, all, str_from_cstr(id), str_from_cstr(part), str_from_cstr(unit), 0,
                            &t, &o->b->e));
    return t;
}

static enum rc act_on(struct office *o, struct desk *d, struct task_line *t,
                      enum task_act_kind what)
{
    struct task_act x = {.act = what,
                         .reason = STR("why"),
                         .until = date_year_end(2026),
                         .evidence = {.day = date_year_end(2024), .document = STR("a.txt")}};
    err_clear(&o->b->e);
    return task_do(d, t, &x, REPORT_JUST_READ, STR("the text\n"), &o->b->e);
}

/* A fresh look at the list, then the act. */
static enum rc anew(struct office *o, struct desk *d, const char *id, const char *part,
                    const char *unit, enum task_act_kind what)
{
    struct task_lines all = listed(o, d);
    return act_on(o, d, line_of(o, d, &all, id, part, unit), what);
}

static enum state verdict(struct office *o, struct desk *d, const char *id, const char *part,
                          const char *unit)
{
    struct task_lines all = listed(o, d);
    return line_of(o, d, &all, id, part, unit)->verdict;
}

/* ---- two people ----------------------------------------------------------------------------- */

static void test_two_filers(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk u1 = sit(&o, "u1");
    struct desk u2 = sit(&o, "u2");
    struct task_lines l1 = listed(&o, &u1);
    struct task_lines l2 = listed(&o, &u2);
    struct task_line *t1 = line_of(&o, &u1, &l1, "K2", "", "D");
    struct task_line *t2 = line_of(&o, &u2, &l2, "K2", "", "D");
    assert_int_equal(act_on(&o, &u1, t1, TASK_ACT_FILE), RC_OK);
    assert_int_equal(act_on(&o, &u2, t2, TASK_ACT_FILE), RC_CONFLICT);
    assert_text(o.b->e.primary_en, "u1");
    assert_int_equal(anew(&o, &u2, "K2", "", "D", TASK_ACT_FILE), RC_OK);
    l1 = listed(&o, &u1);
    const struct task_line *now = line_of(&o, &u1, &l1, "K2", "", "D");
    assert_int_equal(now->doc.evidence.n, 2); /* neither is lost */
    assert_true(str_eq(now->doc.evidence.items[0].actor, STR("u1")));
    rise(&u1);
    rise(&u2);
}

static void test_two_deciders(void **state)
{
    static const enum task_act_kind first[] = {TASK_ACT_SIGN_OFF, TASK_ACT_RETURN};
    struct office o = office(*state, plan_text);
    struct desk u = sit(&o, "u");
    struct desk a = sit(&o, "a");
    struct desk b = sit(&o, "b");
    static const char *const unit[] = {"D", "R"};
    for (uint32_t k = 0; k < 2; k++) {
        const char *id = k == 0 ? "K2" : "K1";
        assert_int_equal(anew(&o, &u, id, "", unit[k], TASK_ACT_FILE), RC_OK);
        assert_int_equal(anew(&o, &u, id, "", unit[k], TASK_ACT_SIGN_OFF), RC_DENIED);
        struct task_lines la = listed(&o, &a);
        struct task_lines lb = listed(&o, &b);
        struct task_line *ta = line_of(&o, &a, &la, id, "", unit[k]);
        struct task_line *tb = line_of(&o, &b, &lb, id, "", unit[k]);
        assert_int_equal(act_on(&o, &a, ta, first[k]), RC_OK);
        assert_int_equal(act_on(&o, &b, tb, first[1 - k]), RC_CONFLICT);
        lb = listed(&o, &b);
        tb = line_of(&o, &b, &lb, id, "", unit[k]);
        assert_int_equal(tb->doc.state, k == 0 ? TASK_DONE : TASK_RETURNED);
        assert_int_equal(tb->seen, ta->seen);
    }
    rise(&u);
    rise(&a);
    rise(&b);
}

/* ---- what counts ---------------------------------------------------------------------------- */

static enum state judged(struct office *o, struct desk *d, uint32_t commitment)
{
    struct book_state s;
    struct cells *c = NULL;
    struct evaluator ev;
    struct verdicts rows = {.commitment = NONE};
    const struct book_options options = {.plan = o->lang.plan, .upto = INT64_MAX};
    BOOK_OK(o->b, book_load(o->a, d->reader, &options, &s, &o->b->e));
    BOOK_OK(o->b, cells_make(o->a, s.plan, s.data, TODAY, &c, &o->b->e));
    BOOK_OK(o->b, ref_make(o->a, c, &ev, &o->b->e));
    const struct judge_query q = {commitment, NONE, 0};
    BOOK_OK(o->b, judge_plan(o->a, c, &ev, q, &rows, &o->b->e));
    assert_true(rows.rows.n > 0);
    return verdicts_at(&rows, 0).state;
}

static void test_sign_off_counts(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk u = sit(&o, "u");
    struct desk boss = sit(&o, "boss");
    struct task_lines all = listed(&o, &u);
    uint32_t k1 = line_of(&o, &u, &all, "K1", "", "R")->commitment;
    assert_int_equal(judged(&o, &u, k1), ST_MISSED); /* due at the end of 2024, today 2025-01-01 */
    assert_int_equal(anew(&o, &u, "K1", "", "R", TASK_ACT_EXTEND), RC_OK);
    assert_int_equal(anew(&o, &boss, "K1", "", "R", TASK_ACT_GRANT), RC_OK);
    assert_int_equal(anew(&o, &u, "K1", "", "R", TASK_ACT_FILE), RC_OK);
    assert_int_equal(judged(&o, &u, k1), ST_MISSED); /* an extension moves the light alone */
    all = listed(&o, &u);
    const struct task_line *t = line_of(&o, &u, &all, "K1", "", "R");
    assert_int_equal(t->light, LIGHT_GREEN);
    struct str hash = t->doc.evidence.items[0].hash;
    struct str content;
    BOOK_OK(o.b, files_get(o.a, o.b->store, hash, &content, &o.b->e));
    assert_true(str_eq(content, STR("the text\n")));
    assert_int_equal(anew(&o, &boss, "K1", "", "R", TASK_ACT_SIGN_OFF), RC_OK);
    assert_int_equal(judged(&o, &u, k1), ST_MET);
    assert_int_equal(verdict(&o, &u, "K1", "", "R"), ST_MET);
    /* A stage is signed off by its own part. */
    assert_int_equal(anew(&o, &u, "K3", "认定", "R", TASK_ACT_FILE), RC_OK);
    assert_int_equal(anew(&o, &boss, "K3", "认定", "R", TASK_ACT_SIGN_OFF), RC_OK);
    assert_int_equal(verdict(&o, &u, "K3", "认定", "R"), ST_MET);
    assert_true(verdict(&o, &u, "K3", "建成", "R") != ST_MET);
    rise(&u);
    rise(&boss);
}

/* ---- co-owners ------------------------------------------------------------------------------ */

static enum rc contribute(struct office *o, struct desk *d, const char *id, const char *unit,
                          const char *of)
{
    struct task_lines all = listed(o, d);
    struct task_act x = {.act = TASK_ACT_CONTRIBUTE,
                         .evidence = {.day = date_year_end(2024),
                                      .document = STR("b.txt"),
                                      .unit = str_from_cstr(of)}};
    err_clear(&o->b->e);
    return task_do(d, line_of(o, d, &all, id, "", unit), &x, REPORT_JUST_READ, STR("more\n"),
                   &o->b->e);
}

static void test_who_shares(void **state)
{
    static const struct {
        const char *id, *unit, *with;
    } cases[] = {{"K4", "D", "R S1 S2"}, {"K5", "R", "S2"}, {"K1", "R", ""}, {"K2", "D", ""}};
    struct office o = office(*state, plan_text);
    struct desk d = sit(&o, "u");
    struct task_lines all = listed(&o, &d);
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task_line *t = line_of(&o, &d, &all, cases[i].id, "", cases[i].unit);
        struct task_units with = task_sharers(&d, t);
        struct str text = STR("");
        for (uint32_t k = 0; k < with.list.n; k++) {
            assert_true(task_shares(&d, t, with.list.items[k]));
            text = k == 0 ? text : str_cat(o.a, text, STR(" "));
            text = str_cat(o.a, text, desk_code(&d, with.list.items[k]));
        }
        assert_true(str_eq(text, str_from_cstr(cases[i].with)));
        assert_false(task_shares(&d, t, t->unit));
    }
    rise(&d);
}

static void test_contributions(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk u = sit(&o, "u");
    struct desk c = sit(&o, "c");
    struct desk boss = sit(&o, "boss");
    assert_int_equal(contribute(&o, &c, "K4", "D", "S1"), RC_OK);
    assert_int_equal(contribute(&o, &boss, "K5", "R", "S1"), RC_DENIED); /* not on the list */
    assert_text(o.b->e.primary_en, "no co-owner");
    assert_int_equal(anew(&o, &boss, "K4", "", "D", TASK_ACT_SIGN_OFF), RC_CONFLICT); /* TK4 */
    assert_int_equal(anew(&o, &u, "K4", "", "D", TASK_ACT_FILE), RC_OK);
    assert_int_equal(contribute(&o, &c, "K4", "D", "S2"), RC_CONFLICT); /* as it was put forward */
    assert_int_equal(anew(&o, &c, "K4", "", "D", TASK_ACT_SIGN_OFF), RC_DENIED); /* TK2 */
    assert_int_equal(anew(&o, &boss, "K4", "", "D", TASK_ACT_RETURN), RC_OK);
    assert_int_equal(contribute(&o, &boss, "K4", "D", "R"), RC_OK);
    struct task_lines returned = listed(&o, &u);
    assert_true(
        str_eq(line_of(&o, &u, &returned, "K4", "", "D")->doc.reason, STR("why"))); /* still */
    assert_int_equal(anew(&o, &u, "K4", "", "D", TASK_ACT_FILE), RC_OK);
    assert_int_equal(anew(&o, &boss, "K4", "", "D", TASK_ACT_SIGN_OFF), RC_DENIED);
    struct desk other = sit(&o, "other");
    assert_int_equal(anew(&o, &other, "K4", "", "D", TASK_ACT_SIGN_OFF), RC_OK);
    struct task_lines all = listed(&o, &u);
    const struct task_line *t = line_of(&o, &u, &all, "K4", "", "D");
    assert_int_equal(t->doc.evidence.n, 4); /* each with who brought it, and of the owner two */
    assert_true(str_eq(t->doc.evidence.items[0].actor, STR("c")));
    assert_true(str_eq(t->doc.evidence.items[0].unit, STR("S1")));
    assert_true(str_eq(t->doc.evidence.items[2].unit, STR("R")));
    assert_int_equal(t->verdict, ST_MET);
    rise(&u);
    rise(&c);
    rise(&boss);
    rise(&other);
}

/* Of a task that wants two, one document of the owner and one of a co-owner are one. */
static void test_contributions_do_not_count(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk u = sit(&o, "u");
    struct desk boss = sit(&o, "boss");
    assert_int_equal(contribute(&o, &u, "K4", "D", "S1"), RC_OK);
    assert_int_equal(anew(&o, &u, "K4", "", "D", TASK_ACT_FILE), RC_OK);
    assert_int_equal(anew(&o, &boss, "K4", "", "D", TASK_ACT_SIGN_OFF), RC_OK);
    assert_int_equal(verdict(&o, &u, "K4", "", "D"), ST_MISSED);
    o.denied = "task.contribute";
    assert_int_equal(contribute(&o, &u, "K5", "R", "S2"), RC_DENIED);
    rise(&u);
    rise(&boss);
}

/* ---- refusals ------------------------------------------------------------------------------- */

static void test_refusals_leave_nothing(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk d = sit(&o, "u");
    struct store_end before;
    struct store_end after;
    BOOK_OK(o.b, store_end(o.a, d.reader, &before, &o.b->e));
    assert_int_equal(anew(&o, &d, "K2", "", "D", TASK_ACT_SIGN_OFF), RC_CONFLICT);
    assert_int_equal(anew(&o, &d, "K2", "", "D", TASK_ACT_GRANT), RC_CONFLICT);
    o.denied = "task.file";
    assert_int_equal(anew(&o, &d, "K2", "", "D", TASK_ACT_FILE), RC_DENIED);
    o.denied = NULL;
    struct task_lines all = listed(&o, &d);
    struct task_line *t = NULL;
    err_clear(&o.b->e);
    assert_int_equal(task_find(&d, &all, STR("K3"), STR(""), STR("R"), 0, &t, &o.b->e), RC_INPUT);
    err_clear(&o.b->e);
    assert_int_equal(task_find(&d, &all, STR("K2"), STR(""), STR("S1"), 0, &t, &o.b->e),
                     RC_NOT_FOUND);
    struct task_act to_come = {.act = TASK_ACT_FILE,
                               .evidence = {.day = date_year_end(2026), .document = STR("a.txt")}};
    t = line_of(&o, &d, &all, "K2", "", "D");
    err_clear(&o.b->e);
    assert_int_equal(task_do(&d, t, &to_come, REPORT_JUST_READ, STR("x\n"), &o.b->e), RC_INPUT);
    BOOK_OK(o.b, store_end(o.a, d.reader, &after, &o.b->e));
    assert_true(before.seq == after.seq);
    rise(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_two_filers),
        BOOK_TEST(test_two_deciders),
        BOOK_TEST(test_sign_off_counts),
        BOOK_TEST(test_who_shares),
        BOOK_TEST(test_contributions),
        BOOK_TEST(test_contributions_do_not_count),
        BOOK_TEST(test_refusals_leave_nothing),
    };
    return BOOK_RUN(tests);
}
