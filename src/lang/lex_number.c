/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in figures with their suffix, full days, and Chinese fractions. */
#include "lang/lex_int.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "lang/kw.h"

/* Digits of a literal as plain ASCII decimal text. */
struct digits {
    char p[LIMIT_NUMBER_DIGITS + 2];
    uint32_t n;      /* bytes in p */
    uint32_t n_seen; /* digits read, also those that found no room */
};

static void digits_put(struct digits *d, char c)
{
    d->n_seen += c != '.';
    if (d->n < LIMIT_NUMBER_DIGITS + 1) {
        d->p[d->n++] = c;
    }
}

/* Reads at most max digits at `at` and returns the byte behind them. */
static uint32_t take_digits(const struct lexer *l, uint32_t at, uint32_t max, struct digits *d)
{
    for (uint32_t i = 0; i < max; i++) {
        uint32_t cp = 0;
        uint32_t n = lex_peek(l, at, &cp);
        if (n == 0 || !lex_is_digit(cp)) {
            break;
        }
        digits_put(d, (char)cp);
        at += n;
    }
    return at;
}

static uint32_t count_digits(const struct lexer *l, uint32_t at)
{
    struct digits d = {0};
    (void)take_digits(l, at, UINT32_MAX, &d);
    return d.n_seen;
}

/* Words that may be glued behind a number without being part of its suffix. */
static bool is_tail_word(enum tok kind)
{
    return kind == KW_OR_MORE || kind == KW_OR_LESS || kind == KW_OR_SO || kind == KW_TO ||
           kind == KW_BY;
}

/* The tail word with which `run` ends (or starts); NULL when there is none. */
static const struct kw_row *tail_word(struct str run, bool at_end)
{
    uint32_t n = 0;
    const struct kw_row *rows = kw_rows(&n);
    for (uint32_t i = 0; i < n; i++) {
        if (is_tail_word(rows[i].kind) && rows[i].chinese &&
            (at_end ? str_ends(run, rows[i].spelling) : str_starts(run, rows[i].spelling))) {
            return &rows[i];
        }
    }
    return NULL;
}

/* The end of the suffix run at `at`: letters; figures only behind an ASCII letter (m2). */
static uint32_t suffix_end(const struct lexer *l, uint32_t at)
{
    uint32_t prev = 0;
    for (;;) {
        uint32_t cp = 0;
        uint32_t n = lex_peek(l, at, &cp);
        bool after_letter = prev < 0x80 && prev > '9'; /* only letters and `_` get here */
        if (n == 0 || (lex_is_digit(cp) && !after_letter)) {
            return at;
        }
        if (cp == '%' || cp == 0x2030 || cp == 0x33a1) { /* %, ‰, ㎡ end it */
            return cp == 0x33a1 || prev == 0 ? at + n : at;
        }
        if (!lex_is_name_char(cp)) {
            return at;
        }
        prev = lex_is_digit(cp) ? prev : cp;
        at += n;
    }
}

/* Emits the tail words in [l->at, end). */
static void emit_tail(struct lexer *l, uint32_t end)
{
    while (l->at < end && !l->failed) {
        const struct kw_row *row = tail_word(str_sub(l->text, l->at, end), false);
        if (!row) {
            return;
        }
        (void)lex_emit(l, row->kind, l->at, l->at + row->spelling.n);
    }
}

/* `60%至70%`: behind a sign the word would run into the figures. */
static void emit_word_before_digit(struct lexer *l)
{
    const struct kw_row *row = tail_word(str_sub(l->text, l->at, l->text.n), false);
    uint32_t cp = 0;
    if (row && lex_peek(l, l->at + row->spelling.n, &cp) > 0 && lex_is_digit(cp)) {
        (void)lex_emit(l, row->kind, l->at, l->at + row->spelling.n);
    }
}

static bool char_is(const struct lexer *l, uint32_t *at, uint32_t want)
{
    uint32_t cp = 0;
    uint32_t n = lex_peek(l, *at, &cp);
    if (n == 0 || cp != want) {
        return false;
    }
    *at += n;
    return true;
}

/* A figure of a day: between min and max digits. */
static bool day_part(const struct lexer *l, uint32_t *at, uint32_t min, uint32_t max, int *out)
{
    struct digits d = {0};
    *at = take_digits(l, *at, max, &d);
    *out = 0;
    for (uint32_t i = 0; i < d.n; i++) {
        *out = *out * 10 + (d.p[i] - '0');
    }
    return d.n >= min;
}

/* `2024-03-15` or `2024年3月15日`; false when the text has not that shape. */
static bool day(struct lexer *l)
{
    uint32_t at = l->at;
    int y = 0;
    int m = 0;
    int d = 0;
    uint32_t cp = 0;
    if (!day_part(l, &at, 4, 4, &y)) {
        return false;
    }
    if (char_is(l, &at, '-')) {
        if (!day_part(l, &at, 2, 2, &m) || !char_is(l, &at, '-') || !day_part(l, &at, 2, 2, &d) ||
            (lex_peek(l, at, &cp) > 0 && lex_is_name_char(cp))) {
            return false;
        }
    } else if (!char_is(l, &at, 0x5e74) || !day_part(l, &at, 1, 2, &m) ||
               !char_is(l, &at, 0x6708) || !day_part(l, &at, 1, 2, &d) ||
               !char_is(l, &at, 0x65e5)) {
        return false;
    }
    struct span span = lex_span(l, l->at, at);
    struct token *t = lex_emit(l, TOK_DAY, span.beg, span.end);
    if (t && !date_make(y, m, d, &t->day)) {
        struct diag *g = diag_add(l->ds, DIAG_bad_date, span);
        diag_arg(l->ds, g, "text", t->text);
    }
    return true;
}

/* `，`: three bytes that separate groups as `,` does; the ideographic comma never does. */
static uint32_t wide_comma(const struct lexer *l, uint32_t at)
{
    struct str sign = STR("，");
    return at + sign.n <= l->text.n && str_eq(str_sub(l->text, at, at + sign.n), sign) ? sign.n : 0;
}

/* The groups of three behind the first figures; returns the byte behind them. */
static uint32_t groups(struct lexer *l, uint32_t beg, uint32_t at, struct digits *d)
{
    uint32_t first = d->n_seen;
    for (bool more = true; more;) {
        uint32_t wide = wide_comma(l, at);
        if (wide > 0 && first <= 3 && count_digits(l, at + wide) == 3) {
            at = take_digits(l, at + wide, 3, d);
            continue;
        }
        char sep = at < l->text.n ? l->text.p[at] : '\0';
        uint32_t n = sep == ',' || sep == '_' ? count_digits(l, at + 1) : 0;
        if (n == 0 || (sep == ',' && first > 3)) {
            return at; /* `150100,150200` can only be two numbers */
        }
        if (n != 3 || first > 3) {
            struct diag *g = diag_add(l->ds, DIAG_bad_grouping, lex_span(l, beg, at + 1));
            diag_label(l->ds, g, lex_span(l, at, at + 1), "after this sign", "在此符号之后");
            return sep == '_' ? take_digits(l, at + 1, n, d) : at;
        }
        at = take_digits(l, at + 1, 3, d);
    }
    return at;
}

/* Whether the figures here are a part of an id, directly behind `B0.`. */
static bool in_id(const struct lexer *l)
{
    uint32_t n = l->out->list.n;
    if (n < 2 || l->prev_end != l->at) {
        return false;
    }
    const struct token *dot = &l->out->list.items[n - 1];
    return dot->kind == TOK_DOT && dot->glued && l->out->list.items[n - 2].kind != TOK_RPAREN;
}

static struct rat digits_value(struct lexer *l, const struct digits *d, struct span at)
{
    struct rat value = rat_zero();
    if (d->n_seen > LIMIT_NUMBER_DIGITS) {
        struct diag *g = diag_add(l->ds, DIAG_long_number, at);
        diag_arg_int(l->ds, g, "n", d->n_seen);
        diag_arg_int(l->ds, g, "max", LIMIT_NUMBER_DIGITS);
    } else if (!rat_parse_decimal(l->a, str_make(d->p, d->n), &value)) {
        value = rat_zero(); /* cannot happen: the text is digits and one point */
    }
    return value;
}

void lex_number(struct lexer *l)
{
    bool id = in_id(l);
    if (!id && day(l)) {
        return;
    }
    struct digits d = {0};
    uint32_t beg = l->at;
    uint32_t at = take_digits(l, beg, UINT32_MAX, &d);
    if (!id) {
        at = groups(l, beg, at, &d);
        uint32_t point = at;
        if (char_is(l, &point, '.') && count_digits(l, point) > 0) {
            digits_put(&d, '.');
            at = take_digits(l, point, UINT32_MAX, &d);
        }
    }
    uint32_t run_end = suffix_end(l, at);
    uint32_t end = run_end;
    for (const struct kw_row *row = tail_word(str_sub(l->text, at, end), true); row;
         row = tail_word(str_sub(l->text, at, end), true)) {
        end -= row->spelling.n;
    }
    struct rat value = digits_value(l, &d, lex_span(l, beg, at));
    struct str suffix = lex_text(l, at, end);
    struct str text = lex_text(l, beg, end);
    struct token *t = lex_emit(l, TOK_NUMBER, beg, end);
    if (!t) {
        return;
    }
    t->number = value;
    t->suffix = suffix;
    t->text = text;
    emit_tail(l, run_end);
    emit_word_before_digit(l);
}

/* Chinese figures: digits have scale 0, 十百千 stand within a group, 万亿 close one. */
static const struct {
    uint32_t cp;
    int64_t value;
    bool is_digit;
    bool closes;
} han_figures[] = {
    {0x96f6, 0, true, false},     {0x3007, 0, true, false},         {0x4e00, 1, true, false},
    {0x4e8c, 2, true, false},     {0x4e24, 2, true, false},         {0x4e09, 3, true, false},
    {0x56db, 4, true, false},     {0x4e94, 5, true, false},         {0x516d, 6, true, false},
    {0x4e03, 7, true, false},     {0x516b, 8, true, false},         {0x4e5d, 9, true, false},
    {0x5341, 10, false, false},   {0x767e, 100, false, false},      {0x5343, 1000, false, false},
    {0x4e07, 10000, false, true}, {0x4ebf, 100000000, false, true},
};

#define N_HAN_FIGURES (sizeof han_figures / sizeof han_figures[0])
#define HAN_MAX       1000000000000LL /* larger ones are not read as figures */
#define HAN_POINT     0x70b9U         /* 点 */

/* Reads 九十五 at *at; false when there is no well-formed figure. */
static bool han_int(const struct lexer *l, uint32_t *at, uint32_t end, int64_t *out)
{
    int64_t total = 0;
    int64_t group = 0;
    int64_t digit = -1;
    int64_t last_scale = INT64_MAX;
    bool any = false;
    while (*at < end) {
        uint32_t cp = 0;
        uint32_t n = lex_peek(l, *at, &cp);
        size_t i = 0;
        while (i < N_HAN_FIGURES && han_figures[i].cp != cp) {
            i++;
        }
        if (i == N_HAN_FIGURES) {
            break;
        }
        int64_t v = han_figures[i].value;
        if (han_figures[i].is_digit) {
            if (digit > 0) {
                return false; /* 九五: not a figure in words */
            }
            digit = v;
        } else if (han_figures[i].closes) {
            total = (total + group + (digit > 0 ? digit : any ? 0 : 1)) * v;
            group = 0;
            digit = -1;
            last_scale = INT64_MAX;
        } else {
            if (v >= last_scale) {
                return false;
            }
            group += (digit > 0 ? digit : 1) * v;
            digit = -1;
            last_scale = v;
        }
        any = true;
        if (total + group > HAN_MAX) {
            return false;
        }
        *at += n;
    }
    *out = total + group + (digit > 0 ? digit : 0);
    return any;
}

/* A figure in words or ASCII digits, also 九十五点五. */
static bool han_number(struct lexer *l, uint32_t *at, uint32_t end, struct rat *out)
{
    struct digits d = {0};
    uint32_t next = take_digits(l, *at, UINT32_MAX, &d);
    int64_t whole = 0;
    if (d.n > 0) {
        if (d.n_seen > 12 || !rat_parse_decimal(l->a, str_make(d.p, d.n), out)) {
            return false;
        }
        *at = next;
        return true;
    }
    if (!han_int(l, at, end, &whole)) {
        return false;
    }
    *out = rat_int(whole);
    uint32_t point = *at;
    if (!char_is(l, &point, HAN_POINT)) {
        return true;
    }
    int64_t scale = 1;
    int64_t part = 0;
    while (point < end && scale < HAN_MAX) {
        uint32_t cp = 0;
        uint32_t n = lex_peek(l, point, &cp);
        size_t i = 0;
        while (i < N_HAN_FIGURES && (han_figures[i].cp != cp || !han_figures[i].is_digit)) {
            i++;
        }
        if (i == N_HAN_FIGURES) {
            break;
        }
        part = part * 10 + han_figures[i].value;
        scale *= 10;
        point += n;
    }
    *out = rat_add(l->a, *out, rat_frac(part, scale));
    *at = point;
    return scale > 1;
}

/* Reads 三分之二 at *at. denominator zero is reported by the caller. */
static bool fraction(struct lexer *l, uint32_t *at, uint32_t end, struct rat *top,
                     struct rat *bottom)
{
    if (!han_number(l, at, end, bottom)) {
        return false;
    }
    struct str between = str_sub(l->text, *at, end);
    if (!str_starts(between, STR("分之"))) {
        return false;
    }
    *at += STR("分之").n;
    return han_number(l, at, end, top);
}

static void emit_fraction(struct lexer *l, uint32_t beg, uint32_t end, struct rat top,
                          struct rat bottom)
{
    struct str text = lex_text(l, beg, end);
    struct token *t = lex_emit(l, TOK_NUMBER, beg, end);
    if (!t) {
        return;
    }
    t->text = text;
    if (rat_is_zero(bottom)) {
        struct diag *d = diag_add(l->ds, DIAG_zero_fraction, t->at);
        diag_arg(l->ds, d, "text", t->text);
    } else {
        t->number = rat_div(l->a, top, bottom);
    }
}

/* One walk over fractions and tail words; emits only when the whole run is made of them. */
static bool fraction_walk(struct lexer *l, uint32_t end, bool emit)
{
    uint32_t at = l->at;
    while (at < end) {
        struct rat top;
        struct rat bottom;
        uint32_t beg = at;
        if (!fraction(l, &at, end, &top, &bottom)) {
            return false;
        }
        if (emit) {
            emit_fraction(l, beg, at, top, bottom);
        }
        const struct kw_row *row = tail_word(str_sub(l->text, at, end), false);
        if (!row && at < end) {
            return false;
        }
        if (row) {
            if (emit) {
                (void)lex_emit(l, row->kind, at, at + row->spelling.n);
            }
            at += row->spelling.n;
        }
    }
    return true;
}

bool lex_fraction(struct lexer *l, uint32_t end)
{
    if (str_find(str_sub(l->text, l->at, end), STR("分之"), 0) == STR_NONE ||
        !fraction_walk(l, end, false)) {
        return false;
    }
    return fraction_walk(l, end, true);
}
