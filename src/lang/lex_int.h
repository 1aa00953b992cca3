/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the lexer. Private to src/lang/lex*.c. */
#ifndef LANG_LEX_INT_H
#define LANG_LEX_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "lang/diag.h"
#include "lang/lex.h"

struct lexer {
    struct arena *a;
    struct str text;
    uint32_t file;
    struct diags *ds;
    struct tokens *out;
    uint32_t at;
    uint32_t prev_end;    /* where the last token ended */
    uint32_t comment_beg; /* first comment not yet given to a token */
    bool newline;         /* a line end was passed since the last token */
    bool failed;          /* the arena refused; everything stops */
};

/* The folded code point at byte `at` and its length in the file; 0 and 0 at the end. */
uint32_t lex_peek(const struct lexer *l, uint32_t at, uint32_t *cp);
bool lex_is_digit(uint32_t cp);
/* Letters, digits, marks, ideographs and `_`. */
bool lex_is_name_char(uint32_t cp);
struct span lex_span(const struct lexer *l, uint32_t beg, uint32_t end);
/* The folded NFC text of [beg, end). */
struct str lex_text(struct lexer *l, uint32_t beg, uint32_t end);
/* Appends a token and moves behind it; NULL when the arena refused. */
struct token *lex_emit(struct lexer *l, enum tok kind, uint32_t beg, uint32_t end);

/* At a digit: emits a day, or a number with its suffix and the words glued behind it. */
void lex_number(struct lexer *l);
/* Emits the run [l->at, end) when it is made of Chinese fractions; false when it is not. */
bool lex_fraction(struct lexer *l, uint32_t end);

#endif
