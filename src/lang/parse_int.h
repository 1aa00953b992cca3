/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the parser share.
 *
 * A function that meets a fault reports it with parse_expected or parse_fault, which sets
 * `panic`; while it is set nothing else is reported, and everybody returns what is there. The
 * loop over items of a body (parse_body.c) skips to a safe token and clears it.
 */
#ifndef LANG_PARSE_INT_H
#define LANG_PARSE_INT_H

#include "lang/diag.h"
#include "lang/parse.h"

/* How the arguments of a property are written. */
enum shape {
    SHAPE_NONE,
    SHAPE_NAME,
    SHAPE_NAMES, /* a, b */
    SHAPE_CHAIN, /* a > b */
    SHAPE_STRING,
    SHAPE_LABEL,  /* a string or a name */
    SHAPE_LABELS, /* labels with commas */
    SHAPE_NUMBER,
    SHAPE_DATE,
    SHAPE_BOOL,
    SHAPE_EXPR,
    SHAPE_WORD,
    SHAPE_RANGE,     /* a 至 b */
    SHAPE_TOLERANCE, /* 上下 p */
    SHAPE_SINCE,     /* [string] 自 year or date */
    SHAPE_POINT,
    SHAPE_TEXTS,   /* to the end of the line */
    SHAPE_CLAUSES, /* the same, with commas; each with or without sentences */
    SHAPE_OUTCOME,
    SHAPE_SCORE,
    SHAPE_SPECIAL /* code of its own */
};

enum shape prop_shape(enum prop_kind kind);

struct parser {
    struct arena *a;
    const struct sources *sources;
    struct diags *ds;
    struct ast *ast;
    const struct token *toks; /* of the current file; the last one is TOK_EOF */
    uint32_t pos;
    uint32_t depth;
    bool panic;
    bool in_condition; /* a comparison may be followed by that of the target */
    bool out_of_memory;
    struct node spare; /* handed out when memory is out */
};

static inline const struct token *parse_tok(const struct parser *p)
{
    return &p->toks[p->pos];
}

static inline bool parse_at(const struct parser *p, enum tok kind)
{
    return p->toks[p->pos].kind == kind;
}

/* The token after this one; the end of the file repeats. */
const struct token *parse_ahead(const struct parser *p, uint32_t by);
/* Goes over a token and returns it; stays at the end of the file. */
const struct token *parse_next(struct parser *p);
/* Goes over a token of that kind when it is there. */
bool parse_accept(struct parser *p, enum tok kind);
/* The same, but its absence is a fault. */
bool parse_expect(struct parser *p, enum tok kind);
/* Reports keywords glued to other text, at the current token or just before it. */
bool parse_glued(struct parser *p);
/* Reports "expected {want}" at the current token, unless a fault is being skipped. */
void parse_expected(struct parser *p, const char *en, const char *zh);
/* Reports and starts skipping. NULL when a fault is being skipped already. */
struct diag *parse_fault(struct parser *p, enum diag_code code, struct span at);
/* The closing bracket for `open`, or a fault that shows where it was opened. */
void parse_close(struct parser *p, enum tok kind, const struct token *open);
/* One level down; false, and a fault, beyond LIMIT_NESTING. Pair with parse_leave. */
bool parse_enter(struct parser *p);
void parse_leave(struct parser *p);

/* A numbered node that starts at `beg`; parse_finish sets its end and height. Never NULL. */
struct node *parse_node(struct parser *p, enum node_kind kind, struct span beg);
struct node *parse_finish(struct parser *p, struct node *n);
struct node *parse_error_node(struct parser *p);
void parse_push(struct parser *p, struct node_list *list, struct node *n);
struct span parse_end_here(const struct parser *p, struct span beg);

/* Words: the token of a closed choice in [first, last], with a fault otherwise. */
bool parse_find_word(enum tok kind, enum word first, enum word last, enum word *out);
bool parse_is_every(enum tok kind);

/* parse_expr.c */
struct node *parse_expr(struct parser *p);
/* Sums and what binds tighter: no comparison at the top. */
struct node *parse_sum(struct parser *p);
/* Goes on after a left operand that has been read, from 且 and 或 on. */
struct node *parse_logic_after(struct parser *p, struct node *left);
struct node *parse_compare_after(struct parser *p, struct node *left);
/* A name with its parts; keywords only when any_word. */
struct node *parse_name(struct parser *p, bool any_word);
/* A plain name; a string or a name. */
struct node *parse_plain_name(struct parser *p);
struct node *parse_any_name(struct parser *p); /* also a keyword */
struct node *parse_label(struct parser *p);
/* One factor of a unit of measure. Some units are keywords elsewhere: 项. */
bool parse_at_unit(const struct token *t);
struct node *parse_number(struct parser *p);
struct node *parse_string(struct parser *p);
struct node *parse_day(struct parser *p);
/* The comparison of a token; AST_CMP_NONE when it is none. targets: 提高 and the like as well. */
enum ast_cmp_op parse_cmp_of(enum tok kind, bool targets);
bool parse_is_postfix(enum tok kind);
/* Reads 以上 以内 左右 when there and changes op; a fault when they do not fit together. */
void parse_postfix(struct parser *p, enum ast_cmp_op *op);

/* parse_target.c */
struct node *parse_when(struct parser *p);
bool parse_at_when(const struct parser *p);
struct node *parse_scope(struct parser *p);
bool parse_at_scope(const struct parser *p);
bool parse_find_modality(enum tok kind, enum ast_modality *out);
/* A value or, with *high, a closed range: `3 至 5名`, `3-5名`; after 介于 also `3 and 5名`. */
struct node *parse_value(struct parser *p, bool between, struct node **high);
/* A clause after its keyword, if it had one. */
struct target *parse_target(struct parser *p);

/* parse_prop.c */
/* A property after its keyword. */
void parse_prop_args(struct parser *p, struct prop *prop);
struct node *parse_type(struct parser *p);

/* parse_clause.c */
/* A path: the text up to the end of the line. */
struct node *parse_text(struct parser *p);
/* Clause references with commas between. */
void parse_clauses(struct parser *p, struct node_list *out);

/* parse_body.c */
struct decl *parse_decl(struct parser *p, enum decl_kind kind);
bool parse_decl_of(enum tok kind, enum decl_kind *out);

#endif
