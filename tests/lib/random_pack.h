/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random plans, trees and facts: whole packs in memory, right by construction, from a seed or from
 * the bytes of a fuzzer. What they exercise: nested kinds, items of several periods and bounds,
 * attributes, choices, registers with filing, titles, relations, mergers, moves and closures,
 * versions of facts, withdrawn and provisional ones, silent cells, figures at the edge of 64 bits.
 */
#ifndef TESTS_LIB_RANDOM_PACK_H
#define TESTS_LIB_RANDOM_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "engine/eval.h"
#include "model/dataset.h"
#include "model/plan.h"

struct arena;

/* Where choices come from: bytes when there are some, else the generator. */
struct chance {
    const uint8_t *bytes; /* NULL: the generator */
    size_t n, at;
    struct rng rng;
};

struct chance chance_of_seed(uint64_t seed);
struct chance chance_of_bytes(const uint8_t *bytes, size_t n);

struct random_pack {
    struct str text; /* of the plan, for reports */
    const struct plan *plan;
    const struct dataset *data;
    struct date as_of;
};

/* false: the plan or tree was refused; text says what was made. */
bool random_pack(struct arena *a, struct chance *c, struct random_pack *out);

/*
 * An evaluator that asks two and compares: equal answers go on, others are reported on stderr and
 * end the program. Counts what it asked.
 */
struct paired {
    const struct random_pack *pack;
    const struct evaluator *left, *right;
    uint64_t asked;
};
struct evaluator paired_evaluator(struct paired *p);

#endif
