/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arenas: memory with one lifetime, released at once.
 *
 * A function that allocates its result takes `struct arena *a` first; one that
 * does not take an arena does not allocate.
 *
 * Invariants
 *   A1  Every pointer handed out is 16-byte aligned and its bytes are zero.
 *   A2  used_bytes is the sum of all requests alive (rounded up to 16) and never
 *       exceeds limit_bytes.
 *   A3  Nothing moves: a pointer stays valid until arena_release, or until
 *       arena_rewind to a mark taken before it was handed out.
 *   A4  A request for 0 bytes gives a valid unique pointer.
 *
 * Two ways to ask. `arena_alloc` is for sizes the code bounds: when memory or the
 * limit runs out it prints a report and aborts. `arena_try` is for sizes the input
 * controls: it returns NULL, sets the sticky `failed`, and the caller answers RC_LIMIT.
 *
 * Build option arena=malloc gives every request its own malloc, so that address
 * sanitizer sees overruns; otherwise the unused tail of a block is poisoned.
 *
 * Threads: an arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define ARENA_ALIGN 16

struct arena_block; /* private */

struct arena {
    struct arena_block *head; /* newest block */
    size_t used_bytes;
    size_t limit_bytes;
    const char *name; /* for reports; must outlive the arena */
    bool failed;      /* an arena_try was refused; cleared by arena_init only */
};

/* A point to come back to. Marks nest: rewind in reverse order of taking. */
struct arena_mark {
    struct arena_block *head;
    size_t head_used;
    size_t used_bytes;
};

/* An empty arena; owns nothing yet. limit_bytes > 0. */
void arena_init(struct arena *a, size_t limit_bytes, const char *name);

/* n zeroed bytes, or abort with a report. Never NULL. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));

/* n zeroed bytes, or NULL when the limit would be passed or memory is out. */
NODISCARD void *arena_try(struct arena *a, size_t n);

/*
 * Grows the allocation p of old_n bytes to new_n > old_n: in place when p is the newest
 * one, else a copy (the old bytes stay until release). The new bytes are zero. NULL
 * on limit, p stays valid. p may be NULL when old_n is 0.
 */
NODISCARD void *arena_try_grow(struct arena *a, void *p, size_t old_n, size_t new_n);

struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);

/* Frees everything; the arena can be used again with the same limit. */
void arena_release(struct arena *a);

size_t arena_used(const struct arena *a);

/* A NUL-terminated copy of n bytes. Aborts like arena_alloc. */
char *arena_strndup(struct arena *a, const char *p, size_t n) __attribute__((returns_nonnull));

/* n elements of size bytes with a checked product; the macros below wrap these. */
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull));
NODISCARD void *arena_try_array(struct arena *a, size_t n, size_t size);

#define ARENA_NEW(a, T)          ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n)     ((T *)arena_array((a), (n), sizeof(T)))
#define ARENA_TRY_ARRAY(a, T, n) ((T *)arena_try_array((a), (n), sizeof(T)))

#endif
