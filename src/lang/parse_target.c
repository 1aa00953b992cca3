/* SPDX-License-Identifier: Apache-2.0 */
/* Target clauses, and what they share with tasks and quotas: times, scopes, modalities. */
#include "base/arena.h"
#include "lang/kw.h"
#include "lang/parse_int.h"

bool parse_find_modality(enum tok kind, enum ast_modality *out)
{
    enum word w = WORD_MUST;
    if (!parse_find_word(kind, WORD_MUST, WORD_EXPLORE, &w)) {
        return false;
    }
    *out = (enum ast_modality)(w - WORD_MUST);
    return true;
}

/* ---- when --------------------------------------------------------------------------------- */

static const struct {
    enum tok tok;
    enum ast_when_kind kind;
} when_words[] = {
    {KW_BY, AST_WHEN_BY},       {KW_AT, AST_WHEN_AT},
    {KW_HOLD, AST_WHEN_HOLD},   {KW_MEAN_OF_YEARS, AST_WHEN_MEAN},
    {KW_UNTIL, AST_WHEN_UNTIL}, {KW_CUMULATIVE, AST_WHEN_CUMULATIVE},
};

static bool find_every(enum tok kind, enum every *out)
{
    enum word w = WORD_EACH_YEAR;
    if (!parse_find_word(kind, WORD_EACH_YEAR, WORD_EACH_WEEK, &w)) {
        return false;
    }
    *out = (enum every)(w - WORD_EACH_YEAR);
    return true;
}

bool parse_is_every(enum tok kind)
{
    enum every every = EVERY_YEAR;
    return find_every(kind, &every);
}

static bool find_when(enum tok kind, enum ast_when_kind *out)
{
    for (uint32_t i = 0; i < sizeof when_words / sizeof *when_words; i++) {
        if (when_words[i].tok == kind) {
            *out = when_words[i].kind;
            return true;
        }
    }
    return false;
}

bool parse_at_when(const struct parser *p)
{
    enum ast_when_kind kind = AST_WHEN_BY;
    enum tok tok = parse_tok(p)->kind;
    return parse_is_every(tok) || find_when(tok, &kind);
}

static bool is_year(const struct token *t)
{
    return t->kind == TOK_NUMBER &&
           (str_eq(t->suffix, STR("年")) || (t->suffix.n == 0 && t->at.end - t->at.beg == 4));
}

/* `2026年`, `2026` or a date. */
static struct node *year_or_day(struct parser *p)
{
    if (parse_at(p, TOK_DAY)) {
        return parse_day(p);
    }
    if (!is_year(parse_tok(p))) {
        parse_expected(p, "a year or a date", "年份或日期");
        return parse_error_node(p);
    }
    return parse_number(p);
}

/* [A 至 B | 自 A年], both optional. */
static void span_of_years(struct parser *p, struct node_when *w)
{
    if (parse_accept(p, KW_SINCE)) {
        w->from = year_or_day(p);
    } else if (is_year(parse_tok(p)) && parse_ahead(p, 1)->kind == KW_TO) {
        w->from = year_or_day(p);
        (void)parse_next(p);
        w->to = year_or_day(p);
    }
}

static void when_args(struct parser *p, struct node_when *w)
{
    switch (w->kind) {
    case AST_WHEN_BY:
    case AST_WHEN_AT:
        w->to = year_or_day(p);
        break;
    case AST_WHEN_CUMULATIVE:
        span_of_years(p, w);
        if (!w->to && parse_expect(p, KW_BY)) {
            w->to = year_or_day(p);
        }
        break;
    case AST_WHEN_UNTIL:
        w->event = parse_name(p, false);
        break;
    case AST_WHEN_EACH:
    case AST_WHEN_HOLD:
    case AST_WHEN_MEAN:
    case AST_WHEN__COUNT:
        span_of_years(p, w);
        break;
    }
}

struct node *parse_when(struct parser *p)
{
    const struct token *t = parse_next(p);
    struct node *n = parse_node(p, NODE_WHEN, t->at);
    struct node_when w = {.kind = AST_WHEN_EACH};
    if (!find_every(t->kind, &w.every)) {
        (void)find_when(t->kind, &w.kind);
    }
    when_args(p, &w);
    if (p->panic) {
        return parse_error_node(p);
    }
    n->u.when = w;
    return parse_finish(p, n);
}

/* ---- scope -------------------------------------------------------------------------------- */

bool parse_at_scope(const struct parser *p)
{
    return parse_at(p, KW_OVERALL) || parse_at(p, KW_EACH) || parse_at(p, KW_EACH_CATEGORY);
}

struct node *parse_scope(struct parser *p)
{
    const struct token *t = parse_next(p);
    struct node *n = parse_node(p, NODE_SCOPE, t->at);
    struct node_scope s = {.kind = AST_SCOPE_OVERALL};
    if (t->kind == KW_EACH_CATEGORY) {
        s.kind = AST_SCOPE_CATEGORY;
        s.target = parse_name(p, false);
    } else if (t->kind == KW_EACH && parse_at(p, TOK_LBRACE)) {
        s.kind = AST_SCOPE_NAMED;
        const struct token *open = parse_next(p);
        do {
            /* A code may be written without quotes. */
            if (parse_at(p, TOK_NUMBER)) {
                struct node *code = parse_node(p, NODE_STRING, parse_tok(p)->at);
                code->u.text = parse_next(p)->text;
                parse_push(p, &s.units, code);
            } else {
                parse_push(p, &s.units, parse_label(p));
            }
        } while (!p->panic && parse_accept(p, TOK_COMMA));
        parse_close(p, TOK_RBRACE, open);
    } else if (t->kind == KW_EACH) {
        s.kind = AST_SCOPE_EACH;
        s.target = parse_name(p, true);
    }
    if (p->panic) {
        return parse_error_node(p);
    }
    n->u.scope = s;
    return parse_finish(p, n);
}

/* ---- the clause --------------------------------------------------------------------------- */

/* `2026年 75%`, `2026年 力争 80%`: a year directly before the value. */
static bool at_bare_year(const struct parser *p)
{
    enum ast_modality m = MODALITY_MUST;
    enum tok next = parse_ahead(p, 1)->kind;
    return is_year(parse_tok(p)) &&
           (next == TOK_NUMBER || next == KW_NEARLY || parse_find_modality(next, &m));
}

/* That year as a time. */
static struct node *bare_year(struct parser *p)
{
    struct node *n = parse_node(p, NODE_WHEN, parse_tok(p)->at);
    struct node *year = parse_number(p);
    if (n->kind != NODE_WHEN) {
        return n;
    }
    n->u.when = (struct node_when){.kind = AST_WHEN_AT, .to = year};
    return parse_finish(p, n);
}

/* What stands before the expression, in any order. */
static void prefixes(struct parser *p, struct target *t)
{
    while (!p->panic) {
        enum ast_modality m = MODALITY_MUST;
        if (parse_find_modality(parse_tok(p)->kind, &m)) {
            t->has_modality = true;
            t->modality = m;
            (void)parse_next(p);
        } else if (parse_at_when(p)) {
            parse_push(p, &t->whens, parse_when(p));
        } else if (at_bare_year(p)) {
            parse_push(p, &t->whens, bare_year(p));
        } else if (parse_at_scope(p)) {
            parse_push(p, &t->scopes, parse_scope(p));
        } else if (!t->condition && parse_accept(p, KW_WHEN)) {
            bool outer = p->in_condition;
            p->in_condition = true;
            t->condition = parse_expr(p);
            p->in_condition = outer;
        } else if (!t->nearly && parse_accept(p, KW_NEARLY)) {
            t->nearly = true;
        } else if ((t->scopes.n > 0 || t->whens.n > 0) && parse_at(p, TOK_COMMA)) {
            (void)parse_next(p);
        } else {
            return;
        }
    }
}

/* `3-5名`, `3 至 5名`, `between 3 and 5`: the low end takes the unit of the high end when it has
 * none. */
struct node *parse_value(struct parser *p, bool between, struct node **high)
{
    *high = NULL;
    const struct token *dash = parse_ahead(p, 1);
    const struct token *second = parse_ahead(p, dash->kind == TOK_EOF ? 1 : 2);
    bool dashed = parse_at(p, TOK_NUMBER) && dash->kind == TOK_MINUS && dash->glued &&
                  second->kind == TOK_NUMBER && second->glued;
    struct node *low = dashed ? parse_number(p) : parse_sum(p);
    enum tok joint = dashed ? TOK_MINUS : between && parse_at(p, KW_AND) ? KW_AND : KW_TO;
    bool joined = !p->panic && parse_accept(p, joint);
    if (!joined) {
        return low;
    }
    *high = parse_sum(p);
    if (low->kind == NODE_NUMBER && (*high)->kind == NODE_NUMBER && low->u.number.suffix.n == 0) {
        low->u.number.suffix = (*high)->u.number.suffix;
    }
    return low;
}

static bool at_rung_prefix(const struct parser *p)
{
    enum ast_modality m = MODALITY_MUST;
    return parse_at_when(p) || parse_find_modality(parse_tok(p)->kind, &m) ||
           parse_at(p, KW_NEARLY);
}

static void rung_prefix(struct parser *p, struct ast_rung *r)
{
    while (!p->panic) {
        if (parse_find_modality(parse_tok(p)->kind, &r->modality)) {
            r->has_modality = true;
            (void)parse_next(p);
        } else if (!r->when && parse_at_when(p)) {
            r->when = parse_when(p);
        } else if (!r->when && at_bare_year(p)) {
            r->when = bare_year(p);
        } else if (!r->nearly && parse_accept(p, KW_NEARLY)) {
            r->nearly = true;
        } else {
            return;
        }
    }
}

static bool at_value(const struct parser *p)
{
    enum tok t = parse_tok(p)->kind;
    return t == TOK_NUMBER || t == TOK_LPAREN || t == TOK_MINUS || t == TOK_IDENT ||
           t == TOK_QUOTED || t == TOK_STRING || t == TOK_DAY || t == KW_YES || t == KW_NO ||
           (kw_is(t) && parse_ahead(p, 1)->kind == TOK_LPAREN);
}

/* May the comparison stand without a value? */
static bool value_optional(enum ast_cmp_op op)
{
    return op == AST_CMP_RISES || op == AST_CMP_FALLS || op == AST_CMP_NEVER_FALLS ||
           op == AST_CMP_NEVER_RISES;
}

static void one_rung(struct parser *p, struct target *t)
{
    struct ast_rung r = {.at = parse_tok(p)->at, .nearly = t->nearly};
    rung_prefix(p, &r);
    enum ast_cmp_op op = t->cmp;
    if (!value_optional(op) || (op <= AST_CMP_FALLS && parse_at(p, TOK_NUMBER))) {
        if (!p->panic && !at_value(p)) {
            parse_expected(p, "a value", "数值");
        }
        r.value = parse_value(p, op == AST_CMP_BETWEEN, &r.high);
        if (r.high && (op == AST_CMP_BARE || op == AST_CMP_REACH || op == AST_CMP_EQ)) {
            op = AST_CMP_BETWEEN;
        }
        if (r.high && (op == AST_CMP_BETWEEN || op == AST_CMP_ABOUT) && !p->panic) {
            r.about = parse_accept(p, KW_OR_SO) || op == AST_CMP_ABOUT;
            op = AST_CMP_BETWEEN;
        }
        if (!p->panic && op == AST_CMP_BETWEEN && !r.high) {
            (void)parse_expect(p, KW_TO);
        }
        parse_postfix(p, &op);
    }
    t->cmp = op;
    r.at = parse_end_here(p, r.at);
    if (!p->panic && !vec_try_push(p->a, &t->rungs, r)) {
        p->out_of_memory = true;
        p->panic = true;
    }
}

/* After the first value a comma continues the ladder only before another year. */
static bool at_next_rung(const struct parser *p)
{
    if (!parse_at(p, TOK_COMMA)) {
        return false;
    }
    struct parser after = *p;
    after.pos++;
    return at_rung_prefix(&after) || at_bare_year(&after);
}

static void rungs(struct parser *p, struct target *t)
{
    enum ast_cmp_op written = t->cmp;
    one_rung(p, t);
    while (!p->panic && at_next_rung(p)) {
        (void)parse_next(p);
        /* Postfixes decide anew on each rung, and must agree. */
        enum ast_cmp_op first = t->cmp;
        t->cmp = written;
        one_rung(p, t);
        if (!p->panic && t->cmp != first) {
            struct span at = t->rungs.items[t->rungs.n - 1].at;
            struct diag *d = parse_fault(p, DIAG_contradiction, at);
            diag_arg(p->ds, d, "word", source_text(p->sources, at));
        }
    }
}

/* `x 不低于 5 且 y 不低于 6` is one boolean expression: take the comparison back into it. */
static void back_to_boolean(struct parser *p, struct target *t)
{
    const struct ast_rung *r = &t->rungs.items[0];
    struct node *n = parse_node(p, NODE_COMPARE, t->expr->at);
    if (n->kind != NODE_COMPARE) {
        return;
    }
    n->u.compare = (struct node_compare){
        .op = t->cmp, .left = t->expr, .right = r->value, .high = r->high, .about = r->about};
    t->expr = parse_logic_after(p, parse_finish(p, n));
    t->cmp = AST_CMP_NONE;
    t->rungs.n = 0;
}

static bool at_logic(const struct parser *p)
{
    return parse_at(p, KW_AND) || parse_at(p, KW_OR);
}

/* The expression, as far as it does not contain the comparison of the target. */
static void measure(struct parser *p, struct target *t)
{
    if (parse_cmp_of(parse_tok(p)->kind, true) != AST_CMP_NONE) {
        return;
    }
    if (parse_at(p, KW_NOT) || parse_at(p, KW_CONSECUTIVE) || parse_at(p, KW_IF)) {
        t->expr = parse_expr(p);
        return;
    }
    if (parse_at(p, TOK_NUMBER) && t->expr == NULL) {
        enum tok next = parse_ahead(p, 1)->kind;
        bool starts_sum = next == TOK_STAR || next == TOK_SLASH || next == TOK_PLUS ||
                          (next == TOK_MINUS && !parse_ahead(p, 1)->glued);
        bool compared = parse_cmp_of(next, true) != AST_CMP_NONE; /* `3 <= x 且 …` */
        if (!starts_sum && !compared) {
            return; /* a bare count of the indicator's own measure */
        }
    }
    struct node *left = parse_sum(p);
    if (parse_at(p, KW_IN) && parse_ahead(p, 1)->kind == TOK_LPAREN) {
        left = parse_compare_after(p, left);
    }
    t->expr = !p->panic && at_logic(p) ? parse_logic_after(p, left) : left;
}

/* nearly: 基本 before the expression, which may be a boolean's. */
static bool simple(const struct target *t, bool nearly)
{
    const struct ast_rung *r = t->rungs.n == 1 ? &t->rungs.items[0] : NULL;
    return r && r->value && !r->when && !r->has_modality && (nearly || !r->nearly) && t->expr &&
           t->cmp <= AST_CMP_BETWEEN && t->cmp != AST_CMP_BARE;
}

/* `类别 为 "甲"`, `达标 = 是`: conditions, not amounts. */
static bool is_choice(const struct node *value)
{
    return value->kind == NODE_STRING || value->kind == NODE_BOOL;
}

static void comparison(struct parser *p, struct target *t)
{
    bool nearly = t->nearly;
    if (!nearly && parse_at(p, KW_NEARLY) &&
        parse_cmp_of(parse_ahead(p, 1)->kind, true) != AST_CMP_NONE) {
        (void)parse_next(p);
        t->nearly = true;
    }
    enum ast_cmp_op op = parse_cmp_of(parse_tok(p)->kind, true);
    if (op != AST_CMP_NONE) {
        (void)parse_next(p);
    } else if (parse_at(p, TOK_NUMBER) || at_rung_prefix(p)) {
        op = AST_CMP_BARE;
    }
    t->cmp = op;
    if (op == AST_CMP_NONE) {
        if (!t->expr) {
            parse_expected(p, "an expression or a comparison", "表达式或比较");
        }
        return;
    }
    rungs(p, t);
    t->nearly = false; /* it has become the rungs' */
    if (!p->panic && simple(t, nearly) && (at_logic(p) || is_choice(t->rungs.items[0].value))) {
        back_to_boolean(p, t);
        t->nearly = nearly;
    } else if (!p->panic && parse_cmp_of(parse_tok(p)->kind, false) != AST_CMP_NONE) {
        (void)parse_fault(p, DIAG_chained, parse_tok(p)->at);
    }
}

/* Reports a second mention. */
static bool once(struct parser *p, bool there)
{
    if (there && !p->panic) {
        struct diag *d = parse_fault(p, DIAG_repeated, parse_tok(p)->at);
        diag_arg(p->ds, d, "word", parse_tok(p)->text);
    }
    return !there;
}

static void options(struct parser *p, struct target *t)
{
    while (!p->panic) {
        if (parse_at(p, KW_PLUS_MINUS) || parse_at(p, KW_TOLERANCE)) {
            if (once(p, t->tolerance != NULL)) {
                (void)parse_next(p);
                t->tolerance = parse_number(p);
            }
        } else if (parse_at(p, KW_TWO_SIDED)) {
            if (once(p, t->two_sided)) {
                (void)parse_next(p);
                t->two_sided = true;
            }
        } else if (parse_at(p, KW_BASELINE)) {
            if (once(p, t->baseline != NULL)) {
                (void)parse_next(p);
                t->baseline = parse_sum(p);
            }
        } else if (parse_at(p, KW_INTERPOLATE)) {
            if (once(p, t->interpolate)) {
                (void)parse_next(p);
                (void)parse_expect(p, KW_LINEAR);
                t->interpolate = true;
            }
        } else {
            return;
        }
    }
}

static struct target *clause(struct parser *p, bool nested);

/* 其中, also after a comma. */
static bool at_nested(struct parser *p)
{
    if (parse_at(p, TOK_COMMA) && parse_ahead(p, 1)->kind == KW_WHERE) {
        (void)parse_next(p);
    }
    return !p->panic && parse_at(p, KW_WHERE);
}

static void nested_clauses(struct parser *p, struct target *t)
{
    while (!p->panic && at_nested(p)) {
        struct nested n = {.at = parse_next(p)->at};
        if (parse_at(p, TOK_STRING)) {
            n.label = parse_next(p)->text;
        }
        n.clause = clause(p, true);
        n.at = parse_end_here(p, n.at);
        if (!p->panic && !vec_try_push(p->a, &t->nested, n)) {
            p->out_of_memory = true;
            p->panic = true;
        }
    }
}

static struct target *clause(struct parser *p, bool nested)
{
    struct target *t = arena_try(p->a, sizeof *t);
    if (!t) {
        p->out_of_memory = true;
        p->panic = true;
        return NULL;
    }
    t->at = parse_tok(p)->at;
    prefixes(p, t);
    if (!p->panic) {
        measure(p, t);
    }
    if (!p->panic) {
        comparison(p, t);
    }
    options(p, t);
    /* All 其中 after a comparison belong to the outermost target: they stand side by side. */
    if (!nested) {
        nested_clauses(p, t);
        (void)(!p->panic && parse_accept(p, TOK_SEMI));
    }
    t->at = parse_end_here(p, t->at);
    return t;
}

struct target *parse_target(struct parser *p)
{
    return clause(p, false);
}
