/* SPDX-License-Identifier: Apache-2.0 */
/* Figures that are no commitments: terms, ages, grades, sizes, what is already so. */
#include "draft/grammar_int.h"

bool text_before(const struct reader *r, uint32_t i, struct str what)
{
    return i > 0 && str_ends(token_text(r, i - 1), what);
}

static bool followed_by_term(const struct reader *r, uint32_t i)
{
    uint32_t end = token_amount(r, i)->end;
    return words_match_class(r->w, r->now->t.text, end, WORD_TERM) != WORD_NONE;
}

/* 用3年时间, 三年内: the years from the one spoken of, or of the plan. */
static bool spans_years(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    const struct amount *x = token_amount(r, i);
    int64_t years = 0;
    bool total = token_value(r, i + 1, WORD_VERB) || token_value(r, i + 1, WORD_SPAN) ||
                 str_starts(token_text(r, i + 1), STR("共"));
    bool used = total || text_before(r, i, STR("用")) || text_before(r, i, STR("通过")) ||
                str_starts(token_text(r, i + 1), STR("内"));
    if (!used || text_before(r, i, STR("每")) || !str_eq(x->unit, STR("年")) || x->range ||
        !rat_to_int64(x->value, &years) || years < 2 || years > 10) {
        return false;
    }
    int32_t from = n->when.kind != WHEN_NONE && n->when.from > 0 ? n->when.from : r->from;
    n->when = (struct when){.kind = WHEN_SPAN, .from = from, .to = from + (int32_t)years - 1};
    n->n_list = 0;
    n->every = VALUE_NONE;
    n->used[i + 1] |= str_eq(token_text(r, i + 1), STR("内"));
    n->span = total ? VALUE_CUMULATIVE : n->span; /* 三年引进150名 */
    return true;
}

/* In words a count needs its verb before it: 完成三轮, 遴选“甲”“乙”两类; or ends its phrase. */
static bool verb_before(const struct reader *r, uint32_t i)
{
    uint32_t k = i;
    bool named = false;
    while (k > r->now->left + 1 && (token_at(r, k - 1)->kind == TOKEN_NAME ||
                                    (k == i && token_at(r, k - 1)->kind == TOKEN_TEXT))) {
        named |= token_at(r, k - 1)->kind == TOKEN_NAME;
        k--;
    }
    bool last = token_at(r, i + 1)->kind == TOKEN_STOP || token_at(r, i + 1)->kind == TOKEN_END;
    return (k > r->now->left && token_value(r, k - 1, WORD_VERB) && (named || k == i)) ||
           (last && r->now->verb != NO_TOKEN); /* 撤并教学点八个 */
}

/* 消除56人以上大班额, 撤并50人以下教学点: the figure tells which ones. */
static bool size_of_thing(const struct reader *r, uint32_t i, const struct compare *c)
{
    const struct amount *x = token_amount(r, i);
    uint32_t verb = r->now->verb;
    bool sized = str_eq(x->unit, STR("人")) && x->post != VALUE_NONE && c->beg == i;
    enum token_kind next = token_at(r, i + 1)->kind;
    bool noun = next == TOKEN_TEXT || next == TOKEN_WORD || next == TOKEN_NAME;
    bool removes = verb != NO_TOKEN && token_value(r, verb, WORD_VERB) == VALUE_REMOVE;
    return sized && noun && (removes || x->post == VALUE_AT_MOST);
}

/* 15分钟优质教育圈, 24小时监测. */
static bool length_of_thing(const struct reader *r, uint32_t i, const struct compare *c)
{
    const struct amount *x = token_amount(r, i);
    bool hours = str_eq(x->unit, STR("分钟")) || str_eq(x->unit, STR("小时"));
    enum token_kind next = token_at(r, i + 1)->kind;
    return hours && c->beg == i && x->post == VALUE_NONE && next != TOKEN_STOP && next != TOKEN_END;
}

enum why why_not(struct reader *r, uint32_t i, const struct compare *c)
{
    struct reader_now *n = r->now;
    const struct amount *x = token_amount(r, i);
    int64_t years = 0;
    if (n->fact || n->past) {
        return WHY_NOT_FACT;
    }
    if (n->rule) {
        return WHY_NOT_ACTION;
    }
    if (x->kind == VALUE_TIME) {
        if (i > 0 && token_value(r, i - 1, WORD_EACH)) {
            n->some_years = str_sub(n->t.text, token_at(r, i - 1)->beg, x->end);
        }
        if (text_before(r, i, STR("连续")) && rat_to_int64(x->value, &years) && years < 100) {
            n->years = (uint32_t)years;
        }
        bool term = spans_years(r, i) || followed_by_term(r, i) || c->beg == i ||
                    str_eq(x->unit, STR("级")) || str_eq(x->unit, STR("号")) ||
                    str_eq(x->unit, STR("岁")) || str_eq(x->unit, STR("周岁"));
        return term ? WHY_NOT_TERM : WHY__COUNT;
    }
    if ((x->chinese && x->post == VALUE_AT_LEAST && str_eq(x->unit, STR("类"))) ||
        size_of_thing(r, i, c) || length_of_thing(r, i, c) || text_before(r, i, STR("前")) ||
        text_before(r, i, STR("后"))) {
        return WHY_NOT_GRADE;
    }
    if (x->kind == VALUE_NONE && c->beg == i && !(x->chinese && x->post)) {
        return WHY_NOT_COUNT;
    }
    bool bare = c->beg == i && n->each.n == 0 && x->post == VALUE_NONE;
    if (bare && x->chinese && x->kind != VALUE_SHARE && (x->one || !verb_before(r, i))) {
        return WHY_NOT_ONE;
    }
    return WHY__COUNT;
}
