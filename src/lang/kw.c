/* SPDX-License-Identifier: Apache-2.0 */
/* Keyword lookup over kw.def, and the names of tokens in messages. */
#include "lang/kw.h"

#include "base/assert.h"

static const struct kw_row rows[] = {
#define KW(name, en, zh)                                                                           \
    {KW_##name, STR_INIT(en), true, false}, {KW_##name, STR_INIT(zh), true, true},
#define KW_ALIAS(name, text) {KW_##name, STR_INIT(text), false, (unsigned char)(text)[0] >= 0x80},
#include "lang/kw.def"
};

#define N_ROWS ((uint32_t)(sizeof rows / sizeof rows[0]))

/* Primary spellings and the words for the other tokens, by token. */
static const struct {
    struct str en;
    struct str zh;
} names[TOK__COUNT] = {
    [TOK_EOF] = {STR_INIT("the end of the file"), STR_INIT("文件末尾")},
    [TOK_IDENT] = {STR_INIT("a name"), STR_INIT("名称")},
    [TOK_QUOTED] = {STR_INIT("a quoted name"), STR_INIT("引起的名称")},
    [TOK_STRING] = {STR_INIT("a string"), STR_INIT("字符串")},
    [TOK_NUMBER] = {STR_INIT("a number"), STR_INIT("数字")},
    [TOK_DAY] = {STR_INIT("a date"), STR_INIT("日期")},
    [TOK_LBRACE] = {STR_INIT("{"), STR_INIT("{")},
    [TOK_RBRACE] = {STR_INIT("}"), STR_INIT("}")},
    [TOK_LPAREN] = {STR_INIT("("), STR_INIT("(")},
    [TOK_RPAREN] = {STR_INIT(")"), STR_INIT(")")},
    [TOK_COMMA] = {STR_INIT(","), STR_INIT(",")},
    [TOK_COLON] = {STR_INIT(":"), STR_INIT(":")},
    [TOK_SEMI] = {STR_INIT(";"), STR_INIT(";")},
    [TOK_DOT] = {STR_INIT("."), STR_INIT(".")},
    [TOK_PLUS] = {STR_INIT("+"), STR_INIT("+")},
    [TOK_MINUS] = {STR_INIT("-"), STR_INIT("-")},
    [TOK_STAR] = {STR_INIT("*"), STR_INIT("*")},
    [TOK_SLASH] = {STR_INIT("/"), STR_INIT("/")},
    [TOK_GE] = {STR_INIT(">="), STR_INIT(">=")},
    [TOK_GT] = {STR_INIT(">"), STR_INIT(">")},
    [TOK_LE] = {STR_INIT("<="), STR_INIT("<=")},
    [TOK_LT] = {STR_INIT("<"), STR_INIT("<")},
    [TOK_EQ] = {STR_INIT("="), STR_INIT("=")},
    [TOK_NE] = {STR_INIT("!="), STR_INIT("!=")},
#define KW(name, en, zh) [KW_##name] = {STR_INIT(en), STR_INIT(zh)},
#include "lang/kw.def"
};

const struct kw_row *kw_rows(uint32_t *n)
{
    *n = N_ROWS;
    return rows;
}

enum tok kw_find(struct str spelling)
{
    uint32_t n = spelling.n;
    char last = n > 0 ? spelling.p[n - 1] : 0;
    for (uint32_t i = 0; n > 0 && i < N_ROWS; i++) {
        const struct str *k = &rows[i].spelling;
        /* Length and last byte tell most words apart without a call. */
        if (k->n == n && k->p[n - 1] == last && str_eq(*k, spelling)) {
            return rows[i].kind;
        }
    }
    return TOK_IDENT;
}

bool kw_is(enum tok kind)
{
    return kind > TOK_KW__FIRST && kind < TOK__COUNT;
}

struct str kw_text(enum tok kind, bool chinese)
{
    ASSERT(kw_is(kind));
    return chinese ? names[kind].zh : names[kind].en;
}

struct str tok_text(enum tok kind, bool chinese)
{
    ASSERT(kind < TOK__COUNT);
    return chinese ? names[kind].zh : names[kind].en;
}
