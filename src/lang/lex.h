/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens of the plan language: text to an array per file, the last one TOK_EOF.
 *
 * Invariants
 *   L1  Spans rise and do not overlap; what lies between two tokens is white space or comments.
 *   L2  The two spellings of a keyword, and full-width and ASCII punctuation, are one kind.
 *   L3  A keyword keeps its spelling in `text`, so that a parser can use it as a name where only a
 *       name can stand. A quoted name is never a keyword.
 *   L4  A fault in the text is reported and the token left out or repaired; the lexer always
 *       reaches the end of the file.
 *
 * Numbers: value is exact and without scale or unit; the run glued to it (`万人`, `%`, `m2`) is the
 * suffix, for the unit table to read. Trailing 以上, 以内, 以下, 左右, 至, 到 are tokens of their
 * own, glued or not: `95%以上`, `3至5个`. Chinese fractions (三分之二) are numbers, without suffix.
 * `2024年` is 2024 with the suffix 年; a full day is TOK_DAY.
 * Ids (`B0.2`, `nmg-2024`) are several tokens without space between (`glued`): B0, `.`, 2. Digits
 * directly after such a `.` are a whole number: no fraction and no grouping.
 */
#ifndef LANG_LEX_H
#define LANG_LEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/date.h"
#include "base/rat.h"
#include "base/rc.h"
#include "base/str.h"
#include "base/vec.h"
#include "lang/source.h"

struct arena;
struct diags;

#define LIMIT_NAME_CHARS    120 /* code points in a name */
#define LIMIT_NUMBER_DIGITS 40  /* digits in a literal */

enum tok {
    TOK_EOF,
    TOK_IDENT,  /* an unquoted name that is no keyword */
    TOK_QUOTED, /* 「…」 or `…` */
    TOK_STRING,
    TOK_NUMBER,
    TOK_DAY,
    TOK_LBRACE,
    TOK_RBRACE,
    TOK_LPAREN,
    TOK_RPAREN,
    TOK_COMMA,
    TOK_COLON,
    TOK_SEMI,
    TOK_DOT,
    TOK_PLUS,
    TOK_MINUS,
    TOK_STAR,
    TOK_SLASH,
    TOK_GE,
    TOK_GT,
    TOK_LE,
    TOK_LT,
    TOK_EQ,
    TOK_NE,
    TOK_KW__FIRST,
#define KW(name, en, zh) KW_##name,
#include "lang/kw.def"
    TOK__COUNT
};

struct token {
    enum tok kind;
    struct span at;
    struct str text;      /* name, keyword: NFC, folded; string: unescaped; number: as written,
                             folded, with the suffix */
    struct str suffix;    /* numbers: NFC, folded; may be empty */
    struct rat number;    /* TOK_NUMBER */
    struct date day;      /* TOK_DAY */
    bool newline_before;  /* a line end lies between it and the token before */
    bool glued;           /* nothing at all lies between it and the token before */
    uint32_t comment_beg; /* comments between it and the token before */
    uint32_t n_comments;
};

struct comment {
    struct span at;  /* with its # or // and without the line end */
    struct str text; /* without # or //, trimmed */
    bool own_line;   /* only white space stands before it on its line */
};

struct tokens {
    VEC(struct token) list; /* the last one is TOK_EOF */
    VEC(struct comment) comments;
};

/* All tokens of a file. RC_LIMIT only at the arena's limit; faults in the text go to ds. */
NODISCARD enum rc lex_file(struct arena *a, const struct sources *s, uint32_t file,
                           struct diags *ds, struct tokens *out);

/*
 * For an unknown name with keywords in it: `如果A大于10` becomes `如果 A 大于 10`. false (and out
 * untouched) when there is no keyword inside. Only for fix-its; nothing is ever split silently.
 */
bool lex_split_glued(struct arena *a, struct str run, struct str *out);

#endif
