/* SPDX-License-Identifier: Apache-2.0 */
/* Names of states, lights, flags and findings. */
#include "model/verdict.h"

#include <assert.h>

#include "base/assert.h"

#define LEN(array) (sizeof(array) / sizeof *(array))

struct pair {
    const char *en, *zh;
};

static const struct pair states[] = {
    [ST_MET] = {"met", "达成"},           [ST_MISSED] = {"missed", "未达成"},
    [ST_PENDING] = {"pending", "未到期"}, [ST_UNKNOWN] = {"unknown", "缺数"},
    [ST_NA] = {"na", "不适用"},
};
static_assert(LEN(states) == ST_NA + 1, "a name per state");

static const struct pair lights[] = {
    [LIGHT_NONE] = {"", ""},     [LIGHT_GREEN] = {"green", "绿"}, [LIGHT_AMBER] = {"amber", "黄"},
    [LIGHT_RED] = {"red", "红"}, [LIGHT_GREY] = {"grey", "灰"},
};
static_assert(LEN(lights) == LIGHT_GREY + 1, "a name per light");

static const struct pair flags[] = {
    {"early", "提前"},    {"revocable", "可能失去"}, {"provisional", "初步"},
    {"under", "不足"},    {"over", "超出"},          {"breach", "突破上限"},
    {"strive", "力争"},   {"disputed", "争议"},      {"definition-changed", "口径变化"},
    {"wide", "区间偏宽"}, {"suppressed", "已隐去"},  {"non-binding", "无约束"},
};
static_assert(LEN(flags) == VF__N, "a name per flag");

struct finding_text {
    const char *code, *en, *zh;
};

static const struct finding_text findings[] = {
#define FINDING(name, code, en, zh) {code, en, zh},
#include "model/finding.def"
};

const char *state_name(enum state s)
{
    ASSERT(s < LEN(states));
    return states[s].en;
}

const char *state_zh(enum state s)
{
    ASSERT(s < LEN(states));
    return states[s].zh;
}

const char *light_name(enum light l)
{
    ASSERT(l < LEN(lights));
    return lights[l].en;
}

const char *light_zh(enum light l)
{
    ASSERT(l < LEN(lights));
    return lights[l].zh;
}

const char *verdict_flag_name(uint32_t bit)
{
    ASSERT(bit < LEN(flags));
    return flags[bit].en;
}

const char *verdict_flag_zh(uint32_t bit)
{
    ASSERT(bit < LEN(flags));
    return flags[bit].zh;
}

const char *finding_name(enum finding_kind k)
{
    ASSERT(k < FINDING__COUNT);
    return findings[k].code;
}

const char *finding_en(enum finding_kind k)
{
    ASSERT(k < FINDING__COUNT);
    return findings[k].en;
}

const char *finding_zh(enum finding_kind k)
{
    ASSERT(k < FINDING__COUNT);
    return findings[k].zh;
}
