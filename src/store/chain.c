/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The canonical bytes of commits (docs/internals/book.md, "The chain"). Two steps, so that the
 * large one, over the content, is done by the callers at the same time and the small one by the
 * writer alone:
 *     content = SM3( actor act token note subjects files { area unit what status source grade
 *                    layout body }... )
 *     hash    = SM3( "tizhi-book-1" book seq at content { recorded }... prev )
 * each value as a netstring.
 */
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "store/store_int.h"

#define CHAIN_TAG     "tizhi-book-1"
#define ZONE_SECONDS  28800 /* UTC+8 */
#define DAY_SECONDS   86400
#define BOOK_ID_BYTES 16

static const char hex_digits[] = "0123456789abcdef";

static void to_hex(const uint8_t *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = hex_digits[bytes[i] >> 4];
        out[2 * i + 1] = hex_digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
}

struct str store_hex_str(const struct store_hex *h)
{
    return str_from_cstr(h->z);
}

bool store_hash(struct str bytes, struct store_hex *out)
{
    uint8_t raw[SM3_BYTES];
    if (!sm3(bytes, raw)) {
        return false;
    }
    to_hex(raw, SM3_BYTES, out->z);
    return true;
}

struct store_hex store_hash_none(void)
{
    struct store_hex h;
    memset(h.z, '0', STORE_HASH_CHARS);
    h.z[STORE_HASH_CHARS] = '\0';
    return h;
}

void chain_put(struct buf *b, struct str s)
{
    buf_printf(b, "%u:", s.n);
    buf_str(b, s);
    buf_putc(b, ',');
}

void chain_put_n(struct buf *b, int64_t n)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%lld", (long long)n);
    chain_put(b, str_make(text, (size_t)len));
}

void chain_content_begin(struct buf *b, const struct chain_content *c)
{
    chain_put(b, c->actor);
    chain_put(b, c->act);
    chain_put(b, c->token);
    chain_put(b, c->note);
    chain_put(b, c->subjects);
    chain_put(b, c->files);
}

void chain_content_parcel(struct buf *b, const struct store_parcel *p, struct str layout_hash)
{
    chain_put(b, p->area);
    chain_put(b, p->unit);
    chain_put(b, str_from_cstr(store_sort_text(p->what)));
    chain_put(b, str_from_cstr(store_status_text(p->status)));
    chain_put(b, p->source);
    chain_put(b, (struct str){&p->grade, p->grade != 0});
    chain_put(b, layout_hash);
    chain_put(b, p->body);
}

void chain_event_begin(struct buf *b, struct str book, int64_t seq, int64_t at, struct str content)
{
    chain_put(b, STR(CHAIN_TAG));
    chain_put(b, book);
    chain_put_n(b, seq);
    chain_put_n(b, at);
    chain_put(b, content);
}

void chain_event_parcel(struct buf *b, struct date recorded)
{
    chain_put_n(b, recorded.days);
}

void chain_event_end(struct buf *b, struct str prev)
{
    chain_put(b, prev);
}

struct date store_day(int64_t at)
{
    int64_t seconds = at / US_PER_SECOND + ZONE_SECONDS;
    ASSERT(at >= 0);
    return (struct date){(int32_t)(seconds / DAY_SECONDS)};
}

enum rc store_new_id(char out[STORE_BOOK_BYTES], struct err *e)
{
    uint8_t raw[BOOK_ID_BYTES];
    if (RAND_bytes(raw, sizeof raw) != 1) {
        return err_set(e, RC_IO, "the system gives no random numbers", "系统未能提供随机数");
    }
    to_hex(raw, sizeof raw, out);
    return RC_OK;
}

static const char *const sorts[] = {
#define STORE_SORT(name, text) text,
#include "store/sort.def"
};

_Static_assert(sizeof sorts / sizeof sorts[0] == STORE__SORTS, "one text per sort");

static const char *const statuses[] = {"accepted", "submitted", "returned", "draft", "withdrawn"};

_Static_assert(sizeof statuses / sizeof statuses[0] == ROW_WITHDRAWN + 1, "one text per status");

const char *store_sort_text(enum store_sort s)
{
    ASSERT((unsigned)s < STORE__SORTS);
    return sorts[s];
}

const char *store_status_text(enum row_status s)
{
    ASSERT((unsigned)s <= ROW_WITHDRAWN);
    return statuses[s];
}

static bool find_text(const char *const *texts, uint32_t n, struct str text, uint32_t *out)
{
    for (*out = 0; *out < n; (*out)++) {
        if (str_eq(text, str_from_cstr(texts[*out]))) {
            return true;
        }
    }
    return false;
}

bool store_sort_of(struct str text, enum store_sort *out)
{
    uint32_t i = 0;
    bool found = find_text(sorts, STORE__SORTS, text, &i);
    *out = found ? (enum store_sort)i : STORE_FACT;
    return found;
}

bool store_status_of(struct str text, enum row_status *out)
{
    uint32_t i = 0;
    bool found = find_text(statuses, ROW_WITHDRAWN + 1, text, &i);
    *out = found ? (enum row_status)i : ROW_DRAFT;
    return found;
}
