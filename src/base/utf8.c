/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 by hand where it is hot, utf8proc for what needs Unicode tables, iconv for GB18030. */
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/err.h"

/*
 * Lead bytes. The range of the second byte does the whole work of refusing overlong
 * forms (E0, F0), surrogates (ED) and what lies above U+10FFFF (F4).
 */
struct lead {
    unsigned char first, last; /* lead bytes of this row */
    unsigned char n;           /* length of the sequence */
    unsigned char lo, hi;      /* of the second byte; the others are 80..BF */
};

static const struct lead leads[] = {
    {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf}, {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

#define LEADS_LEN (sizeof leads / sizeof leads[0])

struct cp_range {
    uint32_t first, last;
};

static bool in_ranges(uint32_t cp, const struct cp_range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (cp >= ranges[i].first && cp <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* Length of the valid sequence at p, 0 when there is none within n bytes. n > 0 */
static uint32_t sequence(const unsigned char *p, uint32_t n)
{
    if (p[0] < 0x80) {
        return 1;
    }
    for (size_t i = 0; i < LEADS_LEN; i++) {
        const struct lead *lead = &leads[i];
        if (p[0] < lead->first || p[0] > lead->last) {
            continue;
        }
        if (n < lead->n || p[1] < lead->lo || p[1] > lead->hi) {
            return 0;
        }
        for (uint32_t k = 2; k < lead->n; k++) {
            if ((p[k] & 0xc0U) != 0x80U) {
                return 0;
            }
        }
        return lead->n;
    }
    return 0;
}

bool utf8_valid(struct str s, uint32_t *bad_at)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (uint32_t at = 0; at < s.n;) {
        uint32_t n = sequence(p + at, s.n - at);
        if (n == 0) {
            if (bad_at != NULL) {
                *bad_at = at;
            }
            return false;
        }
        at += n;
    }
    return true;
}

uint32_t utf8_decode(struct str s, uint32_t at, uint32_t *cp)
{
    ASSERT(at < s.n);
    const unsigned char *p = (const unsigned char *)s.p + at;
    uint32_t n = sequence(p, s.n - at);
    if (n == 0) {
        *cp = UTF8_REPLACEMENT;
        return 1;
    }
    if (n == 1) {
        *cp = p[0];
        return 1;
    }
    uint32_t value = p[0] & (0xffU >> (n + 1));
    for (uint32_t k = 1; k < n; k++) {
        value = value << 6 | (p[k] & 0x3fU);
    }
    *cp = value;
    return n;
}

bool utf8_is_scalar(uint32_t cp)
{
    return cp < 0xd800 || (cp > 0xdfff && cp <= 0x10ffff);
}

uint32_t utf8_encode(uint32_t cp, char out[UTF8_MAX_BYTES])
{
    ASSERT(utf8_is_scalar(cp));
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    uint32_t n = cp < 0x800 ? 2 : (cp < 0x10000 ? 3 : 4);
    for (uint32_t k = n; k-- > 1;) {
        out[k] = (char)(0x80U | (cp & 0x3fU));
        cp >>= 6;
    }
    /* n ones and a zero in front of what is left. */
    out[0] = (char)((0xf00U >> n & 0xffU) | cp);
    return n;
}

uint32_t utf8_count(struct str s)
{
    uint32_t count = 0;
    uint32_t cp = 0;
    for (uint32_t at = 0; at < s.n; at += utf8_decode(s, at, &cp)) {
        count++;
    }
    return count;
}

struct str utf8_cut(struct str s, uint32_t max_bytes)
{
    if (s.n <= max_bytes) {
        return s;
    }
    uint32_t end = max_bytes;
    while (end > 0 && ((unsigned char)s.p[end] & 0xc0U) == 0x80U) {
        end--;
    }
    return str_sub(s, 0, end);
}

struct str utf8_strip_bom(struct str s)
{
    return str_starts(s, STR("\xef\xbb\xbf")) ? str_sub(s, 3, s.n) : s;
}

bool utf8_is_bidi_control(uint32_t cp)
{
    static const struct cp_range ranges[] = {
        {0x061c, 0x061c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
    return in_ranges(cp, ranges, sizeof ranges / sizeof ranges[0]);
}

bool utf8_is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f);
}

bool utf8_is_private(uint32_t cp)
{
    return utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_CO;
}

bool utf8_is_unassigned(uint32_t cp)
{
    return utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_CN;
}

bool utf8_is_han(uint32_t cp)
{
    static const struct cp_range ranges[] = {
        {0x4e00, 0x9fff},   {0x3400, 0x4dbf},   {0x3005, 0x3005},
        {0x3007, 0x3007},   {0xf900, 0xfaff},   {0x20000, 0x2a6df},
        {0x2a700, 0x2ebef}, {0x2f800, 0x2fa1f}, {0x30000, 0x323af},
    };
    return in_ranges(cp, ranges, sizeof ranges / sizeof ranges[0]) && !utf8_is_unassigned(cp);
}

bool utf8_is_alnum(uint32_t cp)
{
    /* The categories from LU to NO are letters, marks and numbers, in this order. */
    _Static_assert(UTF8PROC_CATEGORY_LU == 1 && UTF8PROC_CATEGORY_NO == 11, "order of categories");
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

uint32_t utf8_cp_width(uint32_t cp)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)cp);
    return width > 0 ? (uint32_t)width : 0;
}

uint32_t utf8_width(struct str s)
{
    uint32_t columns = 0;
    for (uint32_t at = 0; at < s.n;) {
        uint32_t cp = 0;
        at += utf8_decode(s, at, &cp);
        columns += utf8_cp_width(cp);
    }
    return columns;
}

static bool is_ascii(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static bool normalise(struct arena *a, struct str s, unsigned options, struct str *out)
{
    ASSERT_SLOW(utf8_valid(s, NULL));
    if (is_ascii(s)) {
        *out = s; /* already normal, and views are immutable */
        return true;
    }
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &mapped,
                                      (utf8proc_option_t)(UTF8PROC_STABLE | options));
    if (n < 0) {
        return false;
    }
    char *copy = arena_try(a, (size_t)n + 1);
    if (copy != NULL) {
        memcpy(copy, mapped, (size_t)n);
        *out = str_make(copy, (size_t)n);
    }
    free(mapped);
    return copy != NULL;
}

bool utf8_nfc(struct arena *a, struct str s, struct str *out)
{
    return normalise(a, s, UTF8PROC_COMPOSE, out);
}

bool utf8_nfkc(struct arena *a, struct str s, struct str *out)
{
    return normalise(a, s, UTF8PROC_COMPOSE | UTF8PROC_COMPAT, out);
}

/* Converts everything in one go; gives the rc, and the number of bytes made in *made. */
static enum rc convert(iconv_t cd, struct str s, char *to, size_t room, size_t *made, struct err *e)
{
    /* iconv takes the input by char ** but does not write to it. */
    union {
        const char *readable;
        char *declared;
    } in = {.readable = s.p};
    size_t in_left = s.n;
    size_t out_left = room;
    size_t rc = iconv(cd, &in.declared, &in_left, &to, &out_left);
    *made = room - out_left;
    if (rc != (size_t)-1) {
        return RC_OK;
    }
    if (errno == E2BIG) {
        return err_set(e, RC_LIMIT, "the converted text is longer than %zu bytes",
                       "转换后的文字超过 %zu 字节", room);
    }
    return err_set(e, RC_ENCODING, "not valid GB18030 at byte %zu",
                   "第 %zu 字节处不是有效的 GB18030", (size_t)s.n - in_left);
}

enum rc utf8_from_gb18030(struct arena *a, struct str s, uint32_t max_bytes, struct str *out,
                          struct err *e)
{
    iconv_t cd = iconv_open("UTF-8", "GB18030");
    if (cd == (iconv_t)-1) { // NOLINT(performance-no-int-to-ptr): the standard's own spelling
        return err_set_errno(e, RC_NO_SUPPORT, "this system cannot convert GB18030",
                             "本机不能转换 GB18030");
    }
    /* One byte becomes one, two become at most three, four become at most four. */
    uint64_t worst = (uint64_t)s.n * 2;
    size_t room = worst < max_bytes ? (size_t)worst : max_bytes;
    char *to = arena_try(a, room + 1);
    size_t made = 0;
    enum rc rc = RC_OK;
    if (to == NULL) {
        rc = err_set(e, RC_LIMIT, "no memory to convert %u bytes", "没有内存转换 %u 字节", s.n);
    } else {
        rc = convert(cd, s, to, room, &made, e);
    }
    (void)iconv_close(cd);
    if (rc == RC_OK) {
        *out = str_make(to, made);
        ASSERT_SLOW(utf8_valid(*out, NULL));
    }
    return rc;
}
