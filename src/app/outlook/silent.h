/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is silent behind a figure: the units whose reports, rolls or rows its measure
 * still waits for.
 *
 * Ownership: the arena given.
 */
#ifndef APP_OUTLOOK_SILENT_H
#define APP_OUTLOOK_SILENT_H

#include "base/attr.h"
#include "base/rc.h"
#include "base/vec.h"
#include "engine/cells.h"
#include "engine/eval.h"

struct arena;

typedef VEC(uint32_t) silent;

/* The first `most` of them, tree ids in order of the tree; none where everyone has reported, and
 * of demands on each unit, which list theirs (C09). RC_LIMIT. */
NODISCARD enum rc silent_of(struct arena *a, const struct plan *p, struct cells *c,
                            const struct evaluator *ev, const struct verdict *v, uint32_t most,
                            silent *out);

#endif
