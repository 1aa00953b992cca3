/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small sealed counts (C41): what an answer may not show.
 *
 * A figure shows the sealed counts it is made of: a ratio its numerator, a quota what is used, a
 * proposal what it starts from. Each is a node: what is counted, where and when. Nodes below
 * SMALL_COUNT are hidden. Where exactly one of a sum's parts (units below a unit, years of a span,
 * periods of a year) or the sum itself is hidden it could be subtracted out: the smallest other one
 * is hidden too, until no sum has exactly one. A figure is withheld when it shows a hidden node.
 *
 * The judge has decided on the exact figures; states stay as they are.
 * Ownership: everything in the arena given; plan, cells and evaluator must outlive it.
 */
#ifndef APP_SEAL_H
#define APP_SEAL_H

#include "base/attr.h"
#include "engine/cells.h"
#include "engine/eval.h"

struct arena;
struct seal; /* opaque */

#define SMALL_COUNT 10

/* Something in the plan is sealed: answers must see all rows before any is left out. */
bool seal_needed(const struct plan *p);
/* Its measure counts or sums rows of a register with a sealed field. */
bool seal_records(const struct plan *p, uint32_t commitment);
/* The same of an expression. */
bool seal_reads_records(const struct plan *p, uint32_t expr);
/* The expression counts heads or things by itself: below 10 it prints as such. */
bool seal_is_count(const struct plan *p, uint32_t e);
/* Rows of the register are sealed records: it has a sealed field. */
bool seal_register(const struct plan *p, uint32_t reg);
/* Withholds what must be in all rows of a plan; RC_LIMIT. */
NODISCARD enum rc seal_apply(struct arena *a, struct cells *c, const struct evaluator *ev,
                             struct verdicts *vs, struct seal **out);
/*
 * The same for one count at many units of a tree: size by index, a negative one: no count is there.
 * hidden: by index, what may not be shown. Sums of units count too: give the whole tree,
 * whatever is shown of it. RC_LIMIT.
 */
NODISCARD enum rc seal_counts(struct arena *a, struct cells *c, struct date day,
                              const int64_t *size, bool *hidden);
/* Of a figure that is shown beside the rows (x may be NULL: nothing is sealed). */
enum withheld seal_figure(struct seal *x, uint32_t expr, uint32_t unit, struct moment m);

#endif
