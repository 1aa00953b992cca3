/* SPDX-License-Identifier: Apache-2.0 */
/* What is no figure to be compared: dated deliverables, rules, gates, what holds for each. */
#include "base/arena.h"
#include "base/utf8.h"
#include "draft/grammar_int.h"

#define ACTION_TOKENS_MAX 100

/* ---- gates: 修满2学分方可毕业
 * -------------------------------------------------------------------- */

static uint32_t gate_behind(const struct reader *r, uint32_t i)
{
    for (uint32_t k = i + 1; k < r->now->end && token_at(r, k)->kind != TOKEN_AMOUNT; k++) {
        if (token_value(r, k, WORD_GATE)) {
            return k;
        }
    }
    return NO_TOKEN;
}

/* The first institution or group between two tokens. */
static uint32_t kind_between(const struct reader *r, uint32_t beg, uint32_t end)
{
    for (uint32_t k = beg; k < end; k++) {
        if (token_value(r, k, WORD_KIND) || token_value(r, k, WORD_PLACE)) {
            return k;
        }
    }
    return NO_TOKEN;
}

/* The token behind the last one of them. */
static uint32_t behind_kinds(const struct reader *r, uint32_t beg, uint32_t end)
{
    uint32_t behind = beg;
    for (uint32_t k = beg; k < end; k++) {
        behind = token_value(r, k, WORD_KIND) || token_value(r, k, WORD_PLACE) ? k + 1 : behind;
    }
    return behind;
}

static struct str before_of(struct str s)
{
    uint32_t of = str_find(s, STR("的"), 0);
    return of == STR_NONE || of == 0 ? s : str_sub(s, 0, of);
}

bool read_gate(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    const struct amount *x = token_amount(r, i);
    uint32_t gate = gate_behind(r, i);
    if (gate == NO_TOKEN || x->kind == VALUE_NONE || x->range) {
        return false;
    }
    uint32_t kind = kind_between(r, n->left, i);
    struct drafted f = drafted_new(r, DRAFTED_GATE, i);
    f.each = kind == NO_TOKEN ? STR("") : token_text(r, kind);
    f.amount = *x;
    f.cmp = VALUE_AT_LEAST;
    f.subject = gather(r, behind_kinds(r, n->left, i), i, STRIP_VERBS);
    if (f.subject.n == 0) {
        f.subject = gather(r, i + 1, gate, STRIP_NOTHING); /* 修满8学分通识课程方可毕业 */
    }
    uint32_t end = right_end(r, gate);
    f.action = before_of(gather(r, gate + 1, end, STRIP_NOTHING));
    f.end = token_at(r, end - 1)->end;
    note(r, &f, WHY_SUBJECT, f.subject);
    note(r, &f, WHY_REVIEW, STR(""));
    if (x->doubtful) {
        note(r, &f, WHY_DOUBTFUL, token_text(r, i));
    }
    take_time(r, &f, UINT32_MAX);
    if (f.subject.n > 0 && f.action.n > 0) {
        (void)keep(r, &f);
    }
    n->left = i + 1;
    return true;
}

/* ---- rules: 对…不足90%的…,调减 ------------------------------------------------------------------
 */

static bool begins_rule(const struct reader *r)
{
    struct str first = token_text(r, r->now->beg);
    return str_starts(first, STR("对")) || str_starts(first, STR("凡"));
}

/* 的高职院校: the noun behind the figure. */
static struct str noun_behind(const struct reader *r, uint32_t i, uint32_t *end)
{
    uint32_t k = i + 1;
    if (!str_starts(token_text(r, k), STR("的"))) {
        return STR("");
    }
    uint32_t limit = right_end(r, i);
    while (k < limit && !token_value(r, k, WORD_KIND) && !token_value(r, k, WORD_PLACE) &&
           !str_eq(token_text(r, k), STR("和"))) {
        k++;
    }
    bool named = k < limit && !str_eq(token_text(r, k), STR("和"));
    *end = named ? k + 1 : k;
    return gather(r, i + 1, *end, STRIP_NOTHING);
}

/* The words of the consequence: from the phrase with the first action to the end of the sentence.
 */
static struct str action_text(struct reader *r, uint32_t from)
{
    struct reader_now *n = r->now;
    uint32_t beg = n->acts;
    while (beg > from && token_at(r, beg - 1)->kind != TOKEN_STOP) {
        beg--;
    }
    uint32_t end = n->acts;
    while (end - n->acts < ACTION_TOKENS_MAX && token_at(r, end)->kind != TOKEN_END &&
           !token_is_stop(r, end, STR("。")) && !token_is_stop(r, end, STR(";"))) {
        end++;
    }
    return str_sub(n->t.text, token_at(r, beg)->beg, token_at(r, end)->beg);
}

/* The comparison right before the figure; rules need a strict word. */
static enum word_value rule_compare(struct reader *r, uint32_t i)
{
    enum word_value v = i > r->now->left ? token_value(r, i - 1, WORD_CMP) : VALUE_NONE;
    if (v != VALUE_NONE) {
        r->now->used[i - 1] = true;
    }
    return v != VALUE_NONE ? v : token_amount(r, i)->post;
}

bool read_rule(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    const struct amount *x = token_amount(r, i);
    uint32_t end = 0;
    if (n->acts == NO_TOKEN || n->acts <= i || x->kind == VALUE_TIME || x->range ||
        !begins_rule(r)) {
        return false;
    }
    struct str noun = noun_behind(r, i, &end);
    enum word_value cmp = rule_compare(r, i);
    if (noun.n == 0 || cmp == VALUE_NONE || cmp == VALUE_ABOUT) {
        return false;
    }
    struct drafted f = drafted_new(r, DRAFTED_RULE, i);
    f.each = noun;
    f.when = (struct condition){
        .subject = gather(r, n->left, i, STRIP_LEADS), .cmp = cmp, .amount = *x, .years = n->years};
    f.amount = *x;
    f.action = action_text(r, end);
    f.subject = str_cat(r->a, noun, f.when.subject);
    f.end = token_at(r, end - 1)->end;
    note(r, &f, WHY_REVIEW, STR(""));
    if (x->doubtful) {
        note(r, &f, WHY_DOUBTFUL, token_text(r, i));
    }
    take_time(r, &f, UINT32_MAX);
    if (f.when.subject.n > 0) {
        (void)keep(r, &f);
        n->rule = true;
    }
    for (uint32_t k = n->left; k < end; k++) {
        n->used[k] = true;
    }
    n->years = 0;
    n->left = end;
    return true;
}

/* ---- tasks ---------------------------------------------------------------------------------- */

/* Words before which the verb of a task may still stand: adverbs, times, who does it. */
static bool before_verb(const struct reader *r, uint32_t i)
{
    return r->now->used[i] || token_at(r, i)->kind == TOKEN_WHEN || token_value(r, i, WORD_LEAD) ||
           token_value(r, i, WORD_EVERY) || token_value(r, i, WORD_MODAL) ||
           token_value(r, i, WORD_ROOT) || token_value(r, i, WORD_PLACE) ||
           token_value(r, i, WORD_KIND);
}

/*
 * The first verb of the phrase that makes a task. Some are nouns too (培训, 评估): those are verbs
 * only at the beginning.
 */
static uint32_t task_verb(const struct reader *r)
{
    bool beginning = true;
    for (uint32_t i = r->now->beg; i < r->now->end; i++) {
        enum word_value v = token_value(r, i, WORD_VERB);
        bool always = v == VALUE_DELIVER || v == VALUE_START || v == VALUE_CONDUCT;
        bool noun = str_starts(token_text(r, i + 1), STR("的"));
        if (!noun && (always || (beginning && v == VALUE_OCCASION))) {
            return i;
        }
        beginning &= before_verb(r, i);
    }
    return NO_TOKEN;
}

static void read_task(struct reader *r, uint32_t verb)
{
    struct reader_now *n = r->now;
    enum word_value kind = token_value(r, verb, WORD_VERB);
    bool dated = n->when.kind != WHEN_NONE || n->every != VALUE_NONE;
    bool before = !dated && n->carried.kind != WHEN_NONE && kind == VALUE_DELIVER;
    if ((!dated && !before) || n->past || n->fact) {
        return;
    }
    struct drafted f = drafted_new(r, DRAFTED_TASK, verb);
    f.end = token_at(r, n->end - 1)->end;
    /* All of it, the scope too: 全部农村学校厕所改造. */
    f.subject = trimmed(str_sub(n->t.text, token_at(r, verb)->end, f.end));
    f.each = STR("");
    f.when = (struct condition){0};
    f.verb = kind;
    if (utf8_count(f.subject) < 2) {
        return;
    }
    note(r, &f, WHY_VERB, token_text(r, verb));
    take_time(r, &f, UINT32_MAX);
    if (f.time.kind == TIME_HOLD || f.time.kind == TIME_MEAN || f.time.kind == TIME_SUM) {
        f.time.kind = TIME_BY;
    }
    (void)keep(r, &f);
}

/* 所有职业学校办学条件达标, 人口不足20万的县设立…: something that is to be true of each. */
static bool read_true(struct reader *r)
{
    struct reader_now *n = r->now;
    if (n->each.n == 0 || n->past || n->fact) {
        return false;
    }
    uint32_t beg = n->beg;
    while (beg < n->end && !n->used[beg]) {
        beg++;
    }
    while (beg < n->end && n->used[beg]) {
        beg++;
    }
    struct str what = gather(r, beg, n->end, STRIP_LEADS);
    bool worded = n->cond.subject.n == 0;
    if (utf8_count(what) < 4 || (worded && !n->all)) {
        return false;
    }
    struct drafted f = drafted_new(r, DRAFTED_TRUE, n->beg);
    f.end = token_at(r, n->end - 1)->end;
    f.subject = what;
    note(r, &f, WHY_SUBJECT, what);
    if (worded) {
        note(r, &f, WHY_WORDED, what);
    }
    take_time(r, &f, UINT32_MAX);
    (void)keep(r, &f);
    return true;
}

void read_deed(struct reader *r)
{
    uint32_t verb = task_verb(r);
    if (r->found.n > r->now->first_found || r->now->rule) {
        return;
    }
    bool scoped_first =
        verb == NO_TOKEN || r->now->each_token == NO_TOKEN || r->now->each_token < verb;
    if (!(scoped_first && read_true(r)) && verb != NO_TOKEN) {
        read_task(r, verb);
    }
}
