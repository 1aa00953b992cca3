/* SPDX-License-Identifier: Apache-2.0 */
/* Parser: tokens, faults and nodes for all its files, and the loop over the files of a pack. */
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"
#include "lang/kw.h"
#include "lang/parse_int.h"

const struct token *parse_ahead(const struct parser *p, uint32_t by)
{
    const struct token *t = parse_tok(p);
    for (; by > 0 && t->kind != TOK_EOF; by--) {
        t++;
    }
    return t;
}

const struct token *parse_next(struct parser *p)
{
    const struct token *t = parse_tok(p);
    if (t->kind != TOK_EOF) {
        p->pos++;
    }
    return t;
}

bool parse_accept(struct parser *p, enum tok kind)
{
    if (!parse_at(p, kind)) {
        return false;
    }
    (void)parse_next(p);
    return true;
}

struct diag *parse_fault(struct parser *p, enum diag_code code, struct span at)
{
    if (p->panic) {
        return NULL;
    }
    p->panic = true;
    return diag_add(p->ds, code, at);
}

/* The current token in messages: names and keywords by their text, others by their kind. */
static void found_arg(struct parser *p, struct diag *d)
{
    const struct token *t = parse_tok(p);
    if (t->kind == TOK_IDENT || t->kind == TOK_NUMBER || kw_is(t->kind)) {
        diag_arg(p->ds, d, "found", t->text);
    } else {
        diag_arg2(p->ds, d, "found", tok_text(t->kind, false), tok_text(t->kind, true));
    }
}

/* 到2026年: a keyword with a year behind it, and no name. */
static bool is_dated(struct str text, struct str split)
{
    uint32_t space = str_find(split, STR(" "), 0);
    return space != STR_NONE && str_starts(text, str_sub(split, 0, space)) &&
           space + 1 < split.n && split.p[space + 1] >= '0' && split.p[space + 1] <= '9';
}

bool parse_glued(struct parser *p)
{
    for (uint32_t back = 0; back <= 1 && back <= p->pos; back++) {
        const struct token *t = &p->toks[p->pos - back];
        struct str split;
        if (t->kind != TOK_IDENT || !lex_split_glued(p->a, t->text, &split) ||
            (back == 1 && !is_dated(t->text, split))) {
            continue;
        }
        struct diag *d = parse_fault(p, DIAG_glued_keywords, t->at);
        if (d) {
            diag_arg(p->ds, d, "name", t->text);
            diag_arg(p->ds, d, "split", split);
            diag_fix(p->ds, d, t->at, split);
        }
        return true;
    }
    return false;
}

void parse_expected(struct parser *p, const char *en, const char *zh)
{
    if (parse_glued(p)) {
        return;
    }
    struct diag *d = parse_fault(p, DIAG_expected, parse_tok(p)->at);
    if (d) {
        diag_arg2(p->ds, d, "want", str_from_cstr(en), str_from_cstr(zh));
        found_arg(p, d);
    }
}

bool parse_expect(struct parser *p, enum tok kind)
{
    if (parse_accept(p, kind)) {
        return true;
    }
    struct diag *d = parse_glued(p) ? NULL : parse_fault(p, DIAG_expected, parse_tok(p)->at);
    if (d) {
        diag_arg2(p->ds, d, "want", tok_text(kind, false), tok_text(kind, true));
        found_arg(p, d);
    }
    return false;
}

void parse_close(struct parser *p, enum tok kind, const struct token *open)
{
    if (p->panic || parse_accept(p, kind)) {
        return;
    }
    struct diag *d = parse_fault(p, DIAG_unclosed, parse_tok(p)->at);
    diag_arg2(p->ds, d, "open", tok_text(open->kind, false), tok_text(open->kind, true));
    diag_arg2(p->ds, d, "want", tok_text(kind, false), tok_text(kind, true));
    found_arg(p, d);
    diag_label(p->ds, d, open->at, "opened here", "在此处打开");
}

bool parse_enter(struct parser *p)
{
    if (p->depth >= LIMIT_NESTING) {
        struct diag *d = parse_fault(p, DIAG_too_deep, parse_tok(p)->at);
        if (d) {
            diag_arg_int(p->ds, d, "max", LIMIT_NESTING);
        }
        return false;
    }
    p->depth++;
    return true;
}

void parse_leave(struct parser *p)
{
    ASSERT(p->depth > 0);
    p->depth--;
}

struct node *parse_node(struct parser *p, enum node_kind kind, struct span beg)
{
    struct node *n = arena_try(p->a, sizeof *n);
    if (!n) {
        p->out_of_memory = true;
        p->panic = true;
        memset(&p->spare, 0, sizeof p->spare);
        n = &p->spare;
        kind = NODE_ERROR;
    }
    n->kind = kind;
    n->ordinal = p->ast->n_nodes++;
    n->height = 1;
    n->at = beg;
    return n;
}

struct span parse_end_here(const struct parser *p, struct span beg)
{
    if (p->pos > 0 && p->toks[p->pos - 1].at.end > beg.beg) {
        beg.end = p->toks[p->pos - 1].at.end;
    }
    return beg;
}

struct node *parse_finish(struct parser *p, struct node *n)
{
    n->at = parse_end_here(p, n->at);
    uint16_t highest = 0;
    struct node *kid = NULL;
    for (uint32_t i = 0; ast_child(n, i, &kid); i++) {
        if (kid && kid->height > highest) {
            highest = kid->height;
        }
    }
    if (highest >= LIMIT_AST_HEIGHT) {
        struct diag *d = parse_fault(p, DIAG_too_long, n->at);
        if (d) {
            diag_arg_int(p->ds, d, "max", LIMIT_AST_HEIGHT);
        }
        return parse_error_node(p);
    }
    n->height = (uint16_t)(highest + 1);
    return n;
}

struct node *parse_error_node(struct parser *p)
{
    return parse_node(p, NODE_ERROR, parse_tok(p)->at);
}

void parse_push(struct parser *p, struct node_list *list, struct node *n)
{
    if (!vec_try_push(p->a, list, n)) {
        p->out_of_memory = true;
        p->panic = true;
    }
}

/* From a fault at the top of a file to the next declaration. */
static void skip_to_decl(struct parser *p)
{
    enum decl_kind kind = DECL_PLAN;
    while (!parse_at(p, TOK_EOF) &&
           !(parse_tok(p)->newline_before && parse_decl_of(parse_tok(p)->kind, &kind))) {
        (void)parse_next(p);
    }
    p->panic = false;
}

static void parse_file(struct parser *p)
{
    while (!parse_at(p, TOK_EOF) && !p->out_of_memory) {
        if (parse_accept(p, TOK_SEMI)) {
            continue;
        }
        enum decl_kind kind = DECL_PLAN;
        if (!parse_decl_of(parse_tok(p)->kind, &kind)) {
            parse_expected(p, "a declaration such as plan, kind or indicator",
                           "计划、对象、指标等声明");
            (void)parse_next(p);
            skip_to_decl(p);
            continue;
        }
        struct decl *d = parse_decl(p, kind);
        if (d && !vec_try_push(p->a, &p->ast->decls, d)) {
            p->out_of_memory = true;
        }
        if (p->panic) {
            skip_to_decl(p);
        }
    }
}

enum rc lang_parse(struct arena *a, struct sources *s, struct diags *ds, struct ast **out)
{
    struct ast *ast = arena_try(a, sizeof *ast);
    if (!ast) {
        return RC_LIMIT;
    }
    for (uint32_t f = 0; f < s->files.n; f++) {
        struct tokens toks = {0};
        enum rc rc = lex_file(a, s, f, ds, &toks);
        if (rc != RC_OK) {
            return rc;
        }
        struct parser p = {.a = a, .sources = s, .ds = ds, .ast = ast, .toks = toks.list.items};
        for (uint32_t i = 0; i < toks.comments.n; i++) {
            if (!vec_try_push(a, &ast->comments, toks.comments.items[i])) {
                return RC_LIMIT;
            }
        }
        parse_file(&p);
        if (p.out_of_memory) {
            return RC_LIMIT;
        }
    }
    *out = ast;
    return RC_OK;
}
