/* SPDX-License-Identifier: Apache-2.0 */
/* One function per row of kern_loop.def, from three templates. */
#include "engine/kern_loop.h"

#include "model/verdict.h"

/* For machines with wider registers there is a second version, taken when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

#define LOOP_COMPARE(name, operator)                                                               \
    WIDE void loop_##name(const int64_t *restrict x, const int64_t *restrict y, uint32_t n,        \
                          uint8_t *restrict out)                                                   \
    {                                                                                              \
        for (uint32_t i = 0; i < n; i++) {                                                         \
            out[i] = x[i] operator y[i];                                                           \
        }                                                                                          \
    }

#define LOOP_MAP(name, X, OUT, value)                                                              \
    WIDE void loop_##name(const X *restrict x, const uint8_t *restrict m, uint32_t n,              \
                          OUT *restrict out)                                                       \
    {                                                                                              \
        (void)m;                                                                                   \
        for (uint32_t i = 0; i < n; i++) {                                                         \
            out[i] = (OUT)(value);                                                                 \
        }                                                                                          \
    }

/*
 * No step of the loop takes 128 bits: numbers are moved up by 2^63, so that none is negative, and
 * their halves are added apart.
 */
#define LOOP_SUM(name, value)                                                                      \
    WIDE i128 loop_##name(const int64_t *x, uint32_t n)                                            \
    {                                                                                              \
        uint64_t high = 0;                                                                         \
        uint64_t low = 0;                                                                          \
        for (uint32_t i = 0; i < n; i++) {                                                         \
            uint64_t u = (uint64_t)(value) ^ (uint64_t)1 << 63;                                    \
            high += u >> 32;                                                                       \
            low += u & UINT32_MAX;                                                                 \
        }                                                                                          \
        return ((i128)high << 32) + low - ((i128)n << 63);                                         \
    }

#include "engine/kern_loop.def"
