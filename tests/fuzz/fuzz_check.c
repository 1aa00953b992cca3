/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a plan: lexer, parser, checker and lowering never crash, and what parses prints to a
 * text that parses to an equal tree in both languages.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "lang/check.h"
#include "lang/diag.h"
#include "lang/fmt.h"
#include "lang/lang.h"
#include "lang/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ast *parse(struct arena *a, struct str text, struct sources **s)
{
    struct diags ds;
    struct ast *ast = NULL;
    uint32_t file = 0;
    *s = ARENA_NEW(a, struct sources);
    diags_init(&ds, a, *s);
    if (sources_add(a, *s, STR("f.plan"), text, &ds, &file) != RC_OK ||
        lang_parse(a, *s, &ds, &ast) != RC_OK || ds.n_errors > 0) {
        return NULL;
    }
    return ast;
}

static void round_trip(struct arena *a, struct str text)
{
    static const enum diag_lang langs[2] = {DIAG_ZH, DIAG_EN};
    struct sources *s = NULL;
    const struct ast *first = parse(a, text, &s);
    for (int i = 0; first && i < 2; i++) {
        struct buf out;
        struct sources *again = NULL;
        buf_init(&out, 1 << 22);
        fmt_file(s, first, 0, langs[i], &out);
        struct str printed = buf_move(a, &out);
        const struct ast *second = parse(a, printed, &again);
        if (!second || !ast_equal(first, second)) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct diags ds;
    struct lang l;
    if (size > 1 << 16) {
        return 0;
    }
    arena_init(&a, (size_t)1 << 30, "fuzz");
    struct str text = str_make((const char *)data, size);
    diags_init(&ds, &a, NULL);
    enum rc rc = lang_load_text(&a, STR("f.plan"), text, &ds, &l, NULL);
    if ((rc == RC_OK) != (ds.n_errors == 0 && l.plan != NULL)) {
        abort();
    }
    struct buf out;
    buf_init(&out, 1 << 22);
    diags_render_text(&ds, DIAG_ZH, false, &out);
    buf_release(&out);
    round_trip(&a, text);
    arena_release(&a);
    return 0;
}
