/* SPDX-License-Identifier: Apache-2.0 */
/* Reading figures: Arabic ones, Chinese ones, fractions, ranges. */
#include "draft/amount.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

#define DIGITS_MAX 15

/* ---- characters ----------------------------------------------------------------------------- */

static bool digit(struct str s, uint32_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* What optical recognition makes of 0 and 1. */
static bool lookalike(struct str s, uint32_t at)
{
    return at < s.n && (s.p[at] == 'O' || s.p[at] == 'o' || s.p[at] == 'l' || s.p[at] == 'I');
}

static bool letter(struct str s, uint32_t at)
{
    return at < s.n && ((s.p[at] >= 'a' && s.p[at] <= 'z') || (s.p[at] >= 'A' && s.p[at] <= 'Z'));
}

static bool here(struct str s, uint32_t at, struct str what)
{
    return str_starts(str_sub(s, at, s.n), what);
}

struct numeral {
    struct str text;
    int64_t value;
};

static const struct numeral numerals[] = {
    {STR_INIT("一"), 1},     {STR_INIT("二"), 2},        {STR_INIT("两"), 2},
    {STR_INIT("三"), 3},     {STR_INIT("四"), 4},        {STR_INIT("五"), 5},
    {STR_INIT("六"), 6},     {STR_INIT("七"), 7},        {STR_INIT("八"), 8},
    {STR_INIT("九"), 9},     {STR_INIT("零"), 0},        {STR_INIT("〇"), 0},
    {STR_INIT("十"), 10},    {STR_INIT("百"), 100},      {STR_INIT("千"), 1000},
    {STR_INIT("万"), 10000}, {STR_INIT("亿"), 100000000}};

static const struct numeral *numeral(struct str s, uint32_t at)
{
    for (size_t i = 0; i < sizeof numerals / sizeof numerals[0]; i++) {
        if (here(s, at, numerals[i].text)) {
            return &numerals[i];
        }
    }
    return NULL;
}

/* ---- years ---------------------------------------------------------------------------------- */

uint32_t amount_four_digits(struct str s, uint32_t at, int32_t *year, bool *doubtful)
{
    int32_t value = 0;
    uint32_t i = at;
    *doubtful = false;
    for (int n = 0; n < 4; n++) {
        const struct numeral *x = NULL;
        if (digit(s, i)) {
            value = value * 10 + (s.p[i++] - '0');
        } else if (n > 0 && lookalike(s, i)) {
            value = value * 10 + (s.p[i] == 'l' || s.p[i] == 'I');
            i++;
            *doubtful = true;
        } else if ((x = numeral(s, i)) != NULL && x->value < 10) {
            value = value * 10 + (int32_t)x->value;
            i += x->text.n;
        } else if (n > 0 && i < s.n && s.p[i] == ' ' && digit(s, i + 1)) {
            i++;
            n--;
            *doubtful = true;
        } else {
            return 0;
        }
    }
    *year = value;
    return value >= 1950 && value < 2100 && !digit(s, i) ? i - at : 0;
}

uint32_t amount_year(struct str s, uint32_t at, int32_t *year, bool *doubtful)
{
    uint32_t n = amount_four_digits(s, at, year, doubtful);
    return n > 0 && here(s, at + n, STR("年")) ? n + STR("年").n : 0;
}

uint32_t amount_run(struct str s, uint32_t at)
{
    const struct numeral *x = NULL;
    uint32_t i = at;
    while (digit(s, i) || (i > at && i < s.n && s.p[i] == '.' && digit(s, i + 1))) {
        i++;
    }
    while (i == at || (x && i > at)) {
        x = numeral(s, i);
        if (!x) {
            break;
        }
        i += x->text.n;
    }
    return i - at;
}

/* ---- one number ----------------------------------------------------------------------------- */

/* A number in the making: where it ends and how the plan language writes it. */
struct number {
    uint32_t end;
    uint32_t scale_at; /* 0: none */
    struct str text;
    struct rat value;
    bool chinese, doubtful, one, share, fraction;
};

static const struct {
    struct str text;
    int64_t factor;
} scales[] = {{STR_INIT("万亿"), 1000000000000},
              {STR_INIT("百万"), 1000000},
              {STR_INIT("千万"), 10000000},
              {STR_INIT("亿"), 100000000},
              {STR_INIT("万"), 10000},
              {STR_INIT("千"), 1000},
              {STR_INIT("百"), 100}};

static bool like_digit(struct str s, uint32_t at)
{
    return digit(s, at) || lookalike(s, at);
}

/* 1,200,000: the digits of the groups; 0 when the comma is none of a number. */
static uint32_t groups(struct str s, uint32_t at, bool *doubtful)
{
    uint32_t end = at;
    while (end < s.n && s.p[end] == ',' && like_digit(s, end + 1) && like_digit(s, end + 2) &&
           like_digit(s, end + 3) && !like_digit(s, end + 4)) {
        for (uint32_t i = end + 1; i < end + 4; i++) {
            *doubtful |= lookalike(s, i);
        }
        end += 4;
    }
    return end - at;
}

static uint32_t digits_run(struct str s, uint32_t at, struct number *out)
{
    uint32_t i = at;
    while (like_digit(s, i)) {
        out->doubtful |= lookalike(s, i);
        i++;
    }
    return i - at;
}

static void arabic_fraction(struct str s, struct number *out)
{
    if (out->end < s.n && s.p[out->end] == '.' && like_digit(s, out->end + 1)) {
        out->end += 1 + digits_run(s, out->end + 1, out);
    }
    while (out->end < s.n && s.p[out->end] == ' ' && digit(s, out->end + 1)) {
        out->doubtful = true;
        out->end += 1 + digits_run(s, out->end + 1, out);
    }
}

static bool arabic(struct arena *a, struct str s, uint32_t at, struct number *out)
{
    uint32_t n = digits_run(s, at, out);
    bool glued = at > 0 && (letter(s, at - 1) || s.p[at - 1] == '.' || digit(s, at - 1));
    if (n == 0 || glued || letter(s, at + n) || (out->doubtful && n < 2)) {
        return false;
    }
    out->end = at + n;
    out->end += n <= 3 ? groups(s, out->end, &out->doubtful) : 0;
    arabic_fraction(s, out);
    struct buf plain;
    buf_init_in(&plain, a, LIMIT_STR_BYTES);
    for (uint32_t i = at; i < out->end; i++) {
        if (digit(s, i) || s.p[i] == '.') {
            buf_putc(&plain, s.p[i]);
        }
    }
    out->text = buf_view(&plain);
    if (out->text.n == 0) {
        return false;
    }
    out->doubtful |= out->text.n > DIGITS_MAX || !rat_parse_decimal(a, out->text, &out->value) ||
                     (out->text.n > 1 && out->text.p[0] == '0' && out->text.p[1] != '.');
    if (out->doubtful) {
        out->value = rat_zero();
    }
    return true;
}

static void scale(struct arena *a, struct str s, struct number *out)
{
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        if (here(s, out->end, scales[i].text)) {
            out->text = str_cat(a, out->text, scales[i].text);
            out->value = rat_mul(a, out->value, rat_int(scales[i].factor));
            out->scale_at = out->end;
            out->end += scales[i].text.n;
            return;
        }
    }
}

/* 一百二十三, 十二, 两千: false when a digit stands where its power is missing. */
static bool spoken(struct str s, uint32_t at, uint32_t *end, int64_t *value)
{
    int64_t whole = 0;
    int64_t part = 0;
    int64_t pending = -1;
    int64_t least = INT64_MAX;
    const struct numeral *x = NULL;
    bool proper = true;
    for (*end = at; (x = numeral(s, *end)) != NULL && *end - at < 60; *end += x->text.n) {
        if (x->value == 0) {
            continue;
        }
        if (x->value < 10) {
            proper &= pending < 0;
            pending = x->value;
        } else if (x->value >= 10000) {
            part += pending > 0 ? pending : 0;
            proper &= part > 0;
            whole += part * x->value;
            part = 0;
            pending = -1;
            least = INT64_MAX;
        } else {
            bool bandwidth = *end == at && here(s, at + x->text.n, STR("兆"));
            proper &= x->value < least && (pending > 0 || x->value == 10 || bandwidth);
            part += (pending > 0 ? pending : 1) * x->value;
            least = x->value;
            pending = -1;
        }
    }
    *value = whole + part + (pending > 0 ? pending : 0);
    return proper;
}

static bool chinese(struct arena *a, struct str s, uint32_t at, struct number *out)
{
    int64_t value = 0;
    bool proper = spoken(s, at, &out->end, &value);
    if (out->end == at) {
        return false;
    }
    out->chinese = true;
    out->one = str_eq(str_sub(s, at, out->end), STR("一"));
    out->doubtful = !proper || value >= INT64_C(1000000000000);
    out->value = rat_int(out->doubtful ? 0 : value);
    out->text = rat_dec_str(a, out->value, 0, NULL);
    return true;
}

/* 百分之九十五, 三分之二, 一半. */
static bool fraction(struct arena *a, struct str s, uint32_t at, struct number *out)
{
    struct str over = STR("分之");
    int64_t below = 0;
    int64_t above = 0;
    uint32_t end = at;
    if (here(s, at, STR("一半")) || here(s, at, STR("半数"))) {
        *out = (struct number){.end = at + STR("一半").n,
                               .text = STR("50"),
                               .value = rat_int(50),
                               .chinese = true,
                               .share = true};
        return true;
    }
    bool hundred = here(s, at, STR("百分之"));
    bool proper = spoken(s, at, &end, &below) || hundred;
    if (end == at || !here(s, end, over)) {
        return false;
    }
    uint32_t top = end + over.n;
    struct number arabic_top = {0};
    bool plain = hundred && arabic(a, s, top, &arabic_top);
    proper &= plain || spoken(s, top, &end, &above) || here(s, top, STR("百"));
    if ((!plain && end == top) || (below <= 0 && !hundred)) {
        return false;
    }
    if (hundred) {
        *out = plain ? arabic_top : (struct number){.end = end, .value = rat_int(above)};
        out->text = plain ? out->text : rat_dec_str(a, out->value, 0, NULL);
        out->share = true;
        /* 百分之九十五点五 is rare, and not read wrongly. */
        out->doubtful |= !proper || here(s, out->end, STR("点"));
    } else {
        *out = (struct number){.end = end, .text = str_sub(s, at, end)};
        out->value = rat_make(a, above, below);
        out->fraction = true;
        out->doubtful = !proper || above >= below;
    }
    out->chinese = true;
    return true;
}

static bool number(struct arena *a, struct str s, uint32_t at, struct number *out)
{
    *out = (struct number){0};
    if (fraction(a, s, at, out)) {
        return true;
    }
    *out = (struct number){0};
    if (digit(s, at) || lookalike(s, at)) {
        if (!arabic(a, s, at, out)) {
            return false;
        }
        scale(a, s, out);
        return true;
    }
    return chinese(a, s, at, out);
}

/* ---- with its measure word ------------------------------------------------------------------ */

static uint32_t post_word(const struct vocabulary *w, struct str s, uint32_t at, enum word_value *v)
{
    uint32_t word = words_match_class(w, s, at, WORD_POST);
    uint32_t any = words_match(w, s, at);
    if (word == WORD_NONE) {
        return 0;
    }
    uint32_t n = w->all.items[word].text.n;
    bool hidden = words_value(w, any, WORD_IDIOM) && w->all.items[any].text.n > n;
    *v = hidden ? VALUE_NONE : words_value(w, word, WORD_POST);
    return hidden ? 0 : n;
}

static uint32_t unit_word(const struct vocabulary *w, struct str s, uint32_t at, struct amount *out)
{
    uint32_t word = words_match_class(w, s, at, WORD_UNIT);
    if (word == WORD_NONE) {
        return 0;
    }
    out->unit = w->all.items[word].text;
    out->kind = words_value(w, word, WORD_UNIT);
    return out->unit.n;
}

/* 余, 多 before the measure word; 以上 … behind it, or before 人口. */
static void read_unit(const struct vocabulary *w, struct str s, struct amount *out)
{
    enum word_value post = VALUE_NONE;
    uint32_t n = post_word(w, s, out->end, &post);
    struct amount unit = *out;
    if (n > 0 && post == VALUE_ABOVE && unit_word(w, s, out->end + n, &unit) == 0) {
        return; /* 10多…: no measure word, no figure */
    }
    out->end += n;
    out->post = post;
    out->end += unit_word(w, s, out->end, out);
    enum word_value behind = VALUE_NONE;
    n = post_word(w, s, out->end, &behind);
    if (n > 0 && behind != VALUE_ABOVE && out->post == VALUE_NONE) {
        out->post = behind;
        out->end += n;
    }
}

static uint32_t range_sign(struct str s, uint32_t at)
{
    static const struct str signs[] = {STR_INIT("-"), STR_INIT("~"), STR_INIT("至"),
                                       STR_INIT("到")};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (here(s, at, signs[i])) {
            return signs[i].n;
        }
    }
    return 0;
}

/* The second end of 3-5个, 3%-5%, 3至5万人; both have one unit and one scale. */
static void read_range(struct arena *a, const struct vocabulary *w, struct str s,
                       struct number *low, struct amount *out)
{
    struct amount first = *out;
    struct number high;
    uint32_t end = low->end + unit_word(w, s, low->end, &first);
    uint32_t sign = range_sign(s, end);
    if (sign > 0 && lookalike(s, end + sign)) {
        out->doubtful = true; /* 3-l5 */
    }
    if (sign == 0 || !number(a, s, end + sign, &high) || high.chinese != low->chinese) {
        return;
    }
    struct amount second = *out;
    uint32_t unit = unit_word(w, s, high.end, &second);
    bool alike = first.kind == VALUE_NONE || (unit > 0 && str_eq(first.unit, second.unit));
    if (!alike || (unit == 0 && s.p[end] != '-' && s.p[end] != '~')) {
        return;
    }
    if (high.scale_at > 0 && low->scale_at == 0) {
        low->end = high.scale_at;
        scale(a, s, low);
    }
    out->range = true;
    out->high = high.text;
    out->most = high.value;
    out->low = low->text;
    out->value = low->value;
    out->doubtful |= high.doubtful || rat_cmp(low->value, high.value) >= 0;
    out->end = out->digits_end = high.end;
}

static void read_ratio(struct arena *a, struct str s, struct amount *out)
{
    struct number right = {0};
    if (out->end < s.n && s.p[out->end] == ':' && lookalike(s, out->end + 1)) {
        out->doubtful = true; /* 18:l */
    }
    if (out->end < s.n && s.p[out->end] == ':' && digit(s, out->end + 1) &&
        arabic(a, s, out->end + 1, &right)) {
        out->ratio = true;
        out->high = right.text;
        out->most = right.value;
        out->doubtful |= right.doubtful || rat_is_zero(right.value);
        out->end = out->digits_end = right.end;
    }
}

/* 八成: 80%. */
static void tenths(struct arena *a, struct amount *out)
{
    if (str_eq(out->unit, STR("成")) && !out->doubtful) {
        out->value = rat_mul(a, out->value, rat_int(10));
        out->most = rat_mul(a, out->most, rat_int(10));
        out->low = rat_dec_str(a, out->value, 4, NULL);
        out->high = rat_dec_str(a, out->most, 4, NULL);
        out->unit = STR("%");
    }
}

bool amount_scan(struct arena *a, const struct vocabulary *w, struct str s, uint32_t at,
                 struct amount *out)
{
    struct number n;
    if (!number(a, s, at, &n)) {
        return false;
    }
    *out = (struct amount){.beg = at,
                           .end = n.end,
                           .digits_end = n.end,
                           .low = n.text,
                           .high = n.text,
                           .value = n.value,
                           .most = n.value,
                           .chinese = n.chinese,
                           .one = n.one,
                           .doubtful = n.doubtful};
    read_range(a, w, s, &n, out);
    if (!n.chinese && !out->range) {
        read_ratio(a, s, out);
    }
    if (n.share) {
        out->unit = STR("%");
        out->kind = VALUE_SHARE;
        enum word_value post = VALUE_NONE;
        out->end += post_word(w, s, out->end, &post);
        out->post = post;
    } else {
        read_unit(w, s, out);
        out->doubtful |= n.scale_at > 0 && out->kind == VALUE_SHARE; /* 20万%: something is lost */
    }
    tenths(a, out);
    if (out->doubtful) { /* part of its digits would look like a figure */
        out->low = out->high = STR("0");
        out->value = out->most = rat_zero();
        out->range = out->ratio = false;
    }
    return !n.chinese || n.fraction || out->kind != VALUE_NONE;
}
