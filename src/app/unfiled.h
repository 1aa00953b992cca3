/* SPDX-License-Identifier: Apache-2.0 */
/* What an aggregate waits for beside figures: rolls of units and registers that are not on file
 * (C35). */
#ifndef APP_UNFILED_H
#define APP_UNFILED_H

#include "engine/cells.h"
#include "engine/eval.h"

struct unfiled {
    bool roll; /* of the units of kind `ref` below the unit; else its register `ref` */
    uint32_t ref;
    uint32_t unit; /* who has not filed it */
    struct period period;
};

typedef void unfiled_fn(void *ctx, const struct unfiled *u);

/* All of them at and below a unit, in order of the tree. x: an EX_AGG. */
void unfiled_each(const struct plan *p, struct cells *c, const struct expr *x, uint32_t unit,
                  struct moment m, unfiled_fn *take, void *ctx);

#endif
