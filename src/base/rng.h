/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deterministic random numbers (xoshiro256** seeded through splitmix64) for property
 * tests and generators. Not for secrets. The same seed gives the same sequence on
 * every machine.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed);
uint64_t rng_u64(struct rng *r);
/* Uniform in [0, n), n > 0; unbiased. */
uint64_t rng_below(struct rng *r, uint64_t n);
/* Uniform in [lo, hi], lo <= hi. */
int64_t rng_range(struct rng *r, int64_t lo, int64_t hi);
/* true once in n times on average, n > 0. */
bool rng_one_in(struct rng *r, uint32_t n);

#endif
