/* SPDX-License-Identifier: Apache-2.0 */
/* The loops of engine/kern_loop.def against their meaning in intrinsics, in and out of the cache.
 */
#include "bench/parts.h"

#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "bench/contest.h"
#include "engine/kern_loop.h"

#define SMALL  2048u       /* figures of a run of the engine: in the cache */
#define LARGE  (8u << 20)  /* 64 MiB: not in the cache */
#define TOTAL  (64u << 20) /* figures a measurement goes over */
#define PASSES 5           /* the best counts */

struct data {
    const int64_t *x, *y;
    const uint8_t *m;
    uint8_t *out;
    int64_t *kept;
};

/* ---- by hand -------------------------------------------------------------------------------- */

#if defined(__x86_64__)
/* The header brings an allocator along, which nobody may use here. */
#ifdef __clang__
#define __MM_MALLOC_H // NOLINT
#else
#define _MM_MALLOC_H_INCLUDED // NOLINT
#endif
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

static bool by_hand_runs(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

AVX2 static i128 fold(__m256i high, __m256i low, uint64_t n)
{
    uint64_t h[4];
    uint64_t l[4];
    _mm256_storeu_si256((__m256i *)(void *)h, high);
    _mm256_storeu_si256((__m256i *)(void *)l, low);
    return ((i128)(h[0] + h[1] + h[2] + h[3]) << 32) + (l[0] + l[1] + l[2] + l[3]) -
           ((i128)n << 63);
}

/* Halves apart, as the template does it. n is a multiple of 4. */
AVX2 static i128 hand_sum(const struct data *d, uint32_t n)
{
    const __m256i up = _mm256_set1_epi64x(INT64_MIN);
    const __m256i mask = _mm256_set1_epi64x(UINT32_MAX);
    __m256i high = _mm256_setzero_si256();
    __m256i low = high;
    for (uint32_t i = 0; i < n; i += 4) {
        __m256i u = _mm256_loadu_si256((const __m256i *)(const void *)(d->x + i));
        u = _mm256_xor_si256(u, up);
        high = _mm256_add_epi64(high, _mm256_srli_epi64(u, 32));
        low = _mm256_add_epi64(low, _mm256_and_si256(u, mask));
    }
    return fold(high, low, n);
}

AVX2 static i128 hand_where(const struct data *d, uint32_t n)
{
    const __m256i zero = _mm256_setzero_si256();
    for (uint32_t i = 0; i < n; i += 4) {
        int32_t four;
        memcpy(&four, d->m + i, sizeof four);
        __m256i out = _mm256_cmpeq_epi64(_mm256_cvtepu8_epi64(_mm_cvtsi32_si128(four)), zero);
        __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(d->x + i));
        _mm256_storeu_si256((__m256i *)(void *)(d->kept + i), _mm256_andnot_si256(out, x));
    }
    return d->kept[n - 1];
}

AVX2 static i128 hand_ge(const struct data *d, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 4) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(d->x + i));
        __m256i y = _mm256_loadu_si256((const __m256i *)(const void *)(d->y + i));
        uint32_t less = (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(y, x)));
        uint32_t bits = ~less & 15u;
        uint32_t bytes = (bits * 0x00204081u) & 0x01010101u; /* bit k into byte k */
        memcpy(d->out + i, &bytes, sizeof bytes);
    }
    return d->out[n - 1];
}
#else
static bool by_hand_runs(void)
{
    return false;
}

static i128 hand_sum(const struct data *d, uint32_t n)
{
    (void)d;
    (void)n;
    return 0;
}

static i128 hand_where(const struct data *d, uint32_t n)
{
    return hand_sum(d, n);
}

static i128 hand_ge(const struct data *d, uint32_t n)
{
    return hand_sum(d, n);
}
#endif

/* ---- by the compiler ------------------------------------------------------------------------ */

static i128 made_sum(const struct data *d, uint32_t n)
{
    return loop_sum(d->x, n);
}

static i128 made_where(const struct data *d, uint32_t n)
{
    loop_where(d->x, d->m, n, d->kept);
    return d->kept[n - 1];
}

static i128 made_ge(const struct data *d, uint32_t n)
{
    loop_ge(d->x, d->y, n, d->out);
    return d->out[n - 1];
}

/* ---- measuring ------------------------------------------------------------------------------ */

typedef i128 (*loop_fn)(const struct data *d, uint32_t n);

/* Nanoseconds a thousand figures take; the sums of all runs into *sum. */
static double measured(loop_fn fn, const struct data *d, uint32_t n, i128 *sum)
{
    double best = 0;
    for (uint32_t pass = 0; pass < PASSES; pass++) {
        double begin = seconds_now();
        *sum = 0;
        for (uint32_t done = 0; done < TOTAL / PASSES; done += n) {
            *sum += fn(d, n);
        }
        double seconds = seconds_now() - begin;
        best = pass == 0 || seconds < best ? seconds : best;
    }
    return best * 1e12 / (double)((TOTAL / PASSES + n - 1) / n * (uint64_t)n);
}

static void fill(struct arena *a, struct data *d)
{
    int64_t *x = ARENA_ARRAY(a, int64_t, LARGE);
    int64_t *y = ARENA_ARRAY(a, int64_t, LARGE);
    uint8_t *m = ARENA_ARRAY(a, uint8_t, LARGE);
    uint64_t s = 1;
    for (uint32_t i = 0; i < LARGE; i++) {
        s = s * 6364136223846793005U + 1442695040888963407U;
        x[i] = (int64_t)s >> 20;
        y[i] = (int64_t)(s << 7) >> 20;
        m[i] = s >> 40 & 1;
    }
    *d = (struct data){x, y, m, ARENA_ARRAY(a, uint8_t, LARGE), ARENA_ARRAY(a, int64_t, LARGE)};
}

void kernels_measure(struct arena *a, struct kernel_time out[KERNELS])
{
    static const struct {
        const char *name;
        loop_fn made, hand;
    } all[KERNELS] = {
        {"sum", made_sum, hand_sum}, {"where", made_where, hand_where}, {"ge", made_ge, hand_ge}};
    static const uint32_t sizes[KERNEL_SIZES] = {SMALL, LARGE};
    struct data d;
    fill(a, &d);
    for (uint32_t k = 0; k < KERNELS; k++) {
        out[k] = (struct kernel_time){.name = all[k].name, .by_hand_runs = by_hand_runs()};
        for (uint32_t s = 0; s < KERNEL_SIZES; s++) {
            i128 made = 0;
            i128 hand = 0;
            out[k].made[s] = measured(all[k].made, &d, sizes[s], &made);
            if (by_hand_runs()) {
                out[k].hand[s] = measured(all[k].hand, &d, sizes[s], &hand);
                ASSERT(made == hand); /* before any time is believed */
            }
        }
    }
}
