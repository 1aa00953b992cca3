/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at the syntax tree: access, names and equality. One function (child_at) knows which
 * members of a node are nodes; walking, measuring and comparing are written on top of it.
 */
#include "lang/ast.h"

#include <assert.h>

#include "base/assert.h"

static const char *const decl_names[] = {
#define DECL(name, kw)   #name,
#define MEMBER(name, kw) #name,
#include "lang/ast.def"
};
static_assert(sizeof decl_names / sizeof *decl_names == DECL__COUNT, "a name per kind");

static const char *const node_names[] = {
#define NODE(name, payload) #name,
#include "lang/ast.def"
};
static_assert(sizeof node_names / sizeof *node_names == NODE__COUNT, "a name per kind");

static const enum tok decl_kws[] = {
#define DECL(name, kw)   kw,
#define MEMBER(name, kw) kw,
#include "lang/ast.def"
};

static const enum tok prop_kws[] = {
#define PROP(name, kw, shape, args) kw,
#include "lang/ast.def"
};

static const enum tok word_kws[] = {
    [WORD_EACH_YEAR] = KW_EACH_YEAR,
    [WORD_EACH_SCHOOL_YEAR] = KW_EACH_SCHOOL_YEAR,
    [WORD_EACH_TERM] = KW_EACH_TERM,
    [WORD_EACH_QUARTER] = KW_EACH_QUARTER,
    [WORD_EACH_MONTH] = KW_EACH_MONTH,
    [WORD_EACH_WEEK] = KW_EACH_WEEK,
    [WORD_PUBLIC] = KW_PUBLIC,
    [WORD_INTERNAL] = KW_INTERNAL,
    [WORD_SENSITIVE] = KW_SENSITIVE,
    [WORD_SEALED] = KW_SEALED,
    [WORD_DELIVER] = KW_DELIVER,
    [WORD_START] = KW_START,
    [WORD_HOLD] = KW_CONDUCT,
    [WORD_HALF_AWAY] = KW_HALF_AWAY,
    [WORD_DOWN] = KW_DOWN,
    [WORD_UP] = KW_UP,
    [WORD_MUST] = KW_MUST,
    [WORD_STRIVE] = KW_STRIVE,
    [WORD_ENCOURAGE] = KW_ENCOURAGE,
    [WORD_EXPLORE] = KW_EXPLORE,
};
static_assert(sizeof word_kws / sizeof *word_kws == WORD__COUNT, "a keyword per word");

static const enum tok cmp_kws[] = {
    [AST_CMP_NONE] = TOK_EOF,
    [AST_CMP_BARE] = TOK_EOF,
    [AST_CMP_AT_LEAST] = KW_AT_LEAST,
    [AST_CMP_REACH] = KW_REACH,
    [AST_CMP_AT_MOST] = KW_AT_MOST,
    [AST_CMP_ABOVE] = KW_ABOVE,
    [AST_CMP_BELOW] = KW_BELOW,
    [AST_CMP_EQ] = KW_EQUALS,
    [AST_CMP_NE] = KW_NOT_EQUALS,
    [AST_CMP_ABOUT] = KW_ABOUT,
    [AST_CMP_BETWEEN] = KW_BETWEEN,
    [AST_CMP_RISES] = KW_RISES,
    [AST_CMP_FALLS] = KW_FALLS,
    [AST_CMP_NEVER_FALLS] = KW_NEVER_FALLS,
    [AST_CMP_NEVER_RISES] = KW_NEVER_RISES,
};
static_assert(sizeof cmp_kws / sizeof *cmp_kws == AST_CMP__COUNT, "a keyword per comparison");

static const enum tok agg_kws[] = {
    [AST_AGG_SUM] = KW_SUM,      [AST_AGG_COUNT] = KW_COUNT, [AST_AGG_DISTINCT] = KW_DISTINCT,
    [AST_AGG_SHARE] = KW_SHARE,  [AST_AGG_COVER] = KW_COVER, [AST_AGG_MAX] = KW_MAX,
    [AST_AGG_MIN] = KW_MIN,      [AST_AGG_MEAN] = KW_MEAN,   [AST_AGG_VARIATION] = KW_VARIATION,
    [AST_AGG_DAYS] = KW_DAYS_OF,
};
static_assert(sizeof agg_kws / sizeof *agg_kws == AST_AGG__COUNT, "a keyword per aggregate");

static const enum tok shift_kws[] = {
    [SHIFT_PREVIOUS] = KW_PREVIOUS,
    [SHIFT_BASELINE] = KW_BASELINE,
    [SHIFT_WHOLE_YEAR] = KW_WHOLE_YEAR,
    [SHIFT_YEAR_END] = KW_YEAR_END,
};
static_assert(sizeof shift_kws / sizeof *shift_kws == SHIFT__COUNT, "a keyword per shift");

static const enum tok when_kws[] = {
    [AST_WHEN_BY] = KW_BY,
    [AST_WHEN_AT] = KW_AT,
    [AST_WHEN_EACH] = KW_EACH_YEAR,
    [AST_WHEN_HOLD] = KW_HOLD,
    [AST_WHEN_MEAN] = KW_MEAN_OF_YEARS,
    [AST_WHEN_CUMULATIVE] = KW_CUMULATIVE,
    [AST_WHEN_UNTIL] = KW_UNTIL,
};
static_assert(sizeof when_kws / sizeof *when_kws == AST_WHEN__COUNT, "a keyword per when");

enum tok ast_word_kw(enum word word)
{
    ASSERT(word < WORD__COUNT);
    return word_kws[word];
}

enum tok ast_cmp_kw(enum ast_cmp_op op)
{
    ASSERT(op < AST_CMP__COUNT);
    return cmp_kws[op];
}

enum tok ast_agg_kw(enum ast_agg_op op)
{
    ASSERT(op < AST_AGG__COUNT);
    return agg_kws[op];
}

enum tok ast_shift_kw(enum shift_op op)
{
    ASSERT(op < SHIFT__COUNT);
    return shift_kws[op];
}

enum tok ast_when_kw(enum ast_when_kind kind)
{
    ASSERT(kind < AST_WHEN__COUNT);
    return when_kws[kind];
}

enum tok ast_decl_kw(enum decl_kind kind)
{
    ASSERT(kind < DECL__COUNT);
    return decl_kws[kind];
}

enum tok ast_prop_kw(enum prop_kind kind)
{
    ASSERT(kind < PROP__COUNT);
    return prop_kws[kind];
}

const char *ast_decl_name(enum decl_kind kind)
{
    ASSERT(kind < DECL__COUNT);
    return decl_names[kind];
}

const char *ast_node_name(enum node_kind kind)
{
    ASSERT(kind < NODE__COUNT);
    return node_names[kind];
}

const struct prop *ast_prop(const struct decl *d, enum prop_kind kind)
{
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct ast_item *it = &d->items.items[i];
        if (it->kind == ITEM_PROP && it->u.prop->kind == kind) {
            return it->u.prop;
        }
    }
    return NULL;
}

struct node *ast_arg(const struct prop *p, uint32_t i)
{
    return p && i < p->args.n ? p->args.items[i] : NULL;
}

struct str ast_key(const struct decl *d)
{
    return d->id.n > 0 ? d->id : d->name;
}

struct str ast_name_text(struct arena *a, const struct node *name)
{
    ASSERT(name->kind == NODE_NAME);
    struct str text = name->u.name.parts[0];
    for (uint32_t i = 1; i < name->u.name.n; i++) {
        text = str_cat(a, str_cat(a, text, STR(".")), name->u.name.parts[i]);
    }
    return text;
}

/* Fixed children of a node, in order; at most 6. */
struct kids {
    struct node *at[6];
    uint32_t n;
    const struct node_list *list; /* further children; may be NULL */
};

#define KIDS(...)                                                                                  \
    (struct kids)                                                                                  \
    {                                                                                              \
        .at = {__VA_ARGS__},                                                                       \
        .n = (uint32_t)(sizeof((struct node *[]){__VA_ARGS__}) / sizeof(struct node *))            \
    }

static struct kids aggregate_kids(const struct node_aggregate *g)
{
    return KIDS(g->operand, g->where, g->satisfying, g->weight, g->by, g->window);
}

static struct kids kids_of(const struct node *n)
{
    switch (n->kind) {
    case NODE_UNARY:
        return KIDS(n->u.unary.operand);
    case NODE_BINARY:
        return KIDS(n->u.binary.left, n->u.binary.right);
    case NODE_COMPARE:
        return KIDS(n->u.compare.left, n->u.compare.right, n->u.compare.high);
    case NODE_AGGREGATE:
    case NODE_DEGREE:
        return aggregate_kids(&n->u.aggregate);
    case NODE_RANK:
        return KIDS(n->u.rank.operand, n->u.rank.among);
    case NODE_SHIFT:
        return KIDS(n->u.shift.operand);
    case NODE_CONSECUTIVE:
        return KIDS(n->u.consecutive.count, n->u.consecutive.operand);
    case NODE_IF:
        return KIDS(n->u.cond.test, n->u.cond.then, n->u.cond.otherwise);
    case NODE_IN:
        return (struct kids){.at = {n->u.in.operand}, .n = 1, .list = &n->u.in.options};
    case NODE_PARENT:
        return KIDS(n->u.parent.operand);
    case NODE_TYPE:
        return (struct kids){.list = &n->u.type.options};
    case NODE_WHEN:
        return KIDS(n->u.when.from, n->u.when.to, n->u.when.event);
    case NODE_SCOPE:
        return (struct kids){.at = {n->u.scope.target}, .n = 1, .list = &n->u.scope.units};
    case NODE_OUTCOME:
        return KIDS(n->u.outcome.item, n->u.outcome.amount, n->u.outcome.text, n->u.outcome.limit);
    case NODE_ERROR:
    case NODE_NUMBER:
    case NODE_STRING:
    case NODE_DATE:
    case NODE_BOOL:
    case NODE_NAME:
    case NODE_WORD:
    case NODE_TEXT:
    case NODE_CLAUSE:
    case NODE_POINT:
    case NODE__COUNT:
        break;
    }
    return (struct kids){.n = 0};
}

bool ast_child(const struct node *n, uint32_t i, struct node **out)
{
    struct kids kids = kids_of(n);
    if (i < kids.n) {
        *out = kids.at[i];
        return true;
    }
    if (kids.list && i - kids.n < kids.list->n) {
        *out = kids.list->items[i - kids.n];
        return true;
    }
    return false;
}

static bool name_equal(const struct node_name *x, const struct node_name *y)
{
    if (x->n != y->n) {
        return false;
    }
    for (uint32_t i = 0; i < x->n; i++) {
        if (!str_eq(x->parts[i], y->parts[i])) {
            return false;
        }
    }
    return true;
}

static bool point_equal(struct node_point x, struct node_point y)
{
    return x.kind == y.kind && x.month == y.month && x.day == y.day;
}

/* Everything of a node that is not a node itself. */
static bool leaf_equal(const struct node *x, const struct node *y)
{
    switch (x->kind) {
    case NODE_NUMBER:
        return rat_eq(x->u.number.value, y->u.number.value) &&
               str_eq(x->u.number.suffix, y->u.number.suffix);
    case NODE_STRING:
    case NODE_TEXT:
        return str_eq(x->u.text, y->u.text);
    case NODE_DATE:
        return date_cmp(x->u.date, y->u.date) == 0;
    case NODE_BOOL:
        return x->u.boolean == y->u.boolean;
    case NODE_NAME:
        return name_equal(&x->u.name, &y->u.name);
    case NODE_UNARY:
        return x->u.unary.op == y->u.unary.op;
    case NODE_BINARY:
        return x->u.binary.op == y->u.binary.op;
    case NODE_COMPARE:
        return x->u.compare.op == y->u.compare.op && x->u.compare.about == y->u.compare.about;
    case NODE_AGGREGATE:
        return x->u.aggregate.op == y->u.aggregate.op;
    case NODE_RANK:
        return x->u.rank.ascending == y->u.rank.ascending;
    case NODE_SHIFT:
        return x->u.shift.op == y->u.shift.op;
    case NODE_WORD:
        return x->u.word == y->u.word;
    case NODE_TYPE:
        return x->u.type.kind == y->u.type.kind && str_eq(x->u.type.unit, y->u.type.unit);
    case NODE_POINT:
        return point_equal(x->u.point, y->u.point);
    case NODE_WHEN:
        return x->u.when.kind == y->u.when.kind && x->u.when.every == y->u.when.every;
    case NODE_SCOPE:
        return x->u.scope.kind == y->u.scope.kind;
    case NODE_CLAUSE:
        return str_eq(x->u.clause.path, y->u.clause.path) &&
               x->u.clause.first == y->u.clause.first && x->u.clause.last == y->u.clause.last;
    case NODE_OUTCOME:
        return x->u.outcome.next_year == y->u.outcome.next_year &&
               x->u.outcome.raise == y->u.outcome.raise;
    case NODE_ERROR:
    case NODE_DEGREE:
    case NODE_CONSECUTIVE:
    case NODE_IF:
    case NODE_IN:
    case NODE_PARENT:
    case NODE__COUNT:
        break;
    }
    return true;
}

bool ast_node_equal(const struct node *x, const struct node *y)
{
    if (!x || !y) {
        return x == y;
    }
    if (x->kind != y->kind || !leaf_equal(x, y)) {
        return false;
    }
    for (uint32_t i = 0;; i++) {
        struct node *xc = NULL;
        struct node *yc = NULL;
        bool more = ast_child(x, i, &xc);
        if (more != ast_child(y, i, &yc)) {
            return false;
        }
        if (!more) {
            return true;
        }
        if (!ast_node_equal(xc, yc)) {
            return false;
        }
    }
}

static bool list_equal(const struct node_list *x, const struct node_list *y)
{
    if (x->n != y->n) {
        return false;
    }
    for (uint32_t i = 0; i < x->n; i++) {
        if (!ast_node_equal(x->items[i], y->items[i])) {
            return false;
        }
    }
    return true;
}

static bool rung_equal(const struct ast_rung *x, const struct ast_rung *y)
{
    return x->has_modality == y->has_modality && x->modality == y->modality &&
           x->nearly == y->nearly && x->about == y->about && ast_node_equal(x->when, y->when) &&
           ast_node_equal(x->value, y->value) && ast_node_equal(x->high, y->high);
}

bool ast_target_equal(const struct target *x, const struct target *y)
{
    bool same = x->has_modality == y->has_modality && x->modality == y->modality &&
                list_equal(&x->whens, &y->whens) && list_equal(&x->scopes, &y->scopes) &&
                ast_node_equal(x->condition, y->condition) && ast_node_equal(x->expr, y->expr) &&
                x->cmp == y->cmp && x->nearly == y->nearly && x->two_sided == y->two_sided &&
                ast_node_equal(x->tolerance, y->tolerance) &&
                ast_node_equal(x->baseline, y->baseline) && x->interpolate == y->interpolate &&
                x->rungs.n == y->rungs.n && x->nested.n == y->nested.n;
    for (uint32_t i = 0; same && i < x->rungs.n; i++) {
        same = rung_equal(&x->rungs.items[i], &y->rungs.items[i]);
    }
    for (uint32_t i = 0; same && i < x->nested.n; i++) {
        same = str_eq(x->nested.items[i].label, y->nested.items[i].label) &&
               ast_target_equal(x->nested.items[i].clause, y->nested.items[i].clause);
    }
    return same;
}

static bool item_equal(const struct ast_item *x, const struct ast_item *y)
{
    if (x->kind != y->kind) {
        return false;
    }
    switch (x->kind) {
    case ITEM_PROP:
        return x->u.prop->kind == y->u.prop->kind && list_equal(&x->u.prop->args, &y->u.prop->args);
    case ITEM_DECL:
        return ast_decl_equal(x->u.decl, y->u.decl);
    case ITEM_TARGET:
        return ast_target_equal(x->u.target, y->u.target);
    }
    UNREACHABLE();
}

bool ast_decl_equal(const struct decl *x, const struct decl *y)
{
    if (x->kind != y->kind || !str_eq(x->id, y->id) || !str_eq(x->name, y->name) ||
        x->has_body != y->has_body || x->items.n != y->items.n) {
        return false;
    }
    for (uint32_t i = 0; i < x->items.n; i++) {
        if (!item_equal(&x->items.items[i], &y->items.items[i])) {
            return false;
        }
    }
    return true;
}

bool ast_equal(const struct ast *x, const struct ast *y)
{
    if (x->decls.n != y->decls.n) {
        return false;
    }
    for (uint32_t i = 0; i < x->decls.n; i++) {
        if (!ast_decl_equal(x->decls.items[i], y->decls.items[i])) {
            return false;
        }
    }
    return true;
}
