/* SPDX-License-Identifier: Apache-2.0 */
/* A plan that is nearly another one: a few lines of its text are other ones. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "lang/diag.h"
#include "lang/lang.h"
#include "tests/lib/random_pack.h"

/* ---- the text ------------------------------------------------------------------------------- */

struct text_lines {
    VEC(struct str) list;
};

static struct text_lines split(struct arena *a, struct str text)
{
    struct text_lines out = {0};
    uint32_t from = 0;
    while (from < text.n) {
        uint32_t end = str_find(text, STR("\n"), from);
        end = end == STR_NONE ? (uint32_t)text.n : end;
        vec_push(a, &out.list, str_sub(text, from, end));
        from = end + 1;
    }
    return out;
}

static struct str join(struct arena *a, const struct text_lines *l)
{
    struct buf b;
    buf_init_in(&b, a, 1 << 16);
    for (uint32_t i = 0; i < l->list.n; i++) {
        buf_printf(&b, "%.*s\n", PS(l->list.items[i]));
    }
    return buf_view(&b);
}

/* Declarations changed here and there, in the plan and what it reads. */
#define LIT(text)                                                                                  \
    {                                                                                              \
        "" text, sizeof("" text) - 1                                                               \
    }
static const struct {
    struct str from, to;
} swaps[] = {
    {LIT("范围 0 至 20"), LIT("范围 0 至 19")},
    {LIT("乙 * 3"), LIT("乙 * 4")},
    {LIT("数据 甲"), LIT("数据 新 : 个 每年 数据 甲")},
    {LIT("数据 新 : 个 每年 "), LIT("")},
    {LIT("数据 月 : 个 每月 小数 0"), LIT("")},
    {LIT("版本 \"v2\""), LIT("版本 \"v3\"")},
    {LIT("上下 5%"), LIT("上下 6%")},
    {LIT("活动 365"), LIT("活动 200")},
    {LIT("基准年 2023"), LIT("基准年 2022")},
    /* Lists and an indicator that others read, and what becomes of them: half of all. */
    {LIT("事件 审核"), LIT("指标 D1 { 计算 求和(校.甲) }\n"
                           "目标 D2 { 每年 每个 市, 每个 县 D1 不低于 6个 }\n"
                           "目标 D3 { 每年 每个 动 甲 不低于 3个 }\n"
                           "目标 D4 { 每年 每个 点 甲 不低于 3个 }\n事件 审核")},
    {LIT("指标 D1 { 计算 求和(校.甲) }"), LIT("指标 D1 { 计算 求和(校.乙) }")},
    {LIT("指标 D1 { 计算 求和(校.乙) }"), LIT("指标 D1 { 计算 求和(校.乙) + 2个 }")},
    {LIT("\"C001\""), LIT("\"C002\"")},
    {LIT("冻结 2024"), LIT("冻结 2025")},
    {LIT("名单 动 : 校 其中 是甲"), LIT("名单 动 : 校 其中 公办")},
};

static void swap(struct arena *a, struct chance *c, struct text_lines *l)
{
    enum { ALL = sizeof swaps / sizeof *swaps, READ = 6 };
    uint32_t s = chance_pick(c, 2) == 0 ? ALL - READ + chance_pick(c, READ) : chance_pick(c, ALL);
    for (uint32_t i = 0; i < l->list.n; i++) {
        struct str *line = &l->list.items[i];
        uint32_t at = str_find(*line, swaps[s].from, 0);
        if (at != STR_NONE) {
            struct str tail = str_sub(*line, at + (uint32_t)swaps[s].from.n, (uint32_t)line->n);
            *line = str_cat(a, str_cat(a, str_sub(*line, 0, at), swaps[s].to), tail);
            return;
        }
    }
}

static bool is_commitment(struct str line)
{
    return str_starts(line, STR("目标")) || str_starts(line, STR("规则")) ||
           str_starts(line, STR("指标")) || str_starts(line, STR("校验")) ||
           str_starts(line, STR("门槛")) || str_starts(line, STR("任务")) ||
           str_starts(line, STR("名额")) || str_starts(line, STR("考核"));
}

/* Another digit at the end of one of its numbers. */
static struct str other_number(struct arena *a, struct chance *c, struct str line)
{
    VEC(uint32_t) at = {0};
    for (uint32_t i = 8; i + 1 < line.n; i++) {
        bool digit = line.p[i] >= '0' && line.p[i] <= '9';
        bool last = (uint8_t)line.p[i + 1] >= 0x80 || line.p[i + 1] == '%';
        if (digit && last) {
            vec_push(a, &at, i);
        }
    }
    if (at.n == 0) {
        return line;
    }
    struct str out = str_dup(a, line);
    char *p = arena_alloc(a, line.n + 1);
    for (uint32_t i = 0; i < line.n; i++) {
        p[i] = line.p[i];
    }
    p[at.items[chance_pick(c, at.n > 256 ? 256 : at.n)]] = (char)('1' + chance_pick(c, 9));
    out.p = p;
    return out;
}

static void change_commitment(struct arena *a, struct chance *c, struct text_lines *l)
{
    VEC(uint32_t) at = {0};
    for (uint32_t i = 0; i < l->list.n; i++) {
        if (is_commitment(l->list.items[i])) {
            vec_push(a, &at, i);
        }
    }
    if (at.n == 0) {
        return;
    }
    uint32_t i = at.items[chance_pick(c, at.n)];
    uint32_t what = chance_pick(c, 4);
    struct str *line = &l->list.items[i];
    if (what == 0) { /* gone */
        *line = STR("");
    } else if (what == 1) { /* one more before it */
        struct buf b;
        buf_init_in(&b, a, 1 << 12);
        buf_printf(&b, "目标 N%u { 于 2025年 计数(校) 至少 %u个 }\n%.*s", chance_pick(c, 250),
                   chance_pick(c, 9), PS(*line));
        *line = buf_view(&b);
    } else if (what == 2) { /* two in another order */
        uint32_t k = at.items[chance_pick(c, at.n)];
        struct str other = l->list.items[k];
        l->list.items[k] = *line;
        l->list.items[i] = other;
    } else {
        *line = other_number(a, c, *line);
    }
}

/* ---- the data ------------------------------------------------------------------------------- */

static uint32_t item_like(const struct plan *p, const struct item *x)
{
    for (uint32_t i = 0; i < p->n_items; i++) {
        if (str_eq(p->items[i].d.name, x->d.name) && p->items[i].kind == x->kind) {
            return i;
        }
    }
    return NONE;
}

static uint32_t commitment_like(const struct plan *p, struct str id)
{
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        if (str_eq(p->commitments[i].id, id)) {
            return i;
        }
    }
    return NONE;
}

/* As a loader binds it to the other plan: what that one does not know is left out. */
static const struct dataset *bound(struct arena *a, const struct random_pack *pack,
                                   const struct plan *p)
{
    struct dataset *d = ARENA_NEW(a, struct dataset);
    *d = *pack->data;
    struct fact *facts = ARENA_ARRAY(a, struct fact, (size_t)d->n_facts + 1);
    struct evidence *evidence = ARENA_ARRAY(a, struct evidence, (size_t)d->n_evidence + 1);
    d->n_facts = 0;
    d->n_evidence = 0;
    for (uint32_t i = 0; i < pack->data->n_facts; i++) {
        struct fact f = pack->data->facts[i];
        f.item = item_like(p, &pack->plan->items[f.item]);
        if (f.item != NONE) {
            facts[d->n_facts++] = f;
        }
    }
    for (uint32_t i = 0; i < pack->data->n_evidence; i++) {
        struct evidence e = pack->data->evidence[i];
        e.commitment = commitment_like(p, pack->plan->commitments[e.commitment].id);
        if (e.commitment != NONE) {
            evidence[d->n_evidence++] = e;
        }
    }
    if (d->n_facts > 1) {
        qsort(facts, d->n_facts, sizeof *facts, random_fact_cmp);
    }
    for (uint32_t i = 0; i < d->n_facts; i++) {
        facts[i].from.line = i; /* those to come have later ones (random_grown) */
    }
    d->facts = facts;
    d->evidence = evidence;
    return d;
}

bool random_other_plan(struct arena *a, struct chance *c, struct random_pack *pack)
{
    struct text_lines lines = split(a, pack->text);
    struct diags ds;
    struct lang l;
    uint32_t n = 1 + chance_pick(c, 3);
    for (uint32_t i = 0; i < n; i++) {
        (chance_pick(c, 2) == 0 ? swap : change_commitment)(a, c, &lines);
    }
    struct str text = join(a, &lines);
    diags_init(&ds, a, NULL);
    if (lang_load_text(a, STR("other.plan"), text, &ds, &l, NULL) != RC_OK) {
        return false;
    }
    pack->data = bound(a, pack, l.plan);
    pack->text = text;
    pack->plan = l.plan;
    return true;
}
