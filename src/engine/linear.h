/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roll-ups as linear forms: which sums and counts over one population an expression adds up, and on
 * which side of a division. Shared by the reference and the columns, so that both complete the
 * members of a population for the same numerator and denominator (C03).
 *
 *     (求和(K.a) + 求和(K.b)) / 求和(K.w)      three terms over K, the last one below
 */
#ifndef ENGINE_LINEAR_H
#define ENGINE_LINEAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/rat.h"
#include "model/plan.h"

struct arena;
struct cells;
struct region;

#define TERMS_MAX 16

/* coef times an aggregate, on one side of a division. */
struct term {
    uint32_t agg; /* expression */
    struct rat coef;
    bool below;
};

struct terms {
    struct term items[TERMS_MAX];
    uint32_t n;
    struct rat n0, d0; /* constants */
    /* Taking apart: by the definitions of this year through indicators and over any populations;
     * 0: over one population, as written. */
    int32_t year;
};

/* 占比, 覆盖, 平均: each member gives a numerator and its own 1 below. */
bool agg_is_ratio(enum agg_op op);
/* A sum, a difference or a quotient of linear forms over one population. false: it is none. */
NODISCARD bool linear_joint(struct arena *a, const struct plan *p, uint32_t e, struct terms *out);
/*
 * A quotient of linear forms over several populations, with the indicators of a year looked into.
 * `apart` says that no member belongs to two of them. false: it is none.
 */
NODISCARD bool linear_several(struct arena *a, const struct plan *p, uint32_t e, int32_t year,
                              struct terms *out, bool *apart);
/* The terms over the population of term `first`; false: an earlier one goes over it. */
bool linear_population(const struct plan *p, const struct terms *t, uint32_t first,
                       struct terms *out);
/* One aggregate by itself. */
struct terms linear_alone(uint32_t agg);
/* Certainly false of a unit that is not on the roll yet: titles are a complete roll (C35). */
bool linear_barred(const struct plan *p, uint32_t e);
/*
 * Where a roll or register has not been filed there may be any further members (C35): their
 * corners, into g. One adds no more above than below only where the formulas or a hard check say
 * so: two separate items are unrelated (C05).
 */
void linear_open(struct arena *a, const struct cells *c, const struct terms *t, uint32_t n_open,
                 struct region *g);

/* No unit is of both kinds at one time. */
bool linear_kinds_apart(const struct plan *p, uint32_t x, uint32_t y);

#endif
