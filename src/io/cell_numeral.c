/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures in Chinese characters as digits. They only become suggestions: whoever wrote them has to
 * agree. Colloquial ones that leave something out (一百二, 三万五) have none.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "io/cell_clean_int.h"

#define VALUE_MAX UINT64_C(1000000000000000)

struct sign {
    struct str text;
    uint32_t digit; /* 0–9; of a power: 10 and more, the power itself */
};

static const struct sign signs[] = {
    {STR_INIT("零"), 0},        {STR_INIT("〇"), 0},     {STR_INIT("○"), 0},
    {STR_INIT("一"), 1},        {STR_INIT("二"), 2},     {STR_INIT("两"), 2},
    {STR_INIT("三"), 3},        {STR_INIT("四"), 4},     {STR_INIT("五"), 5},
    {STR_INIT("六"), 6},        {STR_INIT("七"), 7},     {STR_INIT("八"), 8},
    {STR_INIT("九"), 9},        {STR_INIT("壹"), 1},     {STR_INIT("贰"), 2},
    {STR_INIT("叁"), 3},        {STR_INIT("肆"), 4},     {STR_INIT("伍"), 5},
    {STR_INIT("陆"), 6},        {STR_INIT("柒"), 7},     {STR_INIT("捌"), 8},
    {STR_INIT("玖"), 9},        {STR_INIT("十"), 10},    {STR_INIT("拾"), 10},
    {STR_INIT("百"), 100},      {STR_INIT("佰"), 100},   {STR_INIT("千"), 1000},
    {STR_INIT("仟"), 1000},     {STR_INIT("万"), 10000}, {STR_INIT("萬"), 10000},
    {STR_INIT("亿"), 100000000}};

/* The sign that s begins with, or NULL. */
static const struct sign *sign_of(struct str s)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (str_starts(s, signs[i].text)) {
            return &signs[i];
        }
    }
    return NULL;
}

uint32_t clean_numeral_length(struct str s)
{
    uint32_t n = 0;
    const struct sign *sign = NULL;
    while ((sign = sign_of(str_sub(s, n, s.n))) != NULL) {
        n += sign->text.n;
    }
    return n;
}

/* 二〇二四: digits alone; their count, 0: something else is among them. */
static uint32_t plain_digits(struct str s, uint64_t *out)
{
    uint32_t count = 0;
    *out = 0;
    while (s.n > 0) {
        const struct sign *sign = sign_of(s);
        if (!sign || sign->digit > 9 || *out >= VALUE_MAX) {
            return 0;
        }
        *out = *out * 10 + sign->digit;
        s = str_sub(s, sign->text.n, s.n);
        count++;
    }
    return count;
}

/* A figure in the making: below 10,000 in `part`, each power smaller than the one before. */
struct spoken {
    uint64_t whole, section, part;
    uint64_t least;   /* power before, in this part; 0: none yet */
    uint64_t bound;   /* of 万 and 亿 before; 0: none yet */
    uint32_t pending; /* a digit that waits for its power, 10: none */
    bool zero;        /* 零 stands before it */
};

static bool take_small(struct spoken *f, uint32_t power)
{
    uint32_t digit = f->pending < 10 ? f->pending : power == 10 && f->part == 0 ? 1 : 0;
    bool falls = f->least == 0 || power < f->least;
    f->part += (uint64_t)digit * power;
    f->least = power;
    f->pending = 10;
    f->zero = false;
    return falls && digit > 0;
}

/* The digit that ends a part stands for itself only behind 十, behind 零, or alone. */
static bool take_last(struct spoken *f)
{
    bool proper = f->pending == 10 || f->zero || f->least == 10 ||
                  (f->least == 0 && f->part == 0 && f->bound == 0);
    f->part += f->pending < 10 ? f->pending : 0;
    f->pending = 10;
    f->zero = false;
    f->least = 0;
    return proper;
}

static bool take_large(struct spoken *f, uint64_t power)
{
    bool small = take_last(f) || f->part < 10; /* 三亿五万: behind a larger one alone is proper */
    uint64_t value = f->section + f->part;
    bool falls = f->bound == 0 || power < f->bound;
    f->section = 0;
    f->part = 0;
    f->whole += value * power;
    f->bound = power;
    return small && value > 0 && falls && f->whole < VALUE_MAX;
}

/* 一万二千三百二十: false when it is not as it should be. */
static bool spoken_number(struct str s, uint64_t *out)
{
    struct spoken f = {.pending = 10};
    while (s.n > 0) {
        const struct sign *sign = sign_of(s);
        bool ok = sign != NULL;
        if (ok && sign->digit == 0) {
            ok = f.pending == 10;
            f.zero = true;
        } else if (ok && sign->digit < 10) {
            ok = f.pending == 10;
            f.pending = sign->digit;
        } else if (ok && sign->digit < 10000) {
            ok = take_small(&f, sign->digit);
        } else if (ok) {
            ok = take_large(&f, sign->digit);
        }
        if (!ok) {
            return false;
        }
        s = str_sub(s, sign->text.n, s.n);
    }
    bool proper = take_last(&f);
    *out = f.whole + f.part;
    return proper;
}

static bool whole_number(struct str s, uint64_t *out)
{
    return s.n > 0 && (plain_digits(s, out) > 0 || spoken_number(s, out));
}

static struct str text_of(struct arena *a, const char *format, uint64_t n, struct str rest)
{
    struct buf b;
    buf_init_in(&b, a, 128);
    buf_printf(&b, "%llu", (unsigned long long)n);
    buf_puts(&b, format);
    buf_str(&b, rest);
    return buf_view(&b);
}

struct str clean_numeral(struct arena *a, struct str s)
{
    static const struct {
        struct str before;
        const char *behind;
    } parts_of[] = {{STR_INIT("百分之"), "%"}, {STR_INIT("千分之"), "‰"}, {STR_INIT(""), ""}};
    uint64_t n = 0;
    size_t i = 0;
    while (!str_starts(s, parts_of[i].before)) {
        i++;
    }
    s = str_sub(s, parts_of[i].before.n, s.n);
    uint32_t point = str_find(s, STR("点"), 0);
    if (!whole_number(str_sub(s, 0, point), &n)) {
        return STR("");
    }
    struct buf b;
    buf_init_in(&b, a, 128);
    struct str decimals = point == STR_NONE ? STR("") : str_sub(s, point + 3, s.n);
    buf_puts(&b, point == STR_NONE ? "" : ".");
    while (decimals.n > 0) {
        const struct sign *sign = sign_of(decimals);
        if (!sign || sign->digit > 9) {
            return STR("");
        }
        buf_printf(&b, "%u", sign->digit);
        decimals = str_sub(decimals, sign->text.n, decimals.n);
    }
    buf_puts(&b, parts_of[i].behind);
    bool nothing = point != STR_NONE && point + 3 == s.n;
    return nothing || b.overflow ? STR("") : text_of(a, "", n, buf_view(&b));
}

/* What stands before the mark, taken off s with it; false: the mark is not there. */
static bool take_before(struct str *s, const char *mark, struct str *out)
{
    struct str word = str_from_cstr(mark);
    uint32_t at = str_find(*s, word, 0);
    if (at == STR_NONE) {
        return false;
    }
    *out = str_sub(*s, 0, at);
    *s = str_sub(*s, at + word.n, s->n);
    return true;
}

struct str clean_numeral_date(struct arena *a, struct str s)
{
    struct str word;
    uint64_t year = 0;
    uint64_t month = 0;
    uint64_t day = 0;
    struct date date;
    char text[DATE_TEXT_BYTES];
    if (!take_before(&s, "年", &word) || plain_digits(word, &year) != 4) {
        return STR("");
    }
    if (s.n == 0) {
        return text_of(a, "", year, STR(""));
    }
    if (!take_before(&s, "月", &word) || !whole_number(word, &month) || month > 12) {
        return STR("");
    }
    bool whole = take_before(&s, "日", &word) || take_before(&s, "号", &word);
    if (s.n > 0 || (whole && (!whole_number(word, &day) || day > 31)) ||
        !date_make((int)year, (int)month, whole ? (int)day : 1, &date)) {
        return STR("");
    }
    struct str iso = str_dup(a, date_text(date, text));
    return whole ? iso : str_sub(iso, 0, iso.n - 3);
}
