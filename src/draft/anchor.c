/* SPDX-License-Identifier: Apache-2.0 */
/* A figure with what stands around it becomes a finding; so do words that are figures. */
#include "base/arena.h"
#include "draft/grammar_int.h"

/* ---- where it starts from -------------------------------------------------------------------- */

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
        x->doubtful || x->range || x->ratio) {
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
