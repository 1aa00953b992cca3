/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checker: a syntax tree to a plan (model/plan.h), or every reason why not.
 *
 * Invariants
 *   CH1  NULL exactly when an error was reported to ds, by whomever.
 *   CH2  Memory is linear in the tree. Where the arena is full the work stops (base/arena.h).
 * Ownership: the plan and all it points to lie in the arena, the texts in the tree's.
 */
#ifndef LANG_CHECK_H
#define LANG_CHECK_H

#include "lang/ast.h"

struct arena;
struct diags;
struct plan;
struct sources;

const struct plan *check_plan(struct arena *a, const struct sources *s, const struct ast *ast,
                              struct diags *ds);

#endif
