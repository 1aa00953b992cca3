/* SPDX-License-Identifier: Apache-2.0 */
/* Folding, labels and items. */
#include "app/workbook/import_name.h"

#include <string.h>

#include "app/workbook/import_int.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "io/cell_clean.h"
#include "lang/diag.h"
#include "model/uom.h"

/* ---- folding -------------------------------------------------------------------------------- */

/* Brackets of all shapes as round ones, other punctuation as nothing; 0: leave it out. */
static uint32_t plain(uint32_t cp)
{
    if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || (cp >= 0x4e00 && cp <= 0x9fff)) {
        return cp;
    }
    static const struct {
        uint32_t cp;
        char as;
    } brackets[] = {{0x3010, '('}, {0x3011, ')'}, {0x3014, '('}, {0x3015, ')'}, {'[', '('},
                    {']', ')'},    {'{', '('},    {'}', ')'},    {0x300a, 0},   {0x300b, 0}};
    for (uint32_t i = 0; i < sizeof brackets / sizeof *brackets; i++) {
        if (brackets[i].cp == cp) {
            return (uint32_t)(unsigned char)brackets[i].as;
        }
    }
    if (cp < 0x80) {
        bool letter = (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9');
        bool sign = cp == '(' || cp == ')' || cp == '%' || cp == '+';
        return letter || sign ? cp : cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : 0;
    }
    return utf8_is_alnum(cp) || utf8_is_han(cp) ? cp : cp == 0x2030 ? cp : 0;
}

static bool is_plain_text(struct str s)
{
    for (uint32_t i = 0; i < s.n;) {
        uint32_t cp = 0;
        i += utf8_decode(s, i, &cp);
        if (cp >= 0x80 && !(cp >= 0x4e00 && cp <= 0x9fff)) {
            return false;
        }
    }
    return true;
}

/* 一 … 九十九 at `at`; the number and its bytes, or 0. */
static uint32_t small_numeral(struct str s, uint32_t at, uint32_t *bytes)
{
    static const struct str digits[] = {STR_INIT("一"), STR_INIT("二"), STR_INIT("三"),
                                        STR_INIT("四"), STR_INIT("五"), STR_INIT("六"),
                                        STR_INIT("七"), STR_INIT("八"), STR_INIT("九")};
    uint32_t tens = 0;
    uint32_t ones = 0;
    uint32_t i = at;
    bool ten = false;
    for (bool more = true; more && i < s.n;) {
        uint32_t digit = 0;
        for (uint32_t d = 0; d < 9; d++) {
            digit = str_starts(str_sub(s, i, s.n), digits[d]) ? d + 1 : digit;
        }
        bool is_ten = !ten && str_starts(str_sub(s, i, s.n), STR("十"));
        more = is_ten || (digit > 0 && ones == 0);
        if (is_ten) {
            ten = true;
            tens = ones > 0 ? ones : 1;
            ones = 0;
        } else if (more) {
            ones = digit;
        }
        i += more ? 3 : 0;
    }
    *bytes = i - at;
    return tens * 10 + ones;
}

/* 第十二 becomes 第12, in place. */
static struct str with_digits(char *p, uint32_t n)
{
    static const struct str ordinal = STR_INIT("第");
    uint32_t to = 0;
    for (uint32_t i = 0; i < n;) {
        uint32_t bytes = 0;
        bool is = p[i] == ordinal.p[0] && str_starts(str_make(p + i, n - i), ordinal);
        uint32_t step = is ? ordinal.n : 1;
        uint32_t number = is ? small_numeral(str_make(p, n), i + step, &bytes) : 0;
        memmove(p + to, p + i, step);
        to += step;
        i += step + (number > 0 ? bytes : 0);
        if (number >= 10) {
            p[to++] = (char)('0' + number / 10);
        }
        if (number > 0) {
            p[to++] = (char)('0' + number % 10);
        }
    }
    p[to] = 0;
    return str_make(p, to);
}

struct str import_fold(struct arena *a, struct str text)
{
    struct str s = text;
    if (!is_plain_text(s) && !utf8_nfkc(a, text, &s)) {
        s = text;
    }
    char *out = ARENA_RAW(a, char, (size_t)s.n + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s.n;) {
        uint32_t cp = 0;
        i += utf8_decode(s, i, &cp);
        cp = plain(cp);
        n += cp > 0 ? utf8_encode(cp, out + n) : 0;
    }
    out[n] = 0;
    return with_digits(out, n);
}

/* ---- the words around ----------------------------------------------------------------------- */

static const struct {
    enum import_word is;
    struct str text;
} word_table[] = {
#define IMPORT_WORD(is, text) {IMPORT_##is, STR_INIT(text)},
#include "app/workbook/import_word.def"
};

static void index_words(struct arena *a, struct import_names *n)
{
    for (uint32_t i = 0; i < sizeof word_table / sizeof *word_table; i++) {
        uint32_t set = 0;
        (void)map_get(&n->words, word_table[i].text, &set);
        map_put(a, &n->words, word_table[i].text, set | 1U << word_table[i].is);
    }
    /* The kind of the units heads their column; so does its name with 名称. */
    struct str kind = import_fold(a, n->asked->kind);
    struct str heads[] = {kind, str_cat(a, kind, STR("名称"))};
    for (uint32_t i = 0; i < 2 && kind.n > 0; i++) {
        uint32_t set = 0;
        (void)map_get(&n->words, heads[i], &set);
        map_put(a, &n->words, heads[i], set | IMPORT_BIT(UNIT) | IMPORT_BIT(GENERAL));
    }
    struct str title = import_fold(a, n->asked->title);
    uint32_t set = 0;
    (void)map_get(&n->words, title, &set);
    map_put(a, &n->words, title, set | IMPORT_BIT(GENERAL));
}

/* ---- items ---------------------------------------------------------------------------------- */

static void put_item(struct arena *a, struct map *m, struct str key, uint32_t datum)
{
    uint32_t before = datum;
    if (key.n == 0) {
        return;
    }
    (void)map_get(m, key, &before);
    map_put(a, m, key, before == datum ? datum : IMPORT_SEVERAL);
}

static struct str without(struct str key, struct str ending)
{
    return str_ends(key, ending) && key.n > ending.n ? str_sub(key, 0, key.n - ending.n) : key;
}

/* Figures that are counted may lack the word for it. */
static struct str stem(struct str key)
{
    struct str s = without(key, STR("人数"));
    return s.n < key.n ? s : without(key, STR("数"));
}

static void index_items(struct arena *a, struct import_names *n)
{
    const struct import_asked *q = n->asked;
    for (uint32_t i = 0; i < q->n_datums; i++) {
        const struct datum *d = q->datums[i];
        struct str key = import_fold(a, d->name);
        put_item(a, &n->items, key, i);
        put_item(a, &n->items, import_fold(a, d->english), i);
        if (q->ids != NULL) {
            put_item(a, &n->items, import_fold(a, q->ids[i]), i);
        }
        if (d->type == VT_NUMBER) {
            put_item(a, &n->stems, stem(key), i);
        }
    }
    n->folded = ARENA_ARRAY(a, struct str, q->n_datums + 1U);
    n->shown = ARENA_ARRAY(a, struct str, q->n_datums + 1U);
    for (uint32_t i = 0; i < q->n_datums; i++) {
        n->folded[i] = import_fold(a, q->datums[i]->name);
        n->shown[i] = q->datums[i]->name;
    }
    for (uint32_t i = 0; i < q->n_match; i++) {
        struct str rest = q->match[i];
        struct str head = STR("");
        uint32_t at = 0;
        (void)str_split(&rest, '=', &head);
        if (map_get(&n->items, import_fold(a, rest), &at) && at != IMPORT_SEVERAL) {
            map_put(a, &n->answers, import_fold(a, head), at);
        }
    }
}

static bool any_of_digits(const struct map *m)
{
    for (uint32_t i = 0; i < m->n_entries; i++) {
        struct str key = m->entries[i].key;
        uint32_t k = 0;
        while (k < key.n && key.p[k] >= '0' && key.p[k] <= '9') {
            k++;
        }
        if (k > 0 && k == key.n) {
            return true;
        }
    }
    return false;
}

struct import_names *import_names_new(struct arena *a, const struct import_asked *asked)
{
    struct import_names *n = ARENA_NEW(a, struct import_names);
    n->asked = asked;
    n->cache = ARENA_NEW(a, struct import_cache);
    n->cache->all.a = a;
    index_words(a, n);
    index_items(a, n);
    import_index_units(a, n);
    n->digits = any_of_digits(&n->words) || any_of_digits(&n->items) || any_of_digits(&n->stems) ||
                any_of_digits(&n->answers);
    return n;
}

const struct import_asked *import_asked_of(const struct import_names *n)
{
    return n->asked;
}

/* ---- years ---------------------------------------------------------------------------------- */

static bool digits_at(struct str s, uint32_t at, uint32_t n)
{
    bool all = at + n <= s.n;
    for (uint32_t i = at; all && i < at + n; i++) {
        all = s.p[i] >= '0' && s.p[i] <= '9';
    }
    return all;
}

/* A year at `at` of a narrow text, with no digit on either side; 0: none. */
static int32_t year_at(struct str s, uint32_t at)
{
    bool free = at == 0 || !digits_at(s, at - 1, 1);
    if (!free || !digits_at(s, at, 4) || digits_at(s, at + 4, 1)) {
        return 0;
    }
    int32_t year = (s.p[at] - '0') * 1000 + (s.p[at + 1] - '0') * 100 + (s.p[at + 2] - '0') * 10 +
                   (s.p[at + 3] - '0');
    return year >= 1990 && year <= 2099 ? year : 0;
}

/* Years in which the period that is asked lies. */
static bool year_is_asked(const struct import_names *n, int32_t year)
{
    struct date first = period_first(n->asked->period);
    struct date last = period_last(n->asked->period);
    return year == date_year(first) || year == date_year(last);
}

/* A year behind a dash at `at`: 2024—2026; 0: none. */
static int32_t year_joined(struct str s, uint32_t at)
{
    static const struct str joins[] = {STR_INIT("-"), STR_INIT("—"), STR_INIT("~"), STR_INIT("至"),
                                       STR_INIT("–")};
    struct str rest = str_sub(s, at, s.n);
    rest = str_starts(rest, STR("年")) ? str_sub(rest, 3, rest.n) : rest;
    for (uint32_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        while (str_starts(rest, joins[i])) {
            rest = str_sub(rest, joins[i].n, rest.n);
        }
    }
    return rest.n < s.n - at ? year_at(rest, 0) : 0;
}

/* A month, or a month and day, behind a year. */
static bool is_day(struct str s, uint32_t at)
{
    struct str rest = str_sub(s, at, s.n);
    bool year = str_starts(rest, STR("年"));
    rest = str_sub(rest, year ? 3 : 1, rest.n);
    uint32_t digits = digits_at(rest, 0, 1) ? digits_at(rest, 1, 1) ? 2 : 1 : 0;
    struct str behind = str_sub(rest, digits, rest.n);
    bool mark = at < s.n && (s.p[at] == '-' || s.p[at] == '.' || s.p[at] == '/');
    return digits > 0 && (year ? str_starts(behind, STR("月")) : mark && !digits_at(behind, 0, 1));
}

struct import_years import_years_of(struct arena *a, const struct import_names *n, struct str text)
{
    struct import_years y = {false, false};
    struct str s = text;
    if (!utf8_nfkc(a, text, &s)) {
        s = text;
    }
    bool until = str_find(s, STR("截至"), 0) != STR_NONE || str_find(s, STR("截止"), 0) != STR_NONE;
    for (uint32_t i = 0; i < s.n; i++) {
        int32_t year = year_at(s, i);
        if (year == 0 || (!until && is_day(s, i + 4))) {
            continue; /* when it was filled in says nothing of what it is about */
        }
        int32_t last = year_joined(s, i + 4);
        y.any = true;
        for (int32_t k = year; k <= (last > year ? last : year); k++) {
            y.now |= year_is_asked(n, k);
        }
    }
    return y;
}

/* The bytes of a period that `s`, narrow, begins with: `2024年`, `2024-2025学年`, `2024年3月`. */
static uint32_t period_bytes(struct str s, bool *school)
{
    static const struct str joins[] = {STR_INIT("-"),  STR_INIT("—"), STR_INIT("~"),
                                       STR_INIT("至"), STR_INIT("/"), STR_INIT("－")};
    static const struct str ends[] = {STR_INIT("学年度"), STR_INIT("学年"), STR_INIT("年度"),
                                      STR_INIT("年末"),   STR_INIT("年底"), STR_INIT("年")};
    uint32_t at = 4;
    for (uint32_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        if (str_starts(str_sub(s, at, s.n), joins[i]) && year_at(s, at + joins[i].n) > 0) {
            at += joins[i].n + 4;
            *school = true;
            break;
        }
    }
    for (uint32_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (str_starts(str_sub(s, at, s.n), ends[i])) {
            *school |= i < 2;
            return at + ends[i].n;
        }
    }
    return at;
}

/*
 * A period that the text begins with: its bytes (0: none), and whether it is the one asked. A
 * calendar year is not the school year that begins in it; where the kinds differ it is another one.
 */
static uint32_t leading_period(const struct import_names *n, struct str s, bool *now)
{
    int32_t year = year_at(s, 0);
    bool school = false;
    enum period_kind kind = n->asked->period.kind;
    uint32_t bytes = year > 0 ? period_bytes(s, &school) : 0;
    if (bytes == 0) {
        return 0;
    }
    uint32_t more = 0;
    while (digits_at(s, bytes + more, 1) && more < 2) {
        more++;
    }
    if (more > 0 && str_starts(str_sub(s, bytes + more, s.n), STR("月"))) {
        bytes += more + 3;
        *now = kind == PERIOD_MONTH && n->asked->period.year == year &&
               n->asked->period.index ==
                   (more == 2 ? (s.p[bytes - 5] - '0') * 10 : 0) + (s.p[bytes - 4] - '0');
        return bytes;
    }
    bool by_school = kind == PERIOD_SCHOOL_YEAR || kind == PERIOD_TERM;
    *now = n->asked->period.year == year && school == by_school &&
           (kind == PERIOD_YEAR || kind == PERIOD_SCHOOL_YEAR);
    return bytes;
}

/* ---- names of items ----------------------------------------------------------------------- */

/* Words that head columns of their own: 学校 is never the item 学校数. */
#define HEADING                                                                                    \
    (IMPORT_BIT(UNIT) | IMPORT_BIT(CODE) | IMPORT_BIT(AREA) | IMPORT_BIT(MEASURE) |                \
     IMPORT_BIT(EITHER) | IMPORT_BIT(PERIOD) | IMPORT_BIT(ASIDE) | IMPORT_BIT(SUM))

/* The item of a folded name; IMPORT_SEVERAL, or NONE. */
static uint32_t named(const struct import_names *n, struct str key, bool *loose)
{
    uint32_t at = NONE;
    uint32_t words = 0;
    *loose = false;
    (void)map_get(&n->words, key, &words);
    if (map_get(&n->items, key, &at)) {
        return at;
    }
    if ((words & HEADING) == 0 && map_get(&n->stems, stem(key), &at)) {
        *loose = true;
        return at;
    }
    /* 其中：女教师 is 女教师, where that is an item. */
    struct str among = STR("其中");
    if (str_starts(key, among) && map_get(&n->items, str_sub(key, among.n, key.n), &at)) {
        return at;
    }
    return NONE;
}

/* ---- labels --------------------------------------------------------------------------------- */

static struct str one_line(struct arena *a, struct str text)
{
    char *p = ARENA_RAW(a, char, (size_t)text.n + 1);
    for (uint32_t i = 0; i < text.n; i++) {
        p[i] = (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i];
    }
    p[text.n] = 0;
    return str_trim(str_make(p, text.n));
}

/* `3.`, `（一）`, `1、`, `①` before a label. */
static struct str without_number(struct str s)
{
    uint32_t i = 0;
    bool open = i < s.n && s.p[0] == '(';
    uint32_t counted = 0;
    for (i = open ? 1 : 0; i < s.n && counted < 4;) {
        uint32_t cp = 0;
        uint32_t step = utf8_decode(s, i, &cp);
        static const struct str chinese = STR_INIT("一二三四五六七八九十");
        bool digit =
            (cp >= '0' && cp <= '9') || str_find(chinese, str_sub(s, i, i + step), 0) != STR_NONE;
        if (!digit) {
            break;
        }
        counted++;
        i += step;
    }
    struct str rest = str_sub(s, i, s.n);
    static const struct str stops[] = {STR_INIT(")"), STR_INIT("、"), STR_INIT("."),
                                       STR_INIT(","), STR_INIT("．"), STR_INIT("，")};
    for (uint32_t k = 0; counted > 0 && k < (open ? 1 : 6); k++) {
        struct str behind = str_sub(rest, stops[k].n, rest.n);
        bool decimal = k == 2 && digits_at(behind, 0, 1);
        if (str_starts(rest, stops[k]) && str_trim(behind).n > 0 && !decimal) {
            return str_trim(behind);
        }
    }
    return s;
}

static bool is_measure(struct arena *a, const struct import_names *n, struct str s)
{
    struct rat factor;
    struct dim dim;
    return s.n > 0 && uom_parse_suffix(a, &n->asked->plan->uom, s, &factor, &dim, NULL);
}

/* What stands in brackets and says how to fill in, not what. */
static bool is_remark(struct str s)
{
    static const struct str remarks[] = {
        STR_INIT("必填"),     STR_INIT("选填"),     STR_INIT("是否"),    STR_INIT("有无"),
        STR_INIT("单选"),     STR_INIT("多选"),     STR_INIT("整数"),    STR_INIT("填数字"),
        STR_INIT("填写数字"), STR_INIT("自动计算"), STR_INIT("数字"),    STR_INIT("填是或否"),
        STR_INIT("是或否"),   STR_INIT("甲"),       STR_INIT("乙"),      STR_INIT("丙"),
        STR_INIT("text"),     STR_INIT("choice"),   STR_INIT("yesorno"), STR_INIT("date"),
        STR_INIT("文本"),     STR_INIT("选择"),     STR_INIT("选项"),    STR_INIT("日期"),
        STR_INIT("盖章"),     STR_INIT("公章"),     STR_INIT("全称"),    STR_INIT("填是否"),
    };
    bool number = s.n > 0 && s.n <= 2 && digits_at(s, 0, s.n);
    for (uint32_t i = 0; i < sizeof remarks / sizeof *remarks; i++) {
        number |= str_eq(s, remarks[i]);
    }
    return number || str_starts(s, STR("保留"));
}

/* Takes brackets off the end: a unit of measure into *measure, remarks away; others stay. */
static struct str without_brackets(struct arena *a, const struct import_names *n, struct str s,
                                   struct str *measure)
{
    while (s.n > 1 && s.p[s.n - 1] == ')') {
        uint32_t open = s.n - 1;
        while (open > 0 && s.p[open] != '(') {
            open--;
        }
        struct str within = str_trim(str_sub(s, open + 1, s.n - 1));
        struct str of = clean_header_unit(a, &n->asked->plan->uom, str_sub(s, open, s.n));
        of = of.n == 0 && is_measure(a, n, within) ? within : of;
        if (s.p[open] != '(' || open == 0 || (of.n == 0 && !is_remark(import_fold(a, within)))) {
            break;
        }
        *measure = of.n > 0 && measure->n == 0 ? of : *measure;
        s = str_trim(str_sub(s, 0, open));
    }
    return s;
}

/* `经费/万元`, `经费：万元`, `经费 万元`: a unit of measure behind a mark. */
static struct str without_tail(struct arena *a, const struct import_names *n, struct str s,
                               struct str *measure)
{
    static const struct str marks[] = {STR_INIT("/"), STR_INIT(":"), STR_INIT(" "), STR_INIT(","),
                                       STR_INIT("-")};
    for (uint32_t i = 0; i < sizeof marks / sizeof *marks && measure->n == 0; i++) {
        uint32_t at = STR_NONE;
        for (uint32_t k = str_find(s, marks[i], 0); k != STR_NONE;
             k = str_find(s, marks[i], k + 1)) {
            at = k;
        }
        struct str tail = at != STR_NONE ? str_trim(str_sub(s, at + 1, s.n)) : STR("");
        if (at != STR_NONE && at > 0 && is_measure(a, n, tail)) {
            *measure = str_dup(a, tail);
            return str_trim(str_sub(s, 0, at));
        }
    }
    return s;
}

static struct str narrow(struct arena *a, struct str text)
{
    struct str s = text;
    if (!is_plain_text(text) && !utf8_nfkc(a, text, &s)) {
        s = text;
    }
    return str_trim(s);
}

/* `*` and the like: it has to be filled in. */
static struct str without_marks(struct str s)
{
    static const struct str marks[] = {STR_INIT("*"), STR_INIT("★"), STR_INIT("※"),
                                       STR_INIT("☆"), STR_INIT("△"), STR_INIT("▲")};
    for (uint32_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        s = str_starts(s, marks[i]) ? str_trim(str_sub(s, marks[i].n, s.n)) : s;
        s = str_ends(s, marks[i]) ? str_trim(str_sub(s, 0, s.n - marks[i].n)) : s;
    }
    return s;
}

static void read_label(struct arena *a, const struct import_names *n, struct str text,
                       struct import_label *out)
{
    *out = (struct import_label){.shown = one_line(a, text)};
    struct str s = without_marks(narrow(a, out->shown));
    out->whole = import_fold(a, s);
    s = without_number(s);
    s = without_marks(without_brackets(a, n, s, &out->measure));
    s = without_tail(a, n, s, &out->measure);
    if (s.n > 1 && s.p[s.n - 1] == '%' && out->measure.n == 0) {
        out->measure = STR("%");
        s = str_trim(str_sub(s, 0, s.n - 1));
    }
    uint32_t bytes = leading_period(n, s, &out->now);
    out->timed = bytes > 0;
    if (bytes > 0 && bytes < s.n) {
        /* 2024年在校生数 is 在校生数 of that year, unless an item is called so. */
        out->timed = !map_get(&n->items, out->whole, NULL);
        s = out->timed ? str_trim(str_sub(s, bytes, s.n)) : s;
    } else if (bytes > 0) {
        s = STR("");
    }
    bool loose = false;
    out->key = import_fold(a, s);
    (void)map_get(&n->words, out->key, &out->words);
    out->item = out->key.n > 0 &&
                (named(n, out->key, &loose) != NONE || map_get(&n->answers, out->whole, NULL));
}

bool import_is_decimal(struct str s)
{
    uint32_t points = 0;
    uint32_t i = s.n > 0 && s.p[0] == '-' ? 1 : 0;
    bool digit = false;
    for (bool more = true; more && i < s.n; i += more ? 1 : 0) {
        bool point = digit && points == 0 && s.p[i] == '.';
        more = point || (s.p[i] >= '0' && s.p[i] <= '9');
        points += point ? 1 : 0;
        digit = more && !point;
    }
    return digit && i == s.n;
}

/* What read_label makes of a number that is no year, where nothing asked is called by digits. */
static void read_number(struct arena *a, struct str text, struct import_label *out)
{
    struct str key = text;
    if (text.p[0] == '-' || str_find(text, STR("."), 0) != STR_NONE) {
        char *p = ARENA_RAW(a, char, (size_t)text.n + 1);
        uint32_t n = 0;
        for (uint32_t i = 0; i < text.n; i++) {
            p[n] = text.p[i];
            n += text.p[i] >= '0' && text.p[i] <= '9' ? 1 : 0;
        }
        key = str_make(p, n);
    }
    *out = (struct import_label){.shown = text, .key = key, .whole = key};
}

void import_label_plain(struct arena *a, const struct import_names *n, struct str text,
                        struct import_label *out)
{
    read_label(a, n, text, out);
}

static bool known_label(const struct import_texts *t, struct str text, struct import_label *out)
{
    uint32_t at = 0;
    bool known = map_get(&t->labels, text, &at);
    if (known) {
        *out = t->label.items[at];
    }
    return known;
}

struct import_texts *import_texts_for(struct import_cache *c, struct str text)
{
    bool full = c->all.a == NULL || c->all.label.n + c->all.whom.n >= IMPORT_CACHE_ALL;
    struct import_texts *t = full ? &c->here : &c->all;
    bool room = t->a != NULL && t->label.n + t->whom.n < IMPORT_CACHE_MAX;
    return room && text.n <= IMPORT_CACHE_TEXT ? t : NULL;
}

void import_label(struct arena *a, const struct import_names *n, struct str text,
                  struct import_label *out)
{
    struct import_cache *c = n->cache;
    if (!n->digits && import_is_decimal(text) && year_at(text, 0) == 0) {
        read_number(a, text, out);
    } else if (!known_label(&c->all, text, out) && !known_label(&c->here, text, out)) {
        struct import_texts *keep = import_texts_for(c, text);
        read_label(keep != NULL ? keep->a : a, n, text, out);
        if (keep != NULL) {
            map_put(keep->a, &keep->labels, str_dup(keep->a, text), keep->label.n);
            vec_push(keep->a, &keep->label, *out);
        }
    }
}

/* ---- paths ---------------------------------------------------------------------------------- */

/* Topics under which any item of theirs may stand: 学生 above 在校生数. */
static bool is_topic(struct str key, struct str item)
{
    static const struct str topics[][2] = {
        {STR_INIT("学生"), STR_INIT("生")},   {STR_INIT("在校学生"), STR_INIT("生")},
        {STR_INIT("幼儿"), STR_INIT("儿")},   {STR_INIT("教师"), STR_INIT("师")},
        {STR_INIT("师资"), STR_INIT("师")},   {STR_INIT("教师队伍"), STR_INIT("师")},
        {STR_INIT("教职工"), STR_INIT("师")}, {STR_INIT("教职工"), STR_INIT("职工")},
        {STR_INIT("经费"), STR_INIT("费")},   {STR_INIT("资金"), STR_INIT("资")},
        {STR_INIT("办学条件"), STR_INIT("")}, {STR_INIT("学校"), STR_INIT("")},
    };
    for (uint32_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (str_eq(key, topics[i][0]) && str_find(item, topics[i][1], 0) != STR_NONE) {
            return true;
        }
    }
    return false;
}

/* What stands above an item's name and says nothing that the name does not. */
static bool says_nothing_more(const struct import_label *above, struct str item)
{
    struct str key = above->key;
    static const struct str endings[] = {STR_INIT("基本情况"), STR_INIT("情况"), STR_INIT("信息"),
                                         STR_INIT("数据"),     STR_INIT("人数"), STR_INIT("数")};
    if (key.n == 0 || (above->words & (IMPORT_BIT(GENERAL) | IMPORT_BIT(VALUE))) != 0) {
        return true;
    }
    for (uint32_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct str part = without(key, endings[i]);
        if (part.n < key.n) {
            key = part;
            break;
        }
    }
    return str_find(item, key, 0) != STR_NONE || is_topic(key, item);
}

struct joined {
    struct import_label parts[IMPORT_PATH_MAX];
    uint32_t n;
};

static struct str join(struct arena *a, const struct joined *j, uint32_t from)
{
    struct str s = STR("");
    for (uint32_t i = from; i < j->n; i++) {
        s = str_cat(a, s, j->parts[i].key);
    }
    return s;
}

static struct import_column by_path(struct arena *a, const struct import_names *n,
                                    const struct joined *j)
{
    struct import_column c = {.is = IMPORT_COLUMN_UNKNOWN, .datum = NONE};
    for (uint32_t k = 0; k < j->n && c.is == IMPORT_COLUMN_UNKNOWN; k++) {
        c.datum = named(n, join(a, j, k), &c.loose);
        if (c.datum == NONE) {
            continue;
        }
        c.is = c.datum == IMPORT_SEVERAL ? IMPORT_COLUMN_MANY : IMPORT_COLUMN_ITEM;
        for (uint32_t i = 0; i < k && c.is == IMPORT_COLUMN_ITEM; i++) {
            bool more = !says_nothing_more(&j->parts[i], n->folded[c.datum]);
            bool before = (j->parts[i].words & IMPORT_BIT(BEFORE)) != 0;
            c.is = before ? IMPORT_COLUMN_OTHER : more ? IMPORT_COLUMN_NARROWED : c.is;
        }
    }
    return c;
}

/* 在校生数/合计: a last part that only says so much. */
static void drop_general_end(struct joined *j)
{
    while (j->n > 1 && (j->parts[j->n - 1].words & IMPORT_BIT(GENERAL)) != 0) {
        j->n--;
    }
}

struct str import_item_near(const struct import_names *n, struct str text)
{
    uint32_t near = diag_nearest(text, n->shown, n->asked->n_datums);
    return near < n->asked->n_datums ? n->shown[near] : STR("");
}

struct import_column import_item(struct arena *a, const struct import_names *n,
                                 const struct import_label *path, uint32_t n_path)
{
    struct joined j = {.n = 0};
    struct str all = STR("");
    struct str measure = STR("");
    bool other = false;
    bool later = false;
    uint32_t at = NONE;
    for (uint32_t i = 0; i < n_path; i++) {
        all = str_cat(a, all, path[i].whole);
        measure = path[i].measure.n > 0 ? path[i].measure : measure;
        other |= path[i].timed && !path[i].now;
        if (path[i].key.n > 0 && j.n < IMPORT_PATH_MAX) {
            j.parts[j.n++] = path[i];
        }
    }
    struct import_column c = {.is = IMPORT_COLUMN_ITEM, .datum = NONE};
    if (map_get(&n->answers, all, &at) ||
        (n_path > 0 && map_get(&n->answers, path[n_path - 1].whole, &at))) {
        c.datum = at;
        c.measure = measure;
        return c;
    }
    if (!other && n_path == 1 && map_get(&n->items, path[0].whole, &at) && at != IMPORT_SEVERAL) {
        return (struct import_column){.is = IMPORT_COLUMN_ITEM, .datum = at, .measure = measure};
    }
    c = by_path(a, n, &j);
    if (c.is == IMPORT_COLUMN_UNKNOWN && j.n > 1) {
        /* 在校生数/上年: the last part may name another period. */
        later = (j.parts[j.n - 1].words & IMPORT_BIT(BEFORE)) != 0;
        j.n -= later ? 1 : 0;
        drop_general_end(&j);
        c = by_path(a, n, &j);
    }
    c.is = c.is == IMPORT_COLUMN_ITEM && (other || later) ? IMPORT_COLUMN_OTHER : c.is;
    c.measure = measure;
    return c;
}
