/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What base reads from outside: numbers, dates, UTF-8, GB18030. Whatever is accepted must be
 * well-formed and survive being printed and read again.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/json.h"
#include "base/rat.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_BYTES    ((size_t)64 << 20)
#define SIZE_MAX_TRIED 65536

static void number(struct arena *a, struct str s)
{
    struct rat x;
    struct rat back;
    if (rat_parse_decimal(a, s, &x)) {
        bool exact = false;
        struct str text = rat_dec_str(a, x, LIMIT_RAT_DECIMALS, &exact);
        ASSERT(rat_check(x) && exact);
        ASSERT(rat_parse_decimal(a, text, &back) && rat_eq(x, back));
    }
    if (rat_parse_frac(a, s, &x)) {
        ASSERT(rat_check(x));
        ASSERT(rat_parse_frac(a, rat_frac_str(a, x), &back) && rat_eq(x, back));
        if (!rat_is_inf(x)) {
            ASSERT(rat_cmp(rat_floor(a, x), x) <= 0 && rat_cmp(x, rat_ceil(a, x)) <= 0);
        }
    }
}

static void date(struct str s)
{
    struct date d;
    if (date_parse(s, &d)) {
        char text[DATE_TEXT_BYTES];
        struct date back;
        ASSERT(date_parse(date_text(d, text), &back) && back.days == d.days);
        ASSERT(date_parse(date_text_zh(d, text), &back) && back.days == d.days);
    }
}

static void unicode(struct arena *a, struct str s)
{
    struct str out;
    uint32_t bad_at = 0;
    if (utf8_from_gb18030(a, s, SIZE_MAX_TRIED, &out, NULL) == RC_OK) {
        ASSERT(utf8_valid(out, NULL));
    }
    if (!utf8_valid(s, &bad_at)) {
        ASSERT(bad_at < s.n && utf8_valid(str_sub(s, 0, bad_at), NULL));
        return;
    }
    ASSERT(utf8_count(s) <= s.n && utf8_width(s) <= 2 * utf8_count(s));
    struct str again;
    ASSERT(utf8_nfc(a, s, &out) && utf8_valid(out, NULL));
    ASSERT(utf8_nfc(a, out, &again) && str_eq(out, again));
    struct buf b;
    buf_init(&b, LIMIT_STR_BYTES);
    struct json j;
    json_init(&j, &b, false);
    json_str(&j, s);
    json_end(&j);
    ASSERT(!b.overflow && utf8_valid(buf_view(&b), NULL));
    buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > SIZE_MAX_TRIED) {
        return 0;
    }
    struct arena a;
    arena_init(&a, ARENA_BYTES, "fuzz");
    /* The bytes are read where they lie, so that an overrun is seen. */
    struct str s = str_make((const char *)data, size);
    number(&a, s);
    date(s);
    unicode(&a, s);
    arena_release(&a);
    return 0;
}
