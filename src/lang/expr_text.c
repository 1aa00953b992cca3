/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions back to words. */
#include "lang/expr_text.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "lang/kw.h"

/* How tightly an operation binds; operands that bind less stand in parentheses. */
enum strength { S_NONE, S_OR, S_AND, S_NOT, S_CMP, S_ADD, S_MUL, S_NEG, S_LEAF };

struct writer {
    struct arena *a;
    const struct plan *p;
    struct buf out;
    bool chinese;
    const struct uom_table *uom;
    struct str prefix; /* what is summed bears the name of its kind; empty: bare names */
};

static void write(struct writer *w, uint32_t e, enum strength at_least);

static void word(struct writer *w, enum tok kw)
{
    buf_str(&w->out, kw_text(kw, w->chinese));
}

static void spaced(struct writer *w, enum tok kw)
{
    buf_putc(&w->out, ' ');
    word(w, kw);
    buf_putc(&w->out, ' ');
}

/* ---- amounts -------------------------------------------------------------------------------- */

/* 200000 as 20万 where nothing is lost. */
static void number(struct buf *out, struct arena *a, struct rat x, bool chinese)
{
    static const struct {
        int64_t scale;
        const char *word;
    } scales[] = {{100000000, "亿"}, {10000, "万"}};
    for (uint32_t i = 0; chinese && i < 2; i++) {
        struct rat part = rat_div(a, x, rat_int(scales[i].scale));
        if (rat_is_int(part) && !rat_is_zero(part)) {
            buf_str(out, rat_frac_str(a, part));
            buf_puts(out, scales[i].word);
            return;
        }
    }
    bool exact = false;
    struct str s = rat_dec_str(a, x, 12, &exact);
    buf_str(out, exact ? s : rat_frac_str(a, x));
}

static void amount(struct buf *out, struct arena *a, const struct uom_table *u, struct rat x,
                   struct dim dim, bool chinese)
{
    if (rat_is_inf(x)) {
        buf_puts(out, rat_sign(x) > 0 ? "∞" : "-∞");
        return;
    }
    bool part = dim_is_none(dim) && !rat_is_zero(x) && rat_cmp(rat_abs(a, x), rat_one()) <= 0;
    if (part) {
        number(out, a, rat_mul(a, x, rat_int(100)), false);
        buf_putc(out, '%');
        return;
    }
    number(out, a, x, chinese);
    struct str unit = dim_text(a, u, dim_settle(dim), chinese ? UOM_ZH : UOM_EN);
    if (unit.n > 0 && !chinese) {
        buf_putc(out, ' ');
    }
    buf_str(out, unit);
}

struct str amount_text(const struct speech *s, struct rat x, struct dim dim)
{
    struct buf b;
    buf_init_in(&b, s->a, LIMIT_STR_BYTES);
    if (!s->chinese && !dim_is_none(dim_settle(dim)) && !rat_is_inf(x)) {
        number(&b, s->a, x, false);
        return dim_amount_en(s->a, &s->p->uom, buf_view(&b), dim_settle(dim));
    }
    amount(&b, s->a, &s->p->uom, x, dim, s->chinese);
    return buf_view(&b);
}

/* ---- leaves --------------------------------------------------------------------------------- */

static const struct datum *datum_of(const struct plan *p, const struct expr *x)
{
    return x->op == EX_ITEM    ? &p->items[x->ref].d
           : x->op == EX_ATTR  ? &p->attributes[x->ref].d
           : x->op == EX_FIELD ? &p->fields[x->ref].d
                               : NULL;
}

static void leaf(struct writer *w, const struct expr *x)
{
    const struct datum *d = datum_of(w->p, x);
    if (d) {
        if (w->prefix.n > 0) {
            buf_str(&w->out, w->prefix);
            buf_putc(&w->out, '.');
        }
        buf_str(&w->out, d->name);
        return;
    }
    struct str name = STR("");
    if (x->op == EX_TITLE) {
        name = w->p->titles[x->ref].name;
    } else if (x->op == EX_LIST) {
        name = w->p->lists[x->ref].name;
    } else if (x->op == EX_INDICATOR) {
        name = w->p->commitments[x->ref].id;
    } else if (x->op == EX_BOOL) {
        name = kw_text(x->flag ? KW_YES : KW_NO, w->chinese);
    }
    buf_str(&w->out, name);
}

/* field 属于 ("甲","乙") */
static void choice(struct writer *w, const struct expr *x)
{
    const struct datum *d = datum_of(w->p, &w->p->exprs[x->a]);
    write(w, x->a, S_CMP);
    spaced(w, KW_IN);
    buf_putc(&w->out, '(');
    bool first = true;
    for (uint32_t i = 0; d && i < d->n_choices; i++) {
        if ((x->choices >> i & 1) != 0) {
            buf_puts(&w->out, first ? "\"" : ",\"");
            buf_str(&w->out, d->choices[i]);
            buf_putc(&w->out, '"');
            first = false;
        }
    }
    buf_putc(&w->out, ')');
}

/* ---- aggregates ----------------------------------------------------------------------------- */

static struct str over_name(const struct plan *p, enum over over, uint32_t ref)
{
    switch (over) {
    case OVER_KIND:
        return p->kinds[ref].name;
    case OVER_TITLE:
        return p->titles[ref].name;
    case OVER_LIST:
        return p->lists[ref].name;
    case OVER_REGISTER:
        return p->regs[ref].name;
    case OVER_RELATION:
        return p->relations[ref].name;
    }
    return STR("");
}

static const enum tok agg_words[] = {
    [AGG_SUM] = KW_SUM,      [AGG_COUNT] = KW_COUNT, [AGG_DISTINCT] = KW_DISTINCT,
    [AGG_SHARE] = KW_SHARE,  [AGG_COVER] = KW_COVER, [AGG_MAX] = KW_MAX,
    [AGG_MIN] = KW_MIN,      [AGG_MEAN] = KW_MEAN,   [AGG_CV] = KW_VARIATION,
    [AGG_DAYS] = KW_DAYS_OF,
};

static void condition(struct writer *w, enum tok kw, uint32_t e)
{
    if (e != NONE) {
        spaced(w, kw);
        write(w, e, S_NONE);
    }
}

static void aggregate(struct writer *w, const struct expr *x)
{
    struct str over = over_name(w->p, x->over, x->over_ref);
    struct str outer = w->prefix;
    word(w, agg_words[x->agg]);
    buf_putc(&w->out, '(');
    w->prefix = over;
    if (x->a == NONE) {
        buf_str(&w->out, over);
    } else {
        write(w, x->a, S_NONE);
    }
    if (x->agg == AGG_CV) {
        condition(w, KW_WEIGHT, x->c);
    }
    w->prefix = STR("");
    /* 占比(K 其中 φ) keeps φ as what is to be satisfied. */
    bool plain_share = x->agg == AGG_SHARE && x->b == NONE;
    condition(w, KW_WHERE, plain_share ? x->c : x->b);
    if (x->agg == AGG_SHARE && !plain_share) {
        condition(w, KW_SATISFYING, x->c);
    }
    if (x->agg == AGG_COVER) {
        spaced(w, KW_VIA);
        buf_str(&w->out, w->p->relations[x->ref].name);
    }
    if (x->over == OVER_REGISTER && x->n > 1) {
        spaced(w, KW_WITHIN_LAST);
        buf_printf(&w->out, w->chinese ? "%u年" : "%u", x->n);
    }
    buf_putc(&w->out, ')');
    w->prefix = outer;
}

/* ---- operations ----------------------------------------------------------------------------- */

static void binary(struct writer *w, const struct expr *x);

static void number_of(struct writer *w, const struct expr *x)
{
    amount(&w->out, w->a, w->uom, x->num, x->dim, w->chinese);
}

static void negative(struct writer *w, const struct expr *x)
{
    buf_putc(&w->out, '-');
    write(w, x->a, S_NEG);
}

static void negation(struct writer *w, const struct expr *x)
{
    word(w, KW_NOT);
    buf_putc(&w->out, ' ');
    write(w, x->a, S_CMP);
}

static void shift(struct writer *w, const struct expr *x)
{
    static const enum tok words[EX__COUNT] = {
        [EX_SHIFT] = KW_PREVIOUS,
        [EX_BASELINE] = KW_BASELINE,
        [EX_WHOLE_YEAR] = KW_WHOLE_YEAR,
        [EX_YEAR_END] = KW_YEAR_END,
    };
    uint32_t times = x->op == EX_SHIFT ? x->n : 1;
    for (uint32_t i = 0; i < times; i++) {
        word(w, words[x->op]);
        buf_putc(&w->out, '(');
    }
    write(w, x->a, S_NONE);
    buf_fill(&w->out, ')', times);
}

static void tolerance(struct writer *w, const struct expr *x)
{
    if (!rat_is_zero(x->num)) {
        spaced(w, KW_TOLERANCE);
        amount(&w->out, w->a, w->uom, x->num, dim_none(), w->chinese);
    }
}

static void about(struct writer *w, const struct expr *x)
{
    write(w, x->a, S_ADD);
    spaced(w, KW_ABOUT);
    write(w, x->b, S_ADD);
    tolerance(w, x);
}

static void between(struct writer *w, const struct expr *x)
{
    write(w, x->a, S_ADD);
    spaced(w, KW_BETWEEN);
    write(w, x->b, S_ADD);
    spaced(w, KW_TO);
    write(w, x->c, S_ADD);
    tolerance(w, x);
}

static void rank(struct writer *w, const struct expr *x)
{
    word(w, KW_RANK);
    buf_putc(&w->out, '(');
    write(w, x->a, S_NONE);
    spaced(w, KW_AT);
    buf_str(&w->out, over_name(w->p, x->over, x->over_ref));
    if (x->flag) {
        spaced(w, KW_ASCENDING);
    }
    buf_putc(&w->out, ')');
}

static void conditional(struct writer *w, const struct expr *x)
{
    word(w, KW_IF);
    buf_putc(&w->out, ' ');
    write(w, x->a, S_NONE);
    spaced(w, KW_THEN);
    write(w, x->b, S_NONE);
    spaced(w, KW_ELSE);
    write(w, x->c, S_NONE);
}

static void degree(struct writer *w, const struct expr *x)
{
    word(w, KW_DEGREE);
    buf_putc(&w->out, '(');
    buf_str(&w->out, w->p->relations[x->ref].name);
    condition(w, KW_WHERE, x->b);
    buf_putc(&w->out, ')');
}

static void consecutive(struct writer *w, const struct expr *x)
{
    word(w, KW_CONSECUTIVE);
    buf_printf(&w->out, w->chinese ? " %u年 " : " %u ", x->n);
    write(w, x->a, S_NOT);
}

static void parent(struct writer *w, const struct expr *x)
{
    struct str outer = w->prefix;
    word(w, KW_PARENT_OF);
    buf_putc(&w->out, '(');
    w->prefix = w->p->kinds[x->ref].name;
    write(w, x->a, S_NONE);
    w->prefix = outer;
    buf_putc(&w->out, ')');
}

static const struct operation {
    enum strength strength;
    void (*write)(struct writer *w, const struct expr *x);
    enum tok word;    /* between two operands */
    const char *sign; /* instead of a word */
} operations[EX__COUNT] = {
    [EX_NUM] = {S_LEAF, number_of, 0, NULL},
    [EX_BOOL] = {S_LEAF, leaf, 0, NULL},
    [EX_CHOICE] = {S_LEAF, leaf, 0, NULL},
    [EX_ITEM] = {S_LEAF, leaf, 0, NULL},
    [EX_ATTR] = {S_LEAF, leaf, 0, NULL},
    [EX_FIELD] = {S_LEAF, leaf, 0, NULL},
    [EX_TITLE] = {S_LEAF, leaf, 0, NULL},
    [EX_LIST] = {S_LEAF, leaf, 0, NULL},
    [EX_INDICATOR] = {S_LEAF, leaf, 0, NULL},
    [EX_NEG] = {S_NEG, negative, 0, NULL},
    [EX_NOT] = {S_NOT, negation, 0, NULL},
    [EX_ADD] = {S_ADD, binary, 0, " + "},
    [EX_SUB] = {S_ADD, binary, 0, " - "},
    [EX_MUL] = {S_MUL, binary, 0, " * "},
    [EX_DIV] = {S_MUL, binary, 0, " / "},
    [EX_AND] = {S_AND, binary, KW_AND, NULL},
    [EX_OR] = {S_OR, binary, KW_OR, NULL},
    [EX_GE] = {S_CMP, binary, KW_AT_LEAST, NULL},
    [EX_LE] = {S_CMP, binary, KW_AT_MOST, NULL},
    [EX_GT] = {S_CMP, binary, KW_ABOVE, NULL},
    [EX_LT] = {S_CMP, binary, KW_BELOW, NULL},
    [EX_EQ] = {S_CMP, binary, KW_EQUALS, NULL},
    [EX_NE] = {S_CMP, binary, KW_NOT_EQUALS, NULL},
    [EX_ABOUT] = {S_CMP, about, 0, NULL},
    [EX_BETWEEN] = {S_CMP, between, 0, NULL},
    [EX_IN] = {S_CMP, choice, 0, NULL},
    [EX_IF] = {S_OR, conditional, 0, NULL},
    [EX_AGG] = {S_LEAF, aggregate, 0, NULL},
    [EX_RANK] = {S_LEAF, rank, 0, NULL},
    [EX_DEGREE] = {S_LEAF, degree, 0, NULL},
    [EX_SHIFT] = {S_LEAF, shift, 0, NULL},
    [EX_BASELINE] = {S_LEAF, shift, 0, NULL},
    [EX_CONSECUTIVE] = {S_NOT, consecutive, 0, NULL},
    [EX_WHOLE_YEAR] = {S_LEAF, shift, 0, NULL},
    [EX_YEAR_END] = {S_LEAF, shift, 0, NULL},
    [EX_PARENT] = {S_LEAF, parent, 0, NULL},
};

static void binary(struct writer *w, const struct expr *x)
{
    const struct operation *o = &operations[x->op];
    write(w, x->a, o->strength == S_CMP ? S_ADD : o->strength);
    if (o->sign) {
        buf_puts(&w->out, o->sign);
    } else {
        spaced(w, o->word);
    }
    write(w, x->b, o->strength + 1);
}

static void write(struct writer *w, uint32_t e, enum strength at_least)
{
    if (e == NONE) {
        return;
    }
    const struct expr *x = &w->p->exprs[e];
    bool open = operations[x->op].strength < at_least;
    if (open) {
        buf_putc(&w->out, '(');
    }
    operations[x->op].write(w, x);
    if (open) {
        buf_putc(&w->out, ')');
    }
}

struct str expr_text(const struct speech *s, uint32_t e)
{
    struct writer w = {
        .a = s->a, .p = s->p, .chinese = s->chinese, .uom = &s->p->uom, .prefix = STR("")};
    buf_init_in(&w.out, s->a, LIMIT_STR_BYTES);
    write(&w, e, S_NONE);
    return buf_view(&w.out);
}

uint32_t commitment_measure(const struct commitment *k)
{
    const struct definition *best = NULL;
    for (uint32_t i = 0; i < k->n_definitions; i++) {
        const struct definition *d = &k->definitions[i];
        if (!best || (d->adopted && (!best->adopted || d->since_year > best->since_year))) {
            best = d;
        }
    }
    return best ? best->measure : NONE;
}
