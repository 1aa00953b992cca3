/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a share moved since the first year of the plan (C43): closures and foundings, relabelling,
 * real change.
 *
 * The share of the first year is led to that of now in three steps, whose effects add up exactly:
 * units that ceased or began to exist; units that stayed but bear another label (they entered
 * or left the base, or an attribute or title decides whether they count); figures that changed.
 * `fixed` is the share of now over the units that were in the base of the first year and still
 * stand, whatever their label.
 */
#ifndef APP_EXPLAIN_BASE_H
#define APP_EXPLAIN_BASE_H

#include "base/attr.h"
#include "engine/cells.h"
#include "engine/eval.h"

struct arena;

struct base_change {
    struct rat before, now, fixed;
    struct rat closure, label, real; /* closure + label + real == now - before */
    bool has_fixed;                  /* some unit of the old base is still there */
};

/*
 * Of 占比, 覆盖, or a quotient of sums or counts over the units of one kind, at a unit and moment,
 * against the moment `then`. false: the expression is none, neither base nor labels changed, a part
 * is not known, or a base is empty.
 */
NODISCARD bool explain_base(struct arena *a, struct cells *c, const struct evaluator *ev,
                            uint32_t share, uint32_t unit, struct moment m, struct moment then,
                            struct base_change *out);

#endif
