/* SPDX-License-Identifier: Apache-2.0 */
/* Draws that depend on the seed and a name alone, so that a new item does not move the others. */
#include "app/demo/demo_int.h"

struct rng demo_rng(const struct demo *d, struct str key, uint64_t salt)
{
    struct rng r;
    rng_seed(&r, str_hash(key) ^ (d->o.seed * 0x9e3779b97f4a7c15U) ^ (salt * 0xd1b54a32d192ed03U));
    return r;
}

double demo_uniform(struct rng *r)
{
    return (double)(rng_u64(r) >> 11) / 9007199254740992.0;
}

/* A sum of uniform draws: plain additions give the same bits everywhere, logarithms need not. */
double demo_normal(struct rng *r)
{
    double sum = 0;
    for (int i = 0; i < 6; i++) {
        sum += demo_uniform(r);
    }
    return (sum - 3) * 1.4142135623730951;
}

bool demo_chance(struct rng *r, double p)
{
    return demo_uniform(r) < p;
}
