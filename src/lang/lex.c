/* SPDX-License-Identifier: Apache-2.0 */
/* The scanner: signs, names, strings, comments. Numbers are in lex_number.c. */
#include "lang/lex.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "lang/diag.h"
#include "lang/kw.h"
#include "lang/lex_int.h"

/* Characters that are the same as others: [lo, hi] becomes to, to + 1, ... */
static const struct {
    uint32_t lo;
    uint32_t hi;
    uint32_t to;
} folds[] = {
    {0x00a0, 0x00a0, ' '},  /* no-break space */
    {0x00d7, 0x00d7, '*'},  /* multiplication sign */
    {0x00f7, 0x00f7, '/'},  /* division sign */
    {0x2192, 0x2192, '>'},  /* arrow */
    {0x2212, 0x2212, '-'},  /* minus sign */
    {0x3000, 0x3000, ' '},  /* ideographic space */
    {0x3001, 0x3001, ','},  /* ideographic comma */
    {0xff01, 0xff5e, 0x21}, /* full-width forms of ASCII */
};

static uint32_t fold(uint32_t cp)
{
    if (cp < 0x80) {
        return cp;
    }
    for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++) {
        if (cp >= folds[i].lo && cp <= folds[i].hi) {
            return folds[i].to + (cp - folds[i].lo);
        }
    }
    return cp;
}

/* Signs of one folded character; with_eq: the kind when `=` follows. */
static const struct {
    uint32_t cp;
    enum tok kind;
    enum tok with_eq;
} signs[] = {
    {'{', TOK_LBRACE, TOK_EOF}, {'}', TOK_RBRACE, TOK_EOF}, {'(', TOK_LPAREN, TOK_EOF},
    {')', TOK_RPAREN, TOK_EOF}, {',', TOK_COMMA, TOK_EOF},  {':', TOK_COLON, TOK_EOF},
    {';', TOK_SEMI, TOK_EOF},   {'.', TOK_DOT, TOK_EOF},    {'+', TOK_PLUS, TOK_EOF},
    {'-', TOK_MINUS, TOK_EOF},  {'*', TOK_STAR, TOK_EOF},   {'/', TOK_SLASH, TOK_EOF},
    {'=', TOK_EQ, TOK_EOF},     {'>', TOK_GT, TOK_GE},      {'<', TOK_LT, TOK_LE},
    {'!', TOK_EOF, TOK_NE},     {0x2265, TOK_GE, TOK_EOF},  {0x2264, TOK_LE, TOK_EOF},
    {0x2260, TOK_NE, TOK_EOF},
};

/* Marks that open a string or a quoted name, as they stand in the file, and what closes them. */
static const struct {
    uint32_t open;
    uint32_t close;
    enum tok kind;
} quotes[] = {
    {'"', '"', TOK_STRING},       {0x201c, 0x201d, TOK_STRING}, {0x201d, 0x201d, TOK_STRING},
    {0xff02, 0xff02, TOK_STRING}, {0x300c, 0x300d, TOK_QUOTED}, {'`', '`', TOK_QUOTED},
    {0xff40, 0xff40, TOK_QUOTED},
};

uint32_t lex_peek(const struct lexer *l, uint32_t at, uint32_t *cp)
{
    if (at >= l->text.n) {
        *cp = 0;
        return 0;
    }
    uint32_t n = utf8_decode(l->text, at, cp);
    *cp = fold(*cp);
    return n;
}

bool lex_is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

bool lex_is_name_char(uint32_t cp)
{
    return cp == '_' || utf8_is_alnum(cp);
}

struct span lex_span(const struct lexer *l, uint32_t beg, uint32_t end)
{
    return (struct span){.file = l->file, .beg = beg, .end = end};
}

/* Characters that neither fold nor change in NFC: most of any plan. */
static bool is_inert(uint32_t cp)
{
    return cp < 0x80 || (cp >= 0x4e00 && cp <= 0x9fff);
}

struct str lex_text(struct lexer *l, uint32_t beg, uint32_t end)
{
    bool inert = true;
    for (uint32_t at = beg; at < end && inert;) {
        uint32_t cp = 0;
        at += utf8_decode(l->text, at, &cp);
        inert = is_inert(cp);
    }
    if (inert) {
        return str_sub(l->text, beg, end);
    }
    char *p = arena_try(l->a, (size_t)(end - beg) + 1);
    struct str out = STR("");
    if (!p) {
        l->failed = true;
        return out;
    }
    uint32_t n = 0;
    for (uint32_t at = beg; at < end;) {
        uint32_t cp = 0;
        at += lex_peek(l, at, &cp);
        n += utf8_encode(cp, p + n);
    }
    if (!utf8_nfc(l->a, str_make(p, n), &out)) {
        l->failed = true;
        return STR("");
    }
    return out;
}

struct token *lex_emit(struct lexer *l, enum tok kind, uint32_t beg, uint32_t end)
{
    struct tokens *out = l->out;
    struct token t = {
        .kind = kind,
        .at = lex_span(l, beg, end),
        .text = str_sub(l->text, beg, end),
        .suffix = STR(""),
        .number = rat_zero(),
        .newline_before = l->newline,
        .glued = out->list.n > 0 && l->prev_end == beg,
        .comment_beg = l->comment_beg,
        .n_comments = out->comments.n - l->comment_beg,
    };
    l->at = end;
    l->prev_end = end;
    l->newline = false;
    l->comment_beg = out->comments.n;
    if (!vec_try_push(l->a, &out->list, t)) {
        l->failed = true;
        return NULL;
    }
    return &vec_last(&out->list);
}

/* Where the line of byte `at` ends. */
static uint32_t line_end(const struct lexer *l, uint32_t at)
{
    while (at < l->text.n && l->text.p[at] != '\n' && l->text.p[at] != '\r') {
        at++;
    }
    return at;
}

static void comment(struct lexer *l, uint32_t mark_end)
{
    uint32_t end = line_end(l, l->at);
    struct comment c = {
        .at = lex_span(l, l->at, end),
        .text = str_trim(str_sub(l->text, mark_end, end)),
        .own_line = l->newline || (l->out->list.n == 0 && l->out->comments.n == 0),
    };
    l->failed = l->failed || !vec_try_push(l->a, &l->out->comments, c);
    l->at = end;
}

/* Passes white space and one comment; true when anything was passed. */
static bool skip(struct lexer *l)
{
    uint32_t cp = 0;
    uint32_t n = lex_peek(l, l->at, &cp);
    if (n > 0 && (cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r')) {
        l->newline = l->newline || cp == '\n' || cp == '\r';
        l->at += n;
        return true;
    }
    uint32_t next = 0;
    uint32_t m = lex_peek(l, l->at + n, &next);
    if (cp == '#') {
        comment(l, l->at + n);
        return true;
    }
    /* A division sign is no slash here. */
    if (cp == '/' && next == '/' && l->text.p[l->at] != '\xc3') {
        comment(l, l->at + n + m);
        return true;
    }
    return false;
}

static void name_length(struct lexer *l, struct span at, struct str text)
{
    uint32_t n = utf8_count(text);
    if (n > LIMIT_NAME_CHARS) {
        struct diag *d = diag_add(l->ds, DIAG_long_name, at);
        diag_arg_int(l->ds, d, "n", n);
        diag_arg_int(l->ds, d, "max", LIMIT_NAME_CHARS);
    }
}

static void name(struct lexer *l)
{
    uint32_t beg = l->at;
    uint32_t end = beg;
    uint32_t cp = 0;
    for (uint32_t n = lex_peek(l, end, &cp); n > 0 && lex_is_name_char(cp);
         n = lex_peek(l, end, &cp)) {
        end += n;
    }
    if (lex_fraction(l, end)) {
        return;
    }
    struct str text = lex_text(l, beg, end);
    enum tok kind = kw_find(text);
    struct token *t = lex_emit(l, kind, beg, end);
    if (t) {
        t->text = text;
        name_length(l, t->at, text);
    }
}

/* The character an escape stands for, 0 when there is no such escape. */
static char escape_of(char c)
{
    return (char)(c == 'n' ? '\n' : c == '"' || c == '\\' ? c : 0);
}

/* The text of a string between its marks, escapes resolved, NFC. */
static struct str string_text(struct lexer *l, uint32_t beg, uint32_t end)
{
    char *p = arena_try(l->a, (size_t)(end - beg) + 1);
    struct str out = STR("");
    if (!p) {
        l->failed = true;
        return out;
    }
    uint32_t n = 0;
    for (uint32_t at = beg; at < end; at++) {
        char c = l->text.p[at];
        if (c == '\\' && at + 1 < end) {
            char e = escape_of(l->text.p[at + 1]);
            if (e) {
                at++;
                c = e;
            } else {
                uint32_t cp = 0;
                uint32_t w = utf8_decode(l->text, at + 1, &cp);
                struct diag *d = diag_add(l->ds, DIAG_bad_escape, lex_span(l, at, at + 1 + w));
                diag_arg(l->ds, d, "char", str_sub(l->text, at + 1, at + 1 + w));
            }
        }
        p[n++] = c;
    }
    if (!utf8_nfc(l->a, str_make(p, n), &out)) {
        l->failed = true;
        return STR("");
    }
    return out;
}

/* The offset of the closing mark on this line, or line_end when there is none. */
static uint32_t find_close(const struct lexer *l, uint32_t at, uint32_t close, bool escapes)
{
    uint32_t stop = line_end(l, at);
    while (at < stop) {
        uint32_t cp = 0;
        uint32_t n = utf8_decode(l->text, at, &cp);
        if (cp == close) {
            return at;
        }
        at += n;
        if (escapes && cp == '\\' && at < stop) {
            at += utf8_decode(l->text, at, &cp);
        }
    }
    return stop;
}

static void quoted(struct lexer *l, uint32_t open_n, uint32_t close, enum tok kind)
{
    uint32_t beg = l->at;
    uint32_t in = beg + open_n;
    bool is_string = kind == TOK_STRING;
    uint32_t to = find_close(l, in, close, is_string);
    uint32_t cp = 0;
    uint32_t close_n = to < line_end(l, in) ? utf8_decode(l->text, to, &cp) : 0;
    if (close_n == 0) {
        (void)diag_add(l->ds, is_string ? DIAG_open_string : DIAG_open_name, lex_span(l, beg, in));
        if (!is_string) {
            /* Only what could be a plain name, so that a `{` behind it still counts. */
            to = in;
            for (uint32_t n = lex_peek(l, to, &cp); n > 0 && lex_is_name_char(cp);
                 n = lex_peek(l, to, &cp)) {
                to += n;
            }
        }
    }
    struct str text = is_string ? string_text(l, in, to) : lex_text(l, in, to);
    struct token *t = lex_emit(l, kind, beg, to + close_n);
    if (!t) {
        return;
    }
    t->text = text;
    if (!is_string) {
        name_length(l, t->at, text);
        if (close_n > 0 && str_trim(text).n == 0) {
            (void)diag_add(l->ds, DIAG_empty_name, t->at);
        }
    }
}

/* A quotation mark; looked at unfolded, since the marks must match. */
static bool try_quoted(struct lexer *l)
{
    uint32_t cp = 0;
    uint32_t n = utf8_decode(l->text, l->at, &cp);
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        if (quotes[i].open == cp) {
            quoted(l, n, quotes[i].close, quotes[i].kind);
            return true;
        }
    }
    return false;
}

static bool try_sign(struct lexer *l, uint32_t cp, uint32_t n)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (signs[i].cp != cp) {
            continue;
        }
        uint32_t next = 0;
        uint32_t m = lex_peek(l, l->at + n, &next);
        bool with_eq = signs[i].with_eq != TOK_EOF && next == '=';
        enum tok kind = with_eq ? signs[i].with_eq : signs[i].kind;
        if (kind == TOK_EOF) {
            return false;
        }
        (void)lex_emit(l, kind, l->at, l->at + n + (with_eq ? m : 0));
        return true;
    }
    return false;
}

/* %, ‰ and ㎡ alone are names of units: `数据 覆盖率 : %`. */
static bool try_unit_sign(struct lexer *l, uint32_t cp, uint32_t n)
{
    if (cp != '%' && cp != 0x2030 && cp != 0x33a1) {
        return false;
    }
    struct str text = lex_text(l, l->at, l->at + n);
    struct token *t = lex_emit(l, TOK_IDENT, l->at, l->at + n);
    if (t) {
        t->text = text;
    }
    return true;
}

static void scan(struct lexer *l)
{
    uint32_t cp = 0;
    uint32_t n = lex_peek(l, l->at, &cp);
    if (lex_is_digit(cp)) {
        lex_number(l);
    } else if (lex_is_name_char(cp)) {
        name(l);
    } else if (!try_quoted(l) && !try_sign(l, cp, n) && !try_unit_sign(l, cp, n)) {
        struct diag *d = diag_add(l->ds, DIAG_stray_char, lex_span(l, l->at, l->at + n));
        diag_arg(l->ds, d, "char", str_sub(l->text, l->at, l->at + n));
        l->at += n;
    }
}

enum rc lex_file(struct arena *a, const struct sources *s, uint32_t file, struct diags *ds,
                 struct tokens *out)
{
    const struct source *f = source_at(s, file);
    struct lexer l = {
        .a = a, .text = f->ok ? f->text : STR(""), .file = file, .ds = ds, .out = out};
    *out = (struct tokens){0};
    while (!l.failed && l.at < l.text.n) {
        if (!skip(&l)) {
            scan(&l);
        }
    }
    if (!l.failed) {
        (void)lex_emit(&l, TOK_EOF, l.text.n, l.text.n);
    }
    return l.failed ? RC_LIMIT : RC_OK;
}

/* Single characters that are split off only before a digit, or always. */
static bool splits(const struct kw_row *row, struct str run, uint32_t end)
{
    if (!row->chinese || row->kind < KW_EACH_YEAR) {
        return false;
    }
    if (utf8_count(row->spelling) > 1 || row->kind == KW_AND || row->kind == KW_OR) {
        return true;
    }
    return end < run.n && lex_is_digit((unsigned char)run.p[end]) &&
           (row->kind == KW_BY || row->kind == KW_AT || row->kind == KW_SINCE ||
            row->kind == KW_TO || row->kind == KW_ABOUT || row->kind == KW_EQUALS);
}

/* Bytes of the longest keyword at `at` that may be split off, 0: none. */
static uint32_t keyword_at(struct str run, uint32_t at)
{
    uint32_t n_rows = 0;
    const struct kw_row *rows = kw_rows(&n_rows);
    uint32_t best = 0;
    for (uint32_t i = 0; i < n_rows; i++) {
        uint32_t n = rows[i].spelling.n;
        if (n > best && str_starts(str_sub(run, at, run.n), rows[i].spelling) &&
            splits(&rows[i], run, at + n)) {
            best = n;
        }
    }
    return best;
}

bool lex_split_glued(struct arena *a, struct str run, struct str *out)
{
    bool found = false;
    for (uint32_t at = 0; at < run.n && !found;) {
        uint32_t cp = 0;
        uint32_t n = keyword_at(run, at);
        found = n > 0 && n < run.n;
        at += n > 0 ? n : utf8_decode(run, at, &cp);
    }
    if (!found) {
        return false;
    }
    char *text = arena_alloc(a, (size_t)run.n * 2);
    size_t made = 0;
    bool space = false; /* a keyword was just written */
    for (uint32_t at = 0; at < run.n;) {
        uint32_t n = keyword_at(run, at);
        bool keyword = n > 0;
        uint32_t cp = 0;
        n = keyword ? n : utf8_decode(run, at, &cp);
        if (at > 0 && (keyword || space)) {
            text[made++] = ' ';
        }
        memcpy(text + made, run.p + at, n);
        made += n;
        space = keyword;
        at += n;
    }
    *out = str_make(text, made);
    return true;
}
