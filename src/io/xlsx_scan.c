/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plain part of XML, fast. Sheets are a million small elements, and expat spends most of its
 * time on what they never have.
 *
 * This scanner knows: elements with names and attribute values of ASCII, text of UTF-8, the five
 * entities and references by number. At anything else, valid or not, it stops before the token
 * and hands the rest over to expat (xlsx_xml.c), which alone decides what is wrong. So it gives the
 * events of expat or none; tests/fuzz/fuzz_xlsx_part compares the two.
 */
#include <string.h>

#include "base/utf8.h"
#include "io/xlsx_int.h"

#define ATTRIBUTES_MAX 16U
#define ENTITY_BYTES   12U /* the longest known one: &#x0010FFFF; */

enum {
    TEXT = 1,  /* stands for itself in text */
    VALUE = 2, /* … and in the value of an attribute */
    NAME = 4,  /* … and in a name */
    BLANK = 8,
};

/* 0: stops every loop. '<' '&' are marks, ']' may end CDATA, CR is a line end in disguise. */
static const uint8_t sorts[256] = {
#define T3 (TEXT | VALUE | NAME)
#define T2 (TEXT | VALUE)
    [' '] = TEXT | VALUE | BLANK,
    ['\t'] = TEXT | BLANK,
    ['\n'] = TEXT | BLANK,
    ['!'] = T2,
    ['"'] = T2,
    ['#'] = T2,
    ['$'] = T2,
    ['%'] = T2,
    ['\''] = T2,
    ['('] = T2,
    [')'] = T2,
    ['*'] = T2,
    ['+'] = T2,
    [','] = T2,
    ['-'] = T3,
    ['.'] = T3,
    ['/'] = T2,
    ['0'] = T3,
    ['1'] = T3,
    ['2'] = T3,
    ['3'] = T3,
    ['4'] = T3,
    ['5'] = T3,
    ['6'] = T3,
    ['7'] = T3,
    ['8'] = T3,
    ['9'] = T3,
    [':'] = T3,
    [';'] = T2,
    ['='] = T2,
    ['>'] = T2,
    ['?'] = T2,
    ['@'] = T2,
    ['A'] = T3,
    ['B'] = T3,
    ['C'] = T3,
    ['D'] = T3,
    ['E'] = T3,
    ['F'] = T3,
    ['G'] = T3,
    ['H'] = T3,
    ['I'] = T3,
    ['J'] = T3,
    ['K'] = T3,
    ['L'] = T3,
    ['M'] = T3,
    ['N'] = T3,
    ['O'] = T3,
    ['P'] = T3,
    ['Q'] = T3,
    ['R'] = T3,
    ['S'] = T3,
    ['T'] = T3,
    ['U'] = T3,
    ['V'] = T3,
    ['W'] = T3,
    ['X'] = T3,
    ['Y'] = T3,
    ['Z'] = T3,
    ['['] = T2,
    ['\\'] = T2,
    [']'] = VALUE,
    ['^'] = T2,
    ['_'] = T3,
    ['`'] = T2,
    ['a'] = T3,
    ['b'] = T3,
    ['c'] = T3,
    ['d'] = T3,
    ['e'] = T3,
    ['f'] = T3,
    ['g'] = T3,
    ['h'] = T3,
    ['i'] = T3,
    ['j'] = T3,
    ['k'] = T3,
    ['l'] = T3,
    ['m'] = T3,
    ['n'] = T3,
    ['o'] = T3,
    ['p'] = T3,
    ['q'] = T3,
    ['r'] = T3,
    ['s'] = T3,
    ['t'] = T3,
    ['u'] = T3,
    ['v'] = T3,
    ['w'] = T3,
    ['x'] = T3,
    ['y'] = T3,
    ['z'] = T3,
    ['{'] = T2,
    ['|'] = T2,
    ['}'] = T2,
    ['~'] = T2,
#undef T2
#undef T3
};

static bool is(char c, uint8_t sort)
{
    return (sorts[(unsigned char)c] & sort) != 0;
}

/* Behind the characters of a sort from p on. */
static char *pass(char *p, const char *end, uint8_t sort)
{
    while (p < end && is(*p, sort)) {
        p++;
    }
    return p;
}

/* ---- text ----------------------------------------------------------------------------------- */

/* Bytes of a character beyond ASCII at p: 0: cut off at the end, SCAN_BAD: none that XML knows. */
#define SCAN_BAD 5U
static uint32_t wide_at(const char *p, const char *end)
{
    uint32_t cp = 0;
    uint32_t left = (uint32_t)(end - p);
    uint32_t n = utf8_decode((struct str){p, left < 4 ? left : 4}, 0, &cp);
    if (n == 1) {
        return left < 4 ? 0 : SCAN_BAD;
    }
    return cp == 0xfffe || cp == 0xffff ? SCAN_BAD : n;
}

/* Behind the text from p on; *odd: stopped at something that is not known here. */
static char *pass_text(char *p, const char *end, bool *odd)
{
    *odd = false;
    for (;;) {
        p = pass(p, end, TEXT);
        if (p == end || *p == '<' || *p == '&') {
            return p;
        }
        uint32_t n = 1;
        if ((unsigned char)*p >= 0x80) {
            n = wide_at(p, end);
        } else if (*p == ']') {
            n = p + 1 == end ? 0 : p[1] == ']' ? SCAN_BAD : 1;
        } else {
            n = SCAN_BAD;
        }
        *odd = n == SCAN_BAD;
        if (n == 0 || n == SCAN_BAD) {
            return p;
        }
        p += n;
    }
}

/* Line ends before and behind the root. */
static enum xlsx_scan scan_blank(struct xlsx *x, const char *p, const char *end)
{
    const char *from = p;
    while (p < end && (is(*p, BLANK) || *p == '\r')) {
        p++;
    }
    x->scan_at += (uint32_t)(p - from);
    return p > from ? XLSX_SCAN_OK : XLSX_SCAN_OTHER;
}

static enum xlsx_scan scan_text(struct xlsx *x, char *p, const char *end)
{
    bool odd = false;
    char *from = p;
    p = pass_text(p, end, &odd);
    if (p == from) {
        return odd ? XLSX_SCAN_OTHER : XLSX_SCAN_MORE;
    }
    x->scan_at += (uint32_t)(p - from);
    xlsx_on_text(x, from, (int)(p - from));
    return XLSX_SCAN_OK;
}

/* A character by its number, `#65` or `#x41`; 0: none that XML knows. */
static uint32_t numbered(struct str s)
{
    bool hex = s.n > 1 && s.p[1] == 'x';
    uint32_t cp = 0;
    for (uint32_t i = hex ? 2 : 1; i < s.n; i++) {
        char c = s.p[i];
        uint32_t digit = c >= '0' && c <= '9'          ? (uint32_t)(c - '0')
                         : hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : hex && c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                       : 99;
        if (digit == 99 || cp > 0x10ffff) {
            return 0;
        }
        cp = cp * (hex ? 16 : 10) + digit;
    }
    bool control = cp < 0x20 && cp != 9 && cp != 10 && cp != 13;
    return !control && utf8_is_scalar(cp) && cp != 0xfffe && cp != 0xffff ? cp : 0;
}

uint32_t xlsx_entity(struct str name)
{
    static const struct {
        struct str name;
        uint32_t cp;
    } known[] = {{STR_INIT("amp"), '&'},
                 {STR_INIT("lt"), '<'},
                 {STR_INIT("gt"), '>'},
                 {STR_INIT("quot"), '"'},
                 {STR_INIT("apos"), '\''}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_eq(name, known[i].name)) {
            return known[i].cp;
        }
    }
    return name.n > 1 && name.p[0] == '#' ? numbered(name) : 0;
}

static enum xlsx_scan scan_entity(struct xlsx *x, const char *p, const char *end)
{
    uint32_t room = (uint32_t)(end - p);
    uint32_t n = 1;
    while (n < room && n < ENTITY_BYTES && p[n] != ';') {
        n++;
    }
    if (n == room) {
        return XLSX_SCAN_MORE;
    }
    uint32_t cp = p[n] == ';' ? xlsx_entity(str_make(p + 1, n - 1)) : 0;
    char text[UTF8_MAX_BYTES];
    if (cp == 0 || x->depth == 0) {
        return XLSX_SCAN_OTHER;
    }
    x->scan_at += n + 1;
    xlsx_on_text(x, text, (int)utf8_encode(cp, text));
    return XLSX_SCAN_OK;
}

/* ---- tags ----------------------------------------------------------------------------------- */

struct tag {
    char *name;
    char *name_end;
    struct {
        char *name, *name_end, *value, *value_end;
    } attributes[ATTRIBUTES_MAX];
    uint32_t n;
    bool empty;
};

static bool begins_name(char c)
{
    return is(c, NAME) && c != '-' && c != '.' && (c < '0' || c > ':');
}

/* One attribute at *at; OTHER where it is not plain. */
static enum xlsx_scan read_attribute(struct tag *t, char **at, const char *end)
{
    char *name = *at;
    char *name_end = pass(name, end, NAME);
    if (end - name_end < 3) {
        return XLSX_SCAN_MORE;
    }
    char quote = name_end[1];
    if (!begins_name(*name) || *name_end != '=' || (quote != '"' && quote != '\'') ||
        t->n == ATTRIBUTES_MAX) {
        return XLSX_SCAN_OTHER;
    }
    char *value = name_end + 2;
    char *p = value;
    while (p < end && *p != quote && is(*p, VALUE)) {
        p++;
    }
    if (p == end) {
        return XLSX_SCAN_MORE;
    }
    if (*p != quote) {
        return XLSX_SCAN_OTHER;
    }
    for (uint32_t i = 0; i < t->n; i++) { /* twice the same: expat says so */
        size_t n = (size_t)(name_end - name);
        if (*t->attributes[i].name == *name && t->attributes[i].name[n] == '=' &&
            memcmp(t->attributes[i].name, name, n) == 0) {
            return XLSX_SCAN_OTHER;
        }
    }
    t->attributes[t->n].name = name;
    t->attributes[t->n].name_end = name_end;
    t->attributes[t->n].value = value;
    t->attributes[t->n++].value_end = p;
    *at = p + 1;
    return XLSX_SCAN_OK;
}

/* A start tag at p, which is behind its '<'; *after is behind it. */
static enum xlsx_scan read_tag(struct tag *t, char *p, const char *end, char **after)
{
    t->name = p;
    t->n = 0;
    p = pass(p, end, NAME);
    t->name_end = p;
    if (p == end) {
        return XLSX_SCAN_MORE;
    }
    if (!begins_name(*t->name) || p - t->name >= XLSX_NAME_BYTES) {
        return XLSX_SCAN_OTHER;
    }
    for (;;) {
        char *blank = p;
        p = pass(p, end, BLANK);
        t->empty = p < end && *p == '/';
        if (p + t->empty >= end) {
            return XLSX_SCAN_MORE;
        }
        if (p[t->empty] == '>') {
            *after = p + t->empty + 1;
            return XLSX_SCAN_OK;
        }
        enum xlsx_scan got = p > blank ? read_attribute(t, &p, end) : XLSX_SCAN_OTHER;
        if (got != XLSX_SCAN_OK) {
            return got;
        }
    }
}

static void end_element(struct xlsx *x)
{
    struct xlsx_name *top = &x->open[x->depth - 1];
    xlsx_on_end(x, top->text);
    x->root_ended = x->depth == 0;
}

static enum xlsx_scan scan_start(struct xlsx *x, char *p, const char *end)
{
    struct tag t;
    char *after = NULL;
    const char *attributes[2 * ATTRIBUTES_MAX + 1];
    enum xlsx_scan got = read_tag(&t, p + 1, end, &after);
    if (got != XLSX_SCAN_OK || x->root_ended || x->depth == WORKBOOK_XML_DEPTH_MAX) {
        return got == XLSX_SCAN_OK ? XLSX_SCAN_OTHER : got;
    }
    struct xlsx_name *top = &x->open[x->depth];
    top->n = (uint8_t)(t.name_end - t.name);
    memcpy(top->text, t.name, top->n);
    top->text[top->n] = 0;
    for (size_t i = 0; i < t.n; i++) {
        *t.attributes[i].name_end = 0;
        *t.attributes[i].value_end = 0;
        attributes[2 * i] = t.attributes[i].name;
        attributes[2 * i + 1] = t.attributes[i].value;
    }
    attributes[(size_t)2 * t.n] = NULL;
    x->scan_at += (uint32_t)(after - p);
    xlsx_on_start(x, top->text, attributes);
    if (t.empty && x->rc == RC_OK) {
        end_element(x);
    }
    return XLSX_SCAN_OK;
}

static enum xlsx_scan scan_end(struct xlsx *x, const char *p, const char *end)
{
    if (x->depth == 0) {
        return XLSX_SCAN_OTHER;
    }
    const struct xlsx_name *top = &x->open[x->depth - 1];
    if (end - p < top->n + 3) {
        return XLSX_SCAN_MORE;
    }
    uint32_t n = 0;
    while (n < top->n && p[2 + n] == top->text[n]) { /* short: no call is worth it */
        n++;
    }
    if (n < top->n || p[2 + n] != '>') {
        return XLSX_SCAN_OTHER;
    }
    x->scan_at += top->n + 3U;
    end_element(x);
    return XLSX_SCAN_OK;
}

/* ---- the door ------------------------------------------------------------------------------- */

/* The declaration as almost everybody writes it; any other is left to expat, as is its absence. */
static enum xlsx_scan scan_declaration(struct xlsx *x, struct str s)
{
    static const struct str known[] = {
        STR_INIT("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"),
        STR_INIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
        STR_INIT("<?xml version=\"1.0\" encoding=\"utf-8\"?>"),
        STR_INIT("<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"),
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (str_starts(s, known[i])) {
            x->scan_at += known[i].n;
            return XLSX_SCAN_OK;
        }
    }
    return str_starts(s, STR("<?")) || (s.n > 0 && s.p[0] != '<') ? XLSX_SCAN_OTHER : XLSX_SCAN_OK;
}

enum xlsx_scan xlsx_scan(struct xlsx *x)
{
    char *p = x->chunk + x->scan_at;
    char *end = x->chunk + x->scan_n;
    if (!x->scan_begun) {
        x->scan_begun = true;
        return scan_declaration(x, str_make(p, (size_t)(end - p)));
    }
    if (p == end) {
        return XLSX_SCAN_MORE;
    }
    if (*p == '&') {
        return scan_entity(x, p, end);
    }
    if (*p != '<') {
        return x->depth > 0 ? scan_text(x, p, end) : scan_blank(x, p, end);
    }
    if (end - p < 2) {
        return XLSX_SCAN_MORE;
    }
    return p[1] == '/' ? scan_end(x, p, end) : scan_start(x, p, end);
}
