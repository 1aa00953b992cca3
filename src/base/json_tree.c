/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON into a tree. */
#include "base/json_tree.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/i128.h"
#include "base/limits.h"
#include "base/utf8.h"

/* `bad` is sticky: everything after it is empty. */
struct reader {
    struct arena *a;
    const char *p, *end;
    bool bad;
    uint32_t depth;
};

static void spaces(struct reader *r)
{
    while (r->p < r->end && memchr(" \t\r\n", *r->p, 4) != NULL) {
        r->p++;
    }
}

static bool at(const struct reader *r, char c)
{
    return !r->bad && r->p < r->end && *r->p == c;
}

static bool take(struct reader *r, char c)
{
    r->bad |= !at(r, c);
    r->p += !r->bad;
    return !r->bad;
}

static bool take_word(struct reader *r, const char *word)
{
    size_t n = strlen(word);
    bool there = !r->bad && (size_t)(r->end - r->p) >= n && memcmp(r->p, word, n) == 0;
    r->p += there ? n : 0;
    return there;
}

/* ---- texts ---------------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static uint32_t four_digits(struct reader *r)
{
    uint32_t n = 0;
    for (int i = 0; i < 4 && !r->bad; i++) {
        int v = r->p < r->end ? hex_value(*r->p) : -1;
        r->bad = v < 0;
        n = n << 4 | (uint32_t)(v & 15);
        r->p += !r->bad;
    }
    return n;
}

/* Beyond the first plane a code is written as two, the first of D800..DBFF. */
static void unescape_code(struct reader *r, struct buf *out)
{
    uint32_t cp = four_digits(r);
    if (cp >= 0xd800 && cp < 0xdc00) {
        uint32_t low = take(r, '\\') && take(r, 'u') ? four_digits(r) : 0;
        r->bad |= low < 0xdc00 || low >= 0xe000;
        cp = 0x10000 + ((cp - 0xd800) << 10 | ((low - 0xdc00) & 0x3ff));
    }
    r->bad |= !utf8_is_scalar(cp);
    if (!r->bad) {
        buf_put_cp(out, cp);
    }
}

static void unescape(struct reader *r, struct buf *out)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    r->p++;
    char c = r->p < r->end ? *r->p++ : '\0';
    const char *name = c != '\0' ? strchr(names, c) : NULL;
    if (name != NULL) {
        buf_putc(out, values[name - names]);
    } else if (c == 'u') {
        unescape_code(r, out);
    } else {
        r->bad = true;
    }
}

static struct str text_with_escapes(struct reader *r, const char *from)
{
    struct buf b;
    buf_init_in(&b, r->a, LIMIT_STR_BYTES);
    buf_put(&b, from, (size_t)(r->p - from));
    while (!r->bad && r->p < r->end && *r->p != '"') {
        if (*r->p == '\\') {
            unescape(r, &b);
        } else {
            r->bad = (unsigned char)*r->p < 0x20;
            buf_putc(&b, *r->p++);
        }
    }
    (void)take(r, '"');
    return buf_view(&b);
}

static struct str text(struct reader *r)
{
    if (!take(r, '"')) {
        return STR("");
    }
    const char *from = r->p;
    while (r->p < r->end && *r->p != '"' && *r->p != '\\' && (unsigned char)*r->p >= 0x20) {
        r->p++;
    }
    if (at(r, '\\')) {
        return text_with_escapes(r, from);
    }
    struct str s = {from, (uint32_t)(r->p - from)};
    return take(r, '"') ? s : STR("");
}

/* ---- values --------------------------------------------------------------------------------- */

static int64_t number(struct reader *r)
{
    const char *from = r->p;
    i128 n = 0;
    while (r->p < r->end && (*r->p == '-' || (*r->p >= '0' && *r->p <= '9'))) {
        r->p++;
    }
    bool whole = i128_parse((struct str){from, (uint32_t)(r->p - from)}, &n);
    r->bad |= !whole || n < INT64_MIN || n > INT64_MAX;
    return r->bad ? 0 : (int64_t)n;
}

static void value(struct reader *r, struct json_value *out);

/* Items or members up to the closing bracket. */
// A level of nesting is a level of calls, bounded by JT3: NOLINTNEXTLINE(misc-no-recursion)
static void members(struct reader *r, char close, struct json_value *out)
{
    const struct json_value **link = &out->first;
    r->p++;
    r->bad |= ++r->depth > LIMIT_JSON_DEPTH;
    spaces(r);
    while (!r->bad && !at(r, close)) {
        struct json_value *v = ARENA_NEW(r->a, struct json_value);
        if (out->first != NULL && take(r, ',')) {
            spaces(r);
        }
        if (close == '}') {
            v->key = text(r);
            spaces(r);
            (void)take(r, ':');
            spaces(r);
        }
        value(r, v);
        spaces(r);
        *link = v;
        link = &v->next;
    }
    (void)take(r, close);
    r->depth--;
}

// See above: NOLINTNEXTLINE(misc-no-recursion)
static void value(struct reader *r, struct json_value *out)
{
    if (at(r, '{') || at(r, '[')) {
        out->sort = at(r, '{') ? JSON_OBJECT : JSON_ARRAY;
        members(r, out->sort == JSON_OBJECT ? '}' : ']', out);
    } else if (at(r, '"')) {
        out->sort = JSON_TEXT;
        out->text = text(r);
    } else if (take_word(r, "null")) {
        out->sort = JSON_NULL;
    } else if (take_word(r, "true")) {
        out->sort = JSON_BOOL;
        out->n = 1;
    } else if (take_word(r, "false")) {
        out->sort = JSON_BOOL;
    } else {
        out->sort = JSON_INT;
        out->n = number(r);
    }
}

const struct json_value *json_read(struct arena *a, struct str from)
{
    if (from.n == 0) { /* then from.p may be NULL */
        return NULL;
    }
    struct reader r = {.a = a, .p = from.p, .end = from.p + from.n};
    struct json_value *v = ARENA_NEW(a, struct json_value);
    spaces(&r);
    value(&r, v);
    spaces(&r);
    return r.bad || r.p != r.end ? NULL : v;
}

/* ---- looking -------------------------------------------------------------------------------- */

const struct json_value *json_get(const struct json_value *object, const char *key)
{
    struct str want = str_from_cstr(key);
    const struct json_value *v = object && object->sort == JSON_OBJECT ? object->first : NULL;
    while (v && !str_eq(v->key, want)) {
        v = v->next;
    }
    return v;
}

struct str json_text(const struct json_value *v)
{
    return v && v->sort == JSON_TEXT ? v->text : STR("");
}

struct date json_day(const struct json_value *v, bool *bad)
{
    struct date day = DATE_MIN;
    *bad |= v != NULL && !date_parse(json_text(v), &day);
    return day;
}

int64_t json_number(const struct json_value *v)
{
    return v && v->sort == JSON_INT ? v->n : 0;
}

bool json_truth(const struct json_value *v)
{
    return v && v->sort == JSON_BOOL && v->n == 1;
}

const struct json_value *json_items(const struct json_value *v)
{
    return v && v->sort == JSON_ARRAY ? v->first : NULL;
}

uint32_t json_count(const struct json_value *v)
{
    uint32_t n = 0;
    for (const struct json_value *x = json_items(v); x; x = x->next) {
        n++;
    }
    return n;
}
