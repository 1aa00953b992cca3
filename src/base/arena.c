/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arenas as a stack of blocks, newest first. Requests are cut from the newest block only, so
 * that rewinding is dropping blocks; the tail of an older block is given up.
 *
 * With TIZHI_ARENA_MALLOC each block holds exactly one request.
 */
#include "base/arena.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "base/fault.h"
#include "base/limits.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

#ifdef TIZHI_ARENA_MALLOC
#define ONE_REQUEST_PER_BLOCK true
#else
#define ONE_REQUEST_PER_BLOCK false
#endif

/* The header is a multiple of ARENA_ALIGN, so data behind it is aligned (A1). */
struct arena_block {
    struct arena_block *prev;
    size_t cap;   /* data bytes; one request per block: what it takes, rounded */
    size_t used;  /* handed out, a multiple of ARENA_ALIGN */
    size_t dirty; /* bytes from here on are still zero from calloc */
};

_Static_assert(sizeof(struct arena_block) % ARENA_ALIGN == 0, "A1 needs an aligned header");

static char *block_data(struct arena_block *b)
{
    return (char *)(b + 1);
}

/* What a request of n bytes takes: rounded up, never 0 (A4). false when that overflows. */
static bool rounded(size_t n, size_t *out)
{
    if (n > SIZE_MAX - ARENA_ALIGN) {
        return false;
    }
    *out = n == 0 ? ARENA_ALIGN : (n + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    return true;
}

#define HUGE_PAGE ((size_t)2 << 20)

/* Large blocks are filled from end to end: the system may give them in large pages. */
static void advise(const struct arena_block *b, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    uintptr_t from = ((uintptr_t)b + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    uintptr_t to = ((uintptr_t)b + bytes) / HUGE_PAGE * HUGE_PAGE;
    if (from < to) {
        /* A wish: whether it is granted makes no difference but in speed. */
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE); // NOLINT(performance-no-int-to-ptr)
    }
#else
    (void)b;
    (void)bytes;
#endif
}

void arena_give_back(int bytes)
{
    (void)mallopt(M_MMAP_THRESHOLD, bytes);
}

void arena_give_all_back(void)
{
    (void)malloc_trim(0);
}

/* Work that begins anew from a mark uses its block again: fresh ones must be cleared whole. */
static struct arena_block *spare_take(struct arena *a, size_t need)
{
    struct arena_block *b = a->spare;
    if (b == NULL || b->cap < need) {
        return NULL;
    }
    a->spare = NULL;
    b->used = 0;
    b->prev = a->head;
    a->head = b;
    return b;
}

static void spare_drop(struct arena *a)
{
    free(a->spare); /* the sanitizer takes poisoned memory back */
    a->spare = NULL;
}

static struct arena_block *block_push(struct arena *a, size_t need, size_t exact)
{
    size_t cap = exact;
    if (spare_take(a, need) != NULL) {
        return a->head;
    }
    if (!ONE_REQUEST_PER_BLOCK) {
        cap = a->head == NULL ? (size_t)SIZE_ARENA_BLOCK : a->head->cap * 2;
        cap = cap > (size_t)SIZE_ARENA_BLOCK_MAX ? (size_t)SIZE_ARENA_BLOCK_MAX : cap;
        cap = cap < need ? need : cap;
    }
    if (cap > SIZE_MAX - sizeof(struct arena_block)) {
        return NULL;
    }
    struct arena_block *b = calloc(1, sizeof *b + cap);
    if (b == NULL) {
        return NULL;
    }
    if (cap >= 2 * HUGE_PAGE) {
        advise(b, sizeof *b + cap);
    }
    b->cap = ONE_REQUEST_PER_BLOCK ? need : cap;
    b->prev = a->head;
    a->head = b;
    POISON(block_data(b), cap);
    return b;
}

/* Whose limit and recovery count. */
static struct arena *top_of(struct arena *a)
{
    return a->above != NULL ? a->above : a;
}

/* Takes n bytes from the limit (A2); false: there are not so many. */
static bool reserve(struct arena *a, size_t n)
{
    struct arena *top = top_of(a);
    if (top->budget == NULL) {
        return n <= top->limit_bytes - top->used_bytes - top->lent_bytes;
    }
    size_t used = atomic_load_explicit(&top->budget->used_bytes, memory_order_relaxed);
    do {
        if (n > top->budget->limit_bytes - used) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&top->budget->used_bytes, &used, used + n,
                                                    memory_order_relaxed, memory_order_relaxed));
    return true;
}

static void unreserve(struct arena *a, size_t n)
{
    struct arena *top = top_of(a);
    if (top->budget != NULL) {
        (void)atomic_fetch_sub_explicit(&top->budget->used_bytes, n, memory_order_relaxed);
    }
}

/* What was reserved is used: here and above. */
static void count_taken(struct arena *a, size_t n)
{
    a->used_bytes += n;
    if (a->above != NULL) {
        a->above->lent_bytes += n;
    }
}

static void count_given_back(struct arena *a, size_t now_used)
{
    unreserve(a, a->used_bytes - now_used);
    if (a->above != NULL) {
        a->above->lent_bytes -= a->used_bytes - now_used;
    }
    a->used_bytes = now_used;
}

static void refused(struct arena *a)
{
    a->failed = true;
    top_of(a)->failed = true;
}

/* Cuts the exact bytes, which take `need`, from the newest block. They must fit. raw: A1. */
static void *block_take(struct arena *a, size_t need, size_t exact, bool raw)
{
    struct arena_block *b = a->head;
    ASSERT(b->cap - b->used >= need);
    char *p = block_data(b) + b->used;
    UNPOISON(p, exact);
    if (raw) {
#ifdef TIZHI_SLOW_ASSERTS
        memset(p, 0xa5, exact); /* whoever reads what nobody wrote is found out */
#endif
    } else if (b->dirty > b->used) {
        size_t old = b->dirty - b->used;
        memset(p, 0, old < exact ? old : exact);
    }
    b->used += need;
    b->dirty = b->dirty < b->used ? b->used : b->dirty;
    count_taken(a, need);
    return p;
}

static void *take(struct arena *a, size_t n, bool raw)
{
    size_t need = 0;
    if (!rounded(n, &need) || !reserve(a, need)) {
        return NULL;
    }
    bool fits = !ONE_REQUEST_PER_BLOCK && a->head != NULL && a->head->cap - a->head->used >= need;
    if (!fits && block_push(a, need, n) == NULL) {
        unreserve(a, need);
        return NULL;
    }
    return block_take(a, need, n, raw);
}

void arena_init(struct arena *a, size_t limit_bytes, const char *name)
{
    ASSERT(limit_bytes > 0);
    *a = (struct arena){.limit_bytes = limit_bytes, .name = name};
}

void arena_init_within(struct arena *a, struct arena_budget *budget, const char *name)
{
    arena_init(a, budget->limit_bytes, name);
    a->budget = budget;
}

void arena_init_below(struct arena *a, struct arena *above, const char *name)
{
    ASSERT(above->above == NULL);
    *a = (struct arena){.limit_bytes = above->limit_bytes, .above = above, .name = name};
}

struct arena_recovery {
    jmp_buf env;
    enum rc why;
    struct arena_recovery *outer;
};

enum rc arena_run(struct arena *a, void (*fn)(void *ctx), void *ctx)
{
    ASSERT(a->above == NULL);
    struct arena_recovery here = {.why = RC_OK, .outer = a->recovery};
    a->recovery = &here;
    if (setjmp(here.env) == 0) {
        fn(ctx);
    }
    a->recovery = here.outer;
    return here.why;
}

struct run_in {
    struct arena *a;
    void (*fn)(void *ctx);
    void *ctx;
    enum rc rc;
};

static void run_in(void *ctx)
{
    struct run_in *in = ctx;
    in->rc = arena_run(in->a, in->fn, in->ctx);
}

enum rc arena_run_two(struct arena *outer, struct arena *inner, void (*fn)(void *ctx), void *ctx)
{
    struct run_in in = {.a = inner, .fn = fn, .ctx = ctx};
    struct arena_recovery *before = inner->recovery;
    enum rc rc = arena_run(outer, run_in, &in);
    inner->recovery = before;
    return rc != RC_OK ? rc : in.rc;
}

void arena_stop(struct arena *a, enum rc rc)
{
    ASSERT(rc != RC_OK);
    struct arena_recovery *to = top_of(a)->recovery;
    if (to == NULL) {
        assert_fail_memory(a->name, rc_text_en(rc), a->limit_bytes);
    }
    to->why = rc;
    longjmp(to->env, 1);
}

static void *take_or_stop(struct arena *a, size_t n, bool raw)
{
    /* Without a recovery an injected failure would only be an abort. */
    void *p = top_of(a)->recovery != NULL && FAULT(FULL) ? NULL : take(a, n, raw);
    if (p == NULL) {
        refused(a);
        arena_stop(a, RC_NO_MEMORY);
    }
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return take_or_stop(a, n, false);
}

void *arena_try(struct arena *a, size_t n)
{
    void *p = FAULT(ALLOC) ? NULL : take(a, n, false);
    if (p == NULL) {
        refused(a);
    }
    return p;
}

/* Extends the newest request from old_n to new_n bytes; false when it must move. */
static bool grow_in_place(struct arena *a, const char *p, size_t old_n, size_t new_n)
{
    struct arena_block *b = a->head;
    size_t old_need = 0;
    size_t new_need = 0;
    if (ONE_REQUEST_PER_BLOCK || b == NULL || !rounded(old_n, &old_need) ||
        !rounded(new_n, &new_need) || b->used < old_need ||
        block_data(b) + (b->used - old_need) != p) {
        return false;
    }
    size_t more = new_need - old_need;
    if (b->cap - b->used < more || !reserve(a, more)) {
        return false;
    }
    /* Bytes behind old_n may be stale: from a rewind, or written past the request's end. */
    size_t from = (size_t)(p - block_data(b)) + old_n;
    size_t dirty = b->dirty < b->used ? b->used : b->dirty;
    size_t stale = dirty - from;
    UNPOISON(block_data(b) + from, new_n - old_n);
    memset(block_data(b) + from, 0, stale < new_n - old_n ? stale : new_n - old_n);
    b->used += more;
    b->dirty = dirty < b->used ? b->used : dirty;
    count_taken(a, more);
    return true;
}

void *arena_try_grow(struct arena *a, void *p, size_t old_n, size_t new_n)
{
    ASSERT(new_n > old_n && (p != NULL || old_n == 0));
    bool injected = FAULT(ALLOC);
    if (!injected && p != NULL && grow_in_place(a, p, old_n, new_n)) {
        return p;
    }
    void *moved = injected ? NULL : take(a, new_n, false);
    if (moved == NULL) {
        refused(a);
    } else if (old_n > 0) {
        memcpy(moved, p, old_n);
    }
    return moved;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->head, a->head == NULL ? 0 : a->head->used, a->used_bytes};
}

static void pop(struct arena *a)
{
    struct arena_block *dead = a->head;
    ASSERT(dead != NULL); /* else the mark belongs elsewhere, or was already passed */
    a->head = dead->prev;
    bool large = dead->cap > (size_t)SIZE_ARENA_BLOCK_MAX; /* nobody asks for as much again */
    if (ONE_REQUEST_PER_BLOCK || large || (a->spare != NULL && a->spare->cap >= dead->cap)) {
        free(dead);
        return;
    }
    spare_drop(a);
    POISON(block_data(dead), dead->cap);
    a->spare = dead;
}

static void pop_until(struct arena *a, const struct arena_block *keep)
{
    while (a->head != keep) {
        pop(a);
    }
}

void arena_rewind(struct arena *a, struct arena_mark m)
{
    pop_until(a, m.head);
    count_given_back(a, m.used_bytes);
    if (a->head != NULL) {
        ASSERT(m.head_used <= a->head->used);
        POISON(block_data(a->head) + m.head_used, a->head->used - m.head_used);
        a->head->used = m.head_used;
    }
}

void arena_release(struct arena *a)
{
    pop_until(a, NULL);
    spare_drop(a);
    count_given_back(a, 0);
}

bool arena_adopt(struct arena *a, struct arena *from)
{
    struct arena_block *oldest = from->head;
    ASSERT(from->lent_bytes == 0 && top_of(from)->budget == NULL);
    if (!reserve(a, from->used_bytes)) {
        refused(a);
        return false;
    }
    while (oldest != NULL && oldest->prev != NULL) {
        oldest = oldest->prev;
    }
    if (oldest != NULL) {
        size_t used = from->used_bytes;
        oldest->prev = a->head;
        a->head = from->head;
        from->head = NULL;
        spare_drop(from);
        count_given_back(from, 0);
        count_taken(a, used);
    }
    return true;
}

size_t arena_used(const struct arena *a)
{
    return a->used_bytes;
}

char *arena_strndup(struct arena *a, const char *p, size_t n)
{
    ASSERT(n < SIZE_MAX);
    char *copy = arena_alloc(a, n + 1);
    if (n > 0) {
        memcpy(copy, p, n);
    }
    return copy;
}

static bool product(size_t n, size_t size, size_t *out)
{
    return !__builtin_mul_overflow(n, size, out);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t bytes = 0;
    return arena_alloc(a, product(n, size, &bytes) ? bytes : SIZE_MAX);
}

void *arena_raw(struct arena *a, size_t n, size_t size)
{
    size_t bytes = 0;
    return take_or_stop(a, product(n, size, &bytes) ? bytes : SIZE_MAX, true);
}

void *arena_try_array(struct arena *a, size_t n, size_t size)
{
    size_t bytes = 0;
    if (!product(n, size, &bytes)) {
        refused(a);
        return NULL;
    }
    return arena_try(a, bytes);
}
