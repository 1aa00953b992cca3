/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formatter: a syntax tree back to text, in either language.
 *
 * Invariants
 *   F1  Parsing what is printed gives an equal tree (ast_equal), in both languages.
 *   F2  Every comment of the file is printed, in order; those inside an expression move before the
 *       next item.
 *   F3  Printing what was printed changes nothing.
 * Only trees without NODE_ERROR may be printed.
 */
#ifndef LANG_FMT_H
#define LANG_FMT_H

#include "lang/ast.h"
#include "lang/diag.h"

struct arena;
struct buf;
struct sources;

/* One file of the pack. The overflow of the buf is the only way to fail. */
void fmt_file(const struct sources *s, const struct ast *ast, uint32_t file, enum diag_lang lang,
              struct buf *out);
/* One expression or value. */
void fmt_node(const struct sources *s, const struct node *n, enum diag_lang lang, struct buf *out);

#endif
