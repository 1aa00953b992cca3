/* SPDX-License-Identifier: Apache-2.0 */
/* Growth of the vectors of vec.h: doubling, in place where the arena can. */
#include "base/vec.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/limits.h"

void *vec_room(struct arena *a, void *items, uint32_t n, uint32_t *cap, size_t item_bytes)
{
    ASSERT(n <= *cap); /* V1 */
    if (n < *cap) {
        return items;
    }
    uint64_t want = *cap == 0 ? SIZE_VEC_INITIAL : (uint64_t)*cap * 2;
    if (want > UINT32_MAX || want > SIZE_MAX / item_bytes) {
        return items;
    }
    void *grown = arena_try_grow(a, items, *cap * item_bytes, (size_t)want * item_bytes);
    if (grown == NULL) {
        return items;
    }
    *cap = (uint32_t)want;
    return grown;
}

void *vec_room_or_stop(struct arena *a, void *items, uint32_t n, uint32_t *cap, size_t item_bytes)
{
    void *room = vec_room(a, items, n, cap, item_bytes);
    if (n == *cap) {
        arena_stop(a, RC_NO_MEMORY);
    }
    return room;
}
