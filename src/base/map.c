/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two hash maps: dense entries in order of insertion, and a power-of-two table of
 * entry numbers probed linearly. A table that outgrows M2 is replaced; the old one
 * stays in the arena, which doubling bounds by the size of the new one.
 */
#include "base/map.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/limits.h"
#include "base/siphash_int.h"
#include "base/vec.h"

/* M2 after one more entry? */
static bool has_room(uint32_t n_entries, uint32_t n_slots)
{
    return ((uint64_t)n_entries + 1) * 4 <= (uint64_t)n_slots * 3;
}

/* First slot on the path of hash that is free. The table is never full (M2). */
static uint32_t *free_slot(uint32_t *slots, uint32_t n_slots, uint32_t hash)
{
    uint32_t at = hash & (n_slots - 1);
    while (slots[at] != 0) {
        at = (at + 1) & (n_slots - 1);
    }
    return &slots[at];
}

/* A zeroed table fit for one more entry, or NULL. */
static uint32_t *larger_slots(struct arena *a, uint32_t n_entries, uint32_t *n_slots)
{
    uint64_t want = *n_slots == 0 ? SIZE_MAP_INITIAL : *n_slots;
    while (want <= UINT32_MAX / 2 && !has_room(n_entries, (uint32_t)want)) {
        want *= 2;
    }
    if (!has_room(n_entries, (uint32_t)want)) {
        return NULL;
    }
    uint32_t *slots = ARENA_TRY_ARRAY(a, uint32_t, want);
    if (slots != NULL) {
        *n_slots = (uint32_t)want;
    }
    return slots;
}

static uint32_t hash_str(struct str key)
{
    return (uint32_t)str_hash(key);
}

static uint32_t hash_u64(uint64_t key)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(key >> (8 * i));
    }
    return (uint32_t)siphash13(bytes, sizeof bytes);
}

static struct map_entry *find_str(const struct map *m, struct str key, uint32_t hash)
{
    if (m->n_slots == 0) {
        return NULL;
    }
    for (uint32_t at = hash & (m->n_slots - 1); m->slots[at] != 0;
         at = (at + 1) & (m->n_slots - 1)) {
        struct map_entry *e = &m->entries[m->slots[at] - 1];
        if (e->hash == hash && str_eq(e->key, key)) {
            return e;
        }
    }
    return NULL;
}

static bool grow_str(struct arena *a, struct map *m)
{
    uint32_t n_slots = m->n_slots;
    uint32_t *slots = larger_slots(a, m->n_entries, &n_slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->n_entries; i++) {
        *free_slot(slots, n_slots, m->entries[i].hash) = i + 1;
    }
    m->slots = slots;
    m->n_slots = n_slots;
    return true;
}

bool map_try_put(struct arena *a, struct map *m, struct str key, uint32_t value)
{
    uint32_t hash = hash_str(key);
    struct map_entry *old = find_str(m, key, hash);
    if (old != NULL) {
        old->value = value;
        return true;
    }
    m->entries = vec_room(a, m->entries, m->n_entries, &m->cap_entries, sizeof *m->entries);
    if (m->n_entries == m->cap_entries) {
        return false;
    }
    if (!has_room(m->n_entries, m->n_slots) && !grow_str(a, m)) {
        return false;
    }
    m->entries[m->n_entries] = (struct map_entry){key, value, hash};
    *free_slot(m->slots, m->n_slots, hash) = ++m->n_entries;
    return true;
}

void map_put(struct arena *a, struct map *m, struct str key, uint32_t value)
{
    if (!map_try_put(a, m, key, value)) {
        arena_stop(a, RC_NO_MEMORY);
    }
}

bool map_get(const struct map *m, struct str key, uint32_t *out)
{
    const struct map_entry *e = find_str(m, key, hash_str(key));
    if (e == NULL) {
        return false;
    }
    if (out != NULL) {
        *out = e->value;
    }
    return true;
}

uint32_t map_len(const struct map *m)
{
    return m->n_entries;
}

static struct map_u64_entry *find_u64(const struct map_u64 *m, uint64_t key)
{
    if (m->n_slots == 0) {
        return NULL;
    }
    for (uint32_t at = hash_u64(key) & (m->n_slots - 1); m->slots[at] != 0;
         at = (at + 1) & (m->n_slots - 1)) {
        struct map_u64_entry *e = &m->entries[m->slots[at] - 1];
        if (e->key == key) {
            return e;
        }
    }
    return NULL;
}

static bool grow_u64(struct arena *a, struct map_u64 *m)
{
    uint32_t n_slots = m->n_slots;
    uint32_t *slots = larger_slots(a, m->n_entries, &n_slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < m->n_entries; i++) {
        *free_slot(slots, n_slots, hash_u64(m->entries[i].key)) = i + 1;
    }
    m->slots = slots;
    m->n_slots = n_slots;
    return true;
}

bool map_u64_try_put(struct arena *a, struct map_u64 *m, uint64_t key, uint32_t value)
{
    struct map_u64_entry *old = find_u64(m, key);
    if (old != NULL) {
        old->value = value;
        return true;
    }
    m->entries = vec_room(a, m->entries, m->n_entries, &m->cap_entries, sizeof *m->entries);
    if (m->n_entries == m->cap_entries) {
        return false;
    }
    if (!has_room(m->n_entries, m->n_slots) && !grow_u64(a, m)) {
        return false;
    }
    m->entries[m->n_entries] = (struct map_u64_entry){key, value};
    *free_slot(m->slots, m->n_slots, hash_u64(key)) = ++m->n_entries;
    return true;
}

void map_u64_put(struct arena *a, struct map_u64 *m, uint64_t key, uint32_t value)
{
    if (!map_u64_try_put(a, m, key, value)) {
        arena_stop(a, RC_NO_MEMORY);
    }
}

bool map_u64_get(const struct map_u64 *m, uint64_t key, uint32_t *out)
{
    const struct map_u64_entry *e = find_u64(m, key);
    if (e == NULL) {
        return false;
    }
    if (out != NULL) {
        *out = e->value;
    }
    return true;
}

uint32_t map_u64_len(const struct map_u64 *m)
{
    return m->n_entries;
}
