/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of a document with what is said of them, sentence by sentence. */
#include "draft/stated.h"

#include "base/arena.h"
#include "draft/outline.h"
#include "draft/token.h"

struct finder {
    struct arena *a;
    const struct outline *o;
    const struct vocabulary *w;
    int32_t this_year;
    stated_list *out;
    struct str column_heads; /* the row above, of a table */
    int32_t year;            /* said last in the paragraph */
};

/* ---- one figure ----------------------------------------------------------------------------- */

static enum stated_relation relation_of(enum word_value v)
{
    switch ((int)v) {
    case VALUE_AT_LEAST:
    case VALUE_ABOVE:
        return STATED_AT_LEAST;
    case VALUE_AT_MOST:
    case VALUE_BELOW:
        return STATED_AT_MOST;
    case VALUE_ABOUT:
        return STATED_ABOUT;
    default:
        return STATED_EQUALS;
    }
}

/* The decimals of the digits as the plan language writes them. */
static uint32_t decimals(struct str low)
{
    uint32_t point = str_find(low, STR("."), 0);
    uint32_t n = 0;
    for (uint32_t i = point;
         point != STR_NONE && ++i < low.n && low.p[i] >= '0' && low.p[i] <= '9';) {
        n++;
    }
    return n;
}

/* The number that is written without its scale: 20 of 20万. */
static struct rat unscaled(struct arena *a, struct str low)
{
    struct rat x = rat_zero();
    uint32_t n = 0;
    while (n < low.n && ((low.p[n] >= '0' && low.p[n] <= '9') || low.p[n] == '.')) {
        n++;
    }
    return rat_parse_decimal(a, str_sub(low, 0, n), &x) ? x : rat_zero();
}

static struct rat step_of(struct arena *a, const struct amount *x)
{
    struct rat digits = unscaled(a, x->low);
    struct rat step = rat_one();
    for (uint32_t i = decimals(x->low); i > 0; i--) {
        step = rat_div(a, step, rat_int(10));
    }
    bool scaled = !x->doubtful && rat_sign(digits) != 0 && !rat_eq(digits, x->value);
    return scaled ? rat_mul(a, step, rat_div(a, x->value, digits)) : step;
}

/* The year that the last 今年, 去年, 上年 or 前年 of a text means; 0: there is none. */
static int32_t relative_year(const struct finder *f, struct str s)
{
    static const struct {
        struct str word;
        int32_t back;
    } words[] = {{STR_INIT("今年"), 0},
                 {STR_INIT("本年"), 0},
                 {STR_INIT("去年"), 1},
                 {STR_INIT("上年"), 1},
                 {STR_INIT("前年"), 2}};
    uint32_t last = 0;
    int32_t year = 0;
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        for (uint32_t k = str_find(s, words[i].word, 0); k != STR_NONE;
             k = str_find(s, words[i].word, k + 1)) {
            if (k >= last) {
                last = k;
                year = f->this_year - words[i].back;
            }
        }
    }
    return year;
}

/* ---- sentences ------------------------------------------------------------------------------ */

#define AROUND_BYTES 300 /* of a phrase, on either side of a figure; of the sentence before it */
#define CELLS_MAX    200 /* cells of a row whose column is looked for */

struct sentence {
    struct tokens t;
    uint32_t base;                 /* where it begins in the text */
    uint32_t i;                    /* the token being read */
    uint32_t phrase, phrase_end;   /* where its phrase stands */
    uint32_t nouns;                /* of the phrase */
    enum stated_relation relation; /* said by the word before */
    bool change;
};

/* Bytes [beg, end) but for what a code point cut at an end leaves. */
static struct str whole_points(struct str s, uint32_t beg, uint32_t end)
{
    while (beg < end && ((unsigned char)s.p[beg] & 0xc0U) == 0x80U) {
        beg++;
    }
    while (end < s.n && end > beg && ((unsigned char)s.p[end] & 0xc0U) == 0x80U) {
        end--;
    }
    return str_sub(s, beg, end);
}

static uint32_t back(uint32_t at, uint32_t to)
{
    return at - to > AROUND_BYTES ? at - AROUND_BYTES : to;
}

/* What a text says beyond words of time and comparison. */
static uint32_t said(struct str s)
{
    static const struct str empty[] = {STR_INIT("今年"), STR_INIT("本年"), STR_INIT("去年"),
                                       STR_INIT("上年"), STR_INIT("前年"), STR_INIT("同比"),
                                       STR_INIT("分别"), STR_INIT("合计"), STR_INIT("比"),
                                       STR_INIT("较"),   STR_INIT("共")};
    uint32_t n = s.n;
    for (uint32_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        n -= str_find(s, empty[i], 0) != STR_NONE && n >= empty[i].n ? empty[i].n : 0;
    }
    return n > STR("比").n ? n : 0;
}

/* The phrase that begins with token i: up to the next stop, and what of it says something. */
static void begin_phrase(struct sentence *s, uint32_t i)
{
    const struct token *items = s->t.items.items;
    s->phrase = items[i].beg;
    s->nouns = 0;
    s->relation = STATED_EQUALS;
    s->change = false;
    for (; items[i].kind != TOKEN_STOP && items[i].kind != TOKEN_END; i++) {
        struct str text = str_sub(s->t.text, items[i].beg, items[i].end);
        s->nouns += items[i].kind == TOKEN_TEXT ? said(text) : 0;
    }
    s->phrase_end = items[i].beg;
}

static bool is_stated(const struct amount *x)
{
    return !x->one && !x->ratio && x->kind != VALUE_TIME;
}

static void add_figure(struct finder *f, struct sentence *s)
{
    const struct amount *x = &s->t.amounts.items[s->t.items.items[s->i].ix];
    if (!is_stated(x)) {
        return;
    }
    struct str t = s->t.text;
    uint32_t from = back(x->beg, s->phrase);
    uint32_t to = s->phrase_end - x->end > AROUND_BYTES ? x->end + AROUND_BYTES : s->phrase_end;
    enum stated_relation post = relation_of(x->post);
    struct stated out = {.beg = s->base + x->beg,
                         .end = s->base + x->end,
                         .value = x->value,
                         .most = x->most,
                         .step = step_of(f->a, x),
                         .unit = x->unit,
                         .range = x->range,
                         .chinese = x->chinese,
                         .doubtful = x->doubtful,
                         .relation = post != STATED_EQUALS ? post : s->relation,
                         .year = f->year,
                         .change = s->change,
                         .noun_bytes = s->nouns,
                         .phrase = whole_points(t, from, to),
                         .before = whole_points(t, back(s->phrase, 0), s->phrase)};
    out.doubtful = out.doubtful || outline_doubt_in(f->o, out.beg, out.end) != NULL;
    vec_push(f->a, f->out, out);
}

static void read_word(struct finder *f, struct sentence *s, const struct token *t)
{
    enum word_value cmp = words_value(f->w, t->word, WORD_CMP);
    s->relation = cmp != VALUE_NONE ? relation_of(cmp) : s->relation;
    s->change = s->change || words_value(f->w, t->word, WORD_GROW) != VALUE_NONE;
}

static void read_sentence(struct finder *f, uint32_t base, struct str text)
{
    struct sentence s = {.base = base};
    tokens_make(f->a, f->w, text, NULL, 0, &s.t);
    begin_phrase(&s, 0);
    for (; s.i < s.t.items.n; s.i++) {
        const struct token *t = &s.t.items.items[s.i];
        int32_t year = t->kind == TOKEN_TEXT ? relative_year(f, str_sub(text, t->beg, t->end)) : 0;
        f->year = year != 0 ? year : f->year;
        if (t->kind == TOKEN_WHEN && s.t.whens.items[t->ix].to > 0) {
            f->year = s.t.whens.items[t->ix].to;
        } else if (t->kind == TOKEN_WORD) {
            read_word(f, &s, t);
        } else if (t->kind == TOKEN_AMOUNT) {
            add_figure(f, &s);
            s.relation = STATED_EQUALS;
        } else if (t->kind == TOKEN_ASIDE && t->end - t->beg > 2) {
            read_sentence(f, base + t->beg + 1, str_sub(text, t->beg + 1, t->end - 1));
        } else if (t->kind == TOKEN_STOP) {
            begin_phrase(&s, s.i + 1);
        }
    }
}

/* ---- paragraphs ----------------------------------------------------------------------------- */

static struct str cell(struct str row, uint32_t number)
{
    struct str rest = row;
    struct str out = STR("");
    for (uint32_t i = 0; i <= number; i++) {
        if (!str_split(&rest, '\t', &out)) {
            return STR("");
        }
    }
    return out;
}

static bool has_digit(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9') {
            return true;
        }
    }
    return false;
}

/* Cells of a row; a row without figures in its second cell is the head of those below. */
static void read_row(struct finder *f, uint32_t base, struct str row)
{
    struct str rest = row;
    struct str text;
    if (!has_digit(cell(row, 1)) || f->column_heads.n == 0) {
        f->column_heads = row;
        return;
    }
    for (uint32_t number = 0; str_split(&rest, '\t', &text); number++) {
        uint32_t first = f->out->n;
        read_sentence(f, base + (uint32_t)(text.p - row.p), text);
        for (uint32_t i = first; i < f->out->n; i++) {
            f->out->items[i].row = cell(row, 0);
            f->out->items[i].column = number < CELLS_MAX ? cell(f->column_heads, number) : STR("");
        }
        if (number == 0) {
            f->out->n = first; /* a label */
        }
    }
}

static void read_paragraph(struct finder *f, const struct outline_paragraph *p)
{
    static const struct str ends[] = {STR_INIT("。"), STR_INIT(";"), STR_INIT("!"), STR_INIT("?")};
    struct str text = str_sub(f->o->text, p->beg, p->end);
    f->year = 0;
    if (p->row) {
        read_row(f, p->beg, text);
        return;
    }
    f->column_heads = STR("");
    for (uint32_t at = 0; at < text.n;) {
        uint32_t end = text.n;
        for (uint32_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            uint32_t found = str_find(text, ends[i], at);
            end = found < end ? found + ends[i].n : end;
        }
        read_sentence(f, p->beg + at, str_sub(text, at, end));
        at = end;
    }
}

/* What is in doubt and no figure for the grammar is one for the reader. */
static void add_doubts(struct finder *f)
{
    const struct outline *o = f->o;
    bool *known = ARENA_ARRAY(f->a, bool, (size_t)o->doubts.n + 2);
    for (uint32_t i = 0; i < f->out->n; i++) {
        for (uint32_t at = f->out->items[i].beg; at < f->out->items[i].end; at++) {
            known[o->doubt_at[at]] = true;
        }
    }
    for (uint32_t i = 0; i < o->doubts.n; i++) {
        if (!known[i + 1]) { /* doubt_at counts from 1 */
            vec_push(f->a, f->out,
                     (struct stated){.beg = o->doubts.items[i].beg,
                                     .end = o->doubts.items[i].end,
                                     .value = rat_zero(),
                                     .most = rat_zero(),
                                     .step = rat_one(),
                                     .doubtful = true});
        }
    }
}

void stated_find(struct arena *a, const struct outline *o, const struct vocabulary *w,
                 int32_t this_year, stated_list *out)
{
    struct finder f = {.a = a, .o = o, .w = w, .this_year = this_year, .out = out};
    f.column_heads = STR("");
    for (uint32_t i = 0; i < o->paragraphs.n; i++) {
        read_paragraph(&f, &o->paragraphs.items[i]);
    }
    add_doubts(&f);
}
