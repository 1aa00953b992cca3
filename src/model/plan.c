/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the enums of a plan, as `list` prints them and --format json gives them; clauses. */
#include "model/plan.h"

#include <assert.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

#define LEN(array) (sizeof(array) / sizeof *(array))

struct pair {
    const char *en, *zh;
};

static const struct pair kind_names[] = {
    [CK_INDICATOR] = {"indicator", "指标"},
    [CK_TARGET] = {"target", "目标"},
    [CK_TASK] = {"task", "任务"},
    [CK_STAGES] = {"stages", "阶段"},
    [CK_QUOTA] = {"quota", "名额"},
    [CK_GATE] = {"gate", "门槛"},
    [CK_RULE] = {"rule", "规则"},
    [CK_PROGRAMME] = {"programme", "创建"},
    [CK_SCORECARD] = {"scorecard", "考核"},
    [CK_CHECK] = {"check", "校验"},
    [CK_SAMPLE] = {"sample", "抽查"},
    [CK_FORM] = {"form", "报表"},
    [CK_UNMEASURABLE] = {"unmeasurable", "不可测"},
};
static_assert(LEN(kind_names) == CK_UNMEASURABLE + 1, "a name per kind");

static const struct pair modality_names[] = {
    [MOD_MUST] = {"must", "必须"},
    [MOD_STRIVE] = {"strive", "力争"},
    [MOD_ENCOURAGE] = {"encourage", "鼓励"},
    [MOD_EXPLORE] = {"explore", "探索"},
};
static_assert(LEN(modality_names) == MOD_EXPLORE + 1, "a name per modality");

static const char *const comparator_names[] = {
    [CMP_NONE] = "none",
    [CMP_GE] = "at_least",
    [CMP_REACH] = "reach",
    [CMP_BARE] = "bare",
    [CMP_LE] = "at_most",
    [CMP_GT] = "above",
    [CMP_LT] = "below",
    [CMP_EQ] = "equals",
    [CMP_NE] = "not_equals",
    [CMP_ABOUT] = "about",
    [CMP_BETWEEN] = "between",
    [CMP_RISES] = "rises",
    [CMP_FALLS] = "falls",
    [CMP_NEVER_FALLS] = "never_falls",
    [CMP_NEVER_RISES] = "never_rises",
};
static_assert(LEN(comparator_names) == CMP_NEVER_RISES + 1, "a name per comparator");

static const struct pair when_names[] = {
    [WHEN_AT] = {"at", "于"},         [WHEN_BY] = {"by", "到"},
    [WHEN_EACH] = {"each", "每"},     [WHEN_HOLD] = {"hold", "保持"},
    [WHEN_MEAN] = {"mean", "年均"},   [WHEN_CUMULATIVE] = {"cumulative", "累计"},
    [WHEN_UNTIL] = {"until", "直到"}, [WHEN_DEFAULT] = {"default", "默认"},
};
static_assert(LEN(when_names) == WHEN_DEFAULT + 1, "a name per when");

const char *commitment_kind_name(enum commitment_kind k)
{
    ASSERT(k < LEN(kind_names));
    return kind_names[k].en;
}

const char *commitment_kind_zh(enum commitment_kind k)
{
    ASSERT(k < LEN(kind_names));
    return kind_names[k].zh;
}

const char *modality_name(enum modality m)
{
    ASSERT(m < LEN(modality_names));
    return modality_names[m].en;
}

const char *modality_zh(enum modality m)
{
    ASSERT(m < LEN(modality_names));
    return modality_names[m].zh;
}

const char *comparator_name(enum comparator c)
{
    ASSERT(c < LEN(comparator_names));
    return comparator_names[c];
}

const char *when_name(enum when_kind w)
{
    ASSERT(w < LEN(when_names));
    return when_names[w].en;
}

const char *when_zh(enum when_kind w)
{
    ASSERT(w < LEN(when_names));
    return when_names[w].zh;
}

/* At most four decimals, and the factor of the unit (亩 = 2000/3 m²). */
#define DATUM_DEN_MAX 1000000000000

int64_t datum_den(const struct datum *d)
{
    if (d->type != VT_NUMBER) {
        return 1; /* booleans and choices */
    }
    i128 den = d->factor.d;
    for (uint8_t i = 0; i < d->decimals; i++) {
        den *= 10;
    }
    return !d->factor.big && den <= DATUM_DEN_MAX ? (int64_t)den : 0;
}

bool plan_is_a(const struct plan *p, uint32_t kind, uint32_t general)
{
    bool is = kind == general;
    for (uint32_t i = 0; !is && kind != NONE && i < p->kinds[kind].n_generals; i++) {
        is = p->kinds[kind].generals[i] == general;
    }
    return is && kind != NONE;
}

/* Some kind is a case of both. */
static bool overlap(const struct plan *p, uint32_t a, uint32_t b)
{
    bool found = false;
    for (uint32_t k = 0; !found && k < p->n_kinds; k++) {
        found = plan_is_a(p, k, a) && plan_is_a(p, k, b);
    }
    return found;
}

uint32_t plan_rolls(const struct plan *p, uint32_t kind, uint32_t out[PLAN_ROLLS_MAX])
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < p->n_kinds && n < PLAN_ROLLS_MAX; k++) {
        if (p->kinds[k].filed && overlap(p, k, kind)) {
            out[n++] = k;
        }
    }
    return n;
}

bool plan_owes_roll(const struct plan *p, uint32_t roll, uint32_t unit_kind)
{
    return p->kinds[unit_kind].is_level && p->kinds[unit_kind].level == p->kinds[roll].in;
}

struct str clause_part(struct arena *a, const struct clause *times, uint32_t rung, struct str own)
{
    if (!times->ladder) {
        return own;
    }
    const struct rung *r = times->rungs;
    int32_t year = times->n_rungs > 0 ? r[rung].when.to_year : times->when.to_year;
    int64_t twin = 1; /* of the rungs of one year */
    for (uint32_t i = 0; i < rung; i++) {
        twin += !r[i].interpolated && r[i].when.to_year == year;
    }
    struct str part = rat_frac_str(a, rat_int(year));
    if (twin > 1) {
        part = str_cat(a, str_cat(a, part, STR("/")), rat_frac_str(a, rat_int(twin)));
    }
    return own.n == 0 ? part : str_cat(a, str_cat(a, part, STR("/")), own);
}

/* ---- clauses -------------------------------------------------------------------------------- */

struct str clause_key(struct arena *a, struct str path)
{
    char *out = arena_alloc(a, (size_t)path.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < path.n;) {
        uint32_t cp = 0;
        i += utf8_decode(path, i, &cp);
        cp = cp > 0xff00 && cp < 0xff5f ? cp - 0xfee0 : cp;
        if (cp != ' ' && cp != '\t' && cp != 0x3000 && cp != 0xa0 && cp != UTF8_REPLACEMENT) {
            char bytes[UTF8_MAX_BYTES];
            uint32_t len = utf8_encode(cp, bytes);
            for (uint32_t k = 0; k < len; k++) {
                out[n++] = bytes[k];
            }
        }
    }
    return (struct str){out, n};
}

struct str clause_ref_text(struct arena *a, struct clause_ref ref, bool chinese)
{
    struct buf b;
    buf_init(&b, LIMIT_STR_BYTES);
    buf_str(&b, ref.code);
    if (ref.first > 0 && ref.first == ref.last) {
        buf_printf(&b, chinese ? " 第%u句" : " sentence %u", ref.first);
    } else if (ref.first > 0) {
        buf_printf(&b, chinese ? " 第%u至%u句" : " sentences %u-%u", ref.first, ref.last);
    }
    return buf_move(a, &b);
}

struct str co_owners_text(struct arena *a, const struct commitment *k)
{
    struct buf b;
    buf_init(&b, LIMIT_STR_BYTES);
    for (uint32_t i = 0; i < k->n_with; i++) {
        buf_puts(&b, i > 0 ? ", " : "");
        buf_str(&b, k->with[i].name);
    }
    return buf_move(a, &b);
}
