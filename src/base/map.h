/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hash maps from text, or from uint64_t, to uint32_t. Values are usually indexes into
 * a vector of the real objects.
 *
 * Invariants
 *   M1  Entries are kept in order of first insertion: iteration is deterministic and
 *       entry i never moves. There is no removal.
 *   M2  n_entries <= 3/4 of n_slots; n_slots is a power of two (or 0).
 *   M3  The zero value is an empty map.
 * Hashing is SipHash-1-3 under a fixed key: results do not change between runs, and
 * colliding keys cannot be written down by hand.
 * Ownership: arena. The bytes of the keys are not copied and must live as long as the map.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/str.h"

struct map_entry {
    struct str key;
    uint32_t value;
    uint32_t hash; /* low bits of the full hash, to skip most comparisons */
};

struct map {
    struct map_entry *entries; /* M1: walk [0, n_entries) */
    uint32_t *slots;           /* entry index + 1, 0 is free */
    uint32_t n_entries;
    uint32_t cap_entries;
    uint32_t n_slots;
};

/* Sets key to value, overwriting. Stops at the arena limit, like arena_alloc. */
void map_put(struct arena *a, struct map *m, struct str key, uint32_t value);
/* The same, but false (and no change) at the arena limit. */
NODISCARD bool map_try_put(struct arena *a, struct map *m, struct str key, uint32_t value);
/* Value of key in *out; false and *out untouched when absent. out may be NULL. */
bool map_get(const struct map *m, struct str key, uint32_t *out);
uint32_t map_len(const struct map *m);

struct map_u64_entry {
    uint64_t key;
    uint32_t value;
};

struct map_u64 {
    struct map_u64_entry *entries;
    uint32_t *slots;
    uint32_t n_entries;
    uint32_t cap_entries;
    uint32_t n_slots;
};

void map_u64_put(struct arena *a, struct map_u64 *m, uint64_t key, uint32_t value);
NODISCARD bool map_u64_try_put(struct arena *a, struct map_u64 *m, uint64_t key, uint32_t value);
bool map_u64_get(const struct map_u64 *m, uint64_t key, uint32_t *out);
uint32_t map_u64_len(const struct map_u64 *m);

#endif
