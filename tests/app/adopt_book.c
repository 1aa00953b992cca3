/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan of a book becomes another one, on either engine: what is kept, what holds from when,
 * what is refused and told, who is too late, and what comes in between.
 */
#include "app/adopt/adopt.h"

#include "app/report/report_int.h"
#include "base/buf.h"
#include "store/parcel.h"
#include "tests/app/office.h"

#define HEAD  "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n"
#define KINDS "对象 学校 属于 县 {\n"
#define ITEMS                                                                                      \
    "数据 学生 : 人 每年 小数 0\n数据 教师 : 人 每年 小数 0\n"                   \
    "数据 食堂 : 个 每年 小数 0\n"                                                        \
    "属性 办学 : 选项(\"公办\",\"民办\")\n}\n"
#define FORM "报表 F1 基本 { 对象 学校 每年 项 学生, 教师 截止 10-15 }\n"
#define REG  "台账 事故 属于 学校 { 字段 地点 : 文本 键 字段 伤者 : 人 }\n"
#define PLAN HEAD KINDS ITEMS FORM REG "目标 T1 规模 { 每年 每个 学校 学生 不低于 100人 }\n"
#define NEXT HEAD KINDS ITEMS FORM REG "目标 T1 规模 { 每年 每个 学校 学生 不低于 120人 }\n"

static struct pack *pack_of(struct office *o, const char *text)
{
    struct pack *p = ARENA_NEW(o->a, struct pack);
    const struct lang_text file = {STR("a.plan"), str_from_cstr(text)};
    enum rc rc = pack_open_texts(o->a, &file, 1, p, &o->b->e);
    if (rc == RC_INPUT) {
        struct buf b;
        buf_init_in(&b, o->a, 1U << 16);
        pack_render_faults(p, false, &b);
        print_error("%.*s\n", PS(buf_view(&b)));
    }
    BOOK_OK(o->b, rc);
    return p;
}

static struct adopt_now now_at(struct office *o, const char *given, int64_t upto, struct date day)
{
    struct adopt_now now;
    struct pack *p = given != NULL ? pack_of(o, given) : NULL;
    BOOK_OK(o->b, adopt_now(o->a, book_reader(o->b), p, upto, day, &now, &o->b->e));
    return now;
}

static struct adopt_now now_of(struct office *o, const char *given)
{
    return now_at(o, given, INT64_MAX, DATE_MAX);
}

static struct adopt_trial trial(struct office *o, const struct adopt_now *now, const char *next)
{
    struct adopt_trial t = {.a = o->a,
                            .reader = book_reader(o->b),
                            .now = now,
                            .next = pack_of(o, next),
                            .today = TODAY};
    BOOK_OK(o->b, adopt_try(&t, &o->b->e));
    return t;
}

/* An adoption is done at the root. */
static bool at_root(void *ctx, struct str actor, const char *operation, struct str unit,
                    enum data_class class_)
{
    const struct office *o = ctx;
    (void)actor;
    assert_int_equal(unit.n, 0);
    assert_int_equal(class_, CLASS_INTERNAL);
    return o->denied == NULL || strcmp(o->denied, operation) != 0;
}

static struct desk sit_at_root(struct office *o)
{
    struct desk d = sit(o, "user/li");
    d.may = at_root;
    return d;
}

static enum rc adopt(struct office *o, struct adopt_trial *t, struct adopt_version *v)
{
    const struct adopt_words w = {
        .seen = REPORT_JUST_READ, .reason = STR("教育厅通知"), .document = STR("内教〔2025〕1号")};
    struct desk d = sit_at_root(o);
    d.plan = t->now->pack->plan;
    d.plan_seen = t->now->pack->seen;
    err_clear(&o->b->e);
    enum rc rc = adopt_commit(&d, t, &w, v, &o->b->e);
    rise(&d);
    return rc;
}

static struct adopt_version adopted(struct office *o, const char *given, const char *next)
{
    struct adopt_now now = now_of(o, given);
    struct adopt_trial t = trial(o, &now, next);
    struct adopt_version v;
    BOOK_OK(o->b, adopt(o, &t, &v));
    return v;
}

static void put_edit(struct office *o, const char *text, struct edit x)
{
    static uint32_t n;
    struct pack *p = pack_of(o, text);
    struct desk d = sit(o, "u");
    struct store_commit c = {.token = str_from_cstr(book_text(o->b, "edit/%u", n++)),
                             .actor = STR("u"),
                             .act = STR("facts.load")};
    struct store_receipt got;
    BOOK_OK(o->b, parcel_write(o->a, p->plan, d.tree, &x, 1, &c.parcels, &c.n_parcels, &o->b->e));
    BOOK_OK(o->b, store_commit(o->a, o->b->store, &c, &got, &o->b->e));
    rise(&d);
}

static uint32_t school(struct office *o)
{
    struct desk d = sit(o, "u");
    uint32_t unit = 0;
    assert_true(tree_unit_of_code(d.tree, STR("S1"), &unit));
    rise(&d);
    return unit;
}

static void fact(struct office *o, const char *text, const char *kind_item, int64_t value)
{
    struct pack *p = pack_of(o, text);
    struct edit x = {.kind = EDIT_FACT, .u.fact = {.status = ROW_ACCEPTED}};
    x.u.fact.unit = school(o);
    x.u.fact.item = NONE;
    x.u.fact.from.recorded = DATE_MIN;
    assert_true(period_make(PERIOD_YEAR, 2025, 1, &x.u.fact.period));
    for (uint32_t i = 0; i < p->plan->n_items; i++) {
        if (str_eq(p->plan->items[i].d.name, str_from_cstr(kind_item))) {
            x.u.fact.item = i;
        }
    }
    assert_int_not_equal(x.u.fact.item, NONE);
    x.u.fact.value = (struct value){.has = true, .num = rat_int(value), .text = STR("")};
    put_edit(o, text, x);
}

static void against(struct office *o, const struct adopt_trial *t, const char *want)
{
    struct buf b;
    buf_init_in(&b, o->a, 1U << 16);
    for (uint32_t i = 0; i < t->against.list.n; i++) {
        adopt_line_text(&t->against.list.items[i], true, false, &b);
        buf_puts(&b, "; ");
    }
    ASSERT_STR(buf_view(&b), want);
}

/* What stands against the next plan, which is then not adopted. */
static void refused(struct office *o, const char *given, const char *next, const char *want)
{
    struct adopt_now now = now_of(o, given);
    struct adopt_trial t = trial(o, &now, next);
    struct adopt_version v;
    int64_t head = 0;
    against(o, &t, want);
    assert_int_equal(adopt(o, &t, &v), RC_FINDINGS);
    BOOK_OK(o->b, store_head(book_reader(o->b), STR(PLAN_SUBJECT), &head, &o->b->e));
    assert_int_equal(head, now.pack->seen);
}

/* ---- what is kept --------------------------------------------------------------------------- */

static void test_versions(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    struct adopt_versions all;
    BOOK_OK(b, adopt_versions(o.a, book_reader(b), &all, &b->e));
    assert_int_equal(all.list.n, 0);
    struct adopt_now before = now_of(&o, PLAN);
    assert_int_equal(before.seq, 0);
    struct adopt_version v = adopted(&o, PLAN, NEXT);
    ASSERT_STR(v.before, str_to_cstr(o.a, before.digest));
    BOOK_OK(b, adopt_versions(o.a, book_reader(b), &all, &b->e));
    assert_int_equal(all.list.n, 2);
    assert_int_equal(all.list.items[0].seq, 0);
    ASSERT_STR(all.list.items[0].digest, str_to_cstr(o.a, before.digest));
    assert_int_equal(all.list.items[0].n_files, 1);
    assert_int_equal(all.list.items[1].seq, v.seq);
    ASSERT_STR(all.list.items[1].actor, "user/li");
    ASSERT_STR(all.list.items[1].reason, "教育厅通知");
    ASSERT_STR(all.list.items[1].document, "内教〔2025〕1号");

    /* In force, whichever of the two is named, or none; before it, by commit and by day. */
    ASSERT_STR(now_of(&o, NULL).digest, str_to_cstr(o.a, v.digest));
    ASSERT_STR(now_of(&o, PLAN).digest, str_to_cstr(o.a, v.digest));
    assert_int_equal(now_of(&o, PLAN).pack->seen, v.seq);
    ASSERT_STR(now_at(&o, NEXT, v.seq - 1, DATE_MAX).digest, str_to_cstr(o.a, before.digest));
    assert_int_equal(now_at(&o, NEXT, v.seq - 1, DATE_MAX).pack->seen, v.seq);
    struct date eve = {v.day.days - 1};
    ASSERT_STR(now_at(&o, NULL, INT64_MAX, eve).digest, str_to_cstr(o.a, before.digest));
    ASSERT_STR(now_at(&o, NULL, INT64_MAX, v.day).digest, str_to_cstr(o.a, v.digest));
    ASSERT_STR(now_of(&o, NULL).pack->plan->id, "p");

    /* And back, without keeping the texts twice. */
    struct adopt_version back = adopted(&o, NULL, PLAN);
    BOOK_OK(b, adopt_versions(o.a, book_reader(b), &all, &b->e));
    assert_int_equal(all.list.n, 3);
    ASSERT_STR(now_of(&o, NULL).digest, str_to_cstr(o.a, before.digest));
    ASSERT_STR(now_at(&o, NULL, back.seq - 1, DATE_MAX).digest, str_to_cstr(o.a, v.digest));
}

static void test_another_pack(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    struct adopt_now now;
    assert_int_equal(adopt_now(o.a, book_reader(b), NULL, INT64_MAX, DATE_MAX, &now, &b->e),
                     RC_USAGE);
    (void)adopted(&o, PLAN, NEXT);
    err_clear(&b->e);
    assert_int_equal(adopt_now(o.a, book_reader(b), pack_of(&o, HEAD KINDS ITEMS), INT64_MAX,
                               DATE_MAX, &now, &b->e),
                     RC_CONFLICT);
    assert_text(b->e.hint_en, "tizhi plan get");
}

/* The plan that a book has anyway can be kept; then it is there already. */
static void test_keep(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    struct adopt_versions all;
    struct adopt_version v = adopted(&o, PLAN, PLAN);
    BOOK_OK(b, adopt_versions(o.a, book_reader(b), &all, &b->e));
    assert_int_equal(all.list.n, 1);
    ASSERT_STR(v.before, str_to_cstr(o.a, v.digest));
    struct adopt_now now = now_of(&o, NULL);
    struct adopt_trial t = {.a = o.a, .reader = book_reader(b), .now = &now, .today = TODAY};
    t.next = pack_of(&o, PLAN);
    err_clear(&b->e);
    assert_int_equal(adopt_try(&t, &b->e), RC_CONFLICT);
    (void)adopted(&o, NULL, NEXT);
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void test_gone(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    fact(&o, PLAN, "食堂", 1);
    fact(&o, PLAN, "食堂", 2);
    refused(&o, PLAN,
            HEAD KINDS "数据 学生 : 人 每年 小数 0\n数据 教师 : 人 每年 小数 0\n}\n" FORM REG,
            "item 学校.食堂 is gone, or of another period, and the book has 2 entries of it; ");
    /* What nobody has used may go: attribute, register, form. */
    (void)adopted(&o, PLAN,
                  HEAD KINDS "数据 学生 : 人 每年 小数 0\n数据 食堂 : 个 每年 小数 0\n}\n");
}

static void test_meaning(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    fact(&o, PLAN, "食堂", 1);
    refused(
        &o, PLAN,
        HEAD KINDS "数据 学生 : 人 每年 小数 0\n数据 教师 : 人 每年 小数 0\n"
                   "数据 食堂 : 人 每年 小数 0\n}\n" FORM,
        "item 学校.食堂 would mean something else (个 → 人), and the book has 1 entries of it; ");
    refused(&o, PLAN,
            HEAD KINDS "数据 学生 : 人 每年 小数 0\n数据 教师 : 人 每年 小数 0\n"
                       "数据 食堂 : 是否 每年\n}\n" FORM,
            "item 学校.食堂: 1 values in the book are none any more; ");
    refused(&o, PLAN,
            HEAD KINDS "数据 学生 : 人 每年 小数 0\n数据 教师 : 人 每年 小数 0\n"
                       "数据 食堂 : 个 每月 小数 0\n}\n" FORM,
            "item 学校.食堂 is gone, or of another period, and the book has 1 entries of it; ");
    refused(&o, PLAN, "计划 q { 年度 2024 至 2026 }\n层级 省 > 县 > 学校\n" KINDS ITEMS FORM REG,
            "the plan has another id, q; ");
}

static void test_rounds(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    struct desk d = sit(&o, "issuer");
    const struct round_wish w = {.id = STR("R1"),
                                 .form = STR("F1"),
                                 .period = STR("2025"),
                                 .due = STR("2025-10-15"),
                                 .minutes = 2};
    struct round_view v;
    BOOK_OK(b, round_try(&d, &w, &v, &b->e));
    BOOK_OK(b, round_open(&d, &v, &b->e));
    rise(&d);
    refused(&o, PLAN, HEAD KINDS ITEMS REG, "form F1 is gone, and 1 rounds were opened with it; ");
    refused(&o, PLAN,
            HEAD KINDS "数据 学生 : 人 每年 小数 0\n数据 食堂 : 个 每年 小数 0\n}\n"
                       "报表 F1 基本 { 对象 学校 每年 项 学生 截止 10-15 }\n",
            "item 学校.教师 is gone, or of another period, and 1 rounds ask it; ");
    struct adopt_now now = now_of(&o, PLAN);
    struct adopt_trial t =
        trial(&o, &now,
              HEAD KINDS ITEMS REG "报表 F1 基本 { 对象 学校 每年 项 学生, 食堂 截止 10-15 }\n");
    against(&o, &t, "");
    assert_int_equal(t.notes.list.n, 1);
    assert_int_equal(t.notes.list.items[0].what, ADOPT_NOTE_ROUND);
    ASSERT_STR(t.notes.list.items[0].b[0], "R1");
}

static void row(struct office *o, const char *text, const char *place)
{
    struct value *fields = ARENA_ARRAY(o->a, struct value, 2);
    fields[0] = (struct value){.has = true, .num = rat_zero(), .text = str_from_cstr(place)};
    fields[1] = (struct value){.has = true, .num = rat_int(3), .text = STR("")};
    put_edit(o, text,
             (struct edit){.kind = EDIT_ROW,
                           .u.row = {.owner = school(o),
                                     .id = STR("1"),
                                     .since = {20000},
                                     .until = DATE_MAX,
                                     .revoked = DATE_MAX,
                                     .day = DATE_MIN,
                                     .fields = values_pack(o->a, fields, 2),
                                     .status = ROW_ACCEPTED,
                                     .from = {.recorded = DATE_MIN}}});
}

static void test_registers(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    row(&o, PLAN, "操场");
    refused(&o, PLAN, HEAD KINDS ITEMS FORM,
            "register 事故 is gone, or of another period, and the book has 1 entries of it; ");
    refused(&o, PLAN, HEAD KINDS ITEMS FORM "台账 事故 属于 学校 { 字段 地点 : 文本 键 }\n",
            "register field 伤者 is gone, or of another period, and the book has some entries of "
            "it; ");
    refused(
        &o, PLAN,
        HEAD KINDS ITEMS FORM "台账 事故 属于 学校 { 字段 地点 : 文本  字段 伤者 : 人 键 }\n",
        "register 事故 would mean something else (its key), and the book has 1 entries of it; ");
    (void)adopted(&o, PLAN,
                  HEAD KINDS ITEMS FORM
                  "台账 事故 属于 学校 { 字段 地点 : 文本 键 字段 伤者 : 人 字段 备注 : 文本 }\n");
}

static void test_attributes(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    struct edit x = {.kind = EDIT_ATTR,
                     .u.attr = {.unit = school(&o),
                                .value = {.has = true, .num = rat_int(1), .text = STR("民办")},
                                .since = DATE_MIN,
                                .until = DATE_MAX,
                                .from = {.recorded = DATE_MIN}}};
    put_edit(&o, PLAN, x);
    refused(&o, PLAN,
            HEAD KINDS "数据 学生 : 人 每年 小数 0\n数据 教师 : 人 每年 小数 0\n"
                       "属性 办学 : 选项(\"公办\")\n}\n" FORM,
            "attribute 学校.办学: 1 values in the book are none any more; ");
}

static void test_tasks(void **state)
{
    static const char task[] = "任务 W1 方案 { 于 2025年 每个 县 交付 \"方案\" }\n";
    struct book *b = *state;
    struct str with = str_cat(&b->arena, str_from_cstr(PLAN), str_from_cstr(task));
    struct office o = office(b, with.p);
    const struct store_parcel p = doc_parcel(STR("task/W1/2025./D"), STR("{}"));
    const struct store_expect expect = {p.unit, 0};
    const struct store_commit c = {.token = STR("t"),
                                   .actor = STR("u"),
                                   .act = STR("task.file"),
                                   .expects = &expect,
                                   .n_expects = 1,
                                   .parcels = &p,
                                   .n_parcels = 1};
    struct store_receipt got;
    BOOK_OK(b, store_commit(o.a, b->store, &c, &got, &b->e));
    refused(&o, with.p, PLAN,
            "task W1 is gone, or is no task any more, and the book has 1 states of it; ");
}

static void test_kinds(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    refused(&o, PLAN, "计划 p { 年度 2024 至 2026 }\n层级 省 > 县 > 园校\n",
            "kind 学校 is gone, or is no 学校 any more, and 2 units are or were of it; ");
}

/* ---- who is too late ------------------------------------------------------------------------ */

static void test_lost_race(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    struct adopt_now now = now_of(&o, PLAN);
    struct adopt_trial mine = trial(&o, &now, NEXT);
    struct adopt_version v;
    (void)adopted(&o, PLAN, HEAD KINDS ITEMS FORM REG);
    assert_int_equal(adopt(&o, &mine, &v), RC_CONFLICT);
    assert_text(b->e.primary_en, "another plan has been adopted");
    /* He has seen the one before, whatever the desk knows. */
    struct adopt_now later = now_of(&o, NULL);
    struct adopt_trial t = trial(&o, &later, NEXT);
    struct desk d = sit_at_root(&o);
    const struct adopt_words w = {.seen = 0, .reason = STR("r")};
    err_clear(&b->e);
    assert_int_equal(adopt_commit(&d, &t, &w, &v, &b->e), RC_CONFLICT);
    const struct adopt_words other = {
        .seen = REPORT_JUST_READ, .reason = STR("r"), .from = now.digest};
    err_clear(&b->e);
    assert_int_equal(adopt_commit(&d, &t, &other, &v, &b->e), RC_CONFLICT);
    const struct adopt_words mute = {.seen = REPORT_JUST_READ, .reason = STR(" ")};
    err_clear(&b->e);
    assert_int_equal(adopt_commit(&d, &t, &mute, &v, &b->e), RC_INPUT);
    o.denied = "plan.adopt";
    err_clear(&b->e);
    assert_int_equal(adopt_commit(&d, &t, &w, &v, &b->e), RC_DENIED);
    rise(&d);
}

/* What came in between the look and the act is looked at; the rest is no hindrance. */
static void test_between(void **state)
{
    static const char without[] =
        HEAD KINDS "数据 学生 : 人 每年 小数 0\n数据 教师 : 人 每年 小数 0\n}\n" FORM;
    struct book *b = *state;
    struct office o = office(b, PLAN);
    struct adopt_now now = now_of(&o, PLAN);
    struct adopt_trial t = trial(&o, &now, without);
    struct adopt_trial other = trial(&o, &now, without);
    struct adopt_version v;
    fact(&o, PLAN, "学生", 100);
    struct adopt_trial third = t;
    fact(&o, PLAN, "食堂", 1);
    assert_int_equal(adopt(&o, &third, &v), RC_FINDINGS);
    against(&o, &third,
            "item 学校.食堂 is gone, or of another period, and the book has 1 entries of it; ");
    assert_int_equal(adopt(&o, &other, &v), RC_FINDINGS);
    struct adopt_trial fine = trial(&o, &now, NEXT);
    fact(&o, PLAN, "学生", 101);
    BOOK_OK(b, adopt(&o, &fine, &v));
}

/* An act that began under the plan before is refused, and goes through under the new one. */
static void test_desks(void **state)
{
    struct book *b = *state;
    struct office o = office(b, PLAN);
    struct desk d = sit(&o, "issuer");
    const struct round_wish w = {.id = STR("R1"),
                                 .form = STR("F1"),
                                 .period = STR("2025"),
                                 .due = STR("2025-10-15"),
                                 .minutes = 2};
    struct round_view v;
    BOOK_OK(b, round_try(&d, &w, &v, &b->e));
    struct adopt_version next = adopted(&o, PLAN, NEXT);
    err_clear(&b->e);
    assert_int_equal(round_open(&d, &v, &b->e), RC_CONFLICT);
    assert_text(b->e.primary_en, "plan");
    d.plan = now_of(&o, NULL).pack->plan;
    d.plan_seen = next.seq;
    BOOK_OK(b, round_try(&d, &w, &v, &b->e));
    BOOK_OK(b, round_open(&d, &v, &b->e));
    rise(&d);
}

/* ---- files that are sent -------------------------------------------------------------------- */

static void test_files(void **state)
{
    static const char *const bad[] = {"a.txt", "../a.plan", "/a.plan", "a/../b.plan", "c:\\a.plan",
                                      ".plan", "a//b.plan", "",        "a/.b.plan"};
    struct book *b = *state;
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct lang_text x = {str_from_cstr(bad[i]), STR("x")};
        err_clear(&b->e);
        assert_int_equal(adopt_check_texts(&b->arena, &x, 1, &b->e), RC_INPUT);
    }
    const struct lang_text twice[] = {{STR("a.plan"), STR("x")}, {STR("a.plan"), STR("y")}};
    assert_int_equal(adopt_check_texts(&b->arena, twice, 2, &b->e), RC_INPUT);
    const struct lang_text fine[] = {{STR("a.plan"), STR("x")}, {STR("子/b.plan"), STR("y")}};
    BOOK_OK(b, adopt_check_texts(&b->arena, fine, 2, &b->e));
    char *text = ARENA_ARRAY(&b->arena, char, ADOPT_BYTES_MAX + 1U);
    memset(text, ' ', ADOPT_BYTES_MAX + 1U);
    const struct lang_text large = {STR("a.plan"), {text, ADOPT_BYTES_MAX + 1U}};
    assert_int_equal(adopt_check_texts(&b->arena, &large, 1, &b->e), RC_LIMIT);
    err_clear(&b->e);
    assert_int_equal(adopt_check_texts(&b->arena, NULL, 0, &b->e), RC_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(test_versions),  BOOK_TEST(test_another_pack), BOOK_TEST(test_keep),
        BOOK_TEST(test_gone),      BOOK_TEST(test_meaning),      BOOK_TEST(test_rounds),
        BOOK_TEST(test_registers), BOOK_TEST(test_attributes),   BOOK_TEST(test_tasks),
        BOOK_TEST(test_kinds),     BOOK_TEST(test_lost_race),    BOOK_TEST(test_between),
        BOOK_TEST(test_desks),     BOOK_TEST(test_files),
    };
    return BOOK_RUN(tests);
}
