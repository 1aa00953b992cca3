/* SPDX-License-Identifier: Apache-2.0 */
/* How a figure is compared: the words before it, behind it, or both. */
#include "draft/grammar_int.h"

/* Adverbs: they may stand before the verb of their figure. */
static bool adverb(struct str s)
{
    static const struct str list[] = {STR_INIT("至少"), STR_INIT("最少"), STR_INIT("最低"),
                                      STR_INIT("起码"), STR_INIT("至多"), STR_INIT("最多"),
                                      STR_INIT("最高")};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (str_eq(s, list[i])) {
            return true;
        }
    }
    return false;
}

/* Nothing between a comparison and its figure: 达到|每生每年|7000元. */
static bool transparent(const struct reader *r, uint32_t i)
{
    bool of_year = str_eq(token_text(r, i), STR("的")) && token_at(r, i - 1)->kind == TOKEN_WHEN;
    return of_year || r->now->used[i] || token_value(r, i, WORD_CMP) ||
           token_value(r, i, WORD_EVERY) || token_value(r, i, WORD_MODAL) ||
           token_value(r, i, WORD_SPAN) || token_at(r, i)->kind == TOKEN_WHEN;
}

static bool next_to(const struct reader *r, uint32_t k, uint32_t i)
{
    for (uint32_t m = k + 1; m < i; m++) {
        if (!transparent(r, m)) {
            return false;
        }
    }
    return true;
}

/* What two comparisons say together, the inner one first. */
static enum word_value joined(enum word_value inner, enum word_value outer)
{
    if (inner == VALUE_NONE || inner == VALUE_REACH) {
        return outer;
    }
    return outer == VALUE_REACH || outer == VALUE_HOLD || outer == VALUE_EQUALS ||
                   outer == VALUE_NONE
               ? inner
               : outer;
}

static bool share_of(const struct reader *r, uint32_t k, uint32_t i)
{
    const struct amount *x = token_amount(r, i);
    bool fraction = x->kind == VALUE_NONE && x->chinese;
    bool share = x->kind == VALUE_SHARE || str_eq(x->unit, STR("倍"));
    return (share && str_ends(token_text(r, i - 1), STR("的")) && i - k > 1) ||
           (fraction && i - k > 1);
}

struct compare find_compare(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    struct compare c = {.beg = i};
    enum word_value before = VALUE_NONE;
    for (uint32_t k = i; k-- > n->left;) {
        const struct token *t = token_at(r, k);
        enum word_value v = token_value(r, k, WORD_CMP);
        bool here = v && (next_to(r, k, i) || adverb(token_text(r, k)));
        if (t->kind == TOKEN_AMOUNT || (t->kind == TOKEN_STOP && c.beg == i && !here)) {
            break;
        }
        if (v && !here && c.beg == i && v != VALUE_EQUALS && share_of(r, k, i)) {
            c.base = gather(r, k + 1, i, STRIP_NOTHING);
            here = c.base.n > 0;
        }
        if (here) {
            c.mixed |= before != VALUE_NONE && v != before && v != VALUE_REACH &&
                       before != VALUE_REACH && v != VALUE_HOLD;
            before = joined(before, v);
            c.hold |= v == VALUE_HOLD;
            c.loose |= !next_to(r, k, i) && c.base.n == 0;
            c.beg = k;
            n->used[k] = true;
        }
    }
    const struct amount *x = token_amount(r, i);
    bool strict_post = before == VALUE_ABOVE && x->post == VALUE_AT_LEAST;
    c.cmp = strict_post ? VALUE_ABOVE : joined(x->post, before);
    c.mixed |= strict_post || (before == VALUE_AT_MOST && x->post == VALUE_AT_LEAST);
    return c;
}

void note_compare(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i)
{
    const struct amount *x = token_amount(r, i);
    struct str words = str_sub(r->now->t.text, token_at(r, c->beg)->beg, x->end);
    f->cmp = c->cmp;
    f->hold = c->hold;
    note(r, f, c->cmp == VALUE_NONE ? WHY_BARE : WHY_COMPARISON, words);
    if (c->mixed) {
        note(r, f, WHY_MIXED, words);
    }
    if (c->loose) {
        note(r, f, WHY_LOOSE, token_text(r, c->beg));
    }
    if (c->cmp == VALUE_HOLD) {
        f->cmp = VALUE_AT_LEAST;
        note(r, f, WHY_HELD, token_text(r, c->beg));
    }
}
