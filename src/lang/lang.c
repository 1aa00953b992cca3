/* SPDX-License-Identifier: Apache-2.0 */
/* From a folder or a text to a plan. */
#include "lang/lang.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "lang/check.h"
#include "lang/diag.h"
#include "lang/parse.h"

static enum rc no_memory(struct err *e)
{
    return err_set(e, RC_LIMIT, "the plan needs more memory than allowed", "计划所需内存超过上限");
}

/* Sources are in; goes on to the plan. */
static enum rc compile(struct arena *a, struct diags *ds, struct lang *out, struct err *e)
{
    if (lang_parse(a, out->sources, ds, &out->ast) != RC_OK) {
        return no_memory(e);
    }
    /* A tree with holes would only give follow-up errors. */
    if (ds->n_errors > 0) {
        return RC_INPUT;
    }
    out->plan = check_plan(a, out->sources, out->ast, ds);
    return out->plan ? RC_OK : RC_INPUT;
}

static struct sources *begin(struct arena *a, struct diags *ds, struct lang *out)
{
    *out = (struct lang){0};
    out->sources = arena_try(a, sizeof *out->sources);
    ds->sources = out->sources;
    return out->sources;
}

static enum rc add_file(struct arena *a, const char *dir, const char *name, struct diags *ds,
                        struct sources *s, struct err *e)
{
    struct str text = STR("");
    uint32_t file = 0;
    const char *path = path_join(a, dir, name);
    TRY(file_read(a, path, LIMIT_PACK_BYTES, &text, e)); /* longer ones are reported below */
    if (sources_add(a, s, str_from_cstr(name), text, ds, &file) != RC_OK && ds->n_errors == 0) {
        return no_memory(e);
    }
    return RC_OK;
}

enum rc lang_open(struct arena *a, const char *pack_dir, struct diags *ds, struct lang *out,
                  struct err *e)
{
    if (!begin(a, ds, out)) {
        return no_memory(e);
    }
    struct dir_list files = {0};
    TRY(dir_list(a, pack_dir, STR(".plan"), &files, e));
    if (files.n == 0) {
        return err_set(e, RC_NOT_FOUND, "there is no *.plan file in %s", "%s 中没有 *.plan 文件",
                       pack_dir);
    }
    for (uint32_t i = 0; i < files.n; i++) {
        TRY(add_file(a, pack_dir, files.paths[i], ds, out->sources, e));
    }
    return compile(a, ds, out, e);
}

enum rc lang_load_texts(struct arena *a, const struct lang_text *texts, uint32_t n,
                        struct diags *ds, struct lang *out, struct err *e)
{
    uint32_t file = 0;
    if (!begin(a, ds, out)) {
        return no_memory(e);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (sources_add(a, out->sources, texts[i].path, texts[i].text, ds, &file) != RC_OK &&
            ds->n_errors == 0) {
            return no_memory(e);
        }
    }
    return compile(a, ds, out, e);
}

enum rc lang_load_text(struct arena *a, struct str path, struct str text, struct diags *ds,
                       struct lang *out, struct err *e)
{
    return lang_load_texts(a, &(struct lang_text){path, text}, 1, ds, out, e);
}
