/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures for people (C36, C41): no printed figure contradicts its verdict, none gives a small
 * sealed count away.
 *
 * Ownership: results lie in the arena.
 */
#ifndef APP_PRINT_H
#define APP_PRINT_H

#include "base/rat.h"
#include "base/str.h"
#include "model/verdict.h"

struct arena;
struct commitment;
struct json;
struct tree;

#define PRINT_DECIMALS_MAX 12

struct printer {
    struct arena *a;
    const struct plan *plan;
    bool chinese;
};

void printer_init(struct printer *p, struct arena *a, const struct plan *plan, bool chinese);
/*
 * x with at least `min` decimals, and as many more as it takes to stand on the same side of the
 * threshold (NULL: none) as x does; marked > or < when PRINT_DECIMALS_MAX are not enough (C36).
 */
struct str print_decimal(struct arena *a, struct rat x, const struct rat *threshold, int min);
/* The measure of a row as people read it: "94.96%", "[9.71%, 29.13%]", "23个", "<10". */
struct str print_measure(struct printer *p, const struct verdict *v);
/* What is required of it: "≥ 95%", "3 – 5个"; empty when there is no threshold. */
struct str print_required(struct printer *p, const struct verdict *v);
/* One figure in the unit of the row. */
struct str print_figure(struct printer *p, const struct verdict *v, struct rat x,
                        const struct rat *threshold);
/* A difference in the unit of the row, rounded up: no less than it says is enough. Percents of a
 * share differ by points. */
struct str print_enough(struct printer *p, const struct verdict *v, struct rat x);
/* Two rates as differences, rounded up to the same decimals: as many as it takes for either to be
 * right to a tenth, and to see which is larger and whether twice the first one is (C42). */
void print_rates(struct printer *p, const struct verdict *v, struct rat observed,
                 struct rat required, struct str *observed_text, struct str *required_text);
/* The root of a square, rounded to 12 decimals (C27). */
struct str print_root(struct arena *a, struct rat square, const struct rat *threshold);
/* "<10", or that it is withheld (C41). */
struct str print_withheld(const struct printer *p, enum withheld w);
/* The expression that a row measures; NONE for tasks. */
uint32_t print_measure_of(const struct plan *plan, const struct verdict *v);
/* `"with": [names]` */
void co_owners_json(struct json *j, const struct commitment *k);

#endif
