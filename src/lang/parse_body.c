/* SPDX-License-Identifier: Apache-2.0 */
/* Declarations: head, body, and what may stand in which (parse_body.def). */
#include <assert.h>

#include "base/arena.h"
#include "base/assert.h"
#include "lang/kw.h"
#include "lang/parse_int.h"

enum spot { SPOT_HEAD, SPOT_BODY };

static const struct {
    enum spot spot;
    enum decl_kind decl;
    enum prop_kind prop;
} rows[] = {
#define HEAD(decl, prop) {SPOT_HEAD, DECL_##decl, PROP_##prop},
#define BODY(decl, prop) {SPOT_BODY, DECL_##decl, PROP_##prop},
#include "lang/parse_body.def"
};

static const struct {
    enum decl_kind decl, member;
} inners[] = {
#define INNER(decl, member) {DECL_##decl, DECL_##member},
#include "lang/parse_body.def"
};

static const enum prop_kind commons[] = {
#define COMMON(prop) PROP_##prop,
#include "lang/parse_body.def"
};

#define LEN(array) (sizeof(array) / sizeof *(array))

/* How a declaration is written. */
static const struct form {
    bool has_id;     /* an ASCII id may stand before the name */
    bool commitment; /* the common properties are allowed */
    bool braces;     /* a body in braces is required */
    bool member;     /* without braces: its properties follow directly */
    bool clauses;    /* target clauses, with or without their keyword */
    bool timed;      /* times, scopes and modalities stand in the body */
} forms[] = {
    [DECL_PLAN] = {.has_id = true, .braces = true},
    [DECL_LEVELS] = {0},
    [DECL_KIND] = {0},
    [DECL_REGISTER] = {.braces = true},
    [DECL_RELATION] = {0},
    [DECL_EVENT] = {0},
    [DECL_LIST] = {0},
    [DECL_CLAUSE] = {.has_id = true},
    [DECL_UNIT] = {0},
    [DECL_PROGRAMME] = {.has_id = true, .commitment = true, .braces = true},
    [DECL_INDICATOR] = {.has_id = true, .commitment = true, .braces = true, .clauses = true},
    [DECL_TARGET] = {.has_id = true, .commitment = true, .braces = true, .clauses = true},
    [DECL_TASK] = {.has_id = true, .commitment = true, .braces = true, .timed = true},
    [DECL_STAGES] = {.has_id = true, .commitment = true, .braces = true, .timed = true},
    [DECL_QUOTA] = {.has_id = true, .commitment = true, .braces = true, .clauses = true},
    [DECL_GATE] = {.has_id = true, .commitment = true, .braces = true},
    [DECL_RULE] = {.has_id = true, .commitment = true, .braces = true},
    [DECL_CHECK] = {.has_id = true, .commitment = true, .braces = true},
    [DECL_FORM] = {.has_id = true, .commitment = true, .braces = true},
    [DECL_SCORECARD] = {.has_id = true, .commitment = true, .braces = true},
    [DECL_SAMPLE] = {.has_id = true, .commitment = true, .braces = true, .timed = true},
    [DECL_UNMEASURABLE] = {.has_id = true, .commitment = true, .braces = true},
    [DECL_ATTRIBUTE] = {.member = true},
    [DECL_ITEM] = {.member = true},
    [DECL_FIELD] = {.member = true},
    [DECL_VARIANT] = {.braces = true},
};
static_assert(LEN(forms) == DECL__COUNT, "a form per declaration");

bool parse_decl_of(enum tok kind, enum decl_kind *out)
{
    for (int i = 0; i < DECL_ATTRIBUTE; i++) {
        if (ast_decl_kw((enum decl_kind)i) == kind) {
            *out = (enum decl_kind)i;
            return true;
        }
    }
    return false;
}

static void add_item(struct parser *p, struct decl *d, struct ast_item it)
{
    if (!vec_try_push(p->a, &d->items, it)) {
        p->out_of_memory = true;
        p->panic = true;
    }
}

/* An empty property, already in the declaration; NULL when memory is out. */
static struct prop *new_prop(struct parser *p, struct decl *d, enum prop_kind kind, struct span at)
{
    struct prop *prop = arena_try(p->a, sizeof *prop);
    if (!prop) {
        p->out_of_memory = true;
        p->panic = true;
        return NULL;
    }
    prop->kind = kind;
    prop->at = at;
    add_item(p, d, (struct ast_item){.kind = ITEM_PROP, .u.prop = prop});
    return prop;
}

/* A property that holds one node read by `one`. */
static void wrap(struct parser *p, struct decl *d, enum prop_kind kind,
                 struct node *(*one)(struct parser *))
{
    struct prop *prop = new_prop(p, d, kind, parse_tok(p)->at);
    if (prop) {
        parse_push(p, &prop->args, one(p));
        prop->at = parse_end_here(p, prop->at);
    }
}

/* ---- heads -------------------------------------------------------------------------------- */

static bool id_goes_on(const struct token *t)
{
    return t->glued && (t->kind == TOK_DOT || t->kind == TOK_MINUS || t->kind == TOK_NUMBER ||
                        t->kind == TOK_IDENT);
}

static bool ascii_id(struct str s)
{
    for (uint32_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool other = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        if (!(letter || (i > 0 && other))) {
            return false;
        }
    }
    return s.n > 0;
}

/* `B0.2`, `nmg-2024`: tokens without space between, when together they are an id. */
static void read_id(struct parser *p, struct decl *d)
{
    if (!parse_at(p, TOK_IDENT)) {
        return;
    }
    struct span at = parse_tok(p)->at;
    struct str id = parse_tok(p)->text;
    uint32_t n = 1;
    for (const struct token *t = parse_ahead(p, n); id_goes_on(t); t = parse_ahead(p, n)) {
        id = str_cat(p->a, id,
                     t->kind == TOK_DOT     ? STR(".")
                     : t->kind == TOK_MINUS ? STR("-")
                                            : t->text);
        at.end = t->at.end;
        n++;
    }
    if (!ascii_id(id)) {
        return;
    }
    d->id = id;
    d->id_at = at;
    for (; n > 0; n--) {
        (void)parse_next(p);
    }
}

static void read_name(struct parser *p, struct decl *d)
{
    const struct token *t = parse_tok(p);
    bool word = kw_is(t->kind) && d->id.n == 0;
    /* After an id a keyword is a name only directly before the body. */
    word = word || (kw_is(t->kind) && parse_ahead(p, 1)->kind == TOK_LBRACE);
    if (t->kind == TOK_IDENT || t->kind == TOK_QUOTED || word) {
        d->name = parse_next(p)->text;
        d->name_at = t->at;
    } else if (d->id.n == 0) {
        parse_expected(p, "a name", "名称");
    }
}

/* `= 100 册`, `= 100册` */
static void unit_equals(struct parser *p, struct decl *d)
{
    if (!parse_at(p, TOK_EQ)) {
        return;
    }
    struct prop *prop = new_prop(p, d, PROP_EQUALS, parse_next(p)->at);
    if (!prop) {
        return;
    }
    parse_push(p, &prop->args, parse_number(p));
    bool named = !p->panic && !parse_tok(p)->newline_before &&
                 (parse_at(p, TOK_IDENT) || parse_at(p, TOK_QUOTED));
    parse_push(p, &prop->args, named ? parse_type(p) : NULL);
    prop->at = parse_end_here(p, prop->at);
}

/* `: A 与 B` */
static void relation_ends(struct parser *p, struct decl *d)
{
    if (p->panic || !parse_expect(p, TOK_COLON)) {
        return;
    }
    struct prop *prop = new_prop(p, d, PROP_BETWEEN, parse_tok(p)->at);
    if (!prop) {
        return;
    }
    parse_push(p, &prop->args, parse_name(p, true));
    if (!p->panic && parse_expect(p, KW_PAIRED_WITH)) {
        parse_push(p, &prop->args, parse_name(p, true));
    }
    prop->at = parse_end_here(p, prop->at);
}

/* `{ "150100", 赤峰市 }` */
static void list_entries(struct parser *p, struct decl *d)
{
    const struct token *open = parse_next(p);
    d->has_body = true;
    struct prop *prop = new_prop(p, d, PROP_ENTRIES, open->at);
    while (prop && !p->panic && !parse_at(p, TOK_RBRACE)) {
        parse_push(p, &prop->args, parse_label(p));
        if (!parse_accept(p, TOK_COMMA)) {
            break;
        }
    }
    parse_close(p, TOK_RBRACE, open);
}

static void texts_prop(struct parser *p, struct decl *d, enum prop_kind kind)
{
    struct prop *prop = new_prop(p, d, kind, parse_tok(p)->at);
    if (prop) {
        parse_push(p, &prop->args, parse_text(p));
        prop->at = parse_end_here(p, prop->at);
    }
}

/* What follows the name, before other head properties. */
static void special_head(struct parser *p, struct decl *d)
{
    switch ((unsigned)d->kind) {
    case DECL_ATTRIBUTE:
    case DECL_ITEM:
    case DECL_FIELD:
        if (parse_expect(p, TOK_COLON)) {
            wrap(p, d, PROP_TYPE, parse_type);
        }
        break;
    case DECL_RELATION:
        relation_ends(p, d);
        break;
    case DECL_LIST:
        if (parse_expect(p, TOK_COLON)) {
            wrap(p, d, PROP_OVER, parse_plain_name);
        }
        if (!p->panic && parse_at(p, TOK_LBRACE)) {
            list_entries(p, d);
        }
        break;
    case DECL_CLAUSE:
        if (!parse_tok(p)->newline_before && !parse_at(p, TOK_EOF)) {
            texts_prop(p, d, PROP_PATH);
        }
        break;
    case DECL_UNIT:
        unit_equals(p, d);
        break;
    default:
        break;
    }
}

/* ---- properties --------------------------------------------------------------------------- */

static bool find_prop(enum decl_kind decl, enum spot spot, enum tok tok, enum prop_kind *out)
{
    for (uint32_t i = 0; i < LEN(rows); i++) {
        if (rows[i].decl == decl && rows[i].spot == spot) {
            enum tok kw = ast_prop_kw(rows[i].prop);
            bool every = rows[i].prop == PROP_PERIOD && parse_is_every(tok);
            if (every || (kw != TOK_EOF && kw == tok)) {
                *out = rows[i].prop;
                return true;
            }
        }
    }
    for (uint32_t i = 0; spot == SPOT_BODY && forms[decl].commitment && i < LEN(commons); i++) {
        if (ast_prop_kw(commons[i]) == tok) {
            *out = commons[i];
            return true;
        }
    }
    return false;
}

/* May stand several times in one declaration. */
static bool repeatable(enum prop_kind kind)
{
    switch ((unsigned)kind) {
    case PROP_BASIS:
    case PROP_VERSION:
    case PROP_THEN:
    case PROP_THEN_NEXT:
    case PROP_SCORE:
    case PROP_ITEMS:
    case PROP_NOTE:
    case PROP_EVIDENCE:
    case PROP_WHEN:
    case PROP_SCOPE:
    case PROP_STAGE:
        return true;
    default:
        return false;
    }
}

static void read_prop(struct parser *p, struct decl *d, enum prop_kind kind)
{
    const struct token *t = parse_tok(p);
    if (ast_prop(d, kind) && !repeatable(kind)) {
        struct diag *g = parse_fault(p, DIAG_repeated, t->at);
        if (g) {
            diag_arg(p->ds, g, "word", t->text);
            diag_label(p->ds, g, ast_prop(d, kind)->at, "first given here", "首次出现在此");
        }
        return;
    }
    struct prop *prop = new_prop(p, d, kind, t->at);
    if (!prop) {
        return;
    }
    if (ast_prop_kw(kind) != TOK_EOF) {
        (void)parse_next(p);
    }
    parse_prop_args(p, prop);
    prop->at = parse_end_here(p, prop->at);
}

static void misplaced(struct parser *p, const struct decl *d)
{
    struct diag *g = parse_glued(p) ? NULL : parse_fault(p, DIAG_misplaced, parse_tok(p)->at);
    if (g) {
        enum tok kw = ast_decl_kw(d->kind);
        diag_arg(p->ds, g, "word", parse_tok(p)->text);
        diag_arg2(p->ds, g, "decl", kw_text(kw, false), kw_text(kw, true));
    }
}

/* ---- bodies ------------------------------------------------------------------------------- */

/* `交付 [N次] ["what"]` */
static void deed(struct parser *p, struct decl *d)
{
    struct prop *prop = new_prop(p, d, PROP_DO, parse_tok(p)->at);
    if (!prop) {
        return;
    }
    struct node *n = parse_node(p, NODE_WORD, parse_tok(p)->at);
    enum word w = WORD_DELIVER;
    (void)parse_find_word(parse_next(p)->kind, WORD_DELIVER, WORD_HOLD, &w);
    n->u.word = w;
    parse_push(p, &prop->args, n);
    parse_push(p, &prop->args, parse_at(p, TOK_NUMBER) ? parse_number(p) : NULL);
    parse_push(p, &prop->args, parse_at(p, TOK_STRING) ? parse_string(p) : NULL);
    prop->at = parse_end_here(p, prop->at);
}

/* `认定 于 2024年 > 中期 于 2025年 > …` */
static void stage_chain(struct parser *p, struct decl *d)
{
    do {
        struct prop *prop = new_prop(p, d, PROP_STAGE, parse_tok(p)->at);
        if (!prop) {
            return;
        }
        parse_push(p, &prop->args, parse_name(p, true));
        bool timed = !p->panic && parse_at_when(p);
        parse_push(p, &prop->args, timed ? parse_when(p) : NULL);
        prop->at = parse_end_here(p, prop->at);
    } while (!p->panic && parse_accept(p, TOK_GT));
}

static struct node *modality_word(struct parser *p)
{
    struct node *n = parse_node(p, NODE_WORD, parse_tok(p)->at);
    enum word w = WORD_MUST;
    (void)parse_find_word(parse_next(p)->kind, WORD_MUST, WORD_EXPLORE, &w);
    n->u.word = w;
    return n;
}

/* Times, scopes and modality of tasks and stages. */
static bool timed_item(struct parser *p, struct decl *d)
{
    enum ast_modality m = MODALITY_MUST;
    if (parse_at_when(p)) {
        wrap(p, d, PROP_WHEN, parse_when);
    } else if (parse_at_scope(p)) {
        wrap(p, d, PROP_SCOPE, parse_scope);
    } else if (parse_find_modality(parse_tok(p)->kind, &m)) {
        wrap(p, d, PROP_MODALITY, modality_word);
    } else {
        return false;
    }
    (void)(!p->panic && parse_accept(p, TOK_COMMA));
    return true;
}

static void target_item(struct parser *p, struct decl *d)
{
    (void)parse_accept(p, KW_TARGET);
    struct target *t = parse_target(p);
    if (t) {
        add_item(p, d, (struct ast_item){.kind = ITEM_TARGET, .u.target = t});
    }
}

static bool inner_decl(struct parser *p, struct decl *d)
{
    for (uint32_t i = 0; i < LEN(inners); i++) {
        if (inners[i].decl == d->kind && parse_at(p, ast_decl_kw(inners[i].member))) {
            /* 口径 "text" alone is a property; with 采用 or a body it is a definition. */
            const struct token *after = parse_ahead(p, 2);
            if (inners[i].member == DECL_VARIANT && after->kind != TOK_LBRACE &&
                after->kind != KW_ADOPTED) {
                continue;
            }
            struct decl *m = parse_decl(p, inners[i].member);
            if (m) {
                add_item(p, d, (struct ast_item){.kind = ITEM_DECL, .u.decl = m});
            }
            return true;
        }
    }
    return false;
}

/* Can a target clause begin here? */
static bool at_clause(const struct parser *p)
{
    enum tok t = parse_tok(p)->kind;
    enum ast_modality m = MODALITY_MUST;
    return parse_at_when(p) || parse_at_scope(p) || parse_find_modality(t, &m) || t == KW_WHEN ||
           t == KW_NEARLY || t == TOK_NUMBER || t == TOK_LPAREN || t == TOK_IDENT ||
           t == TOK_QUOTED || t == KW_NOT || t == KW_CONSECUTIVE || t == KW_IF ||
           parse_cmp_of(t, true) != AST_CMP_NONE || parse_ahead(p, 1)->kind == TOK_LPAREN;
}

static bool is_deed(const struct parser *p, const struct decl *d)
{
    enum word w = WORD_DELIVER;
    return d->kind == DECL_TASK && parse_find_word(parse_tok(p)->kind, WORD_DELIVER, WORD_HOLD, &w);
}

static bool has_clause(const struct decl *d)
{
    for (uint32_t i = 0; i < d->items.n; i++) {
        if (d->items.items[i].kind == ITEM_TARGET) {
            return true;
        }
    }
    return false;
}

static void body_item(struct parser *p, struct decl *d)
{
    enum tok t = parse_tok(p)->kind;
    enum prop_kind kind = PROP_NOTE;
    bool keyed = find_prop(d->kind, SPOT_BODY, t, &kind);
    if (inner_decl(p, d)) {
        return;
    }
    if (keyed && !(forms[d->kind].timed && parse_at_when(p))) {
        read_prop(p, d, kind);
    } else if (is_deed(p, d)) {
        deed(p, d);
    } else if (forms[d->kind].timed && timed_item(p, d)) {
        return;
    } else if (forms[d->kind].clauses && t == KW_TARGET) {
        target_item(p, d);
    } else if (forms[d->kind].clauses && d->kind != DECL_INDICATOR && !has_clause(d) &&
               at_clause(p)) {
        target_item(p, d);
    } else if (d->kind == DECL_STAGES && (t == TOK_IDENT || t == TOK_QUOTED || kw_is(t))) {
        stage_chain(p, d);
    } else if (d->kind == DECL_CHECK && !ast_prop(d, PROP_ASSERTION) && at_clause(p)) {
        wrap(p, d, PROP_ASSERTION, parse_expr);
    } else {
        misplaced(p, d);
    }
}

/* From a fault to where the next item may begin: a line that starts with a keyword, or the end. */
static void skip_to_item(struct parser *p)
{
    uint32_t braces = 0;
    if (!parse_at(p, TOK_RBRACE) && !parse_at(p, TOK_EOF) && !parse_tok(p)->newline_before) {
        braces += parse_at(p, TOK_LBRACE);
        (void)parse_next(p);
    }
    while (!parse_at(p, TOK_EOF)) {
        const struct token *t = parse_tok(p);
        if (t->kind == TOK_LBRACE) {
            braces++;
        } else if (t->kind == TOK_RBRACE && braces-- == 0) {
            break;
        } else if (braces == 0 && t->newline_before && kw_is(t->kind)) {
            break;
        }
        (void)parse_next(p);
    }
    p->panic = p->out_of_memory;
}

/* A declaration keyword at the start of a line that cannot stand in this body: a brace is missing.
 */
static bool at_next_decl(const struct parser *p, const struct decl *d)
{
    enum decl_kind kind = DECL_PLAN;
    enum prop_kind prop = PROP_NOTE;
    const struct token *t = parse_tok(p);
    if (!t->newline_before || !parse_decl_of(t->kind, &kind) ||
        find_prop(d->kind, SPOT_BODY, t->kind, &prop)) {
        return false;
    }
    bool own_clause = forms[d->kind].clauses && t->kind == KW_TARGET;
    return !own_clause;
}

static void body(struct parser *p, struct decl *d)
{
    const struct token *open = parse_next(p);
    d->has_body = true;
    if (!parse_enter(p)) {
        return;
    }
    while (!p->out_of_memory && !parse_at(p, TOK_RBRACE) && !parse_at(p, TOK_EOF) &&
           !at_next_decl(p, d)) {
        uint32_t before = p->pos;
        if (!parse_accept(p, TOK_SEMI)) {
            body_item(p, d);
        }
        if (p->panic) {
            /* Progress is certain: the item read a token, or the skip does. */
            if (p->pos == before) {
                (void)parse_next(p);
            }
            skip_to_item(p);
        }
    }
    parse_leave(p);
    parse_close(p, TOK_RBRACE, open);
}

/* Properties of a member directly after its head, as long as they are its own. */
static void member_props(struct parser *p, struct decl *d)
{
    enum prop_kind kind = PROP_NOTE;
    while (!p->panic && find_prop(d->kind, SPOT_BODY, parse_tok(p)->kind, &kind) &&
           !(ast_prop(d, kind) && !repeatable(kind))) {
        read_prop(p, d, kind);
    }
}

static bool too_many(struct parser *p)
{
    if (p->ast->n_decls < LIMIT_DECLARATIONS) {
        return false;
    }
    struct diag *g = parse_fault(p, DIAG_too_many_decls, parse_tok(p)->at);
    if (g) {
        diag_arg_int(p->ds, g, "max", LIMIT_DECLARATIONS);
    }
    p->pos = 0;
    while (!parse_at(p, TOK_EOF)) {
        p->pos++;
    }
    return true;
}

static void head(struct parser *p, struct decl *d)
{
    if (forms[d->kind].has_id) {
        read_id(p, d);
    }
    if (d->kind == DECL_VARIANT) {
        d->name_at = parse_tok(p)->at;
        d->name = parse_string(p)->u.text;
    } else if (d->kind == DECL_LEVELS) {
        struct prop *prop = new_prop(p, d, PROP_LEVEL_LIST, parse_tok(p)->at);
        if (prop) {
            parse_prop_args(p, prop);
        }
    } else if (d->kind != DECL_CLAUSE || d->id.n == 0) {
        read_name(p, d);
    }
    if (!p->panic) {
        special_head(p, d);
    }
    enum prop_kind kind = PROP_NOTE;
    while (!p->panic && find_prop(d->kind, SPOT_HEAD, parse_tok(p)->kind, &kind)) {
        read_prop(p, d, kind);
    }
}

struct decl *parse_decl(struct parser *p, enum decl_kind kind)
{
    if (too_many(p)) {
        return NULL;
    }
    struct decl *d = arena_try(p->a, sizeof *d);
    if (!d) {
        p->out_of_memory = true;
        p->panic = true;
        return NULL;
    }
    d->kind = kind;
    d->ordinal = p->ast->n_decls++;
    d->at = parse_next(p)->at;
    head(p, d);
    if (!p->panic && forms[kind].member) {
        member_props(p, d);
    }
    if (!p->panic && !d->has_body && parse_at(p, TOK_LBRACE)) {
        body(p, d);
    } else if (!p->panic && forms[kind].braces) {
        parse_expected(p, "{", "{");
    }
    d->at = parse_end_here(p, d->at);
    return d;
}
