/* SPDX-License-Identifier: Apache-2.0 */
/* Figures without rows of their own: cells see them, edits correct them, the lender keeps his. */
#include "base/arena.h"
#include "engine/cells.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "model/figures.h"
#include "tests/lib/test.h"

#define SCHOOLS 70 /* more than one word of bits */

static const char text[] = "计划 t { 年度 2024 至 2024 }\n层级 省 > 校\n"
                           "对象 校 { 数据 甲 : 人 每年 小数 1  数据 乙 : 人 每年 }\n";

struct setup {
    struct arena a;
    const struct plan *plan;
    struct period year;
    struct figures lender;
    struct dataset data;
    struct cells *cells;
};

static struct str code(struct arena *a, uint32_t i)
{
    char digits[] = {'1', (char)('0' + i / 10), (char)('0' + i % 10)};
    return str_dup(a, str_make(digits, sizeof digits));
}

static void make_tree(struct setup *s)
{
    struct tree_version v[SCHOOLS + 1] = {0};
    struct tree_sink sink = {0};
    for (uint32_t i = 0; i <= SCHOOLS; i++) {
        v[i] = (struct tree_version){.code = i == 0 ? STR("1") : code(&s->a, i - 1),
                                     .parent = i == 0 ? STR("") : STR("1"),
                                     .from = DATE_MIN,
                                     .to = DATE_MAX,
                                     .kind = s->plan->items[0].kind};
        v[i].name = v[i].code;
        for (uint32_t k = 0; i == 0 && k < s->plan->n_kinds; k++) {
            v[i].kind = s->plan->kinds[k].level == 0 ? k : v[i].kind;
        }
    }
    assert_int_equal(tree_build(&s->a, v, SCHOOLS + 1, NULL, 0, sink, &s->data.tree, NULL), RC_OK);
}

/* School i has i + 0.5 of the first item, every third one is silent. */
static void begin(struct setup *s)
{
    struct diags ds;
    struct lang l;
    struct date as_of;
    *s = (struct setup){0};
    arena_init(&s->a, 64 << 20, "test");
    diags_init(&ds, &s->a, NULL);
    assert_int_equal(lang_load_text(&s->a, STR("t.plan"), str_from_cstr(text), &ds, &l, NULL),
                     RC_OK);
    s->plan = l.plan;
    make_tree(s);
    assert_true(period_make(PERIOD_YEAR, 2024, 1, &s->year));
    assert_int_equal(figures_make(&s->a, s->plan, s->data.tree, &s->lender, NULL), RC_OK);
    struct figure_column *c = figures_column(&s->lender, 0, s->year, false);
    assert_int_equal(c->den, 10);
    for (uint32_t i = 0; i < SCHOOLS; i++) {
        c->x[i] = i % 3 == 0 ? 0 : 10 * (int64_t)i + 5;
        figure_set(c->known, i, i % 3 != 0);
    }
    s->data.figures = &s->lender;
    assert_true(date_make(2025, 2, 1, &as_of));
    assert_int_equal(cells_make(&s->a, s->plan, &s->data, as_of, &s->cells, NULL), RC_OK);
}

static void assert_figure(struct setup *s, uint32_t school, bool known, int64_t tenths)
{
    struct cell c = cells_item(&s->a, s->cells, 0, school + 1, s->year);
    assert_int_equal(c.known, known);
    assert_true(!known || rat_eq(c.lo, rat_frac(tenths, 10)));
}

static void correct(struct setup *s, uint32_t school, bool has, int64_t n)
{
    struct edit e = {.kind = EDIT_FACT};
    uint32_t ix = 0;
    e.u.fact = (struct fact){.unit = school + 1,
                             .period = s->year,
                             .value = {.has = has, .num = rat_int(n), .text = STR("")},
                             .definition = STR(""),
                             .point = STR(""),
                             .from = {.recorded = DATE_MIN, .source = STR("")}};
    assert_int_equal(cells_apply(s->cells, &e, &ix), RC_OK);
}

static void test_seen(void **state)
{
    (void)state;
    struct setup s;
    begin(&s);
    for (uint32_t i = 0; i < SCHOOLS; i++) {
        assert_figure(&s, i, i % 3 != 0, 10 * (int64_t)i + 5);
    }
    struct cell other = cells_item(&s.a, s.cells, 1, 2, s.year);
    assert_false(other.known);
    arena_release(&s.a);
}

static void test_corrected(void **state)
{
    (void)state;
    struct setup s;
    begin(&s);
    correct(&s, 4, true, 7);   /* another figure */
    correct(&s, 3, true, 9);   /* one that was silent */
    correct(&s, 65, false, 0); /* withdrawn */
    assert_figure(&s, 4, true, 70);
    assert_figure(&s, 3, true, 90);
    assert_figure(&s, 65, false, 0);
    assert_figure(&s, 5, true, 55);
    assert_figure(&s, 6, false, 0);
    const struct figure_column *c = figures_at(&s.lender, 0, s.year);
    assert_int_equal(c->x[4], 45);
    assert_false(figure_bit(c->known, 3));
    assert_true(figure_bit(c->known, 65));
    assert_null(c->fact);
    arena_release(&s.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_seen),
                                       cmocka_unit_test(test_corrected)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
