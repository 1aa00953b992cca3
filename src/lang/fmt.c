/* SPDX-License-Identifier: Apache-2.0 */
/* Printing a tree: expressions by binding power, declarations line by line, comments in their
 * place. */
#include "lang/fmt.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "lang/kw.h"

struct printer {
    const struct sources *s;
    const struct ast *ast;
    enum diag_lang lang;
    struct buf *out;
    uint32_t next_comment;
};

/* ---- words ---------------------------------------------------------------------------------- */

static void space(struct printer *p)
{
    if (p->out->n > 0) {
        char last = p->out->p[p->out->n - 1];
        if (last != ' ' && last != '\n' && last != '(') {
            buf_putc(p->out, ' ');
        }
    }
}

/* Where one token has several English spellings the context picks one. */
static void word(struct printer *p, enum tok kw)
{
    space(p);
    buf_str(p->out, kw_text(kw, p->lang == DIAG_ZH));
}

static void word_as(struct printer *p, enum tok kw, const char *en)
{
    if (p->lang == DIAG_ZH) {
        word(p, kw);
    } else {
        space(p);
        buf_puts(p->out, en);
    }
}

static bool plain_name(struct str s, bool first)
{
    uint32_t at = 0;
    bool digits = true;
    while (at < s.n) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(s, at, &cp);
        bool letter = cp == '_' || utf8_is_han(cp) || utf8_is_alnum(cp);
        bool digit = cp >= '0' && cp <= '9';
        if (!letter || (at == 0 && digit && first)) {
            return false;
        }
        digits = digits && digit;
        at += n;
    }
    return s.n > 0 && (digits || s.p[0] < '0' || s.p[0] > '9');
}

/* A word that would be read as something else is quoted. */
static void name_part(struct printer *p, struct str s, bool first)
{
    bool plain = plain_name(s, first) && (!first || kw_find(s) == TOK_IDENT);
    /* Fractions such as 三分之二 are numbers. */
    plain = plain && !(first && str_find(s, STR("分之"), 0) != STR_NONE);
    buf_puts(p->out, plain ? "" : "「");
    buf_str(p->out, s);
    buf_puts(p->out, plain ? "" : "」");
}

static void name(struct printer *p, const struct node *n)
{
    space(p);
    for (uint32_t i = 0; i < n->u.name.n; i++) {
        buf_puts(p->out, i > 0 ? "." : "");
        name_part(p, n->u.name.parts[i], i == 0);
    }
}

static void string(struct printer *p, struct str s)
{
    space(p);
    buf_putc(p->out, '"');
    for (uint32_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n') {
            buf_puts(p->out, "\\n");
        } else {
            buf_puts(p->out, s.p[i] == '"' || s.p[i] == '\\' ? "\\" : "");
            buf_putc(p->out, s.p[i]);
        }
    }
    buf_putc(p->out, '"');
}

/* ---- expressions ---------------------------------------------------------------------------- */

enum power {
    POWER_IF,
    POWER_OR,
    POWER_AND,
    POWER_NOT,
    POWER_CMP,
    POWER_SUM,
    POWER_PRODUCT,
    POWER_UNARY,
    POWER_ATOM
};

static enum power power_of(const struct node *n)
{
    static const enum power binary[] = {
        [BINARY_OR] = POWER_OR,   [BINARY_AND] = POWER_AND,     [BINARY_ADD] = POWER_SUM,
        [BINARY_SUB] = POWER_SUM, [BINARY_MUL] = POWER_PRODUCT, [BINARY_DIV] = POWER_PRODUCT,
    };
    switch ((unsigned)n->kind) {
    case NODE_IF:
        return POWER_IF;
    case NODE_BINARY:
        return binary[n->u.binary.op];
    case NODE_UNARY:
        return n->u.unary.op == UNARY_NOT ? POWER_NOT : POWER_UNARY;
    case NODE_CONSECUTIVE:
        return POWER_NOT;
    case NODE_COMPARE:
    case NODE_IN:
        return POWER_CMP;
    default:
        return POWER_ATOM;
    }
}

static void expr(struct printer *p, const struct node *n, enum power least);

static void list(struct printer *p, const struct node_list *l)
{
    for (uint32_t i = 0; i < l->n; i++) {
        if (i > 0) {
            buf_putc(p->out, ',');
        }
        expr(p, l->items[i], POWER_IF);
    }
}

static void binary(struct printer *p, const struct node *n, enum power own)
{
    static const struct {
        enum tok kw;
        const char *sign;
    } ops[] = {
        [BINARY_OR] = {KW_OR, ""},     [BINARY_AND] = {KW_AND, ""},   [BINARY_ADD] = {TOK_EOF, "+"},
        [BINARY_SUB] = {TOK_EOF, "-"}, [BINARY_MUL] = {TOK_EOF, "*"}, [BINARY_DIV] = {TOK_EOF, "/"},
    };
    expr(p, n->u.binary.left, own);
    if (ops[n->u.binary.op].kw != TOK_EOF) {
        word(p, ops[n->u.binary.op].kw);
    } else {
        space(p);
        buf_puts(p->out, ops[n->u.binary.op].sign);
    }
    buf_putc(p->out, ' ');
    expr(p, n->u.binary.right, own + 1);
}

static void comparator(struct printer *p, enum ast_cmp_op op)
{
    if (ast_cmp_kw(op) != TOK_EOF) {
        word(p, op == AST_CMP_BARE ? KW_AT_LEAST : ast_cmp_kw(op));
    }
}

/* `value [至 high] [左右]` */
static void value(struct printer *p, const struct node *v, const struct node *high, bool about)
{
    expr(p, v, POWER_SUM);
    if (high) {
        word(p, KW_TO);
        expr(p, high, POWER_SUM);
    }
    if (about) {
        word(p, KW_OR_SO);
    }
}

static void open(struct printer *p, enum tok kw)
{
    word(p, kw);
    buf_putc(p->out, '(');
}

static void aggregate(struct printer *p, const struct node *n)
{
    const struct node_aggregate *g = &n->u.aggregate;
    open(p, n->kind == NODE_DEGREE ? KW_DEGREE : ast_agg_kw(g->op));
    expr(p, g->operand, POWER_SUM);
    if (g->weight) {
        word(p, KW_WEIGHT);
        expr(p, g->weight, POWER_SUM);
    }
    if (g->where) {
        word(p, KW_WHERE);
        expr(p, g->where, POWER_IF);
    }
    if (g->satisfying) {
        word(p, KW_SATISFYING);
        expr(p, g->satisfying, POWER_IF);
    }
    if (g->by) {
        word(p, KW_VIA);
        name(p, g->by);
    }
    if (g->window) {
        word(p, KW_WITHIN_LAST);
        expr(p, g->window, POWER_ATOM);
    }
    buf_putc(p->out, ')');
}

static void calls(struct printer *p, const struct node *n)
{
    switch ((unsigned)n->kind) {
    case NODE_RANK:
        open(p, KW_RANK);
        expr(p, n->u.rank.operand, POWER_SUM);
        word_as(p, KW_AT, "among");
        name(p, n->u.rank.among);
        if (n->u.rank.ascending) {
            word(p, KW_ASCENDING);
        }
        break;
    case NODE_SHIFT:
        open(p, ast_shift_kw(n->u.shift.op));
        expr(p, n->u.shift.operand, POWER_IF);
        break;
    default:
        open(p, KW_PARENT_OF);
        name(p, n->u.parent.operand);
        break;
    }
    buf_putc(p->out, ')');
}

static void words_around(struct printer *p, const struct node *n)
{
    switch ((unsigned)n->kind) {
    case NODE_UNARY:
        if (n->u.unary.op == UNARY_NOT) {
            word(p, KW_NOT);
            expr(p, n->u.unary.operand, POWER_NOT);
        } else {
            space(p);
            buf_putc(p->out, '-');
            expr(p, n->u.unary.operand, POWER_UNARY);
        }
        break;
    case NODE_CONSECUTIVE:
        word(p, KW_CONSECUTIVE);
        expr(p, n->u.consecutive.count, POWER_ATOM);
        expr(p, n->u.consecutive.operand, POWER_NOT);
        break;
    case NODE_IF:
        word(p, KW_IF);
        expr(p, n->u.cond.test, POWER_IF);
        word(p, KW_THEN);
        expr(p, n->u.cond.then, POWER_IF);
        word(p, KW_ELSE);
        expr(p, n->u.cond.otherwise, POWER_IF);
        break;
    case NODE_IN:
        expr(p, n->u.in.operand, POWER_SUM);
        word(p, KW_IN);
        space(p);
        buf_putc(p->out, '(');
        list(p, &n->u.in.options);
        buf_putc(p->out, ')');
        break;
    default:
        expr(p, n->u.compare.left, POWER_SUM);
        word(p, n->u.compare.op == AST_CMP_BARE ? KW_AT_LEAST : ast_cmp_kw(n->u.compare.op));
        value(p, n->u.compare.right, n->u.compare.high, n->u.compare.about);
        break;
    }
}

static void when(struct printer *p, const struct node_when *w);
static void scope(struct printer *p, const struct node_scope *s);
static void type(struct printer *p, const struct node_type *t);
static void point(struct printer *p, const struct node_point *t);
static void outcome(struct printer *p, const struct node_outcome *o);

/* The path stays as it was written. */
static void clause_reference(struct printer *p, const struct node_clause *c)
{
    bool many = c->last > c->first;
    space(p);
    buf_str(p->out, source_text(p->s, c->path_at));
    if (c->first > 0) {
        buf_printf(p->out,
                   p->lang == DIAG_ZH ? " 第%u"
                   : many             ? " sentences %u"
                                      : " sentence %u",
                   c->first);
    }
    if (many) {
        buf_printf(p->out, p->lang == DIAG_ZH ? "至%u" : "-%u", c->last);
    }
    buf_puts(p->out, c->first > 0 && p->lang == DIAG_ZH ? "句" : "");
}

static void leaf(struct printer *p, const struct node *n)
{
    switch ((unsigned)n->kind) {
    case NODE_STRING:
        string(p, n->u.text);
        break;
    case NODE_BOOL:
        word(p, n->u.boolean ? KW_YES : KW_NO);
        break;
    case NODE_NAME:
        name(p, n);
        break;
    case NODE_WORD:
        word(p, ast_word_kw(n->u.word));
        break;
    case NODE_TYPE:
        type(p, &n->u.type);
        break;
    case NODE_POINT:
        point(p, &n->u.point);
        break;
    case NODE_WHEN:
        when(p, &n->u.when);
        break;
    case NODE_SCOPE:
        scope(p, &n->u.scope);
        break;
    case NODE_OUTCOME:
        outcome(p, &n->u.outcome);
        break;
    case NODE_CLAUSE:
        clause_reference(p, &n->u.clause);
        break;
    default: /* numbers, days and paths stay as they were written */
        space(p);
        buf_str(p->out, source_text(p->s, n->at));
        break;
    }
}

static void expr(struct printer *p, const struct node *n, enum power least)
{
    enum power own = power_of(n);
    bool brackets = own < least;
    if (brackets) {
        space(p);
        buf_putc(p->out, '(');
    }
    switch ((unsigned)n->kind) {
    case NODE_BINARY:
        binary(p, n, own);
        break;
    case NODE_AGGREGATE:
    case NODE_DEGREE:
        aggregate(p, n);
        break;
    case NODE_RANK:
    case NODE_SHIFT:
    case NODE_PARENT:
        calls(p, n);
        break;
    case NODE_UNARY:
    case NODE_CONSECUTIVE:
    case NODE_IF:
    case NODE_IN:
    case NODE_COMPARE:
        words_around(p, n);
        break;
    default:
        leaf(p, n);
        break;
    }
    if (brackets) {
        buf_putc(p->out, ')');
    }
}

/* ---- values of properties ------------------------------------------------------------------- */

static void when(struct printer *p, const struct node_when *w)
{
    word(p, w->kind == AST_WHEN_EACH ? ast_word_kw((enum word)(WORD_EACH_YEAR + (int)w->every))
                                     : ast_when_kw(w->kind));
    if (w->event) {
        name(p, w->event);
    }
    bool ranged = w->kind != AST_WHEN_CUMULATIVE && w->from && w->to;
    if (w->from) {
        if (!ranged) {
            word(p, KW_SINCE);
        }
        leaf(p, w->from);
    }
    if (w->to) {
        if (ranged) {
            word(p, KW_TO);
        } else if (w->kind == AST_WHEN_CUMULATIVE) {
            word(p, KW_BY);
        }
        leaf(p, w->to);
    }
}

static void scope(struct printer *p, const struct node_scope *s)
{
    if (s->kind == AST_SCOPE_OVERALL) {
        word(p, KW_OVERALL);
        return;
    }
    word(p, s->kind == AST_SCOPE_CATEGORY ? KW_EACH_CATEGORY : KW_EACH);
    if (s->target) {
        name(p, s->target);
        return;
    }
    buf_puts(p->out, " {");
    list(p, &s->units);
    buf_puts(p->out, " }");
}

static void type(struct printer *p, const struct node_type *t)
{
    static const enum tok kws[] = {[TYPE_NUMBER] = TOK_EOF,
                                   [TYPE_BOOL] = KW_BOOLEAN,
                                   [TYPE_CHOICE] = KW_CHOICE,
                                   [TYPE_TEXT] = KW_TEXT,
                                   [TYPE_DATE] = KW_DATE};
    if (t->kind == TYPE_NUMBER) {
        space(p);
        buf_str(p->out, t->unit);
        return;
    }
    word(p, kws[t->kind]);
    if (t->kind == TYPE_CHOICE) {
        buf_putc(p->out, '(');
        list(p, &t->options);
        buf_putc(p->out, ')');
    }
}

static void point(struct printer *p, const struct node_point *t)
{
    static const enum tok kws[] = {[POINT_YEAR_END] = KW_YEAR_END,
                                   [POINT_YEAR_START] = KW_YEAR_START,
                                   [POINT_SCHOOL_YEAR_START] = KW_SCHOOL_YEAR_START,
                                   [POINT_SCHOOL_YEAR_END] = KW_SCHOOL_YEAR_END};
    if (t->kind != POINT_MONTH_DAY) {
        word(p, kws[t->kind]);
        return;
    }
    space(p);
    buf_printf(p->out, "%02u-%02u", t->month, t->day);
}

static void outcome(struct printer *p, const struct node_outcome *o)
{
    if (o->text) {
        expr(p, o->text, POWER_ATOM);
        if (o->limit) {
            word(p, KW_DEADLINE);
            expr(p, o->limit, POWER_ATOM);
        }
        return;
    }
    if (o->next_year) {
        word(p, KW_NEXT_YEAR);
    }
    name(p, o->item);
    word(p, o->raise ? KW_RAISE : KW_REDUCE);
    expr(p, o->amount, POWER_SUM);
}

/* ---- targets -------------------------------------------------------------------------------- */

static void rung(struct printer *p, const struct ast_rung *r)
{
    if (r->has_modality) {
        word(p, ast_word_kw((enum word)(WORD_MUST + (int)r->modality)));
    }
    if (r->when) {
        when(p, &r->when->u.when);
    }
    if (r->nearly) {
        word(p, KW_NEARLY);
    }
    if (r->value) {
        value(p, r->value, r->high, r->about);
    }
}

static void options(struct printer *p, const struct target *t)
{
    if (t->tolerance) {
        word(p, KW_PLUS_MINUS);
        expr(p, t->tolerance, POWER_ATOM);
    }
    if (t->two_sided) {
        word(p, KW_TWO_SIDED);
    }
    if (t->baseline) {
        word(p, KW_BASELINE);
        expr(p, t->baseline, POWER_SUM);
    }
    if (t->interpolate) {
        word(p, KW_INTERPOLATE);
        word(p, KW_LINEAR);
    }
}

/* Without parentheses a comparison of amounts is the target's own, not a condition. */
static bool is_measure(const struct target *t)
{
    const struct node *n = t->expr;
    const struct node *right = n->kind == NODE_COMPARE ? n->u.compare.right : NULL;
    return t->cmp != AST_CMP_NONE ||
           (right && right->kind != NODE_STRING && right->kind != NODE_BOOL);
}

static void condition(struct printer *p, const struct target *t)
{
    word(p, KW_WHEN);
    expr(p, t->condition, POWER_IF);
}

/* Where no expression stands between them, a condition would take the comparator for its own. */
static bool condition_first(const struct target *t)
{
    return t->condition && t->condition->kind != NODE_COMPARE && !t->expr;
}

static void target(struct printer *p, const struct target *t)
{
    bool first = condition_first(t);
    if (first) {
        condition(p, t);
    }
    if (t->has_modality) {
        word(p, ast_word_kw((enum word)(WORD_MUST + (int)t->modality)));
    }
    for (uint32_t i = 0; i < t->whens.n; i++) {
        when(p, &t->whens.items[i]->u.when);
    }
    for (uint32_t i = 0; i < t->scopes.n; i++) {
        if (i > 0) {
            buf_putc(p->out, ',');
        }
        scope(p, &t->scopes.items[i]->u.scope);
    }
    if (t->condition && !first) {
        condition(p, t);
    }
    if (t->nearly) {
        word(p, KW_NEARLY);
    }
    if (t->expr) {
        expr(p, t->expr, is_measure(t) ? POWER_SUM : POWER_IF);
    }
    comparator(p, t->cmp);
    for (uint32_t i = 0; i < t->rungs.n; i++) {
        if (i > 0) {
            buf_putc(p->out, ',');
        }
        rung(p, &t->rungs.items[i]);
    }
    options(p, t);
    for (uint32_t i = 0; i < t->nested.n; i++) {
        word_as(p, KW_WHERE, "of_which");
        if (t->nested.items[i].label.n > 0) {
            string(p, t->nested.items[i].label);
        }
        target(p, t->nested.items[i].clause);
    }
}

/* ---- declarations --------------------------------------------------------------------------- */

static void indent(struct printer *p, uint32_t depth)
{
    buf_fill(p->out, ' ', 2 * depth);
}

static uint32_t line_at(const struct printer *p, uint32_t file, uint32_t at)
{
    return source_line_of(source_at(p->s, file), at);
}

/* Comments that stand before `at`: trailing ones behind what was printed, others on their own. */
static void comments(struct printer *p, uint32_t file, uint32_t at, uint32_t depth)
{
    for (; p->next_comment < p->ast->comments.n; p->next_comment++) {
        const struct comment *c = &p->ast->comments.items[p->next_comment];
        if (c->at.file != file || c->at.beg >= at) {
            return;
        }
        bool at_end = p->out->n > 0 && p->out->p[p->out->n - 1] == '\n';
        if (!c->own_line && at_end && p->out->n > 1) {
            buf_truncate(p->out, p->out->n - 1);
            buf_puts(p->out, "  ");
        } else {
            indent(p, depth);
        }
        buf_puts(p->out, "# ");
        buf_str(p->out, c->text);
        buf_putc(p->out, '\n');
    }
}

/* ast.def says how the arguments of each are written. */
static void prop_args(struct printer *p, const struct prop *q)
{
    for (uint32_t i = 0; i < q->args.n; i++) {
        const struct node *n = q->args.items[i];
        if (!n) {
            continue;
        }
        bool comma = q->kind == PROP_BASIS || q->kind == PROP_ITEMS || q->kind == PROP_WITH ||
                     q->kind == PROP_ENTRIES || q->kind == PROP_IS_A ||
                     (q->kind == PROP_SCORE && i % 2 == 0);
        bool chain = q->kind == PROP_LEVEL_LIST || q->kind == PROP_STEPS;
        if (i > 0) {
            buf_puts(p->out, comma ? "," : chain ? " >" : "");
        }
        if (i == 1 && q->kind == PROP_BETWEEN) {
            word(p, KW_PAIRED_WITH);
        } else if (i == 1 && (q->kind == PROP_YEARS)) {
            word(p, KW_TO);
        } else if ((q->kind == PROP_VERSION && i == 1) || q->kind == PROP_ADOPTED ||
                   q->kind == PROP_EXEMPT) {
            word(p, KW_SINCE);
        } else if (i == 0 && (q->kind == PROP_ABOUT || q->kind == PROP_NEARLY)) {
            word(p, q->kind == PROP_ABOUT ? KW_PLUS_MINUS : KW_TOLERANCE);
        }
        expr(p, n, POWER_IF);
    }
}

static void bounds(struct printer *p, const struct prop *q)
{
    if (ast_arg(q, 0)) {
        expr(p, ast_arg(q, 0), POWER_SUM);
    }
    word(p, KW_TO);
    if (ast_arg(q, 1)) {
        expr(p, ast_arg(q, 1), POWER_SUM);
    }
}

static void prop(struct printer *p, const struct prop *q)
{
    enum tok kw = ast_prop_kw(q->kind);
    if (q->kind == PROP_IS_A) {
        word_as(p, kw, "is_a");
    } else if (kw != TOK_EOF) {
        word(p, kw);
    }
    if (q->kind == PROP_BOUNDS) {
        bounds(p, q);
    } else {
        prop_args(p, q);
    }
}

static bool in_head(const struct decl *d, enum prop_kind k)
{
    bool type = k == PROP_TYPE || k == PROP_OVER || k == PROP_BETWEEN;
    bool head = k == PROP_LEVEL_LIST || k == PROP_OF || k == PROP_IS_A || k == PROP_PATH ||
                k == PROP_EQUALS || k == PROP_ENTRIES || k == PROP_ADOPTED ||
                (d->kind == DECL_LIST && (k == PROP_WHERE || k == PROP_FROZEN));
    return type || head;
}

static void id(struct printer *p, struct str s)
{
    space(p);
    buf_str(p->out, s);
}

static void decl(struct printer *p, const struct decl *d, uint32_t depth);

static void head(struct printer *p, const struct decl *d)
{
    word(p, ast_decl_kw(d->kind));
    if (d->id.n > 0) {
        id(p, d->id);
    }
    if (d->kind == DECL_VARIANT) {
        string(p, d->name);
    } else if (d->name.n > 0) {
        space(p);
        name_part(p, d->name, true);
    }
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct ast_item *it = &d->items.items[i];
        if (it->kind != ITEM_PROP || !in_head(d, it->u.prop->kind)) {
            continue;
        }
        const struct prop *q = it->u.prop;
        if (q->kind == PROP_TYPE || q->kind == PROP_OVER || q->kind == PROP_BETWEEN) {
            buf_puts(p->out, " :");
        } else if (q->kind == PROP_EQUALS) {
            buf_puts(p->out, " =");
        } else if (q->kind == PROP_ENTRIES) {
            buf_puts(p->out, " {");
        }
        prop(p, q);
        buf_puts(p->out, q->kind == PROP_ENTRIES ? " }" : "");
    }
}

static uint32_t begin_of(const struct ast_item *it)
{
    return it->kind == ITEM_PROP   ? it->u.prop->at.beg
           : it->kind == ITEM_DECL ? it->u.decl->at.beg
                                   : it->u.target->at.beg;
}

static bool stage_follows(const struct decl *d, uint32_t i)
{
    return i + 1 < d->items.n && d->items.items[i + 1].kind == ITEM_PROP &&
           d->items.items[i + 1].u.prop->kind == PROP_STAGE;
}

static void item(struct printer *p, const struct decl *d, uint32_t i, uint32_t depth)
{
    const struct ast_item *it = &d->items.items[i];
    if (it->kind == ITEM_DECL) {
        decl(p, it->u.decl, depth);
    } else if (it->kind == ITEM_TARGET) {
        word(p, KW_TARGET);
        target(p, it->u.target);
    } else {
        prop(p, it->u.prop);
        if (it->u.prop->kind == PROP_STAGE && stage_follows(d, i)) {
            buf_puts(p->out, " >");
        }
    }
}

static bool is_member(const struct decl *d)
{
    return d->kind == DECL_ATTRIBUTE || d->kind == DECL_ITEM || d->kind == DECL_FIELD;
}

static void decl(struct printer *p, const struct decl *d, uint32_t depth)
{
    head(p, d);
    bool braces = !is_member(d) && d->has_body && !ast_prop(d, PROP_ENTRIES);
    if (braces) {
        buf_puts(p->out, " {\n");
    }
    for (uint32_t i = 0; i < d->items.n; i++) {
        const struct ast_item *it = &d->items.items[i];
        if (it->kind == ITEM_PROP && in_head(d, it->u.prop->kind)) {
            continue;
        }
        if (!braces) {
            item(p, d, i, depth);
            continue;
        }
        comments(p, d->at.file, begin_of(it), depth + 1);
        indent(p, depth + 1);
        item(p, d, i, depth + 1);
        buf_putc(p->out, '\n');
    }
    if (braces) {
        comments(p, d->at.file, d->at.end, depth + 1);
        indent(p, depth);
        buf_putc(p->out, '}');
    }
}

void fmt_node(const struct sources *s, const struct node *n, enum diag_lang lang, struct buf *out)
{
    struct printer p = {.s = s, .lang = lang, .out = out};
    expr(&p, n, POWER_IF);
}

void fmt_file(const struct sources *s, const struct ast *ast, uint32_t file, enum diag_lang lang,
              struct buf *out)
{
    struct printer p = {.s = s, .ast = ast, .lang = lang, .out = out};
    const struct decl *before = NULL;
    while (p.next_comment < ast->comments.n &&
           ast->comments.items[p.next_comment].at.file != file) {
        p.next_comment++;
    }
    for (uint32_t i = 0; i < ast->decls.n; i++) {
        const struct decl *d = ast->decls.items[i];
        if (d->at.file != file) {
            continue;
        }
        uint32_t first = p.next_comment;
        uint32_t top = d->at.beg;
        /* The first comment of its own before the declaration carries the blank line. */
        if (first < ast->comments.n && ast->comments.items[first].at.file == file &&
            ast->comments.items[first].own_line && ast->comments.items[first].at.beg < top) {
            top = ast->comments.items[first].at.beg;
        }
        if (before && line_at(&p, file, top) > line_at(&p, file, before->at.end) + 1) {
            buf_putc(out, '\n');
        }
        comments(&p, file, d->at.beg, 0);
        decl(&p, d, 0);
        buf_putc(out, '\n');
        before = d;
    }
    comments(&p, file, UINT32_MAX, 0);
}
