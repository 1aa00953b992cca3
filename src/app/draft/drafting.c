/* SPDX-License-Identifier: Apache-2.0 */
/* From a document to the files of a pack. */
#include "app/draft/drafting.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"

#define WORDS_BYTES_MAX (1U << 20)

/* 2024-2026. */
static bool read_years(struct str text, struct draft_asked *out)
{
    bool doubtful = false;
    bool second = false;
    uint32_t n = amount_four_digits(text, 0, &out->from, &doubtful);
    bool joined = n == 4 && text.n == 9 && text.p[4] == '-';
    return joined && amount_four_digits(text, 5, &out->to, &second) == 4 && !doubtful && !second &&
           out->to >= out->from;
}

static enum rc read_asked(struct arena *a, const struct drafting_asked *asked,
                          struct draft_asked *years, struct vocabulary *w, struct err *e)
{
    words_init(a, w);
    if (asked->years && !read_years(str_from_cstr(asked->years), years)) {
        (void)err_set(e, RC_INPUT, "no span of years: %s", "不是年度范围：%s", asked->years);
        err_hint(e, "Write it as 2024-2026.", "写法如 2024-2026。");
        return RC_INPUT;
    }
    if (asked->words) {
        struct str text;
        TRY(file_read(a, asked->words, WORDS_BYTES_MAX, &text, e));
        TRY(words_add_csv(w, asked->words, text, e));
    }
    return RC_OK;
}

static void count(struct drafting *x)
{
    struct drafting_counts *n = &x->n;
    uint32_t from = 0;
    for (uint32_t i = 0; i < x->d.found.n; i++) {
        const struct drafted *f = &x->d.found.items[i];
        bool written = f->confidence >= DRAFTED_WRITE;
        n->kinds[f->kind] += written;
        n->comments += !written;
        n->doubtful += f->amount.doubtful;
        n->medium += written && f->confidence < DRAFTED_SURE;
    }
    n->refused = x->d.refused.n;
    for (uint32_t i = 0; i < x->o.sentences.n; i++) {
        while (from < x->d.found.n && x->d.found.items[from].sentence < i) {
            from++;
        }
        n->silent += from >= x->d.found.n || x->d.found.items[from].sentence != i;
    }
}

enum rc drafting_make(struct arena *a, const struct drafting_asked *asked, struct drafting *out,
                      struct err *e)
{
    struct draft_asked years = {0};
    *out = (struct drafting){0};
    TRY(read_asked(a, asked, &years, &out->w, e));
    TRY(outline_read(a, asked->path, &out->o, e));
    TRY(draft_make(a, &out->o, &out->w, years, &out->d, e));
    draft_pack(&out->d, &out->files);
    count(out);
    return RC_OK;
}

enum rc drafting_write(struct arena *a, const struct drafting *x, const char *dir, struct err *e)
{
    struct dir_list there = {0};
    TRY(file_make_dir(dir, e));
    TRY(dir_list(a, dir, STR(".plan"), &there, e));
    if (there.n > 0) {
        (void)err_set(e, RC_CONFLICT, "%s already holds a plan (%s)", "%s 中已有计划文件（%s）",
                      dir, there.paths[0]);
        err_hint(e,
                 "Give a folder that is empty, or new: what a person has worked on is not "
                 "overwritten.",
                 "请换一个空的或新的目录：人改过的文件不会被覆盖。");
        return RC_CONFLICT;
    }
    for (uint32_t i = 0; i < x->files.n; i++) {
        const struct draft_file *f = &x->files.items[i];
        TRY(file_write(path_join(a, dir, str_to_cstr(a, f->name)), f->text, e));
    }
    return RC_OK;
}
