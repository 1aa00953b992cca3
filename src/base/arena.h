/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arenas: memory with one lifetime, released at once.
 *
 * A function that allocates its result takes `struct arena *a` first; one that
 * does not take an arena does not allocate.
 *
 * Invariants
 *   A1  Every pointer handed out is 16-byte aligned and its bytes are zero (but of arena_raw).
 *   A2  used_bytes is the sum of all requests alive (rounded up to 16); with lent_bytes it never
 *       exceeds limit_bytes.
 *   A3  Nothing moves: a pointer stays valid until arena_release, or until
 *       arena_rewind to a mark taken before it was handed out.
 *   A4  A request for 0 bytes gives a valid unique pointer.
 *   A5  Below arena_run nobody holds anything but memory of arenas across a call that takes an
 *       arena: no open file, no buf, no integer of GMP, no lock. What must be held lies in the
 *       ctx of arena_run, whose owner lets go of it. So that stopping loses nothing.
 *
 * Two ways to ask. `arena_alloc` never gives NULL: when memory or the limit runs out it stops the
 * work, back to the newest arena_run of this arena; without one it prints a report and aborts.
 * `arena_try` is for code that holds something (A5): it returns NULL, sets the sticky `failed`,
 * and the caller lets go and answers RC_LIMIT. docs/decisions/0005-memory.md says why.
 *
 * Arenas within one budget (arena_init_within) share its limit and nothing else: each stops on its
 * own, and belongs to a thread of its own.
 *
 * An arena below another one (arena_init_below) shares its limit and its recovery: what is asked of
 * either counts for both. It is released on its own, before the other one.
 *
 * Build option arena=malloc gives every request its own malloc, so that address
 * sanitizer sees overruns; otherwise the unused tail of a block is poisoned.
 *
 * Threads: an arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"

#define ARENA_ALIGN 16

/* What several arenas may take together. */
struct arena_budget {
    size_t limit_bytes;
    _Atomic size_t used_bytes;
};

struct arena_block;    /* private */
struct arena_recovery; /* private */

struct arena {
    struct arena_block *head;  /* newest block */
    struct arena_block *spare; /* the largest one given back by a rewind, or NULL */
    size_t used_bytes;
    size_t lent_bytes; /* used by arenas below this one */
    size_t limit_bytes;
    struct arena_budget *budget;     /* that limit_bytes is of, or NULL */
    struct arena *above;             /* whose limit and recovery count, or NULL */
    const char *name;                /* for reports; must outlive the arena */
    bool failed;                     /* a request was refused; cleared by arena_init only */
    struct arena_recovery *recovery; /* the newest arena_run */
};

/*
 * From now on blocks of so many bytes go back to the system when they are dropped; by itself the C
 * library raises its bound with each that was. For a program that runs for months; of the whole
 * process.
 */
void arena_give_back(int bytes);
/* All that is free now goes back; after much was released, since it takes some milliseconds. */
void arena_give_all_back(void);

/* A point to come back to. Marks nest: rewind in reverse order of taking. */
struct arena_mark {
    struct arena_block *head;
    size_t head_used;
    size_t used_bytes;
};

/* An empty arena; owns nothing yet. limit_bytes > 0. */
void arena_init(struct arena *a, size_t limit_bytes, const char *name);

/* The same within a budget, which must outlive it. */
void arena_init_within(struct arena *a, struct arena_budget *budget, const char *name);

/* An empty arena below `above`, which itself is below none and must outlive it. */
void arena_init_below(struct arena *a, struct arena *above, const char *name);

/*
 * fn(ctx), to its end or until the arena stops it. RC_OK; RC_NO_MEMORY when a request found no
 * room; or the code given to arena_stop. Then the arena holds all it held, and may be rewound or
 * released; what fn was writing is unfinished. Runs nest.
 */
NODISCARD enum rc arena_run(struct arena *a, void (*fn)(void *ctx), void *ctx);
/*
 * The same for work that takes from two arenas, either of which may stop it: that of a request,
 * say, and that of what it reads with. Runs of `inner` that a stop of `outer` has left are over.
 */
NODISCARD enum rc arena_run_two(struct arena *outer, struct arena *inner, void (*fn)(void *ctx),
                                void *ctx);
/* Stops the work below the newest arena_run; without one, aborts with a report. A5 holds here. */
NORETURN void arena_stop(struct arena *a, enum rc rc);

/* n zeroed bytes, or the work stops. Never NULL. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull));

/*
 * Takes over all memory of another arena, which is empty afterwards; pointers into it stay valid. A
 * mark of `a` taken before gives it back, too. false, and nothing is done, when the limit would be
 * passed. Not for arenas that have others below.
 */
NODISCARD bool arena_adopt(struct arena *a, struct arena *from);

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

/* A NUL-terminated copy of n bytes. Stops like arena_alloc. */
char *arena_strndup(struct arena *a, const char *p, size_t n) __attribute__((returns_nonnull));

/* n elements of size bytes with a checked product; the macros below wrap these. */
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull));
NODISCARD void *arena_try_array(struct arena *a, size_t n, size_t size);

/* The same, for who writes all of it before anything is read: what the bytes hold is not said. */
void *arena_raw(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull));

#define ARENA_NEW(a, T)          ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n)     ((T *)arena_array((a), (n), sizeof(T)))
#define ARENA_TRY_ARRAY(a, T, n) ((T *)arena_try_array((a), (n), sizeof(T)))
#define ARENA_RAW(a, T, n)       ((T *)arena_raw((a), (n), sizeof(T)))

#endif
