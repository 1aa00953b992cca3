/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An expression at every member of a frame at once, by kernels.
 *
 * Understood: literals, items, attributes, titles, lists of members and fields of the member
 * itself; arithmetic, comparisons, logic, conditions; sums over the periods of a year. What looks
 * beyond the member (aggregates, ranks, other units, other years) is not.
 *
 * Ownership: columns in the arena of the kernels.
 */
#ifndef ENGINE_BATCH_H
#define ENGINE_BATCH_H

#include "engine/column.h"

/* rows: the members are rows of a register. */
bool batch_can(const struct plan *p, uint32_t e, bool rows);
/* false: something did not fit (nothing of the answer may be used). Requires batch_can. */
NODISCARD bool batch_run(struct column_place *p, uint32_t e, struct moment m, struct kcol *out);

#endif
