/* SPDX-License-Identifier: Apache-2.0 */
/* A sentence, phrase by phrase: what holds for its figures, and which of its tokens are anchors. */
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "draft/grammar_int.h"

#define PHRASE_TOKENS_MAX 300 /* what is looked at from one figure; more is no language */

/* ---- tokens --------------------------------------------------------------------------------- */

const struct token *token_at(const struct reader *r, uint32_t i)
{
    const struct tokens *t = &r->now->t;
    return &t->items.items[i < t->items.n ? i : t->items.n - 1];
}

struct str token_text(const struct reader *r, uint32_t i)
{
    const struct token *k = token_at(r, i);
    return str_sub(r->now->t.text, k->beg, k->end);
}

enum word_value token_value(const struct reader *r, uint32_t i, enum word_class c)
{
    const struct token *k = token_at(r, i);
    return k->kind == TOKEN_WORD ? words_value(r->w, k->word, c) : VALUE_NONE;
}

bool token_is_stop(const struct reader *r, uint32_t i, struct str mark)
{
    return token_at(r, i)->kind == TOKEN_STOP && str_eq(token_text(r, i), mark);
}

struct amount *token_amount(const struct reader *r, uint32_t i)
{
    const struct token *k = token_at(r, i);
    return k->kind == TOKEN_AMOUNT ? &r->now->t.amounts.items[k->ix] : NULL;
}

/* ---- findings ------------------------------------------------------------------------------- */

static const struct {
    int32_t cost;
    struct str en, zh;
} whys[WHY__COUNT] = {
#define WHY(name, cost, en, zh) {cost, STR_INIT(en), STR_INIT(zh)},
#include "draft/why.def"
};

int32_t step_cost(enum why why)
{
    ASSERT(why < WHY__COUNT);
    return whys[why].cost;
}

static bool step_value(const void *ctx, struct str key, struct buf *out)
{
    const struct step *s = ctx;
    if (!str_eq(key, STR("what"))) {
        return false;
    }
    buf_str(out, s->what);
    return true;
}

struct str step_text(struct arena *a, struct step s, bool chinese)
{
    struct buf out;
    ASSERT(s.why < WHY__COUNT);
    buf_init_in(&out, a, LIMIT_STR_BYTES);
    buf_template(&out, chinese ? whys[s.why].zh : whys[s.why].en, step_value, &s);
    return buf_view(&out);
}

void note(struct reader *r, struct drafted *f, enum why why, struct str what)
{
    vec_push(r->a, &f->steps, (struct step){why, what});
    f->confidence -= whys[why].cost;
    f->confidence = f->confidence < 0 ? 0 : f->confidence;
}

void refuse(struct reader *r, uint32_t i, enum why why)
{
    const struct token *k = token_at(r, i);
    vec_push(r->a, &r->refused,
             (struct refusal){r->now->sentence, k->beg, k->end, {why, token_text(r, i)}});
    r->now->left = i + 1;
}

struct drafted drafted_new(const struct reader *r, enum drafted_kind kind, uint32_t i)
{
    const struct reader_now *n = r->now;
    const struct token *k = token_at(r, i);
    uint32_t beg = n->left < i ? token_at(r, n->left)->beg : k->beg;
    return (struct drafted){.kind = kind,
                            .sentence = n->sentence,
                            .beg = beg,
                            .end = k->end,
                            .phrase = n->phrase,
                            .each = n->each,
                            .when = n->cond,
                            .modality = n->modality,
                            .of = DRAFTED_NONE,
                            .confidence = 100};
}

/* What holds for the phrase is told last, then the finding is kept. */
uint32_t keep(struct reader *r, struct drafted *f)
{
    bool cut = false;
    f->subject = short_name(f->subject, &cut);
    if (cut) {
        note(r, f, WHY_LONG, f->subject);
    }
    if (f->each.n > 0) {
        note(r, f, WHY_EACH, f->each);
    }
    if (f->when.subject.n > 0) {
        note(r, f, f->when.worded ? WHY_WORDED : WHY_CONDITION, f->when.subject);
    }
    if (f->modality != VALUE_NONE && f->modality != VALUE_MUST) {
        note(r, f, WHY_MODALITY, STR(""));
    }
    vec_push(r->a, &r->found, *f);
    r->now->last = r->found.n - 1;
    return r->found.n - 1;
}

/* ---- times ---------------------------------------------------------------------------------- */

static struct str years_text(const struct reader *r, const struct time *t)
{
    struct buf out;
    buf_init_in(&out, r->a, LIMIT_STR_BYTES);
    if (t->from == t->to) {
        buf_printf(&out, "%d", (int)t->to);
    } else {
        buf_printf(&out, "%d-%d", (int)t->from, (int)t->to);
    }
    return buf_view(&out);
}

/* The time word, or the year of an earlier sentence of the clause. */
static struct when time_word(struct reader *r, struct drafted *f, uint32_t ordinal)
{
    struct reader_now *n = r->now;
    if (ordinal < n->n_list) {
        note(r, f, WHY_TIME_LIST, STR(""));
        f->time.printed = true;
        return n->list[ordinal];
    }
    if (n->when.kind != WHEN_NONE) {
        f->time.printed = true;
        return n->when;
    }
    return n->carried;
}

static enum time_kind plain_kind(const struct reader_now *n, const struct when *w, bool adds_up)
{
    if (n->span == VALUE_MEAN) {
        return TIME_MEAN;
    }
    if (n->every != VALUE_NONE) {
        return TIME_EACH;
    }
    if (n->span == VALUE_CUMULATIVE && adds_up) {
        return TIME_SUM;
    }
    return w->kind == WHEN_AT || w->kind == WHEN_SINCE ? TIME_AT : TIME_BY;
}

static void set_years(struct reader *r, struct drafted *f, const struct when *w)
{
    struct time *t = &f->time;
    bool own = w->kind != WHEN_NONE && w->to > 0;
    /* 2024年…,每年…: from that year on. */
    bool since = w->kind == WHEN_SINCE || (t->kind == TIME_EACH && w->kind == WHEN_AT);
    bool spans = w->kind == WHEN_SPAN || since;
    t->to = own && !since ? w->to : r->to;
    t->from = own && spans ? w->from : r->from;
    if (t->kind == TIME_AT) {
        t->from = t->to = own ? w->from : r->to;
    }
    if (t->to < t->from) {
        t->from = t->to;
    }
    t->month = w->month;
    t->day = w->day;
}

void take_time(struct reader *r, struct drafted *f, uint32_t ordinal)
{
    struct reader_now *n = r->now;
    struct when w = time_word(r, f, ordinal);
    if (n->every != VALUE_NONE && !f->time.printed && w.kind != WHEN_SPAN && w.kind != WHEN_SINCE) {
        w = (struct when){0}; /* a year before says nothing of 每年 */
    }
    bool adds_up = f->amount.kind != VALUE_SHARE && f->amount.kind != VALUE_NONE;
    f->time.kind = plain_kind(n, &w, adds_up);
    f->time.period = n->every;
    if (f->hold && f->time.kind != TIME_EACH) {
        f->time.kind = TIME_HOLD;
    }
    set_years(r, f, &w);
    f->time.in_text = w.kind != WHEN_NONE;
    if (w.doubtful) {
        note(r, f, WHY_DOUBTFUL_AT, years_text(r, &f->time));
    } else if (n->event.n > 0 && !f->time.printed) {
        f->time =
            (struct time){.kind = TIME_UNTIL, .from = r->from, .to = r->to, .event = n->event};
        note(r, f, WHY_TIME_OPEN, n->event);
    } else if (f->time.printed || n->every != VALUE_NONE || f->time.kind == TIME_MEAN) {
        note(r, f, WHY_TIME, years_text(r, &f->time));
    } else {
        bool before = w.kind != WHEN_NONE;
        note(r, f, before ? WHY_TIME_BEFORE : WHY_TIME_NONE, years_text(r, &f->time));
    }
}

/* A year after 、 or 和 behind another one goes on with its list. */
static bool continues_list(const struct reader *r, uint32_t i)
{
    const struct reader_now *n = r->now;
    if (i < 2 || n->when_token != i - 2 || n->n_list >= LIST_YEARS_MAX) {
        return false;
    }
    struct str between = token_text(r, i - 1);
    return token_is_stop(r, i - 1, STR("、")) || str_eq(between, STR("和")) ||
           str_eq(between, STR("及"));
}

/* 比2023年, 与2020年相比: what is compared with, and no time of anything. */
static bool compared_with(const struct reader *r, uint32_t i)
{
    static const struct str before[] = {STR_INIT("比"), STR_INIT("较"), STR_INIT("与"),
                                        STR_INIT("相比")};
    struct str text = i > 0 ? token_text(r, i - 1) : STR("");
    bool noun = str_ends(text, STR("占比")); /* …占比|2024年达到 */
    for (size_t k = 0; !noun && k < sizeof before / sizeof before[0]; k++) {
        if (str_ends(text, before[k])) {
            return true;
        }
    }
    return false;
}

/* 完成时限为2026年8月: of what the sentence has said so far. */
static bool is_term(struct reader *r, uint32_t i, const struct when *w)
{
    struct str before = i > r->now->beg ? token_text(r, i - 1) : STR("");
    struct str term = STR("时限");
    bool says =
        str_find(before, term, 0) != STR_NONE || (i >= 2 && str_ends(token_text(r, i - 2), term));
    for (uint32_t k = r->found.n; says && k-- > 0;) {
        struct drafted *f = &r->found.items[k];
        if (f->sentence != r->now->sentence) {
            break;
        }
        if (!f->time.printed && f->time.kind != TIME_EACH && w->to > 0 && !w->doubtful) {
            f->time = (struct time){.kind = TIME_BY,
                                    .from = r->from,
                                    .to = w->to,
                                    .month = w->month,
                                    .day = w->day,
                                    .printed = true};
        }
    }
    return says;
}

static void read_when(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    struct when w = n->t.whens.items[token_at(r, i)->ix];
    if (is_term(r, i, &w)) {
        n->fact = true;
        return;
    }
    if (compared_with(r, i)) {
        n->used[i] = n->used[i - 1] = true;
        return;
    }
    if (continues_list(r, i)) {
        n->list[0] = n->n_list == 0 ? n->when : n->list[0];
        n->n_list += n->n_list == 0;
        n->list[n->n_list++] = w;
    } else {
        n->n_list = n->next_in_list = 0;
        /* 2024年至2026年, 每年 … and 每年 … 到2026年 belong together; another year ends 每年. */
        bool joins = n->every != VALUE_NONE && w.kind != WHEN_AT && w.kind != WHEN_BY;
        n->every = joins ? n->every : VALUE_NONE;
        n->span = VALUE_NONE;
    }
    if (w.to == 0 && n->when.kind != WHEN_NONE && n->when.to > 0) {
        w.from = n->when.from; /* 2024年 … 年底前 */
        w.to = n->when.to;
    }
    n->when = w;
    n->when_token = i;
    n->event = STR("");
    n->past = w.to > 0 && w.to < r->from && w.kind != WHEN_SINCE;
}

/* 到下一轮评估, : a deadline that is no date. */
static void read_event(struct reader *r)
{
    struct reader_now *n = r->now;
    struct str text = token_text(r, n->beg);
    bool alone = n->end - n->beg <= 8 && n->end - n->beg >= 2;
    for (uint32_t i = n->beg; i < n->end; i++) {
        enum token_kind kind = token_at(r, i)->kind;
        alone &= kind != TOKEN_AMOUNT && kind != TOKEN_WHEN;
    }
    if (!alone || !str_eq(text, STR("到")) || !token_is_stop(r, n->end, STR(","))) {
        return;
    }
    struct str event = gather(r, n->beg + 1, n->end, STRIP_NOTHING);
    bool cut = false;
    if (utf8_count(event) >= 4) {
        n->event = short_name(event, &cut);
    }
}

/* ---- 每个 ----------------------------------------------------------------------------------- */

static bool noun_ends(const struct reader *r, uint32_t k)
{
    const struct token *t = token_at(r, k);
    return t->kind == TOKEN_STOP || t->kind == TOKEN_AMOUNT || t->kind == TOKEN_WHEN ||
           t->kind == TOKEN_END || token_value(r, k, WORD_VERB) || token_value(r, k, WORD_CMP) ||
           token_value(r, k, WORD_EVERY) || token_value(r, k, WORD_FULL) ||
           token_value(r, k, WORD_GROW) || token_value(r, k, WORD_MODAL) ||
           token_value(r, k, WORD_EACH);
}

/* The noun of a quantifier: up to the last institution or place, else up to the verb. */
static uint32_t noun_end(const struct reader *r, uint32_t i)
{
    uint32_t k = i + 1;
    uint32_t named = 0;
    struct str each = token_text(r, i);
    bool person = str_eq(each, STR("每名")) || str_eq(each, STR("每位")); /* 每名乡镇干部 */
    if (token_value(r, k, WORD_PLACE) && !person) {
        return k + 1; /* 每个盟市|集团化学校 */
    }
    if (str_eq(token_text(r, k), STR("生")) || str_eq(token_text(r, k), STR("人"))) {
        return k + 1; /* 每生|每年 */
    }
    while (k < r->now->end && !noun_ends(r, k)) {
        k++;
        if (token_value(r, k - 1, WORD_KIND) || (token_value(r, k - 1, WORD_PLACE) && !person)) {
            named = k;
        }
    }
    if (named > 0) {
        return named;
    }
    bool verb = token_value(r, k, WORD_VERB) || token_value(r, k, WORD_CMP) ||
                token_value(r, k, WORD_EVERY);
    return verb && token_value(r, i, WORD_EACH) == VALUE_EACH ? k : i;
}

static void read_each(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    uint32_t end = noun_end(r, i);
    if (token_at(r, i + 1)->kind == TOKEN_AMOUNT || amount_run(token_text(r, i + 1), 0) > 0) {
        return; /* 每百名学生: a rate */
    }
    struct str noun = gather(r, i + 1, end, STRIP_NOTHING);
    if (end <= i + 1 || noun.n == 0 || utf8_count(noun) > 16) {
        return;
    }
    bool head = str_eq(noun, STR("生")) || str_eq(noun, STR("人"));
    for (uint32_t k = i; k < end; k++) {
        n->used[k] = true;
    }
    n->per_head |= head;
    n->each_token = head ? n->each_token : i;
    n->all |= token_value(r, i, WORD_EACH) == VALUE_ALL;
    n->each = head ? n->each : noun;
}

/* ---- phrases -------------------------------------------------------------------------------- */

static void read_word(struct reader *r, uint32_t i)
{
    struct reader_now *n = r->now;
    enum word_value every = token_value(r, i, WORD_EVERY);
    enum word_value span = token_value(r, i, WORD_SPAN);
    enum word_value modal = token_value(r, i, WORD_MODAL);
    bool rate = n->per_head && i > n->beg && n->used[i - 1]; /* 每生|每年 */
    if (every != VALUE_NONE && every != VALUE_DAY && !rate) {
        n->every = every;
        n->every_token = i;
    }
    n->span = span != VALUE_NONE ? span : n->span;
    n->modality = modal != VALUE_NONE ? modal : n->modality;
    n->nest |= token_value(r, i, WORD_NEST) != VALUE_NONE;
    n->fact |= token_value(r, i, WORD_FACT) != VALUE_NONE;
    n->verb = token_value(r, i, WORD_VERB) ? i : n->verb;
    n->grow = token_value(r, i, WORD_GROW) ? i : n->grow;
    if (token_value(r, i, WORD_EACH)) {
        read_each(r, i);
    } else if (token_value(r, i, WORD_ROOT)) {
        n->each = STR("");
    }
    if (token_value(r, i, WORD_FULL)) {
        read_full(r, i);
    } else if (token_value(r, i, WORD_TREND)) {
        read_trend(r, i);
    }
}

/* What stands in brackets is told, for somebody to look at. */
static void read_aside(struct reader *r, uint32_t i)
{
    struct str text = token_text(r, i);
    for (uint32_t at = 0; at < text.n; at++) {
        if (text.p[at] >= '0' && text.p[at] <= '9') {
            uint32_t left = r->now->left;
            refuse(r, i, WHY_IN_ASIDE);
            r->now->left = left;
            return;
        }
    }
}

static void read_token(struct reader *r, uint32_t i)
{
    switch (token_at(r, i)->kind) {
    case TOKEN_WHEN:
        read_when(r, i);
        break;
    case TOKEN_WORD:
        read_word(r, i);
        break;
    case TOKEN_AMOUNT:
        read_amount(r, i);
        break;
    case TOKEN_NAME:
        read_name(r, i);
        break;
    case TOKEN_ASIDE:
        read_aside(r, i);
        break;
    case TOKEN_TEXT:
    case TOKEN_STOP:
    case TOKEN_END:
        break;
    }
}

/* 国家级, 、30个自治区级示范性学院: the first takes the noun of the second. */
static void share_heads(struct reader *r)
{
    for (uint32_t i = r->found.n; i-- > r->now->first_found + 1;) {
        struct drafted *f = &r->found.items[i - 1];
        struct str next = r->found.items[i].subject;
        bool modifier = f->subject.n == 0 || str_ends(f->subject, STR("级"));
        uint32_t own = str_find(next, STR("级"), 0);
        uint32_t skip = own != STR_NONE && own < 4 * STR("级").n ? own + STR("级").n : 0;
        if (modifier && f->kind == DRAFTED_TARGET && next.n > skip) {
            bool cut = false;
            f->subject = str_cat(r->a, f->subject, str_sub(next, skip, next.n));
            f->subject = short_name(f->subject, &cut);
            note(r, f, WHY_HEAD, f->subject);
        }
    }
}

static void name_rest(struct reader *r)
{
    for (uint32_t i = r->now->first_found; i < r->found.n; i++) {
        struct drafted *f = &r->found.items[i];
        if (f->subject.n == 0 && f->kind != DRAFTED_RULE) {
            note(r, f, WHY_NO_SUBJECT, STR(""));
        }
    }
}

static void read_phrase(struct reader *r, uint32_t beg, uint32_t end)
{
    struct reader_now *n = r->now;
    n->phrase++;
    n->beg = n->left = beg;
    n->every = n->every == VALUE_YEAR ? VALUE_YEAR : VALUE_NONE; /* 每周 ends with its phrase */
    n->end = end;
    if (token_value(r, beg, WORD_CMP) == VALUE_NONE) { /* 每所学校至少…,至少… */
        n->each = STR("");
        n->cond = (struct condition){0};
    }
    n->modality = VALUE_NONE;
    n->verb = n->grow = n->each_token = NO_TOKEN;
    n->nest = n->fact = n->per_head = n->all = false;
    n->from = (struct amount){0};
    n->years = 0;
    n->some_years = STR("");
    n->first_found = r->found.n;
    read_event(r);
    for (uint32_t i = beg; i < end; i++) {
        read_token(r, i);
    }
    share_heads(r);
    name_rest(r);
    read_deed(r);
    if (r->found.n == n->first_found) {
        uint32_t figure = beg;
        while (figure < end && token_at(r, figure)->kind != TOKEN_AMOUNT) {
            figure++;
        }
        struct str topic = gather(r, beg, figure > beg ? figure : end, STRIP_VERBS);
        bool cut = false;
        n->topic = topic.n > 0 ? short_name(topic, &cut) : n->topic;
    }
}

/* ---- sentences ------------------------------------------------------------------------------ */

static uint32_t first_act(const struct reader *r)
{
    for (uint32_t i = 0; i < r->now->t.items.n; i++) {
        if (token_value(r, i, WORD_ACT)) {
            return i;
        }
    }
    return NO_TOKEN;
}

static bool ends_phrase(const struct reader *r, uint32_t i)
{
    const struct token *k = token_at(r, i);
    return k->kind == TOKEN_END || (k->kind == TOKEN_STOP && !token_is_stop(r, i, STR("、")));
}

/* The sentence has figures, and its year came behind all of them. */
static bool only_late(const struct reader *r)
{
    bool any = false;
    for (uint32_t i = r->found.n; i-- > 0 && r->found.items[i].sentence == r->now->sentence;) {
        any |= r->found.items[i].kind == DRAFTED_TARGET;
        if (r->found.items[i].time.printed) {
            return false;
        }
    }
    return any;
}

void reader_sentence(struct reader *r, struct str text, const struct text_break *breaks,
                     uint32_t n_breaks, uint32_t ix)
{
    struct reader_now *n = r->now;
    tokens_make(r->a, r->w, text, breaks, n_breaks, &n->t);
    n->sentence = ix;
    n->used = ARENA_ARRAY(r->a, bool, n->t.items.n + 1);
    n->when = (struct when){0};
    n->when_token = NO_TOKEN;
    n->n_list = n->next_in_list = 0;
    n->every = n->span = VALUE_NONE;
    n->topic = n->goes_on ? n->tail : STR("");
    n->event = n->each = STR("");
    n->cond = (struct condition){0};
    n->last = DRAFTED_NONE;
    n->past = n->rule = false;
    n->acts = first_act(r);
    bool row = false;
    for (uint32_t i = 0, beg = 0; i < n->t.items.n; i++) {
        const struct token *k = token_at(r, i);
        bool stop = ends_phrase(r, i);
        if (stop || i - beg >= PHRASE_TOKENS_MAX) {
            if (!row) {
                read_phrase(r, beg, i);
            }
            beg = stop ? i + 1 : i;
        }
        row = k->kind == TOKEN_STOP && k->beg == k->end ? k->ix == 1 : row;
    }
    /* Behind a semicolon the same may be spoken of. */
    n->goes_on = str_ends(text, STR(";"));
    n->tail = n->last != DRAFTED_NONE ? r->found.items[n->last].subject : n->topic;
    if (n->when.kind != WHEN_NONE && n->when.to > 0 && n->when.to <= r->to && !only_late(r)) {
        n->carried = n->when;
    }
}

void reader_clause(struct reader *r)
{
    r->now->carried = (struct when){0};
    r->now->goes_on = false;
}

void reader_init(struct arena *a, const struct vocabulary *w, int32_t from, int32_t to,
                 struct reader *out)
{
    *out = (struct reader){.a = a, .w = w, .from = from, .to = to};
    out->now = ARENA_NEW(a, struct reader_now);
}
