/* SPDX-License-Identifier: Apache-2.0 */
/* What the document says of itself: title, number, date, years, and whose plan it is. */
#include "base/arena.h"
#include "base/utf8.h"
#include "draft/draft_int.h"

#define HEAD_PARAGRAPHS 60 /* where a title is looked for */
#define TITLE_CHARS_MAX 80
#define YEARS_MAX       10 /* of a plan */

static const struct str plan_words[] = {
    STR_INIT("计划"), STR_INIT("规划"), STR_INIT("方案"), STR_INIT("要点"), STR_INIT("纲要"),
    STR_INIT("意见"), STR_INIT("措施"), STR_INIT("清单"), STR_INIT("办法"), STR_INIT("任务分解")};

static bool has(struct str s, struct str what)
{
    return str_find(s, what, 0) != STR_NONE;
}

static struct str paragraph(const struct outline *o, uint32_t i)
{
    return str_sub(o->text, o->paragraphs.items[i].beg, o->paragraphs.items[i].end);
}

/* ---- title, number, date -------------------------------------------------------------------- */

static bool is_title(struct str s)
{
    bool named = false;
    for (size_t i = 0; i < sizeof plan_words / sizeof plan_words[0]; i++) {
        named |= has(s, plan_words[i]);
    }
    bool notice = has(s, STR("通知")) || has(s, STR("印发")) || has(s, STR("各")) ||
                  str_starts(s, STR("附件"));
    return named && !notice && utf8_count(s) <= TITLE_CHARS_MAX && !outline_ends_sentence(s);
}

/* The title, with the years that stand in brackets on the line below it. */
static struct str find_title(struct arena *a, const struct outline *o)
{
    for (uint32_t i = 0; i < o->paragraphs.n && i < HEAD_PARAGRAPHS; i++) {
        struct str s = paragraph(o, i);
        if (o->paragraphs.items[i].heading) {
            break;
        }
        if (is_title(s)) {
            struct str next = i + 1 < o->paragraphs.n ? paragraph(o, i + 1) : STR("");
            bool years = str_starts(next, STR("(20")) && utf8_count(next) < 20;
            return years ? str_cat(a, s, next) : s;
        }
    }
    return STR("");
}

/* 内教发〔2024〕1号. */
static struct str find_docno(const struct outline *o)
{
    struct str open = STR("〔");
    struct str shut = STR("号");
    for (uint32_t i = 0; i < o->paragraphs.n && i < HEAD_PARAGRAPHS; i++) {
        struct str s = paragraph(o, i);
        uint32_t at = str_find(s, open, 0);
        uint32_t end = at == STR_NONE ? STR_NONE : str_find(s, shut, at);
        if (o->paragraphs.items[i].heading) {
            break;
        }
        if (end != STR_NONE && end - at < 24) {
            uint32_t beg = at;
            while (beg > 0 && (unsigned char)s.p[beg - 1] >= 0x80 && at - beg < 24) {
                beg--;
            }
            while (beg < at && ((unsigned char)s.p[beg] & 0xc0U) == 0x80U) {
                beg++;
            }
            return str_sub(s, beg, end + shut.n);
        }
    }
    return STR("");
}

/* The last full date before the first heading. */
static struct date_parts find_issued(const struct outline *o)
{
    struct date_parts found = {0};
    for (uint32_t i = 0; i < o->paragraphs.n && i < HEAD_PARAGRAPHS; i++) {
        struct str s = paragraph(o, i);
        if (o->paragraphs.items[i].heading) {
            break;
        }
        for (uint32_t at = 0; at < s.n; at++) {
            struct when w;
            struct date day;
            if (s.p[at] >= '1' && s.p[at] <= '2' && when_scan(s, at, &w) > 0 && w.day > 0 &&
                date_make(w.to, w.month, w.day, &day)) {
                found = date_parts(day);
            }
        }
    }
    return found;
}

/* ---- years ---------------------------------------------------------------------------------- */

/* The first time in a text that spans years, or names one. */
static struct when first_span(struct str s, bool spans)
{
    for (uint32_t at = 0; at < s.n;) {
        struct when w;
        uint32_t cp = 0;
        uint32_t n = when_scan(s, at, &w);
        if (n > 0 && w.to > 0 && (!spans || w.kind == WHEN_SPAN) && !w.doubtful) {
            return w;
        }
        at += n > 0 ? n : utf8_decode(s, at, &cp);
    }
    return (struct when){0};
}

static struct when title_years(struct str title)
{
    static const struct {
        struct str name;
        int32_t from;
    } fives[] = {
        {STR_INIT("十三五"), 2016}, {STR_INIT("十四五"), 2021}, {STR_INIT("十五五"), 2026}};
    struct when w = first_span(title, true);
    for (size_t i = 0; w.kind == WHEN_NONE && i < sizeof fives / sizeof fives[0]; i++) {
        if (has(title, fives[i].name)) {
            return (struct when){.kind = WHEN_SPAN, .from = fives[i].from, .to = fives[i].from + 4};
        }
    }
    return w.kind != WHEN_NONE ? w : first_span(title, false);
}

/* The latest year to which something is promised, and the earliest after it was issued. */
static void years_of_text(const struct outline *o, struct draft_frame *f)
{
    int32_t least = INT32_MAX;
    for (uint32_t i = 0; i < o->sentences.n; i++) {
        struct str s = o->sentences.items[i].text;
        for (uint32_t at = 0; at < s.n;) {
            struct when w;
            uint32_t cp = 0;
            uint32_t n = when_scan(s, at, &w);
            bool counts = n > 0 && w.to > 0 && !w.doubtful && w.to >= f->issued.year &&
                          w.to < (f->issued.year > 0 ? f->issued.year : w.to) + YEARS_MAX;
            if (counts) {
                f->to = w.to > f->to ? w.to : f->to;
                least = w.to < least ? w.to : least;
            }
            at += n > 0 ? n : utf8_decode(s, at, &cp);
        }
    }
    f->from = least == INT32_MAX ? f->to : least;
    if (f->from < f->to - YEARS_MAX) {
        f->from = f->to - YEARS_MAX;
    }
}

static void find_years(const struct outline *o, struct draft_asked asked, struct draft_frame *f)
{
    struct when w = title_years(f->title);
    if (asked.to > 0) {
        f->from = asked.from;
        f->to = asked.to;
    } else if (w.kind == WHEN_SPAN || (w.kind != WHEN_NONE && w.to > 0)) {
        f->from = w.from;
        f->to = w.to;
    } else {
        f->years_guessed = true;
        years_of_text(o, f);
    }
    if (f->to == 0 && f->issued.year > 0) {
        f->from = f->to = f->issued.year;
    }
}

/* ---- levels --------------------------------------------------------------------------------- */

struct tier {
    struct str sign;   /* in the title, or in the text */
    struct str levels; /* from the top, separated by spaces; 市 and 县 as the text spells them */
};

static const struct tier by_title[] = {{STR_INIT("全国"), STR_INIT("全国 省 市 县 学校")},
                                       {STR_INIT("教育部"), STR_INIT("全国 省 市 县 学校")},
                                       {STR_INIT("国务院"), STR_INIT("全国 省 市 县 学校")},
                                       {STR_INIT("国家"), STR_INIT("全国 省 市 县 学校")},
                                       {STR_INIT("大学"), STR_INIT("学校 院系")},
                                       {STR_INIT("学院"), STR_INIT("学校 院系")},
                                       {STR_INIT("中学"), STR_INIT("学校 年级")},
                                       {STR_INIT("小学"), STR_INIT("学校 年级")},
                                       {STR_INIT("自治区"), STR_INIT("自治区 市 县 学校")},
                                       {STR_INIT("兵团"), STR_INIT("兵团 师市 团场 学校")},
                                       {STR_INIT("省"), STR_INIT("省 市 县 学校")},
                                       {STR_INIT("县"), STR_INIT("县 乡镇 学校")},
                                       {STR_INIT("旗"), STR_INIT("旗 乡镇 学校")},
                                       {STR_INIT("自治州"), STR_INIT("州 县 学校")},
                                       {STR_INIT("州"), STR_INIT("州 县 学校")},
                                       {STR_INIT("盟"), STR_INIT("盟 县 学校")},
                                       {STR_INIT("市"), STR_INIT("市 县 学校")},
                                       {STR_INIT("区"), STR_INIT("区 街镇 学校")}};

/* Where the title does not say. */
static const struct tier by_text[] = {{STR_INIT("全省"), STR_INIT("省 市 县 学校")},
                                      {STR_INIT("全市"), STR_INIT("市 县 学校")},
                                      {STR_INIT("全县"), STR_INIT("县 乡镇 学校")},
                                      {STR_INIT("全校"), STR_INIT("学校 院系")}};

/* 县(市、区): 县 before the bracket; 旗县 stays. */
static struct str plain_place(struct str s)
{
    uint32_t at = str_find(s, STR("("), 0);
    s = at == STR_NONE ? s : str_sub(s, 0, at);
    return str_starts(s, STR("各")) ? str_sub(s, STR("各").n, s.n) : s;
}

/* How the text spells a tier most often. */
static struct str spelling(struct arena *a, const struct outline *o, const struct vocabulary *w,
                           enum word_value tier, struct str otherwise)
{
    uint32_t *counts = ARENA_ARRAY(a, uint32_t, w->all.n + 1);
    uint32_t best = WORD_NONE;
    for (uint32_t at = 0; at < o->text.n;) {
        uint32_t cp = 0;
        uint32_t word = words_match_class(w, o->text, at, WORD_PLACE);
        if (words_value(w, word, WORD_PLACE) == tier) {
            counts[word]++;
            best = best == WORD_NONE || counts[word] > counts[best] ? word : best;
            at += w->all.items[word].text.n;
        } else {
            at += utf8_decode(o->text, at, &cp);
        }
    }
    return best == WORD_NONE ? otherwise : plain_place(w->all.items[best].text);
}

static const struct tier *find_tier(const struct outline *o, struct str title)
{
    for (size_t i = 0; i < sizeof by_title / sizeof by_title[0]; i++) {
        if (has(title, by_title[i].sign)) {
            return &by_title[i];
        }
    }
    for (size_t i = 0; i < sizeof by_text / sizeof by_text[0]; i++) {
        if (has(o->text, by_text[i].sign)) {
            return &by_text[i];
        }
    }
    return &by_text[0];
}

/* The words of which tier mean a level; the whole has none of its own. */
static enum word_value tier_of(struct str level, bool below)
{
    static const struct {
        struct str level;
        enum word_value tier;
    } list[] = {{STR_INIT("市"), VALUE_CITY},     {STR_INIT("师市"), VALUE_CITY},
                {STR_INIT("县"), VALUE_COUNTY},   {STR_INIT("团场"), VALUE_COUNTY},
                {STR_INIT("乡镇"), VALUE_TOWN},   {STR_INIT("街镇"), VALUE_TOWN},
                {STR_INIT("学校"), VALUE_SCHOOL}, {STR_INIT("省"), VALUE_REGION},
                {STR_INIT("院系"), VALUE_COLLEGE}};
    for (size_t i = 0; below && i < sizeof list / sizeof list[0]; i++) {
        if (str_eq(level, list[i].level)) {
            return list[i].tier;
        }
    }
    return VALUE_NONE;
}

static void find_levels(struct arena *a, const struct outline *o, const struct vocabulary *w,
                        struct draft_frame *f)
{
    struct str rest = find_tier(o, f->title)->levels;
    struct str one;
    while (f->n_levels < DRAFT_LEVELS_MAX && str_split(&rest, ' ', &one)) {
        bool below = f->n_levels > 0;
        enum word_value tier = tier_of(one, below);
        if (tier == VALUE_CITY || tier == VALUE_COUNTY) {
            one = spelling(a, o, w, tier, one);
        }
        f->tiers[f->n_levels] = tier;
        f->levels[f->n_levels++] = one;
    }
}

void frame_find(struct arena *a, const struct outline *o, const struct vocabulary *w,
                struct draft_asked asked, struct draft_frame *out)
{
    *out = (struct draft_frame){
        .title = find_title(a, o), .docno = find_docno(o), .issued = find_issued(o)};
    find_years(o, asked, out);
    find_levels(a, o, w, out);
}
