/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parser of the plan language: tokens to a syntax tree (lang/ast.h).
 *
 * Hand-written recursive descent. After a fault the parser goes on at the next property,
 * declaration or closing brace, so that one run reports several faults; a fault never causes a
 * second message.
 *
 * Invariants
 *   P1  A tree is always made; places that did not parse are absent or NODE_ERROR. When nothing
 *       was reported the tree has no NODE_ERROR.
 *   P2  Work and memory are linear in the text; recursion is bounded by LIMIT_NESTING and
 *       LIMIT_AST_HEIGHT.
 */
#ifndef LANG_PARSE_H
#define LANG_PARSE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/rc.h"
#include "lang/ast.h"

struct arena;
struct diags;
struct sources;
struct tokens;

#define LIMIT_NESTING      64     /* brackets, braces and words that nest */
#define LIMIT_DECLARATIONS 100000 /* of a pack, members included */

/*
 * Lexes and parses all files of a pack into *out. RC_OK also for a faulty plan: look at
 * ds->n_errors. RC_LIMIT when the arena is full.
 */
NODISCARD enum rc lang_parse(struct arena *a, struct sources *s, struct diags *ds,
                             struct ast **out);

#endif
