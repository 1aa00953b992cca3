/* SPDX-License-Identifier: Apache-2.0 */
/* A figure with what stands around it: whether it is a commitment, and which. */
#include "base/arena.h"
#include "base/utf8.h"
#include "draft/grammar_int.h"

#define SHORT_NOUN 4 /* characters; its verb is said with it */

/* ---- comparison ----------------------------------------------------------------------------- */

struct compare {
    enum word_value cmp; /* VALUE_NONE: a bare figure */
    uint32_t beg;        /* the token at which the comparison begins; the figure itself without */
    struct str base;     /* 不低于X的N%: X */
    bool hold, loose, mixed;
};

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

static struct compare find_compare(struct reader *r, uint32_t i)
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

static void note_compare(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i)
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

static bool text_before(const struct reader *r, uint32_t i, struct str what)
{
    return i > 0 && str_ends(token_text(r, i - 1), what);
}

/* ---- subjects ------------------------------------------------------------------------------- */

/* 的目标, 的要求: the figure is said to be one, and nothing else. */
static bool only_says(struct str s)
{
    static const struct str list[] = {STR_INIT("目标"),     STR_INIT("要求"),     STR_INIT("水平"),
                                      STR_INIT("规定"),     STR_INIT("标准"),     STR_INIT("任务"),
                                      STR_INIT("比例"),     STR_INIT("较高水平"), STR_INIT("以上"),
                                      STR_INIT("工作目标"), STR_INIT("预期目标")};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (str_eq(s, list[i])) {
            return true;
        }
    }
    return s.n == 0;
}

/* 体育必修课的规定: 体育必修课. */
static struct str without_saying(struct str s)
{
    static const struct str list[] = {STR_INIT("的目标"), STR_INIT("的要求"), STR_INIT("的规定"),
                                      STR_INIT("的任务"), STR_INIT("要求")};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        if (str_ends(s, list[i])) {
            return str_sub(s, 0, s.n - list[i].n);
        }
    }
    return s;
}

static struct str before_last(struct str s, struct str mark)
{
    uint32_t last = STR_NONE;
    for (uint32_t at = str_find(s, mark, 0); at != STR_NONE; at = str_find(s, mark, at + 1)) {
        last = at;
    }
    return last == STR_NONE || last == 0 ? s : str_sub(s, 0, last);
}

static struct str right_text(const struct reader *r, uint32_t i)
{
    static const struct str breaks[] = {STR_INIT("并"), STR_INIT("且"), STR_INIT("以"),
                                        STR_INIT("进行")};
    struct str first = token_text(r, i + 1);
    for (size_t k = 0; k < sizeof breaks / sizeof breaks[0]; k++) {
        if (str_starts(first, breaks[k])) {
            return STR("");
        }
    }
    uint32_t end = right_end(r, i);
    if (end == i + 2 && token_at(r, i + 1)->kind == TOKEN_ASIDE) {
        return STR("");
    }
    struct str text = without_saying(gather(r, i + 1, end, STRIP_NOTHING));
    if (i > 0 && str_eq(token_text(r, i - 1), STR("以"))) {
        text = before_last(text, STR("为")); /* 以100所试点学校为突破口 */
    }
    struct str to = STR("用于");
    text = str_starts(text, to) ? str_sub(text, to.n, text.n) : text;
    return only_says(text) ? STR("") : text;
}

static void inherit(struct reader *r, struct drafted *f)
{
    struct reader_now *n = r->now;
    struct str topic = n->topic;
    uint32_t last = n->last;
    if (last != DRAFTED_NONE && r->found.items[last].of != DRAFTED_NONE) {
        last = r->found.items[last].of; /* behind 其中 the whole is spoken of again */
    }
    while (last != DRAFTED_NONE && last > 0 && r->found.items[last].subject.n == 0 &&
           r->found.items[last - 1].sentence == n->sentence) {
        last--;
    }
    if (last != DRAFTED_NONE && r->found.items[last].subject.n > 0) {
        topic = r->found.items[last].subject;
    }
    if (topic.n > 0) {
        f->subject = topic;
        note(r, f, WHY_INHERITED, topic);
    }
}

/* 占比达到20%: of what was spoken of last. */
static void complete_general(struct reader *r, struct drafted *f)
{
    static const struct str general[] = {STR_INIT("占比"), STR_INIT("比例"), STR_INIT("总数"),
                                         STR_INIT("总量"), STR_INIT("数量"), STR_INIT("规模")};
    for (size_t i = 0; i < sizeof general / sizeof general[0]; i++) {
        if (str_eq(f->subject, general[i])) {
            f->subject = STR("");
            inherit(r, f);
            f->subject = str_cat(r->a, f->subject, general[i]);
        }
    }
}

/* 盟市级达到30%: the noun of the rate before, with another modifier. */
static void complete_modifier(struct reader *r, struct drafted *f)
{
    struct reader_now *n = r->now;
    struct str level = STR("级");
    if (!str_ends(f->subject, level) || n->last == DRAFTED_NONE || utf8_count(f->subject) > 5) {
        return;
    }
    struct str head = r->found.items[n->last].subject;
    uint32_t cut = head.n;
    if (str_ends(head, level)) {
        cut = str_find(head, STR("率"), 0);
        cut = cut == STR_NONE ? 0 : cut + STR("率").n;
    }
    if (cut > 0) {
        f->subject = str_cat(r->a, str_sub(head, 0, cut), f->subject);
        note(r, f, WHY_HEAD, f->subject);
    }
}

/* 占县总数的60%: what stands behind 占, which then is no part of the subject. */
static struct str base_of(struct str *left)
{
    struct str mark = STR("占");
    uint32_t last = STR_NONE;
    for (uint32_t at = str_find(*left, mark, 0); at != STR_NONE;
         at = str_find(*left, mark, at + 1)) {
        last = at;
    }
    if (last == STR_NONE || last + mark.n >= left->n) {
        return STR("");
    }
    struct str base = trimmed(str_sub(*left, last + mark.n, left->n));
    *left = trimmed(str_sub(*left, 0, last));
    return base;
}

/* Whether what follows the figure is part of its subject. */
static bool name_share(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i)
{
    bool takes_right = false;
    uint32_t end = c->loose ? i : c->beg; /* 至少|覆盖|80%: the verb stands between */
    struct str left = gather(r, r->now->left, end, STRIP_LEADS);
    struct str noun = gather(r, r->now->left, end, STRIP_VERBS);
    bool of_right = str_starts(token_text(r, i + 1), STR("的"));
    struct str right = right_text(r, i);
    f->base = c->base.n > 0 || !text_before(r, i, STR("的")) ? c->base : base_of(&left);
    if (f->base.n > 0 && c->base.n == 0) {
        f->subject = left;
        note(r, f, WHY_BASE, f->base);
    } else if (c->base.n > 0) {
        f->subject = left;
        note(r, f, WHY_BASE, c->base);
    } else if (right.n > 0 && (of_right || noun.n == 0)) {
        f->subject = str_cat(r->a, left, right);
        f->share = takes_right = true;
    } else if (noun.n > 0 && right.n > 0 && c->beg == i) {
        f->subject = str_cat(r->a, noun, right);
        takes_right = true;
    } else {
        f->subject = noun.n > 0 ? left : STR("");
    }
    if (f->subject.n > 0) {
        note(r, f, WHY_SUBJECT, f->subject);
        complete_modifier(r, f);
        complete_general(r, f);
    } else {
        inherit(r, f);
    }
    return takes_right;
}

static bool list_goes_on(const struct reader *r, uint32_t i)
{
    uint32_t end = right_end(r, i);
    return (token_is_stop(r, end, STR("、")) || token_at(r, end)->kind == TOKEN_AMOUNT) &&
           end < r->now->end;
}

static bool name_count(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i)
{
    struct str right = right_text(r, i);
    struct str left = gather(r, r->now->left, c->loose ? i : c->beg, STRIP_VERBS);
    bool first = r->found.n == r->now->first_found;
    bool waits = first && list_goes_on(r, i) && left.n == 0; /* 35种、48种教材 */
    uint32_t verb = r->now->verb;
    if (right.n > 0 && left.n > 0 &&
        (f->amount.kind == VALUE_AMOUNT || f->amount.kind == VALUE_TIME)) {
        f->subject = str_cat(r->a, left, right);
    } else if (right.n > 0 && verb != NO_TOKEN && (verb + 1 == c->beg || verb + 1 == i) &&
               !str_ends(right, STR("级")) &&
               (utf8_count(right) <= SHORT_NOUN || says_which(r, verb))) {
        f->subject = str_cat(r->a, token_text(r, verb), right);
    } else {
        f->subject = right.n > 0 ? right : left;
    }
    bool named = verb != NO_TOKEN && token_value(r, verb, WORD_VERB) == VALUE_OCCASION;
    if (f->subject.n == 0 && named && verb >= r->now->left) {
        f->subject = token_text(r, verb); /* 年均培训10万人次 */
    }
    if (f->subject.n > 0) {
        note(r, f, WHY_SUBJECT, f->subject);
    } else if (!waits) {
        inherit(r, f);
    }
    return right.n > 0;
}

/* ---- what is no commitment ------------------------------------------------------------------ */

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

static enum why why_not(struct reader *r, uint32_t i, const struct compare *c)
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

/* The figure behind a comparison, perhaps with its year: 提高到|2027年|的|97%. */
static bool leads_to_figure(const struct reader *r, uint32_t cmp)
{
    uint32_t k = cmp + 1;
    if (token_at(r, k)->kind == TOKEN_WHEN) {
        k += str_eq(token_text(r, k + 1), STR("的")) ? 2 : 1;
    }
    return token_at(r, k)->kind == TOKEN_AMOUNT;
}

/* 由85%提高到90%: the first figure is where it starts from. */
static bool baseline(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    uint32_t from = i;
    while (from > n->left && !token_value(r, from, WORD_FROM)) {
        from--;
    }
    bool leads = token_value(r, i + 1, WORD_CMP) || token_value(r, i + 1, WORD_GROW);
    if (!token_value(r, from, WORD_FROM) || !leads || !leads_to_figure(r, i + 1)) {
        return false;
    }
    n->from = *token_amount(r, i);
    for (uint32_t k = from; k <= i; k++) {
        n->used[k] = true;
        n->past &= token_at(r, k)->kind != TOKEN_WHEN; /* 由2024年的94%, 由目前的85% */
        n->fact &= token_value(r, k, WORD_FACT) == VALUE_NONE;
    }
    return true;
}

/* ---- conditions ----------------------------------------------------------------------------- */

/* The token of the place or school behind `的`; NO_TOKEN. */
static uint32_t place_behind(const struct reader *r, uint32_t i)
{
    struct str between = token_text(r, i + 1);
    uint32_t k = i + 2;
    bool of = str_eq(between, STR("的")) || str_eq(between, STR("人口的"));
    enum word_value kind = token_value(r, k, WORD_KIND);
    bool place = token_value(r, k, WORD_PLACE) || kind == VALUE_SCHOOL || kind == VALUE_COLLEGE;
    return of && place ? k : NO_TOKEN;
}

static bool condition(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    const struct amount *x = token_amount(r, i);
    uint32_t place = place_behind(r, i);
    bool people = x->kind == VALUE_PEOPLE || str_starts(token_text(r, i + 1), STR("人口"));
    if (place == NO_TOKEN || !(people || x->kind == VALUE_PERSON || x->kind == VALUE_NONE) ||
        x->doubtful || x->range) {
        return false;
    }
    struct compare c = find_compare(r, i);
    struct str subject = gather(r, n->left, c.beg, STRIP_VERBS);
    n->cond = (struct condition){.subject = people && subject.n == 0 ? STR("人口") : subject,
                                 .cmp = c.cmp == VALUE_NONE ? VALUE_AT_LEAST : c.cmp,
                                 .amount = *x};
    if (n->cond.subject.n == 0) {
        n->cond.subject = STR("规模");
    }
    n->each = token_text(r, place);
    for (uint32_t k = n->left; k <= place; k++) {
        n->used[k] = true;
    }
    return true;
}

/* ---- figures -------------------------------------------------------------------------------- */

static void read_change(struct reader *r, struct drafted *f, uint32_t beg)
{
    struct reader_now *n = r->now;
    const struct amount *x = &f->amount;
    enum word_value grow = n->grow != NO_TOKEN ? token_value(r, n->grow, WORD_GROW) : VALUE_NONE;
    if (grow == VALUE_NONE || n->grow + 1 != beg || x->kind == VALUE_COUNT ||
        x->kind == VALUE_PERSON) {
        return;
    }
    f->grow = grow;
    n->used[n->grow] = true;
    note(r, f, WHY_CHANGE, token_text(r, n->grow));
}

static void read_verb(struct reader *r, struct drafted *f, bool compared)
{
    struct reader_now *n = r->now;
    if (n->verb != NO_TOKEN) {
        f->verb = token_value(r, n->verb, WORD_VERB);
        note(r, f, WHY_VERB, token_text(r, n->verb));
    } else if (!compared && n->grow == NO_TOKEN && f->amount.kind != VALUE_SHARE) {
        bool listed = n->first_found < r->found.n;
        note(r, f, listed ? WHY_VERB : WHY_NO_VERB, STR(""));
    }
}

static bool says_per_head(struct str subject)
{
    static const struct str signs[] = {STR_INIT("生均"), STR_INIT("人均"), STR_INIT("每生"),
                                       STR_INIT("每人")};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (str_find(subject, signs[i], 0) != STR_NONE) {
            return true;
        }
    }
    return false;
}

static void read_nesting(struct reader *r, struct drafted *f)
{
    struct reader_now *n = r->now;
    if (n->nest && n->last != DRAFTED_NONE) {
        f->of = n->last;
        note(r, f, WHY_NESTED, STR(""));
    }
}

static void note_figure(struct reader *r, struct drafted *f)
{
    const struct amount *x = &f->amount;
    struct str printed = str_sub(r->now->t.text, x->beg, x->end);
    if (x->doubtful) {
        note(r, f, WHY_DOUBTFUL, printed);
    }
    if (x->one) {
        note(r, f, WHY_ONE, printed);
    }
    if (x->kind == VALUE_NONE) {
        note(r, f, WHY_NO_UNIT, printed);
    }
}

/* The figures from token i to the end of the phrase. */
static uint32_t figures_left(const struct reader *r, uint32_t i)
{
    uint32_t count = 0;
    for (; i < r->now->end && token_at(r, i)->kind != TOKEN_WHEN; i++) {
        const struct amount *x = token_amount(r, i);
        count += x && x->kind != VALUE_TIME && x->kind != VALUE_NONE;
    }
    return count;
}

/* One finding, or one for each year of a list that has more years than figures. */
static void keep_timed(struct reader *r, struct drafted *f, uint32_t i)
{
    struct reader_now *n = r->now;
    bool alone = n->n_list > 0 && n->next_in_list == 0 && figures_left(r, i) < n->n_list;
    uint32_t copies = alone ? n->n_list : 1;
    if (f->of != DRAFTED_NONE && (n->when_token == NO_TOKEN || n->when_token < n->beg)) {
        f->time = r->found.items[f->of].time; /* 其中: when the whole is */
        f->time.kind = f->time.kind == TIME_HOLD && !f->hold ? TIME_BY : f->time.kind;
        (void)keep(r, f);
        n->next_in_list++;
        return;
    }
    for (uint32_t k = 0; k < copies; k++) {
        struct drafted copy = *f;
        copy.steps.items = NULL;
        copy.steps.n = copy.steps.cap = 0;
        for (uint32_t s = 0; s < f->steps.n; s++) {
            vec_push(r->a, &copy.steps, f->steps.items[s]);
        }
        take_time(r, &copy, n->n_list > 0 ? n->next_in_list + k : UINT32_MAX);
        (void)keep(r, &copy);
    }
    n->next_in_list += copies;
}

/* 不超过45人、50人: the second is compared like the first. */
static void goes_on(const struct reader *r, uint32_t i, struct compare *c)
{
    const struct reader_now *n = r->now;
    const struct amount *x = token_amount(r, i);
    const struct amount *y = i >= 2 ? token_amount(r, i - 2) : NULL;
    bool list = y && n->last != DRAFTED_NONE && token_is_stop(r, i - 1, STR("、")) &&
                str_eq(x->unit, y->unit);
    if (list && c->cmp == VALUE_NONE && token_at(r, i + 1)->kind != TOKEN_TEXT) {
        c->cmp = r->found.items[n->last].cmp;
        c->hold = r->found.items[n->last].hold;
    }
}

void read_amount(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    const struct amount *x = token_amount(r, i);
    if (read_rule(r, i) || read_gate(r, i)) {
        return;
    }
    if (baseline(r, i) || condition(r, i)) {
        return;
    }
    struct compare c = find_compare(r, i);
    enum why no = why_not(r, i, &c);
    if (no != WHY__COUNT) {
        uint32_t left = n->left;
        refuse(r, i, no);
        bool attribute = no == WHY_NOT_TERM && x->post != VALUE_NONE; /* 3年以上工作经历 */
        bool part = no == WHY_NOT_GRADE || attribute || (i > 0 && token_value(r, i - 1, WORD_EACH));
        n->left = part ? left : n->left; /* 四类以上人才, 每百名学生 */
        return;
    }
    if (n->every != VALUE_NONE && n->every_token > c.beg && c.beg < i) {
        n->every = VALUE_NONE; /* 达到每生每年7000元 */
    }
    struct drafted f = drafted_new(r, DRAFTED_TARGET, i);
    goes_on(r, i, &c);
    f.amount = *x;
    f.end = token_at(r, right_end(r, i) - 1)->end;
    f.from = n->from;
    note_compare(r, &f, &c, i);
    read_change(r, &f, c.beg);
    bool share = x->kind == VALUE_SHARE || (x->kind == VALUE_NONE && x->chinese) || c.base.n > 0;
    bool takes_right = share ? name_share(r, &f, &c, i) : name_count(r, &f, &c, i);
    bool before = n->last != DRAFTED_NONE && r->found.items[n->last].per_head &&
                  str_eq(r->found.items[n->last].amount.unit, x->unit);
    f.per_head = n->per_head || before || says_per_head(f.subject);
    if (n->some_years.n > 0) {
        note(r, &f, WHY_SOME_YEARS, n->some_years);
    }
    read_verb(r, &f, c.beg < i || x->post != VALUE_NONE);
    read_nesting(r, &f);
    note_figure(r, &f);
    keep_timed(r, &f, i);
    n->left = takes_right ? right_end(r, i) : i + 1;
}

/* ---- words that are figures ----------------------------------------------------------------- */

static struct amount whole(const struct token *k)
{
    return (struct amount){.beg = k->beg,
                           .end = k->end,
                           .digits_end = k->end,
                           .low = STR("100"),
                           .high = STR("100"),
                           .value = rat_int(100),
                           .most = rat_int(100),
                           .chinese = true,
                           .unit = STR("%"),
                           .kind = VALUE_SHARE};
}

void read_full(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    if (n->fact || n->past || n->rule) {
        refuse(r, i, WHY_NOT_FACT);
        return;
    }
    struct drafted f = drafted_new(r, DRAFTED_TARGET, i);
    f.amount = whole(token_at(r, i));
    f.cmp = VALUE_REACH;
    note(r, &f, WHY_COMPARISON, token_text(r, i));
    f.subject = gather(r, n->left, i, STRIP_LEADS);
    if (f.subject.n == 0) {
        f.subject = gather(r, i + 1, right_end(r, i), STRIP_LEADS);
        f.end = token_at(r, right_end(r, i) - 1)->end;
    }
    if (f.subject.n == 0) {
        inherit(r, &f);
        f.subject = f.each.n > 0 ? str_cat(r->a, f.subject, f.each) : f.subject;
    } else {
        note(r, &f, WHY_SUBJECT, f.subject);
    }
    f.each = STR("");
    f.when = (struct condition){0};
    if (i > n->left && str_eq(token_text(r, i - 1), STR("基本"))) {
        f.nearly = true;
        note(r, &f, WHY_NEARLY, STR("基本"));
    }
    read_nesting(r, &f);
    keep_timed(r, &f, i);
    n->left = i + 1;
}

/* 不断提高, 持续扩大: nobody can be held to it. */
static bool vague(enum word_value trend, struct str text)
{
    return (trend == VALUE_RISES || trend == VALUE_FALLS) && !str_starts(text, STR("逐年"));
}

void read_trend(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    struct drafted f = drafted_new(r, DRAFTED_TREND, i);
    f.cmp = token_value(r, i, WORD_TREND);
    f.amount = whole(token_at(r, i));
    f.subject = gather(r, n->left, i, STRIP_LEADS);
    if (n->fact || n->past || vague(f.cmp, token_text(r, i))) {
        refuse(r, i, n->fact || n->past ? WHY_NOT_FACT : WHY_VAGUE);
        return;
    }
    if (f.subject.n == 0) {
        f.subject = right_text(r, i);
        f.end = token_at(r, right_end(r, i) - 1)->end;
    }
    if (f.subject.n == 0) {
        inherit(r, &f);
    } else {
        note(r, &f, WHY_SUBJECT, f.subject);
    }
    note(r, &f, WHY_TREND, token_text(r, i));
    n->every = f.cmp == VALUE_DOUBLES ? n->every : VALUE_YEAR;
    keep_timed(r, &f, i);
    n->every = VALUE_NONE;
    n->left = i + 1;
}

/* “四个100%”: a percentage at the end of a name. */
void read_name(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    const struct token *k = token_at(r, i);
    struct str text = token_text(r, i);
    struct str shut = STR("%”");
    if (!str_ends(text, shut) || n->fact || n->past) {
        return;
    }
    uint32_t at = k->end - shut.n;
    while (at > k->beg && r->now->t.text.p[at - 1] >= '.' && r->now->t.text.p[at - 1] <= '9') {
        at--;
    }
    struct drafted f = drafted_new(r, DRAFTED_TARGET, i);
    if (!amount_scan(r->a, r->w, n->t.text, at, &f.amount) || f.amount.kind != VALUE_SHARE) {
        return;
    }
    f.cmp = VALUE_REACH;
    f.subject = gather(r, n->left, i + 1, STRIP_VERBS);
    note(r, &f, WHY_QUOTED, text);
    note(r, &f, WHY_SUBJECT, f.subject);
    note_figure(r, &f);
    keep_timed(r, &f, i);
    n->left = i + 1;
}
