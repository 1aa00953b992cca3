/* SPDX-License-Identifier: Apache-2.0 */
/* Number formats: the letters outside of quotes say what is shown. */
#include "io/number_format.h"

#include <stdbool.h>
#include <stddef.h>

struct format_range {
    uint32_t first, last;
    enum number_format format;
};

static const struct format_range builtin[] = {
    {0, 0, NF_GENERAL},   {1, 8, NF_NUMBER}, {9, 10, NF_PERCENT}, {11, 11, NF_NUMBER},
    {12, 13, NF_OTHER},   {14, 17, NF_DATE}, {18, 21, NF_TIME},   {22, 22, NF_DATE},
    {23, 26, NF_GENERAL}, {27, 31, NF_DATE}, {32, 35, NF_TIME},   {36, 36, NF_DATE},
    {37, 44, NF_NUMBER},  {45, 47, NF_TIME}, {48, 48, NF_NUMBER}, {49, 49, NF_TEXT},
    {50, 54, NF_DATE},    {55, 56, NF_TIME}, {57, 58, NF_DATE},
};

enum number_format number_format_builtin(uint32_t id)
{
    for (size_t i = 0; i < sizeof builtin / sizeof builtin[0]; i++) {
        if (id >= builtin[i].first && id <= builtin[i].last) {
            return builtin[i].format;
        }
    }
    return NF_GENERAL;
}

/* What has been seen of a section. */
struct seen {
    bool day, hour, month, percent, text, digit, scaled, general, slash;
    bool after; /* something behind a digit that is none, and no point or comma … */
    bool split; /* … and then a digit again: 000-0000 */
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* [h], [mm]: more hours than a day has. [Red] and [$-804] say nothing. */
static bool is_elapsed(struct str inside)
{
    char unit = inside.n > 0 ? lower(inside.p[0]) : 0;
    for (uint32_t i = 1; i < inside.n; i++) {
        unit = lower(inside.p[i]) == unit ? unit : 0;
    }
    return unit == 'h' || unit == 'm' || unit == 's';
}

/* The place behind an escape at i: one character, which may have several bytes. */
static uint32_t skip_escape(struct str s, uint32_t i, struct seen *seen)
{
    uint32_t next = i + 2;
    while (next < s.n && ((unsigned char)s.p[next] & 0xc0U) == 0x80U) {
        next++;
    }
    /* `0!.0000`: a point that is none, so that 12345 shows as 1.2345 */
    bool point = i + 1 < s.n && s.p[i + 1] == '.';
    seen->after = seen->after || seen->digit;
    seen->scaled = seen->scaled || (point && seen->digit);
    return next;
}

/* The place behind a quoted text or a bracket that begins at i. */
static uint32_t skip_span(struct str s, uint32_t i, struct seen *seen)
{
    bool bracket = s.p[i] == '[';
    seen->after = seen->after || seen->digit;
    uint32_t end = str_find(s, bracket ? STR("]") : STR("\""), i + 1);
    end = end == STR_NONE ? s.n : end;
    seen->hour = seen->hour || (bracket && is_elapsed(str_sub(s, i + 1, end)));
    return end + 1;
}

static bool is_digit_mark(char c)
{
    return c == '0' || c == '#' || c == '?';
}

/* A comma behind the last digit divides by a thousand; one between digits only groups. */
static void see_comma(struct str s, uint32_t i, struct seen *seen)
{
    bool after = i > 0 && (is_digit_mark(s.p[i - 1]) || s.p[i - 1] == ',');
    bool before = i + 1 < s.n && (is_digit_mark(s.p[i + 1]) || s.p[i + 1] == ',');
    seen->scaled = seen->scaled || (after && !before);
}

static void see(struct str s, uint32_t i, struct seen *seen)
{
    switch (lower(s.p[i])) {
    case 'y':
    case 'd':
        seen->day = true;
        break;
    case 'h':
    case 's':
        seen->hour = true;
        break;
    case 'm':
        seen->month = true;
        break;
    case '%':
        seen->percent = true;
        break;
    case '@':
        seen->text = true;
        break;
    case ',':
        see_comma(s, i, seen);
        break;
    case '/':
        seen->slash = true;
        break;
    case '.':
    case ' ':
        break;
    default:
        seen->split = seen->split || (is_digit_mark(s.p[i]) && seen->after);
        seen->digit = seen->digit || is_digit_mark(s.p[i]);
        seen->after = seen->after || (seen->digit && !is_digit_mark(s.p[i]));
        break;
    }
}

/* Magnitudes as words: 3.5万, 20千元. */
static bool says_magnitude(struct str section)
{
    static const struct str words[] = {STR_INIT("万"), STR_INIT("亿"), STR_INIT("千元"),
                                       STR_INIT("百元")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_find(section, words[i], 0) != STR_NONE) {
            return true;
        }
    }
    return false;
}

static enum number_format conclude(const struct seen *s, bool says)
{
    if (s->day || (s->month && !s->hour && !s->digit)) {
        return NF_DATE;
    }
    if (s->hour && !s->general) {
        return NF_TIME;
    }
    if (s->percent) {
        return NF_PERCENT;
    }
    if (s->text) {
        return NF_TEXT;
    }
    if (s->scaled != says) {
        return NF_MISLEADS;
    }
    if (s->scaled) {
        return NF_SCALED;
    }
    if (s->digit) {
        return s->slash ? NF_OTHER : s->split ? NF_MISLEADS : NF_NUMBER;
    }
    return s->general ? NF_GENERAL : NF_MISLEADS;
}

/* The length of the word for "as it is" at i, 0: it does not stand there. */
static uint32_t general_at(struct str s, uint32_t i)
{
    static const struct str zh = STR_INIT("G/通用格式"); /* as some Chinese programs write it */
    static const char word[] = "general";
    uint32_t k = 0;
    while (word[k] != 0 && i + k < s.n && lower(s.p[i + k]) == word[k]) {
        k++;
    }
    if (word[k] == 0) {
        return k;
    }
    return str_starts(str_sub(s, i, s.n), zh) ? zh.n : 0;
}

/* The place behind what stands at i. */
static uint32_t step(struct str s, uint32_t i, struct seen *seen)
{
    char c = s.p[i];
    uint32_t general = general_at(s, i);
    if (c == '\\' || c == '_' || c == '*' || c == '!') {
        return skip_escape(s, i, seen);
    }
    if (c == '"' || c == '[') {
        return skip_span(s, i, seen);
    }
    if (general > 0) {
        seen->general = true;
        return i + general;
    }
    if (lower(c) == 'e' && i + 1 < s.n && (s.p[i + 1] == '+' || s.p[i + 1] == '-')) {
        return i + 2;
    }
    see(s, i, seen);
    return i + 1;
}

enum number_format number_format_of(struct str code)
{
    struct seen seen = {0};
    uint32_t i = 0;
    while (i < code.n && code.p[i] != ';') {
        i = step(code, i, &seen);
    }
    return code.n == 0 ? NF_GENERAL : conclude(&seen, says_magnitude(str_sub(code, 0, i)));
}

uint8_t number_format_zeros(struct str code)
{
    uint32_t n = 0;
    while (n < code.n && n < UINT8_MAX && code.p[n] == '0') {
        n++;
    }
    bool alone = n == code.n || code.p[n] == ';' || code.p[n] == '_';
    return n > 1 && alone ? (uint8_t)n : 0;
}
