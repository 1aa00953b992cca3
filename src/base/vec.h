/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growable vectors in an arena.
 *
 *     VEC(struct node) kids;        a member or a zeroed local: empty
 *     vec_push(a, &x->kids, node);  stops at the arena limit, like arena_alloc
 *     if (!vec_try_push(a, &x->kids, node)) { return err_set(e, RC_LIMIT, ...); }
 *     for (uint32_t i = 0; i < x->kids.n; i++) { use(x->kids.items[i]); }
 *
 * Invariants
 *   V1  n <= cap; items has room for cap elements; the zero value is an empty vector.
 *   V2  A push may move the items: keep indexes, not pointers, across pushes.
 * Ownership: the arena's. All macros evaluate `v` more than once; keep it plain.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *items;                                                                                  \
        uint32_t n;                                                                                \
        uint32_t cap;                                                                              \
    }

/* Items with room for at least n + 1; unchanged items and cap when memory is out. */
void *vec_room(struct arena *a, void *items, uint32_t n, uint32_t *cap, size_t item_bytes);
/* The same, but stops like arena_alloc when memory is out. */
void *vec_room_or_stop(struct arena *a, void *items, uint32_t n, uint32_t *cap, size_t item_bytes);

/* The bytes of an element, which may well be a pointer. */
#define vec_item_bytes(v) (sizeof *(v)->items) /* NOLINT(bugprone-sizeof-expression) */

/* Appends an element; the argument may be a compound literal with commas. */
#define vec_push(a, v, ...)                                                                        \
    do {                                                                                           \
        if ((v)->n == (v)->cap) {                                                                  \
            (v)->items = vec_room_or_stop((a), (v)->items, (v)->n, &(v)->cap, vec_item_bytes(v));  \
        }                                                                                          \
        (v)->items[(v)->n++] = (__VA_ARGS__);                                                      \
    } while (0)

/* true when appended, false when the arena refused. */
#define vec_try_push(a, v, ...)                                                                    \
    ((void)((v)->items = vec_room((a), (v)->items, (v)->n, &(v)->cap, vec_item_bytes(v))),         \
     (v)->n < (v)->cap && ((void)((v)->items[(v)->n++] = (__VA_ARGS__)), true))

/* Removes and yields the last element; the vector must not be empty. */
#define vec_pop(v)   ((v)->items[--(v)->n])
#define vec_last(v)  ((v)->items[(v)->n - 1])
#define vec_clear(v) ((void)((v)->n = 0))

#endif
