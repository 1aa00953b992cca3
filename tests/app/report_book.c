/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reporting on a book, on either engine: two desks that meet, what a refusal leaves behind, and
 * that an accepted form is one commit whose edits bring a live engine where a rebuild stands.
 */
#include "app/report/desk.h"
#include "engine/judge.h"
#include "engine/live.h"
#include "engine/ref.h"
#include "store/load.h"
#include "tests/app/office.h"

static const char plan_text[] =
    "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n"
    "对象 学校 属于 县 { 数据 学生 : 人 每年 小数 0 数据 教师 : 人 每年 小数 0 密级 敏感 }\n"
    "报表 F1 基本 { 对象 学校 每年 项 学生, 教师 截止 10-15 }\n"
    "校验 K1 师生 { 对象 学校 教师 不超过 学生 硬性 提示 \"教师多于学生\" }\n"
    "目标 T1 学生 { 每年 每个 县 求和(学校.学生) 不少于 100人 }\n";

static enum rc issue(struct office *o, struct desk *d, const char *id)
{
    const struct round_wish w = {.id = str_from_cstr(id),
                                 .form = STR("F1"),
                                 .period = STR("2025"),
                                 .due = STR("2025-10-15"),
                                 .minutes = 2};
    struct round_view v;
    BOOK_OK(o->b, round_try(d, &w, &v, &o->b->e));
    err_clear(&o->b->e);
    return round_open(d, &v, &o->b->e);
}

static struct report open_form(struct office *o, struct desk *d, const char *unit)
{
    struct report r;
    BOOK_OK(o->b, report_open(d, STR("R1"), str_from_cstr(unit), &r, &o->b->e));
    return r;
}

static void fill(struct office *o, struct desk *d, struct report *r, const char *csv)
{
    struct problems problems = {0};
    struct report_findings found = {0};
    const char *path = tmpdir_write(o->a, o->b->dir, "form.csv", str_from_cstr(csv));
    BOOK_OK(o->b, report_read_csv(d, r, path, &problems, &found, &o->b->e));
}

static enum rc act(struct office *o, struct desk *d, struct report *r, enum report_act_kind what)
{
    struct report_findings found = {0};
    struct report_words w = {.seen = REPORT_JUST_READ, .cause = STR("cause")};
    vec_push(o->a, &w.cells.list, (struct report_note){.about = STR("学生"), .text = STR("why")});
    err_clear(&o->b->e);
    return report_do(d, r, what, w, &found, &o->b->e);
}

/* A fresh look at the form, then the act. */
static enum rc anew(struct office *o, struct desk *d, const char *unit, enum report_act_kind what)
{
    struct report r = open_form(o, d, unit);
    return act(o, d, &r, what);
}

/* ---- two people ----------------------------------------------------------------------------- */

static void test_two_editors(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk u1 = sit(&o, "u1");
    struct desk u2 = sit(&o, "u2");
    assert_int_equal(issue(&o, &u1, "R1"), RC_OK);
    struct report r1 = open_form(&o, &u1, "S1");
    struct report r2 = open_form(&o, &u2, "S1");
    fill(&o, &u1, &r1, "item,value\n学生,300\n教师,20\n");
    fill(&o, &u2, &r2, "item,value\n学生,301\n教师,20\n");
    assert_int_equal(act(&o, &u1, &r1, ACT_SAVE), RC_OK);
    assert_int_equal(act(&o, &u2, &r2, ACT_SAVE), RC_CONFLICT);
    assert_text(o.b->e.primary_en, "u1");
    struct report now = open_form(&o, &u2, "S1");
    assert_true(rat_eq(now.cells[0].num, rat_int(300)));
    assert_true(now.seen == r1.seen);
    fill(&o, &u2, &now, "item,value\n学生,301\n"); /* what the file has not stays */
    assert_int_equal(act(&o, &u2, &now, ACT_SAVE), RC_OK);
    now = open_form(&o, &u1, "S1");
    assert_true(rat_eq(now.cells[0].num, rat_int(301)) && rat_eq(now.cells[1].num, rat_int(20)));
    rise(&u1);
    rise(&u2);
}

static enum rc save_seen(struct office *o, struct desk *d, const char *csv, int64_t seen,
                         int64_t *now)
{
    struct report_findings found = {0};
    struct report r = open_form(o, d, "S1");
    fill(o, d, &r, csv);
    err_clear(&o->b->e);
    enum rc rc = report_do(d, &r, ACT_SAVE, (struct report_words){.seen = seen}, &found, &o->b->e);
    *now = r.seen;
    return rc;
}

/* An answer that was lost is asked for again: the act is recorded once. */
static void test_once_more(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk u = sit(&o, "u");
    struct desk w = sit(&o, "w");
    int64_t first = 0;
    int64_t now = 0;
    const char *figures = "item,value\n学生,300\n教师,20\n";
    assert_int_equal(issue(&o, &u, "R1"), RC_OK);
    assert_int_equal(save_seen(&o, &u, figures, 0, &first), RC_OK);
    assert_int_equal(save_seen(&o, &u, figures, 0, &now), RC_OK);
    assert_true(now == first);
    assert_int_equal(save_seen(&o, &w, figures, 0, &now), RC_CONFLICT);
    assert_int_equal(save_seen(&o, &u, "item,value\n学生,301\n", 0, &now), RC_CONFLICT);
    assert_int_equal(save_seen(&o, &w, figures, first, &now), RC_OK); /* nothing new */
    assert_true(now == first);
    assert_int_equal(save_seen(&o, &w, "item,value\n学生,301\n", first, &now), RC_OK);
    assert_true(now > first);
    /* Somebody has changed it since: the repetition is no success any more. */
    assert_int_equal(save_seen(&o, &u, figures, 0, &now), RC_CONFLICT);
    rise(&u);
    rise(&w);
}

static void test_two_reviewers(void **state)
{
    static const enum report_act_kind first[] = {ACT_APPROVE, ACT_RETURN};
    struct office o = office(*state, plan_text);
    struct desk u = sit(&o, "u");
    struct desk a = sit(&o, "a");
    struct desk b = sit(&o, "b");
    assert_int_equal(issue(&o, &u, "R1"), RC_OK);
    for (uint32_t k = 0; k < 2; k++) {
        const char *unit = k == 0 ? "S1" : "S2";
        struct report r = open_form(&o, &u, unit);
        fill(&o, &u, &r, "item,value\n学生,300\n教师,20\n");
        assert_int_equal(act(&o, &u, &r, ACT_SAVE), RC_OK);
        assert_int_equal(act(&o, &u, &r, ACT_SUBMIT), RC_OK);
        assert_int_equal(act(&o, &u, &r, ACT_APPROVE), RC_DENIED);
        struct report ra = open_form(&o, &a, unit);
        struct report rb = open_form(&o, &b, unit);
        assert_int_equal(act(&o, &a, &ra, first[k]), RC_OK);
        assert_int_equal(act(&o, &b, &rb, first[1 - k]), RC_CONFLICT);
        assert_text(o.b->e.primary_en, "a");
        struct report now = open_form(&o, &u, unit);
        assert_true(now.seen == ra.seen);
    }
    /* Issuing at once: whoever was slower looks again. */
    rise(&u);
    rise(&a);
    rise(&b);
}

/* ---- acceptance ----------------------------------------------------------------------------- */

struct followed {
    struct arena *a;
    VEC(struct edit) edits;
    uint32_t commits, accepted_commits, accepted;
};

static void on_edit(void *ctx, const struct edit *x)
{
    struct followed *f = ctx;
    f->accepted += x->kind == EDIT_FACT && x->u.fact.status == ROW_ACCEPTED;
    vec_push(f->a, &f->edits, *x);
}

static void on_commit(void *ctx, const struct store_event *ev)
{
    struct followed *f = ctx;
    f->commits++;
    f->accepted_commits +=
        f->accepted > 0 && f->accepted_commits == 0 && str_eq(ev->act, STR("report.approve"));
}

static uint32_t met(struct live *l)
{
    uint32_t n = 0;
    struct live_reader *r = live_reader(l);
    (void)live_pin(r);
    for (struct live_rows x = live_rows(r, NONE, NONE); live_next(&x);) {
        struct verdict v = verdict_unpack(x.row);
        n += v.state == ST_MET;
    }
    live_unpin(r);
    live_reader_release(r);
    return n;
}

static void report_all(struct office *o, struct desk *people, const char *unit)
{
    struct report r = open_form(o, &people[0], unit);
    fill(o, &people[0], &r, "item,value\n学生,300\n教师,20\n");
    assert_int_equal(act(o, &people[0], &r, ACT_SAVE), RC_OK);
    assert_int_equal(act(o, &people[0], &r, ACT_SUBMIT), RC_OK);
    assert_int_equal(anew(o, &people[1], unit, ACT_APPROVE), RC_OK);
    assert_int_equal(anew(o, &people[2], unit, ACT_APPROVE), RC_OK);
    assert_int_equal(open_form(o, &people[0], unit).doc.state, REPORT_ACCEPTED);
}

static void test_accepted_figures_are_edits(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk people[] = {sit(&o, "u"), sit(&o, "a"), sit(&o, "b")};
    struct book_state s;
    struct live *live = NULL;
    struct live_changes changes;
    const struct date as_of = date_year_end(2025);
    const struct book_options options = {.plan = o.lang.plan, .upto = INT64_MAX};
    assert_int_equal(issue(&o, &people[0], "R1"), RC_OK);
    BOOK_OK(o.b, book_load(o.a, people[0].reader, &options, &s, &o.b->e));
    BOOK_OK(o.b, live_make(s.plan, s.data, as_of, 1UL << 28, NULL, &live, &o.b->e));
    uint32_t before = met(live);
    report_all(&o, people, "S1");
    report_all(&o, people, "S2");
    struct store_end end;
    struct followed f = {.a = o.a};
    const struct book_sink sink = {{on_edit, NULL, &f}, on_commit};
    BOOK_OK(o.b, store_end(o.a, people[0].reader, &end, &o.b->e));
    BOOK_OK(o.b, book_follow(people[0].reader, &s, end.seq, &sink, &o.b->e));
    assert_int_equal(f.commits, 8);
    assert_int_equal(f.accepted, 4);
    assert_int_equal(f.accepted_commits, 1);
    BOOK_OK(o.b, live_apply(live, f.edits.items, f.edits.n, &changes, &o.b->e));
    uint32_t after = met(live);
    assert_true(after > before);
    struct book_state whole;
    struct live *anew_ = NULL;
    BOOK_OK(o.b, book_load(o.a, people[0].reader, &options, &whole, &o.b->e));
    BOOK_OK(o.b, live_make(whole.plan, whole.data, as_of, 1UL << 28, NULL, &anew_, &o.b->e));
    assert_int_equal(met(anew_), after);
    live_release(live);
    live_release(anew_);
    for (uint32_t i = 0; i < 3; i++) {
        rise(&people[i]);
    }
}

static void test_correction_supersedes(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk people[] = {sit(&o, "u"), sit(&o, "a"), sit(&o, "b")};
    uint32_t n = 0;
    struct round_view v;
    assert_int_equal(issue(&o, &people[0], "R1"), RC_OK);
    report_all(&o, people, "S1");
    BOOK_OK(o.b, round_find(&people[0], STR("R1"), &v, &o.b->e));
    BOOK_OK(o.b, round_lock(&people[0], &v, &n, &o.b->e));
    assert_int_equal(n, 1);
    assert_int_equal(anew(&o, &people[0], "S1", ACT_SAVE), RC_CONFLICT);
    assert_int_equal(anew(&o, &people[0], "S1", ACT_CORRECT), RC_OK);
    struct report r = open_form(&o, &people[0], "S1");
    fill(&o, &people[0], &r, "item,value,explain\n学生,,不掌握\n");
    assert_int_equal(act(&o, &people[0], &r, ACT_SAVE), RC_OK);
    for (int accepted = 0; accepted < 2; accepted++) {
        struct book_state s;
        const struct book_options options = {.plan = o.lang.plan, .upto = INT64_MAX};
        BOOK_OK(o.b, book_load(o.a, people[0].reader, &options, &s, &o.b->e));
        struct cells *c = NULL;
        BOOK_OK(o.b, cells_make(o.a, s.plan, s.data, TODAY, &c, &o.b->e));
        struct cell x = cells_item(o.a, c, r.round.item[0], r.unit, r.round.round.period);
        assert_int_equal(x.known, accepted == 0); /* the old figure counts until then */
        if (accepted == 0) {
            assert_int_equal(anew(&o, &people[0], "S1", ACT_SIGN), RC_OK);
            assert_int_equal(anew(&o, &people[0], "S1", ACT_SUBMIT), RC_OK);
            assert_int_equal(anew(&o, &people[1], "S1", ACT_APPROVE), RC_OK);
            assert_int_equal(anew(&o, &people[2], "S1", ACT_APPROVE), RC_OK);
        }
    }
    for (uint32_t i = 0; i < 3; i++) {
        rise(&people[i]);
    }
}

/* ---- refusals ------------------------------------------------------------------------------- */

static void test_refusals_leave_nothing(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk d = sit(&o, "u");
    struct store_end before;
    struct store_end after;
    assert_int_equal(issue(&o, &d, "R1"), RC_OK);
    struct report r = open_form(&o, &d, "S1");
    fill(&o, &d, &r, "item,value\n学生,3\n教师,20\n");
    assert_int_equal(act(&o, &d, &r, ACT_SAVE), RC_OK);
    assert_int_equal(o.class_, CLASS_SENSITIVE);
    BOOK_OK(o.b, store_end(o.a, d.reader, &before, &o.b->e));
    assert_int_equal(act(&o, &d, &r, ACT_SUBMIT), RC_FINDINGS); /* K1 */
    o.denied = "report.save";
    assert_int_equal(act(&o, &d, &r, ACT_SAVE), RC_DENIED);
    o.denied = "round.open";
    assert_int_equal(act(&o, &d, &r, ACT_APPROVE), RC_CONFLICT);
    BOOK_OK(o.b, store_end(o.a, d.reader, &after, &o.b->e));
    assert_true(before.seq == after.seq);
    rise(&d);
}

static void test_two_issuers(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk a = sit(&o, "a");
    struct desk b = sit(&o, "b");
    struct round_view v[2];
    struct round_wish w = {
        .form = STR("F1"), .period = STR("2025"), .due = STR("2025-10-15"), .minutes = 2};
    w.id = STR("RA");
    BOOK_OK(o.b, round_try(&a, &w, &v[0], &o.b->e));
    w.id = STR("RB");
    BOOK_OK(o.b, round_try(&b, &w, &v[1], &o.b->e));
    BOOK_OK(o.b, round_open(&a, &v[0], &o.b->e));
    err_clear(&o.b->e);
    assert_int_equal(round_open(&b, &v[1], &o.b->e), RC_CONFLICT);
    BOOK_OK(o.b, round_try(&b, &w, &v[1], &o.b->e));
    assert_int_equal(v[1].against.list.n, 2); /* each item, asked by RA */
    rise(&a);
    rise(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_two_editors),           BOOK_TEST(test_once_more),
        BOOK_TEST(test_two_reviewers),         BOOK_TEST(test_accepted_figures_are_edits),
        BOOK_TEST(test_correction_supersedes), BOOK_TEST(test_refusals_leave_nothing),
        BOOK_TEST(test_two_issuers),
    };
    return BOOK_RUN(tests);
}
