/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growable byte buffer with a hard maximum.
 *
 * Invariants
 *   B1  n <= max <= LIMIT_STR_BYTES; p[n] is NUL whenever p is not NULL.
 *   B2  A write that would pass max (or finds no memory) writes nothing and sets
 *       the sticky `overflow`; later writes do nothing either. Check once, at the end.
 * Ownership: a buf owns its bytes (malloc); buf_release frees them. One made by buf_init_in owns
 * nothing. Views taken with
 * buf_view die with the next write.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

struct buf {
    char *p;
    uint32_t n;
    uint32_t cap;
    uint32_t max;
    bool overflow;
    struct arena *a; /* where the bytes lie; NULL: malloc */
};

/* Empty, allocates nothing. max_bytes <= LIMIT_STR_BYTES. */
void buf_init(struct buf *b, uint32_t max_bytes);
/* The same in an arena, where it is full the work stops: for one that is alive across calls that
 * take an arena (arena.h, A5). */
void buf_init_in(struct buf *b, struct arena *a, uint32_t max_bytes);
void buf_release(struct buf *b);
/* Forgets content and overflow, keeps the memory. */
void buf_clear(struct buf *b);
/* Back to n bytes, n <= b->n. */
void buf_truncate(struct buf *b, uint32_t n);

void buf_put(struct buf *b, const void *p, size_t n);
void buf_puts(struct buf *b, const char *z);
void buf_str(struct buf *b, struct str s);
void buf_putc(struct buf *b, char c);
/* count copies of c */
void buf_fill(struct buf *b, char c, uint32_t count);
/* One code point as UTF-8. Asserts that it is a scalar value. */
void buf_put_cp(struct buf *b, uint32_t cp);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/*
 * text with each {key} replaced by what `value` writes for it; where that gives false (and writes
 * nothing) the braces stay as they are.
 */
typedef bool buf_value_fn(const void *ctx, struct str key, struct buf *out);
void buf_template(struct buf *b, struct str text, buf_value_fn *value, const void *ctx);

/* The content; NUL-terminated. Never has p == NULL. */
struct str buf_view(const struct buf *b);
/*
 * The content in the arena, NUL-terminated; the buf is released, also when the arena is full and
 * stops the work (arena.h, A5).
 */
struct str buf_move(struct arena *a, struct buf *b);

#endif
