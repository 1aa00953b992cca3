/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the checker: from the syntax tree to the plan.
 *
 *   names.c         symbols, duplicates, nearest names, glued keywords
 *   check.c         the order of work: declarations first, then indicators on demand, then the rest
 *   check_model.c   plan header, levels, kinds, items, registers, relations, lists, programmes
 *   check_expr.c …  expressions: types, units, grain, straight into struct expr
 *   check_target.c  target clauses: when, scope, comparator, rungs, nested targets
 *   check_other.c   tasks, stages, quotas, gates, rules, checks, forms, scorecards
 *
 * One pass checks and lowers: an expression is typed bottom-up and appended to `exprs` as it is
 * proven (P2). Errors are reported where they are found and give NONE; NONE is never reported
 * again. The plan is given out only when ds->n_errors is 0 (LG1).
 */
#ifndef LANG_CHECK_INT_H
#define LANG_CHECK_INT_H

#include "base/map.h"
#include "base/vec.h"
#include "lang/ast.h"
#include "lang/diag.h"
#include "model/plan.h"
#include "model/uom.h"

enum sym_kind {
    SYM_NONE,
    SYM_KIND,
    SYM_REGISTER,
    SYM_RELATION,
    SYM_TITLE,
    SYM_LIST,
    SYM_EVENT,
    SYM_COMMITMENT,
    SYM_ITEM, /* of a kind: only by sym_member */
    SYM_ATTRIBUTE,
    SYM_FIELD /* of a register */
};

struct sym {
    enum sym_kind kind;
    uint32_t ix; /* in the array of the plan */
};

/* Progress of an indicator's measure, for circular definitions. */
enum measure_state { MEASURE_TODO, MEASURE_OPEN, MEASURE_DONE };

struct commitment_decl {
    const struct decl *decl;
    enum measure_state state;
};

struct checker {
    struct arena *a; /* of the plan */
    const struct sources *sources;
    const struct ast *ast;
    struct diags *ds;
    struct uom_table uom;
    struct plan *plan; /* header fields; arrays are set from the vectors at the end */
    VEC(struct kind) kinds;
    VEC(struct item) items;
    VEC(struct attribute) attributes;
    VEC(struct reg) regs;
    VEC(struct field) fields;
    VEC(struct relation) relations;
    VEC(struct title) titles;
    VEC(struct event) events;
    VEC(struct unit_list) lists;
    VEC(struct expr) exprs;
    VEC(struct commitment) commitments;
    VEC(struct clause_code) clause_codes;
    VEC(struct commitment_decl) commitment_decls; /* parallel to commitments */
    VEC(uint32_t) open_measures;                  /* indicators being measured, outermost first */
    struct map globals;                           /* name or id -> struct sym */
    struct map members;                           /* kind or register, then name -> struct sym */
};

/* Where an expression is evaluated. Both NONE: at any unit (only literals and aggregates). */
struct grain {
    uint32_t kind;
    uint32_t reg;
};

/* ---- names.c ---- */
struct sym sym_global(const struct checker *c, struct str name);
/* An item or attribute of the kind or of a more general one. */
struct sym sym_member(const struct checker *c, uint32_t kind, struct str name);
struct sym sym_field(const struct checker *c, uint32_t reg, struct str name);
/* Declares; a name that is taken is reported with both places. */
void sym_declare(struct checker *c, struct str name, struct span at, struct sym sym);
/* "unknown name": suggests what would be visible at the grain and of a wanted kind (SYM_NONE: any),
 * or the spaced spelling of glued keywords. */
void sym_unknown(struct checker *c, const struct node *name, struct grain g, enum sym_kind want);
/* The kind a name means: a kind or a level. NONE after reporting. */
uint32_t sym_kind_of(struct checker *c, const struct node *name);

/* ---- check_expr.c ---- */
/* Index of the expression, or NONE after reporting. */
uint32_t check_number(struct checker *c, const struct node *n, struct grain g);
uint32_t check_bool(struct checker *c, const struct node *n, struct grain g);
/* Number or boolean, as it comes. */
uint32_t check_any(struct checker *c, const struct node *n, struct grain g);
/* A literal number in the context of a dimension (comparable with `like`); bare numbers fit all
 * dimensions only when the rules of the reference say so. */
uint32_t check_literal(struct checker *c, const struct node *n, struct dim like);
/* value op'd with measure: dimensions comparable, else reported. */
bool check_comparable(struct checker *c, uint32_t x, uint32_t y, struct span at);
struct origin check_origin(const struct checker *c, struct span at);
/* The text of a node as `fmt` prints it, in the arena: [0] Chinese, [1] English. */
void check_text(struct checker *c, const struct node *n, struct str out[2]);

/* ---- check.c ---- */
/* Measures of an indicator are checked on demand; false when that failed or is circular (reported
 * once, with all members). The commitment's definitions are then complete. */
bool check_measure_of(struct checker *c, uint32_t commitment, struct span from);

/* ---- check_target.c ---- */
/* Clauses of an indicator (has_measure) or target. Sets targets, n_targets. */
void check_targets(struct checker *c, uint32_t commitment);
bool check_when(struct checker *c, const struct node *n, struct when *out);
bool check_scope(struct checker *c, const struct node *n, struct scope *out);

/* ---- check_model.c, check_other.c ---- */
void check_model(struct checker *c);
void check_other(struct checker *c, uint32_t commitment);

#endif
