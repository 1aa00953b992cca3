/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the store's own JSON. */
#include "store/wire.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/i128.h"
#include "base/limits.h"

struct wire wire_of(struct str json)
{
    return (struct wire){json.p, json.p + json.n, false, json.n == 0};
}

static bool at(const struct wire *w, char c)
{
    return !w->bad && w->p < w->end && *w->p == c;
}

static bool take(struct wire *w, char c)
{
    if (!at(w, c)) {
        w->bad = true;
        return false;
    }
    w->p++;
    return true;
}

static bool take_word(struct wire *w, const char *word)
{
    size_t n = strlen(word);
    if (w->bad || (size_t)(w->end - w->p) < n || memcmp(w->p, word, n) != 0) {
        return false;
    }
    w->p += n;
    return true;
}

void wire_open(struct wire *w)
{
    w->fresh = take(w, '[');
}

bool wire_more(struct wire *w)
{
    if (at(w, ']')) {
        w->p++;
        w->fresh = false;
        return false;
    }
    if (!w->fresh) {
        (void)take(w, ',');
    }
    w->fresh = false;
    return !w->bad;
}

void wire_close(struct wire *w)
{
    (void)take(w, ']');
    w->fresh = false;
}

bool wire_done(const struct wire *w)
{
    return !w->bad && w->p == w->end;
}

bool wire_null(struct wire *w)
{
    return take_word(w, "null");
}

bool wire_is_text(const struct wire *w)
{
    return at(w, '"');
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind `\u`; only what the writer escapes, which is in the first plane and no surrogate. */
static void unescape_code(struct wire *w, struct buf *out)
{
    uint32_t cp = 0;
    for (int i = 0; i < 4 && !w->bad; i++) {
        int v = w->p < w->end ? hex_value(*w->p) : -1;
        w->bad = v < 0;
        cp = cp << 4 | (uint32_t)(v & 15);
        w->p += !w->bad;
    }
    w->bad |= cp >= 0xd800 && cp < 0xe000;
    if (!w->bad) {
        buf_put_cp(out, cp);
    }
}

static void unescape(struct wire *w, struct buf *out)
{
    static const char plain[] = "\"\\/";
    static const char names[] = "bfnrt";
    static const char values[] = "\b\f\n\r\t";
    w->p++;
    char c = w->p < w->end ? *w->p++ : '\0';
    const char *name = c != '\0' ? strchr(names, c) : NULL;
    if (c != '\0' && strchr(plain, c) != NULL) {
        buf_putc(out, c);
    } else if (name != NULL) {
        buf_putc(out, values[name - names]);
    } else if (c == 'u') {
        unescape_code(w, out);
    } else {
        w->bad = true;
    }
}

static struct str text_with_escapes(struct arena *a, struct wire *w, const char *from)
{
    struct buf b;
    buf_init_in(&b, a, LIMIT_STR_BYTES);
    buf_put(&b, from, (size_t)(w->p - from));
    while (!w->bad && w->p < w->end && *w->p != '"') {
        if (*w->p == '\\') {
            unescape(w, &b);
        } else {
            buf_putc(&b, *w->p++);
        }
    }
    (void)take(w, '"');
    return buf_view(&b);
}

struct str wire_text(struct arena *a, struct wire *w)
{
    if (!take(w, '"')) {
        return STR("");
    }
    const char *from = w->p;
    while (w->p < w->end && *w->p != '"' && *w->p != '\\') {
        w->p++;
    }
    if (at(w, '\\')) {
        return text_with_escapes(a, w, from);
    }
    struct str s = {from, (uint32_t)(w->p - from)};
    return take(w, '"') ? s : STR("");
}

static struct str digits(struct wire *w)
{
    const char *from = w->p;
    while (!w->bad && w->p < w->end && (*w->p == '-' || (*w->p >= '0' && *w->p <= '9'))) {
        w->p++;
    }
    return (struct str){from, (uint32_t)(w->p - from)};
}

int64_t wire_int(struct wire *w)
{
    i128 n = 0;
    if (!i128_parse(digits(w), &n) || n < INT64_MIN || n > INT64_MAX) {
        w->bad = true;
        return 0;
    }
    return (int64_t)n;
}

bool wire_bool(struct wire *w)
{
    if (take_word(w, "true")) {
        return true;
    }
    w->bad |= !take_word(w, "false");
    return false;
}

struct rat wire_rat(struct arena *a, struct wire *w)
{
    struct rat r = rat_zero();
    struct str s = wire_is_text(w) ? wire_text(a, w) : digits(w);
    i128 n = 0;
    if (i128_parse(s, &n)) {
        return rat_i128(a, n);
    }
    if (!rat_parse_frac(a, s, &r) || rat_is_inf(r)) {
        w->bad = true;
        return rat_zero();
    }
    return r;
}
