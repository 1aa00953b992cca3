/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions: types, units of measure and grain, bottom-up. */
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "lang/check_int.h"
#include "lang/fmt.h"

static struct typed expression(struct checker *c, const struct node *n, struct grain g);

static const struct typed failed = {.ix = NONE, .type = VT_NUMBER};

static struct typed number(uint32_t ix)
{
    return (struct typed){ix, VT_NUMBER, NULL};
}

static struct typed boolean(uint32_t ix)
{
    return (struct typed){ix, VT_BOOL, NULL};
}

static void type_arg(struct checker *c, struct diag *d, const char *key, enum value_type t)
{
    static const struct {
        struct str en, zh;
    } words[] = {
        [VT_NUMBER] = {STR_INIT("a number"), STR_INIT("数字")},
        [VT_BOOL] = {STR_INIT("a condition"), STR_INIT("条件")},
        [VT_CHOICE] = {STR_INIT("an option"), STR_INIT("选项")},
        [VT_TEXT] = {STR_INIT("a text"), STR_INIT("文本")},
        [VT_DATE] = {STR_INIT("a date"), STR_INIT("日期")},
    };
    diag_arg2(c->ds, d, key, words[t].en, words[t].zh);
}

static uint32_t of_type(struct checker *c, const struct node *n, struct typed t,
                        enum value_type want)
{
    if (t.ix == NONE || t.type == want) {
        return t.ix;
    }
    struct diag *d = diag_add(c->ds, DIAG_wrong_type, n->at);
    type_arg(c, d, "found", t.type);
    type_arg(c, d, "want", want);
    return NONE;
}

uint32_t check_number(struct checker *c, const struct node *n, struct grain g)
{
    return n ? of_type(c, n, expression(c, n, g), VT_NUMBER) : NONE;
}

uint32_t check_bool(struct checker *c, const struct node *n, struct grain g)
{
    return n ? of_type(c, n, expression(c, n, g), VT_BOOL) : NONE;
}

uint32_t check_any(struct checker *c, const struct node *n, struct grain g)
{
    if (!n) {
        return NONE;
    }
    struct typed t = expression(c, n, g);
    return t.type == VT_BOOL ? t.ix : of_type(c, n, t, VT_NUMBER);
}

void check_text(struct checker *c, const struct node *n, struct str out[2])
{
    static const enum diag_lang langs[2] = {DIAG_ZH, DIAG_EN};
    for (int i = 0; i < 2; i++) {
        struct buf text;
        buf_init(&text, 1 << 20);
        fmt_node(c->sources, n, langs[i], &text);
        out[i] = buf_move(c->a, &text);
    }
}

/* ---- operations ----------------------------------------------------------------------------- */

static void inherit_grain(const struct checker *c, struct expr *x, uint32_t operand)
{
    if (operand == NONE) {
        return;
    }
    const struct expr *o = &c->exprs.items[operand];
    if (x->grain_kind == NONE ||
        (o->grain_kind != NONE && check_is_a(c, o->grain_kind, x->grain_kind))) {
        x->grain_kind = o->grain_kind;
    }
    if (x->grain_reg == NONE) {
        x->grain_reg = o->grain_reg;
    }
}

static struct expr op_of(const struct checker *c, enum expr_op op, struct dim dim, bool is_bool,
                         struct span at)
{
    return (struct expr){.op = op,
                         .dim = dim,
                         .is_bool = is_bool,
                         .grain_kind = NONE,
                         .grain_reg = NONE,
                         .a = NONE,
                         .b = NONE,
                         .c = NONE,
                         .ref = NONE,
                         .over_ref = NONE,
                         .num = rat_zero(),
                         .at = check_origin(c, at)};
}

static uint32_t push_op(struct checker *c, struct expr x)
{
    inherit_grain(c, &x, x.a);
    inherit_grain(c, &x, x.b);
    inherit_grain(c, &x, x.c);
    return check_push(c, x);
}

uint32_t check_op(struct checker *c, enum expr_op op, struct dim dim, bool is_bool, uint32_t a,
                  uint32_t b, struct span at)
{
    struct expr x = op_of(c, op, dim, is_bool, at);
    x.a = a;
    x.b = b;
    return push_op(c, x);
}

static struct dim dim_at(const struct checker *c, uint32_t ix)
{
    return c->exprs.items[ix].dim;
}

static void mixed(struct checker *c, struct span at, const struct node *l, struct dim left,
                  const struct node *r, struct dim right)
{
    struct diag *d = diag_add(c->ds, DIAG_dimensions, at);
    check_dim_arg(c, d, "left", left);
    check_dim_arg(c, d, "right", right);
    if (l && r) {
        diag_label(c->ds, d, l->at, "on this side", "一边");
        diag_label(c->ds, d, r->at, "on that side", "另一边");
    }
}

static struct typed arithmetic(struct checker *c, const struct node *n, struct grain g)
{
    const struct node_binary *b = &n->u.binary;
    uint32_t l = check_number(c, b->left, g);
    uint32_t r = check_number(c, b->right, g);
    if (l == NONE || r == NONE) {
        return failed;
    }
    struct dim x = dim_at(c, l);
    struct dim y = dim_at(c, r);
    struct dim out = dim_none();
    if (b->op == BINARY_MUL || b->op == BINARY_DIV) {
        if (!(b->op == BINARY_MUL ? dim_mul(x, y, &out) : dim_div(x, y, &out))) {
            (void)diag_add(c->ds, DIAG_dimension_range, n->at);
            return failed;
        }
        return number(check_op(c, b->op == BINARY_MUL ? EX_MUL : EX_DIV, out, false, l, r, n->at));
    }
    if (!dim_add(x, y, &out)) {
        mixed(c, n->at, b->left, x, b->right, y);
        return failed;
    }
    return number(check_op(c, b->op == BINARY_ADD ? EX_ADD : EX_SUB, out, false, l, r, n->at));
}

static struct typed logic(struct checker *c, const struct node *n, struct grain g)
{
    const struct node_binary *b = &n->u.binary;
    uint32_t l = check_bool(c, b->left, g);
    uint32_t r = check_bool(c, b->right, g);
    if (l == NONE || r == NONE) {
        return failed;
    }
    enum expr_op op = b->op == BINARY_AND ? EX_AND : EX_OR;
    return boolean(check_op(c, op, dim_none(), true, l, r, n->at));
}

static struct typed negation(struct checker *c, const struct node *n, struct grain g)
{
    bool neg = n->u.unary.op == UNARY_NEG;
    uint32_t a =
        neg ? check_number(c, n->u.unary.operand, g) : check_bool(c, n->u.unary.operand, g);
    if (a == NONE) {
        return failed;
    }
    return neg ? number(check_op(c, EX_NEG, dim_at(c, a), false, a, NONE, n->at))
               : boolean(check_op(c, EX_NOT, dim_none(), true, a, NONE, n->at));
}

/* ---- comparisons ---------------------------------------------------------------------------- */

static bool counts_things(struct dim d)
{
    return dim_eq(dim_settle(d), dim_of(DIM_THING)) || dim_eq(d, dim_of(DIM_PERSON)) ||
           dim_eq(d, dim_of(DIM_PERSON_TIME));
}

uint32_t check_value(struct checker *c, const struct node *n, uint32_t x, struct grain g)
{
    uint32_t v = check_number(c, n, g);
    if (v == NONE) {
        return NONE;
    }
    struct dim dx = dim_at(c, x);
    struct expr *e = &c->exprs.items[v];
    if (dim_comparable(dx, e->dim)) {
        return v;
    }
    bool bare =
        e->op == EX_NUM && n->kind == NODE_NUMBER && uom_is_bare(&c->uom, n->u.number.suffix);
    if (bare && (counts_things(dx) || rat_is_zero(e->num))) {
        e->dim = dim_settle(dx);
        return v;
    }
    if (bare) {
        struct diag *d = diag_add(c->ds, DIAG_bare_number, n->at);
        check_dim_arg(c, d, "right", dx);
        return NONE;
    }
    mixed(c, n->at, NULL, dx, NULL, e->dim);
    return NONE;
}

/* choice = "option": membership in a set of one. */
static struct typed membership(struct checker *c, const struct node *at, struct typed left,
                               const struct node *const *options, uint32_t n)
{
    if (left.ix == NONE) {
        return failed;
    }
    if (left.type != VT_CHOICE || !left.datum) {
        (void)of_type(c, at, left, VT_CHOICE);
        return failed;
    }
    struct expr x = op_of(c, EX_IN, dim_none(), true, at->at);
    x.a = left.ix;
    const struct datum *d = left.datum;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = 0;
        while (k < d->n_choices && !str_eq(d->choices[k], options[i]->u.text)) {
            k++;
        }
        if (k == d->n_choices) {
            struct diag *g = diag_add(c->ds, DIAG_unknown_option, options[i]->at);
            diag_arg(c->ds, g, "name", options[i]->u.text);
            diag_arg(c->ds, g, "item", d->name);
            diag_suggest(c->ds, g, options[i]->u.text, d->choices, d->n_choices);
            return failed;
        }
        x.choices |= (uint64_t)1 << k;
    }
    return boolean(push_op(c, x));
}

static struct typed choice_in(struct checker *c, const struct node *n, struct grain g)
{
    struct typed left = expression(c, n->u.in.operand, g);
    const struct node **options = ARENA_ARRAY(c->a, const struct node *, n->u.in.options.n + 1);
    for (uint32_t i = 0; i < n->u.in.options.n; i++) {
        options[i] = n->u.in.options.items[i];
    }
    return membership(c, n, left, options, n->u.in.options.n);
}

static struct typed negate_if(struct checker *c, struct typed t, bool negate, struct span at)
{
    if (t.ix == NONE || !negate) {
        return t;
    }
    return boolean(check_op(c, EX_NOT, dim_none(), true, t.ix, NONE, at));
}

static const enum expr_op cmp_ops[] = {
    [AST_CMP_BARE] = EX_GE,         [AST_CMP_AT_LEAST] = EX_GE, [AST_CMP_REACH] = EX_GE,
    [AST_CMP_AT_MOST] = EX_LE,      [AST_CMP_ABOVE] = EX_GT,    [AST_CMP_BELOW] = EX_LT,
    [AST_CMP_EQ] = EX_EQ,           [AST_CMP_NE] = EX_NE,       [AST_CMP_ABOUT] = EX_ABOUT,
    [AST_CMP_BETWEEN] = EX_BETWEEN,
};

static struct typed compare_numbers(struct checker *c, const struct node *n, uint32_t left,
                                    struct grain g)
{
    const struct node_compare *m = &n->u.compare;
    struct expr x = op_of(c, cmp_ops[m->op], dim_none(), true, n->at);
    x.a = left;
    const struct expr *l = &c->exprs.items[left];
    /* `20 <= x`: the bare number stands on the left. */
    bool bare_left = l->op == EX_NUM && m->left->kind == NODE_NUMBER &&
                     uom_is_bare(&c->uom, m->left->u.number.suffix);
    if (bare_left) {
        x.b = check_number(c, m->right, g);
        if (x.b != NONE && !dim_comparable(dim_at(c, left), dim_at(c, x.b)) &&
            counts_things(dim_at(c, x.b))) {
            c->exprs.items[left].dim = dim_settle(dim_at(c, x.b));
        }
        if (x.b != NONE && !dim_comparable(dim_at(c, left), dim_at(c, x.b))) {
            mixed(c, n->at, m->left, dim_at(c, left), m->right, dim_at(c, x.b));
            return failed;
        }
    } else {
        x.b = check_value(c, m->right, left, g);
    }
    if (m->op == AST_CMP_BETWEEN) {
        x.c = check_value(c, m->high, left, g);
    }
    if (x.b == NONE || (m->op == AST_CMP_BETWEEN && x.c == NONE)) {
        return failed;
    }
    if (m->op == AST_CMP_ABOUT || m->about) {
        if (rat_sign(c->plan->about) < 0) {
            (void)diag_add(c->ds, DIAG_no_tolerance, n->at);
            return failed;
        }
        x.num = c->plan->about;
    }
    return boolean(push_op(c, x));
}

static struct typed comparison(struct checker *c, const struct node *n, struct grain g)
{
    const struct node_compare *m = &n->u.compare;
    struct typed left = expression(c, m->left, g);
    bool equality = m->op == AST_CMP_EQ || m->op == AST_CMP_NE;
    if (m->right->kind == NODE_STRING && equality) {
        const struct node *option = m->right;
        return negate_if(c, membership(c, n, left, &option, 1), m->op == AST_CMP_NE, n->at);
    }
    if (m->right->kind == NODE_BOOL && equality) {
        struct typed b = boolean(of_type(c, m->left, left, VT_BOOL));
        return negate_if(c, b, m->right->u.boolean == (m->op == AST_CMP_NE), n->at);
    }
    uint32_t l = of_type(c, m->left, left, VT_NUMBER);
    return l == NONE ? failed : compare_numbers(c, n, l, g);
}

/* ---- time and place ------------------------------------------------------------------------- */

static struct typed shifted(struct checker *c, const struct node *n, struct grain g)
{
    static const enum expr_op ops[] = {
        [SHIFT_PREVIOUS] = EX_SHIFT,
        [SHIFT_BASELINE] = EX_BASELINE,
        [SHIFT_WHOLE_YEAR] = EX_WHOLE_YEAR,
        [SHIFT_YEAR_END] = EX_YEAR_END,
    };
    enum expr_op op = ops[n->u.shift.op];
    bool periodic = op == EX_WHOLE_YEAR || op == EX_YEAR_END;
    struct typed t = expression(c, n->u.shift.operand, g);
    if (t.ix == NONE ||
        (t.type != VT_BOOL && of_type(c, n->u.shift.operand, t, VT_NUMBER) == NONE)) {
        return failed;
    }
    const struct expr *o = &c->exprs.items[t.ix];
    struct expr x = op_of(c, op, o->dim, o->is_bool, n->at);
    x.a = t.ix;
    x.n = 1;
    if (periodic) {
        bool item = o->op == EX_ITEM;
        if (!item || c->items.items[o->ref].period <= PERIOD_SCHOOL_YEAR) {
            struct diag *d = diag_add(c->ds, DIAG_not_periodic, n->u.shift.operand->at);
            diag_arg(c->ds, d, "name", source_text(c->sources, n->u.shift.operand->at));
            return failed;
        }
        x.ref = o->ref;
    }
    return (struct typed){push_op(c, x), t.type, NULL};
}

static struct typed consecutive(struct checker *c, const struct node *n, struct grain g)
{
    int64_t years = 0;
    bool ok = check_count(c, n->u.consecutive.count, KW_CONSECUTIVE, 1, 50, &years);
    struct expr x = op_of(c, EX_CONSECUTIVE, dim_none(), true, n->at);
    x.a = check_bool(c, n->u.consecutive.operand, g);
    x.n = (uint32_t)years;
    return ok && x.a != NONE ? boolean(push_op(c, x)) : failed;
}

static struct typed conditional(struct checker *c, const struct node *n, struct grain g)
{
    uint32_t test = check_bool(c, n->u.cond.test, g);
    uint32_t then = check_any(c, n->u.cond.then, g);
    uint32_t other = check_any(c, n->u.cond.otherwise, g);
    if (test == NONE || then == NONE || other == NONE) {
        return failed;
    }
    bool is_bool = c->exprs.items[then].is_bool;
    struct dim dim = dim_none();
    if (is_bool != c->exprs.items[other].is_bool) {
        struct typed t = is_bool ? number(other) : boolean(other);
        (void)of_type(c, n->u.cond.otherwise, t, is_bool ? VT_BOOL : VT_NUMBER);
        return failed;
    }
    if (!is_bool && !dim_add(dim_at(c, then), dim_at(c, other), &dim)) {
        mixed(c, n->at, n->u.cond.then, dim_at(c, then), n->u.cond.otherwise, dim_at(c, other));
        return failed;
    }
    struct expr x = op_of(c, EX_IF, dim, is_bool, n->at);
    x.a = test;
    x.b = then;
    x.c = other;
    return (struct typed){push_op(c, x), is_bool ? VT_BOOL : VT_NUMBER, NULL};
}

/* 上级(LEVEL.item) */
static struct typed above(struct checker *c, const struct node *n, struct grain g)
{
    const struct node *name = n->u.parent.operand;
    struct sym owner = name->kind == NODE_NAME ? sym_global(c, name->u.name.parts[0])
                                               : (struct sym){.kind = SYM_NONE};
    if (name->kind != NODE_NAME || owner.kind != SYM_KIND || name->u.name.n != 2) {
        if (name->kind == NODE_NAME) {
            sym_unknown(c, name, (struct grain){NONE, NONE}, SYM_ITEM);
        }
        return failed;
    }
    struct typed t = check_name(c, name, (struct grain){owner.ix, NONE});
    if (t.ix == NONE) {
        return failed;
    }
    struct expr x = op_of(c, EX_PARENT, dim_at(c, t.ix), c->exprs.items[t.ix].is_bool, n->at);
    x.a = t.ix;
    x.ref = owner.ix;
    x.grain_kind = g.kind;
    x.grain_reg = g.reg;
    return (struct typed){check_push(c, x), t.type, t.datum};
}

static struct typed expression(struct checker *c, const struct node *n, struct grain g)
{
    switch (n->kind) {
    case NODE_NUMBER:
        return number(check_literal(c, n));
    case NODE_BOOL: {
        struct expr x = op_of(c, EX_BOOL, dim_none(), true, n->at);
        x.flag = n->u.boolean;
        return boolean(check_push(c, x));
    }
    case NODE_NAME:
        return check_name(c, n, g);
    case NODE_UNARY:
        return negation(c, n, g);
    case NODE_BINARY:
        return n->u.binary.op <= BINARY_AND ? logic(c, n, g) : arithmetic(c, n, g);
    case NODE_COMPARE:
        return comparison(c, n, g);
    case NODE_IN:
        return choice_in(c, n, g);
    case NODE_AGGREGATE:
        return number(check_aggregate(c, n));
    case NODE_RANK:
        return number(check_rank(c, n));
    case NODE_DEGREE:
        return number(check_degree(c, n, g));
    case NODE_SHIFT:
        return shifted(c, n, g);
    case NODE_CONSECUTIVE:
        return consecutive(c, n, g);
    case NODE_IF:
        return conditional(c, n, g);
    case NODE_PARENT:
        return above(c, n, g);
    case NODE_STRING:
    case NODE_DATE: {
        struct diag *d = diag_add(c->ds, DIAG_wrong_type, n->at);
        type_arg(c, d, "found", n->kind == NODE_STRING ? VT_TEXT : VT_DATE);
        type_arg(c, d, "want", VT_NUMBER);
        return failed;
    }
    case NODE_ERROR:
    case NODE_WORD:
    case NODE_TEXT:
    case NODE_CLAUSE:
    case NODE_TYPE:
    case NODE_POINT:
    case NODE_WHEN:
    case NODE_SCOPE:
    case NODE_OUTCOME:
    case NODE__COUNT:
        break;
    }
    return failed;
}
