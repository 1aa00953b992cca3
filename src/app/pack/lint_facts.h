/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the facts show about a policy (L8x of lang/lint.def): targets that were met before they
 * began, that ask for more than there is, or that a definition decides.
 *
 * Rows that read sealed items give no finding: its figures would show them (C41).
 */
#ifndef APP_PACK_LINT_FACTS_H
#define APP_PACK_LINT_FACTS_H

#include "base/attr.h"
#include "engine/cells.h"
#include "engine/eval.h"
#include "lang/lint.h"

#define LINT_PACE 2 /* a yearly growth of more than this many times the best year is doubted */

/* rows: judged on the same facts. RC_LIMIT. */
NODISCARD enum rc lint_facts(struct arena *a, struct cells *c, const struct evaluator *ev,
                             const struct verdicts *rows, struct lint_findings *out);

#endif
