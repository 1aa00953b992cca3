/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keyword table, kw.def, both ways: spelling to token and token to spelling.
 */
#ifndef LANG_KW_H
#define LANG_KW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "lang/lex.h"

struct kw_row {
    enum tok kind;
    struct str spelling;
    bool primary;
    bool chinese;
};

/* All spellings, aliases included, in the order of kw.def. */
const struct kw_row *kw_rows(uint32_t *n);
/* The keyword spelled like that, or TOK_IDENT. */
enum tok kw_find(struct str spelling);
bool kw_is(enum tok kind);
/* The primary spelling; kw_is(kind) must hold. */
struct str kw_text(enum tok kind, bool chinese);
/* Any kind of token as shown in messages: a keyword's spelling, a sign, or words like "name". */
struct str tok_text(enum tok kind, bool chinese);

#endif
