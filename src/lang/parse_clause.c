/* SPDX-License-Identifier: Apache-2.0 */
/* Clause references: a path to the end of the line, and the sentences that are meant of it. */
#include "base/utf8.h"
#include "lang/kw.h"
#include "lang/parse_int.h"

#define SENTENCE_MAX 999

/* A reference ends at a comma, a line end, a bracket of the body or a keyword; 至 stands in one. */
static bool ends_text(const struct parser *p)
{
    const struct token *t = parse_tok(p);
    return t->kind == TOK_EOF || t->newline_before || t->kind == TOK_LBRACE ||
           t->kind == TOK_RBRACE || t->kind == TOK_COMMA || t->kind == TOK_SEMI ||
           (kw_is(t->kind) && t->kind != KW_TO);
}

/* The place of what stands up to there; false after reporting. *first: its first token. */
static bool extent(struct parser *p, const struct token **first, struct span *out)
{
    *first = parse_tok(p);
    if (ends_text(p)) {
        parse_expected(p, "a clause reference on this line", "同一行的条款");
        return false;
    }
    *out = (*first)->at;
    (void)parse_next(p);
    while (!ends_text(p)) {
        (void)parse_next(p);
    }
    *out = parse_end_here(p, *out);
    return true;
}

/* A string on its own stands for what is in it. */
static struct str text_at(const struct parser *p, const struct token *first, struct span at)
{
    return first->kind == TOK_STRING && at.end == first->at.end ? first->text
                                                                : source_text(p->sources, at);
}

struct node *parse_text(struct parser *p)
{
    const struct token *first = NULL;
    struct span at = {0};
    if (!extent(p, &first, &at)) {
        return parse_error_node(p);
    }
    struct node *n = parse_node(p, NODE_TEXT, at);
    if (n->kind == NODE_TEXT) {
        n->u.text = text_at(p, first, at);
    }
    return n;
}

/* ---- sentences ------------------------------------------------------------------------------ */

struct reader {
    struct str s;
    uint32_t at;
};

/* Full-width digits and signs are the ASCII ones, as in the lexer. */
static uint32_t folded(const struct reader *r, uint32_t *n)
{
    uint32_t cp = 0;
    *n = r->at < r->s.n ? utf8_decode(r->s, r->at, &cp) : 0;
    bool space = cp == 0x3000 || cp == 0xa0;
    return space ? ' ' : cp == 0x2212 ? '-' : cp > 0xff00 && cp < 0xff5f ? cp - 0xfee0 : cp;
}

static void blanks(struct reader *r)
{
    for (uint32_t n = 0; folded(r, &n) == ' ';) {
        r->at += n;
    }
}

static bool word(struct reader *r, struct str w)
{
    blanks(r);
    if (!str_starts(str_sub(r->s, r->at, r->s.n), w)) {
        return false;
    }
    r->at += w.n;
    return true;
}

static bool dash(struct reader *r)
{
    uint32_t n = 0;
    blanks(r);
    if (folded(r, &n) != '-') {
        return word(r, STR("至")) || word(r, STR("到")) || word(r, STR("to"));
    }
    r->at += n;
    return true;
}

static bool number(struct reader *r, uint32_t *out)
{
    uint32_t n = 0;
    blanks(r);
    uint32_t start = r->at;
    *out = 0;
    for (uint32_t cp = folded(r, &n); cp >= '0' && cp <= '9'; cp = folded(r, &n)) {
        *out = *out > SENTENCE_MAX ? *out : *out * 10 + (cp - '0');
        r->at += n;
    }
    return r->at > start;
}

/* `第2句`, `第2至3句`, `第2句至第3句`, `sentence 2`, `sentences 2-3`: to the end of the text. */
static bool sentences(struct reader *r, uint32_t *first, uint32_t *last)
{
    bool chinese = word(r, STR("第"));
    if (!chinese && !word(r, STR("sentences")) && !word(r, STR("sentence"))) {
        return false;
    }
    if (!number(r, first)) {
        return false;
    }
    bool closed = chinese && word(r, STR("句"));
    *last = *first;
    if (dash(r)) {
        (void)(chinese && word(r, STR("第")));
        if (!number(r, last)) {
            return false;
        }
        closed = chinese && word(r, STR("句"));
    }
    blanks(r);
    return closed == chinese && r->at == r->s.n;
}

/* Reads the end of the text; *path_n is what stands before it. */
static bool find_sentences(struct str text, uint32_t *path_n, uint32_t *first, uint32_t *last)
{
    for (uint32_t i = 0; i < text.n; i++) {
        struct reader r = {text, i};
        struct str rest = str_sub(text, i, text.n);
        bool start = str_starts(rest, STR("第")) ||
                     (str_starts(rest, STR("sentence")) && i > 0 && text.p[i - 1] == ' ');
        if (start && sentences(&r, first, last)) {
            *path_n = i;
            return true;
        }
    }
    *first = *last = 0;
    *path_n = text.n;
    return false;
}

/* Looks as if it should name sentences. */
static bool means_sentences(struct str text)
{
    return str_ends(text, STR("句")) || str_find(text, STR(" sentence"), 0) != STR_NONE;
}

static struct node *clause(struct parser *p)
{
    const struct token *start = NULL;
    struct span at = {0};
    if (!extent(p, &start, &at)) {
        return parse_error_node(p);
    }
    struct node *n = parse_node(p, NODE_CLAUSE, at);
    if (n->kind != NODE_CLAUSE) {
        return n;
    }
    struct str text = source_text(p->sources, at);
    struct node_clause c = {.path_at = at};
    uint32_t path_n = 0;
    bool found = find_sentences(text, &path_n, &c.first, &c.last);
    struct str path = str_trim(str_sub(text, 0, path_n));
    c.path_at.end = at.beg + path.n;
    c.path = text_at(p, start, c.path_at);
    bool valid = path.n > 0 && c.first >= 1 && c.last >= c.first && c.last <= SENTENCE_MAX;
    if (found ? !valid : means_sentences(c.path)) {
        struct diag *d = parse_fault(p, DIAG_bad_sentences, at);
        if (d) {
            diag_arg(p->ds, d, "text", text);
        }
        return parse_error_node(p);
    }
    n->u.clause = c;
    return n;
}

void parse_clauses(struct parser *p, struct node_list *out)
{
    do {
        parse_push(p, out, clause(p));
    } while (!p->panic && !parse_tok(p)->newline_before && parse_accept(p, TOK_COMMA));
}
