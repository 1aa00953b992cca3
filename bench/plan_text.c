/* SPDX-License-Identifier: Apache-2.0 */
/* The workload as a plan in the plan language. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "bench/workload.h"

#define PLAN_BYTES_MAX   (16u << 20)
#define LAST_YEAR_OF_ALL (FIRST_YEAR + YEARS - 1)

static void put_item(struct buf *b, uint32_t index, const struct bench_item *x)
{
    static const char *const types[] = {
        [ITEM_PART] = "人", [ITEM_WHOLE] = "人", [ITEM_MONEY] = "万元", [ITEM_FLAG] = "是否"};
    buf_printf(b, "  数据 i%u : %s 每年", index, types[x->class]);
    if (x->class == ITEM_MONEY) {
        buf_puts(b, " 小数 2");
    } else if (x->class != ITEM_FLAG) {
        buf_puts(b, " 小数 0");
    }
    if (x->bound != NO_BOUND) {
        buf_printf(b, " 范围 0 至 %d", x->class == ITEM_MONEY ? x->bound / 100 : x->bound);
    }
    buf_puts(b, "\n");
}

static void put_model(struct buf *b, const struct workload *w)
{
    buf_printf(b, "计划 bench { 年度 %d 至 %d }\n", FIRST_YEAR, LAST_YEAR_OF_ALL);
    buf_puts(b, "层级 自治区 > 盟市 > 旗县");
    for (uint32_t d = 0; d < w->shape.depth; d++) {
        buf_printf(b, " > 层%u", d);
    }
    buf_puts(b, " > 学校\n对象 旗县 { 属性 边境 : 是否 }\n");
    buf_puts(b, "对象 学校 {\n  属性 公办 : 是否  属性 乡村 : 选项(\"否\",\"是\")\n");
    for (uint32_t i = 0; i < w->n_items; i++) {
        put_item(b, i, &w->items[i]);
    }
    buf_puts(b, "}\n");
    for (uint32_t i = 0; i < w->n_items; i++) {
        if (w->items[i].tied && w->items[i].class == ITEM_PART) {
            buf_printf(b, "校验 K%u { 对象 学校 i%u 不超过 i%u 硬性 }\n", i, i, w->items[i].whole);
        }
    }
}

static void put_cond(struct buf *b, struct cond c)
{
    switch (c.kind) {
    case COND_NONE:
        break;
    case COND_PUBLIC:
        buf_puts(b, "公办");
        break;
    case COND_RURAL:
        buf_puts(b, "乡村 为 \"是\"");
        break;
    case COND_FLAG:
        buf_printf(b, "i%u", c.item);
        break;
    case COND_SIZE:
        buf_printf(b, "i%u 不少于 %d人", c.item, c.value);
        break;
    case COND_PUBLIC_FLAG:
        buf_printf(b, "公办 且 i%u", c.item);
        break;
    }
}

static void put_where(struct buf *b, const char *word, struct cond c)
{
    if (c.kind != COND_NONE) {
        buf_printf(b, " %s ", word);
        put_cond(b, c);
    }
}

static void put_sum(struct buf *b, uint32_t item, struct cond where)
{
    buf_printf(b, "求和(学校.i%u", item);
    put_where(b, "其中", where);
    buf_puts(b, ")");
}

static void put_measure(struct buf *b, const struct target *t)
{
    switch (t->form) {
    case FORM_SUM:
        put_sum(b, t->a, t->where);
        break;
    case FORM_COUNT:
        buf_puts(b, "计数(学校");
        put_where(b, "其中", t->where);
        buf_puts(b, ")");
        break;
    case FORM_SHARE:
        buf_puts(b, "占比(学校");
        put_where(b, "其中", t->where);
        put_where(b, t->where.kind == COND_NONE ? "其中" : "满足", t->satisfying);
        buf_puts(b, ")");
        break;
    case FORM_RATIO:
    case FORM_PART_OF:
        put_sum(b, t->a, t->where);
        buf_puts(b, " / ");
        put_sum(b, t->form == FORM_RATIO ? t->b : t->a, (struct cond){0});
        break;
    case FORM_SCHOOL_RATIO:
        buf_printf(b, "i%u / i%u", t->a, t->b);
        break;
    case FORM_SCHOOL_FLAGS:
        buf_printf(b, "i%u 且 i%u", t->a, t->b);
        break;
    }
}

static void put_times(struct buf *b, enum times t)
{
    switch (t) {
    case EVERY_YEAR:
        buf_puts(b, "每年 ");
        break;
    case NEVER_FALLS:
    case RISES:
        buf_printf(b, "每年 自 %d年 ", FIRST_YEAR + 1);
        break;
    case LADDER:
        break;
    case LAST_YEAR:
        buf_printf(b, "到 %d年 ", LAST_YEAR_OF_ALL);
        break;
    case HOLD:
        buf_printf(b, "保持 %d 至 %d ", FIRST_YEAR, LAST_YEAR_OF_ALL);
        break;
    case MEAN:
        buf_printf(b, "年均 %d 至 %d ", FIRST_YEAR, LAST_YEAR_OF_ALL);
        break;
    }
}

static void put_scopes(struct buf *b, const struct target *t)
{
    static const struct {
        uint32_t bit;
        const char *words;
    } names[] = {{AT_REGION, "全区"},
                 {AT_CITY, "每个 盟市"},
                 {AT_COUNTY, "每个 旗县"},
                 {AT_SCHOOL, "每个 学校"}};
    const char *comma = "";
    for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (t->at & names[i].bit) {
            buf_printf(b, "%s%s", comma, names[i].words);
            comma = ", ";
        }
    }
    if (t->at & ONLY_BORDER) {
        buf_puts(b, " 当 边境");
    } else if (t->form == FORM_SCHOOL_FLAGS) {
        put_where(b, "当", t->where);
    }
    buf_puts(b, " ");
}

/* The figure asked in a year, in the unit of the measure. */
static void put_asked(struct buf *b, const struct workload *w, const struct target *t, uint32_t y)
{
    int64_t v = t->asked[y];
    bool money = w->items[t->a].class == ITEM_MONEY;
    if (t->form == FORM_SUM && money) {
        buf_printf(b, "%" PRId64 ".%02" PRId64 "万元", v / 100, v % 100);
    } else if (t->form == FORM_SUM || t->form == FORM_COUNT) {
        buf_printf(b, "%" PRId64 "%s", v, t->form == FORM_SUM ? "人" : "所");
    } else if (money) { /* thousandths of 100 元 a head */
        buf_printf(b, "%" PRId64 ".%" PRId64 "元/人", v / 10, v % 10);
    } else {
        buf_printf(b, "%" PRId64 ".%" PRId64 "%%", v / 10, v % 10);
    }
}

static void put_asks(struct buf *b, const struct workload *w, const struct target *t)
{
    static const char *const words[] = {
        [GE] = "不低于", [LE] = "不超过", [GT] = "超过", [LT] = "低于"};
    if (t->form == FORM_SCHOOL_FLAGS) {
        return;
    }
    if (t->times == NEVER_FALLS || t->times == RISES) {
        buf_puts(b, t->times == RISES ? " 提高" : " 只增不减");
        return;
    }
    buf_printf(b, " %s ", words[t->cmp]);
    if (t->times != LADDER) {
        put_asked(b, w, t, 0);
        return;
    }
    for (uint32_t y = 0; y < YEARS; y++) {
        buf_printf(b, "%s于 %u年 ", y > 0 ? ", " : "", FIRST_YEAR + y);
        put_asked(b, w, t, y);
    }
}

struct str workload_plan(struct arena *a, const struct workload *w)
{
    struct buf b;
    buf_init_in(&b, a, PLAN_BYTES_MAX);
    put_model(&b, w);
    for (uint32_t i = 0; i < w->n_targets; i++) {
        const struct target *t = &w->targets[i];
        buf_printf(&b, "目标 T%u { ", i);
        put_times(&b, t->times);
        put_scopes(&b, t);
        put_measure(&b, t);
        put_asks(&b, w, t);
        buf_puts(&b, " }\n");
    }
    ASSERT(!b.overflow);
    return buf_view(&b);
}
