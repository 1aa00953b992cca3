/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers on a book, on either engine: two desks that meet, what a refusal leaves behind, and
 * that what is accepted is judged as the same rows are when they come from the tables of a pack.
 */
#include "app/load/load.h"
#include "app/register/desk.h"
#include "base/buf.h"
#include "engine/judge.h"
#include "engine/live.h"
#include "engine/ref.h"
#include "store/load.h"
#include "tests/app/office.h"

static const char plan_text[] =
    "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n"
    "对象 学校 属于 县 { 数据 教师 : 人 每年 小数 0 }\n"
    "台账 培训 属于 学校 { 字段 教师 : 文本 键 字段 学时 : 学时 密级 敏感\n"
    "  字段 级别 : 选项(\"国家级\",\"校本\") 须报送 每年 }\n"
    "台账 认定 属于 学校 { 字段 教师 : 文本 键 字段 等级 : 选项(\"初级\",\"高级\") }\n"
    "台账 个案 属于 学校 { 字段 编号 : 文本 键 密级 密封 须报送 每年 }\n"
    "校验 K1 学时 { 台账 培训 学时 不超过 200学时 硬性 提示 \"学时过大\" }\n"
    "校验 K2 人人 { 对象 学校 去重(培训.教师) 不少于 1 硬性 提示 \"无人培训\" }\n"
    "目标 T1 培训 { 每年 每个 县 计数(培训) 不少于 2 }\n"
    "目标 T2 学时 { 每年 每个 学校 求和(培训.学时) 不少于 50学时 }\n"
    "目标 T3 高级 { 每年 每个 县 计数(认定 其中 等级 为 \"高级\") 至少 1 }\n";

static struct register_view open_reg(struct office *o, struct desk *d, const char *reg,
                                     const char *unit)
{
    struct register_view v;
    BOOK_OK(o->b, register_open(d, str_from_cstr(reg), str_from_cstr(unit), &v, &o->b->e));
    return v;
}

static enum rc keep(struct office *o, struct desk *d, struct register_view *v, const char *csv,
                    const char *cause)
{
    struct problems problems = {0};
    struct report_findings found = {0};
    struct register_lines lines;
    const struct register_words w = {
        .day = DATE_MIN, .seen = REPORT_JUST_READ, .cause = str_from_cstr(cause)};
    const char *path = tmpdir_write(o->a, o->b->dir, "rows.csv", str_from_cstr(csv));
    err_clear(&o->b->e);
    TRY(register_read_csv(d, v, path, w, &lines, &problems, &found, &o->b->e));
    return register_keep(d, v, &lines, &found, &o->b->e);
}

static enum rc file(struct office *o, struct desk *d, struct register_view *v,
                    enum report_act_kind act, const char *period, bool nil)
{
    struct report_findings found = {0};
    uint32_t n = 0;
    const struct register_filing f = {.period = str_from_cstr(period),
                                      .nil = nil,
                                      .cause = STR("cause"),
                                      .seen = REPORT_JUST_READ};
    err_clear(&o->b->e);
    return register_file(d, v, act, &f, &n, &found, &o->b->e);
}

/* A fresh look at the register, then the act. */
static enum rc anew(struct office *o, struct desk *d, const char *reg, const char *unit,
                    enum report_act_kind act, const char *period)
{
    struct register_view v = open_reg(o, d, reg, unit);
    return file(o, d, &v, act, period, false);
}

#define ROWS "编号,教师,学时,级别,日期\na,甲,16,校本,2024-03-01\nb,乙,40,国家级,2024-04-01\n"

/* ---- two people ----------------------------------------------------------------------------- */

static void test_two_editors(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk u1 = sit(&o, "u1");
    struct desk u2 = sit(&o, "u2");
    struct register_view v1 = open_reg(&o, &u1, "培训", "S1");
    struct register_view v2 = open_reg(&o, &u2, "培训", "S1");
    assert_int_equal(keep(&o, &u1, &v1, ROWS, ""), RC_OK);
    assert_int_equal(o.class_, CLASS_SENSITIVE);
    /* The same row under another id, by who has not seen the first: one of two. */
    assert_int_equal(keep(&o, &u2, &v2, "编号,教师,日期\nx,甲,2024-03-01\n", ""), RC_CONFLICT);
    v2 = open_reg(&o, &u2, "培训", "S1");
    assert_int_equal(keep(&o, &u2, &v2, "编号,教师,日期\nx,甲,2024-03-01\n", ""), RC_FINDINGS);
    assert_int_equal(keep(&o, &u2, &v2, "编号,学时\na,17\n", ""), RC_OK);
    assert_int_equal(keep(&o, &u1, &v1, "编号,学时\nb,41\n", ""), RC_CONFLICT);
    v1 = open_reg(&o, &u1, "培训", "S1");
    assert_int_equal(keep(&o, &u1, &v1, "编号,学时\nb,41\n", ""), RC_OK);
    v1 = open_reg(&o, &u1, "培训", "S1");
    assert_int_equal(v1.rows.n, 2);
    assert_true(rat_eq(reg_row_value(&v1.rows.items[0].pending, 1).num, rat_int(17)));
    assert_true(rat_eq(reg_row_value(&v1.rows.items[1].pending, 1).num, rat_int(41)));
    /* Whoever states the register has seen all of it. */
    struct register_view late = open_reg(&o, &u2, "培训", "S1");
    assert_int_equal(keep(&o, &u1, &v1, "编号,教师,日期\nc,丙,2024-05-01\n", ""), RC_OK);
    assert_int_equal(file(&o, &u2, &late, ACT_SUBMIT, "2024", false), RC_CONFLICT);
    rise(&u1);
    rise(&u2);
}

static void test_two_reviewers(void **state)
{
    static const enum report_act_kind first[] = {ACT_APPROVE, ACT_RETURN};
    struct office o = office(*state, plan_text);
    struct desk u = sit(&o, "u");
    struct desk a = sit(&o, "a");
    struct desk b = sit(&o, "b");
    for (uint32_t k = 0; k < 2; k++) {
        const char *unit = k == 0 ? "S1" : "S2";
        struct report_notes cells = {0};
        struct report_findings found = {0};
        uint32_t n = 0;
        struct register_view v = open_reg(&o, &u, "培训", unit);
        assert_int_equal(keep(&o, &u, &v, ROWS, ""), RC_OK);
        assert_int_equal(file(&o, &u, &v, ACT_SUBMIT, "2024", false), RC_OK);
        assert_int_equal(file(&o, &u, &v, ACT_APPROVE, "2024", false), RC_DENIED);
        struct register_view va = open_reg(&o, &a, "培训", unit);
        struct register_view vb = open_reg(&o, &b, "培训", unit);
        vec_push(o.a, &cells.list, (struct report_note){.about = STR("a"), .text = STR("why")});
        const struct register_filing f = {
            .period = STR("2024"), .seen = REPORT_JUST_READ, .cells = cells};
        BOOK_OK(o.b, register_file(&a, &va, first[k], &f, &n, &found, &o.b->e));
        err_clear(&o.b->e);
        enum rc rc = register_file(&b, &vb, first[1 - k], &f, &n, &found, &o.b->e);
        assert_true(rc == RC_CONFLICT || rc == RC_DENIED); /* read anew: another tier's turn */
        struct register_view now = open_reg(&o, &u, "培训", unit);
        assert_int_equal(now.rows.items[0].doc.state, k == 0 ? ENTRY_SUBMITTED : ENTRY_RETURNED);
        assert_int_equal(now.rows.items[1].doc.state, k == 0 ? ENTRY_SUBMITTED : ENTRY_DRAFT);
    }
    rise(&u);
    rise(&a);
    rise(&b);
}

/* ---- acceptance ----------------------------------------------------------------------------- */

static void reviewed(struct office *o, struct desk *people, const char *reg, const char *unit,
                     const char *period)
{
    assert_int_equal(anew(o, &people[1], reg, unit, ACT_APPROVE, period), RC_OK);
    assert_int_equal(anew(o, &people[2], reg, unit, ACT_APPROVE, period), RC_OK);
}

static void judge(struct office *o, const struct dataset *data, struct verdicts *out)
{
    struct cells *c = NULL;
    struct evaluator ev;
    BOOK_OK(o->b, cells_make(o->a, o->lang.plan, data, date_year_end(2025), &c, &o->b->e));
    BOOK_OK(o->b, ref_make(o->a, c, &ev, &o->b->e));
    *out = (struct verdicts){.commitment = NONE};
    const struct judge_query all = {NONE, NONE, 0};
    BOOK_OK(o->b, judge_plan(o->a, c, &ev, all, out, &o->b->e));
}

static const struct dataset *from_tables(struct office *o, const char *rows, const char *filings)
{
    static const char units[] = "code,name,kind,parent\nR,R,省,\nD,D,县,R\nS1,S1,学校,D\n"
                                "S2,S2,学校,D\n";
    const char *const paths[] = {
        tmpdir_write(o->a, o->b->dir, "units.csv", str_from_cstr(units)),
        tmpdir_write(o->a, o->b->dir, "rows-all.csv", str_from_cstr(rows)),
        tmpdir_write(o->a, o->b->dir, "filings.csv", str_from_cstr(filings))};
    const struct load_input in = {.plan = o->lang.plan, .paths = paths, .names = paths, .n = 3};
    struct problems problems = {0};
    const struct tree *tree = NULL;
    const struct dataset *data = NULL;
    BOOK_OK(o->b, load_tables(o->a, &in, &problems, &tree, &data, &o->b->e));
    assert_int_equal(problems.n, 0);
    return data;
}

static const struct dataset *from_book(struct office *o, struct desk *d)
{
    struct book_state s;
    const struct book_options options = {.plan = o->lang.plan, .upto = INT64_MAX};
    BOOK_OK(o->b, book_load(o->a, d->reader, &options, &s, &o->b->e));
    return s.data;
}

/* Field by field; how many are met. */
static uint32_t same_verdicts(struct office *o, const struct dataset *x, const struct dataset *y)
{
    struct verdicts vx;
    struct verdicts vy;
    uint32_t met = 0;
    judge(o, x, &vx);
    judge(o, y, &vy);
    assert_int_equal(vx.rows.n, vy.rows.n);
    for (uint32_t i = 0; i < vx.rows.n; i++) {
        struct verdict p = verdicts_at(&vx, i);
        struct verdict q = verdicts_at(&vy, i);
        p.row = q.row = NONE; /* where the row stands in its table */
        assert_true(verdict_eq(&p, &q));
        met += p.state == ST_MET;
    }
    return met;
}

static void test_judged_as_from_tables(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk people[] = {sit(&o, "u"), sit(&o, "a"), sit(&o, "b")};
    static const char none[] = "register,owner\n";
    static const char no_filing[] = "form,unit,period,nil\n";
    struct register_view v = open_reg(&o, &people[0], "培训", "S1");
    assert_int_equal(keep(&o, &people[0], &v, ROWS, ""), RC_OK);
    assert_int_equal(file(&o, &people[0], &v, ACT_SUBMIT, "2024", false), RC_OK);
    /* Drafts and submissions count for nobody: the owners are open (C35, C38). */
    const struct dataset *empty = from_tables(&o, none, no_filing);
    uint32_t before = same_verdicts(&o, from_book(&o, &people[0]), empty);
    reviewed(&o, people, "培训", "S1", "2024");
    v = open_reg(&o, &people[0], "培训", "S2");
    assert_int_equal(file(&o, &people[0], &v, ACT_SUBMIT, "2024", true), RC_FINDINGS); /* K2 */
    v = open_reg(&o, &people[0], "认定", "S2");
    assert_int_equal(keep(&o, &people[0], &v, "编号,教师,等级,起\nq,丙,高级,2025-01-01\n", ""),
                     RC_OK);
    assert_int_equal(file(&o, &people[0], &v, ACT_SUBMIT, "", false), RC_OK);
    reviewed(&o, people, "认定", "S2", "");
    const struct dataset *full =
        from_tables(&o,
                    "register,owner,id,教师,学时,级别,等级,date,from\n"
                    "培训,S1,a,甲,16,校本,,2024-03-01,\n培训,S1,b,乙,40,国家级,,2024-04-01,\n"
                    "认定,S2,q,丙,,,高级,,2025-01-01\n",
                    "form,unit,period,nil\n培训,S1,2024,\n");
    uint32_t after = same_verdicts(&o, from_book(&o, &people[0]), full);
    assert_true(after >= before + 3);
    for (uint32_t i = 0; i < 3; i++) {
        rise(&people[i]);
    }
}

struct followed {
    struct arena *a;
    VEC(struct edit) edits;
};

static void on_edit(void *ctx, const struct edit *x)
{
    struct followed *f = ctx;
    vec_push(f->a, &f->edits, *x);
}

static uint32_t met(struct live *l)
{
    uint32_t n = 0;
    struct live_reader *r = live_reader(l);
    (void)live_pin(r);
    for (struct live_rows x = live_rows(r, NONE, NONE); live_next(&x);) {
        n += verdict_unpack(x.row).state == ST_MET;
    }
    live_unpin(r);
    live_reader_release(r);
    return n;
}

static void test_the_live_engine_follows(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk people[] = {sit(&o, "u"), sit(&o, "a"), sit(&o, "b")};
    struct book_state s;
    struct live *live = NULL;
    struct live *whole = NULL;
    struct live_changes changes;
    struct store_end end;
    struct followed f = {.a = o.a};
    const struct date as_of = date_year_end(2025);
    const struct book_options options = {.plan = o.lang.plan, .upto = INT64_MAX};
    BOOK_OK(o.b, book_load(o.a, people[0].reader, &options, &s, &o.b->e));
    BOOK_OK(o.b, live_make(s.plan, s.data, as_of, 1UL << 28, NULL, &live, &o.b->e));
    uint32_t before = met(live);
    struct register_view v = open_reg(&o, &people[0], "培训", "S1");
    assert_int_equal(keep(&o, &people[0], &v, ROWS, ""), RC_OK);
    assert_int_equal(file(&o, &people[0], &v, ACT_SUBMIT, "2024", false), RC_OK);
    reviewed(&o, people, "培训", "S1", "2024");
    BOOK_OK(o.b, store_end(o.a, people[0].reader, &end, &o.b->e));
    const struct book_sink sink = {{on_edit, NULL, &f}, NULL};
    BOOK_OK(o.b, book_follow(people[0].reader, &s, end.seq, &sink, &o.b->e));
    BOOK_OK(o.b, live_apply(live, f.edits.items, f.edits.n, &changes, &o.b->e));
    assert_true(met(live) > before);
    struct book_state again;
    BOOK_OK(o.b, book_load(o.a, people[0].reader, &options, &again, &o.b->e));
    BOOK_OK(o.b, live_make(again.plan, again.data, as_of, 1UL << 28, NULL, &whole, &o.b->e));
    assert_int_equal(met(whole), met(live));
    live_release(live);
    live_release(whole);
    for (uint32_t i = 0; i < 3; i++) {
        rise(&people[i]);
    }
}

/* What stands counts until a correction is accepted; a struck row is gone, and may come again. */
static void test_corrections(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk people[] = {sit(&o, "u"), sit(&o, "a"), sit(&o, "b")};
    struct desk *u = &people[0];
    struct register_view v = open_reg(&o, u, "认定", "S1");
    assert_int_equal(keep(&o, u, &v, "编号,教师,等级,起\nq,丙,初级,2025-01-01\n", ""), RC_OK);
    assert_int_equal(file(&o, u, &v, ACT_SUBMIT, "", false), RC_OK);
    reviewed(&o, people, "认定", "S1", "");
    v = open_reg(&o, u, "认定", "S1");
    assert_int_equal(keep(&o, u, &v, "编号,等级\nq,高级\n", ""), RC_INPUT); /* without a cause */
    assert_int_equal(keep(&o, u, &v, "编号,等级\nq,高级\n", "错"), RC_OK);
    assert_int_equal(file(&o, u, &v, ACT_SUBMIT, "", false), RC_OK);
    static const char *const rows[] = {
        "register,owner,id,教师,等级,from\n认定,S1,q,丙,初级,2025-01-01\n",
        "register,owner,id,教师,等级,from\n认定,S1,q,丙,高级,2025-01-01\n", "register,owner\n",
        "register,owner,id,教师,等级,from\n认定,S1,q,丁,高级,2024-01-01\n"};
    static const char no_filing[] = "form,unit,period,nil\n";
    (void)same_verdicts(&o, from_book(&o, u), from_tables(&o, rows[0], no_filing));
    reviewed(&o, people, "认定", "S1", "");
    (void)same_verdicts(&o, from_book(&o, u), from_tables(&o, rows[1], no_filing));
    v = open_reg(&o, u, "认定", "S1");
    struct register_lines lines = {0};
    struct report_findings found = {0};
    const struct register_words w = {
        .id = STR("q"), .cause = STR("错"), .day = DATE_MIN, .seen = REPORT_JUST_READ};
    BOOK_OK(o.b, register_plan(u, &v, ENTRY_ACT_STRIKE, w, &lines, &o.b->e));
    BOOK_OK(o.b, register_keep(u, &v, &lines, &found, &o.b->e));
    assert_int_equal(file(&o, u, &v, ACT_SUBMIT, "", false), RC_OK);
    (void)same_verdicts(&o, from_book(&o, u), from_tables(&o, rows[1], no_filing));
    reviewed(&o, people, "认定", "S1", "");
    (void)same_verdicts(&o, from_book(&o, u), from_tables(&o, rows[2], no_filing));
    v = open_reg(&o, u, "认定", "S1");
    assert_int_equal(keep(&o, u, &v, "编号,教师,等级,起\nq,丁,高级,2024-01-01\n", ""), RC_OK);
    assert_int_equal(file(&o, u, &v, ACT_SUBMIT, "", false), RC_OK);
    reviewed(&o, people, "认定", "S1", "");
    (void)same_verdicts(&o, from_book(&o, u), from_tables(&o, rows[3], no_filing));
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
    struct register_view v = open_reg(&o, &d, "培训", "S1");
    assert_int_equal(keep(&o, &d, &v, "教师,学时,日期\n甲,300,2024-03-01\n", ""), RC_OK);
    BOOK_OK(o.b, store_end(o.a, d.reader, &before, &o.b->e));
    assert_int_equal(file(&o, &d, &v, ACT_SUBMIT, "2024", false), RC_FINDINGS); /* K1 */
    assert_int_equal(file(&o, &d, &v, ACT_SUBMIT, "2024", true), RC_FINDINGS);
    assert_int_equal(file(&o, &d, &v, ACT_APPROVE, "2024", false), RC_CONFLICT);
    assert_int_equal(file(&o, &d, &v, ACT_SUBMIT, "2025-Q1", false), RC_INPUT);
    assert_int_equal(keep(&o, &d, &v, "教师,学时\n,3\n", ""), RC_INPUT);
    assert_int_equal(keep(&o, &d, &v, "教师,日期\n丁,2025-01-02\n", ""), RC_INPUT); /* to come */
    o.denied = "register.keep";
    assert_int_equal(keep(&o, &d, &v, "教师,学时\n丁,3\n", ""), RC_DENIED);
    o.denied = "register.submit";
    assert_int_equal(file(&o, &d, &v, ACT_SUBMIT, "2024", false), RC_DENIED);
    o.denied = "register.read";
    assert_int_equal(register_open(&d, STR("培训"), STR("S1"), &v, &o.b->e), RC_DENIED);
    o.denied = NULL;
    err_clear(&o.b->e);
    assert_int_equal(register_open(&d, STR("培训"), STR("D"), &v, &o.b->e), RC_INPUT);
    BOOK_OK(o.b, store_end(o.a, d.reader, &after, &o.b->e));
    assert_true(before.seq == after.seq);
    rise(&d);
}

/* A row that one owner hands to another: two registers, one commit, nobody alone. */
static void test_transfer(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk people[] = {sit(&o, "u"), sit(&o, "a"), sit(&o, "b")};
    struct desk *u = &people[0];
    struct report_findings found = {0};
    struct register_lines lines = {0};
    struct register_view v = open_reg(&o, u, "认定", "S1");
    assert_int_equal(keep(&o, u, &v, "编号,教师,等级,起\nq,丙,高级,2024-01-01\n", ""), RC_OK);
    assert_int_equal(file(&o, u, &v, ACT_SUBMIT, "", false), RC_OK);
    reviewed(&o, people, "认定", "S1", "");
    v = open_reg(&o, u, "认定", "S1");
    struct register_words w = {
        .id = STR("q"), .to = STR("S2"), .day = date_year_start(2025), .seen = REPORT_JUST_READ};
    BOOK_OK(o.b, register_plan(u, &v, ENTRY_ACT_OFFER, w, &lines, &o.b->e));
    BOOK_OK(o.b, register_keep(u, &v, &lines, &found, &o.b->e));
    struct register_view there = open_reg(&o, u, "认定", "S2");
    struct register_view too_late = open_reg(&o, u, "认定", "S2");
    BOOK_OK(o.b, register_take(u, &there, STR("S1"), w, &found, &o.b->e));
    err_clear(&o.b->e);
    assert_int_equal(register_take(u, &too_late, STR("S1"), w, &found, &o.b->e), RC_DENIED);
    for (uint32_t k = 0; k < 2; k++) {
        const char *unit = k == 0 ? "S1" : "S2";
        assert_int_equal(anew(&o, u, "认定", unit, ACT_SUBMIT, ""), RC_OK);
        reviewed(&o, people, "认定", unit, "");
    }
    (void)same_verdicts(
        &o, from_book(&o, u),
        from_tables(&o,
                    "register,owner,id,教师,等级,from,to\n认定,S1,q,丙,高级,2024-01-01,2024-12-31\n"
                    "认定,S2,q,丙,高级,2025-01-01,\n",
                    "form,unit,period,nil\n"));
    for (uint32_t i = 0; i < 3; i++) {
        rise(&people[i]);
    }
}

/* Sealed rows are decided on at their unit; above it counts below 10 and what gives them away. */
static void test_sealed(void **state)
{
    struct office o = office(*state, plan_text);
    struct desk u = sit(&o, "u");
    struct desk a = sit(&o, "a");
    struct register_status st;
    uint32_t reg = 0;
    BOOK_OK(o.b, register_find(&u, STR("个案"), &reg, &o.b->e));
    for (uint32_t k = 0; k < 2; k++) {
        const char *unit = k == 0 ? "S1" : "S2";
        struct buf b;
        struct register_view v = open_reg(&o, &u, "个案", unit);
        buf_init_in(&b, o.a, 4096);
        buf_puts(&b, "编号\n");
        for (uint32_t i = 0; i < (k == 0 ? 12U : 3U); i++) {
            buf_printf(&b, "%u\n", i);
        }
        buf_putc(&b, '\0');
        assert_int_equal(keep(&o, &u, &v, b.p, ""), RC_OK);
        assert_int_equal(file(&o, &u, &v, ACT_SUBMIT, "2024", false), RC_OK);
        o.denied = "register.approve";
        v = open_reg(&o, &a, "个案", unit);
        assert_int_equal(file(&o, &a, &v, ACT_APPROVE, "2024", false), RC_OK);
        o.denied = NULL;
        BOOK_OK(o.b, register_status_of(&u, reg, STR("2024"), STR(""), &st, &o.b->e));
        assert_true(st.sealed && st.n == 2);
        assert_int_equal(st.of_state[REPORT_ACCEPTED], k + 1);
    }
    /* 12 could be had by subtracting 3 from 15: both are withheld, the total is shown. */
    assert_true(st.lines[0].hidden && st.lines[1].hidden && !st.hidden);
    assert_int_equal(st.standing, 15);
    rise(&u);
    rise(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_two_editors),
        BOOK_TEST(test_two_reviewers),
        BOOK_TEST(test_judged_as_from_tables),
        BOOK_TEST(test_the_live_engine_follows),
        BOOK_TEST(test_corrections),
        BOOK_TEST(test_refusals_leave_nothing),
        BOOK_TEST(test_transfer),
        BOOK_TEST(test_sealed),
    };
    return BOOK_RUN(tests);
}
