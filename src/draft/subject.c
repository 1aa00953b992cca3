/* SPDX-License-Identifier: Apache-2.0 */
/* The words that say what is meant: taken from tokens, without what only leads to them. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "draft/grammar_int.h"

#define NAME_CHARS 36

static const struct str edges[] = {
    STR_INIT("以及"), STR_INIT("的"),  STR_INIT("了"), STR_INIT("和"), STR_INIT("与"),
    STR_INIT("及"),   STR_INIT("并"),  STR_INIT("、"), STR_INIT("等"), STR_INIT("或"),
    STR_INIT("要"),   STR_INIT("均"),  STR_INIT("把"), STR_INIT("将"), STR_INIT("由"),
    STR_INIT(" "),    STR_INIT("-"),   STR_INIT("."),  STR_INIT("·"),  STR_INIT("共"),
    STR_INIT("总"),   STR_INIT("一批")};

/* Ends that are part of a noun, though an edge is spelled alike. */
static const struct str kept_ends[] = {
    STR_INIT("参与"), STR_INIT("总"),   STR_INIT("由"),   STR_INIT("公共"), STR_INIT("自由"),
    STR_INIT("初等"), STR_INIT("高等"), STR_INIT("中等"), STR_INIT("平等"), STR_INIT("生均"),
    STR_INIT("人均"), STR_INIT("班均"), STR_INIT("校均"), STR_INIT("户均")};
static const struct str kept_beginnings[] = {STR_INIT("总"),   STR_INIT("等级"), STR_INIT("和谐"),
                                             STR_INIT("与会"), STR_INIT("共同"), STR_INIT("共青团"),
                                             STR_INIT("共建"), STR_INIT("共享"), STR_INIT("要素"),
                                             STR_INIT("并轨"), STR_INIT("均衡")};

static bool one_of(struct str s, const struct str *list, size_t n, bool end)
{
    for (size_t i = 0; i < n; i++) {
        if (end ? str_ends(s, list[i]) : str_starts(s, list[i])) {
            return true;
        }
    }
    return false;
}

#define ENDS_KEPT(s) one_of((s), kept_ends, sizeof kept_ends / sizeof kept_ends[0], true)
#define BEGINS_KEPT(s)                                                                             \
    one_of((s), kept_beginnings, sizeof kept_beginnings / sizeof kept_beginnings[0], false)

struct str trimmed(struct str s)
{
    bool again = true;
    while (again && s.n > 0) {
        again = false;
        for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
            if (str_starts(s, edges[i]) && !BEGINS_KEPT(s)) {
                s = str_sub(s, edges[i].n, s.n);
                again = true;
            }
            if (str_ends(s, edges[i]) && !ENDS_KEPT(s)) {
                s = str_sub(s, 0, s.n - edges[i].n);
                again = true;
            }
        }
    }
    return s;
}

struct str short_name(struct str s, bool *cut)
{
    uint32_t at = 0;
    uint32_t chars = 0;
    while (at < s.n && chars < NAME_CHARS) {
        uint32_t cp = 0;
        at += utf8_decode(s, at, &cp);
        chars++;
    }
    *cut = at < s.n;
    return str_sub(s, 0, at);
}

/* ---- what may go ---------------------------------------------------------------------------- */

static bool silent(const struct reader *r, uint32_t i)
{
    return r->now->used[i] || token_at(r, i)->kind == TOKEN_WHEN || token_value(r, i, WORD_EVERY) ||
           token_value(r, i, WORD_SPAN) || token_value(r, i, WORD_NEST);
}

/* What follows begins like a noun that needs the word before it: 覆盖|面, 服务|能力. */
static bool needs_verb(const struct reader *r, uint32_t i)
{
    static const struct str ends[] = {
        STR_INIT("率"),   STR_INIT("数"),   STR_INIT("量"),   STR_INIT("面"),   STR_INIT("能力"),
        STR_INIT("者"),   STR_INIT("标准"), STR_INIT("质量"), STR_INIT("规模"), STR_INIT("水平"),
        STR_INIT("经费"), STR_INIT("人数"), STR_INIT("基地"), STR_INIT("体系"), STR_INIT("机制"),
        STR_INIT("额度"), STR_INIT("金额"), STR_INIT("力度"), STR_INIT("经费")};
    struct str next = token_text(r, i + 1);
    return token_at(r, i + 1)->kind == TOKEN_TEXT &&
           one_of(next, ends, sizeof ends / sizeof ends[0], false);
}

/* 新建, 改扩建, 撤并: without them something else would be counted. */
bool says_which(const struct reader *r, uint32_t i)
{
    struct str verb = token_text(r, i);
    return token_value(r, i, WORD_VERB) == VALUE_REMOVE || str_starts(verb, STR("新")) ||
           str_starts(verb, STR("改")) || str_starts(verb, STR("扩"));
}

/* A word that leads to the subject, and is not of it. */
static bool leads(const struct reader *r, uint32_t i, enum strip strip)
{
    bool verb = token_value(r, i, WORD_VERB) || token_value(r, i, WORD_GROW);
    if (strip == STRIP_NOTHING || (verb && needs_verb(r, i))) {
        return false;
    }
    if (token_is_stop(r, i, STR("、")) || token_value(r, i, WORD_LEAD) ||
        token_value(r, i, WORD_ROOT) || token_value(r, i, WORD_MODAL) ||
        token_value(r, i, WORD_FACT)) {
        return true;
    }
    bool noun = token_value(r, i, WORD_VERB) == VALUE_OCCASION; /* 培训|教师 */
    return strip == STRIP_VERBS && verb && !noun && !says_which(r, i);
}

static bool has_letters(const struct reader *r, uint32_t beg, uint32_t end)
{
    for (uint32_t i = beg; i < end; i++) {
        if (!silent(r, i) && token_at(r, i)->kind != TOKEN_STOP &&
            trimmed(token_text(r, i)).n > 0) {
            return true;
        }
    }
    return false;
}

/* 盟市旗县落实|教师交流人数: what is to be done begins behind such a word. */
static uint32_t behind_strong(const struct reader *r, uint32_t beg, uint32_t end)
{
    for (uint32_t i = end; i-- > beg;) {
        if (token_value(r, i, WORD_LEAD) == VALUE_STRONG && has_letters(r, i + 1, end)) {
            return i + 1;
        }
    }
    return beg;
}

struct str gather(const struct reader *r, uint32_t beg, uint32_t end, enum strip strip)
{
    struct buf out;
    buf_init_in(&out, r->a, LIMIT_STR_BYTES);
    beg = strip == STRIP_NOTHING ? beg : behind_strong(r, beg, end);
    while (beg < end && (silent(r, beg) || leads(r, beg, strip)) && has_letters(r, beg + 1, end)) {
        beg++;
    }
    while (end > beg &&
           (silent(r, end - 1) || token_value(r, end - 1, WORD_LEAD) ||
            token_value(r, end - 1, WORD_MODAL) ||
            token_value(r, end - 1, WORD_CMP) == VALUE_REACH) &&
           has_letters(r, beg, end - 1)) {
        end--;
    }
    /* A word alone that only leads is no subject. */
    if (end - beg == 1 && (silent(r, beg) || leads(r, beg, strip))) {
        return STR("");
    }
    for (uint32_t i = beg; i < end; i++) {
        if (!silent(r, i)) {
            buf_str(&out, token_text(r, i));
        }
    }
    struct str text = trimmed(buf_view(&out));
    uint32_t word = strip == STRIP_VERBS ? words_match(r->w, text, 0) : WORD_NONE;
    bool deed_alone = words_value(r->w, word, WORD_VERB) && r->w->all.items[word].text.n == text.n;
    return deed_alone ? STR("") : text;
}

/* The phrase part that begins at token k goes on with a list of nouns, and has no figure. */
static bool noun_goes_on(const struct reader *r, uint32_t k)
{
    if (token_value(r, k, WORD_VERB) || token_value(r, k, WORD_EACH) ||
        token_value(r, k, WORD_EVERY) || token_value(r, k, WORD_CMP)) {
        return false;
    }
    while (k < r->now->end && token_at(r, k)->kind != TOKEN_STOP) {
        if (token_at(r, k)->kind == TOKEN_AMOUNT || token_at(r, k)->kind == TOKEN_WHEN) {
            return false;
        }
        k++;
    }
    return true;
}

uint32_t right_end(const struct reader *r, uint32_t i)
{
    uint32_t k = i + 1;
    while (k < r->now->end) {
        const struct token *t = token_at(r, k);
        enum word_value cmp = token_value(r, k, WORD_CMP);
        bool before_figure = token_at(r, k + 1)->kind == TOKEN_AMOUNT;
        bool stop = t->kind == TOKEN_STOP && !noun_goes_on(r, k + 1);
        if (stop || t->kind == TOKEN_AMOUNT || t->kind == TOKEN_WHEN || (cmp && before_figure) ||
            token_value(r, k, WORD_FULL) || token_value(r, k, WORD_MODAL) == VALUE_STRIVE ||
            token_value(r, k, WORD_GATE)) {
            break;
        }
        k++;
    }
    return k;
}
