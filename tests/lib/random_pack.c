/* SPDX-License-Identifier: Apache-2.0 */
/* Choices become text, units and rows; nothing here decides what is right. */
#include "tests/lib/random_pack.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "lang/diag.h"
#include "lang/lang.h"

/* ---- chance --------------------------------------------------------------------------------- */

struct chance chance_of_seed(uint64_t seed)
{
    struct chance c = {0};
    rng_seed(&c.rng, seed);
    return c;
}

struct chance chance_of_bytes(const uint8_t *bytes, size_t n)
{
    return (struct chance){.bytes = bytes, .n = n};
}

uint32_t chance_pick(struct chance *c, uint32_t n)
{
    if (!c->bytes) {
        return (uint32_t)rng_below(&c->rng, n);
    }
    return c->at < c->n ? c->bytes[c->at++] % n : 0;
}

static uint32_t pick(struct chance *c, uint32_t n)
{
    return chance_pick(c, n);
}

/* ---- the plan ------------------------------------------------------------------------------- */

static const char model[] =
    "计划 r { 年度 2024 至 2026 基准年 2023 约数 上下 5% 基本 容差 10% }\n"
    "层级 省 > 市 > 县 > 校\n"
    "对象 市 { 数据 市数 : 个 每年 }\n"
    "对象 县 { 数据 县数 : 个 每年 范围 0 至 9 数据 县是 : 是否 每年 属性 边境 : 是否 }\n"
    "对象 校 {\n"
    "  数据 甲 : 个 每年  数据 乙 : 个 每年 范围 0 至 20 小数 1\n"
    "  数据 丙 : 个 每学年 时点 学年初  数据 丁 : 个 每年 范围 -5 至 5\n"
    "  数据 月 : 个 每月 小数 0  数据 大 : 个 每年  数据 变 : 个 每年 版本 \"v2\" 自 2025年\n"
    "  数据 是甲 : 是否 每年  数据 是乙 : 是否 每学年\n"
    "  数据 密 : 个 每年 密级 密封  数据 选 : 选项(\"一\",\"二\",\"三\") 每年\n"
    "  属性 公办 : 是否  属性 类 : 选项(\"城\",\"镇\",\"村\")\n"
    "}\n"
    "对象 园 属于 县 是 校 { 须报送 每年 数据 园数 : 个 每年 }\n"
    "台账 册 属于 校 { 字段 号 : 文本 键 字段 数 : 个 字段 好 : 是否 须报送 每年 }\n"
    "台账 开 属于 县 { 字段 数 : 个 }\n"
    "关系 对 : 校 与 校 { 活动 365天 }\n"
    "创建 星 { 对象 校 授予 星 }\n"
    "校验 K1 { 对象 校  甲 不超过 乙 * 3  硬性 }\n"
    "名单 点 : 校 { \"C000\", \"C001\", \"C010\" }\n"
    "名单 动 : 校 其中 是甲 冻结 2024-12-31\n"
    "事件 审核\n";

static void truth(struct buf *b, struct chance *c, uint32_t depth);

/* A figure of a school, in things. */
static void figure(struct buf *b, struct chance *c, uint32_t depth)
{
    static const char *const leaves[] = {"甲",       "乙",       "丙", "丁",  "大",   "变",
                                         "全年(月)", "年末(月)", "密", "2个", "0.5个"};
    static const char *const ops[] = {" + ", " - ", " * 2 + ", " / 3 - "};
    if (depth == 0 || pick(c, 2) == 0) {
        buf_puts(b, leaves[pick(c, sizeof leaves / sizeof *leaves)]);
    } else if (pick(c, 5) == 0) {
        buf_puts(b, "(如果 ");
        truth(b, c, depth - 1);
        buf_puts(b, " 则 ");
        figure(b, c, depth - 1);
        buf_puts(b, " 否则 ");
        figure(b, c, depth - 1);
        buf_puts(b, ")");
    } else {
        buf_puts(b, "(");
        figure(b, c, depth - 1);
        buf_puts(b, ops[pick(c, 4)]);
        figure(b, c, depth - 1);
        buf_puts(b, ")");
    }
}

static void comparison(struct buf *b, struct chance *c, uint32_t depth)
{
    static const char *const ops[] = {" 不低于 ", " 不超过 ", " 超过 ", " 低于 ", " = ", " != "};
    figure(b, c, depth);
    switch (pick(c, 4)) {
    case 0:
        buf_puts(b, " / ");
        figure(b, c, 0);
        buf_puts(b, ops[pick(c, 6)]);
        buf_puts(b, "0.5");
        break;
    case 1:
        buf_puts(b, " 介于 1个 至 4个");
        break;
    case 2:
        buf_puts(b, " 约 3个");
        break;
    default:
        buf_puts(b, ops[pick(c, 6)]);
        figure(b, c, depth);
    }
}

/* A condition on a school. */
static void truth(struct buf *b, struct chance *c, uint32_t depth)
{
    static const char *const leaves[] = {
        "是甲", "是乙", "公办", "星", "点", "选 为 \"二\"", "类 属于 (\"城\",\"村\")"};
    uint32_t k = depth == 0 ? 0 : pick(c, 5);
    if (k == 0) {
        buf_puts(b, leaves[pick(c, sizeof leaves / sizeof *leaves)]);
    } else if (k == 1) {
        buf_puts(b, "(");
        comparison(b, c, depth - 1);
        buf_puts(b, ")");
    } else if (k == 2) {
        buf_puts(b, "非 (");
        truth(b, c, depth - 1);
        buf_puts(b, ")");
    } else {
        buf_puts(b, "(");
        truth(b, c, depth - 1);
        buf_puts(b, k == 3 ? " 且 " : " 或 ");
        truth(b, c, depth - 1);
        buf_puts(b, ")");
    }
}

static const char *population(struct chance *c)
{
    static const char *const names[] = {"校", "校", "校", "园", "星", "点"};
    return names[pick(c, 6)];
}

static void where(struct buf *b, struct chance *c)
{
    if (pick(c, 2) == 0) {
        buf_puts(b, " 其中 ");
        truth(b, c, 2);
    }
}

/* An aggregate over a population, in things. */
static void amount_over(struct buf *b, struct chance *c, const char *pop)
{
    if (pick(c, 3) == 0) {
        buf_printf(b, "计数(%s", pop);
    } else {
        buf_printf(b, "求和(%s.甲", pop);
        for (uint32_t i = pick(c, 3); i > 0; i--) {
            static const char *const more[] = {"乙", "丁", "大", "变", "丙"};
            buf_printf(b, " %s %s.%s", pick(c, 2) == 0 ? "+" : "-", pop, more[pick(c, 5)]);
        }
    }
    where(b, c);
    buf_puts(b, ")");
}

static void amount(struct buf *b, struct chance *c)
{
    static const char *const others[] = {
        "求和(册.数 其中 好)",
        "计数(册)",
        "计数(册 其中 数 超过 2个)",
        "求和(开.数)",
        "去重(册.号)",
        "最大(校.甲)",
        "计数(对)",
        "求和(县.县数)",
        "计数(县 其中 县是)",
        "平均(校.乙)",
        "最小(校.乙 其中 是甲)",
        "求和(校.甲 / 2)",
    };
    if (pick(c, 4) == 0) {
        buf_puts(b, others[pick(c, sizeof others / sizeof *others)]);
        return;
    }
    const char *pop = population(c);
    amount_over(b, c, pop);
    if (pick(c, 3) == 0) {
        buf_puts(b, pick(c, 2) == 0 ? " + " : " - ");
        amount_over(b, c, pick(c, 4) == 0 ? population(c) : pop);
    }
}

static void ratio(struct buf *b, struct chance *c)
{
    static const char *const others[] = {
        "覆盖(校 被 对)",
        "占比(县 其中 县是)",
        "差异系数(校.甲 权 校.乙)",
        "占比(县 其中 求和(校.甲) 不低于 3个)",
        "占比(县 其中 占比(校 其中 是甲) 超过 50%)",
        "占比(县 其中 边境 满足 计数(校 其中 是乙) 至少 1所)",
        "平均(校.甲 / 校.乙)",
    };
    uint32_t k = pick(c, 4);
    const char *pop = population(c);
    if (k == 0) {
        buf_puts(b, others[pick(c, sizeof others / sizeof *others)]);
    } else if (k == 1) {
        buf_printf(b, "占比(%s 其中 ", pop);
        truth(b, c, 2);
        if (pick(c, 2) == 0) {
            buf_puts(b, " 满足 ");
            truth(b, c, 1);
        }
        buf_puts(b, ")");
    } else {
        buf_puts(b, "(");
        amount_over(b, c, pop);
        buf_puts(b, ") / (");
        amount_over(b, c, pick(c, 4) == 0 ? population(c) : pop);
        if (pick(c, 3) == 0) {
            buf_puts(b, " + ");
            amount_over(b, c, pop);
        }
        buf_puts(b, ")");
    }
}

/* Over several trees, in which units moved, merged or did not stand. */
static const char *several_years(struct chance *c)
{
    static const char *const texts[] = {
        "求和(校.甲) - 上年(求和(校.甲)) 不低于 0个",
        "计数(校 其中 丁 低于 上年(丁)) 不超过 3所",
        "求和(校.甲 其中 连续 2年 是甲) 不低于 9个",
        "计数(县 其中 求和(校.甲) 超过 上年(求和(校.甲))) 不少于 1个",
        "计数(市 其中 连续 3年 (求和(校.丁) 超过 2个)) 不少于 1个",
        "上年(计数(县 其中 求和(校.丁) 不低于 基准(求和(校.丁)))) 不少于 2个",
        "占比(县 其中 求和(校.甲) / 上年(求和(校.甲)) 不低于 90%) 提高",
        "占比(校 其中 上年(是甲) 满足 基准(甲) 不超过 甲) 不低于 50%",
        "求和(县.县数 其中 上年(计数(校 其中 是甲)) 至少 1所) 不低于 5个",
    };
    return texts[pick(c, sizeof texts / sizeof *texts)];
}

static void target(struct buf *b, struct chance *c, uint32_t i)
{
    static const char *const whens[] = {"每年",
                                        "于 2025年",
                                        "到 2026年",
                                        "保持 2024 至 2026",
                                        "年均 2024 至 2026",
                                        "累计 自 2024年 到 2026年"};
    static const char *const scopes[] = {"全域", "每个 市", "每个 县", "每个 市, 每个 县", "全域"};
    static const char *const cmps[] = {"不低于", "不超过", "超过", "达到"};
    buf_printf(b, "目标 T%u { %s %s ", i, whens[pick(c, 6)], scopes[pick(c, 5)]);
    switch (pick(c, 7)) {
    case 0:
    case 1:
        amount(b, c);
        buf_printf(b, " %s %u个", cmps[pick(c, 4)], pick(c, 30));
        break;
    case 2:
        amount(b, c);
        buf_puts(b, " 只增不减");
        break;
    case 3:
        ratio(b, c);
        buf_puts(b, " 提高");
        break;
    case 4:
        buf_puts(b, "计数(校 其中 是乙) / 计数(校)");
        buf_printf(b, " %s %u%%  其中 计数(校 其中 是甲) 不低于 30%%", cmps[pick(c, 4)],
                   pick(c, 101));
        break;
    case 5:
        buf_puts(b, several_years(c));
        break;
    default:
        ratio(b, c);
        buf_printf(b, " %s %u%%", cmps[pick(c, 4)], pick(c, 101));
    }
    buf_puts(b, " }\n");
}

/* Targets on the schools themselves, and rules. */
static void school_target(struct buf *b, struct chance *c, uint32_t i)
{
    if (pick(c, 3) == 0) {
        buf_printf(b, "规则 R%u { 对象 校 当 连续 2年 ", i);
        comparison(b, c, 1);
        buf_puts(b, " 则 \"整改\" 期限 30天 }\n");
        return;
    }
    buf_printf(b, "目标 S%u { 每年 每个 校 ", i);
    if (pick(c, 2) == 0) {
        buf_puts(b, "当 ");
        truth(b, c, 1);
        buf_puts(b, " ");
    }
    truth(b, c, 3);
    buf_puts(b, " }\n");
}

/* Commitments of the other families, and clauses that look sideways, up, or at lists. */
static void other(struct buf *b, struct chance *c, uint32_t i)
{
    static const struct {
        const char *keyword, *rest;
    } texts[] = {
        {"目标", "{ 直到 审核 每个 县 计数(星) 不少于 1 }"},
        {"目标", "{ 每年 每个 星 是甲 }"},
        {"目标", "{ 每年 每个 动 甲 不低于 2个 }"},
        {"目标", "{ 每年 每个 点, 每个 市 求和(校.甲) 不低于 9个 }"},
        {"目标", "{ 每年 每个 校 甲 不低于 上级(县.县数) }"},
        {"目标", "{ 每年 每个 校 位次(甲 于 校) 不超过 2 }"},
        {"目标", "{ 每年 每个 校 度(对 其中 是甲) 不少于 1 }"},
        {"目标", "{ 每年 每个 园 甲 不低于 2个 }"},
        {"目标", "{ 每月 每个 县 求和(校.月) 不少于 9个 }"},
        {"目标", "{ 每学年 每个 校 丙 不少于 3个 }"},
        {"目标", "{ 每年 每个 校 当 公办 基本 是甲 }"},
        {"指标", "{ 口径 \"a\" 采用 { 计算 求和(校.甲) } 口径 \"b\" { 计算 求和(校.甲 + 校.变) }"
                 " 目标 每年 每个 县 不低于 5个 }"},
        {"目标", "{ 每年 每个 校 甲 只增不减 }"},
        {"目标", "{ 保持 2024 至 2026 每个 校 甲 不低于 2个 }"},
        {"目标", "{ 年均 2024 至 2026 每个 校 甲 不低于 4个 }"},
        {"目标", "{ 到 2026年 每个 校 甲 不低于 9个 }"},
        {"任务", "{ 每年 每个 县 开展 2次 \"会\" }"},
        {"任务", "{ 新鲜 300天 每个 校 交付 \"数\" }"},
        {"阶段", "{ 每个 市 一 到 2024年 > 二 到 2025年 > 三 到 2026年 }"},
        {"名额", "{ 每年 每个 市 计数(星) / 计数(校) 不超过 30% }"},
        {"门槛", "{ 对象 县 禁止 办 除非 县数 不少于 2个 }"},
        {"规则", "{ 台账 册 当 数 超过 2个 则 \"整改\" 期限 9天 }"},
        {"规则", "{ 对象 校 当 甲 超过 2个 则 乙 调减 10% 叠加 是 }"},
        {"规则", "{ 对象 校 当 是甲 则 下年 乙 调增 3个 叠加 否 }"},
        {"抽查",
         "{ 对象 校 当 是甲 占比 40% 种子 \"s\" 于 2025年 冻结 2025-03-01 每个 市 满足 是乙 }"},
        {"抽查", "{ 台账 册 占比 40% 种子 \"s\" 到 2024年 满足 好 }"},
    };
    uint32_t k = pick(c, sizeof texts / sizeof *texts);
    buf_printf(b, "%s O%u %s\n", texts[k].keyword, i, texts[k].rest);
}

static void scorecard(struct buf *b, struct chance *c, uint32_t n_targets, uint32_t n_others)
{
    buf_puts(b, "考核 Z1 { 对象 县 每年 合格 60分");
    for (uint32_t i = 0; i < n_targets; i++) {
        buf_printf(b, " 项 T%u %u分", i, 10 + pick(c, 30));
    }
    for (uint32_t i = 0; i < n_others; i++) {
        buf_printf(b, " 项 O%u %u分", i, 10 + pick(c, 30));
    }
    buf_puts(b, " }\n");
}

static struct str plan_text(struct arena *a, struct chance *c)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_puts(&b, model);
    uint32_t n = 2 + pick(c, 6);
    for (uint32_t i = 0; i < n; i++) {
        target(&b, c, i);
    }
    for (uint32_t i = pick(c, 3); i > 0; i--) {
        school_target(&b, c, i);
    }
    uint32_t others = pick(c, 6);
    for (uint32_t i = 0; i < others; i++) {
        other(&b, c, i);
    }
    if (pick(c, 3) == 0) {
        scorecard(&b, c, n, others);
    }
    if (pick(c, 2) == 0) { /* one on top of the other (C26) */
        buf_puts(&b, "规则 Q1 { 对象 校 当 丁 超过 2个 则 乙 调增 3个 叠加 是 }\n"
                     "规则 Q2 { 对象 校 当 是甲 则 乙 调增 10% 叠加 是 }\n");
    }
    struct str text = buf_move(a, &b);
    return text;
}

/* ---- the tree ------------------------------------------------------------------------------- */

struct units {
    VEC(struct tree_version) versions;
    VEC(struct tree_lineage) lineage;
};

static uint32_t kind_named(const struct plan *p, const char *name)
{
    uint32_t k = 0;
    while (!str_eq(p->kinds[k].name, str_from_cstr(name))) {
        k++;
    }
    return k;
}

static struct tree_version version_of(struct arena *a, const char *code, uint32_t n, uint32_t kind,
                                      struct str parent)
{
    struct buf b;
    buf_init(&b, 64);
    buf_printf(&b, "%s%03u", code, n);
    struct str text = buf_move(a, &b);
    return (struct tree_version){.code = text,
                                 .name = text,
                                 .parent = parent,
                                 .from = DATE_MIN,
                                 .to = DATE_MAX,
                                 .kind = kind};
}

struct date random_day(int32_t year, int32_t month, int32_t dom)
{
    struct date d = DATE_MIN;
    return date_make(year, month, dom, &d) ? d : DATE_MIN;
}

static struct date day(int32_t year, int32_t month, int32_t dom)
{
    return random_day(year, month, dom);
}

/* A county may move with all that is in it. */
static void county_versions(struct arena *a, struct chance *c, struct units *u,
                            struct tree_version v)
{
    if (pick(c, 6) == 0) {
        struct tree_version after = v;
        v.to = day(2024 + (int32_t)pick(c, 2), 10, 31);
        after.from = date_add_days(v.to, 1);
        after.parent = STR("A001");
        vec_push(a, &u->versions, after);
    }
    vec_push(a, &u->versions, v);
}

/* A school that moves, closes, opens late or was merged; most stay as they are. */
static void school(struct arena *a, struct chance *c, struct units *u, uint32_t n, uint32_t kind,
                   struct str parent, struct str other)
{
    struct tree_version v = version_of(a, "C", n, kind, parent);
    uint32_t fate = pick(c, 10);
    if (fate == 0) {
        v.to = day(2024 + (int32_t)pick(c, 2), 6, 30);
    } else if (fate == 1) {
        v.from = day(2024 + (int32_t)pick(c, 2), 9, 1);
    } else if (fate == 2) {
        struct tree_version after = v;
        v.to = day(2025, 3, 31);
        after.from = day(2025, 4, 1);
        after.parent = other;
        vec_push(a, &u->versions, after);
    } else if (fate == 3) {
        struct tree_version old = version_of(a, "D", n, kind, pick(c, 2) == 0 ? parent : other);
        old.to = day(2025, 7, 31);
        vec_push(a, &u->versions, old);
        vec_push(a, &u->lineage,
                 (struct tree_lineage){
                     .date = day(2025, 8, 1), .from = old.code, .to = v.code, .is_split = false});
    }
    vec_push(a, &u->versions, v);
}

static const struct tree *tree_of(struct arena *a, struct chance *c, const struct plan *p)
{
    struct units u = {0};
    const struct tree *t = NULL;
    struct tree_version root = version_of(a, "R", 0, kind_named(p, "省"), STR(""));
    uint32_t city_kind = kind_named(p, "市");
    uint32_t county_kind = kind_named(p, "县");
    uint32_t kinds[2] = {kind_named(p, "校"), kind_named(p, "园")};
    uint32_t n_schools = 0;
    uint32_t n_counties = 0;
    struct str last = STR("");
    vec_push(a, &u.versions, root);
    for (uint32_t i = 1 + pick(c, 3); i > 0; i--) {
        struct tree_version city = version_of(a, "A", i, city_kind, root.code);
        vec_push(a, &u.versions, city);
        for (uint32_t k = pick(c, 3); k > 0; k--) {
            struct tree_version county = version_of(a, "B", n_counties++, county_kind, city.code);
            county_versions(a, c, &u, county);
            last = last.n > 0 ? last : county.code;
            for (uint32_t s = pick(c, pick(c, 3) == 0 ? 14 : 6); s > 0; s--) {
                school(a, c, &u, n_schools++, kinds[pick(c, 3) == 0], county.code, last);
            }
        }
    }
    struct tree_sink sink = {0};
    return tree_build(a, u.versions.items, u.versions.n, u.lineage.items, u.lineage.n, sink, &t,
                      NULL) == RC_OK
               ? t
               : NULL;
}

/* ---- the facts ------------------------------------------------------------------------------ */

struct facts {
    VEC(struct fact) facts;
    VEC(struct attr_value) attrs;
    VEC(struct reg_row) rows;
    VEC(struct title_row) titles;
    VEC(struct relation_row) relations;
    VEC(struct activity) activities;
    VEC(struct filing) filings;
    VEC(struct event_row) events;
    VEC(struct evidence) evidence;
};

struct provenance random_provenance(struct chance *c)
{
    static const int32_t years[] = {2023, 2024, 2025, 2026};
    return (struct provenance){
        .recorded = pick(c, 3) == 0 ? day(years[pick(c, 4)], 10, 1) : DATE_MIN, .source = STR("")};
}

static struct provenance known_on(struct chance *c)
{
    return random_provenance(c);
}

struct rat random_figure(struct arena *a, struct chance *c, const struct datum *d)
{
    if (d->type == VT_BOOL) {
        return rat_int(pick(c, 2));
    }
    if (d->type == VT_CHOICE) {
        return rat_int(pick(c, d->n_choices));
    }
    if (str_eq(d->name, STR("大")) && pick(c, 2) == 0) {
        return rat_sub(a, rat_int(1000000000000000), rat_int(pick(c, 9)));
    }
    struct rat x = rat_int((int64_t)pick(c, 24) - (str_eq(d->name, STR("丁")) ? 5 : 0));
    if (d->decimals > 0 && pick(c, 4) == 0) {
        x = rat_add(a, x, rat_frac((int64_t)pick(c, 10), 10));
    }
    return rat_min(rat_max(x, d->lo), d->hi);
}

static struct rat figure_of(struct arena *a, struct chance *c, const struct datum *d)
{
    return random_figure(a, c, d);
}

struct fact random_fact(struct arena *a, struct chance *c, const struct plan *p, uint32_t item,
                        uint32_t unit, struct period period)
{
    struct fact x = {.unit = unit,
                     .item = item,
                     .period = period,
                     .status = pick(c, 12) == 0 ? ROW_SUBMITTED : ROW_ACCEPTED,
                     .provisional = pick(c, 20) == 0,
                     .disputed = pick(c, 30) == 0,
                     .definition = pick(c, 40) == 0 ? STR("own") : STR(""),
                     .point = STR(""),
                     .from = known_on(c)};
    x.value = (struct value){
        .has = pick(c, 15) != 0, .num = figure_of(a, c, &p->items[item].d), .text = STR("")};
    return x;
}

static void facts_of(struct arena *a, struct chance *c, struct facts *f, const struct plan *p,
                     const struct tree_version *v, uint32_t silence)
{
    for (uint32_t i = 0; i < p->n_items; i++) {
        if (!plan_is_a(p, v->kind, p->items[i].kind)) {
            continue;
        }
        for (int32_t year = 2023; year <= 2026; year++) {
            struct period all[PERIOD_PER_YEAR];
            int32_t n = period_all_of_year(p->items[i].period, year, all);
            for (int32_t k = 0; k < n; k++) {
                if (pick(c, 10) < silence) {
                    continue;
                }
                vec_push(a, &f->facts, random_fact(a, c, p, i, v->unit, all[k]));
                if (pick(c, 12) == 0) {
                    vec_push(a, &f->facts, random_fact(a, c, p, i, v->unit, all[k]));
                }
            }
        }
    }
}

struct reg_row random_row(struct arena *a, struct chance *c, const struct plan *p, uint32_t reg,
                          uint32_t owner)
{
    static const char *const keys[] = {"x", "y", "z"};
    const struct reg *g = &p->regs[reg];
    struct value *fields = ARENA_ARRAY(a, struct value, g->n_fields);
    for (uint32_t k = 0; k < g->n_fields; k++) {
        const struct datum *d = &p->fields[g->first_field + k].d;
        fields[k] =
            (struct value){.has = pick(c, 6) != 0,
                           .num = d->type == VT_TEXT ? rat_zero() : figure_of(a, c, d),
                           .text = d->type == VT_TEXT ? str_from_cstr(keys[pick(c, 3)]) : STR("")};
    }
    return (struct reg_row){.reg = reg,
                            .owner = owner,
                            .id = pick(c, 4) == 0 ? str_from_cstr(keys[pick(c, 3)]) : STR(""),
                            .dated = pick(c, 2) == 0,
                            .day = day(2023 + (int32_t)pick(c, 4), 5, 4),
                            .since = DATE_MIN,
                            .until = DATE_MAX,
                            .revoked = DATE_MAX,
                            .fields = values_pack(a, fields, g->n_fields),
                            .from = known_on(c)};
}

static void rest_of(struct arena *a, struct chance *c, struct facts *f, const struct plan *p,
                    const struct tree_version *v)
{
    for (uint32_t i = 0; i < p->n_attributes; i++) {
        const struct datum *d = &p->attributes[i].d;
        if (plan_is_a(p, v->kind, p->attributes[i].kind) && pick(c, 6) != 0) {
            struct value value = {.has = true, .num = figure_of(a, c, d), .text = STR("")};
            vec_push(a, &f->attrs,
                     (struct attr_value){v->unit, i, value, DATE_MIN, DATE_MAX, known_on(c)});
        }
    }
    for (uint32_t g = 0; g < p->n_regs; g++) {
        const struct reg *reg = &p->regs[g];
        for (uint32_t n = plan_is_a(p, v->kind, reg->owner_kind) ? pick(c, 4) : 0; n > 0; n--) {
            vec_push(a, &f->rows, random_row(a, c, p, g, v->unit));
        }
        for (int32_t year = 2023; year <= 2026; year++) {
            struct period period;
            bool owner = reg->filed && plan_is_a(p, v->kind, reg->owner_kind);
            if (owner && pick(c, 4) != 0 && period_make(PERIOD_YEAR, year, 1, &period)) {
                vec_push(a, &f->filings,
                         (struct filing){g, NONE, NONE, v->unit, period, false, known_on(c)});
            }
        }
    }
    if (plan_is_a(p, v->kind, p->titles[0].kind) && pick(c, 3) == 0) {
        vec_push(a, &f->titles,
                 (struct title_row){0, v->unit, day(2023 + (int32_t)pick(c, 4), 3, 1), DATE_MAX,
                                    pick(c, 4) == 0 ? day(2026, 1, 1) : DATE_MAX, ROW_ACCEPTED,
                                    known_on(c)});
    }
}

/* Rolls of the kinds that are filed (C35). */
static void rolls_of(struct arena *a, struct chance *c, struct facts *f, const struct plan *p,
                     const struct tree_version *v)
{
    for (uint32_t k = 0; k < p->n_kinds; k++) {
        bool owes = p->kinds[k].filed && plan_owes_roll(p, k, v->kind);
        for (int32_t year = 2023; owes && year <= 2026; year++) {
            struct period period;
            if (pick(c, 4) != 0 && period_make(PERIOD_YEAR, year, 1, &period)) {
                vec_push(a, &f->filings,
                         (struct filing){NONE, NONE, k, v->unit, period, false, known_on(c)});
            }
        }
    }
}

static void relations_of(struct arena *a, struct chance *c, struct facts *f, const struct tree *t)
{
    for (uint32_t n = pick(c, 4); n > 0; n--) {
        uint32_t x = pick(c, t->n_units < 256 ? t->n_units : 256);
        uint32_t y = pick(c, t->n_units < 256 ? t->n_units : 256);
        vec_push(a, &f->relations,
                 (struct relation_row){.a = x,
                                       .b = y,
                                       .since = DATE_MIN,
                                       .until = DATE_MAX,
                                       .ended = DATE_MAX,
                                       .confirmed = true,
                                       .from = known_on(c)});
        vec_push(a, &f->activities,
                 (struct activity){0, x, y, day(2024 + (int32_t)pick(c, 3), 6, 1), known_on(c)});
    }
}

struct evidence random_evidence(struct chance *c, const struct plan *p, uint32_t commitment,
                                uint32_t unit)
{
    uint32_t n = p->commitments[commitment].n_stages;
    return (struct evidence){.commitment = commitment,
                             .stage = n > 0 ? pick(c, n) : NONE,
                             .unit = unit,
                             .day = day(2023 + (int32_t)pick(c, 5), 1 + (int32_t)pick(c, 12), 9),
                             .document = STR("x"),
                             .from = random_provenance(c)};
}

static void evidence_of(struct arena *a, struct chance *c, struct facts *f, const struct plan *p,
                        const struct tree *t)
{
    for (uint32_t i = 0; i < p->n_commitments; i++) {
        enum commitment_kind kind = p->commitments[i].kind;
        for (uint32_t u = 0; (kind == CK_TASK || kind == CK_STAGES) && u < t->n_units; u++) {
            for (uint32_t n = pick(c, 3); n > 0; n--) {
                vec_push(a, &f->evidence, random_evidence(c, p, i, u));
            }
        }
    }
    if (pick(c, 2) == 0) {
        vec_push(a, &f->events,
                 (struct event_row){0, day(2024 + (int32_t)pick(c, 3), 6, 1), known_on(c)});
    }
}

/* D2 */
int random_fact_cmp(const void *x, const void *y)
{
    const struct fact *p = x;
    const struct fact *q = y;
    uint64_t k = (uint64_t)p->item << 32 | p->unit;
    uint64_t l = (uint64_t)q->item << 32 | q->unit;
    if (k != l) {
        return k < l ? -1 : 1;
    }
    int order = period_cmp(p->period, q->period);
    order = order != 0 ? order : date_cmp(p->from.recorded, q->from.recorded);
    return order != 0 ? order : (p->from.line < q->from.line ? -1 : 1);
}

static const struct dataset *data_of(struct arena *a, struct chance *c, const struct plan *p,
                                     const struct tree *t)
{
    static const struct str files[1] = {{"random", 6}};
    struct facts f = {0};
    uint32_t silence = pick(c, 6);
    for (uint32_t u = 0; u < t->n_units; u++) {
        const struct tree_version *v = &t->versions[t->units[u].first];
        facts_of(a, c, &f, p, v, silence);
        rest_of(a, c, &f, p, v);
        rolls_of(a, c, &f, p, v);
    }
    relations_of(a, c, &f, t);
    evidence_of(a, c, &f, p, t);
    for (uint32_t i = 0; i < f.facts.n; i++) {
        f.facts.items[i].from.line = i;
    }
    if (f.facts.n > 1) {
        qsort(f.facts.items, f.facts.n, sizeof f.facts.items[0], random_fact_cmp);
    }
    struct dataset *d = ARENA_NEW(a, struct dataset);
    *d = (struct dataset){.tree = t,
                          .files = files,
                          .n_files = 1,
                          .facts = f.facts.items,
                          .n_facts = f.facts.n,
                          .attrs = f.attrs.items,
                          .n_attrs = f.attrs.n,
                          .rows = f.rows.items,
                          .n_rows = f.rows.n,
                          .titles = f.titles.items,
                          .n_titles = f.titles.n,
                          .relations = f.relations.items,
                          .n_relations = f.relations.n,
                          .activities = f.activities.items,
                          .n_activities = f.activities.n,
                          .filings = f.filings.items,
                          .n_filings = f.filings.n,
                          .events = f.events.items,
                          .n_events = f.events.n,
                          .evidence = f.evidence.items,
                          .n_evidence = f.evidence.n};
    return d;
}

bool random_pack(struct arena *a, struct chance *c, struct random_pack *out)
{
    static const int32_t years[] = {2024, 2025, 2026, 2027};
    struct diags ds;
    struct lang l;
    *out = (struct random_pack){.text = plan_text(a, c)};
    diags_init(&ds, a, NULL);
    if (lang_load_text(a, STR("random.plan"), out->text, &ds, &l, NULL) != RC_OK) {
        struct buf b;
        buf_init(&b, 1 << 20);
        diags_render_text(&ds, DIAG_EN, false, &b);
        out->text = str_cat(a, buf_move(a, &b), out->text);
        return false;
    }
    out->plan = l.plan;
    const struct tree *t = tree_of(a, c, l.plan);
    if (!t) {
        return false;
    }
    out->data = data_of(a, c, l.plan, t);
    out->as_of = day(years[pick(c, 4)], 2 + (int32_t)pick(c, 10), 1);
    return true;
}

/* ---- two evaluators ------------------------------------------------------------------------- */

static bool same_bases(const struct mval *x, const struct mval *y)
{
    bool same = x->n_basis == y->n_basis;
    for (uint32_t i = 0; same && i < x->n_basis; i++) {
        same = x->basis[i].item == y->basis[i].item && x->basis[i].hash == y->basis[i].hash;
    }
    return same;
}

static bool same(const struct mval *x, const struct mval *y)
{
    bool bounds =
        x->kind != y->kind || x->kind == MV_NONE || (rat_eq(x->lo, y->lo) && rat_eq(x->hi, y->hi));
    return x->kind == y->kind && x->truth == y->truth && bounds && x->has_value == y->has_value &&
           (!x->has_value || rat_eq(x->value, y->value)) && x->reported == y->reported &&
           x->expected == y->expected && x->flags == y->flags && same_bases(x, y);
}

static void print_mval(struct arena *a, const char *who, const struct mval *v)
{
    fprintf(stderr,
            "%s: kind %d truth %d [%.*s, %.*s] value %.*s reported %u/%u flags %x bases %u\n", who,
            (int)v->kind, (int)v->truth, PS(rat_frac_str(a, v->lo)), PS(rat_frac_str(a, v->hi)),
            PS(v->has_value ? rat_frac_str(a, v->value) : STR("none")), v->reported, v->expected,
            v->flags, v->n_basis);
}

static enum rc paired_measure(void *ctx, struct arena *a, uint32_t e, uint32_t unit,
                              struct moment m, struct mval *out)
{
    struct paired *p = ctx;
    struct mval other;
    enum rc rc = p->left->measure(p->left->ctx, a, e, unit, m, out);
    enum rc rc2 = p->right->measure(p->right->ctx, a, e, unit, m, &other);
    p->asked++;
    if (rc == rc2 && (rc != RC_OK || same(out, &other))) {
        return rc;
    }
    const struct expr *x = &p->pack->plan->exprs[e];
    fprintf(stderr, "%.*s\nexpression at line %u column %u, unit %.*s, year %d\n",
            PS(p->pack->text), x->at.line, x->at.column, PS(p->pack->data->tree->units[unit].code),
            (int)m.year);
    print_mval(a, "left", out);
    print_mval(a, "right", &other);
    abort();
}

static enum rc paired_row(void *ctx, struct arena *a, uint32_t e, uint32_t row, struct moment m,
                          struct mval *out)
{
    struct paired *p = ctx;
    return p->left->measure_row(p->left->ctx, a, e, row, m, out);
}

struct evaluator paired_evaluator(struct paired *p)
{
    return (struct evaluator){paired_measure, paired_row, NULL, NULL, p};
}
