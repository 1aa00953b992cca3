/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands against a form, found in two ways: with the book read, and with the live verdicts of
 * a service. Random books and forms; checks that look at the unit, at what it was merged from, at
 * the year before, below, above and beside. Both say the same, in the same words.
 */
#include <inttypes.h>

#include "app/standing/standing.h"
#include "base/buf.h"
#include "base/rng.h"
#include "store/parcel.h"
#include "tests/app/office.h"

#define ROUNDS 60
#define FORMS  12

static const char plan_text[] =
    "计划 p { 年度 2024 至 2026 基准年 2024 }\n层级 省 > 县 > 学校\n"
    "对象 学校 属于 县 {\n"
    "  数据 甲 : 人 每年 小数 0 范围 0 至 40  数据 乙 : 人 每年 小数 0 范围 0 至 40\n"
    "  数据 丙 : 人 每年 小数 0  数据 密 : 人 每年 小数 0 密级 密封  属性 公办 : 是否\n}\n"
    "对象 县 属于 省 { 数据 县数 : 人 每年 小数 0  数据 县密 : 人 每年 小数 0 }\n"
    "报表 F1 学校 { 对象 学校 每年 项 甲, 乙, 丙, 密 }\n"
    "报表 F2 县 { 对象 县 每年 项 县数, 县密 }\n"
    "校验 K1 一 { 对象 学校  甲 不超过 乙  硬性 提示 \"一\" }\n"
    "校验 K2 二 { 对象 学校  甲 + 乙 不超过 丙  软性 提示 \"二\" }\n"
    "校验 K3 三 { 对象 学校  甲 不少于 上年(甲)  软性 提示 \"三\" }\n"
    "校验 K4 四 { 对象 学校  甲 不超过 上级(县.县数)  软性 提示 \"四\" }\n"
    "校验 K5 五 { 对象 学校  位次(甲 于 学校) 不超过 2  软性 提示 \"五\" }\n"
    "校验 K6 六 { 对象 学校  密 不超过 甲  软性 提示 \"六\" }\n"
    "校验 K7 七 { 对象 县  县数 不少于 求和(学校.甲)  硬性 提示 \"七\" }\n"
    "校验 K8 八 { 对象 县  县数 不超过 求和(学校.乙) + 上年(县数)  软性 提示 \"八\" }\n"
    "校验 K9 九 { 对象 县  县密 不少于 求和(学校.密)  硬性 提示 \"九\" }\n"
    "校验 K10 十 { 对象 学校  乙 不超过 基准(乙) + 5人  软性 提示 \"十\" }\n";

struct trial {
    struct office *o;
    struct desk d;
    struct rng rng;
    struct standing *s;
    struct live_reader *live;
    uint32_t looks;
};

static uint32_t pick(struct trial *t, uint32_t n)
{
    return (uint32_t)rng_below(&t->rng, n);
}

static enum rc look(void *ctx, struct live_reader **out, struct err *e)
{
    struct trial *t = ctx;
    TRY(standing_look(t->s, e));
    t->looks++;
    (void)standing_pin(t->s, t->live);
    *out = t->live;
    return RC_OK;
}

static void away(void *ctx)
{
    struct trial *t = ctx;
    live_unpin(t->live);
    standing_look_away(t->s);
}

/* Some figures of all, at random days and states. */
static void record(struct trial *t, uint32_t number)
{
    static const enum row_status states[] = {ROW_ACCEPTED, ROW_ACCEPTED, ROW_ACCEPTED,
                                             ROW_SUBMITTED, ROW_DRAFT};
    struct desk *d = &t->d;
    struct edit edits[24];
    uint32_t n = 0;
    while (n < 24) {
        uint32_t unit = pick(t, d->tree->n_units);
        uint32_t item = pick(t, d->plan->n_items);
        bool school =
            d->plan->items[item].kind == d->tree->versions[d->tree->units[unit].first].kind;
        if (!school) {
            continue;
        }
        edits[n++] = (struct edit){
            .kind = EDIT_FACT,
            .u.fact = {.unit = unit,
                       .item = item,
                       .period = {PERIOD_YEAR, 2022 + (int32_t)pick(t, 4), 1},
                       .value = {.has = pick(t, 8) > 0, .num = rat_int(pick(t, 41))},
                       .status = states[pick(t, 5)],
                       .from = {.recorded = date_add_days(TODAY, -(int32_t)pick(t, 300))}}};
    }
    const struct store_parcel *parcels = NULL;
    uint32_t n_parcels = 0;
    struct store_receipt got;
    BOOK_OK(t->o->b,
            parcel_write(d->a, d->plan, d->tree, edits, n, &parcels, &n_parcels, &t->o->b->e));
    const struct store_commit c = {.token = str_from_cstr(book_text(t->o->b, "facts %u", number)),
                                   .actor = STR("t"),
                                   .act = STR("facts"),
                                   .parcels = parcels,
                                   .n_parcels = n_parcels};
    BOOK_OK(t->o->b, store_commit(d->a, d->store, &c, &got, &t->o->b->e));
}

static void type(struct trial *t, struct report *r)
{
    for (uint32_t i = 0; i < r->round.round.n_items; i++) {
        r->cells[i] = (struct value){.has = pick(t, 4) > 0, .num = rat_int(pick(t, 41))};
    }
}

static bool same(const struct report_findings *x, const struct report_findings *y)
{
    bool eq = x->list.n == y->list.n;
    for (uint32_t i = 0; eq && i < x->list.n; i++) {
        const struct report_finding *a = &x->list.items[i];
        const struct report_finding *b = &y->list.items[i];
        eq = a->fault == b->fault && str_eq(a->a, b->a) && str_eq(a->b, b->b);
    }
    return eq;
}

static uint32_t compare(struct trial *t, struct report *r, uint64_t seed)
{
    struct report_findings plain = {0};
    struct report_findings live = {0};
    const struct desk_eye eye = {look, away, NULL, t};
    struct desk own = t->d;
    own.eye = NULL;
    own.data = NULL;
    t->d.eye = &eye;
    BOOK_OK(t->o->b, report_check(&own, r, &plain, &t->o->b->e));
    uint32_t before = t->looks;
    BOOK_OK(t->o->b, report_check(&t->d, r, &live, &t->o->b->e));
    if (t->looks > before) {
        desk_look_away(&t->d);
    }
    if (!same(&plain, &live)) {
        struct buf b;
        buf_init(&b, 1U << 16);
        report_findings_text(&plain, false, &b);
        buf_puts(&b, "-- live\n");
        report_findings_text(&live, false, &b);
        print_message("# seed %" PRIu64 " unit %u\n%s", seed, r->unit, buf_view(&b).p);
        fail();
    }
    return plain.list.n;
}

static void open_round(struct trial *t, const char *id, const char *form)
{
    struct round_view v;
    const struct round_wish w = {.id = str_from_cstr(id),
                                 .form = str_from_cstr(form),
                                 .period = STR("2024"),
                                 .due = STR("2024-12-01"),
                                 .minutes = 1};
    BOOK_OK(t->o->b, round_try(&t->d, &w, &v, &t->o->b->e));
    BOOK_OK(t->o->b, round_open(&t->d, &v, &t->o->b->e));
}

/* S2 is what S1 was merged with, from some day of the plan on. */
static void merge(struct trial *t)
{
    static const struct str from[] = {STR_INIT("S2")};
    const struct unit_op op = {.act = UNIT_MERGE,
                               .day = date_add_days(TODAY, -100),
                               .code = STR("S1"),
                               .others = from,
                               .n_others = 1};
    const struct store_commit words = {.token = STR("merge"), .actor = STR("t")};
    struct store_receipt got;
    struct err *e = &t->o->b->e;
    BOOK_OK(t->o->b, units_commit(t->d.a, t->d.store, t->d.reader, &op, 1, &words, &got, e));
}

static void test_both_ways(void **state)
{
    struct office o = office(*state, plan_text);
    struct trial t = {.o = &o, .d = sit(&o, "u")};
    uint32_t found = 0;
    open_round(&t, "R1", "F1");
    open_round(&t, "R2", "F2");
    struct standing_options so = {.plan = t.d.plan,
                                  .store = t.d.store,
                                  .day = TODAY,
                                  .upto = INT64_MAX,
                                  .limit = (size_t)1 << 28};
    BOOK_OK(o.b, standing_open(&so, &t.s, &o.b->e));
    t.live = live_reader(standing_live(t.s));
    for (uint32_t k = 0; k < ROUNDS; k++) {
        struct standing_step step;
        struct arena work;
        uint64_t seed = 20261126 + k;
        rng_seed(&t.rng, seed);
        record(&t, k);
        if (k == ROUNDS / 2) {
            merge(&t);
        }
        arena_init(&work, (size_t)1 << 28, "round");
        struct desk kept = t.d;
        t.d.a = &work;
        t.d.tree = NULL;
        t.d.names = NULL;
        t.d.eye = NULL;
        BOOK_OK(o.b, desk_open(&t.d, &o.b->e));
        BOOK_OK(o.b, standing_follow(t.s, INT64_MAX, &step, &o.b->e));
        for (uint32_t i = 0; i < FORMS; i++) {
            static const char *const units[] = {"S1", "S2", "D"};
            struct report r;
            uint32_t which = pick(&t, k > ROUNDS / 2 ? 2 : 3);
            which = k >= ROUNDS / 2 && which == 1 ? 2 : which;
            BOOK_OK(o.b, report_open(&t.d, which == 2 ? STR("R2") : STR("R1"),
                                     str_from_cstr(units[which]), &r, &o.b->e));
            type(&t, &r);
            found += compare(&t, &r, seed);
        }
        t.d = kept;
        arena_release(&work);
    }
    print_message("# %u findings, %u looks\n", found, t.looks);
    assert_true(found > ROUNDS * FORMS && t.looks > ROUNDS * FORMS / 2);
    live_reader_release(t.live);
    standing_close(t.s);
    rise(&t.d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {BOOK_TEST(test_both_ways)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
