/* SPDX-License-Identifier: Apache-2.0 */
/* Growable byte buffer; see buf.h for the overflow rule. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/utf8.h"

void buf_init(struct buf *b, uint32_t max_bytes)
{
    ASSERT(max_bytes <= LIMIT_STR_BYTES);
    *b = (struct buf){.max = max_bytes};
}

void buf_init_in(struct buf *b, struct arena *a, uint32_t max_bytes)
{
    buf_init(b, max_bytes);
    b->a = a;
}

void buf_release(struct buf *b)
{
    if (b->a == NULL) {
        free(b->p);
    }
    *b = (struct buf){.max = b->max, .a = b->a};
}

static char *grown(struct buf *b, uint32_t cap)
{
    if (b->a == NULL) {
        return FAULT(BUF) ? NULL : realloc(b->p, cap);
    }
    char *p = arena_try_grow(b->a, b->p, b->cap, cap);
    if (p == NULL) {
        arena_stop(b->a, RC_NO_MEMORY);
    }
    return p;
}

void buf_clear(struct buf *b)
{
    b->overflow = false;
    buf_truncate(b, 0);
}

void buf_truncate(struct buf *b, uint32_t n)
{
    ASSERT(n <= b->n);
    b->n = n;
    if (b->p != NULL) {
        b->p[n] = '\0';
    }
}

/* Room for extra bytes and the NUL behind them. Sets overflow and gives false otherwise (B2). */
static bool reserve(struct buf *b, size_t extra)
{
    if (b->overflow || extra > b->max - b->n) {
        b->overflow = true;
        return false;
    }
    uint32_t need = b->n + (uint32_t)extra + 1;
    if (need <= b->cap) {
        return true;
    }
    uint32_t cap = b->cap == 0 ? SIZE_BUF_INITIAL : b->cap;
    while (cap < need) {
        cap *= 2; /* cannot wrap: need <= 2^31 */
    }
    char *p = grown(b, cap);
    if (p == NULL) {
        b->overflow = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    b->p[b->n] = '\0';
    return true;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
    if (!reserve(b, n)) {
        return;
    }
    if (n > 0) {
        memcpy(b->p + b->n, p, n);
    }
    b->n += (uint32_t)n;
    b->p[b->n] = '\0';
}

void buf_puts(struct buf *b, const char *z)
{
    buf_put(b, z, strlen(z));
}

void buf_str(struct buf *b, struct str s)
{
    buf_put(b, s.p, s.n);
}

void buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void buf_fill(struct buf *b, char c, uint32_t count)
{
    if (!reserve(b, count)) {
        return;
    }
    memset(b->p + b->n, c, count);
    b->n += count;
    b->p[b->n] = '\0';
}

void buf_put_cp(struct buf *b, uint32_t cp)
{
    char bytes[UTF8_MAX_BYTES];
    buf_put(b, bytes, utf8_encode(cp, bytes));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    ASSERT(n >= 0); /* formats are ours and hold no wide characters */
    if (reserve(b, (size_t)n)) {
        (void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (uint32_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

void buf_template(struct buf *b, struct str text, buf_value_fn *value, const void *ctx)
{
    while (text.n > 0) {
        uint32_t open = str_find(text, STR("{"), 0);
        uint32_t close = open == STR_NONE ? STR_NONE : str_find(text, STR("}"), open);
        if (close == STR_NONE) {
            buf_str(b, text);
            return;
        }
        buf_str(b, str_sub(text, 0, open));
        bool known = value(ctx, str_sub(text, open + 1, close), b);
        if (!known) {
            buf_putc(b, '{');
        }
        text = str_sub(text, known ? close + 1 : open + 1, text.n);
    }
}

struct str buf_view(const struct buf *b)
{
    return b->p == NULL ? STR("") : (struct str){b->p, b->n};
}

struct str buf_move(struct arena *a, struct buf *b)
{
    uint32_t n = b->n;
    char *copy = arena_try(a, (size_t)n + 1);
    if (copy != NULL && n > 0) {
        memcpy(copy, b->p, n);
    }
    buf_release(b);
    if (copy == NULL) {
        arena_stop(a, RC_NO_MEMORY);
    }
    return str_make(copy, n);
}
