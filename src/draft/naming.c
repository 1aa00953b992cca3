/* SPDX-License-Identifier: Apache-2.0 */
/* What a figure is about: the words around it, its neighbour, or what was spoken of before. */
#include "base/utf8.h"
#include "draft/grammar_int.h"

#define SHORT_NOUN 4 /* characters; its verb is said with it */

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

struct str right_text(const struct reader *r, uint32_t i)
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

void inherit(struct reader *r, struct drafted *f)
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
bool name_share(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i)
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

bool name_count(struct reader *r, struct drafted *f, const struct compare *c, uint32_t i)
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
