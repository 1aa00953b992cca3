/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions, lowest to highest: 或, 且, 非 (and 连续), comparison, + -, * /, unary -, primary.
 * Comparisons do not chain. 如果 stands where a whole expression can.
 */
#include "base/arena.h"
#include "base/assert.h"
#include "lang/kw.h"
#include "lang/parse_int.h"

struct node *parse_string(struct parser *p)
{
    struct node *n = parse_node(p, NODE_STRING, parse_tok(p)->at);
    n->u.text = parse_tok(p)->text;
    if (!parse_accept(p, TOK_STRING)) {
        parse_expected(p, "a string", "字符串");
        return parse_error_node(p);
    }
    return n;
}

struct node *parse_number(struct parser *p)
{
    const struct token *t = parse_tok(p);
    if (t->kind != TOK_NUMBER) {
        parse_expected(p, "a number", "数字");
        return parse_error_node(p);
    }
    struct node *n = parse_node(p, NODE_NUMBER, t->at);
    n->u.number = (struct node_number){t->number, t->suffix};
    (void)parse_next(p);
    /* `7000元/人`, without spaces, is one number with a compound unit. */
    while (n->u.number.suffix.n > 0 && parse_at(p, TOK_SLASH) && parse_tok(p)->glued &&
           parse_at_unit(parse_ahead(p, 1)) && parse_ahead(p, 1)->glued) {
        (void)parse_next(p);
        n->u.number.suffix =
            str_cat(p->a, str_cat(p->a, n->u.number.suffix, STR("/")), parse_next(p)->text);
        n->at = parse_end_here(p, n->at);
    }
    return n;
}

struct node *parse_day(struct parser *p)
{
    const struct token *t = parse_tok(p);
    if (t->kind != TOK_DAY) {
        parse_expected(p, "a date", "日期");
        return parse_error_node(p);
    }
    struct node *n = parse_node(p, NODE_DATE, t->at);
    n->u.date = t->day;
    (void)parse_next(p);
    return n;
}

static bool at_part(const struct token *t, bool any_word)
{
    return t->kind == TOK_IDENT || t->kind == TOK_QUOTED || (any_word && kw_is(t->kind));
}

struct node *parse_name(struct parser *p, bool any_word)
{
    if (!at_part(parse_tok(p), any_word)) {
        parse_expected(p, "a name", "名称");
        return parse_error_node(p);
    }
    struct node *n = parse_node(p, NODE_NAME, parse_tok(p)->at);
    VEC(struct str) parts = {0};
    bool room = vec_try_push(p->a, &parts, parse_next(p)->text);
    while (room && parse_at(p, TOK_DOT) && parse_tok(p)->glued) {
        const struct token *part = parse_ahead(p, 1);
        if (!part->glued || !(at_part(part, true) || part->kind == TOK_NUMBER)) {
            (void)parse_next(p);
            parse_expected(p, "a name directly after the dot", "紧接在点号之后的名称");
            break;
        }
        (void)parse_next(p);
        (void)parse_next(p);
        room = vec_try_push(p->a, &parts, part->text);
    }
    if (!room) {
        p->out_of_memory = true;
        p->panic = true;
        return parse_error_node(p);
    }
    n->u.name = (struct node_name){parts.items, parts.n};
    return parse_finish(p, n);
}

struct node *parse_plain_name(struct parser *p)
{
    return parse_name(p, false);
}

struct node *parse_any_name(struct parser *p)
{
    return parse_name(p, true);
}

struct node *parse_label(struct parser *p)
{
    return parse_at(p, TOK_STRING) ? parse_string(p) : parse_name(p, false);
}

static bool find_agg(enum tok kind, enum ast_agg_op *out)
{
    for (int i = 0; i < AST_AGG__COUNT; i++) {
        if (ast_agg_kw((enum ast_agg_op)i) == kind) {
            *out = (enum ast_agg_op)i;
            return true;
        }
    }
    return false;
}

static bool find_shift(enum tok kind, enum shift_op *out)
{
    for (int i = 0; i < SHIFT__COUNT; i++) {
        if (ast_shift_kw((enum shift_op)i) == kind) {
            *out = (enum shift_op)i;
            return true;
        }
    }
    return false;
}

/* The clauses after the operand: 其中 φ, 满足 ψ, 权 x, 被 R, 近 N年, in any order, each once. */
static void aggregate_clauses(struct parser *p, struct node_aggregate *g, bool degree)
{
    while (!p->panic) {
        bool share = !degree && g->op == AST_AGG_SHARE;
        bool variation = !degree && g->op == AST_AGG_VARIATION;
        bool cover = !degree && g->op == AST_AGG_COVER;
        if (!g->where && parse_accept(p, KW_WHERE)) {
            g->where = parse_expr(p);
        } else if (share && !g->satisfying && parse_accept(p, KW_SATISFYING)) {
            g->satisfying = parse_expr(p);
        } else if (variation && !g->weight && parse_accept(p, KW_WEIGHT)) {
            g->weight = parse_sum(p);
        } else if (cover && !g->by && (parse_accept(p, KW_VIA) || parse_accept(p, KW_BY))) {
            g->by = parse_name(p, false);
        } else if (!degree && !g->window && parse_accept(p, KW_WITHIN_LAST)) {
            g->window = parse_number(p);
        } else {
            break;
        }
    }
    if (!degree && g->op == AST_AGG_COVER && !g->by) {
        parse_expected(p, "\"via\" and a relation", "“被”和一个关系");
    } else if (!degree && g->op == AST_AGG_VARIATION && !g->weight) {
        parse_expected(p, "\"weight\" and an item", "“权”和一个数据项");
    }
}

/* What stands between the parentheses of a function. */
static struct node *call_args(struct parser *p, struct node *n)
{
    switch ((unsigned)n->kind) {
    case NODE_AGGREGATE:
        n->u.aggregate.operand = parse_at(p, KW_IF) ? parse_expr(p) : parse_sum(p);
        aggregate_clauses(p, &n->u.aggregate, false);
        break;
    case NODE_DEGREE:
        n->u.aggregate.op = AST_AGG_COUNT;
        n->u.aggregate.operand = parse_name(p, false);
        aggregate_clauses(p, &n->u.aggregate, true);
        break;
    case NODE_RANK:
        n->u.rank.operand = parse_sum(p);
        (void)parse_expect(p, KW_AT);
        n->u.rank.among = parse_name(p, false);
        n->u.rank.ascending = parse_accept(p, KW_ASCENDING);
        break;
    case NODE_SHIFT:
        n->u.shift.operand = parse_expr(p);
        break;
    case NODE_PARENT:
        n->u.parent.operand = parse_name(p, false);
        break;
    default:
        UNREACHABLE();
    }
    return n;
}

/* A function by its keyword; NULL when the keyword is none. */
static struct node *call(struct parser *p)
{
    const struct token *t = parse_tok(p);
    enum ast_agg_op agg = AST_AGG_SUM;
    enum shift_op shift = SHIFT_PREVIOUS;
    struct node *n = NULL;
    if (find_agg(t->kind, &agg)) {
        n = parse_node(p, NODE_AGGREGATE, t->at);
        n->u.aggregate.op = agg;
    } else if (find_shift(t->kind, &shift)) {
        n = parse_node(p, NODE_SHIFT, t->at);
        n->u.shift.op = shift;
    } else if (t->kind == KW_RANK) {
        n = parse_node(p, NODE_RANK, t->at);
    } else if (t->kind == KW_DEGREE) {
        n = parse_node(p, NODE_DEGREE, t->at);
    } else if (t->kind == KW_PARENT_OF) {
        n = parse_node(p, NODE_PARENT, t->at);
    } else {
        return NULL;
    }
    (void)parse_next(p);
    const struct token *open = parse_tok(p);
    if (!parse_expect(p, TOK_LPAREN) || !parse_enter(p)) {
        return parse_error_node(p);
    }
    bool outer = p->in_condition;
    p->in_condition = false;
    if (n->kind != NODE_ERROR) {
        n = call_args(p, n);
    }
    p->in_condition = outer;
    parse_leave(p);
    parse_close(p, TOK_RPAREN, open);
    return p->panic ? parse_error_node(p) : parse_finish(p, n);
}

/* A keyword where only a name can stand: a function without its bracket, a declaration's word. */
static bool at_word_as_name(const struct parser *p)
{
    const struct token *t = parse_tok(p);
    enum ast_agg_op agg = AST_AGG_SUM;
    enum shift_op shift = SHIFT_PREVIOUS;
    bool function = find_agg(t->kind, &agg) || find_shift(t->kind, &shift) || t->kind == KW_RANK ||
                    t->kind == KW_DEGREE;
    function = function || t->kind == KW_STRATA || t->kind == KW_SEED;
    bool noun = t->kind >= KW_PLAN && t->kind <= KW_UNMEASURABLE && t->kind != KW_TARGET;
    return (function && parse_ahead(p, 1)->kind != TOK_LPAREN) || (noun && !t->newline_before);
}

static struct node *parenthesised(struct parser *p)
{
    const struct token *open = parse_next(p);
    if (!parse_enter(p)) {
        return parse_error_node(p);
    }
    bool outer = p->in_condition;
    p->in_condition = false;
    struct node *n = parse_expr(p);
    p->in_condition = outer;
    parse_leave(p);
    parse_close(p, TOK_RPAREN, open);
    return n;
}

static struct node *primary(struct parser *p)
{
    const struct token *t = parse_tok(p);
    if (p->panic) {
        return parse_error_node(p);
    }
    switch ((unsigned)t->kind) {
    case TOK_NUMBER:
        return parse_number(p);
    case TOK_STRING:
        return parse_string(p);
    case TOK_DAY:
        return parse_day(p);
    case TOK_IDENT:
    case TOK_QUOTED:
        return parse_name(p, false);
    case TOK_LPAREN:
        return parenthesised(p);
    case KW_YES:
    case KW_NO: {
        struct node *n = parse_node(p, NODE_BOOL, t->at);
        n->u.boolean = parse_next(p)->kind == KW_YES;
        return n;
    }
    default:
        break;
    }
    if (at_word_as_name(p)) {
        return parse_name(p, true);
    }
    struct node *n = call(p);
    if (!n) {
        parse_expected(p, "an expression", "表达式");
        n = parse_error_node(p);
    }
    return n;
}

static struct node *unary(struct parser *p)
{
    if (!parse_at(p, TOK_MINUS)) {
        return primary(p);
    }
    struct node *n = parse_node(p, NODE_UNARY, parse_next(p)->at);
    if (!parse_enter(p)) {
        return parse_error_node(p);
    }
    n->u.unary = (struct node_unary){UNARY_NEG, unary(p)};
    parse_leave(p);
    return p->panic ? parse_error_node(p) : parse_finish(p, n);
}

static const struct {
    enum tok tok;
    enum binary_op op;
    int power; /* binds tighter when higher */
} binaries[] = {
    {KW_OR, BINARY_OR, 1},      {KW_AND, BINARY_AND, 2},   {TOK_PLUS, BINARY_ADD, 4},
    {TOK_MINUS, BINARY_SUB, 4}, {TOK_STAR, BINARY_MUL, 5}, {TOK_SLASH, BINARY_DIV, 5},
};

enum { POWER_OR = 1, POWER_NOT = 3, POWER_SUM = 4, POWER_UNARY = 6 };

static struct node *binary_after(struct parser *p, struct node *left, int power);
static struct node *negation(struct parser *p);

static struct node *operand(struct parser *p, int power)
{
    if (power >= POWER_UNARY) {
        return unary(p);
    }
    return binary_after(p, power <= POWER_NOT ? negation(p) : unary(p), power);
}

/* Goes on with operators of at least that power after a left operand. */
static struct node *binary_after(struct parser *p, struct node *left, int power)
{
    while (!p->panic) {
        uint32_t i = 0;
        uint32_t n_ops = sizeof binaries / sizeof *binaries;
        while (i < n_ops && !(parse_at(p, binaries[i].tok) && binaries[i].power >= power)) {
            i++;
        }
        if (i == n_ops) {
            break;
        }
        struct node *n = parse_node(p, NODE_BINARY, left->at);
        (void)parse_next(p);
        struct node *right = operand(p, binaries[i].power + 1);
        if (p->panic) {
            break;
        }
        n->u.binary = (struct node_binary){binaries[i].op, left, right};
        left = parse_finish(p, n);
    }
    return left;
}

struct node *parse_sum(struct parser *p)
{
    return operand(p, POWER_SUM);
}

struct node *parse_logic_after(struct parser *p, struct node *left)
{
    return binary_after(p, left, POWER_OR);
}

enum ast_cmp_op parse_cmp_of(enum tok kind, bool targets)
{
    static const struct {
        enum tok tok;
        enum ast_cmp_op op;
    } signs[] = {{TOK_GE, AST_CMP_AT_LEAST}, {TOK_GT, AST_CMP_ABOVE}, {TOK_LE, AST_CMP_AT_MOST},
                 {TOK_LT, AST_CMP_BELOW},    {TOK_EQ, AST_CMP_EQ},    {TOK_NE, AST_CMP_NE}};
    for (uint32_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (signs[i].tok == kind) {
            return signs[i].op;
        }
    }
    int last = targets ? AST_CMP__COUNT : AST_CMP_RISES;
    for (int i = AST_CMP_AT_LEAST; i < last; i++) {
        if (ast_cmp_kw((enum ast_cmp_op)i) == kind) {
            return (enum ast_cmp_op)i;
        }
    }
    return AST_CMP_NONE;
}

bool parse_is_postfix(enum tok kind)
{
    return kind == KW_OR_MORE || kind == KW_OR_LESS || kind == KW_OR_SO;
}

void parse_postfix(struct parser *p, enum ast_cmp_op *op)
{
    /* What a postfix makes of the comparison before the value; others contradict it. */
    static const struct {
        enum tok tok;
        enum ast_cmp_op before;
        enum ast_cmp_op after;
    } rows[] = {
        {KW_OR_MORE, AST_CMP_BARE, AST_CMP_AT_LEAST},
        {KW_OR_MORE, AST_CMP_AT_LEAST, AST_CMP_AT_LEAST},
        {KW_OR_MORE, AST_CMP_REACH, AST_CMP_REACH},
        {KW_OR_LESS, AST_CMP_BARE, AST_CMP_AT_MOST},
        {KW_OR_LESS, AST_CMP_AT_MOST, AST_CMP_AT_MOST},
        {KW_OR_SO, AST_CMP_BARE, AST_CMP_ABOUT},
        {KW_OR_SO, AST_CMP_REACH, AST_CMP_ABOUT},
        {KW_OR_SO, AST_CMP_EQ, AST_CMP_ABOUT},
        {KW_OR_SO, AST_CMP_ABOUT, AST_CMP_ABOUT},
    };
    const struct token *t = parse_tok(p);
    if (p->panic || !parse_is_postfix(t->kind)) {
        return;
    }
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].tok == t->kind && rows[i].before == *op) {
            *op = rows[i].after;
            (void)parse_next(p);
            return;
        }
    }
    struct diag *d = parse_fault(p, DIAG_contradiction, t->at);
    if (d) {
        diag_arg(p->ds, d, "word", t->text);
    }
}

/* x 属于 ("甲", "乙") */
static struct node *membership(struct parser *p, struct node *left)
{
    struct node *n = parse_node(p, NODE_IN, left->at);
    (void)parse_next(p);
    const struct token *open = parse_next(p);
    if (n->kind == NODE_IN) {
        n->u.in.operand = left;
        do {
            parse_push(p, &n->u.in.options, parse_string(p));
        } while (!p->panic && parse_accept(p, TOK_COMMA));
    }
    parse_close(p, TOK_RPAREN, open);
    return p->panic ? parse_error_node(p) : parse_finish(p, n);
}

/* A number directly after an operand compares only with a word after it: `x 95%以上`. */
static bool at_bare_comparison(const struct parser *p)
{
    const struct token *after = parse_ahead(p, 1);
    return parse_at(p, TOK_NUMBER) && (parse_is_postfix(after->kind) || after->kind == KW_TO ||
                                       (after->kind == TOK_MINUS && after->glued));
}

struct node *parse_compare_after(struct parser *p, struct node *left)
{
    if (parse_at(p, KW_IN) && parse_ahead(p, 1)->kind == TOK_LPAREN) {
        return membership(p, left);
    }
    enum ast_cmp_op op = parse_cmp_of(parse_tok(p)->kind, false);
    if (op != AST_CMP_NONE) {
        (void)parse_next(p);
    } else if (at_bare_comparison(p)) {
        op = AST_CMP_BARE;
    } else {
        return left;
    }
    struct node *n = parse_node(p, NODE_COMPARE, left->at);
    struct node *high = NULL;
    bool range = op == AST_CMP_BETWEEN || op == AST_CMP_BARE || op == AST_CMP_REACH ||
                 op == AST_CMP_EQ || op == AST_CMP_ABOUT;
    struct node *right = range ? parse_value(p, op == AST_CMP_BETWEEN, &high) : parse_sum(p);
    bool about = high && (op == AST_CMP_ABOUT || parse_accept(p, KW_OR_SO));
    if (high) {
        op = AST_CMP_BETWEEN;
    } else if (op == AST_CMP_BETWEEN) {
        (void)(!p->panic && parse_expect(p, KW_TO));
    }
    parse_postfix(p, &op);
    if (p->panic) {
        return parse_error_node(p);
    }
    n->u.compare = (struct node_compare){op, left, right, high, about};
    if (!p->in_condition && parse_cmp_of(parse_tok(p)->kind, false) != AST_CMP_NONE) {
        (void)parse_fault(p, DIAG_chained, parse_tok(p)->at);
    }
    return parse_finish(p, n);
}

/* 如果 φ 则 a 否则 b */
static struct node *conditional(struct parser *p)
{
    struct node *n = parse_node(p, NODE_IF, parse_next(p)->at);
    struct node_cond c = {0};
    if (!parse_enter(p)) {
        return parse_error_node(p);
    }
    c.test = parse_expr(p);
    (void)(!p->panic && parse_expect(p, KW_THEN));
    c.then = parse_expr(p);
    (void)(!p->panic && parse_expect(p, KW_ELSE));
    c.otherwise = parse_expr(p);
    parse_leave(p);
    if (p->panic) {
        return parse_error_node(p);
    }
    n->u.cond = c;
    return parse_finish(p, n);
}

static struct node *prefixed(struct parser *p)
{
    const struct token *t = parse_next(p);
    struct node *n = NULL;
    if (t->kind == KW_NOT) {
        n = parse_node(p, NODE_UNARY, t->at);
        struct node *below = negation(p);
        n->u.unary = (struct node_unary){UNARY_NOT, below};
    } else {
        n = parse_node(p, NODE_CONSECUTIVE, t->at);
        struct node *count = parse_number(p);
        struct node *below = p->panic ? count : negation(p);
        n->u.consecutive = (struct node_consecutive){count, below};
    }
    return p->panic ? parse_error_node(p) : parse_finish(p, n);
}

static struct node *negation(struct parser *p)
{
    if (!parse_at(p, KW_NOT) && !parse_at(p, KW_CONSECUTIVE)) {
        return parse_compare_after(p, parse_sum(p));
    }
    if (!parse_enter(p)) {
        return parse_error_node(p);
    }
    struct node *n = prefixed(p);
    parse_leave(p);
    return n;
}

struct node *parse_expr(struct parser *p)
{
    if (p->panic) {
        return parse_error_node(p);
    }
    struct node *n = parse_at(p, KW_IF) ? conditional(p) : operand(p, POWER_OR);
    return p->panic ? parse_error_node(p) : n;
}
