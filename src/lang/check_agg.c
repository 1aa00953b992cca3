/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregates, ranks and degrees: what is aggregated, and at which grain its parts stand. */
#include "base/arena.h"
#include "lang/check_int.h"

/* What an aggregate walks over. */
struct population {
    enum over over;
    uint32_t ref;
    struct grain inner; /* of operand and filter */
    bool ok;
};

static const struct population no_population = {
    .over = OVER_KIND, .ref = NONE, .inner = {NONE, NONE}};

static struct population of_sym(const struct checker *c, struct sym s)
{
    struct population p = no_population;
    p.ref = s.ix;
    p.ok = true;
    switch ((unsigned)s.kind) {
    case SYM_KIND:
        p.inner.kind = s.ix;
        break;
    case SYM_TITLE:
        p.over = OVER_TITLE;
        p.inner.kind = c->titles.items[s.ix].kind;
        break;
    case SYM_LIST:
        p.over = OVER_LIST;
        p.inner.kind = c->lists.items[s.ix].kind;
        break;
    case SYM_REGISTER:
        p.over = OVER_REGISTER;
        p.inner.reg = s.ix;
        break;
    case SYM_RELATION:
        p.over = OVER_RELATION;
        break;
    default:
        p.ok = false;
        break;
    }
    return p;
}

/* 计数(K …): the operand itself names the population. */
static struct population named(struct checker *c, const struct node *n)
{
    if (n->kind != NODE_NAME) {
        if (n->kind != NODE_ERROR) {
            (void)diag_add(c->ds, DIAG_no_population, n->at);
        }
        return no_population;
    }
    struct sym s = sym_global(c, ast_name_text(c->a, n));
    struct population p = of_sym(c, s);
    if (!p.ok) {
        if (s.kind == SYM_NONE) {
            sym_unknown(c, n, (struct grain){NONE, NONE}, SYM_KIND);
        } else {
            (void)sym_resolve(c, n, SYM_KIND);
        }
    }
    return p;
}

/* The first `K.x` in an expression names its population. */
static bool find_owner(const struct checker *c, const struct node *n, struct sym *out)
{
    if (n->kind == NODE_NAME && n->u.name.n == 2) {
        *out = sym_global(c, n->u.name.parts[0]);
        return out->kind == SYM_KIND || out->kind == SYM_REGISTER || out->kind == SYM_TITLE ||
               out->kind == SYM_LIST;
    }
    if (n->kind == NODE_AGGREGATE || n->kind == NODE_PARENT || n->kind == NODE_RANK ||
        n->kind == NODE_DEGREE) {
        return false;
    }
    struct node *kid = NULL;
    for (uint32_t i = 0; ast_child(n, i, &kid); i++) {
        if (kid && find_owner(c, kid, out)) {
            return true;
        }
    }
    return false;
}

/* Without a dot: the only kind or register that has the first bare name. */
static bool find_only(const struct checker *c, const struct node *n, struct sym *out)
{
    if (n->kind == NODE_NAME && n->u.name.n == 1) {
        uint32_t found = 0;
        for (uint32_t i = 0; i < c->syms.n; i++) {
            struct sym s = c->syms.items[i];
            if (!str_eq(c->texts.items[i], n->u.name.parts[0])) {
                continue;
            }
            if (s.kind == SYM_ITEM) {
                *out = (struct sym){SYM_KIND, c->items.items[s.ix].kind, s.at, false};
                found++;
            } else if (s.kind == SYM_FIELD) {
                *out = (struct sym){SYM_REGISTER, c->fields.items[s.ix].reg, s.at, false};
                found++;
            } else if (s.kind == SYM_ATTRIBUTE) {
                *out = (struct sym){SYM_KIND, c->attributes.items[s.ix].kind, s.at, false};
                found++;
            }
        }
        return found == 1;
    }
    struct node *kid = NULL;
    for (uint32_t i = 0; ast_child(n, i, &kid); i++) {
        if (kid && find_only(c, kid, out)) {
            return true;
        }
    }
    return false;
}

static struct population of_expression(struct checker *c, const struct node *n)
{
    struct sym s = {.kind = SYM_NONE};
    if (find_owner(c, n, &s) || find_only(c, n, &s)) {
        return of_sym(c, s);
    }
    if (n->kind == NODE_NAME) {
        sym_unknown(c, n, (struct grain){NONE, NONE}, SYM_ITEM);
    } else if (n->kind != NODE_ERROR) {
        (void)diag_add(c->ds, DIAG_no_population, n->at);
    }
    return no_population;
}

static const enum agg_op ops[] = {
    [AST_AGG_SUM] = AGG_SUM,     [AST_AGG_COUNT] = AGG_COUNT, [AST_AGG_DISTINCT] = AGG_DISTINCT,
    [AST_AGG_SHARE] = AGG_SHARE, [AST_AGG_COVER] = AGG_COVER, [AST_AGG_MAX] = AGG_MAX,
    [AST_AGG_MIN] = AGG_MIN,     [AST_AGG_MEAN] = AGG_MEAN,   [AST_AGG_VARIATION] = AGG_CV,
    [AST_AGG_DAYS] = AGG_DAYS,
};

static struct expr aggregate(const struct checker *c, const struct node *n)
{
    return (struct expr){.op = EX_AGG,
                         .grain_kind = NONE,
                         .grain_reg = NONE,
                         .a = NONE,
                         .b = NONE,
                         .c = NONE,
                         .ref = NONE,
                         .over_ref = NONE,
                         .num = rat_zero(),
                         .at = check_origin(c, n->at)};
}

/* A field of any type: only its values are told apart. */
static uint32_t distinct_field(struct checker *c, const struct node *n, struct grain g)
{
    if (n->kind != NODE_NAME) {
        return check_number(c, n, g);
    }
    return check_name(c, n, g).ix;
}

static bool no_fit(struct checker *c, struct span at, struct str en, struct str zh)
{
    struct diag *d = diag_add(c->ds, DIAG_no_fit, at);
    diag_arg2(c->ds, d, "word", en, zh);
    return false;
}

/* Value and weight; sets the dimension of the result. */
static bool operands(struct checker *c, const struct node *n, const struct population *p,
                     struct expr *x)
{
    const struct node_aggregate *g = &n->u.aggregate;
    switch (x->agg) {
    case AGG_COUNT:
        x->dim = dim_of(DIM_COUNT);
        return true;
    case AGG_SHARE:
        x->dim = dim_none();
        if (p->over == OVER_RELATION) {
            return no_fit(c, g->operand->at, STR("a relation"), STR("关系"));
        }
        return true;
    case AGG_COVER: {
        struct sym r = sym_resolve(c, g->by, SYM_RELATION);
        x->ref = r.ix;
        return r.kind == SYM_RELATION;
    }
    case AGG_DAYS:
        x->dim = dim_of(DIM_DAY);
        return p->over == OVER_REGISTER ||
               no_fit(c, g->operand->at, STR("what is no register"), STR("台账以外的对象"));
    case AGG_DISTINCT:
        x->a = distinct_field(c, g->operand, p->inner);
        x->dim = dim_of(DIM_COUNT);
        return x->a != NONE;
    case AGG_CV: {
        x->a = check_number(c, g->operand, p->inner);
        x->c = check_number(c, g->weight, p->inner);
        x->dim = dim_none();
        return x->a != NONE && x->c != NONE;
    }
    case AGG_SUM:
    case AGG_MAX:
    case AGG_MIN:
    case AGG_MEAN:
        x->a = check_number(c, g->operand, p->inner);
        if (x->a == NONE) {
            return false;
        }
        x->dim = c->exprs.items[x->a].dim;
        return true;
    }
    return false;
}

static bool is_named(enum agg_op op)
{
    return op == AGG_COUNT || op == AGG_SHARE || op == AGG_COVER || op == AGG_DAYS;
}

/*
 * 占比(K 其中 φ): of all K, those with φ (b = NONE, c = φ). 占比(K 其中 φ 满足 ψ): of those with φ,
 * those with ψ (b = φ, c = ψ). 覆盖 keeps its filter in b.
 */
static bool filters(struct checker *c, const struct node *n, const struct population *p,
                    struct expr *x)
{
    const struct node_aggregate *g = &n->u.aggregate;
    if (p->over == OVER_RELATION && g->where) {
        return no_fit(c, g->where->at, STR("a filter on pairs"), STR("关系的“其中”"));
    }
    if (x->agg == AGG_SHARE && !g->where && !g->satisfying) {
        return no_fit(c, n->at, STR("share without a condition"), STR("没有条件的“占比”"));
    }
    if (g->where) {
        x->b = check_bool(c, g->where, p->inner);
        if (x->b == NONE) {
            return false;
        }
    }
    if (g->satisfying) {
        x->c = check_bool(c, g->satisfying, p->inner);
        return x->c != NONE;
    }
    if (x->agg == AGG_SHARE) {
        x->c = x->b;
        x->b = NONE;
    }
    return true;
}

/* 近 N年: rows of the N years that end with the one judged. */
static bool window(struct checker *c, const struct node *n, const struct population *p,
                   struct expr *x)
{
    int64_t years = 1;
    if (n && p->over != OVER_REGISTER) {
        return no_fit(c, n->at, STR("within_last without a register"), STR("台账以外的“近”"));
    }
    bool ok = !n || check_count(c, n, KW_WITHIN_LAST, 1, 50, &years);
    x->n = (uint32_t)years;
    return ok;
}

uint32_t check_aggregate(struct checker *c, const struct node *n)
{
    const struct node_aggregate *agg = &n->u.aggregate;
    struct expr x = aggregate(c, n);
    x.agg = ops[agg->op];
    struct population p = is_named(x.agg) ? named(c, agg->operand) : of_expression(c, agg->operand);
    if (!p.ok) {
        return NONE;
    }
    if (p.over == OVER_RELATION && x.agg != AGG_COUNT) {
        (void)no_fit(c, agg->operand->at, STR("a relation"), STR("关系"));
        return NONE;
    }
    x.over = p.over;
    x.over_ref = p.ref;
    bool values = operands(c, n, &p, &x);
    bool conditions = filters(c, n, &p, &x);
    bool spans = window(c, agg->window, &p, &x);
    return values && conditions && spans ? check_push(c, x) : NONE;
}

uint32_t check_rank(struct checker *c, const struct node *n)
{
    struct population p = named(c, n->u.rank.among);
    if (!p.ok || (p.over != OVER_KIND && p.over != OVER_LIST && p.over != OVER_TITLE)) {
        if (p.ok) {
            (void)sym_resolve(c, n->u.rank.among, SYM_KIND);
        }
        return NONE;
    }
    struct expr x = aggregate(c, n);
    x.op = EX_RANK;
    x.a = check_number(c, n->u.rank.operand, p.inner);
    x.over = p.over;
    x.over_ref = p.ref;
    x.flag = n->u.rank.ascending;
    x.grain_kind = p.inner.kind;
    x.dim = dim_of(DIM_COUNT); /* compares with 5, 5名 and 5个 alike */
    return x.a == NONE ? NONE : check_push(c, x);
}

uint32_t check_degree(struct checker *c, const struct node *n, struct grain g)
{
    struct sym s = sym_resolve(c, n->u.aggregate.operand, SYM_RELATION);
    if (s.kind != SYM_RELATION) {
        return NONE;
    }
    const struct relation *r = &c->relations.items[s.ix];
    bool at_a = g.kind != NONE && r->kind_a != NONE && check_is_a(c, g.kind, r->kind_a);
    struct expr x = aggregate(c, n);
    x.op = EX_DEGREE;
    x.ref = s.ix;
    x.dim = dim_of(DIM_COUNT);
    x.grain_kind = g.kind != NONE ? g.kind : r->kind_a;
    if (n->u.aggregate.where) {
        struct grain partner = {at_a || g.kind == NONE ? r->kind_b : r->kind_a, NONE};
        x.b = check_bool(c, n->u.aggregate.where, partner);
        if (x.b == NONE) {
            return NONE;
        }
    }
    return check_push(c, x);
}
