/* SPDX-License-Identifier: Apache-2.0 */
/* The table of words: spellings to classes, by longest match. */
#include "draft/words.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"
#include "base/utf8.h"

#define BUCKETS ((uint32_t)(sizeof((struct vocabulary *)0)->longest))

static const struct {
    struct str en, zh;
} classes[WORD__COUNT] = {
#define WORD_CLASS(name, zh) {STR_INIT(#name), STR_INIT(zh)},
#include "draft/words.def"
};

static const struct str values[VALUE__COUNT] = {
    STR_INIT(""),
#define WORD_VALUE(name) STR_INIT(#name),
#include "draft/words.def"
};

static const struct {
    enum word_class class;
    enum word_value value;
    struct str spellings;
} rows[] = {
#define WORDS(class, value, spellings) {WORD_##class, VALUE_##value, STR_INIT(spellings)},
#include "draft/words.def"
};

static uint32_t bucket(struct str s, uint32_t at)
{
    uint32_t cp = 0;
    (void)utf8_decode(s, at, &cp);
    return cp % BUCKETS;
}

static void add(struct vocabulary *w, struct str text, enum word_class c, enum word_value v)
{
    uint32_t ix = w->all.n;
    if (!map_get(&w->index, text, &ix)) {
        map_put(w->a, &w->index, text, ix);
        vec_push(w->a, &w->all, (struct word){.text = text});
    }
    struct word *x = &w->all.items[ix];
    x->classes |= 1U << c;
    x->value[c] = (uint8_t)v;
    uint8_t *longest = &w->longest[bucket(text, 0)];
    uint32_t chars = utf8_count(text);
    *longest = chars > *longest ? (uint8_t)chars : *longest;
}

void words_init(struct arena *a, struct vocabulary *w)
{
    *w = (struct vocabulary){.a = a};
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str rest = rows[i].spellings;
        struct str one;
        while (str_split(&rest, ' ', &one)) {
            if (one.n > 0) {
                add(w, one, rows[i].class, rows[i].value);
            }
        }
    }
}

/* ---- matching ------------------------------------------------------------------------------- */

static uint32_t match(const struct vocabulary *w, struct str s, uint32_t at, uint32_t mask)
{
    uint32_t ends[WORD_CHARS_MAX];
    uint32_t n = 0;
    if (at >= s.n) {
        return WORD_NONE;
    }
    uint32_t longest = w->longest[bucket(s, at)];
    for (uint32_t end = at; end < s.n && n < longest; n++) {
        uint32_t cp = 0;
        end += utf8_decode(s, end, &cp);
        ends[n] = end;
    }
    while (n > 0) {
        uint32_t ix = 0;
        if (map_get(&w->index, str_sub(s, at, ends[--n]), &ix) &&
            (w->all.items[ix].classes & mask) != 0) {
            return ix;
        }
    }
    return WORD_NONE;
}

/* Words that only mean something behind a figure are not looked for elsewhere. */
uint32_t words_match(const struct vocabulary *w, struct str s, uint32_t at)
{
    uint32_t behind = 1U << WORD_UNIT | 1U << WORD_POST | 1U << WORD_TERM;
    return match(w, s, at, ~behind);
}

uint32_t words_match_class(const struct vocabulary *w, struct str s, uint32_t at, enum word_class c)
{
    return match(w, s, at, 1U << c);
}

enum word_value words_value(const struct vocabulary *w, uint32_t word, enum word_class c)
{
    return word < w->all.n ? (enum word_value)w->all.items[word].value[c] : VALUE_NONE;
}

/* ---- words of a clerk ----------------------------------------------------------------------- */

static enum word_class class_named(struct str s)
{
    uint32_t c = 0;
    while (c < WORD__COUNT && !str_eq(s, classes[c].zh) && !str_eq(s, classes[c].en)) {
        c++;
    }
    return (enum word_class)c;
}

static enum word_value value_named(struct str s)
{
    uint32_t v = 1;
    while (v < VALUE__COUNT && !str_eq(s, values[v])) {
        v++;
    }
    return (enum word_value)v;
}

/* Whether the standard rows use the value in the class. */
static bool goes_with(enum word_class c, enum word_value v)
{
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].class == c && rows[i].value == v) {
            return true;
        }
    }
    return false;
}

static bool add_line(struct vocabulary *w, struct str line)
{
    struct str class = STR("");
    struct str value = STR("");
    (void)str_split(&line, ',', &class);
    (void)str_split(&line, ',', &value);
    struct str text = str_trim(line);
    enum word_class c = class_named(str_trim(class));
    enum word_value v = value_named(str_trim(value));
    if (c == WORD__COUNT || v == VALUE__COUNT || !goes_with(c, v) || text.n == 0 ||
        utf8_count(text) > WORD_CHARS_MAX || str_find(text, STR(","), 0) != STR_NONE) {
        return false;
    }
    add(w, str_dup(w->a, text), c, v);
    return true;
}

enum rc words_add_csv(struct vocabulary *w, const char *path, struct str text, struct err *e)
{
    struct str rest = utf8_strip_bom(text);
    struct str line;
    uint32_t bad_at = 0;
    if (!utf8_valid(text, &bad_at)) {
        return err_set(e, RC_ENCODING, "%s is not UTF-8 at byte %u", "%s 第 %u 字节不是 UTF-8",
                       path, bad_at);
    }
    for (uint32_t n = 1; str_split(&rest, '\n', &line); n++) {
        line = str_trim(line);
        if (n > 1 && line.n > 0 && !add_line(w, line)) {
            (void)err_set(e, RC_INPUT, "%s:%u: not a word of the grammar: %.*s",
                          "%s:%u：不是一条词语：%.*s", path, n, PS(line));
            err_hint(e,
                     "A line is class,value,word as in the table of docs/commands.md, the word "
                     "with at most %d characters.",
                     "每行为“类,值,词”，类和值见 docs/commands.md 的表，词不超过 %d 个字。",
                     WORD_CHARS_MAX);
            return RC_INPUT;
        }
    }
    return RC_OK;
}
