/* SPDX-License-Identifier: Apache-2.0 */
/* Text as people type it, in canonical form, and the words that stand for no value. */
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "io/cell_clean_int.h"

/* ---- characters ----------------------------------------------------------------------------- */

struct cp_range {
    uint32_t first, last;
};

static const struct cp_range invisible[] = {
    {0x0000, 0x0008}, {0x000e, 0x001f}, {0x007f, 0x0084}, {0x0086, 0x009f}, {0x00ad, 0x00ad},
    {0x061c, 0x061c}, {0x180e, 0x180e}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064},
    {0x2066, 0x206f}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
};
static const struct cp_range spaces[] = {
    {0x0009, 0x000d}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00a0, 0x00a0}, {0x1680, 0x1680},
    {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
};

#define IN(cp, ranges) in_ranges((cp), (ranges), sizeof(ranges) / sizeof(ranges)[0])

static bool in_ranges(uint32_t cp, const struct cp_range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (cp >= ranges[i].first && cp <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static uint32_t narrowed(uint32_t cp)
{
    if (cp >= 0xff01 && cp <= 0xff5e) {
        return cp - 0xff01 + '!';
    }
    return cp == 0xffe5 ? 0xa5 : cp; /* ￥ is ¥ */
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2018 || cp == 0x2019 || cp == '`';
}

/* The text in canonical characters, not yet trimmed. */
static struct str canonical(struct cleaning *c, struct str s, bool narrow)
{
    char *p = arena_alloc(c->a, (size_t)s.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s.n;) {
        uint32_t cp = 0;
        i += utf8_decode(s, i, &cp);
        if (IN(cp, invisible)) {
            clean_did(c, CLEAN_DID_INVISIBLE);
        } else if (IN(cp, spaces)) {
            p[n++] = ' ';
            clean_did_if(c, cp != ' ', CLEAN_DID_SPACES);
        } else {
            uint32_t to = narrow ? narrowed(cp) : cp;
            clean_did_if(c, to != cp, CLEAN_DID_FULL_WIDTH);
            n += utf8_encode(to, p + n); /* never longer than what was read */
        }
    }
    return str_make(p, n);
}

struct str clean_text(struct cleaning *c, struct str text, bool narrow)
{
    struct str wide = canonical(c, text, narrow);
    struct str s = str_trim(wide);
    clean_did_if(c, s.n != wide.n, CLEAN_DID_SPACES);
    c->out->did &= s.n > 0 ? UINT32_MAX : 0; /* of nothing nothing was cleaned */
    uint32_t cp = 0;
    uint32_t n = s.n > 1 ? utf8_decode(s, 0, &cp) : 0;
    if (narrow && n > 0 && is_apostrophe(cp)) {
        clean_did(c, CLEAN_DID_APOSTROPHE);
        s = str_trim(str_sub(s, n, s.n));
    }
    return s;
}

struct str clean_dense(struct cleaning *c, struct str text)
{
    char *p = arena_alloc(c->a, (size_t)text.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        if (text.p[i] != ' ') {
            p[n++] = text.p[i];
        }
    }
    clean_did_if(c, n != text.n, CLEAN_DID_SPACES);
    return str_make(p, n);
}

uint32_t clean_digits(struct str s, uint32_t at)
{
    uint32_t i = at;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') {
        i++;
    }
    return i - at;
}

/* ---- words ---------------------------------------------------------------------------------- */

static const struct str silent_words[] = {
    STR_INIT("空"),   STR_INIT("空白"), STR_INIT("暂无"),   STR_INIT("暂无数据"), STR_INIT("待定"),
    STR_INIT("待填"), STR_INIT("待补"), STR_INIT("未统计"), STR_INIT("未填"),     STR_INIT("未报"),
    STR_INIT("不详"), STR_INIT("未知"), STR_INIT("不清楚"), STR_INIT("无数据"),   STR_INIT("…"),
    STR_INIT("……"),   STR_INIT("..."),  STR_INIT("?"),      STR_INIT("null"),     STR_INIT("NULL"),
};
static const struct str not_for_us_words[] = {
    STR_INIT("不适用"), STR_INIT("不涉及"), STR_INIT("N/A"), STR_INIT("n/a"), STR_INIT("NA"),
};
/* A row of one of these says the same, however long. */
static const struct str strokes[] = {
    STR_INIT("-"), STR_INIT("–"), STR_INIT("—"),  STR_INIT("―"),
    STR_INIT("─"), STR_INIT("/"), STR_INIT("\\"),
};

#define AMONG(s, words) among((s), (words), sizeof(words) / sizeof(words)[0])

static bool among(struct str s, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(s, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_stroke(struct str s)
{
    for (size_t i = 0; i < sizeof strokes / sizeof strokes[0]; i++) {
        uint32_t at = 0;
        while (str_starts(str_sub(s, at, s.n), strokes[i])) {
            at += strokes[i].n;
        }
        if (at == s.n) {
            return true;
        }
    }
    return false;
}

bool clean_says_nothing(struct cleaning *c, struct str text)
{
    if (text.n == 0) {
        c->out->state = CLEAN_SILENT;
        return true;
    }
    if (AMONG(text, silent_words)) {
        c->out->state = CLEAN_SILENT;
        clean_did(c, CLEAN_DID_NOT_SAID);
        return true;
    }
    if (AMONG(text, not_for_us_words) || is_stroke(text)) {
        c->out->state = CLEAN_NOT_APPLICABLE;
        clean_did(c, CLEAN_DID_NOT_FOR_US);
        return true;
    }
    return false;
}

/* Longer ones before those that they contain. */
static const struct str approximate_words[] = {
    STR_INIT("大约"),   STR_INIT("大概"),   STR_INIT("左右"), STR_INIT("以上"), STR_INIT("以下"),
    STR_INIT("以内"),   STR_INIT("上下"),   STR_INIT("将近"), STR_INIT("接近"), STR_INIT("不足"),
    STR_INIT("不到"),   STR_INIT("超过"),   STR_INIT("至少"), STR_INIT("最多"), STR_INIT("不低于"),
    STR_INIT("不少于"), STR_INIT("不超过"), STR_INIT("约"),   STR_INIT("近"),   STR_INIT("余"),
    STR_INIT("多"),     STR_INIT("超"),     STR_INIT("逾"),   STR_INIT("许"),   STR_INIT("≥"),
    STR_INIT("≤"),      STR_INIT("≈"),      STR_INIT(">"),    STR_INIT("<"),    STR_INIT("±"),
};

static bool has_digit(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9') {
            return true;
        }
    }
    return false;
}

/* text without the word at `at` */
static struct str without(struct cleaning *c, struct str text, uint32_t at, uint32_t n)
{
    return str_cat(c->a, str_sub(text, 0, at), str_sub(text, at + n, text.n));
}

bool clean_is_approximate(struct cleaning *c, struct str text, struct str *rest)
{
    bool found = false;
    *rest = text;
    if (!has_digit(text)) {
        return false;
    }
    for (size_t i = 0; i < sizeof approximate_words / sizeof approximate_words[0]; i++) {
        struct str word = approximate_words[i];
        uint32_t at = str_find(*rest, word, 0);
        if (at != STR_NONE) {
            *rest = without(c, *rest, at, word.n);
            found = true;
        }
    }
    if (text.p[0] == '~' || text.p[text.n - 1] == '+') {
        *rest = str_sub(*rest, text.p[0] == '~', rest->n - (text.p[text.n - 1] == '+'));
        found = true;
    }
    return found;
}

bool clean_is_numeral(struct str text)
{
    static const struct str figures =
        STR_INIT("零〇○一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬廿卅年月日号点分之");
    bool any = false;
    for (uint32_t i = 0; i < text.n;) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(text, i, &cp);
        if (n < 3 || str_find(figures, str_sub(text, i, i + n), 0) == STR_NONE) {
            return false;
        }
        any = true;
        i += n;
    }
    return any;
}

bool clean_unquote(struct cleaning *c, struct str *text, bool *fault)
{
    *fault = false;
    if (text->n == 0 || text->p[0] != '=') {
        return false;
    }
    struct str inner = str_sub(*text, 2, text->n - 1);
    if (text->n >= 3 && text->p[1] == '"' && text->p[text->n - 1] == '"' &&
        str_find(inner, STR("\""), 0) == STR_NONE) {
        clean_did(c, CLEAN_DID_QUOTED);
        *text = str_trim(inner);
        return true;
    }
    clean_fault(c, CLEAN_FAULT_FORMULA_TEXT);
    *fault = true;
    return false;
}
