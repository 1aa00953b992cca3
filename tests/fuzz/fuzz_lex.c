/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a plan file: the lexer ends, spans rise, and everything between tokens is white
 * space or a comment (L1). Both renderers take whatever was reported.
 */
#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/json.h"
#include "lang/diag.h"
#include "lang/lex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tokens(const struct tokens *tokens, uint32_t n_bytes)
{
    uint32_t end = 0;
    uint32_t n_comments = 0;
    ASSERT(tokens->list.n > 0);
    for (uint32_t i = 0; i < tokens->list.n; i++) {
        const struct token *t = &tokens->list.items[i];
        ASSERT(t->at.beg >= end && t->at.end >= t->at.beg && t->at.end <= n_bytes);
        ASSERT((t->kind == TOK_EOF) == (i + 1 == tokens->list.n));
        ASSERT(t->kind == TOK_EOF || t->at.end > t->at.beg);
        ASSERT(t->comment_beg == n_comments);
        n_comments += t->n_comments;
        end = t->at.end;
    }
    ASSERT(n_comments == tokens->comments.n);
}

static void render(const struct diags *ds)
{
    struct buf b;
    struct json j;
    buf_init(&b, 1U << 24);
    diags_render_text(ds, DIAG_ZH, true, &b);
    diags_render_text(ds, DIAG_EN, false, &b);
    json_init(&j, &b, false);
    diags_render_json(ds, &j);
    json_end(&j);
    ASSERT(!b.overflow);
    buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct sources sources = {0};
    struct diags diags;
    struct tokens tokens;
    uint32_t file = 0;
    arena_init(&arena, (size_t)1 << 28, "fuzz");
    diags_init(&diags, &arena, &sources);
    struct str bytes = str_make((const char *)data, size);
    if (size < (1U << 18) &&
        sources_add(&arena, &sources, STR("f.plan"), bytes, &diags, &file) == RC_OK &&
        lex_file(&arena, &sources, file, &diags, &tokens) == RC_OK) {
        check_tokens(&tokens, source_at(&sources, file)->text.n);
        render(&diags);
        for (uint32_t i = 0; i < tokens.list.n; i++) {
            struct str split;
            (void)lex_split_glued(&arena, tokens.list.items[i].text, &split);
        }
    }
    arena_release(&arena);
    return 0;
}
