/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes one form of many units as a workbook to fill in, with every figure known, and says what
 * that took:
 *     write-workbook FOLDER UNITS ITEMS   {"units", "items", "seconds", "mib"} as JSON:
 *                                         seconds of CPU time, the most memory that was resident
 */
#include <stdio.h>

#include "app/workbook/export.h"
#include "app/pack/pack.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/i128.h"
#include "base/rng.h"
#include "bench/usage.h"

struct job {
    struct arena a;
    struct export_work work;
    struct export_page page;
    struct pack pack;
    struct err e;
    const char *folder, *path;
    uint32_t units, items;
    enum rc rc;
};

static enum rc make_plan(struct job *j)
{
    struct buf b;
    buf_init_in(&b, &j->a, 1 << 24);
    buf_puts(&b, "计划 p { 年度 2024 至 2026 }\n层级 省 > 县\n对象 学校 属于 县 {\n");
    for (uint32_t i = 0; i < j->items; i++) {
        buf_printf(&b, "  数据 指标%u : 人 每年 小数 1 口径 \"第%u项\"\n", i + 1, i + 1);
    }
    buf_puts(&b, "}\n报表 F1 全部 { 对象 学校 每年 项 ");
    for (uint32_t i = 0; i < j->items; i++) {
        buf_printf(&b, "%s指标%u", i > 0 ? ", " : "", i + 1);
    }
    buf_puts(&b, " 截止 10-15 }\n校验 K1 大小 { 对象 学校 指标1 不低于 指标2 }\n");
    TRY(file_write(path_join(&j->a, j->folder, "a.plan"), buf_view(&b), &j->e));
    return pack_open_plan(&j->a, j->folder, &j->pack, &j->e);
}

static enum rc values(void *ctx, struct arena *step, uint32_t ix, struct export_values *out,
                      struct err *e)
{
    const struct job *j = ctx;
    struct rng rng;
    struct buf code;
    struct value *cells = ARENA_ARRAY(step, struct value, 2 * j->items + 1U);
    (void)e;
    rng_seed(&rng, ix);
    for (uint32_t i = 0; i < 2 * j->items; i++) {
        struct rat ten = rat_int(10);
        cells[i] = (struct value){
            .has = true, .num = rat_div(step, rat_int((int64_t)rng_below(&rng, 100000)), ten)};
    }
    buf_init_in(&code, step, 64);
    buf_printf(&code, "15%08u", ix);
    *out = (struct export_values){.code = buf_view(&code),
                                  .name = STR("某某旗第一中心小学"),
                                  .cells = cells,
                                  .before = cells + j->items,
                                  .seen = ix};
    return RC_OK;
}

static enum rc write_it(struct job *j)
{
    const struct export_source from = {.n = j->units, .ctx = j, .values = values};
    TRY(make_plan(j));
    j->page = (struct export_page){.chinese = true, .today = date_today()};
    TRY(export_page_of_form(&j->a, j->pack.plan, STR("F1"), &j->page, &j->e));
    return export_units(&j->work, &j->page, &from, j->path, &j->e);
}

static void run(void *ctx)
{
    struct job *j = ctx;
    export_begin(&j->work, &j->a);
    j->path = path_join(&j->a, j->folder, "many.xlsx");
    j->rc = write_it(j);
}

static uint32_t count_of(const char *text)
{
    i128 n = 0;
    return i128_parse(str_from_cstr(text), &n) && n > 0 && n <= 1000000 ? (uint32_t)n : 0;
}

int main(int argc, char **argv)
{
    struct job j = {.folder = argc == 4 ? argv[1] : NULL};
    j.units = argc == 4 ? count_of(argv[2]) : 0;
    j.items = argc == 4 ? count_of(argv[3]) : 0;
    if (j.units == 0 || j.items == 0) {
        (void)fprintf(stderr, "usage: write-workbook FOLDER UNITS ITEMS\n");
        return 2;
    }
    arena_init(&j.a, (size_t)1 << 32, "bench");
    double begin = cpu_seconds();
    enum rc rc = arena_run(&j.a, run, &j);
    double took = cpu_seconds() - begin;
    if (rc != RC_OK || j.rc != RC_OK) {
        (void)fprintf(stderr, "%s\n", j.e.primary_en);
    } else {
        (void)printf("{\"units\": %u, \"items\": %u, \"seconds\": %.2f, \"mib\": %.1f}\n", j.units,
                     j.items, took, (double)peak_kib() / 1024.0);
    }
    export_drop(&j.work);
    arena_release(&j.a);
    return rc == RC_OK && j.rc == RC_OK ? 0 : 1;
}
