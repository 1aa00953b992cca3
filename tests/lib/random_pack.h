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
#include "model/edit.h"
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

/* 0 … n-1, n <= 256; 0 when the bytes are used up. */
uint32_t chance_pick(struct chance *c, uint32_t n);

struct random_pack {
    struct str text; /* of the plan, for reports */
    const struct plan *plan;
    const struct dataset *data;
    struct date as_of;
};

/* false: the plan or tree was refused; text says what was made. */
bool random_pack(struct arena *a, struct chance *c, struct random_pack *out);

/* Single rows, as packs have them. */
struct date random_day(int32_t year, int32_t month, int32_t dom);
struct provenance random_provenance(struct chance *c);
struct rat random_figure(struct arena *a, struct chance *c, const struct datum *d);
struct fact random_fact(struct arena *a, struct chance *c, const struct plan *p, uint32_t item,
                        uint32_t unit, struct period period);
struct reg_row random_row(struct arena *a, struct chance *c, const struct plan *p, uint32_t reg,
                          uint32_t owner);
struct evidence random_evidence(struct chance *c, const struct plan *p, uint32_t commitment,
                                uint32_t unit);
/* The order of facts (D2). */
int random_fact_cmp(const void *x, const void *y);

/* ---- random_edit.c ---- */
/* A row more, of any table. */
struct edit random_edit(struct arena *a, struct chance *c, const struct random_pack *pack);
/* The dataset with rows more, as a loader would bring it. */
const struct dataset *random_grown(struct arena *a, const struct dataset *d,
                                   const struct edit *edits, uint32_t n);
/* Another tree of the same codes and some new ones: units have moved (ever since, or on a day),
 * closed, merged, been split or founded; and what was a merger is none. Rows keep their units;
 * facts of units that are gone are outside of validity. NULL: refused. */
const struct tree *random_other_tree(struct arena *a, struct chance *c,
                                     const struct random_pack *pack);

/* ---- random_plan.c ---- */
/* Nearly the same plan: a few declarations or commitments are others, gone, new or stand elsewhere;
 * with the data bound to it. false: it was refused, and the pack is as it was. */
bool random_other_plan(struct arena *a, struct chance *c, struct random_pack *pack);

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
