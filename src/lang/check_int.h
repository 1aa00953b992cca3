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
#include "base/err.h"
#include "lang/diag.h"
#include "lang/kw.h"
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
    struct span at;
    bool label; /* the name of a commitment that has an id */
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
    VEC(struct extent) extents; /* parallel to exprs */
    VEC(struct commitment) commitments;
    VEC(struct clause_code) clause_codes;
    VEC(struct span) clause_places;               /* parallel to clause_codes */
    struct map clause_names;                      /* code or key of the path -> clause_codes */
    VEC(struct commitment_decl) commitment_decls; /* parallel to commitments */
    VEC(uint32_t) open_measures;                  /* indicators being measured, outermost first */
    VEC(struct sym) syms;
    VEC(struct str) texts;  /* their names, for suggestions */
    struct map globals;     /* name or id -> syms */
    struct map owners;      /* 责任 of some commitment */
    struct map names;       /* text of a member -> its number */
    struct map_u64 members; /* owner << 32 | number of the name -> syms */
};

/* An expression with everything it uses, measures of indicators included; saturating. */
struct extent {
    uint32_t size;   /* operations: what walking it costs */
    uint32_t height; /* the longest way down */
};

/* Of the measure of an indicator: other measures may use it, and multiply. */
#define LIMIT_EXTENT_SIZE   4096
#define LIMIT_EXTENT_HEIGHT 256

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
void sym_declare(struct checker *c, struct str name, struct sym sym);
/* A name beside an id: never an error. */
void sym_label(struct checker *c, struct str name, struct sym sym);
/* The same for an item or attribute of a kind, or a field of a register. */
void sym_declare_member(struct checker *c, uint32_t kind, struct str name, struct sym sym);
void sym_declare_field(struct checker *c, uint32_t reg, struct str name, struct sym sym);
/* What a name in the text means, or SYM_NONE after reporting; want SYM_NONE: anything. */
struct sym sym_resolve(struct checker *c, const struct node *name, enum sym_kind want);
/* "kind", "对象" */
void sym_sort_arg(struct checker *c, struct diag *d, const char *key, enum sym_kind kind);
/* "unknown name": suggests what would be visible at the grain and of a wanted kind (SYM_NONE: any),
 * or the spaced spelling of glued keywords. */
void sym_unknown(struct checker *c, const struct node *name, struct grain g, enum sym_kind want);
/* The kind a name means: a kind or a level. NONE after reporting. */
uint32_t sym_kind_of(struct checker *c, const struct node *name);

/* ---- check_expr.c: expressions; indexes into exprs, or NONE after reporting ---- */
uint32_t check_number(struct checker *c, const struct node *n, struct grain g);
uint32_t check_bool(struct checker *c, const struct node *n, struct grain g);
/* Number or boolean, as it comes. */
uint32_t check_any(struct checker *c, const struct node *n, struct grain g);
/* A value to compare `x` with: bare numbers count when x counts things or people. */
uint32_t check_value(struct checker *c, const struct node *n, uint32_t x, struct grain g);
/* Appends. */
uint32_t check_push(struct checker *c, struct expr x);
/* Appends an operation on operands that are there; grain and flags follow from them. */
uint32_t check_op(struct checker *c, enum expr_op op, struct dim dim, bool is_bool, uint32_t a,
                  uint32_t b, struct span at);
/* The text of a node as `list` prints it: [0] Chinese, [1] English. */
void check_text(struct checker *c, const struct node *n, struct str out[2]);

/* ---- check_agg.c: aggregates and ranks stand at any unit ---- */
uint32_t check_aggregate(struct checker *c, const struct node *n);
uint32_t check_rank(struct checker *c, const struct node *n);
uint32_t check_degree(struct checker *c, const struct node *n, struct grain g);

/* ---- check_leaf.c: names and literals ---- */
struct typed {
    uint32_t ix; /* in exprs, NONE: reported */
    enum value_type type;
    const struct datum *datum; /* of an item, attribute or field, else NULL */
};
struct typed check_name(struct checker *c, const struct node *n, struct grain g);
uint32_t check_literal(struct checker *c, const struct node *n);
/* Report in words: "persons", "人". */
void check_dim_arg(struct checker *c, struct diag *d, const char *key, struct dim dim);
/* kind is general or a case of it. */
bool check_is_a(const struct checker *c, uint32_t kind, uint32_t general);

/* ---- check.c ---- */
struct origin check_origin(const struct checker *c, struct span at);
/* Measures of an indicator are checked on demand; false when that failed or is circular (reported
 * once, with all members). The commitment's definitions are then complete. */
bool check_measure_of(struct checker *c, uint32_t commitment, struct span from);

/* ---- check_target.c ---- */
/* Clauses of an indicator (has_measure) or target. Sets targets, n_targets. */
void check_targets(struct checker *c, uint32_t commitment);
bool check_when(struct checker *c, const struct node *n, struct when *out);
/* Scopes of a clause, task or quota; the root when there are none. */
void check_scopes(struct checker *c, struct node *const *nodes, uint32_t n,
                  const struct scope **out, uint32_t *n_out);
/* The kind of the first scope, NONE when it is not known before the units are (named units). */
struct grain check_scope_grain(struct checker *c, const struct target *t);
struct grain check_grain_of(const struct checker *c, const struct scope *scopes, uint32_t n);
/* One clause with everything in it. measure: of the indicator, or NONE. */
/* The measure one year earlier, with lineage (C19, C20, C29). */
uint32_t check_previous(struct checker *c, uint32_t measure);
bool check_clause(struct checker *c, const struct target *t, uint32_t measure, struct clause *out);
enum modality check_modality(enum ast_modality m);

/* ---- check_model.c: declarations, and the values of properties for everybody ---- */
void check_model(struct checker *c);
/* What needs all names: predicates of lists. */
void check_model_late(struct checker *c);
/* The text of a property with a string or name; "" without. */
struct str check_string(const struct decl *d, enum prop_kind kind);
/* A calendar year (or the year of a date); false after reporting, or when n is NULL. */
bool check_year(struct checker *c, const struct node *n, int32_t *out);
/* A whole number in min..max, whatever its unit; false after reporting, or when n is NULL. */
bool check_count(struct checker *c, const struct node *n, enum tok word, int64_t min, int64_t max,
                 int64_t *out);
/* 0 <= t < 1 */
bool check_tolerance(struct checker *c, const struct node *n, struct rat *out);
bool check_point(const struct decl *d, enum prop_kind kind, struct time_point *out);
/* PERIOD_YEAR without the property. */
enum period_kind check_period(const struct prop *p, uint32_t arg);
/* Index of a level, or NONE. */
uint32_t check_level_of(const struct checker *c, struct str name);
/* "defined by itself": members in order, the first one is where it was noticed. */
void check_circle(struct checker *c, struct span at, struct str name, const struct str *members,
                  const struct span *places, uint32_t n);

/* ---- check_other.c ---- */
void check_other(struct checker *c, uint32_t commitment);

/* ---- check_share.c ---- */
/* By the definition that is adopted; of several, the latest. */
uint32_t check_adopted_measure(const struct checker *c, uint32_t commitment);
/* What a ratio or share divides, by itself or through an indicator; of others per is NONE. */
void check_ratio_of(struct checker *c, uint32_t measure, struct span at, uint32_t *used,
                    uint32_t *per);
/* The expression of a nested target, within the outer numerator and, for a percentage, divided by
 * it; NONE when it is faulty. */
uint32_t check_nested_measure(struct checker *c, const struct target *t, uint32_t numerator,
                              const struct clause *of);

#endif
