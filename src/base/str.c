/* SPDX-License-Identifier: Apache-2.0 */
/* Text views: comparison, search, trimming, hashing. Nothing here looks at code points. */
#include "base/str.h"

#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/limits.h"
#include "base/siphash_int.h"

struct str str_make(const char *p, size_t n)
{
    ASSERT(n <= LIMIT_STR_BYTES && (p != NULL || n == 0)); /* S1 */
    return (struct str){p, (uint32_t)n};
}

struct str str_from_cstr(const char *z)
{
    return str_make(z, z == NULL ? 0 : strlen(z));
}

struct str str_dup(struct arena *a, struct str s)
{
    return (struct str){arena_strndup(a, s.p, s.n), s.n};
}

char *str_to_cstr(struct arena *a, struct str s)
{
    return arena_strndup(a, s.p, s.n);
}

struct str str_cat(struct arena *a, struct str x, struct str y)
{
    size_t n = (size_t)x.n + y.n;
    char *p = arena_alloc(a, n + 1);
    if (x.n > 0) {
        memcpy(p, x.p, x.n);
    }
    if (y.n > 0) {
        memcpy(p + x.n, y.p, y.n);
    }
    return str_make(p, n);
}

struct str str_words(struct arena *a, struct str identifier)
{
    char *p = arena_alloc(a, (size_t)identifier.n + 1);
    for (uint32_t i = 0; i < identifier.n; i++) {
        p[i] = (char)(identifier.p[i] == '_' ? ' ' : identifier.p[i]);
    }
    return str_make(p, identifier.n);
}

bool str_eq(struct str x, struct str y)
{
    ASSERT((x.p != NULL || x.n == 0) && (y.p != NULL || y.n == 0)); /* S1 */
    return x.n == y.n && (x.n == 0 || memcmp(x.p, y.p, x.n) == 0);
}

int str_cmp(struct str x, struct str y)
{
    uint32_t n = x.n < y.n ? x.n : y.n;
    int order = n == 0 ? 0 : memcmp(x.p, y.p, n);
    return order != 0 ? order : (x.n > y.n) - (x.n < y.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

uint32_t str_find(struct str s, struct str needle, uint32_t from)
{
    if (from > s.n || needle.n > s.n - from) {
        return STR_NONE;
    }
    if (needle.n == 0) {
        return from;
    }
    /* memchr to the first byte, then compare: needles are short here. */
    uint32_t last = s.n - needle.n;
    for (uint32_t at = from; at <= last; at++) {
        const char *hit = memchr(s.p + at, needle.p[0], (size_t)(last - at) + 1);
        if (hit == NULL) {
            return STR_NONE;
        }
        at = (uint32_t)(hit - s.p);
        if (memcmp(hit, needle.p, needle.n) == 0) {
            return at;
        }
    }
    return STR_NONE;
}

struct str str_sub(struct str s, uint32_t beg, uint32_t end)
{
    end = end > s.n ? s.n : end;
    beg = beg > end ? end : beg;
    /* Adding 0 to a null pointer is undefined in C; S1 allows null for the empty text. */
    return (struct str){s.p == NULL ? NULL : s.p + beg, end - beg};
}

/* What str_trim removes; each is one code point. */
static const struct str blanks[] = {
    STR_INIT(" "),  STR_INIT("\t"), STR_INIT("\n"),     STR_INIT("\r"),
    STR_INIT("\v"), STR_INIT("\f"), STR_INIT("\u3000"), STR_INIT("\u00a0"),
};

#define BLANKS_LEN (sizeof blanks / sizeof blanks[0])

/* Most texts have none, and nearly all of those are told by one byte. */
static bool may_begin_blank(char c)
{
    return (unsigned char)c <= ' ' || c == '\xe3' || c == '\xc2';
}

static bool may_end_blank(char c)
{
    return (unsigned char)c <= ' ' || c == '\x80' || c == '\xa0';
}

static uint32_t blank_at_start(struct str s)
{
    for (size_t i = 0; i < BLANKS_LEN; i++) {
        if (str_starts(s, blanks[i])) {
            return blanks[i].n;
        }
    }
    return 0;
}

static uint32_t blank_at_end(struct str s)
{
    for (size_t i = 0; i < BLANKS_LEN; i++) {
        if (str_ends(s, blanks[i])) {
            return blanks[i].n;
        }
    }
    return 0;
}

struct str str_trim(struct str s)
{
    uint32_t n = 1;
    while (s.n > 0 && may_begin_blank(s.p[0]) && (n = blank_at_start(s)) > 0) {
        s = str_sub(s, n, s.n);
    }
    while (s.n > 0 && may_end_blank(s.p[s.n - 1]) && (n = blank_at_end(s)) > 0) {
        s = str_sub(s, 0, s.n - n);
    }
    return s;
}

bool str_split(struct str *rest, char sep, struct str *part)
{
    if (rest->p == NULL) {
        return false;
    }
    const char *hit = rest->n == 0 ? NULL : memchr(rest->p, sep, rest->n);
    if (hit == NULL) {
        *part = *rest;
        *rest = (struct str){NULL, 0}; /* the last part was given */
        return true;
    }
    uint32_t at = (uint32_t)(hit - rest->p);
    *part = str_sub(*rest, 0, at);
    *rest = str_sub(*rest, at + 1, rest->n);
    return true;
}

uint64_t str_hash(struct str s)
{
    return siphash13(s.p, s.n);
}
