/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a share moved since the year before (C43): closures and foundings, relabelling, real change.
 *
 * The share of year Y-1 is led to that of Y in three steps, whose effects add up exactly: units
 * that ceased or began to exist; units that stayed but entered or left the base; units in both
 * bases that changed. `fixed` is the share of Y over the units that were in the base of the year
 * before.
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
    uint32_t closed, founded, entered, left;
};

/*
 * Of a share over units of a kind (占比, not titles or registers) at a unit and moment. false: the
 * expression is none, the base did not change, a truth is unknown, or a base is empty.
 */
NODISCARD bool explain_base(struct arena *a, struct cells *c, const struct evaluator *ev,
                            uint32_t share, uint32_t unit, struct moment m,
                            struct base_change *out);

#endif
