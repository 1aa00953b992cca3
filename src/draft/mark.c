/* SPDX-License-Identifier: Apache-2.0 */
/* Reading marks, and the order of their kinds. */
#include "draft/mark.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "io/text.h"

#define NUMBER_MAX    999
#define CIRCLED_FIRST 0x2460U /* ① */
#define CIRCLED_LAST  0x2473U /* ⑳ */
#define NESTED_TIMES  2       /* an order other than the usual one must show so often */

static const struct mark no_mark = {.style = MARK_NONE};

/* ---- numerals ------------------------------------------------------------------------------- */

struct cursor {
    struct str s;
    uint32_t at;
};

static uint32_t peek(const struct cursor *c, uint32_t *n)
{
    uint32_t cp = 0;
    *n = c->at < c->s.n ? utf8_decode(c->s, c->at, &cp) : 0;
    return cp;
}

static bool take(struct cursor *c, uint32_t want)
{
    uint32_t n = 0;
    bool there = peek(c, &n) == want && n > 0;
    c->at += there ? n : 0;
    return there;
}

static bool take_any(struct cursor *c, uint32_t x, uint32_t y)
{
    return take(c, x) || take(c, y);
}

static bool take_word(struct cursor *c, struct str word)
{
    bool there = str_starts(str_sub(c->s, c->at, c->s.n), word);
    c->at += there ? word.n : 0;
    return there;
}

static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

/* 一 … 九 are 1 … 9, 十 is 10, 百 is 100; 0: none. */
static uint32_t numeral(uint32_t cp)
{
    static const uint32_t numerals[] = {0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
                                        0x516d, 0x4e03, 0x516b, 0x4e5d, 0x5341};
    for (uint32_t i = 0; i < sizeof numerals / sizeof *numerals; i++) {
        if (numerals[i] == cp) {
            return i + 1;
        }
    }
    return cp == 0x767e ? 100 : 0;
}

/* 一 to 九百九十九; 一百零五 too */
static bool take_chinese(struct cursor *c, uint32_t *out)
{
    uint32_t start = c->at;
    uint32_t total = 0;
    uint32_t units = 0;
    uint32_t below = 1000; /* the next 百 or 十 must be less */
    uint32_t n = 0;
    for (uint32_t d = numeral(peek(c, &n)); d > 0; d = numeral(peek(c, &n))) {
        if (d >= 10 && d < below && (units > 0 || d == 10)) {
            total += d * (units > 0 ? units : 1);
            below = d;
            units = 0;
        } else if (d < 10 && units == 0) {
            units = d;
        } else {
            return false;
        }
        c->at += n;
        (void)(d == 100 && take(c, 0x96f6));
    }
    *out = total + units;
    return c->at > start;
}

static bool take_digits(struct cursor *c, uint32_t *out)
{
    uint32_t start = c->at;
    uint32_t n = 0;
    *out = 0;
    for (uint32_t cp = peek(c, &n); cp >= '0' && cp <= '9'; cp = peek(c, &n)) {
        *out = *out > NUMBER_MAX ? *out : *out * 10 + (cp - '0');
        c->at += n;
    }
    return c->at > start && *out > 0 && *out <= NUMBER_MAX;
}

static bool take_numeral(struct cursor *c, uint32_t *out)
{
    uint32_t start = c->at;
    if (take_digits(c, out)) {
        return true;
    }
    c->at = start;
    return take_chinese(c, out);
}

/* 1 to 999 in Chinese numerals */
static void put_chinese(uint32_t number, struct buf *out)
{
    if (number >= 100) {
        buf_puts(out, digits[number / 100 % 10]);
        buf_puts(out, number % 100 == 0 ? "百" : number % 100 < 10 ? "百零" : "百");
    }
    if (number % 100 >= 10) {
        buf_puts(out, number >= 20 ? digits[number / 10 % 10] : "");
        buf_puts(out, "十");
    }
    buf_puts(out, digits[number % 10]);
}

/* ---- marks ---------------------------------------------------------------------------------- */

/* `附件1` on a line of its own or before a colon; `附件:` begins the list of annexes. */
static struct mark annex_mark(struct cursor c)
{
    struct mark m = {.style = MARK_ANNEX};
    if (!take_word(&c, STR("附件"))) {
        return no_mark;
    }
    bool numbered = take_numeral(&c, &m.number);
    bool colon = take(&c, ':');
    m.number = numbered ? m.number : 0;
    m.list = colon && !numbered;
    m.n = c.at;
    return colon || c.at == c.s.n ? m : no_mark;
}

/* `第一章`, `第3条` */
static struct mark ordinal_mark(struct cursor c)
{
    static const struct {
        struct str word;
        enum mark_style style;
    } words[] = {{STR_INIT("部分"), MARK_DIVISION}, {STR_INIT("篇"), MARK_DIVISION},
                 {STR_INIT("编"), MARK_DIVISION},   {STR_INIT("章"), MARK_CHAPTER},
                 {STR_INIT("节"), MARK_UNDER},      {STR_INIT("条"), MARK_ARTICLE}};
    struct mark m = no_mark;
    if (!take_word(&c, STR("第")) || !take_numeral(&c, &m.number)) {
        return no_mark;
    }
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (take_word(&c, words[i].word)) {
            m.style = words[i].style;
            m.n = c.at;
            return m;
        }
    }
    return no_mark;
}

/* `(一)`, `(1)` */
static struct mark bracket_mark(struct cursor c)
{
    struct mark m = {.style = MARK_SECTION};
    if (!take(&c, '(')) {
        return no_mark;
    }
    uint32_t start = c.at;
    if (!take_chinese(&c, &m.number)) {
        c.at = start;
        m.style = MARK_POINT;
        if (!take_digits(&c, &m.number)) {
            return no_mark;
        }
    }
    if (!take(&c, ')')) {
        return no_mark;
    }
    (void)take(&c, 0x3001);
    m.n = c.at;
    return m;
}

/* `一、`, `一.` */
static struct mark part_mark(struct cursor c)
{
    struct mark m = {.style = MARK_PART};
    uint32_t n = 0;
    if (!take_chinese(&c, &m.number) || !take_any(&c, 0x3001, '.')) {
        return no_mark;
    }
    m.numeral = numeral(peek(&c, &n)) > 0;
    m.n = c.at;
    return m;
}

/* `1.`, `1、`, `1)`; `2.0` and `1、2年级` are none. */
static struct mark item_mark(struct cursor c)
{
    struct mark m = {.style = MARK_ITEM};
    uint32_t n = 0;
    if (!take_digits(&c, &m.number)) {
        return no_mark;
    }
    if (take(&c, ')')) {
        m.style = MARK_STEP;
    } else if (!take_any(&c, '.', 0x3001)) {
        return no_mark;
    }
    uint32_t next = peek(&c, &n);
    m.n = c.at;
    return next >= '0' && next <= '9' ? no_mark : m;
}

/* `①` */
static struct mark circled_mark(struct cursor c)
{
    uint32_t n = 0;
    uint32_t cp = peek(&c, &n);
    struct mark m = {.style = MARK_DETAIL, .number = cp - CIRCLED_FIRST + 1, .n = n};
    return cp >= CIRCLED_FIRST && cp <= CIRCLED_LAST ? m : no_mark;
}

#define TITLE_COLUMNS 60

/* White space follows, or the line is but a title: `第一节课` and `第三条要求` are text. */
static bool stands_apart(const struct text_line *l, const struct mark *m)
{
    if (m->style < MARK_DIVISION || m->style > MARK_ARTICLE || m->n == l->text.n) {
        return true;
    }
    bool gap = l->from[m->n] - l->from[m->n - 1] > STR("章").n;
    struct str title = str_sub(l->text, m->n, l->text.n);
    bool sentence = str_find(title, STR("。"), 0) != STR_NONE ||
                    str_find(title, STR(","), 0) != STR_NONE || str_starts(title, STR("课"));
    return gap || (m->style != MARK_ARTICLE && l->columns <= TITLE_COLUMNS && !sentence);
}

struct mark mark_read(const struct text_line *line)
{
    static struct mark (*const readers[])(struct cursor) = {annex_mark, ordinal_mark, bracket_mark,
                                                            part_mark,  item_mark,    circled_mark};
    struct mark m = no_mark;
    for (uint32_t i = 0; m.style == MARK_NONE && i < sizeof readers / sizeof *readers; i++) {
        m = readers[i]((struct cursor){line->text, 0});
    }
    return stands_apart(line, &m) ? m : no_mark;
}

enum numerals { CHINESE, DIGITS, CIRCLED };

void mark_print(enum mark_style style, uint32_t number, struct buf *out)
{
    static const struct {
        const char *before, *after;
        enum numerals numerals;
    } spelled[] = {
#define MARK(name, before, after, numerals) {before, after, numerals},
#include "draft/mark.def"
    };
    char circled[UTF8_MAX_BYTES];
    buf_puts(out, spelled[style].before);
    if (number == 0) {
        /* an annex without a number */
    } else if (spelled[style].numerals == CHINESE) {
        put_chinese(number, out);
    } else if (spelled[style].numerals == DIGITS) {
        buf_printf(out, "%u", number);
    } else {
        buf_put(out, circled, utf8_encode(CIRCLED_FIRST + number - 1, circled));
    }
    buf_puts(out, spelled[style].after);
}

/* ---- the order of the kinds ----------------------------------------------------------------- */

struct order {
    uint32_t first[MARK__COUNT];               /* the line of the first one, counted from 1 */
    uint32_t last[MARK__COUNT];                /* number */
    bool anew[MARK__COUNT][MARK__COUNT];       /* since the last of x, y began anew */
    uint32_t within[MARK__COUNT][MARK__COUNT]; /* steps of x in which y began anew */
};

static void step(struct order *o, enum mark_style x, uint32_t number, uint32_t line)
{
    bool counts_on = number == o->last[x] + 1 && number > 1;
    o->first[x] = o->first[x] > 0 ? o->first[x] : line;
    o->last[x] = number;
    for (uint32_t y = 0; y < MARK__COUNT; y++) {
        o->within[x][y] += counts_on && o->anew[x][y];
        o->anew[x][y] = false;
        o->anew[y][x] = o->anew[y][x] || number == 1;
    }
}

/* The usual order has `outer` above `inner`; this document has not. */
static bool turned(const struct order *o, uint32_t outer, uint32_t inner)
{
    return o->within[inner][outer] >= NESTED_TIMES && o->within[outer][inner] == 0 &&
           o->first[inner] < o->first[outer];
}

void mark_levels(const struct text *t, uint32_t level[MARK__COUNT])
{
    struct order o = {0};
    enum mark_style at[MARK__COUNT];
    for (uint32_t i = 0; i < t->lines.n; i++) {
        struct mark m = mark_read(&t->lines.items[i]);
        if (m.style != MARK_NONE) {
            step(&o, m.style, m.number, i + 1);
        }
    }
    for (uint32_t i = 0; i < MARK__COUNT; i++) {
        uint32_t to = i;
        for (; to > 1 && turned(&o, at[to - 1], i); to--) {
            at[to] = at[to - 1];
        }
        at[to] = (enum mark_style)i;
    }
    for (uint32_t i = 0; i < MARK__COUNT; i++) {
        level[at[i]] = i;
    }
}
