/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The syntax tree of a plan pack: what was written, with nothing resolved yet.
 *
 * A declaration is generic: a kind, an id, a name and items in source order. An item is a
 * property (a table row of ast.def with nodes as arguments), a member declaration, or a
 * target clause. Only the target clause has a struct of its own.
 *
 * Invariants
 *   T1  Keywords are stored as enums, never as spelling: the Chinese and the English text of
 *       one plan give equal trees (ast_equal).
 *   T2  Pointers documented "may be NULL" may; all others are set. A place that did not parse
 *       holds a node of kind NODE_ERROR that has been reported.
 *   T3  ordinal numbers all nodes 0 .. n_nodes-1 without gaps in order of creation, so that
 *       later phases keep their results in side arrays.
 *   T4  Declarations are ordered by file, then by position; comments too.
 *   T5  A node is at most LIMIT_AST_HEIGHT high, so that walking the tree may recurse.
 *   T6  Numbers hold value and suffix apart: 20万人 is 20 with "万人", 93% is 93 with "%".
 * Ownership: everything lives in the arena given to the parser. Texts are NFC and point into
 * that arena or into the sources.
 */
#ifndef LANG_AST_H
#define LANG_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/rat.h"
#include "base/str.h"
#include "base/vec.h"
#include "lang/lex.h"
#include "lang/source.h"

#define LIMIT_AST_HEIGHT 256

enum decl_kind {
#define DECL(name, kw)   DECL_##name,
#define MEMBER(name, kw) DECL_##name,
#include "lang/ast.def"
    DECL__COUNT
};

enum prop_kind {
#define PROP(name, kw, shape, args) PROP_##name,
#include "lang/ast.def"
    PROP__COUNT
};

enum node_kind {
#define NODE(name, payload) NODE_##name,
#include "lang/ast.def"
    NODE__COUNT
};

enum unary_op { UNARY_NEG, UNARY_NOT };
enum binary_op { BINARY_OR, BINARY_AND, BINARY_ADD, BINARY_SUB, BINARY_MUL, BINARY_DIV };

/* Comparisons. RISES to NEVER_RISES and BARE stand in targets only. */
enum ast_cmp_op {
    AST_CMP_NONE, /* target: a boolean expression */
    AST_CMP_BARE, /* target: a literal without a comparing word */
    AST_CMP_AT_LEAST,
    AST_CMP_REACH,
    AST_CMP_AT_MOST,
    AST_CMP_ABOVE,
    AST_CMP_BELOW,
    AST_CMP_EQ,
    AST_CMP_NE,
    AST_CMP_ABOUT,
    AST_CMP_BETWEEN,
    AST_CMP_RISES,
    AST_CMP_FALLS,
    AST_CMP_NEVER_FALLS,
    AST_CMP_NEVER_RISES,
    AST_CMP__COUNT
};

enum ast_agg_op {
    AST_AGG_SUM,
    AST_AGG_COUNT,
    AST_AGG_DISTINCT,
    AST_AGG_SHARE,
    AST_AGG_COVER,
    AST_AGG_MAX,
    AST_AGG_MIN,
    AST_AGG_MEAN,
    AST_AGG_VARIATION,
    AST_AGG_DAYS,
    AST_AGG__COUNT
};

enum shift_op { SHIFT_PREVIOUS, SHIFT_BASELINE, SHIFT_WHOLE_YEAR, SHIFT_YEAR_END, SHIFT__COUNT };

enum ast_modality { MODALITY_MUST, MODALITY_STRIVE, MODALITY_ENCOURAGE, MODALITY_EXPLORE };

/* Periodicities, the `every` of a when and WORD_EACH_... of a property, in this order. */
enum every { EVERY_YEAR, EVERY_SCHOOL_YEAR, EVERY_TERM, EVERY_QUARTER, EVERY_MONTH, EVERY_WEEK };

enum ast_when_kind {
    AST_WHEN_BY,         /* 到 Y年: to */
    AST_WHEN_AT,         /* 于 Y年: to */
    AST_WHEN_EACH,       /* 每年 [A 至 B | 自 A年]: every, from, to */
    AST_WHEN_HOLD,       /* 保持 [A 至 B]: from, to */
    AST_WHEN_MEAN,       /* 年均 [A 至 B]: from, to */
    AST_WHEN_CUMULATIVE, /* 累计 [自 A年] 到 Y年: from, to */
    AST_WHEN_UNTIL,      /* 直到 EVENT */
    AST_WHEN__COUNT
};

enum ast_scope_kind {
    AST_SCOPE_OVERALL,  /* 全域 */
    AST_SCOPE_EACH,     /* 每个 K: target is a NAME */
    AST_SCOPE_NAMED,    /* 每个 {"150100", 赤峰市}: units */
    AST_SCOPE_CATEGORY, /* 每类 R.field: target is a NAME */
    AST_SCOPE__COUNT
};

enum type_kind { TYPE_NUMBER, TYPE_BOOL, TYPE_CHOICE, TYPE_TEXT, TYPE_DATE };

enum point_kind {
    POINT_YEAR_END,
    POINT_YEAR_START,
    POINT_SCHOOL_YEAR_START,
    POINT_SCHOOL_YEAR_END,
    POINT_MONTH_DAY
};

/* Closed choices that are arguments of properties. */
enum word {
    WORD_EACH_YEAR, /* same order as enum every */
    WORD_EACH_SCHOOL_YEAR,
    WORD_EACH_TERM,
    WORD_EACH_QUARTER,
    WORD_EACH_MONTH,
    WORD_EACH_WEEK,
    WORD_PUBLIC,
    WORD_INTERNAL,
    WORD_SENSITIVE,
    WORD_SEALED,
    WORD_DELIVER,
    WORD_START,
    WORD_HOLD,
    WORD_HALF_AWAY,
    WORD_DOWN,
    WORD_UP,
    WORD_MUST, /* same order as enum ast_modality */
    WORD_STRIVE,
    WORD_ENCOURAGE,
    WORD_EXPLORE,
    WORD__COUNT
};

struct node;

struct node_list {
    struct node **items;
    uint32_t n;
    uint32_t cap;
};

struct node_number {
    struct rat value;
    struct str suffix; /* scale and unit of measure as written, "" without */
};

/* parts[0..n), n >= 1, between the dots. */
struct node_name {
    const struct str *parts;
    uint32_t n;
};

struct node_unary {
    enum unary_op op;
    struct node *operand;
};

struct node_binary {
    enum binary_op op;
    struct node *left;
    struct node *right;
};

struct node_compare {
    enum ast_cmp_op op; /* AT_LEAST .. BETWEEN */
    struct node *left;
    struct node *right;
    struct node *high; /* BETWEEN only, else NULL */
    bool about;        /* BETWEEN with 左右: both ends widened (C13) */
};

struct node_aggregate {
    enum ast_agg_op op; /* AST_AGG_COUNT in a NODE_DEGREE */
    struct node *operand;
    struct node *where;      /* 其中; may be NULL */
    struct node *satisfying; /* 满足, SHARE only; may be NULL */
    struct node *weight;     /* 权, VARIATION only; NULL otherwise */
    struct node *by;         /* 被 relation (a NAME), COVER only; NULL otherwise */
    struct node *window;     /* 近 N年: NUMBER; may be NULL */
};

struct node_rank {
    struct node *operand;
    struct node *among; /* NAME of a kind or list */
    bool ascending;
};

struct node_shift {
    enum shift_op op;
    struct node *operand;
};

struct node_consecutive {
    struct node *count; /* NUMBER, suffix 年 */
    struct node *operand;
};

struct node_cond {
    struct node *test;
    struct node *then;
    struct node *otherwise;
};

struct node_in {
    struct node *operand;
    struct node_list options; /* STRING */
};

struct node_parent {
    struct node *operand; /* NAME */
};

struct node_type {
    enum type_kind kind;
    struct str unit;          /* NUMBER: the unit of measure as written, also 元/人; else "" */
    struct node_list options; /* CHOICE: STRING; else empty */
};

struct node_point {
    enum point_kind kind;
    uint8_t month; /* MONTH_DAY only, 1-12 */
    uint8_t day;   /* MONTH_DAY only, 1-31; the pair exists in a leap year */
};

struct node_when {
    enum ast_when_kind kind;
    enum every every;   /* EACH */
    struct node *from;  /* NUMBER (a year) or DATE; may be NULL */
    struct node *to;    /* NUMBER or DATE; NULL where the kind allows it */
    struct node *event; /* UNTIL: NAME, else NULL */
};

struct node_scope {
    enum ast_scope_kind kind;
    struct node *target;    /* EACH, CATEGORY: NAME, else NULL */
    struct node_list units; /* NAMED: STRING or NAME */
};

struct node_clause {
    struct str path; /* code or path, trimmed */
    struct span path_at;
    uint32_t first, last; /* sentences, from 1; both 0: the whole clause */
};

struct node_outcome {
    bool next_year;    /* 下年 */
    struct node *item; /* 调减 调增: NAME; NULL when a case is opened */
    bool raise;        /* 调增 */
    struct node *amount;
    struct node *text;  /* a case: STRING; NULL otherwise */
    struct node *limit; /* a case: 期限 NUMBER; may be NULL */
};

struct node {
    enum node_kind kind;
    uint16_t height; /* 1 without children */
    uint32_t ordinal;
    struct span at;
    union {
        struct node_number number;
        struct str text;
        struct date date;
        bool boolean;
        struct node_name name;
        struct node_unary unary;
        struct node_binary binary;
        struct node_compare compare;
        struct node_aggregate aggregate;
        struct node_rank rank;
        struct node_shift shift;
        struct node_consecutive consecutive;
        struct node_cond cond;
        struct node_in in;
        struct node_parent parent;
        enum word word;
        struct node_type type;
        struct node_point point;
        struct node_when when;
        struct node_scope scope;
        struct node_outcome outcome;
        struct node_clause clause;
    } u;
};

/* One step of a target's ladder. A plain target has exactly one rung, with `has_` flags false. */
struct ast_rung {
    struct span at;
    bool has_modality; /* written on this rung */
    enum ast_modality modality;
    struct node *when; /* WHEN; may be NULL: the target's own */
    struct node
        *value;        /* expr; NULL for AST_CMP_NONE, NEVER_..., and RISES/FALLS without a value */
    struct node *high; /* BETWEEN only, else NULL */
    bool nearly;       /* 基本 before the value */
    bool about;        /* BETWEEN with 左右 (C13) */
};

struct target;

struct nested {
    struct span at;
    struct str label; /* "" without */
    struct target *clause;
};

/*
 * One target clause:
 *   目标 [modality] [when] [scope…] [当 condition] [expr] comparator value [options] {其中 nested}
 */
struct target {
    struct span at;
    bool has_modality;
    enum ast_modality modality; /* MUST without */
    struct node_list whens;     /* WHEN */
    struct node_list scopes;    /* SCOPE */
    struct node *condition;     /* 当; may be NULL */
    struct node *expr;          /* may be NULL: the indicator's measure */
    enum ast_cmp_op cmp;
    bool nearly;                /* 基本 before a boolean expression (cmp NONE) */
    VEC(struct ast_rung) rungs; /* empty for cmp NONE */
    struct node *tolerance;     /* 上下 容差: NUMBER; may be NULL */
    bool two_sided;             /* 双向 */
    struct node *baseline;      /* 基准 V; may be NULL */
    bool interpolate;           /* 插值 线性 */
    VEC(struct nested) nested;
};

struct prop {
    enum prop_kind kind;
    struct span at;
    struct node_list args; /* as ast.def says; an argument with ? may be a NULL pointer */
};

struct decl;

enum item_kind { ITEM_PROP, ITEM_DECL, ITEM_TARGET };

struct ast_item {
    enum item_kind kind;
    union {
        struct prop *prop;
        struct decl *decl;
        struct target *target;
    } u;
};

struct decl {
    enum decl_kind kind;
    uint32_t ordinal; /* own count over all declarations, members included */
    struct span at;
    struct str id; /* "" without */
    struct span id_at;
    struct str name; /* "" without; never both empty, except for LEVELS */
    struct span name_at;
    bool has_body; /* braces were written; a member of theirs may still be nothing */
    VEC(struct ast_item) items;
};

struct ast {
    VEC(struct decl *) decls;
    VEC(struct comment) comments;
    uint32_t n_nodes;
    uint32_t n_decls; /* members included */
};

/* The first property of that kind, or NULL. */
const struct prop *ast_prop(const struct decl *d, enum prop_kind kind);
/* Argument i of a property, or NULL when there is no such property or argument. */
struct node *ast_arg(const struct prop *p, uint32_t i);
/*
 * Child i of a node, in a fixed order per kind; *out is NULL for an optional one that is absent.
 * false when there is no place i.
 */
bool ast_child(const struct node *n, uint32_t i, struct node **out);
/* How a declaration is called: its id when it has one, else its name. */
struct str ast_key(const struct decl *d);
/* The keyword of a declaration. */
enum tok ast_decl_kw(enum decl_kind kind);
/* The keyword of a property, or TOK_EOF where none is written. */
enum tok ast_prop_kw(enum prop_kind kind);
/* The keyword of a word, comparison, aggregate, shift, modality or declared scope. */
enum tok ast_word_kw(enum word word);
enum tok ast_cmp_kw(enum ast_cmp_op op); /* TOK_EOF for NONE and BARE */
enum tok ast_agg_kw(enum ast_agg_op op);
enum tok ast_shift_kw(enum shift_op op);
enum tok ast_when_kw(enum ast_when_kind kind); /* EACH: of the year */
/* Upper-case English word of a kind, for dumps. */
const char *ast_decl_name(enum decl_kind kind);
const char *ast_node_name(enum node_kind kind);
/* A name as written: its parts joined by dots, in the arena. */
struct str ast_name_text(struct arena *a, const struct node *name);

/* Equal trees: spans, ordinals and comments do not count. */
bool ast_equal(const struct ast *x, const struct ast *y);
bool ast_node_equal(const struct node *x, const struct node *y);
bool ast_target_equal(const struct target *x, const struct target *y);
bool ast_decl_equal(const struct decl *x, const struct decl *y);

#endif
