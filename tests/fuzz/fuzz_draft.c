/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a plan document: what is drafted stands in its sentence, no doubtful figure is sure
 * of itself, and the pack passes check, as it is and with everything accepted.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "draft/draft.h"
#include "io/text.h"
#include "lang/diag.h"
#include "lang/lang.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BYTES_TRIED 8192

static void check_found(const struct draft *d)
{
    uint32_t sentence = 0;
    for (uint32_t i = 0; i < d->found.n; i++) {
        const struct drafted *f = &d->found.items[i];
        struct str text = d->o->sentences.items[f->sentence].text;
        ASSERT(f->sentence >= sentence && f->beg <= f->end && f->end <= text.n);
        ASSERT(utf8_valid(str_sub(text, f->beg, f->end), NULL) && utf8_valid(f->subject, NULL));
        bool figure = f->kind == DRAFTED_TARGET || f->kind == DRAFTED_GATE;
        ASSERT(!figure || (f->beg <= f->amount.beg && f->amount.end <= f->end));
        ASSERT(!f->amount.doubtful || f->confidence == 0);
        ASSERT(f->of == DRAFTED_NONE || f->of < i);
        struct draft_span s = draft_span_of(d, f->sentence, f->beg, f->end);
        ASSERT(s.beg <= s.end && s.end <= d->o->text.n);
        sentence = f->sentence;
    }
}

/* All files in one text; accept: with what is a comment. */
static struct str whole(struct arena *a, const draft_files *files, bool accept)
{
    struct buf out;
    buf_init_in(&out, a, 1U << 26);
    for (uint32_t i = 0; i < files->n; i++) {
        struct str rest = files->items[i].text;
        struct str line;
        while (str_split(&rest, '\n', &line)) {
            bool comment = accept && str_starts(line, STR("#? "));
            buf_str(&out, comment ? str_sub(line, STR("#? ").n, line.n) : line);
            buf_putc(&out, '\n');
        }
    }
    return buf_view(&out);
}

static void passes(struct arena *a, struct str text)
{
    struct diags ds;
    struct lang l;
    diags_init(&ds, a, NULL);
    ASSERT(lang_load_text(a, STR("draft.plan"), text, &ds, &l, NULL) == RC_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct text t;
    struct outline o;
    struct vocabulary w;
    struct draft d;
    struct draft_asked years = {2024, 2026};
    draft_files files = {0};
    if (size > BYTES_TRIED) {
        return 0;
    }
    arena_init(&a, (size_t)1 << 30, "fuzz");
    words_init(&a, &w);
    if (text_read_bytes(&a, "fuzz", str_make((const char *)data, size), &t, NULL) == RC_OK &&
        outline_make(&a, &t, "fuzz", &o, NULL) == RC_OK &&
        draft_make(&a, &o, &w, years, &d, NULL) == RC_OK) {
        check_found(&d);
        draft_pack(&d, &files);
        passes(&a, whole(&a, &files, false));
        passes(&a, whole(&a, &files, true));
    }
    arena_release(&a);
    return 0;
}
